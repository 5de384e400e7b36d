/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  BURBLE_SECURITY_TLS,
  BURBLE_SECURITY_NONE, /* only loopback, or where the user turned encryption off by hand */
} BurbleSecurity;

/* The usual ports of web servers, for a default where the stream is to be a WebSocket. */
#define BURBLE_HTTPS_PORT 443
#define BURBLE_HTTP_PORT 80

/**
 * BurbleConnector:
 *
 * Opens one connection: SRV `_service._tcp.DOMAIN` and then DOMAIN at the default port, or the host
 * and port set by hand; a WebSocket on it where that is wished; TLS 1.2 or newer, the certificate
 * checked against the *domain*, or against the pin. One use each.
 */
#define BURBLE_TYPE_CONNECTOR (burble_connector_get_type ())
G_DECLARE_FINAL_TYPE (BurbleConnector, burble_connector, BURBLE, CONNECTOR, GObject)

BurbleConnector      *burble_connector_new             (const char *domain, const char *service,
                                                        guint16 default_port);
/* by hand; NULL/0 = automatic */
void                  burble_connector_set_server      (BurbleConnector *self, const char *host,
                                                        guint16 port);
void                  burble_connector_set_security    (BurbleConnector *self,
                                                        BurbleSecurity security,
                                                        gboolean user_allows_plain);
void                  burble_connector_set_websocket   (BurbleConnector *self, const char *path);
const char           *burble_connector_get_websocket   (BurbleConnector *self);
void                  burble_connector_set_pin         (BurbleConnector *self,
                                                        const char *fingerprint);
/*
 * The authorities to trust instead of the system's; for servers with a CA of their own, and tests.
 */
void                  burble_connector_set_tls_database (BurbleConnector *self,
                                                         GTlsDatabase *database);
/* All of it: lookup, connect, handshake. Default 30 s. */
void                  burble_connector_set_timeout     (BurbleConnector *self, guint milliseconds);
void                  burble_connector_connect_async   (BurbleConnector *self,
                                                        GCancellable *cancellable,
                                                        GAsyncReadyCallback callback,
                                                        gpointer user_data);
GIOStream            *burble_connector_connect_finish  (BurbleConnector *self, GAsyncResult *result,
                                                        GError **error);
/* After BURBLE_NET_ERROR_CERTIFICATE (or success over TLS): what the server showed. Nullable. */
GTlsCertificate      *burble_connector_get_certificate (BurbleConnector *self);
GTlsCertificateFlags  burble_connector_get_certificate_errors (BurbleConnector *self);

G_END_DECLS
