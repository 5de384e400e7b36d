/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store-fixture.h"

#define PEER "alice@example.org"

static void
test_keeps_all_fields (StoreFixture *f, gconstpointer data)
{
  const char * const names[] = { "notes.pdf", "a\nb.txt", NULL };
  g_autoptr(BurbleMessage) message = store_fixture_incoming (PEER, "m1", "Hello", 1234567);
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);
  g_autoptr(GPtrArray) page = NULL;
  BurbleMessage *read = NULL;

  burble_message_set_sender_name (message, "Alice");
  burble_message_set_html (message, "<b>Hello</b>");
  burble_message_set_seq (message, 42);
  burble_message_set_reply_to (message, "m0");
  burble_message_set_attachment_names (message, names);
  g_assert_true (store_fixture_add (f, message));
  g_assert_cmpint (burble_message_get_row (message), >, 0);

  store_fixture_reopen (f);
  page = store_fixture_list (f, CALL (burble_store_load_page_async, f->store, chat,
                                      BURBLE_PAGE_LATEST, 0, 0, 10));
  g_assert_cmpuint (page->len, ==, 1);
  read = g_ptr_array_index (page, 0);
  g_assert_cmpint (burble_message_get_row (read), ==, burble_message_get_row (message));
  g_assert_cmpstr (burble_message_get_id (read), ==, "m1");
  g_assert_cmpstr (burble_message_get_peer (read), ==, PEER);
  g_assert_cmpstr (burble_message_get_sender (read), ==, PEER);
  g_assert_cmpstr (burble_message_get_sender_name (read), ==, "Alice");
  g_assert_false (burble_message_is_outgoing (read));
  g_assert_cmpstr (burble_message_get_text (read), ==, "Hello");
  g_assert_cmpstr (burble_message_get_html (read), ==, "<b>Hello</b>");
  g_assert_cmpint (burble_message_get_time (read), ==, 1234567);
  g_assert_cmpint (burble_message_get_seq (read), ==, 42);
  g_assert_cmpstr (burble_message_get_reply_to (read), ==, "m0");
  g_assert_cmpint (burble_message_get_state (read), ==, BURBLE_MESSAGE_RECEIVED);
  g_assert_true (burble_message_get_unread (read));
  g_assert_cmpuint (g_strv_length ((GStrv) burble_message_get_attachment_names (read)), ==, 2);
  g_assert_cmpstr (burble_message_get_attachment_names (read)[0], ==, "notes.pdf");
  g_assert_cmpstr (burble_message_get_attachment_names (read)[1], ==, "a b.txt");
}

static void
test_drops_duplicates (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) first = store_fixture_incoming (PEER, "m1", "one", 1000);
  g_autoptr(BurbleMessage) again = store_fixture_incoming (PEER, "m1", "one", 2000);
  g_autoptr(BurbleMessage) other_chat = store_fixture_incoming ("bob@example.org", "m1", "b", 3000);
  g_autoptr(BurbleMessage) own = store_fixture_outgoing (f, PEER, "m1", "own", 4000);
  g_autofree char *texts = NULL;

  g_assert_true (store_fixture_add (f, first));
  g_assert_false (store_fixture_add (f, again));
  g_assert_cmpint (burble_message_get_row (again), ==, burble_message_get_row (first));
  g_assert_true (store_fixture_add (f, other_chat));
  g_assert_true (store_fixture_add (f, own)); /* ids are unique per sender only */
  texts = store_fixture_texts (f, PEER);
  g_assert_cmpstr (texts, ==, "one own");
}

static void
test_drops_duplicates_in_one_batch (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) added = NULL;

  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *id = g_strdup_printf ("m%u", i % 5);

      g_ptr_array_add (batch, store_fixture_incoming (PEER, id, id, 5000 - 1000 * (i % 5)));
    }
  added = store_fixture_list (f, CALL (burble_store_add_messages_async, f->store, f->account,
                                       batch, 77));
  g_assert_cmpuint (added->len, ==, 5);
  for (guint i = 0; i < 5; i++) /* the very objects, in the order they came in */
    g_assert_true (g_ptr_array_index (added, i) == g_ptr_array_index (batch, i));
  g_assert_cmpint (burble_message_get_row (g_ptr_array_index (batch, 7)), ==,
                   burble_message_get_row (g_ptr_array_index (batch, 2)));
}

static void
test_late_message_is_put_in_its_place (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) first = store_fixture_incoming (PEER, "m1", "one", 1000);
  g_autoptr(BurbleMessage) third = store_fixture_incoming (PEER, "m3", "three", 3000);
  g_autoptr(BurbleMessage) second = store_fixture_incoming (PEER, "m2", "two", 2000);
  g_autoptr(BurbleConversation) chat = NULL;
  g_autofree char *texts = NULL;

  store_fixture_add (f, first);
  store_fixture_add (f, third);
  g_assert_true (store_fixture_add (f, second));
  texts = store_fixture_texts (f, PEER);
  g_assert_cmpstr (texts, ==, "one two three");
  chat = store_fixture_load_chat (f, PEER);
  g_assert_cmpstr (burble_message_get_text (burble_conversation_get_last_message (chat)),
                   ==, "three");
  g_assert_cmpint (burble_conversation_get_last_time (chat), ==, 3000);
}

static void
test_absurd_times_are_kept_sorted (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) never = store_fixture_incoming (PEER, "m1", "never", G_MAXINT64);
  g_autoptr(BurbleMessage) past = store_fixture_incoming (PEER, "m2", "past", G_MININT64);
  g_autoptr(BurbleMessage) now = store_fixture_incoming (PEER, "m3", "now", g_get_real_time ());
  g_autofree char *texts = NULL;

  g_assert_true (store_fixture_add (f, never));
  g_assert_true (store_fixture_add (f, past));
  g_assert_true (store_fixture_add (f, now));
  texts = store_fixture_texts (f, PEER);
  g_assert_cmpstr (texts, ==, "past now never");
}

static void
test_more_messages_in_one_microsecond_than_keys (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) added = NULL;
  g_autoptr(BurbleMessage) after = store_fixture_incoming (PEER, "after", "after", 1001);
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);
  g_autoptr(GPtrArray) page = NULL;
  g_autoptr(GPtrArray) last = NULL;

  g_assert_true (store_fixture_add (f, after));
  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      g_ptr_array_add (batch, store_fixture_incoming (PEER, id, id, 1000));
    }
  added = store_fixture_list (f, CALL (burble_store_add_messages_async, f->store, f->account,
                                       batch, -1));
  g_assert_cmpuint (added->len, ==, 5000);

  page = store_fixture_list (f, CALL (burble_store_load_page_async, f->store, chat,
                                      BURBLE_PAGE_AFTER, 0, 0, 5000));
  for (guint i = 0; i < 5000; i++)
    g_assert_cmpuint (g_ascii_strtoull (burble_message_get_text (g_ptr_array_index (page, i)),
                                        NULL, 10), ==, i);
  last = store_fixture_list (f, CALL (burble_store_load_page_async, f->store, chat,
                                      BURBLE_PAGE_LATEST, 0, 0, 1));
  g_assert_cmpstr (burble_message_get_text (g_ptr_array_index (last, 0)), ==, "after");
}

static gint64
load_seq (StoreFixture *f)
{
  g_autoptr(GAsyncResult) result = CALL (burble_store_load_seq_async, f->store, f->account);
  g_autoptr(GError) error = NULL;
  gint64 seq = burble_store_load_seq_finish (f->store, result, &error);

  g_assert_no_error (error);
  return seq;
}

static void
add_with_seq (StoreFixture *f, const char *id, gint64 seq)
{
  g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (batch, store_fixture_incoming (PEER, id, id, 1000));
  g_ptr_array_unref (store_fixture_list (f, CALL (burble_store_add_messages_async, f->store,
                                                  f->account, batch, seq)));
}

static void
test_highest_seq (StoreFixture *f, gconstpointer data)
{
  g_assert_cmpint (load_seq (f), ==, -1);
  add_with_seq (f, "m1", 10);
  g_assert_cmpint (load_seq (f), ==, 10);
  add_with_seq (f, "m2", -1);
  g_assert_cmpint (load_seq (f), ==, 10);
  add_with_seq (f, "m3", 5); /* a page of older history */
  g_assert_cmpint (load_seq (f), ==, 10);
  store_fixture_reopen (f);
  g_assert_cmpint (load_seq (f), ==, 10);
  store_fixture_done (f, CALL (burble_store_save_seq_async, f->store, f->account, 3));
  g_assert_cmpint (load_seq (f), ==, 3);
}

/* The outbox as "text text". */
static char *
load_outbox (StoreFixture *f)
{
  g_autoptr(GPtrArray) outbox =
    store_fixture_list (f, CALL (burble_store_load_outbox_async, f->store, f->account));

  return store_fixture_join_texts (outbox);
}

static void
set_state (StoreFixture *f, const char *id, BurbleMessageState state, const char *error)
{
  const char * const ids[] = { id, NULL };

  store_fixture_done (f, CALL (burble_store_set_states_async, f->store, f->account, PEER,
                               ids, state, error));
}

static BurbleMessage *
load_message (StoreFixture *f, const char *id)
{
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);
  g_autoptr(GPtrArray) page =
    store_fixture_list (f, CALL (burble_store_load_page_async, f->store, chat,
                                 BURBLE_PAGE_LATEST, 0, 0, 1000));

  for (guint i = 0; i < page->len; i++)
    {
      BurbleMessage *message = g_ptr_array_index (page, i);

      if (g_str_equal (burble_message_get_id (message), id))
        return g_object_ref (message);
    }
  g_assert_not_reached ();
}

static void
assert_state (StoreFixture *f, const char *id, BurbleMessageState state)
{
  g_autoptr(BurbleMessage) message = load_message (f, id);

  g_assert_cmpint (burble_message_get_state (message), ==, state);
}

static void
queue (StoreFixture *f, const char *id, const char *text, gint64 time)
{
  g_autoptr(BurbleMessage) message = store_fixture_outgoing (f, PEER, id, text, time);

  store_fixture_done (f, CALL (burble_store_queue_message_async, f->store, f->account, message));
  g_assert_cmpint (burble_message_get_row (message), >, 0);
}

static void
test_outbox_keeps_the_order_of_writing (StoreFixture *f, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *texts = NULL;

  queue (f, "m1", "one", 3000);
  queue (f, "m2", "two", 1000); /* the clock was set back */
  queue (f, "m3", "three", 2000);
  store_fixture_reopen (f);
  before = load_outbox (f);
  g_assert_cmpstr (before, ==, "one two three");

  set_state (f, "m1", BURBLE_MESSAGE_SENT, NULL);
  queue (f, "m4", "four", 500);
  after = load_outbox (f);
  g_assert_cmpstr (after, ==, "two three four");
  texts = store_fixture_texts (f, PEER);
  g_assert_cmpstr (texts, ==, "four two three one");
}

static void
test_queue_takes_the_draft (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);
  g_autoptr(BurbleConversation) before = NULL;
  g_autoptr(BurbleConversation) after = NULL;

  burble_conversation_set_draft (chat, "Hel");
  store_fixture_done (f, CALL (burble_store_save_conversation_async, f->store, chat));
  before = store_fixture_load_chat (f, PEER);
  g_assert_cmpstr (burble_conversation_get_draft (before), ==, "Hel");
  queue (f, "m1", "Hello", 1000);
  store_fixture_reopen (f);
  after = store_fixture_load_chat (f, PEER);
  g_assert_null (burble_conversation_get_draft (after));
  g_assert_cmpint (burble_conversation_get_row (after), ==, burble_conversation_get_row (chat));
}

static void
test_states_go_only_upward (StoreFixture *f, gconstpointer data)
{
  const BurbleMessageState states[] = {
    BURBLE_MESSAGE_WAITING, BURBLE_MESSAGE_SENT, BURBLE_MESSAGE_DELIVERED, BURBLE_MESSAGE_READ,
    BURBLE_MESSAGE_FAILED,
  };
  /* From the row's state to the column's, in that order: is it allowed? */
  const gboolean allowed[5][5] = {
    { TRUE,  TRUE,  TRUE,  TRUE, TRUE },
    { FALSE, TRUE,  TRUE,  TRUE, FALSE },
    { FALSE, FALSE, TRUE,  TRUE, FALSE },
    { FALSE, FALSE, FALSE, TRUE, FALSE },
    { TRUE,  TRUE,  TRUE,  TRUE, TRUE },
  };

  for (guint from = 0; from < 5; from++)
    {
      for (guint to = 0; to < 5; to++)
        {
          g_autofree char *id = g_strdup_printf ("m%u%u", from, to);

          queue (f, id, id, 1000 * (1 + from * 5 + to));
          if (from > 0)
            set_state (f, id, states[from], "why");
          assert_state (f, id, states[from]);
          set_state (f, id, states[to], "why");
          assert_state (f, id, allowed[from][to] ? states[to] : states[from]);
        }
    }
}

static void
test_failed_has_a_reason_until_retried (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) failed = NULL;
  g_autoptr(BurbleMessage) retried = NULL;
  g_autofree char *outbox = NULL;
  g_autofree char *retried_outbox = NULL;

  queue (f, "m1", "one", 1000);
  queue (f, "m2", "two", 2000);
  set_state (f, "m1", BURBLE_MESSAGE_FAILED, "blocked");
  failed = load_message (f, "m1");
  g_assert_cmpstr (burble_message_get_error (failed), ==, "blocked");
  outbox = load_outbox (f);
  g_assert_cmpstr (outbox, ==, "two");

  set_state (f, "m1", BURBLE_MESSAGE_WAITING, NULL);
  retried = load_message (f, "m1");
  g_assert_null (burble_message_get_error (retried));
  retried_outbox = load_outbox (f);
  g_assert_cmpstr (retried_outbox, ==, "one two");
}

static void
test_states_are_of_own_messages (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = store_fixture_incoming (PEER, "m1", "hello", 1000);

  store_fixture_add (f, message);
  set_state (f, "m1", BURBLE_MESSAGE_READ, NULL);
  set_state (f, "unknown", BURBLE_MESSAGE_READ, NULL);
  assert_state (f, "m1", BURBLE_MESSAGE_RECEIVED);
}

/* The server took it, the answer was lost, and its history brings it. */
static void
test_copy_of_an_own_message_means_sent (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) copy = store_fixture_outgoing (f, PEER, "m1", "one", 1500);
  g_autoptr(BurbleMessage) other = store_fixture_outgoing (f, PEER, "m2", "two", 2000);
  g_autofree char *outbox = NULL;
  g_autofree char *texts = NULL;

  queue (f, "m1", "one", 1000);
  g_assert_false (store_fixture_add (f, copy));
  g_assert_cmpint (burble_message_get_state (copy), ==, BURBLE_MESSAGE_SENT);
  g_assert_cmpint (burble_message_get_row (copy), >, 0);
  assert_state (f, "m1", BURBLE_MESSAGE_SENT);
  g_assert_true (store_fixture_add (f, other)); /* from another terminal of ours */
  assert_state (f, "m2", BURBLE_MESSAGE_SENT);
  outbox = load_outbox (f);
  g_assert_cmpstr (outbox, ==, "");

  set_state (f, "m1", BURBLE_MESSAGE_READ, NULL);
  g_assert_false (store_fixture_add (f, copy));
  assert_state (f, "m1", BURBLE_MESSAGE_READ);
  texts = store_fixture_texts (f, PEER);
  g_assert_cmpstr (texts, ==, "one two");
}

static void
test_deleted_message_does_not_come_back (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = store_fixture_incoming (PEER, "m1", "secret", 1000);
  g_autoptr(BurbleMessage) other = store_fixture_incoming (PEER, "m2", "other", 2000);
  g_autoptr(BurbleMessage) again = store_fixture_incoming (PEER, "m1", "secret", 1000);
  g_autofree char *texts = NULL;

  store_fixture_add (f, message);
  store_fixture_add (f, other);
  store_fixture_done (f, CALL (burble_store_delete_message_async, f->store, message));
  store_fixture_done (f, CALL (burble_store_delete_message_async, f->store, message));
  g_assert_false (store_fixture_add (f, again));
  g_assert_cmpint (burble_message_get_row (again), ==, 0);
  texts = store_fixture_texts (f, PEER);
  g_assert_cmpstr (texts, ==, "other");
}

/* Neither the text nor its words may be found in the file. */
static void
test_deleted_text_is_not_in_the_file (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message =
    store_fixture_incoming (PEER, "m1", "rendezvous xylophonist", 1000);
  g_autofree char *content = NULL;
  gsize length;

  store_fixture_add (f, message);
  store_fixture_done (f, CALL (burble_store_delete_message_async, f->store, message));
  store_fixture_close (f);
  g_assert_true (g_file_get_contents (f->path, &content, &length, NULL));
  g_assert_null (memmem (content, length, "rendezvous", 10));
  g_assert_null (memmem (content, length, "xylophonist", 11));
}

static void
test_unknown_account_is_an_error (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleAccount) stranger = burble_account_new ("uid-2", "gurgle", "x@example.org");
  g_autoptr(BurbleMessage) message = store_fixture_outgoing (f, PEER, "m1", "one", 1000);
  g_autofree char *texts = NULL;

  store_fixture_fails (f, CALL (burble_store_queue_message_async, f->store, stranger, message),
                       BURBLE_STORE_ERROR_FAILED);
  g_assert_cmpint (burble_message_get_row (message), ==, 0);
  texts = store_fixture_texts (f, PEER);
  g_assert_cmpstr (texts, ==, "");
}

/* Calls that are queued together share a commit; one that fails takes no other with it. */
static void
test_failing_call_in_a_group_fails_alone (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleAccount) stranger = burble_account_new ("uid-2", "gurgle", "x@example.org");
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  GAsyncResult *results[40] = { NULL };
  g_autoptr(GPtrArray) outbox = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      BurbleMessage *message = store_fixture_outgoing (f, PEER, NULL, "x", 1000);

      g_ptr_array_add (messages, message);
      burble_store_queue_message_async (f->store, i % 4 == 3 ? stranger : f->account, message,
                                        NULL, store_fixture_result_cb, &results[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      burble_test_wait_until (results[i] != NULL);
      if (i % 4 == 3)
        store_fixture_fails (f, results[i], BURBLE_STORE_ERROR_FAILED);
      else
        store_fixture_done (f, results[i]);
    }
  outbox = store_fixture_list (f, CALL (burble_store_load_outbox_async, f->store, f->account));
  g_assert_cmpuint (outbox->len, ==, 30);
}

/* What a new terminal fetches is read, up to the first that was here before it was fetched. */
static void
test_the_past_ends_with_the_first_news (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) pushed = store_fixture_incoming (PEER, "m2", "two", 2000000);
  g_autoptr(GPtrArray) past = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) later = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(BurbleConversation) chat = NULL;
  gboolean reached = TRUE;

  g_ptr_array_add (past, store_fixture_incoming (PEER, "m0", "zero", 1));
  burble_message_set_unread (g_ptr_array_index (past, 0), TRUE);
  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *id = g_strdup_printf ("m%u", i);

      g_ptr_array_add (later, store_fixture_incoming (PEER, id, id, i * 1000000));
      burble_message_set_unread (g_ptr_array_index (later, i - 1), TRUE);
    }
  burble_message_set_unread (pushed, TRUE);
  g_assert_true (store_fixture_add (f, pushed));

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GAsyncResult) result = CALL (burble_store_add_past_async, f->store, f->account,
                                             i == 0 ? past : later, -1);
      g_autoptr(GPtrArray) fresh = burble_store_add_past_finish (f->store, result, &reached, NULL);

      g_assert_cmpuint (fresh->len, ==, i + 1);
      g_assert_cmpint (reached, ==, i == 1);
    }
  g_assert_false (burble_message_get_unread (g_ptr_array_index (past, 0)));
  g_assert_false (burble_message_get_unread (g_ptr_array_index (later, 0)));
  g_assert_true (burble_message_get_unread (g_ptr_array_index (later, 2)));
  chat = store_fixture_load_chat (f, PEER);
  g_assert_cmpuint (burble_conversation_get_unread (chat), ==, 2);
}

#define ADD(name, function)                                                              \
  g_test_add ("/store/messages/" name, StoreFixture, NULL, store_fixture_set_up, function, \
              store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("keeps-all-fields", test_keeps_all_fields);
  ADD ("drops-duplicates", test_drops_duplicates);
  ADD ("drops-duplicates-in-one-batch", test_drops_duplicates_in_one_batch);
  ADD ("late-message-is-put-in-its-place", test_late_message_is_put_in_its_place);
  ADD ("absurd-times-are-kept-sorted", test_absurd_times_are_kept_sorted);
  ADD ("more-messages-in-one-microsecond-than-keys",
       test_more_messages_in_one_microsecond_than_keys);
  ADD ("the-past-ends-with-the-first-news", test_the_past_ends_with_the_first_news);
  ADD ("highest-seq", test_highest_seq);
  ADD ("outbox-keeps-the-order-of-writing", test_outbox_keeps_the_order_of_writing);
  ADD ("queue-takes-the-draft", test_queue_takes_the_draft);
  ADD ("states-go-only-upward", test_states_go_only_upward);
  ADD ("failed-has-a-reason-until-retried", test_failed_has_a_reason_until_retried);
  ADD ("states-are-of-own-messages", test_states_are_of_own_messages);
  ADD ("copy-of-an-own-message-means-sent", test_copy_of_an_own_message_means_sent);
  ADD ("deleted-message-does-not-come-back", test_deleted_message_does_not_come_back);
  ADD ("deleted-text-is-not-in-the-file", test_deleted_text_is_not_in_the_file);
  ADD ("unknown-account-is-an-error", test_unknown_account_is_an_error);
  ADD ("failing-call-in-a-group-fails-alone", test_failing_call_in_a_group_fails_alone);
  return g_test_run ();
}
