/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-cg-sign-in"

#include "config.h"

#include <string.h>

#include "burble-cg-connection-private.h"
#include "burble-cg-name.h"

/*
 * From the first packet to being signed in. Each step waits for one answer.
 */

/* The values of the servers that are about; others tell their own, see take_version(). */
#define FIRST_SEMVER "0.3.2-dev"
#define FIRST_FLAVOR "vanilla"

static void
fail (BurbleCgConnection *self, BurbleProtocolError code, const char *reason)
{
  g_autoptr(GError) error = g_error_new_literal (BURBLE_PROTOCOL_ERROR, code, reason);

  burble_cg_connection_lose (self, error);
}

static void check_version (BurbleCgConnection *self);
static void send_auth (BurbleCgConnection *self, gboolean create);

static gboolean
pause_cb (gpointer user_data)
{
  BurbleCgConnection *self = user_data;

  self->step_source = 0;
  check_version (self);
  return G_SOURCE_REMOVE;
}

static void
step_timeout_cb (gpointer user_data)
{
  BurbleCgConnection *self = user_data;

  self->step_source = 0;
  /* Optional, and not all servers know it. */
  if (self->step == BURBLE_CG_STEP_PRECHECK)
    send_auth (self, TRUE);
  else
    fail (self, BURBLE_PROTOCOL_ERROR_TIMED_OUT, "The server does not answer");
}

static void
enter (BurbleCgConnection *self, BurbleCgStep step)
{
  g_clear_handle_id (&self->step_source, g_source_remove);
  self->step = step;
  /* What is not answered is given time to be read alone. Late, so that it has left for sure. */
  if (step == BURBLE_CG_STEP_PAUSE)
    self->step_source = g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, self->pause, pause_cb, self,
                                            NULL);
  else if (step != BURBLE_CG_STEP_ONLINE)
    self->step_source = g_timeout_add_once (self->step_timeout, step_timeout_cb, self);
}

void
burble_cg_sign_in_stop (BurbleCgConnection *self)
{
  g_clear_handle_id (&self->step_source, g_source_remove);
  self->step = BURBLE_CG_STEP_NONE;
}

/* Sends and waits for the next step; what cannot be sent ends the attempt. */
static void
go_on (BurbleCgConnection *self, BurbleCgPacket *packet, BurbleCgStep step)
{
  g_autoptr(BurbleCgPacket) owned = packet;
  g_autoptr(GError) error = NULL;

  if (burble_cg_connection_send (self, owned, &error))
    enter (self, step);
  else
    fail (self, BURBLE_PROTOCOL_ERROR_UNSUPPORTED, error->message);
}

/* "name@host" or "name@host:port". */
gboolean
burble_cg_sign_in_read_address (BurbleCgConnection *self, GError **error)
{
  BurbleConnection *connection = BURBLE_CONNECTION (self);
  const char *address = burble_connection_get_settings (connection)->address;
  const char *at = address != NULL ? strrchr (address, '@') : NULL;
  g_autofree char *host = NULL;
  g_autofree char *name = at != NULL ? g_strndup (address, at - address) : NULL;
  guint16 port = 0;

  host = burble_cg_link_read_place (self, &port);
  if (host == NULL || !burble_cg_name_is_possible (name)
      || (burble_connection_get_register (connection, NULL) && !burble_cg_name_is_new (name)))
    {
      g_set_error_literal (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS,
                           "Not an address of this network");
      return FALSE;
    }
  g_set_str (&self->username, name);
  g_set_str (&self->host, host);
  self->port = port;
  return TRUE;
}

gboolean
burble_cg_sign_in_check_password (BurbleCgConnection *self, GError **error)
{
  BurbleConnection *connection = BURBLE_CONNECTION (self);
  const char *password = burble_connection_get_password (connection);

  if (password != NULL && burble_cg_password_is_possible (password))
    return TRUE;
  g_set_error_literal (error, BURBLE_PROTOCOL_ERROR,
                       burble_connection_get_register (connection, NULL)
                       ? BURBLE_PROTOCOL_ERROR_BAD_PASSWORD : BURBLE_PROTOCOL_ERROR_PASSWORD,
                       "A password of 1 to 127 characters is needed");
  return FALSE;
}

/* The server speaks first. */
void
burble_cg_sign_in_start (BurbleCgConnection *self)
{
  enter (self, BURBLE_CG_STEP_HELLO);
}

static void
take_hello (BurbleCgConnection *self, const BurbleCgPacket *packet)
{
  if (packet->protocol != BURBLE_CG_TRANSPORT_VERSION)
    {
      burble_cg_link_part (self, "protoversionmismatch");
      fail (self, BURBLE_PROTOCOL_ERROR_UNSUPPORTED, "The server speaks another version");
      return;
    }
  go_on (self, burble_cg_packet_new (BURBLE_CG_SET_TYPE), BURBLE_CG_STEP_HANDSHAKE);
}

static void
check_version (BurbleCgConnection *self)
{
  BurbleCgPacket *check = burble_cg_packet_new (BURBLE_CG_VERSION_CHECK);

  check->protocol = self->semver != NULL ? self->protocol : BURBLE_CG_PROTOCOL;
  check->semver = g_strdup (self->semver != NULL ? self->semver : FIRST_SEMVER);
  check->flavor = g_strdup (self->semver != NULL ? self->flavor : FIRST_FLAVOR);
  go_on (self, check, BURBLE_CG_STEP_VERSION);
}

static void
take_handshake (BurbleCgConnection *self, const BurbleCgPacket *packet)
{
  self->registry = packet->registry;
  go_on (self, burble_cg_packet_new (BURBLE_CG_HANDSHAKE_ACCEPT), BURBLE_CG_STEP_PAUSE);
}

static void
send_auth (BurbleCgConnection *self, gboolean create)
{
  BurbleCgPacket *packet = burble_cg_packet_new (BURBLE_CG_AUTH);

  packet->username = g_strdup (self->username);
  packet->password = g_strdup (burble_connection_get_password (BURBLE_CONNECTION (self)));
  packet->create = create;
  if (create)
    g_set_str (&self->register_asked, self->username);
  go_on (self, packet, BURBLE_CG_STEP_AUTH);
}

/* It says what it wants to hear. That is said to it once; a second refusal is a real one. */
static void
take_version (BurbleCgConnection *self, const BurbleCgPacket *packet)
{
  BurbleCgPacket *precheck = NULL;

  if (!packet->compatible)
    {
      if (self->adapted || packet->semver == NULL || packet->flavor == NULL)
        {
          fail (self, BURBLE_PROTOCOL_ERROR_UNSUPPORTED, "The server wants another version");
          return;
        }
      self->adapted = TRUE;
      self->protocol = packet->protocol;
      g_set_str (&self->semver, packet->semver);
      g_set_str (&self->flavor, packet->flavor);
      burble_cg_link_clear (self);
      burble_cg_link_start (self);
      return;
    }
  if (!burble_connection_get_register (BURBLE_CONNECTION (self), NULL))
    {
      send_auth (self, FALSE);
      return;
    }
  if (self->registry.ids[BURBLE_CG_PRECHECK] == 0)
    {
      send_auth (self, TRUE);
      return;
    }
  precheck = burble_cg_packet_new (BURBLE_CG_PRECHECK);
  precheck->username = g_strdup (self->username);
  go_on (self, precheck, BURBLE_CG_STEP_PRECHECK);
}

static void
take_precheck (BurbleCgConnection *self, const BurbleCgPacket *packet)
{
  gboolean asked = g_strcmp0 (self->register_asked, self->username) == 0;

  if (!packet->valid)
    fail (self, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS, "The server takes no such name");
  else if (packet->exists && !asked)
    fail (self, BURBLE_PROTOCOL_ERROR_EXISTS, "That name is taken");
  else
    /* Perhaps it was we who took it, and the answer was lost: the password tells. */
    send_auth (self, !packet->exists);
}

static void
take_auth (BurbleCgConnection *self, const BurbleCgPacket *packet)
{
  BurbleConnection *connection = BURBLE_CONNECTION (self);

  g_clear_pointer (&self->register_asked, g_free);
  switch (packet->auth)
    {
    case BURBLE_CG_AUTH_LOGGED_IN:
      g_set_str (&self->own_uuid, packet->uuid);
      enter (self, BURBLE_CG_STEP_ONLINE);
      burble_connection_set_capabilities (connection, BURBLE_CAPABILITY_ROSTER
                                                      | BURBLE_CAPABILITY_ROSTER_EDIT
                                                      | BURBLE_CAPABILITY_DIRECTORY
                                                      | BURBLE_CAPABILITY_REGISTER);
      burble_connection_opened (connection);
      burble_cg_people_start (self);
      break;
    case BURBLE_CG_AUTH_WRONG_CREDENTIALS:
      fail (self, BURBLE_PROTOCOL_ERROR_PASSWORD, "Wrong name or password");
      break;
    case BURBLE_CG_AUTH_USER_EXISTS:
      fail (self, BURBLE_PROTOCOL_ERROR_EXISTS, "That name is taken");
      break;
    case BURBLE_CG_AUTH_REGISTER_DISABLED:
      fail (self, BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED, "No accounts are created here");
      break;
    case BURBLE_CG_AUTH_BLOCKED:
      fail (self, BURBLE_PROTOCOL_ERROR_DISABLED, "The account is blocked");
      break;
    case BURBLE_CG_AUTH_LOGGED_OUT:
    case BURBLE_CG_AUTH_UNKNOWN:
    default:
      fail (self, BURBLE_PROTOCOL_ERROR_REFUSED, "The server did not sign us in");
      break;
    }
}

static void
take_sign_out (BurbleCgConnection *self, const BurbleCgPacket *packet)
{
  if (packet->auth == BURBLE_CG_AUTH_LOGGED_OUT)
    fail (self, BURBLE_PROTOCOL_ERROR_KILLED, "");
}

gboolean
burble_cg_sign_in_take (BurbleCgConnection *self, const BurbleCgPacket *packet)
{
  if (self->step == BURBLE_CG_STEP_HELLO && packet->type == BURBLE_CG_HELLO)
    take_hello (self, packet);
  else if (self->step == BURBLE_CG_STEP_HANDSHAKE && packet->type == BURBLE_CG_HANDSHAKE)
    take_handshake (self, packet);
  else if (self->step == BURBLE_CG_STEP_VERSION && packet->type == BURBLE_CG_VERSION_CHECK)
    take_version (self, packet);
  else if (self->step == BURBLE_CG_STEP_PRECHECK && packet->type == BURBLE_CG_PRECHECK)
    take_precheck (self, packet);
  else if (self->step == BURBLE_CG_STEP_AUTH && packet->type == BURBLE_CG_AUTH)
    take_auth (self, packet);
  else if (self->step == BURBLE_CG_STEP_ONLINE && packet->type == BURBLE_CG_AUTH)
    take_sign_out (self, packet);
  else
    return FALSE;
  return TRUE;
}
