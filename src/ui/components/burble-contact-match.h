/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-contact.h"

G_BEGIN_DECLS

/* Whether a part of a name or an address was typed; query: case-folded, nothing finds everybody. */
gboolean burble_contact_match (BurbleContact *contact, const char *query);

G_END_DECLS
