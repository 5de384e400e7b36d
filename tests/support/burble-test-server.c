/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-test-server.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

/* The cheapest that libsodium allows. */
#define CHEAP_PASSWORDS "\n[passwords]\noperations=1\nmemory-kib=8\n"

struct _BurbleTestServer
{
  char *folder;
  char *data_dir;
  char *pin;
  guint16 port;
  GSubprocess *process;
};

const char *
burble_test_server_get_program (void)
{
  const char *program = g_getenv ("BURBLE_SERVER");

  return program != NULL ? program : BURBLE_TEST_SERVER_PROGRAM;
}

static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static int
run (GPtrArray  *arguments,
     const char *input,
     char      **output)
{
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;

  process = g_subprocess_newv ((const char *const *) arguments->pdata,
                               G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                               G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, input, NULL, &out, &err, &error);
  g_assert_no_error (error);
  if (output != NULL)
    *output = g_strconcat (out, err, NULL);
  return g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
}

int
burble_test_server_command (BurbleTestServer *self,
                            const char       *input,
                            char            **output,
                            const char       *argument,
                            ...)
{
  g_autoptr(GPtrArray) arguments = g_ptr_array_new ();
  va_list list;

  g_ptr_array_add (arguments, (gpointer) burble_test_server_get_program ());
  va_start (list, argument);
  for (const char *next = argument; next != NULL; next = va_arg (list, const char *))
    g_ptr_array_add (arguments, (gpointer) next);
  va_end (list);
  g_ptr_array_add (arguments, (gpointer) "--data");
  g_ptr_array_add (arguments, self->data_dir);
  g_ptr_array_add (arguments, NULL);
  return run (arguments, input, output);
}

static void
append_config (BurbleTestServer *self,
               const char       *config)
{
  g_autofree char *path = g_build_filename (self->data_dir, "burble-server.ini", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (path, &before, NULL, &error);
  g_assert_no_error (error);
  after = g_strconcat (before, CHEAP_PASSWORDS, config, NULL);
  g_file_set_contents (path, after, -1, &error);
  g_assert_no_error (error);
}

BurbleTestServer *
burble_test_server_new_stopped (const char *config)
{
  BurbleTestServer *self = g_new0 (BurbleTestServer, 1);
  g_autoptr(GError) error = NULL;
  g_autofree char *output = NULL;
  const char *pin = NULL;
  int status = 0;

  self->folder = g_dir_make_tmp ("burble-server-XXXXXX", &error);
  g_assert_no_error (error);
  self->data_dir = g_build_filename (self->folder, "data", NULL);
  status = burble_test_server_command (self, NULL, &output, "init", "--domain",
                                       BURBLE_TEST_SERVER_DOMAIN, "--listen", "127.0.0.1", "--port",
                                       "0", NULL);
  if (status != 0)
    g_error ("burble-server init: %s", output);
  pin = strstr (output, "SHA-256 ");
  g_assert_nonnull (pin);
  self->pin = g_strndup (pin + 8, strcspn (pin + 8, "\n"));
  append_config (self, config);
  return self;
}

void
burble_test_server_start (BurbleTestServer *self)
{
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GDataInputStream) lines = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *port = g_strdup_printf ("%u", self->port);
  g_autofree char *line = NULL;
  const char *colon = NULL;

  g_assert_null (self->process);
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  self->process = g_subprocess_launcher_spawn (launcher, &error, burble_test_server_get_program (), "run", "--data",
                                               self->data_dir, "--port", port, NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  if (line == NULL || !g_str_has_prefix (line, "listening on "))
    g_error ("burble-server did not start: %s", line != NULL ? line : "no output");
  colon = strrchr (line, ':');
  self->port = (guint16) g_ascii_strtoull (colon + 1, NULL, 10);
}

BurbleTestServer *
burble_test_server_new (const char *config)
{
  BurbleTestServer *self = burble_test_server_new_stopped (config);

  burble_test_server_start (self);
  return self;
}

int
burble_test_server_wait (BurbleTestServer *self)
{
  g_autoptr(GSubprocess) process = g_steal_pointer (&self->process);
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (process);
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
  return g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
}

void
burble_test_server_kill (BurbleTestServer *self)
{
  g_assert_nonnull (self->process);
  g_subprocess_force_exit (self->process);
  burble_test_server_wait (self);
}

void
burble_test_server_ask_to_stop (BurbleTestServer *self)
{
  g_assert_nonnull (self->process);
  g_subprocess_send_signal (self->process, SIGTERM);
}

int
burble_test_server_terminate (BurbleTestServer *self)
{
  burble_test_server_ask_to_stop (self);
  return burble_test_server_wait (self);
}

gboolean
burble_test_server_is_running (BurbleTestServer *self)
{
  return self->process != NULL && g_subprocess_get_identifier (self->process) != NULL;
}

int
burble_test_server_get_pid (BurbleTestServer *self)
{
  g_assert_nonnull (self->process);
  return atoi (g_subprocess_get_identifier (self->process));
}

void
burble_test_server_add_user (BurbleTestServer *self,
                             const char       *username,
                             const char       *password)
{
  g_autofree char *output = NULL;
  int status = burble_test_server_command (self,
                                           password != NULL ? password
                                                            : BURBLE_TEST_SERVER_PASSWORD,
                                           &output, "user", "add", username, NULL);

  if (status != 0)
    g_error ("burble-server user add %s: %s", username, output);
}

const char *
burble_test_server_get_domain (BurbleTestServer *self)
{
  return BURBLE_TEST_SERVER_DOMAIN;
}

const char *
burble_test_server_get_host (BurbleTestServer *self)
{
  return "127.0.0.1";
}

guint16
burble_test_server_get_port (BurbleTestServer *self)
{
  return self->port;
}

const char *
burble_test_server_get_pin (BurbleTestServer *self)
{
  return self->pin;
}

const char *
burble_test_server_get_data_dir (BurbleTestServer *self)
{
  return self->data_dir;
}

static void
remove_folder (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

void
burble_test_server_free (BurbleTestServer *self)
{
  if (self->process != NULL)
    burble_test_server_kill (self);
  remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->data_dir);
  g_free (self->pin);
  g_free (self);
}
