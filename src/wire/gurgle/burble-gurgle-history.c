/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-packet"

#include "config.h"

#include "burble-gurgle-packet-private.h"

/* Gurgle, section 5: history. */

static void
init_history (BurbleGurglePacket *packet)
{
  packet->history.after = -1;
  packet->history.before = -1;
  packet->history.messages
    = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_gurgle_message_free);
}

static void
clear_history (BurbleGurglePacket *packet)
{
  g_free (packet->history.with);
  g_clear_pointer (&packet->history.messages, g_ptr_array_unref);
}

/* Either what came after a seq, over all chats, or what came before one in a chat. */
static gboolean
parse_get_history (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  gint64 limit = 0;

  if (!burble_gurgle_read_count (reader, burble_gurgle_read_argument (reader, "after"), "after",
                                 &packet->history.after)
      || !burble_gurgle_read_count (reader, burble_gurgle_read_argument (reader, "before"),
                                    "before", &packet->history.before)
      || !burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "with"), "with",
                                     &packet->history.with)
      || !burble_gurgle_read_count (reader, burble_gurgle_read_argument (reader, "limit"), "limit",
                                    &limit))
    return FALSE;
  if (packet->history.after < 0 && packet->history.with == NULL)
    return burble_gurgle_read_missing (reader, "after");
  packet->history.limit = (int) MIN (limit, G_MAXINT);
  return TRUE;
}

static void
serialize_get_history (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_count_argument (writer, "after", packet->history.after);
  burble_gurgle_write_string_argument (writer, "with", packet->history.with);
  burble_gurgle_write_count_argument (writer, "before", packet->history.before);
  if (packet->history.limit > 0)
    burble_gurgle_write_count_argument (writer, "limit", packet->history.limit);
}

static gboolean
parse_history (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  JsonNode *value = burble_gurgle_read_argument (reader, "messages");

  if (reader->refused && value == NULL)
    return TRUE;
  return burble_gurgle_need_objects (reader, value, "messages", BURBLE_GURGLE_MAX_MESSAGES,
                                     burble_gurgle_read_message, packet->history.messages)
         && burble_gurgle_read_boolean (reader, burble_gurgle_read_argument (reader, "complete"),
                                        "complete", &packet->history.complete);
}

static void
serialize_history (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_argument (writer, "messages");
  burble_gurgle_write_objects (writer, packet->history.messages, burble_gurgle_write_message);
  burble_gurgle_write_argument (writer, "complete");
  burble_json_write_boolean (writer->out, packet->history.complete);
}

const BurbleGurglePacketClass burble_gurgle_get_history_class = {
  .command = "history",
  .feature = BURBLE_GURGLE_FEATURE_HISTORY,
  .init = init_history,
  .clear = clear_history,
  .parse = parse_get_history,
  .serialize = serialize_get_history,
};

const BurbleGurglePacketClass burble_gurgle_history_class = {
  .command = "history",
  .feature = BURBLE_GURGLE_FEATURE_HISTORY,
  .init = init_history,
  .clear = clear_history,
  .parse = parse_history,
  .serialize = serialize_history,
};
