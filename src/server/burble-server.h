/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "burble-server-config.h"

G_BEGIN_DECLS

/**
 * BurbleServer:
 *
 * The running server: storage, router, listener and the connections.
 */
#define BURBLE_TYPE_SERVER (burble_server_get_type ())
G_DECLARE_FINAL_TYPE (BurbleServer, burble_server, BURBLE, SERVER, GObject)

/* Takes the configuration. Opens the storage and the certificate. */
BurbleServer *burble_server_new         (BurbleServerConfig   *config,
                                         GError              **error);
gboolean      burble_server_listen      (BurbleServer         *self,
                                         GError              **error);
guint16       burble_server_get_port    (BurbleServer         *self);
gboolean      burble_server_reload_certificate (BurbleServer  *self,
                                                GError       **error);
/* Answers what was asked, says good-bye to everybody and closes the storage, in 5 s at most. */
void          burble_server_stop_async  (BurbleServer         *self,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
gboolean      burble_server_stop_finish (BurbleServer         *self,
                                         GAsyncResult         *result,
                                         GError              **error);

G_END_DECLS
