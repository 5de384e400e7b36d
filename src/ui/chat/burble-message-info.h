/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-contact.h"
#include "burble-message.h"

G_BEGIN_DECLS

/* What is known about one message: who, when, state, and its whole text. */
#define BURBLE_TYPE_MESSAGE_INFO (burble_message_info_get_type ())
G_DECLARE_FINAL_TYPE (BurbleMessageInfo, burble_message_info, BURBLE, MESSAGE_INFO, AdwDialog)

AdwDialog *burble_message_info_new (BurbleMessage *message, BurbleContact *contact);

G_END_DECLS
