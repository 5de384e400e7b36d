/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-test-relay.h"

#include <sys/socket.h>

#include "burble-frame.h"

typedef struct
{
  BurbleTestRelay *relay;
  guint number;
  GSocketConnection *sockets[2]; /* by direction: where its packets come from */
  GIOStream *streams[2];
  GThread *threads[2];
  gboolean cut; /* nothing is passed on any more */
} Link;

typedef struct
{
  Link *link;
  BurbleTestRelayDirection direction;
} Pump;

struct _BurbleTestRelay
{
  GMutex mutex; /* for everything below that changes */
  GSocket *listener;
  GTlsCertificate *certificate;
  GCancellable *cancellable;
  GThread *thread;
  guint16 port;
  guint16 target;
  GPtrArray *links;   /* (element-type Link) */
  GPtrArray *records; /* (element-type BurbleTestRelayRecord) */
  guint totals[2];

  gboolean armed;
  gboolean was_cut;
  BurbleTestRelayDirection direction;
  guint after;
  gboolean inside;
};

static void
record_free (BurbleTestRelayRecord *record)
{
  burble_gurgle_packet_unref (record->packet);
  g_free (record);
}

/* No more goes to them; what they still say is thrown away, so that nothing resets the socket
 * before they have read what they got. */
static void
link_hang_up (Link *link, BurbleTestRelayDirection towards)
{
  GSocketConnection *socket = link->sockets[1 - towards];

  shutdown (g_socket_get_fd (g_socket_connection_get_socket (socket)), SHUT_WR);
}

static void
link_cut (Link *link)
{
  link->cut = TRUE;
  link_hang_up (link, BURBLE_TEST_RELAY_UP);
  link_hang_up (link, BURBLE_TEST_RELAY_DOWN);
}

static void
link_end (Link *link)
{
  for (guint i = 0; i < 2; i++)
    if (link->sockets[i] != NULL)
      shutdown (g_socket_get_fd (g_socket_connection_get_socket (link->sockets[i])), SHUT_RDWR);
}

static void
link_free (Link *link)
{
  for (guint i = 0; i < 2; i++)
    g_clear_pointer (&link->threads[i], g_thread_join);
  for (guint i = 0; i < 2; i++)
    {
      g_clear_object (&link->streams[i]);
      g_clear_object (&link->sockets[i]);
    }
  g_free (link);
}

static gboolean
write_all (Link *link, BurbleTestRelayDirection direction, const guint8 *data, gsize size)
{
  GOutputStream *to = g_io_stream_get_output_stream (link->streams[1 - direction]);

  return g_output_stream_write_all (to, data, size, NULL, NULL, NULL);
}

static void
note (Link *link, BurbleTestRelayDirection direction, GByteArray *frame)
{
  g_autoptr(GBytes) payload = g_bytes_new (frame->data + BURBLE_FRAME_HEADER_SIZE,
                                           frame->len - BURBLE_FRAME_HEADER_SIZE);
  BurbleGurglePacket *packet =
    burble_gurgle_packet_parse (payload, BURBLE_GURGLE_DIALECT_0_1, NULL);
  BurbleTestRelayRecord *record = NULL;

  link->relay->totals[direction]++;
  if (packet == NULL)
    return;
  record = g_new0 (BurbleTestRelayRecord, 1);
  record->link = link->number;
  record->direction = direction;
  record->packet = packet;
  g_ptr_array_add (link->relay->records, record);
}

/* With the mutex. */
static gboolean
is_due (Link *link, BurbleTestRelayDirection direction, gboolean inside)
{
  BurbleTestRelay *self = link->relay;

  if (!self->armed || self->direction != direction || self->inside != inside
      || self->totals[direction] != self->after)
    return FALSE;
  self->armed = FALSE;
  self->was_cut = TRUE;
  return TRUE;
}

static void
pass_on (Link *link, BurbleTestRelayDirection direction, GByteArray *frame)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&link->relay->mutex);

  if (link->cut)
    return;
  if (is_due (link, direction, TRUE))
    {
      write_all (link, direction, frame->data, frame->len / 2);
      link_cut (link);
      return;
    }
  if (!write_all (link, direction, frame->data, frame->len))
    return;
  note (link, direction, frame);
  if (is_due (link, direction, FALSE))
    link_cut (link);
}

static gpointer
pump_thread (gpointer data)
{
  g_autofree Pump *pump = data;
  Link *link = pump->link;
  GInputStream *from = g_io_stream_get_input_stream (link->streams[pump->direction]);
  g_autoptr(GByteArray) frame = g_byte_array_new ();

  for (;;)
    {
      gsize size = 0;
      gsize n = 0;

      g_byte_array_set_size (frame, BURBLE_FRAME_HEADER_SIZE);
      if (!g_input_stream_read_all (from, frame->data, frame->len, &n, NULL, NULL)
          || n < frame->len
          || !burble_frame_read_length (frame->data, BURBLE_FRAME_DEFAULT_LIMIT, &size, NULL))
        break;
      g_byte_array_set_size (frame, BURBLE_FRAME_HEADER_SIZE + (guint) size);
      if (!g_input_stream_read_all (from, frame->data + BURBLE_FRAME_HEADER_SIZE, size, &n, NULL,
                                    NULL)
          || n < size)
        break;
      pass_on (link, pump->direction, frame);
    }
  link_hang_up (link, pump->direction);
  return NULL;
}

static gboolean
accept_any_cb (GTlsConnection *connection, GTlsCertificate *certificate,
               GTlsCertificateFlags errors, gpointer user_data)
{
  return TRUE;
}

static gboolean
shake_hands (Link *link)
{
  BurbleTestRelay *self = link->relay;
  g_autoptr(GSocketClient) connector = g_socket_client_new ();

  g_socket_client_set_enable_proxy (connector, FALSE);
  link->sockets[BURBLE_TEST_RELAY_DOWN] =
    g_socket_client_connect_to_host (connector, "127.0.0.1", self->target, NULL, NULL);
  if (link->sockets[BURBLE_TEST_RELAY_DOWN] == NULL)
    return FALSE;
  link->streams[BURBLE_TEST_RELAY_UP] =
    g_tls_server_connection_new (G_IO_STREAM (link->sockets[BURBLE_TEST_RELAY_UP]),
                                 self->certificate, NULL);
  link->streams[BURBLE_TEST_RELAY_DOWN] =
    g_tls_client_connection_new (G_IO_STREAM (link->sockets[BURBLE_TEST_RELAY_DOWN]), NULL, NULL);
  g_signal_connect (link->streams[BURBLE_TEST_RELAY_DOWN], "accept-certificate",
                    G_CALLBACK (accept_any_cb), NULL);
  for (guint i = 0; i < 2; i++)
    if (!g_tls_connection_handshake (G_TLS_CONNECTION (link->streams[i]), self->cancellable, NULL))
      return FALSE;
  return TRUE;
}

static gpointer
open_thread (gpointer data)
{
  Link *link = data;
  BurbleTestRelay *self = link->relay;
  Pump *up = NULL;
  Pump *down = NULL;

  if (!shake_hands (link))
    {
      link_end (link);
      return NULL;
    }
  g_mutex_lock (&self->mutex);
  if (is_due (link, self->direction, FALSE))
    link_cut (link);
  g_mutex_unlock (&self->mutex);

  up = g_new0 (Pump, 1);
  up->link = link;
  up->direction = BURBLE_TEST_RELAY_UP;
  down = g_new0 (Pump, 1);
  down->link = link;
  down->direction = BURBLE_TEST_RELAY_DOWN;
  link->threads[BURBLE_TEST_RELAY_DOWN] = g_thread_new ("relay-down", pump_thread, down);
  return pump_thread (up);
}

static gpointer
accept_thread (gpointer data)
{
  BurbleTestRelay *self = data;

  while (g_socket_condition_wait (self->listener, G_IO_IN, self->cancellable, NULL))
    {
      g_autoptr(GSocket) socket = g_socket_accept (self->listener, self->cancellable, NULL);
      Link *link = NULL;

      if (socket == NULL)
        continue;
      link = g_new0 (Link, 1);
      link->relay = self;
      link->sockets[BURBLE_TEST_RELAY_UP] = g_socket_connection_factory_create_connection (socket);
      g_mutex_lock (&self->mutex);
      link->number = self->links->len;
      g_ptr_array_add (self->links, link);
      link->threads[BURBLE_TEST_RELAY_UP] = g_thread_new ("relay", open_thread, link);
      g_mutex_unlock (&self->mutex);
    }
  return NULL;
}

BurbleTestRelay *
burble_test_relay_new (const char *data_dir, guint16 port)
{
  BurbleTestRelay *self = g_new0 (BurbleTestRelay, 1);
  g_autofree char *certificate = g_build_filename (data_dir, "certificate.pem", NULL);
  g_autofree char *key = g_build_filename (data_dir, "key.pem", NULL);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr(GSocketAddress) bound = NULL;
  g_autoptr(GError) error = NULL;

  g_mutex_init (&self->mutex);
  self->target = port;
  self->links = g_ptr_array_new_with_free_func ((GDestroyNotify) link_free);
  self->records = g_ptr_array_new_with_free_func ((GDestroyNotify) record_free);
  self->cancellable = g_cancellable_new ();
  self->certificate = g_tls_certificate_new_from_files (certificate, key, &error);
  g_assert_no_error (error);
  self->listener = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                 &error);
  g_assert_no_error (error);
  g_socket_bind (self->listener, any, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (self->listener, &error);
  g_assert_no_error (error);
  bound = g_socket_get_local_address (self->listener, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  self->thread = g_thread_new ("relay-accept", accept_thread, self);
  return self;
}

void
burble_test_relay_free (BurbleTestRelay *self)
{
  g_cancellable_cancel (self->cancellable);
  g_thread_join (self->thread);
  for (guint i = 0; i < self->links->len; i++)
    link_end (g_ptr_array_index (self->links, i));
  g_ptr_array_unref (self->links);
  g_ptr_array_unref (self->records);
  g_socket_close (self->listener, NULL);
  g_object_unref (self->listener);
  g_object_unref (self->certificate);
  g_object_unref (self->cancellable);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

guint16
burble_test_relay_get_port (BurbleTestRelay *self)
{
  return self->port;
}

void
burble_test_relay_cut_after (BurbleTestRelay          *self,
                             BurbleTestRelayDirection  direction,
                             guint                     n,
                             gboolean                  inside)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->armed = TRUE;
  self->direction = direction;
  self->after = n;
  self->inside = inside;
}

gboolean
burble_test_relay_was_cut (BurbleTestRelay *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->was_cut;
}

guint
burble_test_relay_get_total (BurbleTestRelay *self, BurbleTestRelayDirection direction)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->totals[direction];
}

guint
burble_test_relay_count (BurbleTestRelay          *self,
                         BurbleTestRelayDirection  direction,
                         BurbleGurglePacketType    type)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  guint count = 0;

  for (guint i = 0; i < self->records->len; i++)
    {
      const BurbleTestRelayRecord *record = g_ptr_array_index (self->records, i);

      count += record->direction == direction && record->packet->type == type;
    }
  return count;
}

void
burble_test_relay_foreach (BurbleTestRelay *self, BurbleTestRelayFunc func, gpointer user_data)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; i < self->records->len; i++)
    func (g_ptr_array_index (self->records, i), user_data);
}

static void
describe_cb (const BurbleTestRelayRecord *record, gpointer user_data)
{
  g_autofree char *text = burble_gurgle_packet_describe (record->packet);

  g_string_append_printf (user_data, "%u %s %s\n", record->link,
                          record->direction == BURBLE_TEST_RELAY_UP ? "→" : "←", text);
}

char *
burble_test_relay_describe (BurbleTestRelay *self)
{
  GString *text = g_string_new (NULL);

  burble_test_relay_foreach (self, describe_cb, text);
  return g_string_free (text, FALSE);
}
