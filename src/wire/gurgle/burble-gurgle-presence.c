/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-packet"

#include "config.h"

#include "burble-gurgle-packet-private.h"

/* Gurgle, section 3: presence. */

/* The place of each word is its status less one; offline is null on the wire. */
static const char * const status_words[] = { "available", "away", "dnd", "invisible", NULL };

gboolean
burble_gurgle_read_status (BurbleGurgleReader *reader, JsonNode *value, BurbleGurgleStatus *status)
{
  guint index = 0;

  *status = BURBLE_GURGLE_STATUS_OFFLINE;
  if (burble_gurgle_read_is_null (reader, value))
    return TRUE;
  if (!burble_gurgle_read_word (reader, value, "status", status_words, &index))
    return FALSE;
  *status = (BurbleGurgleStatus) (index + 1);
  return TRUE;
}

void
burble_gurgle_write_status (BurbleGurgleWriter *writer, BurbleGurgleStatus status)
{
  burble_gurgle_write_field (writer, "status");
  if (status > BURBLE_GURGLE_STATUS_OFFLINE && status <= BURBLE_GURGLE_STATUS_INVISIBLE)
    burble_json_write_string (writer->out, status_words[status - 1]);
  else
    burble_json_write_null (writer->out);
}

/**
 * burble_gurgle_presence_new:
 * @from: (nullable): a full id; it must be there before the packet is sent
 * @status: its status, offline for a terminal that has gone
 * @mood: (nullable): free text
 *
 * One element of `presences` (Gurgle, section 3).
 *
 * Returns: (transfer full): a presence with copies of the strings
 */
BurbleGurglePresence *
burble_gurgle_presence_new (const char *from, BurbleGurgleStatus status, const char *mood)
{
  BurbleGurglePresence *self = g_new0 (BurbleGurglePresence, 1);

  self->from = g_strdup (from);
  self->status = status;
  self->mood = g_strdup (mood);
  return self;
}

void
burble_gurgle_presence_free (BurbleGurglePresence *self)
{
  if (self == NULL)
    return;
  g_free (self->from);
  g_free (self->mood);
  g_free (self->error);
  g_free (self);
}

static void
clear_publish (BurbleGurglePacket *packet)
{
  g_free (packet->publish.mood);
}

static gboolean
parse_publish (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  JsonNode *object = burble_gurgle_read_argument (reader, "presence");
  JsonNode *status;

  if (burble_gurgle_read_is_null (reader, object))
    return burble_gurgle_read_missing (reader, "presence");
  if (!JSON_NODE_HOLDS_OBJECT (object))
    return burble_gurgle_read_wrong (reader, "presence", "an object");

  /* Null says "offline"; nothing at all says nothing. */
  status = burble_gurgle_read_member (reader, object, "status");
  if (status == NULL)
    return burble_gurgle_read_missing (reader, "status");
  return burble_gurgle_read_status (reader, status, &packet->publish.status)
         && burble_gurgle_read_string (reader, burble_gurgle_read_member (reader, object, "mood"),
                                       "mood", &packet->publish.mood);
}

static void
serialize_publish (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_argument (writer, "presence");
  burble_json_write_open (writer->out, '{');
  burble_gurgle_write_status (writer, packet->publish.status);
  burble_gurgle_write_field (writer, "mood");
  burble_json_write_string (writer->out, packet->publish.mood);
  burble_json_write_close (writer->out, '}');
}

const BurbleGurglePacketClass burble_gurgle_publish_presence_class = {
  .command = "presence",
  .clear = clear_publish,
  .parse = parse_publish,
  .serialize = serialize_publish,
};

static gboolean
read_presence (BurbleGurgleReader *reader, JsonNode *object, gpointer *element)
{
  g_autoptr(BurbleGurglePresence) presence = g_new0 (BurbleGurglePresence, 1);

  if (!burble_gurgle_need_string (reader, burble_gurgle_read_member (reader, object, "from"),
                                  "from", &presence->from)
      || !burble_gurgle_read_status (reader, burble_gurgle_read_member (reader, object, "status"),
                                     &presence->status)
      || !burble_gurgle_read_string (reader, burble_gurgle_read_member (reader, object, "mood"),
                                     "mood", &presence->mood)
      || !burble_gurgle_read_string (reader, burble_gurgle_read_member (reader, object, "error"),
                                     "error", &presence->error))
    return FALSE;
  *element = g_steal_pointer (&presence);
  return TRUE;
}

static void
write_presence (BurbleGurgleWriter *writer, gconstpointer element)
{
  const BurbleGurglePresence *presence = element;

  burble_gurgle_write_field (writer, "from");
  burble_json_write_string (writer->out, presence->from);
  burble_gurgle_write_status (writer, presence->status);
  burble_gurgle_write_field (writer, "mood");
  burble_json_write_string (writer->out, presence->mood);
  burble_gurgle_write_string_field (writer, "error", presence->error);
}

static void
init_presence (BurbleGurglePacket *packet)
{
  packet->presence.presences
    = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_gurgle_presence_free);
}

static void
clear_presence (BurbleGurglePacket *packet)
{
  g_clear_pointer (&packet->presence.presences, g_ptr_array_unref);
}

static gboolean
parse_presence (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  JsonNode *value = burble_gurgle_read_argument (reader, "presences");

  if (reader->refused && value == NULL)
    return TRUE;
  return burble_gurgle_need_objects (reader, value, "presences", BURBLE_GURGLE_MAX_ENTRIES,
                                     read_presence, packet->presence.presences);
}

static void
serialize_presence (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_argument (writer, "presences");
  burble_gurgle_write_objects (writer, packet->presence.presences, write_presence);
}

const BurbleGurglePacketClass burble_gurgle_presence_class = {
  .command = "presence",
  .init = init_presence,
  .clear = clear_presence,
  .parse = parse_presence,
  .serialize = serialize_presence,
};
