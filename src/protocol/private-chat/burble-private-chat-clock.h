/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-private-chat-date.h"

G_BEGIN_DECLS

/*
 * How the clock of a site stands against ours. Its dates have no zone; what the site says about its
 * zone, and what it dates while we look at our own clock, tells which it is.
 */
typedef struct
{
  gint64 zone;      /* µs ahead of UTC */
  gboolean is_sure;
  gint64 skew;      /* µs that its clock is ahead of ours, zone aside */
} BurblePrivateChatClock;

void   burble_private_chat_clock_set_zone  (BurblePrivateChatClock *self, gint64 zone);
/* It is `date` there, to the second, and `now` here. */
void   burble_private_chat_clock_set_now   (BurblePrivateChatClock *self, gint64 date, gint64 now);
/* This was said just now. */
void   burble_private_chat_clock_take_new  (BurblePrivateChatClock *self,
                                            BurblePrivateChatDate date, gint64 now);
/* This was said some time ago: not in the future, at least. */
void   burble_private_chat_clock_take_old  (BurblePrivateChatClock *self,
                                            BurblePrivateChatDate date, gint64 now);
/* When that was by our clock: the beginning of its second, or minute. */
gint64 burble_private_chat_clock_read      (const BurblePrivateChatClock *self,
                                            BurblePrivateChatDate date);

G_END_DECLS
