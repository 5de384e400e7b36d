/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-session-chats"

#include "config.h"

#include "burble-session-private.h"

static const char *
get_peer (BurbleConversation *conversation)
{
  return burble_contact_get_id (burble_conversation_get_contact (conversation));
}

/**
 * burble_session_ensure_conversation:
 * @self: a session
 * @contact: somebody
 *
 * Returns: (transfer none): the chat with @contact, made if there is none; %NULL if the account of
 *   @contact is not one of ours any more
 */
BurbleConversation *
burble_session_ensure_conversation (BurbleSession *self, BurbleContact *contact)
{
  BurbleAccountScope *scope = NULL;

  g_return_val_if_fail (BURBLE_IS_SESSION (self), NULL);
  g_return_val_if_fail (BURBLE_IS_CONTACT (contact), NULL);

  scope = burble_session_get_scope (self, burble_contact_get_account (contact));
  if (scope == NULL)
    return NULL;
  return burble_account_scope_ensure_conversation (scope, burble_contact_get_id (contact));
}

/**
 * burble_session_open_messages:
 * @self: a session
 * @conversation: a chat
 *
 * Returns: (transfer full): a window onto its history, loading
 */
BurbleMessageWindow *
burble_session_open_messages (BurbleSession *self, BurbleConversation *conversation)
{
  BurbleMessageWindow *window = NULL;
  BurbleAccountScope *scope = NULL;

  g_return_val_if_fail (BURBLE_IS_SESSION (self), NULL);
  g_return_val_if_fail (BURBLE_IS_CONVERSATION (conversation), NULL);

  window = burble_message_window_new (self->store, conversation);
  scope = burble_session_get_chat_scope (self, conversation);
  if (scope != NULL)
    burble_account_scope_register_window (scope, window);
  burble_message_window_open (window);
  return window;
}

typedef struct
{
  BurbleAccountController *controller;
  BurbleConversation *conversation;
  BurbleMessage *message;
} Sending;

static void
sending_free (gpointer data)
{
  Sending *sending = data;

  g_object_unref (sending->controller);
  g_object_unref (sending->conversation);
  g_object_unref (sending->message);
  g_free (sending);
}

static void
store_queued_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  BurbleSession *self = g_task_get_source_object (task);
  Sending *sending = g_task_get_task_data (task);
  BurbleAccountScope *scope = burble_account_controller_get_scope (sending->controller);
  g_autoptr(GPtrArray) shown = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;

  if (!burble_store_done_finish (BURBLE_STORE (object), result, &error))
    {
      burble_session_store_failed (self, error);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  /* The account or the chat may have been removed meanwhile; the row went with it. */
  if (scope != NULL && !burble_account_scope_is_closed (scope)
      && burble_account_scope_find_conversation (scope, get_peer (sending->conversation))
         == sending->conversation)
    {
      if (!burble_drafts_is_dirty (self->drafts, sending->conversation))
        burble_conversation_set_draft (sending->conversation, NULL);
      burble_account_scope_touch_conversation (sending->conversation, sending->message);
      g_ptr_array_add (shown, sending->message);
      burble_account_scope_show_messages (scope, sending->conversation, shown);
      burble_outbox_add (burble_account_controller_get_outbox (sending->controller),
                         sending->message);
    }
  g_task_return_pointer (task, g_object_ref (sending->message), g_object_unref);
}

/**
 * burble_session_send_async:
 * @self: a session
 * @conversation: where to
 * @text: what to say
 * @html: (nullable): the same, formatted
 * @reply_to: (nullable): the id of the message that is answered
 *
 * Finishes when the message is on disk; whether there is a connection does not matter.
 */
void
burble_session_send_async (BurbleSession       *self,
                           BurbleConversation  *conversation,
                           const char          *text,
                           const char          *html,
                           const char          *reply_to,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  BurbleAccountController *controller = NULL;
  BurbleAccount *account = NULL;
  Sending *sending = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));
  g_return_if_fail (text != NULL);

  /* Once begun it is not taken back: who is told "cancelled" would type it again. */
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, burble_session_send_async);
  if (g_task_return_error_if_cancelled (task))
    return;
  g_task_set_check_cancellable (task, FALSE);
  controller = burble_session_get_chat_controller (self, conversation);
  if (controller == NULL)
    {
      g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "No such account");
      return;
    }
  account = burble_account_controller_get_account (controller);
  sending = g_new0 (Sending, 1);
  sending->controller = g_object_ref (controller);
  sending->conversation = g_object_ref (conversation);
  sending->message = burble_message_new (NULL, burble_account_get_address (account), TRUE, text,
                                         g_get_real_time ());
  burble_message_set_peer (sending->message, get_peer (conversation));
  burble_message_set_html (sending->message, html);
  burble_message_set_reply_to (sending->message, reply_to);
  g_task_set_task_data (task, sending, sending_free);

  /* The same transaction clears the draft. */
  burble_drafts_forget (self->drafts, conversation);
  burble_typing_set (burble_account_controller_get_typing (controller), conversation, FALSE);
  burble_store_queue_message_async (self->store, account, sending->message, NULL, store_queued_cb,
                                    g_steal_pointer (&task));
}

/**
 * burble_session_send_finish:
 * @self: a session
 * @result: what the callback got
 *
 * Returns: (transfer full): the message as it is in the outbox; its state tells how it fares
 */
BurbleMessage *
burble_session_send_finish (BurbleSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * burble_session_retry_message:
 * @self: a session
 * @conversation: its chat
 * @message: one that failed
 *
 * Sends it again, with the same id. Nothing happens to a message that did not fail.
 */
void
burble_session_retry_message (BurbleSession      *self,
                              BurbleConversation *conversation,
                              BurbleMessage      *message)
{
  BurbleAccountController *controller = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));
  g_return_if_fail (BURBLE_IS_MESSAGE (message));

  controller = burble_session_get_chat_controller (self, conversation);
  if (controller != NULL)
    burble_outbox_retry (burble_account_controller_get_outbox (controller), message);
}

static void
store_last_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleConversation) conversation = user_data;
  g_autoptr(GPtrArray) page = burble_store_list_finish (BURBLE_STORE (object), result, NULL);
  BurbleMessage *last = NULL;

  if (page == NULL)
    return;
  if (page->len > 0)
    last = g_ptr_array_index (page, page->len - 1);
  burble_conversation_set_last_message (conversation, last);
}

/**
 * burble_session_delete_message:
 * @self: a session
 * @conversation: its chat
 * @message: a message
 *
 * For the user, not for the others. One that waits to be sent is not sent.
 */
void
burble_session_delete_message (BurbleSession      *self,
                               BurbleConversation *conversation,
                               BurbleMessage      *message)
{
  BurbleAccountController *controller = NULL;
  BurbleAccountScope *scope = NULL;
  BurbleMessage *last = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));
  g_return_if_fail (BURBLE_IS_MESSAGE (message));

  controller = burble_session_get_chat_controller (self, conversation);
  if (controller == NULL)
    return;
  scope = burble_account_controller_get_scope (controller);
  burble_outbox_drop (burble_account_controller_get_outbox (controller), get_peer (conversation),
                      burble_message_get_id (message));
  burble_store_delete_message_async (self->store, message, NULL, burble_session_done_cb,
                                     g_object_ref (self));
  burble_account_scope_hide_message (scope, conversation, burble_message_get_row (message));
  last = burble_conversation_get_last_message (conversation);
  if (last != NULL && burble_message_get_row (last) == burble_message_get_row (message))
    burble_store_load_page_async (self->store, conversation, BURBLE_PAGE_LATEST, 0, 0, 1, NULL,
                                  store_last_cb, g_object_ref (conversation));
  burble_receipts_count_unread (scope, conversation);
}

/**
 * burble_session_set_draft:
 * @self: a session
 * @conversation: a chat
 * @draft: (nullable): what is in the composer
 *
 * On disk within a second. [method@Session.send_async] clears it.
 */
void
burble_session_set_draft (BurbleSession *self, BurbleConversation *conversation, const char *draft)
{
  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  if (burble_session_get_chat_scope (self, conversation) != NULL)
    burble_drafts_set (self->drafts, conversation, draft);
}

/**
 * burble_session_set_typing:
 * @self: a session
 * @conversation: a chat
 * @typing: whether the user is writing
 *
 * For every change of the composer: it tells the server at most once in 5 s, and the end once.
 */
void
burble_session_set_typing (BurbleSession *self, BurbleConversation *conversation, gboolean typing)
{
  BurbleAccountController *controller = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  controller = burble_session_get_chat_controller (self, conversation);
  if (controller != NULL)
    burble_typing_set (burble_account_controller_get_typing (controller), conversation, typing);
}

/**
 * burble_session_mark_read:
 * @self: a session
 * @conversation: a chat
 * @message: one of its messages
 *
 * The user has seen everything up to and including @message. Stored; the sender is told where that
 * is wanted, at the latest when there is a connection again.
 */
void
burble_session_mark_read (BurbleSession *self, BurbleConversation *conversation,
                          BurbleMessage *message)
{
  BurbleAccountController *controller = NULL;
  gint64 time = 0;
  gint64 row = 0;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));
  g_return_if_fail (BURBLE_IS_MESSAGE (message));

  controller = burble_session_get_chat_controller (self, conversation);
  burble_conversation_get_read_mark (conversation, &time, &row);
  /* Asked for on every scroll. The count alone would not do: it comes from the store a moment after
   * the message it counts. */
  if (controller == NULL
      || (burble_conversation_get_unread (conversation) == 0
          && (burble_message_get_time (message) < time
              || (burble_message_get_time (message) == time
                  && burble_message_get_row (message) <= row))))
    return;
  burble_receipts_mark_read (burble_account_controller_get_receipts (controller), conversation,
                             burble_message_get_time (message), burble_message_get_row (message));
}

void
burble_session_mark_all_read (BurbleSession *self, BurbleConversation *conversation)
{
  BurbleMessage *last = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  last = burble_conversation_get_last_message (conversation);
  if (last != NULL)
    burble_session_mark_read (self, conversation, last);
}

static void
save_conversation (BurbleSession *self, BurbleConversation *conversation)
{
  if (burble_session_get_chat_scope (self, conversation) == NULL)
    return;
  burble_drafts_forget (self->drafts, conversation);
  burble_store_save_conversation_async (self->store, conversation, NULL, burble_session_done_cb,
                                        g_object_ref (self));
}

void
burble_session_set_muted (BurbleSession *self, BurbleConversation *conversation, gboolean muted)
{
  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  if (burble_conversation_get_muted (conversation) == !!muted)
    return;
  burble_conversation_set_muted (conversation, muted);
  if (muted)
    burble_notification_policy_read (self->policy, conversation);
  save_conversation (self, conversation);
}

void
burble_session_set_pinned (BurbleSession *self, BurbleConversation *conversation, gboolean pinned)
{
  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  if (burble_conversation_get_pinned (conversation) == !!pinned)
    return;
  burble_conversation_set_pinned (conversation, pinned);
  save_conversation (self, conversation);
}

/**
 * burble_session_remove_conversation:
 * @self: a session
 * @conversation: a chat
 *
 * Removes the chat with its messages from this terminal. What waits to be sent in it is not sent.
 */
void
burble_session_remove_conversation (BurbleSession *self, BurbleConversation *conversation)
{
  BurbleAccountController *controller = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  controller = burble_session_get_chat_controller (self, conversation);
  if (controller == NULL)
    return;
  burble_drafts_forget (self->drafts, conversation);
  burble_outbox_drop_peer (burble_account_controller_get_outbox (controller),
                           get_peer (conversation));
  burble_store_remove_conversation_async (self->store, conversation, NULL, burble_session_done_cb,
                                          g_object_ref (self));
  burble_account_scope_remove_conversation (burble_account_controller_get_scope (controller),
                                            conversation);
}

/**
 * burble_session_set_focused:
 * @self: a session
 * @conversation: (nullable): the chat in a window that has the focus
 *
 * For that one no notices are shown; those that are go.
 */
void
burble_session_set_focused (BurbleSession *self, BurbleConversation *conversation)
{
  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (conversation == NULL || BURBLE_IS_CONVERSATION (conversation));

  burble_notification_policy_focus (self->policy, conversation);
}

/**
 * burble_session_get_conversation_key:
 * @self: a session
 * @conversation: a chat
 *
 * Returns: (transfer full): a name for the chat that holds over restarts, "account-uid/peer-id"
 */
char *
burble_session_get_conversation_key (BurbleSession *self, BurbleConversation *conversation)
{
  g_return_val_if_fail (BURBLE_IS_SESSION (self), NULL);
  g_return_val_if_fail (BURBLE_IS_CONVERSATION (conversation), NULL);

  return burble_notification_policy_chat_tag (burble_conversation_get_contact (conversation));
}

/**
 * burble_session_find_conversation:
 * @self: a session
 * @key: what [method@Session.get_conversation_key] gave, now or in an earlier run
 *
 * Returns: (transfer none) (nullable)
 */
BurbleConversation *
burble_session_find_conversation (BurbleSession *self, const char *key)
{
  g_autofree char *uid = NULL;
  const char *slash = NULL;
  BurbleAccountController *controller = NULL;

  g_return_val_if_fail (BURBLE_IS_SESSION (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  slash = strchr (key, '/');
  if (slash == NULL)
    return NULL;
  uid = g_strndup (key, slash - key);
  controller = g_hash_table_lookup (self->controllers, uid);
  if (controller == NULL)
    return NULL;
  return burble_account_scope_find_conversation (burble_account_controller_get_scope (controller),
                                                 slash + 1);
}
