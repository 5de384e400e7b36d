/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-add-contact-dialog"

#include "config.h"

#include "burble-add-contact-dialog.h"

#include <glib/gi18n-lib.h>

#include "burble-choices.h"
#include "burble-words.h"

struct _BurbleAddContactDialog
{
  AdwDialog parent_instance;

  AdwComboRow *account;
  GtkLabel *note;
  GtkEditable *address;
  GtkEditable *alias;
  GtkLabel *error;
  GtkStack *stack;

  BurbleSession *session;
  gboolean busy;
};

G_DEFINE_FINAL_TYPE (BurbleAddContactDialog, burble_add_contact_dialog, ADW_TYPE_DIALOG)

typedef enum
{
  SIGNAL_ADDED,
} BurbleAddContactDialogSignal;

static guint signals[SIGNAL_ADDED + 1];

static char *
get_address (BurbleAddContactDialog *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->address)));
}

static void
show_error (BurbleAddContactDialog *self, const char *sentence)
{
  gtk_label_set_label (self->error, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error), sentence != NULL);
  if (sentence != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), sentence,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
update (BurbleAddContactDialog *self)
{
  g_autofree char *address = get_address (self);

  gtk_stack_set_visible_child_name (self->stack, self->busy ? "busy" : "label");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "add-contact.add",
                                 *address != '\0' && !self->busy &&
                                 adw_combo_row_get_selected_item (self->account) != NULL);
}

static void
edited_cb (BurbleAddContactDialog *self)
{
  show_error (self, NULL);
  update (self);
}

static void
added_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleAddContactDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean added = burble_session_roster_finish (BURBLE_SESSION (object), result, &error);

  self->busy = FALSE;
  if (self->address == NULL) /* disposed */
    return;
  update (self);
  if (added)
    {
      BurbleAccount *account = adw_combo_row_get_selected_item (self->account);
      g_autofree char *address = get_address (self);
      BurbleContact *contact = burble_session_find_contact (self->session, account, address);

      /* First: closing puts the focus back, and then the chat takes it. */
      adw_dialog_close (ADW_DIALOG (self));
      if (contact != NULL)
        g_signal_emit (self, signals[SIGNAL_ADDED], 0, contact);
    }
  else
    {
      g_autofree char *sentence = burble_words_for_error (error);

      show_error (self, sentence);
      gtk_widget_grab_focus (GTK_WIDGET (self->address));
    }
}

static void
add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleAddContactDialog *self = BURBLE_ADD_CONTACT_DIALOG (widget);
  BurbleAccount *account = adw_combo_row_get_selected_item (self->account);
  const char *alias = gtk_editable_get_text (self->alias);
  g_autofree char *address = get_address (self);

  if (account == NULL || self->busy)
    return;
  self->busy = TRUE;
  show_error (self, NULL);
  update (self);
  burble_session_add_contact_async (self->session, account, address,
                                    *alias != '\0' ? alias : NULL, NULL, added_cb,
                                    g_object_ref (self));
}

/* As long as nobody knows what the network has, it is tried. */
static gboolean
can_add (gpointer item, gpointer user_data)
{
  BurbleFeatures features = burble_account_get_features (item);

  return burble_account_get_enabled (item)
         && (features == BURBLE_FEATURE_NONE || (features & BURBLE_FEATURE_ROSTER_EDIT) != 0);
}

/* What it means to the other one. */
static void
account_changed_cb (BurbleAddContactDialog *self)
{
  BurbleAccount *account = NULL;
  BurbleFeatures features = BURBLE_FEATURE_NONE;

  if (self->account == NULL) /* disposed */
    return;
  account = adw_combo_row_get_selected_item (self->account);
  if (account != NULL)
    features = burble_account_get_features (account);
  if (features != BURBLE_FEATURE_NONE && (features & BURBLE_FEATURE_REQUESTS) == 0)
    gtk_label_set_label (self->note, _("You see how they are from now on. They are not asked."));
  else
    gtk_label_set_label (self->note, _("They are asked whether they agree. Until then you do not "
                                       "see when they are online."));
}

static void
burble_add_contact_dialog_dispose (GObject *object)
{
  BurbleAddContactDialog *self = BURBLE_ADD_CONTACT_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_ADD_CONTACT_DIALOG);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (burble_add_contact_dialog_parent_class)->dispose (object);
}

static void
burble_add_contact_dialog_class_init (BurbleAddContactDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = burble_add_contact_dialog_dispose;

  signals[SIGNAL_ADDED] = g_signal_new ("added", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, BURBLE_TYPE_CONTACT);

  g_type_ensure (BURBLE_TYPE_ACCOUNT);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/im/burble/Burble/contacts/burble-add-contact-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleAddContactDialog, account);
  gtk_widget_class_bind_template_child (widget_class, BurbleAddContactDialog, note);
  gtk_widget_class_bind_template_child (widget_class, BurbleAddContactDialog, address);
  gtk_widget_class_bind_template_child (widget_class, BurbleAddContactDialog, alias);
  gtk_widget_class_bind_template_child (widget_class, BurbleAddContactDialog, error);
  gtk_widget_class_bind_template_child (widget_class, BurbleAddContactDialog, stack);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, account_changed_cb);
  gtk_widget_class_install_action (widget_class, "add-contact.add", NULL, add_action);
}

static void
burble_add_contact_dialog_init (BurbleAddContactDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  burble_choices_set_up_accounts (self->account);
  account_changed_cb (self);
  update (self);
}

AdwDialog *
burble_add_contact_dialog_new (BurbleSession *session, const char *address)
{
  BurbleAddContactDialog *self = g_object_new (BURBLE_TYPE_ADD_CONTACT_DIALOG, NULL);
  g_autoptr(GtkFilterListModel) accounts = NULL;

  if (session != NULL)
    {
      self->session = g_object_ref (session);
      accounts = gtk_filter_list_model_new (
        g_object_ref (burble_session_get_accounts (session)),
        GTK_FILTER (gtk_custom_filter_new (can_add, NULL, NULL)));
      adw_combo_row_set_model (self->account, G_LIST_MODEL (accounts));
      gtk_widget_set_visible (GTK_WIDGET (self->account),
                              g_list_model_get_n_items (G_LIST_MODEL (accounts)) > 1);
    }
  if (address != NULL)
    gtk_editable_set_text (self->address, address);
  update (self);
  return ADW_DIALOG (self);
}
