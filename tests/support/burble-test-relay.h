/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "burble-gurgle-packet.h"

G_BEGIN_DECLS

/**
 * BurbleTestRelay:
 *
 * Sits between a Gurgle client and a server and knows where each packet begins: it ends TLS on
 * both sides, with the server's own certificate towards the client. It passes packets on, keeps a
 * record of them, and can cut the connection between any two, or inside one.
 *
 * It lives on threads of its own, so that a test may block. What it counts, it counts over all
 * connections through it.
 */
typedef struct _BurbleTestRelay BurbleTestRelay;

typedef enum
{
  BURBLE_TEST_RELAY_UP,   /* client to server */
  BURBLE_TEST_RELAY_DOWN,
} BurbleTestRelayDirection;

/* A packet that was passed on whole. */
typedef struct
{
  guint link; /* which connection, from 0 */
  BurbleTestRelayDirection direction;
  BurbleGurglePacket *packet;
} BurbleTestRelayRecord;

typedef void (*BurbleTestRelayFunc) (const BurbleTestRelayRecord *record, gpointer user_data);

/* @data_dir: where the server has its certificate and key; @port: where it listens. */
BurbleTestRelay *burble_test_relay_new       (const char               *data_dir,
                                              guint16                   port);
void             burble_test_relay_free      (BurbleTestRelay          *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleTestRelay, burble_test_relay_free)
guint16          burble_test_relay_get_port  (BurbleTestRelay          *self);

/*
 * Once, cuts the connection right after the @n-th packet in that direction; with @inside half of
 * the next one still gets through. 0: when TLS is up on both sides.
 */
void             burble_test_relay_cut_after (BurbleTestRelay          *self,
                                              BurbleTestRelayDirection  direction,
                                              guint                     n,
                                              gboolean                  inside);
gboolean         burble_test_relay_was_cut   (BurbleTestRelay          *self);
guint            burble_test_relay_get_total (BurbleTestRelay          *self,
                                              BurbleTestRelayDirection  direction);
guint            burble_test_relay_count     (BurbleTestRelay          *self,
                                              BurbleTestRelayDirection  direction,
                                              BurbleGurglePacketType    type);
/* All so far, in the order they were passed on. */
void             burble_test_relay_foreach   (BurbleTestRelay          *self,
                                              BurbleTestRelayFunc       func,
                                              gpointer                  user_data);
/* The record, for a failure's report. */
char            *burble_test_relay_describe  (BurbleTestRelay          *self);

G_END_DECLS
