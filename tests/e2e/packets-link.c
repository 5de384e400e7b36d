/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "packets.h"

/* From the first packet to the last. */

static void
play_version (Scene *scene)
{
  g_autoptr(BurbleTestPeer) peer = scene_connect (scene);
  g_autoptr(JsonObject) early = NULL;

  gurgle_sign_in (scene->alice);
  early = burble_test_peer_ask (peer, "{\"id\":3,\"cmd\":\"ping\"}");
  scene_assert_error (early, "version_required");
}

static void
play_ping (Scene *scene)
{
  g_autoptr(BurbleTestPeer) peer = NULL;
  g_autoptr(JsonObject) pong = NULL;
  g_autoptr(GObject) monitor = NULL;

  gurgle_sign_in (scene->alice);
  g_object_get (scene->alice->connection, "wake-monitor", &monitor, NULL);
  g_signal_emit_by_name (monitor, "network-changed");
  burble_test_wait_until (burble_test_relay_count (scene->relay, BURBLE_TEST_RELAY_DOWN,
                                                   BURBLE_GURGLE_PONG) == 1);
  peer = scene_greet (scene);
  pong = burble_test_peer_ask (peer, "{\"id\":4,\"cmd\":\"ping\",\"data\":{\"a\":[1]}}");
  burble_test_assert_packet (pong, "{\"id\":4,\"cmd\":\"pong\",\"data\":{\"a\":[1]}}");
}

/* Idle for a second: the server asks, the engine answers and stays. */
static void
play_ping_of_server (Scene *scene)
{
  gurgle_sign_in (scene->alice);
  burble_test_wait_until (burble_test_relay_count (scene->relay, BURBLE_TEST_RELAY_UP,
                                                   BURBLE_GURGLE_PONG) >= 2);
  g_assert_cmpint (burble_account_get_state (scene->alice->account), ==, BURBLE_ACCOUNT_ONLINE);
}

static void
play_upgrade (Scene *scene)
{
  const BurbleFeatures wanted = BURBLE_FEATURE_TYPING | BURBLE_FEATURE_RECEIPTS
                                | BURBLE_FEATURE_HISTORY;
  g_autoptr(BurbleTestPeer) peer = scene_greet (scene);
  g_autoptr(JsonObject) some = NULL;

  gurgle_sign_in (scene->alice);
  g_assert_cmpuint (burble_account_get_features (scene->alice->account) & wanted, ==, wanted);
  scene_refused (peer, "{\"id\":2,\"cmd\":\"upgrade\",\"features\":[\"teleport\"]}", "unsupported");
  some = burble_test_peer_ask (peer, "{\"id\":3,\"cmd\":\"upgrade\","
                                     "\"features\":[\"teleport\",\"typing\"]}");
  burble_test_assert_packet (some, "{\"id\":3,\"cmd\":\"upgraded\",\"features\":[\"typing\"],"
                                   "\"error\":null}");
}

static void
play_query (Scene *scene)
{
  g_autoptr(BurbleTestPeer) peer = scene_greet (scene);
  g_autoptr(JsonObject) answer = NULL;

  gurgle_sign_in (scene->alice);
  answer = burble_test_peer_ask (peer, "{\"id\":2,\"cmd\":\"query\",\"query\":\"auth\"}");
  burble_test_assert_packet (answer, "{\"id\":2,\"answer\":[\"plain\"]}");
  scene_refused (peer, "{\"id\":3,\"cmd\":\"query\",\"query\":\"weather\"}", "unknown_query");
}

static void
refused_sign_in (Person *person, const char *password, gboolean create, const char *word)
{
  g_autoptr(GError) error = person_try_sign_in (person, password, create);

  g_assert_cmpstr (burble_session_error_word (error), ==, word);
}

static void
play_auth (Scene *scene)
{
  g_autoptr(BurbleTestPeer) peer = scene_greet (scene);

  scene_refused (peer, "{\"id\":2,\"cmd\":\"auth\",\"from\":\"" ALICE "\",\"method\":\"magic\","
                       "\"password\":\"x\"}", "unsupported");
  scene_refused (peer, "{\"id\":3,\"cmd\":\"auth\",\"from\":\"alice\",\"method\":\"plain\","
                       "\"password\":\"x\"}", "bad_id");
  person_start (scene->alice);
  refused_sign_in (scene->alice, "wrong password", FALSE, "password");
  scene_command (scene, NULL, "disable", "alice");
  refused_sign_in (scene->alice, BURBLE_TEST_SERVER_PASSWORD, FALSE, "disabled");
  scene_command (scene, NULL, "enable", "alice");
  gurgle_sign_in (scene->alice);
  g_assert_cmpint (burble_account_get_state (scene->alice->account), ==, BURBLE_ACCOUNT_ONLINE);
}

static void
play_register (Scene *scene)
{
  g_autoptr(Person) zoe = scene_person_new (scene, "zoe@" BURBLE_TEST_SERVER_DOMAIN, "desk");
  g_autoptr(GError) error = NULL;

  person_start (zoe);
  refused_sign_in (zoe, "short", TRUE, "bad-password");
  error = person_try_sign_in (zoe, "long enough", TRUE);
  g_assert_no_error (error);
  g_assert_cmpint (burble_account_get_state (zoe->account), ==, BURBLE_ACCOUNT_ONLINE);
  person_start (scene->alice);
  refused_sign_in (scene->alice, "long enough", TRUE, "exists");
}

static void
play_register_closed (Scene *scene)
{
  g_autoptr(BurbleTestPeer) peer = scene_greet (scene);

  person_start (scene->alice);
  refused_sign_in (scene->alice, "long enough", TRUE, "registration-closed");
  scene_refused (peer, "{\"id\":2,\"cmd\":\"register\",\"from\":\"zoe@" BURBLE_TEST_SERVER_DOMAIN
                       "\",\"password\":\"long enough\"}", "registration_closed");
}

static void
play_quit (Scene *scene)
{
  BurbleContact *alice = person_contact (scene->bob, ALICE);

  person_stop (scene->alice);
  burble_test_wait_until (!burble_contact_get_online (alice));
  g_assert_cmpuint (burble_test_relay_count (scene->relay, BURBLE_TEST_RELAY_DOWN,
                                             BURBLE_GURGLE_BYE), ==, 1);
}

static void
play_kill (Scene *scene)
{
  g_autoptr(BurbleTestPeer) rude = scene_go_online (scene, CAROL, NULL);
  g_autoptr(BurbleTestPeer) broken = scene_go_online (scene, CAROL, NULL);
  g_autoptr(JsonObject) kill = NULL;

  /* The same terminal again: the first one is told so. */
  kill = burble_test_peer_expect_command (rude, "kill");
  scene_assert_error (kill, "replaced");
  g_clear_pointer (&kill, json_object_unref);
  burble_test_peer_assert_closed (rude);
  burble_test_peer_send (broken, "[1, 2]");
  kill = burble_test_peer_expect_command (broken, "kill");
  scene_assert_error (kill, "bad_packet");
  burble_test_peer_assert_closed (broken);

  /* The engine shows the reason, and comes back with the server. */
  burble_test_server_ask_to_stop (scene->server);
  burble_test_wait_until (burble_account_get_error_detail (scene->alice->account) != NULL);
  g_assert_cmpstr (burble_account_get_error_detail (scene->alice->account), ==,
                   "The server is being stopped or restarted.");
  g_assert_cmpint (burble_test_server_wait (scene->server), ==, 0);
  burble_test_server_start (scene->server);
  person_wait_online (scene->alice);
}

static void
play_kill_of_client (Scene *scene)
{
  g_autoptr(BurbleTestPeer) peer = scene_go_online (scene, CAROL, NULL);

  burble_test_peer_send (peer, "{\"id\":null,\"cmd\":\"kill\",\"error\":\"x\",\"reason\":\"y\"}");
  burble_test_peer_assert_closed (peer);
}

static void
play_unknown (Scene *scene)
{
  g_autoptr(BurbleTestPeer) peer = scene_go_online (scene, CAROL, NULL);

  scene_refused (peer, "{\"id\":4,\"cmd\":\"dance\"}", "unknown_command");
  burble_test_peer_forget (peer);
  burble_test_peer_send (peer, "{\"id\":null,\"cmd\":\"dance\"}");
  burble_test_peer_assert_quiet (peer);
}

const Row link_rows[] = {
  { "version", NULL, FALSE, play_version, { UP (VERSION), DOWN (VERSION), DOWN (ERROR_RESULT) } },
  { "ping", NULL, FALSE, play_ping, { UP (PING), DOWN (PONG) } },
  { "ping-of-server", "[timeouts]\nidle=1\nanswer=20\n", FALSE, play_ping_of_server,
    { DOWN (PING), UP (PONG) } },
  { "upgrade", NULL, FALSE, play_upgrade, { UP (UPGRADE), DOWN (UPGRADED) } },
  { "query", NULL, FALSE, play_query, { UP (QUERY), DOWN (ANSWER), DOWN (ERROR_RESULT) } },
  { "auth", NULL, FALSE, play_auth, { UP (AUTH), DOWN (AUTH_RESULT) } },
  { "register", "[server]\nregister=true\n", FALSE, play_register,
    { UP (REGISTER), DOWN (AUTH_RESULT) } },
  { "register-closed", NULL, FALSE, play_register_closed, { UP (REGISTER) } },
  { "quit", NULL, TRUE, play_quit, { UP (QUIT), DOWN (BYE), DOWN (PRESENCE) } },
  { "kill", NULL, TRUE, play_kill, { DOWN (KILL) } },
  { "kill-of-client", NULL, FALSE, play_kill_of_client, { UP (KILL) } },
  { "unknown-command", NULL, FALSE, play_unknown, { UP (UNKNOWN), DOWN (ERROR_RESULT) } },
  { NULL },
};
