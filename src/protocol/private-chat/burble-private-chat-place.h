/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-protocol-types.h"

G_BEGIN_DECLS

/* site: what stands behind the last @ of the address, like "chat.example.org" or "localhost:8000".
 * NULL: that is no place. */
GUri *burble_private_chat_find_site    (const BurbleConnectionSettings *settings,
                                        const char                     *site);
/* "wss://…/"; NULL with a BurbleProtocolError: they cannot be used. by_hand, said: nullable. */
char *burble_private_chat_find_sockets (GUri                           *base,
                                        const char                     *by_hand,
                                        const char                     *said,
                                        GError                        **error);

G_END_DECLS
