/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-capabilities.h"

G_BEGIN_DECLS

/**
 * BurbleCgConnection:
 *
 * The network of cg servers: looking people up and following how they stand; nobody can be written
 * to. Its servers keep no list of contacts, so the one that is kept here is all there is.
 *
 * The servers are brittle. One request at a time is under way, each frame is one write, and what
 * would stop a server is never written (see burble_cg_packet_write()).
 *
 * Properties, for tests, construct-only, all in ms: step-timeout (20 000: for each step of signing
 * in), lookup-timeout (6 000: silence is how some servers say that there is nobody),
 * refresh-interval (120 000: the people on the list are asked for again), connect-timeout (30 000),
 * probe-timeout (8 000: all of it), pause (150: after a packet that is not answered).
 */
#define BURBLE_TYPE_CG_CONNECTION (burble_cg_connection_get_type ())
G_DECLARE_FINAL_TYPE (BurbleCgConnection, burble_cg_connection, BURBLE, CG_CONNECTION,
                      BurbleConnection)

BurbleConnection *burble_cg_connection_new (const BurbleConnectionSettings *settings);

G_END_DECLS
