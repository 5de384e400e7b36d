/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/**
 * BurbleChatList:
 *
 * The chats, pinned ones on top, then the latest first. Signal: "open" (BurbleConversation *,
 * gboolean write), where write says that the user means to go there (click, Enter).
 */
#define BURBLE_TYPE_CHAT_LIST (burble_chat_list_get_type ())
G_DECLARE_FINAL_TYPE (BurbleChatList, burble_chat_list, BURBLE, CHAT_LIST, AdwBin)

void        burble_chat_list_set_session  (BurbleChatList *self, BurbleSession *session);
/* The open chat, or NULL. */
void        burble_chat_list_set_selected (BurbleChatList *self, BurbleConversation *conversation);
/* (transfer none), as shown: for going to the next one */
GListModel *burble_chat_list_get_sorted   (BurbleChatList *self);

G_END_DECLS
