/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-cg-name"

#include "config.h"

#include "burble-cg-name.h"

#include <string.h>

#define MIN_NAME 3
#define MAX_NEW_NAME 16
#define MAX_NAME 64
#define MAX_PASSWORD 127
#define UUID_DIGITS 32

gboolean
burble_cg_name_is_new (const char *name)
{
  gsize length = 0;

  g_return_val_if_fail (name != NULL, FALSE);

  length = strlen (name);
  if (length < MIN_NAME || length > MAX_NEW_NAME || !g_ascii_isalpha (*name)
      || g_ascii_strncasecmp (name, "bot", 3) == 0)
    return FALSE;
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '_')
      return FALSE;
  return TRUE;
}

gboolean
burble_cg_name_is_possible (const char *name)
{
  glong length = 0;

  g_return_val_if_fail (name != NULL, FALSE);

  if (!g_utf8_validate (name, -1, NULL))
    return FALSE;
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return FALSE;
  length = g_utf8_strlen (name, -1);
  return length > 0 && length <= MAX_NAME;
}

/**
 * burble_cg_name_clean:
 * @text: UTF-8 from a server
 *
 * Returns: (transfer full) (nullable): a possible name; %NULL where nothing is left
 */
char *
burble_cg_name_clean (const char *text)
{
  g_autoptr(GString) name = g_string_new (NULL);
  guint length = 0;

  g_return_val_if_fail (text != NULL, NULL);

  for (const char *p = text; *p != '\0' && length < MAX_NAME; p = g_utf8_next_char (p))
    if (!g_unichar_iscntrl (g_utf8_get_char (p)))
      {
        g_string_append_unichar (name, g_utf8_get_char (p));
        length++;
      }
  return length > 0 ? g_string_free (g_steal_pointer (&name), FALSE) : NULL;
}

gboolean
burble_cg_password_is_possible (const char *password)
{
  glong length = 0;

  g_return_val_if_fail (password != NULL, FALSE);

  if (!g_utf8_validate (password, -1, NULL))
    return FALSE;
  length = g_utf8_strlen (password, -1);
  return length > 0 && length <= MAX_PASSWORD;
}

/**
 * burble_cg_uuid_normalize:
 * @text: what may be a UUID
 *
 * Dashes may stand where they usually do, or not at all.
 *
 * Returns: (transfer full) (nullable): 32 digits
 */
char *
burble_cg_uuid_normalize (const char *text)
{
  char digits[UUID_DIGITS + 1] = { 0 };
  guint have = 0;
  gsize length = 0;

  g_return_val_if_fail (text != NULL, NULL);

  length = strlen (text);
  if (length != UUID_DIGITS && length != UUID_DIGITS + 4)
    return NULL;
  for (gsize i = 0; i < length; i++)
    {
      gboolean dash = length != UUID_DIGITS && (i == 8 || i == 13 || i == 18 || i == 23);

      if (dash ? text[i] != '-' : !g_ascii_isxdigit (text[i]))
        return NULL;
      if (!dash)
        digits[have++] = g_ascii_tolower (text[i]);
    }
  return g_strdup (digits);
}
