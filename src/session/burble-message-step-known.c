/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-message-step-known"

#include "config.h"

#include "burble-message-batch.h"

/*
 * Known already? What lately came is not brought to the store again, nor is what comes twice in one
 * batch; of anything older the store has the last word, which knows what was sent from here by the
 * id that the network gave it as well. A repetition is acknowledged
 * like the rest: the server would send it for ever.
 */

static gboolean
is_usable (const BurbleMessageEvent *event)
{
  return event->id != NULL && *event->id != '\0' && event->peer != NULL && *event->peer != '\0'
         && (event->outgoing || (event->sender != NULL && *event->sender != '\0'));
}

static char *
name_of_sender (BurbleAccountScope *scope, const BurbleMessageEvent *event)
{
  BurbleContact *room = burble_account_scope_find_contact (scope, event->peer);
  BurbleContact *sender = NULL;
  const char *at = NULL;

  if (event->outgoing || room == NULL || burble_contact_get_kind (room) != BURBLE_CONTACT_ROOM)
    return NULL;
  sender = burble_account_scope_find_contact (scope, event->sender);
  if (sender != NULL)
    return g_strdup (burble_contact_get_display_name (sender));
  at = strchr (event->sender, '@');
  return at != NULL && at != event->sender ? g_strndup (event->sender, at - event->sender)
                                           : g_strdup (event->sender);
}

static BurbleMessage *
make_message (BurbleMessageBatch *batch, const BurbleMessageEvent *event)
{
  BurbleAccount *account = burble_account_scope_get_account (batch->scope);
  BurbleConnection *connection = burble_account_scope_get_connection (batch->scope);
  /* Our own id is written as in the account, whatever the server makes of it. */
  const char *sender = event->outgoing ? burble_account_get_address (account) : event->sender;
  gint64 time = event->time > 0 ? event->time : g_get_real_time ();
  BurbleMessage *message = burble_message_new (event->id, sender, event->outgoing, event->text,
                                               time);
  g_autofree char *sender_name = name_of_sender (batch->scope, event);

  burble_message_set_peer (message, event->peer);
  burble_message_set_sender_name (message, sender_name);
  burble_message_set_html (message, event->html);
  burble_message_set_reply_to (message, event->reply_to);
  burble_message_set_seq (message, MAX (event->seq, -1));
  burble_message_set_time_precision (message, event->time_precision);
  burble_message_set_time_text (message, event->time_text);
  burble_message_set_unread (message, !event->outgoing && !event->read);
  if (event->outgoing && BURBLE_IS_MESSAGE_CHANNEL (connection)
      && burble_message_channel_names_messages (BURBLE_MESSAGE_CHANNEL (connection)))
    burble_message_set_network_id (message, event->id);
  if (!event->outgoing)
    burble_message_set_state (message, BURBLE_MESSAGE_RECEIVED);
  else
    burble_message_set_state (message, event->read ? BURBLE_MESSAGE_READ : BURBLE_MESSAGE_SENT);
  if (event->files != NULL && event->files->len > 0)
    {
      g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
      g_auto(GStrv) list = NULL;

      for (guint i = 0; i < event->files->len; i++)
        {
          const BurbleFileInfo *file = g_ptr_array_index (event->files, i);

          g_strv_builder_add (names, file->name != NULL ? file->name : "");
        }
      list = g_strv_builder_end (names);
      burble_message_set_attachment_names (message, (const char * const *) list);
    }
  return message;
}

/* A first sync is compared with what is on disk, in full. */
static gboolean
is_known (BurbleMessageBatch *batch, const BurbleMessageEvent *event)
{
  return !event->outgoing && batch->origin != BURBLE_ORIGIN_FIRST_SYNC
         && burble_message_batch_seems_known (batch, event);
}

void
burble_message_step_known (BurbleMessageBatch *batch)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < batch->events->len; i++)
    {
      const BurbleMessageEvent *event = g_ptr_array_index (batch->events, i);

      if (!is_usable (event))
        {
          g_debug ("A message without id, sender or chat is dropped");
          continue;
        }
      if (!g_hash_table_add (seen,
                             g_strjoin ("\n", event->peer, event->outgoing ? "" : event->sender,
                                              event->id, NULL))
          || is_known (batch, event))
        continue;
      g_ptr_array_add (batch->messages, make_message (batch, event));
    }
  burble_message_batch_next (batch);
}
