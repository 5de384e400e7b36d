/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-cg-link"

#include "config.h"

#include <string.h>

#include "burble-cg-connection-private.h"
#include "burble-net-error.h"
#include "burble-wire-error.h"

/* Of what names a notice. */
#define MAX_KEY 100
#define KEY_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-"

/*
 * One link to a server: opening it, its packets, and its end.
 */

static void read_next (BurbleCgConnection *self);

/* What the lower layers report, in the words of a protocol. */
GError *
burble_cg_link_read_error (const GError *error)
{
  BurbleProtocolError code = BURBLE_PROTOCOL_ERROR_NOT_CONNECTED;

  if (g_error_matches (error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_PLAIN_REFUSED))
    code = BURBLE_PROTOCOL_ERROR_UNENCRYPTED;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    code = BURBLE_PROTOCOL_ERROR_TIMED_OUT;
  return g_error_new_literal (BURBLE_PROTOCOL_ERROR, code, error->message);
}

/* A reason is a word between programs, unless it is a sentence: that is for people. */
static void
closed_by_server (BurbleCgConnection *self, const BurbleCgPacket *packet)
{
  gboolean sentence = packet->reason != NULL && strchr (packet->reason, ' ') != NULL;
  g_autoptr(GError) error = NULL;

  g_debug ("Closed by the server: %s", packet->reason);
  error = g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_KILLED,
                               sentence ? packet->reason : "");
  burble_cg_connection_lose (self, error);
}

/* "cg:msg.lobby.invite.user_invited" becomes "lobby-invite-user-invited"; NULL: it is no key. */
static char *
read_key (const char *message)
{
  const char *key = message;

  if (strlen (message) > MAX_KEY || message[strspn (message, KEY_CHARACTERS)] != '\0')
    return NULL;
  /* One of them is spelt with a second colon. */
  if (g_str_has_prefix (key, "cg:msg.") || g_str_has_prefix (key, "cg:msg:"))
    key += strlen ("cg:msg.");
  return g_strdelimit (g_strdup (key), "_.:", '-');
}

static void
take_message (BurbleCgConnection *self, const BurbleCgPacket *packet)
{
  g_autofree char *word = NULL;
  g_autoptr(GString) text = g_string_new (NULL);
  const char *subject = NULL;

  if (packet->message == NULL || *packet->message == '\0')
    return;
  word = read_key (packet->message);
  if (word == NULL)
    g_string_append (text, packet->message);
  for (guint i = 0; i < packet->attributes->len; i++)
    {
      const BurbleCgAttribute *attribute = g_ptr_array_index (packet->attributes, i);

      if (g_str_equal (attribute->key, "username"))
        {
          subject = attribute->text;
          continue;
        }
      if (text->len > 0)
        g_string_append (text, ", ");
      /* What a person wrote stands for itself. */
      if (!g_str_equal (attribute->key, "reason"))
        g_string_append_printf (text, "%s: ", attribute->key);
      g_string_append (text, attribute->text);
    }
  burble_connection_server_notice (BURBLE_CONNECTION (self), packet->warning, word, subject,
                                   text->len > 0 ? text->str : NULL);
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
  lost = g_error_new_literal (BURBLE_PROTOCOL_ERROR,
                              error != NULL && error->domain == BURBLE_WIRE_ERROR
                              ? BURBLE_PROTOCOL_ERROR_BAD_DATA
                              : BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
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
      g_autoptr(GError) lost = burble_cg_link_read_error (error);

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

/* The host in the address, and the port; NULL: there is none in it. */
char *
burble_cg_link_read_place (BurbleCgConnection *self, guint16 *port)
{
  const char *address = burble_connection_get_settings (BURBLE_CONNECTION (self))->address;
  const char *at = address != NULL ? strrchr (address, '@') : NULL;
  g_autoptr(GSocketConnectable) place = NULL;

  if (at != NULL && at[1] != '\0')
    place = g_network_address_parse (at + 1, BURBLE_CG_PORT, NULL);
  if (place == NULL)
    return NULL;
  *port = g_network_address_get_port (G_NETWORK_ADDRESS (place));
  return g_strdup (g_network_address_get_hostname (G_NETWORK_ADDRESS (place)));
}

/* What is set by hand goes before what is in the address. */
BurbleConnector *
burble_cg_link_make_connector (BurbleCgConnection *self,
                               const char         *host,
                               guint16             port,
                               gboolean            plain)
{
  const BurbleConnectionSettings *settings =
    burble_connection_get_settings (BURBLE_CONNECTION (self));
  BurbleConnector *connector = burble_connector_new (host, "cg", BURBLE_CG_PORT);

  burble_connector_set_server (connector, settings->host != NULL ? settings->host : host,
                               settings->port != 0 ? settings->port : port);
  burble_connector_set_security (connector, BURBLE_SECURITY_NONE, plain);
  burble_connector_set_timeout (connector, self->connect_timeout);
  return connector;
}

void
burble_cg_link_start (BurbleCgConnection *self)
{
  /* There is nothing else: whoever wants it over a network has to say so. */
  gboolean plain = burble_connection_get_settings (BURBLE_CONNECTION (self))->plain;

  burble_cg_registry_init (&self->registry, FALSE);
  self->cancellable = g_cancellable_new ();
  self->connector = burble_cg_link_make_connector (self, self->host, self->port, plain);
  g_object_set_data (G_OBJECT (self->connector), BURBLE_CG_OWNER, self);
  burble_connector_connect_async (self->connector, self->cancellable, connected_cb, NULL);
}

static void
flushed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  burble_framed_stream_flush_finish (BURBLE_FRAMED_STREAM (object), result, NULL);
  burble_framed_stream_close (BURBLE_FRAMED_STREAM (object));
}

/* Tells the server why; the link ends as soon as it has been told. */
void
burble_cg_link_part (BurbleCgConnection *self, const char *reason)
{
  g_autoptr(BurbleCgPacket) packet = burble_cg_packet_new (BURBLE_CG_CLOSE);
  g_autoptr(BurbleFramedStream) stream = NULL;

  packet->reason = g_strdup (reason);
  if (!burble_cg_connection_send (self, packet, NULL))
    return;
  stream = g_steal_pointer (&self->stream);
  g_object_set_data (G_OBJECT (stream), BURBLE_CG_OWNER, NULL);
  g_signal_handlers_disconnect_by_data (stream, self);
  burble_framed_stream_flush_async (stream, NULL, flushed_cb, NULL);
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
  self->heard_self = FALSE;
}
