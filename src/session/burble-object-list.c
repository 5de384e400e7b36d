/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-object-list"

#include "config.h"

#include "burble-object-list.h"

/* Above this many separate holes one signal for the whole stretch is cheaper than one for each. */
#define MAX_RUNS 32

struct _BurbleObjectList
{
  GObject parent_instance;

  GType item_type;
  GPtrArray *items;
};

static GType
burble_object_list_get_item_type (GListModel *model)
{
  BurbleObjectList *self = BURBLE_OBJECT_LIST (model);

  return self->item_type;
}

static guint
burble_object_list_get_n_items (GListModel *model)
{
  BurbleObjectList *self = BURBLE_OBJECT_LIST (model);

  return self->items->len;
}

static gpointer
burble_object_list_get_item (GListModel *model, guint position)
{
  BurbleObjectList *self = BURBLE_OBJECT_LIST (model);

  if (position >= self->items->len)
    return NULL;
  return g_object_ref (g_ptr_array_index (self->items, position));
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = burble_object_list_get_item_type;
  iface->get_n_items = burble_object_list_get_n_items;
  iface->get_item = burble_object_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BurbleObjectList, burble_object_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
burble_object_list_finalize (GObject *object)
{
  BurbleObjectList *self = BURBLE_OBJECT_LIST (object);

  g_ptr_array_unref (self->items);

  G_OBJECT_CLASS (burble_object_list_parent_class)->finalize (object);
}

static void
burble_object_list_class_init (BurbleObjectListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = burble_object_list_finalize;
}

static void
burble_object_list_init (BurbleObjectList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

BurbleObjectList *
burble_object_list_new (GType item_type)
{
  BurbleObjectList *self = NULL;

  g_return_val_if_fail (g_type_is_a (item_type, G_TYPE_OBJECT), NULL);

  self = g_object_new (BURBLE_TYPE_OBJECT_LIST, NULL);
  self->item_type = item_type;
  return self;
}

void
burble_object_list_add (BurbleObjectList *self, gpointer item)
{
  g_return_if_fail (BURBLE_IS_OBJECT_LIST (self));
  g_return_if_fail (G_IS_OBJECT (item));

  g_ptr_array_add (self->items, g_object_ref (item));
  g_list_model_items_changed (G_LIST_MODEL (self), self->items->len - 1, 0, 1);
}

void
burble_object_list_add_many (BurbleObjectList *self, GPtrArray *items)
{
  guint before;

  g_return_if_fail (BURBLE_IS_OBJECT_LIST (self));
  g_return_if_fail (items != NULL);

  if (items->len == 0)
    return;
  before = self->items->len;
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (self->items, g_object_ref (g_ptr_array_index (items, i)));
  g_list_model_items_changed (G_LIST_MODEL (self), before, 0, items->len);
}

void
burble_object_list_remove (BurbleObjectList *self, gpointer item)
{
  guint position = 0;

  g_return_if_fail (BURBLE_IS_OBJECT_LIST (self));

  if (!g_ptr_array_find (self->items, item, &position))
    return;
  g_ptr_array_remove_index (self->items, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

static guint
count_runs (BurbleObjectList *self, GHashTable *items, guint *first, guint *last)
{
  guint runs = 0;
  gboolean inside = FALSE;

  for (guint i = 0; i < self->items->len; i++)
    {
      gboolean goes = g_hash_table_contains (items, g_ptr_array_index (self->items, i));

      if (goes && !inside)
        runs++;
      if (goes && runs == 1 && !inside)
        *first = i;
      if (goes)
        *last = i;
      inside = goes;
    }
  return runs;
}

/* All at once: what stays moves up, in order. */
static void
remove_scattered (BurbleObjectList *self, GHashTable *items, guint first, guint last)
{
  g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func (g_object_unref);
  guint before = self->items->len;

  for (guint i = 0; i < self->items->len; i++)
    {
      gpointer item = g_ptr_array_index (self->items, i);

      if (!g_hash_table_contains (items, item))
        g_ptr_array_add (kept, g_object_ref (item));
    }
  g_ptr_array_unref (self->items);
  self->items = g_steal_pointer (&kept);
  g_list_model_items_changed (G_LIST_MODEL (self), first, last - first + 1,
                              last - first + 1 - (before - self->items->len));
}

void
burble_object_list_remove_many (BurbleObjectList *self, GHashTable *items)
{
  guint first = 0;
  guint last = 0;
  guint runs;

  g_return_if_fail (BURBLE_IS_OBJECT_LIST (self));
  g_return_if_fail (items != NULL);

  if (g_hash_table_size (items) == 0)
    return;
  runs = count_runs (self, items, &first, &last);
  if (runs == 0)
    return;
  if (runs > MAX_RUNS)
    {
      remove_scattered (self, items, first, last);
      return;
    }
  for (guint end = last + 1; end > first;)
    {
      guint start = end;

      while (start > first
             && g_hash_table_contains (items, g_ptr_array_index (self->items, start - 1)))
        start--;
      if (start < end)
        {
          g_ptr_array_remove_range (self->items, start, end - start);
          g_list_model_items_changed (G_LIST_MODEL (self), start, end - start, 0);
          end = start;
        }
      else
        {
          end--;
        }
    }
}
