/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-client-private.h"

#include <string.h>

static guint
rank (BurbleGurgleUserStatus status)
{
  static const guint ranks[] = {
    [BURBLE_GURGLE_USER_ONLINE] = 3,
    [BURBLE_GURGLE_USER_AWAY] = 2,
    [BURBLE_GURGLE_USER_BUSY] = 1,
  };

  return status < G_N_ELEMENTS (ranks) ? ranks[status] : 0;
}

/* The terminal where they are reached best counts. */
static void
take_best (const BurbleTerminal *terminal,
           gpointer              user_data)
{
  BurbleGurgleUserStatus *best = user_data;
  BurbleGurgleUserStatus status = BURBLE_GURGLE_USER_OFFLINE;

  if (terminal->status == BURBLE_GURGLE_STATUS_AVAILABLE)
    status = BURBLE_GURGLE_USER_ONLINE;
  else if (terminal->status == BURBLE_GURGLE_STATUS_AWAY)
    status = BURBLE_GURGLE_USER_AWAY;
  else if (terminal->status == BURBLE_GURGLE_STATUS_DND)
    status = BURBLE_GURGLE_USER_BUSY;
  if (rank (status) > rank (*best))
    *best = status;
}

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BurbleClientRequest) request = user_data;
  g_autoptr(BurbleGurglePacket) answer = NULL;
  BurbleStorageOp *op = burble_storage_get_op (result);
  BurbleClient *self = request->client;
  const BurbleAccountRow *row = op->find.row;
  gboolean found = burble_storage_submit_finish (BURBLE_STORAGE (object), result, NULL);

  if (burble_client_is_gone (self))
    return;
  if (!found)
    {
      burble_client_refuse (self, request->request, "storage",
                            "The server cannot read its storage.");
      return;
    }
  answer = burble_gurgle_packet_new (BURBLE_GURGLE_USER_STATUS);
  burble_gurgle_packet_answer_to (answer, request->request);
  answer->user_status.status = BURBLE_GURGLE_USER_NOT_EXIST;
  if (row != NULL)
    {
      answer->user_status.status = BURBLE_GURGLE_USER_OFFLINE;
      answer->user_status.username = g_strdup (row->username);
      answer->user_status.uuid = g_strdup (row->uuid);
      answer->user_status.name = g_strdup (row->name);
      answer->user_status.bio = g_strdup (row->bio);
      /* Whether somebody is there is for those whom they let see it, or for all to know. */
      if (row->account == self->terminal.account ||
          (burble_user_get_sight (self->user, row->account) & BURBLE_SIGHT_I_SEE) != 0)
        burble_router_foreach (self->server->router, row->account, take_best,
                               &answer->user_status.status);
      else if (burble_server_lists (self->server, row->account))
        answer->user_status.status = BURBLE_GURGLE_USER_ONLINE;
    }
  burble_client_send (self, answer);
}

void
burble_client_get_user_status (BurbleClient       *self,
                               BurbleGurglePacket *packet)
{
  g_autoptr(BurbleStorageOp) op = burble_storage_op_new (BURBLE_STORAGE_FIND_ACCOUNT);

  op->find.uuid = g_strdup (packet->user_status.uuid);
  if (op->find.uuid == NULL)
    {
      const char *name = packet->user_status.username != NULL ? packet->user_status.username : "";
      g_autofree char *text = strchr (name, '@') != NULL
                                ? g_strdup (name)
                                : g_strconcat (name, "@", self->server->domain, NULL);
      const char *error = NULL;
      const char *reason = NULL;
      g_autoptr(BurbleGurgleId) id = burble_client_parse_id (self, text, &error, &reason);

      /* A name that cannot be is nobody's. */
      op->find.username = g_strdup (id != NULL ? burble_gurgle_id_get_username (id) : "");
    }
  burble_client_submit (self, g_steal_pointer (&op), found_cb, packet);
}
