/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-enums.h"

G_BEGIN_DECLS

/**
 * BurblePresenceBadge:
 *
 * A status as a shape (dot, crescent, bar, ring), with its word in the tooltip and for screen
 * readers.
 */
#define BURBLE_TYPE_PRESENCE_BADGE (burble_presence_badge_get_type ())
G_DECLARE_FINAL_TYPE (BurblePresenceBadge, burble_presence_badge, BURBLE, PRESENCE_BADGE, AdwBin)

G_END_DECLS
