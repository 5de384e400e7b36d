/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#define BURBLE_TEST_PATIENCE (60 * G_USEC_PER_SEC)

static inline gboolean
burble_test_tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the default main context until @condition holds; fails when patience is at its end. */
#define burble_test_wait_until(condition)                                                          \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 wait_end_ = g_get_monotonic_time () + BURBLE_TEST_PATIENCE;                             \
    guint wait_tick_ = g_timeout_add (20, burble_test_tick_cb, NULL);                              \
    while (!(condition))                                                                           \
      {                                                                                            \
        if (g_get_monotonic_time () > wait_end_)                                                   \
          g_error ("%s:%d: waited in vain until %s", __FILE__, __LINE__, #condition);              \
        g_main_context_iteration (NULL, TRUE);                                                     \
      }                                                                                            \
    g_source_remove (wait_tick_);                                                                  \
  }                                                                                                \
  G_STMT_END

/* Runs what is ready now, and what that makes ready, without waiting. */
static inline void
burble_test_settle (void)
{
  for (guint i = 0; i < 20; i++)
    while (g_main_context_iteration (NULL, FALSE))
      ;
}
