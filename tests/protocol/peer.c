/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "peer.h"

#include <string.h>

#include "burble-frame.h"
#include "burble-gurgle-connection.h"

static void read_next (Peer *self);

static gboolean
incoming_cb (Peer *self, GSocketConnection *connection)
{
  self->connections++;
  g_queue_push_tail (&self->accepted, g_object_ref (connection));
  return TRUE;
}

Peer *
peer_new (GTlsCertificate *certificate)
{
  Peer *self = g_new0 (Peer, 1);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) effective = NULL;
  g_autoptr(GError) error = NULL;

  self->service = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_signal_connect_swapped (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  g_set_object (&self->certificate, certificate);
  g_queue_init (&self->accepted);
  g_queue_init (&self->frames);
  return self;
}

static void
forget_client (Peer *self)
{
  if (self->stream != NULL)
    burble_framed_stream_close (self->stream);
  g_clear_object (&self->stream);
  g_clear_object (&self->io);
  g_queue_clear_full (&self->frames, (GDestroyNotify) g_bytes_unref);
}

void
peer_stop (Peer *self)
{
  if (self->service == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_socket_service_stop (self->service);
  burble_test_settle ();
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
}

void
peer_free (Peer *self)
{
  peer_stop (self);
  forget_client (self);
  /* The cancelled read still has to come back. */
  burble_test_settle ();
  g_queue_clear_full (&self->accepted, g_object_unref);
  g_clear_object (&self->certificate);
  g_free (self->last);
  g_free (self);
}

BurbleConnection *
peer_make_client (Peer *self)
{
  g_autoptr(BurbleConnectionSettings) settings =
    burble_connection_settings_new ("alice@example.org");
  BurbleConnection *connection =
    g_object_new (BURBLE_TYPE_GURGLE_CONNECTION, "retry-ceiling", 10, "request-timeout",
                  self->request_timeout > 0 ? self->request_timeout : 20 * 1000, "quit-timeout",
                  300, NULL);

  settings->host = g_strdup ("127.0.0.1");
  settings->port = self->port;
  settings->plain = self->certificate == NULL;
  burble_connection_set_settings (connection, settings);
  burble_connection_set_password (connection, "secret");
  return connection;
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BurbleFramedStream *stream = BURBLE_FRAMED_STREAM (object);
  Peer *self = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *frame = burble_framed_stream_read_finish (stream, result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || stream != self->stream)
    {
      g_clear_pointer (&frame, g_bytes_unref);
      return;
    }
  if (frame == NULL)
    {
      self->gone = TRUE;
      return;
    }
  g_queue_push_tail (&self->frames, frame);
  read_next (self);
}

static void
read_next (Peer *self)
{
  burble_framed_stream_read_async (self->stream, NULL, read_cb, self);
}

typedef struct
{
  gboolean done;
  GError *error;
} Handshake;

static void
handshake_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Handshake *handshake = user_data;

  g_tls_connection_handshake_finish (G_TLS_CONNECTION (object), result, &handshake->error);
  handshake->done = TRUE;
}

void
peer_accept (Peer *self)
{
  forget_client (self);
  burble_test_settle ();
  burble_test_wait_until (!g_queue_is_empty (&self->accepted));
  self->gone = FALSE;
  self->dialect = BURBLE_GURGLE_DIALECT_0_1;
  self->io = g_queue_pop_head (&self->accepted);
  if (self->certificate != NULL)
    {
      g_autoptr(GIOStream) plain = g_steal_pointer (&self->io);
      Handshake handshake = { 0 };

      self->io = g_tls_server_connection_new (plain, self->certificate, NULL);
      g_tls_connection_handshake_async (G_TLS_CONNECTION (self->io), G_PRIORITY_DEFAULT, NULL,
                                        handshake_cb, &handshake);
      burble_test_wait_until (handshake.done);
      /* A client that does not trust the certificate leaves here. */
      if (handshake.error != NULL)
        {
          g_clear_error (&handshake.error);
          g_clear_object (&self->io);
          self->gone = TRUE;
          return;
        }
    }
  self->stream = burble_framed_stream_new (self->io);
  read_next (self);
}

BurbleGurglePacket *
peer_expect (Peer *self, BurbleGurglePacketType type)
{
  g_autoptr(GBytes) frame = NULL;
  g_autoptr(GError) error = NULL;
  BurbleGurglePacket *packet = NULL;

  burble_test_wait_until (!g_queue_is_empty (&self->frames) || self->gone);
  frame = g_queue_pop_head (&self->frames);
  if (frame == NULL)
    g_error ("The client left instead of sending “%s”", burble_gurgle_packet_type_to_string (type));
  g_free (self->last);
  self->last = g_strndup (g_bytes_get_data (frame, NULL), g_bytes_get_size (frame));
  packet = burble_gurgle_packet_parse (frame, self->dialect, &error);
  g_assert_no_error (error);
  if (packet->type != type)
    g_error ("Expected “%s”, got %s", burble_gurgle_packet_type_to_string (type), self->last);
  return packet;
}

/* Nothing is on its way, as far as a main loop that has come to rest can tell. */
void
peer_expect_silence (Peer *self)
{
  for (guint i = 0; i < 20; i++)
    {
      g_usleep (1000);
      burble_test_settle ();
    }
  if (!g_queue_is_empty (&self->frames))
    g_error ("Expected nothing, got %.*s",
             (int) g_bytes_get_size (g_queue_peek_head (&self->frames)),
             (const char *) g_bytes_get_data (g_queue_peek_head (&self->frames), NULL));
}

void
peer_say_bytes (Peer *self, const void *data, gsize size)
{
  g_autoptr(GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (self->io), data, size, NULL, NULL,
                             &error);
  if (error != NULL)
    g_test_message ("The client did not hear: %s", error->message);
}

void
peer_say (Peer *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autoptr(GBytes) payload = NULL;
  g_autoptr(GBytes) frame = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  payload = g_bytes_new (text, strlen (text));
  frame = burble_frame_encode (payload);
  peer_say_bytes (self, g_bytes_get_data (frame, NULL), g_bytes_get_size (frame));
}

void
peer_hang_up (Peer *self)
{
  forget_client (self);
  burble_test_settle ();
}

void
peer_wait_gone (Peer *self)
{
  burble_test_wait_until (self->gone);
}

void
peer_sign_in (Peer *self, PeerStep step, const char *features)
{
  g_autoptr(BurbleGurglePacket) version = peer_expect (self, BURBLE_GURGLE_VERSION);
  g_autoptr(BurbleGurglePacket) upgrade = NULL;
  g_autoptr(BurbleGurglePacket) query = NULL;
  g_autoptr(BurbleGurglePacket) auth = NULL;
  g_autoptr(BurbleGurglePacket) roster = NULL;
  g_autoptr(BurbleGurglePacket) presence = NULL;

  peer_say (self, "{\"id\": %d, \"version\": \"0.1\"}", version->id);
  if (step == PEER_VERSION)
    return;
  upgrade = peer_expect (self, BURBLE_GURGLE_UPGRADE);
  peer_say (self, "{\"id\": %d, \"cmd\": \"upgraded\", \"features\": [%s], \"error\": null}",
            upgrade->id, features);
  if (step == PEER_UPGRADE)
    return;
  query = peer_expect (self, BURBLE_GURGLE_QUERY);
  peer_say (self, "{\"id\": %d, \"answer\": [\"plain\"]}", query->id);
  if (step == PEER_QUERY)
    return;
  auth = peer_expect (self, BURBLE_GURGLE_AUTH);
  peer_say (self, "{\"id\": %d, \"to\": \"alice@example.org/desk\", \"error\": null}", auth->id);
  if (step == PEER_AUTH)
    return;
  roster = peer_expect (self, BURBLE_GURGLE_GET_ROSTER);
  peer_say (self, "{\"id\": %d, \"cmd\": \"flush_roaster\", \"etag\": \"e1\", \"roaster\": ["
                  "{\"from\": \"bob@example.org\", \"name\": \"Bob\", \"type\": \"peer\","
                  " \"subscription\": \"both\", \"presence\": {\"den\": {\"status\": \"away\","
                  " \"mood\": \"tea\"}}}, {\"from\": \"den@example.org\", \"name\": \"The Den\","
                  " \"type\": \"chatroom\", \"subscription\": \"both\", \"presence\": {}}]}",
            roster->id);
  if (step == PEER_ROSTER)
    return;
  presence = peer_expect (self, BURBLE_GURGLE_PUBLISH_PRESENCE);
  peer_say (self, "{\"id\": %d, \"cmd\": \"presence\", \"presences\": ["
                  "{\"from\": \"alice@example.org/desk\", \"status\": \"available\","
                  " \"mood\": null, \"error\": null}]}", presence->id);
}
