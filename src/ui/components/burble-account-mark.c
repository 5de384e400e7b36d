/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-account-mark"

#include "config.h"

#include "burble-account-mark.h"

#define COLORS 6 /* in style.css */

static void
show_mark (GtkLabel *label, GParamSpec *pspec, BurbleAccount *account)
{
  const char *mark = burble_account_get_mark (account);
  g_autofree char *color = g_strdup_printf ("mark%u",
                                            burble_account_get_mark_color (account) % COLORS);
  const char *classes[] = { color, NULL };

  gtk_label_set_label (label, mark != NULL ? mark : "");
  gtk_widget_set_css_classes (GTK_WIDGET (label), classes);
  gtk_widget_set_visible (GTK_WIDGET (label), mark != NULL);
}

GtkWidget *
burble_account_mark_new (BurbleAccount *account)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "css-name", "accountmark", "valign",
                                   GTK_ALIGN_CENTER, NULL);

  gtk_accessible_update_state (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_set_tooltip_text (label, burble_account_get_address (account));
  g_signal_connect_object (account, "notify::mark", G_CALLBACK (show_mark), label,
                           G_CONNECT_SWAPPED);
  show_mark (GTK_LABEL (label), NULL, account);
  return label;
}
