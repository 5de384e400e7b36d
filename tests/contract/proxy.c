/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "proxy.h"

#define CHUNK (32 * 1024)

typedef struct
{
  GSocketConnection *client;
  GSocketConnection *server;
  GCancellable *cancellable;
  gboolean hold; /* answers */
} Link;

/* One direction of a link. */
typedef struct
{
  Link *link; /* (owned) */
  GInputStream *from;
  GOutputStream *to;
  gboolean answers;
  guint8 buffer[CHUNK];
} Pump;

struct _Proxy
{
  GSocketService *service;
  guint16 port;
  guint16 target;
  GPtrArray *links; /* (element-type Link) */
};

static void pump_on (Pump *pump);

static void
link_clear (gpointer data)
{
  Link *link = data;

  g_object_unref (link->client);
  g_object_unref (link->server);
  g_object_unref (link->cancellable);
}

static void
link_unref (Link *link)
{
  g_rc_box_release_full (link, link_clear);
}

static void
link_break (Link *link)
{
  g_cancellable_cancel (link->cancellable);
  g_socket_close (g_socket_connection_get_socket (link->client), NULL);
  g_socket_close (g_socket_connection_get_socket (link->server), NULL);
}

static void
pump_end (Pump *pump)
{
  link_break (pump->link);
  link_unref (pump->link);
  g_free (pump);
}

static void
written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Pump *pump = user_data;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, NULL))
    pump_on (pump);
  else
    pump_end (pump);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Pump *pump = user_data;
  gssize size = g_input_stream_read_finish (G_INPUT_STREAM (object), result, NULL);

  if (size <= 0)
    pump_end (pump);
  else if (pump->answers && pump->link->hold)
    pump_on (pump);
  else
    g_output_stream_write_all_async (pump->to, pump->buffer, (gsize) size, G_PRIORITY_DEFAULT,
                                     pump->link->cancellable, written_cb, pump);
}

static void
pump_on (Pump *pump)
{
  g_input_stream_read_async (pump->from, pump->buffer, CHUNK, G_PRIORITY_DEFAULT,
                             pump->link->cancellable, read_cb, pump);
}

static void
pump_start (Link *link, GSocketConnection *from, GSocketConnection *to, gboolean answers)
{
  Pump *pump = g_new0 (Pump, 1);

  pump->link = g_rc_box_acquire (link);
  pump->from = g_io_stream_get_input_stream (G_IO_STREAM (from));
  pump->to = g_io_stream_get_output_stream (G_IO_STREAM (to));
  pump->answers = answers;
  pump_on (pump);
}

static gboolean
incoming_cb (Proxy *self, GSocketConnection *client)
{
  g_autoptr(GSocketClient) connector = g_socket_client_new ();
  g_autoptr(GSocketConnection) server = NULL;
  Link *link = NULL;

  g_socket_client_set_enable_proxy (connector, FALSE);
  server = g_socket_client_connect_to_host (connector, "127.0.0.1", self->target, NULL, NULL);

  /* Nobody there: it hangs up, as the port itself would refuse. */
  if (server == NULL)
    {
      g_io_stream_close (G_IO_STREAM (client), NULL, NULL);
      return TRUE;
    }
  link = g_rc_box_new0 (Link);
  link->client = g_object_ref (client);
  link->server = g_steal_pointer (&server);
  link->cancellable = g_cancellable_new ();
  g_ptr_array_add (self->links, link);
  pump_start (link, link->client, link->server, FALSE);
  pump_start (link, link->server, link->client, TRUE);
  return TRUE;
}

Proxy *
proxy_new (guint16 target_port)
{
  Proxy *self = g_new0 (Proxy, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) effective = NULL;

  self->target = target_port;
  self->links = g_ptr_array_new_with_free_func ((GDestroyNotify) link_unref);
  self->service = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_signal_connect_swapped (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  return self;
}

void
proxy_free (Proxy *self)
{
  proxy_cut (self);
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_socket_service_stop (self->service);
  /* The cancelled accept has to come back before the listener goes. */
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_ptr_array_unref (self->links);
  g_free (self);
}

guint16
proxy_get_port (Proxy *self)
{
  return self->port;
}

void
proxy_cut (Proxy *self)
{
  for (guint i = 0; i < self->links->len; i++)
    link_break (g_ptr_array_index (self->links, i));
  g_ptr_array_set_size (self->links, 0);
}

void
proxy_hold_answers (Proxy *self)
{
  for (guint i = 0; i < self->links->len; i++)
    ((Link *) g_ptr_array_index (self->links, i))->hold = TRUE;
}
