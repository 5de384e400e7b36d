/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Looks at msgpack before anything is made of it: exactly one value, a map at the top, strings as
 * keys, all text UTF-8 without U+0000, and not more values or depth than a packet needs. What
 * claims to be longer than the bytes that are there is refused before memory is asked for.
 */
gboolean burble_cg_guard (const guint8 *data, gsize size, GError **error);

G_END_DECLS
