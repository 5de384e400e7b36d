/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/*
 * Chooses with whom. Signals: "chosen" (BurbleContact *); "add" (const char *address): not a
 * contact.
 */
#define BURBLE_TYPE_NEW_CHAT_DIALOG (burble_new_chat_dialog_get_type ())
G_DECLARE_FINAL_TYPE (BurbleNewChatDialog, burble_new_chat_dialog, BURBLE, NEW_CHAT_DIALOG,
                      AdwDialog)

AdwDialog *burble_new_chat_dialog_new (BurbleSession *session);

G_END_DECLS
