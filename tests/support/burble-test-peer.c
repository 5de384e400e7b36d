/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-test-peer.h"

#include <stdarg.h>
#include <string.h>

#define PATIENCE_S 60

struct _BurbleTestPeer
{
  GSocketConnection *connection;
  GIOStream *stream;
  GQueue packets; /* (element-type JsonObject) */
  char *full_id;
  int next_id;
  gboolean closed;
};

static gboolean
accept_any_cb (GTlsConnection      *connection,
               GTlsCertificate     *certificate,
               GTlsCertificateFlags errors,
               gpointer             user_data)
{
  return TRUE;
}

BurbleTestPeer *
burble_test_peer_connect_plain (const char *host,
                                guint16     port)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GError) error = NULL;
  BurbleTestPeer *self = g_new0 (BurbleTestPeer, 1);

  g_socket_client_set_timeout (client, PATIENCE_S);
  g_socket_client_set_enable_proxy (client, FALSE);
  self->connection = g_socket_client_connect_to_host (client, host, port, NULL, &error);
  g_assert_no_error (error);
  self->stream = G_IO_STREAM (g_object_ref (self->connection));
  self->next_id = 100000;
  g_queue_init (&self->packets);
  return self;
}

void
burble_test_peer_start_tls (BurbleTestPeer *self)
{
  g_autoptr(GIOStream) tls = NULL;
  g_autoptr(GError) error = NULL;

  tls = g_tls_client_connection_new (self->stream, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (accept_any_cb), NULL);
  g_tls_connection_handshake (G_TLS_CONNECTION (tls), NULL, &error);
  g_assert_no_error (error);
  g_set_object (&self->stream, tls);
}

BurbleTestPeer *
burble_test_peer_connect (const char *host,
                          guint16     port)
{
  BurbleTestPeer *self = burble_test_peer_connect_plain (host, port);

  burble_test_peer_start_tls (self);
  return self;
}

void
burble_test_peer_free (BurbleTestPeer *self)
{
  g_queue_clear_full (&self->packets, (GDestroyNotify) json_object_unref);
  g_io_stream_close (self->stream, NULL, NULL);
  g_clear_object (&self->stream);
  g_io_stream_close (G_IO_STREAM (self->connection), NULL, NULL);
  g_clear_object (&self->connection);
  g_free (self->full_id);
  g_free (self);
}

GSocket *
burble_test_peer_get_socket (BurbleTestPeer *self)
{
  return g_socket_connection_get_socket (self->connection);
}

GIOStream *
burble_test_peer_get_stream (BurbleTestPeer *self)
{
  return self->stream;
}

const char *
burble_test_peer_get_full_id (BurbleTestPeer *self)
{
  return self->full_id;
}

guint
burble_test_peer_get_queued (BurbleTestPeer *self)
{
  return self->packets.length;
}

gboolean
burble_test_peer_send_raw (BurbleTestPeer *self,
                           const void     *data,
                           gsize           length)
{
  return g_output_stream_write_all (g_io_stream_get_output_stream (self->stream), data, length,
                                    NULL, NULL, NULL);
}

static void
send_text (BurbleTestPeer *self,
           const char     *text)
{
  g_autoptr(GByteArray) frame = g_byte_array_new ();
  guint32 length = GUINT32_TO_BE ((guint32) strlen (text));

  g_byte_array_append (frame, (const guint8 *) &length, sizeof length);
  g_byte_array_append (frame, (const guint8 *) text, (guint) strlen (text));
  burble_test_peer_send_raw (self, frame->data, frame->len);
}

void
burble_test_peer_send (BurbleTestPeer *self,
                       const char     *format,
                       ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  send_text (self, text);
}

static gboolean
read_all (BurbleTestPeer *self,
          void           *buffer,
          gsize           length)
{
  g_autoptr(GError) error = NULL;
  gsize n = 0;

  g_input_stream_read_all (g_io_stream_get_input_stream (self->stream), buffer, length, &n, NULL,
                           &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    g_error ("The server said nothing for %d s", PATIENCE_S);
  return n == length;
}

/* From the connection; NULL: the end. */
static JsonObject *
read_packet (BurbleTestPeer *self)
{
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  guint32 length = 0;

  if (self->closed)
    return NULL;
  self->closed = !read_all (self, &length, sizeof length);
  if (self->closed)
    return NULL;
  length = GUINT32_FROM_BE (length);
  g_assert_cmpuint (length, <=, 64 * 1024 * 1024);
  text = g_malloc (length + 1);
  self->closed = !read_all (self, text, length);
  if (self->closed)
    return NULL;
  text[length] = '\0';
  node = json_from_string (text, &error);
  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
  return json_node_dup_object (node);
}

JsonObject *
burble_test_peer_receive (BurbleTestPeer *self)
{
  if (self->packets.length > 0)
    return g_queue_pop_head (&self->packets);
  return read_packet (self);
}

JsonObject *
burble_test_peer_expect (BurbleTestPeer     *self,
                         BurbleTestPredicate predicate,
                         gpointer            user_data)
{
  for (GList *node = self->packets.head; node != NULL; node = node->next)
    if (predicate (node->data, user_data))
      {
        JsonObject *packet = node->data;

        g_queue_delete_link (&self->packets, node);
        return packet;
      }
  for (;;)
    {
      JsonObject *packet = read_packet (self);

      if (packet == NULL || predicate (packet, user_data))
        return packet;
      g_queue_push_tail (&self->packets, packet);
    }
}

static gboolean
is_command (JsonObject *packet,
            gpointer    user_data)
{
  const char *command = json_object_get_string_member_with_default (packet, "cmd", NULL);

  return g_strcmp0 (command, user_data) == 0;
}

JsonObject *
burble_test_peer_expect_command (BurbleTestPeer *self,
                                 const char     *command)
{
  JsonObject *packet = burble_test_peer_expect (self, is_command, (gpointer) command);

  if (packet == NULL)
    g_error ("The server closed instead of sending “%s”", command);
  return packet;
}

static gboolean
has_id (JsonObject *packet,
        gpointer    user_data)
{
  JsonNode *node = json_object_get_member (packet, "id");

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
         json_node_get_int (node) == GPOINTER_TO_INT (user_data);
}

JsonObject *
burble_test_peer_expect_id (BurbleTestPeer *self,
                            int             id)
{
  JsonObject *packet = burble_test_peer_expect (self, has_id, GINT_TO_POINTER (id));

  if (packet == NULL)
    g_error ("The server closed instead of answering %d", id);
  return packet;
}

JsonObject *
burble_test_peer_ask (BurbleTestPeer *self,
                      const char     *format,
                      ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_assert_true (g_str_has_prefix (text, "{\"id\":"));
  send_text (self, text);
  return burble_test_peer_expect_id (self, (int) g_ascii_strtoll (text + 6, NULL, 10));
}

void
burble_test_peer_sign_in (BurbleTestPeer *self,
                          const char     *bare_id,
                          const char     *terminal,
                          const char     *features)
{
  g_autoptr(JsonObject) version = NULL;
  g_autoptr(JsonObject) upgraded = NULL;
  g_autoptr(JsonObject) result = NULL;
  g_autofree char *error = NULL;

  version = burble_test_peer_ask (self, "{\"id\":90001,\"version\":\"0.1\"}");
  if (features != NULL)
    upgraded = burble_test_peer_ask (self, "{\"id\":90002,\"cmd\":\"upgrade\",\"features\":%s}",
                                     features);
  result = burble_test_peer_ask (self, "{\"id\":90003,\"cmd\":\"auth\",\"from\":\"%s%s%s\","
                                 "\"method\":\"plain\",\"password\":\"correct horse\"}", bare_id,
                                 terminal != NULL ? "/" : "", terminal != NULL ? terminal : "");
  error = burble_test_get_member (result, "error");
  g_assert_cmpstr (error, ==, "null");
  g_set_str (&self->full_id, json_object_get_string_member (result, "to"));
}

void
burble_test_peer_go_online (BurbleTestPeer *self,
                            const char     *bare_id,
                            const char     *terminal,
                            const char     *features)
{
  g_autoptr(JsonObject) roster = NULL;
  g_autoptr(JsonObject) presence = NULL;
  g_autoptr(JsonObject) again = NULL;

  burble_test_peer_sign_in (self, bare_id, terminal, features);
  roster = burble_test_peer_ask (self, "{\"id\":90004,\"cmd\":\"get_roaster\"}");
  presence = burble_test_peer_ask (self, "{\"id\":90005,\"cmd\":\"presence\",\"presence\":"
                                   "{\"status\":\"available\",\"mood\":null}}");
  /* The server asks its storage in order: what waited for this terminal comes before this. */
  again = burble_test_peer_ask (self, "{\"id\":90006,\"cmd\":\"get_roaster\"}");
}

void
burble_test_peer_acknowledge (BurbleTestPeer *self,
                              JsonObject     *packet)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;
  JsonArray *messages = json_object_get_array_member (packet, "messages");

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "id");
  json_builder_add_int_value (builder, json_object_get_int_member (packet, "id"));
  json_builder_set_member_name (builder, "cmd");
  json_builder_add_string_value (builder, "sent");
  json_builder_set_member_name (builder, "success");
  json_builder_begin_array (builder);
  for (guint i = 0; i < json_array_get_length (messages); i++)
    {
      JsonObject *message = json_array_get_object_element (messages, i);

      json_builder_add_value (builder, json_node_copy (json_object_get_member (message, "id")));
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  send_text (self, text);
}

static void
hear_all (BurbleTestPeer *self)
{
  g_autoptr(JsonObject) answer = NULL;

  /* The server asks its storage in order: what it does for us so far comes before the roster. */
  answer = burble_test_peer_ask (self, "{\"id\":%d,\"cmd\":\"%s\"}", self->next_id++,
                                 self->full_id != NULL ? "get_roaster" : "ping");
}

void
burble_test_peer_assert_quiet (BurbleTestPeer *self)
{
  hear_all (self);
  while (self->packets.length > 0)
    {
      g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
      g_autofree char *text = NULL;

      json_node_take_object (node, g_queue_pop_head (&self->packets));
      text = json_to_string (node, FALSE);
      g_error ("Unexpected packet: %s", text);
    }
}

void
burble_test_peer_forget (BurbleTestPeer *self)
{
  hear_all (self);
  while (self->packets.length > 0)
    json_object_unref (g_queue_pop_head (&self->packets));
}

void
burble_test_peer_assert_closed (BurbleTestPeer *self)
{
  g_assert_cmpuint (self->packets.length, ==, 0);
  g_assert_null (read_packet (self));
}

void
burble_test_assert_packet (JsonObject *packet,
                           const char *format,
                           ...)
{
  g_autoptr(JsonNode) actual = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(JsonNode) expected = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *actual_text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_assert_nonnull (packet);
  expected = json_from_string (text, &error);
  g_assert_no_error (error);
  json_node_set_object (actual, packet);
  actual_text = json_to_string (actual, FALSE);
  if (!json_node_equal (actual, expected))
    g_error ("Expected %s\n     but got %s", text, actual_text);
}

char *
burble_test_get_member (JsonObject *object,
                        const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return g_strdup ("null");
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);
  return json_to_string (node, FALSE);
}
