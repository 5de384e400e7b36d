/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-store"

#include "config.h"

#include "burble-store-private.h"

gboolean
burble_db_find_conversation (BurbleDb *db, BurbleStoreCall *call, gint64 *conversation,
                             GError **error)
{
  *conversation = call->conversation;
  if (*conversation != 0)
    return TRUE;
  return burble_db_get_number (db, error, 0, conversation,
                               "SELECT conversation FROM conversations"
                               " JOIN accounts USING (account) WHERE uid = ? AND peer = ?",
                               "tt", call->uid, call->peer);
}

gboolean
burble_db_ensure_conversation (BurbleDb *db, gint64 account, const char *peer,
                               gint64 *conversation, GError **error)
{
  if (!burble_db_get_number (db, error, 0, conversation,
                             "SELECT conversation FROM conversations"
                             " WHERE account = ? AND peer = ?", "lt", account, peer))
    return FALSE;
  return *conversation != 0 ||
         burble_db_get_number (db, error, 0, conversation,
                               "INSERT INTO conversations (account, peer) VALUES (?, ?)"
                               " RETURNING conversation", "lt", account, peer);
}

gboolean
burble_db_count_unread (BurbleDb *db, gint64 conversation, gint64 *unread, GError **error)
{
  return burble_db_get_number (db, error, 0, unread,
                               "SELECT count(*) FROM (SELECT 1 FROM messages"
                               " INDEXED BY messages_unread"
                               " WHERE conversation = ? AND unread = 1 LIMIT ?)",
                               "li", conversation, BURBLE_STORE_MAX_UNREAD);
}

static BurbleConversation *
read_conversation (sqlite3_stmt *statement, BurbleAccount *account)
{
  const char *peer = burble_db_text (statement, 1);
  g_autoptr(BurbleContact) contact = burble_contact_new (account, peer);
  BurbleConversation *conversation = burble_conversation_new (contact);

  burble_contact_set_kind (contact, sqlite3_column_int (statement, 2));
  burble_conversation_set_row (conversation, sqlite3_column_int64 (statement, 0));
  burble_conversation_set_pinned (conversation, sqlite3_column_int (statement, 3));
  burble_conversation_set_muted (conversation, sqlite3_column_int (statement, 4));
  burble_conversation_set_draft (conversation, burble_db_text (statement, 5));
  burble_conversation_set_read_mark (conversation, sqlite3_column_int64 (statement, 6),
                                     sqlite3_column_int64 (statement, 7));
  burble_conversation_set_unread (conversation, sqlite3_column_int (statement, 8));
  if (sqlite3_column_type (statement, 9) != SQLITE_NULL)
    {
      g_autoptr(BurbleMessage) message = burble_db_read_message (statement, 9, peer);

      burble_conversation_set_last_message (conversation, message);
    }
  return conversation;
}

/* Two look-ups in an index for each chat, however long it is. */
static gboolean
load_conversations_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  g_autoptr(GError) step_error = NULL;
  sqlite3_stmt *statement =
    burble_db_query (db, error,
      "SELECT c.conversation, c.peer, c.kind, c.pinned, c.muted, c.draft, c.read_time, c.read_row,"
      " (SELECT count(*) FROM (SELECT 1 FROM messages u INDEXED BY messages_unread"
      "   WHERE u.conversation = c.conversation AND u.unread = 1 LIMIT ?)), "
      BURBLE_DB_MESSAGE_COLUMNS
      " FROM accounts a CROSS JOIN conversations c ON c.account = a.account"
      " LEFT JOIN messages m ON m.message ="
      " (SELECT l.message FROM messages l INDEXED BY messages_by_time"
      "   WHERE l.conversation = c.conversation ORDER BY l.time DESC, l.message DESC LIMIT 1)"
      " WHERE a.uid = ?",
      "it", BURBLE_STORE_MAX_UNREAD, call->uid);

  if (statement == NULL)
    return FALSE;
  call->list = g_ptr_array_new_with_free_func (g_object_unref);
  /* A page or two of each chat, which nobody will ask for again soon. */
  burble_db_set_walking (db, TRUE);
  while (burble_db_next (db, statement, &step_error))
    g_ptr_array_add (call->list, read_conversation (statement, call->account));
  burble_db_set_walking (db, FALSE);
  if (step_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&step_error));
  return FALSE;
}

/**
 * burble_store_load_conversations_async:
 * @self: a store
 * @account: an account
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called with a list of [class@Conversation]
 * @user_data: for @callback
 *
 * Loads all chats of an account, each with its last message and the number of unread ones. Their
 * contacts are stand-ins with account, id and kind only. Finish with [method@Store.list_finish].
 */
void
burble_store_load_conversations_async (BurbleStore *self, BurbleAccount *account,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  burble_store_read (self, burble_store_load_conversations_async,
                     burble_store_call_for_account (account),
                     load_conversations_run, NULL, cancellable, callback, user_data);
}

static gboolean
save_conversation_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  gint64 account;

  return burble_db_find_account (db, call->uid, &account, error) &&
         burble_db_get_number (db, error, 0, &call->result,
           "INSERT INTO conversations (account, peer, kind, pinned, muted, draft)"
           " VALUES (?, ?, ?, ?, ?, ?)"
           " ON CONFLICT (account, peer) DO UPDATE SET kind = excluded.kind,"
           " pinned = excluded.pinned, muted = excluded.muted, draft = excluded.draft"
           " RETURNING conversation", "ltiiit",
           account, call->peer, call->kind, call->pinned, call->muted, call->text);
}

static void
save_conversation_apply (BurbleStoreCall *call)
{
  burble_conversation_set_row (BURBLE_CONVERSATION (call->object), call->result);
}

/**
 * burble_store_save_conversation_async:
 * @self: a store
 * @conversation: a chat
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is saved
 * @user_data: for @callback
 *
 * Saves whether the chat is pinned and muted, and its draft; makes it when there is none and sets
 * its [property@Conversation:row]. Finish with [method@Store.done_finish].
 */
void
burble_store_save_conversation_async (BurbleStore *self, BurbleConversation *conversation,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  BurbleStoreCall *call = NULL;

  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  call = burble_store_call_for_conversation (conversation);
  call->kind = burble_contact_get_kind (burble_conversation_get_contact (conversation));
  call->pinned = burble_conversation_get_pinned (conversation);
  call->muted = burble_conversation_get_muted (conversation);
  call->text = g_strdup (burble_conversation_get_draft (conversation));
  burble_store_write (self, burble_store_save_conversation_async, call, save_conversation_run,
                      save_conversation_apply, cancellable, callback, user_data);
}

/* Takes the flag from all up to (time, row) and moves the mark there. */
static gboolean
mark_read (BurbleDb *db, BurbleStoreCall *call, gint64 conversation, gint64 time, gint64 row,
           GError **error)
{
  g_autoptr(GError) step_error = NULL;
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();
  sqlite3_stmt *statement =
    burble_db_query (db, error,
                     "UPDATE messages INDEXED BY messages_unread SET unread = 0"
                     " WHERE conversation = ? AND unread = 1 AND (time, message) <= (?, ?)"
                     " RETURNING id", "lll", conversation, time, row);

  if (statement == NULL)
    return FALSE;
  while (burble_db_next (db, statement, &step_error))
    g_strv_builder_add (ids, burble_db_text (statement, 0));
  if (step_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&step_error));
      return FALSE;
    }
  call->texts = g_strv_builder_end (ids);
  if (call->untold && !burble_db_keep_receipts (db, conversation, call->texts, error))
    return FALSE;
  return burble_db_run (db, error,
                        "UPDATE conversations SET read_time = ?1, read_row = ?2"
                        " WHERE conversation = ?3 AND (read_time, read_row) < (?1, ?2)",
                        "lll", time, row, conversation) &&
         burble_db_count_unread (db, conversation, &call->result, error);
}

static gboolean
mark_read_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  gint64 conversation;

  return burble_db_find_conversation (db, call, &conversation, error) &&
         mark_read (db, call, conversation, call->time, call->row, error);
}

static void
mark_read_up_to (BurbleStore *self, gpointer tag, BurbleConversation *conversation, gint64 time,
                 gint64 row, gboolean untold, GCancellable *cancellable,
                 GAsyncReadyCallback callback, gpointer user_data)
{
  BurbleStoreCall *call = burble_store_call_for_conversation (conversation);

  call->time = time;
  call->row = row;
  call->untold = untold;
  burble_store_write (self, tag, call, mark_read_run, NULL, cancellable, callback, user_data);
}

/**
 * burble_store_mark_read_async:
 * @self: a store
 * @conversation: a chat
 * @time: the time of the last message that was read
 * @row: its row
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is saved
 * @user_data: for @callback
 *
 * Everything up to and including this message is read now. What arrives later is unread, however
 * old its time says it is.
 */
void
burble_store_mark_read_async (BurbleStore *self, BurbleConversation *conversation, gint64 time,
                              gint64 row, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  mark_read_up_to (self, burble_store_mark_read_async, conversation, time, row, FALSE, cancellable,
                   callback, user_data);
}

/**
 * burble_store_mark_read_untold_async:
 * @self: a store
 * @conversation: a chat
 * @time: the time of the last message that was read
 * @row: its row
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is saved
 * @user_data: for @callback
 *
 * Like [method@Store.mark_read_async] when the sender cannot be told now: with it the messages that
 * became read are kept for [method@Store.load_receipts_async]. Finish with
 * [method@Store.mark_read_finish].
 */
void
burble_store_mark_read_untold_async (BurbleStore *self, BurbleConversation *conversation,
                                     gint64 time, gint64 row, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  mark_read_up_to (self, burble_store_mark_read_untold_async, conversation, time, row, TRUE,
                   cancellable, callback, user_data);
}

/**
 * burble_store_mark_read_finish:
 * @self: a store
 * @result: the result
 * @ids: (out) (optional) (transfer full): the ids of the peer's messages that became read by it
 * @unread: (out) (optional): the number left
 * @error: return location for an error
 *
 * Returns: whether it was saved
 */
gboolean
burble_store_mark_read_finish (BurbleStore *self, GAsyncResult *result, GStrv *ids, guint *unread,
                               GError **error)
{
  BurbleStoreCall *call = burble_store_propagate (self, result, error);

  if (call == NULL)
    return FALSE;
  if (ids != NULL)
    *ids = g_steal_pointer (&call->texts);
  if (unread != NULL)
    *unread = (guint) call->result;
  return TRUE;
}

static gboolean
mark_read_by_ids_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  gint64 conversation;
  gint64 last_time = 0;
  gint64 last_row = 0;

  if (!burble_db_find_conversation (db, call, &conversation, error))
    return FALSE;
  for (guint i = 0; call->ids != NULL && call->ids[i] != NULL; i++)
    {
      g_autoptr(GError) step_error = NULL;
      sqlite3_stmt *statement =
        burble_db_query (db, error,
                         "SELECT time, message FROM messages"
                         " WHERE conversation = ? AND id = ? AND state = 0",
                         "lt", conversation, call->ids[i]);

      if (statement == NULL)
        return FALSE;
      while (burble_db_next (db, statement, &step_error))
        {
          gint64 time = sqlite3_column_int64 (statement, 0);
          gint64 row = sqlite3_column_int64 (statement, 1);

          if (time > last_time || (time == last_time && row > last_row))
            {
              last_time = time;
              last_row = row;
            }
        }
      if (step_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&step_error));
          return FALSE;
        }
    }
  return mark_read (db, call, conversation, last_time, last_row, error);
}

/**
 * burble_store_mark_read_by_ids_async:
 * @self: a store
 * @conversation: a chat
 * @ids: (array zero-terminated=1): ids of the peer's messages
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is saved
 * @user_data: for @callback
 *
 * Marks everything up to the latest of @ids as read; ids that are not known are left out. Finish
 * with [method@Store.mark_read_finish].
 */
void
burble_store_mark_read_by_ids_async (BurbleStore *self, BurbleConversation *conversation,
                                     const char * const *ids, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  BurbleStoreCall *call = NULL;

  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  call = burble_store_call_for_conversation (conversation);
  call->ids = g_strdupv ((char **) ids);
  burble_store_write (self, burble_store_mark_read_by_ids_async, call, mark_read_by_ids_run, NULL,
                      cancellable, callback, user_data);
}

static gboolean
count_unread_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  gint64 conversation;

  return burble_db_find_conversation (db, call, &conversation, error) &&
         burble_db_count_unread (db, conversation, &call->result, error);
}

/**
 * burble_store_count_unread_async:
 * @self: a store
 * @conversation: a chat
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called with the number
 * @user_data: for @callback
 *
 * Counts the unread messages of a chat, up to 999.
 */
void
burble_store_count_unread_async (BurbleStore *self, BurbleConversation *conversation,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  burble_store_read (self, burble_store_count_unread_async,
                     burble_store_call_for_conversation (conversation),
                     count_unread_run, NULL, cancellable, callback, user_data);
}

/**
 * burble_store_count_unread_finish:
 * @self: a store
 * @result: the result
 * @error: return location for an error
 *
 * Returns: the number, or -1 with @error set
 */
gssize
burble_store_count_unread_finish (BurbleStore *self, GAsyncResult *result, GError **error)
{
  BurbleStoreCall *call = burble_store_propagate (self, result, error);

  return call != NULL ? (gssize) call->result : -1;
}

static gboolean
find_unread_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  g_autoptr(GError) step_error = NULL;
  sqlite3_stmt *statement = NULL;
  gint64 conversation;

  if (!burble_db_find_conversation (db, call, &conversation, error))
    return FALSE;
  statement = burble_db_query (db, error,
                               "SELECT time, message FROM messages INDEXED BY messages_unread"
                               " WHERE conversation = ? AND unread = 1"
                               " ORDER BY time, message LIMIT 1", "l", conversation);
  if (statement == NULL)
    return FALSE;
  if (burble_db_next (db, statement, &step_error))
    {
      call->result_time = sqlite3_column_int64 (statement, 0);
      call->result = sqlite3_column_int64 (statement, 1);
      burble_db_done (statement);
    }
  if (step_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&step_error));
  return FALSE;
}

/**
 * burble_store_find_unread_async:
 * @self: a store
 * @conversation: a chat
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called with the message's place
 * @user_data: for @callback
 *
 * Finds the first unread message: where a chat is to be opened, and the "New messages" line above.
 */
void
burble_store_find_unread_async (BurbleStore *self, BurbleConversation *conversation,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  burble_store_read (self, burble_store_find_unread_async,
                     burble_store_call_for_conversation (conversation),
                     find_unread_run, NULL, cancellable, callback, user_data);
}

/**
 * burble_store_find_unread_finish:
 * @self: a store
 * @result: the result
 * @time: (out): its time
 * @row: (out): its row; 0 when all are read
 * @error: return location for an error
 *
 * Returns: whether the store could tell
 */
gboolean
burble_store_find_unread_finish (BurbleStore *self, GAsyncResult *result, gint64 *time,
                                 gint64 *row, GError **error)
{
  BurbleStoreCall *call = burble_store_propagate (self, result, error);

  if (call == NULL)
    return FALSE;
  *time = call->result_time;
  *row = call->result;
  return TRUE;
}
