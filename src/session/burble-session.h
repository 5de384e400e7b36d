/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "burble-account.h"
#include "burble-certificate-question.h"
#include "burble-contact.h"
#include "burble-conversation.h"
#include "burble-message-window.h"
#include "burble-notice.h"
#include "burble-person.h"
#include "burble-server-summary.h"

G_BEGIN_DECLS

/* Named only: who makes a session includes the headers of these, who uses one need not see them. */
typedef struct _BurbleConnection BurbleConnection;
typedef struct _BurbleConnectionSettings BurbleConnectionSettings;
typedef struct _BurbleSecrets BurbleSecrets;
typedef struct _BurbleStore BurbleStore;

/* Makes the connection for an account's network; NULL for a network nobody knows. */
typedef BurbleConnection *(*BurbleConnectionFactory) (const char *network,
                                                      const BurbleConnectionSettings *settings,
                                                      gpointer user_data);

/**
 * BurbleSession:
 *
 * What happens: accounts online, roster sync, message pipeline, outbox, notification policy. It
 * needs no display; window, demo peers, tests and benchmarks all drive this object.
 *
 * Signals:
 *  "password-needed" (BurbleAccount *account, const char *reason): once per account until answered;
 *     reason NULL (none stored), "password" (refused), "keyring-locked", "keyring-missing";
 *     answer with burble_session_provide_password().
 *  "password-not-kept" (BurbleAccount *, const char *reason): it was to be remembered, but the
 *  keyring did not take it
 *     ("keyring-locked", "keyring-missing", "keyring"); it is used from memory until the program
 *     ends.
 *  "certificate-question" (BurbleAccount *, BurbleCertificateQuestion *): answer with
 *     burble_session_answer_certificate().
 *  "notice" (BurbleNotice *): show or replace this notification; "notice-withdrawn" (const char
 *  *tag). "store-failed" (const GError *): the disk refused; what was typed stays with the caller.
 *  "server-notice" (BurbleAccount *, gboolean warning, const char *word, const char *subject, const
 *  char *text): the server has something to say; nullable: a machine word, about whom or what, and
 *  what somebody wrote about it.
 *  "message-arrived" (BurbleConversation *, BurbleMessage *): incoming and on disk (for
 *  announcements).
 *
 * Properties: send-typing, send-receipts, show-content, notify-messages, notify-online (booleans,
 * default TRUE; the app binds GSettings to them), loaded.
 */
#define BURBLE_TYPE_SESSION (burble_session_get_type ())
G_DECLARE_FINAL_TYPE (BurbleSession, burble_session, BURBLE, SESSION, GObject)

#define BURBLE_ASYNC_ARGS \
  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data

BurbleSession *burble_session_new  (BurbleStore *store, BurbleSecrets *secrets,
                                    BurbleConnectionFactory factory, gpointer factory_data);
/* Name of this terminal, before load; default: the host name. */
void           burble_session_set_terminal (BurbleSession *self, const char *terminal);

/* Opens the store and fills the lists from the cache; then connects the enabled accounts. */
void           burble_session_load_async    (BurbleSession *self, BURBLE_ASYNC_ARGS);
gboolean       burble_session_load_finish   (BurbleSession *self, GAsyncResult *result,
                                             GError **error);
/* Polite disconnect everywhere (bounded: 2 s), drafts and outbox on disk, store closed. */
void           burble_session_shutdown_async  (BurbleSession *self, BURBLE_ASYNC_ARGS);
gboolean       burble_session_shutdown_finish (BurbleSession *self, GAsyncResult *result,
                                               GError **error);

/* (transfer none); live. contacts and conversations span all accounts, unsorted. */
GListModel    *burble_session_get_accounts      (BurbleSession *self);
GListModel    *burble_session_get_contacts      (BurbleSession *self);
GListModel    *burble_session_get_conversations (BurbleSession *self);

/* accounts. add: stores account and password, connects; create registers it on the server first
 * (invite nullable). Finishes when online (TRUE) or refused (the account is not kept then).
 * A certificate question keeps it pending until answered. */
void           burble_session_add_account_async    (BurbleSession *self, BurbleAccount *account,
                                                    const char *password, gboolean remember,
                                                    gboolean create, const char *invite,
                                                    BURBLE_ASYNC_ARGS);
gboolean       burble_session_add_account_finish   (BurbleSession *self, GAsyncResult *result,
                                                    GError **error);
void           burble_session_remove_account_async (BurbleSession *self, BurbleAccount *account,
                                                    BURBLE_ASYNC_ARGS);
gboolean       burble_session_remove_account_finish (BurbleSession *self, GAsyncResult *result,
                                                     GError **error);
void           burble_session_set_account_enabled  (BurbleSession *self, BurbleAccount *account,
                                                    gboolean enabled);
/* now */
void           burble_session_reconnect            (BurbleSession *self, BurbleAccount *account);
void           burble_session_provide_password     (BurbleSession *self, BurbleAccount *account,
                                                    const char *password, gboolean remember);
void           burble_session_answer_certificate   (BurbleSession *self, BurbleAccount *account,
                                                    BurbleCertificateQuestion *question,
                                                    gboolean trust);
/* What answers where an account would be; nothing is stored, and it need not have a name yet. */
void           burble_session_probe_async          (BurbleSession *self, BurbleAccount *account,
                                                    BURBLE_ASYNC_ARGS);
/* transfer full */
BurbleServerSummary *burble_session_probe_finish   (BurbleSession *self, GAsyncResult *result,
                                                    GError **error);
/* account NULL: all of them. OFFLINE disconnects. */
void           burble_session_set_presence         (BurbleSession *self, BurbleAccount *account,
                                                    BurbleStatus status, const char *mood);

/* roster. All finish with burble_session_roster_finish(). */
void           burble_session_add_contact_async    (BurbleSession *self, BurbleAccount *account,
                                                    const char *id, const char *alias,
                                                    BURBLE_ASYNC_ARGS);
void           burble_session_accept_contact_async (BurbleSession *self, BurbleContact *contact,
                                                    BURBLE_ASYNC_ARGS);
void           burble_session_decline_contact_async (BurbleSession *self, BurbleContact *contact,
                                                     BURBLE_ASYNC_ARGS);
void           burble_session_remove_contact_async (BurbleSession *self, BurbleContact *contact,
                                                    BURBLE_ASYNC_ARGS);
void           burble_session_set_alias_async      (BurbleSession *self, BurbleContact *contact,
                                                    const char *alias, BURBLE_ASYNC_ARGS);
/*
 * Creates the room or joins it; leaving is burble_session_remove_contact_async(). Needs
 * BURBLE_FEATURE_ROOMS.
 */
void           burble_session_join_room_async      (BurbleSession *self, BurbleAccount *account,
                                                    const char *id, const char *alias,
                                                    BURBLE_ASYNC_ARGS);
gboolean       burble_session_roster_finish        (BurbleSession *self, GAsyncResult *result,
                                                    GError **error);
void           burble_session_set_notify_status    (BurbleSession *self, BurbleContact *contact,
                                                    BurbleNotifyStatus notify);
/* transfer none, nullable */
BurbleContact *burble_session_find_contact         (BurbleSession *self, BurbleAccount *account,
                                                    const char *id);

/* People on a server that has a directory: by name, address or UUID. */
void           burble_session_look_up_async        (BurbleSession *self, BurbleAccount *account,
                                                    const char *who, BURBLE_ASYNC_ARGS);
/* transfer full; a person without an id: there is nobody of that name */
BurblePerson  *burble_session_look_up_finish       (BurbleSession *self, GAsyncResult *result,
                                                    GError **error);

/* Who is there now, where a server tells. finish: (transfer full) of BurbleContact, a snapshot that
 * has nothing to do with the session's own contacts. */
void           burble_session_list_people_async    (BurbleSession *self, BurbleAccount *account,
                                                    BURBLE_ASYNC_ARGS);
GListModel    *burble_session_list_people_finish   (BurbleSession *self, GAsyncResult *result,
                                                    GError **error);

/* chats. ensure: the conversation with a contact, made if there is none (transfer none). */
BurbleConversation  *burble_session_ensure_conversation (BurbleSession *self,
                                                         BurbleContact *contact);
/* A window onto the history, positioned where reading stopped, or at the end. (transfer full) */
BurbleMessageWindow *burble_session_open_messages       (BurbleSession *self,
                                                         BurbleConversation *conversation);
/* Finishes when the message is on disk in the outbox: clear the composer then. */
void           burble_session_send_async       (BurbleSession *self,
                                                BurbleConversation *conversation, const char *text,
                                                const char *html, const char *reply_to,
                                                BURBLE_ASYNC_ARGS);
/* transfer full */
BurbleMessage *burble_session_send_finish      (BurbleSession *self, GAsyncResult *result,
                                                GError **error);
void           burble_session_retry_message    (BurbleSession *self,
                                                BurbleConversation *conversation,
                                                BurbleMessage *message);
void           burble_session_delete_message   (BurbleSession *self,
                                                BurbleConversation *conversation,
                                                BurbleMessage *message);
void           burble_session_set_draft        (BurbleSession *self,
                                                BurbleConversation *conversation,
                                                const char *draft);
/* Call on every change of the composer; sends at most one packet per 5 s, and the end once. */
void           burble_session_set_typing       (BurbleSession *self,
                                                BurbleConversation *conversation, gboolean typing);
/* The user has seen everything up to and including `message`. */
void           burble_session_mark_read        (BurbleSession *self,
                                                BurbleConversation *conversation,
                                                BurbleMessage *message);
void           burble_session_mark_all_read    (BurbleSession *self,
                                                BurbleConversation *conversation);
void           burble_session_set_muted        (BurbleSession *self,
                                                BurbleConversation *conversation, gboolean muted);
void           burble_session_set_pinned       (BurbleSession *self,
                                                BurbleConversation *conversation, gboolean pinned);
void           burble_session_remove_conversation (BurbleSession *self,
                                                   BurbleConversation *conversation);
/* The chat the user is looking at in a focused window, or NULL: no notices for it. */
void           burble_session_set_focused      (BurbleSession *self,
                                                BurbleConversation *conversation);
/* "account-uid/peer-id": names a chat in notifications, actions and settings. */
char               *burble_session_get_conversation_key  (BurbleSession *self,
                                                          BurbleConversation *conversation);
/* transfer none */
BurbleConversation *burble_session_find_conversation     (BurbleSession *self, const char *key);

/**
 * burble_session_error_word:
 *
 * The one vocabulary of what can go wrong, also of BurbleAccount:error and BurbleMessage:error:
 * "password", "disabled", "certificate", "certificate-changed", "unreachable", "name-not-found",
 * "timed-out", "not-connected", "refused", "killed", "replaced" (another terminal of that name
 * signed in), "exists", "registration-closed", "bad-password", "bad-address", "throttled",
 * "bad-data", "unsupported", "unencrypted" (and nobody has said that this may be), "keyring",
 * "disk", "cancelled", "unknown". Static, never NULL.
 */
const char    *burble_session_error_word        (const GError *error);

/* search the history: GPtrArray of BurbleSearchHit (see below) */
typedef struct
{
  BurbleConversation *conversation;
  BurbleMessage *message;
} BurbleSearchHit;
void burble_search_hit_free (BurbleSearchHit *self);
void           burble_session_search_async     (BurbleSession *self,
                                                BurbleConversation *conversation, const char *query,
                                                guint limit, BURBLE_ASYNC_ARGS);
GPtrArray     *burble_session_search_finish    (BurbleSession *self, GAsyncResult *result,
                                                GError **error);

G_END_DECLS
