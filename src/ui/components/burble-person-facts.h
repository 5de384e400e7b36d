/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-person.h"

G_BEGIN_DECLS

/* Fills a list with what is known of somebody besides name, status and words about themselves: a
 * row each, to be read and copied. TRUE: there is something. */
gboolean burble_person_facts_show (GtkListBox *list, BurblePerson *person, const char *network,
                                   gboolean with_id);

G_END_DECLS
