/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/**
 * BurbleDetailsPane:
 *
 * Who the other one of a chat is, and what can be set for them. Somebody with whom there is no chat
 * is shown with all that their server knows of them. Properties: conversation, contact.
 */
#define BURBLE_TYPE_DETAILS_PANE (burble_details_pane_get_type ())
G_DECLARE_FINAL_TYPE (BurbleDetailsPane, burble_details_pane, BURBLE, DETAILS_PANE, AdwBin)

void burble_details_pane_set_session      (BurbleDetailsPane *self, BurbleSession *session);
void burble_details_pane_set_conversation (BurbleDetailsPane  *self,
                                           BurbleConversation *conversation);
/* Without a chat. */
void burble_details_pane_set_contact      (BurbleDetailsPane *self, BurbleContact *contact);

G_END_DECLS
