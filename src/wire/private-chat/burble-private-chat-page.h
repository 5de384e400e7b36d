/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-private-chat-date.h"

G_BEGIN_DECLS

/* The largest page that is read. A history is one page, however long. */
#define BURBLE_PRIVATE_CHAT_MAX_PAGE (32 * 1024 * 1024)

typedef struct
{
  char *username;
  char *name; /* NULL: none given */
} BurblePrivateChatPerson;

typedef struct
{
  gint64 id;       /* positive */
  char *sender;
  char *text;      /* without blanks at its ends: a page does not tell them from its own */
  gboolean theirs; /* of the other side */
  gboolean read;
  char *created;   /* when, as the site writes it, on one short line; nullable */
  BurblePrivateChatDate date;
} BurblePrivateChatPageMessage;

/**
 * BurblePrivateChatPage:
 *
 * What there was on a page of a site; a page has some of these, and a hostile one any mixture.
 */
typedef struct
{
  char *csrf;           /* what the form on it wants back; nullable */
  char *owner;          /* who is signed in; nullable */
  char *websocket;      /* "ws://…/"; nullable */
  GPtrArray *people;    /* (element-type BurblePrivateChatPerson), each once */
  GPtrArray *dialogs;   /* (element-type BurblePrivateChatPerson), each once */
  GPtrArray *messages;  /* (element-type BurblePrivateChatPageMessage), by id, each once */
  gboolean has_history; /* it is the page of a dialog, even if nothing was said in it */
  gboolean has_zone;    /* pages of the administration tell how far the site's clock is ahead … */
  gint64 zone;          /* … of UTC, µs */
} BurblePrivateChatPage;

BurblePrivateChatPage *burble_private_chat_page_parse (const char             *html,
                                                       gsize                   length,
                                                       GError                **error);
void                   burble_private_chat_page_free  (BurblePrivateChatPage  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurblePrivateChatPage, burble_private_chat_page_free)

G_END_DECLS
