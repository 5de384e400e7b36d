/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-client-private.h"

#include <string.h>

#include "burble-frame.h"
#include "burble-wire-error.h"

#define PROTOCOL_VERSION "0.1"
#define MAX_BUSY 32
#define MAX_ERRORS 10
/* Above this the peer must read before it may ask more. */
#define PAUSE_QUEUE (256 * 1024)
/* Above this it is not worth waiting for. */
#define MAX_QUEUE (4 * 1024 * 1024)
/* What a peer gets to read our last words and close its side. */
#define LINGER_US (3 * G_USEC_PER_SEC)
#define DRAIN_LINGER_US (1 * G_USEC_PER_SEC)

static const struct
{
  const char *name;
  BurbleFeatures feature;
} features[] = {
  { BURBLE_GURGLE_FEATURE_TYPING, BURBLE_FEATURE_TYPING },
  { BURBLE_GURGLE_FEATURE_RECEIPTS, BURBLE_FEATURE_RECEIPTS },
  { BURBLE_GURGLE_FEATURE_USER_STATUS, BURBLE_FEATURE_USER_STATUS },
  { BURBLE_GURGLE_FEATURE_CARBONS, BURBLE_FEATURE_CARBONS },
  { BURBLE_GURGLE_FEATURE_HISTORY, BURBLE_FEATURE_HISTORY },
  { BURBLE_GURGLE_FEATURE_REGISTER, BURBLE_FEATURE_REGISTER },
  { BURBLE_GURGLE_FEATURE_ACTIVE_USERS, BURBLE_FEATURE_ACTIVE_USERS },
};

BurbleClient *
burble_client_ref (BurbleClient *self)
{
  self->ref_count++;
  return self;
}

void
burble_client_unref (BurbleClient *self)
{
  if (--self->ref_count > 0)
    return;
  g_clear_pointer (&self->link, burble_link_unref);
  g_clear_pointer (&self->terminal.full_id, g_ref_string_release);
  g_free ((char *) self->terminal.name);
  g_clear_pointer (&self->quit, burble_gurgle_packet_unref);
  g_free (self->terminal.mood);
  g_free (self->address);
  g_free (self);
}

gboolean
burble_client_is_gone (BurbleClient *self)
{
  return self->state == BURBLE_CLIENT_CLOSED;
}

gint32
burble_client_next_id (BurbleClient *self)
{
  self->last_push = self->last_push < G_MAXINT32 ? self->last_push + 1 : 1;
  return self->last_push;
}

void
burble_client_send (BurbleClient             *self,
                    const BurbleGurglePacket *packet)
{
  g_autoptr(GBytes) payload = NULL;

  if (!burble_link_is_open (self->link))
    return;
  burble_client_flush_push (self);
  payload = burble_gurgle_packet_serialize (packet, BURBLE_GURGLE_DIALECT_0_1);
  burble_link_send_bytes (self->link, payload);
  burble_client_update_pause (self);
}

void
burble_client_send_text (BurbleClient *self,
                         GString      *json)
{
  burble_client_flush_push (self);
  burble_link_send (self->link, json->str, json->len);
  burble_client_update_pause (self);
}

/**
 * burble_client_refuse:
 * @self: a connection
 * @request: what it asked
 * @error: a word and
 * @reason: a sentence, as in Gurgle, section 3
 *
 * Says nothing to a request without an id: nobody waits for it.
 */
void
burble_client_refuse (BurbleClient             *self,
                      const BurbleGurglePacket *request,
                      const char               *error,
                      const char               *reason)
{
  g_autoptr(BurbleGurglePacket) answer = NULL;

  if (!request->has_id)
    return;
  answer = burble_gurgle_packet_new (BURBLE_GURGLE_ERROR_RESULT);
  burble_gurgle_packet_answer_to (answer, request);
  burble_gurgle_packet_set_error (answer, error, reason);
  burble_client_send (self, answer);
}

/*
 * It is no longer there for anybody, even while its last words are still being sent: whoever signs
 * in with the same terminal next must not be told offline by its ghost.
 */
static void
leave (BurbleClient *self)
{
  BurbleClientState state = self->state;

  self->state = BURBLE_CLIENT_CLOSED;
  g_clear_handle_id (&self->wait_id, g_source_remove);
  if (state == BURBLE_CLIENT_ONLINE)
    {
      burble_router_detach (self->server->router, &self->terminal);
      burble_client_go_offline (self);
    }
  burble_client_end_delivery (self);
  burble_client_cancel_sign_in (self);
  if (self->user != NULL)
    burble_users_sign_out (self->server->users, self->user);
  self->user = NULL;
}

static void
finish (BurbleClient             *self,
        const BurbleGurglePacket *last_words)
{
  g_autoptr(BurbleClient) alive = burble_client_ref (self);

  burble_client_send (self, last_words);
  leave (self);
  self->since = g_get_monotonic_time ();
  burble_link_finish (self->link);
  burble_server_client_finishing (self->server);
}

/**
 * burble_client_kill:
 * @self: a connection
 * @error: a word and
 * @reason: a sentence, as in Gurgle, section 3
 *
 * Its last packet: what is queued is sent, then it ends. For the others it is gone at once.
 */
void
burble_client_kill (BurbleClient *self,
                    const char   *error,
                    const char   *reason)
{
  g_autoptr(BurbleGurglePacket) packet = NULL;

  if (self->state == BURBLE_CLIENT_CLOSED)
    return;
  g_debug ("Ending a connection: %s", error);
  packet = burble_gurgle_packet_new (BURBLE_GURGLE_KILL);
  burble_gurgle_packet_set_error (packet, error, reason);
  finish (self, packet);
}

void
burble_client_update_pause (BurbleClient *self)
{
  if (self->state == BURBLE_CLIENT_CLOSED)
    return;
  burble_link_set_paused (self->link,
                          self->state == BURBLE_CLIENT_AUTHENTICATING ||
                          self->busy >= MAX_BUSY || self->wait_id != 0 ||
                          self->server->draining || self->quit != NULL ||
                          burble_link_get_queued (self->link) > PAUSE_QUEUE);
}

/**
 * burble_client_submit:
 * @self: a connection
 * @op: (transfer full): what the storage is to do
 * @callback: called with a BurbleClientRequest, which it owns
 * @packet: (nullable): the request, kept for the answer
 *
 * Too many of these at once, and nothing more is read from the connection until some are done.
 *
 * Returns: (transfer none): what @callback will get, to be filled in further
 */
BurbleClientRequest *
burble_client_submit (BurbleClient             *self,
                      BurbleStorageOp          *op,
                      GAsyncReadyCallback       callback,
                      const BurbleGurglePacket *packet)
{
  BurbleClientRequest *data = g_new0 (BurbleClientRequest, 1);

  data->client = burble_client_ref (self);
  if (packet != NULL)
    data->request = burble_gurgle_packet_ref ((BurbleGurglePacket *) packet);
  self->busy++;
  burble_storage_submit_async (self->server->storage, op, callback, data);
  burble_client_update_pause (self);
  return data;
}

/**
 * burble_client_parse_id:
 * @self: a connection
 * @text: (nullable): an id as it came
 * @error: (out): the word and
 * @reason: (out): the sentence of the refusal, static; not set where all is well
 *
 * Returns: (transfer full) (nullable): the id, if it is one (Gurgle, section 1) and of this server
 */
BurbleGurgleId *
burble_client_parse_id (BurbleClient *self,
                        const char   *text,
                        const char  **error,
                        const char  **reason)
{
  g_autoptr(BurbleGurgleId) id = text != NULL ? burble_gurgle_id_parse (text, NULL) : NULL;

  if (id == NULL)
    {
      *error = "bad_id";
      *reason = "This is not a valid id.";
      return NULL;
    }
  if (burble_gurgle_id_get_scheme (id) != BURBLE_GURGLE_SCHEME_GRGL ||
      !g_str_equal (burble_gurgle_id_get_domain (id), self->server->domain))
    {
      *error = "unknown_user";
      *reason = "This server only knows its own users.";
      return NULL;
    }
  return g_steal_pointer (&id);
}

static void
handle_version (BurbleClient             *self,
                const BurbleGurglePacket *packet)
{
  g_autoptr(BurbleGurglePacket) answer = burble_gurgle_packet_new (BURBLE_GURGLE_VERSION);

  burble_gurgle_packet_answer_to (answer, packet);
  answer->version.version = g_strdup (PROTOCOL_VERSION);
  if (self->state == BURBLE_CLIENT_NEW)
    self->state = BURBLE_CLIENT_ANONYMOUS;
  burble_client_send (self, answer);
}

static void
handle_ping (BurbleClient             *self,
             const BurbleGurglePacket *packet)
{
  g_autoptr(BurbleGurglePacket) answer = burble_gurgle_packet_new (BURBLE_GURGLE_PONG);

  burble_gurgle_packet_answer_to (answer, packet);
  answer->ping.data = g_strdup (packet->ping.data);
  burble_client_send (self, answer);
}

/* What the configuration has closed is not offered. */
static gboolean
is_open (BurbleClient  *self,
         BurbleFeatures feature)
{
  if (feature == BURBLE_FEATURE_REGISTER)
    return self->server->config->register_;
  return feature != BURBLE_FEATURE_ACTIVE_USERS || self->server->active_users != NULL;
}

static BurbleFeatures
find_feature (BurbleClient *self,
              const char   *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (features); i++)
    if (g_str_equal (features[i].name, name) && is_open (self, features[i].feature))
      return features[i].feature;
  return BURBLE_FEATURE_NONE;
}

static void
handle_upgrade (BurbleClient             *self,
                const BurbleGurglePacket *packet)
{
  g_autoptr(BurbleGurglePacket) answer = burble_gurgle_packet_new (BURBLE_GURGLE_UPGRADED);
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  BurbleFeatures before = self->terminal.features;
  gboolean any = FALSE;

  for (guint i = 0; packet->upgrade.features[i] != NULL; i++)
    {
      BurbleFeatures feature = find_feature (self, packet->upgrade.features[i]);

      self->terminal.features |= feature;
      any |= feature != BURBLE_FEATURE_NONE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (features); i++)
    if ((self->terminal.features & features[i].feature) != 0)
      g_strv_builder_add (names, features[i].name);

  burble_gurgle_packet_answer_to (answer, packet);
  g_strfreev (answer->upgrade.features);
  answer->upgrade.features = g_strv_builder_end (names);
  if (packet->upgrade.features[0] != NULL && !any)
    burble_gurgle_packet_set_error (answer, "unsupported", "None of these features is supported.");
  burble_client_send (self, answer);
  if (self->ready && (self->terminal.features & ~before & BURBLE_FEATURE_RECEIPTS) != 0)
    burble_client_fetch_receipts (self);
  if (self->ready)
    burble_client_watch_active_users (self);
}

static void
handle_query (BurbleClient             *self,
              const BurbleGurglePacket *packet)
{
  g_autoptr(BurbleGurglePacket) answer = NULL;
  static const char *const methods[] = { "plain", NULL };

  if (g_strcmp0 (packet->query.query, "auth") != 0 &&
      g_strcmp0 (packet->query.query, "auth_method") != 0)
    {
      burble_client_refuse (self, packet, "unknown_query", "This server cannot be asked that.");
      return;
    }
  answer = burble_gurgle_packet_new (BURBLE_GURGLE_ANSWER);
  burble_gurgle_packet_answer_to (answer, packet);
  g_strfreev (answer->answer.methods);
  answer->answer.methods = g_strdupv ((char **) methods);
  burble_client_send (self, answer);
}

/* What was asked before is answered first. */
static void
quit (BurbleClient *self)
{
  g_autoptr(BurbleGurglePacket) packet = g_steal_pointer (&self->quit);
  g_autoptr(BurbleGurglePacket) answer = burble_gurgle_packet_new (BURBLE_GURGLE_BYE);

  burble_gurgle_packet_answer_to (answer, packet);
  if (self->receipts_known)
    self->receipt = self->server->last_receipt;
  self->unsaved = TRUE;
  finish (self, answer);
}

void
burble_client_request_free (BurbleClientRequest *request)
{
  BurbleClient *client = request->client;

  g_clear_pointer (&request->request, burble_gurgle_packet_unref);
  g_strfreev (request->failures);
  g_free (request);
  client->busy--;
  if (client->busy == 0 && client->quit != NULL && client->state != BURBLE_CLIENT_CLOSED)
    quit (client);
  burble_client_update_pause (client);
  burble_server_client_settled (client->server, client);
  burble_client_unref (client);
}

static void
handle_quit (BurbleClient       *self,
             BurbleGurglePacket *packet)
{
  if (self->quit != NULL)
    return;
  self->quit = burble_gurgle_packet_ref (packet);
  if (self->busy == 0)
    quit (self);
  else
    burble_client_update_pause (self);
}

static void
handle_pong (BurbleClient             *self,
             const BurbleGurglePacket *packet)
{
  self->pinged_at = 0;
}

/* A request that comes too early, or that nobody knows. */
static void
complain (BurbleClient             *self,
          const BurbleGurglePacket *packet,
          const char               *error,
          const char               *reason)
{
  burble_client_refuse (self, packet, error, reason);
  if (self->state != BURBLE_CLIENT_ONLINE && ++self->n_errors >= MAX_ERRORS)
    burble_client_kill (self, "too_many_errors", "Too many requests that make no sense.");
}

/* What is answered in every state after the version; FALSE: it is not one of those. */
static gboolean
handle_common (BurbleClient       *self,
               BurbleGurglePacket *packet)
{
  if (packet->type == BURBLE_GURGLE_PING)
    handle_ping (self, packet);
  else if (packet->type == BURBLE_GURGLE_PONG)
    handle_pong (self, packet);
  else if (packet->type == BURBLE_GURGLE_VERSION)
    handle_version (self, packet);
  else if (packet->type == BURBLE_GURGLE_UPGRADE)
    handle_upgrade (self, packet);
  else if (packet->type == BURBLE_GURGLE_QUERY)
    handle_query (self, packet);
  else if (packet->type == BURBLE_GURGLE_QUIT)
    handle_quit (self, packet);
  else
    return FALSE;
  return TRUE;
}

static gboolean
has_feature (BurbleClient          *self,
             BurbleGurglePacketType type)
{
  const char *name = burble_gurgle_packet_type_get_feature (type);
  BurbleFeatures feature = name != NULL ? find_feature (self, name) : BURBLE_FEATURE_NONE;

  return name == NULL || (self->terminal.features & feature) != 0;
}

static gboolean
handle_online (BurbleClient       *self,
               BurbleGurglePacket *packet)
{
  static void (*const handlers[]) (BurbleClient *, BurbleGurglePacket *) = {
    [BURBLE_GURGLE_PUBLISH_PRESENCE] = burble_client_publish,
    [BURBLE_GURGLE_GET_ROSTER] = burble_client_get_roster,
    [BURBLE_GURGLE_UPDATE_ROSTER] = burble_client_update_roster,
    [BURBLE_GURGLE_MESSAGE] = burble_client_message,
    [BURBLE_GURGLE_TYPING] = burble_client_typing,
    [BURBLE_GURGLE_RECEIPT] = burble_client_store_receipt,
    [BURBLE_GURGLE_GET_USER_STATUS] = burble_client_get_user_status,
    [BURBLE_GURGLE_GET_ACTIVE_USERS] = burble_client_get_active_users,
    [BURBLE_GURGLE_GET_HISTORY] = burble_client_get_history,
  };
  void (*handler) (BurbleClient *, BurbleGurglePacket *) = NULL;

  if (packet->type < G_N_ELEMENTS (handlers))
    handler = handlers[packet->type];
  if (handler == NULL || !has_feature (self, packet->type))
    return FALSE;
  handler (self, packet);
  return TRUE;
}

/*
 * Answers, asked for or not, must not be answered: the peer would take that for the answer to a
 * request of its own that has the same id.
 */
static gboolean
is_answer (BurbleGurglePacketType type)
{
  static const BurbleGurglePacketType answers[] = {
    BURBLE_GURGLE_ERROR_RESULT, BURBLE_GURGLE_PONG, BURBLE_GURGLE_UPGRADED, BURBLE_GURGLE_ANSWER,
    BURBLE_GURGLE_AUTH_RESULT, BURBLE_GURGLE_PRESENCE, BURBLE_GURGLE_KEEP_ROSTER,
    BURBLE_GURGLE_FLUSH_ROSTER, BURBLE_GURGLE_SENT, BURBLE_GURGLE_BYE, BURBLE_GURGLE_USER_STATUS,
    BURBLE_GURGLE_ACTIVE_USERS, BURBLE_GURGLE_HISTORY, BURBLE_GURGLE_ATTACHMENT,
    BURBLE_GURGLE_ATTACHMENT_STORED,
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    if (answers[i] == type)
      return TRUE;
  return FALSE;
}

static void
handle_packet (BurbleClient       *self,
               BurbleGurglePacket *packet)
{
  if (packet->type == BURBLE_GURGLE_KILL)
    burble_link_close (self->link);
  else if (packet->type == BURBLE_GURGLE_INVALID && is_answer (packet->invalid.type))
    return;
  else if (packet->type == BURBLE_GURGLE_INVALID)
    complain (self, packet, "invalid", packet->invalid.problem);
  else if (self->state == BURBLE_CLIENT_NEW && packet->type == BURBLE_GURGLE_VERSION)
    handle_version (self, packet);
  else if (self->state == BURBLE_CLIENT_NEW)
    complain (self, packet, "version_required", "The first packet must be the version.");
  else if (handle_common (self, packet) ||
           (is_answer (packet->type) && packet->type != BURBLE_GURGLE_SENT))
    return;
  else if (packet->type == BURBLE_GURGLE_SENT)
    burble_client_acknowledge (self, packet);
  else if (packet->type == BURBLE_GURGLE_UNKNOWN)
    complain (self, packet, "unknown_command", "This server does not know this command.");
  else if (self->state == BURBLE_CLIENT_ANONYMOUS && packet->type == BURBLE_GURGLE_AUTH)
    burble_client_auth (self, packet);
  else if (self->state == BURBLE_CLIENT_ANONYMOUS && packet->type == BURBLE_GURGLE_REGISTER)
    burble_client_register (self, packet);
  else if (self->state == BURBLE_CLIENT_ANONYMOUS)
    complain (self, packet, "not_authenticated", "Sign in first.");
  else if (packet->type == BURBLE_GURGLE_AUTH || packet->type == BURBLE_GURGLE_REGISTER)
    complain (self, packet, "already_authenticated", "This connection is signed in.");
  else if (!handle_online (self, packet))
    complain (self, packet, "unknown_command", "This server does not know this command.");
}

void
burble_client_reset_allowance (BurbleClient *self)
{
  const BurbleServerConfig *config = self->server->config;
  gint64 now = g_get_monotonic_time ();

  burble_allowance_init (&self->bytes, config->burst_kib, now);
  burble_allowance_init (&self->packets, config->burst_packets, now);
}

static gboolean
waited_cb (gpointer user_data)
{
  g_autoptr(BurbleClient) self = burble_client_ref (user_data);

  self->wait_id = 0;
  /* Whatever it said meanwhile was not read. */
  self->pinged_at = 0;
  burble_client_update_pause (self);
  return G_SOURCE_REMOVE;
}

/*
 * Whoever sends more than their share is not read from for a while: what they send waits on their
 * side, nothing is lost, and the others do not notice.
 */
static void
count_packet (BurbleClient *self,
              gsize         size)
{
  const BurbleServerConfig *config = self->server->config;
  gint64 now = g_get_monotonic_time ();
  gint64 wait = burble_allowance_use (&self->packets, 1, config->rate_packets,
                                      config->burst_packets, now);

  wait = MAX (wait, burble_allowance_use (&self->bytes, (double) size / 1024, config->rate_kib,
                                          config->burst_kib, now));
  if (wait == 0 || self->wait_id != 0)
    return;
  self->wait_id = g_timeout_add ((guint) MIN (wait / 1000 + 1, G_MAXINT), waited_cb, self);
  burble_client_update_pause (self);
}

static void
link_frame (BurbleLink *link,
            GBytes     *payload,
            gpointer    user_data)
{
  g_autoptr(BurbleClient) self = burble_client_ref (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleGurglePacket) packet = NULL;

  if (self->state == BURBLE_CLIENT_CLOSED)
    return;
  if (self->state == BURBLE_CLIENT_ONLINE)
    count_packet (self, g_bytes_get_size (payload));
  packet = burble_gurgle_packet_parse_request (payload, BURBLE_GURGLE_DIALECT_0_1, &error);
  if (packet == NULL)
    burble_client_kill (self, "bad_packet", "A packet could not be read.");
  else
    handle_packet (self, packet);
}

static void
link_broken (BurbleLink   *link,
             const GError *error,
             gpointer      user_data)
{
  BurbleClient *self = user_data;

  if (g_error_matches (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_TOO_LARGE))
    burble_client_kill (self, "too_large", "A packet was larger than this server takes.");
  else
    burble_client_kill (self, "bad_packet", "A packet could not be read.");
}

static void
link_finishing (BurbleLink *link,
                gpointer    user_data)
{
  g_autoptr(BurbleClient) self = burble_client_ref (user_data);

  if (self->state == BURBLE_CLIENT_CLOSED)
    return;
  leave (self);
  self->since = g_get_monotonic_time ();
  burble_server_client_finishing (self->server);
}

static void
link_opened (BurbleLink *link,
             gpointer    user_data)
{
}

static void
link_flushing (BurbleLink *link,
               gpointer    user_data)
{
  BurbleClient *self = user_data;

  if (self->overrun)
    burble_link_close (link);
  else
    burble_client_flush_push (self);
}

static void
link_drained (BurbleLink *link,
              gpointer    user_data)
{
  g_autoptr(BurbleClient) self = burble_client_ref (user_data);

  burble_client_update_pause (self);
  burble_client_drained (self);
}

static void
link_closed (BurbleLink *link,
             gpointer    user_data)
{
  BurbleClient *self = user_data;

  if (self->state != BURBLE_CLIENT_CLOSED)
    leave (self);
  burble_server_client_gone (self->server, self);
}

static const BurbleLinkEvents link_events = {
  .opened = link_opened,
  .frame = link_frame,
  .broken = link_broken,
  .finishing = link_finishing,
  .drained = link_drained,
  .flushing = link_flushing,
  .closed = link_closed,
};

/* From the router: something for this terminal. */
static void
terminal_send (BurbleTerminal *terminal,
               GBytes         *packet)
{
  BurbleClient *self = (BurbleClient *) terminal;

  /* Ended at the end of the turn: closing tells its contacts, from within telling them things. */
  if (burble_link_get_queued (self->link) > MAX_QUEUE)
    {
      self->overrun = TRUE;
      burble_link_mark (self->link);
      return;
    }
  burble_client_flush_push (self);
  burble_link_send_bytes (self->link, packet);
}

static void
terminal_kick (BurbleTerminal *terminal,
               const char     *error,
               const char     *reason)
{
  burble_client_kill ((BurbleClient *) terminal, error, reason);
}

static const BurbleTerminalFuncs terminal_funcs = {
  .deliver = burble_client_deliver,
  .send = terminal_send,
  .kick = terminal_kick,
};

void
burble_client_sweep (BurbleClient *self,
                     gint64        now)
{
  g_autoptr(BurbleClient) alive = burble_client_ref (self);
  const BurbleServerConfig *config = self->server->config;
  gint64 stuck = burble_link_get_stuck_since (self->link);

  if (burble_link_is_finishing (self->link))
    {
      if (now - self->since > (self->server->draining ? DRAIN_LINGER_US : LINGER_US))
        burble_link_close (self->link);
    }
  else if (stuck != 0 && now - stuck > config->stuck_timeout * G_USEC_PER_SEC)
    {
      g_debug ("A connection takes nothing any more");
      burble_link_close (self->link);
    }
  else if (self->state != BURBLE_CLIENT_ONLINE)
    {
      if (now - self->since <= config->auth_timeout * G_USEC_PER_SEC)
        return;
      if (burble_link_is_open (self->link))
        burble_client_kill (self, "auth_timeout", "Nobody signed in in time.");
      else
        burble_link_close (self->link);
    }
  else if (self->wait_id != 0)
    {
      return;
    }
  else if (self->pinged_at != 0 && burble_link_get_last_received (self->link) < self->pinged_at)
    {
      if (now - self->pinged_at > config->answer_timeout * G_USEC_PER_SEC)
        burble_client_kill (self, "idle", "There was no answer.");
    }
  else if (now - burble_link_get_last_received (self->link) > config->idle_timeout * G_USEC_PER_SEC)
    {
      g_autoptr(BurbleGurglePacket) ping = burble_gurgle_packet_new (BURBLE_GURGLE_PING);

      burble_gurgle_packet_set_id (ping, burble_client_next_id (self));
      burble_client_send (self, ping);
      self->pinged_at = now;
    }
}

void
burble_client_drain (BurbleClient *self)
{
  g_autoptr(BurbleClient) alive = burble_client_ref (self);

  burble_client_update_pause (self);
  if (self->state == BURBLE_CLIENT_CLOSED || self->busy > 0)
    return;
  burble_client_flush_push (self);
  burble_client_kill (self, "shutdown", "The server is being stopped or restarted.");
}

void
burble_client_abort (BurbleClient *self)
{
  burble_link_close (self->link);
}

BurbleClient *
burble_client_new (BurbleServer *server,
                   int           fd,
                   const char   *address)
{
  BurbleClient *self = g_new0 (BurbleClient, 1);

  self->ref_count = 1;
  self->server = server;
  self->terminal.funcs = &terminal_funcs;
  self->address = g_strdup (address);
  self->since = g_get_monotonic_time ();
  self->node.data = self;
  self->waiting_node.data = self;
  self->link = burble_link_new (server->poller, fd,
                                server->config->plain ? NULL : server->credentials,
                                server->priority, &link_events, self);
  if (self->link == NULL)
    {
      burble_client_unref (self);
      return NULL;
    }
  return self;
}
