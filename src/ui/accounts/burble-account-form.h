/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/**
 * BurbleAccountForm:
 *
 * Signing in to an account, or creating one. Properties: creating. Signal: "done" (): it is online.
 */
#define BURBLE_TYPE_ACCOUNT_FORM (burble_account_form_get_type ())
G_DECLARE_FINAL_TYPE (BurbleAccountForm, burble_account_form, BURBLE, ACCOUNT_FORM, AdwBin)

/* networks: what can be chosen, at least one; with one there is no choice to be seen. */
void burble_account_form_set_session (BurbleAccountForm *self, BurbleSession *session,
                                      const char * const *networks);

G_END_DECLS
