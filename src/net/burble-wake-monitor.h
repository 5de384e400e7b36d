/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BurbleWakeMonitor:
 *
 * Tells when it is worth trying again at once: the network came back (GNetworkMonitor) or the
 * machine woke (logind's PrepareForSleep; without a system bus, a jump of the boot-time clock
 * against the monotonic one).
 *
 * Signals: "network-up", "network-down", "resumed", "going-to-sleep"; and "network-changed" when
 * the network stayed up but became another (Wi-Fi to cable, VPN): what is connected should be
 * probed.
 */
#define BURBLE_TYPE_WAKE_MONITOR (burble_wake_monitor_get_type ())
G_DECLARE_FINAL_TYPE (BurbleWakeMonitor, burble_wake_monitor, BURBLE, WAKE_MONITOR, GObject)

/* Both may be NULL: then the default monitor / the system bus, where there is one. */
BurbleWakeMonitor *burble_wake_monitor_new (GNetworkMonitor *network, GDBusConnection *system_bus);

G_END_DECLS
