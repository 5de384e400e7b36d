/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-secrets.h"
#include "burble-test-wait.h"
#include "store-fixture.h"

#include <libsecret/secret.h>

/*
 * Run by keyring-session, with BURBLE_KEYRING as "open" (a real gnome-keyring-daemon that is
 * unlocked), "locked" (the same keyring, which nobody can unlock) or "missing" (no service at all).
 * Without it, what needs no keyring is tested.
 */

typedef struct
{
  BurbleSecrets *secrets;
  BurbleAccount *account;
  BurbleAccount *other;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->secrets = data != NULL ? burble_secrets_new_memory () : burble_secrets_new ();
  f->account = burble_account_new ("uid-1", "gurgle", "me@example.org");
  f->other = burble_account_new ("uid-2", "gurgle", "other@example.org");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  burble_test_settle ();
  g_assert_finalize_object (f->secrets);
  g_assert_finalize_object (f->account);
  g_assert_finalize_object (f->other);
}

static char *
lookup (Fixture *f, BurbleAccount *account, GError **error)
{
  g_autoptr(GAsyncResult) result = CALL (burble_secrets_lookup_async, f->secrets, account);

  return burble_secrets_lookup_finish (f->secrets, result, error);
}

static gboolean
keep (Fixture *f, BurbleAccount *account, const char *password, GError **error)
{
  g_autoptr(GAsyncResult) result = CALL (burble_secrets_store_async, f->secrets, account, password);

  return burble_secrets_store_finish (f->secrets, result, error);
}

static gboolean
clear (Fixture *f, BurbleAccount *account, GError **error)
{
  g_autoptr(GAsyncResult) result = CALL (burble_secrets_clear_async, f->secrets, account);

  return burble_secrets_clear_finish (f->secrets, result, error);
}

static void
assert_password (Fixture *f, BurbleAccount *account, const char *expected)
{
  g_autoptr(GError) error = NULL;
  char *password = lookup (f, account, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (password, ==, expected);
  burble_secret_free (password);
}

static void
test_stores_looks_up_and_clears (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  assert_password (f, f->account, NULL);
  g_assert_true (keep (f, f->account, "correct horse", &error));
  g_assert_no_error (error);
  assert_password (f, f->account, "correct horse");
  assert_password (f, f->other, NULL);
  g_assert_true (keep (f, f->account, "pässwörd ✓", &error));
  g_assert_no_error (error);
  assert_password (f, f->account, "pässwörd ✓");
  g_assert_true (clear (f, f->account, &error));
  g_assert_no_error (error);
  assert_password (f, f->account, NULL);
  g_assert_true (clear (f, f->account, &error)); /* that there is none is no error */
  g_assert_no_error (error);
}

static void
test_calls_at_once_are_all_answered (Fixture *f, gconstpointer data)
{
  GAsyncResult *results[20] = { NULL };
  g_autoptr(GError) error = NULL;

  g_assert_true (keep (f, f->account, "one", &error));
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    burble_secrets_lookup_async (f->secrets, i % 2 == 0 ? f->account : f->other, NULL,
                                 store_fixture_result_cb, &results[i]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(GAsyncResult) owned = NULL;
      char *password = NULL;

      burble_test_wait_until (results[i] != NULL);
      owned = results[i];
      password = burble_secrets_lookup_finish (f->secrets, owned, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (password, ==, i % 2 == 0 ? "one" : NULL);
      burble_secret_free (password);
    }
  g_assert_true (clear (f, f->account, &error));
}

static void
test_cancelled_call_fails_alone (Fixture *f, gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  GAsyncResult *first = NULL;
  GAsyncResult *second = NULL;

  burble_secrets_lookup_async (f->secrets, f->account, cancellable, store_fixture_result_cb,
                               &first);
  burble_secrets_lookup_async (f->secrets, f->account, cancellable, store_fixture_result_cb,
                               &second);
  g_cancellable_cancel (cancellable);
  burble_test_wait_until (first != NULL && second != NULL);
  g_assert_null (burble_secrets_lookup_finish (f->secrets, first, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (burble_secrets_lookup_finish (f->secrets, second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_object_unref (first);
  g_object_unref (second);
  assert_password (f, f->account, NULL); /* and is not taken for a refusal */
}

/* Another process finds it, under a label that says whose it is and with nothing else about it. */
static void
test_another_process_sees_it (Fixture *f, gconstpointer data)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  char *argv[] = { self, (char *) "--lookup", NULL };
  g_autofree char *output = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (keep (f, f->account, "correct horse", &error));
  g_assert_no_error (error);
  g_spawn_sync (NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (output, ==, "Burble: me@example.org\ncorrect horse\n");
}

/* The other process of the test above: asks the keyring without our code, then with it. */
static int
look_up_and_tell (void)
{
  static const SecretSchema schema = {
    "im.burble.Burble.Account", SECRET_SCHEMA_NONE,
    { { "account", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } }
  };
  Fixture f = { NULL };
  g_autolist(GObject) items = NULL;
  char *password = NULL;

  items = secret_password_search_sync (&schema, SECRET_SEARCH_ALL, NULL, NULL,
                                       "account", "uid-1", NULL);
  g_assert_cmpuint (g_list_length (items), ==, 1);
  set_up (&f, NULL);
  password = lookup (&f, f.account, NULL);
  g_print ("%s\n%s\n", secret_retrievable_get_label (items->data), password);
  burble_secret_free (password);
  tear_down (&f, NULL);
  return 0;
}

/* `data` is the code that is expected: of each call, and of all calls after the first at once. */
static void
assert_refused (Fixture *f, int code)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr(GError) error = NULL;

  g_assert_null (lookup (f, f->account, &error));
  g_assert_error (error, BURBLE_SECRETS_ERROR, code);
  g_clear_error (&error);
  g_test_message ("the first took %" G_GINT64_FORMAT " ms",
                  (g_get_monotonic_time () - start) / 1000);

  start = g_get_monotonic_time ();
  g_assert_null (lookup (f, f->other, &error));
  g_assert_error (error, BURBLE_SECRETS_ERROR, code);
  g_clear_error (&error);
  g_assert_false (keep (f, f->account, "secret", &error));
  g_assert_error (error, BURBLE_SECRETS_ERROR, code);
  g_clear_error (&error);
  g_assert_false (clear (f, f->account, &error));
  g_assert_error (error, BURBLE_SECRETS_ERROR, code);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
}

static void
test_locked_is_told_from_none (Fixture *f, gconstpointer data)
{
  assert_refused (f, BURBLE_SECRETS_ERROR_LOCKED);
}

static void
test_storing_into_a_locked_keyring_fails (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (keep (f, f->account, "other", &error));
  g_assert_error (error, BURBLE_SECRETS_ERROR, BURBLE_SECRETS_ERROR_LOCKED);
}

static void
test_missing_is_told (Fixture *f, gconstpointer data)
{
  assert_refused (f, BURBLE_SECRETS_ERROR_UNAVAILABLE);
}

static void
test_free_takes_null (void)
{
  burble_secret_free (NULL);
  burble_secret_free (g_strdup (""));
}

int
main (int argc, char **argv)
{
  const char *keyring = g_getenv ("BURBLE_KEYRING");

  if (argc == 2 && g_str_equal (argv[1], "--lookup"))
    return look_up_and_tell ();
  g_test_init (&argc, &argv, NULL);

  if (g_strcmp0 (keyring, "open") == 0)
    {
      g_test_add ("/store/secrets/keyring/stores-looks-up-and-clears", Fixture, NULL, set_up,
                  test_stores_looks_up_and_clears, tear_down);
      g_test_add ("/store/secrets/keyring/calls-at-once-are-all-answered", Fixture, NULL, set_up,
                  test_calls_at_once_are_all_answered, tear_down);
      g_test_add ("/store/secrets/keyring/cancelled-call-fails-alone", Fixture, NULL, set_up,
                  test_cancelled_call_fails_alone, tear_down);
      g_test_add ("/store/secrets/keyring/another-process-sees-it", Fixture, NULL, set_up,
                  test_another_process_sees_it, tear_down); /* last: it stays for "locked" */
    }
  else if (g_strcmp0 (keyring, "locked") == 0)
    {
      g_test_add ("/store/secrets/keyring/locked-is-told-from-none", Fixture, NULL, set_up,
                  test_locked_is_told_from_none, tear_down);
      g_test_add ("/store/secrets/keyring/storing-into-a-locked-one-fails", Fixture, NULL, set_up,
                  test_storing_into_a_locked_keyring_fails, tear_down);
    }
  else if (g_strcmp0 (keyring, "missing") == 0)
    {
      g_test_add ("/store/secrets/keyring/missing-is-told", Fixture, NULL, set_up,
                  test_missing_is_told, tear_down);
    }
  else
    {
      g_test_add ("/store/secrets/memory/stores-looks-up-and-clears", Fixture, "memory", set_up,
                  test_stores_looks_up_and_clears, tear_down);
      g_test_add ("/store/secrets/memory/calls-at-once-are-all-answered", Fixture, "memory",
                  set_up, test_calls_at_once_are_all_answered, tear_down);
      g_test_add_func ("/store/secrets/free-takes-null", test_free_takes_null);
    }
  return g_test_run ();
}
