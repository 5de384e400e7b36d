/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-private-chat-pair"

#include "config.h"

#include "burble-private-chat-connection-private.h"
#include "burble-private-chat-name.h"

/*
 * The sockets. A site keeps one socket for each pair of people; a second one of the same pair takes
 * its place, and when the first is closed the site forgets both. So a socket is closed, and its end
 * waited for, before another is opened; and one that gives no answer is taken for forgotten.
 */

#define SOCKET_NAME "burble-username"

static void
clear_socket (BurblePrivateChatPair *pair)
{
  g_clear_handle_id (&pair->answer_source, g_source_remove);
  if (pair->socket == NULL)
    return;
  g_signal_handlers_disconnect_by_data (pair->socket, pair);
  burble_private_chat_leave (pair->connection, pair->socket);
  g_clear_object (&pair->socket);
}

void
burble_private_chat_pair_free (BurblePrivateChatPair *pair)
{
  g_clear_handle_id (&pair->typing_source, g_source_remove);
  clear_socket (pair);
  g_queue_clear (&pair->waiting);
  g_free (pair->username);
  g_free (pair);
}

static void
socket_left_cb (SoupWebsocketConnection *socket, BurblePrivateChatConnection *self)
{
  g_autoptr(BurblePrivateChatConnection) alive = g_object_ref (self);
  g_autofree char *username = g_strdup (g_object_get_data (G_OBJECT (socket), SOCKET_NAME));
  BurblePrivateChatPair *pair = g_hash_table_lookup (self->pairs, username);

  g_signal_handlers_disconnect_by_data (socket, self);
  g_ptr_array_remove (self->leaving, socket);
  if (pair != NULL && self->writer != NULL && pair->socket == NULL)
    burble_private_chat_pair_open (pair);
  burble_private_chat_left (self);
}

/* Says good-bye, and keeps it until the other side has. */
void
burble_private_chat_leave (BurblePrivateChatConnection *self, SoupWebsocketConnection *socket)
{
  SoupWebsocketState state = soup_websocket_connection_get_state (socket);

  if (state == SOUP_WEBSOCKET_STATE_CLOSED)
    return;
  g_ptr_array_add (self->leaving, g_object_ref (socket));
  g_signal_connect (socket, "closed", G_CALLBACK (socket_left_cb), self);
  if (state == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (socket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
}

static gboolean
is_leaving (BurblePrivateChatConnection *self, const char *username)
{
  for (guint i = 0; i < self->leaving->len; i++)
    if (g_strcmp0 (g_object_get_data (g_ptr_array_index (self->leaving, i), SOCKET_NAME),
                   username) == 0)
      return TRUE;
  return FALSE;
}

static void
take_event (BurblePrivateChatPair *pair, const BurblePrivateChatEvent *event)
{
  BurblePrivateChatConnection *self = pair->connection;
  gboolean all = FALSE;

  switch (event->channel)
    {
    case BURBLE_PRIVATE_CHAT_NEW_MESSAGE:
      burble_private_chat_messages_take (pair, event);
      break;
    case BURBLE_PRIVATE_CHAT_NEW_USER:
      burble_private_chat_people_refresh (self);
      break;
    case BURBLE_PRIVATE_CHAT_ONLINE:
    case BURBLE_PRIVATE_CHAT_CHECK_ONLINE:
      all = pair->answer_source != 0;
      burble_private_chat_pair_answered (pair);
      if (self->online)
        burble_private_chat_people_listed (self, (const char * const *) event->usernames, all);
      break;
    case BURBLE_PRIVATE_CHAT_OFFLINE:
      burble_private_chat_people_gone (self, event->username);
      break;
    case BURBLE_PRIVATE_CHAT_IS_TYPING:
      burble_private_chat_typing_take (pair);
      break;
    case BURBLE_PRIVATE_CHAT_READ_MESSAGE:
      burble_private_chat_read_take (pair, event->message_id);
      break;
    default:
      break;
    }
}

static void
socket_message_cb (SoupWebsocketConnection *socket,
                   int                      type,
                   GBytes                  *message,
                   BurblePrivateChatPair   *pair)
{
  g_autoptr(BurblePrivateChatConnection) alive = g_object_ref (pair->connection);
  g_autoptr(BurblePrivateChatEvent) event = NULL;
  g_autoptr(GError) error = NULL;
  gsize size = 0;
  const char *text = g_bytes_get_data (message, &size);

  /* From here on nobody sees the session key that is in it. */
  event = burble_private_chat_event_parse (text != NULL ? text : "", size, &error);
  if (event != NULL)
    take_event (pair, event);
  else
    g_debug ("A packet was left out: %s", error->message);
}

static void
socket_closed_cb (SoupWebsocketConnection *socket, BurblePrivateChatPair *pair)
{
  BurblePrivateChatConnection *self = pair->connection;
  gushort code = soup_websocket_connection_get_close_code (socket);
  g_autoptr(GError) error = NULL;

  g_debug ("A socket was closed: %u", code);
  if (code == SOUP_WEBSOCKET_CLOSE_SERVER_ERROR)
    {
      burble_private_chat_connection_refused (self);
      return;
    }
  error = g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                               "The site closed the connection");
  burble_private_chat_connection_lose (self, error);
}

/* A pair that is asked for; it may be gone when the answer comes. */
typedef struct
{
  BurblePrivateChatConnection *self;
  char *username;
} Opening;

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Opening *opening = user_data;
  g_autoptr(BurblePrivateChatConnection) self = opening->self;
  g_autofree char *username = opening->username;
  g_autoptr(GError) error = NULL;
  g_autoptr(SoupWebsocketConnection) socket =
    burble_private_chat_web_connect_finish (BURBLE_PRIVATE_CHAT_WEB (object), result, &error);
  BurblePrivateChatPair *pair = NULL;

  g_free (opening);
  if (socket == NULL)
    {
      burble_private_chat_connection_take_error (self, error);
      return;
    }
  g_object_set_data_full (G_OBJECT (socket), SOCKET_NAME, g_strdup (username), g_free);
  pair = g_hash_table_lookup (self->pairs, username);
  if (pair == NULL || pair->socket != NULL)
    {
      burble_private_chat_leave (self, socket);
      return;
    }
  pair->connecting = FALSE;
  pair->socket = g_steal_pointer (&socket);
  g_signal_connect (pair->socket, "message", G_CALLBACK (socket_message_cb), pair);
  g_signal_connect (pair->socket, "closed", G_CALLBACK (socket_closed_cb), pair);
  if (soup_websocket_connection_get_state (pair->socket) != SOUP_WEBSOCKET_STATE_OPEN)
    {
      socket_closed_cb (pair->socket, pair);
      return;
    }
  if (self->online && self->status != BURBLE_PEER_INVISIBLE)
    burble_private_chat_pair_write (pair, burble_private_chat_writer_online (self->writer, NULL));
  burble_private_chat_pair_check_online (pair);
  burble_private_chat_pair_pump (pair);
}

/* Nothing where it is open, or cannot be. */
void
burble_private_chat_pair_open (BurblePrivateChatPair *pair)
{
  BurblePrivateChatConnection *self = pair->connection;
  g_autofree char *url = NULL;
  Opening *opening = NULL;

  if (pair->socket != NULL || pair->connecting || is_leaving (self, pair->username))
    return;
  url = burble_private_chat_writer_socket (self->writer, self->sockets, pair->username, NULL);
  if (url == NULL)
    return;
  pair->connecting = TRUE;
  opening = g_new0 (Opening, 1);
  opening->self = g_object_ref (self);
  opening->username = g_strdup (pair->username);
  burble_private_chat_web_connect_async (self->web, url, self->cancellable, connected_cb, opening);
}

/* packet: (transfer full) (nullable). FALSE: nothing was written. */
gboolean
burble_private_chat_pair_write (BurblePrivateChatPair *pair, char *packet)
{
  g_autofree char *owned = packet;

  if (owned == NULL || pair->socket == NULL
      || soup_websocket_connection_get_state (pair->socket) != SOUP_WEBSOCKET_STATE_OPEN)
    return FALSE;
  if (!burble_private_chat_held_take (pair, owned))
    soup_websocket_connection_send_text (pair->socket, owned);
  return TRUE;
}

static void
answer_timeout_cb (gpointer user_data)
{
  BurblePrivateChatPair *pair = user_data;
  g_autoptr(GError) error = NULL;

  pair->answer_source = 0;
  if (!pair->reopened)
    {
      burble_private_chat_pair_reopen (pair);
      return;
    }
  error = g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT,
                               "The site does not answer");
  burble_private_chat_connection_lose (pair->connection, error);
}

void
burble_private_chat_pair_check_online (BurblePrivateChatPair *pair)
{
  BurblePrivateChatConnection *self = pair->connection;

  if (pair->answer_source != 0
      || !burble_private_chat_pair_write (
           pair, burble_private_chat_writer_check_online (self->writer, pair->username, NULL)))
    return;
  pair->answer_source = g_timeout_add_once (self->answer_timeout, answer_timeout_cb, pair);
}

void
burble_private_chat_pair_answered (BurblePrivateChatPair *pair)
{
  BurblePrivateChatConnection *self = pair->connection;

  gboolean reopened = pair->reopened;

  g_clear_handle_id (&pair->answer_source, g_source_remove);
  pair->reopened = FALSE;
  if (!self->online)
    burble_private_chat_connection_confirm (self);
  else if (reopened)
    burble_private_chat_history_again (self);
}

/* The site has forgotten the socket, and what it would have brought. The next one is opened when
 * this one is gone. */
void
burble_private_chat_pair_reopen (BurblePrivateChatPair *pair)
{
  g_debug ("A socket gives no answer");
  pair->reopened = TRUE;
  clear_socket (pair);
  burble_private_chat_pair_open (pair);
}
