/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include <glib/gstdio.h>

#include "store-fixture.h"

/*
 * What the store costs: store-bench [MESSAGES], one million if not told. Absolute times are of this
 * machine and its disk; the ratios say whether a cost depends on the length of the history, which
 * it must not.
 */

#define LONG_CHAT "long@example.org"
#define SHORT_CHAT "short@example.org"
#define BATCH 5000
#define CHATS 1000
#define ROUNDS 51

static const char * const words[] = {
  "moss", "fern", "garden", "tomorrow", "train", "coffee", "window", "maybe", "the", "and", "a",
  "to", "we", "should", "look", "at", "yes", "no", "thanks", "evening", "report", "music", "rain",
};

static char *
make_text (guint number)
{
  GString *text = g_string_new (NULL);
  guint count = 3 + number % 12;

  for (guint i = 0; i < count; i++)
    g_string_append_printf (text, "%s ", words[g_random_int_range (0, G_N_ELEMENTS (words))]);
  g_string_append_printf (text, "n%u", number);
  return g_string_free (text, FALSE);
}

static double
add_batch (StoreFixture *f, const char *peer, guint first, guint count, gboolean unread)
{
  g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 start;

  for (guint i = first; i < first + count; i++)
    {
      g_autofree char *text = make_text (i);
      gint64 time = (G_GINT64_CONSTANT (1600000000) + i) * G_USEC_PER_SEC;
      BurbleMessage *message = store_fixture_incoming (peer, NULL, text, time);

      burble_message_set_unread (message, unread);
      g_ptr_array_add (batch, message);
    }
  start = g_get_monotonic_time ();
  g_ptr_array_unref (store_fixture_list (f, CALL (burble_store_add_messages_async, f->store,
                                                  f->account, batch, -1)));
  return (g_get_monotonic_time () - start) / 1e6;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

/* What a window does to show a chat: where is the first unread one, how many, and a page. */
static double
open_chat (StoreFixture *f, BurbleConversation *chat)
{
  gint64 start = g_get_monotonic_time ();

  g_object_unref (CALL (burble_store_find_unread_async, f->store, chat));
  g_object_unref (CALL (burble_store_count_unread_async, f->store, chat));
  g_ptr_array_unref (store_fixture_list (f, CALL (burble_store_load_page_async, f->store, chat,
                                                  BURBLE_PAGE_LATEST, 0, 0, 100)));
  return (g_get_monotonic_time () - start) / 1e6;
}

static double
median_of_open (StoreFixture *f, const char *peer, gboolean cold)
{
  g_autoptr(BurbleConversation) chat = store_fixture_load_chat (f, peer);
  double times[ROUNDS];

  for (guint i = 0; i < ROUNDS; i++)
    {
      if (cold)
        store_fixture_reopen (f);
      times[i] = open_chat (f, chat);
    }
  qsort (times, ROUNDS, sizeof *times, compare_doubles);
  return times[ROUNDS / 2];
}

static void
report_opening (StoreFixture *f, guint messages)
{
  for (guint cold = 0; cold < 2; cold++)
    {
      double few = median_of_open (f, SHORT_CHAT, cold);
      double many = median_of_open (f, LONG_CHAT, cold);

      g_print ("open a chat, %s: 100 messages %.2f ms, %u messages %.2f ms, ratio %.2f\n",
               cold ? "store just opened" : "warm", few * 1e3, messages, many * 1e3, many / few);
    }
}

static void
report_walk (StoreFixture *f)
{
  g_autoptr(BurbleConversation) chat = store_fixture_load_chat (f, LONG_CHAT);
  gint64 time = G_MAXINT64;
  gint64 row = G_MAXINT64;
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr(GPtrArray) page =
        store_fixture_list (f, CALL (burble_store_load_page_async, f->store, chat,
                                     BURBLE_PAGE_BEFORE, time, row, 100));

      if (page->len == 0)
        break;
      time = burble_message_get_time (g_ptr_array_index (page, 0));
      row = burble_message_get_row (g_ptr_array_index (page, 0));
    }
  g_print ("scroll up 10,000 messages: %.2f ms a page of 100\n",
           (g_get_monotonic_time () - start) / 1e3 / 100);
}

static void
report_search (StoreFixture *f, const char *query)
{
  g_autoptr(BurbleConversation) chat = store_fixture_load_chat (f, SHORT_CHAT);
  double times[2];
  guint hits[2];

  for (guint i = 0; i < 2; i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr(GAsyncResult) result = CALL (burble_store_search_async, f->store,
                                             i == 0 ? NULL : chat, query, 50);
      g_autoptr(GPtrArray) found = burble_store_search_finish (f->store, result, NULL, NULL);

      times[i] = (g_get_monotonic_time () - start) / 1e3;
      hits[i] = found->len;
    }
  g_print ("search \"%s\": %u hits in %.1f ms; in the chat of 100: %u in %.1f ms\n",
           query, hits[0], times[0], hits[1], times[1]);
}

static void
report_sending (StoreFixture *f)
{
  const guint count = 500;
  GAsyncResult *results[500] = { NULL };
  gint64 start = g_get_monotonic_time ();
  double one_by_one;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr(BurbleMessage) message =
        store_fixture_outgoing (f, SHORT_CHAT, NULL, "one by one", g_get_real_time ());

      store_fixture_done (f, CALL (burble_store_queue_message_async, f->store, f->account,
                                   message));
    }
  one_by_one = (g_get_monotonic_time () - start) / 1e6;
  start = g_get_monotonic_time ();
  for (guint i = 0; i < count; i++)
    {
      g_autoptr(BurbleMessage) message =
        store_fixture_outgoing (f, SHORT_CHAT, NULL, "all at once", g_get_real_time ());

      burble_store_queue_message_async (f->store, f->account, message, NULL,
                                        store_fixture_result_cb, &results[i]);
    }
  for (guint i = 0; i < count; i++)
    {
      burble_test_wait_until (results[i] != NULL);
      store_fixture_done (f, results[i]);
    }
  g_print ("outbox: %.0f messages/s one by one, each synced; %.0f/s asked at once\n",
           count / one_by_one, count * 1e6 / (g_get_monotonic_time () - start));
}

static void
report_list (StoreFixture *f)
{
  gint64 start;
  g_autoptr(GPtrArray) chats = NULL;

  store_fixture_reopen (f);
  start = g_get_monotonic_time ();
  chats = store_fixture_list (f, CALL (burble_store_load_conversations_async, f->store,
                                       f->account));
  g_print ("list of %u chats, store just opened: %.1f ms\n", chats->len,
           (g_get_monotonic_time () - start) / 1e3);
}

static void
report_removal (StoreFixture *f, guint messages)
{
  g_autoptr(BurbleConversation) chat = store_fixture_load_chat (f, LONG_CHAT);
  g_autoptr(BurbleConversation) other = store_fixture_load_chat (f, SHORT_CHAT);
  gint64 start = g_get_monotonic_time ();
  double slowest = 0;

  store_fixture_done (f, CALL (burble_store_remove_conversation_async, f->store, chat));
  g_print ("remove the chat of %u messages: %.1f ms; ", messages,
           (g_get_monotonic_time () - start) / 1e3);
  for (guint i = 0; i < 100; i++)
    {
      gint64 pause = g_get_monotonic_time () + g_random_int_range (0, 500) * 1000;

      burble_test_wait_until (g_get_monotonic_time () > pause);
      slowest = MAX (slowest, open_chat (f, other));
    }
  g_print ("another opens in %.1f ms at most while it is cleared\n", slowest * 1e3);
}

int
main (int argc, char **argv)
{
  guint messages = argc > 1 ? (guint) atoi (argv[1]) : 1000000;
  StoreFixture f = { NULL };
  GStatBuf info;
  double first = 0;
  double last = 0;

  store_fixture_set_up (&f, NULL);
  add_batch (&f, SHORT_CHAT, 0, 100, TRUE);
  for (guint i = 0; i < CHATS; i++)
    {
      g_autofree char *peer = g_strdup_printf ("user%u@example.org", i);

      add_batch (&f, peer, i * 3, 3, TRUE);
    }
  for (guint i = 0; i < messages; i += BATCH)
    {
      last = add_batch (&f, LONG_CHAT, i, MIN (BATCH, messages - i),
                        i + 3 * BATCH > messages);
      if (i == 0)
        first = last;
    }
  g_print ("add %d messages in one transaction: %.2f s at first, %.2f s after %u\n", BATCH, first,
           last, messages);
  store_fixture_reopen (&f);
  g_assert_no_errno (g_stat (f.path, &info));
  g_print ("file: %.0f bytes a message\n", (double) info.st_size / messages);

  report_list (&f);
  report_opening (&f, messages);
  report_walk (&f);
  report_sending (&f);
  report_search (&f, "n77777");
  report_search (&f, "garden moss");
  report_search (&f, "the");
  report_search (&f, "t");
  report_search (&f, "n");
  report_removal (&f, messages);
  store_fixture_tear_down (&f, NULL);
  return 0;
}
