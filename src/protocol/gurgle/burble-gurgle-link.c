/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-link"

#include "config.h"

#include "burble-gurgle-connection-private.h"
#include "burble-net-error.h"

#define LINGER_MS 1000

/*
 * One link to a server, from the attempt to its end.
 */

/* Ending a link. */

typedef struct
{
  BurbleFramedStream *stream;
  guint source;
} Linger;

static void
linger_end (Linger *linger)
{
  if (linger->stream == NULL)
    return;
  g_clear_handle_id (&linger->source, g_source_remove);
  burble_framed_stream_close (linger->stream);
  g_clear_object (&linger->stream);
}

static void
linger_timeout_cb (gpointer user_data)
{
  Linger *linger = user_data;

  linger->source = 0;
  /* The flush fails now and frees it. */
  burble_framed_stream_close (linger->stream);
}

static void
linger_flushed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Linger *linger = user_data;

  burble_framed_stream_flush_finish (BURBLE_FRAMED_STREAM (object), result, NULL);
  linger_end (linger);
  g_free (linger);
}

/* Closes when the last words are out, or after a moment if the peer does not listen. */
static void
close_after_flush (BurbleFramedStream *stream)
{
  Linger *linger = g_new0 (Linger, 1);

  linger->stream = g_object_ref (stream);
  linger->source = g_timeout_add_once (LINGER_MS, linger_timeout_cb, linger);
  burble_framed_stream_flush_async (stream, NULL, linger_flushed_cb, linger);
}

void
burble_gurgle_link_clear (BurbleGurgleConnection *self)
{
  g_clear_handle_id (&self->quit_source, g_source_remove);
  burble_gurgle_handshake_stop (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->connector != NULL)
    g_object_set_data (G_OBJECT (self->connector), BURBLE_GURGLE_OWNER, NULL);
  g_clear_object (&self->connector);
  if (self->liveness != NULL)
    {
      burble_liveness_stop (self->liveness);
      g_signal_handlers_disconnect_by_data (self->liveness, self);
    }
  g_clear_object (&self->liveness);
  if (self->stream != NULL)
    {
      g_object_set_data (G_OBJECT (self->stream), BURBLE_GURGLE_OWNER, NULL);
      g_signal_handlers_disconnect_by_data (self->stream, self);
    }
  if (self->stream != NULL && burble_framed_stream_get_queued_bytes (self->stream) > 0)
    close_after_flush (self->stream);
  else if (self->stream != NULL)
    burble_framed_stream_close (self->stream);
  g_clear_object (&self->stream);
  self->signed_in = FALSE;
  self->quitting = FALSE;
  self->features = 0;
  burble_gurgle_inbox_clear (self);
  g_clear_pointer (&self->people, g_ptr_array_unref);
}

/**
 * burble_gurgle_connection_lose:
 * @self: a connection
 * @error: why
 *
 * Ends the link. The state changes before those who wait are told: who asks again at once must see
 * that it is of no use.
 */
void
burble_gurgle_connection_lose (BurbleGurgleConnection *self, const GError *error)
{
  g_autoptr(BurbleGurgleConnection) alive = g_object_ref (self);
  g_autoptr(BurbleGurgleRequests) requests = g_steal_pointer (&self->requests);
  struct BurbleGurgleOutbox *outbox = g_steal_pointer (&self->outbox);
  g_autoptr(GError) gone = NULL;

  burble_gurgle_link_clear (alive);
  burble_connection_lost (BURBLE_CONNECTION (alive), error);

  gone = g_error_new (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                      "The link went down: %s",
                      error != NULL ? error->message : "no reason given");
  if (requests != NULL)
    burble_gurgle_requests_fail (requests, gone);
  burble_gurgle_outbox_free (outbox);
}

void
burble_gurgle_link_kill (BurbleGurgleConnection *self, const char *word, const char *reason)
{
  g_autoptr(BurbleGurglePacket) packet = burble_gurgle_packet_new (BURBLE_GURGLE_KILL);
  g_autoptr(GError) error = NULL;

  burble_gurgle_packet_set_error (packet, word, reason);
  burble_gurgle_connection_send (self, packet, NULL);
  error = g_error_new (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_DATA,
                       "The server sent something that is no packet: %s", reason);
  burble_gurgle_connection_lose (self, error);
}

/* Opening. */

static void
stream_write_failed_cb (BurbleGurgleConnection *self, GError *error)
{
  g_autoptr(GError) lost =
    g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                         error != NULL ? error->message : "The connection broke");

  burble_gurgle_connection_lose (self, lost);
}

static void
pong_cb (gpointer owner, const BurbleGurglePacket *reply, const GError *error, gpointer data)
{
}

static void
liveness_ping_due_cb (BurbleGurgleConnection *self)
{
  burble_gurgle_connection_request (self, burble_gurgle_packet_new (BURBLE_GURGLE_PING),
                                    BURBLE_GURGLE_PONG, pong_cb, NULL, NULL);
}

static void
liveness_dead_cb (BurbleGurgleConnection *self)
{
  g_autoptr(GError) error =
    g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT,
                         "The server does not answer any more");

  burble_gurgle_connection_lose (self, error);
}

static void
connect_failed (BurbleGurgleConnection *self, BurbleConnector *connector, const GError *error)
{
  BurbleConnection *connection = BURBLE_CONNECTION (self);
  g_autoptr(GError) lost = burble_gurgle_error_from_connect (error);
  GTlsCertificate *certificate = burble_connector_get_certificate (connector);

  if (g_error_matches (error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_CERTIFICATE)
      && certificate != NULL)
    burble_connection_certificate_problem (
      connection, certificate, burble_connector_get_certificate_errors (connector),
      burble_connection_get_settings (connection)->pin != NULL);
  if (self->connector == connector)
    burble_gurgle_connection_lose (self, lost);
}

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BurbleConnector *connector = BURBLE_CONNECTOR (object);
  BurbleGurgleConnection *self = g_object_get_data (object, BURBLE_GURGLE_OWNER);
  g_autoptr(BurbleGurgleConnection) alive = self != NULL ? g_object_ref (self) : NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOStream) stream = burble_connector_connect_finish (connector, result, &error);

  if (self == NULL)
    {
      if (stream != NULL)
        g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
      return;
    }
  if (stream == NULL)
    {
      connect_failed (self, connector, error);
      return;
    }

  g_object_set_data (object, BURBLE_GURGLE_OWNER, NULL);
  g_clear_object (&self->connector);
  self->stream = burble_connector_get_websocket (connector) != NULL
                 ? burble_framed_stream_new_websocket (stream)
                 : burble_framed_stream_new (stream);
  g_object_set_data (G_OBJECT (self->stream), BURBLE_GURGLE_OWNER, self);
  self->requests = burble_gurgle_requests_new (self, self->request_timeout);
  self->outbox = burble_gurgle_outbox_new (self);
  g_signal_connect_object (self->stream, "write-failed", G_CALLBACK (stream_write_failed_cb),
                           self, G_CONNECT_SWAPPED);
  self->liveness = burble_liveness_new (self->idle_timeout, self->answer_timeout);
  g_signal_connect_object (self->liveness, "ping-due", G_CALLBACK (liveness_ping_due_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->liveness, "dead", G_CALLBACK (liveness_dead_cb),
                           self, G_CONNECT_SWAPPED);
  burble_gurgle_reader_start (self);
  burble_gurgle_handshake_start (self);
}

static guint16
usual_port (const BurbleConnectionSettings *settings)
{
  if (settings->websocket == NULL)
    return BURBLE_GURGLE_PORT;
  return settings->plain ? BURBLE_HTTP_PORT : BURBLE_HTTPS_PORT;
}

void
burble_gurgle_link_start (BurbleGurgleConnection         *self,
                          const BurbleConnectionSettings *settings)
{
  guint16 usual = usual_port (settings);

  self->cancellable = g_cancellable_new ();
  self->connector = burble_connector_new (burble_gurgle_id_get_domain (self->own_id),
                                          BURBLE_GURGLE_SERVICE, usual);
  if (settings->host != NULL || settings->port != 0)
    burble_connector_set_server (self->connector,
                                 settings->host != NULL
                                 ? settings->host
                                 : burble_gurgle_id_get_domain (self->own_id),
                                 settings->port != 0 ? settings->port : usual);
  if (settings->plain)
    burble_connector_set_security (self->connector, BURBLE_SECURITY_NONE, TRUE);
  if (settings->websocket != NULL)
    {
      g_autofree char *path = g_strconcat (*settings->websocket == '/' ? "" : "/",
                                           settings->websocket, NULL);

      burble_connector_set_websocket (self->connector, path);
    }
  burble_connector_set_pin (self->connector, settings->pin);
  burble_connector_set_timeout (self->connector, self->connect_timeout);
  g_object_set_data (G_OBJECT (self->connector), BURBLE_GURGLE_OWNER, self);
  burble_connector_connect_async (self->connector, self->cancellable, connected_cb, NULL);
}
