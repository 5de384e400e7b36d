/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BurbleThrottle:
 *
 * Slows down guessing. Each attempt counts when it begins (so that many at once do not slip
 * through) and is taken back when it succeeds. After a few failures from one address for one
 * account, that pair waits 1 s, 2 s, 4 s … up to a minute between attempts; the same, later, for an
 * address over all accounts and for an account over all addresses. An address from which the
 * account was signed in before is exempt from the last: a stranger who guesses cannot lock its
 * owner out. A quarter of an hour without failures forgives all.
 */
typedef struct _BurbleThrottle BurbleThrottle;

BurbleThrottle *burble_throttle_new     (guint           max_failures);
void            burble_throttle_free    (BurbleThrottle *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleThrottle, burble_throttle_free)

/* 0: go on (and the attempt is counted); else the seconds to wait. @now: monotonic µs. */
guint           burble_throttle_begin   (BurbleThrottle *self,
                                         const char     *address,
                                         const char     *account,
                                         gint64          now);
void            burble_throttle_succeed (BurbleThrottle *self,
                                         const char     *address,
                                         const char     *account,
                                         gint64          now);

G_END_DECLS
