/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-connection"

#include "config.h"

#include "burble-gurgle-connection.h"

#include "burble-gurgle-connection-private.h"
#include "burble-net-error.h"
#include "burble-wire-error.h"

/* Larger packets are taken apart on another thread: the window never waits. */
#define PARSE_IN_THREAD (64 * 1024)
/* How long one turn of the main loop may go on with packets that are already there. */
#define TURN_US 4000
#define LINGER_MS 1000
/* On connector and stream: whose they are, as long as they are somebody's. What is pending on them
 * must not keep a connection alive that nobody wants any more. */
#define OWNER "burble-gurgle-connection"

/*
 * The link: connecting, reading, writing, ending. What the packets mean is in the other files, one
 * per topic.
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

static void read_next (BurbleGurgleConnection *self);

/* Ending a link. */

typedef struct
{
  BurbleFramedStream *stream;
  guint source;
} Linger;

static void
linger_end (Linger *linger)
{
  if (linger->stream == NULL)
    return;
  g_clear_handle_id (&linger->source, g_source_remove);
  burble_framed_stream_close (linger->stream);
  g_clear_object (&linger->stream);
}

static void
linger_timeout_cb (gpointer user_data)
{
  Linger *linger = user_data;

  linger->source = 0;
  /* The flush fails now and frees it. */
  burble_framed_stream_close (linger->stream);
}

static void
linger_flushed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Linger *linger = user_data;

  burble_framed_stream_flush_finish (BURBLE_FRAMED_STREAM (object), result, NULL);
  linger_end (linger);
  g_free (linger);
}

/* Closes when the last words are out, or after a moment if the peer does not listen. */
static void
close_after_flush (BurbleFramedStream *stream)
{
  Linger *linger = g_new0 (Linger, 1);

  linger->stream = g_object_ref (stream);
  linger->source = g_timeout_add_once (LINGER_MS, linger_timeout_cb, linger);
  burble_framed_stream_flush_async (stream, NULL, linger_flushed_cb, linger);
}

static void
clear_link (BurbleGurgleConnection *self)
{
  g_clear_handle_id (&self->quit_source, g_source_remove);
  burble_gurgle_handshake_stop (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->connector != NULL)
    g_object_set_data (G_OBJECT (self->connector), OWNER, NULL);
  g_clear_object (&self->connector);
  if (self->liveness != NULL)
    {
      burble_liveness_stop (self->liveness);
      g_signal_handlers_disconnect_by_data (self->liveness, self);
    }
  g_clear_object (&self->liveness);
  if (self->stream != NULL)
    {
      g_object_set_data (G_OBJECT (self->stream), OWNER, NULL);
      g_signal_handlers_disconnect_by_data (self->stream, self);
    }
  if (self->stream != NULL && burble_framed_stream_get_queued_bytes (self->stream) > 0)
    close_after_flush (self->stream);
  else if (self->stream != NULL)
    burble_framed_stream_close (self->stream);
  g_clear_object (&self->stream);
  self->signed_in = FALSE;
  self->quitting = FALSE;
  self->features = 0;
  burble_gurgle_inbox_clear (self);
}

/**
 * burble_gurgle_connection_lose:
 * @self: a connection
 * @error: why
 *
 * Ends the link. The state changes before those who wait are told: who asks again at once must see
 * that it is of no use.
 */
void
burble_gurgle_connection_lose (BurbleGurgleConnection *self, const GError *error)
{
  g_autoptr(BurbleGurgleConnection) alive = g_object_ref (self);
  g_autoptr(BurbleGurgleRequests) requests = g_steal_pointer (&self->requests);
  struct BurbleGurgleOutbox *outbox = g_steal_pointer (&self->outbox);
  g_autoptr(GError) gone = NULL;

  clear_link (alive);
  burble_connection_lost (BURBLE_CONNECTION (alive), error);

  gone = g_error_new (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                      "The link went down: %s",
                      error != NULL ? error->message : "no reason given");
  if (requests != NULL)
    burble_gurgle_requests_fail (requests, gone);
  burble_gurgle_outbox_free (outbox);
}

/* The peer broke the rules: it is told, and the link ends. */
static void
kill_link (BurbleGurgleConnection *self, const char *word, const char *reason)
{
  g_autoptr(BurbleGurglePacket) packet = burble_gurgle_packet_new (BURBLE_GURGLE_KILL);
  g_autoptr(GError) error = NULL;

  burble_gurgle_packet_set_error (packet, word, reason);
  burble_gurgle_connection_send (self, packet, NULL);
  error = g_error_new (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_DATA,
                       "The server sent something that is no packet: %s", reason);
  burble_gurgle_connection_lose (self, error);
}

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

/* Reading. */

/* FALSE: the link is gone. */
static gboolean
take_parsed (BurbleGurgleConnection *self, BurbleGurglePacket *packet, const GError *error)
{
  BurbleFramedStream *stream = self->stream;

  if (packet == NULL)
    {
      kill_link (self, error->code == BURBLE_WIRE_ERROR_TOO_LARGE ? "too_large" : "bad_packet",
                 error->message);
      return FALSE;
    }
  burble_gurgle_dispatch (self, packet);
  return self->stream != NULL && self->stream == stream;
}

typedef struct
{
  GBytes *frame;
  BurbleGurgleDialect dialect;
  BurbleFramedStream *stream; /* the link it came from */
  GPtrArray *items;           /* what a roster says, read on the thread as well */
} ParseJob;

static void
parse_job_free (ParseJob *job)
{
  g_bytes_unref (job->frame);
  g_clear_object (&job->stream);
  g_clear_pointer (&job->items, g_ptr_array_unref);
  g_free (job);
}

static void
parse_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  ParseJob *job = task_data;
  GError *error = NULL;
  BurbleGurglePacket *packet = burble_gurgle_packet_parse_kindly (job->frame, job->dialect, &error);

  if (packet != NULL && (packet->type == BURBLE_GURGLE_FLUSH_ROSTER
                         || packet->type == BURBLE_GURGLE_UPDATE_ROSTER))
    {
      job->items = burble_gurgle_roster_read (packet->roster.entries);
      g_ptr_array_set_size (packet->roster.entries, 0);
    }
  if (packet != NULL)
    g_task_return_pointer (task, packet, (GDestroyNotify) burble_gurgle_packet_unref);
  else
    g_task_return_error (task, error);
}

static void
parsed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleGurgleConnection) self = user_data;
  ParseJob *job = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleGurglePacket) packet = g_task_propagate_pointer (G_TASK (result), &error);
  gboolean current = job->stream == self->stream;

  g_clear_object (&job->stream);
  if (!current)
    return;
  self->read_items = g_steal_pointer (&job->items);
  if (take_parsed (self, packet, error))
    read_next (self);
  g_clear_pointer (&self->read_items, g_ptr_array_unref);
}

static void
parse_elsewhere (BurbleGurgleConnection *self, GBytes *frame)
{
  ParseJob *job = g_new0 (ParseJob, 1);
  /* The thread lets go of the task after the callback has run: it must not be what holds us. */
  g_autoptr(GTask) task = g_task_new (NULL, NULL, parsed_cb, g_object_ref (self));

  job->frame = g_bytes_ref (frame);
  job->dialect = self->dialect;
  job->stream = g_object_ref (self->stream);
  g_task_set_source_tag (task, parse_elsewhere);
  g_task_set_task_data (task, job, (GDestroyNotify) parse_job_free);
  g_task_run_in_thread (task, parse_thread);
}

/* TRUE: go on with the next frame; FALSE: the link is gone, or the frame is being taken apart. */
static gboolean
take_frame (BurbleGurgleConnection *self, GBytes *frame)
{
  g_autoptr(BurbleGurglePacket) packet = NULL;
  g_autoptr(GError) error = NULL;

  if (g_bytes_get_size (frame) > PARSE_IN_THREAD)
    {
      parse_elsewhere (self, frame);
      return FALSE;
    }
  packet = burble_gurgle_packet_parse_kindly (frame, self->dialect, &error);
  return take_parsed (self, packet, error);
}

static void
read_failed (BurbleGurgleConnection *self, const GError *error)
{
  g_autoptr(GError) lost = NULL;

  if (error != NULL && error->domain == BURBLE_WIRE_ERROR)
    {
      kill_link (self, error->code == BURBLE_WIRE_ERROR_TOO_LARGE ? "too_large" : "bad_packet",
                 error->message);
      return;
    }
  lost = g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                              error != NULL ? error->message : "The server closed the connection");
  burble_gurgle_connection_lose (self, lost);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BurbleFramedStream *stream = BURBLE_FRAMED_STREAM (object);
  BurbleGurgleConnection *self = g_object_get_data (object, OWNER);
  g_autoptr(BurbleGurgleConnection) alive = self != NULL ? g_object_ref (self) : NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) frame = burble_framed_stream_read_finish (stream, result, &error);
  gint64 start = g_get_monotonic_time ();

  if (self == NULL)
    return;
  if (frame == NULL)
    {
      read_failed (self, error);
      return;
    }
  while (take_frame (self, frame))
    {
      g_clear_pointer (&frame, g_bytes_unref);
      if (g_get_monotonic_time () - start < TURN_US)
        frame = burble_framed_stream_take (stream);
      if (frame == NULL)
        {
          read_next (self);
          return;
        }
    }
}

static void
read_next (BurbleGurgleConnection *self)
{
  burble_framed_stream_read_async (self->stream, NULL, read_cb, NULL);
}

/* Opening. */

static void
stream_write_failed_cb (BurbleGurgleConnection *self, GError *error)
{
  g_autoptr(GError) lost =
    g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                         error != NULL ? error->message : "The connection broke");

  burble_gurgle_connection_lose (self, lost);
}

static void
pong_cb (gpointer owner, const BurbleGurglePacket *reply, const GError *error, gpointer data)
{
}

static void
liveness_ping_due_cb (BurbleGurgleConnection *self)
{
  burble_gurgle_connection_request (self, burble_gurgle_packet_new (BURBLE_GURGLE_PING),
                                    BURBLE_GURGLE_PONG, pong_cb, NULL, NULL);
}

static void
liveness_dead_cb (BurbleGurgleConnection *self)
{
  g_autoptr(GError) error =
    g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT,
                         "The server does not answer any more");

  burble_gurgle_connection_lose (self, error);
}

static void
connect_failed (BurbleGurgleConnection *self, BurbleConnector *connector, const GError *error)
{
  BurbleConnection *connection = BURBLE_CONNECTION (self);
  g_autoptr(GError) lost = burble_gurgle_error_from_connect (error);
  GTlsCertificate *certificate = burble_connector_get_certificate (connector);

  if (g_error_matches (error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_CERTIFICATE)
      && certificate != NULL)
    burble_connection_certificate_problem (
      connection, certificate, burble_connector_get_certificate_errors (connector),
      burble_connection_get_settings (connection)->pin != NULL);
  if (self->connector == connector)
    burble_gurgle_connection_lose (self, lost);
}

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BurbleConnector *connector = BURBLE_CONNECTOR (object);
  BurbleGurgleConnection *self = g_object_get_data (object, OWNER);
  g_autoptr(BurbleGurgleConnection) alive = self != NULL ? g_object_ref (self) : NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOStream) stream = burble_connector_connect_finish (connector, result, &error);

  if (self == NULL)
    {
      if (stream != NULL)
        g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
      return;
    }
  if (stream == NULL)
    {
      connect_failed (self, connector, error);
      return;
    }

  g_object_set_data (object, OWNER, NULL);
  g_clear_object (&self->connector);
  self->stream = burble_framed_stream_new (stream);
  g_object_set_data (G_OBJECT (self->stream), OWNER, self);
  self->requests = burble_gurgle_requests_new (self, self->request_timeout);
  self->outbox = burble_gurgle_outbox_new (self);
  g_signal_connect_object (self->stream, "write-failed", G_CALLBACK (stream_write_failed_cb),
                           self, G_CONNECT_SWAPPED);
  self->liveness = burble_liveness_new (self->idle_timeout, self->answer_timeout);
  g_signal_connect_object (self->liveness, "ping-due", G_CALLBACK (liveness_ping_due_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->liveness, "dead", G_CALLBACK (liveness_dead_cb),
                           self, G_CONNECT_SWAPPED);
  read_next (self);
  burble_gurgle_handshake_start (self);
}

static void
start_connecting (BurbleGurgleConnection *self, const BurbleConnectionSettings *settings)
{
  self->cancellable = g_cancellable_new ();
  self->connector = burble_connector_new (burble_gurgle_id_get_domain (self->own_id),
                                          BURBLE_GURGLE_SERVICE, BURBLE_GURGLE_PORT);
  if (settings->host != NULL || settings->port != 0)
    burble_connector_set_server (self->connector,
                                 settings->host != NULL
                                 ? settings->host
                                 : burble_gurgle_id_get_domain (self->own_id),
                                 settings->port != 0 ? settings->port : BURBLE_GURGLE_PORT);
  if (settings->plain)
    burble_connector_set_security (self->connector, BURBLE_SECURITY_NONE, TRUE);
  burble_connector_set_pin (self->connector, settings->pin);
  burble_connector_set_timeout (self->connector, self->connect_timeout);
  g_object_set_data (G_OBJECT (self->connector), OWNER, self);
  burble_connector_connect_async (self->connector, self->cancellable, connected_cb, NULL);
}

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
    start_connecting (self, settings);
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

  clear_link (self);
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
