/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-private-chat-history"

#include "config.h"

#include "burble-private-chat-connection-private.h"

/*
 * What was said before. A dialog's page is all of its history, so after signing in each dialog is
 * read once, one after another; what nobody has read yet is given as news, and the rest is kept for
 * whoever asks what was missed. Numbers are the site's own and count through all dialogs.
 */

/* So many dialogs have a socket from the beginning; the others get theirs when they are used. */
#define MAX_SOCKETS 16
/* Of our own messages, whether they were read is looked at for so many. */
#define MAX_READ 100
/* So many are looked at that were said at one time. */
#define MAX_CLOSE 50

typedef struct
{
  gint64 after;
  gint64 before;
  guint limit;
} Range;

/* "dialogs/NAME" */
char *
burble_private_chat_dialog_path (const char *username)
{
  g_autofree char *escaped = g_uri_escape_string (username, "@+", FALSE);

  return g_strconcat ("dialogs/", escaped, NULL);
}

static BurbleMessageEvent *
make_event (BurblePrivateChatPair *pair, const BurblePrivateChatPageMessage *said)
{
  BurblePrivateChatConnection *self = pair->connection;
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, said->id);
  BurbleMessageEvent *event = burble_message_event_new (number);

  event->peer = burble_private_chat_connection_make_id (self, pair->username);
  event->outgoing = g_strcmp0 (said->sender, self->own) == 0;
  event->read = said->read;
  event->sender = burble_private_chat_connection_make_id (self, said->sender);
  event->text = g_strdup (said->text);
  event->seq = said->id;
  return event;
}

/* Where the first message stands: what has no date that can be read comes right before the next
 * one that has, or before this moment. */
static gint64
find_beginning (BurblePrivateChatClock *clock, const BurblePrivateChatPage *page, gint64 now)
{
  for (guint i = 0; i < page->messages->len; i++)
    burble_private_chat_clock_take_old (
      clock, ((BurblePrivateChatPageMessage *) page->messages->pdata[i])->date, now);
  for (guint i = 0; i < page->messages->len; i++)
    {
      const BurblePrivateChatPageMessage *said = g_ptr_array_index (page->messages, i);

      if (said->date.time != 0)
        return MIN (burble_private_chat_clock_read (clock, said->date), now) - i;
    }
  return now - page->messages->len;
}

/* All of it. Dates are of whole seconds or minutes, or cannot be read at all: the order is that of
 * the numbers, so each message is a moment after the one before. */
static GPtrArray *
make_events (BurblePrivateChatPair *pair, const BurblePrivateChatPage *page)
{
  BurblePrivateChatConnection *self = pair->connection;
  BurblePrivateChatClock *clock = burble_private_chat_web_get_clock (self->web);
  gint64 now = g_get_real_time ();
  gint64 last = find_beginning (clock, page, now) - 1;
  GPtrArray *events =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);

  for (guint i = 0; i < page->messages->len; i++)
    {
      const BurblePrivateChatPageMessage *said = g_ptr_array_index (page->messages, i);
      BurbleMessageEvent *event = make_event (pair, said);
      gboolean dated = said->date.time != 0;
      gint64 time = last + 1;

      if (dated)
        time = MIN (burble_private_chat_clock_read (clock, said->date), now);
      event->time = MAX (time, last + 1);
      /* A higher number was said later than all that is known, our own words included. */
      if (said->id > self->highest)
        event->time = MAX (event->time, self->latest + 1);
      event->time_precision = dated ? MAX (time + said->date.precision - event->time, 0) : -1;
      if (!dated)
        event->time_text = g_strdup (said->created != NULL ? said->created : "?");
      last = event->time;
      self->latest = MAX (self->latest, last);
      g_ptr_array_add (events, event);
    }
  return events;
}

static int
compare_events (gconstpointer a, gconstpointer b)
{
  const BurbleMessageEvent *one = *(gpointer *) a;
  const BurbleMessageEvent *other = *(gpointer *) b;

  return (one->seq > other->seq) - (one->seq < other->seq);
}

/* After a number the first ones, before one the last ones. */
static BurbleHistoryPage *
cut (GPtrArray *events, const Range *range)
{
  BurbleHistoryPage *page = g_new0 (BurbleHistoryPage, 1);
  guint limit = range->limit > 0 ? range->limit : G_MAXUINT;
  guint first = 0;
  guint end = events->len;

  while (first < end && range->after >= 0
         && ((BurbleMessageEvent *) events->pdata[first])->seq <= range->after)
    first++;
  while (end > first && range->before >= 0
         && ((BurbleMessageEvent *) events->pdata[end - 1])->seq >= range->before)
    end--;
  page->complete = end - first <= limit;
  if (!page->complete && range->after >= 0)
    end = first + limit;
  else if (!page->complete)
    first = end - limit;
  page->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
  for (guint i = first; i < end; i++)
    g_ptr_array_add (page->messages, burble_message_event_copy (events->pdata[i]));
  page->highest = -1;
  return page;
}

static void
answer_catch_ups (BurblePrivateChatConnection *self)
{
  g_autoptr(GPtrArray) tasks = g_steal_pointer (&self->catch_ups);

  self->catch_ups = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_sort (self->past, compare_events);
  for (guint i = 0; i < tasks->len; i++)
    {
      GTask *task = g_ptr_array_index (tasks, i);

      g_task_return_pointer (task, cut (self->past, g_task_get_task_data (task)),
                             (GDestroyNotify) burble_history_page_free);
    }
}

static void
read_next (BurblePrivateChatConnection *self)
{
  g_autofree char *username = g_queue_pop_head (&self->unread_pages);

  if (username != NULL)
    {
      BurblePrivateChatPair *pair = burble_private_chat_connection_get_pair (self, username);

      burble_private_chat_writer_add_user (self->writer, username);
      burble_private_chat_pair_read (pair);
      return;
    }
  self->reading_pages = FALSE;
  self->past_highest = self->highest;
  answer_catch_ups (self);
  if (self->reading_again && self->online)
    burble_private_chat_history_again (self);
}

void
burble_private_chat_history_start (BurblePrivateChatConnection *self)
{
  g_clear_pointer (&self->past, g_ptr_array_unref);
  self->past = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
  self->reading_pages = TRUE;
  read_next (self);
}

void
burble_private_chat_history_prepare (BurblePrivateChatConnection *self,
                                     const BurblePrivateChatPage *page)
{
  g_queue_clear_full (&self->unread_pages, g_free);
  for (guint i = 0; i < page->dialogs->len; i++)
    {
      const BurblePrivateChatPerson *other = g_ptr_array_index (page->dialogs, i);

      if (g_strcmp0 (other->username, self->own) != 0)
        g_queue_push_tail (&self->unread_pages, g_strdup (other->username));
    }
}

static void
got_dialogs_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurblePrivateChatConnection) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePrivateChatPage) page = NULL;
  guint status = 0;
  gboolean answered =
    burble_private_chat_connection_take_page (self, result, &status, &page, &error);

  if (!self->online || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!answered)
    {
      burble_private_chat_history_failed (self);
      return;
    }
  /* Where there is no dialog, there is no page. */
  if (page != NULL)
    burble_private_chat_history_prepare (self, page);
  burble_private_chat_history_start (self);
}

void
burble_private_chat_history_again (BurblePrivateChatConnection *self)
{
  self->reading_again = self->reading_pages;
  if (self->reading_pages)
    return;
  self->reading_pages = TRUE;
  burble_private_chat_connection_ask (self, "dialogs/", got_dialogs_cb, g_object_ref (self));
}

/* The last message that was read before the first that was not, 0 for none. */
static gint64
find_read_mark (GPtrArray *events)
{
  gint64 number = 0;

  for (guint i = 0; i < events->len; i++)
    {
      const BurbleMessageEvent *event = g_ptr_array_index (events, i);

      if (!event->outgoing && !event->read)
        break;
      if (!event->outgoing)
        number = event->seq;
    }
  return number;
}

/* In a browser, or by another Burble. */
static void
note_read_elsewhere (BurblePrivateChatPair *pair, gint64 number)
{
  BurblePrivateChatConnection *self = pair->connection;
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  g_autofree char *peer = burble_private_chat_connection_make_id (self, pair->username);
  const char *ids[2] = { id, NULL };
  g_autoptr(BurbleReceiptEvent) event = NULL;

  if (number <= pair->read_up_to)
    return;
  pair->read_up_to = number;
  event = burble_receipt_event_new (peer, BURBLE_RECEIPT_READ, ids);
  event->own = TRUE;
  burble_receipt_channel_emit_received (BURBLE_RECEIPT_CHANNEL (self), event);
}

/* While nobody was here to be told. What a chat begins with they have long read. */
static void
note_read_by_them (BurblePrivateChatPair *pair, GPtrArray *ids, gint64 number)
{
  BurblePrivateChatConnection *self = pair->connection;
  g_autofree char *peer = burble_private_chat_connection_make_id (self, pair->username);
  g_autoptr(BurbleReceiptEvent) event = NULL;

  if (number <= pair->read_by_them)
    return;
  pair->read_by_them = number;
  g_ptr_array_add (ids, NULL);
  event = burble_receipt_event_new (peer, BURBLE_RECEIPT_READ, (const char * const *) ids->pdata);
  burble_receipt_channel_emit_received (BURBLE_RECEIPT_CHANNEL (self), event);
}

/* Our last ones that they have read, and were not known to have, by the ids they go by here. */
static GPtrArray *
find_read_by_them (BurblePrivateChatPair *pair, GPtrArray *events, gint64 *number)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  *number = 0;
  for (guint i = events->len; i > 0 && ids->len < MAX_READ; i--)
    {
      const BurbleMessageEvent *event = g_ptr_array_index (events, i - 1);
      const char *ref = g_hash_table_lookup (pair->connection->refs, &event->seq);

      if (!event->outgoing || !event->read || event->seq <= pair->read_by_them)
        continue;
      *number = MAX (*number, event->seq);
      g_ptr_array_add (ids, g_strdup (ref != NULL ? ref : event->id));
    }
  return ids;
}

static void
add_news (GPtrArray *news, const BurbleMessageEvent *event)
{
  BurbleMessageEvent *copy = burble_message_event_copy (event);

  copy->seq = -1;
  g_ptr_array_add (news, copy);
}

/* Whether the dates alone do not tell which of two neighbours was first. */
static gboolean
is_close (const BurbleMessageEvent *event, const BurbleMessageEvent *next)
{
  return event->time_precision < 0 || next->time_precision < 0
         || event->time + event->time_precision + G_TIME_SPAN_SECOND >= next->time;
}

/* What nobody has read, and we did not know of; each after those that were said at the same time,
 * which may be known: they tell where it stands. */
static GPtrArray *
find_news (BurblePrivateChatPair *pair, GPtrArray *events)
{
  BurblePrivateChatConnection *self = pair->connection;
  GPtrArray *news = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
  guint next = 0;
  guint first = 0;

  for (guint i = 0; i < events->len; i++)
    {
      const BurbleMessageEvent *event = g_ptr_array_index (events, i);

      self->highest = MAX (self->highest, event->seq);
      if (event->outgoing || event->read)
        continue;
      if (g_hash_table_contains (self->told, &event->seq))
        {
          burble_private_chat_read_tell (pair, event->seq);
          continue;
        }
      if (g_hash_table_contains (self->seen, &event->seq))
        continue;
      for (first = i; first > next && i - first < MAX_CLOSE
                      && is_close (events->pdata[first - 1], events->pdata[first]);)
        first--;
      for (next = first; next <= i; next++)
        add_news (news, g_ptr_array_index (events, next));
    }
  return news;
}

/* The page of a dialog came, for whatever reason; NULL: it could not be had. */
void
burble_private_chat_history_read (BurblePrivateChatPair *pair, const BurblePrivateChatPage *page)
{
  BurblePrivateChatConnection *self = pair->connection;
  g_autoptr(BurblePrivateChatConnection) alive = g_object_ref (self);
  g_autoptr(GPtrArray) events = NULL;
  g_autoptr(GPtrArray) news = NULL;
  g_autoptr(GPtrArray) read_by_them = NULL;
  gint64 mark = 0;
  gint64 last = 0;

  if (page != NULL)
    {
      events = make_events (pair, page);
      news = find_news (pair, events);
      mark = find_read_mark (events);
      read_by_them = find_read_by_them (pair, events, &last);
      if (self->reading_pages)
        g_ptr_array_extend_and_steal (self->past, g_steal_pointer (&events));
      if (g_hash_table_size (self->pairs) <= MAX_SOCKETS)
        burble_private_chat_pair_open (pair);
      if (news->len > 0)
        burble_message_channel_emit_received (BURBLE_MESSAGE_CHANNEL (self), news);
      /* Whoever was told may have taken the link down. */
      if (self->online)
        note_read_elsewhere (pair, mark);
      if (self->online)
        note_read_by_them (pair, read_by_them, last);
    }
  if (self->online && self->reading_pages)
    read_next (self);
}

void
burble_private_chat_history_failed (BurblePrivateChatConnection *self)
{
  g_autoptr(GPtrArray) tasks = g_steal_pointer (&self->catch_ups);

  self->catch_ups = g_ptr_array_new_with_free_func (g_object_unref);
  g_queue_clear_full (&self->unread_pages, g_free);
  g_clear_pointer (&self->past, g_ptr_array_unref);
  self->reading_pages = FALSE;
  self->reading_again = FALSE;
  for (guint i = 0; i < tasks->len; i++)
    g_task_return_new_error_literal (g_ptr_array_index (tasks, i), BURBLE_PROTOCOL_ERROR,
                                     BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                                     "The connection went down");
}

static void
got_page_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  BurblePrivateChatConnection *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePrivateChatPage) page = NULL;
  g_autoptr(GPtrArray) events = NULL;
  g_autofree char *username = g_strdup (g_object_get_data (G_OBJECT (task), "burble-username"));
  guint status = 0;

  if (!burble_private_chat_connection_take_page (self, result, &status, &page, &error)
      || !self->online)
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                       BURBLE_PROTOCOL_ERROR_NOT_CONNECTED, "Not connected");
      return;
    }
  if (page == NULL || !page->has_history)
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED,
                                       "The site does not show the dialog");
      return;
    }
  burble_private_chat_people_add (self, username);
  burble_private_chat_writer_add_dialog (self->writer, username);
  events = make_events (burble_private_chat_connection_get_pair (self, username), page);
  g_task_return_pointer (task, cut (events, g_task_get_task_data (task)),
                         (GDestroyNotify) burble_history_page_free);
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
  BurblePrivateChatConnection *self = BURBLE_PRIVATE_CHAT_CONNECTION (channel);
  g_autoptr(GTask) task = g_task_new (channel, cancellable, callback, user_data);
  g_autofree char *username = NULL;
  g_autofree char *path = NULL;
  Range range = { after, before, limit };

  g_task_set_source_tag (task, fetch_async);
  g_task_set_task_data (task, g_memdup2 (&range, sizeof range), g_free);
  if (!burble_private_chat_connection_check (self, task))
    return;
  if (with == NULL)
    {
      g_ptr_array_add (self->catch_ups, g_steal_pointer (&task));
      if (!self->reading_pages && self->past_highest == self->highest)
        answer_catch_ups (self);
      else if (!self->reading_pages)
        burble_private_chat_history_again (self);
      return;
    }
  username = burble_private_chat_connection_get_username (self, with);
  /* To ask for a dialog makes one: only with people who are. */
  if (username == NULL || !burble_private_chat_writer_knows (self->writer, username))
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED,
                                       "There is nobody of that name");
      return;
    }
  path = burble_private_chat_dialog_path (username);
  g_object_set_data_full (G_OBJECT (task), "burble-username", g_steal_pointer (&username), g_free);
  burble_private_chat_connection_ask (self, path, got_page_cb, g_steal_pointer (&task));
}

static BurbleHistoryPage *
fetch_finish (BurbleHistoryChannel *channel, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
burble_private_chat_history_iface_init (BurbleHistoryChannelInterface *iface)
{
  iface->fetch_async = fetch_async;
  iface->fetch_finish = fetch_finish;
}
