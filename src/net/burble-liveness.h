/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * BurbleLiveness:
 *
 * Gurgle, section 4: after 60 s without traffic "ping-due"; 20 s later without
 * burble_liveness_touch(), "dead". No timer runs more often than needed: one source, re-armed.
 */
#define BURBLE_TYPE_LIVENESS (burble_liveness_get_type ())
G_DECLARE_FINAL_TYPE (BurbleLiveness, burble_liveness, BURBLE, LIVENESS, GObject)

BurbleLiveness *burble_liveness_new   (guint idle_ms, guint answer_ms);
void            burble_liveness_start (BurbleLiveness *self);
void            burble_liveness_stop  (BurbleLiveness *self);
/* Something arrived from the peer. */
void            burble_liveness_touch (BurbleLiveness *self);
/* Ask now (after resume): emits "ping-due" at once and waits the answer time. */
void            burble_liveness_probe (BurbleLiveness *self);

G_END_DECLS
