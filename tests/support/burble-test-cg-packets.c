/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-test-cg-private.h"

#include <string.h>

/*
 * What packets mean, and what is answered.
 */

#define FIRST_ID 64
#define PING_ID 64
#define PONG_ID 65
#define UUID_DIGITS 32

#define VERSION_CHECK "cg:version.check"
#define PRECHECK "cg:auth.precheck"
#define AUTH "cg:auth"
#define USER "cg:status.user"

/* In the order of their numbers; we play no games, but are told of them. */
static const char * const registered[] = {
  VERSION_CHECK, PRECHECK, AUTH, USER, "cg:status.message", "cg:lobby.create", "cg:lobby.join",
  "cg:lobby.change", "cg:lobby.ready", "cg:lobby.invite", "cg:lobby.invite.accept",
  "cg:lobby.kick", "cg:lobby.leave", "cg:game.start", "cg:game.end", "cg:game.load",
  "cg:game.save", "cg:game.dk.question",
};

/* The transport's own, which are in the list as well. */
static const struct
{
  const char *name;
  guint32 id;
} fixed[] = {
  { "peng3dnet:internal.hello", 1 },
  { "peng3dnet:internal.settype", 2 },
  { "peng3dnet:internal.handshake", 3 },
  { "peng3dnet:internal.handshake.accept", 4 },
  { "peng3dnet:internal.closeconn", 16 },
};

/* All of it has to be the same. */
static const struct
{
  guint64 protocol;
  const char *semver;
  const char *flavor;
} versions[] = {
  { 1, "0.3.2-dev", "vanilla" },
  { 4, "9.1", "strawberry" },
};

guint32
test_cg_id_of (BurbleTestCg *self, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (registered); i++)
    if (strcmp (registered[i], name) == 0)
      return self->quirks & BURBLE_TEST_CG_OTHER_IDS ? 900 - 7 * i : FIRST_ID + i;
  g_assert_not_reached ();
}

/* People. */

void
test_cg_user_free (gpointer data)
{
  TestCgUser *user = data;

  g_free (user->name);
  g_free (user->key);
  g_free (user->uuid);
  g_free (user->password);
  g_ptr_array_unref (user->attributes);
  g_free (user);
}

TestCgUser *
test_cg_add (BurbleTestCg *self, const char *name, const char *password)
{
  TestCgUser *user = g_new0 (TestCgUser, 1);
  g_auto(GStrv) parts = NULL;
  g_autofree char *uuid = g_uuid_string_random ();

  parts = g_strsplit (uuid, "-", -1);
  user->name = g_strdup (name);
  user->key = g_ascii_strdown (name, -1);
  user->uuid = g_strjoinv (NULL, parts);
  user->password = g_strdup (password);
  user->status = "offline";
  user->attributes = g_ptr_array_new_with_free_func (g_free);
  test_cg_set (user, "profile_img", "default");
  g_ptr_array_add (self->users, user);
  return user;
}

void
test_cg_set (TestCgUser *user, const char *key, const char *value)
{
  for (guint i = 0; i < user->attributes->len; i += 2)
    if (strcmp (user->attributes->pdata[i], key) == 0)
      {
        g_free (user->attributes->pdata[i + 1]);
        user->attributes->pdata[i + 1] = g_strdup (value);
        return;
      }
  g_ptr_array_add (user->attributes, g_strdup (key));
  g_ptr_array_add (user->attributes, g_strdup (value));
}

/* However it is spelt. */
TestCgUser *
test_cg_find (BurbleTestCg *self, const char *name)
{
  for (guint i = 0; i < self->users->len; i++)
    {
      TestCgUser *user = g_ptr_array_index (self->users, i);

      if (g_ascii_strcasecmp (user->name, name) == 0)
        return user;
    }
  return NULL;
}

static TestCgUser *
find_by_key (BurbleTestCg *self, const char *key)
{
  for (guint i = 0; i < self->users->len; i++)
    {
      TestCgUser *user = g_ptr_array_index (self->users, i);

      if (strcmp (user->key, key) == 0)
        return user;
    }
  return NULL;
}

static char *
normal_uuid (const char *text)
{
  g_auto(GStrv) parts = g_strsplit (text, "-", -1);
  g_autofree char *digits = g_strjoinv (NULL, parts);

  if (strlen (digits) != UUID_DIGITS || strspn (digits, "0123456789abcdefABCDEF") != UUID_DIGITS)
    return NULL;
  return g_ascii_strdown (digits, -1);
}

static TestCgUser *
find_by_uuid (BurbleTestCg *self, const char *uuid)
{
  for (guint i = 0; i < self->users->len; i++)
    {
      TestCgUser *user = g_ptr_array_index (self->users, i);

      if (strcmp (user->uuid, uuid) == 0)
        return user;
    }
  return NULL;
}

static gboolean
is_name (const char *name, gsize max)
{
  gsize length = strlen (name);

  return length >= 3 && length <= max && g_ascii_isalpha (*name)
         && g_ascii_strncasecmp (name, "bot", 3) != 0
         && strspn (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_") == length;
}

/* Answers. */

static void
send_user (TestCgClient *client, const TestCgUser *user)
{
  gboolean always = (client->server->quirks & BURBLE_TEST_CG_ALWAYS_OFFLINE) != 0;
  TestCgBody body;

  test_cg_body_init (&body, 3 + user->attributes->len / 2);
  test_cg_add_text (&body, "username", user->name);
  test_cg_add_text (&body, "uuid", user->uuid);
  for (guint i = 0; i < user->attributes->len; i += 2)
    test_cg_add_text (&body, user->attributes->pdata[i], user->attributes->pdata[i + 1]);
  test_cg_add_text (&body, "status", always ? "offline" : user->status);
  test_cg_send (client, test_cg_id_of (client->server, USER), &body);
}

void
test_cg_tell_all (BurbleTestCg *self, const TestCgUser *user)
{
  for (guint i = 0; i < self->clients->len; i++)
    {
      TestCgClient *client = g_ptr_array_index (self->clients, i);

      if (client->user != NULL
          && (client->user->client == client || !(self->quirks & BURBLE_TEST_CG_FORGETS)))
        send_user (client, user);
    }
}

/* Of everybody, to somebody who may not even know the numbers yet. */
static void
send_early_news (TestCgClient *client)
{
  if (!(client->server->quirks & BURBLE_TEST_CG_EARLY_NEWS))
    return;
  for (guint i = 0; i < client->server->users->len; i++)
    send_user (client, g_ptr_array_index (client->server->users, i));
}

static void
send_status (TestCgClient *client, const char *status, const char *username)
{
  TestCgBody body;

  test_cg_body_init (&body, username != NULL ? 2 : 1);
  test_cg_add_text (&body, "status", status);
  if (username != NULL)
    test_cg_add_text (&body, "username", username);
  test_cg_send (client, test_cg_id_of (client->server, AUTH), &body);
}

/* With a hash that is nobody's business, and the number of the server. */
static void
send_signed_in (TestCgClient *client)
{
  static const char hash[32] = "\x36\xe2\xa0\xf2\xe3\xa9\x19\x2d";
  TestCgBody body;

  test_cg_body_init (&body, 5);
  test_cg_add_text (&body, "status", "logged_in");
  test_cg_add_text (&body, "username", client->user->name);
  test_cg_add_text (&body, "uuid", client->user->uuid);
  test_cg_add_key (&body, "pwd");
  msgpack_pack_bin (&body.packer, sizeof hash);
  msgpack_pack_bin_body (&body.packer, hash, sizeof hash);
  test_cg_add_text (&body, "serverid", "0123456789abcdef0123456789abcdef");
  test_cg_send (client, test_cg_id_of (client->server, AUTH), &body);
}

void
test_cg_close (TestCgClient *client, const char *reason)
{
  TestCgBody body;
  gboolean silent = (client->server->quirks & BURBLE_TEST_CG_NO_REASON) != 0;

  test_cg_body_init (&body, silent ? 0 : 1);
  if (!silent)
    test_cg_add_text (&body, "reason", reason);
  test_cg_send (client, 16, &body);
  client->ends = TRUE;
}

static void
warn (TestCgClient *client, const char *key)
{
  TestCgBody body;

  test_cg_body_init (&body, 3);
  test_cg_add_text (&body, "type", "warn");
  test_cg_add_text (&body, "message", key);
  test_cg_add_key (&body, "data");
  msgpack_pack_map (&body.packer, 0);
  test_cg_send (client, test_cg_id_of (client->server, "cg:status.message"), &body);
}

void
test_cg_greet (TestCgClient *client)
{
  TestCgBody body;

  test_cg_body_init (&body, 2);
  test_cg_add_text (&body, "version", "0.2.0");
  test_cg_add_number (&body, "protoversion",
                      client->server->quirks & BURBLE_TEST_CG_NEWER_TRANSPORT ? 3 : 2);
  test_cg_send (client, 1, &body);
}

/* Questions. */

static const msgpack_object *
member (const msgpack_object *map, const char *key)
{
  for (guint32 i = 0; i < map->via.map.size; i++)
    {
      const msgpack_object_kv *pair = &map->via.map.ptr[i];

      if (pair->key.via.str.size == strlen (key)
          && memcmp (pair->key.via.str.ptr, key, strlen (key)) == 0)
        return &pair->val;
    }
  return NULL;
}

static char *
text_of (const msgpack_object *map, const char *key)
{
  const msgpack_object *value = member (map, key);

  if (value == NULL || value->type != MSGPACK_OBJECT_STR)
    return NULL;
  return g_strndup (value->via.str.ptr, value->via.str.size);
}

static gboolean
truth_of (const msgpack_object *map, const char *key)
{
  const msgpack_object *value = member (map, key);

  return value != NULL && value->type == MSGPACK_OBJECT_BOOLEAN && value->via.boolean;
}

static void
send_handshake (TestCgClient *client)
{
  TestCgBody body;

  test_cg_body_init (&body, 3);
  test_cg_add_text (&body, "version", "0.2.0");
  test_cg_add_number (&body, "protoversion", 2);
  test_cg_add_key (&body, "registry");
  msgpack_pack_map (&body.packer, G_N_ELEMENTS (registered) + G_N_ELEMENTS (fixed));
  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    test_cg_add_number (&body, fixed[i].name, fixed[i].id);
  for (guint i = 0; i < G_N_ELEMENTS (registered); i++)
    test_cg_add_number (&body, registered[i], test_cg_id_of (client->server, registered[i]));
  test_cg_send (client, 3, &body);
}

/* Another kind of link is neither answered nor ended. */
static void
take_type (TestCgClient *client, const msgpack_object *map)
{
  g_autofree char *type = text_of (map, "conntype");

  if (type == NULL || strcmp (type, "classic") == 0)
    {
      client->state = TEST_CG_HANDSHAKE;
      send_handshake (client);
    }
  else if (strcmp (type, "ping") == 0)
    client->state = TEST_CG_PINGING;
  else
    client->server->harm++;
}

static void
take_ping (TestCgClient *client, guint32 id, const msgpack_object *map)
{
  BurbleTestCg *self = client->server;
  TestCgBody body;

  if (id != PING_ID)
    {
      self->harm++;
      test_cg_close (client, "invalidpingpacket");
      return;
    }
  test_cg_body_init (&body, 12);
  test_cg_add_key (&body, "oldmsg");
  msgpack_pack_object (&body.packer, *map);
  test_cg_add_text (&body, "name", "server");
  test_cg_add_text (&body, "visiblename", self->name);
  test_cg_add_text (&body, "slogan", self->slogan);
  test_cg_add_number (&body, "maxplayers", 20);
  test_cg_add_number (&body, "playercount", self->clients->len);
  test_cg_add_key (&body, "playerlist");
  msgpack_pack_array (&body.packer, 0);
  test_cg_add_boolean (&body, "canlogon", !(self->quirks & BURBLE_TEST_CG_CLOSED));
  test_cg_add_number (&body, "version", 1);
  test_cg_add_text (&body, "flavor", "vanilla");
  test_cg_add_key (&body, "timestamp");
  msgpack_pack_double (&body.packer, 1795218753.18);
  test_cg_add_key (&body, "peng3dnet");
  msgpack_pack_map (&body.packer, 1);
  test_cg_add_number (&body, "protoversion", 2);
  test_cg_send (client, PONG_ID, &body);
}

static void
take_version (TestCgClient *client, const msgpack_object *map)
{
  BurbleTestCg *self = client->server;
  guint wanted = self->quirks & BURBLE_TEST_CG_OTHER_VERSION ? 1 : 0;
  const msgpack_object *protocol = member (map, "protoversion");
  g_autofree char *semver = text_of (map, "semver");
  g_autofree char *flavor = text_of (map, "flavor");
  gboolean fits = protocol->type == MSGPACK_OBJECT_POSITIVE_INTEGER
                  && protocol->via.u64 == versions[wanted].protocol
                  && g_strcmp0 (semver, versions[wanted].semver) == 0
                  && g_strcmp0 (flavor, versions[wanted].flavor) == 0
                  && !(self->quirks & BURBLE_TEST_CG_NO_VERSION);
  TestCgBody body;

  test_cg_body_init (&body, 4);
  test_cg_add_number (&body, "protoversion", versions[wanted].protocol);
  test_cg_add_text (&body, "semver", versions[wanted].semver);
  test_cg_add_text (&body, "flavor", versions[wanted].flavor);
  test_cg_add_boolean (&body, "compatible", fits);
  test_cg_send (client, test_cg_id_of (self, VERSION_CHECK), &body);
  if (fits)
    client->state = TEST_CG_AUTH;
  else
    test_cg_close (client, "versionmismatch");
}

/* It lets longer names pass than can be had. */
static void
take_precheck (TestCgClient *client, const msgpack_object *map)
{
  g_autofree char *name = text_of (map, "username");
  TestCgBody body;

  test_cg_body_init (&body, 4);
  test_cg_add_text (&body, "username", name);
  test_cg_add_boolean (&body, "valid", is_name (name, 64));
  test_cg_add_boolean (&body, "exists", test_cg_find (client->server, name) != NULL);
  test_cg_add_text (&body, "key", "");
  test_cg_send (client, test_cg_id_of (client->server, PRECHECK), &body);
}

static void
sign_in (TestCgClient *client, TestCgUser *user)
{
  /* It takes another account without a word; no client of ours means to do that. */
  if (client->user != NULL)
    client->server->harm++;
  client->user = user;
  client->state = TEST_CG_ACTIVE;
  user->client = client;
  send_user (client, user);
  send_early_news (client);
  send_signed_in (client);
}

static void
take_auth (TestCgClient *client, const msgpack_object *map)
{
  BurbleTestCg *self = client->server;
  g_autofree char *name = text_of (map, "username");
  g_autofree char *password = text_of (map, "pwd");
  TestCgUser *user = name != NULL ? test_cg_find (self, name) : NULL;
  gboolean create = truth_of (map, "create");
  const char *refusal = NULL;

  /* It trips over its own words, and says nothing. */
  if (name == NULL || (create && user == NULL && self->registration
                       && (!is_name (name, 16) || password == NULL
                           || g_utf8_strlen (password, -1) >= 128)))
    {
      self->harm++;
      return;
    }
  if (create && user != NULL)
    refusal = "user_exists";
  else if (create && !self->registration)
    refusal = "register_disabled";
  else if (!create && (user == NULL || g_strcmp0 (user->password, password) != 0))
    refusal = "wrong_credentials";
  else if (!create && user->blocked)
    refusal = "blocked";
  if (create && refusal == NULL)
    user = test_cg_add (self, name, password);
  if (self->quirks & BURBLE_TEST_CG_LOSES_AUTH)
    return;
  if (refusal != NULL)
    send_status (client, refusal, strcmp (refusal, "wrong_credentials") == 0 ? NULL : name);
  else
    sign_in (client, user);
}

/* What comes with one's own UUID changes oneself, and is not answered. */
static void
take_update (TestCgClient *client, const msgpack_object *map)
{
  BurbleTestCg *self = client->server;
  g_autofree char *name = text_of (map, "username");
  g_autofree char *picture = text_of (map, "profile_img");

  if (name == NULL && picture == NULL)
    self->harm++; /* a question in vain */
  /* The wrong way round: names are refused that are names. */
  if (name != NULL && (test_cg_find (self, name) != NULL || is_name (name, 16)))
    {
      warn (client, "cg:msg.status.user.username_not_available");
      return;
    }
  if (name != NULL)
    {
      g_set_str (&client->user->name, name);
      g_set_str (&client->user->key, name);
      test_cg_tell_all (self, client->user);
    }
  if (picture == NULL)
    return;
  g_strstrip (picture);
  if (*picture == '\0')
    warn (client, "cg:msg.status.user.empty_img");
  else if (g_utf8_strlen (picture, -1) > 64)
    warn (client, "cg:msg.status.user.img_name_long");
  else
    {
      test_cg_set (client->user, "profile_img", picture);
      test_cg_tell_all (self, client->user);
    }
}

static void
take_question (TestCgClient *client, const msgpack_object *map)
{
  BurbleTestCg *self = client->server;
  g_autofree char *name = text_of (map, "username");
  g_autofree char *text = text_of (map, "uuid");
  g_autofree char *uuid = text != NULL ? normal_uuid (text) : NULL;
  const TestCgUser *user = NULL;
  TestCgBody body;

  /* By its number somebody is only found by who has signed in. */
  if ((text != NULL && (uuid == NULL || client->user == NULL)) || (text == NULL && name == NULL))
    {
      self->harm++;
      return;
    }
  if (uuid != NULL && strcmp (uuid, client->user->uuid) == 0)
    {
      take_update (client, map);
      return;
    }
  self->questions++;
  user = uuid != NULL ? find_by_uuid (self, uuid) : find_by_key (self, name);
  if (user != NULL)
    {
      send_user (client, user);
      return;
    }
  if (self->quirks & BURBLE_TEST_CG_SILENT_ABOUT_NOBODY)
    return;
  test_cg_body_init (&body, 1);
  test_cg_add_text (&body, "status", "notexist");
  test_cg_send (client, test_cg_id_of (self, USER), &body);
}

static const struct
{
  const char *name;
  TestCgState from;
  guint needed; /* of `keys`, the first ones */
  const char *keys[6];
  void (*take) (TestCgClient *client, const msgpack_object *map);
} packets[] = {
  { VERSION_CHECK, TEST_CG_VERSION, 3, { "protoversion", "semver", "flavor" }, take_version },
  { PRECHECK, TEST_CG_AUTH, 1, { "username" }, take_precheck },
  { AUTH, TEST_CG_AUTH, 0, { "username", "pwd", "create" }, take_auth },
  { USER, TEST_CG_AUTH, 0, { "username", "uuid", "status", "pwd", "profile_img" }, take_question },
};

/* Out of turn, with a member too few or one too many, a packet is as if it had never come. */
static gboolean
is_heard (const TestCgClient *client, guint row, const msgpack_object *map)
{
  for (guint i = 0; i < packets[row].needed; i++)
    if (member (map, packets[row].keys[i]) == NULL)
      return FALSE;
  for (guint32 i = 0; i < map->via.map.size; i++)
    {
      g_autofree char *key = g_strndup (map->via.map.ptr[i].key.via.str.ptr,
                                        map->via.map.ptr[i].key.via.str.size);

      if (!g_strv_contains (packets[row].keys, key))
        return FALSE;
    }
  return client->state >= packets[row].from && client->state <= TEST_CG_ACTIVE
         && (packets[row].take != take_version || client->state == TEST_CG_VERSION);
}

static void
take_registered (TestCgClient *client, guint32 id, const msgpack_object *map)
{
  for (guint i = 0; i < G_N_ELEMENTS (packets); i++)
    if (id == test_cg_id_of (client->server, packets[i].name) && is_heard (client, i, map))
      {
        packets[i].take (client, map);
        return;
      }
  client->server->harm++;
}

static void
take_accept (TestCgClient *client, const msgpack_object *map)
{
  if (client->state != TEST_CG_HANDSHAKE)
    {
      client->server->harm++;
      test_cg_close (client, "smartpacketinvalid");
    }
  else if (truth_of (map, "success"))
    client->state = TEST_CG_VERSION;
  else
    client->server->harm++;
}

gboolean
test_cg_take (TestCgClient *client, guint32 id, const msgpack_object *map)
{
  BurbleTestCg *self = client->server;

  if (self->quirks & BURBLE_TEST_CG_MUTE || client->ends)
    return TRUE;
  if (id == 16)
    {
      g_free (self->goodbye);
      self->goodbye = text_of (map, "reason");
      g_ptr_array_remove (self->clients, client);
      return FALSE;
    }
  send_early_news (client);
  if (id == 2 && client->state == TEST_CG_NEW)
    take_type (client, map);
  else if (client->state == TEST_CG_PINGING)
    take_ping (client, id, map);
  else if (id == 4)
    take_accept (client, map);
  else
    take_registered (client, id, map);
  return TRUE;
}
