/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <gnutls/gnutls.h>

#include "burble-poller.h"

G_BEGIN_DECLS

/**
 * BurbleLink:
 *
 * One accepted connection: TLS (straight on GnuTLS, which costs half the memory of a
 * GTlsConnection with its streams) and the packets of Gurgle, section 2, with a length in front
 * or as messages of a WebSocket: the first bytes of the peer tell which, and nothing above knows.
 * It holds no buffers while nothing is under way. Reference counted, used on one thread.
 */
typedef struct _BurbleLink BurbleLink;

typedef struct
{
  void (*opened) (BurbleLink *link, gpointer user_data);
  /* @payload is valid during the call only. */
  void (*frame)  (BurbleLink *link, GBytes *payload, gpointer user_data);
  /* The peer broke the framing; burble_link_finish() is still to be called. */
  void (*broken) (BurbleLink *link, const GError *error, gpointer user_data);
  /* The link ends by itself, in an orderly way: its request was refused, or the peer closes it. */
  void (*finishing) (BurbleLink *link, gpointer user_data);
  /* The queue is empty again. */
  void (*drained) (BurbleLink *link, gpointer user_data);
  /* Before the queue is sent at the end of a turn: the last chance to add to it. */
  void (*flushing) (BurbleLink *link, gpointer user_data);
  /* The connection is gone, by either side; called once, the last one. */
  void (*closed) (BurbleLink *link, gpointer user_data);
} BurbleLinkEvents;

/* @credentials NULL: no TLS. Takes the descriptor. */
BurbleLink *burble_link_new             (BurblePoller                     *poller,
                                         int                               fd,
                                         gnutls_certificate_credentials_t  credentials,
                                         gnutls_priority_t                 priority,
                                         const BurbleLinkEvents           *events,
                                         gpointer                          user_data);
BurbleLink *burble_link_ref             (BurbleLink *self);
void        burble_link_unref           (BurbleLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleLink, burble_link_unref)

void        burble_link_set_read_limit  (BurbleLink *self, gsize bytes);
/* A paused link takes no frames from the peer: back-pressure. */
void        burble_link_set_paused      (BurbleLink *self, gboolean paused);
/* Queues one frame, sent at the end of this turn of the main loop. */
void        burble_link_send            (BurbleLink *self, const void *payload, gsize length);
void        burble_link_send_bytes      (BurbleLink *self, GBytes *payload);
/* Makes `flushing` happen in this turn. */
void        burble_link_mark            (BurbleLink *self);
gsize       burble_link_get_queued      (BurbleLink *self);
/* Monotonic time since when the peer has taken nothing of what is queued; 0: nothing waits. */
gint64      burble_link_get_stuck_since (BurbleLink *self);
gint64      burble_link_get_last_received (BurbleLink *self);
gboolean    burble_link_is_open         (BurbleLink *self);
/* No more frames are taken; what is queued is sent, then the connection ends in an orderly way. */
void        burble_link_finish          (BurbleLink *self);
gboolean    burble_link_is_finishing    (BurbleLink *self);
/* At once. */
void        burble_link_close           (BurbleLink *self);

G_END_DECLS
