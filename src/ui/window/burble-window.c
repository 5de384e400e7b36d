/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-window"

#include "config.h"

#include "burble-window-private.h"

#include <glib/gi18n-lib.h>

#include "burble-add-contact-dialog.h"
#include "burble-pages.h"
#include "burble-preferences.h"
#include "burble-text.h"

G_DEFINE_FINAL_TYPE (BurbleWindow, burble_window, ADW_TYPE_APPLICATION_WINDOW)

typedef enum
{
  PROP_DETAILS_SHOWN = 1,
} BurbleWindowProperty;

static GParamSpec *properties[PROP_DETAILS_SHOWN + 1];

static gboolean
content_visible (BurbleWindow *self)
{
  if (self->conversation == NULL)
    return FALSE;
  return !adw_navigation_split_view_get_collapsed (self->split_view) ||
         adw_navigation_split_view_get_show_content (self->split_view);
}

/* Who looks at which chat: no notifications for that one, and it is read. */
static void
update_focused (BurbleWindow *self)
{
  gboolean looking = content_visible (self) && gtk_window_is_active (GTK_WINDOW (self));

  if (self->session == NULL)
    return;
  burble_session_set_focused (self->session, looking ? self->conversation : NULL);
  if (looking && self->chat_page != NULL)
    burble_chat_page_check_read (self->chat_page);
}

static void
update_selected (BurbleWindow *self)
{
  /* In one pane the list has no selection, so that a click on any row goes there. */
  burble_sidebar_set_selected (self->sidebar, content_visible (self) ? self->conversation : NULL);
}

static void
view_changed_cb (BurbleWindow *self)
{
  if (self->sidebar == NULL)
    return;
  update_selected (self);
  update_focused (self);
}

/* Beside the chat it may stay; over it, it is asked for. */
static void
details_collapsed_cb (BurbleWindow *self)
{
  if (self->details_view != NULL && adw_overlay_split_view_get_collapsed (self->details_view))
    g_object_set (self, "details-shown", FALSE, NULL);
}

/*
 * Most of what the window can show is not shown when it comes up, so these are made when they are
 * wanted first.
 */

static void
need_welcome (BurbleWindow *self)
{
  GtkWidget *page;

  if (adw_bin_get_child (self->welcome_place) != NULL)
    return;
  page = g_object_new (BURBLE_TYPE_WELCOME_PAGE, NULL);
  burble_welcome_page_set_session (BURBLE_WELCOME_PAGE (page), self->session,
                                   (const char * const *) self->networks);
  adw_bin_set_child (self->welcome_place, page);
}

static void
need_chat_page (BurbleWindow *self)
{
  if (self->chat_page != NULL)
    return;
  self->chat_page = g_object_new (BURBLE_TYPE_CHAT_PAGE, NULL);
  g_object_bind_property (self->split_view, "collapsed", self->chat_page, "collapsed",
                          G_BINDING_SYNC_CREATE);
  g_signal_connect_object (self->chat_page, "remedy", G_CALLBACK (burble_window_remedy_cb), self,
                           G_CONNECT_SWAPPED);
  burble_chat_page_set_session (self->chat_page, self->session);
  burble_chat_page_set_settings (self->chat_page, self->settings);
  adw_bin_set_child (self->chat_place, GTK_WIDGET (self->chat_page));
}

static void
hide_details_cb (BurbleWindow *self)
{
  self->details_idle = 0;
  if (self->details != NULL && !self->details_shown)
    gtk_widget_set_visible (GTK_WIDGET (self->details), FALSE);
}

/* The view has put it aside, and would go on to lay it out, in a window too narrow for it too. */
static void
details_unmap_cb (BurbleWindow *self)
{
  if (!self->details_shown && self->details_idle == 0)
    self->details_idle = g_idle_add_once ((GSourceOnceFunc) hide_details_cb, self);
}

static void
need_details (BurbleWindow *self)
{
  if (self->details != NULL)
    {
      gtk_widget_set_visible (GTK_WIDGET (self->details), TRUE);
      return;
    }
  self->details = g_object_new (BURBLE_TYPE_DETAILS_PANE, NULL);
  burble_details_pane_set_session (self->details, self->session);
  burble_details_pane_set_conversation (self->details, self->conversation);
  g_signal_connect_object (self->details, "unmap", G_CALLBACK (details_unmap_cb), self,
                           G_CONNECT_SWAPPED);
  adw_overlay_split_view_set_sidebar (self->details_view, GTK_WIDGET (self->details));
}

static void
update_page (BurbleWindow *self)
{
  gboolean loaded = FALSE;
  const char *page;

  if (self->session == NULL)
    return;
  g_object_get (self->session, "loaded", &loaded, NULL);
  if (!loaded) /* nor is it known yet whether there are chats */
    page = "blank";
  else if (g_list_model_get_n_items (burble_session_get_accounts (self->session)) > 0)
    page = "chats";
  else
    page = "welcome";
  if (g_str_equal (page, "welcome"))
    need_welcome (self);
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), page) == 0)
    return;
  burble_pages_show (self->stack, page);
  if (g_str_equal (page, "welcome"))
    gtk_widget_grab_focus (adw_bin_get_child (self->welcome_place));
}

static void
update_title (BurbleWindow *self)
{
  g_autofree char *title = NULL;

  if (self->conversation == NULL)
    return;
  title = burble_text_one_line (
    burble_contact_get_display_name (burble_conversation_get_contact (self->conversation)), 100);
  adw_navigation_page_set_title (self->content_page, title);
}

static void
show_conversation (BurbleWindow *self, BurbleConversation *conversation)
{
  if (self->conversation == conversation)
    return;
  if (self->conversation != NULL)
    g_signal_handlers_disconnect_by_func (burble_conversation_get_contact (self->conversation),
                                          update_title, self);
  g_set_object (&self->conversation, conversation);
  need_chat_page (self);
  burble_chat_page_set_conversation (self->chat_page, conversation);
  if (self->details != NULL)
    burble_details_pane_set_conversation (self->details, conversation);
  burble_pages_show (self->content_stack, conversation != NULL ? "chat" : "none");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.details", conversation != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.find", conversation != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.latest", conversation != NULL);
  if (conversation == NULL)
    {
      g_object_set (self, "details-shown", FALSE, NULL);
      adw_navigation_split_view_set_show_content (self->split_view, FALSE);
    }
  else
    {
      g_signal_connect_object (burble_conversation_get_contact (conversation),
                               "notify::display-name", G_CALLBACK (update_title), self,
                               G_CONNECT_SWAPPED);
      update_title (self);
    }
}

/* The open chat may be removed, with its account or by hand. */
static void
conversations_changed_cb (BurbleWindow *self)
{
  GListModel *conversations = burble_session_get_conversations (self->session);
  guint n = g_list_model_get_n_items (conversations);

  for (guint i = 0; i < n && self->conversation != NULL; i++)
    {
      g_autoptr(BurbleConversation) conversation = g_list_model_get_item (conversations, i);

      if (conversation == self->conversation)
        return;
    }
  show_conversation (self, NULL);
  update_selected (self);
}

static void
sidebar_open_contact_cb (BurbleWindow *self, BurbleContact *contact, gboolean write)
{
  burble_window_open_contact (self, contact, write);
}

static void
sidebar_open_message_cb (BurbleWindow *self, BurbleConversation *conversation,
                         BurbleMessage *message)
{
  burble_window_open (self, conversation, FALSE);
  burble_chat_page_show_message (self->chat_page, burble_message_get_time (message),
                                 burble_message_get_row (message));
}

static void
restore_chat (BurbleWindow *self)
{
  g_autofree char *key = NULL;
  BurbleConversation *conversation;

  if (self->settings == NULL || self->conversation != NULL)
    return;
  key = g_settings_get_string (self->settings, "open-chat");
  conversation = *key != '\0' ? burble_session_find_conversation (self->session, key) : NULL;
  if (conversation == NULL)
    return;
  show_conversation (self, conversation);
  update_selected (self);
  update_focused (self);
  if (!adw_overlay_split_view_get_collapsed (self->details_view))
    g_object_set (self, "details-shown",
                  g_settings_get_boolean (self->settings, "show-details"), NULL);
}

static void
session_loaded_cb (BurbleWindow *self)
{
  g_autofree char *pending = NULL;

  update_page (self);
  restore_chat (self);
  if (burble_window_is_loaded (self))
    pending = g_steal_pointer (&self->pending_chat);
  if (pending != NULL)
    burble_window_open_key (self, pending);
}

static void
set_session (BurbleWindow *self, BurbleSession *session)
{
  self->session = g_object_ref (session);
  burble_sidebar_set_session (self->sidebar, session);
  g_signal_connect_object (session, "notify::loaded", G_CALLBACK (session_loaded_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (burble_session_get_accounts (session), "items-changed",
                           G_CALLBACK (update_page), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (burble_session_get_conversations (session), "items-changed",
                           G_CALLBACK (conversations_changed_cb), self, G_CONNECT_SWAPPED);
  burble_window_listen (self);
  burble_window_watch_rooms (self);
  burble_window_watch_people (self);
  session_loaded_cb (self);
}

static void
restore_size (BurbleWindow *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  g_signal_connect_object (self->settings, "changed::text-scale",
                           G_CALLBACK (burble_window_update_zoom), self, G_CONNECT_SWAPPED);
  burble_window_update_zoom (self);
}

static gboolean
burble_window_close_request (GtkWindow *window)
{
  BurbleWindow *self = BURBLE_WINDOW (window);

  burble_window_save (self);
  if (self->settings != NULL && g_settings_get_boolean (self->settings, "run-in-background"))
    {
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      update_focused (self);
      return GDK_EVENT_STOP;
    }
  return GTK_WINDOW_CLASS (burble_window_parent_class)->close_request (window);
}

static void
burble_window_dispose (GObject *object)
{
  BurbleWindow *self = BURBLE_WINDOW (object);

  if (self->session != NULL)
    burble_session_set_focused (self->session, NULL);
  self->chat_page = NULL;
  self->details = NULL;
  burble_window_drop_zoom (self);
  g_clear_handle_id (&self->details_idle, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_WINDOW);
  g_clear_object (&self->account_watch);
  g_clear_object (&self->conversation);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (burble_window_parent_class)->dispose (object);
}

static void
burble_window_finalize (GObject *object)
{
  BurbleWindow *self = BURBLE_WINDOW (object);

  g_clear_pointer (&self->networks, g_strfreev);
  g_clear_pointer (&self->pending_chat, g_free);
  G_OBJECT_CLASS (burble_window_parent_class)->finalize (object);
}

static void
burble_window_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleWindow *self = BURBLE_WINDOW (object);

  switch ((BurbleWindowProperty) prop_id)
    {
    case PROP_DETAILS_SHOWN:
      g_value_set_boolean (value, self->details_shown);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_window_set_property (GObject *object, guint prop_id, const GValue *value,
                            GParamSpec *pspec)
{
  BurbleWindow *self = BURBLE_WINDOW (object);

  switch ((BurbleWindowProperty) prop_id)
    {
    case PROP_DETAILS_SHOWN:
      if (self->details_shown != g_value_get_boolean (value))
        {
          self->details_shown = g_value_get_boolean (value);
          if (self->details_shown)
            need_details (self);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_window_class_init (BurbleWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = burble_window_dispose;
  object_class->finalize = burble_window_finalize;
  object_class->get_property = burble_window_get_property;
  object_class->set_property = burble_window_set_property;
  GTK_WINDOW_CLASS (klass)->close_request = burble_window_close_request;

  properties[PROP_DETAILS_SHOWN] =
    g_param_spec_boolean ("details-shown", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (BURBLE_TYPE_SIDEBAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/burble/Burble/window/burble-window.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, BurbleWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, BurbleWindow, welcome_place);
  gtk_widget_class_bind_template_child (widget_class, BurbleWindow, split_view);
  gtk_widget_class_bind_template_child (widget_class, BurbleWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, BurbleWindow, content_page);
  gtk_widget_class_bind_template_child (widget_class, BurbleWindow, details_view);
  gtk_widget_class_bind_template_child (widget_class, BurbleWindow, content_stack);
  gtk_widget_class_bind_template_child (widget_class, BurbleWindow, chat_place);
  gtk_widget_class_bind_template_callback (widget_class, view_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, details_collapsed_cb);
  gtk_widget_class_bind_template_callback (widget_class, sidebar_open_contact_cb);
  gtk_widget_class_bind_template_callback (widget_class, sidebar_open_message_cb);
  gtk_widget_class_bind_template_callback_full (widget_class, "remedy_cb",
                                                G_CALLBACK (burble_window_remedy_cb));
  gtk_widget_class_install_property_action (widget_class, "win.details", "details-shown");
  burble_window_install_actions (widget_class);
  burble_window_install_rooms (widget_class);
  burble_window_install_people (widget_class);
  burble_window_install_zoom (widget_class);
}

static void
burble_window_init (BurbleWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.details", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.find", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.latest", FALSE);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (update_focused), NULL);
}

/**
 * burble_window_new:
 * @application: the application
 * @session: a session, loaded or not
 * @settings: (nullable): where size, zoom and the open chat are kept; %NULL remembers nothing
 * @networks: (array zero-terminated=1): names of the networks accounts can be added for
 *
 * Returns: (transfer none): a window; like every toplevel it belongs to GTK
 */
GtkWidget *
burble_window_new (GtkApplication *application, BurbleSession *session, GSettings *settings,
                   const char * const *networks)
{
  BurbleWindow *self = g_object_new (BURBLE_TYPE_WINDOW, "application", application, NULL);

  g_return_val_if_fail (BURBLE_IS_SESSION (session), GTK_WIDGET (self));

  self->networks = g_strdupv ((char **) networks);
  if (settings != NULL)
    {
      self->settings = g_object_ref (settings);
      restore_size (self);
    }
  set_session (self, session);
  if (settings != NULL)
    {
      g_autofree char *view = g_settings_get_string (settings, "sidebar-view");

      burble_sidebar_show_view (self->sidebar, view);
    }
  return GTK_WIDGET (self);
}

BurbleConversation *
burble_window_get_conversation (BurbleWindow *self)
{
  g_return_val_if_fail (BURBLE_IS_WINDOW (self), NULL);

  return self->conversation;
}

gboolean
burble_window_is_loaded (BurbleWindow *self)
{
  gboolean loaded = FALSE;

  g_object_get (self->session, "loaded", &loaded, NULL);
  return loaded;
}

/**
 * burble_window_open_key:
 *
 * Opens a chat by the key it has in notifications and over D-Bus. The program may just have been
 * started for that: then it opens when the chats are known.
 */
void
burble_window_open_key (BurbleWindow *self, const char *key)
{
  BurbleConversation *conversation = burble_session_find_conversation (self->session, key);

  if (conversation != NULL)
    burble_window_open (self, conversation, TRUE);
  else if (!burble_window_is_loaded (self))
    g_set_str (&self->pending_chat, key);
}

/**
 * burble_window_open:
 * @self: a window
 * @conversation: a chat
 * @write: whether the focus is to go to the composer
 *
 * On a narrow window the chat takes the place of the list.
 */
void
burble_window_open (BurbleWindow *self, BurbleConversation *conversation, gboolean write)
{
  g_return_if_fail (BURBLE_IS_WINDOW (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  show_conversation (self, conversation);
  adw_navigation_split_view_set_show_content (self->split_view, TRUE);
  update_selected (self);
  update_focused (self);
  if (write)
    burble_chat_page_write (self->chat_page);
}

/**
 * burble_window_open_address:
 *
 * What a grgl: link names: the chat with them, or the question whether to add them.
 */
void
burble_window_open_address (BurbleWindow *self, const char *address)
{
  GListModel *accounts;
  guint n;

  g_return_if_fail (BURBLE_IS_WINDOW (self));

  accounts = burble_session_get_accounts (self->session);
  n = g_list_model_get_n_items (accounts);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BurbleAccount) account = g_list_model_get_item (accounts, i);
      BurbleContact *contact = burble_session_find_contact (self->session, account, address);

      if (contact != NULL)
        {
          sidebar_open_contact_cb (self, contact, TRUE);
          return;
        }
    }
  if (n > 0)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.add-address", "s", address);
}

/* In one pane the way back to the list; in two it is there already. */
void
burble_window_show_sidebar (BurbleWindow *self)
{
  if (adw_navigation_split_view_get_collapsed (self->split_view))
    adw_navigation_split_view_set_show_content (self->split_view, FALSE);
}

void
burble_window_show_contacts (BurbleWindow *self)
{
  g_return_if_fail (BURBLE_IS_WINDOW (self));

  burble_window_show_sidebar (self);
  burble_sidebar_show_view (self->sidebar, "contacts");
}

void
burble_window_show_preferences (BurbleWindow *self)
{
  AdwDialog *dialog;

  g_return_if_fail (BURBLE_IS_WINDOW (self));

  dialog = burble_preferences_new (self->session, self->settings,
                                   (const char * const *) self->networks);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

void
burble_window_toast (BurbleWindow *self, const char *sentence)
{
  AdwToast *toast;

  g_return_if_fail (BURBLE_IS_WINDOW (self));

  toast = adw_toast_new (sentence);
  adw_toast_set_use_markup (toast, FALSE);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/**
 * burble_window_save:
 * @self: a window
 *
 * Gives the draft to the session, and size, open chat and view to the settings. Before it closes.
 */
void
burble_window_save (BurbleWindow *self)
{
  g_autofree char *key = NULL;
  int width, height;

  g_return_if_fail (BURBLE_IS_WINDOW (self));

  if (self->chat_page != NULL)
    burble_chat_page_save_draft (self->chat_page);
  if (self->settings == NULL)
    return;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  if (width > 0 && height > 0)
    {
      g_settings_set_int (self->settings, "window-width", width);
      g_settings_set_int (self->settings, "window-height", height);
    }
  g_settings_set_boolean (self->settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
  if (self->conversation != NULL)
    key = burble_session_get_conversation_key (self->session, self->conversation);
  g_settings_set_string (self->settings, "open-chat", key != NULL ? key : "");
  g_settings_set_string (self->settings, "sidebar-view",
                         burble_sidebar_get_view (self->sidebar));
  if (!adw_overlay_split_view_get_collapsed (self->details_view))
    g_settings_set_boolean (self->settings, "show-details", self->details_shown);
}
