/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-item-watch"

#include "config.h"

#include "burble-item-watch.h"

struct _BurbleItemWatch
{
  GObject parent_instance;

  GListModel *model;
  GStrv property_names;
  GPtrArray *items;
  guint changed_id;
};

G_DEFINE_FINAL_TYPE (BurbleItemWatch, burble_item_watch, G_TYPE_OBJECT)

typedef enum
{
  SIGNAL_CHANGED,
} BurbleItemWatchSignal;

static guint signals[SIGNAL_CHANGED + 1];

static gboolean
emit_changed_cb (gpointer user_data)
{
  BurbleItemWatch *self = user_data;

  self->changed_id = 0;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
burble_item_watch_item_notify_cb (BurbleItemWatch *self, GParamSpec *pspec)
{
  if (!g_strv_contains ((const char * const *) self->property_names, pspec->name))
    return;
  /* Before the next frame, after the rest of a burst. */
  if (self->changed_id == 0)
    self->changed_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, emit_changed_cb, self, NULL);
}

static void
burble_item_watch_items_changed_cb (BurbleItemWatch *self, guint position, guint removed,
                                    guint added)
{
  for (guint i = 0; i < removed; i++)
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->items, position + i),
                                          burble_item_watch_item_notify_cb, self);
  if (removed > 0)
    g_ptr_array_remove_range (self->items, position, removed);
  for (guint i = 0; i < added; i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (self->model, position + i);

      /* One small closure for all the names: there may be thousands of items. */
      g_signal_connect_swapped (item, "notify", G_CALLBACK (burble_item_watch_item_notify_cb),
                                self);
      g_ptr_array_insert (self->items, position + i, g_steal_pointer (&item));
    }
}

static void
burble_item_watch_dispose (GObject *object)
{
  BurbleItemWatch *self = BURBLE_ITEM_WATCH (object);

  g_clear_handle_id (&self->changed_id, g_source_remove);
  g_clear_object (&self->model);
  for (guint i = 0; self->items != NULL && i < self->items->len; i++)
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->items, i),
                                          burble_item_watch_item_notify_cb, self);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  G_OBJECT_CLASS (burble_item_watch_parent_class)->dispose (object);
}

static void
burble_item_watch_finalize (GObject *object)
{
  BurbleItemWatch *self = BURBLE_ITEM_WATCH (object);

  g_clear_pointer (&self->property_names, g_strfreev);
  G_OBJECT_CLASS (burble_item_watch_parent_class)->finalize (object);
}

static void
burble_item_watch_class_init (BurbleItemWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_item_watch_dispose;
  object_class->finalize = burble_item_watch_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 0);
}

static void
burble_item_watch_init (BurbleItemWatch *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

BurbleItemWatch *
burble_item_watch_new (GListModel *model, const char * const *property_names)
{
  BurbleItemWatch *self = g_object_new (BURBLE_TYPE_ITEM_WATCH, NULL);

  g_return_val_if_fail (G_IS_LIST_MODEL (model), self);

  self->model = g_object_ref (model);
  self->property_names = g_strdupv ((char **) property_names);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (burble_item_watch_items_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  burble_item_watch_items_changed_cb (self, 0, 0, g_list_model_get_n_items (model));
  return self;
}
