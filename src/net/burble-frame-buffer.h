/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "burble-frame.h"
#include "burble-websocket.h"

G_BEGIN_DECLS

/*
 * Cuts received bytes into frames. Holds memory only for bytes that have arrived: neither an idle
 * stream nor one whose peer announces a huge frame and sends none of it costs a buffer.
 *
 * A length is looked at only when a frame is asked for, because the limit may change between two
 * frames that came in one segment (it rises after authentication).
 */
typedef struct
{
  guint8 *spare; /* received, not yet looked at: [spare_start, spare_end) */
  gsize   spare_start;
  gsize   spare_end;
  guint8  header[BURBLE_FRAME_HEADER_SIZE];
  guint   header_have;
  guint8 *body;
  gsize   body_length;
  gsize   body_have;
  gsize   body_capacity;
  BurbleWebsocketReader *websocket; /* NULL: lengths in front */
  GBytes *ping;                     /* the last one, to be answered by who finds it here */
  gboolean ended;                   /* the peer has closed the WebSocket */
} BurbleFrameBuffer;

void     burble_frame_buffer_clear    (BurbleFrameBuffer *self);
gboolean burble_frame_buffer_is_empty (BurbleFrameBuffer *self);
void     burble_frame_buffer_push     (BurbleFrameBuffer *self,
                                       const guint8      *data,
                                       gsize              size);
GBytes  *burble_frame_buffer_pop      (BurbleFrameBuffer *self,
                                       gsize              limit,
                                       GError           **error);
GBytes  *burble_frame_buffer_feed     (BurbleFrameBuffer *self,
                                       const guint8      *data,
                                       gsize              size,
                                       gsize              limit,
                                       GError           **error);

G_END_DECLS
