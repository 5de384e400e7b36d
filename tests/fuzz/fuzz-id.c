/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "burble-gurgle-id.h"
#include "burble-wire-error.h"

static void
check_field (const char *field)
{
  fuzz_assert (field != NULL && *field != '\0');
  fuzz_assert (strlen (field) <= BURBLE_GURGLE_ID_MAX_FIELD);
  fuzz_assert (g_utf8_validate (field, -1, NULL));
  for (const char *at = field; *at != '\0'; at = g_utf8_next_char (at))
    fuzz_assert (!g_unichar_isspace (g_utf8_get_char (at)));
}

static void
check_same (const BurbleGurgleId *id, const BurbleGurgleId *again)
{
  fuzz_assert (again != NULL);
  fuzz_assert (strcmp (burble_gurgle_id_get_full (id), burble_gurgle_id_get_full (again)) == 0);
  fuzz_assert (burble_gurgle_id_get_scheme (id) == burble_gurgle_id_get_scheme (again));
  fuzz_assert (burble_gurgle_id_equal_bare (id, again));
}

/* What was accepted once is in its final form: it reads back as itself, in every notation. */
static void
check_id (const BurbleGurgleId *id)
{
  g_autofree char *uri = burble_gurgle_id_to_uri (id);
  g_autoptr(BurbleGurgleId) full = burble_gurgle_id_parse (burble_gurgle_id_get_full (id), NULL);
  g_autoptr(BurbleGurgleId) from_uri = burble_gurgle_id_parse_uri (uri, NULL);
  g_autoptr(BurbleGurgleId) bare = burble_gurgle_id_with_terminal (id, NULL, NULL);

  check_same (id, full);
  check_same (id, from_uri);
  fuzz_assert (strcmp (burble_gurgle_id_get_full (bare), burble_gurgle_id_get_bare (id)) == 0);
  check_field (burble_gurgle_id_get_username (id));
  check_field (burble_gurgle_id_get_domain (id));
  fuzz_assert (strpbrk (burble_gurgle_id_get_username (id), "/@") == NULL);
  fuzz_assert (strpbrk (burble_gurgle_id_get_domain (id), "/@") == NULL);
  if (burble_gurgle_id_get_terminal (id) != NULL)
    check_field (burble_gurgle_id_get_terminal (id));
}

static void
check_text (const char *text, BurbleGurgleId * (*parse) (const char *text, GError **error))
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleGurgleId) id = parse (text, &error);

  fuzz_assert ((id == NULL) == (error != NULL));
  if (id != NULL)
    check_id (id);
  else
    fuzz_assert (g_error_matches (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_ID));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);

  check_text (text, burble_gurgle_id_parse);
  check_text (text, burble_gurgle_id_parse_uri);
  return 0;
}
