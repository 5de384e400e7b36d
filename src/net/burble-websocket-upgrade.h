/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void     burble_websocket_upgrade_async  (GIOStream           *stream,
                                          const char          *host,
                                          const char          *path,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data);
gboolean burble_websocket_upgrade_finish (GIOStream           *stream,
                                          GAsyncResult        *result,
                                          GError             **error);

G_END_DECLS
