/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "contract.h"

/*
 * Who is on whose list.
 */

static gboolean
stands (ContractClient           *self,
        const char               *id,
        BurbleRosterSubscription  subscription,
        gboolean                  asks)
{
  const BurbleRosterItem *entry = contract_client_entry (self, id);

  return entry != NULL && entry->subscription == subscription && entry->asks == asks;
}

static BurbleRosterItem *
removal (const char *id)
{
  BurbleRosterItem *item = burble_roster_item_new (id);

  item->removed = TRUE;
  return item;
}

static void
test_ask_and_agree (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  g_assert_no_error (contract_client_change (alice, burble_roster_item_new (bob->id)));
  g_assert_true (stands (alice, bob->id, BURBLE_ROSTER_NONE, FALSE));
  burble_test_wait_until (stands (bob, alice->id, BURBLE_ROSTER_NONE, TRUE));
  /* Until they agree neither sees the other. */
  g_assert_cmpstr (contract_client_sees (alice, bob->id), ==, "");
  g_assert_cmpstr (contract_client_sees (bob, alice->id), ==, "");

  g_assert_no_error (contract_client_change (bob, burble_roster_item_new (alice->id)));
  burble_test_wait_until (stands (alice, bob->id, BURBLE_ROSTER_BOTH, FALSE));
  burble_test_wait_until (stands (bob, alice->id, BURBLE_ROSTER_BOTH, FALSE));
  burble_test_wait_until (*contract_client_sees (alice, bob->id) != '\0');
  burble_test_wait_until (*contract_client_sees (bob, alice->id) != '\0');
}

static void
test_ask_who_is_away (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = NULL;

  contract_backend.add_user (f->net, "bob");
  bob = contract_client_new (f->net, "bob", "den");
  g_assert_no_error (contract_client_change (alice, burble_roster_item_new (bob->id)));
  contract_client_go_online (bob);
  g_assert_true (stands (bob, alice->id, BURBLE_ROSTER_NONE, TRUE));
}

static void
test_decline (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  g_assert_no_error (contract_client_change (alice, burble_roster_item_new (bob->id)));
  burble_test_wait_until (stands (bob, alice->id, BURBLE_ROSTER_NONE, TRUE));
  g_assert_no_error (contract_client_change (bob, removal (alice->id)));
  g_assert_null (contract_client_entry (bob, alice->id));
  contract_catch_up (bob, alice);
  g_assert_true (stands (alice, bob->id, BURBLE_ROSTER_NONE, FALSE));
}

static void
test_one_way (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");
  BurbleRosterItem *only_from = burble_roster_item_new (alice->id);

  only_from->has_subscription = TRUE;
  only_from->subscription = BURBLE_ROSTER_FROM;
  g_assert_no_error (contract_client_change (alice, burble_roster_item_new (bob->id)));
  burble_test_wait_until (stands (bob, alice->id, BURBLE_ROSTER_NONE, TRUE));
  g_assert_no_error (contract_client_change (bob, only_from));
  burble_test_wait_until (stands (bob, alice->id, BURBLE_ROSTER_FROM, FALSE));
  burble_test_wait_until (stands (alice, bob->id, BURBLE_ROSTER_TO, FALSE));
  burble_test_wait_until (*contract_client_sees (alice, bob->id) != '\0');
  contract_catch_up (alice, bob);
  g_assert_cmpstr (contract_client_sees (bob, alice->id), ==, "");
}

static void
test_remove (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  contract_befriend (alice, bob);
  g_assert_no_error (contract_client_change (alice, removal (bob->id)));
  g_assert_null (contract_client_entry (alice, bob->id));
  /* The other side keeps the entry, but it is worth nothing where it takes two. */
  if (contract_has (BURBLE_CAPABILITY_REQUESTS))
    burble_test_wait_until (stands (bob, alice->id, BURBLE_ROSTER_NONE, FALSE));
  contract_catch_up (alice, bob);
  g_assert_nonnull (contract_client_entry (bob, alice->id));
}

static void
test_alias (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");
  BurbleRosterItem *named = burble_roster_item_new (bob->id);
  BurbleRosterItem *unnamed = burble_roster_item_new (bob->id);

  contract_befriend (alice, bob);
  named->has_alias = TRUE;
  named->alias = g_strdup ("Bobby ⛵");
  g_assert_no_error (contract_client_change (alice, named));
  g_assert_cmpstr (contract_client_entry (alice, bob->id)->alias, ==, "Bobby ⛵");
  g_assert_true (stands (alice, bob->id, contract_friends (), FALSE));
  contract_catch_up (alice, bob);
  g_assert_null (contract_client_entry (bob, alice->id)->alias);

  unnamed->has_alias = TRUE;
  g_assert_no_error (contract_client_change (alice, unnamed));
  g_assert_null (contract_client_entry (alice, bob->id)->alias);
}

static void
test_somebody_who_is_not (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(GError) error =
    contract_client_change (alice, burble_roster_item_new ("nobody@" CONTRACT_DOMAIN));

  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED);
  g_assert_cmpuint (g_hash_table_size (alice->roster), ==, 0);
}

static void
test_change_while_offline (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new (f->net, "alice", "desk");
  g_autoptr(GError) error =
    contract_client_change (alice, burble_roster_item_new ("bob@" CONTRACT_DOMAIN));

  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
}

/* By the etag of the network's list, or by the list itself where the network has none. */
static void
test_kept (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  contract_befriend (alice, bob);
  g_assert_true ((alice->etag != NULL) == contract_has (CONTRACT_LIST));
  contract_client_restart (alice, "desk");
  contract_client_go_online (alice);
  g_assert_cmpuint (alice->kept, ==, 1);
  g_assert_cmpuint (alice->resets, ==, 1);
  /* Who is there comes all the same. */
  burble_test_wait_until (*contract_client_sees (alice, bob->id) != '\0');

  /* The link's own memory is as good. */
  contract_backend.cut (f->net, alice->connection);
  burble_test_wait_until (alice->kept == 2);
  burble_test_wait_until (*contract_client_sees (alice, bob->id) != '\0');
  g_assert_cmpuint (alice->resets, ==, 1);
}

static void
test_changed_meanwhile (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  contract_befriend (alice, bob);
  contract_client_restart (alice, "desk");
  g_assert_no_error (contract_client_change (bob, removal (alice->id)));
  contract_client_go_online (alice);
  g_assert_cmpuint (alice->resets, ==, 2);
  g_assert_true (stands (alice, bob->id, BURBLE_ROSTER_NONE, FALSE));
}

static void
test_other_terminals_hear (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) phone = contract_client_new (f->net, "alice", "phone");
  BurbleRosterItem *item = burble_roster_item_new ("bob@" CONTRACT_DOMAIN);

  contract_backend.add_user (f->net, "bob");
  contract_client_go_online (phone);
  item->has_alias = TRUE;
  item->alias = g_strdup ("Bobby");
  g_assert_no_error (contract_client_change (alice, item));
  burble_test_wait_until (contract_client_entry (phone, "bob@" CONTRACT_DOMAIN) != NULL);
  g_assert_cmpstr (contract_client_entry (phone, "bob@" CONTRACT_DOMAIN)->alias, ==, "Bobby");
  g_assert_cmpstr (phone->etag, ==, alice->etag);
}

void
contract_add_roster_tests (void)
{
  guint requests = BURBLE_CAPABILITY_ROSTER_EDIT | BURBLE_CAPABILITY_REQUESTS;

  contract_add_with (requests, "roster/ask-and-agree", test_ask_and_agree);
  contract_add_with (requests, "roster/ask-who-is-away", test_ask_who_is_away);
  contract_add_with (requests, "roster/decline", test_decline);
  contract_add_with (requests, "roster/one-way", test_one_way);
  contract_add_with (BURBLE_CAPABILITY_ROSTER_EDIT, "roster/remove", test_remove);
  contract_add_with (BURBLE_CAPABILITY_ROSTER_EDIT, "roster/alias", test_alias);
  contract_add_with (BURBLE_CAPABILITY_ROSTER_EDIT, "roster/somebody-who-is-not",
                     test_somebody_who_is_not);
  contract_add_with (BURBLE_CAPABILITY_ROSTER_EDIT, "roster/change-while-offline",
                     test_change_while_offline);
  contract_add_with (BURBLE_CAPABILITY_ROSTER_EDIT, "roster/kept", test_kept);
  contract_add_with (requests | CONTRACT_LIST, "roster/changed-meanwhile",
                     test_changed_meanwhile);
  contract_add_with (BURBLE_CAPABILITY_ROSTER_EDIT | CONTRACT_LIST, "roster/other-terminals-hear",
                     test_other_terminals_hear);
}
