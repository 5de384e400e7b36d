/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/**
 * BurbleOwnMenu:
 *
 * The user's own picture, and behind it status, mood, and how the accounts stand.
 */
#define BURBLE_TYPE_OWN_MENU (burble_own_menu_get_type ())
G_DECLARE_FINAL_TYPE (BurbleOwnMenu, burble_own_menu, BURBLE, OWN_MENU, AdwBin)

void burble_own_menu_set_session (BurbleOwnMenu *self, BurbleSession *session);

G_END_DECLS
