/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-dummy-roster"

#include "config.h"

#include "burble-dummy-network-private.h"

/*
 * Rosters of the dummy network: who asked whom, who sees whom. What A's entry for B says with `to`
 * is what B's entry for A says with `from`.
 */

void
burble_dummy_entry_free (BurbleDummyEntry *self)
{
  g_free (self->alias);
  g_free (self);
}

static BurbleDummyEntry *
find_entry (BurbleDummyAccount *owner, const char *id)
{
  return g_hash_table_lookup (owner->roster, id);
}

static BurbleDummyEntry *
ensure_entry (BurbleDummyAccount *owner, const char *id)
{
  BurbleDummyEntry *entry = find_entry (owner, id);

  if (entry == NULL)
    {
      entry = g_new0 (BurbleDummyEntry, 1);
      g_hash_table_insert (owner->roster, g_strdup (id), entry);
    }
  return entry;
}

static void
add_presences (BurbleRosterItem *item, BurbleDummyAccount *account)
{
  if (account->status != BURBLE_PEER_OFFLINE)
    g_ptr_array_add (item->presences,
                     burble_presence_event_new (account->id, "desk", account->status,
                                                account->mood));
  for (guint i = 0; i < account->terminals->len; i++)
    {
      const BurbleDummyTerminal *terminal = g_ptr_array_index (account->terminals, i);

      if (terminal->status != BURBLE_PEER_OFFLINE && terminal->status != BURBLE_PEER_INVISIBLE)
        g_ptr_array_add (item->presences,
                         burble_presence_event_new (account->id, terminal->name,
                                                    terminal->status, terminal->mood));
    }
}

/* The entry as it now stands; one that is gone is described as removed. */
BurbleRosterItem *
burble_dummy_network_describe_entry (BurbleDummyNetwork *self,
                                     BurbleDummyAccount *owner,
                                     const char         *id)
{
  BurbleRosterItem *item = burble_roster_item_new (id);
  const BurbleDummyEntry *entry = find_entry (owner, id);
  BurbleDummyAccount *account = burble_dummy_network_find (self, id);

  item->removed = entry == NULL;
  if (entry == NULL)
    return item;

  item->alias = g_strdup (entry->alias);
  item->has_alias = TRUE;
  item->has_subscription = TRUE;
  item->asks = entry->ask;
  if (entry->to)
    item->subscription = entry->from ? BURBLE_ROSTER_BOTH : BURBLE_ROSTER_TO;
  else
    item->subscription = entry->from ? BURBLE_ROSTER_FROM : BURBLE_ROSTER_NONE;
  if (account != NULL)
    {
      item->name = g_strdup (account->name);
      item->bio = g_strdup (account->bio);
      item->room = account->members != NULL;
      if (entry->to && !item->room)
        add_presences (item, account);
    }
  return item;
}

static char *
etag_of (BurbleDummyAccount *account)
{
  return g_strdup_printf ("r%u", account->revision);
}

static void
push_entry (BurbleDummyNetwork *self, BurbleDummyAccount *owner, const char *id)
{
  g_autofree char *etag = NULL;

  owner->revision++;
  etag = etag_of (owner);
  for (guint i = 0; i < owner->terminals->len; i++)
    {
      GPtrArray *items =
        g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);

      g_ptr_array_add (items, burble_dummy_network_describe_entry (self, owner, id));
      burble_dummy_terminal_hear_roster (g_ptr_array_index (owner->terminals, i),
                                         etag, items, FALSE);
    }
}

void
burble_dummy_network_send_roster (BurbleDummyNetwork  *self,
                                  BurbleDummyTerminal *terminal,
                                  const char          *etag)
{
  g_autofree char *current = etag_of (terminal->account);
  GHashTableIter iter;
  gpointer id = NULL;
  g_autoptr(GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);

  g_hash_table_iter_init (&iter, terminal->account->roster);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_ptr_array_add (items, burble_dummy_network_describe_entry (self, terminal->account, id));

  if (g_strcmp0 (etag, current) == 0)
    {
      g_autoptr(GPtrArray) events =
        g_ptr_array_new_with_free_func ((GDestroyNotify) burble_presence_event_free);

      for (guint i = 0; i < items->len; i++)
        {
          BurbleRosterItem *item = g_ptr_array_index (items, i);

          g_ptr_array_extend_and_steal (events, g_steal_pointer (&item->presences));
          item->presences = g_ptr_array_new ();
        }
      burble_dummy_terminal_hear_kept (terminal);
      if (events->len > 0)
        burble_dummy_terminal_hear_presence (terminal, g_steal_pointer (&events));
    }
  else
    {
      burble_dummy_terminal_hear_roster (terminal, current, g_steal_pointer (&items), TRUE);
    }
}

/* Both see each other; nobody is told. */
BurbleDummyEntry *
burble_dummy_network_befriend (BurbleDummyNetwork *self,
                               BurbleDummyAccount *a,
                               BurbleDummyAccount *b)
{
  BurbleDummyEntry *there = ensure_entry (b, a->id);
  BurbleDummyEntry *here = ensure_entry (a, b->id);

  here->to = here->from = there->to = there->from = TRUE;
  here->ask = there->ask = FALSE;
  return here;
}

static void
remove_entry (BurbleDummyNetwork *self, BurbleDummyAccount *owner, BurbleDummyAccount *other)
{
  BurbleDummyEntry *back = find_entry (other, owner->id);

  g_hash_table_remove (owner->roster, other->id);
  push_entry (self, owner, other->id);
  if (other->members != NULL)
    {
      g_hash_table_remove (other->members, owner->id);
      return;
    }
  if (back == NULL)
    return;
  /* A question that was taken back leaves nothing behind. */
  if (back->ask && !back->to && !back->from)
    g_hash_table_remove (other->roster, owner->id);
  else
    back->to = back->from = back->ask = FALSE;
  push_entry (self, other, owner->id);
}

static void
ask (BurbleDummyNetwork *self, BurbleDummyAccount *owner, BurbleDummyAccount *other)
{
  ensure_entry (other, owner->id)->ask = TRUE;
  push_entry (self, other, owner->id);
  if (other->canned)
    burble_dummy_people_asked (self, other, owner);
}

gboolean
burble_dummy_network_change_roster (BurbleDummyNetwork      *self,
                                    BurbleDummyAccount      *owner,
                                    const BurbleRosterItem  *change,
                                    GError                 **error)
{
  BurbleDummyAccount *other = burble_dummy_network_find (self, change->id);
  BurbleDummyEntry *entry = find_entry (owner, change->id);
  gboolean is_new = entry == NULL;

  if (other == NULL && change->room && !change->removed)
    other = burble_dummy_network_add_room (self, change->id);
  if (other == NULL || other == owner)
    {
      g_set_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED,
                   "There is nobody called %s here.", change->id);
      return FALSE;
    }
  if (change->removed)
    {
      if (entry != NULL)
        remove_entry (self, owner, other);
      return TRUE;
    }

  entry = ensure_entry (owner, other->id);
  if (change->has_alias)
    g_set_str (&entry->alias, change->alias);

  if (other->members != NULL)
    {
      g_hash_table_add (other->members, g_strdup (owner->id));
      entry->to = entry->from = TRUE;
    }
  else if (change->has_subscription && change->subscription != BURBLE_ROSTER_BOTH)
    {
      BurbleDummyEntry *back = ensure_entry (other, owner->id);

      entry->ask = FALSE;
      entry->from = back->to = change->subscription == BURBLE_ROSTER_FROM;
      if (change->subscription == BURBLE_ROSTER_NONE)
        entry->to = back->from = FALSE;
      push_entry (self, other, owner->id);
    }
  else if (entry->ask)
    {
      burble_dummy_network_befriend (self, owner, other);
      push_entry (self, other, owner->id);
    }
  else if (is_new || (!entry->to && !change->has_alias))
    {
      ask (self, owner, other);
    }
  push_entry (self, owner, other->id);
  return TRUE;
}
