/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-account-form.h"

G_BEGIN_DECLS

#define BURBLE_TYPE_ADD_ACCOUNT_DIALOG (burble_add_account_dialog_get_type ())
G_DECLARE_FINAL_TYPE (BurbleAddAccountDialog, burble_add_account_dialog, BURBLE,
                      ADD_ACCOUNT_DIALOG, AdwDialog)

AdwDialog *burble_add_account_dialog_new (BurbleSession *session, const char * const *networks);

G_END_DECLS
