/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-choices"

#include "config.h"

#include "burble-choices.h"

#include "burble-account.h"

typedef struct
{
  AdwComboRow *row; /* (weak) */
  BurbleChoiceName name;
} Choices;

static void
choices_free (gpointer data, GClosure *closure)
{
  Choices *choices = data;

  g_clear_weak_pointer (&choices->row);
  g_free (choices);
}

static const char *
name_of (Choices *choices, gpointer item)
{
  return choices->name != NULL ? choices->name (item) : gtk_string_object_get_string (item);
}

static GtkWidget *
add_label (GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_item_set_child (item, box);
  return box;
}

static void
shown_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, Choices *choices)
{
  add_label (item);
}

static void
list_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, Choices *choices)
{
  GtkWidget *box = add_label (item);
  GtkWidget *check = gtk_image_new_from_icon_name ("object-select-symbolic");

  gtk_accessible_update_state (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_box_append (GTK_BOX (box), check);
}

static void
show_check (GtkListItem *item, GParamSpec *pspec, AdwComboRow *row)
{
  GtkWidget *check = gtk_widget_get_last_child (gtk_list_item_get_child (item));

  gtk_widget_set_opacity (check, adw_combo_row_get_selected_item (row)
                                 == gtk_list_item_get_item (item) ? 1 : 0);
}

static void
bind_name (GtkListItem *item, Choices *choices)
{
  GtkWidget *label = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  const char *name = name_of (choices, gtk_list_item_get_item (item));

  gtk_label_set_label (GTK_LABEL (label), name);
  gtk_list_item_set_accessible_label (item, name);
}

static void
shown_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, Choices *choices)
{
  bind_name (item, choices);
}

static void
list_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, Choices *choices)
{
  bind_name (item, choices);
  if (choices->row == NULL)
    return;
  g_signal_connect_object (choices->row, "notify::selected-item", G_CALLBACK (show_check), item,
                           G_CONNECT_SWAPPED);
  show_check (item, NULL, choices->row);
}

static void
list_unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, Choices *choices)
{
  if (choices->row != NULL)
    g_signal_handlers_disconnect_by_func (choices->row, show_check, item);
}

static Choices *
choices_new (AdwComboRow *row, BurbleChoiceName name)
{
  Choices *choices = g_new0 (Choices, 1);

  g_set_weak_pointer (&choices->row, row);
  choices->name = name;
  return choices;
}

/**
 * burble_choices_set_up:
 * @row: has a model of its own
 * @name: (nullable) (scope forever): what an item of the model is called
 */
void
burble_choices_set_up (AdwComboRow *row, BurbleChoiceName name)
{
  g_autoptr(GtkListItemFactory) shown = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkListItemFactory) list = gtk_signal_list_item_factory_new ();
  Choices *choices = choices_new (row, name);

  g_signal_connect (shown, "setup", G_CALLBACK (shown_setup_cb), NULL);
  g_signal_connect_data (shown, "bind", G_CALLBACK (shown_bind_cb), choices, choices_free, 0);
  choices = choices_new (row, name);
  g_signal_connect (list, "setup", G_CALLBACK (list_setup_cb), NULL);
  g_signal_connect (list, "unbind", G_CALLBACK (list_unbind_cb), choices);
  g_signal_connect_data (list, "bind", G_CALLBACK (list_bind_cb), choices, choices_free, 0);
  adw_combo_row_set_factory (row, shown);
  adw_combo_row_set_list_factory (row, list);
}

static const char *
address_of (gpointer item)
{
  return burble_account_get_address (item);
}

void
burble_choices_set_up_accounts (AdwComboRow *row)
{
  burble_choices_set_up (row, address_of);
}
