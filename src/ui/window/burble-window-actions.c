/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-window-actions"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "burble-add-contact-dialog.h"
#include "burble-new-chat-dialog.h"
#include "burble-text.h"
#include "burble-window-private.h"
#include "burble-words.h"

static BurbleConversation *
find_conversation (BurbleWindow *self, GVariant *key)
{
  return burble_session_find_conversation (self->session, g_variant_get_string (key, NULL));
}

static void
contact_added_cb (BurbleWindow *self, BurbleContact *contact)
{
  burble_window_open_contact (self, contact, TRUE);
}

static void
show_add_contact (BurbleWindow *self, const char *address)
{
  AdwDialog *dialog = burble_add_contact_dialog_new (self->session, address);

  g_signal_connect_object (dialog, "added", G_CALLBACK (contact_added_cb), self,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
add_contact_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_add_contact (BURBLE_WINDOW (widget), NULL);
}

static void
add_address_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_add_contact (BURBLE_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
new_chat_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleWindow *self = BURBLE_WINDOW (widget);
  AdwDialog *dialog;

  if (g_list_model_get_n_items (burble_session_get_accounts (self->session)) == 0)
    return;
  dialog = burble_new_chat_dialog_new (self->session);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (contact_added_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "add", G_CALLBACK (show_add_contact), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, widget);
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleWindow *self = BURBLE_WINDOW (widget);

  burble_window_show_sidebar (self);
  burble_sidebar_search (self->sidebar);
}

static void
find_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  burble_chat_page_find (BURBLE_WINDOW (widget)->chat_page);
}

static void
latest_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  burble_chat_page_jump_latest (BURBLE_WINDOW (widget)->chat_page);
}

static void
show_view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleWindow *self = BURBLE_WINDOW (widget);

  burble_window_show_sidebar (self);
  burble_sidebar_show_view (self->sidebar,
                            g_str_equal (name, "win.show-contacts") ? "contacts" : "chats");
}

/* The chat @step rows from the open one; with @unread the next that has something new. */
static void
step_chat (BurbleWindow *self, int step, gboolean unread)
{
  GListModel *chats = burble_sidebar_get_chats (self->sidebar);
  int n = (int) g_list_model_get_n_items (chats);
  int current = step > 0 ? -1 : n;

  for (int i = 0; i < n; i++)
    {
      g_autoptr(BurbleConversation) chat = g_list_model_get_item (chats, i);

      if (chat == self->conversation)
        current = i;
    }
  for (int i = current + step, left = n; n > 0 && left > 0; i += step, left--)
    {
      g_autoptr(BurbleConversation) chat = NULL;

      if (!unread && (i < 0 || i >= n))
        return;
      chat = g_list_model_get_item (chats, (i % n + n) % n);
      if (unread && burble_conversation_get_unread (chat) == 0)
        continue;
      burble_window_open (self, chat, unread);
      return;
    }
}

static void
next_chat_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step_chat (BURBLE_WINDOW (widget), 1, FALSE);
}

static void
previous_chat_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step_chat (BURBLE_WINDOW (widget), -1, FALSE);
}

static void
next_unread_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step_chat (BURBLE_WINDOW (widget), 1, TRUE);
}

static void
open_chat_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  burble_window_open_key (BURBLE_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
mark_all_read_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleWindow *self = BURBLE_WINDOW (widget);
  GListModel *chats = burble_session_get_conversations (self->session);
  guint n = g_list_model_get_n_items (chats);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BurbleConversation) chat = g_list_model_get_item (chats, i);

      if (burble_conversation_get_unread (chat) > 0)
        burble_session_mark_all_read (self->session, chat);
    }
}

static void
remove_answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleWindow) self = user_data;
  const char *response = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result);

  if (g_strcmp0 (response, "remove") == 0)
    burble_session_remove_conversation (self->session,
                                        g_object_get_data (object, "conversation"));
}

static void
remove_chat_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleWindow *self = BURBLE_WINDOW (widget);
  BurbleConversation *conversation = find_conversation (self, parameter);
  g_autofree char *heading = NULL;
  AdwAlertDialog *dialog;

  if (conversation == NULL)
    return;
  heading = g_strdup_printf (
    _("Remove Chat With %s?"),
    burble_contact_get_display_name (burble_conversation_get_contact (conversation)));
  dialog = ADW_ALERT_DIALOG (
    adw_alert_dialog_new (heading, _("Its messages are deleted from this computer.")));
  adw_alert_dialog_add_responses (dialog, "cancel", _("_Cancel"), "remove", _("_Remove"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "conversation", g_object_ref (conversation),
                          g_object_unref);
  adw_alert_dialog_choose (dialog, widget, NULL, remove_answered_cb, g_object_ref (self));
}

static void
open_uri_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleWindow *self = BURBLE_WINDOW (widget);
  const char *uri = g_variant_get_string (parameter, NULL);

  if (!burble_text_uri_allowed (uri))
    return;
  if (g_ascii_strncasecmp (uri, "grgl:", 5) == 0)
    {
      g_autofree char *address = g_uri_unescape_string (uri + 5, NULL);

      if (address != NULL && *address != '\0')
        burble_window_open_address (self, address);
    }
  else
    {
      g_autoptr(GtkUriLauncher) launcher = gtk_uri_launcher_new (uri);

      gtk_uri_launcher_launch (launcher, GTK_WINDOW (self), NULL, NULL, NULL);
    }
}

static void
toast_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  burble_window_toast (BURBLE_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

/* Back out of one thing at a time; never closes the window. */
static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleWindow *self = BURBLE_WINDOW (widget);

  if (burble_sidebar_stop_search (self->sidebar) ||
      (self->chat_page != NULL && burble_chat_page_close_find (self->chat_page)))
    return;
  if (self->details_shown && adw_overlay_split_view_get_collapsed (self->details_view))
    g_object_set (self, "details-shown", FALSE, NULL);
  else
    burble_window_show_sidebar (self);
}

static void
next_pane_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleWindow *self = BURBLE_WINDOW (widget);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  gboolean in_sidebar = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->sidebar));

  if (self->conversation != NULL && (in_sidebar || focus == NULL))
    {
      adw_navigation_split_view_set_show_content (self->split_view, TRUE);
      burble_chat_page_write (self->chat_page);
    }
  else
    {
      burble_window_show_sidebar (self);
      burble_sidebar_focus_list (self->sidebar);
    }
}

void
burble_window_install_actions (GtkWidgetClass *widget_class)
{
  const struct
  {
    const char *name;
    const char *type;
    GtkWidgetActionActivateFunc func;
  } actions[] = {
    { "win.add-address", "s", add_address_action },
    { "win.add-contact", NULL, add_contact_action },
    { "win.back", NULL, back_action },
    { "win.find", NULL, find_action },
    { "win.latest", NULL, latest_action },
    { "win.mark-all-read", NULL, mark_all_read_action },
    { "win.new-chat", NULL, new_chat_action },
    { "win.next-chat", NULL, next_chat_action },
    { "win.next-pane", NULL, next_pane_action },
    { "win.next-unread", NULL, next_unread_action },
    { "win.open-chat", "s", open_chat_action },
    { "win.open-uri", "s", open_uri_action },
    { "win.previous-chat", NULL, previous_chat_action },
    { "win.remove-chat", "s", remove_chat_action },
    { "win.search", NULL, search_action },
    { "win.show-chats", NULL, show_view_action },
    { "win.show-contacts", NULL, show_view_action },
    { "win.toast", "s", toast_action },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].type,
                                     actions[i].func);
  /* In the bubble phase: dialogs, popovers and entries have their own Escape first. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.back", NULL);
}
