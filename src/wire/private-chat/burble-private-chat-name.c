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
