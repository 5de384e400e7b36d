/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-dummy-connection.h"
#include "burble-dummy-network.h"
#include "contract.h"

/*
 * The contract over the dummy network.
 */

struct _ContractNet
{
  BurbleDummyNetwork *network;
};

static ContractNet *
net_new (gboolean registration)
{
  ContractNet *net = g_new0 (ContractNet, 1);

  net->network = burble_dummy_network_get (CONTRACT_DOMAIN);
  burble_dummy_network_set_pace (net->network, 0.01);
  burble_dummy_network_set_registration_open (net->network, registration);
  return net;
}

static void
net_free (ContractNet *net)
{
  g_assert_finalize_object (net->network);
  g_free (net);
}

static void
add_user (ContractNet *net, const char *username)
{
  g_autofree char *id = g_strdup_printf ("%s@" CONTRACT_DOMAIN, username);

  burble_dummy_network_add_user (net->network, id, CONTRACT_PASSWORD, NULL, NULL);
}

static BurbleConnection *
make_connection (ContractNet *net, const char *username, const char *terminal)
{
  g_autofree char *id = g_strdup_printf ("%s@" CONTRACT_DOMAIN, username);
  g_autoptr(BurbleConnectionSettings) settings = burble_connection_settings_new (id);
  BurbleConnection *connection = g_object_new (BURBLE_TYPE_DUMMY_CONNECTION, "canned", FALSE,
                                               "retry-ceiling", 30, NULL);

  settings->terminal = g_strdup (terminal);
  burble_connection_set_settings (connection, settings);
  burble_connection_set_password (connection, CONTRACT_PASSWORD);
  return connection;
}

static void
cut (ContractNet *net, BurbleConnection *connection)
{
  burble_dummy_connection_drop_link (BURBLE_DUMMY_CONNECTION (connection));
}

static void
lose_answers (ContractNet *net, BurbleConnection *connection)
{
  burble_dummy_connection_lose_next_answer (BURBLE_DUMMY_CONNECTION (connection));
}

static void
end_session (ContractNet *net, BurbleConnection *connection)
{
  burble_dummy_connection_kill (BURBLE_DUMMY_CONNECTION (connection), "Closing time.");
}

const ContractBackend contract_backend = {
  .capabilities = (BurbleCapabilities) ~0u,
  .net_new = net_new,
  .net_free = net_free,
  .add_user = add_user,
  .make_connection = make_connection,
  .cut = cut,
  .lose_answers = lose_answers,
  .end_session = end_session,
};
