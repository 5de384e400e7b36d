/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-cg-packet"

#include "config.h"

#include "burble-cg-packet.h"

#include <string.h>

#include "burble-cg-map.h"
#include "burble-cg-name.h"
#include "burble-wire-error.h"

/* These numbers belong to the transport. */
static const guint32 fixed_ids[BURBLE_CG_N_TYPES] = {
  [BURBLE_CG_HELLO] = 1,
  [BURBLE_CG_SET_TYPE] = 2,
  [BURBLE_CG_HANDSHAKE] = 3,
  [BURBLE_CG_HANDSHAKE_ACCEPT] = 4,
  [BURBLE_CG_CLOSE] = 16,
};
#define PING_ID 64
#define PONG_ID 65
#define MAX_ATTRIBUTES 64

/* The others are known by name. */
static const struct
{
  const char *name;
  BurbleCgPacketType type;
} names[] = {
  { "cg:version.check", BURBLE_CG_VERSION_CHECK },
  { "cg:auth.precheck", BURBLE_CG_PRECHECK },
  { "cg:auth", BURBLE_CG_AUTH },
  { "cg:status.user", BURBLE_CG_USER },
  { "cg:status.message", BURBLE_CG_MESSAGE },
};

static const char * const auth_words[] = {
  [BURBLE_CG_AUTH_LOGGED_IN] = "logged_in",
  [BURBLE_CG_AUTH_LOGGED_OUT] = "logged_out",
  [BURBLE_CG_AUTH_WRONG_CREDENTIALS] = "wrong_credentials",
  [BURBLE_CG_AUTH_USER_EXISTS] = "user_exists",
  [BURBLE_CG_AUTH_REGISTER_DISABLED] = "register_disabled",
  [BURBLE_CG_AUTH_BLOCKED] = "blocked",
};

static const char * const status_words[] = {
  [BURBLE_CG_STATUS_ONLINE] = "online",
  [BURBLE_CG_STATUS_AWAY] = "away",
  [BURBLE_CG_STATUS_BUSY] = "busy",
  [BURBLE_CG_STATUS_OFFLINE] = "offline",
  [BURBLE_CG_STATUS_NOT_EXIST] = "notexist",
};

void
burble_cg_registry_init (BurbleCgRegistry *self, gboolean ping)
{
  g_return_if_fail (self != NULL);

  memcpy (self->ids, fixed_ids, sizeof self->ids);
  if (ping)
    {
      self->ids[BURBLE_CG_PING] = PING_ID;
      self->ids[BURBLE_CG_PONG] = PONG_ID;
    }
}

BurbleCgPacketType
burble_cg_registry_lookup (const BurbleCgRegistry *self, guint32 id)
{
  g_return_val_if_fail (self != NULL, BURBLE_CG_UNKNOWN);

  for (guint i = 0; id != 0 && i < BURBLE_CG_N_TYPES; i++)
    if (self->ids[i] == id)
      return i;
  return BURBLE_CG_UNKNOWN;
}

void
burble_cg_attribute_free (BurbleCgAttribute *self)
{
  g_free (self->key);
  g_free (self->text);
  g_free (self);
}

BurbleCgPacket *
burble_cg_packet_new (BurbleCgPacketType type)
{
  BurbleCgPacket *self = g_new0 (BurbleCgPacket, 1);

  self->type = type;
  self->protocol = self->players = self->max_players = -1;
  self->attributes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_cg_attribute_free);
  return self;
}

void
burble_cg_packet_free (BurbleCgPacket *self)
{
  if (self == NULL)
    return;

  if (self->password != NULL)
    explicit_bzero (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->version);
  g_free (self->reason);
  g_free (self->semver);
  g_free (self->flavor);
  g_free (self->username);
  g_free (self->uuid);
  g_free (self->status_word);
  g_free (self->message);
  g_free (self->name);
  g_free (self->slogan);
  g_ptr_array_unref (self->attributes);
  g_free (self);
}

/* Reading. */

typedef struct
{
  BurbleCgRegistry *registry;
  gboolean broken;
} RegistryReader;

static void
register_cb (const char *name, gint64 id, gpointer user_data)
{
  RegistryReader *reader = user_data;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i].name, name) == 0)
      {
        if (id <= 0 || id > G_MAXUINT32
            || burble_cg_registry_lookup (reader->registry, (guint32) id) != BURBLE_CG_UNKNOWN)
          reader->broken = TRUE;
        else
          reader->registry->ids[names[i].type] = (guint32) id;
      }
}

/* One number for two things would make a wish of an answer. */
static gboolean
read_registry (BurbleCgPacket *self, BurbleCgMap *map, GError **error)
{
  RegistryReader reader = { &self->registry, FALSE };

  burble_cg_registry_init (&self->registry, FALSE);
  if (burble_cg_map_foreach_number_in (map, "registry", register_cb, &reader) && !reader.broken)
    return TRUE;
  g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET,
                       "The numbers of the packets cannot be learned");
  return FALSE;
}

static guint
find_word (const char * const *words, guint n_words, const char *word)
{
  for (guint i = 1; word != NULL && i < n_words; i++)
    if (strcmp (words[i], word) == 0)
      return i;
  return 0;
}

static void
attribute_cb (const char *key, const char *text, gpointer user_data)
{
  GPtrArray *attributes = user_data;
  BurbleCgAttribute *attribute = NULL;

  if (attributes->len >= MAX_ATTRIBUTES)
    return;
  attribute = g_new0 (BurbleCgAttribute, 1);
  attribute->key = g_strdup (key);
  attribute->text = g_strdup (text);
  g_ptr_array_add (attributes, attribute);
}

/* What has a field of its own is told apart from what is only known to be there. */
static void
user_attribute_cb (const char *key, const char *text, gpointer user_data)
{
  if (strcmp (key, "username") != 0 && strcmp (key, "uuid") != 0 && strcmp (key, "status") != 0)
    attribute_cb (key, text, user_data);
}

static void
read_uuid (BurbleCgPacket *self, BurbleCgMap *map)
{
  g_autofree char *uuid = burble_cg_map_dup_string (map, "uuid");

  self->uuid = uuid != NULL ? burble_cg_uuid_normalize (uuid) : NULL;
}

static void
read_user (BurbleCgPacket *self, BurbleCgMap *map)
{
  self->status_word = burble_cg_map_dup_string (map, "status");
  self->status = find_word (status_words, G_N_ELEMENTS (status_words), self->status_word);
  /* Nothing else is filled then; if it is, it means nothing. */
  if (self->status == BURBLE_CG_STATUS_NOT_EXIST)
    return;
  self->username = burble_cg_map_dup_string (map, "username");
  read_uuid (self, map);
  burble_cg_map_foreach (map, user_attribute_cb, self->attributes);
}

static void
read_auth (BurbleCgPacket *self, BurbleCgMap *map)
{
  self->status_word = burble_cg_map_dup_string (map, "status");
  self->auth = find_word (auth_words, G_N_ELEMENTS (auth_words), self->status_word);
  self->username = burble_cg_map_dup_string (map, "username");
  read_uuid (self, map);
}

static void
read_message (BurbleCgPacket *self, BurbleCgMap *map)
{
  g_autofree char *type = burble_cg_map_dup_string (map, "type");

  /* "warning" and "warn" are both in use; "error" is in the documentation. */
  self->warning = type != NULL && strcmp (type, "notice") != 0;
  self->message = burble_cg_map_dup_string (map, "message");
  if (self->message == NULL)
    self->message = burble_cg_map_dup_string (map, "msg");
  burble_cg_map_foreach_in (map, "data", attribute_cb, self->attributes);
}

static void
read_pong (BurbleCgPacket *self, BurbleCgMap *map)
{
  self->time = burble_cg_map_get_double (map, "timestamp");
  self->protocol = burble_cg_map_get_number (map, "version");
  self->flavor = burble_cg_map_dup_string (map, "flavor");
  self->name = burble_cg_map_dup_string (map, "visiblename");
  self->slogan = burble_cg_map_dup_string (map, "slogan");
  self->players = burble_cg_map_get_number (map, "playercount");
  self->max_players = burble_cg_map_get_number (map, "maxplayers");
  self->can_log_on = !burble_cg_map_is_false (map, "canlogon");
}

static gboolean
read_fields (BurbleCgPacket *self, BurbleCgMap *map, GError **error)
{
  switch (self->type)
    {
    case BURBLE_CG_HELLO:
    case BURBLE_CG_HANDSHAKE:
      self->version = burble_cg_map_dup_string (map, "version");
      self->protocol = burble_cg_map_get_number (map, "protoversion");
      return self->type == BURBLE_CG_HELLO || read_registry (self, map, error);
    case BURBLE_CG_CLOSE:
      self->reason = burble_cg_map_dup_string (map, "reason");
      break;
    case BURBLE_CG_VERSION_CHECK:
      self->protocol = burble_cg_map_get_number (map, "protoversion");
      self->semver = burble_cg_map_dup_string (map, "semver");
      self->flavor = burble_cg_map_dup_string (map, "flavor");
      self->compatible = burble_cg_map_get_boolean (map, "compatible");
      break;
    case BURBLE_CG_PRECHECK:
      self->username = burble_cg_map_dup_string (map, "username");
      self->valid = burble_cg_map_get_boolean (map, "valid");
      self->exists = burble_cg_map_get_boolean (map, "exists");
      break;
    case BURBLE_CG_AUTH:
      read_auth (self, map);
      break;
    case BURBLE_CG_USER:
      read_user (self, map);
      break;
    case BURBLE_CG_MESSAGE:
      read_message (self, map);
      break;
    case BURBLE_CG_PONG:
      read_pong (self, map);
      break;
    case BURBLE_CG_UNKNOWN:
    case BURBLE_CG_SET_TYPE:
    case BURBLE_CG_HANDSHAKE_ACCEPT:
    case BURBLE_CG_PING:
    case BURBLE_CG_N_TYPES:
    default:
      break;
    }
  return TRUE;
}

/**
 * burble_cg_packet_parse:
 * @payload: a frame without the length in front, as a server sends it
 * @registry: the numbers of this connection
 * @error: return location for a #BurbleWireError
 *
 * A packet with an id that means nothing to us is of type %BURBLE_CG_UNKNOWN, whatever its body.
 */
BurbleCgPacket *
burble_cg_packet_parse (GBytes *payload, const BurbleCgRegistry *registry, GError **error)
{
  g_auto(BurbleCgFrame) frame = { 0 };
  g_autoptr(BurbleCgPacket) self = NULL;
  g_autoptr(BurbleCgMap) map = NULL;

  g_return_val_if_fail (payload != NULL, NULL);
  g_return_val_if_fail (registry != NULL, NULL);

  if (!burble_cg_frame_read (&frame, payload, error))
    return NULL;
  self = burble_cg_packet_new (burble_cg_registry_lookup (registry, frame.id));
  self->id = frame.id;
  if (self->type == BURBLE_CG_UNKNOWN)
    return g_steal_pointer (&self);
  map = burble_cg_map_parse (frame.body, error);
  if (map == NULL || !read_fields (self, map, error))
    return NULL;
  return g_steal_pointer (&self);
}
