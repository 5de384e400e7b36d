/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-words-servers"

#include "config.h"

#include "burble-words.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "burble-session.h"
#include "burble-text.h"

/*
 * What a server says of itself, to somebody who is about to sign in there.
 */

#define MAX_NAME 64

/* NULL: it does not say. */
static char *
describe_people (BurbleServerSummary *server)
{
  guint people = (guint) CLAMP (burble_server_summary_get_people (server), 0, G_MAXINT);
  guint most = (guint) CLAMP (burble_server_summary_get_max_people (server), 0, G_MAXINT);

  if (burble_server_summary_get_people (server) < 0)
    return NULL;
  if (people == 0)
    return g_strdup (_("nobody is there now"));
  if (most > 0)
    /* Translators: how many people are on a server, and how many there can be at most */
    return g_strdup_printf (ngettext ("%1$u of %2$u people is there",
                                      "%1$u of %2$u people are there", people), people, most);
  return g_strdup_printf (ngettext ("%u person is there", "%u people are there", people), people);
}

static void
append (GString *line, const char *text)
{
  if (text == NULL || *text == '\0')
    return;
  if (line->len > 0)
    g_string_append (line, " · ");
  g_string_append (line, text);
}

/**
 * burble_words_server:
 * @server: what a server says of itself
 *
 * Returns: (transfer full): such as “The Parlour · 3 of 20 people are there”
 */
char *
burble_words_server (BurbleServerSummary *server)
{
  g_autofree char *name = burble_text_one_line (burble_server_summary_get_name (server), MAX_NAME);
  g_autofree char *slogan = burble_text_one_line (burble_server_summary_get_slogan (server),
                                                  MAX_NAME);
  g_autofree char *people = describe_people (server);
  int age = burble_server_summary_get_age (server);
  g_autoptr(GString) line = g_string_new (NULL);

  append (line, *name != '\0' ? name : _("There is a server"));
  append (line, slogan);
  append (line, people);
  if (!burble_server_summary_get_can_sign_in (server))
    append (line, _("nobody can sign in now"));
  if (age > 0)
    append (line, _("newer than Burble knows, so signing in may fail"));
  else if (age < 0)
    append (line, _("older than Burble knows, so signing in may fail"));
  return g_string_free (g_steal_pointer (&line), FALSE);
}

/**
 * burble_words_no_server:
 * @error: (nullable): why there is no answer
 *
 * Returns: (transfer full) (nullable): a sentence; %NULL where there is nothing to be said
 */
char *
burble_words_no_server (const GError *error)
{
  static const char * const nothing[] = { "unsupported", "cancelled", "bad-address", NULL };
  const char *word = burble_session_error_word (error);

  if (g_strv_contains (nothing, word))
    return NULL;
  if (strcmp (word, "bad-data") == 0)
    return g_strdup (_("Something else answers there. Check the address."));
  return g_strdup (_("No server answers there now. Check the address, or try it all the same."));
}
