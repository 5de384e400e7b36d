/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-cg-map"

#include "config.h"

#include "burble-cg-map.h"

#include <string.h>

#include <msgpack.h>

#include "burble-cg-guard.h"
#include "burble-wire-error.h"

/* Bytes of a key and of its value, where they are for people to read. */
#define MAX_KEY 64
#define MAX_TEXT 1024

struct _BurbleCgMap
{
  GBytes *body;
  msgpack_unpacked unpacked;
};

/**
 * burble_cg_map_parse:
 * @body: the body of a packet
 * @error: return location for a #BurbleWireError
 */
BurbleCgMap *
burble_cg_map_parse (GBytes *body, GError **error)
{
  g_autoptr(BurbleCgMap) self = NULL;
  const char *data = NULL;
  gsize size = 0;
  gsize offset = 0;

  g_return_val_if_fail (body != NULL, NULL);

  data = g_bytes_get_data (body, &size);
  if (!burble_cg_guard ((const guint8 *) data, size, error))
    return NULL;
  self = g_new0 (BurbleCgMap, 1);
  self->body = g_bytes_ref (body);
  msgpack_unpacked_init (&self->unpacked);
  if (msgpack_unpack_next (&self->unpacked, data, size, &offset) != MSGPACK_UNPACK_SUCCESS
      || self->unpacked.data.type != MSGPACK_OBJECT_MAP)
    {
      g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET,
                           "msgpack that cannot be read");
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
burble_cg_map_free (BurbleCgMap *self)
{
  if (self == NULL)
    return;

  msgpack_unpacked_destroy (&self->unpacked);
  g_bytes_unref (self->body);
  g_free (self);
}

/* An empty one may have no address at all. */
static char *
dup_text (const msgpack_object_str *text)
{
  return text->size > 0 ? g_strndup (text->ptr, text->size) : g_strdup ("");
}

/* Of a key that comes twice the last one counts, as in the language that most of them speak. */
static const msgpack_object *
find (const msgpack_object_map *map, const char *key)
{
  const msgpack_object *found = NULL;
  gsize length = strlen (key);

  for (guint32 i = 0; i < map->size; i++)
    {
      const msgpack_object_str *name = &map->ptr[i].key.via.str;

      if (name->size == length && length > 0 && memcmp (name->ptr, key, length) == 0)
        found = &map->ptr[i].val;
    }
  return found;
}

static const msgpack_object *
member (BurbleCgMap *self, const char *key)
{
  return find (&self->unpacked.data.via.map, key);
}

char *
burble_cg_map_dup_string (BurbleCgMap *self, const char *key)
{
  const msgpack_object *value = member (self, key);

  if (value == NULL || value->type != MSGPACK_OBJECT_STR)
    return NULL;
  return dup_text (&value->via.str);
}

gboolean
burble_cg_map_get_boolean (BurbleCgMap *self, const char *key)
{
  const msgpack_object *value = member (self, key);

  return value != NULL && value->type == MSGPACK_OBJECT_BOOLEAN && value->via.boolean;
}

gboolean
burble_cg_map_is_false (BurbleCgMap *self, const char *key)
{
  const msgpack_object *value = member (self, key);

  return value != NULL && value->type == MSGPACK_OBJECT_BOOLEAN && !value->via.boolean;
}

static gint64
number_of (const msgpack_object *value)
{
  if (value != NULL && value->type == MSGPACK_OBJECT_POSITIVE_INTEGER
      && value->via.u64 <= G_MAXINT64)
    return (gint64) value->via.u64;
  return -1;
}

gint64
burble_cg_map_get_number (BurbleCgMap *self, const char *key)
{
  return number_of (member (self, key));
}

double
burble_cg_map_get_double (BurbleCgMap *self, const char *key)
{
  const msgpack_object *value = member (self, key);

  if (value != NULL
      && (value->type == MSGPACK_OBJECT_FLOAT32 || value->type == MSGPACK_OBJECT_FLOAT64))
    return value->via.f64;
  return (double) number_of (value);
}

static void append_value (GString *text, const msgpack_object *value);

static void
append_members (GString *text, const msgpack_object *value)
{
  gboolean map = value->type == MSGPACK_OBJECT_MAP;
  guint32 size = map ? value->via.map.size : value->via.array.size;

  for (guint32 i = 0; i < size && text->len <= MAX_TEXT; i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      if (map)
        {
          append_value (text, &value->via.map.ptr[i].key);
          g_string_append (text, ": ");
        }
      append_value (text, map ? &value->via.map.ptr[i].val : &value->via.array.ptr[i]);
    }
}

static void
append_value (GString *text, const msgpack_object *value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  switch (value->type)
    {
    case MSGPACK_OBJECT_BOOLEAN:
      g_string_append (text, value->via.boolean ? "true" : "false");
      break;
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
      g_string_append_printf (text, "%" G_GUINT64_FORMAT, value->via.u64);
      break;
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
      g_string_append_printf (text, "%" G_GINT64_FORMAT, value->via.i64);
      break;
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
      g_string_append (text, g_ascii_formatd (number, sizeof number, "%.15g", value->via.f64));
      break;
    case MSGPACK_OBJECT_STR:
      if (value->via.str.size > 0)
        g_string_append_len (text, value->via.str.ptr, value->via.str.size);
      break;
    case MSGPACK_OBJECT_ARRAY:
    case MSGPACK_OBJECT_MAP:
      append_members (text, value);
      break;
    case MSGPACK_OBJECT_NIL:
    case MSGPACK_OBJECT_BIN:
    case MSGPACK_OBJECT_EXT:
    default:
      break;
    }
}

static char *
describe (const msgpack_object *value, gsize max)
{
  GString *text = g_string_new (NULL);

  append_value (text, value);
  if (text->len > max)
    {
      const char *end = g_utf8_find_prev_char (text->str, text->str + max + 1);

      g_string_truncate (text, end - text->str);
      g_string_append (text, "…");
    }
  return g_string_free (text, FALSE);
}

static void
foreach (const msgpack_object_map *map, BurbleCgMapFunc func, gpointer user_data)
{
  for (guint32 i = 0; i < map->size; i++)
    {
      g_autofree char *key = describe (&map->ptr[i].key, MAX_KEY);
      g_autofree char *text = describe (&map->ptr[i].val, MAX_TEXT);

      func (key, text, user_data);
    }
}

void
burble_cg_map_foreach (BurbleCgMap *self, BurbleCgMapFunc func, gpointer user_data)
{
  foreach (&self->unpacked.data.via.map, func, user_data);
}

gboolean
burble_cg_map_foreach_in (BurbleCgMap     *self,
                          const char      *key,
                          BurbleCgMapFunc  func,
                          gpointer         user_data)
{
  const msgpack_object *value = member (self, key);

  if (value == NULL || value->type != MSGPACK_OBJECT_MAP)
    return FALSE;
  foreach (&value->via.map, func, user_data);
  return TRUE;
}

gboolean
burble_cg_map_foreach_number_in (BurbleCgMap           *self,
                                 const char            *key,
                                 BurbleCgMapNumberFunc  func,
                                 gpointer               user_data)
{
  const msgpack_object *value = member (self, key);

  if (value == NULL || value->type != MSGPACK_OBJECT_MAP)
    return FALSE;
  for (guint32 i = 0; i < value->via.map.size; i++)
    {
      const msgpack_object_kv *pair = &value->via.map.ptr[i];
      g_autofree char *name = dup_text (&pair->key.via.str);

      func (name, number_of (&pair->val), user_data);
    }
  return TRUE;
}
