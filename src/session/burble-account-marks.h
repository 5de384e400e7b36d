/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Gives each of the accounts a mark of its own, and none to one that is alone. */
void burble_account_marks_update (GListModel *accounts);

G_END_DECLS
