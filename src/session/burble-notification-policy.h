/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-notice.h"
#include "burble-session-options.h"

G_BEGIN_DECLS

/*
 * BurbleNotificationPolicy:
 *
 * Decides what is worth a notification; the app words and shows it. It is told what happened and
 * answers with "notice" (BurbleNotice *) and "notice-withdrawn" (const char *tag).
 */
#define BURBLE_TYPE_NOTIFICATION_POLICY (burble_notification_policy_get_type ())
G_DECLARE_FINAL_TYPE (BurbleNotificationPolicy, burble_notification_policy, BURBLE,
                      NOTIFICATION_POLICY, GObject)

BurbleNotificationPolicy *burble_notification_policy_new (BurbleSessionOptions *options);

/* count new messages came in, message is the latest. */
void  burble_notification_policy_message  (BurbleNotificationPolicy *self,
                                           BurbleConversation *conversation, BurbleMessage *message,
                                           guint count);
/* Nothing is unread in it any more, wherever that was done. */
void  burble_notification_policy_read     (BurbleNotificationPolicy *self,
                                           BurbleConversation *conversation);
/* The chat in the focused window, or NULL. */
void  burble_notification_policy_focus    (BurbleNotificationPolicy *self,
                                           BurbleConversation *conversation);
/* The contact's wish to be let in came up or was answered. */
void  burble_notification_policy_request  (BurbleNotificationPolicy *self, BurbleContact *contact);
/* before: how they stood, with the server's own word where that was UNKNOWN; settled: our own
 * sign-in is long enough ago that this is news. */
void  burble_notification_policy_presence (BurbleNotificationPolicy *self, BurbleContact *contact,
                                           BurbleStatus before, const char *word_before,
                                           gboolean settled);
/* Our own link went down: nothing is known of them, which says nothing about them. */
void  burble_notification_policy_unseen   (BurbleNotificationPolicy *self, BurbleContact *contact);
/* The contact and the chat with it are gone. */
void  burble_notification_policy_forget   (BurbleNotificationPolicy *self, BurbleContact *contact);
/* "account-uid/peer-id" */
char *burble_notification_policy_chat_tag (BurbleContact *contact);

G_END_DECLS
