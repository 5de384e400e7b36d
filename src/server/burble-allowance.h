/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BurbleAllowance:
 *
 * What somebody may use up: @burst at once, and @rate more each second. Whoever asks for more gets
 * it on credit, and then waits until the debt is paid.
 */
typedef struct
{
  double left;
  gint64 last; /* monotonic time of `left` */
} BurbleAllowance;

void   burble_allowance_init  (BurbleAllowance *self,
                               guint            burst,
                               gint64           now);
/* Uses @amount and returns how long to wait until there is something left again, in microseconds;
 * @rate 0: there is no limit. */
gint64 burble_allowance_use   (BurbleAllowance *self,
                               double           amount,
                               guint            rate,
                               guint            burst,
                               gint64           now);

G_END_DECLS
