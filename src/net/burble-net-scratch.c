/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-net-private.h"

static GPrivate scratch_key = G_PRIVATE_INIT (g_free);

/**
 * burble_net_get_scratch:
 *
 * One buffer per thread serves all streams, so that an idle one needs none. It is never in use
 * while code outside of this folder runs, and never for reading and writing at once.
 *
 * Returns: (transfer none): %BURBLE_NET_SCRATCH_SIZE bytes with whatever is in them
 */
guint8 *
burble_net_get_scratch (void)
{
  guint8 *scratch = g_private_get (&scratch_key);

  if (scratch == NULL)
    {
      scratch = g_malloc (BURBLE_NET_SCRATCH_SIZE);
      g_private_set (&scratch_key, scratch);
    }
  return scratch;
}
