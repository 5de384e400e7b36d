/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "burble-enums.h"

G_BEGIN_DECLS

/**
 * BurbleMessage:
 *
 * One message of a conversation. `row` is the store's key, 0 until stored. Order in a conversation
 * is (time, row). Properties notify: state, error. The rest never changes once stored.
 */
#define BURBLE_TYPE_MESSAGE (burble_message_get_type ())
G_DECLARE_FINAL_TYPE (BurbleMessage, burble_message, BURBLE, MESSAGE, GObject)

/*
 * In the year 2112; a message that claims to be later, or from before 1970, is put at the end of
 * the range.
 */
#define BURBLE_MESSAGE_TIME_MAX ((G_GINT64_CONSTANT (1) << 52) - (G_GINT64_CONSTANT (1) << 32))

/*
 * id: the sender's; NULL makes a random UUID. sender: bare id (a room: the member's). time: µs
 * since 1970.
 */
BurbleMessage      *burble_message_new           (const char *id, const char *sender,
                                                  gboolean outgoing, const char *text, gint64 time);
gint64              burble_message_get_row       (BurbleMessage *self);
void                burble_message_set_row       (BurbleMessage *self, gint64 row);
const char         *burble_message_get_id        (BurbleMessage *self);
void                burble_message_set_id        (BurbleMessage *self, const char *id);
/* The id that the network gave one's own message, "" not known yet; NULL: it goes by `id`, or has
 * not left. */
const char         *burble_message_get_network_id (BurbleMessage *self);
void                burble_message_set_network_id (BurbleMessage *self, const char *id);
const char         *burble_message_get_sender    (BurbleMessage *self);
/* bare id of the conversation */
const char         *burble_message_get_peer      (BurbleMessage *self);
void                burble_message_set_peer      (BurbleMessage *self, const char *peer);
const char         *burble_message_get_sender_name (BurbleMessage *self); /* for rooms; nullable */
void                burble_message_set_sender_name (BurbleMessage *self, const char *name);
gboolean            burble_message_is_outgoing   (BurbleMessage *self);
const char         *burble_message_get_text      (BurbleMessage *self);
const char         *burble_message_get_html      (BurbleMessage *self);
void                burble_message_set_html      (BurbleMessage *self, const char *html);
gint64              burble_message_get_time      (BurbleMessage *self);
void                burble_message_set_time      (BurbleMessage *self, gint64 time);
/* A date that nobody here can read; `time` is then the order only. Nullable. */
const char         *burble_message_get_time_text (BurbleMessage *self);
void                burble_message_set_time_text (BurbleMessage *self, const char *text);
/* How much later than `time` it may have been said; -1: unknown. Not stored. */
gint64              burble_message_get_time_precision (BurbleMessage *self);
void                burble_message_set_time_precision (BurbleMessage *self, gint64 precision);
/* server's order; -1 none */
gint64              burble_message_get_seq       (BurbleMessage *self);
void                burble_message_set_seq       (BurbleMessage *self, gint64 seq);
const char         *burble_message_get_reply_to  (BurbleMessage *self);
void                burble_message_set_reply_to  (BurbleMessage *self, const char *id);
BurbleMessageState  burble_message_get_state     (BurbleMessage *self);
void                burble_message_set_state     (BurbleMessage *self, BurbleMessageState state);
const char         *burble_message_get_error     (BurbleMessage *self);
void                burble_message_set_error     (BurbleMessage *self, const char *error);
/*
 * Incoming and not read yet, as the store had it when it made the object. Set it FALSE before
 * adding for history that was read elsewhere.
 */
gboolean            burble_message_get_unread    (BurbleMessage *self);
void                burble_message_set_unread    (BurbleMessage *self, gboolean unread);
/*
 * Names of the attachments a message came with, for display ("notes.pdf"); NULL-terminated or
 * NULL.
 */
const char * const *burble_message_get_attachment_names (BurbleMessage *self);
void                burble_message_set_attachment_names (BurbleMessage *self,
                                                         const char * const *names);

G_END_DECLS
