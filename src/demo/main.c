/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-demo"

#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <stdio.h>
#include <unistd.h>

#include "burble-demo-cast.h"
#include "burble-demo-people.h"
#include "burble-demo-story.h"
#include "burble-demo-world.h"

/*
 * burble-demo: the world behind `burble --demo`. Makes a server and people in a temporary folder,
 * lets them tell what happened before, prints the path of a key file with all that the window
 * needs, and then lets the people live until its standard input ends. Leaves nothing behind.
 */

static gboolean
prepare (BurbleDemoWorld  *world,
         GError          **error)
{
  if (!burble_demo_world_start (world, error)
      || !burble_demo_people_sign_in (world, error)
      || !burble_demo_people_meet (world, error)
      || !burble_demo_people_befriend_guest (world, error)
      || !burble_demo_story_tell (world, error)
      || !burble_demo_world_close_profile (world, error))
    return FALSE;
  g_hash_table_remove_all (world->tellers);
  return TRUE;
}

/* --- what the window needs --- */

/* One running demo per user and session is all that --join can mean. */
static char *
get_key_file_path (void)
{
  return g_build_filename (g_get_user_runtime_dir (), "burble-demo.ini", NULL);
}

static gboolean
write_key_file (BurbleDemoWorld  *world,
                char            **written,
                GError          **error)
{
  g_autoptr(GKeyFile) keys = g_key_file_new ();
  g_autofree char *profile = g_build_filename (world->directory, "profile", NULL);
  g_autofree char *text = NULL;
  g_autofree char *path = get_key_file_path ();
  gsize length = 0;

  g_key_file_set_int64 (keys, "demo", "pid", getpid ());
  g_key_file_set_string (keys, "demo", "profile", profile);
  g_key_file_set_string (keys, "demo", "host", world->server.host);
  g_key_file_set_integer (keys, "demo", "port", world->server.port);
  g_key_file_set_string (keys, "demo", "pin", world->server.pin);
  g_key_file_set_string (keys, "demo", "uid", world->user_uid);
  g_key_file_set_string (keys, "demo", "address", BURBLE_DEMO_USER "@" BURBLE_DEMO_DOMAIN);
  g_key_file_set_string (keys, "demo", "password", world->user_password);
  g_key_file_set_string (keys, "demo", "guest-address", BURBLE_DEMO_GUEST "@" BURBLE_DEMO_DOMAIN);
  g_key_file_set_string (keys, "demo", "guest-name", BURBLE_DEMO_GUEST_NAME);
  g_key_file_set_string (keys, "demo", "guest-password", world->guest_password);
  text = g_key_file_to_data (keys, &length, NULL);
  if (g_mkdir_with_parents (g_get_user_runtime_dir (), 0700) != 0)
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s cannot be made: %s",
                   g_get_user_runtime_dir (), g_strerror (errno));
      return FALSE;
    }
  if (!g_file_set_contents_full (path, text, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
    return FALSE;
  *written = g_steal_pointer (&path);
  return TRUE;
}

/* A newer demo may have written its own. */
static void
remove_key_file (const char *path)
{
  g_autoptr(GKeyFile) keys = g_key_file_new ();

  if (g_key_file_load_from_file (keys, path, G_KEY_FILE_NONE, NULL)
      && g_key_file_get_int64 (keys, "demo", "pid", NULL) == getpid ())
    g_unlink (path);
}

/* --- the end --- */

/* Preparation and life both look at `stopped`: a loop that does not run yet cannot be told to
 * quit. */
static gboolean
input_ended_cb (int          fd,
                GIOCondition condition,
                gpointer     user_data)
{
  BurbleDemoWorld *world = user_data;
  char buffer[64];

  if (read (fd, buffer, sizeof buffer) > 0)
    return G_SOURCE_CONTINUE;
  world->stopped = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
stop_cb (gpointer user_data)
{
  BurbleDemoWorld *world = user_data;

  world->stopped = TRUE;
  return G_SOURCE_CONTINUE;
}

int
main (int   argc,
      char *argv[])
{
  BurbleDemoWorld world = { 0 };
  g_autoptr(GError) error = NULL;
  g_autofree char *key_file = NULL;
  gboolean ready = FALSE;

  setlocale (LC_ALL, "");
  g_unix_signal_add (SIGTERM, stop_cb, &world);
  g_unix_signal_add (SIGINT, stop_cb, &world);
  g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, input_ended_cb, &world);
  ready = prepare (&world, &error) && write_key_file (&world, &key_file, &error);
  if (ready)
    {
      printf ("%s\n", key_file);
      fflush (stdout);
      for (guint i = 0; i < world.peers->len; i++)
        burble_demo_peer_start_day (world.peers->pdata[i]);
      while (!world.stopped)
        g_main_context_iteration (NULL, TRUE);
    }
  else
    g_printerr ("burble-demo: %s\n", error->message);
  if (key_file != NULL)
    remove_key_file (key_file);
  burble_demo_world_clear (&world);
  return ready ? 0 : 1;
}
