/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "burble-capabilities.h"
#include "peer.h"

/*
 * The later dialect as a real server speaks it: version "0.2", arguments inside "params", one form
 * of the auth query understood, and silence for nearly everything else.
 */

typedef struct
{
  Peer *peer;
  BurbleConnection *client;
} Fixture;

static void
prepare (Fixture *f, guint request_timeout)
{
  g_autoptr(BurbleConnectionSettings) settings = NULL;

  f->peer = peer_new (NULL);
  f->peer->request_timeout = request_timeout;
  f->client = peer_make_client (f->peer);
  settings = burble_connection_settings_copy (burble_connection_get_settings (f->client));
  settings->terminal = g_strdup ("laptop");
  burble_connection_set_settings (f->client, settings);
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

static char *
next_text (Fixture *f)
{
  g_autoptr(GBytes) frame = NULL;

  burble_test_wait_until (!g_queue_is_empty (&f->peer->frames) || f->peer->gone);
  frame = g_queue_pop_head (&f->peer->frames);
  g_assert_nonnull (frame);
  return g_strndup (g_bytes_get_data (frame, NULL), g_bytes_get_size (frame));
}

static void
answer_version (Fixture *f)
{
  g_autoptr(BurbleGurglePacket) version = NULL;

  peer_accept (f->peer);
  version = peer_expect (f->peer, BURBLE_GURGLE_VERSION);
  peer_say (f->peer, "{\"id\":%d,\"version\":\"0.2\"}", version->id);
}

static gint
id_of (const char *text)
{
  gint id = -1;

  g_assert_cmpint (sscanf (strstr (text, "\"id\""), "\"id\":%d", &id), ==, 1);
  return id;
}

/* Of all forms of the question only one is answered. Returns the `auth` that follows. */
static char *
answer_queries (Fixture *f)
{
  for (;;)
    {
      g_autofree char *text = next_text (f);

      if (strstr (text, "\"auth_method\"") == NULL)
        continue;
      peer_say (f->peer, "{\"id\":%d,\"params\":{\"answer\":[\"plain\"]}}", id_of (text));
      break;
    }
  for (;;)
    {
      g_autofree char *text = next_text (f);

      if (strstr (text, "\"cmd\":\"auth\"") != NULL)
        return g_steal_pointer (&text);
    }
}

static void
sign_in (Fixture *f)
{
  g_autofree char *auth = NULL;

  answer_version (f);
  auth = answer_queries (f);
  peer_say (f->peer, "{\"error\":null,\"id\":%d,\"to\":\"alice@example.org\"}", id_of (auth));
  peer_wait_state (f->client, BURBLE_CONNECTION_ONLINE);
}

static void
test_signs_in (Fixture *f, gconstpointer data)
{
  g_autofree char *auth = NULL;
  const char *params = NULL;

  burble_connection_connect (f->client);
  answer_version (f);
  auth = answer_queries (f);
  /* The name bare: a terminal would make it a wrong one. */
  g_assert_nonnull (strstr (auth, "\"from\":\"alice@example.org\""));
  params = strstr (auth, "\"params\":{");
  g_assert_nonnull (params);
  g_assert_nonnull (strstr (params, "\"method\":\"plain\""));
  g_assert_nonnull (strstr (params, "\"password\":\"secret\""));
  peer_say (f->peer, "{\"error\":null,\"id\":%d,\"to\":\"alice@example.org\"}", id_of (auth));
  peer_wait_state (f->client, BURBLE_CONNECTION_ONLINE);
  g_assert_false (burble_connection_has (f->client, BURBLE_CAPABILITY_TYPING));
}

static void
test_asks_in_every_form (Fixture *f, gconstpointer data)
{
  gboolean flat = FALSE;
  gboolean method = FALSE;
  gboolean encrypted = FALSE;

  burble_connection_connect (f->client);
  answer_version (f);
  /* All of them at once: each silence would cost its full time otherwise. */
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *text = next_text (f);
      gboolean in_params = strstr (text, "\"params\"") != NULL;

      flat = flat || (!in_params && strstr (text, "\"query\":\"auth\"") != NULL);
      method = method || (in_params && strstr (text, "\"query\":\"auth_method\"") != NULL);
      encrypted = encrypted
                  || (in_params && strstr (text, "\"query\":\"encrypted_method\"") != NULL);
    }
  g_assert_true (flat);
  g_assert_true (method);
  g_assert_true (encrypted);
}

/* No form of the question is answered: plain is tried all the same. */
static void
test_silence_about_methods (Fixture *f, gconstpointer data)
{
  g_autofree char *auth = NULL;

  burble_connection_connect (f->client);
  answer_version (f);
  for (guint i = 0; i < 4; i++)
    g_free (next_text (f));
  auth = next_text (f);
  g_assert_nonnull (strstr (auth, "\"cmd\":\"auth\""));
}

/* No roster, no presence, no messages: the client finds out, says so and stays. */
static void
sent_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_assert_false (burble_message_channel_send_finish (BURBLE_MESSAGE_CHANNEL (object), result, NULL,
                                                      user_data));
}

static void
test_what_is_not_there (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessageEvent) message = burble_message_event_new ("m1");
  g_autofree char *roster = NULL;
  g_autoptr(GError) error = NULL;

  burble_connection_connect (f->client);
  sign_in (f);
  roster = next_text (f);
  g_assert_nonnull (strstr (roster, "\"get_ro"));
  /* A real slip of a real server. */
  peer_say (f->peer, "{\"cmd\":\"pong\",\"id\":%d}", id_of (roster));
  burble_test_wait_until (!burble_connection_has (f->client, BURBLE_CAPABILITY_ROSTER));
  burble_test_wait_until (!burble_connection_has (f->client, BURBLE_CAPABILITY_PRESENCE));
  g_assert_true (burble_connection_has (f->client, BURBLE_CAPABILITY_MESSAGES));

  message->peer = g_strdup ("bob@example.org");
  message->text = g_strdup ("Hello?");
  burble_message_channel_send_async (BURBLE_MESSAGE_CHANNEL (f->client), message, NULL, sent_cb,
                                     &error);
  burble_test_wait_until (error != NULL);
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_UNSUPPORTED);
  g_assert_false (burble_connection_has (f->client, BURBLE_CAPABILITY_MESSAGES));
  g_assert_cmpint (burble_connection_get_state (f->client), ==, BURBLE_CONNECTION_ONLINE);
  g_assert_cmpuint (f->peer->connections, ==, 1);
}

/* After a refused login that server drops the next connection at once and takes the one after. */
static void
test_refused_then_dropped_then_in (Fixture *f, gconstpointer data)
{
  g_autofree char *auth = NULL;

  burble_connection_connect (f->client);
  answer_version (f);
  auth = answer_queries (f);
  peer_say (f->peer, "{\"error\":\"password\",\"id\":%d,\"reason\":\"Wrong password.\","
                     "\"to\":\"alice@example.org\"}", id_of (auth));
  peer_hang_up (f->peer);
  peer_wait_state (f->client, BURBLE_CONNECTION_FAILED);
  g_assert_error (burble_connection_get_error (f->client), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_PASSWORD);
  g_assert_cmpstr (burble_connection_get_error (f->client)->message, ==, "Wrong password.");
  g_assert_cmpuint (f->peer->connections, ==, 1);

  burble_connection_set_password (f->client, "right");
  burble_connection_connect (f->client);
  peer_accept (f->peer);
  peer_hang_up (f->peer);
  sign_in (f);
  g_assert_cmpuint (f->peer->connections, ==, 3);
}

/* It drops everybody it takes in: few attempts, further and further apart. */
static void
test_no_tight_loop (Fixture *f, gconstpointer data)
{
  gint64 before = 0;
  gint64 next = 0;

  g_object_set (f->client, "retry-ceiling", 0, NULL);
  burble_connection_connect (f->client);
  peer_accept (f->peer);
  before = g_get_monotonic_time ();
  peer_hang_up (f->peer);
  peer_wait_state (f->client, BURBLE_CONNECTION_WAITING);
  g_object_get (f->client, "next-attempt", &next, NULL);
  g_assert_cmpint (next - before, >, 300 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpuint (f->peer->connections, ==, 1);
}

static void
test_registration_is_closed_there (Fixture *f, gconstpointer data)
{
  burble_connection_set_register (f->client, TRUE, NULL);
  burble_connection_connect (f->client);
  answer_version (f);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *text = next_text (f);

      if (strstr (text, "\"auth_method\"") != NULL)
        peer_say (f->peer, "{\"id\":%d,\"params\":{\"answer\":[\"plain\"]}}", id_of (text));
    }
  peer_wait_state (f->client, BURBLE_CONNECTION_FAILED);
  g_assert_error (burble_connection_get_error (f->client), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define add(name, function) \
  g_test_add ("/gurgle/dialect/" name, Fixture, NULL, set_up, function, tear_down)
  add ("signs-in", test_signs_in);
  add ("asks-in-every-form", test_asks_in_every_form);
  g_test_add ("/gurgle/dialect/silence-about-methods", Fixture, NULL, set_up_hasty,
              test_silence_about_methods, tear_down);
  g_test_add ("/gurgle/dialect/what-is-not-there", Fixture, NULL, set_up_hasty,
              test_what_is_not_there, tear_down);
  add ("refused-then-dropped-then-in", test_refused_then_dropped_then_in);
  add ("no-tight-loop", test_no_tight_loop);
  g_test_add ("/gurgle/dialect/registration-is-closed-there", Fixture, NULL, set_up_hasty,
              test_registration_is_closed_there, tear_down);

  return g_test_run ();
}
