/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-message-window"

#include "config.h"

#include "burble-message-window.h"

#include "burble-message-state.h"
#include "burble-store.h"

typedef struct
{
  gint64 removed_row; /* or 0, and then: */
  GStrv ids;
  BurbleMessageState state;
  char *error;
} StateChange;

/*
 * Written by hand because no stock model knows of pages: rows come and go at both ends while what
 * stays keeps its object and its place, so that the view can hold its scroll position.
 *
 * One page is asked for at a time. Messages that are stored meanwhile are kept aside and put in
 * when the page is there, for the page may have been read before or after them.
 */
struct _BurbleMessageWindow
{
  GObject parent_instance;

  BurbleStore *store;
  BurbleConversation *conversation;

  GPtrArray *rows; /* (element-type BurbleMessage), by (time, row) */
  GPtrArray *aside; /* (element-type BurbleMessage), while a page is loading */
  GPtrArray *changes; /* (element-type StateChange), likewise */
  gboolean loading;
  gboolean loaded; /* at least one page came */
  gboolean again; /* another position was asked for while loading */
  BurblePageDirection direction;
  gint64 anchor_time;
  gint64 anchor_row;
  gboolean at_start;
  gboolean at_end;
  guint newer;
  gint64 unread_boundary; /* row of what was the first unread one */
};

typedef enum
{
  PROP_LOADING = 1,
  PROP_AT_START,
  PROP_AT_END,
  PROP_NEWER,
  PROP_UNREAD_BOUNDARY,
} BurbleMessageWindowProperty;

static GParamSpec *properties[PROP_UNREAD_BOUNDARY + 1];

static GType
burble_message_window_get_item_type (GListModel *model)
{
  return BURBLE_TYPE_MESSAGE;
}

static guint
burble_message_window_get_n_items (GListModel *model)
{
  return BURBLE_MESSAGE_WINDOW (model)->rows->len;
}

static gpointer
burble_message_window_get_item (GListModel *model, guint position)
{
  BurbleMessageWindow *self = BURBLE_MESSAGE_WINDOW (model);

  if (position >= self->rows->len)
    return NULL;
  return g_object_ref (g_ptr_array_index (self->rows, position));
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = burble_message_window_get_item_type;
  iface->get_n_items = burble_message_window_get_n_items;
  iface->get_item = burble_message_window_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BurbleMessageWindow, burble_message_window, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
state_change_free (gpointer data)
{
  StateChange *change = data;

  g_strfreev (change->ids);
  g_free (change->error);
  g_free (change);
}

static int
compare_key (BurbleMessage *message, gint64 time, gint64 row)
{
  gint64 own_time = burble_message_get_time (message);
  gint64 own_row = burble_message_get_row (message);

  if (own_time != time)
    return own_time < time ? -1 : 1;
  if (own_row != row)
    return own_row < row ? -1 : 1;
  return 0;
}

static int
compare_messages (BurbleMessage *a, BurbleMessage *b)
{
  return compare_key (a, burble_message_get_time (b), burble_message_get_row (b));
}

static int
compare_pointers (gconstpointer a, gconstpointer b)
{
  return compare_messages (*(BurbleMessage **) a, *(BurbleMessage **) b);
}

/* The first position whose message is not below the key. */
static guint
find_position (BurbleMessageWindow *self, gint64 time, gint64 row)
{
  guint low = 0;
  guint high = self->rows->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (compare_key (g_ptr_array_index (self->rows, middle), time, row) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
set_flag (BurbleMessageWindow *self, gboolean *field, gboolean value,
          BurbleMessageWindowProperty property)
{
  if (*field == value)
    return;
  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_newer (BurbleMessageWindow *self, guint newer)
{
  if (self->newer == newer)
    return;
  self->newer = newer;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NEWER]);
}

static void
set_at_end (BurbleMessageWindow *self, gboolean at_end)
{
  set_flag (self, &self->at_end, at_end, PROP_AT_END);
  if (at_end)
    set_newer (self, 0);
}

static void
insert_rows (BurbleMessageWindow *self, guint position, GPtrArray *messages, guint start,
             guint count)
{
  if (count == 0)
    return;
  for (guint i = 0; i < count; i++)
    g_ptr_array_insert (self->rows, position + i,
                        g_object_ref (g_ptr_array_index (messages, start + i)));
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, count);
}

static void
remove_rows (BurbleMessageWindow *self, guint position, guint count)
{
  if (count == 0)
    return;
  g_ptr_array_remove_range (self->rows, position, count);
  g_list_model_items_changed (G_LIST_MODEL (self), position, count, 0);
}

static void
trim_start (BurbleMessageWindow *self)
{
  if (self->rows->len <= BURBLE_MESSAGE_WINDOW_MAX)
    return;
  remove_rows (self, 0, self->rows->len - BURBLE_MESSAGE_WINDOW_MAX);
  set_flag (self, &self->at_start, FALSE, PROP_AT_START);
}

static void
trim_end (BurbleMessageWindow *self)
{
  if (self->rows->len <= BURBLE_MESSAGE_WINDOW_MAX)
    return;
  remove_rows (self, BURBLE_MESSAGE_WINDOW_MAX, self->rows->len - BURBLE_MESSAGE_WINDOW_MAX);
  set_at_end (self, FALSE);
}

/* A page at another place. Messages that were here already keep their objects, and where both
 * overlap only the difference is told. */
static void
replace_rows (BurbleMessageWindow *self, GPtrArray *page)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  guint before = self->rows->len;
  guint head = 0;
  guint tail = 0;

  for (guint i = 0; i < page->len; i++)
    {
      BurbleMessage *message = g_ptr_array_index (page, i);
      guint position = find_position (self, burble_message_get_time (message),
                                      burble_message_get_row (message));

      if (position < before
          && compare_messages (g_ptr_array_index (self->rows, position), message) == 0)
        message = g_ptr_array_index (self->rows, position);
      g_ptr_array_add (rows, g_object_ref (message));
    }
  while (head < MIN (before, rows->len)
         && g_ptr_array_index (self->rows, head) == g_ptr_array_index (rows, head))
    head++;
  while (tail < MIN (before, rows->len) - head
         && g_ptr_array_index (self->rows, before - 1 - tail)
            == g_ptr_array_index (rows, rows->len - 1 - tail))
    tail++;
  g_ptr_array_unref (self->rows);
  self->rows = g_steal_pointer (&rows);
  if (before - head - tail > 0 || self->rows->len - head - tail > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), head, before - head - tail,
                                self->rows->len - head - tail);
}

/* Drops from a page what is here already; what is left lies beyond one end. */
static void
drop_known (BurbleMessageWindow *self, GPtrArray *page)
{
  for (guint i = page->len; i > 0; i--)
    {
      BurbleMessage *message = g_ptr_array_index (page, i - 1);
      guint position = find_position (self, burble_message_get_time (message),
                                      burble_message_get_row (message));

      if (position < self->rows->len
          && compare_messages (g_ptr_array_index (self->rows, position), message) == 0)
        g_ptr_array_remove_index (page, i - 1);
    }
}

static gboolean
holds_last (BurbleMessageWindow *self)
{
  BurbleMessage *last = burble_conversation_get_last_message (self->conversation);

  return last != NULL && self->rows->len > 0
         && compare_messages (g_ptr_array_index (self->rows, self->rows->len - 1), last) >= 0;
}

static void
take_page (BurbleMessageWindow *self, GPtrArray *page)
{
  const guint count = page->len;
  guint below = 0;

  switch (self->direction)
    {
    case BURBLE_PAGE_BEFORE:
      drop_known (self, page);
      insert_rows (self, 0, page, 0, page->len);
      set_flag (self, &self->at_start, count < BURBLE_MESSAGE_WINDOW_PAGE, PROP_AT_START);
      trim_end (self);
      break;

    case BURBLE_PAGE_AFTER:
      drop_known (self, page);
      insert_rows (self, self->rows->len, page, 0, page->len);
      set_at_end (self, count < BURBLE_MESSAGE_WINDOW_PAGE);
      trim_start (self);
      break;

    case BURBLE_PAGE_LATEST:
      replace_rows (self, page);
      set_flag (self, &self->at_start, count < BURBLE_MESSAGE_WINDOW_PAGE, PROP_AT_START);
      set_at_end (self, TRUE);
      break;

    case BURBLE_PAGE_AROUND:
    default:
      replace_rows (self, page);
      below = find_position (self, self->anchor_time, self->anchor_row);
      /* Fewer than were to be had on a side: that end is reached. */
      set_flag (self, &self->at_start, below < BURBLE_MESSAGE_WINDOW_PAGE / 2, PROP_AT_START);
      set_at_end (self, count - below < BURBLE_MESSAGE_WINDOW_PAGE / 2 || holds_last (self));
      break;
    }
}

/* What happened while the page was on its way, and what it may not know of. */
static void
catch_up_with_page (BurbleMessageWindow *self)
{
  g_autoptr(GPtrArray) aside = g_steal_pointer (&self->aside);
  g_autoptr(GPtrArray) changes = g_steal_pointer (&self->changes);

  self->aside = g_ptr_array_new_with_free_func (g_object_unref);
  self->changes = g_ptr_array_new_with_free_func (state_change_free);
  burble_message_window_add_many (self, aside);
  for (guint i = 0; i < changes->len; i++)
    {
      StateChange *change = g_ptr_array_index (changes, i);

      if (change->removed_row != 0)
        burble_message_window_remove (self, change->removed_row);
      else
        burble_message_window_update_states (self, (const char * const *) change->ids,
                                             change->state, change->error);
    }
}

static void
store_page_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleMessageWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) page = burble_store_list_finish (BURBLE_STORE (object), result, &error);

  if (self->again)
    {
      self->again = FALSE;
      burble_store_load_page_async (self->store, self->conversation, self->direction,
                                    self->anchor_time, self->anchor_row, BURBLE_MESSAGE_WINDOW_PAGE,
                                    NULL, store_page_cb, g_object_ref (self));
      return;
    }

  self->loading = FALSE;
  if (page != NULL)
    {
      self->loaded = TRUE;
      take_page (self, page);
    }
  else
    {
      g_message ("A page of the history could not be read: %s", error->message);
    }
  catch_up_with_page (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
ask_for_page (BurbleMessageWindow *self)
{
  burble_store_load_page_async (self->store, self->conversation, self->direction,
                                self->anchor_time, self->anchor_row, BURBLE_MESSAGE_WINDOW_PAGE,
                                NULL, store_page_cb, g_object_ref (self));
}

static void
store_unread_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleMessageWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  gint64 time = 0;
  gint64 row = 0;

  if (!burble_store_find_unread_finish (BURBLE_STORE (object), result, &time, &row, &error))
    g_message ("Where reading stopped is not known: %s", error->message);
  if (row != 0)
    {
      self->unread_boundary = row;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNREAD_BOUNDARY]);
    }
  /* Unless another place was asked for meanwhile. */
  if (!self->again && row != 0)
    {
      self->direction = BURBLE_PAGE_AROUND;
      self->anchor_time = time;
      self->anchor_row = row;
    }
  self->again = FALSE;
  ask_for_page (self);
}

/* Going to another place wins over a page that is still on its way; a further page of the same
 * place does not. */
static void
load (BurbleMessageWindow *self, BurblePageDirection direction, gint64 time, gint64 row)
{
  self->direction = direction;
  self->anchor_time = time;
  self->anchor_row = row;
  if (self->loading)
    {
      self->again = TRUE;
      return;
    }
  self->loading = TRUE;
  ask_for_page (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
burble_message_window_dispose (GObject *object)
{
  BurbleMessageWindow *self = BURBLE_MESSAGE_WINDOW (object);

  g_clear_object (&self->store);
  g_clear_object (&self->conversation);

  G_OBJECT_CLASS (burble_message_window_parent_class)->dispose (object);
}

static void
burble_message_window_finalize (GObject *object)
{
  BurbleMessageWindow *self = BURBLE_MESSAGE_WINDOW (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->aside);
  g_ptr_array_unref (self->changes);

  G_OBJECT_CLASS (burble_message_window_parent_class)->finalize (object);
}

static void
burble_message_window_get_property (GObject *object, guint prop_id, GValue *value,
                                    GParamSpec *pspec)
{
  BurbleMessageWindow *self = BURBLE_MESSAGE_WINDOW (object);

  switch ((BurbleMessageWindowProperty) prop_id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, self->loading);
      break;
    case PROP_AT_START:
      g_value_set_boolean (value, self->at_start);
      break;
    case PROP_AT_END:
      g_value_set_boolean (value, self->at_end);
      break;
    case PROP_NEWER:
      g_value_set_uint (value, self->newer);
      break;
    case PROP_UNREAD_BOUNDARY:
      g_value_set_int64 (value, self->unread_boundary);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_message_window_class_init (BurbleMessageWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = burble_message_window_dispose;
  object_class->finalize = burble_message_window_finalize;
  object_class->get_property = burble_message_window_get_property;

  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, ro);
  properties[PROP_AT_START] = g_param_spec_boolean ("at-start", NULL, NULL, FALSE, ro);
  properties[PROP_AT_END] = g_param_spec_boolean ("at-end", NULL, NULL, FALSE, ro);
  properties[PROP_NEWER] = g_param_spec_uint ("newer", NULL, NULL, 0, G_MAXUINT, 0, ro);
  properties[PROP_UNREAD_BOUNDARY] =
    g_param_spec_int64 ("unread-boundary", NULL, NULL, 0, G_MAXINT64, 0, ro);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
burble_message_window_init (BurbleMessageWindow *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->aside = g_ptr_array_new_with_free_func (g_object_unref);
  self->changes = g_ptr_array_new_with_free_func (state_change_free);
}

/**
 * burble_message_window_new:
 * @store: where the history is
 * @conversation: whose history
 *
 * Returns: (transfer full): an empty window; ask for a place next
 */
BurbleMessageWindow *
burble_message_window_new (BurbleStore *store, BurbleConversation *conversation)
{
  BurbleMessageWindow *self = NULL;

  g_return_val_if_fail (BURBLE_IS_STORE (store), NULL);
  g_return_val_if_fail (BURBLE_IS_CONVERSATION (conversation), NULL);

  self = g_object_new (BURBLE_TYPE_MESSAGE_WINDOW, NULL);
  self->store = g_object_ref (store);
  self->conversation = g_object_ref (conversation);
  return self;
}

/**
 * burble_message_window_get_conversation:
 * @self: a window
 *
 * Returns: (transfer none): whose history it shows
 */
BurbleConversation *
burble_message_window_get_conversation (BurbleMessageWindow *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE_WINDOW (self), NULL);

  return self->conversation;
}

/**
 * burble_message_window_open:
 * @self: an empty window
 *
 * Goes to where reading stopped, or to the end, and sets the boundary.
 */
void
burble_message_window_open (BurbleMessageWindow *self)
{
  g_return_if_fail (BURBLE_IS_MESSAGE_WINDOW (self));
  g_return_if_fail (!self->loading && !self->loaded);

  self->loading = TRUE;
  self->direction = BURBLE_PAGE_LATEST;
  burble_store_find_unread_async (self->store, self->conversation, NULL, store_unread_cb,
                                  g_object_ref (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

/**
 * burble_message_window_load_latest:
 * @self: a window onto a chat
 *
 * Puts the newest messages in the place of those that are in it.
 */
void
burble_message_window_load_latest (BurbleMessageWindow *self)
{
  g_return_if_fail (BURBLE_IS_MESSAGE_WINDOW (self));

  load (self, BURBLE_PAGE_LATEST, 0, 0);
}

/**
 * burble_message_window_load_around:
 * @self: a window onto a chat
 * @time: of a message, µs
 * @row: its row in the store
 *
 * Puts what is around that message in the place of what is in it.
 */
void
burble_message_window_load_around (BurbleMessageWindow *self, gint64 time, gint64 row)
{
  g_return_if_fail (BURBLE_IS_MESSAGE_WINDOW (self));

  load (self, BURBLE_PAGE_AROUND, time, row);
}

/**
 * burble_message_window_load_older:
 * @self: a window onto a chat
 *
 * Adds a page before the first message; does nothing at the start, or while it is loading. At the
 * other end messages go where there are too many.
 */
void
burble_message_window_load_older (BurbleMessageWindow *self)
{
  BurbleMessage *first = NULL;

  g_return_if_fail (BURBLE_IS_MESSAGE_WINDOW (self));

  if (self->loading || self->at_start || self->rows->len == 0)
    return;
  first = g_ptr_array_index (self->rows, 0);
  load (self, BURBLE_PAGE_BEFORE, burble_message_get_time (first), burble_message_get_row (first));
}

void
burble_message_window_load_newer (BurbleMessageWindow *self)
{
  BurbleMessage *last = NULL;

  g_return_if_fail (BURBLE_IS_MESSAGE_WINDOW (self));

  if (self->loading || self->at_end || self->rows->len == 0)
    return;
  last = g_ptr_array_index (self->rows, self->rows->len - 1);
  load (self, BURBLE_PAGE_AFTER, burble_message_get_time (last), burble_message_get_row (last));
}

gboolean
burble_message_window_get_loading (BurbleMessageWindow *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE_WINDOW (self), FALSE);

  return self->loading;
}

gboolean
burble_message_window_get_at_start (BurbleMessageWindow *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE_WINDOW (self), FALSE);

  return self->at_start;
}

gboolean
burble_message_window_get_at_end (BurbleMessageWindow *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE_WINDOW (self), FALSE);

  return self->at_end;
}

guint
burble_message_window_get_newer (BurbleMessageWindow *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE_WINDOW (self), 0);

  return self->newer;
}

gint64
burble_message_window_get_unread_boundary (BurbleMessageWindow *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE_WINDOW (self), 0);

  return self->unread_boundary;
}

void
burble_message_window_add (BurbleMessageWindow *self, BurbleMessage *message)
{
  g_autoptr(GPtrArray) one = g_ptr_array_new ();

  g_return_if_fail (BURBLE_IS_MESSAGE_WINDOW (self));
  g_return_if_fail (BURBLE_IS_MESSAGE (message));

  g_ptr_array_add (one, message);
  burble_message_window_add_many (self, one);
}

/* Late ones: each at its place, if that is inside the window. */
static void
insert_late (BurbleMessageWindow *self, GPtrArray *messages, guint count)
{
  for (guint i = 0; i < count; i++)
    {
      BurbleMessage *message = g_ptr_array_index (messages, i);
      guint position = find_position (self, burble_message_get_time (message),
                                      burble_message_get_row (message));

      if ((position == 0 && !self->at_start)
          || compare_messages (g_ptr_array_index (self->rows, position), message) == 0)
        continue;
      insert_rows (self, position, messages, i, 1);
    }
}

/**
 * burble_message_window_add_many:
 * @self: a window
 * @messages: (element-type BurbleMessage): stored messages of the conversation, in any order
 *
 * What is newer than the window goes to its end in one step, if it stands at the latest.
 */
void
burble_message_window_add_many (BurbleMessageWindow *self, GPtrArray *messages)
{
  g_autoptr(GPtrArray) sorted = NULL;
  guint start = 0;

  g_return_if_fail (BURBLE_IS_MESSAGE_WINDOW (self));
  g_return_if_fail (messages != NULL);

  if (messages->len == 0)
    return;
  if (self->loading || !self->loaded)
    {
      /* Before the first page is asked for, that page will hold them. */
      if (self->loading)
        g_ptr_array_extend (self->aside, messages, (GCopyFunc) g_object_ref, NULL);
      return;
    }

  sorted = g_ptr_array_copy (messages, (GCopyFunc) g_object_ref, NULL);
  g_ptr_array_set_free_func (sorted, g_object_unref);
  g_ptr_array_sort (sorted, compare_pointers);
  if (self->rows->len > 0)
    {
      BurbleMessage *last = g_ptr_array_index (self->rows, self->rows->len - 1);

      while (start < sorted->len
             && compare_messages (g_ptr_array_index (sorted, start), last) <= 0)
        start++;
    }
  insert_late (self, sorted, start);
  if (self->at_end)
    {
      /* Of a flood only what would stay. */
      guint skip = sorted->len - start > BURBLE_MESSAGE_WINDOW_MAX
                   ? sorted->len - start - BURBLE_MESSAGE_WINDOW_MAX : 0;

      if (skip > 0)
        {
          remove_rows (self, 0, self->rows->len);
          set_flag (self, &self->at_start, FALSE, PROP_AT_START);
        }
      insert_rows (self, self->rows->len, sorted, start + skip, sorted->len - start - skip);
      trim_start (self);
    }
  else
    {
      set_newer (self, self->newer + (sorted->len - start));
      trim_end (self);
    }
}

void
burble_message_window_update_states (BurbleMessageWindow *self,
                                     const char * const  *ids,
                                     BurbleMessageState   state,
                                     const char          *error)
{
  g_autoptr(GHashTable) wanted = NULL;

  g_return_if_fail (BURBLE_IS_MESSAGE_WINDOW (self));
  g_return_if_fail (ids != NULL);

  wanted = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; ids[i] != NULL; i++)
    g_hash_table_add (wanted, (gpointer) ids[i]);
  if (self->loading)
    {
      StateChange *change = g_new0 (StateChange, 1);

      change->ids = g_strdupv ((char **) ids);
      change->state = state;
      change->error = g_strdup (error);
      g_ptr_array_add (self->changes, change);
    }
  for (guint i = 0; i < self->rows->len; i++)
    {
      BurbleMessage *message = g_ptr_array_index (self->rows, i);

      if (!burble_message_is_outgoing (message)
          || !g_hash_table_contains (wanted, burble_message_get_id (message))
          || !burble_message_state_may_become (burble_message_get_state (message), state))
        continue;
      burble_message_set_error (message, error);
      burble_message_set_state (message, state);
    }
}

/**
 * burble_message_window_remove:
 * @self: a window onto a chat
 * @row: of a message that was deleted
 *
 * Also from a page that is still being loaded.
 */
void
burble_message_window_remove (BurbleMessageWindow *self, gint64 row)
{
  g_return_if_fail (BURBLE_IS_MESSAGE_WINDOW (self));

  if (self->loading)
    {
      StateChange *change = g_new0 (StateChange, 1);

      change->removed_row = row;
      g_ptr_array_add (self->changes, change);
    }
  for (guint i = 0; i < self->rows->len; i++)
    {
      if (burble_message_get_row (g_ptr_array_index (self->rows, i)) == row)
        {
          remove_rows (self, i, 1);
          break;
        }
    }
}

void
burble_message_window_mark_read (BurbleMessageWindow *self, gint64 time, gint64 row)
{
  g_return_if_fail (BURBLE_IS_MESSAGE_WINDOW (self));

  for (guint i = 0; i < self->rows->len; i++)
    {
      BurbleMessage *message = g_ptr_array_index (self->rows, i);

      if (compare_key (message, time, row) > 0)
        break;
      burble_message_set_unread (message, FALSE);
    }
}
