/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-json"

#include "config.h"

#include "burble-json-private.h"

#include <string.h>

static inline void
write_comma (GString *out)
{
  char last = out->len > 0 ? out->str[out->len - 1] : '[';

  if (last != '{' && last != '[' && last != ':')
    g_string_append_c (out, ',');
}

/* @name is one of ours and needs no escaping. */
void
burble_json_write_name (GString *out, const char *name)
{
  write_comma (out);
  g_string_append_c (out, '"');
  g_string_append (out, name);
  g_string_append_len (out, "\":", 2);
}

void
burble_json_write_open (GString *out, char bracket)
{
  write_comma (out);
  g_string_append_c (out, bracket);
}

void
burble_json_write_close (GString *out, char bracket)
{
  g_string_append_c (out, bracket);
}

static void
write_escaped (GString *out, guchar c)
{
  switch (c)
    {
    case '"':
      g_string_append_len (out, "\\\"", 2);
      break;
    case '\\':
      g_string_append_len (out, "\\\\", 2);
      break;
    case '\n':
      g_string_append_len (out, "\\n", 2);
      break;
    case '\r':
      g_string_append_len (out, "\\r", 2);
      break;
    case '\t':
      g_string_append_len (out, "\\t", 2);
      break;
    default:
      g_string_append_printf (out, "\\u%04x", c);
      break;
    }
}

static void
write_characters (GString *out, const char *string)
{
  const char *start = string;
  const char *at;

  for (at = string; *at != '\0'; at++)
    {
      guchar c = (guchar) *at;

      if (G_LIKELY (c >= 0x20 && c != '"' && c != '\\'))
        continue;
      g_string_append_len (out, start, at - start);
      write_escaped (out, c);
      start = at + 1;
    }
  g_string_append_len (out, start, at - start);
}

/* NULL is written as null. What is not UTF-8 must never reach the wire; it is replaced. */
void
burble_json_write_string (GString *out, const char *string)
{
  if (string == NULL)
    {
      burble_json_write_null (out);
      return;
    }
  write_comma (out);
  g_string_append_c (out, '"');
  if (G_LIKELY (g_utf8_validate (string, -1, NULL)))
    {
      write_characters (out, string);
    }
  else
    {
      g_autofree char *valid = g_utf8_make_valid (string, -1);

      write_characters (out, valid);
    }
  g_string_append_c (out, '"');
}

void
burble_json_write_integer (GString *out, gint64 integer)
{
  char buffer[24];
  char *at = buffer + sizeof buffer;
  guint64 magnitude = integer < 0 ? -(guint64) integer : (guint64) integer;

  do
    {
      *--at = (char) ('0' + magnitude % 10);
      magnitude /= 10;
    }
  while (magnitude > 0);
  if (integer < 0)
    *--at = '-';
  write_comma (out);
  g_string_append_len (out, at, buffer + sizeof buffer - at);
}

void
burble_json_write_boolean (GString *out, gboolean boolean)
{
  write_comma (out);
  g_string_append (out, boolean ? "true" : "false");
}

void
burble_json_write_null (GString *out)
{
  write_comma (out);
  g_string_append_len (out, "null", 4);
}

/* @json is a whole JSON value already. */
void
burble_json_write_raw (GString *out, const char *json)
{
  write_comma (out);
  g_string_append (out, json);
}

void
burble_json_write_base64 (GString *out, GBytes *bytes)
{
  gsize size = 0;
  const guchar *data = g_bytes_get_data (bytes, &size);
  gsize before;
  gsize written;
  int state = 0;
  int save = 0;

  write_comma (out);
  g_string_append_c (out, '"');
  before = out->len;
  g_string_set_size (out, before + (size / 3 + 1) * 4 + 4);
  written = 0;
  if (size > 0)
    written = g_base64_encode_step (data, size, FALSE, out->str + before, &state, &save);
  written += g_base64_encode_close (FALSE, out->str + before + written, &state, &save);
  g_string_set_size (out, before + written);
  g_string_append_c (out, '"');
}
