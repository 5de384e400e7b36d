/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bench-process.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* A measurement that breaks off leaves no server behind. */
static void
child_setup (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

BenchProcess *
bench_process_start (const char *const *argv)
{
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GError) error = NULL;
  BenchProcess *self = g_new0 (BenchProcess, 1);

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                        G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_subprocess_launcher_set_child_setup (launcher, child_setup, NULL, NULL);
  self->process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  if (self->process == NULL)
    g_error ("%s: %s", argv[0], error->message);
  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  self->pid = atoi (g_subprocess_get_identifier (self->process));
  return self;
}

char *
bench_process_wait_line (BenchProcess *self,
                         const char   *prefix)
{
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (self->output, NULL, NULL, NULL);

      if (line == NULL)
        g_error ("The server ended before it said \"%s\"", prefix);
      if (g_str_has_prefix (line, prefix))
        return g_steal_pointer (&line);
    }
}

static gint64
find_kilobytes (const char *text,
                const char *key)
{
  const char *found = strstr (text, key);

  if (found == NULL)
    g_error ("No %s in smaps_rollup", key);
  return g_ascii_strtoll (found + strlen (key), NULL, 10) * 1024;
}

BenchMemory
bench_process_get_memory (BenchProcess *self)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/smaps_rollup", self->pid);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  BenchMemory memory = { 0 };

  if (!g_file_get_contents (path, &text, NULL, &error))
    g_error ("%s", error->message);
  memory.rss = find_kilobytes (text, "\nRss:");
  memory.pss = find_kilobytes (text, "\nPss:");
  memory.private_dirty = find_kilobytes (text, "\nPrivate_Dirty:");
  return memory;
}

gint64
bench_process_get_cpu (BenchProcess *self)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", self->pid);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) fields = NULL;

  if (!g_file_get_contents (path, &text, NULL, &error))
    g_error ("%s", error->message);
  /* The second field, the name, may hold anything; what follows its bracket is plain. */
  fields = g_strsplit (strrchr (text, ')') + 2, " ", -1);
  g_assert (g_strv_length (fields) > 12);
  return (g_ascii_strtoll (fields[11], NULL, 10) + g_ascii_strtoll (fields[12], NULL, 10)) *
         (G_USEC_PER_SEC / sysconf (_SC_CLK_TCK));
}

void
bench_process_stop (BenchProcess *self)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  g_subprocess_send_signal (self->process, SIGTERM);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->output);
  g_object_unref (self->process);
  g_free (self);
}
