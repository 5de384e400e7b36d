/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * BurbleItemWatch:
 *
 * Stock filters and sorters look at an item when it comes, not when it changes. This watches a
 * property of every item of a list and emits “changed” once per turn of the main loop.
 */
#define BURBLE_TYPE_ITEM_WATCH (burble_item_watch_get_type ())
G_DECLARE_FINAL_TYPE (BurbleItemWatch, burble_item_watch, BURBLE, ITEM_WATCH, GObject)

BurbleItemWatch *burble_item_watch_new (GListModel *model, const char * const *property_names);

G_END_DECLS
