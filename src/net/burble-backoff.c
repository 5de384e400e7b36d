/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-backoff.h"

#define FIRST_DELAY_MS 1000
#define LAST_DELAY_MS (120 * 1000)

/**
 * burble_backoff_reset:
 * @self: a backoff
 *
 * Starts again at the shortest delay: the connection held, or the network changed.
 */
void
burble_backoff_reset (BurbleBackoff *self)
{
  g_return_if_fail (self != NULL);

  self->attempt = 0;
}

/**
 * burble_backoff_next:
 * @self: a backoff
 *
 * Draws the delay before the next attempt. The jitter keeps the clients of a server that came back
 * from arriving all at once.
 *
 * Returns: milliseconds
 */
guint
burble_backoff_next (BurbleBackoff *self)
{
  guint delay = FIRST_DELAY_MS;

  g_return_val_if_fail (self != NULL, FIRST_DELAY_MS);

  for (guint i = 0; i < self->attempt && delay < LAST_DELAY_MS; i++)
    delay *= 2;
  delay = MIN (delay, LAST_DELAY_MS);
  if (delay < LAST_DELAY_MS)
    self->attempt++;
  return (guint) g_random_int_range ((gint32) (delay / 2), (gint32) delay + 1);
}
