/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reconnect delays: doubling from 1 s to 2 min, each drawn evenly from [delay/2, delay]. */
typedef struct
{
  guint attempt;
} BurbleBackoff;

void  burble_backoff_reset (BurbleBackoff *self);
guint burble_backoff_next  (BurbleBackoff *self); /* milliseconds */

G_END_DECLS
