/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "contract.h"

/*
 * Coming online and going, wished or not.
 */

static void
test_connect (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");

  g_assert_true (burble_connection_has (alice->connection,
                                        contract_backend.capabilities
                                        & (BURBLE_CAPABILITY_ROSTER | BURBLE_CAPABILITY_ROSTER_EDIT
                                           | BURBLE_CAPABILITY_PRESENCE | BURBLE_CAPABILITY_MOOD
                                           | BURBLE_CAPABILITY_MESSAGES)));
  g_assert_null (burble_connection_get_error (alice->connection));
  g_assert_cmpuint (alice->resets, ==, 1);
}

static void
test_wrong_password (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = NULL;

  contract_backend.add_user (f->net, "alice");
  alice = contract_client_new (f->net, "alice", "desk");
  burble_connection_set_password (alice->connection, "incorrect horse");
  burble_connection_connect (alice->connection);
  contract_wait_state (alice, BURBLE_CONNECTION_FAILED);
  g_assert_error (burble_connection_get_error (alice->connection), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_PASSWORD);

  burble_connection_set_password (alice->connection, CONTRACT_PASSWORD);
  contract_client_go_online (alice);
  g_assert_null (burble_connection_get_error (alice->connection));
}

static void
test_nobody (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) nobody = contract_client_new (f->net, "nobody", "desk");

  burble_connection_connect (nobody->connection);
  contract_wait_state (nobody, BURBLE_CONNECTION_FAILED);
  /* Not told from a wrong password. */
  g_assert_error (burble_connection_get_error (nobody->connection), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_PASSWORD);
}

static void
test_bad_address (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new (f->net, "alice", "desk");
  g_autoptr(BurbleConnectionSettings) settings =
    burble_connection_settings_copy (burble_connection_get_settings (alice->connection));

  g_set_str (&settings->address, "not an address");
  burble_connection_set_settings (alice->connection, settings);
  burble_connection_connect (alice->connection);
  contract_wait_state (alice, BURBLE_CONNECTION_FAILED);
  g_assert_error (burble_connection_get_error (alice->connection), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_BAD_ADDRESS);
}

static void
test_disconnect_and_come_back (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");

  for (guint i = 0; i < 3; i++)
    {
      contract_client_go_offline (alice);
      g_assert_null (burble_connection_get_error (alice->connection));
      contract_client_go_online (alice);
    }
}

static void
test_disconnect_while_connecting (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = NULL;

  contract_backend.add_user (f->net, "alice");
  alice = contract_client_new (f->net, "alice", "desk");
  burble_connection_connect (alice->connection);
  g_assert_cmpint (burble_connection_get_state (alice->connection), ==,
                   BURBLE_CONNECTION_CONNECTING);
  burble_connection_disconnect (alice->connection);
  contract_wait_state (alice, BURBLE_CONNECTION_OFFLINE);
  contract_client_go_online (alice);
}

static void
test_cut_and_come_back (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");

  for (guint i = 0; i < 3; i++)
    {
      guint rosters = alice->kept + alice->resets;

      contract_backend.cut (f->net, alice->connection);
      contract_wait_state (alice, BURBLE_CONNECTION_WAITING);
      g_assert_nonnull (burble_connection_get_error (alice->connection));
      contract_wait_state (alice, BURBLE_CONNECTION_ONLINE);
      burble_test_wait_until (alice->kept + alice->resets > rosters);
    }
}

/* Attempts that follow may fail for reasons of their own. */
static void
first_error_cb (BurbleConnection *connection, GParamSpec *pspec, GError **first)
{
  const GError *error = burble_connection_get_error (connection);

  if (*first == NULL && error != NULL)
    *first = g_error_copy (error);
}

static void
test_told_why (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(GError) first = NULL;

  g_signal_connect (alice->connection, "notify::error", G_CALLBACK (first_error_cb), &first);
  contract_backend.end_session (f->net, alice->connection);
  burble_test_wait_until (first != NULL);
  g_assert_error (first, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_KILLED);
  g_assert_cmpstr (first->message, !=, "");
  contract_wait_state (alice, BURBLE_CONNECTION_ONLINE);
}

static void
test_register (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new (f->net, "alice", "desk");
  g_autoptr(ContractClient) second = NULL;

  burble_connection_set_register (alice->connection, TRUE, NULL);
  contract_client_go_online (alice);

  /* From now on it is an account like any other. */
  contract_client_go_offline (alice);
  contract_client_go_online (alice);

  second = contract_client_new (f->net, "alice", "other");
  burble_connection_set_register (second->connection, TRUE, NULL);
  burble_connection_connect (second->connection);
  contract_wait_state (second, BURBLE_CONNECTION_FAILED);
  g_assert_error (burble_connection_get_error (second->connection), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_EXISTS);
}

static void
test_register_with_a_bad_password (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new (f->net, "alice", "desk");

  burble_connection_set_password (alice->connection, contract_backend.bad_password != NULL
                                                     ? contract_backend.bad_password : "x");
  burble_connection_set_register (alice->connection, TRUE, NULL);
  burble_connection_connect (alice->connection);
  contract_wait_state (alice, BURBLE_CONNECTION_FAILED);
  g_assert_error (burble_connection_get_error (alice->connection), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_BAD_PASSWORD);
  burble_connection_set_password (alice->connection, CONTRACT_PASSWORD);
  contract_client_go_online (alice);
}

static void
test_registration_closed (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new (f->net, "alice", "desk");

  burble_connection_set_register (alice->connection, TRUE, NULL);
  burble_connection_connect (alice->connection);
  contract_wait_state (alice, BURBLE_CONNECTION_FAILED);
  g_assert_error (burble_connection_get_error (alice->connection), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED);
}

void
contract_add_session_tests (void)
{
  contract_add ("session/connect", test_connect);
  contract_add ("session/wrong-password", test_wrong_password);
  contract_add ("session/nobody", test_nobody);
  contract_add ("session/bad-address", test_bad_address);
  contract_add ("session/disconnect-and-come-back", test_disconnect_and_come_back);
  contract_add ("session/disconnect-while-connecting", test_disconnect_while_connecting);
  contract_add ("session/cut-and-come-back", test_cut_and_come_back);
  contract_add ("session/told-why", test_told_why);
  contract_add_with_registration (BURBLE_CAPABILITY_REGISTER, "open", "session/register",
                                  test_register);
  contract_add_with_registration (BURBLE_CAPABILITY_REGISTER, "open",
                                  "session/register-with-a-bad-password",
                                  test_register_with_a_bad_password);
  contract_add ("session/registration-closed", test_registration_closed);
}
