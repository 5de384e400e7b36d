/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-connection.h"

#include <string.h>

#include "burble-test-wait.h"
#include "burble-wake-monitor.h"

/* The smallest subclass: it does what the test says. */
#define TINY_TYPE_CONNECTION (tiny_connection_get_type ())
G_DECLARE_FINAL_TYPE (TinyConnection, tiny_connection, TINY, CONNECTION, BurbleConnection)

struct _TinyConnection
{
  BurbleConnection parent_instance;
  guint opens;
  guint closes;
  guint probes;
  gboolean fail_inside_open;
  gboolean close_at_once;
};

G_DEFINE_FINAL_TYPE (TinyConnection, tiny_connection, BURBLE_TYPE_CONNECTION)

static void
lose (TinyConnection *self, BurbleProtocolError code)
{
  g_autoptr(GError) error = g_error_new_literal (BURBLE_PROTOCOL_ERROR, code, "as the test said");

  burble_connection_lost (BURBLE_CONNECTION (self), error);
}

static void
tiny_connection_open (BurbleConnection *connection)
{
  TinyConnection *self = TINY_CONNECTION (connection);

  self->opens++;
  if (self->fail_inside_open)
    lose (self, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS);
}

static void
tiny_connection_close (BurbleConnection *connection)
{
  TinyConnection *self = TINY_CONNECTION (connection);

  self->closes++;
  if (self->close_at_once)
    burble_connection_closed (connection);
}

static void
tiny_connection_probe (BurbleConnection *connection)
{
  TINY_CONNECTION (connection)->probes++;
}

static void
tiny_connection_class_init (TinyConnectionClass *klass)
{
  BurbleConnectionClass *connection_class = BURBLE_CONNECTION_CLASS (klass);

  connection_class->open = tiny_connection_open;
  connection_class->close = tiny_connection_close;
  connection_class->probe = tiny_connection_probe;
}

static void
tiny_connection_init (TinyConnection *self)
{
}

typedef struct
{
  BurbleWakeMonitor *monitor;
  TinyConnection *tiny;
  BurbleConnection *connection; /* the same */
  GString *states;
} Fixture;

static void
state_cb (Fixture *f)
{
  g_string_append_printf (f->states, "%d ", burble_connection_get_state (f->connection));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->monitor = burble_wake_monitor_new (NULL, NULL);
  f->tiny = g_object_new (TINY_TYPE_CONNECTION, "wake-monitor", f->monitor, NULL);
  f->connection = BURBLE_CONNECTION (f->tiny);
  f->states = g_string_new (NULL);
  g_signal_connect_swapped (f->tiny, "notify::state", G_CALLBACK (state_cb), f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (f->tiny, f);
  g_assert_finalize_object (f->tiny);
  g_object_unref (f->monitor);
  g_string_free (f->states, TRUE);
}

static void
test_opens_and_closes (Fixture *f, gconstpointer data)
{
  burble_connection_connect (f->connection);
  burble_connection_connect (f->connection);
  g_assert_cmpuint (f->tiny->opens, ==, 1);
  burble_connection_opened (f->connection);
  burble_connection_disconnect (f->connection);
  burble_connection_disconnect (f->connection);
  g_assert_cmpuint (f->tiny->closes, ==, 1);
  g_assert_cmpint (burble_connection_get_state (f->connection), ==, BURBLE_CONNECTION_ONLINE);
  burble_connection_closed (f->connection);
  g_assert_cmpstr (f->states->str, ==, "1 2 0 ");
}

static void
test_lost_waits_and_tries_again (Fixture *f, gconstpointer data)
{
  gint64 before = 0;
  gint64 next = 0;

  g_object_set (f->tiny, "retry-ceiling", 20, NULL);
  burble_connection_connect (f->connection);
  before = g_get_monotonic_time ();
  lose (f->tiny, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
  g_assert_cmpint (burble_connection_get_state (f->connection), ==, BURBLE_CONNECTION_WAITING);
  g_assert_error (burble_connection_get_error (f->connection), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
  g_object_get (f->tiny, "next-attempt", &next, NULL);
  g_assert_cmpint (next, >, before);
  g_assert_cmpint (next, <=, g_get_monotonic_time () + 20 * 1000);

  burble_test_wait_until (f->tiny->opens == 2);
  g_object_get (f->tiny, "next-attempt", &next, NULL);
  g_assert_cmpint (next, ==, 0);
  burble_connection_opened (f->connection);
  g_assert_null (burble_connection_get_error (f->connection));
  g_assert_cmpstr (f->states->str, ==, "1 3 1 2 ");
}

static gint64
delay_after_loss (Fixture *f)
{
  gint64 next = 0;

  lose (f->tiny, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
  g_object_get (f->tiny, "next-attempt", &next, NULL);
  return next - g_get_monotonic_time ();
}

static void
test_delays_grow (Fixture *f, gconstpointer data)
{
  gint64 delay = 0;

  burble_connection_connect (f->connection);
  g_assert_cmpint (delay_after_loss (f), <=, G_TIME_SPAN_SECOND);

  /* The ceiling keeps the test short; the delays behind it grow all the same. */
  g_object_set (f->tiny, "retry-ceiling", 1, NULL);
  g_signal_emit_by_name (f->monitor, "resumed");
  for (guint i = 0; i < 8; i++)
    {
      guint opens = f->tiny->opens;

      if (i == 7)
        g_object_set (f->tiny, "retry-ceiling", 0, NULL);
      delay = delay_after_loss (f);
      if (i < 7)
        burble_test_wait_until (f->tiny->opens > opens);
    }
  g_assert_cmpint (delay, >, 30 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (delay, <=, 120 * G_TIME_SPAN_SECOND);

  /* Asked by a person, it starts anew. */
  burble_connection_connect (f->connection);
  g_assert_cmpint (delay_after_loss (f), <=, G_TIME_SPAN_SECOND);
}

/* A server that takes us in and throws us out at once must not be hammered. */
static void
test_short_sessions_do_not_reset_the_delay (Fixture *f, gconstpointer data)
{
  gint64 delay = 0;

  g_object_set (f->tiny, "retry-ceiling", 1, NULL);
  burble_connection_connect (f->connection);
  for (guint i = 1; i <= 7; i++)
    {
      burble_connection_opened (f->connection);
      if (i == 7)
        g_object_set (f->tiny, "retry-ceiling", 0, NULL);
      delay = delay_after_loss (f);
      if (i < 7)
        burble_test_wait_until (f->tiny->opens == i + 1);
    }
  g_assert_cmpint (delay, >, 10 * G_TIME_SPAN_SECOND);
}

static void
test_long_sessions_reset_the_delay (Fixture *f, gconstpointer data)
{
  g_autoptr(TinyConnection) tiny = g_object_new (TINY_TYPE_CONNECTION,
                                                 "wake-monitor", f->monitor,
                                                 "retry-ceiling", 1, "stable-after", 0, NULL);
  gint64 next = 0;

  burble_connection_connect (BURBLE_CONNECTION (tiny));
  for (guint i = 1; i <= 7; i++)
    {
      burble_connection_opened (BURBLE_CONNECTION (tiny));
      if (i == 7)
        g_object_set (tiny, "retry-ceiling", 0, NULL);
      lose (tiny, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
      if (i < 7)
        burble_test_wait_until (tiny->opens == i + 1);
    }
  g_object_get (tiny, "next-attempt", &next, NULL);
  g_assert_cmpint (next - g_get_monotonic_time (), <=, G_TIME_SPAN_SECOND);
}

static void
test_network_back_tries_at_once (Fixture *f, gconstpointer data)
{
  static const char * const reasons[] = { "network-up", "network-changed", "resumed" };

  burble_connection_connect (f->connection);
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      lose (f->tiny, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
      g_assert_cmpuint (f->tiny->opens, ==, i + 1);
      g_signal_emit_by_name (f->monitor, reasons[i]);
      g_assert_cmpuint (f->tiny->opens, ==, i + 2);
    }
  /* While one attempt is under way there is not a second one. */
  g_signal_emit_by_name (f->monitor, "network-up");
  g_assert_cmpuint (f->tiny->opens, ==, G_N_ELEMENTS (reasons) + 1);
}

static void
test_wakes_probe_when_online (Fixture *f, gconstpointer data)
{
  burble_connection_connect (f->connection);
  burble_connection_opened (f->connection);
  g_signal_emit_by_name (f->monitor, "resumed");
  g_signal_emit_by_name (f->monitor, "network-up");
  g_assert_cmpuint (f->tiny->probes, ==, 2);
  g_assert_cmpuint (f->tiny->opens, ==, 1);
}

static void
test_nothing_wakes_who_is_offline (Fixture *f, gconstpointer data)
{
  g_signal_emit_by_name (f->monitor, "network-up");
  g_assert_cmpuint (f->tiny->opens, ==, 0);
  burble_connection_connect (f->connection);
  lose (f->tiny, BURBLE_PROTOCOL_ERROR_PASSWORD);
  g_signal_emit_by_name (f->monitor, "network-up");
  g_signal_emit_by_name (f->monitor, "resumed");
  g_assert_cmpuint (f->tiny->opens, ==, 1);
}

static void
test_errors_for_the_user (Fixture *f, gconstpointer data)
{
  static const struct
  {
    BurbleProtocolError code;
    BurbleConnectionState state;
  } cases[] = {
    { BURBLE_PROTOCOL_ERROR_PASSWORD, BURBLE_CONNECTION_FAILED },
    { BURBLE_PROTOCOL_ERROR_DISABLED, BURBLE_CONNECTION_FAILED },
    { BURBLE_PROTOCOL_ERROR_CERTIFICATE, BURBLE_CONNECTION_FAILED },
    { BURBLE_PROTOCOL_ERROR_UNSUPPORTED, BURBLE_CONNECTION_FAILED },
    { BURBLE_PROTOCOL_ERROR_EXISTS, BURBLE_CONNECTION_FAILED },
    { BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED, BURBLE_CONNECTION_FAILED },
    { BURBLE_PROTOCOL_ERROR_BAD_PASSWORD, BURBLE_CONNECTION_FAILED },
    { BURBLE_PROTOCOL_ERROR_BAD_ADDRESS, BURBLE_CONNECTION_FAILED },
    { BURBLE_PROTOCOL_ERROR_REPLACED, BURBLE_CONNECTION_FAILED },
    { BURBLE_PROTOCOL_ERROR_TIMED_OUT, BURBLE_CONNECTION_WAITING },
    { BURBLE_PROTOCOL_ERROR_NOT_CONNECTED, BURBLE_CONNECTION_WAITING },
    { BURBLE_PROTOCOL_ERROR_KILLED, BURBLE_CONNECTION_WAITING },
    { BURBLE_PROTOCOL_ERROR_THROTTLED, BURBLE_CONNECTION_WAITING },
    { BURBLE_PROTOCOL_ERROR_BAD_DATA, BURBLE_CONNECTION_WAITING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      burble_connection_connect (f->connection);
      g_assert_null (burble_connection_get_error (f->connection));
      lose (f->tiny, cases[i].code);
      g_assert_cmpint (burble_connection_get_state (f->connection), ==, cases[i].state);
      g_assert_error (burble_connection_get_error (f->connection), BURBLE_PROTOCOL_ERROR,
                      (int) cases[i].code);
      burble_connection_disconnect (f->connection);
      g_assert_cmpint (burble_connection_get_state (f->connection), ==,
                       BURBLE_CONNECTION_OFFLINE);
      g_assert_null (burble_connection_get_error (f->connection));
    }
}

static void
test_error_inside_open (Fixture *f, gconstpointer data)
{
  f->tiny->fail_inside_open = TRUE;
  burble_connection_connect (f->connection);
  g_assert_cmpint (burble_connection_get_state (f->connection), ==, BURBLE_CONNECTION_FAILED);
  g_assert_cmpuint (f->tiny->opens, ==, 1);
}

static void
test_disconnect_while_waiting (Fixture *f, gconstpointer data)
{
  g_object_set (f->tiny, "retry-ceiling", 1, NULL);
  burble_connection_connect (f->connection);
  lose (f->tiny, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
  burble_connection_disconnect (f->connection);
  g_assert_cmpint (burble_connection_get_state (f->connection), ==, BURBLE_CONNECTION_OFFLINE);
  g_assert_cmpuint (f->tiny->closes, ==, 0);
  g_usleep (5000);
  burble_test_settle ();
  g_assert_cmpuint (f->tiny->opens, ==, 1);
}

static void
test_connect_while_closing (Fixture *f, gconstpointer data)
{
  burble_connection_connect (f->connection);
  burble_connection_opened (f->connection);
  burble_connection_disconnect (f->connection);
  burble_connection_connect (f->connection);
  g_assert_cmpuint (f->tiny->opens, ==, 1);
  burble_connection_closed (f->connection);
  g_assert_cmpuint (f->tiny->opens, ==, 2);
  g_assert_cmpint (burble_connection_get_state (f->connection), ==, BURBLE_CONNECTION_CONNECTING);
}

/* A link that goes down while it is being closed is closed. */
static void
test_lost_while_closing (Fixture *f, gconstpointer data)
{
  burble_connection_connect (f->connection);
  burble_connection_opened (f->connection);
  burble_connection_disconnect (f->connection);
  lose (f->tiny, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
  g_assert_cmpint (burble_connection_get_state (f->connection), ==, BURBLE_CONNECTION_OFFLINE);
  g_assert_null (burble_connection_get_error (f->connection));
}

static void
disconnect_cb (BurbleConnection *connection)
{
  if (burble_connection_get_state (connection) == BURBLE_CONNECTION_CONNECTING)
    burble_connection_disconnect (connection);
}

static void
test_disconnect_from_a_listener (Fixture *f, gconstpointer data)
{
  f->tiny->close_at_once = TRUE;
  g_signal_connect (f->tiny, "notify::state", G_CALLBACK (disconnect_cb), NULL);
  burble_connection_connect (f->connection);
  g_assert_cmpint (burble_connection_get_state (f->connection), ==, BURBLE_CONNECTION_OFFLINE);
  g_assert_cmpuint (f->tiny->opens, ==, 0);
}

static void
test_stray_reports_are_ignored (Fixture *f, gconstpointer data)
{
  burble_connection_opened (f->connection);
  lose (f->tiny, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
  g_assert_cmpstr (f->states->str, ==, "");
}

static void
test_capabilities (Fixture *f, gconstpointer data)
{
  guint notified = 0;

  burble_connection_set_capabilities (f->connection,
                                      BURBLE_CAPABILITY_ROSTER | BURBLE_CAPABILITY_MESSAGES);
  g_assert_true (burble_connection_has (f->connection, BURBLE_CAPABILITY_ROSTER));
  g_assert_false (burble_connection_has (f->connection,
                                         BURBLE_CAPABILITY_ROSTER | BURBLE_CAPABILITY_TYPING));
  g_object_get (f->tiny, "capabilities", &notified, NULL);
  g_assert_cmpuint (notified, ==, BURBLE_CAPABILITY_ROSTER | BURBLE_CAPABILITY_MESSAGES);
}

static void
test_register_is_for_once (Fixture *f, gconstpointer data)
{
  const char *invite = NULL;

  burble_connection_set_register (f->connection, TRUE, "letmein");
  g_assert_true (burble_connection_get_register (f->connection, &invite));
  g_assert_cmpstr (invite, ==, "letmein");
  burble_connection_connect (f->connection);
  g_assert_true (burble_connection_get_register (f->connection, NULL));
  burble_connection_opened (f->connection);
  g_assert_false (burble_connection_get_register (f->connection, &invite));
  g_assert_null (invite);
}

static void
test_settings_are_copied (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleConnectionSettings) settings =
    burble_connection_settings_new ("alice@example.org");

  settings->host = g_strdup ("127.0.0.1");
  settings->port = 4000;
  settings->terminal = g_strdup ("laptop");
  burble_connection_set_settings (f->connection, settings);
  settings->host[0] = 'x';
  g_assert_cmpstr (burble_connection_get_settings (f->connection)->host, ==, "127.0.0.1");
  g_assert_cmpstr (burble_connection_get_settings (f->connection)->terminal, ==, "laptop");

  /* Setting its own settings again is harmless. */
  burble_connection_set_settings (f->connection, burble_connection_get_settings (f->connection));
  g_assert_cmpuint (burble_connection_get_settings (f->connection)->port, ==, 4000);

  burble_connection_set_password (f->connection, "secret");
  burble_connection_set_password (f->connection, burble_connection_get_password (f->connection));
  g_assert_cmpstr (burble_connection_get_password (f->connection), ==, "secret");
  burble_connection_set_password (f->connection, NULL);
  g_assert_null (burble_connection_get_password (f->connection));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define add(name, function) \
  g_test_add ("/protocol/connection/" name, Fixture, NULL, set_up, function, tear_down)
  add ("opens-and-closes", test_opens_and_closes);
  add ("lost-waits-and-tries-again", test_lost_waits_and_tries_again);
  add ("delays-grow", test_delays_grow);
  add ("short-sessions-do-not-reset-the-delay", test_short_sessions_do_not_reset_the_delay);
  add ("long-sessions-reset-the-delay", test_long_sessions_reset_the_delay);
  add ("network-back-tries-at-once", test_network_back_tries_at_once);
  add ("wakes-probe-when-online", test_wakes_probe_when_online);
  add ("nothing-wakes-who-is-offline", test_nothing_wakes_who_is_offline);
  add ("errors-for-the-user", test_errors_for_the_user);
  add ("error-inside-open", test_error_inside_open);
  add ("disconnect-while-waiting", test_disconnect_while_waiting);
  add ("connect-while-closing", test_connect_while_closing);
  add ("lost-while-closing", test_lost_while_closing);
  add ("disconnect-from-a-listener", test_disconnect_from_a_listener);
  add ("stray-reports-are-ignored", test_stray_reports_are_ignored);
  add ("capabilities", test_capabilities);
  add ("register-is-for-once", test_register_is_for_once);
  add ("settings-are-copied", test_settings_are_copied);

  return g_test_run ();
}
