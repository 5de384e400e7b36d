/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/* Asks for the password of an account and gives it to the session. reason: of "password-needed". */
#define BURBLE_TYPE_PASSWORD_DIALOG (burble_password_dialog_get_type ())
G_DECLARE_FINAL_TYPE (BurblePasswordDialog, burble_password_dialog, BURBLE, PASSWORD_DIALOG,
                      AdwAlertDialog)

AdwDialog     *burble_password_dialog_new         (BurbleSession *session, BurbleAccount *account,
                                                   const char *reason);

G_END_DECLS
