/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-dummy-terminal"

#include "config.h"

#include "burble-dummy-network-private.h"

/*
 * What one signed-in connection is to hear waits here until the main loop has a moment, in order,
 * so that nothing arrives from inside the call that caused it.
 */

typedef enum
{
  HEAR_KEPT,
  HEAR_ROSTER,
  HEAR_PRESENCE,
  HEAR_MESSAGES,
  HEAR_TYPING,
  HEAR_RECEIPT,
  HEAR_COUNTED,
} HearKind;

typedef struct
{
  HearKind kind;
  char *text;
  char *sender;
  gboolean flag;
  gint64 seq;
  GPtrArray *array;
  BurbleReceiptEvent *receipt;
} Heard;

static void
heard_free (Heard *heard)
{
  g_free (heard->text);
  g_free (heard->sender);
  g_clear_pointer (&heard->array, g_ptr_array_unref);
  g_clear_pointer (&heard->receipt, burble_receipt_event_free);
  g_free (heard);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Heard, heard_free)

static void
tell (BurbleConnection *connection, const Heard *heard)
{
  switch (heard->kind)
    {
    case HEAR_KEPT:
      burble_roster_channel_emit_kept (BURBLE_ROSTER_CHANNEL (connection));
      break;
    case HEAR_ROSTER:
      if (heard->flag)
        burble_roster_channel_emit_reset (BURBLE_ROSTER_CHANNEL (connection),
                                          heard->text, heard->array);
      else
        burble_roster_channel_emit_changed (BURBLE_ROSTER_CHANNEL (connection),
                                            heard->text, heard->array);
      break;
    case HEAR_PRESENCE:
      burble_presence_channel_emit_changed (BURBLE_PRESENCE_CHANNEL (connection), heard->array);
      break;
    case HEAR_MESSAGES:
      burble_message_channel_emit_received (BURBLE_MESSAGE_CHANNEL (connection), heard->array);
      break;
    case HEAR_TYPING:
      burble_typing_channel_emit_changed (BURBLE_TYPING_CHANNEL (connection),
                                          heard->text, heard->sender, heard->flag);
      break;
    case HEAR_RECEIPT:
      burble_receipt_channel_emit_received (BURBLE_RECEIPT_CHANNEL (connection), heard->receipt);
      break;
    case HEAR_COUNTED:
      burble_history_channel_emit_counted (BURBLE_HISTORY_CHANNEL (connection), heard->seq);
      break;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
inbox_cb (gpointer user_data)
{
  BurbleDummyTerminal *self = user_data;
  g_autoptr(BurbleConnection) connection = g_object_ref (self->connection);
  g_autoptr(Heard) heard = g_queue_pop_head (&self->inbox);
  gboolean more = !g_queue_is_empty (&self->inbox);

  if (!more)
    self->inbox_source = 0;
  /* Last: a listener may end the connection, and with it this terminal. */
  if (heard != NULL)
    tell (connection, heard);
  return more ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static Heard *
hear (BurbleDummyTerminal *self, HearKind kind)
{
  Heard *heard = g_new0 (Heard, 1);

  heard->kind = kind;
  g_queue_push_tail (&self->inbox, heard);
  if (self->inbox_source == 0)
    self->inbox_source = g_idle_add_full (G_PRIORITY_DEFAULT, inbox_cb, self, NULL);
  return heard;
}

void
burble_dummy_terminal_hear_kept (BurbleDummyTerminal *self)
{
  hear (self, HEAR_KEPT);
}

void
burble_dummy_terminal_hear_roster (BurbleDummyTerminal *self,
                                   const char          *etag,
                                   GPtrArray           *items,
                                   gboolean             all)
{
  Heard *heard = hear (self, HEAR_ROSTER);

  heard->text = g_strdup (etag);
  heard->array = items;
  heard->flag = all;
}

void
burble_dummy_terminal_hear_presence (BurbleDummyTerminal *self, GPtrArray *events)
{
  hear (self, HEAR_PRESENCE)->array = events;
}

void
burble_dummy_terminal_hear_messages (BurbleDummyTerminal *self, GPtrArray *messages)
{
  hear (self, HEAR_MESSAGES)->array = messages;
}

void
burble_dummy_terminal_hear_counted (BurbleDummyTerminal *self, gint64 seq)
{
  hear (self, HEAR_COUNTED)->seq = seq;
}

void
burble_dummy_terminal_hear_typing (BurbleDummyTerminal *self,
                                   const char          *peer,
                                   const char          *sender,
                                   gboolean             typing)
{
  Heard *heard = NULL;

  if (!burble_connection_has (self->connection, BURBLE_CAPABILITY_TYPING))
    return;
  heard = hear (self, HEAR_TYPING);
  heard->text = g_strdup (peer);
  heard->sender = g_strdup (sender);
  heard->flag = typing;
}

void
burble_dummy_terminal_hear_receipt (BurbleDummyTerminal *self, BurbleReceiptEvent *receipt)
{
  if (burble_connection_has (self->connection, BURBLE_CAPABILITY_RECEIPTS))
    hear (self, HEAR_RECEIPT)->receipt = receipt;
  else
    burble_receipt_event_free (receipt);
}

gboolean
burble_dummy_terminal_is_quiet (BurbleDummyTerminal *self)
{
  return g_queue_is_empty (&self->inbox);
}

void
burble_dummy_terminal_free (BurbleDummyTerminal *self)
{
  g_clear_handle_id (&self->inbox_source, g_source_remove);
  g_queue_clear_full (&self->inbox, (GDestroyNotify) heard_free);
  g_free (self->name);
  g_free (self->mood);
  g_free (self);
}
