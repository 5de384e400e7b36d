/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-cg-connection"

#include "config.h"

#include "burble-cg-connection-private.h"

G_DEFINE_FINAL_TYPE_WITH_CODE (BurbleCgConnection, burble_cg_connection, BURBLE_TYPE_CONNECTION,
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_ROSTER_CHANNEL, burble_cg_roster_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_DIRECTORY_CHANNEL, burble_cg_directory_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_PROBE_CHANNEL, burble_cg_probe_iface_init))

typedef enum
{
  PROP_STEP_TIMEOUT = 1,
  PROP_LOOKUP_TIMEOUT,
  PROP_REFRESH_INTERVAL,
  PROP_CONNECT_TIMEOUT,
  PROP_PROBE_TIMEOUT,
  PROP_PAUSE,
} BurbleCgConnectionProperty;

static GParamSpec *properties[PROP_PAUSE + 1];

gboolean
burble_cg_connection_send (BurbleCgConnection    *self,
                           const BurbleCgPacket  *packet,
                           GError               **error)
{
  g_autoptr(GBytes) payload = burble_cg_packet_write (packet, &self->registry, error);

  return payload != NULL && burble_framed_stream_send (self->stream, payload, error);
}

/* Ends the link. The state changes before those who wait are told. */
void
burble_cg_connection_lose (BurbleCgConnection *self, const GError *error)
{
  g_autoptr(BurbleCgConnection) alive = g_object_ref (self);
  g_autoptr(GError) gone = NULL;

  burble_cg_link_clear (self);
  burble_connection_lost (BURBLE_CONNECTION (self), error);
  gone = g_error_new (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                      "The link went down: %s", error != NULL ? error->message : "no reason given");
  burble_cg_lookup_fail_all (self, gone);
}

static void
burble_cg_connection_open (BurbleConnection *connection)
{
  BurbleCgConnection *self = BURBLE_CG_CONNECTION (connection);
  g_autoptr(GError) error = NULL;

  self->adapted = FALSE;
  if (!burble_cg_sign_in_read_address (self, &error))
    {
      burble_cg_connection_lose (self, error);
      return;
    }
  /* What is not answered is not asked. */
  if (!burble_cg_sign_in_check_password (self, &error))
    burble_cg_connection_lose (self, error);
  else
    burble_cg_link_start (self);
}

/* Dropping the link is all the goodbye there is. */
static void
burble_cg_connection_close (BurbleConnection *connection)
{
  burble_cg_connection_lose (BURBLE_CG_CONNECTION (connection), NULL);
}

/* The machine woke, or the network changed. */
static void
burble_cg_connection_probe (BurbleConnection *connection)
{
  burble_cg_lookup_check (BURBLE_CG_CONNECTION (connection));
}

static void
burble_cg_connection_dispose (GObject *object)
{
  BurbleCgConnection *self = BURBLE_CG_CONNECTION (object);
  g_autoptr(GError) gone = g_error_new_literal (BURBLE_PROTOCOL_ERROR,
                                                BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                                                "The connection is gone");

  burble_cg_link_clear (self);
  burble_cg_lookup_fail_all (self, gone);
  G_OBJECT_CLASS (burble_cg_connection_parent_class)->dispose (object);
}

static void
burble_cg_connection_finalize (GObject *object)
{
  BurbleCgConnection *self = BURBLE_CG_CONNECTION (object);

  g_free (self->username);
  g_free (self->host);
  g_free (self->own_uuid);
  g_free (self->register_asked);
  g_free (self->semver);
  g_free (self->flavor);
  g_hash_table_unref (self->people);
  G_OBJECT_CLASS (burble_cg_connection_parent_class)->finalize (object);
}

static guint *
time_of (BurbleCgConnection *self, guint prop_id)
{
  switch ((BurbleCgConnectionProperty) prop_id)
    {
    case PROP_STEP_TIMEOUT:
      return &self->step_timeout;
    case PROP_LOOKUP_TIMEOUT:
      return &self->lookup_timeout;
    case PROP_REFRESH_INTERVAL:
      return &self->refresh_interval;
    case PROP_CONNECT_TIMEOUT:
      return &self->connect_timeout;
    case PROP_PROBE_TIMEOUT:
      return &self->probe_timeout;
    case PROP_PAUSE:
      return &self->pause;
    default:
      return NULL;
    }
}

static void
burble_cg_connection_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  const guint *time = time_of (BURBLE_CG_CONNECTION (object), prop_id);

  if (time != NULL)
    g_value_set_uint (value, *time);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
burble_cg_connection_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  guint *time = time_of (BURBLE_CG_CONNECTION (object), prop_id);

  if (time != NULL)
    *time = g_value_get_uint (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
burble_cg_connection_class_init (BurbleCgConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  BurbleConnectionClass *connection_class = BURBLE_CONNECTION_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = burble_cg_connection_dispose;
  object_class->finalize = burble_cg_connection_finalize;
  object_class->get_property = burble_cg_connection_get_property;
  object_class->set_property = burble_cg_connection_set_property;
  connection_class->open = burble_cg_connection_open;
  connection_class->close = burble_cg_connection_close;
  connection_class->probe = burble_cg_connection_probe;

  properties[PROP_STEP_TIMEOUT] =
    g_param_spec_uint ("step-timeout", NULL, NULL, 1, G_MAXINT, 20 * 1000, flags);
  properties[PROP_LOOKUP_TIMEOUT] =
    g_param_spec_uint ("lookup-timeout", NULL, NULL, 1, G_MAXINT, 6 * 1000, flags);
  properties[PROP_REFRESH_INTERVAL] =
    g_param_spec_uint ("refresh-interval", NULL, NULL, 1, G_MAXINT, 120 * 1000, flags);
  properties[PROP_CONNECT_TIMEOUT] =
    g_param_spec_uint ("connect-timeout", NULL, NULL, 1, G_MAXINT, 30 * 1000, flags);
  properties[PROP_PROBE_TIMEOUT] =
    g_param_spec_uint ("probe-timeout", NULL, NULL, 1, G_MAXINT, 8 * 1000, flags);
  properties[PROP_PAUSE] = g_param_spec_uint ("pause", NULL, NULL, 0, G_MAXINT, 150, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
burble_cg_connection_init (BurbleCgConnection *self)
{
  g_queue_init (&self->lookups);
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                        (GDestroyNotify) burble_roster_item_free);
}

/**
 * burble_cg_connection_new:
 * @settings: the address, at least: "name@host" or "name@host:port"
 *
 * Returns: (transfer full): a connection that is offline
 */
BurbleConnection *
burble_cg_connection_new (const BurbleConnectionSettings *settings)
{
  BurbleConnection *self = NULL;

  g_return_val_if_fail (settings != NULL, NULL);

  self = g_object_new (BURBLE_TYPE_CG_CONNECTION, NULL);
  burble_connection_set_settings (self, settings);
  return self;
}
