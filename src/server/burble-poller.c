/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-poller.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define MAX_EVENTS 256

typedef struct
{
  GSource source;
  BurblePoller *poller;
} PollerSource;

struct _BurblePoller
{
  int epoll_fd;
  GSource *source;
  gpointer tag;
  GPtrArray *marked;
  GPtrArray *removed;
};

static void
release_removed (BurblePoller *self)
{
  while (self->removed->len > 0)
    {
      BurblePollable *pollable = g_ptr_array_steal_index_fast (self->removed,
                                                               self->removed->len - 1);

      pollable->release (pollable);
    }
}

/* Flushing may mark others (or the same one again): go on until nothing is left. */
static void
flush_marked (BurblePoller *self)
{
  while (self->marked->len > 0)
    {
      BurblePollable *pollable = g_ptr_array_steal_index_fast (self->marked,
                                                               self->marked->len - 1);

      pollable->marked = FALSE;
      if (pollable->added)
        pollable->flush (pollable);
    }
}

static gboolean
poller_prepare (GSource *source,
                int     *timeout)
{
  BurblePoller *self = ((PollerSource *) source)->poller;

  *timeout = -1;
  flush_marked (self);
  release_removed (self);
  return FALSE;
}

static gboolean
poller_check (GSource *source)
{
  BurblePoller *self = ((PollerSource *) source)->poller;

  return g_source_query_unix_fd (source, self->tag) != 0;
}

static gboolean
poller_dispatch (GSource    *source,
                 GSourceFunc callback,
                 gpointer    user_data)
{
  BurblePoller *self = ((PollerSource *) source)->poller;
  struct epoll_event events[MAX_EVENTS];
  int n = epoll_wait (self->epoll_fd, events, MAX_EVENTS, 0);

  for (int i = 0; i < n; i++)
    {
      BurblePollable *pollable = events[i].data.ptr;

      /* Removed by an earlier event of this turn: still there, but no longer interested. */
      if (pollable->added)
        pollable->ready (pollable, events[i].events);
    }
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs poller_funcs = {
  .prepare = poller_prepare,
  .check = poller_check,
  .dispatch = poller_dispatch,
};

gboolean
burble_poller_watch (BurblePoller   *self,
                     BurblePollable *pollable,
                     guint32         events)
{
  struct epoll_event event = { .events = events | EPOLLRDHUP, .data.ptr = pollable };

  if (pollable->added && pollable->interest == events)
    return TRUE;
  if (events == 0)
    event.events = 0;
  if (epoll_ctl (self->epoll_fd, pollable->added ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, pollable->fd,
                 &event) != 0)
    {
      g_warning ("Cannot watch a connection: %s", g_strerror (errno));
      return FALSE;
    }
  pollable->added = TRUE;
  pollable->interest = events;
  return TRUE;
}

void
burble_poller_remove (BurblePoller   *self,
                      BurblePollable *pollable)
{
  if (!pollable->added)
    return;
  epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, pollable->fd, NULL);
  pollable->added = FALSE;
  g_ptr_array_add (self->removed, pollable);
  if (pollable->marked)
    {
      g_ptr_array_remove_fast (self->marked, pollable);
      pollable->marked = FALSE;
    }
}

void
burble_poller_mark (BurblePoller   *self,
                    BurblePollable *pollable)
{
  if (pollable->marked || !pollable->added)
    return;
  pollable->marked = TRUE;
  g_ptr_array_add (self->marked, pollable);
}

BurblePoller *
burble_poller_new (GMainContext *context)
{
  BurblePoller *self = g_new0 (BurblePoller, 1);

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll_fd < 0)
    g_error ("epoll: %s", g_strerror (errno));
  self->marked = g_ptr_array_new ();
  self->removed = g_ptr_array_new ();
  self->source = g_source_new (&poller_funcs, sizeof (PollerSource));
  ((PollerSource *) self->source)->poller = self;
  self->tag = g_source_add_unix_fd (self->source, self->epoll_fd, G_IO_IN);
  g_source_set_static_name (self->source, "connections");
  g_source_attach (self->source, context);
  return self;
}

void
burble_poller_free (BurblePoller *self)
{
  release_removed (self);
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_ptr_array_unref (self->marked);
  g_ptr_array_unref (self->removed);
  close (self->epoll_fd);
  g_free (self);
}
