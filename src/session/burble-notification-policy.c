/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-notification-policy"

#include "config.h"

#include "burble-notification-policy.h"

struct _BurbleNotificationPolicy
{
  GObject parent_instance;

  BurbleSessionOptions *options;
  GHashTable *counts; /* tag -> messages it stands for, of what is shown now */
  BurbleConversation *focused; /* (weak) */
};

G_DEFINE_FINAL_TYPE (BurbleNotificationPolicy, burble_notification_policy, G_TYPE_OBJECT)

typedef enum
{
  SIGNAL_NOTICE,
  SIGNAL_WITHDRAWN,
} BurbleNotificationPolicySignal;

static guint signals[SIGNAL_WITHDRAWN + 1];

static char *
online_tag (BurbleContact *contact)
{
  g_autofree char *chat = burble_notification_policy_chat_tag (contact);

  return g_strconcat ("online/", chat, NULL);
}

static char *
request_tag (BurbleContact *contact)
{
  g_autofree char *chat = burble_notification_policy_chat_tag (contact);

  return g_strconcat ("request/", chat, NULL);
}

static gboolean
wants_quiet (BurbleContact *contact)
{
  BurbleAccount *account = burble_contact_get_account (contact);

  return account != NULL && burble_account_get_status (account) == BURBLE_STATUS_DND;
}

static void
show (BurbleNotificationPolicy *self,
      BurbleNoticeKind          kind,
      const char               *tag,
      BurbleContact            *contact,
      BurbleConversation       *conversation,
      BurbleMessage            *message,
      guint                     count)
{
  g_autoptr(BurbleNotice) notice = NULL;

  g_hash_table_insert (self->counts, g_strdup (tag), GUINT_TO_POINTER (count));
  notice = burble_notice_new (kind, tag, contact, conversation, message, count,
                              self->options->show_content);
  g_signal_emit (self, signals[SIGNAL_NOTICE], 0, notice);
}

static void
withdraw (BurbleNotificationPolicy *self, const char *tag)
{
  if (g_hash_table_remove (self->counts, tag))
    g_signal_emit (self, signals[SIGNAL_WITHDRAWN], 0, tag);
}

static void
burble_notification_policy_dispose (GObject *object)
{
  BurbleNotificationPolicy *self = BURBLE_NOTIFICATION_POLICY (object);

  g_clear_weak_pointer (&self->focused);

  G_OBJECT_CLASS (burble_notification_policy_parent_class)->dispose (object);
}

static void
burble_notification_policy_finalize (GObject *object)
{
  BurbleNotificationPolicy *self = BURBLE_NOTIFICATION_POLICY (object);

  g_hash_table_unref (self->counts);
  g_rc_box_release (self->options);

  G_OBJECT_CLASS (burble_notification_policy_parent_class)->finalize (object);
}

static void
burble_notification_policy_class_init (BurbleNotificationPolicyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_notification_policy_dispose;
  object_class->finalize = burble_notification_policy_finalize;

  signals[SIGNAL_NOTICE] =
    g_signal_new ("notice", BURBLE_TYPE_NOTIFICATION_POLICY, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, BURBLE_TYPE_NOTICE);
  signals[SIGNAL_WITHDRAWN] =
    g_signal_new ("notice-withdrawn", BURBLE_TYPE_NOTIFICATION_POLICY, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
burble_notification_policy_init (BurbleNotificationPolicy *self)
{
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

BurbleNotificationPolicy *
burble_notification_policy_new (BurbleSessionOptions *options)
{
  BurbleNotificationPolicy *self = NULL;

  g_return_val_if_fail (options != NULL, NULL);

  self = g_object_new (BURBLE_TYPE_NOTIFICATION_POLICY, NULL);
  self->options = g_rc_box_acquire (options);
  return self;
}

char *
burble_notification_policy_chat_tag (BurbleContact *contact)
{
  g_return_val_if_fail (BURBLE_IS_CONTACT (contact), NULL);

  return g_strdup_printf ("%s/%s", burble_account_get_uid (burble_contact_get_account (contact)),
                          burble_contact_get_id (contact));
}

void
burble_notification_policy_message (BurbleNotificationPolicy *self,
                                    BurbleConversation       *conversation,
                                    BurbleMessage            *message,
                                    guint                     count)
{
  BurbleContact *contact = NULL;
  g_autofree char *tag = NULL;

  g_return_if_fail (BURBLE_IS_NOTIFICATION_POLICY (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));
  g_return_if_fail (BURBLE_IS_MESSAGE (message));

  contact = burble_conversation_get_contact (conversation);
  if (!self->options->notify_messages || conversation == self->focused
      || burble_conversation_get_muted (conversation) || wants_quiet (contact))
    return;
  tag = burble_notification_policy_chat_tag (contact);
  count += GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, tag));
  show (self, BURBLE_NOTICE_MESSAGE, tag, contact, conversation, message, count);
}

void
burble_notification_policy_read (BurbleNotificationPolicy *self, BurbleConversation *conversation)
{
  g_autofree char *tag = NULL;

  g_return_if_fail (BURBLE_IS_NOTIFICATION_POLICY (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  tag = burble_notification_policy_chat_tag (burble_conversation_get_contact (conversation));
  withdraw (self, tag);
}

void
burble_notification_policy_focus (BurbleNotificationPolicy *self, BurbleConversation *conversation)
{
  g_autofree char *online = NULL;

  g_return_if_fail (BURBLE_IS_NOTIFICATION_POLICY (self));

  if (!g_set_weak_pointer (&self->focused, conversation) || conversation == NULL)
    return;
  burble_notification_policy_read (self, conversation);
  online = online_tag (burble_conversation_get_contact (conversation));
  withdraw (self, online);
}

void
burble_notification_policy_request (BurbleNotificationPolicy *self, BurbleContact *contact)
{
  g_autofree char *tag = NULL;

  g_return_if_fail (BURBLE_IS_NOTIFICATION_POLICY (self));
  g_return_if_fail (BURBLE_IS_CONTACT (contact));

  tag = request_tag (contact);
  if (!burble_contact_get_asks (contact))
    withdraw (self, tag);
  else if (self->options->notify_messages && !wants_quiet (contact))
    show (self, BURBLE_NOTICE_REQUEST, tag, contact, NULL, NULL, 0);
}

void
burble_notification_policy_presence (BurbleNotificationPolicy *self,
                                     BurbleContact            *contact,
                                     BurbleStatus              before,
                                     const char               *word_before,
                                     gboolean                  settled)
{
  BurbleNotifyStatus wish;
  BurbleStatus now;
  gboolean changed;
  g_autofree char *tag = NULL;

  g_return_if_fail (BURBLE_IS_NOTIFICATION_POLICY (self));
  g_return_if_fail (BURBLE_IS_CONTACT (contact));

  wish = burble_contact_get_notify_status (contact);
  if (wish == BURBLE_NOTIFY_NEVER)
    return;
  tag = online_tag (contact);
  now = burble_contact_get_status (contact);
  changed = now != before || (now == BURBLE_STATUS_UNKNOWN
                              && g_strcmp0 (burble_contact_get_mood (contact), word_before) != 0);
  if (!burble_status_is_online (now) && wish == BURBLE_NOTIFY_ONLINE)
    withdraw (self, tag);
  if (!changed || !settled || !self->options->notify_online || wants_quiet (contact))
    return;
  if (burble_status_is_online (now) && !burble_status_is_online (before))
    show (self, BURBLE_NOTICE_ONLINE, tag, contact, NULL, NULL, 0);
  else if (wish == BURBLE_NOTIFY_CHANGES)
    show (self, BURBLE_NOTICE_STATUS, tag, contact, NULL, NULL, 0);
}

void
burble_notification_policy_unseen (BurbleNotificationPolicy *self, BurbleContact *contact)
{
  g_autofree char *tag = NULL;

  g_return_if_fail (BURBLE_IS_NOTIFICATION_POLICY (self));
  g_return_if_fail (BURBLE_IS_CONTACT (contact));

  tag = online_tag (contact);
  withdraw (self, tag);
}

void
burble_notification_policy_forget (BurbleNotificationPolicy *self, BurbleContact *contact)
{
  g_autofree char *chat = NULL;
  g_autofree char *online = NULL;
  g_autofree char *request = NULL;

  g_return_if_fail (BURBLE_IS_NOTIFICATION_POLICY (self));
  g_return_if_fail (BURBLE_IS_CONTACT (contact));

  chat = burble_notification_policy_chat_tag (contact);
  online = online_tag (contact);
  request = request_tag (contact);
  withdraw (self, chat);
  withdraw (self, online);
  withdraw (self, request);
}
