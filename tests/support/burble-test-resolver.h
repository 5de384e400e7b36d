/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A resolver that knows only what the test told it; for g_resolver_set_default(). */
#define BURBLE_TEST_TYPE_RESOLVER (burble_test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (BurbleTestResolver, burble_test_resolver, BURBLE_TEST, RESOLVER, GResolver)

BurbleTestResolver *burble_test_resolver_new            (void);
void                burble_test_resolver_add_host       (BurbleTestResolver *self,
                                                         const char         *name,
                                                         const char         *address);
void                burble_test_resolver_add_service    (BurbleTestResolver *self,
                                                         const char         *rrname,
                                                         const char         *host,
                                                         guint16             port,
                                                         guint16             priority);
/* From now on a service lookup answers only when it is cancelled. */
void                burble_test_resolver_set_stalled    (BurbleTestResolver *self,
                                                         gboolean            stalled);
/* The last service asked for, as `_service._tcp.domain`, or NULL. */
const char         *burble_test_resolver_get_last_query (BurbleTestResolver *self);

G_END_DECLS
