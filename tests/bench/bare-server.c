/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <stdio.h>

/*
 * The baseline of server-bench: GLib's TLS and nothing else. Each connection has one read pending
 * and sends back whatever comes. Prints its port, ends when its standard input does.
 */

typedef struct
{
  GIOStream *tls;
  GSource   *source;
} Session;

static GTlsCertificate *certificate;
/* One for all: an idle connection should cost what TLS costs, not a buffer of ours. */
static char buffer[16384];

static void
session_free (Session *session)
{
  if (session->source != NULL)
    {
      g_source_destroy (session->source);
      g_source_unref (session->source);
    }
  g_io_stream_close_async (session->tls, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_object_unref (session->tls);
  g_free (session);
}

static gboolean
readable_cb (GObject  *input,
             gpointer  user_data)
{
  Session *session = user_data;
  GOutputStream *output = g_io_stream_get_output_stream (session->tls);
  g_autoptr(GError) error = NULL;
  gssize n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (input), buffer,
                                                       sizeof buffer, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;
  if (n <= 0 || !g_output_stream_write_all (output, buffer, (gsize) n, NULL, NULL, NULL))
    {
      session_free (session);
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

static void
shaken_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Session *session = user_data;
  GInputStream *input = g_io_stream_get_input_stream (session->tls);

  if (!g_tls_connection_handshake_finish (G_TLS_CONNECTION (object), result, NULL))
    {
      session_free (session);
      return;
    }
  session->source = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (input), NULL);
  g_source_set_callback (session->source, G_SOURCE_FUNC (readable_cb), session, NULL);
  g_source_attach (session->source, NULL);
}

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             gpointer           user_data)
{
  Session *session = g_new0 (Session, 1);

  session->tls = g_tls_server_connection_new (G_IO_STREAM (connection), certificate, NULL);
  g_assert_nonnull (session->tls);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (session->tls), G_PRIORITY_DEFAULT, NULL,
                                    shaken_cb, session);
  return TRUE;
}

static void
quit_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_main_loop_quit (user_data);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GSocketService) service = g_socket_service_new ();
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr(GSocketAddress) bound = NULL;
  g_autoptr(GInputStream) standard_input = NULL;
  char end[1];

  if (argc != 3)
    {
      g_printerr ("Usage: bare-server CERTIFICATE.pem KEY.pem\n");
      return 2;
    }
  certificate = g_tls_certificate_new_from_files (argv[1], argv[2], &error);
  if (certificate == NULL)
    g_error ("%s", error->message);
  g_socket_listener_set_backlog (G_SOCKET_LISTENER (service), 1024);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), any, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error))
    g_error ("%s", error->message);
  g_signal_connect (service, "incoming", G_CALLBACK (incoming_cb), NULL);
  g_socket_service_start (service);
  g_print ("%u\n", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  fflush (stdout);

  standard_input = g_unix_input_stream_new (0, FALSE);
  g_input_stream_read_async (standard_input, end, sizeof end, G_PRIORITY_DEFAULT, NULL, quit_cb,
                             loop);
  g_main_loop_run (loop);
  return 0;
}
