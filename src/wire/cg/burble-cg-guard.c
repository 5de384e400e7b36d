/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-cg-guard"

#include "config.h"

#include "burble-cg-guard.h"

#include <string.h>

#include "burble-cg-map.h"
#include "burble-wire-error.h"

typedef enum
{
  FORM_SKIP, /* a number, or bytes that nobody reads */
  FORM_TEXT,
  FORM_ARRAY,
  FORM_MAP,
  FORM_BAD,
} Form;

typedef struct
{
  const guint8 *data;
  gsize left;
  guint values;
} Reader;

/* A count of @width bytes behind the first one. FALSE: they are not there. */
static gboolean
take_count (Reader *reader, guint width, gsize *count)
{
  *count = 0;
  if (reader->left < width)
    return FALSE;
  for (guint i = 0; i < width; i++)
    *count = *count << 8 | reader->data[i];
  reader->data += width;
  reader->left -= width;
  return TRUE;
}

/* @count: bytes that follow, or elements. */
static Form
take_head (Reader *reader, gsize *count)
{
  static const guint8 number_sizes[] = { 4, 8, 1, 2, 4, 8, 1, 2, 4, 8 }; /* 0xca to 0xd3 */
  guint8 head = 0;

  *count = 0;
  if (reader->left == 0)
    return FORM_BAD;
  head = *reader->data;
  reader->data++;
  reader->left--;

  if (head <= 0x7f || head >= 0xe0)
    return FORM_SKIP;
  if (head <= 0x8f)
    return *count = head & 0x0f, FORM_MAP;
  if (head <= 0x9f)
    return *count = head & 0x0f, FORM_ARRAY;
  if (head <= 0xbf)
    return *count = head & 0x1f, FORM_TEXT;
  if (head == 0xc0 || head == 0xc2 || head == 0xc3)
    return FORM_SKIP;
  if (head >= 0xc4 && head <= 0xc6)
    return take_count (reader, 1u << (head - 0xc4), count) ? FORM_SKIP : FORM_BAD;
  if (head >= 0xc7 && head <= 0xc9)
    {
      if (!take_count (reader, 1u << (head - 0xc7), count))
        return FORM_BAD;
      *count += 1;
      return FORM_SKIP;
    }
  if (head >= 0xca && head <= 0xd3)
    return *count = number_sizes[head - 0xca], FORM_SKIP;
  if (head >= 0xd4 && head <= 0xd8)
    return *count = (1u << (head - 0xd4)) + 1, FORM_SKIP;
  if (head >= 0xd9 && head <= 0xdb)
    return take_count (reader, 1u << (head - 0xd9), count) ? FORM_TEXT : FORM_BAD;
  if (head == 0xdc || head == 0xdd)
    return take_count (reader, head == 0xdc ? 2 : 4, count) ? FORM_ARRAY : FORM_BAD;
  if (head == 0xde || head == 0xdf)
    return take_count (reader, head == 0xde ? 2 : 4, count) ? FORM_MAP : FORM_BAD;
  return FORM_BAD; /* 0xc1 */
}

static const char *take_value (Reader *reader, guint depth, gboolean is_key);

static const char *
take_members (Reader *reader, gsize count, gboolean map, guint depth)
{
  /* Each is a byte at least. */
  if (count > reader->left)
    return "msgpack that is cut short";
  if (depth >= BURBLE_CG_MAX_DEPTH)
    return "msgpack that is nested too deep";
  for (gsize i = 0; i < count; i++)
    {
      const char *problem = map ? take_value (reader, depth + 1, TRUE) : NULL;

      if (problem == NULL)
        problem = take_value (reader, depth + 1, FALSE);
      if (problem != NULL)
        return problem;
    }
  return NULL;
}

/* NULL: all is well. */
static const char *
take_value (Reader *reader, guint depth, gboolean is_key)
{
  gsize count = 0;
  Form form = take_head (reader, &count);

  if (++reader->values > BURBLE_CG_MAX_VALUES)
    return "msgpack of too many values";
  if (form == FORM_BAD)
    return "msgpack that is broken";
  if (is_key && form != FORM_TEXT)
    return "a key that is no text";
  if (form == FORM_MAP || form == FORM_ARRAY)
    return take_members (reader, count, form == FORM_MAP, depth);
  if (count > reader->left)
    return "msgpack that is cut short";
  if (form == FORM_TEXT && !g_utf8_validate_len ((const char *) reader->data, count, NULL))
    return "text that is not UTF-8";
  reader->data += count;
  reader->left -= count;
  return NULL;
}

gboolean
burble_cg_guard (const guint8 *data, gsize size, GError **error)
{
  Reader reader = { data, size, 0 };
  const char *problem = NULL;
  gboolean map = size > 0 && ((data[0] & 0xf0) == 0x80 || data[0] == 0xde || data[0] == 0xdf);

  problem = map ? take_value (&reader, 0, FALSE) : "A body that is no map";
  if (problem == NULL && reader.left > 0)
    problem = "Bytes behind the body";
  if (problem != NULL)
    g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET, problem);
  return problem == NULL;
}
