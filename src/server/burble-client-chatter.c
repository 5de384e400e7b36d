/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-client-private.h"

#define MAX_RECEIPTS 1000
#define RECEIPT_PAGE 500

/*
 * Typing is for whoever is there and may see that we are: neither an invisible terminal nor one
 * whose presence is not the other's to see betrays itself by it.
 */
void
burble_client_typing (BurbleClient       *self,
                      BurbleGurglePacket *packet)
{
  g_autoptr(BurbleGurglePacket) push = NULL;
  g_autoptr(BurbleGurgleId) to = NULL;
  g_autoptr(GBytes) payload = NULL;
  const char *error = NULL;
  const char *reason = NULL;
  BurbleUser *peer = NULL;

  to = burble_client_parse_id (self, packet->typing.to, &error, &reason);
  if (to == NULL)
    {
      burble_client_refuse (self, packet, error, reason);
      return;
    }
  peer = burble_users_find_name (self->server->users, burble_gurgle_id_get_username (to));
  if (peer == NULL || !burble_terminal_is_visible (&self->terminal))
    return;
  if (peer != self->user &&
      (burble_user_get_sight (self->user, peer->account) & BURBLE_SIGHT_SEES_ME) == 0)
    return;
  push = burble_gurgle_packet_new (BURBLE_GURGLE_TYPING);
  push->typing.from = g_strdup (self->terminal.full_id);
  push->typing.typing = packet->typing.typing;
  payload = burble_gurgle_packet_serialize (push, BURBLE_GURGLE_DIALECT_0_1);
  burble_router_send (self->server->router, peer->account, burble_gurgle_id_get_terminal (to),
                      BURBLE_FEATURE_TYPING, FALSE, &self->terminal, payload);
}

static GBytes *
pack_receipt (const char               *from,
              const char               *to,
              BurbleGurgleReceiptState  state,
              GStrv                     keys)
{
  g_autoptr(BurbleGurglePacket) packet = burble_gurgle_packet_new (BURBLE_GURGLE_RECEIPT);

  packet->receipt.from = g_strdup (from);
  packet->receipt.to = g_strdup (to);
  packet->receipt.state = state;
  g_strfreev (packet->receipt.messages);
  packet->receipt.messages = g_strdupv (keys);
  return burble_gurgle_packet_serialize (packet, BURBLE_GURGLE_DIALECT_0_1);
}

static void
stored_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BurbleClientRequest) request = user_data;
  g_autoptr(GBytes) payload = NULL;
  BurbleStorageOp *op = burble_storage_get_op (result);
  BurbleClient *self = request->client;
  BurbleServer *server = self->server;
  GStrv keys = NULL;

  if (!burble_storage_submit_finish (BURBLE_STORAGE (object), result, NULL))
    {
      burble_client_refuse (self, request->request, "storage",
                            "The server cannot write to its storage.");
      return;
    }
  server->last_receipt = MAX (server->last_receipt, op->store_receipts.receipt);
  if (op->store_receipts.known->len == 0)
    return;
  keys = (GStrv) op->store_receipts.known->pdata;
  if (op->store_receipts.told)
    {
      payload = pack_receipt (self->terminal.full_id, NULL, request->request->receipt.state, keys);
      burble_router_send (server->router, op->store_receipts.peer_account, NULL,
                          BURBLE_FEATURE_RECEIPTS, FALSE, NULL, payload);
    }
  if (op->store_receipts.read)
    {
      g_autofree char *peer = g_strconcat (op->store_receipts.peer, "@", server->domain, NULL);
      g_autoptr(GBytes) own = pack_receipt (self->terminal.full_id, peer,
                                            BURBLE_GURGLE_RECEIPT_READ, keys);

      burble_router_send (server->router, op->store_receipts.account, NULL,
                          BURBLE_FEATURE_RECEIPTS, FALSE, &self->terminal, own);
    }
}

/*
 * Kept, so that whoever is away hears of it later; only for messages that there really were. A
 * receipt says that somebody is there as clearly as a presence does, so it goes only to those who
 * may see the reader; what an invisible one reads is known to the own terminals alone.
 */
void
burble_client_store_receipt (BurbleClient       *self,
                             BurbleGurglePacket *packet)
{
  g_autoptr(BurbleGurgleId) to = NULL;
  BurbleStorageOp *op = NULL;
  const char *error = NULL;
  const char *reason = NULL;

  to = burble_client_parse_id (self, packet->receipt.to, &error, &reason);
  if (to == NULL)
    {
      burble_client_refuse (self, packet, error, reason);
      return;
    }
  if (g_strv_length (packet->receipt.messages) > MAX_RECEIPTS)
    {
      burble_client_refuse (self, packet, "too_large", "Too many messages in one receipt.");
      return;
    }
  op = burble_storage_op_new (BURBLE_STORAGE_STORE_RECEIPTS);
  op->store_receipts.account = self->terminal.account;
  op->store_receipts.peer = g_strdup (burble_gurgle_id_get_username (to));
  op->store_receipts.read = packet->receipt.state == BURBLE_GURGLE_RECEIPT_READ;
  op->store_receipts.visible = burble_terminal_is_visible (&self->terminal);
  op->store_receipts.keys = g_strdupv (packet->receipt.messages);
  burble_client_submit (self, op, stored_cb, packet);
}

static gboolean
belong_together (const BurbleReceiptRow *a,
                 const BurbleReceiptRow *b)
{
  return a->own == b->own && a->read == b->read && g_str_equal (a->username, b->username);
}

static void
push_rows (BurbleClient *self,
           GPtrArray    *rows,
           guint         start,
           guint         end)
{
  const BurbleReceiptRow *first = g_ptr_array_index (rows, start);
  g_autoptr(GStrvBuilder) keys = g_strv_builder_new ();
  g_autofree char *peer = g_strconcat (first->username, "@", self->server->domain, NULL);
  g_autoptr(GBytes) payload = NULL;
  g_auto(GStrv) list = NULL;

  for (guint i = start; i < end; i++)
    g_strv_builder_add (keys, ((BurbleReceiptRow *) g_ptr_array_index (rows, i))->key);
  list = g_strv_builder_end (keys);
  payload = pack_receipt (first->own ? self->user->bare_id : peer, first->own ? peer : NULL,
                          first->read ? BURBLE_GURGLE_RECEIPT_READ
                                      : BURBLE_GURGLE_RECEIPT_DELIVERED, list);
  burble_client_flush_push (self);
  burble_link_send_bytes (self->link, payload);
}

static void
fetched_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BurbleClientRequest) request = user_data;
  BurbleStorageOp *op = burble_storage_get_op (result);
  BurbleClient *self = request->client;
  GPtrArray *rows = NULL;
  guint start = 0;

  if (!burble_storage_submit_finish (BURBLE_STORAGE (object), result, NULL) ||
      burble_client_is_gone (self))
    return;
  rows = op->fetch_receipts.rows;
  for (guint i = 1; i <= rows->len; i++)
    {
      if (i < rows->len &&
          belong_together (g_ptr_array_index (rows, start), g_ptr_array_index (rows, i)))
        continue;
      push_rows (self, rows, start, i);
      start = i;
    }
  if (rows->len > 0)
    {
      const BurbleReceiptRow *last = g_ptr_array_index (rows, rows->len - 1);

      self->server->last_receipt = MAX (self->server->last_receipt, last->receipt);
    }
  if (rows->len < RECEIPT_PAGE)
    {
      self->receipts_known = TRUE;
      return;
    }
  op = burble_storage_op_new (BURBLE_STORAGE_FETCH_RECEIPTS);
  op->fetch_receipts.account = self->terminal.account;
  op->fetch_receipts.after = ((BurbleReceiptRow *) rows->pdata[rows->len - 1])->receipt;
  op->fetch_receipts.limit = RECEIPT_PAGE;
  burble_client_submit (self, op, fetched_cb, NULL);
}

/* What happened to this terminal's messages while it was away. */
void
burble_client_fetch_receipts (BurbleClient *self)
{
  BurbleStorageOp *op = burble_storage_op_new (BURBLE_STORAGE_FETCH_RECEIPTS);

  op->fetch_receipts.account = self->terminal.account;
  op->fetch_receipts.after = self->receipt;
  op->fetch_receipts.limit = RECEIPT_PAGE;
  burble_client_submit (self, op, fetched_cb, NULL);
}
