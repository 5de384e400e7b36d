/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-e2e-cg-server"

#include "config.h"

#include <gio/gunixinputstream.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "burble-test-cg.h"

/*
 * The cg server of the tests as a program of its own, for tests that are not written in C. Its port
 * is printed first. Commands come in by lines, each is answered by one line:
 *
 *   user NAME PASSWORD     somebody new; the answer is their UUID
 *   status NAME WORD       how they are; everybody is told
 *   say KIND WORD NAME     a notice or a warning to everybody, about NAME
 *   harm                   how often something came that would have stopped a real server
 */

typedef struct
{
  BurbleTestCg *server;
  GDataInputStream *input;
  GMainLoop *loop;
} Program;

static void
answer (Program *self, const char *line)
{
  g_auto(GStrv) words = g_strsplit (line, " ", 3);
  guint n = g_strv_length (words);

  if (n == 3 && g_str_equal (words[0], "user"))
    g_print ("%s\n", burble_test_cg_add_user (self->server, words[1], words[2]));
  else if (n == 3 && g_str_equal (words[0], "status") && burble_test_cg_knows (self->server, words[1]))
    {
      burble_test_cg_set_status (self->server, words[1], words[2]);
      g_print ("ok\n");
    }
  else if (n == 3 && g_str_equal (words[0], "say"))
    {
      g_auto(GStrv) what = g_strsplit (words[2], " ", 2);

      burble_test_cg_say (self->server, words[1], what[0], "username", what[1], NULL);
      g_print ("ok\n");
    }
  else if (n == 1 && g_str_equal (words[0], "harm"))
    g_print ("%u\n", burble_test_cg_get_harm (self->server));
  else
    g_print ("what?\n");
  fflush (stdout);
}

static void
line_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Program *self = user_data;
  g_autofree char *line =
    g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (object), result, NULL, NULL);

  if (line == NULL)
    {
      g_main_loop_quit (self->loop);
      return;
    }
  answer (self, line);
  g_data_input_stream_read_line_async (self->input, G_PRIORITY_DEFAULT, NULL, line_cb, self);
}

int
main (void)
{
  g_autoptr(GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr(GDataInputStream) lines = g_data_input_stream_new (input);
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(BurbleTestCg) server = burble_test_cg_new (FALSE);
  Program self = { .server = server, .input = lines, .loop = loop };

  g_print ("%u\n", burble_test_cg_get_port (server));
  fflush (stdout);
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, line_cb, &self);
  g_main_loop_run (loop);
  return 0;
}
