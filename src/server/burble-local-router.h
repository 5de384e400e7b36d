/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-router.h"

G_BEGIN_DECLS

/* The router of a server of one process: a table in memory. */
#define BURBLE_TYPE_LOCAL_ROUTER (burble_local_router_get_type ())
G_DECLARE_FINAL_TYPE (BurbleLocalRouter, burble_local_router, BURBLE, LOCAL_ROUTER, GObject)

BurbleRouter *burble_local_router_new (void);

G_END_DECLS
