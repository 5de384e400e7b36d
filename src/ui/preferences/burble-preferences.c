/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-preferences"

#include "config.h"

#include "burble-preferences.h"

#include <glib/gi18n-lib.h>

#include "burble-account-row.h"
#include "burble-add-account-dialog.h"
#include "burble-words.h"

struct _BurblePreferences
{
  AdwPreferencesDialog parent_instance;

  AdwSwitchRow *notify_messages;
  AdwSwitchRow *show_content;
  AdwSwitchRow *notify_online;
  AdwSwitchRow *enter_sends;
  AdwSwitchRow *check_spelling;
  AdwSwitchRow *send_typing;
  AdwSwitchRow *send_receipts;
  AdwSwitchRow *run_in_background;
  GtkListBox *accounts;

  BurbleSession *session;
  GStrv networks;
};

G_DEFINE_FINAL_TYPE (BurblePreferences, burble_preferences, ADW_TYPE_PREFERENCES_DIALOG)

static void
add_activated_cb (BurblePreferences *self)
{
  AdwDialog *dialog = burble_add_account_dialog_new (self->session,
                                                     (const char * const *) self->networks);

  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
removed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurblePreferences) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!burble_session_remove_account_finish (BURBLE_SESSION (object), result, &error) &&
      self->accounts != NULL)
    {
      g_autofree char *sentence = burble_words_for_error (error);

      adw_preferences_dialog_add_toast (ADW_PREFERENCES_DIALOG (self), adw_toast_new (sentence));
    }
}

static void
remove_answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurblePreferences) self = user_data;
  const char *response = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result);

  if (g_strcmp0 (response, "remove") == 0)
    burble_session_remove_account_async (self->session, g_object_get_data (object, "account"),
                                         NULL, removed_cb, g_object_ref (self));
}

static void
row_remove_cb (BurblePreferences *self, BurbleAccount *account)
{
  g_autofree char *heading = g_strdup_printf (_("Remove %s?"),
                                              burble_account_get_address (account));
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (
    adw_alert_dialog_new (heading, _("Its chats and their history are deleted from this computer. "
                                     "The account on the server stays.")));

  adw_alert_dialog_add_responses (dialog, "cancel", _("_Cancel"), "remove", _("_Remove"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "account", g_object_ref (account), g_object_unref);
  adw_alert_dialog_choose (dialog, GTK_WIDGET (self), NULL, remove_answered_cb,
                           g_object_ref (self));
}

static GtkWidget *
create_account_row (gpointer item, gpointer user_data)
{
  BurblePreferences *self = user_data;
  GtkWidget *row = burble_account_row_new (self->session, item);

  g_signal_connect_object (row, "remove", G_CALLBACK (row_remove_cb), self, G_CONNECT_SWAPPED);
  return row;
}

static void
burble_preferences_dispose (GObject *object)
{
  BurblePreferences *self = BURBLE_PREFERENCES (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_PREFERENCES);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (burble_preferences_parent_class)->dispose (object);
}

static void
burble_preferences_finalize (GObject *object)
{
  BurblePreferences *self = BURBLE_PREFERENCES (object);

  g_clear_pointer (&self->networks, g_strfreev);
  G_OBJECT_CLASS (burble_preferences_parent_class)->finalize (object);
}

static void
burble_preferences_class_init (BurblePreferencesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = burble_preferences_dispose;
  object_class->finalize = burble_preferences_finalize;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/im/burble/Burble/preferences/burble-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, BurblePreferences, notify_messages);
  gtk_widget_class_bind_template_child (widget_class, BurblePreferences, show_content);
  gtk_widget_class_bind_template_child (widget_class, BurblePreferences, notify_online);
  gtk_widget_class_bind_template_child (widget_class, BurblePreferences, enter_sends);
  gtk_widget_class_bind_template_child (widget_class, BurblePreferences, check_spelling);
  gtk_widget_class_bind_template_child (widget_class, BurblePreferences, send_typing);
  gtk_widget_class_bind_template_child (widget_class, BurblePreferences, send_receipts);
  gtk_widget_class_bind_template_child (widget_class, BurblePreferences, run_in_background);
  gtk_widget_class_bind_template_child (widget_class, BurblePreferences, accounts);
  gtk_widget_class_bind_template_callback (widget_class, add_activated_cb);
}

static void
burble_preferences_init (BurblePreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
burble_preferences_new (BurbleSession *session, GSettings *settings, const char * const *networks)
{
  BurblePreferences *self = g_object_new (BURBLE_TYPE_PREFERENCES, NULL);
  const struct { const char *key; AdwSwitchRow *row; } switches[] = {
    { "notify-messages", self->notify_messages },
    { "show-content", self->show_content },
    { "notify-online", self->notify_online },
    { "enter-sends", self->enter_sends },
    { "check-spelling", self->check_spelling },
    { "send-typing", self->send_typing },
    { "send-receipts", self->send_receipts },
    { "run-in-background", self->run_in_background },
  };

  self->networks = g_strdupv ((char **) networks);
  for (gsize i = 0; settings != NULL && i < G_N_ELEMENTS (switches); i++)
    g_settings_bind (settings, switches[i].key, switches[i].row, "active",
                     G_SETTINGS_BIND_DEFAULT);
  g_object_bind_property (self->notify_messages, "active", self->show_content, "sensitive",
                          G_BINDING_SYNC_CREATE);
  if (session != NULL)
    {
      self->session = g_object_ref (session);
      gtk_list_box_bind_model (self->accounts, burble_session_get_accounts (session),
                               create_account_row, self, NULL);
    }
  return ADW_DIALOG (self);
}
