/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-connection"

#include "config.h"

#include "burble-connection.h"

#include <string.h>

#include "burble-backoff.h"
#include "burble-wake-monitor.h"

#define STABLE_AFTER_MS 5000

/*
 * The wish to be online and what follows from it. A subclass makes one attempt at a time:
 *
 *   open ()  … burble_connection_opened () … burble_connection_lost ()
 *   close () … burble_connection_closed ()
 *
 * `linked` is TRUE from open () until lost () or closed (), so there never are two attempts.
 */

typedef struct
{
  BurbleConnectionState state;
  gboolean wanted;  /* the wish */
  gboolean linked;  /* the subclass has something open */
  gboolean closing; /* close () was called, closed () not yet */
  GError *error;
  BurbleCapabilities capabilities;
  BurbleConnectionSettings *settings;
  char *password;
  gboolean create;
  char *invite;

  BurbleWakeMonitor *wake_monitor;
  BurbleBackoff backoff;
  guint retry_ceiling;
  guint stable_after;
  guint retry_source;
  gint64 next_attempt;
  gint64 online_since;
} BurbleConnectionPrivate;

G_DEFINE_ENUM_TYPE (BurbleConnectionState, burble_connection_state,
                    G_DEFINE_ENUM_VALUE (BURBLE_CONNECTION_OFFLINE, "offline"),
                    G_DEFINE_ENUM_VALUE (BURBLE_CONNECTION_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (BURBLE_CONNECTION_ONLINE, "online"),
                    G_DEFINE_ENUM_VALUE (BURBLE_CONNECTION_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (BURBLE_CONNECTION_FAILED, "failed"))

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (BurbleConnection, burble_connection, G_TYPE_OBJECT)

typedef enum
{
  PROP_STATE = 1,
  PROP_ERROR,
  PROP_CAPABILITIES,
  PROP_NEXT_ATTEMPT,
  PROP_WAKE_MONITOR,
  PROP_RETRY_CEILING,
  PROP_STABLE_AFTER,
} BurbleConnectionProperty;

typedef enum
{
  SIGNAL_CERTIFICATE_PROBLEM,
  SIGNAL_SERVER_NOTICE,
} BurbleConnectionSignal;

static GParamSpec *properties[PROP_STABLE_AFTER + 1];
static guint signals[SIGNAL_SERVER_NOTICE + 1];

static void
set_error (BurbleConnection *self, const GError *error)
{
  BurbleConnectionPrivate *priv = burble_connection_get_instance_private (self);

  if (priv->error == error)
    return;
  g_clear_error (&priv->error);
  if (error != NULL)
    priv->error = g_error_copy (error);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

static void
set_next_attempt (BurbleConnection *self, gint64 next_attempt)
{
  BurbleConnectionPrivate *priv = burble_connection_get_instance_private (self);

  if (priv->next_attempt == next_attempt)
    return;
  priv->next_attempt = next_attempt;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NEXT_ATTEMPT]);
}

static void
set_state (BurbleConnection *self, BurbleConnectionState state)
{
  BurbleConnectionPrivate *priv = burble_connection_get_instance_private (self);

  if (priv->state == state)
    return;
  priv->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
attempt (BurbleConnection *self)
{
  BurbleConnectionPrivate *priv = burble_connection_get_instance_private (self);
  g_autoptr(BurbleConnection) alive = g_object_ref (self);

  g_assert (!priv->linked);

  g_clear_handle_id (&priv->retry_source, g_source_remove);
  priv->linked = TRUE;
  set_next_attempt (self, 0);
  set_state (self, BURBLE_CONNECTION_CONNECTING);

  /* Whoever was told may have changed their mind. */
  if (priv->linked && !priv->closing && priv->state == BURBLE_CONNECTION_CONNECTING)
    BURBLE_CONNECTION_GET_CLASS (alive)->open (alive);
}

static void
retry_cb (gpointer user_data)
{
  BurbleConnection *self = user_data;
  BurbleConnectionPrivate *priv = burble_connection_get_instance_private (self);

  priv->retry_source = 0;
  attempt (self);
}

static void
schedule (BurbleConnection *self)
{
  BurbleConnectionPrivate *priv = burble_connection_get_instance_private (self);
  guint delay = burble_backoff_next (&priv->backoff);

  if (priv->retry_ceiling > 0)
    delay = MIN (delay, priv->retry_ceiling);
  g_clear_handle_id (&priv->retry_source, g_source_remove);
  priv->retry_source = g_timeout_add_once (delay, retry_cb, self);
  set_next_attempt (self, g_get_monotonic_time () + delay * G_TIME_SPAN_MILLISECOND);
  set_state (self, BURBLE_CONNECTION_WAITING);
}

static void
wake_monitor_worth_trying_cb (BurbleConnection *self)
{
  BurbleConnectionPrivate *priv = burble_connection_get_instance_private (self);

  if (priv->state == BURBLE_CONNECTION_WAITING && priv->wanted && !priv->linked)
    {
      g_debug ("Trying again at once: the network or the machine is back");
      burble_backoff_reset (&priv->backoff);
      attempt (self);
    }
  else if (priv->state == BURBLE_CONNECTION_ONLINE && !priv->closing)
    {
      if (BURBLE_CONNECTION_GET_CLASS (self)->probe != NULL)
        BURBLE_CONNECTION_GET_CLASS (self)->probe (self);
    }
}

static void
watch_wake_monitor (BurbleConnection *self)
{
  BurbleConnectionPrivate *priv = burble_connection_get_instance_private (self);

  g_signal_connect_object (priv->wake_monitor, "network-up",
                           G_CALLBACK (wake_monitor_worth_trying_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (priv->wake_monitor, "network-changed",
                           G_CALLBACK (wake_monitor_worth_trying_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (priv->wake_monitor, "resumed",
                           G_CALLBACK (wake_monitor_worth_trying_cb), self, G_CONNECT_SWAPPED);
}

static void
wipe (char **secret)
{
  if (*secret != NULL)
    explicit_bzero (*secret, strlen (*secret));
  g_clear_pointer (secret, g_free);
}

static void
burble_connection_dispose (GObject *object)
{
  BurbleConnection *self = BURBLE_CONNECTION (object);
  BurbleConnectionPrivate *priv = burble_connection_get_instance_private (self);

  priv->wanted = FALSE;
  g_clear_handle_id (&priv->retry_source, g_source_remove);
  if (priv->wake_monitor != NULL)
    g_signal_handlers_disconnect_by_data (priv->wake_monitor, self);
  g_clear_object (&priv->wake_monitor);

  G_OBJECT_CLASS (burble_connection_parent_class)->dispose (object);
}

static void
burble_connection_finalize (GObject *object)
{
  BurbleConnection *self = BURBLE_CONNECTION (object);
  BurbleConnectionPrivate *priv = burble_connection_get_instance_private (self);

  g_clear_error (&priv->error);
  g_clear_pointer (&priv->settings, burble_connection_settings_free);
  wipe (&priv->password);
  wipe (&priv->invite);

  G_OBJECT_CLASS (burble_connection_parent_class)->finalize (object);
}

static void
burble_connection_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  BurbleConnection *self = BURBLE_CONNECTION (object);
  BurbleConnectionPrivate *priv = burble_connection_get_instance_private (self);

  switch ((BurbleConnectionProperty) prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, priv->state);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, priv->error);
      break;
    case PROP_CAPABILITIES:
      g_value_set_uint (value, priv->capabilities);
      break;
    case PROP_NEXT_ATTEMPT:
      g_value_set_int64 (value, priv->next_attempt);
      break;
    case PROP_WAKE_MONITOR:
      g_value_set_object (value, priv->wake_monitor);
      break;
    case PROP_RETRY_CEILING:
      g_value_set_uint (value, priv->retry_ceiling);
      break;
    case PROP_STABLE_AFTER:
      g_value_set_uint (value, priv->stable_after);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_connection_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  BurbleConnection *self = BURBLE_CONNECTION (object);
  BurbleConnectionPrivate *priv = burble_connection_get_instance_private (self);

  switch ((BurbleConnectionProperty) prop_id)
    {
    case PROP_WAKE_MONITOR:
      priv->wake_monitor = g_value_dup_object (value);
      if (priv->wake_monitor != NULL)
        watch_wake_monitor (self);
      break;
    case PROP_RETRY_CEILING:
      if (priv->retry_ceiling != g_value_get_uint (value))
        {
          priv->retry_ceiling = g_value_get_uint (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    case PROP_STABLE_AFTER:
      if (priv->stable_after != g_value_get_uint (value))
        {
          priv->stable_after = g_value_get_uint (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    case PROP_STATE:
    case PROP_ERROR:
    case PROP_CAPABILITIES:
    case PROP_NEXT_ATTEMPT:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_connection_class_init (BurbleConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_connection_dispose;
  object_class->finalize = burble_connection_finalize;
  object_class->get_property = burble_connection_get_property;
  object_class->set_property = burble_connection_set_property;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL,
                       BURBLE_TYPE_CONNECTION_STATE, BURBLE_CONNECTION_OFFLINE,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ERROR] =
    g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR,
                        G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CAPABILITIES] =
    g_param_spec_uint ("capabilities", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NEXT_ATTEMPT] =
    g_param_spec_int64 ("next-attempt", NULL, NULL, 0, G_MAXINT64, 0,
                        G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_WAKE_MONITOR] =
    g_param_spec_object ("wake-monitor", NULL, NULL, BURBLE_TYPE_WAKE_MONITOR,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_RETRY_CEILING] =
    g_param_spec_uint ("retry-ceiling", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_STABLE_AFTER] =
    g_param_spec_uint ("stable-after", NULL, NULL, 0, G_MAXUINT, STABLE_AFTER_MS,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_EXPLICIT_NOTIFY
                       | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  /**
   * BurbleConnection::certificate-problem:
   * @self: the connection
   * @certificate: what the server showed
   * @errors: what is wrong with it
   * @pin_changed: whether another certificate was accepted before
   *
   * Emitted before the state becomes %BURBLE_CONNECTION_FAILED.
   */
  signals[SIGNAL_CERTIFICATE_PROBLEM] =
    g_signal_new ("certificate-problem", BURBLE_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE,
                  3, G_TYPE_TLS_CERTIFICATE, G_TYPE_TLS_CERTIFICATE_FLAGS, G_TYPE_BOOLEAN);

  /**
   * BurbleConnection::server-notice:
   * @self: a connection
   * @warning: whether something went wrong
   * @word: (nullable): what it is, as a machine word with dashes
   * @subject: (nullable): whom or what it is about
   * @text: (nullable): what somebody wrote, for people to read; never %NULL without @word
   *
   * The server has something to say to the user.
   */
  signals[SIGNAL_SERVER_NOTICE] =
    g_signal_new ("server-notice", BURBLE_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE,
                  4, G_TYPE_BOOLEAN, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
}

static void
burble_connection_init (BurbleConnection *self)
{
  BurbleConnectionPrivate *priv = burble_connection_get_instance_private (self);

  priv->settings = burble_connection_settings_new (NULL);
}

/**
 * burble_connection_connect:
 * @self: a connection
 *
 * Wishes to be online: makes an attempt now and goes on trying until
 * [method@Connection.disconnect] or an error that needs the user.
 */
void
burble_connection_connect (BurbleConnection *self)
{
  BurbleConnectionPrivate *priv = NULL;

  g_return_if_fail (BURBLE_IS_CONNECTION (self));

  priv = burble_connection_get_instance_private (self);
  priv->wanted = TRUE;
  /* While the old link closes, its end starts the new attempt. */
  if (priv->linked)
    return;

  if (priv->wake_monitor == NULL)
    {
      priv->wake_monitor = burble_wake_monitor_new (NULL, NULL);
      watch_wake_monitor (self);
    }
  burble_backoff_reset (&priv->backoff);
  set_error (self, NULL);
  attempt (self);
}

/**
 * burble_connection_disconnect:
 * @self: a connection
 *
 * Says good-bye where there is somebody to say it to. The state becomes
 * %BURBLE_CONNECTION_OFFLINE, now or when the link has gone.
 */
void
burble_connection_disconnect (BurbleConnection *self)
{
  BurbleConnectionPrivate *priv = NULL;
  g_autoptr(BurbleConnection) alive = NULL;

  g_return_if_fail (BURBLE_IS_CONNECTION (self));

  alive = g_object_ref (self);
  priv = burble_connection_get_instance_private (self);
  priv->wanted = FALSE;
  g_clear_handle_id (&priv->retry_source, g_source_remove);
  set_next_attempt (self, 0);
  if (priv->linked)
    {
      if (!priv->closing)
        {
          priv->closing = TRUE;
          BURBLE_CONNECTION_GET_CLASS (self)->close (self);
        }
    }
  else
    {
      set_error (self, NULL);
      set_state (self, BURBLE_CONNECTION_OFFLINE);
    }
}

BurbleConnectionState
burble_connection_get_state (BurbleConnection *self)
{
  BurbleConnectionPrivate *priv = NULL;

  g_return_val_if_fail (BURBLE_IS_CONNECTION (self), BURBLE_CONNECTION_OFFLINE);

  priv = burble_connection_get_instance_private (self);
  return priv->state;
}

/**
 * burble_connection_get_error:
 * @self: a connection
 *
 * Why the connection is waiting or has failed.
 *
 * Returns: (nullable) (transfer none)
 */
const GError *
burble_connection_get_error (BurbleConnection *self)
{
  BurbleConnectionPrivate *priv = NULL;

  g_return_val_if_fail (BURBLE_IS_CONNECTION (self), NULL);

  priv = burble_connection_get_instance_private (self);
  return priv->error;
}

BurbleCapabilities
burble_connection_get_capabilities (BurbleConnection *self)
{
  BurbleConnectionPrivate *priv = NULL;

  g_return_val_if_fail (BURBLE_IS_CONNECTION (self), BURBLE_CAPABILITY_NONE);

  priv = burble_connection_get_instance_private (self);
  return priv->capabilities;
}

/**
 * burble_connection_has:
 * @self: a connection
 * @capabilities: one or more capabilities
 *
 * Returns: whether the connection has all of @capabilities
 */
gboolean
burble_connection_has (BurbleConnection *self, BurbleCapabilities capabilities)
{
  return (burble_connection_get_capabilities (self) & capabilities) == capabilities;
}

void
burble_connection_set_settings (BurbleConnection               *self,
                                const BurbleConnectionSettings *settings)
{
  BurbleConnectionPrivate *priv = NULL;
  BurbleConnectionSettings *copy = NULL;

  g_return_if_fail (BURBLE_IS_CONNECTION (self));
  g_return_if_fail (settings != NULL);

  priv = burble_connection_get_instance_private (self);
  copy = burble_connection_settings_copy (settings);
  g_clear_pointer (&priv->settings, burble_connection_settings_free);
  priv->settings = copy;
}

/**
 * burble_connection_get_settings:
 * @self: a connection
 *
 * Returns: (transfer none): never %NULL
 */
const BurbleConnectionSettings *
burble_connection_get_settings (BurbleConnection *self)
{
  BurbleConnectionPrivate *priv = NULL;

  g_return_val_if_fail (BURBLE_IS_CONNECTION (self), NULL);

  priv = burble_connection_get_instance_private (self);
  return priv->settings;
}

void
burble_connection_set_password (BurbleConnection *self, const char *password)
{
  BurbleConnectionPrivate *priv = NULL;
  char *copy = NULL;

  g_return_if_fail (BURBLE_IS_CONNECTION (self));

  priv = burble_connection_get_instance_private (self);
  copy = g_strdup (password);
  wipe (&priv->password);
  priv->password = copy;
}

const char *
burble_connection_get_password (BurbleConnection *self)
{
  BurbleConnectionPrivate *priv = NULL;

  g_return_val_if_fail (BURBLE_IS_CONNECTION (self), NULL);

  priv = burble_connection_get_instance_private (self);
  return priv->password;
}

void
burble_connection_set_register (BurbleConnection *self, gboolean create, const char *invite)
{
  BurbleConnectionPrivate *priv = NULL;
  char *copy = NULL;

  g_return_if_fail (BURBLE_IS_CONNECTION (self));

  priv = burble_connection_get_instance_private (self);
  copy = create ? g_strdup (invite) : NULL;
  wipe (&priv->invite);
  priv->create = create;
  priv->invite = copy;
}

/**
 * burble_connection_get_register:
 * @self: a connection
 * @invite: (out) (optional) (nullable) (transfer none): the invitation
 *
 * Returns: whether the next attempt is to create the account
 */
gboolean
burble_connection_get_register (BurbleConnection *self, const char **invite)
{
  BurbleConnectionPrivate *priv = NULL;

  g_return_val_if_fail (BURBLE_IS_CONNECTION (self), FALSE);

  priv = burble_connection_get_instance_private (self);
  if (invite != NULL)
    *invite = priv->invite;
  return priv->create;
}

/**
 * burble_connection_opened:
 * @self: a connection
 *
 * For subclasses: signed in; everything may be asked of it now.
 */
void
burble_connection_opened (BurbleConnection *self)
{
  BurbleConnectionPrivate *priv = NULL;

  g_return_if_fail (BURBLE_IS_CONNECTION (self));

  priv = burble_connection_get_instance_private (self);
  if (!priv->linked || priv->closing)
    return;
  priv->online_since = g_get_monotonic_time ();
  burble_connection_set_register (self, FALSE, NULL);
  set_error (self, NULL);
  set_state (self, BURBLE_CONNECTION_ONLINE);
}

/**
 * burble_connection_lost:
 * @self: a connection
 * @error: (nullable): why
 *
 * For subclasses: the attempt failed or the link went down, and nothing of it is left.
 */
void
burble_connection_lost (BurbleConnection *self, const GError *error)
{
  BurbleConnectionPrivate *priv = NULL;
  g_autoptr(BurbleConnection) alive = NULL;

  g_return_if_fail (BURBLE_IS_CONNECTION (self));

  priv = burble_connection_get_instance_private (self);
  if (!priv->linked)
    return;
  if (priv->closing || !priv->wanted)
    {
      burble_connection_closed (self);
      return;
    }

  alive = g_object_ref (self);
  priv->linked = FALSE;
  g_debug ("Lost: %s", error != NULL ? error->message : "no reason given");

  /* A peer that takes us in and throws us out at once gets the growing delays as well. */
  if (priv->state == BURBLE_CONNECTION_ONLINE
      && g_get_monotonic_time () - priv->online_since
         >= priv->stable_after * G_TIME_SPAN_MILLISECOND)
    burble_backoff_reset (&priv->backoff);

  set_error (self, error);
  if (burble_protocol_error_needs_user (error))
    {
      priv->wanted = FALSE;
      set_state (self, BURBLE_CONNECTION_FAILED);
    }
  else
    {
      schedule (self);
    }
}

/**
 * burble_connection_closed:
 * @self: a connection
 *
 * For subclasses: what close () asked for is done, and nothing of the link is left.
 */
void
burble_connection_closed (BurbleConnection *self)
{
  BurbleConnectionPrivate *priv = NULL;
  g_autoptr(BurbleConnection) alive = NULL;

  g_return_if_fail (BURBLE_IS_CONNECTION (self));

  alive = g_object_ref (self);
  priv = burble_connection_get_instance_private (self);
  priv->linked = FALSE;
  priv->closing = FALSE;
  set_error (self, NULL);
  set_state (self, BURBLE_CONNECTION_OFFLINE);

  /* Somebody wished to be online again meanwhile. */
  if (priv->wanted && !priv->linked)
    burble_connection_connect (self);
}

/**
 * burble_connection_set_capabilities:
 * @self: a connection
 * @capabilities: what it can do on this server
 *
 * For subclasses: call it before [method@Connection.opened].
 */
void
burble_connection_set_capabilities (BurbleConnection *self, BurbleCapabilities capabilities)
{
  BurbleConnectionPrivate *priv = NULL;

  g_return_if_fail (BURBLE_IS_CONNECTION (self));

  priv = burble_connection_get_instance_private (self);
  if (priv->capabilities == capabilities)
    return;
  priv->capabilities = capabilities;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAPABILITIES]);
}

/**
 * burble_connection_certificate_problem:
 * @self: a connection
 * @certificate: what the server showed
 * @errors: what is wrong with it
 * @pin_changed: whether another certificate was accepted before
 *
 * For subclasses: call it before [method@Connection.lost] with
 * %BURBLE_PROTOCOL_ERROR_CERTIFICATE.
 */
void
burble_connection_certificate_problem (BurbleConnection     *self,
                                       GTlsCertificate      *certificate,
                                       GTlsCertificateFlags  errors,
                                       gboolean              pin_changed)
{
  g_return_if_fail (BURBLE_IS_CONNECTION (self));
  g_return_if_fail (G_IS_TLS_CERTIFICATE (certificate));

  g_signal_emit (self, signals[SIGNAL_CERTIFICATE_PROBLEM], 0, certificate, errors, pin_changed);
}

void
burble_connection_server_notice (BurbleConnection *self,
                                 gboolean          warning,
                                 const char       *word,
                                 const char       *subject,
                                 const char       *text)
{
  g_return_if_fail (BURBLE_IS_CONNECTION (self));
  g_return_if_fail (word != NULL || text != NULL);

  g_signal_emit (self, signals[SIGNAL_SERVER_NOTICE], 0, warning, word, subject, text);
}
