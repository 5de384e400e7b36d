/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-capabilities"

#include "config.h"

#include "burble-capabilities.h"

/*
 * One interface per capability: dispatch, signals and the helpers that emit them. The meaning of
 * each is told in the header.
 */

#define STATIC_ARRAY (G_TYPE_PTR_ARRAY | G_SIGNAL_TYPE_STATIC_SCOPE)
#define STATIC_STRING (G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE)

G_DEFINE_INTERFACE (BurbleRosterChannel, burble_roster_channel, BURBLE_TYPE_CONNECTION)
G_DEFINE_INTERFACE (BurblePresenceChannel, burble_presence_channel, BURBLE_TYPE_CONNECTION)
G_DEFINE_INTERFACE (BurbleMessageChannel, burble_message_channel, BURBLE_TYPE_CONNECTION)
G_DEFINE_INTERFACE (BurbleTypingChannel, burble_typing_channel, BURBLE_TYPE_CONNECTION)
G_DEFINE_INTERFACE (BurbleReceiptChannel, burble_receipt_channel, BURBLE_TYPE_CONNECTION)
G_DEFINE_INTERFACE (BurbleHistoryChannel, burble_history_channel, BURBLE_TYPE_CONNECTION)
G_DEFINE_INTERFACE (BurbleDirectoryChannel, burble_directory_channel, BURBLE_TYPE_CONNECTION)
G_DEFINE_INTERFACE (BurbleProbeChannel, burble_probe_channel, BURBLE_TYPE_CONNECTION)

typedef enum
{
  SIGNAL_ROSTER_KEPT,
  SIGNAL_ROSTER_RESET,
  SIGNAL_ROSTER_CHANGED,
  SIGNAL_PRESENCE_CHANGED,
  SIGNAL_MESSAGES_RECEIVED,
  SIGNAL_TYPING_CHANGED,
  SIGNAL_RECEIPT_RECEIVED,
  SIGNAL_MESSAGE_COUNTED,
  SIGNAL_PERSON_CHANGED,
} BurbleChannelSignal;

static guint signals[SIGNAL_PERSON_CHANGED + 1];

static void
burble_roster_channel_default_init (BurbleRosterChannelInterface *iface)
{
  signals[SIGNAL_ROSTER_KEPT] =
    g_signal_new ("roster-kept", BURBLE_TYPE_ROSTER_CHANNEL, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ROSTER_RESET] =
    g_signal_new ("roster-reset", BURBLE_TYPE_ROSTER_CHANNEL, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2, STATIC_STRING, STATIC_ARRAY);
  signals[SIGNAL_ROSTER_CHANGED] =
    g_signal_new ("roster-changed", BURBLE_TYPE_ROSTER_CHANNEL, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2, STATIC_STRING, STATIC_ARRAY);
}

static void
burble_presence_channel_default_init (BurblePresenceChannelInterface *iface)
{
  signals[SIGNAL_PRESENCE_CHANGED] =
    g_signal_new ("presence-changed", BURBLE_TYPE_PRESENCE_CHANNEL, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, STATIC_ARRAY);
}

static void
burble_message_channel_default_init (BurbleMessageChannelInterface *iface)
{
  signals[SIGNAL_MESSAGES_RECEIVED] =
    g_signal_new ("messages-received", BURBLE_TYPE_MESSAGE_CHANNEL, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, STATIC_ARRAY);
}

static void
burble_typing_channel_default_init (BurbleTypingChannelInterface *iface)
{
  signals[SIGNAL_TYPING_CHANGED] =
    g_signal_new ("typing-changed", BURBLE_TYPE_TYPING_CHANNEL, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 3, STATIC_STRING, STATIC_STRING, G_TYPE_BOOLEAN);
}

static void
burble_receipt_channel_default_init (BurbleReceiptChannelInterface *iface)
{
  signals[SIGNAL_RECEIPT_RECEIVED] =
    g_signal_new ("receipt-received", BURBLE_TYPE_RECEIPT_CHANNEL, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
burble_history_channel_default_init (BurbleHistoryChannelInterface *iface)
{
  signals[SIGNAL_MESSAGE_COUNTED] =
    g_signal_new ("message-counted", BURBLE_TYPE_HISTORY_CHANNEL, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
burble_directory_channel_default_init (BurbleDirectoryChannelInterface *iface)
{
  signals[SIGNAL_PERSON_CHANGED] =
    g_signal_new ("person-changed", BURBLE_TYPE_DIRECTORY_CHANNEL, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
burble_probe_channel_default_init (BurbleProbeChannelInterface *iface)
{
}

/* Roster. */

/**
 * burble_roster_channel_set_etag:
 * @self: a connection
 * @etag: (nullable): what the server called the roster that is cached; %NULL asks for all of it
 *
 * Before connecting (Gurgle, section 3).
 */
void
burble_roster_channel_set_etag (BurbleRosterChannel *self, const char *etag)
{
  g_return_if_fail (BURBLE_IS_ROSTER_CHANNEL (self));

  BURBLE_ROSTER_CHANNEL_GET_IFACE (self)->set_etag (self, etag);
}

/**
 * burble_roster_channel_set_rooms:
 * @self: a connection
 * @rooms: (array zero-terminated=1): ids of the rooms in the cached roster
 *
 * Before connecting, for networks where the sender of a message does not show that it is a room.
 * Does nothing for the others.
 */
void
burble_roster_channel_set_rooms (BurbleRosterChannel *self, const char * const *rooms)
{
  g_return_if_fail (BURBLE_IS_ROSTER_CHANNEL (self));
  g_return_if_fail (rooms != NULL);

  if (BURBLE_ROSTER_CHANNEL_GET_IFACE (self)->set_rooms != NULL)
    BURBLE_ROSTER_CHANNEL_GET_IFACE (self)->set_rooms (self, rooms);
}

/**
 * burble_roster_channel_change_async:
 * @self: a connection
 * @items: (element-type BurbleRosterItem) (transfer none): changes
 *
 * Asks the server. What results comes with "roster-changed" as well, before this finishes or after.
 */
void
burble_roster_channel_set_people (BurbleRosterChannel *self, GPtrArray *items)
{
  g_return_if_fail (BURBLE_IS_ROSTER_CHANNEL (self));
  g_return_if_fail (items != NULL);

  if (BURBLE_ROSTER_CHANNEL_GET_IFACE (self)->set_people != NULL)
    BURBLE_ROSTER_CHANNEL_GET_IFACE (self)->set_people (self, items);
}

void
burble_roster_channel_change_async (BurbleRosterChannel *self,
                                    GPtrArray           *items,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_return_if_fail (BURBLE_IS_ROSTER_CHANNEL (self));
  g_return_if_fail (items != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  BURBLE_ROSTER_CHANNEL_GET_IFACE (self)->change_async (self, items, cancellable,
                                                        callback, user_data);
}

/**
 * burble_roster_channel_change_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: return location for a %BURBLE_PROTOCOL_ERROR
 *
 * Returns: whether the server has taken all of the changes
 */
gboolean
burble_roster_channel_change_finish (BurbleRosterChannel  *self,
                                     GAsyncResult         *result,
                                     GError              **error)
{
  g_return_val_if_fail (BURBLE_IS_ROSTER_CHANNEL (self), FALSE);

  return BURBLE_ROSTER_CHANNEL_GET_IFACE (self)->change_finish (self, result, error);
}

void
burble_roster_channel_emit_kept (BurbleRosterChannel *self)
{
  g_return_if_fail (BURBLE_IS_ROSTER_CHANNEL (self));

  g_signal_emit (self, signals[SIGNAL_ROSTER_KEPT], 0);
}

/**
 * burble_roster_channel_emit_reset:
 * @self: a connection
 * @etag: (nullable): what the server calls this roster
 * @items: (element-type BurbleRosterItem): all of it
 *
 * Whoever hears of it may keep @items; they must not be changed any more.
 */
void
burble_roster_channel_emit_reset (BurbleRosterChannel *self, const char *etag, GPtrArray *items)
{
  g_return_if_fail (BURBLE_IS_ROSTER_CHANNEL (self));
  g_return_if_fail (items != NULL);

  g_signal_emit (self, signals[SIGNAL_ROSTER_RESET], 0, etag, items);
}

/**
 * burble_roster_channel_emit_changed:
 * @self: a connection
 * @etag: (nullable): what the server calls the roster now
 * @items: (element-type BurbleRosterItem): those that changed or went
 *
 * Whoever hears of it may keep @items; they must not be changed any more.
 */
void
burble_roster_channel_emit_changed (BurbleRosterChannel *self, const char *etag, GPtrArray *items)
{
  g_return_if_fail (BURBLE_IS_ROSTER_CHANNEL (self));
  g_return_if_fail (items != NULL);

  g_signal_emit (self, signals[SIGNAL_ROSTER_CHANGED], 0, etag, items);
}

/* Presence. */

/**
 * burble_presence_channel_publish:
 * @self: a connection
 * @status: how the user wants to be seen
 * @mood: (nullable): in their own words
 *
 * The connection keeps it and publishes it again each time it comes online.
 */
void
burble_presence_channel_publish (BurblePresenceChannel *self,
                                 BurblePeerStatus       status,
                                 const char            *mood)
{
  g_return_if_fail (BURBLE_IS_PRESENCE_CHANNEL (self));

  BURBLE_PRESENCE_CHANNEL_GET_IFACE (self)->publish (self, status, mood);
}

void
burble_presence_channel_emit_changed (BurblePresenceChannel *self, GPtrArray *events)
{
  g_return_if_fail (BURBLE_IS_PRESENCE_CHANNEL (self));
  g_return_if_fail (events != NULL);

  g_signal_emit (self, signals[SIGNAL_PRESENCE_CHANGED], 0, events);
}

/* Messages. */

gboolean
burble_message_channel_names_messages (BurbleMessageChannel *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE_CHANNEL (self), FALSE);

  return BURBLE_MESSAGE_CHANNEL_GET_IFACE (self)->names_messages;
}

/**
 * burble_message_channel_send_async:
 * @self: a connection
 * @message: (transfer none): with id, peer, text and time
 *
 * Calls for one connection keep their order.
 */
void
burble_message_channel_send_async (BurbleMessageChannel     *self,
                                   const BurbleMessageEvent *message,
                                   GCancellable             *cancellable,
                                   GAsyncReadyCallback       callback,
                                   gpointer                  user_data)
{
  g_return_if_fail (BURBLE_IS_MESSAGE_CHANNEL (self));
  g_return_if_fail (message != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  BURBLE_MESSAGE_CHANNEL_GET_IFACE (self)->send_async (self, message, cancellable,
                                                       callback, user_data);
}

/**
 * burble_message_channel_send_finish:
 * @self: a connection
 * @result: what the callback got
 * @network_id: (out) (optional) (nullable): the id that the network gave it, where it gives any
 * @error: return location for a %BURBLE_PROTOCOL_ERROR; a refusal (REFUSED, DISABLED, UNSUPPORTED,
 *   …) is the answer to this message, after others (TIMED_OUT, NOT_CONNECTED, THROTTLED, BAD_DATA,
 *   …) it is not known whether it arrived: send it again with the same id
 *
 * Returns: whether the server has it on disk
 */
gboolean
burble_message_channel_send_finish (BurbleMessageChannel  *self,
                                    GAsyncResult          *result,
                                    char                 **network_id,
                                    GError               **error)
{
  g_autofree char *id = NULL;
  gboolean sent;

  g_return_val_if_fail (BURBLE_IS_MESSAGE_CHANNEL (self), FALSE);

  sent = BURBLE_MESSAGE_CHANNEL_GET_IFACE (self)->send_finish (self, result, &id, error);
  if (network_id != NULL)
    *network_id = g_steal_pointer (&id);
  return sent;
}

/**
 * burble_message_channel_acknowledge:
 * @self: a connection
 * @messages: (element-type BurbleMessageEvent): received ones, or copies, that are on disk now
 *
 * Only then the server forgets that they are to be delivered (Gurgle, section 4).
 */
void
burble_message_channel_acknowledge (BurbleMessageChannel *self, GPtrArray *messages)
{
  g_return_if_fail (BURBLE_IS_MESSAGE_CHANNEL (self));
  g_return_if_fail (messages != NULL);

  BURBLE_MESSAGE_CHANNEL_GET_IFACE (self)->acknowledge (self, messages);
}

/**
 * burble_message_channel_emit_received:
 * @self: a connection
 * @messages: (element-type BurbleMessageEvent): what was pushed, in its order
 */
void
burble_message_channel_emit_received (BurbleMessageChannel *self, GPtrArray *messages)
{
  g_return_if_fail (BURBLE_IS_MESSAGE_CHANNEL (self));
  g_return_if_fail (messages != NULL);

  g_signal_emit (self, signals[SIGNAL_MESSAGES_RECEIVED], 0, messages);
}

/* Typing. */

void
burble_typing_channel_send (BurbleTypingChannel *self, const char *peer, gboolean typing)
{
  g_return_if_fail (BURBLE_IS_TYPING_CHANNEL (self));
  g_return_if_fail (peer != NULL);

  BURBLE_TYPING_CHANNEL_GET_IFACE (self)->send (self, peer, typing);
}

void
burble_typing_channel_emit_changed (BurbleTypingChannel *self,
                                    const char          *peer,
                                    const char          *sender,
                                    gboolean             typing)
{
  g_return_if_fail (BURBLE_IS_TYPING_CHANNEL (self));
  g_return_if_fail (peer != NULL);

  g_signal_emit (self, signals[SIGNAL_TYPING_CHANGED], 0, peer, sender, typing);
}

/* Receipts. */

/**
 * burble_receipt_channel_send:
 * @self: a connection
 * @peer: who wrote them
 * @state: what happened to them
 * @messages: (array zero-terminated=1): their ids
 *
 * Nobody answers; a connection may repeat it on the next link.
 */
void
burble_receipt_channel_send (BurbleReceiptChannel *self,
                             const char           *peer,
                             BurbleReceiptState    state,
                             const char * const   *messages)
{
  g_return_if_fail (BURBLE_IS_RECEIPT_CHANNEL (self));
  g_return_if_fail (peer != NULL);
  g_return_if_fail (messages != NULL);

  BURBLE_RECEIPT_CHANNEL_GET_IFACE (self)->send (self, peer, state, messages);
}

void
burble_receipt_channel_emit_received (BurbleReceiptChannel *self, BurbleReceiptEvent *receipt)
{
  g_return_if_fail (BURBLE_IS_RECEIPT_CHANNEL (self));
  g_return_if_fail (receipt != NULL);

  g_signal_emit (self, signals[SIGNAL_RECEIPT_RECEIVED], 0, receipt);
}

/* History. */

void
burble_history_page_free (BurbleHistoryPage *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->messages, g_ptr_array_unref);
  g_free (self);
}

/**
 * burble_history_channel_fetch_async:
 * @self: a connection
 * @with: (nullable): the bare id of one chat, or all
 * @after: what came after this seq; -1 where not meant
 * @before: what came before this seq; -1 where not meant
 * @limit: how many messages; the server may give fewer
 *
 * Gurgle, section 5: history.
 */
void
burble_history_channel_fetch_async (BurbleHistoryChannel *self,
                                    const char           *with,
                                    gint64                after,
                                    gint64                before,
                                    guint                 limit,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data)
{
  g_return_if_fail (BURBLE_IS_HISTORY_CHANNEL (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  BURBLE_HISTORY_CHANNEL_GET_IFACE (self)->fetch_async (self, with, after, before, limit,
                                                        cancellable, callback, user_data);
}

/**
 * burble_history_channel_fetch_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: return location for a %BURBLE_PROTOCOL_ERROR
 *
 * Returns: (transfer full): a page, oldest message first
 */
BurbleHistoryPage *
burble_history_channel_fetch_finish (BurbleHistoryChannel  *self,
                                     GAsyncResult          *result,
                                     GError               **error)
{
  g_return_val_if_fail (BURBLE_IS_HISTORY_CHANNEL (self), NULL);

  return BURBLE_HISTORY_CHANNEL_GET_IFACE (self)->fetch_finish (self, result, error);
}

/**
 * burble_history_channel_emit_counted:
 * @self: a connection
 * @seq: the place that a message of this terminal has got
 *
 * Before the sending of it completes. Where a network does not tell, it shows when the history is
 * fetched.
 */
void
burble_history_channel_emit_counted (BurbleHistoryChannel *self, gint64 seq)
{
  g_return_if_fail (BURBLE_IS_HISTORY_CHANNEL (self));

  g_signal_emit (self, signals[SIGNAL_MESSAGE_COUNTED], 0, seq);
}

/* Directory. */

/**
 * burble_directory_channel_lookup_async:
 * @self: a connection
 * @username: (nullable): whom to look for
 * @uuid: (nullable): the same by number, which counts where both are given
 *
 * Gurgle, section 5: user_status.
 */
void
burble_directory_channel_lookup_async (BurbleDirectoryChannel *self,
                                       const char             *username,
                                       const char             *uuid,
                                       GCancellable           *cancellable,
                                       GAsyncReadyCallback     callback,
                                       gpointer                user_data)
{
  g_return_if_fail (BURBLE_IS_DIRECTORY_CHANNEL (self));
  g_return_if_fail (username != NULL || uuid != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  BURBLE_DIRECTORY_CHANNEL_GET_IFACE (self)->lookup_async (self, username, uuid, cancellable,
                                                           callback, user_data);
}

/**
 * burble_directory_channel_lookup_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: return location for a %BURBLE_PROTOCOL_ERROR
 *
 * Returns: (transfer full): what is known; that there is nobody is an answer too, without an id
 */
BurblePersonInfo *
burble_directory_channel_lookup_finish (BurbleDirectoryChannel  *self,
                                        GAsyncResult            *result,
                                        GError                 **error)
{
  g_return_val_if_fail (BURBLE_IS_DIRECTORY_CHANNEL (self), NULL);

  return BURBLE_DIRECTORY_CHANNEL_GET_IFACE (self)->lookup_finish (self, result, error);
}

/**
 * burble_directory_channel_list_async:
 * @self: a connection
 *
 * Asks who is there. Without %BURBLE_CAPABILITY_PEOPLE it is refused with
 * %BURBLE_PROTOCOL_ERROR_UNSUPPORTED. Gurgle, section 5: active_users.
 */
void
burble_directory_channel_list_async (BurbleDirectoryChannel *self,
                                     GCancellable           *cancellable,
                                     GAsyncReadyCallback     callback,
                                     gpointer                user_data)
{
  BurbleDirectoryChannelInterface *iface = NULL;

  g_return_if_fail (BURBLE_IS_DIRECTORY_CHANNEL (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  iface = BURBLE_DIRECTORY_CHANNEL_GET_IFACE (self);
  if (iface->list_async != NULL)
    iface->list_async (self, cancellable, callback, user_data);
  else
    g_task_report_new_error (self, callback, user_data, burble_directory_channel_list_async,
                             BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
                             "The server does not list people");
}

/**
 * burble_directory_channel_list_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: return location for a %BURBLE_PROTOCOL_ERROR
 *
 * Returns: (transfer full) (element-type BurblePersonInfo): the people, ourselves perhaps among
 *   them, in no order
 */
GPtrArray *
burble_directory_channel_list_finish (BurbleDirectoryChannel  *self,
                                      GAsyncResult            *result,
                                      GError                 **error)
{
  g_return_val_if_fail (BURBLE_IS_DIRECTORY_CHANNEL (self), NULL);

  if (g_async_result_is_tagged (result, burble_directory_channel_list_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  return BURBLE_DIRECTORY_CHANNEL_GET_IFACE (self)->list_finish (self, result, error);
}

void
burble_directory_channel_emit_changed (BurbleDirectoryChannel *self, BurblePersonInfo *person)
{
  g_return_if_fail (BURBLE_IS_DIRECTORY_CHANNEL (self));
  g_return_if_fail (person != NULL);

  g_signal_emit (self, signals[SIGNAL_PERSON_CHANGED], 0, person);
}

/* Probe. */

/**
 * burble_probe_channel_probe_async:
 * @self: a connection with settings
 *
 * Asks the server what it is, on a link of its own that ends with the answer. Does not wait for
 * ever.
 */
void
burble_probe_channel_probe_async (BurbleProbeChannel  *self,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_return_if_fail (BURBLE_IS_PROBE_CHANNEL (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  BURBLE_PROBE_CHANNEL_GET_IFACE (self)->probe_async (self, cancellable, callback, user_data);
}

/**
 * burble_probe_channel_probe_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: return location for a %BURBLE_PROTOCOL_ERROR: BAD_ADDRESS, NOT_CONNECTED where nothing
 *   answers, TIMED_OUT, BAD_DATA where something else answers
 *
 * Returns: (transfer full): what the server says of itself
 */
BurbleServerInfo *
burble_probe_channel_probe_finish (BurbleProbeChannel *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BURBLE_IS_PROBE_CHANNEL (self), NULL);

  return BURBLE_PROBE_CHANNEL_GET_IFACE (self)->probe_finish (self, result, error);
}
