/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-conversation.h"
#include "burble-session-options.h"
#include "burble-store.h"

G_BEGIN_DECLS

/*
 * BurbleDrafts: what is typed and not sent, on disk within a second. Signal: "store-failed" (const
 * GError *).
 */
#define BURBLE_TYPE_DRAFTS (burble_drafts_get_type ())
G_DECLARE_FINAL_TYPE (BurbleDrafts, burble_drafts, BURBLE, DRAFTS, GObject)

BurbleDrafts *burble_drafts_new      (BurbleStore *store, BurbleSessionOptions *options);
void          burble_drafts_set      (BurbleDrafts *self, BurbleConversation *conversation,
                                      const char *draft);
/* Whether it changed since it was last written. */
gboolean      burble_drafts_is_dirty (BurbleDrafts *self, BurbleConversation *conversation);
/* Somebody else writes it, or there is nothing to write to any more. */
void          burble_drafts_forget   (BurbleDrafts *self, BurbleConversation *conversation);
/* Now. */
void          burble_drafts_flush    (BurbleDrafts *self);

G_END_DECLS
