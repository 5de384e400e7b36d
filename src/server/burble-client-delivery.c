/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

/*
 * How messages reach a terminal. Each terminal has a place in its account's archive: up to its
 * `cursor` all is acknowledged (that is what the storage remembers), up to its `position` all was
 * pushed. What is between is in flight, and bounded; a terminal that does not keep up is `behind`:
 * nothing is kept for it in memory, it is served from the storage when it has acknowledged some.
 */

#include "config.h"

#include "burble-client-private.h"

#include <string.h>

#include "burble-json.h"

#define MAX_IN_FLIGHT 100
#define MAX_IN_FLIGHT_BYTES (1024 * 1024)
/* A behind terminal gets more when it has room for this many again. */
#define ROOM_TO_FETCH 50
#define MAX_PUSH_BYTES (256 * 1024)

static guint
count_in_flight (BurbleClient *self)
{
  return self->in_flight != NULL ? self->in_flight->len : 0;
}

static BurbleInFlight *
get_in_flight (BurbleClient *self,
               guint         i)
{
  return &g_array_index (self->in_flight, BurbleInFlight, i);
}

static void
clear_in_flight (gpointer data)
{
  g_ref_string_release (((BurbleInFlight *) data)->key);
}

static void
mark_unsaved (BurbleClient *self)
{
  if (self->unsaved)
    return;
  self->unsaved = TRUE;
  burble_server_client_unsaved (self->server, self);
}

static void
advance (BurbleClient *self,
         gint64        cursor)
{
  if (cursor <= self->cursor)
    return;
  self->cursor = cursor;
  mark_unsaved (self);
}

/* Nothing for this terminal up to @seq that it does not have in flight. */
static void
pass (BurbleClient *self,
      gint64        seq)
{
  self->position = MAX (self->position, seq);
  if (count_in_flight (self) == 0)
    advance (self, self->position);
}

void
burble_client_flush_push (BurbleClient *self)
{
  g_autoptr(GString) push = g_steal_pointer (&self->push);

  if (push == NULL)
    return;
  self->n_pushed = 0;
  g_string_append (push, "]}");
  burble_link_send (self->link, push->str, push->len);
}

static void
push (BurbleClient        *self,
      gint64               seq,
      gboolean             outgoing,
      gboolean             targeted,
      BurbleStoredMessage *message)
{
  gboolean own = outgoing ||
                 (self->user != NULL &&
                  g_str_has_prefix (message->from, self->user->bare_id) &&
                  message->from[strlen (self->user->bare_id)] == '/');
  BurbleInFlight flight = { 0 };

  if (self->push != NULL &&
      self->push->len + g_ref_string_length (message->body) > MAX_PUSH_BYTES)
    burble_client_flush_push (self);
  if (self->push == NULL)
    {
      self->push = g_string_sized_new (512);
      g_string_append_printf (self->push, "{\"id\":%d,\"cmd\":\"message\",\"messages\":[",
                              burble_client_next_id (self));
      burble_link_mark (self->link);
    }
  else
    {
      g_string_append_c (self->push, ',');
    }
  burble_json_append_message (self->push, message, own,
                              (self->terminal.features & BURBLE_FEATURE_HISTORY) != 0 ? seq : -1);
  self->n_pushed++;

  flight.packet = self->last_push;
  flight.targeted = targeted;
  flight.seq = seq;
  flight.receipt = self->receipts_known ? self->server->last_receipt : -1;
  flight.bytes = g_ref_string_length (message->body);
  flight.key = g_ref_string_acquire (message->key);
  if (self->in_flight == NULL)
    {
      self->in_flight = g_array_new (FALSE, FALSE, sizeof (BurbleInFlight));
      g_array_set_clear_func (self->in_flight, clear_in_flight);
    }
  g_array_append_val (self->in_flight, flight);
  self->in_flight_bytes += flight.bytes;
  self->position = seq;
}

static gboolean
has_room (BurbleClient *self)
{
  return count_in_flight (self) < MAX_IN_FLIGHT && self->in_flight_bytes < MAX_IN_FLIGHT_BYTES;
}

static void
fetched_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data);

static void
fetch (BurbleClient *self)
{
  BurbleStorageOp *op = NULL;

  if (self->fetching || self->state != BURBLE_CLIENT_ONLINE || self->server->draining ||
      !has_room (self) || MAX_IN_FLIGHT - count_in_flight (self) < ROOM_TO_FETCH)
    return;
  self->fetching = TRUE;
  self->missed = FALSE;
  op = burble_storage_op_new (BURBLE_STORAGE_FETCH_PENDING);
  op->pending.account = self->terminal.account;
  op->pending.terminal = g_strdup (self->terminal.name);
  op->pending.outgoing = (self->terminal.features & BURBLE_FEATURE_CARBONS) != 0;
  op->pending.after = self->position;
  op->pending.limit = MAX_IN_FLIGHT - count_in_flight (self);
  op->pending.max_bytes = MAX_IN_FLIGHT_BYTES - self->in_flight_bytes;
  burble_client_submit (self, op, fetched_cb, NULL);
}

static void
fetched_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BurbleClientRequest) request = user_data;
  g_autoptr(GError) error = NULL;
  BurbleStorageOp *op = burble_storage_get_op (result);
  BurbleClient *self = request->client;

  self->fetching = FALSE;
  if (!burble_storage_submit_finish (BURBLE_STORAGE (object), result, &error))
    {
      g_warning ("Cannot read messages: %s", error->message);
      burble_client_kill (self, "storage", "The server cannot read its storage.");
      return;
    }
  if (burble_client_is_gone (self))
    return;
  for (guint i = 0; i < op->pending.rows->len; i++)
    {
      BurbleArchiveRow *row = g_ptr_array_index (op->pending.rows, i);

      if (row->target != NULL)
        self->had_target = TRUE;
      push (self, row->seq, row->outgoing, row->target != NULL, row->message);
    }
  pass (self, op->pending.last_seq);
  if (!op->pending.more && !self->missed)
    self->behind = FALSE;
  else
    fetch (self);
}

/**
 * burble_client_start_delivery:
 * @self: a connection
 *
 * At the first presence (Gurgle, section 4): from now on messages are pushed, those first that this
 * terminal has not acknowledged yet. Calling it again does nothing.
 */
void
burble_client_start_delivery (BurbleClient *self)
{
  if (self->ready)
    return;
  self->ready = TRUE;
  self->behind = TRUE;
  fetch (self);
  if ((self->terminal.features & BURBLE_FEATURE_RECEIPTS) != 0)
    burble_client_fetch_receipts (self);
}

/**
 * burble_client_deliver:
 * @terminal: a terminal
 * @delivery: a message that is on disk
 *
 * Pushes it if it is for this terminal and there is room; else it comes from the storage later.
 */
void
burble_client_deliver (BurbleTerminal       *terminal,
                       const BurbleDelivery *delivery)
{
  BurbleClient *self = (BurbleClient *) terminal;

  if (delivery->target != NULL && g_str_equal (delivery->target, terminal->name))
    self->had_target = TRUE;
  if (!self->ready)
    return;
  if (self->behind || delivery->seq <= self->position)
    {
      self->missed = TRUE;
      return;
    }
  if (delivery->origin == terminal ||
      (delivery->outgoing && (terminal->features & BURBLE_FEATURE_CARBONS) == 0) ||
      (delivery->target != NULL && !g_str_equal (delivery->target, terminal->name)))
    {
      pass (self, delivery->seq);
      return;
    }
  if (!has_room (self))
    {
      self->behind = TRUE;
      self->missed = TRUE;
      return;
    }
  push (self, delivery->seq, delivery->outgoing, delivery->target != NULL, delivery->message);
}

static void
cleared_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!burble_storage_submit_finish (BURBLE_STORAGE (object), result, &error))
    g_warning ("Cannot note an acknowledgement: %s", error->message);
}

static gboolean
strv_has (GStrv       strv,
          const char *text)
{
  return g_strv_contains ((const char *const *) strv, text);
}

/* Takes the acknowledged ones from the front; what they leave behind is where the cursor is. */
static void
drop_acknowledged (BurbleClient *self)
{
  guint n = 0;

  for (; n < self->in_flight->len && get_in_flight (self, n)->acknowledged; n++)
    self->in_flight_bytes -= get_in_flight (self, n)->bytes;
  if (n == 0)
    return;
  if (n < self->in_flight->len)
    {
      advance (self, get_in_flight (self, n)->seq - 1);
      g_array_remove_range (self->in_flight, 0, n);
    }
  else
    {
      g_clear_pointer (&self->in_flight, g_array_unref);
      advance (self, self->position);
    }
}

static void
acknowledge_one (BurbleClient   *self,
                 BurbleInFlight *flight,
                 GArray        **targeted)
{
  flight->acknowledged = TRUE;
  if (flight->receipt > self->receipt)
    {
      self->receipt = flight->receipt;
      mark_unsaved (self);
    }
  if (!flight->targeted)
    return;
  if (*targeted == NULL)
    *targeted = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (*targeted, flight->seq);
}

/**
 * burble_client_acknowledge:
 * @self: a connection
 * @packet: its `sent` (Gurgle, section 3)
 *
 * Those messages are not pushed to this terminal again, and there is room for others. Ids count
 * within the push that the packet answers; without an id, in all of them.
 */
void
burble_client_acknowledge (BurbleClient       *self,
                           BurbleGurglePacket *packet)
{
  GArray *targeted = NULL;

  if (self->in_flight == NULL || packet->sent.success[0] == NULL)
    return;
  for (guint i = 0; i < self->in_flight->len; i++)
    {
      BurbleInFlight *flight = get_in_flight (self, i);

      if (!flight->acknowledged && (!packet->has_id || flight->packet == packet->id) &&
          strv_has (packet->sent.success, flight->key))
        acknowledge_one (self, flight, &targeted);
    }
  drop_acknowledged (self);
  if (targeted != NULL)
    {
      BurbleStorageOp *op = burble_storage_op_new (BURBLE_STORAGE_CLEAR_TARGET);

      op->clear_target.account = self->terminal.account;
      op->clear_target.seqs = targeted;
      burble_storage_submit_async (self->server->storage, op, cleared_cb, NULL);
    }
  if (self->behind)
    fetch (self);
}

void
burble_client_drained (BurbleClient *self)
{
  if (self->behind)
    fetch (self);
}

BurbleTerminalRow *
burble_client_take_unsaved (BurbleClient *self)
{
  BurbleTerminalRow *row = NULL;

  if (!self->unsaved || self->terminal.name == NULL)
    return NULL;
  self->unsaved = FALSE;
  row = g_new0 (BurbleTerminalRow, 1);
  row->account = self->terminal.account;
  row->terminal = g_strdup (self->terminal.name);
  row->cursor = self->cursor;
  row->receipt = self->receipt;
  return row;
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!burble_storage_submit_finish (BURBLE_STORAGE (object), result, &error))
    g_warning ("Cannot note acknowledgements: %s", error->message);
}

static void
retargeted_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(BurbleServer) server = user_data;
  g_autoptr(GError) error = NULL;
  BurbleStorageOp *op = burble_storage_get_op (result);

  if (!burble_storage_submit_finish (BURBLE_STORAGE (object), result, &error))
    {
      g_warning ("Cannot hand messages on: %s", error->message);
      return;
    }
  for (guint i = 0; op->retarget.rows != NULL && i < op->retarget.rows->len; i++)
    {
      BurbleArchiveRow *row = g_ptr_array_index (op->retarget.rows, i);
      BurbleDelivery delivery = { row->message, row->seq, FALSE, NULL, NULL };

      burble_router_deliver (server->router, op->retarget.account, &delivery);
    }
}

void
burble_server_hand_on (BurbleServer *self,
                       gint64        account,
                       const char   *terminal)
{
  BurbleStorageOp *op = burble_storage_op_new (BURBLE_STORAGE_RETARGET);

  op->retarget.account = account;
  op->retarget.terminal = g_strdup (terminal);
  burble_storage_submit_async (self->storage, op, retargeted_cb, g_object_ref (self));
}

/**
 * burble_client_end_delivery:
 * @self: a connection that is over
 *
 * Saves how far it acknowledged. What was for this terminal alone goes on to the others.
 */
void
burble_client_end_delivery (BurbleClient *self)
{
  BurbleTerminalRow *row = burble_client_take_unsaved (self);

  if (row != NULL)
    {
      BurbleStorageOp *op = burble_storage_op_new (BURBLE_STORAGE_SAVE_TERMINALS);

      op->save_terminals.rows =
        g_ptr_array_new_with_free_func ((GDestroyNotify) burble_terminal_row_free);
      g_ptr_array_add (op->save_terminals.rows, row);
      burble_storage_submit_async (self->server->storage, op, saved_cb, NULL);
    }
  if (self->had_target)
    burble_server_hand_on (self->server, self->terminal.account, self->terminal.name);
  self->ready = FALSE;
  if (self->push != NULL)
    g_string_free (g_steal_pointer (&self->push), TRUE);
  g_clear_pointer (&self->in_flight, g_array_unref);
  self->in_flight_bytes = 0;
}
