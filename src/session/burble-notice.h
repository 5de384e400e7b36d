/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-conversation.h"

G_BEGIN_DECLS

typedef enum
{
  BURBLE_NOTICE_MESSAGE,
  BURBLE_NOTICE_ONLINE,
  BURBLE_NOTICE_STATUS, /* another change of presence */
  BURBLE_NOTICE_REQUEST,
} BurbleNoticeKind;

/**
 * BurbleNotice:
 *
 * One notification as the policy wants it; the app words and shows it. One per `tag`, replaced.
 * Properties: tag, kind, contact, conversation (nullable), message (nullable: the latest),
 * count (messages in it), show-content.
 */
#define BURBLE_TYPE_NOTICE (burble_notice_get_type ())
G_DECLARE_FINAL_TYPE (BurbleNotice, burble_notice, BURBLE, NOTICE, GObject)

BurbleNotice       *burble_notice_new              (BurbleNoticeKind kind, const char *tag,
                                                    BurbleContact *contact,
                                                    BurbleConversation *conversation,
                                                    BurbleMessage *message, guint count,
                                                    gboolean show_content);
const char         *burble_notice_get_tag          (BurbleNotice *self);
BurbleNoticeKind    burble_notice_get_kind         (BurbleNotice *self);
BurbleContact      *burble_notice_get_contact      (BurbleNotice *self);
BurbleConversation *burble_notice_get_conversation (BurbleNotice *self);
BurbleMessage      *burble_notice_get_message      (BurbleNotice *self);
guint               burble_notice_get_count        (BurbleNotice *self);
gboolean            burble_notice_get_show_content (BurbleNotice *self);

G_END_DECLS
