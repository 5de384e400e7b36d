/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-account-controller.h"
#include "burble-drafts.h"
#include "burble-notification-policy.h"
#include "burble-object-list.h"
#include "burble-secrets.h"
#include "burble-session-options.h"
#include "burble-session.h"
#include "burble-store.h"

G_BEGIN_DECLS

struct _BurbleSession
{
  GObject parent_instance;

  BurbleStore *store;
  BurbleSecrets *secrets;
  BurbleConnectionFactory factory;
  gpointer factory_data;
  char *terminal;       /* or NULL: one is made of the host name */
  BurbleSessionOptions *options;
  BurbleNotificationPolicy *policy;
  BurbleDrafts *drafts;

  BurbleObjectList *accounts;
  BurbleObjectList *contacts;
  BurbleObjectList *conversations;
  /* account uid -> BurbleAccountController; also of accounts that are being added */
  GHashTable *controllers;
  gboolean loaded;
  gboolean closing;
};

/* The times the rules name; tests make them short. */
BurbleSessionOptions    *burble_session_get_options        (BurbleSession *self);
/* (nullable): the account is not, or no longer, one of ours. */
BurbleAccountController *burble_session_get_controller     (BurbleSession *self,
                                                            BurbleAccount *account);
BurbleAccountScope      *burble_session_get_scope          (BurbleSession *self,
                                                            BurbleAccount *account);
BurbleAccountScope      *burble_session_get_chat_scope     (BurbleSession *self,
                                                            BurbleConversation *conversation);
BurbleAccountController *burble_session_get_chat_controller (BurbleSession *self,
                                                             BurbleConversation *conversation);
BurbleAccountController *burble_session_make_controller    (BurbleSession *self,
                                                            BurbleAccount *account);
void                     burble_session_drop_controller    (BurbleSession *self,
                                                            BurbleAccountController *controller);
void                     burble_session_store_failed       (BurbleSession *self,
                                                            const GError *error);
/* Callback of store calls that nobody waits for; takes the session's reference. */
void                     burble_session_done_cb            (GObject *store, GAsyncResult *result,
                                                            gpointer session);

G_END_DECLS
