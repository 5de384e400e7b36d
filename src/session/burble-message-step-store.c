/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-message-step-store"

#include "config.h"

#include "burble-message-batch.h"

/*
 * Onto the disk: one transaction for the whole batch, and the mark up to which the history is
 * complete with it. What a first sync brings is the past, which is read; where the past ends the
 * store alone can tell, as this session may not be the one that heard the first news.
 */

static void
store_added_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BurbleMessageBatch *batch = user_data;
  g_autoptr(GError) error = NULL;
  GPtrArray *fresh = NULL;

  if (batch->origin == BURBLE_ORIGIN_FIRST_SYNC)
    fresh = burble_store_add_past_finish (BURBLE_STORE (object), result, &batch->reached, &error);
  else
    fresh = burble_store_list_finish (BURBLE_STORE (object), result, &error);
  if (fresh == NULL)
    {
      burble_message_batch_fail (batch, error);
      return;
    }
  g_ptr_array_unref (batch->fresh);
  batch->fresh = fresh;
  burble_message_batch_remember (batch);
  burble_message_batch_next (batch);
}

void
burble_message_step_store (BurbleMessageBatch *batch)
{
  if (batch->messages->len == 0 && batch->highest_seq < 0)
    {
      burble_message_batch_next (batch);
      return;
    }
  if (batch->origin == BURBLE_ORIGIN_FIRST_SYNC)
    burble_store_add_past_async (burble_account_scope_get_store (batch->scope),
                                 burble_account_scope_get_account (batch->scope),
                                 batch->messages, batch->highest_seq, NULL, store_added_cb, batch);
  else
    burble_store_add_messages_async (burble_account_scope_get_store (batch->scope),
                                     burble_account_scope_get_account (batch->scope),
                                     batch->messages, batch->highest_seq, NULL, store_added_cb,
                                     batch);
}
