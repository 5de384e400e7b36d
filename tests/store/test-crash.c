/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store-fixture.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#define PEER "alice@example.org"
#define ROUNDS 30
#define IN_FLIGHT 8

/*
 * The writer is this program again: it sends and receives, and prints the id of each message whose
 * call has finished. It is killed at a random moment; what it has printed must be there.
 */

static void
reported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree char *id = user_data;
  g_autoptr(GError) error = NULL;

  if (burble_store_done_finish (BURBLE_STORE (source), result, &error))
    {
      g_assert_cmpint (printf ("%s\n", id), >, 0);
      g_assert_no_errno (fflush (stdout));
    }
  else
    {
      g_error ("%s: %s", id, error->message);
    }
}

static void
write_one (StoreFixture *f, guint number)
{
  char *id = g_uuid_string_random ();
  g_autoptr(GPtrArray) one = g_ptr_array_new_with_free_func (g_object_unref);

  if (number % 2 == 0)
    {
      g_ptr_array_add (one, store_fixture_outgoing (f, PEER, id, "outgoing words", 1000 + number));
      burble_store_queue_message_async (f->store, f->account, g_ptr_array_index (one, 0), NULL,
                                        reported_cb, id);
    }
  else
    {
      g_ptr_array_add (one, store_fixture_incoming (PEER, id, "incoming words", 1000 + number));
      burble_store_add_messages_async (f->store, f->account, one, number, NULL, reported_cb, id);
    }
}

static void
nothing_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  guint *in_flight = user_data;

  *in_flight -= 1;
}

static int
write_until_killed (const char *path)
{
  StoreFixture f = { .path = (char *) path };
  guint in_flight = 0;

  f.account = burble_account_new ("uid-1", "gurgle", "me@example.org");
  store_fixture_open (&f);
  store_fixture_done (&f, CALL (burble_store_save_account_async, f.store, f.account));
  for (guint number = 0;; number++)
    {
      write_one (&f, number);
      in_flight++;
      /* Reads come in the order of the calls: it tells when the write before it is done. */
      burble_store_load_seq_async (f.store, f.account, NULL, nothing_cb, &in_flight);
      while (in_flight >= 1 + number % IN_FLIGHT)
        g_main_context_iteration (NULL, TRUE);
    }
  return 0;
}

/* Lets a writer write for a while, kills it, and notes what it has reported. */
static void
write_and_kill (StoreFixture *f, GPtrArray *reported)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  char *argv[] = { self, (char *) "--write", f->path, NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) output = g_string_new (NULL);
  g_auto(GStrv) lines = NULL;
  guint wanted = (guint) g_test_rand_int_range (1, 80);
  guint seen = 0;
  gssize length;
  char buffer[4096];
  GPid pid;
  int fd;

  g_spawn_async_with_pipes (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                            NULL, &fd, NULL, &error);
  g_assert_no_error (error);
  while ((length = read (fd, buffer, sizeof buffer)) > 0)
    {
      g_string_append_len (output, buffer, length);
      for (gssize i = 0; i < length; i++)
        seen += buffer[i] == '\n';
      if (seen >= wanted && wanted > 0)
        {
          g_usleep (g_test_rand_int_range (0, 3000)); /* anywhere inside a commit */
          g_assert_no_errno (kill (pid, SIGKILL));
          wanted = 0;
        }
    }
  g_assert_cmpuint (wanted, ==, 0);
  g_assert_no_errno (close (fd));
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);

  lines = g_strsplit (output->str, "\n", -1);
  for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++) /* whole lines */
    g_ptr_array_add (reported, g_strdup (lines[i]));
}

static void
test_what_was_reported_is_there (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) reported = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);

  store_fixture_close (f);
  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autoptr(GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_autoptr(GPtrArray) page = NULL;

      write_and_kill (f, reported);
      store_fixture_open (f);
      page = store_fixture_list (f, CALL (burble_store_load_page_async, f->store, chat,
                                          BURBLE_PAGE_LATEST, 0, 0, 10000));
      for (guint i = 0; i < page->len; i++)
        {
          const char *id = burble_message_get_id (g_ptr_array_index (page, i));

          g_assert_true (g_hash_table_add (ids, g_strdup (id))); /* each once */
        }
      for (guint i = 0; i < reported->len; i++)
        g_assert_true (g_hash_table_contains (ids, g_ptr_array_index (reported, i)));
      store_fixture_close (f);

      g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM pragma_integrity_check"
                                             " WHERE integrity_check = 'ok'"), ==, 1);
      g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM search ('words')"), ==,
                       page->len);
    }
  g_test_message ("%u messages reported in %d lives", reported->len, ROUNDS);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--write"))
    return write_until_killed (argv[2]);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add ("/store/crash/what-was-reported-is-there", StoreFixture, NULL,
              store_fixture_set_up, test_what_was_reported_is_there, store_fixture_tear_down);
  return g_test_run ();
}
