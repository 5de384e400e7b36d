/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-private-chat-messages"

#include "config.h"

#include <string.h>

#include "burble-private-chat-connection-private.h"
#include "burble-private-chat-name.h"
#include "burble-wire-error.h"

/*
 * Messages. A site answers a message with its echo, by which we know its number; it drops one
 * without a word where there is no dialog, so the dialog's page is asked for first, which also
 * tells whether there is such a person. It knows no ids of ours: whether a message arrived whose
 * echo did not come is read from the page.
 */

void
burble_private_chat_sending_free (BurblePrivateChatSending *sending)
{
  g_clear_handle_id (&sending->echo_source, g_source_remove);
  g_object_unref (sending->task);
  g_free (sending->ref);
  g_free (sending->text);
  g_free (sending);
}

/* Takes it off the lists; the caller has it now. */
static void
take_off (BurblePrivateChatSending *sending)
{
  BurblePrivateChatConnection *self = sending->pair->connection;

  g_clear_handle_id (&sending->echo_source, g_source_remove);
  g_queue_remove (&sending->pair->waiting, sending);
  g_hash_table_remove (self->sending, sending->ref);
}

static void
fail (BurblePrivateChatSending *sending, BurbleProtocolError code, const char *message)
{
  BurblePrivateChatConnection *self = sending->pair->connection;

  take_off (sending);
  if (sending->written || sending->unsure)
    g_hash_table_insert (self->unsure, g_strdup (sending->ref),
                         g_memdup2 (&sending->baseline, sizeof sending->baseline));
  g_task_return_new_error_literal (sending->task, BURBLE_PROTOCOL_ERROR, code, message);
  burble_private_chat_sending_free (sending);
}

static char *
dup_number (gint64 number)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

static void
succeed (BurblePrivateChatSending *sending, gint64 number)
{
  BurblePrivateChatConnection *self = sending->pair->connection;

  take_off (sending);
  self->highest = MAX (self->highest, number);
  self->latest = MAX (self->latest, sending->time);
  g_hash_table_remove (self->unsure, sending->ref);
  g_hash_table_insert (self->refs, g_memdup2 (&number, sizeof number), g_strdup (sending->ref));
  g_hash_table_insert (self->arrived, g_strdup (sending->ref),
                       g_memdup2 (&number, sizeof number));
  g_task_return_pointer (sending->task, dup_number (number), g_free);
  burble_private_chat_sending_free (sending);
}

void
burble_private_chat_messages_failed (BurblePrivateChatConnection *self)
{
  g_autoptr(GPtrArray) all = g_hash_table_get_values_as_ptr_array (self->sending);

  for (guint i = 0; i < all->len; i++)
    fail (g_ptr_array_index (all, i), BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
          "The connection went down");
}

/* A page has a text without blanks at its ends, without control characters, and with one kind of
 * line break. */
static char *
as_on_page (const char *text)
{
  g_autoptr(GString) copy = g_string_new (text);

  g_string_replace (copy, "\r\n", "\n", 0);
  g_string_replace (copy, "\r", "\n", 0);
  for (gsize i = 0; i < copy->len;)
    if (g_ascii_iscntrl (copy->str[i]) && copy->str[i] != '\n' && copy->str[i] != '\t')
      g_string_erase (copy, (gssize) i, 1);
    else
      i++;
  return g_strstrip (g_string_free (g_steal_pointer (&copy), FALSE));
}

/* The number under which it arrived, 0 for none. */
static gint64
find_on_page (BurblePrivateChatSending *sending, const BurblePrivateChatPage *page)
{
  BurblePrivateChatConnection *self = sending->pair->connection;
  g_autofree char *text = as_on_page (sending->text);

  for (guint i = 0; i < page->messages->len; i++)
    {
      const BurblePrivateChatPageMessage *message = g_ptr_array_index (page->messages, i);
      g_autofree char *other = NULL;

      if (message->theirs || message->id <= sending->baseline
          || g_hash_table_contains (self->refs, &message->id))
        continue;
      other = as_on_page (message->text);
      if (strcmp (other, text) == 0)
        return message->id;
    }
  return 0;
}

static void read_dialog (BurblePrivateChatPair *pair);

/* No echo: the socket was forgotten by the site, or a name that no socket is found by. */
static void
echo_timeout_cb (gpointer user_data)
{
  BurblePrivateChatSending *sending = user_data;

  sending->echo_source = 0;
  sending->unsure = TRUE;
  read_dialog (sending->pair);
}

static gboolean
write_one (BurblePrivateChatSending *sending)
{
  BurblePrivateChatPair *pair = sending->pair;
  BurblePrivateChatConnection *self = pair->connection;
  gboolean has_socket = burble_private_chat_name_has_path (pair->username);
  g_autoptr(GError) error = NULL;
  char *packet = burble_private_chat_writer_message (self->writer, pair->username, sending->text,
                                                     sending->ref, &error);

  if (packet == NULL)
    {
      fail (sending, BURBLE_PROTOCOL_ERROR_REFUSED,
            g_error_matches (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_TOO_LARGE)
            ? "The message is too long for the site" : "The message cannot be sent");
      return TRUE;
    }
  sending->baseline = self->highest;
  if (!burble_private_chat_pair_write (has_socket || self->inbox == NULL ? pair : self->inbox,
                                       packet))
    return FALSE;
  sending->written = TRUE;
  g_queue_remove (&pair->waiting, sending);
  sending->echo_source = g_timeout_add_once (has_socket ? self->answer_timeout
                                                        : MIN (self->answer_timeout, 1000),
                                             echo_timeout_cb, sending);
  return TRUE;
}

/* Writes what waits, in order, when the dialog is open and the socket, too, and it was not long ago
 * that we looked who is there, or since it was given to us. */
void
burble_private_chat_pair_pump (BurblePrivateChatPair *pair)
{
  BurblePrivateChatConnection *self = pair->connection;
  const BurblePrivateChatSending *first = g_queue_peek_head (&pair->waiting);

  if (!self->online || first == NULL || pair->reading)
    return;
  if (burble_private_chat_connection_must_look (self, first->given))
    {
      burble_private_chat_people_refresh (self);
      return;
    }
  if (!burble_private_chat_writer_has_dialog (self->writer, pair->username))
    {
      read_dialog (pair);
      return;
    }
  burble_private_chat_pair_open (pair);
  while (!g_queue_is_empty (&pair->waiting))
    {
      BurblePrivateChatSending *sending = g_queue_peek_head (&pair->waiting);

      if (burble_private_chat_connection_must_look (self, sending->given))
        {
          burble_private_chat_people_refresh (self);
          return;
        }
      if (sending->unsure)
        {
          read_dialog (pair);
          return;
        }
      if (!write_one (sending))
        return;
    }
}

static void
settle_with_page (BurblePrivateChatPair *pair, const BurblePrivateChatPage *page)
{
  BurblePrivateChatConnection *self = pair->connection;
  g_autoptr(GPtrArray) all = g_hash_table_get_values_as_ptr_array (self->sending);

  for (guint i = 0; i < all->len; i++)
    {
      BurblePrivateChatSending *sending = g_ptr_array_index (all, i);
      gint64 number = 0;

      if (sending->pair != pair || !sending->unsure)
        continue;
      number = find_on_page (sending, page);
      if (number > 0)
        succeed (sending, number);
      else if (sending->written)
        fail (sending, BURBLE_PROTOCOL_ERROR_TIMED_OUT, "The site did not take the message");
      else
        sending->unsure = FALSE;
    }
}

static void
refuse (BurblePrivateChatSending *sending, guint status)
{
  fail (sending,
        status == SOUP_STATUS_NOT_FOUND ? BURBLE_PROTOCOL_ERROR_REFUSED
                                        : BURBLE_PROTOCOL_ERROR_TIMED_OUT,
        status == SOUP_STATUS_NOT_FOUND ? "There is nobody of that name"
                                        : "The site does not show the dialog");
}

static void
refuse_waiting (BurblePrivateChatPair *pair, guint status)
{
  while (!g_queue_is_empty (&pair->waiting))
    refuse (g_queue_peek_head (&pair->waiting), status);
}

/* What was written and had no echo, of which the page would have told. */
static void
refuse_unsure (BurblePrivateChatPair *pair, guint status)
{
  g_autoptr(GPtrArray) all = g_hash_table_get_values_as_ptr_array (pair->connection->sending);

  for (guint i = 0; i < all->len; i++)
    {
      BurblePrivateChatSending *sending = g_ptr_array_index (all, i);

      if (sending->pair == pair && sending->written && sending->unsure)
        refuse (sending, status);
    }
}

void
burble_private_chat_messages_go_on (BurblePrivateChatConnection *self, gboolean looked)
{
  g_autoptr(GPtrArray) names = g_hash_table_get_keys_as_ptr_array (self->pairs);

  for (guint i = 0; i < names->len && self->online; i++)
    {
      BurblePrivateChatPair *pair = g_hash_table_lookup (self->pairs, names->pdata[i]);

      if (looked)
        burble_private_chat_pair_pump (pair);
      else if (!pair->reading)
        refuse_waiting (pair, SOUP_STATUS_NONE);
    }
}

typedef struct
{
  BurblePrivateChatConnection *self;
  char *username;
} Reading;

static void
got_dialog_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Reading *reading = user_data;
  g_autoptr(BurblePrivateChatConnection) self = reading->self;
  g_autofree char *username = reading->username;
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePrivateChatPage) page = NULL;
  BurblePrivateChatPair *pair = NULL;
  guint status = 0;
  gboolean answered =
    burble_private_chat_connection_take_page (self, result, &status, &page, &error);

  g_free (reading);
  if (!self->online || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!answered
      && !g_error_matches (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_DATA))
    {
      burble_private_chat_connection_take_error (self, error);
      return;
    }
  pair = g_hash_table_lookup (self->pairs, username);
  if (pair == NULL)
    return;
  pair->reading = FALSE;
  if (page == NULL || !page->has_history)
    {
      refuse_unsure (pair, status);
      refuse_waiting (pair, status);
      burble_private_chat_history_read (pair, NULL);
      return;
    }
  burble_private_chat_people_add (self, username);
  burble_private_chat_writer_add_dialog (self->writer, username);
  settle_with_page (pair, page);
  burble_private_chat_history_read (pair, page);
  pair = g_hash_table_lookup (self->pairs, username);
  if (pair != NULL && self->online)
    burble_private_chat_pair_pump (pair);
}

static void
read_dialog (BurblePrivateChatPair *pair)
{
  BurblePrivateChatConnection *self = pair->connection;
  g_autofree char *path = burble_private_chat_dialog_path (pair->username);
  Reading *reading = NULL;

  if (pair->reading)
    return;
  pair->reading = TRUE;
  reading = g_new0 (Reading, 1);
  reading->self = g_object_ref (self);
  reading->username = g_strdup (pair->username);
  burble_private_chat_connection_ask (self, path, got_dialog_cb, reading);
}

void
burble_private_chat_pair_read (BurblePrivateChatPair *pair)
{
  read_dialog (pair);
}

static void
send_async (BurbleMessageChannel     *channel,
            const BurbleMessageEvent *message,
            GCancellable             *cancellable,
            GAsyncReadyCallback       callback,
            gpointer                  user_data)
{
  BurblePrivateChatConnection *self = BURBLE_PRIVATE_CHAT_CONNECTION (channel);
  g_autoptr(GTask) task = g_task_new (channel, cancellable, callback, user_data);
  g_autofree char *username = NULL;
  BurblePrivateChatSending *sending = NULL;
  const gint64 *arrived = NULL;
  const gint64 *baseline = NULL;

  g_task_set_source_tag (task, send_async);
  if (!burble_private_chat_connection_check (self, task))
    return;
  username = burble_private_chat_connection_get_username (self, message->peer);
  if (username == NULL || message->text == NULL || *message->text == '\0'
      || g_hash_table_contains (self->sending, message->id))
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED,
                                       username == NULL ? "There is nobody of that name"
                                                        : "The message cannot be sent");
      return;
    }
  arrived = g_hash_table_lookup (self->arrived, message->id);
  if (arrived != NULL)
    {
      g_task_return_pointer (task, dup_number (*arrived), g_free);
      return;
    }
  sending = g_new0 (BurblePrivateChatSending, 1);
  sending->task = g_steal_pointer (&task);
  sending->pair = burble_private_chat_connection_get_pair (self, username);
  sending->ref = g_strdup (message->id);
  sending->text = g_strdup (message->text);
  sending->time = message->time;
  sending->given = g_get_monotonic_time ();
  baseline = g_hash_table_lookup (self->unsure, message->id);
  sending->unsure = baseline != NULL;
  sending->baseline = baseline != NULL ? *baseline : self->highest;
  g_hash_table_insert (self->sending, sending->ref, sending);
  g_queue_push_tail (&sending->pair->waiting, sending);
  burble_private_chat_pair_pump (sending->pair);
}

static gboolean
send_finish (BurbleMessageChannel *channel, GAsyncResult *result, char **network_id,
             GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, channel), FALSE);

  *network_id = g_task_propagate_pointer (G_TASK (result), error);
  return *network_id != NULL;
}

/* On disk: it is not given again, though the site may call it unread for long. */
static void
acknowledge (BurbleMessageChannel *channel, GPtrArray *messages)
{
  BurblePrivateChatConnection *self = BURBLE_PRIVATE_CHAT_CONNECTION (channel);

  for (guint i = 0; i < messages->len; i++)
    {
      const BurbleMessageEvent *event = g_ptr_array_index (messages, i);
      guint64 number = 0;

      if (g_ascii_string_to_unsigned (event->id, 10, 1, G_MAXINT64 - 1, &number, NULL))
        {
          gint64 id = (gint64) number;

          g_hash_table_add (self->seen, g_memdup2 (&id, sizeof id));
        }
    }
}

void
burble_private_chat_message_iface_init (BurbleMessageChannelInterface *iface)
{
  iface->names_messages = TRUE;
  iface->send_async = send_async;
  iface->send_finish = send_finish;
  iface->acknowledge = acknowledge;
}

/* Somebody said something, or the site repeats what we said. */
void
burble_private_chat_messages_take (BurblePrivateChatPair        *pair,
                                   const BurblePrivateChatEvent *event)
{
  BurblePrivateChatConnection *self = pair->connection;
  gboolean own = g_strcmp0 (event->sender, self->own) == 0;
  const char *other = own ? event->username : event->sender;
  BurblePrivateChatSending *sending =
    own && event->client_ref != NULL ? g_hash_table_lookup (self->sending, event->client_ref)
                                     : NULL;
  g_autoptr(GPtrArray) events = NULL;
  BurbleMessageEvent *message = NULL;
  BurblePrivateChatClock *clock = burble_private_chat_web_get_clock (self->web);
  gint64 now = g_get_real_time ();
  const char *ref = NULL;

  burble_private_chat_clock_take_new (clock, event->date, now);
  self->highest = MAX (self->highest, event->message_id);
  if (sending != NULL && g_strcmp0 (sending->pair->username, event->username) == 0)
    {
      succeed (sending, event->message_id);
      return;
    }
  if (!own && g_strcmp0 (event->username, self->own) != 0)
    return;
  ref = g_hash_table_lookup (self->refs, &event->message_id);
  if (ref != NULL || g_hash_table_contains (self->seen, &event->message_id) || !self->online)
    return;
  burble_private_chat_people_add (self, other);
  /* There is a dialog, or it would not have come. */
  burble_private_chat_writer_add_dialog (self->writer, other);
  pair = burble_private_chat_connection_get_pair (self, other);
  burble_private_chat_pair_open (pair);
  if (!own)
    burble_private_chat_typing_stop (pair);

  message = burble_message_event_new (NULL);
  message->id = dup_number (event->message_id);
  message->peer = burble_private_chat_connection_make_id (self, other);
  message->sender = burble_private_chat_connection_make_id (self, event->sender);
  message->outgoing = own;
  message->text = g_strdup (event->text);
  /* It was said right now, as far as its date allows, and after what came before it. */
  if (event->date.time != 0)
    now = MIN (now, burble_private_chat_clock_read (clock, event->date) + event->date.precision);
  self->latest = MAX (now, self->latest + 1);
  message->time = self->latest;
  message->seq = -1;
  events = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
  g_ptr_array_add (events, message);
  burble_message_channel_emit_received (BURBLE_MESSAGE_CHANNEL (self), events);
}
