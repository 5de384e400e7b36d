/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-capabilities.h"
#include "peer.h"

/*
 * What the server keeps: pages of it, and the place that what we send gets there.
 */

typedef struct
{
  Peer *peer;
  BurbleConnection *client;
  GString *log; /* what came unasked */
} Fixture;

static void
messages_received_cb (Fixture *f, GPtrArray *messages)
{
  g_string_append_printf (f->log, "messages %u\n", messages->len);
}

static void
message_counted_cb (Fixture *f, gint64 seq)
{
  g_string_append_printf (f->log, "counted %d\n", (int) seq);
}

static void
set_up (Fixture *f, gconstpointer features)
{
  f->peer = peer_new (NULL);
  f->client = peer_make_client (f->peer);
  f->log = g_string_new (NULL);
  g_signal_connect_swapped (f->client, "messages-received", G_CALLBACK (messages_received_cb), f);
  g_signal_connect_swapped (f->client, "message-counted", G_CALLBACK (message_counted_cb), f);
  burble_connection_connect (f->client);
  peer_accept (f->peer);
  peer_sign_in (f->peer, PEER_PRESENCE, features);
  peer_wait_state (f->client, BURBLE_CONNECTION_ONLINE);
}

static void
tear_down (Fixture *f, gconstpointer features)
{
  peer_hang_up (f->peer);
  burble_connection_disconnect (f->client);
  peer_wait_state (f->client, BURBLE_CONNECTION_OFFLINE);
  burble_test_settle ();
  g_assert_finalize_object (f->client);
  g_clear_pointer (&f->peer, peer_free);
  g_string_free (f->log, TRUE);
}

typedef struct
{
  gboolean done;
  gpointer result;
  GError *error;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_clear_error (&outcome->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
history_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->result = burble_history_channel_fetch_finish (BURBLE_HISTORY_CHANNEL (object), result,
                                                         &outcome->error);
  outcome->done = TRUE;
}

static void
test_pages (Fixture *f, gconstpointer data)
{
  g_auto(Outcome) older = { 0 };
  g_auto(Outcome) missed = { 0 };
  g_autoptr(BurbleGurglePacket) request = NULL;
  g_autoptr(BurbleGurglePacket) catch_up = NULL;
  g_autoptr(BurbleHistoryPage) page = NULL;

  burble_history_channel_fetch_async (BURBLE_HISTORY_CHANNEL (f->client), "bob@example.org",
                                      -1, 100, 20, NULL, history_cb, &older);
  request = peer_expect (f->peer, BURBLE_GURGLE_GET_HISTORY);
  g_assert_cmpstr (request->history.with, ==, "bob@example.org");
  g_assert_cmpint (request->history.before, ==, 100);
  g_assert_cmpint (request->history.after, ==, -1);
  g_assert_cmpint (request->history.limit, ==, 20);
  peer_say (f->peer, "{\"id\": %d, \"cmd\": \"history\", \"messages\": ["
                     "{\"id\": \"a\", \"timestamp\": 1, \"from\": \"bob@example.org/den\","
                     " \"text\": \"theirs\", \"seq\": 97},"
                     "{\"id\": \"b\", \"timestamp\": 2, \"from\": \"alice@example.org/phone\","
                     " \"to\": \"bob@example.org\", \"text\": \"mine\", \"seq\": 98}],"
                     " \"complete\": true}", request->id);
  burble_test_wait_until (older.done);
  g_assert_no_error (older.error);
  page = older.result;
  g_assert_true (page->complete);
  g_assert_cmpuint (page->messages->len, ==, 2);
  g_assert_false (((BurbleMessageEvent *) page->messages->pdata[0])->outgoing);
  g_assert_true (((BurbleMessageEvent *) page->messages->pdata[1])->outgoing);
  g_assert_cmpstr (((BurbleMessageEvent *) page->messages->pdata[1])->peer, ==,
                   "bob@example.org");
  g_assert_cmpint (((BurbleMessageEvent *) page->messages->pdata[1])->seq, ==, 98);
  /* What comes by history is not acknowledged, and no event. */
  peer_expect_silence (f->peer);
  g_assert_cmpstr (f->log->str, ==, "");

  burble_history_channel_fetch_async (BURBLE_HISTORY_CHANNEL (f->client), NULL, 98, -1, 50, NULL,
                                      history_cb, &missed);
  catch_up = peer_expect (f->peer, BURBLE_GURGLE_GET_HISTORY);
  g_assert_null (catch_up->history.with);
  g_assert_cmpint (catch_up->history.after, ==, 98);
  peer_say (f->peer, "{\"id\": %d, \"error\": \"bad_range\"}", catch_up->id);
  burble_test_wait_until (missed.done);
  g_assert_error (missed.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED);
}

/* A page may end in messages that cannot be read: the next one is asked for behind them. */
static void
test_malformed_messages (Fixture *f, gconstpointer data)
{
  g_auto(Outcome) outcome = { 0 };
  g_autoptr(BurbleGurglePacket) request = NULL;
  g_autoptr(BurbleHistoryPage) page = NULL;

  burble_history_channel_fetch_async (BURBLE_HISTORY_CHANNEL (f->client), NULL, 1, -1, 50, NULL,
                                      history_cb, &outcome);
  request = peer_expect (f->peer, BURBLE_GURGLE_GET_HISTORY);
  peer_say (f->peer, "{\"id\": %d, \"cmd\": \"history\", \"messages\": ["
                     "{\"id\": \"a\", \"timestamp\": 1, \"from\": \"bob@example.org/den\","
                     " \"text\": \"one\", \"seq\": 2},"
                     "{\"id\": \"b\", \"timestamp\": 2, \"from\": \"nobody\","
                     " \"text\": \"two\", \"seq\": 3},"
                     "{\"id\": \"c\", \"timestamp\": \"?\", \"from\": \"bob@example.org/den\","
                     " \"text\": \"three\", \"seq\": 4}], \"complete\": false}", request->id);
  burble_test_wait_until (outcome.done);
  g_assert_no_error (outcome.error);
  page = outcome.result;
  g_assert_cmpuint (page->messages->len, ==, 1);
  g_assert_cmpint (page->highest, ==, 4);
}

static void
sent_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  guint *sent = user_data;

  if (burble_message_channel_send_finish (BURBLE_MESSAGE_CHANNEL (object), result, NULL, NULL))
    (*sent)++;
}

/* Sends a and b, which share a packet, and answers with that. */
static void
send_two (Fixture *f, const char *answer)
{
  const char *ids[] = { "a", "b" };
  g_autoptr(BurbleGurglePacket) packet = NULL;
  guint sent = 0;

  g_string_truncate (f->log, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(BurbleMessageEvent) message = burble_message_event_new (ids[i]);

      message->peer = g_strdup ("bob@example.org");
      message->text = g_strdup ("Hello");
      burble_message_channel_send_async (BURBLE_MESSAGE_CHANNEL (f->client), message, NULL, sent_cb,
                                         &sent);
    }
  packet = peer_expect (f->peer, BURBLE_GURGLE_MESSAGE);
  peer_say (f->peer, "{\"id\": %d, \"cmd\": \"sent\", \"success\": [\"a\", \"b\"], %s}", packet->id,
            answer);
  burble_test_wait_until (sent == 2);
}

static void
test_counts (Fixture *f, gconstpointer data)
{
  send_two (f, "\"seq\": [7, 9]");
  g_assert_cmpstr (f->log->str, ==, "counted 7\ncounted 9\n");
  send_two (f, "\"seq\": [null, 10]");
  g_assert_cmpstr (f->log->str, ==, "counted 10\n");
  /* More than there was to count. */
  send_two (f, "\"seq\": [11, null, 12]");
  g_assert_cmpstr (f->log->str, ==, "counted 11\n");
  /* A server that does not tell. */
  send_two (f, "\"failure\": []");
  g_assert_cmpstr (f->log->str, ==, "");
}

static void
test_counts_without_history (Fixture *f, gconstpointer data)
{
  send_two (f, "\"seq\": [7, 9]");
  g_assert_cmpstr (f->log->str, ==, "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define add(name, features, function) \
  g_test_add ("/gurgle/history/" name, Fixture, features, set_up, function, tear_down)
  add ("pages", PEER_ALL_FEATURES, test_pages);
  add ("malformed-messages", PEER_ALL_FEATURES, test_malformed_messages);
  add ("own-messages-are-counted", PEER_ALL_FEATURES, test_counts);
  add ("not-without-the-feature", "\"receipts\"", test_counts_without_history);

  return g_test_run ();
}
