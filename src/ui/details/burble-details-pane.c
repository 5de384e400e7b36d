/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-details-pane"

#include "config.h"

#include "burble-details-pane.h"

#include <glib/gi18n-lib.h>

#include "burble-avatar.h"
#include "burble-choices.h"
#include "burble-item-watch.h"
#include "burble-person-facts.h"
#include "burble-presence-badge.h"
#include "burble-text.h"
#include "burble-words.h"

struct _BurbleDetailsPane
{
  AdwBin parent_instance;

  GtkWidget *copy;
  GtkWidget *alias_group;
  AdwEntryRow *alias;
  GtkWidget *presence_group;
  GtkListBox *presences;
  GtkWidget *status;
  GtkWidget *notifications;
  AdwSwitchRow *mute;
  AdwComboRow *tell;
  GtkWidget *facts_group;
  GtkListBox *facts;
  GtkWidget *add;
  GtkWidget *remove;
  GtkWidget *note;

  BurbleSession *session;
  BurbleContact *contact;
  BurbleConversation *conversation; /* with the contact, or NULL */
  GCancellable *asking; /* the server for more */
  gboolean showing;
};

G_DEFINE_FINAL_TYPE (BurbleDetailsPane, burble_details_pane, ADW_TYPE_BIN)

typedef enum
{
  PROP_CONVERSATION = 1,
  PROP_CONTACT,
} BurbleDetailsPaneProperty;

static GParamSpec *properties[PROP_CONTACT + 1];

static char *
quote (BurbleDetailsPane *self, const char *text)
{
  g_autofree char *line = burble_text_one_line (text, 500);

  return g_strdup_printf (_("“%s”"), line);
}

static gboolean
is_set (BurbleDetailsPane *self, const char *text)
{
  return text != NULL && *text != '\0';
}

static char *
presence_words (gpointer row, BurbleStatus status, const char *mood)
{
  return burble_words_presence (status, mood);
}

static char *
add_title (BurbleDetailsPane *self, BurbleContactKind kind)
{
  return g_strdup (kind == BURBLE_CONTACT_ROOM ? _("_Join Again") : _("_Add to Contacts"));
}

static char *
remove_title (BurbleDetailsPane *self, BurbleContactKind kind)
{
  return g_strdup (kind == BURBLE_CONTACT_ROOM ? _("_Leave Room…") : _("_Remove Contact…"));
}

static void
copy_clicked_cb (BurbleDetailsPane *self)
{
  BurbleContact *contact = self->contact;

  if (contact == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          burble_contact_get_id (contact));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", _("Address copied"));
}

static void
changed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleDetailsPane) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!burble_session_roster_finish (BURBLE_SESSION (object), result, &error))
    {
      g_autofree char *sentence = burble_words_for_error (error);

      gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", sentence);
    }
}

static void
alias_apply_cb (BurbleDetailsPane *self)
{
  BurbleContact *contact = self->contact;
  g_autofree char *alias = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->alias)));

  g_strstrip (alias);
  if (contact != NULL && self->session != NULL)
    burble_session_set_alias_async (self->session, contact, *alias != '\0' ? alias : NULL, NULL,
                                    changed_cb, g_object_ref (self));
}

static void
mute_notify_cb (BurbleDetailsPane *self)
{
  if (!self->showing && self->session != NULL && self->conversation != NULL)
    burble_session_set_muted (self->session, self->conversation,
                              adw_switch_row_get_active (self->mute));
}

static void
tell_notify_cb (BurbleDetailsPane *self)
{
  if (!self->showing && self->session != NULL && self->contact != NULL)
    burble_session_set_notify_status (self->session, self->contact,
                                      (BurbleNotifyStatus) adw_combo_row_get_selected (self->tell));
}

static void
add_activated_cb (BurbleDetailsPane *self)
{
  BurbleContact *contact = self->contact;

  if (contact == NULL || self->session == NULL)
    return;
  if (burble_contact_get_kind (contact) == BURBLE_CONTACT_ROOM)
    burble_session_join_room_async (self->session, burble_contact_get_account (contact),
                                    burble_contact_get_id (contact), NULL, NULL, changed_cb,
                                    g_object_ref (self));
  else
    burble_session_add_contact_async (self->session, burble_contact_get_account (contact),
                                      burble_contact_get_id (contact), NULL, NULL, changed_cb,
                                      g_object_ref (self));
}

static void
remove_answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleDetailsPane) self = user_data;
  const char *response = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result);
  BurbleContact *contact = g_object_get_data (object, "contact");

  if (g_strcmp0 (response, "remove") == 0 && self->session != NULL)
    burble_session_remove_contact_async (self->session, contact, NULL, changed_cb,
                                         g_object_ref (self));
}

/* What it means depends on what there is between the two. */
static const char *
remove_body (BurbleDetailsPane *self)
{
  if (burble_contact_get_subscription (self->contact) == BURBLE_SUBSCRIPTION_TO
      && self->conversation == NULL)
    return _("You will no longer see how they are. You can find them again at any time.");
  return _("You will no longer see when they are online, nor they you. The chat stays.");
}

static void
remove_activated_cb (BurbleDetailsPane *self)
{
  BurbleContact *contact = self->contact;
  g_autofree char *heading = NULL;
  AdwAlertDialog *dialog;
  gboolean room;

  if (contact == NULL)
    return;
  room = burble_contact_get_kind (contact) == BURBLE_CONTACT_ROOM;
  heading = g_strdup_printf (room ? _("Leave %s?") : _("Remove %s?"),
                             burble_contact_get_display_name (contact));
  dialog = ADW_ALERT_DIALOG (
    adw_alert_dialog_new (heading, room
                          ? _("You will no longer get what is said there. The chat stays.")
                          : remove_body (self)));
  adw_alert_dialog_add_responses (dialog, "cancel", _("_Cancel"),
                                  "remove", room ? _("_Leave") : _("_Remove"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "contact", g_object_ref (contact), g_object_unref);
  adw_alert_dialog_choose (dialog, GTK_WIDGET (self), NULL, remove_answered_cb,
                           g_object_ref (self));
}

/* One row per terminal: a row follows its terminal until that goes offline. */

static GtkWidget *
create_presence_row (gpointer item, gpointer user_data)
{
  BurblePresence *presence = item;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *badge = g_object_new (BURBLE_TYPE_PRESENCE_BADGE, "valign", GTK_ALIGN_CENTER, NULL);
  const char *terminal = burble_presence_get_terminal (presence);
  g_autofree char *title = burble_text_one_line (terminal, 60);
  GtkExpression *params[] = {
    gtk_property_expression_new (BURBLE_TYPE_PRESENCE, NULL, "status"),
    gtk_property_expression_new (BURBLE_TYPE_PRESENCE, NULL, "mood"),
  };
  GtkExpression *words =
    gtk_cclosure_expression_new (G_TYPE_STRING, NULL, G_N_ELEMENTS (params), params,
                                 G_CALLBACK (presence_words), NULL, NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 terminal != NULL ? title : _("Online"));
  gtk_expression_bind (words, row, "subtitle", presence);
  g_object_bind_property (presence, "status", badge, "status", G_BINDING_SYNC_CREATE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), badge);
  return row;
}

/* What the server knows besides, where it is asked about people. */

static void
looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleDetailsPane) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePerson) person =
    burble_session_look_up_finish (BURBLE_SESSION (object), result, &error);
  BurbleAccount *account = NULL;

  /* There may be another one by now, or none. Without an answer there is less to read. */
  if (person == NULL || burble_person_get_id (person) == NULL || self->facts == NULL
      || g_task_get_cancellable (G_TASK (result)) != self->asking)
    return;
  account = burble_contact_get_account (self->contact);
  gtk_widget_set_visible (self->facts_group,
                          burble_person_facts_show (self->facts, person,
                                                    burble_account_get_network (account), FALSE));
}

static void
look_up (BurbleDetailsPane *self)
{
  BurbleAccount *account = burble_contact_get_account (self->contact);

  if (self->asking != NULL || self->session == NULL
      || burble_account_get_state (account) != BURBLE_ACCOUNT_ONLINE
      || (burble_account_get_features (account) & BURBLE_FEATURE_DIRECTORY) == 0)
    return;
  self->asking = g_cancellable_new ();
  burble_session_look_up_async (self->session, account, burble_contact_get_id (self->contact),
                                self->asking, looked_up_cb, g_object_ref (self));
}

static void
forget_facts (BurbleDetailsPane *self)
{
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  gtk_list_box_remove_all (self->facts);
  gtk_widget_set_visible (self->facts_group, FALSE);
}

static void
show_contact (BurbleDetailsPane *self)
{
  BurbleContact *contact = self->contact;
  gboolean peer, in_roster;
  const char *alias;
  BurbleFeatures features;

  if (contact == NULL)
    return;
  peer = burble_contact_get_kind (contact) == BURBLE_CONTACT_PEER;
  in_roster = burble_contact_get_in_roster (contact);
  features = burble_account_get_features (burble_contact_get_account (contact));
  alias = burble_contact_get_alias (contact);
  self->showing = TRUE;
  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->alias)), alias != NULL ? alias
                 : "") != 0)
    gtk_editable_set_text (GTK_EDITABLE (self->alias), alias != NULL ? alias : "");
  if (self->conversation != NULL)
    adw_switch_row_set_active (self->mute, burble_conversation_get_muted (self->conversation));
  gtk_widget_set_visible (GTK_WIDGET (self->mute), self->conversation != NULL);
  adw_combo_row_set_selected (self->tell, burble_contact_get_notify_status (contact));
  gtk_widget_set_visible (self->alias_group, in_roster);
  gtk_widget_set_visible (self->presence_group, peer && burble_contact_get_online (contact)
                                                && self->conversation != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->tell), peer && in_roster);
  gtk_widget_set_visible (self->notifications,
                          self->conversation != NULL || (peer && in_roster));
  /* A chat says it in its head. */
  gtk_widget_set_visible (self->status, self->conversation == NULL);
  gtk_widget_set_visible (self->note, self->conversation == NULL
                                      && (features & BURBLE_FEATURE_MESSAGES) == 0);
  gtk_widget_set_visible (self->add, !in_roster);
  gtk_widget_set_visible (self->remove, in_roster);
  gtk_widget_set_sensitive (self->add, (features & BURBLE_FEATURE_ROSTER_EDIT) != 0);
  gtk_widget_set_sensitive (self->remove, (features & BURBLE_FEATURE_ROSTER_EDIT) != 0);
  gtk_widget_set_sensitive (self->alias_group, (features & BURBLE_FEATURE_ROSTER_EDIT) != 0);
  self->showing = FALSE;
  if (self->conversation == NULL)
    look_up (self);
}

/* What was asked before may have gone down with the link. */
static void
account_state_cb (BurbleDetailsPane *self)
{
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  show_contact (self);
}

static void
disconnect_shown (BurbleDetailsPane *self)
{
  BurbleContact *contact = self->contact;

  if (contact == NULL)
    return;
  g_signal_handlers_disconnect_by_func (contact, show_contact, self);
  g_signal_handlers_disconnect_by_func (burble_contact_get_account (contact), show_contact, self);
  g_signal_handlers_disconnect_by_func (burble_contact_get_account (contact), account_state_cb,
                                        self);
  if (self->conversation != NULL)
    g_signal_handlers_disconnect_by_func (self->conversation, show_contact, self);
}

/* Else the address has it, all of it selected. */
static gboolean
burble_details_pane_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (BURBLE_DETAILS_PANE (widget)->copy);
}

static void
burble_details_pane_dispose (GObject *object)
{
  BurbleDetailsPane *self = BURBLE_DETAILS_PANE (object);

  disconnect_shown (self);
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_DETAILS_PANE);
  g_clear_object (&self->contact);
  g_clear_object (&self->conversation);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (burble_details_pane_parent_class)->dispose (object);
}

static void
burble_details_pane_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleDetailsPane *self = BURBLE_DETAILS_PANE (object);

  switch ((BurbleDetailsPaneProperty) prop_id)
    {
    case PROP_CONVERSATION:
      g_value_set_object (value, self->conversation);
      break;
    case PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_details_pane_set_property (GObject *object, guint prop_id, const GValue *value,
                                  GParamSpec *pspec)
{
  BurbleDetailsPane *self = BURBLE_DETAILS_PANE (object);

  switch ((BurbleDetailsPaneProperty) prop_id)
    {
    case PROP_CONVERSATION:
      burble_details_pane_set_conversation (self, g_value_get_object (value));
      break;
    case PROP_CONTACT:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_details_pane_class_init (BurbleDetailsPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = burble_details_pane_dispose;
  object_class->get_property = burble_details_pane_get_property;
  object_class->set_property = burble_details_pane_set_property;
  widget_class->grab_focus = burble_details_pane_grab_focus;

  properties[PROP_CONVERSATION] =
    g_param_spec_object ("conversation", NULL, NULL, BURBLE_TYPE_CONVERSATION,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONTACT] =
    g_param_spec_object ("contact", NULL, NULL, BURBLE_TYPE_CONTACT,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (BURBLE_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/burble/Burble/details/burble-details-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleDetailsPane, copy);
  gtk_widget_class_bind_template_child (widget_class, BurbleDetailsPane, alias_group);
  gtk_widget_class_bind_template_child (widget_class, BurbleDetailsPane, alias);
  gtk_widget_class_bind_template_child (widget_class, BurbleDetailsPane, presence_group);
  gtk_widget_class_bind_template_child (widget_class, BurbleDetailsPane, presences);
  gtk_widget_class_bind_template_child (widget_class, BurbleDetailsPane, mute);
  gtk_widget_class_bind_template_child (widget_class, BurbleDetailsPane, tell);
  gtk_widget_class_bind_template_child (widget_class, BurbleDetailsPane, status);
  gtk_widget_class_bind_template_child (widget_class, BurbleDetailsPane, notifications);
  gtk_widget_class_bind_template_child (widget_class, BurbleDetailsPane, facts_group);
  gtk_widget_class_bind_template_child (widget_class, BurbleDetailsPane, facts);
  gtk_widget_class_bind_template_child (widget_class, BurbleDetailsPane, note);
  gtk_widget_class_bind_template_child (widget_class, BurbleDetailsPane, add);
  gtk_widget_class_bind_template_child (widget_class, BurbleDetailsPane, remove);
  gtk_widget_class_bind_template_callback (widget_class, quote);
  gtk_widget_class_bind_template_callback (widget_class, is_set);
  gtk_widget_class_bind_template_callback (widget_class, presence_words);
  gtk_widget_class_bind_template_callback (widget_class, add_title);
  gtk_widget_class_bind_template_callback (widget_class, remove_title);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, alias_apply_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_activated_cb);
}

static void
burble_details_pane_init (BurbleDetailsPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  burble_choices_set_up (self->tell, NULL);
  g_signal_connect_object (self->mute, "notify::active", G_CALLBACK (mute_notify_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tell, "notify::selected", G_CALLBACK (tell_notify_cb), self,
                           G_CONNECT_SWAPPED);
}

void
burble_details_pane_set_session (BurbleDetailsPane *self, BurbleSession *session)
{
  g_return_if_fail (BURBLE_IS_DETAILS_PANE (self));

  g_set_object (&self->session, session);
}

/* conversation: with the contact, or NULL. */
static void
show (BurbleDetailsPane *self, BurbleContact *contact, BurbleConversation *conversation)
{
  if (self->contact == contact && self->conversation == conversation)
    return;
  disconnect_shown (self);
  forget_facts (self);
  g_set_object (&self->conversation, conversation);
  g_set_object (&self->contact, contact);
  gtk_list_box_bind_model (self->presences,
                           contact != NULL ? burble_contact_get_presences (contact) : NULL,
                           contact != NULL ? create_presence_row : NULL, NULL, NULL);
  if (contact != NULL)
    {
      g_signal_connect_object (contact, "notify", G_CALLBACK (show_contact), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (burble_contact_get_account (contact), "notify::features",
                               G_CALLBACK (show_contact), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (burble_contact_get_account (contact), "notify::state",
                               G_CALLBACK (account_state_cb), self, G_CONNECT_SWAPPED);
    }
  if (conversation != NULL)
    g_signal_connect_object (conversation, "notify::muted", G_CALLBACK (show_contact), self,
                             G_CONNECT_SWAPPED);
  show_contact (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTACT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}

void
burble_details_pane_set_conversation (BurbleDetailsPane  *self,
                                      BurbleConversation *conversation)
{
  g_return_if_fail (BURBLE_IS_DETAILS_PANE (self));

  show (self, conversation != NULL ? burble_conversation_get_contact (conversation) : NULL,
        conversation);
}

void
burble_details_pane_set_contact (BurbleDetailsPane *self, BurbleContact *contact)
{
  g_return_if_fail (BURBLE_IS_DETAILS_PANE (self));

  show (self, contact, NULL);
}
