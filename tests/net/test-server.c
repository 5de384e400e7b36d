/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "test-server.h"

#include <gnutls/gnutls.h>
#include <string.h>

static void
shaken_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_tls_connection_handshake_finish (G_TLS_CONNECTION (object), result, NULL);
}

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             gpointer           user_data)
{
  TestServer *server = user_data;
  g_autoptr(GError) error = NULL;
  GIOStream *stream = NULL;

  server->accepted++;
  if (server->certificate == NULL)
    {
      g_ptr_array_add (server->streams, g_object_ref (connection));
      return TRUE;
    }
  stream = g_tls_server_connection_new (G_IO_STREAM (connection), server->certificate, &error);
  g_assert_no_error (error);
  g_ptr_array_add (server->streams, stream);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (stream), G_PRIORITY_DEFAULT, NULL, shaken_cb,
                                    NULL);
  return TRUE;
}

static guint16
listen_on_loopback (GSocketListener *listener)
{
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr(GSocketAddress) bound = NULL;
  g_autoptr(GError) error = NULL;

  g_socket_listener_add_address (listener, any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 &bound, &error);
  g_assert_no_error (error);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

TestServer *
test_server_new (GTlsCertificate *certificate)
{
  TestServer *server = g_new0 (TestServer, 1);

  server->service = g_socket_service_new ();
  server->streams = g_ptr_array_new_with_free_func (g_object_unref);
  g_set_object (&server->certificate, certificate);
  server->port = listen_on_loopback (G_SOCKET_LISTENER (server->service));
  g_signal_connect (server->service, "incoming", G_CALLBACK (incoming_cb), server);
  g_socket_service_start (server->service);
  return server;
}

void
test_server_free (TestServer *server)
{
  g_socket_service_stop (server->service);
  g_socket_listener_close (G_SOCKET_LISTENER (server->service));
  g_signal_handlers_disconnect_by_data (server->service, server);
  g_object_unref (server->service);
  g_ptr_array_unref (server->streams);
  g_clear_object (&server->certificate);
  g_free (server);
}

static gpointer
bare_server_thread (gpointer user_data)
{
  BareServer *server = user_data;
  g_autoptr(GSocketConnection) connection = NULL;
  g_autofree char *pem = NULL;
  g_autofree char *key_pem = NULL;
  gnutls_certificate_credentials_t credentials = NULL;
  gnutls_session_t session = NULL;
  gnutls_datum_t crt = { 0 };
  gnutls_datum_t key = { 0 };
  char name[256] = "";
  size_t size = sizeof name;
  unsigned int type = 0;
  int status = 0;

  connection = g_socket_listener_accept (server->listener, NULL, NULL, NULL);
  g_assert_nonnull (connection);
  g_object_get (server->certificate, "certificate-pem", &pem, "private-key-pem", &key_pem, NULL);
  crt = (gnutls_datum_t) { (unsigned char *) pem, (unsigned int) strlen (pem) };
  key = (gnutls_datum_t) { (unsigned char *) key_pem, (unsigned int) strlen (key_pem) };
  g_assert_cmpint (gnutls_certificate_allocate_credentials (&credentials), ==, 0);
  g_assert_cmpint (gnutls_certificate_set_x509_key_mem (credentials, &crt, &key,
                                                        GNUTLS_X509_FMT_PEM), ==, 0);
  g_assert_cmpint (gnutls_init (&session, GNUTLS_SERVER), ==, 0);
  g_assert_cmpint (gnutls_priority_set_direct (session, server->priority, NULL), ==, 0);
  gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE, credentials);
  gnutls_transport_set_int (session,
                            g_socket_get_fd (g_socket_connection_get_socket (connection)));
  do
    status = gnutls_handshake (session);
  while (status < 0 && !gnutls_error_is_fatal (status));
  server->shaken = status == 0;
  if (gnutls_server_name_get (session, name, &size, &type, 0) == 0)
    server->server_name = g_strndup (name, size);
  gnutls_deinit (session);
  gnutls_certificate_free_credentials (credentials);
  return NULL;
}

BareServer *
bare_server_new (GTlsCertificate *certificate,
                 const char      *priority)
{
  BareServer *server = g_new0 (BareServer, 1);

  server->listener = g_socket_listener_new ();
  server->port = listen_on_loopback (server->listener);
  server->certificate = g_object_ref (certificate);
  server->priority = g_strdup (priority);
  server->thread = g_thread_new ("bare-server", bare_server_thread, server);
  return server;
}

void
bare_server_join (BareServer *server)
{
  g_clear_pointer (&server->thread, g_thread_join);
}

void
bare_server_free (BareServer *server)
{
  bare_server_join (server);
  g_object_unref (server->listener);
  g_object_unref (server->certificate);
  g_free (server->priority);
  g_free (server->server_name);
  g_free (server);
}
