/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>
#include <unistd.h>

#include "burble-certificate.h"
#include "burble-connector.h"
#include "burble-net-error.h"
#include "burble-test-certificate.h"
#include "burble-test-wait.h"
#include "burble-websocket.h"
#include "burble-wire-error.h"
#include "stream-pair.h"
#include "test-server.h"

#define DOMAIN "chat.example.test"
#define LARGE (3 * 1024 * 1024)

/* A web server that has never heard of our codec; it says again what it is told. */
typedef struct
{
  SoupServer *server;
  SoupWebsocketConnection *socket; /* the last one */
  GTlsCertificate *certificate;
  guint16 port;
  char *host; /* as it was asked for */
  GIOStream *stream;
  GError *error;
  gboolean done;
} Fixture;

static void
message_cb (SoupWebsocketConnection *socket,
            SoupWebsocketDataType    type,
            GBytes                  *message,
            gpointer                 user_data)
{
  g_assert_cmpint (type, ==, SOUP_WEBSOCKET_DATA_TEXT);
  soup_websocket_connection_send_message (socket, type, message);
}

static void
opened_cb (SoupServer              *server,
           SoupServerMessage       *message,
           const char              *path,
           SoupWebsocketConnection *socket,
           gpointer                 user_data)
{
  Fixture *f = user_data;

  g_set_object (&f->socket, socket);
  g_set_str (&f->host, soup_message_headers_get_one (
                         soup_server_message_get_request_headers (message), "Host"));
  soup_websocket_connection_set_max_incoming_payload_size (socket, 2 * LARGE);
  g_signal_connect (socket, "message", G_CALLBACK (message_cb), NULL);
}

static void
set_up (Fixture      *f,
        gconstpointer plain)
{
  g_autoptr(GError) error = NULL;
  g_autoslist(GUri) uris = NULL;

  f->server = soup_server_new ("server-header", "test", NULL);
  f->certificate = burble_test_make_certificate (DOMAIN, BURBLE_TEST_CERTIFICATE_PLAIN, NULL);
  soup_server_set_tls_certificate (f->server, f->certificate);
  soup_server_add_websocket_handler (f->server, "/chat/gurgle", NULL, NULL, opened_cb, f, NULL);
  soup_server_listen_local (f->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY |
                            (plain != NULL ? 0 : SOUP_SERVER_LISTEN_HTTPS), &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (f->server);
  f->port = (guint16) g_uri_get_port (uris->data);
}

static void
tear_down (Fixture      *f,
           gconstpointer plain)
{
  g_clear_object (&f->stream);
  g_clear_object (&f->socket);
  g_clear_error (&f->error);
  g_free (f->host);
  soup_server_disconnect (f->server);
  g_object_unref (f->server);
  g_object_unref (f->certificate);
  burble_test_settle ();
}

static void
connected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Fixture *f = user_data;

  f->stream = burble_connector_connect_finish (BURBLE_CONNECTOR (object), result, &f->error);
  f->done = TRUE;
}

static void
dial (Fixture    *f,
      const char *path,
      gboolean    pinned,
      gboolean    plain)
{
  g_autoptr(BurbleConnector) connector = burble_connector_new (DOMAIN, "gurgle", BURBLE_HTTPS_PORT);
  g_autofree char *pin = burble_certificate_get_fingerprint (f->certificate);

  burble_connector_set_server (connector, "127.0.0.1", f->port);
  burble_connector_set_websocket (connector, path);
  if (pinned)
    burble_connector_set_pin (connector, pin);
  if (plain)
    burble_connector_set_security (connector, BURBLE_SECURITY_NONE, FALSE);
  f->done = FALSE;
  burble_connector_connect_async (connector, NULL, connected_cb, f);
  burble_test_wait_until (f->done);
}

static void
test_other_server (Fixture      *f,
                   gconstpointer plain)
{
  g_autoptr(BurbleFramedStream) stream = NULL;
  g_autofree char *large = g_strnfill (LARGE, 'x');
  g_autofree char *host = g_strdup_printf (DOMAIN ":%u", f->port);

  dial (f, "/chat/gurgle", TRUE, plain != NULL);
  g_assert_no_error (f->error);
  stream = burble_framed_stream_new_websocket (f->stream);
  g_assert_true (send_text (stream, "{\"id\":1}", NULL));
  g_assert_true (send_text (stream, "\"h\303\251\"", NULL));
  g_assert_true (send_text (stream, large, NULL));
  assert_reads (stream, "{\"id\":1}");
  assert_reads (stream, "\"h\303\251\"");
  assert_reads (stream, large);
  g_assert_cmpstr (f->host, ==, host);

  burble_framed_stream_close (stream);
  burble_test_wait_until (soup_websocket_connection_get_state (f->socket) ==
                          SOUP_WEBSOCKET_STATE_CLOSED);
  g_assert_cmpint (soup_websocket_connection_get_close_code (f->socket), ==,
                   SOUP_WEBSOCKET_CLOSE_NORMAL);
}

static void
test_server_closes (Fixture      *f,
                    gconstpointer plain)
{
  g_autoptr(BurbleFramedStream) stream = NULL;

  dial (f, "/chat/gurgle", TRUE, FALSE);
  g_assert_no_error (f->error);
  stream = burble_framed_stream_new_websocket (f->stream);
  burble_test_wait_until (f->socket != NULL);
  soup_websocket_connection_send_text (f->socket, "last words");
  soup_websocket_connection_close (f->socket, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  assert_reads (stream, "last words");
  assert_reads_end (stream);
  burble_framed_stream_close (stream);
  burble_test_wait_until (soup_websocket_connection_get_state (f->socket) ==
                          SOUP_WEBSOCKET_STATE_CLOSED);
}

static void
test_certificate (Fixture      *f,
                  gconstpointer plain)
{
  g_autoptr(TestServer) server = test_server_new (f->certificate);

  /* Not one of libsoup: those take a refused handshake badly. */
  f->port = server->port;
  dial (f, "/chat/gurgle", FALSE, FALSE);
  g_assert_error (f->error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_CERTIFICATE);
}

/* In a thread of its own; until the client hangs up. */
static gboolean
refuse_cb (GThreadedSocketService *service,
           GSocketConnection      *connection,
           GObject                *source,
           gpointer                user_data)
{
  static const char answer[] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autoptr(GString) asked = g_string_new (NULL);
  char some[512];
  gssize got;

  while ((got = g_input_stream_read (input, some, sizeof some, NULL, NULL)) > 0)
    {
      g_string_append_len (asked, some, got);
      if (g_str_has_suffix (asked->str, "\r\n\r\n"))
        g_output_stream_write_all (output, answer, strlen (answer), NULL, NULL, NULL);
    }
  return TRUE;
}

/* Not libsoup's server: that one trips over a client that hangs up as soon as it is refused. */
static void
test_nothing_there (Fixture      *f,
                    gconstpointer plain)
{
  g_autoptr(GSocketService) service = g_threaded_socket_service_new (1);
  g_autoptr(GError) error = NULL;

  g_signal_connect (service, "run", G_CALLBACK (refuse_cb), NULL);
  f->port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, &error);
  g_assert_no_error (error);
  dial (f, "/elsewhere", FALSE, TRUE);
  g_assert_error (f->error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET);
  g_assert_nonnull (strstr (f->error->message, "404"));
  g_clear_error (&f->error);
  dial (f, "/chat\r\nX: /gurgle", FALSE, TRUE);
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_socket_service_stop (service);
  burble_test_settle ();
}

/* Byte by byte. */

static BurbleFramedStream *
make_raw (GSocket **peer)
{
  g_autoptr(GIOStream) client = NULL;
  g_autoptr(GIOStream) server = NULL;
  g_autoptr(GError) error = NULL;
  GSocket *socket = NULL;

  make_socket_pair (&client, &server);
  socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (server));
  *peer = g_socket_new_from_fd (dup (g_socket_get_fd (socket)), &error);
  g_assert_no_error (error);
  return burble_framed_stream_new_websocket (client);
}

static void
test_ping (void)
{
  g_autoptr(GSocket) peer = NULL;
  g_autoptr(BurbleFramedStream) stream = make_raw (&peer);
  g_autoptr(GByteArray) sent = NULL;

  raw_send (peer, "\x89\x02hi\x01\x01{\x80\x01}", 10);
  assert_reads (stream, "{}");
  burble_test_wait_until (burble_framed_stream_get_queued_bytes (stream) == 0);
  burble_framed_stream_close (stream);
  sent = raw_read_to_end (peer);
  /* The pong, then the goodbye, both masked. */
  g_assert_cmpuint (sent->len, ==, 8 + 8);
  g_assert_cmpmem (sent->data, 2, "\x8a\x82", 2);
  burble_websocket_mask (sent->data + 6, 2, sent->data + 2, 0);
  g_assert_cmpmem (sent->data + 6, 2, "hi", 2);
  g_assert_cmpmem (sent->data + 8, 2, "\x88\x82", 2);
  burble_websocket_mask (sent->data + 14, 2, sent->data + 10, 0);
  g_assert_cmpmem (sent->data + 14, 2, "\x03\xe8", 2);
}

static void
test_hostile (void)
{
  static const struct
  {
    const char *bytes;
    gsize size;
    BurbleWireError code;
    const char *farewell;
  } cases[] = {
    { "\x81\x82" "abcd" "\x1a\x1f", 8, BURBLE_WIRE_ERROR_BAD_PACKET, "\x03\xea" },
    { "\x82\x02{}", 4, BURBLE_WIRE_ERROR_BAD_PACKET, "\x03\xeb" },
    { "\x81\x01\xff", 3, BURBLE_WIRE_ERROR_BAD_PACKET, "\x03\xef" },
    { "\x81\x7e\x10\x01", 4, BURBLE_WIRE_ERROR_TOO_LARGE, "\x03\xf1" },
    { "HTTP/1.1 200 OK\r\n", 17, BURBLE_WIRE_ERROR_BAD_PACKET, "\x03\xea" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GSocket) peer = NULL;
      g_autoptr(BurbleFramedStream) stream = make_raw (&peer);
      g_autoptr(GByteArray) sent = NULL;

      burble_framed_stream_set_read_limit (stream, 4096);
      raw_send (peer, cases[i].bytes, cases[i].size);
      assert_read_fails (stream, BURBLE_WIRE_ERROR, (int) cases[i].code);
      burble_framed_stream_close (stream);
      sent = raw_read_to_end (peer);
      g_assert_cmpuint (sent->len, ==, 8);
      burble_websocket_mask (sent->data + 6, 2, sent->data + 2, 0);
      g_assert_cmpmem (sent->data + 6, 2, cases[i].farewell, 2);
    }
}

static void
test_cut (void)
{
  g_autoptr(GSocket) inside = NULL;
  g_autoptr(BurbleFramedStream) one = make_raw (&inside);
  g_autoptr(GSocket) between = NULL;
  g_autoptr(BurbleFramedStream) other = make_raw (&between);

  raw_send (inside, "\x01\x01{", 3);
  g_socket_shutdown (inside, FALSE, TRUE, NULL);
  assert_read_fails (one, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  raw_send (between, "\x81\x02{}", 4);
  g_socket_shutdown (between, FALSE, TRUE, NULL);
  assert_reads (other, "{}");
  assert_reads_end (other);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add ("/net/websocket/another-server", Fixture, NULL, set_up, test_other_server, tear_down);
  g_test_add ("/net/websocket/another-server-without-tls", Fixture, "plain", set_up,
              test_other_server, tear_down);
  g_test_add ("/net/websocket/server-closes", Fixture, NULL, set_up, test_server_closes, tear_down);
  g_test_add ("/net/websocket/certificate-comes-first", Fixture, NULL, set_up, test_certificate,
              tear_down);
  g_test_add ("/net/websocket/nothing-there", Fixture, NULL, set_up, test_nothing_there,
              tear_down);
  g_test_add_func ("/net/websocket/ping", test_ping);
  g_test_add_func ("/net/websocket/hostile-server", test_hostile);
  g_test_add_func ("/net/websocket/cut", test_cut);
  return g_test_run ();
}
