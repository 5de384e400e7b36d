/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-contact.h"
#include "burble-message.h"

G_BEGIN_DECLS

/**
 * BurbleConversation:
 *
 * A chat: properties contact, row, last-message, last-time, unread (up to 999, derived by the
 * store, never counted here), pinned, muted, draft, typing (the display name of who types, or
 * NULL).
 */
#define BURBLE_TYPE_CONVERSATION (burble_conversation_get_type ())
G_DECLARE_FINAL_TYPE (BurbleConversation, burble_conversation, BURBLE, CONVERSATION, GObject)

BurbleConversation *burble_conversation_new              (BurbleContact *contact);
BurbleContact      *burble_conversation_get_contact      (BurbleConversation *self);
/* Same account and id: swaps the stand-in from the store for the roster's own object. */
void                burble_conversation_set_contact      (BurbleConversation *self,
                                                          BurbleContact *contact);
/* store key, 0 until stored */
gint64              burble_conversation_get_row          (BurbleConversation *self);
void                burble_conversation_set_row          (BurbleConversation *self, gint64 row);
BurbleMessage      *burble_conversation_get_last_message (BurbleConversation *self);
void                burble_conversation_set_last_message (BurbleConversation *self,
                                                          BurbleMessage *message);
/* µs; 0 none */
gint64              burble_conversation_get_last_time    (BurbleConversation *self);
guint               burble_conversation_get_unread       (BurbleConversation *self);
void                burble_conversation_set_unread       (BurbleConversation *self, guint unread);
/* Where reading stopped: the key of the last message read; 0, 0 for none. */
void                burble_conversation_get_read_mark    (BurbleConversation *self, gint64 *time,
                                                          gint64 *row);
void                burble_conversation_set_read_mark    (BurbleConversation *self, gint64 time,
                                                          gint64 row);
gboolean            burble_conversation_get_pinned       (BurbleConversation *self);
void                burble_conversation_set_pinned       (BurbleConversation *self,
                                                          gboolean pinned);
gboolean            burble_conversation_get_muted        (BurbleConversation *self);
void                burble_conversation_set_muted        (BurbleConversation *self, gboolean muted);
const char         *burble_conversation_get_draft        (BurbleConversation *self);
void                burble_conversation_set_draft        (BurbleConversation *self,
                                                          const char *draft);
const char         *burble_conversation_get_typing       (BurbleConversation *self);
void                burble_conversation_set_typing       (BurbleConversation *self,
                                                          const char *who);

G_END_DECLS
