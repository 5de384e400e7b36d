/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-packet"

#include "config.h"

#include "burble-gurgle-packet-private.h"

/* Gurgle, section 3: the roster. "roaster" is how the first dialect spells it on the wire, "roster"
 * the later one; both are read in both. */

static const char * const type_words[] = { "peer", "chatroom", NULL };
/* The place of each word is its subscription less one; none is null on the wire. */
static const char * const subscription_words[] = { "to", "from", "both", NULL };

/**
 * burble_gurgle_terminal_new:
 * @terminal: (nullable): the name of the terminal; it must be there before the packet is sent
 * @status: its status
 * @mood: (nullable): free text
 *
 * One member of `presence` in a roster entry (Gurgle, section 3).
 *
 * Returns: (transfer full): a terminal with copies of the strings
 */
BurbleGurgleTerminal *
burble_gurgle_terminal_new (const char *terminal, BurbleGurgleStatus status, const char *mood)
{
  BurbleGurgleTerminal *self = g_new0 (BurbleGurgleTerminal, 1);

  self->terminal = g_strdup (terminal);
  self->status = status;
  self->mood = g_strdup (mood);
  return self;
}

void
burble_gurgle_terminal_free (BurbleGurgleTerminal *self)
{
  if (self == NULL)
    return;
  g_free (self->terminal);
  g_free (self->mood);
  g_free (self);
}

/**
 * burble_gurgle_roster_entry_new:
 * @from: (nullable): the bare id of the contact or room; it must be there before the packet is sent
 *
 * One element of `roaster` (Gurgle, section 3): a peer without subscription, alias and terminals.
 *
 * Returns: (transfer full): an entry with a copy of @from
 */
BurbleGurgleRosterEntry *
burble_gurgle_roster_entry_new (const char *from)
{
  BurbleGurgleRosterEntry *self = g_new0 (BurbleGurgleRosterEntry, 1);

  self->from = g_strdup (from);
  self->terminals = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_gurgle_terminal_free);
  return self;
}

void
burble_gurgle_roster_entry_free (BurbleGurgleRosterEntry *self)
{
  if (self == NULL)
    return;
  g_free (self->from);
  g_free (self->name);
  g_free (self->bio);
  g_free (self->alias);
  g_ptr_array_unref (self->terminals);
  g_free (self);
}

static gboolean
read_terminal (BurbleGurgleReader *reader, JsonNode *value, BurbleGurgleTerminal *terminal)
{
  /* {"phone": null}: gone, like {"phone": {"status": null}}. */
  if (burble_gurgle_read_is_null (reader, value))
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (value))
    return burble_gurgle_read_wrong (reader, "presence", "made of objects");
  return burble_gurgle_read_status (reader, burble_gurgle_read_member (reader, value, "status"),
                                    &terminal->status)
         && burble_gurgle_read_string (reader, burble_gurgle_read_member (reader, value, "mood"),
                                       "mood", &terminal->mood);
}

/* {terminal: {"status", "mood"}, …} */
static gboolean
read_terminals_of_object (BurbleGurgleReader *reader, JsonNode *object, GPtrArray *terminals)
{
  JsonObjectIter iter;
  JsonNode *value = NULL;
  const char *name = NULL;

  json_object_iter_init_ordered (&iter, json_node_get_object (object));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      g_autoptr(BurbleGurgleTerminal) terminal = NULL;

      if (terminals->len == BURBLE_GURGLE_MAX_TERMINALS)
        return burble_gurgle_read_wrong (reader, "presence", "of a size we accept");
      terminal = g_new0 (BurbleGurgleTerminal, 1);
      terminal->terminal = g_strdup (name);
      if (!read_terminal (reader, value, terminal))
        return FALSE;
      g_ptr_array_add (terminals, g_steal_pointer (&terminal));
    }
  return TRUE;
}

static gboolean
read_terminals (BurbleGurgleReader *reader, JsonNode *value, GPtrArray *terminals)
{
  JsonArray *array;

  if (burble_gurgle_read_is_null (reader, value))
    return TRUE;
  if (JSON_NODE_HOLDS_OBJECT (value))
    return read_terminals_of_object (reader, value, terminals);
  if (!JSON_NODE_HOLDS_ARRAY (value))
    return burble_gurgle_read_wrong (reader, "presence", "an object");
  array = json_node_get_array (value);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *child = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (child))
        return burble_gurgle_read_wrong (reader, "presence", "a list of objects");
      if (!read_terminals_of_object (reader, child, terminals))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_subscription (BurbleGurgleReader *reader, JsonNode *value, BurbleGurgleRosterEntry *entry)
{
  guint index = 0;

  entry->has_subscription = value != NULL;
  if (burble_gurgle_read_is_null (reader, value))
    return TRUE;
  if (!burble_gurgle_read_word (reader, value, "subscription", subscription_words, &index))
    return FALSE;
  entry->subscription = (BurbleGurgleSubscription) (index + 1);
  return TRUE;
}

static gboolean
read_type (BurbleGurgleReader *reader, JsonNode *value, BurbleGurgleRosterEntry *entry)
{
  guint index = 0;

  if (burble_gurgle_read_is_null (reader, value))
    return TRUE;
  if (!burble_gurgle_read_word (reader, value, "type", type_words, &index))
    return FALSE;
  entry->type = (BurbleGurgleEntryType) index;
  return TRUE;
}

static gboolean
read_entry (BurbleGurgleReader *reader, JsonNode *object, gpointer *element)
{
  g_autoptr(BurbleGurgleRosterEntry) entry = burble_gurgle_roster_entry_new (NULL);
  JsonNode *alias = burble_gurgle_read_member (reader, object, "alias");

  entry->has_alias = alias != NULL;
  if (!burble_gurgle_need_string (reader, burble_gurgle_read_member (reader, object, "from"),
                                  "from", &entry->from)
      || !burble_gurgle_read_string (reader, burble_gurgle_read_member (reader, object, "name"),
                                     "name", &entry->name)
      || !burble_gurgle_read_string (reader, burble_gurgle_read_member (reader, object, "bio"),
                                     "bio", &entry->bio)
      || !burble_gurgle_read_string (reader, alias, "alias", &entry->alias)
      || !read_type (reader, burble_gurgle_read_member (reader, object, "type"), entry)
      || !read_subscription (reader, burble_gurgle_read_member (reader, object, "subscription"),
                             entry)
      || !burble_gurgle_read_boolean (reader, burble_gurgle_read_member (reader, object, "ask"),
                                      "ask", &entry->ask)
      || !burble_gurgle_read_boolean (reader, burble_gurgle_read_member (reader, object, "delete"),
                                      "delete", &entry->removed)
      || !read_terminals (reader, burble_gurgle_read_member (reader, object, "presence"),
                          entry->terminals))
    return FALSE;
  *element = g_steal_pointer (&entry);
  return TRUE;
}

/* The key of an object must be the terminal, so this is no element of write_objects(). */
static void
write_terminals (BurbleGurgleWriter *writer, GPtrArray *terminals)
{
  burble_gurgle_write_field (writer, "presence");
  burble_json_write_open (writer->out, '{');
  for (guint i = 0; i < terminals->len; i++)
    {
      const BurbleGurgleTerminal *terminal = g_ptr_array_index (terminals, i);

      burble_json_write_string (writer->out, terminal->terminal != NULL ? terminal->terminal : "");
      g_string_append_c (writer->out, ':');
      burble_json_write_open (writer->out, '{');
      burble_gurgle_write_status (writer, terminal->status);
      burble_gurgle_write_field (writer, "mood");
      burble_json_write_string (writer->out, terminal->mood);
      burble_json_write_close (writer->out, '}');
    }
  burble_json_write_close (writer->out, '}');
}

static void
write_subscription (BurbleGurgleWriter *writer, const BurbleGurgleRosterEntry *entry)
{
  gboolean known = entry->subscription > BURBLE_GURGLE_SUBSCRIPTION_NONE
                   && entry->subscription <= BURBLE_GURGLE_SUBSCRIPTION_BOTH;

  if (!known && !entry->has_subscription)
    return;
  burble_gurgle_write_field (writer, "subscription");
  burble_json_write_string (writer->out,
                            known ? subscription_words[entry->subscription - 1] : NULL);
}

static void
write_entry (BurbleGurgleWriter *writer, gconstpointer element)
{
  const BurbleGurgleRosterEntry *entry = element;

  burble_gurgle_write_field (writer, "from");
  burble_json_write_string (writer->out, entry->from);
  burble_gurgle_write_string_field (writer, "name", entry->name);
  burble_gurgle_write_string_field (writer, "bio", entry->bio);
  if (entry->has_alias || entry->alias != NULL)
    {
      burble_gurgle_write_field (writer, "alias");
      burble_json_write_string (writer->out, entry->alias);
    }
  burble_gurgle_write_field (writer, "type");
  burble_json_write_string (writer->out, type_words[entry->type == BURBLE_GURGLE_ENTRY_CHATROOM]);
  write_subscription (writer, entry);
  if (entry->ask)
    {
      burble_gurgle_write_field (writer, "ask");
      burble_json_write_boolean (writer->out, TRUE);
    }
  if (entry->removed)
    {
      burble_gurgle_write_field (writer, "delete");
      burble_json_write_boolean (writer->out, TRUE);
    }
  if (entry->terminals->len > 0)
    write_terminals (writer, entry->terminals);
}

static void
init_roster (BurbleGurglePacket *packet)
{
  packet->roster.entries
    = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_gurgle_roster_entry_free);
}

static void
clear_roster (BurbleGurglePacket *packet)
{
  g_free (packet->roster.etag);
  g_clear_pointer (&packet->roster.entries, g_ptr_array_unref);
}

static gboolean
parse_etag (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  return burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "etag"), "etag",
                                    &packet->roster.etag);
}

static gboolean
parse_roster (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  JsonNode *value = burble_gurgle_read_argument (reader, "roaster");

  if (value == NULL)
    value = burble_gurgle_read_argument (reader, "roster");
  if (!parse_etag (packet, reader))
    return FALSE;
  if (reader->refused && value == NULL)
    return TRUE;
  return burble_gurgle_need_objects (reader, value, "roaster", BURBLE_GURGLE_MAX_ENTRIES,
                                     read_entry, packet->roster.entries);
}

static void
serialize_etag (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_string_argument (writer, "etag", packet->roster.etag);
}

static void
serialize_roster (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  serialize_etag (packet, writer);
  burble_gurgle_write_argument (writer, burble_gurgle_writer_choose (writer, "roaster", "roster"));
  burble_gurgle_write_objects (writer, packet->roster.entries, write_entry);
}

const BurbleGurglePacketClass burble_gurgle_get_roster_class = {
  .command = "get_roaster",
  .later_command = "get_roster",
  .init = init_roster,
  .clear = clear_roster,
  .parse = parse_etag,
  .serialize = serialize_etag,
};

const BurbleGurglePacketClass burble_gurgle_keep_roster_class = {
  .command = "keep_roaster",
  .later_command = "keep_roster",
  .init = init_roster,
  .clear = clear_roster,
  .parse = parse_etag,
  .serialize = serialize_etag,
};

const BurbleGurglePacketClass burble_gurgle_flush_roster_class = {
  .command = "flush_roaster",
  .later_command = "flush_roster",
  .init = init_roster,
  .clear = clear_roster,
  .parse = parse_roster,
  .serialize = serialize_roster,
};

const BurbleGurglePacketClass burble_gurgle_update_roster_class = {
  .command = "update_roaster",
  .later_command = "update_roster",
  .init = init_roster,
  .clear = clear_roster,
  .parse = parse_roster,
  .serialize = serialize_roster,
};
