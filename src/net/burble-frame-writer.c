/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-net-stream"

#include "config.h"

#include "burble-frame-writer.h"

#include <sys/random.h>

#include "burble-frame.h"
#include "burble-net-error.h"
#include "burble-net-private.h"
#include "burble-websocket.h"

/* One TLS record; also what a plain socket is given at a time when frames are small. */
#define WRITE_CHUNK (16u * 1024u)
/* After so much without a pause the other sources get their turn. */
#define WRITE_BURST (512u * 1024u)
#define DEFAULT_QUEUE_LIMIT (32u * 1024u * 1024u)
/* While so much waits, a ping is not answered: whoever sends them without end gets no queue. */
#define PONG_QUEUE_LIMIT (64u * 1024u)

G_STATIC_ASSERT (WRITE_CHUNK <= BURBLE_NET_SCRATCH_SIZE);

typedef struct
{
  BurbleFrameWriter *writer;
  GTask             *task;
  GSource           *cancel_source;
  guint64            target;
} Flush;

static void schedule_write (BurbleFrameWriter *self);

static void
flush_free (Flush *flush)
{
  burble_net_clear_source (&flush->cancel_source);
  g_object_unref (flush->task);
  g_free (flush);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Flush, flush_free)

static gboolean
flush_cancelled_cb (GCancellable *cancellable,
                    gpointer      user_data)
{
  g_autoptr(Flush) flush = user_data;

  g_queue_remove (&flush->writer->flushes, flush);
  g_task_return_new_error_literal (flush->task, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                   "The flush was cancelled");
  return G_SOURCE_REMOVE;
}

static void
fail_flushes (BurbleFrameWriter *self,
              const GError       *error)
{
  GQueue flushes = self->flushes;

  g_queue_init (&self->flushes);
  while (!g_queue_is_empty (&flushes))
    {
      g_autoptr(Flush) flush = g_queue_pop_head (&flushes);

      burble_net_clear_source (&flush->cancel_source);
      g_task_return_error (flush->task, g_error_copy (error));
    }
}

/* Calls out: "drained" and completed flushes. */
static void
tell_progress (BurbleFrameWriter *self)
{
  if (self->over_mark && self->queue.bytes < self->limit / 2)
    {
      self->over_mark = FALSE;
      self->events->drained (self->owner);
    }
  while (!g_queue_is_empty (&self->flushes))
    {
      Flush *first = g_queue_peek_head (&self->flushes);
      g_autoptr(Flush) flush = NULL;

      if (self->queue.total_out < first->target)
        return;
      flush = g_queue_pop_head (&self->flushes);
      burble_net_clear_source (&flush->cancel_source);
      g_task_return_boolean (flush->task, TRUE);
    }
}

/* Takes @error. Calls out. */
static void
fail_writing (BurbleFrameWriter *self,
              GError             *error)
{
  g_debug ("Writing failed: %s", error->message);
  self->error = error;
  self->over_mark = FALSE;
  self->retry_size = 0;
  burble_send_queue_clear (&self->queue);
  fail_flushes (self, self->error);
  if (!self->closed)
    self->events->failed (self->owner, self->error);
}

static void
written (BurbleFrameWriter *self,
         gsize               n)
{
  self->retry_size = 0;
  burble_send_queue_advance (&self->queue, n);
}

/* Writes until the queue is empty, the stream would block, fails, or others should have a turn. */
static void
write_burst (BurbleFrameWriter *self)
{
  GError *error = NULL;
  gsize done = 0;

  self->blocked = FALSE;
  while (self->queue.bytes > 0 && done < WRITE_BURST)
    {
      const guint8 *data = NULL;
      gsize size = burble_send_queue_peek (&self->queue, burble_net_get_scratch (), WRITE_CHUNK,
                                           &data);
      gssize n = 0;

      if (self->retry_size != 0)
        size = MIN (size, self->retry_size);
      n = g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (self->output), data,
                                                      size, NULL, &error);
      if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          g_clear_error (&error);
          self->retry_size = size;
          self->blocked = TRUE;
          break;
        }
      if (n < 0)
        {
          fail_writing (self, error);
          return;
        }
      written (self, (gsize) n);
      done += (gsize) n;
    }
  if (done > 0)
    tell_progress (self);
}

static gboolean
writable_cb (GObject  *output,
             gpointer  user_data)
{
  BurbleFrameWriter *self = user_data;
  g_autoptr(GObject) owner = g_object_ref (self->owner);

  write_burst (self);
  if (!self->closed && self->queue.bytes > 0 && self->blocked)
    return G_SOURCE_CONTINUE;
  burble_net_clear_source (&self->source);
  schedule_write (self);
  return G_SOURCE_REMOVE;
}

static gboolean
write_turn_cb (gpointer user_data)
{
  BurbleFrameWriter *self = user_data;
  g_autoptr(GObject) owner = g_object_ref (self->owner);

  burble_net_clear_source (&self->source);
  write_burst (self);
  schedule_write (self);
  return G_SOURCE_REMOVE;
}

static void
async_write_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  BurbleFrameWriter *self = user_data;
  g_autoptr(GObject) owner = self->owner; /* held since the write began */
  GError *error = NULL;
  gssize n = g_output_stream_write_bytes_finish (G_OUTPUT_STREAM (object), result, &error);

  self->writing = FALSE;
  if (self->closed)
    {
      g_clear_error (&error);
      return;
    }
  if (n < 0)
    {
      fail_writing (self, error);
      return;
    }
  written (self, (gsize) n);
  tell_progress (self);
  schedule_write (self);
}

static gboolean
async_write_turn_cb (gpointer user_data)
{
  BurbleFrameWriter *self = user_data;
  g_autoptr(GBytes) bytes = NULL;
  const guint8 *data = NULL;
  gsize size = burble_send_queue_peek (&self->queue, burble_net_get_scratch (), WRITE_CHUNK,
                                       &data);

  burble_net_clear_source (&self->source);
  bytes = g_bytes_new (data, MIN (size, WRITE_CHUNK));
  self->writing = TRUE;
  g_object_ref (self->owner);
  g_output_stream_write_bytes_async (self->output, bytes, G_PRIORITY_DEFAULT, self->cancellable,
                                     async_write_cb, self);
  return G_SOURCE_REMOVE;
}

/* Frames wait for the next turn of the main loop, so that those of one turn leave together. */
static void
schedule_write (BurbleFrameWriter *self)
{
  if (self->source != NULL || self->writing || self->queue.bytes == 0 || self->closed)
    return;
  if (self->polls && self->blocked)
    {
      self->source =
        g_pollable_output_stream_create_source (G_POLLABLE_OUTPUT_STREAM (self->output), NULL);
      g_source_set_callback (self->source, G_SOURCE_FUNC (writable_cb), self, NULL);
    }
  else
    {
      self->source = g_idle_source_new ();
      g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
      g_source_set_callback (self->source,
                             self->polls ? write_turn_cb : async_write_turn_cb, self, NULL);
    }
  g_source_set_static_name (self->source, "[burble] framed stream output");
  g_source_attach (self->source, self->context);
}

/**
 * burble_frame_writer_init:
 * @self: a writer that is all zeros, part of @owner
 * @owner: (transfer none): kept alive while the writer calls out, not otherwise
 * @events: what to call, with @owner
 * @output: (transfer none): where to write; must live until burble_frame_writer_close()
 * @context: where sources are attached and all callbacks come
 */
void
burble_frame_writer_init (BurbleFrameWriter             *self,
                          GObject                       *owner,
                          const BurbleFrameWriterEvents *events,
                          GOutputStream                 *output,
                          GMainContext                  *context)
{
  self->owner = owner;
  self->events = events;
  self->output = output;
  self->context = g_main_context_ref (context);
  self->limit = DEFAULT_QUEUE_LIMIT;
  self->polls = G_IS_POLLABLE_OUTPUT_STREAM (output) &&
                g_pollable_output_stream_can_poll (G_POLLABLE_OUTPUT_STREAM (output));
  if (!self->polls)
    self->cancellable = g_cancellable_new ();
}

/* A mask nobody can foresee: a page could otherwise choose the bytes that proxies see. */
static void
make_mask (guint8 *mask)
{
  if (getrandom (mask, BURBLE_WEBSOCKET_MASK_SIZE, 0) != BURBLE_WEBSOCKET_MASK_SIZE)
    g_error ("No random numbers");
}

static GBytes *
encode (BurbleWebsocketOpcode  opcode,
        GBytes                *payload)
{
  guint8 mask[BURBLE_WEBSOCKET_MASK_SIZE];
  gsize size = 0;
  const void *data = g_bytes_get_data (payload, &size);

  make_mask (mask);
  return burble_websocket_encode (opcode, data, size, mask);
}

/**
 * burble_frame_writer_send:
 * @self: a frame writer
 * @payload: one packet; shared, not copied, unless it goes through a WebSocket
 * @error: return location for %BURBLE_NET_ERROR_QUEUE_FULL, %G_IO_ERROR_CLOSED, or what made an
 *   earlier write fail
 *
 * Queues one frame, to be written in the next turn of the main loop.
 *
 * Returns: %FALSE if it was not queued; when that was for lack of room, `drained` is called later
 */
gboolean
burble_frame_writer_send (BurbleFrameWriter *self,
                          GBytes            *payload,
                          GError           **error)
{
  gsize size = (self->websocket ? BURBLE_WEBSOCKET_HEADER_SIZE : BURBLE_FRAME_HEADER_SIZE) +
               g_bytes_get_size (payload);
  g_autoptr(GBytes) frame = NULL;

  if (self->closed)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The connection is closed");
      return FALSE;
    }
  if (self->error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->error));
      return FALSE;
    }
  if (size > self->limit || self->queue.bytes > self->limit - size)
    {
      self->over_mark = TRUE;
      g_set_error (error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_QUEUE_FULL,
                   "%" G_GSIZE_FORMAT " bytes wait to be sent already", self->queue.bytes);
      return FALSE;
    }
  self->queue.bare = self->websocket;
  if (self->websocket)
    frame = encode (BURBLE_WEBSOCKET_OPCODE_TEXT, payload);
  burble_send_queue_push (&self->queue, frame != NULL ? frame : payload);
  if (self->queue.bytes > self->limit / 2)
    self->over_mark = TRUE;
  schedule_write (self);
  return TRUE;
}

/**
 * burble_frame_writer_pong:
 * @self: the writer of a WebSocket
 * @payload: what came with the ping
 *
 * Answers it, unless too much waits to be sent.
 */
void
burble_frame_writer_pong (BurbleFrameWriter *self,
                          GBytes            *payload)
{
  g_autoptr(GBytes) frame = NULL;

  if (self->closed || self->error != NULL || self->queue.bytes > PONG_QUEUE_LIMIT)
    return;
  self->queue.bare = TRUE;
  frame = encode (BURBLE_WEBSOCKET_OPCODE_PONG, payload);
  burble_send_queue_push (&self->queue, frame);
  schedule_write (self);
}

/**
 * burble_frame_writer_say_goodbye:
 * @self: the writer of a WebSocket
 * @code: why it is closed
 *
 * Writes the last frame at once, where nothing is in its way: the stream is about to be closed.
 *
 * Returns: %FALSE if the stream must not be written to any more
 */
gboolean
burble_frame_writer_say_goodbye (BurbleFrameWriter *self,
                                 guint16            code)
{
  guint8 mask[BURBLE_WEBSOCKET_MASK_SIZE];
  g_autoptr(GBytes) frame = NULL;
  gsize size = 0;
  const void *data = NULL;

  if (self->closed || self->error != NULL || self->blocked)
    return FALSE;
  if (!self->polls || self->queue.bytes > 0)
    return TRUE;
  make_mask (mask);
  frame = burble_websocket_encode_close (code, mask);
  data = g_bytes_get_data (frame, &size);
  return g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (self->output), data,
                                                     size, NULL, NULL) == (gssize) size;
}

/**
 * burble_frame_writer_flush:
 * @self: a frame writer
 * @task: returns %TRUE when all that is queued now is written, or an error; its cancellable gives
 *   up the waiting
 */
void
burble_frame_writer_flush (BurbleFrameWriter *self,
                           GTask             *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Flush *flush = NULL;

  if (self->error != NULL)
    g_task_return_error (task, g_error_copy (self->error));
  else if (self->closed)
    g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_CLOSED,
                                     "The connection is closed");
  else if (self->queue.bytes == 0)
    g_task_return_boolean (task, TRUE);
  else
    {
      flush = g_new0 (Flush, 1);
      flush->writer = self;
      flush->target = self->queue.total_in;
      flush->task = g_object_ref (task);
      if (cancellable != NULL)
        {
          flush->cancel_source = g_cancellable_source_new (cancellable);
          g_source_set_static_name (flush->cancel_source, "[burble] flush cancellable");
          g_source_set_callback (flush->cancel_source, G_SOURCE_FUNC (flush_cancelled_cb), flush,
                                 NULL);
          g_source_attach (flush->cancel_source, self->context);
        }
      g_queue_push_tail (&self->flushes, flush);
    }
}

/**
 * burble_frame_writer_close:
 * @self: a frame writer
 * @error: for those who wait for a flush
 *
 * Drops the queue. From here on nothing is written and, but for those flushes, nobody is called.
 */
void
burble_frame_writer_close (BurbleFrameWriter *self,
                           const GError      *error)
{
  self->closed = TRUE;
  burble_net_clear_source (&self->source);
  burble_send_queue_clear (&self->queue);
  g_cancellable_cancel (self->cancellable);
  fail_flushes (self, error);
}

/**
 * burble_frame_writer_clear:
 * @self: a frame writer that is closed
 *
 * Frees what it holds; for the finalizer of its owner.
 */
void
burble_frame_writer_clear (BurbleFrameWriter *self)
{
  burble_send_queue_clear (&self->queue);
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->context, g_main_context_unref);
}
