/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-private-chat-clock"

#include "config.h"

#include "burble-private-chat-clock.h"

/* All zones are a multiple of this ahead of UTC, or behind it. */
#define STEP (15 * G_TIME_SPAN_MINUTE)
#define MAX_ZONE (14 * G_TIME_SPAN_HOUR)
/* More than that between saying and hearing: it does not tell the zone. */
#define MAX_DELAY (5 * G_TIME_SPAN_MINUTE)
/* A header has whole seconds, and takes its time. */
#define TOLERANCE (2 * G_TIME_SPAN_SECOND)

void
burble_private_chat_clock_set_zone (BurblePrivateChatClock *self, gint64 zone)
{
  self->zone = zone;
  self->is_sure = TRUE;
}

void
burble_private_chat_clock_set_now (BurblePrivateChatClock *self, gint64 date, gint64 now)
{
  gint64 skew = date + G_TIME_SPAN_SECOND / 2 - now;

  self->skew = ABS (skew) <= TOLERANCE ? 0 : skew;
}

static gint64
to_step (gint64 span)
{
  return (span >= 0 ? (span + STEP / 2) / STEP : -((-span + STEP / 2) / STEP)) * STEP;
}

void
burble_private_chat_clock_take_new (BurblePrivateChatClock *self,
                                    BurblePrivateChatDate   date,
                                    gint64                  now)
{
  gint64 ahead = date.time + date.precision / 2 - (now + self->skew);
  gint64 zone = to_step (ahead);

  if (date.time == 0 || ABS (zone) > MAX_ZONE || ABS (ahead - zone) > MAX_DELAY
      || (self->is_sure && zone == self->zone))
    return;
  g_debug ("The site is %" G_GINT64_FORMAT " min ahead of UTC", zone / G_TIME_SPAN_MINUTE);
  burble_private_chat_clock_set_zone (self, zone);
}

void
burble_private_chat_clock_take_old (BurblePrivateChatClock *self,
                                    BurblePrivateChatDate   date,
                                    gint64                  now)
{
  gint64 ahead = date.time - (now + self->skew);

  if (date.time == 0 || self->is_sure || ahead - self->zone <= TOLERANCE)
    return;
  self->zone = MIN ((ahead - TOLERANCE + STEP - 1) / STEP * STEP, MAX_ZONE);
}

gint64
burble_private_chat_clock_read (const BurblePrivateChatClock *self, BurblePrivateChatDate date)
{
  return date.time - self->zone - self->skew;
}
