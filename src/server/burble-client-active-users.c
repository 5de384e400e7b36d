/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-client-private.h"

static gboolean
tell_cb (gpointer user_data)
{
  BurbleServer *server = user_data;

  server->active_users_id = 0;
  burble_active_users_tell (server->active_users, g_get_monotonic_time ());
  return G_SOURCE_REMOVE;
}

static void
schedule (BurbleServer *server)
{
  gint64 due = burble_active_users_get_due (server->active_users);
  gint64 wait = due - g_get_monotonic_time ();

  if (due != 0 && server->active_users_id == 0 && !server->draining)
    server->active_users_id = g_timeout_add ((guint) (MAX (wait, 0) / 1000 + 1), tell_cb, server);
}

/*
 * An invisible terminal changes nothing here, neither when it comes nor when it goes: not even the
 * time of what is told must betray it.
 */
void
burble_client_change_visible (BurbleClient *self,
                              gboolean      visible)
{
  BurbleServer *server = self->server;
  BurbleUser *user = self->user;

  if (server->active_users == NULL)
    return;
  if (visible && user->n_visible++ == 0)
    burble_active_users_add (server->active_users, user->username, user->uuid,
                             g_get_monotonic_time ());
  else if (!visible && --user->n_visible == 0)
    burble_active_users_remove (server->active_users, user->username, g_get_monotonic_time ());
  schedule (server);
}

gboolean
burble_server_lists (BurbleServer *self,
                     gint64        account)
{
  const BurbleUser *user = burble_users_find (self->users, account);

  return user != NULL && user->n_visible > 0;
}

void
burble_client_watch_active_users (BurbleClient *self)
{
  if ((self->terminal.features & BURBLE_FEATURE_ACTIVE_USERS) != 0)
    burble_active_users_watch (self->server->active_users, &self->terminal);
}

void
burble_client_unwatch_active_users (BurbleClient *self)
{
  if (self->server->active_users != NULL)
    burble_active_users_unwatch (self->server->active_users, &self->terminal);
}

void
burble_client_get_active_users (BurbleClient       *self,
                                BurbleGurglePacket *packet)
{
  g_autoptr(BurbleGurglePacket) answer = burble_active_users_list (self->server->active_users);

  burble_gurgle_packet_answer_to (answer, packet);
  burble_client_send (self, answer);
}
