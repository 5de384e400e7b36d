/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-connection.h"

G_BEGIN_DECLS

/**
 * BurblePrivateChatConnection:
 *
 * One account on a django-private-chat site: signed in over HTTP, people and history read from its
 * pages, and a WebSocket for each dialog. The address is `NAME@SITE`, where SITE is a host, with a
 * port and a path where it has them. Ids of people are made the same way.
 *
 * Properties for tests, at construction (ms): answer-timeout (of a socket that should answer),
 * poll-interval (who is online), close-timeout, trust-time (how long nothing is asked again that
 * has to be known before something is said).
 */
#define BURBLE_TYPE_PRIVATE_CHAT_CONNECTION (burble_private_chat_connection_get_type ())
G_DECLARE_FINAL_TYPE (BurblePrivateChatConnection, burble_private_chat_connection, BURBLE,
                      PRIVATE_CHAT_CONNECTION, BurbleConnection)

BurbleConnection *burble_private_chat_connection_new (const BurbleConnectionSettings *settings);

G_END_DECLS
