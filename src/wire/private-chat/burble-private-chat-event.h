/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-private-chat-date.h"

G_BEGIN_DECLS

/* The seven channels of a django-private-chat site, both ways. */
typedef enum
{
  BURBLE_PRIVATE_CHAT_NEW_MESSAGE,
  BURBLE_PRIVATE_CHAT_NEW_USER,
  BURBLE_PRIVATE_CHAT_ONLINE,
  BURBLE_PRIVATE_CHAT_OFFLINE,
  BURBLE_PRIVATE_CHAT_CHECK_ONLINE,
  BURBLE_PRIVATE_CHAT_IS_TYPING,
  BURBLE_PRIVATE_CHAT_READ_MESSAGE,
} BurblePrivateChatChannel;

typedef struct
{
  char *username;
  char *uuid; /* nullable */
} BurblePrivateChatUser;

/**
 * BurblePrivateChatEvent:
 *
 * What the site sends. An answer to CHECK_ONLINE is an ONLINE event: the wire does not tell them
 * apart. The session key that the site puts into every message is not in here: it is somebody's
 * credential, and ends where the packet is parsed.
 */
typedef struct
{
  BurblePrivateChatChannel channel;
  /* NEW_MESSAGE: who it is for; OFFLINE: who went. In IS_TYPING and READ_MESSAGE the site names the
   * receiver: who did it follows from the socket alone. */
  char *username;
  GStrv usernames;     /* ONLINE; never NULL there */
  GPtrArray *users;    /* NEW_USER: (element-type BurblePrivateChatUser); never NULL there */
  char *sender;        /* NEW_MESSAGE: who said it */
  char *text;          /* NEW_MESSAGE; what was no string is its JSON */
  char *client_ref;    /* NEW_MESSAGE: what the sender put there to know the echo by; nullable */
  char *created;       /* NEW_MESSAGE: as the site writes it; nullable */
  BurblePrivateChatDate date; /* NEW_MESSAGE */
  gint64 message_id;   /* NEW_MESSAGE, READ_MESSAGE: positive */
} BurblePrivateChatEvent;

BurblePrivateChatEvent *burble_private_chat_event_parse (const char              *text,
                                                         gsize                    length,
                                                         GError                 **error);
void                    burble_private_chat_event_free  (BurblePrivateChatEvent  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurblePrivateChatEvent, burble_private_chat_event_free)

G_END_DECLS
