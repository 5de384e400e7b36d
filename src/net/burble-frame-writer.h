/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "burble-send-queue.h"

G_BEGIN_DECLS

typedef struct
{
  void (*drained) (gpointer owner);
  void (*failed)  (gpointer owner, const GError *error);
} BurbleFrameWriterEvents;

/*
 * The sending half of a framed stream: writes a bounded queue to an output stream from the main
 * loop. Part of its owner, which it keeps alive while it calls out.
 */
typedef struct
{
  GObject                       *owner;
  const BurbleFrameWriterEvents *events;
  GOutputStream                 *output;
  GMainContext                  *context;
  GCancellable                  *cancellable; /* for an output that cannot be polled */
  GError                        *error;       /* the first; nothing is written after it */
  GSource                       *source;
  GQueue                         flushes;
  BurbleSendQueue                queue;
  gsize                          limit;
  gsize                          retry_size; /* a write that would have blocked is repeated so */
  guint                          polls : 1;
  guint                          writing : 1; /* an async write is under way */
  guint                          blocked : 1;
  guint                          over_mark : 1; /* "drained" is owed */
  guint                          closed : 1;
  guint                          websocket : 1; /* that of a client, which masks what it sends */
} BurbleFrameWriter;

void     burble_frame_writer_init  (BurbleFrameWriter             *self,
                                    GObject                       *owner,
                                    const BurbleFrameWriterEvents *events,
                                    GOutputStream                 *output,
                                    GMainContext                  *context);
gboolean burble_frame_writer_send  (BurbleFrameWriter             *self,
                                    GBytes                        *payload,
                                    GError                       **error);
/* The frames of a WebSocket that are no packets. */
void     burble_frame_writer_pong  (BurbleFrameWriter             *self,
                                    GBytes                        *payload);
gboolean burble_frame_writer_say_goodbye (BurbleFrameWriter       *self,
                                          guint16                  code);
void     burble_frame_writer_flush (BurbleFrameWriter             *self,
                                    GTask                         *task);
/* No more calls out, but for @error to those who wait for a flush. */
void     burble_frame_writer_close (BurbleFrameWriter             *self,
                                    const GError                  *error);
void     burble_frame_writer_clear (BurbleFrameWriter             *self);

G_END_DECLS
