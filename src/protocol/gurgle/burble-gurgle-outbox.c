/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-outbox"

#include "config.h"

#include <string.h>

#include "burble-gurgle-connection-private.h"

/*
 * Messages on their way out. What is sent in one turn of the main loop, or while many packets are
 * under way already, shares a packet: the server then syncs once for all of them.
 */

#define BATCH_MESSAGES 50
#define BATCH_BYTES (128 * 1024)
#define IN_FLIGHT 16
#define BACKLOG_BYTES (1024 * 1024)
/* JSON may need six bytes for one; so it still fits into a packet. */
#define MESSAGE_BYTES (2 * 1024 * 1024)

typedef struct BurbleGurgleOutbox BurbleGurgleOutbox;
struct BurbleGurgleOutbox
{
  BurbleGurgleConnection *connection; /* unowned: it owns this */
  GQueue waiting;
  guint in_flight;
  guint source;
};

typedef struct
{
  GTask *task;
  BurbleGurgleMessage *message;
  gsize size;
} Outgoing;

static void
outgoing_free (Outgoing *outgoing)
{
  g_clear_pointer (&outgoing->message, burble_gurgle_message_free);
  g_clear_object (&outgoing->task);
  g_free (outgoing);
}

struct BurbleGurgleOutbox *
burble_gurgle_outbox_new (BurbleGurgleConnection *self)
{
  BurbleGurgleOutbox *outbox = g_new0 (BurbleGurgleOutbox, 1);

  outbox->connection = self;
  g_queue_init (&outbox->waiting);
  return outbox;
}

void
burble_gurgle_outbox_free (struct BurbleGurgleOutbox *outbox)
{
  Outgoing *outgoing = NULL;

  if (outbox == NULL)
    return;
  g_clear_handle_id (&outbox->source, g_source_remove);
  while ((outgoing = g_queue_pop_head (&outbox->waiting)) != NULL)
    {
      g_task_return_new_error (outgoing->task, BURBLE_PROTOCOL_ERROR,
                               BURBLE_PROTOCOL_ERROR_NOT_CONNECTED, "The link went down");
      outgoing_free (outgoing);
    }
  g_free (outbox);
}

/* Answers. */

static GError *
error_for (const BurbleGurglePacket *reply, const char *id)
{
  if (g_strv_contains ((const char * const *) reply->sent.failure, id))
    return burble_gurgle_error_from_words (reply->error, reply->reason);
  /* `sent` may also say nothing but an error. */
  if (reply->error != NULL && reply->sent.failure[0] == NULL && reply->sent.success[0] == NULL)
    return burble_gurgle_error_from_words (reply->error, reply->reason);
  return g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_DATA,
                              "The server did not say what became of the message");
}

/* The later dialect has no messages: silence there is not a matter of time. */
static GError *
whole_error (BurbleGurgleConnection *self, const GError *error)
{
  BurbleConnection *connection = BURBLE_CONNECTION (self);

  if (!self->signed_in || self->dialect != BURBLE_GURGLE_DIALECT_0_2)
    return g_error_copy (error);
  burble_connection_set_capabilities (connection, burble_connection_get_capabilities (connection)
                                                  & ~BURBLE_CAPABILITY_MESSAGES);
  return g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
                              "This server does not deliver messages");
}

static void
tell_counted (BurbleGurgleConnection *self, const BurbleGurglePacket *reply)
{
  const GArray *seqs = reply->sent.seqs;

  if (!burble_gurgle_connection_has (self, BURBLE_GURGLE_HAS_HISTORY))
    return;
  for (guint i = 0; i < MIN (seqs->len, g_strv_length (reply->sent.success)); i++)
    if (g_array_index (seqs, gint64, i) >= 0)
      burble_history_channel_emit_counted (BURBLE_HISTORY_CHANNEL (self),
                                           g_array_index (seqs, gint64, i));
}

static void
sent_cb (gpointer owner, const BurbleGurglePacket *reply, const GError *error, gpointer data)
{
  BurbleGurgleConnection *self = owner;
  GPtrArray *batch = data;
  g_autoptr(GError) failed = error != NULL ? whole_error (self, error) : NULL;

  if (self->outbox != NULL)
    self->outbox->in_flight--;
  if (reply != NULL)
    tell_counted (self, reply);
  for (guint i = 0; i < batch->len; i++)
    {
      const Outgoing *outgoing = g_ptr_array_index (batch, i);

      if (failed != NULL)
        g_task_return_error (outgoing->task, g_error_copy (failed));
      else if (g_strv_contains ((const char * const *) reply->sent.success, outgoing->message->id))
        g_task_return_boolean (outgoing->task, TRUE);
      else
        g_task_return_error (outgoing->task, error_for (reply, outgoing->message->id));
    }
  burble_gurgle_outbox_flush (self);
}

/* Sending. */

static GPtrArray *
next_batch (BurbleGurgleOutbox *outbox)
{
  GPtrArray *batch = g_ptr_array_new_with_free_func ((GDestroyNotify) outgoing_free);
  gsize bytes = 0;

  while (!g_queue_is_empty (&outbox->waiting) && batch->len < BATCH_MESSAGES)
    {
      const Outgoing *next = outbox->waiting.head->data;

      if (batch->len > 0 && bytes + next->size > BATCH_BYTES)
        break;
      bytes += next->size;
      g_ptr_array_add (batch, g_queue_pop_head (&outbox->waiting));
    }
  return batch;
}

static void
send_batch (BurbleGurgleConnection *self, GPtrArray *batch)
{
  BurbleGurglePacket *packet = burble_gurgle_packet_new (BURBLE_GURGLE_MESSAGE);

  for (guint i = 0; i < batch->len; i++)
    {
      const Outgoing *outgoing = g_ptr_array_index (batch, i);

      g_ptr_array_add (packet->message.messages, burble_gurgle_message_copy (outgoing->message));
    }
  self->outbox->in_flight++;
  burble_gurgle_connection_request (self, packet, BURBLE_GURGLE_SENT, sent_cb, batch,
                                    (GDestroyNotify) g_ptr_array_unref);
}

void
burble_gurgle_outbox_flush (BurbleGurgleConnection *self)
{
  BurbleGurgleOutbox *outbox = self->outbox;

  if (outbox == NULL || !self->signed_in || self->quitting)
    return;
  g_clear_handle_id (&outbox->source, g_source_remove);
  while (!g_queue_is_empty (&outbox->waiting) && outbox->in_flight < IN_FLIGHT
         && (outbox->in_flight == 0
             || burble_framed_stream_get_queued_bytes (self->stream) < BACKLOG_BYTES))
    send_batch (self, next_batch (outbox));
}

static gboolean
flush_cb (gpointer user_data)
{
  BurbleGurgleOutbox *outbox = user_data;

  outbox->source = 0;
  burble_gurgle_outbox_flush (outbox->connection);
  return G_SOURCE_REMOVE;
}

static void
send_async (BurbleMessageChannel     *channel,
            const BurbleMessageEvent *message,
            GCancellable             *cancellable,
            GAsyncReadyCallback       callback,
            gpointer                  user_data)
{
  BurbleGurgleConnection *self = BURBLE_GURGLE_CONNECTION (channel);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *to = burble_gurgle_connection_bare (message->peer);
  gsize size = (message->text != NULL ? strlen (message->text) : 0)
               + (message->html != NULL ? strlen (message->html) : 0);
  Outgoing *outgoing = NULL;

  g_task_set_source_tag (task, send_async);
  if (!burble_gurgle_connection_check_open (self, task))
    return;
  if (to == NULL || message->id == NULL || size > MESSAGE_BYTES)
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED,
                                       size > MESSAGE_BYTES
                                       ? "The message is too long"
                                       : "The message has no address that could be reached");
      return;
    }

  outgoing = g_new0 (Outgoing, 1);
  outgoing->size = size;
  outgoing->message = burble_gurgle_message_new (message->id);
  outgoing->message->to = g_steal_pointer (&to);
  outgoing->message->timestamp = message->time;
  outgoing->message->text = g_strdup (message->text);
  outgoing->message->html = g_strdup (message->html);
  outgoing->task = g_steal_pointer (&task);
  g_queue_push_tail (&self->outbox->waiting, outgoing);
  if (self->outbox->source == 0)
    self->outbox->source = g_idle_add_full (G_PRIORITY_DEFAULT, flush_cb, self->outbox, NULL);
}

static gboolean
send_finish (BurbleMessageChannel *channel, GAsyncResult *result, char **network_id,
             GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, channel), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
acknowledge (BurbleMessageChannel *channel, GPtrArray *messages)
{
  burble_gurgle_inbox_acknowledge (BURBLE_GURGLE_CONNECTION (channel), messages);
}

void
burble_gurgle_message_iface_init (BurbleMessageChannelInterface *iface)
{
  iface->send_async = send_async;
  iface->send_finish = send_finish;
  iface->acknowledge = acknowledge;
}
