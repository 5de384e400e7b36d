/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-cg-frame"

#include "config.h"

#include "burble-cg-frame.h"

#include <string.h>

#include <zlib.h>

#include "burble-wire-error.h"

/* First guess of how large a body becomes; it doubles from there. */
#define FIRST_ROOM 4096

static gboolean
bad (GError **error, const char *reason)
{
  g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET, reason);
  return FALSE;
}

static guint32
read_number (const guint8 *data, guint size)
{
  guint32 value = 0;

  for (guint i = 0; i < size; i++)
    value = value << 8 | data[i];
  return value;
}

/*
 * The room grows with what really comes out, and no further than the limit: a few bytes that claim
 * to be gigabytes cost nothing.
 */
static GBytes *
inflate_body (const guint8 *data, gsize size, GError **error)
{
  g_autoptr(GByteArray) out = g_byte_array_new ();
  z_stream stream = { 0 };
  int status = Z_OK;

  if (inflateInit (&stream) != Z_OK)
    {
      bad (error, "A compressed body that cannot be begun");
      return NULL;
    }
  stream.next_in = (Bytef *) data;
  stream.avail_in = (uInt) size;
  while (status == Z_OK)
    {
      guint have = out->len;
      guint room = MIN (MAX (have, FIRST_ROOM), BURBLE_CG_BODY_LIMIT + 1 - have);

      g_byte_array_set_size (out, have + room);
      stream.next_out = out->data + have;
      stream.avail_out = room;
      status = inflate (&stream, Z_NO_FLUSH);
      g_byte_array_set_size (out, have + room - stream.avail_out);
      if (out->len > BURBLE_CG_BODY_LIMIT)
        break;
    }
  inflateEnd (&stream);

  if (out->len > BURBLE_CG_BODY_LIMIT)
    {
      g_set_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_TOO_LARGE,
                   "A compressed body of more than %u bytes", BURBLE_CG_BODY_LIMIT);
      return NULL;
    }
  if (status != Z_STREAM_END || stream.avail_in > 0)
    {
      bad (error, "A compressed body that is broken");
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/**
 * burble_cg_frame_read:
 * @self: (out caller-allocates): what the frame holds
 * @payload: a frame without the length in front
 * @error: return location for a #BurbleWireError
 *
 * Splits a frame and inflates its body. Flags that nobody knows are passed over.
 */
gboolean
burble_cg_frame_read (BurbleCgFrame *self, GBytes *payload, GError **error)
{
  const guint8 *data = NULL;
  gsize size = 0;
  guint32 flags = 0;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (payload != NULL, FALSE);

  *self = (BurbleCgFrame) { 0 };
  data = g_bytes_get_data (payload, &size);
  if (size < BURBLE_CG_HEADER_SIZE)
    return bad (error, "A frame that is shorter than its header");
  if (size > BURBLE_CG_FRAME_LIMIT)
    {
      g_set_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_TOO_LARGE,
                   "A frame of more than %u bytes", BURBLE_CG_FRAME_LIMIT);
      return FALSE;
    }

  flags = read_number (data + 4, 2);
  if (flags & BURBLE_CG_FLAG_ENCRYPTED)
    return bad (error, "An encrypted body");
  self->id = read_number (data, 4);
  if (flags & BURBLE_CG_FLAG_COMPRESSED)
    self->body = inflate_body (data + BURBLE_CG_HEADER_SIZE, size - BURBLE_CG_HEADER_SIZE, error);
  else
    self->body = g_bytes_new_from_bytes (payload, BURBLE_CG_HEADER_SIZE,
                                         size - BURBLE_CG_HEADER_SIZE);
  return self->body != NULL;
}

void
burble_cg_frame_clear (BurbleCgFrame *self)
{
  g_clear_pointer (&self->body, g_bytes_unref);
}

GBytes *
burble_cg_frame_write (guint32 id, GBytes *body)
{
  const guint8 *data = NULL;
  gsize size = 0;
  guint8 *payload = NULL;

  g_return_val_if_fail (body != NULL, NULL);

  data = g_bytes_get_data (body, &size);
  payload = g_malloc0 (BURBLE_CG_HEADER_SIZE + size);
  for (guint i = 0; i < 4; i++)
    payload[i] = (guint8) (id >> (24 - 8 * i));
  if (size > 0)
    memcpy (payload + BURBLE_CG_HEADER_SIZE, data, size);
  return g_bytes_new_take (payload, BURBLE_CG_HEADER_SIZE + size);
}
