/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bench-client.h"

#include <stdlib.h>
#include <string.h>

#include "burble-connector.h"
#include "burble-gurgle-packet.h"

/* A sentence as people write them. */
static const char text[] =
  "Shall we take the early train tomorrow, or is the one at half past nine good enough?";

static void
send_packet (BenchClient        *self,
             BurbleGurglePacket *packet)
{
  g_autoptr(GBytes) payload = burble_gurgle_packet_serialize (packet, BURBLE_GURGLE_DIALECT_0_1);
  g_autoptr(GError) error = NULL;

  if (!burble_framed_stream_send (self->stream, payload, &error))
    g_error ("%s: %s", self->id, error->message);
}

static BurbleGurglePacket *
new_request (BenchClient           *self,
             BurbleGurglePacketType type)
{
  BurbleGurglePacket *packet = burble_gurgle_packet_new (type);

  burble_gurgle_packet_set_id (packet, ++self->next_id);
  return packet;
}

static BurbleGurglePacket *
new_message (BenchClient *self,
             const char  *peer)
{
  BurbleGurglePacket *packet = new_request (self, BURBLE_GURGLE_MESSAGE);
  g_autofree char *id = g_uuid_string_random ();
  BurbleGurgleMessage *message = burble_gurgle_message_new (id);

  message->timestamp = g_get_real_time ();
  message->to = g_strdup (peer);
  message->text = g_strdup (text);
  g_ptr_array_add (packet->message.messages, message);
  return packet;
}

static void
send_messages (BenchClient *self)
{
  while (self->sent < self->to_send && self->sent - self->confirmed < self->window)
    {
      g_autoptr(GError) error = NULL;

      self->started[self->sent++] = g_get_monotonic_time ();
      if (self->echo == NULL)
        {
          g_autoptr(BurbleGurglePacket) packet = new_message (self, self->peer);

          send_packet (self, packet);
        }
      else if (!burble_framed_stream_send (self->stream, self->echo, &error))
        g_error ("%s: %s", self->id, error->message);
    }
}

static void
acknowledge (BenchClient              *self,
             const BurbleGurglePacket *push)
{
  g_autoptr(BurbleGurglePacket) answer = burble_gurgle_packet_new (BURBLE_GURGLE_SENT);
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; i < push->message.messages->len; i++)
    g_strv_builder_add (ids, ((BurbleGurgleMessage *) push->message.messages->pdata[i])->id);
  self->received += push->message.messages->len;
  burble_gurgle_packet_answer_to (answer, push);
  g_strfreev (answer->sent.success);
  answer->sent.success = g_strv_builder_end (ids);
  send_packet (self, answer);
}

static void
confirmed (BenchClient *self)
{
  /* The server answers in the order of the requests. */
  self->latency[self->confirmed] = g_get_monotonic_time () - self->started[self->confirmed];
  self->confirmed++;
  send_messages (self);
}

static void
answer_ping (BenchClient              *self,
             const BurbleGurglePacket *ping)
{
  g_autoptr(BurbleGurglePacket) pong = burble_gurgle_packet_new (BURBLE_GURGLE_PONG);

  burble_gurgle_packet_answer_to (pong, ping);
  pong->ping.data = g_strdup (ping->ping.data);
  send_packet (self, pong);
}

static void
go_online (BenchClient *self)
{
  g_autoptr(BurbleGurglePacket) roster = new_request (self, BURBLE_GURGLE_GET_ROSTER);
  g_autoptr(BurbleGurglePacket) presence = new_request (self, BURBLE_GURGLE_PUBLISH_PRESENCE);

  presence->publish.status = BURBLE_GURGLE_STATUS_AVAILABLE;
  self->ready_id = self->next_id;
  send_packet (self, roster);
  send_packet (self, presence);
}

static void
handle (BenchClient *self,
        GBytes      *payload)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleGurglePacket) packet = NULL;

  packet = burble_gurgle_packet_parse (payload, BURBLE_GURGLE_DIALECT_0_1, &error);
  if (packet == NULL)
    g_error ("%s: %s", self->id, error->message);
  if (packet->type == BURBLE_GURGLE_KILL ||
      (packet->type == BURBLE_GURGLE_ERROR_RESULT && packet->error != NULL) ||
      (packet->type == BURBLE_GURGLE_AUTH_RESULT && packet->error != NULL))
    g_error ("%s: %s (%s)", self->id, packet->error, packet->reason);
  if (packet->type == BURBLE_GURGLE_MESSAGE)
    acknowledge (self, packet);
  else if (packet->type == BURBLE_GURGLE_SENT)
    {
      if (g_strv_length (packet->sent.success) != 1)
        g_error ("%s: a message was refused: %s", self->id, packet->error);
      confirmed (self);
    }
  else if (packet->type == BURBLE_GURGLE_AUTH_RESULT)
    go_online (self);
  else if (packet->type == BURBLE_GURGLE_PING)
    answer_ping (self, packet);
  else if (packet->has_id && packet->id == self->ready_id)
    self->ready = TRUE;
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  BurbleFramedStream *stream = BURBLE_FRAMED_STREAM (object);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) payload = burble_framed_stream_read_finish (stream, result, &error);
  BenchClient *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (payload == NULL)
    g_error ("%s: the connection ended: %s", self->id, error != NULL ? error->message : "cleanly");
  do
    {
      if (self->echo != NULL)
        confirmed (self);
      else
        handle (self, payload);
      g_bytes_unref (payload);
      payload = burble_framed_stream_take (stream);
    }
  while (payload != NULL);
  burble_framed_stream_read_async (stream, NULL, read_cb, self);
}

static void
connected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  BenchClient *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOStream) stream = NULL;

  stream = burble_connector_connect_finish (BURBLE_CONNECTOR (object), result, &error);
  if (stream == NULL)
    g_error ("%s: cannot connect: %s", self->id, error->message);
  self->stream = burble_framed_stream_new (stream);
  self->ready = TRUE;
}

BenchClient *
bench_client_new (const char        *name,
                  const BenchTarget *target)
{
  g_autoptr(BurbleConnector) connector = burble_connector_new (target->domain, "gurgle", 0);
  BenchClient *self = g_new0 (BenchClient, 1);

  self->id = g_strdup_printf ("%s@%s", name, target->domain);
  burble_connector_set_server (connector, "127.0.0.1", target->port);
  burble_connector_set_pin (connector, target->pin);
  burble_connector_connect_async (connector, NULL, connected_cb, self);
  return self;
}

void
bench_client_sign_up (BenchClient *self)
{
  g_autoptr(BurbleGurglePacket) version = new_request (self, BURBLE_GURGLE_VERSION);
  g_autoptr(BurbleGurglePacket) upgrade = new_request (self, BURBLE_GURGLE_UPGRADE);
  g_autoptr(BurbleGurglePacket) sign_up = new_request (self, BURBLE_GURGLE_REGISTER);
  static const char *const features[] = { "register", "history", "receipts", "typing", NULL };

  version->version.version = g_strdup ("0.1");
  g_strfreev (upgrade->upgrade.features);
  upgrade->upgrade.features = g_strdupv ((char **) features);
  sign_up->auth.from = g_strconcat (self->id, "/bench", NULL);
  sign_up->auth.password = g_strdup ("correct horse battery staple");
  self->ready = FALSE;
  self->ready_id = -1;
  send_packet (self, version);
  send_packet (self, upgrade);
  send_packet (self, sign_up);
  burble_framed_stream_read_async (self->stream, NULL, read_cb, self);
}

void
bench_client_echo (BenchClient *self)
{
  g_autoptr(BurbleGurglePacket) packet = new_message (self, "peer@bench.test");

  self->echo = burble_gurgle_packet_serialize (packet, BURBLE_GURGLE_DIALECT_0_1);
  burble_framed_stream_read_async (self->stream, NULL, read_cb, self);
}

void
bench_client_send (BenchClient *self,
                   const char  *peer,
                   guint        count,
                   guint        window)
{
  g_set_str (&self->peer, peer);
  self->to_send = count;
  self->window = window;
  self->sent = self->confirmed = 0;
  self->started = g_renew (gint64, self->started, count);
  self->latency = g_renew (gint64, self->latency, count);
  send_messages (self);
}

void
bench_client_settle (BenchClient *self)
{
  g_autoptr(BurbleGurglePacket) ping = new_request (self, BURBLE_GURGLE_PING);

  self->ready = FALSE;
  self->ready_id = self->next_id;
  send_packet (self, ping);
}

void
bench_client_free (BenchClient *self)
{
  if (self->stream != NULL)
    burble_framed_stream_close (self->stream);
  g_clear_object (&self->stream);
  /* The closing read still names us as its data, but looks no further than its error. */
  g_free (self->id);
  g_free (self->peer);
  g_clear_pointer (&self->echo, g_bytes_unref);
  g_free (self->started);
  g_free (self->latency);
  g_free (self);
}

void
bench_clients_wait (GPtrArray *clients)
{
  for (guint i = 0; i < clients->len; i++)
    while (!((BenchClient *) clients->pdata[i])->ready)
      g_main_context_iteration (NULL, TRUE);
}
