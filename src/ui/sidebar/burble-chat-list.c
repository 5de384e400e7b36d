/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-chat-list"

#include "config.h"

#include "burble-chat-list.h"

#include <glib/gi18n-lib.h>

#include "burble-chat-row.h"
#include "burble-growing-list.h"
#include "burble-item-watch.h"
#include "burble-pages.h"
#include "burble-time.h"
#include "burble-words.h"

struct _BurbleChatList
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkListView *list;
  GtkPopover *menu;

  BurbleSession *session;
  BurbleItemWatch *watch;
  GtkSorter *sorter;
  GtkSortListModel *sorted;
  BurbleGrowingList *growing;
  GtkSingleSelection *selection;
  BurbleConversation *selected; /* also while its row is not there */
  BurbleConversation *menu_conversation;
  GPtrArray *rows; /* bound now; not owned */
  gboolean selecting;
  gboolean pressed;   /* the selection changes by pointing, not by keys */
  gboolean was_picked; /* by pointing, since the press */
  guint write_id;
  guint midnight_id;
  guint day;
};

G_DEFINE_FINAL_TYPE (BurbleChatList, burble_chat_list, ADW_TYPE_BIN)

typedef enum
{
  SIGNAL_OPEN,
} BurbleChatListSignal;

static guint signals[SIGNAL_OPEN + 1];

static int
compare (gconstpointer one, gconstpointer other, gpointer user_data)
{
  BurbleConversation *a = (BurbleConversation *) one;
  BurbleConversation *b = (BurbleConversation *) other;
  gint64 time_a = burble_conversation_get_last_time (a);
  gint64 time_b = burble_conversation_get_last_time (b);

  if (burble_conversation_get_pinned (a) != burble_conversation_get_pinned (b))
    return burble_conversation_get_pinned (a) ? GTK_ORDERING_SMALLER : GTK_ORDERING_LARGER;
  return gtk_ordering_from_cmpfunc (time_a < time_b ? 1 : time_a > time_b ? -1 : 0);
}

static void
watch_changed_cb (BurbleChatList *self)
{
  gtk_sorter_changed (self->sorter, GTK_SORTER_CHANGE_DIFFERENT);
}

static void
sorted_items_changed_cb (BurbleChatList *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sorted));

  burble_pages_show (self->stack, n > 0 ? "list" : "empty");
}

static gboolean
write_cb (gpointer user_data)
{
  BurbleChatList *self = user_data;
  BurbleConversation *conversation = gtk_single_selection_get_selected_item (self->selection);

  self->write_id = 0;
  self->pressed = FALSE;
  if (conversation != NULL && self->was_picked)
    g_signal_emit (self, signals[SIGNAL_OPEN], 0, conversation, TRUE);
  return G_SOURCE_REMOVE;
}

static void
selection_changed_cb (BurbleChatList *self)
{
  BurbleConversation *conversation = gtk_single_selection_get_selected_item (self->selection);

  if (self->selecting || conversation == NULL)
    return;
  g_signal_emit (self, signals[SIGNAL_OPEN], 0, conversation, FALSE);
  /* Who clicks wants to write; with the arrow keys one walks through the chats. */
  self->was_picked = self->pressed;
}

static gboolean
event_cb (BurbleChatList *self, GdkEvent *event)
{
  GdkEventType type = gdk_event_get_event_type (event);

  if (type == GDK_BUTTON_PRESS || type == GDK_TOUCH_BEGIN)
    {
      self->pressed = TRUE;
      self->was_picked = FALSE;
    }
  else if ((type == GDK_BUTTON_RELEASE || type == GDK_TOUCH_END) && self->write_id == 0)
    {
      /* When the row has had its click: it takes the focus. */
      self->write_id = g_idle_add (write_cb, self);
    }
  return GDK_EVENT_PROPAGATE;
}

/* The row comes and goes as the list is sorted and grows. */
static void
update_selection (BurbleChatList *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  guint selected = GTK_INVALID_LIST_POSITION;

  if (self->selected == gtk_single_selection_get_selected_item (self->selection))
    return;
  for (guint i = 0; self->selected != NULL && i < n && selected == GTK_INVALID_LIST_POSITION; i++)
    {
      g_autoptr(BurbleConversation) item = g_list_model_get_item (G_LIST_MODEL (self->selection),
                                                                  i);

      if (item == self->selected)
        selected = i;
    }
  self->selecting = TRUE;
  gtk_single_selection_set_selected (self->selection, selected);
  self->selecting = FALSE;
}

static void
list_activate_cb (BurbleChatList *self, guint position)
{
  g_autoptr(BurbleConversation) conversation =
    g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (conversation != NULL)
    g_signal_emit (self, signals[SIGNAL_OPEN], 0, conversation, TRUE);
}

/* Midnight turns a time into “Yesterday”. */

static void wait_for_midnight (BurbleChatList *self);

static gboolean
midnight_cb (gpointer user_data)
{
  BurbleChatList *self = user_data;

  self->midnight_id = 0;
  self->day++;
  for (guint i = 0; i < self->rows->len; i++)
    g_object_set (g_ptr_array_index (self->rows, i), "day", self->day, NULL);
  wait_for_midnight (self);
  return G_SOURCE_REMOVE;
}

static void
wait_for_midnight (BurbleChatList *self)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  guint seconds =
    24 * 3600 - (g_date_time_get_hour (now) * 3600 + g_date_time_get_minute (now) * 60 +
                               g_date_time_get_second (now));

  self->midnight_id = g_timeout_add_seconds (seconds + 1, midnight_cb, self);
}

/* The menu of a chat */

static void
show_menu (BurbleChatList *self, BurbleChatRow *row)
{
  BurbleConversation *conversation = burble_chat_row_get_conversation (row);
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autoptr(GMenu) last = g_menu_new ();
  graphene_rect_t bounds;

  if (!gtk_widget_compute_bounds (GTK_WIDGET (row), GTK_WIDGET (self), &bounds))
    return;
  if (self->menu == NULL)
    {
      self->menu = GTK_POPOVER (gtk_popover_menu_new_from_model (NULL));
      gtk_widget_set_parent (GTK_WIDGET (self->menu), GTK_WIDGET (self));
    }
  g_set_object (&self->menu_conversation, conversation);
  g_menu_append (menu, burble_conversation_get_pinned (conversation) ? _("Un_pin") : _("_Pin"),
                 "chat.pin");
  g_menu_append (menu, burble_conversation_get_muted (conversation) ? _("Un_mute") : _("_Mute"),
                 "chat.mute");
  if (burble_conversation_get_unread (conversation) > 0)
    g_menu_append (menu, _("Mark as _Read"), "chat.mark-read");
  g_menu_append (last, _("_Remove from List"), "chat.remove");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (last));
  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->menu), G_MENU_MODEL (menu));
  gtk_popover_set_pointing_to (self->menu, &(GdkRectangle) { bounds.origin.x, bounds.origin.y,
                               bounds.size.width,
                                                             bounds.size.height });
  gtk_popover_popup (self->menu);
}

static void
show_menu_at (BurbleChatList *self, double x, double y)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  GtkWidget *row = NULL;

  for (; picked != NULL && row == NULL; picked = gtk_widget_get_parent (picked))
    {
      GtkWidget *child = gtk_widget_get_first_child (picked);

      if (BURBLE_IS_CHAT_ROW (picked))
        row = picked;
      else if (BURBLE_IS_CHAT_ROW (child)) /* the padding of its list item */
        row = child;
    }
  if (row != NULL)
    show_menu (self, BURBLE_CHAT_ROW (row));
}

static void
secondary_pressed_cb (BurbleChatList *self, int n_press, double x, double y)
{
  show_menu_at (self, x, y);
}

static void
long_pressed_cb (BurbleChatList *self, double x, double y)
{
  show_menu_at (self, x, y);
}

static gboolean
menu_key_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  BurbleChatList *self = BURBLE_CHAT_LIST (widget);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));

  for (guint i = 0; focus != NULL && i < self->rows->len; i++)
    if (gtk_widget_is_ancestor (g_ptr_array_index (self->rows, i), focus))
      {
        show_menu (self, g_ptr_array_index (self->rows, i));
        return GDK_EVENT_STOP;
      }
  return GDK_EVENT_PROPAGATE;
}

static void
chat_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleChatList *self = BURBLE_CHAT_LIST (widget);
  g_autoptr(BurbleConversation) conversation = g_steal_pointer (&self->menu_conversation);

  if (conversation == NULL || self->session == NULL)
    return;
  if (g_str_equal (name, "chat.pin"))
    burble_session_set_pinned (self->session, conversation,
                               !burble_conversation_get_pinned (conversation));
  else if (g_str_equal (name, "chat.mute"))
    burble_session_set_muted (self->session, conversation,
                              !burble_conversation_get_muted (conversation));
  else if (g_str_equal (name, "chat.mark-read"))
    burble_session_mark_all_read (self->session, conversation);
  else if (g_str_equal (name, "chat.remove"))
    {
      g_autofree char *key = burble_session_get_conversation_key (self->session, conversation);

      gtk_widget_activate_action (widget, "win.remove-chat", "s", key);
    }
}

/* Rows */

static void
describe (GtkListItem *list_item, GParamSpec *pspec, BurbleConversation *conversation)
{
  g_autofree char *label = burble_words_conversation (conversation, burble_time_prefers_24h ());

  gtk_list_item_set_accessible_label (list_item, label);
}

static void
contact_notify_cb (GtkListItem *list_item)
{
  BurbleConversation *conversation = gtk_list_item_get_item (list_item);

  if (conversation != NULL)
    describe (list_item, NULL, conversation);
}

static void
setup_cb (BurbleChatList *self, GtkListItem *list_item)
{
  GtkWidget *row = burble_chat_row_new ();

  g_object_bind_property (list_item, "selected", row, "selected", G_BINDING_SYNC_CREATE);
  gtk_list_item_set_child (list_item, row);
}

static void
bind_cb (BurbleChatList *self, GtkListItem *list_item)
{
  BurbleChatRow *row = BURBLE_CHAT_ROW (gtk_list_item_get_child (list_item));
  BurbleConversation *conversation = gtk_list_item_get_item (list_item);
  GSignalGroup *contact = g_signal_group_new (BURBLE_TYPE_CONTACT);

  g_object_set (row, "conversation", conversation, "day", self->day, NULL);
  g_ptr_array_add (self->rows, row);
  g_signal_connect_object (conversation, "notify", G_CALLBACK (describe), list_item,
                           G_CONNECT_SWAPPED);
  /* Name and presence are told too, of whoever is the contact then. */
  g_signal_group_connect_object (contact, "notify", G_CALLBACK (contact_notify_cb), list_item,
                                 G_CONNECT_SWAPPED);
  g_object_bind_property (conversation, "contact", contact, "target", G_BINDING_SYNC_CREATE);
  g_object_set_data_full (G_OBJECT (list_item), "contact", contact, g_object_unref);
  describe (list_item, NULL, conversation);
}

static void
unbind_cb (BurbleChatList *self, GtkListItem *list_item)
{
  BurbleConversation *conversation = gtk_list_item_get_item (list_item);

  if (conversation != NULL)
    g_signal_handlers_disconnect_by_func (conversation, describe, list_item);
  g_object_set_data (G_OBJECT (list_item), "contact", NULL);
  g_ptr_array_remove_fast (self->rows, gtk_list_item_get_child (list_item));
}

static void
burble_chat_list_dispose (GObject *object)
{
  BurbleChatList *self = BURBLE_CHAT_LIST (object);

  g_clear_handle_id (&self->midnight_id, g_source_remove);
  g_clear_handle_id (&self->write_id, g_source_remove);
  g_clear_pointer ((GtkWidget **) &self->menu, gtk_widget_unparent);
  adw_bin_set_child (ADW_BIN (object), NULL); /* before GTK lets go of it unseen by the bin */
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_CHAT_LIST);
  g_clear_object (&self->menu_conversation);
  g_clear_object (&self->selected);
  g_clear_object (&self->watch);
  g_clear_object (&self->selection);
  g_clear_object (&self->growing);
  g_clear_object (&self->sorted);
  g_clear_object (&self->sorter);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (burble_chat_list_parent_class)->dispose (object);
}

static void
burble_chat_list_finalize (GObject *object)
{
  BurbleChatList *self = BURBLE_CHAT_LIST (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (burble_chat_list_parent_class)->finalize (object);
}

static void
burble_chat_list_class_init (BurbleChatListClass *klass)
{
  static const char * const actions[] = { "chat.pin", "chat.mute", "chat.mark-read",
    "chat.remove" };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = burble_chat_list_dispose;
  object_class->finalize = burble_chat_list_finalize;

  signals[SIGNAL_OPEN] = g_signal_new ("open", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL,
                                       G_TYPE_NONE, 2, BURBLE_TYPE_CONVERSATION, G_TYPE_BOOLEAN);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/burble/Burble/sidebar/burble-chat-list.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleChatList, stack);
  gtk_widget_class_bind_template_child (widget_class, BurbleChatList, list);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, chat_action);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, menu_key_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, menu_key_cb, NULL);
}

static void
burble_chat_list_init (BurbleChatList *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkGesture *secondary = gtk_gesture_click_new ();
  GtkGesture *long_press = gtk_gesture_long_press_new ();
  GtkEventController *events = gtk_event_controller_legacy_new ();

  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list, factory);
  g_signal_connect_object (self->list, "activate", G_CALLBACK (list_activate_cb), self,
                           G_CONNECT_SWAPPED);

  self->sorter = GTK_SORTER (gtk_custom_sorter_new (compare, NULL, NULL));
  self->sorted = gtk_sort_list_model_new (NULL, g_object_ref (self->sorter));
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  self->growing = burble_growing_list_new (G_LIST_MODEL (self->sorted), self->list);
  gtk_single_selection_set_model (self->selection,
                                  burble_growing_list_get_model (self->growing));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->sorted, "items-changed", G_CALLBACK (sorted_items_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (update_selection), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "notify::selected-item",
                           G_CALLBACK (selection_changed_cb), self,
                           G_CONNECT_SWAPPED);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (secondary, "pressed", G_CALLBACK (secondary_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (secondary));
  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect_object (events, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), events);
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (long_press), TRUE);
  g_signal_connect_object (long_press, "pressed", G_CALLBACK (long_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (long_press));

  sorted_items_changed_cb (self);
  wait_for_midnight (self);
}

void
burble_chat_list_set_session (BurbleChatList *self, BurbleSession *session)
{
  static const char * const names[] = { "last-time", "pinned", NULL };

  g_return_if_fail (BURBLE_IS_CHAT_LIST (self));

  if (!g_set_object (&self->session, session))
    return;
  g_clear_object (&self->watch);
  gtk_sort_list_model_set_model (self->sorted, session != NULL
                                 ? burble_session_get_conversations (session) : NULL);
  if (session != NULL)
    {
      self->watch = burble_item_watch_new (burble_session_get_conversations (session), names);
      g_signal_connect_object (self->watch, "changed", G_CALLBACK (watch_changed_cb), self,
                               G_CONNECT_SWAPPED);
    }
}

void
burble_chat_list_set_selected (BurbleChatList *self, BurbleConversation *conversation)
{
  g_return_if_fail (BURBLE_IS_CHAT_LIST (self));

  g_set_object (&self->selected, conversation);
  update_selection (self);
}

GListModel *
burble_chat_list_get_sorted (BurbleChatList *self)
{
  g_return_val_if_fail (BURBLE_IS_CHAT_LIST (self), NULL);

  return G_LIST_MODEL (self->sorted);
}
