/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include <string.h>

#include "burble-websocket-handshake.h"
#include "burble-websocket.h"
#include "burble-wire-error.h"

#define LIMIT 1000
/* What a client's frames are masked with here. */
#define MASK "\x11\x22\x33\x44"
/* RFC 6455 section 1.3 has these. */
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define PROOF "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

#define START "GET /gurgle HTTP/1.1\r\nHost: chat.example.org\r\n"
#define REST "Upgrade: websocket\r\nConnection: Upgrade\r\n" \
  "Sec-WebSocket-Key: " KEY "\r\nSec-WebSocket-Version: 13\r\n"

static const struct
{
  const char *name;
  const char *request;
  guint status;
} requests[] = {
  { "plain", START REST "\r\n", 101 },
  { "any-case", "GET /gurgle HTTP/1.1\r\nhost: X\r\nUPGRADE: WebSocket\r\nconnection: keep-alive, "
    "UPGRADE\r\nsec-websocket-key:" KEY "\r\nSEC-WEBSOCKET-VERSION:13  \r\n\r\n", 101 },
  { "fields-in-pieces", START REST "Connection: keep-alive\r\nUpgrade: h2c\r\n\r\n", 101 },
  { "extensions-are-not-taken", START REST "Sec-WebSocket-Extensions: permessage-deflate\r\n"
    "Sec-WebSocket-Protocol: gurgle\r\nCookie: a=b\r\n\r\n", 101 },
  { "no-body", START REST "Content-Length: 0\r\n\r\n", 101 },
  { "own-page", START REST "Origin: https://Chat.example.org\r\n\r\n", 101 },
  { "other-page", START REST "Origin: https://evil.example\r\n\r\n", 403 },
  { "other-port", START REST "Origin: https://chat.example.org:8443\r\n\r\n", 403 },
  { "page-from-a-file", START REST "Origin: null\r\n\r\n", 403 },
  { "two-origins", START REST "Origin: https://evil.example\r\n"
    "Origin: https://chat.example.org\r\n\r\n", 400 },
  { "post", "POST /gurgle HTTP/1.1\r\nHost: x\r\n" REST "\r\n", 405 },
  { "small-get", "get /gurgle HTTP/1.1\r\nHost: x\r\n" REST "\r\n", 405 },
  { "elsewhere", "GET / HTTP/1.1\r\nHost: x\r\n" REST "\r\n", 404 },
  { "below", "GET /gurgle/ HTTP/1.1\r\nHost: x\r\n" REST "\r\n", 404 },
  { "browser", START "Accept: text/html\r\n\r\n", 426 },
  { "other-upgrade", START "Upgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " KEY
    "\r\nSec-WebSocket-Version: 13\r\n\r\n", 426 },
  { "older", START "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " KEY
    "\r\nSec-WebSocket-Version: 8\r\n\r\n", 426 },
  { "no-version", START "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " KEY
    "\r\n\r\n", 426 },
  { "no-connection", START "Upgrade: websocket\r\nSec-WebSocket-Key: " KEY
    "\r\nSec-WebSocket-Version: 13\r\n\r\n", 400 },
  { "no-key", START "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\n\r\n", 400 },
  { "short-key", START "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAA\r\n"
    "Sec-WebSocket-Version: 13\r\n\r\n", 400 },
  { "crooked-key", START "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ?==\r\nSec-WebSocket-Version: 13\r\n\r\n", 400 },
  { "two-keys", START REST "Sec-WebSocket-Key: " KEY "\r\n\r\n", 400 },
  { "no-host", "GET /gurgle HTTP/1.1\r\n" REST "\r\n", 400 },
  { "two-hosts", START REST "Host: x\r\n\r\n", 400 },
  { "body", START REST "Content-Length: 5\r\n\r\nhello", 400 },
  { "body-less-than-nothing", START REST "Content-Length: -1\r\n\r\n", 400 },
  { "body-in-chunks", START REST "Transfer-Encoding: chunked\r\n\r\n", 400 },
  { "http-1.0", "GET /gurgle HTTP/1.0\r\nHost: x\r\n" REST "\r\n", 400 },
  { "http-2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400 },
  { "no-http", "GET /gurgle\r\nHost: x\r\n" REST "\r\n", 400 },
  { "two-spaces", "GET  /gurgle HTTP/1.1\r\nHost: x\r\n" REST "\r\n", 400 },
  { "folded", START REST "X: a\r\n b\r\n\r\n", 400 },
  { "space-before-colon", START REST "X : a\r\n\r\n", 400 },
  { "no-colon", START REST "hello\r\n\r\n", 400 },
  { "no-name", START REST ": x\r\n\r\n", 400 },
  { "control", START REST "X: a\001b\r\n\r\n", 400 },
  { "half-line-end", START REST "X: a\nY: b\r\n\r\n", 400 },
  { "empty", "\r\n\r\n", 400 },
  { "unfinished", START REST, 0 },
  { "only-line-feeds", "GET /gurgle HTTP/1.1\nHost: x\n\n", 0 },
};

static guint
read_request (const char *text,
              gsize       size,
              char      **key)
{
  gsize used = 0;
  /* Memory that ends where the input ends, for the address sanitizer. */
  g_autofree guint8 *data = g_memdup2 (text, size);
  guint status = burble_websocket_read_request (data, size, BURBLE_WEBSOCKET_PATH, &used, key);

  g_assert_cmpuint (used, <=, size);
  g_assert_cmpint (*key != NULL, ==, status == BURBLE_WEBSOCKET_ACCEPTED);
  return status;
}

static void
test_request (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  gsize size = strlen (requests[i].request);
  const char *end = strstr (requests[i].request, "\r\n\r\n");
  g_autofree char *key = NULL;

  g_assert_cmpuint (read_request (requests[i].request, size, &key), ==, requests[i].status);
  if (key != NULL)
    g_assert_cmpstr (key, ==, KEY);
  /* Before all is there, nothing is decided. */
  for (gsize n = 0; end != NULL && n < (gsize) (end - requests[i].request) + 4; n++)
    {
      g_autofree char *none = NULL;

      g_assert_cmpuint (read_request (requests[i].request, n, &none), ==, 0);
    }
}

static void
test_request_limits (void)
{
  g_autoptr(GString) fields = g_string_new (START REST);
  g_autoptr(GString) bytes = g_string_new (START REST "X: ");
  g_autofree char *key = NULL;
  guint n = 5;

  for (; n < BURBLE_WEBSOCKET_MAX_FIELDS; n++)
    g_string_append (fields, "X: y\r\n");
  g_string_append (fields, "\r\n");
  g_string_insert (fields, (gssize) strlen (START), "X: y\r\n");
  g_assert_cmpuint (read_request (fields->str, fields->len, &key), ==, 400);
  g_string_erase (fields, (gssize) strlen (START), 6);
  g_assert_cmpuint (read_request (fields->str, fields->len, &key), ==, 101);
  g_clear_pointer (&key, g_free);

  while (bytes->len < BURBLE_WEBSOCKET_MAX_HEAD - 4)
    g_string_append_c (bytes, 'x');
  g_string_append (bytes, "\r\n\r\n");
  g_assert_cmpuint (read_request (bytes->str, bytes->len, &key), ==, 101);
  g_clear_pointer (&key, g_free);
  g_string_insert_c (bytes, (gssize) bytes->len - 4, 'x');
  g_assert_cmpuint (read_request (bytes->str, bytes->len, &key), ==, 431);
}

static void
test_what_begins_a_request (void)
{
  static const struct
  {
    const char *start;
    gboolean is;
  } cases[] = {
    { "GET ", TRUE }, { "POST", TRUE }, { "PUT ", TRUE }, { "HEAD", TRUE }, { "PRI ", TRUE },
    { "get ", FALSE }, { " GET", FALSE }, { "\0\0\0\x1b", FALSE }, { "\x01\0\0\0", FALSE },
    { "\x16\x03\x01\x02", FALSE }, { "{\"id", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (burble_websocket_is_request ((const guint8 *) cases[i].start), ==,
                     cases[i].is);
}

static void
test_handshake (void)
{
  g_autofree char *key = burble_websocket_make_key ((const guint8 *) "the sample nonce");
  g_autofree char *request = burble_websocket_write_request ("h:1", BURBLE_WEBSOCKET_PATH, key);
  g_autofree char *seen = NULL;
  g_autofree char *answer = NULL;
  g_autoptr(GError) error = NULL;
  gsize used = 0;

  g_assert_cmpstr (key, ==, KEY);
  g_assert_cmpuint (read_request (request, strlen (request), &seen), ==, 101);
  answer = burble_websocket_write_answer (101, seen);
  g_assert_nonnull (strstr (answer, "\r\nSec-WebSocket-Accept: " PROOF "\r\n"));
  g_assert_true (burble_websocket_read_answer ((guint8 *) answer, strlen (answer), KEY, &used,
                                               &error));
  g_assert_no_error (error);
  g_assert_cmpuint (used, ==, strlen (answer));
  g_assert_true (burble_websocket_read_answer ((guint8 *) answer, used - 1, KEY, &used, &error));
  g_assert_cmpuint (used, ==, 0);
  g_assert_null (burble_websocket_write_request ("h", "/a b", KEY));
  g_assert_null (burble_websocket_write_request ("h", "gurgle", KEY));
  g_assert_null (burble_websocket_write_request ("h", "/\r\nX: y", KEY));
  g_assert_null (burble_websocket_write_request ("h\r\nX: y", "/", KEY));
}

static void
test_refused_answers (void)
{
  static const guint statuses[] = { 400, 403, 404, 405, 426, 431 };
  static const char *const others[] = {
    "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: " KEY "\r\n\r\n",
    "HTTP/1.1 101 OK\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " PROOF "\r\n\r\n",
    "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: " PROOF "\r\n\r\n",
    "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: " PROOF "\r\nSec-WebSocket-Extensions: x\r\n\r\n",
    "HTTP/1.1 1010 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: " PROOF "\r\n\r\n",
    "HTTP/1.0 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: " PROOF "\r\n\r\n",
    "SSH-2.0-OpenSSH\r\n\r\n",
    "HTTP/1.1 \r\n\r\n",
    "\r\n\r\n",
  };
  g_autofree char *long_one = g_strnfill (BURBLE_WEBSOCKET_MAX_HEAD, 'x');
  gsize used = 0;

  for (guint i = 0; i < G_N_ELEMENTS (statuses) + G_N_ELEMENTS (others); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *answer = i < G_N_ELEMENTS (statuses)
                                ? burble_websocket_write_answer (statuses[i], NULL)
                                : g_strdup (others[i - G_N_ELEMENTS (statuses)]);

      g_assert_false (burble_websocket_read_answer ((guint8 *) answer, strlen (answer), KEY, &used,
                                                    &error));
      g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET);
    }
  g_assert_false (burble_websocket_read_answer ((guint8 *) long_one, strlen (long_one), KEY, &used,
                                                NULL));
}

/* Frames of a client, without their masks: "81" opcode and so on, the length, then the payload. */
static const struct
{
  const char *name;
  const char *frames; /* b0 length payload; lengths below 126 */
  gsize size;
  const char *events; /* m(text), i(ping), o(pong), c(code), !(code) */
} frames[] = {
#define F(text) text, sizeof text - 1
  { "one", F ("\x81\x02{}"), "m{}" },
  { "two", F ("\x81\x02{}\x81\x03[1]"), "m{} m[1]" },
  { "in-pieces", F ("\x01\x01{\x00\x00\x80\x01}"), "m{}" },
  { "ping-within", F ("\x01\x01{\x89\x02hi\x80\x01}"), "ihi m{}" },
  { "pong-within", F ("\x01\x01{\x8a\x00\x80\x01}"), "o m{}" },
  { "close-within", F ("\x01\x01{\x88\x02\x03\xe8"), "c1000" },
  { "close", F ("\x88\x02\x03\xe9"), "c1001" },
  { "close-and-why", F ("\x88\x06\x0b\xb8 bye"), "c3000" },
  { "close-without-a-code", F ("\x88\x00"), "c1005" },
  { "close-half-a-code", F ("\x88\x01\x03"), "!1002" },
  { "close-reserved-code", F ("\x88\x02\x03\xed"), "!1002" },
  { "close-code-of-nobody", F ("\x88\x02\x00\x01"), "!1002" },
  { "close-not-utf8", F ("\x88\x03\x03\xe8\xff"), "!1007" },
  { "utf8-cut-between-pieces", F ("\x01\x02\"\xc3\x80\x02\xa4\""), "m\"\xc3\xa4\"" },
  { "not-utf8", F ("\x81\x02{}\x81\x03\"\xff\""), "m{} !1007" },
  { "half-a-character", F ("\x81\x02\"\xc3"), "!1007" },
  { "surrogate", F ("\x81\x03\xed\xa0\x80"), "!1007" },
  { "too-long-form", F ("\x81\x02\xc0\xaf"), "!1007" },
  { "zero-byte-then-not-utf8", F ("\x81\x03x\x00\xff"), "!1007" },
  { "empty", F ("\x81\x00"), "!1002" },
  { "empty-in-pieces", F ("\x01\x00\x80\x00"), "!1002" },
  { "binary", F ("\x82\x02{}"), "!1003" },
  { "binary-pieces", F ("\x02\x02{}"), "!1003" },
  { "nothing-to-continue", F ("\x80\x02{}"), "!1002" },
  { "continued-after-the-end", F ("\x81\x02{}\x80\x02{}"), "m{} !1002" },
  { "begins-inside", F ("\x01\x01{\x81\x02{}"), "!1002" },
  { "reserved-bit", F ("\xc1\x02{}"), "!1002" },
  { "unknown-frame", F ("\x83\x00"), "!1002" },
  { "unknown-control", F ("\x8b\x00"), "!1002" },
  { "ping-in-pieces", F ("\x09\x00"), "!1002" },
#undef F
};

static void
append_masked (GByteArray   *out,
               const guint8 *frame,
               gsize         n)
{
  guint8 start[2] = { frame[0], frame[1] | 0x80 };

  g_byte_array_append (out, start, 2);
  g_byte_array_append (out, (const guint8 *) MASK, 4);
  g_byte_array_append (out, frame + 2, (guint) n);
  burble_websocket_mask (out->data + out->len - n, n, (const guint8 *) MASK, 0);
}

/* All that @data leads to, fed in pieces of @step bytes. */
static char *
read_events (const guint8 *data,
             gsize         size,
             gsize         step,
             gboolean      masked,
             gsize         limit)
{
  g_autoptr(BurbleWebsocketReader) reader = burble_websocket_reader_new (masked);
  g_autoptr(GString) events = g_string_new (NULL);
  gsize at = 0;

  while (at < size)
    {
      gsize n = MIN (step, size - at);
      g_autofree guint8 *piece = g_memdup2 (data + at, n);
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) payload = NULL;
      BurbleWebsocketEvent event = BURBLE_WEBSOCKET_NOTHING;
      gsize used = burble_websocket_reader_feed (reader, piece, n, limit, &event, &payload, &error);
      int length = payload != NULL ? (int) g_bytes_get_size (payload) : 0;
      const char *text = payload != NULL ? g_bytes_get_data (payload, NULL) : "";

      if (events->len > 0 && (used == 0 || event != BURBLE_WEBSOCKET_NOTHING))
        g_string_append_c (events, ' ');
      if (used == 0)
        {
          g_assert_nonnull (error);
          g_string_append_printf (events, "!%u", burble_websocket_reader_get_code (reader));
          break;
        }
      g_assert_no_error (error);
      g_assert_cmpuint (used, <=, n);
      at += used;
      if (event == BURBLE_WEBSOCKET_MESSAGE)
        g_string_append_printf (events, "m%.*s", length, text);
      else if (event == BURBLE_WEBSOCKET_PING)
        g_string_append_printf (events, "i%.*s", length, text);
      else if (event == BURBLE_WEBSOCKET_PONG)
        g_string_append_printf (events, "o%.*s", length, text);
      else if (event == BURBLE_WEBSOCKET_CLOSED)
        g_string_append_printf (events, "c%u", burble_websocket_reader_get_code (reader));
      else
        g_assert_cmpuint (used, ==, n);
    }
  return g_string_free (g_steal_pointer (&events), FALSE);
}

static void
test_frames (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(GByteArray) masked = g_byte_array_new ();
  g_autofree char *unmasked = NULL;

  for (gsize at = 0; at < frames[i].size; at += 2u + (guint8) frames[i].frames[at + 1])
    append_masked (masked, (const guint8 *) frames[i].frames + at,
                   (guint8) frames[i].frames[at + 1]);
  for (gsize step = 1; step <= masked->len; step++)
    {
      g_autofree char *events = read_events (masked->data, masked->len, step, TRUE, LIMIT);

      g_assert_cmpstr (events, ==, frames[i].events);
    }
  unmasked = read_events ((const guint8 *) frames[i].frames, frames[i].size, 1, FALSE, LIMIT);
  g_assert_cmpstr (unmasked, ==, frames[i].events);
}

static void
test_masks (void)
{
  g_autofree char *from_client = read_events ((const guint8 *) "\x81\x02{}", 4, 4, TRUE, LIMIT);
  g_autofree char *from_server = read_events ((const guint8 *) "\x81\x82" MASK "jj", 8, 8, FALSE,
                                              LIMIT);

  g_assert_cmpstr (from_client, ==, "!1002");
  g_assert_cmpstr (from_server, ==, "!1002");
}

static void
test_lengths (void)
{
  static const struct
  {
    const char *header;
    gsize size;
    const char *events;
  } cases[] = {
    { "\x81\x7e\x00\x7d", 4, "!1002" },
    { "\x81\x7f\x00\x00\x00\x00\x00\x00\xff\xff", 10, "!1002" },
    { "\x81\x7f\x80\x00\x00\x00\x00\x00\x00\x00", 10, "!1002" },
    { "\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10, "!1009" },
    { "\x81\x7f\x00\x00\x00\x01\x00\x00\x00\x00", 10, "!1009" },
    { "\x81\x7e\x03\xe9", 4, "!1009" },
    { "\x81\x7e\x03\xe8", 4, "" },
    { "\x89\x7e\x00\x7e", 4, "!1002" },
    { "\x01\x02{}\x80\x7e\x03\xe7", 8, "!1009" },
    { "\x01\x02{}\x80\x7e\x03\xe6", 8, "" },
  };
  static const gsize sizes[] = { 1, 2, 125, 126, 65535, 65536, 70000 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *events = read_events ((const guint8 *) cases[i].header, cases[i].size, 1,
                                             FALSE, LIMIT);

      g_assert_cmpstr (events, ==, cases[i].events);
    }
  for (guint i = 0; i < G_N_ELEMENTS (sizes) * 2; i++)
    {
      const guint8 *mask = i % 2 == 0 ? (const guint8 *) MASK : NULL;
      g_autofree char *text = g_strnfill (sizes[i / 2], 'y');
      g_autofree char *expected = g_strconcat ("m", text, NULL);
      g_autoptr(GBytes) frame = burble_websocket_encode (BURBLE_WEBSOCKET_OPCODE_TEXT, text,
                                                         sizes[i / 2], mask);
      gsize size = 0;
      const guint8 *bytes = g_bytes_get_data (frame, &size);
      g_autofree char *events = read_events (bytes, size, 1001, mask != NULL, sizes[i / 2]);
      g_autofree char *over = read_events (bytes, size, 1001, mask != NULL, sizes[i / 2] - 1);

      g_assert_cmpstr (events, ==, expected);
      g_assert_cmpstr (over, ==, "!1009");
    }
}

static void
test_close (void)
{
  g_autoptr(GBytes) normal = burble_websocket_encode_close (BURBLE_WEBSOCKET_CLOSE_NORMAL, NULL);
  g_autoptr(GBytes) none = burble_websocket_encode_close (BURBLE_WEBSOCKET_CLOSE_NONE,
                                                          (const guint8 *) MASK);

  g_assert_cmpmem (g_bytes_get_data (normal, NULL), g_bytes_get_size (normal),
                   "\x88\x02\x03\xe8", 4);
  g_assert_cmpmem (g_bytes_get_data (none, NULL), g_bytes_get_size (none), "\x88\x80" MASK, 6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autofree char *path = g_strconcat ("/wire/websocket/request/", requests[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_request);
    }
  g_test_add_func ("/wire/websocket/request-limits", test_request_limits);
  g_test_add_func ("/wire/websocket/what-begins-a-request", test_what_begins_a_request);
  g_test_add_func ("/wire/websocket/handshake", test_handshake);
  g_test_add_func ("/wire/websocket/refused-answers", test_refused_answers);
  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_autofree char *path = g_strconcat ("/wire/websocket/frames/", frames[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_frames);
    }
  g_test_add_func ("/wire/websocket/masks", test_masks);
  g_test_add_func ("/wire/websocket/lengths", test_lengths);
  g_test_add_func ("/wire/websocket/close", test_close);
  return g_test_run ();
}
