/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-account-form.h"

G_BEGIN_DECLS

/* What a window without an account shows. */
#define BURBLE_TYPE_WELCOME_PAGE (burble_welcome_page_get_type ())
G_DECLARE_FINAL_TYPE (BurbleWelcomePage, burble_welcome_page, BURBLE, WELCOME_PAGE, AdwBin)

void burble_welcome_page_set_session (BurbleWelcomePage *self, BurbleSession *session,
                                      const char * const *networks);

G_END_DECLS
