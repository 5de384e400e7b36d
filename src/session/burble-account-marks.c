/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-account-marks"

#include "config.h"

#include "burble-account-marks.h"

#include <string.h>

#include "burble-account.h"

/*
 * A letter for each account, by which people of several are told apart: of its server, where that
 * is one of a kind, else of the user's name there, else a number.
 */

static gunichar
first_letter (const char *text)
{
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_isalnum (g_utf8_get_char (c)))
      return g_unichar_toupper (g_utf8_get_char (c));
  return 0;
}

static gunichar
letter_of (BurbleAccount *account, gboolean server)
{
  const char *address = burble_account_get_address (account);
  const char *at = strrchr (address, '@');

  return first_letter (server && at != NULL ? at + 1 : address);
}

static gboolean
is_unique (GListModel *accounts, BurbleAccount *account, gboolean server)
{
  guint n = g_list_model_get_n_items (accounts);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BurbleAccount) other = g_list_model_get_item (accounts, i);

      if (other != account && letter_of (other, server) == letter_of (account, server))
        return FALSE;
    }
  return letter_of (account, server) != 0;
}

static char *
make_mark (GListModel *accounts, BurbleAccount *account, guint position)
{
  char letter[7] = "";

  if (is_unique (accounts, account, TRUE))
    g_unichar_to_utf8 (letter_of (account, TRUE), letter);
  else if (is_unique (accounts, account, FALSE))
    g_unichar_to_utf8 (letter_of (account, FALSE), letter);
  else
    return g_strdup_printf ("%u", position + 1);
  return g_strdup (letter);
}

void
burble_account_marks_update (GListModel *accounts)
{
  guint n = g_list_model_get_n_items (accounts);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BurbleAccount) account = g_list_model_get_item (accounts, i);
      g_autofree char *mark = n > 1 ? make_mark (accounts, account, i) : NULL;

      burble_account_set_mark (account, mark, i);
    }
}
