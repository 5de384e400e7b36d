/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-contact.h"

G_BEGIN_DECLS

/**
 * BurbleAvatar:
 *
 * The picture of a contact (initials until there are pictures) with the presence badge on it.
 */
#define BURBLE_TYPE_AVATAR (burble_avatar_get_type ())
G_DECLARE_FINAL_TYPE (BurbleAvatar, burble_avatar, BURBLE, AVATAR, GtkWidget)

void burble_avatar_set_contact (BurbleAvatar *self, BurbleContact *contact);

G_END_DECLS
