/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-text"

#include "config.h"

#include "burble-text.h"

#include <string.h>

static const char * const schemes[] = { "http", "https", "mailto", "grgl" };

/* Characters that turn the direction of what follows them, beyond the text they stand in. */
static gboolean
is_bidi_control (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e ||
         c == 0x200f ||
         c == 0x061c;
}

/**
 * burble_text_one_line:
 * @text: (nullable): text from anybody
 * @max_chars: how much of it at most
 *
 * Text for a title or a list: one line, no control characters, nothing that turns the direction of
 * what stands beside it.
 *
 * Returns: (transfer full):
 */
char *
burble_text_one_line (const char *text, gsize max_chars)
{
  g_autoptr(GString) line = g_string_new (NULL);
  gboolean space = FALSE;
  gsize n = 0;

  for (const char *p = text != NULL ? text : ""; *p != '\0';)
    {
      gunichar c = g_utf8_get_char_validated (p, -1);

      if (c == (gunichar) -1 || c == (gunichar) -2)
        break;
      p = g_utf8_next_char (p);
      if (g_unichar_isspace (c))
        {
          space = line->len > 0;
          continue;
        }
      if (is_bidi_control (c) || g_unichar_iscntrl (c))
        continue;
      if (n++ >= max_chars)
        {
          g_string_append (line, "…");
          break;
        }
      if (space)
        g_string_append_c (line, ' ');
      space = FALSE;
      g_string_append_unichar (line, c);
    }
  return g_string_free (g_steal_pointer (&line), FALSE);
}

/**
 * burble_text_uri_allowed:
 *
 * Whether a link may be shown as one and opened. Never `file:`, `javascript:` and their like.
 */
gboolean
burble_text_uri_allowed (const char *uri)
{
  g_autofree char *scheme = g_uri_parse_scheme (uri);

  for (gsize i = 0; scheme != NULL && i < G_N_ELEMENTS (schemes); i++)
    if (g_ascii_strcasecmp (scheme, schemes[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_link_char (gunichar c)
{
  return !g_unichar_isspace (c) && !g_unichar_iscntrl (c) && !is_bidi_control (c) && c != '<' &&
         c != '>' &&
         c != '"' && c != '`' && c != 0x201c && c != 0x201d && c != 0x00ab && c != 0x00bb &&
           c != 0x200b;
}

/* The length of the scheme at @p with what has to follow it; 0 if no link begins here. */
static gsize
link_prefix (const char *p)
{
  static const char * const prefixes[] = { "http://", "https://", "mailto:", "grgl:", "www." };

  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_ascii_strncasecmp (p, prefixes[i], strlen (prefixes[i])) == 0)
      return strlen (prefixes[i]);
  return 0;
}

/* Where the link ends: a full stop, a bracket that was not opened in it belong to the sentence. */
static const char *
link_end (const char *start, const char *limit)
{
  const char *end = start;
  int brackets = 0;

  while (end < limit && is_link_char (g_utf8_get_char (end)))
    {
      if (*end == '(')
        brackets++;
      else if (*end == ')' && --brackets < 0)
        break;
      end = g_utf8_next_char (end);
    }
  while (end > start)
    {
      const char *last = g_utf8_prev_char (end);

      if (strchr (".,;:!?'*_]}", *last) == NULL)
        break;
      end = last;
    }
  return end;
}

static void
append_escaped (GString *markup, const char *start, const char *end)
{
  g_autofree char *escaped = g_markup_escape_text (start, end - start);

  g_string_append (markup, escaped);
}

static void
append_link (GString *markup, const char *start, const char *end)
{
  gboolean bare = g_ascii_strncasecmp (start, "www.", 4) == 0;

  g_string_append (markup, bare ? "<a href=\"https://" : "<a href=\"");
  append_escaped (markup, start, end);
  g_string_append (markup, "\">");
  append_escaped (markup, start, end);
  g_string_append (markup, "</a>");
}

/**
 * burble_text_to_markup:
 * @text: (nullable): the text of a message
 * @max_chars: how much of it at most
 * @cut: (out) (optional): whether something is left out
 *
 * The text as Pango markup with its links made clickable. Time is linear in the length.
 *
 * Returns: (transfer full):
 */
char *
burble_text_to_markup (const char *text, gsize max_chars, gboolean *cut)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  g_autoptr(GString) markup = g_string_new (NULL);
  const char *end = g_utf8_strlen (valid, -1) > (glong) max_chars
    ? g_utf8_offset_to_pointer (valid, max_chars)
                                                                  : valid + strlen (valid);
  const char *done = valid;
  gunichar before = ' ';

  if (cut != NULL)
    *cut = *end != '\0';
  for (const char *p = valid; p < end;)
    {
      gsize prefix = g_unichar_isalnum (before) ? 0 : link_prefix (p);
      const char *stop = prefix > 0 && p + prefix < end ? link_end (p + prefix, end) : NULL;

      if (stop == NULL || stop <= p + prefix)
        {
          before = g_utf8_get_char (p);
          p = g_utf8_next_char (p);
          continue;
        }
      append_escaped (markup, done, p);
      append_link (markup, p, stop);
      done = p = stop;
      before = ' ';
    }
  append_escaped (markup, done, end);
  if (*end != '\0')
    g_string_append (markup, "…");
  return g_string_free (g_steal_pointer (&markup), FALSE);
}

/**
 * burble_text_is_emoji:
 *
 * Whether the text is nothing but one to three emoji, which are shown large.
 */
gboolean
burble_text_is_emoji (const char *text)
{
  guint count = 0;
  gboolean joined = FALSE;

  if (text == NULL || *text == '\0' || strlen (text) > 100)
    return FALSE;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == 0x200d)
        joined = TRUE;
      else if ((c >= 0x1f300 && c <= 0x1faff) || (c >= 0x2600 && c <= 0x27bf) ||
               (c >= 0x1f1e6 && c <= 0x1f1ff))
        {
          if (!joined && !(c >= 0x1f3fb && c <= 0x1f3ff))
            count++;
          joined = FALSE;
        }
      else if (c != 0xfe0f && c != ' ')
        return FALSE;
    }
  return count >= 1 && count <= 3;
}
