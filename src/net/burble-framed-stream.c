/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-net-stream"

#include "config.h"

#include "burble-framed-stream.h"

#include "burble-frame-buffer.h"
#include "burble-frame-writer.h"
#include "burble-frame.h"
#include "burble-net-private.h"
#include "burble-stream-closer.h"

#define READ_CHUNK BURBLE_NET_SCRATCH_SIZE

struct _BurbleFramedStream
{
  GObject            parent_instance;
  GIOStream         *stream;
  GInputStream      *input;
  GMainContext      *context;
  GCancellable      *cancellable; /* for an input that cannot be polled */
  GError            *read_error;  /* sticky: what came first */
  GTask             *read_task;
  GSource           *read_source;
  GSource           *read_cancel_source;
  BurbleFrameBuffer  buffer;
  BurbleFrameWriter  writer;
  gsize              read_limit;
  gint64             last_received;
  guint              input_polls : 1;
  guint              input_may_have : 1; /* there may be bytes without the socket being readable */
  guint              reading : 1;        /* an async read is under way on the stream */
  guint              at_end : 1;
  guint              closed : 1;
};

G_DEFINE_FINAL_TYPE (BurbleFramedStream, burble_framed_stream, G_TYPE_OBJECT)

enum
{
  SIGNAL_DRAINED,
  SIGNAL_WRITE_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Reading */

static void start_reading (BurbleFramedStream *self);

static GTask *
steal_read_task (BurbleFramedStream *self)
{
  burble_net_clear_source (&self->read_cancel_source);
  return g_steal_pointer (&self->read_task);
}

/* Completes the pending read if there is something to complete it with. May call out. */
static gboolean
complete_read (BurbleFramedStream *self,
               GBytes             *frame)
{
  g_autoptr(GTask) task = NULL;

  if (self->read_task == NULL)
    return TRUE;
  if (frame != NULL)
    {
      task = steal_read_task (self);
      g_task_return_pointer (task, frame, (GDestroyNotify) g_bytes_unref);
      return TRUE;
    }
  if (self->read_error != NULL)
    {
      task = steal_read_task (self);
      g_task_return_error (task, g_error_copy (self->read_error));
      return TRUE;
    }
  if (!self->at_end)
    return FALSE;
  task = steal_read_task (self);
  if (burble_frame_buffer_is_empty (&self->buffer))
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                                     "The connection ended inside a packet");
  return TRUE;
}

/* What the bytes of a WebSocket may bring besides packets. */
static GBytes *
look_after (BurbleFramedStream *self,
            GBytes             *frame)
{
  g_autoptr(GBytes) ping = g_steal_pointer (&self->buffer.ping);

  if (ping != NULL)
    burble_frame_writer_pong (&self->writer, ping);
  if (self->buffer.ended)
    self->at_end = TRUE;
  return frame;
}

/* The next frame out of the bytes that are here. */
static GBytes *
pop_frame (BurbleFramedStream *self)
{
  return look_after (self, burble_frame_buffer_pop (&self->buffer, self->read_limit,
                                                    &self->read_error));
}

/* What a read on the stream gave. Takes @error. */
static GBytes *
received (BurbleFramedStream *self,
          const guint8       *data,
          gssize              n,
          GError             *error)
{
  if (n > 0)
    {
      self->last_received = g_get_monotonic_time ();
      if (self->read_task != NULL)
        return look_after (self, burble_frame_buffer_feed (&self->buffer, data, (gsize) n,
                                                           self->read_limit, &self->read_error));
      burble_frame_buffer_push (&self->buffer, data, (gsize) n);
      return NULL;
    }
  /* A peer that leaves TLS without a goodbye has left all the same; the frames say if too early. */
  if (n == 0 || g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_EOF))
    {
      g_clear_error (&error);
      self->at_end = TRUE;
      return NULL;
    }
  self->read_error = error;
  return NULL;
}

/* One read from a stream that can be polled; FALSE if it would block. */
static gboolean
read_some (BurbleFramedStream *self,
           GBytes            **frame)
{
  GError *error = NULL;
  guint8 *scratch = burble_net_get_scratch ();
  gssize n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (self->input),
                                                       scratch, READ_CHUNK, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      g_clear_error (&error);
      self->input_may_have = FALSE;
      return FALSE;
    }
  /* A TLS record may have been cut by the size asked for; then no poll tells of the rest. */
  self->input_may_have = n == (gssize) READ_CHUNK;
  *frame = received (self, scratch, n, error);
  return TRUE;
}

static gboolean
readable_cb (GObject  *input,
             gpointer  user_data)
{
  g_autoptr(BurbleFramedStream) self = g_object_ref (user_data);
  GBytes *frame = NULL;

  if (self->read_task != NULL && read_some (self, &frame))
    {
      complete_read (self, frame);
      /* What was called may have read on, taken frames or closed. */
      if (self->read_task != NULL && self->input_may_have)
        start_reading (self);
    }
  /* Back-pressure: as long as no read is asked for, the peer's bytes stay where they are. */
  if (self->read_task == NULL || self->closed)
    {
      burble_net_clear_source (&self->read_source);
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

static void
async_read_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(BurbleFramedStream) self = user_data;
  g_autoptr(GBytes) bytes = NULL;
  GError *error = NULL;
  gsize size = 0;
  const guint8 *data = NULL;
  GBytes *frame = NULL;

  bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, &error);
  self->reading = FALSE;
  if (self->closed)
    {
      g_clear_error (&error);
      return;
    }
  if (bytes != NULL)
    data = g_bytes_get_data (bytes, &size);
  frame = received (self, data, error == NULL ? (gssize) size : -1, error);
  complete_read (self, frame);
  if (self->read_task != NULL)
    start_reading (self);
}

/* With a read pending and nothing at hand: waits for bytes. */
static void
start_reading (BurbleFramedStream *self)
{
  if (!self->input_polls)
    {
      if (self->reading)
        return;
      self->reading = TRUE;
      g_input_stream_read_bytes_async (self->input, READ_CHUNK, G_PRIORITY_DEFAULT,
                                       self->cancellable, async_read_cb, g_object_ref (self));
      return;
    }
  while (self->read_task != NULL && self->input_may_have)
    {
      GBytes *frame = NULL;

      if (read_some (self, &frame) && complete_read (self, frame))
        return;
    }
  if (self->read_task == NULL || self->read_source != NULL || self->closed)
    return;
  self->read_source =
    g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (self->input), NULL);
  g_source_set_static_name (self->read_source, "[burble] framed stream input");
  g_source_set_callback (self->read_source, G_SOURCE_FUNC (readable_cb), self, NULL);
  g_source_attach (self->read_source, self->context);
}

static gboolean
read_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  BurbleFramedStream *self = user_data;
  g_autoptr(GTask) task = steal_read_task (self);

  if (task != NULL)
    g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                     "The read was cancelled");
  return G_SOURCE_REMOVE;
}

/* Writing */

static void
drained (gpointer owner)
{
  g_signal_emit (owner, signals[SIGNAL_DRAINED], 0);
}

static void
write_failed (gpointer      owner,
              const GError *error)
{
  g_signal_emit (owner, signals[SIGNAL_WRITE_FAILED], 0, error);
}

static const BurbleFrameWriterEvents writer_events = { drained, write_failed };

static void
burble_framed_stream_dispose (GObject *object)
{
  BurbleFramedStream *self = BURBLE_FRAMED_STREAM (object);

  burble_framed_stream_close (self);
  g_clear_object (&self->stream);

  G_OBJECT_CLASS (burble_framed_stream_parent_class)->dispose (object);
}

static void
burble_framed_stream_finalize (GObject *object)
{
  BurbleFramedStream *self = BURBLE_FRAMED_STREAM (object);

  burble_frame_buffer_clear (&self->buffer);
  burble_frame_writer_clear (&self->writer);
  g_clear_error (&self->read_error);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->context, g_main_context_unref);

  G_OBJECT_CLASS (burble_framed_stream_parent_class)->finalize (object);
}

static void
burble_framed_stream_class_init (BurbleFramedStreamClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_framed_stream_dispose;
  object_class->finalize = burble_framed_stream_finalize;

  signals[SIGNAL_DRAINED] = g_signal_new ("drained", BURBLE_TYPE_FRAMED_STREAM, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_WRITE_FAILED] =
    g_signal_new ("write-failed", BURBLE_TYPE_FRAMED_STREAM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
burble_framed_stream_init (BurbleFramedStream *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->read_limit = BURBLE_FRAME_DEFAULT_LIMIT;
  self->input_may_have = TRUE;
  self->last_received = g_get_monotonic_time ();
}

/**
 * burble_framed_stream_new:
 * @stream: an open stream; from here on nobody else reads, writes or closes it
 *
 * All callbacks come in the thread-default main context of this call.
 *
 * A pending read keeps the object alive, as asynchronous operations do: close it to let go.
 */
BurbleFramedStream *
burble_framed_stream_new (GIOStream *stream)
{
  BurbleFramedStream *self = NULL;

  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);

  self = g_object_new (BURBLE_TYPE_FRAMED_STREAM, NULL);
  self->stream = g_object_ref (stream);
  self->input = g_io_stream_get_input_stream (stream);
  burble_frame_writer_init (&self->writer, G_OBJECT (self), &writer_events,
                            g_io_stream_get_output_stream (stream), self->context);
  self->input_polls = G_IS_POLLABLE_INPUT_STREAM (self->input) &&
                      g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (self->input));
  if (!self->input_polls)
    self->cancellable = g_cancellable_new ();
  return self;
}

/**
 * burble_framed_stream_new_websocket:
 * @stream: an open stream that is a WebSocket since its last byte, and we are the client; as with
 *   [ctor@FramedStream.new]
 *
 * The packets travel as text messages. All else is the same; nobody above has to know.
 */
BurbleFramedStream *
burble_framed_stream_new_websocket (GIOStream *stream)
{
  BurbleFramedStream *self = burble_framed_stream_new (stream);

  g_return_val_if_fail (self != NULL, NULL);

  self->buffer.websocket = burble_websocket_reader_new (FALSE);
  self->writer.websocket = TRUE;
  return self;
}

/* The other side is told that a WebSocket ends; FALSE: it takes nothing any more. */
static gboolean
say_goodbye (BurbleFramedStream *self)
{
  guint16 code = 0;

  if (self->buffer.websocket == NULL)
    return !self->writer.blocked && self->writer.error == NULL;
  code = burble_websocket_reader_get_code (self->buffer.websocket);
  return burble_frame_writer_say_goodbye (&self->writer, code);
}

/**
 * burble_framed_stream_set_read_limit:
 * @self: a framed stream
 * @bytes: the largest payload accepted
 *
 * Holds for every frame that is asked for from now on, also where its bytes have already come.
 */
void
burble_framed_stream_set_read_limit (BurbleFramedStream *self,
                                     gsize               bytes)
{
  g_return_if_fail (BURBLE_IS_FRAMED_STREAM (self));

  self->read_limit = bytes;
}

/**
 * burble_framed_stream_set_queue_limit:
 * @self: a framed stream
 * @bytes: how much may wait to be sent, length prefixes included; 32 MiB if never set
 */
void
burble_framed_stream_set_queue_limit (BurbleFramedStream *self,
                                      gsize               bytes)
{
  g_return_if_fail (BURBLE_IS_FRAMED_STREAM (self));

  self->writer.limit = bytes;
}

/**
 * burble_framed_stream_get_queued_bytes:
 * @self: a framed stream
 *
 * Returns: how much waits to be handed to the stream, in bytes with length prefixes
 */
gsize
burble_framed_stream_get_queued_bytes (BurbleFramedStream *self)
{
  g_return_val_if_fail (BURBLE_IS_FRAMED_STREAM (self), 0);

  return self->writer.queue.bytes;
}

/**
 * burble_framed_stream_get_last_received:
 * @self: a framed stream
 *
 * Returns: the monotonic time (µs) at which the last bytes came, at first that of the making
 */
gint64
burble_framed_stream_get_last_received (BurbleFramedStream *self)
{
  g_return_val_if_fail (BURBLE_IS_FRAMED_STREAM (self), 0);

  return self->last_received;
}

/**
 * burble_framed_stream_send:
 * @self: a framed stream
 * @payload: one packet, not empty
 * @error: return location for an error
 *
 * Queues one frame; it is written from the main loop. After a refusal with
 * %BURBLE_NET_ERROR_QUEUE_FULL "drained" follows, when it is worth trying again.
 *
 * Returns: %FALSE if the queue is full, the stream is closed, or a write has failed before
 */
gboolean
burble_framed_stream_send (BurbleFramedStream *self,
                           GBytes             *payload,
                           GError            **error)
{
  g_return_val_if_fail (BURBLE_IS_FRAMED_STREAM (self), FALSE);
  g_return_val_if_fail (payload != NULL, FALSE);
  g_return_val_if_fail (g_bytes_get_size (payload) > 0, FALSE);
  g_return_val_if_fail (g_bytes_get_size (payload) <= G_MAXUINT32, FALSE);

  return burble_frame_writer_send (&self->writer, payload, error);
}

/**
 * burble_framed_stream_read_async:
 * @self: a framed stream
 * @cancellable: (nullable): lets go of this read only; the frame it waited for is for the next one
 * @callback: called when a frame is there, the stream has ended or failed
 * @user_data: for @callback
 *
 * Asks for one frame. One read at a time.
 */
void
burble_framed_stream_read_async (BurbleFramedStream *self,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  GBytes *frame = NULL;

  g_return_if_fail (BURBLE_IS_FRAMED_STREAM (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, burble_framed_stream_read_async);
  g_task_set_static_name (task, "[burble] read frame");
  /* A frame is never thrown away because of a late cancel: it is checked here and by the source. */
  g_task_set_check_cancellable (task, FALSE);
  if (g_cancellable_is_cancelled (cancellable))
    {
      g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                       "The read was cancelled");
      return;
    }
  if (self->closed)
    {
      g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_CLOSED,
                                       "The connection is closed");
      return;
    }
  if (self->read_task != NULL)
    {
      g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_PENDING,
                                       "A read is already pending");
      return;
    }

  self->read_task = g_steal_pointer (&task);
  if (self->read_error == NULL)
    frame = pop_frame (self);
  if (complete_read (self, frame))
    return;
  if (cancellable != NULL)
    {
      self->read_cancel_source = g_cancellable_source_new (cancellable);
      g_source_set_static_name (self->read_cancel_source, "[burble] read cancellable");
      g_source_set_callback (self->read_cancel_source, G_SOURCE_FUNC (read_cancelled_cb), self,
                             NULL);
      g_source_attach (self->read_cancel_source, self->context);
    }
  start_reading (self);
}

/**
 * burble_framed_stream_read_finish:
 *
 * Returns: (transfer full) (nullable): the payload of one frame; %NULL without @error at the end
 */
GBytes *
burble_framed_stream_read_finish (BurbleFramedStream *self,
                                  GAsyncResult       *result,
                                  GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * burble_framed_stream_take:
 *
 * Returns: (transfer full) (nullable): a frame that has already arrived
 */
GBytes *
burble_framed_stream_take (BurbleFramedStream *self)
{
  g_return_val_if_fail (BURBLE_IS_FRAMED_STREAM (self), NULL);
  g_return_val_if_fail (self->read_task == NULL, NULL);

  if (self->closed || self->read_error != NULL)
    return NULL;
  return pop_frame (self);
}

/**
 * burble_framed_stream_flush_async:
 * @self: a framed stream
 * @cancellable: (nullable): gives up the waiting, not the sending
 * @callback: called when all that was queued before this call is handed to the stream
 * @user_data: for @callback
 *
 * Errors: %G_IO_ERROR_CANCELLED, also when the stream is closed meanwhile; %G_IO_ERROR_CLOSED; and
 * what made a write fail.
 */
void
burble_framed_stream_flush_async (BurbleFramedStream *self,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BURBLE_IS_FRAMED_STREAM (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, burble_framed_stream_flush_async);
  g_task_set_static_name (task, "[burble] flush frames");
  if (!g_task_return_error_if_cancelled (task))
    burble_frame_writer_flush (&self->writer, task);
}

gboolean
burble_framed_stream_flush_finish (BurbleFramedStream *self,
                                   GAsyncResult       *result,
                                   GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * burble_framed_stream_close:
 * @self: a framed stream
 *
 * Drops what is queued, lets a pending read and flushes fail with %G_IO_ERROR_CANCELLED, and closes
 * the stream. What was written before still reaches the peer: the socket lingers for up to 3 s in
 * the background. Closing twice does nothing.
 */
void
burble_framed_stream_close (BurbleFramedStream *self)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;

  g_return_if_fail (BURBLE_IS_FRAMED_STREAM (self));

  if (self->closed)
    return;
  self->closed = TRUE;
  burble_net_clear_source (&self->read_source);
  task = steal_read_task (self);
  g_cancellable_cancel (self->cancellable);
  if (self->stream != NULL)
    burble_stream_closer_close (self->stream, !say_goodbye (self));
  error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The connection was closed");
  burble_frame_writer_close (&self->writer, error);
  if (task != NULL)
    g_task_return_error (task, g_error_copy (error));
}

gboolean
burble_framed_stream_is_closed (BurbleFramedStream *self)
{
  g_return_val_if_fail (BURBLE_IS_FRAMED_STREAM (self), TRUE);

  return self->closed;
}
