/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-chat-layout"

#include "config.h"

#include "burble-chat-layout.h"

#include <adwaita.h>

/* With more messages than this there is no window they do not fill. */
#define MOST_OF_A_SHORT_CHAT 100

static GtkSizeRequestMode
place_request_mode_cb (GtkWidget *place)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
place_measure_cb (GtkWidget *place, GtkOrientation orientation, int for_size, int *minimum,
                  int *natural, int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (gtk_widget_get_first_child (place), orientation, -1, minimum, natural, NULL,
                      NULL);
}

/* A list view is asked for its height without a width, so that its rows have to be. */
static int
get_wanted_height (GtkListView *view, int width, int enough)
{
  GListModel *model = G_LIST_MODEL (gtk_list_view_get_model (view));
  GtkWidget *list = GTK_WIDGET (view);
  int padding, widest = 0, unbroken = 0, height = 0, natural;

  if (model != NULL && g_list_model_get_n_items (model) > MOST_OF_A_SHORT_CHAT)
    return enough;
  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      gtk_widget_measure (row, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
      widest = MAX (widest, natural);
      gtk_widget_measure (row, GTK_ORIENTATION_VERTICAL, -1, NULL, &natural, NULL, NULL);
      unbroken += natural;
    }
  /* What the list needs more than its rows, is around them. */
  gtk_widget_measure (list, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  padding = MAX (natural - widest, 0);
  gtk_widget_measure (list, GTK_ORIENTATION_VERTICAL, -1, NULL, &natural, NULL, NULL);
  height = MAX (natural - unbroken, 0);
  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL && height < enough;
       row = gtk_widget_get_next_sibling (row))
    {
      gtk_widget_measure (row, GTK_ORIENTATION_VERTICAL, width - padding, NULL, &natural, NULL,
                          NULL);
      height += natural;
    }
  return height;
}

static void
place_allocate_cb (GtkWidget *place, int width, int height, int baseline)
{
  GtkWidget *scroller = gtk_widget_get_first_child (place);
  AdwClampScrollable *clamp =
    ADW_CLAMP_SCROLLABLE (gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (scroller)));
  GtkAllocation allocation = { 0, 0, width, height };
  int minimum;

  gtk_widget_measure (scroller, GTK_ORIENTATION_VERTICAL, -1, &minimum, NULL, NULL, NULL);
  allocation.height =
    get_wanted_height (GTK_LIST_VIEW (adw_clamp_scrollable_get_child (clamp)),
                       MIN (width, adw_clamp_scrollable_get_maximum_size (clamp)), height);
  allocation.height = CLAMP (allocation.height, MIN (minimum, height), height);
  allocation.y = height - allocation.height;
  gtk_widget_size_allocate (scroller, &allocation, -1);
}

/**
 * burble_chat_layout_new:
 *
 * Of a widget that holds a scrolled window, an AdwClampScrollable and a GtkListView, each the only
 * child of the one before: a short chat stands above the composer, where the next message will be;
 * a long one fills the room.
 *
 * Returns: (transfer full):
 */
GtkLayoutManager *
burble_chat_layout_new (void)
{
  return gtk_custom_layout_new (place_request_mode_cb, place_measure_cb, place_allocate_cb);
}
