/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "burble-account.h"
#include "burble-contact.h"
#include "burble-conversation.h"
#include "burble-message.h"

G_BEGIN_DECLS

/**
 * BurbleStore:
 *
 * The user's data in one SQLite file (WAL, synchronous=FULL for what is promised), touched only on
 * the store's own thread. Every call is queued in order and answered on the caller's main context;
 * what a `_finish` reports as done is on disk. Model objects handed out are new and belong to the
 * caller; those handed in are read before the `_async` call returns. A call that is cancelled
 * before its turn is not made; one that was begun is reported as it went. All calls come from one
 * thread.
 */
#define BURBLE_TYPE_STORE (burble_store_get_type ())
G_DECLARE_FINAL_TYPE (BurbleStore, burble_store, BURBLE, STORE, GObject)

/**
 * BurbleStoreError:
 * @BURBLE_STORE_ERROR_FAILED: SQLite's own sentence is the message
 * @BURBLE_STORE_ERROR_FULL: the disk is full; nothing was changed
 * @BURBLE_STORE_ERROR_NEWER: the file was written by a newer Burble and is left alone
 * @BURBLE_STORE_ERROR_CORRUPT: the file is damaged and is left alone
 * @BURBLE_STORE_ERROR_BUSY: another Burble holds the file
 */
typedef enum
{
  BURBLE_STORE_ERROR_FAILED,
  BURBLE_STORE_ERROR_FULL,
  BURBLE_STORE_ERROR_NEWER,
  BURBLE_STORE_ERROR_CORRUPT,
  BURBLE_STORE_ERROR_BUSY,
} BurbleStoreError;
#define BURBLE_STORE_ERROR (burble_store_error_quark ())
GQuark burble_store_error_quark (void);

#define BURBLE_STORE_ARGS \
  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data

BurbleStore *burble_store_new          (const char *path);
void         burble_store_open_async   (BurbleStore *self, BURBLE_STORE_ARGS);
gboolean     burble_store_open_finish  (BurbleStore *self, GAsyncResult *result, GError **error);
/* Finishes what is queued, checkpoints, joins the thread. */
void         burble_store_close_async  (BurbleStore *self, BURBLE_STORE_ARGS);
gboolean     burble_store_close_finish (BurbleStore *self, GAsyncResult *result, GError **error);

/* Many calls below return just success: they share this finish. */
gboolean     burble_store_done_finish  (BurbleStore *self, GAsyncResult *result, GError **error);
/* … or a GPtrArray (transfer full) of model objects. */
GPtrArray   *burble_store_list_finish  (BurbleStore *self, GAsyncResult *result, GError **error);

/* accounts */
/* list of BurbleAccount */
void burble_store_load_accounts_async  (BurbleStore *self, BURBLE_STORE_ARGS);
/* insert or update */
void burble_store_save_account_async   (BurbleStore *self, BurbleAccount *account,
                                        BURBLE_STORE_ARGS);
/* with all its data */
void burble_store_remove_account_async (BurbleStore *self, BurbleAccount *account,
                                        BURBLE_STORE_ARGS);

/* roster. The etag is stored in the same transaction as what it names. */
/* list of BurbleContact */
void      burble_store_load_roster_async    (BurbleStore *self, BurbleAccount *account,
                                             BURBLE_STORE_ARGS);
GPtrArray *burble_store_load_roster_finish  (BurbleStore *self, GAsyncResult *result, char **etag,
                                             GError **error);
void      burble_store_replace_roster_async (BurbleStore *self, BurbleAccount *account,
                                             const char *etag, GPtrArray *contacts,
                                             BURBLE_STORE_ARGS);
/* changed: contacts to insert or update; removed: ids. Either may be NULL. */
/* The same for a long one, whose copy is made bit by bit: the call takes it. */
typedef struct _BurbleStoreCall BurbleStoreRoster;
BurbleStoreRoster *burble_store_roster_new  (BurbleAccount *account);
void      burble_store_roster_add           (BurbleStoreRoster *roster, BurbleContact *contact);
void      burble_store_roster_free          (BurbleStoreRoster *roster);
void      burble_store_take_roster_async    (BurbleStore *self, const char *etag,
                                             BurbleStoreRoster *roster, BURBLE_STORE_ARGS);
void      burble_store_update_roster_async  (BurbleStore *self, BurbleAccount *account,
                                             const char *etag, GPtrArray *changed,
                                             const char * const *removed, BURBLE_STORE_ARGS);
/* The local settings of one contact (notify-status); keeps over a roster reset. */
void      burble_store_save_contact_async   (BurbleStore *self, BurbleContact *contact,
                                             BURBLE_STORE_ARGS);

/*
 * conversations. load: list of BurbleConversation whose contacts are new objects with account and
 * id only (the session swaps in the roster's), last message, unread, marks and draft filled in.
 */
void burble_store_load_conversations_async (BurbleStore *self, BurbleAccount *account,
                                            BURBLE_STORE_ARGS);
/* Makes the row if there is none and sets it on the object; saves pinned, muted, draft. */
void burble_store_save_conversation_async  (BurbleStore *self, BurbleConversation *conversation,
                                            BURBLE_STORE_ARGS);
void burble_store_remove_conversation_async (BurbleStore *self, BurbleConversation *conversation,
                                             BURBLE_STORE_ARGS);
/*
 * Everything up to and including (time, row) is read. Unread is a flag of each message, so one
 * that arrives later is unread however old its time is. The read mark only moves forward.
 */
void burble_store_mark_read_async          (BurbleStore *self, BurbleConversation *conversation,
                                            gint64 time, gint64 row, BURBLE_STORE_ARGS);
/* The same when the sender cannot be told: the ids that became read are kept, see below. */
void burble_store_mark_read_untold_async   (BurbleStore *self, BurbleConversation *conversation,
                                            gint64 time, gint64 row, BURBLE_STORE_ARGS);
/* → the ids of the peer's messages that became read by it (for receipts), and the unread left. */
gboolean burble_store_mark_read_finish     (BurbleStore *self, GAsyncResult *result, GStrv *ids,
                                            guint *unread, GError **error);
/* A read mark by message id, told by another terminal of ours. Same finish. */
void burble_store_mark_read_by_ids_async   (BurbleStore *self, BurbleConversation *conversation,
                                            const char * const *ids, BURBLE_STORE_ARGS);
void  burble_store_count_unread_async      (BurbleStore *self, BurbleConversation *conversation,
                                            BURBLE_STORE_ARGS);
gssize burble_store_count_unread_finish    (BurbleStore *self, GAsyncResult *result,
                                            GError **error);
/*
 * The first unread message: where to open the chat, and the "New messages" line above it. row 0:
 * all are read.
 */
void  burble_store_find_unread_async       (BurbleStore *self, BurbleConversation *conversation,
                                            BURBLE_STORE_ARGS);
gboolean burble_store_find_unread_finish   (BurbleStore *self, GAsyncResult *result, gint64 *time,
                                            gint64 *row, GError **error);

/* Receipts that wait for a link. load_finish: peer, id, peer, id …, which forget takes. */
void  burble_store_keep_receipts_async     (BurbleStore *self, BurbleConversation *conversation,
                                            const char * const *ids, BURBLE_STORE_ARGS);
void  burble_store_load_receipts_async     (BurbleStore *self, BurbleAccount *account, guint limit,
                                            BURBLE_STORE_ARGS);
GStrv burble_store_load_receipts_finish    (BurbleStore *self, GAsyncResult *result,
                                            GError **error);
void  burble_store_forget_receipts_async   (BurbleStore *self, BurbleAccount *account,
                                            const char * const *pairs, BURBLE_STORE_ARGS);

/* messages. add: one transaction for all of them, conversations made as needed (by account + peer);
 * a message whose (account, peer, sender, id) is there already is dropped. list_finish: the new
 * ones, the very objects handed in, with their rows set. An own message that is already there (a
 * carbon or history copy of one of ours) moves its state up to SENT; a dropped object gets the id,
 * row and state of the one that is there (row 0: the user deleted it). An own one in state WAITING
 * is taken as SENT: the server has it. One with a network_id is known by that as well and, once, by
 * the text and time of one that has none yet. highest_seq: recorded in the same transaction, never
 * lowered, -1 none. */
void burble_store_add_messages_async     (BurbleStore *self, BurbleAccount *account,
                                          GPtrArray *messages, gint64 highest_seq,
                                          BURBLE_STORE_ARGS);
/* The same for what was said before this terminal existed, which is read. */
void burble_store_add_past_async         (BurbleStore *self, BurbleAccount *account,
                                          GPtrArray *messages, gint64 highest_seq,
                                          BURBLE_STORE_ARGS);
GPtrArray *burble_store_add_past_finish  (BurbleStore *self, GAsyncResult *result,
                                          gboolean *reached, GError **error);
/* An outgoing message in state WAITING; on disk when finished. Clears the draft of its
 * conversation in the same transaction. Uses done_finish; sets the row. */
void burble_store_queue_message_async    (BurbleStore *self, BurbleAccount *account,
                                          BurbleMessage *message, BURBLE_STORE_ARGS);
/* All WAITING messages of the account in the order they were written. */
void burble_store_load_outbox_async      (BurbleStore *self, BurbleAccount *account,
                                          BURBLE_STORE_ARGS);
/*
 * State of own messages by id: only upward (WAITING < SENT < DELIVERED < READ, and from FAILED
 * when it turns out that it did arrive); FAILED from WAITING only; WAITING from FAILED only
 * (retry). error is the reason of FAILED.
 */
void burble_store_set_states_async       (BurbleStore *self, BurbleAccount *account,
                                          const char *peer, const char * const *ids,
                                          BurbleMessageState state, const char *error,
                                          BURBLE_STORE_ARGS);
/* → the ids by which the messages are known here: the ones given may be the network's. */
GStrv burble_store_set_states_finish     (BurbleStore *self, GAsyncResult *result, GError **error);
/* On a network that gives ids of its own: these own messages leave now. */
void burble_store_note_leaving_async     (BurbleStore *self, BurbleAccount *account,
                                          const char *peer, const char * const *ids,
                                          BURBLE_STORE_ARGS);
/* The network has these: id, the network's id (or ""), id … */
void burble_store_note_sent_async        (BurbleStore *self, BurbleAccount *account,
                                          const char *peer, const char * const *pairs,
                                          BURBLE_STORE_ARGS);
/* Also from the index; it does not come back with the server's history. */
void burble_store_delete_message_async   (BurbleStore *self, BurbleMessage *message,
                                          BURBLE_STORE_ARGS);

typedef enum
{
  BURBLE_PAGE_BEFORE, /* the newest `limit` with (time, row) below the anchor */
  BURBLE_PAGE_AFTER,  /* the oldest `limit` above it */
  BURBLE_PAGE_AROUND, /* half below and the anchor itself and half above */
  BURBLE_PAGE_LATEST, /* the newest `limit`; the anchor is not looked at */
} BurblePageDirection;
/* Oldest first, whatever the direction. Cost does not depend on the length of the history. */
void burble_store_load_page_async        (BurbleStore *self, BurbleConversation *conversation,
                                          BurblePageDirection direction, gint64 time, gint64 row,
                                          guint limit, BURBLE_STORE_ARGS);
/* Full-text search, newest first; conversation NULL: everywhere. Any text is a valid query. */
void burble_store_search_async           (BurbleStore *self, BurbleConversation *conversation,
                                          const char *query, guint limit, BURBLE_STORE_ARGS);
/* list of BurbleMessage; account uid of each (owned by the array's element order) */
GPtrArray *burble_store_search_finish    (BurbleStore *self, GAsyncResult *result,
                                          GStrv *account_uids, GError **error);

/* The highest seq up to which this account holds everything; -1 none. */
void   burble_store_load_seq_async       (BurbleStore *self, BurbleAccount *account,
                                          BURBLE_STORE_ARGS);
gint64 burble_store_load_seq_finish      (BurbleStore *self, GAsyncResult *result, GError **error);
/* Sets it, also lower. */
void   burble_store_save_seq_async       (BurbleStore *self, BurbleAccount *account, gint64 seq,
                                          BURBLE_STORE_ARGS);

G_END_DECLS
