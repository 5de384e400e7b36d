/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "private-chat-fixture.h"

/*
 * Killed at any moment, before, while and after the site takes what was said: everything that is on
 * disk is said there once, and stands here once. The site itself knows no id of ours.
 */

#define RUNS 10

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
  burble_session_provide_password (session, account, PASSWORD, FALSE);
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
  g_autofree char *text = g_strdup_printf ("%s-%u", child->prefix, child->number++ / 2);

  /* Each of them twice: the words alone do not tell one from the other. */
  burble_session_send_async (child->session, child->chat, text, NULL, NULL, NULL, child_sent_cb,
                             NULL);
  return G_SOURCE_CONTINUE;
}

static BurbleConnection *
child_factory (const char *network, const BurbleConnectionSettings *settings, gpointer user_data)
{
  return burble_private_chat_connection_new (settings);
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

  g_signal_connect (session, "password-needed", G_CALLBACK (child_password_cb), NULL);
  result = WAIT_FOR (burble_session_load_async, session);
  burble_session_load_finish (session, result, &error);
  g_assert_no_error (error);
  account = g_list_model_get_item (burble_session_get_accounts (session), 0);
  child.chat =
    burble_session_ensure_conversation (session,
                                        burble_session_find_contact (session, account, BOB));
  g_timeout_add (5, child_talk_cb, &child);
  while (TRUE)
    g_main_context_iteration (NULL, TRUE);
}

/* The parent. */

static void
line_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Lets the child say that many things at least and kills it. What it was told is on disk is counted
 * in `promised`: text → how often. */
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
      g_hash_table_insert (promised, line,
                           GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (promised, line))
                                             + 1));
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

/* On disk as well, which is told a moment later. */
static gboolean
all_sent (Fixture *f)
{
  g_autoptr(GPtrArray) chat = load_chat (f->alice, BOB);

  for (guint i = 0; i < chat->len; i++)
    if (burble_message_get_state (g_ptr_array_index (chat, i)) != BURBLE_MESSAGE_SENT)
      return FALSE;
  return TRUE;
}

/* What is on disk here is said there, each as often; and what was promised is on disk. */
static void
assert_once (Fixture *f, GHashTable *promised)
{
  g_autoptr(GPtrArray) chat = load_chat (f->alice, BOB);
  g_autoptr(GHashTable) here = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *messages = burble_test_site_ask (f->site, "messages");
  GHashTableIter iter;
  gpointer text = NULL;
  gpointer count = NULL;

  for (guint i = 0; i < chat->len; i++)
    {
      BurbleMessage *message = g_ptr_array_index (chat, i);
      const char *said = burble_message_get_text (message);

      g_assert_cmpint (burble_message_get_state (message), ==, BURBLE_MESSAGE_SENT);
      g_assert_cmpstr (burble_message_get_network_id (message), !=, "");
      g_hash_table_insert (here, (gpointer) said,
                           GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (here, said))
                                             + 1));
    }
  g_assert_cmpuint (g_ascii_strtoull (messages, NULL, 10), ==, chat->len);
  g_hash_table_iter_init (&iter, here);
  while (g_hash_table_iter_next (&iter, &text, &count))
    {
      g_autofree char *question = g_strdup_printf ("count %s", (const char *) text);
      g_autofree char *answer = g_strdup_printf ("%u", GPOINTER_TO_UINT (count));

      if (!site_answers (f, question, answer))
        g_error ("%s is here %s times", question, answer);
    }
  g_hash_table_iter_init (&iter, promised);
  while (g_hash_table_iter_next (&iter, &text, &count))
    g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (here, text)), >=,
                      GPOINTER_TO_UINT (count));
}

static void
test_killed (Fixture *f, gconstpointer data)
{
  g_autoptr(GHashTable) promised = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *already = NULL;
  guint said = 0;

  sign_in (f->alice);
  burble_test_wait_until (person_knows (f->alice, BOB));
  wait_caught_up (f->alice);
  person_stop (f->alice);
  for (guint i = 0; i < RUNS; i++)
    {
      g_autofree char *prefix = g_strdup_printf ("r%u", i);

      /* Every other time the site takes what is said, and does not say so. */
      burble_test_site_tell (f->site, "quirk echo %s", i % 2 == 0 ? "OFF" : "ON");
      run_child (f, prefix, g_test_rand_int_range (1, 100), promised);
    }
  burble_test_site_tell (f->site, "quirk echo ON");
  already = burble_test_site_ask (f->site, "messages");
  person_start (f->alice);
  burble_session_provide_password (f->alice->session, f->alice->account, PASSWORD, FALSE);
  person_wait_online (f->alice);
  burble_test_wait_until (outbox_length (f->alice) == 0);
  wait_caught_up (f->alice);
  burble_test_wait_until (all_sent (f));
  assert_once (f, promised);
  said = g_hash_table_size (promised);
  g_test_message ("%u different ones, %s when the lights went out", said, already);
}

int
main (int argc, char *argv[])
{
  if (argc == 4 && g_str_equal (argv[1], "--child"))
    child_main (argv[2], argv[3]);
  program = argv[0];
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("killed", test_killed);

  return g_test_run ();
}
