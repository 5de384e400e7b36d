/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/socket.h>

#include "burble-frame.h"
#include "burble-framed-stream.h"
#include "burble-net-error.h"
#include "burble-test-wait.h"
#include "stream-pair.h"

typedef struct
{
  gboolean  done;
  GError   *error;
} FlushResult;

static void
flushed_cb (GObject      *object,
            GAsyncResult *async_result,
            gpointer      user_data)
{
  FlushResult *result = user_data;

  g_assert_false (result->done);
  burble_framed_stream_flush_finish (BURBLE_FRAMED_STREAM (object), async_result, &result->error);
  result->done = TRUE;
}

static void
count_cb (guint *count)
{
  *count += 1;
}

/* Lets a closed stream go and checks that nothing else holds it. */
static void
drop (BurbleFramedStream *stream)
{
  burble_framed_stream_close (stream);
  burble_test_settle ();
  g_assert_finalize_object (stream);
}

/* Fills the queue until it refuses; returns how many frames it took. */
static guint
fill (BurbleFramedStream *stream,
      gsize               size)
{
  guint n = 0;

  for (;;)
    {
      g_autoptr(GBytes) payload = make_payload (size, (guint8) n);
      g_autoptr(GError) error = NULL;
      gsize before = burble_framed_stream_get_queued_bytes (stream);

      if (!burble_framed_stream_send (stream, payload, &error))
        {
          g_assert_error (error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_QUEUE_FULL);
          g_assert_cmpuint (burble_framed_stream_get_queued_bytes (stream), ==, before);
          return n;
        }
      n++;
      burble_test_settle ();
    }
}

static void
assert_reads_filled (BurbleFramedStream *stream,
                     guint               n,
                     gsize               size)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GBytes) payload = make_payload (size, (guint8) i);
      ReadResult result = { 0 };

      burble_framed_stream_read_async (stream, NULL, read_frame_cb, &result);
      burble_test_wait_until (result.done);
      g_assert_no_error (result.error);
      g_assert_true (g_bytes_equal (result.frame, payload));
      read_result_clear (&result);
    }
}

/* A packet socket shows what went out in one write. */
static void
test_frames_leave_together (void)
{
  g_autoptr(GSocket) peer = NULL;
  g_autoptr(GError) error = NULL;
  BurbleFramedStream *stream = stream_with_raw_peer (SOCK_SEQPACKET, &peer);
  char bytes[65536];
  gssize n = 0;

  for (guint i = 0; i < 50; i++)
    g_assert_true (send_text (stream, "hello", NULL));
  g_assert_cmpuint (burble_framed_stream_get_queued_bytes (stream), ==, 50 * 9);
  burble_test_wait_until (burble_framed_stream_get_queued_bytes (stream) == 0);
  n = g_socket_receive (peer, bytes, sizeof bytes, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, 50 * 9);
  g_assert_cmpmem (bytes, 18, "\0\0\0\5hello\0\0\0\5hello", 18);
  drop (stream);
}

static void
test_prefix_leaves_with_body (void)
{
  g_autoptr(GSocket) peer = NULL;
  g_autoptr(GBytes) payload = make_payload (100000, 3);
  BurbleFramedStream *stream = stream_with_raw_peer (SOCK_SEQPACKET, &peer);
  char bytes[131072];
  gssize n = 0;
  gsize total = 0;

  g_assert_true (burble_framed_stream_send (stream, payload, NULL));
  burble_test_wait_until (burble_framed_stream_get_queued_bytes (stream) == 0);
  n = g_socket_receive (peer, bytes, sizeof bytes, NULL, NULL);
  g_assert_cmpint (n, >, 4096);
  g_assert_cmpmem (bytes, 4, "\0\1\206\240", 4);
  total = (gsize) n;
  while (total < 100004)
    {
      n = g_socket_receive (peer, bytes + total, sizeof bytes - total, NULL, NULL);
      g_assert_cmpint (n, >, 0);
      total += (gsize) n;
    }
  g_assert_cmpuint (total, ==, 100004);
  g_assert_cmpmem (bytes + 4, 100000, g_bytes_get_data (payload, NULL), 100000);
  drop (stream);
}

static void
test_queue_is_bounded (void)
{
  g_autoptr(GIOStream) a = NULL;
  g_autoptr(GIOStream) b = NULL;
  BurbleFramedStream *from = NULL;
  BurbleFramedStream *to = NULL;
  guint drained = 0;
  guint n = 0;

  make_socket_pair (&a, &b);
  from = burble_framed_stream_new (a);
  to = burble_framed_stream_new (b);
  g_signal_connect_swapped (from, "drained", G_CALLBACK (count_cb), &drained);
  burble_framed_stream_set_queue_limit (from, 100000);
  n = fill (from, 7000);
  g_assert_cmpuint (n, >, 10);
  g_assert_cmpuint (burble_framed_stream_get_queued_bytes (from), <=, 100000);
  g_assert_cmpuint (drained, ==, 0);

  assert_reads_filled (to, n, 7000);
  burble_test_wait_until (burble_framed_stream_get_queued_bytes (from) == 0);
  g_assert_cmpuint (drained, ==, 1);

  /* And it works as before. */
  g_assert_true (send_text (from, "again", NULL));
  assert_reads (to, "again");
  g_assert_cmpuint (drained, ==, 1);
  drop (from);
  drop (to);
}

static void
test_larger_than_queue (void)
{
  g_autoptr(GSocket) peer = NULL;
  g_autoptr(GError) error = NULL;
  BurbleFramedStream *stream = stream_with_raw_peer (SOCK_STREAM, &peer);

  burble_framed_stream_set_queue_limit (stream, 8);
  g_assert_false (send_text (stream, "hello", &error));
  g_assert_error (error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_QUEUE_FULL);
  g_assert_true (send_text (stream, "four", NULL));
  drop (stream);
}

static void
failed_cb (BurbleFramedStream *stream,
           GError             *error,
           guint              *count)
{
  g_assert_nonnull (error);
  *count += 1;
}

static void
test_write_failure (void)
{
  g_autoptr(GSocket) peer = NULL;
  BurbleFramedStream *stream = stream_with_raw_peer (SOCK_STREAM, &peer);
  FlushResult flush = { 0 };
  guint failed = 0;

  g_signal_connect (stream, "write-failed", G_CALLBACK (failed_cb), &failed);
  g_assert_true (send_text (stream, "hello", NULL));
  burble_framed_stream_flush_async (stream, NULL, flushed_cb, &flush);
  g_socket_close (peer, NULL);
  burble_test_wait_until (flush.done && failed > 0);
  g_assert_error (flush.error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
  g_clear_error (&flush.error);
  g_assert_false (send_text (stream, "hello", &flush.error));
  g_assert_error (flush.error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
  g_clear_error (&flush.error);
  burble_test_settle ();
  g_assert_cmpuint (failed, ==, 1);
  g_assert_cmpuint (burble_framed_stream_get_queued_bytes (stream), ==, 0);
  drop (stream);
}

static void
test_flush (void)
{
  g_autoptr(GIOStream) a = NULL;
  g_autoptr(GIOStream) b = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  BurbleFramedStream *from = NULL;
  BurbleFramedStream *to = NULL;
  FlushResult empty = { 0 };
  FlushResult full = { 0 };
  FlushResult cancelled = { 0 };
  guint n = 0;

  make_socket_pair (&a, &b);
  from = burble_framed_stream_new (a);
  to = burble_framed_stream_new (b);
  burble_framed_stream_flush_async (from, NULL, flushed_cb, &empty);
  burble_test_wait_until (empty.done);
  g_assert_no_error (empty.error);

  burble_framed_stream_set_queue_limit (from, 100000);
  n = fill (from, 1000);
  burble_framed_stream_flush_async (from, cancellable, flushed_cb, &cancelled);
  burble_framed_stream_flush_async (from, NULL, flushed_cb, &full);
  burble_test_settle ();
  g_assert_false (full.done);
  g_cancellable_cancel (cancellable);
  burble_test_wait_until (cancelled.done);
  g_assert_error (cancelled.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&cancelled.error);
  g_assert_false (full.done);
  assert_reads_filled (to, n, 1000);
  burble_test_wait_until (full.done);
  g_assert_no_error (full.error);
  drop (from);
  drop (to);
}

static void
test_close_drops_queue (void)
{
  g_autoptr(GSocket) peer = NULL;
  g_autoptr(GByteArray) got = NULL;
  g_autoptr(GError) error = NULL;
  BurbleFramedStream *stream = stream_with_raw_peer (SOCK_STREAM, &peer);
  FlushResult flush = { 0 };

  burble_framed_stream_set_queue_limit (stream, 1000000);
  fill (stream, 50000);
  burble_framed_stream_flush_async (stream, NULL, flushed_cb, &flush);
  burble_framed_stream_close (stream);
  g_assert_cmpuint (burble_framed_stream_get_queued_bytes (stream), ==, 0);
  burble_test_wait_until (flush.done);
  g_assert_error (flush.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&flush.error);
  g_assert_false (send_text (stream, "late", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  got = raw_read_to_end (peer);
  g_assert_cmpuint (got->len, <, 1000000);
  drop (stream);
}

/* Refill from inside "drained", then drop everything from inside a flush. */
static void
refill_cb (BurbleFramedStream *stream,
           guint              *count)
{
  *count += 1;
  g_assert_true (send_text (stream, "from drained", NULL));
}

static void
close_in_flush_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_assert_true (burble_framed_stream_flush_finish (BURBLE_FRAMED_STREAM (object), result, NULL));
  burble_framed_stream_close (BURBLE_FRAMED_STREAM (object));
  *(gboolean *) user_data = TRUE;
}

static void
test_reentrancy (void)
{
  g_autoptr(GIOStream) a = NULL;
  g_autoptr(GIOStream) b = NULL;
  BurbleFramedStream *from = NULL;
  BurbleFramedStream *to = NULL;
  gboolean closed = FALSE;
  guint drained = 0;
  guint n = 0;

  make_socket_pair (&a, &b);
  from = burble_framed_stream_new (a);
  to = burble_framed_stream_new (b);
  g_signal_connect (from, "drained", G_CALLBACK (refill_cb), &drained);
  burble_framed_stream_set_queue_limit (from, 40000);
  n = fill (from, 3000);
  assert_reads_filled (to, n, 3000);
  burble_test_wait_until (drained == 1);
  assert_reads (to, "from drained");
  g_assert_true (send_text (from, "last", NULL));
  burble_framed_stream_flush_async (from, NULL, close_in_flush_cb, &closed);
  burble_test_wait_until (closed);
  assert_reads (to, "last");
  assert_reads_end (to);
  drop (from);
  drop (to);
}

static void
accepted_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  *(GSocketConnection **) user_data =
    g_socket_listener_accept_finish (G_SOCKET_LISTENER (object), result, NULL, &error);
  g_assert_no_error (error);
}

/* On TCP, closing with unread input resets: then the peer would lose what was said last. */
static void
test_last_words_arrive (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) accepted = NULL;
  g_autoptr(GSocketConnection) peer = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) rubbish = make_payload (200000, 0);
  g_autoptr(GByteArray) got = NULL;
  GSocket *socket = NULL;
  BurbleFramedStream *stream = NULL;
  FlushResult flush = { 0 };
  guint16 port = 0;

  port = g_socket_listener_add_any_inet_port (listener, NULL, &error);
  g_assert_no_error (error);
  g_socket_listener_accept_async (listener, NULL, accepted_cb, &accepted);
  g_socket_client_set_enable_proxy (client, FALSE);
  peer = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, &error);
  g_assert_no_error (error);
  burble_test_wait_until (accepted != NULL);

  socket = g_socket_connection_get_socket (peer);
  raw_send (socket, g_bytes_get_data (rubbish, NULL), 200000);
  stream = burble_framed_stream_new (G_IO_STREAM (accepted));
  g_assert_true (send_text (stream, "kill", NULL));
  burble_framed_stream_flush_async (stream, NULL, flushed_cb, &flush);
  burble_test_wait_until (flush.done);
  burble_framed_stream_close (stream);
  for (guint i = 0; i < 3; i++)
    {
      raw_send (socket, g_bytes_get_data (rubbish, NULL), 200000);
      burble_test_settle ();
    }
  got = raw_read_to_end (socket);
  g_assert_cmpmem (got->data, got->len, "\0\0\0\4kill", 8);
  drop (stream);
}

static void
test_tls_both_ways (void)
{
  g_autoptr(GIOStream) a = NULL;
  g_autoptr(GIOStream) b = NULL;
  BurbleFramedStream *client = NULL;
  BurbleFramedStream *server = NULL;
  static const gsize sizes[] = { 1, 100, 16379, 16380, 16381, 16384, 32764, 32768, 70000, 3000000 };

  make_tls_pair (&a, &b, NULL);
  client = burble_framed_stream_new (a);
  server = burble_framed_stream_new (b);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GBytes) payload = make_payload (sizes[i], (guint8) i);
      ReadResult at_client = { 0 };
      ReadResult at_server = { 0 };

      burble_framed_stream_read_async (server, NULL, read_frame_cb, &at_server);
      burble_framed_stream_read_async (client, NULL, read_frame_cb, &at_client);
      g_assert_true (burble_framed_stream_send (client, payload, NULL));
      g_assert_true (burble_framed_stream_send (server, payload, NULL));
      burble_test_wait_until (at_client.done && at_server.done);
      g_assert_true (g_bytes_equal (at_client.frame, payload));
      g_assert_true (g_bytes_equal (at_server.frame, payload));
      read_result_clear (&at_client);
      read_result_clear (&at_server);
    }
  burble_framed_stream_close (client);
  assert_reads_end (server);
  drop (client);
  drop (server);
}

/* A blocked TLS write has to be repeated as it was, though more was queued meanwhile. */
static void
test_tls_slow_reader (void)
{
  g_autoptr(GIOStream) a = NULL;
  g_autoptr(GIOStream) b = NULL;
  BurbleFramedStream *client = NULL;
  BurbleFramedStream *server = NULL;
  guint drained = 0;

  make_tls_pair (&a, &b, NULL);
  client = burble_framed_stream_new (a);
  server = burble_framed_stream_new (b);
  burble_framed_stream_set_queue_limit (server, 200000);
  g_signal_connect_swapped (server, "drained", G_CALLBACK (count_cb), &drained);
  for (guint round = 1; round <= 3; round++)
    {
      guint n = fill (server, 501);

      assert_reads_filled (client, n, 501);
      burble_test_wait_until (drained == round);
    }
  drop (client);
  drop (server);
}

static GSocket *
base_socket (GIOStream *tls)
{
  g_autoptr(GIOStream) base = NULL;

  g_object_get (tls, "base-io-stream", &base, NULL);
  return g_object_ref (g_socket_connection_get_socket (G_SOCKET_CONNECTION (base)));
}

/* A peer that stopped reading must not hold up the close; TLS would wait to say goodbye. */
static void
test_tls_close_when_stuck (void)
{
  g_autoptr(GIOStream) a = NULL;
  g_autoptr(GIOStream) b = NULL;
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GSocket) server_socket = NULL;
  g_autoptr(GByteArray) got = NULL;
  BurbleFramedStream *server = NULL;

  make_tls_pair (&b, &a, &server_socket);
  socket = base_socket (a);
  server = burble_framed_stream_new (b);
  g_clear_object (&b);
  burble_framed_stream_set_queue_limit (server, 500000);
  fill (server, 10000);
  burble_framed_stream_close (server);
  g_assert_true (g_socket_is_closed (server_socket));
  g_assert_finalize_object (server);
  got = raw_read_to_end (socket);
  g_assert_cmpuint (got->len, >, 0);
}

/* The peer process died: no goodbye in TLS. Between frames that is an end like another. */
static void
test_tls_cut (void)
{
  g_autoptr(GIOStream) a = NULL;
  g_autoptr(GIOStream) b = NULL;
  g_autoptr(GSocket) socket = NULL;
  BurbleFramedStream *client = NULL;
  BurbleFramedStream *server = NULL;

  make_tls_pair (&a, &b, &socket);
  client = burble_framed_stream_new (a);
  server = burble_framed_stream_new (b);
  g_assert_true (send_text (client, "hello", NULL));
  burble_test_wait_until (burble_framed_stream_get_queued_bytes (client) == 0);
  g_socket_close (socket, NULL);
  assert_reads (server, "hello");
  assert_reads_end (server);
  drop (client);
  drop (server);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/net/framed-stream/frames-leave-together", test_frames_leave_together);
  g_test_add_func ("/net/framed-stream/prefix-leaves-with-body", test_prefix_leaves_with_body);
  g_test_add_func ("/net/framed-stream/queue-is-bounded", test_queue_is_bounded);
  g_test_add_func ("/net/framed-stream/larger-than-queue", test_larger_than_queue);
  g_test_add_func ("/net/framed-stream/write-failure-is-told-once", test_write_failure);
  g_test_add_func ("/net/framed-stream/flush", test_flush);
  g_test_add_func ("/net/framed-stream/close-drops-queue", test_close_drops_queue);
  g_test_add_func ("/net/framed-stream/reentrancy", test_reentrancy);
  g_test_add_func ("/net/framed-stream/last-words-arrive", test_last_words_arrive);
  g_test_add_func ("/net/framed-stream/tls-both-ways", test_tls_both_ways);
  g_test_add_func ("/net/framed-stream/tls-slow-reader", test_tls_slow_reader);
  g_test_add_func ("/net/framed-stream/tls-close-when-stuck", test_tls_close_when_stuck);
  g_test_add_func ("/net/framed-stream/tls-cut", test_tls_cut);
  return g_test_run ();
}
