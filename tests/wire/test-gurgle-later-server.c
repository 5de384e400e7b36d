/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include <string.h>

#include "burble-gurgle-packet.h"

/*
 * Section 6: what the public server of the later dialect was seen to answer, and the requests it
 * was seen to understand, byte for byte.
 */

static BurbleGurglePacket *
parse (const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr(GError) error = NULL;
  BurbleGurglePacket *packet;

  packet = burble_gurgle_packet_parse (bytes, BURBLE_GURGLE_DIALECT_0_2, &error);
  g_assert_no_error (error);
  return packet;
}

static void
assert_written (const BurbleGurglePacket *packet, const char *expected)
{
  g_autoptr(GBytes) bytes = burble_gurgle_packet_serialize (packet, BURBLE_GURGLE_DIALECT_0_2);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected,
                   strlen (expected));
}

static void
test_version (void)
{
  g_autoptr(BurbleGurglePacket) packet = parse ("{\"id\":1,\"version\":\"0.2\"}");

  g_assert_cmpint (packet->type, ==, BURBLE_GURGLE_VERSION);
  g_assert_cmpint (packet->id, ==, 1);
  g_assert_cmpstr (packet->version.version, ==, "0.2");
}

static void
test_query (void)
{
  g_autoptr(BurbleGurglePacket) query = burble_gurgle_packet_new (BURBLE_GURGLE_QUERY);
  g_autoptr(BurbleGurglePacket) answer = parse ("{\"id\":2,\"params\":{\"answer\":[\"plain\"]}}");

  burble_gurgle_packet_set_id (query, 2);
  query->query.query = g_strdup ("auth");
  assert_written (query, "{\"id\":2,\"cmd\":\"query\",\"params\":{\"query\":\"auth_method\"}}");
  g_assert_cmpint (answer->type, ==, BURBLE_GURGLE_ANSWER);
  g_assert_cmpstrv (answer->answer.methods, ((const char *[]) { "plain", NULL }));
}

static void
test_auth (void)
{
  g_autoptr(BurbleGurglePacket) auth = burble_gurgle_packet_new (BURBLE_GURGLE_AUTH);
  g_autoptr(BurbleGurglePacket) ok = parse ("{\"error\":null,\"id\":7,"
                                            "\"to\":\"alice@hitorino.moe\"}");
  g_autoptr(BurbleGurglePacket) refused = parse ("{\"error\":\"password\",\"id\":2,\"reason\":"
                                                 "\"Wrong password.\",\"to\":\"alice\"}");

  burble_gurgle_packet_set_id (auth, 7);
  auth->auth.from = g_strdup ("alice@hitorino.moe");
  auth->auth.method = g_strdup ("plain");
  auth->auth.password = g_strdup ("secret");
  assert_written (auth, "{\"id\":7,\"cmd\":\"auth\",\"from\":\"alice@hitorino.moe\","
                        "\"params\":{\"method\":\"plain\",\"password\":\"secret\"}}");

  g_assert_cmpint (ok->type, ==, BURBLE_GURGLE_AUTH_RESULT);
  g_assert_cmpstr (ok->auth_result.to, ==, "alice@hitorino.moe");
  g_assert_null (ok->error);
  g_assert_cmpint (refused->type, ==, BURBLE_GURGLE_AUTH_RESULT);
  g_assert_cmpint (refused->id, ==, 2);
  g_assert_cmpstr (refused->error, ==, "password");
  g_assert_cmpstr (refused->reason, ==, "Wrong password.");
}

static void
test_ping (void)
{
  g_autoptr(BurbleGurglePacket) ping = burble_gurgle_packet_new (BURBLE_GURGLE_PING);
  g_autoptr(BurbleGurglePacket) pong = parse ("{\"cmd\":\"pong\",\"id\":8}");

  burble_gurgle_packet_set_id (ping, 8);
  assert_written (ping, "{\"id\":8,\"cmd\":\"ping\"}");
  g_assert_cmpint (pong->type, ==, BURBLE_GURGLE_PONG);
  g_assert_cmpint (pong->id, ==, 8);
  g_assert_null (pong->ping.data);
}

static void
test_roster (void)
{
  g_autoptr(BurbleGurglePacket) request = burble_gurgle_packet_new (BURBLE_GURGLE_GET_ROSTER);
  g_autoptr(BurbleGurglePacket) slip = parse ("{\"cmd\":\"pong\",\"id\":10}");

  burble_gurgle_packet_set_id (request, 10);
  assert_written (request, "{\"id\":10,\"cmd\":\"get_roster\"}");
  /* Its answer is a slip in that server; the id still says what it answers. */
  g_assert_cmpint (slip->type, ==, BURBLE_GURGLE_PONG);
  g_assert_cmpint (slip->id, ==, 10);
}

#define ROSTER(spelling) "{\"id\":1,\"cmd\":\"flush_" spelling "\","

/* Arguments beside params, and either spelling of the roster, are read as well. */
static void
test_tolerance (void)
{
  static const char * const rosters[] = {
    ROSTER ("roaster") "\"etag\":\"e\",\"roaster\":[{\"from\":\"a@b\"}]}",
    ROSTER ("roster") "\"params\":{\"etag\":\"e\",\"roaster\":[{\"from\":\"a@b\"}]}}",
    ROSTER ("roaster") "\"params\":{\"etag\":\"e\",\"roster\":[{\"from\":\"a@b\"}]}}",
    ROSTER ("roster") "\"params\":{\"etag\":\"e\"},\"roster\":[{\"from\":\"a@b\"}]}",
    ROSTER ("roster") "\"params\":null,\"etag\":\"e\",\"roster\":[{\"from\":\"a@b\"}]}",
  };
  g_autoptr(BurbleGurglePacket) pong = parse ("{\"id\":1,\"cmd\":\"pong\","
                                              "\"params\":{\"data\":1}}");
  g_autoptr(BurbleGurglePacket) both = parse ("{\"id\":1,\"cmd\":\"query\",\"query\":\"outer\","
                                              "\"params\":{\"query\":\"inner\"}}");

  for (guint i = 0; i < G_N_ELEMENTS (rosters); i++)
    {
      g_autoptr(BurbleGurglePacket) packet = parse (rosters[i]);

      g_assert_cmpint (packet->type, ==, BURBLE_GURGLE_FLUSH_ROSTER);
      g_assert_cmpstr (packet->roster.etag, ==, "e");
      g_assert_cmpuint (packet->roster.entries->len, ==, 1);
    }
  g_assert_cmpstr (pong->ping.data, ==, "1");
  g_assert_cmpstr (both->query.query, ==, "inner");
}

static void
test_params_that_are_none (void)
{
  g_autoptr(BurbleGurglePacket) packet = parse ("{\"id\":1,\"cmd\":\"ping\",\"params\":[1]}");

  g_assert_cmpint (packet->type, ==, BURBLE_GURGLE_INVALID);
  g_assert_true (packet->has_id);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/wire/gurgle/later-server/version", test_version);
  g_test_add_func ("/wire/gurgle/later-server/query", test_query);
  g_test_add_func ("/wire/gurgle/later-server/auth", test_auth);
  g_test_add_func ("/wire/gurgle/later-server/ping", test_ping);
  g_test_add_func ("/wire/gurgle/later-server/roster", test_roster);
  g_test_add_func ("/wire/gurgle/later-server/tolerance", test_tolerance);
  g_test_add_func ("/wire/gurgle/later-server/params-that-are-none", test_params_that_are_none);
  return g_test_run ();
}
