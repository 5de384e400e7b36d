/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-demo"

#include "config.h"

#include "burble-demo.h"

#include <errno.h>
#include <signal.h>

#include <glib/gi18n.h>

#define GROUP "demo"

struct _BurbleDemo
{
  GKeyFile *keys;
  gboolean join;
  GSubprocess *world; /* its standard input ends with us, however we end */
};

/* In the build tree, beside our folder; else where it is installed. */
static char *
find_world (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : g_strdup (".");
  g_autofree char *built = g_build_filename (folder, "..", "demo", "burble-demo", NULL);

  if (g_file_test (built, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&built);
  return g_build_filename (BURBLE_LIBEXECDIR, "burble-demo", NULL);
}

static gboolean
load_keys (BurbleDemo *self, const char *path, GError **error)
{
  self->keys = g_key_file_new ();
  return g_key_file_load_from_file (self->keys, path, G_KEY_FILE_NONE, error);
}

/**
 * burble_demo_start:
 * @error: return location for an error
 *
 * Starts the world and blocks until it is ready, about a second: there is no window yet.
 *
 * Returns: (transfer full) (nullable): the demo, which ends with burble_demo_free() or this process
 */
BurbleDemo *
burble_demo_start (GError **error)
{
  g_autoptr(BurbleDemo) self = g_new0 (BurbleDemo, 1);
  g_autoptr(GDataInputStream) lines = NULL;
  g_autofree char *program = find_world ();
  g_autofree char *path = NULL;

  self->world = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                  error, program, NULL);
  if (self->world == NULL)
    return NULL;
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->world));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  path = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, error);
  if (path == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("%s ended without a word"), program);
      return NULL;
    }
  return load_keys (self, path, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * burble_demo_join:
 * @error: return location for %G_IO_ERROR_NOT_FOUND, where no demo runs
 *
 * Finds the world that another Burble of this user's started.
 *
 * Returns: (transfer full) (nullable): the demo, as the guest sees it
 */
BurbleDemo *
burble_demo_join (GError **error)
{
  g_autoptr(BurbleDemo) self = g_new0 (BurbleDemo, 1);
  g_autofree char *path = g_build_filename (g_get_user_runtime_dir (), "burble-demo.ini", NULL);
  GPid pid;

  self->join = TRUE;
  if (!load_keys (self, path, NULL))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _("No demo is running; start one with: %s"), "burble --demo");
      return NULL;
    }
  /* One that was killed could not take its file along. */
  pid = g_key_file_get_integer (self->keys, GROUP, "pid", NULL);
  if (pid <= 0 || (kill (pid, 0) != 0 && errno == ESRCH))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _("The demo has ended; start one with: %s"), "burble --demo");
      return NULL;
    }
  return g_steal_pointer (&self);
}

static char *
get_key (BurbleDemo *self, const char *key)
{
  return g_key_file_get_string (self->keys, GROUP, key, NULL);
}

/**
 * burble_demo_new_profile:
 * @self: a demo
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the profile of the user whom the world has prepared, or an
 *   empty one for the guest
 */
BurbleProfile *
burble_demo_new_profile (BurbleDemo *self, GError **error)
{
  g_autofree char *directory = self->join ? NULL : get_key (self, "profile");
  g_autoptr(BurbleProfile) profile = burble_profile_new_temporary (directory, error);

  if (profile != NULL && !self->join)
    {
      g_autofree char *uid = get_key (self, "uid");
      g_autofree char *address = get_key (self, "address");
      g_autofree char *password = get_key (self, "password");
      g_autoptr(BurbleAccount) account = burble_account_new (uid, "gurgle", address);

      burble_secrets_store_async (burble_profile_get_secrets (profile), account, password, NULL,
                                  NULL, NULL);
    }
  return g_steal_pointer (&profile);
}

static void
signed_in_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  if (!burble_session_add_account_finish (BURBLE_SESSION (object), result, &error))
    g_warning ("The second person of the demo could not sign in: %s", error->message);
}

/**
 * burble_demo_sign_in:
 * @self: a demo
 * @session: the session of its profile, which is loaded
 *
 * Signs the guest in; the user of the first window has an account in the profile already.
 */
void
burble_demo_sign_in (BurbleDemo *self, BurbleSession *session)
{
  g_autofree char *address = get_key (self, "guest-address");
  g_autofree char *name = get_key (self, "guest-name");
  g_autofree char *password = get_key (self, "guest-password");
  g_autofree char *host = get_key (self, "host");
  g_autofree char *pin = get_key (self, "pin");
  g_autoptr(BurbleAccount) account = NULL;

  if (!self->join)
    return;
  account = burble_account_new (NULL, "gurgle", address);
  burble_account_set_name (account, name);
  burble_account_set_host (account, host);
  burble_account_set_port (account, g_key_file_get_integer (self->keys, GROUP, "port", NULL));
  burble_account_set_pin (account, pin);
  burble_session_add_account_async (session, account, password, TRUE, FALSE, NULL, NULL,
                                    signed_in_cb, NULL);
}

/**
 * burble_demo_free:
 * @self: a demo
 *
 * Ends the world where this started it, and waits for that. The profile must be closed before.
 */
void
burble_demo_free (BurbleDemo *self)
{
  if (self->world != NULL)
    {
      /* The end of its input is its sign; what it leaves of the profile must be closed by now. */
      g_output_stream_close (g_subprocess_get_stdin_pipe (self->world), NULL, NULL);
      g_subprocess_wait (self->world, NULL, NULL);
    }
  g_clear_object (&self->world);
  g_clear_pointer (&self->keys, g_key_file_unref);
  g_free (self);
}
