/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-server-private.h"

G_BEGIN_DECLS

/**
 * BurbleClient:
 *
 * One connection: first anonymous, then one terminal of one account. A state machine: version,
 * then upgrade and query, then auth (or register), then everything else.
 */

/* Takes the descriptor; NULL where it could not be set up. The server's list holds it. */
BurbleClient *burble_client_new         (BurbleServer *server, int fd, const char *address);
BurbleClient *burble_client_ref         (BurbleClient *self);
void          burble_client_unref       (BurbleClient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleClient, burble_client_unref)

/* Time passed: end what took too long, ask whether an idle peer is still there. */
void          burble_client_sweep       (BurbleClient *self, gint64 now);
/* No new requests; says `kill` when those under way are answered. */
void          burble_client_drain       (BurbleClient *self);
void          burble_client_abort       (BurbleClient *self);
/* What is to be written for it; NULL: nothing new. */
BurbleTerminalRow *burble_client_take_unsaved (BurbleClient *self);

G_END_DECLS
