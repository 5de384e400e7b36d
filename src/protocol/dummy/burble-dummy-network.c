/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-dummy-network"

#include "config.h"

#include "burble-dummy-network-private.h"

#include <string.h>

/*
 * Accounts, who is signed in, presence. Rosters and messages have files of their own.
 */

typedef struct
{
  BurbleDummyNetwork *network; /* unowned: it owns this */
  BurbleDummyFunc func;
  gpointer data;
  GDestroyNotify destroy;
  guint source;
} Later;

struct _BurbleDummyNetwork
{
  GObject parent_instance;
  char *domain;
  GHashTable *accounts; /* id → BurbleDummyAccount */
  GHashTable *laters;   /* set of Later */
  double pace;
  gboolean registration_open;
  gboolean seeded;
};

G_DEFINE_FINAL_TYPE (BurbleDummyNetwork, burble_dummy_network, G_TYPE_OBJECT)

/* domain → BurbleDummyNetwork (unowned). Main thread only. */
static GHashTable *networks;

static void
later_free (Later *later)
{
  g_clear_handle_id (&later->source, g_source_remove);
  if (later->destroy != NULL)
    later->destroy (later->data);
  g_free (later);
}

static void
account_free (BurbleDummyAccount *account)
{
  g_free (account->id);
  g_free (account->uuid);
  g_free (account->name);
  g_free (account->bio);
  g_free (account->password);
  g_free (account->mood);
  g_clear_pointer (&account->members, g_hash_table_unref);
  g_hash_table_unref (account->roster);
  g_ptr_array_unref (account->terminals);
  g_ptr_array_unref (account->archive);
  g_ptr_array_unref (account->pending);
  g_hash_table_unref (account->taken);
  g_free (account);
}

static void
burble_dummy_network_dispose (GObject *object)
{
  BurbleDummyNetwork *self = BURBLE_DUMMY_NETWORK (object);

  g_hash_table_remove_all (self->laters);
  if (networks != NULL && g_hash_table_lookup (networks, self->domain) == self)
    {
      g_hash_table_remove (networks, self->domain);
      if (g_hash_table_size (networks) == 0)
        g_clear_pointer (&networks, g_hash_table_unref);
    }

  G_OBJECT_CLASS (burble_dummy_network_parent_class)->dispose (object);
}

static void
burble_dummy_network_finalize (GObject *object)
{
  BurbleDummyNetwork *self = BURBLE_DUMMY_NETWORK (object);

  g_hash_table_unref (self->laters);
  g_hash_table_unref (self->accounts);
  g_free (self->domain);

  G_OBJECT_CLASS (burble_dummy_network_parent_class)->finalize (object);
}

static void
burble_dummy_network_class_init (BurbleDummyNetworkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_dummy_network_dispose;
  object_class->finalize = burble_dummy_network_finalize;
}

static void
burble_dummy_network_init (BurbleDummyNetwork *self)
{
  self->accounts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                          (GDestroyNotify) account_free);
  self->laters = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) later_free, NULL);
  self->pace = 1.0;
  self->registration_open = TRUE;
}

/**
 * burble_dummy_network_get:
 * @domain: a domain
 *
 * Returns: (transfer full): the network of @domain in this process
 */
BurbleDummyNetwork *
burble_dummy_network_get (const char *domain)
{
  BurbleDummyNetwork *self = NULL;

  g_return_val_if_fail (domain != NULL, NULL);

  if (networks == NULL)
    networks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self = g_hash_table_lookup (networks, domain);
  if (self != NULL)
    return g_object_ref (self);

  self = g_object_new (BURBLE_TYPE_DUMMY_NETWORK, NULL);
  self->domain = g_strdup (domain);
  g_hash_table_insert (networks, g_strdup (domain), self);
  return self;
}

void
burble_dummy_network_add_user (BurbleDummyNetwork *self,
                               const char         *id,
                               const char         *password,
                               const char         *name,
                               const char         *bio)
{
  BurbleDummyAccount *account = NULL;

  g_return_if_fail (BURBLE_IS_DUMMY_NETWORK (self));
  g_return_if_fail (id != NULL);
  g_return_if_fail (!burble_dummy_network_has_user (self, id));

  account = g_new0 (BurbleDummyAccount, 1);
  account->id = g_strdup (id);
  account->uuid = g_uuid_string_random ();
  account->password = g_strdup (password);
  account->name = g_strdup (name);
  account->bio = g_strdup (bio);
  account->roster = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify) burble_dummy_entry_free);
  account->revision = 1;
  account->terminals = g_ptr_array_new ();
  account->archive =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
  account->pending =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
  account->taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (self->accounts, account->id, account);
}

BurbleDummyAccount *
burble_dummy_network_add_room (BurbleDummyNetwork *self, const char *id)
{
  BurbleDummyAccount *room = NULL;
  const char *at = strchr (id, '@');

  if (at == NULL || at == id || strcmp (at + 1, self->domain) != 0)
    return NULL;
  burble_dummy_network_add_user (self, id, NULL, NULL, NULL);
  room = burble_dummy_network_find (self, id);
  room->members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return room;
}

gboolean
burble_dummy_network_has_user (BurbleDummyNetwork *self, const char *id)
{
  g_return_val_if_fail (BURBLE_IS_DUMMY_NETWORK (self), FALSE);

  return g_hash_table_contains (self->accounts, id);
}

void
burble_dummy_network_set_registration_open (BurbleDummyNetwork *self, gboolean open)
{
  g_return_if_fail (BURBLE_IS_DUMMY_NETWORK (self));

  self->registration_open = open;
}

void
burble_dummy_network_set_pace (BurbleDummyNetwork *self, double pace)
{
  g_return_if_fail (BURBLE_IS_DUMMY_NETWORK (self));
  g_return_if_fail (pace >= 0.0 && pace <= 1000.0);

  self->pace = pace;
}

const char *
burble_dummy_network_get_domain (BurbleDummyNetwork *self)
{
  return self->domain;
}

BurbleDummyAccount *
burble_dummy_network_find (BurbleDummyNetwork *self, const char *id)
{
  return id != NULL ? g_hash_table_lookup (self->accounts, id) : NULL;
}

GHashTable *
burble_dummy_network_get_accounts (BurbleDummyNetwork *self)
{
  return self->accounts;
}

gboolean
burble_dummy_network_is_registration_open (BurbleDummyNetwork *self)
{
  return self->registration_open;
}

gboolean
burble_dummy_network_get_seeded (BurbleDummyNetwork *self)
{
  return self->seeded;
}

void
burble_dummy_network_set_seeded (BurbleDummyNetwork *self)
{
  self->seeded = TRUE;
}

guint
burble_dummy_network_delay (BurbleDummyNetwork *self, guint ms)
{
  return (guint) (ms * self->pace);
}

static void
later_cb (gpointer user_data)
{
  Later *later = user_data;
  g_autoptr(BurbleDummyNetwork) network = g_object_ref (later->network);

  later->source = 0;
  g_hash_table_steal (network->laters, later);
  later->func (network, later->data);
  later_free (later);
}

void
burble_dummy_network_after (BurbleDummyNetwork *self,
                            guint               ms,
                            BurbleDummyFunc     func,
                            gpointer            data,
                            GDestroyNotify      destroy)
{
  Later *later = g_new0 (Later, 1);

  later->network = self;
  later->func = func;
  later->data = data;
  later->destroy = destroy;
  later->source = g_timeout_add_once (burble_dummy_network_delay (self, ms), later_cb, later);
  g_hash_table_add (self->laters, later);
}

/* Presence. */

/* What others may see of it. */
static BurblePeerStatus
seen_status (BurblePeerStatus status)
{
  return status == BURBLE_PEER_INVISIBLE ? BURBLE_PEER_OFFLINE : status;
}

BurblePeerStatus
burble_dummy_account_best_status (BurbleDummyAccount *account)
{
  BurblePeerStatus best = seen_status (account->status);

  for (guint i = 0; i < account->terminals->len; i++)
    {
      const BurbleDummyTerminal *terminal = g_ptr_array_index (account->terminals, i);
      BurblePeerStatus status = seen_status (terminal->status);

      if (status != BURBLE_PEER_OFFLINE && (best == BURBLE_PEER_OFFLINE || status < best))
        best = status;
    }
  return best;
}

static void
broadcast (BurbleDummyNetwork *self,
           BurbleDummyAccount *account,
           const char         *terminal_name,
           BurblePeerStatus    status,
           const char         *mood)
{
  GHashTableIter iter;
  gpointer id = NULL;
  gpointer value = NULL;

  g_hash_table_iter_init (&iter, account->roster);
  while (g_hash_table_iter_next (&iter, &id, &value))
    {
      const BurbleDummyEntry *entry = value;
      BurbleDummyAccount *watcher = burble_dummy_network_find (self, id);

      if (!entry->from || watcher == NULL)
        continue;
      for (guint i = 0; i < watcher->terminals->len; i++)
        {
          GPtrArray *events =
            g_ptr_array_new_with_free_func ((GDestroyNotify) burble_presence_event_free);

          g_ptr_array_add (events, burble_presence_event_new (account->id, terminal_name,
                                                              status, mood));
          burble_dummy_terminal_hear_presence (g_ptr_array_index (watcher->terminals, i), events);
        }
    }
}

void
burble_dummy_network_publish (BurbleDummyNetwork  *self,
                              BurbleDummyTerminal *terminal,
                              BurblePeerStatus     status,
                              const char          *mood)
{
  BurblePeerStatus seen_before = seen_status (terminal->status);
  BurblePeerStatus seen_after = seen_status (status);

  terminal->status = status;
  g_set_str (&terminal->mood, mood);
  /* Going from invisible to invisible with another mood must not show. */
  if (seen_before == BURBLE_PEER_OFFLINE && seen_after == BURBLE_PEER_OFFLINE)
    return;
  broadcast (self, terminal->account, terminal->name, seen_after,
             seen_after == BURBLE_PEER_OFFLINE ? NULL : mood);
}

void
burble_dummy_network_set_canned_presence (BurbleDummyNetwork *self,
                                          BurbleDummyAccount *account,
                                          BurblePeerStatus    status,
                                          const char         *mood)
{
  account->status = status;
  g_set_str (&account->mood, mood);
  broadcast (self, account, "desk", status, mood);
}

/* Terminals. */

static char *
free_terminal_name (BurbleDummyAccount *account, const char *wished_name)
{
  const char *base = wished_name != NULL && *wished_name != '\0' ? wished_name : "dummy";

  for (guint n = 1;; n++)
    {
      g_autofree char *name = n == 1 ? g_strdup (base) : g_strdup_printf ("%s-%u", base, n);
      gboolean in_use = FALSE;

      for (guint i = 0; i < account->terminals->len; i++)
        {
          const BurbleDummyTerminal *other = g_ptr_array_index (account->terminals, i);

          in_use = in_use || strcmp (other->name, name) == 0;
        }
      if (!in_use)
        return g_steal_pointer (&name);
    }
}

BurbleDummyTerminal *
burble_dummy_network_attach (BurbleDummyNetwork *self,
                             BurbleDummyAccount *account,
                             BurbleConnection   *connection,
                             const char         *wished_name)
{
  BurbleDummyTerminal *terminal = g_new0 (BurbleDummyTerminal, 1);

  terminal->connection = connection;
  terminal->account = account;
  terminal->name = free_terminal_name (account, wished_name);
  terminal->status = BURBLE_PEER_OFFLINE;
  g_queue_init (&terminal->inbox);
  g_ptr_array_add (account->terminals, terminal);
  return terminal;
}

void
burble_dummy_network_detach (BurbleDummyNetwork *self, BurbleDummyTerminal *terminal)
{
  g_ptr_array_remove (terminal->account->terminals, terminal);
  burble_dummy_network_publish (self, terminal, BURBLE_PEER_OFFLINE, NULL);
  burble_dummy_terminal_free (terminal);
}

static void
describe_person (BurbleDummyAccount *account, BurblePersonInfo *info)
{
  info->exists = TRUE;
  info->id = g_strdup (account->id);
  info->uuid = g_strdup (account->uuid);
  info->name = g_strdup (account->name);
  info->bio = g_strdup (account->bio);
  info->status = burble_dummy_account_best_status (account);
}

BurblePersonInfo *
burble_dummy_network_lookup (BurbleDummyNetwork *self, const char *username, const char *uuid)
{
  BurblePersonInfo *info = burble_person_info_new ();
  BurbleDummyAccount *account = NULL;

  if (uuid != NULL)
    {
      GHashTableIter iter;
      gpointer value = NULL;

      g_hash_table_iter_init (&iter, self->accounts);
      while (account == NULL && g_hash_table_iter_next (&iter, NULL, &value))
        {
          BurbleDummyAccount *candidate = value;

          if (strcmp (candidate->uuid, uuid) == 0)
            account = candidate;
        }
    }
  else
    {
      g_autofree char *id = strchr (username, '@') != NULL
                            ? g_strdup (username)
                            : g_strdup_printf ("%s@%s", username, self->domain);

      account = burble_dummy_network_find (self, id);
    }

  if (account != NULL && account->members == NULL)
    describe_person (account, info);
  return info;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (((const BurblePersonInfo *) a)->id, ((const BurblePersonInfo *) b)->id);
}

GPtrArray *
burble_dummy_network_list (BurbleDummyNetwork *self)
{
  GPtrArray *people = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_person_info_free);
  GHashTableIter iter;
  gpointer value = NULL;

  g_hash_table_iter_init (&iter, self->accounts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      BurbleDummyAccount *account = value;
      BurblePersonInfo *info = NULL;

      if (burble_dummy_account_best_status (account) == BURBLE_PEER_OFFLINE)
        continue;
      info = burble_person_info_new ();
      describe_person (account, info);
      g_ptr_array_add (people, info);
    }
  g_ptr_array_sort_values (people, compare_ids);
  return people;
}
