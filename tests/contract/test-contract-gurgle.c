/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-gurgle-connection.h"
#include "burble-test-server.h"
#include "contract.h"
#include "proxy.h"

/*
 * The contract over TLS and the real server; compiled a second time, over WebSocket.
 */

#define PROXY "contract-proxy"

struct _ContractNet
{
  BurbleTestServer *server;
};

static ContractNet *
net_new (gboolean registration)
{
  ContractNet *net = g_new0 (ContractNet, 1);

  g_assert_cmpstr (BURBLE_TEST_SERVER_DOMAIN, ==, CONTRACT_DOMAIN);
  g_assert_cmpstr (BURBLE_TEST_SERVER_PASSWORD, ==, CONTRACT_PASSWORD);
  net->server = burble_test_server_new (registration ? "[server]\ndirectory=true\nregister=true\n"
                                                     : "[server]\ndirectory=true\n");
  return net;
}

static void
net_free (ContractNet *net)
{
  burble_test_server_free (net->server);
  g_free (net);
}

static void
add_user (ContractNet *net, const char *username)
{
  burble_test_server_add_user (net->server, username, NULL);
}

static BurbleConnection *
make_connection (ContractNet *net, const char *username, const char *terminal)
{
  g_autofree char *id = g_strdup_printf ("%s@" CONTRACT_DOMAIN, username);
  g_autoptr(BurbleConnectionSettings) settings = burble_connection_settings_new (id);
  BurbleConnection *connection =
    g_object_new (BURBLE_TYPE_GURGLE_CONNECTION, "retry-ceiling", 30, NULL);
  Proxy *proxy = proxy_new (burble_test_server_get_port (net->server));

  settings->terminal = g_strdup (terminal);
  settings->host = g_strdup ("127.0.0.1");
  settings->port = proxy_get_port (proxy);
#ifdef CONTRACT_WEBSOCKET
  settings->websocket = g_strdup ("/gurgle");
#endif
  settings->pin = g_strdup (burble_test_server_get_pin (net->server));
  burble_connection_set_settings (connection, settings);
  burble_connection_set_password (connection, CONTRACT_PASSWORD);
  g_object_set_data_full (G_OBJECT (connection), PROXY, proxy, (GDestroyNotify) proxy_free);
  return connection;
}

static void
cut (ContractNet *net, BurbleConnection *connection)
{
  proxy_cut (g_object_get_data (G_OBJECT (connection), PROXY));
}

static void
lose_answers (ContractNet *net, BurbleConnection *connection)
{
  proxy_hold_answers (g_object_get_data (G_OBJECT (connection), PROXY));
}

static void
end_session (ContractNet *net, BurbleConnection *connection)
{
  burble_test_server_ask_to_stop (net->server);
  /* The server waits a moment for the answer to its last words. */
  burble_test_wait_until (burble_connection_get_state (connection) != BURBLE_CONNECTION_ONLINE);
  burble_test_settle ();
  g_assert_cmpint (burble_test_server_wait (net->server), ==, 0);
  burble_test_server_start (net->server);
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
