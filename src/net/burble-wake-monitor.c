/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-net-wake"

#include "config.h"

#include "burble-wake-monitor.h"

#include <time.h>

#include "burble-net-private.h"

#define LOGIND_NAME "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define LOGIND_MANAGER "org.freedesktop.login1.Manager"

/* Only where there is no system bus to ask. */
#define CLOCK_CHECK_SECONDS 30
#define CLOCK_JUMP_US (5 * G_USEC_PER_SEC)

/* A change of network comes as a burst of routes and addresses. */
#define SETTLE_MS 1500

struct _BurbleWakeMonitor
{
  GObject          parent_instance;
  GNetworkMonitor *network;
  GDBusConnection *bus;
  GCancellable    *cancellable;
  GSource         *clock_source;
  GSource         *settle_source;
  gint64           clock_offset; /* how long the machine has slept since it was started */
  guint            sleep_subscription;
  guint            network_available : 1;
};

G_DEFINE_FINAL_TYPE (BurbleWakeMonitor, burble_wake_monitor, G_TYPE_OBJECT)

enum
{
  SIGNAL_NETWORK_UP,
  SIGNAL_NETWORK_DOWN,
  SIGNAL_NETWORK_CHANGED,
  SIGNAL_RESUMED,
  SIGNAL_GOING_TO_SLEEP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
settled_cb (gpointer user_data)
{
  BurbleWakeMonitor *self = user_data;

  burble_net_clear_source (&self->settle_source);
  g_signal_emit (self, signals[SIGNAL_NETWORK_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
network_changed_cb (BurbleWakeMonitor *self,
                    gboolean           available)
{
  if (self->network_available == (available != FALSE))
    {
      if (!available || self->settle_source != NULL)
        return;
      self->settle_source = g_timeout_source_new (SETTLE_MS);
      g_source_set_static_name (self->settle_source, "[burble] network settles");
      g_source_set_callback (self->settle_source, settled_cb, self, NULL);
      g_source_attach (self->settle_source, g_main_context_get_thread_default ());
      return;
    }
  self->network_available = available != FALSE;
  burble_net_clear_source (&self->settle_source);
  g_signal_emit (self, signals[available ? SIGNAL_NETWORK_UP : SIGNAL_NETWORK_DOWN], 0);
}

static gint64
get_time_asleep (void)
{
  struct timespec boot = { 0 };
  struct timespec monotonic = { 0 };

  if (clock_gettime (CLOCK_MONOTONIC, &monotonic) != 0 ||
      clock_gettime (CLOCK_BOOTTIME, &boot) != 0)
    return 0;
  return ((gint64) boot.tv_sec - monotonic.tv_sec) * G_USEC_PER_SEC +
         (boot.tv_nsec - monotonic.tv_nsec) / 1000;
}

static gboolean
clock_cb (gpointer user_data)
{
  BurbleWakeMonitor *self = user_data;
  gint64 offset = get_time_asleep ();
  gboolean slept = offset - self->clock_offset > CLOCK_JUMP_US;

  self->clock_offset = offset;
  if (slept)
    g_signal_emit (self, signals[SIGNAL_RESUMED], 0);
  return G_SOURCE_CONTINUE;
}

static void
watch_clock (BurbleWakeMonitor *self)
{
  self->clock_offset = get_time_asleep ();
  self->clock_source = g_timeout_source_new_seconds (CLOCK_CHECK_SECONDS);
  g_source_set_static_name (self->clock_source, "[burble] sleep check");
  g_source_set_callback (self->clock_source, clock_cb, self, NULL);
  g_source_attach (self->clock_source, g_main_context_get_thread_default ());
}

static void
prepare_for_sleep_cb (GDBusConnection *bus,
                      const char      *sender,
                      const char      *path,
                      const char      *interface,
                      const char      *signal,
                      GVariant        *parameters,
                      gpointer         user_data)
{
  BurbleWakeMonitor *self = user_data;
  gboolean going = FALSE;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (parameters, "(b)", &going);
  g_signal_emit (self, signals[going ? SIGNAL_GOING_TO_SLEEP : SIGNAL_RESUMED], 0);
}

static void
watch_logind (BurbleWakeMonitor *self,
              GDBusConnection   *bus)
{
  self->bus = g_object_ref (bus);
  self->sleep_subscription =
    g_dbus_connection_signal_subscribe (bus, LOGIND_NAME, LOGIND_MANAGER, "PrepareForSleep",
                                        LOGIND_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                        prepare_for_sleep_cb, self, NULL);
}

static void
bus_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GDBusConnection) bus = g_bus_get_finish (result, &error);

  /* Cancelled: the monitor is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (bus != NULL)
    {
      /* Else the end of the system bus would end this process. */
      g_dbus_connection_set_exit_on_close (bus, FALSE);
      watch_logind (user_data, bus);
      return;
    }
  g_debug ("No system bus, watching the clock: %s", error->message);
  watch_clock (user_data);
}

static void
burble_wake_monitor_dispose (GObject *object)
{
  BurbleWakeMonitor *self = BURBLE_WAKE_MONITOR (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->sleep_subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->sleep_subscription);
  self->sleep_subscription = 0;
  g_clear_object (&self->bus);
  burble_net_clear_source (&self->clock_source);
  burble_net_clear_source (&self->settle_source);
  g_clear_object (&self->network);

  G_OBJECT_CLASS (burble_wake_monitor_parent_class)->dispose (object);
}

static void
burble_wake_monitor_class_init (BurbleWakeMonitorClass *klass)
{
  static const char *const names[N_SIGNALS] = {
    [SIGNAL_NETWORK_UP] = "network-up",
    [SIGNAL_NETWORK_DOWN] = "network-down",
    [SIGNAL_NETWORK_CHANGED] = "network-changed",
    [SIGNAL_RESUMED] = "resumed",
    [SIGNAL_GOING_TO_SLEEP] = "going-to-sleep",
  };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_wake_monitor_dispose;

  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], BURBLE_TYPE_WAKE_MONITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
}

static void
burble_wake_monitor_init (BurbleWakeMonitor *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * burble_wake_monitor_new:
 * @network: (nullable): the default one if %NULL
 * @system_bus: (nullable): the system bus if %NULL
 *
 * Only listens: it takes no inhibitor lock, so it never delays the machine's going to sleep.
 */
BurbleWakeMonitor *
burble_wake_monitor_new (GNetworkMonitor *network,
                         GDBusConnection *system_bus)
{
  BurbleWakeMonitor *self = NULL;

  g_return_val_if_fail (network == NULL || G_IS_NETWORK_MONITOR (network), NULL);
  g_return_val_if_fail (system_bus == NULL || G_IS_DBUS_CONNECTION (system_bus), NULL);

  self = g_object_new (BURBLE_TYPE_WAKE_MONITOR, NULL);
  self->network = g_object_ref (network != NULL ? network : g_network_monitor_get_default ());
  self->network_available = g_network_monitor_get_network_available (self->network) != FALSE;
  g_signal_connect_object (self->network, "network-changed", G_CALLBACK (network_changed_cb), self,
                           G_CONNECT_SWAPPED);
  if (system_bus != NULL)
    watch_logind (self, system_bus);
  else
    g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, bus_cb, self);
  return self;
}
