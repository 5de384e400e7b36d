/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-account.h"

G_BEGIN_DECLS

/**
 * BurbleConnectionBanner:
 *
 * One banner for all accounts: it shows the one that needs the user most, with one action. A lost
 * connection is shown after five seconds (most come back before), a refusal at once.
 *
 * Signal: "remedy" (BurbleAccount *, int BurbleRemedy).
 */
#define BURBLE_TYPE_CONNECTION_BANNER (burble_connection_banner_get_type ())
G_DECLARE_FINAL_TYPE (BurbleConnectionBanner, burble_connection_banner, BURBLE, CONNECTION_BANNER,
                      AdwBin)

#define BURBLE_CONNECTION_BANNER_DELAY_MS 5000

void burble_connection_banner_set_accounts (BurbleConnectionBanner *self, GListModel *accounts);

G_END_DECLS
