/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "burble-frame.h"
#include "burble-json-private.h"
#include "burble-wire-error.h"

/* What is accepted keeps the limits, no accessor minds what a node is, and the text of a value is
 * the value again. */

static guint check_value (JsonNode *node, guint depth);

static guint
check_array (JsonArray *array, guint depth)
{
  guint values = 1;

  for (guint i = 0; i < json_array_get_length (array); i++)
    values += check_value (json_array_get_element (array, i), depth + 1);
  return values;
}

static guint
check_object (JsonObject *object, guint depth)
{
  JsonObjectIter iter;
  const char *name = NULL;
  JsonNode *member = NULL;
  guint values = 1;

  fuzz_assert (json_object_get_size (object) <= BURBLE_JSON_MAX_MEMBERS);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      fuzz_assert (g_utf8_validate (name, -1, NULL));
      values += check_value (member, depth + 1);
    }
  return values;
}

static void
check_accessors (JsonNode *node)
{
  const char *string = burble_json_get_string (node);
  g_autoptr(GBytes) blob = burble_json_dup_base64 (node);
  gint64 integer = 0;
  gint64 decimal = 0;

  burble_json_get_member (node, "cmd");
  fuzz_assert (string == NULL || g_utf8_validate (string, -1, NULL));
  fuzz_assert (blob == NULL || string != NULL);
  if (burble_json_get_integer (node, &integer))
    fuzz_assert (burble_json_is_number (node) && integer > G_MININT64 && integer < G_MAXINT64);
  if (burble_json_get_decimal (node, G_USEC_PER_SEC, G_MAXINT64 / 4, &decimal))
    fuzz_assert (burble_json_is_number (node) && decimal >= 0 && decimal <= G_MAXINT64 / 4);
}

static guint
check_value (JsonNode *node, guint depth)
{
  check_accessors (node);
  fuzz_assert (depth <= BURBLE_WIRE_MAX_DEPTH);
  if (JSON_NODE_HOLDS_ARRAY (node))
    return check_array (json_node_get_array (node), depth);
  if (JSON_NODE_HOLDS_OBJECT (node))
    return check_object (json_node_get_object (node), depth);
  return 1;
}

static void
check_text (JsonNode *node)
{
  g_autofree char *text = burble_json_dup_text (node);
  g_autofree char *text_again = NULL;
  g_autoptr(JsonNode) again = NULL;

  if (text == NULL)
    return;
  again = burble_json_parse (text, strlen (text), &burble_json_default_limits, NULL);
  fuzz_assert (again != NULL);
  text_again = burble_json_dup_text (again);
  fuzz_assert (g_strcmp0 (text, text_again) == 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = burble_json_parse ((const char *) data, size,
                                                &burble_json_default_limits, &error);

  fuzz_assert ((node == NULL) == (error != NULL));
  if (node == NULL)
    {
      fuzz_assert (g_error_matches (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET));
      return 0;
    }
  fuzz_assert (check_value (node, 0) <= BURBLE_JSON_MAX_VALUES);
  check_text (node);
  return 0;
}
