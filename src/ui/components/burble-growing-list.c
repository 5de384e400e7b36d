/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-growing-list"

#include "config.h"

#include "burble-growing-list.h"

/* What a window shows at first, and half as much again. */
#define FIRST_SIZE 16
/* From here on the view makes no more widgets, it uses those it has again. */
#define LAST_SIZE 200

struct _BurbleGrowingList
{
  GObject parent_instance;

  GtkSliceListModel *slice;
  GtkAdjustment *adjustment;
  guint grow_id;
};

G_DEFINE_FINAL_TYPE (BurbleGrowingList, burble_growing_list, G_TYPE_OBJECT)

static gboolean
is_whole (BurbleGrowingList *self)
{
  GListModel *model = gtk_slice_list_model_get_model (self->slice);

  return gtk_slice_list_model_get_size (self->slice) >= g_list_model_get_n_items (model);
}

static gboolean
grow_cb (gpointer user_data)
{
  BurbleGrowingList *self = user_data;
  guint size = gtk_slice_list_model_get_size (self->slice);

  self->grow_id = 0;
  gtk_slice_list_model_set_size (self->slice, size < LAST_SIZE ? size * 2 : G_MAXUINT);
  return G_SOURCE_REMOVE;
}

/* Half a page from the end. Not at once: the view may be in the middle of its layout. */
static void
adjustment_changed_cb (BurbleGrowingList *self)
{
  double page = gtk_adjustment_get_page_size (self->adjustment);
  double left = gtk_adjustment_get_upper (self->adjustment) -
    gtk_adjustment_get_value (self->adjustment) - page;

  if (self->grow_id == 0 && page > 0 && left < page / 2 && !is_whole (self))
    self->grow_id = g_idle_add (grow_cb, self);
}

static gboolean
key_pressed_cb (BurbleGrowingList *self, guint keyval)
{
  if (keyval == GDK_KEY_End || keyval == GDK_KEY_KP_End)
    gtk_slice_list_model_set_size (self->slice, G_MAXUINT);
  return GDK_EVENT_PROPAGATE;
}

static void
burble_growing_list_dispose (GObject *object)
{
  BurbleGrowingList *self = BURBLE_GROWING_LIST (object);

  g_clear_handle_id (&self->grow_id, g_source_remove);
  g_clear_object (&self->adjustment);
  g_clear_object (&self->slice);
  G_OBJECT_CLASS (burble_growing_list_parent_class)->dispose (object);
}

static void
burble_growing_list_class_init (BurbleGrowingListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = burble_growing_list_dispose;
}

static void
burble_growing_list_init (BurbleGrowingList *self)
{
}

BurbleGrowingList *
burble_growing_list_new (GListModel *model, GtkListView *view)
{
  BurbleGrowingList *self = g_object_new (BURBLE_TYPE_GROWING_LIST, NULL);
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->slice = gtk_slice_list_model_new (g_object_ref (model), 0, FIRST_SIZE);
  self->adjustment = g_object_ref (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view)));
  g_signal_connect_object (self->adjustment, "changed", G_CALLBACK (adjustment_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->adjustment, "value-changed", G_CALLBACK (adjustment_changed_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (view), keys);
  return self;
}

GListModel *
burble_growing_list_get_model (BurbleGrowingList *self)
{
  g_return_val_if_fail (BURBLE_IS_GROWING_LIST (self), NULL);

  return G_LIST_MODEL (self->slice);
}
