/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-json.h"

#include <string.h>

static gboolean
is_plain (guchar c)
{
  return c >= 0x20 && c != '"' && c != '\\';
}

static void
append_escape (GString *json,
               guchar   c)
{
  switch (c)
    {
    case '"':
      g_string_append_len (json, "\\\"", 2);
      break;
    case '\\':
      g_string_append_len (json, "\\\\", 2);
      break;
    case '\n':
      g_string_append_len (json, "\\n", 2);
      break;
    default:
      g_string_append_printf (json, "\\u%04x", c);
      break;
    }
}

void
burble_json_append_string (GString    *json,
                           const char *text)
{
  const char *start = text;

  if (text == NULL)
    {
      g_string_append_len (json, "null", 4);
      return;
    }
  g_string_append_c (json, '"');
  while (*start != '\0')
    {
      const char *end = start;

      while (*end != '\0' && is_plain ((guchar) *end))
        end++;
      g_string_append_len (json, start, end - start);
      if (*end == '\0')
        break;
      append_escape (json, (guchar) *end);
      start = end + 1;
    }
  g_string_append_c (json, '"');
}

void
burble_json_append_key (GString    *json,
                        const char *key)
{
  if (key[0] != '#')
    burble_json_append_string (json, key);
  else if (key[1] == '#')
    burble_json_append_string (json, key + 1);
  else
    g_string_append (json, key + 1);
}

char *
burble_json_message_body (const BurbleGurgleMessage *message)
{
  GString *json = g_string_sized_new (message->text != NULL ? strlen (message->text) + 64 : 64);

  g_string_append (json, "\"text\":");
  burble_json_append_string (json, message->text);
  if (message->html != NULL)
    {
      g_string_append (json, ",\"html\":");
      burble_json_append_string (json, message->html);
    }
  if (message->attachments->len > 0)
    {
      g_string_append (json, ",\"attachments\":[");
      for (guint i = 0; i < message->attachments->len; i++)
        {
          const BurbleGurgleAttachment *attachment = g_ptr_array_index (message->attachments, i);
          gint64 size = attachment->size;

          if (attachment->blob != NULL)
            size = (gint64) g_bytes_get_size (attachment->blob);
          g_string_append (json, i > 0 ? ",{\"name\":" : "{\"name\":");
          burble_json_append_string (json, attachment->name);
          g_string_append (json, ",\"type\":");
          burble_json_append_string (json, attachment->media_type);
          if (size >= 0)
            g_string_append_printf (json, ",\"size\":%" G_GINT64_FORMAT, size);
          g_string_append_c (json, '}');
        }
      g_string_append_c (json, ']');
    }
  return g_string_free_and_steal (json);
}

static void
append_number (GString *json,
               gint64   number)
{
  char digits[24];
  guint i = sizeof digits;
  guint64 rest = (guint64) MAX (number, 0);

  do
    {
      digits[--i] = (char) ('0' + rest % 10);
      rest /= 10;
    }
  while (rest > 0);
  g_string_append_len (json, digits + i, sizeof digits - i);
}

void
burble_json_append_message (GString                   *json,
                            const BurbleStoredMessage *message,
                            gboolean                   with_to,
                            gint64                     seq)
{
  g_string_append (json, "{\"id\":");
  burble_json_append_key (json, message->key);
  g_string_append (json, ",\"timestamp\":");
  append_number (json, message->timestamp / G_USEC_PER_SEC);
  if (message->timestamp % G_USEC_PER_SEC != 0)
    g_string_append_printf (json, ".%06d", (int) (message->timestamp % G_USEC_PER_SEC));
  g_string_append (json, ",\"from\":");
  burble_json_append_string (json, message->from);
  if (with_to)
    {
      g_string_append (json, ",\"to\":");
      burble_json_append_string (json, message->to);
    }
  if (seq >= 0)
    {
      g_string_append (json, ",\"seq\":");
      append_number (json, seq);
    }
  g_string_append_c (json, ',');
  g_string_append_len (json, message->body, (gssize) g_ref_string_length (message->body));
  g_string_append_c (json, '}');
}
