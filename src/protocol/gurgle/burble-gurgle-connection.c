/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-connection"

#include "config.h"

#include "burble-gurgle-connection.h"

#include "burble-gurgle-connection-private.h"

/*
 * The face towards the session: opening, closing, and what the files of the topics share. The link
 * below it is in burble-gurgle-link.c.
 */

G_DEFINE_FINAL_TYPE_WITH_CODE (BurbleGurgleConnection, burble_gurgle_connection,
  BURBLE_TYPE_CONNECTION,
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_ROSTER_CHANNEL, burble_gurgle_roster_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_PRESENCE_CHANNEL, burble_gurgle_presence_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_MESSAGE_CHANNEL, burble_gurgle_message_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_TYPING_CHANNEL, burble_gurgle_typing_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_RECEIPT_CHANNEL, burble_gurgle_receipt_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_HISTORY_CHANNEL, burble_gurgle_history_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_DIRECTORY_CHANNEL, burble_gurgle_directory_iface_init))

typedef enum
{
  PROP_REQUEST_TIMEOUT = 1,
  PROP_IDLE_TIMEOUT,
  PROP_ANSWER_TIMEOUT,
  PROP_QUIT_TIMEOUT,
  PROP_CONNECT_TIMEOUT,
} BurbleGurgleConnectionProperty;

static GParamSpec *properties[PROP_CONNECT_TIMEOUT + 1];

/* Writing. */

gboolean
burble_gurgle_connection_send (BurbleGurgleConnection  *self,
                               BurbleGurglePacket      *packet,
                               GError                 **error)
{
  g_autoptr(GBytes) payload = NULL;

  if (self->stream == NULL)
    {
      g_set_error_literal (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                           "Not connected");
      return FALSE;
    }
  burble_gurgle_dispatch_log ("→", packet);
  payload = burble_gurgle_packet_serialize (packet, self->dialect);
  return burble_framed_stream_send (self->stream, payload, error);
}

typedef struct
{
  BurbleGurgleConnection *self;
  gint32 id;
  GError *error;
} Unsent;

static void
unsent_free (Unsent *unsent)
{
  g_object_unref (unsent->self);
  g_error_free (unsent->error);
  g_free (unsent);
}

static gboolean
unsent_cb (gpointer user_data)
{
  Unsent *unsent = user_data;

  if (unsent->self->requests != NULL)
    burble_gurgle_requests_fail_one (unsent->self->requests, unsent->id, unsent->error);
  return G_SOURCE_REMOVE;
}

void
burble_gurgle_connection_request (BurbleGurgleConnection *self,
                                  BurbleGurglePacket     *packet,
                                  BurbleGurglePacketType  expected,
                                  BurbleGurgleReplyFunc   func,
                                  gpointer                data,
                                  GDestroyNotify          destroy)
{
  g_autoptr(BurbleGurglePacket) owned = packet;
  g_autoptr(GError) error = NULL;
  gint32 id = 0;

  g_assert (self->requests != NULL);

  id = burble_gurgle_requests_add (self->requests, expected, func, data, destroy);
  burble_gurgle_packet_set_id (owned, id);
  if (!burble_gurgle_connection_send (self, owned, &error))
    {
      Unsent *unsent = g_new0 (Unsent, 1);

      /* Never from inside the call. */
      unsent->self = g_object_ref (self);
      unsent->id = id;
      unsent->error = g_error_new_literal (BURBLE_PROTOCOL_ERROR,
                                           BURBLE_PROTOCOL_ERROR_NOT_CONNECTED, error->message);
      g_idle_add_full (G_PRIORITY_DEFAULT, unsent_cb, unsent, (GDestroyNotify) unsent_free);
    }
}

gboolean
burble_gurgle_connection_check_open (BurbleGurgleConnection *self, GTask *task)
{
  if (self->signed_in && !self->quitting)
    return TRUE;
  g_task_return_new_error (task, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                           "Not connected");
  return FALSE;
}

gboolean
burble_gurgle_connection_has (BurbleGurgleConnection *self, BurbleGurgleFeatures feature)
{
  return self->signed_in && !self->quitting && (self->features & feature) != 0;
}

gboolean
burble_gurgle_connection_is_own (BurbleGurgleConnection *self, const BurbleGurgleId *id)
{
  return self->own_id != NULL && burble_gurgle_id_equal_bare (self->own_id, id);
}

char *
burble_gurgle_connection_bare (const char *text)
{
  g_autoptr(BurbleGurgleId) id = text != NULL ? burble_gurgle_id_parse (text, NULL) : NULL;

  return id != NULL ? g_strdup (burble_gurgle_id_get_bare (id)) : NULL;
}

gboolean
burble_gurgle_connection_read_from (BurbleGurgleConnection  *self,
                                    const char              *from,
                                    char                   **peer,
                                    char                   **sender,
                                    char                   **terminal,
                                    gboolean                *own)
{
  g_autoptr(BurbleGurgleId) id = from != NULL ? burble_gurgle_id_parse (from, NULL) : NULL;
  g_autoptr(BurbleGurgleId) speaker = NULL;

  if (id == NULL)
    return FALSE;

  /* In a room the place of the terminal holds the name of who speaks. */
  if (g_hash_table_contains (self->rooms, burble_gurgle_id_get_bare (id)))
    speaker = burble_gurgle_id_get_terminal (id) != NULL
              ? burble_gurgle_id_new (burble_gurgle_id_get_terminal (id),
                                      burble_gurgle_id_get_domain (id), NULL, NULL)
              : NULL;

  *peer = g_strdup (burble_gurgle_id_get_bare (id));
  *sender = g_strdup (burble_gurgle_id_get_bare (speaker != NULL ? speaker : id));
  *terminal = speaker == NULL ? g_strdup (burble_gurgle_id_get_terminal (id)) : NULL;
  *own = burble_gurgle_connection_is_own (self, speaker != NULL ? speaker : id);
  return TRUE;
}

/* Opening. */

static void
burble_gurgle_connection_open (BurbleConnection *connection)
{
  BurbleGurgleConnection *self = BURBLE_GURGLE_CONNECTION (connection);
  const BurbleConnectionSettings *settings = burble_connection_get_settings (connection);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) lost = NULL;

  g_clear_pointer (&self->own_id, burble_gurgle_id_unref);
  self->dialect = BURBLE_GURGLE_DIALECT_0_1;
  if (settings->address != NULL)
    self->own_id = burble_gurgle_id_parse (settings->address, &error);
  if (self->own_id == NULL
      || burble_gurgle_id_get_scheme (self->own_id) != BURBLE_GURGLE_SCHEME_GRGL)
    lost = g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS,
                                error != NULL ? error->message : "Not an address of this network");
  else if (burble_connection_get_password (connection) == NULL)
    lost = g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_PASSWORD,
                                "A password is needed");

  if (lost != NULL)
    burble_gurgle_connection_lose (self, lost);
  else
    burble_gurgle_link_start (self, settings);
}

/* Closing. */

static void
quit_timeout_cb (gpointer user_data)
{
  BurbleGurgleConnection *self = user_data;

  self->quit_source = 0;
  burble_gurgle_connection_lose (self, NULL);
}

static void
bye_cb (gpointer owner, const BurbleGurglePacket *reply, const GError *error, gpointer data)
{
  BurbleGurgleConnection *self = owner;

  if (self->quitting && self->stream != NULL)
    burble_gurgle_connection_lose (self, NULL);
}

static void
burble_gurgle_connection_close (BurbleConnection *connection)
{
  BurbleGurgleConnection *self = BURBLE_GURGLE_CONNECTION (connection);

  if (!self->signed_in)
    {
      burble_gurgle_connection_lose (self, NULL);
      return;
    }
  burble_gurgle_outbox_flush (self);
  self->quitting = TRUE;
  self->quit_source = g_timeout_add_once (self->quit_timeout, quit_timeout_cb, self);
  burble_gurgle_connection_request (self, burble_gurgle_packet_new (BURBLE_GURGLE_QUIT),
                                    BURBLE_GURGLE_BYE, bye_cb, NULL, NULL);
}

static void
burble_gurgle_connection_probe (BurbleConnection *connection)
{
  BurbleGurgleConnection *self = BURBLE_GURGLE_CONNECTION (connection);

  if (self->liveness != NULL)
    burble_liveness_probe (self->liveness);
}

static void
burble_gurgle_connection_dispose (GObject *object)
{
  BurbleGurgleConnection *self = BURBLE_GURGLE_CONNECTION (object);

  burble_gurgle_link_clear (self);
  g_clear_pointer (&self->requests, burble_gurgle_requests_free);
  g_clear_pointer (&self->outbox, burble_gurgle_outbox_free);

  G_OBJECT_CLASS (burble_gurgle_connection_parent_class)->dispose (object);
}

static void
burble_gurgle_connection_finalize (GObject *object)
{
  BurbleGurgleConnection *self = BURBLE_GURGLE_CONNECTION (object);

  g_clear_pointer (&self->own_id, burble_gurgle_id_unref);
  g_free (self->etag);
  g_free (self->mood);
  g_free (self->register_asked);
  burble_gurgle_receipts_clear (self);
  g_hash_table_unref (self->rooms);

  G_OBJECT_CLASS (burble_gurgle_connection_parent_class)->finalize (object);
}

static guint *
timeout_of (BurbleGurgleConnection *self, guint prop_id)
{
  switch ((BurbleGurgleConnectionProperty) prop_id)
    {
    case PROP_REQUEST_TIMEOUT:
      return &self->request_timeout;
    case PROP_IDLE_TIMEOUT:
      return &self->idle_timeout;
    case PROP_ANSWER_TIMEOUT:
      return &self->answer_timeout;
    case PROP_QUIT_TIMEOUT:
      return &self->quit_timeout;
    case PROP_CONNECT_TIMEOUT:
      return &self->connect_timeout;
    default:
      return NULL;
    }
}

static void
burble_gurgle_connection_get_property (GObject    *object,
                                       guint       prop_id,
                                       GValue     *value,
                                       GParamSpec *pspec)
{
  const guint *timeout = timeout_of (BURBLE_GURGLE_CONNECTION (object), prop_id);

  if (timeout != NULL)
    g_value_set_uint (value, *timeout);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
burble_gurgle_connection_set_property (GObject      *object,
                                       guint         prop_id,
                                       const GValue *value,
                                       GParamSpec   *pspec)
{
  guint *timeout = timeout_of (BURBLE_GURGLE_CONNECTION (object), prop_id);

  if (timeout != NULL)
    *timeout = g_value_get_uint (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
burble_gurgle_connection_class_init (BurbleGurgleConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  BurbleConnectionClass *connection_class = BURBLE_CONNECTION_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = burble_gurgle_connection_dispose;
  object_class->finalize = burble_gurgle_connection_finalize;
  object_class->get_property = burble_gurgle_connection_get_property;
  object_class->set_property = burble_gurgle_connection_set_property;
  connection_class->open = burble_gurgle_connection_open;
  connection_class->close = burble_gurgle_connection_close;
  connection_class->probe = burble_gurgle_connection_probe;

  properties[PROP_REQUEST_TIMEOUT] =
    g_param_spec_uint ("request-timeout", NULL, NULL, 1, G_MAXINT, 20 * 1000, flags);
  properties[PROP_IDLE_TIMEOUT] =
    g_param_spec_uint ("idle-timeout", NULL, NULL, 1, G_MAXINT, 60 * 1000, flags);
  properties[PROP_ANSWER_TIMEOUT] =
    g_param_spec_uint ("answer-timeout", NULL, NULL, 1, G_MAXINT, 20 * 1000, flags);
  properties[PROP_QUIT_TIMEOUT] =
    g_param_spec_uint ("quit-timeout", NULL, NULL, 1, G_MAXINT, 1500, flags);
  properties[PROP_CONNECT_TIMEOUT] =
    g_param_spec_uint ("connect-timeout", NULL, NULL, 1, G_MAXINT, 30 * 1000, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
burble_gurgle_connection_init (BurbleGurgleConnection *self)
{
  self->status = BURBLE_PEER_AVAILABLE;
  g_queue_init (&self->receipts);
  self->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * burble_gurgle_connection_new:
 * @settings: the address, at least
 *
 * Returns: (transfer full): a connection that is offline
 */
BurbleConnection *
burble_gurgle_connection_new (const BurbleConnectionSettings *settings)
{
  BurbleConnection *self = NULL;

  g_return_val_if_fail (settings != NULL, NULL);

  self = g_object_new (BURBLE_TYPE_GURGLE_CONNECTION, NULL);
  burble_connection_set_settings (self, settings);
  return self;
}
