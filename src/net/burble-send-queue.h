/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Frames that wait to be written, as one run of bytes: prefix, body, prefix, body… */
typedef struct
{
  GQueue  payloads; /* of GBytes; shared with whoever else sends the same */
  gsize   offset;   /* how much of the first frame, prefix included, is written */
  gsize   bytes;    /* what is left to write, prefixes included */
  guint64 total_in;
  guint64 total_out;
  gboolean bare;    /* what is pushed are whole frames already */
} BurbleSendQueue;

void  burble_send_queue_clear   (BurbleSendQueue *self);
void  burble_send_queue_push    (BurbleSendQueue *self,
                                 GBytes          *payload);
gsize burble_send_queue_peek    (BurbleSendQueue *self,
                                 guint8          *scratch,
                                 gsize            size,
                                 const guint8   **data);
void  burble_send_queue_advance (BurbleSendQueue *self,
                                 gsize            size);

G_END_DECLS
