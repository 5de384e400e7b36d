/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * BurbleGrowingList:
 *
 * The beginning of a long list, longer as somebody scrolls towards its end. A GtkListView makes the
 * widgets of up to 200 rows however few it shows, which is most of what a start would take.
 */
#define BURBLE_TYPE_GROWING_LIST (burble_growing_list_get_type ())
G_DECLARE_FINAL_TYPE (BurbleGrowingList, burble_growing_list, BURBLE, GROWING_LIST, GObject)

/* view is inside its scrolled window already. */
BurbleGrowingList *burble_growing_list_new       (GListModel *model, GtkListView *view);
/* What the view shows. (transfer none) */
GListModel        *burble_growing_list_get_model (BurbleGrowingList *self);

G_END_DECLS
