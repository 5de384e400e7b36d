/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "burble-test-certificate.h"
#include "gurgle-fixture.h"

/* Sessions, a real server process, TLS between them. */

typedef struct
{
  BurbleTestServer *server;
  Person *alice;
  Person *bob;
} Fixture;

static void
set_up (Fixture *f, gconstpointer config)
{
  f->server = gurgle_server_new (config);
  f->alice = gurgle_person_new (f->server, ALICE, "laptop");
  f->bob = gurgle_person_new (f->server, BOB, "desk");
}

static void
set_up_friends (Fixture *f, gconstpointer config)
{
  set_up (f, config);
  gurgle_sign_in (f->alice);
  gurgle_sign_in (f->bob);
  gurgle_befriend (f->alice, f->bob);
}

static void
tear_down (Fixture *f, gconstpointer config)
{
  person_free (f->alice);
  person_free (f->bob);
  burble_test_server_free (f->server);
}

static void
test_two_talk (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = person_say (f->alice, BOB, "hello");
  g_autofree char *texts = NULL;

  burble_test_wait_until (person_heard (f->bob, ALICE, "hello") && person_unread (f->bob,
                                                                                  ALICE) == 1);
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_DELIVERED);
  burble_session_mark_all_read (f->bob->session, person_chat (f->bob, ALICE));
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_READ);
  burble_session_set_typing (f->bob->session, person_chat (f->bob, ALICE), TRUE);
  burble_test_wait_until (burble_conversation_get_typing (person_chat (f->alice, BOB)) != NULL);
  gurgle_say (f->bob, ALICE, "there");
  burble_test_wait_until (person_heard (f->alice, BOB, "there"));
  g_assert_null (burble_conversation_get_typing (person_chat (f->alice, BOB)));
  texts = person_texts (f->alice, BOB);
  g_assert_cmpstr (texts, ==, "hello there");
}

static void
test_away (Fixture *f, gconstpointer data)
{
  g_autoptr(Person) phone = gurgle_person_new (f->server, BOB, "phone");
  g_autoptr(BurbleMessage) last = NULL;
  g_autofree char *texts = NULL;

  gurgle_say (f->alice, BOB, "zero");
  burble_test_wait_until (person_heard (f->bob, ALICE, "zero"));
  person_stop (f->bob);
  gurgle_sign_in (phone);
  gurgle_say (f->alice, BOB, "one");
  burble_test_wait_until (person_heard (phone, ALICE, "one"));
  gurgle_say (phone, ALICE, "two");
  burble_test_wait_until (person_heard (f->alice, BOB, "two"));
  person_stop (phone);
  last = person_say (f->alice, BOB, "three");
  burble_test_wait_until (burble_message_get_state (last) == BURBLE_MESSAGE_SENT);

  person_start (f->bob);
  burble_test_wait_until (person_heard (f->bob, ALICE, "three"));
  burble_test_wait_until (burble_message_get_state (last) == BURBLE_MESSAGE_DELIVERED);
  texts = person_texts (f->bob, ALICE);
  g_assert_cmpstr (texts, ==, "zero one two three");
  burble_test_wait_until (person_unread (f->bob, ALICE) == 1);
}

static void
test_new_terminal (Fixture *f, gconstpointer data)
{
  g_autoptr(Person) phone = gurgle_person_new (f->server, BOB, "phone");
  g_autoptr(Person) carol = gurgle_person_new (f->server, CAROL, "desk");
  BurbleCatchUp *catch_up = NULL;
  g_autofree char *texts = NULL;

  gurgle_say (f->alice, BOB, "one");
  burble_test_wait_until (person_heard (f->bob, ALICE, "one"));
  gurgle_say (f->bob, ALICE, "two");
  burble_test_wait_until (person_heard (f->alice, BOB, "two"));
  gurgle_say (f->alice, BOB, "three");
  burble_test_wait_until (person_heard (f->bob, ALICE, "three")
                          && person_unread (f->bob, ALICE) == 1);
  person_stop (f->bob);
  gurgle_sign_in (phone);
  catch_up = burble_account_controller_get_catch_up (
    burble_session_get_controller (phone->session, phone->account));
  burble_test_wait_until (burble_catch_up_is_complete (catch_up));
  texts = person_texts (phone, ALICE);
  g_assert_cmpstr (texts, ==, "one two three");
  g_assert_cmpuint (person_unread (phone, ALICE), ==, 0);
  g_assert_cmpuint (phone->notices_shown, ==, 0);

  /* Somebody who has never been there: what waited for them is news. */
  gurgle_say (f->alice, BOB, "four");
  person_add (f->alice, CAROL, NULL);
  burble_test_wait_until (person_knows (f->alice, CAROL));
  gurgle_say (f->alice, CAROL, "welcome");
  burble_test_wait_until (person_last_state (f->alice, CAROL) == BURBLE_MESSAGE_SENT);
  gurgle_sign_in (carol);
  burble_test_wait_until (person_heard (carol, ALICE, "welcome") && person_unread (carol,
                                                                                   ALICE) == 1);
  g_assert_nonnull (person_notice (carol, ALICE));
}

static void
test_read_elsewhere (Fixture *f, gconstpointer data)
{
  g_autoptr(Person) phone = gurgle_person_new (f->server, BOB, "phone");

  gurgle_sign_in (phone);
  gurgle_say (f->alice, BOB, "one");
  gurgle_say (f->alice, BOB, "two");
  burble_test_wait_until (person_heard (f->bob, ALICE, "two") && person_unread (f->bob,
                                                                                ALICE) == 2);
  burble_test_wait_until (person_heard (phone, ALICE, "two") && person_unread (phone, ALICE) == 2);
  g_assert_nonnull (person_notice (f->bob, ALICE));
  burble_session_mark_all_read (phone->session, person_chat (phone, ALICE));
  burble_test_wait_until (person_unread (f->bob, ALICE) == 0);
  g_assert_null (person_notice (f->bob, ALICE));
}

static void
test_presence (Fixture *f, gconstpointer data)
{
  g_autoptr(Person) phone = gurgle_person_new (f->server, BOB, "phone");
  BurbleContact *bob = person_contact (f->alice, BOB);

  gurgle_sign_in (phone);
  burble_session_set_presence (phone->session, NULL, BURBLE_STATUS_AWAY, "on the train");
  burble_test_wait_until (g_list_model_get_n_items (burble_contact_get_presences (bob)) == 2);
  g_assert_cmpint (burble_contact_get_status (bob), ==, BURBLE_STATUS_AVAILABLE);
  burble_session_set_presence (f->bob->session, NULL, BURBLE_STATUS_DND, NULL);
  burble_test_wait_until (burble_contact_get_status (bob) == BURBLE_STATUS_AWAY);
  g_assert_cmpstr (burble_contact_get_mood (bob), ==, "on the train");
  burble_session_set_presence (phone->session, NULL, BURBLE_STATUS_OFFLINE, NULL);
  burble_test_wait_until (burble_contact_get_status (bob) == BURBLE_STATUS_DND);
  burble_session_set_presence (f->bob->session, NULL, BURBLE_STATUS_INVISIBLE, NULL);
  burble_test_wait_until (!burble_contact_get_online (bob));
  burble_session_set_presence (f->bob->session, NULL, BURBLE_STATUS_AVAILABLE, NULL);
  burble_test_wait_until (burble_contact_get_online (bob));
}

static guint kept;
static guint reset;

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
watch_roster (Person *person)
{
  /* The connection exists once the accounts are loaded; the roster comes later. */
  g_signal_connect_swapped (person->connection, "roster-kept", G_CALLBACK (count_cb), &kept);
  g_signal_connect_swapped (person->connection, "roster-reset", G_CALLBACK (count_cb), &reset);
}

static void
test_etag (Fixture *f, gconstpointer data)
{
  BurbleContact *bob = NULL;

  person_stop (f->alice);
  kept = reset = 0;
  person_start (f->alice);
  watch_roster (f->alice);
  bob = person_contact (f->alice, BOB);
  g_assert_false (burble_contact_get_online (bob));
  burble_test_wait_until (kept == 1);
  burble_test_wait_until (burble_contact_get_online (bob));
  g_assert_cmpuint (reset, ==, 0);

  person_stop (f->alice);
  person_remove (f->bob, ALICE);
  kept = 0;
  person_start (f->alice);
  watch_roster (f->alice);
  burble_test_wait_until (reset == 1);
  burble_test_wait_until (burble_contact_get_subscription (person_contact (f->alice, BOB))
                          == BURBLE_SUBSCRIPTION_NONE);
  g_assert_cmpuint (kept, ==, 0);
}

static void
test_decline_and_alias (Fixture *f, gconstpointer data)
{
  g_autoptr(Person) carol = gurgle_person_new (f->server, CAROL, "desk");
  g_autoptr(GAsyncResult) declined = NULL;
  g_autoptr(GAsyncResult) named = NULL;
  BurbleContact *bob = person_contact (f->alice, BOB);

  gurgle_sign_in (carol);
  person_add (carol, BOB, "Bobby");
  burble_test_wait_until (person_knows (f->bob, CAROL)
                          && burble_contact_get_asks (person_contact (f->bob, CAROL)));
  g_assert_cmpstr (burble_contact_get_display_name (person_contact (carol, BOB)), ==, "Bobby");
  declined = WAIT_FOR (burble_session_decline_contact_async, f->bob->session,
                       person_contact (f->bob, CAROL));
  g_assert_true (burble_session_roster_finish (f->bob->session, declined, NULL));
  burble_test_wait_until (!person_knows (f->bob, CAROL));

  named = WAIT_FOR (burble_session_set_alias_async, f->alice->session, bob, "Robert");
  g_assert_true (burble_session_roster_finish (f->alice->session, named, NULL));
  burble_test_wait_until (g_strcmp0 (burble_contact_get_display_name (bob), "Robert") == 0);
  g_assert_cmpint (burble_contact_get_subscription (bob), ==, BURBLE_SUBSCRIPTION_BOTH);
  g_assert_true (burble_contact_get_online (bob));
}

static void
test_room (Fixture *f, gconstpointer data)
{
  const char *room = "garden@" BURBLE_TEST_SERVER_DOMAIN;
  g_autoptr(GAsyncResult) a = NULL;
  g_autoptr(GAsyncResult) b = NULL;
  BurbleMessage *heard = NULL;

  a = WAIT_FOR (burble_session_join_room_async, f->alice->session, f->alice->account, room, NULL);
  g_assert_true (burble_session_roster_finish (f->alice->session, a, NULL));
  b = WAIT_FOR (burble_session_join_room_async, f->bob->session, f->bob->account, room, NULL);
  g_assert_true (burble_session_roster_finish (f->bob->session, b, NULL));
  burble_test_wait_until (person_knows (f->alice, room) && person_knows (f->bob, room));
  g_assert_cmpint (burble_contact_get_kind (person_contact (f->bob, room)), ==,
                   BURBLE_CONTACT_ROOM);
  gurgle_say (f->alice, room, "hello all");
  burble_test_wait_until (person_heard (f->bob, room, "hello all"));
  heard = burble_conversation_get_last_message (person_chat (f->bob, room));
  g_assert_cmpstr (burble_message_get_sender (heard), ==, ALICE);
  g_assert_nonnull (burble_message_get_sender_name (heard));

  /* After a restart, with the roster kept, it is still a room. */
  g_clear_object (&b);
  person_stop (f->bob);
  gurgle_say (f->alice, room, "while you were away");
  person_start (f->bob);
  burble_test_wait_until (person_heard (f->bob, room, "while you were away"));
  heard = burble_conversation_get_last_message (person_chat (f->bob, room));
  g_assert_cmpstr (burble_message_get_sender (heard), ==, ALICE);
}

static void
test_wrong_password (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *output = NULL;
  guint attempts = 0;

  person_start (f->alice);
  error = person_try_sign_in (f->alice, "wrong", FALSE);
  g_assert_cmpstr (burble_session_error_word (error), ==, "password");
  gurgle_sign_in (f->alice);
  person_stop (f->alice);

  g_assert_cmpint (burble_test_server_command (f->server, "another one\nanother one\n", &output,
                                               "user", "password", "alice", NULL), ==, 0);
  person_start (f->alice);
  g_signal_connect_swapped (f->alice->connection, "notify::state", G_CALLBACK (count_cb),
                            &attempts);
  burble_test_wait_until (burble_account_get_state (f->alice->account)
                          == BURBLE_ACCOUNT_NEEDS_PASSWORD);
  g_assert_cmpuint (f->alice->passwords_needed, ==, 1);
  g_assert_cmpstr (f->alice->password_reason, ==, "password");
  attempts = 0;
  for (gint64 end = g_get_monotonic_time () + 300 * G_TIME_SPAN_MILLISECOND;
       g_get_monotonic_time () < end;)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (attempts, ==, 0);
  g_signal_handlers_disconnect_by_data (f->alice->connection, &attempts);
  burble_session_provide_password (f->alice->session, f->alice->account, "another one", TRUE);
  person_wait_online (f->alice);
}

static void
replace_certificate (Fixture *f)
{
  g_autoptr(GTlsCertificate) certificate = NULL;
  g_autofree char *certificate_pem = NULL;
  g_autofree char *key_pem = NULL;
  g_autofree char *path = NULL;
  g_autofree char *key_path = NULL;
  g_autoptr(GError) error = NULL;

  certificate = burble_test_make_certificate (BURBLE_TEST_SERVER_DOMAIN,
                                              BURBLE_TEST_CERTIFICATE_PLAIN, NULL);
  g_object_get (certificate, "certificate-pem", &certificate_pem, "private-key-pem", &key_pem,
                NULL);
  path = g_build_filename (burble_test_server_get_data_dir (f->server), "certificate.pem", NULL);
  key_path = g_build_filename (burble_test_server_get_data_dir (f->server), "key.pem", NULL);
  g_file_set_contents (path, certificate_pem, -1, &error);
  g_assert_no_error (error);
  g_file_set_contents_full (key_path, key_pem, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error);
  g_assert_no_error (error);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_certificate (Fixture *f, gconstpointer data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(BurbleCertificateQuestion) old = NULL;
  BurbleAccount *account = NULL;
  g_autoptr(GError) error = NULL;

  /* Unknown: asked; the sign-in waits for the answer. */
  person_start (f->alice);
  f->alice->account = burble_account_new (NULL, "gurgle", ALICE);
  account = f->alice->account;
  burble_account_set_host (account, f->alice->host);
  burble_account_set_port (account, f->alice->port);
  burble_session_add_account_async (f->alice->session, account, BURBLE_TEST_SERVER_PASSWORD, TRUE,
                                    FALSE, NULL, NULL, result_cb, &result);
  burble_test_wait_until (f->alice->question != NULL);
  g_assert_null (result);
  g_assert_cmpint (burble_account_get_state (account), ==, BURBLE_ACCOUNT_NEEDS_CERTIFICATE);
  g_assert_cmpstr (burble_certificate_question_get_fingerprint (f->alice->question), ==,
                   burble_test_server_get_pin (f->server));
  g_assert_cmpstr (burble_certificate_question_get_domain (f->alice->question), ==,
                   BURBLE_TEST_SERVER_DOMAIN);
  g_assert_false (burble_certificate_question_get_changed (f->alice->question));
  g_assert_true (burble_certificate_question_get_unknown_issuer (f->alice->question));
  burble_session_answer_certificate (f->alice->session, account, f->alice->question, TRUE);
  burble_test_wait_until (result != NULL);
  g_assert_true (burble_session_add_account_finish (f->alice->session, result, &error));
  g_assert_no_error (error);
  g_clear_object (&result);
  old = g_steal_pointer (&f->alice->question);

  /* Pinned: not asked again. */
  person_stop (f->alice);
  person_start (f->alice);
  account = f->alice->account;
  person_wait_online (f->alice);
  g_assert_null (f->alice->question);

  /* Another one: asked again, and told that it changed. */
  burble_test_server_terminate (f->server);
  replace_certificate (f);
  burble_test_server_start (f->server);
  burble_test_wait_until (f->alice->question != NULL);
  g_assert_true (burble_certificate_question_get_changed (f->alice->question));
  g_assert_cmpint (burble_account_get_state (account), ==, BURBLE_ACCOUNT_NEEDS_CERTIFICATE);
  g_assert_cmpstr (burble_account_get_error (account), ==, "certificate-changed");
  /* An answer to the old question is none. */
  burble_session_answer_certificate (f->alice->session, account, old, TRUE);
  burble_test_settle ();
  g_assert_cmpint (burble_account_get_state (account), ==, BURBLE_ACCOUNT_NEEDS_CERTIFICATE);

  /* Not trusted: nothing goes on by itself … */
  burble_session_answer_certificate (f->alice->session, account, f->alice->question, FALSE);
  g_assert_cmpint (burble_account_get_state (account), ==, BURBLE_ACCOUNT_FAILED);
  g_clear_object (&f->alice->question);
  /* … until somebody wants it to. */
  burble_session_reconnect (f->alice->session, account);
  burble_test_wait_until (f->alice->question != NULL);
  burble_session_answer_certificate (f->alice->session, account, f->alice->question, TRUE);
  person_wait_online (f->alice);
}

static void
test_certificate_refused (Fixture *f, gconstpointer data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(BurbleAccount) account = burble_account_new (NULL, "gurgle", ALICE);
  g_autoptr(GError) error = NULL;

  person_start (f->alice);
  burble_account_set_host (account, f->alice->host);
  burble_account_set_port (account, f->alice->port);
  burble_session_add_account_async (f->alice->session, account, BURBLE_TEST_SERVER_PASSWORD, TRUE,
                                    FALSE, NULL, NULL, result_cb, &result);
  burble_test_wait_until (f->alice->question != NULL);
  burble_session_answer_certificate (f->alice->session, account, f->alice->question, FALSE);
  burble_test_wait_until (result != NULL);
  g_assert_false (burble_session_add_account_finish (f->alice->session, result, &error));
  g_assert_cmpstr (burble_session_error_word (error), ==, "certificate");
  g_assert_cmpuint (g_list_model_get_n_items (burble_session_get_accounts (f->alice->session)), ==,
                    0);
}

static void
test_register (Fixture *f, gconstpointer data)
{
  g_autoptr(Person) zoe = gurgle_person_new (f->server, "zoe@" BURBLE_TEST_SERVER_DOMAIN, "desk");
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) again = NULL;

  person_start (zoe);
  error = person_try_sign_in (zoe, "a good password", TRUE);
  g_assert_no_error (error);
  g_assert_cmpint (burble_account_get_state (zoe->account), ==, BURBLE_ACCOUNT_ONLINE);
  person_start (f->alice);
  again = person_try_sign_in (f->alice, "a good password", TRUE);
  g_assert_cmpstr (burble_session_error_word (again), ==, "exists");
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  BurbleContact *contact = NULL;

  /* Somebody who does not exist: the server says so, and the reason is kept. */
  result = WAIT_FOR (burble_session_add_contact_async, f->alice->session, f->alice->account,
                     "nobody@" BURBLE_TEST_SERVER_DOMAIN, NULL);
  burble_session_roster_finish (f->alice->session, result, &error);
  contact = burble_account_scope_ensure_contact (
    burble_session_get_scope (f->alice->session, f->alice->account),
    "nobody@" BURBLE_TEST_SERVER_DOMAIN);
  g_assert_nonnull (contact);
  message = person_say (f->alice, "nobody@" BURBLE_TEST_SERVER_DOMAIN, "hello?");
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_FAILED);
  g_assert_nonnull (burble_message_get_error (message));
  /* It does not hold up the others. */
  gurgle_say (f->alice, BOB, "hello");
  burble_test_wait_until (person_heard (f->bob, ALICE, "hello"));
}

/* Everybody who is there but ourselves; of whom we know, what we know. */
static void
test_people (Fixture *f, gconstpointer data)
{
  g_autoptr(Person) carol = gurgle_person_new (f->server, CAROL, "phone");
  g_autoptr(GAsyncResult) heard = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GListModel) people = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) found = g_string_new (NULL);

  burble_session_set_presence (f->bob->session, NULL, BURBLE_STATUS_AWAY, "lunch");
  burble_test_wait_until (burble_contact_get_status (person_contact (f->alice, BOB))
                          == BURBLE_STATUS_AWAY);
  gurgle_sign_in (carol);
  /* Once the server has answered her it has heard that she is there. */
  heard = WAIT_FOR (burble_session_list_people_async, carol->session, carol->account);
  result = WAIT_FOR (burble_session_list_people_async, f->alice->session, f->alice->account);
  people = burble_session_list_people_finish (f->alice->session, result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < g_list_model_get_n_items (people); i++)
    {
      g_autoptr(BurbleContact) contact = g_list_model_get_item (people, i);

      g_string_append_printf (found, "%s %d %s, ", burble_contact_get_id (contact),
                              burble_contact_get_status (contact),
                              burble_contact_get_mood (contact));
      g_assert_false (contact == burble_session_find_contact (f->alice->session, f->alice->account,
                                                              burble_contact_get_id (contact)));
    }
  g_assert_cmpstr (found->str, ==, BOB " 2 lunch, " CAROL " 1 (null), ");
}

#define ADD(path, set, function) \
  g_test_add ("/session/gurgle/" path, Fixture, NULL, set, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("two-people-talk", set_up_friends, test_two_talk);
  ADD ("away-while-another-terminal-talked", set_up_friends, test_away);
  ADD ("a-new-terminal-learns-the-past", set_up_friends, test_new_terminal);
  ADD ("read-elsewhere-withdraws", set_up_friends, test_read_elsewhere);
  ADD ("best-presence-wins", set_up_friends, test_presence);
  ADD ("cache-first-then-etag", set_up_friends, test_etag);
  ADD ("decline-and-alias", set_up_friends, test_decline_and_alias);
  ADD ("rooms", set_up_friends, test_room);
  ADD ("refused-with-reason", set_up_friends, test_refused);
  ADD ("wrong-password-one-attempt-each", set_up, test_wrong_password);
  ADD ("certificate-asked-pinned-changed", set_up, test_certificate);
  ADD ("certificate-not-trusted", set_up, test_certificate_refused);
  g_test_add ("/session/gurgle/people", Fixture, "[server]\ndirectory=true\n", set_up_friends,
              test_people, tear_down);
  g_test_add ("/session/gurgle/register", Fixture, "[server]\nregister=true\n", set_up,
              test_register,
              tear_down);

  return g_test_run ();
}
