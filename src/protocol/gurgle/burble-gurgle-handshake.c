/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-handshake"

#include "config.h"

#include <string.h>

#include "burble-gurgle-connection-private.h"

/*
 * From the first packet to being signed in:
 *
 *   version → upgrade → query auth → auth or register
 *
 * A server of the later dialect leaves most of it unanswered and each silence costs its full time,
 * so there the optional questions are asked all at once, and the first answer is taken.
 */

typedef struct BurbleGurgleHandshake BurbleGurgleHandshake;
struct BurbleGurgleHandshake
{
  guint queries; /* not answered yet */
  gboolean queries_done;
  gboolean upgrade_done;
  gboolean auth_sent;
};

static const struct
{
  const char *name;
  BurbleGurgleFeatures feature;
  BurbleCapabilities capability;
} features[] = {
  { BURBLE_GURGLE_FEATURE_TYPING, BURBLE_GURGLE_HAS_TYPING, BURBLE_CAPABILITY_TYPING },
  { BURBLE_GURGLE_FEATURE_RECEIPTS, BURBLE_GURGLE_HAS_RECEIPTS, BURBLE_CAPABILITY_RECEIPTS },
  { BURBLE_GURGLE_FEATURE_USER_STATUS, BURBLE_GURGLE_HAS_USER_STATUS, BURBLE_CAPABILITY_DIRECTORY },
  { BURBLE_GURGLE_FEATURE_CARBONS, BURBLE_GURGLE_HAS_CARBONS, BURBLE_CAPABILITY_CARBONS },
  { BURBLE_GURGLE_FEATURE_HISTORY, BURBLE_GURGLE_HAS_HISTORY, BURBLE_CAPABILITY_HISTORY },
  { BURBLE_GURGLE_FEATURE_REGISTER, BURBLE_GURGLE_HAS_REGISTER, BURBLE_CAPABILITY_REGISTER },
  { BURBLE_GURGLE_FEATURE_ACTIVE_USERS, BURBLE_GURGLE_HAS_ACTIVE_USERS, BURBLE_CAPABILITY_PEOPLE },
};

static void
lose (BurbleGurgleConnection *self, BurbleProtocolError code, const char *reason)
{
  g_autoptr(GError) error = g_error_new_literal (BURBLE_PROTOCOL_ERROR, code, reason);

  burble_gurgle_connection_lose (self, error);
}

/* The link went down and took the question with it. Not for silence: that is an answer here. */
static gboolean
is_over (BurbleGurgleConnection *self)
{
  return self->handshake == NULL || self->stream == NULL;
}

/* Signed in. */

static BurbleCapabilities
capabilities_of (BurbleGurgleConnection *self)
{
  BurbleCapabilities capabilities =
    BURBLE_CAPABILITY_ROSTER | BURBLE_CAPABILITY_ROSTER_EDIT | BURBLE_CAPABILITY_PRESENCE
    | BURBLE_CAPABILITY_MOOD | BURBLE_CAPABILITY_MESSAGES | BURBLE_CAPABILITY_REQUESTS;

  for (guint i = 0; i < G_N_ELEMENTS (features); i++)
    if ((self->features & features[i].feature) != 0)
      capabilities |= features[i].capability;
  /* Rooms are part of the protocol itself; nobody was seen to have them in the later dialect. */
  if (self->dialect == BURBLE_GURGLE_DIALECT_0_1)
    capabilities |= BURBLE_CAPABILITY_ROOMS;
  return capabilities;
}

static void
signed_in (BurbleGurgleConnection *self, const char *to)
{
  g_autoptr(BurbleGurgleId) id = to != NULL ? burble_gurgle_id_parse (to, NULL) : NULL;

  if (id != NULL)
    {
      g_clear_pointer (&self->own_id, burble_gurgle_id_unref);
      self->own_id = g_steal_pointer (&id);
    }
  burble_gurgle_handshake_stop (self);
  g_clear_pointer (&self->register_asked, g_free);
  self->signed_in = TRUE;
  burble_liveness_start (self->liveness);
  burble_connection_set_capabilities (BURBLE_CONNECTION (self), capabilities_of (self));
  if (!self->signed_in)
    return;
  /* Asked before anybody hears that we are online: what they ask for comes after. */
  burble_gurgle_roster_fetch (self);
  burble_gurgle_presence_publish (self);
  burble_gurgle_receipts_repeat (self);
  burble_connection_opened (BURBLE_CONNECTION (self));
}

static GError *
auth_error (const BurbleGurglePacket *reply, const GError *error)
{
  if (error != NULL)
    return g_error_copy (error);
  if (reply->error != NULL)
    return burble_gurgle_error_from_words (reply->error, reply->reason);
  return NULL;
}

static void
auth_cb (gpointer owner, const BurbleGurglePacket *reply, const GError *error, gpointer data)
{
  BurbleGurgleConnection *self = owner;
  g_autoptr(GError) refused = NULL;

  if (is_over (self))
    return;
  refused = auth_error (reply, error);
  if (refused == NULL)
    {
      signed_in (self, reply->auth_result.to);
      return;
    }
  /* `auth` after a `register` that said "exists": that name is somebody else's after all. */
  if (self->register_asked != NULL
      && g_error_matches (refused, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_PASSWORD))
    {
      refused->code = BURBLE_PROTOCOL_ERROR_EXISTS;
      g_clear_pointer (&self->register_asked, g_free);
    }
  /* A bare refusal at this point needs the user, whatever the word was. */
  if (g_error_matches (refused, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED))
    refused->code = BURBLE_PROTOCOL_ERROR_PASSWORD;
  burble_gurgle_connection_lose (self, refused);
}

/* The wished terminal rides on the id; the later dialect takes it for a wrong name. */
static const char *
wished_id (BurbleGurgleConnection *self, BurbleGurgleId **with_terminal)
{
  const BurbleConnectionSettings *settings =
    burble_connection_get_settings (BURBLE_CONNECTION (self));

  if (self->dialect == BURBLE_GURGLE_DIALECT_0_1 && settings->terminal != NULL
      && *settings->terminal != '\0')
    *with_terminal = burble_gurgle_id_with_terminal (self->own_id, settings->terminal, NULL);
  return *with_terminal != NULL
         ? burble_gurgle_id_get_full (*with_terminal)
         : burble_gurgle_id_get_bare (self->own_id);
}

/* The secret does not stay in memory for longer than it is of use. */
static void
forget (BurbleGurglePacket *packet)
{
  if (packet->auth.password != NULL)
    explicit_bzero (packet->auth.password, strlen (packet->auth.password));
  burble_gurgle_packet_unref (packet);
}

static void
send_auth (BurbleGurgleConnection *self)
{
  BurbleGurglePacket *packet = burble_gurgle_packet_new (BURBLE_GURGLE_AUTH);
  g_autoptr(BurbleGurgleId) with_terminal = NULL;

  packet->auth.from = g_strdup (wished_id (self, &with_terminal));
  packet->auth.method = g_strdup ("plain");
  packet->auth.password = g_strdup (burble_connection_get_password (BURBLE_CONNECTION (self)));
  burble_gurgle_packet_ref (packet);
  burble_gurgle_connection_request (self, packet, BURBLE_GURGLE_AUTH_RESULT, auth_cb, NULL, NULL);
  forget (packet);
}

static void
register_cb (gpointer owner, const BurbleGurglePacket *reply, const GError *error, gpointer data)
{
  BurbleGurgleConnection *self = owner;
  g_autoptr(GError) refused = NULL;
  gboolean asked_before = GPOINTER_TO_INT (data);

  if (is_over (self))
    return;
  refused = auth_error (reply, error);
  if (refused == NULL)
    {
      g_clear_pointer (&self->register_asked, g_free);
      signed_in (self, reply->auth_result.to);
      return;
    }
  if (g_error_matches (refused, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_EXISTS)
      && asked_before)
    {
      /* Very likely it is ours: the answer to the first `register` was lost. */
      send_auth (self);
      return;
    }
  if (!g_error_matches (refused, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT))
    g_clear_pointer (&self->register_asked, g_free);
  if (g_error_matches (refused, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_UNSUPPORTED))
    refused->code = BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED;
  if (g_error_matches (refused, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED))
    refused->code = BURBLE_PROTOCOL_ERROR_BAD_ADDRESS;
  burble_gurgle_connection_lose (self, refused);
}

static void
send_register (BurbleGurgleConnection *self, const char *invite)
{
  BurbleGurglePacket *packet = burble_gurgle_packet_new (BURBLE_GURGLE_REGISTER);
  g_autoptr(BurbleGurgleId) with_terminal = NULL;
  const char *bare = burble_gurgle_id_get_bare (self->own_id);
  gboolean asked_before = g_strcmp0 (self->register_asked, bare) == 0;

  packet->auth.from = g_strdup (wished_id (self, &with_terminal));
  packet->auth.password = g_strdup (burble_connection_get_password (BURBLE_CONNECTION (self)));
  packet->auth.invite = g_strdup (invite);
  g_set_str (&self->register_asked, bare);
  burble_gurgle_packet_ref (packet);
  burble_gurgle_connection_request (self, packet, BURBLE_GURGLE_AUTH_RESULT, register_cb,
                                    GINT_TO_POINTER (asked_before), NULL);
  forget (packet);
}

static void
authenticate (BurbleGurgleConnection *self)
{
  BurbleConnection *connection = BURBLE_CONNECTION (self);
  const char *invite = NULL;

  self->handshake->auth_sent = TRUE;
  if (burble_connection_get_password (connection) == NULL)
    lose (self, BURBLE_PROTOCOL_ERROR_PASSWORD, "A password is needed");
  else if (!burble_connection_get_register (connection, &invite))
    send_auth (self);
  else if ((self->features & BURBLE_GURGLE_HAS_REGISTER) != 0)
    send_register (self, invite);
  else
    lose (self, BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED,
          "The server does not let people create accounts");
}

/* Questions. */

static void
go_on (BurbleGurgleConnection *self)
{
  BurbleGurgleHandshake *handshake = self->handshake;
  /* Of the later dialect nobody answers `upgrade`: only who wants to register waits for it. */
  gboolean needs_upgrade =
    self->dialect == BURBLE_GURGLE_DIALECT_0_1
    || burble_connection_get_register (BURBLE_CONNECTION (self), NULL);

  if (!handshake->auth_sent && handshake->queries_done
      && (handshake->upgrade_done || !needs_upgrade))
    authenticate (self);
}

static void
query_cb (gpointer owner, const BurbleGurglePacket *reply, const GError *error, gpointer data)
{
  BurbleGurgleConnection *self = owner;

  if (is_over (self))
    return;
  self->handshake->queries--;
  if (self->handshake->queries_done)
    return;
  if (reply != NULL && reply->error == NULL && reply->answer.methods[0] != NULL
      && !g_strv_contains ((const char * const *) reply->answer.methods, "plain"))
    {
      lose (self, BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
            "The server offers no way to sign in that this client knows");
      return;
    }
  /* Whoever answers at all decides; silence on all forms means to try plain. */
  if (reply == NULL && self->handshake->queries > 0)
    return;
  self->handshake->queries_done = TRUE;
  go_on (self);
}

static void
send_query (BurbleGurgleConnection *self, const char *name)
{
  BurbleGurglePacket *packet = burble_gurgle_packet_new (BURBLE_GURGLE_QUERY);

  packet->query.query = g_strdup (name);
  self->handshake->queries++;
  burble_gurgle_connection_request (self, packet, BURBLE_GURGLE_ANSWER, query_cb, NULL, NULL);
}

static void
upgrade_cb (gpointer owner, const BurbleGurglePacket *reply, const GError *error, gpointer data)
{
  BurbleGurgleConnection *self = owner;

  if (is_over (self))
    return;
  if (reply != NULL)
    {
      for (guint i = 0; i < G_N_ELEMENTS (features); i++)
        if (g_strv_contains ((const char * const *) reply->upgrade.features, features[i].name))
          self->features |= features[i].feature;
    }
  self->handshake->upgrade_done = TRUE;
  if (self->dialect == BURBLE_GURGLE_DIALECT_0_1)
    send_query (self, "auth");
  go_on (self);
}

static void
send_upgrade (BurbleGurgleConnection *self)
{
  BurbleGurglePacket *packet = burble_gurgle_packet_new (BURBLE_GURGLE_UPGRADE);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (features); i++)
    g_strv_builder_add (builder, features[i].name);
  g_clear_pointer (&packet->upgrade.features, g_strfreev);
  packet->upgrade.features = g_strv_builder_end (builder);
  burble_gurgle_connection_request (self, packet, BURBLE_GURGLE_UPGRADED, upgrade_cb, NULL, NULL);
}

static void
version_cb (gpointer owner, const BurbleGurglePacket *reply, const GError *error, gpointer data)
{
  BurbleGurgleConnection *self = owner;

  if (is_over (self))
    return;
  if (error != NULL)
    {
      g_autoptr(GError) lost = g_error_copy (error);

      /* Somebody else is at home there; it may be a passing mistake of a proxy. */
      if (!g_error_matches (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT))
        lost->code = BURBLE_PROTOCOL_ERROR_BAD_DATA;
      burble_gurgle_connection_lose (self, lost);
      return;
    }

  if (g_strcmp0 (reply->version.version, "0.1") == 0)
    {
      send_upgrade (self);
    }
  else if (g_strcmp0 (reply->version.version, "0.2") == 0)
    {
      /* Three texts, three forms: the first in the flat shape of the earlier dialect. */
      send_query (self, "auth");
      self->dialect = BURBLE_GURGLE_DIALECT_0_2;
      send_query (self, "auth_method");
      send_query (self, "encrypted_method");
      send_upgrade (self);
    }
  else
    {
      lose (self, BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
            "The server speaks a version of the protocol that this client does not know");
    }
}

void
burble_gurgle_handshake_start (BurbleGurgleConnection *self)
{
  BurbleGurglePacket *packet = burble_gurgle_packet_new (BURBLE_GURGLE_VERSION);

  g_assert (self->handshake == NULL);

  self->handshake = g_new0 (BurbleGurgleHandshake, 1);
  packet->version.version = g_strdup ("0.1");
  burble_gurgle_connection_request (self, packet, BURBLE_GURGLE_VERSION, version_cb, NULL, NULL);
}

void
burble_gurgle_handshake_stop (BurbleGurgleConnection *self)
{
  g_clear_pointer (&self->handshake, g_free);
}
