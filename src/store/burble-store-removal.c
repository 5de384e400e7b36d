/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-store"

#include "config.h"

#include "burble-store-private.h"

/*
 * A chat may have a million messages, and taking them away must not keep a new one waiting. So a
 * removed chat first loses its account, after which nothing finds it, and then its messages, a few
 * at a time when there is nothing else to do. What is not done when the store closes goes on when
 * it is opened again.
 */

/* So many go at once: all there are in most chats. */
#define PURGE_AT_ONCE 200

static gboolean
delete_row (BurbleDb *db, gint64 row, gint64 conversation, const char *text, GError **error)
{
  return burble_db_unindex_message (db, row, text, conversation, error) &&
         burble_db_run (db, error, "DELETE FROM messages WHERE message = ?", "l", row);
}

/* The next message of a removed chat. */
static gboolean
find_orphan (BurbleDb *db, gint64 conversation, gint64 *row, char **text, GError **error)
{
  g_autoptr(GError) step_error = NULL;
  sqlite3_stmt *statement =
    burble_db_query (db, error, "SELECT message, text FROM messages INDEXED BY messages_by_time"
                     " WHERE conversation = ? ORDER BY time, message LIMIT 1", "l", conversation);

  *row = 0;
  if (statement == NULL)
    return FALSE;
  if (burble_db_next (db, statement, &step_error))
    {
      *row = sqlite3_column_int64 (statement, 0);
      *text = g_strdup (burble_db_text (statement, 1));
      burble_db_done (statement);
    }
  if (step_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&step_error));
  return FALSE;
}

gboolean
burble_db_purge (BurbleDb *db, guint limit, gboolean *more, GError **error)
{
  guint done = 0;

  while (TRUE)
    {
      gint64 conversation;

      if (!burble_db_get_number (db, error, 0, &conversation,
                                 "SELECT conversation FROM conversations"
                                 " WHERE account IS NULL LIMIT 1", ""))
        return FALSE;
      *more = conversation != 0;
      if (!*more)
        return TRUE;

      for (;; done++)
        {
          g_autofree char *text = NULL;
          gint64 row;

          if (done == limit)
            return TRUE;
          if (!find_orphan (db, conversation, &row, &text, error))
            return FALSE;
          if (row == 0)
            break;
          if (!delete_row (db, row, conversation, text, error))
            return FALSE;
        }
      if (!burble_db_run (db, error, "DELETE FROM conversations WHERE conversation = ?",
                          "l", conversation))
        return FALSE;
    }
}

static gboolean
purge_some (BurbleDb *db, GError **error)
{
  gboolean more = FALSE;

  if (!burble_db_purge (db, PURGE_AT_ONCE, &more, error))
    return FALSE;
  if (more)
    burble_db_want_purge (db);
  return TRUE;
}

static gboolean
remove_account_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  /* Its contacts go with it, its conversations become nobody's. */
  return burble_db_run (db, error, "DELETE FROM accounts WHERE uid = ?", "t", call->uid) &&
         purge_some (db, error);
}

/**
 * burble_store_remove_account_async:
 * @self: a store
 * @account: an account
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is gone
 * @user_data: for @callback
 *
 * Removes an account with its contacts, chats and messages. Finish with
 * [method@Store.done_finish]. The space of a long history is cleared afterwards, bit by bit.
 */
void
burble_store_remove_account_async (BurbleStore *self, BurbleAccount *account,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  burble_store_write (self, burble_store_remove_account_async,
                      burble_store_call_for_account (account),
                      remove_account_run, NULL, cancellable, callback, user_data);
}

static gboolean
remove_conversation_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  gint64 conversation;

  return burble_db_find_conversation (db, call, &conversation, error) &&
         burble_db_run (db, error, "UPDATE conversations SET account = NULL, draft = NULL"
                        " WHERE conversation = ?", "l", conversation) &&
         purge_some (db, error);
}

static void
remove_conversation_apply (BurbleStoreCall *call)
{
  burble_conversation_set_row (BURBLE_CONVERSATION (call->object), 0);
}

/**
 * burble_store_remove_conversation_async:
 * @self: a store
 * @conversation: a chat
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is gone
 * @user_data: for @callback
 *
 * Removes a chat with its messages, and sets its [property@Conversation:row] to 0: what arrives
 * for it later begins a new one. Finish with [method@Store.done_finish].
 */
void
burble_store_remove_conversation_async (BurbleStore *self, BurbleConversation *conversation,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  burble_store_write (self, burble_store_remove_conversation_async,
                      burble_store_call_for_conversation (conversation),
                      remove_conversation_run, remove_conversation_apply,
                      cancellable, callback, user_data);
}

static gboolean
delete_message_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  g_autoptr(GError) step_error = NULL;
  g_autofree char *text = NULL;
  gint64 conversation = 0;
  sqlite3_stmt *statement =
    burble_db_query (db, error, "SELECT conversation, text FROM messages WHERE message = ?",
                     "l", call->row);

  if (statement == NULL)
    return FALSE;
  if (burble_db_next (db, statement, &step_error))
    {
      conversation = sqlite3_column_int64 (statement, 0);
      text = g_strdup (burble_db_text (statement, 1));
      burble_db_done (statement);
    }
  if (step_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&step_error));
      return FALSE;
    }
  if (text == NULL)
    return TRUE; /* it is gone already */
  return burble_db_run (db, error,
                        "INSERT OR IGNORE INTO deleted_messages (conversation, id, sender)"
                        " SELECT conversation, id, sender FROM messages WHERE message = ?1"
                        " UNION SELECT conversation, network_id, sender FROM messages"
                        " WHERE message = ?1 AND network_id <> ''",
                        "l", call->row) &&
         delete_row (db, call->row, conversation, text, error);
}

/**
 * burble_store_delete_message_async:
 * @self: a store
 * @message: a stored message
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is gone
 * @user_data: for @callback
 *
 * Deletes one message, also from the search index. It does not come back when the server sends it
 * again. Finish with [method@Store.done_finish].
 */
void
burble_store_delete_message_async (BurbleStore *self, BurbleMessage *message,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_MESSAGE (message));

  burble_store_write (self, burble_store_delete_message_async,
                      burble_store_call_for_message (message),
                      delete_message_run, NULL, cancellable, callback, user_data);
}
