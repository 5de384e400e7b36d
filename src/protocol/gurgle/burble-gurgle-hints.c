/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-hints"

#include "config.h"

#include "burble-gurgle-connection-private.h"

/*
 * Typing and receipts: small packets that nobody answers. A lost typing does no harm, it passes. A
 * lost receipt would leave the sender without it for ever, so it is kept until the answer to some
 * later request proves that the server got as far, and said again if the link ends before.
 */

#define MAX_RECEIPTS 100 /* packets kept, the oldest go first */

typedef struct
{
  BurbleGurglePacket *packet;
  gint32 request; /* the newest of this link when it was sent */
} Receipt;

static void
receipt_free (Receipt *receipt)
{
  burble_gurgle_packet_unref (receipt->packet);
  g_free (receipt);
}

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
say_receipt (BurbleGurgleConnection *self, Receipt *receipt)
{
  receipt->request = burble_gurgle_requests_get_last (self->requests);
  burble_gurgle_connection_send (self, receipt->packet, NULL);
}

static void
send_receipt (BurbleReceiptChannel *channel,
              const char           *peer,
              BurbleReceiptState    state,
              const char * const   *messages)
{
  BurbleGurgleConnection *self = BURBLE_GURGLE_CONNECTION (channel);
  g_autoptr(BurbleGurglePacket) packet = NULL;
  Receipt *receipt = NULL;

  if (!burble_gurgle_connection_has (self, BURBLE_GURGLE_HAS_RECEIPTS) || messages[0] == NULL)
    return;
  packet = burble_gurgle_packet_new (BURBLE_GURGLE_RECEIPT);
  packet->receipt.to = g_strdup (peer);
  packet->receipt.state = state == BURBLE_RECEIPT_READ ? BURBLE_GURGLE_RECEIPT_READ
                                                       : BURBLE_GURGLE_RECEIPT_DELIVERED;
  g_clear_pointer (&packet->receipt.messages, g_strfreev);
  packet->receipt.messages = g_strdupv ((char **) messages);
  receipt = g_new0 (Receipt, 1);
  receipt->packet = g_steal_pointer (&packet);
  g_queue_push_tail (&self->receipts, receipt);
  if (self->receipts.length > MAX_RECEIPTS)
    receipt_free (g_queue_pop_head (&self->receipts));
  say_receipt (self, receipt);
}

void
burble_gurgle_receipts_prove (BurbleGurgleConnection *self, gint32 id)
{
  /* Before signing in all that is kept is of the link before, which numbered anew. */
  while (self->signed_in && !g_queue_is_empty (&self->receipts))
    {
      Receipt *oldest = self->receipts.head->data;

      if (oldest->request >= id)
        return;
      receipt_free (g_queue_pop_head (&self->receipts));
    }
}

void
burble_gurgle_receipts_repeat (BurbleGurgleConnection *self)
{
  /* Who is not there any more to the others has read nothing either. */
  if (self->status == BURBLE_PEER_INVISIBLE || self->status == BURBLE_PEER_OFFLINE
      || !burble_gurgle_connection_has (self, BURBLE_GURGLE_HAS_RECEIPTS))
    {
      burble_gurgle_receipts_clear (self);
      return;
    }
  for (GList *link = self->receipts.head; link != NULL; link = link->next)
    say_receipt (self, link->data);
}

void
burble_gurgle_receipts_clear (BurbleGurgleConnection *self)
{
  g_queue_clear_full (&self->receipts, (GDestroyNotify) receipt_free);
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
