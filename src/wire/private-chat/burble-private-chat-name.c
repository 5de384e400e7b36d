/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-private-chat-name"

#include "config.h"

#include "burble-private-chat-name.h"

#include <string.h>

static gboolean
is_name_character (gunichar c)
{
  return g_unichar_isalnum (c) || g_unichar_ismark (c) || (c < 0x80 && strchr ("_@.+-", (int) c));
}

gboolean
burble_private_chat_name_is_valid (const char *name)
{
  glong length = 0;

  if (name == NULL || *name == '\0' || !g_utf8_validate (name, -1, NULL))
    return FALSE;
  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    if (!is_name_character (g_utf8_get_char (at)) || ++length > BURBLE_PRIVATE_CHAT_MAX_NAME)
      return FALSE;
  return TRUE;
}

gboolean
burble_private_chat_name_has_path (const char *name)
{
  /* A name of dots alone is a direction in a path, not a name. */
  return burble_private_chat_name_is_valid (name) && g_str_is_ascii (name)
         && strspn (name, ".") != strlen (name);
}

/* At exactly @digits digits; steps over them. */
static gboolean
read_digits (const char **at, guint digits, int *number)
{
  *number = 0;
  for (guint i = 0; i < digits; i++, (*at)++)
    {
      if (!g_ascii_isdigit (**at))
        return FALSE;
      *number = *number * 10 + (**at - '0');
    }
  return TRUE;
}

static gboolean
read_character (const char **at, char c)
{
  if (**at != c)
    return FALSE;
  (*at)++;
  return TRUE;
}

gint64
burble_private_chat_read_time (const char *text)
{
  const char *at = text;
  int day, month, year, hour, minute, second;
  g_autoptr(GDateTime) time = NULL;

  if (text == NULL
      || !read_digits (&at, 2, &day) || !read_character (&at, '.')
      || !read_digits (&at, 2, &month) || !read_character (&at, '.')
      || !read_digits (&at, 4, &year) || !read_character (&at, ' ')
      || !read_digits (&at, 2, &hour) || !read_character (&at, ':')
      || !read_digits (&at, 2, &minute) || !read_character (&at, ':')
      || !read_digits (&at, 2, &second) || *at != '\0' || year < 1970)
    return 0;
  time = g_date_time_new_utc (year, month, day, hour, minute, second);
  return time != NULL ? g_date_time_to_unix_usec (time) : 0;
}
