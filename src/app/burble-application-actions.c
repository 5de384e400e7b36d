/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-application-actions"

#include "config.h"

#include <glib/gi18n.h>

#include "burble-application-private.h"
#include "burble-shortcuts-dialog.h"
#include "burble-shortcuts.h"
#include "burble-words.h"

static void
present (BurbleApplication *self, const char *activation_token)
{
  GtkWindow *window = GTK_WINDOW (burble_application_get_window (self));

  if (activation_token != NULL)
    gtk_window_set_startup_id (window, activation_token);
  gtk_window_present (window);
}

static void
roster_answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleApplication) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!burble_session_roster_finish (BURBLE_SESSION (object), result, &error) &&
      self->window != NULL)
    {
      g_autofree char *sentence = burble_words_for_error (error);

      burble_window_toast (self->window, sentence);
    }
}

static void
open_notice (BurbleApplication *self, BurbleNotice *notice, const char *activation_token)
{
  BurbleWindow *window = burble_application_get_window (self);
  BurbleConversation *conversation = burble_notice_get_conversation (notice);

  if (burble_notice_get_kind (notice) == BURBLE_NOTICE_REQUEST)
    {
      burble_window_show_contacts (window);
    }
  else if (conversation != NULL)
    {
      burble_window_open (window, conversation, TRUE);
    }
  else
    {
      burble_window_open_contact (window, burble_notice_get_contact (notice), TRUE);
    }
  present (self, activation_token);
}

/**
 * burble_application_activated_cb:
 * @self: the application
 * @notice: what the notification was about
 * @action: `mark-read`, `accept` or `decline`; whatever else opens what it was about
 * @activation_token: (nullable): lets the window come to the front
 *
 * Does what was chosen in a notification; for "activated" of [class@Notifier].
 */
void
burble_application_activated_cb (BurbleApplication *self, BurbleNotice *notice, const char *action,
                                 const char *activation_token)
{
  BurbleContact *contact = burble_notice_get_contact (notice);
  BurbleConversation *conversation = burble_notice_get_conversation (notice);

  if (g_str_equal (action, "mark-read") && conversation != NULL)
    burble_session_mark_all_read (self->session, conversation);
  else if (g_str_equal (action, "accept"))
    burble_session_accept_contact_async (self->session, contact, NULL, roster_answered_cb,
                                         g_object_ref (self));
  else if (g_str_equal (action, "decline"))
    burble_session_decline_contact_async (self->session, contact, NULL, roster_answered_cb,
                                          g_object_ref (self));
  else
    open_notice (self, notice, activation_token);
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BurbleApplication *self = user_data;
  AdwDialog *dialog = adw_about_dialog_new ();

  adw_about_dialog_set_application_name (ADW_ABOUT_DIALOG (dialog), _("Burble"));
  adw_about_dialog_set_application_icon (ADW_ABOUT_DIALOG (dialog), BURBLE_APP_ID);
  adw_about_dialog_set_version (ADW_ABOUT_DIALOG (dialog), BURBLE_VERSION);
  adw_about_dialog_set_developer_name (ADW_ABOUT_DIALOG (dialog), _("The Burble contributors"));
  adw_about_dialog_set_license_type (ADW_ABOUT_DIALOG (dialog), GTK_LICENSE_GPL_3_0);
  adw_about_dialog_set_comments (ADW_ABOUT_DIALOG (dialog),
                                 _("Chat with the people on your own server"));
  /* Translators: your names, one per line */
  adw_about_dialog_set_translator_credits (ADW_ABOUT_DIALOG (dialog), _("translator-credits"));
  adw_dialog_present (dialog, GTK_WIDGET (burble_application_get_window (self)));
}

static void
shortcuts_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BurbleApplication *self = user_data;

  adw_dialog_present (burble_shortcuts_dialog_new (),
                      GTK_WIDGET (burble_application_get_window (self)));
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BurbleApplication *self = user_data;

  present (self, NULL);
  burble_window_show_preferences (burble_application_get_window (self));
}

static void
help_shown_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleApplication) self = user_data;

  if (!gtk_uri_launcher_launch_finish (GTK_URI_LAUNCHER (object), result, NULL) &&
      self->window != NULL)
    burble_window_toast (self->window, _("There is no viewer for help on this computer"));
}

static void
help_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BurbleApplication *self = user_data;
  g_autoptr(GtkUriLauncher) launcher = gtk_uri_launcher_new ("help:burble");

  gtk_uri_launcher_launch (launcher, GTK_WINDOW (burble_application_get_window (self)), NULL,
                           help_shown_cb, g_object_ref (self));
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  burble_application_quit (user_data);
}

static void
new_chat_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BurbleApplication *self = user_data;

  present (self, NULL);
  gtk_widget_activate_action (GTK_WIDGET (burble_application_get_window (self)), "win.new-chat",
                              NULL);
}

static void
open_chat_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BurbleApplication *self = user_data;

  gtk_widget_activate_action_variant (GTK_WIDGET (burble_application_get_window (self)),
                                      "win.open-chat", parameter);
  present (self, NULL);
}

static void
mark_read_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BurbleApplication *self = user_data;
  const char *key = g_variant_get_string (parameter, NULL);
  BurbleConversation *conversation = burble_session_find_conversation (self->session, key);

  if (conversation != NULL)
    burble_session_mark_all_read (self->session, conversation);
}

static void
status_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  static const struct
  {
    const char *name;
    BurbleStatus status;
  } statuses[] = {
    { "available", BURBLE_STATUS_AVAILABLE },
    { "away", BURBLE_STATUS_AWAY },
    { "dnd", BURBLE_STATUS_DND },
    { "invisible", BURBLE_STATUS_INVISIBLE },
    { "offline", BURBLE_STATUS_OFFLINE },
  };
  BurbleApplication *self = user_data;
  const char *name = g_variant_get_string (parameter, NULL);
  GListModel *accounts = burble_session_get_accounts (self->session);
  BurbleStatus status = BURBLE_STATUS_UNKNOWN;

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (g_str_equal (statuses[i].name, name))
      status = statuses[i].status;
  for (guint i = 0; status != BURBLE_STATUS_UNKNOWN && i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(BurbleAccount) account = g_list_model_get_item (accounts, i);
      g_autofree char *mood = g_strdup (burble_account_get_mood (account));

      /* Each keeps what it says. */
      burble_session_set_presence (self->session, account, status, mood);
    }
}

/* A world of its own, in a window of its own: this one goes on as it is. */
static void
demo_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BurbleApplication *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", &error);
  g_autoptr(GSubprocess) demo = NULL;

  if (program != NULL)
    demo = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--demo", NULL);
  if (demo == NULL)
    {
      g_warning ("%s", error->message);
      burble_window_toast (burble_application_get_window (self), _("The demo could not start"));
    }
}

/**
 * burble_application_install_actions:
 * @self: an application that starts up
 *
 * Adds the `app.` actions and the accelerators of all actions.
 */
void
burble_application_install_actions (BurbleApplication *self)
{
  static const GActionEntry entries[] = {
    { .name = "about", .activate = about_action },
    { .name = "demo", .activate = demo_action },
    { .name = "help", .activate = help_action },
    { .name = "mark-read", .activate = mark_read_action, .parameter_type = "s" },
    { .name = "new-chat", .activate = new_chat_action },
    { .name = "open-chat", .activate = open_chat_action, .parameter_type = "s" },
    { .name = "preferences", .activate = preferences_action },
    { .name = "quit", .activate = quit_action },
    { .name = "shortcuts", .activate = shortcuts_action },
    { .name = "status", .activate = status_action, .parameter_type = "s" },
  };
  gsize n = 0;
  const BurbleShortcut *shortcuts = burble_shortcuts_get (&n);

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (gsize i = 0; i < n; i++)
    if (shortcuts[i].action != NULL)
      {
        const char *accels[G_N_ELEMENTS (shortcuts[i].accels) + 1] = { NULL };

        for (gsize a = 0; a < G_N_ELEMENTS (shortcuts[i].accels); a++)
          accels[a] = shortcuts[i].accels[a];
        gtk_application_set_accels_for_action (GTK_APPLICATION (self), shortcuts[i].action, accels);
      }
}
