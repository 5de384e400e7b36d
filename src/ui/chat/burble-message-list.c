/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-message-list"

#include "config.h"

#include "burble-message-list.h"

#include <glib/gi18n-lib.h>

#include "burble-chat-layout.h"
#include "burble-message-row.h"
#include "burble-pages.h"
#include "burble-text.h"
#include "burble-time.h"
#include "burble-timeline.h"
#include "burble-words.h"

/* Within this of the end the reader stands at the end. */
#define END_SLACK 24

/* A spinner that shows for a blink looks like a fault. */
#define SPINNER_DELAY_MS 300

typedef struct
{
  gint64 row; /* where to go when loading is done; 0: to the end */
  gboolean boundary;
  gboolean pending;
  gboolean from_end; /* the end was reached on the way to the row */
  guint frames;      /* since the list was told where to go */
} Target;

/* A target that does not come into sight by then, never will. */
#define MOST_FRAMES 10

struct _BurbleMessageList
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkWidget *place;
  GtkScrolledWindow *scroller;
  GtkListView *list;
  GtkRevealer *jump_revealer;
  GtkLabel *jump_count;
  GtkPopover *menu;

  BurbleSession *session;
  BurbleConversation *conversation;
  BurbleMessageWindow *messages;
  BurbleTimeline *timeline;
  GPtrArray *rows;       /* bound now; not owned */
  GPtrArray *list_items; /* of those rows, in another order; not owned */

  Target target;
  gint64 hit; /* row of the message that was looked for, or 0 */
  gboolean at_end;
  guint unseen;
  guint settle_id;
  GdkFrameClock *clock; /* while realized */
  gboolean frame_wanted;
  guint spinner_id;
  gboolean in_layout; /* what moves now is not moved by the reader */
};

G_DEFINE_FINAL_TYPE (BurbleMessageList, burble_message_list, ADW_TYPE_BIN)

typedef enum
{
  SIGNAL_READ,
  SIGNAL_INFO,
} BurbleMessageListSignal;

static guint signals[SIGNAL_INFO + 1];

static guint
n_items (BurbleMessageList *self)
{
  return self->timeline != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->timeline)) : 0;
}

static BurbleMessage *
find_message (BurbleMessageList *self, gint64 row)
{
  guint position = self->timeline != NULL ? burble_timeline_find (self->timeline, row) : G_MAXUINT;
  g_autoptr(BurbleTimelineItem) item = NULL;

  if (position == G_MAXUINT)
    return NULL;
  item = g_list_model_get_item (G_LIST_MODEL (self->timeline), position);
  return g_object_ref (burble_timeline_item_get_message (item));
}

static void
update_jump (BurbleMessageList *self)
{
  gboolean latest = self->at_end && (self->messages == NULL ||
                                     burble_message_window_get_at_end (self->messages));
  guint count = self->messages != NULL
    ? self->unseen + burble_message_window_get_newer (self->messages) : 0;
  g_autofree char *text = count > 99 ? g_strdup ("99+") : g_strdup_printf ("%u", count);

  gtk_revealer_set_reveal_child (self->jump_revealer, !latest && n_items (self) > 0);
  gtk_widget_set_can_target (GTK_WIDGET (self->jump_revealer), !latest);
  gtk_label_set_label (self->jump_count, text);
  gtk_widget_set_visible (GTK_WIDGET (self->jump_count), count > 0);
}

static void
update_stack (BurbleMessageList *self)
{
  const char *name = "messages";

  if (self->messages == NULL)
    name = "blank";
  else if (n_items (self) == 0)
    name = !burble_message_window_get_loading (self->messages) ? "empty" : self->spinner_id == 0
      ? "loading" : "blank";
  burble_pages_show (self->stack, name);
}

static gboolean
spinner_due_cb (gpointer user_data)
{
  BurbleMessageList *self = user_data;

  self->spinner_id = 0;
  update_stack (self);
  return G_SOURCE_REMOVE;
}

/**
 * burble_message_list_check_read:
 *
 * Tells what the user has seen: the window is active, the list is shown, the message lies in it.
 */
void
burble_message_list_check_read (BurbleMessageList *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  BurbleMessage *latest = NULL;
  gint64 latest_time = G_MININT64;
  float height = gtk_widget_get_height (GTK_WIDGET (self->scroller));

  if (self->target.pending || !GTK_IS_WINDOW (root) || !gtk_window_is_active (GTK_WINDOW (root)) ||
      !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  for (guint i = 0; i < self->rows->len; i++)
    {
      BurbleMessageRow *row = g_ptr_array_index (self->rows, i);
      BurbleMessage *message = burble_timeline_item_get_message (burble_message_row_get_item (row));
      GtkWidget *bubble = burble_message_row_get_bubble (row);
      graphene_rect_t bounds;

      if (burble_message_get_time (message) < latest_time || !gtk_widget_get_mapped (bubble) ||
          !gtk_widget_compute_bounds (bubble, GTK_WIDGET (self->scroller), &bounds))
        continue;
      /* Its beginning is enough: a message may be longer than the window. */
      if (bounds.origin.y + MIN (bounds.size.height, 40) > height ||
          bounds.origin.y + bounds.size.height < 0)
        continue;
      latest = message;
      latest_time = burble_message_get_time (message);
    }
  if (latest != NULL)
    g_signal_emit (self, signals[SIGNAL_READ], 0, latest);
}

static gboolean
stands_at_end (BurbleMessageList *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double end = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);

  return gtk_adjustment_get_value (adjustment) >= end - END_SLACK;
}

static void
load_what_is_near (BurbleMessageList *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double value = gtk_adjustment_get_value (adjustment);
  double page = gtk_adjustment_get_page_size (adjustment);

  if (self->messages == NULL || self->target.pending ||
      burble_message_window_get_loading (self->messages) || page <= 0)
    return;
  if (value < 2 * page && !burble_message_window_get_at_start (self->messages))
    burble_message_window_load_older (self->messages);
  else if (value + 3 * page > gtk_adjustment_get_upper (adjustment) &&
           !burble_message_window_get_at_end (self->messages))
    burble_message_window_load_newer (self->messages);
}

/* Told again in each frame until it is there: a list view without a size forgets it. A row is gone
 * to from the end, so that it stands at the top; then the one before the boundary, so that the line
 * itself is seen. */
static void
scroll_to_target (BurbleMessageList *self)
{
  guint last = n_items (self) - 1;
  guint position = G_MAXUINT;

  if (self->target.row != 0)
    position = burble_timeline_find (self->timeline, self->target.row);
  self->at_end = position == G_MAXUINT;
  if (self->at_end)
    self->target.row = 0;
  if (self->at_end || !self->target.from_end)
    position = last;
  else if (self->target.boundary && position > 0)
    position--;
  gtk_list_view_scroll_to (self->list, position, GTK_LIST_SCROLL_NONE, NULL);
}

static void settle (BurbleMessageList *self);

static gboolean
is_in_sight (BurbleMessageList *self, gint64 message_row)
{
  float height = gtk_widget_get_height (GTK_WIDGET (self->scroller));

  for (guint i = 0; i < self->rows->len; i++)
    {
      BurbleMessageRow *row = g_ptr_array_index (self->rows, i);
      BurbleMessage *message = burble_timeline_item_get_message (burble_message_row_get_item (row));
      graphene_rect_t bounds;

      if (burble_message_get_row (message) == message_row)
        return gtk_widget_get_mapped (GTK_WIDGET (row)) &&
               gtk_widget_compute_bounds (GTK_WIDGET (row), GTK_WIDGET (self->scroller), &bounds) &&
               bounds.origin.y + MIN (bounds.size.height, 40) <= height &&
               bounds.origin.y + bounds.size.height > 0;
    }
  return FALSE;
}

/* After a frame: is the target reached? Until then the list stands somewhere, and nothing that is
 * near is loaded. */
static void
check_target (BurbleMessageList *self)
{
  gboolean reached;

  if (!self->target.pending || n_items (self) == 0 ||
      burble_message_window_get_loading (self->messages) ||
      gtk_adjustment_get_page_size (gtk_scrolled_window_get_vadjustment (self->scroller)) <= 0)
    return;
  reached = self->target.row != 0 && self->target.from_end
    ? is_in_sight (self, self->target.row) : stands_at_end (self);
  if (++self->target.frames >= MOST_FRAMES ||
      (reached && (self->target.from_end || self->target.row == 0)))
    {
      self->target.pending = FALSE;
      self->at_end = self->at_end || stands_at_end (self);
    }
  else if (reached)
    self->target.from_end = TRUE;
  settle (self);
}

/* After a change and before the next frame: the list view has heard of it by then. */
static gboolean
settle_cb (gpointer user_data)
{
  BurbleMessageList *self = user_data;

  self->settle_id = 0;
  update_stack (self);
  /* The ways to a target are not to be looked at. */
  gtk_widget_set_opacity (GTK_WIDGET (self->scroller), self->target.pending ? 0 : 1);
  if (n_items (self) > 0)
    {
      if (self->target.pending && !burble_message_window_get_loading (self->messages))
        scroll_to_target (self);
      else if (self->at_end && !self->target.pending &&
               burble_message_window_get_at_end (self->messages))
        gtk_list_view_scroll_to (self->list, n_items (self) - 1, GTK_LIST_SCROLL_NONE, NULL);
    }
  update_jump (self);
  return G_SOURCE_REMOVE;
}

/* After a change: before the next frame what does not need a layout, after it what does. */
static void
settle (BurbleMessageList *self)
{
  if (self->settle_id == 0)
    self->settle_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, settle_cb, self, NULL);
  self->frame_wanted = TRUE;
  if (self->clock != NULL)
    gdk_frame_clock_request_phase (self->clock, GDK_FRAME_CLOCK_PHASE_AFTER_PAINT);
}

static void
clock_before_paint_cb (BurbleMessageList *self)
{
  self->in_layout = TRUE;
}

/* Kinetic scrolling moves in this phase: the reader's doing, though without an event. */
static void
clock_update_cb (BurbleMessageList *self)
{
  self->in_layout = FALSE;
}

static void
clock_updated_cb (BurbleMessageList *self)
{
  self->in_layout = TRUE;
}

static void
clock_after_paint_cb (BurbleMessageList *self)
{
  self->in_layout = FALSE;
  if (!self->frame_wanted)
    return;
  self->frame_wanted = FALSE;
  check_target (self);
  update_jump (self);
  load_what_is_near (self);
  burble_message_list_check_read (self);
}

static void
timeline_items_changed_cb (BurbleMessageList *self, guint position, guint removed, guint added)
{
  gboolean appended = removed == 0 && position > 0 && position + added == n_items (self);

  if (appended && !self->at_end && !self->target.pending &&
      !burble_message_window_get_loading (self->messages))
    self->unseen += added;
  settle (self);
}

static void
messages_notify_cb (BurbleMessageList *self, GParamSpec *pspec, BurbleMessageWindow *messages)
{
  burble_timeline_set_boundary (self->timeline,
                                burble_message_window_get_unread_boundary (messages));
  if (self->target.pending && !self->target.boundary && self->target.row == 0 &&
      burble_message_window_get_unread_boundary (messages) != 0)
    {
      self->target.row = burble_message_window_get_unread_boundary (messages);
      self->target.boundary = TRUE;
    }
  settle (self);
}

static void
adjustment_value_changed_cb (BurbleMessageList *self, GtkAdjustment *adjustment)
{
  /* Rows that come, go or are measured move the value too; only the reader leaves the end. */
  if (stands_at_end (self))
    self->at_end = TRUE;
  else if (!self->in_layout)
    self->at_end = FALSE;
  if (self->at_end)
    self->unseen = 0;
  gtk_popover_popdown (self->menu);
  settle (self);
}

static void
adjustment_changed_cb (BurbleMessageList *self, GtkAdjustment *adjustment)
{
  /* A chat that fits the window is always at its end. */
  if (!self->target.pending &&
      gtk_adjustment_get_upper (adjustment) <= gtk_adjustment_get_page_size (adjustment))
    self->at_end = TRUE;
  settle (self);
}

static void
show_menu (BurbleMessageList *self, BurbleMessageRow *row, double x, double y)
{
  BurbleMessage *message = burble_timeline_item_get_message (burble_message_row_get_item (row));
  g_autoptr(GMenu) menu = g_menu_new ();
  gint64 id = burble_message_get_row (message);
  const struct { const char *label; const char *action; gboolean shown; } entries[] = {
    { N_("_Copy"), "message.copy", TRUE },
    { N_("_Info"), "message.info", TRUE },
    { N_("_Retry"), "message.retry", burble_message_get_state (message) == BURBLE_MESSAGE_FAILED },
    { N_("_Delete for Me"), "message.delete", TRUE },
  };
  graphene_point_t point = GRAPHENE_POINT_INIT (x, y);
  GdkRectangle rect;

  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autoptr(GMenuItem) entry = g_menu_item_new (_(entries[i].label), NULL);

      if (!entries[i].shown)
        continue;
      g_menu_item_set_action_and_target (entry, entries[i].action, "x", id);
      g_menu_append_item (menu, entry);
    }
  if (!gtk_widget_compute_point (GTK_WIDGET (row), GTK_WIDGET (self), &point, &point))
    return;
  rect = (GdkRectangle) { point.x, point.y, 1, 1 };
  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->menu), G_MENU_MODEL (menu));
  gtk_popover_set_pointing_to (self->menu, &rect);
  gtk_popover_popup (self->menu);
}

static BurbleMessageRow *
row_at (BurbleMessageList *self, double x, double y)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  GtkWidget *row = picked != NULL ? gtk_widget_get_ancestor (picked, BURBLE_TYPE_MESSAGE_ROW)
    : NULL;

  return row != NULL ? BURBLE_MESSAGE_ROW (row) : NULL;
}

static void
show_menu_at (BurbleMessageList *self, double x, double y)
{
  BurbleMessageRow *row = row_at (self, x, y);
  graphene_point_t point = GRAPHENE_POINT_INIT (x, y);

  if (row != NULL && gtk_widget_compute_point (GTK_WIDGET (self), GTK_WIDGET (row), &point, &point))
    show_menu (self, row, point.x, point.y);
}

static void
secondary_pressed_cb (BurbleMessageList *self, int n_press, double x, double y,
                      GtkGestureClick *gesture)
{
  if (row_at (self, x, y) == NULL)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  show_menu_at (self, x, y);
}

static void
motion_cb (BurbleMessageList *self, double x, double y)
{
  BurbleMessageRow *row = row_at (self, x, y);

  if (row != NULL)
    burble_message_row_make_selectable (row);
}

static void
long_pressed_cb (BurbleMessageList *self, double x, double y)
{
  show_menu_at (self, x, y);
}

static gboolean
menu_key_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  BurbleMessageList *self = BURBLE_MESSAGE_LIST (widget);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));

  for (guint i = 0; focus != NULL && i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);

      if (gtk_widget_is_ancestor (row, focus) || gtk_widget_is_ancestor (focus, row))
        {
          show_menu (self, BURBLE_MESSAGE_ROW (row), gtk_widget_get_width (row) / 2.0,
                     gtk_widget_get_height (row) / 2.0);
          return GDK_EVENT_STOP;
        }
    }
  return GDK_EVENT_PROPAGATE;
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleMessageList *self = BURBLE_MESSAGE_LIST (widget);
  gint64 id = g_variant_get_int64 (parameter);
  g_autoptr(BurbleMessage) message = find_message (self, id);
  g_autofree char *selection = NULL;

  for (guint i = 0; i < self->rows->len; i++)
    {
      BurbleMessageRow *row = g_ptr_array_index (self->rows, i);

      BurbleTimelineItem *item = burble_message_row_get_item (row);

      if (burble_message_get_row (burble_timeline_item_get_message (item)) == id)
        selection = burble_message_row_get_selection (row);
    }
  if (message != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                            selection != NULL ? selection : burble_message_get_text (message));
}

static void
info_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleMessageList *self = BURBLE_MESSAGE_LIST (widget);
  g_autoptr(BurbleMessage) message = find_message (self, g_variant_get_int64 (parameter));

  if (message != NULL)
    g_signal_emit (self, signals[SIGNAL_INFO], 0, message);
}

static void
delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleMessageList *self = BURBLE_MESSAGE_LIST (widget);
  g_autoptr(BurbleMessage) message = find_message (self, g_variant_get_int64 (parameter));

  if (message != NULL && self->session != NULL)
    burble_session_delete_message (self->session, self->conversation, message);
}

static void
retry_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleMessageList *self = BURBLE_MESSAGE_LIST (widget);
  g_autoptr(BurbleMessage) message = find_message (self, g_variant_get_int64 (parameter));

  if (message != NULL && self->session != NULL)
    burble_session_retry_message (self->session, self->conversation, message);
}

static void
name_list_item (BurbleMessageList *self, GtkListItem *list_item, BurbleMessage *message)
{
  BurbleContact *contact = self->conversation != NULL
    ? burble_conversation_get_contact (self->conversation) : NULL;
  const char *sender = burble_message_get_sender_name (message);
  const char *state = "";
  g_autofree char *label = NULL;

  if (sender == NULL)
    sender = contact != NULL ? burble_contact_get_display_name (contact)
      : burble_message_get_sender (message);
  label = burble_words_message (message, sender, burble_time_prefers_24h ());
  gtk_list_item_set_accessible_label (list_item, label);
  if (burble_message_is_outgoing (message))
    state = burble_words_message_state (burble_message_get_state (message));
  gtk_list_item_set_accessible_description (list_item, state);
}

static void
contact_renamed_cb (BurbleMessageList *self)
{
  for (guint i = 0; i < self->list_items->len; i++)
    {
      GtkListItem *list_item = g_ptr_array_index (self->list_items, i);
      BurbleTimelineItem *item = gtk_list_item_get_item (list_item);

      name_list_item (self, list_item, burble_timeline_item_get_message (item));
    }
}

static void
message_state_cb (GtkListItem *list_item, GParamSpec *pspec, BurbleMessage *message)
{
  const char *state = burble_words_message_state (burble_message_get_state (message));

  gtk_list_item_set_accessible_description (list_item, state);
}

static void
setup_cb (BurbleMessageList *self, GtkListItem *list_item)
{
  gtk_list_item_set_child (list_item, burble_message_row_new ());
  gtk_list_item_set_activatable (list_item, FALSE);
}

static void
show_hit (BurbleMessageList *self, BurbleMessageRow *row)
{
  BurbleTimelineItem *item = burble_message_row_get_item (row);
  gint64 id = burble_message_get_row (burble_timeline_item_get_message (item));

  if (self->hit != 0 && id == self->hit)
    gtk_widget_add_css_class (GTK_WIDGET (row), "hit");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row), "hit");
}

static void
bind_cb (BurbleMessageList *self, GtkListItem *list_item)
{
  BurbleMessageRow *row = BURBLE_MESSAGE_ROW (gtk_list_item_get_child (list_item));
  BurbleTimelineItem *item = gtk_list_item_get_item (list_item);
  BurbleMessage *message = burble_timeline_item_get_message (item);

  burble_message_row_set_item (row, item);
  show_hit (self, row);
  g_ptr_array_add (self->rows, row);
  g_ptr_array_add (self->list_items, list_item);
  name_list_item (self, list_item, message);
  if (burble_message_is_outgoing (message))
    g_signal_connect_object (message, "notify::state", G_CALLBACK (message_state_cb), list_item,
                             G_CONNECT_SWAPPED);
}

static void
unbind_cb (BurbleMessageList *self, GtkListItem *list_item)
{
  BurbleMessageRow *row = BURBLE_MESSAGE_ROW (gtk_list_item_get_child (list_item));
  BurbleTimelineItem *item = gtk_list_item_get_item (list_item);

  if (item != NULL)
    g_signal_handlers_disconnect_by_func (burble_timeline_item_get_message (item), message_state_cb,
                                          list_item);
  g_ptr_array_remove_fast (self->rows, row);
  g_ptr_array_remove_fast (self->list_items, list_item);
  burble_message_row_set_item (row, NULL);
}

static void
message_arrived_cb (BurbleMessageList *self, BurbleConversation *conversation,
                    BurbleMessage *message)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  BurbleContact *contact = burble_conversation_get_contact (conversation);
  const char *sender = burble_message_get_sender_name (message);
  g_autofree char *text = NULL;
  g_autofree char *spoken = NULL;

  if (conversation != self->conversation || !GTK_IS_WINDOW (root) ||
      !gtk_window_is_active (GTK_WINDOW (root)))
    return;
  text = burble_words_preview (message, FALSE);
  spoken = g_strdup_printf ("%s: %s",
                            sender != NULL ? sender : burble_contact_get_display_name (contact),
                            text);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), spoken,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
burble_message_list_realize (GtkWidget *widget)
{
  BurbleMessageList *self = BURBLE_MESSAGE_LIST (widget);

  GTK_WIDGET_CLASS (burble_message_list_parent_class)->realize (widget);
  self->clock = g_object_ref (gtk_widget_get_frame_clock (widget));
  g_signal_connect_swapped (self->clock, "before-paint", G_CALLBACK (clock_before_paint_cb), self);
  g_signal_connect_swapped (self->clock, "update", G_CALLBACK (clock_update_cb), self);
  g_signal_connect_data (self->clock, "update", G_CALLBACK (clock_updated_cb), self, NULL,
                         G_CONNECT_AFTER | G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->clock, "after-paint", G_CALLBACK (clock_after_paint_cb), self);
}

static void
burble_message_list_unrealize (GtkWidget *widget)
{
  BurbleMessageList *self = BURBLE_MESSAGE_LIST (widget);

  g_signal_handlers_disconnect_by_data (self->clock, self);
  g_clear_object (&self->clock);
  GTK_WIDGET_CLASS (burble_message_list_parent_class)->unrealize (widget);
}

static void
burble_message_list_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (burble_message_list_parent_class)->map (widget);
  settle (BURBLE_MESSAGE_LIST (widget));
}

static void
burble_message_list_dispose (GObject *object)
{
  BurbleMessageList *self = BURBLE_MESSAGE_LIST (object);

  if (self->list != NULL)
    burble_message_list_set_messages (self, NULL, NULL, NULL);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_handle_id (&self->spinner_id, g_source_remove);
  g_clear_pointer ((GtkWidget **) &self->menu, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_MESSAGE_LIST);
  G_OBJECT_CLASS (burble_message_list_parent_class)->dispose (object);
}

static void
burble_message_list_finalize (GObject *object)
{
  BurbleMessageList *self = BURBLE_MESSAGE_LIST (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->list_items, g_ptr_array_unref);
  G_OBJECT_CLASS (burble_message_list_parent_class)->finalize (object);
}

static void
burble_message_list_class_init (BurbleMessageListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = burble_message_list_dispose;
  object_class->finalize = burble_message_list_finalize;
  widget_class->map = burble_message_list_map;
  widget_class->realize = burble_message_list_realize;
  widget_class->unrealize = burble_message_list_unrealize;

  signals[SIGNAL_READ] = g_signal_new ("read", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, BURBLE_TYPE_MESSAGE);
  signals[SIGNAL_INFO] = g_signal_new ("info", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, BURBLE_TYPE_MESSAGE);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/burble/Burble/chat/burble-message-list.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleMessageList, stack);
  gtk_widget_class_bind_template_child (widget_class, BurbleMessageList, place);
  gtk_widget_class_bind_template_child (widget_class, BurbleMessageList, scroller);
  gtk_widget_class_bind_template_child (widget_class, BurbleMessageList, list);
  gtk_widget_class_bind_template_child (widget_class, BurbleMessageList, jump_revealer);
  gtk_widget_class_bind_template_child (widget_class, BurbleMessageList, jump_count);
  gtk_widget_class_install_action (widget_class, "message.copy", "x", copy_action);
  gtk_widget_class_install_action (widget_class, "message.info", "x", info_action);
  gtk_widget_class_install_action (widget_class, "message.delete", "x", delete_action);
  gtk_widget_class_install_action (widget_class, "message.retry", "x", retry_action);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, menu_key_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, menu_key_cb, NULL);
}

static void
burble_message_list_init (BurbleMessageList *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkGesture *secondary = gtk_gesture_click_new ();
  GtkGesture *long_press = gtk_gesture_long_press_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkAdjustment *adjustment;

  self->rows = g_ptr_array_new ();
  self->list_items = g_ptr_array_new ();
  self->at_end = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (self->place, burble_chat_layout_new ());

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list, factory);

  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (adjustment_value_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (adjustment_changed_cb), self,
                           G_CONNECT_SWAPPED);

  self->menu = GTK_POPOVER (gtk_popover_menu_new_from_model (NULL));
  gtk_popover_set_has_arrow (self->menu, FALSE);
  gtk_widget_set_halign (GTK_WIDGET (self->menu), GTK_ALIGN_START);
  gtk_widget_set_parent (GTK_WIDGET (self->menu), GTK_WIDGET (self));

  g_signal_connect_object (motion, "motion", G_CALLBACK (motion_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);

  /* Before the label of the text shows a menu of its own. */
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (secondary), GTK_PHASE_CAPTURE);
  g_signal_connect_object (secondary, "pressed", G_CALLBACK (secondary_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (secondary));
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (long_press), TRUE);
  g_signal_connect_object (long_press, "pressed", G_CALLBACK (long_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (long_press));
  update_stack (self);
}

/**
 * burble_message_list_set_messages:
 * @self: a message list
 * @session: (nullable): the session
 * @conversation: (nullable): the chat
 * @messages: (nullable): a window onto its history; %NULL shows nothing
 */
void
burble_message_list_set_messages (BurbleMessageList *self, BurbleSession *session,
                                  BurbleConversation *conversation,
                                  BurbleMessageWindow *messages)
{
  g_autoptr(GtkNoSelection) selection = NULL;

  g_return_if_fail (BURBLE_IS_MESSAGE_LIST (self));

  if (self->messages != NULL)
    g_signal_handlers_disconnect_by_func (self->messages, messages_notify_cb, self);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_func (self->session, message_arrived_cb, self);
  if (self->timeline != NULL)
    g_signal_handlers_disconnect_by_func (self->timeline, timeline_items_changed_cb, self);
  if (self->conversation != NULL)
    g_signal_handlers_disconnect_by_func (burble_conversation_get_contact (self->conversation),
                                          contact_renamed_cb, self);
  gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->timeline);
  g_clear_handle_id (&self->spinner_id, g_source_remove);
  g_set_object (&self->session, session);
  g_set_object (&self->conversation, conversation);
  g_set_object (&self->messages, messages);
  self->unseen = 0;
  self->hit = 0;
  self->at_end = TRUE;
  self->target = (Target) { .pending = messages != NULL };

  if (messages != NULL)
    {
      self->timeline = burble_timeline_new (G_LIST_MODEL (messages));
      selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->timeline)));
      gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
      g_signal_connect_object (self->timeline, "items-changed",
                               G_CALLBACK (timeline_items_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (messages, "notify", G_CALLBACK (messages_notify_cb), self,
                               G_CONNECT_SWAPPED);
      messages_notify_cb (self, NULL, messages);
      self->spinner_id = g_timeout_add (SPINNER_DELAY_MS, spinner_due_cb, self);
    }
  if (conversation != NULL)
    g_signal_connect_object (burble_conversation_get_contact (conversation),
                             "notify::display-name", G_CALLBACK (contact_renamed_cb), self,
                             G_CONNECT_SWAPPED);
  if (session != NULL)
    g_signal_connect_object (session, "message-arrived", G_CALLBACK (message_arrived_cb), self,
                             G_CONNECT_SWAPPED);
  update_stack (self);
  update_jump (self);
}

/**
 * burble_message_list_jump_latest:
 * @self: a message list
 *
 * Scrolls to the end, loading it first where the window onto the history stands elsewhere.
 */
void
burble_message_list_jump_latest (BurbleMessageList *self)
{
  g_return_if_fail (BURBLE_IS_MESSAGE_LIST (self));

  if (self->messages == NULL || n_items (self) == 0)
    return;
  self->unseen = 0;
  self->target = (Target) { .pending = TRUE };
  if (!burble_message_window_get_at_end (self->messages))
    burble_message_window_load_latest (self->messages);
  settle (self);
}

/**
 * burble_message_list_set_hit:
 * @row: of a message that is to stand out, or 0
 */
void
burble_message_list_set_hit (BurbleMessageList *self, gint64 row)
{
  g_return_if_fail (BURBLE_IS_MESSAGE_LIST (self));

  self->hit = row;
  for (guint i = 0; i < self->rows->len; i++)
    show_hit (self, g_ptr_array_index (self->rows, i));
}

/**
 * burble_message_list_show_message:
 * @self: a message list
 * @time: of the message, µs
 * @row: its row in the store
 *
 * Scrolls to it and makes it stand out, loading what is around it where it is not there.
 */
void
burble_message_list_show_message (BurbleMessageList *self, gint64 time, gint64 row)
{
  g_return_if_fail (BURBLE_IS_MESSAGE_LIST (self));

  if (self->messages == NULL)
    return;
  burble_message_list_set_hit (self, row);
  self->target = (Target) { .pending = TRUE, .row = row };
  if (burble_timeline_find (self->timeline, row) == G_MAXUINT)
    burble_message_window_load_around (self->messages, time, row);
  settle (self);
}
