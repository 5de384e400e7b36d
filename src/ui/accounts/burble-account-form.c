/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-account-form"

#include "config.h"

#include "burble-account-form.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "burble-choices.h"
#include "burble-server-row.h"
#include "burble-words.h"

struct _BurbleAccountForm
{
  AdwBin parent_instance;

  AdwComboRow *network;
  GtkEditable *address;
  BurbleServerRow *answer;
  GtkEditable *password;
  GtkEditable *repeat;
  GtkListBox *list;
  GtkWidget *error_row;
  GtkLabel *field_error;
  AdwSwitchRow *remember;
  AdwExpanderRow *server;
  GtkEditable *host;
  GtkSpinButton *port;
  AdwSwitchRow *websocket;
  GtkEditable *path;
  AdwSwitchRow *plain;
  GtkLabel *error;
  GtkStack *submit_stack;
  GtkWidget *submit;

  BurbleSession *session;
  GStrv networks;
  GCancellable *cancellable; /* while signing in */
  gboolean creating;
};

G_DEFINE_FINAL_TYPE (BurbleAccountForm, burble_account_form, ADW_TYPE_BIN)

typedef enum
{
  PROP_CREATING = 1,
} BurbleAccountFormProperty;

typedef enum
{
  SIGNAL_DONE,
} BurbleAccountFormSignal;

static GParamSpec *properties[PROP_CREATING + 1];
static guint signals[SIGNAL_DONE + 1];

/* Where a port or the web was asked for, nothing is looked up: it is the domain of the address. */
static char *
server_words (BurbleAccountForm *self, const char *address, const char *host, double port,
              gboolean plain, gboolean websocket)
{
  const char *at = address != NULL ? strrchr (address, '@') : NULL;
  g_autoptr(GString) words = g_string_new (host);

  if (words->len == 0 && port < 1 && !websocket)
    g_string_append (words, _("Found automatically"));
  else if (words->len == 0 && at != NULL && at[1] != '\0')
    g_string_append (words, at + 1);
  else if (words->len == 0)
    /* Translators: alice@example.org has its server at example.org */
    g_string_append (words, _("Server of the address"));
  if (port > 0)
    g_string_append_printf (words, ":%d", (int) port);
  if (websocket)
    g_string_append_printf (words, " · %s", _("over WebSocket"));
  if (plain)
    g_string_append_printf (words, " · %s", _("not encrypted"));
  return g_string_free (g_steal_pointer (&words), FALSE);
}

static char *
submit_label (BurbleAccountForm *self, gboolean creating)
{
  return g_strdup (creating ? _("_Create Account") : _("_Sign In"));
}

static const char *
chosen_network (BurbleAccountForm *self)
{
  guint selected = adw_combo_row_get_selected (self->network);

  if (self->networks == NULL || selected >= g_strv_length (self->networks))
    return NULL;
  return self->networks[selected];
}

static void
mark (GtkEditable *field, GtkLabel *message)
{
  gtk_widget_add_css_class (GTK_WIDGET (field), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_STATE_INVALID,
                               GTK_ACCESSIBLE_INVALID_TRUE, -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_RELATION_ERROR_MESSAGE,
                                  message, NULL, -1);
}

static void
unmark (GtkEditable *field)
{
  gtk_widget_remove_css_class (GTK_WIDGET (field), "error");
  gtk_accessible_reset_state (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_STATE_INVALID);
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_RELATION_ERROR_MESSAGE);
}

/* The sentence stands right below the field that it is about, or below them all. */
static void
show_error (BurbleAccountForm *self, GtkEditable *field, const char *sentence)
{
  GtkEditable *fields[] = { self->address, self->password, self->repeat };
  gboolean at_field = sentence != NULL && field != NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    unmark (fields[i]);
  if (at_field)
    {
      gtk_list_box_remove (self->list, self->error_row);
      gtk_list_box_insert (self->list, self->error_row,
                           gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (field)) + 1);
      mark (field, self->field_error);
    }
  gtk_label_set_label (self->field_error, at_field ? sentence : "");
  gtk_widget_set_visible (self->error_row, at_field);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->error_row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  at_field ? sentence : "", -1);
  gtk_label_set_label (self->error, sentence != NULL && !at_field ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error), sentence != NULL && !at_field);
  if (sentence != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), sentence,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

/* What has to be written anew after that; NULL where nothing that was written is wrong. */
static GtkEditable *
find_field (BurbleAccountForm *self, const char *word)
{
  const char * const of_address[] = { "bad-address", "exists", "name-not-found", NULL };
  const char * const of_password[] = { "bad-password", "password", NULL };

  if (g_strv_contains (of_address, word))
    return self->address;
  if (g_strv_contains (of_password, word))
    return self->password;
  return NULL;
}

/* While the second is still on its way to the first, nothing is wrong yet. */
static gboolean
differs (BurbleAccountForm *self)
{
  return self->creating && !g_str_has_prefix (gtk_editable_get_text (self->password),
                                              gtk_editable_get_text (self->repeat));
}

static void
update (BurbleAccountForm *self)
{
  gboolean busy = self->cancellable != NULL;
  gboolean filled = *gtk_editable_get_text (self->address) != '\0' &&
                    *gtk_editable_get_text (self->password) != '\0';
  gboolean repeated = !self->creating || strcmp (gtk_editable_get_text (self->password),
                                                 gtk_editable_get_text (self->repeat)) == 0;

  gtk_stack_set_visible_child_name (self->submit_stack, busy ? "busy" : "label");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "account-form.submit",
                                 filled && repeated && !busy);
}

static void
edited_cb (BurbleAccountForm *self)
{
  if (differs (self))
    show_error (self, self->repeat, _("The two passwords are not the same."));
  else
    show_error (self, NULL, NULL);
  update (self);
}

/* Where a network has no socket to be set by hand, there is no switch for it. */
static void
show_websocket (BurbleAccountForm *self, const char *network)
{
  const BurbleNetworkWords *words = burble_words_get_network (network);
  gboolean has = words != NULL && words->websocket != NULL;

  adw_switch_row_set_active (self->websocket, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->websocket), has);
  if (!has)
    return;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->websocket), _(words->websocket_about));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->path), _(words->websocket));
  gtk_editable_set_text (self->path,
                         words->websocket_usual != NULL ? words->websocket_usual : "");
}

static void
network_changed_cb (BurbleAccountForm *self)
{
  const char *network = chosen_network (self);
  g_autofree char *title = NULL;

  if (network == NULL)
    return;
  show_websocket (self, network);
  title = burble_words_address (network);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->address), title);
}

static void
added_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleAccountForm) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean added = burble_session_add_account_finish (BURBLE_SESSION (object), result, &error);

  if (self->address == NULL) /* disposed */
    return;
  g_clear_object (&self->cancellable);
  update (self);
  if (added)
    {
      gtk_editable_set_text (self->password, "");
      gtk_editable_set_text (self->repeat, "");
      g_signal_emit (self, signals[SIGNAL_DONE], 0);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *sentence = burble_words_for_error (error);
      const char *word = burble_session_error_word (error);
      GtkEditable *field = find_field (self, word);

      show_error (self, field, sentence);
      if (field != NULL)
        gtk_widget_grab_focus (GTK_WIDGET (field));
      else if (g_str_equal (word, "unencrypted"))
        {
          adw_expander_row_set_expanded (self->server, TRUE);
          gtk_widget_grab_focus (GTK_WIDGET (self->plain));
        }
    }
}

/* NULL without one. */
static char *
websocket_place (BurbleAccountForm *self)
{
  const BurbleNetworkWords *words = burble_words_get_network (chosen_network (self));
  g_autofree char *place = g_strdup (gtk_editable_get_text (self->path));

  if (!adw_switch_row_get_active (self->websocket))
    return NULL;
  g_strstrip (place);
  return g_strdup (*place != '\0' || words == NULL ? place : words->websocket_usual);
}

/* Out of what is in the fields. */
static BurbleAccount *
make_account (BurbleAccountForm *self)
{
  g_autofree char *address = g_strdup (gtk_editable_get_text (self->address));
  const char *host = gtk_editable_get_text (self->host);
  g_autofree char *websocket = websocket_place (self);
  BurbleAccount *account = burble_account_new (NULL, chosen_network (self),
                                               g_strstrip (address));

  burble_account_set_host (account, *host != '\0' ? host : NULL);
  gtk_spin_button_update (self->port); /* what was typed a moment ago, too */
  burble_account_set_port (account, (guint) gtk_spin_button_get_value_as_int (self->port));
  burble_account_set_websocket (account, websocket);
  burble_account_set_plain (account, adw_switch_row_get_active (self->plain));
  return account;
}

static void
place_changed_cb (BurbleAccountForm *self)
{
  if (self->answer != NULL) /* not disposed */
    burble_server_row_forget (self->answer);
}

/* Names that are half written are not looked up. */
static void
place_left_cb (BurbleAccountForm *self)
{
  g_autoptr(BurbleAccount) account = NULL;

  if (self->answer == NULL || self->session == NULL || chosen_network (self) == NULL
      || !gtk_widget_get_mapped (GTK_WIDGET (self))
      || strchr (gtk_editable_get_text (self->address), '@') == NULL)
    return;
  account = make_account (self);
  burble_server_row_ask (self->answer, self->session, account);
}

static void
submit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleAccountForm *self = BURBLE_ACCOUNT_FORM (widget);
  g_autoptr(BurbleAccount) account = NULL;

  if (self->session == NULL || chosen_network (self) == NULL || self->cancellable != NULL)
    return;
  account = make_account (self);
  show_error (self, NULL, NULL);
  self->cancellable = g_cancellable_new ();
  update (self);
  burble_session_add_account_async (self->session, account, gtk_editable_get_text (self->password),
                                    adw_switch_row_get_active (self->remember), self->creating,
                                    NULL, self->cancellable, added_cb, g_object_ref (self));
}

static void
submit_cb (BurbleAccountForm *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "account-form.submit", NULL);
}

static gboolean
burble_account_form_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (BURBLE_ACCOUNT_FORM (widget)->address));
}

static void
burble_account_form_unroot (GtkWidget *widget)
{
  BurbleAccountForm *self = BURBLE_ACCOUNT_FORM (widget);

  /* The dialog or page is gone: nobody waits for the answer any more. */
  g_cancellable_cancel (self->cancellable);
  GTK_WIDGET_CLASS (burble_account_form_parent_class)->unroot (widget);
}

static void
burble_account_form_dispose (GObject *object)
{
  BurbleAccountForm *self = BURBLE_ACCOUNT_FORM (object);

  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_ACCOUNT_FORM);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (burble_account_form_parent_class)->dispose (object);
}

static void
burble_account_form_finalize (GObject *object)
{
  BurbleAccountForm *self = BURBLE_ACCOUNT_FORM (object);

  g_clear_pointer (&self->networks, g_strfreev);
  G_OBJECT_CLASS (burble_account_form_parent_class)->finalize (object);
}

static void
burble_account_form_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleAccountForm *self = BURBLE_ACCOUNT_FORM (object);

  switch ((BurbleAccountFormProperty) prop_id)
    {
    case PROP_CREATING:
      g_value_set_boolean (value, self->creating);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_account_form_set_property (GObject *object, guint prop_id, const GValue *value,
                                  GParamSpec *pspec)
{
  BurbleAccountForm *self = BURBLE_ACCOUNT_FORM (object);

  switch ((BurbleAccountFormProperty) prop_id)
    {
    case PROP_CREATING:
      self->creating = g_value_get_boolean (value);
      edited_cb (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_account_form_class_init (BurbleAccountFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = burble_account_form_dispose;
  object_class->finalize = burble_account_form_finalize;
  object_class->get_property = burble_account_form_get_property;
  object_class->set_property = burble_account_form_set_property;
  widget_class->grab_focus = burble_account_form_grab_focus;
  widget_class->unroot = burble_account_form_unroot;

  properties[PROP_CREATING] =
    g_param_spec_boolean ("creating", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[SIGNAL_DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (BURBLE_TYPE_SERVER_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/burble/Burble/accounts/burble-account-form.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, network);
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, address);
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, answer);
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, password);
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, repeat);
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, list);
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, error_row);
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, field_error);
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, remember);
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, server);
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, host);
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, port);
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, websocket);
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, path);
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, plain);
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, error);
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, submit_stack);
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountForm, submit);
  gtk_widget_class_bind_template_callback (widget_class, server_words);
  gtk_widget_class_bind_template_callback (widget_class, submit_label);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, network_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, place_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, place_left_cb);
  gtk_widget_class_bind_template_callback (widget_class, submit_cb);
  gtk_widget_class_install_action (widget_class, "account-form.submit", NULL, submit_action);
}

static void
burble_account_form_init (BurbleAccountForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

void
burble_account_form_set_session (BurbleAccountForm *self, BurbleSession *session,
                                 const char * const *networks)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  guint n = networks != NULL ? g_strv_length ((char **) networks) : 0;

  g_return_if_fail (BURBLE_IS_ACCOUNT_FORM (self));

  g_set_object (&self->session, session);
  g_clear_pointer (&self->networks, g_strfreev);
  self->networks = g_strdupv ((char **) networks);
  for (guint i = 0; i < n; i++)
    gtk_string_list_append (names, burble_words_network (networks[i]));
  burble_choices_set_up (self->network, NULL);
  adw_combo_row_set_model (self->network, G_LIST_MODEL (names));
  gtk_widget_set_visible (GTK_WIDGET (self->network), n > 1);
  network_changed_cb (self);
}
