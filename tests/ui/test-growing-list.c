/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-growing-list.h"
#include "burble-test-wait.h"
#include "ui-fixture.h"

#define MANY 1000

typedef struct
{
  GtkWidget *window;
  GtkListView *view;
  GtkAdjustment *adjustment;
  BurbleGrowingList *growing;
  GListModel *shown;
} Fixture;

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new ("row");

  gtk_widget_set_size_request (label, -1, 50);
  gtk_list_item_set_child (item, label);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr(GtkStringList) strings = gtk_string_list_new (NULL);
  g_autoptr(GtkNoSelection) selection = NULL;
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  for (guint i = 0; i < MANY; i++)
    gtk_string_list_append (strings, "row");
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  f->view = GTK_LIST_VIEW (gtk_list_view_new (NULL, factory));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (f->view));
  f->growing = burble_growing_list_new (G_LIST_MODEL (strings), f->view);
  f->shown = burble_growing_list_get_model (f->growing);
  selection = gtk_no_selection_new (g_object_ref (f->shown));
  gtk_list_view_set_model (f->view, GTK_SELECTION_MODEL (selection));
  f->adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
  f->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (f->window), 300, GPOINTER_TO_INT (data));
  gtk_window_set_child (GTK_WINDOW (f->window), scroller);
  gtk_window_present (GTK_WINDOW (f->window));
  burble_test_wait_until (gtk_adjustment_get_upper (f->adjustment) > 500);
  burble_test_settle ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (f->window));
  burble_test_settle ();
  g_assert_finalize_object (f->growing);
}

static void
test_begins_with_little (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (g_list_model_get_n_items (f->shown), ==, 16);
}

static void
test_fills_a_tall_window (Fixture *f, gconstpointer data)
{
  burble_test_wait_until (g_list_model_get_n_items (f->shown) > 16);
  burble_test_settle ();
  g_assert_cmpuint (g_list_model_get_n_items (f->shown), <, 100);
}

/* The view says where its end is only with its next frame. */
static gboolean
scroll_to_end (Fixture *f)
{
  gtk_adjustment_set_value (f->adjustment, gtk_adjustment_get_upper (f->adjustment));
  return g_list_model_get_n_items (f->shown) == MANY;
}

static void
test_grows_to_its_end (Fixture *f, gconstpointer data)
{
  burble_test_wait_until (scroll_to_end (f));
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);
  g_test_add ("/ui/growing-list/begins-with-little", Fixture, GINT_TO_POINTER (400), set_up,
              test_begins_with_little, tear_down);
  g_test_add ("/ui/growing-list/fills-a-tall-window", Fixture, GINT_TO_POINTER (900), set_up,
              test_fills_a_tall_window, tear_down);
  g_test_add ("/ui/growing-list/grows-to-its-end", Fixture, GINT_TO_POINTER (400), set_up,
              test_grows_to_its_end, tear_down);
  return g_test_run ();
}
