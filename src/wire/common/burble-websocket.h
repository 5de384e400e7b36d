/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Gurgle, section 2, the alternative transport: one packet a text message (RFC 6455). */

/* The most that comes in front of a payload. */
#define BURBLE_WEBSOCKET_HEADER_SIZE 14
#define BURBLE_WEBSOCKET_MASK_SIZE 4
/* The largest payload of a control frame. */
#define BURBLE_WEBSOCKET_MAX_CONTROL 125

typedef enum
{
  BURBLE_WEBSOCKET_OPCODE_CONTINUATION = 0,
  BURBLE_WEBSOCKET_OPCODE_TEXT = 1,
  BURBLE_WEBSOCKET_OPCODE_BINARY = 2,
  BURBLE_WEBSOCKET_OPCODE_CLOSE = 8,
  BURBLE_WEBSOCKET_OPCODE_PING = 9,
  BURBLE_WEBSOCKET_OPCODE_PONG = 10,
} BurbleWebsocketOpcode;

/* Why a connection is closed, as RFC 6455 section 7.4.1 numbers it. */
typedef enum
{
  BURBLE_WEBSOCKET_CLOSE_NORMAL = 1000,
  BURBLE_WEBSOCKET_CLOSE_PROTOCOL = 1002,
  BURBLE_WEBSOCKET_CLOSE_NOT_TEXT = 1003,
  BURBLE_WEBSOCKET_CLOSE_NONE = 1005, /* the peer gave no code; never sent */
  BURBLE_WEBSOCKET_CLOSE_NOT_UTF8 = 1007,
  BURBLE_WEBSOCKET_CLOSE_TOO_LARGE = 1009,
} BurbleWebsocketClose;

typedef enum
{
  BURBLE_WEBSOCKET_NOTHING, /* yet */
  BURBLE_WEBSOCKET_MESSAGE,
  BURBLE_WEBSOCKET_PING,
  BURBLE_WEBSOCKET_PONG,
  BURBLE_WEBSOCKET_CLOSED,
} BurbleWebsocketEvent;

/**
 * BurbleWebsocketReader:
 *
 * Makes messages of the bytes that a WebSocket peer sends, however they are cut. It holds memory
 * only for bytes that have arrived.
 */
typedef struct _BurbleWebsocketReader BurbleWebsocketReader;

BurbleWebsocketReader *burble_websocket_reader_new      (gboolean               masked);
void                   burble_websocket_reader_free     (BurbleWebsocketReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleWebsocketReader, burble_websocket_reader_free)

gsize                  burble_websocket_reader_feed     (BurbleWebsocketReader *self,
                                                         const guint8          *data,
                                                         gsize                  size,
                                                         gsize                  limit,
                                                         BurbleWebsocketEvent  *event,
                                                         GBytes               **payload,
                                                         GError               **error);
guint16                burble_websocket_reader_get_code (BurbleWebsocketReader *self);
/* Whether an end of the connection here lies between two messages. */
gboolean               burble_websocket_reader_is_empty (BurbleWebsocketReader *self);

gsize   burble_websocket_write_header (guint8                *header,
                                       BurbleWebsocketOpcode  opcode,
                                       gsize                  length,
                                       const guint8          *mask);
void    burble_websocket_mask         (guint8                *data,
                                       gsize                  size,
                                       const guint8          *mask,
                                       gsize                  offset);
GBytes *burble_websocket_encode       (BurbleWebsocketOpcode  opcode,
                                       const void            *payload,
                                       gsize                  length,
                                       const guint8          *mask);
GBytes *burble_websocket_encode_close (guint16                code,
                                       const guint8          *mask);

G_END_DECLS
