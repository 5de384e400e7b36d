/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "contract.h"

#include <string.h>

/*
 * At least once on the wire, nothing lost, and the same id never delivered as two messages.
 */

static const BurbleMessageEvent *
last (ContractClient *self)
{
  g_assert_cmpuint (self->messages->len, >, 0);
  return g_ptr_array_index (self->messages, self->messages->len - 1);
}

static void
test_both_ways (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");
  gint64 now = g_get_real_time ();

  g_assert_no_error (contract_client_send (alice, "m1", bob->id, "Hello Bob ✨\n\"two\" lines"));
  burble_test_wait_until (bob->messages->len == 1);
  g_assert_true (contract_is (last (bob), "m1"));
  g_assert_cmpstr (last (bob)->peer, ==, alice->id);
  g_assert_cmpstr (last (bob)->sender, ==, alice->id);
  if (!contract_backend.numbers)
    g_assert_cmpstr (last (bob)->sender_terminal, ==, "desk");
  g_assert_cmpstr (last (bob)->text, ==, "Hello Bob ✨\n\"two\" lines");
  g_assert_false (last (bob)->outgoing);
  g_assert_cmpint (ABS (last (bob)->time - now), <, 60 * G_TIME_SPAN_SECOND);

  g_assert_no_error (contract_client_send (bob, "m1", alice->id, "Hello Alice"));
  burble_test_wait_until (alice->messages->len == 1);
  g_assert_cmpstr (last (alice)->peer, ==, bob->id);
  g_assert_cmpuint (bob->messages->len, ==, 1);
}

static void
count_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  guint *count = user_data;
  g_autoptr(GError) error = NULL;

  burble_message_channel_send_finish (BURBLE_MESSAGE_CHANNEL (object), result, NULL, &error);
  g_assert_no_error (error);
  (*count)++;
}

static void
test_many_in_order (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");
  guint sent = 0;

  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *id = g_strdup_printf ("m%03u", i);
      g_autoptr(BurbleMessageEvent) message = burble_message_event_new (id);

      message->peer = g_strdup (bob->id);
      message->text = g_strdup (id);
      burble_message_channel_send_async (BURBLE_MESSAGE_CHANNEL (alice->connection), message, NULL,
                                         count_cb, &sent);
    }
  burble_test_wait_until (sent == 500 && bob->messages->len == 500);
  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *id = g_strdup_printf ("m%03u", i);

      g_assert_cmpstr (((BurbleMessageEvent *) bob->messages->pdata[i])->text, ==, id);
    }
}

static void
test_waits_for_who_is_away (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  contract_client_go_offline (bob);
  g_assert_no_error (contract_client_send (alice, "m1", bob->id, "one"));
  g_assert_no_error (contract_client_send (alice, "m2", bob->id, "two"));
  contract_client_go_online (bob);
  burble_test_wait_until (bob->messages->len == 2);
  g_assert_true (contract_is (bob->messages->pdata[0], "m1"));
  g_assert_true (contract_is (bob->messages->pdata[1], "m2"));

  /* Acknowledged: not again. */
  contract_client_go_offline (bob);
  contract_client_go_online (bob);
  contract_catch_up (alice, bob);
  g_assert_cmpuint (contract_client_count (bob, "m1"), ==, 1);
  g_assert_cmpuint (contract_client_count (bob, "m2"), ==, 1);
}

static void
test_not_acknowledged_comes_again (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  bob->silent = TRUE;
  g_assert_no_error (contract_client_send (alice, "m1", bob->id, "one"));
  burble_test_wait_until (contract_client_count (bob, "m1") == 1);
  contract_backend.cut (f->net, bob->connection);
  burble_test_wait_until (contract_client_count (bob, "m1") == 2);
  contract_client_restart (bob, "den");
  bob->silent = FALSE;
  contract_client_go_online (bob);
  burble_test_wait_until (contract_client_count (bob, "m1") == 3);
  /* Where only reading is known to the network, what is on a disk it gives again. */
  if (contract_backend.numbers)
    return;

  contract_catch_up (alice, bob);
  contract_client_restart (bob, "den");
  contract_client_go_online (bob);
  contract_catch_up (alice, bob);
  g_assert_cmpuint (contract_client_count (bob, "m1"), ==, 3);
}

static void
outcome_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GError **error = user_data;

  burble_message_channel_send_finish (BURBLE_MESSAGE_CHANNEL (object), result, NULL, error);
}

/* The answer was lost, and the link with it, whether the message arrived (so here) or not: said
 * again, it is there once. */
static void
test_answer_lost (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");
  g_autoptr(BurbleMessageEvent) message = burble_message_event_new ("m1");
  g_autoptr(GError) error = NULL;

  contract_befriend (alice, bob);
  contract_backend.lose_answers (f->net, alice->connection);
  message->peer = g_strdup (bob->id);
  message->text = g_strdup ("once");
  burble_message_channel_send_async (BURBLE_MESSAGE_CHANNEL (alice->connection), message, NULL,
                                     outcome_cb, &error);
  burble_test_wait_until (bob->messages->len == 1);
  contract_backend.cut (f->net, alice->connection);
  burble_test_wait_until (error != NULL);
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);

  contract_wait_state (alice, BURBLE_CONNECTION_ONLINE);
  g_assert_no_error (contract_client_send (alice, "m1", bob->id, "once"));
  contract_catch_up (alice, bob);
  g_assert_cmpuint (contract_client_count (bob, "m1"), ==, 1);
}

static void
test_link_drops_while_sending (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");
  g_autoptr(BurbleMessageEvent) message = burble_message_event_new ("m1");
  g_autoptr(GError) error = NULL;

  contract_backend.lose_answers (f->net, alice->connection);
  message->peer = g_strdup (bob->id);
  message->text = g_strdup ("once");
  burble_message_channel_send_async (BURBLE_MESSAGE_CHANNEL (alice->connection), message, NULL,
                                     outcome_cb, &error);
  contract_backend.cut (f->net, alice->connection);
  burble_test_wait_until (error != NULL);
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
  contract_wait_state (alice, BURBLE_CONNECTION_ONLINE);
  g_assert_no_error (contract_client_send (alice, "m1", bob->id, "once"));
  contract_catch_up (alice, bob);
  g_assert_cmpuint (contract_client_count (bob, "m1"), ==, 1);
}

static void
test_said_twice (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  g_assert_no_error (contract_client_send (alice, "m1", bob->id, "once"));
  g_assert_no_error (contract_client_send (alice, "m1", bob->id, "once"));
  contract_catch_up (alice, bob);
  g_assert_cmpuint (contract_client_count (bob, "m1"), ==, 1);
}

static void
test_to_nobody (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(GError) error =
    contract_client_send (alice, "m1", "nobody@" CONTRACT_DOMAIN, "Anybody there?");

  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED);
  g_assert_cmpstr (error->message, !=, "");
}

static void
test_while_offline (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new (f->net, "alice", "desk");
  g_autoptr(GError) error = contract_client_send (alice, "m1", "bob@" CONTRACT_DOMAIN, "x");

  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
}

static void
test_own_terminals (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) phone = contract_client_new (f->net, "alice", "phone");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  g_assert_true (burble_connection_has (alice->connection, BURBLE_CAPABILITY_CARBONS));
  contract_client_go_online (phone);
  g_assert_no_error (contract_client_send (alice, "m1", bob->id, "from my desk"));
  burble_test_wait_until (contract_client_count (phone, "m1") == 1);
  g_assert_true (last (phone)->outgoing);
  g_assert_cmpstr (last (phone)->peer, ==, bob->id);
  g_assert_cmpstr (last (phone)->sender, ==, alice->id);

  /* Both hear what comes in; the one that said it does not hear itself. */
  g_assert_no_error (contract_client_send (bob, "m2", alice->id, "got it"));
  burble_test_wait_until (contract_client_count (alice, "m2") == 1
                          && contract_client_count (phone, "m2") == 1);
  g_assert_cmpuint (contract_client_count (alice, "m1"), ==, 0);
}

static BurbleRosterItem *
room_item (const char *id, gboolean removed)
{
  BurbleRosterItem *item = burble_roster_item_new (id);

  item->room = TRUE;
  item->removed = removed;
  return item;
}

static void
test_rooms (ContractFixture *f, gconstpointer data)
{
  static const char room[] = "den@" CONTRACT_DOMAIN;
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");
  g_autoptr(ContractClient) carol = contract_client_new_online (f->net, "carol", "sofa");

  if (!burble_connection_has (alice->connection, BURBLE_CAPABILITY_ROOMS))
    {
      g_test_skip ("no rooms here");
      return;
    }
  g_assert_no_error (contract_client_change (alice, room_item (room, FALSE)));
  g_assert_no_error (contract_client_change (bob, room_item (room, FALSE)));
  g_assert_no_error (contract_client_change (carol, room_item (room, FALSE)));
  g_assert_true (contract_client_entry (alice, room)->room);

  g_assert_no_error (contract_client_send (alice, "m1", room, "Hello all"));
  burble_test_wait_until (bob->messages->len == 1 && carol->messages->len == 1);
  g_assert_cmpstr (last (bob)->peer, ==, room);
  g_assert_cmpstr (last (bob)->sender, ==, alice->id);
  g_assert_false (last (bob)->outgoing);
  g_assert_cmpuint (alice->messages->len, ==, 0);

  /* Known as a room also to who kept the roster, and to who was away. */
  contract_client_restart (bob, "den");
  g_assert_no_error (contract_client_send (carol, "m2", room, "Bob?"));
  contract_client_go_online (bob);
  burble_test_wait_until (contract_client_count (bob, "m2") == 1);
  g_assert_cmpuint (bob->kept, ==, 1);
  g_assert_cmpstr (last (bob)->peer, ==, room);
  g_assert_cmpstr (last (bob)->sender, ==, carol->id);

  /* Who has left hears no more. */
  g_assert_no_error (contract_client_change (carol, room_item (room, TRUE)));
  g_assert_null (contract_client_entry (carol, room));
  g_assert_no_error (contract_client_send (alice, "m3", room, "Just us"));
  burble_test_wait_until (contract_client_count (bob, "m3") == 1);
  contract_catch_up (alice, carol);
  g_assert_cmpuint (contract_client_count (carol, "m3"), ==, 0);
}

void
contract_add_message_tests (void)
{
  contract_add_with (BURBLE_CAPABILITY_MESSAGES, "messages/both-ways", test_both_ways);
  contract_add_with (BURBLE_CAPABILITY_MESSAGES, "messages/many-in-order", test_many_in_order);
  contract_add_with (BURBLE_CAPABILITY_MESSAGES, "messages/waits-for-who-is-away",
                     test_waits_for_who_is_away);
  contract_add_with (BURBLE_CAPABILITY_MESSAGES, "messages/not-acknowledged-comes-again",
                     test_not_acknowledged_comes_again);
  contract_add_with (BURBLE_CAPABILITY_MESSAGES, "messages/answer-lost", test_answer_lost);
  contract_add_with (BURBLE_CAPABILITY_MESSAGES, "messages/link-drops-while-sending",
                     test_link_drops_while_sending);
  contract_add_with (BURBLE_CAPABILITY_MESSAGES, "messages/said-twice", test_said_twice);
  contract_add_with (BURBLE_CAPABILITY_MESSAGES, "messages/to-nobody", test_to_nobody);
  contract_add_with (BURBLE_CAPABILITY_MESSAGES, "messages/while-offline", test_while_offline);
  contract_add_with (BURBLE_CAPABILITY_CARBONS, "messages/own-terminals", test_own_terminals);
  contract_add_with (BURBLE_CAPABILITY_ROOMS, "messages/rooms", test_rooms);
}
