/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-allowance.h"
#include "burble-client.h"
#include "burble-gurgle-packet.h"
#include "burble-link.h"

G_BEGIN_DECLS

typedef enum
{
  BURBLE_CLIENT_NEW,            /* waits for the version */
  BURBLE_CLIENT_ANONYMOUS,      /* waits for auth */
  BURBLE_CLIENT_AUTHENTICATING, /* nothing is read meanwhile */
  BURBLE_CLIENT_ONLINE,
  BURBLE_CLIENT_CLOSED,
} BurbleClientState;

/* A message that was pushed and is not acknowledged. */
typedef struct
{
  gint32 packet;
  gboolean acknowledged;
  gboolean targeted;
  gint64 seq;
  gint64 receipt; /* receipts up to here were sent before it */
  gsize bytes;
  GRefString *key;
} BurbleInFlight;

typedef struct _BurbleSignIn BurbleSignIn;

struct _BurbleClient
{
  BurbleTerminal terminal; /* the first member */
  guint ref_count;
  BurbleClientState state;
  BurbleServer *server;
  BurbleLink *link;
  BurbleUser *user;
  BurbleSignIn *sign_in; /* while authenticating */
  char *address;
  GList node;         /* in server->clients */
  GList waiting_node; /* in server->unauthenticated */
  gboolean waiting;
  gint64 since;       /* of the connection, then of the end */
  guint16 busy;       /* requests at the storage */
  guint16 n_errors;
  gint32 last_push;   /* ids of our own packets */
  gint64 pinged_at;
  BurbleAllowance bytes;   /* what it may still send, once signed in */
  BurbleAllowance packets;
  guint wait_id;           /* it sent more: nothing is read until then */
  BurbleGurglePacket *quit; /* to be answered when nothing else is under way */
  gboolean overrun;         /* took too little for too long */

  /* delivery, see burble-client-delivery.c */
  GString *push;      /* the packet that is being put together */
  guint16 n_pushed;   /* messages in it */
  gboolean ready;
  gboolean behind;
  gboolean fetching;
  gboolean missed;
  gboolean had_target;
  gboolean unsaved;
  gboolean receipts_known;
  gint64 position;
  gint64 cursor;
  gint64 receipt;
  GArray *in_flight;  /* (element-type BurbleInFlight), by seq; NULL where nothing is */
  gsize in_flight_bytes;
};

/* burble-client.c */
/* Behind the messages that were pushed in this turn. */
void     burble_client_send        (BurbleClient *self, const BurbleGurglePacket *packet);
void     burble_client_send_text   (BurbleClient *self, GString *json);
/* `error` for a request; nothing where it had no id, since nobody could tell what it is about. */
void     burble_client_refuse      (BurbleClient *self, const BurbleGurglePacket *request,
                                    const char *error, const char *reason);
void     burble_client_kill        (BurbleClient *self, const char *error, const char *reason);
gint32   burble_client_next_id     (BurbleClient *self);
void     burble_client_update_pause (BurbleClient *self);
/* From now on it may send as much as somebody who was quiet before. */
void     burble_client_reset_allowance (BurbleClient *self);
gboolean burble_client_is_gone     (BurbleClient *self);

/* What an op's callback has; ends the op when it goes out of scope. */
typedef struct
{
  BurbleClient *client;
  BurbleGurglePacket *request; /* nullable */
  const char *error;           /* found before the storage was asked */
  const char *reason;
  GStrv failures;              /* message ids that failed before; nullable */
} BurbleClientRequest;

/* Begins an op; its callback gets (and frees) the request, which holds the client. */
BurbleClientRequest *burble_client_submit (BurbleClient *self, BurbleStorageOp *op,
                                           GAsyncReadyCallback callback,
                                           const BurbleGurglePacket *packet);

void     burble_client_request_free (BurbleClientRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleClientRequest, burble_client_request_free)

/* An id of this server; otherwise NULL, with what the error is called and a sentence for it. */
BurbleGurgleId *burble_client_parse_id (BurbleClient *self, const char *text, const char **error,
                                        const char **reason);

/* by topic */
void     burble_client_auth           (BurbleClient *self, BurbleGurglePacket *packet);
void     burble_client_register       (BurbleClient *self, BurbleGurglePacket *packet);
void     burble_client_cancel_sign_in (BurbleClient *self);
void     burble_client_publish        (BurbleClient *self, BurbleGurglePacket *packet);
void     burble_client_go_offline     (BurbleClient *self);
void     burble_client_send_presences (BurbleClient *self);
void     burble_client_get_roster     (BurbleClient *self, BurbleGurglePacket *packet);
void     burble_client_update_roster  (BurbleClient *self, BurbleGurglePacket *packet);
void     burble_client_message        (BurbleClient *self, BurbleGurglePacket *packet);
void     burble_client_get_history    (BurbleClient *self, BurbleGurglePacket *packet);
void     burble_client_typing         (BurbleClient *self, BurbleGurglePacket *packet);
void     burble_client_store_receipt  (BurbleClient *self, BurbleGurglePacket *packet);
void     burble_client_fetch_receipts (BurbleClient *self);
void     burble_client_get_user_status (BurbleClient *self, BurbleGurglePacket *packet);
void     burble_client_get_active_users (BurbleClient *self, BurbleGurglePacket *packet);
/* These do nothing where the directory is closed. */
void     burble_client_watch_active_users (BurbleClient *self);
void     burble_client_unwatch_active_users (BurbleClient *self);
/* One of the user's terminals came into sight of the others, or went out of it. */
void     burble_client_change_visible (BurbleClient *self, gboolean visible);
/* Everybody may know that this account is there. */
gboolean burble_server_lists          (BurbleServer *self, gint64 account);

/* delivery */
void     burble_client_start_delivery (BurbleClient *self);
void     burble_client_deliver        (BurbleTerminal *terminal, const BurbleDelivery *delivery);
void     burble_client_acknowledge    (BurbleClient *self, BurbleGurglePacket *packet);
void     burble_client_flush_push     (BurbleClient *self);
void     burble_client_drained        (BurbleClient *self);
void     burble_client_end_delivery   (BurbleClient *self);
/* What waits for one terminal alone goes to all the others. */
void     burble_server_hand_on        (BurbleServer *self, gint64 account, const char *terminal);

/* presence and roster, for whoever is online; also used when the command line changes something */
BurbleGurgleRosterEntry *burble_server_roster_entry (BurbleServer *self, const BurbleRosterRow *row,
                                                     const char *username);
void     burble_server_push_entries   (BurbleServer *self, gint64 account, gint64 version,
                                       GPtrArray *entries, const BurbleTerminal *except);
void     burble_server_change_sight   (BurbleServer *self, gint64 account, gint64 peer,
                                       BurbleSight sight);

G_END_DECLS
