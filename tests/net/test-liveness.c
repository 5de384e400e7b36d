/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-liveness.h"
#include "burble-test-wait.h"

typedef struct
{
  BurbleLiveness *liveness;
  gint64          start;
  guint           pings;
  guint           deaths;
  gint64          pinged_at;
  gint64          died_at;
  gboolean        answers; /* touch from inside "ping-due" */
  gboolean        stops;
} Fixture;

static void
ping_due_cb (Fixture *f)
{
  f->pings++;
  f->pinged_at = g_get_monotonic_time ();
  if (f->answers)
    burble_liveness_touch (f->liveness);
  if (f->stops)
    burble_liveness_stop (f->liveness);
}

static void
dead_cb (Fixture *f)
{
  f->deaths++;
  f->died_at = g_get_monotonic_time ();
}

static void
start (Fixture *f,
       guint    idle,
       guint    answer)
{
  f->liveness = burble_liveness_new (idle, answer);
  g_signal_connect_swapped (f->liveness, "ping-due", G_CALLBACK (ping_due_cb), f);
  g_signal_connect_swapped (f->liveness, "dead", G_CALLBACK (dead_cb), f);
  f->start = g_get_monotonic_time ();
  burble_liveness_start (f->liveness);
}

static void
run_for (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * 1000;

  burble_test_wait_until (g_get_monotonic_time () >= end);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->liveness);
}

static void
test_silence (Fixture       *f,
              gconstpointer  data)
{
  start (f, 60, 40);
  burble_test_wait_until (f->deaths > 0);
  g_assert_cmpuint (f->pings, ==, 1);
  g_assert_cmpint (f->pinged_at, >=, f->start + 60000);
  g_assert_cmpint (f->died_at, >=, f->pinged_at + 40000);
  run_for (150);
  g_assert_cmpuint (f->pings, ==, 1);
  g_assert_cmpuint (f->deaths, ==, 1);
}

static void
test_traffic (Fixture       *f,
              gconstpointer  data)
{
  gint64 end = 0;

  start (f, 2000, 40);
  end = f->start + 300 * 1000;
  while (g_get_monotonic_time () < end)
    {
      burble_liveness_touch (f->liveness);
      run_for (20);
    }
  g_assert_cmpuint (f->pings, ==, 0);
  g_assert_cmpuint (f->deaths, ==, 0);
}

/* The silence counts from the last touch, though the source was set before it. */
static void
test_touch_moves_ping (Fixture       *f,
                       gconstpointer  data)
{
  gint64 touched = 0;

  start (f, 1500, 10000);
  run_for (100);
  touched = g_get_monotonic_time ();
  burble_liveness_touch (f->liveness);
  burble_test_wait_until (f->pings == 1);
  g_assert_cmpint (f->pinged_at, >=, touched + 1500000);
}

static void
test_answer (Fixture       *f,
             gconstpointer  data)
{
  f->answers = TRUE;
  start (f, 20, 10000);
  burble_test_wait_until (f->pings == 1);
  /* It was asked; the next question comes after the answer time has passed and silence again. */
  g_assert_cmpuint (f->deaths, ==, 0);
}

static void
test_answers_keep_alive (Fixture       *f,
                         gconstpointer  data)
{
  f->answers = TRUE;
  start (f, 20, 20);
  burble_test_wait_until (f->pings == 4);
  g_assert_cmpuint (f->deaths, ==, 0);
}

static void
test_probe (Fixture       *f,
            gconstpointer  data)
{
  start (f, 60000, 50);
  burble_liveness_probe (f->liveness);
  g_assert_cmpuint (f->pings, ==, 1);
  burble_test_wait_until (f->deaths == 1);
  g_assert_cmpint (f->died_at, >=, f->pinged_at + 50000);
}

static void
test_probe_answered (Fixture       *f,
                     gconstpointer  data)
{
  start (f, 60000, 50);
  burble_liveness_probe (f->liveness);
  burble_liveness_touch (f->liveness);
  run_for (150);
  g_assert_cmpuint (f->pings, ==, 1);
  g_assert_cmpuint (f->deaths, ==, 0);
}

static void
test_stop (Fixture       *f,
           gconstpointer  data)
{
  start (f, 30, 30);
  burble_liveness_stop (f->liveness);
  burble_liveness_probe (f->liveness);
  run_for (120);
  g_assert_cmpuint (f->pings, ==, 0);
  g_assert_cmpuint (f->deaths, ==, 0);
  burble_liveness_start (f->liveness);
  burble_test_wait_until (f->deaths == 1);
}

static void
test_stop_in_ping (Fixture       *f,
                   gconstpointer  data)
{
  f->stops = TRUE;
  start (f, 20, 20);
  burble_test_wait_until (f->pings == 1);
  run_for (80);
  g_assert_cmpuint (f->deaths, ==, 0);
}

#define add(path, func) \
  g_test_add ("/net/liveness/" path, Fixture, NULL, NULL, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  add ("silence-asks-then-ends", test_silence);
  add ("traffic-is-enough", test_traffic);
  add ("touch-moves-ping", test_touch_moves_ping);
  add ("answer", test_answer);
  add ("answers-keep-alive", test_answers_keep_alive);
  add ("probe", test_probe);
  add ("probe-answered", test_probe_answered);
  add ("stop", test_stop);
  add ("stop-in-ping", test_stop_in_ping);
  return g_test_run ();
}
