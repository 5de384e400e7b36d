/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-test-cg.h"

#include <string.h>

#include <msgpack.h>
#include <zlib.h>

#define READ_SIZE 1024
#define SEMVER "0.3.2-dev"
#define OTHER_SEMVER "9.1"

typedef struct
{
  char *name;
  char *uuid;
  char *password;
  const char *status;
  gboolean blocked;
} User;

typedef struct
{
  BurbleTestCg *server;
  GSocketConnection *connection;
  GCancellable *cancellable;
  GByteArray *in;
  GByteArray *out;
  guint out_source;
  gboolean ends; /* when all is out */
  gboolean signed_in;
  gboolean versioned;
  guint8 read[READ_SIZE];
} Client;

struct _BurbleTestCg
{
  GSocketService *service;
  guint16 port;
  gboolean registration;
  BurbleTestCgQuirks quirks;
  GPtrArray *users;
  GPtrArray *clients;
  guint harm;
  guint connections;
  guint questions;
};

/* In the order of their numbers, from 64 on. */
static const char * const registered[] = {
  "cg:version.check", "cg:auth.precheck", "cg:auth", "cg:status.user", "cg:status.message",
};
enum { VERSION_CHECK, PRECHECK, AUTH, USER, MESSAGE };

static guint32
id_of (BurbleTestCg *self, guint type)
{
  return (self->quirks & BURBLE_TEST_CG_OTHER_IDS ? 900 - 7 * type : 64 + type);
}

static void
user_free (gpointer data)
{
  User *user = data;

  g_free (user->name);
  g_free (user->uuid);
  g_free (user->password);
  g_free (user);
}

static void
client_free (gpointer data)
{
  Client *client = data;

  g_cancellable_cancel (client->cancellable);
  g_clear_handle_id (&client->out_source, g_source_remove);
  g_socket_close (g_socket_connection_get_socket (client->connection), NULL);
  g_object_unref (client->connection);
  g_object_unref (client->cancellable);
  g_byte_array_unref (client->in);
  g_byte_array_unref (client->out);
  g_free (client);
}

static User *
find_user (BurbleTestCg *self, const char *name, const char *uuid)
{
  for (guint i = 0; i < self->users->len; i++)
    {
      User *user = g_ptr_array_index (self->users, i);

      if (uuid != NULL ? strcmp (user->uuid, uuid) == 0
                       : g_ascii_strcasecmp (user->name, name) == 0)
        return user;
    }
  return NULL;
}

/* Writing. */

static gboolean
out_cb (gpointer user_data)
{
  Client *client = user_data;
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
    g_ptr_array_remove_fast (self->clients, client);
  return G_SOURCE_REMOVE;
}

static void
queue_bytes (Client *client, const void *data, gsize size)
{
  g_byte_array_append (client->out, data, (guint) size);
  if (client->out_source == 0)
    client->out_source = g_idle_add_full (G_PRIORITY_DEFAULT, out_cb, client, NULL);
}

typedef struct
{
  msgpack_sbuffer buffer;
  msgpack_packer packer;
} Body;

static void
body_init (Body *body, guint members)
{
  msgpack_sbuffer_init (&body->buffer);
  msgpack_packer_init (&body->packer, &body->buffer, msgpack_sbuffer_write);
  msgpack_pack_map (&body->packer, members);
}

static void
add_key (Body *body, const char *text)
{
  msgpack_pack_str (&body->packer, strlen (text));
  msgpack_pack_str_body (&body->packer, text, strlen (text));
}

static void
add_text (Body *body, const char *key, const char *text)
{
  add_key (body, key);
  add_key (body, text);
}

static void
add_boolean (Body *body, const char *key, gboolean value)
{
  add_key (body, key);
  if (value)
    msgpack_pack_true (&body->packer);
  else
    msgpack_pack_false (&body->packer);
}

static void
add_number (Body *body, const char *key, guint64 number)
{
  add_key (body, key);
  msgpack_pack_uint64 (&body->packer, number);
}

static void
send_body (Client *client, guint32 id, Body *body)
{
  gboolean packed = (client->server->quirks & BURBLE_TEST_CG_COMPRESSED) != 0;
  uLongf size = packed ? compressBound (body->buffer.size) : body->buffer.size;
  g_autofree guint8 *frame = g_malloc0 (10 + size);
  guint32 length = 0;

  if (packed)
    g_assert_cmpint (compress (frame + 10, &size, (const Bytef *) body->buffer.data,
                               body->buffer.size), ==, Z_OK);
  else
    memcpy (frame + 10, body->buffer.data, size);
  length = GUINT32_TO_BE ((guint32) size + 6);
  id = GUINT32_TO_BE (id);
  memcpy (frame, &length, 4);
  memcpy (frame + 4, &id, 4);
  frame[9] = packed ? 1 : 0;
  queue_bytes (client, frame, 10 + size);
  msgpack_sbuffer_destroy (&body->buffer);
}

static void
send_user (Client *client, const User *user)
{
  gboolean always = (client->server->quirks & BURBLE_TEST_CG_ALWAYS_OFFLINE) != 0;
  Body body;

  body_init (&body, 4);
  add_text (&body, "username", user->name);
  add_text (&body, "uuid", user->uuid);
  add_text (&body, "profile_img", "cow");
  add_text (&body, "status", always ? "offline" : user->status);
  send_body (client, id_of (client->server, USER), &body);
}

static void
send_status (Client *client, const char *status, const User *user)
{
  Body body;

  body_init (&body, user != NULL ? 3 : 1);
  add_text (&body, "status", status);
  if (user != NULL)
    {
      add_text (&body, "username", user->name);
      add_text (&body, "uuid", user->uuid);
    }
  send_body (client, id_of (client->server, AUTH), &body);
}

static void
send_close (Client *client, const char *reason)
{
  Body body;

  body_init (&body, 1);
  add_text (&body, "reason", reason);
  send_body (client, 16, &body);
  client->ends = TRUE;
}

/* Reading. */

static char *
text_of (const msgpack_object *map, const char *key)
{
  for (guint32 i = 0; i < map->via.map.size; i++)
    {
      const msgpack_object_kv *pair = &map->via.map.ptr[i];

      if (pair->key.via.str.size == strlen (key)
          && memcmp (pair->key.via.str.ptr, key, strlen (key)) == 0
          && pair->val.type == MSGPACK_OBJECT_STR)
        return g_strndup (pair->val.via.str.ptr, pair->val.via.str.size);
    }
  return NULL;
}

static gboolean
truth_of (const msgpack_object *map, const char *key)
{
  for (guint32 i = 0; i < map->via.map.size; i++)
    {
      const msgpack_object_kv *pair = &map->via.map.ptr[i];

      if (pair->key.via.str.size == strlen (key)
          && memcmp (pair->key.via.str.ptr, key, strlen (key)) == 0)
        return pair->val.type == MSGPACK_OBJECT_BOOLEAN && pair->val.via.boolean;
    }
  return FALSE;
}

static void
send_handshake (Client *client)
{
  Body body;

  body_init (&body, 3);
  add_text (&body, "version", "0.2.0");
  add_number (&body, "protoversion", 2);
  add_key (&body, "registry");
  msgpack_pack_map (&body.packer, G_N_ELEMENTS (registered) + 1);
  for (guint i = 0; i < G_N_ELEMENTS (registered); i++)
    add_number (&body, registered[i], id_of (client->server, i));
  add_number (&body, "cg:lobby.create", 4000);
  send_body (client, 3, &body);
}

static void
take_version (Client *client, const msgpack_object *map)
{
  BurbleTestCg *self = client->server;
  const char *wanted = self->quirks & BURBLE_TEST_CG_OTHER_VERSION ? OTHER_SEMVER : SEMVER;
  g_autofree char *semver = text_of (map, "semver");
  gboolean fits = g_strcmp0 (semver, wanted) == 0 && !(self->quirks & BURBLE_TEST_CG_NO_VERSION);
  Body body;

  body_init (&body, 4);
  add_number (&body, "protoversion", 1);
  add_text (&body, "semver", wanted);
  add_text (&body, "flavor", "vanilla");
  add_boolean (&body, "compatible", fits);
  send_body (client, id_of (self, VERSION_CHECK), &body);
  client->versioned = fits;
  if (!fits)
    send_close (client, "versionmismatch");
}

static void
take_precheck (Client *client, const msgpack_object *map)
{
  g_autofree char *name = text_of (map, "username");
  Body body;

  body_init (&body, 4);
  add_text (&body, "username", name);
  add_boolean (&body, "valid", TRUE);
  add_boolean (&body, "exists", find_user (client->server, name, NULL) != NULL);
  add_text (&body, "key", "");
  send_body (client, id_of (client->server, PRECHECK), &body);
}

static void
take_auth (Client *client, const msgpack_object *map)
{
  BurbleTestCg *self = client->server;
  g_autofree char *name = text_of (map, "username");
  g_autofree char *password = text_of (map, "pwd");
  User *user = find_user (self, name, NULL);
  gboolean create = truth_of (map, "create");
  const char *refusal = NULL;

  if (create && user != NULL)
    refusal = "user_exists";
  else if (create && !self->registration)
    refusal = "register_disabled";
  else if (!create && (user == NULL || strcmp (user->password, password) != 0))
    refusal = "wrong_credentials";
  else if (!create && user->blocked)
    refusal = "blocked";
  if (create && refusal == NULL)
    burble_test_cg_add_user (self, name, password);
  if (self->quirks & BURBLE_TEST_CG_LOSES_AUTH)
    return;
  if (refusal != NULL)
    {
      send_status (client, refusal, NULL);
      return;
    }
  user = find_user (self, name, NULL);
  client->signed_in = TRUE;
  send_user (client, user);
  send_status (client, "logged_in", user);
}

static void
take_question (Client *client, const msgpack_object *map)
{
  BurbleTestCg *self = client->server;
  g_autofree char *name = text_of (map, "username");
  g_autofree char *uuid = text_of (map, "uuid");
  User *user = NULL;
  Body body;

  self->questions++;
  /* A capital is another letter. */
  for (const char *p = name; uuid == NULL && p != NULL && *p != '\0'; p++)
    if (g_ascii_isupper (*p))
      name[0] = '\0';
  if (uuid != NULL || name != NULL)
    user = find_user (self, name, uuid);
  if (user != NULL)
    {
      send_user (client, user);
      return;
    }
  if (self->quirks & BURBLE_TEST_CG_SILENT_ABOUT_NOBODY)
    return;
  body_init (&body, 1);
  add_text (&body, "status", "notexist");
  send_body (client, id_of (self, USER), &body);
}

static void
take_packet (Client *client, guint32 id, const msgpack_object *map)
{
  BurbleTestCg *self = client->server;

  if (self->quirks & BURBLE_TEST_CG_MUTE)
    return;
  if (id == 2)
    send_handshake (client);
  else if (id == id_of (self, VERSION_CHECK))
    take_version (client, map);
  else if (!client->versioned)
    return;
  else if (id == id_of (self, PRECHECK))
    take_precheck (client, map);
  else if (id == id_of (self, AUTH))
    take_auth (client, map);
  else if (id == id_of (self, USER) && client->signed_in)
    take_question (client, map);
}

/* As the real ones would, did they take care. */
static void
take_frame (Client *client, const guint8 *data, gsize size)
{
  msgpack_unpacked unpacked;
  gsize offset = 0;
  guint32 id = 0;

  memcpy (&id, data, 4);
  msgpack_unpacked_init (&unpacked);
  if (msgpack_unpack_next (&unpacked, (const char *) data + 6, size - 6, &offset)
      != MSGPACK_UNPACK_SUCCESS || offset != size - 6
      || unpacked.data.type != MSGPACK_OBJECT_MAP || data[4] != 0 || data[5] != 0)
    client->server->harm++;
  else
    take_packet (client, GUINT32_FROM_BE (id), &unpacked.data);
  msgpack_unpacked_destroy (&unpacked);
}

static void read_next (Client *client);

static void
take_bytes (Client *client)
{
  guint requests = 0;

  while (client->in->len >= 4)
    {
      guint32 length = 0;
      g_autofree guint8 *frame = NULL;

      memcpy (&length, client->in->data, 4);
      length = GUINT32_FROM_BE (length);
      if (length < 7)
        {
          client->server->harm++;
          g_byte_array_set_size (client->in, 0);
          return;
        }
      if (client->in->len < 4 + length)
        return;
      frame = g_memdup2 (client->in->data + 4, length);
      g_byte_array_remove_range (client->in, 0, 4 + length);
      /* Several at once: the end of a read could fall into a length. */
      if (frame[3] > 16 && ++requests > 1)
        client->server->harm++;
      take_frame (client, frame, length);
    }
  /* Here the real ones turn in circles for ever. */
  if (client->in->len > 0)
    client->server->harm++;
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  gssize size = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &error);
  Client *client = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (size <= 0)
    {
      g_ptr_array_remove_fast (client->server->clients, client);
      return;
    }
  g_byte_array_append (client->in, client->read, (guint) size);
  take_bytes (client);
  read_next (client);
}

static void
read_next (Client *client)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (client->connection));

  g_input_stream_read_async (input, client->read, READ_SIZE, G_PRIORITY_DEFAULT,
                             client->cancellable, read_cb, client);
}

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             gpointer           user_data)
{
  BurbleTestCg *self = user_data;
  Client *client = g_new0 (Client, 1);
  Body body;

  self->connections++;
  client->server = self;
  client->connection = g_object_ref (connection);
  client->cancellable = g_cancellable_new ();
  client->in = g_byte_array_new ();
  client->out = g_byte_array_new ();
  g_ptr_array_add (self->clients, client);
  body_init (&body, 2);
  add_text (&body, "version", "0.2.0");
  add_number (&body, "protoversion", 2);
  send_body (client, 1, &body);
  read_next (client);
  return TRUE;
}

BurbleTestCg *
burble_test_cg_new (gboolean registration)
{
  BurbleTestCg *self = g_new0 (BurbleTestCg, 1);
  g_autoptr(GInetAddress) host = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (host, 0);
  g_autoptr(GSocketAddress) effective = NULL;
  g_autoptr(GError) error = NULL;

  self->registration = registration;
  self->users = g_ptr_array_new_with_free_func (user_free);
  self->clients = g_ptr_array_new_with_free_func (client_free);
  self->service = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  g_socket_service_start (self->service);
  return self;
}

void
burble_test_cg_free (BurbleTestCg *self)
{
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_ptr_array_unref (self->clients);
  g_ptr_array_unref (self->users);
  /* The reads that were cancelled. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_free (self);
}

guint16
burble_test_cg_get_port (BurbleTestCg *self)
{
  return self->port;
}

void
burble_test_cg_set_quirks (BurbleTestCg *self, BurbleTestCgQuirks quirks)
{
  self->quirks = quirks;
}

const char *
burble_test_cg_add_user (BurbleTestCg *self, const char *name, const char *password)
{
  User *user = g_new0 (User, 1);
  g_auto(GStrv) parts = NULL;
  g_autofree char *uuid = g_uuid_string_random ();

  parts = g_strsplit (uuid, "-", -1);
  user->name = g_strdup (name);
  user->uuid = g_strjoinv (NULL, parts);
  user->password = g_strdup (password);
  user->status = "offline";
  g_ptr_array_add (self->users, user);
  return user->uuid;
}

gboolean
burble_test_cg_knows (BurbleTestCg *self, const char *name)
{
  return find_user (self, name, NULL) != NULL;
}

void
burble_test_cg_block (BurbleTestCg *self, const char *name)
{
  find_user (self, name, NULL)->blocked = TRUE;
}

static void
tell_all (BurbleTestCg *self, const User *user)
{
  for (guint i = 0; i < self->clients->len; i++)
    send_user (g_ptr_array_index (self->clients, i), user);
}

void
burble_test_cg_set_status (BurbleTestCg *self, const char *name, const char *status)
{
  User *user = find_user (self, name, NULL);

  user->status = g_intern_string (status);
  tell_all (self, user);
}

void
burble_test_cg_rename (BurbleTestCg *self, const char *name, const char *new_name)
{
  User *user = find_user (self, name, NULL);

  g_set_str (&user->name, new_name);
  tell_all (self, user);
}

void
burble_test_cg_say (BurbleTestCg *self, const char *key, const char *username)
{
  for (guint i = 0; i < self->clients->len; i++)
    {
      Body body;

      body_init (&body, 3);
      add_text (&body, "type", "warn");
      add_text (&body, "message", key);
      add_key (&body, "data");
      msgpack_pack_map (&body.packer, 1);
      add_text (&body, "username", username);
      send_body (g_ptr_array_index (self->clients, i), id_of (self, MESSAGE), &body);
    }
}

void
burble_test_cg_send_raw (BurbleTestCg *self, const char *bytes, gsize size)
{
  for (guint i = 0; i < self->clients->len; i++)
    queue_bytes (g_ptr_array_index (self->clients, i), bytes, size);
}

void
burble_test_cg_kill (BurbleTestCg *self, const char *reason)
{
  for (guint i = 0; i < self->clients->len; i++)
    send_close (g_ptr_array_index (self->clients, i), reason);
}

void
burble_test_cg_cut (BurbleTestCg *self)
{
  g_ptr_array_set_size (self->clients, 0);
}

guint
burble_test_cg_get_harm (BurbleTestCg *self)
{
  return self->harm;
}

guint
burble_test_cg_get_connections (BurbleTestCg *self)
{
  return self->connections;
}

guint
burble_test_cg_get_questions (BurbleTestCg *self)
{
  return self->questions;
}
