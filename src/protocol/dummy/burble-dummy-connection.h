/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-capabilities.h"

G_BEGIN_DECLS

/**
 * BurbleDummyConnection:
 *
 * Complete in memory, canned people who answer. For work on the window, screenshots and tests.
 * All dummies of one process whose addresses share a domain see each other.
 *
 * Any password will do, except where burble_dummy_network_add_user() has set one.
 *
 * Properties: canned (construct-only, default TRUE): whether there are canned people.
 */
#define BURBLE_TYPE_DUMMY_CONNECTION (burble_dummy_connection_get_type ())
G_DECLARE_FINAL_TYPE (BurbleDummyConnection, burble_dummy_connection, BURBLE, DUMMY_CONNECTION,
                      BurbleConnection)

BurbleConnection *burble_dummy_connection_new (const BurbleConnectionSettings *settings);

/* What a test can do to it. Each takes part in what happens from then on. */

/* The cable is cut: attempts start again by themselves after the usual delay. */
void burble_dummy_connection_drop_link         (BurbleDummyConnection *self);
/* The server ends the session with a reason. */
void burble_dummy_connection_kill              (BurbleDummyConnection *self, const char *reason);
/* No attempt gets through while TRUE. */
void burble_dummy_connection_set_unreachable   (BurbleDummyConnection *self, gboolean unreachable);
/* The next message that is sent is refused in that way, with that sentence. */
void burble_dummy_connection_refuse_next_message (BurbleDummyConnection *self,
                                                  BurbleProtocolError code, const char *reason);
/* The next message gets through, but the link drops before the answer. */
void burble_dummy_connection_lose_next_answer  (BurbleDummyConnection *self);

G_END_DECLS
