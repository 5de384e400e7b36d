/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-account"

#include "config.h"

#include "burble-account.h"

#include "burble-enum-types.h"
#include "burble-property-private.h"
#include "burble-text-private.h"

struct _BurbleAccount
{
  GObject parent_instance;

  char *uid;
  char *network;
  char *address;
  char *local_part;
  char *name;
  char *host;
  char *websocket;
  char *pin;
  char *mood;
  char *error;
  char *error_detail;
  guint port;
  gboolean enabled;
  gboolean plain;
  BurbleStatus status;
  BurbleAccountState state;
  BurbleFeatures features;
  char *mark;
  guint mark_color;
};

G_DEFINE_FINAL_TYPE (BurbleAccount, burble_account, G_TYPE_OBJECT)

typedef enum
{
  PROP_UID = 1,
  PROP_NETWORK,
  PROP_ADDRESS,
  PROP_ENABLED,
  PROP_HOST,
  PROP_PORT,
  PROP_PLAIN,
  PROP_WEBSOCKET,
  PROP_PIN,
  PROP_STATUS,
  PROP_MOOD,
  PROP_NAME,
  PROP_DISPLAY_NAME,
  PROP_STATE,
  PROP_ERROR,
  PROP_ERROR_DETAIL,
  PROP_FEATURES,
  PROP_MARK,
} BurbleAccountProperty;

static GParamSpec *properties[PROP_MARK + 1];

static void
burble_account_finalize (GObject *object)
{
  BurbleAccount *self = BURBLE_ACCOUNT (object);

  g_free (self->uid);
  g_free (self->network);
  g_free (self->address);
  g_free (self->local_part);
  g_free (self->name);
  g_free (self->host);
  g_free (self->websocket);
  g_free (self->pin);
  g_free (self->mood);
  g_free (self->error);
  g_free (self->error_detail);
  g_free (self->mark);

  G_OBJECT_CLASS (burble_account_parent_class)->finalize (object);
}

static void
burble_account_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleAccount *self = BURBLE_ACCOUNT (object);

  switch ((BurbleAccountProperty) prop_id)
    {
    case PROP_UID:
      g_value_set_string (value, self->uid);
      break;
    case PROP_NETWORK:
      g_value_set_string (value, self->network);
      break;
    case PROP_ADDRESS:
      g_value_set_string (value, self->address);
      break;
    case PROP_ENABLED:
      g_value_set_boolean (value, self->enabled);
      break;
    case PROP_HOST:
      g_value_set_string (value, self->host);
      break;
    case PROP_PORT:
      g_value_set_uint (value, self->port);
      break;
    case PROP_PLAIN:
      g_value_set_boolean (value, self->plain);
      break;
    case PROP_WEBSOCKET:
      g_value_set_string (value, self->websocket);
      break;
    case PROP_PIN:
      g_value_set_string (value, self->pin);
      break;
    case PROP_STATUS:
      g_value_set_enum (value, self->status);
      break;
    case PROP_MOOD:
      g_value_set_string (value, self->mood);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_DISPLAY_NAME:
      g_value_set_string (value, burble_account_get_display_name (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    case PROP_ERROR_DETAIL:
      g_value_set_string (value, self->error_detail);
      break;
    case PROP_FEATURES:
      g_value_set_flags (value, self->features);
      break;
    case PROP_MARK:
      g_value_set_string (value, self->mark);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_account_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  BurbleAccount *self = BURBLE_ACCOUNT (object);

  switch ((BurbleAccountProperty) prop_id)
    {
    case PROP_ENABLED:
      burble_account_set_enabled (self, g_value_get_boolean (value));
      break;
    case PROP_HOST:
      burble_account_set_host (self, g_value_get_string (value));
      break;
    case PROP_PORT:
      burble_account_set_port (self, g_value_get_uint (value));
      break;
    case PROP_PLAIN:
      burble_account_set_plain (self, g_value_get_boolean (value));
      break;
    case PROP_WEBSOCKET:
      burble_account_set_websocket (self, g_value_get_string (value));
      break;
    case PROP_PIN:
      burble_account_set_pin (self, g_value_get_string (value));
      break;
    case PROP_STATUS:
      burble_account_set_status (self, g_value_get_enum (value));
      break;
    case PROP_MOOD:
      burble_account_set_mood (self, g_value_get_string (value));
      break;
    case PROP_NAME:
      burble_account_set_name (self, g_value_get_string (value));
      break;
    case PROP_STATE:
      burble_account_set_state (self, g_value_get_enum (value));
      break;
    case PROP_FEATURES:
      burble_account_set_features (self, g_value_get_flags (value));
      break;
    case PROP_UID:
    case PROP_NETWORK:
    case PROP_ADDRESS:
    case PROP_DISPLAY_NAME:
    case PROP_ERROR:
    case PROP_ERROR_DETAIL:
    case PROP_MARK:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_account_class_init (BurbleAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags rw = ro | G_PARAM_WRITABLE;

  object_class->finalize = burble_account_finalize;
  object_class->get_property = burble_account_get_property;
  object_class->set_property = burble_account_set_property;

  properties[PROP_UID] = g_param_spec_string ("uid", NULL, NULL, NULL, ro);
  properties[PROP_NETWORK] = g_param_spec_string ("network", NULL, NULL, NULL, ro);
  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, ro);
  properties[PROP_ENABLED] = g_param_spec_boolean ("enabled", NULL, NULL, TRUE, rw);
  properties[PROP_HOST] = g_param_spec_string ("host", NULL, NULL, NULL, rw);
  properties[PROP_PORT] = g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, 0, rw);
  properties[PROP_PLAIN] = g_param_spec_boolean ("plain", NULL, NULL, FALSE, rw);
  properties[PROP_WEBSOCKET] = g_param_spec_string ("websocket", NULL, NULL, NULL, rw);
  properties[PROP_PIN] = g_param_spec_string ("pin", NULL, NULL, NULL, rw);
  properties[PROP_STATUS] = g_param_spec_enum ("status", NULL, NULL, BURBLE_TYPE_STATUS,
                                               BURBLE_STATUS_AVAILABLE, rw);
  properties[PROP_MOOD] = g_param_spec_string ("mood", NULL, NULL, NULL, rw);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, rw);
  properties[PROP_DISPLAY_NAME] = g_param_spec_string ("display-name", NULL, NULL, NULL, ro);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, BURBLE_TYPE_ACCOUNT_STATE,
                                              BURBLE_ACCOUNT_OFFLINE, rw);
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, ro);
  properties[PROP_ERROR_DETAIL] = g_param_spec_string ("error-detail", NULL, NULL, NULL, ro);
  properties[PROP_FEATURES] = g_param_spec_flags ("features", NULL, NULL, BURBLE_TYPE_FEATURES,
                                                  BURBLE_FEATURE_NONE, rw);
  properties[PROP_MARK] = g_param_spec_string ("mark", NULL, NULL, NULL, ro);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
burble_account_init (BurbleAccount *self)
{
  self->enabled = TRUE;
  self->status = BURBLE_STATUS_AVAILABLE;
}

/**
 * burble_account_new:
 * @uid: (nullable): the local name that never changes; %NULL makes a random one
 * @network: the kind of network, like `gurgle`
 * @address: the bare id on that network
 *
 * Returns: (transfer full): a new account, enabled and offline
 */
BurbleAccount *
burble_account_new (const char *uid, const char *network, const char *address)
{
  BurbleAccount *self = NULL;

  g_return_val_if_fail (network != NULL, NULL);
  g_return_val_if_fail (address != NULL, NULL);

  self = g_object_new (BURBLE_TYPE_ACCOUNT, NULL);
  self->uid = uid != NULL ? g_strdup (uid) : g_uuid_string_random ();
  self->network = g_strdup (network);
  self->address = g_strdup (address);
  self->local_part = burble_text_local_part (address);
  return self;
}

const char *
burble_account_get_uid (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), NULL);

  return self->uid;
}

const char *
burble_account_get_network (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), NULL);

  return self->network;
}

const char *
burble_account_get_address (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), NULL);

  return self->address;
}

gboolean
burble_account_get_enabled (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), FALSE);

  return self->enabled;
}

void
burble_account_set_enabled (BurbleAccount *self, gboolean enabled)
{
  g_return_if_fail (BURBLE_IS_ACCOUNT (self));

  burble_property_set_boolean (self, &self->enabled, enabled, properties[PROP_ENABLED]);
}

/**
 * burble_account_get_host:
 * @self: an account
 *
 * Returns: (nullable): the server that the user typed, %NULL if it is found by the address
 */
const char *
burble_account_get_host (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), NULL);

  return self->host;
}

void
burble_account_set_host (BurbleAccount *self, const char *host)
{
  g_return_if_fail (BURBLE_IS_ACCOUNT (self));

  burble_property_set_text (self, &self->host, host, properties[PROP_HOST]);
}

/**
 * burble_account_get_port:
 * @self: an account
 *
 * Returns: the port that the user typed, 0 for the network's own
 */
guint
burble_account_get_port (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), 0);

  return self->port;
}

void
burble_account_set_port (BurbleAccount *self, guint port)
{
  g_return_if_fail (BURBLE_IS_ACCOUNT (self));
  g_return_if_fail (port <= G_MAXUINT16);

  if (self->port == port)
    return;
  self->port = port;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PORT]);
}

/**
 * burble_account_get_plain:
 * @self: an account
 *
 * Returns: whether the user chose to go without encryption
 */
gboolean
burble_account_get_plain (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), FALSE);

  return self->plain;
}

void
burble_account_set_plain (BurbleAccount *self, gboolean plain)
{
  g_return_if_fail (BURBLE_IS_ACCOUNT (self));

  burble_property_set_boolean (self, &self->plain, plain, properties[PROP_PLAIN]);
}

/**
 * burble_account_get_websocket:
 * @self: an account
 *
 * Returns: (nullable): where the WebSocket is that the user chose to go through, a path on the
 *   server or a whole address; %NULL without
 */
const char *
burble_account_get_websocket (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), NULL);

  return self->websocket;
}

void
burble_account_set_websocket (BurbleAccount *self, const char *place)
{
  g_return_if_fail (BURBLE_IS_ACCOUNT (self));

  burble_property_set_text (self, &self->websocket, place, properties[PROP_WEBSOCKET]);
}

/**
 * burble_account_get_pin:
 * @self: an account
 *
 * Returns: (nullable): the fingerprint of the certificate that the user trusts, see
 *   burble_certificate_get_fingerprint()
 */
const char *
burble_account_get_pin (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), NULL);

  return self->pin;
}

void
burble_account_set_pin (BurbleAccount *self, const char *pin)
{
  g_return_if_fail (BURBLE_IS_ACCOUNT (self));

  burble_property_set_text (self, &self->pin, pin, properties[PROP_PIN]);
}

/**
 * burble_account_get_status:
 * @self: an account
 *
 * Returns: the presence that the user wants, kept over restarts; see [property@Account:state] for
 *   what is
 */
BurbleStatus
burble_account_get_status (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), BURBLE_STATUS_OFFLINE);

  return self->status;
}

void
burble_account_set_status (BurbleAccount *self, BurbleStatus status)
{
  g_return_if_fail (BURBLE_IS_ACCOUNT (self));

  if (self->status == status)
    return;
  self->status = status;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

const char *
burble_account_get_mood (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), NULL);

  return self->mood;
}

void
burble_account_set_mood (BurbleAccount *self, const char *mood)
{
  g_return_if_fail (BURBLE_IS_ACCOUNT (self));

  burble_property_set_text (self, &self->mood, mood, properties[PROP_MOOD]);
}

const char *
burble_account_get_name (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), NULL);

  return self->name;
}

void
burble_account_set_name (BurbleAccount *self, const char *name)
{
  g_autofree char *before = NULL;

  g_return_if_fail (BURBLE_IS_ACCOUNT (self));

  before = g_strdup (burble_account_get_display_name (self));
  if (!g_set_str (&self->name, burble_text_or_null (name)))
    return;
  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
  if (g_strcmp0 (before, burble_account_get_display_name (self)) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DISPLAY_NAME]);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * burble_account_get_display_name:
 * @self: an account
 *
 * Returns: (not nullable): the name the user or the server gave, else the part of the address
 *   before the `@`, else the network's name; never empty
 */
const char *
burble_account_get_display_name (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), "?");

  if (self->name != NULL)
    return self->name;
  if (*self->local_part != '\0')
    return self->local_part;
  return *self->network != '\0' ? self->network : "?";
}

/**
 * burble_account_get_state:
 * @self: an account
 *
 * Returns: how things stand now; never stored
 */
BurbleAccountState
burble_account_get_state (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), BURBLE_ACCOUNT_OFFLINE);

  return self->state;
}

void
burble_account_set_state (BurbleAccount *self, BurbleAccountState state)
{
  g_return_if_fail (BURBLE_IS_ACCOUNT (self));

  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/**
 * burble_account_get_error:
 * @self: an account
 *
 * Returns: (nullable): a machine word for what went wrong: `password`, `certificate-changed`,
 *   `unreachable` or a server's own; %NULL when all is well
 */
const char *
burble_account_get_error (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), NULL);

  return self->error;
}

/**
 * burble_account_get_error_detail:
 * @self: an account
 *
 * Returns: (nullable): the server's own sentence about the error, where it gave one
 */
const char *
burble_account_get_error_detail (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), NULL);

  return self->error_detail;
}

/**
 * burble_account_set_error:
 * @self: an account
 * @error: (nullable): a machine word for what went wrong; %NULL when all is well
 * @detail: (nullable): the server's own sentence about it
 *
 * Both change before either is notified, so a handler of one sees the other as well.
 */
void
burble_account_set_error (BurbleAccount *self, const char *error, const char *detail)
{
  g_return_if_fail (BURBLE_IS_ACCOUNT (self));

  g_object_freeze_notify (G_OBJECT (self));
  burble_property_set_text (self, &self->error, error, properties[PROP_ERROR]);
  burble_property_set_text (self, &self->error_detail, detail, properties[PROP_ERROR_DETAIL]);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * burble_account_get_features:
 * @self: an account
 *
 * Returns: what the connection could do when it was online last; none before that
 */
BurbleFeatures
burble_account_get_features (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), BURBLE_FEATURE_NONE);

  return self->features;
}

void
burble_account_set_features (BurbleAccount *self, BurbleFeatures features)
{
  g_return_if_fail (BURBLE_IS_ACCOUNT (self));

  if (self->features == features)
    return;
  self->features = features;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FEATURES]);
}

const char *
burble_account_get_mark (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), NULL);

  return self->mark;
}

guint
burble_account_get_mark_color (BurbleAccount *self)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (self), 0);

  return self->mark_color;
}

/**
 * burble_account_set_mark:
 * @self: an account
 * @mark: (nullable): a short text, or %NULL where there is no other account
 * @color: which of the colours it has, counted from 0
 */
void
burble_account_set_mark (BurbleAccount *self, const char *mark, guint color)
{
  gboolean same = FALSE;

  g_return_if_fail (BURBLE_IS_ACCOUNT (self));

  same = self->mark_color == color;
  self->mark_color = color;
  if (!g_set_str (&self->mark, mark) && same)
    return;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MARK]);
}
