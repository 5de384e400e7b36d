/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-json"

#include "config.h"

#include "burble-json-private.h"

#include <string.h>

#include "burble-frame.h"
#include "burble-wire-error.h"

/*
 * JSON-GLib knows the grammar; this looks only for what it leaves to us. It trusts whoever wrote
 * the document with memory (16 MiB of "{}," would be a gigabyte and more of nodes) and with time
 * (names chosen for their hash make one large object quadratic), and it ends strings at U+0000.
 */

const BurbleJsonLimits burble_json_default_limits = {
  BURBLE_JSON_MAX_VALUES, BURBLE_JSON_MAX_MEMBERS, BURBLE_JSON_MAX_NAME,
};

const BurbleJsonLimits burble_json_request_limits = {
  BURBLE_JSON_REQUEST_MAX_VALUES, BURBLE_JSON_REQUEST_MAX_MEMBERS, BURBLE_JSON_REQUEST_MAX_NAME,
};

typedef struct
{
  const BurbleJsonLimits *limits;
  const char *text;
  gsize length;
  gsize at;
  gsize last_string;                    /* bytes of it */
  guint values;                         /* at least as many as there are */
  guint depth;
  guint members[BURBLE_WIRE_MAX_DEPTH]; /* of each object that is open */
} Guard;

/* At the opening quote; stops at the closing one, or at the end of the text. */
static const char *
skip_string (Guard *guard)
{
  gsize start = guard->at;

  for (guard->at++; guard->at < guard->length && guard->text[guard->at] != '"'; guard->at++)
    {
      if (guard->text[guard->at] != '\\')
        continue;
      if (guard->length - guard->at >= strlen ("\\u0000")
          && memcmp (guard->text + guard->at, "\\u0000", strlen ("\\u0000")) == 0)
        return "U+0000 in a string";
      guard->at++;
    }
  guard->last_string = guard->at - start;
  return NULL;
}

static const char *
check_name (Guard *guard)
{
  if (guard->depth == 0)
    return NULL;
  if (++guard->members[guard->depth - 1] > guard->limits->members)
    return "Too many members";
  return guard->last_string > guard->limits->name ? "A name is too long" : NULL;
}

static const char *
open_container (Guard *guard)
{
  if (guard->depth == BURBLE_WIRE_MAX_DEPTH)
    return "Nested too deep";
  guard->members[guard->depth++] = 0;
  guard->values++;
  return NULL;
}

static const char *
check_character (Guard *guard)
{
  char c = guard->text[guard->at];

  if (c == '"')
    return skip_string (guard);
  if (c == '{' || c == '[')
    return open_container (guard);
  if ((c == '}' || c == ']') && guard->depth > 0)
    guard->depth--;
  else if (c == ',')
    guard->values++;
  else if (c == ':')
    return check_name (guard);
  return guard->values > guard->limits->values ? "Too many values" : NULL;
}

gboolean
burble_json_guard (const char *text, gsize length, const BurbleJsonLimits *limits, GError **error)
{
  Guard guard = { .limits = limits, .text = text, .length = length, .values = 1 };
  const char *problem = NULL;

  if (!g_utf8_validate_len (text, length, NULL))
    problem = "Not UTF-8";
  for (; guard.at < length && problem == NULL; guard.at++)
    problem = check_character (&guard);

  if (problem != NULL)
    g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET, problem);
  return problem == NULL;
}
