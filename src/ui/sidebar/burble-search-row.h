/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A result of the search: a BurbleConversation, a BurbleContact or a BurbleSearchResult. */
#define BURBLE_TYPE_SEARCH_ROW (burble_search_row_get_type ())
G_DECLARE_FINAL_TYPE (BurbleSearchRow, burble_search_row, BURBLE, SEARCH_ROW, AdwBin)

GtkWidget *burble_search_row_new      (void);
void       burble_search_row_set_item (BurbleSearchRow *self, gpointer item);
char      *burble_search_row_describe (BurbleSearchRow *self);

G_END_DECLS
