/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include <string.h>

#include "burble-frame.h"
#include "burble-wire-error.h"

typedef struct
{
  const char *name;
  guint8 header[BURBLE_FRAME_HEADER_SIZE];
  gsize limit;
  gsize length; /* 0: an error */
  BurbleWireError code;
} Case;

static const Case cases[] = {
  { "one-byte", { 0, 0, 0, 1 }, BURBLE_FRAME_DEFAULT_LIMIT, 1, 0 },
  { "big-endian", { 0, 1, 2, 3 }, BURBLE_FRAME_DEFAULT_LIMIT, 0x010203, 0 },
  { "exactly-the-limit", { 1, 0, 0, 0 }, BURBLE_FRAME_DEFAULT_LIMIT, 1u << 24, 0 },
  { "one-over-the-limit", { 1, 0, 0, 1 }, BURBLE_FRAME_DEFAULT_LIMIT, 0,
    BURBLE_WIRE_ERROR_TOO_LARGE },
  { "unauthenticated-limit", { 0, 1, 0, 1 }, BURBLE_FRAME_UNAUTHENTICATED_LIMIT, 0,
    BURBLE_WIRE_ERROR_TOO_LARGE },
  { "zero", { 0, 0, 0, 0 }, BURBLE_FRAME_DEFAULT_LIMIT, 0, BURBLE_WIRE_ERROR_BAD_PACKET },
  { "four-gigabytes", { 255, 255, 255, 255 }, BURBLE_FRAME_DEFAULT_LIMIT, 0,
    BURBLE_WIRE_ERROR_TOO_LARGE },
  { "top-bit", { 128, 0, 0, 0 }, BURBLE_FRAME_DEFAULT_LIMIT, 0, BURBLE_WIRE_ERROR_TOO_LARGE },
  { "http", { 'G', 'E', 'T', ' ' }, BURBLE_FRAME_DEFAULT_LIMIT, 0, BURBLE_WIRE_ERROR_TOO_LARGE },
  { "tls-hello", { 0x16, 3, 1, 2 }, BURBLE_FRAME_DEFAULT_LIMIT, 0, BURBLE_WIRE_ERROR_TOO_LARGE },
};

static void
test_read_length (gconstpointer data)
{
  const Case *test = data;
  g_autoptr(GError) error = NULL;
  gsize length = 99;
  gboolean ok = burble_frame_read_length (test->header, test->limit, &length, &error);

  g_assert_cmpuint (length, ==, test->length);
  g_assert_cmpint (ok, ==, test->length != 0);
  if (ok)
    g_assert_no_error (error);
  else
    g_assert_error (error, BURBLE_WIRE_ERROR, (int) test->code);
}

static void
test_write_length (void)
{
  static const gsize lengths[] = { 1, 255, 256, 65536, 0x01020304, G_MAXUINT32 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      guint8 header[BURBLE_FRAME_HEADER_SIZE];
      gsize length = 0;

      burble_frame_write_length (header, lengths[i]);
      g_assert_true (burble_frame_read_length (header, G_MAXUINT32, &length, NULL));
      g_assert_cmpuint (length, ==, lengths[i]);
    }
}

static void
test_encode (void)
{
  g_autoptr(GBytes) payload = g_bytes_new_static ("{}", 2);
  g_autoptr(GBytes) frame = burble_frame_encode (payload);

  g_assert_cmpmem (g_bytes_get_data (frame, NULL), g_bytes_get_size (frame), "\0\0\0\2{}", 6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/wire/frame/read-length/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_read_length);
    }
  g_test_add_func ("/wire/frame/write-length-reads-back", test_write_length);
  g_test_add_func ("/wire/frame/encode-puts-the-length-in-front", test_encode);
  return g_test_run ();
}
