/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "contract.h"

#include <string.h>

/*
 * Who is there, how they are, and the small signs of life: typing and receipts.
 */

#define wait_sees(client, id, expected) \
  burble_test_wait_until (strcmp (contract_client_sees (client, id), expected) == 0)

static void
publish (ContractClient *self, BurblePeerStatus status, const char *mood)
{
  burble_presence_channel_publish (BURBLE_PRESENCE_CHANNEL (self->connection), status, mood);
}

static void
test_status_and_mood (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  contract_befriend (alice, bob);
  publish (alice, BURBLE_PEER_AWAY, "lunch ☕");
  wait_sees (bob, alice->id, "2 lunch ☕");
  publish (alice, BURBLE_PEER_DND, NULL);
  wait_sees (bob, alice->id, "3 -");
  publish (alice, BURBLE_PEER_AVAILABLE, "back");
  wait_sees (bob, alice->id, "1 back");
}

/* However a network comes to know how somebody is. */
static void
test_statuses (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  contract_befriend (alice, bob);
  wait_sees (bob, alice->id, "1 -");
  contract_client_set_status (alice, BURBLE_PEER_AWAY);
  wait_sees (bob, alice->id, "2 -");
  contract_client_set_status (alice, BURBLE_PEER_DND);
  wait_sees (bob, alice->id, "3 -");
  contract_client_set_status (alice, BURBLE_PEER_AVAILABLE);
  wait_sees (bob, alice->id, "1 -");
}

/* With the link goes what was seen over it, and comes again with the next. */
static void
test_seen_again (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  contract_befriend (alice, bob);
  contract_client_set_status (alice, BURBLE_PEER_AWAY);
  wait_sees (bob, alice->id, "2 -");
  contract_client_go_offline (bob);
  g_assert_cmpstr (contract_client_sees (bob, alice->id), ==, "");
  contract_client_set_status (alice, BURBLE_PEER_DND);
  contract_client_go_online (bob);
  wait_sees (bob, alice->id, "3 -");
  contract_backend.cut (f->net, bob->connection);
  contract_wait_state (bob, BURBLE_CONNECTION_WAITING);
  g_assert_cmpstr (contract_client_sees (bob, alice->id), ==, "");
  wait_sees (bob, alice->id, "3 -");
}

static void
test_kept_over_links (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  contract_befriend (alice, bob);
  publish (alice, BURBLE_PEER_DND, "writing");
  wait_sees (bob, alice->id, "3 writing");
  contract_client_go_offline (alice);
  wait_sees (bob, alice->id, "");
  contract_client_go_online (alice);
  wait_sees (bob, alice->id, "3 writing");
  contract_backend.cut (f->net, alice->connection);
  wait_sees (bob, alice->id, "");
  wait_sees (bob, alice->id, "3 writing");
  /* What is published while there is no link counts for the next one. */
  contract_client_go_offline (alice);
  publish (alice, BURBLE_PEER_AWAY, "train");
  contract_client_go_online (alice);
  wait_sees (bob, alice->id, "2 train");
}

static void
test_invisible (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  contract_befriend (alice, bob);
  wait_sees (bob, alice->id, "1 -");
  publish (alice, BURBLE_PEER_INVISIBLE, "nobody knows");
  wait_sees (bob, alice->id, "");
  /* Still able to talk and to see. */
  publish (bob, BURBLE_PEER_AWAY, NULL);
  wait_sees (alice, bob->id, "2 -");
  contract_catch_up (alice, bob);
  g_assert_cmpstr (contract_client_sees (bob, alice->id), ==, "");

  /* Also for who looks later, and for who comes invisible. */
  contract_client_go_offline (bob);
  contract_client_go_online (bob);
  contract_client_go_offline (alice);
  contract_client_go_online (alice);
  contract_catch_up (alice, bob);
  g_assert_cmpstr (contract_client_sees (bob, alice->id), ==, "");
}

static void
test_strangers_see_nothing (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  contract_client_set_status (alice, BURBLE_PEER_AWAY);
  contract_catch_up (alice, bob);
  g_assert_cmpuint (g_hash_table_size (bob->presences), ==, 0);
}

static void
test_several_terminals (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) phone = contract_client_new (f->net, "alice", "phone");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  contract_befriend (alice, bob);
  contract_client_go_online (phone);
  publish (phone, BURBLE_PEER_AWAY, "walking");
  burble_test_wait_until (g_hash_table_size (bob->presences) == 2);
  burble_test_wait_until (
    g_strcmp0 (g_hash_table_lookup (bob->presences, "alice@" CONTRACT_DOMAIN "/phone"),
               "2 walking") == 0);
  contract_client_go_offline (alice);
  burble_test_wait_until (g_hash_table_size (bob->presences) == 1);
}

static void
test_typing (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  g_assert_true (burble_connection_has (alice->connection, BURBLE_CAPABILITY_TYPING));
  contract_befriend (alice, bob);
  burble_typing_channel_send (BURBLE_TYPING_CHANNEL (alice->connection), bob->id, TRUE);
  burble_typing_channel_send (BURBLE_TYPING_CHANNEL (alice->connection), bob->id, FALSE);
  burble_test_wait_until (strcmp (bob->typing->str,
                                  "alice@" CONTRACT_DOMAIN " alice@" CONTRACT_DOMAIN " 1\n"
                                  "alice@" CONTRACT_DOMAIN " alice@" CONTRACT_DOMAIN " 0\n") == 0);
  g_assert_cmpstr (alice->typing->str, ==, "");
}

static void
test_receipts (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");
  g_autoptr(ContractClient) phone = contract_client_new (f->net, "bob", "phone");
  static const char * const ids[] = { "m1", "m2", NULL };

  g_assert_true (burble_connection_has (alice->connection, BURBLE_CAPABILITY_RECEIPTS));
  contract_client_go_online (phone);
  contract_befriend (alice, bob);
  g_assert_no_error (contract_client_send (alice, "m1", bob->id, "one"));
  g_assert_no_error (contract_client_send (alice, "m2", bob->id, "two"));
  burble_test_wait_until (contract_client_count (bob, "m2") == 1
                          && contract_client_count (phone, "m2") == 1);
  burble_receipt_channel_send (BURBLE_RECEIPT_CHANNEL (bob->connection), alice->id,
                               BURBLE_RECEIPT_DELIVERED, ids);
  burble_receipt_channel_send (BURBLE_RECEIPT_CHANNEL (bob->connection), alice->id,
                               BURBLE_RECEIPT_READ, ids);
  burble_test_wait_until (strcmp (alice->receipts->str, "bob@" CONTRACT_DOMAIN " 0 0 m1,m2\n"
                                                        "bob@" CONTRACT_DOMAIN " 0 1 m1,m2\n") == 0);
  /* Reading is known on all of one's own terminals. */
  burble_test_wait_until (strcmp (phone->receipts->str,
                                  "alice@" CONTRACT_DOMAIN " 1 1 m1,m2\n") == 0);
  g_assert_cmpstr (bob->receipts->str, ==, "");
}

void
contract_add_presence_tests (void)
{
  contract_add_with (BURBLE_CAPABILITY_MOOD, "presence/status-and-mood", test_status_and_mood);
  contract_add_with (BURBLE_CAPABILITY_MOOD, "presence/kept-over-links", test_kept_over_links);
  contract_add_with (BURBLE_CAPABILITY_MOOD, "presence/invisible", test_invisible);
  contract_add_with (CONTRACT_STATUSES, "presence/statuses", test_statuses);
  contract_add_with (CONTRACT_STATUSES, "presence/seen-again", test_seen_again);
  contract_add_with (CONTRACT_STATUSES, "presence/strangers-see-nothing",
                     test_strangers_see_nothing);
  contract_add_with (BURBLE_CAPABILITY_MOOD, "presence/several-terminals", test_several_terminals);
  contract_add_with (BURBLE_CAPABILITY_TYPING, "presence/typing", test_typing);
  contract_add_with (BURBLE_CAPABILITY_CARBONS, "presence/receipts", test_receipts);
}
