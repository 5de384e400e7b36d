/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-account-row"

#include "config.h"

#include "burble-account-row.h"

#include <glib/gi18n-lib.h>

#include "burble-account-mark.h"
#include "burble-words.h"

struct _BurbleAccountRow
{
  AdwExpanderRow parent_instance;

  GtkSwitch *toggle;

  BurbleSession *session;
  BurbleAccount *account;
};

G_DEFINE_FINAL_TYPE (BurbleAccountRow, burble_account_row, ADW_TYPE_EXPANDER_ROW)

typedef enum
{
  PROP_ACCOUNT = 1,
} BurbleAccountRowProperty;

typedef enum
{
  SIGNAL_REMOVE,
} BurbleAccountRowSignal;

static GParamSpec *properties[PROP_ACCOUNT + 1];
static guint signals[SIGNAL_REMOVE + 1];

static char *
state_words (BurbleAccountRow *self, const char *network, BurbleAccountState state,
             gboolean enabled)
{
  return burble_words_account (network, state, enabled);
}

static char *
error_words (BurbleAccountRow *self, const char *error, const char *detail)
{
  return burble_words_error (error, detail);
}

static char *
network_words (BurbleAccountRow *self, const char *network)
{
  return g_strdup (burble_words_network (network));
}

static gboolean
is_set (BurbleAccountRow *self, const char *text)
{
  return text != NULL && *text != '\0';
}

static void
toggle_notify_cb (BurbleAccountRow *self)
{
  gboolean active = gtk_switch_get_active (self->toggle);

  if (self->session != NULL && active != burble_account_get_enabled (self->account))
    burble_session_set_account_enabled (self->session, self->account, active);
}

static void
remove_activated_cb (BurbleAccountRow *self)
{
  g_signal_emit (self, signals[SIGNAL_REMOVE], 0, self->account);
}

static void
burble_account_row_dispose (GObject *object)
{
  BurbleAccountRow *self = BURBLE_ACCOUNT_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_ACCOUNT_ROW);
  g_clear_object (&self->account);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (burble_account_row_parent_class)->dispose (object);
}

static void
burble_account_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleAccountRow *self = BURBLE_ACCOUNT_ROW (object);

  switch ((BurbleAccountRowProperty) prop_id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_account_row_class_init (BurbleAccountRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = burble_account_row_dispose;
  object_class->get_property = burble_account_row_get_property;

  properties[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, BURBLE_TYPE_ACCOUNT,
                                                  G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY |
                                                  G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[SIGNAL_REMOVE] = g_signal_new ("remove", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, BURBLE_TYPE_ACCOUNT);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/im/burble/Burble/preferences/burble-account-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleAccountRow, toggle);
  gtk_widget_class_bind_template_callback (widget_class, state_words);
  gtk_widget_class_bind_template_callback (widget_class, error_words);
  gtk_widget_class_bind_template_callback (widget_class, network_words);
  gtk_widget_class_bind_template_callback (widget_class, is_set);
  gtk_widget_class_bind_template_callback (widget_class, remove_activated_cb);
}

static void
burble_account_row_init (BurbleAccountRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
burble_account_row_new (BurbleSession *session, BurbleAccount *account)
{
  BurbleAccountRow *self = g_object_new (BURBLE_TYPE_ACCOUNT_ROW, NULL);

  g_return_val_if_fail (BURBLE_IS_ACCOUNT (account), GTK_WIDGET (self));

  self->account = g_object_ref (account);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCOUNT]);
  /* The title names the part that expands, and not the whole. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  burble_account_get_address (account), -1);
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (self), burble_account_mark_new (account));
  g_set_object (&self->session, session);
  g_signal_connect_object (self->toggle, "notify::active", G_CALLBACK (toggle_notify_cb), self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
