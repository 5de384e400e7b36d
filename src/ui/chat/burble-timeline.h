/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "burble-timeline-item.h"

G_BEGIN_DECLS

/* Messages of one person this close together stand in one group. */
#define BURBLE_TIMELINE_GROUP_GAP (10 * 60 * G_TIME_SPAN_SECOND)

/**
 * BurbleTimeline:
 *
 * A GListModel of BurbleTimelineItem over one of BurbleMessage. None of the stock models looks at
 * the neighbours of an item, and that is what groups and days are made of.
 */
#define BURBLE_TYPE_TIMELINE (burble_timeline_get_type ())
G_DECLARE_FINAL_TYPE (BurbleTimeline, burble_timeline, BURBLE, TIMELINE, GObject)

BurbleTimeline *burble_timeline_new          (GListModel *messages);
/* The first unread message when the chat was opened, by its row; 0 for none. */
void            burble_timeline_set_boundary (BurbleTimeline *self, gint64 row);
/* The words of the days are made anew: midnight has passed. */
void            burble_timeline_refresh      (BurbleTimeline *self);
/* G_MAXUINT if it is not here. */
guint           burble_timeline_find         (BurbleTimeline *self, gint64 row);

G_END_DECLS
