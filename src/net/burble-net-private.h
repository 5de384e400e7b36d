/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BURBLE_NET_SCRATCH_SIZE (32u * 1024u)

guint8 *burble_net_get_scratch (void);

/* Destroys the source, where there is one, and lets go of it. */
static inline void
burble_net_clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

G_END_DECLS
