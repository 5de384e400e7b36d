/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-timeline-item.h"

G_BEGIN_DECLS

/**
 * BurbleMessageRow:
 *
 * A message as a bubble, with the day and the “New messages” line above it where they belong.
 * Property: item.
 */
#define BURBLE_TYPE_MESSAGE_ROW (burble_message_row_get_type ())
G_DECLARE_FINAL_TYPE (BurbleMessageRow, burble_message_row, BURBLE, MESSAGE_ROW, AdwBin)

GtkWidget          *burble_message_row_new         (void);
BurbleTimelineItem *burble_message_row_get_item    (BurbleMessageRow *self);
void                burble_message_row_set_item    (BurbleMessageRow *self,
                                                    BurbleTimelineItem *item);
/* The bubble: where a context menu points. */
GtkWidget          *burble_message_row_get_bubble  (BurbleMessageRow *self);
/* Somebody points at it. */
void                burble_message_row_make_selectable (BurbleMessageRow *self);
/* What is selected with the mouse, or NULL. */
char               *burble_message_row_get_selection (BurbleMessageRow *self);

G_END_DECLS
