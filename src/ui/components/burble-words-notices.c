/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-words-notices"

#include "config.h"

#include "burble-words.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "burble-text.h"

/*
 * What servers have to say, in sentences. They say it in words for machines; what somebody wrote
 * stands between quotation marks, for it is not us who say it.
 */

#define MAX_SUBJECT 100
#define MAX_TEXT 200

/* %s is whom it is about; “%s” what somebody wrote. Sorted. */
static const struct
{
  const char *word;
  const char *sentence;
} notices[] = {
  { "game-cancel", N_("The game was cancelled.") },
  { "lobby-add-bot-invalid-type", N_("A computer player of that kind cannot play here.") },
  { "lobby-add-bot-lobby-full", N_("There is no room for a computer player.") },
  { "lobby-add-bot-unknown-type", N_("There is no computer player of that kind.") },
  /* Translators: a lobby is where people gather before a game */
  { "lobby-change-admin-missing-rights", N_("You may not decide who manages this lobby.") },
  { "lobby-change-game-missing-rights", N_("You may not choose another game.") },
  { "lobby-change-gamerules-missing-rights", N_("You may not change the rules of the game.") },
  { "lobby-change-user-order-missing-rights",
    N_("You may not change the order of the players.") },
  { "lobby-invite-accept-invalid-inviter", N_("Whoever invited you has left that lobby.") },
  { "lobby-invite-accept-lobby-full", N_("That lobby is full.") },
  { "lobby-invite-accept-lobby-not-exists", N_("That lobby does not exist any more.") },
  { "lobby-invite-accept-lobby-started-game",
    N_("The game has begun without you in that lobby.") },
  { "lobby-invite-accept-not-invited", N_("You were not invited to that lobby.") },
  { "lobby-invite-decline", N_("%s declined the invitation.") },
  { "lobby-invite-lobby-full", N_("Nobody else fits into this lobby.") },
  { "lobby-invite-user-cur-not-available", N_("%s cannot be invited now. Try again later.") },
  { "lobby-invite-user-does-not-exist", N_("There is nobody called %s.") },
  { "lobby-invite-user-in-dk-game", N_("%s is playing a game.") },
  { "lobby-invite-user-in-lobby", N_("%s is in a lobby already.") },
  { "lobby-invite-user-invited", N_("%s was invited.") },
  { "lobby-invite-user-not-online", N_("%s is not online.") },
  { "lobby-kick-lobby-started", N_("Nobody can be removed after the game has begun.") },
  { "lobby-kick-no-reason", N_("You were removed from the lobby.") },
  { "lobby-kick-reason", N_("You were removed from the lobby: “%s”") },
  { "lobby-kick-user-not-exist", N_("Whoever was to be removed does not exist.") },
  { "lobby-kick-user-not-in-lobby", N_("%s is not in this lobby.") },
  { "lobby-load-game-invalid-data", N_("That saved game is damaged.") },
  { "lobby-load-game-invalid-signature", N_("That saved game was not made by this server.") },
  { "lobby-load-game-missing-rights", N_("You may not load a saved game here.") },
  { "lobby-load-game-oldversion", N_("That saved game is of an older version.") },
  { "lobby-load-game-reset-gamerules",
    N_("The saved game was put aside because the rules have changed.") },
  { "lobby-load-game-reset-player-list",
    N_("The saved game was put aside because the players have changed.") },
  { "lobby-load-game-reset-user-order",
    N_("The saved game was put aside because the order of the players has changed.") },
  { "lobby-load-game-success", N_("The saved game was loaded.") },
  { "lobby-load-game-users-not-identical", N_("That saved game was played by other people.") },
  { "status-user-empty-img", N_("A picture needs a name.") },
  { "status-user-img-name-long", N_("The name of that picture is too long.") },
  { "status-user-username-not-available", N_("That name cannot be had. Choose another one.") },
  { "status-user-wrong-pwd", N_("The password was not right.") },
};

/**
 * burble_words_known_notices:
 *
 * The machine words that have a sentence, for tests and for whoever adds one.
 *
 * Returns: (transfer none) (array zero-terminated=1):
 */
const char * const *
burble_words_known_notices (void)
{
  static const char *words[G_N_ELEMENTS (notices) + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (notices); i++)
    words[i] = notices[i].word;
  return words;
}

/* NULL: there is no sentence for it, or what it needs was not said. */
static char *
find_sentence (const char *word, const char *subject, const char *text)
{
  for (gsize i = 0; word != NULL && i < G_N_ELEMENTS (notices); i++)
    if (strcmp (notices[i].word, word) == 0)
      {
        const char *sentence = _(notices[i].sentence);
        const char *gap = strstr (sentence, "%s");
        const char *filling = strstr (notices[i].sentence, "“%s”") != NULL ? text : subject;

        if (gap == NULL)
          return g_strdup (sentence);
        if (filling == NULL || *filling == '\0')
          return NULL;
        return g_strdup_printf ("%.*s%s%s", (int) (gap - sentence), sentence, filling, gap + 2);
      }
  return NULL;
}

/**
 * burble_words_server_notice:
 * @word: (nullable): a machine word, such as "lobby-invite-user-invited"
 * @subject: (nullable): whom it is about
 * @text: (nullable): what somebody wrote about it
 *
 * Returns: (transfer full): a sentence; the server's own words where there is none
 */
char *
burble_words_server_notice (const char *word, const char *subject, const char *text)
{
  g_autofree char *whom = burble_text_one_line (subject, MAX_SUBJECT);
  g_autofree char *said = burble_text_one_line (text, MAX_TEXT);
  char *sentence = find_sentence (word, whom, said);
  g_autoptr(GString) words = NULL;

  if (sentence != NULL)
    return sentence;
  words = g_string_new (NULL);
  if (word != NULL)
    {
      g_autofree char *line = burble_text_one_line (word, MAX_TEXT);

      g_string_append (words, g_strdelimit (line, "-", ' '));
    }
  if (*whom != '\0')
    g_string_append_printf (words, words->len > 0 ? " (%s)" : "%s", whom);
  if (*said != '\0')
    g_string_append_printf (words, words->len > 0 ? ": %s" : "%s", said);
  return g_strdup_printf (_("The server says: “%s”"), words->str);
}
