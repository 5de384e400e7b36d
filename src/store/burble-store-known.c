/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-store"

#include "config.h"

#include "burble-store-private.h"

/*
 * Which message is which. It goes by the id that its sender gave it; on a network that gives ids of
 * its own, one's own messages go by either: what was sent from here has an id of ours, and the
 * network's as soon as that is known. What the network shows of them before (the answer was lost,
 * or nobody asked for it when it was sent) is found by its text and time, once.
 */

/* Clocks differ, and a message waits a little before it goes. */
#define SLACK (10 * G_TIME_SPAN_MINUTE)

/* Blanks at the ends, kinds of line break and control characters get lost on the way through a
 * network. */
static char *
make_comparable (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at++)
    {
      char c = *at == '\r' ? '\n' : *at;

      if ((*at == '\r' && at[1] == '\n') || (g_ascii_iscntrl (c) && c != '\n' && c != '\t'))
        continue;
      g_string_append_c (out, c);
    }
  return g_strstrip (g_string_free (out, FALSE));
}

/*
 * An own message that has left, whose network id is not known, and that says the same: one that
 * waits, because it may have arrived before the lights went out, or one that was sent at about that
 * time.
 */
static gboolean
find_unnamed (BurbleDb *db, gint64 conversation, BurbleStoreMessage *message, GError **error)
{
  g_autoptr(GError) step_error = NULL;
  g_autofree char *wanted = make_comparable (message->text);
  gboolean dated = message->precision >= 0;
  sqlite3_stmt *statement =
    burble_db_query (db, error,
                     "SELECT message, id, text FROM messages INDEXED BY messages_by_network_id"
                     " WHERE conversation = ? AND network_id = '' AND time <= ?"
                     " AND (state = 1 OR (state IN (2, 3, 4) AND time >= ?))"
                     " ORDER BY time, message", "lll", conversation,
                     dated ? message->time + message->precision + SLACK : G_MAXINT64,
                     dated ? message->time - SLACK : G_MAXINT64);

  if (statement == NULL)
    return FALSE;
  while (message->row == 0 && burble_db_next (db, statement, &step_error))
    {
      g_autofree char *text = make_comparable (burble_db_text (statement, 2));

      if (!g_str_equal (text, wanted))
        continue;
      message->row = sqlite3_column_int64 (statement, 0);
      message->known_id = g_strdup (burble_db_text (statement, 1));
      burble_db_done (statement);
    }
  if (step_error == NULL)
    return message->row == 0 ||
           burble_db_run (db, error, "UPDATE messages SET network_id = ? WHERE message = ?", "tl",
                          message->network_id, message->row);
  g_propagate_error (error, g_steal_pointer (&step_error));
  return FALSE;
}

static gboolean
find_named (BurbleDb *db, gint64 conversation, BurbleStoreMessage *message, GError **error)
{
  g_autoptr(GError) step_error = NULL;
  sqlite3_stmt *statement =
    burble_db_query (db, error, "SELECT message, id FROM messages"
                     " WHERE conversation = ? AND network_id = ? LIMIT 1", "lt",
                     conversation, message->network_id);

  if (statement == NULL)
    return FALSE;
  if (burble_db_next (db, statement, &step_error))
    {
      message->row = sqlite3_column_int64 (statement, 0);
      message->known_id = g_strdup (burble_db_text (statement, 1));
      burble_db_done (statement);
    }
  if (step_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&step_error));
  return FALSE;
}

/**
 * burble_db_find_message:
 * @db: the file
 * @conversation: the key of its chat
 * @message: a message; its row, and its id here, are filled in
 * @known: (out): whether it is here already, or was deleted (then without a row)
 * @error: return location for a %BURBLE_STORE_ERROR
 *
 * Returns: whether that could be found out
 */
gboolean
burble_db_find_message (BurbleDb *db, gint64 conversation, BurbleStoreMessage *message,
                        gboolean *known, GError **error)
{
  gboolean named = message->network_id != NULL && *message->network_id != '\0';
  gint64 deleted;

  message->row = 0;
  g_clear_pointer (&message->known_id, g_free);
  if (!burble_db_get_number (db, error, 0, &deleted,
                             "SELECT 1 FROM deleted_messages"
                             " WHERE conversation = ? AND id = ? AND sender = ?",
                             "ltt", conversation, message->id, message->sender))
    return FALSE;
  *known = deleted != 0;
  if (*known)
    return TRUE;
  if (!burble_db_get_number (db, error, 0, &message->row,
                             "SELECT message FROM messages"
                             " WHERE conversation = ? AND id = ? AND sender = ?",
                             "ltt", conversation, message->id, message->sender) ||
      (named && message->row == 0 && !find_named (db, conversation, message, error)) ||
      (named && message->row == 0 && !find_unnamed (db, conversation, message, error)))
    return FALSE;
  *known = message->row != 0;
  return TRUE;
}

static gboolean
note_leaving_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  gint64 conversation;

  if (!burble_db_find_conversation (db, call, &conversation, error))
    return FALSE;
  for (guint i = 0; call->ids[i] != NULL; i++)
    {
      if (!burble_db_run (db, error,
                          "UPDATE messages SET network_id = ''"
                          " WHERE conversation = ? AND id = ? AND state > 0"
                          " AND network_id IS NULL", "lt", conversation, call->ids[i]))
        return FALSE;
    }
  return TRUE;
}

/**
 * burble_store_note_leaving_async:
 * @self: a store
 * @account: an account
 * @peer: the bare id of the chat
 * @ids: (array zero-terminated=1): of own messages
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is saved
 * @user_data: for @callback
 *
 * From now on the network may have them, under ids that are not known. Finish with
 * [method@Store.done_finish].
 */
void
burble_store_note_leaving_async (BurbleStore *self, BurbleAccount *account, const char *peer,
                                 const char * const *ids, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  BurbleStoreCall *call = NULL;

  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));
  g_return_if_fail (peer != NULL && ids != NULL);

  call = burble_store_call_for_account (account);
  call->peer = g_strdup (peer);
  call->ids = g_strdupv ((char **) ids);
  burble_store_write (self, burble_store_note_leaving_async, call, note_leaving_run, NULL,
                      cancellable, callback, user_data);
}

/* Also of one that the user deleted meanwhile: it must not come back by that id. */
static gboolean
name_message (BurbleDb *db, gint64 conversation, const char *id, const char *network_id,
              GError **error)
{
  return burble_db_run (db, error,
                        "UPDATE messages SET network_id = ?"
                        " WHERE conversation = ? AND id = ? AND state > 0", "tlt",
                        network_id, conversation, id) &&
         burble_db_run (db, error,
                        "INSERT OR IGNORE INTO deleted_messages (conversation, id, sender)"
                        " SELECT conversation, ?, sender FROM deleted_messages"
                        " WHERE conversation = ? AND id = ?", "tlt",
                        network_id, conversation, id);
}

static gboolean
note_sent_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  gint64 conversation;

  if (!burble_db_find_conversation (db, call, &conversation, error))
    return FALSE;
  for (guint i = 0; call->ids[i] != NULL; i += 2)
    {
      if (!burble_db_raise_state (db, conversation, call->ids[i], BURBLE_MESSAGE_SENT, NULL, error))
        return FALSE;
      if (*call->ids[i + 1] != '\0' &&
          !name_message (db, conversation, call->ids[i], call->ids[i + 1], error))
        return FALSE;
    }
  return TRUE;
}

/**
 * burble_store_note_sent_async:
 * @self: a store
 * @account: an account
 * @peer: the bare id of the chat
 * @pairs: (array zero-terminated=1): for each own message that the network has its id, and the id
 *   that the network gave it, empty for none
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is saved
 * @user_data: for @callback
 *
 * Finish with [method@Store.done_finish].
 */
void
burble_store_note_sent_async (BurbleStore *self, BurbleAccount *account, const char *peer,
                              const char * const *pairs, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  BurbleStoreCall *call = NULL;

  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));
  g_return_if_fail (peer != NULL && pairs != NULL);
  g_return_if_fail (g_strv_length ((char **) pairs) % 2 == 0);

  call = burble_store_call_for_account (account);
  call->peer = g_strdup (peer);
  call->ids = g_strdupv ((char **) pairs);
  burble_store_write (self, burble_store_note_sent_async, call, note_sent_run, NULL, cancellable,
                      callback, user_data);
}
