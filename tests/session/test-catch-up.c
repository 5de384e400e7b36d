/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "session-fixture.h"

#define ALICE "alice@example.org"
#define BOB "bob@example.org"

typedef struct
{
  BurbleDummyNetwork *network;
  Person *alice;
  Person *bob;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->network = dummy_network_new (ALICE, BOB, NULL);
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
say (Person *person, const char *peer, const char *text)
{
  g_autoptr(BurbleMessage) message = person_say (person, peer, text);
}

static BurbleCatchUp *
get_catch_up (Person *person)
{
  return burble_account_controller_get_catch_up (burble_session_get_controller (person->session,
                                                                                person->account));
}

/* Another terminal talked while this one was away: both sides of it are there. */
static void
test_away (Fixture *f, gconstpointer data)
{
  g_autoptr(Person) phone = person_new (BOB, "phone");
  g_autofree char *texts = NULL;

  say (f->alice, BOB, "zero");
  burble_test_wait_until (person_heard (f->bob, ALICE, "zero"));
  person_stop (f->bob);

  person_start (phone);
  person_sign_in (phone);
  burble_test_wait_until (burble_catch_up_is_complete (get_catch_up (phone)));
  say (f->alice, BOB, "one");
  burble_test_wait_until (person_heard (phone, ALICE, "one"));
  say (phone, ALICE, "two");
  burble_test_wait_until (person_heard (f->alice, BOB, "two"));
  say (f->alice, BOB, "three");
  burble_test_wait_until (person_heard (phone, ALICE, "three"));

  person_start (f->bob);
  person_wait_online (f->bob);
  burble_test_wait_until (burble_catch_up_is_complete (get_catch_up (f->bob)));
  burble_test_wait_until (person_heard (f->bob, ALICE, "three"));
  texts = person_texts (f->bob, ALICE);
  g_assert_cmpstr (texts, ==, "zero one two three");
  /* What was answered elsewhere is read. */
  burble_test_wait_until (person_unread (f->bob, ALICE) == 1);
}

/*
 * A new terminal that heard of something before it had time to ask for the past, and was then away:
 * what came after the first thing it heard is no past, and counts as it does anywhere else.
 */
static void
test_away_before_first_sync (Fixture *f, gconstpointer data)
{
  g_autoptr(Person) tablet = person_new (BOB, "tablet");
  g_autofree char *texts = NULL;

  say (f->alice, BOB, "past");
  burble_test_wait_until (person_heard (f->bob, ALICE, "past"));
  tablet->first_delay = 60 * 1000;
  person_start (tablet);
  person_sign_in (tablet);
  say (f->alice, BOB, "zero");
  burble_test_wait_until (person_heard (tablet, ALICE, "zero"));
  g_assert_cmpint (burble_catch_up_get_highest (get_catch_up (tablet)), ==, -1);
  person_stop (tablet);

  say (f->alice, BOB, "one");
  burble_test_wait_until (person_heard (f->bob, ALICE, "one"));
  say (f->bob, ALICE, "two");
  burble_test_wait_until (person_heard (f->alice, BOB, "two"));
  say (f->alice, BOB, "three");
  burble_test_wait_until (person_heard (f->bob, ALICE, "three"));

  tablet->first_delay = 1;
  person_start (tablet);
  person_wait_online (tablet);
  burble_test_wait_until (burble_catch_up_is_complete (get_catch_up (tablet)));
  texts = person_texts (tablet, ALICE);
  g_assert_cmpstr (texts, ==, "past zero one two three");
  burble_test_wait_until (person_unread (tablet, ALICE) == 1);
  g_assert_nonnull (person_notice (tablet, ALICE));
}

/* A new terminal: the past is there and is not news. */
static void
test_first_sync (Fixture *f, gconstpointer data)
{
  g_autoptr(Person) phone = person_new (BOB, "phone");
  g_autofree char *texts = NULL;

  say (f->alice, BOB, "one");
  burble_test_wait_until (person_heard (f->bob, ALICE, "one"));
  say (f->bob, ALICE, "two");
  burble_test_wait_until (person_heard (f->alice, BOB, "two"));
  say (f->alice, BOB, "three");
  burble_test_wait_until (person_heard (f->bob, ALICE, "three"));
  burble_test_wait_until (burble_conversation_get_unread (person_chat (f->bob, ALICE)) > 0);

  person_start (phone);
  person_sign_in (phone);
  burble_test_wait_until (burble_catch_up_is_complete (get_catch_up (phone)));
  texts = person_texts (phone, ALICE);
  g_assert_cmpstr (texts, ==, "one two three");
  g_assert_cmpuint (person_unread (phone, ALICE), ==, 0);
  g_assert_cmpuint (phone->notices_shown, ==, 0);
  g_assert_cmpuint (phone->arrived, ==, 0);

  /* What comes from now on is. */
  say (f->alice, BOB, "four");
  burble_test_wait_until (person_heard (phone, ALICE, "four") && person_unread (phone, ALICE) == 1);
  g_assert_nonnull (person_notice (phone, ALICE));
}

/* More than a page, in one go after being away. */
static void
test_long_absence (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) waiting = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *last = NULL;
  BurbleConversation *chat = NULL;
  guint changes = 0;

  say (f->alice, BOB, "zero");
  burble_test_wait_until (person_heard (f->bob, ALICE, "zero"));
  person_stop (f->bob);
  chat = person_chat (f->alice, BOB);
  for (guint i = 1; i <= 900; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      burble_session_send_async (f->alice->session, chat, text, NULL, NULL, NULL, NULL, NULL);
    }
  burble_test_wait_until (person_heard (f->alice, BOB, "900")
                          && person_last_state (f->alice, BOB) == BURBLE_MESSAGE_SENT);
  person_start (f->bob);
  person_wait_online (f->bob);
  burble_test_wait_until (burble_catch_up_is_complete (get_catch_up (f->bob)));
  burble_test_wait_until (person_heard (f->bob, ALICE, "900") && person_unread (f->bob,
                                                                                ALICE) == 901);
  g_assert_cmpuint (g_hash_table_size (f->bob->notices), ==, 1);
  g_assert_cmpuint (changes, ==, 0);
}

/* A pushed message that is not the next one: what lies between is fetched. */
static void
test_gap (Fixture *f, gconstpointer data)
{
  g_autofree char *texts = NULL;

  say (f->alice, BOB, "one");
  burble_test_wait_until (person_heard (f->bob, ALICE, "one"));
  burble_test_wait_until (burble_catch_up_is_complete (get_catch_up (f->bob)));
  /* Our own is not pushed to us, and not every network counts it: the answer is two further on. */
  g_signal_handlers_block_matched (f->bob->connection, G_SIGNAL_MATCH_ID,
                                   g_signal_lookup ("message-counted",
                                                    BURBLE_TYPE_HISTORY_CHANNEL),
                                   0, NULL, NULL, NULL);
  say (f->bob, ALICE, "two");
  burble_test_wait_until (person_heard (f->alice, BOB, "two"));
  say (f->alice, BOB, "three");
  burble_test_wait_until (person_heard (f->bob, ALICE, "three"));
  burble_test_wait_until (burble_catch_up_is_complete (get_catch_up (f->bob))
                          && burble_catch_up_get_highest (get_catch_up (f->bob)) == 3);
  texts = person_texts (f->bob, ALICE);
  g_assert_cmpstr (texts, ==, "one two three");
  /* And the next one needs no question. */
  say (f->alice, BOB, "four");
  burble_test_wait_until (person_heard (f->bob, ALICE, "four"));
  burble_test_wait_until (burble_catch_up_get_highest (get_catch_up (f->bob)) == 4);
  g_assert_true (burble_catch_up_is_complete (get_catch_up (f->bob)));
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* What we say ourselves is no gap for what is said to us. */
static void
test_own (Fixture *f, gconstpointer data)
{
  BurbleCatchUp *catch_up = get_catch_up (f->bob);
  g_autofree char *texts = NULL;
  guint counted = 0;

  burble_test_wait_until (burble_catch_up_is_complete (catch_up));
  g_signal_connect_swapped (f->bob->connection, "message-counted", G_CALLBACK (count_cb), &counted);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *question = g_strdup_printf ("q%u", i);
      g_autofree char *answer = g_strdup_printf ("a%u", i);

      say (f->bob, ALICE, question);
      say (f->bob, ALICE, "really?");
      burble_test_wait_until (person_heard (f->alice, BOB, "really?") && counted == 2 * (i + 1));
      g_assert_cmpint (burble_catch_up_get_highest (catch_up), ==, 3 * i + 2);
      say (f->alice, BOB, answer);
      burble_test_wait_until (person_heard (f->bob, ALICE, answer));
      burble_test_wait_until (burble_catch_up_get_highest (catch_up) == 3 * i + 3);
      /* Nothing was missing, so nothing was asked for. */
      g_assert_true (burble_catch_up_is_complete (catch_up));
    }
  texts = person_texts (f->bob, ALICE);
  g_assert_cmpstr (texts, ==, "q0 really? a0 q1 really? a1 q2 really? a2 q3 really? a3 "
                              "q4 really? a4");
  g_signal_handlers_disconnect_by_data (f->bob->connection, &counted);
}

static void
tell_counted (Person *person, gint64 seq)
{
  burble_history_channel_emit_counted (BURBLE_HISTORY_CHANNEL (person->connection), seq);
}

static BurbleMessageEvent *
make_event (const char *id, const char *sender, const char *text, gint64 seq)
{
  BurbleMessageEvent *event = burble_message_event_new (id);

  event->peer = g_strdup (sender);
  event->sender = g_strdup (sender);
  event->text = g_strdup (text);
  event->seq = seq;
  event->time = g_get_real_time ();
  return event;
}

static void
push (Person *person, BurbleMessageEvent *event)
{
  g_autoptr(GPtrArray) events = NULL;

  events = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
  g_ptr_array_add (events, event);
  burble_message_channel_emit_received (BURBLE_MESSAGE_CHANNEL (person->connection), events);
}

/* Told before or after what was said to us in between, and nonsense. */
static void
test_own_in_any_order (Fixture *f, gconstpointer data)
{
  BurbleCatchUp *catch_up = get_catch_up (f->bob);

  burble_test_wait_until (burble_catch_up_is_complete (catch_up));
  g_assert_cmpint (burble_catch_up_get_highest (catch_up), ==, 0);
  tell_counted (f->bob, 2);
  tell_counted (f->bob, 3);
  tell_counted (f->bob, 5);
  g_assert_cmpint (burble_catch_up_get_highest (catch_up), ==, 0);
  push (f->bob, make_event ("1", ALICE, "one", 1));
  /* Before that is on disk. */
  tell_counted (f->bob, 6);
  push (f->bob, make_event ("4", ALICE, "four", 4));
  tell_counted (f->bob, 7);
  burble_test_wait_until (burble_catch_up_get_highest (catch_up) == 7);
  g_assert_true (burble_catch_up_is_complete (catch_up));

  tell_counted (f->bob, -1);
  tell_counted (f->bob, G_MAXINT64);
  tell_counted (f->bob, 3);
  tell_counted (f->bob, 9);
  g_assert_cmpint (burble_catch_up_get_highest (catch_up), ==, 7);
  push (f->bob, make_event ("8", ALICE, "eight", 8));
  burble_test_wait_until (burble_catch_up_get_highest (catch_up) == 9);
  g_assert_true (burble_catch_up_is_complete (catch_up));
}

/* The same message pushed again and again, and others of the same id. */
static void
test_duplicates (Fixture *f, gconstpointer data)
{
  g_autofree char *texts = NULL;
  guint changes = 0;

  push (f->bob, make_event ("1", ALICE, "one", -1));
  push (f->bob, make_event ("1", ALICE, "one", -1));
  burble_test_wait_until (person_heard (f->bob, ALICE, "one"));
  push (f->bob, make_event ("1", ALICE, "one", -1));
  push (f->bob, make_event ("1", "mallory@example.org", "not one", -1));
  push (f->bob, make_event ("2", ALICE, "two", -1));
  burble_test_wait_until (person_heard (f->bob, ALICE, "two"));
  texts = person_texts (f->bob, ALICE);
  g_assert_cmpstr (texts, ==, "one two");
  burble_test_wait_until (person_heard (f->bob, "mallory@example.org", "not one"));
  g_assert_cmpuint (f->bob->arrived, ==, 3);

  /* Also by a session that has not seen them go by. */
  person_stop (f->bob);
  person_start (f->bob);
  person_wait_online (f->bob);
  g_signal_connect_swapped (person_chat (f->bob, ALICE), "notify::last-message",
                            G_CALLBACK (count_cb), &changes);
  push (f->bob, make_event ("1", ALICE, "one", -1));
  push (f->bob, make_event ("3", ALICE, "three", -1));
  burble_test_wait_until (person_heard (f->bob, ALICE, "three"));
  g_assert_cmpuint (changes, ==, 1);
  g_clear_pointer (&texts, g_free);
  texts = person_texts (f->bob, ALICE);
  g_assert_cmpstr (texts, ==, "one two three");
  g_signal_handlers_disconnect_by_data (person_chat (f->bob, ALICE), &changes);
}

static void
test_odd_messages (Fixture *f, gconstpointer data)
{
  BurbleMessageEvent *event = make_event ("x", ALICE, NULL, -5);

  event->time = G_MININT64;
  push (f->bob, event);
  burble_test_wait_until (person_heard (f->bob, ALICE, ""));
  push (f->bob, make_event ("", ALICE, "no id", -1));
  push (f->bob, make_event (NULL, ALICE, "no id", -1));
  push (f->bob, make_event ("y", NULL, "nobody", -1));
  push (f->bob, make_event ("z", "", "nobody", -1));
  push (f->bob, make_event ("end", ALICE, "end", G_MAXINT64));
  burble_test_wait_until (person_heard (f->bob, ALICE, "end"));
  g_assert_cmpuint (f->bob->arrived, ==, 2);
  g_assert_cmpuint (f->bob->store_failures, ==, 0);
}

/* A backlog of 5,000 in a few hundred pushes, into an open chat: the lists hear of batches. */
static void
test_backlog (Fixture *f, gconstpointer data)
{
  const guint many = 5000;
  g_autoptr(BurbleMessageWindow) window = NULL;
  guint chat_changes = 0;
  guint list_changes = 0;
  guint window_changes = 0;
  gint64 begin;

  say (f->alice, BOB, "zero");
  burble_test_wait_until (person_heard (f->bob, ALICE, "zero") && person_unread (f->bob,
                                                                                 ALICE) == 1);
  window = person_open (f->bob, ALICE);
  g_signal_connect_swapped (person_chat (f->bob, ALICE), "notify::last-message",
                            G_CALLBACK (count_cb), &chat_changes);
  g_signal_connect_swapped (burble_session_get_conversations (f->bob->session), "items-changed",
                            G_CALLBACK (count_cb), &list_changes);
  g_signal_connect_swapped (window, "items-changed", G_CALLBACK (count_cb), &window_changes);
  begin = g_get_monotonic_time ();
  for (guint i = 0; i < many; i += 10)
    {
      g_autoptr(GPtrArray) events = NULL;

      events = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
      for (guint j = i; j < i + 10; j++)
        {
          g_autofree char *id = g_strdup_printf ("b%u", j);

          g_ptr_array_add (events, make_event (id, ALICE, id, -1));
        }
      burble_message_channel_emit_received (BURBLE_MESSAGE_CHANNEL (f->bob->connection), events);
    }
  burble_test_wait_until (person_heard (f->bob, ALICE, "b4999")
                          && person_unread (f->bob, ALICE) == 999);
  g_test_message ("%u messages: %.0f ms, %u changes of the chat, %u of the window", many,
                  (g_get_monotonic_time () - begin) / 1000.0, chat_changes, window_changes);
  g_assert_cmpuint (chat_changes, <=, 10);
  g_assert_cmpuint (list_changes, ==, 0);
  g_assert_cmpuint (window_changes, <=, 30);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (window)), ==,
                    BURBLE_MESSAGE_WINDOW_MAX);
  g_assert_cmpuint (burble_notice_get_count (person_notice (f->bob, ALICE)), ==, many + 1);
  g_signal_handlers_disconnect_by_data (person_chat (f->bob, ALICE), &chat_changes);
  g_signal_handlers_disconnect_by_data (burble_session_get_conversations (f->bob->session),
                                        &list_changes);
}

/* Read elsewhere, told before the message itself has reached the disk. */
static void
test_receipt_overtakes (Fixture *f, gconstpointer data)
{
  const char *ids[] = { "one", NULL };
  g_autoptr(BurbleReceiptEvent) receipt = NULL;

  push (f->bob, make_event ("zero", ALICE, "zero", -1));
  push (f->bob, make_event ("one", ALICE, "one", -1));
  receipt = burble_receipt_event_new (ALICE, BURBLE_RECEIPT_READ, ids);
  receipt->own = TRUE;
  burble_receipt_channel_emit_received (BURBLE_RECEIPT_CHANNEL (f->bob->connection), receipt);
  burble_test_wait_until (person_heard (f->bob, ALICE, "one"));
  burble_test_wait_until (person_unread (f->bob, ALICE) == 0);
  burble_test_wait_until (person_notice (f->bob, ALICE) == NULL);
}

/* What was read without a connection is told when there is one. */
static void
test_read_while_offline (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = person_say (f->alice, BOB, "hello");

  burble_test_wait_until (person_heard (f->bob, ALICE, "hello") && person_unread (f->bob,
                                                                                  ALICE) == 1);
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_DELIVERED);
  burble_dummy_connection_set_unreachable (BURBLE_DUMMY_CONNECTION (f->bob->connection), TRUE);
  burble_dummy_connection_drop_link (BURBLE_DUMMY_CONNECTION (f->bob->connection));
  burble_session_mark_all_read (f->bob->session, person_chat (f->bob, ALICE));
  burble_test_wait_until (person_unread (f->bob, ALICE) == 0);
  burble_dummy_connection_set_unreachable (BURBLE_DUMMY_CONNECTION (f->bob->connection), FALSE);
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_READ);
}

/* … also by a Burble that was ended in between. */
static void
test_read_before_restart (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = person_say (f->alice, BOB, "hello");

  burble_test_wait_until (person_heard (f->bob, ALICE, "hello")
                          && person_unread (f->bob, ALICE) == 1);
  burble_dummy_connection_set_unreachable (BURBLE_DUMMY_CONNECTION (f->bob->connection), TRUE);
  burble_dummy_connection_drop_link (BURBLE_DUMMY_CONNECTION (f->bob->connection));
  burble_session_mark_all_read (f->bob->session, person_chat (f->bob, ALICE));
  burble_test_wait_until (person_unread (f->bob, ALICE) == 0);
  person_stop (f->bob);
  g_assert_cmpint (burble_message_get_state (message), !=, BURBLE_MESSAGE_READ);

  person_start (f->bob);
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_READ);
}

static gboolean
person_has (Person *person, const char *peer, const char *text)
{
  g_autofree char *key = g_strdup_printf ("%s/%s", burble_account_get_uid (person->account), peer);
  g_autofree char *texts = NULL;

  if (burble_session_find_conversation (person->session, key) == NULL)
    return FALSE;
  texts = person_texts (person, peer);
  return strstr (texts, text) != NULL;
}

/* What was answered elsewhere is read, whether it comes in before the answer or after it. */
static void
test_unread_in_any_order (Fixture *f, gconstpointer data)
{
  const guint orders[][3] = { { 1, 2, 3 }, { 2, 1, 3 }, { 3, 2, 1 }, { 2, 3, 1 }, { 3, 1, 2 } };
  const gint64 now = g_get_real_time ();

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autofree char *peer = g_strdup_printf ("order-%u@example.org", i);

      for (guint j = 0; j < 3; j++)
        {
          guint n = orders[i][j];
          const char *words[] = { "question", "answer", "thanks" };
          g_autofree char *id = g_strdup_printf ("%u-%u", i, n);
          BurbleMessageEvent *event = make_event (id, peer, words[n - 1], 100 + n);

          event->time = now + n;
          event->outgoing = n == 2;
          push (f->bob, event);
          /* One at a time: each is a batch of its own. */
          burble_test_wait_until (person_has (f->bob, peer, words[n - 1]));
        }
      burble_test_wait_until (person_heard (f->bob, peer, "thanks"));
      burble_test_wait_until (person_unread (f->bob, peer) == 1);
    }
}

#define ADD(path, function) \
  g_test_add ("/session/catch-up/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("away-while-another-terminal-talked", test_away);
  ADD ("away-before-the-past-was-there", test_away_before_first_sync);
  ADD ("a-new-terminal-learns-the-past", test_first_sync);
  ADD ("long-absence-in-pages", test_long_absence);
  ADD ("a-gap-is-filled", test_gap);
  ADD ("own-messages-are-no-gap", test_own);
  ADD ("own-messages-in-any-order", test_own_in_any_order);
  ADD ("duplicates-are-dropped", test_duplicates);
  ADD ("odd-messages-do-no-harm", test_odd_messages);
  ADD ("a-backlog-is-few-changes", test_backlog);
  ADD ("a-receipt-waits-for-its-message", test_receipt_overtakes);
  ADD ("read-offline-is-told-later", test_read_while_offline);
  ADD ("read-offline-is-told-after-a-restart", test_read_before_restart);
  ADD ("unread-is-the-same-in-any-order", test_unread_in_any_order);

  return g_test_run ();
}
