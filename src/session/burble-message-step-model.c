/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-message-step-model"

#include "config.h"

#include "burble-message-batch.h"
#include "burble-receipts.h"

/*
 * Into the lists and the open windows: each chat is changed once for the whole batch.
 */

static BurbleBatchChat *
ensure_chat (BurbleMessageBatch *batch, const char *peer)
{
  BurbleBatchChat *chat = g_hash_table_lookup (batch->chats, peer);

  if (chat == NULL)
    {
      chat = g_new0 (BurbleBatchChat, 1);
      chat->conversation = g_object_ref (burble_account_scope_ensure_conversation (batch->scope,
                                                                                   peer));
      chat->fresh = g_ptr_array_new_with_free_func (g_object_unref);
      g_hash_table_insert (batch->chats, g_strdup (peer), chat);
    }
  return chat;
}

static gboolean
is_later (BurbleMessage *message, BurbleMessage *than)
{
  gint64 difference;

  if (than == NULL)
    return TRUE;
  difference = burble_message_get_time (message) - burble_message_get_time (than);
  if (difference == 0)
    difference = burble_message_get_row (message) - burble_message_get_row (than);
  return difference >= 0;
}

static void
gather_fresh (BurbleMessageBatch *batch)
{
  for (guint i = 0; i < batch->fresh->len; i++)
    {
      BurbleMessage *message = g_ptr_array_index (batch->fresh, i);
      BurbleBatchChat *chat = ensure_chat (batch, burble_message_get_peer (message));

      g_ptr_array_add (chat->fresh, g_object_ref (message));
      if (burble_message_is_outgoing (message))
        {
          if (is_later (message, chat->latest_outgoing))
            chat->latest_outgoing = message;
        }
      else if (burble_message_get_unread (message))
        {
          chat->incoming++;
          if (is_later (message, chat->latest_incoming))
            chat->latest_incoming = message;
        }
    }
}

static void
show_chat (BurbleMessageBatch *batch, BurbleBatchChat *chat)
{
  BurbleMessage *latest = NULL;

  for (guint i = 0; i < chat->fresh->len; i++)
    {
      if (is_later (g_ptr_array_index (chat->fresh, i), latest))
        latest = g_ptr_array_index (chat->fresh, i);
    }
  burble_account_scope_touch_conversation (chat->conversation, latest);
  if (chat->incoming > 0 && batch->origin == BURBLE_ORIGIN_LIVE)
    burble_conversation_set_typing (chat->conversation, NULL);
  burble_account_scope_show_messages (batch->scope, chat->conversation, chat->fresh);

  /* Who answered from another terminal has seen what came before. Either way the store tells how
   * many are unread. */
  if (chat->latest_outgoing != NULL)
    burble_receipts_note_read (batch->scope, chat->conversation,
                               burble_message_get_time (chat->latest_outgoing),
                               burble_message_get_row (chat->latest_outgoing));
  else if (chat->incoming > 0)
    burble_receipts_count_unread (batch->scope, chat->conversation);
}

/* Our own that came back: the server has them. */
static void
show_sent (BurbleMessageBatch *batch)
{
  g_autoptr(GHashTable) fresh = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < batch->fresh->len; i++)
    g_hash_table_add (fresh, g_ptr_array_index (batch->fresh, i));
  for (guint i = 0; i < batch->messages->len; i++)
    {
      BurbleMessage *message = g_ptr_array_index (batch->messages, i);
      const char *ids[2] = { burble_message_get_id (message), NULL };

      if (burble_message_is_outgoing (message) && !g_hash_table_contains (fresh, message))
        {
          burble_account_scope_show_states (batch->scope, burble_message_get_peer (message), ids,
                                            BURBLE_MESSAGE_SENT, NULL);
          burble_account_scope_message_sent (batch->scope, burble_message_get_peer (message),
                                             burble_message_get_id (message));
        }
    }
}

void
burble_message_step_model (BurbleMessageBatch *batch)
{
  GHashTableIter iter;
  gpointer chat = NULL;

  gather_fresh (batch);
  g_hash_table_iter_init (&iter, batch->chats);
  while (g_hash_table_iter_next (&iter, NULL, &chat))
    show_chat (batch, chat);
  show_sent (batch);
  burble_message_batch_next (batch);
}
