/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-store"

#include "config.h"

#include "burble-store-private.h"

/*
 * The key of a message is its time in µs, shifted left by this: 2,048 messages may share a µs, the
 * next ones go into the µs after it. Keys therefore sort as times do, which the search relies on;
 * paging goes by (time, key) and is exact even where a key had to move on.
 */
#define KEY_BITS 11
G_STATIC_ASSERT (BURBLE_MESSAGE_TIME_MAX < (G_GINT64_CONSTANT (1) << (63 - KEY_BITS)) - G_MAXINT32);

BurbleMessage *
burble_db_read_message (sqlite3_stmt *statement, int column, const char *peer)
{
  int state = sqlite3_column_int (statement, column + 9);
  BurbleMessage *message = burble_message_new (burble_db_text (statement, column + 1),
                                               burble_db_text (statement, column + 2),
                                               state != BURBLE_MESSAGE_RECEIVED,
                                               burble_db_text (statement, column + 4),
                                               sqlite3_column_int64 (statement, column + 6));

  burble_message_set_row (message, sqlite3_column_int64 (statement, column));
  burble_message_set_peer (message, peer);
  burble_message_set_sender_name (message, burble_db_text (statement, column + 3));
  burble_message_set_html (message, burble_db_text (statement, column + 5));
  burble_message_set_seq (message, sqlite3_column_int64 (statement, column + 7));
  burble_message_set_reply_to (message, burble_db_text (statement, column + 8));
  burble_message_set_state (message, state);
  burble_message_set_error (message, burble_db_text (statement, column + 10));
  burble_message_set_unread (message, sqlite3_column_int (statement, column + 11));
  if (sqlite3_column_type (statement, column + 12) != SQLITE_NULL)
    {
      g_auto(GStrv) names = g_strsplit (burble_db_text (statement, column + 12), "\n", -1);

      burble_message_set_attachment_names (message, (const char * const *) names);
    }
  if (sqlite3_column_type (statement, column + 13) != SQLITE_NULL)
    burble_message_set_network_id (message, burble_db_text (statement, column + 13));
  burble_message_set_time_text (message, burble_db_text (statement, column + 14));
  return message;
}

static gboolean
find_free_key (BurbleDb *db, gint64 time, gint64 *key, GError **error)
{
  for (gint64 slot = time;; slot++)
    {
      gint64 first = MAX (slot << KEY_BITS, 1); /* 0 is no key */
      gint64 next = (slot + 1) << KEY_BITS;

      if (!burble_db_get_number (db, error, first - 1, key,
                                 "SELECT message FROM messages WHERE message >= ? AND message < ?"
                                 " ORDER BY message DESC LIMIT 1", "ll", first, next))
        return FALSE;
      *key += 1;
      if (*key < next)
        return TRUE;
    }
}

/*
 * A date may be coarse, and the clock here is another than the one there: what the network shows
 * after a message was said after it, if its date leaves room for that. latest: where the message
 * before it stands.
 */
static void
place_message (BurbleStoreMessage *message, gint64 latest)
{
  if (message->precision != 0 && message->time <= latest
      && (message->precision < 0 || message->time + message->precision >= latest))
    message->placed = latest + 1;
}

/*
 * Writes one message unless it is there already or was deleted: then is_new stays FALSE. latest:
 * the time of the message before it, moved on to its own.
 */
static gboolean
insert_message (BurbleDb *db, gint64 conversation, gint64 queued, gint64 *latest,
                BurbleStoreMessage *message, GError **error)
{
  gboolean known;

  message->is_new = FALSE;
  message->placed = message->time;
  if (!burble_db_find_message (db, conversation, message, &known, error))
    return FALSE;
  if (known)
    {
      if (message->row != 0)
        *latest = MAX (*latest, message->row >> KEY_BITS);
      return TRUE;
    }

  place_message (message, *latest);
  *latest = MAX (*latest, message->placed);
  if (!find_free_key (db, message->placed, &message->row, error) ||
      !burble_db_run (db, error,
                      "INSERT INTO messages (message, conversation, time, state, unread, seq,"
                      " queued, id, sender, sender_name, text, html, reply_to, error, attachments,"
                      " network_id, time_text)"
                      " VALUES (?, ?, ?, ?, ?, ?, nullif (?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      "llliilltttttttttt",
                      message->row, conversation, message->placed, message->state,
                      message->unread && !message->is_past, message->seq, queued, message->id,
                      message->sender,
                      message->sender_name, message->text, message->html, message->reply_to,
                      message->error, message->attachments, message->network_id,
                      message->time_text) ||
      !burble_db_index_message (db, message->row, message->text, conversation, error))
    return FALSE;
  message->is_new = TRUE;
  return TRUE;
}

/* A server has a copy of an own message: it was sent, whatever we thought. */
static gboolean
raise_to_sent (BurbleDb *db, BurbleStoreMessage *message, GError **error)
{
  gint64 state;

  if (!burble_db_run (db, error,
                      "UPDATE messages SET state = 2, error = NULL"
                      " WHERE message = ? AND state IN (1, 5)", "l", message->row) ||
      !burble_db_get_number (db, error, message->state, &state,
                             "SELECT state FROM messages WHERE message = ?", "l", message->row))
    return FALSE;
  message->state = (int) state;
  return TRUE;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const BurbleStoreMessage *first = *(BurbleStoreMessage **) a;
  const BurbleStoreMessage *second = *(BurbleStoreMessage **) b;

  return (first->time > second->time) - (first->time < second->time);
}

/* The past ends where this file begins: what comes after a message that was here is news. */
static gboolean
end_past (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  for (guint i = 0; call->messages != NULL && i < call->messages->len; i++)
    {
      BurbleStoreMessage *message = g_ptr_array_index (call->messages, i);

      if (!message->is_new)
        {
          call->result = TRUE;
        }
      else if (call->result && message->unread)
        {
          message->is_past = FALSE;
          if (!burble_db_run (db, error, "UPDATE messages SET unread = 1 WHERE message = ?", "l",
                              message->row))
            return FALSE;
        }
    }
  return TRUE;
}

/* A chat that a batch touches. */
typedef struct
{
  gint64 row;
  gint64 latest;       /* of this batch: time of the last one so far */
  gint64 answered_seq; /* of our last message from another terminal */
  gint64 answered_time;
} Touched;

static void
answer_chat (Touched *chat, const BurbleStoreMessage *message)
{
  if (!message->is_new || message->state == BURBLE_MESSAGE_RECEIVED
      || message->seq <= chat->answered_seq)
    return;
  chat->answered_seq = message->seq;
  chat->answered_time = message->placed;
}

static gboolean
save_answered (BurbleDb *db, const Touched *chat, GError **error)
{
  return chat->answered_seq < 0 ||
         (burble_db_run (db, error,
                         "UPDATE conversations SET answered_seq = ?1, answered_time = ?2"
                         " WHERE conversation = ?3 AND answered_seq < ?1", "lll",
                         chat->answered_seq, chat->answered_time, chat->row) &&
          burble_db_run (db, error,
                         "UPDATE messages INDEXED BY messages_unread SET unread = 0"
                         " WHERE conversation = ? AND unread = 1 AND time <= ?"
                         " AND seq >= 0 AND seq < ?", "lll",
                         chat->row, chat->answered_time, chat->answered_seq));
}

/*
 * Whoever answered from another terminal has read what came before, whether that came in before the
 * answer or after it. The time is looked at as well: a server may begin to count anew.
 */
static gboolean
note_answered (BurbleDb *db, BurbleStoreCall *call, GHashTable *conversations, GError **error)
{
  GHashTableIter iter;
  gpointer value = NULL;

  for (guint i = 0; call->messages != NULL && i < call->messages->len; i++)
    {
      BurbleStoreMessage *message = g_ptr_array_index (call->messages, i);

      answer_chat (g_hash_table_lookup (conversations, message->peer), message);
    }
  for (guint i = 0; call->messages != NULL && i < call->messages->len; i++)
    {
      BurbleStoreMessage *message = g_ptr_array_index (call->messages, i);
      const Touched *chat = g_hash_table_lookup (conversations, message->peer);

      if (message->seq >= 0 && message->seq < chat->answered_seq
          && message->placed <= chat->answered_time)
        message->is_past = TRUE;
    }
  g_hash_table_iter_init (&iter, conversations);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      if (!save_answered (db, value, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
touch_conversation (BurbleDb *db, gint64 account, const char *peer, GHashTable *conversations,
                    Touched **chat, GError **error)
{
  *chat = g_hash_table_lookup (conversations, peer);
  if (*chat != NULL)
    return TRUE;
  *chat = g_new0 (Touched, 1);
  g_hash_table_insert (conversations, (gpointer) peer, *chat);
  return burble_db_ensure_conversation (db, account, peer, &(*chat)->row, error) &&
         burble_db_get_number (db, error, -1, &(*chat)->answered_seq,
                               "SELECT answered_seq FROM conversations WHERE conversation = ?", "l",
                               (*chat)->row) &&
         burble_db_get_number (db, error, 0, &(*chat)->answered_time,
                               "SELECT answered_time FROM conversations WHERE conversation = ?",
                               "l", (*chat)->row);
}

static gboolean
add_messages_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  g_autoptr(GHashTable) conversations = g_hash_table_new_full (g_str_hash, g_str_equal,
                                                               NULL, g_free);
  g_autoptr(GPtrArray) sorted = NULL;
  gint64 account;

  if (!burble_db_find_account (db, call->uid, &account, error))
    return FALSE;

  /* By time, since the index wants rising keys; stable, so that equals keep the server's order. */
  sorted = g_ptr_array_new ();
  for (guint i = 0; call->messages != NULL && i < call->messages->len; i++)
    {
      BurbleStoreMessage *message = g_ptr_array_index (call->messages, i);

      message->is_past = call->past;
      g_ptr_array_add (sorted, message);
    }
  g_ptr_array_sort (sorted, compare_times);

  for (guint i = 0; i < sorted->len; i++)
    {
      BurbleStoreMessage *message = g_ptr_array_index (sorted, i);
      Touched *chat = NULL;

      if (!touch_conversation (db, account, message->peer, conversations, &chat, error) ||
          !insert_message (db, chat->row, 0, &chat->latest, message, error))
        return FALSE;
      if (!message->is_new && message->row != 0 && message->state != BURBLE_MESSAGE_RECEIVED &&
          !raise_to_sent (db, message, error))
        return FALSE;
    }
  if ((call->past && !end_past (db, call, error)) ||
      !note_answered (db, call, conversations, error))
    return FALSE;

  return call->number < 0 ||
         burble_db_run (db, error, "UPDATE accounts SET seq = max (seq, ?) WHERE account = ?",
                        "ll", call->number, account);
}

/* Tells the objects what became of them, and keeps the new ones for the caller. */
static void
add_messages_apply (BurbleStoreCall *call)
{
  call->list = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; call->messages != NULL && i < call->messages->len; i++)
    {
      BurbleStoreMessage *stored = g_ptr_array_index (call->messages, i);
      BurbleMessage *message = g_ptr_array_index (call->objects, i);

      if (stored->known_id != NULL)
        burble_message_set_id (message, stored->known_id);
      burble_message_set_row (message, stored->row);
      burble_message_set_time (message, stored->placed);
      burble_message_set_state (message, stored->state);
      burble_message_set_unread (message, stored->unread && !stored->is_past);
      if (stored->is_new)
        g_ptr_array_add (call->list, g_object_ref (message));
    }
}

static void
add_messages (BurbleStore *self, gpointer tag, BurbleAccount *account, GPtrArray *messages,
              gint64 highest_seq, gboolean past, GCancellable *cancellable,
              GAsyncReadyCallback callback, gpointer user_data)
{
  BurbleStoreCall *call = burble_store_call_for_account (account);

  call->number = highest_seq;
  call->past = past;
  for (guint i = 0; messages != NULL && i < messages->len; i++)
    {
      BurbleMessage *message = g_ptr_array_index (messages, i);
      BurbleStoreMessage *copy = NULL;

      g_assert (BURBLE_IS_MESSAGE (message) && burble_message_get_peer (message) != NULL);
      copy = burble_store_call_add_message (call, message);
      if (copy->state == BURBLE_MESSAGE_WAITING)
        copy->state = BURBLE_MESSAGE_SENT; /* the server has it: nothing waits */
    }
  burble_store_write (self, tag, call, add_messages_run, add_messages_apply, cancellable, callback,
                      user_data);
}

/**
 * burble_store_add_messages_async:
 * @self: a store
 * @account: the account they came to
 * @messages: (element-type BurbleMessage): messages that the server has; each knows its peer
 * @highest_seq: everything up to here has been fetched with them; -1 for no news
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when they are on disk
 * @user_data: for @callback
 *
 * Adds messages in one transaction. Finish with [method@Store.list_finish], which returns the ones
 * that were new. An object whose message was there already gets the id, the row and the state it
 * has here; one that the user deleted keeps row 0. The order of a chat is the server's where the
 * precision of the dates allows.
 */
void
burble_store_add_messages_async (BurbleStore *self, BurbleAccount *account, GPtrArray *messages,
                                 gint64 highest_seq, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  add_messages (self, burble_store_add_messages_async, account, messages, highest_seq, FALSE,
                cancellable, callback, user_data);
}

/**
 * burble_store_add_past_async:
 * @self: a store
 * @account: the account they came to
 * @messages: (element-type BurbleMessage): messages that the server has, in its order
 * @highest_seq: everything up to here has been fetched with them; -1 for no news
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when they are on disk
 * @user_data: for @callback
 *
 * Adds what was said before this terminal existed: it is read. Up to the first message that is here
 * already, that is: with that one this terminal began, and what follows is unread if it says so.
 */
void
burble_store_add_past_async (BurbleStore *self, BurbleAccount *account, GPtrArray *messages,
                             gint64 highest_seq, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  add_messages (self, burble_store_add_past_async, account, messages, highest_seq, TRUE,
                cancellable, callback, user_data);
}

/**
 * burble_store_add_past_finish:
 * @self: a store
 * @result: the result
 * @reached: (out): whether one of them was here already
 * @error: return location for an error
 *
 * Returns: (transfer full): the new ones
 */
GPtrArray *
burble_store_add_past_finish (BurbleStore *self, GAsyncResult *result, gboolean *reached,
                              GError **error)
{
  BurbleStoreCall *call = burble_store_propagate (self, result, error);

  if (call == NULL)
    return NULL;
  *reached = call->result != 0;
  return g_steal_pointer (&call->list);
}

static gboolean
queue_message_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  gint64 account;
  gint64 conversation;
  gint64 queued;
  gint64 latest = 0;

  return burble_db_find_account (db, call->uid, &account, error) &&
         burble_db_ensure_conversation (db, account, call->peer, &conversation, error) &&
         burble_db_get_number (db, error, 1, &queued,
                               "SELECT queued + 1 FROM messages INDEXED BY messages_outbox"
                               " WHERE state = 1 ORDER BY queued DESC LIMIT 1", "") &&
         insert_message (db, conversation, queued, &latest, g_ptr_array_index (call->messages, 0),
                         error) &&
         burble_db_run (db, error, "UPDATE conversations SET draft = NULL WHERE conversation = ?",
                        "l", conversation);
}

static void
queue_message_apply (BurbleStoreCall *call)
{
  BurbleStoreMessage *stored = g_ptr_array_index (call->messages, 0);
  BurbleMessage *message = g_ptr_array_index (call->objects, 0);

  burble_message_set_row (message, stored->row);
  burble_message_set_state (message, stored->state);
}

/**
 * burble_store_queue_message_async:
 * @self: a store
 * @account: the account it goes out from
 * @message: an outgoing message that knows its peer
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is on disk
 * @user_data: for @callback
 *
 * Puts a message into the outbox, and takes the draft of its chat away in the same transaction.
 * Finish with [method@Store.done_finish].
 */
void
burble_store_queue_message_async (BurbleStore *self, BurbleAccount *account, BurbleMessage *message,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  BurbleStoreCall *call = NULL;
  BurbleStoreMessage *copy = NULL;

  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));
  g_return_if_fail (BURBLE_IS_MESSAGE (message) && burble_message_is_outgoing (message));
  g_return_if_fail (burble_message_get_peer (message) != NULL);

  call = burble_store_call_for_account (account);
  copy = burble_store_call_add_message (call, message);
  copy->state = BURBLE_MESSAGE_WAITING;
  call->peer = g_strdup (copy->peer);
  burble_store_write (self, burble_store_queue_message_async, call, queue_message_run,
                      queue_message_apply, cancellable, callback, user_data);
}

static gboolean
load_outbox_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  g_autoptr(GError) step_error = NULL;
  sqlite3_stmt *statement =
    burble_db_query (db, error,
                     "SELECT " BURBLE_DB_MESSAGE_COLUMNS ", c.peer"
                     " FROM messages m INDEXED BY messages_outbox"
                     " CROSS JOIN conversations c ON c.conversation = m.conversation"
                     " CROSS JOIN accounts a ON a.account = c.account"
                     " WHERE m.state = 1 AND a.uid = ? ORDER BY m.queued, m.message",
                     "t", call->uid);

  if (statement == NULL)
    return FALSE;
  call->list = g_ptr_array_new_with_free_func (g_object_unref);
  while (burble_db_next (db, statement, &step_error))
    {
      const char *peer = burble_db_text (statement, BURBLE_DB_N_MESSAGE_COLUMNS);

      g_ptr_array_add (call->list, burble_db_read_message (statement, 0, peer));
    }
  if (step_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&step_error));
  return FALSE;
}

/**
 * burble_store_load_outbox_async:
 * @self: a store
 * @account: an account
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called with a list of [class@Message]
 * @user_data: for @callback
 *
 * Loads what waits to be sent, in the order in which it was written. Finish with
 * [method@Store.list_finish].
 */
void
burble_store_load_outbox_async (BurbleStore *self, BurbleAccount *account,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  burble_store_read (self, burble_store_load_outbox_async,
                     burble_store_call_for_account (account),
                     load_outbox_run, NULL, cancellable, callback, user_data);
}

/* Which states may become `state`, as a bit for each. */
static int
allowed_before (BurbleMessageState state)
{
  const int waiting = 1 << BURBLE_MESSAGE_WAITING;
  const int sent = 1 << BURBLE_MESSAGE_SENT;
  const int delivered = 1 << BURBLE_MESSAGE_DELIVERED;
  const int failed = 1 << BURBLE_MESSAGE_FAILED;

  switch (state)
    {
    case BURBLE_MESSAGE_WAITING:
      return failed;
    case BURBLE_MESSAGE_SENT:
      return waiting | failed; /* the refusal was overtaken by the truth */
    case BURBLE_MESSAGE_DELIVERED:
      return waiting | failed | sent;
    case BURBLE_MESSAGE_READ:
      return waiting | failed | sent | delivered;
    case BURBLE_MESSAGE_FAILED:
      return waiting;
    case BURBLE_MESSAGE_RECEIVED:
    default:
      return 0;
    }
}

gboolean
burble_db_raise_state (BurbleDb *db, gint64 conversation, const char *id, BurbleMessageState state,
                       const char *reason, GError **error)
{
  return burble_db_run (db, error,
                        "UPDATE messages SET state = ?1, error = ?2 WHERE message IN"
                        " (SELECT message FROM messages WHERE conversation = ?3 AND id = ?4"
                        "  UNION SELECT message FROM messages"
                        "  WHERE conversation = ?3 AND network_id = nullif (?4, ''))"
                        " AND state > 0 AND (?5 >> state) & 1", "itlti",
                        (int) state, reason, conversation, id, allowed_before (state));
}

/* By which ids of ours the session knows them. */
static gboolean
find_ids (BurbleDb *db, gint64 conversation, const char *id, GStrvBuilder *found, GError **error)
{
  g_autoptr(GError) step_error = NULL;
  sqlite3_stmt *statement =
    burble_db_query (db, error,
                     "SELECT id FROM messages WHERE conversation = ?1 AND id = ?2 AND state > 0"
                     " UNION SELECT id FROM messages WHERE conversation = ?1"
                     " AND network_id = nullif (?2, '')", "lt", conversation, id);

  if (statement == NULL)
    return FALSE;
  while (burble_db_next (db, statement, &step_error))
    g_strv_builder_add (found, burble_db_text (statement, 0));
  if (step_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&step_error));
  return FALSE;
}

static gboolean
set_states_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  g_autoptr(GStrvBuilder) found = g_strv_builder_new ();
  gint64 conversation;

  if (!burble_db_find_conversation (db, call, &conversation, error))
    return FALSE;
  for (guint i = 0; call->ids != NULL && call->ids[i] != NULL; i++)
    {
      if (!burble_db_raise_state (db, conversation, call->ids[i], call->kind, call->text, error) ||
          !find_ids (db, conversation, call->ids[i], found, error))
        return FALSE;
    }
  call->texts = g_strv_builder_end (found);
  return TRUE;
}

/**
 * burble_store_set_states_async:
 * @self: a store
 * @account: an account
 * @peer: the bare id of the chat
 * @ids: (array zero-terminated=1): ids of own messages, ours or the network's
 * @state: what they are now
 * @error: (nullable): why, for %BURBLE_MESSAGE_FAILED
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is saved
 * @user_data: for @callback
 *
 * Moves the state of own messages upward; where that would be downward nothing happens. Finish
 * with [method@Store.done_finish] or [method@Store.set_states_finish].
 */
void
burble_store_set_states_async (BurbleStore *self, BurbleAccount *account, const char *peer,
                               const char * const *ids, BurbleMessageState state,
                               const char *error, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  BurbleStoreCall *call = NULL;

  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));
  g_return_if_fail (peer != NULL);

  call = burble_store_call_for_account (account);
  call->peer = g_strdup (peer);
  call->ids = g_strdupv ((char **) ids);
  call->kind = state;
  call->text = state == BURBLE_MESSAGE_FAILED ? g_strdup (error) : NULL;
  burble_store_write (self, burble_store_set_states_async, call, set_states_run, NULL,
                      cancellable, callback, user_data);
}

/**
 * burble_store_set_states_finish:
 * @self: a store
 * @result: the result
 * @error: return location for an error
 *
 * Returns: (transfer full): the ids by which those messages are known here
 */
GStrv
burble_store_set_states_finish (BurbleStore *self, GAsyncResult *result, GError **error)
{
  BurbleStoreCall *call = burble_store_propagate (self, result, error);

  return call != NULL ? g_steal_pointer (&call->texts) : NULL;
}
