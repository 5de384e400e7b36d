/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-json"

#include "config.h"

#include "burble-json-private.h"

#include <math.h>
#include <string.h>

#include "burble-wire-error.h"

/* What is wrong is not told: JSON-GLib's sentences quote the text, which may be a password. */
JsonNode *
burble_json_parse (const char *text, gsize length, const BurbleJsonLimits *limits, GError **error)
{
  g_autoptr(JsonParser) parser = NULL;

  if (!burble_json_guard (text, length, limits, error))
    return NULL;
  parser = json_parser_new_immutable ();
  json_parser_set_strict (parser, TRUE);
  if (json_parser_load_from_data (parser, text, (gssize) length, NULL)
      && json_parser_get_root (parser) != NULL)
    return json_parser_steal_root (parser);
  g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET, "Not JSON");
  return NULL;
}

/* Where a name is there twice the last one counts. */
JsonNode *
burble_json_get_member (JsonNode *object, const char *name)
{
  if (!JSON_NODE_HOLDS_OBJECT (object))
    return NULL;
  return json_object_get_member (json_node_get_object (object), name);
}

static gboolean
holds_type (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

/* NULL where the node is anything else. */
const char *
burble_json_get_string (JsonNode *node)
{
  return holds_type (node, G_TYPE_STRING) ? json_node_get_string (node) : NULL;
}

gboolean
burble_json_is_boolean (JsonNode *node)
{
  return holds_type (node, G_TYPE_BOOLEAN);
}

gboolean
burble_json_is_number (JsonNode *node)
{
  return holds_type (node, G_TYPE_INT64) || holds_type (node, G_TYPE_DOUBLE);
}

/* What was written with a fraction or an exponent is no integer. */
gboolean
burble_json_get_integer (JsonNode *node, gint64 *integer)
{
  gint64 value;

  if (!holds_type (node, G_TYPE_INT64))
    return FALSE;
  value = json_node_get_int (node);
  if (value == G_MAXINT64 || value == G_MININT64)
    return FALSE;
  *integer = value;
  return TRUE;
}

/*
 * Any number, times @scale and rounded, where that lies in 0..@maximum. The whole part is taken off
 * first, so that a double keeps all it holds of the fraction.
 */
gboolean
burble_json_get_decimal (JsonNode *node, gint64 scale, gint64 maximum, gint64 *result)
{
  double number;
  double whole = 0;
  gint64 value;

  if (!burble_json_is_number (node))
    return FALSE;
  number = json_node_get_double (node);
  if (!isfinite (number) || number < 0 || number > (double) (maximum / scale) + 1)
    return FALSE;
  number = modf (number, &whole);
  value = (gint64) whole * scale + (gint64) round (number * (double) scale);
  if (value > maximum)
    return FALSE;
  *result = value;
  return TRUE;
}

/* Whether all numbers in it are what was written, up to the precision of a double. */
static gboolean
is_kept (JsonNode *node)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  JsonObjectIter iter;
  JsonNode *member = NULL;
  gint64 integer;

  if (holds_type (node, G_TYPE_INT64))
    return burble_json_get_integer (node, &integer);
  if (holds_type (node, G_TYPE_DOUBLE))
    return isfinite (json_node_get_double (node));

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (!is_kept (json_array_get_element (array, i)))
      return FALSE;
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, NULL, &member))
        if (!is_kept (member))
          return FALSE;
    }
  return TRUE;
}

/* The value as JSON; NULL where a number in it is too large to give back. */
char *
burble_json_dup_text (JsonNode *node)
{
  return is_kept (node) ? json_to_string (node, FALSE) : NULL;
}

/* GLib's decoder skips what it does not know; a blob that is not what its sender meant is worse
 * than an error, so only missing padding is forgiven. */
static GBytes *
decode_base64 (const char *text)
{
  gsize length = strlen (text);
  gsize digits = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  gsize padding = length - digits;
  g_autofree guint8 *data = NULL;
  gsize size;
  int state = 0;
  guint save = 0;

  if (digits % 4 == 1 || padding > 2 || strspn (text + digits, "=") != padding
      || (padding > 0 && length % 4 != 0))
    return NULL;

  data = g_malloc (digits / 4 * 3 + 6);
  size = g_base64_decode_step (text, digits, data, &state, &save);
  size += g_base64_decode_step ("==", (4 - digits % 4) % 4, data + size, &state, &save);
  return g_bytes_new_take (g_steal_pointer (&data), size);
}

GBytes *
burble_json_dup_base64 (JsonNode *node)
{
  const char *string = burble_json_get_string (node);

  return string != NULL ? decode_base64 (string) : NULL;
}
