/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/**
 * BurbleSidebar:
 *
 * Own status, search, chats and contacts. Signals: "open-contact" (BurbleContact *, gboolean
 * write), "open-message" (BurbleConversation *, BurbleMessage *), "remedy" (BurbleAccount *, int).
 */
#define BURBLE_TYPE_SIDEBAR (burble_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (BurbleSidebar, burble_sidebar, BURBLE, SIDEBAR, AdwBin)

void        burble_sidebar_set_session  (BurbleSidebar *self, BurbleSession *session);
void        burble_sidebar_set_selected (BurbleSidebar *self, BurbleConversation *conversation);
GListModel *burble_sidebar_get_chats    (BurbleSidebar *self); /* (transfer none), sorted */
/* "chats" or "contacts" */
void        burble_sidebar_show_view    (BurbleSidebar *self, const char *name);
const char *burble_sidebar_get_view    (BurbleSidebar *self);
void        burble_sidebar_search       (BurbleSidebar *self);
gboolean    burble_sidebar_stop_search  (BurbleSidebar *self); /* FALSE: was not searching */
void        burble_sidebar_focus_list   (BurbleSidebar *self);

G_END_DECLS
