/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-shortcuts"

#include "config.h"

#include "burble-shortcuts.h"

#include <glib/gi18n-lib.h>

static const BurbleShortcut shortcuts[] = {
  { "win.search", { "<Control>k", "<Control><Shift>f" }, N_("Chats"),
    N_("Search Chats and Messages") },
  { "win.new-chat", { "<Control>n" }, N_("Chats"), N_("New Chat") },
  { "win.next-chat", { "<Alt>Down", "<Control>Page_Down" }, N_("Chats"), N_("Next Chat") },
  { "win.previous-chat", { "<Alt>Up", "<Control>Page_Up" }, N_("Chats"), N_("Previous Chat") },
  { "win.next-unread", { "<Control><Shift>a", "<Control><Shift>Page_Down" }, N_("Chats"),
    N_("Next Unread Chat") },
  { "win.show-chats", { "<Control>1" }, N_("Chats"), N_("Show Chats") },
  { "win.show-contacts", { "<Control>2" }, N_("Chats"), N_("Show Contacts") },
  { "win.find", { "<Control>f" }, N_("Chat"), N_("Find in Chat") },
  { "win.details", { "F9", "<Alt>Return" }, N_("Chat"), N_("Show Details") },
  { "win.latest", { "<Alt>End" }, N_("Chat"), N_("Jump to the Latest Message") },
  { "win.zoom-in", { "<Control>plus", "<Control>equal", "<Control>KP_Add" }, N_("Chat"),
    N_("Larger Text") },
  { "win.zoom-out", { "<Control>minus", "<Control>KP_Subtract" }, N_("Chat"),
    N_("Smaller Text") },
  { "win.zoom-reset", { "<Control>0", "<Control>KP_0" }, N_("Chat"), N_("Normal Text Size") },
  { NULL, { "Escape" }, N_("Chat"), N_("Go Back") },
  { NULL, { "Return" }, N_("Writing"), N_("Send Message") },
  { NULL, { "<Shift>Return" }, N_("Writing"), N_("New Line") },
  { NULL, { "<Control>period" }, N_("Writing"), N_("Insert Emoji") },
  { NULL, { "Menu", "<Shift>F10" }, N_("Writing"), N_("Show Menu of a Message or Chat") },
  { "win.next-pane", { "F6" }, N_("General"), N_("Next Pane") },
  { NULL, { "F10" }, N_("General"), N_("Main Menu") },
  { "app.preferences", { "<Control>comma" }, N_("General"), N_("Preferences") },
  { "app.shortcuts", { "<Control>question" }, N_("General"), N_("Keyboard Shortcuts") },
  { "app.help", { "F1" }, N_("General"), N_("Help") },
  { "window.close", { "<Control>w" }, N_("General"), N_("Close Window") },
  { "app.quit", { "<Control>q" }, N_("General"), N_("Quit") },
};

const BurbleShortcut *
burble_shortcuts_get (gsize *n_shortcuts)
{
  *n_shortcuts = G_N_ELEMENTS (shortcuts);
  return shortcuts;
}
