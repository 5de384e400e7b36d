/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Every accelerator of the table in burble-shortcuts.h. */
#define BURBLE_TYPE_SHORTCUTS_DIALOG (burble_shortcuts_dialog_get_type ())
G_DECLARE_FINAL_TYPE (BurbleShortcutsDialog, burble_shortcuts_dialog, BURBLE, SHORTCUTS_DIALOG,
                      AdwDialog)

AdwDialog *burble_shortcuts_dialog_new (void);

G_END_DECLS
