/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/*
 * Looks somebody up by name, address or UUID, and shows who they are; and who is there, where a
 * server tells. Signal: "open" (BurbleContact *): somebody who is a contact was chosen.
 */
#define BURBLE_TYPE_FIND_PERSON_DIALOG (burble_find_person_dialog_get_type ())
G_DECLARE_FINAL_TYPE (BurbleFindPersonDialog, burble_find_person_dialog,
                      BURBLE, FIND_PERSON_DIALOG, AdwDialog)

AdwDialog *burble_find_person_dialog_new            (BurbleSession *session);
/* Whether people can be looked up on an account as it is now. */
gboolean   burble_find_person_dialog_account_allows (BurbleAccount *account);

G_END_DECLS
