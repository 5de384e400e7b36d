/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "burble-account.h"

G_BEGIN_DECLS

/* The letter that tells an account from the others, as a widget that follows the account and is
 * not shown where there are no others. Who reads it aloud says the address instead. */
GtkWidget *burble_account_mark_new (BurbleAccount *account);

G_END_DECLS
