/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-add-account-dialog"

#include "config.h"

#include "burble-add-account-dialog.h"

struct _BurbleAddAccountDialog
{
  AdwDialog parent_instance;

  BurbleAccountForm *form;
};

G_DEFINE_FINAL_TYPE (BurbleAddAccountDialog, burble_add_account_dialog, ADW_TYPE_DIALOG)

static void
form_done_cb (BurbleAddAccountDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

static void
burble_add_account_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_ADD_ACCOUNT_DIALOG);
  G_OBJECT_CLASS (burble_add_account_dialog_parent_class)->dispose (object);
}

static void
burble_add_account_dialog_class_init (BurbleAddAccountDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = burble_add_account_dialog_dispose;

  g_type_ensure (BURBLE_TYPE_ACCOUNT_FORM);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/im/burble/Burble/accounts/burble-add-account-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleAddAccountDialog, form);
  gtk_widget_class_bind_template_callback (widget_class, form_done_cb);
}

static void
burble_add_account_dialog_init (BurbleAddAccountDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
burble_add_account_dialog_new (BurbleSession *session, const char * const *networks)
{
  BurbleAddAccountDialog *self = g_object_new (BURBLE_TYPE_ADD_ACCOUNT_DIALOG, NULL);

  burble_account_form_set_session (self->form, session, networks);
  return ADW_DIALOG (self);
}
