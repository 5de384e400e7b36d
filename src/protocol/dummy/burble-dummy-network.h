/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-capabilities.h"

G_BEGIN_DECLS

/**
 * BurbleDummyNetwork:
 *
 * The people, rosters and messages of one domain, in memory: what a server would hold. It lives as
 * long as somebody holds it; each [class@DummyConnection] does while it exists.
 */
#define BURBLE_TYPE_DUMMY_NETWORK (burble_dummy_network_get_type ())
G_DECLARE_FINAL_TYPE (BurbleDummyNetwork, burble_dummy_network, BURBLE, DUMMY_NETWORK, GObject)

/* The one of that domain in this process, made if there is none. (transfer full) */
BurbleDummyNetwork *burble_dummy_network_get      (const char *domain);
/* password NULL: any will do. */
void                burble_dummy_network_add_user (BurbleDummyNetwork *self, const char *id,
                                                   const char *password, const char *name,
                                                   const char *bio);
gboolean            burble_dummy_network_has_user (BurbleDummyNetwork *self, const char *id);
/* Whether "create an account" works here; default TRUE. */
void                burble_dummy_network_set_registration_open (BurbleDummyNetwork *self,
                                                                gboolean open);
/* Factor on every human delay; 1.0 by default, 0.0 as fast as the main loop goes. */
void                burble_dummy_network_set_pace (BurbleDummyNetwork *self, double pace);

G_END_DECLS
