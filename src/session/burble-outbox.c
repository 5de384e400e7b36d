/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-outbox"

#include "config.h"

#include "burble-outbox.h"

#include "burble-error-words.h"

/*
 * The connection keeps order, so several may be on their way at once; those are always the first of
 * the queue. When one comes back without a clear answer nothing more goes out until all that is on
 * its way has come back; then everything that is left goes again, in order, with the same ids.
 *
 * Where the network knows its own ids only, that does not do for what an earlier life of the
 * program may have sent: it waits until the history is here, in which the store finds what has
 * arrived, by its words. So that nothing is found in what was said elsewhere with the same words,
 * the store is told of each before it leaves, and what was written without a link leaves when that
 * history is here.
 */
#define MAX_FLYING 16

typedef struct
{
  BurbleMessage *message;
  gboolean again; /* written before this link, and not sent by this process */
  gboolean flew;
  gboolean flying;
  gboolean dropped;
} Entry;

struct _BurbleOutbox
{
  GObject parent_instance;

  BurbleAccountScope *scope;
  GQueue queue; /* of Entry */
  guint flying;
  gboolean paused;
  gboolean caught_up; /* on this link */
  gboolean noting;    /* the store is told of what is to leave */
  guint retry_source;
  GHashTable *sent; /* peer -> GPtrArray of id, the network's id …: for the store, many at once */
  guint flush_source;
};

G_DEFINE_FINAL_TYPE (BurbleOutbox, burble_outbox, G_TYPE_OBJECT)

typedef struct
{
  BurbleOutbox *self;
  GList *link;
} Flight;

static void
entry_free (Entry *entry)
{
  g_object_unref (entry->message);
  g_free (entry);
}

static BurbleMessageEvent *
make_event (BurbleOutbox *self, BurbleMessage *message)
{
  BurbleAccount *account = burble_account_scope_get_account (self->scope);
  BurbleMessageEvent *event = burble_message_event_new (burble_message_get_id (message));

  event->peer = g_strdup (burble_message_get_peer (message));
  event->sender = g_strdup (burble_account_get_address (account));
  event->outgoing = TRUE;
  event->text = g_strdup (burble_message_get_text (message));
  event->html = g_strdup (burble_message_get_html (message));
  event->reply_to = g_strdup (burble_message_get_reply_to (message));
  event->time = burble_message_get_time (message);
  event->seq = -1;
  return event;
}

static void
flush_cb (gpointer user_data)
{
  BurbleOutbox *self = user_data;

  self->flush_source = 0;
  burble_outbox_flush (self);
}

static void
note_sent (BurbleOutbox *self, BurbleMessage *message, const char *network_id)
{
  const char *peer = burble_message_get_peer (message);
  const char *shown[2] = { burble_message_get_id (message), NULL };
  GPtrArray *ids = g_hash_table_lookup (self->sent, peer);

  if (ids == NULL)
    {
      ids = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_insert (self->sent, g_strdup (peer), ids);
    }
  g_ptr_array_add (ids, g_strdup (burble_message_get_id (message)));
  g_ptr_array_add (ids, g_strdup (network_id != NULL ? network_id : ""));
  if (network_id != NULL)
    burble_message_set_network_id (message, network_id);
  if (self->flush_source == 0)
    self->flush_source = g_idle_add_once (flush_cb, self);

  if (burble_message_get_state (message) == BURBLE_MESSAGE_WAITING)
    burble_message_set_state (message, BURBLE_MESSAGE_SENT);
  burble_account_scope_show_states (self->scope, peer, shown, BURBLE_MESSAGE_SENT, NULL);
}

static void
note_refused (BurbleOutbox *self, BurbleMessage *message, const GError *error)
{
  const char *peer = burble_message_get_peer (message);
  const char *ids[2] = { burble_message_get_id (message), NULL };
  const char *reason = error->message != NULL && *error->message != '\0'
                       ? error->message : burble_session_error_word (error);

  burble_message_set_error (message, reason);
  burble_message_set_state (message, BURBLE_MESSAGE_FAILED);
  burble_account_scope_show_states (self->scope, peer, ids, BURBLE_MESSAGE_FAILED, reason);
  burble_store_set_states_async (burble_account_scope_get_store (self->scope),
                                 burble_account_scope_get_account (self->scope), peer, ids,
                                 BURBLE_MESSAGE_FAILED, reason, NULL, burble_account_scope_done_cb,
                                 g_object_ref (self->scope));
}

static void
remove_link (BurbleOutbox *self, GList *link)
{
  Entry *entry = link->data;

  g_queue_delete_link (&self->queue, link);
  entry_free (entry);
}

static void
drop_link (BurbleOutbox *self, GList *link)
{
  Entry *entry = link->data;

  if (entry->flying)
    entry->dropped = TRUE;
  else
    remove_link (self, link);
}

static GList *
find_link (BurbleOutbox *self, const char *peer, const char *id)
{
  for (GList *link = self->queue.head; link != NULL; link = link->next)
    {
      const Entry *entry = link->data;

      if (g_str_equal (burble_message_get_id (entry->message), id)
          && g_strcmp0 (burble_message_get_peer (entry->message), peer) == 0)
        return link;
    }
  return NULL;
}

static void kick (BurbleOutbox *self);

static void
retry_cb (gpointer user_data)
{
  BurbleOutbox *self = user_data;

  self->retry_source = 0;
  kick (self);
}

/* Nothing is on its way any more and something has to go again: when there is a new connection, or
 * after a pause on one that lives. */
static void
resume (BurbleOutbox *self)
{
  self->paused = FALSE;
  if (self->retry_source == 0 && burble_account_scope_can (self->scope, BURBLE_CAPABILITY_MESSAGES))
    self->retry_source =
      g_timeout_add_once (burble_account_scope_get_options (self->scope)->retry_delay, retry_cb,
                          self);
}

/* Whether the server said what it thinks of this message: sent once more it would say so again. */
static gboolean
is_answer (const GError *error)
{
  if (error->domain != BURBLE_PROTOCOL_ERROR)
    return FALSE;
  switch ((BurbleProtocolError) error->code)
    {
    case BURBLE_PROTOCOL_ERROR_REFUSED:
    case BURBLE_PROTOCOL_ERROR_DISABLED:
    case BURBLE_PROTOCOL_ERROR_UNSUPPORTED:
    case BURBLE_PROTOCOL_ERROR_PASSWORD:
    case BURBLE_PROTOCOL_ERROR_EXISTS:
    case BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED:
    case BURBLE_PROTOCOL_ERROR_BAD_PASSWORD:
    case BURBLE_PROTOCOL_ERROR_BAD_ADDRESS:
    case BURBLE_PROTOCOL_ERROR_REPLACED:
      return TRUE;
    case BURBLE_PROTOCOL_ERROR_CERTIFICATE:
    case BURBLE_PROTOCOL_ERROR_TIMED_OUT:
    case BURBLE_PROTOCOL_ERROR_NOT_CONNECTED:
    case BURBLE_PROTOCOL_ERROR_KILLED:
    case BURBLE_PROTOCOL_ERROR_THROTTLED:
    case BURBLE_PROTOCOL_ERROR_BAD_DATA:
    case BURBLE_PROTOCOL_ERROR_UNENCRYPTED:
    default:
      return FALSE;
    }
}

static void
channel_sent_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Flight *flight = user_data;
  g_autoptr(BurbleOutbox) self = flight->self;
  GList *link = flight->link;
  Entry *entry = link->data;
  g_autofree char *network_id = NULL;
  g_autoptr(GError) error = NULL;
  gboolean lost;

  g_free (flight);
  burble_message_channel_send_finish (BURBLE_MESSAGE_CHANNEL (object), result, &network_id, &error);
  self->flying--;
  entry->flying = FALSE;
  if (self->scope == NULL)
    {
      remove_link (self, link);
      return;
    }

  lost = error != NULL && !is_answer (error);
  if (lost)
    {
      g_debug ("Not known whether a message arrived: %s", error->message);
      self->paused = TRUE;
    }
  else if (error != NULL)
    {
      note_refused (self, entry->message, error);
    }
  else
    {
      note_sent (self, entry->message, network_id);
    }
  if (!lost || entry->dropped)
    remove_link (self, link);

  if (!self->paused)
    kick (self);
  else if (self->flying == 0)
    resume (self);
}

/* Whether the history has to tell first if the network has it. */
static gboolean
must_wait (BurbleOutbox *self, const Entry *entry, BurbleMessageChannel *channel)
{
  return entry->again && !self->caught_up
         && burble_account_scope_can (self->scope, BURBLE_CAPABILITY_HISTORY)
         && burble_message_channel_names_messages (channel);
}

/* Those that are about to leave: a question to the store about them. */
typedef struct
{
  BurbleOutbox *self;
  GPtrArray *messages;
} Leaving;

static void
store_noted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Leaving *leaving = user_data;
  g_autoptr(BurbleOutbox) self = leaving->self;
  g_autoptr(GPtrArray) messages = leaving->messages;
  g_autoptr(GError) error = NULL;

  g_free (leaving);
  self->noting = FALSE;
  /* They go anyway: to be said twice, at the worst, is better than not at all. */
  for (guint i = 0; i < messages->len; i++)
    burble_message_set_network_id (g_ptr_array_index (messages, i), "");
  if (!burble_store_done_finish (BURBLE_STORE (object), result, &error) && self->scope != NULL)
    burble_account_scope_store_failed (self->scope, error);
  if (self->scope != NULL)
    kick (self);
}

/* This one, and those behind it for the same person. */
static void
note_leaving (BurbleOutbox *self, GList *link)
{
  const char *peer = burble_message_get_peer (((Entry *) link->data)->message);
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();
  Leaving *leaving = g_new0 (Leaving, 1);

  leaving->self = g_object_ref (self);
  leaving->messages = g_ptr_array_new_with_free_func (g_object_unref);
  for (; link != NULL && ids->len < MAX_FLYING; link = link->next)
    {
      BurbleMessage *message = ((Entry *) link->data)->message;

      if (burble_message_get_network_id (message) != NULL
          || g_strcmp0 (burble_message_get_peer (message), peer) != 0)
        break;
      g_ptr_array_add (leaving->messages, g_object_ref (message));
      g_ptr_array_add (ids, (gpointer) burble_message_get_id (message));
    }
  g_ptr_array_add (ids, NULL);
  self->noting = TRUE;
  burble_store_note_leaving_async (burble_account_scope_get_store (self->scope),
                                   burble_account_scope_get_account (self->scope), peer,
                                   (const char * const *) ids->pdata, NULL, store_noted_cb,
                                   leaving);
}

static void
kick (BurbleOutbox *self)
{
  BurbleConnection *connection = burble_account_scope_get_connection (self->scope);

  if (self->paused || self->noting || self->retry_source != 0
      || !BURBLE_IS_MESSAGE_CHANNEL (connection))
    return;
  for (GList *link = self->queue.head; link != NULL && self->flying < MAX_FLYING; link = link->next)
    {
      Entry *entry = link->data;
      Flight *flight = NULL;
      g_autoptr(BurbleMessageEvent) event = NULL;

      if (entry->flying)
        continue;
      if (!burble_account_scope_can (self->scope, BURBLE_CAPABILITY_MESSAGES)
          || must_wait (self, entry, BURBLE_MESSAGE_CHANNEL (connection)))
        return;
      if (burble_message_get_network_id (entry->message) == NULL
          && burble_message_channel_names_messages (BURBLE_MESSAGE_CHANNEL (connection)))
        {
          note_leaving (self, link);
          return;
        }
      entry->again = FALSE;
      entry->flew = TRUE;
      entry->flying = TRUE;
      self->flying++;
      flight = g_new0 (Flight, 1);
      flight->self = g_object_ref (self);
      flight->link = link;
      event = make_event (self, entry->message);
      burble_message_channel_send_async (BURBLE_MESSAGE_CHANNEL (connection), event, NULL,
                                         channel_sent_cb, flight);
    }
}

static void
burble_outbox_dispose (GObject *object)
{
  BurbleOutbox *self = BURBLE_OUTBOX (object);

  g_clear_handle_id (&self->retry_source, g_source_remove);
  g_clear_handle_id (&self->flush_source, g_source_remove);
  g_clear_object (&self->scope);

  G_OBJECT_CLASS (burble_outbox_parent_class)->dispose (object);
}

static void
burble_outbox_finalize (GObject *object)
{
  BurbleOutbox *self = BURBLE_OUTBOX (object);

  g_queue_clear_full (&self->queue, (GDestroyNotify) entry_free);
  g_hash_table_unref (self->sent);

  G_OBJECT_CLASS (burble_outbox_parent_class)->finalize (object);
}

static void
burble_outbox_class_init (BurbleOutboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_outbox_dispose;
  object_class->finalize = burble_outbox_finalize;
}

static void
burble_outbox_init (BurbleOutbox *self)
{
  g_queue_init (&self->queue);
  self->sent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                      (GDestroyNotify) g_ptr_array_unref);
}

/* One of them came back with what was fetched. Of what this process sent the connection knows
 * better, which is not misled by the same words. */
static void
scope_sent_cb (BurbleOutbox *self, const char *peer, const char *id)
{
  GList *link = find_link (self, peer, id);
  Entry *entry = link != NULL ? link->data : NULL;

  if (entry == NULL
      || (entry->flew && burble_message_get_network_id (entry->message) != NULL))
    return;
  if (burble_message_get_state (entry->message) == BURBLE_MESSAGE_WAITING)
    burble_message_set_state (entry->message, BURBLE_MESSAGE_SENT);
  drop_link (self, link);
}

BurbleOutbox *
burble_outbox_new (BurbleAccountScope *scope)
{
  BurbleOutbox *self = g_object_new (BURBLE_TYPE_OUTBOX, NULL);

  self->scope = g_object_ref (scope);
  g_signal_connect_object (scope, "message-sent", G_CALLBACK (scope_sent_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

static void
add (BurbleOutbox *self, BurbleMessage *message, gboolean again)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->message = g_object_ref (message);
  entry->again = again;
  g_queue_push_tail (&self->queue, entry);
  kick (self);
}

/**
 * burble_outbox_add:
 * @self: an outbox
 * @message: (transfer none): a message that is on disk, waiting
 *
 * Puts it behind those that wait, and sends it as soon as there is a connection.
 */
void
burble_outbox_add (BurbleOutbox *self, BurbleMessage *message)
{
  g_return_if_fail (BURBLE_IS_OUTBOX (self));
  g_return_if_fail (BURBLE_IS_MESSAGE (message));

  add (self, message, FALSE);
}

void
burble_outbox_add_again (BurbleOutbox *self, BurbleMessage *message)
{
  g_return_if_fail (BURBLE_IS_OUTBOX (self));
  g_return_if_fail (BURBLE_IS_MESSAGE (message));

  add (self, message, TRUE);
}

/**
 * burble_outbox_retry:
 * @self: an outbox
 * @message: one that failed
 *
 * Waits to be sent again, behind all others, with the same id. Stored. Does nothing where it did
 * not fail.
 */
void
burble_outbox_retry (BurbleOutbox *self, BurbleMessage *message)
{
  const char *peer = NULL;
  const char *ids[2] = { NULL, NULL };

  g_return_if_fail (BURBLE_IS_OUTBOX (self));
  g_return_if_fail (BURBLE_IS_MESSAGE (message));

  if (burble_message_get_state (message) != BURBLE_MESSAGE_FAILED)
    return;
  peer = burble_message_get_peer (message);
  ids[0] = burble_message_get_id (message);
  burble_store_set_states_async (burble_account_scope_get_store (self->scope),
                                 burble_account_scope_get_account (self->scope), peer, ids,
                                 BURBLE_MESSAGE_WAITING, NULL, NULL, burble_account_scope_done_cb,
                                 g_object_ref (self->scope));
  burble_message_set_error (message, NULL);
  burble_message_set_state (message, BURBLE_MESSAGE_WAITING);
  burble_account_scope_show_states (self->scope, peer, ids, BURBLE_MESSAGE_WAITING, NULL);
  burble_outbox_add (self, message);
}

/**
 * burble_outbox_drop:
 * @self: an outbox
 * @peer: whom it is for
 * @id: its id
 *
 * For a message that was deleted. One that is on its way already arrives, but does not go again.
 */
void
burble_outbox_drop (BurbleOutbox *self, const char *peer, const char *id)
{
  GList *link = NULL;

  g_return_if_fail (BURBLE_IS_OUTBOX (self));

  link = find_link (self, peer, id);
  if (link != NULL)
    drop_link (self, link);
}

void
burble_outbox_drop_peer (BurbleOutbox *self, const char *peer)
{
  g_return_if_fail (BURBLE_IS_OUTBOX (self));

  for (GList *link = self->queue.head; link != NULL;)
    {
      GList *next = link->next;
      Entry *entry = link->data;

      if (g_strcmp0 (burble_message_get_peer (entry->message), peer) == 0)
        drop_link (self, link);
      link = next;
    }
}

/**
 * burble_outbox_went_online:
 * @self: an outbox
 *
 * Sends what waits, from the first; after a link that was lost only once all that was on it has
 * come back, so that the order stays.
 */
void
burble_outbox_went_online (BurbleOutbox *self)
{
  g_return_if_fail (BURBLE_IS_OUTBOX (self));

  g_clear_handle_id (&self->retry_source, g_source_remove);
  self->caught_up = FALSE;
  for (GList *link = self->queue.head; link != NULL; link = link->next)
    {
      Entry *entry = link->data;

      entry->again = entry->again || !entry->flew;
    }
  if (self->flying == 0)
    self->paused = FALSE;
  kick (self);
}

void
burble_outbox_caught_up (BurbleOutbox *self)
{
  g_return_if_fail (BURBLE_IS_OUTBOX (self));

  self->caught_up = TRUE;
  kick (self);
}

/**
 * burble_outbox_went_offline:
 * @self: an outbox
 *
 * What is on its way may have arrived or not: it is sent again, with the same id, on the next link.
 */
void
burble_outbox_went_offline (BurbleOutbox *self)
{
  g_return_if_fail (BURBLE_IS_OUTBOX (self));

  g_clear_handle_id (&self->retry_source, g_source_remove);
  if (self->flying > 0)
    self->paused = TRUE;
}

/**
 * burble_outbox_flush:
 * @self: an outbox
 *
 * Tells the store now which messages were sent; otherwise that happens at the end of the turn, many
 * at once.
 */
void
burble_outbox_flush (BurbleOutbox *self)
{
  GHashTableIter iter;
  gpointer peer = NULL;
  gpointer value = NULL;

  g_return_if_fail (BURBLE_IS_OUTBOX (self));

  g_clear_handle_id (&self->flush_source, g_source_remove);
  g_hash_table_iter_init (&iter, self->sent);
  while (g_hash_table_iter_next (&iter, &peer, &value))
    {
      GPtrArray *ids = value;

      g_ptr_array_add (ids, NULL);
      burble_store_note_sent_async (burble_account_scope_get_store (self->scope),
                                    burble_account_scope_get_account (self->scope), peer,
                                    (const char * const *) ids->pdata, NULL,
                                    burble_account_scope_done_cb, g_object_ref (self->scope));
      g_hash_table_iter_remove (&iter);
    }
}

guint
burble_outbox_get_length (BurbleOutbox *self)
{
  g_return_val_if_fail (BURBLE_IS_OUTBOX (self), 0);

  return self->queue.length;
}
