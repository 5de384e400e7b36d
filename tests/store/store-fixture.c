/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

void
store_fixture_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  g_assert_null (*slot);
  *slot = g_object_ref (result);
}

void
store_fixture_remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        store_fixture_remove_tree (child);
      else
        g_assert_no_errno (g_unlink (child));
    }
  g_assert_no_errno (g_rmdir (path));
}

void
store_fixture_open (StoreFixture *f)
{
  f->store = burble_store_new (f->path);
  store_fixture_done (f, CALL (burble_store_open_async, f->store));
}

void
store_fixture_close (StoreFixture *f)
{
  g_autoptr(GAsyncResult) result = CALL (burble_store_close_async, f->store);
  g_autoptr(GError) error = NULL;

  burble_store_close_finish (f->store, result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  burble_test_settle ();
  g_assert_finalize_object (g_steal_pointer (&f->store));
}

void
store_fixture_reopen (StoreFixture *f)
{
  store_fixture_close (f);
  store_fixture_open (f);
}

void
store_fixture_set_up (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  f->directory = g_dir_make_tmp ("burble-store-XXXXXX", &error);
  g_assert_no_error (error);
  f->path = g_build_filename (f->directory, "burble.db", NULL);
  f->account = burble_account_new ("uid-1", "gurgle", "me@example.org");
  store_fixture_open (f);
  store_fixture_done (f, CALL (burble_store_save_account_async, f->store, f->account));
}

void
store_fixture_tear_down (StoreFixture *f, gconstpointer data)
{
  if (f->store != NULL)
    store_fixture_close (f);
  g_assert_finalize_object (f->account);
  store_fixture_remove_tree (f->directory);
  g_free (f->directory);
  g_free (f->path);
}

void
store_fixture_done (StoreFixture *f, GAsyncResult *result)
{
  g_autoptr(GAsyncResult) owned = result;
  g_autoptr(GError) error = NULL;
  gboolean done = burble_store_done_finish (f->store, owned, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

GPtrArray *
store_fixture_list (StoreFixture *f, GAsyncResult *result)
{
  g_autoptr(GAsyncResult) owned = result;
  g_autoptr(GError) error = NULL;
  GPtrArray *list = burble_store_list_finish (f->store, owned, &error);

  g_assert_no_error (error);
  g_assert_nonnull (list);
  return list;
}

void
store_fixture_fails (StoreFixture *f, GAsyncResult *result, BurbleStoreError code)
{
  g_autoptr(GAsyncResult) owned = result;
  g_autoptr(GError) error = NULL;

  g_assert_false (burble_store_done_finish (f->store, owned, &error));
  g_assert_error (error, BURBLE_STORE_ERROR, (int) code);
}

BurbleConversation *
store_fixture_conversation (StoreFixture *f, const char *peer)
{
  g_autoptr(BurbleContact) contact = burble_contact_new (f->account, peer);

  return burble_conversation_new (contact);
}

BurbleConversation *
store_fixture_load_chat (StoreFixture *f, const char *peer)
{
  g_autoptr(GPtrArray) chats =
    store_fixture_list (f, CALL (burble_store_load_conversations_async, f->store, f->account));

  for (guint i = 0; i < chats->len; i++)
    {
      BurbleConversation *chat = g_ptr_array_index (chats, i);

      if (g_str_equal (burble_contact_get_id (burble_conversation_get_contact (chat)), peer))
        return g_object_ref (chat);
    }
  return NULL;
}

BurbleMessage *
store_fixture_incoming (const char *peer, const char *id, const char *text, gint64 time)
{
  BurbleMessage *message = burble_message_new (id, peer, FALSE, text, time);

  burble_message_set_peer (message, peer);
  return message;
}

BurbleMessage *
store_fixture_outgoing (StoreFixture *f, const char *peer, const char *id, const char *text,
                        gint64 time)
{
  BurbleMessage *message = burble_message_new (id, burble_account_get_address (f->account), TRUE,
                                               text, time);

  burble_message_set_peer (message, peer);
  return message;
}

gboolean
store_fixture_add (StoreFixture *f, BurbleMessage *message)
{
  g_autoptr(GPtrArray) one = g_ptr_array_new ();
  g_autoptr(GPtrArray) added = NULL;

  g_ptr_array_add (one, message);
  added = store_fixture_list (f, CALL (burble_store_add_messages_async, f->store, f->account,
                                       one, -1));
  g_assert_cmpuint (added->len, <=, 1);
  g_assert_true (added->len == 0 || burble_message_get_row (message) > 0);
  g_assert_true (added->len == 0 || g_ptr_array_index (added, 0) == message);
  return added->len == 1;
}

char *
store_fixture_join_texts (GPtrArray *messages)
{
  GString *texts = g_string_new (NULL);

  for (guint i = 0; i < messages->len; i++)
    {
      if (i > 0)
        g_string_append_c (texts, ' ');
      g_string_append (texts, burble_message_get_text (g_ptr_array_index (messages, i)));
    }
  return g_string_free (texts, FALSE);
}

char *
store_fixture_texts (StoreFixture *f, const char *peer)
{
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, peer);
  g_autoptr(GPtrArray) page =
    store_fixture_list (f, CALL (burble_store_load_page_async, f->store, chat,
                                 BURBLE_PAGE_LATEST, 0, 0, 1000));

  return store_fixture_join_texts (page);
}

static gint64
run_sql (StoreFixture *f, const char *sql, guint *rows)
{
  sqlite3 *handle = NULL;
  sqlite3_stmt *statement = NULL;
  const char *rest = sql;
  gint64 number = 0;

  g_assert_cmpint (sqlite3_open (f->path, &handle), ==, SQLITE_OK);
  while (*rest != '\0')
    {
      if (sqlite3_prepare_v2 (handle, rest, -1, &statement, &rest) != SQLITE_OK)
        g_error ("%s: %s", rest, sqlite3_errmsg (handle));
      *rows = 0;
      while (sqlite3_step (statement) == SQLITE_ROW)
        {
          if (*rows == 0)
            number = sqlite3_column_int64 (statement, 0);
          *rows += 1;
        }
      if (sqlite3_finalize (statement) != SQLITE_OK)
        g_error ("%s: %s", sql, sqlite3_errmsg (handle));
    }
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
  return number;
}

gint64
store_fixture_sql (StoreFixture *f, const char *sql)
{
  guint rows;

  return run_sql (f, sql, &rows);
}

guint
store_fixture_sql_rows (StoreFixture *f, const char *sql)
{
  guint rows;

  run_sql (f, sql, &rows);
  return rows;
}
