/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where packets are exchanged, unless a reverse proxy has it elsewhere. */
#define BURBLE_WEBSOCKET_PATH "/gurgle"
/* The largest head of a request or an answer, in bytes, and the most fields in one. */
#define BURBLE_WEBSOCKET_MAX_HEAD 8192
#define BURBLE_WEBSOCKET_MAX_FIELDS 64

#define BURBLE_WEBSOCKET_ACCEPTED 101

gboolean burble_websocket_is_request    (const guint8 *data);
guint    burble_websocket_read_request  (const guint8 *data,
                                         gsize         size,
                                         const char   *path,
                                         gsize        *used,
                                         char        **key);
char    *burble_websocket_write_answer  (guint         status,
                                         const char   *key);
char    *burble_websocket_make_key      (const guint8 *nonce);
char    *burble_websocket_write_request (const char   *host,
                                         const char   *path,
                                         const char   *key);
gboolean burble_websocket_read_answer   (const guint8 *data,
                                         gsize         size,
                                         const char   *key,
                                         gsize        *used,
                                         GError      **error);

G_END_DECLS
