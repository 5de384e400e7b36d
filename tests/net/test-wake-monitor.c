/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-test-wait.h"
#include "burble-wake-monitor.h"

#define LOGIND_PATH "/org/freedesktop/login1"
#define LOGIND_MANAGER "org.freedesktop.login1.Manager"

/* A network monitor under the test's thumb. */
#define FAKE_TYPE_NETWORK (fake_network_get_type ())
G_DECLARE_FINAL_TYPE (FakeNetwork, fake_network, FAKE, NETWORK, GObject)

struct _FakeNetwork
{
  GObject  parent_instance;
  gboolean available;
};

static void
initable_iface_init (GInitableIface *iface)
{
}

static void
network_iface_init (GNetworkMonitorInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeNetwork, fake_network, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE, initable_iface_init)
                               G_IMPLEMENT_INTERFACE (G_TYPE_NETWORK_MONITOR, network_iface_init))

typedef enum
{
  PROP_NETWORK_AVAILABLE = 1,
  PROP_NETWORK_METERED,
  PROP_CONNECTIVITY,
} FakeNetworkProperty;

static void
fake_network_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  FakeNetwork *self = FAKE_NETWORK (object);

  switch ((FakeNetworkProperty) prop_id)
    {
    case PROP_NETWORK_AVAILABLE:
      g_value_set_boolean (value, self->available);
      break;
    case PROP_NETWORK_METERED:
      g_value_set_boolean (value, FALSE);
      break;
    case PROP_CONNECTIVITY:
      g_value_set_enum (value, self->available ? G_NETWORK_CONNECTIVITY_FULL
                                               : G_NETWORK_CONNECTIVITY_LOCAL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
fake_network_class_init (FakeNetworkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = fake_network_get_property;
  g_object_class_override_property (object_class, PROP_NETWORK_AVAILABLE, "network-available");
  g_object_class_override_property (object_class, PROP_NETWORK_METERED, "network-metered");
  g_object_class_override_property (object_class, PROP_CONNECTIVITY, "connectivity");
}

static void
fake_network_init (FakeNetwork *self)
{
  self->available = TRUE;
}

static void
set_available (FakeNetwork *self,
               gboolean     available)
{
  self->available = available;
  g_signal_emit_by_name (self, "network-changed", available);
}

/* The fixture */

typedef struct
{
  GTestDBus         *dbus;
  GDBusConnection   *client;
  GDBusConnection   *logind;
  FakeNetwork       *network;
  BurbleWakeMonitor *monitor;
  GString           *log;
  gboolean           named;
} Fixture;

static void
log_up_cb (Fixture *f)
{
  g_string_append (f->log, "up ");
}

static void
log_down_cb (Fixture *f)
{
  g_string_append (f->log, "down ");
}

static void
log_changed_cb (Fixture *f)
{
  g_string_append (f->log, "changed ");
}

static void
log_resumed_cb (Fixture *f)
{
  g_string_append (f->log, "resumed ");
}

static void
log_sleep_cb (Fixture *f)
{
  g_string_append (f->log, "sleep ");
}

static void
watch (Fixture         *f,
       GDBusConnection *bus)
{
  f->monitor = burble_wake_monitor_new (G_NETWORK_MONITOR (f->network), bus);
  g_signal_connect_swapped (f->monitor, "network-up", G_CALLBACK (log_up_cb), f);
  g_signal_connect_swapped (f->monitor, "network-down", G_CALLBACK (log_down_cb), f);
  g_signal_connect_swapped (f->monitor, "network-changed", G_CALLBACK (log_changed_cb), f);
  g_signal_connect_swapped (f->monitor, "resumed", G_CALLBACK (log_resumed_cb), f);
  g_signal_connect_swapped (f->monitor, "going-to-sleep", G_CALLBACK (log_sleep_cb), f);
}

static GDBusConnection *
join_bus (Fixture *f)
{
  g_autoptr(GError) error = NULL;
  GDBusConnection *bus = NULL;

  bus = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (f->dbus),
                                                G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                NULL, NULL, &error);
  g_assert_no_error (error);
  return bus;
}

static void
name_acquired_cb (GDBusConnection *bus,
                  const char      *name,
                  gpointer         user_data)
{
  ((Fixture *) user_data)->named = TRUE;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->log = g_string_new (NULL);
  f->network = g_object_new (FAKE_TYPE_NETWORK, NULL);
  f->dbus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->dbus);
  f->client = join_bus (f);
  f->logind = join_bus (f);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->monitor);
  g_dbus_connection_close_sync (f->client, NULL, NULL);
  g_dbus_connection_close_sync (f->logind, NULL, NULL);
  burble_test_settle ();
  g_object_unref (f->client);
  g_object_unref (f->logind);
  g_object_unref (f->network);
  g_test_dbus_down (f->dbus);
  g_object_unref (f->dbus);
  g_string_free (f->log, TRUE);
}

static void
prepare_for_sleep (GDBusConnection *bus,
                   GVariant        *parameters)
{
  g_autoptr(GError) error = NULL;

  g_dbus_connection_emit_signal (bus, NULL, LOGIND_PATH, LOGIND_MANAGER, "PrepareForSleep",
                                 parameters, &error);
  g_assert_no_error (error);
  g_dbus_connection_flush_sync (bus, NULL, &error);
  g_assert_no_error (error);
}

/* When this returns, all that was asked of the bus before is done and its answers are here. */
static void
round_trip (GDBusConnection *bus)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = NULL;

  reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "GetId", NULL, NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  burble_test_settle ();
}

static void
test_sleep (Fixture       *f,
            gconstpointer  data)
{
  guint owner = g_bus_own_name_on_connection (f->logind, "org.freedesktop.login1",
                                              G_BUS_NAME_OWNER_FLAGS_NONE, name_acquired_cb, NULL,
                                              f, NULL);

  burble_test_wait_until (f->named);
  watch (f, f->client);
  round_trip (f->client);
  prepare_for_sleep (f->logind, g_variant_new ("(b)", TRUE));
  burble_test_wait_until (f->log->len > 0);
  g_assert_cmpstr (f->log->str, ==, "sleep ");
  prepare_for_sleep (f->logind, g_variant_new ("(s)", "odd"));
  prepare_for_sleep (f->logind, g_variant_new ("(b)", FALSE));
  burble_test_wait_until (f->log->len > 6);
  g_assert_cmpstr (f->log->str, ==, "sleep resumed ");
  g_bus_unown_name (owner);
}

/* Only logind may tell us: anybody can send a signal of that name on the bus. */
static void
test_not_from_others (Fixture       *f,
                      gconstpointer  data)
{
  guint owner = 0;

  watch (f, f->client);
  round_trip (f->client);
  prepare_for_sleep (f->logind, g_variant_new ("(b)", FALSE));
  round_trip (f->logind);
  round_trip (f->client);
  owner = g_bus_own_name_on_connection (f->logind, "org.freedesktop.login1",
                                        G_BUS_NAME_OWNER_FLAGS_NONE, name_acquired_cb, NULL, f,
                                        NULL);
  burble_test_wait_until (f->named);
  round_trip (f->client);
  g_assert_cmpstr (f->log->str, ==, "");
  prepare_for_sleep (f->logind, g_variant_new ("(b)", TRUE));
  burble_test_wait_until (f->log->len > 0);
  g_assert_cmpstr (f->log->str, ==, "sleep ");
  g_bus_unown_name (owner);
}

static void
test_network (Fixture       *f,
              gconstpointer  data)
{
  watch (f, f->client);
  set_available (f->network, FALSE);
  g_assert_cmpstr (f->log->str, ==, "down ");
  set_available (f->network, FALSE);
  g_assert_cmpstr (f->log->str, ==, "down ");
  set_available (f->network, TRUE);
  g_assert_cmpstr (f->log->str, ==, "down up ");
}

static void
test_network_changed (Fixture       *f,
                      gconstpointer  data)
{
  watch (f, f->client);
  for (guint i = 0; i < 5; i++)
    set_available (f->network, TRUE);
  g_assert_cmpstr (f->log->str, ==, "");
  burble_test_wait_until (f->log->len > 0);
  g_assert_cmpstr (f->log->str, ==, "changed ");
  /* An outage says more than a change that has not settled. */
  set_available (f->network, TRUE);
  set_available (f->network, FALSE);
  g_assert_cmpstr (f->log->str, ==, "changed down ");
}

static void
test_no_system_bus (Fixture       *f,
                    gconstpointer  data)
{
  watch (f, NULL);
  burble_test_settle ();
  g_clear_object (&f->monitor);
  watch (f, NULL);
}

#define add(path, func) \
  g_test_add ("/net/wake-monitor/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  add ("sleep-and-resume", test_sleep);
  add ("not-from-others", test_not_from_others);
  add ("network-up-and-down", test_network);
  add ("network-changed", test_network_changed);
  add ("no-system-bus", test_no_system_bus);
  return g_test_run ();
}
