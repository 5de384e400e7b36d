/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/* An account: how it stands, a switch, and removing it. Signal: "remove" (BurbleAccount *). */
#define BURBLE_TYPE_ACCOUNT_ROW (burble_account_row_get_type ())
G_DECLARE_FINAL_TYPE (BurbleAccountRow, burble_account_row, BURBLE, ACCOUNT_ROW, AdwExpanderRow)

GtkWidget *burble_account_row_new (BurbleSession *session, BurbleAccount *account);

G_END_DECLS
