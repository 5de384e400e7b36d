/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-receipts"

#include "config.h"

#include "burble-receipts.h"

#define MAX_IDS_A_PACKET 200
#define MAX_WAITING 1000 /* receipts that waited for a link, told in one go */

struct _BurbleReceipts
{
  GObject parent_instance;

  BurbleAccountScope *scope;
  BurbleMessagePipeline *pipeline;
};

G_DEFINE_FINAL_TYPE (BurbleReceipts, burble_receipts, G_TYPE_OBJECT)

/* A store call about the read mark of one chat. */
typedef struct
{
  BurbleAccountScope *scope;
  BurbleReceipts *receipts; /* (nullable): who tells the sender */
  BurbleConversation *conversation;
  gint64 time;
  gint64 row;
} Reading;

/* A receipt that waits until the messages before it are through. */
typedef struct
{
  BurbleReceipts *self;
  BurbleReceiptEvent *event;
} Waiting;

static Reading *
reading_new (BurbleAccountScope *scope, BurbleConversation *conversation, gint64 time, gint64 row)
{
  Reading *reading = g_new0 (Reading, 1);

  reading->scope = g_object_ref (scope);
  reading->conversation = g_object_ref (conversation);
  reading->time = time;
  reading->row = row;
  return reading;
}

static void
reading_free (Reading *reading)
{
  g_object_unref (reading->scope);
  g_clear_object (&reading->receipts);
  g_object_unref (reading->conversation);
  g_free (reading);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reading, reading_free)

static BurbleReceiptChannel *
get_channel (BurbleAccountScope *scope)
{
  BurbleConnection *connection = burble_account_scope_get_connection (scope);

  if (!burble_account_scope_can (scope, BURBLE_CAPABILITY_RECEIPTS)
      || !BURBLE_IS_RECEIPT_CHANNEL (connection))
    return NULL;
  return BURBLE_RECEIPT_CHANNEL (connection);
}

/* We tell, but have nobody to tell it now. */
static gboolean
must_wait (BurbleAccountScope *scope)
{
  return burble_account_scope_get_options (scope)->send_receipts
         && !burble_account_scope_can (scope, BURBLE_CAPABILITY_NONE);
}

static gboolean
is_room (BurbleAccountScope *scope, const char *peer)
{
  BurbleContact *contact = burble_account_scope_find_contact (scope, peer);

  return contact != NULL && burble_contact_get_kind (contact) == BURBLE_CONTACT_ROOM;
}

static void
send_ids (BurbleReceiptChannel *channel, const char *peer, BurbleReceiptState state, GPtrArray *ids)
{
  for (guint start = 0; start < ids->len; start += MAX_IDS_A_PACKET)
    {
      const char *packet[MAX_IDS_A_PACKET + 1] = { NULL };
      guint count = MIN (ids->len - start, MAX_IDS_A_PACKET);

      for (guint i = 0; i < count; i++)
        packet[i] = g_ptr_array_index (ids, start + i);
      burble_receipt_channel_send (channel, peer, state, packet);
    }
}

static void
set_unread (BurbleAccountScope *scope, BurbleConversation *conversation, guint unread)
{
  burble_conversation_set_unread (conversation, unread);
  if (unread == 0)
    burble_notification_policy_read (burble_account_scope_get_policy (scope), conversation);
}

static void
tell_read (BurbleReceipts *self, BurbleConversation *conversation, const char * const *ids)
{
  const char *peer = burble_contact_get_id (burble_conversation_get_contact (conversation));
  BurbleReceiptChannel *channel = get_channel (self->scope);
  g_autoptr(GPtrArray) list = NULL;

  if (ids == NULL || ids[0] == NULL || is_room (self->scope, peer)
      || !burble_account_scope_get_options (self->scope)->send_receipts)
    return;
  if (channel != NULL && burble_account_scope_may_show (self->scope))
    {
      list = g_ptr_array_new ();
      for (guint i = 0; ids[i] != NULL; i++)
        g_ptr_array_add (list, (gpointer) ids[i]);
      send_ids (channel, peer, BURBLE_RECEIPT_READ, list);
    }
  else if (must_wait (self->scope))
    {
      /* The link went down since it was read. */
      burble_store_keep_receipts_async (burble_account_scope_get_store (self->scope), conversation,
                                        ids, NULL, burble_account_scope_done_cb,
                                        g_object_ref (self->scope));
    }
}

static void
store_marked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Reading) reading = user_data;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) ids = NULL;
  guint unread = 0;
  gint64 time = 0;
  gint64 row = 0;

  if (!burble_store_mark_read_finish (BURBLE_STORE (object), result, &ids, &unread, &error))
    {
      burble_account_scope_store_failed (reading->scope, error);
      return;
    }
  burble_conversation_get_read_mark (reading->conversation, &time, &row);
  if (reading->time > time || (reading->time == time && reading->row > row))
    burble_conversation_set_read_mark (reading->conversation, reading->time, reading->row);
  burble_account_scope_show_read (reading->scope, reading->conversation, reading->time,
                                  reading->row);
  set_unread (reading->scope, reading->conversation, unread);
  if (reading->receipts != NULL)
    tell_read (reading->receipts, reading->conversation, (const char * const *) ids);
}

static void
store_counted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Reading) reading = user_data;
  g_autoptr(GError) error = NULL;
  gssize unread = burble_store_count_unread_finish (BURBLE_STORE (object), result, &error);

  if (unread < 0)
    burble_account_scope_store_failed (reading->scope, error);
  else
    set_unread (reading->scope, reading->conversation, unread);
}

static Waiting *
waiting_new (BurbleReceipts *self, const BurbleReceiptEvent *event)
{
  Waiting *waiting = g_new0 (Waiting, 1);

  waiting->self = g_object_ref (self);
  waiting->event = burble_receipt_event_new (event->peer, event->state,
                                             (const char * const *) event->messages);
  waiting->event->own = event->own;
  return waiting;
}

static void
waiting_free (Waiting *waiting)
{
  burble_receipt_event_free (waiting->event);
  g_object_unref (waiting->self);
  g_free (waiting);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Waiting, waiting_free)

static BurbleMessageState
get_state (const BurbleReceiptEvent *event)
{
  return event->state == BURBLE_RECEIPT_READ ? BURBLE_MESSAGE_READ : BURBLE_MESSAGE_DELIVERED;
}

/* The network may name them by ids of its own; the store tells which of ours they are. */
static void
store_states_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Waiting) waiting = user_data;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) ids = burble_store_set_states_finish (BURBLE_STORE (object), result, &error);
  BurbleAccountScope *scope = waiting->self->scope;

  if (scope == NULL)
    return;
  if (ids == NULL)
    burble_account_scope_store_failed (scope, error);
  else
    burble_account_scope_show_states (scope, waiting->event->peer, (const char * const *) ids,
                                      get_state (waiting->event), NULL);
}

/* Theirs about what we wrote. */
static void
take_receipt (BurbleReceipts *self, const BurbleReceiptEvent *event)
{
  burble_store_set_states_async (burble_account_scope_get_store (self->scope),
                                 burble_account_scope_get_account (self->scope), event->peer,
                                 (const char * const *) event->messages, get_state (event), NULL,
                                 NULL, store_states_cb, waiting_new (self, event));
}

static void
waiting_cb (gpointer data, gpointer pipeline)
{
  Waiting *waiting = data;
  BurbleReceipts *self = waiting->self;
  BurbleReceiptEvent *event = waiting->event;
  BurbleConversation *conversation = NULL;

  if (self->scope == NULL)
    return;
  conversation = burble_account_scope_find_conversation (self->scope, event->peer);
  if (conversation == NULL)
    return;
  if (!event->own)
    take_receipt (self, event);
  else if (event->state == BURBLE_RECEIPT_READ)
    burble_store_mark_read_by_ids_async (burble_account_scope_get_store (self->scope), conversation,
                                         (const char * const *) event->messages, NULL,
                                         store_marked_cb,
                                         reading_new (self->scope, conversation, 0, 0));
}

static void
channel_received_cb (BurbleReceipts *self, BurbleReceiptEvent *event)
{
  if (event->peer == NULL || event->messages == NULL || event->messages[0] == NULL
      || self->pipeline == NULL)
    return;
  burble_message_pipeline_run_after (self->pipeline, waiting_cb, waiting_new (self, event),
                                     (GDestroyNotify) waiting_free);
}

static void
burble_receipts_dispose (GObject *object)
{
  BurbleReceipts *self = BURBLE_RECEIPTS (object);

  g_clear_object (&self->pipeline);
  g_clear_object (&self->scope);

  G_OBJECT_CLASS (burble_receipts_parent_class)->dispose (object);
}

static void
burble_receipts_class_init (BurbleReceiptsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_receipts_dispose;
}

static void
burble_receipts_init (BurbleReceipts *self)
{
}

BurbleReceipts *
burble_receipts_new (BurbleAccountScope *scope, BurbleMessagePipeline *pipeline)
{
  BurbleReceipts *self = g_object_new (BURBLE_TYPE_RECEIPTS, NULL);
  BurbleConnection *connection = burble_account_scope_get_connection (scope);

  self->scope = g_object_ref (scope);
  self->pipeline = g_object_ref (pipeline);
  if (BURBLE_IS_RECEIPT_CHANNEL (connection))
    g_signal_connect_object (connection, "receipt-received",
                             G_CALLBACK (channel_received_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * burble_receipts_mark_read:
 * @self: the receipts of an account
 * @conversation: a chat
 * @time: of the last message that was seen, µs
 * @row: its row in the store
 *
 * Stores the mark, and with it, where there is no connection, that it is still to be told; then
 * tells the senders.
 */
void
burble_receipts_mark_read (BurbleReceipts     *self,
                           BurbleConversation *conversation,
                           gint64              time,
                           gint64              row)
{
  Reading *reading = NULL;

  g_return_if_fail (BURBLE_IS_RECEIPTS (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  reading = reading_new (self->scope, conversation, time, row);
  if (must_wait (self->scope)
      && !is_room (self->scope,
                   burble_contact_get_id (burble_conversation_get_contact (conversation))))
    {
      burble_store_mark_read_untold_async (burble_account_scope_get_store (self->scope),
                                           conversation, time, row, NULL, store_marked_cb, reading);
      return;
    }
  reading->receipts = g_object_ref (self);
  burble_store_mark_read_async (burble_account_scope_get_store (self->scope), conversation, time,
                                row, NULL, store_marked_cb, reading);
}

/* peer, id, peer, id …, those of a peer next to each other. */
static void
tell_waiting (BurbleReceiptChannel *channel, const char * const *pairs)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();

  for (guint i = 0; pairs[i] != NULL; i += 2)
    {
      g_ptr_array_add (ids, (gpointer) pairs[i + 1]);
      if (g_strcmp0 (pairs[i], pairs[i + 2]) == 0)
        continue;
      send_ids (channel, pairs[i], BURBLE_RECEIPT_READ, ids);
      g_ptr_array_set_size (ids, 0);
    }
}

static void store_forgot_cb (GObject *object, GAsyncResult *result, gpointer user_data);

static void
store_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleReceipts) self = user_data;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) pairs = NULL;
  BurbleReceiptChannel *channel = NULL;

  pairs = burble_store_load_receipts_finish (BURBLE_STORE (object), result, &error);
  if (self->scope == NULL || burble_account_scope_is_closed (self->scope))
    return;
  if (pairs == NULL)
    {
      burble_account_scope_store_failed (self->scope, error);
      return;
    }
  /* If the link is down again they wait for the next one. */
  if (pairs[0] == NULL || !burble_account_scope_can (self->scope, BURBLE_CAPABILITY_NONE))
    return;
  channel = get_channel (self->scope);
  if (channel != NULL && burble_account_scope_may_show (self->scope)
      && burble_account_scope_get_options (self->scope)->send_receipts)
    tell_waiting (channel, (const char * const *) pairs);
  burble_store_forget_receipts_async (BURBLE_STORE (object),
                                      burble_account_scope_get_account (self->scope),
                                      (const char * const *) pairs, NULL, store_forgot_cb,
                                      g_object_ref (self));
}

static void
load_waiting (BurbleReceipts *self)
{
  burble_store_load_receipts_async (burble_account_scope_get_store (self->scope),
                                    burble_account_scope_get_account (self->scope), MAX_WAITING,
                                    NULL, store_loaded_cb, g_object_ref (self));
}

static void
store_forgot_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleReceipts) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!burble_store_done_finish (BURBLE_STORE (object), result, &error))
    {
      if (self->scope != NULL)
        burble_account_scope_store_failed (self->scope, error);
    }
  else if (self->scope != NULL && !burble_account_scope_is_closed (self->scope))
    {
      load_waiting (self);
    }
}

/**
 * burble_receipts_went_online:
 * @self: the receipts of an account
 *
 * Tells what was read without a connection. It is forgotten unsaid where the user does not want to
 * send receipts.
 */
void
burble_receipts_went_online (BurbleReceipts *self)
{
  g_return_if_fail (BURBLE_IS_RECEIPTS (self));

  load_waiting (self);
}

/**
 * burble_receipts_send_delivered:
 * @scope: an account
 * @events: (element-type BurbleMessageEvent): messages that are on disk
 *
 * Tells their senders; not those of rooms, and nobody while invisible.
 */
void
burble_receipts_send_delivered (BurbleAccountScope *scope, GPtrArray *events)
{
  BurbleReceiptChannel *channel = get_channel (scope);
  g_autoptr(GHashTable) by_peer = NULL;
  GHashTableIter iter;
  gpointer peer = NULL;
  gpointer ids = NULL;

  /* To somebody to whom we are not there, nothing arrives. */
  if (channel == NULL || !burble_account_scope_may_show (scope))
    return;
  by_peer = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                   (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < events->len; i++)
    {
      const BurbleMessageEvent *event = g_ptr_array_index (events, i);
      GPtrArray *list = NULL;

      if (event->outgoing || event->peer == NULL || event->id == NULL
          || is_room (scope, event->peer))
        continue;
      list = g_hash_table_lookup (by_peer, event->peer);
      if (list == NULL)
        {
          list = g_ptr_array_new ();
          g_hash_table_insert (by_peer, event->peer, list);
        }
      g_ptr_array_add (list, event->id);
    }
  g_hash_table_iter_init (&iter, by_peer);
  while (g_hash_table_iter_next (&iter, &peer, &ids))
    send_ids (channel, peer, BURBLE_RECEIPT_DELIVERED, ids);
}

/**
 * burble_receipts_note_read:
 * @scope: an account
 * @conversation: a chat
 * @time: of the last message that was read, µs
 * @row: its row in the store
 *
 * For what another terminal of the user has read, or answered: moves the mark and tells nobody.
 */
void
burble_receipts_note_read (BurbleAccountScope *scope,
                           BurbleConversation *conversation,
                           gint64              time,
                           gint64              row)
{
  burble_store_mark_read_async (burble_account_scope_get_store (scope), conversation, time, row,
                                NULL,
                                store_marked_cb, reading_new (scope, conversation, time, row));
}

void
burble_receipts_count_unread (BurbleAccountScope *scope, BurbleConversation *conversation)
{
  burble_store_count_unread_async (burble_account_scope_get_store (scope), conversation, NULL,
                                   store_counted_cb, reading_new (scope, conversation, 0, 0));
}
