/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store-fixture.h"

#include <signal.h>
#include <sys/resource.h>

#include "burble-store-private.h"

#define PEER "alice@example.org"

static BurbleMessage *
big_message (StoreFixture *f)
{
  g_autofree char *text = g_strnfill (500 * 1000, 'x');

  return store_fixture_outgoing (f, PEER, NULL, text, 1000);
}

static void
set_page_limit (StoreFixture *f, gint64 pages)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA max_page_count = %" G_GINT64_FORMAT, pages);

  store_fixture_done (f, CALL (burble_store_execute_async, f->store, sql));
}

static guint
count_outbox (StoreFixture *f)
{
  g_autoptr(GPtrArray) outbox =
    store_fixture_list (f, CALL (burble_store_load_outbox_async, f->store, f->account));

  return outbox->len;
}

static void
test_refuses_and_stays_usable (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);
  g_autoptr(BurbleConversation) after = NULL;
  g_autoptr(BurbleMessage) big = big_message (f);

  burble_conversation_set_draft (chat, "a draft");
  store_fixture_done (f, CALL (burble_store_save_conversation_async, f->store, chat));
  set_page_limit (f, 1); /* which means: no more than there are */
  store_fixture_fails (f, CALL (burble_store_queue_message_async, f->store, f->account, big),
                       BURBLE_STORE_ERROR_FULL);
  g_assert_cmpint (burble_message_get_row (big), ==, 0);
  g_assert_cmpuint (count_outbox (f), ==, 0);
  after = store_fixture_load_chat (f, PEER);
  g_assert_cmpstr (burble_conversation_get_draft (after), ==, "a draft"); /* still there */

  set_page_limit (f, 1000000); /* the user has made room */
  store_fixture_done (f, CALL (burble_store_queue_message_async, f->store, f->account, big));
  g_assert_cmpuint (count_outbox (f), ==, 1);
  store_fixture_close (f);
  g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM pragma_integrity_check"
                                         " WHERE integrity_check = 'ok'"), ==, 1);
}

static void
test_batch_is_all_or_nothing (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *texts = NULL;

  for (guint i = 0; i < 1000; i++)
    g_ptr_array_add (batch, store_fixture_incoming (PEER, NULL, "some words of text", 1000 + i));
  set_page_limit (f, 40);
  store_fixture_fails (f, CALL (burble_store_add_messages_async, f->store, f->account, batch, 99),
                       BURBLE_STORE_ERROR_FULL);
  texts = store_fixture_texts (f, PEER);
  g_assert_cmpstr (texts, ==, "");
  for (guint i = 0; i < batch->len; i++)
    g_assert_cmpint (burble_message_get_row (g_ptr_array_index (batch, i)), ==, 0);
}

/* In a group, those that fit are kept. */
static void
test_group_keeps_what_fits (StoreFixture *f, gconstpointer data)
{
  GAsyncResult *results[30] = { NULL };
  guint stored = 0;

  set_page_limit (f, 100);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(BurbleMessage) small = store_fixture_outgoing (f, PEER, NULL, "small", 1000);
      g_autoptr(BurbleMessage) big = big_message (f);

      burble_store_queue_message_async (f->store, f->account, i % 3 == 1 ? big : small, NULL,
                                        store_fixture_result_cb, &results[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(GAsyncResult) owned = NULL;
      g_autoptr(GError) error = NULL;

      burble_test_wait_until (results[i] != NULL);
      owned = results[i];
      if (burble_store_done_finish (f->store, owned, &error))
        stored++;
      else
        g_assert_error (error, BURBLE_STORE_ERROR, BURBLE_STORE_ERROR_FULL);
      if (i % 3 != 1)
        g_assert_no_error (error);
    }
  g_assert_cmpuint (stored, ==, 20);
  g_assert_cmpuint (count_outbox (f), ==, stored);
}

/* The system's own "no". */
static void
test_file_that_may_not_grow (StoreFixture *f, gconstpointer data)
{
  struct rlimit before;
  struct rlimit small;
  g_autoptr(BurbleMessage) big = big_message (f);

  signal (SIGXFSZ, SIG_IGN);
  g_assert_no_errno (getrlimit (RLIMIT_FSIZE, &before));
  small = before;
  small.rlim_cur = 200 * 1000;
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &small));
  for (guint i = 0; i < 3; i++)
    {
      store_fixture_fails (f, CALL (burble_store_queue_message_async, f->store, f->account, big),
                           BURBLE_STORE_ERROR_FULL);
    }
  g_assert_cmpuint (count_outbox (f), ==, 0);
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &before));
  store_fixture_done (f, CALL (burble_store_queue_message_async, f->store, f->account, big));
  store_fixture_reopen (f);
  g_assert_cmpuint (count_outbox (f), ==, 1);
}

#define ADD(name, function)                                                          \
  g_test_add ("/store/full/" name, StoreFixture, NULL, store_fixture_set_up, function, \
              store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("refuses-and-stays-usable", test_refuses_and_stays_usable);
  ADD ("batch-is-all-or-nothing", test_batch_is_all_or_nothing);
  ADD ("group-keeps-what-fits", test_group_keeps_what_fits);
  ADD ("file-that-may-not-grow", test_file_that_may_not_grow);
  return g_test_run ();
}
