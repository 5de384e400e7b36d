/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "stream-pair.h"

#include <string.h>
#include <sys/socket.h>

#include "burble-test-certificate.h"
#include "burble-test-wait.h"

void
read_result_clear (ReadResult *result)
{
  g_clear_pointer (&result->frame, g_bytes_unref);
  g_clear_error (&result->error);
  result->done = FALSE;
}

void
read_frame_cb (GObject      *object,
               GAsyncResult *async_result,
               gpointer      user_data)
{
  ReadResult *result = user_data;

  g_assert_false (result->done);
  result->frame = burble_framed_stream_read_finish (BURBLE_FRAMED_STREAM (object), async_result,
                                                    &result->error);
  result->done = TRUE;
}

void
assert_reads (BurbleFramedStream *stream,
              const char         *expected)
{
  ReadResult result = { 0 };

  burble_framed_stream_read_async (stream, NULL, read_frame_cb, &result);
  burble_test_wait_until (result.done);
  g_assert_no_error (result.error);
  g_assert_nonnull (result.frame);
  g_assert_cmpmem (g_bytes_get_data (result.frame, NULL), g_bytes_get_size (result.frame), expected,
                   strlen (expected));
  read_result_clear (&result);
}

void
assert_read_fails (BurbleFramedStream *stream,
                   GQuark              domain,
                   int                 code)
{
  ReadResult result = { 0 };

  burble_framed_stream_read_async (stream, NULL, read_frame_cb, &result);
  burble_test_wait_until (result.done);
  g_assert_error (result.error, domain, code);
  g_assert_null (result.frame);
  read_result_clear (&result);
}

void
assert_reads_end (BurbleFramedStream *stream)
{
  ReadResult result = { 0 };

  burble_framed_stream_read_async (stream, NULL, read_frame_cb, &result);
  burble_test_wait_until (result.done);
  g_assert_no_error (result.error);
  g_assert_null (result.frame);
}

gboolean
send_text (BurbleFramedStream *stream,
           const char         *text,
           GError            **error)
{
  g_autoptr(GBytes) payload = g_bytes_new (text, strlen (text));

  return burble_framed_stream_send (stream, payload, error);
}

GBytes *
make_payload (gsize  size,
              guint8 seed)
{
  guint8 *data = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    data[i] = (guint8) (i * 31 + (i >> 8) + seed);
  return g_bytes_new_take (data, size);
}

static GSocket *
adopt (int fd)
{
  g_autoptr(GError) error = NULL;
  GSocket *socket = g_socket_new_from_fd (fd, &error);

  g_assert_no_error (error);
  return socket;
}

static GIOStream *
connection_of (GSocket *socket)
{
  return G_IO_STREAM (g_object_new (G_TYPE_SOCKET_CONNECTION, "socket", socket, NULL));
}

BurbleFramedStream *
stream_with_raw_peer (int       type,
                      GSocket **peer)
{
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GIOStream) connection = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, type | SOCK_CLOEXEC, 0, fds), ==, 0);
  socket = adopt (fds[0]);
  *peer = adopt (fds[1]);
  connection = connection_of (socket);
  return burble_framed_stream_new (connection);
}

void
raw_send (GSocket    *peer,
          const void *data,
          gsize       size)
{
  g_autoptr(GError) error = NULL;
  const char *bytes = data;

  g_socket_set_blocking (peer, TRUE);
  while (size > 0)
    {
      gssize n = g_socket_send (peer, bytes, size, NULL, &error);

      g_assert_no_error (error);
      bytes += n;
      size -= (gsize) n;
    }
}

GByteArray *
raw_read_to_end (GSocket *peer)
{
  GByteArray *all = g_byte_array_new ();
  gboolean ended = FALSE;

  g_socket_set_blocking (peer, FALSE);
  while (!ended)
    {
      g_autoptr(GError) error = NULL;
      char bytes[65536];
      gssize n = 0;

      burble_test_wait_until (g_socket_condition_check (peer, G_IO_IN | G_IO_HUP) != 0);
      n = g_socket_receive (peer, bytes, sizeof bytes, NULL, &error);
      g_assert_no_error (error);
      if (n > 0)
        g_byte_array_append (all, (guint8 *) bytes, (guint) n);
      ended = n == 0;
    }
  return all;
}

void
make_socket_pair (GIOStream **a,
                  GIOStream **b)
{
  g_autoptr(GSocket) socket_a = NULL;
  g_autoptr(GSocket) socket_b = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  socket_a = adopt (fds[0]);
  socket_b = adopt (fds[1]);
  *a = connection_of (socket_a);
  *b = connection_of (socket_b);
}

static gboolean
accept_cb (GTlsConnection *connection)
{
  return TRUE;
}

static void
shaken_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  g_tls_connection_handshake_finish (G_TLS_CONNECTION (object), result, &error);
  g_assert_no_error (error);
  *(guint *) user_data += 1;
}

void
make_tls_pair (GIOStream **client,
               GIOStream **server,
               GSocket   **client_socket)
{
  g_autoptr(GTlsCertificate) certificate = NULL;
  g_autoptr(GIOStream) a = NULL;
  g_autoptr(GIOStream) b = NULL;
  g_autoptr(GError) error = NULL;
  guint shaken = 0;

  make_socket_pair (&a, &b);
  if (client_socket != NULL)
    *client_socket = g_object_ref (g_socket_connection_get_socket (G_SOCKET_CONNECTION (a)));
  certificate = burble_test_make_certificate ("localhost", BURBLE_TEST_CERTIFICATE_PLAIN, NULL);
  *client = g_tls_client_connection_new (a, NULL, &error);
  g_assert_no_error (error);
  *server = g_tls_server_connection_new (b, certificate, &error);
  g_assert_no_error (error);
  g_signal_connect (*client, "accept-certificate", G_CALLBACK (accept_cb), NULL);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (*client), G_PRIORITY_DEFAULT, NULL, shaken_cb,
                                    &shaken);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (*server), G_PRIORITY_DEFAULT, NULL, shaken_cb,
                                    &shaken);
  burble_test_wait_until (shaken == 2);
}
