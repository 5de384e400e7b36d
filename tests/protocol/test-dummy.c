/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-dummy-connection.h"

#include <string.h>

#include "burble-dummy-network.h"
#include "burble-test-wait.h"

/*
 * What is special about the dummy: its canned people. That it is a connection like any other is
 * proved by the contract suite.
 */

typedef struct
{
  BurbleDummyNetwork *network;
  BurbleConnection *client;
  GPtrArray *roster;
  guint asks;
  guint received;
  guint typed;
  guint delivered;
  guint read;
  char *last_text;
} Fixture;

static void
roster_reset_cb (Fixture *f, const char *etag, GPtrArray *items)
{
  g_ptr_array_set_size (f->roster, 0);
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (f->roster, burble_roster_item_copy (g_ptr_array_index (items, i)));
}

static void
roster_changed_cb (Fixture *f, const char *etag, GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    f->asks += ((BurbleRosterItem *) g_ptr_array_index (items, i))->asks ? 1 : 0;
}

static void
messages_received_cb (Fixture *f, GPtrArray *messages)
{
  const BurbleMessageEvent *last = g_ptr_array_index (messages, messages->len - 1);

  f->received += messages->len;
  g_set_str (&f->last_text, last->text);
}

static void
typing_changed_cb (Fixture *f, const char *peer, const char *sender, gboolean typing)
{
  f->typed += typing ? 1 : 0;
}

static void
receipt_received_cb (Fixture *f, BurbleReceiptEvent *receipt)
{
  if (receipt->state == BURBLE_RECEIPT_READ)
    f->read++;
  else
    f->delivered++;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleConnectionSettings) settings = burble_connection_settings_new ("me@canned.test");

  f->network = burble_dummy_network_get ("canned.test");
  burble_dummy_network_set_pace (f->network, 0.0);
  f->roster = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);
  f->client = burble_dummy_connection_new (settings);
#define listen(signal, callback) \
  g_signal_connect_swapped (f->client, signal, G_CALLBACK (callback), f)
  listen ("roster-reset", roster_reset_cb);
  listen ("roster-changed", roster_changed_cb);
  listen ("messages-received", messages_received_cb);
  listen ("typing-changed", typing_changed_cb);
  listen ("receipt-received", receipt_received_cb);
  burble_connection_connect (f->client);
  burble_test_wait_until (f->received > 0 && f->asks > 0);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  burble_connection_disconnect (f->client);
  g_assert_finalize_object (f->client);
  g_assert_finalize_object (f->network);
  g_ptr_array_unref (f->roster);
  g_free (f->last_text);
}

static void
test_people (Fixture *f, gconstpointer data)
{
  guint online = 0;
  guint moods = 0;
  guint rooms = 0;
  guint bios = 0;

  for (guint i = 0; i < f->roster->len; i++)
    {
      const BurbleRosterItem *item = g_ptr_array_index (f->roster, i);

      g_assert_nonnull (item->name);
      g_assert_true (g_str_has_suffix (item->id, "@canned.test"));
      rooms += item->room ? 1 : 0;
      bios += item->bio != NULL ? 1 : 0;
      online += item->presences->len;
      for (guint j = 0; j < item->presences->len; j++)
        moods += ((BurblePresenceEvent *) item->presences->pdata[j])->mood != NULL ? 1 : 0;
    }
  g_assert_cmpuint (f->roster->len, >=, 6);
  g_assert_cmpuint (online, >=, 3);
  g_assert_cmpuint (moods, >=, 2);
  g_assert_cmpuint (bios, ==, f->roster->len);
  g_assert_cmpuint (rooms, ==, 1);
  g_assert_cmpuint (f->asks, ==, 1);
}

static void
sent_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  gboolean *done = user_data;

  *done = burble_message_channel_send_finish (BURBLE_MESSAGE_CHANNEL (object), result, NULL, NULL);
}

static void
test_they_answer (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessageEvent) message = burble_message_event_new ("m1");
  guint before = f->received;
  gboolean sent = FALSE;

  message->peer = g_strdup ("alice@canned.test");
  message->text = g_strdup ("Hello Alice");
  burble_message_channel_send_async (BURBLE_MESSAGE_CHANNEL (f->client), message, NULL, sent_cb,
                                     &sent);
  burble_test_wait_until (sent && f->delivered == 1 && f->read == 1 && f->typed == 1
                          && f->received == before + 1);
  g_assert_nonnull (strstr (f->last_text, "Hello"));
}

static void
page_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BurbleHistoryPage **page = user_data;

  *page = burble_history_channel_fetch_finish (BURBLE_HISTORY_CHANNEL (object), result, NULL);
}

static void
test_long_past (Fixture *f, gconstpointer data)
{
  gint64 before = -1;
  guint count = 0;

  for (gboolean complete = FALSE; !complete;)
    {
      g_autoptr(BurbleHistoryPage) page = NULL;

      burble_history_channel_fetch_async (BURBLE_HISTORY_CHANNEL (f->client), "bob@canned.test",
                                          -1, before, 200, NULL, page_cb, &page);
      burble_test_wait_until (page != NULL);
      for (guint i = 0; i < page->messages->len; i++)
        {
          const BurbleMessageEvent *message = g_ptr_array_index (page->messages, i);

          g_assert_cmpstr (message->peer, ==, "bob@canned.test");
          if (i > 0)
            g_assert_cmpint (message->time, >=,
                             ((BurbleMessageEvent *) page->messages->pdata[i - 1])->time);
        }
      count += page->messages->len;
      before = ((BurbleMessageEvent *) page->messages->pdata[0])->seq;
      complete = page->complete;
    }
  g_assert_cmpuint (count, >=, 2000);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GPtrArray **people = user_data;

  *people = burble_directory_channel_list_finish (BURBLE_DIRECTORY_CHANNEL (object), result, NULL);
}

static void
test_who_is_there (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) people = NULL;
  g_autoptr(GString) ids = g_string_new (NULL);

  burble_directory_channel_list_async (BURBLE_DIRECTORY_CHANNEL (f->client), NULL, listed_cb,
                                       &people);
  burble_test_wait_until (people != NULL);
  for (guint i = 0; i < people->len; i++)
    {
      const BurblePersonInfo *person = g_ptr_array_index (people, i);

      g_assert_cmpint (person->status, !=, BURBLE_PEER_OFFLINE);
      g_string_append_printf (ids, "%s ", person->id);
    }
  /* Neither the room nor those who are away. */
  g_assert_cmpstr (ids->str, ==, "alice@canned.test bob@canned.test fatima@canned.test "
                                 "me@canned.test mina@canned.test priya@canned.test "
                                 "tomas@canned.test ");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define add(name, function) \
  g_test_add ("/protocol/dummy/" name, Fixture, NULL, set_up, function, tear_down)
  add ("people", test_people);
  add ("they-answer", test_they_answer);
  add ("long-past", test_long_past);
  add ("who-is-there", test_who_is_there);

  return g_test_run ();
}
