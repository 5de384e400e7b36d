/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-application.h"
#include "burble-shortcuts-dialog.h"
#include "burble-shortcuts.h"
#include "burble-window.h"
#include "ui-fixture.h"

static void
test_accels_are_valid_and_used_once (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  gsize n = 0;
  const BurbleShortcut *shortcuts = burble_shortcuts_get (&n);

  for (gsize i = 0; i < n; i++)
    for (gsize a = 0; a < G_N_ELEMENTS (shortcuts[i].accels); a++)
      {
        const char *accel = shortcuts[i].accels[a];
        guint key = 0;
        GdkModifierType modifiers = 0;

        g_assert_true (a > 0 || accel != NULL);
        if (accel == NULL)
          continue;
        g_assert_true (gtk_accelerator_parse (accel, &key, &modifiers));
        g_assert_true (g_hash_table_add (seen, (gpointer) accel));
      }
}

static gboolean
is_row_titled (GtkWidget *widget, gconstpointer title)
{
  return g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0;
}

static gboolean
is_label (GtkWidget *widget, gconstpointer text)
{
  return g_strcmp0 (gtk_label_get_text (GTK_LABEL (widget)), text) == 0;
}

static void
test_the_dialog_lists_all (void)
{
  AdwDialog *dialog = g_object_ref_sink (burble_shortcuts_dialog_new ());
  GtkWindow *window = ui_test_show (adw_bin_new ());
  gsize n = 0;
  const BurbleShortcut *shortcuts = burble_shortcuts_get (&n);

  adw_dialog_present (dialog, adw_window_get_content (ADW_WINDOW (window)));
  burble_test_wait_until (gtk_widget_get_mapped (GTK_WIDGET (dialog)));
  burble_test_settle ();
  for (gsize i = 0; i < n; i++)
    {
      GtkWidget *row = ui_test_find (GTK_WIDGET (dialog), ADW_TYPE_ACTION_ROW, is_row_titled,
                                     shortcuts[i].title);

      g_assert_nonnull (row);
      for (gsize a = 0; a < G_N_ELEMENTS (shortcuts[i].accels); a++)
        if (shortcuts[i].accels[a] != NULL)
          {
            guint key = 0;
            GdkModifierType modifiers = 0;
            g_autofree char *label = NULL;

            gtk_accelerator_parse (shortcuts[i].accels[a], &key, &modifiers);
            label = gtk_accelerator_get_label (key, modifiers);
            if (ui_test_find (row, GTK_TYPE_LABEL, is_label, label) == NULL)
              g_error ("%s is not listed with %s", label, shortcuts[i].title);
          }
    }
  adw_dialog_force_close (dialog);
  ui_test_destroy (window);
  g_assert_finalize_object (dialog);
}

static gboolean
window_class_has (const char *action)
{
  g_autoptr(GTypeClass) klass = g_type_class_ref (BURBLE_TYPE_WINDOW);
  const char *name = NULL;
  const char *property = NULL;
  const GVariantType *parameter = NULL;
  GType owner = G_TYPE_INVALID;

  for (guint i = 0; gtk_widget_class_query_action (GTK_WIDGET_CLASS (klass), i, &owner, &name,
                                                   &parameter, &property); i++)
    if (g_str_equal (name, action))
      return TRUE;
  return FALSE;
}

/* The application that was started: every accelerator it has is in the table, and the other way. */
static void
activate_cb (GApplication *application, gpointer user_data)
{
  g_auto(GStrv) actions = gtk_application_list_action_descriptions (GTK_APPLICATION (application));
  gsize n = 0;
  const BurbleShortcut *shortcuts = burble_shortcuts_get (&n);
  guint with_action = 0;

  for (gsize i = 0; i < n; i++)
    {
      g_auto(GStrv) accels = NULL;
      g_autofree char *first = NULL;
      guint key = 0;
      GdkModifierType modifiers = 0;

      if (shortcuts[i].action == NULL)
        continue;
      with_action++;
      g_assert_true (g_strv_contains ((const char * const *) actions, shortcuts[i].action));
      accels = gtk_application_get_accels_for_action (GTK_APPLICATION (application),
                                                      shortcuts[i].action);
      gtk_accelerator_parse (shortcuts[i].accels[0], &key, &modifiers);
      first = gtk_accelerator_name (key, modifiers);
      g_assert_cmpstr (accels[0], ==, first);
      if (g_str_has_prefix (shortcuts[i].action, "app."))
        g_assert_true (g_action_group_has_action (G_ACTION_GROUP (application),
                                                  shortcuts[i].action + strlen ("app.")));
      else
        g_assert_true (window_class_has (shortcuts[i].action));
    }
  g_assert_cmpuint (g_strv_length (actions), ==, with_action);
  burble_application_quit (BURBLE_APPLICATION (application));
}

static void
test_the_application_has_no_others (void)
{
  char *argv[] = { (char *) "burble", (char *) "--dummy", NULL };
  BurbleApplication *application = burble_application_new ();

  g_signal_connect_after (application, "activate", G_CALLBACK (activate_cb), NULL);
  g_assert_cmpint (g_application_run (G_APPLICATION (application), 2, argv), ==, 0);
  burble_test_settle ();
  g_assert_finalize_object (application);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/shortcuts/accels-are-valid-and-used-once",
                   test_accels_are_valid_and_used_once);
  g_test_add_func ("/ui/shortcuts/the-dialog-lists-all", test_the_dialog_lists_all);
  g_test_add_func ("/ui/shortcuts/the-application-has-no-others",
                   test_the_application_has_no_others);
  return g_test_run ();
}
