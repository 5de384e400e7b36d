/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store-fixture.h"

#define PEER "alice@example.org"
#define MINUTE G_TIME_SPAN_MINUTE
#define HOUR G_TIME_SPAN_HOUR

/*
 * One's own messages on a network that gives ids of its own: sent from here, said elsewhere, or not
 * known which.
 */

/* In the outbox, on its way, and its network id not known. */
static BurbleMessage *
queue (StoreFixture *f, const char *id, const char *text, gint64 time)
{
  const char * const ids[] = { id, NULL };
  BurbleMessage *message = store_fixture_outgoing (f, PEER, id, text, time);

  store_fixture_done (f, CALL (burble_store_queue_message_async, f->store, f->account, message));
  store_fixture_done (f, CALL (burble_store_note_leaving_async, f->store, f->account, PEER, ids));
  return message;
}

static void
note_sent (StoreFixture *f, const char *id, const char *network_id)
{
  const char * const pairs[] = { id, network_id, NULL };

  store_fixture_done (f, CALL (burble_store_note_sent_async, f->store, f->account, PEER, pairs));
}

/* As the network shows it, which has whole seconds only. */
static BurbleMessage *
shown (StoreFixture *f, const char *network_id, const char *text, gint64 time)
{
  BurbleMessage *message = store_fixture_outgoing (f, PEER, network_id, text, time);

  burble_message_set_network_id (message, network_id);
  burble_message_set_time_precision (message, G_TIME_SPAN_SECOND - 1);
  burble_message_set_state (message, BURBLE_MESSAGE_SENT);
  return message;
}

static void
test_network_id_is_kept (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = queue (f, "o1", "Hello", HOUR);
  g_autoptr(BurbleMessage) odd = store_fixture_incoming (PEER, "5", "When?", 2 * HOUR);
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);
  g_autoptr(GPtrArray) page = NULL;
  g_autoptr(GPtrArray) outbox = NULL;
  BurbleMessage *read = NULL;

  outbox = store_fixture_list (f, CALL (burble_store_load_outbox_async, f->store, f->account));
  g_assert_cmpstr (burble_message_get_network_id (g_ptr_array_index (outbox, 0)), ==, "");
  note_sent (f, "o1", "7");
  burble_message_set_time_text (odd, "the other day");
  g_assert_true (store_fixture_add (f, odd));
  store_fixture_reopen (f);
  page = store_fixture_list (f, CALL (burble_store_load_page_async, f->store, chat,
                                      BURBLE_PAGE_LATEST, 0, 0, 10));
  g_assert_cmpuint (page->len, ==, 2);
  read = g_ptr_array_index (page, 0);
  g_assert_cmpstr (burble_message_get_id (read), ==, "o1");
  g_assert_cmpstr (burble_message_get_network_id (read), ==, "7");
  g_assert_cmpint (burble_message_get_state (read), ==, BURBLE_MESSAGE_SENT);
  g_assert_null (burble_message_get_time_text (read));
  read = g_ptr_array_index (page, 1);
  g_assert_null (burble_message_get_network_id (read));
  g_assert_cmpstr (burble_message_get_time_text (read), ==, "the other day");
}

static void
test_known_by_either_id (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = queue (f, "o1", "Hello", HOUR);
  g_autoptr(BurbleMessage) again = shown (f, "7", "anything", 9 * HOUR);
  g_autoptr(BurbleMessage) elsewhere = shown (f, "8", "Hello", HOUR + MINUTE);
  g_autoptr(BurbleMessage) twice = shown (f, "8", "Hello", HOUR + MINUTE);
  g_autofree char *texts = NULL;

  note_sent (f, "o1", "7");
  g_assert_false (store_fixture_add (f, again));
  g_assert_cmpint (burble_message_get_row (again), ==, burble_message_get_row (message));
  g_assert_cmpstr (burble_message_get_id (again), ==, "o1");
  /* Said elsewhere, the same words soon afterwards. */
  g_assert_true (store_fixture_add (f, elsewhere));
  g_assert_false (store_fixture_add (f, twice));
  texts = store_fixture_texts (f, PEER);
  g_assert_cmpstr (texts, ==, "Hello Hello");
}

static void
test_id_of_another_chat_is_another (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = queue (f, "o1", "Hello", HOUR);
  g_autoptr(BurbleMessage) other = store_fixture_outgoing (f, "bob@example.org", "7", "Hello",
                                                           HOUR);

  note_sent (f, "o1", "7");
  burble_message_set_network_id (other, "7");
  g_assert_true (store_fixture_add (f, other));
}

/* The lights went out before the answer came. */
static void
test_waiting_one_takes_the_id (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) first = queue (f, "o1", "  Hello\r\nyou\x1b ", HOUR);
  g_autoptr(BurbleMessage) second = queue (f, "o2", "Hello\nyou", HOUR + MINUTE);
  g_autoptr(BurbleMessage) other = queue (f, "o3", "Hello", HOUR + MINUTE);
  g_autoptr(BurbleMessage) one = shown (f, "7", "Hello\nyou", 30 * HOUR);
  g_autoptr(BurbleMessage) two = shown (f, "8", "Hello\nyou", 31 * HOUR);
  g_autoptr(BurbleMessage) three = shown (f, "9", "Hello\nyou", 32 * HOUR);
  g_autoptr(BurbleMessage) before = shown (f, "6", "Hello", MINUTE);
  g_autoptr(GPtrArray) outbox = NULL;

  /* What was said long before it was written is not it. */
  g_assert_true (store_fixture_add (f, before));
  g_assert_false (store_fixture_add (f, one));
  g_assert_cmpint (burble_message_get_row (one), ==, burble_message_get_row (first));
  g_assert_cmpstr (burble_message_get_id (one), ==, "o1");
  g_assert_cmpint (burble_message_get_state (one), ==, BURBLE_MESSAGE_SENT);
  g_assert_false (store_fixture_add (f, two));
  g_assert_cmpint (burble_message_get_row (two), ==, burble_message_get_row (second));
  g_assert_true (store_fixture_add (f, three));
  outbox = store_fixture_list (f, CALL (burble_store_load_outbox_async, f->store, f->account));
  g_assert_cmpuint (outbox->len, ==, 1);
  g_assert_cmpstr (burble_message_get_id (g_ptr_array_index (outbox, 0)), ==, "o3");
}

/* What has not left is not what the network has. */
static void
test_waiting_one_that_did_not_leave (StoreFixture *f, gconstpointer data)
{
  const char * const ids[] = { "o1", NULL };
  g_autoptr(BurbleMessage) message = store_fixture_outgoing (f, PEER, "o1", "Hello", HOUR);
  g_autoptr(BurbleMessage) elsewhere = shown (f, "7", "Hello", HOUR);
  g_autoptr(BurbleMessage) same = shown (f, "8", "Hello", HOUR);

  store_fixture_done (f, CALL (burble_store_queue_message_async, f->store, f->account, message));
  g_assert_true (store_fixture_add (f, elsewhere));
  store_fixture_done (f, CALL (burble_store_note_leaving_async, f->store, f->account, PEER, ids));
  g_assert_false (store_fixture_add (f, same));
  /* Nor is it taken back. */
  store_fixture_done (f, CALL (burble_store_note_leaving_async, f->store, f->account, PEER, ids));
  g_assert_false (store_fixture_add (f, same));
}

/* A date that nobody can read does not keep what waits from being found. */
static void
test_waiting_one_takes_the_id_without_a_date (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = queue (f, "o1", "Hello", HOUR);
  g_autoptr(BurbleMessage) again = shown (f, "7", "Hello", MINUTE);

  burble_message_set_time_precision (again, -1);
  g_assert_false (store_fixture_add (f, again));
  g_assert_cmpstr (burble_message_get_id (again), ==, "o1");
}

/* What was sent when nobody asked for the id. */
static void
test_sent_one_takes_the_id_once (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = queue (f, "o1", "Hello", HOUR);
  g_autoptr(BurbleMessage) later = shown (f, "9", "Hello", HOUR + 20 * MINUTE);
  g_autoptr(BurbleMessage) undated = shown (f, "10", "Hello", HOUR);
  g_autoptr(BurbleMessage) other = shown (f, "6", "Hallo", HOUR);
  g_autoptr(BurbleMessage) same = shown (f, "7", "Hello", HOUR + MINUTE);
  g_autoptr(BurbleMessage) twice = shown (f, "8", "Hello", HOUR + MINUTE);

  burble_message_set_time_precision (undated, -1);
  note_sent (f, "o1", "");
  g_assert_true (store_fixture_add (f, later));
  g_assert_true (store_fixture_add (f, undated));
  g_assert_true (store_fixture_add (f, other));
  g_assert_false (store_fixture_add (f, same));
  g_assert_cmpstr (burble_message_get_id (same), ==, "o1");
  g_assert_true (store_fixture_add (f, twice));
}

/* Where a network goes by our ids nothing is guessed. */
static void
test_other_networks_go_by_id_alone (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = store_fixture_outgoing (f, PEER, "o1", "Hello", HOUR);
  g_autoptr(BurbleMessage) named = shown (f, "7", "Hello", HOUR);

  store_fixture_done (f, CALL (burble_store_queue_message_async, f->store, f->account, message));
  g_assert_true (store_fixture_add (f, named));
}

static void
test_deleted_one_stays_away (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) sent = queue (f, "o1", "Hello", HOUR);
  g_autoptr(BurbleMessage) flying = queue (f, "o2", "Bye", HOUR);
  g_autoptr(BurbleMessage) one = shown (f, "7", "Hello", HOUR);
  g_autoptr(BurbleMessage) two = shown (f, "8", "Bye", HOUR);

  note_sent (f, "o1", "7");
  store_fixture_done (f, CALL (burble_store_delete_message_async, f->store, sent));
  store_fixture_done (f, CALL (burble_store_delete_message_async, f->store, flying));
  note_sent (f, "o2", "8"); /* it was on its way */
  g_assert_false (store_fixture_add (f, one));
  g_assert_false (store_fixture_add (f, two));
  g_assert_cmpint (burble_message_get_row (two), ==, 0);
}

/* Who reads it names it by the network's id. */
static void
test_states_by_either_id (StoreFixture *f, gconstpointer data)
{
  const char * const by_network[] = { "7", "", "nothing", NULL };
  g_autoptr(BurbleMessage) message = queue (f, "o1", "Hello", HOUR);
  g_autoptr(BurbleMessage) waiting = queue (f, "o2", "Bye", HOUR);
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) page = NULL;
  g_auto(GStrv) ids = NULL;

  note_sent (f, "o1", "7");
  result = CALL (burble_store_set_states_async, f->store, f->account, PEER, by_network,
                 BURBLE_MESSAGE_READ, NULL);
  ids = burble_store_set_states_finish (f->store, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (ids), ==, 1);
  g_assert_cmpstr (ids[0], ==, "o1");
  page = store_fixture_list (f, CALL (burble_store_load_page_async, f->store, chat,
                                      BURBLE_PAGE_LATEST, 0, 0, 10));
  g_assert_cmpint (burble_message_get_state (g_ptr_array_index (page, 0)), ==,
                   BURBLE_MESSAGE_READ);
  g_assert_cmpint (burble_message_get_state (g_ptr_array_index (page, 1)), ==,
                   BURBLE_MESSAGE_WAITING);
}

static BurbleMessage *
answer (const char *id, const char *text, gint64 time, gint64 precision)
{
  BurbleMessage *message = store_fixture_incoming (PEER, id, text, time);

  burble_message_set_time_precision (message, precision);
  return message;
}

/* An answer of the same second, or without a date, stands below what it answers. */
static void
test_order_where_dates_are_coarse (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) own = queue (f, "o1", "question", HOUR + 500);
  g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) fresh = NULL;
  g_autoptr(BurbleMessage) late = store_fixture_incoming (PEER, "late", "late", HOUR + 400);
  g_autofree char *texts = NULL;

  note_sent (f, "o1", "7");
  g_ptr_array_add (batch, answer ("6", "before", HOUR - G_TIME_SPAN_SECOND,
                                  G_TIME_SPAN_SECOND - 1));
  g_ptr_array_add (batch, shown (f, "7", "question", HOUR));
  g_ptr_array_add (batch, answer ("8", "answer", HOUR + 1, G_TIME_SPAN_SECOND - 1));
  g_ptr_array_add (batch, answer ("9", "undated", HOUR + 2, -1));
  fresh = store_fixture_list (f, CALL (burble_store_add_messages_async, f->store, f->account,
                                       batch, 9));
  g_assert_cmpuint (fresh->len, ==, 3);
  g_assert_cmpint (burble_message_get_time (g_ptr_array_index (fresh, 1)), ==, HOUR + 501);
  /* What has a time of its own stands there. */
  g_assert_true (store_fixture_add (f, late));
  texts = store_fixture_texts (f, PEER);
  g_assert_cmpstr (texts, ==, "before late question answer undated");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, function) \
  g_test_add ("/store/known/" name, StoreFixture, NULL, store_fixture_set_up, function, \
              store_fixture_tear_down)
  ADD ("network-id-is-kept", test_network_id_is_kept);
  ADD ("known-by-either-id", test_known_by_either_id);
  ADD ("id-of-another-chat-is-another", test_id_of_another_chat_is_another);
  ADD ("waiting-one-takes-the-id", test_waiting_one_takes_the_id);
  ADD ("waiting-one-that-did-not-leave", test_waiting_one_that_did_not_leave);
  ADD ("waiting-one-takes-the-id-without-a-date", test_waiting_one_takes_the_id_without_a_date);
  ADD ("sent-one-takes-the-id-once", test_sent_one_takes_the_id_once);
  ADD ("other-networks-go-by-id-alone", test_other_networks_go_by_id_alone);
  ADD ("deleted-one-stays-away", test_deleted_one_stays_away);
  ADD ("states-by-either-id", test_states_by_either_id);
  ADD ("order-where-dates-are-coarse", test_order_where_dates_are_coarse);
#undef ADD
  return g_test_run ();
}
