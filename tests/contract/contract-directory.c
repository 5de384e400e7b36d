/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "contract.h"

/*
 * Looking people up, and servers.
 */

static void
test_lookup (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");
  g_autoptr(BurblePersonInfo) by_name = NULL;
  g_autoptr(BurblePersonInfo) by_uuid = NULL;
  g_autoptr(BurblePersonInfo) nobody = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (burble_connection_has (alice->connection, BURBLE_CAPABILITY_DIRECTORY));
  contract_befriend (alice, bob);
  by_name = contract_client_look_up (alice, "bob", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (by_name->exists);
  g_assert_cmpstr (by_name->id, ==, bob->id);
  g_assert_cmpint (by_name->status, ==, BURBLE_PEER_AVAILABLE);
  if (!contract_backend.numbers)
    {
      g_assert_nonnull (by_name->uuid);
      by_uuid = contract_client_look_up (alice, NULL, by_name->uuid, &error);
      g_assert_no_error (error);
      g_assert_true (by_uuid->exists);
      g_assert_cmpstr (by_uuid->id, ==, bob->id);
    }
  nobody = contract_client_look_up (alice, "nobody", NULL, &error);
  g_assert_no_error (error);
  g_assert_false (nobody->exists);
  g_assert_null (nobody->id);
  g_assert_null (nobody->name);
}

/* Whom one has looked up one can add, by the id that was found. */
static void
test_found_and_added (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(BurblePersonInfo) bob = NULL;
  const BurbleRosterItem *entry = NULL;

  contract_backend.add_user (f->net, "bob");
  bob = contract_client_look_up (alice, "bob", NULL, NULL);
  if (!bob->exists)
    {
      g_test_skip ("This network tells nothing of people before they agree to be seen");
      return;
    }
  g_assert_no_error (contract_client_change (alice, burble_roster_item_new (bob->id)));
  entry = contract_client_entry (alice, bob->id);
  g_assert_nonnull (entry);
  g_assert_cmpstr (entry->id, ==, bob->id);
}

static void
test_while_offline (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new (f->net, "alice", "desk");
  g_autoptr(GError) error = NULL;

  g_assert_null (contract_client_look_up (alice, "bob", NULL, &error));
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
}

/* Who waits for an answer when the link goes down is told. */
static void
test_answer_lost (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(BurblePersonInfo) self = NULL;

  contract_backend.lose_answers (f->net, alice->connection);
  contract_backend.cut (f->net, alice->connection);
  contract_wait_state (alice, BURBLE_CONNECTION_WAITING);
  contract_wait_state (alice, BURBLE_CONNECTION_ONLINE);
  self = contract_client_look_up (alice, "alice", NULL, NULL);
  g_assert_nonnull (self);
}

typedef struct
{
  gboolean done;
  BurbleServerInfo *info;
  GError *error;
} Probed;

static void
probed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Probed *probed = user_data;

  probed->info = burble_probe_channel_probe_finish (BURBLE_PROBE_CHANNEL (object), result,
                                                    &probed->error);
  probed->done = TRUE;
}

/* Before there is an account, and without any trace. */
static void
test_probe (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new (f->net, "alice", "desk");
  Probed probed = { 0 };

  if (!BURBLE_IS_PROBE_CHANNEL (alice->connection))
    {
      g_test_skip ("This network does not have servers that say what they are");
      return;
    }
  burble_probe_channel_probe_async (BURBLE_PROBE_CHANNEL (alice->connection), NULL, probed_cb,
                                    &probed);
  burble_test_wait_until (probed.done);
  g_assert_no_error (probed.error);
  g_assert_true (probed.info->can_sign_in);
  g_assert_cmpint (probed.info->age, ==, 0);
  g_assert_cmpint (burble_connection_get_state (alice->connection), ==, BURBLE_CONNECTION_OFFLINE);
  g_assert_cmpuint (burble_connection_get_capabilities (alice->connection), ==,
                    BURBLE_CAPABILITY_NONE);
  g_assert_null (burble_connection_get_error (alice->connection));
  contract_backend.add_user (f->net, "alice");
  contract_client_go_online (alice);
  burble_server_info_free (probed.info);
}

void
contract_add_directory_tests (void)
{
  contract_add_with (BURBLE_CAPABILITY_DIRECTORY, "directory/lookup", test_lookup);
  contract_add_with (BURBLE_CAPABILITY_DIRECTORY | BURBLE_CAPABILITY_ROSTER_EDIT,
                     "directory/found-and-added", test_found_and_added);
  contract_add_with (BURBLE_CAPABILITY_DIRECTORY, "directory/while-offline", test_while_offline);
  contract_add_with (BURBLE_CAPABILITY_DIRECTORY, "directory/after-a-cut", test_answer_lost);
  contract_add ("directory/probe", test_probe);
}
