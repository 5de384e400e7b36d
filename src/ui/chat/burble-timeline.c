/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-timeline"

#include "config.h"

#include "burble-timeline.h"

#include "burble-time.h"

struct _BurbleTimeline
{
  GObject parent_instance;

  GListModel *messages;
  GPtrArray *items;
  gint64 boundary;
};

static GType
burble_timeline_get_item_type (GListModel *model)
{
  return BURBLE_TYPE_TIMELINE_ITEM;
}

static guint
burble_timeline_get_n_items (GListModel *model)
{
  return BURBLE_TIMELINE (model)->items->len;
}

static gpointer
burble_timeline_get_item (GListModel *model, guint position)
{
  BurbleTimeline *self = BURBLE_TIMELINE (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position))
         : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = burble_timeline_get_item_type;
  iface->get_n_items = burble_timeline_get_n_items;
  iface->get_item = burble_timeline_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BurbleTimeline, burble_timeline, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static BurbleMessage *
message_at (BurbleTimeline *self, guint position)
{
  return burble_timeline_item_get_message (g_ptr_array_index (self->items, position));
}

static gboolean
same_group (BurbleMessage *earlier, BurbleMessage *later)
{
  gint64 gap = burble_message_get_time (later) - burble_message_get_time (earlier);

  return burble_message_is_outgoing (earlier) == burble_message_is_outgoing (later) &&
         g_strcmp0 (burble_message_get_sender (earlier), burble_message_get_sender (later)) == 0 &&
         g_strcmp0 (burble_message_get_time_text (earlier),
                    burble_message_get_time_text (later)) == 0 &&
         ABS (gap) <= BURBLE_TIMELINE_GROUP_GAP &&
         burble_time_same_day (burble_message_get_time (earlier), burble_message_get_time (later));
}

/* before: (nullable). Nobody knows the day of a date that could not be read. */
static gboolean
begins_day (BurbleMessage *before, BurbleMessage *message)
{
  if (burble_message_get_time_text (message) != NULL)
    return FALSE;
  return before == NULL || burble_message_get_time_text (before) != NULL ||
         !burble_time_same_day (burble_message_get_time (before),
                                burble_message_get_time (message));
}

/* How the item at @position stands to the one before it. */
static void
update_joint (BurbleTimeline *self, guint position)
{
  BurbleTimelineItem *item = g_ptr_array_index (self->items, position);
  BurbleTimelineItem *previous = position > 0 ? g_ptr_array_index (self->items, position - 1)
    : NULL;
  BurbleMessage *message = burble_timeline_item_get_message (item);
  BurbleMessage *before = previous != NULL ? burble_timeline_item_get_message (previous) : NULL;
  gint64 row = burble_message_get_row (message);
  gboolean boundary = self->boundary != 0 && row == self->boundary;
  gboolean joined = before != NULL && !boundary && same_group (before, message);

  if (begins_day (before, message))
    {
      g_autofree char *day = burble_time_day (burble_message_get_time (message),
                                              g_get_real_time ());

      burble_timeline_item_set_day (item, day);
    }
  else
    {
      burble_timeline_item_set_day (item, NULL);
    }
  burble_timeline_item_set_boundary (item, boundary);
  burble_timeline_item_set_group_start (item, !joined);
  if (previous != NULL)
    burble_timeline_item_set_group_end (previous, !joined);
  if (position + 1 == self->items->len)
    burble_timeline_item_set_group_end (item, TRUE);
}

static void
burble_timeline_items_changed_cb (BurbleTimeline *self, guint position, guint removed, guint added)
{
  guint last;

  if (removed > 0)
    g_ptr_array_remove_range (self->items, position, removed);
  for (guint i = 0; i < added; i++)
    {
      g_autoptr(BurbleMessage) message = g_list_model_get_item (self->messages, position + i);

      g_ptr_array_insert (self->items, position + i, burble_timeline_item_new (message));
    }
  last = MIN (position + added, self->items->len > 0 ? self->items->len - 1 : 0);
  /* The item before the change may end its group now, the one after it begin one. */
  for (guint i = position > 0 ? position - 1 : 0; self->items->len > 0 && i <= last; i++)
    update_joint (self, i);
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
burble_timeline_dispose (GObject *object)
{
  BurbleTimeline *self = BURBLE_TIMELINE (object);

  g_clear_object (&self->messages);
  g_ptr_array_set_size (self->items, 0);
  G_OBJECT_CLASS (burble_timeline_parent_class)->dispose (object);
}

static void
burble_timeline_finalize (GObject *object)
{
  BurbleTimeline *self = BURBLE_TIMELINE (object);

  g_clear_pointer (&self->items, g_ptr_array_unref);
  G_OBJECT_CLASS (burble_timeline_parent_class)->finalize (object);
}

static void
burble_timeline_class_init (BurbleTimelineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_timeline_dispose;
  object_class->finalize = burble_timeline_finalize;
}

static void
burble_timeline_init (BurbleTimeline *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * burble_timeline_new:
 * @messages: of BurbleMessage, oldest first
 */
BurbleTimeline *
burble_timeline_new (GListModel *messages)
{
  BurbleTimeline *self = g_object_new (BURBLE_TYPE_TIMELINE, NULL);

  g_return_val_if_fail (G_IS_LIST_MODEL (messages), self);

  self->messages = g_object_ref (messages);
  g_signal_connect_object (messages, "items-changed", G_CALLBACK (burble_timeline_items_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  burble_timeline_items_changed_cb (self, 0, 0, g_list_model_get_n_items (messages));
  return self;
}

/**
 * burble_timeline_set_boundary:
 * @self: a timeline
 * @row: of the first message that was unread when the chat was opened, 0 for none
 */
void
burble_timeline_set_boundary (BurbleTimeline *self, gint64 row)
{
  g_return_if_fail (BURBLE_IS_TIMELINE (self));

  if (self->boundary == row)
    return;
  self->boundary = row;
  burble_timeline_refresh (self);
}

void
burble_timeline_refresh (BurbleTimeline *self)
{
  g_return_if_fail (BURBLE_IS_TIMELINE (self));

  for (guint i = 0; i < self->items->len; i++)
    update_joint (self, i);
}

/**
 * burble_timeline_find:
 * @self: a timeline
 * @row: of a message
 *
 * Returns: its position, or %G_MAXUINT where it is not loaded
 */
guint
burble_timeline_find (BurbleTimeline *self, gint64 row)
{
  g_return_val_if_fail (BURBLE_IS_TIMELINE (self), G_MAXUINT);

  for (guint i = 0; i < self->items->len; i++)
    if (burble_message_get_row (message_at (self, i)) == row)
      return i;
  return G_MAXUINT;
}
