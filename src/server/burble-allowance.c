/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-allowance.h"

void
burble_allowance_init (BurbleAllowance *self,
                       guint            burst,
                       gint64           now)
{
  self->left = burst;
  self->last = now;
}

gint64
burble_allowance_use (BurbleAllowance *self,
                      double           amount,
                      guint            rate,
                      guint            burst,
                      gint64           now)
{
  double earned = (double) (now - self->last) * rate / G_USEC_PER_SEC;

  if (rate == 0)
    return 0;
  self->left = MIN (self->left + earned, (double) burst) - amount;
  self->last = now;
  if (self->left >= 0)
    return 0;
  return (gint64) (-self->left * G_USEC_PER_SEC / rate) + 1;
}
