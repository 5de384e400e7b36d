/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-account-scope.h"
#include "burble-catch-up.h"
#include "burble-certificate-question.h"
#include "burble-message-pipeline.h"
#include "burble-outbox.h"
#include "burble-receipts.h"
#include "burble-roster-sync.h"
#include "burble-secrets.h"
#include "burble-typing.h"

G_BEGIN_DECLS

/*
 * BurbleAccountController:
 *
 * The life of one account's connection: when it is wanted, with which password, what its errors
 * mean for the account, and which parts are to know that it came or went.
 *
 * Signals: "password-needed" (const char *reason), "password-not-kept" (const char *reason),
 * "certificate-question" (BurbleCertificateQuestion *).
 */
#define BURBLE_TYPE_ACCOUNT_CONTROLLER (burble_account_controller_get_type ())
G_DECLARE_FINAL_TYPE (BurbleAccountController, burble_account_controller, BURBLE,
                      ACCOUNT_CONTROLLER, GObject)

BurbleAccountController *burble_account_controller_new      (BurbleAccountScope *scope,
                                                             BurbleSecrets *secrets,
                                                             const char *terminal);
BurbleAccount           *burble_account_controller_get_account  (BurbleAccountController *self);
BurbleAccountScope      *burble_account_controller_get_scope    (BurbleAccountController *self);
BurbleRosterSync        *burble_account_controller_get_roster   (BurbleAccountController *self);
BurbleOutbox            *burble_account_controller_get_outbox   (BurbleAccountController *self);
BurbleCatchUp           *burble_account_controller_get_catch_up (BurbleAccountController *self);
BurbleReceipts          *burble_account_controller_get_receipts (BurbleAccountController *self);
BurbleTyping            *burble_account_controller_get_typing   (BurbleAccountController *self);

/* What a connection has to know of an account. (transfer full) */
BurbleConnectionSettings *burble_account_controller_make_settings (BurbleAccount *account,
                                                                   const char *terminal);
/* Online if the account wants it. by_user: asks for a password again if there is none. */
void     burble_account_controller_start             (BurbleAccountController *self,
                                                      gboolean by_user);
/* What the account wants has changed: status, mood, enabled. */
void     burble_account_controller_presence_changed  (BurbleAccountController *self);
void     burble_account_controller_provide_password  (BurbleAccountController *self,
                                                      const char *password, gboolean remember);
void     burble_account_controller_answer            (BurbleAccountController *self,
                                                      BurbleCertificateQuestion *question,
                                                      gboolean trust);
/* The first sign-in of a new account: finishes with the first clear answer. */
void     burble_account_controller_sign_in_async     (BurbleAccountController *self,
                                                      const char *password, gboolean remember,
                                                      gboolean create, const char *invite,
                                                      GCancellable *cancellable,
                                                      GAsyncReadyCallback callback,
                                                      gpointer user_data);
gboolean burble_account_controller_sign_in_finish    (BurbleAccountController *self,
                                                      GAsyncResult *result, GError **error);
/* Polite; calls back when the link is gone. Nothing starts again after it. */
void     burble_account_controller_stop_async        (BurbleAccountController *self,
                                                      GAsyncReadyCallback callback,
                                                      gpointer user_data);
gboolean burble_account_controller_stop_finish       (BurbleAccountController *self,
                                                      GAsyncResult *result, GError **error);

G_END_DECLS
