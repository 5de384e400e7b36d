/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-username.h"

#include <gio/gio.h>
#include <string.h>

/* What looks the same in most fonts, in whatever script: the first stands for all of them. */
static const char *const look_alikes[] = {
  "aаαɑ", "bƅ", "cсϲᴄ", "dԁ", "eеєҽ", "gɡց", "hһհ", "iіιıɩɪ", "jјϳȷյ", "lӏ1ǀו", "nոռ", "oоοօᴏ0ס",
  "pрρ", "qԛզգ", "sѕꜱ", "uυʋᴜս", "vνѵᴠט", "wԝωѡᴡ", "xхχ", "yуγ", "zᴢ",
  "2ƨ", "3зʒȝ", "6б",
  /* Arabic, as other languages write it */
  "يیى", "كک", "هہەھ",
  /* Chinese and Japanese, which share a name */
  "口ロ", "力カ", "夕タ", "二ニ", "八ハ", "卜ト", "工エ", "才オ", "一ー", "丿ノ", "へヘ",
};

/* Two that look like one. */
static const struct
{
  const char *two;
  const char *one;
} joined[] = {
  { "rn", "m" },
  { "vv", "w" },
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

/* Digits of all scripts count, 1 and 0 as the letters that they are taken for. */
static gunichar
get_shape (gunichar c)
{
  if (g_unichar_isdigit (c))
    c = (gunichar) ('0' + g_unichar_digit_value (c));
  for (guint i = 0; i < G_N_ELEMENTS (look_alikes); i++)
    if (g_utf8_strchr (look_alikes[i], -1, c) != NULL)
      return g_utf8_get_char (look_alikes[i]);
  return c;
}

/**
 * burble_username_dup_shape:
 * @username: a name as it was prepared for ids
 *
 * What the name looks like, for comparing: a letter stands for all that are taken for it at a
 * glance. It is kept in the database; a change to the rules takes a migration.
 *
 * Returns: (transfer full): the same text for names that nobody can tell apart by sight
 */
char *
burble_username_dup_shape (const char *username)
{
  g_autofree char *taken_apart = g_utf8_normalize (username, -1, G_NORMALIZE_NFD);
  g_autoptr(GString) shape = g_string_new (NULL);
  gunichar before = 0;

  for (const char *at = taken_apart; at != NULL && *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = get_shape (g_utf8_get_char (at));

      /* A dot on what has one, and the same mark twice. */
      if ((c == 0x0307 && (before == 'i' || before == 'j')) ||
          (c == before && g_unichar_ismark (c)))
        continue;
      g_string_append_unichar (shape, c);
      before = c;
    }
  for (guint i = 0; i < G_N_ELEMENTS (joined); i++)
    g_string_replace (shape, joined[i].two, joined[i].one, 0);
  return g_string_free (g_steal_pointer (&shape), FALSE);
}
