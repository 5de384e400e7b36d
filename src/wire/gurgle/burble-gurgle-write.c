/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-packet"

#include "config.h"

#include "burble-gurgle-packet-private.h"

#include <string.h>

void
burble_gurgle_write_argument (BurbleGurgleWriter *self, const char *name)
{
  if (self->dialect == BURBLE_GURGLE_DIALECT_0_2 && !self->in_params)
    {
      burble_json_write_name (self->out, "params");
      burble_json_write_open (self->out, '{');
      self->in_params = TRUE;
    }
  burble_json_write_name (self->out, name);
}

void
burble_gurgle_write_field (BurbleGurgleWriter *self, const char *name)
{
  burble_json_write_name (self->out, name);
}

void
burble_gurgle_write_string_argument (BurbleGurgleWriter *self, const char *name, const char *string)
{
  if (string == NULL)
    return;
  burble_gurgle_write_argument (self, name);
  burble_json_write_string (self->out, string);
}

void
burble_gurgle_write_count_argument (BurbleGurgleWriter *self, const char *name, gint64 count)
{
  if (count < 0)
    return;
  burble_gurgle_write_argument (self, name);
  burble_json_write_integer (self->out, count);
}

void
burble_gurgle_write_string_field (BurbleGurgleWriter *self, const char *name, const char *string)
{
  if (string == NULL)
    return;
  burble_gurgle_write_field (self, name);
  burble_json_write_string (self->out, string);
}

void
burble_gurgle_write_secret (BurbleGurgleWriter *self, const char *secret)
{
  burble_json_write_string (self->out, self->redact && secret != NULL ? "(secret)" : secret);
}

static void
write_size (BurbleGurgleWriter *self, gsize size)
{
  char text[48];

  g_snprintf (text, sizeof text, "(%" G_GSIZE_FORMAT " bytes)", size);
  burble_json_write_string (self->out, text);
}

void
burble_gurgle_write_body (BurbleGurgleWriter *self, const char *body)
{
  if (self->redact && body != NULL)
    write_size (self, strlen (body));
  else
    burble_json_write_string (self->out, body);
}

void
burble_gurgle_write_blob (BurbleGurgleWriter *self, GBytes *blob)
{
  if (blob == NULL)
    burble_json_write_null (self->out);
  else if (self->redact)
    write_size (self, g_bytes_get_size (blob));
  else
    burble_json_write_base64 (self->out, blob);
}

static gboolean
is_integer_text (const char *text)
{
  const char *digits = *text == '-' ? text + 1 : text;
  gsize length = strspn (digits, "0123456789");

  return length > 0 && digits[length] == '\0' && (digits[0] != '0' || length == 1);
}

void
burble_gurgle_write_key (BurbleGurgleWriter *self, const char *key)
{
  if (key == NULL || *key != '#')
    burble_json_write_string (self->out, key);
  else if (is_integer_text (key + 1))
    burble_json_write_raw (self->out, key + 1);
  else
    burble_json_write_string (self->out, key[1] == '#' ? key + 1 : key);
}

/* A list in a log stops growing when the line is long enough. */
static gboolean
is_full (BurbleGurgleWriter *self)
{
  if (!self->redact || self->out->len < BURBLE_GURGLE_MAX_DESCRIPTION)
    return FALSE;
  burble_json_write_string (self->out, "…");
  return TRUE;
}

void
burble_gurgle_write_keys (BurbleGurgleWriter *self, const char * const *keys)
{
  burble_json_write_open (self->out, '[');
  for (guint i = 0; keys != NULL && keys[i] != NULL && !is_full (self); i++)
    burble_gurgle_write_key (self, keys[i]);
  burble_json_write_close (self->out, ']');
}

void
burble_gurgle_write_strings (BurbleGurgleWriter *self, const char * const *strings)
{
  burble_json_write_open (self->out, '[');
  for (guint i = 0; strings != NULL && strings[i] != NULL && !is_full (self); i++)
    burble_json_write_string (self->out, strings[i]);
  burble_json_write_close (self->out, ']');
}

void
burble_gurgle_write_counts (BurbleGurgleWriter *self, GArray *counts)
{
  burble_json_write_open (self->out, '[');
  for (guint i = 0; i < counts->len && !is_full (self); i++)
    {
      gint64 count = g_array_index (counts, gint64, i);

      if (count >= 0)
        burble_json_write_integer (self->out, count);
      else
        burble_json_write_null (self->out);
    }
  burble_json_write_close (self->out, ']');
}

void
burble_gurgle_write_objects (BurbleGurgleWriter *self, GPtrArray *array,
                             BurbleGurgleWriteElement write)
{
  burble_json_write_open (self->out, '[');
  for (guint i = 0; array != NULL && i < array->len && !is_full (self); i++)
    {
      burble_json_write_open (self->out, '{');
      write (self, g_ptr_array_index (array, i));
      burble_json_write_close (self->out, '}');
    }
  burble_json_write_close (self->out, ']');
}
