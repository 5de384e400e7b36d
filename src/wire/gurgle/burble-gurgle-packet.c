/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-packet"

#include "config.h"

#include "burble-gurgle-packet.h"

#include <string.h>

#include "burble-gurgle-packet-private.h"
#include "burble-wire-error.h"

G_DEFINE_BOXED_TYPE (BurbleGurglePacket, burble_gurgle_packet, burble_gurgle_packet_ref,
                     burble_gurgle_packet_unref)

static void
clear_invalid (BurbleGurglePacket *packet)
{
  g_free (packet->invalid.problem);
}

static void
clear_unknown (BurbleGurglePacket *packet)
{
  g_free (packet->unknown.command);
}

static gboolean
parse_unknown (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  return burble_gurgle_need_string (reader, burble_gurgle_read_top (reader, "cmd"), "cmd",
                                    &packet->unknown.command);
}

static void
serialize_unknown (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_string_field (writer, "cmd", packet->unknown.command);
}

static const BurbleGurglePacketClass invalid_class = {
  .label = "invalid",
  .clear = clear_invalid,
};

static const BurbleGurglePacketClass unknown_class = {
  .label = "unknown",
  .clear = clear_unknown,
  .parse = parse_unknown,
  .serialize = serialize_unknown,
};

static const BurbleGurglePacketClass error_result_class = {
  .label = "error",
  .always_error = TRUE,
};

static const BurbleGurglePacketClass * const classes[] = {
  [BURBLE_GURGLE_INVALID] = &invalid_class,
  [BURBLE_GURGLE_UNKNOWN] = &unknown_class,
  [BURBLE_GURGLE_ERROR_RESULT] = &error_result_class,
  [BURBLE_GURGLE_VERSION] = &burble_gurgle_version_class,
  [BURBLE_GURGLE_PING] = &burble_gurgle_ping_class,
  [BURBLE_GURGLE_PONG] = &burble_gurgle_pong_class,
  [BURBLE_GURGLE_UPGRADE] = &burble_gurgle_upgrade_class,
  [BURBLE_GURGLE_UPGRADED] = &burble_gurgle_upgraded_class,
  [BURBLE_GURGLE_QUERY] = &burble_gurgle_query_class,
  [BURBLE_GURGLE_ANSWER] = &burble_gurgle_answer_class,
  [BURBLE_GURGLE_AUTH] = &burble_gurgle_auth_class,
  [BURBLE_GURGLE_AUTH_RESULT] = &burble_gurgle_auth_result_class,
  [BURBLE_GURGLE_PUBLISH_PRESENCE] = &burble_gurgle_publish_presence_class,
  [BURBLE_GURGLE_PRESENCE] = &burble_gurgle_presence_class,
  [BURBLE_GURGLE_GET_ROSTER] = &burble_gurgle_get_roster_class,
  [BURBLE_GURGLE_KEEP_ROSTER] = &burble_gurgle_keep_roster_class,
  [BURBLE_GURGLE_FLUSH_ROSTER] = &burble_gurgle_flush_roster_class,
  [BURBLE_GURGLE_UPDATE_ROSTER] = &burble_gurgle_update_roster_class,
  [BURBLE_GURGLE_MESSAGE] = &burble_gurgle_message_class,
  [BURBLE_GURGLE_SENT] = &burble_gurgle_sent_class,
  [BURBLE_GURGLE_QUIT] = &burble_gurgle_quit_class,
  [BURBLE_GURGLE_BYE] = &burble_gurgle_bye_class,
  [BURBLE_GURGLE_KILL] = &burble_gurgle_kill_class,
  [BURBLE_GURGLE_TYPING] = &burble_gurgle_typing_class,
  [BURBLE_GURGLE_RECEIPT] = &burble_gurgle_receipt_class,
  [BURBLE_GURGLE_GET_USER_STATUS] = &burble_gurgle_get_user_status_class,
  [BURBLE_GURGLE_USER_STATUS] = &burble_gurgle_user_status_class,
  [BURBLE_GURGLE_GET_ACTIVE_USERS] = &burble_gurgle_get_active_users_class,
  [BURBLE_GURGLE_ACTIVE_USERS] = &burble_gurgle_active_users_class,
  [BURBLE_GURGLE_GET_HISTORY] = &burble_gurgle_get_history_class,
  [BURBLE_GURGLE_HISTORY] = &burble_gurgle_history_class,
  [BURBLE_GURGLE_BLOCK] = &burble_gurgle_block_class,
  [BURBLE_GURGLE_GET_ATTACHMENT] = &burble_gurgle_get_attachment_class,
  [BURBLE_GURGLE_ATTACHMENT] = &burble_gurgle_attachment_class,
  [BURBLE_GURGLE_PUT_ATTACHMENT] = &burble_gurgle_put_attachment_class,
  [BURBLE_GURGLE_ATTACHMENT_STORED] = &burble_gurgle_attachment_stored_class,
  [BURBLE_GURGLE_REGISTER] = &burble_gurgle_register_class,
  [BURBLE_GURGLE_PROFILE] = &burble_gurgle_profile_class,
  [BURBLE_GURGLE_PASSWORD] = &burble_gurgle_password_class,
  [BURBLE_GURGLE_ROOM] = &burble_gurgle_room_class,
};

/*
 * What "cmd" means, sorted. Where request and response share a command they are told apart by a
 * member of the response; a refusal is a response as well.
 */
static const struct
{
  const char *name;
  BurbleGurglePacketType type;
  BurbleGurglePacketType response;
  const char *response_member;
} commands[] = {
  { "active_users", BURBLE_GURGLE_GET_ACTIVE_USERS, BURBLE_GURGLE_ACTIVE_USERS, "users" },
  { "attachment", BURBLE_GURGLE_ATTACHMENT },
  { "attachment_stored", BURBLE_GURGLE_ATTACHMENT_STORED },
  { "auth", BURBLE_GURGLE_AUTH },
  { "block", BURBLE_GURGLE_BLOCK },
  { "bye", BURBLE_GURGLE_BYE },
  { "flush_roaster", BURBLE_GURGLE_FLUSH_ROSTER },
  { "flush_roster", BURBLE_GURGLE_FLUSH_ROSTER },
  { "get_attachment", BURBLE_GURGLE_GET_ATTACHMENT },
  { "get_roaster", BURBLE_GURGLE_GET_ROSTER },
  { "get_roster", BURBLE_GURGLE_GET_ROSTER },
  { "history", BURBLE_GURGLE_GET_HISTORY, BURBLE_GURGLE_HISTORY, "messages" },
  { "keep_roaster", BURBLE_GURGLE_KEEP_ROSTER },
  { "keep_roster", BURBLE_GURGLE_KEEP_ROSTER },
  { "kill", BURBLE_GURGLE_KILL },
  { "message", BURBLE_GURGLE_MESSAGE },
  { "password", BURBLE_GURGLE_PASSWORD },
  { "ping", BURBLE_GURGLE_PING },
  { "pong", BURBLE_GURGLE_PONG },
  { "presence", BURBLE_GURGLE_PUBLISH_PRESENCE, BURBLE_GURGLE_PRESENCE, "presences" },
  { "profile", BURBLE_GURGLE_PROFILE },
  { "put_attachment", BURBLE_GURGLE_PUT_ATTACHMENT },
  { "query", BURBLE_GURGLE_QUERY },
  { "quit", BURBLE_GURGLE_QUIT },
  { "receipt", BURBLE_GURGLE_RECEIPT },
  { "register", BURBLE_GURGLE_REGISTER },
  { "room", BURBLE_GURGLE_ROOM },
  { "sent", BURBLE_GURGLE_SENT },
  { "typing", BURBLE_GURGLE_TYPING },
  { "update_roaster", BURBLE_GURGLE_UPDATE_ROSTER },
  { "update_roster", BURBLE_GURGLE_UPDATE_ROSTER },
  { "upgrade", BURBLE_GURGLE_UPGRADE },
  { "upgraded", BURBLE_GURGLE_UPGRADED },
  { "user_status", BURBLE_GURGLE_GET_USER_STATUS, BURBLE_GURGLE_USER_STATUS, "status" },
};

/**
 * burble_gurgle_packet_type_get_feature:
 * @type: a type of packet
 *
 * Returns: (nullable): the feature that both sides must have switched on with `upgrade` before such
 *   a packet is sent (Gurgle, section 5); %NULL for those of section 3, which need none
 */
const char *
burble_gurgle_packet_type_get_feature (BurbleGurglePacketType type)
{
  g_return_val_if_fail ((guint) type < G_N_ELEMENTS (classes), NULL);

  return classes[type]->feature;
}

/**
 * burble_gurgle_packet_type_to_string:
 * @type: a type of packet
 *
 * Returns: the word of the wire for it, such as `get_roaster`, for logs and errors. Packets without
 *   a command have a word of ours.
 */
const char *
burble_gurgle_packet_type_to_string (BurbleGurglePacketType type)
{
  g_return_val_if_fail ((guint) type < G_N_ELEMENTS (classes), "invalid");

  return classes[type]->command != NULL ? classes[type]->command : classes[type]->label;
}

/**
 * burble_gurgle_packet_new:
 * @type: what the packet is
 *
 * Makes an empty packet: no id, no strings, arrays and strvs of the type empty, numbers that may
 * be absent -1.
 *
 * Returns: (transfer full): the packet, to be filled in before it is shared
 */
BurbleGurglePacket *
burble_gurgle_packet_new (BurbleGurglePacketType type)
{
  BurbleGurglePacket *self;

  g_return_val_if_fail ((guint) type < G_N_ELEMENTS (classes), NULL);

  self = g_atomic_rc_box_new0 (BurbleGurglePacket);
  self->type = type;
  if (classes[type]->init != NULL)
    classes[type]->init (self);
  return self;
}

BurbleGurglePacket *
burble_gurgle_packet_ref (BurbleGurglePacket *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
dropped_free (BurbleGurgleDropped *dropped)
{
  g_free (dropped->problem);
  g_ptr_array_unref (dropped->ids);
  g_free (dropped);
}

static void
clear_packet (gpointer data)
{
  BurbleGurglePacket *self = data;

  if (classes[self->type]->clear != NULL)
    classes[self->type]->clear (self);
  g_free (self->error);
  g_free (self->reason);
  g_clear_pointer (&self->dropped, dropped_free);
}

void
burble_gurgle_packet_unref (BurbleGurglePacket *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear_packet);
}

/**
 * burble_gurgle_packet_set_id:
 * @self: a packet
 * @id: its id, in (-2^31, 2^31)
 */
void
burble_gurgle_packet_set_id (BurbleGurglePacket *self, gint32 id)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (id != G_MININT32);

  self->has_id = TRUE;
  self->id = id;
}

/**
 * burble_gurgle_packet_answer_to:
 * @self: a response
 * @request: what it answers
 *
 * Gives @self the id of @request, or none if that has none (Gurgle, section 3).
 */
void
burble_gurgle_packet_answer_to (BurbleGurglePacket *self, const BurbleGurglePacket *request)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (request != NULL);

  self->has_id = request->has_id;
  self->id = request->id;
}

/**
 * burble_gurgle_packet_set_error:
 * @self: a packet
 * @error: (nullable): a short machine word
 * @reason: (nullable): a sentence that may be shown to a person
 */
void
burble_gurgle_packet_set_error (BurbleGurglePacket *self, const char *error, const char *reason)
{
  g_return_if_fail (self != NULL);

  g_set_str (&self->error, error);
  g_set_str (&self->reason, reason);
}

/* The part of every packet: id, error, reason. */
typedef struct
{
  gboolean has_id;
  gint32 id;
  char *error;
  char *reason;
} Head;

static void
clear_head (Head *head)
{
  g_free (head->error);
  g_free (head->reason);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Head, clear_head)

static gboolean
read_id (BurbleGurgleReader *reader, Head *head)
{
  JsonNode *value = burble_gurgle_read_top (reader, "id");
  gint64 id = 0;

  if (burble_gurgle_read_is_null (reader, value))
    return TRUE;
  if (!burble_json_get_integer (value, &id) || id <= G_MININT32 || id > G_MAXINT32)
    return burble_gurgle_read_wrong (reader, "id", "an integer of 32 bits");
  head->has_id = TRUE;
  head->id = (gint32) id;
  return TRUE;
}

static gboolean
read_head (BurbleGurgleReader *reader, Head *head)
{
  JsonNode *params = NULL;

  if (!read_id (reader, head))
    return FALSE;
  if (!burble_gurgle_read_string (reader, burble_gurgle_read_top (reader, "error"), "error",
                                  &head->error)
      || !burble_gurgle_read_string (reader, burble_gurgle_read_top (reader, "reason"), "reason",
                                     &head->reason))
    return FALSE;
  reader->refused = head->error != NULL;

  if (reader->dialect == BURBLE_GURGLE_DIALECT_0_2)
    params = burble_gurgle_read_top (reader, "params");
  if (burble_gurgle_read_is_null (reader, params))
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (params))
    return burble_gurgle_read_wrong (reader, "params", "an object");
  reader->params = params;
  return TRUE;
}

/* A packet without "cmd" is told by what it has. */
static BurbleGurglePacketType
tell_by_members (BurbleGurgleReader *reader)
{
  if (!burble_gurgle_read_is_null (reader, burble_gurgle_read_argument (reader, "version")))
    return BURBLE_GURGLE_VERSION;
  if (!burble_gurgle_read_is_null (reader, burble_gurgle_read_argument (reader, "answer")))
    return BURBLE_GURGLE_ANSWER;
  if (burble_gurgle_read_top (reader, "to") != NULL)
    return BURBLE_GURGLE_AUTH_RESULT;
  if (burble_gurgle_read_top (reader, "error") != NULL)
    return BURBLE_GURGLE_ERROR_RESULT;
  return BURBLE_GURGLE_INVALID;
}

static BurbleGurglePacketType
tell_by_command (BurbleGurgleReader *reader, const char *name)
{
  guint low = 0;
  guint high = G_N_ELEMENTS (commands);

  while (low < high)
    {
      guint middle = (low + high) / 2;
      const char *member = commands[middle].response_member;
      int order = strcmp (name, commands[middle].name);

      if (order == 0)
        return member != NULL
                   && (reader->refused || burble_gurgle_read_argument (reader, member) != NULL)
                 ? commands[middle].response
                 : commands[middle].type;
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  return BURBLE_GURGLE_UNKNOWN;
}

static BurbleGurglePacketType
tell_type (BurbleGurgleReader *reader)
{
  JsonNode *value = burble_gurgle_read_top (reader, "cmd");
  BurbleGurglePacketType type;

  if (burble_gurgle_read_is_null (reader, value))
    {
      type = tell_by_members (reader);
      if (type == BURBLE_GURGLE_INVALID)
        burble_gurgle_read_missing (reader, "cmd");
      return type;
    }
  if (burble_json_get_string (value) != NULL)
    return tell_by_command (reader, burble_json_get_string (value));
  burble_gurgle_read_wrong (reader, "cmd", "a string");
  return BURBLE_GURGLE_INVALID;
}

static BurbleGurglePacket *
make_invalid (BurbleGurgleReader *reader, BurbleGurglePacketType type)
{
  BurbleGurglePacket *packet = burble_gurgle_packet_new (BURBLE_GURGLE_INVALID);

  packet->invalid.problem = g_steal_pointer (&reader->problem);
  packet->invalid.type = type;
  return packet;
}

static BurbleGurglePacket *
parse_body (BurbleGurgleReader *reader)
{
  BurbleGurglePacketType type = tell_type (reader);
  g_autoptr(BurbleGurglePacket) packet = NULL;

  if (type == BURBLE_GURGLE_INVALID)
    return make_invalid (reader, type);
  packet = burble_gurgle_packet_new (type);
  if (classes[type]->parse == NULL || classes[type]->parse (packet, reader))
    return g_steal_pointer (&packet);

  /* {"id": 3, "cmd": "room", "error": "forbidden"}: no room, and none needed to understand it. */
  if (reader->missing && burble_gurgle_read_top (reader, "error") != NULL)
    return burble_gurgle_packet_new (BURBLE_GURGLE_ERROR_RESULT);
  return make_invalid (reader, type);
}

static BurbleGurglePacket *
parse_packet (GBytes *payload, BurbleGurgleDialect dialect, gboolean kindly,
              const BurbleJsonLimits *limits, GError **error)
{
  g_autofree char *mended = NULL;
  g_autoptr(JsonNode) root = NULL;
  g_auto(Head) head = { 0 };
  g_autoptr(BurbleGurglePacket) packet = NULL;
  BurbleGurgleReader reader = { .dialect = dialect, .kindly = kindly };
  const char *text;
  gsize length = 0;

  text = g_bytes_get_data (payload, &length);
  mended = kindly && text != NULL ? burble_json_mend (text, length) : NULL;
  if (mended != NULL)
    text = mended;
  root = burble_json_parse (text != NULL ? text : "", length, limits, error);
  if (root == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET, "Not an object");
      return NULL;
    }

  reader.root = root;
  packet = read_head (&reader, &head) ? parse_body (&reader)
                                      : make_invalid (&reader, BURBLE_GURGLE_INVALID);
  g_free (reader.problem);
  packet->has_id = head.has_id;
  packet->id = head.id;
  packet->error = g_steal_pointer (&head.error);
  packet->reason = g_steal_pointer (&head.reason);
  packet->dropped = reader.dropped;
  return g_steal_pointer (&packet);
}

/**
 * burble_gurgle_packet_parse:
 * @payload: the bytes of one packet, without the length in front
 * @dialect: what the version answer said
 * @error: return location for %BURBLE_WIRE_ERROR_BAD_PACKET
 *
 * Reads a packet. An error means that the peer does not speak JSON and the connection must end;
 * everything else wrong with a packet makes a %BURBLE_GURGLE_INVALID one.
 *
 * A packet that is understood has all fields its type needs. A response that refuses (`error`) may
 * lack them: it stays of its type where the fields that are not there are documented as nullable,
 * and is a %BURBLE_GURGLE_ERROR_RESULT otherwise; so match responses by id, not by type.
 *
 * Ids of users are not prepared here: see [func@GurgleId.parse].
 *
 * Returns: (transfer full): the packet, or %NULL
 */
BurbleGurglePacket *
burble_gurgle_packet_parse (GBytes *payload, BurbleGurgleDialect dialect, GError **error)
{
  g_return_val_if_fail (payload != NULL, NULL);

  return parse_packet (payload, dialect, FALSE, &burble_json_default_limits, error);
}

/**
 * burble_gurgle_packet_parse_kindly:
 * @payload: the bytes of one packet, without the length in front
 * @dialect: what the version answer said
 * @error: return location for %BURBLE_WIRE_ERROR_BAD_PACKET
 *
 * Like [func@GurglePacket.parse], for who cannot tell the peer to say it again: where a list has
 * elements that are wrong, the packet is as if it had only the others, and `dropped` tells of them;
 * and U+FFFD takes the place of what no string can hold.
 *
 * Returns: (transfer full): the packet, or %NULL
 */
BurbleGurglePacket *
burble_gurgle_packet_parse_kindly (GBytes *payload, BurbleGurgleDialect dialect, GError **error)
{
  g_return_val_if_fail (payload != NULL, NULL);

  return parse_packet (payload, dialect, TRUE, &burble_json_default_limits, error);
}

/**
 * burble_gurgle_packet_parse_request:
 * @payload: the bytes of one packet, without the length in front
 * @dialect: what the version answer said
 * @error: return location for %BURBLE_WIRE_ERROR_BAD_PACKET
 *
 * Like [func@GurglePacket.parse], for a server: packets of many more values or names than a client
 * has reason to send are an error too, so that nobody can keep the others waiting.
 *
 * Returns: (transfer full): the packet, or %NULL
 */
BurbleGurglePacket *
burble_gurgle_packet_parse_request (GBytes *payload, BurbleGurgleDialect dialect, GError **error)
{
  g_return_val_if_fail (payload != NULL, NULL);

  return parse_packet (payload, dialect, FALSE, &burble_json_request_limits, error);
}

static GString *
write_packet (const BurbleGurglePacket *self, BurbleGurgleDialect dialect, gboolean redact)
{
  const BurbleGurglePacketClass *class = classes[self->type];
  GString *out = g_string_sized_new (500);
  BurbleGurgleWriter writer = { .out = out, .dialect = dialect, .redact = redact };
  /* Nobody sends an invalid packet; written, it is the refusal its sender should get. */
  gboolean invalid = self->type == BURBLE_GURGLE_INVALID;
  const char *error = invalid ? "invalid" : self->error;

  burble_json_write_open (out, '{');
  burble_json_write_name (out, "id");
  if (self->has_id)
    burble_json_write_integer (out, self->id);
  else
    burble_json_write_null (out);
  if (class->command != NULL)
    {
      burble_json_write_name (out, "cmd");
      burble_json_write_string (out, class->later_command == NULL
                                       ? class->command
                                       : burble_gurgle_writer_choose (&writer, class->command,
                                                                      class->later_command));
    }
  if (error != NULL || class->always_error)
    {
      burble_json_write_name (out, "error");
      burble_json_write_string (out, error);
    }
  burble_gurgle_write_string_field (&writer, "reason",
                                    invalid ? self->invalid.problem : self->reason);
  if (class->serialize != NULL)
    class->serialize (self, &writer);
  if (writer.in_params)
    burble_json_write_close (out, '}');
  burble_json_write_close (out, '}');
  return out;
}

/**
 * burble_gurgle_packet_serialize:
 * @self: a packet
 * @dialect: what the version answer said
 *
 * Returns: (transfer full): the bytes of the packet, without the length in front
 */
GBytes *
burble_gurgle_packet_serialize (const BurbleGurglePacket *self, BurbleGurgleDialect dialect)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_string_free_to_bytes (write_packet (self, dialect, FALSE));
}

/* What a peer chose must not move the cursor of whoever reads the log. */
static char *
make_printable (const char *text, gsize length)
{
  GString *result = g_string_sized_new (length + 8);
  const char *end = text + length;

  for (const char *at = text; at < end; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      g_string_append_unichar (result, g_unichar_isprint (c) ? c : 0xfffd);
    }
  return g_string_free (result, FALSE);
}

/**
 * burble_gurgle_packet_describe:
 * @self: a packet
 *
 * Returns: (transfer full): the packet for a debug log: a line of a few thousand characters at
 *   most, without passwords, tokens, invitations, what people wrote and what they attached
 */
char *
burble_gurgle_packet_describe (const BurbleGurglePacket *self)
{
  g_autoptr(GString) out = NULL;
  const char *cut;

  g_return_val_if_fail (self != NULL, NULL);

  out = write_packet (self, BURBLE_GURGLE_DIALECT_0_1, TRUE);
  if (out->len > BURBLE_GURGLE_MAX_DESCRIPTION)
    {
      cut = g_utf8_find_prev_char (out->str, out->str + BURBLE_GURGLE_MAX_DESCRIPTION);
      g_string_truncate (out, (gsize) (cut - out->str));
      g_string_append (out, "…");
    }
  return make_printable (out->str, out->len);
}
