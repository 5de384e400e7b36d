/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-store"

#include "config.h"

#include "burble-store-private.h"

static void
store_message_free (gpointer data)
{
  BurbleStoreMessage *message = data;

  g_free (message->peer);
  g_free (message->id);
  g_free (message->sender);
  g_free (message->sender_name);
  g_free (message->text);
  g_free (message->html);
  g_free (message->reply_to);
  g_free (message->error);
  g_free (message->attachments);
  g_free (message->network_id);
  g_free (message->time_text);
  g_free (message->known_id);
  g_free (message);
}

static void
store_contact_free (gpointer data)
{
  BurbleStoreContact *contact = data;

  g_free (contact->id);
  g_free (contact->name);
  g_free (contact->alias);
  g_free (contact->bio);
  g_free (contact);
}

BurbleStoreCall *
burble_store_call_new (void)
{
  return g_new0 (BurbleStoreCall, 1);
}

BurbleStoreCall *
burble_store_call_for_account (BurbleAccount *account)
{
  BurbleStoreCall *call = burble_store_call_new ();

  call->account = g_object_ref (account);
  call->uid = g_strdup (burble_account_get_uid (account));
  return call;
}

BurbleStoreCall *
burble_store_call_for_conversation (BurbleConversation *conversation)
{
  BurbleContact *contact = burble_conversation_get_contact (conversation);
  BurbleStoreCall *call = burble_store_call_for_account (burble_contact_get_account (contact));

  call->object = g_object_ref (G_OBJECT (conversation));
  call->conversation = burble_conversation_get_row (conversation);
  call->peer = g_strdup (burble_contact_get_id (contact));
  return call;
}

BurbleStoreCall *
burble_store_call_for_message (BurbleMessage *message)
{
  BurbleStoreCall *call = burble_store_call_new ();

  call->object = g_object_ref (G_OBJECT (message));
  call->row = burble_message_get_row (message);
  return call;
}

/* One name a line; a line break inside a name is somebody's joke. */
static char *
join_names (const char * const *names)
{
  char *joined = NULL;

  if (names == NULL)
    return NULL;
  joined = g_strjoinv ("\1", (char **) names);
  g_strdelimit (joined, "\r\n", ' ');
  return g_strdelimit (joined, "\1", '\n');
}

/**
 * burble_store_call_add_message:
 * @call: a call
 * @message: (transfer none): a message, read here and now: the store's thread must not touch it
 *
 * Returns: (transfer none): the copy of what it says; it belongs to @call
 */
BurbleStoreMessage *
burble_store_call_add_message (BurbleStoreCall *call, BurbleMessage *message)
{
  BurbleStoreMessage *copy = g_new0 (BurbleStoreMessage, 1);

  if (call->messages == NULL)
    {
      call->messages = g_ptr_array_new_with_free_func (store_message_free);
      call->objects = g_ptr_array_new_with_free_func (g_object_unref);
    }

  copy->peer = g_strdup (burble_message_get_peer (message));
  copy->id = g_strdup (burble_message_get_id (message));
  copy->sender = g_strdup (burble_message_get_sender (message));
  copy->sender_name = g_strdup (burble_message_get_sender_name (message));
  copy->text = g_strdup (burble_message_get_text (message));
  copy->html = g_strdup (burble_message_get_html (message));
  copy->reply_to = g_strdup (burble_message_get_reply_to (message));
  copy->error = g_strdup (burble_message_get_error (message));
  copy->attachments = join_names (burble_message_get_attachment_names (message));
  copy->network_id = g_strdup (burble_message_get_network_id (message));
  copy->time_text = g_strdup (burble_message_get_time_text (message));
  copy->time = burble_message_get_time (message);
  copy->precision = burble_message_get_time_precision (message);
  copy->seq = burble_message_get_seq (message);
  copy->state = burble_message_get_state (message);
  copy->unread = burble_message_get_unread (message);
  /* State 0 is what makes a message incoming in the file: trust the direction before the state. */
  if (!burble_message_is_outgoing (message))
    copy->state = BURBLE_MESSAGE_RECEIVED;
  else if (copy->state == BURBLE_MESSAGE_RECEIVED)
    copy->state = BURBLE_MESSAGE_SENT;
  g_ptr_array_add (call->messages, copy);
  g_ptr_array_add (call->objects, g_object_ref (message));
  return copy;
}

void
burble_store_call_add_contact (BurbleStoreCall *call, BurbleContact *contact)
{
  BurbleStoreContact *copy = g_new0 (BurbleStoreContact, 1);

  if (call->contacts == NULL)
    call->contacts = g_ptr_array_new_with_free_func (store_contact_free);

  copy->id = g_strdup (burble_contact_get_id (contact));
  copy->name = g_strdup (burble_contact_get_name (contact));
  copy->alias = g_strdup (burble_contact_get_alias (contact));
  copy->bio = g_strdup (burble_contact_get_bio (contact));
  copy->kind = burble_contact_get_kind (contact);
  copy->subscription = burble_contact_get_subscription (contact);
  copy->asks = burble_contact_get_asks (contact);
  copy->in_roster = burble_contact_get_in_roster (contact);
  g_ptr_array_add (call->contacts, copy);
}

void
burble_store_call_free (BurbleStoreCall *call)
{
  g_clear_object (&call->object);
  g_clear_object (&call->account);
  g_free (call->uid);
  g_free (call->peer);
  g_free (call->text);
  g_strfreev (call->ids);
  g_clear_pointer (&call->objects, g_ptr_array_unref);
  g_clear_pointer (&call->messages, g_ptr_array_unref);
  g_clear_pointer (&call->contacts, g_ptr_array_unref);
  g_clear_pointer (&call->list, g_ptr_array_unref);
  g_strfreev (call->texts);
  g_free (call->result_text);
  g_clear_error (&call->error);
  g_free (call);
}
