/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-account-scope.h"

G_BEGIN_DECLS

/* What JSON can carry exactly. A higher one counts nothing, and is taken for none. */
#define BURBLE_MAX_SEQ ((G_GINT64_CONSTANT (1) << 53) - 1)

typedef enum
{
  BURBLE_ORIGIN_LIVE,       /* pushed by the server, which waits for our acknowledgement */
  BURBLE_ORIGIN_CATCH_UP,   /* fetched: what we missed */
  BURBLE_ORIGIN_FIRST_SYNC, /* fetched: history from before this terminal existed, read long ago */
} BurbleMessageOrigin;

/*
 * BurbleMessagePipeline:
 *
 * The way of every message that comes in, for one account. A batch passes the steps in order:
 * known already? → store → acknowledge → model → notify; each step is a file of its own. One batch
 * is under way at a time; what is pushed meanwhile gathers and becomes the next one, so that a
 * backlog costs few transactions.
 */
#define BURBLE_TYPE_MESSAGE_PIPELINE (burble_message_pipeline_get_type ())
G_DECLARE_FINAL_TYPE (BurbleMessagePipeline, burble_message_pipeline, BURBLE, MESSAGE_PIPELINE,
                      GObject)

typedef enum
{
  BURBLE_BATCH_FAILED,  /* nothing of it is on disk */
  BURBLE_BATCH_STORED,  /* everything is */
  BURBLE_BATCH_REACHED, /* … and a first sync has reached the time of this terminal */
} BurbleBatchResult;

typedef void   (*BurbleBatchDoneFunc) (BurbleBatchResult result, gpointer user_data);
/* lowest: the lowest seq of those that were not here before, -1 where there is none. */
typedef void   (*BurbleLiveDoneFunc)  (BurbleBatchResult result, gint64 lowest,
                                       gpointer user_data);
/*
 * A batch of pushed messages starts: → the seq up to which everything is held when it is stored,
 * or -1.
 */
typedef gint64 (*BurbleLiveStartFunc) (GPtrArray *events, gpointer user_data);

BurbleMessagePipeline *burble_message_pipeline_new            (BurbleAccountScope *scope);
/* What keeps count of seqs. user_data must outlive the pipeline or be taken back with NULLs. */
void                   burble_message_pipeline_set_live_funcs (BurbleMessagePipeline *self,
                                                               BurbleLiveStartFunc start,
                                                               BurbleLiveDoneFunc done,
                                                               gpointer user_data);
/*
 * events: (transfer none), copied. highest_seq and done are for fetched pages; -1 and NULL for
 * pushed ones.
 */
void                   burble_message_pipeline_push           (BurbleMessagePipeline *self,
                                                               BurbleMessageOrigin origin,
                                                               GPtrArray *events,
                                                               gint64 highest_seq,
                                                               BurbleBatchDoneFunc done,
                                                               gpointer user_data,
                                                               GDestroyNotify destroy);
/* Runs func when everything that came before it is through: at once if nothing is under way. */
void                   burble_message_pipeline_run_after      (BurbleMessagePipeline *self,
                                                               GFunc func, gpointer data,
                                                               GDestroyNotify destroy);

G_END_DECLS
