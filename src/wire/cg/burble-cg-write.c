/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-cg-write"

#include "config.h"

#include <math.h>
#include <string.h>

#include <msgpack.h>

#include "burble-cg-name.h"
#include "burble-cg-packet.h"
#include "burble-wire-error.h"

#define MAX_WORD 256 /* bytes of any text that has no rule of its own */

/*
 * A server of this kind takes its packets apart without a net: one body that it cannot read ends
 * it for everybody, and a member too many or too few is answered with silence. So the members are
 * written here and nowhere else, each packet with exactly those that it must have.
 */

typedef struct
{
  msgpack_sbuffer buffer;
  msgpack_packer packer;
  const char *problem;
} Writer;

static void
put_text (Writer *writer, const char *text)
{
  gsize length = strlen (text);

  msgpack_pack_str (&writer->packer, length);
  msgpack_pack_str_body (&writer->packer, text, length);
}

static void
add_text (Writer *writer, const char *key, const char *text)
{
  if (text == NULL)
    writer->problem = "a text is missing";
  else if (!g_utf8_validate (text, -1, NULL))
    writer->problem = "a text is not UTF-8";
  else if (strlen (text) > 4 * MAX_WORD)
    writer->problem = "a text is too long";
  if (writer->problem != NULL)
    return;
  put_text (writer, key);
  put_text (writer, text);
}

static void
add_boolean (Writer *writer, const char *key, gboolean value)
{
  put_text (writer, key);
  if (value)
    msgpack_pack_true (&writer->packer);
  else
    msgpack_pack_false (&writer->packer);
}

static void
write_auth (Writer *writer, const BurbleCgPacket *packet)
{
  if (packet->username == NULL
      || !(packet->create ? burble_cg_name_is_new (packet->username)
                          : burble_cg_name_is_possible (packet->username)))
    writer->problem = "a name that is not answered";
  else if (packet->password == NULL || !burble_cg_password_is_possible (packet->password))
    writer->problem = "a password that is not answered";
  msgpack_pack_map (&writer->packer, 3);
  add_text (writer, "username", packet->username);
  add_text (writer, "pwd", packet->password);
  add_boolean (writer, "create", packet->create);
}

/* One member: two would be a change of one's own profile if the UUID is one's own. */
static void
write_user (Writer *writer, const BurbleCgPacket *packet)
{
  g_autofree char *uuid = NULL;

  msgpack_pack_map (&writer->packer, 1);
  if (packet->uuid != NULL)
    {
      uuid = g_utf8_validate (packet->uuid, -1, NULL) ? burble_cg_uuid_normalize (packet->uuid)
                                                      : NULL;
      if (uuid == NULL)
        writer->problem = "a UUID that is none";
      add_text (writer, "uuid", uuid);
      return;
    }
  if (packet->username == NULL || !burble_cg_name_is_possible (packet->username))
    writer->problem = "a name that nobody can have";
  add_text (writer, "username", packet->username);
}

static void
write_version_check (Writer *writer, const BurbleCgPacket *packet)
{
  msgpack_pack_map (&writer->packer, 3);
  put_text (writer, "protoversion");
  msgpack_pack_int64 (&writer->packer, packet->protocol);
  add_text (writer, "semver", packet->semver);
  add_text (writer, "flavor", packet->flavor);
}

static void
write_ping (Writer *writer, const BurbleCgPacket *packet)
{
  msgpack_pack_map (&writer->packer, 2);
  put_text (writer, "time");
  msgpack_pack_double (&writer->packer, isfinite (packet->time) ? packet->time : 0);
  add_text (writer, "user", "");
}

static void
write_body (Writer *writer, const BurbleCgPacket *packet)
{
  switch (packet->type)
    {
    case BURBLE_CG_SET_TYPE:
      msgpack_pack_map (&writer->packer, 1);
      add_text (writer, "conntype", packet->ping ? "ping" : "classic");
      break;
    case BURBLE_CG_HANDSHAKE_ACCEPT:
      msgpack_pack_map (&writer->packer, 1);
      add_boolean (writer, "success", TRUE);
      break;
    case BURBLE_CG_CLOSE:
      msgpack_pack_map (&writer->packer, 1);
      add_text (writer, "reason", packet->reason);
      break;
    case BURBLE_CG_VERSION_CHECK:
      write_version_check (writer, packet);
      break;
    case BURBLE_CG_PRECHECK:
      if (packet->username == NULL || !burble_cg_name_is_possible (packet->username))
        writer->problem = "a name that nobody can have";
      msgpack_pack_map (&writer->packer, 1);
      add_text (writer, "username", packet->username);
      break;
    case BURBLE_CG_AUTH:
      write_auth (writer, packet);
      break;
    case BURBLE_CG_USER:
      write_user (writer, packet);
      break;
    case BURBLE_CG_PING:
      write_ping (writer, packet);
      break;
    case BURBLE_CG_UNKNOWN:
    case BURBLE_CG_HELLO:
    case BURBLE_CG_HANDSHAKE:
    case BURBLE_CG_MESSAGE:
    case BURBLE_CG_PONG:
    case BURBLE_CG_N_TYPES:
    default:
      writer->problem = "a packet that no client sends";
      break;
    }
}

/**
 * burble_cg_packet_write:
 * @self: a packet of a client
 * @registry: the numbers of this connection
 * @error: return location for a #BurbleWireError
 *
 * Returns: (transfer full) (nullable): a frame without the length in front
 */
GBytes *
burble_cg_packet_write (const BurbleCgPacket    *self,
                        const BurbleCgRegistry  *registry,
                        GError                 **error)
{
  Writer writer = { 0 };
  g_autoptr(GBytes) body = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (registry != NULL, NULL);

  msgpack_sbuffer_init (&writer.buffer);
  msgpack_packer_init (&writer.packer, &writer.buffer, msgpack_sbuffer_write);
  write_body (&writer, self);
  body = g_bytes_new (writer.buffer.data, writer.buffer.size);
  if (self->password != NULL && writer.buffer.data != NULL)
    explicit_bzero (writer.buffer.data, writer.buffer.size);
  msgpack_sbuffer_destroy (&writer.buffer);

  if (writer.problem == NULL && registry->ids[self->type] == 0)
    {
      g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_HARMFUL,
                           "Not sent: the server has no number for it");
      return NULL;
    }
  if (writer.problem != NULL)
    {
      g_set_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_HARMFUL, "Not sent: %s",
                   writer.problem);
      return NULL;
    }
  return burble_cg_frame_write (registry->ids[self->type], body);
}
