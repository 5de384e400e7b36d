/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-cg-probe"

#include "config.h"

#include <string.h>

#include "burble-cg-connection-private.h"
#include "burble-cg-name.h"
#include "burble-wire-error.h"

/*
 * Asking a server what it is, as a list of servers does: a link of its own kind, with one question.
 */

/* An answer is a few hundred bytes; the server repeats the question in it. */
#define ANSWER_LIMIT (16 * 1024)

typedef struct
{
  BurbleConnector *connector;
  BurbleFramedStream *stream;
  BurbleCgRegistry registry;
  BurbleCgPacketType expected;
  GCancellable *cancellable; /* of the connector */
  GSource *cancelled;
  guint timeout;
  guint pause;
} Probe;

static void read_next (GTask *task);

static void
probe_free (gpointer data)
{
  Probe *probe = data;

  g_clear_object (&probe->connector);
  g_clear_object (&probe->stream);
  g_clear_object (&probe->cancellable);
  g_free (probe);
}

/* Nothing more is waited for. Once: what still comes back finds the task completed. */
static void
end (GTask *task)
{
  Probe *probe = g_task_get_task_data (task);

  probe->expected = BURBLE_CG_UNKNOWN;
  g_clear_handle_id (&probe->timeout, g_source_remove);
  g_clear_handle_id (&probe->pause, g_source_remove);
  if (probe->cancelled != NULL)
    g_source_destroy (probe->cancelled);
  g_clear_pointer (&probe->cancelled, g_source_unref);
  g_cancellable_cancel (probe->cancellable);
  if (probe->stream != NULL)
    burble_framed_stream_close (probe->stream);
}

static void
fail (GTask *task, BurbleProtocolError code, const char *reason)
{
  end (task);
  g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR, (int) code, reason);
}

static gboolean
is_over (GTask *task)
{
  const Probe *probe = g_task_get_task_data (task);

  return probe->expected == BURBLE_CG_UNKNOWN;
}

static void
timeout_cb (gpointer user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);
  Probe *probe = g_task_get_task_data (task);

  probe->timeout = 0;
  fail (task, BURBLE_PROTOCOL_ERROR_TIMED_OUT, "The server does not answer");
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);

  end (task);
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static gboolean
send_packet (GTask *task, BurbleCgPacket *packet)
{
  Probe *probe = g_task_get_task_data (task);
  g_autoptr(BurbleCgPacket) owned = packet;
  g_autoptr(GBytes) payload = burble_cg_packet_write (packet, &probe->registry, NULL);

  if (payload != NULL && burble_framed_stream_send (probe->stream, payload, NULL))
    return TRUE;
  fail (task, BURBLE_PROTOCOL_ERROR_UNSUPPORTED, "The server cannot be asked");
  return FALSE;
}

static gboolean
pause_cb (gpointer user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);
  Probe *probe = g_task_get_task_data (task);
  BurbleCgPacket *ping = burble_cg_packet_new (BURBLE_CG_PING);

  probe->pause = 0;
  probe->expected = BURBLE_CG_PONG;
  send_packet (task, ping);
  return G_SOURCE_REMOVE;
}

static void
succeed (GTask *task, BurbleServerInfo *info)
{
  end (task);
  g_task_return_pointer (task, info, (GDestroyNotify) burble_server_info_free);
}

static int
compare_versions (gint64 theirs, gint64 ours)
{
  return theirs < ours ? -1 : theirs > ours;
}

static void
take_hello (GTask *task, const BurbleCgPacket *packet)
{
  BurbleCgConnection *self = g_task_get_source_object (task);
  Probe *probe = g_task_get_task_data (task);
  BurbleCgPacket *type = NULL;
  BurbleServerInfo *info = NULL;

  if (packet->protocol != BURBLE_CG_TRANSPORT_VERSION)
    {
      info = burble_server_info_new ();
      info->age = compare_versions (packet->protocol, BURBLE_CG_TRANSPORT_VERSION);
      succeed (task, info);
      return;
    }
  type = burble_cg_packet_new (BURBLE_CG_SET_TYPE);
  type->ping = TRUE;
  /* That is not answered, but is to be read alone; see burble-cg-sign-in.c. */
  if (send_packet (task, type))
    probe->pause = g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, self->pause, pause_cb, task, NULL);
}

static char *
clean (const char *text)
{
  return text != NULL ? burble_cg_name_clean (text) : NULL;
}

static void
take_pong (GTask *task, const BurbleCgPacket *packet)
{
  BurbleServerInfo *info = burble_server_info_new ();

  info->name = clean (packet->name);
  info->slogan = clean (packet->slogan);
  /* Everybody with a socket is counted, and so are we. */
  info->people = packet->players > 0 ? packet->players - 1 : packet->players;
  info->max_people = packet->max_players;
  info->can_sign_in = packet->can_log_on;
  if (packet->protocol >= 0)
    info->age = compare_versions (packet->protocol, BURBLE_CG_PROTOCOL);
  succeed (task, info);
}

static void
take_frame (GTask *task, GBytes *frame)
{
  Probe *probe = g_task_get_task_data (task);
  g_autoptr(BurbleCgPacket) packet = burble_cg_packet_parse (frame, &probe->registry, NULL);

  if (packet == NULL)
    fail (task, BURBLE_PROTOCOL_ERROR_BAD_DATA, "The answer cannot be read");
  else if (packet->type == BURBLE_CG_CLOSE)
    fail (task, BURBLE_PROTOCOL_ERROR_REFUSED, "");
  else if (packet->type != probe->expected)
    g_debug ("Passed over a packet with id %u", packet->id);
  else if (packet->type == BURBLE_CG_HELLO && probe->pause == 0)
    take_hello (task, packet);
  else if (packet->type == BURBLE_CG_PONG)
    take_pong (task, packet);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) frame =
    burble_framed_stream_read_finish (BURBLE_FRAMED_STREAM (object), result, &error);

  if (is_over (task))
    return;
  if (frame != NULL)
    {
      take_frame (task, frame);
      if (!is_over (task))
        read_next (task);
    }
  /* What is no length, or too long: whoever sends that is no such server. */
  else if (error != NULL && error->domain == BURBLE_WIRE_ERROR)
    fail (task, BURBLE_PROTOCOL_ERROR_BAD_DATA, error->message);
  else
    fail (task, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED, "The server hung up");
}

static void
read_next (GTask *task)
{
  Probe *probe = g_task_get_task_data (task);

  burble_framed_stream_read_async (probe->stream, NULL, read_cb, g_object_ref (task));
}

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Probe *probe = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOStream) stream =
    burble_connector_connect_finish (BURBLE_CONNECTOR (object), result, &error);

  if (is_over (task))
    return;
  if (stream == NULL)
    {
      end (task);
      g_task_return_error (task, burble_cg_link_read_error (error));
      return;
    }
  probe->stream = burble_framed_stream_new (stream);
  burble_framed_stream_set_read_limit (probe->stream, ANSWER_LIMIT);
  read_next (task);
}

static void
probe_async (BurbleProbeChannel  *channel,
             GCancellable        *cancellable,
             GAsyncReadyCallback  callback,
             gpointer             user_data)
{
  BurbleCgConnection *self = BURBLE_CG_CONNECTION (channel);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Probe *probe = NULL;
  guint16 port = 0;
  g_autofree char *host = NULL;

  g_task_set_source_tag (task, probe_async);
  host = burble_cg_link_read_place (self, &port);
  if (host == NULL)
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                       BURBLE_PROTOCOL_ERROR_BAD_ADDRESS,
                                       "Not an address of this network");
      return;
    }
  probe = g_new0 (Probe, 1);
  /* Nothing of ours is in it: everybody may read along. */
  probe->connector = burble_cg_link_make_connector (self, host, port, TRUE);
  probe->cancellable = g_cancellable_new ();
  probe->expected = BURBLE_CG_HELLO;
  burble_cg_registry_init (&probe->registry, TRUE);
  g_task_set_task_data (task, probe, probe_free);
  probe->timeout = g_timeout_add_once (self->probe_timeout, timeout_cb, task);
  if (cancellable != NULL)
    {
      probe->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (probe->cancelled, G_SOURCE_FUNC (cancelled_cb), task, NULL);
      g_source_attach (probe->cancelled, NULL);
    }
  burble_connector_connect_async (probe->connector, probe->cancellable, connected_cb,
                                  g_object_ref (task));
}

static BurbleServerInfo *
probe_finish (BurbleProbeChannel *channel, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, channel), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
burble_cg_probe_iface_init (BurbleProbeChannelInterface *iface)
{
  iface->probe_async = probe_async;
  iface->probe_finish = probe_finish;
}
