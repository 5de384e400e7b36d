/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "server-fixture.h"

#include <string.h>
#include <unistd.h>

static void
check_killed (BurbleTestPeer *peer,
              const char     *error)
{
  g_autoptr(JsonObject) kill = burble_test_peer_expect_command (peer, "kill");

  fixture_assert_member (kill, "id", "null");
  fixture_assert_error (kill, error);
  burble_test_peer_assert_closed (peer);
}

static void
send_frame (BurbleTestPeer *peer,
            const void     *data,
            gsize           length)
{
  guint32 header = GUINT32_TO_BE ((guint32) length);

  burble_test_peer_send_raw (peer, &header, sizeof header);
  burble_test_peer_send_raw (peer, data, length);
}

static void
test_bad_frames (Fixture      *f,
                 gconstpointer data)
{
  static const struct
  {
    const char *bytes;
    gsize length;
  } cases[] = {
    { "", 0 },
    { "null", 4 },
    { "[]", 2 },
    { "{", 1 },
    { "{\"id\":1,\"version\":\"\xff\xfe\"}", 24 },
    { "{\"id\":1}\0{}", 11 },
    { "hello there", 11 },
  };
  g_autoptr(BurbleTestPeer) bystander = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(GString) deep = g_string_new ("{\"id\":1,\"cmd\":\"ping\",\"data\":");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BurbleTestPeer) before = fixture_dial (f);
      g_autoptr(BurbleTestPeer) after = fixture_online (f, BOB, "phone", NULL);

      send_frame (before, cases[i].bytes, cases[i].length);
      check_killed (before, "bad_packet");
      send_frame (after, cases[i].bytes, cases[i].length);
      check_killed (after, "bad_packet");
    }
  for (guint i = 0; i < 20000; i++)
    g_string_append_c (deep, '[');
  {
    g_autoptr(BurbleTestPeer) peer = fixture_dial (f);

    send_frame (peer, deep->str, deep->len);
    check_killed (peer, "bad_packet");
  }
  burble_test_peer_assert_quiet (bystander);
}

static void
test_too_large (Fixture      *f,
                gconstpointer data)
{
  g_autoptr(BurbleTestPeer) before = fixture_greet (f);
  g_autoptr(BurbleTestPeer) fits = fixture_greet (f);
  g_autoptr(BurbleTestPeer) after = fixture_online (f, BOB, "phone", NULL);
  g_autofree char *filler = g_strnfill (17 * 1024 * 1024, ' ');
  g_autoptr(JsonObject) pong = NULL;
  guint32 header = GUINT32_TO_BE (64 * 1024 + 1);

  /* Told while it still sends. */
  burble_test_peer_send_raw (before, &header, sizeof header);
  burble_test_peer_send_raw (before, filler, 64 * 1024 + 1);
  check_killed (before, "too_large");
  pong = burble_test_peer_ask (fits, "{\"id\":5,\"cmd\":\"ping\",\"data\":\"%.*s\"}", 65000, filler);
  g_clear_pointer (&pong, json_object_unref);
  pong = burble_test_peer_ask (after, "{\"id\":5,\"cmd\":\"ping\",\"data\":\"%.*s\"}", 1000000,
                               filler);
  header = GUINT32_TO_BE (16 * 1024 * 1024 + 1);
  burble_test_peer_send_raw (after, &header, sizeof header);
  check_killed (after, "too_large");
}

static void
test_half_packets (Fixture      *f,
                   gconstpointer data)
{
  static const char frame[] = "\0\0\0\x1b{\"id\": 1, \"version\": \"0.1\"}";
  g_autoptr(BurbleTestPeer) bystander = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) slow = fixture_dial (f);
  g_autoptr(JsonObject) version = NULL;

  for (guint cut = 1; cut < sizeof frame - 1; cut++)
    {
      g_autoptr(BurbleTestPeer) peer = fixture_dial (f);

      burble_test_peer_send_raw (peer, frame, cut);
    }
  /* Byte by byte is fine. */
  for (guint i = 0; i < sizeof frame - 1; i++)
    burble_test_peer_send_raw (slow, frame + i, 1);
  version = burble_test_peer_expect_id (slow, 1);
  burble_test_peer_assert_quiet (bystander);
}

static void
test_many_requests_at_once (Fixture      *f,
                            gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(GByteArray) all = g_byte_array_new ();

  /* More than it takes on at a time: none is forgotten, and they keep their order. */
  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"id\":%u,\"cmd\":\"message\",\"messages\":"
                                               "[{\"id\":\"m%u\",\"to\":\"" BOB "\","
                                               "\"text\":\"x\"}]}", 1000 + i, i);
      guint32 header = GUINT32_TO_BE ((guint32) strlen (text));

      g_byte_array_append (all, (const guint8 *) &header, sizeof header);
      g_byte_array_append (all, (const guint8 *) text, (guint) strlen (text));
    }
  burble_test_peer_send_raw (alice, all->data, all->len);
  for (guint i = 0; i < 500; i++)
    {
      g_autoptr(JsonObject) sent = burble_test_peer_receive (alice);

      g_assert_cmpint (json_object_get_int_member (sent, "id"), ==, 1000 + i);
      fixture_assert_error (sent, "null");
    }
}

static void
send_text (BurbleTestPeer *peer,
           const char     *to,
           guint           number)
{
  g_autofree char *text = g_strdup_printf ("{\"id\":%u,\"cmd\":\"message\",\"messages\":"
                                           "[{\"id\":\"m%u\",\"to\":\"%s\","
                                           "\"text\":\"x\"}]}", 1000 + number, number, to);

  send_frame (peer, text, strlen (text));
}

static void
expect_sent (BurbleTestPeer *peer,
             guint           number)
{
  g_autoptr(JsonObject) sent = burble_test_peer_receive (peer);

  g_assert_cmpint (json_object_get_int_member (sent, "id"), ==, 1000 + number);
  fixture_assert_error (sent, "null");
}

/* Twenty at once and twenty a second: the others wait, are all taken in the end, and in order. */
static void
test_too_fast (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", NULL);
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(JsonObject) pong = NULL;
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < 60; i++)
    send_text (alice, CAROL, i);
  expect_sent (alice, 0);
  /* Nobody else has to wait for her. */
  pong = burble_test_peer_ask (bob, "{\"id\":5,\"cmd\":\"ping\",\"data\":\"x\"}");
  g_assert_cmpuint (burble_test_peer_get_queued (alice), <, 40);
  for (guint i = 1; i < 60; i++)
    expect_sent (alice, i);
  g_assert_cmpint (g_get_monotonic_time () - start, >, 1800 * G_TIME_SPAN_MILLISECOND);
  burble_test_peer_assert_quiet (alice);
}

/* The same for bytes. */
static void
test_too_much (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autofree char *text = g_strnfill (100 * 1024, 'x');
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *id = g_strdup_printf ("m%u", i);

      fixture_say (alice, BOB, id, text);
    }
  /* 800 KiB, of which 300 may come at once and 200 each second; the last one is on credit. */
  g_assert_cmpint (g_get_monotonic_time () - start, >, 1800 * G_TIME_SPAN_MILLISECOND);
}

/* With next to no messages a second allowed, all of these are what may come at once. */
static void
test_full_outbox (Fixture      *f,
                  gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);

  for (guint i = 0; i < 5000; i += 100)
    {
      for (guint j = i; j < i + 100; j++)
        send_text (alice, BOB, j);
      for (guint j = i; j < i + 100; j++)
        expect_sent (alice, j);
    }
}

/* A large object of names with one hash: reading it would keep everybody waiting. */
static void
test_dear_packet (Fixture      *f,
                  gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", NULL);
  g_autoptr(GString) text = g_string_new ("{\"id\":1,\"cmd\":\"ping\",\"data\":{");

  for (guint i = 0; i < 200; i++)
    {
      g_string_append (text, i > 0 ? ",\"" : "\"");
      for (guint bit = 0; bit < 9; bit++)
        g_string_append (text, i >> bit & 1 ? "Ez" : "FY");
      g_string_append (text, "\":0");
    }
  g_string_append (text, "}}");
  send_frame (alice, text->str, text->len);
  check_killed (alice, "bad_packet");
  burble_test_peer_assert_quiet (bob);
}

/* Resident memory of the server in KiB. */
static guint64
get_memory (Fixture *f)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/statm",
                                           burble_test_server_get_pid (f->server));
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  const char *resident = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  resident = strchr (text, ' ') + 1;
  return g_ascii_strtoull (resident, NULL, 10) * (guint64) sysconf (_SC_PAGESIZE) / 1024;
}

/* AddressSanitizer keeps what is freed: nothing to measure there. */
static void
check_memory (Fixture *f,
              guint64  before)
{
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpuint (get_memory (f), <, before + 16 * 1024);
#endif
}

static void
test_slow_reader (Fixture      *f,
                  gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = NULL;
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autofree char *text = g_strnfill (100000, 'x');
  g_autoptr(JsonObject) gone = NULL;
  guint64 before = 0;
  guint received = 0;

  /* He comes and reads nothing; she hears when he is given up. */
  fixture_befriend (f, ALICE, BOB);
  bob = fixture_online (f, BOB, "phone", NULL);
  alice = fixture_online (f, ALICE, "desk", NULL);
  before = get_memory (f);
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *id = g_strdup_printf ("m%u", i);

      fixture_say (alice, BOB, id, text);
    }
  /* 30 MB wait for him, not in the memory of the server. */
  check_memory (f, before);
  gone = burble_test_peer_expect_command (alice, "presence");
  fixture_assert_member (fixture_only (gone, "presences"), "status", "null");
  g_clear_pointer (&bob, burble_test_peer_free);
  /* And nothing is lost. */
  bob = fixture_online (f, BOB, "phone", NULL);
  while (received < 300)
    {
      g_autoptr(JsonObject) packet = burble_test_peer_expect_command (bob, "message");

      received += json_array_get_length (json_object_get_array_member (packet, "messages"));
      burble_test_peer_acknowledge (bob, packet);
    }
}

static void
test_slow_asker (Fixture      *f,
                 gconstpointer data)
{
  /* Without TLS: glib-networking loses an error when writing fails. */
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) greedy = fixture_online (f, BOB, "phone", NULL);
  g_autofree char *text = g_strnfill (200000, 'x');
  guint64 before = get_memory (f);
  GSocket *socket = burble_test_peer_get_socket (greedy);
  gboolean ended = FALSE;

  /* Asks and asks and never reads the answers: it is not listened to, then let go. */
  g_socket_set_timeout (socket, 15);
  for (guint i = 0; i < 2000 && !ended; i++)
    {
      g_autofree char *ping = g_strdup_printf ("{\"id\":1,\"cmd\":\"ping\",\"data\":\"%s\"}", text);
      guint32 header = GUINT32_TO_BE ((guint32) strlen (ping));

      ended = !burble_test_peer_send_raw (greedy, &header, sizeof header) ||
              !burble_test_peer_send_raw (greedy, ping, strlen (ping));
    }
  g_assert_true (ended);
  check_memory (f, before);
  burble_test_peer_assert_quiet (alice);
}

static void
test_crowd (Fixture      *f,
            gconstpointer data)
{
  g_autoptr(GPtrArray) crowd =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_test_peer_free);
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(JsonObject) heard = NULL;

  /* More than it keeps; whoever means it still gets in. */
  for (guint i = 0; i < 1000; i++)
    g_ptr_array_add (crowd, burble_test_peer_connect_plain ("127.0.0.1",
                              burble_test_server_get_port (f->server)));
  bob = fixture_online (f, BOB, "phone", NULL);
  fixture_say (alice, BOB, "m1", "hi");
  heard = fixture_hear (bob);
  burble_test_peer_assert_quiet (alice);
  /* The first of them had to go. */
  burble_test_peer_assert_closed (g_ptr_array_index (crowd, 0));
}

static void
test_noise (Fixture      *f,
            gconstpointer data)
{
  g_autoptr(BurbleTestPeer) bystander = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr(BurbleTestPeer) peer = burble_test_peer_connect_plain ("127.0.0.1",
                                         burble_test_server_get_port (f->server));
      guint8 noise[600];

      for (guint j = 0; j < sizeof noise; j++)
        noise[j] = (guint8) g_rand_int (rand);
      /* Every second one begins like a TLS record. */
      if (i % 2 == 0)
        memcpy (noise, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
      burble_test_peer_send_raw (peer, noise, sizeof noise);
    }
  burble_test_peer_assert_quiet (bystander);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  fixture_add ("/server/hostile/bad-frames", NULL, test_bad_frames);
  fixture_add ("/server/hostile/too-large", NULL, test_too_large);
  fixture_add ("/server/hostile/half-packets", NULL, test_half_packets);
  fixture_add ("/server/hostile/many-requests-at-once", NULL, test_many_requests_at_once);
  fixture_add ("/server/hostile/who-sends-too-fast-waits",
               "[limits]\npackets=20\npackets-burst=20\n", test_too_fast);
  fixture_add ("/server/hostile/who-sends-too-much-waits",
               "[limits]\nkib=200\nkib-burst=300\n", test_too_much);
  fixture_add ("/server/hostile/a-full-outbox-does-not-wait", "[limits]\npackets=1\n",
               test_full_outbox);
  fixture_add ("/server/hostile/a-dear-packet-is-refused", NULL, test_dear_packet);
  fixture_add ("/server/hostile/slow-reader", "[timeouts]\nstuck=2\nidle=2\nanswer=2\n",
               test_slow_reader);
  fixture_add ("/server/hostile/slow-asker", "[server]\nplain=true\n[timeouts]\nstuck=2\n",
               test_slow_asker);
  fixture_add ("/server/hostile/a-thousand-strangers", "[limits]\nunauthenticated=500\n",
               test_crowd);
  fixture_add ("/server/hostile/noise", NULL, test_noise);
  return g_test_run ();
}
