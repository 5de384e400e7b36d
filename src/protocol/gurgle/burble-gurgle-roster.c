/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-roster"

#include "config.h"

#include "burble-gurgle-connection-private.h"

/*
 * The roster (`roaster` on the wire): fetched by etag, pushed when it changes, changed by request.
 */

static BurbleRosterSubscription
subscription_from_wire (BurbleGurgleSubscription subscription)
{
  switch (subscription)
    {
    case BURBLE_GURGLE_SUBSCRIPTION_TO:
      return BURBLE_ROSTER_TO;
    case BURBLE_GURGLE_SUBSCRIPTION_FROM:
      return BURBLE_ROSTER_FROM;
    case BURBLE_GURGLE_SUBSCRIPTION_BOTH:
      return BURBLE_ROSTER_BOTH;
    case BURBLE_GURGLE_SUBSCRIPTION_NONE:
    default:
      return BURBLE_ROSTER_NONE;
    }
}

static BurbleGurgleSubscription
subscription_to_wire (BurbleRosterSubscription subscription)
{
  switch (subscription)
    {
    case BURBLE_ROSTER_TO:
      return BURBLE_GURGLE_SUBSCRIPTION_TO;
    case BURBLE_ROSTER_FROM:
      return BURBLE_GURGLE_SUBSCRIPTION_FROM;
    case BURBLE_ROSTER_BOTH:
      return BURBLE_GURGLE_SUBSCRIPTION_BOTH;
    case BURBLE_ROSTER_NONE:
    default:
      return BURBLE_GURGLE_SUBSCRIPTION_NONE;
    }
}

/* NULL: an entry without a usable id, which is left out. */
static BurbleRosterItem *
item_from_entry (const BurbleGurgleRosterEntry *entry)
{
  g_autofree char *id = burble_gurgle_connection_bare (entry->from);
  BurbleRosterItem *item = NULL;

  if (id == NULL)
    return NULL;
  item = burble_roster_item_new (id);
  item->name = g_strdup (entry->name);
  item->bio = g_strdup (entry->bio);
  item->alias = g_strdup (entry->alias);
  item->has_alias = TRUE;
  item->room = entry->type == BURBLE_GURGLE_ENTRY_CHATROOM;
  item->subscription = subscription_from_wire (entry->subscription);
  item->has_subscription = TRUE;
  item->asks = entry->ask;
  item->removed = entry->removed;
  for (guint i = 0; i < entry->terminals->len; i++)
    {
      const BurbleGurgleTerminal *terminal = g_ptr_array_index (entry->terminals, i);

      BurblePeerStatus status = burble_gurgle_presence_from_wire (terminal->status);

      g_ptr_array_add (item->presences, burble_presence_event_new (id, terminal->terminal, status,
                                                                   terminal->mood));
    }
  return item;
}

GPtrArray *
burble_gurgle_roster_read (const GPtrArray *entries)
{
  GPtrArray *items = g_ptr_array_new_full (entries->len, (GDestroyNotify) burble_roster_item_free);

  for (guint i = 0; i < entries->len; i++)
    {
      BurbleRosterItem *item = item_from_entry (g_ptr_array_index (entries, i));

      if (item != NULL)
        g_ptr_array_add (items, item);
    }
  return items;
}

static void
note_rooms (BurbleGurgleConnection *self, const GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      const BurbleRosterItem *item = g_ptr_array_index (items, i);

      if (item->room && !item->removed)
        g_hash_table_add (self->rooms, g_strdup (item->id));
      else
        g_hash_table_remove (self->rooms, item->id);
    }
}

void
burble_gurgle_roster_take (BurbleGurgleConnection *self, const BurbleGurglePacket *packet)
{
  BurbleRosterChannel *channel = BURBLE_ROSTER_CHANNEL (self);
  g_autoptr(GPtrArray) items = NULL;

  if (packet->type == BURBLE_GURGLE_KEEP_ROSTER)
    {
      burble_roster_channel_emit_kept (channel);
      return;
    }

  if (packet->roster.etag != NULL)
    g_set_str (&self->etag, packet->roster.etag);
  if (packet->type == BURBLE_GURGLE_FLUSH_ROSTER)
    {
      g_hash_table_remove_all (self->rooms);
      self->rooms_known = TRUE;
    }
  items = g_steal_pointer (&self->read_items);
  if (items == NULL)
    items = burble_gurgle_roster_read (packet->roster.entries);
  note_rooms (self, items);
  if (packet->type == BURBLE_GURGLE_FLUSH_ROSTER)
    burble_roster_channel_emit_reset (channel, self->etag, items);
  else
    burble_roster_channel_emit_changed (channel, self->etag, items);
}

static void
fetched_cb (gpointer owner, const BurbleGurglePacket *reply, const GError *error, gpointer data)
{
  BurbleGurgleConnection *self = owner;
  BurbleConnection *connection = BURBLE_CONNECTION (self);

  if (reply != NULL)
    {
      burble_gurgle_roster_take (self, reply);
      return;
    }
  g_debug ("No roster: %s", error->message);
  /* Silence on the later dialect: that server has none. */
  if (self->signed_in && self->dialect == BURBLE_GURGLE_DIALECT_0_2)
    burble_connection_set_capabilities (
      connection, burble_connection_get_capabilities (connection)
                  & ~(BURBLE_CAPABILITY_ROSTER | BURBLE_CAPABILITY_ROSTER_EDIT
                      | BURBLE_CAPABILITY_REQUESTS));
}

void
burble_gurgle_roster_fetch (BurbleGurgleConnection *self)
{
  BurbleGurglePacket *packet = burble_gurgle_packet_new (BURBLE_GURGLE_GET_ROSTER);

  /* `room@domain/name` and `person@domain/terminal` look the same: who keeps the roster has to know
   * the rooms in it. */
  if (self->rooms_known)
    packet->roster.etag = g_strdup (self->etag);
  burble_gurgle_connection_request (self, packet, BURBLE_GURGLE_FLUSH_ROSTER, fetched_cb,
                                    NULL, NULL);
}

static void
set_etag (BurbleRosterChannel *channel, const char *etag)
{
  g_set_str (&BURBLE_GURGLE_CONNECTION (channel)->etag, etag);
}

static void
set_rooms (BurbleRosterChannel *channel, const char * const *rooms)
{
  BurbleGurgleConnection *self = BURBLE_GURGLE_CONNECTION (channel);

  g_hash_table_remove_all (self->rooms);
  for (guint i = 0; rooms[i] != NULL; i++)
    {
      char *room = burble_gurgle_connection_bare (rooms[i]);

      if (room != NULL)
        g_hash_table_add (self->rooms, room);
    }
  self->rooms_known = TRUE;
}

static void
changed_cb (gpointer owner, const BurbleGurglePacket *reply, const GError *error, gpointer data)
{
  GTask *task = data;

  if (error != NULL)
    {
      g_task_return_error (task, g_error_copy (error));
      return;
    }
  /* What was changed before a refusal still counts. */
  if (reply->error == NULL || reply->roster.entries->len > 0
      || ((BurbleGurgleConnection *) owner)->read_items != NULL)
    burble_gurgle_roster_take (owner, reply);
  if (reply->error != NULL)
    g_task_return_error (task, burble_gurgle_error_from_words (reply->error, reply->reason));
  else
    g_task_return_boolean (task, TRUE);
}

static BurbleGurgleRosterEntry *
entry_from_change (const BurbleRosterItem *item)
{
  BurbleGurgleRosterEntry *entry = burble_gurgle_roster_entry_new (item->id);

  entry->removed = item->removed;
  entry->type = item->room ? BURBLE_GURGLE_ENTRY_CHATROOM : BURBLE_GURGLE_ENTRY_PEER;
  if (item->has_alias)
    {
      entry->has_alias = TRUE;
      entry->alias = g_strdup (item->alias);
    }
  if (item->has_subscription)
    {
      entry->has_subscription = TRUE;
      entry->subscription = subscription_to_wire (item->subscription);
    }
  return entry;
}

static void
change_async (BurbleRosterChannel *channel,
              GPtrArray           *items,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  BurbleGurgleConnection *self = BURBLE_GURGLE_CONNECTION (channel);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(BurbleGurglePacket) packet = NULL;

  g_task_set_source_tag (task, change_async);
  if (!burble_gurgle_connection_check_open (self, task))
    return;
  packet = burble_gurgle_packet_new (BURBLE_GURGLE_UPDATE_ROSTER);
  packet->roster.etag = g_strdup (self->etag);
  for (guint i = 0; i < items->len; i++)
    {
      const BurbleRosterItem *item = g_ptr_array_index (items, i);
      g_autoptr(BurbleGurgleId) id = burble_gurgle_id_parse (item->id, NULL);

      if (id == NULL)
        {
          g_task_return_new_error (task, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS,
                                   "“%s” is not an address", item->id);
          return;
        }
      g_ptr_array_add (packet->roster.entries, entry_from_change (item));
    }
  burble_gurgle_connection_request (self, g_steal_pointer (&packet), BURBLE_GURGLE_UPDATE_ROSTER,
                                    changed_cb, g_steal_pointer (&task), g_object_unref);
}

static gboolean
change_finish (BurbleRosterChannel *channel, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, channel), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
burble_gurgle_roster_iface_init (BurbleRosterChannelInterface *iface)
{
  iface->set_etag = set_etag;
  iface->set_rooms = set_rooms;
  iface->change_async = change_async;
  iface->change_finish = change_finish;
}
