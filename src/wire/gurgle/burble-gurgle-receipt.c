/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-packet"

#include "config.h"

#include "burble-gurgle-packet-private.h"

/* Gurgle, section 5: typing and receipts. */

static const char * const state_words[] = { "delivered", "read", NULL };

static void
clear_typing (BurbleGurglePacket *packet)
{
  g_free (packet->typing.from);
  g_free (packet->typing.to);
}

static gboolean
parse_typing (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  return burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "from"), "from",
                                    &packet->typing.from)
         && burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "to"), "to",
                                       &packet->typing.to)
         && burble_gurgle_need_boolean (reader, burble_gurgle_read_argument (reader, "typing"),
                                        "typing", &packet->typing.typing);
}

static void
serialize_typing (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_string_field (writer, "from", packet->typing.from);
  burble_gurgle_write_string_field (writer, "to", packet->typing.to);
  burble_gurgle_write_argument (writer, "typing");
  burble_json_write_boolean (writer->out, packet->typing.typing);
}

const BurbleGurglePacketClass burble_gurgle_typing_class = {
  .command = "typing",
  .feature = BURBLE_GURGLE_FEATURE_TYPING,
  .clear = clear_typing,
  .parse = parse_typing,
  .serialize = serialize_typing,
};

static void
init_receipt (BurbleGurglePacket *packet)
{
  packet->receipt.messages = g_new0 (char *, 1);
}

static void
clear_receipt (BurbleGurglePacket *packet)
{
  g_free (packet->receipt.from);
  g_free (packet->receipt.to);
  g_strfreev (packet->receipt.messages);
}

static gboolean
parse_receipt (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  guint state = 0;

  if (!burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "from"), "from",
                                  &packet->receipt.from)
      || !burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "to"), "to",
                                     &packet->receipt.to)
      || !burble_gurgle_read_word (reader, burble_gurgle_read_argument (reader, "state"), "state",
                                   state_words, &state)
      || !burble_gurgle_need_keys (reader, burble_gurgle_read_argument (reader, "messages"),
                                   "messages", &packet->receipt.messages))
    return FALSE;
  packet->receipt.state = (BurbleGurgleReceiptState) state;
  return TRUE;
}

static void
serialize_receipt (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  gboolean read = packet->receipt.state == BURBLE_GURGLE_RECEIPT_READ;

  burble_gurgle_write_string_field (writer, "from", packet->receipt.from);
  burble_gurgle_write_string_field (writer, "to", packet->receipt.to);
  burble_gurgle_write_argument (writer, "state");
  burble_json_write_string (writer->out, read ? "read" : "delivered");
  burble_gurgle_write_argument (writer, "messages");
  burble_gurgle_write_keys (writer, (const char * const *) packet->receipt.messages);
}

const BurbleGurglePacketClass burble_gurgle_receipt_class = {
  .command = "receipt",
  .feature = BURBLE_GURGLE_FEATURE_RECEIPTS,
  .init = init_receipt,
  .clear = clear_receipt,
  .parse = parse_receipt,
  .serialize = serialize_receipt,
};
