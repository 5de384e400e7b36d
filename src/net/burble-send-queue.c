/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-send-queue.h"

#include <string.h>

#include "burble-frame.h"

static gsize
header_size (const BurbleSendQueue *self)
{
  return self->bare ? 0 : BURBLE_FRAME_HEADER_SIZE;
}

/**
 * burble_send_queue_clear:
 * @self: a send queue
 *
 * Drops all frames; the totals stay.
 */
void
burble_send_queue_clear (BurbleSendQueue *self)
{
  g_queue_clear_full (&self->payloads, (GDestroyNotify) g_bytes_unref);
  self->offset = 0;
  self->bytes = 0;
}

/**
 * burble_send_queue_push:
 * @self: a send queue
 * @payload: one packet, not empty, or a frame for a bare queue; shared, not copied
 */
void
burble_send_queue_push (BurbleSendQueue *self,
                        GBytes          *payload)
{
  gsize size = header_size (self) + g_bytes_get_size (payload);

  g_queue_push_tail (&self->payloads, g_bytes_ref (payload));
  self->bytes += size;
  self->total_in += size;
}

/**
 * burble_send_queue_peek:
 * @self: a send queue
 * @scratch: (array length=size): room to join small frames in
 * @size: how many bytes are wanted
 * @data: (out) (transfer none): the bytes: in @scratch or inside a payload, until the queue changes
 *
 * The next bytes to write. Small frames are copied together into @scratch, so that they leave in
 * one write (over TLS: in one record); the inside of a large body is handed out where it lies, and
 * may be longer than @size. For the same state of the queue the same bytes come out, as a TLS
 * stream demands for a retry.
 *
 * Returns: how many bytes @data has, 0 if nothing waits
 */
gsize
burble_send_queue_peek (BurbleSendQueue *self,
                        guint8          *scratch,
                        gsize            size,
                        const guint8   **data)
{
  gsize offset = self->offset;
  gsize filled = 0;

  for (GList *l = self->payloads.head; l != NULL && filled < size; l = l->next)
    {
      gsize body_size = 0;
      const guint8 *body = g_bytes_get_data (l->data, &body_size);
      guint8 header[BURBLE_FRAME_HEADER_SIZE];
      gsize before = header_size (self);
      gsize n = 0;

      if (filled == 0 && offset >= before && body_size + before - offset >= size)
        {
          *data = body + (offset - before);
          return body_size + before - offset;
        }
      if (offset < before)
        {
          burble_frame_write_length (header, body_size);
          n = MIN (before - offset, size - filled);
          memcpy (scratch + filled, header + offset, n);
          filled += n;
          offset += n;
        }
      if (offset >= before)
        {
          n = MIN (body_size - (offset - before), size - filled);
          memcpy (scratch + filled, body + (offset - before), n);
          filled += n;
        }
      offset = 0;
    }
  *data = scratch;
  return filled;
}

/**
 * burble_send_queue_advance:
 * @self: a send queue
 * @size: how many bytes were written; no more than there are
 *
 * Forgets what is written, and frees the payloads that are through.
 */
void
burble_send_queue_advance (BurbleSendQueue *self,
                           gsize            size)
{
  g_assert (size <= self->bytes);

  self->bytes -= size;
  self->total_out += size;
  self->offset += size;
  while (!g_queue_is_empty (&self->payloads))
    {
      gsize first = header_size (self) + g_bytes_get_size (self->payloads.head->data);

      if (self->offset < first)
        return;
      self->offset -= first;
      g_bytes_unref (g_queue_pop_head (&self->payloads));
    }
}
