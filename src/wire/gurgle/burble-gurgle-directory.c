/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-packet"

#include "config.h"

#include "burble-gurgle-packet-private.h"

/* Gurgle, section 5: user_status and active_users. */

static const char * const user_status_words[] = {
  "online", "away", "busy", "offline", "notexist", NULL,
};

static void
init_user_status (BurbleGurglePacket *packet)
{
  packet->user_status.status = BURBLE_GURGLE_USER_UNKNOWN;
}

static void
clear_user_status (BurbleGurglePacket *packet)
{
  g_free (packet->user_status.uuid);
  g_free (packet->user_status.username);
  g_free (packet->user_status.status_word);
  g_free (packet->user_status.name);
  g_free (packet->user_status.bio);
}

static gboolean
parse_names (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  return burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "uuid"), "uuid",
                                    &packet->user_status.uuid)
         && burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "username"),
                                       "username", &packet->user_status.username);
}

static gboolean
parse_get_user_status (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  if (!parse_names (packet, reader))
    return FALSE;
  if (packet->user_status.uuid == NULL && packet->user_status.username == NULL)
    return burble_gurgle_read_missing (reader, "username");
  return TRUE;
}

static gboolean
parse_user_status (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  JsonNode *value = burble_gurgle_read_argument (reader, "status");

  if (!parse_names (packet, reader)
      || !burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "name"), "name",
                                     &packet->user_status.name)
      || !burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "bio"), "bio",
                                     &packet->user_status.bio))
    return FALSE;
  if (reader->refused && value == NULL)
    return TRUE;
  if (!burble_gurgle_need_string (reader, value, "status", &packet->user_status.status_word))
    return FALSE;
  for (guint i = 0; user_status_words[i] != NULL; i++)
    if (g_str_equal (packet->user_status.status_word, user_status_words[i]))
      packet->user_status.status = (BurbleGurgleUserStatus) i;
  return TRUE;
}

static void
serialize_get_user_status (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_string_argument (writer, "uuid", packet->user_status.uuid);
  burble_gurgle_write_string_argument (writer, "username", packet->user_status.username);
}

static void
serialize_user_status (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  serialize_get_user_status (packet, writer);
  if (packet->user_status.status < BURBLE_GURGLE_USER_UNKNOWN)
    burble_gurgle_write_string_argument (writer, "status",
                                         user_status_words[packet->user_status.status]);
  else
    burble_gurgle_write_string_argument (writer, "status", packet->user_status.status_word);
  burble_gurgle_write_string_argument (writer, "name", packet->user_status.name);
  burble_gurgle_write_string_argument (writer, "bio", packet->user_status.bio);
}

const BurbleGurglePacketClass burble_gurgle_get_user_status_class = {
  .command = "user_status",
  .feature = BURBLE_GURGLE_FEATURE_USER_STATUS,
  .init = init_user_status,
  .clear = clear_user_status,
  .parse = parse_get_user_status,
  .serialize = serialize_get_user_status,
};

const BurbleGurglePacketClass burble_gurgle_user_status_class = {
  .command = "user_status",
  .feature = BURBLE_GURGLE_FEATURE_USER_STATUS,
  .init = init_user_status,
  .clear = clear_user_status,
  .parse = parse_user_status,
  .serialize = serialize_user_status,
};

/**
 * burble_gurgle_user_new:
 * @username: (nullable): the part of the id before the `@`
 * @uuid: (nullable): what the server knows the account by
 *
 * One element of `active_users` (Gurgle, section 5).
 *
 * Returns: (transfer full): a user with copies of the strings
 */
BurbleGurgleUser *
burble_gurgle_user_new (const char *username, const char *uuid)
{
  BurbleGurgleUser *self = g_new0 (BurbleGurgleUser, 1);

  self->username = g_strdup (username);
  self->uuid = g_strdup (uuid);
  return self;
}

void
burble_gurgle_user_free (BurbleGurgleUser *self)
{
  if (self == NULL)
    return;
  g_free (self->username);
  g_free (self->uuid);
  g_free (self);
}

static gboolean
read_user (BurbleGurgleReader *reader, JsonNode *object, gpointer *element)
{
  g_autoptr(BurbleGurgleUser) user = burble_gurgle_user_new (NULL, NULL);

  if (!burble_gurgle_need_string (reader, burble_gurgle_read_member (reader, object, "username"),
                                  "username", &user->username)
      || !burble_gurgle_read_string (reader, burble_gurgle_read_member (reader, object, "uuid"),
                                     "uuid", &user->uuid))
    return FALSE;
  *element = g_steal_pointer (&user);
  return TRUE;
}

static void
write_user (BurbleGurgleWriter *writer, gconstpointer element)
{
  const BurbleGurgleUser *user = element;

  burble_gurgle_write_field (writer, "username");
  burble_json_write_string (writer->out, user->username);
  burble_gurgle_write_string_field (writer, "uuid", user->uuid);
}

static void
init_active_users (BurbleGurglePacket *packet)
{
  packet->active_users.users
    = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_gurgle_user_free);
  packet->active_users.complete = TRUE;
}

static void
clear_active_users (BurbleGurglePacket *packet)
{
  g_clear_pointer (&packet->active_users.users, g_ptr_array_unref);
}

static gboolean
parse_active_users (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  return burble_gurgle_need_objects (reader, burble_gurgle_read_argument (reader, "users"), "users",
                                     BURBLE_GURGLE_MAX_ENTRIES, read_user,
                                     packet->active_users.users)
         && burble_gurgle_read_boolean (reader, burble_gurgle_read_argument (reader, "complete"),
                                        "complete", &packet->active_users.complete);
}

static void
serialize_active_users (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_argument (writer, "users");
  burble_gurgle_write_objects (writer, packet->active_users.users, write_user);
  if (packet->active_users.complete)
    return;
  burble_gurgle_write_argument (writer, "complete");
  burble_json_write_boolean (writer->out, FALSE);
}

const BurbleGurglePacketClass burble_gurgle_get_active_users_class = {
  .command = "active_users",
  .feature = BURBLE_GURGLE_FEATURE_ACTIVE_USERS,
};

const BurbleGurglePacketClass burble_gurgle_active_users_class = {
  .command = "active_users",
  .feature = BURBLE_GURGLE_FEATURE_ACTIVE_USERS,
  .init = init_active_users,
  .clear = clear_active_users,
  .parse = parse_active_users,
  .serialize = serialize_active_users,
};
