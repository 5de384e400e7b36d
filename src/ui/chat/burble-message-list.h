/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/**
 * BurbleMessageList:
 *
 * The messages of one chat. It stays at the latest while it stands there, and never moves under a
 * reader who went up; pages come in when an end is near.
 *
 * Signals: "read" (BurbleMessage *): seen by the user, up to and including this one;
 * "info" (BurbleMessage *).
 */
#define BURBLE_TYPE_MESSAGE_LIST (burble_message_list_get_type ())
G_DECLARE_FINAL_TYPE (BurbleMessageList, burble_message_list, BURBLE, MESSAGE_LIST, AdwBin)

/* messages: NULL shows nothing. */
void burble_message_list_set_messages (BurbleMessageList *self, BurbleSession *session,
                                       BurbleConversation *conversation,
                                       BurbleMessageWindow *messages);
void burble_message_list_jump_latest  (BurbleMessageList *self);
void burble_message_list_show_message (BurbleMessageList *self, gint64 time, gint64 row);
void burble_message_list_set_hit      (BurbleMessageList *self, gint64 row);
void burble_message_list_check_read   (BurbleMessageList *self);

G_END_DECLS
