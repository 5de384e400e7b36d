/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "server-fixture.h"

#define ROOM "garden@" BURBLE_TEST_SERVER_DOMAIN

/* Changes one entry; @members: the JSON behind "from". */
static JsonObject *
change (BurbleTestPeer *peer,
        const char     *who,
        const char     *members)
{
  return burble_test_peer_ask (peer, "{\"id\":50,\"cmd\":\"update_roaster\",\"roaster\":"
                               "[{\"from\":\"%s\"%s}]}", who, members);
}

static void
check_entry (JsonObject *packet,
             const char *from,
             const char *subscription,
             gboolean    ask)
{
  JsonObject *entry = fixture_only (packet, "roaster");

  fixture_assert_member (packet, "cmd", "update_roaster");
  g_assert_true (json_object_has_member (packet, "etag"));
  fixture_assert_member (entry, "from", from);
  fixture_assert_member (entry, "subscription", subscription);
  g_assert_cmpint (json_object_get_boolean_member_with_default (entry, "ask", FALSE), ==, ask);
}

static void
check_push (BurbleTestPeer *peer,
            const char     *from,
            const char     *subscription,
            gboolean        ask)
{
  g_autoptr(JsonObject) packet = burble_test_peer_expect_command (peer, "update_roaster");

  fixture_assert_member (packet, "id", "null");
  check_entry (packet, from, subscription, ask);
}

static void
check_change (BurbleTestPeer *peer,
              const char     *who,
              const char     *members,
              const char     *subscription)
{
  g_autoptr(JsonObject) answer = change (peer, who, members);

  check_entry (answer, who, subscription, FALSE);
}

static void
check_presence (BurbleTestPeer *peer,
                const char     *from,
                const char     *status)
{
  g_autoptr(JsonObject) packet = burble_test_peer_expect_command (peer, "presence");
  JsonObject *presence = fixture_only (packet, "presences");

  fixture_assert_member (presence, "from", from);
  fixture_assert_member (presence, "status", status);
}

static void
test_agree (Fixture      *f,
            gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", NULL);

  check_change (alice, BOB, "", "null");
  check_push (bob, ALICE, "null", TRUE);
  burble_test_peer_assert_quiet (alice);
  burble_test_peer_assert_quiet (bob);
  check_change (bob, ALICE, "", "both");
  check_push (alice, BOB, "both", FALSE);
  check_presence (alice, BOB "/phone", "available");
  check_presence (bob, ALICE "/desk", "available");
  burble_test_peer_assert_quiet (alice);
  burble_test_peer_assert_quiet (bob);
}

static void
test_one_way (Fixture      *f,
              gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", NULL);

  check_change (alice, BOB, "", "null");
  check_push (bob, ALICE, "null", TRUE);
  check_change (bob, ALICE, ",\"subscription\":\"from\"", "from");
  check_push (alice, BOB, "to", FALSE);
  check_presence (alice, BOB "/phone", "available");
  burble_test_peer_assert_quiet (alice);
  burble_test_peer_assert_quiet (bob);
}

static void
test_decline (Fixture      *f,
              gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", NULL);
  g_autoptr(JsonObject) answer = NULL;

  check_change (alice, BOB, "", "null");
  check_push (bob, ALICE, "null", TRUE);
  answer = change (bob, ALICE, ",\"delete\":true");
  g_assert_true (json_object_get_boolean_member (fixture_only (answer, "roaster"), "delete"));
  check_push (alice, BOB, "null", FALSE);
  /* A new name for him is not a new request; adding him again is. */
  check_change (alice, BOB, ",\"alias\":\"Bobby\"", "null");
  burble_test_peer_assert_quiet (bob);
  check_change (alice, BOB, "", "null");
  check_push (bob, ALICE, "null", TRUE);
}

static void
test_withdraw (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", NULL);
  g_autoptr(JsonObject) answer = NULL;
  g_autoptr(JsonObject) push = NULL;

  check_change (alice, BOB, "", "null");
  check_push (bob, ALICE, "null", TRUE);
  answer = change (alice, BOB, ",\"delete\":true");
  /* Nobody answered: the request leaves no trace. */
  push = burble_test_peer_expect_command (bob, "update_roaster");
  g_assert_true (json_object_get_boolean_member (fixture_only (push, "roaster"), "delete"));
}

static void
test_delete (Fixture      *f,
             gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = NULL;
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(JsonObject) answer = NULL;

  fixture_befriend (f, ALICE, BOB);
  alice = fixture_online (f, ALICE, "desk", NULL);
  bob = fixture_online (f, BOB, "phone", NULL);
  check_presence (alice, BOB "/phone", "available");
  answer = change (alice, BOB, ",\"delete\":true");
  g_assert_true (json_object_get_boolean_member (fixture_only (answer, "roaster"), "delete"));
  check_presence (alice, BOB "/phone", "null");
  check_push (bob, ALICE, "null", FALSE);
  check_presence (bob, ALICE "/desk", "null");
  burble_test_peer_assert_quiet (alice);
  burble_test_peer_assert_quiet (bob);
  /* Both have to agree anew. */
  check_change (alice, BOB, "", "null");
  check_push (bob, ALICE, "null", TRUE);
}

static void
test_request_waits (Fixture      *f,
                    gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = fixture_dial (f);
  g_autoptr(JsonObject) roster = NULL;
  JsonObject *entry = NULL;

  check_change (alice, BOB, ",\"alias\":\"Bobby\"", "null");
  burble_test_peer_sign_in (bob, BOB, "phone", NULL);
  roster = burble_test_peer_ask (bob, "{\"id\":4,\"cmd\":\"get_roaster\"}");
  entry = fixture_only (roster, "roaster");
  fixture_assert_member (entry, "from", ALICE);
  fixture_assert_member (entry, "ask", "true");
  /* What she calls him is hers. */
  fixture_assert_member (entry, "alias", "null");
}

static void
test_other_terminals (Fixture      *f,
                      gconstpointer data)
{
  g_autoptr(BurbleTestPeer) desk = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) lap = fixture_online (f, ALICE, "lap", NULL);
  g_autoptr(JsonObject) answer = NULL;
  g_autoptr(JsonObject) push = NULL;
  g_autofree char *etag = NULL;
  g_autofree char *pushed = NULL;

  answer = change (desk, BOB, ",\"alias\":\"Bobby\"");
  fixture_assert_member (fixture_only (answer, "roaster"), "alias", "Bobby");
  push = burble_test_peer_expect_command (lap, "update_roaster");
  fixture_assert_member (fixture_only (push, "roaster"), "alias", "Bobby");
  etag = burble_test_get_member (answer, "etag");
  pushed = burble_test_get_member (push, "etag");
  g_assert_cmpstr (etag, ==, pushed);
  burble_test_peer_assert_quiet (desk);
}

static void
test_etag (Fixture      *f,
           gconstpointer data)
{
  g_autoptr(JsonObject) answer = NULL;
  g_autoptr(JsonObject) kept = NULL;
  g_autoptr(JsonObject) flushed = NULL;
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(BurbleTestPeer) alice = NULL;
  g_autofree char *etag = NULL;

  fixture_befriend (f, ALICE, BOB);
  alice = fixture_dial (f);
  burble_test_peer_sign_in (alice, ALICE, "desk", NULL);
  answer = burble_test_peer_ask (alice, "{\"id\":4,\"cmd\":\"get_roaster\"}");
  etag = burble_test_get_member (answer, "etag");
  g_clear_pointer (&alice, burble_test_peer_free);
  burble_test_server_kill (f->server);
  burble_test_server_start (f->server);

  bob = fixture_online (f, BOB, "phone", NULL);
  alice = fixture_dial (f);
  burble_test_peer_sign_in (alice, ALICE, "desk", NULL);
  kept = burble_test_peer_ask (alice, "{\"id\":4,\"cmd\":\"get_roaster\",\"etag\":\"%s\"}", etag);
  burble_test_assert_packet (kept, "{\"id\":4,\"cmd\":\"keep_roaster\",\"etag\":\"%s\"}", etag);
  /* The entries are as they were; who is there comes on its own. */
  check_presence (alice, BOB "/phone", "available");
  check_change (alice, BOB, ",\"alias\":\"Bobby\"", "both");
  flushed = burble_test_peer_ask (alice, "{\"id\":4,\"cmd\":\"get_roaster\",\"etag\":\"%s\"}",
                                  etag);
  fixture_assert_member (flushed, "cmd", "flush_roaster");
  fixture_assert_member (fixture_only (flushed, "roaster"), "alias", "Bobby");
  fixture_assert_member (fixture_only (flushed, "roaster"), "presence",
                         "{\"phone\":{\"status\":\"available\",\"mood\":null}}");
}

static void
test_refused (Fixture      *f,
              gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(JsonObject) nobody = NULL;
  g_autoptr(JsonObject) self = NULL;
  g_autoptr(JsonObject) bad = NULL;
  g_autoptr(JsonObject) mixed = NULL;
  g_autoptr(JsonObject) full = NULL;

  nobody = change (alice, "nobody@" BURBLE_TEST_SERVER_DOMAIN, "");
  fixture_assert_error (nobody, "unknown_user");
  self = change (alice, ALICE, "");
  fixture_assert_error (self, "unknown_user");
  bad = change (alice, "not an id", "");
  fixture_assert_error (bad, "bad_id");
  /* What is right is done all the same. */
  mixed = burble_test_peer_ask (alice, "{\"id\":51,\"cmd\":\"update_roaster\",\"roaster\":"
                                "[{\"from\":\"nobody@" BURBLE_TEST_SERVER_DOMAIN "\"},"
                                "{\"from\":\"" BOB "\"}]}");
  fixture_assert_error (mixed, "unknown_user");
  fixture_assert_member (fixture_only (mixed, "roaster"), "from", BOB);
  full = change (alice, CAROL, "");
  fixture_assert_error (full, "roster_full");
}

static void
test_room (Fixture      *f,
           gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", "[\"carbons\"]");
  g_autoptr(BurbleTestPeer) lap = fixture_online (f, ALICE, "lap", "[\"carbons\"]");
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", NULL);
  g_autoptr(BurbleTestPeer) carol = fixture_online (f, CAROL, "tab", NULL);
  g_autoptr(JsonObject) made = change (alice, ROOM, ",\"type\":\"chatroom\",\"alias\":\"Garden\"");
  g_autoptr(JsonObject) joined = NULL;
  g_autoptr(JsonObject) heard = NULL;
  g_autoptr(JsonObject) carbon = NULL;
  g_autoptr(JsonObject) refused = NULL;
  g_autoptr(JsonObject) left = NULL;
  g_autoptr(JsonObject) push = NULL;

  fixture_assert_member (fixture_only (made, "roaster"), "type", "chatroom");
  fixture_assert_member (fixture_only (made, "roaster"), "alias", "Garden");
  push = burble_test_peer_expect_command (lap, "update_roaster");
  joined = change (bob, ROOM, ",\"type\":\"chatroom\"");
  fixture_assert_error (joined, "null");
  fixture_say (alice, ROOM, "m1", "hello, garden");
  heard = fixture_hear (bob);
  fixture_assert_member (heard, "from", ROOM "/alice");
  fixture_assert_member (heard, "text", "hello, garden");
  carbon = fixture_hear (lap);
  fixture_assert_member (carbon, "from", ALICE "/desk");
  fixture_assert_member (carbon, "to", ROOM);
  burble_test_peer_assert_quiet (alice);
  burble_test_peer_assert_quiet (carol);

  refused = burble_test_peer_ask (carol, "{\"id\":9,\"cmd\":\"message\",\"messages\":"
                                  "[{\"id\":\"c\",\"to\":\"" ROOM "\",\"text\":\"psst\"}]}");
  fixture_assert_error (refused, "not_a_member");
  left = change (bob, ROOM, ",\"delete\":true");
  fixture_say (alice, ROOM, "m2", "still there?");
  burble_test_peer_assert_quiet (bob);
}

static void
test_room_offline (Fixture      *f,
                   gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", NULL);
  g_autoptr(JsonObject) made = change (alice, ROOM, ",\"type\":\"chatroom\"");
  g_autoptr(JsonObject) joined = change (bob, ROOM, ",\"type\":\"chatroom\"");
  g_autoptr(JsonObject) person = NULL;
  g_autoptr(JsonObject) heard = NULL;
  g_autoptr(JsonObject) auth = NULL;
  g_autoptr(BurbleTestPeer) intruder = NULL;

  g_clear_pointer (&bob, burble_test_peer_free);
  fixture_say (alice, ROOM, "m1", "for later");
  bob = fixture_online (f, BOB, "phone", NULL);
  heard = fixture_hear (bob);
  fixture_assert_member (heard, "from", ROOM "/alice");
  /* People and rooms share one space of names. */
  person = change (alice, CAROL, ",\"type\":\"chatroom\"");
  fixture_assert_error (person, "exists");
  g_assert_cmpint (burble_test_server_command (f->server, "correct horse", NULL, "user", "add",
                                               "garden", NULL), !=, 0);
  intruder = fixture_greet (f);
  auth = burble_test_peer_ask (intruder, "{\"id\":3,\"cmd\":\"auth\",\"from\":\"" ROOM "\","
                               "\"method\":\"plain\",\"password\":\"correct horse\"}");
  fixture_assert_error (auth, "password");
}

/* What is refused changes nothing: neither the etag nor what other terminals hold. */
static void
test_refused_change (Fixture      *f,
                     gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) lap = fixture_online (f, ALICE, "lap", NULL);
  g_autoptr(JsonObject) roster = burble_test_peer_ask (alice, "{\"id\":4,\"cmd\":\"get_roaster\"}");
  g_autofree char *etag = burble_test_get_member (roster, "etag");
  g_autoptr(JsonObject) refused = change (alice, "nobody@" BURBLE_TEST_SERVER_DOMAIN, "");
  g_autoptr(JsonObject) kept = NULL;
  g_autoptr(JsonObject) half = NULL;
  g_autofree char *later = NULL;

  fixture_assert_error (refused, "unknown_user");
  fixture_assert_member (refused, "roaster", "[]");
  fixture_assert_member (refused, "etag", etag);
  burble_test_peer_assert_quiet (lap);
  kept = burble_test_peer_ask (lap, "{\"id\":5,\"cmd\":\"get_roaster\",\"etag\":\"%s\"}", etag);
  fixture_assert_member (kept, "cmd", "keep_roaster");

  half = burble_test_peer_ask (alice, "{\"id\":6,\"cmd\":\"update_roaster\",\"roaster\":["
                               "{\"from\":\"nobody@" BURBLE_TEST_SERVER_DOMAIN "\"},"
                               "{\"from\":\"" BOB "\"}]}");
  fixture_assert_error (half, "unknown_user");
  later = burble_test_get_member (half, "etag");
  g_assert_cmpstr (later, !=, etag);
  check_push (lap, BOB, "null", FALSE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  fixture_add ("/server/roster/asking-and-agreeing", NULL, test_agree);
  fixture_add ("/server/roster/agreeing-one-way", NULL, test_one_way);
  fixture_add ("/server/roster/declining", NULL, test_decline);
  fixture_add ("/server/roster/withdrawing-a-request", NULL, test_withdraw);
  fixture_add ("/server/roster/deleting-ends-both-ways", NULL, test_delete);
  fixture_add ("/server/roster/request-waits-for-an-absent-user", NULL, test_request_waits);
  fixture_add ("/server/roster/changes-reach-own-terminals", NULL, test_other_terminals);
  fixture_add ("/server/roster/etag-survives-a-restart", NULL, test_etag);
  fixture_add ("/server/roster/refusals", "[limits]\nroster=1\n", test_refused);
  fixture_add ("/server/roster/refused-changes-nothing", NULL, test_refused_change);
  fixture_add ("/server/roster/room", NULL, test_room);
  fixture_add ("/server/roster/room-keeps-for-the-absent", NULL, test_room_offline);
  return g_test_run ();
}
