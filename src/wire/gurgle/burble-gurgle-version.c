/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-packet"

#include "config.h"

#include <string.h>

#include "burble-gurgle-packet-private.h"

/* Gurgle, section 3: version, ping, features, and how a connection ends. */

static void
clear_version (BurbleGurglePacket *packet)
{
  g_free (packet->version.version);
}

static gboolean
parse_version (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  return burble_gurgle_need_string (reader, burble_gurgle_read_argument (reader, "version"),
                                    "version", &packet->version.version);
}

/* Comes before there is a dialect, so it is the same in both. */
static void
serialize_version (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_field (writer, "version");
  burble_json_write_string (writer->out, packet->version.version);
}

const BurbleGurglePacketClass burble_gurgle_version_class = {
  .label = "version",
  .clear = clear_version,
  .parse = parse_version,
  .serialize = serialize_version,
};

static void
clear_ping (BurbleGurglePacket *packet)
{
  g_free (packet->ping.data);
}

/* Any value. It is given back as JSON-GLib writes it, which may be in other words than it came. */
static gboolean
parse_ping (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  JsonNode *value = NULL;

  if (reader->dialect == BURBLE_GURGLE_DIALECT_0_2)
    value = burble_gurgle_read_argument (reader, "payload");
  if (value == NULL)
    value = burble_gurgle_read_argument (reader, "data");
  if (value == NULL)
    return TRUE;
  packet->ping.data = burble_json_dup_text (value);
  return packet->ping.data != NULL
         || burble_gurgle_read_wrong (reader, "data", "made of numbers we can give back");
}

static gboolean
is_json (const char *text)
{
  g_autoptr(JsonNode) node = burble_json_parse (text, strlen (text), &burble_json_default_limits,
                                                NULL);

  return node != NULL;
}

static void
serialize_ping (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  if (packet->ping.data == NULL)
    return;
  burble_gurgle_write_argument (writer, burble_gurgle_writer_choose (writer, "data", "payload"));
  if (is_json (packet->ping.data))
    burble_json_write_raw (writer->out, packet->ping.data);
  else
    burble_json_write_string (writer->out, packet->ping.data);
}

const BurbleGurglePacketClass burble_gurgle_ping_class = {
  .command = "ping",
  .clear = clear_ping,
  .parse = parse_ping,
  .serialize = serialize_ping,
};

const BurbleGurglePacketClass burble_gurgle_pong_class = {
  .command = "pong",
  .clear = clear_ping,
  .parse = parse_ping,
  .serialize = serialize_ping,
};

static void
init_upgrade (BurbleGurglePacket *packet)
{
  packet->upgrade.features = g_new0 (char *, 1);
}

static void
clear_upgrade (BurbleGurglePacket *packet)
{
  g_strfreev (packet->upgrade.features);
}

static gboolean
parse_upgrade (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  return burble_gurgle_need_strings (reader, burble_gurgle_read_argument (reader, "features"),
                                     "features", &packet->upgrade.features);
}

static gboolean
parse_upgraded (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  if (reader->refused)
    return burble_gurgle_read_strings (reader, burble_gurgle_read_argument (reader, "features"),
                                       "features", &packet->upgrade.features);
  return parse_upgrade (packet, reader);
}

static void
serialize_upgrade (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_argument (writer, "features");
  burble_gurgle_write_strings (writer, (const char * const *) packet->upgrade.features);
}

const BurbleGurglePacketClass burble_gurgle_upgrade_class = {
  .command = "upgrade",
  .init = init_upgrade,
  .clear = clear_upgrade,
  .parse = parse_upgrade,
  .serialize = serialize_upgrade,
};

const BurbleGurglePacketClass burble_gurgle_upgraded_class = {
  .command = "upgraded",
  .init = init_upgrade,
  .clear = clear_upgrade,
  .parse = parse_upgraded,
  .serialize = serialize_upgrade,
  .always_error = TRUE,
};

/* Nothing but what every packet has: "reason" (and "error" with kill). */
const BurbleGurglePacketClass burble_gurgle_quit_class = {
  .command = "quit",
};

const BurbleGurglePacketClass burble_gurgle_bye_class = {
  .command = "bye",
};

const BurbleGurglePacketClass burble_gurgle_kill_class = {
  .command = "kill",
};
