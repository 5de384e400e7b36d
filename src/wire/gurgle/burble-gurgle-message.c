/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-packet"

#include "config.h"

#include "burble-gurgle-packet-private.h"

/* Gurgle, section 3: message and sent; section 5: what history, references and attachments add to a
 * message. */

static GPtrArray *
attachments_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) burble_gurgle_attachment_free);
}

/**
 * burble_gurgle_attachment_new:
 * Returns: (transfer full): an attachment of unknown size (-1) and without a blob
 */
BurbleGurgleAttachment *
burble_gurgle_attachment_new (void)
{
  BurbleGurgleAttachment *self = g_new0 (BurbleGurgleAttachment, 1);

  self->size = -1;
  return self;
}

void
burble_gurgle_attachment_free (BurbleGurgleAttachment *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->media_type);
  g_free (self->token);
  g_clear_pointer (&self->blob, g_bytes_unref);
  g_free (self);
}

/**
 * burble_gurgle_message_new:
 * @id: (nullable): the key of the message, as burble-gurgle-packet.h explains; it must be there
 *   before the packet is sent
 *
 * One element of `messages` (Gurgle, section 3): no time, no text, not in the history.
 *
 * Returns: (transfer full): a message with a copy of @id
 */
BurbleGurgleMessage *
burble_gurgle_message_new (const char *id)
{
  BurbleGurgleMessage *self = g_new0 (BurbleGurgleMessage, 1);

  self->id = g_strdup (id);
  self->seq = -1;
  self->attachments = attachments_new ();
  return self;
}

static BurbleGurgleAttachment *
copy_attachment (const BurbleGurgleAttachment *other)
{
  BurbleGurgleAttachment *self = burble_gurgle_attachment_new ();

  self->id = g_strdup (other->id);
  self->name = g_strdup (other->name);
  self->media_type = g_strdup (other->media_type);
  self->size = other->size;
  self->token = g_strdup (other->token);
  self->blob = other->blob != NULL ? g_bytes_ref (other->blob) : NULL;
  return self;
}

/**
 * burble_gurgle_message_copy:
 * @self: a message
 *
 * Returns: (transfer full): a copy with copies of the attachments, whose blobs are shared
 */
BurbleGurgleMessage *
burble_gurgle_message_copy (const BurbleGurgleMessage *self)
{
  BurbleGurgleMessage *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = burble_gurgle_message_new (self->id);
  copy->timestamp = self->timestamp;
  copy->from = g_strdup (self->from);
  copy->to = g_strdup (self->to);
  copy->text = g_strdup (self->text);
  copy->html = g_strdup (self->html);
  for (guint i = 0; i < self->attachments->len; i++)
    g_ptr_array_add (copy->attachments, copy_attachment (g_ptr_array_index (self->attachments, i)));
  copy->seq = self->seq;
  copy->reply_to = g_strdup (self->reply_to);
  copy->replaces = g_strdup (self->replaces);
  copy->retracts = g_strdup (self->retracts);
  copy->reaction_to = g_strdup (self->reaction_to);
  copy->reaction_emoji = g_strdup (self->reaction_emoji);
  return copy;
}

void
burble_gurgle_message_free (BurbleGurgleMessage *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->from);
  g_free (self->to);
  g_free (self->text);
  g_free (self->html);
  g_ptr_array_unref (self->attachments);
  g_free (self->reply_to);
  g_free (self->replaces);
  g_free (self->retracts);
  g_free (self->reaction_to);
  g_free (self->reaction_emoji);
  g_free (self);
}

static gboolean
read_attachment (BurbleGurgleReader *reader, JsonNode *object, gpointer *element)
{
  g_autoptr(BurbleGurgleAttachment) attachment = burble_gurgle_attachment_new ();
  JsonNode *id = burble_gurgle_read_member (reader, object, "id");

  if (id == NULL)
    id = burble_gurgle_read_member (reader, object, "attachment");
  if (!burble_gurgle_read_string (reader, id, "id", &attachment->id)
      || !burble_gurgle_read_string (reader, burble_gurgle_read_member (reader, object, "name"),
                                     "name", &attachment->name)
      || !burble_gurgle_read_string (reader, burble_gurgle_read_member (reader, object, "type"),
                                     "type", &attachment->media_type)
      || !burble_gurgle_read_count (reader, burble_gurgle_read_member (reader, object, "size"),
                                    "size", &attachment->size)
      || !burble_gurgle_read_string (reader, burble_gurgle_read_member (reader, object, "token"),
                                     "token", &attachment->token)
      || !burble_gurgle_read_blob (reader, burble_gurgle_read_member (reader, object, "blob"),
                                   "blob", &attachment->blob))
    return FALSE;
  *element = g_steal_pointer (&attachment);
  return TRUE;
}

static gboolean
read_reaction (BurbleGurgleReader *reader, JsonNode *object, BurbleGurgleMessage *message)
{
  if (burble_gurgle_read_is_null (reader, object))
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (object))
    return burble_gurgle_read_wrong (reader, "reaction", "an object");
  return burble_gurgle_need_key (reader, burble_gurgle_read_member (reader, object, "to"), "to",
                                 &message->reaction_to)
         && burble_gurgle_need_string (reader, burble_gurgle_read_member (reader, object, "emoji"),
                                       "emoji", &message->reaction_emoji);
}

static gboolean
read_references (BurbleGurgleReader *reader, JsonNode *object, BurbleGurgleMessage *message)
{
  return burble_gurgle_read_key (reader, burble_gurgle_read_member (reader, object, "reply_to"),
                                 "reply_to", &message->reply_to)
         && burble_gurgle_read_key (reader, burble_gurgle_read_member (reader, object, "replaces"),
                                    "replaces", &message->replaces)
         && burble_gurgle_read_key (reader, burble_gurgle_read_member (reader, object, "retracts"),
                                    "retracts", &message->retracts)
         && read_reaction (reader, burble_gurgle_read_member (reader, object, "reaction"), message);
}

/* The later dialect calls them "content"; both are read in both. */
static gboolean
read_attachments (BurbleGurgleReader *reader, JsonNode *object, BurbleGurgleMessage *message)
{
  JsonNode *value = burble_gurgle_read_member (reader, object, "attachments");

  if (value == NULL)
    value = burble_gurgle_read_member (reader, object, "content");
  return burble_gurgle_read_objects (reader, value, "attachments", BURBLE_GURGLE_MAX_ATTACHMENTS,
                                     read_attachment, message->attachments);
}

gboolean
burble_gurgle_read_message (BurbleGurgleReader *reader, JsonNode *object, gpointer *element)
{
  g_autoptr(BurbleGurgleMessage) message = burble_gurgle_message_new (NULL);

  if (!burble_gurgle_need_key (reader, burble_gurgle_read_member (reader, object, "id"), "id",
                               &message->id)
      || !burble_gurgle_read_timestamp (reader,
                                        burble_gurgle_read_member (reader, object, "timestamp"),
                                        "timestamp", &message->timestamp)
      || !burble_gurgle_read_string (reader, burble_gurgle_read_member (reader, object, "from"),
                                     "from", &message->from)
      || !burble_gurgle_read_string (reader, burble_gurgle_read_member (reader, object, "to"),
                                     "to", &message->to)
      || !burble_gurgle_read_string (reader, burble_gurgle_read_member (reader, object, "text"),
                                     "text", &message->text)
      || !burble_gurgle_read_string (reader, burble_gurgle_read_member (reader, object, "html"),
                                     "html", &message->html)
      || !burble_gurgle_read_count (reader, burble_gurgle_read_member (reader, object, "seq"),
                                    "seq", &message->seq)
      || !read_attachments (reader, object, message)
      || !read_references (reader, object, message))
    return FALSE;
  *element = g_steal_pointer (&message);
  return TRUE;
}

/* A stored attachment is named "attachment" by who sends it and "id" to who receives it. */
static void
write_attachment (BurbleGurgleWriter *writer, const BurbleGurgleAttachment *attachment,
                  gboolean received)
{
  burble_gurgle_write_string_field (writer, received ? "id" : "attachment", attachment->id);
  burble_gurgle_write_string_field (writer, "name", attachment->name);
  burble_gurgle_write_string_field (writer, "type", attachment->media_type);
  if (attachment->size >= 0)
    {
      burble_gurgle_write_field (writer, "size");
      burble_json_write_integer (writer->out, attachment->size);
    }
  if (attachment->token != NULL)
    {
      burble_gurgle_write_field (writer, "token");
      burble_gurgle_write_secret (writer, attachment->token);
    }
  if (attachment->blob != NULL)
    {
      burble_gurgle_write_field (writer, "blob");
      burble_gurgle_write_blob (writer, attachment->blob);
    }
}

static void
write_attachments (BurbleGurgleWriter *writer, const BurbleGurgleMessage *message)
{
  if (message->attachments->len == 0)
    return;
  burble_gurgle_write_field (writer,
                             burble_gurgle_writer_choose (writer, "attachments", "content"));
  burble_json_write_open (writer->out, '[');
  for (guint i = 0; i < message->attachments->len; i++)
    {
      burble_json_write_open (writer->out, '{');
      write_attachment (writer, g_ptr_array_index (message->attachments, i), message->from != NULL);
      burble_json_write_close (writer->out, '}');
    }
  burble_json_write_close (writer->out, ']');
}

/* Whole seconds where that is what it is, else as many digits as it needs. */
static void
write_timestamp (BurbleGurgleWriter *writer, gint64 timestamp)
{
  char digits[8];
  guint length = 6;

  burble_gurgle_write_field (writer, "timestamp");
  burble_json_write_integer (writer->out, timestamp / G_USEC_PER_SEC);
  if (timestamp % G_USEC_PER_SEC == 0)
    return;
  g_snprintf (digits, sizeof digits, "%06d", (int) (timestamp % G_USEC_PER_SEC));
  while (digits[length - 1] == '0')
    length--;
  g_string_append_c (writer->out, '.');
  g_string_append_len (writer->out, digits, length);
}

static void
write_key_field (BurbleGurgleWriter *writer, const char *name, const char *key)
{
  if (key == NULL)
    return;
  burble_gurgle_write_field (writer, name);
  burble_gurgle_write_key (writer, key);
}

static void
write_references (BurbleGurgleWriter *writer, const BurbleGurgleMessage *message)
{
  write_key_field (writer, "reply_to", message->reply_to);
  write_key_field (writer, "replaces", message->replaces);
  write_key_field (writer, "retracts", message->retracts);
  if (message->reaction_to == NULL || message->reaction_emoji == NULL)
    return;
  burble_gurgle_write_field (writer, "reaction");
  burble_json_write_open (writer->out, '{');
  write_key_field (writer, "to", message->reaction_to);
  burble_gurgle_write_field (writer, "emoji");
  burble_gurgle_write_body (writer, message->reaction_emoji);
  burble_json_write_close (writer->out, '}');
}

void
burble_gurgle_write_message (BurbleGurgleWriter *writer, gconstpointer element)
{
  const BurbleGurgleMessage *message = element;

  burble_gurgle_write_field (writer, "id");
  burble_gurgle_write_key (writer, message->id);
  if (message->timestamp > 0 && message->timestamp <= BURBLE_GURGLE_MAX_TIMESTAMP)
    write_timestamp (writer, message->timestamp);
  burble_gurgle_write_string_field (writer, "from", message->from);
  burble_gurgle_write_string_field (writer, "to", message->to);
  if (message->text != NULL)
    {
      burble_gurgle_write_field (writer, "text");
      burble_gurgle_write_body (writer, message->text);
    }
  if (message->html != NULL)
    {
      burble_gurgle_write_field (writer, "html");
      burble_gurgle_write_body (writer, message->html);
    }
  if (message->seq >= 0)
    {
      burble_gurgle_write_field (writer, "seq");
      burble_json_write_integer (writer->out, message->seq);
    }
  write_attachments (writer, message);
  write_references (writer, message);
}

static void
init_message (BurbleGurglePacket *packet)
{
  packet->message.messages
    = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_gurgle_message_free);
}

static void
clear_message (BurbleGurglePacket *packet)
{
  g_clear_pointer (&packet->message.messages, g_ptr_array_unref);
}

static gboolean
parse_message (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  return burble_gurgle_need_objects (reader, burble_gurgle_read_argument (reader, "messages"),
                                     "messages", BURBLE_GURGLE_MAX_MESSAGES,
                                     burble_gurgle_read_message, packet->message.messages);
}

static void
serialize_message (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_argument (writer, "messages");
  burble_gurgle_write_objects (writer, packet->message.messages, burble_gurgle_write_message);
}

const BurbleGurglePacketClass burble_gurgle_message_class = {
  .command = "message",
  .init = init_message,
  .clear = clear_message,
  .parse = parse_message,
  .serialize = serialize_message,
};

static void
init_sent (BurbleGurglePacket *packet)
{
  packet->sent.success = g_new0 (char *, 1);
  packet->sent.failure = g_new0 (char *, 1);
  packet->sent.seqs = g_array_new (FALSE, FALSE, sizeof (gint64));
}

static void
clear_sent (BurbleGurglePacket *packet)
{
  g_strfreev (packet->sent.success);
  g_strfreev (packet->sent.failure);
  g_array_unref (packet->sent.seqs);
}

static gboolean
parse_sent (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  return burble_gurgle_read_keys (reader, burble_gurgle_read_argument (reader, "success"),
                                  "success", &packet->sent.success)
         && burble_gurgle_read_keys (reader, burble_gurgle_read_argument (reader, "failure"),
                                     "failure", &packet->sent.failure)
         && burble_gurgle_read_counts (reader, burble_gurgle_read_argument (reader, "seq"), "seq",
                                       packet->sent.seqs);
}

static void
serialize_sent (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_argument (writer, "success");
  burble_gurgle_write_keys (writer, (const char * const *) packet->sent.success);
  burble_gurgle_write_argument (writer, "failure");
  burble_gurgle_write_keys (writer, (const char * const *) packet->sent.failure);
  if (packet->sent.seqs->len == 0)
    return;
  burble_gurgle_write_argument (writer, "seq");
  burble_gurgle_write_counts (writer, packet->sent.seqs);
}

const BurbleGurglePacketClass burble_gurgle_sent_class = {
  .command = "sent",
  .init = init_sent,
  .clear = clear_sent,
  .parse = parse_sent,
  .serialize = serialize_sent,
};
