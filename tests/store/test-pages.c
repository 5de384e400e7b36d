/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store-fixture.h"

#define PEER "alice@example.org"

/* Messages named by their number; `same` of them share each time. */
static GPtrArray *
fill (StoreFixture *f, guint count, guint same)
{
  GPtrArray *batch = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < count; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      g_ptr_array_add (batch, store_fixture_incoming (PEER, id, id, 1000 + i / same));
    }
  g_ptr_array_unref (store_fixture_list (f, CALL (burble_store_add_messages_async, f->store,
                                                  f->account, batch, -1)));
  return batch;
}

static GPtrArray *
load (StoreFixture *f, BurblePageDirection direction, gint64 time, gint64 row, guint limit)
{
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);

  return store_fixture_list (f, CALL (burble_store_load_page_async, f->store, chat, direction,
                                      time, row, limit));
}

static void
assert_page (StoreFixture *f, BurblePageDirection direction, BurbleMessage *anchor, guint limit,
             const char *expected)
{
  g_autoptr(GPtrArray) page =
    load (f, direction, anchor != NULL ? burble_message_get_time (anchor) : 0,
          anchor != NULL ? burble_message_get_row (anchor) : 0, limit);
  g_autofree char *texts = store_fixture_join_texts (page);

  g_assert_cmpstr (texts, ==, expected);
}

static void
test_directions (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) all = fill (f, 10, GPOINTER_TO_UINT (data));
  BurbleMessage *fourth = g_ptr_array_index (all, 4);

  assert_page (f, BURBLE_PAGE_LATEST, NULL, 3, "7 8 9");
  assert_page (f, BURBLE_PAGE_LATEST, fourth, 3, "7 8 9");
  assert_page (f, BURBLE_PAGE_LATEST, NULL, 100, "0 1 2 3 4 5 6 7 8 9");
  assert_page (f, BURBLE_PAGE_LATEST, NULL, 0, "");
  assert_page (f, BURBLE_PAGE_BEFORE, fourth, 3, "1 2 3");
  assert_page (f, BURBLE_PAGE_BEFORE, fourth, 100, "0 1 2 3");
  assert_page (f, BURBLE_PAGE_BEFORE, g_ptr_array_index (all, 0), 3, "");
  assert_page (f, BURBLE_PAGE_AFTER, fourth, 3, "5 6 7");
  assert_page (f, BURBLE_PAGE_AFTER, fourth, 100, "5 6 7 8 9");
  assert_page (f, BURBLE_PAGE_AFTER, g_ptr_array_index (all, 9), 3, "");
  assert_page (f, BURBLE_PAGE_AROUND, fourth, 4, "2 3 4 5");
  assert_page (f, BURBLE_PAGE_AROUND, fourth, 5, "2 3 4 5 6");
  assert_page (f, BURBLE_PAGE_AROUND, fourth, 1, "4");
  assert_page (f, BURBLE_PAGE_AROUND, g_ptr_array_index (all, 0), 4, "0 1");
  assert_page (f, BURBLE_PAGE_AROUND, g_ptr_array_index (all, 9), 4, "7 8 9");
}

static void
test_anchor_that_is_gone (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) all = fill (f, 5, 1);
  BurbleMessage *second = g_ptr_array_index (all, 2);

  store_fixture_done (f, CALL (burble_store_delete_message_async, f->store, second));
  assert_page (f, BURBLE_PAGE_BEFORE, second, 10, "0 1");
  assert_page (f, BURBLE_PAGE_AFTER, second, 10, "3 4");
  assert_page (f, BURBLE_PAGE_AROUND, second, 4, "0 1 3 4");
}

static void
test_other_chats_are_not_in_it (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) all = fill (f, 3, 1);
  g_autoptr(BurbleMessage) other = store_fixture_incoming ("bob@example.org", "b", "other", 1001);

  store_fixture_add (f, other);
  assert_page (f, BURBLE_PAGE_LATEST, NULL, 10, "0 1 2");
  assert_page (f, BURBLE_PAGE_AFTER, g_ptr_array_index (all, 0), 10, "1 2");
}

/* Walking the whole chat page by page meets each message once, in both directions, wherever the
 * borders fall among equal times. */
static void
test_walk_meets_each_once (StoreFixture *f, gconstpointer data)
{
  const guint count = 500;
  g_autoptr(GPtrArray) all = fill (f, count, GPOINTER_TO_UINT (data));

  for (guint limit = 1; limit < 120; limit = limit * 2 + 1)
    {
      gint64 time = 0;
      gint64 row = 0;
      guint met = 0;
      g_autoptr(GPtrArray) page = load (f, BURBLE_PAGE_AFTER, time, row, limit);

      while (page->len > 0)
        {
          BurbleMessage *last = g_ptr_array_index (page, page->len - 1);

          for (guint i = 0; i < page->len; i++, met++)
            g_assert_cmpint (burble_message_get_row (g_ptr_array_index (page, i)), ==,
                             burble_message_get_row (g_ptr_array_index (all, met)));
          time = burble_message_get_time (last);
          row = burble_message_get_row (last);
          g_clear_pointer (&page, g_ptr_array_unref);
          page = load (f, BURBLE_PAGE_AFTER, time, row, limit);
        }
      g_assert_cmpuint (met, ==, count);

      g_clear_pointer (&page, g_ptr_array_unref);
      page = load (f, BURBLE_PAGE_LATEST, 0, 0, limit);
      while (page->len > 0)
        {
          BurbleMessage *first = g_ptr_array_index (page, 0);

          for (guint i = page->len; i > 0; i--)
            {
              met--;
              g_assert_cmpint (burble_message_get_row (g_ptr_array_index (page, i - 1)), ==,
                               burble_message_get_row (g_ptr_array_index (all, met)));
            }
          time = burble_message_get_time (first);
          row = burble_message_get_row (first);
          g_clear_pointer (&page, g_ptr_array_unref);
          page = load (f, BURBLE_PAGE_BEFORE, time, row, limit);
        }
      g_assert_cmpuint (met, ==, 0);
    }
}

/* No sorting and no scanning: the plan says so, at any length of the chat. */
static void
test_pages_walk_the_index (StoreFixture *f, gconstpointer data)
{
  const char * const conditions[] = {
    "", "AND (time, message) < (5, 5)", "AND (time, message) > (5, 5)",
    "AND (time, message) >= (5, 5)",
  };

  store_fixture_close (f);
  for (guint i = 0; i < G_N_ELEMENTS (conditions); i++)
    {
      const char *order = i < 2 ? "DESC" : "ASC";
      g_autofree char *sql =
        g_strdup_printf ("EXPLAIN QUERY PLAN SELECT * FROM messages INDEXED BY messages_by_time"
                         " WHERE conversation = 1 %s ORDER BY time %s, message %s LIMIT 10",
                         conditions[i], order, order);

      /* One step, no "USE TEMP B-TREE FOR ORDER BY" after it. */
      g_assert_cmpint (store_fixture_sql_rows (f, sql), ==, 1);
    }
}

#define ADD(name, data, function)                                                      \
  g_test_add ("/store/pages/" name, StoreFixture, data, store_fixture_set_up, function, \
              store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("directions", GUINT_TO_POINTER (1), test_directions);
  ADD ("directions-with-equal-times", GUINT_TO_POINTER (10), test_directions);
  ADD ("directions-with-some-equal-times", GUINT_TO_POINTER (3), test_directions);
  ADD ("anchor-that-is-gone", NULL, test_anchor_that_is_gone);
  ADD ("other-chats-are-not-in-it", NULL, test_other_chats_are_not_in_it);
  ADD ("walk-meets-each-once", GUINT_TO_POINTER (1), test_walk_meets_each_once);
  ADD ("walk-meets-each-once-with-equal-times", GUINT_TO_POINTER (500), test_walk_meets_each_once);
  ADD ("walk-meets-each-once-with-some-equal-times", GUINT_TO_POINTER (7),
       test_walk_meets_each_once);
  ADD ("pages-walk-the-index", NULL, test_pages_walk_the_index);
  return g_test_run ();
}
