/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-websocket"

#include "config.h"

#include "burble-websocket.h"

#include <string.h>

#include "burble-wire-error.h"

#define FINAL 0x80
#define RESERVED 0x70
#define OPCODE 0x0f
#define MASKED 0x80
#define LENGTH 0x7f
#define LENGTH_16 126
#define LENGTH_64 127

struct _BurbleWebsocketReader
{
  GByteArray *message; /* so far; NULL between messages */
  guint8      header[BURBLE_WEBSOCKET_HEADER_SIZE];
  guint8      control[BURBLE_WEBSOCKET_MAX_CONTROL];
  guint8      mask[BURBLE_WEBSOCKET_MASK_SIZE];
  guint       header_have;
  guint8      opcode; /* of the frame in work */
  gboolean    final;
  gboolean    in_frame; /* its header is complete */
  gboolean    in_message; /* a fragment was read and the last one was not */
  gboolean    masked;
  gsize       length;
  gsize       have; /* of `length` */
  guint16     code;
};

/**
 * burble_websocket_reader_new:
 * @masked: whether the peer is a client: clients must mask what they send, and servers must not
 */
BurbleWebsocketReader *
burble_websocket_reader_new (gboolean masked)
{
  BurbleWebsocketReader *self = g_new0 (BurbleWebsocketReader, 1);

  self->masked = masked;
  self->code = BURBLE_WEBSOCKET_CLOSE_NORMAL;
  return self;
}

void
burble_websocket_reader_free (BurbleWebsocketReader *self)
{
  g_clear_pointer (&self->message, g_byte_array_unref);
  g_free (self);
}

static gboolean
fail (BurbleWebsocketReader *self,
      BurbleWebsocketClose   code,
      const char            *reason,
      GError               **error)
{
  self->code = (guint16) code;
  g_set_error_literal (error, BURBLE_WIRE_ERROR,
                       code == BURBLE_WEBSOCKET_CLOSE_TOO_LARGE ? BURBLE_WIRE_ERROR_TOO_LARGE
                                                                : BURBLE_WIRE_ERROR_BAD_PACKET,
                       reason);
  return FALSE;
}

static gboolean
is_control (guint8 opcode)
{
  return opcode >= BURBLE_WEBSOCKET_OPCODE_CLOSE;
}

/* How long the header is, as far as it is known from its first bytes. */
static guint
header_size (BurbleWebsocketReader *self)
{
  guint size = 2;

  if (self->header_have < 2)
    return size;
  if ((self->header[1] & LENGTH) == LENGTH_16)
    size += 2;
  else if ((self->header[1] & LENGTH) == LENGTH_64)
    size += 8;
  return size + (self->masked ? BURBLE_WEBSOCKET_MASK_SIZE : 0);
}

/* What the first two bytes say; judged before more is waited for. */
static gboolean
check_start (BurbleWebsocketReader *self,
             GError               **error)
{
  guint8 length = self->header[1] & LENGTH;

  self->opcode = self->header[0] & OPCODE;
  self->final = (self->header[0] & FINAL) != 0;
  if ((self->header[0] & RESERVED) != 0)
    return fail (self, BURBLE_WEBSOCKET_CLOSE_PROTOCOL, "A reserved bit is set", error);
  if (((self->header[1] & MASKED) != 0) != self->masked)
    return fail (self, BURBLE_WEBSOCKET_CLOSE_PROTOCOL,
                 self->masked ? "A client's frame is not masked" : "A server's frame is masked",
                 error);
  switch (self->opcode)
    {
    case BURBLE_WEBSOCKET_OPCODE_CONTINUATION:
      if (!self->in_message)
        return fail (self, BURBLE_WEBSOCKET_CLOSE_PROTOCOL, "There is nothing to continue", error);
      return TRUE;
    case BURBLE_WEBSOCKET_OPCODE_TEXT:
      if (self->in_message)
        return fail (self, BURBLE_WEBSOCKET_CLOSE_PROTOCOL, "A message begins inside of another",
                     error);
      return TRUE;
    case BURBLE_WEBSOCKET_OPCODE_BINARY:
      return fail (self, BURBLE_WEBSOCKET_CLOSE_NOT_TEXT, "Packets are text", error);
    case BURBLE_WEBSOCKET_OPCODE_CLOSE:
    case BURBLE_WEBSOCKET_OPCODE_PING:
    case BURBLE_WEBSOCKET_OPCODE_PONG:
      if (!self->final || length > BURBLE_WEBSOCKET_MAX_CONTROL)
        return fail (self, BURBLE_WEBSOCKET_CLOSE_PROTOCOL,
                     "A control frame is too long or in pieces", error);
      return TRUE;
    default:
      return fail (self, BURBLE_WEBSOCKET_CLOSE_PROTOCOL, "An unknown kind of frame", error);
    }
}

static gboolean
read_length (BurbleWebsocketReader *self,
             gsize                  limit,
             GError               **error)
{
  guint8 first = self->header[1] & LENGTH;
  guint n = first == LENGTH_64 ? 8 : first == LENGTH_16 ? 2 : 0;
  guint64 length = n == 0 ? first : 0;
  gsize before = self->message != NULL ? self->message->len : 0;

  for (guint i = 0; i < n; i++)
    length = length << 8 | self->header[2 + i];
  if ((n == 2 && length < LENGTH_16) || (n == 8 && (length <= G_MAXUINT16 || length >> 63 != 0)))
    return fail (self, BURBLE_WEBSOCKET_CLOSE_PROTOCOL, "A length is not in its shortest form",
                 error);
  if (!is_control (self->opcode) && (before > limit || length > limit - before))
    return fail (self, BURBLE_WEBSOCKET_CLOSE_TOO_LARGE, "A message is larger than the limit",
                 error);
  if (self->masked)
    memcpy (self->mask, self->header + 2 + n, BURBLE_WEBSOCKET_MASK_SIZE);
  self->length = (gsize) length;
  self->have = 0;
  self->in_frame = TRUE;
  return TRUE;
}

/* Takes bytes of the header; returns how many, or 0 when they are wrong. */
static gsize
feed_header (BurbleWebsocketReader *self,
             const guint8          *data,
             gsize                  size,
             gsize                  limit,
             GError               **error)
{
  gsize used = 0;

  while (used < size && self->header_have < header_size (self))
    {
      self->header[self->header_have++] = data[used++];
      if (self->header_have == 2 && !check_start (self, error))
        return 0;
    }
  if (self->header_have >= 2 && self->header_have == header_size (self)
      && !read_length (self, limit, error))
    return 0;
  return used;
}

static gsize
feed_payload (BurbleWebsocketReader *self,
              const guint8          *data,
              gsize                  size)
{
  gsize n = MIN (size, self->length - self->have);
  guint8 *target = NULL;

  if (n == 0)
    return 0;
  if (is_control (self->opcode))
    {
      target = self->control + self->have;
      memcpy (target, data, n);
    }
  else
    {
      if (self->message == NULL)
        self->message = g_byte_array_new ();
      g_byte_array_append (self->message, data, (guint) n);
      target = self->message->data + self->message->len - n;
    }
  if (self->masked)
    burble_websocket_mask (target, n, self->mask, self->have);
  self->have += n;
  return n;
}

static gboolean
code_is_sound (guint code)
{
  return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
         (code >= 3000 && code <= 4999);
}

static gboolean
end_close (BurbleWebsocketReader *self,
           GError               **error)
{
  guint code = BURBLE_WEBSOCKET_CLOSE_NONE;

  if (self->length == 1)
    return fail (self, BURBLE_WEBSOCKET_CLOSE_PROTOCOL, "Half a close code", error);
  if (self->length >= 2)
    {
      code = (guint) self->control[0] << 8 | self->control[1];
      if (!code_is_sound (code))
        return fail (self, BURBLE_WEBSOCKET_CLOSE_PROTOCOL, "A close code that must not be sent",
                     error);
      if (!g_utf8_validate_len ((const char *) self->control + 2, self->length - 2, NULL))
        return fail (self, BURBLE_WEBSOCKET_CLOSE_NOT_UTF8, "A close reason is not UTF-8", error);
    }
  self->code = (guint16) code;
  return TRUE;
}

static gboolean
end_message (BurbleWebsocketReader *self,
             GBytes               **payload,
             GError               **error)
{
  self->in_message = FALSE;
  if (self->message == NULL || self->message->len == 0)
    return fail (self, BURBLE_WEBSOCKET_CLOSE_PROTOCOL, "A packet of zero bytes", error);
  /* Bytes of zero pass: what they mean in JSON is the packet's business. */
  for (const char *p = (const char *) self->message->data, *end = p + self->message->len; p < end;)
    {
      if (!g_utf8_validate_len (p, (gsize) (end - p), &p) && *p != '\0')
        return fail (self, BURBLE_WEBSOCKET_CLOSE_NOT_UTF8, "A message is not UTF-8", error);
      if (p < end)
        p++;
    }
  *payload = g_byte_array_free_to_bytes (g_steal_pointer (&self->message));
  return TRUE;
}

/* A frame is complete. */
static gboolean
end_frame (BurbleWebsocketReader *self,
           BurbleWebsocketEvent  *event,
           GBytes               **payload,
           GError               **error)
{
  self->in_frame = FALSE;
  self->header_have = 0;
  switch (self->opcode)
    {
    case BURBLE_WEBSOCKET_OPCODE_CLOSE:
      *event = BURBLE_WEBSOCKET_CLOSED;
      return end_close (self, error);
    case BURBLE_WEBSOCKET_OPCODE_PING:
      *event = BURBLE_WEBSOCKET_PING;
      *payload = g_bytes_new (self->control, self->length);
      return TRUE;
    case BURBLE_WEBSOCKET_OPCODE_PONG:
      *event = BURBLE_WEBSOCKET_PONG;
      *payload = g_bytes_new (self->control, self->length);
      return TRUE;
    default:
      self->in_message = !self->final;
      if (!self->final)
        return TRUE;
      *event = BURBLE_WEBSOCKET_MESSAGE;
      return end_message (self, payload, error);
    }
}

/**
 * burble_websocket_reader_feed:
 * @self: a reader that has not failed, nor seen the end
 * @data: what came
 * @size: of @data
 * @limit: the largest message accepted now; judged before a byte of the payload is kept
 * @event: (out): what the bytes led to
 * @payload: (out) (transfer full) (nullable): of a message, a ping or a pong
 * @error: return location for a #BurbleWireError
 *
 * Reads on until something has happened, at most to the end of @data. After an error
 * [method@WebsocketReader.get_code] says with which code to close the connection.
 *
 * Returns: how much of @data was taken; 0 on failure, and where @size is 0
 */
gsize
burble_websocket_reader_feed (BurbleWebsocketReader *self,
                              const guint8          *data,
                              gsize                  size,
                              gsize                  limit,
                              BurbleWebsocketEvent  *event,
                              GBytes               **payload,
                              GError               **error)
{
  gsize used = 0;

  *event = BURBLE_WEBSOCKET_NOTHING;
  *payload = NULL;
  while (used < size && *event == BURBLE_WEBSOCKET_NOTHING)
    {
      if (!self->in_frame)
        {
          gsize n = feed_header (self, data + used, size - used, limit, error);

          if (n == 0)
            return 0;
          used += n;
        }
      if (self->in_frame)
        used += feed_payload (self, data + used, size - used);
      if (self->in_frame && self->have == self->length &&
          !end_frame (self, event, payload, error))
        {
          *event = BURBLE_WEBSOCKET_NOTHING;
          return 0;
        }
    }
  return used;
}

/**
 * burble_websocket_reader_get_code:
 *
 * Returns: after a close frame the peer's code, after an error the one to close with
 */
guint16
burble_websocket_reader_get_code (BurbleWebsocketReader *self)
{
  return self->code;
}

gboolean
burble_websocket_reader_is_empty (BurbleWebsocketReader *self)
{
  return self->header_have == 0 && !self->in_frame && !self->in_message;
}

/**
 * burble_websocket_write_header:
 * @header: (out): room for %BURBLE_WEBSOCKET_HEADER_SIZE bytes
 * @opcode: the kind of frame; it is always a whole message
 * @length: of the payload
 * @mask: (nullable): %BURBLE_WEBSOCKET_MASK_SIZE bytes that nobody could know before, of a client
 *
 * Returns: how long the header is
 */
gsize
burble_websocket_write_header (guint8                *header,
                               BurbleWebsocketOpcode  opcode,
                               gsize                  length,
                               const guint8          *mask)
{
  guint n = length > G_MAXUINT16 ? 8 : length >= LENGTH_16 ? 2 : 0;

  header[0] = FINAL | (guint8) opcode;
  header[1] = n == 8 ? LENGTH_64 : n == 2 ? LENGTH_16 : (guint8) length;
  for (guint i = 0; i < n; i++)
    header[2 + i] = (guint8) ((guint64) length >> (8 * (n - 1 - i)));
  if (mask == NULL)
    return 2 + n;
  header[1] |= MASKED;
  memcpy (header + 2 + n, mask, BURBLE_WEBSOCKET_MASK_SIZE);
  return 2 + n + BURBLE_WEBSOCKET_MASK_SIZE;
}

/**
 * burble_websocket_mask:
 * @data: a piece of a payload
 * @size: of @data
 * @mask: %BURBLE_WEBSOCKET_MASK_SIZE bytes
 * @offset: where in the payload the piece begins
 *
 * Masks it, or takes the mask off.
 */
void
burble_websocket_mask (guint8       *data,
                       gsize         size,
                       const guint8 *mask,
                       gsize         offset)
{
  guint8 turned[sizeof (guint64)];
  guint64 word = 0;
  gsize i = 0;

  for (guint k = 0; k < sizeof turned; k++)
    turned[k] = mask[(offset + k) % BURBLE_WEBSOCKET_MASK_SIZE];
  for (memcpy (&word, turned, sizeof word); size - i >= sizeof word; i += sizeof word)
    {
      guint64 here = 0;

      memcpy (&here, data + i, sizeof here);
      here ^= word;
      memcpy (data + i, &here, sizeof here);
    }
  for (guint k = 0; i < size; i++, k++)
    data[i] ^= turned[k];
}

/**
 * burble_websocket_encode:
 * @opcode: the kind of frame
 * @payload: (nullable): what it says
 * @length: of @payload
 * @mask: (nullable): of a client
 *
 * Returns: (transfer full): one frame, ready to be written to a stream
 */
GBytes *
burble_websocket_encode (BurbleWebsocketOpcode  opcode,
                         const void            *payload,
                         gsize                  length,
                         const guint8          *mask)
{
  guint8 header[BURBLE_WEBSOCKET_HEADER_SIZE];
  gsize size = burble_websocket_write_header (header, opcode, length, mask);
  g_autofree guint8 *frame = g_malloc (size + length);

  memcpy (frame, header, size);
  if (length > 0)
    memcpy (frame + size, payload, length);
  if (mask != NULL)
    burble_websocket_mask (frame + size, length, mask, 0);
  return g_bytes_new_take (g_steal_pointer (&frame), size + length);
}

/**
 * burble_websocket_encode_close:
 * @code: why; %BURBLE_WEBSOCKET_CLOSE_NONE for a frame that does not say
 * @mask: (nullable): of a client
 *
 * Returns: (transfer full): a close frame
 */
GBytes *
burble_websocket_encode_close (guint16       code,
                               const guint8 *mask)
{
  guint8 payload[2] = { (guint8) (code >> 8), (guint8) code };

  return burble_websocket_encode (BURBLE_WEBSOCKET_OPCODE_CLOSE, payload,
                                  code == BURBLE_WEBSOCKET_CLOSE_NONE ? 0 : sizeof payload, mask);
}
