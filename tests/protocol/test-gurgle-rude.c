/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "burble-capabilities.h"
#include "peer.h"

/*
 * A server that does everything wrong. Whatever it does: no crash, no endless loop, no belief in
 * what it has no right to say, and the next honest link works.
 */

typedef struct
{
  Peer *peer;
  BurbleConnection *client;
  guint messages;
  guint rosters;
} Fixture;

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
prepare (Fixture *f, guint request_timeout)
{
  f->peer = peer_new (NULL);
  f->peer->request_timeout = request_timeout;
  f->client = peer_make_client (f->peer);
  g_signal_connect_data (f->client, "messages-received", G_CALLBACK (count_cb), &f->messages, NULL,
                         G_CONNECT_SWAPPED);
  g_signal_connect_data (f->client, "roster-reset", G_CALLBACK (count_cb), &f->rosters, NULL,
                         G_CONNECT_SWAPPED);
  burble_connection_connect (f->client);
  peer_accept (f->peer);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  prepare (f, 0);
}

static void
set_up_hasty (Fixture *f, gconstpointer data)
{
  prepare (f, PEER_HASTE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  peer_hang_up (f->peer);
  burble_connection_disconnect (f->client);
  peer_wait_state (f->client, BURBLE_CONNECTION_OFFLINE);
  burble_test_settle ();
  g_assert_finalize_object (f->client);
  g_clear_pointer (&f->peer, peer_free);
}

/* After all that an honest session works at once. */
static void
prove_health (Fixture *f)
{
  f->messages = f->rosters = 0;
  peer_accept (f->peer);
  peer_sign_in (f->peer, PEER_PRESENCE, PEER_ALL_FEATURES);
  peer_wait_state (f->client, BURBLE_CONNECTION_ONLINE);
  peer_say (f->peer, "{\"id\": 1, \"cmd\": \"message\", \"messages\": [{\"id\": \"a\","
                     " \"timestamp\": 1, \"from\": \"bob@example.org/den\", \"text\": \"hi\"}]}");
  burble_test_wait_until (f->messages == 1 && f->rosters == 1);
}

static const struct
{
  const char *name;
  const char *bytes;
  gsize size;
  const char *kill; /* what it is told, NULL: nothing (the frame never was whole) */
} garbage[] = {
  { "not-json", "\0\0\0\5hello", 9, "bad_packet" },
  { "not-an-object", "\0\0\0\2[]", 6, "bad_packet" },
  { "not-utf8", "\0\0\0\x0a{\"id\":\"\xff\xfe\"", 14, "bad_packet" },
  { "empty-frame", "\0\0\0\0", 4, "bad_packet" },
  { "far-too-large", "\x7f\xff\xff\xff{}", 6, "too_large" },
  { "http", "HTTP/1.1 400 Bad Request\r\n\r\n", 28, "too_large" },
};

static void
test_garbage (Fixture *f, gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(BurbleGurglePacket) version = peer_expect (f->peer, BURBLE_GURGLE_VERSION);
  g_autoptr(BurbleGurglePacket) kill = NULL;

  g_object_set (f->client, "retry-ceiling", 0, NULL);
  peer_say_bytes (f->peer, garbage[i].bytes, garbage[i].size);
  kill = peer_expect (f->peer, BURBLE_GURGLE_KILL);
  g_assert_cmpstr (kill->error, ==, garbage[i].kill);
  peer_wait_gone (f->peer);
  g_assert_cmpint (burble_connection_get_state (f->client), ==, BURBLE_CONNECTION_WAITING);
  g_assert_error (burble_connection_get_error (f->client), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_BAD_DATA);
  burble_connection_connect (f->client);
  prove_health (f);
}

static void
test_garbage_while_online (Fixture *f, gconstpointer data)
{
  peer_sign_in (f->peer, PEER_PRESENCE, PEER_ALL_FEATURES);
  peer_wait_state (f->client, BURBLE_CONNECTION_ONLINE);
  peer_say (f->peer, "this is not a packet");
  peer_wait_gone (f->peer);
  prove_health (f);
}

/* Well-formed, but nonsense: the connection goes on. */
static void
test_nonsense_is_survived (Fixture *f, gconstpointer data)
{
  static const char * const packets[] = {
    "{}", "{\"id\": 77}", "{\"id\": \"text\", \"cmd\": 5}", "{\"cmd\": \"message\"}",
    "{\"id\": 3, \"cmd\": \"message\", \"messages\": 7}",
    "{\"id\": 4, \"cmd\": \"message\", \"messages\": [7, null, {}]}",
    "{\"id\": null, \"cmd\": \"presence\", \"presences\": {}}",
    "{\"id\": null, \"cmd\": \"presence\", \"presences\": [{\"from\": 9}]}",
    "{\"id\": null, \"cmd\": \"update_roaster\", \"roaster\": [{}]}",
    "{\"id\": null, \"cmd\": \"typing\", \"from\": null, \"typing\": \"maybe\"}",
    "{\"id\": null, \"cmd\": \"receipt\", \"from\": \"x\", \"state\": \"eaten\","
    " \"messages\": [[]]}",
    "{\"id\": 999, \"cmd\": \"sent\", \"success\": [\"never-sent\"]}",
    "{\"id\": 998, \"cmd\": \"flush_roaster\", \"etag\": null, \"roaster\": null}",
    "{\"id\": 997, \"version\": \"0.1\"}",
    "{\"id\": 996, \"to\": \"mallory@example.org/x\", \"error\": null}",
    "{\"id\": null, \"cmd\": \"pong\"}",
    "{\"id\": 2147483648, \"cmd\": \"ping\"}",
    "{\"id\": 1e300, \"cmd\": \"ping\"}",
    "{\"id\": null, \"cmd\": \"user_status\", \"status\": 12}",
    "{\"id\": 5, \"cmd\": \"auth\", \"from\": \"x\", \"method\": \"plain\", \"password\": \"y\"}",
  };

  peer_sign_in (f->peer, PEER_PRESENCE, PEER_ALL_FEATURES);
  peer_wait_state (f->client, BURBLE_CONNECTION_ONLINE);
  for (guint i = 0; i < G_N_ELEMENTS (packets); i++)
    peer_say (f->peer, "%s", packets[i]);
  /* Answered last: all before it was taken. */
  peer_say (f->peer, "{\"id\": 1000, \"cmd\": \"ping\", \"data\": null}");
  for (gboolean ponged = FALSE; !ponged;)
    {
      g_autoptr(GBytes) frame = NULL;

      burble_test_wait_until (!g_queue_is_empty (&f->peer->frames) || f->peer->gone);
      g_assert_false (f->peer->gone);
      frame = g_queue_pop_head (&f->peer->frames);
      ponged = g_strstr_len (g_bytes_get_data (frame, NULL), (gssize) g_bytes_get_size (frame),
                             "1000") != NULL;
    }
  g_assert_cmpint (burble_connection_get_state (f->client), ==, BURBLE_CONNECTION_ONLINE);
  g_assert_cmpuint (f->messages, ==, 0);
  g_assert_cmpuint (f->peer->connections, ==, 1);
}

/* Its own request under the number of one of ours, and broken: no answer to ours. */
static void
test_broken_request_with_our_number (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) roster = NULL;
  g_autoptr(BurbleGurglePacket) presence = NULL;
  g_autoptr(BurbleGurglePacket) refusal = NULL;

  peer_sign_in (f->peer, PEER_AUTH, PEER_ALL_FEATURES);
  roster = peer_expect (f->peer, BURBLE_GURGLE_GET_ROSTER);
  presence = peer_expect (f->peer, BURBLE_GURGLE_PUBLISH_PRESENCE);
  peer_say (f->peer, "{\"id\": %d, \"cmd\": \"message\", \"messages\": 7}", roster->id);
  refusal = peer_expect (f->peer, BURBLE_GURGLE_ERROR_RESULT);
  g_assert_cmpint (refusal->id, ==, roster->id);
  g_assert_cmpuint (f->rosters, ==, 0);
  peer_say (f->peer, "{\"id\": %d, \"cmd\": \"flush_roaster\", \"etag\": \"e\","
                     " \"roaster\": []}", roster->id);
  burble_test_wait_until (f->rosters == 1);
}

/* Nothing is taken from who has not let us in: no message, no roster, no login by wrong id. */
static void
test_nothing_before_signing_in (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) version = peer_expect (f->peer, BURBLE_GURGLE_VERSION);
  g_autoptr(BurbleGurglePacket) pong = NULL;

  peer_say (f->peer, "{\"id\": 1, \"cmd\": \"message\", \"messages\": [{\"id\": \"a\","
                     " \"timestamp\": 1, \"from\": \"bob@example.org/den\", \"text\": \"hi\"}]}");
  peer_say (f->peer, "{\"id\": null, \"cmd\": \"flush_roaster\", \"etag\": \"x\","
                     " \"roaster\": []}");
  peer_say (f->peer, "{\"id\": %d, \"to\": \"alice@example.org/desk\", \"error\": null}",
            version->id + 1);
  peer_say (f->peer, "{\"id\": 5, \"cmd\": \"ping\"}");
  pong = peer_expect (f->peer, BURBLE_GURGLE_PONG);
  g_assert_cmpuint (f->messages + f->rosters, ==, 0);
  g_assert_cmpint (burble_connection_get_state (f->client), ==, BURBLE_CONNECTION_CONNECTING);
}

/* The right id under the wrong kind of answer. */
static void
test_wrong_kind_of_answer (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) version = peer_expect (f->peer, BURBLE_GURGLE_VERSION);

  g_object_set (f->client, "retry-ceiling", 0, NULL);
  peer_say (f->peer, "{\"id\": %d, \"to\": \"alice@example.org/desk\", \"error\": null}",
            version->id);
  peer_wait_state (f->client, BURBLE_CONNECTION_WAITING);
  g_assert_error (burble_connection_get_error (f->client), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_BAD_DATA);
}

static void
test_unknown_version (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) version = peer_expect (f->peer, BURBLE_GURGLE_VERSION);

  peer_say (f->peer, "{\"id\": %d, \"version\": \"9.9\"}", version->id);
  peer_wait_state (f->client, BURBLE_CONNECTION_FAILED);
  g_assert_error (burble_connection_get_error (f->client), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_UNSUPPORTED);
}

/* It listens and says nothing: at each step, that costs one timeout and not more. */
static void
test_silence (Fixture *f, gconstpointer data)
{
  static const PeerStep steps[] = { PEER_VERSION, PEER_UPGRADE, PEER_QUERY };
  g_autoptr(BurbleGurglePacket) version = NULL;
  g_autoptr(BurbleGurglePacket) auth = NULL;

  g_object_set (f->client, "retry-ceiling", 0, NULL);
  version = peer_expect (f->peer, BURBLE_GURGLE_VERSION);
  peer_wait_state (f->client, BURBLE_CONNECTION_WAITING);
  g_assert_error (burble_connection_get_error (f->client), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_TIMED_OUT);

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      burble_connection_connect (f->client);
      peer_accept (f->peer);
      peer_sign_in (f->peer, steps[i], "");
      /* Silence about features or methods means there are none to speak of: log in all the same. */
      burble_test_wait_until (f->peer->frames.length == (steps[i] == PEER_VERSION ? 3
                                                         : steps[i] == PEER_UPGRADE ? 2 : 1));
      peer_wait_state (f->client, BURBLE_CONNECTION_WAITING);
      g_assert_error (burble_connection_get_error (f->client), BURBLE_PROTOCOL_ERROR,
                      BURBLE_PROTOCOL_ERROR_TIMED_OUT);
    }
}

static void
test_silence_about_roster_and_presence (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) roster = NULL;
  g_autoptr(BurbleGurglePacket) presence = NULL;

  peer_sign_in (f->peer, PEER_AUTH, "");
  roster = peer_expect (f->peer, BURBLE_GURGLE_GET_ROSTER);
  presence = peer_expect (f->peer, BURBLE_GURGLE_PUBLISH_PRESENCE);
  peer_wait_state (f->client, BURBLE_CONNECTION_ONLINE);
  /* Past their time; the link stays up and what comes late is still taken where it makes sense. */
  g_usleep ((PEER_HASTE + 50) * 1000);
  burble_test_settle ();
  peer_say (f->peer, "{\"id\": %d, \"cmd\": \"flush_roaster\", \"etag\": \"late\","
                     " \"roaster\": []}", roster->id);
  burble_test_wait_until (f->rosters == 1);
  g_assert_cmpint (burble_connection_get_state (f->client), ==, BURBLE_CONNECTION_ONLINE);
}

static void
test_hangs_up_at_every_step (Fixture *f, gconstpointer data)
{
  /* Accepted and dropped at once. */
  peer_hang_up (f->peer);
  for (PeerStep step = PEER_VERSION; step <= PEER_PRESENCE; step++)
    {
      peer_accept (f->peer);
      peer_sign_in (f->peer, step, PEER_ALL_FEATURES);
      peer_hang_up (f->peer);
    }
  prove_health (f);
  g_assert_cmpuint (f->peer->connections, ==, PEER_PRESENCE + 3);
}

static void
test_hangs_up_inside_a_frame (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) version = peer_expect (f->peer, BURBLE_GURGLE_VERSION);

  peer_say_bytes (f->peer, "\0\0\0\x20{\"id\":", 10);
  peer_hang_up (f->peer);
  prove_health (f);
}

/* Segments are cut anywhere; several packets share one. */
static void
test_split_and_joined (Fixture *f, gconstpointer data)
{
  static const char text[] =
    "{\"id\": 1, \"cmd\": \"message\", \"messages\": [{\"id\": \"a\", \"timestamp\": 1,"
    " \"from\": \"bob@example.org/den\", \"text\": \"h\xc3\xa9llo\"}]}";
  g_autoptr(GByteArray) bytes = g_byte_array_new ();

  peer_sign_in (f->peer, PEER_PRESENCE, PEER_ALL_FEATURES);
  peer_wait_state (f->client, BURBLE_CONNECTION_ONLINE);
  for (guint i = 0; i < 3; i++)
    {
      guint8 header[4] = { 0, 0, 0, sizeof text - 1 };

      g_byte_array_append (bytes, header, sizeof header);
      g_byte_array_append (bytes, (const guint8 *) text, sizeof text - 1);
    }
  for (guint i = 0; i < bytes->len; i++)
    {
      peer_say_bytes (f->peer, bytes->data + i, 1);
      if (i % 7 == 0)
        burble_test_settle ();
    }
  burble_test_wait_until (f->messages == 3);
  peer_say_bytes (f->peer, bytes->data, bytes->len);
  burble_test_wait_until (f->messages == 6);
}

static void
test_answers_after_quit (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) quit = NULL;

  peer_sign_in (f->peer, PEER_PRESENCE, PEER_ALL_FEATURES);
  peer_wait_state (f->client, BURBLE_CONNECTION_ONLINE);
  burble_connection_disconnect (f->client);
  quit = peer_expect (f->peer, BURBLE_GURGLE_QUIT);
  peer_say (f->peer, "{\"id\": 3, \"cmd\": \"kill\", \"error\": \"shutdown\"}");
  peer_wait_state (f->client, BURBLE_CONNECTION_OFFLINE);
  g_assert_null (burble_connection_get_error (f->client));
}

static void
test_says_quit (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) bye = NULL;

  g_object_set (f->client, "retry-ceiling", 0, NULL);
  peer_sign_in (f->peer, PEER_PRESENCE, PEER_ALL_FEATURES);
  peer_wait_state (f->client, BURBLE_CONNECTION_ONLINE);
  peer_say (f->peer, "{\"id\": 9, \"cmd\": \"quit\", \"reason\": \"Closing time.\"}");
  bye = peer_expect (f->peer, BURBLE_GURGLE_BYE);
  g_assert_cmpint (bye->id, ==, 9);
  peer_wait_state (f->client, BURBLE_CONNECTION_WAITING);
  g_assert_cmpstr (burble_connection_get_error (f->client)->message, ==, "Closing time.");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define add(name, function) \
  g_test_add ("/gurgle/rude/" name, Fixture, NULL, set_up, function, tear_down)
  for (guint i = 0; i < G_N_ELEMENTS (garbage); i++)
    {
      g_autofree char *path = g_strconcat ("/gurgle/rude/garbage/", garbage[i].name, NULL);

      g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_garbage, tear_down);
    }
  add ("garbage-while-online", test_garbage_while_online);
  add ("nonsense-is-survived", test_nonsense_is_survived);
  add ("broken-request-with-our-number", test_broken_request_with_our_number);
  add ("nothing-before-signing-in", test_nothing_before_signing_in);
  add ("wrong-kind-of-answer", test_wrong_kind_of_answer);
  add ("unknown-version", test_unknown_version);
  g_test_add ("/gurgle/rude/silence", Fixture, NULL, set_up_hasty, test_silence, tear_down);
  g_test_add ("/gurgle/rude/silence-about-roster-and-presence", Fixture, NULL, set_up_hasty,
              test_silence_about_roster_and_presence, tear_down);
  add ("hangs-up-at-every-step", test_hangs_up_at_every_step);
  add ("hangs-up-inside-a-frame", test_hangs_up_inside_a_frame);
  add ("split-and-joined", test_split_and_joined);
  add ("answers-after-quit", test_answers_after_quit);
  add ("says-quit", test_says_quit);

  return g_test_run ();
}
