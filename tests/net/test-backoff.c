/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-backoff.h"

static void
test_ranges (void)
{
  for (guint round = 0; round < 200; round++)
    {
      BurbleBackoff backoff = { 0 };
      guint delay = 1000;

      for (guint i = 0; i < 50; i++)
        {
          guint ms = burble_backoff_next (&backoff);

          g_assert_cmpuint (ms, >=, delay / 2);
          g_assert_cmpuint (ms, <=, delay);
          delay = MIN (delay * 2, 120000);
        }
    }
}

static void
test_spreads (void)
{
  guint lowest = G_MAXUINT;
  guint highest = 0;

  for (guint i = 0; i < 1000; i++)
    {
      BurbleBackoff backoff = { .attempt = 20 };
      guint ms = burble_backoff_next (&backoff);

      lowest = MIN (lowest, ms);
      highest = MAX (highest, ms);
    }
  g_assert_cmpuint (lowest, <, 66000);
  g_assert_cmpuint (highest, >, 114000);
}

static void
test_reset (void)
{
  BurbleBackoff backoff = { 0 };

  for (guint i = 0; i < 10; i++)
    burble_backoff_next (&backoff);
  burble_backoff_reset (&backoff);
  g_assert_cmpuint (burble_backoff_next (&backoff), <=, 1000);
}

static void
test_endless (void)
{
  BurbleBackoff backoff = { .attempt = G_MAXUINT };

  for (guint i = 0; i < 3; i++)
    {
      guint ms = burble_backoff_next (&backoff);

      g_assert_cmpuint (ms, >=, 60000);
      g_assert_cmpuint (ms, <=, 120000);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/net/backoff/doubles-within-range", test_ranges);
  g_test_add_func ("/net/backoff/spreads", test_spreads);
  g_test_add_func ("/net/backoff/reset", test_reset);
  g_test_add_func ("/net/backoff/does-not-overflow", test_endless);
  return g_test_run ();
}
