/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-account-marks.h"
#include "burble-dummy-network-private.h"
#include "session-fixture.h"

#define ALICE "alice@example.org"
#define BOB "bob@example.org"

typedef struct
{
  BurbleDummyNetwork *network;
  Person *alice;
} Fixture;

static guint attempts;

static void
state_cb (BurbleConnection *connection)
{
  if (burble_connection_get_state (connection) == BURBLE_CONNECTION_CONNECTING)
    attempts++;
}

static BurbleConnection *
counted_factory (const char *network, const BurbleConnectionSettings *settings, gpointer user_data)
{
  BurbleConnection *connection = NULL;

  if (!g_str_equal (network, "dummy"))
    return NULL;
  connection = g_object_new (BURBLE_TYPE_DUMMY_CONNECTION, "canned", FALSE, "retry-ceiling", 20,
                             NULL);
  g_signal_connect (connection, "notify::state", G_CALLBACK (state_cb), NULL);
  return connection;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  attempts = 0;
  f->network = dummy_network_new (ALICE, BOB, NULL);
  f->alice = person_new (ALICE, "laptop");
  f->alice->factory = counted_factory;
  person_start (f->alice);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  person_free (f->alice);
  g_assert_finalize_object (f->network);
}

static guint
n_accounts (Fixture *f)
{
  return g_list_model_get_n_items (burble_session_get_accounts (f->alice->session));
}

static void
test_remembered (Fixture *f, gconstpointer data)
{
  g_autofree char *uid = NULL;

  person_sign_in (f->alice);
  g_assert_cmpuint (n_accounts (f), ==, 1);
  g_assert_true (burble_account_get_features (f->alice->account) & BURBLE_FEATURE_MESSAGES);
  uid = g_strdup (burble_account_get_uid (f->alice->account));
  burble_session_set_presence (f->alice->session, NULL, BURBLE_STATUS_AWAY, "at lunch");

  /* The next start needs nobody. */
  person_stop (f->alice);
  person_start (f->alice);
  person_wait_online (f->alice);
  g_assert_cmpstr (burble_account_get_uid (f->alice->account), ==, uid);
  g_assert_cmpint (burble_account_get_status (f->alice->account), ==, BURBLE_STATUS_AWAY);
  g_assert_cmpstr (burble_account_get_mood (f->alice->account), ==, "at lunch");
  g_assert_cmpuint (f->alice->passwords_needed, ==, 0);
}

static void
test_wrong_password (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = person_try_sign_in (f->alice, "wrong", FALSE);

  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_PASSWORD);
  g_assert_cmpstr (burble_session_error_word (error), ==, "password");
  g_assert_cmpuint (n_accounts (f), ==, 0);
  g_assert_cmpuint (attempts, ==, 1);
  /* Nothing of it is kept. */
  person_stop (f->alice);
  person_start (f->alice);
  g_assert_cmpuint (n_accounts (f), ==, 0);
}

static void
test_adding_fails (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) bad = NULL;
  g_autoptr(GError) unknown = NULL;
  g_autoptr(GError) again = NULL;

  f->alice->network = "telegraph";
  unknown = person_try_sign_in (f->alice, "secret", FALSE);
  g_assert_cmpstr (burble_session_error_word (unknown), ==, "unsupported");
  f->alice->network = "dummy";

  g_set_str (&f->alice->address, "no address");
  bad = person_try_sign_in (f->alice, "secret", FALSE);
  g_assert_cmpstr (burble_session_error_word (bad), ==, "bad-address");
  g_set_str (&f->alice->address, ALICE);

  person_sign_in (f->alice);
  {
    g_autoptr(BurbleAccount) account = g_object_ref (f->alice->account);

    again = person_try_sign_in (f->alice, "secret", FALSE);
    g_assert_cmpstr (burble_session_error_word (again), ==, "exists");
    g_set_object (&f->alice->account, account);
  }
  g_assert_cmpuint (n_accounts (f), ==, 1);
  g_assert_cmpint (burble_account_get_state (f->alice->account), ==, BURBLE_ACCOUNT_ONLINE);
}

static BurbleConnection *
unreachable_factory (const char *network, const BurbleConnectionSettings *settings,
                     gpointer user_data)
{
  BurbleConnection *connection = counted_factory (network, settings, user_data);

  burble_dummy_connection_set_unreachable (BURBLE_DUMMY_CONNECTION (connection), TRUE);
  return connection;
}

static void
test_unreachable (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  f->alice->factory = unreachable_factory;
  error = person_try_sign_in (f->alice, "secret", FALSE);
  g_assert_nonnull (error);
  g_assert_cmpstr (burble_session_error_word (error), ==, "unreachable");
  g_assert_cmpuint (n_accounts (f), ==, 0);

  /* Once it is ours it is tried for ever. */
  f->alice->factory = counted_factory;
  person_sign_in (f->alice);
  attempts = 0;
  burble_dummy_connection_set_unreachable (BURBLE_DUMMY_CONNECTION (f->alice->connection), TRUE);
  burble_dummy_connection_drop_link (BURBLE_DUMMY_CONNECTION (f->alice->connection));
  burble_test_wait_until (attempts >= 3);
  burble_test_wait_until (burble_account_get_state (f->alice->account) == BURBLE_ACCOUNT_WAITING);
  g_assert_nonnull (burble_account_get_error (f->alice->account));
  burble_dummy_connection_set_unreachable (BURBLE_DUMMY_CONNECTION (f->alice->connection), FALSE);
  person_wait_online (f->alice);
  g_assert_null (burble_account_get_error (f->alice->account));
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_cancelled (Fixture *f, gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(BurbleAccount) account = burble_account_new (NULL, "dummy", ALICE);
  g_autoptr(GError) error = NULL;

  burble_dummy_network_set_pace (f->network, 1000.0);
  burble_session_add_account_async (f->alice->session, account, "secret", TRUE, FALSE, NULL,
                                    cancellable, result_cb, &result);
  burble_test_wait_until (burble_account_get_state (account) == BURBLE_ACCOUNT_CONNECTING);
  g_cancellable_cancel (cancellable);
  burble_test_wait_until (result != NULL);
  g_assert_false (burble_session_add_account_finish (f->alice->session, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (n_accounts (f), ==, 0);
  burble_dummy_network_set_pace (f->network, 0.0);
}

/* The session goes while somebody is still signing in. */
static void
test_gone_while_adding (Fixture *f, gconstpointer data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(BurbleAccount) account = burble_account_new (NULL, "dummy", ALICE);

  burble_dummy_network_set_pace (f->network, 1000.0);
  burble_session_add_account_async (f->alice->session, account, "secret", TRUE, FALSE, NULL,
                                    NULL, result_cb, &result);
  burble_test_wait_until (burble_account_get_state (account) == BURBLE_ACCOUNT_CONNECTING);
  g_object_run_dispose (G_OBJECT (f->alice->session));
  burble_test_wait_until (result != NULL);
  g_assert_false (burble_session_add_account_finish (f->alice->session, result, NULL));
  g_clear_object (&result);
  burble_test_settle ();
  g_assert_finalize_object (g_steal_pointer (&f->alice->session));
  g_assert_finalize_object (g_steal_pointer (&f->alice->store));
  burble_dummy_network_set_pace (f->network, 0.0);
}

static void
test_register (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) taken = NULL;
  g_autoptr(GError) closed = NULL;
  g_autoptr(GError) none = NULL;

  taken = person_try_sign_in (f->alice, "secret", TRUE);
  g_assert_cmpstr (burble_session_error_word (taken), ==, "exists");
  g_set_str (&f->alice->address, "zoe@example.org");
  burble_dummy_network_set_registration_open (f->network, FALSE);
  closed = person_try_sign_in (f->alice, "secret", TRUE);
  g_assert_cmpstr (burble_session_error_word (closed), ==, "registration-closed");
  burble_dummy_network_set_registration_open (f->network, TRUE);
  none = person_try_sign_in (f->alice, "secret", TRUE);
  g_assert_no_error (none);
  g_assert_true (burble_dummy_network_has_user (f->network, "zoe@example.org"));
}

static void
test_password_changed (Fixture *f, gconstpointer data)
{
  BurbleAccount *account = NULL;

  person_sign_in (f->alice);
  person_stop (f->alice);
  /* The server knows another one now. */
  g_set_str (&burble_dummy_network_find (f->network, ALICE)->password, "newer");
  attempts = 0;
  person_start (f->alice);
  account = f->alice->account;
  burble_test_wait_until (burble_account_get_state (account) == BURBLE_ACCOUNT_NEEDS_PASSWORD);
  g_assert_cmpuint (f->alice->passwords_needed, ==, 1);
  g_assert_cmpstr (f->alice->password_reason, ==, "password");
  g_assert_cmpstr (burble_account_get_error (account), ==, "password");

  /* One attempt for each time somebody does something. */
  for (gint64 end = g_get_monotonic_time () + 200 * G_TIME_SPAN_MILLISECOND;
       g_get_monotonic_time () < end;)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (attempts, ==, 1);
  burble_session_provide_password (f->alice->session, account, "still wrong", TRUE);
  burble_test_wait_until (f->alice->passwords_needed == 2);
  g_assert_cmpuint (attempts, ==, 2);

  burble_session_provide_password (f->alice->session, account, "newer", TRUE);
  person_wait_online (f->alice);
  g_assert_cmpuint (attempts, ==, 3);
  /* And that is the one that is remembered. */
  burble_test_settle ();
  person_stop (f->alice);
  person_start (f->alice);
  person_wait_online (f->alice);
  g_assert_cmpuint (f->alice->passwords_needed, ==, 2);
}

static void
test_not_remembered (Fixture *f, gconstpointer data)
{
  g_autoptr(GAsyncResult) result = NULL;

  f->alice->account = burble_account_new (NULL, "dummy", ALICE);
  result = WAIT_FOR (burble_session_add_account_async, f->alice->session, f->alice->account,
                     "secret",
                     FALSE, FALSE, NULL);
  g_assert_true (burble_session_add_account_finish (f->alice->session, result, NULL));
  g_clear_object (&result);
  /* A lost link needs no password: it is in memory. */
  burble_dummy_connection_drop_link (BURBLE_DUMMY_CONNECTION (f->alice->connection));
  person_wait_online (f->alice);
  g_assert_cmpuint (f->alice->passwords_needed, ==, 0);

  person_stop (f->alice);
  person_start (f->alice);
  burble_test_wait_until (f->alice->passwords_needed == 1);
  g_assert_null (f->alice->password_reason);
  g_assert_cmpint (burble_account_get_state (f->alice->account), ==, BURBLE_ACCOUNT_NEEDS_PASSWORD);
  /* Who does not want to say is not asked again, unless they ask for it. */
  burble_session_provide_password (f->alice->session, f->alice->account, NULL, FALSE);
  burble_test_settle ();
  g_assert_cmpuint (f->alice->passwords_needed, ==, 1);
  burble_session_reconnect (f->alice->session, f->alice->account);
  burble_test_wait_until (f->alice->passwords_needed == 2);
  burble_session_provide_password (f->alice->session, f->alice->account, "secret", FALSE);
  person_wait_online (f->alice);
}

static void
test_switched_off (Fixture *f, gconstpointer data)
{
  person_sign_in (f->alice);
  burble_session_set_account_enabled (f->alice->session, f->alice->account, FALSE);
  burble_test_wait_until (burble_account_get_state (f->alice->account) == BURBLE_ACCOUNT_OFFLINE);
  person_stop (f->alice);
  attempts = 0;
  person_start (f->alice);
  burble_test_settle ();
  g_assert_cmpuint (attempts, ==, 0);
  g_assert_cmpuint (n_accounts (f), ==, 1);
  g_assert_cmpint (burble_account_get_state (f->alice->account), ==, BURBLE_ACCOUNT_OFFLINE);
  burble_session_set_account_enabled (f->alice->session, f->alice->account, TRUE);
  person_wait_online (f->alice);
}

static void
test_offline_by_wish (Fixture *f, gconstpointer data)
{
  person_sign_in (f->alice);
  burble_session_set_presence (f->alice->session, NULL, BURBLE_STATUS_OFFLINE, NULL);
  burble_test_wait_until (burble_account_get_state (f->alice->account) == BURBLE_ACCOUNT_OFFLINE);
  /* Back before the link is down, too. */
  burble_session_set_presence (f->alice->session, NULL, BURBLE_STATUS_AVAILABLE, NULL);
  person_wait_online (f->alice);
  burble_session_set_presence (f->alice->session, NULL, BURBLE_STATUS_OFFLINE, NULL);
  burble_session_set_presence (f->alice->session, NULL, BURBLE_STATUS_DND, "busy");
  person_wait_online (f->alice);
}

static void
test_removed (Fixture *f, gconstpointer data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) looked_up = NULL;
  g_autoptr(BurbleAccount) account = NULL;
  g_autoptr(Person) bob = person_new (BOB, "desk");
  g_autoptr(BurbleMessage) message = NULL;
  g_autoptr(GError) error = NULL;
  char *secret = NULL;

  person_start (bob);
  person_sign_in (bob);
  person_sign_in (f->alice);
  person_befriend (f->alice, bob);
  message = person_say (f->alice, BOB, "hello");
  account = g_object_ref (f->alice->account);

  result = WAIT_FOR (burble_session_remove_account_async, f->alice->session, account);
  g_assert_true (burble_session_remove_account_finish (f->alice->session, result, &error));
  g_clear_object (&result);
  g_assert_cmpuint (n_accounts (f), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (burble_session_get_contacts (f->alice->session)), ==,
                    0);
  g_assert_cmpuint (g_list_model_get_n_items (burble_session_get_conversations (f->alice->session)),
                    ==, 0);
  looked_up = WAIT_FOR (burble_secrets_lookup_async, f->alice->secrets, account);
  secret = burble_secrets_lookup_finish (f->alice->secrets, looked_up, NULL);
  g_assert_null (secret);
  g_clear_object (&looked_up);
  burble_test_wait_until (!burble_contact_get_online (person_contact (bob, ALICE)));

  person_stop (f->alice);
  person_start (f->alice);
  g_assert_cmpuint (n_accounts (f), ==, 0);
  g_assert_cmpuint (f->alice->store_failures, ==, 0);
}

/* In flight when all of it goes: nothing may be left, nothing may fall over. */
static void
test_gone_in_flight (Fixture *f, gconstpointer data)
{
  g_autoptr(Person) bob = person_new (BOB, "desk");
  BurbleConversation *chat = NULL;

  person_start (bob);
  person_sign_in (bob);
  person_sign_in (f->alice);
  person_befriend (f->alice, bob);
  chat = burble_session_ensure_conversation (f->alice->session, person_contact (f->alice, BOB));
  for (guint i = 0; i < 20; i++)
    burble_session_send_async (f->alice->session, chat, "hello", NULL, NULL, NULL, NULL, NULL);
  burble_session_set_draft (f->alice->session, chat, "draft");
  g_object_unref (burble_session_open_messages (f->alice->session, chat));
  burble_session_mark_all_read (f->alice->session, chat);
  person_stop (f->alice);
  person_start (f->alice);
  person_wait_online (f->alice);
  burble_test_wait_until (person_heard (bob, ALICE, "hello") && person_unread (bob, ALICE) == 20);
}

/* No keyring answers: asked once, used from memory, and never anywhere on disk. */
static void
test_no_keyring (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->alice->directory, "burble.db", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  const char *files[] = { path, wal };

  person_stop (f->alice);
  g_object_unref (f->alice->secrets);
  f->alice->secrets = burble_secrets_new ();
  person_start (f->alice);
  person_sign_in (f->alice);
  burble_test_wait_until (f->alice->passwords_not_kept == 1);
  g_assert_cmpint (burble_account_get_state (f->alice->account), ==, BURBLE_ACCOUNT_ONLINE);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *contents = NULL;
      gsize length = 0;

      if (g_file_get_contents (files[i], &contents, &length, NULL))
        g_assert_null (memmem (contents, length, "secret", 6));
    }

  person_stop (f->alice);
  person_start (f->alice);
  burble_test_wait_until (f->alice->passwords_needed == 1);
  g_assert_cmpstr (f->alice->password_reason, ==, "keyring-missing");
  burble_session_provide_password (f->alice->session, f->alice->account, "secret", FALSE);
  person_wait_online (f->alice);
  burble_dummy_connection_drop_link (BURBLE_DUMMY_CONNECTION (f->alice->connection));
  person_wait_offline (f->alice);
  person_wait_online (f->alice);
  g_assert_cmpuint (f->alice->passwords_needed, ==, 1);
}

/* Another one holds the file: an error, and nothing falls over. */
static void
test_load_fails (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->alice->directory, "burble.db", NULL);
  g_autoptr(BurbleStore) store = burble_store_new (path);
  g_autoptr(BurbleSession) session = NULL;
  g_autoptr(GAsyncResult) loaded = NULL;
  g_autoptr(GAsyncResult) closed = NULL;
  g_autoptr(GError) error = NULL;

  session = burble_session_new (store, f->alice->secrets, counted_factory, NULL);
  loaded = WAIT_FOR (burble_session_load_async, session);
  g_assert_false (burble_session_load_finish (session, loaded, &error));
  g_assert_error (error, BURBLE_STORE_ERROR, BURBLE_STORE_ERROR_BUSY);
  g_assert_cmpstr (burble_session_error_word (error), ==, "disk");
  closed = WAIT_FOR (burble_session_shutdown_async, session);
  burble_session_shutdown_finish (session, closed, NULL);
}

static void
remove_shown_cb (GListModel *list, guint position, guint removed, guint added, Person *person)
{
  GListModel *accounts = burble_session_get_accounts (person->session);
  g_autoptr(BurbleAccount) account = g_list_model_get_item (accounts, 0);

  if (added > 0 && account != NULL)
    burble_session_remove_account_async (person->session, account, NULL, NULL, NULL);
}

static void
remove_with_account (Person *person)
{
  g_signal_connect (burble_session_get_accounts (person->session), "items-changed",
                    G_CALLBACK (remove_shown_cb), person);
}

static void
remove_with_contacts (Person *person)
{
  g_signal_connect (burble_session_get_contacts (person->session), "items-changed",
                    G_CALLBACK (remove_shown_cb), person);
}

static void
remove_with_chats (Person *person)
{
  g_signal_connect (burble_session_get_conversations (person->session), "items-changed",
                    G_CALLBACK (remove_shown_cb), person);
}

/* Taken away before the store has said all of who and what belongs to it. */
static void
test_removed_while_loading (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;

  person_sign_in (f->alice);
  person_add (f->alice, BOB, NULL);
  message = person_say (f->alice, BOB, "hello");
  g_clear_object (&message);
  person_stop (f->alice);
  f->alice->prepare = (GCallback) data;
  person_start (f->alice);
  f->alice->prepare = NULL;
  burble_test_wait_until (n_accounts (f) == 0);
  burble_test_settle ();
  g_assert_cmpuint (
    g_list_model_get_n_items (burble_session_get_contacts (f->alice->session)), ==, 0);
  g_assert_cmpuint (
    g_list_model_get_n_items (burble_session_get_conversations (f->alice->session)), ==, 0);
}

/* Taken away by whoever hears that it is online. */
static void
remove_cb (BurbleAccount *account, GParamSpec *pspec, Fixture *f)
{
  if (burble_account_get_state (account) == BURBLE_ACCOUNT_ONLINE)
    burble_session_remove_account_async (f->alice->session, account, NULL, NULL, NULL);
}

static void
test_removed_at_once (Fixture *f, gconstpointer data)
{
  person_sign_in (f->alice);
  burble_dummy_connection_drop_link (BURBLE_DUMMY_CONNECTION (f->alice->connection));
  person_wait_offline (f->alice);
  g_signal_connect (f->alice->account, "notify::state", G_CALLBACK (remove_cb), f);
  burble_test_wait_until (n_accounts (f) == 0);
  burble_test_wait_until (f->alice->connection == NULL);
}

#define ADD(path, function) \
  g_test_add ("/session/accounts/" path, Fixture, NULL, set_up, function, tear_down)

/* Of several accounts each has a mark of its own; one that is alone needs none. */
static void
test_marks (void)
{
  static const struct
  {
    const char *addresses[4];
    const char *marks;
  } cases[] = {
    { { "me@example.org" }, "-" },
    { { "me@example.org", "me@work.test" }, "E W" },
    { { "me@example.org", "you@example.org" }, "M Y" },
    { { "me@example.org", "my@elsewhere.test", "me@work.test" }, "1 2 W" },
    { { "me@127.0.0.1:8000", "élan@ärger.test" }, "1 Ä" },
    { { "@", "" }, "1 2" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BurbleObjectList) accounts = burble_object_list_new (BURBLE_TYPE_ACCOUNT);
      g_autoptr(GString) marks = g_string_new (NULL);

      for (guint j = 0; j < 4 && cases[i].addresses[j] != NULL; j++)
        {
          g_autoptr(BurbleAccount) account = burble_account_new (NULL, "dummy",
                                                                 cases[i].addresses[j]);

          burble_object_list_add (accounts, account);
        }
      burble_account_marks_update (G_LIST_MODEL (accounts));
      for (guint j = 0; j < g_list_model_get_n_items (G_LIST_MODEL (accounts)); j++)
        {
          g_autoptr(BurbleAccount) account = g_list_model_get_item (G_LIST_MODEL (accounts), j);
          const char *mark = burble_account_get_mark (account);

          g_string_append_printf (marks, "%s%s", j > 0 ? " " : "", mark != NULL ? mark : "-");
          g_assert_cmpuint (burble_account_get_mark_color (account), ==, j);
        }
      g_assert_cmpstr (marks->str, ==, cases[i].marks);
    }
}

static void
test_marks_come_and_go (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleAccount) second = burble_account_new (NULL, "dummy", BOB);
  g_autoptr(GAsyncResult) added = NULL;
  g_autoptr(GAsyncResult) removed = NULL;
  g_autoptr(GError) error = NULL;

  person_sign_in (f->alice);
  g_assert_null (burble_account_get_mark (f->alice->account));
  added = WAIT_FOR (burble_session_add_account_async, f->alice->session, second, "secret", TRUE,
                    FALSE, NULL);
  burble_session_add_account_finish (f->alice->session, added, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (burble_account_get_mark (f->alice->account), ==, "A");
  g_assert_cmpstr (burble_account_get_mark (second), ==, "B");
  removed = WAIT_FOR (burble_session_remove_account_async, f->alice->session, second);
  burble_session_remove_account_finish (f->alice->session, removed, &error);
  g_assert_no_error (error);
  g_assert_null (burble_account_get_mark (f->alice->account));
}

int
main (int argc, char **argv)
{
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("the-next-start-needs-nobody", test_remembered);
  ADD ("wrong-password-keeps-nothing", test_wrong_password);
  ADD ("adding-fails-with-a-word", test_adding_fails);
  ADD ("unreachable", test_unreachable);
  ADD ("adding-is-cancelled", test_cancelled);
  ADD ("session-gone-while-adding", test_gone_while_adding);
  ADD ("register", test_register);
  ADD ("password-changed-one-attempt-each", test_password_changed);
  ADD ("not-remembered-is-asked-once", test_not_remembered);
  ADD ("switched-off", test_switched_off);
  ADD ("offline-by-wish-and-back", test_offline_by_wish);
  ADD ("removed-with-all-its-data", test_removed);
  ADD ("no-keyring", test_no_keyring);
  ADD ("load-fails", test_load_fails);
  ADD ("removed-when-online", test_removed_at_once);
  g_test_add ("/session/accounts/removed-when-loaded", Fixture, remove_with_account, set_up,
              test_removed_while_loading, tear_down);
  g_test_add ("/session/accounts/removed-before-its-chats-are-loaded", Fixture,
              remove_with_contacts, set_up, test_removed_while_loading, tear_down);
  g_test_add ("/session/accounts/removed-before-its-outbox-is-loaded", Fixture,
              remove_with_chats, set_up, test_removed_while_loading, tear_down);
  ADD ("gone-with-calls-in-flight", test_gone_in_flight);
  g_test_add_func ("/session/accounts/marks", test_marks);
  ADD ("marks-come-and-go", test_marks_come_and_go);

  return g_test_run ();
}
