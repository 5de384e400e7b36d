/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-net-liveness"

#include "config.h"

#include "burble-liveness.h"

#include "burble-net-private.h"

/*
 * One source, set to the moment at which something may be due. A touch only notes the time; when
 * the source fires and finds that it was touched meanwhile, it is set anew to the rest.
 */
struct _BurbleLiveness
{
  GObject  parent_instance;
  GSource *source;
  gint64   last_touch; /* monotonic, µs */
  gint64   asked_at;   /* 0: no answer is waited for */
  gint64   idle;
  gint64   answer;
};

G_DEFINE_FINAL_TYPE (BurbleLiveness, burble_liveness, G_TYPE_OBJECT)

enum
{
  SIGNAL_PING_DUE,
  SIGNAL_DEAD,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
ask (BurbleLiveness *self)
{
  self->asked_at = g_get_monotonic_time ();
  g_source_set_ready_time (self->source, self->asked_at + self->answer);
  g_signal_emit (self, signals[SIGNAL_PING_DUE], 0);
}

static gboolean
due_cb (gpointer user_data)
{
  g_autoptr(BurbleLiveness) self = g_object_ref (user_data);
  gint64 now = g_get_monotonic_time ();

  if (self->asked_at != 0 && self->last_touch >= self->asked_at)
    self->asked_at = 0;
  if (self->asked_at != 0)
    {
      if (now < self->asked_at + self->answer)
        {
          g_source_set_ready_time (self->source, self->asked_at + self->answer);
          return G_SOURCE_CONTINUE;
        }
      burble_liveness_stop (self);
      g_signal_emit (self, signals[SIGNAL_DEAD], 0);
      return G_SOURCE_REMOVE;
    }
  if (now < self->last_touch + self->idle)
    g_source_set_ready_time (self->source, self->last_touch + self->idle);
  else
    ask (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch (GSource     *source,
          GSourceFunc  callback,
          gpointer     user_data)
{
  return callback (user_data);
}

static GSourceFuncs source_funcs = { NULL, NULL, dispatch, NULL, NULL, NULL };

static void
burble_liveness_dispose (GObject *object)
{
  burble_liveness_stop (BURBLE_LIVENESS (object));

  G_OBJECT_CLASS (burble_liveness_parent_class)->dispose (object);
}

static void
burble_liveness_class_init (BurbleLivenessClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_liveness_dispose;

  signals[SIGNAL_PING_DUE] = g_signal_new ("ping-due", BURBLE_TYPE_LIVENESS, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_DEAD] = g_signal_new ("dead", BURBLE_TYPE_LIVENESS, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
}

static void
burble_liveness_init (BurbleLiveness *self)
{
}

/**
 * burble_liveness_new:
 * @idle_ms: silence after which "ping-due" is emitted
 * @answer_ms: further silence after which "dead" is emitted, and the watch ends
 */
BurbleLiveness *
burble_liveness_new (guint idle_ms,
                     guint answer_ms)
{
  BurbleLiveness *self = g_object_new (BURBLE_TYPE_LIVENESS, NULL);

  self->idle = (gint64) idle_ms * 1000;
  self->answer = (gint64) answer_ms * 1000;
  return self;
}

/**
 * burble_liveness_start:
 * @self: a liveness watch
 *
 * Starts to watch, in the thread-default main context, or starts anew.
 */
void
burble_liveness_start (BurbleLiveness *self)
{
  g_return_if_fail (BURBLE_IS_LIVENESS (self));

  burble_liveness_stop (self);
  self->last_touch = g_get_monotonic_time ();
  self->source = g_source_new (&source_funcs, sizeof (GSource));
  g_source_set_static_name (self->source, "[burble] liveness");
  g_source_set_callback (self->source, due_cb, self, NULL);
  g_source_set_ready_time (self->source, self->last_touch + self->idle);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

/**
 * burble_liveness_stop:
 * @self: a liveness watch
 *
 * Emits nothing any more, until it is started again.
 */
void
burble_liveness_stop (BurbleLiveness *self)
{
  g_return_if_fail (BURBLE_IS_LIVENESS (self));

  self->asked_at = 0;
  burble_net_clear_source (&self->source);
}

/**
 * burble_liveness_touch:
 * @self: a liveness watch
 *
 * Something arrived from the peer. Cheap enough for each packet: only the time is noted.
 */
void
burble_liveness_touch (BurbleLiveness *self)
{
  g_return_if_fail (BURBLE_IS_LIVENESS (self));

  self->last_touch = g_get_monotonic_time ();
}

/**
 * burble_liveness_probe:
 * @self: a liveness watch; nothing happens if it is stopped
 *
 * Does not trust the connection any longer. While an answer is waited for already, that one counts,
 * but from now on: the time asleep was not the peer's.
 */
void
burble_liveness_probe (BurbleLiveness *self)
{
  g_return_if_fail (BURBLE_IS_LIVENESS (self));

  if (self->source != NULL)
    ask (self);
}
