/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-client-private.h"

#include <string.h>

#define MAX_MOOD 512


static BurbleGurglePresence *
describe (const BurbleTerminal *terminal)
{
  if (burble_terminal_is_visible (terminal))
    return burble_gurgle_presence_new (terminal->full_id, terminal->status, terminal->mood);
  return burble_gurgle_presence_new (terminal->full_id, BURBLE_GURGLE_STATUS_OFFLINE, NULL);
}

static GBytes *
pack (GPtrArray *presences)
{
  g_autoptr(BurbleGurglePacket) packet = burble_gurgle_packet_new (BURBLE_GURGLE_PRESENCE);

  for (guint i = 0; i < presences->len; i++)
    g_ptr_array_add (packet->presence.presences, g_steal_pointer (&presences->pdata[i]));
  g_ptr_array_set_size (presences, 0);
  return burble_gurgle_packet_serialize (packet, BURBLE_GURGLE_DIALECT_0_1);
}

static GPtrArray *
new_presences (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) burble_gurgle_presence_free);
}

/* To everybody who may see this account. */
static void
tell (BurbleClient *self)
{
  g_autoptr(GPtrArray) presences = NULL;
  g_autoptr(GBytes) packet = NULL;
  GHashTableIter iter;
  gpointer peer = NULL;
  gpointer sight = NULL;

  if (self->user->contacts == NULL)
    return;
  presences = new_presences ();
  g_ptr_array_add (presences, describe (&self->terminal));
  packet = pack (presences);
  g_hash_table_iter_init (&iter, self->user->contacts);
  while (g_hash_table_iter_next (&iter, &peer, &sight))
    if ((GPOINTER_TO_UINT (sight) & BURBLE_SIGHT_SEES_ME) != 0)
      burble_router_send (self->server->router, (gint64) GPOINTER_TO_SIZE (peer), NULL,
                          BURBLE_FEATURE_NONE, TRUE, &self->terminal, packet);
}

static void
collect_visible (const BurbleTerminal *terminal,
                 gpointer              user_data)
{
  if (burble_terminal_is_visible (terminal))
    g_ptr_array_add (user_data, describe (terminal));
}

static void
collect_gone (const BurbleTerminal *terminal,
              gpointer              user_data)
{
  if (burble_terminal_is_visible (terminal))
    g_ptr_array_add (user_data, burble_gurgle_presence_new (terminal->full_id,
                                                            BURBLE_GURGLE_STATUS_OFFLINE, NULL));
}

/* Who of the contacts is there, for a terminal that kept its roster. */
void
burble_client_send_presences (BurbleClient *self)
{
  g_autoptr(GPtrArray) presences = NULL;
  g_autoptr(GBytes) packet = NULL;
  GHashTableIter iter;
  gpointer peer = NULL;
  gpointer sight = NULL;

  if (self->user->contacts == NULL)
    return;
  presences = new_presences ();
  g_hash_table_iter_init (&iter, self->user->contacts);
  while (g_hash_table_iter_next (&iter, &peer, &sight))
    if ((GPOINTER_TO_UINT (sight) & BURBLE_SIGHT_I_SEE) != 0)
      burble_router_foreach (self->server->router, (gint64) GPOINTER_TO_SIZE (peer),
                             collect_visible, presences);
  if (presences->len == 0)
    return;
  packet = pack (presences);
  burble_client_flush_push (self);
  burble_link_send_bytes (self->link, packet);
}

/* Two accounts came into or out of sight of each other. */
void
burble_server_change_sight (BurbleServer *self,
                            gint64        account,
                            gint64        peer,
                            BurbleSight   sight)
{
  g_autoptr(GPtrArray) presences = new_presences ();
  g_autoptr(GBytes) packet = NULL;
  BurbleUser *user = burble_users_find (self->users, account);
  BurbleSight before = BURBLE_SIGHT_NONE;

  if (user == NULL || !user->loaded)
    return;
  before = burble_user_get_sight (user, peer);
  burble_user_set_sight (user, peer, sight);
  if (((before ^ sight) & BURBLE_SIGHT_I_SEE) == 0)
    return;
  burble_router_foreach (self->router, peer,
                         (sight & BURBLE_SIGHT_I_SEE) != 0 ? collect_visible : collect_gone,
                         presences);
  if (presences->len == 0)
    return;
  packet = pack (presences);
  burble_router_send (self->router, account, NULL, BURBLE_FEATURE_NONE, TRUE, NULL, packet);
}

void
burble_client_publish (BurbleClient       *self,
                       BurbleGurglePacket *packet)
{
  g_autoptr(BurbleGurglePacket) answer = NULL;
  gboolean was_visible = burble_terminal_is_visible (&self->terminal);
  gboolean changed = FALSE;

  if (packet->publish.mood != NULL && strlen (packet->publish.mood) > MAX_MOOD)
    {
      burble_client_refuse (self, packet, "too_large", "A mood has at most 512 bytes.");
      return;
    }
  changed = self->terminal.status != packet->publish.status;
  self->terminal.status = packet->publish.status;
  changed |= g_set_str (&self->terminal.mood, packet->publish.mood);

  answer = burble_gurgle_packet_new (BURBLE_GURGLE_PRESENCE);
  burble_gurgle_packet_answer_to (answer, packet);
  g_ptr_array_add (answer->presence.presences,
                   burble_gurgle_presence_new (self->terminal.full_id, self->terminal.status,
                                               self->terminal.mood));
  burble_client_send (self, answer);

  if (changed && (was_visible || burble_terminal_is_visible (&self->terminal)))
    tell (self);
  if (burble_terminal_is_visible (&self->terminal) != was_visible)
    burble_client_change_visible (self, !was_visible);
  if (!self->terminal.interested)
    {
      self->terminal.interested = TRUE;
      burble_client_send_presences (self);
    }
  burble_client_watch_active_users (self);
  burble_client_start_delivery (self);
}

/* The terminal is no longer with the router. */
void
burble_client_go_offline (BurbleClient *self)
{
  gboolean was_visible = burble_terminal_is_visible (&self->terminal);

  self->terminal.status = BURBLE_GURGLE_STATUS_OFFLINE;
  g_clear_pointer (&self->terminal.mood, g_free);
  burble_client_unwatch_active_users (self);
  if (!was_visible)
    return;
  tell (self);
  burble_client_change_visible (self, FALSE);
}
