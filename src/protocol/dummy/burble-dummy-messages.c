/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-dummy-messages"

#include "config.h"

#include "burble-dummy-network-private.h"

#include <string.h>

/*
 * Messages of the dummy network: each account has an archive with its own running number, and a
 * list of what no terminal has acknowledged yet.
 */

static BurbleMessageEvent *
archive (BurbleDummyAccount *account, BurbleMessageEvent *message)
{
  message->seq = (gint64) account->archive->len + 1;
  g_ptr_array_add (account->archive, message);
  return message;
}

static void
push (BurbleDummyAccount       *account,
      const BurbleMessageEvent *message,
      BurbleDummyTerminal      *except)
{
  for (guint i = 0; i < account->terminals->len; i++)
    {
      BurbleDummyTerminal *terminal = g_ptr_array_index (account->terminals, i);
      GPtrArray *messages = NULL;

      if (terminal == except)
        continue;
      messages = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
      g_ptr_array_add (messages, burble_message_event_copy (message));
      burble_dummy_terminal_hear_messages (terminal, messages);
    }
}

static void
deliver (BurbleDummyNetwork       *self,
         BurbleDummyAccount       *receiver,
         const char               *peer,
         BurbleDummyAccount       *sender,
         BurbleDummyTerminal      *terminal,
         const BurbleMessageEvent *message)
{
  BurbleMessageEvent *copy = NULL;

  if (receiver->canned)
    {
      burble_dummy_people_hear (self, receiver, sender, peer, message->id, message->text);
      return;
    }

  copy = burble_message_event_copy (message);
  g_set_str (&copy->peer, peer);
  g_set_str (&copy->sender, sender->id);
  g_set_str (&copy->sender_terminal, terminal != NULL ? terminal->name : NULL);
  copy->outgoing = FALSE;
  archive (receiver, copy);
  g_ptr_array_add (receiver->pending, burble_message_event_copy (copy));
  push (receiver, copy, NULL);
}

static void
deliver_to_room (BurbleDummyNetwork       *self,
                 BurbleDummyAccount       *room,
                 BurbleDummyAccount       *sender,
                 BurbleDummyTerminal      *terminal,
                 const BurbleMessageEvent *message)
{
  GHashTableIter iter;
  gpointer id = NULL;

  g_hash_table_iter_init (&iter, room->members);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      BurbleDummyAccount *member = burble_dummy_network_find (self, id);

      if (member != NULL && member != sender)
        deliver (self, member, room->id, sender, terminal, message);
    }
}

/* TRUE: it is kept. The same id again from the same sender is not delivered again. */
gboolean
burble_dummy_network_send (BurbleDummyNetwork        *self,
                           BurbleDummyAccount        *sender,
                           BurbleDummyTerminal       *terminal,
                           const BurbleMessageEvent  *message,
                           GError                   **error)
{
  BurbleDummyAccount *receiver = burble_dummy_network_find (self, message->peer);
  g_autoptr(BurbleMessageEvent) stamped = NULL;

  if (receiver == NULL)
    {
      g_set_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED,
                   "There is nobody called %s here.", message->peer);
      return FALSE;
    }
  if (!g_hash_table_add (sender->taken, g_strdup (message->id)))
    return TRUE;

  stamped = burble_message_event_copy (message);
  if (stamped->time == 0)
    stamped->time = g_get_real_time ();

  if (!sender->canned)
    {
      BurbleMessageEvent *own = burble_message_event_copy (stamped);

      g_set_str (&own->sender, sender->id);
      g_set_str (&own->sender_terminal, terminal != NULL ? terminal->name : NULL);
      own->outgoing = TRUE;
      archive (sender, own);
      push (sender, own, terminal);
      if (terminal != NULL)
        burble_dummy_terminal_hear_counted (terminal, own->seq);
    }
  if (receiver->members != NULL)
    deliver_to_room (self, receiver, sender, terminal, stamped);
  else if (receiver != sender)
    deliver (self, receiver, sender->id, sender, terminal, stamped);
  return TRUE;
}

void
burble_dummy_network_remember (BurbleDummyNetwork *self,
                               BurbleDummyAccount *owner,
                               const char         *peer,
                               const char         *sender,
                               const char         *text,
                               gint64              time,
                               gboolean            unread)
{
  g_autofree char *id = g_uuid_string_random ();
  BurbleMessageEvent *message = burble_message_event_new (id);

  message->peer = g_strdup (peer);
  message->sender = g_strdup (sender);
  message->outgoing = strcmp (sender, owner->id) == 0;
  message->text = g_strdup (text);
  message->time = time;
  archive (owner, message);
  if (unread)
    g_ptr_array_add (owner->pending, burble_message_event_copy (message));
}

void
burble_dummy_network_send_pending (BurbleDummyNetwork *self, BurbleDummyTerminal *terminal)
{
  GPtrArray *pending = terminal->account->pending;
  GPtrArray *messages = NULL;

  if (pending->len == 0)
    return;
  messages = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
  for (guint i = 0; i < pending->len; i++)
    g_ptr_array_add (messages, burble_message_event_copy (g_ptr_array_index (pending, i)));
  burble_dummy_terminal_hear_messages (terminal, messages);
}

void
burble_dummy_network_acknowledge (BurbleDummyNetwork *self,
                                  BurbleDummyAccount *account,
                                  GPtrArray          *messages)
{
  for (guint i = 0; i < messages->len; i++)
    {
      const BurbleMessageEvent *message = g_ptr_array_index (messages, i);

      for (guint j = 0; j < account->pending->len; j++)
        {
          const BurbleMessageEvent *pending = g_ptr_array_index (account->pending, j);

          if (g_strcmp0 (pending->id, message->id) == 0
              && g_strcmp0 (pending->sender, message->sender) == 0)
            {
              g_ptr_array_remove_index (account->pending, j);
              break;
            }
        }
    }
}

static void
tell_typing (BurbleDummyAccount *account, const char *peer, const char *sender, gboolean typing)
{
  for (guint i = 0; i < account->terminals->len; i++)
    burble_dummy_terminal_hear_typing (g_ptr_array_index (account->terminals, i),
                                       peer, sender, typing);
}

void
burble_dummy_network_typing (BurbleDummyNetwork *self,
                             BurbleDummyAccount *sender,
                             const char         *peer,
                             gboolean            typing)
{
  BurbleDummyAccount *receiver = burble_dummy_network_find (self, peer);
  GHashTableIter iter;
  gpointer id = NULL;

  if (receiver == NULL)
    return;
  if (receiver->members == NULL)
    {
      tell_typing (receiver, sender->id, sender->id, typing);
      return;
    }
  g_hash_table_iter_init (&iter, receiver->members);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      BurbleDummyAccount *member = burble_dummy_network_find (self, id);

      if (member != NULL && member != sender)
        tell_typing (member, receiver->id, sender->id, typing);
    }
}

void
burble_dummy_network_receipt (BurbleDummyNetwork  *self,
                              BurbleDummyAccount  *sender,
                              BurbleDummyTerminal *terminal,
                              const char          *peer,
                              BurbleReceiptState   state,
                              const char * const  *messages)
{
  BurbleDummyAccount *receiver = burble_dummy_network_find (self, peer);

  for (guint i = 0; receiver != NULL && i < receiver->terminals->len; i++)
    burble_dummy_terminal_hear_receipt (g_ptr_array_index (receiver->terminals, i),
                                        burble_receipt_event_new (sender->id, state, messages));
  if (state != BURBLE_RECEIPT_READ)
    return;
  for (guint i = 0; i < sender->terminals->len; i++)
    {
      BurbleDummyTerminal *other = g_ptr_array_index (sender->terminals, i);
      BurbleReceiptEvent *receipt = NULL;

      if (other == terminal)
        continue;
      receipt = burble_receipt_event_new (peer, state, messages);
      receipt->own = TRUE;
      burble_dummy_terminal_hear_receipt (other, receipt);
    }
}

BurbleHistoryPage *
burble_dummy_network_history (BurbleDummyNetwork *self,
                              BurbleDummyAccount *account,
                              const char         *with,
                              gint64              after,
                              gint64              before,
                              guint               limit)
{
  BurbleHistoryPage *page = g_new0 (BurbleHistoryPage, 1);
  g_autoptr(GPtrArray) hits = g_ptr_array_new ();
  gboolean forward = with == NULL;
  guint first = 0;
  guint count = 0;

  for (guint i = 0; i < account->archive->len; i++)
    {
      BurbleMessageEvent *message = g_ptr_array_index (account->archive, i);

      if ((with == NULL || g_strcmp0 (message->peer, with) == 0)
          && message->seq > after
          && (before < 0 || message->seq < before))
        g_ptr_array_add (hits, message);
    }

  limit = CLAMP (limit, 1, 500);
  count = MIN (hits->len, limit);
  first = forward ? 0 : hits->len - count;
  page->highest = -1;
  page->complete = count == hits->len;
  page->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
  for (guint i = 0; i < count; i++)
    g_ptr_array_add (page->messages,
                     burble_message_event_copy (g_ptr_array_index (hits, first + i)));
  return page;
}
