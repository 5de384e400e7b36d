/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  BURBLE_GURGLE_DIALECT_0_1, /* flat fields */
  BURBLE_GURGLE_DIALECT_0_2, /* arguments inside "params": Gurgle, section 6 */
} BurbleGurgleDialect;

/**
 * BurbleGurglePacketType:
 *
 * What a packet is, told by its shape. Where a command's request and its response look different
 * they are two types; where they are the same object (update_roaster, message) they are one.
 *
 * @BURBLE_GURGLE_INVALID: JSON object, but a field has the wrong type or is missing; `id` is set
 *   where it could be read and `invalid.problem` says what is wrong, for a log or for its sender.
 *   `invalid.type` is what it was taken for, %BURBLE_GURGLE_INVALID where that could not be told:
 *   a request of the peer's and an answer to ours may bear the same id. The connection can go on.
 * @BURBLE_GURGLE_UNKNOWN: a well-formed object with a `cmd` this library does not know
 * @BURBLE_GURGLE_ERROR_RESULT: an answer that is nothing but `error` (and `reason`), with or
 *   without a `cmd`; `error` is %NULL where the request succeeded and there is no more to say
 */
typedef enum
{
  BURBLE_GURGLE_INVALID,
  BURBLE_GURGLE_UNKNOWN,
  BURBLE_GURGLE_ERROR_RESULT,
  /* Gurgle, section 3 */
  BURBLE_GURGLE_VERSION,
  BURBLE_GURGLE_PING,
  BURBLE_GURGLE_PONG,
  BURBLE_GURGLE_UPGRADE,
  BURBLE_GURGLE_UPGRADED,
  BURBLE_GURGLE_QUERY,
  BURBLE_GURGLE_ANSWER,
  BURBLE_GURGLE_AUTH,
  BURBLE_GURGLE_AUTH_RESULT,      /* to auth and register */
  BURBLE_GURGLE_PUBLISH_PRESENCE, /* cmd presence with `presence` */
  BURBLE_GURGLE_PRESENCE,         /* cmd presence with `presences`: response and push */
  BURBLE_GURGLE_GET_ROSTER,
  BURBLE_GURGLE_KEEP_ROSTER,
  BURBLE_GURGLE_FLUSH_ROSTER,
  BURBLE_GURGLE_UPDATE_ROSTER,    /* request, response and push */
  BURBLE_GURGLE_MESSAGE,          /* request and push */
  BURBLE_GURGLE_SENT,
  BURBLE_GURGLE_QUIT,
  BURBLE_GURGLE_BYE,
  BURBLE_GURGLE_KILL,
  /* Gurgle, section 5 */
  BURBLE_GURGLE_TYPING,
  BURBLE_GURGLE_RECEIPT,
  BURBLE_GURGLE_GET_USER_STATUS,
  BURBLE_GURGLE_USER_STATUS,
  BURBLE_GURGLE_GET_ACTIVE_USERS,
  BURBLE_GURGLE_ACTIVE_USERS,     /* response and push */
  BURBLE_GURGLE_GET_HISTORY,
  BURBLE_GURGLE_HISTORY,
  BURBLE_GURGLE_BLOCK,
  BURBLE_GURGLE_GET_ATTACHMENT,
  BURBLE_GURGLE_ATTACHMENT,
  BURBLE_GURGLE_PUT_ATTACHMENT,
  BURBLE_GURGLE_ATTACHMENT_STORED,
  BURBLE_GURGLE_REGISTER,
  BURBLE_GURGLE_PROFILE,
  BURBLE_GURGLE_PASSWORD,
  BURBLE_GURGLE_ROOM,
} BurbleGurglePacketType;

typedef enum
{
  BURBLE_GURGLE_STATUS_OFFLINE, /* null on the wire */
  BURBLE_GURGLE_STATUS_AVAILABLE,
  BURBLE_GURGLE_STATUS_AWAY,
  BURBLE_GURGLE_STATUS_DND,
  BURBLE_GURGLE_STATUS_INVISIBLE,
} BurbleGurgleStatus;

typedef enum
{
  BURBLE_GURGLE_SUBSCRIPTION_NONE, /* null on the wire */
  BURBLE_GURGLE_SUBSCRIPTION_TO,
  BURBLE_GURGLE_SUBSCRIPTION_FROM,
  BURBLE_GURGLE_SUBSCRIPTION_BOTH,
} BurbleGurgleSubscription;

typedef enum
{
  BURBLE_GURGLE_ENTRY_PEER,
  BURBLE_GURGLE_ENTRY_CHATROOM,
} BurbleGurgleEntryType;

typedef enum
{
  BURBLE_GURGLE_RECEIPT_DELIVERED,
  BURBLE_GURGLE_RECEIPT_READ,
} BurbleGurgleReceiptState;

typedef enum
{
  BURBLE_GURGLE_USER_ONLINE,
  BURBLE_GURGLE_USER_AWAY,
  BURBLE_GURGLE_USER_BUSY,
  BURBLE_GURGLE_USER_OFFLINE,
  BURBLE_GURGLE_USER_NOT_EXIST,
  BURBLE_GURGLE_USER_UNKNOWN, /* a word outside the set: shown as unknown, never an error */
} BurbleGurgleUserStatus;

/* Gurgle, section 5: the features, as data. */
#define BURBLE_GURGLE_FEATURE_TYPING       "typing"
#define BURBLE_GURGLE_FEATURE_RECEIPTS     "receipts"
#define BURBLE_GURGLE_FEATURE_USER_STATUS  "user_status"
#define BURBLE_GURGLE_FEATURE_ACTIVE_USERS "active_users"
#define BURBLE_GURGLE_FEATURE_CARBONS      "carbons"
#define BURBLE_GURGLE_FEATURE_HISTORY      "history"
#define BURBLE_GURGLE_FEATURE_REFERENCES   "references"
#define BURBLE_GURGLE_FEATURE_BLOCK        "block"
#define BURBLE_GURGLE_FEATURE_ATTACHMENTS  "attachments"
#define BURBLE_GURGLE_FEATURE_REGISTER     "register"
#define BURBLE_GURGLE_FEATURE_PROFILE      "profile"
#define BURBLE_GURGLE_FEATURE_ROOMS        "rooms"

/* The feature a packet type belongs to, or NULL for the types of Gurgle, section 3. */
const char *burble_gurgle_packet_type_get_feature (BurbleGurglePacketType type);
/* The wire's word for a type ("get_roaster"), for logs and errors; never NULL. */
const char *burble_gurgle_packet_type_to_string   (BurbleGurglePacketType type);

/*
 * Message ids are opaque strings here. On the wire they may be strings or integers and keep their
 * JSON type when echoed: an integer 12 is the key "#12", a string that starts with '#' gets one
 * more '#' in front, every other string is itself. Integers are those of 64 bits but the smallest
 * and the largest, which stand for whatever is beyond them; with another the packet is invalid.
 */

/* All strings in the structs below are owned by them and nullable unless noted. */

typedef struct
{
  char *from; /* full id, not NULL */
  BurbleGurgleStatus status;
  char *mood;
  char *error;
} BurbleGurglePresence;

typedef struct
{
  char *terminal; /* not NULL */
  BurbleGurgleStatus status;
  char *mood;
} BurbleGurgleTerminal;

typedef struct
{
  char *from; /* bare id, not NULL */
  char *name;
  char *bio;
  char *alias;
  gboolean has_alias; /* in a request: absent leaves the alias alone, null clears it */
  BurbleGurgleEntryType type;
  BurbleGurgleSubscription subscription;
  gboolean has_subscription; /* in a request: absent = the default of Gurgle, section 4 */
  gboolean ask;
  gboolean removed; /* "delete": true */
  GPtrArray *terminals; /* (element-type BurbleGurgleTerminal), never NULL */
} BurbleGurgleRosterEntry;

typedef struct
{
  char *id;         /* of a stored attachment; "attachment" in a request */
  char *name;
  char *media_type; /* "type" on the wire */
  gint64 size;      /* bytes, -1 where not told */
  char *token;
  GBytes *blob;     /* decoded, NULL where none */
} BurbleGurgleAttachment;

typedef struct
{
  char *id;         /* key, see above; not NULL */
  gint64 timestamp; /* microseconds since 1970; 0 where absent */
  char *from;
  char *to;
  char *text;
  char *html;
  GPtrArray *attachments; /* (element-type BurbleGurgleAttachment), never NULL */
  gint64 seq;       /* feature history; -1 where absent */
  /* feature references */
  char *reply_to;
  char *replaces;
  char *retracts;
  char *reaction_to;
  char *reaction_emoji;
} BurbleGurgleMessage;

typedef struct
{
  char *username;
  char *uuid;
} BurbleGurgleUser;

typedef struct
{
  char *from;
  gboolean owner;
} BurbleGurgleMember;

BurbleGurglePresence    *burble_gurgle_presence_new     (const char         *from,
                                                         BurbleGurgleStatus  status,
                                                         const char         *mood);
void                     burble_gurgle_presence_free    (BurbleGurglePresence *self);
BurbleGurgleTerminal    *burble_gurgle_terminal_new     (const char         *terminal,
                                                         BurbleGurgleStatus  status,
                                                         const char         *mood);
void                     burble_gurgle_terminal_free    (BurbleGurgleTerminal *self);
BurbleGurgleRosterEntry *burble_gurgle_roster_entry_new (const char *from);
void                     burble_gurgle_roster_entry_free (BurbleGurgleRosterEntry *self);
BurbleGurgleAttachment  *burble_gurgle_attachment_new   (void);
void                     burble_gurgle_attachment_free  (BurbleGurgleAttachment *self);
BurbleGurgleMessage     *burble_gurgle_message_new      (const char *id);
BurbleGurgleMessage     *burble_gurgle_message_copy     (const BurbleGurgleMessage *self);
void                     burble_gurgle_message_free     (BurbleGurgleMessage *self);
BurbleGurgleUser        *burble_gurgle_user_new         (const char *username, const char *uuid);
void                     burble_gurgle_user_free        (BurbleGurgleUser *self);
BurbleGurgleMember      *burble_gurgle_member_new       (const char *from, gboolean owner);
void                     burble_gurgle_member_free      (BurbleGurgleMember *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleGurglePresence, burble_gurgle_presence_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleGurgleTerminal, burble_gurgle_terminal_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleGurgleRosterEntry, burble_gurgle_roster_entry_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleGurgleAttachment, burble_gurgle_attachment_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleGurgleMessage, burble_gurgle_message_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleGurgleUser, burble_gurgle_user_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleGurgleMember, burble_gurgle_member_free)

/* Elements that [func@GurglePacket.parse_kindly] left out of the one list of a packet. */
typedef struct
{
  guint count;
  char *problem;  /* of the first of them; nothing of its content */
  GPtrArray *ids; /* (element-type utf8) the keys of those that have one */
  gint64 seq;     /* the highest of theirs, -1 where there is none */
} BurbleGurgleDropped;

/**
 * BurbleGurglePacket:
 *
 * One packet, typed. Reference counted; fill it in before it is shared, then leave it alone.
 * The member of the union is chosen by @type; every pointer in it is owned by the packet.
 * Arrays and strvs are never NULL where the type has them.
 */
typedef struct _BurbleGurglePacket BurbleGurglePacket;
struct _BurbleGurglePacket
{
  BurbleGurglePacketType type;
  gboolean has_id; /* FALSE: null or absent */
  gint32 id;
  char *error;
  char *reason;
  BurbleGurgleDropped *dropped; /* (nullable) */
  union
  {
    struct { char *problem; BurbleGurglePacketType type; } invalid;
    struct { char *command; } unknown;
    struct { char *version; } version;
    struct { char *data; } ping;                /* PING, PONG: JSON text, NULL where absent */
    struct { GStrv features; } upgrade;         /* UPGRADE, UPGRADED */
    struct { char *query; } query;
    struct { GStrv methods; } answer;
    struct { char *from; char *method; char *password; char *invite; } auth; /* AUTH, REGISTER */
    struct { char *to; } auth_result;
    struct { BurbleGurgleStatus status; char *mood; } publish;
    struct { GPtrArray *presences; } presence;
    struct { char *etag; GPtrArray *entries; } roster; /* GET_, KEEP_, FLUSH_, UPDATE_ROSTER */
    struct { GPtrArray *messages; } message;
    /* feature history: @seqs (element-type gint64) are those of @success, -1 where not told */
    struct { GStrv success; GStrv failure; GArray *seqs; } sent;
    struct { char *from; char *to; gboolean typing; } typing;
    struct { char *from; char *to; BurbleGurgleReceiptState state; GStrv messages; } receipt;
    struct
    {
      char *uuid;
      char *username;
      BurbleGurgleUserStatus status;
      char *status_word;
      char *name;
      char *bio;
    } user_status; /* GET_ too */
    struct { GPtrArray *users; gboolean complete; } active_users;
    struct
    {
      gint64 after;
      gint64 before;
      char *with;
      gint limit;
      GPtrArray *messages;
      gboolean complete;
    } history; /* GET_ too; after/before -1 where absent */
    struct { char *who; gboolean blocked; gboolean has_list; GStrv list; } block;
    struct { char *attachment; char *token; gint64 offset; gint64 length; } get_attachment;
    struct { char *attachment; gint64 offset; gint64 size; GBytes *blob; } attachment;
    struct
    {
      char *upload;
      char *name;
      char *media_type;
      gint64 size;
      gint64 offset;
      GBytes *blob;
    } put_attachment;
    struct { char *upload; gint64 offset; char *attachment; } attachment_stored;
    struct { char *name; char *bio; char *avatar; } profile;
    struct { char *old_password; char *new_password; } password;
    struct
    {
      char *room;
      char *topic;
      gboolean has_topic;
      GStrv invite;
      GStrv kick;
      GPtrArray *members;
    } room;
  };
};

#define BURBLE_TYPE_GURGLE_PACKET (burble_gurgle_packet_get_type ())
GType               burble_gurgle_packet_get_type  (void);

/* Arrays and strvs of the type start out empty. No id: use burble_gurgle_packet_set_id(). */
BurbleGurglePacket *burble_gurgle_packet_new       (BurbleGurglePacketType  type);
BurbleGurglePacket *burble_gurgle_packet_ref       (BurbleGurglePacket     *self);
void                burble_gurgle_packet_unref     (BurbleGurglePacket     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleGurglePacket, burble_gurgle_packet_unref)

void                burble_gurgle_packet_set_id    (BurbleGurglePacket     *self,
                                                    gint32                  id);
/* Copies whether there is an id, and which, from the request. */
void                burble_gurgle_packet_answer_to (BurbleGurglePacket       *self,
                                                    const BurbleGurglePacket *request);
void                burble_gurgle_packet_set_error (BurbleGurglePacket     *self,
                                                    const char             *error,
                                                    const char             *reason);

BurbleGurglePacket *burble_gurgle_packet_parse     (GBytes                 *payload,
                                                    BurbleGurgleDialect     dialect,
                                                    GError                **error);
BurbleGurglePacket *burble_gurgle_packet_parse_request (GBytes                 *payload,
                                                    BurbleGurgleDialect     dialect,
                                                    GError                **error);
BurbleGurglePacket *burble_gurgle_packet_parse_kindly (GBytes              *payload,
                                                    BurbleGurgleDialect     dialect,
                                                    GError                **error);
GBytes             *burble_gurgle_packet_serialize (const BurbleGurglePacket *self,
                                                    BurbleGurgleDialect     dialect);
/* For debug logs: the packet as JSON with passwords, tokens, message bodies and blobs redacted. */
char               *burble_gurgle_packet_describe  (const BurbleGurglePacket *self);

G_END_DECLS
