/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <malloc.h>
#include <string.h>
#include <sys/socket.h>

#include "burble-frame.h"
#include "burble-framed-stream.h"
#include "burble-test-wait.h"
#include "burble-wire-error.h"
#include "stream-pair.h"

typedef struct
{
  BurbleFramedStream *stream;
  GSocket            *peer;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->stream = stream_with_raw_peer (SOCK_STREAM, &f->peer);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  if (f->stream != NULL)
    burble_framed_stream_close (f->stream);
  g_clear_object (&f->peer);
  if (f->stream != NULL)
    g_assert_finalize_object (f->stream);
  burble_test_settle ();
}

static const char two_frames[] = "\0\0\0\5hello" "\0\0\0\6worlds";
#define TWO_FRAMES_SIZE (sizeof two_frames - 1)

static void
test_split_at_every_byte (Fixture       *f,
                          gconstpointer  data)
{
  for (gsize i = 1; i < TWO_FRAMES_SIZE; i++)
    {
      ReadResult result = { 0 };

      burble_framed_stream_read_async (f->stream, NULL, read_frame_cb, &result);
      raw_send (f->peer, two_frames, i);
      burble_test_settle ();
      g_assert_cmpint (result.done, ==, i >= 9);
      raw_send (f->peer, two_frames + i, TWO_FRAMES_SIZE - i);
      burble_test_wait_until (result.done);
      g_assert_no_error (result.error);
      g_assert_cmpmem (g_bytes_get_data (result.frame, NULL), g_bytes_get_size (result.frame),
                       "hello", 5);
      read_result_clear (&result);
      assert_reads (f->stream, "worlds");
    }
}

static void
test_byte_by_byte (Fixture       *f,
                   gconstpointer  data)
{
  ReadResult result = { 0 };

  burble_framed_stream_read_async (f->stream, NULL, read_frame_cb, &result);
  for (gsize i = 0; i < 9; i++)
    {
      g_assert_false (result.done);
      raw_send (f->peer, two_frames + i, 1);
      burble_test_settle ();
    }
  burble_test_wait_until (result.done);
  g_assert_nonnull (result.frame);
  read_result_clear (&result);
}

static void
test_many_in_one_segment (Fixture       *f,
                          gconstpointer  data)
{
  g_autoptr(GByteArray) segment = g_byte_array_new ();
  guint n = 0;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *text = g_strdup_printf ("packet %u", i);
      guint8 header[BURBLE_FRAME_HEADER_SIZE];

      burble_frame_write_length (header, strlen (text));
      g_byte_array_append (segment, header, sizeof header);
      g_byte_array_append (segment, (guint8 *) text, (guint) strlen (text));
    }
  raw_send (f->peer, segment->data, segment->len);
  while (n < 1000)
    {
      g_autofree char *text = g_strdup_printf ("packet %u", n++);

      /* Every third is waited for, the others are taken where they have come along. */
      if (n % 3 != 0)
        {
          g_autoptr(GBytes) frame = burble_framed_stream_take (f->stream);

          if (frame != NULL)
            {
              g_assert_cmpmem (g_bytes_get_data (frame, NULL), g_bytes_get_size (frame), text,
                               strlen (text));
              continue;
            }
        }
      assert_reads (f->stream, text);
    }
  g_assert_null (burble_framed_stream_take (f->stream));
}

static void
test_take_does_not_wait (Fixture       *f,
                         gconstpointer  data)
{
  g_autoptr(GBytes) frame = NULL;

  g_assert_null (burble_framed_stream_take (f->stream));
  raw_send (f->peer, two_frames, TWO_FRAMES_SIZE);
  assert_reads (f->stream, "hello");
  frame = burble_framed_stream_take (f->stream);
  g_assert_nonnull (frame);
  g_assert_cmpuint (g_bytes_get_size (frame), ==, 6);
  g_assert_null (burble_framed_stream_take (f->stream));
}

static void
test_zero_length (Fixture       *f,
                  gconstpointer  data)
{
  raw_send (f->peer, "\0\0\0\0", 4);
  assert_read_fails (f->stream, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET);
  /* What follows a broken frame cannot be trusted. */
  raw_send (f->peer, two_frames, TWO_FRAMES_SIZE);
  assert_read_fails (f->stream, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET);
}

static void
test_too_large (Fixture       *f,
                gconstpointer  data)
{
  burble_framed_stream_set_read_limit (f->stream, 5);
  raw_send (f->peer, two_frames, TWO_FRAMES_SIZE);
  assert_reads (f->stream, "hello");
  g_assert_null (burble_framed_stream_take (f->stream));
  assert_read_fails (f->stream, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_TOO_LARGE);
}

static void
test_limit_between_frames (Fixture       *f,
                           gconstpointer  data)
{
  burble_framed_stream_set_read_limit (f->stream, 5);
  raw_send (f->peer, two_frames, TWO_FRAMES_SIZE);
  assert_reads (f->stream, "hello");
  burble_framed_stream_set_read_limit (f->stream, 6);
  assert_reads (f->stream, "worlds");
}

static gsize
memory_in_use (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
}

static void
test_announced_costs_nothing (Fixture       *f,
                              gconstpointer  data)
{
  ReadResult result = { 0 };
  gsize before = 0;

  raw_send (f->peer, "\0\0\0\1x", 5);
  assert_reads (f->stream, "x");
  before = memory_in_use ();
  burble_framed_stream_read_async (f->stream, NULL, read_frame_cb, &result);
  raw_send (f->peer, "\1\0\0\0abcdefgh", 12);
  burble_test_settle ();
  g_assert_cmpuint (memory_in_use (), <, before + 4096);
  burble_framed_stream_close (f->stream);
  burble_test_wait_until (result.done);
  read_result_clear (&result);
}

static void
test_large_frame (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (BURBLE_FRAME_DEFAULT_LIMIT, 7);
  g_autoptr(GIOStream) a = NULL;
  g_autoptr(GIOStream) b = NULL;
  g_autoptr(BurbleFramedStream) from = NULL;
  g_autoptr(BurbleFramedStream) to = NULL;
  ReadResult result = { 0 };

  make_socket_pair (&a, &b);
  from = burble_framed_stream_new (a);
  to = burble_framed_stream_new (b);
  g_assert_true (burble_framed_stream_send (from, payload, NULL));
  g_assert_true (send_text (from, "after", NULL));
  burble_framed_stream_read_async (to, NULL, read_frame_cb, &result);
  burble_test_wait_until (result.done);
  g_assert_no_error (result.error);
  g_assert_true (g_bytes_equal (result.frame, payload));
  read_result_clear (&result);
  assert_reads (to, "after");
}

static void
test_end_between_frames (Fixture       *f,
                         gconstpointer  data)
{
  raw_send (f->peer, two_frames, TWO_FRAMES_SIZE);
  g_socket_close (f->peer, NULL);
  assert_reads (f->stream, "hello");
  assert_reads (f->stream, "worlds");
  assert_reads_end (f->stream);
  assert_reads_end (f->stream);
}

static void
test_end_inside_frame (Fixture       *f,
                       gconstpointer  data)
{
  for (gsize i = 1; i < 9; i++)
    {
      g_autoptr(GSocket) peer = NULL;
      g_autoptr(BurbleFramedStream) stream = stream_with_raw_peer (SOCK_STREAM, &peer);

      raw_send (peer, two_frames, i);
      g_socket_close (peer, NULL);
      assert_read_fails (stream, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
      assert_read_fails (stream, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
    }
}

static void
test_cancel_keeps_bytes (Fixture       *f,
                         gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  ReadResult result = { 0 };

  burble_framed_stream_read_async (f->stream, cancellable, read_frame_cb, &result);
  raw_send (f->peer, two_frames, 7);
  burble_test_settle ();
  g_cancellable_cancel (cancellable);
  burble_test_wait_until (result.done);
  g_assert_error (result.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  read_result_clear (&result);

  burble_framed_stream_read_async (f->stream, cancellable, read_frame_cb, &result);
  burble_test_wait_until (result.done);
  g_assert_error (result.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  read_result_clear (&result);

  raw_send (f->peer, two_frames + 7, TWO_FRAMES_SIZE - 7);
  assert_reads (f->stream, "hello");
  assert_reads (f->stream, "worlds");
}

static void
test_one_read_at_a_time (Fixture       *f,
                         gconstpointer  data)
{
  ReadResult first = { 0 };

  burble_framed_stream_read_async (f->stream, NULL, read_frame_cb, &first);
  assert_read_fails (f->stream, G_IO_ERROR, G_IO_ERROR_PENDING);
  raw_send (f->peer, two_frames, TWO_FRAMES_SIZE);
  burble_test_wait_until (first.done);
  g_assert_no_error (first.error);
  read_result_clear (&first);
}

static void
test_close_cancels_read (Fixture       *f,
                         gconstpointer  data)
{
  g_autoptr(GByteArray) rest = NULL;
  ReadResult result = { 0 };

  burble_framed_stream_read_async (f->stream, NULL, read_frame_cb, &result);
  raw_send (f->peer, two_frames, 3);
  burble_test_settle ();
  burble_framed_stream_close (f->stream);
  burble_framed_stream_close (f->stream);
  g_assert_true (burble_framed_stream_is_closed (f->stream));
  burble_test_wait_until (result.done);
  g_assert_error (result.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  read_result_clear (&result);
  assert_read_fails (f->stream, G_IO_ERROR, G_IO_ERROR_CLOSED);
  rest = raw_read_to_end (f->peer);
  g_assert_cmpuint (rest->len, ==, 0);
}

/* The owner lets go inside the callback: nothing of the stream may be touched after. */
static void
drop_in_callback_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  Fixture *f = user_data;
  g_autoptr(GBytes) frame = NULL;

  frame = burble_framed_stream_read_finish (BURBLE_FRAMED_STREAM (object), result, NULL);
  g_assert_nonnull (frame);
  burble_framed_stream_close (f->stream);
  g_clear_object (&f->stream);
}

static void
test_drop_in_callback (Fixture       *f,
                       gconstpointer  data)
{
  burble_framed_stream_read_async (f->stream, NULL, drop_in_callback_cb, f);
  burble_test_settle ();
  raw_send (f->peer, two_frames, TWO_FRAMES_SIZE);
  burble_test_wait_until (f->stream == NULL);
}

static void
test_not_asked_not_read (Fixture       *f,
                         gconstpointer  data)
{
  g_autoptr(GBytes) chunk = make_payload (4096, 0);
  gsize taken = 0;

  g_socket_set_blocking (f->peer, FALSE);
  for (;;)
    {
      g_autoptr(GError) error = NULL;
      gssize n = 0;

      burble_test_settle ();
      n = g_socket_send (f->peer, g_bytes_get_data (chunk, NULL), 4096, NULL, &error);
      if (n < 0)
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
          break;
        }
      taken += (gsize) n;
      /* Far more than a socket buffer: it would have been read though nobody asked. */
      g_assert_cmpuint (taken, <, 8 * 1024 * 1024);
    }
}

static void
test_unpollable (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(GIOStream) a = NULL;
  g_autoptr(GIOStream) b = NULL;
  g_autoptr(GIOStream) wrapped = NULL;
  g_autoptr(GInputStream) input = NULL;
  g_autoptr(GOutputStream) output = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GBytes) payload = make_payload (300000, 1);
  BurbleFramedStream *odd = NULL;
  BurbleFramedStream *plain = NULL;
  ReadResult result = { 0 };

  make_socket_pair (&a, &b);
  input = G_INPUT_STREAM (g_data_input_stream_new (g_io_stream_get_input_stream (a)));
  output = G_OUTPUT_STREAM (g_data_output_stream_new (g_io_stream_get_output_stream (a)));
  g_assert_false (G_IS_POLLABLE_INPUT_STREAM (input));
  g_assert_false (G_IS_POLLABLE_OUTPUT_STREAM (output));
  wrapped = g_simple_io_stream_new (input, output);
  odd = burble_framed_stream_new (wrapped);
  plain = burble_framed_stream_new (b);

  g_assert_true (send_text (odd, "one", NULL));
  g_assert_true (burble_framed_stream_send (odd, payload, NULL));
  assert_reads (plain, "one");
  burble_framed_stream_read_async (plain, NULL, read_frame_cb, &result);
  burble_test_wait_until (result.done);
  g_assert_true (g_bytes_equal (result.frame, payload));
  read_result_clear (&result);

  burble_framed_stream_read_async (odd, cancellable, read_frame_cb, &result);
  burble_test_settle ();
  g_cancellable_cancel (cancellable);
  burble_test_wait_until (result.done);
  g_assert_error (result.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  read_result_clear (&result);
  g_assert_true (send_text (plain, "two", NULL));
  g_assert_true (send_text (plain, "three", NULL));
  assert_reads (odd, "two");
  assert_reads (odd, "three");

  burble_framed_stream_read_async (odd, NULL, read_frame_cb, &result);
  burble_test_settle ();
  burble_framed_stream_close (odd);
  burble_test_wait_until (result.done);
  g_assert_error (result.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  read_result_clear (&result);
  burble_framed_stream_close (plain);
  burble_test_settle ();
  g_assert_finalize_object (plain);
  /* Its last read ends when a thread has noticed the cancellation. */
  g_object_add_weak_pointer (G_OBJECT (odd), (gpointer *) &odd);
  g_object_unref (odd);
  burble_test_wait_until (odd == NULL);
}

static void
test_last_received (Fixture       *f,
                    gconstpointer  data)
{
  gint64 start = burble_framed_stream_get_last_received (f->stream);

  burble_test_wait_until (g_get_monotonic_time () > start + 1000);
  raw_send (f->peer, two_frames, TWO_FRAMES_SIZE);
  assert_reads (f->stream, "hello");
  g_assert_cmpint (burble_framed_stream_get_last_received (f->stream), >, start + 1000);
}

#define add(path, func) \
  g_test_add ("/net/framed-stream/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  add ("split-at-every-byte", test_split_at_every_byte);
  add ("byte-by-byte", test_byte_by_byte);
  add ("many-in-one-segment", test_many_in_one_segment);
  add ("take-does-not-wait", test_take_does_not_wait);
  add ("refuses-zero-length", test_zero_length);
  add ("refuses-too-large", test_too_large);
  add ("limit-holds-from-the-next-frame", test_limit_between_frames);
  add ("announced-length-costs-nothing", test_announced_costs_nothing);
  add ("large-frame", test_large_frame);
  add ("end-between-frames", test_end_between_frames);
  add ("end-inside-frame", test_end_inside_frame);
  add ("cancel-keeps-bytes", test_cancel_keeps_bytes);
  add ("one-read-at-a-time", test_one_read_at_a_time);
  add ("close-cancels-read", test_close_cancels_read);
  add ("drop-in-callback", test_drop_in_callback);
  add ("not-asked-not-read", test_not_asked_not_read);
  add ("stream-that-cannot-be-polled", test_unpollable);
  add ("last-received", test_last_received);
  return g_test_run ();
}
