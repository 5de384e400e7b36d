/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-window-rooms"

#include "config.h"

#include "burble-room-dialog.h"
#include "burble-window-private.h"

/* Without a server that has rooms there is nothing to choose. */
static void
update_new_room (BurbleWindow *self)
{
  GListModel *accounts = burble_session_get_accounts (self->session);
  guint n = g_list_model_get_n_items (accounts);
  gboolean allowed = FALSE;

  for (guint i = 0; i < n && !allowed; i++)
    {
      g_autoptr(BurbleAccount) account = g_list_model_get_item (accounts, i);

      allowed = burble_room_dialog_account_allows (account);
    }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.new-room", allowed);
}

static void
joined_cb (BurbleWindow *self, BurbleContact *room)
{
  burble_window_open (self, burble_session_ensure_conversation (self->session, room), TRUE);
}

static void
new_room_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleWindow *self = BURBLE_WINDOW (widget);
  AdwDialog *dialog = burble_room_dialog_new (self->session);

  g_signal_connect_object (dialog, "joined", G_CALLBACK (joined_cb), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, widget);
}

void
burble_window_install_rooms (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.new-room", NULL, new_room_action);
}

void
burble_window_watch_rooms (BurbleWindow *self)
{
  static const char * const names[] = { "enabled", "features", "state", NULL };
  GListModel *accounts = burble_session_get_accounts (self->session);

  self->account_watch = burble_item_watch_new (accounts, names);
  g_signal_connect_object (self->account_watch, "changed", G_CALLBACK (update_new_room), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (update_new_room), self,
                           G_CONNECT_SWAPPED);
  update_new_room (self);
}
