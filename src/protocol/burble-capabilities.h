/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-connection.h"

G_BEGIN_DECLS

/*
 * One interface per capability. A connection that implements one may still not have the capability
 * on this server: ask burble_connection_has(). Each has emit helpers for the implementations.
 * Arrays in signals are (transfer none) and live for the emission only.
 */

/* "roster-kept" (): the cached list is current.
 * "roster-reset" (const char *etag, GPtrArray *items<BurbleRosterItem>): this is all of it.
 * "roster-changed" (const char *etag, GPtrArray *items): these entries now stand so (or are
 * removed). */
#define BURBLE_TYPE_ROSTER_CHANNEL (burble_roster_channel_get_type ())
G_DECLARE_INTERFACE (BurbleRosterChannel, burble_roster_channel, BURBLE, ROSTER_CHANNEL,
                     BurbleConnection)
struct _BurbleRosterChannelInterface
{
  GTypeInterface parent_iface;
  void     (*set_etag)      (BurbleRosterChannel *self, const char *etag);
  void     (*set_rooms)     (BurbleRosterChannel *self, const char * const *rooms); /* optional */
  void     (*set_people)    (BurbleRosterChannel *self, GPtrArray *items); /* optional */
  void     (*change_async)  (BurbleRosterChannel *self, GPtrArray *items, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*change_finish) (BurbleRosterChannel *self, GAsyncResult *result, GError **error);
};
/* The etag of the cached roster, before connecting; NULL asks for all. */
void     burble_roster_channel_set_etag      (BurbleRosterChannel *self, const char *etag);
/*
 * Ids of the rooms in the cached roster, before connecting; NULL-terminated, may be empty. A
 * network where the sender of a message does not show that it is a room needs them as long as it
 * keeps the cached roster; without them it may have to ask for all in spite of the etag.
 */
void     burble_roster_channel_set_rooms     (BurbleRosterChannel *self, const char * const *rooms);
/*
 * The people in the cached roster, before connecting: (element-type BurbleRosterItem) with id, name
 * and alias. A network that keeps no list of its own follows these; for it the cache is the roster.
 */
void     burble_roster_channel_set_people    (BurbleRosterChannel *self, GPtrArray *items);
/* items: changes, see BurbleRosterItem. What results arrives by "roster-changed" as well. */
void     burble_roster_channel_change_async  (BurbleRosterChannel *self, GPtrArray *items,
                                              GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
gboolean burble_roster_channel_change_finish (BurbleRosterChannel *self, GAsyncResult *result,
                                              GError **error);
void     burble_roster_channel_emit_kept     (BurbleRosterChannel *self);
void     burble_roster_channel_emit_reset    (BurbleRosterChannel *self, const char *etag,
                                              GPtrArray *items);
void     burble_roster_channel_emit_changed  (BurbleRosterChannel *self, const char *etag,
                                              GPtrArray *items);

/* "presence-changed" (GPtrArray<BurblePresenceEvent>) */
#define BURBLE_TYPE_PRESENCE_CHANNEL (burble_presence_channel_get_type ())
G_DECLARE_INTERFACE (BurblePresenceChannel, burble_presence_channel, BURBLE, PRESENCE_CHANNEL,
                     BurbleConnection)
struct _BurblePresenceChannelInterface
{
  GTypeInterface parent_iface;
  void (*publish) (BurblePresenceChannel *self, BurblePeerStatus status, const char *mood);
};
/* Kept by the connection and published again after each reconnect. */
void burble_presence_channel_publish      (BurblePresenceChannel *self, BurblePeerStatus status,
                                           const char *mood);
void burble_presence_channel_emit_changed (BurblePresenceChannel *self, GPtrArray *events);

/* "messages-received" (GPtrArray<BurbleMessageEvent>): nothing is acknowledged to the server before
 *   burble_message_channel_acknowledge() is called with the ids.
 * send: completes TRUE when the server has it on disk; for the errors see
 *   burble_message_channel_send_finish(). */
#define BURBLE_TYPE_MESSAGE_CHANNEL (burble_message_channel_get_type ())
G_DECLARE_INTERFACE (BurbleMessageChannel, burble_message_channel, BURBLE, MESSAGE_CHANNEL,
                     BurbleConnection)
struct _BurbleMessageChannelInterface
{
  GTypeInterface parent_iface;
  gboolean names_messages; /* see burble_message_channel_names_messages() */
  void     (*send_async)  (BurbleMessageChannel *self, const BurbleMessageEvent *message,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data);
  gboolean (*send_finish) (BurbleMessageChannel *self, GAsyncResult *result, char **network_id,
                           GError **error);
  void     (*acknowledge) (BurbleMessageChannel *self, GPtrArray *messages);
};
/*
 * The network gives messages ids of its own, and forgets ours when the connection object is gone:
 * history and receipts go by its ids, and what may have arrived in an earlier life has to be looked
 * for in the history before it is sent again. Holds for the class, online or not.
 */
gboolean burble_message_channel_names_messages (BurbleMessageChannel *self);
void     burble_message_channel_send_async    (BurbleMessageChannel *self,
                                               const BurbleMessageEvent *message,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
gboolean burble_message_channel_send_finish   (BurbleMessageChannel *self, GAsyncResult *result,
                                               char **network_id, GError **error);
/* messages: the very BurbleMessageEvents (or copies) that were received and are now on disk. */
void     burble_message_channel_acknowledge   (BurbleMessageChannel *self, GPtrArray *messages);
void     burble_message_channel_emit_received (BurbleMessageChannel *self, GPtrArray *messages);

/* "typing-changed" (const char *peer, const char *sender, gboolean typing) */
#define BURBLE_TYPE_TYPING_CHANNEL (burble_typing_channel_get_type ())
G_DECLARE_INTERFACE (BurbleTypingChannel, burble_typing_channel, BURBLE, TYPING_CHANNEL,
                     BurbleConnection)
struct _BurbleTypingChannelInterface
{
  GTypeInterface parent_iface;
  void (*send) (BurbleTypingChannel *self, const char *peer, gboolean typing);
};
void burble_typing_channel_send         (BurbleTypingChannel *self, const char *peer,
                                         gboolean typing);
void burble_typing_channel_emit_changed (BurbleTypingChannel *self, const char *peer,
                                         const char *sender, gboolean typing);

/* "receipt-received" (BurbleReceiptEvent *) */
#define BURBLE_TYPE_RECEIPT_CHANNEL (burble_receipt_channel_get_type ())
G_DECLARE_INTERFACE (BurbleReceiptChannel, burble_receipt_channel, BURBLE, RECEIPT_CHANNEL,
                     BurbleConnection)
struct _BurbleReceiptChannelInterface
{
  GTypeInterface parent_iface;
  void (*send) (BurbleReceiptChannel *self, const char *peer, BurbleReceiptState state,
                const char * const *messages);
};
void burble_receipt_channel_send          (BurbleReceiptChannel *self, const char *peer,
                                           BurbleReceiptState state, const char * const *messages);
void burble_receipt_channel_emit_received (BurbleReceiptChannel *self, BurbleReceiptEvent *receipt);

/* Pages of what the server keeps. Catch-up (`with` NULL): after = highest seq fully held.
 * A page: messages oldest first, own ones included. */
typedef struct
{
  GPtrArray *messages; /* (element-type BurbleMessageEvent) */
  gboolean complete;   /* nothing more in that direction */
  gint64 highest;      /* seq of what it covers, with what could not be read; -1: of its messages */
} BurbleHistoryPage;
void burble_history_page_free (BurbleHistoryPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleHistoryPage, burble_history_page_free)

/* "message-counted" (gint64 seq): something that this terminal sent has that place in it. */
#define BURBLE_TYPE_HISTORY_CHANNEL (burble_history_channel_get_type ())
G_DECLARE_INTERFACE (BurbleHistoryChannel, burble_history_channel, BURBLE, HISTORY_CHANNEL,
                     BurbleConnection)
struct _BurbleHistoryChannelInterface
{
  GTypeInterface parent_iface;
  void               (*fetch_async)  (BurbleHistoryChannel *self, const char *with, gint64 after,
                                      gint64 before, guint limit, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
  BurbleHistoryPage *(*fetch_finish) (BurbleHistoryChannel *self, GAsyncResult *result,
                                      GError **error);
};
/* after / before: -1 where not meant. */
void               burble_history_channel_fetch_async  (BurbleHistoryChannel *self,
                                                        const char *with, gint64 after,
                                                        gint64 before, guint limit,
                                                        GCancellable *cancellable,
                                                        GAsyncReadyCallback callback,
                                                        gpointer user_data);
BurbleHistoryPage *burble_history_channel_fetch_finish (BurbleHistoryChannel *self,
                                                        GAsyncResult *result, GError **error);
void               burble_history_channel_emit_counted (BurbleHistoryChannel *self, gint64 seq);

/* "person-changed" (BurblePersonInfo *): pushed unasked. */
#define BURBLE_TYPE_DIRECTORY_CHANNEL (burble_directory_channel_get_type ())
G_DECLARE_INTERFACE (BurbleDirectoryChannel, burble_directory_channel, BURBLE, DIRECTORY_CHANNEL,
                     BurbleConnection)
struct _BurbleDirectoryChannelInterface
{
  GTypeInterface parent_iface;
  void              (*lookup_async)  (BurbleDirectoryChannel *self, const char *username,
                                      const char *uuid, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
  BurblePersonInfo *(*lookup_finish) (BurbleDirectoryChannel *self, GAsyncResult *result,
                                      GError **error);
  /* optional: with BURBLE_CAPABILITY_PEOPLE */
  void              (*list_async)    (BurbleDirectoryChannel *self, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
  GPtrArray        *(*list_finish)   (BurbleDirectoryChannel *self, GAsyncResult *result,
                                      GError **error);
};
void              burble_directory_channel_lookup_async  (BurbleDirectoryChannel *self,
                                                          const char *username, const char *uuid,
                                                          GCancellable *cancellable,
                                                          GAsyncReadyCallback callback,
                                                          gpointer user_data);
BurblePersonInfo *burble_directory_channel_lookup_finish (BurbleDirectoryChannel *self,
                                                          GAsyncResult *result, GError **error);
/* Who is there, as far as the network tells: (element-type BurblePersonInfo), unsorted. */
void              burble_directory_channel_list_async    (BurbleDirectoryChannel *self,
                                                          GCancellable *cancellable,
                                                          GAsyncReadyCallback callback,
                                                          gpointer user_data);
GPtrArray        *burble_directory_channel_list_finish   (BurbleDirectoryChannel *self,
                                                          GAsyncResult *result, GError **error);
void              burble_directory_channel_emit_changed  (BurbleDirectoryChannel *self,
                                                          BurblePersonInfo *person);

/*
 * For a connection that is not connected: whether there is a server where its settings say, and
 * what that says of itself. Only the place in the address counts, not the name; nothing secret is
 * sent.
 */
#define BURBLE_TYPE_PROBE_CHANNEL (burble_probe_channel_get_type ())
G_DECLARE_INTERFACE (BurbleProbeChannel, burble_probe_channel, BURBLE, PROBE_CHANNEL,
                     BurbleConnection)
struct _BurbleProbeChannelInterface
{
  GTypeInterface parent_iface;
  void              (*probe_async)  (BurbleProbeChannel *self, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
  BurbleServerInfo *(*probe_finish) (BurbleProbeChannel *self, GAsyncResult *result,
                                     GError **error);
};
void              burble_probe_channel_probe_async  (BurbleProbeChannel *self,
                                                     GCancellable *cancellable,
                                                     GAsyncReadyCallback callback,
                                                     gpointer user_data);
BurbleServerInfo *burble_probe_channel_probe_finish (BurbleProbeChannel *self,
                                                     GAsyncResult *result, GError **error);

G_END_DECLS
