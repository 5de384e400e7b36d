/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-websocket"

#include "config.h"

#include "burble-websocket-handshake.h"

#include <string.h>

#include "burble-wire-error.h"

/* RFC 6455 section 1.3: what proves that the answer comes from somebody who knows WebSocket. */
#define MAGIC "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define NONCE_SIZE 16
#define VERSION "13"

/* The fields that count. All of them but the first two may come once only. */
typedef enum
{
  FIELD_UPGRADE,
  FIELD_CONNECTION,
  FIELD_HOST,
  FIELD_ORIGIN,
  FIELD_KEY,
  FIELD_VERSION,
  FIELD_ACCEPT,
  FIELD_EXTENSIONS,
  FIELD_PROTOCOL,
  FIELD_LENGTH,
  FIELD_ENCODING,
  N_FIELDS
} Field;

static const char *const field_names[N_FIELDS] = {
  [FIELD_UPGRADE] = "Upgrade",
  [FIELD_CONNECTION] = "Connection",
  [FIELD_HOST] = "Host",
  [FIELD_ORIGIN] = "Origin",
  [FIELD_KEY] = "Sec-WebSocket-Key",
  [FIELD_VERSION] = "Sec-WebSocket-Version",
  [FIELD_ACCEPT] = "Sec-WebSocket-Accept",
  [FIELD_EXTENSIONS] = "Sec-WebSocket-Extensions",
  [FIELD_PROTOCOL] = "Sec-WebSocket-Protocol",
  [FIELD_LENGTH] = "Content-Length",
  [FIELD_ENCODING] = "Transfer-Encoding",
};

typedef struct
{
  char *start; /* the first line */
  char *fields[N_FIELDS];
} Head;

static void
head_clear (Head *head)
{
  g_free (head->start);
  for (guint i = 0; i < N_FIELDS; i++)
    g_free (head->fields[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Head, head_clear)

/* The size of the head with the empty line that ends it; 0: it is not all there. */
static gsize
find_end (const guint8 *data,
          gsize         size)
{
  /* Before the first byte came there may be no buffer either. */
  const guint8 *end = size > 0 ? memmem (data, size, "\r\n\r\n", 4) : NULL;

  return end != NULL ? (gsize) (end - data) + 4 : 0;
}

static gboolean
is_token (const char *text,
          gsize       length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) &&
        (text[i] == '\0' || strchr ("!#$%&'*+-.^_`|~", text[i]) == NULL))
      return FALSE;
  return length > 0;
}

/* No control characters but tabs. */
static gboolean
is_line (const guint8 *data,
         gsize         size)
{
  for (gsize i = 0; i < size; i++)
    if (data[i] != '\t' && (data[i] < ' ' || data[i] == 0x7f))
      return FALSE;
  return TRUE;
}

static gboolean
take_field (Head       *head,
            const char *line,
            gsize       length)
{
  const char *colon = memchr (line, ':', length);
  g_autofree char *value = NULL;

  /* A line that goes on on the next begins with a space: no token. */
  if (colon == NULL || !is_token (line, (gsize) (colon - line)))
    return FALSE;
  value = g_strstrip (g_strndup (colon + 1, length - (gsize) (colon + 1 - line)));
  for (guint i = 0; i < N_FIELDS; i++)
    {
      if (strlen (field_names[i]) != (gsize) (colon - line) ||
          g_ascii_strncasecmp (field_names[i], line, (gsize) (colon - line)) != 0)
        continue;
      if (head->fields[i] == NULL)
        {
          head->fields[i] = g_steal_pointer (&value);
        }
      else if (i <= FIELD_CONNECTION)
        {
          g_autofree char *before = g_steal_pointer (&head->fields[i]);

          head->fields[i] = g_strconcat (before, ",", value, NULL);
        }
      else
        {
          return FALSE;
        }
      return TRUE;
    }
  return TRUE;
}

static gboolean
read_head (Head         *head,
           const guint8 *data,
           gsize         size)
{
  guint n = 0;

  for (gsize at = 0; at < size - 2; n++)
    {
      const guint8 *end = memmem (data + at, size - at, "\r\n", 2);
      gsize length = (gsize) (end - (data + at));

      if (n > BURBLE_WEBSOCKET_MAX_FIELDS || !is_line (data + at, length))
        return FALSE;
      if (n == 0)
        head->start = g_strndup ((const char *) data, length);
      else if (!take_field (head, (const char *) data + at, length))
        return FALSE;
      at += length + 2;
    }
  return TRUE;
}

static gboolean
has_word (const char *list,
          const char *word)
{
  g_auto(GStrv) words = g_strsplit (list != NULL ? list : "", ",", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (g_ascii_strcasecmp (g_strstrip (words[i]), word) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
key_is_sound (const char *key)
{
  g_autofree guchar *nonce = NULL;
  g_autofree char *again = NULL;
  gsize size = 0;

  if (key == NULL || strlen (key) != (NONCE_SIZE + 2) / 3 * 4)
    return FALSE;
  nonce = g_base64_decode (key, &size);
  again = size == NONCE_SIZE ? g_base64_encode (nonce, size) : NULL;
  return g_strcmp0 (key, again) == 0;
}

/*
 * A web page may open a WebSocket to any server, also to one that only the visitor's computer or
 * network can reach, and needs nobody's leave. It would have no more than what it knows itself,
 * since nothing here depends on cookies or addresses; but it could try passwords or create accounts
 * from the visitor's address. So pages are let in from the server's own name alone. Programs send
 * no Origin and lose nothing.
 */
static gboolean
origin_is_own (const char *origin,
               const char *host)
{
  const char *rest = origin != NULL ? strstr (origin, "://") : NULL;

  return origin == NULL || (rest != NULL && g_ascii_strcasecmp (rest + 3, host) == 0);
}

static guint
judge_request (const Head *head,
               const char *path)
{
  g_auto(GStrv) words = g_strsplit (head->start, " ", -1);

  if (g_strv_length (words) != 3 || !is_token (words[0], strlen (words[0])) ||
      strcmp (words[2], "HTTP/1.1") != 0 || head->fields[FIELD_HOST] == NULL ||
      (head->fields[FIELD_LENGTH] != NULL && strcmp (head->fields[FIELD_LENGTH], "0") != 0) ||
      head->fields[FIELD_ENCODING] != NULL)
    return 400;
  if (strcmp (words[0], "GET") != 0)
    return 405;
  if (strcmp (words[1], path) != 0)
    return 404;
  if (!has_word (head->fields[FIELD_UPGRADE], "websocket") ||
      g_strcmp0 (head->fields[FIELD_VERSION], VERSION) != 0)
    return 426;
  if (!has_word (head->fields[FIELD_CONNECTION], "upgrade") ||
      !key_is_sound (head->fields[FIELD_KEY]))
    return 400;
  if (!origin_is_own (head->fields[FIELD_ORIGIN], head->fields[FIELD_HOST]))
    return 403;
  return BURBLE_WEBSOCKET_ACCEPTED;
}

/**
 * burble_websocket_is_request:
 * @data: the first four bytes of a connection
 *
 * Returns: whether they begin an HTTP request: as the length of a packet they would be above
 *   every limit
 */
gboolean
burble_websocket_is_request (const guint8 *data)
{
  if (!g_ascii_isupper (data[0]))
    return FALSE;
  for (guint i = 1; i < 4; i++)
    if (!g_ascii_isupper (data[i]) && data[i] != ' ')
      return FALSE;
  return TRUE;
}

/**
 * burble_websocket_read_request:
 * @data: what has come
 * @size: of @data
 * @path: what is offered here
 * @used: (out): how much of @data belongs to the request
 * @key: (out) (transfer full) (nullable): what [func@websocket_write_answer] needs to accept it
 *
 * Returns: %BURBLE_WEBSOCKET_ACCEPTED, the status to refuse with, or 0 while it is not all there
 */
guint
burble_websocket_read_request (const guint8 *data,
                               gsize         size,
                               const char   *path,
                               gsize        *used,
                               char        **key)
{
  g_auto(Head) head = { 0 };
  guint status = 0;

  *key = NULL;
  *used = find_end (data, MIN (size, BURBLE_WEBSOCKET_MAX_HEAD));
  if (*used == 0)
    return size < BURBLE_WEBSOCKET_MAX_HEAD ? 0 : 431;
  if (!read_head (&head, data, *used))
    return 400;
  status = judge_request (&head, path);
  if (status == BURBLE_WEBSOCKET_ACCEPTED)
    *key = g_steal_pointer (&head.fields[FIELD_KEY]);
  return status;
}

static char *
make_proof (const char *key)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize size = sizeof digest;

  g_checksum_update (checksum, (const guchar *) key, -1);
  g_checksum_update (checksum, (const guchar *) MAGIC, -1);
  g_checksum_get_digest (checksum, digest, &size);
  return g_base64_encode (digest, size);
}

/**
 * burble_websocket_write_answer:
 * @status: what [func@websocket_read_request] found
 * @key: (nullable): what it gave
 *
 * Returns: (transfer full): the whole answer; the connection ends after one that refuses
 */
char *
burble_websocket_write_answer (guint       status,
                               const char *key)
{
  static const struct
  {
    guint status;
    const char *phrase;
    const char *field;
    const char *sentence;
  } refusals[] = {
    { 400, "Bad Request", "", "This is not a request for a WebSocket." },
    { 403, "Forbidden", "", "Pages of other sites may not connect to this server." },
    { 404, "Not Found", "", "There is nothing here." },
    { 405, "Method Not Allowed", "Allow: GET\r\n", "Only GET is possible here." },
    { 426, "Upgrade Required", "Upgrade: websocket\r\nSec-WebSocket-Version: " VERSION "\r\n",
      "This is a chat server that speaks WebSocket, version " VERSION "." },
    { 431, "Request Header Fields Too Large", "", "The request is too large." },
  };
  guint i = 0;

  if (status == BURBLE_WEBSOCKET_ACCEPTED)
    {
      g_autofree char *proof = make_proof (key);

      return g_strconcat ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Accept: ", proof, "\r\n\r\n", NULL);
    }
  while (i < G_N_ELEMENTS (refusals) - 1 && refusals[i].status != status)
    i++;
  return g_strdup_printf ("HTTP/1.1 %u %s\r\n%sConnection: close%s\r\n"
                          "Content-Type: text/plain; charset=utf-8\r\n"
                          "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s\n",
                          refusals[i].status, refusals[i].phrase, refusals[i].field,
                          status == 426 ? ", Upgrade" : "",
                          strlen (refusals[i].sentence) + 1, refusals[i].sentence);
}

/**
 * burble_websocket_make_key:
 * @nonce: 16 bytes that nobody could know before
 */
char *
burble_websocket_make_key (const guint8 *nonce)
{
  return g_base64_encode (nonce, NONCE_SIZE);
}

/**
 * burble_websocket_write_request:
 * @host: the name that is asked for, with the port where it is not the usual one
 * @path: where
 * @key: made by [func@websocket_make_key]
 *
 * Returns: (transfer full) (nullable): the request of a client; %NULL where @host or @path cannot
 *   be said in one
 */
char *
burble_websocket_write_request (const char *host,
                                const char *path,
                                const char *key)
{
  if (*path != '/')
    return NULL;
  for (const char *p = path; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p) || *p == '#')
      return NULL;
  for (const char *p = host; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p))
      return NULL;
  return g_strconcat ("GET ", path, " HTTP/1.1\r\nHost: ", host, "\r\nUpgrade: websocket\r\n"
                      "Connection: Upgrade\r\nSec-WebSocket-Key: ", key,
                      "\r\nSec-WebSocket-Version: " VERSION "\r\n\r\n", NULL);
}

/**
 * burble_websocket_read_answer:
 * @data: what has come
 * @size: of @data
 * @key: what was asked with
 * @used: (out): how much of @data belongs to the answer; 0 while it is not all there
 * @error: return location for a #BurbleWireError
 *
 * Returns: %FALSE if it cannot become a WebSocket
 */
gboolean
burble_websocket_read_answer (const guint8 *data,
                              gsize         size,
                              const char   *key,
                              gsize        *used,
                              GError      **error)
{
  g_auto(Head) head = { 0 };
  g_autofree char *proof = make_proof (key);
  const char *status = NULL;

  *used = find_end (data, MIN (size, BURBLE_WEBSOCKET_MAX_HEAD));
  if (*used == 0 && size < BURBLE_WEBSOCKET_MAX_HEAD)
    return TRUE;
  if (*used == 0 || !read_head (&head, data, *used) ||
      !g_str_has_prefix (head.start, "HTTP/1.1 ") || strlen (head.start) < 12 ||
      (head.start[12] != ' ' && head.start[12] != '\0'))
    {
      g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET,
                           "The server did not answer as a web server does");
      return FALSE;
    }
  status = head.start + strlen ("HTTP/1.1 ");
  if (!g_str_has_prefix (status, "101"))
    {
      g_autofree char *shown = g_utf8_make_valid (status, -1);

      g_set_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET,
                   "The server offers no WebSocket there: %.100s", shown);
      return FALSE;
    }
  if (!has_word (head.fields[FIELD_UPGRADE], "websocket") ||
      !has_word (head.fields[FIELD_CONNECTION], "upgrade") ||
      g_strcmp0 (head.fields[FIELD_ACCEPT], proof) != 0 ||
      head.fields[FIELD_EXTENSIONS] != NULL || head.fields[FIELD_PROTOCOL] != NULL)
    {
      g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET,
                           "The server's answer opens no WebSocket");
      return FALSE;
    }
  return TRUE;
}
