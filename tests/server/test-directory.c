/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "server-fixture.h"

#define OPEN "[server]\ndirectory=true\n"
#define FEATURE "[\"active_users\"]"

/* "alice bob" */
static char *
get_names (JsonObject *packet)
{
  JsonArray *users = json_object_get_array_member (packet, "users");
  g_autoptr(GString) names = g_string_new (NULL);

  g_assert_nonnull (users);
  g_assert_false (json_object_has_member (packet, "complete"));
  for (guint i = 0; i < json_array_get_length (users); i++)
    {
      JsonObject *user = json_array_get_object_element (users, i);

      g_assert_true (g_uuid_string_is_valid (json_object_get_string_member (user, "uuid")));
      g_string_append_printf (names, "%s%s", i > 0 ? " " : "",
                              json_object_get_string_member (user, "username"));
    }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
check_push (BurbleTestPeer *peer,
            const char     *names)
{
  g_autoptr(JsonObject) packet = burble_test_peer_expect_command (peer, "active_users");
  g_autofree char *got = get_names (packet);

  fixture_assert_member (packet, "id", "null");
  g_assert_cmpstr (got, ==, names);
}

static void
check_answer (BurbleTestPeer *peer,
              const char     *names)
{
  g_autoptr(JsonObject) packet = burble_test_peer_ask (peer,
                                                       "{\"id\":70,\"cmd\":\"active_users\"}");
  g_autofree char *got = get_names (packet);

  fixture_assert_member (packet, "cmd", "active_users");
  g_assert_cmpstr (got, ==, names);
}

static void
publish (BurbleTestPeer *peer,
         const char     *status)
{
  g_autoptr(JsonObject) answer = NULL;

  answer = burble_test_peer_ask (peer, "{\"id\":60,\"cmd\":\"presence\",\"presence\":"
                                 "{\"status\":\"%s\",\"mood\":null}}", status);
  fixture_assert_member (fixture_only (answer, "presences"), "status", status);
}

static BurbleTestPeer *
sign_in (Fixture    *f,
         const char *who,
         const char *terminal,
         const char *status)
{
  BurbleTestPeer *peer = fixture_dial (f);

  burble_test_peer_sign_in (peer, who, terminal, FEATURE);
  publish (peer, status);
  return peer;
}

static void
test_closed (Fixture      *f,
             gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_greet (f);
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(JsonObject) granted = NULL;
  g_autoptr(JsonObject) refused = NULL;

  granted = burble_test_peer_ask (alice, "{\"id\":2,\"cmd\":\"upgrade\",\"features\":" FEATURE "}");
  fixture_assert_error (granted, "unsupported");
  fixture_assert_member (granted, "features", "[]");
  bob = fixture_online (f, BOB, "phone", FEATURE);
  refused = burble_test_peer_ask (bob, "{\"id\":3,\"cmd\":\"active_users\"}");
  fixture_assert_error (refused, "unknown_command");
  burble_test_peer_assert_quiet (bob);
}

static void
test_open (Fixture      *f,
           gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_dial (f);
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(BurbleTestPeer) second = NULL;

  burble_test_peer_sign_in (alice, ALICE, "desk", FEATURE);
  /* Nothing before she has said how she is; then at once. */
  burble_test_peer_assert_quiet (alice);
  check_answer (alice, "");
  publish (alice, "dnd");
  check_push (alice, "alice");

  bob = fixture_online (f, BOB, "phone", FEATURE);
  check_push (bob, "alice bob");
  check_answer (alice, "alice bob");
  check_push (alice, "alice bob");

  /* Two terminals are one person, until the last of them has gone. */
  second = fixture_online (f, ALICE, "lap", FEATURE);
  check_push (second, "alice bob");
  g_clear_pointer (&alice, burble_test_peer_free);
  burble_test_peer_assert_quiet (second);
  check_answer (bob, "alice bob");
  g_clear_pointer (&second, burble_test_peer_free);
  check_push (bob, "bob");
  check_answer (bob, "bob");
}

static void
test_not_negotiated (Fixture      *f,
                     gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", ALL_FEATURES);
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", FEATURE);
  g_autoptr(JsonObject) refused = NULL;
  g_autoptr(JsonObject) granted = NULL;

  check_push (bob, "alice bob");
  refused = burble_test_peer_ask (alice, "{\"id\":3,\"cmd\":\"active_users\"}");
  fixture_assert_error (refused, "unknown_command");
  burble_test_peer_assert_quiet (alice);
  /* It is never too late. */
  granted = burble_test_peer_ask (alice, "{\"id\":4,\"cmd\":\"upgrade\",\"features\":" FEATURE "}");
  fixture_assert_error (granted, "null");
  check_push (alice, "alice bob");
}

static void
test_malformed (Fixture      *f,
                gconstpointer data)
{
  static const char *const ignored[] = {
    /* Answers, which nobody asked for. */
    "{\"id\":5,\"cmd\":\"active_users\",\"users\":[]}",
    "{\"id\":6,\"cmd\":\"active_users\",\"users\":\"alice\"}",
    "{\"id\":7,\"cmd\":\"active_users\",\"users\":[{\"uuid\":\"1\"}],\"complete\":7}",
    "{\"id\":8,\"cmd\":\"active_users\",\"error\":\"busy\"}",
    /* An id that is none cannot be answered. */
    "{\"id\":\"9\",\"cmd\":\"active_users\"}",
    "{\"id\":{},\"cmd\":\"active_users\"}",
  };
  g_autoptr(BurbleTestPeer) alice = fixture_greet (f);
  g_autoptr(JsonObject) early = NULL;
  g_autoptr(JsonObject) empty = NULL;

  early = burble_test_peer_ask (alice, "{\"id\":3,\"cmd\":\"active_users\"}");
  fixture_assert_error (early, "not_authenticated");
  g_clear_pointer (&alice, burble_test_peer_free);
  alice = sign_in (f, ALICE, "desk", "available");
  check_push (alice, "alice");
  for (guint i = 0; i < G_N_ELEMENTS (ignored); i++)
    {
      burble_test_peer_send (alice, "%s", ignored[i]);
      burble_test_peer_assert_quiet (alice);
    }
  /* What is not known is of no interest. */
  empty = burble_test_peer_ask (alice, "{\"id\":4,\"cmd\":\"active_users\",\"limit\":\"x\"}");
  fixture_assert_member (empty, "cmd", "active_users");
  check_answer (alice, "alice");
}

/*
 * Neither by name nor by when something is told: carol comes a while after alice has come or gone
 * unseen, and is told of half a second after she came, not sooner.
 */
static void
check_unmoved (Fixture        *f,
               BurbleTestPeer *watcher,
               const char     *names)
{
  g_autoptr(BurbleTestPeer) carol = fixture_dial (f);
  gint64 start = 0;

  burble_test_peer_sign_in (carol, CAROL, "tab", NULL);
  for (guint i = 0; i < 200; i++)
    burble_test_peer_assert_quiet (watcher);
  start = g_get_monotonic_time ();
  publish (carol, "available");
  check_push (watcher, names);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, G_USEC_PER_SEC / 2);
}

static void
test_invisible_comes (Fixture      *f,
                      gconstpointer data)
{
  g_autoptr(BurbleTestPeer) bob = sign_in (f, BOB, "phone", "available");
  g_autoptr(BurbleTestPeer) alice = NULL;

  check_push (bob, "bob");
  alice = sign_in (f, ALICE, "desk", "invisible");
  /* She sees them. */
  check_push (alice, "bob");
  check_answer (bob, "bob");
  check_unmoved (f, bob, "bob carol");
}

static void
test_invisible_goes (Fixture      *f,
                     gconstpointer data)
{
  g_autoptr(BurbleTestPeer) bob = sign_in (f, BOB, "phone", "available");
  g_autoptr(BurbleTestPeer) alice = sign_in (f, ALICE, "desk", "invisible");

  check_push (bob, "bob");
  publish (alice, "invisible");
  g_clear_pointer (&alice, burble_test_peer_free);
  check_answer (bob, "bob");
  check_unmoved (f, bob, "bob carol");
}

/* A person with one terminal that is seen and one that is not is there, once. */
static void
test_becomes_invisible (Fixture      *f,
                        gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = sign_in (f, ALICE, "desk", "available");
  g_autoptr(BurbleTestPeer) hidden = sign_in (f, ALICE, "lap", "invisible");
  g_autoptr(BurbleTestPeer) bob = sign_in (f, BOB, "phone", "available");
  g_autoptr(BurbleTestPeer) late = NULL;

  check_push (bob, "alice bob");
  publish (alice, "invisible");
  check_answer (bob, "bob");
  /* Not even for whoever comes before the others were told. */
  late = sign_in (f, CAROL, "tab", "invisible");
  check_push (late, "bob");
  check_push (bob, "bob");
  publish (hidden, "away");
  check_answer (bob, "alice bob");
}

static void
test_disabled (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(BurbleTestPeer) bob = sign_in (f, BOB, "phone", "available");
  g_autoptr(BurbleTestPeer) alice = NULL;
  g_autoptr(JsonObject) kill = NULL;

  check_push (bob, "bob");
  alice = sign_in (f, ALICE, "desk", "available");
  check_push (bob, "alice bob");
  burble_test_server_command (f->server, NULL, NULL, "user", "disable", "alice", NULL);
  kill = burble_test_peer_expect_command (alice, "kill");
  check_answer (bob, "bob");
  check_push (bob, "bob");
}

/* What the list says, a question about one of them does not deny; it does not tell more. */
static void
test_status (Fixture      *f,
             gconstpointer data)
{
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", "[\"user_status\"]");
  g_autoptr(BurbleTestPeer) alice = sign_in (f, ALICE, "desk", "away");
  g_autoptr(JsonObject) status = NULL;

  status = burble_test_peer_ask (bob, "{\"id\":5,\"cmd\":\"user_status\",\"username\":\"alice\"}");
  fixture_assert_member (status, "status", "online");
  publish (alice, "invisible");
  g_clear_pointer (&status, json_object_unref);
  status = burble_test_peer_ask (bob, "{\"id\":6,\"cmd\":\"user_status\",\"username\":\"alice\"}");
  fixture_assert_member (status, "status", "offline");
}

/* However slow the machine is: never more than one in three seconds. */
static void
test_storm (Fixture      *f,
            gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = sign_in (f, ALICE, "desk", "available");
  g_autoptr(GPtrArray) others =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_test_peer_free);
  g_autofree char *names = NULL;
  gint64 start = g_get_monotonic_time ();
  gint64 n_told = 0;

  check_push (alice, "alice");
  for (guint round = 0; round < 8; round++)
    {
      g_ptr_array_set_size (others, 0);
      g_ptr_array_add (others, sign_in (f, BOB, "phone", "available"));
      g_ptr_array_add (others, sign_in (f, CAROL, "tab", "available"));
    }
  while (g_strcmp0 (names, "alice bob carol") != 0)
    {
      g_autoptr(JsonObject) packet = burble_test_peer_expect_command (alice, "active_users");

      g_free (names);
      names = get_names (packet);
      n_told++;
    }
  g_assert_cmpint (n_told, <=, (g_get_monotonic_time () - start) / (3 * G_USEC_PER_SEC) + 1);
  g_assert_cmpint (n_told, <, 16);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  fixture_add ("/server/directory/closed-unless-opened", NULL, test_closed);
  fixture_add ("/server/directory/tells-who-is-there", OPEN, test_open);
  fixture_add ("/server/directory/only-where-negotiated", OPEN, test_not_negotiated);
  fixture_add ("/server/directory/malformed", OPEN, test_malformed);
  fixture_add ("/server/directory/nobody-sees-the-invisible-come", OPEN, test_invisible_comes);
  fixture_add ("/server/directory/nobody-sees-the-invisible-go", OPEN, test_invisible_goes);
  fixture_add ("/server/directory/becoming-invisible", OPEN, test_becomes_invisible);
  fixture_add ("/server/directory/not-the-disabled", OPEN, test_disabled);
  fixture_add ("/server/directory/one-of-them-is-online", OPEN, test_status);
  fixture_add ("/server/directory/a-storm-is-joined", OPEN, test_storm);
  return g_test_run ();
}
