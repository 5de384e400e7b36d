/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-json"

#include "config.h"

#include "burble-json-private.h"

#include <string.h>

/* As long as what it takes the place of. */
#define REPLACEMENT "\\ufffd"
#define ESCAPE_LENGTH (sizeof REPLACEMENT - 1)

typedef struct
{
  const char *text;
  gsize length;
  char *mended; /* NULL: nothing was wrong so far */
} Mending;

/* The code unit of the escape that is there, -1 where there is none. */
static int
read_unit (const Mending *mending, gsize at)
{
  int unit = 0;

  if (mending->length - at < ESCAPE_LENGTH || mending->text[at] != '\\'
      || mending->text[at + 1] != 'u')
    return -1;
  for (gsize i = 2; i < ESCAPE_LENGTH; i++)
    {
      int digit = g_ascii_xdigit_value (mending->text[at + i]);

      if (digit < 0)
        return -1;
      unit = unit * 16 + digit;
    }
  return unit;
}

static gboolean
is_high (int unit)
{
  return unit >= 0xd800 && unit <= 0xdbff;
}

static gboolean
is_low (int unit)
{
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/* At a backslash in a string; returns how much of the text that was. */
static gsize
mend_escape (Mending *mending, gsize at)
{
  int unit = read_unit (mending, at);

  if (unit < 0)
    return strlen ("\\\"");
  if (is_high (unit) && is_low (read_unit (mending, at + ESCAPE_LENGTH)))
    return 2 * ESCAPE_LENGTH;
  if (unit == 0 || is_high (unit) || is_low (unit))
    {
      if (mending->mended == NULL)
        mending->mended = g_memdup2 (mending->text, mending->length);
      memcpy (mending->mended + at, REPLACEMENT, ESCAPE_LENGTH);
    }
  return ESCAPE_LENGTH;
}

/**
 * burble_json_mend:
 * @text: what a peer sent
 * @length: bytes of it
 *
 * Puts U+FFFD in the place of escapes that no string of ours can hold, U+0000 and halves of
 * surrogate pairs, so that what is around them can be read. Whether it is JSON is not looked at.
 *
 * Returns: (transfer full) (nullable): @length bytes, or %NULL where @text has no such escape
 */
char *
burble_json_mend (const char *text, gsize length)
{
  Mending mending = { .text = text, .length = length };
  gboolean in_string = FALSE;

  if (memmem (text, length, "\\u", strlen ("\\u")) == NULL)
    return NULL;
  for (gsize at = 0; at < length;)
    {
      if (in_string && text[at] == '\\')
        {
          at += mend_escape (&mending, at);
          continue;
        }
      if (text[at] == '"')
        in_string = !in_string;
      at++;
    }
  return mending.mended;
}
