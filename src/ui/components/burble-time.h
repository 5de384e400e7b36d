/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Times are µs since 1970; `now` is given, so that tests have their own. */
gboolean  burble_time_prefers_24h (void);
char     *burble_time_clock       (gint64 time, gboolean use_24h);
char     *burble_time_short       (gint64 time, gint64 now, gboolean use_24h);
char     *burble_time_day         (gint64 time, gint64 now);
char     *burble_time_full        (gint64 time, gboolean use_24h);
gboolean  burble_time_same_day    (gint64 one, gint64 other);

G_END_DECLS
