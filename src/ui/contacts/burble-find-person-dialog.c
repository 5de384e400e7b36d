/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-find-person-dialog"

#include "config.h"

#include "burble-find-person-dialog.h"

#include <glib/gi18n-lib.h>

#include "burble-words.h"

struct _BurbleFindPersonDialog
{
  AdwDialog parent_instance;

  AdwComboRow *account;
  GtkEditable *who;
  GtkLabel *error;
  GtkStack *stack;
  GtkWidget *card;
  AdwAvatar *avatar;
  GtkLabel *name;
  GtkLabel *status;
  GtkLabel *bio;
  GtkListBox *details;
  GtkWidget *add;
  GtkWidget *note;

  BurbleSession *session;
  BurblePerson *person;
  GCancellable *cancellable; /* while somebody is looked up, or added */
};

G_DEFINE_FINAL_TYPE (BurbleFindPersonDialog, burble_find_person_dialog, ADW_TYPE_DIALOG)

static BurbleAccount *
get_account (BurbleFindPersonDialog *self)
{
  return adw_combo_row_get_selected_item (self->account);
}

static char *
get_who (BurbleFindPersonDialog *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->who)));
}

static void
show_error (BurbleFindPersonDialog *self, const char *sentence)
{
  gtk_label_set_label (self->error, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error), sentence != NULL);
  if (sentence != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), sentence,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
update (BurbleFindPersonDialog *self)
{
  g_autofree char *who = get_who (self);
  gboolean busy = self->cancellable != NULL;
  gboolean ready = get_account (self) != NULL && !busy;

  gtk_stack_set_visible_child_name (self->stack, busy ? "busy" : "label");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "find-person.find", ready && *who != '\0');
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "find-person.add",
                                 ready && self->person != NULL);
}

static void
show_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static void
add_detail (BurbleFindPersonDialog *self, const char *title, const char *text)
{
  GtkWidget *row = NULL;

  if (text == NULL || *text == '\0')
    return;
  row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_selectable (ADW_ACTION_ROW (row), TRUE);
  gtk_widget_add_css_class (row, "property");
  gtk_list_box_append (self->details, row);
}

static void
show_person (BurbleFindPersonDialog *self)
{
  BurblePerson *person = self->person;
  const char *id = burble_person_get_id (person);
  const char *name = burble_person_get_name (person) != NULL ? burble_person_get_name (person) : id;
  const char *word = burble_person_get_status_word (person);
  BurbleAccount *account = get_account (self);
  BurbleContact *known = burble_session_find_contact (self->session, account, id);
  BurbleFeatures features = burble_account_get_features (account);

  adw_avatar_set_text (self->avatar, name);
  show_text (self->name, name);
  show_text (self->status, word != NULL ? word
                                        : burble_words_status (burble_person_get_status (person)));
  show_text (self->bio, burble_person_get_bio (person));
  gtk_list_box_remove_all (self->details);
  if (g_strcmp0 (id, burble_person_get_uuid (person)) != 0)
    add_detail (self, _("Address"), id);
  add_detail (self, _("UUID"), burble_person_get_uuid (person));
  for (guint i = 0; i < burble_person_get_n_details (person); i++)
    {
      const char *key = NULL;
      const char *text = burble_person_get_detail (person, i, &key);

      add_detail (self, key, text);
    }
  gtk_widget_set_visible (self->add, (features & BURBLE_FEATURE_ROSTER_EDIT) != 0
                                     && (known == NULL || !burble_contact_get_in_roster (known)));
  gtk_widget_set_visible (self->note, (features & BURBLE_FEATURE_MESSAGES) == 0);
  gtk_widget_set_visible (self->card, TRUE);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), name,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
edited_cb (BurbleFindPersonDialog *self)
{
  if (self->stack == NULL) /* disposed */
    return;
  show_error (self, NULL);
  update (self);
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleFindPersonDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePerson) person =
    burble_session_look_up_finish (BURBLE_SESSION (object), result, &error);

  g_clear_object (&self->cancellable);
  if (self->stack == NULL) /* disposed */
    return;
  if (person != NULL && burble_person_get_id (person) != NULL)
    {
      g_set_object (&self->person, person);
      show_person (self);
    }
  else
    {
      g_autofree char *sentence = NULL;

      /* Some servers say nothing where there is nobody. */
      if (person != NULL || g_str_equal (burble_session_error_word (error), "timed-out"))
        sentence = g_strdup (_("Nobody was found. Check the name."));
      else
        sentence = burble_words_for_error (error);
      show_error (self, sentence);
      gtk_widget_grab_focus (GTK_WIDGET (self->who));
    }
  update (self);
}

static void
find_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleFindPersonDialog *self = BURBLE_FIND_PERSON_DIALOG (widget);
  g_autofree char *who = get_who (self);

  if (self->cancellable != NULL || get_account (self) == NULL || *who == '\0')
    return;
  g_clear_object (&self->person);
  gtk_widget_set_visible (self->card, FALSE);
  show_error (self, NULL);
  self->cancellable = g_cancellable_new ();
  update (self);
  burble_session_look_up_async (self->session, get_account (self), who, self->cancellable,
                                found_cb, g_object_ref (self));
}

static void
added_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleFindPersonDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean added = burble_session_roster_finish (BURBLE_SESSION (object), result, &error);

  g_clear_object (&self->cancellable);
  if (self->stack == NULL) /* disposed */
    return;
  if (added)
    {
      gtk_widget_set_visible (self->add, FALSE);
      gtk_widget_grab_focus (GTK_WIDGET (self->who));
    }
  else
    {
      g_autofree char *sentence = burble_words_for_error (error);

      show_error (self, sentence);
    }
  update (self);
}

static void
add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleFindPersonDialog *self = BURBLE_FIND_PERSON_DIALOG (widget);

  if (self->cancellable != NULL || self->person == NULL || get_account (self) == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  update (self);
  burble_session_add_contact_async (self->session, get_account (self),
                                    burble_person_get_id (self->person), NULL, self->cancellable,
                                    added_cb, g_object_ref (self));
}

static gboolean
can_find (gpointer item, gpointer user_data)
{
  return burble_find_person_dialog_account_allows (item);
}

static void
burble_find_person_dialog_dispose (GObject *object)
{
  BurbleFindPersonDialog *self = BURBLE_FIND_PERSON_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_FIND_PERSON_DIALOG);
  g_clear_object (&self->session);
  g_clear_object (&self->person);
  G_OBJECT_CLASS (burble_find_person_dialog_parent_class)->dispose (object);
}

static void
burble_find_person_dialog_class_init (BurbleFindPersonDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = burble_find_person_dialog_dispose;

  g_type_ensure (BURBLE_TYPE_ACCOUNT);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/im/burble/Burble/contacts/burble-find-person-dialog.ui");
#define bind_child(child) \
  gtk_widget_class_bind_template_child (widget_class, BurbleFindPersonDialog, child)
  bind_child (account);
  bind_child (who);
  bind_child (error);
  bind_child (stack);
  bind_child (card);
  bind_child (avatar);
  bind_child (name);
  bind_child (status);
  bind_child (bio);
  bind_child (details);
  bind_child (add);
  bind_child (note);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_install_action (widget_class, "find-person.find", NULL, find_action);
  gtk_widget_class_install_action (widget_class, "find-person.add", NULL, add_action);
}

/* A list item says nothing of its own to who cannot see it. */
static void
account_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (item, label);
}

static void
account_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  const char *address = burble_account_get_address (gtk_list_item_get_item (item));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), address);
  gtk_list_item_set_accessible_label (item, address);
}

static void
burble_find_person_dialog_init (BurbleFindPersonDialog *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (account_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (account_bind_cb), NULL);
  adw_combo_row_set_factory (self->account, factory);
  update (self);
}

gboolean
burble_find_person_dialog_account_allows (BurbleAccount *account)
{
  return burble_account_get_enabled (account)
         && burble_account_get_state (account) == BURBLE_ACCOUNT_ONLINE
         && (burble_account_get_features (account) & BURBLE_FEATURE_DIRECTORY) != 0;
}

static void
look_up_contact (BurbleFindPersonDialog *self, GListModel *accounts, BurbleContact *contact)
{
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(BurbleAccount) account = g_list_model_get_item (accounts, i);

      if (account == burble_contact_get_account (contact))
        {
          adw_combo_row_set_selected (self->account, i);
          gtk_editable_set_text (self->who, burble_contact_get_id (contact));
          gtk_widget_activate_action (GTK_WIDGET (self), "find-person.find", NULL);
          return;
        }
    }
  show_error (self, _("This account is not online, so nothing is known of them now."));
}

AdwDialog *
burble_find_person_dialog_new (BurbleSession *session, BurbleContact *contact)
{
  BurbleFindPersonDialog *self = g_object_new (BURBLE_TYPE_FIND_PERSON_DIALOG, NULL);
  g_autoptr(GtkFilterListModel) accounts = NULL;

  if (session != NULL)
    {
      self->session = g_object_ref (session);
      accounts = gtk_filter_list_model_new (
        g_object_ref (burble_session_get_accounts (session)),
        GTK_FILTER (gtk_custom_filter_new (can_find, NULL, NULL)));
      adw_combo_row_set_model (self->account, G_LIST_MODEL (accounts));
      gtk_widget_set_visible (GTK_WIDGET (self->account),
                              g_list_model_get_n_items (G_LIST_MODEL (accounts)) > 1);
    }
  update (self);
  if (contact != NULL && accounts != NULL)
    look_up_contact (self, G_LIST_MODEL (accounts), contact);
  return ADW_DIALOG (self);
}
