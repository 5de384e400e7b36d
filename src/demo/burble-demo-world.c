/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-demo"

#include "config.h"

#include "burble-demo-world.h"

#include <glib/gstdio.h>

#include "burble-capabilities.h"
#include "burble-demo-cast.h"
#include "burble-gurgle-connection.h"

#define PATIENCE_S 30

/* --- waiting --- */

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/**
 * burble_demo_world_wait:
 * @self: the world
 * @condition: asked after every turn of the main context
 * @data: for @condition
 * @what: for the error: what went wrong when @condition never holds
 * @error: return location for an error
 *
 * Iterates the main context until @condition holds, for 30 seconds at most.
 *
 * Returns: %FALSE, with %G_IO_ERROR_TIMED_OUT, if it still does not hold then; with
 *   %G_IO_ERROR_CANCELLED, if the world was stopped meanwhile
 */
gboolean
burble_demo_world_wait (BurbleDemoWorld     *self,
                        BurbleDemoCondition  condition,
                        gconstpointer        data,
                        const char          *what,
                        GError             **error)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;
  guint wake = g_timeout_add (200, wake_cb, NULL);
  gboolean met = condition (self, data);

  while (!met && !self->stopped && g_get_monotonic_time () < deadline)
    {
      g_main_context_iteration (NULL, TRUE);
      met = condition (self, data);
    }
  g_source_remove (wake);
  if (!met && self->stopped)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped before the demo was ready");
  else if (!met)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The demo could not get ready: %s", what);
  return met;
}

/* --- tellers --- */

static gboolean
teller_online (BurbleDemoWorld *self,
               gconstpointer    data)
{
  return burble_connection_get_state ((BurbleConnection *) data) == BURBLE_CONNECTION_ONLINE;
}

static void
keep_nothing_cb (BurbleMessageChannel *channel,
                 GPtrArray            *messages,
                 gpointer              user_data)
{
  burble_message_channel_acknowledge (channel, messages);
}

/**
 * burble_demo_world_get_teller:
 * @self: the world
 * @username: somebody who has an account already
 * @error: return location for an error
 *
 * A second terminal of @username that only speaks: the session's own messages carry the time of
 * now, and a story needs yesterday. Made on first use; blocks until it is online.
 *
 * Returns: (transfer none) (nullable): a connection that the world keeps
 */
BurbleConnection *
burble_demo_world_get_teller (BurbleDemoWorld *self,
                              const char      *username,
                              GError         **error)
{
  BurbleConnection *teller = g_hash_table_lookup (self->tellers, username);
  g_autofree char *address = g_strconcat (username, "@" BURBLE_DEMO_DOMAIN, NULL);
  g_autoptr(BurbleConnectionSettings) settings = NULL;

  if (teller != NULL)
    return teller;
  settings = burble_connection_settings_new (address);
  settings->host = g_strdup (self->server.host);
  settings->port = self->server.port;
  settings->pin = g_strdup (self->server.pin);
  settings->terminal = g_strdup ("Story");
  teller = burble_gurgle_connection_new (settings);
  g_hash_table_insert (self->tellers, g_strdup (username), teller);
  g_signal_connect (teller, "messages-received", G_CALLBACK (keep_nothing_cb), NULL);
  burble_presence_channel_publish (BURBLE_PRESENCE_CHANNEL (teller), BURBLE_PEER_INVISIBLE, NULL);
  burble_connection_set_password (teller, g_hash_table_lookup (self->passwords, username));
  burble_connection_connect (teller);
  if (!burble_demo_world_wait (self, teller_online, teller, "a story was not told", error))
    return NULL;
  return teller;
}

/* --- the beginning --- */

static char *
make_password (void)
{
  return g_uuid_string_random ();
}

/**
 * burble_demo_world_start:
 * @self: a world that is all zeros
 * @error: return location for an error
 *
 * Makes the folder, the passwords and the server, and waits for that one. Nobody lives here yet.
 *
 * Returns: %FALSE if that failed; burble_demo_world_clear() is due in any case
 */
gboolean
burble_demo_world_start (BurbleDemoWorld *self,
                         GError         **error)
{
  g_autofree char *folder = NULL;

  self->peers = g_ptr_array_new_with_free_func (g_object_unref);
  self->tellers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->passwords = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->user_password = make_password ();
  self->guest_password = make_password ();
  g_hash_table_insert (self->passwords, g_strdup (BURBLE_DEMO_USER),
                       g_strdup (self->user_password));
  g_hash_table_insert (self->passwords, g_strdup (BURBLE_DEMO_GUEST),
                       g_strdup (self->guest_password));
  for (guint i = 0; burble_demo_people[i].username != NULL; i++)
    g_hash_table_insert (self->passwords, g_strdup (burble_demo_people[i].username),
                         make_password ());

  self->directory = g_dir_make_tmp ("burble-demo-XXXXXX", error);
  if (self->directory == NULL)
    return FALSE;
  folder = g_build_filename (self->directory, "server", NULL);
  self->host = burble_demo_host_start (folder, BURBLE_DEMO_DOMAIN, error);
  if (self->host == NULL)
    return FALSE;
  self->server.host = g_strdup ("127.0.0.1");
  self->server.port = burble_demo_host_get_port (self->host);
  self->server.pin = g_strdup (burble_demo_host_get_fingerprint (self->host));
  return TRUE;
}

/* --- the end --- */

static void
shut_down_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  gboolean *done = user_data;

  burble_session_shutdown_finish (BURBLE_SESSION (object), result, NULL);
  *done = TRUE;
}

static gboolean
is_true (BurbleDemoWorld *self,
         gconstpointer    data)
{
  return *(const gboolean *) data;
}

/**
 * burble_demo_world_close_profile:
 * @self: the world, with a user who is signed in
 * @error: return location for an error
 *
 * Signs the user out and leaves the profile on disk as a Burble that was just closed would.
 *
 * Returns: %FALSE if it did not close in time
 */
gboolean
burble_demo_world_close_profile (BurbleDemoWorld *self,
                                 GError         **error)
{
  gboolean done = FALSE;

  burble_session_shutdown_async (self->user, NULL, shut_down_cb, &done);
  if (!burble_demo_world_wait (self, is_true, &done, "the profile did not close", error))
    return FALSE;
  g_clear_object (&self->user);
  g_clear_object (&self->user_account);
  return TRUE;
}

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_tree (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

/**
 * burble_demo_world_clear:
 * @self: a world, however far it has come
 *
 * Ends everybody in it and the server, and removes its folder.
 */
void
burble_demo_world_clear (BurbleDemoWorld *self)
{
  g_clear_pointer (&self->tellers, g_hash_table_unref);
  g_clear_pointer (&self->peers, g_ptr_array_unref);
  g_clear_object (&self->user);
  g_clear_object (&self->user_account);
  g_clear_pointer (&self->host, burble_demo_host_free);
  if (self->directory != NULL)
    remove_tree (self->directory);
  g_clear_pointer (&self->passwords, g_hash_table_unref);
  g_clear_pointer (&self->directory, g_free);
  g_clear_pointer (&self->user_uid, g_free);
  g_clear_pointer (&self->user_password, g_free);
  g_clear_pointer (&self->guest_password, g_free);
  g_clear_pointer (&self->server.host, g_free);
  g_clear_pointer (&self->server.pin, g_free);
}
