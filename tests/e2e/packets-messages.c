/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-capabilities.h"
#include "packets.h"

/* What is said, and what becomes of it. */

static void
play_send (Scene *scene)
{
  g_autoptr(BurbleMessage) hello = person_say (scene->alice, BOB, "hello");
  g_autoptr(BurbleMessage) lost = NULL;
  g_autoptr(BurbleTestPeer) peer = scene_go_online (scene, CAROL, NULL);
  g_autoptr(JsonObject) some = NULL;

  burble_test_wait_until (burble_message_get_state (hello) >= BURBLE_MESSAGE_SENT);
  burble_test_wait_until (person_heard (scene->bob, ALICE, "hello"));
  burble_account_scope_ensure_contact (burble_session_get_scope (scene->alice->session,
                                                                 scene->alice->account),
                                       "nobody@" BURBLE_TEST_SERVER_DOMAIN);
  lost = person_say (scene->alice, "nobody@" BURBLE_TEST_SERVER_DOMAIN, "hello?");
  burble_test_wait_until (burble_message_get_state (lost) == BURBLE_MESSAGE_FAILED);
  g_assert_nonnull (burble_message_get_error (lost));

  some = burble_test_peer_ask (peer, "{\"id\":4,\"cmd\":\"message\",\"messages\":["
                                     "{\"id\":\"a\",\"to\":\"" BOB "\",\"text\":\"good\"},"
                                     "{\"id\":12,\"to\":\"" BOB "\"}]}");
  scene_assert_error (some, "bad_message");
  g_assert_cmpstr (json_array_get_string_element (json_object_get_array_member (some, "success"),
                                                  0), ==, "a");
  g_assert_cmpint (json_array_get_int_element (json_object_get_array_member (some, "failure"), 0),
                   ==, 12);
  burble_test_wait_until (person_heard (scene->bob, CAROL, "good"));
}

static void
play_receive (Scene *scene)
{
  g_autoptr(BurbleTestPeer) carol = scene_go_online (scene, CAROL, NULL);
  g_autoptr(JsonObject) sent = NULL;
  g_autoptr(JsonObject) heard = NULL;
  g_autoptr(JsonObject) again = NULL;
  g_autoptr(BurbleMessage) nice = NULL;
  BurbleMessage *message = NULL;
  gint64 now = g_get_real_time ();

  /* All fields; a file comes as its name and size, and a clock that is wrong is set right. */
  sent = burble_test_peer_ask (carol, "{\"id\":4,\"cmd\":\"message\",\"messages\":[{\"id\":7,"
                               "\"timestamp\":1000,\"to\":\"" ALICE "\",\"text\":\"look\","
                               "\"html\":\"<b>look</b>\",\"attachments\":[{\"name\":\"cat.png\","
                               "\"type\":\"image/png\",\"blob\":\"aGVsbG8=\"}]}]}");
  scene_assert_error (sent, "null");
  burble_test_wait_until (person_heard (scene->alice, CAROL, "look"));
  message = burble_conversation_get_last_message (person_chat (scene->alice, CAROL));
  g_assert_cmpstr (burble_message_get_sender (message), ==, CAROL);
  g_assert_cmpstr (burble_message_get_html (message), ==, "<b>look</b>");
  g_assert_cmpstr (burble_message_get_attachment_names (message)[0], ==, "cat.png");
  g_assert_cmpint (ABS (burble_message_get_time (message) - now), <, 60 * G_USEC_PER_SEC);

  /* Who does not say that it is on the disk gets it again, who does is done with it. */
  nice = person_say (scene->alice, CAROL, "nice");
  burble_test_wait_until (burble_message_get_state (nice) == BURBLE_MESSAGE_SENT);
  heard = burble_test_peer_expect_command (carol, "message");
  g_clear_pointer (&carol, burble_test_peer_free);
  carol = scene_go_online (scene, CAROL, NULL);
  again = burble_test_peer_expect_command (carol, "message");
  burble_test_peer_acknowledge (carol, again);
  g_clear_pointer (&again, json_object_unref);
  again = burble_test_peer_ask (carol, "{\"id\":9,\"cmd\":\"quit\",\"reason\":null}");
  g_clear_pointer (&carol, burble_test_peer_free);
  carol = scene_go_online (scene, CAROL, NULL);
  burble_test_peer_assert_quiet (carol);
}

static void
play_terminals (Scene *scene)
{
  g_autoptr(BurbleTestPeer) carol = scene_go_online (scene, CAROL, NULL);
  g_autoptr(BurbleTestPeer) hand = scene_go_online (scene, BOB, NULL);
  g_autoptr(JsonObject) sent = NULL;
  g_autoptr(JsonObject) heard = NULL;

  /* To the bare id: everywhere. To a full id: there alone, or as to the bare id if it is gone. */
  sent = burble_test_peer_ask (carol, "{\"id\":4,\"cmd\":\"message\",\"messages\":["
                               "{\"id\":\"a\",\"to\":\"" BOB "\",\"text\":\"all\"},"
                               "{\"id\":\"b\",\"to\":\"" BOB "/desk\",\"text\":\"desk\"},"
                               "{\"id\":\"c\",\"to\":\"" BOB "/gone\",\"text\":\"any\"}]}");
  scene_assert_error (sent, "null");
  burble_test_wait_until (person_heard (scene->bob, CAROL, "any"));
  heard = burble_test_peer_expect_command (hand, "message");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (heard, "messages")), ==,
                    2);
}

static void
play_typing (Scene *scene)
{
  g_autoptr(BurbleTestPeer) peer = scene_go_online (scene, CAROL, "[\"typing\"]");
  BurbleConversation *chat = NULL;

  gurgle_say (scene->alice, BOB, "well");
  burble_test_wait_until (person_heard (scene->bob, ALICE, "well"));
  chat = person_chat (scene->bob, ALICE);
  burble_session_set_typing (scene->alice->session, person_chat (scene->alice, BOB), TRUE);
  burble_test_wait_until (burble_conversation_get_typing (chat) != NULL);
  burble_session_set_typing (scene->alice->session, person_chat (scene->alice, BOB), FALSE);
  burble_test_wait_until (burble_conversation_get_typing (chat) == NULL);
  scene_refused (peer, "{\"id\":4,\"cmd\":\"typing\",\"to\":\"a b\",\"typing\":true}", "bad_id");
}

static void
play_receipt (Scene *scene)
{
  g_autoptr(Person) phone = scene_person_new (scene, BOB, "phone");
  g_autoptr(BurbleMessage) message = NULL;
  g_autoptr(BurbleTestPeer) peer = scene_go_online (scene, CAROL, "[\"receipts\"]");

  gurgle_sign_in (phone);
  message = person_say (scene->alice, BOB, "well");
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_DELIVERED);
  burble_test_wait_until (person_heard (phone, ALICE, "well") && person_unread (phone, ALICE) == 1);
  burble_test_wait_until (person_heard (scene->bob, ALICE, "well"));
  burble_session_mark_all_read (scene->bob->session, person_chat (scene->bob, ALICE));
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_READ);
  /* Also known to the reader's other terminal. */
  burble_test_wait_until (person_unread (phone, ALICE) == 0);
  scene_refused (peer, "{\"id\":4,\"cmd\":\"receipt\",\"to\":\"a b\",\"state\":\"read\","
                       "\"messages\":[\"x\"]}", "bad_id");
}

static void
play_carbons (Scene *scene)
{
  g_autoptr(Person) phone = scene_person_new (scene, ALICE, "phone");
  BurbleMessage *carbon = NULL;

  gurgle_sign_in (phone);
  burble_test_wait_until (person_knows (phone, BOB));
  gurgle_say (scene->alice, BOB, "from the laptop");
  burble_test_wait_until (person_heard (phone, BOB, "from the laptop"));
  carbon = burble_conversation_get_last_message (person_chat (phone, BOB));
  g_assert_true (burble_message_is_outgoing (carbon));
  g_assert_cmpuint (person_unread (phone, BOB), ==, 0);
}

static BurbleHistoryPage *
fetch (Person *person, const char *with, gint64 after, gint64 before)
{
  BurbleHistoryChannel *channel = BURBLE_HISTORY_CHANNEL (person->connection);
  g_autoptr(GAsyncResult) result = WAIT_FOR (burble_history_channel_fetch_async, channel, with,
                                             after, before, 2);
  g_autoptr(GError) error = NULL;
  BurbleHistoryPage *page = burble_history_channel_fetch_finish (channel, result, &error);

  g_assert_no_error (error);
  return page;
}

static const char *
text_of (BurbleHistoryPage *page, guint i)
{
  return ((BurbleMessageEvent *) g_ptr_array_index (page->messages, i))->text;
}

static void
play_history (Scene *scene)
{
  g_autoptr(Person) phone = scene_person_new (scene, BOB, "phone");
  g_autoptr(BurbleTestPeer) peer = scene_go_online (scene, CAROL, "[\"history\"]");
  g_autoptr(BurbleHistoryPage) first = NULL;
  g_autoptr(BurbleHistoryPage) last = NULL;
  g_autofree char *texts = NULL;

  gurgle_say (scene->alice, BOB, "one");
  burble_test_wait_until (person_heard (scene->bob, ALICE, "one"));
  gurgle_say (scene->bob, ALICE, "two");
  burble_test_wait_until (person_heard (scene->alice, BOB, "two"));
  gurgle_say (scene->alice, BOB, "three");
  burble_test_wait_until (person_heard (scene->bob, ALICE, "three"));

  first = fetch (scene->bob, NULL, 0, -1);
  g_assert_cmpuint (first->messages->len, ==, 2);
  g_assert_false (first->complete);
  g_assert_cmpstr (text_of (first, 0), ==, "one");
  g_assert_cmpstr (text_of (first, 1), ==, "two");
  last = fetch (scene->bob, ALICE, -1, G_MAXINT32);
  g_assert_cmpstr (text_of (last, 0), ==, "two");
  g_assert_cmpstr (text_of (last, 1), ==, "three");
  /* A terminal that was never there learns it all. */
  gurgle_sign_in (phone);
  burble_test_wait_until (person_heard (phone, ALICE, "three"));
  texts = person_texts (phone, ALICE);
  g_assert_cmpstr (texts, ==, "one two three");
  scene_refused (peer, "{\"id\":4,\"cmd\":\"history\",\"with\":\"a b\",\"before\":9}", "bad_id");
}

static BurbleCatchUp *
get_catch_up (Person *person)
{
  return burble_account_controller_get_catch_up (burble_session_get_controller (person->session,
                                                                                person->account));
}

/* What both said is known to both without a question. */
static void
play_own_messages (Scene *scene)
{
  BurbleCatchUp *alice = get_catch_up (scene->alice);
  BurbleCatchUp *bob = get_catch_up (scene->bob);
  guint n_asked = 0;

  burble_test_wait_until (burble_catch_up_is_complete (alice)
                          && burble_catch_up_is_complete (bob));
  n_asked = burble_test_relay_count (scene->relay, BURBLE_TEST_RELAY_UP, BURBLE_GURGLE_GET_HISTORY);
  for (guint i = 1; i <= 5; i++)
    {
      g_autofree char *question = g_strdup_printf ("q%u", i);
      g_autofree char *answer = g_strdup_printf ("a%u", i);

      gurgle_say (scene->alice, BOB, question);
      burble_test_wait_until (person_heard (scene->bob, ALICE, question));
      gurgle_say (scene->bob, ALICE, answer);
      burble_test_wait_until (person_heard (scene->alice, BOB, answer));
      burble_test_wait_until (burble_catch_up_get_highest (alice) == 2 * i
                              && burble_catch_up_get_highest (bob) == 2 * i);
    }
  g_assert_cmpuint (burble_test_relay_count (scene->relay, BURBLE_TEST_RELAY_UP,
                                             BURBLE_GURGLE_GET_HISTORY), ==, n_asked);
}

const Row message_rows[] = {
  { "send-messages", NULL, TRUE, play_send, { UP (MESSAGE), DOWN (SENT) } },
  { "receive-messages", NULL, TRUE, play_receive, { DOWN (MESSAGE), UP (SENT) } },
  { "bare-and-full-ids", NULL, TRUE, play_terminals, { UP (MESSAGE), DOWN (MESSAGE) } },
  { "typing", NULL, TRUE, play_typing, { UP (TYPING), DOWN (TYPING), DOWN (ERROR_RESULT) } },
  { "receipts", NULL, TRUE, play_receipt, { UP (RECEIPT), DOWN (RECEIPT), DOWN (ERROR_RESULT) } },
  { "carbons", NULL, TRUE, play_carbons, { UP (MESSAGE), DOWN (MESSAGE) } },
  { "history", NULL, TRUE, play_history, { UP (GET_HISTORY), DOWN (HISTORY), DOWN (ERROR_RESULT) } },
  { "own-messages-ask-nothing", NULL, TRUE, play_own_messages, { UP (MESSAGE), DOWN (SENT) } },
  { NULL },
};
