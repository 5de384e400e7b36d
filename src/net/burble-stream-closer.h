/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void burble_stream_closer_close (GIOStream *stream,
                                 gboolean   output_is_stuck);

G_END_DECLS
