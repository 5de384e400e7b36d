/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-find-person-dialog"

#include "config.h"

#include "burble-find-person-dialog.h"

#include <glib/gi18n-lib.h>

#include "burble-choices.h"
#include "burble-contact-match.h"
#include "burble-contact-row.h"
#include "burble-person-facts.h"
#include "burble-presence-badge.h"
#include "burble-words.h"

/* Of those who are listed before somebody looks for one: more than anybody reads. */
#define MAX_ROWS 50

struct _BurbleFindPersonDialog
{
  AdwDialog parent_instance;

  AdwComboRow *account;
  GtkEditable *who;
  GtkLabel *error;
  GtkStack *stack;
  GtkWidget *people;
  GtkLabel *people_title;
  GtkListBox *people_list;
  GtkLabel *people_more;
  GtkWidget *card;
  AdwAvatar *avatar;
  BurblePresenceBadge *badge;
  GtkLabel *name;
  GtkLabel *status;
  GtkLabel *bio;
  GtkListBox *details;
  GtkWidget *add;
  GtkWidget *open;
  GtkWidget *note;

  BurbleSession *session;
  BurblePerson *person;
  GCancellable *cancellable; /* while somebody is looked up, or added */

  /* Who is there, where the server tells. */
  GCancellable *listing;
  GListModel *listed;
  char *query; /* folded */
  GtkFilter *filter;
  GtkFilterListModel *found;
};

G_DEFINE_FINAL_TYPE (BurbleFindPersonDialog, burble_find_person_dialog, ADW_TYPE_DIALOG)

typedef enum
{
  SIGNAL_OPEN,
} BurbleFindPersonDialogSignal;

static guint signals[SIGNAL_OPEN + 1];

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
show_person (BurbleFindPersonDialog *self)
{
  BurblePerson *person = self->person;
  const char *id = burble_person_get_id (person);
  const char *name = burble_person_get_name (person) != NULL ? burble_person_get_name (person) : id;
  const char *word = burble_person_get_status_word (person);
  BurbleAccount *account = get_account (self);
  BurbleContact *known = burble_session_find_contact (self->session, account, id);
  gboolean contact = known != NULL && burble_contact_get_in_roster (known);
  BurbleFeatures features = burble_account_get_features (account);
  g_autofree char *status = burble_words_presence (burble_person_get_status (person), word);

  adw_avatar_set_text (self->avatar, name);
  g_object_set (self->badge, "status", burble_person_get_status (person), NULL);
  show_text (self->name, name);
  show_text (self->status, status);
  show_text (self->bio, burble_person_get_bio (person));
  gtk_widget_set_visible (GTK_WIDGET (self->details),
                          burble_person_facts_show (self->details, person,
                                                    burble_account_get_network (account), TRUE));
  gtk_widget_set_visible (self->add, (features & BURBLE_FEATURE_ROSTER_EDIT) != 0 && !contact);
  gtk_button_set_label (GTK_BUTTON (self->open), (features & BURBLE_FEATURE_MESSAGES) != 0
                                                 ? _("Send a _Message") : _("Show _Details"));
  gtk_widget_set_visible (self->open, contact);
  gtk_widget_set_visible (self->note, (features & BURBLE_FEATURE_MESSAGES) == 0);
  gtk_widget_set_visible (self->card, TRUE);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), name,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static gboolean
matches (gpointer item, gpointer user_data)
{
  BurbleFindPersonDialog *self = user_data;

  return burble_contact_match (item, self->query);
}

/* Those who are there, then the others. */
static int
compare_people (gconstpointer one, gconstpointer other, gpointer user_data)
{
  gboolean a = burble_contact_get_online ((BurbleContact *) one);
  gboolean b = burble_contact_get_online ((BurbleContact *) other);

  return gtk_ordering_from_cmpfunc (b - a);
}

static GtkWidget *
make_person_row (gpointer item, gpointer user_data)
{
  GtkWidget *content = burble_contact_row_new ();
  GtkWidget *row = gtk_list_box_row_new ();
  g_autofree char *label = burble_words_contact (item);

  burble_contact_row_set_contact (BURBLE_CONTACT_ROW (content), item);
  gtk_widget_set_margin_start (content, 12);
  gtk_widget_set_margin_end (content, 12);
  gtk_widget_set_margin_top (content, 8);
  gtk_widget_set_margin_bottom (content, 8);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), content);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return row;
}

/* As long as nobody in particular is shown. */
static void
show_people (BurbleFindPersonDialog *self)
{
  guint n = self->listed != NULL ? g_list_model_get_n_items (self->listed) : 0;
  guint left = g_list_model_get_n_items (G_LIST_MODEL (self->found));
  guint here = 0;
  BurbleAccount *account = get_account (self);
  gboolean tells = account != NULL
                   && (burble_account_get_features (account) & BURBLE_FEATURE_PEOPLE) != 0;
  gboolean wrong = gtk_widget_get_visible (GTK_WIDGET (self->error));
  g_autofree char *title = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BurbleContact) contact = g_list_model_get_item (self->listed, i);

      here += burble_contact_get_online (contact) ? 1 : 0;
    }
  if (here == 0)
    title = g_strdup (n > 0 ? _("Nobody is online now") : _("Nobody else is here"));
  else
    title = g_strdup_printf (ngettext ("%u person is online now", "%u people are online now",
                                       here), here);
  gtk_label_set_label (self->people_title, title);
  gtk_widget_set_visible (GTK_WIDGET (self->people_title), tells);
  gtk_widget_set_visible (GTK_WIDGET (self->people_list), left > 0);
  gtk_label_set_label (self->people_more, !tells
                       ? _("This server does not tell who is there. Type a name and press Find.")
                       : left > MAX_ROWS
                       ? _("There are more people: type a part of a name.")
                       : _("Nobody in this list has that name. Press Find to ask the server."));
  gtk_widget_set_visible (GTK_WIDGET (self->people_more), !tells || left > MAX_ROWS
                                                                || (left == 0 && n > 0));
  /* Asked already, the server did not know anybody either. */
  gtk_widget_set_visible (self->people, (self->listed != NULL || (account != NULL && !tells))
                                        && !(left == 0 && wrong)
                                        && !gtk_widget_get_visible (self->card));
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleFindPersonDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) listed =
    burble_session_list_people_finish (BURBLE_SESSION (object), result, &error);

  /* Without it there is still the field to write a name in. */
  if (listed == NULL || self->stack == NULL /* disposed */
      || g_task_get_cancellable (G_TASK (result)) != self->listing)
    return;
  g_set_object (&self->listed, listed);
  gtk_filter_list_model_set_model (self->found, listed);
  show_people (self);
}

/* Who is there on the server of the chosen account. */
static void
list_people (BurbleFindPersonDialog *self)
{
  BurbleAccount *account = get_account (self);

  if (self->listing != NULL)
    g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
  g_clear_object (&self->listed);
  gtk_filter_list_model_set_model (self->found, NULL);
  show_people (self);
  if (account == NULL || (burble_account_get_features (account) & BURBLE_FEATURE_PEOPLE) == 0)
    return;
  self->listing = g_cancellable_new ();
  burble_session_list_people_async (self->session, account, self->listing, listed_cb,
                                    g_object_ref (self));
}

static void
forget_person (BurbleFindPersonDialog *self)
{
  g_clear_object (&self->person);
  gtk_widget_set_visible (self->card, FALSE);
}

static void
edited_cb (BurbleFindPersonDialog *self)
{
  g_autofree char *who = NULL;

  if (self->stack == NULL) /* disposed */
    return;
  who = get_who (self);
  show_error (self, NULL);
  forget_person (self);
  g_clear_pointer (&self->query, g_free);
  self->query = g_utf8_casefold (who, -1);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  show_people (self);
  update (self);
}

static void
account_changed_cb (BurbleFindPersonDialog *self)
{
  if (self->stack == NULL) /* disposed */
    return;
  show_error (self, NULL);
  forget_person (self);
  list_people (self);
  update (self);
}

static void
person_activated_cb (BurbleFindPersonDialog *self, GtkListBoxRow *row)
{
  g_autoptr(BurbleContact) contact =
    g_list_model_get_item (G_LIST_MODEL (self->found), (guint) gtk_list_box_row_get_index (row));

  if (contact == NULL)
    return;
  gtk_editable_set_text (self->who, burble_contact_get_id (contact));
  gtk_widget_activate_action (GTK_WIDGET (self), "find-person.find", NULL);
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
  show_people (self);
  update (self);
}

static void
find_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleFindPersonDialog *self = BURBLE_FIND_PERSON_DIALOG (widget);
  g_autofree char *who = get_who (self);

  if (self->cancellable != NULL || get_account (self) == NULL || *who == '\0')
    return;
  forget_person (self);
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
      show_person (self);
      gtk_widget_grab_focus (self->open);
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

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  /* Closed without an animation it is gone at once. */
  g_autoptr(BurbleFindPersonDialog) self = g_object_ref (BURBLE_FIND_PERSON_DIALOG (widget));
  BurbleContact *contact = self->person != NULL
                           ? burble_session_find_contact (self->session, get_account (self),
                                                          burble_person_get_id (self->person))
                           : NULL;
  g_autoptr(BurbleContact) kept = contact != NULL ? g_object_ref (contact) : NULL;

  if (kept == NULL)
    return;
  adw_dialog_close (ADW_DIALOG (self));
  g_signal_emit (self, signals[SIGNAL_OPEN], 0, kept);
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
  if (self->listing != NULL)
    g_cancellable_cancel (self->listing);
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_FIND_PERSON_DIALOG);
  g_clear_object (&self->session);
  g_clear_object (&self->person);
  g_clear_object (&self->listing);
  g_clear_object (&self->listed);
  g_clear_object (&self->found);
  g_clear_object (&self->filter);
  G_OBJECT_CLASS (burble_find_person_dialog_parent_class)->dispose (object);
}

static void
burble_find_person_dialog_finalize (GObject *object)
{
  BurbleFindPersonDialog *self = BURBLE_FIND_PERSON_DIALOG (object);

  g_clear_pointer (&self->query, g_free);
  G_OBJECT_CLASS (burble_find_person_dialog_parent_class)->finalize (object);
}

static void
burble_find_person_dialog_class_init (BurbleFindPersonDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = burble_find_person_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = burble_find_person_dialog_finalize;

  g_type_ensure (BURBLE_TYPE_ACCOUNT);
  g_type_ensure (BURBLE_TYPE_PRESENCE_BADGE);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/im/burble/Burble/contacts/burble-find-person-dialog.ui");
#define bind_child(child) \
  gtk_widget_class_bind_template_child (widget_class, BurbleFindPersonDialog, child)
  bind_child (account);
  bind_child (who);
  bind_child (error);
  bind_child (stack);
  bind_child (people);
  bind_child (people_title);
  bind_child (people_list);
  bind_child (people_more);
  bind_child (card);
  bind_child (avatar);
  bind_child (badge);
  bind_child (name);
  bind_child (status);
  bind_child (bio);
  bind_child (details);
  bind_child (add);
  bind_child (open);
  bind_child (note);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, account_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, person_activated_cb);
  gtk_widget_class_install_action (widget_class, "find-person.find", NULL, find_action);
  gtk_widget_class_install_action (widget_class, "find-person.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "find-person.open", NULL, open_action);

  signals[SIGNAL_OPEN] = g_signal_new ("open", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, BURBLE_TYPE_CONTACT);
}

static void
burble_find_person_dialog_init (BurbleFindPersonDialog *self)
{
  g_autoptr(GtkSliceListModel) first = NULL;
  GtkExpression *name = gtk_property_expression_new (BURBLE_TYPE_CONTACT, NULL, "display-name");
  GtkMultiSorter *sorter = gtk_multi_sorter_new ();
  GtkSortListModel *sorted = NULL;

  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  self->found = gtk_filter_list_model_new (NULL, g_object_ref (self->filter));
  gtk_multi_sorter_append (sorter, GTK_SORTER (gtk_custom_sorter_new (compare_people, NULL, NULL)));
  gtk_multi_sorter_append (sorter, GTK_SORTER (gtk_string_sorter_new (name)));
  gtk_widget_init_template (GTK_WIDGET (self));
  burble_choices_set_up_accounts (self->account);
  sorted = gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->found)),
                                    GTK_SORTER (sorter));
  first = gtk_slice_list_model_new (G_LIST_MODEL (sorted), 0, MAX_ROWS);
  gtk_list_box_bind_model (self->people_list, G_LIST_MODEL (first), make_person_row, NULL, NULL);
  update (self);
}

gboolean
burble_find_person_dialog_account_allows (BurbleAccount *account)
{
  return burble_account_get_enabled (account)
         && burble_account_get_state (account) == BURBLE_ACCOUNT_ONLINE
         && (burble_account_get_features (account) & BURBLE_FEATURE_DIRECTORY) != 0;
}

AdwDialog *
burble_find_person_dialog_new (BurbleSession *session)
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
  return ADW_DIALOG (self);
}
