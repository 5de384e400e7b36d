/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "server-fixture.h"

#define AUTH "{\"id\":3,\"cmd\":\"auth\",\"from\":\"%s\",\"method\":\"plain\",\"password\":\"%s\"}"

static void
test_version_first (Fixture      *f,
                    gconstpointer data)
{
  g_autoptr(BurbleTestPeer) peer = fixture_dial (f);
  g_autoptr(JsonObject) early = NULL;
  g_autoptr(JsonObject) version = NULL;

  early = burble_test_peer_ask (peer, "{\"id\":7,\"cmd\":\"ping\"}");
  fixture_assert_error (early, "version_required");
  /* Whatever the peer speaks, it is told what we do. */
  version = burble_test_peer_ask (peer, "{\"id\":8,\"version\":\"0.2\"}");
  burble_test_assert_packet (version, "{\"id\":8,\"version\":\"0.1\"}");
}

static void
test_ping (Fixture      *f,
           gconstpointer data)
{
  g_autoptr(BurbleTestPeer) peer = fixture_greet (f);
  g_autoptr(JsonObject) pong = NULL;

  pong = burble_test_peer_ask (peer, "{\"id\":-5,\"cmd\":\"ping\",\"data\":{\"a\":[1,\"x\"]}}");
  burble_test_assert_packet (pong, "{\"id\":-5,\"cmd\":\"pong\",\"data\":{\"a\":[1,\"x\"]}}");
}

static void
test_upgrade (Fixture      *f,
              gconstpointer data)
{
  g_autoptr(BurbleTestPeer) peer = fixture_greet (f);
  g_autoptr(JsonObject) some = NULL;
  g_autoptr(JsonObject) none = NULL;

  some = burble_test_peer_ask (peer, "{\"id\":2,\"cmd\":\"upgrade\","
                               "\"features\":[\"history\",\"telepathy\",\"typing\"]}");
  burble_test_assert_packet (some, "{\"id\":2,\"cmd\":\"upgraded\",\"error\":null,"
                             "\"features\":[\"typing\",\"history\"]}");
  none = burble_test_peer_ask (peer, "{\"id\":3,\"cmd\":\"upgrade\",\"features\":[\"register\"]}");
  fixture_assert_error (none, "unsupported");
}

static void
test_query (Fixture      *f,
            gconstpointer data)
{
  g_autoptr(BurbleTestPeer) peer = fixture_greet (f);
  g_autoptr(JsonObject) answer = NULL;
  g_autoptr(JsonObject) other = NULL;

  answer = burble_test_peer_ask (peer, "{\"id\":2,\"cmd\":\"query\",\"query\":\"auth\"}");
  burble_test_assert_packet (answer, "{\"id\":2,\"answer\":[\"plain\"]}");
  other = burble_test_peer_ask (peer, "{\"id\":3,\"cmd\":\"query\",\"query\":\"weather\"}");
  fixture_assert_error (other, "unknown_query");
}

static void
test_auth (Fixture      *f,
           gconstpointer data)
{
  g_autoptr(BurbleTestPeer) wished = fixture_greet (f);
  g_autoptr(BurbleTestPeer) chosen = fixture_greet (f);
  g_autoptr(JsonObject) result = NULL;
  g_autoptr(JsonObject) other = NULL;
  g_autoptr(JsonObject) again = NULL;

  result = burble_test_peer_ask (wished, AUTH, "grgl:ALICE@Example.Test/my desk",
                                 BURBLE_TEST_SERVER_PASSWORD);
  fixture_assert_error (result, "bad_id");
  g_clear_pointer (&result, json_object_unref);
  result = burble_test_peer_ask (wished, AUTH, "grgl:ALICE@Example.Test/desk",
                                 BURBLE_TEST_SERVER_PASSWORD);
  burble_test_assert_packet (result, "{\"id\":3,\"to\":\"" ALICE "/desk\",\"error\":null}");
  other = burble_test_peer_ask (chosen, AUTH, ALICE, BURBLE_TEST_SERVER_PASSWORD);
  g_assert_true (g_str_has_prefix (json_object_get_string_member (other, "to"), ALICE "/t-"));
  again = burble_test_peer_ask (chosen, AUTH, BOB, BURBLE_TEST_SERVER_PASSWORD);
  fixture_assert_error (again, "already_authenticated");
}

static void
test_auth_refused (Fixture      *f,
                   gconstpointer data)
{
  static const char *const cases[][3] = {
    { ALICE, "wrong password", "password" },
    { "nobody@" BURBLE_TEST_SERVER_DOMAIN, "correct horse", "password" },
    { "alice@elsewhere.test", "correct horse", "unknown_user" },
    { "xmpp:" ALICE, "correct horse", "unknown_user" },
    { "alice", "correct horse", "bad_id" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BurbleTestPeer) peer = fixture_greet (f);
      g_autoptr(JsonObject) result = burble_test_peer_ask (peer, AUTH, cases[i][0], cases[i][1]);
      g_autoptr(JsonObject) early = NULL;

      fixture_assert_error (result, cases[i][2]);
      g_assert_true (json_object_has_member (result, "reason"));
      early = burble_test_peer_ask (peer, "{\"id\":4,\"cmd\":\"get_roaster\"}");
      fixture_assert_error (early, "not_authenticated");
      /* Still good for another try. */
      g_clear_pointer (&result, json_object_unref);
      result = burble_test_peer_ask (peer, AUTH, ALICE, BURBLE_TEST_SERVER_PASSWORD);
      fixture_assert_error (result, "null");
    }
}

static void
test_auth_other_method (Fixture      *f,
                        gconstpointer data)
{
  g_autoptr(BurbleTestPeer) peer = fixture_greet (f);
  g_autoptr(JsonObject) result = NULL;

  result = burble_test_peer_ask (peer, "{\"id\":3,\"cmd\":\"auth\",\"from\":\"" ALICE "\","
                                 "\"method\":\"magic\",\"password\":\"correct horse\"}");
  fixture_assert_error (result, "unsupported");
}

static void
test_disabled (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(BurbleTestPeer) peer = fixture_greet (f);
  g_autoptr(JsonObject) result = NULL;
  g_autoptr(JsonObject) guess = NULL;

  g_assert_cmpint (burble_test_server_command (f->server, NULL, NULL, "user", "disable", "alice",
                                               NULL), ==, 0);
  result = burble_test_peer_ask (peer, AUTH, ALICE, BURBLE_TEST_SERVER_PASSWORD);
  fixture_assert_error (result, "user_disable");
  /* Only its owner learns that. */
  guess = burble_test_peer_ask (peer, AUTH, ALICE, "a wrong guess");
  fixture_assert_error (guess, "password");
}

static void
test_unknown_command (Fixture      *f,
                      gconstpointer data)
{
  g_autoptr(BurbleTestPeer) peer = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(JsonObject) unknown = NULL;
  g_autoptr(JsonObject) feature = NULL;
  g_autoptr(JsonObject) invalid = NULL;

  unknown = burble_test_peer_ask (peer, "{\"id\":4,\"cmd\":\"frobnicate\"}");
  fixture_assert_error (unknown, "unknown_command");
  /* Not negotiated. */
  feature = burble_test_peer_ask (peer, "{\"id\":5,\"cmd\":\"history\",\"after\":0}");
  fixture_assert_error (feature, "unknown_command");
  invalid = burble_test_peer_ask (peer, "{\"id\":6,\"cmd\":\"message\",\"messages\":7}");
  fixture_assert_error (invalid, "invalid");
  /* Nothing to answer to. */
  burble_test_peer_send (peer, "{\"cmd\":\"frobnicate\"}");
  burble_test_peer_send (peer, "{\"id\":7,\"cmd\":\"upgraded\",\"features\":[]}");
  burble_test_peer_send (peer, "{\"id\":8,\"cmd\":\"sent\",\"success\":3}");
  burble_test_peer_send (peer, "{\"id\":9,\"error\":\"x\"}");
  burble_test_peer_assert_quiet (peer);
}

static void
test_quit (Fixture      *f,
           gconstpointer data)
{
  g_autoptr(BurbleTestPeer) peer = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(JsonObject) sent = NULL;
  g_autoptr(JsonObject) bye = NULL;

  /* What was asked before is answered first. */
  burble_test_peer_send (peer, "{\"id\":8,\"cmd\":\"message\",\"messages\":"
                         "[{\"id\":\"m\",\"to\":\"" BOB "\",\"text\":\"x\"}]}");
  burble_test_peer_send (peer, "{\"id\":9,\"cmd\":\"quit\",\"reason\":\"bed\"}");
  sent = burble_test_peer_receive (peer);
  fixture_assert_member (sent, "cmd", "sent");
  bye = burble_test_peer_receive (peer);
  burble_test_assert_packet (bye, "{\"id\":9,\"cmd\":\"bye\"}");
  burble_test_peer_assert_closed (peer);
}

static void
test_kill (Fixture      *f,
           gconstpointer data)
{
  g_autoptr(BurbleTestPeer) peer = fixture_online (f, ALICE, "desk", NULL);

  burble_test_peer_send (peer, "{\"id\":null,\"cmd\":\"kill\",\"error\":\"x\",\"reason\":\"y\"}");
  burble_test_peer_assert_closed (peer);
}

static void
test_same_terminal_replaces (Fixture      *f,
                             gconstpointer data)
{
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(BurbleTestPeer) ghost = NULL;
  g_autoptr(BurbleTestPeer) alive = NULL;
  g_autoptr(JsonObject) kill = NULL;
  g_autoptr(JsonObject) heard = NULL;
  g_autoptr(JsonObject) presence = NULL;

  fixture_befriend (f, ALICE, BOB);
  ghost = fixture_online (f, ALICE, "desk", NULL);
  bob = fixture_online (f, BOB, "phone", NULL);
  alive = fixture_online (f, ALICE, "desk", NULL);
  kill = burble_test_peer_expect_command (ghost, "kill");
  fixture_assert_error (kill, "replaced");
  /* Bob's last word on it is that she is there. */
  fixture_say (bob, ALICE "/desk", "m1", "hi");
  heard = fixture_hear (alive);
  for (guint i = burble_test_peer_get_queued (bob); i > 0; i--)
    {
      g_clear_pointer (&presence, json_object_unref);
      presence = burble_test_peer_receive (bob);
    }
  fixture_assert_member (fixture_only (presence, "presences"), "status", "available");
}

static void
test_many_terminals (Fixture      *f,
                     gconstpointer data)
{
  g_autoptr(GPtrArray) peers =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_test_peer_free);
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(JsonObject) result = NULL;
  BurbleTestPeer *last = NULL;

  for (guint i = 0; i < 64; i++)
    {
      BurbleTestPeer *peer = fixture_dial (f);

      burble_test_peer_sign_in (peer, ALICE, NULL, NULL);
      g_ptr_array_add (peers, peer);
    }
  last = fixture_greet (f);
  g_ptr_array_add (peers, last);
  result = burble_test_peer_ask (last, AUTH, ALICE, BURBLE_TEST_SERVER_PASSWORD);
  fixture_assert_error (result, "too_many_terminals");
  /* Others are not concerned, and one that leaves makes room. */
  bob = fixture_online (f, BOB, "phone", NULL);
  g_ptr_array_remove_index (peers, 0);
  burble_test_peer_assert_quiet (bob);
  g_clear_pointer (&result, json_object_unref);
  result = burble_test_peer_ask (last, AUTH, ALICE, BURBLE_TEST_SERVER_PASSWORD);
  fixture_assert_error (result, "null");
}

static void
test_register (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(BurbleTestPeer) peer = fixture_greet (f);
  g_autoptr(BurbleTestPeer) dave = NULL;
  g_autoptr(JsonObject) upgraded = NULL;
  g_autoptr(JsonObject) exists = NULL;
  g_autoptr(JsonObject) weak = NULL;
  g_autoptr(JsonObject) endless = NULL;
  g_autoptr(JsonObject) done = NULL;
  g_autofree char *filler = g_strnfill (1025, 'x');

  upgraded = burble_test_peer_ask (peer, "{\"id\":1,\"cmd\":\"upgrade\",\"features\":"
                                   "[\"register\"]}");
  burble_test_assert_packet (upgraded, "{\"id\":1,\"cmd\":\"upgraded\",\"error\":null,"
                             "\"features\":[\"register\"]}");
  exists = burble_test_peer_ask (peer, "{\"id\":2,\"cmd\":\"register\",\"from\":\"" ALICE "\","
                                 "\"password\":\"correct horse\"}");
  fixture_assert_error (exists, "exists");
  weak = burble_test_peer_ask (peer, "{\"id\":3,\"cmd\":\"register\",\"from\":\"dave@"
                               BURBLE_TEST_SERVER_DOMAIN "\",\"password\":\"123\"}");
  fixture_assert_error (weak, "bad_password");
  fixture_assert_member (weak, "reason", "A password has at least 8 characters.");
  endless = burble_test_peer_ask (peer, "{\"id\":5,\"cmd\":\"register\",\"from\":\"dave@"
                                  BURBLE_TEST_SERVER_DOMAIN "\",\"password\":\"%s\"}", filler);
  fixture_assert_error (endless, "bad_password");
  fixture_assert_member (endless, "reason", "A password has at most 1024 bytes.");
  done = burble_test_peer_ask (peer, "{\"id\":4,\"cmd\":\"register\",\"from\":\"dave@"
                               BURBLE_TEST_SERVER_DOMAIN "/new\",\"password\":\"correct horse\"}");
  burble_test_assert_packet (done, "{\"id\":4,\"to\":\"dave@" BURBLE_TEST_SERVER_DOMAIN
                             "/new\",\"error\":null}");
  dave = fixture_online (f, "dave@" BURBLE_TEST_SERVER_DOMAIN, "again", NULL);
}

/* Names that one could take for another one, or that are no names. */
static void
test_register_bad_names (Fixture      *f,
                         gconstpointer data)
{
  static const struct
  {
    const char *name;
    const char *error;
  } cases[] = {
    { ".", "bad_id" },
    { "..", "bad_id" },
    { "-dave", "bad_id" },
    { "dave.", "bad_id" },
    { "da..ve", "bad_id" },
    { "da ve", "bad_id" },
    { "da\\u0007ve", "bad_id" },                          /* a control character */
    { "da\u202eve", "bad_id" },                           /* turns what follows around */
    { "da\u3164ve", "bad_id" },                           /* a letter that is not seen */
    { "da\u2800ve", "bad_id" },
    { "d\u0430ve", "bad_id" },                            /* a Cyrillic a */
    { "\u0434\u0430vid", "bad_id" },
    { "ALICE", "exists" },
    { "\u24d0lice", "exists" },                           /* a circled a */
    { "al\u200dice", "exists" },                          /* something that is not seen */
    { "\u0441\u0430\u0440\u0430", "exists" },             /* a Cyrillic "capa" */
    { "al1ce", "null" },                                  /* nobody takes that for alice */
    { "a1ice", "exists" },
    { "\u0251lice", "exists" },                           /* a Latin alpha */
    { "\u0434\u0430\u0448\u0430", "null" },               /* Dasha, as she writes it */
    { "da-ve_2+x.y", "null" },
  };
  g_autofree char *overlong = g_strnfill (65, 'x');
  g_autofree char *long_name = g_strnfill (64, 'x');

  burble_test_server_add_user (f->server, "capa", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases) + 2; i++)
    {
      /* Each on a connection of its own: five refusals end one. */
      g_autoptr(BurbleTestPeer) peer = fixture_greet (f);
      const char *name = i < G_N_ELEMENTS (cases) ? cases[i].name
                         : i == G_N_ELEMENTS (cases) ? overlong : long_name;
      const char *error = i < G_N_ELEMENTS (cases) ? cases[i].error
                          : i == G_N_ELEMENTS (cases) ? "bad_id" : "null";
      g_autoptr(JsonObject) answer = NULL;

      answer = burble_test_peer_ask (peer, "{\"id\":4,\"cmd\":\"register\",\"from\":\"%s@"
                                     BURBLE_TEST_SERVER_DOMAIN "\",\"password\":"
                                     "\"correct horse\"}", name);
      g_test_message ("%s", name);
      fixture_assert_error (answer, error);
    }
}

static void
test_register_closed (Fixture      *f,
                      gconstpointer data)
{
  g_autoptr(BurbleTestPeer) peer = fixture_greet (f);
  g_autoptr(JsonObject) answer = NULL;

  answer = burble_test_peer_ask (peer, "{\"id\":4,\"cmd\":\"register\",\"from\":\"dave@"
                                 BURBLE_TEST_SERVER_DOMAIN "\",\"password\":\"correct horse\"}");
  fixture_assert_error (answer, "registration_closed");
}

static void
test_throttled (Fixture      *f,
                gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_greet (f);
  g_autoptr(JsonObject) result = NULL;
  gboolean throttled = FALSE;

  for (guint i = 0; i < 4 && !throttled; i++)
    {
      g_autoptr(BurbleTestPeer) peer = fixture_greet (f);
      g_autoptr(JsonObject) guess = burble_test_peer_ask (peer, AUTH, BOB, "a wrong guess");

      throttled = g_str_equal (json_object_get_string_member (guess, "error"), "throttled");
      g_assert_cmpint (throttled, ==, i >= 2);
    }
  g_assert_true (throttled);
  /* Somebody else's failures do not stop Alice. */
  result = burble_test_peer_ask (alice, AUTH, ALICE, BURBLE_TEST_SERVER_PASSWORD);
  fixture_assert_error (result, "null");
}

static void
test_too_many_tries (Fixture      *f,
                     gconstpointer data)
{
  g_autoptr(BurbleTestPeer) peer = fixture_greet (f);
  g_autoptr(JsonObject) kill = NULL;

  for (guint i = 0; i < 5; i++)
    burble_test_peer_send (peer, AUTH, ALICE, "a wrong guess");
  kill = burble_test_peer_expect_command (peer, "kill");
  fixture_assert_error (kill, "too_many_errors");
}

static void
test_auth_timeout (Fixture      *f,
                   gconstpointer data)
{
  g_autoptr(BurbleTestPeer) silent = fixture_greet (f);
  g_autoptr(BurbleTestPeer) rude = burble_test_peer_connect_plain ("127.0.0.1",
                                     burble_test_server_get_port (f->server));
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(JsonObject) kill = burble_test_peer_expect_command (silent, "kill");

  fixture_assert_error (kill, "auth_timeout");
  burble_test_peer_assert_closed (silent);
  /* Not even TLS. */
  burble_test_peer_assert_closed (rude);
  burble_test_peer_assert_quiet (alice);
}

static void
test_idle (Fixture      *f,
           gconstpointer data)
{
  g_autoptr(BurbleTestPeer) lively = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) dead = fixture_online (f, BOB, "phone", NULL);
  g_autoptr(JsonObject) ping = burble_test_peer_expect_command (lively, "ping");
  g_autoptr(JsonObject) kill = NULL;

  burble_test_peer_send (lively, "{\"id\":%d,\"cmd\":\"pong\"}",
                         (int) json_object_get_int_member (ping, "id"));
  kill = burble_test_peer_expect_command (dead, "kill");
  fixture_assert_error (kill, "idle");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  fixture_add ("/server/session/version-comes-first", NULL, test_version_first);
  fixture_add ("/server/session/ping-echoes-data", NULL, test_ping);
  fixture_add ("/server/session/upgrade-names-what-is-on", NULL, test_upgrade);
  fixture_add ("/server/session/query-tells-the-methods", NULL, test_query);
  fixture_add ("/server/session/auth-gives-a-full-id", NULL, test_auth);
  fixture_add ("/server/session/auth-refused", NULL, test_auth_refused);
  fixture_add ("/server/session/auth-knows-plain-only", NULL, test_auth_other_method);
  fixture_add ("/server/session/disabled-user-is-told-so", NULL, test_disabled);
  fixture_add ("/server/session/unknown-command", NULL, test_unknown_command);
  fixture_add ("/server/session/quit-answers-everything-first", NULL, test_quit);
  fixture_add ("/server/session/kill-closes", NULL, test_kill);
  fixture_add ("/server/session/same-terminal-replaces", NULL, test_same_terminal_replaces);
  fixture_add ("/server/session/terminals-are-bounded", NULL, test_many_terminals);
  fixture_add ("/server/session/register", "[server]\nregister=true\n", test_register);
  fixture_add ("/server/session/register-refuses-confusing-names",
               "[server]\nregister=true\n[passwords]\nmax-failures=1000\n",
               test_register_bad_names);
  fixture_add ("/server/session/register-is-off-by-default", NULL, test_register_closed);
  fixture_add ("/server/session/throttles-guesses", "[passwords]\nmax-failures=2\n",
               test_throttled);
  fixture_add ("/server/session/ends-after-too-many-tries", NULL, test_too_many_tries);
  fixture_add ("/server/session/auth-timeout", "[timeouts]\nauth=2\n", test_auth_timeout);
  fixture_add ("/server/session/idle-peer-is-asked", "[timeouts]\nidle=1\nanswer=2\n", test_idle);
  return g_test_run ();
}
