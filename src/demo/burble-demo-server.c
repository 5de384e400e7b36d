/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-demo"

#include "config.h"

#include "burble-demo-server.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

struct _BurbleDemoHost
{
  char *program;
  char *directory;
  char *fingerprint;
  guint port;
  GSubprocess *process;
};

/* Installed beside us, in the build tree beside our folder, or wherever PATH says. */
static char *
find_server (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : g_strdup (".");
  const char *candidates[] = {
    g_getenv ("BURBLE_SERVER"),
    g_build_filename (folder, "..", "server", "burble-server", NULL),
    g_build_filename (BURBLE_BINDIR, "burble-server", NULL),
  };
  char *found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
    {
      if (found == NULL && candidates[i] != NULL
          && g_file_test (candidates[i], G_FILE_TEST_IS_EXECUTABLE))
        found = g_strdup (candidates[i]);
      if (i > 0)
        g_free ((char *) candidates[i]);
    }
  return found != NULL ? found : g_find_program_in_path ("burble-server");
}

/* Runs one command of the server's to its end. → its output. */
static char *
run_command (const char * const *argv,
             const char         *input,
             GError            **error)
{
  g_autoptr(GSubprocess) process
    = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                 | G_SUBPROCESS_FLAGS_STDERR_PIPE, error);
  g_autofree char *output = NULL;
  g_autofree char *complaint = NULL;

  if (process == NULL
      || !g_subprocess_communicate_utf8 (process, input, NULL, &output, &complaint, error))
    return NULL;
  if (!g_subprocess_get_successful (process))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s %s: %s", argv[0], argv[1],
                   g_strstrip (complaint));
      return NULL;
    }
  return g_steal_pointer (&output);
}

static char *
find_fingerprint (const char *text)
{
  g_autoptr(GRegex) regex = g_regex_new ("(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", G_REGEX_CASELESS, 0,
                                         NULL);
  g_autoptr(GMatchInfo) match = NULL;

  return g_regex_match (regex, text, 0, &match) ? g_match_info_fetch (match, 0) : NULL;
}

/* The demo's people sign in all at once and tell what happened yesterday: cheap hashes, and no
 * correction of old timestamps. Neither would do for a server that others can reach. And everybody
 * may see who is there, so that there is somebody to be found. */
static gboolean
adapt_configuration (const char *directory,
                     GError    **error)
{
  g_autoptr(GKeyFile) keys = g_key_file_new ();
  g_autofree char *path = g_build_filename (directory, "burble-server.ini", NULL);

  if (!g_key_file_load_from_file (keys, path, G_KEY_FILE_KEEP_COMMENTS, error))
    return FALSE;
  g_key_file_set_boolean (keys, "server", "directory", TRUE);
  g_key_file_set_integer (keys, "limits", "timestamp-tolerance", 60 * 60 * 24 * 365);
  g_key_file_set_integer (keys, "passwords", "operations", 1);
  g_key_file_set_integer (keys, "passwords", "memory-kib", 8);
  return g_key_file_save_to_file (keys, path, error);
}

/* The server must not outlive the demo, however that ends. */
static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static gboolean
start_process (BurbleDemoHost *self,
               GError        **error)
{
  const char *argv[] = { self->program, "run", "--data", self->directory, "--listen", "127.0.0.1",
                         "--port", "0", NULL };
  g_autoptr(GSubprocessLauncher) launcher
    = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr(GDataInputStream) lines = NULL;

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  self->process = g_subprocess_launcher_spawnv (launcher, argv, error);
  if (self->process == NULL)
    return FALSE;
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  while (self->port == 0)
    {
      g_autofree char *line = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, error);

      if (line == NULL)
        {
          if (error != NULL && *error == NULL)
            g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "burble-server ended at once");
          return FALSE;
        }
      if (g_str_has_prefix (line, "listening on ") && strrchr (line, ':') != NULL)
        self->port = g_ascii_strtoull (strrchr (line, ':') + 1, NULL, 10);
    }
  return TRUE;
}

/**
 * burble_demo_host_start:
 * @directory: a folder to be made
 * @domain: what stands behind the `@`
 * @error: return location for an error: no server is installed, or what it complained of
 *
 * Sets a server up and starts it on a free loopback port. Blocks for about 0.3 s: the demo has no
 * window to keep alive.
 *
 * Returns: (transfer full) (nullable): the running server
 */
BurbleDemoHost *
burble_demo_host_start (const char *directory,
                        const char *domain,
                        GError    **error)
{
  g_autoptr(BurbleDemoHost) self = g_new0 (BurbleDemoHost, 1);
  g_autofree char *output = NULL;

  self->program = find_server ();
  self->directory = g_strdup (directory);
  if (self->program == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "burble-server is not installed");
      return NULL;
    }
  output = run_command ((const char *[]) { self->program, "init", "--domain", domain, "--data",
                                           directory, NULL }, NULL, error);
  if (output == NULL || !adapt_configuration (directory, error))
    return NULL;
  self->fingerprint = find_fingerprint (output);
  if (self->fingerprint == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "burble-server init told no fingerprint");
      return NULL;
    }
  if (!start_process (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * burble_demo_host_add_user:
 * @self: a server
 * @address: the bare id
 * @name: the display name
 * @bio: what they say about themselves
 * @password: their password
 * @error: return location for what the server complained of
 *
 * Makes an account, as `burble-server user add` does. Blocks meanwhile.
 *
 * Returns: %FALSE if there is no account now
 */
gboolean
burble_demo_host_add_user (BurbleDemoHost *self,
                           const char     *address,
                           const char     *name,
                           const char     *bio,
                           const char     *password,
                           GError        **error)
{
  g_autofree char *output = NULL;
  g_autofree char *input = g_strconcat (password, "\n", NULL);

  output = run_command ((const char *[]) { self->program, "user", "add", address, "--name", name,
                                           "--bio", bio,
                                           "--data", self->directory, NULL },
                        input, error);
  return output != NULL;
}

guint
burble_demo_host_get_port (BurbleDemoHost *self)
{
  return self->port;
}

/**
 * burble_demo_host_get_fingerprint:
 * @self: a server
 *
 * Returns: the SHA-256 of the certificate, in the form of burble_certificate_get_fingerprint()
 */
const char *
burble_demo_host_get_fingerprint (BurbleDemoHost *self)
{
  return self->fingerprint;
}

/**
 * burble_demo_host_free:
 * @self: a server
 *
 * Asks the server to end (SIGTERM) and waits until it has.
 */
void
burble_demo_host_free (BurbleDemoHost *self)
{
  if (self->process != NULL)
    {
      g_subprocess_send_signal (self->process, SIGTERM);
      g_subprocess_wait (self->process, NULL, NULL);
    }
  g_clear_object (&self->process);
  g_free (self->program);
  g_free (self->directory);
  g_free (self->fingerprint);
  g_free (self);
}
