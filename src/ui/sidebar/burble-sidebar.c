/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-sidebar"

#include "config.h"

#include "burble-sidebar.h"

#include <glib/gi18n-lib.h>

#include "burble-chat-list.h"
#include "burble-connection-banner.h"
#include "burble-contact-list.h"
#include "burble-item-watch.h"
#include "burble-own-menu.h"
#include "burble-pages.h"
#include "burble-search-results.h"

struct _BurbleSidebar
{
  AdwBin parent_instance;

  BurbleOwnMenu *own_menu;
  GtkSearchEntry *search;
  BurbleConnectionBanner *banner;
  GtkStack *stack;
  AdwViewStack *views;
  AdwViewStackPage *chats_page;
  AdwViewStackPage *contacts_page;
  BurbleChatList *chats;
  AdwBin *contacts_place;
  AdwBin *results_place;
  BurbleContactList *contacts;  /* NULL until looked at */
  BurbleSearchResults *results; /* NULL until something is searched */

  BurbleSession *session;
  BurbleItemWatch *chat_watch;
  BurbleItemWatch *contact_watch;
};

G_DEFINE_FINAL_TYPE (BurbleSidebar, burble_sidebar, ADW_TYPE_BIN)

typedef enum
{
  SIGNAL_OPEN_CONTACT,
  SIGNAL_OPEN_MESSAGE,
  SIGNAL_REMEDY,
} BurbleSidebarSignal;

static guint signals[SIGNAL_REMEDY + 1];

static char *
view_title (BurbleSidebar *self, const char *name)
{
  return g_strdup (g_strcmp0 (name, "contacts") == 0 ? _("Contacts") : _("Chats"));
}

static void
update_chat_badge (BurbleSidebar *self)
{
  GListModel *chats = burble_session_get_conversations (self->session);
  guint n = g_list_model_get_n_items (chats);
  guint unread = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BurbleConversation) chat = g_list_model_get_item (chats, i);

      if (!burble_conversation_get_muted (chat) && burble_conversation_get_unread (chat) > 0)
        unread++;
    }
  adw_view_stack_page_set_badge_number (self->chats_page, unread);
}

static void
update_contact_badge (BurbleSidebar *self)
{
  GListModel *contacts = burble_session_get_contacts (self->session);
  guint n = g_list_model_get_n_items (contacts);
  guint requests = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BurbleContact) contact = g_list_model_get_item (contacts, i);

      if (burble_contact_get_asks (contact))
        requests++;
    }
  adw_view_stack_page_set_badge_number (self->contacts_page, requests);
  adw_view_stack_page_set_needs_attention (self->contacts_page, requests > 0);
}

static void
contact_open_cb (BurbleSidebar *self, BurbleContact *contact)
{
  burble_sidebar_stop_search (self);
  adw_view_stack_set_visible_child_name (self->views, "chats");
  g_signal_emit (self, signals[SIGNAL_OPEN_CONTACT], 0, contact, TRUE);
}

static void
message_open_cb (BurbleSidebar *self, BurbleConversation *conversation, BurbleMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_OPEN_MESSAGE], 0, conversation, message);
}

/* Neither is seen when the window comes up, so they are made when they are wanted first. */

static void
need_contacts (BurbleSidebar *self)
{
  if (self->contacts != NULL)
    return;
  self->contacts = g_object_new (BURBLE_TYPE_CONTACT_LIST, NULL);
  g_signal_connect_object (self->contacts, "open", G_CALLBACK (contact_open_cb), self,
                           G_CONNECT_SWAPPED);
  burble_contact_list_set_session (self->contacts, self->session);
  adw_bin_set_child (self->contacts_place, GTK_WIDGET (self->contacts));
}

static void
need_results (BurbleSidebar *self)
{
  if (self->results != NULL)
    return;
  self->results = g_object_new (BURBLE_TYPE_SEARCH_RESULTS, NULL);
  g_signal_connect_object (self->results, "open-contact", G_CALLBACK (contact_open_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->results, "open-message", G_CALLBACK (message_open_cb), self,
                           G_CONNECT_SWAPPED);
  burble_search_results_set_session (self->results, self->session);
  adw_bin_set_child (self->results_place, GTK_WIDGET (self->results));
}

static void
view_changed_cb (BurbleSidebar *self)
{
  if (g_strcmp0 (adw_view_stack_get_visible_child_name (self->views), "contacts") == 0)
    need_contacts (self);
}

static void
search_changed_cb (BurbleSidebar *self)
{
  const char *query = gtk_editable_get_text (GTK_EDITABLE (self->search));

  /* Also told of an entry that was empty before. */
  if (*query != '\0')
    need_results (self);
  if (self->results != NULL)
    burble_search_results_set_query (self->results, query);
  burble_pages_show (self->stack, *query != '\0' ? "results" : "views");
}

static void
search_activate_cb (BurbleSidebar *self)
{
  if (self->results != NULL)
    burble_search_results_open_first (self->results);
}

static void
search_stop_cb (BurbleSidebar *self)
{
  burble_sidebar_stop_search (self);
}

static void
search_down_cb (BurbleSidebar *self)
{
  if (self->results != NULL)
    burble_search_results_focus (self->results);
}

static gboolean
search_key_pressed_cb (BurbleSidebar *self, guint keyval)
{
  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;
  if (*gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0' && self->results != NULL)
    burble_search_results_focus (self->results);
  else
    burble_sidebar_focus_list (self);
  return GDK_EVENT_STOP;
}

static void
banner_remedy_cb (BurbleSidebar *self, BurbleAccount *account, int remedy)
{
  g_signal_emit (self, signals[SIGNAL_REMEDY], 0, account, remedy);
}

static void
chat_open_cb (BurbleSidebar *self, BurbleConversation *conversation, gboolean write)
{
  g_signal_emit (self, signals[SIGNAL_OPEN_CONTACT], 0,
                 burble_conversation_get_contact (conversation), write);
}

static void
burble_sidebar_dispose (GObject *object)
{
  BurbleSidebar *self = BURBLE_SIDEBAR (object);

  g_clear_object (&self->chat_watch);
  g_clear_object (&self->contact_watch);
  g_clear_object (&self->session);
  self->contacts = NULL;
  self->results = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_SIDEBAR);
  G_OBJECT_CLASS (burble_sidebar_parent_class)->dispose (object);
}

static void
burble_sidebar_class_init (BurbleSidebarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = burble_sidebar_dispose;

  signals[SIGNAL_OPEN_CONTACT] = g_signal_new ("open-contact", G_TYPE_FROM_CLASS (klass),
                                               G_SIGNAL_RUN_LAST, 0, NULL,
                                               NULL, NULL, G_TYPE_NONE, 2, BURBLE_TYPE_CONTACT,
                                               G_TYPE_BOOLEAN);
  signals[SIGNAL_OPEN_MESSAGE] = g_signal_new ("open-message", G_TYPE_FROM_CLASS (klass),
                                               G_SIGNAL_RUN_LAST, 0, NULL,
                                               NULL, NULL, G_TYPE_NONE, 2, BURBLE_TYPE_CONVERSATION,
                                               BURBLE_TYPE_MESSAGE);
  signals[SIGNAL_REMEDY] = g_signal_new ("remedy", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, BURBLE_TYPE_ACCOUNT, G_TYPE_INT);

  g_type_ensure (BURBLE_TYPE_CHAT_LIST);
  g_type_ensure (BURBLE_TYPE_CONNECTION_BANNER);
  g_type_ensure (BURBLE_TYPE_OWN_MENU);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/burble/Burble/sidebar/burble-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleSidebar, own_menu);
  gtk_widget_class_bind_template_child (widget_class, BurbleSidebar, search);
  gtk_widget_class_bind_template_child (widget_class, BurbleSidebar, banner);
  gtk_widget_class_bind_template_child (widget_class, BurbleSidebar, stack);
  gtk_widget_class_bind_template_child (widget_class, BurbleSidebar, views);
  gtk_widget_class_bind_template_child (widget_class, BurbleSidebar, chats_page);
  gtk_widget_class_bind_template_child (widget_class, BurbleSidebar, contacts_page);
  gtk_widget_class_bind_template_child (widget_class, BurbleSidebar, chats);
  gtk_widget_class_bind_template_child (widget_class, BurbleSidebar, contacts_place);
  gtk_widget_class_bind_template_child (widget_class, BurbleSidebar, results_place);
  gtk_widget_class_bind_template_callback (widget_class, view_title);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_down_cb);
  gtk_widget_class_bind_template_callback (widget_class, banner_remedy_cb);
  gtk_widget_class_bind_template_callback (widget_class, chat_open_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_changed_cb);
}

static void
burble_sidebar_init (BurbleSidebar *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (search_key_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->search), keys);
}

void
burble_sidebar_set_session (BurbleSidebar *self, BurbleSession *session)
{
  static const char * const chat_names[] = { "unread", "muted", NULL };
  static const char * const contact_names[] = { "asks", NULL };
  GListModel *chats, *contacts;

  g_return_if_fail (BURBLE_IS_SIDEBAR (self));

  if (!g_set_object (&self->session, session))
    return;
  g_clear_object (&self->chat_watch);
  g_clear_object (&self->contact_watch);
  burble_own_menu_set_session (self->own_menu, session);
  burble_chat_list_set_session (self->chats, session);
  if (self->contacts != NULL)
    burble_contact_list_set_session (self->contacts, session);
  if (self->results != NULL)
    burble_search_results_set_session (self->results, session);
  burble_connection_banner_set_accounts (self->banner, session != NULL
                                         ? burble_session_get_accounts (session) : NULL);
  if (session == NULL)
    return;
  chats = burble_session_get_conversations (session);
  contacts = burble_session_get_contacts (session);
  self->chat_watch = burble_item_watch_new (chats, chat_names);
  self->contact_watch = burble_item_watch_new (contacts, contact_names);
  g_signal_connect_object (self->chat_watch, "changed", G_CALLBACK (update_chat_badge), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (chats, "items-changed", G_CALLBACK (update_chat_badge), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->contact_watch, "changed", G_CALLBACK (update_contact_badge), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (contacts, "items-changed", G_CALLBACK (update_contact_badge), self,
                           G_CONNECT_SWAPPED);
  update_chat_badge (self);
  update_contact_badge (self);
}

void
burble_sidebar_set_selected (BurbleSidebar *self, BurbleConversation *conversation)
{
  g_return_if_fail (BURBLE_IS_SIDEBAR (self));

  burble_chat_list_set_selected (self->chats, conversation);
}

GListModel *
burble_sidebar_get_chats (BurbleSidebar *self)
{
  g_return_val_if_fail (BURBLE_IS_SIDEBAR (self), NULL);

  return burble_chat_list_get_sorted (self->chats);
}

void
burble_sidebar_show_view (BurbleSidebar *self, const char *name)
{
  g_return_if_fail (BURBLE_IS_SIDEBAR (self));

  burble_sidebar_stop_search (self);
  adw_view_stack_set_visible_child_name (self->views, name);
}

const char *
burble_sidebar_get_view (BurbleSidebar *self)
{
  g_return_val_if_fail (BURBLE_IS_SIDEBAR (self), NULL);

  return adw_view_stack_get_visible_child_name (self->views);
}

void
burble_sidebar_search (BurbleSidebar *self)
{
  g_return_if_fail (BURBLE_IS_SIDEBAR (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search));
  gtk_editable_select_region (GTK_EDITABLE (self->search), 0, -1);
}

gboolean
burble_sidebar_stop_search (BurbleSidebar *self)
{
  g_return_val_if_fail (BURBLE_IS_SIDEBAR (self), FALSE);

  if (*gtk_editable_get_text (GTK_EDITABLE (self->search)) == '\0')
    return FALSE;
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  return TRUE;
}

void
burble_sidebar_focus_list (BurbleSidebar *self)
{
  g_return_if_fail (BURBLE_IS_SIDEBAR (self));

  gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
}
