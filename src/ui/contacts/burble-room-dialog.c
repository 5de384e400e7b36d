/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-room-dialog"

#include "config.h"

#include "burble-room-dialog.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "burble-choices.h"
#include "burble-words.h"

struct _BurbleRoomDialog
{
  AdwDialog parent_instance;

  AdwComboRow *account;
  GtkEditable *address;
  GtkEditable *alias;
  GtkLabel *error;
  GtkLabel *hint;
  GtkStack *stack;

  BurbleSession *session;
  char *joining; /* address of the room while the server is asked */
};

G_DEFINE_FINAL_TYPE (BurbleRoomDialog, burble_room_dialog, ADW_TYPE_DIALOG)

typedef enum
{
  SIGNAL_JOINED,
} BurbleRoomDialogSignal;

static guint signals[SIGNAL_JOINED + 1];

/* A name alone is a room on the account's own server. */
static char *
get_address (BurbleRoomDialog *self)
{
  BurbleAccount *account = adw_combo_row_get_selected_item (self->account);
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->address)));
  const char *domain = account != NULL ? strchr (burble_account_get_address (account), '@') : NULL;

  if (*text == '\0' || domain == NULL || strchr (text, '@') != NULL)
    return g_steal_pointer (&text);
  return g_strconcat (text, domain, NULL);
}

static void
show_error (BurbleRoomDialog *self, const char *sentence)
{
  gtk_label_set_label (self->error, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error), sentence != NULL);
  if (sentence != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), sentence,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
update (BurbleRoomDialog *self)
{
  g_autofree char *address = get_address (self);
  g_autofree char *hint = NULL;

  if (*address != '\0')
    hint = g_strdup_printf (_("If there is no room %s yet, it is created. Whoever knows this "
                              "address can join."), address);
  else
    hint = g_strdup (_("A name such as “garden”, or the whole address of a room."));
  gtk_label_set_label (self->hint, hint);
  gtk_stack_set_visible_child_name (self->stack, self->joining != NULL ? "busy" : "label");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "room.join",
                                 *address != '\0' && self->joining == NULL &&
                                 adw_combo_row_get_selected_item (self->account) != NULL);
}

static void
edited_cb (BurbleRoomDialog *self)
{
  if (self->stack == NULL) /* disposed */
    return;
  show_error (self, NULL);
  update (self);
}

static void
joined_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleRoomDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean joined = burble_session_roster_finish (BURBLE_SESSION (object), result, &error);
  g_autofree char *address = g_steal_pointer (&self->joining);

  if (self->address == NULL) /* disposed */
    return;
  update (self);
  if (joined)
    {
      BurbleAccount *account = adw_combo_row_get_selected_item (self->account);
      BurbleContact *room = burble_session_find_contact (self->session, account, address);

      /* First: closing puts the focus back, and then the chat takes it. */
      adw_dialog_close (ADW_DIALOG (self));
      if (room != NULL)
        g_signal_emit (self, signals[SIGNAL_JOINED], 0, room);
    }
  else
    {
      g_autofree char *sentence = burble_words_for_error (error);

      show_error (self, sentence);
      gtk_widget_grab_focus (GTK_WIDGET (self->address));
    }
}

static void
join_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleRoomDialog *self = BURBLE_ROOM_DIALOG (widget);
  BurbleAccount *account = adw_combo_row_get_selected_item (self->account);
  const char *alias = gtk_editable_get_text (self->alias);

  if (account == NULL || self->joining != NULL)
    return;
  self->joining = get_address (self);
  show_error (self, NULL);
  update (self);
  burble_session_join_room_async (self->session, account, self->joining,
                                  *alias != '\0' ? alias : NULL, NULL, joined_cb,
                                  g_object_ref (self));
}

static gboolean
can_join (gpointer item, gpointer user_data)
{
  return burble_room_dialog_account_allows (item);
}

static void
burble_room_dialog_dispose (GObject *object)
{
  BurbleRoomDialog *self = BURBLE_ROOM_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_ROOM_DIALOG);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (burble_room_dialog_parent_class)->dispose (object);
}

static void
burble_room_dialog_finalize (GObject *object)
{
  BurbleRoomDialog *self = BURBLE_ROOM_DIALOG (object);

  g_clear_pointer (&self->joining, g_free);
  G_OBJECT_CLASS (burble_room_dialog_parent_class)->finalize (object);
}

static void
burble_room_dialog_class_init (BurbleRoomDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = burble_room_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = burble_room_dialog_finalize;

  signals[SIGNAL_JOINED] = g_signal_new ("joined", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, BURBLE_TYPE_CONTACT);

  g_type_ensure (BURBLE_TYPE_ACCOUNT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/burble/Burble/contacts/burble-room-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleRoomDialog, account);
  gtk_widget_class_bind_template_child (widget_class, BurbleRoomDialog, address);
  gtk_widget_class_bind_template_child (widget_class, BurbleRoomDialog, alias);
  gtk_widget_class_bind_template_child (widget_class, BurbleRoomDialog, error);
  gtk_widget_class_bind_template_child (widget_class, BurbleRoomDialog, hint);
  gtk_widget_class_bind_template_child (widget_class, BurbleRoomDialog, stack);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_install_action (widget_class, "room.join", NULL, join_action);
}

static void
burble_room_dialog_init (BurbleRoomDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  burble_choices_set_up_accounts (self->account);
  update (self);
}

gboolean
burble_room_dialog_account_allows (BurbleAccount *account)
{
  return burble_account_get_enabled (account)
         && burble_account_get_state (account) == BURBLE_ACCOUNT_ONLINE
         && (burble_account_get_features (account) & BURBLE_FEATURE_ROOMS) != 0;
}

AdwDialog *
burble_room_dialog_new (BurbleSession *session)
{
  BurbleRoomDialog *self = g_object_new (BURBLE_TYPE_ROOM_DIALOG, NULL);
  g_autoptr(GtkFilterListModel) accounts = NULL;

  if (session != NULL)
    {
      self->session = g_object_ref (session);
      accounts = gtk_filter_list_model_new (
        g_object_ref (burble_session_get_accounts (session)),
        GTK_FILTER (gtk_custom_filter_new (can_join, NULL, NULL)));
      adw_combo_row_set_model (self->account, G_LIST_MODEL (accounts));
      gtk_widget_set_visible (GTK_WIDGET (self->account),
                              g_list_model_get_n_items (G_LIST_MODEL (accounts)) > 1);
    }
  update (self);
  return ADW_DIALOG (self);
}
