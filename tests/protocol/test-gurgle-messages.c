/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "burble-capabilities.h"
#include "peer.h"

/*
 * What goes over a link that is up: roster, presence, messages, hints, directory.
 */

typedef struct
{
  Peer *peer;
  BurbleConnection *client;
  GString *log; /* what the client reported */
  GPtrArray *received;
} Fixture;

static void
roster_reset_cb (Fixture *f, const char *etag, GPtrArray *items)
{
  g_string_append_printf (f->log, "reset %s %u\n", etag, items->len);
}

static void
roster_kept_cb (Fixture *f)
{
  g_string_append (f->log, "kept\n");
}

static void
roster_changed_cb (Fixture *f, const char *etag, GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      const BurbleRosterItem *item = g_ptr_array_index (items, i);

      g_string_append_printf (f->log, "changed %s %s alias=%s sub=%d%s%s\n", etag, item->id,
                              item->alias, item->subscription, item->asks ? " asks" : "",
                              item->removed ? " removed" : "");
    }
}

static void
presence_changed_cb (Fixture *f, GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    {
      const BurblePresenceEvent *event = g_ptr_array_index (events, i);

      g_string_append_printf (f->log, "presence %s/%s %d %s\n", event->id, event->terminal,
                              event->status, event->mood);
    }
}

static void
messages_received_cb (Fixture *f, GPtrArray *messages)
{
  for (guint i = 0; i < messages->len; i++)
    {
      const BurbleMessageEvent *message = g_ptr_array_index (messages, i);

      g_string_append_printf (f->log, "message %s peer=%s sender=%s/%s%s seq=%d %s\n",
                              message->id, message->peer, message->sender,
                              message->sender_terminal, message->outgoing ? " outgoing" : "",
                              (int) message->seq, message->text);
      g_ptr_array_add (f->received, burble_message_event_copy (message));
    }
}

static void
typing_changed_cb (Fixture *f, const char *peer, const char *sender, gboolean typing)
{
  g_string_append_printf (f->log, "typing %s %s %d\n", peer, sender, typing);
}

static void
receipt_received_cb (Fixture *f, BurbleReceiptEvent *receipt)
{
  g_autofree char *ids = g_strjoinv (",", receipt->messages);

  g_string_append_printf (f->log, "receipt %s%s %d %s\n", receipt->peer,
                          receipt->own ? " own" : "", receipt->state, ids);
}

static void
person_changed_cb (Fixture *f, BurblePersonInfo *person)
{
  g_string_append_printf (f->log, "person %s %d\n", person->id, person->status);
}

static void
prepare (Fixture *f, const char *features, guint request_timeout)
{
  f->peer = peer_new (NULL);
  f->peer->request_timeout = request_timeout;
  f->client = peer_make_client (f->peer);
  f->log = g_string_new (NULL);
  f->received = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
#define listen(signal, callback) \
  g_signal_connect_swapped (f->client, signal, G_CALLBACK (callback), f)
  listen ("roster-reset", roster_reset_cb);
  listen ("roster-kept", roster_kept_cb);
  listen ("roster-changed", roster_changed_cb);
  listen ("presence-changed", presence_changed_cb);
  listen ("messages-received", messages_received_cb);
  listen ("typing-changed", typing_changed_cb);
  listen ("receipt-received", receipt_received_cb);
  listen ("person-changed", person_changed_cb);

  burble_connection_connect (f->client);
  peer_accept (f->peer);
  peer_sign_in (f->peer, PEER_PRESENCE, features != NULL ? features : PEER_ALL_FEATURES);
  burble_test_wait_until (g_str_has_prefix (f->log->str, "reset e1 2\n"));
  burble_test_settle ();
  g_assert_cmpstr (f->log->str, ==, "reset e1 2\n");
  g_string_truncate (f->log, 0);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  prepare (f, data, 0);
}

static void
set_up_hasty (Fixture *f, gconstpointer data)
{
  prepare (f, data, PEER_HASTE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  peer_hang_up (f->peer);
  burble_connection_disconnect (f->client);
  peer_wait_state (f->client, BURBLE_CONNECTION_OFFLINE);
  burble_test_settle ();
  g_assert_finalize_object (f->client);
  g_clear_pointer (&f->peer, peer_free);
  g_string_free (f->log, TRUE);
  g_ptr_array_unref (f->received);
}

#define wait_log(f, expected) \
  G_STMT_START \
  { \
    burble_test_wait_until ((f)->log->len >= strlen (expected)); \
    burble_test_settle (); \
    g_assert_cmpstr ((f)->log->str, ==, expected); \
    g_string_truncate ((f)->log, 0); \
  } \
  G_STMT_END

/* Asynchronous results. */

typedef struct
{
  gboolean done;
  gboolean ok;
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
sent_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->ok = burble_message_channel_send_finish (BURBLE_MESSAGE_CHANNEL (object), result, NULL,
                                                    &outcome->error);
  outcome->done = TRUE;
}

static void
send (Fixture *f, const char *id, const char *peer, const char *text, Outcome *outcome)
{
  g_autoptr(BurbleMessageEvent) message = burble_message_event_new (id);

  message->peer = g_strdup (peer);
  message->text = g_strdup (text);
  message->time = 1700000000 * G_TIME_SPAN_SECOND;
  burble_message_channel_send_async (BURBLE_MESSAGE_CHANNEL (f->client), message, NULL, sent_cb,
                                     outcome);
}

static void
test_sends (Fixture *f, gconstpointer data)
{
  g_auto(Outcome) outcome = { 0 };
  g_autoptr(BurbleGurglePacket) packet = NULL;
  const BurbleGurgleMessage *message = NULL;

  send (f, "m1", "bob@example.org", "Hello", &outcome);
  packet = peer_expect (f->peer, BURBLE_GURGLE_MESSAGE);
  g_assert_cmpuint (packet->message.messages->len, ==, 1);
  message = g_ptr_array_index (packet->message.messages, 0);
  g_assert_cmpstr (message->id, ==, "m1");
  g_assert_cmpstr (message->to, ==, "bob@example.org");
  g_assert_cmpstr (message->text, ==, "Hello");
  g_assert_cmpint (message->timestamp, ==, 1700000000 * G_TIME_SPAN_SECOND);
  g_assert_false (outcome.done);
  peer_say (f->peer, "{\"id\": %d, \"cmd\": \"sent\", \"success\": [\"m1\"], \"failure\": [],"
                     " \"error\": null}", packet->id);
  burble_test_wait_until (outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_true (outcome.ok);
}

/* What is sent together travels together. */
static void
test_sends_in_batches (Fixture *f, gconstpointer data)
{
  Outcome outcomes[120] = { { 0 } };
  guint got = 0;
  guint packets = 0;

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_autofree char *id = g_strdup_printf ("m%u", i);

      send (f, id, "bob@example.org", "Hello", &outcomes[i]);
    }
  while (got < G_N_ELEMENTS (outcomes))
    {
      g_autoptr(BurbleGurglePacket) packet = peer_expect (f->peer, BURBLE_GURGLE_MESSAGE);
      g_autoptr(GString) success = g_string_new (NULL);

      packets++;
      g_assert_cmpuint (packet->message.messages->len, <=, 50);
      for (guint i = 0; i < packet->message.messages->len; i++)
        {
          const BurbleGurgleMessage *message = g_ptr_array_index (packet->message.messages, i);
          g_autofree char *id = g_strdup_printf ("m%u", got++);

          /* In the order in which they were said. */
          g_assert_cmpstr (message->id, ==, id);
          g_string_append_printf (success, "%s\"%s\"", i > 0 ? ", " : "", id);
        }
      peer_say (f->peer, "{\"id\": %d, \"cmd\": \"sent\", \"success\": [%s]}", packet->id,
                success->str);
    }
  g_assert_cmpuint (packets, ==, 3);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      burble_test_wait_until (outcomes[i].done);
      g_assert_true (outcomes[i].ok);
    }
}

static void
test_refused_messages (Fixture *f, gconstpointer data)
{
  g_auto(Outcome) good = { 0 };
  g_auto(Outcome) bad = { 0 };
  g_auto(Outcome) forgotten = { 0 };
  g_auto(Outcome) whole = { 0 };
  g_auto(Outcome) nowhere = { 0 };
  g_auto(Outcome) huge = { 0 };
  g_autoptr(BurbleGurglePacket) packet = NULL;
  g_autoptr(BurbleGurglePacket) second = NULL;
  g_autofree char *text = g_strnfill (3 * 1024 * 1024, 'x');

  send (f, "good", "bob@example.org", "a", &good);
  send (f, "bad", "nobody@example.org", "b", &bad);
  send (f, "forgotten", "bob@example.org", "c", &forgotten);
  packet = peer_expect (f->peer, BURBLE_GURGLE_MESSAGE);
  peer_say (f->peer, "{\"id\": %d, \"cmd\": \"sent\", \"success\": [\"good\"],"
                     " \"failure\": [\"bad\"], \"error\": \"no_such_user\","
                     " \"reason\": \"Nobody is called that.\"}", packet->id);
  burble_test_wait_until (forgotten.done);
  g_assert_true (good.ok);
  g_assert_error (bad.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED);
  g_assert_cmpstr (bad.error->message, ==, "Nobody is called that.");
  /* Not a word about it: it has to be asked again, so it must not count as refused. */
  g_assert_error (forgotten.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_DATA);

  send (f, "whole", "bob@example.org", "d", &whole);
  second = peer_expect (f->peer, BURBLE_GURGLE_MESSAGE);
  peer_say (f->peer, "{\"id\": %d, \"error\": \"internal\", \"reason\": \"Disk full.\"}",
            second->id);
  burble_test_wait_until (whole.done);
  g_assert_error (whole.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT);

  send (f, "nowhere", "not an id", "e", &nowhere);
  send (f, "huge", "bob@example.org", text, &huge);
  burble_test_wait_until (huge.done);
  g_assert_error (nowhere.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED);
  g_assert_error (huge.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED);
  peer_expect_silence (f->peer);
}

static void
test_send_without_answer (Fixture *f, gconstpointer data)
{
  g_auto(Outcome) outcome = { 0 };
  g_autoptr(BurbleGurglePacket) packet = NULL;

  send (f, "m1", "bob@example.org", "Hello", &outcome);
  packet = peer_expect (f->peer, BURBLE_GURGLE_MESSAGE);
  burble_test_wait_until (outcome.done);
  g_assert_error (outcome.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT);
  g_assert_cmpint (burble_connection_get_state (f->client), ==, BURBLE_CONNECTION_ONLINE);
  /* Too late; nobody minds. */
  peer_say (f->peer, "{\"id\": %d, \"cmd\": \"sent\", \"success\": [\"m1\"]}", packet->id);
  burble_test_settle ();
}

static void
test_send_when_the_link_drops (Fixture *f, gconstpointer data)
{
  g_auto(Outcome) sent = { 0 };
  g_auto(Outcome) queued = { 0 };
  g_auto(Outcome) offline = { 0 };
  g_autoptr(BurbleGurglePacket) packet = NULL;

  g_object_set (f->client, "retry-ceiling", 0, NULL);
  send (f, "m1", "bob@example.org", "Hello", &sent);
  packet = peer_expect (f->peer, BURBLE_GURGLE_MESSAGE);
  peer_hang_up (f->peer);
  send (f, "m2", "bob@example.org", "Hello", &queued);
  burble_test_wait_until (sent.done && queued.done);
  g_assert_error (sent.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
  g_assert_error (queued.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
  g_assert_cmpint (burble_connection_get_state (f->client), ==, BURBLE_CONNECTION_WAITING);
  send (f, "m3", "bob@example.org", "Hello", &offline);
  burble_test_wait_until (offline.done);
  g_assert_error (offline.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
}

static void
acknowledge (Fixture *f, guint index)
{
  g_autoptr(GPtrArray) messages = g_ptr_array_new ();

  g_ptr_array_add (messages, g_ptr_array_index (f->received, index));
  burble_message_channel_acknowledge (BURBLE_MESSAGE_CHANNEL (f->client), messages);
}

static void
test_receives_and_acknowledges (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) first = NULL;
  g_autoptr(BurbleGurglePacket) second = NULL;

  peer_say (f->peer, "{\"id\": 7, \"cmd\": \"message\", \"messages\": ["
                     "{\"id\": \"a\", \"timestamp\": 1700000000.25, \"from\": \"bob@example.org/den\","
                     " \"text\": \"one\", \"seq\": 41},"
                     "{\"id\": 12, \"timestamp\": 1700000001, \"from\": \"bob@example.org/den\","
                     " \"text\": \"two\", \"seq\": 42}]}");
  peer_say (f->peer, "{\"id\": 8, \"cmd\": \"message\", \"messages\": ["
                     "{\"id\": \"a\", \"timestamp\": 1700000002, \"from\": \"carol@example.org/x\","
                     " \"text\": \"three\"}]}");
  wait_log (f, "message a peer=bob@example.org sender=bob@example.org/den seq=41 one\n"
               "message #12 peer=bob@example.org sender=bob@example.org/den seq=42 two\n"
               "message a peer=carol@example.org sender=carol@example.org/x seq=-1 three\n");
  g_assert_cmpint (((BurbleMessageEvent *) f->received->pdata[0])->time, ==,
                   1700000000 * G_TIME_SPAN_SECOND + 250000);
  peer_expect_silence (f->peer);

  /* One of two is not enough; the same id of somebody else is another message. */
  acknowledge (f, 0);
  peer_expect_silence (f->peer);
  acknowledge (f, 2);
  second = peer_expect (f->peer, BURBLE_GURGLE_SENT);
  g_assert_cmpint (second->id, ==, 8);
  acknowledge (f, 1);
  first = peer_expect (f->peer, BURBLE_GURGLE_SENT);
  g_assert_cmpint (first->id, ==, 7);
  g_assert_cmpuint (g_strv_length (first->sent.success), ==, 2);
  /* The kind of id is kept. */
  g_assert_nonnull (strstr (f->peer->last, "12"));
  g_assert_null (strstr (f->peer->last, "\"12\""));

  /* Twice says nothing more. */
  acknowledge (f, 0);
  peer_expect_silence (f->peer);
}

static void
test_pushed_twice (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) first = NULL;
  g_autoptr(BurbleGurglePacket) second = NULL;

  for (guint i = 0; i < 2; i++)
    peer_say (f->peer, "{\"id\": %u, \"cmd\": \"message\", \"messages\": [{\"id\": \"a\","
                       " \"timestamp\": 1, \"from\": \"bob@example.org/den\", \"text\": \"x\"}]}",
              20 + i);
  burble_test_wait_until (f->received->len == 2);
  acknowledge (f, 1);
  first = peer_expect (f->peer, BURBLE_GURGLE_SENT);
  second = peer_expect (f->peer, BURBLE_GURGLE_SENT);
  g_assert_cmpint (first->id, ==, 20);
  g_assert_cmpint (second->id, ==, 21);
}

/* A message that nobody can have sent must not come again for ever. */
static void
test_unreadable_messages_are_answered (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) answer = NULL;

  peer_say (f->peer, "{\"id\": 9, \"cmd\": \"message\", \"messages\": ["
                     "{\"id\": \"a\", \"timestamp\": 1, \"from\": \"not an id\","
                     " \"text\": \"x\"}]}");
  answer = peer_expect (f->peer, BURBLE_GURGLE_SENT);
  g_assert_cmpstr (answer->sent.success[0], ==, "a");
  g_assert_cmpuint (f->received->len, ==, 0);
}

/* A character that no string here can hold is no reason to have the message again for ever. */
static void
test_nul_in_a_message (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) sent = NULL;

  peer_say (f->peer, "{\"id\": 20, \"cmd\": \"message\", \"messages\": ["
                     "{\"id\": \"a\", \"timestamp\": 1, \"from\": \"bob@example.org/den\","
                     " \"text\": \"x\\u0000y\\ud800\"}]}");
  wait_log (f, "message a peer=bob@example.org sender=bob@example.org/den seq=-1 x\uFFFDy\uFFFD\n");
  acknowledge (f, 0);
  sent = peer_expect (f->peer, BURBLE_GURGLE_SENT);
  g_assert_cmpint (sent->id, ==, 20);
  g_assert_cmpstr (sent->sent.success[0], ==, "a");
  g_assert_cmpint (burble_connection_get_state (f->client), ==, BURBLE_CONNECTION_ONLINE);
}

/* What is wrong with one message is nothing the others of its packet have to suffer for. */
static void
test_malformed_messages_are_left_out (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) answer = NULL;
  g_autoptr(BurbleGurglePacket) nothing = NULL;

  peer_say (f->peer, "{\"id\": 9, \"cmd\": \"message\", \"messages\": ["
                     "{\"id\": \"a\", \"timestamp\": 1, \"from\": \"bob@example.org/den\","
                     " \"text\": \"one\", \"seq\": 1},"
                     "{\"id\": \"b\", \"timestamp\": 2, \"from\": \"bob@example.org/den\","
                     " \"text\": [\"a list\"], \"seq\": 2},"
                     "5,"
                     "{\"id\": \"c\", \"timestamp\": 3, \"from\": \"bob@example.org/den\","
                     " \"text\": \"files\", \"attachments\": [{\"id\": {}}]},"
                     "{\"timestamp\": 4, \"text\": \"no id\"},"
                     "{\"id\": \"d\", \"timestamp\": 5, \"from\": \"bob@example.org/den\","
                     " \"text\": \"two\", \"seq\": 5}]}");
  wait_log (f, "message a peer=bob@example.org sender=bob@example.org/den seq=1 one\n"
               "message d peer=bob@example.org sender=bob@example.org/den seq=5 two\n");
  /* The bad ones are answered as well, once the others are safe: they would come for ever. */
  peer_expect_silence (f->peer);
  acknowledge (f, 0);
  acknowledge (f, 1);
  answer = peer_expect (f->peer, BURBLE_GURGLE_SENT);
  g_assert_cmpint (answer->id, ==, 9);
  g_assert_cmpuint (g_strv_length (answer->sent.success), ==, 4);
  for (const char *id = "abcd"; *id != '\0'; id++)
    {
      const char text[2] = { *id, '\0' };

      g_assert_true (g_strv_contains ((const char * const *) answer->sent.success, text));
    }

  /* And where nothing is left of it. */
  peer_say (f->peer, "{\"id\": 10, \"cmd\": \"message\", \"messages\": ["
                     "{\"id\": \"e\", \"seq\": \"six\"}]}");
  nothing = peer_expect (f->peer, BURBLE_GURGLE_SENT);
  g_assert_cmpint (nothing->id, ==, 10);
  g_assert_cmpstr (nothing->sent.success[0], ==, "e");
  g_assert_cmpstr (f->log->str, ==, "");
}

static void
test_carbons_and_rooms (Fixture *f, gconstpointer data)
{
  peer_say (f->peer, "{\"id\": 7, \"cmd\": \"message\", \"messages\": ["
                     "{\"id\": \"a\", \"timestamp\": 1, \"from\": \"alice@example.org/phone\","
                     " \"to\": \"bob@example.org\", \"text\": \"from my phone\"},"
                     "{\"id\": \"b\", \"timestamp\": 1, \"from\": \"den@example.org/carol\","
                     " \"text\": \"in the room\"},"
                     "{\"id\": \"c\", \"timestamp\": 1, \"from\": \"alice@example.org/phone\","
                     " \"to\": \"den@example.org\", \"text\": \"to the room\"}]}");
  wait_log (f, "message a peer=bob@example.org sender=alice@example.org/phone outgoing seq=-1"
               " from my phone\n"
               "message b peer=den@example.org sender=carol@example.org/(null) seq=-1"
               " in the room\n"
               "message c peer=den@example.org sender=alice@example.org/phone outgoing seq=-1"
               " to the room\n");
}

/* Who kept the roster was told about the rooms; who was not has to ask for all of it. */
static void
test_rooms_of_a_kept_roster (Fixture *f, gconstpointer data)
{
  static const char * const rooms[] = { "cave@example.org", NULL };
  g_autoptr(Peer) peer = peer_new (NULL);
  BurbleConnection *old = f->client;

  for (guint told = 0; told < 2; told++)
    {
      g_autoptr(BurbleConnection) client = peer_make_client (peer);
      g_autoptr(BurbleGurglePacket) get = NULL;

      f->client = client;
      listen ("messages-received", messages_received_cb);
      burble_roster_channel_set_etag (BURBLE_ROSTER_CHANNEL (client), "e7");
      if (told > 0)
        burble_roster_channel_set_rooms (BURBLE_ROSTER_CHANNEL (client), rooms);
      burble_connection_connect (client);
      peer_accept (peer);
      peer_sign_in (peer, PEER_AUTH, PEER_ALL_FEATURES);
      get = peer_expect (peer, BURBLE_GURGLE_GET_ROSTER);
      g_assert_cmpstr (get->roster.etag, ==, told > 0 ? "e7" : NULL);
      if (told > 0)
        {
          peer_say (peer, "{\"id\": %d, \"cmd\": \"keep_roaster\", \"etag\": \"e7\"}", get->id);
          peer_say (peer, "{\"id\": 1, \"cmd\": \"message\", \"messages\": [{\"id\": \"a\","
                          " \"timestamp\": 1, \"from\": \"cave@example.org/carol\","
                          " \"text\": \"echo\"}]}");
          wait_log (f, "message a peer=cave@example.org sender=carol@example.org/(null) seq=-1"
                       " echo\n");
        }
      peer_hang_up (peer);
      burble_connection_disconnect (client);
      peer_wait_state (client, BURBLE_CONNECTION_OFFLINE);
    }
  f->client = old;
}

static void
test_presence (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) published = NULL;
  g_autoptr(BurbleGurglePacket) hidden = NULL;

  peer_say (f->peer, "{\"id\": null, \"cmd\": \"presence\", \"presences\": ["
                     "{\"from\": \"bob@example.org/den\", \"status\": \"dnd\", \"mood\": \"tea\","
                     " \"error\": null},"
                     "{\"from\": \"alice@example.org/phone\", \"status\": \"away\","
                     " \"mood\": null, \"error\": null},"
                     "{\"from\": \"bob@example.org/attic\", \"status\": null, \"mood\": null,"
                     " \"error\": null},"
                     "{\"from\": \"nobody\", \"status\": \"away\", \"mood\": null,"
                     " \"error\": null},"
                     "{\"from\": \"carol@example.org/x\", \"status\": null, \"mood\": null,"
                     " \"error\": \"unreachable\"}]}");
  wait_log (f, "presence bob@example.org/den 3 tea\n"
               "presence bob@example.org/attic 0 (null)\n");

  burble_presence_channel_publish (BURBLE_PRESENCE_CHANNEL (f->client), BURBLE_PEER_AWAY, "lunch");
  published = peer_expect (f->peer, BURBLE_GURGLE_PUBLISH_PRESENCE);
  g_assert_cmpint (published->publish.status, ==, BURBLE_GURGLE_STATUS_AWAY);
  g_assert_cmpstr (published->publish.mood, ==, "lunch");
  burble_presence_channel_publish (BURBLE_PRESENCE_CHANNEL (f->client), BURBLE_PEER_AWAY, "lunch");
  peer_expect_silence (f->peer);
  burble_presence_channel_publish (BURBLE_PRESENCE_CHANNEL (f->client), BURBLE_PEER_INVISIBLE,
                                   NULL);
  hidden = peer_expect (f->peer, BURBLE_GURGLE_PUBLISH_PRESENCE);
  g_assert_cmpint (hidden->publish.status, ==, BURBLE_GURGLE_STATUS_INVISIBLE);
}

static void
changed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->ok = burble_roster_channel_change_finish (BURBLE_ROSTER_CHANNEL (object), result,
                                                     &outcome->error);
  outcome->done = TRUE;
}

static void
change (Fixture *f, BurbleRosterItem *item, Outcome *outcome)
{
  g_autoptr(GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);

  g_ptr_array_add (items, item);
  burble_roster_channel_change_async (BURBLE_ROSTER_CHANNEL (f->client), items, NULL, changed_cb,
                                      outcome);
}

static void
test_roster_changes (Fixture *f, gconstpointer data)
{
  g_auto(Outcome) added = { 0 };
  g_auto(Outcome) refused = { 0 };
  g_auto(Outcome) nonsense = { 0 };
  g_autoptr(BurbleGurglePacket) add = NULL;
  g_autoptr(BurbleGurglePacket) remove = NULL;
  BurbleRosterItem *item = burble_roster_item_new ("carol@example.org");
  const BurbleGurgleRosterEntry *entry = NULL;

  item->has_alias = TRUE;
  item->alias = g_strdup ("Carol from work");
  change (f, item, &added);
  add = peer_expect (f->peer, BURBLE_GURGLE_UPDATE_ROSTER);
  g_assert_cmpstr (add->roster.etag, ==, "e1");
  entry = g_ptr_array_index (add->roster.entries, 0);
  g_assert_cmpstr (entry->from, ==, "carol@example.org");
  g_assert_cmpstr (entry->alias, ==, "Carol from work");
  g_assert_false (entry->has_subscription);
  peer_say (f->peer, "{\"id\": %d, \"cmd\": \"update_roaster\", \"etag\": \"e2\", \"roaster\": ["
                     "{\"from\": \"carol@example.org\", \"alias\": \"Carol from work\","
                     " \"type\": \"peer\", \"subscription\": null}]}", add->id);
  burble_test_wait_until (added.done);
  g_assert_true (added.ok);
  wait_log (f, "changed e2 carol@example.org alias=Carol from work sub=0\n");

  item = burble_roster_item_new ("carol@example.org");
  item->removed = TRUE;
  change (f, item, &refused);
  remove = peer_expect (f->peer, BURBLE_GURGLE_UPDATE_ROSTER);
  g_assert_cmpstr (remove->roster.etag, ==, "e2");
  g_assert_true (((BurbleGurgleRosterEntry *) remove->roster.entries->pdata[0])->removed);
  peer_say (f->peer, "{\"id\": %d, \"error\": \"forbidden\", \"reason\": \"Carol stays.\"}",
            remove->id);
  burble_test_wait_until (refused.done);
  g_assert_error (refused.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED);
  g_assert_cmpstr (refused.error->message, ==, "Carol stays.");

  change (f, burble_roster_item_new ("what?"), &nonsense);
  burble_test_wait_until (nonsense.done);
  g_assert_error (nonsense.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS);
  peer_expect_silence (f->peer);
}

static void
test_roster_pushes_and_etag (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) get = NULL;

  peer_say (f->peer, "{\"id\": null, \"cmd\": \"update_roaster\", \"etag\": \"e2\", \"roaster\": ["
                     "{\"from\": \"dave@example.org\", \"type\": \"peer\", \"subscription\": null,"
                     " \"ask\": true},"
                     "{\"from\": \"???\", \"type\": \"peer\", \"subscription\": null},"
                     "{\"from\": \"bob@example.org\", \"delete\": true}]}");
  wait_log (f, "changed e2 dave@example.org alias=(null) sub=0 asks\n"
               "changed e2 bob@example.org alias=(null) sub=0 removed\n");

  /* The next link asks with what is known now. */
  peer_accept (f->peer);
  peer_sign_in (f->peer, PEER_AUTH, PEER_ALL_FEATURES);
  get = peer_expect (f->peer, BURBLE_GURGLE_GET_ROSTER);
  g_assert_cmpstr (get->roster.etag, ==, "e2");
  peer_say (f->peer, "{\"id\": %d, \"cmd\": \"keep_roaster\", \"etag\": \"e2\"}", get->id);
  wait_log (f, "kept\n");
}

static void
test_hints (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleGurglePacket) typing = NULL;
  g_autoptr(BurbleGurglePacket) receipt = NULL;
  const char *ids[] = { "a", "b", NULL };

  burble_typing_channel_send (BURBLE_TYPING_CHANNEL (f->client), "bob@example.org", TRUE);
  typing = peer_expect (f->peer, BURBLE_GURGLE_TYPING);
  g_assert_false (typing->has_id);
  g_assert_cmpstr (typing->typing.to, ==, "bob@example.org");
  g_assert_true (typing->typing.typing);

  burble_receipt_channel_send (BURBLE_RECEIPT_CHANNEL (f->client), "bob@example.org",
                               BURBLE_RECEIPT_READ, ids);
  receipt = peer_expect (f->peer, BURBLE_GURGLE_RECEIPT);
  g_assert_cmpstr (receipt->receipt.to, ==, "bob@example.org");
  g_assert_cmpint (receipt->receipt.state, ==, BURBLE_GURGLE_RECEIPT_READ);
  g_assert_cmpuint (g_strv_length (receipt->receipt.messages), ==, 2);

  peer_say (f->peer, "{\"id\": null, \"cmd\": \"typing\", \"from\": \"bob@example.org/den\","
                     " \"typing\": true}");
  peer_say (f->peer, "{\"id\": null, \"cmd\": \"typing\", \"from\": \"den@example.org/carol\","
                     " \"typing\": true}");
  peer_say (f->peer, "{\"id\": null, \"cmd\": \"typing\", \"from\": \"alice@example.org/phone\","
                     " \"typing\": true}");
  peer_say (f->peer, "{\"id\": null, \"cmd\": \"typing\", \"from\": \"bob@example.org/den\","
                     " \"typing\": false}");
  peer_say (f->peer, "{\"id\": null, \"cmd\": \"receipt\", \"from\": \"bob@example.org/den\","
                     " \"state\": \"delivered\", \"messages\": [\"m1\", 5]}");
  peer_say (f->peer, "{\"id\": null, \"cmd\": \"receipt\", \"from\": \"alice@example.org/phone\","
                     " \"to\": \"bob@example.org\", \"state\": \"read\", \"messages\": [\"x\"]}");
  wait_log (f, "typing bob@example.org bob@example.org 1\n"
               "typing den@example.org carol@example.org 1\n"
               "typing bob@example.org bob@example.org 0\n"
               "receipt bob@example.org 0 m1,#5\n"
               "receipt bob@example.org own 1 x\n");
}

static void
tell_read (Fixture *f, const char *id)
{
  const char *ids[] = { id, NULL };
  g_autoptr(BurbleGurglePacket) receipt = NULL;

  burble_receipt_channel_send (BURBLE_RECEIPT_CHANNEL (f->client), "bob@example.org",
                               BURBLE_RECEIPT_READ, ids);
  receipt = peer_expect (f->peer, BURBLE_GURGLE_RECEIPT);
  g_assert_cmpstr (receipt->receipt.messages[0], ==, id);
}

static void
come_back (Fixture *f)
{
  peer_hang_up (f->peer);
  peer_wait_state (f->client, BURBLE_CONNECTION_WAITING);
  peer_accept (f->peer);
  peer_sign_in (f->peer, PEER_PRESENCE, PEER_ALL_FEATURES);
}

static void
test_receipts_are_repeated (Fixture *f, gconstpointer data)
{
  g_auto(Outcome) outcome = { 0 };
  g_autoptr(BurbleGurglePacket) packet = NULL;
  g_autoptr(BurbleGurglePacket) again = NULL;
  g_autoptr(BurbleGurglePacket) third = NULL;

  /* The answer to what was asked later says that the first has arrived. */
  tell_read (f, "a");
  send (f, "m1", "bob@example.org", "Hello", &outcome);
  packet = peer_expect (f->peer, BURBLE_GURGLE_MESSAGE);
  tell_read (f, "b");
  peer_say (f->peer, "{\"id\": %d, \"cmd\": \"sent\", \"success\": [\"m1\"], \"failure\": []}",
            packet->id);
  burble_test_wait_until (outcome.done);

  /* Of the second nobody knows, however often the link breaks. */
  come_back (f);
  again = peer_expect (f->peer, BURBLE_GURGLE_RECEIPT);
  g_assert_cmpstr (again->receipt.messages[0], ==, "b");
  peer_expect_silence (f->peer);
  come_back (f);
  third = peer_expect (f->peer, BURBLE_GURGLE_RECEIPT);
  g_assert_cmpstr (third->receipt.messages[0], ==, "b");

  /* Who has become invisible has not read it. */
  burble_presence_channel_publish (BURBLE_PRESENCE_CHANNEL (f->client), BURBLE_PEER_INVISIBLE,
                                   NULL);
  burble_gurgle_packet_unref (peer_expect (f->peer, BURBLE_GURGLE_PUBLISH_PRESENCE));
  come_back (f);
  peer_expect_silence (f->peer);
}

/* directory */

static void
lookup_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->result = burble_directory_channel_lookup_finish (BURBLE_DIRECTORY_CHANNEL (object),
                                                            result, &outcome->error);
  outcome->done = TRUE;
}

static void
test_directory (Fixture *f, gconstpointer data)
{
  g_auto(Outcome) found = { 0 };
  g_auto(Outcome) missing = { 0 };
  g_autoptr(BurbleGurglePacket) request = NULL;
  g_autoptr(BurbleGurglePacket) other = NULL;
  g_autoptr(BurblePersonInfo) carol = NULL;
  g_autoptr(BurblePersonInfo) nobody = NULL;
  BurbleDirectoryChannel *channel = BURBLE_DIRECTORY_CHANNEL (f->client);

  burble_directory_channel_lookup_async (channel, "carol", NULL, NULL, lookup_cb, &found);
  request = peer_expect (f->peer, BURBLE_GURGLE_GET_USER_STATUS);
  g_assert_cmpstr (request->user_status.username, ==, "carol");
  peer_say (f->peer, "{\"id\": %d, \"cmd\": \"user_status\", \"username\": \"carol\","
                     " \"uuid\": \"u-1\", \"status\": \"busy\", \"name\": \"Carol\","
                     " \"bio\": \"Sails.\"}", request->id);
  burble_test_wait_until (found.done);
  g_assert_no_error (found.error);
  carol = found.result;
  g_assert_true (carol->exists);
  g_assert_cmpstr (carol->id, ==, "carol@example.org");
  g_assert_cmpstr (carol->uuid, ==, "u-1");
  g_assert_cmpstr (carol->name, ==, "Carol");
  g_assert_cmpstr (carol->bio, ==, "Sails.");
  g_assert_cmpint (carol->status, ==, BURBLE_PEER_DND);

  burble_directory_channel_lookup_async (channel, NULL, "u-2", NULL, lookup_cb, &missing);
  other = peer_expect (f->peer, BURBLE_GURGLE_GET_USER_STATUS);
  g_assert_cmpstr (other->user_status.uuid, ==, "u-2");
  peer_say (f->peer, "{\"id\": %d, \"cmd\": \"user_status\", \"status\": \"notexist\"}",
            other->id);
  burble_test_wait_until (missing.done);
  g_assert_no_error (missing.error);
  nobody = missing.result;
  g_assert_false (nobody->exists);
  g_assert_null (nobody->id);

  peer_say (f->peer, "{\"id\": null, \"cmd\": \"user_status\", \"username\": \"carol\","
                     " \"uuid\": \"u-1\", \"status\": \"away\"}");
  wait_log (f, "person carol@example.org 2\n");
}

static void
history_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->result = burble_history_channel_fetch_finish (BURBLE_HISTORY_CHANNEL (object), result,
                                                         &outcome->error);
  outcome->done = TRUE;
}

/* What the server did not grant is neither sent nor believed. */
static void
test_nothing_granted (Fixture *f, gconstpointer data)
{
  g_auto(Outcome) page = { 0 };
  g_auto(Outcome) person = { 0 };
  const char *ids[] = { "a", NULL };

  g_assert_false (burble_connection_has (f->client, BURBLE_CAPABILITY_TYPING));
  burble_typing_channel_send (BURBLE_TYPING_CHANNEL (f->client), "bob@example.org", TRUE);
  burble_receipt_channel_send (BURBLE_RECEIPT_CHANNEL (f->client), "bob@example.org",
                               BURBLE_RECEIPT_READ, ids);
  burble_history_channel_fetch_async (BURBLE_HISTORY_CHANNEL (f->client), NULL, 0, -1, 50, NULL,
                                      history_cb, &page);
  burble_directory_channel_lookup_async (BURBLE_DIRECTORY_CHANNEL (f->client), "bob", NULL, NULL,
                                         lookup_cb, &person);
  burble_test_wait_until (page.done && person.done);
  g_assert_error (page.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_UNSUPPORTED);
  g_assert_error (person.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_UNSUPPORTED);
  peer_say (f->peer, "{\"id\": null, \"cmd\": \"typing\", \"from\": \"bob@example.org/den\","
                     " \"typing\": true}");
  peer_expect_silence (f->peer);
  g_assert_cmpstr (f->log->str, ==, "");
}

/* A roster too large for the main thread comes in whole, and in its place among the rest. */
static void
test_large_packets_keep_their_order (Fixture *f, gconstpointer data)
{
  g_autoptr(GString) text = g_string_new ("{\"id\": null, \"cmd\": \"flush_roaster\","
                                          " \"etag\": \"big\", \"roaster\": [");

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (text, "%s{\"from\": \"user%u@example.org\", \"type\": \"peer\","
                                  " \"subscription\": \"both\"}", i > 0 ? "," : "", i);
  g_string_append (text, ",{\"from\": \"not an id\", \"type\": \"peer\", \"subscription\": null}");
  g_string_append (text, "]}");
  peer_say (f->peer, "{\"id\": null, \"cmd\": \"typing\", \"from\": \"bob@example.org/den\","
                     " \"typing\": true}");
  peer_say (f->peer, "%s", text->str);
  peer_say (f->peer, "{\"id\": null, \"cmd\": \"typing\", \"from\": \"bob@example.org/den\","
                     " \"typing\": false}");
  wait_log (f, "typing bob@example.org bob@example.org 1\n"
               "reset big 5000\n"
               "typing bob@example.org bob@example.org 0\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define add(name, features, function) \
  g_test_add ("/gurgle/messages/" name, Fixture, features, set_up, function, tear_down)
  add ("sends", NULL, test_sends);
  add ("sends-in-batches", NULL, test_sends_in_batches);
  add ("refused-messages", NULL, test_refused_messages);
  g_test_add ("/gurgle/messages/send-without-answer", Fixture, NULL, set_up_hasty,
              test_send_without_answer, tear_down);
  add ("send-when-the-link-drops", NULL, test_send_when_the_link_drops);
  add ("receives-and-acknowledges", NULL, test_receives_and_acknowledges);
  add ("pushed-twice", NULL, test_pushed_twice);
  add ("unreadable-messages-are-answered", NULL, test_unreadable_messages_are_answered);
  add ("nul-in-a-message", NULL, test_nul_in_a_message);
  add ("malformed-messages-are-left-out", NULL, test_malformed_messages_are_left_out);
  add ("carbons-and-rooms", NULL, test_carbons_and_rooms);
  add ("rooms-of-a-kept-roster", NULL, test_rooms_of_a_kept_roster);
  add ("presence", NULL, test_presence);
  add ("roster-changes", NULL, test_roster_changes);
  add ("roster-pushes-and-etag", NULL, test_roster_pushes_and_etag);
  add ("hints", NULL, test_hints);
  add ("receipts-are-repeated", NULL, test_receipts_are_repeated);
  add ("directory", NULL, test_directory);
  add ("nothing-granted", "\"register\"", test_nothing_granted);
  add ("large-packets-keep-their-order", NULL, test_large_packets_keep_their_order);

  return g_test_run ();
}
