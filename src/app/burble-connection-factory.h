/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-connection.h"
#include "burble-words.h"

G_BEGIN_DECLS

/* The only place that knows which network is made by which class. A BurbleConnectionFactory. */
BurbleConnection   *burble_connection_factory_create   (const char                     *network,
                                                        const BurbleConnectionSettings *settings,
                                                        gpointer                        user_data);
/* What a user can add an account of. */
const char * const *burble_connection_factory_networks (void);
const BurbleNetworkWords *burble_connection_factory_words (void);

G_END_DECLS
