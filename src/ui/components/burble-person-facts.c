/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-person-facts"

#include "config.h"

#include "burble-person-facts.h"

#include <glib/gi18n-lib.h>

#include "burble-text.h"
#include "burble-words.h"

/* Characters of one thing that is known of somebody. */
#define MAX_FACT 300

static void
add_fact (GtkListBox *list, const char *title, const char *text)
{
  GtkWidget *row = NULL;

  if (title == NULL || text == NULL || *text == '\0')
    return;
  row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_selectable (ADW_ACTION_ROW (row), TRUE);
  gtk_widget_add_css_class (row, "property");
  gtk_list_box_append (list, row);
}

/**
 * burble_person_facts_show:
 * @list: is emptied first
 * @person: somebody who was looked up
 * @network: the machine word for where that was
 * @with_id: whether it is not shown elsewhere
 *
 * Returns: whether there is anything in @list
 */
gboolean
burble_person_facts_show (GtkListBox   *list,
                          BurblePerson *person,
                          const char   *network,
                          gboolean      with_id)
{
  const char *id = burble_person_get_id (person);
  const char *uuid = burble_person_get_uuid (person);

  g_return_val_if_fail (GTK_IS_LIST_BOX (list), FALSE);

  gtk_list_box_remove_all (list);
  /* With some networks the one is the other. */
  if (with_id && g_strcmp0 (id, uuid) != 0)
    add_fact (list, _("Address"), id);
  if (with_id || g_strcmp0 (id, uuid) != 0)
    add_fact (list, _("UUID"), uuid);
  for (guint i = 0; i < burble_person_get_n_details (person); i++)
    {
      const char *key = NULL;
      const char *text = burble_person_get_detail (person, i, &key);
      g_autofree char *title = burble_words_detail (network, key, text);
      g_autofree char *line = burble_text_one_line (text, MAX_FACT);

      add_fact (list, title, line);
    }
  return gtk_widget_get_first_child (GTK_WIDGET (list)) != NULL;
}
