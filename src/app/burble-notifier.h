/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-session.h"

G_BEGIN_DECLS

/**
 * BurbleNotifier:
 *
 * Shows what the session's policy wants shown: one notification per tag, replaced as messages come,
 * withdrawn when it is out of date. libnotify waits for the daemon's answer, so all of it happens
 * on a thread of its own.
 *
 * Signal: "activated" (BurbleNotice *, const char *action, const char *activation_token), action
 * being "default", "mark-read", "accept" or "decline".
 */
#define BURBLE_TYPE_NOTIFIER (burble_notifier_get_type ())
G_DECLARE_FINAL_TYPE (BurbleNotifier, burble_notifier, BURBLE, NOTIFIER, GObject)

BurbleNotifier *burble_notifier_new      (BurbleSession *session);
/* Ends the thread; what is shown is withdrawn. */
void            burble_notifier_shutdown (BurbleNotifier *self);

G_END_DECLS
