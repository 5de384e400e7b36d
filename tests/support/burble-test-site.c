/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-test-site.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>

struct _BurbleTestSite
{
  GSubprocess *process;
  GDataInputStream *lines;
  guint16 port;
};

static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static char *
read_line (BurbleTestSite *self)
{
  g_autoptr(GError) error = NULL;
  char *line = g_data_input_stream_read_line (self->lines, NULL, NULL, &error);

  g_assert_no_error (error);
  if (line == NULL)
    g_error ("The site has ended");
  return line;
}

static BurbleTestSite *
start (const char *pem)
{
  BurbleTestSite *self = g_new0 (BurbleTestSite, 1);
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *port = NULL;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE
                                        | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  self->process = g_subprocess_launcher_spawn (launcher, &error, "python3",
                                               BURBLE_TEST_SITE_PROGRAM, "0", pem, NULL);
  g_assert_no_error (error);
  self->lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  port = read_line (self);
  self->port = (guint16) g_ascii_strtoull (port, NULL, 10);
  g_assert_cmpuint (self->port, !=, 0);
  return self;
}

BurbleTestSite *
burble_test_site_new (void)
{
  return start (NULL);
}

BurbleTestSite *
burble_test_site_new_tls (GTlsCertificate *certificate)
{
  g_autofree char *public = NULL;
  g_autofree char *private = NULL;
  g_autofree char *text = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  BurbleTestSite *self = NULL;
  int file = g_file_open_tmp ("burble-site-XXXXXX.pem", &path, &error);

  g_assert_no_error (error);
  g_assert_true (g_close (file, &error));
  g_object_get (certificate, "certificate-pem", &public, "private-key-pem", &private, NULL);
  text = g_strconcat (private, public, NULL);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  self = start (path);
  g_assert_no_errno (g_unlink (path));
  return self;
}

void
burble_test_site_free (BurbleTestSite *self)
{
  g_autofree char *harm = burble_test_site_ask (self, "harm");
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (harm, ==, "none");
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, &error);
  g_assert_no_error (error);
  g_subprocess_wait (self->process, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (self->lines);
  g_object_unref (self->process);
  g_free (self);
}

guint16
burble_test_site_get_port (BurbleTestSite *self)
{
  return self->port;
}

static char *
ask (BurbleTestSite *self, const char *command)
{
  g_autofree char *line = g_strconcat (command, "\n", NULL);
  GOutputStream *out = g_subprocess_get_stdin_pipe (self->process);
  g_autoptr(GError) error = NULL;

  g_output_stream_write_all (out, line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_flush (out, NULL, &error);
  g_assert_no_error (error);
  return read_line (self);
}

char *
burble_test_site_ask (BurbleTestSite *self, const char *format, ...)
{
  g_autofree char *command = NULL;
  va_list list;

  va_start (list, format);
  command = g_strdup_vprintf (format, list);
  va_end (list);
  return ask (self, command);
}

void
burble_test_site_tell (BurbleTestSite *self, const char *format, ...)
{
  g_autofree char *command = NULL;
  g_autofree char *answer = NULL;
  va_list list;

  va_start (list, format);
  command = g_strdup_vprintf (format, list);
  va_end (list);
  answer = ask (self, command);
  g_assert_cmpstr (answer, ==, "ok");
}
