/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "gurgle-fixture.h"

/*
 * Killed at any moment, the client or the server: what the user was told is on its way arrives, and
 * arrives once.
 */

#define RUNS 12

typedef struct
{
  BurbleTestServer *server;
  Person *alice;
  Person *bob;
} Fixture;

static const char *program;

/* The child: signs in with the profile it is given and talks until it is killed. */

typedef struct
{
  BurbleSession *session;
  BurbleConversation *chat;
  const char *prefix;
  guint number;
} Child;

static void
child_password_cb (BurbleSession *session, BurbleAccount *account, const char *reason,
                   gpointer data)
{
  burble_session_provide_password (session, account, BURBLE_TEST_SERVER_PASSWORD, FALSE);
}

static void
child_sent_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleMessage) message = NULL;

  message = burble_session_send_finish (BURBLE_SESSION (object), result, &error);
  g_assert_no_error (error);
  printf ("%s\n", burble_message_get_text (message));
  fflush (stdout);
}

static gboolean
child_talk_cb (gpointer user_data)
{
  Child *child = user_data;
  g_autofree char *text = g_strdup_printf ("%s-%u", child->prefix, child->number++);

  burble_session_send_async (child->session, child->chat, text, NULL, NULL, NULL, child_sent_cb,
                             NULL);
  return G_SOURCE_CONTINUE;
}

static BurbleConnection *
child_factory (const char *network, const BurbleConnectionSettings *settings, gpointer user_data)
{
  return burble_gurgle_connection_new (settings);
}

G_NORETURN static void
child_main (const char *directory, const char *prefix)
{
  g_autofree char *path = g_build_filename (directory, "burble.db", NULL);
  g_autoptr(BurbleStore) store = burble_store_new (path);
  g_autoptr(BurbleSecrets) secrets = burble_secrets_new_memory ();
  g_autoptr(BurbleSession) session = burble_session_new (store, secrets, child_factory, NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(BurbleAccount) account = NULL;
  g_autoptr(GError) error = NULL;
  Child child = { session, NULL, prefix, 0 };

  burble_session_set_terminal (session, "laptop");
  g_signal_connect (session, "password-needed", G_CALLBACK (child_password_cb), NULL);
  result = WAIT_FOR (burble_session_load_async, session);
  burble_session_load_finish (session, result, &error);
  g_assert_no_error (error);
  account = g_list_model_get_item (burble_session_get_accounts (session), 0);
  child.chat =
    burble_session_ensure_conversation (session,
                                        burble_session_find_contact (session, account, BOB));
  g_timeout_add (1, child_talk_cb, &child);
  while (TRUE)
    g_main_context_iteration (NULL, TRUE);
}

/* The parent. */

static void
set_up (Fixture *f, gconstpointer data)
{
  f->server = gurgle_server_new (NULL);
  f->alice = gurgle_person_new (f->server, ALICE, "laptop");
  f->bob = gurgle_person_new (f->server, BOB, "desk");
  gurgle_sign_in (f->alice);
  gurgle_sign_in (f->bob);
  gurgle_befriend (f->alice, f->bob);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  person_free (f->alice);
  person_free (f->bob);
  burble_test_server_free (f->server);
}

static void
line_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Lets the child say that many things at least and kills it; what it was told is on disk is added
 * to `promised`. */
static void
run_child (Fixture *f, const char *prefix, guint count, GHashTable *promised)
{
  g_autoptr(GSubprocess) child = NULL;
  g_autoptr(GDataInputStream) output = NULL;
  g_autoptr(GError) error = NULL;
  gboolean killed = FALSE;

  child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--child",
                            f->alice->directory, prefix, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  while (TRUE)
    {
      g_autoptr(GAsyncResult) result = NULL;
      char *line = NULL;

      g_data_input_stream_read_line_async (output, G_PRIORITY_DEFAULT, NULL, line_cb, &result);
      burble_test_wait_until (result != NULL);
      line = g_data_input_stream_read_line_finish (output, result, NULL, &error);
      g_assert_no_error (error);
      if (line == NULL)
        break;
      g_assert_true (g_hash_table_add (promised, line));
      if (!killed && --count == 0)
        {
          killed = TRUE;
          g_subprocess_send_signal (child, SIGKILL);
        }
    }
  g_assert_true (killed);
  g_subprocess_wait (child, NULL, &error);
  g_assert_no_error (error);
}

static guint
outbox_length (Person *person)
{
  BurbleAccountController *controller = burble_session_get_controller (person->session,
                                                                       person->account);

  return burble_outbox_get_length (burble_account_controller_get_outbox (controller));
}

/* Each promised one exactly once; more than that only what was not answered yet when the axe
 * fell. */
static void
assert_once (Person *person, GHashTable *promised, guint unanswered)
{
  g_autofree char *texts = person_texts (person, ALICE);
  g_auto(GStrv) words = g_strsplit (texts, " ", -1);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint missing = 0;
  GHashTableIter iter;
  gpointer text = NULL;

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (!g_hash_table_add (seen, words[i]))
        g_error ("%s came twice", words[i]);
    }
  g_hash_table_iter_init (&iter, promised);
  while (g_hash_table_iter_next (&iter, &text, NULL))
    {
      if (!g_hash_table_contains (seen, text))
        {
          g_printerr ("%s is missing\n", (char *) text);
          missing++;
        }
    }
  g_assert_cmpuint (missing, ==, 0);
  g_assert_cmpuint (g_hash_table_size (seen), >=, g_hash_table_size (promised));
  g_assert_cmpuint (g_hash_table_size (seen) - g_hash_table_size (promised), <=, unanswered);
}

static void
test_client (Fixture *f, gconstpointer data)
{
  g_autoptr(GHashTable) promised = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  person_stop (f->alice);
  for (guint i = 0; i < RUNS; i++)
    {
      g_autofree char *prefix = g_strdup_printf ("r%u", i);

      /* Every third time there is no server to talk to. */
      if (i % 3 == 2)
        burble_test_server_terminate (f->server);
      run_child (f, prefix, g_test_rand_int_range (1, 40), promised);
      if (i % 3 == 2)
        burble_test_server_start (f->server);
    }
  person_start (f->alice);
  burble_session_provide_password (f->alice->session, f->alice->account,
                                   BURBLE_TEST_SERVER_PASSWORD,
                                   FALSE);
  person_wait_online (f->alice);
  burble_test_wait_until (outbox_length (f->alice) == 0);
  gurgle_say (f->alice, BOB, "end");
  burble_test_wait_until (person_heard (f->bob, ALICE, "end"));
  g_hash_table_add (promised, g_strdup ("end"));
  /* The store answers many calls at once: those of the last moment were not printed. */
  assert_once (f->bob, promised, RUNS * 200);
  g_test_message ("%u messages", g_hash_table_size (promised));
}

static void
test_server (Fixture *f, gconstpointer data)
{
  g_autoptr(GHashTable) promised = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GString) expected = g_string_new (NULL);
  g_autofree char *texts = NULL;
  BurbleConversation *chat = NULL;
  guint number = 0;

  gurgle_say (f->alice, BOB, "begin");
  g_hash_table_add (promised, g_strdup ("begin"));
  g_string_append (expected, "begin");
  chat = person_chat (f->alice, BOB);
  for (guint i = 0; i < RUNS; i++)
    {
      guint iterations = g_test_rand_int_range (1, 60);
      guint tick;

      for (guint j = 0; j < 40; j++, number++)
        {
          g_autofree char *text = g_strdup_printf ("m%u", number);

          burble_session_send_async (f->alice->session, chat, text, NULL, NULL, NULL, NULL, NULL);
          g_string_append_printf (expected, " %s", text);
          g_hash_table_add (promised, g_steal_pointer (&text));
        }
      /* Some way into it; the tick is there in case nothing happens. */
      tick = g_timeout_add (5, burble_test_tick_cb, NULL);
      while (iterations-- > 0)
        g_main_context_iteration (NULL, TRUE);
      g_source_remove (tick);
      burble_test_server_kill (f->server);
      burble_test_server_start (f->server);
      if (i % 2 == 0)
        {
          person_wait_online (f->alice);
          person_wait_online (f->bob);
        }
    }
  person_wait_online (f->alice);
  burble_test_wait_until (outbox_length (f->alice) == 0);
  gurgle_say (f->alice, BOB, "end");
  g_string_append (expected, " end");
  burble_test_wait_until (person_heard (f->bob, ALICE, "end"));
  g_hash_table_add (promised, g_strdup ("end"));
  assert_once (f->bob, promised, 0);
  /* And in the order in which it was written. */
  texts = person_texts (f->bob, ALICE);
  g_assert_cmpstr (texts, ==, expected->str);
  g_assert_cmpuint (f->alice->store_failures + f->bob->store_failures, ==, 0);
}

int
main (int argc, char **argv)
{
  if (argc == 4 && g_str_equal (argv[1], "--child"))
    child_main (argv[2], argv[3]);
  program = argv[0];
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add ("/session/crash/client-killed", Fixture, NULL, set_up, test_client, tear_down);
  g_test_add ("/session/crash/server-killed", Fixture, NULL, set_up, test_server, tear_down);

  return g_test_run ();
}
