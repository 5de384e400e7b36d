/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/**
 * BurbleServerRow:
 *
 * A quiet line about what answers where an account would be. It is not there as long as there is
 * nothing to say, and nobody has to wait for it.
 */
#define BURBLE_TYPE_SERVER_ROW (burble_server_row_get_type ())
G_DECLARE_FINAL_TYPE (BurbleServerRow, burble_server_row, BURBLE, SERVER_ROW, AdwPreferencesRow)

/* account: where to ask; for the same place as before it does nothing. */
void burble_server_row_ask    (BurbleServerRow *self, BurbleSession *session,
                               BurbleAccount *account);
/* What it says is about another place than the user means now. */
void burble_server_row_forget (BurbleServerRow *self);

G_END_DECLS
