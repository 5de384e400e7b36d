/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-new-chat-dialog"

#include "config.h"

#include "burble-new-chat-dialog.h"

#include <string.h>

#include "burble-contact-match.h"
#include "burble-contact-row.h"
#include "burble-growing-list.h"
#include "burble-words.h"

struct _BurbleNewChatDialog
{
  AdwDialog parent_instance;

  GtkEditable *search;
  GtkStack *stack;
  GtkListView *list;

  char *query; /* folded */
  GtkFilter *filter;
  GtkSortListModel *sorted;
  BurbleGrowingList *growing;
};

G_DEFINE_FINAL_TYPE (BurbleNewChatDialog, burble_new_chat_dialog, ADW_TYPE_DIALOG)

typedef enum
{
  SIGNAL_CHOSEN,
  SIGNAL_ADD,
} BurbleNewChatDialogSignal;

static guint signals[SIGNAL_ADD + 1];

static gboolean
matches (gpointer item, gpointer user_data)
{
  BurbleNewChatDialog *self = user_data;

  return burble_contact_get_in_roster (item) && burble_contact_match (item, self->query);
}

static void
sorted_items_changed_cb (BurbleNewChatDialog *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sorted));

  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "list" : "empty");
}

static void
choose (BurbleNewChatDialog *self, guint position)
{
  /* Closed without an animation it is gone at once. */
  g_autoptr(BurbleNewChatDialog) alive = g_object_ref (self);
  g_autoptr(BurbleContact) contact = g_list_model_get_item (G_LIST_MODEL (self->sorted), position);

  if (contact == NULL)
    return;
  adw_dialog_close (ADW_DIALOG (self));
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, contact);
}

static void
list_activate_cb (BurbleNewChatDialog *self, guint position)
{
  choose (self, position);
}

static void
search_changed_cb (BurbleNewChatDialog *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->search)));

  g_clear_pointer (&self->query, g_free);
  self->query = g_utf8_casefold (text, -1);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  sorted_items_changed_cb (self);
}

static void
add_clicked_cb (BurbleNewChatDialog *self)
{
  g_autoptr(BurbleNewChatDialog) alive = g_object_ref (self);
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->search)));

  adw_dialog_close (ADW_DIALOG (self));
  g_signal_emit (self, signals[SIGNAL_ADD], 0, strchr (text, '@') != NULL ? text : NULL);
}

static void
search_activate_cb (BurbleNewChatDialog *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->sorted)) > 0)
    choose (self, 0);
  else
    add_clicked_cb (self);
}

static void
search_stop_cb (BurbleNewChatDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *list_item)
{
  gtk_list_item_set_child (list_item, burble_contact_row_new ());
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *list_item)
{
  BurbleContact *contact = gtk_list_item_get_item (list_item);
  g_autofree char *label = burble_words_contact (contact);

  burble_contact_row_set_contact (BURBLE_CONTACT_ROW (gtk_list_item_get_child (list_item)),
                                  contact);
  gtk_list_item_set_accessible_label (list_item, label);
}

static void
burble_new_chat_dialog_dispose (GObject *object)
{
  BurbleNewChatDialog *self = BURBLE_NEW_CHAT_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_NEW_CHAT_DIALOG);
  g_clear_object (&self->growing);
  g_clear_object (&self->sorted);
  g_clear_object (&self->filter);
  G_OBJECT_CLASS (burble_new_chat_dialog_parent_class)->dispose (object);
}

static void
burble_new_chat_dialog_finalize (GObject *object)
{
  BurbleNewChatDialog *self = BURBLE_NEW_CHAT_DIALOG (object);

  g_clear_pointer (&self->query, g_free);
  G_OBJECT_CLASS (burble_new_chat_dialog_parent_class)->finalize (object);
}

static void
burble_new_chat_dialog_class_init (BurbleNewChatDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = burble_new_chat_dialog_dispose;
  object_class->finalize = burble_new_chat_dialog_finalize;

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, BURBLE_TYPE_CONTACT);
  signals[SIGNAL_ADD] = g_signal_new ("add", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/im/burble/Burble/contacts/burble-new-chat-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleNewChatDialog, search);
  gtk_widget_class_bind_template_child (widget_class, BurbleNewChatDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, BurbleNewChatDialog, list);
  gtk_widget_class_bind_template_callback (widget_class, list_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_clicked_cb);
}

static void
burble_new_chat_dialog_init (BurbleNewChatDialog *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_list_view_set_factory (self->list, factory);
}

AdwDialog *
burble_new_chat_dialog_new (BurbleSession *session)
{
  BurbleNewChatDialog *self = g_object_new (BURBLE_TYPE_NEW_CHAT_DIALOG, NULL);
  GtkExpression *name = gtk_property_expression_new (BURBLE_TYPE_CONTACT, NULL, "display-name");
  GtkFilterListModel *filtered;
  g_autoptr(GtkNoSelection) selection = NULL;

  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  filtered = gtk_filter_list_model_new (
    session != NULL ? g_object_ref (burble_session_get_contacts (session)) : NULL,
    g_object_ref (self->filter));
  self->sorted = gtk_sort_list_model_new (G_LIST_MODEL (filtered),
                                          GTK_SORTER (gtk_string_sorter_new (name)));
  self->growing = burble_growing_list_new (G_LIST_MODEL (self->sorted), self->list);
  selection = gtk_no_selection_new (g_object_ref (burble_growing_list_get_model (self->growing)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  g_signal_connect_object (self->sorted, "items-changed", G_CALLBACK (sorted_items_changed_cb),
                           self, G_CONNECT_SWAPPED);
  sorted_items_changed_cb (self);
  return ADW_DIALOG (self);
}
