/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-hints"

#include "config.h"

#include "burble-gurgle-connection-private.h"

/*
 * Typing and receipts: small packets that nobody answers and whose loss does no harm.
 */

static void
send_typing (BurbleTypingChannel *channel, const char *peer, gboolean typing)
{
  BurbleGurgleConnection *self = BURBLE_GURGLE_CONNECTION (channel);
  g_autoptr(BurbleGurglePacket) packet = NULL;

  if (!burble_gurgle_connection_has (self, BURBLE_GURGLE_HAS_TYPING))
    return;
  packet = burble_gurgle_packet_new (BURBLE_GURGLE_TYPING);
  packet->typing.to = g_strdup (peer);
  packet->typing.typing = typing;
  burble_gurgle_connection_send (self, packet, NULL);
}

void
burble_gurgle_typing_take (BurbleGurgleConnection *self, const BurbleGurglePacket *packet)
{
  g_autofree char *peer = NULL;
  g_autofree char *sender = NULL;
  g_autofree char *terminal = NULL;
  gboolean own = FALSE;

  if (!burble_gurgle_connection_has (self, BURBLE_GURGLE_HAS_TYPING)
      || !burble_gurgle_connection_read_from (self, packet->typing.from, &peer, &sender,
                                              &terminal, &own)
      || own)
    return;
  burble_typing_channel_emit_changed (BURBLE_TYPING_CHANNEL (self), peer, sender,
                                      packet->typing.typing);
}

void
burble_gurgle_typing_iface_init (BurbleTypingChannelInterface *iface)
{
  iface->send = send_typing;
}

static void
send_receipt (BurbleReceiptChannel *channel,
              const char           *peer,
              BurbleReceiptState    state,
              const char * const   *messages)
{
  BurbleGurgleConnection *self = BURBLE_GURGLE_CONNECTION (channel);
  g_autoptr(BurbleGurglePacket) packet = NULL;

  if (!burble_gurgle_connection_has (self, BURBLE_GURGLE_HAS_RECEIPTS) || messages[0] == NULL)
    return;
  packet = burble_gurgle_packet_new (BURBLE_GURGLE_RECEIPT);
  packet->receipt.to = g_strdup (peer);
  packet->receipt.state = state == BURBLE_RECEIPT_READ ? BURBLE_GURGLE_RECEIPT_READ
                                                       : BURBLE_GURGLE_RECEIPT_DELIVERED;
  g_clear_pointer (&packet->receipt.messages, g_strfreev);
  packet->receipt.messages = g_strdupv ((char **) messages);
  burble_gurgle_connection_send (self, packet, NULL);
}

void
burble_gurgle_receipt_take (BurbleGurgleConnection *self, const BurbleGurglePacket *packet)
{
  g_autofree char *peer = NULL;
  g_autofree char *sender = NULL;
  g_autofree char *terminal = NULL;
  g_autofree char *to = burble_gurgle_connection_bare (packet->receipt.to);
  g_autoptr(BurbleReceiptEvent) event = NULL;
  gboolean own = FALSE;

  if (!burble_gurgle_connection_has (self, BURBLE_GURGLE_HAS_RECEIPTS)
      || !burble_gurgle_connection_read_from (self, packet->receipt.from, &peer, &sender,
                                              &terminal, &own))
    return;
  /* Own ones come from another terminal, which read what `to` wrote. */
  if (own && to == NULL)
    return;
  event = burble_receipt_event_new (own ? to : peer,
                                    packet->receipt.state == BURBLE_GURGLE_RECEIPT_READ
                                    ? BURBLE_RECEIPT_READ : BURBLE_RECEIPT_DELIVERED,
                                    (const char * const *) packet->receipt.messages);
  event->own = own;
  burble_receipt_channel_emit_received (BURBLE_RECEIPT_CHANNEL (self), event);
}

void
burble_gurgle_receipt_iface_init (BurbleReceiptChannelInterface *iface)
{
  iface->send = send_receipt;
}
