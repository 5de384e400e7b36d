/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-own-menu"

#include "config.h"

#include "burble-own-menu.h"

#include <glib/gi18n-lib.h>

#include "burble-account-mark.h"
#include "burble-item-watch.h"
#include "burble-presence-badge.h"
#include "burble-words.h"

struct _BurbleOwnMenu
{
  AdwBin parent_instance;

  GtkMenuButton *button;
  AdwAvatar *avatar;
  BurblePresenceBadge *badge;
  GtkListBox *statuses;
  GtkListBox *mood_list;
  AdwEntryRow *mood;
  GtkListBox *accounts;
  GtkCheckButton *checks[4]; /* NULL until the menu is opened */

  BurbleSession *session;
  BurbleItemWatch *watch;
};

G_DEFINE_FINAL_TYPE (BurbleOwnMenu, burble_own_menu, ADW_TYPE_BIN)

static const BurbleStatus offered[] = {
  BURBLE_STATUS_AVAILABLE, BURBLE_STATUS_AWAY, BURBLE_STATUS_DND, BURBLE_STATUS_INVISIBLE,
};

/* The first one that is switched on speaks for all: status and mood are set for all of them. */
static BurbleAccount *
find_account (BurbleOwnMenu *self)
{
  GListModel *accounts = self->session != NULL ? burble_session_get_accounts (self->session) : NULL;
  guint n = accounts != NULL ? g_list_model_get_n_items (accounts) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BurbleAccount) account = g_list_model_get_item (accounts, i);

      if (burble_account_get_enabled (account))
        return account; /* the list keeps it alive */
    }
  return NULL;
}

/* What any of those who are online can do: it is no loss that others cannot. All of it as long as
 * nobody is. */
static BurbleFeatures
find_features (BurbleOwnMenu *self)
{
  GListModel *accounts = self->session != NULL ? burble_session_get_accounts (self->session) : NULL;
  guint n = accounts != NULL ? g_list_model_get_n_items (accounts) : 0;
  BurbleFeatures features = BURBLE_FEATURE_NONE;
  gboolean online = FALSE;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BurbleAccount) account = g_list_model_get_item (accounts, i);

      if (!burble_account_get_enabled (account)
          || burble_account_get_state (account) != BURBLE_ACCOUNT_ONLINE)
        continue;
      online = TRUE;
      features |= burble_account_get_features (account);
    }
  return online ? features : (BurbleFeatures) ~0u;
}

static void
update (BurbleOwnMenu *self)
{
  BurbleAccount *account = find_account (self);
  gboolean online = account != NULL && burble_account_get_state (account) == BURBLE_ACCOUNT_ONLINE;
  BurbleStatus wished = account != NULL ? burble_account_get_status (account)
    : BURBLE_STATUS_OFFLINE;
  BurbleFeatures features = find_features (self);
  const char *name = account != NULL ? burble_account_get_display_name (account) : "";
  g_autofree char *label = NULL;

  adw_avatar_set_text (self->avatar, name);
  g_object_set (self->badge, "status", online ? wished : BURBLE_STATUS_OFFLINE, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (offered); i++)
    if (self->checks[i] != NULL)
      gtk_check_button_set_active (self->checks[i], offered[i] == wished);
  if (account != NULL &&
      !gtk_widget_has_focus (GTK_WIDGET (gtk_editable_get_delegate (GTK_EDITABLE (self->mood)))))
    {
      const char *mood = burble_account_get_mood (account);

      if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->mood)), mood != NULL ? mood
                     : "") != 0)
        gtk_editable_set_text (GTK_EDITABLE (self->mood), mood != NULL ? mood : "");
    }
  gtk_widget_set_visible (GTK_WIDGET (self->statuses), (features & BURBLE_FEATURE_PRESENCE) != 0);
  gtk_widget_set_visible (GTK_WIDGET (self->mood_list), (features & BURBLE_FEATURE_MOOD) != 0);
  label = g_strdup_printf (_("Your status: %s"), burble_words_status (online ? wished
                                                                      : BURBLE_STATUS_OFFLINE));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

static void
set_presence (BurbleOwnMenu *self, BurbleStatus status)
{
  if (self->session != NULL)
    burble_session_set_presence (self->session, NULL, status,
                                 gtk_editable_get_text (GTK_EDITABLE (self->mood)));
}

static void
status_activated_cb (BurbleOwnMenu *self, GtkListBoxRow *row)
{
  set_presence (self, offered[gtk_list_box_row_get_index (row)]);
  gtk_menu_button_popdown (self->button);
}

static void
mood_apply_cb (BurbleOwnMenu *self)
{
  BurbleAccount *account = find_account (self);

  if (account != NULL)
    set_presence (self, burble_account_get_status (account));
}

static char *
state_words (gpointer row, const char *network, BurbleAccountState state, gboolean enabled)
{
  return burble_words_account (network, state, enabled);
}

static void
enabled_notify_cb (GtkSwitch *toggle, GParamSpec *pspec, BurbleOwnMenu *self)
{
  BurbleAccount *account = g_object_get_data (G_OBJECT (toggle), "account");

  if (self->session != NULL &&
      gtk_switch_get_active (toggle) != burble_account_get_enabled (account))
    burble_session_set_account_enabled (self->session, account, gtk_switch_get_active (toggle));
}

static GtkWidget *
create_account_row (gpointer item, gpointer user_data)
{
  BurbleOwnMenu *self = user_data;
  BurbleAccount *account = item;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *toggle = gtk_switch_new ();
  GtkExpression *params[] = {
    gtk_property_expression_new (BURBLE_TYPE_ACCOUNT, NULL, "network"),
    gtk_property_expression_new (BURBLE_TYPE_ACCOUNT, NULL, "state"),
    gtk_property_expression_new (BURBLE_TYPE_ACCOUNT, NULL, "enabled"),
  };
  g_autoptr(GtkExpression) words = gtk_cclosure_expression_new (G_TYPE_STRING, NULL,
                                                                G_N_ELEMENTS (params), params,
                                                                G_CALLBACK (state_words), NULL,
                                                                NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), burble_account_get_address (account));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  gtk_expression_bind (gtk_expression_ref (words), row, "subtitle", account);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), burble_account_mark_new (account));
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (toggle), "account", g_object_ref (account), g_object_unref);
  g_object_bind_property (account, "enabled", toggle, "active", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (toggle, "notify::active", G_CALLBACK (enabled_notify_cb), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
  return row;
}

static void
bind_accounts (BurbleOwnMenu *self)
{
  GListModel *accounts = self->session != NULL ? burble_session_get_accounts (self->session) : NULL;

  gtk_list_box_bind_model (self->accounts, accounts, accounts != NULL ? create_account_row : NULL,
                           self, NULL);
}

static void
add_status_row (BurbleOwnMenu *self, gsize index)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *shape = g_object_new (BURBLE_TYPE_PRESENCE_BADGE, "status", offered[index], "valign",
                                   GTK_ALIGN_CENTER,
                                   NULL);

  self->checks[index] = GTK_CHECK_BUTTON (gtk_check_button_new ());
  if (index > 0)
    gtk_check_button_set_group (self->checks[index], self->checks[0]);
  gtk_widget_set_valign (GTK_WIDGET (self->checks[index]), GTK_ALIGN_CENTER);
  /* The row is what is chosen; this tells which one it is. */
  gtk_widget_set_can_target (GTK_WIDGET (self->checks[index]), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self->checks[index]), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->checks[index]),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  burble_words_status (offered[index]), -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), burble_words_status (offered[index]));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), shape);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), GTK_WIDGET (self->checks[index]));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_list_box_append (self->statuses, row);
}

/* Rows are made of many widgets: these are made when somebody opens the menu first. */
static void
fill (GtkMenuButton *button, gpointer user_data)
{
  BurbleOwnMenu *self = user_data;

  if (self->checks[0] != NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (offered); i++)
    add_status_row (self, i);
  bind_accounts (self);
  update (self);
}

static void
burble_own_menu_dispose (GObject *object)
{
  BurbleOwnMenu *self = BURBLE_OWN_MENU (object);

  g_clear_object (&self->watch);
  g_clear_object (&self->session);
  adw_bin_set_child (ADW_BIN (object), NULL); /* before GTK lets go of it unseen by the bin */
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_OWN_MENU);
  G_OBJECT_CLASS (burble_own_menu_parent_class)->dispose (object);
}

static void
burble_own_menu_class_init (BurbleOwnMenuClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = burble_own_menu_dispose;

  g_type_ensure (BURBLE_TYPE_PRESENCE_BADGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/burble/Burble/sidebar/burble-own-menu.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleOwnMenu, button);
  gtk_widget_class_bind_template_child (widget_class, BurbleOwnMenu, avatar);
  gtk_widget_class_bind_template_child (widget_class, BurbleOwnMenu, badge);
  gtk_widget_class_bind_template_child (widget_class, BurbleOwnMenu, statuses);
  gtk_widget_class_bind_template_child (widget_class, BurbleOwnMenu, mood_list);
  gtk_widget_class_bind_template_child (widget_class, BurbleOwnMenu, mood);
  gtk_widget_class_bind_template_child (widget_class, BurbleOwnMenu, accounts);
  gtk_widget_class_bind_template_callback (widget_class, status_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, mood_apply_cb);
}

static void
burble_own_menu_init (BurbleOwnMenu *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->button, fill, self, NULL);
  update (self);
}

void
burble_own_menu_set_session (BurbleOwnMenu *self, BurbleSession *session)
{
  static const char * const names[] = {
    "state", "status", "mood", "enabled", "display-name", "features", NULL,
  };
  GListModel *accounts;

  g_return_if_fail (BURBLE_IS_OWN_MENU (self));

  if (!g_set_object (&self->session, session))
    return;
  g_clear_object (&self->watch);
  accounts = session != NULL ? burble_session_get_accounts (session) : NULL;
  if (self->checks[0] != NULL)
    bind_accounts (self);
  if (accounts != NULL)
    {
      self->watch = burble_item_watch_new (accounts, names);
      g_signal_connect_object (self->watch, "changed", G_CALLBACK (update), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (accounts, "items-changed", G_CALLBACK (update), self,
                               G_CONNECT_SWAPPED);
    }
  update (self);
}
