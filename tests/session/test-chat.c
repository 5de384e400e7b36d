/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-fixture.h"

#define ALICE "alice@example.org"
#define BOB "bob@example.org"
#define CAROL "carol@example.org"

/* Two people who know each other, on a network in memory. */
typedef struct
{
  BurbleDummyNetwork *network;
  Person *alice;
  Person *bob;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->network = dummy_network_new (ALICE, BOB, CAROL, NULL);
  f->alice = person_new (ALICE, "laptop");
  f->bob = person_new (BOB, "desk");
  person_start (f->alice);
  person_start (f->bob);
  person_sign_in (f->alice);
  person_sign_in (f->bob);
  person_befriend (f->alice, f->bob);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  person_free (f->alice);
  person_free (f->bob);
  g_assert_finalize_object (f->network);
}

static void
test_two_talk (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) hello = person_say (f->alice, BOB, "hello");
  g_autoptr(BurbleMessage) answer = NULL;
  g_autofree char *texts = NULL;

  burble_test_wait_until (person_heard (f->bob, ALICE, "hello"));
  burble_test_wait_until (person_unread (f->bob, ALICE) == 1);
  g_assert_cmpuint (f->bob->arrived, ==, 1);
  answer = person_say (f->bob, ALICE, "there");
  burble_test_wait_until (person_heard (f->alice, BOB, "there"));
  texts = person_texts (f->alice, BOB);
  g_assert_cmpstr (texts, ==, "hello there");
  g_assert_cmpuint (f->alice->store_failures, ==, 0);
}

static void
test_states (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;
  g_autoptr(BurbleMessageWindow) window = person_open (f->alice, BOB);
  g_autoptr(BurbleMessage) shown = NULL;
  BurbleConversation *chat = NULL;

  burble_session_set_presence (f->alice->session, f->alice->account, BURBLE_STATUS_OFFLINE, NULL);
  person_wait_offline (f->alice);
  message = person_say (f->alice, BOB, "hello");
  shown = g_list_model_get_item (G_LIST_MODEL (window), 0);
  g_assert_true (shown == message);
  g_assert_cmpint (burble_message_get_state (message), ==, BURBLE_MESSAGE_WAITING);

  /* Bob's terminal is there: sent and delivered follow each other. */
  burble_session_set_presence (f->alice->session, f->alice->account, BURBLE_STATUS_AVAILABLE, NULL);
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_DELIVERED);
  g_assert_cmpint (person_last_state (f->alice, BOB), ==, BURBLE_MESSAGE_DELIVERED);

  burble_test_wait_until (person_heard (f->bob, ALICE, "hello")
                          && person_unread (f->bob, ALICE) == 1);
  chat = person_chat (f->bob, ALICE);
  burble_session_mark_read (f->bob->session, chat, burble_conversation_get_last_message (chat));
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_READ);
  g_assert_cmpuint (person_unread (f->bob, ALICE), ==, 0);

  /* And so on disk. */
  g_clear_object (&window);
  person_stop (f->alice);
  person_start (f->alice);
  g_assert_cmpint (person_last_state (f->alice, BOB), ==, BURBLE_MESSAGE_READ);
}

static void
test_sent_while_away (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;

  burble_session_set_presence (f->bob->session, NULL, BURBLE_STATUS_OFFLINE, NULL);
  person_wait_offline (f->bob);
  message = person_say (f->alice, BOB, "hello");
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_SENT);
  burble_session_set_presence (f->bob->session, NULL, BURBLE_STATUS_AVAILABLE, NULL);
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_DELIVERED);
}

static void
test_no_read_receipts (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) first = NULL;
  g_autoptr(BurbleMessage) second = NULL;

  g_object_set (f->bob->session, "send-receipts", FALSE, NULL);
  first = person_say (f->alice, BOB, "hello");
  burble_test_wait_until (person_heard (f->bob, ALICE, "hello")
                          && person_unread (f->bob, ALICE) == 1);
  burble_session_mark_all_read (f->bob->session, person_chat (f->bob, ALICE));
  burble_test_wait_until (person_unread (f->bob, ALICE) == 0);
  /* What Bob says after it comes after any receipt. */
  second = person_say (f->bob, ALICE, "end");
  burble_test_wait_until (person_heard (f->alice, BOB, "end"));
  g_assert_cmpint (burble_message_get_state (first), ==, BURBLE_MESSAGE_DELIVERED);
}

static void
test_invisible_tells_nothing (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;
  g_autoptr(BurbleMessage) end = NULL;

  burble_session_set_presence (f->bob->session, NULL, BURBLE_STATUS_INVISIBLE, NULL);
  burble_test_wait_until (!burble_contact_get_online (person_contact (f->alice, BOB)));
  message = person_say (f->alice, BOB, "hello");
  burble_test_wait_until (person_heard (f->bob, ALICE, "hello")
                          && person_unread (f->bob, ALICE) == 1);
  burble_session_mark_all_read (f->bob->session, person_chat (f->bob, ALICE));
  burble_session_set_typing (f->bob->session, person_chat (f->bob, ALICE), TRUE);
  burble_test_wait_until (person_unread (f->bob, ALICE) == 0);
  end = person_say (f->bob, ALICE, "end");
  burble_test_wait_until (person_heard (f->alice, BOB, "end"));
  g_assert_cmpint (burble_message_get_state (message), ==, BURBLE_MESSAGE_SENT);
}

static void
test_refused_and_retried (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;
  g_autofree char *texts = NULL;

  burble_dummy_connection_refuse_next_message (BURBLE_DUMMY_CONNECTION (f->alice->connection),
                                               BURBLE_PROTOCOL_ERROR_REFUSED, "Not today");
  message = person_say (f->alice, BOB, "hello");
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_FAILED);
  g_assert_cmpstr (burble_message_get_error (message), ==, "Not today");

  /* It stays failed over a restart and does not go out by itself. */
  g_clear_object (&message);
  person_stop (f->alice);
  person_start (f->alice);
  person_wait_online (f->alice);
  message = g_object_ref (burble_conversation_get_last_message (person_chat (f->alice, BOB)));
  g_assert_cmpint (burble_message_get_state (message), ==, BURBLE_MESSAGE_FAILED);
  g_assert_cmpstr (burble_message_get_error (message), ==, "Not today");

  burble_session_retry_message (f->alice->session, person_chat (f->alice, BOB), message);
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_DELIVERED);
  g_assert_null (burble_message_get_error (message));
  texts = person_texts (f->bob, ALICE);
  g_assert_cmpstr (texts, ==, "hello");
}

/* A server may refuse in other words than that; whatever it says is an answer. */
static void
test_refused_in_other_words (Fixture *f, gconstpointer data)
{
  static const BurbleProtocolError codes[] = {
    BURBLE_PROTOCOL_ERROR_DISABLED, BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
    BURBLE_PROTOCOL_ERROR_BAD_ADDRESS,
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr(BurbleMessage) message = NULL;

      burble_dummy_connection_refuse_next_message (BURBLE_DUMMY_CONNECTION (f->alice->connection),
                                                   codes[i], "They are gone");
      message = person_say (f->alice, BOB, "hello");
      burble_test_wait_until (burble_message_get_state (message) != BURBLE_MESSAGE_WAITING);
      g_assert_cmpint (burble_message_get_state (message), ==, BURBLE_MESSAGE_FAILED);
      g_assert_cmpstr (burble_message_get_error (message), ==, "They are gone");
      burble_session_retry_message (f->alice->session, person_chat (f->alice, BOB), message);
      burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_DELIVERED);
    }
}

static void
test_lost_answer (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) first = NULL;
  g_autoptr(BurbleMessage) second = NULL;
  g_autofree char *texts = NULL;
  g_autofree char *own = NULL;

  burble_dummy_connection_lose_next_answer (BURBLE_DUMMY_CONNECTION (f->alice->connection));
  first = person_say (f->alice, BOB, "one");
  second = person_say (f->alice, BOB, "two");
  burble_test_wait_until (burble_message_get_state (first) >= BURBLE_MESSAGE_SENT
                          && burble_message_get_state (second) == BURBLE_MESSAGE_DELIVERED);
  texts = person_texts (f->bob, ALICE);
  g_assert_cmpstr (texts, ==, "one two");
  own = person_texts (f->alice, BOB);
  g_assert_cmpstr (own, ==, "one two");
}

static void
test_order (Fixture *f, gconstpointer data)
{
  g_autoptr(GString) expected = g_string_new (NULL);
  g_autofree char *texts = NULL;

  burble_session_set_presence (f->alice->session, NULL, BURBLE_STATUS_OFFLINE, NULL);
  person_wait_offline (f->alice);
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);
      g_autoptr(BurbleMessage) message = person_say (f->alice, BOB, text);

      g_string_append_printf (expected, "%s%u", i > 0 ? " " : "", i);
    }
  burble_dummy_connection_lose_next_answer (BURBLE_DUMMY_CONNECTION (f->alice->connection));
  burble_session_set_presence (f->alice->session, NULL, BURBLE_STATUS_AVAILABLE, NULL);
  burble_test_wait_until (person_heard (f->bob, ALICE, "59"));
  texts = person_texts (f->bob, ALICE);
  g_assert_cmpstr (texts, ==, expected->str);
}

static void
test_stranger (Fixture *f, gconstpointer data)
{
  g_autoptr(Person) carol = person_new (CAROL, "phone");
  g_autoptr(BurbleMessage) message = NULL;
  BurbleContact *contact = NULL;
  guint before = g_list_model_get_n_items (burble_session_get_contacts (f->bob->session));

  person_start (carol);
  person_sign_in (carol);
  person_add (carol, BOB, NULL);
  burble_test_wait_until (person_knows (f->bob, CAROL));
  /* Declined: gone from the list … */
  {
    g_autoptr(GAsyncResult) result = NULL;

    result = WAIT_FOR (burble_session_decline_contact_async, f->bob->session,
                       person_contact (f->bob, CAROL));
    g_assert_true (burble_session_roster_finish (f->bob->session, result, NULL));
  }
  burble_test_wait_until (!person_knows (f->bob, CAROL));
  g_assert_cmpuint (g_list_model_get_n_items (burble_session_get_contacts (f->bob->session)), ==,
                    before);

  /* … and whoever writes without being on it is met in the chat. */
  message = person_say (carol, BOB, "hello");
  burble_test_wait_until (person_heard (f->bob, CAROL, "hello"));
  contact = person_contact (f->bob, CAROL);
  g_assert_false (burble_contact_get_in_roster (contact));
  g_assert_true (burble_conversation_get_contact (person_chat (f->bob, CAROL)) == contact);

  burble_session_remove_conversation (f->bob->session, person_chat (f->bob, CAROL));
  g_assert_false (person_knows (f->bob, CAROL));
}

static void
test_delete (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) one = person_say (f->alice, BOB, "one");
  g_autoptr(BurbleMessage) two = person_say (f->alice, BOB, "two");
  g_autoptr(BurbleMessageWindow) window = person_open (f->alice, BOB);
  g_autofree char *texts = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (window)), ==, 2);
  burble_session_delete_message (f->alice->session, person_chat (f->alice, BOB), two);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (window)), ==, 1);
  burble_test_wait_until (person_heard (f->alice, BOB, "one"));
  texts = person_texts (f->alice, BOB);
  g_assert_cmpstr (texts, ==, "one");
}

static void
test_delete_waiting (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) one = NULL;
  g_autoptr(BurbleMessage) two = NULL;
  g_autofree char *texts = NULL;

  burble_session_set_presence (f->alice->session, NULL, BURBLE_STATUS_OFFLINE, NULL);
  person_wait_offline (f->alice);
  one = person_say (f->alice, BOB, "one");
  two = person_say (f->alice, BOB, "two");
  burble_session_delete_message (f->alice->session, person_chat (f->alice, BOB), one);
  burble_session_set_presence (f->alice->session, NULL, BURBLE_STATUS_AVAILABLE, NULL);
  burble_test_wait_until (person_heard (f->bob, ALICE, "two"));
  texts = person_texts (f->bob, ALICE);
  g_assert_cmpstr (texts, ==, "two");
}

static void
test_typing (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = person_say (f->bob, ALICE, "hello");
  BurbleConversation *chat = NULL;
  BurbleConversation *seen = NULL;

  burble_test_wait_until (person_heard (f->alice, BOB, "hello"));
  burble_session_get_options (f->alice->session)->typing_expiry = 100;
  seen = person_chat (f->alice, BOB);
  chat = person_chat (f->bob, ALICE);
  burble_session_set_typing (f->bob->session, chat, TRUE);
  burble_test_wait_until (burble_conversation_get_typing (seen) != NULL);
  g_assert_cmpstr (burble_conversation_get_typing (seen), ==, "bob");
  /* Says no more: it passes. */
  burble_test_wait_until (burble_conversation_get_typing (seen) == NULL);

  /* Ends at once when it is said … */
  burble_session_get_options (f->alice->session)->typing_expiry = 100000;
  burble_session_get_options (f->bob->session)->typing_interval = 0;
  burble_session_set_typing (f->bob->session, chat, TRUE);
  burble_test_wait_until (burble_conversation_get_typing (seen) != NULL);
  burble_session_set_typing (f->bob->session, chat, FALSE);
  burble_test_wait_until (burble_conversation_get_typing (seen) == NULL);
  /* … or when the message comes, or they are gone. */
  burble_session_set_typing (f->bob->session, chat, TRUE);
  burble_test_wait_until (burble_conversation_get_typing (seen) != NULL);
  burble_dummy_connection_drop_link (BURBLE_DUMMY_CONNECTION (f->alice->connection));
  g_assert_null (burble_conversation_get_typing (seen));
}

static void
count_typing_cb (guint *count)
{
  (*count)++;
}

static void
test_typing_is_rare (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = person_say (f->bob, ALICE, "hello");
  g_autoptr(BurbleMessage) end = NULL;
  guint packets = 0;

  burble_test_wait_until (person_heard (f->alice, BOB, "hello"));
  g_signal_connect_swapped (f->alice->connection, "typing-changed", G_CALLBACK (count_typing_cb),
                            &packets);
  for (guint i = 0; i < 100; i++)
    burble_session_set_typing (f->bob->session, person_chat (f->bob, ALICE), TRUE);
  for (guint i = 0; i < 100; i++)
    burble_session_set_typing (f->bob->session, person_chat (f->bob, ALICE), FALSE);
  for (guint i = 0; i < 100; i++)
    burble_session_set_typing (f->bob->session, person_chat (f->bob, ALICE), TRUE);
  end = person_say (f->bob, ALICE, "end");
  burble_test_wait_until (person_heard (f->alice, BOB, "end"));
  g_assert_cmpuint (packets, ==, 2);
  g_signal_handlers_disconnect_by_data (f->alice->connection, &packets);

  g_object_set (f->alice->session, "send-typing", FALSE, NULL);
  packets = 0;
  g_signal_connect_swapped (f->bob->connection, "typing-changed", G_CALLBACK (count_typing_cb),
                            &packets);
  burble_session_set_typing (f->alice->session, person_chat (f->alice, BOB), TRUE);
  g_clear_object (&end);
  end = person_say (f->alice, BOB, "over");
  burble_test_wait_until (person_heard (f->bob, ALICE, "over"));
  g_assert_cmpuint (packets, ==, 0);
  g_signal_handlers_disconnect_by_data (f->bob->connection, &packets);
}

static void
test_draft (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = person_say (f->alice, BOB, "hello");

  burble_session_set_draft (f->alice->session, person_chat (f->alice, BOB), "half a sen");
  person_stop (f->alice);
  person_start (f->alice);
  g_assert_cmpstr (burble_conversation_get_draft (person_chat (f->alice, BOB)), ==, "half a sen");
  g_clear_object (&message);
  message = person_say (f->alice, BOB, "half a sentence");
  g_assert_null (burble_conversation_get_draft (person_chat (f->alice, BOB)));
  person_stop (f->alice);
  person_start (f->alice);
  g_assert_null (burble_conversation_get_draft (person_chat (f->alice, BOB)));
}

static void
test_search (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) one = person_say (f->alice, BOB, "about the garden");
  g_autoptr(BurbleMessage) two = person_say (f->alice, BOB, "about the weather");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) hits = NULL;
  BurbleSearchHit *hit = NULL;

  result = WAIT_FOR (burble_session_search_async, f->alice->session, NULL, "garden", 10);
  hits = burble_session_search_finish (f->alice->session, result, NULL);
  g_assert_cmpuint (hits->len, ==, 1);
  hit = g_ptr_array_index (hits, 0);
  g_assert_true (hit->conversation == person_chat (f->alice, BOB));
  g_assert_cmpstr (burble_message_get_text (hit->message), ==, "about the garden");
}

#define ADD(path, function) \
  g_test_add ("/session/chat/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("two-people-talk", test_two_talk);
  ADD ("states-climb-and-stay", test_states);
  ADD ("sent-while-the-other-is-away", test_sent_while_away);
  ADD ("no-read-receipts-if-switched-off", test_no_read_receipts);
  ADD ("invisible-tells-nothing", test_invisible_tells_nothing);
  ADD ("refused-with-reason-and-retried", test_refused_and_retried);
  ADD ("refused-in-other-words", test_refused_in_other_words);
  ADD ("a-lost-answer-doubles-nothing", test_lost_answer);
  ADD ("order-is-kept", test_order);
  ADD ("strangers-are-met-in-the-chat", test_stranger);
  ADD ("delete-for-me", test_delete);
  ADD ("deleted-while-waiting-is-not-sent", test_delete_waiting);
  ADD ("typing-comes-and-passes", test_typing);
  ADD ("typing-is-told-rarely", test_typing_is_rare);
  ADD ("drafts-survive-a-restart", test_draft);
  ADD ("search-names-the-chat", test_search);

  return g_test_run ();
}
