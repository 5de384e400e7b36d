/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_SETTINGS_ENABLE_BACKEND

#include "config.h"

#include "ui-fixture.h"

#include <locale.h>

#include <gio/gsettingsbackend.h>

#include "burble-ui.h"
#include "burble-words.h"

static void
parsing_error_cb (GtkCssProvider *provider, GtkCssSection *section, GError *error)
{
  g_autofree char *place = gtk_css_section_to_string (section);

  g_error ("style: %s: %s", place, error->message);
}

static const BurbleDetailWords details[] = {
  { "profile_img", "Picture", "default" },
  { NULL, NULL, NULL },
};

static const BurbleNetworkWords words[] = {
  { .network = "cg", .name = "cg", .address = "cg name", .details = details },
  { .network = "dummy", .name = "Rehearsal", .address = "Rehearsal ID" },
  { .network = "gurgle", .name = "Gurgle", .address = "Gurgle ID", .websocket = "Path",
    .websocket_about = "Where nothing but the web passes", .websocket_usual = "/gurgle" },
  { .network = NULL },
};

void
ui_test_init (int *argc, char ***argv)
{
  g_autoptr(GtkCssProvider) provider = NULL;

  g_setenv ("TZ", "UTC", TRUE);
  setlocale (LC_ALL, "C.UTF-8");
  gtk_disable_setlocale ();
  g_test_init (argc, argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP there is no display\n");
      exit (0);
    }
  adw_init ();
  burble_ui_init ();
  burble_words_set_networks (words);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    BURBLE_UI_RESOURCE_PATH "/icons");
  provider = gtk_css_provider_new ();
  g_signal_connect (provider, "parsing-error", G_CALLBACK (parsing_error_cb), NULL);
  gtk_css_provider_load_from_resource (provider, BURBLE_UI_RESOURCE_PATH "/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
}

gboolean
ui_test_may_spell (void)
{
#ifdef __SANITIZE_ADDRESS__
  return FALSE;
#else
  return TRUE;
#endif
}

GSettings *
ui_test_settings (void)
{
  g_autoptr(GSettingsBackend) backend = g_memory_settings_backend_new ();
  GSettings *settings = g_settings_new_with_backend (BURBLE_APP_ID, backend);

  g_settings_set_boolean (settings, "check-spelling", ui_test_may_spell ());
  return settings;
}

GtkWindow *
ui_test_show (GtkWidget *widget)
{
  GtkWidget *window = adw_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), 800, 600);
  adw_window_set_content (ADW_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  burble_test_wait_until (gtk_widget_get_width (widget) > 0);
  burble_test_settle ();
  return GTK_WINDOW (window);
}

void
ui_test_destroy (GtkWindow *window)
{
  gtk_window_destroy (window);
  burble_test_settle ();
}

GtkWidget *
ui_test_find (GtkWidget *root, GType type, UiTestCheck check, gconstpointer data)
{
  GtkWidget *found = NULL;

  if (G_TYPE_CHECK_INSTANCE_TYPE (root, type) && (check == NULL || check (root, data)))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = ui_test_find (child, type, check, data);
  return found;
}

static gboolean
has_label (GtkWidget *widget, gconstpointer data)
{
  return gtk_widget_get_mapped (widget) &&
         g_strcmp0 (gtk_label_get_text (GTK_LABEL (widget)), data) == 0;
}

GtkWidget *
ui_test_find_label (GtkWidget *root, const char *text)
{
  return ui_test_find (root, GTK_TYPE_LABEL, has_label, text);
}

static gboolean
has_action (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_ACTIONABLE (widget) &&
         g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), data) == 0;
}

GtkWidget *
ui_test_find_action (GtkWidget *root, const char *action)
{
  return ui_test_find (root, GTK_TYPE_WIDGET, has_action, action);
}
