/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-window-people"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "burble-details-pane.h"
#include "burble-find-person-dialog.h"
#include "burble-window-private.h"
#include "burble-words.h"

/* That wait to be read. */
#define MAX_NOTICES 5

/*
 * Looking people up, and what servers have to say about them.
 */

/* Without a server that has a directory there is nothing to choose. */
static void
update_find_person (BurbleWindow *self)
{
  GListModel *accounts = burble_session_get_accounts (self->session);
  guint n = g_list_model_get_n_items (accounts);
  gboolean allowed = FALSE;

  for (guint i = 0; i < n && !allowed; i++)
    {
      g_autoptr(BurbleAccount) account = g_list_model_get_item (accounts, i);

      allowed = burble_find_person_dialog_account_allows (account);
    }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.find-person", allowed);
}

static void
dialog_open_cb (BurbleWindow *self, BurbleContact *contact)
{
  burble_window_open_contact (self, contact, TRUE);
}

static void
find_person_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AdwDialog *dialog = burble_find_person_dialog_new (BURBLE_WINDOW (widget)->session);

  g_signal_connect_object (dialog, "open", G_CALLBACK (dialog_open_cb), widget, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, widget);
}

static void
show_details (BurbleWindow *self, BurbleContact *contact)
{
  BurbleDetailsPane *pane = g_object_new (BURBLE_TYPE_DETAILS_PANE, NULL);
  AdwDialog *dialog = adw_dialog_new ();

  burble_details_pane_set_session (pane, self->session);
  burble_details_pane_set_contact (pane, contact);
  adw_dialog_set_title (dialog, _("Details"));
  adw_dialog_set_content_width (dialog, 380);
  adw_dialog_set_content_height (dialog, 680);
  adw_dialog_set_child (dialog, GTK_WIDGET (pane));
  adw_dialog_set_focus (dialog, GTK_WIDGET (pane));
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

/**
 * burble_window_open_contact:
 * @self: a window
 * @contact: somebody
 * @write: also move the focus to the composer
 *
 * Opens the chat with them, or who they are where nobody can be written to.
 */
void
burble_window_open_contact (BurbleWindow *self, BurbleContact *contact, gboolean write)
{
  BurbleFeatures features;

  g_return_if_fail (BURBLE_IS_WINDOW (self));
  g_return_if_fail (BURBLE_IS_CONTACT (contact));

  features = burble_account_get_features (burble_contact_get_account (contact));
  if (features != BURBLE_FEATURE_NONE && (features & BURBLE_FEATURE_MESSAGES) == 0)
    show_details (self, contact);
  else
    burble_window_open (self, burble_session_ensure_conversation (self->session, contact), write);
}

/* The usual title would be cut off in a narrow window. account: NULL where there is but one. */
static GtkWidget *
make_notice (const char *sentence, const char *account)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = gtk_label_new (sentence);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  /* The height of a toast is that of its natural width, which a narrow window has to have. */
  gtk_label_set_max_width_chars (GTK_LABEL (label), 26);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_box_append (GTK_BOX (box), label);
  if (account != NULL)
    {
      GtkWidget *whose = gtk_label_new (account);

      gtk_label_set_ellipsize (GTK_LABEL (whose), PANGO_ELLIPSIZE_MIDDLE);
      gtk_label_set_max_width_chars (GTK_LABEL (whose), 30);
      gtk_label_set_xalign (GTK_LABEL (whose), 0);
      gtk_widget_add_css_class (whose, "caption");
      gtk_box_append (GTK_BOX (box), whose);
    }
  gtk_widget_set_overflow (box, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  return box;
}

static void
notice_dismissed_cb (BurbleWindow *self)
{
  self->notices--;
}

/* However much it has to say, the window stays usable: what nobody can read is not shown. */
static void
server_notice_cb (BurbleWindow  *self,
                  BurbleAccount *account,
                  gboolean       warning,
                  const char    *word,
                  const char    *subject,
                  const char    *text)
{
  g_autofree char *sentence = burble_words_server_notice (word, subject, text);
  gboolean several =
    g_list_model_get_n_items (burble_session_get_accounts (self->session)) > 1;
  AdwToast *toast = NULL;

  if (self->notices >= MAX_NOTICES)
    {
      g_debug ("A notice more than is shown");
      return;
    }
  self->notices++;
  toast = adw_toast_new (sentence);
  adw_toast_set_custom_title (toast, make_notice (sentence, several
                                                            ? burble_account_get_address (account)
                                                            : NULL));
  if (warning)
    adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (notice_dismissed_cb), self,
                           G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
burble_window_install_people (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.find-person", NULL, find_person_action);
}

void
burble_window_watch_people (BurbleWindow *self)
{
  g_signal_connect_object (self->account_watch, "changed", G_CALLBACK (update_find_person), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (burble_session_get_accounts (self->session), "items-changed",
                           G_CALLBACK (update_find_person), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "server-notice", G_CALLBACK (server_notice_cb), self,
                           G_CONNECT_SWAPPED);
  update_find_person (self);
}
