/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-message-step-notify"

#include "config.h"

#include "burble-message-batch.h"

/*
 * Tells of it: the policy decides what becomes a notification. Of what was missed only the latest
 * of each chat is announced.
 */

static void
announce (BurbleMessageBatch *batch, BurbleBatchChat *chat)
{
  for (guint i = 0; i < chat->fresh->len; i++)
    {
      BurbleMessage *message = g_ptr_array_index (chat->fresh, i);

      if (burble_message_is_outgoing (message) || !burble_message_get_unread (message))
        continue;
      if (batch->origin == BURBLE_ORIGIN_LIVE || message == chat->latest_incoming)
        burble_account_scope_message_arrived (batch->scope, chat->conversation, message);
    }
}

static gboolean
is_answered (BurbleBatchChat *chat)
{
  return chat->latest_outgoing != NULL
         && burble_message_get_time (chat->latest_outgoing)
            >= burble_message_get_time (chat->latest_incoming);
}

void
burble_message_step_notify (BurbleMessageBatch *batch)
{
  GHashTableIter iter;
  gpointer value = NULL;

  g_hash_table_iter_init (&iter, batch->chats);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      BurbleNotificationPolicy *policy = burble_account_scope_get_policy (batch->scope);
      BurbleBatchChat *chat = value;

      if (chat->latest_incoming == NULL)
        continue;
      announce (batch, chat);
      if (!is_answered (chat))
        burble_notification_policy_message (policy, chat->conversation, chat->latest_incoming,
                                            chat->incoming);
    }
  burble_message_batch_next (batch);
}
