/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-message-step-acknowledge"

#include "config.h"

#include "burble-message-batch.h"
#include "burble-receipts.h"

/*
 * On disk: the server may forget them, and who wrote them may know that they arrived. What was
 * fetched is no delivery: it has been, or will be, pushed as well.
 */
void
burble_message_step_acknowledge (BurbleMessageBatch *batch)
{
  BurbleConnection *connection = burble_account_scope_get_connection (batch->scope);

  if (batch->origin == BURBLE_ORIGIN_LIVE && BURBLE_IS_MESSAGE_CHANNEL (connection)
      && burble_account_scope_can (batch->scope, BURBLE_CAPABILITY_NONE))
    {
      burble_message_channel_acknowledge (BURBLE_MESSAGE_CHANNEL (connection), batch->events);
      burble_receipts_send_delivered (batch->scope, batch->events);
    }
  burble_message_batch_next (batch);
}
