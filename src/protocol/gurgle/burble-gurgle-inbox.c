/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-inbox"

#include "config.h"

#include "burble-gurgle-connection-private.h"

/*
 * Messages that came in. The server forgets a pushed packet's messages when it is answered with
 * `sent`; that happens once all of them are on disk here, with one answer per packet.
 */

/* One pushed packet. Held once for each of its messages that is not on disk yet. */
typedef struct
{
  gboolean has_id;
  gint32 id;
  GStrv success;
  guint left;
} Push;

static void
push_clear (gpointer data)
{
  g_strfreev (((Push *) data)->success);
}

static void
push_release (Push *push)
{
  g_rc_box_release_full (push, push_clear);
}

void
burble_gurgle_inbox_clear (BurbleGurgleConnection *self)
{
  g_clear_pointer (&self->unacknowledged, g_hash_table_unref);
}

/* NULL: nobody could have said it. */
BurbleMessageEvent *
burble_gurgle_inbox_read (BurbleGurgleConnection *self, const BurbleGurgleMessage *message)
{
  g_autoptr(BurbleMessageEvent) event = burble_message_event_new (message->id);
  g_autofree char *to = burble_gurgle_connection_bare (message->to);
  gboolean own = FALSE;

  if (!burble_gurgle_connection_read_from (self, message->from, &event->peer, &event->sender,
                                           &event->sender_terminal, &own))
    return NULL;
  event->outgoing = own;
  /* From another terminal of ours: the chat is with whom it went to. */
  if (own && to != NULL)
    g_set_str (&event->peer, to);
  event->text = g_strdup (message->text);
  event->html = g_strdup (message->html);
  event->reply_to = g_strdup (message->reply_to);
  event->time = message->timestamp;
  event->seq = message->seq;
  for (guint i = 0; i < message->attachments->len; i++)
    {
      const BurbleGurgleAttachment *attachment = g_ptr_array_index (message->attachments, i);
      BurbleFileInfo *file = burble_file_info_new ();

      file->id = g_strdup (attachment->id);
      file->name = g_strdup (attachment->name);
      file->media_type = g_strdup (attachment->media_type);
      file->size = attachment->size;
      file->token = g_strdup (attachment->token);
      g_ptr_array_add (event->files, file);
    }
  return g_steal_pointer (&event);
}

static char *
key_of (const BurbleMessageEvent *event)
{
  return g_strdup_printf ("%s\n%s", event->sender, event->id);
}

static void
answer (BurbleGurgleConnection *self, const Push *push)
{
  g_autoptr(BurbleGurglePacket) packet = burble_gurgle_packet_new (BURBLE_GURGLE_SENT);

  if (push->has_id)
    burble_gurgle_packet_set_id (packet, push->id);
  g_clear_pointer (&packet->sent.success, g_strfreev);
  packet->sent.success = g_strdupv (push->success);
  burble_gurgle_connection_send (self, packet, NULL);
}

static Push *
push_new (const BurbleGurglePacket *packet)
{
  Push *push = g_rc_box_new0 (Push);
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; i < packet->message.messages->len; i++)
    {
      const BurbleGurgleMessage *message = g_ptr_array_index (packet->message.messages, i);

      g_strv_builder_add (ids, message->id);
    }
  /* One that is wrong now never will be right: it is answered with the others. */
  for (guint i = 0; packet->dropped != NULL && i < packet->dropped->ids->len; i++)
    g_strv_builder_add (ids, g_ptr_array_index (packet->dropped->ids, i));
  push->has_id = packet->has_id;
  push->id = packet->id;
  push->success = g_strv_builder_end (ids);
  return push;
}

static void
await (BurbleGurgleConnection *self, Push *push, const BurbleMessageEvent *event)
{
  g_autofree char *key = key_of (event);
  GPtrArray *pushes = NULL;

  if (self->unacknowledged == NULL)
    self->unacknowledged = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                  (GDestroyNotify) g_ptr_array_unref);
  pushes = g_hash_table_lookup (self->unacknowledged, key);
  if (pushes == NULL)
    {
      pushes = g_ptr_array_new_with_free_func ((GDestroyNotify) push_release);
      g_hash_table_insert (self->unacknowledged, g_steal_pointer (&key), pushes);
    }
  push->left++;
  g_ptr_array_add (pushes, g_rc_box_acquire (push));
}

void
burble_gurgle_inbox_take (BurbleGurgleConnection *self, const BurbleGurglePacket *packet)
{
  g_autoptr(GPtrArray) events =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
  Push *push = push_new (packet);

  for (guint i = 0; i < packet->message.messages->len; i++)
    {
      BurbleMessageEvent *event =
        burble_gurgle_inbox_read (self, g_ptr_array_index (packet->message.messages, i));

      /* One that cannot be read now never can: it is answered with the others. */
      if (event == NULL)
        continue;
      await (self, push, event);
      g_ptr_array_add (events, event);
    }
  if (push->left == 0)
    answer (self, push);
  push_release (push);
  if (events->len > 0)
    burble_message_channel_emit_received (BURBLE_MESSAGE_CHANNEL (self), events);
}

void
burble_gurgle_inbox_acknowledge (BurbleGurgleConnection *self, GPtrArray *messages)
{
  /* An acknowledgement that comes after the link went down finds nothing here: the server pushes
   * again and is answered then. */
  for (guint i = 0; self->unacknowledged != NULL && i < messages->len; i++)
    {
      g_autofree char *key = key_of (g_ptr_array_index (messages, i));
      g_autofree char *stolen_key = NULL;
      g_autoptr(GPtrArray) pushes = NULL;

      if (!g_hash_table_steal_extended (self->unacknowledged, key,
                                        (gpointer *) &stolen_key, (gpointer *) &pushes))
        continue;
      for (guint j = 0; j < pushes->len; j++)
        {
          Push *push = g_ptr_array_index (pushes, j);

          push->left--;
          if (push->left == 0)
            answer (self, push);
        }
    }
}
