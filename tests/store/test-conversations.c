/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store-fixture.h"

#define PEER "alice@example.org"

static void
test_keeps_all_fields (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);
  g_autoptr(BurbleConversation) read = NULL;
  gint64 time;
  gint64 row;

  burble_contact_set_kind (burble_conversation_get_contact (chat), BURBLE_CONTACT_ROOM);
  burble_conversation_set_pinned (chat, TRUE);
  burble_conversation_set_muted (chat, TRUE);
  burble_conversation_set_draft (chat, "half a sen");
  store_fixture_done (f, CALL (burble_store_save_conversation_async, f->store, chat));
  g_assert_cmpint (burble_conversation_get_row (chat), >, 0);

  store_fixture_reopen (f);
  read = store_fixture_load_chat (f, PEER);
  g_assert_cmpint (burble_conversation_get_row (read), ==, burble_conversation_get_row (chat));
  g_assert_cmpint (burble_contact_get_kind (burble_conversation_get_contact (read)), ==,
                   BURBLE_CONTACT_ROOM);
  g_assert_true (burble_conversation_get_pinned (read));
  g_assert_true (burble_conversation_get_muted (read));
  g_assert_cmpstr (burble_conversation_get_draft (read), ==, "half a sen");
  g_assert_null (burble_conversation_get_last_message (read));
  g_assert_cmpuint (burble_conversation_get_unread (read), ==, 0);
  burble_conversation_get_read_mark (read, &time, &row);
  g_assert_cmpint (time, ==, 0);
  g_assert_cmpint (row, ==, 0);

  burble_conversation_set_draft (chat, NULL);
  store_fixture_done (f, CALL (burble_store_save_conversation_async, f->store, chat));
  g_clear_object (&read);
  read = store_fixture_load_chat (f, PEER);
  g_assert_null (burble_conversation_get_draft (read));
}

static guint
count_unread (StoreFixture *f, const char *peer)
{
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, peer);
  g_autoptr(BurbleConversation) loaded = store_fixture_load_chat (f, peer);
  g_autoptr(GAsyncResult) result = CALL (burble_store_count_unread_async, f->store, chat);
  g_autoptr(GError) error = NULL;
  gssize unread = burble_store_count_unread_finish (f->store, result, &error);

  g_assert_no_error (error);
  if (loaded != NULL) /* both ways must agree */
    g_assert_cmpuint (burble_conversation_get_unread (loaded), ==, unread);
  return (guint) unread;
}

static gint64
find_unread (StoreFixture *f, const char *peer)
{
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, peer);
  g_autoptr(GAsyncResult) result = CALL (burble_store_find_unread_async, f->store, chat);
  g_autoptr(GError) error = NULL;
  gint64 time;
  gint64 row;

  g_assert_true (burble_store_find_unread_finish (f->store, result, &time, &row, &error));
  g_assert_no_error (error);
  g_assert_true (row > 0 || time == 0);
  return row;
}

/* Returns the ids that became read, sorted, as "m1 m2". */
static char *
finish_mark (StoreFixture *f, GAsyncResult *result, guint *unread)
{
  g_autoptr(GAsyncResult) owned = result;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();
  g_auto(GStrv) ids = NULL;

  g_assert_true (burble_store_mark_read_finish (f->store, owned, &ids, unread, &error));
  g_assert_no_error (error);
  for (guint i = 0; ids[i] != NULL; i++)
    g_ptr_array_add (sorted, ids[i]);
  g_ptr_array_sort_values (sorted, (GCompareFunc) g_strcmp0);
  g_ptr_array_add (sorted, NULL);
  return g_strjoinv (" ", (char **) sorted->pdata);
}

static BurbleMessage *
receive (StoreFixture *f, const char *id, gint64 time)
{
  BurbleMessage *message = store_fixture_incoming (PEER, id, id, time);

  g_assert_true (store_fixture_add (f, message));
  return message;
}

static void
test_reads_up_to_the_mark (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);
  g_autoptr(BurbleMessage) first = receive (f, "m1", 1000);
  g_autoptr(BurbleMessage) second = receive (f, "m2", 2000);
  g_autoptr(BurbleMessage) third = receive (f, "m3", 3000);
  g_autoptr(BurbleMessage) own = store_fixture_outgoing (f, PEER, "o1", "own", 1500);
  g_autoptr(BurbleConversation) read = NULL;
  g_autofree char *ids = NULL;
  g_autofree char *none = NULL;
  guint unread;
  gint64 time;
  gint64 row;

  store_fixture_add (f, own);
  g_assert_cmpuint (count_unread (f, PEER), ==, 3);
  g_assert_cmpint (find_unread (f, PEER), ==, burble_message_get_row (first));

  ids = finish_mark (f, CALL (burble_store_mark_read_async, f->store, chat, 2000,
                              burble_message_get_row (second)), &unread);
  g_assert_cmpstr (ids, ==, "m1 m2");
  g_assert_cmpuint (unread, ==, 1);
  g_assert_cmpint (find_unread (f, PEER), ==, burble_message_get_row (third));

  /* An older mark, told late by another terminal, changes nothing. */
  none = finish_mark (f, CALL (burble_store_mark_read_async, f->store, chat, 1000,
                               burble_message_get_row (first)), &unread);
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpuint (unread, ==, 1);
  store_fixture_reopen (f);
  read = store_fixture_load_chat (f, PEER);
  burble_conversation_get_read_mark (read, &time, &row);
  g_assert_cmpint (time, ==, 2000);
  g_assert_cmpint (row, ==, burble_message_get_row (second));
  g_assert_cmpuint (count_unread (f, PEER), ==, 1);
}

/* It was sent while we were away, and came after what was written later had been read. */
static void
test_late_message_is_unread (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);
  g_autoptr(BurbleMessage) first = receive (f, "m1", 2000);
  g_autoptr(BurbleMessage) late = NULL;
  g_autofree char *ids = NULL;
  g_autofree char *rest = NULL;
  guint unread;

  ids = finish_mark (f, CALL (burble_store_mark_read_async, f->store, chat, 2000,
                              burble_message_get_row (first)), &unread);
  g_assert_cmpuint (unread, ==, 0);
  late = receive (f, "m0", 1000);
  g_assert_cmpuint (count_unread (f, PEER), ==, 1);
  g_assert_cmpint (find_unread (f, PEER), ==, burble_message_get_row (late));
  rest = finish_mark (f, CALL (burble_store_mark_read_async, f->store, chat, 2000,
                               burble_message_get_row (first)), &unread);
  g_assert_cmpstr (rest, ==, "m0");
  g_assert_cmpuint (unread, ==, 0);
}

static void
test_old_history_is_not_unread (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) old = store_fixture_incoming (PEER, "m1", "old", 1000);

  burble_message_set_unread (old, FALSE);
  g_assert_true (store_fixture_add (f, old));
  g_assert_cmpuint (count_unread (f, PEER), ==, 0);
}

static void
test_reads_by_ids (StoreFixture *f, gconstpointer data)
{
  const char * const known[] = { "nobody", "m2", "o1", NULL };
  const char * const unknown[] = { "nobody", NULL };
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);
  g_autoptr(BurbleMessage) first = receive (f, "m1", 1000);
  g_autoptr(BurbleMessage) second = receive (f, "m2", 2000);
  g_autoptr(BurbleMessage) third = receive (f, "m3", 3000);
  g_autoptr(BurbleMessage) own = store_fixture_outgoing (f, PEER, "o1", "own", 4000);
  g_autofree char *none = NULL;
  g_autofree char *ids = NULL;
  guint unread;

  store_fixture_add (f, own);
  none = finish_mark (f, CALL (burble_store_mark_read_by_ids_async, f->store, chat, unknown),
                      &unread);
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpuint (unread, ==, 3);
  ids = finish_mark (f, CALL (burble_store_mark_read_by_ids_async, f->store, chat, known),
                     &unread);
  g_assert_cmpstr (ids, ==, "m1 m2");
  g_assert_cmpuint (unread, ==, 1);
}

static void
test_nobodys_chat_has_nothing (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, "nobody@example.org");
  g_autofree char *ids = NULL;
  guint unread;

  g_assert_cmpuint (count_unread (f, "nobody@example.org"), ==, 0);
  g_assert_cmpint (find_unread (f, "nobody@example.org"), ==, 0);
  ids = finish_mark (f, CALL (burble_store_mark_read_async, f->store, chat, 1000, 1), &unread);
  g_assert_cmpstr (ids, ==, "");
  store_fixture_done (f, CALL (burble_store_remove_conversation_async, f->store, chat));
}

static void
test_counts_up_to_999 (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < 1500; i++)
    g_ptr_array_add (batch, store_fixture_incoming (PEER, NULL, "x", 1000 + i));
  g_ptr_array_unref (store_fixture_list (f, CALL (burble_store_add_messages_async, f->store,
                                                  f->account, batch, -1)));
  g_assert_cmpuint (count_unread (f, PEER), ==, 999);
}

/* What a chat should be, kept in the simplest way there is. */
typedef struct
{
  BurbleMessage *message;
  gboolean unread;
} Known;

static int
compare_keys (BurbleMessage *a, gint64 time, gint64 row)
{
  if (burble_message_get_time (a) != time)
    return burble_message_get_time (a) < time ? -1 : 1;
  return (burble_message_get_row (a) > row) - (burble_message_get_row (a) < row);
}

static void
check_against (StoreFixture *f, GArray *known)
{
  guint expected = 0;
  BurbleMessage *first = NULL;

  for (guint i = 0; i < known->len; i++)
    {
      Known *k = &g_array_index (known, Known, i);

      if (!k->unread)
        continue;
      expected++;
      if (first == NULL || compare_keys (k->message, burble_message_get_time (first),
                                         burble_message_get_row (first)) < 0)
        first = k->message;
    }
  g_assert_cmpuint (count_unread (f, PEER), ==, expected);
  g_assert_cmpint (find_unread (f, PEER), ==, first != NULL ? burble_message_get_row (first) : 0);
}

static void
random_arrival (StoreFixture *f, GArray *known, guint number)
{
  g_autofree char *id = g_strdup_printf ("m%u", number);
  gboolean outgoing = g_test_rand_int_range (0, 4) == 0;
  gint64 time = g_test_rand_int_range (0, 50); /* late ones and equal ones abound */
  Known k = { .unread = !outgoing };

  k.message = outgoing ? store_fixture_outgoing (f, PEER, id, id, time)
                       : store_fixture_incoming (PEER, id, id, time);
  g_assert_true (store_fixture_add (f, k.message));
  g_assert_false (store_fixture_add (f, k.message)); /* and nothing is counted twice */
  g_array_append_val (known, k);
}

static void
random_reading (StoreFixture *f, GArray *known)
{
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);
  Known *mark = &g_array_index (known, Known, g_test_rand_int_range (0, known->len));
  gint64 time = burble_message_get_time (mark->message);
  gint64 row = burble_message_get_row (mark->message);
  g_autofree char *ids = finish_mark (f, CALL (burble_store_mark_read_async, f->store, chat,
                                               time, row), NULL);

  for (guint i = 0; i < known->len; i++)
    {
      Known *k = &g_array_index (known, Known, i);

      if (compare_keys (k->message, time, row) <= 0)
        k->unread = FALSE;
    }
}

static void
random_deletion (StoreFixture *f, GArray *known)
{
  guint index = g_test_rand_int_range (0, known->len);
  Known *k = &g_array_index (known, Known, index);

  store_fixture_done (f, CALL (burble_store_delete_message_async, f->store, k->message));
  g_object_unref (k->message);
  g_array_remove_index_fast (known, index);
}

static void
test_unread_is_what_a_recount_says (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GArray) known = g_array_new (FALSE, FALSE, sizeof (Known));

  for (guint step = 0; step < 400; step++)
    {
      int dice = g_test_rand_int_range (0, 100);

      if (dice < 60 || known->len == 0)
        random_arrival (f, known, step);
      else if (dice < 75)
        random_reading (f, known);
      else if (dice < 90)
        random_deletion (f, known);
      else if (dice < 92)
        store_fixture_reopen (f);
      check_against (f, known);
    }
  for (guint i = 0; i < known->len; i++)
    g_object_unref (g_array_index (known, Known, i).message);
}

static void
test_removed_chat_is_gone (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);
  g_autoptr(BurbleMessage) message = receive (f, "m1", 1000);
  g_autoptr(BurbleMessage) waiting = store_fixture_outgoing (f, PEER, "o1", "own", 2000);
  g_autoptr(BurbleMessage) again = NULL;
  g_autoptr(GPtrArray) outbox = NULL;
  g_autoptr(BurbleConversation) fresh = NULL;

  store_fixture_done (f, CALL (burble_store_queue_message_async, f->store, f->account, waiting));
  store_fixture_done (f, CALL (burble_store_save_conversation_async, f->store, chat));
  store_fixture_done (f, CALL (burble_store_remove_conversation_async, f->store, chat));
  g_assert_cmpint (burble_conversation_get_row (chat), ==, 0);
  g_assert_null (store_fixture_load_chat (f, PEER));
  outbox = store_fixture_list (f, CALL (burble_store_load_outbox_async, f->store, f->account));
  g_assert_cmpuint (outbox->len, ==, 0);

  again = receive (f, "m2", 3000); /* begins a new one */
  fresh = store_fixture_load_chat (f, PEER);
  g_assert_cmpuint (burble_conversation_get_unread (fresh), ==, 1);
  store_fixture_close (f);
  g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM messages"), ==, 1);
  g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM conversations"), ==, 1);
}

static guint
count_hits (StoreFixture *f, const char *query)
{
  g_autoptr(GAsyncResult) result = CALL (burble_store_search_async, f->store, NULL, query, 1000);
  g_autoptr(GPtrArray) hits = burble_store_search_finish (f->store, result, NULL, NULL);

  return hits->len;
}

/* A long one takes a while, in the background and over a restart; nothing of it shows meanwhile. */
static void
test_long_removed_chat_is_gone_at_once (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);
  g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 left = 1;

  for (guint i = 0; i < 2500; i++)
    g_ptr_array_add (batch, store_fixture_incoming (PEER, NULL, "needle", 1000 + i));
  g_ptr_array_unref (store_fixture_list (f, CALL (burble_store_add_messages_async, f->store,
                                                  f->account, batch, -1)));
  g_assert_cmpuint (count_hits (f, "needle"), ==, 1000);
  store_fixture_done (f, CALL (burble_store_remove_conversation_async, f->store, chat));
  g_assert_cmpuint (count_hits (f, "needle"), ==, 0);
  store_fixture_close (f);
  g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM messages"), >, 0);

  store_fixture_open (f);
  for (guint tries = 0; left > 0 && tries < 1000; tries++)
    {
      gint64 pause = g_get_monotonic_time () + 50 * G_TIME_SPAN_MILLISECOND;

      /* Another program may look while Burble runs. */
      burble_test_wait_until (g_get_monotonic_time () > pause);
      left = store_fixture_sql (f, "SELECT count(*) FROM conversations");
    }
  store_fixture_close (f);
  g_assert_cmpint (left, ==, 0);
  g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM messages"), ==, 0);
  g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM search ('needle')"), ==, 0);
}

static void
test_a_thousand_chats_load_quickly (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) chats = NULL;
  double seconds;

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *peer = g_strdup_printf ("user%u@example.org", i % 1000);

      g_ptr_array_add (batch, store_fixture_incoming (peer, NULL, "hello there", 1000 + i));
    }
  g_ptr_array_unref (store_fixture_list (f, CALL (burble_store_add_messages_async, f->store,
                                                  f->account, batch, -1)));
  store_fixture_reopen (f);
  g_test_timer_start ();
  chats = store_fixture_list (f, CALL (burble_store_load_conversations_async, f->store,
                                       f->account));
  seconds = g_test_timer_elapsed ();
  g_test_message ("loaded in %.1f ms", seconds * 1000);
  g_assert_cmpuint (chats->len, ==, 1000);
  for (guint i = 0; i < chats->len; i++)
    {
      BurbleConversation *chat = g_ptr_array_index (chats, i);

      g_assert_cmpuint (burble_conversation_get_unread (chat), ==, 20);
      g_assert_cmpint (burble_conversation_get_last_time (chat), >=, 20000);
    }
  g_assert_cmpfloat (seconds, <, 5.0); /* it takes 30 ms; this is for machines under load */
}

/* Read while nobody could be told: in the file from the same moment on, until it is told. */
static void
test_receipts_wait_in_the_file (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) first = store_fixture_incoming (PEER, "m1", "one", 1000);
  g_autoptr(BurbleMessage) second = store_fixture_incoming (PEER, "m2", "two", 2000);
  g_autoptr(BurbleConversation) chat = NULL;
  g_autofree char *ids = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autofree char *pairs = NULL;
  g_auto(GStrv) loaded = NULL;

  store_fixture_add (f, first);
  store_fixture_add (f, second);
  chat = store_fixture_load_chat (f, PEER);
  ids = finish_mark (f, CALL (burble_store_mark_read_untold_async, f->store, chat, 2000,
                              burble_message_get_row (second)), NULL);
  g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM untold"), ==, 2);

  store_fixture_reopen (f);
  result = CALL (burble_store_load_receipts_async, f->store, f->account, 100);
  loaded = burble_store_load_receipts_finish (f->store, result, NULL);
  pairs = g_strjoinv (" ", loaded);
  g_assert_cmpstr (pairs, ==, PEER " m1 " PEER " m2");
  store_fixture_done (f, CALL (burble_store_forget_receipts_async, f->store, f->account,
                               (const char * const *) loaded));
  g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM untold"), ==, 0);
}

/* A chat that was removed while its receipts came back owes nobody anything: no error either. */
static void
test_receipts_of_a_removed_chat (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = store_fixture_incoming (PEER, "m1", "one", 1000);
  g_autoptr(BurbleConversation) chat = NULL;
  const char *ids[] = { "m1", "m2", NULL };

  store_fixture_add (f, message);
  chat = store_fixture_load_chat (f, PEER);
  store_fixture_done (f, CALL (burble_store_remove_conversation_async, f->store, chat));
  store_fixture_done (f, CALL (burble_store_keep_receipts_async, f->store, chat, ids));
  g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM untold"), ==, 0);
}

#define ADD(name, function)                                                                   \
  g_test_add ("/store/conversations/" name, StoreFixture, NULL, store_fixture_set_up, function, \
              store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("keeps-all-fields", test_keeps_all_fields);
  ADD ("reads-up-to-the-mark", test_reads_up_to_the_mark);
  ADD ("late-message-is-unread", test_late_message_is_unread);
  ADD ("old-history-is-not-unread", test_old_history_is_not_unread);
  ADD ("reads-by-ids", test_reads_by_ids);
  ADD ("receipts-wait-in-the-file", test_receipts_wait_in_the_file);
  ADD ("receipts-of-a-removed-chat", test_receipts_of_a_removed_chat);
  ADD ("nobodys-chat-has-nothing", test_nobodys_chat_has_nothing);
  ADD ("counts-up-to-999", test_counts_up_to_999);
  ADD ("unread-is-what-a-recount-says", test_unread_is_what_a_recount_says);
  ADD ("removed-chat-is-gone", test_removed_chat_is_gone);
  ADD ("long-removed-chat-is-gone-at-once", test_long_removed_chat_is_gone_at_once);
  ADD ("a-thousand-chats-load-quickly", test_a_thousand_chats_load_quickly);
  return g_test_run ();
}
