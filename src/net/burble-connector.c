/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-net-connector"

#include "config.h"

#include "burble-connector.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "burble-certificate.h"
#include "burble-net-error.h"
#include "burble-net-private.h"
#include "burble-websocket-upgrade.h"

/* A resolver that never answers the SRV question must not eat the time of the whole attempt. */
#define SRV_TIMEOUT_MS (8 * 1000)
#define DEFAULT_TIMEOUT_MS (30 * 1000)

struct _BurbleConnector
{
  GObject              parent_instance;
  char                *domain;  /* as DNS and certificates write it: ASCII, no brackets */
  char                *service;
  char                *host; /* by hand, or NULL */
  char                *pin;
  char                *websocket; /* path, or NULL */
  GTlsDatabase        *database;
  GTlsCertificate     *certificate;
  GTlsCertificateFlags certificate_errors;
  BurbleSecurity       security;
  guint                timeout_ms;
  guint16              default_port;
  guint16              port;
  guint                user_allows_plain : 1;
  guint                used : 1;
  guint                refused_certificate : 1;
};

G_DEFINE_FINAL_TYPE (BurbleConnector, burble_connector, G_TYPE_OBJECT)

/* One attempt; the data of the task. */
typedef struct
{
  GCancellable  *cancellable; /* the caller's, or the time is up */
  GCancellable  *caller;
  gulong         caller_handler;
  GSource       *timeout;
  GCancellable  *srv_cancellable;
  GSource       *srv_timeout;
  GQueue         targets; /* of GSrvTarget, in the order to try */
  GSocketClient *client;
  gboolean       timed_out;
} Attempt;

static void try_next_target (GTask *task);

static void
attempt_free (Attempt *attempt)
{
  burble_net_clear_source (&attempt->timeout);
  burble_net_clear_source (&attempt->srv_timeout);
  if (attempt->caller != NULL)
    g_cancellable_disconnect (attempt->caller, attempt->caller_handler);
  g_clear_object (&attempt->caller);
  g_clear_object (&attempt->cancellable);
  g_clear_object (&attempt->srv_cancellable);
  g_clear_object (&attempt->client);
  g_queue_clear_full (&attempt->targets, (GDestroyNotify) g_srv_target_free);
  g_free (attempt);
}

static gboolean
timed_out_cb (gpointer user_data)
{
  Attempt *attempt = user_data;

  attempt->timed_out = TRUE;
  burble_net_clear_source (&attempt->timeout);
  g_cancellable_cancel (attempt->cancellable);
  g_cancellable_cancel (attempt->srv_cancellable);
  return G_SOURCE_REMOVE;
}

static gboolean
srv_timed_out_cb (gpointer user_data)
{
  Attempt *attempt = user_data;

  burble_net_clear_source (&attempt->srv_timeout);
  g_cancellable_cancel (attempt->srv_cancellable);
  return G_SOURCE_REMOVE;
}

static GSource *
attach_timeout (guint       milliseconds,
                GSourceFunc callback,
                gpointer    user_data)
{
  GSource *source = g_timeout_source_new (milliseconds);

  g_source_set_static_name (source, "[burble] connector timeout");
  g_source_set_callback (source, callback, user_data, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

static void
caller_cancelled_cb (GCancellable *caller,
                     gpointer      user_data)
{
  Attempt *attempt = user_data;

  g_cancellable_cancel (attempt->cancellable);
  g_cancellable_cancel (attempt->srv_cancellable);
}

/* Ends the attempt; takes @error and @stream. No timer of it runs when the caller is told. */
static void
attempt_return (GTask     *task,
                GIOStream *stream,
                GError    *error)
{
  Attempt *attempt = g_task_get_task_data (task);

  burble_net_clear_source (&attempt->timeout);
  burble_net_clear_source (&attempt->srv_timeout);
  if (stream != NULL)
    {
      g_task_return_pointer (task, stream, g_object_unref);
      return;
    }
  if (attempt->timed_out)
    {
      g_clear_error (&error);
      error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                   "The server did not answer in time");
    }
  g_task_return_error (task, error);
}

static gboolean
name_is_loopback (const char *name)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (name);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);
  return g_ascii_strcasecmp (name, "localhost") == 0 || g_str_has_suffix (name, ".localhost");
}

static gboolean
connection_is_loopback (GSocketConnection *connection)
{
  g_autoptr(GSocketAddress) address = g_socket_connection_get_remote_address (connection, NULL);

  return G_IS_INET_SOCKET_ADDRESS (address) &&
         g_inet_address_get_is_loopback (
           g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

static GError *
plain_refused_error (void)
{
  return g_error_new_literal (BURBLE_NET_ERROR, BURBLE_NET_ERROR_PLAIN_REFUSED,
                              "A connection without encryption may only go to this computer");
}

/* Packets are small and leave in whole; to hold them back for more would only delay them. */
static void
set_up_socket (GSocketConnection *connection)
{
  GSocket *socket = g_socket_connection_get_socket (connection);

  g_socket_set_keepalive (socket, TRUE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
}

/* WebSocket */

static void
upgraded_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (burble_websocket_upgrade_finish (G_IO_STREAM (object), result, &error))
    attempt_return (task, G_IO_STREAM (g_object_ref (object)), NULL);
  else
    attempt_return (task, NULL, error);
}

/* The name that is asked for is the one that the certificate has to have. */
static char *
web_host (BurbleConnector *self)
{
  guint16 usual = self->security == BURBLE_SECURITY_TLS ? BURBLE_HTTPS_PORT : BURBLE_HTTP_PORT;
  guint16 port = self->port != 0 ? self->port : self->default_port;
  g_autofree char *name = strchr (self->domain, ':') != NULL
                          ? g_strdup_printf ("[%s]", self->domain)
                          : g_strdup (self->domain);

  if (port == usual)
    return g_steal_pointer (&name);
  return g_strdup_printf ("%s:%u", name, port);
}

/* The bytes can flow. */
static void
connected (GTask     *task,
           GIOStream *stream)
{
  BurbleConnector *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  g_autofree char *host = NULL;

  if (self->websocket == NULL)
    {
      attempt_return (task, g_object_ref (stream), NULL);
      return;
    }
  host = web_host (self);
  burble_websocket_upgrade_async (stream, host, self->websocket, attempt->cancellable, upgraded_cb,
                                  g_object_ref (task));
}

/* TLS */

static gboolean
accept_certificate_cb (GTlsConnection       *connection,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  errors,
                       gpointer              user_data)
{
  BurbleConnector *self = user_data;

  g_set_object (&self->certificate, certificate);
  self->certificate_errors = errors;
  /* Nobody is asked here: a person takes longer than a handshake may. */
  self->refused_certificate = !burble_certificate_matches_pin (certificate, self->pin);
  return !self->refused_certificate;
}

static GError *
certificate_error (BurbleConnector *self)
{
  g_autofree char *fingerprint = burble_certificate_get_fingerprint (self->certificate);

  return g_error_new (BURBLE_NET_ERROR, BURBLE_NET_ERROR_CERTIFICATE,
                      "The certificate of %s could not be verified (SHA-256 %s)", self->domain,
                      fingerprint != NULL ? fingerprint : "unknown");
}

static void
handshake_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  BurbleConnector *self = g_task_get_source_object (task);
  GTlsConnection *tls = G_TLS_CONNECTION (object);
  GTlsProtocolVersion version = G_TLS_PROTOCOL_VERSION_UNKNOWN;
  GError *error = NULL;

  if (!g_tls_connection_handshake_finish (tls, result, &error))
    {
      if (self->refused_certificate)
        {
          g_clear_error (&error);
          error = certificate_error (self);
        }
      attempt_return (task, NULL, error);
      return;
    }
  version = g_tls_connection_get_protocol_version (tls);
  if (version < G_TLS_PROTOCOL_VERSION_TLS_1_2 || version > G_TLS_PROTOCOL_VERSION_TLS_1_3)
    {
      attempt_return (task, NULL,
                      g_error_new_literal (G_TLS_ERROR, G_TLS_ERROR_HANDSHAKE,
                                           "The server does not offer TLS 1.2 or newer"));
      return;
    }
  g_set_object (&self->certificate, g_tls_connection_get_peer_certificate (tls));
  self->certificate_errors = g_tls_connection_get_peer_certificate_errors (tls);
  connected (task, G_IO_STREAM (tls));
}

static void
start_tls (GTask             *task,
           GSocketConnection *connection)
{
  BurbleConnector *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr(GSocketConnectable) identity = NULL;
  g_autoptr(GIOStream) tls = NULL;
  GError *error = NULL;

  /* The name that is asked for (SNI) and checked is the domain of the id, wherever SRV or the hand
   * led to: otherwise whoever answers DNS could choose the certificate too. */
  identity = g_network_address_new (self->domain, self->default_port);
  tls = g_tls_client_connection_new (G_IO_STREAM (connection), identity, &error);
  if (tls == NULL)
    {
      attempt_return (task, NULL, error);
      return;
    }
  if (self->database != NULL)
    g_tls_connection_set_database (G_TLS_CONNECTION (tls), self->database);
  /* Frames have lengths: a connection that was cut is noticed without TLS's goodbye. */
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
  g_signal_connect_object (tls, "accept-certificate", G_CALLBACK (accept_certificate_cb), self,
                           G_CONNECT_DEFAULT);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT,
                                    attempt->cancellable, handshake_cb, g_object_ref (task));
}

/* TCP */

static void
connected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GSocketConnection) connection = NULL;
  BurbleConnector *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  GError *error = NULL;

  connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (object), result, &error);
  if (connection == NULL)
    {
      if (g_queue_is_empty (&attempt->targets) || g_cancellable_is_cancelled (attempt->cancellable))
        {
          attempt_return (task, NULL, error);
          return;
        }
      g_debug ("Trying the next server of %s: %s", self->domain, error->message);
      g_clear_error (&error);
      try_next_target (task);
      return;
    }
  set_up_socket (connection);
  if (self->security == BURBLE_SECURITY_TLS)
    start_tls (task, connection);
  else if (self->user_allows_plain || connection_is_loopback (connection))
    connected (task, G_IO_STREAM (connection));
  else
    attempt_return (task, NULL, plain_refused_error ());
}

static void
try_next_target (GTask *task)
{
  Attempt *attempt = g_task_get_task_data (task);
  GSrvTarget *target = g_queue_pop_head (&attempt->targets);
  g_autoptr(GSocketConnectable) address = NULL;

  address = g_network_address_new (g_srv_target_get_hostname (target),
                                   g_srv_target_get_port (target));
  g_srv_target_free (target);
  g_socket_client_connect_async (attempt->client, address, attempt->cancellable, connected_cb,
                                 g_object_ref (task));
}

static void
add_target (Attempt    *attempt,
            const char *host,
            guint16     port)
{
  g_queue_push_tail (&attempt->targets, g_srv_target_new (host, port, 0, 0));
}

static void
service_found_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  BurbleConnector *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  GList *targets = NULL;

  targets = g_resolver_lookup_service_finish (G_RESOLVER (object), result, &error);
  burble_net_clear_source (&attempt->srv_timeout);
  if (g_cancellable_is_cancelled (attempt->cancellable))
    {
      g_list_free_full (targets, (GDestroyNotify) g_srv_target_free);
      attempt_return (task, NULL,
                      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                           "The attempt was cancelled"));
      return;
    }
  for (GList *l = targets; l != NULL; l = l->next)
    g_queue_push_tail (&attempt->targets, l->data);
  g_list_free (targets);
  if (g_queue_is_empty (&attempt->targets))
    {
      g_debug ("No SRV record for %s: %s", self->domain, error != NULL ? error->message : "empty");
      add_target (attempt, self->domain, self->default_port);
    }
  try_next_target (task);
}

static gboolean
may_have_service_record (const char *domain)
{
  return !g_hostname_is_ip_address (domain) && !name_is_loopback (domain);
}

static void
start_attempt (GTask *task)
{
  g_autoptr(GResolver) resolver = NULL;
  BurbleConnector *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);

  /* What the record names need not be a web server. */
  if (self->host != NULL || self->websocket != NULL || !may_have_service_record (self->domain))
    {
      add_target (attempt, self->host != NULL ? self->host : self->domain,
                  self->host != NULL && self->port != 0 ? self->port : self->default_port);
      try_next_target (task);
      return;
    }
  attempt->srv_timeout = attach_timeout (SRV_TIMEOUT_MS, srv_timed_out_cb, attempt);
  resolver = g_resolver_get_default ();
  g_resolver_lookup_service_async (resolver, self->service, "tcp", self->domain,
                                   attempt->srv_cancellable, service_found_cb, g_object_ref (task));
}

static void
burble_connector_dispose (GObject *object)
{
  BurbleConnector *self = BURBLE_CONNECTOR (object);

  g_clear_object (&self->database);
  g_clear_object (&self->certificate);

  G_OBJECT_CLASS (burble_connector_parent_class)->dispose (object);
}

static void
burble_connector_finalize (GObject *object)
{
  BurbleConnector *self = BURBLE_CONNECTOR (object);

  g_free (self->domain);
  g_free (self->service);
  g_free (self->host);
  g_free (self->pin);
  g_free (self->websocket);

  G_OBJECT_CLASS (burble_connector_parent_class)->finalize (object);
}

static void
burble_connector_class_init (BurbleConnectorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_connector_dispose;
  object_class->finalize = burble_connector_finalize;
}

static void
burble_connector_init (BurbleConnector *self)
{
  self->security = BURBLE_SECURITY_TLS;
  self->timeout_ms = DEFAULT_TIMEOUT_MS;
}

/* An address literal in brackets loses them; a name in another script becomes what DNS knows. */
static char *
prepare_host (const char *name)
{
  gsize length = strlen (name);

  if (length > 2 && name[0] == '[' && name[length - 1] == ']')
    return g_strndup (name + 1, length - 2);
  if (g_hostname_is_non_ascii (name))
    return g_hostname_to_ascii (name);
  return g_strdup (name);
}

/**
 * burble_connector_new:
 * @domain: the domain of the id: a name in any script, or an address literal
 * @service: for the SRV lookup, without underscore
 * @default_port: where there is no SRV record
 */
BurbleConnector *
burble_connector_new (const char *domain,
                      const char *service,
                      guint16     default_port)
{
  BurbleConnector *self = NULL;

  g_return_val_if_fail (domain != NULL, NULL);
  g_return_val_if_fail (service != NULL, NULL);

  self = g_object_new (BURBLE_TYPE_CONNECTOR, NULL);
  self->domain = prepare_host (domain);
  self->service = g_strdup (service);
  self->default_port = default_port;
  return self;
}

/**
 * burble_connector_set_server:
 * @self: a connector
 * @host: (nullable): where to connect instead of what SRV says; the certificate is still checked
 *   against the domain
 * @port: 0 for the default port
 */
void
burble_connector_set_server (BurbleConnector *self,
                             const char      *host,
                             guint16          port)
{
  g_return_if_fail (BURBLE_IS_CONNECTOR (self));

  g_free (self->host);
  self->host = host != NULL && *host != '\0' ? prepare_host (host) : NULL;
  self->port = port;
}

/**
 * burble_connector_set_security:
 * @self: a connector
 * @security: whether to encrypt
 * @user_allows_plain: whether the user turned encryption off knowingly; else plain TCP goes to this
 *   computer only
 */
void
burble_connector_set_security (BurbleConnector *self,
                               BurbleSecurity   security,
                               gboolean         user_allows_plain)
{
  g_return_if_fail (BURBLE_IS_CONNECTOR (self));

  self->security = security;
  self->user_allows_plain = user_allows_plain != FALSE;
}

/**
 * burble_connector_set_websocket:
 * @self: a connector
 * @path: (nullable): where the server offers a WebSocket; %NULL for a stream without one
 *
 * The stream is a WebSocket when it is ready. It is looked for at the domain, and no SRV record is
 * asked for.
 */
void
burble_connector_set_websocket (BurbleConnector *self,
                                const char      *path)
{
  g_return_if_fail (BURBLE_IS_CONNECTOR (self));

  g_set_str (&self->websocket, path);
}

const char *
burble_connector_get_websocket (BurbleConnector *self)
{
  g_return_val_if_fail (BURBLE_IS_CONNECTOR (self), NULL);

  return self->websocket;
}

/**
 * burble_connector_set_pin:
 * @self: a connector
 * @fingerprint: (nullable): of the one certificate that is accepted though it cannot be verified
 */
void
burble_connector_set_pin (BurbleConnector *self,
                          const char      *fingerprint)
{
  g_return_if_fail (BURBLE_IS_CONNECTOR (self));

  g_set_str (&self->pin, fingerprint);
}

/**
 * burble_connector_set_tls_database:
 * @self: a connector
 * @database: (nullable): the authorities to trust instead of the system's
 *
 * For servers with a CA of their own, and for tests.
 */
void
burble_connector_set_tls_database (BurbleConnector *self,
                                   GTlsDatabase    *database)
{
  g_return_if_fail (BURBLE_IS_CONNECTOR (self));
  g_return_if_fail (database == NULL || G_IS_TLS_DATABASE (database));

  g_set_object (&self->database, database);
}

/**
 * burble_connector_set_timeout:
 * @self: a connector
 * @milliseconds: how long lookup, connection and handshake may take together; 30 s if never set
 */
void
burble_connector_set_timeout (BurbleConnector *self,
                              guint            milliseconds)
{
  g_return_if_fail (BURBLE_IS_CONNECTOR (self));

  self->timeout_ms = milliseconds;
}

/**
 * burble_connector_connect_async:
 * @self: a connector that was not used before
 * @cancellable: (nullable): gives up
 * @callback: called when the stream is ready for the first packet
 * @user_data: for @callback
 */
void
burble_connector_connect_async (BurbleConnector    *self,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  const char *host = NULL;
  Attempt *attempt = NULL;

  g_return_if_fail (BURBLE_IS_CONNECTOR (self));
  g_return_if_fail (!self->used);

  self->used = TRUE;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, burble_connector_connect_async);
  g_task_set_static_name (task, "[burble] connect");
  if (g_task_return_error_if_cancelled (task))
    return;
  host = self->host != NULL ? self->host : self->domain;
  if (host == NULL || self->domain == NULL)
    {
      g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                       "The server has no valid name");
      return;
    }
  if (self->security == BURBLE_SECURITY_NONE && !self->user_allows_plain &&
      !name_is_loopback (host))
    {
      g_task_return_error (task, plain_refused_error ());
      return;
    }

  attempt = g_new0 (Attempt, 1);
  attempt->cancellable = g_cancellable_new ();
  attempt->srv_cancellable = g_cancellable_new ();
  attempt->client = g_socket_client_new ();
  /* What may only go to this computer must not be carried elsewhere by a proxy. */
  g_socket_client_set_enable_proxy (attempt->client, !name_is_loopback (host));
  attempt->timeout = attach_timeout (self->timeout_ms, timed_out_cb, attempt);
  g_task_set_task_data (task, attempt, (GDestroyNotify) attempt_free);
  if (cancellable != NULL)
    {
      attempt->caller = g_object_ref (cancellable);
      attempt->caller_handler =
        g_cancellable_connect (cancellable, G_CALLBACK (caller_cancelled_cb), attempt, NULL);
    }
  start_attempt (task);
}

/**
 * burble_connector_connect_finish:
 *
 * Errors besides those of [error@NetError]: %G_IO_ERROR_TIMED_OUT, %G_IO_ERROR_CANCELLED, and what
 * resolver, socket and TLS say.
 *
 * Returns: (transfer full): a #GTlsConnection, or a #GSocketConnection where encryption is off
 */
GIOStream *
burble_connector_connect_finish (BurbleConnector *self,
                                 GAsyncResult    *result,
                                 GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * burble_connector_get_certificate:
 *
 * Returns: (transfer none) (nullable): what the server showed
 */
GTlsCertificate *
burble_connector_get_certificate (BurbleConnector *self)
{
  g_return_val_if_fail (BURBLE_IS_CONNECTOR (self), NULL);

  return self->certificate;
}

/**
 * burble_connector_get_certificate_errors:
 * @self: a connector
 *
 * Returns: what was wrong with the certificate that the server showed, also where the pin vouched
 *   for it
 */
GTlsCertificateFlags
burble_connector_get_certificate_errors (BurbleConnector *self)
{
  g_return_val_if_fail (BURBLE_IS_CONNECTOR (self), G_TLS_CERTIFICATE_NO_FLAGS);

  return self->certificate_errors;
}
