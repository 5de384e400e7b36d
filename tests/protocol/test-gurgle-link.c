/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "burble-capabilities.h"
#include "burble-certificate.h"
#include "burble-test-certificate.h"
#include "burble-wake-monitor.h"
#include "peer.h"

/*
 * The life of a link: signing in, being let in or not, staying alive, ending.
 */

typedef struct
{
  Peer *peer;
  BurbleConnection *client;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->peer = peer_new (NULL);
  f->client = peer_make_client (f->peer);
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

static void
test_signs_in (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) version = NULL;
  g_autoptr(BurbleGurglePacket) upgrade = NULL;
  g_autoptr(BurbleGurglePacket) query = NULL;
  g_autoptr(BurbleGurglePacket) auth = NULL;
  g_autoptr(BurbleGurglePacket) roster = NULL;
  g_autoptr(BurbleGurglePacket) presence = NULL;
  g_autoptr(BurbleConnectionSettings) settings =
    burble_connection_settings_copy (burble_connection_get_settings (f->client));
  const char * const rooms[] = { "den@example.org", NULL };

  settings->terminal = g_strdup ("desk");
  burble_connection_set_settings (f->client, settings);
  burble_roster_channel_set_etag (BURBLE_ROSTER_CHANNEL (f->client), "e0");
  burble_roster_channel_set_rooms (BURBLE_ROSTER_CHANNEL (f->client), rooms);
  burble_presence_channel_publish (BURBLE_PRESENCE_CHANNEL (f->client), BURBLE_PEER_DND, "busy");
  burble_connection_connect (f->client);
  peer_accept (f->peer);

  version = peer_expect (f->peer, BURBLE_GURGLE_VERSION);
  g_assert_cmpstr (version->version.version, ==, "0.1");
  peer_expect_silence (f->peer);
  peer_say (f->peer, "{\"id\": %d, \"version\": \"0.1\"}", version->id);

  upgrade = peer_expect (f->peer, BURBLE_GURGLE_UPGRADE);
  g_assert_true (g_strv_contains ((const char * const *) upgrade->upgrade.features, "history"));
  peer_say (f->peer, "{\"id\": %d, \"cmd\": \"upgraded\", \"features\": [\"typing\", \"history\","
                     " \"never_heard_of\"], \"error\": null}", upgrade->id);

  query = peer_expect (f->peer, BURBLE_GURGLE_QUERY);
  peer_say (f->peer, "{\"id\": %d, \"answer\": [\"scram\", \"plain\"]}", query->id);

  auth = peer_expect (f->peer, BURBLE_GURGLE_AUTH);
  g_assert_cmpstr (auth->auth.from, ==, "alice@example.org/desk");
  g_assert_cmpstr (auth->auth.method, ==, "plain");
  g_assert_cmpstr (auth->auth.password, ==, "secret");
  g_assert_cmpint (burble_connection_get_state (f->client), ==, BURBLE_CONNECTION_CONNECTING);
  peer_say (f->peer, "{\"id\": %d, \"to\": \"alice@example.org/desk\", \"error\": null}",
            auth->id);

  roster = peer_expect (f->peer, BURBLE_GURGLE_GET_ROSTER);
  g_assert_cmpstr (roster->roster.etag, ==, "e0");
  presence = peer_expect (f->peer, BURBLE_GURGLE_PUBLISH_PRESENCE);
  g_assert_cmpint (presence->publish.status, ==, BURBLE_GURGLE_STATUS_DND);
  g_assert_cmpstr (presence->publish.mood, ==, "busy");

  peer_wait_state (f->client, BURBLE_CONNECTION_ONLINE);
  g_assert_cmpuint (burble_connection_get_capabilities (f->client), ==,
                    BURBLE_CAPABILITY_ROSTER | BURBLE_CAPABILITY_ROSTER_EDIT
                    | BURBLE_CAPABILITY_PRESENCE | BURBLE_CAPABILITY_MOOD
                    | BURBLE_CAPABILITY_MESSAGES | BURBLE_CAPABILITY_ROOMS
                    | BURBLE_CAPABILITY_REQUESTS
                    | BURBLE_CAPABILITY_TYPING
                    | BURBLE_CAPABILITY_HISTORY);
}

static void
go_online (Fixture *f)
{
  burble_connection_connect (f->client);
  peer_accept (f->peer);
  peer_sign_in (f->peer, PEER_PRESENCE, PEER_ALL_FEATURES);
  peer_wait_state (f->client, BURBLE_CONNECTION_ONLINE);
}

static void
test_quits_politely (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) quit = NULL;

  go_online (f);
  burble_connection_disconnect (f->client);
  quit = peer_expect (f->peer, BURBLE_GURGLE_QUIT);
  g_assert_true (quit->has_id);
  g_assert_cmpint (burble_connection_get_state (f->client), ==, BURBLE_CONNECTION_ONLINE);
  peer_say (f->peer, "{\"id\": %d, \"cmd\": \"bye\"}", quit->id);
  peer_wait_state (f->client, BURBLE_CONNECTION_OFFLINE);
  peer_wait_gone (f->peer);
}

static void
test_quits_without_bye (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) quit = NULL;
  gint64 start = 0;

  go_online (f);
  start = g_get_monotonic_time ();
  burble_connection_disconnect (f->client);
  quit = peer_expect (f->peer, BURBLE_GURGLE_QUIT);
  peer_wait_state (f->client, BURBLE_CONNECTION_OFFLINE);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_TIME_SPAN_SECOND);
  peer_wait_gone (f->peer);
}

/* error word, reason, what it means, whether it tries again */
static const struct
{
  const char *word;
  BurbleProtocolError code;
  BurbleConnectionState state;
} refusals[] = {
  { "password", BURBLE_PROTOCOL_ERROR_PASSWORD, BURBLE_CONNECTION_FAILED },
  { "user_disable", BURBLE_PROTOCOL_ERROR_DISABLED, BURBLE_CONNECTION_FAILED },
  { "user_disabled", BURBLE_PROTOCOL_ERROR_DISABLED, BURBLE_CONNECTION_FAILED },
  { "gibberish", BURBLE_PROTOCOL_ERROR_PASSWORD, BURBLE_CONNECTION_FAILED },
  { "throttled", BURBLE_PROTOCOL_ERROR_THROTTLED, BURBLE_CONNECTION_WAITING },
};

static void
test_refused_login (Fixture *f, gconstpointer data)
{
  g_object_set (f->client, "retry-ceiling", 0, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr(BurbleGurglePacket) auth = NULL;

      burble_connection_connect (f->client);
      peer_accept (f->peer);
      peer_sign_in (f->peer, PEER_QUERY, "");
      auth = peer_expect (f->peer, BURBLE_GURGLE_AUTH);
      peer_say (f->peer, "{\"id\": %d, \"to\": null, \"error\": \"%s\", \"reason\": \"No %u.\"}",
                auth->id, refusals[i].word, i);
      peer_wait_state (f->client, refusals[i].state);
      g_assert_error (burble_connection_get_error (f->client), BURBLE_PROTOCOL_ERROR,
                      (int) refusals[i].code);
      g_assert_true (g_str_has_prefix (burble_connection_get_error (f->client)->message, "No "));
      burble_connection_disconnect (f->client);
    }
  /* No attempt was made that nobody asked for. */
  g_assert_cmpuint (f->peer->connections, ==, G_N_ELEMENTS (refusals));
}

static void
test_refused_without_to (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) auth = NULL;

  burble_connection_connect (f->client);
  peer_accept (f->peer);
  peer_sign_in (f->peer, PEER_QUERY, "");
  auth = peer_expect (f->peer, BURBLE_GURGLE_AUTH);
  peer_say (f->peer, "{\"id\": %d, \"error\": \"password\"}", auth->id);
  peer_wait_state (f->client, BURBLE_CONNECTION_FAILED);
  g_assert_error (burble_connection_get_error (f->client), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_PASSWORD);
}

static void
test_no_known_method (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) query = NULL;

  burble_connection_connect (f->client);
  peer_accept (f->peer);
  peer_sign_in (f->peer, PEER_UPGRADE, "");
  query = peer_expect (f->peer, BURBLE_GURGLE_QUERY);
  peer_say (f->peer, "{\"id\": %d, \"answer\": [\"retina\"]}", query->id);
  peer_wait_state (f->client, BURBLE_CONNECTION_FAILED);
  g_assert_error (burble_connection_get_error (f->client), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_UNSUPPORTED);
}

static void
test_bad_settings (Fixture *f, gconstpointer data)
{
  static const char * const addresses[] = { "", "alice", "a b@example.org", "@example.org",
                                            "xmpp:alice@example.org" };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr(BurbleConnectionSettings) settings = burble_connection_settings_new (addresses[i]);

      burble_connection_set_settings (f->client, settings);
      burble_connection_connect (f->client);
      g_assert_cmpint (burble_connection_get_state (f->client), ==, BURBLE_CONNECTION_FAILED);
      g_assert_error (burble_connection_get_error (f->client), BURBLE_PROTOCOL_ERROR,
                      BURBLE_PROTOCOL_ERROR_BAD_ADDRESS);
    }
}

static void
test_no_password (Fixture *f, gconstpointer data)
{
  burble_connection_set_password (f->client, NULL);
  burble_connection_connect (f->client);
  g_assert_cmpint (burble_connection_get_state (f->client), ==, BURBLE_CONNECTION_FAILED);
  g_assert_error (burble_connection_get_error (f->client), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_PASSWORD);
}

static void
test_nobody_listens (Fixture *f, gconstpointer data)
{
  peer_stop (f->peer);
  g_object_set (f->client, "retry-ceiling", 0, NULL);
  burble_connection_connect (f->client);
  peer_wait_state (f->client, BURBLE_CONNECTION_WAITING);
  g_assert_error (burble_connection_get_error (f->client), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
}

static void
test_registers (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) request = NULL;
  g_autoptr(BurbleGurglePacket) roster = NULL;

  burble_connection_set_register (f->client, TRUE, "letmein");
  burble_connection_connect (f->client);
  peer_accept (f->peer);
  peer_sign_in (f->peer, PEER_QUERY, PEER_ALL_FEATURES);
  request = peer_expect (f->peer, BURBLE_GURGLE_REGISTER);
  g_assert_cmpstr (request->auth.from, ==, "alice@example.org");
  g_assert_cmpstr (request->auth.password, ==, "secret");
  g_assert_cmpstr (request->auth.invite, ==, "letmein");
  peer_say (f->peer, "{\"id\": %d, \"to\": \"alice@example.org/x\", \"error\": null}",
            request->id);
  peer_wait_state (f->client, BURBLE_CONNECTION_ONLINE);
  g_assert_false (burble_connection_get_register (f->client, NULL));
  roster = peer_expect (f->peer, BURBLE_GURGLE_GET_ROSTER);
}

static void
test_registration_refused (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *word;
    BurbleProtocolError code;
  } cases[] = {
    { "exists", BURBLE_PROTOCOL_ERROR_EXISTS },
    { "invite_required", BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED },
    { "bad_password", BURBLE_PROTOCOL_ERROR_BAD_PASSWORD },
    { "unknown_command", BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BurbleGurglePacket) request = NULL;

      burble_connection_set_register (f->client, TRUE, NULL);
      burble_connection_connect (f->client);
      peer_accept (f->peer);
      peer_sign_in (f->peer, PEER_QUERY, PEER_ALL_FEATURES);
      request = peer_expect (f->peer, BURBLE_GURGLE_REGISTER);
      peer_say (f->peer, "{\"id\": %d, \"error\": \"%s\"}", request->id, cases[i].word);
      peer_wait_state (f->client, BURBLE_CONNECTION_FAILED);
      g_assert_error (burble_connection_get_error (f->client), BURBLE_PROTOCOL_ERROR,
                      (int) cases[i].code);
    }
}

static void
test_registration_not_offered (Fixture *f, gconstpointer data)
{
  burble_connection_set_register (f->client, TRUE, NULL);
  burble_connection_connect (f->client);
  peer_accept (f->peer);
  peer_sign_in (f->peer, PEER_QUERY, "\"typing\"");
  peer_wait_state (f->client, BURBLE_CONNECTION_FAILED);
  g_assert_error (burble_connection_get_error (f->client), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED);
  peer_wait_gone (f->peer);
  g_assert_true (g_queue_is_empty (&f->peer->frames));
}

/* The account was made, but its answer was lost: the second time it "exists", and is ours. */
static void
test_registration_answer_lost (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) first = NULL;
  g_autoptr(BurbleGurglePacket) second = NULL;
  g_autoptr(BurbleGurglePacket) auth = NULL;

  burble_connection_set_register (f->client, TRUE, NULL);
  burble_connection_connect (f->client);
  peer_accept (f->peer);
  peer_sign_in (f->peer, PEER_QUERY, PEER_ALL_FEATURES);
  first = peer_expect (f->peer, BURBLE_GURGLE_REGISTER);
  peer_accept (f->peer);
  peer_sign_in (f->peer, PEER_QUERY, PEER_ALL_FEATURES);
  second = peer_expect (f->peer, BURBLE_GURGLE_REGISTER);
  peer_say (f->peer, "{\"id\": %d, \"error\": \"exists\"}", second->id);
  auth = peer_expect (f->peer, BURBLE_GURGLE_AUTH);
  peer_say (f->peer, "{\"id\": %d, \"to\": \"alice@example.org/x\", \"error\": null}", auth->id);
  peer_wait_state (f->client, BURBLE_CONNECTION_ONLINE);
}

static void
test_killed (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *word;
    BurbleProtocolError code;
    BurbleConnectionState state;
  } cases[] = {
    { "shutdown", BURBLE_PROTOCOL_ERROR_KILLED, BURBLE_CONNECTION_WAITING },
    { "replaced", BURBLE_PROTOCOL_ERROR_REPLACED, BURBLE_CONNECTION_FAILED },
    { "user_disable", BURBLE_PROTOCOL_ERROR_DISABLED, BURBLE_CONNECTION_FAILED },
    { "password", BURBLE_PROTOCOL_ERROR_PASSWORD, BURBLE_CONNECTION_FAILED },
  };
  g_autofree char *book = g_strnfill (2000, 'r');
  const GError *error = NULL;

  g_object_set (f->client, "retry-ceiling", 0, NULL);
  /* The sentence is shown to a person: one line, not a book, and it turns nothing around. */
  go_online (f);
  peer_say (f->peer, "{\"id\": 1, \"cmd\": \"kill\", \"error\": \"shutdown\","
                     " \"reason\": \"a\\nb\\u202ec%s\"}", book);
  peer_wait_state (f->client, BURBLE_CONNECTION_WAITING);
  error = burble_connection_get_error (f->client);
  g_assert_true (g_str_has_prefix (error->message, "a b crrr"));
  g_assert_cmpint (g_utf8_strlen (error->message, -1), <=, 301);
  burble_connection_disconnect (f->client);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      go_online (f);
      peer_say (f->peer, "{\"id\": 1, \"cmd\": \"kill\", \"error\": \"%s\","
                         " \"reason\": \"Closed for the night.\"}", cases[i].word);
      peer_wait_state (f->client, cases[i].state);
      g_assert_error (burble_connection_get_error (f->client), BURBLE_PROTOCOL_ERROR,
                      (int) cases[i].code);
      g_assert_cmpstr (burble_connection_get_error (f->client)->message, ==,
                       "Closed for the night.");
      burble_connection_disconnect (f->client);
    }
}

static void
test_answers_pings_and_questions (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) pong = NULL;
  g_autoptr(BurbleGurglePacket) answer = NULL;

  go_online (f);
  peer_say (f->peer, "{\"id\": 1, \"cmd\": \"ping\", \"data\": {\"deep\": [1, \"two\"]}}");
  pong = peer_expect (f->peer, BURBLE_GURGLE_PONG);
  g_assert_cmpint (pong->id, ==, 1);
  g_assert_nonnull (strstr (pong->ping.data, "\"two\""));
  peer_say (f->peer, "{\"id\": 2, \"cmd\": \"make_coffee\"}");
  answer = peer_expect (f->peer, BURBLE_GURGLE_ERROR_RESULT);
  g_assert_cmpint (answer->id, ==, 2);
  g_assert_cmpstr (answer->error, ==, "unknown_command");
  peer_say (f->peer, "{\"id\": null, \"cmd\": \"make_coffee\"}");
  peer_expect_silence (f->peer);
}

/* Nothing secret reaches a log, whatever level is asked for. */
static void
log_cb (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  g_string_append_printf (user_data, "%s\n", message);
}

static void
test_logs_no_secrets (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessageEvent) message = burble_message_event_new ("m1");
  g_autoptr(BurbleGurglePacket) sent = NULL;
  g_autoptr(GString) logged = g_string_new (NULL);
  GLogFunc before = g_log_set_default_handler (log_cb, logged);

  g_log_set_debug_enabled (TRUE);
  burble_connection_set_password (f->client, "hush-hush");
  go_online (f);
  message->peer = g_strdup ("bob@example.org");
  message->text = g_strdup ("a confession");
  burble_message_channel_send_async (BURBLE_MESSAGE_CHANNEL (f->client), message, NULL, NULL, NULL);
  sent = peer_expect (f->peer, BURBLE_GURGLE_MESSAGE);
  peer_say (f->peer, "{\"id\": 1, \"cmd\": \"message\", \"messages\": [{\"id\": \"a\","
                     " \"timestamp\": 1, \"from\": \"bob@example.org/den\","
                     " \"text\": \"an absolution\"}]}");
  burble_test_wait_until (strstr (logged->str, "bob@example.org/den") != NULL);
  g_assert_nonnull (strstr (logged->str, "auth"));
  g_assert_null (strstr (logged->str, "hush-hush"));
  g_assert_null (strstr (logged->str, "confession"));
  g_assert_null (strstr (logged->str, "absolution"));
  g_log_set_debug_enabled (FALSE);
  g_log_set_default_handler (before, NULL);
}

static void
test_stays_alive (Fixture *f, gconstpointer data)
{
  g_autoptr(Peer) peer = peer_new (NULL);
  g_autoptr(BurbleConnection) model = peer_make_client (peer);
  g_autoptr(BurbleConnection) client = g_object_new (G_OBJECT_TYPE (model),
                                                     "idle-timeout", 30, "answer-timeout", 700,
                                                     "retry-ceiling", 1, NULL);

  burble_connection_set_settings (client, burble_connection_get_settings (model));
  burble_connection_set_password (client, "secret");
  burble_connection_connect (client);
  peer_accept (peer);
  peer_sign_in (peer, PEER_PRESENCE, "");
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(BurbleGurglePacket) ping = peer_expect (peer, BURBLE_GURGLE_PING);

      peer_say (peer, "{\"id\": %d, \"cmd\": \"pong\", \"data\": null}", ping->id);
    }
  g_assert_cmpint (burble_connection_get_state (client), ==, BURBLE_CONNECTION_ONLINE);
  burble_connection_disconnect (client);
  peer_hang_up (peer);
  peer_wait_state (client, BURBLE_CONNECTION_OFFLINE);
}

static void
test_notices_a_dead_peer (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleWakeMonitor) monitor = burble_wake_monitor_new (NULL, NULL);
  g_autoptr(BurbleConnection) client = g_object_new (G_OBJECT_TYPE (f->client),
                                                     "wake-monitor", monitor,
                                                     "answer-timeout", 50, NULL);
  g_autoptr(BurbleGurglePacket) ping = NULL;

  burble_connection_set_settings (client, burble_connection_get_settings (f->client));
  burble_connection_set_password (client, "secret");
  burble_connection_connect (client);
  peer_accept (f->peer);
  peer_sign_in (f->peer, PEER_PRESENCE, "");
  peer_wait_state (client, BURBLE_CONNECTION_ONLINE);
  burble_test_settle ();
  /* Without this the next ping would be due in a minute. */
  g_signal_emit_by_name (monitor, "resumed");
  ping = peer_expect (f->peer, BURBLE_GURGLE_PING);
  peer_wait_state (client, BURBLE_CONNECTION_WAITING);
  g_assert_error (burble_connection_get_error (client), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_TIMED_OUT);
  burble_connection_disconnect (client);
}

typedef struct
{
  guint count;
  gboolean pin_changed;
  char *fingerprint;
} Problem;

static void
certificate_problem_cb (BurbleConnection     *connection,
                        GTlsCertificate      *certificate,
                        GTlsCertificateFlags  errors,
                        gboolean              pin_changed,
                        Problem              *problem)
{
  g_assert_cmpint (burble_connection_get_state (connection), ==, BURBLE_CONNECTION_CONNECTING);
  g_assert_cmpint (errors, !=, 0);
  problem->count++;
  problem->pin_changed = pin_changed;
  g_free (problem->fingerprint);
  problem->fingerprint = burble_certificate_get_fingerprint (certificate);
}

static void
test_certificate_question (Fixture *f, gconstpointer data)
{
  g_autoptr(GTlsCertificate) certificate =
    burble_test_make_certificate ("example.org", BURBLE_TEST_CERTIFICATE_PLAIN, NULL);
  g_autofree char *fingerprint = burble_certificate_get_fingerprint (certificate);
  g_autoptr(Peer) peer = peer_new (certificate);
  g_autoptr(BurbleConnection) client = peer_make_client (peer);
  g_autoptr(BurbleConnectionSettings) settings =
    burble_connection_settings_copy (burble_connection_get_settings (client));
  Problem problem = { 0 };

  g_signal_connect (client, "certificate-problem", G_CALLBACK (certificate_problem_cb), &problem);
  burble_connection_connect (client);
  peer_accept (peer);
  peer_wait_state (client, BURBLE_CONNECTION_FAILED);
  g_assert_error (burble_connection_get_error (client), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_CERTIFICATE);
  g_assert_cmpuint (problem.count, ==, 1);
  g_assert_false (problem.pin_changed);
  g_assert_cmpstr (problem.fingerprint, ==, fingerprint);

  /* Another one was accepted before. */
  settings->pin = g_strdup ("AA:BB");
  burble_connection_set_settings (client, settings);
  burble_connection_connect (client);
  peer_accept (peer);
  peer_wait_state (client, BURBLE_CONNECTION_FAILED);
  g_assert_cmpuint (problem.count, ==, 2);
  g_assert_true (problem.pin_changed);

  /* Accepted. */
  g_set_str (&settings->pin, fingerprint);
  burble_connection_set_settings (client, settings);
  burble_connection_connect (client);
  peer_accept (peer);
  peer_sign_in (peer, PEER_PRESENCE, PEER_ALL_FEATURES);
  peer_wait_state (client, BURBLE_CONNECTION_ONLINE);
  g_assert_cmpuint (problem.count, ==, 2);

  g_free (problem.fingerprint);
  burble_connection_disconnect (client);
  peer_hang_up (peer);
  peer_wait_state (client, BURBLE_CONNECTION_OFFLINE);
}

static void
test_no_one_wants_it_any_more (Fixture *f, gconstpointer data)
{
  BurbleConnection *client = peer_make_client (f->peer);
  g_autoptr(BurbleGurglePacket) query = NULL;

  /* Let go while connecting. */
  burble_connection_connect (client);
  g_assert_finalize_object (client);
  burble_test_settle ();

  /* Let go while signing in. */
  client = peer_make_client (f->peer);
  burble_connection_connect (client);
  peer_accept (f->peer);
  peer_sign_in (f->peer, PEER_UPGRADE, PEER_ALL_FEATURES);
  query = peer_expect (f->peer, BURBLE_GURGLE_QUERY);
  g_assert_finalize_object (client);
  peer_wait_gone (f->peer);

  /* Let go while online. */
  client = peer_make_client (f->peer);
  burble_connection_connect (client);
  peer_accept (f->peer);
  peer_sign_in (f->peer, PEER_PRESENCE, PEER_ALL_FEATURES);
  peer_wait_state (client, BURBLE_CONNECTION_ONLINE);
  burble_test_settle ();
  g_assert_finalize_object (client);
  peer_wait_gone (f->peer);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define add(name, function) \
  g_test_add ("/gurgle/link/" name, Fixture, NULL, set_up, function, tear_down)
  add ("signs-in", test_signs_in);
  add ("quits-politely", test_quits_politely);
  add ("quits-without-bye", test_quits_without_bye);
  add ("refused-login", test_refused_login);
  add ("refused-without-to", test_refused_without_to);
  add ("no-known-method", test_no_known_method);
  add ("bad-settings", test_bad_settings);
  add ("no-password", test_no_password);
  add ("nobody-listens", test_nobody_listens);
  add ("registers", test_registers);
  add ("registration-refused", test_registration_refused);
  add ("registration-not-offered", test_registration_not_offered);
  add ("registration-answer-lost", test_registration_answer_lost);
  add ("killed", test_killed);
  add ("answers-pings-and-questions", test_answers_pings_and_questions);
  add ("logs-no-secrets", test_logs_no_secrets);
  add ("stays-alive", test_stays_alive);
  add ("notices-a-dead-peer", test_notices_a_dead_peer);
  add ("certificate-question", test_certificate_question);
  add ("no-one-wants-it-any-more", test_no_one_wants_it_any_more);

  return g_test_run ();
}
