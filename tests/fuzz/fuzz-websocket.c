/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "burble-websocket-handshake.h"
#include "burble-websocket.h"

#define LIMIT 300
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="

static void
fuzz_handshake (const guint8 *data, gsize size)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *key = NULL;
  gsize used = 0;
  guint status = burble_websocket_read_request (data, size, BURBLE_WEBSOCKET_PATH, &used, &key);

  fuzz_assert (used <= size);
  fuzz_assert ((key != NULL) == (status == BURBLE_WEBSOCKET_ACCEPTED));
  if (status != 0)
    {
      g_autofree char *answer = burble_websocket_write_answer (status, key);
      g_autoptr(GError) refused = NULL;
      gsize all = strlen (answer);

      /* What one side accepts, the other understands; what it refuses, too. */
      fuzz_assert (burble_websocket_read_answer ((const guint8 *) answer, all,
                                                 key != NULL ? key : KEY, &used, &refused) ==
                   (key != NULL));
      fuzz_assert (key == NULL || used == all);
    }
  fuzz_assert (burble_websocket_read_answer (data, size, KEY, &used, &error) == (error == NULL));
  fuzz_assert (used <= size);
}

/* What the bytes lead to, fed in pieces of @step, as a checksum. */
static guint
read_all (const guint8 *data, gsize size, gsize step, gboolean masked)
{
  g_autoptr(BurbleWebsocketReader) reader = burble_websocket_reader_new (masked);
  guint sum = 0;
  gsize at = 0;

  while (at < size)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) payload = NULL;
      BurbleWebsocketEvent event = BURBLE_WEBSOCKET_NOTHING;
      gsize n = MIN (step, size - at);
      gsize used = burble_websocket_reader_feed (reader, data + at, n, LIMIT, &event, &payload,
                                                 &error);

      fuzz_assert (used <= n && (used == 0) == (error != NULL));
      if (error != NULL)
        return sum * 31 + burble_websocket_reader_get_code (reader);
      fuzz_assert (used == n || event != BURBLE_WEBSOCKET_NOTHING);
      at += used;
      if (event == BURBLE_WEBSOCKET_NOTHING)
        continue;
      sum = sum * 31 + event;
      if (event == BURBLE_WEBSOCKET_CLOSED)
        return sum * 31 + burble_websocket_reader_get_code (reader);
      fuzz_assert (payload != NULL && g_bytes_get_size (payload) <= LIMIT);
      fuzz_assert (event != BURBLE_WEBSOCKET_MESSAGE || g_bytes_get_size (payload) > 0);
      sum = sum * 31 + g_bytes_hash (payload);
    }
  return sum;
}

/* The first byte says what the rest is: a handshake, or frames of a client or a server. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gboolean masked = FALSE;
  guint whole = 0;

  if (size == 0)
    return 0;
  if (data[0] == 'h')
    {
      fuzz_handshake (data + 1, size - 1);
      return 0;
    }
  masked = data[0] == 'c';
  whole = read_all (data + 1, size - 1, size, masked);
  /* However they are cut, they lead to the same. */
  fuzz_assert (read_all (data + 1, size - 1, 1, masked) == whole);
  fuzz_assert (read_all (data + 1, size - 1, 7, masked) == whole);
  return 0;
}
