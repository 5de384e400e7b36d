/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-account-scope.h"

G_BEGIN_DECLS

/* BurbleTyping: who is typing, for one account: what we tell, and what we are told. */
#define BURBLE_TYPE_TYPING (burble_typing_get_type ())
G_DECLARE_FINAL_TYPE (BurbleTyping, burble_typing, BURBLE, TYPING, GObject)

BurbleTyping *burble_typing_new   (BurbleAccountScope *scope);
/* On every change of the composer: at most one packet an interval, and the end once. */
void          burble_typing_set   (BurbleTyping *self, BurbleConversation *conversation,
                                   gboolean typing);
/* The connection is gone: nobody types. */
void          burble_typing_clear (BurbleTyping *self);

G_END_DECLS
