/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-contact.h"

G_BEGIN_DECLS

/**
 * BurbleContactRow:
 *
 * A contact in a list, with Accept and Decline where they wait for our answer. Properties: contact.
 * Signal: "answered" (BurbleContact *, gboolean accept).
 */
#define BURBLE_TYPE_CONTACT_ROW (burble_contact_row_get_type ())
G_DECLARE_FINAL_TYPE (BurbleContactRow, burble_contact_row, BURBLE, CONTACT_ROW, AdwBin)

GtkWidget     *burble_contact_row_new         (void);
void           burble_contact_row_set_contact (BurbleContactRow *self, BurbleContact *contact);

G_END_DECLS
