/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-presence"

#include "config.h"

#include "burble-gurgle-connection-private.h"

/*
 * Own presence, kept and published again on every link; and that of the others.
 */

BurblePeerStatus
burble_gurgle_presence_from_wire (BurbleGurgleStatus status)
{
  switch (status)
    {
    case BURBLE_GURGLE_STATUS_AVAILABLE:
      return BURBLE_PEER_AVAILABLE;
    case BURBLE_GURGLE_STATUS_AWAY:
      return BURBLE_PEER_AWAY;
    case BURBLE_GURGLE_STATUS_DND:
      return BURBLE_PEER_DND;
    case BURBLE_GURGLE_STATUS_OFFLINE:
    case BURBLE_GURGLE_STATUS_INVISIBLE: /* not ours to know */
    default:
      return BURBLE_PEER_OFFLINE;
    }
}

static BurbleGurgleStatus
status_to_wire (BurblePeerStatus status)
{
  switch (status)
    {
    case BURBLE_PEER_AVAILABLE:
    case BURBLE_PEER_UNKNOWN:
      return BURBLE_GURGLE_STATUS_AVAILABLE;
    case BURBLE_PEER_AWAY:
      return BURBLE_GURGLE_STATUS_AWAY;
    case BURBLE_PEER_DND:
      return BURBLE_GURGLE_STATUS_DND;
    case BURBLE_PEER_INVISIBLE:
    case BURBLE_PEER_OFFLINE: /* signed in all the same: others see no difference */
    default:
      return BURBLE_GURGLE_STATUS_INVISIBLE;
    }
}

void
burble_gurgle_presence_take (BurbleGurgleConnection *self, const BurbleGurglePacket *packet)
{
  g_autoptr(GPtrArray) events =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_presence_event_free);

  for (guint i = 0; i < packet->presence.presences->len; i++)
    {
      const BurbleGurglePresence *presence = g_ptr_array_index (packet->presence.presences, i);
      g_autoptr(BurbleGurgleId) id = burble_gurgle_id_parse (presence->from, NULL);
      BurblePeerStatus status = BURBLE_PEER_OFFLINE;

      /* Own terminals, this one and others, are nobody's contact. */
      if (id == NULL || presence->error != NULL || burble_gurgle_connection_is_own (self, id))
        continue;
      status = burble_gurgle_presence_from_wire (presence->status);
      g_ptr_array_add (events, burble_presence_event_new (burble_gurgle_id_get_bare (id),
                                                          burble_gurgle_id_get_terminal (id),
                                                          status, presence->mood));
    }
  if (events->len > 0)
    burble_presence_channel_emit_changed (BURBLE_PRESENCE_CHANNEL (self), events);
}

static void
published_cb (gpointer owner, const BurbleGurglePacket *reply, const GError *error, gpointer data)
{
  BurbleGurgleConnection *self = owner;
  BurbleConnection *connection = BURBLE_CONNECTION (self);

  if (reply != NULL)
    {
      burble_gurgle_presence_take (self, reply);
      return;
    }
  g_debug ("Presence not taken: %s", error->message);
  if (self->signed_in && self->dialect == BURBLE_GURGLE_DIALECT_0_2)
    burble_connection_set_capabilities (
      connection, burble_connection_get_capabilities (connection)
                  & ~(BURBLE_CAPABILITY_PRESENCE | BURBLE_CAPABILITY_MOOD));
}

void
burble_gurgle_presence_publish (BurbleGurgleConnection *self)
{
  BurbleGurglePacket *packet = burble_gurgle_packet_new (BURBLE_GURGLE_PUBLISH_PRESENCE);

  packet->publish.status = status_to_wire (self->status);
  packet->publish.mood = g_strdup (self->mood);
  burble_gurgle_connection_request (self, packet, BURBLE_GURGLE_PRESENCE, published_cb, NULL, NULL);
}

static void
publish (BurblePresenceChannel *channel, BurblePeerStatus status, const char *mood)
{
  BurbleGurgleConnection *self = BURBLE_GURGLE_CONNECTION (channel);
  gboolean changed = self->status != status;

  self->status = status;
  changed = g_set_str (&self->mood, mood) || changed;
  if (changed && self->signed_in && !self->quitting)
    burble_gurgle_presence_publish (self);
}

void
burble_gurgle_presence_iface_init (BurblePresenceChannelInterface *iface)
{
  iface->publish = publish;
}
