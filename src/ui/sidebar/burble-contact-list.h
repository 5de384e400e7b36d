/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/**
 * BurbleContactList:
 *
 * The contacts, grouped by presence and sorted by name; requests on top. Signal: "open"
 * (BurbleContact *).
 */
#define BURBLE_TYPE_CONTACT_LIST (burble_contact_list_get_type ())
G_DECLARE_FINAL_TYPE (BurbleContactList, burble_contact_list, BURBLE, CONTACT_LIST, AdwBin)

void burble_contact_list_set_session (BurbleContactList *self, BurbleSession *session);

G_END_DECLS
