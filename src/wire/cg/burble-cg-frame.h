/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Behind the length that every frame begins with: a packet id, flags, and one msgpack value. */
#define BURBLE_CG_HEADER_SIZE 6
#define BURBLE_CG_FRAME_LIMIT (256u * 1024u)
/* What a body may grow to when it is inflated. */
#define BURBLE_CG_BODY_LIMIT (1024u * 1024u)

typedef enum
{
  BURBLE_CG_FLAG_COMPRESSED = 1 << 0, /* zlib's format */
  BURBLE_CG_FLAG_ENCRYPTED  = 1 << 1, /* nobody has ever implemented it */
} BurbleCgFlags;

typedef struct
{
  guint32 id;
  GBytes *body; /* inflated */
} BurbleCgFrame;

gboolean burble_cg_frame_read  (BurbleCgFrame  *self,
                                GBytes         *payload,
                                GError        **error);
void     burble_cg_frame_clear (BurbleCgFrame  *self);
/* The payload of a frame, without the length in front. */
GBytes  *burble_cg_frame_write (guint32         id,
                                GBytes         *body);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BurbleCgFrame, burble_cg_frame_clear)

G_END_DECLS
