/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-throttle.h"

#define FORGIVE_US (15 * G_TIME_SPAN_MINUTE)
#define MAX_WAIT_S 60
#define MAX_ENTRIES 20000
/* How many times more an address or an account as a whole may fail than a pair. */
#define ADDRESS_FACTOR 4
#define ACCOUNT_FACTOR 10

typedef struct
{
  guint failures;
  gint64 last;
} Entry;

struct _BurbleThrottle
{
  guint max_failures;
  GHashTable *entries;  /* char* -> Entry */
  GHashTable *familiar; /* "account address" that signed in since the start */
};

static char *
pair_key (const char *address,
          const char *account)
{
  return g_strconcat ("p ", account, " ", address, NULL);
}

static guint
get_wait (BurbleThrottle *self,
          const char     *key,
          guint           allowed,
          gint64          now)
{
  Entry *entry = g_hash_table_lookup (self->entries, key);
  gint64 wait = 0;

  if (entry == NULL || now - entry->last > FORGIVE_US || entry->failures < allowed)
    return 0;
  wait = G_USEC_PER_SEC << MIN (entry->failures - allowed, 6);
  wait = MIN (wait, MAX_WAIT_S * G_USEC_PER_SEC);
  if (now >= entry->last + wait)
    return 0;
  return (guint) ((entry->last + wait - now + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
}

static gboolean
is_forgiven (gpointer key,
             gpointer value,
             gpointer user_data)
{
  return *(gint64 *) user_data - ((Entry *) value)->last > FORGIVE_US;
}

static void
count (BurbleThrottle *self,
       const char     *key,
       gint64          now)
{
  Entry *entry = g_hash_table_lookup (self->entries, key);

  if (entry == NULL)
    {
      if (g_hash_table_size (self->entries) >= MAX_ENTRIES)
        g_hash_table_foreach_remove (self->entries, is_forgiven, &now);
      /* Somebody with that many addresses: what matters is the account's own count, just made. */
      if (g_hash_table_size (self->entries) >= MAX_ENTRIES)
        g_hash_table_remove_all (self->entries);
      entry = g_new0 (Entry, 1);
      g_hash_table_insert (self->entries, g_strdup (key), entry);
    }
  if (now - entry->last > FORGIVE_US)
    entry->failures = 0;
  entry->failures++;
  entry->last = now;
}

static void
take_back (BurbleThrottle *self,
           const char     *key)
{
  Entry *entry = g_hash_table_lookup (self->entries, key);

  if (entry != NULL && entry->failures > 0)
    entry->failures--;
}

/**
 * burble_throttle_begin:
 * @self: a throttle
 * @address: from where
 * @account: for whom
 * @now: monotonic time, µs
 *
 * Counts an attempt as failed until [func@Throttle.succeed] takes it back.
 *
 * Returns: 0, or for how many seconds no attempt is to be made; then nothing was counted
 */
guint
burble_throttle_begin (BurbleThrottle *self,
                       const char     *address,
                       const char     *account,
                       gint64          now)
{
  g_autofree char *pair = pair_key (address, account);
  g_autofree char *from = g_strconcat ("a ", address, NULL);
  g_autofree char *to = g_strconcat ("u ", account, NULL);
  guint wait = get_wait (self, pair, self->max_failures, now);

  wait = MAX (wait, get_wait (self, from, self->max_failures * ADDRESS_FACTOR, now));
  if (!g_hash_table_contains (self->familiar, pair))
    wait = MAX (wait, get_wait (self, to, self->max_failures * ACCOUNT_FACTOR, now));
  if (wait > 0)
    return wait;
  count (self, pair, now);
  count (self, from, now);
  count (self, to, now);
  return 0;
}

/**
 * burble_throttle_succeed:
 * @self: a throttle
 * @address: from where
 * @account: for whom
 * @now: monotonic time, µs
 *
 * The attempt that was begun was right: the pair starts afresh, and strangers cannot lock it out.
 */
void
burble_throttle_succeed (BurbleThrottle *self,
                         const char     *address,
                         const char     *account,
                         gint64          now)
{
  g_autofree char *pair = pair_key (address, account);
  g_autofree char *from = g_strconcat ("a ", address, NULL);
  g_autofree char *to = g_strconcat ("u ", account, NULL);

  g_hash_table_remove (self->entries, pair);
  take_back (self, from);
  take_back (self, to);
  if (g_hash_table_size (self->familiar) >= MAX_ENTRIES)
    g_hash_table_remove_all (self->familiar);
  g_hash_table_add (self->familiar, g_steal_pointer (&pair));
}

BurbleThrottle *
burble_throttle_new (guint max_failures)
{
  BurbleThrottle *self = g_new0 (BurbleThrottle, 1);

  self->max_failures = MAX (max_failures, 1);
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->familiar = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
burble_throttle_free (BurbleThrottle *self)
{
  g_hash_table_unref (self->entries);
  g_hash_table_unref (self->familiar);
  g_free (self);
}
