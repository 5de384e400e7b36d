/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-store"

#include "config.h"

#include "burble-store-private.h"

gboolean
burble_db_find_account (BurbleDb *db, const char *uid, gint64 *account, GError **error)
{
  if (!burble_db_get_number (db, error, 0, account,
                             "SELECT account FROM accounts WHERE uid = ?", "t", uid))
    return FALSE;
  if (*account != 0)
    return TRUE;
  g_set_error (error, BURBLE_STORE_ERROR, BURBLE_STORE_ERROR_FAILED,
               "The account %s is not stored", uid);
  return FALSE;
}

static BurbleAccount *
read_account (sqlite3_stmt *statement)
{
  BurbleAccount *account = burble_account_new (burble_db_text (statement, 0),
                                               burble_db_text (statement, 1),
                                               burble_db_text (statement, 2));

  burble_account_set_name (account, burble_db_text (statement, 3));
  burble_account_set_host (account, burble_db_text (statement, 4));
  burble_account_set_port (account, sqlite3_column_int (statement, 5) & G_MAXUINT16);
  burble_account_set_plain (account, sqlite3_column_int (statement, 6));
  burble_account_set_pin (account, burble_db_text (statement, 7));
  burble_account_set_enabled (account, sqlite3_column_int (statement, 8));
  burble_account_set_status (account, sqlite3_column_int (statement, 9));
  burble_account_set_mood (account, burble_db_text (statement, 10));
  burble_account_set_websocket (account, burble_db_text (statement, 11));
  burble_account_set_features (account, (BurbleFeatures) sqlite3_column_int (statement, 12));
  return account;
}

static gboolean
load_accounts_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  g_autoptr(GError) step_error = NULL;
  sqlite3_stmt *statement =
    burble_db_query (db, error,
                     "SELECT uid, network, address, name, host, port, plain, pin, enabled, status,"
                     " mood, websocket, features FROM accounts ORDER BY account", "");

  if (statement == NULL)
    return FALSE;
  call->list = g_ptr_array_new_with_free_func (g_object_unref);
  while (burble_db_next (db, statement, &step_error))
    g_ptr_array_add (call->list, read_account (statement));
  if (step_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&step_error));
  return FALSE;
}

/**
 * burble_store_load_accounts_async:
 * @self: a store
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called with a list of [class@Account]
 * @user_data: for @callback
 *
 * Loads all accounts in the order in which they were added. Finish with
 * [method@Store.list_finish].
 */
void
burble_store_load_accounts_async (BurbleStore *self, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));

  burble_store_read (self, burble_store_load_accounts_async, burble_store_call_new (),
                     load_accounts_run, NULL, cancellable, callback, user_data);
}

/* An account has more fields than a call: they travel in an account of the thread's own. */
static gboolean
save_account_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  BurbleAccount *account = g_ptr_array_index (call->objects, 0);

  return burble_db_run (db, error,
    "INSERT INTO accounts (uid, network, address, name, host, port, plain, pin, enabled, status,"
    " mood, websocket, features) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (uid) DO UPDATE SET network = excluded.network, address = excluded.address,"
    " name = excluded.name, host = excluded.host, port = excluded.port, plain = excluded.plain,"
    " pin = excluded.pin, enabled = excluded.enabled, status = excluded.status,"
    " mood = excluded.mood, websocket = excluded.websocket, features = excluded.features",
    "tttttiitiitti",
    burble_account_get_uid (account), burble_account_get_network (account),
    burble_account_get_address (account), burble_account_get_name (account),
    burble_account_get_host (account), (int) burble_account_get_port (account),
    burble_account_get_plain (account), burble_account_get_pin (account),
    burble_account_get_enabled (account), (int) burble_account_get_status (account),
    burble_account_get_mood (account), burble_account_get_websocket (account),
    (int) burble_account_get_features (account));
}

static BurbleAccount *
copy_account (BurbleAccount *account)
{
  BurbleAccount *copy = burble_account_new (burble_account_get_uid (account),
                                            burble_account_get_network (account),
                                            burble_account_get_address (account));

  burble_account_set_name (copy, burble_account_get_name (account));
  burble_account_set_host (copy, burble_account_get_host (account));
  burble_account_set_port (copy, burble_account_get_port (account));
  burble_account_set_plain (copy, burble_account_get_plain (account));
  burble_account_set_websocket (copy, burble_account_get_websocket (account));
  burble_account_set_pin (copy, burble_account_get_pin (account));
  burble_account_set_enabled (copy, burble_account_get_enabled (account));
  burble_account_set_status (copy, burble_account_get_status (account));
  burble_account_set_mood (copy, burble_account_get_mood (account));
  burble_account_set_features (copy, burble_account_get_features (account));
  return copy;
}

/**
 * burble_store_save_account_async:
 * @self: a store
 * @account: an account
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is saved
 * @user_data: for @callback
 *
 * Inserts or updates an account. Its password is not the store's business. Finish with
 * [method@Store.done_finish].
 */
void
burble_store_save_account_async (BurbleStore *self, BurbleAccount *account,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  BurbleStoreCall *call = NULL;

  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  call = burble_store_call_new ();
  call->objects = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (call->objects, copy_account (account));
  burble_store_write (self, burble_store_save_account_async, call, save_account_run, NULL,
                      cancellable, callback, user_data);
}

static gboolean
load_seq_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  return burble_db_get_number (db, error, -1, &call->result,
                               "SELECT seq FROM accounts WHERE uid = ?", "t", call->uid);
}

/**
 * burble_store_load_seq_async:
 * @self: a store
 * @account: an account
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called with the number
 * @user_data: for @callback
 *
 * Loads the highest seq up to which everything has been fetched.
 */
void
burble_store_load_seq_async (BurbleStore *self, BurbleAccount *account, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  burble_store_read (self, burble_store_load_seq_async, burble_store_call_for_account (account),
                     load_seq_run, NULL, cancellable, callback, user_data);
}

gint64
burble_store_load_seq_finish (BurbleStore *self, GAsyncResult *result, GError **error)
{
  BurbleStoreCall *call = burble_store_propagate (self, result, error);

  return call != NULL ? call->result : -1;
}

static gboolean
save_seq_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  gint64 account;

  return burble_db_find_account (db, call->uid, &account, error) &&
         burble_db_run (db, error, "UPDATE accounts SET seq = ? WHERE account = ?",
                        "ll", call->number, account);
}

/**
 * burble_store_save_seq_async:
 * @self: a store
 * @account: an account
 * @seq: the new number; lower than the old one when the server began anew
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is saved
 * @user_data: for @callback
 *
 * Finish with [method@Store.done_finish].
 */
void
burble_store_save_seq_async (BurbleStore *self, BurbleAccount *account, gint64 seq,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  BurbleStoreCall *call = NULL;

  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  call = burble_store_call_for_account (account);
  call->number = MAX (seq, -1);
  burble_store_write (self, burble_store_save_seq_async, call, save_seq_run, NULL,
                      cancellable, callback, user_data);
}
