/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-message-pipeline.h"

G_BEGIN_DECLS

/* What a batch means for one chat; made by the model step. */
typedef struct
{
  BurbleConversation *conversation;
  GPtrArray *fresh;               /* (element-type BurbleMessage), as they came */
  BurbleMessage *latest_incoming; /* (nullable) by time; unread ones only */
  BurbleMessage *latest_outgoing; /* (nullable) by time */
  guint incoming;                 /* unread ones */
} BurbleBatchChat;

/* The messages that are on their way through the steps together. */
typedef struct
{
  BurbleMessagePipeline *pipeline;
  BurbleAccountScope *scope;
  BurbleMessageOrigin origin;
  GPtrArray *events;   /* (element-type BurbleMessageEvent): all that came */
  GPtrArray *messages; /* (element-type BurbleMessage): those that go to the store */
  GPtrArray *fresh;    /* (element-type BurbleMessage): those that were new to it */
  GHashTable *chats;   /* (element-type utf8 BurbleBatchChat): by peer */
  gint64 highest_seq;
  gboolean reached; /* a first sync came to what this terminal had already */

  guint step;
  BurbleBatchDoneFunc done;
  gpointer done_data;
  GDestroyNotify done_destroy;
} BurbleMessageBatch;

/* A step ends with one of these; it may do so later. */
void     burble_message_batch_next (BurbleMessageBatch *batch);
void     burble_message_batch_fail (BurbleMessageBatch *batch, const GError *error);

/* The memory of what lately went by, so that a repetition does not reach the disk. */
gboolean burble_message_batch_seems_known (BurbleMessageBatch *batch,
                                           const BurbleMessageEvent *event);
void     burble_message_batch_remember    (BurbleMessageBatch *batch);

/* The steps, in order. */
void     burble_message_step_known        (BurbleMessageBatch *batch);
void     burble_message_step_store        (BurbleMessageBatch *batch);
void     burble_message_step_acknowledge  (BurbleMessageBatch *batch);
void     burble_message_step_model        (BurbleMessageBatch *batch);
void     burble_message_step_notify       (BurbleMessageBatch *batch);

G_END_DECLS
