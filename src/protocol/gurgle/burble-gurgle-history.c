/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-history"

#include "config.h"

#include "burble-gurgle-connection-private.h"

/*
 * Pages of what the server keeps. Nothing of it is acknowledged.
 */

static void
fetched_cb (gpointer owner, const BurbleGurglePacket *reply, const GError *error, gpointer data)
{
  BurbleGurgleConnection *self = owner;
  GTask *task = data;
  BurbleHistoryPage *page = NULL;

  if (error != NULL)
    {
      g_task_return_error (task, g_error_copy (error));
      return;
    }
  if (reply->error != NULL)
    {
      g_task_return_error (task, burble_gurgle_error_from_words (reply->error, reply->reason));
      return;
    }

  page = g_new0 (BurbleHistoryPage, 1);
  page->complete = reply->history.complete;
  page->highest = reply->dropped != NULL ? reply->dropped->seq : -1;
  page->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
  for (guint i = 0; i < reply->history.messages->len; i++)
    {
      const BurbleGurgleMessage *message = g_ptr_array_index (reply->history.messages, i);
      BurbleMessageEvent *event = burble_gurgle_inbox_read (self, message);

      page->highest = MAX (page->highest, message->seq);
      if (event != NULL)
        g_ptr_array_add (page->messages, event);
    }
  g_task_return_pointer (task, page, (GDestroyNotify) burble_history_page_free);
}

static void
fetch_async (BurbleHistoryChannel *channel,
             const char           *with,
             gint64                after,
             gint64                before,
             guint                 limit,
             GCancellable         *cancellable,
             GAsyncReadyCallback   callback,
             gpointer              user_data)
{
  BurbleGurgleConnection *self = BURBLE_GURGLE_CONNECTION (channel);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *bare = burble_gurgle_connection_bare (with);
  BurbleGurglePacket *packet = NULL;

  g_task_set_source_tag (task, fetch_async);
  if (!burble_gurgle_connection_check_open (self, task))
    return;
  if (!burble_gurgle_connection_has (self, BURBLE_GURGLE_HAS_HISTORY))
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                       BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
                                       "The server keeps no history");
      return;
    }
  if (with != NULL && bare == NULL)
    {
      g_task_return_new_error (task, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS,
                               "“%s” is not an address", with);
      return;
    }

  packet = burble_gurgle_packet_new (BURBLE_GURGLE_GET_HISTORY);
  packet->history.with = g_steal_pointer (&bare);
  packet->history.after = after;
  packet->history.before = before;
  packet->history.limit = (gint) MIN (limit, G_MAXINT);
  burble_gurgle_connection_request (self, packet, BURBLE_GURGLE_HISTORY, fetched_cb,
                                    g_steal_pointer (&task), g_object_unref);
}

static BurbleHistoryPage *
fetch_finish (BurbleHistoryChannel *channel, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, channel), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
burble_gurgle_history_iface_init (BurbleHistoryChannelInterface *iface)
{
  iface->fetch_async = fetch_async;
  iface->fetch_finish = fetch_finish;
}
