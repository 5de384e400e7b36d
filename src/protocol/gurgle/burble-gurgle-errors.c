/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-errors"

#include "config.h"

#include <string.h>

#include "burble-gurgle-connection-private.h"
#include "burble-net-error.h"

#define MAX_REASON 300 /* characters */

/*
 * The wire's short words for what went wrong, and what they mean to a session.
 */

static const struct
{
  const char *word;
  BurbleProtocolError code;
  const char *reason; /* where the server gives none */
} words[] = {
  { "password", BURBLE_PROTOCOL_ERROR_PASSWORD, "Wrong name or password" },
  { "user_disable", BURBLE_PROTOCOL_ERROR_DISABLED, "The account is disabled" },
  { "user_disabled", BURBLE_PROTOCOL_ERROR_DISABLED, "The account is disabled" },
  { "user_delete", BURBLE_PROTOCOL_ERROR_DISABLED, "The account was deleted" },
  { "user_deleted", BURBLE_PROTOCOL_ERROR_DISABLED, "The account was deleted" },
  { "replaced", BURBLE_PROTOCOL_ERROR_REPLACED, "This terminal signed in elsewhere" },
  { "unsupported", BURBLE_PROTOCOL_ERROR_UNSUPPORTED, "The server does not support this" },
  { "unknown_command", BURBLE_PROTOCOL_ERROR_UNSUPPORTED, "The server does not know this" },
  { "exists", BURBLE_PROTOCOL_ERROR_EXISTS, "That name is taken" },
  { "invite_required", BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED, "An invitation is needed" },
  { "registration_closed", BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED,
    "No accounts are created here" },
  { "bad_password", BURBLE_PROTOCOL_ERROR_BAD_PASSWORD, "That password is not good enough" },
  { "bad_id", BURBLE_PROTOCOL_ERROR_REFUSED, "That address is not valid" },
  { "throttled", BURBLE_PROTOCOL_ERROR_THROTTLED, "Too many attempts" },
  { "busy", BURBLE_PROTOCOL_ERROR_THROTTLED, "The server is busy" },
  { "internal", BURBLE_PROTOCOL_ERROR_TIMED_OUT, "The server is in trouble" },
  { "storage", BURBLE_PROTOCOL_ERROR_TIMED_OUT, "The server is in trouble" },
};

/*
 * A sentence of the server as it may be shown: one line of bounded length, without the characters
 * that turn the text around it. NULL stays NULL.
 */
char *
burble_gurgle_tidy_reason (const char *reason)
{
  g_autoptr(GString) tidy = NULL;
  guint length = 0;

  if (reason == NULL)
    return NULL;
  tidy = g_string_new (NULL);
  for (const char *p = reason; *p != '\0' && length < MAX_REASON; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GUnicodeType type = g_unichar_type (c);
      gboolean shown = type != G_UNICODE_CONTROL && type != G_UNICODE_FORMAT
                       && type != G_UNICODE_LINE_SEPARATOR && type != G_UNICODE_PARAGRAPH_SEPARATOR;

      g_string_append_unichar (tidy, shown ? c : ' ');
      length++;
    }
  if (length == MAX_REASON)
    g_string_append (tidy, "…");
  return g_strstrip (g_string_free (g_steal_pointer (&tidy), FALSE));
}

/* word NULL: refused without saying why. */
GError *
burble_gurgle_error_from_words (const char *word, const char *sentence)
{
  g_autofree char *reason = burble_gurgle_tidy_reason (sentence);
  g_autofree char *shown = burble_gurgle_tidy_reason (word);

  for (guint i = 0; word != NULL && i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].word, word) == 0)
      return g_error_new_literal (BURBLE_PROTOCOL_ERROR, words[i].code,
                                  reason != NULL ? reason : words[i].reason);
  if (reason != NULL)
    return g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED, reason);
  return g_error_new (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED,
                      "The server refused: %s", shown != NULL ? shown : "no reason given");
}

/* What the lower layers report, in the words of a protocol. */
GError *
burble_gurgle_error_from_connect (const GError *error)
{
  BurbleProtocolError code = BURBLE_PROTOCOL_ERROR_NOT_CONNECTED;

  if (g_error_matches (error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_CERTIFICATE))
    code = BURBLE_PROTOCOL_ERROR_CERTIFICATE;
  else if (g_error_matches (error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_PLAIN_REFUSED))
    code = BURBLE_PROTOCOL_ERROR_UNENCRYPTED;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    code = BURBLE_PROTOCOL_ERROR_TIMED_OUT;
  return g_error_new_literal (BURBLE_PROTOCOL_ERROR, code, error->message);
}
