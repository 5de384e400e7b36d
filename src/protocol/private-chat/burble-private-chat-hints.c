/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-private-chat-hints"

#include "config.h"

#include "burble-private-chat-connection-private.h"

/*
 * Typing and read marks. The names in their packets are of whoever gets them; who did it is the
 * person that the socket is towards.
 */

/* A site says when somebody types and never that they stopped. */
#define TYPING_MS 6000

void
burble_private_chat_typing_stop (BurblePrivateChatPair *pair)
{
  BurblePrivateChatConnection *self = pair->connection;
  g_autofree char *id = NULL;

  g_clear_handle_id (&pair->typing_source, g_source_remove);
  if (!pair->typing)
    return;
  pair->typing = FALSE;
  id = burble_private_chat_connection_make_id (self, pair->username);
  burble_typing_channel_emit_changed (BURBLE_TYPING_CHANNEL (self), id, id, FALSE);
}

static void
typing_timeout_cb (gpointer user_data)
{
  BurblePrivateChatPair *pair = user_data;

  pair->typing_source = 0;
  burble_private_chat_typing_stop (pair);
}

void
burble_private_chat_typing_take (BurblePrivateChatPair *pair)
{
  BurblePrivateChatConnection *self = pair->connection;
  g_autofree char *id = NULL;

  if (!self->online || g_strcmp0 (pair->username, self->own) == 0)
    return;
  g_clear_handle_id (&pair->typing_source, g_source_remove);
  pair->typing_source = g_timeout_add_once (TYPING_MS, typing_timeout_cb, pair);
  if (pair->typing)
    return;
  pair->typing = TRUE;
  id = burble_private_chat_connection_make_id (self, pair->username);
  burble_typing_channel_emit_changed (BURBLE_TYPING_CHANNEL (self), id, id, TRUE);
}

/* The pair to write to about what goes on with @peer; NULL where nothing is to be told. */
static BurblePrivateChatPair *
get_pair_for (BurblePrivateChatConnection *self, const char *peer)
{
  g_autofree char *username = NULL;
  BurblePrivateChatPair *pair = NULL;

  if (!self->online || self->status == BURBLE_PEER_INVISIBLE)
    return NULL;
  username = burble_private_chat_connection_get_username (self, peer);
  if (username == NULL || !burble_private_chat_writer_knows (self->writer, username))
    return NULL;
  pair = burble_private_chat_connection_get_pair (self, username);
  burble_private_chat_pair_open (pair);
  return pair;
}

/* Over any socket: a site goes by the key in the packet. */
static void
write_about (BurblePrivateChatPair *pair, char *packet)
{
  BurblePrivateChatConnection *self = pair->connection;

  burble_private_chat_pair_write (pair->socket != NULL || self->inbox == NULL ? pair : self->inbox,
                                  packet);
}

static void
send_typing (BurbleTypingChannel *channel, const char *peer, gboolean typing)
{
  BurblePrivateChatConnection *self = BURBLE_PRIVATE_CHAT_CONNECTION (channel);
  BurblePrivateChatPair *pair = get_pair_for (self, peer);

  if (pair != NULL && typing)
    write_about (pair, burble_private_chat_writer_typing (self->writer, pair->username, TRUE,
                                                          NULL));
}

void
burble_private_chat_typing_iface_init (BurbleTypingChannelInterface *iface)
{
  iface->send = send_typing;
}

void
burble_private_chat_read_take (BurblePrivateChatPair *pair, gint64 number)
{
  BurblePrivateChatConnection *self = pair->connection;
  const char *ref = g_hash_table_lookup (self->refs, &number);
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  g_autofree char *peer = burble_private_chat_connection_make_id (self, pair->username);
  const char *ids[2] = { ref != NULL ? ref : text, NULL };
  g_autoptr(BurbleReceiptEvent) event = NULL;

  if (!self->online)
    return;
  event = burble_receipt_event_new (peer, BURBLE_RECEIPT_READ, ids);
  burble_receipt_channel_emit_received (BURBLE_RECEIPT_CHANNEL (self), event);
}

void
burble_private_chat_read_tell (BurblePrivateChatPair *pair, gint64 number)
{
  BurblePrivateChatConnection *self = pair->connection;

  write_about (pair, burble_private_chat_writer_read (self->writer, pair->username, number, NULL));
}

/* What was told is kept: a page that still calls it unread is told again. A site knows "read", and
 * no "delivered". */
static void
send_receipt (BurbleReceiptChannel *channel,
              const char           *peer,
              BurbleReceiptState    state,
              const char * const   *messages)
{
  BurblePrivateChatConnection *self = BURBLE_PRIVATE_CHAT_CONNECTION (channel);
  BurblePrivateChatPair *pair = state == BURBLE_RECEIPT_READ ? get_pair_for (self, peer) : NULL;

  for (guint i = 0; pair != NULL && messages[i] != NULL; i++)
    {
      guint64 number = 0;
      gint64 id = 0;

      if (!g_ascii_string_to_unsigned (messages[i], 10, 1, G_MAXINT64 - 1, &number, NULL))
        continue;
      id = (gint64) number;
      g_hash_table_add (self->told, g_memdup2 (&id, sizeof id));
      burble_private_chat_read_tell (pair, id);
    }
}

void
burble_private_chat_receipt_iface_init (BurbleReceiptChannelInterface *iface)
{
  iface->send = send_receipt;
}
