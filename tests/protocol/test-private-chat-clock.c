/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-private-chat-clock.h"

/* A date without a zone, and what tells it. */

#define HOUR G_TIME_SPAN_HOUR
#define MINUTE G_TIME_SPAN_MINUTE
#define SECOND G_TIME_SPAN_SECOND
/* 2026-11-20 23:43:43.25 by our clock. */
#define NOW (G_GINT64_CONSTANT (1795218223) * SECOND + SECOND / 4)

static BurblePrivateChatDate
by_second (gint64 time)
{
  return (BurblePrivateChatDate) { time / SECOND * SECOND, SECOND - 1 };
}

static BurblePrivateChatDate
by_minute (gint64 time)
{
  return (BurblePrivateChatDate) { time / MINUTE * MINUTE, MINUTE - 1 };
}

static void
test_utc (void)
{
  BurblePrivateChatClock clock = { 0 };

  burble_private_chat_clock_take_new (&clock, by_second (NOW), NOW);
  g_assert_cmpint (burble_private_chat_clock_read (&clock, by_second (NOW)), ==,
                   NOW / SECOND * SECOND);
}

static void
test_zone_is_said (void)
{
  BurblePrivateChatClock clock = { 0 };

  burble_private_chat_clock_set_zone (&clock, 2 * HOUR);
  burble_private_chat_clock_take_old (&clock, by_second (NOW + 5 * HOUR), NOW);
  g_assert_cmpint (burble_private_chat_clock_read (&clock, by_second (NOW)), ==,
                   NOW / SECOND * SECOND - 2 * HOUR);
}

static void
test_zone_of_what_is_new (void)
{
  static const gint64 zones[] = {
    0, HOUR, -HOUR, 14 * HOUR, -12 * HOUR, 5 * HOUR + 45 * MINUTE, -9 * HOUR - 30 * MINUTE,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (zones); i++)
    {
      BurblePrivateChatClock clock = { 0 };

      burble_private_chat_clock_take_new (&clock, by_second (NOW + zones[i] - 3 * SECOND), NOW);
      g_assert_cmpint (clock.zone, ==, zones[i]);
      burble_private_chat_clock_take_new (&clock, by_minute (NOW + zones[i]), NOW);
      g_assert_cmpint (clock.zone, ==, zones[i]);
    }
}

/* Summer time ends while we are connected. */
static void
test_zone_changes (void)
{
  BurblePrivateChatClock clock = { 0 };

  burble_private_chat_clock_set_zone (&clock, 2 * HOUR);
  burble_private_chat_clock_take_new (&clock, by_second (NOW + HOUR), NOW);
  g_assert_cmpint (clock.zone, ==, HOUR);
}

static void
test_what_tells_nothing (void)
{
  BurblePrivateChatClock clock = { 0 };

  burble_private_chat_clock_take_new (&clock, (BurblePrivateChatDate) { 0, 0 }, NOW);
  burble_private_chat_clock_take_new (&clock, by_second (NOW + 20 * HOUR), NOW);
  burble_private_chat_clock_take_new (&clock, by_second (NOW - 7 * MINUTE), NOW);
  burble_private_chat_clock_take_old (&clock, (BurblePrivateChatDate) { 0, 0 }, NOW);
  burble_private_chat_clock_take_old (&clock, by_second (NOW - 3 * HOUR), NOW);
  g_assert_cmpint (clock.zone, ==, 0);
  g_assert_false (clock.is_sure);
}

/* Nobody has spoken in the future: the site is at least so far ahead. */
static void
test_zone_of_what_is_old (void)
{
  BurblePrivateChatClock clock = { 0 };

  burble_private_chat_clock_take_old (&clock, by_second (NOW + HOUR + 50 * MINUTE), NOW);
  g_assert_cmpint (clock.zone, ==, 2 * HOUR);
  burble_private_chat_clock_take_old (&clock, by_second (NOW + HOUR), NOW);
  g_assert_cmpint (clock.zone, ==, 2 * HOUR);
  burble_private_chat_clock_take_old (&clock, by_second (NOW + 400 * HOUR), NOW);
  g_assert_cmpint (clock.zone, ==, 14 * HOUR);
}

/* The site's clock, or ours, is wrong: what is said there is told by ours. */
static void
test_skew (void)
{
  BurblePrivateChatClock clock = { 0 };
  gint64 said = 0;

  burble_private_chat_clock_set_now (&clock, (NOW + SECOND) / SECOND * SECOND, NOW);
  g_assert_cmpint (clock.skew, ==, 0);
  burble_private_chat_clock_set_now (&clock, (NOW - 40 * MINUTE) / SECOND * SECOND, NOW);
  burble_private_chat_clock_take_new (&clock, by_second (NOW - 40 * MINUTE + HOUR), NOW);
  g_assert_cmpint (clock.zone, ==, HOUR);
  said = burble_private_chat_clock_read (&clock, by_second (NOW - 40 * MINUTE + HOUR));
  g_assert_cmpint (ABS (said - NOW), <=, SECOND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/protocol/private-chat-clock/utc", test_utc);
  g_test_add_func ("/protocol/private-chat-clock/zone-is-said", test_zone_is_said);
  g_test_add_func ("/protocol/private-chat-clock/zone-of-what-is-new", test_zone_of_what_is_new);
  g_test_add_func ("/protocol/private-chat-clock/zone-changes", test_zone_changes);
  g_test_add_func ("/protocol/private-chat-clock/what-tells-nothing", test_what_tells_nothing);
  g_test_add_func ("/protocol/private-chat-clock/zone-of-what-is-old", test_zone_of_what_is_old);
  g_test_add_func ("/protocol/private-chat-clock/skew", test_skew);

  return g_test_run ();
}
