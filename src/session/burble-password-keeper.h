/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-connection.h"
#include "burble-secrets.h"

G_BEGIN_DECLS

/*
 * BurblePasswordKeeper:
 *
 * Where the password of one account comes from and goes to. It lies in the keyring and, wiped after
 * use, in the connection; nowhere else.
 *
 * Signals:
 *  "ready" (): the connection has a password.
 *  "needed" (const char *reason): somebody has to be asked; once until provided.
 *  "not-kept" (const char *reason): the keyring did not take it.
 */
#define BURBLE_TYPE_PASSWORD_KEEPER (burble_password_keeper_get_type ())
G_DECLARE_FINAL_TYPE (BurblePasswordKeeper, burble_password_keeper, BURBLE, PASSWORD_KEEPER,
                      GObject)

BurblePasswordKeeper *burble_password_keeper_new       (BurbleAccount *account,
                                                        BurbleSecrets *secrets,
                                                        BurbleConnection *connection);
/* Ends in "ready" or "needed". ask_again: the user did something that wants an answer. */
void                  burble_password_keeper_ensure    (BurblePasswordKeeper *self,
                                                        gboolean ask_again);
/* NULL: the user did not want to say. */
void                  burble_password_keeper_provide   (BurblePasswordKeeper *self,
                                                        const char *password, gboolean remember);
/* The server did not take it. */
void                  burble_password_keeper_refused   (BurblePasswordKeeper *self);
/* The server took it: what is to be remembered is stored now. */
void                  burble_password_keeper_confirmed (BurblePasswordKeeper *self);

G_END_DECLS
