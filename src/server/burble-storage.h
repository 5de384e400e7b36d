/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BurbleStorageError:
 * @BURBLE_STORAGE_ERROR_FAILED: the disk or the database failed; nothing of the request is stored
 * @BURBLE_STORAGE_ERROR_TOO_NEW: the database was written by a newer program
 * @BURBLE_STORAGE_ERROR_EXISTS: there is an account of that name
 * @BURBLE_STORAGE_ERROR_NOT_FOUND: there is no account of that name
 */
typedef enum
{
  BURBLE_STORAGE_ERROR_FAILED,
  BURBLE_STORAGE_ERROR_TOO_NEW,
  BURBLE_STORAGE_ERROR_EXISTS,
  BURBLE_STORAGE_ERROR_NOT_FOUND,
} BurbleStorageError;

#define BURBLE_STORAGE_ERROR (burble_storage_error_quark ())
GQuark burble_storage_error_quark (void);

typedef enum
{
  /* accounts */
  BURBLE_STORAGE_ADD_ACCOUNT,
  BURBLE_STORAGE_FIND_ACCOUNT,
  BURBLE_STORAGE_LIST_ACCOUNTS,
  BURBLE_STORAGE_SET_PASSWORD,
  BURBLE_STORAGE_SET_DISABLED,
  BURBLE_STORAGE_DELETE_ACCOUNT,
  BURBLE_STORAGE_PURGE_ACCOUNT,
  BURBLE_STORAGE_CHANGED_ACCOUNTS,
  /* terminals: up to where each one has acknowledged */
  BURBLE_STORAGE_OPEN_TERMINAL,
  BURBLE_STORAGE_SAVE_TERMINALS,
  /* roster */
  BURBLE_STORAGE_LOAD_ROSTER,
  BURBLE_STORAGE_CHANGE_ROSTER,
  /* messages */
  BURBLE_STORAGE_STORE_MESSAGES,
  BURBLE_STORAGE_FETCH_PENDING,
  BURBLE_STORAGE_FETCH_HISTORY,
  BURBLE_STORAGE_RETARGET,
  BURBLE_STORAGE_CLEAR_TARGET,
  /* receipts */
  BURBLE_STORAGE_STORE_RECEIPTS,
  BURBLE_STORAGE_FETCH_RECEIPTS,
} BurbleStorageOpType;

typedef enum
{
  BURBLE_ACCOUNT_ACTIVE,
  BURBLE_ACCOUNT_DISABLED,
  BURBLE_ACCOUNT_DELETED, /* the row stays, so that nobody inherits the name by accident */
} BurbleAccountState;

typedef struct
{
  gint64 account;
  char *username;
  char *uuid;
  char *password; /* Argon2id string; NULL where not asked for */
  char *name;
  char *bio;
  BurbleAccountState state;
  gint64 revision; /* grows with every change made to any account */
  gint64 password_revision;
} BurbleAccountRow;

typedef struct
{
  gint64 account;
  char *terminal;
  gint64 cursor;  /* all that is for this terminal up to this seq is acknowledged; -1: unchanged */
  gint64 receipt; /* the same for receipts */
} BurbleTerminalRow;

/*
 * A roster relation is kept as what each side wants and allows; the subscription of Gurgle,
 * section 3, follows: "to" = I want and they allow, "from" = they want and I allow, "ask" = they
 * want and I do not allow (yet).
 */
typedef struct
{
  gint64 peer;
  char *username;
  char *name;
  char *bio;
  char *alias;
  gboolean room;
  gboolean wants;
  gboolean allows;
  gboolean peer_wants;
  gboolean peer_allows;
} BurbleRosterRow;

typedef enum
{
  BURBLE_ROSTER_WISH_DEFAULT, /* no `subscription` in the request */
  BURBLE_ROSTER_WISH_NONE,
  BURBLE_ROSTER_WISH_TO,
  BURBLE_ROSTER_WISH_FROM,
  BURBLE_ROSTER_WISH_BOTH,
  BURBLE_ROSTER_WISH_DELETE,
} BurbleRosterWish;

typedef enum
{
  BURBLE_ROSTER_DONE,
  BURBLE_ROSTER_UNKNOWN_USER,
  BURBLE_ROSTER_NOT_A_ROOM,
  BURBLE_ROSTER_BAD_NAME,
  BURBLE_ROSTER_FULL,
} BurbleRosterOutcome;

typedef struct
{
  /* in */
  char *username;
  char *alias;
  gboolean has_alias;
  gboolean room; /* joins it, and makes it where there is none */
  BurbleRosterWish wish;
  /* out */
  BurbleRosterOutcome outcome;
  gint64 peer;
  BurbleRosterRow *own;    /* the owner's entry as it now stands; NULL: gone */
  BurbleRosterRow *theirs; /* the peer's entry for the owner; NULL: none */
  gboolean theirs_changed;
  gint64 their_version;
} BurbleRosterChange;

/**
 * BurbleStoredMessage:
 *
 * What is the same for everyone who gets the message. @body is the text of its JSON members from
 * "text" on, so that delivering it is copying. Reference counted.
 */
typedef struct _BurbleStoredMessage BurbleStoredMessage;
struct _BurbleStoredMessage
{
  gatomicrefcount ref_count;
  GRefString *key;  /* message id, as the wire library spells it */
  GRefString *from; /* full id of the sender */
  GRefString *to;   /* id it was sent to */
  gint64 timestamp; /* microseconds */
  GRefString *body;
};

BurbleStoredMessage *burble_stored_message_new   (const char          *key,
                                                  GRefString          *from,
                                                  const char          *to,
                                                  gint64               timestamp,
                                                  const char          *body);
BurbleStoredMessage *burble_stored_message_ref   (BurbleStoredMessage *self);
void                 burble_stored_message_unref (BurbleStoredMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleStoredMessage, burble_stored_message_unref)

typedef enum
{
  BURBLE_MESSAGE_STORED,
  BURBLE_MESSAGE_DUPLICATE,
  BURBLE_MESSAGE_UNKNOWN_USER,
  BURBLE_MESSAGE_NOT_A_MEMBER,
} BurbleMessageOutcome;

/* Where a message was put: the archive of one account. */
typedef struct
{
  gint64 account;
  gint64 seq;
  gboolean outgoing;
} BurbleMessageCopy;

typedef struct
{
  /* in */
  BurbleStoredMessage *message;
  char *recipient;  /* username */
  char *target;     /* only for this terminal of the recipient; NULL: for all */
  /* out */
  BurbleMessageOutcome outcome;
  gboolean room;    /* the recipient is one: the others get it with their name behind the room's */
  GArray *copies;   /* (element-type BurbleMessageCopy); a note to oneself is one, not outgoing */
} BurbleMessageItem;

typedef struct
{
  gint64 seq;
  gboolean outgoing;
  char *target;
  BurbleStoredMessage *message;
} BurbleArchiveRow;

typedef struct
{
  gint64 receipt;
  gboolean own; /* the owner read the peer's message, on another terminal */
  gboolean read;
  char *username; /* the peer */
  char *key;
} BurbleReceiptRow;

/**
 * BurbleStorageOp:
 *
 * One request to the storage and its answer, as data: the member of the union is chosen by @type.
 * Inputs are set before it is submitted; outputs are valid when it came back without an error.
 * While it is under way it belongs to the storage. All pointers are owned by the op.
 */
typedef struct _BurbleStorageOp BurbleStorageOp;
struct _BurbleStorageOp
{
  BurbleStorageOpType type;
  union
  {
    struct
    {
      char *username;
      char *password;
      char *name;
      char *bio;
      gboolean revive;
      BurbleAccountRow *row;
    } add;
    struct { char *username; char *uuid; BurbleAccountRow *row; } find; /* row NULL: nobody */
    struct { GPtrArray *rows; } list;
    /* quiet: the same password with other cost settings, nobody has to sign in again */
    struct { char *username; char *password; gboolean quiet; } set_password;
    struct { char *username; gboolean disabled; } set_disabled;
    struct { char *username; gint64 account; } remove;
    struct { gint64 account; gboolean more; } purge;
    /* revision is in and out; in -1: only find it */
    struct { gint64 revision; GPtrArray *rows; } changed;
    struct {
      gint64 account; char *terminal; gint64 cursor; gint64 receipt; gint64 last_seq;
    } open_terminal;
    struct { GPtrArray *rows; } save_terminals;
    struct { gint64 account; gint64 version; GPtrArray *rows; } load_roster;
    struct { gint64 account; guint limit; GPtrArray *changes; gint64 version; } change_roster;
    struct { gint64 account; char *terminal; GPtrArray *items; } store;
    /* in: after; out: last_seq, the newest seq of the owner when the rows were read */
    struct {
      gint64 account; char *terminal; gboolean outgoing; gint64 after; guint limit;
      gsize max_bytes; GPtrArray *rows; gboolean more; gint64 last_seq;
    } pending;
    struct {
      gint64 account; char *with; gint64 after; gint64 before; guint limit; gsize max_bytes;
      GPtrArray *rows; gboolean complete;
    } history;
    /*
     * messages that wait for one terminal are for all of them from now on; account 0: everybody's
     */
    struct { gint64 account; char *terminal; GPtrArray *rows; } retarget;
    struct { gint64 account; GArray *seqs; } clear_target;
    struct {
      gint64 account; char *peer; gboolean read; gboolean visible; GStrv keys; gint64 peer_account;
      gboolean told; GPtrArray *known; gint64 receipt;
    } store_receipts;
    struct { gint64 account; gint64 after; guint limit; GPtrArray *rows; } fetch_receipts;
  };
};

BurbleStorageOp    *burble_storage_op_new     (BurbleStorageOpType  type);
void                burble_storage_op_free    (BurbleStorageOp     *op);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleStorageOp, burble_storage_op_free)

void                burble_account_row_free   (BurbleAccountRow    *row);
void                burble_terminal_row_free  (BurbleTerminalRow   *row);
void                burble_roster_row_free    (BurbleRosterRow     *row);
BurbleRosterChange *burble_roster_change_new  (const char          *username,
                                               BurbleRosterWish     wish);
void                burble_roster_change_free (BurbleRosterChange  *change);
BurbleMessageItem  *burble_message_item_new   (BurbleStoredMessage *message,
                                               const char          *recipient,
                                               const char          *target);
void                burble_message_item_free  (BurbleMessageItem   *item);
void                burble_archive_row_free   (BurbleArchiveRow    *row);
void                burble_receipt_row_free   (BurbleReceiptRow    *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleAccountRow, burble_account_row_free)

/**
 * BurbleStorage:
 *
 * Where accounts, rosters and messages are kept. One entry point, so that another storage (several
 * nodes on one message log) has one thing to implement. Ops take effect in the order they were
 * submitted and are answered in that order; a change is answered once it is safe on disk.
 */
#define BURBLE_TYPE_STORAGE (burble_storage_get_type ())
G_DECLARE_INTERFACE (BurbleStorage, burble_storage, BURBLE, STORAGE, GObject)

struct _BurbleStorageInterface
{
  GTypeInterface parent_iface;

  void (*submit) (BurbleStorage *self, BurbleStorageOp *op, GTask *task);
};

void             burble_storage_submit_async  (BurbleStorage       *self,
                                               BurbleStorageOp     *op,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
gboolean         burble_storage_submit_finish (BurbleStorage       *self,
                                               GAsyncResult        *result,
                                               GError             **error);
BurbleStorageOp *burble_storage_get_op        (GAsyncResult        *result);

G_END_DECLS
