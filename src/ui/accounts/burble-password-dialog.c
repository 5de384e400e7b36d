/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-password-dialog"

#include "config.h"

#include "burble-password-dialog.h"

#include <glib/gi18n-lib.h>

struct _BurblePasswordDialog
{
  AdwAlertDialog parent_instance;

  GtkEditable *password;
  AdwSwitchRow *remember;

  BurbleSession *session;
  BurbleAccount *account;
};

G_DEFINE_FINAL_TYPE (BurblePasswordDialog, burble_password_dialog, ADW_TYPE_ALERT_DIALOG)

static void
password_changed_cb (BurblePasswordDialog *self)
{
  adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (self), "sign-in",
                                         *gtk_editable_get_text (self->password) != '\0');
}

static void
burble_password_dialog_response (AdwAlertDialog *dialog, const char *response)
{
  BurblePasswordDialog *self = BURBLE_PASSWORD_DIALOG (dialog);

  if (g_str_equal (response, "sign-in") && self->session != NULL)
    burble_session_provide_password (self->session, self->account,
                                     gtk_editable_get_text (self->password),
                                     adw_switch_row_get_active (self->remember));
  gtk_editable_set_text (self->password, "");
}

static void
burble_password_dialog_dispose (GObject *object)
{
  BurblePasswordDialog *self = BURBLE_PASSWORD_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_PASSWORD_DIALOG);
  g_clear_object (&self->account);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (burble_password_dialog_parent_class)->dispose (object);
}

static void
burble_password_dialog_class_init (BurblePasswordDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = burble_password_dialog_dispose;
  ADW_ALERT_DIALOG_CLASS (klass)->response = burble_password_dialog_response;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/im/burble/Burble/accounts/burble-password-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BurblePasswordDialog, password);
  gtk_widget_class_bind_template_child (widget_class, BurblePasswordDialog, remember);
  gtk_widget_class_bind_template_callback (widget_class, password_changed_cb);
}

static void
burble_password_dialog_init (BurblePasswordDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
burble_password_dialog_new (BurbleSession *session, BurbleAccount *account, const char *reason)
{
  BurblePasswordDialog *self = g_object_new (BURBLE_TYPE_PASSWORD_DIALOG, NULL);
  const char *address;

  g_return_val_if_fail (BURBLE_IS_ACCOUNT (account), ADW_DIALOG (self));

  g_set_object (&self->session, session);
  self->account = g_object_ref (account);
  address = burble_account_get_address (account);
  if (g_strcmp0 (reason, "password") == 0)
    adw_alert_dialog_format_body (ADW_ALERT_DIALOG (self),
                                  _("The password for %s was not accepted."), address);
  else if (g_strcmp0 (reason, "keyring-locked") == 0)
    adw_alert_dialog_format_body (ADW_ALERT_DIALOG (self),
                                  _("The keyring stayed locked. Enter the password for %s."),
                                  address);
  else
    adw_alert_dialog_format_body (ADW_ALERT_DIALOG (self), _("Enter the password for %s."),
                                  address);
  /* Where there is no keyring, nothing can be remembered. */
  gtk_widget_set_visible (GTK_WIDGET (self->remember), g_strcmp0 (reason, "keyring-missing") != 0);
  return ADW_DIALOG (self);
}
