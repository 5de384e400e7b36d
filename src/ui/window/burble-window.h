/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/**
 * BurbleWindow:
 *
 * The window: welcome page or chats. Property: details-shown.
 */
#define BURBLE_TYPE_WINDOW (burble_window_get_type ())
G_DECLARE_FINAL_TYPE (BurbleWindow, burble_window, BURBLE, WINDOW, AdwApplicationWindow)

/* settings: NULL remembers nothing. networks: what accounts can be added. */
GtkWidget          *burble_window_new              (GtkApplication *application,
                                                    BurbleSession *session, GSettings *settings,
                                                    const char * const *networks);
BurbleConversation *burble_window_get_conversation (BurbleWindow *self);
/* write: also move the focus to the composer. */
void                burble_window_open             (BurbleWindow *self,
                                                    BurbleConversation *conversation,
                                                    gboolean write);
void                burble_window_open_contact     (BurbleWindow *self, BurbleContact *contact,
                                                    gboolean write);
void                burble_window_open_address     (BurbleWindow *self, const char *address);
void                burble_window_show_contacts    (BurbleWindow *self);
void                burble_window_show_preferences (BurbleWindow *self);
void                burble_window_toast            (BurbleWindow *self, const char *sentence);
/* Drafts to the session, size and open chat to the settings. */
void                burble_window_save             (BurbleWindow *self);

G_END_DECLS
