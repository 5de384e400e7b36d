/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-capabilities.h"

G_BEGIN_DECLS

/**
 * BurbleGurgleConnection:
 *
 * The native network (src/wire/gurgle/PROTOCOL.md). Implements every channel of
 * burble-capabilities.h, and speaks the later dialect to a server that answers with version "0.2".
 *
 * Properties, for tests, construct-only, all in ms: request-timeout (20 000), idle-timeout (60 000:
 * then a ping), answer-timeout (20 000: then the link is dead), quit-timeout (1 500: how long "bye"
 * is waited for), connect-timeout (30 000).
 */
#define BURBLE_TYPE_GURGLE_CONNECTION (burble_gurgle_connection_get_type ())
G_DECLARE_FINAL_TYPE (BurbleGurgleConnection, burble_gurgle_connection, BURBLE, GURGLE_CONNECTION,
                      BurbleConnection)

BurbleConnection *burble_gurgle_connection_new (const BurbleConnectionSettings *settings);

G_END_DECLS
