/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sys/resource.h>

#include "server-fixture.h"

#define CARBONS "[\"carbons\"]"

static void
test_fields (Fixture      *f,
             gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", NULL);
  g_autoptr(JsonObject) sent = NULL;
  g_autoptr(JsonObject) push = NULL;
  JsonObject *message = NULL;
  double now = (double) g_get_real_time () / G_USEC_PER_SEC;

  sent = burble_test_peer_ask (alice, "{\"id\":5,\"cmd\":\"message\",\"messages\":[{\"id\":-12,"
                               "\"timestamp\":%.3f,\"to\":\"" BOB "\",\"text\":\"a\\n\\u0001\\\"b\\\\ü🙂\","
                               "\"html\":\"<b>a</b>\",\"attachments\":[{\"name\":\"cat \\\"1\\\".png\","
                               "\"type\":\"image/png\",\"blob\":\"aGVsbG8=\"}]}]}", now);
  burble_test_assert_packet (sent, "{\"id\":5,\"cmd\":\"sent\",\"success\":[-12],\"failure\":[],"
                             "\"error\":null,\"reason\":null}");
  push = burble_test_peer_expect_command (bob, "message");
  message = fixture_only (push, "messages");
  g_assert_cmpint (json_object_get_int_member (message, "id"), ==, -12);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (message, "timestamp"), now, 0.001);
  json_object_remove_member (message, "timestamp");
  burble_test_assert_packet (message, "{\"id\":-12,\"from\":\"" ALICE "/desk\","
                             "\"text\":\"a\\n\\u0001\\\"b\\\\ü🙂\",\"html\":\"<b>a</b>\","
                             "\"attachments\":[{\"name\":\"cat \\\"1\\\".png\","
                             "\"type\":\"image/png\",\"size\":5}]}");
}

static void
test_time_is_corrected (Fixture      *f,
                        gconstpointer data)
{
  static const gint64 cases[][2] = {
    { -299, FALSE }, { 290, FALSE }, { -310, TRUE }, { 320, TRUE }, { -1000000000, TRUE },
  };
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 now = g_get_real_time () / G_USEC_PER_SEC;
      gint64 stamp = now + cases[i][0];
      g_autoptr(JsonObject) sent = NULL;
      g_autoptr(JsonObject) heard = NULL;
      double got = 0;

      sent = burble_test_peer_ask (alice, "{\"id\":5,\"cmd\":\"message\",\"messages\":[{\"id\":%u,"
                                   "\"timestamp\":%" G_GINT64_FORMAT ",\"to\":\"" BOB "\","
                                   "\"text\":\"x\"}]}", i, stamp);
      heard = fixture_hear (bob);
      got = json_object_get_double_member (heard, "timestamp");
      if (cases[i][1])
        g_assert_cmpfloat_with_epsilon (got, (double) now, 5.0);
      else
        g_assert_cmpfloat_with_epsilon (got, (double) stamp, 0.001);
    }
}

static void
check_ids (JsonObject *sent,
           const char *list,
           const char *word,
           guint       i)
{
  g_autofree char *expected = g_strdup_printf ("[\"%s-%u\"]", word, i);

  fixture_assert_member (sent, list, expected);
}

static void
test_failures (Fixture      *f,
               gconstpointer data)
{
  static const char *const cases[][2] = {
    { "\"to\":\"nobody@" BURBLE_TEST_SERVER_DOMAIN "\",\"text\":\"x\"", "unknown_user" },
    { "\"to\":\"bob@elsewhere.test\",\"text\":\"x\"", "unknown_user" },
    { "\"to\":\"bob bob@" BURBLE_TEST_SERVER_DOMAIN "\",\"text\":\"x\"", "bad_id" },
    { "\"to\":\"" BOB "\"", "bad_message" },
  };
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(JsonObject) sent = NULL;
      g_autoptr(JsonObject) heard = NULL;

      sent = burble_test_peer_ask (alice, "{\"id\":5,\"cmd\":\"message\",\"messages\":"
                                   "[{\"id\":\"bad-%u\",%s},{\"id\":\"good-%u\",\"to\":\"" BOB
                                   "\",\"text\":\"y\"}]}", i, cases[i][0], i);
      fixture_assert_error (sent, cases[i][1]);
      check_ids (sent, "failure", "bad", i);
      check_ids (sent, "success", "good", i);
      heard = fixture_hear (bob);
      fixture_assert_member (heard, "text", "y");
    }
}

static void
test_sent_again (Fixture      *f,
                 gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", NULL);
  g_autoptr(BurbleTestPeer) carol = fixture_online (f, CAROL, "tab", NULL);
  g_autoptr(JsonObject) first = NULL;
  g_autoptr(JsonObject) other = NULL;

  fixture_say (alice, BOB, "m1", "once");
  first = fixture_hear (bob);
  /* As after a lost answer, also from elsewhere and after a restart. */
  fixture_say (alice, BOB, "m1", "once");
  burble_test_peer_assert_quiet (bob);
  /* The id is the sender's own. */
  fixture_say (carol, BOB, "m1", "another");
  other = fixture_hear (bob);
  fixture_assert_member (other, "text", "another");
  g_clear_pointer (&alice, burble_test_peer_free);
  g_clear_pointer (&bob, burble_test_peer_free);
  g_clear_pointer (&carol, burble_test_peer_free);
  g_assert_cmpint (burble_test_server_terminate (f->server), ==, 0);
  burble_test_server_start (f->server);
  alice = fixture_online (f, ALICE, "lap", NULL);
  fixture_say (alice, BOB, "m1", "once");
  bob = fixture_online (f, BOB, "tab", NULL);
  burble_test_peer_assert_quiet (bob);
}

static void
test_terminals (Fixture      *f,
                gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) phone = fixture_online (f, BOB, "phone", NULL);
  g_autoptr(BurbleTestPeer) tab = fixture_online (f, BOB, "tab", NULL);
  g_autoptr(JsonObject) one = NULL;
  g_autoptr(JsonObject) two = NULL;
  g_autoptr(JsonObject) only = NULL;
  g_autoptr(JsonObject) gone_one = NULL;
  g_autoptr(JsonObject) gone_two = NULL;

  fixture_say (alice, BOB, "m1", "to all");
  one = fixture_hear (phone);
  two = fixture_hear (tab);
  fixture_say (alice, BOB "/tab", "m2", "to one");
  only = fixture_hear (tab);
  burble_test_peer_assert_quiet (phone);
  fixture_say (alice, BOB "/nowhere", "m3", "to one that is gone");
  gone_one = fixture_hear (phone);
  gone_two = fixture_hear (tab);
}

/* Sent to one terminal, which goes without having taken it: the others get it. */
static void
test_terminal_leaves (Fixture      *f,
                      gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) phone = fixture_online (f, BOB, "phone", NULL);
  g_autoptr(BurbleTestPeer) tab = fixture_online (f, BOB, "tab", NULL);
  g_autoptr(JsonObject) taken = NULL;
  g_autoptr(JsonObject) lost = NULL;
  g_autoptr(JsonObject) heard = NULL;

  fixture_say (alice, BOB "/tab", "m1", "taken");
  taken = fixture_hear (tab);
  fixture_say (alice, BOB "/tab", "m2", "not taken");
  lost = burble_test_peer_expect_command (tab, "message");
  burble_test_peer_assert_quiet (phone);
  g_clear_pointer (&tab, burble_test_peer_free);
  heard = fixture_hear (phone);
  fixture_assert_member (heard, "id", "m2");
  burble_test_peer_assert_quiet (phone);
}

static void
test_target_survives_crash (Fixture      *f,
                            gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) tab = fixture_online (f, BOB, "tab", NULL);
  g_autoptr(BurbleTestPeer) phone = NULL;
  g_autoptr(JsonObject) heard = NULL;

  fixture_say (alice, BOB "/tab", "m1", "for the tab");
  g_clear_pointer (&alice, burble_test_peer_free);
  burble_test_server_kill (f->server);
  burble_test_server_start (f->server);
  phone = fixture_online (f, BOB, "phone", NULL);
  heard = fixture_hear (phone);
  fixture_assert_member (heard, "id", "m1");
}

static void
test_offline (Fixture      *f,
              gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = fixture_dial (f);
  g_autoptr(JsonObject) push = NULL;
  g_autoptr(JsonObject) presence = NULL;
  g_autoptr(JsonObject) again = NULL;
  JsonArray *messages = NULL;

  fixture_say (alice, BOB, "m1", "one");
  fixture_say (alice, BOB, "m2", "two");
  /* Not before the presence. */
  burble_test_peer_sign_in (bob, BOB, "phone", NULL);
  burble_test_peer_assert_quiet (bob);
  presence = burble_test_peer_ask (bob, "{\"id\":60,\"cmd\":\"presence\",\"presence\":"
                                   "{\"status\":\"available\"}}");
  push = burble_test_peer_expect_command (bob, "message");
  messages = json_object_get_array_member (push, "messages");
  g_assert_cmpuint (json_array_get_length (messages), ==, 2);
  fixture_assert_member (json_array_get_object_element (messages, 0), "id", "m1");
  fixture_assert_member (json_array_get_object_element (messages, 1), "id", "m2");

  /* Only the second is acknowledged: the first comes again, and with it the second. */
  burble_test_peer_send (bob, "{\"id\":%d,\"cmd\":\"sent\",\"success\":[\"m2\"]}",
                         (int) json_object_get_int_member (push, "id"));
  g_clear_pointer (&bob, burble_test_peer_free);
  bob = fixture_online (f, BOB, "phone", NULL);
  g_clear_pointer (&push, json_object_unref);
  push = burble_test_peer_expect_command (bob, "message");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (push, "messages")), ==, 2);
  burble_test_peer_acknowledge (bob, push);
  burble_test_peer_assert_quiet (bob);
  g_clear_pointer (&bob, burble_test_peer_free);
  bob = fixture_online (f, BOB, "phone", NULL);
  burble_test_peer_assert_quiet (bob);
}

/* A terminal that was away gets what its account's other terminal took meanwhile. */
static void
test_each_terminal (Fixture      *f,
                    gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) phone = fixture_online (f, BOB, "phone", NULL);
  g_autoptr(BurbleTestPeer) tab = fixture_online (f, BOB, "tab", NULL);
  g_autoptr(BurbleTestPeer) fresh = NULL;
  g_autoptr(JsonObject) one = NULL;
  g_autoptr(JsonObject) two = NULL;

  g_clear_pointer (&tab, burble_test_peer_free);
  fixture_say (alice, BOB, "m1", "hi");
  one = fixture_hear (phone);
  burble_test_peer_assert_quiet (phone);
  tab = fixture_online (f, BOB, "tab", NULL);
  two = fixture_hear (tab);
  fixture_assert_member (two, "id", "m1");
  g_clear_pointer (&tab, burble_test_peer_free);
  g_clear_pointer (&phone, burble_test_peer_free);
  /* One never seen before begins where the account is. */
  fresh = fixture_online (f, BOB, "fresh", NULL);
  burble_test_peer_assert_quiet (fresh);
}

static void
test_carbons (Fixture      *f,
              gconstpointer data)
{
  g_autoptr(BurbleTestPeer) desk = fixture_online (f, ALICE, "desk", CARBONS);
  g_autoptr(BurbleTestPeer) lap = fixture_online (f, ALICE, "lap", CARBONS);
  g_autoptr(BurbleTestPeer) old = fixture_online (f, ALICE, "old", NULL);
  g_autoptr(BurbleTestPeer) away = fixture_online (f, ALICE, "away", CARBONS);
  g_autoptr(JsonObject) copy = NULL;
  g_autoptr(JsonObject) late = NULL;

  g_clear_pointer (&away, burble_test_peer_free);
  fixture_say (desk, BOB, "m1", "hello");
  copy = fixture_hear (lap);
  fixture_assert_member (copy, "from", ALICE "/desk");
  fixture_assert_member (copy, "to", BOB);
  burble_test_peer_assert_quiet (desk);
  burble_test_peer_assert_quiet (old);
  away = fixture_online (f, ALICE, "away", CARBONS);
  late = fixture_hear (away);
  fixture_assert_member (late, "to", BOB);
}

static void
test_note_to_self (Fixture      *f,
                   gconstpointer data)
{
  g_autoptr(BurbleTestPeer) desk = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) lap = fixture_online (f, ALICE, "lap", NULL);
  g_autoptr(JsonObject) note = NULL;

  fixture_say (desk, ALICE, "m1", "buy milk");
  note = fixture_hear (lap);
  fixture_assert_member (note, "from", ALICE "/desk");
  fixture_assert_member (note, "to", ALICE);
  burble_test_peer_assert_quiet (desk);
}

static void
say_many (BurbleTestPeer *peer,
          const char     *to,
          guint           n,
          gsize           size)
{
  g_autofree char *filler = g_strnfill (size, 'x');

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("m%04u", i);

      fixture_say (peer, to, id, filler);
    }
}

/* What is not acknowledged is bounded; the rest stays where it is safe. */
static void
check_window (Fixture *f,
              guint    total,
              gsize    size,
              guint    most)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", NULL);
  guint received = 0;

  say_many (alice, BOB, total, size);
  while (received < total)
    {
      g_autoptr(JsonObject) pong = NULL;
      guint flight = 0;

      /* All that it sends without an acknowledgement. */
      pong = burble_test_peer_ask (bob, "{\"id\":70001,\"cmd\":\"ping\"}");
      if (burble_test_peer_get_queued (bob) == 0)
        {
          g_autoptr(JsonObject) packet = burble_test_peer_expect_command (bob, "message");
          JsonArray *messages = json_object_get_array_member (packet, "messages");

          received += json_array_get_length (messages);
          burble_test_peer_acknowledge (bob, packet);
          continue;
        }
      while (burble_test_peer_get_queued (bob) > 0)
        {
          g_autoptr(JsonObject) packet = burble_test_peer_receive (bob);
          JsonArray *messages = json_object_get_array_member (packet, "messages");

          for (guint i = 0; i < json_array_get_length (messages); i++)
            {
              g_autofree char *id = g_strdup_printf ("m%04u", received++);

              fixture_assert_member (json_array_get_object_element (messages, i), "id", id);
            }
          flight += json_array_get_length (messages);
          burble_test_peer_acknowledge (bob, packet);
        }
      g_assert_cmpuint (flight, <=, most);
    }
  burble_test_peer_assert_quiet (bob);
}

static void
test_window (Fixture      *f,
             gconstpointer data)
{
  check_window (f, 350, 10, 100);
}

static void
test_window_bytes (Fixture      *f,
                   gconstpointer data)
{
  check_window (f, 12, 300000, 4);
}

static void
test_too_long (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autofree char *text = g_strnfill (5 * 1024 * 1024, 'x');
  g_autoptr(JsonObject) sent = NULL;

  sent = burble_test_peer_ask (alice, "{\"id\":5,\"cmd\":\"message\",\"messages\":"
                               "[{\"id\":\"m\",\"to\":\"" BOB "\",\"text\":\"%s\"}]}", text);
  fixture_assert_error (sent, "too_large");
}

static void
limit_files (Fixture *f,
             rlim_t   bytes)
{
  const struct rlimit limit = { bytes, RLIM_INFINITY };

  g_assert_no_errno (prlimit (burble_test_server_get_pid (f->server), RLIMIT_FSIZE, &limit, NULL));
}

/* A quota of the system for a file is no reason to die, and over once it is raised. */
static void
test_file_limit (Fixture      *f,
                 gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(JsonObject) sent = NULL;
  g_autoptr(JsonObject) heard = NULL;
  g_autofree char *text = g_strnfill (400 * 1024, 'x');

  limit_files (f, 200 * 1024);
  sent = burble_test_peer_ask (alice, "{\"id\":5,\"cmd\":\"message\",\"messages\":"
                               "[{\"id\":\"m0\",\"to\":\"" BOB "\",\"text\":\"%s\"}]}", text);
  fixture_assert_error (sent, "storage");
  limit_files (f, RLIM_INFINITY);
  fixture_say (alice, BOB, "m1", "still there");
  bob = fixture_online (f, BOB, "phone", NULL);
  heard = fixture_hear (bob);
  fixture_assert_member (heard, "text", "still there");
  burble_test_peer_assert_quiet (bob);
}

static void
test_disk_full (Fixture      *f,
                gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autofree char *text = g_strnfill (400 * 1024, 'x');
  guint stored = 0;
  gboolean full = FALSE;

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(JsonObject) sent = NULL;
      guint n = 0;

      sent = burble_test_peer_ask (alice, "{\"id\":5,\"cmd\":\"message\",\"messages\":"
                                   "[{\"id\":\"m%u\",\"to\":\"" BOB "\",\"text\":\"%s\"}]}", i,
                                   text);
      n = json_array_get_length (json_object_get_array_member (sent, "success"));
      stored += n;
      full |= n == 0;
      fixture_assert_error (sent, n == 0 ? "storage" : "null");
    }
  g_assert_true (full);
  g_assert_cmpuint (stored, >, 0);
  /* What it said it has, it has. */
  bob = fixture_online (f, BOB, "phone", NULL);
  while (stored > 0)
    {
      g_autoptr(JsonObject) packet = burble_test_peer_expect_command (bob, "message");

      stored -= json_array_get_length (json_object_get_array_member (packet, "messages"));
      burble_test_peer_acknowledge (bob, packet);
    }
  burble_test_peer_assert_quiet (bob);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  fixture_add ("/server/messages/all-fields", NULL, test_fields);
  fixture_add ("/server/messages/time-is-corrected", NULL, test_time_is_corrected);
  fixture_add ("/server/messages/failures-name-what-failed", NULL, test_failures);
  fixture_add ("/server/messages/sent-again-is-one", NULL, test_sent_again);
  fixture_add ("/server/messages/bare-and-full-ids", NULL, test_terminals);
  fixture_add ("/server/messages/terminal-leaves-without-taking-it", NULL, test_terminal_leaves);
  fixture_add ("/server/messages/target-is-lifted-after-a-crash", NULL,
               test_target_survives_crash);
  fixture_add ("/server/messages/kept-until-acknowledged", NULL, test_offline);
  fixture_add ("/server/messages/each-terminal-gets-it", NULL, test_each_terminal);
  fixture_add ("/server/messages/carbons", NULL, test_carbons);
  fixture_add ("/server/messages/note-to-self", NULL, test_note_to_self);
  fixture_add ("/server/messages/in-flight-is-bounded", NULL, test_window);
  fixture_add ("/server/messages/in-flight-bytes-are-bounded", NULL, test_window_bytes);
  fixture_add ("/server/messages/too-long", NULL, test_too_long);
  fixture_add ("/server/messages/file-limit-is-told", NULL, test_file_limit);
  fixture_add ("/server/messages/full-disk-is-told", "[limits]\ndatabase-mib=3\n", test_disk_full);
  return g_test_run ();
}
