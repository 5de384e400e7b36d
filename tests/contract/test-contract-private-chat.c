/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-private-chat-connection.h"
#include "burble-test-site.h"
#include "contract.h"
#include "proxy.h"

/*
 * The contract over a site with pages and sockets.
 */

#define PROXY "contract-proxy"

struct _ContractNet
{
  BurbleTestSite *site;
};

static ContractNet *
net_new (gboolean registration)
{
  ContractNet *net = g_new0 (ContractNet, 1);

  net->site = burble_test_site_new ();
  return net;
}

static void
net_free (ContractNet *net)
{
  burble_test_site_free (net->site);
  g_free (net);
}

static void
add_user (ContractNet *net, const char *username)
{
  burble_test_site_tell (net->site, "user %s " CONTRACT_PASSWORD, username);
}

static BurbleConnection *
make_connection (ContractNet *net, const char *username, const char *terminal)
{
  g_autofree char *id = g_strdup_printf ("%s@" CONTRACT_DOMAIN, username);
  g_autoptr(BurbleConnectionSettings) settings = burble_connection_settings_new (id);
  BurbleConnection *connection =
    g_object_new (BURBLE_TYPE_PRIVATE_CHAT_CONNECTION, "retry-ceiling", 30, "poll-interval", 100,
                  NULL);
  Proxy *proxy = proxy_new (burble_test_site_get_port (net->site));

  settings->host = g_strdup ("127.0.0.1");
  settings->port = proxy_get_port (proxy);
  settings->plain = TRUE;
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
  burble_test_site_tell (net->site, "refuse alice");
}

const ContractBackend contract_backend = {
  .capabilities = BURBLE_CAPABILITY_ROSTER | BURBLE_CAPABILITY_PRESENCE
                  | BURBLE_CAPABILITY_MESSAGES | BURBLE_CAPABILITY_TYPING
                  | BURBLE_CAPABILITY_RECEIPTS | BURBLE_CAPABILITY_HISTORY
                  | BURBLE_CAPABILITY_DIRECTORY | BURBLE_CAPABILITY_PEOPLE,
  .numbers = TRUE,
  .net_new = net_new,
  .net_free = net_free,
  .add_user = add_user,
  .make_connection = make_connection,
  .cut = cut,
  .lose_answers = lose_answers,
  .end_session = end_session,
};
