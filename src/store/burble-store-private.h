/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-store-db-private.h"

G_BEGIN_DECLS

/* What is stored of a message, read on the caller's thread. */
typedef struct
{
  char *peer;
  char *id;
  char *sender;
  char *sender_name;
  char *text;
  char *html;
  char *reply_to;
  char *error;
  char *attachments;
  char *network_id;
  char *time_text;
  gint64 time;
  gint64 precision;
  gint64 seq;
  int state;
  gboolean unread;
  /* filled in by the store's thread */
  char *known_id; /* the id that it has here already, if that is another */
  gint64 placed;  /* where it stands: `time`, or after those that were said before it */
  gint64 row;
  gboolean is_new;
  gboolean is_past;
} BurbleStoreMessage;

/* Likewise of a contact. */
typedef struct
{
  char *id;
  char *name;
  char *alias;
  char *bio;
  int kind;
  int subscription;
  gboolean asks;
  gboolean in_roster;
} BurbleStoreContact;

typedef struct _BurbleStoreCall BurbleStoreCall;

/* On the store's thread; a write may run again when the transaction it was part of fell through. */
typedef gboolean (*BurbleStoreRun)   (BurbleDb *db, BurbleStoreCall *call, GError **error);
/* On the caller's context, when what was done is on disk. */
typedef void     (*BurbleStoreApply) (BurbleStoreCall *call);

/*
 * BurbleStoreCall:
 *
 * One call of the public interface on its way to the store's thread and back. It is one struct for
 * all of them, each uses what it needs: they differ in their SQL, not in what they carry.
 */
struct _BurbleStoreCall
{
  /* in; nothing here changes once it was submitted */
  GObject *object; /* read on the caller's thread only */
  BurbleAccount *account;
  char *uid;
  char *peer;
  char *text;
  GStrv ids;
  GPtrArray *objects;
  GPtrArray *messages; /* of BurbleStoreMessage, in the order of `objects` */
  GPtrArray *contacts; /* of BurbleStoreContact */
  gint64 conversation;
  gint64 time;
  gint64 row;
  gint64 number;
  guint limit;
  int kind;
  gboolean pinned;
  gboolean muted;
  gboolean past;
  gboolean untold;

  /* out; emptied before each run */
  GPtrArray *list;
  GStrv texts;
  char *result_text;
  gint64 result_time;
  gint64 result;

  /* the store's own */
  GTask *task;
  BurbleStoreRun run;
  BurbleStoreApply apply;
  GError *error;
  int type;
};

BurbleStoreCall *burble_store_call_new              (void);
BurbleStoreCall *burble_store_call_for_account      (BurbleAccount *account);
BurbleStoreCall *burble_store_call_for_conversation (BurbleConversation *conversation);
BurbleStoreCall *burble_store_call_for_message      (BurbleMessage *message);
/* Adds a copy of what `message` says to call->messages and the object to call->objects. */
BurbleStoreMessage *burble_store_call_add_message   (BurbleStoreCall *call, BurbleMessage *message);
void             burble_store_call_add_contact      (BurbleStoreCall *call, BurbleContact *contact);
void             burble_store_call_free             (BurbleStoreCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleStoreCall, burble_store_call_free)

/* Take the call over. */
void             burble_store_read                  (BurbleStore *self, gpointer tag,
                                                     BurbleStoreCall *call, BurbleStoreRun run,
                                                     BurbleStoreApply apply, BURBLE_STORE_ARGS);
void             burble_store_write                 (BurbleStore *self, gpointer tag,
                                                     BurbleStoreCall *call, BurbleStoreRun run,
                                                     BurbleStoreApply apply, BURBLE_STORE_ARGS);
/* For the _finish functions: the call, still owned by the result, or NULL with an error. */
BurbleStoreCall *burble_store_propagate             (BurbleStore *self, GAsyncResult *result,
                                                     GError **error);
/* Any SQL, for tests: done_finish. */
void             burble_store_execute_async         (BurbleStore *self, const char *sql,
                                                     BURBLE_STORE_ARGS);

/* Helpers that topics share, on the store's thread. */
/* The key of an account; an error when there is none. */
gboolean         burble_db_find_account             (BurbleDb *db, const char *uid, gint64 *account,
                                                     GError **error);
/* The key of a conversation, by key or by account and peer; 0 when there is none. */
gboolean         burble_db_find_conversation        (BurbleDb *db, BurbleStoreCall *call,
                                                     gint64 *conversation, GError **error);
/* … made if there is none. */
gboolean         burble_db_ensure_conversation      (BurbleDb *db, gint64 account, const char *peer,
                                                     gint64 *conversation, GError **error);
gboolean         burble_db_count_unread             (BurbleDb *db, gint64 conversation,
                                                     gint64 *unread, GError **error);
gboolean         burble_db_keep_receipts            (BurbleDb *db, gint64 conversation, GStrv ids,
                                                     GError **error);
gboolean         burble_db_index_message            (BurbleDb *db, gint64 row, const char *text,
                                                     gint64 conversation, GError **error);
gboolean         burble_db_unindex_message          (BurbleDb *db, gint64 row, const char *text,
                                                     gint64 conversation, GError **error);

/* Whether it is here already or was deleted: fills in what is known of it. */
gboolean         burble_db_find_message             (BurbleDb *db, gint64 conversation,
                                                     BurbleStoreMessage *message, gboolean *known,
                                                     GError **error);
/* Moves the state of an own message, by its id or the network's, as burble_store_set_states_async()
 * has it. */
gboolean         burble_db_raise_state              (BurbleDb *db, gint64 conversation,
                                                     const char *id, BurbleMessageState state,
                                                     const char *reason, GError **error);

#define BURBLE_DB_MESSAGE_COLUMNS \
  "m.message, m.id, m.sender, m.sender_name, m.text, m.html, m.time, m.seq, m.reply_to, m.state, " \
  "m.error, m.unread, m.attachments, m.network_id, m.time_text"
#define BURBLE_DB_N_MESSAGE_COLUMNS 15
/* A new message from those columns, the first of which is `column`. */
BurbleMessage   *burble_db_read_message             (sqlite3_stmt *statement, int column,
                                                     const char *peer);

#define BURBLE_STORE_MAX_UNREAD 999

G_END_DECLS
