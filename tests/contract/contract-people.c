/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "contract.h"

/*
 * Listing who is there, on networks that tell.
 */

typedef struct
{
  gboolean done;
  GPtrArray *people;
  GError *error;
} Outcome;

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->people = burble_directory_channel_list_finish (BURBLE_DIRECTORY_CHANNEL (object),
                                                          result, &outcome->error);
  outcome->done = TRUE;
}

static Outcome
list (ContractClient *self)
{
  Outcome outcome = { 0 };

  burble_directory_channel_list_async (BURBLE_DIRECTORY_CHANNEL (self->connection), NULL,
                                       listed_cb, &outcome);
  burble_test_wait_until (outcome.done);
  return outcome;
}

/* Asks. Whoever is not there may be named as somebody who is offline. */
static gboolean
finds (ContractClient *self, const char *id)
{
  Outcome outcome = list (self);
  g_autoptr(GPtrArray) people = outcome.people;
  guint n_found = 0;
  gboolean there = FALSE;

  g_assert_no_error (outcome.error);
  for (guint i = 0; i < people->len; i++)
    {
      const BurblePersonInfo *person = g_ptr_array_index (people, i);

      g_assert_true (person->exists);
      if (g_strcmp0 (person->id, id) != 0)
        continue;
      n_found++;
      there = person->status == BURBLE_PEER_AVAILABLE;
    }
  g_assert_cmpuint (n_found, <=, 1);
  return there;
}

/* Nobody has to be a contact to be listed; but where everybody is one, a network may tell how they
 * are only to those who have to do with each other. */
static void
meet (ContractClient *a, ContractClient *b)
{
  if (!contract_has (BURBLE_CAPABILITY_ROSTER_EDIT))
    contract_befriend (a, b);
}

static void
test_list (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");
  g_autoptr(ContractClient) carol = contract_client_new_online (f->net, "carol", "tab");

  g_assert_true (burble_connection_has (alice->connection, BURBLE_CAPABILITY_PEOPLE));
  meet (alice, bob);
  meet (alice, carol);
  burble_test_wait_until (finds (alice, bob->id) && finds (alice, carol->id));
  contract_client_go_offline (bob);
  burble_test_wait_until (!finds (alice, bob->id));
  g_assert_true (finds (alice, carol->id));
  contract_client_go_online (bob);
  burble_test_wait_until (finds (alice, bob->id));
}

static void
test_invisible (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");

  meet (alice, bob);
  burble_test_wait_until (finds (alice, bob->id));
  burble_presence_channel_publish (BURBLE_PRESENCE_CHANNEL (bob->connection),
                                   BURBLE_PEER_INVISIBLE, NULL);
  burble_test_wait_until (!finds (alice, bob->id));
  /* Who is not seen sees. */
  g_assert_true (finds (bob, alice->id));
  burble_presence_channel_publish (BURBLE_PRESENCE_CHANNEL (bob->connection),
                                   BURBLE_PEER_AVAILABLE, NULL);
  burble_test_wait_until (finds (alice, bob->id));
}

static void
test_offline (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(GError) error = NULL;

  contract_client_go_offline (alice);
  error = list (alice).error;
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
}

void
contract_add_people_tests (void)
{
  contract_add_with (BURBLE_CAPABILITY_PEOPLE, "people/list", test_list);
  contract_add_with (BURBLE_CAPABILITY_PEOPLE, "people/not-the-invisible", test_invisible);
  contract_add_with (BURBLE_CAPABILITY_PEOPLE, "people/offline", test_offline);
}
