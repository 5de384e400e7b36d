/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What an item is called; (transfer none). NULL for the strings of a GtkStringList. */
typedef const char *(*BurbleChoiceName) (gpointer item);

/* The list that a combo row opens, with names that are read aloud: a list item says nothing of its
 * own to who cannot see it. */
void burble_choices_set_up          (AdwComboRow *row, BurbleChoiceName name);
/* Of a model of BurbleAccount. */
void burble_choices_set_up_accounts (AdwComboRow *row);

G_END_DECLS
