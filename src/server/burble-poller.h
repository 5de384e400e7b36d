/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/epoll.h>

G_BEGIN_DECLS

/**
 * BurblePoller:
 *
 * All sockets of the server as one source of the main loop. The main loop looks at each of its
 * sources in every turn, which with some thousand idle connections costs more than the work; an
 * epoll set does not. It also ends each turn: what was written to a connection during it is sent
 * together, in as few TLS records as possible.
 */
typedef struct _BurblePoller BurblePoller;
typedef struct _BurblePollable BurblePollable;

struct _BurblePollable
{
  int fd;
  void (*ready)   (BurblePollable *self, guint32 events);
  void (*flush)   (BurblePollable *self); /* the end of a turn in which it was marked */
  void (*release) (BurblePollable *self); /* nothing refers to it any more */
  guint32 interest;
  gboolean added;
  gboolean marked;
};

BurblePoller *burble_poller_new    (GMainContext   *context);
void          burble_poller_free   (BurblePoller   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurblePoller, burble_poller_free)

/* EPOLLIN, EPOLLOUT; 0: keep it, wait for nothing but the end of the connection. */
gboolean      burble_poller_watch  (BurblePoller   *self,
                                    BurblePollable *pollable,
                                    guint32         events);
/* No more callbacks; `release` is called after the turn. Does not close the descriptor. */
void          burble_poller_remove (BurblePoller   *self,
                                    BurblePollable *pollable);
void          burble_poller_mark   (BurblePoller   *self,
                                    BurblePollable *pollable);

G_END_DECLS
