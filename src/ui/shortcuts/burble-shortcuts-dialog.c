/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-shortcuts-dialog"

#include "config.h"

#include "burble-shortcuts-dialog.h"

#include <glib/gi18n-lib.h>

#include "burble-shortcuts.h"

struct _BurbleShortcutsDialog
{
  AdwDialog parent_instance;

  AdwPreferencesPage *page;
};

G_DEFINE_FINAL_TYPE (BurbleShortcutsDialog, burble_shortcuts_dialog, ADW_TYPE_DIALOG)

static void
add_keys (AdwActionRow *row, const char *accel)
{
  guint key = 0;
  GdkModifierType modifiers = 0;
  g_autofree char *label = NULL;
  GtkWidget *keys;

  if (!gtk_accelerator_parse (accel, &key, &modifiers))
    return;
  label = gtk_accelerator_get_label (key, modifiers);
  keys = gtk_label_new (label);
  gtk_widget_set_valign (keys, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (keys, "keycap");
  adw_action_row_add_suffix (row, keys);
}

static void
burble_shortcuts_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_SHORTCUTS_DIALOG);
  G_OBJECT_CLASS (burble_shortcuts_dialog_parent_class)->dispose (object);
}

static void
burble_shortcuts_dialog_class_init (BurbleShortcutsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = burble_shortcuts_dialog_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/im/burble/Burble/shortcuts/burble-shortcuts-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleShortcutsDialog, page);
}

static void
burble_shortcuts_dialog_init (BurbleShortcutsDialog *self)
{
  gsize n = 0;
  const BurbleShortcut *shortcuts = burble_shortcuts_get (&n);
  const char *group_name = NULL;
  AdwPreferencesGroup *group = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < n; i++)
    {
      GtkWidget *row = adw_action_row_new ();

      if (g_strcmp0 (group_name, shortcuts[i].group) != 0)
        {
          group_name = shortcuts[i].group;
          group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
          adw_preferences_group_set_title (group, _(group_name));
          adw_preferences_page_add (self->page, group);
        }
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(shortcuts[i].title));
      for (gsize a = 0; a < G_N_ELEMENTS (shortcuts[i].accels); a++)
        if (shortcuts[i].accels[a] != NULL)
          add_keys (ADW_ACTION_ROW (row), shortcuts[i].accels[a]);
      adw_preferences_group_add (group, row);
    }
}

AdwDialog *
burble_shortcuts_dialog_new (void)
{
  return g_object_new (BURBLE_TYPE_SHORTCUTS_DIALOG, NULL);
}
