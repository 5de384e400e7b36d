/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Gurgle, section 2: a 4-byte big-endian unsigned length, then that many bytes. */
#define BURBLE_FRAME_HEADER_SIZE 4
#define BURBLE_FRAME_DEFAULT_LIMIT (16u * 1024u * 1024u)
#define BURBLE_FRAME_UNAUTHENTICATED_LIMIT (64u * 1024u)
#define BURBLE_WIRE_MAX_DEPTH 64

gboolean burble_frame_read_length (const guint8 *header,
                                   gsize         limit,
                                   gsize        *length,
                                   GError      **error);
void     burble_frame_write_length (guint8  *header,
                                    gsize    length);
GBytes  *burble_frame_encode      (GBytes   *payload);

G_END_DECLS
