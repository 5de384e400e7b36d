/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-message-pipeline"

#include "config.h"

#include "burble-message-pipeline.h"

#include "burble-message-batch.h"

#define MAX_BATCH 1000
#define MAX_RECENT 2048

/* An entry of the queue is a batch, or a function that waits for its turn. */
typedef struct
{
  BurbleMessageBatch *batch;
  GFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Entry;

struct _BurbleMessagePipeline
{
  GObject parent_instance;

  BurbleAccountScope *scope;
  GQueue queue; /* of Entry */
  gboolean busy;
  GHashTable *recent; /* keys of messages on disk … */
  GQueue recent_order; /* … oldest first; the keys belong to the table */

  BurbleLiveStartFunc live_start;
  BurbleLiveDoneFunc live_done;
  gpointer live_data;
};

G_DEFINE_FINAL_TYPE (BurbleMessagePipeline, burble_message_pipeline, G_TYPE_OBJECT)

static const struct
{
  const char *name;
  void (*run) (BurbleMessageBatch *batch);
} steps[] = {
  { "known", burble_message_step_known },
  { "store", burble_message_step_store },
  { "acknowledge", burble_message_step_acknowledge },
  { "model", burble_message_step_model },
  { "notify", burble_message_step_notify },
};

static void
batch_chat_free (gpointer data)
{
  BurbleBatchChat *chat = data;

  g_object_unref (chat->conversation);
  g_ptr_array_unref (chat->fresh);
  g_free (chat);
}

static BurbleMessageBatch *
batch_new (BurbleMessagePipeline *pipeline, BurbleMessageOrigin origin)
{
  BurbleMessageBatch *batch = g_new0 (BurbleMessageBatch, 1);

  batch->pipeline = pipeline;
  batch->scope = g_object_ref (pipeline->scope);
  batch->origin = origin;
  batch->events = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
  batch->messages = g_ptr_array_new_with_free_func (g_object_unref);
  batch->fresh = g_ptr_array_new_with_free_func (g_object_unref);
  batch->chats = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, batch_chat_free);
  batch->highest_seq = -1;
  return batch;
}

static void
batch_free (BurbleMessageBatch *batch)
{
  if (batch->done_destroy != NULL)
    batch->done_destroy (batch->done_data);
  g_ptr_array_unref (batch->events);
  g_ptr_array_unref (batch->messages);
  g_ptr_array_unref (batch->fresh);
  g_hash_table_unref (batch->chats);
  g_object_unref (batch->scope);
  g_free (batch);
}

static void
entry_free (Entry *entry)
{
  g_clear_pointer (&entry->batch, batch_free);
  if (entry->destroy != NULL)
    entry->destroy (entry->data);
  g_free (entry);
}

static void
start_batch (BurbleMessagePipeline *self, BurbleMessageBatch *batch)
{
  self->busy = TRUE;
  /* The batch keeps the pipeline while it is under way. */
  g_object_ref (self);
  if (batch->origin == BURBLE_ORIGIN_LIVE && self->live_start != NULL)
    batch->highest_seq = self->live_start (batch->events, self->live_data);
  g_debug ("%u messages start", batch->events->len);
  steps[0].run (batch);
}

static void
run_queue (BurbleMessagePipeline *self)
{
  while (!self->busy && !g_queue_is_empty (&self->queue))
    {
      Entry *entry = g_queue_pop_head (&self->queue);

      if (burble_account_scope_is_closed (self->scope))
        {
          entry_free (entry);
          continue;
        }
      if (entry->batch != NULL)
        start_batch (self, g_steal_pointer (&entry->batch));
      else
        entry->func (entry->data, self);
      entry_free (entry);
    }
}

static gint64
lowest_fresh_seq (BurbleMessageBatch *batch)
{
  gint64 lowest = -1;

  for (guint i = 0; i < batch->fresh->len; i++)
    {
      gint64 seq = burble_message_get_seq (g_ptr_array_index (batch->fresh, i));

      if (seq >= 0 && (lowest < 0 || seq < lowest))
        lowest = seq;
    }
  return lowest;
}

static void
end_batch (BurbleMessageBatch *batch, BurbleBatchResult result)
{
  g_autoptr(BurbleMessagePipeline) self = batch->pipeline;

  self->busy = FALSE;
  if (!burble_account_scope_is_closed (batch->scope))
    {
      if (batch->origin == BURBLE_ORIGIN_LIVE && self->live_done != NULL)
        self->live_done (result, lowest_fresh_seq (batch), self->live_data);
      if (batch->done != NULL)
        batch->done (result, batch->done_data);
    }
  batch_free (batch);
  run_queue (self);
}

static char *
make_key (const char *peer, const char *sender, const char *id)
{
  return g_strjoin ("\n", peer, sender, id, NULL);
}

static void
burble_message_pipeline_dispose (GObject *object)
{
  BurbleMessagePipeline *self = BURBLE_MESSAGE_PIPELINE (object);

  g_queue_clear_full (&self->queue, (GDestroyNotify) entry_free);
  g_clear_object (&self->scope);

  G_OBJECT_CLASS (burble_message_pipeline_parent_class)->dispose (object);
}

static void
burble_message_pipeline_finalize (GObject *object)
{
  BurbleMessagePipeline *self = BURBLE_MESSAGE_PIPELINE (object);

  g_queue_clear (&self->recent_order);
  g_hash_table_unref (self->recent);

  G_OBJECT_CLASS (burble_message_pipeline_parent_class)->finalize (object);
}

static void
burble_message_pipeline_class_init (BurbleMessagePipelineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_message_pipeline_dispose;
  object_class->finalize = burble_message_pipeline_finalize;
}

static void
burble_message_pipeline_init (BurbleMessagePipeline *self)
{
  g_queue_init (&self->queue);
  g_queue_init (&self->recent_order);
  self->recent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
channel_received_cb (BurbleMessagePipeline *self, GPtrArray *events)
{
  burble_message_pipeline_push (self, BURBLE_ORIGIN_LIVE, events, -1, NULL, NULL, NULL);
}

BurbleMessagePipeline *
burble_message_pipeline_new (BurbleAccountScope *scope)
{
  BurbleMessagePipeline *self = g_object_new (BURBLE_TYPE_MESSAGE_PIPELINE, NULL);
  BurbleConnection *connection = burble_account_scope_get_connection (scope);

  self->scope = g_object_ref (scope);
  if (BURBLE_IS_MESSAGE_CHANNEL (connection))
    g_signal_connect_object (connection, "messages-received",
                             G_CALLBACK (channel_received_cb), self, G_CONNECT_SWAPPED);
  return self;
}

void
burble_message_pipeline_set_live_funcs (BurbleMessagePipeline *self,
                                        BurbleLiveStartFunc    start,
                                        BurbleLiveDoneFunc     done,
                                        gpointer               user_data)
{
  self->live_start = start;
  self->live_done = done;
  self->live_data = user_data;
}

/* Where pushed messages gather: the last batch of the queue, if it is one of theirs. */
static BurbleMessageBatch *
gathering_batch (BurbleMessagePipeline *self)
{
  Entry *last = g_queue_peek_tail (&self->queue);

  if (last == NULL || last->batch == NULL || last->batch->origin != BURBLE_ORIGIN_LIVE
      || last->batch->events->len >= MAX_BATCH)
    return NULL;
  return last->batch;
}

void
burble_message_pipeline_push (BurbleMessagePipeline *self,
                              BurbleMessageOrigin    origin,
                              GPtrArray             *events,
                              gint64                 highest_seq,
                              BurbleBatchDoneFunc    done,
                              gpointer               user_data,
                              GDestroyNotify         destroy)
{
  BurbleMessageBatch *batch = NULL;

  g_return_if_fail (BURBLE_IS_MESSAGE_PIPELINE (self));
  g_return_if_fail (events != NULL);

  if (origin == BURBLE_ORIGIN_LIVE)
    batch = gathering_batch (self);
  if (batch == NULL)
    {
      Entry *entry = g_new0 (Entry, 1);

      batch = batch_new (self, origin);
      batch->highest_seq = highest_seq;
      batch->done = done;
      batch->done_data = user_data;
      batch->done_destroy = destroy;
      entry->batch = batch;
      g_queue_push_tail (&self->queue, entry);
    }
  for (guint i = 0; i < events->len; i++)
    {
      BurbleMessageEvent *event = burble_message_event_copy (g_ptr_array_index (events, i));

      if (event->seq > BURBLE_MAX_SEQ)
        event->seq = -1;
      g_ptr_array_add (batch->events, event);
    }
  run_queue (self);
}

void
burble_message_pipeline_run_after (BurbleMessagePipeline *self,
                                   GFunc                  func,
                                   gpointer               data,
                                   GDestroyNotify         destroy)
{
  Entry *entry = NULL;

  g_return_if_fail (BURBLE_IS_MESSAGE_PIPELINE (self));

  entry = g_new0 (Entry, 1);
  entry->func = func;
  entry->data = data;
  entry->destroy = destroy;
  g_queue_push_tail (&self->queue, entry);
  run_queue (self);
}

void
burble_message_batch_next (BurbleMessageBatch *batch)
{
  batch->step++;
  if (burble_account_scope_is_closed (batch->scope))
    {
      end_batch (batch, BURBLE_BATCH_FAILED);
    }
  else if (batch->step == G_N_ELEMENTS (steps))
    {
      end_batch (batch, batch->reached ? BURBLE_BATCH_REACHED : BURBLE_BATCH_STORED);
    }
  else
    {
      g_debug ("Step %s", steps[batch->step].name);
      steps[batch->step].run (batch);
    }
}

void
burble_message_batch_fail (BurbleMessageBatch *batch, const GError *error)
{
  burble_account_scope_store_failed (batch->scope, error);
  end_batch (batch, BURBLE_BATCH_FAILED);
}

gboolean
burble_message_batch_seems_known (BurbleMessageBatch *batch, const BurbleMessageEvent *event)
{
  g_autofree char *key = make_key (event->peer, event->sender, event->id);

  return g_hash_table_contains (batch->pipeline->recent, key);
}

void
burble_message_batch_remember (BurbleMessageBatch *batch)
{
  BurbleMessagePipeline *self = batch->pipeline;

  for (guint i = 0; i < batch->messages->len; i++)
    {
      BurbleMessage *message = g_ptr_array_index (batch->messages, i);
      char *key = NULL;

      /* Our own come again to have their state moved up; the store looks at those. */
      if (burble_message_is_outgoing (message))
        continue;
      key = make_key (burble_message_get_peer (message), burble_message_get_sender (message),
                      burble_message_get_id (message));
      if (g_hash_table_add (self->recent, key))
        g_queue_push_tail (&self->recent_order, key);
      if (self->recent_order.length > MAX_RECENT)
        g_hash_table_remove (self->recent, g_queue_pop_head (&self->recent_order));
    }
}
