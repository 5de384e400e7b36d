/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-frame"

#include "config.h"

#include "burble-frame.h"

#include <string.h>

#include "burble-wire-error.h"

/**
 * burble_frame_read_length:
 * @header: %BURBLE_FRAME_HEADER_SIZE bytes
 * @limit: the largest payload accepted now
 * @length: (out): how many bytes of payload follow
 * @error: return location for a #BurbleWireError
 *
 * Reads the length in front of a packet. It is judged before a byte of the payload is read, so
 * that nobody can make us allocate more than @limit.
 */
gboolean
burble_frame_read_length (const guint8 *header, gsize limit, gsize *length, GError **error)
{
  guint32 value = 0;

  g_return_val_if_fail (header != NULL, FALSE);
  g_return_val_if_fail (length != NULL, FALSE);

  for (int i = 0; i < BURBLE_FRAME_HEADER_SIZE; i++)
    value = value << 8 | header[i];
  *length = 0;

  if (value == 0)
    {
      g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET,
                           "A packet of zero bytes");
      return FALSE;
    }
  if (value > limit)
    {
      g_set_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_TOO_LARGE,
                   "A packet of %u bytes; the limit is %" G_GSIZE_FORMAT, value, limit);
      return FALSE;
    }

  *length = value;
  return TRUE;
}

/**
 * burble_frame_write_length:
 * @header: (out): room for %BURBLE_FRAME_HEADER_SIZE bytes
 * @length: size of the payload, less than 4 GiB
 */
void
burble_frame_write_length (guint8 *header, gsize length)
{
  g_return_if_fail (header != NULL);
  g_return_if_fail (length > 0 && length <= G_MAXUINT32);

  header[0] = (guint8) (length >> 24);
  header[1] = (guint8) (length >> 16);
  header[2] = (guint8) (length >> 8);
  header[3] = (guint8) length;
}

/**
 * burble_frame_encode:
 * @payload: one packet
 *
 * Returns: (transfer full): @payload with its length in front, ready to be written to a stream
 */
GBytes *
burble_frame_encode (GBytes *payload)
{
  g_autofree guint8 *frame = NULL;
  const guint8 *data;
  gsize size = 0;

  g_return_val_if_fail (payload != NULL, NULL);

  data = g_bytes_get_data (payload, &size);
  g_return_val_if_fail (size > 0 && size <= G_MAXUINT32, NULL);

  frame = g_malloc (BURBLE_FRAME_HEADER_SIZE + size);
  burble_frame_write_length (frame, size);
  memcpy (frame + BURBLE_FRAME_HEADER_SIZE, data, size);
  return g_bytes_new_take (g_steal_pointer (&frame), BURBLE_FRAME_HEADER_SIZE + size);
}
