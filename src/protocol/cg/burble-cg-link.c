/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-cg-link"

#include "config.h"

#include "burble-cg-connection-private.h"
#include "burble-net-error.h"

/*
 * One link to a server: opening it, its packets, and its end.
 */

static void read_next (BurbleCgConnection *self);

/* What the lower layers report, in the words of a protocol. */
static GError *
error_from_connect (const GError *error)
{
  BurbleProtocolError code = BURBLE_PROTOCOL_ERROR_NOT_CONNECTED;

  if (g_error_matches (error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_PLAIN_REFUSED))
    code = BURBLE_PROTOCOL_ERROR_UNSUPPORTED;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    code = BURBLE_PROTOCOL_ERROR_TIMED_OUT;
  return g_error_new_literal (BURBLE_PROTOCOL_ERROR, code, error->message);
}

static void
closed_by_server (BurbleCgConnection *self, const BurbleCgPacket *packet)
{
  g_autoptr(GError) error =
    g_error_new (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_KILLED, "%s",
                 packet->reason != NULL && *packet->reason != '\0' ? packet->reason
                                                                   : "no reason given");

  burble_cg_connection_lose (self, error);
}

static void
take_message (BurbleCgConnection *self, const BurbleCgPacket *packet)
{
  const char *colon = packet->message != NULL ? strrchr (packet->message, '.') : NULL;
  const char *key = colon != NULL ? colon + 1 : packet->message;
  g_autofree char *word = NULL;
  const char *subject = NULL;

  if (key == NULL || *key == '\0')
    return;
  word = g_strdelimit (g_strdup (key), "_", '-');
  for (guint i = 0; i < packet->attributes->len; i++)
    {
      const BurbleCgAttribute *attribute = g_ptr_array_index (packet->attributes, i);

      if (g_str_equal (attribute->key, "username") || g_str_equal (attribute->key, "reason"))
        subject = attribute->text;
    }
  burble_connection_server_notice (BURBLE_CONNECTION (self), packet->warning, word, subject);
}

static void
take_packet (BurbleCgConnection *self, const BurbleCgPacket *packet)
{
  if (packet->type == BURBLE_CG_CLOSE)
    closed_by_server (self, packet);
  else if (packet->type == BURBLE_CG_MESSAGE)
    take_message (self, packet);
  else if (packet->type == BURBLE_CG_USER)
    burble_cg_lookup_take (self, packet);
  else if (!burble_cg_sign_in_take (self, packet))
    g_debug ("Passed over a packet with id %u", packet->id);
}

static void
take_frame (BurbleCgConnection *self, GBytes *frame)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) lost = NULL;
  g_autoptr(BurbleCgPacket) packet = burble_cg_packet_parse (frame, &self->registry, &error);

  if (packet != NULL)
    {
      take_packet (self, packet);
      return;
    }
  lost = g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_DATA,
                              error->message);
  burble_cg_connection_lose (self, lost);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BurbleFramedStream *stream = BURBLE_FRAMED_STREAM (object);
  BurbleCgConnection *self = g_object_get_data (object, BURBLE_CG_OWNER);
  g_autoptr(BurbleCgConnection) alive = self != NULL ? g_object_ref (self) : NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) lost = NULL;
  g_autoptr(GBytes) frame = burble_framed_stream_read_finish (stream, result, &error);

  if (self == NULL)
    return;
  if (frame != NULL)
    {
      take_frame (self, frame);
      if (self->stream == stream)
        read_next (self);
      return;
    }
  lost = g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                              error != NULL ? error->message : "The server closed the connection");
  burble_cg_connection_lose (self, lost);
}

static void
read_next (BurbleCgConnection *self)
{
  burble_framed_stream_read_async (self->stream, NULL, read_cb, NULL);
}

static void
stream_write_failed_cb (BurbleCgConnection *self, GError *error)
{
  g_autoptr(GError) lost =
    g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                         error != NULL ? error->message : "The connection broke");

  burble_cg_connection_lose (self, lost);
}

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BurbleConnector *connector = BURBLE_CONNECTOR (object);
  BurbleCgConnection *self = g_object_get_data (object, BURBLE_CG_OWNER);
  g_autoptr(BurbleCgConnection) alive = self != NULL ? g_object_ref (self) : NULL;
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
      g_autoptr(GError) lost = error_from_connect (error);

      burble_cg_connection_lose (self, lost);
      return;
    }
  g_object_set_data (object, BURBLE_CG_OWNER, NULL);
  g_clear_object (&self->connector);
  self->stream = burble_framed_stream_new (stream);
  burble_framed_stream_set_read_limit (self->stream, BURBLE_CG_FRAME_LIMIT);
  g_object_set_data (G_OBJECT (self->stream), BURBLE_CG_OWNER, self);
  g_signal_connect_object (self->stream, "write-failed", G_CALLBACK (stream_write_failed_cb),
                           self, G_CONNECT_SWAPPED);
  burble_cg_sign_in_start (self);
  read_next (self);
}

void
burble_cg_link_start (BurbleCgConnection *self)
{
  const BurbleConnectionSettings *settings =
    burble_connection_get_settings (BURBLE_CONNECTION (self));

  burble_cg_registry_init (&self->registry, FALSE);
  self->cancellable = g_cancellable_new ();
  self->connector = burble_connector_new (self->host, "cg", BURBLE_CG_PORT);
  burble_connector_set_server (self->connector,
                               settings->host != NULL ? settings->host : self->host,
                               settings->port != 0 ? settings->port : self->port);
  /* There is nothing else: whoever wants it over a network has to say so. */
  burble_connector_set_security (self->connector, BURBLE_SECURITY_NONE, settings->plain);
  burble_connector_set_timeout (self->connector, self->connect_timeout);
  g_object_set_data (G_OBJECT (self->connector), BURBLE_CG_OWNER, self);
  burble_connector_connect_async (self->connector, self->cancellable, connected_cb, NULL);
}

void
burble_cg_link_clear (BurbleCgConnection *self)
{
  burble_cg_sign_in_stop (self);
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->connector != NULL)
    g_object_set_data (G_OBJECT (self->connector), BURBLE_CG_OWNER, NULL);
  g_clear_object (&self->connector);
  if (self->stream != NULL)
    {
      g_object_set_data (G_OBJECT (self->stream), BURBLE_CG_OWNER, NULL);
      g_signal_handlers_disconnect_by_data (self->stream, self);
      burble_framed_stream_close (self->stream);
    }
  g_clear_object (&self->stream);
  self->unanswered = 0;
}
