/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-packet"

#include "config.h"

#include "burble-gurgle-packet-private.h"

#include <string.h>

/* In dialect 0.2 an argument belongs inside params; one beside it is read as well. */
JsonNode *
burble_gurgle_read_argument (BurbleGurgleReader *self, const char *name)
{
  JsonNode *value = self->params != NULL ? burble_json_get_member (self->params, name) : NULL;

  return value != NULL ? value : burble_gurgle_read_top (self, name);
}

JsonNode *
burble_gurgle_read_top (BurbleGurgleReader *self, const char *name)
{
  return burble_json_get_member (self->root, name);
}

JsonNode *
burble_gurgle_read_member (BurbleGurgleReader *self, JsonNode *object, const char *name)
{
  return burble_json_get_member (object, name);
}

/* Absent or null. */
gboolean
burble_gurgle_read_is_null (BurbleGurgleReader *self, JsonNode *value)
{
  return value == NULL || JSON_NODE_HOLDS_NULL (value);
}

gboolean
burble_gurgle_read_missing (BurbleGurgleReader *self, const char *name)
{
  self->missing = TRUE;
  g_set_str (&self->problem, NULL);
  self->problem = g_strdup_printf ("“%s” is missing", name);
  return FALSE;
}

gboolean
burble_gurgle_read_wrong (BurbleGurgleReader *self, const char *name, const char *expected)
{
  self->missing = FALSE;
  g_set_str (&self->problem, NULL);
  self->problem = g_strdup_printf ("“%s” is not %s", name, expected);
  return FALSE;
}

gboolean
burble_gurgle_need_string (BurbleGurgleReader *self, JsonNode *value, const char *name,
                           char **string)
{
  if (burble_gurgle_read_is_null (self, value))
    return burble_gurgle_read_missing (self, name);
  if (burble_json_get_string (value) == NULL)
    return burble_gurgle_read_wrong (self, name, "a string");
  g_set_str (string, burble_json_get_string (value));
  return TRUE;
}

gboolean
burble_gurgle_read_string (BurbleGurgleReader *self, JsonNode *value, const char *name,
                           char **string)
{
  return burble_gurgle_read_is_null (self, value)
         || burble_gurgle_need_string (self, value, name, string);
}

/* The rule is in the public header: "#12" for the integer, "##12" for the string "#12". */
gboolean
burble_gurgle_need_key (BurbleGurgleReader *self, JsonNode *value, const char *name, char **key)
{
  const char *text;
  gint64 integer = 0;

  if (burble_gurgle_read_is_null (self, value))
    return burble_gurgle_read_missing (self, name);

  text = burble_json_get_string (value);
  if (text == NULL ? !burble_json_get_integer (value, &integer)
                   : *text == '\0' || strlen (text) > BURBLE_GURGLE_MAX_MESSAGE_ID)
    return burble_gurgle_read_wrong (self, name, "a message id");

  g_free (*key);
  if (text == NULL)
    *key = g_strdup_printf ("#%" G_GINT64_FORMAT, integer);
  else
    *key = g_strconcat (*text == '#' ? "#" : "", text, NULL);
  return TRUE;
}

gboolean
burble_gurgle_read_key (BurbleGurgleReader *self, JsonNode *value, const char *name, char **key)
{
  return burble_gurgle_read_is_null (self, value)
         || burble_gurgle_need_key (self, value, name, key);
}

gboolean
burble_gurgle_need_boolean (BurbleGurgleReader *self, JsonNode *value, const char *name,
                            gboolean *boolean)
{
  if (burble_gurgle_read_is_null (self, value))
    return burble_gurgle_read_missing (self, name);
  if (!burble_json_is_boolean (value))
    return burble_gurgle_read_wrong (self, name, "true or false");
  *boolean = json_node_get_boolean (value);
  return TRUE;
}

gboolean
burble_gurgle_read_boolean (BurbleGurgleReader *self, JsonNode *value, const char *name,
                            gboolean *boolean)
{
  return burble_gurgle_read_is_null (self, value)
         || burble_gurgle_need_boolean (self, value, name, boolean);
}

gboolean
burble_gurgle_need_count (BurbleGurgleReader *self, JsonNode *value, const char *name,
                          gint64 *count)
{
  gint64 integer = 0;

  if (burble_gurgle_read_is_null (self, value))
    return burble_gurgle_read_missing (self, name);
  if (!burble_json_get_integer (value, &integer) || integer < 0)
    return burble_gurgle_read_wrong (self, name, "a whole number");
  *count = integer;
  return TRUE;
}

gboolean
burble_gurgle_read_count (BurbleGurgleReader *self, JsonNode *value, const char *name,
                          gint64 *count)
{
  return burble_gurgle_read_is_null (self, value)
         || burble_gurgle_need_count (self, value, name, count);
}

/* A moment no clock shows (before 1970, after 9999) is as good as none: whoever stores the message
 * puts the present in its place, and one broken clock does not lose the messages beside it. */
gboolean
burble_gurgle_read_timestamp (BurbleGurgleReader *self, JsonNode *value, const char *name,
                              gint64 *timestamp)
{
  if (burble_gurgle_read_is_null (self, value))
    return TRUE;
  if (!burble_json_is_number (value))
    return burble_gurgle_read_wrong (self, name, "a number");
  if (!burble_json_get_decimal (value, G_USEC_PER_SEC, BURBLE_GURGLE_MAX_TIMESTAMP, timestamp))
    *timestamp = 0;
  return TRUE;
}

gboolean
burble_gurgle_need_blob (BurbleGurgleReader *self, JsonNode *value, const char *name, GBytes **blob)
{
  g_autoptr(GBytes) bytes = NULL;

  if (burble_gurgle_read_is_null (self, value))
    return burble_gurgle_read_missing (self, name);
  bytes = burble_json_dup_base64 (value);
  if (bytes == NULL)
    return burble_gurgle_read_wrong (self, name, "base64");
  g_clear_pointer (blob, g_bytes_unref);
  *blob = g_steal_pointer (&bytes);
  return TRUE;
}

gboolean
burble_gurgle_read_blob (BurbleGurgleReader *self, JsonNode *value, const char *name, GBytes **blob)
{
  return burble_gurgle_read_is_null (self, value)
         || burble_gurgle_need_blob (self, value, name, blob);
}

/* The elements go to @array, which belongs to @value. */
static gboolean
need_array (BurbleGurgleReader *self, JsonNode *value, const char *name, guint limit,
            JsonArray **array)
{
  if (burble_gurgle_read_is_null (self, value))
    return burble_gurgle_read_missing (self, name);
  if (!JSON_NODE_HOLDS_ARRAY (value))
    return burble_gurgle_read_wrong (self, name, "a list");
  *array = json_node_get_array (value);
  if (json_array_get_length (*array) > limit)
    return burble_gurgle_read_wrong (self, name, "a list of a size we accept");
  return TRUE;
}

typedef gboolean (*ReadText) (BurbleGurgleReader *self, JsonNode *value, const char *name,
                              char **text);

static gboolean
need_list (BurbleGurgleReader *self, JsonNode *value, const char *name, guint limit, ReadText read,
           GStrv *strv)
{
  g_auto(GStrv) list = NULL;
  JsonArray *array = NULL;
  guint length;

  if (!need_array (self, value, name, limit, &array))
    return FALSE;
  length = json_array_get_length (array);
  list = g_new0 (char *, length + 1);
  for (guint i = 0; i < length; i++)
    if (!read (self, json_array_get_element (array, i), name, &list[i]))
      return FALSE;
  g_strfreev (*strv);
  *strv = g_steal_pointer (&list);
  return TRUE;
}

gboolean
burble_gurgle_need_strings (BurbleGurgleReader *self, JsonNode *value, const char *name,
                            GStrv *strv)
{
  return need_list (self, value, name, BURBLE_GURGLE_MAX_WORDS, burble_gurgle_need_string, strv);
}

gboolean
burble_gurgle_read_strings (BurbleGurgleReader *self, JsonNode *value, const char *name,
                            GStrv *strv)
{
  return burble_gurgle_read_is_null (self, value)
         || burble_gurgle_need_strings (self, value, name, strv);
}

gboolean
burble_gurgle_need_users (BurbleGurgleReader *self, JsonNode *value, const char *name, GStrv *strv)
{
  return need_list (self, value, name, BURBLE_GURGLE_MAX_ENTRIES, burble_gurgle_need_string, strv);
}

gboolean
burble_gurgle_read_users (BurbleGurgleReader *self, JsonNode *value, const char *name, GStrv *strv)
{
  return burble_gurgle_read_is_null (self, value)
         || burble_gurgle_need_users (self, value, name, strv);
}

gboolean
burble_gurgle_need_keys (BurbleGurgleReader *self, JsonNode *value, const char *name, GStrv *strv)
{
  return need_list (self, value, name, BURBLE_GURGLE_MAX_IDS, burble_gurgle_need_key, strv);
}

gboolean
burble_gurgle_read_keys (BurbleGurgleReader *self, JsonNode *value, const char *name, GStrv *strv)
{
  return burble_gurgle_read_is_null (self, value)
         || burble_gurgle_need_keys (self, value, name, strv);
}

gboolean
burble_gurgle_read_counts (BurbleGurgleReader *self, JsonNode *value, const char *name,
                           GArray *counts)
{
  JsonArray *array = NULL;

  if (burble_gurgle_read_is_null (self, value))
    return TRUE;
  if (!need_array (self, value, name, BURBLE_GURGLE_MAX_IDS, &array))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      gint64 count = -1;

      if (!burble_gurgle_read_count (self, json_array_get_element (array, i), name, &count))
        return FALSE;
      g_array_append_val (counts, count);
    }
  return TRUE;
}

gboolean
burble_gurgle_read_word (BurbleGurgleReader *self, JsonNode *value, const char *name,
                         const char * const *words, guint *index)
{
  const char *word;

  if (burble_gurgle_read_is_null (self, value))
    return burble_gurgle_read_missing (self, name);
  word = burble_json_get_string (value);
  for (guint i = 0; word != NULL && words[i] != NULL; i++)
    if (strcmp (word, words[i]) == 0)
      {
        *index = i;
        return TRUE;
      }
  return burble_gurgle_read_wrong (self, name, "a word we know");
}

/* Notes what can be told of an element that is left out, and forgets what is wrong with it. */
static void
drop_element (BurbleGurgleReader *self, JsonNode *element)
{
  char *key = NULL;
  gint64 seq = -1;

  if (self->dropped == NULL)
    {
      self->dropped = g_new0 (BurbleGurgleDropped, 1);
      self->dropped->ids = g_ptr_array_new_with_free_func (g_free);
      self->dropped->seq = -1;
      self->dropped->problem = g_steal_pointer (&self->problem);
    }
  self->dropped->count++;
  if (JSON_NODE_HOLDS_OBJECT (element))
    {
      if (burble_gurgle_need_key (self, burble_gurgle_read_member (self, element, "id"), "id",
                                  &key))
        g_ptr_array_add (self->dropped->ids, key);
      burble_gurgle_read_count (self, burble_gurgle_read_member (self, element, "seq"), "seq",
                                &seq);
      self->dropped->seq = MAX (self->dropped->seq, seq);
    }
  g_clear_pointer (&self->problem, g_free);
  self->missing = FALSE;
}

static gboolean
read_element (BurbleGurgleReader *self, JsonNode *object, const char *name,
              BurbleGurgleReadElement read, GPtrArray *array)
{
  gboolean kindly = self->kindly && !self->in_element;
  gpointer element = NULL;
  gboolean right = FALSE;

  self->in_element = self->in_element || kindly;
  right = JSON_NODE_HOLDS_OBJECT (object) ? read (self, object, &element)
                                          : burble_gurgle_read_wrong (self, name,
                                                                      "a list of objects");
  if (kindly)
    self->in_element = FALSE;
  if (right)
    g_ptr_array_add (array, element);
  else if (kindly)
    drop_element (self, object);
  return right || kindly;
}

gboolean
burble_gurgle_need_objects (BurbleGurgleReader *self, JsonNode *value, const char *name,
                            guint limit, BurbleGurgleReadElement read, GPtrArray *array)
{
  JsonArray *objects = NULL;

  if (!need_array (self, value, name, limit, &objects))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (objects); i++)
    {
      if (!read_element (self, json_array_get_element (objects, i), name, read, array))
        return FALSE;
    }
  return TRUE;
}

gboolean
burble_gurgle_read_objects (BurbleGurgleReader *self, JsonNode *value, const char *name,
                            guint limit, BurbleGurgleReadElement read, GPtrArray *array)
{
  return burble_gurgle_read_is_null (self, value)
         || burble_gurgle_need_objects (self, value, name, limit, read, array);
}
