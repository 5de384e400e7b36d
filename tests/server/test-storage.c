/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "burble-sqlite-storage.h"

#define DOMAIN "example.test"

typedef struct
{
  char *folder;
  char *path;
  BurbleSqliteStorage *storage;
  guint n_answered;
} Fixture;

static void
open_storage (Fixture *f,
              guint64  max_bytes)
{
  g_autoptr(GError) error = NULL;

  f->storage = burble_sqlite_storage_new (f->path, DOMAIN, max_bytes, &error);
  g_assert_no_error (error);
}

static void
close_storage (Fixture *f)
{
  burble_sqlite_storage_close (f->storage);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (g_steal_pointer (&f->storage));
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->folder = g_dir_make_tmp ("burble-storage-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "test.db", NULL);
  open_storage (f, GPOINTER_TO_SIZE (data));
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  const char *const suffixes[] = { "", "-wal", "-shm" };

  if (f->storage != NULL)
    close_storage (f);
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (f->path, suffixes[i], NULL);

      g_unlink (name);
    }
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->folder);
  g_free (f->path);
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
perform (Fixture         *f,
         BurbleStorageOp *op,
         GError         **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  burble_storage_submit_async (BURBLE_STORAGE (f->storage), op, answered_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (!burble_storage_submit_finish (BURBLE_STORAGE (f->storage), result, error))
    return NULL;
  return g_steal_pointer (&result);
}

static gint64
add_user (Fixture    *f,
          const char *username)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  BurbleStorageOp *op = burble_storage_op_new (BURBLE_STORAGE_ADD_ACCOUNT);

  op->add.username = g_strdup (username);
  result = perform (f, op, &error);
  g_assert_no_error (error);
  return burble_storage_get_op (result)->add.row->account;
}

static BurbleStorageOp *
new_message (gint64      sender,
             const char *recipient,
             const char *key,
             const char *body)
{
  BurbleStorageOp *op = burble_storage_op_new (BURBLE_STORAGE_STORE_MESSAGES);
  g_autofree char *to = g_strconcat (recipient, "@" DOMAIN, NULL);
  GRefString *from = g_ref_string_new ("alice@" DOMAIN "/desk");
  BurbleStoredMessage *message = burble_stored_message_new (key, from, to, 1000000, body);

  op->store.account = sender;
  op->store.terminal = g_strdup ("desk");
  op->store.items = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_item_free);
  g_ptr_array_add (op->store.items, burble_message_item_new (message, recipient, NULL));
  burble_stored_message_unref (message);
  g_ref_string_release (from);
  return op;
}

static gint64
fetch_count (Fixture *f,
             gint64   account)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  BurbleStorageOp *op = burble_storage_op_new (BURBLE_STORAGE_FETCH_PENDING);

  op->pending.account = account;
  op->pending.terminal = g_strdup ("phone");
  op->pending.limit = 10000;
  op->pending.max_bytes = G_MAXSIZE;
  result = perform (f, op, &error);
  g_assert_no_error (error);
  return burble_storage_get_op (result)->pending.rows->len;
}

static void
count_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Fixture *f = user_data;
  g_autoptr(GError) error = NULL;

  burble_storage_submit_finish (BURBLE_STORAGE (object), result, &error);
  g_assert_no_error (error);
  f->n_answered++;
}

static void
test_group_commit (Fixture      *f,
                   gconstpointer data)
{
  gint64 alice = add_user (f, "alice");
  gint64 bob = add_user (f, "bob");
  guint64 before = burble_sqlite_storage_get_commits (f->storage);

  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *key = g_strdup_printf ("m%u", i);

      burble_storage_submit_async (BURBLE_STORAGE (f->storage),
                                   new_message (alice, "bob", key, "\"text\":\"x\""), count_cb, f);
    }
  while (f->n_answered < 500)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (burble_sqlite_storage_get_commits (f->storage) - before, <, 250);
  g_assert_cmpint (fetch_count (f, bob), ==, 500);
}

/* What nobody waits for is not worth a sync of its own. */
static void
test_lazy_waits_for_others (Fixture      *f,
                            gconstpointer data)
{
  gint64 alice = add_user (f, "alice");
  guint64 before = 0;
  g_autoptr(GAsyncResult) result = NULL;

  add_user (f, "bob");
  before = burble_sqlite_storage_get_commits (f->storage);
  for (guint i = 0; i < 20; i++)
    {
      BurbleStorageOp *op = burble_storage_op_new (BURBLE_STORAGE_SAVE_TERMINALS);

      op->save_terminals.rows =
        g_ptr_array_new_with_free_func ((GDestroyNotify) burble_terminal_row_free);
      burble_storage_submit_async (BURBLE_STORAGE (f->storage), op, count_cb, f);
      if (i == 10)
        result = perform (f, new_message (alice, "bob", "m", "\"text\":\"x\""), NULL);
    }
  while (f->n_answered < 20)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (result);
  g_assert_cmpuint (burble_sqlite_storage_get_commits (f->storage) - before, <=, 3);
}

static void
test_one_failure_alone (Fixture      *f,
                        gconstpointer data)
{
  gint64 alice = add_user (f, "alice");
  gint64 bob = add_user (f, "bob");
  g_autofree char *huge = g_strnfill (4 * 1024 * 1024, 'x');
  g_autoptr(GAsyncResult) big = NULL;
  g_autoptr(GError) error = NULL;
  gint64 stored = 0;

  g_test_expect_message ("burble-storage", G_LOG_LEVEL_WARNING, "*requests failed*");
  /* One that does not fit, among others that do. */
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *key = g_strdup_printf ("m%u", i);

      burble_storage_submit_async (BURBLE_STORAGE (f->storage),
                                   new_message (alice, "bob", key, "\"text\":\"x\""), count_cb, f);
      if (i == 5)
        burble_storage_submit_async (BURBLE_STORAGE (f->storage),
                                     new_message (alice, "bob", "huge", huge), answered_cb, &big);
    }
  while (f->n_answered < 10 || big == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (burble_storage_submit_finish (BURBLE_STORAGE (f->storage), big, &error));
  g_assert_error (error, BURBLE_STORAGE_ERROR, BURBLE_STORAGE_ERROR_FAILED);
  stored = fetch_count (f, bob);
  g_assert_cmpint (stored, ==, 10);
  g_test_assert_expected_messages ();
}

static void
test_reopened (Fixture      *f,
               gconstpointer data)
{
  gint64 alice = add_user (f, "alice");
  gint64 bob = add_user (f, "bob");
  g_autoptr(GAsyncResult) first = NULL;
  g_autoptr(GAsyncResult) again = NULL;
  g_autoptr(GAsyncResult) next = NULL;
  BurbleMessageItem *item = NULL;
  gint64 seq = 0;

  first = perform (f, new_message (alice, "bob", "m1", "\"text\":\"x\""), NULL);
  item = g_ptr_array_index (burble_storage_get_op (first)->store.items, 0);
  g_assert_cmpint (item->outcome, ==, BURBLE_MESSAGE_STORED);
  g_assert_cmpuint (item->copies->len, ==, 2);
  seq = g_array_index (item->copies, BurbleMessageCopy, 0).seq;
  g_clear_object (&first);
  close_storage (f);
  open_storage (f, 0);
  again = perform (f, new_message (alice, "bob", "m1", "\"text\":\"x\""), NULL);
  item = g_ptr_array_index (burble_storage_get_op (again)->store.items, 0);
  g_assert_cmpint (item->outcome, ==, BURBLE_MESSAGE_DUPLICATE);
  next = perform (f, new_message (alice, "bob", "m2", "\"text\":\"x\""), NULL);
  item = g_ptr_array_index (burble_storage_get_op (next)->store.items, 0);
  g_assert_cmpint (g_array_index (item->copies, BurbleMessageCopy, 0).seq, ==, seq + 1);
  g_assert_cmpint (fetch_count (f, bob), ==, 2);
  g_clear_object (&again);
  g_clear_object (&next);
}

static void
run_sql (Fixture    *f,
         const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static void
test_newer_is_refused (Fixture      *f,
                       gconstpointer data)
{
  g_autoptr(BurbleSqliteStorage) storage = NULL;
  g_autoptr(GError) error = NULL;

  close_storage (f);
  run_sql (f, "PRAGMA user_version = 1000");
  storage = burble_sqlite_storage_new (f->path, DOMAIN, 0, &error);
  g_assert_error (error, BURBLE_STORAGE_ERROR, BURBLE_STORAGE_ERROR_TOO_NEW);
  g_assert_null (storage);
}

/* A migration that was interrupted has not happened. */
static void
test_migration_is_whole (Fixture      *f,
                         gconstpointer data)
{
  g_autoptr(BurbleSqliteStorage) storage = NULL;
  g_autoptr(GError) error = NULL;

  close_storage (f);
  g_unlink (f->path);
  run_sql (f, "CREATE TABLE receipt (in_the_way)");
  storage = burble_sqlite_storage_new (f->path, DOMAIN, 0, &error);
  g_assert_error (error, BURBLE_STORAGE_ERROR, BURBLE_STORAGE_ERROR_FAILED);
  /* Nothing of what came before the failure is left: it can be done again. */
  run_sql (f, "DROP TABLE receipt");
  open_storage (f, 0);
  add_user (f, "alice");
}

/* A database of the first version: who is in there is compared like everybody else. */
static void
test_first_version (Fixture      *f,
                    gconstpointer data)
{
  g_autoptr(GBytes) first = g_resources_lookup_data ("/im/burble/server/migrations/001.sql",
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr(GAsyncResult) added = NULL;
  g_autoptr(GError) error = NULL;
  BurbleStorageOp *op = burble_storage_op_new (BURBLE_STORAGE_ADD_ACCOUNT);

  close_storage (f);
  g_unlink (f->path);
  run_sql (f, g_bytes_get_data (first, NULL));
  run_sql (f, "INSERT INTO account (username, uuid, created) VALUES ('bob', 'u-1', 1);"
              "PRAGMA user_version = 1");
  open_storage (f, 0);
  op->add.username = g_strdup ("b0b");
  added = perform (f, op, &error);
  g_assert_error (error, BURBLE_STORAGE_ERROR, BURBLE_STORAGE_ERROR_EXISTS);
  g_assert_null (added);
  add_user (f, "bobo");
}

static void
test_no_database (Fixture      *f,
                  gconstpointer data)
{
  g_autoptr(BurbleSqliteStorage) storage = NULL;
  g_autoptr(GError) error = NULL;

  close_storage (f);
  g_assert_true (g_file_set_contents (f->path, "this is not a database, whatever it is called, "
                                      "and it is longer than the header of one would be ….....",
                                      -1, NULL));
  storage = burble_sqlite_storage_new (f->path, DOMAIN, 0, &error);
  g_assert_error (error, BURBLE_STORAGE_ERROR, BURBLE_STORAGE_ERROR_FAILED);
}

static void
test_after_close (Fixture      *f,
                  gconstpointer data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  burble_sqlite_storage_close (f->storage);
  result = perform (f, burble_storage_op_new (BURBLE_STORAGE_LIST_ACCOUNTS), &error);
  g_assert_null (result);
  g_assert_error (error, BURBLE_STORAGE_ERROR, BURBLE_STORAGE_ERROR_FAILED);
}

/* Taken on before the end: still done. */
static void
test_close_finishes (Fixture      *f,
                     gconstpointer data)
{
  gint64 alice = add_user (f, "alice");
  gint64 bob = add_user (f, "bob");

  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *key = g_strdup_printf ("m%u", i);

      burble_storage_submit_async (BURBLE_STORAGE (f->storage),
                                   new_message (alice, "bob", key, "\"text\":\"x\""), count_cb, f);
    }
  burble_sqlite_storage_close (f->storage);
  while (f->n_answered < 50)
    g_main_context_iteration (NULL, TRUE);
  close_storage (f);
  open_storage (f, 0);
  g_assert_cmpint (fetch_count (f, bob), ==, 50);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define add(path, data, test) g_test_add (path, Fixture, data, set_up, test, tear_down)
  add ("/server/storage/many-requests-share-a-sync", NULL, test_group_commit);
  add ("/server/storage/lazy-requests-join-others", NULL, test_lazy_waits_for_others);
  add ("/server/storage/one-failure-alone", GSIZE_TO_POINTER (1024 * 1024), test_one_failure_alone);
  add ("/server/storage/numbers-survive", NULL, test_reopened);
  add ("/server/storage/newer-is-refused", NULL, test_newer_is_refused);
  add ("/server/storage/migration-is-all-or-nothing", NULL, test_migration_is_whole);
  add ("/server/storage/first-version-is-brought-up", NULL, test_first_version);
  add ("/server/storage/something-else-is-refused", NULL, test_no_database);
  add ("/server/storage/closed", NULL, test_after_close);
  add ("/server/storage/closing-finishes-what-was-begun", NULL, test_close_finishes);
#undef add
  return g_test_run ();
}
