/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

#define BURBLE_TYPE_PREFERENCES (burble_preferences_get_type ())
G_DECLARE_FINAL_TYPE (BurblePreferences, burble_preferences, BURBLE, PREFERENCES,
                      AdwPreferencesDialog)

AdwDialog *burble_preferences_new (BurbleSession *session, GSettings *settings,
                                   const char * const *networks);

G_END_DECLS
