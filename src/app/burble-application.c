/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-application"

#include "config.h"

#include "burble-application-private.h"

#include <malloc.h>

#include <glib/gi18n.h>

#include "burble-connection-factory.h"
#include "burble-screenshots.h"
#include "burble-ui.h"
#include "burble-words.h"

/* Of the hidden option --dummy: a network in memory, for work on the window. */
#define DUMMY_ADDRESS "maya@chat.example.org"

#define TRIM_DELAY_MS 1000

G_DEFINE_FINAL_TYPE (BurbleApplication, burble_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "version", 'v', 0, G_OPTION_ARG_NONE, NULL, N_("Show the version and exit"), NULL },
  { "demo", 0, 0, G_OPTION_ARG_NONE, NULL,
    N_("Try Burble with a server and people of its own; nothing is kept"), NULL },
  { "join", 0, 0, G_OPTION_ARG_NONE, NULL,
    N_("With --demo: open a second window, as somebody else, on the running demo"), NULL },
  { "action", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, NULL,
    "Activate an action of the application, as the desktop entry does", "NAME" },
  { "dummy", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, NULL,
    "Try the window with a network in memory; nothing is kept", NULL },
  { "screenshots", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, NULL,
    "Walk through the window, save a picture of each state in DIR and exit", "DIR" },
  { NULL }
};

static gint
burble_application_handle_local_options (GApplication *application, GVariantDict *dict)
{
  BurbleApplication *self = BURBLE_APPLICATION (application);

  if (g_variant_dict_contains (dict, "version"))
    {
      g_print ("burble %s\n", BURBLE_VERSION);
      return EXIT_SUCCESS;
    }
  g_variant_dict_lookup (dict, "screenshots", "^ay", &self->screenshots);
  g_variant_dict_lookup (dict, "action", "s", &self->first_action);
  self->dummy = g_variant_dict_contains (dict, "dummy");
  if (g_variant_dict_contains (dict, "demo"))
    {
      g_autoptr(GError) error = NULL;

      self->demo = g_variant_dict_contains (dict, "join") ? burble_demo_join (&error)
                                                          : burble_demo_start (&error);
      if (self->demo == NULL)
        {
          g_printerr (_("The demo could not start: %s\n"), error->message);
          return EXIT_FAILURE;
        }
    }
  if (self->dummy || self->demo != NULL)
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  /* The one that runs already does it; else this one, when it has a window. */
  if (self->first_action != NULL && g_application_register (application, NULL, NULL) &&
      g_application_get_is_remote (application))
    {
      g_action_group_activate_action (G_ACTION_GROUP (application), self->first_action, NULL);
      return EXIT_SUCCESS;
    }
  return -1;
}

static void
dummy_added_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  if (!burble_session_add_account_finish (BURBLE_SESSION (object), result, &error))
    g_warning ("no account: %s", error->message);
}

/* What was only needed to get here goes back to the system. */
static gboolean
trim_cb (gpointer user_data)
{
#ifdef __GLIBC__
  malloc_trim (0);
#endif
  return G_SOURCE_REMOVE;
}

static void
open_links (BurbleApplication *self)
{
  g_autoptr(GPtrArray) links = g_steal_pointer (&self->links);
  BurbleWindow *window = burble_application_get_window (self);

  self->links = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < links->len; i++)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.open-uri", "s",
                                g_ptr_array_index (links, i));
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleApplication) self = user_data;
  g_autoptr(GError) error = NULL;

  burble_session_load_finish (BURBLE_SESSION (object), result, &error);
  if (self->quitting)
    return;
  /* Once the window has come to rest. */
  g_timeout_add_full (G_PRIORITY_LOW, TRIM_DELAY_MS, trim_cb, NULL, NULL);
  if (error != NULL)
    {
      g_autofree char *sentence = burble_words_for_error (error);

      g_warning ("%s", error->message);
      burble_window_toast (burble_application_get_window (self), sentence);
    }
  else if (self->demo != NULL)
    {
      burble_demo_sign_in (self->demo, self->session);
    }
  else if (self->dummy)
    {
      g_autoptr(BurbleAccount) account = burble_account_new (NULL, "dummy", DUMMY_ADDRESS);

      burble_account_set_name (account, "Maya Lindqvist");
      burble_session_add_account_async (self->session, account, "dummy", FALSE, FALSE, NULL, NULL,
                                        dummy_added_cb, NULL);
    }
  if (error == NULL && self->links->len > 0)
    open_links (self);
}

static void
bind_settings (BurbleApplication *self)
{
  static const char * const names[] = {
    "send-typing", "send-receipts", "show-content", "notify-messages", "notify-online",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_settings_bind (burble_profile_get_settings (self->profile), names[i], self->session,
                     names[i], G_SETTINGS_BIND_GET);
}

static void
burble_application_startup (GApplication *application)
{
  BurbleApplication *self = BURBLE_APPLICATION (application);
  g_autoptr(GError) error = NULL;

  G_APPLICATION_CLASS (burble_application_parent_class)->startup (application);
  burble_ui_init ();
  burble_words_set_networks (burble_connection_factory_words ());
  gtk_window_set_default_icon_name (BURBLE_APP_ID);

  if (self->demo != NULL)
    self->profile = burble_demo_new_profile (self->demo, &error);
  else
    self->profile = self->dummy ? burble_profile_new_temporary (NULL, &error)
                                : burble_profile_new ();
  if (self->profile == NULL)
    g_error ("%s", error->message); /* no place for a temporary folder */
  self->session = burble_session_new (burble_profile_get_store (self->profile),
                                      burble_profile_get_secrets (self->profile),
                                      burble_connection_factory_create, NULL);
  bind_settings (self);
  self->notifier = burble_notifier_new (self->session);
  g_signal_connect_object (self->notifier, "activated",
                           G_CALLBACK (burble_application_activated_cb), self, G_CONNECT_SWAPPED);
  burble_application_install_actions (self);
  /* The process ends when the session has been shut down, not with its last window. */
  g_application_hold (application);
  burble_session_load_async (self->session, NULL, loaded_cb, g_object_ref (self));
}

static void
burble_application_activate (GApplication *application)
{
  BurbleApplication *self = BURBLE_APPLICATION (application);
  BurbleWindow *window = burble_application_get_window (self);

  gtk_window_present (GTK_WINDOW (window));
  if (self->screenshots != NULL)
    burble_screenshots_take (window, self->screenshots);
  if (self->first_action != NULL && g_action_group_has_action (G_ACTION_GROUP (self),
                                                               self->first_action))
    g_action_group_activate_action (G_ACTION_GROUP (self), self->first_action, NULL);
  g_clear_pointer (&self->first_action, g_free);
}

static void
burble_application_open (GApplication *application, GFile **files, gint n_files, const gchar *hint)
{
  BurbleApplication *self = BURBLE_APPLICATION (application);
  gboolean loaded = FALSE;

  gtk_window_present (GTK_WINDOW (burble_application_get_window (self)));
  for (gint i = 0; i < n_files; i++)
    g_ptr_array_add (self->links, g_file_get_uri (files[i]));
  g_object_get (self->session, "loaded", &loaded, NULL);
  if (loaded)
    open_links (self);
}

static void
burble_application_window_removed (GtkApplication *application, GtkWindow *window)
{
  GTK_APPLICATION_CLASS (burble_application_parent_class)->window_removed (application, window);
  if (gtk_application_get_windows (application) == NULL)
    burble_application_quit (BURBLE_APPLICATION (application));
}

static void
burble_application_shutdown (GApplication *application)
{
  BurbleApplication *self = BURBLE_APPLICATION (application);

  if (self->notifier != NULL)
    burble_notifier_shutdown (self->notifier);
  g_clear_object (&self->notifier);
  g_clear_object (&self->session);
  g_clear_object (&self->profile);
  g_clear_pointer (&self->demo, burble_demo_free);
  G_APPLICATION_CLASS (burble_application_parent_class)->shutdown (application);
}

static void
burble_application_dispose (GObject *object)
{
  BurbleApplication *self = BURBLE_APPLICATION (object);

  g_clear_weak_pointer (&self->window);
  G_OBJECT_CLASS (burble_application_parent_class)->dispose (object);
}

static void
burble_application_finalize (GObject *object)
{
  BurbleApplication *self = BURBLE_APPLICATION (object);

  g_clear_pointer (&self->first_action, g_free);
  g_clear_pointer (&self->screenshots, g_free);
  g_clear_pointer (&self->links, g_ptr_array_unref);
  G_OBJECT_CLASS (burble_application_parent_class)->finalize (object);
}

static void
burble_application_class_init (BurbleApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  object_class->dispose = burble_application_dispose;
  object_class->finalize = burble_application_finalize;
  application_class->handle_local_options = burble_application_handle_local_options;
  application_class->startup = burble_application_startup;
  application_class->activate = burble_application_activate;
  application_class->open = burble_application_open;
  application_class->shutdown = burble_application_shutdown;
  GTK_APPLICATION_CLASS (klass)->window_removed = burble_application_window_removed;
}

static void
burble_application_init (BurbleApplication *self)
{
  self->links = g_ptr_array_new_with_free_func (g_free);
  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

/**
 * burble_application_new:
 * Returns: (transfer full): the application, to be run once with g_application_run()
 */
BurbleApplication *
burble_application_new (void)
{
  return g_object_new (BURBLE_TYPE_APPLICATION,
                       "application-id", BURBLE_APP_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", BURBLE_UI_RESOURCE_PATH,
                       NULL);
}

/**
 * burble_application_get_window:
 * @self: an application that was started up
 *
 * Returns: (transfer none): the one window; made if there is none, and then not presented yet
 */
BurbleWindow *
burble_application_get_window (BurbleApplication *self)
{
  g_return_val_if_fail (BURBLE_IS_APPLICATION (self), NULL);

  if (self->window == NULL)
    {
      GtkWidget *window = burble_window_new (GTK_APPLICATION (self), self->session,
                                             burble_profile_get_settings (self->profile),
                                             burble_connection_factory_networks ());

      g_set_weak_pointer (&self->window, BURBLE_WINDOW (window));
    }
  return self->window;
}

static void
shut_down_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleApplication) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!burble_session_shutdown_finish (BURBLE_SESSION (object), result, &error))
    g_warning ("%s", error->message);
  g_application_quit (G_APPLICATION (self));
}

/**
 * burble_application_quit:
 * @self: an application that was started up
 *
 * Saves the window, goes offline politely, closes the store, and only then ends the process. Asking
 * twice does nothing.
 */
void
burble_application_quit (BurbleApplication *self)
{
  g_return_if_fail (BURBLE_IS_APPLICATION (self));

  if (self->quitting)
    return;
  self->quitting = TRUE;
  if (self->window != NULL)
    {
      burble_window_save (self->window);
      gtk_window_destroy (GTK_WINDOW (self->window));
    }
  burble_session_shutdown_async (self->session, NULL, shut_down_cb, g_object_ref (self));
}
