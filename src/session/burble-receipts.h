/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-message-pipeline.h"

G_BEGIN_DECLS

/*
 * BurbleReceipts:
 *
 * Who has got and read what, for one account: ours to others, theirs to us, and what another
 * terminal of ours has read.
 */
#define BURBLE_TYPE_RECEIPTS (burble_receipts_get_type ())
G_DECLARE_FINAL_TYPE (BurbleReceipts, burble_receipts, BURBLE, RECEIPTS, GObject)

BurbleReceipts *burble_receipts_new            (BurbleAccountScope *scope,
                                                BurbleMessagePipeline *pipeline);
/* The user has seen everything up to there: on disk, then told to the sender. */
void            burble_receipts_mark_read      (BurbleReceipts *self,
                                                BurbleConversation *conversation, gint64 time,
                                                gint64 row);
/* What was read while there was no connection is told now. */
void            burble_receipts_went_online    (BurbleReceipts *self);

/* Pushed messages (of BurbleMessageEvent) are on disk. */
void            burble_receipts_send_delivered (BurbleAccountScope *scope, GPtrArray *events);
/* It was read elsewhere: moves the mark, tells nobody. */
void            burble_receipts_note_read      (BurbleAccountScope *scope,
                                                BurbleConversation *conversation, gint64 time,
                                                gint64 row);
/* Asks the store how many are unread. */
void            burble_receipts_count_unread   (BurbleAccountScope *scope,
                                                BurbleConversation *conversation);

G_END_DECLS
