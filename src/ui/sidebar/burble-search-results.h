/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/**
 * BurbleSearchResults:
 *
 * Chats and contacts that match at once; below them what is found in the history. Signals:
 * "open-contact" (BurbleContact *), "open-message" (BurbleConversation *, BurbleMessage *).
 */
#define BURBLE_TYPE_SEARCH_RESULTS (burble_search_results_get_type ())
G_DECLARE_FINAL_TYPE (BurbleSearchResults, burble_search_results, BURBLE, SEARCH_RESULTS, AdwBin)

void burble_search_results_set_session (BurbleSearchResults *self, BurbleSession *session);
void burble_search_results_set_query   (BurbleSearchResults *self, const char *query);
/* Enter in the search entry. */
void burble_search_results_open_first  (BurbleSearchResults *self);
void burble_search_results_focus       (BurbleSearchResults *self);

G_END_DECLS
