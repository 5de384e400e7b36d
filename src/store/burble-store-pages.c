/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-store"

#include "config.h"

#include "burble-store-private.h"

/* More at once is a mistake of the caller's. */
#define MAX_PAGE 10000

/* Each query walks the index from the anchor and stops: its cost is the page, not the chat. */
#define PAGE_SQL(condition, order)                                  \
  "SELECT " BURBLE_DB_MESSAGE_COLUMNS                               \
  " FROM messages m INDEXED BY messages_by_time"                    \
  " WHERE m.conversation = ?" condition                             \
  " ORDER BY m.time " order ", m.message " order " LIMIT ?"

static gboolean
read_page (BurbleDb *db, BurbleStoreCall *call, sqlite3_stmt *statement, GError **error)
{
  g_autoptr(GError) step_error = NULL;

  if (statement == NULL)
    return FALSE;
  while (burble_db_next (db, statement, &step_error))
    g_ptr_array_add (call->list, burble_db_read_message (statement, 0, call->peer));
  if (step_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&step_error));
  return FALSE;
}

static void
reverse (GPtrArray *array)
{
  for (guint i = 0, j = array->len; i + 1 < j; i++)
    {
      gpointer item = array->pdata[i];

      j--;
      array->pdata[i] = array->pdata[j];
      array->pdata[j] = item;
    }
}

static gboolean
read_latest (BurbleDb *db, BurbleStoreCall *call, gint64 conversation, GError **error)
{
  if (!read_page (db, call,
                  burble_db_query (db, error, PAGE_SQL ("", "DESC"), "li",
                                   conversation, (int) call->limit),
                  error))
    return FALSE;
  reverse (call->list);
  return TRUE;
}

static gboolean
read_before (BurbleDb *db, BurbleStoreCall *call, gint64 conversation, guint limit, GError **error)
{
  if (!read_page (db, call,
                  burble_db_query (db, error,
                                   PAGE_SQL (" AND (m.time, m.message) < (?, ?)", "DESC"), "llli",
                                   conversation, call->time, call->row, (int) limit),
                  error))
    return FALSE;
  reverse (call->list);
  return TRUE;
}

static gboolean
read_after (BurbleDb *db, BurbleStoreCall *call, gint64 conversation, guint limit, GError **error)
{
  return read_page (db, call,
                    burble_db_query (db, error,
                                     PAGE_SQL (" AND (m.time, m.message) > (?, ?)", "ASC"), "llli",
                                     conversation, call->time, call->row, (int) limit),
                    error);
}

static gboolean
read_from (BurbleDb *db, BurbleStoreCall *call, gint64 conversation, guint limit, GError **error)
{
  return read_page (db, call,
                    burble_db_query (db, error,
                                     PAGE_SQL (" AND (m.time, m.message) >= (?, ?)", "ASC"), "llli",
                                     conversation, call->time, call->row, (int) limit),
                    error);
}

static gboolean
load_page_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  gint64 conversation;

  call->list = g_ptr_array_new_with_free_func (g_object_unref);
  if (!burble_db_find_conversation (db, call, &conversation, error))
    return FALSE;
  switch ((BurblePageDirection) call->kind)
    {
    case BURBLE_PAGE_BEFORE:
      return read_before (db, call, conversation, call->limit, error);
    case BURBLE_PAGE_AFTER:
      return read_after (db, call, conversation, call->limit, error);
    case BURBLE_PAGE_AROUND:
      return read_before (db, call, conversation, call->limit / 2, error) &&
             read_from (db, call, conversation, call->limit - call->limit / 2, error);
    case BURBLE_PAGE_LATEST:
    default:
      return read_latest (db, call, conversation, error);
    }
}

/**
 * burble_store_load_page_async:
 * @self: a store
 * @conversation: a chat
 * @direction: where the page lies
 * @time: the time of the anchor
 * @row: the row of the anchor
 * @limit: how many messages at most
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called with a list of [class@Message]
 * @user_data: for @callback
 *
 * Loads a page of a chat, oldest first. The anchor need not exist any more. Finish with
 * [method@Store.list_finish].
 */
void
burble_store_load_page_async (BurbleStore *self, BurbleConversation *conversation,
                              BurblePageDirection direction, gint64 time, gint64 row, guint limit,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  BurbleStoreCall *call = NULL;

  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  call = burble_store_call_for_conversation (conversation);
  call->kind = direction;
  call->time = time;
  call->row = row;
  call->limit = MIN (limit, MAX_PAGE);
  burble_store_read (self, burble_store_load_page_async, call, load_page_run, NULL,
                     cancellable, callback, user_data);
}
