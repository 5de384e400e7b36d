/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-username.h"

#include <gio/gio.h>
#include <string.h>

/* Letters that look the same in most fonts, at the same places; '_': there is none. */
static const char *const look_alikes[] = {
  "a c e o p x y i j s h d l q w", /* Latin */
  "а с е о р х у і ј ѕ һ ԁ ӏ ԛ ԝ", /* Cyrillic */
  "α ϲ є ο ρ χ γ ι ϳ _ _ _ _ _ ω", /* Greek */
};

typedef enum
{
  WRITING_ANY, /* digits, marks and what is between letters */
  WRITING_EAST_ASIAN, /* Japanese, Chinese and Korean mix theirs */
  WRITING_OTHER,
} Writing;

static gboolean
refuse (GError    **error,
        const char *sentence)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, sentence);
  return FALSE;
}

static Writing
get_writing (GUnicodeScript script)
{
  static const GUnicodeScript east_asian[] = {
    G_UNICODE_SCRIPT_HAN, G_UNICODE_SCRIPT_HIRAGANA, G_UNICODE_SCRIPT_KATAKANA,
    G_UNICODE_SCRIPT_HANGUL, G_UNICODE_SCRIPT_BOPOMOFO,
  };

  if (script == G_UNICODE_SCRIPT_COMMON || script == G_UNICODE_SCRIPT_INHERITED)
    return WRITING_ANY;
  for (guint i = 0; i < G_N_ELEMENTS (east_asian); i++)
    if (script == east_asian[i])
      return WRITING_EAST_ASIAN;
  return WRITING_OTHER;
}

static gboolean
is_between (gunichar c)
{
  return c == '.' || c == '-' || c == '_' || c == '+';
}

/* Letters and marks that leave no ink. */
static gboolean
is_invisible (gunichar c)
{
  return c == 0x034f || c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0 ||
         (c >= 0x17b4 && c <= 0x17b5) || (c >= 0x180b && c <= 0x180f) ||
         (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
}

static gboolean
check_characters (const char *username,
                  GError    **error)
{
  gunichar before = 0;

  for (const char *at = username; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if ((!is_between (c) && !g_unichar_isalnum (c) && !g_unichar_ismark (c)) || is_invisible (c))
        return refuse (error, "A user name has letters and digits, and . - _ + between them.");
      if ((is_between (c) || g_unichar_ismark (c)) && (before == 0 || is_between (before)))
        return refuse (error, "A user name begins with a letter or a digit, and has one "
                       "of . - _ + at a time between them.");
      before = c;
    }
  if (is_between (before))
    return refuse (error, "A user name ends with a letter or a digit.");
  return TRUE;
}

static gboolean
check_scripts (const char *username,
               GError    **error)
{
  GUnicodeScript first = G_UNICODE_SCRIPT_COMMON;

  for (const char *at = username; *at != '\0'; at = g_utf8_next_char (at))
    {
      GUnicodeScript script = g_unichar_get_script (g_utf8_get_char (at));

      if (get_writing (script) == WRITING_ANY)
        continue;
      if (first == G_UNICODE_SCRIPT_COMMON)
        first = script;
      if (script != first && (get_writing (script) != WRITING_EAST_ASIAN ||
                              get_writing (first) != WRITING_EAST_ASIAN))
        return refuse (error, "A user name is written in one script: letters of another one can "
                       "look the same.");
    }
  return TRUE;
}

/**
 * burble_username_check:
 * @username: a name as it was prepared for ids
 * @error: return location, with a sentence for the person
 *
 * Whether a new account may have this name. Names there are already, and those of other servers,
 * need not follow this.
 */
gboolean
burble_username_check (const char *username,
                       GError    **error)
{
  if (g_utf8_strlen (username, -1) > BURBLE_USERNAME_MAX_LENGTH)
    return refuse (error, "A user name has at most 64 characters.");
  return check_characters (username, error) && check_scripts (username, error);
}

/* As @to would write what @from wrote; NULL where a letter has no double. */
static char *
translate (const char *username,
           const char *from,
           const char *to)
{
  g_autoptr(GString) result = g_string_new (NULL);
  gboolean changed = FALSE;

  for (const char *at = username; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      const char *place = g_unichar_isalpha (c) ? g_utf8_strchr (from, -1, c) : NULL;
      gunichar other = c;

      if (place != NULL)
        other = g_utf8_get_char (g_utf8_offset_to_pointer (to, g_utf8_pointer_to_offset (from,
                                                                                         place)));
      if (g_unichar_isalpha (c) && (place == NULL || other == '_'))
        return NULL;
      changed |= other != c;
      g_string_append_unichar (result, other);
    }
  return changed ? g_string_free (g_steal_pointer (&result), FALSE) : NULL;
}

/**
 * burble_username_dup_look_alikes:
 * @username: a name that passed [func@username_check]
 *
 * Returns: (transfer full): the names in other scripts that nobody can tell from this one by sight
 */
GStrv
burble_username_dup_look_alikes (const char *username)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (guint from = 0; from < G_N_ELEMENTS (look_alikes); from++)
    for (guint to = 0; to < G_N_ELEMENTS (look_alikes); to++)
      {
        g_autofree char *name = NULL;

        if (from != to)
          name = translate (username, look_alikes[from], look_alikes[to]);
        if (name != NULL)
          g_strv_builder_add (names, name);
      }
  return g_strv_builder_end (names);
}
