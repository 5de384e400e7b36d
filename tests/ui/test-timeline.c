/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>

#include "burble-timeline.h"

#define MINUTE G_TIME_SPAN_MINUTE
/* Noon of some day. */
#define NOON (G_GINT64_CONSTANT (1778068800) * G_USEC_PER_SEC)

typedef struct
{
  GListStore *messages;
  BurbleTimeline *timeline;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->messages = g_list_store_new (BURBLE_TYPE_MESSAGE);
  f->timeline = burble_timeline_new (G_LIST_MODEL (f->messages));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->timeline);
  g_assert_finalize_object (f->messages);
}

static void
insert (Fixture *f, guint position, gint64 row, const char *sender, gint64 time)
{
  g_autoptr(BurbleMessage) message = burble_message_new (NULL, sender, g_str_equal (sender, "me"),
                                                         "text", time);

  burble_message_set_row (message, row);
  g_list_store_insert (f->messages, position, message);
}

static void
append (Fixture *f, gint64 row, const char *sender, gint64 time)
{
  insert (f, g_list_model_get_n_items (G_LIST_MODEL (f->messages)), row, sender, time);
}

/* One character per message: "(" begins and ends not, ")" the other way, "o" both, "-" neither;
 * before it "D" for a day and "N" for the line of new messages. */
static char *
shape (Fixture *f)
{
  GString *line = g_string_new (NULL);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (f->timeline));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BurbleTimelineItem) item = g_list_model_get_item (G_LIST_MODEL (f->timeline), i);
      gboolean start = burble_timeline_item_get_group_start (item);
      gboolean end = burble_timeline_item_get_group_end (item);

      if (burble_timeline_item_get_day (item) != NULL)
        g_string_append_c (line, 'D');
      if (burble_timeline_item_get_boundary (item))
        g_string_append_c (line, 'N');
      g_string_append_c (line, start && end ? 'o' : start ? '(' : end ? ')' : '-');
    }
  return g_string_free (line, FALSE);
}

#define assert_shape(f, expected) \
  G_STMT_START { \
    g_autofree char *shape_ = shape (f); \
    g_assert_cmpstr (shape_, ==, expected); \
  } G_STMT_END

static void
test_groups_by_sender (Fixture *f, gconstpointer data)
{
  append (f, 1, "alice", NOON);
  append (f, 2, "alice", NOON + MINUTE);
  append (f, 3, "alice", NOON + 2 * MINUTE);
  append (f, 4, "me", NOON + 3 * MINUTE);
  append (f, 5, "alice", NOON + 4 * MINUTE);
  assert_shape (f, "D(-)oo");
}

static void
test_groups_by_time (Fixture *f, gconstpointer data)
{
  append (f, 1, "alice", NOON);
  append (f, 2, "alice", NOON + BURBLE_TIMELINE_GROUP_GAP);
  append (f, 3, "alice", NOON + 2 * BURBLE_TIMELINE_GROUP_GAP + 1);
  assert_shape (f, "D()o");
}

static void
test_days (Fixture *f, gconstpointer data)
{
  append (f, 1, "alice", NOON + 719 * MINUTE); /* 23:59 */
  append (f, 2, "alice", NOON + 721 * MINUTE); /* 00:01 */
  append (f, 3, "alice", NOON + 722 * MINUTE);
  assert_shape (f, "DoD()");
}

/* A date that could not be read belongs to no day, and to no group but of its like. */
static void
test_unknown_dates (Fixture *f, gconstpointer data)
{
  static const char * const texts[] = { "some day", "some day", "another day", NULL, NULL, "once" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(BurbleMessage) message = burble_message_new (NULL, "alice", FALSE, "text",
                                                             NOON + i);

      burble_message_set_row (message, i + 1);
      burble_message_set_time_text (message, texts[i]);
      g_list_store_append (f->messages, message);
    }
  assert_shape (f, "()oD()o");
}

static void
test_an_older_page_joins (Fixture *f, gconstpointer data)
{
  append (f, 3, "alice", NOON + 2 * MINUTE);
  append (f, 4, "alice", NOON + 3 * MINUTE);
  assert_shape (f, "D()");
  insert (f, 0, 2, "alice", NOON + MINUTE);
  insert (f, 0, 1, "me", NOON);
  assert_shape (f, "Do(-)");
}

static void
test_a_late_message_in_the_middle (Fixture *f, gconstpointer data)
{
  append (f, 1, "alice", NOON);
  append (f, 2, "alice", NOON + 2 * MINUTE);
  assert_shape (f, "D()");
  insert (f, 1, 3, "me", NOON + MINUTE);
  assert_shape (f, "Dooo");
}

static void
test_removal_mends_groups (Fixture *f, gconstpointer data)
{
  append (f, 1, "alice", NOON);
  append (f, 2, "me", NOON + MINUTE);
  append (f, 3, "alice", NOON + 2 * MINUTE);
  g_list_store_remove (f->messages, 1);
  assert_shape (f, "D()");
  g_list_store_remove (f->messages, 1);
  assert_shape (f, "Do");
  g_list_store_remove (f->messages, 0);
  assert_shape (f, "");
}

static void
test_boundary_breaks_a_group_and_stays (Fixture *f, gconstpointer data)
{
  append (f, 1, "alice", NOON);
  append (f, 2, "alice", NOON + MINUTE);
  burble_timeline_set_boundary (f->timeline, 2);
  assert_shape (f, "DoNo");
  append (f, 3, "alice", NOON + 2 * MINUTE);
  assert_shape (f, "DoN()");
  g_assert_cmpuint (burble_timeline_find (f->timeline, 2), ==, 1);
  g_assert_cmpuint (burble_timeline_find (f->timeline, 9), ==, G_MAXUINT);
}

static void
check_count_cb (GListModel *model, guint position, guint removed, guint added, guint *n_items)
{
  *n_items += added;
  *n_items -= removed;
  g_assert_cmpuint (*n_items, ==, g_list_model_get_n_items (model));
}

static void
test_tells_of_every_change (Fixture *f, gconstpointer data)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);
  guint n_items = 0;

  g_signal_connect (f->timeline, "items-changed", G_CALLBACK (check_count_cb), &n_items);
  for (guint i = 0; i < 500; i++)
    {
      guint n = g_list_model_get_n_items (G_LIST_MODEL (f->messages));

      if (n > 0 && g_rand_int_range (rand, 0, 3) == 0)
        g_list_store_remove (f->messages, g_rand_int_range (rand, 0, n));
      else
        insert (f, g_rand_int_range (rand, 0, n + 1), i + 1,
                g_rand_boolean (rand) ? "me" : "alice",
                NOON + g_rand_int_range (rand, 0, 6000) * MINUTE);
    }
  {
    /* However it came about, it looks as if made at once. */
    g_autoptr(BurbleTimeline) fresh = burble_timeline_new (G_LIST_MODEL (f->messages));
    Fixture other = { f->messages, fresh };
    g_autofree char *expected = shape (&other);

    assert_shape (f, expected);
  }
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/ui/timeline/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("groups-by-sender", test_groups_by_sender);
  ADD ("groups-by-time", test_groups_by_time);
  ADD ("days", test_days);
  ADD ("unknown-dates", test_unknown_dates);
  ADD ("an-older-page-joins", test_an_older_page_joins);
  ADD ("a-late-message-in-the-middle", test_a_late_message_in_the_middle);
  ADD ("removal-mends-groups", test_removal_mends_groups);
  ADD ("boundary-breaks-a-group-and-stays", test_boundary_breaks_a_group_and_stays);
  ADD ("tells-of-every-change", test_tells_of_every_change);
  return g_test_run ();
}
