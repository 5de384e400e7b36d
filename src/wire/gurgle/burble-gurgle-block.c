/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-packet"

#include "config.h"

#include "burble-gurgle-packet-private.h"

/* Gurgle, section 5: block. */

static void
init_block (BurbleGurglePacket *packet)
{
  packet->block.list = g_new0 (char *, 1);
}

static void
clear_block (BurbleGurglePacket *packet)
{
  g_free (packet->block.who);
  g_strfreev (packet->block.list);
}

/* Four shapes: someone and whether they are blocked, as request and response; nothing, which asks
 * for the list; and the list. */
static gboolean
parse_block (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  JsonNode *value = burble_gurgle_read_argument (reader, "blocked");

  if (value != NULL && JSON_NODE_HOLDS_ARRAY (value))
    {
      packet->block.has_list = TRUE;
      return burble_gurgle_need_users (reader, value, "blocked", &packet->block.list);
    }
  if (!burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "who"), "who",
                                  &packet->block.who))
    return FALSE;
  if (reader->refused)
    return burble_gurgle_read_boolean (reader, value, "blocked", &packet->block.blocked);
  if (packet->block.who != NULL)
    return burble_gurgle_need_boolean (reader, value, "blocked", &packet->block.blocked);
  return burble_gurgle_read_is_null (reader, value) || burble_gurgle_read_missing (reader, "who");
}

static void
serialize_block (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  if (packet->block.has_list)
    {
      burble_gurgle_write_argument (writer, "blocked");
      burble_gurgle_write_strings (writer, (const char * const *) packet->block.list);
      return;
    }
  if (packet->block.who == NULL)
    return;
  burble_gurgle_write_string_argument (writer, "who", packet->block.who);
  burble_gurgle_write_argument (writer, "blocked");
  burble_json_write_boolean (writer->out, packet->block.blocked);
}

const BurbleGurglePacketClass burble_gurgle_block_class = {
  .command = "block",
  .feature = BURBLE_GURGLE_FEATURE_BLOCK,
  .init = init_block,
  .clear = clear_block,
  .parse = parse_block,
  .serialize = serialize_block,
};
