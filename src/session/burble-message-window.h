/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "burble-conversation.h"
#include "burble-message.h"

G_BEGIN_DECLS

typedef struct _BurbleStore BurbleStore;

/**
 * BurbleMessageWindow:
 *
 * A GListModel of BurbleMessage, oldest first, that holds a few hundred rows however long the chat
 * is: pages come in at one end and go at the other. New messages appear at the end while the window
 * stands at the latest (`at-end`); otherwise they only change `newer`.
 *
 * Properties: loading, at-start, at-end, newer, unread-boundary (row of the first unread message
 * when opened, 0 none; stays put while open).
 */
#define BURBLE_TYPE_MESSAGE_WINDOW (burble_message_window_get_type ())
G_DECLARE_FINAL_TYPE (BurbleMessageWindow, burble_message_window, BURBLE, MESSAGE_WINDOW, GObject)

#define BURBLE_MESSAGE_WINDOW_MAX 300
#define BURBLE_MESSAGE_WINDOW_PAGE 100

BurbleMessageWindow *burble_message_window_new            (BurbleStore *store,
                                                           BurbleConversation *conversation);
BurbleConversation  *burble_message_window_get_conversation (BurbleMessageWindow *self);
/* Where reading stopped, or the end; burble_session_open_messages() has done it. */
void                 burble_message_window_open           (BurbleMessageWindow *self);
void                 burble_message_window_load_latest    (BurbleMessageWindow *self);
void                 burble_message_window_load_around    (BurbleMessageWindow *self, gint64 time,
                                                           gint64 row);
void                 burble_message_window_load_older     (BurbleMessageWindow *self);
void                 burble_message_window_load_newer     (BurbleMessageWindow *self);
gboolean             burble_message_window_get_loading    (BurbleMessageWindow *self);
gboolean             burble_message_window_get_at_start   (BurbleMessageWindow *self);
gboolean             burble_message_window_get_at_end     (BurbleMessageWindow *self);
gint64               burble_message_window_get_unread_boundary (BurbleMessageWindow *self);
/* Messages that came while the window did not stand at the latest; 0 when at-end. */
guint                burble_message_window_get_newer      (BurbleMessageWindow *self);
/* Called by the session: a stored message, a changed state, a deleted message. */
void                 burble_message_window_add            (BurbleMessageWindow *self,
                                                           BurbleMessage *message);
/* of BurbleMessage */
void                 burble_message_window_add_many       (BurbleMessageWindow *self,
                                                           GPtrArray *messages);
void                 burble_message_window_update_states  (BurbleMessageWindow *self,
                                                           const char * const *ids,
                                                           BurbleMessageState state,
                                                           const char *error);
/* Everything up to there has been read. */
void                 burble_message_window_mark_read      (BurbleMessageWindow *self, gint64 time,
                                                           gint64 row);
void                 burble_message_window_remove         (BurbleMessageWindow *self, gint64 row);

G_END_DECLS
