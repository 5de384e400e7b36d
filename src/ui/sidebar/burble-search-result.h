/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-session.h"

G_BEGIN_DECLS

/* A message found in the history, as an object for a list model. */
#define BURBLE_TYPE_SEARCH_RESULT (burble_search_result_get_type ())
G_DECLARE_FINAL_TYPE (BurbleSearchResult, burble_search_result, BURBLE, SEARCH_RESULT, GObject)

BurbleSearchResult *burble_search_result_new              (BurbleConversation *conversation,
                                                           BurbleMessage *message);
BurbleConversation *burble_search_result_get_conversation (BurbleSearchResult *self);
BurbleMessage      *burble_search_result_get_message      (BurbleSearchResult *self);

G_END_DECLS
