/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store-fixture.h"

#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "burble-store-private.h"

#define PEER "alice@example.org"

static void
assert_mode (const char *path, guint mode)
{
  GStatBuf info;

  g_assert_no_errno (g_stat (path, &info));
  g_assert_cmphex (info.st_mode & 0777, ==, mode);
}

static void
fails_to_open (StoreFixture *f, BurbleStoreError code)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize before_length;
  gsize after_length;

  g_assert_true (g_file_get_contents (f->path, &before, &before_length, NULL));
  f->store = burble_store_new (f->path);
  store_fixture_fails (f, CALL (burble_store_open_async, f->store), code);
  store_fixture_close (f);
  g_assert_true (g_file_get_contents (f->path, &after, &after_length, NULL));
  g_assert_cmpmem (before, before_length, after, after_length); /* it was left alone */
}

static void
test_makes_a_private_file (StoreFixture *f, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (f->directory, "a", "b", NULL);
  g_autofree char *path = g_build_filename (folder, "burble.db", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autofree char *lock = g_strconcat (path, ".lock", NULL);
  mode_t mask = umask (0);

  store_fixture_close (f);
  g_free (f->path);
  f->path = g_steal_pointer (&path);
  store_fixture_open (f);
  umask (mask);
  store_fixture_done (f, CALL (burble_store_save_account_async, f->store, f->account));
  assert_mode (folder, 0700);
  assert_mode (f->path, 0600);
  assert_mode (log, 0600);
  assert_mode (lock, 0600);
}

static void
test_is_in_the_log_and_sound (StoreFixture *f, gconstpointer data)
{
  store_fixture_close (f);
  g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM pragma_journal_mode"
                                         " WHERE journal_mode = 'wal'"), ==, 1);
  g_assert_cmpint (store_fixture_sql (f, "PRAGMA user_version"), ==, BURBLE_DB_VERSION);
  g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM pragma_integrity_check"
                                         " WHERE integrity_check = 'ok'"), ==, 1);
}

/* A commit is on the disk, not on its way there, when it is reported. */
static void
test_syncs_each_commit (StoreFixture *f, gconstpointer data)
{
  /* Fails on text that is no JSON, which is only there when the setting is another. */
  store_fixture_done (f, CALL (burble_store_execute_async, f->store,
                               "SELECT json ('no') FROM pragma_synchronous WHERE synchronous <> 2;"
                               "SELECT json ('no') FROM pragma_foreign_keys"
                               " WHERE foreign_keys <> 1"));
  store_fixture_fails (f, CALL (burble_store_execute_async, f->store,
                                "SELECT json ('no') FROM pragma_synchronous"
                                " WHERE synchronous = 2"), BURBLE_STORE_ERROR_FAILED);
}

static void
test_newer_file_is_left_alone (StoreFixture *f, gconstpointer data)
{
  store_fixture_close (f);
  store_fixture_sql (f, "PRAGMA user_version = 1000");
  fails_to_open (f, BURBLE_STORE_ERROR_NEWER);
}

static void
test_other_programs_file_is_left_alone (StoreFixture *f, gconstpointer data)
{
  store_fixture_close (f);
  g_assert_no_errno (g_unlink (f->path));
  store_fixture_sql (f, "CREATE TABLE recipes (name TEXT)");
  fails_to_open (f, BURBLE_STORE_ERROR_CORRUPT);
}

static void
test_garbage_is_left_alone (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GString) garbage = g_string_new (NULL);

  store_fixture_close (f);
  for (guint i = 0; i < 10000; i++)
    g_string_append_c (garbage, (char) g_random_int_range (1, 255));
  g_assert_true (g_file_set_contents (f->path, garbage->str, garbage->len, NULL));
  fails_to_open (f, BURBLE_STORE_ERROR_CORRUPT);
}

static void
test_truncated_file_is_left_alone (StoreFixture *f, gconstpointer data)
{
  GStatBuf info;

  store_fixture_close (f);
  g_assert_no_errno (g_stat (f->path, &info));
  g_assert_no_errno (truncate (f->path, info.st_size / 2));
  fails_to_open (f, BURBLE_STORE_ERROR_CORRUPT);
}

/* Damage that opening does not see is reported by the call that meets it. */
static void
test_damage_in_the_middle_is_reported (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = store_fixture_incoming (PEER, "m1", "hello", 1000);
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);
  g_autofree char *content = NULL;
  gsize length;
  gint64 page;
  gint64 page_size;

  store_fixture_add (f, message);
  store_fixture_close (f);
  page = store_fixture_sql (f, "SELECT rootpage FROM sqlite_schema"
                               " WHERE name = 'messages_by_time'");
  page_size = store_fixture_sql (f, "PRAGMA page_size");
  g_assert_true (g_file_get_contents (f->path, &content, &length, NULL));
  memset (content + (page - 1) * page_size, 0xee, page_size);
  g_assert_true (g_file_set_contents (f->path, content, length, NULL));

  store_fixture_open (f);
  store_fixture_fails (f, CALL (burble_store_load_page_async, f->store, chat, BURBLE_PAGE_LATEST,
                                0, 0, 10), BURBLE_STORE_ERROR_CORRUPT);
}

static void
test_empty_file_is_a_new_one (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) accounts = NULL;

  store_fixture_close (f);
  g_assert_true (g_file_set_contents (f->path, "", 0, NULL));
  store_fixture_open (f);
  accounts = store_fixture_list (f, CALL (burble_store_load_accounts_async, f->store));
  g_assert_cmpuint (accounts->len, ==, 0);
}

static void
test_second_one_is_refused (StoreFixture *f, gconstpointer data)
{
  StoreFixture second = { .path = f->path, .store = burble_store_new (f->path) };

  store_fixture_fails (&second, CALL (burble_store_open_async, second.store),
                       BURBLE_STORE_ERROR_BUSY);
  store_fixture_done (f, CALL (burble_store_save_account_async, f->store, f->account));
  store_fixture_close (f);
  store_fixture_done (&second, CALL (burble_store_open_async, second.store)); /* now it may */
  store_fixture_close (&second);
}

static void
test_second_process_is_refused (StoreFixture *f, gconstpointer data)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *output = NULL;
  g_autoptr(GError) error = NULL;
  char *argv[] = { self, (char *) "--open", f->path, NULL };
  int status;

  g_spawn_sync (NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (output, ==, "4\n"); /* BURBLE_STORE_ERROR_BUSY */
}

/* The other process of the test above: prints the code of the error. */
static int
open_and_tell (const char *path)
{
  g_autoptr(BurbleStore) store = burble_store_new (path);
  g_autoptr(GAsyncResult) result = CALL (burble_store_open_async, store);
  g_autoptr(GError) error = NULL;

  burble_store_open_finish (store, result, &error);
  g_print ("%d\n", error != NULL ? error->code : -1);
  return 0;
}

static void
test_unwritable_folder_is_an_error (StoreFixture *f, gconstpointer data)
{
  StoreFixture other = { .path = (char *) "/proc/burble/burble.db" };

  other.store = burble_store_new (other.path);
  store_fixture_fails (&other, CALL (burble_store_open_async, other.store),
                       BURBLE_STORE_ERROR_FAILED);
  store_fixture_fails (&other, CALL (burble_store_load_accounts_async, other.store),
                       BURBLE_STORE_ERROR_FAILED);
  store_fixture_close (&other);
}

static void
test_calls_wait_for_open (StoreFixture *f, gconstpointer data)
{
  GAsyncResult *opened = NULL;
  GAsyncResult *loaded = NULL;
  g_autoptr(GPtrArray) accounts = NULL;

  store_fixture_close (f);
  f->store = burble_store_new (f->path);
  store_fixture_fails (f, CALL (burble_store_load_accounts_async, f->store),
                       BURBLE_STORE_ERROR_FAILED); /* nobody asked to open it */
  burble_store_open_async (f->store, NULL, store_fixture_result_cb, &opened);
  burble_store_load_accounts_async (f->store, NULL, store_fixture_result_cb, &loaded);
  burble_test_wait_until (loaded != NULL);
  g_assert_nonnull (opened);
  store_fixture_done (f, opened);
  accounts = store_fixture_list (f, loaded);
  g_assert_cmpuint (accounts->len, ==, 1);
}

static void
test_close_finishes_what_is_queued (StoreFixture *f, gconstpointer data)
{
  GAsyncResult *results[200] = { NULL };
  GAsyncResult *closed = NULL;
  g_autoptr(GPtrArray) outbox = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(BurbleMessage) message = store_fixture_outgoing (f, PEER, NULL, "x", 1000);

      burble_store_queue_message_async (f->store, f->account, message, NULL,
                                        store_fixture_result_cb, &results[i]);
    }
  burble_store_close_async (f->store, NULL, store_fixture_result_cb, &closed);
  store_fixture_fails (f, CALL (burble_store_load_accounts_async, f->store),
                       BURBLE_STORE_ERROR_FAILED); /* too late */
  burble_test_wait_until (closed != NULL);
  g_assert_true (burble_store_close_finish (f->store, closed, NULL));
  g_object_unref (closed);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    store_fixture_done (f, results[i]);

  store_fixture_done (f, CALL (burble_store_open_async, f->store)); /* the same object again */
  outbox = store_fixture_list (f, CALL (burble_store_load_outbox_async, f->store, f->account));
  g_assert_cmpuint (outbox->len, ==, G_N_ELEMENTS (results));
}

static void
test_closing_twice_is_fine (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GAsyncResult) first = CALL (burble_store_close_async, f->store);
  g_autoptr(GAsyncResult) second = CALL (burble_store_close_async, f->store);

  g_assert_true (burble_store_close_finish (f->store, first, NULL));
  g_assert_true (burble_store_close_finish (f->store, second, NULL));
}

static void
test_forgotten_store_lets_go_of_the_file (StoreFixture *f, gconstpointer data)
{
  burble_test_settle ();
  g_assert_finalize_object (g_steal_pointer (&f->store)); /* not closed */
  store_fixture_open (f);
}

static void
test_cancelled_before_its_turn_is_not_made (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(BurbleMessage) message = store_fixture_outgoing (f, PEER, "m1", "one", 1000);
  g_autoptr(GAsyncResult) owned = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) outbox = NULL;
  GAsyncResult *result = NULL;

  g_cancellable_cancel (cancellable);
  burble_store_queue_message_async (f->store, f->account, message, cancellable,
                                    store_fixture_result_cb, &result);
  burble_test_wait_until (result != NULL);
  owned = result;
  g_assert_false (burble_store_done_finish (f->store, owned, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (burble_message_get_row (message), ==, 0);
  outbox = store_fixture_list (f, CALL (burble_store_load_outbox_async, f->store, f->account));
  g_assert_cmpuint (outbox->len, ==, 0);
}

/* Whenever it is cancelled, what is reported is what happened. */
static void
test_cancelling_never_lies (StoreFixture *f, gconstpointer data)
{
  guint told = 0;
  g_autoptr(GPtrArray) outbox = NULL;

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(BurbleMessage) message = store_fixture_outgoing (f, PEER, NULL, "x", 1000);
      g_autoptr(GAsyncResult) owned = NULL;
      GAsyncResult *result = NULL;

      burble_store_queue_message_async (f->store, f->account, message, cancellable,
                                        store_fixture_result_cb, &result);
      g_usleep (g_random_int_range (0, 200));
      g_cancellable_cancel (cancellable);
      burble_test_wait_until (result != NULL);
      owned = result;
      told += burble_store_done_finish (f->store, owned, NULL);
    }
  outbox = store_fixture_list (f, CALL (burble_store_load_outbox_async, f->store, f->account));
  g_assert_cmpuint (outbox->len, ==, told);
}

/* Answers come to the context of whoever asked. */
static void
test_answers_on_the_callers_context (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(GPtrArray) accounts = NULL;
  GAsyncResult *result = NULL;

  g_main_context_push_thread_default (context);
  burble_store_load_accounts_async (f->store, NULL, store_fixture_result_cb, &result);
  g_main_context_pop_thread_default (context);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  accounts = store_fixture_list (f, result);
  g_assert_cmpuint (accounts->len, ==, 1);
}

#define ADD(name, function)                                                          \
  g_test_add ("/store/open/" name, StoreFixture, NULL, store_fixture_set_up, function, \
              store_fixture_tear_down)

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--open"))
    return open_and_tell (argv[2]);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("makes-a-private-file", test_makes_a_private_file);
  ADD ("is-in-the-log-and-sound", test_is_in_the_log_and_sound);
  ADD ("syncs-each-commit", test_syncs_each_commit);
  ADD ("newer-file-is-left-alone", test_newer_file_is_left_alone);
  ADD ("other-programs-file-is-left-alone", test_other_programs_file_is_left_alone);
  ADD ("garbage-is-left-alone", test_garbage_is_left_alone);
  ADD ("truncated-file-is-left-alone", test_truncated_file_is_left_alone);
  ADD ("damage-in-the-middle-is-reported", test_damage_in_the_middle_is_reported);
  ADD ("empty-file-is-a-new-one", test_empty_file_is_a_new_one);
  ADD ("second-one-is-refused", test_second_one_is_refused);
  ADD ("second-process-is-refused", test_second_process_is_refused);
  ADD ("unwritable-folder-is-an-error", test_unwritable_folder_is_an_error);
  ADD ("calls-wait-for-open", test_calls_wait_for_open);
  ADD ("close-finishes-what-is-queued", test_close_finishes_what_is_queued);
  ADD ("closing-twice-is-fine", test_closing_twice_is_fine);
  ADD ("forgotten-store-lets-go-of-the-file", test_forgotten_store_lets_go_of_the_file);
  ADD ("cancelled-before-its-turn-is-not-made", test_cancelled_before_its_turn_is_not_made);
  ADD ("cancelling-never-lies", test_cancelling_never_lies);
  ADD ("answers-on-the-callers-context", test_answers_on_the_callers_context);
  return g_test_run ();
}
