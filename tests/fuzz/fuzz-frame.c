/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "burble-frame.h"

/* The input is a stream: frames one after the other, as far as it goes. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  while (size >= BURBLE_FRAME_HEADER_SIZE)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) payload = NULL;
      g_autoptr(GBytes) frame = NULL;
      gsize length = 0;

      if (!burble_frame_read_length (data, BURBLE_FRAME_UNAUTHENTICATED_LIMIT, &length, &error))
        {
          fuzz_assert (error != NULL && length == 0);
          break;
        }
      fuzz_assert (error == NULL && length > 0 && length <= BURBLE_FRAME_UNAUTHENTICATED_LIMIT);
      if (length > size - BURBLE_FRAME_HEADER_SIZE)
        break;

      payload = g_bytes_new (data + BURBLE_FRAME_HEADER_SIZE, length);
      frame = burble_frame_encode (payload);
      fuzz_assert (g_bytes_get_size (frame) == BURBLE_FRAME_HEADER_SIZE + length);
      fuzz_assert (memcmp (g_bytes_get_data (frame, NULL), data, g_bytes_get_size (frame)) == 0);
      data += BURBLE_FRAME_HEADER_SIZE + length;
      size -= BURBLE_FRAME_HEADER_SIZE + length;
    }
  return 0;
}
