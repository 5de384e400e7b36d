/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-active-users.h"

#include <string.h>

#define JOIN_US (G_USEC_PER_SEC / 2)
#define PAUSE_US (3 * G_USEC_PER_SEC)
#define PAUSE_EACH_US (G_USEC_PER_SEC / 10)

struct _BurbleActiveUsers
{
  GTree *people;        /* username -> BurbleGurgleUser, which has the key */
  guint version;        /* of the people */
  GHashTable *watchers; /* BurbleTerminal -> the version that it was told */
  GBytes *packet;       /* as it is told; NULL: to be put together */
  gboolean told_all;    /* the list that was told last had everybody */
  gint64 told_at;
  gint64 due;
};

static int
compare_names (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  return strcmp (a, b);
}

BurbleActiveUsers *
burble_active_users_new (void)
{
  BurbleActiveUsers *self = g_new0 (BurbleActiveUsers, 1);

  self->people = g_tree_new_full (compare_names, NULL, NULL,
                                  (GDestroyNotify) burble_gurgle_user_free);
  self->watchers = g_hash_table_new (NULL, NULL);
  self->told_all = TRUE;
  self->told_at = G_MININT64 / 2;
  return self;
}

void
burble_active_users_free (BurbleActiveUsers *self)
{
  g_tree_unref (self->people);
  g_hash_table_unref (self->watchers);
  g_clear_pointer (&self->packet, g_bytes_unref);
  g_free (self);
}

static gboolean
has_all (BurbleActiveUsers *self)
{
  return g_tree_nnodes (self->people) <= BURBLE_ACTIVE_USERS_MAX;
}

static void
note_change (BurbleActiveUsers *self,
             gint64             now)
{
  gint64 pause = PAUSE_US + PAUSE_EACH_US * MIN (g_tree_nnodes (self->people),
                                                 BURBLE_ACTIVE_USERS_MAX);

  self->version++;
  g_clear_pointer (&self->packet, g_bytes_unref);
  if (self->due == 0 && g_hash_table_size (self->watchers) > 0)
    self->due = MAX (now + JOIN_US, self->told_at + pause);
}

void
burble_active_users_add (BurbleActiveUsers *self,
                         const char        *username,
                         const char        *uuid,
                         gint64             now)
{
  BurbleGurgleUser *user = burble_gurgle_user_new (username, uuid);

  g_tree_replace (self->people, user->username, user);
  note_change (self, now);
}

void
burble_active_users_remove (BurbleActiveUsers *self,
                            const char        *username,
                            gint64             now)
{
  if (g_tree_remove (self->people, username))
    note_change (self, now);
}

/**
 * burble_active_users_list:
 * @self: who is there
 *
 * Sorted by the bytes of the name; of too many, those that come first.
 *
 * Returns: (transfer full): a packet, to be given an id
 */
BurbleGurglePacket *
burble_active_users_list (BurbleActiveUsers *self)
{
  BurbleGurglePacket *packet = burble_gurgle_packet_new (BURBLE_GURGLE_ACTIVE_USERS);
  GPtrArray *users = packet->active_users.users;

  for (GTreeNode *node = g_tree_node_first (self->people);
       node != NULL && users->len < BURBLE_ACTIVE_USERS_MAX;
       node = g_tree_node_next (node))
    {
      const BurbleGurgleUser *user = g_tree_node_value (node);

      g_ptr_array_add (users, burble_gurgle_user_new (user->username, user->uuid));
    }
  packet->active_users.complete = has_all (self);
  return packet;
}

/* One for all. */
static GBytes *
get_packet (BurbleActiveUsers *self)
{
  if (self->packet == NULL)
    {
      g_autoptr(BurbleGurglePacket) packet = burble_active_users_list (self);

      self->packet = burble_gurgle_packet_serialize (packet, BURBLE_GURGLE_DIALECT_0_1);
    }
  return self->packet;
}

void
burble_active_users_watch (BurbleActiveUsers *self,
                           BurbleTerminal    *terminal)
{
  if (g_hash_table_contains (self->watchers, terminal))
    return;
  g_hash_table_insert (self->watchers, terminal, GUINT_TO_POINTER (self->version));
  terminal->funcs->send (terminal, get_packet (self));
}

void
burble_active_users_unwatch (BurbleActiveUsers *self,
                             BurbleTerminal    *terminal)
{
  g_hash_table_remove (self->watchers, terminal);
}

gint64
burble_active_users_get_due (BurbleActiveUsers *self)
{
  return self->due;
}

/**
 * burble_active_users_tell:
 * @self: who is there
 * @now: monotonic time, in µs
 *
 * It is time: sends the list to all who watch and have not got it. Where it has not everybody, and
 * had not the last time either, it would tell nobody much: only those who ask get it then.
 */
void
burble_active_users_tell (BurbleActiveUsers *self,
                          gint64             now)
{
  gpointer version = GUINT_TO_POINTER (self->version);
  GHashTableIter iter;
  gpointer terminal = NULL;
  gpointer known = NULL;
  gboolean told_all = self->told_all;

  if (self->due == 0)
    return;
  self->due = 0;
  self->told_at = now;
  self->told_all = has_all (self);
  if (!told_all && !self->told_all)
    return;
  g_hash_table_iter_init (&iter, self->watchers);
  while (g_hash_table_iter_next (&iter, &terminal, &known))
    {
      if (known == version)
        continue;
      g_hash_table_iter_replace (&iter, version);
      ((BurbleTerminal *) terminal)->funcs->send (terminal, get_packet (self));
    }
}
