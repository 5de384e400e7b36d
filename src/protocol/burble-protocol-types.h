/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * The words that protocols and the session speak with each other. They name no network.
 * Ids of people are bare ids as text ("alice@example.org"); ids of messages are opaque text.
 */

typedef enum
{
  BURBLE_PEER_OFFLINE,
  BURBLE_PEER_AVAILABLE,
  BURBLE_PEER_AWAY,
  BURBLE_PEER_DND,
  BURBLE_PEER_INVISIBLE,
  BURBLE_PEER_UNKNOWN,
} BurblePeerStatus; /* same order as BurbleStatus of the model */

typedef enum
{
  BURBLE_ROSTER_NONE,
  BURBLE_ROSTER_TO,
  BURBLE_ROSTER_FROM,
  BURBLE_ROSTER_BOTH,
} BurbleRosterSubscription;

/* Same bits as BurbleFeatures of the model. */
typedef enum
{
  BURBLE_CAPABILITY_NONE        = 0,
  BURBLE_CAPABILITY_ROSTER      = 1 << 0,
  BURBLE_CAPABILITY_ROSTER_EDIT = 1 << 1,
  BURBLE_CAPABILITY_PRESENCE    = 1 << 2, /* to publish one's own; a list shows that of others */
  BURBLE_CAPABILITY_MOOD        = 1 << 3,
  BURBLE_CAPABILITY_MESSAGES    = 1 << 4,
  BURBLE_CAPABILITY_TYPING      = 1 << 5,
  BURBLE_CAPABILITY_RECEIPTS    = 1 << 6,
  BURBLE_CAPABILITY_HISTORY     = 1 << 7,
  BURBLE_CAPABILITY_DIRECTORY   = 1 << 8,
  BURBLE_CAPABILITY_CARBONS     = 1 << 9,
  BURBLE_CAPABILITY_ROOMS       = 1 << 10,
  BURBLE_CAPABILITY_FILES       = 1 << 11,
  BURBLE_CAPABILITY_REGISTER    = 1 << 12,
  BURBLE_CAPABILITY_PEOPLE      = 1 << 13,
  BURBLE_CAPABILITY_REQUESTS    = 1 << 14,
} BurbleCapabilities;

/**
 * BurbleProtocolError:
 * @BURBLE_PROTOCOL_ERROR_PASSWORD: wrong name or password: ask the user, do not retry
 * @BURBLE_PROTOCOL_ERROR_DISABLED: the account is switched off on the server
 * @BURBLE_PROTOCOL_ERROR_CERTIFICATE: identity not checked; "certificate-problem" was emitted
 * before
 * @BURBLE_PROTOCOL_ERROR_UNSUPPORTED: the peer does not offer what was asked
 * @BURBLE_PROTOCOL_ERROR_TIMED_OUT: no answer to one request; the connection may live
 * @BURBLE_PROTOCOL_ERROR_NOT_CONNECTED: asked while not online, or the link went down before the
 * answer
 * @BURBLE_PROTOCOL_ERROR_REFUSED: the server refused this one request; the message is its sentence
 * @BURBLE_PROTOCOL_ERROR_KILLED: the server ended the session with a reason
 * @BURBLE_PROTOCOL_ERROR_EXISTS: registration: that name is taken
 * @BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED: registration: not without an invitation / not at all
 * @BURBLE_PROTOCOL_ERROR_BAD_PASSWORD: registration: the password is not good enough for the server
 * @BURBLE_PROTOCOL_ERROR_BAD_ADDRESS: the id does not fit the network's grammar
 * @BURBLE_PROTOCOL_ERROR_THROTTLED: too many attempts; later
 * @BURBLE_PROTOCOL_ERROR_BAD_DATA: the peer does not speak the protocol
 * @BURBLE_PROTOCOL_ERROR_REPLACED: the same terminal signed in elsewhere: to come back would throw
 *   that one out in turn, so this waits for the user
 * @BURBLE_PROTOCOL_ERROR_UNENCRYPTED: there is no encryption, and the user has not said that this
 *   may be
 */
typedef enum
{
  BURBLE_PROTOCOL_ERROR_PASSWORD,
  BURBLE_PROTOCOL_ERROR_DISABLED,
  BURBLE_PROTOCOL_ERROR_CERTIFICATE,
  BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
  BURBLE_PROTOCOL_ERROR_TIMED_OUT,
  BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
  BURBLE_PROTOCOL_ERROR_REFUSED,
  BURBLE_PROTOCOL_ERROR_KILLED,
  BURBLE_PROTOCOL_ERROR_EXISTS,
  BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED,
  BURBLE_PROTOCOL_ERROR_BAD_PASSWORD,
  BURBLE_PROTOCOL_ERROR_BAD_ADDRESS,
  BURBLE_PROTOCOL_ERROR_THROTTLED,
  BURBLE_PROTOCOL_ERROR_BAD_DATA,
  BURBLE_PROTOCOL_ERROR_REPLACED,
  BURBLE_PROTOCOL_ERROR_UNENCRYPTED,
} BurbleProtocolError;

#define BURBLE_PROTOCOL_ERROR (burble_protocol_error_quark ())
GQuark burble_protocol_error_quark (void);
/* Trying again by itself cannot help: somebody has to change something first. */
gboolean burble_protocol_error_needs_user (const GError *error);

/* What a user can set for a connection. Strings owned, nullable. */
typedef struct _BurbleConnectionSettings
{
  char *address;   /* bare id; site + user name elsewhere */
  char *host;      /* by hand, or NULL */
  guint16 port;    /* by hand, or 0 */
  gboolean plain;  /* user turned encryption off */
  char *websocket; /* by hand: path of the WebSocket to go through, on the server; where a network
                    * has its sockets anywhere, a whole address ("wss://…"). Or NULL */
  char *pin;       /* accepted certificate fingerprint */
  char *terminal;  /* wished name of this terminal ("laptop"), or NULL */
} BurbleConnectionSettings;

BurbleConnectionSettings *burble_connection_settings_new  (const char *address);
BurbleConnectionSettings *burble_connection_settings_copy (const BurbleConnectionSettings *self);
void                      burble_connection_settings_free (BurbleConnectionSettings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleConnectionSettings, burble_connection_settings_free)

typedef struct
{
  char *id;
  char *terminal; /* NULL where the network has none */
  BurblePeerStatus status;
  char *mood;
} BurblePresenceEvent;

typedef struct
{
  char *id;
  char *name;
  char *bio;
  char *alias;
  gboolean has_alias;        /* in a change: set (or with NULL clear) the alias */
  gboolean room;
  BurbleRosterSubscription subscription;
  gboolean has_subscription; /* in a change: ask for just this direction */
  gboolean asks;
  gboolean removed;
  GPtrArray *presences;      /* (element-type BurblePresenceEvent), never NULL */
} BurbleRosterItem;

typedef struct
{
  char *id;
  char *name;
  char *media_type;
  gint64 size;   /* bytes, -1 unknown */
  char *token;
} BurbleFileInfo;

typedef struct
{
  char *id;         /* message id, sender's */
  char *peer;       /* bare id of the conversation: the other person, or the room */
  char *sender;     /* bare id of who said it */
  char *sender_terminal;
  gboolean outgoing; /* sent by another terminal of ours (carbon, history) */
  gboolean read;     /* by whom it was for: another terminal of ours, or them */
  char *text;
  char *html;
  char *reply_to;
  gint64 time;      /* µs since 1970; 0: now */
  gint64 time_precision; /* it was said so much later at most; -1: the order is all that is known */
  char *time_text;  /* the date as the network writes it, where it cannot be read; or NULL */
  gint64 seq;       /* -1: none */
  GPtrArray *files; /* (element-type BurbleFileInfo), never NULL */
} BurbleMessageEvent;

typedef enum
{
  BURBLE_RECEIPT_DELIVERED,
  BURBLE_RECEIPT_READ,
} BurbleReceiptState;

typedef struct
{
  char *peer;      /* the conversation */
  gboolean own;    /* TRUE: another terminal of ours read what `peer` wrote */
  BurbleReceiptState state;
  GStrv messages;
} BurbleReceiptEvent;

typedef struct
{
  char *key;
  char *text;
} BurblePersonAttribute;

typedef struct
{
  char *id;        /* NULL: no such person */
  char *uuid;
  char *name;
  char *bio;
  BurblePeerStatus status;
  char *status_word;     /* the server's own, where `status` is UNKNOWN */
  GPtrArray *attributes; /* (element-type BurblePersonAttribute): what else is known; never NULL */
  gboolean exists;
} BurblePersonInfo;

/* What a server says of itself to somebody who only asks. */
typedef struct
{
  char *name;           /* or NULL */
  char *slogan;         /* or NULL */
  gint64 people;        /* who are there now, without whoever asks; -1: it does not say */
  gint64 max_people;    /* -1: it does not say */
  gboolean can_sign_in;
  int age;              /* of what it speaks: 0 ours, below 0 older, above 0 newer */
} BurbleServerInfo;

BurblePresenceEvent *burble_presence_event_new  (const char *id, const char *terminal,
                                                 BurblePeerStatus status, const char *mood);
void                 burble_presence_event_free (BurblePresenceEvent *self);
BurbleRosterItem    *burble_roster_item_new     (const char *id);
BurbleRosterItem    *burble_roster_item_copy    (const BurbleRosterItem *self);
void                 burble_roster_item_free    (BurbleRosterItem *self);
BurbleFileInfo      *burble_file_info_new       (void);
void                 burble_file_info_free      (BurbleFileInfo *self);
BurbleMessageEvent  *burble_message_event_new   (const char *id);
BurbleMessageEvent  *burble_message_event_copy  (const BurbleMessageEvent *self);
void                 burble_message_event_free  (BurbleMessageEvent *self);
BurbleReceiptEvent  *burble_receipt_event_new   (const char *peer, BurbleReceiptState state,
                                                 const char * const *messages);
void                 burble_receipt_event_free  (BurbleReceiptEvent *self);
BurblePersonInfo    *burble_person_info_new     (void);
BurblePersonInfo    *burble_person_info_copy    (const BurblePersonInfo *self);
void                 burble_person_info_add_attribute (BurblePersonInfo *self, const char *key,
                                                       const char *text);
void                 burble_person_info_free    (BurblePersonInfo *self);
BurbleServerInfo    *burble_server_info_new     (void);
void                 burble_server_info_free    (BurbleServerInfo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurblePresenceEvent, burble_presence_event_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleRosterItem, burble_roster_item_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleFileInfo, burble_file_info_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleMessageEvent, burble_message_event_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleReceiptEvent, burble_receipt_event_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurblePersonInfo, burble_person_info_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleServerInfo, burble_server_info_free)

G_END_DECLS
