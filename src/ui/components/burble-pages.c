/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-pages"

#include "config.h"

#include "burble-pages.h"

/**
 * burble_pages_show:
 *
 * Shows a page of a stack and hides the one that was shown. A stack alone only puts the other pages
 * aside: they are styled and measured as if they were seen. In the template all pages but the first
 * are not visible.
 */
void
burble_pages_show (GtkStack *stack, const char *name)
{
  GtkWidget *before = gtk_stack_get_visible_child (stack);
  GtkWidget *page = gtk_stack_get_child_by_name (stack, name);

  g_return_if_fail (page != NULL);

  if (page == before)
    return;
  gtk_widget_set_visible (page, TRUE);
  gtk_stack_set_visible_child (stack, page);
  if (before != NULL)
    gtk_widget_set_visible (before, FALSE);
}
