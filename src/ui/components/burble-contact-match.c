/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-contact-match"

#include "config.h"

#include "burble-contact-match.h"

#include <string.h>

gboolean
burble_contact_match (BurbleContact *contact, const char *query)
{
  g_autofree char *all = NULL;
  g_autofree char *folded = NULL;

  if (query == NULL || *query == '\0')
    return TRUE;
  all = g_strjoin (" ", burble_contact_get_display_name (contact), burble_contact_get_id (contact),
                   NULL);
  folded = g_utf8_casefold (all, -1);
  return strstr (folded, query) != NULL;
}
