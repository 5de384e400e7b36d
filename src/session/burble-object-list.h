/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * BurbleObjectList:
 *
 * An unsorted GListModel. It exists beside GListStore because whole batches go out of it with one
 * pass over the list, however many there are, and with few signals.
 */
#define BURBLE_TYPE_OBJECT_LIST (burble_object_list_get_type ())
G_DECLARE_FINAL_TYPE (BurbleObjectList, burble_object_list, BURBLE, OBJECT_LIST, GObject)

BurbleObjectList *burble_object_list_new         (GType item_type);
void              burble_object_list_add         (BurbleObjectList *self, gpointer item);
void              burble_object_list_add_many    (BurbleObjectList *self, GPtrArray *items);
void              burble_object_list_remove      (BurbleObjectList *self, gpointer item);
/* items: a set of pointers to objects; those not in the list do not matter. */
void              burble_object_list_remove_many (BurbleObjectList *self, GHashTable *items);

G_END_DECLS
