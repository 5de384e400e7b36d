/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-packet"

#include "config.h"

#include "burble-gurgle-packet-private.h"

/* Gurgle, section 5: attachments, in pieces. */

static void
init_get_attachment (BurbleGurglePacket *packet)
{
  packet->get_attachment.length = -1;
}

static void
clear_get_attachment (BurbleGurglePacket *packet)
{
  g_free (packet->get_attachment.attachment);
  g_free (packet->get_attachment.token);
}

static gboolean
parse_get_attachment (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  return burble_gurgle_need_string (reader, burble_gurgle_read_argument (reader, "attachment"),
                                    "attachment", &packet->get_attachment.attachment)
         && burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "token"),
                                       "token", &packet->get_attachment.token)
         && burble_gurgle_read_count (reader, burble_gurgle_read_argument (reader, "offset"),
                                      "offset", &packet->get_attachment.offset)
         && burble_gurgle_read_count (reader, burble_gurgle_read_argument (reader, "length"),
                                      "length", &packet->get_attachment.length);
}

static void
serialize_get_attachment (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_string_argument (writer, "attachment", packet->get_attachment.attachment);
  if (packet->get_attachment.token != NULL)
    {
      burble_gurgle_write_argument (writer, "token");
      burble_gurgle_write_secret (writer, packet->get_attachment.token);
    }
  burble_gurgle_write_count_argument (writer, "offset", packet->get_attachment.offset);
  burble_gurgle_write_count_argument (writer, "length", packet->get_attachment.length);
}

const BurbleGurglePacketClass burble_gurgle_get_attachment_class = {
  .command = "get_attachment",
  .feature = BURBLE_GURGLE_FEATURE_ATTACHMENTS,
  .init = init_get_attachment,
  .clear = clear_get_attachment,
  .parse = parse_get_attachment,
  .serialize = serialize_get_attachment,
};

static void
init_attachment (BurbleGurglePacket *packet)
{
  packet->attachment.size = -1;
}

static void
clear_attachment (BurbleGurglePacket *packet)
{
  g_free (packet->attachment.attachment);
  g_clear_pointer (&packet->attachment.blob, g_bytes_unref);
}

static gboolean
parse_attachment (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  JsonNode *attachment = burble_gurgle_read_argument (reader, "attachment");
  JsonNode *blob = burble_gurgle_read_argument (reader, "blob");

  if (!burble_gurgle_read_count (reader, burble_gurgle_read_argument (reader, "offset"), "offset",
                                 &packet->attachment.offset)
      || !burble_gurgle_read_count (reader, burble_gurgle_read_argument (reader, "size"), "size",
                                    &packet->attachment.size))
    return FALSE;
  if (!burble_gurgle_read_string (reader, attachment, "attachment", &packet->attachment.attachment)
      || !burble_gurgle_read_blob (reader, blob, "blob", &packet->attachment.blob))
    return FALSE;
  if (reader->refused)
    return TRUE;
  if (packet->attachment.attachment == NULL)
    return burble_gurgle_read_missing (reader, "attachment");
  return packet->attachment.blob != NULL || burble_gurgle_read_missing (reader, "blob");
}

static void
serialize_attachment (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_string_argument (writer, "attachment", packet->attachment.attachment);
  burble_gurgle_write_count_argument (writer, "offset", packet->attachment.offset);
  burble_gurgle_write_count_argument (writer, "size", packet->attachment.size);
  if (packet->attachment.blob == NULL)
    return;
  burble_gurgle_write_argument (writer, "blob");
  burble_gurgle_write_blob (writer, packet->attachment.blob);
}

const BurbleGurglePacketClass burble_gurgle_attachment_class = {
  .command = "attachment",
  .feature = BURBLE_GURGLE_FEATURE_ATTACHMENTS,
  .init = init_attachment,
  .clear = clear_attachment,
  .parse = parse_attachment,
  .serialize = serialize_attachment,
  .always_error = TRUE,
};

static void
init_put_attachment (BurbleGurglePacket *packet)
{
  packet->put_attachment.size = -1;
}

static void
clear_put_attachment (BurbleGurglePacket *packet)
{
  g_free (packet->put_attachment.upload);
  g_free (packet->put_attachment.name);
  g_free (packet->put_attachment.media_type);
  g_clear_pointer (&packet->put_attachment.blob, g_bytes_unref);
}

static gboolean
parse_put_attachment (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  return burble_gurgle_need_string (reader, burble_gurgle_read_argument (reader, "upload"),
                                    "upload", &packet->put_attachment.upload)
         && burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "name"), "name",
                                       &packet->put_attachment.name)
         && burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "type"), "type",
                                       &packet->put_attachment.media_type)
         && burble_gurgle_need_count (reader, burble_gurgle_read_argument (reader, "size"), "size",
                                      &packet->put_attachment.size)
         && burble_gurgle_need_count (reader, burble_gurgle_read_argument (reader, "offset"),
                                      "offset", &packet->put_attachment.offset)
         && burble_gurgle_need_blob (reader, burble_gurgle_read_argument (reader, "blob"), "blob",
                                     &packet->put_attachment.blob);
}

static void
serialize_put_attachment (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_string_argument (writer, "upload", packet->put_attachment.upload);
  burble_gurgle_write_string_argument (writer, "name", packet->put_attachment.name);
  burble_gurgle_write_string_argument (writer, "type", packet->put_attachment.media_type);
  burble_gurgle_write_count_argument (writer, "size", packet->put_attachment.size);
  burble_gurgle_write_count_argument (writer, "offset", packet->put_attachment.offset);
  if (packet->put_attachment.blob == NULL)
    return;
  burble_gurgle_write_argument (writer, "blob");
  burble_gurgle_write_blob (writer, packet->put_attachment.blob);
}

const BurbleGurglePacketClass burble_gurgle_put_attachment_class = {
  .command = "put_attachment",
  .feature = BURBLE_GURGLE_FEATURE_ATTACHMENTS,
  .init = init_put_attachment,
  .clear = clear_put_attachment,
  .parse = parse_put_attachment,
  .serialize = serialize_put_attachment,
};

static void
clear_attachment_stored (BurbleGurglePacket *packet)
{
  g_free (packet->attachment_stored.upload);
  g_free (packet->attachment_stored.attachment);
}

static gboolean
parse_attachment_stored (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  JsonNode *upload = burble_gurgle_read_argument (reader, "upload");
  JsonNode *offset = burble_gurgle_read_argument (reader, "offset");

  if (!burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "attachment"),
                                  "attachment", &packet->attachment_stored.attachment))
    return FALSE;
  if (reader->refused)
    return burble_gurgle_read_string (reader, upload, "upload", &packet->attachment_stored.upload)
           && burble_gurgle_read_count (reader, offset, "offset",
                                        &packet->attachment_stored.offset);
  return burble_gurgle_need_string (reader, upload, "upload", &packet->attachment_stored.upload)
         && burble_gurgle_need_count (reader, offset, "offset", &packet->attachment_stored.offset);
}

static void
serialize_attachment_stored (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_string_argument (writer, "upload", packet->attachment_stored.upload);
  burble_gurgle_write_count_argument (writer, "offset", packet->attachment_stored.offset);
  burble_gurgle_write_string_argument (writer, "attachment", packet->attachment_stored.attachment);
}

const BurbleGurglePacketClass burble_gurgle_attachment_stored_class = {
  .command = "attachment_stored",
  .feature = BURBLE_GURGLE_FEATURE_ATTACHMENTS,
  .clear = clear_attachment_stored,
  .parse = parse_attachment_stored,
  .serialize = serialize_attachment_stored,
};
