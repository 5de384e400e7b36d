/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What Django's own user model allows; the length is in characters. */
#define BURBLE_PRIVATE_CHAT_MAX_NAME 150

gboolean burble_private_chat_name_is_valid (const char *name);
/* Whether a WebSocket can be opened towards them: its path is not decoded on the other side. */
gboolean burble_private_chat_name_has_path (const char *name);

G_END_DECLS
