/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-chat-page.h"
#include "burble-details-pane.h"
#include "burble-item-watch.h"
#include "burble-sidebar.h"
#include "burble-welcome-page.h"
#include "burble-window.h"

G_BEGIN_DECLS

struct _BurbleWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwBin *welcome_place;
  AdwNavigationSplitView *split_view;
  BurbleSidebar *sidebar;
  AdwNavigationPage *content_page;
  AdwOverlaySplitView *details_view;
  GtkStack *content_stack;
  AdwBin *chat_place;
  BurbleChatPage *chat_page;  /* NULL until there is a chat to show */
  BurbleDetailsPane *details; /* NULL until asked for */

  BurbleSession *session;
  GSettings *settings;
  GStrv networks;
  gboolean details_shown;
  char *pending_chat; /* key of what is to be opened when the chats are known */
  guint details_idle;
  GtkCssProvider *text_scale; /* NULL at the usual size */
  BurbleConversation *conversation;
  BurbleItemWatch *account_watch;
  guint notices; /* of servers, that wait to be read */
};

void burble_window_install_zoom    (GtkWidgetClass *widget_class);
/* Follows the setting. */
void burble_window_update_zoom     (BurbleWindow *self);
void burble_window_drop_zoom       (BurbleWindow *self);
void burble_window_install_actions (GtkWidgetClass *widget_class);
void burble_window_open_key        (BurbleWindow *self, const char *key);
gboolean burble_window_is_loaded   (BurbleWindow *self);
void burble_window_show_sidebar    (BurbleWindow *self);
/* Where the session asks something: password, certificate. */
void burble_window_listen          (BurbleWindow *self);
/* New rooms, where a server has them. */
void burble_window_install_rooms   (GtkWidgetClass *widget_class);
void burble_window_watch_rooms     (BurbleWindow *self);
/* Looking people up, and what servers say of them. */
void burble_window_install_people  (GtkWidgetClass *widget_class);
void burble_window_watch_people    (BurbleWindow *self);
void burble_window_remedy_cb       (BurbleWindow *self, BurbleAccount *account, int remedy);

G_END_DECLS
