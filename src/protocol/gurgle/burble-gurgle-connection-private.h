/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-gurgle-connection.h"

#include "burble-connector.h"
#include "burble-framed-stream.h"
#include "burble-gurgle-id.h"
#include "burble-gurgle-packet.h"
#include "burble-gurgle-requests.h"
#include "burble-liveness.h"

G_BEGIN_DECLS

#define BURBLE_GURGLE_SERVICE "gurgle"
#define BURBLE_GURGLE_PORT 40097

/* On connector and stream: whose they are, as long as they are somebody's. What is pending on them
 * must not keep a connection alive that nobody wants any more. */
#define BURBLE_GURGLE_OWNER "burble-gurgle-connection"

/* What this client asks for with `upgrade`, as bits. */
typedef enum
{
  BURBLE_GURGLE_HAS_TYPING       = 1 << 0,
  BURBLE_GURGLE_HAS_RECEIPTS     = 1 << 1,
  BURBLE_GURGLE_HAS_USER_STATUS  = 1 << 2,
  BURBLE_GURGLE_HAS_CARBONS      = 1 << 3,
  BURBLE_GURGLE_HAS_HISTORY      = 1 << 4,
  BURBLE_GURGLE_HAS_REGISTER     = 1 << 5,
  BURBLE_GURGLE_HAS_ACTIVE_USERS = 1 << 6,
} BurbleGurgleFeatures;

struct _BurbleGurgleConnection
{
  BurbleConnection parent_instance;

  guint request_timeout;
  guint idle_timeout;
  guint answer_timeout;
  guint quit_timeout;
  guint connect_timeout;

  /* One attempt and the link it leads to; all gone when it ends. */
  GCancellable *cancellable;
  BurbleConnector *connector;
  BurbleFramedStream *stream;
  BurbleLiveness *liveness;
  BurbleGurgleRequests *requests;
  BurbleGurgleDialect dialect;
  BurbleGurgleFeatures features;
  gboolean signed_in;
  gboolean quitting;
  guint quit_source;
  BurbleGurgleId *own_id; /* prepared address; with the terminal once signed in */
  struct BurbleGurgleHandshake *handshake;
  struct BurbleGurgleOutbox *outbox;
  GPtrArray *read_items;      /* of the roster packet at hand, where a thread has read them */
  GHashTable *unacknowledged; /* of burble-gurgle-inbox.c */
  GPtrArray *people; /* (element-type BurbleGurgleUser), as last pushed; NULL: nothing was */

  /* Kept from link to link. */
  char *etag;
  BurblePeerStatus status;
  char *mood;
  GHashTable *rooms;     /* bare ids of the rooms in the roster */
  gboolean rooms_known;  /* told, or seen in a roster that came whole */
  char *register_asked;  /* address whose `register` was never answered */
  GQueue receipts;       /* of burble-gurgle-hints.c: sent, but perhaps into a dead link */
};

/* burble-gurgle-connection.c */
gboolean burble_gurgle_connection_send       (BurbleGurgleConnection *self,
                                              BurbleGurglePacket *packet, GError **error);
/* Takes the packet; func is called exactly once, from the main loop: with a reply of one of the
 * `expected` types, or with an error. */
void     burble_gurgle_connection_request    (BurbleGurgleConnection *self,
                                              BurbleGurglePacket *packet,
                                              BurbleGurglePacketType expected,
                                              BurbleGurgleReplyFunc func, gpointer data,
                                              GDestroyNotify destroy);
/* TRUE while requests of users may be sent; otherwise the task has returned. */
gboolean burble_gurgle_connection_check_open (BurbleGurgleConnection *self, GTask *task);
gboolean burble_gurgle_connection_has        (BurbleGurgleConnection *self,
                                              BurbleGurgleFeatures feature);
gboolean burble_gurgle_connection_is_own     (BurbleGurgleConnection *self,
                                              const BurbleGurgleId *id);
/*
 * Who says something where: the peer (the chat), and the sender if it is a room. FALSE: no usable
 * id.
 */
gboolean burble_gurgle_connection_read_from  (BurbleGurgleConnection *self, const char *from,
                                              char **peer, char **sender, char **terminal,
                                              gboolean *own);
/* Bare id of a person or room from text off the wire; NULL if it is none. */
char    *burble_gurgle_connection_bare       (const char *text);

/* burble-gurgle-link.c */
void     burble_gurgle_link_start            (BurbleGurgleConnection *self,
                                              const BurbleConnectionSettings *settings);
/* Ends the link: tells the base class and then everybody who waits. */
void     burble_gurgle_connection_lose       (BurbleGurgleConnection *self, const GError *error);
/* The peer broke the rules: it is told, and the link ends. */
void     burble_gurgle_link_kill             (BurbleGurgleConnection *self, const char *word,
                                              const char *reason);
/* Lets go of everything that belongs to the link; nobody is told. */
void     burble_gurgle_link_clear            (BurbleGurgleConnection *self);

/* burble-gurgle-reader.c: reads the next frame, and the ones after it. */
void     burble_gurgle_reader_start          (BurbleGurgleConnection *self);

/* burble-gurgle-dispatch.c */
void     burble_gurgle_dispatch              (BurbleGurgleConnection *self,
                                              const BurbleGurglePacket *packet);
void     burble_gurgle_dispatch_log          (const char *direction,
                                              const BurbleGurglePacket *packet);

/* burble-gurgle-handshake.c */
void     burble_gurgle_handshake_start       (BurbleGurgleConnection *self);
void     burble_gurgle_handshake_stop        (BurbleGurgleConnection *self);

/* burble-gurgle-errors.c */
/* (transfer full): a sentence of the server as it may be shown; NULL stays NULL. */
char *burble_gurgle_tidy_reason (const char *reason);
GError  *burble_gurgle_error_from_words      (const char *word, const char *reason);
GError  *burble_gurgle_error_from_connect    (const GError *error);

/* burble-gurgle-roster.c */
void     burble_gurgle_roster_iface_init     (BurbleRosterChannelInterface *iface);
void     burble_gurgle_roster_fetch          (BurbleGurgleConnection *self);
/* (transfer full) (element-type BurbleRosterItem); any thread. */
GPtrArray *burble_gurgle_roster_read         (const GPtrArray *entries);
void     burble_gurgle_roster_take           (BurbleGurgleConnection *self,
                                              const BurbleGurglePacket *packet);

/* burble-gurgle-presence.c */
void     burble_gurgle_presence_iface_init   (BurblePresenceChannelInterface *iface);
void     burble_gurgle_presence_publish      (BurbleGurgleConnection *self);
void     burble_gurgle_presence_take         (BurbleGurgleConnection *self,
                                              const BurbleGurglePacket *packet);
BurblePeerStatus burble_gurgle_presence_from_wire (BurbleGurgleStatus status);

/* burble-gurgle-outbox.c, burble-gurgle-inbox.c */
void     burble_gurgle_message_iface_init    (BurbleMessageChannelInterface *iface);
struct BurbleGurgleOutbox *burble_gurgle_outbox_new (BurbleGurgleConnection *self);
/* What has not been handed to the link fails as well. */
void     burble_gurgle_outbox_free           (struct BurbleGurgleOutbox *outbox);
void     burble_gurgle_outbox_flush          (BurbleGurgleConnection *self);
void     burble_gurgle_inbox_clear           (BurbleGurgleConnection *self);
void     burble_gurgle_inbox_take            (BurbleGurgleConnection *self,
                                              const BurbleGurglePacket *packet);
void     burble_gurgle_inbox_acknowledge     (BurbleGurgleConnection *self, GPtrArray *messages);
BurbleMessageEvent *burble_gurgle_inbox_read (BurbleGurgleConnection *self,
                                              const BurbleGurgleMessage *message);

/* burble-gurgle-hints.c: typing and receipts */
void     burble_gurgle_typing_iface_init     (BurbleTypingChannelInterface *iface);
void     burble_gurgle_receipt_iface_init    (BurbleReceiptChannelInterface *iface);
void     burble_gurgle_typing_take           (BurbleGurgleConnection *self,
                                              const BurbleGurglePacket *packet);
void     burble_gurgle_receipt_take          (BurbleGurgleConnection *self,
                                              const BurbleGurglePacket *packet);
/* The request @id was answered: what was sent before it has arrived. */
void     burble_gurgle_receipts_prove        (BurbleGurgleConnection *self, gint32 id);
/* On a new link, what may not have arrived over the last one. */
void     burble_gurgle_receipts_repeat       (BurbleGurgleConnection *self);
void     burble_gurgle_receipts_clear        (BurbleGurgleConnection *self);

/* burble-gurgle-history.c, burble-gurgle-directory.c */
void     burble_gurgle_history_iface_init    (BurbleHistoryChannelInterface *iface);
void     burble_gurgle_directory_iface_init  (BurbleDirectoryChannelInterface *iface);
void     burble_gurgle_directory_take        (BurbleGurgleConnection *self,
                                              const BurbleGurglePacket *packet);
void     burble_gurgle_directory_take_people (BurbleGurgleConnection *self,
                                              const BurbleGurglePacket *packet);

G_END_DECLS
