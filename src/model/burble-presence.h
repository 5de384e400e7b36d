/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "burble-enums.h"

G_BEGIN_DECLS

/* One terminal of a contact: properties terminal, status, mood. */
#define BURBLE_TYPE_PRESENCE (burble_presence_get_type ())
G_DECLARE_FINAL_TYPE (BurblePresence, burble_presence, BURBLE, PRESENCE, GObject)

BurblePresence *burble_presence_new          (const char *terminal, BurbleStatus status,
                                              const char *mood);
const char     *burble_presence_get_terminal (BurblePresence *self);
BurbleStatus    burble_presence_get_status   (BurblePresence *self);
const char     *burble_presence_get_mood     (BurblePresence *self);
void            burble_presence_update       (BurblePresence *self, BurbleStatus status,
                                              const char *mood);

G_END_DECLS
