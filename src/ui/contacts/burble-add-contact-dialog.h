/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/* Asks somebody, by their address, to become a contact. Signal: "added" (BurbleContact *). */
#define BURBLE_TYPE_ADD_CONTACT_DIALOG (burble_add_contact_dialog_get_type ())
G_DECLARE_FINAL_TYPE (BurbleAddContactDialog, burble_add_contact_dialog, BURBLE,
                      ADD_CONTACT_DIALOG, AdwDialog)

/* address: to begin with, or NULL. */
AdwDialog *burble_add_contact_dialog_new (BurbleSession *session, const char *address);

G_END_DECLS
