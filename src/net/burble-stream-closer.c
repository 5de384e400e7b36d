/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-net-closer"

#include "config.h"

#include "burble-stream-closer.h"

#include "burble-net-private.h"

/*
 * Closes a stream so that the last words still reach the peer. To close a socket that holds unread
 * input resets the connection, and the peer's kernel then throws away what it had not read yet: the
 * very `kill` that says why. So: say goodbye in TLS, stop sending, throw away what still comes
 * until the peer closes too or the time is up, and only then close.
 */

#define LINGER_MS 3000
#define LINGER_BYTES (32u * 1024u * 1024u)

typedef struct
{
  GIOStream    *stream;
  GIOStream    *base;
  GSocket      *socket;
  GCancellable *cancellable;
  GSource      *timeout;
  GSource      *reader;
  gsize         discarded;
  gboolean      closing_tls;
} Closer;

static void
closer_finish (Closer *self)
{
  burble_net_clear_source (&self->timeout);
  burble_net_clear_source (&self->reader);
  /* The base first: then the TLS layer has nothing left that it could wait for. */
  g_io_stream_close (self->base, NULL, NULL);
  if (self->stream != self->base)
    g_io_stream_close (self->stream, NULL, NULL);
  g_object_unref (self->stream);
  g_object_unref (self->base);
  g_object_unref (self->socket);
  g_object_unref (self->cancellable);
  g_free (self);
}

static gboolean
timeout_cb (gpointer user_data)
{
  Closer *self = user_data;

  burble_net_clear_source (&self->timeout);
  if (self->closing_tls)
    g_cancellable_cancel (self->cancellable);
  else
    closer_finish (self);
  return G_SOURCE_REMOVE;
}

static gboolean
readable_cb (GSocket      *socket,
             GIOCondition  condition,
             gpointer      user_data)
{
  Closer *self = user_data;
  g_autoptr(GError) error = NULL;
  char bytes[8192];
  gssize n = g_socket_receive_with_blocking (socket, bytes, sizeof bytes, FALSE, NULL, &error);

  if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;
  if (n > 0)
    self->discarded += (gsize) n;
  if (n > 0 && self->discarded < LINGER_BYTES)
    return G_SOURCE_CONTINUE;
  closer_finish (self);
  return G_SOURCE_REMOVE;
}

static void
closer_linger (Closer *self)
{
  if (self->timeout == NULL || !g_socket_shutdown (self->socket, FALSE, TRUE, NULL))
    {
      closer_finish (self);
      return;
    }
  self->reader = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_static_name (self->reader, "[burble] closing stream");
  g_source_set_callback (self->reader, G_SOURCE_FUNC (readable_cb), self, NULL);
  g_source_attach (self->reader, g_main_context_get_thread_default ());
}

static void
tls_output_closed_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  Closer *self = user_data;

  g_output_stream_close_finish (G_OUTPUT_STREAM (object), result, NULL);
  self->closing_tls = FALSE;
  closer_linger (self);
}

static void
stream_closed_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_io_stream_close_finish (G_IO_STREAM (object), result, NULL);
}

/**
 * burble_stream_closer_close:
 * @stream: a stream nobody uses any more
 * @output_is_stuck: whether the peer has stopped reading
 *
 * Closes @stream in the background, within 3 s. When the peer has stopped reading there are no last
 * words to bring across, and the socket is closed at once.
 */
void
burble_stream_closer_close (GIOStream *stream,
                            gboolean   output_is_stuck)
{
  g_autoptr(GIOStream) base = NULL;
  Closer *self = NULL;

  if (G_IS_TLS_CONNECTION (stream))
    g_object_get (stream, "base-io-stream", &base, NULL);
  else
    base = g_object_ref (stream);
  if (!G_IS_SOCKET_CONNECTION (base))
    {
      g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, stream_closed_cb, NULL);
      return;
    }

  self = g_new0 (Closer, 1);
  self->stream = g_object_ref (stream);
  self->socket = g_object_ref (g_socket_connection_get_socket (G_SOCKET_CONNECTION (base)));
  self->base = g_steal_pointer (&base);
  self->cancellable = g_cancellable_new ();
  if (output_is_stuck)
    {
      closer_finish (self);
      return;
    }
  self->timeout = g_timeout_source_new (LINGER_MS);
  g_source_set_static_name (self->timeout, "[burble] closing stream timeout");
  g_source_set_callback (self->timeout, timeout_cb, self, NULL);
  g_source_attach (self->timeout, g_main_context_get_thread_default ());
  if (self->stream == self->base)
    {
      closer_linger (self);
      return;
    }
  self->closing_tls = TRUE;
  g_output_stream_close_async (g_io_stream_get_output_stream (self->stream), G_PRIORITY_DEFAULT,
                               self->cancellable, tls_output_closed_cb, self);
}
