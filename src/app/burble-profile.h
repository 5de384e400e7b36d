/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "burble-secrets.h"
#include "burble-store.h"

G_BEGIN_DECLS

/**
 * BurbleProfile:
 *
 * Where the accounts, the history, the passwords and the settings are. A temporary one keeps
 * passwords and settings in memory and leaves nothing behind.
 */
#define BURBLE_TYPE_PROFILE (burble_profile_get_type ())
G_DECLARE_FINAL_TYPE (BurbleProfile, burble_profile, BURBLE, PROFILE, GObject)

/* The user's own. */
BurbleProfile *burble_profile_new           (void);
/* directory: NULL makes a temporary one, removed with the profile. One that is given is kept. */
BurbleProfile *burble_profile_new_temporary (const char *directory, GError **error);
/* Each made once. (transfer none) */
BurbleStore   *burble_profile_get_store     (BurbleProfile *self);
BurbleSecrets *burble_profile_get_secrets   (BurbleProfile *self);
GSettings     *burble_profile_get_settings  (BurbleProfile *self);

G_END_DECLS
