/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "server-fixture.h"

#include <libsoup/soup.h>
#include <string.h>

#include "burble-test-wait.h"

/*
 * A WebSocket client of our own that does what the test says, byte by byte; and libsoup's, which
 * has never heard of our codec.
 */

#define PATIENCE_S 20
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define PROOF "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
#define REQUEST \
  "GET /gurgle HTTP/1.1\r\nHost: example.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
  "Sec-WebSocket-Key: " KEY "\r\nSec-WebSocket-Version: 13\r\n"
#define FINAL_TEXT 0x81
#define FINAL_CLOSE 0x88
#define VERSION_REQUEST "{\"id\":1,\"version\":\"0.1\"}"

typedef struct
{
  GIOStream *stream;
  GSocket *socket;
} Raw;

static gboolean
accept_any_cb (GTlsConnection      *connection,
               GTlsCertificate     *certificate,
               GTlsCertificateFlags errors,
               gpointer             user_data)
{
  return TRUE;
}

static Raw *
raw_new (Fixture *f)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GError) error = NULL;
  Raw *raw = g_new0 (Raw, 1);

  g_socket_client_set_timeout (client, PATIENCE_S);
  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1",
                                                burble_test_server_get_port (f->server), NULL,
                                                &error);
  g_assert_no_error (error);
  raw->socket = g_object_ref (g_socket_connection_get_socket (connection));
  if (f->plain)
    {
      raw->stream = G_IO_STREAM (g_steal_pointer (&connection));
      return raw;
    }
  raw->stream = g_tls_client_connection_new (G_IO_STREAM (connection), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (raw->stream, "accept-certificate", G_CALLBACK (accept_any_cb), NULL);
  g_tls_connection_handshake (G_TLS_CONNECTION (raw->stream), NULL, &error);
  g_assert_no_error (error);
  return raw;
}

static void
raw_free (Raw *raw)
{
  g_io_stream_close (raw->stream, NULL, NULL);
  g_object_unref (raw->stream);
  g_object_unref (raw->socket);
  g_free (raw);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Raw, raw_free)

static gboolean
raw_send (Raw        *raw,
          const void *data,
          gsize       size)
{
  return g_output_stream_write_all (g_io_stream_get_output_stream (raw->stream), data, size, NULL,
                                    NULL, NULL);
}

static void
raw_read (Raw   *raw,
          void  *data,
          gsize  size)
{
  g_autoptr(GError) error = NULL;
  gsize have = 0;

  g_input_stream_read_all (g_io_stream_get_input_stream (raw->stream), data, size, &have, NULL,
                           &error);
  g_assert_no_error (error);
  g_assert_cmpuint (have, ==, size);
}

/* All that still comes, then the end. */
static char *
raw_read_rest (Raw *raw)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  char bytes[1000];
  gssize n = 0;

  while ((n = g_input_stream_read (g_io_stream_get_input_stream (raw->stream), bytes, sizeof bytes,
                                   NULL, &error)) > 0)
    g_string_append_len (text, bytes, n);
  g_assert_no_error (error);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static Raw *
raw_upgrade (Fixture *f)
{
  static const char expected[] = "HTTP/1.1 101 Switching Protocols\r\n";
  Raw *raw = raw_new (f);
  g_autoptr(GString) head = g_string_new (NULL);

  raw_send (raw, REQUEST "\r\n", strlen (REQUEST "\r\n"));
  while (strstr (head->str, "\r\n\r\n") == NULL)
    {
      char byte = 0;

      raw_read (raw, &byte, 1);
      g_string_append_c (head, byte);
    }
  g_assert_true (g_str_has_prefix (head->str, expected));
  g_assert_nonnull (strstr (head->str, "\r\nSec-WebSocket-Accept: " PROOF "\r\n"));
  return raw;
}

static GByteArray *
make_frame (guint8      start,
            const void *payload,
            gsize       size)
{
  static const guint8 mask[4] = { 0xa1, 0xb2, 0xc3, 0xd4 };
  GByteArray *frame = g_byte_array_new ();
  guint8 header[10] = { start, 0x80 | (guint8) MIN (size, 127) };
  guint length = 2;

  if (size > G_MAXUINT16)
    for (guint i = 0; i < 8; i++)
      header[length++] = (guint8) ((guint64) size >> (56 - 8 * i));
  else if (size > 125)
    {
      header[1] = 0x80 | 126;
      header[length++] = (guint8) (size >> 8);
      header[length++] = (guint8) size;
    }
  g_byte_array_append (frame, header, length);
  g_byte_array_append (frame, mask, sizeof mask);
  g_byte_array_append (frame, payload, (guint) size);
  for (gsize i = 0; i < size; i++)
    frame->data[length + 4 + i] ^= mask[i % 4];
  return frame;
}

static gboolean
send_frame (Raw        *raw,
            guint8      start,
            const void *payload,
            gsize       size)
{
  g_autoptr(GByteArray) frame = make_frame (start, payload, size);

  return raw_send (raw, frame->data, frame->len);
}

static void
send_text (Raw        *raw,
           const char *text)
{
  send_frame (raw, FINAL_TEXT, text, strlen (text));
}

/* The payload of the next frame, which must be of that kind and not masked. */
static char *
expect_frame (Raw   *raw,
              guint8 start,
              gsize *size)
{
  guint8 header[2] = { 0 };
  guint8 longer[8] = { 0 };
  g_autofree char *payload = NULL;
  gsize length = 0;

  raw_read (raw, header, 2);
  g_assert_cmpuint (header[0], ==, start);
  length = header[1];
  g_assert_cmpuint (length, <, 128);
  if (length == 126)
    {
      raw_read (raw, longer, 2);
      length = (gsize) longer[0] << 8 | longer[1];
    }
  else if (length == 127)
    {
      raw_read (raw, longer, 8);
      length = 0;
      for (guint i = 0; i < 8; i++)
        length = length << 8 | longer[i];
    }
  g_assert_cmpuint (length, <, 1u << 24);
  payload = g_malloc0 (length + 1);
  raw_read (raw, payload, length);
  *size = length;
  return g_steal_pointer (&payload);
}

static JsonObject *
expect_packet (Raw *raw)
{
  gsize size = 0;
  g_autofree char *text = expect_frame (raw, FINAL_TEXT, &size);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = json_from_string (text, &error);

  g_assert_no_error (error);
  return json_object_ref (json_node_get_object (node));
}

/* The last words: a close frame, then the end. */
static void
expect_close (Raw   *raw,
              guint  code)
{
  gsize size = 0;
  g_autofree char *payload = expect_frame (raw, FINAL_CLOSE, &size);
  g_autofree char *rest = NULL;

  g_assert_cmpuint (size, ==, 2);
  g_assert_cmpuint ((guint) (guint8) payload[0] << 8 | (guint8) payload[1], ==, code);
  rest = raw_read_rest (raw);
  g_assert_cmpstr (rest, ==, "");
}

static void
expect_kill (Raw        *raw,
             const char *error,
             guint       code)
{
  g_autoptr(JsonObject) kill = expect_packet (raw);

  g_assert_cmpstr (json_object_get_string_member (kill, "cmd"), ==, "kill");
  fixture_assert_error (kill, error);
  expect_close (raw, code);
}

static void
greet (Raw *raw)
{
  g_autoptr(JsonObject) version = NULL;

  send_text (raw, VERSION_REQUEST);
  version = expect_packet (raw);
  burble_test_assert_packet (version, VERSION_REQUEST);
}

static void
sign_in (Raw        *raw,
         const char *who)
{
  g_autofree char *auth = g_strdup_printf ("{\"id\":2,\"cmd\":\"auth\",\"from\":\"%s/web\","
                                           "\"method\":\"plain\",\"password\":\""
                                           BURBLE_TEST_SERVER_PASSWORD "\"}", who);
  g_autoptr(JsonObject) answer = NULL;

  greet (raw);
  send_text (raw, auth);
  answer = expect_packet (raw);
  fixture_assert_error (answer, "null");
}

static void
test_refusals (Fixture      *f,
               gconstpointer data)
{
  static const struct
  {
    const char *request;
    const char *answer;
  } cases[] = {
    { "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 404 " },
    { "POST /gurgle HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 405 " },
    { "GET /gurgle HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 426 " },
    { "GET /gurgle HTTP/1.1\r\n\r\n", "HTTP/1.1 400 " },
    { REQUEST "Origin: https://other.example\r\n\r\n", "HTTP/1.1 403 " },
    { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 400 " },
  };
  g_autoptr(BurbleTestPeer) bystander = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(Raw) large = raw_new (f);
  g_autofree char *filler = g_strnfill (9000, 'x');
  g_autofree char *answer = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Raw) raw = raw_new (f);
      g_autofree char *text = NULL;

      raw_send (raw, cases[i].request, strlen (cases[i].request));
      text = raw_read_rest (raw);
      g_assert_true (g_str_has_prefix (text, cases[i].answer));
    }
  raw_send (large, "GET /gurgle HTTP/1.1\r\nX: ", 25);
  raw_send (large, filler, 9000);
  answer = raw_read_rest (large);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 431 "));
  burble_test_peer_assert_quiet (bystander);
}

static void
test_unfinished_request (Fixture      *f,
                         gconstpointer data)
{
  g_autoptr(Raw) raw = raw_new (f);
  g_autofree char *rest = NULL;

  /* It gets no longer than others to sign in, and no packet that it could not understand. */
  raw_send (raw, REQUEST, strlen (REQUEST));
  rest = raw_read_rest (raw);
  g_assert_cmpstr (rest, ==, "");
}

static void
test_pieces (Fixture      *f,
             gconstpointer data)
{
  g_autoptr(Raw) raw = raw_new (f);
  g_autoptr(GByteArray) all = g_byte_array_new ();
  g_autoptr(GByteArray) first = make_frame (0x01, VERSION_REQUEST, 5);
  g_autoptr(GByteArray) ping = make_frame (0x89, "still there?", 12);
  g_autoptr(GByteArray) last = make_frame (0x80, &VERSION_REQUEST[5], strlen (VERSION_REQUEST) - 5);
  g_autoptr(JsonObject) version = NULL;
  g_autofree char *pong = NULL;
  gsize size = 0;

  g_byte_array_append (all, (const guint8 *) REQUEST "\r\n", strlen (REQUEST "\r\n"));
  g_byte_array_append (all, first->data, first->len);
  g_byte_array_append (all, ping->data, ping->len);
  for (guint i = 0; i < all->len; i++)
    raw_send (raw, all->data + i, 1);
  for (const char *p = "HTTP/1.1 101"; *p != '\0'; p++)
    {
      char byte = 0;

      raw_read (raw, &byte, 1);
      g_assert_cmpint (byte, ==, *p);
    }
  for (guint in_row = 0; in_row < 4;)
    {
      char byte = 0;

      raw_read (raw, &byte, 1);
      in_row = byte == "\r\n\r\n"[in_row] ? in_row + 1 : 0;
    }
  pong = expect_frame (raw, 0x8a, &size);
  g_assert_cmpstr (pong, ==, "still there?");
  raw_send (raw, last->data, last->len);
  version = expect_packet (raw);
  burble_test_assert_packet (version, VERSION_REQUEST);
}

static void
test_bad_frames (Fixture      *f,
                 gconstpointer data)
{
  static const struct
  {
    guint8 start;
    const char *payload;
    gsize size;
    guint code;
  } cases[] = {
    { FINAL_TEXT, "[]", 2, 1000 },
    { FINAL_TEXT, "hello", 5, 1000 },
    { FINAL_TEXT, "", 0, 1002 },
    { FINAL_TEXT, "\"\xff\"", 3, 1007 },
    { 0x82, "{}", 2, 1003 },
    { 0x80, "{}", 2, 1002 },
    { 0xc1, "{}", 2, 1002 },
    { 0x83, "{}", 2, 1002 },
    { 0x09, "", 0, 1002 },
    { FINAL_CLOSE, "x", 1, 1002 },
  };
  g_autoptr(BurbleTestPeer) bystander = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(Raw) unmasked = raw_upgrade (f);
  g_autoptr(Raw) length_first = raw_upgrade (f);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Raw) before = raw_upgrade (f);
      g_autoptr(Raw) after = raw_upgrade (f);

      send_frame (before, cases[i].start, cases[i].payload, cases[i].size);
      expect_kill (before, "bad_packet", cases[i].code);
      sign_in (after, BOB);
      send_frame (after, cases[i].start, cases[i].payload, cases[i].size);
      expect_kill (after, "bad_packet", cases[i].code);
    }
  raw_send (unmasked, "\x81\x18" VERSION_REQUEST, 26);
  expect_kill (unmasked, "bad_packet", 1002);
  raw_send (length_first, "\0\0\0\x18" VERSION_REQUEST, 28);
  expect_kill (length_first, "bad_packet", 1002);
  burble_test_peer_assert_quiet (bystander);
}

static void
test_too_large (Fixture      *f,
                gconstpointer data)
{
  static const guint8 announced[] = { 0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 1, 2, 3, 4 };
  static const guint8 later[] = { 0x81, 0xff, 0, 0, 0, 0, 1, 0, 0, 1, 1, 2, 3, 4 };
  g_autoptr(Raw) before = raw_upgrade (f);
  g_autoptr(Raw) pieces = raw_upgrade (f);
  g_autoptr(Raw) after = raw_upgrade (f);
  g_autofree char *filler = g_strnfill (1000000, ' ');
  g_autofree char *ping = g_strdup_printf ("{\"id\":5,\"cmd\":\"ping\",\"data\":\"%s\"}", filler);
  g_autoptr(JsonObject) pong = NULL;

  /* Told before a byte of it has come. */
  raw_send (before, announced, sizeof announced);
  expect_kill (before, "too_large", 1009);
  send_frame (pieces, 0x01, filler, 60000);
  send_frame (pieces, 0x00, filler, 6000);
  expect_kill (pieces, "too_large", 1009);
  sign_in (after, BOB);
  send_text (after, ping);
  pong = expect_packet (after);
  g_assert_cmpuint (strlen (json_object_get_string_member (pong, "data")), ==, 1000000);
  raw_send (after, later, sizeof later);
  expect_kill (after, "too_large", 1009);
}

static void
test_close (Fixture      *f,
            gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = NULL;
  g_autoptr(Raw) bob = raw_upgrade (f);
  g_autoptr(Raw) silent = raw_upgrade (f);
  g_autoptr(Raw) polite = raw_upgrade (f);
  g_autoptr(JsonObject) bye = NULL;
  g_autoptr(JsonObject) heard = NULL;
  gsize size = 0;
  g_autofree char *code = NULL;
  g_autofree char *rest = NULL;

  /* His friend hears at once that he has gone. */
  fixture_befriend (f, ALICE, BOB);
  sign_in (bob, BOB);
  alice = fixture_online (f, ALICE, "desk", NULL);
  send_text (bob, "{\"id\":3,\"cmd\":\"presence\",\"presence\":{\"status\":\"available\"}}");
  heard = burble_test_peer_expect_command (alice, "presence");
  fixture_assert_member (fixture_only (heard, "presences"), "status", "available");
  g_clear_pointer (&heard, json_object_unref);
  /* What else he heard is of no interest: the answer to a ping comes behind all of it. */
  send_frame (bob, FINAL_TEXT, "{\"id\":9,\"cmd\":\"ping\"}", 21);
  for (gboolean answered = FALSE; !answered;)
    {
      g_autoptr(JsonObject) packet = expect_packet (bob);

      answered = g_strcmp0 (json_object_get_string_member_with_default (packet, "cmd", ""),
                            "pong") == 0;
    }
  send_frame (bob, FINAL_CLOSE, "\x03\xe9gone", 6);
  expect_close (bob, 1001);
  g_clear_pointer (&heard, json_object_unref);
  heard = burble_test_peer_expect_command (alice, "presence");
  fixture_assert_member (fixture_only (heard, "presences"), "status", "null");

  send_frame (silent, FINAL_CLOSE, "", 0);
  code = expect_frame (silent, FINAL_CLOSE, &size);
  g_assert_cmpuint (size, ==, 0);
  rest = raw_read_rest (silent);
  g_assert_cmpstr (rest, ==, "");

  greet (polite);
  send_text (polite, "{\"id\":2,\"cmd\":\"quit\"}");
  bye = expect_packet (polite);
  g_assert_cmpstr (json_object_get_string_member (bye, "cmd"), ==, "bye");
  expect_close (polite, 1000);
}

static void
test_shutdown (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(Raw) raw = raw_upgrade (f);

  sign_in (raw, BOB);
  burble_test_server_ask_to_stop (f->server);
  expect_kill (raw, "shutdown", 1000);
  g_assert_cmpint (burble_test_server_wait (f->server), ==, 0);
}

static void
test_greedy (Fixture      *f,
             gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(GByteArray) pings = g_byte_array_new ();
  g_autoptr(GByteArray) ping = make_frame (0x89, "0123456789", 10);
  g_autoptr(Raw) asker = raw_upgrade (f);
  g_autoptr(Raw) pinger = raw_upgrade (f);
  g_autofree char *filler = g_strnfill (200000, 'x');
  g_autofree char *request = g_strdup_printf ("{\"id\":1,\"cmd\":\"ping\",\"data\":\"%s\"}",
                                              filler);
  gboolean ended = FALSE;
  gsize size = 0;

  /* Asks and never reads: it is not listened to any more, then let go. */
  sign_in (asker, BOB);
  g_socket_set_timeout (asker->socket, 15);
  for (guint i = 0; i < 500 && !ended; i++)
    ended = !send_frame (asker, FINAL_TEXT, request, strlen (request));
  g_assert_true (ended);

  /* Of pings without end only the last counts. */
  sign_in (pinger, BOB);
  for (guint i = 0; i < 1000; i++)
    g_byte_array_append (pings, ping->data, ping->len);
  raw_send (pinger, pings->data, pings->len);
  send_frame (pinger, 0x89, "last", 4);
  for (guint i = 0; i <= 1000; i++)
    {
      g_autofree char *pong = expect_frame (pinger, 0x8a, &size);

      if (g_str_equal (pong, "last"))
        break;
      g_assert_cmpuint (i, <, 1000);
    }
  burble_test_peer_assert_quiet (alice);
}

/* libsoup */

static gboolean
accept_message_cb (SoupMessage         *message,
                   GTlsCertificate     *certificate,
                   GTlsCertificateFlags errors,
                   gpointer             user_data)
{
  return TRUE;
}

static void
websocket_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  SoupWebsocketConnection **connection = user_data;
  g_autoptr(GError) error = NULL;

  *connection = soup_session_websocket_connect_finish (SOUP_SESSION (object), result, &error);
  g_assert_no_error (error);
}

static void
message_cb (SoupWebsocketConnection *connection,
            SoupWebsocketDataType    type,
            GBytes                  *bytes,
            gpointer                 user_data)
{
  gsize size = 0;
  const char *text = g_bytes_get_data (bytes, &size);

  g_assert_cmpint (type, ==, SOUP_WEBSOCKET_DATA_TEXT);
  g_string_append_len (user_data, text, (gssize) size);
}

static void
test_other_client (Fixture      *f,
                   gconstpointer data)
{
  g_autofree char *uri = g_strdup_printf ("%s://127.0.0.1:%u/gurgle", f->plain ? "ws" : "wss",
                                          burble_test_server_get_port (f->server));
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(SoupSession) session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  g_autoptr(SoupMessage) message = soup_message_new ("GET", uri);
  g_autoptr(SoupWebsocketConnection) connection = NULL;
  g_autoptr(GString) heard = g_string_new (NULL);
  g_autoptr(JsonObject) said = NULL;
  g_autofree char *large = g_strnfill (100000, 'y');

  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_message_cb), NULL);
  soup_session_websocket_connect_async (session, message, NULL, NULL, G_PRIORITY_DEFAULT, NULL,
                                        websocket_cb, &connection);
  burble_test_wait_until (connection != NULL);
  soup_websocket_connection_set_max_incoming_payload_size (connection, 1 << 24);
  g_signal_connect (connection, "message", G_CALLBACK (message_cb), heard);
  soup_websocket_connection_send_text (connection, VERSION_REQUEST);
  burble_test_wait_until (strstr (heard->str, "0.1") != NULL);
  soup_websocket_connection_send_text (connection, "{\"id\":2,\"cmd\":\"auth\",\"from\":\"" BOB
                                       "/web\",\"method\":\"plain\",\"password\":\""
                                       BURBLE_TEST_SERVER_PASSWORD "\"}");
  burble_test_wait_until (strstr (heard->str, BOB "/web") != NULL);
  soup_websocket_connection_send_text (connection, "{\"id\":3,\"cmd\":\"presence\",\"presence\":"
                                       "{\"status\":\"available\"}}");

  /* It and a client of the other transport talk to each other. */
  soup_websocket_connection_send_text (connection, "{\"id\":4,\"cmd\":\"message\",\"messages\":[{"
                                       "\"id\":\"w1\",\"to\":\"" ALICE "\",\"text\":\"h\303\251\"}]}");
  burble_test_wait_until (strstr (heard->str, "\"w1\"") != NULL);
  said = fixture_hear (alice);
  fixture_assert_member (said, "text", "h\303\251");
  fixture_say (alice, BOB, "a1", large);
  burble_test_wait_until (strstr (heard->str, large) != NULL);

  soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  burble_test_wait_until (soup_websocket_connection_get_state (connection) ==
                          SOUP_WEBSOCKET_STATE_CLOSED);
  g_assert_cmpint (soup_websocket_connection_get_close_code (connection), ==,
                   SOUP_WEBSOCKET_CLOSE_GOING_AWAY);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  fixture_add ("/server/websocket/refusals", NULL, test_refusals);
  fixture_add ("/server/websocket/unfinished-request", "[timeouts]\nauth=2\n",
               test_unfinished_request);
  fixture_add ("/server/websocket/pieces", NULL, test_pieces);
  fixture_add ("/server/websocket/bad-frames", NULL, test_bad_frames);
  fixture_add ("/server/websocket/too-large", NULL, test_too_large);
  fixture_add ("/server/websocket/close", NULL, test_close);
  fixture_add ("/server/websocket/shutdown", NULL, test_shutdown);
  fixture_add ("/server/websocket/greedy", "[server]\nplain=true\n[timeouts]\nstuck=2\n",
               test_greedy);
  fixture_add ("/server/websocket/another-client", NULL, test_other_client);
  fixture_add ("/server/websocket/another-client-without-tls", "[server]\nplain=true\n",
               test_other_client);
  return g_test_run ();
}
