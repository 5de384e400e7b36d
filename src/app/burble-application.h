/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-profile.h"
#include "burble-session.h"
#include "burble-window.h"

G_BEGIN_DECLS

/**
 * BurbleApplication:
 *
 * Where things are made and joined: profile, session, window, notifications, actions.
 */
#define BURBLE_TYPE_APPLICATION (burble_application_get_type ())
G_DECLARE_FINAL_TYPE (BurbleApplication, burble_application, BURBLE, APPLICATION, AdwApplication)

BurbleApplication *burble_application_new         (void);
/* Made if there is none; not yet presented. */
BurbleWindow      *burble_application_get_window  (BurbleApplication *self);
/* Goes offline politely, saves everything, ends. */
void               burble_application_quit        (BurbleApplication *self);

G_END_DECLS
