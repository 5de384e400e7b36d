/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-capabilities.h"
#include "burble-private-chat-clock.h"
#include "burble-private-chat-connection.h"
#include "burble-private-chat-page.h"
#include "burble-private-chat-web.h"
#include "burble-private-chat-writer.h"

G_BEGIN_DECLS

/* What there is of one person: their dialog, and the socket towards them. */
typedef struct
{
  BurblePrivateChatConnection *connection;
  char *username;
  SoupWebsocketConnection *socket; /* open; NULL: not */
  gboolean connecting;
  gboolean reading;       /* the page of the dialog is asked for */
  gboolean reopened;      /* once, because it gave no answer */
  gint64 read_up_to;      /* number: read elsewhere, as was said to the session */
  gint64 read_by_them;    /* … and the highest of ours that they have read */
  gboolean typing;
  guint typing_source;
  guint answer_source;    /* an answer to check-online is due */
  GQueue waiting;         /* of Sending, to be written, in order */
} BurblePrivateChatPair;

/* A message that was not answered yet. */
typedef struct
{
  GTask *task;
  BurblePrivateChatPair *pair;
  char *ref;
  char *text;
  gint64 time;
  gint64 given;           /* monotonic µs */
  gboolean written;
  gboolean unsure;        /* an earlier try may have arrived: the page tells */
  gint64 baseline;        /* nothing with this number or a lower one is it */
  guint echo_source;
} BurblePrivateChatSending;

struct _BurblePrivateChatConnection
{
  BurbleConnection parent_instance;

  guint answer_timeout;
  guint poll_interval;
  guint close_timeout;
  guint trust_time;

  BurblePeerStatus status;

  /* Of one address. */
  char *own;
  char *site;
  BurblePrivateChatWeb *web;
  gint64 highest;             /* number of a message that was seen */
  gint64 latest;              /* time of a message that was seen */
  GHashTable *refs;           /* number → our own id of it */
  GHashTable *arrived;        /* our id that the site has → its number */
  GHashTable *unsure;         /* our id → baseline: may have arrived */
  GHashTable *seen;           /* numbers that were given to the session and that it has */
  GHashTable *told;           /* numbers that we said to have read */

  /* Of one link. */
  GCancellable *cancellable;
  BurblePrivateChatWriter *writer;
  gboolean signed_in_anew;    /* once in each attempt */
  gboolean asked_own;         /* for the page of the dialog with ourselves */
  gboolean online;
  gint64 proved;              /* monotonic µs: a page told that the key is good */
  gint64 people_asked;        /* … when the list of people was asked for the last time … */
  gint64 people_time;         /* … and the one that is here */
  guint proving;              /* pages asked for that tell so; nothing is written before */
  GQueue held;                /* of Held: what would have been written */
  gboolean looking;           /* the list of people is asked for */
  char *sockets;              /* "wss://…/" */
  BurblePrivateChatPair *inbox;
  GHashTable *people;         /* username → full name, or "" */
  GHashTable *present;        /* usernames */
  GHashTable *pairs;          /* username → BurblePrivateChatPair */
  GHashTable *sending;        /* our id → BurblePrivateChatSending */
  GQueue unread_pages;        /* usernames whose dialogs are still to be read */
  gboolean reading_pages;
  gboolean reading_again;     /* when that is done, once more */
  gint64 past_highest;        /* what `past` goes up to */
  GPtrArray *past;            /* of BurbleMessageEvent, from those pages, for the catch-up */
  GPtrArray *catch_ups;       /* of GTask, waiting for it */
  guint confirm_source;
  guint poll_source;
  guint polls;

  GPtrArray *leaving;         /* sockets that are being closed */
  guint leaving_source;
  gboolean closing;
  gboolean waiting_to_open;
};

/* Waits for a page that tells whether the key is good. */
typedef struct
{
  char *username;
  char *packet;
} BurblePrivateChatHeld;

/* connection */
BurblePrivateChatPair *burble_private_chat_connection_get_pair (BurblePrivateChatConnection *self,
                                                                const char *username);
void     burble_private_chat_connection_lose    (BurblePrivateChatConnection *self,
                                                 const GError                *error);
/* A certificate is asked about. TRUE: there was an error, and the link is gone. */
gboolean burble_private_chat_connection_take_error (BurblePrivateChatConnection *self,
                                                    const GError                *error);
/* A page, while we are online; ends in take_page (), whatever comes. */
void     burble_private_chat_connection_ask     (BurblePrivateChatConnection *self,
                                                 const char                  *path,
                                                 GAsyncReadyCallback          callback,
                                                 gpointer                     user_data);
/* FALSE: there is no page, and nothing more is to be done about it. */
gboolean burble_private_chat_connection_take_page (BurblePrivateChatConnection  *self,
                                                   GAsyncResult                 *result,
                                                   guint                        *status,
                                                   BurblePrivateChatPage       **page,
                                                   GError                      **error);
gboolean burble_private_chat_connection_must_prove (BurblePrivateChatConnection *self);
/* … before something is written that was given then. */
gboolean burble_private_chat_connection_must_look (BurblePrivateChatConnection *self, gint64 given);
void     burble_private_chat_connection_refused (BurblePrivateChatConnection *self);
void     burble_private_chat_connection_confirm (BurblePrivateChatConnection *self);
char    *burble_private_chat_connection_make_id (BurblePrivateChatConnection *self,
                                                 const char                  *username);
char    *burble_private_chat_connection_get_username (BurblePrivateChatConnection *self,
                                                      const char                  *id);
gboolean burble_private_chat_connection_check   (BurblePrivateChatConnection *self, GTask *task);

/* sockets */
void     burble_private_chat_pair_free          (BurblePrivateChatPair *pair);
void     burble_private_chat_pair_open          (BurblePrivateChatPair *pair);
gboolean burble_private_chat_pair_write         (BurblePrivateChatPair *pair, char *packet);
gboolean burble_private_chat_held_take          (BurblePrivateChatPair *pair, const char *packet);
void     burble_private_chat_held_free          (BurblePrivateChatHeld *held);
void     burble_private_chat_held_write         (BurblePrivateChatConnection *self);
void     burble_private_chat_pair_check_online  (BurblePrivateChatPair *pair);
void     burble_private_chat_pair_answered      (BurblePrivateChatPair *pair);
void     burble_private_chat_pair_reopen        (BurblePrivateChatPair *pair);
void     burble_private_chat_leave              (BurblePrivateChatConnection *self,
                                                 SoupWebsocketConnection     *socket);
void     burble_private_chat_left               (BurblePrivateChatConnection *self);

/* people */
void burble_private_chat_people_take    (BurblePrivateChatConnection *self,
                                         const BurblePrivateChatPage *page);
void burble_private_chat_people_add     (BurblePrivateChatConnection *self, const char *username);
void burble_private_chat_people_reset   (BurblePrivateChatConnection *self);
void burble_private_chat_people_refresh (BurblePrivateChatConnection *self);
void burble_private_chat_people_listed  (BurblePrivateChatConnection *self,
                                         const char * const          *usernames,
                                         gboolean                     all);
void burble_private_chat_people_gone    (BurblePrivateChatConnection *self, const char *username);
void burble_private_chat_roster_iface_init    (BurbleRosterChannelInterface *iface);
void burble_private_chat_presence_iface_init  (BurblePresenceChannelInterface *iface);
void burble_private_chat_directory_iface_init (BurbleDirectoryChannelInterface *iface);

/* messages */
void burble_private_chat_pair_pump       (BurblePrivateChatPair *pair);
void burble_private_chat_pair_read       (BurblePrivateChatPair *pair);
void burble_private_chat_messages_take   (BurblePrivateChatPair        *pair,
                                          const BurblePrivateChatEvent *event);
void burble_private_chat_messages_failed (BurblePrivateChatConnection *self);
/* Who there is was looked at; FALSE: could not be. */
void burble_private_chat_messages_go_on  (BurblePrivateChatConnection *self, gboolean looked);
void burble_private_chat_sending_free    (BurblePrivateChatSending *sending);
void burble_private_chat_message_iface_init (BurbleMessageChannelInterface *iface);

/* history */
void burble_private_chat_history_start  (BurblePrivateChatConnection *self);
/* These dialogs are to be read. */
void burble_private_chat_history_prepare (BurblePrivateChatConnection *self,
                                          const BurblePrivateChatPage *page);
/* Something may have been missed. */
void burble_private_chat_history_again  (BurblePrivateChatConnection *self);
void burble_private_chat_history_read   (BurblePrivateChatPair       *pair,
                                         const BurblePrivateChatPage *page);
void burble_private_chat_history_failed (BurblePrivateChatConnection *self);
char *burble_private_chat_dialog_path   (const char *username);
void burble_private_chat_history_iface_init (BurbleHistoryChannelInterface *iface);

/* hints */
void burble_private_chat_typing_take  (BurblePrivateChatPair *pair);
void burble_private_chat_typing_stop  (BurblePrivateChatPair *pair);
void burble_private_chat_read_take    (BurblePrivateChatPair *pair, gint64 number);
void burble_private_chat_read_tell    (BurblePrivateChatPair *pair, gint64 number);
void burble_private_chat_typing_iface_init  (BurbleTypingChannelInterface *iface);
void burble_private_chat_receipt_iface_init (BurbleReceiptChannelInterface *iface);

G_END_DECLS
