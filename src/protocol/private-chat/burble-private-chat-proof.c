/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-private-chat-proof"

#include "config.h"

#include "burble-private-chat-connection-private.h"

/*
 * A packet with a dead key stops a site for everybody, and a site tells nobody that a key died: it
 * does when the password is changed and the next page is asked for, and that may be ours. So every
 * page is looked at for that; while one is on its way that may tell, nothing is written; and before
 * something is said after a pause, a page is asked for, which also tells who is still there.
 */

gboolean
burble_private_chat_connection_must_prove (BurblePrivateChatConnection *self)
{
  return g_get_monotonic_time () - MIN (self->proved, self->people_time)
         > (gint64) self->trust_time * G_TIME_SPAN_MILLISECOND;
}

/* A list that was on its way when it was given may be older than what happened to its reader; one
 * that was asked for since then does, however long it took. */
gboolean
burble_private_chat_connection_must_look (BurblePrivateChatConnection *self, gint64 given)
{
  return self->people_time < given && burble_private_chat_connection_must_prove (self);
}

void
burble_private_chat_connection_ask (BurblePrivateChatConnection *self,
                                    const char                  *path,
                                    GAsyncReadyCallback          callback,
                                    gpointer                     user_data)
{
  self->proving++;
  burble_private_chat_web_get_async (self->web, path, self->cancellable, callback, user_data);
}

/**
 * burble_private_chat_connection_take_page:
 * @self: a connection
 * @result: of a page that was asked for with burble_private_chat_connection_ask()
 * @status: (out): what the site said to it
 * @page: (out) (nullable): the page, where there is one
 * @error: return location for an error
 *
 * Returns: whether the site answered, and we are still signed in; else the link may be gone
 */
gboolean
burble_private_chat_connection_take_page (BurblePrivateChatConnection  *self,
                                          GAsyncResult                 *result,
                                          guint                        *status,
                                          BurblePrivateChatPage       **page,
                                          GError                      **error)
{
  g_autoptr(GError) web_error = NULL;
  g_autoptr(BurblePrivateChatAnswer) answer =
    burble_private_chat_web_get_finish (self->web, result, &web_error);

  *page = NULL;
  /* What was asked on another link is not counted on this one. */
  if (answer == NULL && g_error_matches (web_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&web_error));
      return FALSE;
    }
  self->proving--;
  if (answer != NULL
      && (answer->status == SOUP_STATUS_FOUND
          || !burble_private_chat_writer_has_key (
               self->writer, burble_private_chat_web_get_session_key (self->web))))
    {
      g_set_error_literal (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                           "The session ended");
      burble_private_chat_connection_refused (self);
      return FALSE;
    }
  if (answer != NULL && answer->status < SOUP_STATUS_INTERNAL_SERVER_ERROR)
    self->proved = g_get_monotonic_time ();
  burble_private_chat_held_write (self);
  if (answer == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&web_error));
      return FALSE;
    }
  *status = answer->status;
  *page = g_steal_pointer (&answer->page);
  return TRUE;
}

/* What waits. */

void
burble_private_chat_held_free (BurblePrivateChatHeld *held)
{
  g_free (held->username);
  g_free (held->packet);
  g_free (held);
}

/* FALSE: it can be written now. */
gboolean
burble_private_chat_held_take (BurblePrivateChatPair *pair, const char *packet)
{
  BurblePrivateChatConnection *self = pair->connection;
  BurblePrivateChatHeld *held = NULL;

  if (g_queue_is_empty (&self->held)
      && (self->proving == 0 || !burble_private_chat_connection_must_prove (self)))
    return FALSE;
  held = g_new0 (BurblePrivateChatHeld, 1);
  held->username = g_strdup (pair->username);
  held->packet = g_strdup (packet);
  g_queue_push_tail (&self->held, held);
  return TRUE;
}

void
burble_private_chat_held_write (BurblePrivateChatConnection *self)
{
  BurblePrivateChatHeld *held = NULL;

  while ((self->proving == 0 || !burble_private_chat_connection_must_prove (self))
         && (held = g_queue_pop_head (&self->held)) != NULL)
    {
      BurblePrivateChatPair *pair = g_hash_table_lookup (self->pairs, held->username);

      if (pair != NULL && pair->socket != NULL
          && soup_websocket_connection_get_state (pair->socket) == SOUP_WEBSOCKET_STATE_OPEN)
        soup_websocket_connection_send_text (pair->socket, held->packet);
      burble_private_chat_held_free (held);
    }
}
