/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-store"

#include "config.h"

#include "burble-store-private.h"

/*
 * Receipts that wait: what was read while there was no link, until the senders have been told.
 */

/**
 * burble_db_keep_receipts:
 * @db: the file
 * @conversation: the key of a chat; one that is gone keeps none
 * @ids: (array zero-terminated=1) (nullable): ids of the peer's messages
 * @error: return location for a %BURBLE_STORE_ERROR
 *
 * Returns: whether they are kept
 */
gboolean
burble_db_keep_receipts (BurbleDb *db, gint64 conversation, GStrv ids, GError **error)
{
  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    {
      /* The chat may have been removed meanwhile. */
      if (!burble_db_run (db, error,
                          "INSERT OR IGNORE INTO untold (conversation, id) SELECT ?1, ?2"
                          " WHERE EXISTS (SELECT 1 FROM conversations WHERE conversation = ?1)",
                          "lt", conversation, ids[i]))
        return FALSE;
    }
  return TRUE;
}

static gboolean
keep_receipts_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  gint64 conversation;

  return burble_db_find_conversation (db, call, &conversation, error) &&
         burble_db_keep_receipts (db, conversation, call->ids, error);
}

/**
 * burble_store_keep_receipts_async:
 * @self: a store
 * @conversation: a chat
 * @ids: (array zero-terminated=1): ids of the peer's messages
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when they are saved
 * @user_data: for @callback
 *
 * Keeps receipts that could not be sent after all. Finish with [method@Store.done_finish].
 */
void
burble_store_keep_receipts_async (BurbleStore *self, BurbleConversation *conversation,
                                  const char * const *ids, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  BurbleStoreCall *call = NULL;

  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  call = burble_store_call_for_conversation (conversation);
  call->ids = g_strdupv ((char **) ids);
  burble_store_write (self, burble_store_keep_receipts_async, call, keep_receipts_run, NULL,
                      cancellable, callback, user_data);
}

static gboolean
load_receipts_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  g_autoptr(GError) step_error = NULL;
  g_autoptr(GStrvBuilder) pairs = g_strv_builder_new ();
  sqlite3_stmt *statement =
    burble_db_query (db, error,
                     "SELECT c.peer, u.id FROM accounts a"
                     " CROSS JOIN conversations c ON c.account = a.account"
                     " CROSS JOIN untold u ON u.conversation = c.conversation"
                     " WHERE a.uid = ? LIMIT ?", "ti", call->uid, (int) call->limit);

  if (statement == NULL)
    return FALSE;
  while (burble_db_next (db, statement, &step_error))
    {
      g_strv_builder_add (pairs, burble_db_text (statement, 0));
      g_strv_builder_add (pairs, burble_db_text (statement, 1));
    }
  call->texts = g_strv_builder_end (pairs);
  if (step_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&step_error));
  return FALSE;
}

/**
 * burble_store_load_receipts_async:
 * @self: a store
 * @account: an account
 * @limit: how many, at most
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called with them
 * @user_data: for @callback
 *
 * Loads receipts that wait; those of a chat are next to each other.
 */
void
burble_store_load_receipts_async (BurbleStore *self, BurbleAccount *account, guint limit,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  BurbleStoreCall *call = NULL;

  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  call = burble_store_call_for_account (account);
  call->limit = limit;
  burble_store_read (self, burble_store_load_receipts_async, call, load_receipts_run, NULL,
                     cancellable, callback, user_data);
}

/**
 * burble_store_load_receipts_finish:
 * @self: a store
 * @result: the result
 * @error: return location for an error
 *
 * Returns: (transfer full): peer and id of each message in turn
 */
GStrv
burble_store_load_receipts_finish (BurbleStore *self, GAsyncResult *result, GError **error)
{
  BurbleStoreCall *call = burble_store_propagate (self, result, error);

  return call != NULL ? g_steal_pointer (&call->texts) : NULL;
}

static gboolean
forget_receipts_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  for (guint i = 0; call->ids != NULL && call->ids[i] != NULL && call->ids[i + 1] != NULL; i += 2)
    {
      if (!burble_db_run (db, error,
                          "DELETE FROM untold WHERE id = ? AND conversation ="
                          " (SELECT conversation FROM conversations JOIN accounts USING (account)"
                          "   WHERE uid = ? AND peer = ?)",
                          "ttt", call->ids[i + 1], call->uid, call->ids[i]))
        return FALSE;
    }
  return TRUE;
}

/**
 * burble_store_forget_receipts_async:
 * @self: a store
 * @account: an account
 * @pairs: (array zero-terminated=1): what [method@Store.load_receipts_finish] gave
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when they are gone
 * @user_data: for @callback
 *
 * The senders were told. Finish with [method@Store.done_finish].
 */
void
burble_store_forget_receipts_async (BurbleStore *self, BurbleAccount *account,
                                    const char * const *pairs, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data)
{
  BurbleStoreCall *call = NULL;

  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  call = burble_store_call_for_account (account);
  call->ids = g_strdupv ((char **) pairs);
  burble_store_write (self, burble_store_forget_receipts_async, call, forget_receipts_run, NULL,
                      cancellable, callback, user_data);
}
