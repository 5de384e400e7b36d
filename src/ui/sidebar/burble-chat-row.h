/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "burble-conversation.h"

G_BEGIN_DECLS

/* A row of the list of chats. Property: conversation. */
#define BURBLE_TYPE_CHAT_ROW (burble_chat_row_get_type ())
G_DECLARE_FINAL_TYPE (BurbleChatRow, burble_chat_row, BURBLE, CHAT_ROW, GtkWidget)

GtkWidget          *burble_chat_row_new              (void);
BurbleConversation *burble_chat_row_get_conversation (BurbleChatRow *self);
void                burble_chat_row_set_conversation (BurbleChatRow *self,
                                                      BurbleConversation *conversation);

G_END_DECLS
