/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-account-scope.h"

G_BEGIN_DECLS

/*
 * BurbleOutbox:
 *
 * What one account still has to send, in the order it was written. Everything in it is on disk
 * already; it leaves when the server says that it has it, or that it will never take it.
 */
#define BURBLE_TYPE_OUTBOX (burble_outbox_get_type ())
G_DECLARE_FINAL_TYPE (BurbleOutbox, burble_outbox, BURBLE, OUTBOX, GObject)

BurbleOutbox *burble_outbox_new          (BurbleAccountScope *scope);
void          burble_outbox_add          (BurbleOutbox *self, BurbleMessage *message);
/* One that an earlier life of the program may have sent already. */
void          burble_outbox_add_again    (BurbleOutbox *self, BurbleMessage *message);
void          burble_outbox_retry        (BurbleOutbox *self, BurbleMessage *message);
/* It was deleted: does not go out unless it is on its way. */
void          burble_outbox_drop         (BurbleOutbox *self, const char *peer, const char *id);
void          burble_outbox_drop_peer    (BurbleOutbox *self, const char *peer);
void          burble_outbox_went_online  (BurbleOutbox *self);
void          burble_outbox_went_offline (BurbleOutbox *self);
/* Everything that the network has is here: what is not among it was not sent. */
void          burble_outbox_caught_up    (BurbleOutbox *self);
/* What was sent is noted in the store a moment later; now. */
void          burble_outbox_flush        (BurbleOutbox *self);
guint         burble_outbox_get_length   (BurbleOutbox *self);

G_END_DECLS
