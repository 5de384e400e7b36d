/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-connection-banner"

#include "config.h"

#include "burble-connection-banner.h"

#include "burble-item-watch.h"
#include "burble-words.h"

struct _BurbleConnectionBanner
{
  AdwBin parent_instance;

  AdwBanner *banner;
  GListModel *accounts;
  BurbleItemWatch *watch;
  BurbleAccount *shown;
  BurbleRemedy remedy;
  guint delay_id;
  gboolean delay_over;
  gboolean wanted;
};

G_DEFINE_FINAL_TYPE (BurbleConnectionBanner, burble_connection_banner, ADW_TYPE_BIN)

typedef enum
{
  PROP_ACCOUNTS = 1,
  PROP_WANTED,
} BurbleConnectionBannerProperty;

typedef enum
{
  SIGNAL_REMEDY,
} BurbleConnectionBannerSignal;

static GParamSpec *properties[PROP_WANTED + 1];
static guint signals[SIGNAL_REMEDY + 1];

/* Higher wants the user more; 0 is well. */
static guint
urgency (BurbleAccountState state)
{
  switch (state)
    {
    case BURBLE_ACCOUNT_NEEDS_CERTIFICATE:
      return 6;
    case BURBLE_ACCOUNT_NEEDS_PASSWORD:
      return 5;
    case BURBLE_ACCOUNT_FAILED:
      return 4;
    case BURBLE_ACCOUNT_WAITING:
      return 3;
    case BURBLE_ACCOUNT_CONNECTING:
      return 2;
    case BURBLE_ACCOUNT_OFFLINE:
      return 1;
    case BURBLE_ACCOUNT_ONLINE:
    default:
      return 0;
    }
}

static gboolean
is_patient (BurbleAccountState state)
{
  return state == BURBLE_ACCOUNT_WAITING || state == BURBLE_ACCOUNT_CONNECTING;
}

static BurbleAccount *
find_most_urgent (BurbleConnectionBanner *self, guint *n_enabled)
{
  guint n = self->accounts != NULL ? g_list_model_get_n_items (self->accounts) : 0;
  BurbleAccount *most_urgent = NULL;

  *n_enabled = 0;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BurbleAccount) account = g_list_model_get_item (self->accounts, i);
      guint most = most_urgent != NULL ? urgency (burble_account_get_state (most_urgent)) : 0;

      if (!burble_account_get_enabled (account))
        continue;
      (*n_enabled)++;
      if (urgency (burble_account_get_state (account)) > most)
        most_urgent = account;
    }
  return most_urgent;
}

static void burble_connection_banner_update (BurbleConnectionBanner *self);

static gboolean
delay_over_cb (gpointer user_data)
{
  BurbleConnectionBanner *self = user_data;

  self->delay_id = 0;
  self->delay_over = TRUE;
  burble_connection_banner_update (self);
  return G_SOURCE_REMOVE;
}

static void
burble_connection_banner_update (BurbleConnectionBanner *self)
{
  guint n_enabled = 0;
  BurbleAccount *account = find_most_urgent (self, &n_enabled);
  BurbleAccountState state = account != NULL ? burble_account_get_state (account)
    : BURBLE_ACCOUNT_ONLINE;
  g_autofree char *title = NULL;

  g_set_object (&self->shown, account);
  if (!is_patient (state))
    {
      self->delay_over = FALSE;
      g_clear_handle_id (&self->delay_id, g_source_remove);
    }
  else if (!self->delay_over && self->delay_id == 0)
    {
      self->delay_id = g_timeout_add (BURBLE_CONNECTION_BANNER_DELAY_MS, delay_over_cb, self);
    }

  if (account != NULL && (!is_patient (state) || self->delay_over))
    title = burble_words_banner (account, n_enabled > 1, &self->remedy);
  if (title != NULL)
    {
      adw_banner_set_use_markup (self->banner, FALSE);
      adw_banner_set_title (self->banner, title);
      adw_banner_set_button_label (self->banner, burble_words_remedy (self->remedy));
    }
  adw_banner_set_revealed (self->banner, title != NULL && self->wanted);
  /* The last sentence stays in it while it slides away, and after that. */
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->banner), GTK_ACCESSIBLE_STATE_HIDDEN,
                               title == NULL || !self->wanted, -1);
}

static void
burble_connection_banner_button_clicked_cb (BurbleConnectionBanner *self)
{
  if (self->shown != NULL)
    g_signal_emit (self, signals[SIGNAL_REMEDY], 0, self->shown, (int) self->remedy);
}

static void
burble_connection_banner_dispose (GObject *object)
{
  BurbleConnectionBanner *self = BURBLE_CONNECTION_BANNER (object);

  g_clear_handle_id (&self->delay_id, g_source_remove);
  g_clear_object (&self->watch);
  g_clear_object (&self->accounts);
  g_clear_object (&self->shown);
  G_OBJECT_CLASS (burble_connection_banner_parent_class)->dispose (object);
}

static void
burble_connection_banner_get_property (GObject *object, guint prop_id, GValue *value,
                                       GParamSpec *pspec)
{
  BurbleConnectionBanner *self = BURBLE_CONNECTION_BANNER (object);

  switch ((BurbleConnectionBannerProperty) prop_id)
    {
    case PROP_ACCOUNTS:
      g_value_set_object (value, self->accounts);
      break;
    case PROP_WANTED:
      g_value_set_boolean (value, self->wanted);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_connection_banner_set_property (GObject *object, guint prop_id, const GValue *value,
                                       GParamSpec *pspec)
{
  BurbleConnectionBanner *self = BURBLE_CONNECTION_BANNER (object);

  switch ((BurbleConnectionBannerProperty) prop_id)
    {
    case PROP_ACCOUNTS:
      burble_connection_banner_set_accounts (self, g_value_get_object (value));
      break;
    case PROP_WANTED:
      self->wanted = g_value_get_boolean (value);
      burble_connection_banner_update (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_connection_banner_class_init (BurbleConnectionBannerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_connection_banner_dispose;
  object_class->get_property = burble_connection_banner_get_property;
  object_class->set_property = burble_connection_banner_set_property;

  properties[PROP_ACCOUNTS] = g_param_spec_object ("accounts", NULL, NULL, G_TYPE_LIST_MODEL,
                                                   G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                                                   G_PARAM_STATIC_STRINGS);
  /**
   * BurbleConnectionBanner:wanted:
   *
   * Whether this is the place for it: a collapsed window has two panes, and shows one banner.
   */
  properties[PROP_WANTED] = g_param_spec_boolean ("wanted", NULL, NULL, TRUE,
                                                  G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                                                  G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[SIGNAL_REMEDY] = g_signal_new ("remedy", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL,
                                         NULL, G_TYPE_NONE, 2, BURBLE_TYPE_ACCOUNT, G_TYPE_INT);
}

static void
burble_connection_banner_init (BurbleConnectionBanner *self)
{
  self->wanted = TRUE;
  self->banner = ADW_BANNER (adw_banner_new (""));
  g_signal_connect_object (self->banner, "button-clicked",
                           G_CALLBACK (burble_connection_banner_button_clicked_cb),
                           self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->banner));
}

void
burble_connection_banner_set_accounts (BurbleConnectionBanner *self, GListModel *accounts)
{
  static const char * const names[] = { "state", "enabled", "error", NULL };

  g_return_if_fail (BURBLE_IS_CONNECTION_BANNER (self));

  if (!g_set_object (&self->accounts, accounts))
    return;
  g_clear_object (&self->watch);
  if (accounts != NULL)
    {
      self->watch = burble_item_watch_new (accounts, names);
      g_signal_connect_object (self->watch, "changed", G_CALLBACK (burble_connection_banner_update),
                               self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (accounts, "items-changed",
                               G_CALLBACK (burble_connection_banner_update), self,
                               G_CONNECT_SWAPPED);
    }
  burble_connection_banner_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCOUNTS]);
}
