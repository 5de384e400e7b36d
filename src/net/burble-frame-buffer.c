/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-frame-buffer.h"

#include <string.h>

static void
body_append (BurbleFrameBuffer *self,
             const guint8      *data,
             gsize              size)
{
  g_assert (size <= self->body_length - self->body_have);

  if (self->body_have + size > self->body_capacity)
    {
      self->body_capacity = MAX (self->body_capacity * 2, self->body_have + size);
      self->body_capacity = MIN (self->body_capacity, self->body_length);
      self->body = g_realloc (self->body, self->body_capacity);
    }
  memcpy (self->body + self->body_have, data, size);
  self->body_have += size;
}

/* The same for a WebSocket; what comes behind its end is nothing. */
static gsize
consume_websocket (BurbleFrameBuffer *self,
                   const guint8      *data,
                   gsize              size,
                   gsize              limit,
                   GBytes           **frame,
                   GError           **error)
{
  gsize used = 0;

  while (used < size && *frame == NULL && !self->ended)
    {
      g_autoptr(GBytes) payload = NULL;
      BurbleWebsocketEvent event = BURBLE_WEBSOCKET_NOTHING;
      gsize n = burble_websocket_reader_feed (self->websocket, data + used, size - used, limit,
                                              &event, &payload, error);

      if (n == 0)
        return used;
      used += n;
      if (event == BURBLE_WEBSOCKET_MESSAGE)
        {
          *frame = g_steal_pointer (&payload);
        }
      else if (event == BURBLE_WEBSOCKET_PING)
        {
          g_clear_pointer (&self->ping, g_bytes_unref);
          self->ping = g_steal_pointer (&payload);
        }
      self->ended = event == BURBLE_WEBSOCKET_CLOSED;
    }
  return self->ended ? size : used;
}

/* Takes from @data what the frame in work still needs; returns how much that was. */
static gsize
consume (BurbleFrameBuffer *self,
         const guint8      *data,
         gsize              size,
         gsize              limit,
         GBytes           **frame,
         GError           **error)
{
  gsize used = 0;
  gsize n = 0;

  if (self->websocket != NULL)
    return consume_websocket (self, data, size, limit, frame, error);
  if (self->header_have < BURBLE_FRAME_HEADER_SIZE)
    {
      used = MIN (size, BURBLE_FRAME_HEADER_SIZE - self->header_have);
      memcpy (self->header + self->header_have, data, used);
      self->header_have += (guint) used;
      if (self->header_have < BURBLE_FRAME_HEADER_SIZE)
        return used;
      if (!burble_frame_read_length (self->header, limit, &self->body_length, error))
        return used;
    }

  n = MIN (size - used, self->body_length - self->body_have);
  if (n > 0)
    body_append (self, data + used, n);
  used += n;
  if (self->body_have == self->body_length)
    {
      *frame = g_bytes_new_take (g_steal_pointer (&self->body), self->body_length);
      self->header_have = 0;
      self->body_length = self->body_have = self->body_capacity = 0;
    }
  return used;
}

/**
 * burble_frame_buffer_clear:
 * @self: a frame buffer
 *
 * Frees what it holds; it may be used again.
 */
void
burble_frame_buffer_clear (BurbleFrameBuffer *self)
{
  g_clear_pointer (&self->spare, g_free);
  g_clear_pointer (&self->body, g_free);
  g_clear_pointer (&self->websocket, burble_websocket_reader_free);
  g_clear_pointer (&self->ping, g_bytes_unref);
  memset (self, 0, sizeof *self);
}

/**
 * burble_frame_buffer_is_empty:
 * @self: a frame buffer
 *
 * Returns: whether an end of the stream here lies between two frames
 */
gboolean
burble_frame_buffer_is_empty (BurbleFrameBuffer *self)
{
  if (self->websocket != NULL)
    return self->ended ||
           (self->spare == NULL && burble_websocket_reader_is_empty (self->websocket));
  return self->header_have == 0 && self->spare == NULL;
}

/**
 * burble_frame_buffer_push:
 * @self: a frame buffer
 * @data: (array length=size): bytes that came
 * @size: how many
 *
 * Keeps a copy of the bytes without looking at them.
 */
void
burble_frame_buffer_push (BurbleFrameBuffer *self,
                          const guint8      *data,
                          gsize              size)
{
  gsize held = self->spare_end - self->spare_start;
  guint8 *joined = NULL;

  if (size == 0)
    return;
  joined = g_malloc (held + size);
  if (held > 0)
    memcpy (joined, self->spare + self->spare_start, held);
  memcpy (joined + held, data, size);
  g_free (self->spare);
  self->spare = joined;
  self->spare_start = 0;
  self->spare_end = held + size;
}

/**
 * burble_frame_buffer_pop:
 * @self: a frame buffer
 * @limit: the largest payload accepted now, in bytes
 * @error: return location for a #BurbleWireError; after one the buffer is of no use
 *
 * Returns: (transfer full) (nullable): the payload of the next frame, %NULL without error if the
 *   bytes that are here make no whole one yet
 */
GBytes *
burble_frame_buffer_pop (BurbleFrameBuffer *self,
                         gsize              limit,
                         GError           **error)
{
  GBytes *frame = NULL;

  if (self->spare == NULL)
    return NULL;
  self->spare_start += consume (self, self->spare + self->spare_start,
                                self->spare_end - self->spare_start, limit, &frame, error);
  if (self->spare_start == self->spare_end)
    {
      g_clear_pointer (&self->spare, g_free);
      self->spare_start = self->spare_end = 0;
    }
  return frame;
}

/**
 * burble_frame_buffer_feed:
 * @self: a frame buffer
 * @data: (array length=size): bytes that came
 * @size: how many
 * @limit: the largest payload accepted now, in bytes
 * @error: return location for a #BurbleWireError; after one the buffer is of no use
 *
 * As burble_frame_buffer_push() and burble_frame_buffer_pop(), without the copy in between where
 * that can be.
 *
 * Returns: (transfer full) (nullable): the payload of one frame
 */
GBytes *
burble_frame_buffer_feed (BurbleFrameBuffer *self,
                          const guint8      *data,
                          gsize              size,
                          gsize              limit,
                          GError           **error)
{
  GBytes *frame = NULL;
  gsize used = 0;

  if (self->spare == NULL)
    {
      used = consume (self, data, size, limit, &frame, error);
      burble_frame_buffer_push (self, data + used, size - used);
      return frame;
    }
  burble_frame_buffer_push (self, data, size);
  return burble_frame_buffer_pop (self, limit, error);
}
