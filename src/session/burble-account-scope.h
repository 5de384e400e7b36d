/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-capabilities.h"
#include "burble-message-window.h"
#include "burble-notification-policy.h"
#include "burble-object-list.h"
#include "burble-session-options.h"
#include "burble-store.h"

G_BEGIN_DECLS

/*
 * BurbleAccountScope:
 *
 * What the parts that work for one account share: its connection, the store, its people and chats
 * found by id in constant time, and the windows onto those chats. It decides nothing.
 *
 * Signals: "store-failed" (const GError *), "message-arrived" (BurbleConversation *, BurbleMessage
 * *), "message-sent" (const char *peer, const char *id): the network showed that it has it.
 */
#define BURBLE_TYPE_ACCOUNT_SCOPE (burble_account_scope_get_type ())
G_DECLARE_FINAL_TYPE (BurbleAccountScope, burble_account_scope, BURBLE, ACCOUNT_SCOPE, GObject)

/* connection is nullable: a network that this build does not know. */
BurbleAccountScope *burble_account_scope_new (BurbleAccount *account, BurbleStore *store,
                                              BurbleConnection *connection,
                                              BurbleObjectList *contacts,
                                              BurbleObjectList *conversations,
                                              BurbleNotificationPolicy *policy,
                                              BurbleSessionOptions *options);

BurbleAccount              *burble_account_scope_get_account    (BurbleAccountScope *self);
BurbleStore                *burble_account_scope_get_store      (BurbleAccountScope *self);
BurbleConnection           *burble_account_scope_get_connection (BurbleAccountScope *self);
BurbleNotificationPolicy   *burble_account_scope_get_policy     (BurbleAccountScope *self);
const BurbleSessionOptions *burble_account_scope_get_options    (BurbleAccountScope *self);
/* Online, and the connection has all of these. */
gboolean                    burble_account_scope_can            (BurbleAccountScope *self,
                                                                 BurbleCapabilities capabilities);
/* Packets that show that we are there may be sent: not while invisible. */
gboolean                    burble_account_scope_may_show       (BurbleAccountScope *self);
/* Notes when we came online; settled: that is long enough ago. */
void                        burble_account_scope_went_online    (BurbleAccountScope *self);
gboolean                    burble_account_scope_is_settled     (BurbleAccountScope *self);
/* After this nothing new is begun; answers that still come are dropped. */
void                        burble_account_scope_close          (BurbleAccountScope *self);
gboolean                    burble_account_scope_is_closed      (BurbleAccountScope *self);
void                        burble_account_scope_store_failed   (BurbleAccountScope *self,
                                                                 const GError *error);
void                        burble_account_scope_message_arrived (BurbleAccountScope *self,
                                                                  BurbleConversation *conversation,
                                                                  BurbleMessage *message);
void                        burble_account_scope_message_sent    (BurbleAccountScope *self,
                                                                  const char *peer,
                                                                  const char *id);
/*
 * Callback of store calls that nobody waits for: tells a failure, drops the (transfer full) scope.
 */
void                        burble_account_scope_done_cb        (GObject *store,
                                                                 GAsyncResult *result,
                                                                 gpointer scope);

/* people. ensure: makes one outside the roster. */
BurbleContact      *burble_account_scope_find_contact   (BurbleAccountScope *self, const char *id);
BurbleContact      *burble_account_scope_ensure_contact (BurbleAccountScope *self, const char *id);
void                burble_account_scope_add_contacts   (BurbleAccountScope *self,
                                                         GPtrArray *contacts);
/* Of these, those who are not in the roster and have no chat leave the lists. */
void                burble_account_scope_sweep_contacts (BurbleAccountScope *self,
                                                         GPtrArray *contacts);
/* (element-type utf8 BurbleContact) (transfer none) */
GHashTable         *burble_account_scope_get_contacts   (BurbleAccountScope *self);

/* chats */
BurbleConversation *burble_account_scope_find_conversation   (BurbleAccountScope *self,
                                                              const char *peer);
BurbleConversation *burble_account_scope_ensure_conversation (BurbleAccountScope *self,
                                                              const char *peer);
void                burble_account_scope_add_conversations   (BurbleAccountScope *self,
                                                              GPtrArray *conversations);
void                burble_account_scope_remove_conversation (BurbleAccountScope *self,
                                                              BurbleConversation *conversation);
/* A newer message becomes the last one. */
void                burble_account_scope_touch_conversation  (BurbleConversation *conversation,
                                                              BurbleMessage *message);
/* Everything of the account leaves the lists. */
void                burble_account_scope_clear               (BurbleAccountScope *self);

/* windows */
void                burble_account_scope_register_window (BurbleAccountScope *self,
                                                          BurbleMessageWindow *window);
void                burble_account_scope_show_messages   (BurbleAccountScope *self,
                                                          BurbleConversation *conversation,
                                                          GPtrArray *messages);
void                burble_account_scope_show_states     (BurbleAccountScope *self,
                                                          const char *peer, const char * const *ids,
                                                          BurbleMessageState state,
                                                          const char *error);
void                burble_account_scope_show_read       (BurbleAccountScope *self,
                                                          BurbleConversation *conversation,
                                                          gint64 time, gint64 row);
void                burble_account_scope_hide_message    (BurbleAccountScope *self,
                                                          BurbleConversation *conversation,
                                                          gint64 row);

G_END_DECLS
