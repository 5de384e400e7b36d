/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-fixture.h"

#define PEER "bob@example.org"
#define MANY 10000

/* A chat on disk, and what a view of it would be told. */
typedef struct
{
  Person *person; /* for its folder */
  BurbleStore *store;
  BurbleAccount *account;
  BurbleConversation *conversation;
  BurbleMessageWindow *window;
  GPtrArray *shadow; /* what somebody who only follows items-changed holds */
  guint signals;
} Fixture;

static void
items_changed_cb (Fixture *f, guint position, guint removed, guint added, GListModel *model)
{
  f->signals++;
  g_assert_cmpuint (position + removed, <=, f->shadow->len);
  if (removed > 0)
    g_ptr_array_remove_range (f->shadow, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (f->shadow, position + i, g_list_model_get_item (model, position + i));
  g_assert_cmpuint (f->shadow->len, ==, g_list_model_get_n_items (model));
  for (guint i = 0; i < f->shadow->len; i++)
    {
      g_autoptr(BurbleMessage) message = g_list_model_get_item (model, i);

      g_assert_true (message == g_ptr_array_index (f->shadow, i));
    }
  g_assert_cmpuint (f->shadow->len, <=, 3 * BURBLE_MESSAGE_WINDOW_MAX);
}

static BurbleMessage *
make_message (guint number)
{
  g_autofree char *id = g_strdup_printf ("m%u", number);
  BurbleMessage *message = NULL;

  /* Ten apart: there is room for late ones. */
  message = burble_message_new (id, PEER, FALSE, id, 1000000 + number * 10);
  burble_message_set_peer (message, PEER);
  burble_message_set_unread (message, FALSE);
  return message;
}

static GPtrArray *
store_messages (Fixture *f, GPtrArray *messages)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *fresh = NULL;

  result = WAIT_FOR (burble_store_add_messages_async, f->store, f->account, messages, -1);
  fresh = burble_store_list_finish (f->store, result, &error);
  g_assert_no_error (error);
  return fresh;
}

static void
store_range (Fixture *f, guint first, guint count)
{
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) fresh = NULL;

  for (guint i = 0; i < count; i++)
    g_ptr_array_add (messages, make_message (first + i));
  fresh = store_messages (f, messages);
  g_assert_cmpuint (fresh->len, ==, count);
}

/* Stored and told, as the session does it. */
static void
arrive (Fixture *f, BurbleMessage *message)
{
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) fresh = NULL;

  g_ptr_array_add (messages, message);
  fresh = store_messages (f, messages);
  burble_message_window_add_many (f->window, fresh);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) saved = NULL;
  g_autoptr(BurbleContact) contact = NULL;

  f->person = person_new ("alice@example.org", "laptop");
  path = g_build_filename (f->person->directory, "burble.db", NULL);
  f->store = burble_store_new (path);
  opened = WAIT_FOR (burble_store_open_async, f->store);
  g_assert_true (burble_store_open_finish (f->store, opened, NULL));
  f->account = burble_account_new (NULL, "dummy", "alice@example.org");
  saved = WAIT_FOR (burble_store_save_account_async, f->store, f->account);
  g_assert_true (burble_store_done_finish (f->store, saved, NULL));
  contact = burble_contact_new (f->account, PEER);
  f->conversation = burble_conversation_new (contact);
  f->window = burble_message_window_new (f->store, f->conversation);
  f->shadow = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect_swapped (f->window, "items-changed", G_CALLBACK (items_changed_cb), f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr(GAsyncResult) closed = NULL;

  closed = WAIT_FOR (burble_store_close_async, f->store);
  g_assert_true (burble_store_close_finish (f->store, closed, NULL));
  g_clear_object (&closed);
  g_ptr_array_unref (f->shadow);
  g_assert_finalize_object (f->window);
  g_object_unref (f->conversation);
  g_object_unref (f->account);
  g_assert_finalize_object (f->store);
  person_free (f->person);
}

static void
wait_loaded (Fixture *f)
{
  burble_test_wait_until (!burble_message_window_get_loading (f->window));
}

static guint
n_rows (Fixture *f)
{
  return g_list_model_get_n_items (G_LIST_MODEL (f->window));
}

static const char *
text_at (Fixture *f, guint position)
{
  return burble_message_get_text (g_ptr_array_index (f->shadow, position));
}

/* The window shows first … first + count - 1, in order and without holes. */
static void
assert_range (Fixture *f, guint first, guint count)
{
  g_assert_cmpuint (n_rows (f), ==, count);
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *expected = g_strdup_printf ("m%u", first + i);

      g_assert_cmpstr (text_at (f, i), ==, expected);
    }
}

static void
test_paging (Fixture *f, gconstpointer data)
{
  guint oldest = MANY - BURBLE_MESSAGE_WINDOW_PAGE;

  store_range (f, 0, MANY);
  burble_message_window_open (f->window);
  wait_loaded (f);
  assert_range (f, oldest, BURBLE_MESSAGE_WINDOW_PAGE);
  g_assert_true (burble_message_window_get_at_end (f->window));
  g_assert_false (burble_message_window_get_at_start (f->window));
  g_assert_cmpint (burble_message_window_get_unread_boundary (f->window), ==, 0);

  /* All the way up: never more than the window holds, and what stays keeps its object. */
  while (!burble_message_window_get_at_start (f->window))
    {
      g_autoptr(BurbleMessage) anchor = g_object_ref (g_ptr_array_index (f->shadow, 0));
      guint before = f->signals;

      burble_message_window_load_older (f->window);
      g_assert_true (burble_message_window_get_loading (f->window));
      wait_loaded (f);
      g_assert_cmpuint (f->signals - before, <=, 2);
      g_assert_cmpuint (n_rows (f), <=, BURBLE_MESSAGE_WINDOW_MAX);
      if (oldest >= BURBLE_MESSAGE_WINDOW_PAGE)
        {
          oldest -= BURBLE_MESSAGE_WINDOW_PAGE;
          g_assert_true (g_ptr_array_index (f->shadow, BURBLE_MESSAGE_WINDOW_PAGE) == anchor);
        }
    }
  assert_range (f, 0, BURBLE_MESSAGE_WINDOW_MAX);
  g_assert_false (burble_message_window_get_at_end (f->window));

  /* And down again. */
  while (!burble_message_window_get_at_end (f->window))
    {
      burble_message_window_load_newer (f->window);
      wait_loaded (f);
      g_assert_cmpuint (n_rows (f), <=, BURBLE_MESSAGE_WINDOW_MAX);
    }
  assert_range (f, MANY - BURBLE_MESSAGE_WINDOW_MAX, BURBLE_MESSAGE_WINDOW_MAX);
}

static void
test_jump (Fixture *f, gconstpointer data)
{
  BurbleMessage *anchor = NULL;

  store_range (f, 0, MANY);
  burble_message_window_open (f->window);
  wait_loaded (f);
  for (guint i = 0; i < 3; i++)
    {
      burble_message_window_load_older (f->window);
      wait_loaded (f);
    }
  anchor = g_ptr_array_index (f->shadow, 50);

  /* To somewhere near: what both show keeps its objects. */
  burble_message_window_load_around (f->window, burble_message_get_time (anchor),
                                     burble_message_get_row (anchor));
  wait_loaded (f);
  g_assert_true (g_ptr_array_find (f->shadow, anchor, NULL));
  g_assert_cmpuint (n_rows (f), ==, BURBLE_MESSAGE_WINDOW_PAGE);
  g_assert_false (burble_message_window_get_at_end (f->window));
  g_assert_false (burble_message_window_get_at_start (f->window));

  burble_message_window_load_latest (f->window);
  wait_loaded (f);
  assert_range (f, MANY - BURBLE_MESSAGE_WINDOW_PAGE, BURBLE_MESSAGE_WINDOW_PAGE);
  g_assert_true (burble_message_window_get_at_end (f->window));
}

/* Jumping while an older page is on its way: the jump wins. */
static void
test_jump_while_loading (Fixture *f, gconstpointer data)
{
  store_range (f, 0, 1000);
  burble_message_window_open (f->window);
  wait_loaded (f);
  burble_message_window_load_older (f->window);
  burble_message_window_load_latest (f->window);
  wait_loaded (f);
  assert_range (f, 900, 100);
}

static void
test_new_messages (Fixture *f, gconstpointer data)
{
  store_range (f, 0, 1000);
  burble_message_window_open (f->window);
  wait_loaded (f);
  f->signals = 0;
  arrive (f, make_message (1000));
  g_assert_cmpuint (f->signals, ==, 1);
  assert_range (f, 900, 101);

  /* Told twice: shown once. */
  burble_message_window_add (f->window, g_ptr_array_index (f->shadow, 100));
  g_assert_cmpuint (n_rows (f), ==, 101);

  /* Not standing at the latest: only counted. */
  burble_message_window_load_around (f->window, 1000000 + 10, 0);
  wait_loaded (f);
  g_assert_false (burble_message_window_get_at_end (f->window));
  f->signals = 0;
  arrive (f, make_message (1001));
  arrive (f, make_message (1002));
  g_assert_cmpuint (f->signals, ==, 0);
  g_assert_cmpuint (burble_message_window_get_newer (f->window), ==, 2);
  burble_message_window_load_latest (f->window);
  wait_loaded (f);
  g_assert_cmpuint (burble_message_window_get_newer (f->window), ==, 0);
  assert_range (f, 903, 100);
}

static void
test_late_messages (Fixture *f, gconstpointer data)
{
  BurbleMessage *late = NULL;

  store_range (f, 0, 1000);
  burble_message_window_open (f->window);
  wait_loaded (f);
  f->signals = 0;
  late = burble_message_new ("late", PEER, FALSE, "late", 1000000 + 950 * 10 + 5);
  burble_message_set_peer (late, PEER);
  arrive (f, late);
  g_assert_cmpuint (f->signals, ==, 1);
  g_assert_cmpuint (n_rows (f), ==, 101);
  g_assert_cmpstr (text_at (f, 50), ==, "m950");
  g_assert_cmpstr (text_at (f, 51), ==, "late");
  g_assert_cmpstr (text_at (f, 52), ==, "m951");

  /* Before what the window shows: it is met when one scrolls there. */
  late = burble_message_new ("later", PEER, FALSE, "later", 1000000 + 100 * 10 + 5);
  burble_message_set_peer (late, PEER);
  arrive (f, late);
  g_assert_cmpuint (n_rows (f), ==, 101);

  /* One at the very time of another comes after it. */
  late = burble_message_new ("same", PEER, FALSE, "same", 1000000 + 999 * 10);
  burble_message_set_peer (late, PEER);
  arrive (f, late);
  g_assert_cmpstr (text_at (f, n_rows (f) - 1), ==, "same");
}

/* A flood into the open chat does not become a flood of signals, nor of rows. */
static void
test_flood (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) fresh = NULL;

  store_range (f, 0, 200);
  burble_message_window_open (f->window);
  wait_loaded (f);
  for (guint i = 0; i < 5000; i++)
    g_ptr_array_add (messages, make_message (200 + i));
  fresh = store_messages (f, messages);
  f->signals = 0;
  burble_message_window_add_many (f->window, fresh);
  g_assert_cmpuint (f->signals, <=, 3);
  assert_range (f, 5200 - BURBLE_MESSAGE_WINDOW_MAX, BURBLE_MESSAGE_WINDOW_MAX);
  g_assert_false (burble_message_window_get_at_start (f->window));
}

/* What comes between the question and the page is neither lost nor doubled. */
static void
test_race (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) fresh = NULL;

  store_range (f, 0, 350);
  g_ptr_array_add (messages, make_message (350));
  fresh = store_messages (f, messages);
  burble_message_window_open (f->window);
  burble_message_window_add_many (f->window, fresh);
  wait_loaded (f);
  assert_range (f, 251, 100);

  burble_message_window_load_older (f->window);
  arrive (f, make_message (351));
  wait_loaded (f);
  assert_range (f, 151, 201);
}

static void
test_states (Fixture *f, gconstpointer data)
{
  const char *ids[] = { "own", NULL };
  g_autoptr(BurbleMessage) own = NULL;
  g_autoptr(GAsyncResult) queued = NULL;
  BurbleMessage *shown = NULL;

  store_range (f, 0, 10);
  own = burble_message_new ("own", "alice@example.org", TRUE, "own", 2000000);
  burble_message_set_peer (own, PEER);
  queued = WAIT_FOR (burble_store_queue_message_async, f->store, f->account, own);
  g_assert_true (burble_store_done_finish (f->store, queued, NULL));

  /* Also while the page that shows it is on its way. */
  burble_message_window_open (f->window);
  burble_message_window_update_states (f->window, ids, BURBLE_MESSAGE_SENT, NULL);
  wait_loaded (f);
  g_assert_cmpuint (n_rows (f), ==, 11);
  g_assert_true (burble_message_window_get_at_start (f->window));
  shown = g_ptr_array_index (f->shadow, 10);
  g_assert_cmpint (burble_message_get_state (shown), ==, BURBLE_MESSAGE_SENT);
  burble_message_window_update_states (f->window, ids, BURBLE_MESSAGE_READ, NULL);
  g_assert_cmpint (burble_message_get_state (shown), ==, BURBLE_MESSAGE_READ);
  /* Never down. */
  burble_message_window_update_states (f->window, ids, BURBLE_MESSAGE_DELIVERED, NULL);
  g_assert_cmpint (burble_message_get_state (shown), ==, BURBLE_MESSAGE_READ);
  burble_message_window_update_states (f->window, ids, BURBLE_MESSAGE_FAILED, "refused");
  g_assert_cmpint (burble_message_get_state (shown), ==, BURBLE_MESSAGE_READ);

  burble_message_window_remove (f->window, burble_message_get_row (shown));
  assert_range (f, 0, 10);
}

static void
test_unread (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) fresh = NULL;
  gint64 boundary;

  store_range (f, 0, 500);
  for (guint i = 0; i < 300; i++)
    {
      g_ptr_array_add (messages, make_message (500 + i));
      burble_message_set_unread (g_ptr_array_index (messages, i), TRUE);
    }
  fresh = store_messages (f, messages);
  boundary = burble_message_get_row (g_ptr_array_index (fresh, 0));

  /* It opens where reading stopped, with something to see before it. */
  burble_message_window_open (f->window);
  wait_loaded (f);
  g_assert_cmpint (burble_message_window_get_unread_boundary (f->window), ==, boundary);
  assert_range (f, 450, 100);
  g_assert_false (burble_message_window_get_at_end (f->window));
  g_assert_false (burble_message_window_get_at_start (f->window));
  /* The boundary stays while the chat is open. */
  burble_message_window_load_latest (f->window);
  wait_loaded (f);
  g_assert_cmpint (burble_message_window_get_unread_boundary (f->window), ==, boundary);
}

static void
test_empty (Fixture *f, gconstpointer data)
{
  burble_message_window_open (f->window);
  wait_loaded (f);
  g_assert_cmpuint (n_rows (f), ==, 0);
  g_assert_true (burble_message_window_get_at_start (f->window));
  g_assert_true (burble_message_window_get_at_end (f->window));
  arrive (f, make_message (0));
  assert_range (f, 0, 1);
}

#define ADD(path, function) \
  g_test_add ("/session/message-window/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("pages-up-and-down-10000", test_paging);
  ADD ("jumps-keep-what-both-show", test_jump);
  ADD ("a-jump-wins-over-a-page", test_jump_while_loading);
  ADD ("new-messages-at-the-end", test_new_messages);
  ADD ("late-messages-at-their-place", test_late_messages);
  ADD ("a-flood-is-one-change", test_flood);
  ADD ("nothing-lost-while-a-page-loads", test_race);
  ADD ("states-only-climb", test_states);
  ADD ("opens-where-reading-stopped", test_unread);
  ADD ("empty-chat", test_empty);

  return g_test_run ();
}
