/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-private-chat-event.h"

G_BEGIN_DECLS

/* The largest packet that a site takes. */
#define BURBLE_PRIVATE_CHAT_MAX_PACKET (1024 * 1024)
/* What an echo can be: a packet with every character escaped, and what the site adds. */
#define BURBLE_PRIVATE_CHAT_MAX_EVENT (8 * BURBLE_PRIVATE_CHAT_MAX_PACKET)

/**
 * BurblePrivateChatWriter:
 *
 * The only thing that writes packets, because a wrong one stops a site for everybody until somebody
 * starts it again: an exception ends the site's handler of that channel. So it holds the session
 * key, until it is dead, and knows who exists and with whom there is a dialog; a packet that could
 * do harm cannot be had from it.
 */
typedef struct _BurblePrivateChatWriter BurblePrivateChatWriter;

/* expires: µs since 1970, by our clock; nothing is written with the key from then on. */
BurblePrivateChatWriter *burble_private_chat_writer_new  (const char *session_key, gint64 expires);
void                     burble_private_chat_writer_free (BurblePrivateChatWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurblePrivateChatWriter, burble_private_chat_writer_free)

/* The site does not know the key any more, or may not: nothing is written with it again. */
void     burble_private_chat_writer_revoke     (BurblePrivateChatWriter *self);
gboolean burble_private_chat_writer_is_live    (BurblePrivateChatWriter *self);
gboolean burble_private_chat_writer_has_key    (BurblePrivateChatWriter *self, const char *key);
/* A page of the site names everybody there is: who was known and is not called again is gone. */
void     burble_private_chat_writer_forget_users (BurblePrivateChatWriter *self);
/* A page of the site named them. */
void     burble_private_chat_writer_add_user   (BurblePrivateChatWriter *self,
                                                const char *username);
gboolean burble_private_chat_writer_knows      (BurblePrivateChatWriter *self,
                                                const char *username);
/* The site showed the page of the dialog with them, which makes one where there was none. */
void     burble_private_chat_writer_add_dialog (BurblePrivateChatWriter *self,
                                                const char *username);
gboolean burble_private_chat_writer_has_dialog (BurblePrivateChatWriter *self,
                                                const char *username);

/* NULL with an error: not to be sent. */
char    *burble_private_chat_writer_message      (BurblePrivateChatWriter *self,
                                                  const char *username, const char *text,
                                                  const char *client_ref, GError **error);
char    *burble_private_chat_writer_online       (BurblePrivateChatWriter *self, GError **error);
char    *burble_private_chat_writer_offline      (BurblePrivateChatWriter *self, GError **error);
/* username: towards whom the socket is that is to get the answer. */
char    *burble_private_chat_writer_check_online (BurblePrivateChatWriter *self,
                                                  const char *username, GError **error);
char    *burble_private_chat_writer_typing       (BurblePrivateChatWriter *self,
                                                  const char *username, gboolean typing,
                                                  GError **error);
char    *burble_private_chat_writer_read         (BurblePrivateChatWriter *self,
                                                  const char *username, gint64 message_id,
                                                  GError **error);
/* Where the socket towards them is; the key is in it, so it is never logged. NULL for a name that
 * cannot be written there. base: "wss://chat.example.org:5002/". */
char    *burble_private_chat_writer_socket       (BurblePrivateChatWriter *self, const char *base,
                                                  const char *username, GError **error);

G_END_DECLS
