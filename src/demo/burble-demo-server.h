/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BurbleDemoHost:
 *
 * A burble-server process of the demo's own, on a free loopback port, in a directory of its own.
 */
typedef struct _BurbleDemoHost BurbleDemoHost;

/*
 * Blocks while the server is made and starts (about 0.3 s): the demo has no window to keep alive.
 */
BurbleDemoHost *burble_demo_host_start           (const char      *directory,
                                                  const char      *domain,
                                                  GError         **error);
gboolean        burble_demo_host_add_user        (BurbleDemoHost  *self,
                                                  const char      *address,
                                                  const char      *name,
                                                  const char      *bio,
                                                  const char      *password,
                                                  GError         **error);
guint           burble_demo_host_get_port        (BurbleDemoHost  *self);
const char     *burble_demo_host_get_fingerprint (BurbleDemoHost  *self);
/* SIGTERM, then waits. */
void            burble_demo_host_free            (BurbleDemoHost  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleDemoHost, burble_demo_host_free)

G_END_DECLS
