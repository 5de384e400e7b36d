/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "server-fixture.h"

static void
publish (BurbleTestPeer *peer,
         const char     *status)
{
  g_autoptr(JsonObject) answer = NULL;
  const char *quote = g_str_equal (status, "null") ? "" : "\"";

  answer = burble_test_peer_ask (peer, "{\"id\":60,\"cmd\":\"presence\",\"presence\":"
                                 "{\"status\":%s%s%s,\"mood\":\"sunny\"}}", quote, status, quote);
  fixture_assert_member (fixture_only (answer, "presences"), "status", status);
  fixture_assert_member (fixture_only (answer, "presences"), "from",
                         burble_test_peer_get_full_id (peer));
}

static void
check (BurbleTestPeer *peer,
       const char     *from,
       const char     *status,
       const char     *mood)
{
  g_autoptr(JsonObject) packet = burble_test_peer_expect_command (peer, "presence");

  fixture_assert_member (packet, "id", "null");
  fixture_assert_member (fixture_only (packet, "presences"), "from", from);
  fixture_assert_member (fixture_only (packet, "presences"), "status", status);
  fixture_assert_member (fixture_only (packet, "presences"), "mood", mood);
}

static void
test_reaches_contacts (Fixture      *f,
                       gconstpointer data)
{
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(BurbleTestPeer) carol = NULL;
  g_autoptr(BurbleTestPeer) alice = NULL;

  fixture_befriend (f, ALICE, BOB);
  bob = fixture_online (f, BOB, "phone", NULL);
  carol = fixture_online (f, CAROL, "tab", NULL);
  alice = fixture_dial (f);
  burble_test_peer_sign_in (alice, ALICE, "desk", NULL);
  burble_test_peer_assert_quiet (bob);
  publish (alice, "away");
  check (bob, ALICE "/desk", "away", "sunny");
  publish (alice, "dnd");
  check (bob, ALICE "/desk", "dnd", "sunny");
  /* The same again is not news. */
  publish (alice, "dnd");
  burble_test_peer_assert_quiet (bob);
  burble_test_peer_assert_quiet (carol);
  g_clear_pointer (&alice, burble_test_peer_free);
  check (bob, ALICE "/desk", "null", "null");
  burble_test_peer_assert_quiet (carol);
}

static void
test_without_roster (Fixture      *f,
                     gconstpointer data)
{
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(BurbleTestPeer) alice = NULL;

  fixture_befriend (f, ALICE, BOB);
  bob = fixture_online (f, BOB, "phone", NULL);
  alice = fixture_dial (f);
  burble_test_peer_sign_in (alice, ALICE, "desk", NULL);
  publish (alice, "available");
  check (alice, BOB "/phone", "available", "null");
}

static void
test_invisible (Fixture      *f,
                gconstpointer data)
{
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(BurbleTestPeer) late = NULL;
  g_autoptr(BurbleTestPeer) alice = NULL;
  g_autoptr(JsonObject) roster = NULL;
  g_autoptr(JsonObject) status = NULL;

  fixture_befriend (f, ALICE, BOB);
  bob = fixture_online (f, BOB, "phone", ALL_FEATURES);
  alice = fixture_dial (f);
  burble_test_peer_sign_in (alice, ALICE, "desk", ALL_FEATURES);
  publish (alice, "invisible");
  /* She sees him. */
  check (alice, BOB "/phone", "available", "null");

  /* By no way: not by presence, roster, status, typing or delivery receipts. */
  burble_test_peer_assert_quiet (bob);
  late = fixture_dial (f);
  burble_test_peer_sign_in (late, BOB, "lap", "[\"user_status\"]");
  roster = burble_test_peer_ask (late, "{\"id\":4,\"cmd\":\"get_roaster\"}");
  g_assert_false (json_object_has_member (fixture_only (roster, "roaster"), "presence"));
  status = burble_test_peer_ask (late, "{\"id\":5,\"cmd\":\"user_status\",\"username\":\"alice\"}");
  fixture_assert_member (status, "status", "offline");
  burble_test_peer_send (alice, "{\"id\":null,\"cmd\":\"typing\",\"to\":\"" BOB "\",\"typing\":true}");
  fixture_say (bob, ALICE, "m1", "anybody there?");
  g_clear_pointer (&status, json_object_unref);
  status = fixture_hear (alice);
  burble_test_peer_send (alice, "{\"id\":null,\"cmd\":\"receipt\",\"to\":\"" BOB "\","
                         "\"state\":\"delivered\",\"messages\":[\"m1\"]}");
  burble_test_peer_assert_quiet (alice);
  burble_test_peer_assert_quiet (bob);

  publish (alice, "available");
  check (bob, ALICE "/desk", "available", "sunny");
  publish (alice, "invisible");
  check (bob, ALICE "/desk", "null", "null");
  g_clear_pointer (&alice, burble_test_peer_free);
  burble_test_peer_assert_quiet (bob);
}

static void
say_signs (BurbleTestPeer *peer,
           const char     *to,
           const char     *state,
           const char     *id)
{
  burble_test_peer_send (peer, "{\"id\":null,\"cmd\":\"typing\",\"to\":\"%s\",\"typing\":true}", to);
  burble_test_peer_send (peer, "{\"id\":null,\"cmd\":\"receipt\",\"to\":\"%s\",\"state\":\"%s\","
                         "\"messages\":[\"%s\"]}", to, state, id);
  burble_test_peer_assert_quiet (peer);
}

/* Typing and receipts say "I am here" as well as any presence does. */
static void
test_signs_of_life (Fixture      *f,
                    gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", ALL_FEATURES);
  g_autoptr(BurbleTestPeer) tab = fixture_online (f, ALICE, "tab", "[\"receipts\"]");
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", "[\"typing\",\"receipts\"]");
  g_autoptr(JsonObject) heard = NULL;
  g_autoptr(JsonObject) one_way = NULL;
  g_autoptr(JsonObject) pushed = NULL;
  g_autoptr(JsonObject) own = NULL;

  /* A stranger does not learn by writing whether she is there. */
  fixture_say (bob, ALICE, "m1", "anybody there?");
  heard = fixture_hear (alice);
  say_signs (alice, BOB, "delivered", "m1");
  say_signs (alice, BOB, "read", "m1");
  burble_test_peer_assert_quiet (bob);

  /* Nor does one who is seen by her but may not see her. */
  one_way = burble_test_peer_ask (alice, "{\"id\":50,\"cmd\":\"update_roaster\",\"roaster\":"
                                  "[{\"from\":\"" BOB "\"}]}");
  pushed = burble_test_peer_expect_command (bob, "update_roaster");
  g_clear_pointer (&one_way, json_object_unref);
  one_way = burble_test_peer_ask (bob, "{\"id\":51,\"cmd\":\"update_roaster\",\"roaster\":"
                                  "[{\"from\":\"" ALICE "\",\"subscription\":\"from\"}]}");
  fixture_assert_member (fixture_only (one_way, "roaster"), "subscription", "from");
  burble_test_peer_forget (alice);
  say_signs (alice, BOB, "read", "m1");
  burble_test_peer_assert_quiet (bob);

  /* Not even later, and what she reads her own terminals know all the same. */
  g_clear_pointer (&bob, burble_test_peer_free);
  bob = fixture_online (f, BOB, "phone", "[\"receipts\"]");
  burble_test_peer_assert_quiet (bob);
  own = burble_test_peer_expect_command (tab, "receipt");
  fixture_assert_member (own, "messages", "[\"m1\"]");
}

/* An invisible reader keeps it to herself, also from who asks again later. */
static void
test_invisible_reader (Fixture      *f,
                       gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = NULL;
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(JsonObject) heard = NULL;

  fixture_befriend (f, ALICE, BOB);
  alice = fixture_dial (f);
  burble_test_peer_sign_in (alice, ALICE, "desk", ALL_FEATURES);
  publish (alice, "invisible");
  bob = fixture_online (f, BOB, "phone", "[\"typing\",\"receipts\"]");
  fixture_say (bob, ALICE, "m1", "anybody there?");
  heard = fixture_hear (alice);
  burble_test_peer_forget (alice);
  say_signs (alice, BOB, "delivered", "m1");
  say_signs (alice, BOB, "read", "m1");
  burble_test_peer_assert_quiet (bob);
  g_clear_pointer (&bob, burble_test_peer_free);
  bob = fixture_online (f, BOB, "phone", "[\"receipts\"]");
  burble_test_peer_assert_quiet (bob);
}

static void
test_offline_status (Fixture      *f,
                     gconstpointer data)
{
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(BurbleTestPeer) alice = NULL;

  fixture_befriend (f, ALICE, BOB);
  alice = fixture_online (f, ALICE, "desk", NULL);
  bob = fixture_online (f, BOB, "phone", NULL);
  publish (alice, "null");
  check (bob, ALICE "/desk", "null", "null");
}

static void
test_several_terminals (Fixture      *f,
                        gconstpointer data)
{
  g_autoptr(BurbleTestPeer) desk = NULL;
  g_autoptr(BurbleTestPeer) lap = NULL;
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(JsonObject) roster = NULL;

  fixture_befriend (f, ALICE, BOB);
  desk = fixture_online (f, ALICE, "desk", NULL);
  lap = fixture_online (f, ALICE, "lap", NULL);
  publish (lap, "away");
  bob = fixture_dial (f);
  burble_test_peer_sign_in (bob, BOB, "phone", NULL);
  roster = burble_test_peer_ask (bob, "{\"id\":4,\"cmd\":\"get_roaster\"}");
  fixture_assert_member (fixture_only (roster, "roaster"), "presence",
                         "{\"desk\":{\"status\":\"available\",\"mood\":null},"
                         "\"lap\":{\"status\":\"away\",\"mood\":\"sunny\"}}");
  g_clear_pointer (&desk, burble_test_peer_free);
  check (bob, ALICE "/desk", "null", "null");
  burble_test_peer_assert_quiet (bob);
}

static void
test_long_mood (Fixture      *f,
                gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autofree char *mood = g_strnfill (2000, 'x');
  g_autoptr(JsonObject) answer = NULL;

  answer = burble_test_peer_ask (alice, "{\"id\":60,\"cmd\":\"presence\",\"presence\":"
                                 "{\"status\":\"away\",\"mood\":\"%s\"}}", mood);
  fixture_assert_error (answer, "too_large");
}

static void
test_user_status (Fixture      *f,
                  gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = NULL;
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(JsonObject) online = NULL;
  g_autoptr(JsonObject) by_uuid = NULL;
  g_autoptr(JsonObject) stranger = NULL;
  g_autoptr(JsonObject) nobody = NULL;
  g_autoptr(JsonObject) by_id = NULL;
  g_autofree char *uuid = NULL;

  g_assert_cmpint (burble_test_server_command (f->server, "correct horse", NULL, "user", "add",
                                               "grace", "--name", "Grace", "--bio",
                                               "Admiral", NULL), ==, 0);
  fixture_befriend (f, ALICE, BOB);
  alice = fixture_online (f, ALICE, "desk", "[\"user_status\"]");
  bob = fixture_online (f, BOB, "phone", NULL);
  publish (bob, "dnd");
  online = burble_test_peer_ask (alice, "{\"id\":5,\"cmd\":\"user_status\",\"username\":\"bob\"}");
  fixture_assert_member (online, "status", "busy");
  uuid = burble_test_get_member (online, "uuid");
  by_uuid = burble_test_peer_ask (alice, "{\"id\":6,\"cmd\":\"user_status\",\"uuid\":\"%s\","
                                  "\"username\":\"carol\"}", uuid);
  fixture_assert_member (by_uuid, "username", "bob");
  stranger = burble_test_peer_ask (alice, "{\"id\":7,\"cmd\":\"user_status\","
                                   "\"username\":\"grace\"}");
  fixture_assert_member (stranger, "status", "offline");
  fixture_assert_member (stranger, "name", "Grace");
  fixture_assert_member (stranger, "bio", "Admiral");
  nobody = burble_test_peer_ask (alice, "{\"id\":8,\"cmd\":\"user_status\","
                                 "\"username\":\"nobody\"}");
  fixture_assert_member (nobody, "status", "notexist");
  fixture_assert_member (nobody, "uuid", "null");
  by_id = burble_test_peer_ask (alice, "{\"id\":9,\"cmd\":\"user_status\","
                                "\"username\":\"grgl:" BOB "\"}");
  fixture_assert_member (by_id, "status", "busy");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  fixture_add ("/server/presence/reaches-contacts-only", NULL, test_reaches_contacts);
  fixture_add ("/server/presence/comes-without-asking-for-the-roster", NULL, test_without_roster);
  fixture_add ("/server/presence/invisible-never-leaks", NULL, test_invisible);
  fixture_add ("/server/presence/signs-of-life-are-presence", NULL, test_signs_of_life);
  fixture_add ("/server/presence/invisible-reader-is-not-betrayed", NULL, test_invisible_reader);
  fixture_add ("/server/presence/offline-while-connected", NULL, test_offline_status);
  fixture_add ("/server/presence/per-terminal", NULL, test_several_terminals);
  fixture_add ("/server/presence/mood-is-bounded", NULL, test_long_mood);
  fixture_add ("/server/presence/user-status", NULL, test_user_status);
  return g_test_run ();
}
