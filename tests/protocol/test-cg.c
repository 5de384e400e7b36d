/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cg-fixture.h"

/* Coming online at a cg server. */

/* Also with each of the quirks that must make no difference. */
static void
test_sign_in (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePersonInfo) person = NULL;

  burble_test_cg_set_attribute (f->server, "bob", "profile_img", "cow");
  cg_go_online (f);
  /* Nobody's own status can be told to the others. */
  g_assert_cmpuint (burble_connection_get_capabilities (f->connection), ==,
                    BURBLE_CAPABILITY_ROSTER | BURBLE_CAPABILITY_ROSTER_EDIT
                    | BURBLE_CAPABILITY_DIRECTORY | BURBLE_CAPABILITY_REGISTER);
  burble_test_wait_until (f->resets == 1);
  person = cg_look_up (f, "BOB", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (person->exists);
  g_assert_cmpstr (person->uuid, ==, f->bob);
  g_assert_cmpstr (((BurblePersonAttribute *) person->attributes->pdata[0])->text, ==, "cow");
}

/* Names are the same with capitals and without; who one is comes from the server. */
static void
test_capitals (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(BurblePersonInfo) person = NULL;

  cg_set_name (f, "aLICE");
  cg_go_online (f);
  person = cg_look_up (f, "aLICE", NULL, NULL);
  g_assert_cmpstr (person->name, ==, "Alice");
}

static void
test_version (CgFixture *f, gconstpointer quirks)
{
  cg_go_online (f);
  g_assert_cmpuint (burble_test_cg_get_connections (f->server), ==, 2);
  burble_test_cg_cut (f->server);
  cg_wait_state (f, BURBLE_CONNECTION_WAITING);
  cg_wait_state (f, BURBLE_CONNECTION_ONLINE);
  /* It is remembered. */
  g_assert_cmpuint (burble_test_cg_get_connections (f->server), ==, 3);
}

static void
test_no_version (CgFixture *f, gconstpointer quirks)
{
  cg_expect_failure (f, BURBLE_PROTOCOL_ERROR_UNSUPPORTED);
  g_assert_cmpuint (burble_test_cg_get_connections (f->server), ==, 2);
}

static void
test_newer_transport (CgFixture *f, gconstpointer quirks)
{
  cg_expect_failure (f, BURBLE_PROTOCOL_ERROR_UNSUPPORTED);
  burble_test_wait_until (burble_test_cg_get_goodbye (f->server) != NULL);
  g_assert_cmpstr (burble_test_cg_get_goodbye (f->server), ==, "protoversionmismatch");
}

static void
test_refused (CgFixture *f, gconstpointer quirks)
{
  burble_connection_set_password (f->connection, "wrong");
  cg_expect_failure (f, BURBLE_PROTOCOL_ERROR_PASSWORD);
  burble_connection_set_register (f->connection, TRUE, NULL);
  cg_expect_failure (f, BURBLE_PROTOCOL_ERROR_EXISTS);
  burble_connection_set_register (f->connection, FALSE, NULL);
  burble_connection_set_password (f->connection, CG_PASSWORD);
  burble_test_cg_block (f->server, "alice");
  cg_expect_failure (f, BURBLE_PROTOCOL_ERROR_DISABLED);
}

/* Each of these would be answered with silence, or be the end of the server. */
static void
test_local_checks (CgFixture *f, gconstpointer quirks)
{
  g_autofree char *long_password = g_strnfill (128, 'x');
  const char * const passwords[] = { "", long_password, "caf\xe9" };
  static const char * const names[] = {
    "Botty", "1bad", "al", "aaaaaaaaaaaaaaaaa", "frank two", "fränk", "",
  };

  burble_connection_set_register (f->connection, TRUE, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (passwords); i++)
    {
      burble_connection_set_password (f->connection, passwords[i]);
      cg_expect_failure (f, BURBLE_PROTOCOL_ERROR_BAD_PASSWORD);
    }
  burble_connection_set_password (f->connection, CG_PASSWORD);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      cg_set_name (f, names[i]);
      cg_expect_failure (f, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS);
    }
  g_assert_cmpuint (burble_test_cg_get_connections (f->server), ==, 0);

  /* Somebody who was renamed has such a name all the same. */
  burble_test_cg_rename (f->server, "alice", "frank two");
  burble_connection_set_register (f->connection, FALSE, NULL);
  cg_set_name (f, "frank two");
  cg_go_online (f);
}

static void
test_register (CgFixture *f, gconstpointer quirks)
{
  cg_set_name (f, "Carol_7");
  burble_connection_set_register (f->connection, TRUE, NULL);
  cg_go_online (f);
  g_assert_true (burble_test_cg_knows (f->server, "Carol_7"));
}

/* The answer never came: the next attempt signs in to what the first has made. */
static void
test_lost_registration (CgFixture *f, gconstpointer quirks)
{
  cg_set_name (f, "carol");
  burble_connection_set_register (f->connection, TRUE, NULL);
  burble_connection_connect (f->connection);
  burble_test_wait_until (burble_test_cg_get_connections (f->server) == 1);
  burble_test_wait_until (burble_test_cg_knows (f->server, "carol"));
  burble_test_cg_set_quirks (f->server, 0);
  burble_test_cg_cut (f->server);
  cg_wait_state (f, BURBLE_CONNECTION_ONLINE);
  g_assert_cmpuint (burble_test_cg_get_connections (f->server), ==, 2);
}

/* News of people may come before we know what news are, and between any two answers. */
static void
test_early_news (CgFixture *f, gconstpointer quirks)
{
  burble_test_cg_set_status (f->server, "bob", "busy");
  cg_follow_bob (f);
  cg_go_online (f);
  burble_test_wait_until (cg_last_is (f, BURBLE_PEER_DND));
  g_assert_cmpuint (f->kept, ==, 1);
  g_assert_null (f->error);
}

/* There is nothing but plain text, and a password in it. */
static void
test_unencrypted (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(BurbleConnectionSettings) settings =
    burble_connection_settings_new ("alice@cg.example.test");

  burble_connection_set_settings (f->connection, settings);
  cg_expect_failure (f, BURBLE_PROTOCOL_ERROR_UNENCRYPTED);
}

static void
test_never_answers (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(BurbleConnection) impatient = NULL;

  impatient = g_object_new (BURBLE_TYPE_CG_CONNECTION, "step-timeout", CG_IMPATIENT, NULL);
  burble_connection_set_settings (impatient, burble_connection_get_settings (f->connection));
  burble_connection_set_password (impatient, CG_PASSWORD);
  burble_connection_connect (impatient);
  burble_test_wait_until (burble_connection_get_state (impatient) == BURBLE_CONNECTION_WAITING);
  g_assert_error (burble_connection_get_error (impatient), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_TIMED_OUT);
  cg_free (g_steal_pointer (&impatient));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  cg_add ("sign-in", 0, test_sign_in);
  cg_add ("sign-in/as-it-is", BURBLE_TEST_CG_AS_IT_IS, test_sign_in);
  cg_add ("sign-in/other-ids", BURBLE_TEST_CG_OTHER_IDS, test_sign_in);
  cg_add ("sign-in/split", BURBLE_TEST_CG_SPLIT, test_sign_in);
  cg_add ("sign-in/compressed", BURBLE_TEST_CG_COMPRESSED, test_sign_in);
  cg_add ("sign-in/early-news", BURBLE_TEST_CG_EARLY_NEWS, test_sign_in);
  cg_add ("sign-in/capitals", BURBLE_TEST_CG_AS_IT_IS, test_capitals);
  cg_add ("version", BURBLE_TEST_CG_OTHER_VERSION, test_version);
  cg_add ("no-version", BURBLE_TEST_CG_NO_VERSION, test_no_version);
  cg_add ("newer-transport", BURBLE_TEST_CG_NEWER_TRANSPORT, test_newer_transport);
  cg_add ("refused", 0, test_refused);
  cg_add ("local-checks", 0, test_local_checks);
  cg_add ("register", BURBLE_TEST_CG_AS_IT_IS, test_register);
  cg_add ("lost-registration", BURBLE_TEST_CG_LOSES_AUTH, test_lost_registration);
  cg_add ("early-news", BURBLE_TEST_CG_EARLY_NEWS, test_early_news);
  cg_add ("unencrypted", 0, test_unencrypted);
  cg_add ("never-answers/hello", BURBLE_TEST_CG_MUTE, test_never_answers);
  cg_add ("never-answers/password", BURBLE_TEST_CG_LOSES_AUTH, test_never_answers);

  return g_test_run ();
}
