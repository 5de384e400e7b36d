/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "burble-message.h"

G_BEGIN_DECLS

/**
 * BurbleTimelineItem:
 *
 * A message and where it stands among its neighbours: properties message, day (text of the line
 * above it, or NULL), group-start, group-end, boundary (“New messages” stands above it).
 */
#define BURBLE_TYPE_TIMELINE_ITEM (burble_timeline_item_get_type ())
G_DECLARE_FINAL_TYPE (BurbleTimelineItem, burble_timeline_item, BURBLE, TIMELINE_ITEM, GObject)

BurbleTimelineItem *burble_timeline_item_new             (BurbleMessage *message);
BurbleMessage      *burble_timeline_item_get_message     (BurbleTimelineItem *self);
const char         *burble_timeline_item_get_day         (BurbleTimelineItem *self);
void                burble_timeline_item_set_day         (BurbleTimelineItem *self,
                                                          const char *day);
gboolean            burble_timeline_item_get_group_start (BurbleTimelineItem *self);
void                burble_timeline_item_set_group_start (BurbleTimelineItem *self,
                                                          gboolean group_start);
gboolean            burble_timeline_item_get_group_end   (BurbleTimelineItem *self);
void                burble_timeline_item_set_group_end   (BurbleTimelineItem *self,
                                                          gboolean group_end);
gboolean            burble_timeline_item_get_boundary    (BurbleTimelineItem *self);
void                burble_timeline_item_set_boundary    (BurbleTimelineItem *self,
                                                          gboolean boundary);

G_END_DECLS
