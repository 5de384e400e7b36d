/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-user.h"

struct _BurbleUsers
{
  char *domain;
  GHashTable *by_account; /* owns the users */
  GHashTable *by_name;
};

static void
burble_user_free (BurbleUser *self)
{
  g_free (self->username);
  g_free (self->bare_id);
  g_free (self->uuid);
  g_clear_pointer (&self->contacts, g_hash_table_unref);
  g_free (self);
}

BurbleUsers *
burble_users_new (const char *domain)
{
  BurbleUsers *self = g_new0 (BurbleUsers, 1);

  self->domain = g_strdup (domain);
  self->by_account = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) burble_user_free);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
burble_users_free (BurbleUsers *self)
{
  g_hash_table_unref (self->by_name);
  g_hash_table_unref (self->by_account);
  g_free (self->domain);
  g_free (self);
}

BurbleUser *
burble_users_find (BurbleUsers *self,
                   gint64       account)
{
  return g_hash_table_lookup (self->by_account, GSIZE_TO_POINTER (account));
}

BurbleUser *
burble_users_find_name (BurbleUsers *self,
                        const char  *username)
{
  return g_hash_table_lookup (self->by_name, username);
}

void
burble_users_foreach (BurbleUsers *self,
                      void       (*visit) (BurbleUser *, gpointer),
                      gpointer     user_data)
{
  GHashTableIter iter;
  gpointer user = NULL;

  g_hash_table_iter_init (&iter, self->by_account);
  while (g_hash_table_iter_next (&iter, NULL, &user))
    visit (user, user_data);
}

/**
 * burble_users_sign_in:
 * @self: those who are signed in
 * @account: an account
 * @username: its name
 *
 * Counts one more connection of it. `loaded` tells whether its roster is here already.
 *
 * Returns: (transfer none): the user, new where this is the first connection; it lives until
 *   burble_users_sign_out() was called for all of them
 */
BurbleUser *
burble_users_sign_in (BurbleUsers *self,
                      gint64       account,
                      const char  *username)
{
  BurbleUser *user = burble_users_find (self, account);

  if (user == NULL)
    {
      user = g_new0 (BurbleUser, 1);
      user->account = account;
      user->username = g_strdup (username);
      user->bare_id = g_strconcat (username, "@", self->domain, NULL);
      g_hash_table_insert (self->by_account, GSIZE_TO_POINTER (account), user);
      g_hash_table_insert (self->by_name, user->username, user);
    }
  user->n_clients++;
  return user;
}

/**
 * burble_users_sign_out:
 * @self: those who are signed in
 * @user: one of them; gone afterwards where this was the last connection
 */
void
burble_users_sign_out (BurbleUsers *self,
                       BurbleUser  *user)
{
  if (--user->n_clients > 0)
    return;
  g_hash_table_remove (self->by_name, user->username);
  g_hash_table_remove (self->by_account, GSIZE_TO_POINTER (user->account));
}

/**
 * burble_sight_of_row:
 * @row: (nullable): a row of somebody's roster, or none
 *
 * Returns: who of the two may see the other's presence (Gurgle, section 4); nobody in a room
 */
BurbleSight
burble_sight_of_row (const BurbleRosterRow *row)
{
  BurbleSight sight = BURBLE_SIGHT_NONE;

  if (row == NULL || row->room)
    return sight;
  if (row->wants && row->peer_allows)
    sight |= BURBLE_SIGHT_I_SEE;
  if (row->peer_wants && row->allows)
    sight |= BURBLE_SIGHT_SEES_ME;
  return sight;
}

BurbleSight
burble_user_get_sight (BurbleUser *self,
                       gint64      peer)
{
  if (self->contacts == NULL)
    return BURBLE_SIGHT_NONE;
  return (BurbleSight) GPOINTER_TO_UINT (g_hash_table_lookup (self->contacts,
                                                              GSIZE_TO_POINTER (peer)));
}

void
burble_user_set_sight (BurbleUser *self,
                       gint64      peer,
                       BurbleSight sight)
{
  if (sight == BURBLE_SIGHT_NONE)
    {
      if (self->contacts != NULL)
        g_hash_table_remove (self->contacts, GSIZE_TO_POINTER (peer));
      return;
    }
  if (self->contacts == NULL)
    self->contacts = g_hash_table_new (NULL, NULL);
  g_hash_table_insert (self->contacts, GSIZE_TO_POINTER (peer), GUINT_TO_POINTER (sight));
}

/**
 * burble_user_load:
 * @self: a user
 * @version: of the roster
 * @rows: (element-type BurbleRosterRow) (transfer none): all of it
 *
 * Keeps of the roster what presence needs: who sees whom.
 */
void
burble_user_load (BurbleUser *self,
                  gint64      version,
                  GPtrArray  *rows)
{
  g_clear_pointer (&self->contacts, g_hash_table_unref);
  self->loaded = TRUE;
  self->version = version;
  for (guint i = 0; i < rows->len; i++)
    {
      const BurbleRosterRow *row = g_ptr_array_index (rows, i);

      burble_user_set_sight (self, row->peer, burble_sight_of_row (row));
    }
}
