/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/* Joins a room by its address, or creates it. Signal: "joined" (BurbleContact *). */
#define BURBLE_TYPE_ROOM_DIALOG (burble_room_dialog_get_type ())
G_DECLARE_FINAL_TYPE (BurbleRoomDialog, burble_room_dialog, BURBLE, ROOM_DIALOG, AdwDialog)

AdwDialog *burble_room_dialog_new            (BurbleSession *session);
/* Whether rooms are to be had on an account as it is now: it is online, and its server has them. */
gboolean   burble_room_dialog_account_allows (BurbleAccount *account);

G_END_DECLS
