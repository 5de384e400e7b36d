/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-connection.h"
#include "burble-framed-stream.h"
#include "burble-gurgle-packet.h"
#include "burble-test-wait.h"

G_BEGIN_DECLS

/* A server inside the test that says exactly what the test wants, right or wrong. */
typedef struct
{
  GSocketService *service;
  guint16 port;
  GTlsCertificate *certificate; /* NULL: plain TCP */
  GQueue accepted;              /* (element-type GIOStream), not yet served */
  guint connections;            /* ever accepted */
  GIOStream *io;                /* whom it serves now */
  BurbleFramedStream *stream;
  GQueue frames;                /* (element-type GBytes), not yet expected */
  guint request_timeout;        /* of the clients made from now on, in ms; 0: their own */
  gboolean gone;                /* the client closed */
  BurbleGurgleDialect dialect;
  char *last;                   /* text of the last packet that was expected */
} Peer;

Peer               *peer_new            (GTlsCertificate *certificate);
void                peer_free           (Peer *self);
/* Nobody listens any more. */
void                peer_stop           (Peer *self);
/* For those that are to lose patience, in ms; the others must not lose an answer to a busy machine. */
#define PEER_HASTE 1000

/* A client that soon tries again and soon leaves, and knows where to find the peer. */
BurbleConnection   *peer_make_client    (Peer *self);
/* Serves the next one who connects. */
void                peer_accept         (Peer *self);
/* The next packet, which has to be of that type. */
BurbleGurglePacket *peer_expect         (Peer *self, BurbleGurglePacketType type);
void                peer_expect_silence (Peer *self);
void                peer_say            (Peer *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* As it is, without a length. */
void                peer_say_bytes      (Peer *self, const void *data, gsize size);
void                peer_hang_up        (Peer *self);
void                peer_wait_gone      (Peer *self);

/* A well-behaved sign-in up to and including that step. `features`: the inside of a JSON array. */
typedef enum
{
  PEER_VERSION,
  PEER_UPGRADE,
  PEER_QUERY,
  PEER_AUTH,
  PEER_ROSTER,
  PEER_PRESENCE,
} PeerStep;
void                peer_sign_in        (Peer *self, PeerStep step, const char *features);

#define PEER_ALL_FEATURES \
  "\"typing\", \"receipts\", \"user_status\", \"carbons\", \"history\", \"register\""

#define peer_wait_state(connection, wanted) \
  burble_test_wait_until (burble_connection_get_state (connection) == (wanted))

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Peer, peer_free)

G_END_DECLS
