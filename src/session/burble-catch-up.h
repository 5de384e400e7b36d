/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-message-pipeline.h"

G_BEGIN_DECLS

/*
 * BurbleCatchUp:
 *
 * Fetches what happened while we were away, page by page by the server's running number (seq), and
 * keeps the mark up to which this terminal holds everything. A pushed message moves the mark only
 * if it is the very next one; a hole is fetched. What is said here goes for one account.
 *
 * Signal: "caught-up" (): nothing is missing, as far as we know.
 */
#define BURBLE_TYPE_CATCH_UP (burble_catch_up_get_type ())
G_DECLARE_FINAL_TYPE (BurbleCatchUp, burble_catch_up, BURBLE, CATCH_UP, GObject)

BurbleCatchUp *burble_catch_up_new          (BurbleAccountScope *scope,
                                             BurbleMessagePipeline *pipeline);
/* From the store, before the first connection; -1: nothing is held. */
void           burble_catch_up_set_highest  (BurbleCatchUp *self, gint64 seq);
gint64         burble_catch_up_get_highest  (BurbleCatchUp *self);
void           burble_catch_up_went_online  (BurbleCatchUp *self);
void           burble_catch_up_went_offline (BurbleCatchUp *self);
/* Everything up to now is held. */
gboolean       burble_catch_up_is_complete  (BurbleCatchUp *self);

G_END_DECLS
