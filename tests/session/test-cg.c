/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-cg-connection.h"
#include "burble-test-cg.h"
#include "session-fixture.h"

/* A network where people can be followed and not written to. */

#define PASSWORD "correct horse"

typedef struct
{
  BurbleTestCg *server;
  Person *alice;
  const char *bob; /* their UUID */
  char *notice;
} Fixture;

static BurbleConnection *
make_cg (const char *network, const BurbleConnectionSettings *settings, gpointer user_data)
{
  return g_object_new (BURBLE_TYPE_CG_CONNECTION, "retry-ceiling", 30, "lookup-timeout", 300,
                       NULL);
}

static void
sign_in (Fixture *f)
{
  g_autoptr(GError) error = NULL;

  person_start (f->alice);
  error = person_try_sign_in (f->alice, PASSWORD, FALSE);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->server = burble_test_cg_new (TRUE);
  burble_test_cg_add_user (f->server, "Alice", PASSWORD);
  f->bob = burble_test_cg_add_user (f->server, "bob", PASSWORD);
  burble_test_cg_set_attribute (f->server, "bob", "profile_img", "cow");
  f->alice = person_new ("alice@127.0.0.1", "desk");
  f->alice->network = "cg";
  f->alice->factory = make_cg;
  f->alice->port = burble_test_cg_get_port (f->server);
  sign_in (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (burble_test_cg_get_harm (f->server), ==, 0);
  person_free (f->alice);
  burble_test_cg_free (f->server);
  g_free (f->notice);
}

static BurblePerson *
look_up (Fixture *f, const char *who, GError **error)
{
  g_autoptr(GAsyncResult) result =
    WAIT_FOR (burble_session_look_up_async, f->alice->session, f->alice->account, who);

  return burble_session_look_up_finish (f->alice->session, result, error);
}

static void
test_look_up (Fixture *f, gconstpointer data)
{
  static const char * const words[] = { "online", "away", "busy", "offline", "logged_in" };
  static const BurbleStatus statuses[] = {
    BURBLE_STATUS_AVAILABLE, BURBLE_STATUS_AWAY, BURBLE_STATUS_DND, BURBLE_STATUS_OFFLINE,
    BURBLE_STATUS_UNKNOWN,
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePerson) nobody = NULL;
  BurbleContact *bob = NULL;

  person_add (f->alice, "bob", NULL);
  bob = person_contact (f->alice, f->bob);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr(BurblePerson) person = NULL;
      const char *key = NULL;

      burble_test_cg_set_status (f->server, "bob", words[i]);
      /* News look like answers: they are waited for first. */
      burble_test_wait_until (burble_contact_get_status (bob) == statuses[i]);
      person = look_up (f, i % 2 == 0 ? "Bob" : f->bob, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (burble_person_get_name (person), ==, "bob");
      g_assert_cmpint (burble_person_get_status (person), ==, statuses[i]);
      g_assert_cmpuint (burble_person_get_n_details (person), ==, 1);
      g_assert_cmpstr (burble_person_get_detail (person, 0, &key), ==, "cow");
      g_assert_cmpstr (key, ==, "profile_img");
      g_assert_cmpstr (burble_person_get_status_word (person), ==,
                       statuses[i] == BURBLE_STATUS_UNKNOWN ? words[i] : NULL);
    }
  nobody = look_up (f, "nobody", &error);
  g_assert_no_error (error);
  g_assert_null (burble_person_get_id (nobody));
}

/* They are on the list of contacts, and stay there over a restart. */
static void
test_watch (Fixture *f, gconstpointer data)
{
  BurbleContact *bob = NULL;

  person_add (f->alice, "bob", "Bobby");
  bob = person_contact (f->alice, f->bob);
  g_assert_cmpstr (burble_contact_get_name (bob), ==, "bob");
  g_assert_cmpstr (burble_contact_get_display_name (bob), ==, "Bobby");
  g_assert_false (burble_contact_get_online (bob));
  burble_contact_set_notify_status (bob, BURBLE_NOTIFY_ONLINE);
  burble_test_cg_set_status (f->server, "bob", "online");
  burble_test_wait_until (burble_contact_get_status (bob) == BURBLE_STATUS_AVAILABLE);
  burble_test_wait_until (g_hash_table_size (f->alice->notices) == 1);
  burble_test_cg_set_status (f->server, "bob", "busy");
  burble_test_wait_until (burble_contact_get_status (bob) == BURBLE_STATUS_DND);
  burble_test_cg_set_status (f->server, "bob", "offline");
  burble_test_wait_until (!burble_contact_get_online (bob));

  g_hash_table_remove_all (f->alice->notices);
  person_stop (f->alice);
  burble_test_cg_rename (f->server, "bob", "robert");
  burble_test_cg_set_status (f->server, "robert", "away");
  person_start (f->alice);
  person_wait_online (f->alice);
  bob = person_contact (f->alice, f->bob);
  g_assert_cmpstr (burble_contact_get_alias (bob), ==, "Bobby");
  burble_test_wait_until (burble_contact_get_status (bob) == BURBLE_STATUS_AWAY);
  g_assert_cmpstr (burble_contact_get_name (bob), ==, "robert");

  person_remove (f->alice, f->bob);
  burble_test_wait_until (!person_knows (f->alice, f->bob));
}

static void
server_notice_cb (BurbleSession *session,
                  BurbleAccount *account,
                  gboolean       warning,
                  const char    *word,
                  const char    *subject,
                  const char    *text,
                  Fixture       *f)
{
  g_assert_true (account == f->alice->account);
  g_assert_null (subject);
  g_free (f->notice);
  f->notice = g_strdup_printf ("%d %s %s", warning, word, text);
}

static void
test_notice (Fixture *f, gconstpointer data)
{
  g_signal_connect (f->alice->session, "server-notice", G_CALLBACK (server_notice_cb), f);
  burble_test_cg_say (f->server, "warn", "cg:msg.lobby.kick.reason", "reason", "Bedtime", NULL);
  burble_test_wait_until (f->notice != NULL);
  g_assert_cmpstr (f->notice, ==, "1 lobby-kick-reason Bedtime");
}

/* Without an account of that name, or any name at all. */
static void
test_probe (Fixture *f, gconstpointer data)
{
  g_autofree char *address = g_strdup_printf ("@127.0.0.1:%u", burble_test_cg_get_port (f->server));
  g_autoptr(BurbleAccount) account = burble_account_new (NULL, "cg", address);
  g_autoptr(BurbleServerSummary) server = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  burble_test_cg_set_words (f->server, "The Parlour", "Cards");
  result = WAIT_FOR (burble_session_probe_async, f->alice->session, account);
  server = burble_session_probe_finish (f->alice->session, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (burble_server_summary_get_name (server), ==, "The Parlour");
  g_assert_cmpstr (burble_server_summary_get_slogan (server), ==, "Cards");
  g_assert_cmpint (burble_server_summary_get_people (server), ==, 1);
  g_assert_cmpint (burble_server_summary_get_max_people (server), ==, 20);
  g_assert_true (burble_server_summary_get_can_sign_in (server));
  g_assert_cmpint (burble_server_summary_get_age (server), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (burble_session_get_accounts (f->alice->session)), ==,
                    1);
}

static void
test_no_messages (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (burble_account_get_features (f->alice->account) & BURBLE_FEATURE_MESSAGES,
                    ==, 0);
  g_assert_cmpuint (burble_account_get_features (f->alice->account) & BURBLE_FEATURE_DIRECTORY,
                    !=, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define add(name, function) \
  g_test_add ("/session/cg/" name, Fixture, NULL, set_up, function, tear_down)
  add ("look-up", test_look_up);
  add ("watch", test_watch);
  add ("notice", test_notice);
  add ("probe", test_probe);
  add ("no-messages", test_no_messages);

  return g_test_run ();
}
