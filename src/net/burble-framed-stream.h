/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BurbleFramedStream:
 *
 * The packets of Gurgle, section 2 over any GIOStream: frames with a length in front, or the
 * messages of a WebSocket. Reads are asked for one at a time, which is the back-pressure on the
 * peer; writes go through a queue bounded in bytes.
 * Each frame is handed to the stream prefix and body together.
 *
 * Signals: "drained" when the queue has fallen below half of its bound after having been above it;
 * "write-failed" (GError*) once, when a write failed: the connection is dead.
 */
#define BURBLE_TYPE_FRAMED_STREAM (burble_framed_stream_get_type ())
G_DECLARE_FINAL_TYPE (BurbleFramedStream, burble_framed_stream, BURBLE, FRAMED_STREAM, GObject)

BurbleFramedStream *burble_framed_stream_new              (GIOStream           *stream);
BurbleFramedStream *burble_framed_stream_new_websocket    (GIOStream           *stream);
/* Largest payload accepted from the peer, in bytes. */
void                burble_framed_stream_set_read_limit   (BurbleFramedStream  *self, gsize bytes);
/* Bound of the send queue in bytes; default 32 MiB. */
void                burble_framed_stream_set_queue_limit  (BurbleFramedStream  *self, gsize bytes);
gsize               burble_framed_stream_get_queued_bytes (BurbleFramedStream  *self);
/* Monotonic time (µs) of the last byte received. */
gint64              burble_framed_stream_get_last_received (BurbleFramedStream *self);

/* Queues one frame; FALSE with BURBLE_NET_ERROR_QUEUE_FULL leaves the queue as it was. */
gboolean            burble_framed_stream_send             (BurbleFramedStream  *self,
                                                           GBytes              *payload,
                                                           GError             **error);
/*
 * One frame; NULL without error at a clean end between frames, G_IO_ERROR_PARTIAL_INPUT inside
 * one.
 */
void                burble_framed_stream_read_async       (BurbleFramedStream  *self,
                                                           GCancellable        *cancellable,
                                                           GAsyncReadyCallback  callback,
                                                           gpointer             user_data);
GBytes             *burble_framed_stream_read_finish      (BurbleFramedStream  *self,
                                                           GAsyncResult        *result,
                                                           GError             **error);
/*
 * A further frame out of bytes that have already arrived, without waiting: NULL if there is none
 * (or it is broken: the next read says so). Call it in a loop when a read has completed, and read
 * again after; that spares a turn of the main loop per frame. Not while a read is pending.
 */
GBytes             *burble_framed_stream_take             (BurbleFramedStream  *self);
/* Completes when all that was queued before is handed to the stream. */
void                burble_framed_stream_flush_async      (BurbleFramedStream  *self,
                                                           GCancellable        *cancellable,
                                                           GAsyncReadyCallback  callback,
                                                           gpointer             user_data);
gboolean            burble_framed_stream_flush_finish     (BurbleFramedStream  *self,
                                                           GAsyncResult        *result,
                                                           GError             **error);
/* Drops the queue, cancels a pending read, closes the stream. Safe to call twice. What was written
 * before still reaches the peer: the socket lingers for a moment in the background. */
void                burble_framed_stream_close            (BurbleFramedStream  *self);
gboolean            burble_framed_stream_is_closed        (BurbleFramedStream  *self);

G_END_DECLS
