/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "server-fixture.h"

#define HISTORY "[\"history\",\"carbons\"]"
#define RECEIPTS "[\"receipts\",\"typing\"]"

static void
check_page (BurbleTestPeer *peer,
            const char     *request,
            const char     *ids,
            gboolean        complete)
{
  g_autoptr(JsonObject) answer = burble_test_peer_ask (peer, "{\"id\":30,\"cmd\":\"history\",%s}",
                                                       request);
  g_autoptr(GString) text = g_string_new (NULL);
  JsonArray *messages = json_object_get_array_member (answer, "messages");
  gint64 last = 0;

  fixture_assert_member (answer, "cmd", "history");
  for (guint i = 0; i < json_array_get_length (messages); i++)
    {
      JsonObject *message = json_array_get_object_element (messages, i);
      gint64 seq = json_object_get_int_member (message, "seq");

      g_assert_cmpint (seq, >, last);
      last = seq;
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                              json_object_get_string_member (message, "id"));
    }
  g_assert_cmpstr (text->str, ==, ids);
  g_assert_cmpint (json_object_get_boolean_member (answer, "complete"), ==, complete);
}

static void
test_pages (Fixture      *f,
            gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", HISTORY);
  g_autoptr(BurbleTestPeer) carol = fixture_online (f, CAROL, "tab", HISTORY);
  g_autoptr(JsonObject) answer = NULL;
  JsonObject *own = NULL;

  fixture_say (alice, BOB, "b1", "x");
  fixture_say (alice, CAROL, "c1", "x");
  fixture_say (alice, BOB, "b2", "x");
  fixture_say (carol, ALICE, "c2", "x");
  fixture_say (alice, BOB, "b3", "x");
  g_clear_pointer (&alice, burble_test_peer_free);
  burble_test_server_kill (f->server);
  burble_test_server_start (f->server);
  alice = fixture_online (f, ALICE, "desk", HISTORY);

  check_page (alice, "\"after\":0", "b1 c1 b2 c2 b3", TRUE);
  check_page (alice, "\"after\":2,\"limit\":2", "b2 c2", FALSE);
  check_page (alice, "\"after\":4,\"limit\":2", "b3", TRUE);
  check_page (alice, "\"after\":5", "", TRUE);
  check_page (alice, "\"with\":\"" BOB "\"", "b1 b2 b3", TRUE);
  check_page (alice, "\"with\":\"" BOB "\",\"limit\":2", "b2 b3", FALSE);
  check_page (alice, "\"with\":\"" BOB "\",\"before\":3,\"limit\":2", "b1", TRUE);
  check_page (alice, "\"with\":\"" CAROL "\",\"after\":2", "c2", TRUE);
  check_page (alice, "\"with\":\"nobody@" BURBLE_TEST_SERVER_DOMAIN "\"", "", TRUE);
  answer = burble_test_peer_ask (alice, "{\"id\":31,\"cmd\":\"history\",\"with\":\"" CAROL "\","
                                 "\"before\":3}");
  own = fixture_only (answer, "messages");
  fixture_assert_member (own, "from", ALICE "/desk");
  fixture_assert_member (own, "to", CAROL);
}

static void
test_seq (Fixture      *f,
          gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", HISTORY);
  g_autoptr(BurbleTestPeer) lap = fixture_online (f, ALICE, "lap", HISTORY);
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", HISTORY);
  g_autoptr(BurbleTestPeer) plain = fixture_online (f, BOB, "plain", NULL);
  gint64 last = 0;

  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *id = g_strdup_printf ("m%u", i);
      g_autoptr(JsonObject) heard = NULL;
      g_autoptr(JsonObject) other = NULL;
      gint64 seq = 0;

      /* In both directions, over a restart. */
      if (i % 2 == 0)
        fixture_say (alice, BOB, id, "x");
      else
        fixture_say (bob, ALICE, id, "x");
      heard = fixture_hear (lap);
      seq = json_object_get_int_member (heard, "seq");
      g_assert_cmpint (seq, >, last);
      last = seq;
      if (i % 2 == 0)
        {
          other = fixture_hear (plain);
          g_assert_false (json_object_has_member (other, "seq"));
        }
      if (i != 2)
        continue;
      burble_test_peer_assert_quiet (lap);
      g_clear_pointer (&alice, burble_test_peer_free);
      g_clear_pointer (&bob, burble_test_peer_free);
      g_clear_pointer (&lap, burble_test_peer_free);
      g_clear_pointer (&plain, burble_test_peer_free);
      g_assert_cmpint (burble_test_server_terminate (f->server), ==, 0);
      burble_test_server_start (f->server);
      alice = fixture_online (f, ALICE, "desk", HISTORY);
      lap = fixture_online (f, ALICE, "lap", HISTORY);
      bob = fixture_online (f, BOB, "phone", NULL);
      plain = fixture_online (f, BOB, "plain", NULL);
    }
}

static void
test_big_page (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", HISTORY);
  g_autofree char *text = g_strnfill (700 * 1024, 'x');

  fixture_say (alice, BOB, "m1", text);
  fixture_say (alice, BOB, "m2", text);
  fixture_say (alice, BOB, "m3", text);
  /* Bounded in bytes as well. */
  check_page (alice, "\"after\":0", "m1 m2", FALSE);
  check_page (alice, "\"with\":\"" BOB "\"", "m2 m3", FALSE);
}

static void
test_order (Fixture      *f,
            gconstpointer data)
{
  static const char *const expected[] = { "presence", "message", "history" };
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = fixture_dial (f);

  fixture_say (alice, BOB, "m1", "x");
  burble_test_peer_sign_in (bob, BOB, "phone", HISTORY);
  burble_test_peer_send (bob, "{\"id\":1,\"cmd\":\"presence\",\"presence\":"
                         "{\"status\":\"away\"}}");
  burble_test_peer_send (bob, "{\"id\":2,\"cmd\":\"history\",\"after\":0}");
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr(JsonObject) packet = burble_test_peer_receive (bob);

      fixture_assert_member (packet, "cmd", expected[i]);
    }
}

static void
test_typing (Fixture      *f,
             gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = NULL;
  g_autoptr(BurbleTestPeer) phone = NULL;
  g_autoptr(BurbleTestPeer) tab = NULL;
  g_autoptr(BurbleTestPeer) old = NULL;
  g_autoptr(JsonObject) one = NULL;
  g_autoptr(JsonObject) two = NULL;
  g_autoptr(JsonObject) only = NULL;

  fixture_befriend (f, ALICE, BOB);
  alice = fixture_online (f, ALICE, "desk", RECEIPTS);
  phone = fixture_online (f, BOB, "phone", RECEIPTS);
  tab = fixture_online (f, BOB, "tab", RECEIPTS);
  old = fixture_online (f, BOB, "old", NULL);
  burble_test_peer_forget (phone);
  burble_test_peer_forget (old);
  burble_test_peer_send (alice, "{\"id\":null,\"cmd\":\"typing\",\"to\":\"" BOB "\",\"typing\":true}");
  one = burble_test_peer_expect_command (phone, "typing");
  burble_test_assert_packet (one, "{\"id\":null,\"cmd\":\"typing\",\"from\":\"" ALICE "/desk\","
                             "\"typing\":true}");
  two = burble_test_peer_expect_command (tab, "typing");
  burble_test_peer_send (alice, "{\"id\":null,\"cmd\":\"typing\",\"to\":\"" BOB "/tab\","
                         "\"typing\":false}");
  only = burble_test_peer_expect_command (tab, "typing");
  fixture_assert_member (only, "typing", "false");
  burble_test_peer_assert_quiet (phone);
  burble_test_peer_assert_quiet (old);
}

static void
send_receipt (BurbleTestPeer *peer,
              const char     *to,
              const char     *state,
              const char     *ids)
{
  burble_test_peer_send (peer, "{\"id\":null,\"cmd\":\"receipt\",\"to\":\"%s\",\"state\":\"%s\","
                         "\"messages\":[%s]}", to, state, ids);
}

static void
check_receipt (BurbleTestPeer *peer,
               const char     *from,
               const char     *to,
               const char     *state,
               const char     *ids)
{
  g_autoptr(JsonObject) packet = burble_test_peer_expect_command (peer, "receipt");

  fixture_assert_member (packet, "from", from);
  fixture_assert_member (packet, "to", to);
  fixture_assert_member (packet, "state", state);
  fixture_assert_member (packet, "messages", ids);
}

static void
test_receipts (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = NULL;
  g_autoptr(BurbleTestPeer) old = NULL;
  g_autoptr(BurbleTestPeer) phone = NULL;
  g_autoptr(BurbleTestPeer) tab = NULL;
  g_autoptr(JsonObject) one = NULL;
  g_autoptr(JsonObject) two = NULL;

  fixture_befriend (f, ALICE, BOB);
  alice = fixture_online (f, ALICE, "desk", RECEIPTS);
  old = fixture_online (f, ALICE, "old", NULL);
  phone = fixture_online (f, BOB, "phone", RECEIPTS);
  tab = fixture_online (f, BOB, "tab", RECEIPTS);
  burble_test_peer_forget (alice);
  burble_test_peer_forget (old);
  burble_test_peer_forget (phone);
  burble_test_peer_forget (tab);
  fixture_say (alice, BOB, "m1", "x");
  one = fixture_hear (phone);
  two = fixture_hear (tab);
  send_receipt (phone, ALICE, "delivered", "\"m1\",\"unheard of\"");
  check_receipt (alice, BOB "/phone", "null", "delivered", "[\"m1\"]");
  /* The second terminal's word is no news. */
  send_receipt (tab, ALICE, "delivered", "\"m1\"");
  burble_test_peer_assert_quiet (tab);
  burble_test_peer_assert_quiet (alice);
  send_receipt (phone, ALICE, "read", "\"m1\"");
  check_receipt (alice, BOB "/phone", "null", "read", "[\"m1\"]");
  check_receipt (tab, BOB "/phone", ALICE, "read", "[\"m1\"]");
  send_receipt (phone, ALICE, "delivered", "\"m1\"");
  burble_test_peer_assert_quiet (phone);
  burble_test_peer_assert_quiet (alice);
  burble_test_peer_assert_quiet (old);
  /* Nobody reads what was not sent to him. */
  send_receipt (alice, CAROL, "read", "\"m1\"");
  burble_test_peer_assert_quiet (alice);
}

static void
test_receipts_wait (Fixture      *f,
                    gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = NULL;
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(BurbleTestPeer) tab = NULL;
  g_autoptr(JsonObject) quit = NULL;
  g_autoptr(JsonObject) bye = NULL;
  g_autoptr(JsonObject) one = NULL;
  g_autoptr(JsonObject) two = NULL;
  g_autoptr(JsonObject) three = NULL;

  fixture_befriend (f, ALICE, BOB);
  alice = fixture_online (f, ALICE, "desk", RECEIPTS);
  bob = fixture_online (f, BOB, "phone", RECEIPTS);
  tab = fixture_online (f, BOB, "tab", RECEIPTS);
  fixture_say (alice, BOB, "m1", "x");
  fixture_say (alice, BOB, "m2", "x");
  one = fixture_hear (bob);
  two = fixture_hear (bob);
  g_clear_pointer (&alice, burble_test_peer_free);
  g_clear_pointer (&tab, burble_test_peer_free);
  send_receipt (bob, ALICE, "delivered", "\"m1\",\"m2\"");
  send_receipt (bob, ALICE, "read", "\"m1\"");
  burble_test_peer_forget (bob);
  g_clear_pointer (&bob, burble_test_peer_free);
  burble_test_server_kill (f->server);
  burble_test_server_start (f->server);
  alice = fixture_online (f, ALICE, "desk", RECEIPTS);
  check_receipt (alice, BOB, "null", "delivered", "[\"m2\"]");
  check_receipt (alice, BOB, "null", "read", "[\"m1\"]");
  /* Bob's other terminal learns what he read. */
  tab = fixture_online (f, BOB, "tab", RECEIPTS);
  check_receipt (tab, BOB, ALICE, "read", "[\"m1\"]");
  /* Once heard, they do not come again. */
  quit = burble_test_peer_ask (alice, "{\"id\":40,\"cmd\":\"quit\"}");
  g_clear_pointer (&alice, burble_test_peer_free);
  alice = fixture_online (f, ALICE, "desk", RECEIPTS);
  burble_test_peer_assert_quiet (alice);
}

static void
check_sent (BurbleTestPeer *peer,
            const char     *messages,
            const char     *success,
            const char     *seqs)
{
  g_autoptr(JsonObject) sent = burble_test_peer_ask (peer, "{\"id\":40,\"cmd\":\"message\","
                                                     "\"messages\":[%s]}", messages);

  fixture_assert_member (sent, "success", success);
  fixture_assert_member (sent, "seq", seqs);
}

/* What one says oneself is counted, too, and is the only thing that is not pushed with its seq. */
static void
test_sent_seq (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", HISTORY);
  g_autoptr(BurbleTestPeer) lap = fixture_online (f, ALICE, "lap", NULL);
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", HISTORY);
  g_autoptr(JsonObject) room = NULL;
  g_autoptr(JsonObject) heard = NULL;

  check_sent (alice, "{\"id\":\"m1\",\"to\":\"" BOB "\",\"text\":\"x\"}", "[\"m1\"]", "[1]");
  fixture_say (bob, ALICE, "b1", "x");
  heard = fixture_hear (alice);
  g_assert_cmpint (json_object_get_int_member (heard, "seq"), ==, 2);
  /* Those that fail are not counted, and one that was sent before not again. */
  check_sent (alice, "{\"id\":\"m2\",\"to\":\"" CAROL "\",\"text\":\"x\"},"
                     "{\"id\":\"m1\",\"to\":\"" BOB "\",\"text\":\"x\"},"
                     "{\"id\":\"m3\",\"to\":\"nobody@" BURBLE_TEST_SERVER_DOMAIN "\","
                     "\"text\":\"x\"},"
                     "{\"id\":\"m4\",\"to\":\"" ALICE "\",\"text\":\"x\"}",
              "[\"m2\",\"m1\",\"m4\"]", "[3,null,4]");
  room = burble_test_peer_ask (alice, "{\"id\":41,\"cmd\":\"update_roaster\",\"roaster\":"
                               "[{\"from\":\"den@" BURBLE_TEST_SERVER_DOMAIN "\","
                               "\"type\":\"chatroom\"}]}");
  check_sent (alice, "{\"id\":\"m5\",\"to\":\"den@" BURBLE_TEST_SERVER_DOMAIN "\","
                     "\"text\":\"x\"}", "[\"m5\"]", "[5]");
  /* Who did not ask for history is told as ever. */
  check_sent (lap, "{\"id\":\"m6\",\"to\":\"" BOB "\",\"text\":\"x\"}", "[\"m6\"]", "null");
  check_sent (alice, "{\"id\":\"m7\",\"to\":\"" BOB "\",\"text\":\"x\"}", "[\"m7\"]", "[7]");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  fixture_add ("/server/history/pages", NULL, test_pages);
  fixture_add ("/server/history/seq-grows-over-restarts", NULL, test_seq);
  fixture_add ("/server/history/own-messages-have-their-seq", NULL, test_sent_seq);
  fixture_add ("/server/history/page-is-bounded-in-bytes", NULL, test_big_page);
  fixture_add ("/server/history/does-not-overtake-messages", NULL, test_order);
  fixture_add ("/server/typing/reaches-who-asked-for-it", NULL, test_typing);
  fixture_add ("/server/receipts/reach-the-sender-and-own-terminals", NULL, test_receipts);
  fixture_add ("/server/receipts/wait-for-the-absent", NULL, test_receipts_wait);
  return g_test_run ();
}
