/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-test-cg-private.h"

#include <string.h>

#include <zlib.h>

/*
 * Bytes in, bytes out, and what the bytes alone can do to a server.
 */

#define COMPRESSED_FROM 8193 /* bytes of a body */
#define COMPRESSION_LEVEL 6
#define HEADER 10

void
test_cg_client_free (gpointer data)
{
  TestCgClient *client = data;

  /* Of whoever has two links it minds the newer, and forgets them with either. */
  if (client->user != NULL
      && (client->user->client == client || client->server->quirks & BURBLE_TEST_CG_FORGETS))
    client->user->client = NULL;
  g_cancellable_cancel (client->cancellable);
  g_clear_handle_id (&client->out_source, g_source_remove);
  g_socket_close (g_socket_connection_get_socket (client->connection), NULL);
  g_object_unref (client->connection);
  g_object_unref (client->cancellable);
  g_byte_array_unref (client->in);
  g_byte_array_unref (client->out);
  g_free (client);
}

/* Writing. */

static gboolean
out_cb (gpointer user_data)
{
  TestCgClient *client = user_data;
  BurbleTestCg *self = client->server;
  guint size = self->quirks & BURBLE_TEST_CG_SPLIT ? MIN (1, client->out->len) : client->out->len;
  gssize sent = size == 0 ? 0
                          : g_socket_send (g_socket_connection_get_socket (client->connection),
                                           (const char *) client->out->data, size, NULL, NULL);

  if (sent > 0)
    g_byte_array_remove_range (client->out, 0, (guint) sent);
  if (sent >= 0 && client->out->len > 0)
    return G_SOURCE_CONTINUE;
  client->out_source = 0;
  if (client->ends || sent < 0)
    g_ptr_array_remove (self->clients, client);
  return G_SOURCE_REMOVE;
}

void
test_cg_send_bytes (TestCgClient *client, const void *data, gsize size)
{
  g_byte_array_append (client->out, data, (guint) size);
  if (client->out_source == 0)
    client->out_source = g_idle_add_full (G_PRIORITY_DEFAULT, out_cb, client, NULL);
}

void
test_cg_body_init (TestCgBody *body, guint members)
{
  msgpack_sbuffer_init (&body->buffer);
  msgpack_packer_init (&body->packer, &body->buffer, msgpack_sbuffer_write);
  msgpack_pack_map (&body->packer, members);
}

void
test_cg_add_key (TestCgBody *body, const char *text)
{
  msgpack_pack_str (&body->packer, strlen (text));
  msgpack_pack_str_body (&body->packer, text, strlen (text));
}

void
test_cg_add_text (TestCgBody *body, const char *key, const char *text)
{
  test_cg_add_key (body, key);
  test_cg_add_key (body, text);
}

void
test_cg_add_boolean (TestCgBody *body, const char *key, gboolean value)
{
  test_cg_add_key (body, key);
  if (value)
    msgpack_pack_true (&body->packer);
  else
    msgpack_pack_false (&body->packer);
}

void
test_cg_add_number (TestCgBody *body, const char *key, guint64 number)
{
  test_cg_add_key (body, key);
  msgpack_pack_uint64 (&body->packer, number);
}

void
test_cg_send (TestCgClient *client, guint32 id, TestCgBody *body)
{
  BurbleTestCgQuirks quirks = client->server->quirks;
  gboolean large = body->buffer.size >= COMPRESSED_FROM;
  gboolean packed = large || (quirks & BURBLE_TEST_CG_COMPRESSED) != 0;
  uLongf size = packed ? compressBound (body->buffer.size) : body->buffer.size;
  g_autofree guint8 *frame = g_malloc0 (HEADER + size);
  guint32 length = 0;

  if (packed)
    g_assert_cmpint (compress2 (frame + HEADER, &size, (const Bytef *) body->buffer.data,
                                body->buffer.size, COMPRESSION_LEVEL), ==, Z_OK);
  else
    memcpy (frame + HEADER, body->buffer.data, size);
  length = GUINT32_TO_BE ((guint32) size + HEADER - 4);
  id = GUINT32_TO_BE (id);
  memcpy (frame, &length, 4);
  memcpy (frame + 4, &id, 4);
  frame[9] = packed ? 1 : 0;
  test_cg_send_bytes (client, frame,
                      large && quirks & BURBLE_TEST_CG_CUTS_LARGE ? HEADER + size / 2
                                                                  : HEADER + size);
  msgpack_sbuffer_destroy (&body->buffer);
}

/* Reading. */

/* What stops a real one stops this one as well. */
static void
die (BurbleTestCg *self)
{
  self->harm++;
  self->dead = TRUE;
}

/* FALSE: the client is gone. */
static gboolean
take_frame (TestCgClient *client, const guint8 *data, gsize size)
{
  BurbleTestCg *self = client->server;
  msgpack_unpacked unpacked;
  gsize offset = 0;
  guint32 id = 0;
  g_autofree guint8 *inflated = NULL;
  const guint8 *body = data + HEADER - 4;
  uLongf length = size - (HEADER - 4);
  gboolean there = TRUE;

  memcpy (&id, data, 4);
  if (data[5] & 1)
    {
      uLongf room = 64 * 1024;

      inflated = g_malloc (room);
      if (uncompress (inflated, &room, body, length) != Z_OK)
        {
          die (self);
          return TRUE;
        }
      body = inflated;
      length = room;
    }
  msgpack_unpacked_init (&unpacked);
  if (data[5] & 2 || msgpack_unpack_next (&unpacked, (const char *) body, length, &offset)
      != MSGPACK_UNPACK_SUCCESS || offset != length)
    die (self);
  else if (unpacked.data.type != MSGPACK_OBJECT_MAP)
    self->harm++;
  else
    there = test_cg_take (client, GUINT32_FROM_BE (id), &unpacked.data);
  msgpack_unpacked_destroy (&unpacked);
  return there;
}

/* Of the text in it; and keys are text. */
static gboolean
is_clean (const guint8 *frame, gsize size)
{
  msgpack_unpacked unpacked;
  gsize offset = 0;
  gboolean clean = TRUE;

  msgpack_unpacked_init (&unpacked);
  if (!(frame[5] & 1)
      && msgpack_unpack_next (&unpacked, (const char *) frame + 6, size - 6, &offset)
      == MSGPACK_UNPACK_SUCCESS && unpacked.data.type == MSGPACK_OBJECT_MAP)
    for (guint32 i = 0; i < unpacked.data.via.map.size; i++)
      {
        const msgpack_object_kv *pair = &unpacked.data.via.map.ptr[i];

        if (pair->key.type != MSGPACK_OBJECT_STR
            || !g_utf8_validate_len (pair->key.via.str.ptr, pair->key.via.str.size, NULL)
            || (pair->val.type == MSGPACK_OBJECT_STR
                && !g_utf8_validate_len (pair->val.via.str.ptr, pair->val.via.str.size, NULL)))
          clean = FALSE;
      }
  msgpack_unpacked_destroy (&unpacked);
  return clean;
}

/* FALSE: the client is gone. */
static gboolean
take_bytes (TestCgClient *client)
{
  BurbleTestCg *self = client->server;
  guint frames = 0;

  while (client->in->len >= 4 && !self->dead)
    {
      guint32 length = 0;
      g_autofree guint8 *frame = NULL;

      memcpy (&length, client->in->data, 4);
      length = GUINT32_FROM_BE (length);
      if (length < HEADER - 4 + 1)
        {
          die (self);
          return TRUE;
        }
      if (client->in->len < 4 + length)
        return TRUE;
      frame = g_memdup2 (client->in->data + 4, length);
      g_byte_array_remove_range (client->in, 0, 4 + length);
      /* With more of them the end of a read could fall into a length. */
      if (++frames > 1)
        self->harm++;
      if (!is_clean (frame, length))
        die (self);
      else if (!take_frame (client, frame, length))
        return FALSE;
    }
  /* Here the real ones turn in circles for ever. */
  if (client->in->len > 0 && !self->dead)
    die (self);
  return TRUE;
}

static void read_next (TestCgClient *client);

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  gssize size = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &error);
  TestCgClient *client = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (size <= 0)
    {
      g_ptr_array_remove (client->server->clients, client);
      return;
    }
  g_byte_array_append (client->in, client->read, (guint) size);
  if (take_bytes (client))
    read_next (client);
}

static void
read_next (TestCgClient *client)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (client->connection));

  g_input_stream_read_async (input, client->read, sizeof client->read, G_PRIORITY_DEFAULT,
                             client->cancellable, read_cb, client);
}

TestCgClient *
test_cg_client_new (BurbleTestCg *self, GSocketConnection *connection)
{
  TestCgClient *client = g_new0 (TestCgClient, 1);

  client->server = self;
  client->connection = g_object_ref (connection);
  client->cancellable = g_cancellable_new ();
  client->in = g_byte_array_new ();
  client->out = g_byte_array_new ();
  read_next (client);
  return client;
}
