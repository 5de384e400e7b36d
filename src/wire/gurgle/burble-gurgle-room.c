/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-packet"

#include "config.h"

#include "burble-gurgle-packet-private.h"

/* Gurgle, section 5: rooms. */

static const char * const role_words[] = { "member", "owner", NULL };

/**
 * burble_gurgle_member_new:
 * @from: (nullable): the bare id of the member; it must be there before the packet is sent
 * @owner: the role: %TRUE for an owner, %FALSE for a plain member
 *
 * One member of a room (Gurgle, section 5).
 *
 * Returns: (transfer full): a member with a copy of @from
 */
BurbleGurgleMember *
burble_gurgle_member_new (const char *from, gboolean owner)
{
  BurbleGurgleMember *self = g_new0 (BurbleGurgleMember, 1);

  self->from = g_strdup (from);
  self->owner = owner;
  return self;
}

void
burble_gurgle_member_free (BurbleGurgleMember *self)
{
  if (self == NULL)
    return;
  g_free (self->from);
  g_free (self);
}

static gboolean
read_room_member (BurbleGurgleReader *reader, JsonNode *object, gpointer *element)
{
  g_autoptr(BurbleGurgleMember) member = burble_gurgle_member_new (NULL, FALSE);
  guint role = 0;

  if (!burble_gurgle_need_string (reader, burble_gurgle_read_member (reader, object, "from"),
                                  "from", &member->from)
      || !burble_gurgle_read_word (reader, burble_gurgle_read_member (reader, object, "role"),
                                   "role", role_words, &role))
    return FALSE;
  member->owner = role == 1;
  *element = g_steal_pointer (&member);
  return TRUE;
}

static void
write_room_member (BurbleGurgleWriter *writer, gconstpointer element)
{
  const BurbleGurgleMember *member = element;

  burble_gurgle_write_field (writer, "from");
  burble_json_write_string (writer->out, member->from);
  burble_gurgle_write_field (writer, "role");
  burble_json_write_string (writer->out, role_words[member->owner ? 1 : 0]);
}

static void
init_room (BurbleGurglePacket *packet)
{
  packet->room.invite = g_new0 (char *, 1);
  packet->room.kick = g_new0 (char *, 1);
  packet->room.members
    = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_gurgle_member_free);
}

static void
clear_room (BurbleGurglePacket *packet)
{
  g_free (packet->room.room);
  g_free (packet->room.topic);
  g_strfreev (packet->room.invite);
  g_strfreev (packet->room.kick);
  g_clear_pointer (&packet->room.members, g_ptr_array_unref);
}

static gboolean
parse_room (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  JsonNode *topic = burble_gurgle_read_argument (reader, "topic");

  packet->room.has_topic = topic != NULL;
  return burble_gurgle_need_string (reader, burble_gurgle_read_argument (reader, "room"), "room",
                                    &packet->room.room)
         && burble_gurgle_read_string (reader, topic, "topic", &packet->room.topic)
         && burble_gurgle_read_users (reader, burble_gurgle_read_argument (reader, "invite"),
                                              "invite", &packet->room.invite)
         && burble_gurgle_read_users (reader, burble_gurgle_read_argument (reader, "kick"),
                                              "kick", &packet->room.kick)
         && burble_gurgle_read_objects (reader, burble_gurgle_read_argument (reader, "members"),
                                        "members", BURBLE_GURGLE_MAX_ENTRIES, read_room_member,
                                        packet->room.members);
}

static void
write_users (BurbleGurgleWriter *writer, const char *name, GStrv users)
{
  if (users == NULL || users[0] == NULL)
    return;
  burble_gurgle_write_argument (writer, name);
  burble_gurgle_write_strings (writer, (const char * const *) users);
}

static void
serialize_room (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_string_argument (writer, "room", packet->room.room);
  if (packet->room.has_topic || packet->room.topic != NULL)
    {
      burble_gurgle_write_argument (writer, "topic");
      burble_json_write_string (writer->out, packet->room.topic);
    }
  write_users (writer, "invite", packet->room.invite);
  write_users (writer, "kick", packet->room.kick);
  if (packet->room.members->len == 0)
    return;
  burble_gurgle_write_argument (writer, "members");
  burble_gurgle_write_objects (writer, packet->room.members, write_room_member);
}

const BurbleGurglePacketClass burble_gurgle_room_class = {
  .command = "room",
  .feature = BURBLE_GURGLE_FEATURE_ROOMS,
  .init = init_room,
  .clear = clear_room,
  .parse = parse_room,
  .serialize = serialize_room,
};
