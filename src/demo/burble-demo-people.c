/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-demo"

#include "config.h"

#include "burble-demo-people.h"

#include <glib/gstdio.h>

#include "burble-capabilities.h"
#include "burble-demo-cast.h"
#include "burble-secrets.h"
#include "burble-store.h"

/* --- signing in --- */

static gboolean
all_online (BurbleDemoWorld *world,
            gconstpointer    data)
{
  if (burble_account_get_state (world->user_account) != BURBLE_ACCOUNT_ONLINE)
    return FALSE;
  for (guint i = 0; i < world->peers->len; i++)
    {
      BurbleAccount *account = burble_demo_peer_get_account (world->peers->pdata[i]);

      if (burble_account_get_state (account) != BURBLE_ACCOUNT_ONLINE)
        return FALSE;
    }
  return TRUE;
}

static void
user_added_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!burble_session_add_account_finish (BURBLE_SESSION (object), result, &error))
    g_warning ("The demo's own account could not sign in: %s", error->message);
}

static void
user_loaded_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  BurbleDemoWorld *world = user_data;
  g_autoptr(GError) error = NULL;

  if (!burble_session_load_finish (BURBLE_SESSION (object), result, &error))
    g_warning ("The demo's store did not open: %s", error->message);
  else
    burble_session_add_account_async (world->user, world->user_account, world->user_password, TRUE,
                                      FALSE, NULL, NULL, user_added_cb, NULL);
}

static gboolean
add_person (BurbleDemoWorld         *world,
            const BurbleDemoPerson  *person,
            GError                 **error)
{
  g_autofree char *address = g_strconcat (person->username, "@" BURBLE_DEMO_DOMAIN, NULL);
  const char *password = g_hash_table_lookup (world->passwords, person->username);
  BurbleDemoPeer *peer = NULL;

  if (!burble_demo_host_add_user (world->host, address, person->name, person->bio, password, error))
    return FALSE;
  peer = burble_demo_peer_new (person, world->directory);
  g_ptr_array_add (world->peers, peer);
  burble_demo_peer_sign_in (peer, &world->server, password);
  return TRUE;
}

/**
 * burble_demo_people_sign_in:
 * @world: a world that has been started
 * @error: return location for an error
 *
 * Makes an account on the server for the user, the guest and everybody of the cast, and signs all
 * but the guest in.
 *
 * Returns: %FALSE if an account was refused or somebody was not online in time
 */
gboolean
burble_demo_people_sign_in (BurbleDemoWorld  *world,
                            GError          **error)
{
  g_autofree char *profile = g_build_filename (world->directory, "profile", NULL);
  g_autofree char *path = g_build_filename (profile, "burble.db", NULL);
  g_autoptr(BurbleStore) store = burble_store_new (path);
  g_autoptr(BurbleSecrets) secrets = burble_secrets_new_memory ();

  g_mkdir (profile, 0700);
  if (!burble_demo_host_add_user (world->host, BURBLE_DEMO_USER "@" BURBLE_DEMO_DOMAIN,
                                  BURBLE_DEMO_USER_NAME, "Keeps the server running.",
                                  world->user_password, error)
      || !burble_demo_host_add_user (world->host, BURBLE_DEMO_GUEST "@" BURBLE_DEMO_DOMAIN,
                                     BURBLE_DEMO_GUEST_NAME, "Sits at the second window.",
                                     world->guest_password, error))
    return FALSE;
  for (guint i = 0; burble_demo_people[i].username != NULL; i++)
    if (!add_person (world, &burble_demo_people[i], error))
      return FALSE;

  world->user = burble_session_new (store, secrets, burble_demo_make_connection, NULL);
  world->user_account = burble_demo_account_new (BURBLE_DEMO_USER, BURBLE_DEMO_USER_NAME,
                                                 &world->server);
  world->user_uid = g_strdup (burble_account_get_uid (world->user_account));
  burble_session_load_async (world->user, NULL, user_loaded_cb, world);
  return burble_demo_world_wait (world, all_online, NULL, "nobody could sign in", error);
}

/* --- who knows whom --- */

static void
roster_done_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!burble_session_roster_finish (BURBLE_SESSION (object), result, &error))
    g_warning ("A contact of the demo was refused: %s", error->message);
}

static gboolean
everybody_known (BurbleDemoWorld *world,
                 gconstpointer    data)
{
  for (guint i = 0; burble_demo_people[i].username != NULL; i++)
    {
      g_autofree char *id = g_strconcat (burble_demo_people[i].username, "@" BURBLE_DEMO_DOMAIN,
                                         NULL);
      BurbleContact *contact = burble_session_find_contact (world->user, world->user_account, id);

      if (!burble_demo_people[i].asks
          && (contact == NULL
              || burble_contact_get_subscription (contact) != BURBLE_SUBSCRIPTION_BOTH))
        return FALSE;
    }
  return burble_session_find_contact (world->user, world->user_account,
                                      BURBLE_DEMO_ROOM "@" BURBLE_DEMO_DOMAIN) != NULL;
}

/**
 * burble_demo_people_meet:
 * @world: a world whose people are online
 * @error: return location for an error
 *
 * Makes the user and the people of the cast contacts of each other, but for those who are going to
 * ask, and opens the room.
 *
 * Returns: %FALSE if that did not come about in time
 */
gboolean
burble_demo_people_meet (BurbleDemoWorld  *world,
                         GError          **error)
{
  for (guint i = 0; burble_demo_people[i].username != NULL; i++)
    {
      const BurbleDemoPerson *person = &burble_demo_people[i];
      g_autofree char *id = g_strconcat (person->username, "@" BURBLE_DEMO_DOMAIN, NULL);

      if (!person->asks)
        burble_session_add_contact_async (world->user, world->user_account, id, NULL, NULL,
                                          roster_done_cb, NULL);
    }
  burble_session_add_contact_async (world->user, world->user_account,
                                    BURBLE_DEMO_GUEST "@" BURBLE_DEMO_DOMAIN, NULL, NULL,
                                    roster_done_cb, NULL);
  burble_session_join_room_async (world->user, world->user_account,
                                  BURBLE_DEMO_ROOM "@" BURBLE_DEMO_DOMAIN, BURBLE_DEMO_ROOM_NAME,
                                  NULL, roster_done_cb, NULL);
  for (guint i = 0; i < world->peers->len; i++)
    {
      BurbleAccount *account = burble_demo_peer_get_account (world->peers->pdata[i]);
      BurbleSession *session = burble_demo_peer_get_session (world->peers->pdata[i]);

      if (g_str_has_prefix (burble_account_get_address (account), "tomas@")
          || g_str_has_prefix (burble_account_get_address (account), "fatima@"))
        burble_session_join_room_async (session, account, BURBLE_DEMO_ROOM "@" BURBLE_DEMO_DOMAIN,
                                        BURBLE_DEMO_ROOM_NAME, NULL, roster_done_cb, NULL);
    }
  return burble_demo_world_wait (world, everybody_known, NULL, "people did not meet", error);
}

/* --- the guest --- */

static guint pending_changes = 0;

static void
changed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  pending_changes--;
  if (!burble_roster_channel_change_finish (BURBLE_ROSTER_CHANNEL (object), result, &error))
    g_warning ("The guest of the demo stays a stranger: %s", error->message);
}

static gboolean
changes_made (BurbleDemoWorld *world,
              gconstpointer    data)
{
  return pending_changes == 0;
}

/**
 * burble_demo_people_befriend_guest:
 * @world: a world whose people are online
 * @error: return location for an error
 *
 * Whoever sits at the second window knows the user and Alice already.
 *
 * Returns: %FALSE if the guest could not sign in or the server did not answer in time
 */
gboolean
burble_demo_people_befriend_guest (BurbleDemoWorld  *world,
                                   GError          **error)
{
  static const char * const friends[] = { BURBLE_DEMO_USER, "alice" };
  BurbleConnection *guest = burble_demo_world_get_teller (world, BURBLE_DEMO_GUEST, error);
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (
    (GDestroyNotify) burble_roster_item_free);

  if (guest == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (friends); i++)
    {
      g_autofree char *id = g_strconcat (friends[i], "@" BURBLE_DEMO_DOMAIN, NULL);

      g_ptr_array_add (items, burble_roster_item_new (id));
    }
  pending_changes++;
  burble_roster_channel_change_async (BURBLE_ROSTER_CHANNEL (guest), items, NULL, changed_cb, NULL);
  return burble_demo_world_wait (world, changes_made, NULL, "the guest met nobody", error);
}
