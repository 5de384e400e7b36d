/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-packet"

#include "config.h"

#include <string.h>

#include "burble-gurgle-packet-private.h"

/* Gurgle, section 3: authentication methods and logging in. Section 5: register, password. */

/* The later dialect asks for the same thing by another name. */
#define LATER_QUERY_AUTH "auth_method"

static void
clear_query (BurbleGurglePacket *packet)
{
  g_free (packet->query.query);
}

static gboolean
parse_query (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  if (!burble_gurgle_need_string (reader, burble_gurgle_read_argument (reader, "query"), "query",
                                  &packet->query.query))
    return FALSE;
  if (reader->dialect == BURBLE_GURGLE_DIALECT_0_2
      && strcmp (packet->query.query, LATER_QUERY_AUTH) == 0)
    g_set_str (&packet->query.query, "auth");
  return TRUE;
}

static void
serialize_query (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_argument (writer, "query");
  if (writer->dialect == BURBLE_GURGLE_DIALECT_0_2 && g_strcmp0 (packet->query.query, "auth") == 0)
    burble_json_write_string (writer->out, LATER_QUERY_AUTH);
  else
    burble_json_write_string (writer->out, packet->query.query);
}

const BurbleGurglePacketClass burble_gurgle_query_class = {
  .command = "query",
  .clear = clear_query,
  .parse = parse_query,
  .serialize = serialize_query,
};

static void
init_answer (BurbleGurglePacket *packet)
{
  packet->answer.methods = g_new0 (char *, 1);
}

static void
clear_answer (BurbleGurglePacket *packet)
{
  g_strfreev (packet->answer.methods);
}

static gboolean
parse_answer (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  return burble_gurgle_need_strings (reader, burble_gurgle_read_argument (reader, "answer"),
                                     "answer", &packet->answer.methods);
}

static void
serialize_answer (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_argument (writer, "answer");
  burble_gurgle_write_strings (writer, (const char * const *) packet->answer.methods);
}

const BurbleGurglePacketClass burble_gurgle_answer_class = {
  .label = "answer",
  .init = init_answer,
  .clear = clear_answer,
  .parse = parse_answer,
  .serialize = serialize_answer,
};

static void
clear_auth (BurbleGurglePacket *packet)
{
  g_free (packet->auth.from);
  g_free (packet->auth.method);
  g_free (packet->auth.password);
  g_free (packet->auth.invite);
}

static gboolean
parse_from_and_password (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  return burble_gurgle_need_string (reader, burble_gurgle_read_argument (reader, "from"), "from",
                                    &packet->auth.from)
         && burble_gurgle_need_string (reader, burble_gurgle_read_argument (reader, "password"),
                                       "password", &packet->auth.password);
}

static gboolean
parse_auth (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  return burble_gurgle_need_string (reader, burble_gurgle_read_argument (reader, "method"),
                                    "method", &packet->auth.method)
         && parse_from_and_password (packet, reader);
}

static gboolean
parse_register (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  return parse_from_and_password (packet, reader)
         && burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "invite"),
                                       "invite", &packet->auth.invite);
}

static void
serialize_auth (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_string_field (writer, "from", packet->auth.from);
  if (packet->type == BURBLE_GURGLE_AUTH)
    burble_gurgle_write_string_argument (writer, "method", packet->auth.method);
  burble_gurgle_write_argument (writer, "password");
  burble_gurgle_write_secret (writer, packet->auth.password);
  if (packet->type == BURBLE_GURGLE_AUTH || packet->auth.invite == NULL)
    return;
  burble_gurgle_write_argument (writer, "invite");
  burble_gurgle_write_secret (writer, packet->auth.invite);
}

const BurbleGurglePacketClass burble_gurgle_auth_class = {
  .command = "auth",
  .clear = clear_auth,
  .parse = parse_auth,
  .serialize = serialize_auth,
};

const BurbleGurglePacketClass burble_gurgle_register_class = {
  .command = "register",
  .feature = BURBLE_GURGLE_FEATURE_REGISTER,
  .clear = clear_auth,
  .parse = parse_register,
  .serialize = serialize_auth,
};

static void
clear_auth_result (BurbleGurglePacket *packet)
{
  g_free (packet->auth_result.to);
}

static gboolean
parse_auth_result (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  JsonNode *value = burble_gurgle_read_top (reader, "to");

  if (reader->refused)
    return burble_gurgle_read_string (reader, value, "to", &packet->auth_result.to);
  return burble_gurgle_need_string (reader, value, "to", &packet->auth_result.to);
}

/* "to" is written even as null: it is what tells this packet from other answers. */
static void
serialize_auth_result (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_field (writer, "to");
  burble_json_write_string (writer->out, packet->auth_result.to);
}

const BurbleGurglePacketClass burble_gurgle_auth_result_class = {
  .label = "auth_result",
  .clear = clear_auth_result,
  .parse = parse_auth_result,
  .serialize = serialize_auth_result,
  .always_error = TRUE,
};

static void
clear_password (BurbleGurglePacket *packet)
{
  g_free (packet->password.old_password);
  g_free (packet->password.new_password);
}

static gboolean
parse_password (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  return burble_gurgle_need_string (reader, burble_gurgle_read_argument (reader, "old"), "old",
                                    &packet->password.old_password)
         && burble_gurgle_need_string (reader, burble_gurgle_read_argument (reader, "new"), "new",
                                       &packet->password.new_password);
}

static void
serialize_password (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_argument (writer, "old");
  burble_gurgle_write_secret (writer, packet->password.old_password);
  burble_gurgle_write_argument (writer, "new");
  burble_gurgle_write_secret (writer, packet->password.new_password);
}

const BurbleGurglePacketClass burble_gurgle_password_class = {
  .command = "password",
  .feature = BURBLE_GURGLE_FEATURE_PROFILE,
  .clear = clear_password,
  .parse = parse_password,
  .serialize = serialize_password,
};
