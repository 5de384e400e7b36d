/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/**
 * BurbleChatPage:
 *
 * One chat: header, messages, composer. Properties: session, conversation, collapsed (the window
 * shows one pane), accounts. Signal: "remedy", as of its banner.
 */
#define BURBLE_TYPE_CHAT_PAGE (burble_chat_page_get_type ())
G_DECLARE_FINAL_TYPE (BurbleChatPage, burble_chat_page, BURBLE, CHAT_PAGE, AdwBin)

void                burble_chat_page_set_session      (BurbleChatPage *self,
                                                       BurbleSession *session);
/* What of the settings concerns writing; NULL leaves the defaults. */
void                burble_chat_page_set_settings     (BurbleChatPage *self, GSettings *settings);
void                burble_chat_page_set_conversation (BurbleChatPage *self,
                                                       BurbleConversation *conversation);
void                burble_chat_page_find             (BurbleChatPage *self);
/* FALSE: was not open */
gboolean            burble_chat_page_close_find       (BurbleChatPage *self);
void                burble_chat_page_jump_latest      (BurbleChatPage *self);
void                burble_chat_page_show_message     (BurbleChatPage *self, gint64 time,
                                                       gint64 row);
/* focus to the composer */
void                burble_chat_page_write            (BurbleChatPage *self);
void                burble_chat_page_save_draft       (BurbleChatPage *self);
/* The window became active: what is shown has been seen. */
void                burble_chat_page_check_read       (BurbleChatPage *self);

G_END_DECLS
