/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-cg-connection.h"
#include "burble-test-cg.h"
#include "contract.h"

/*
 * The contract over a network where people can be followed and not written to.
 */

struct _ContractNet
{
  BurbleTestCg *server;
};

static ContractNet *
net_new (gboolean registration)
{
  ContractNet *net = g_new0 (ContractNet, 1);

  net->server = burble_test_cg_new (registration);
  return net;
}

static void
net_free (ContractNet *net)
{
  /* Whatever the contract asked for, a real server would still be there. */
  g_assert_cmpuint (burble_test_cg_get_harm (net->server), ==, 0);
  burble_test_cg_free (net->server);
  g_free (net);
}

/* Nobody can say how they are: the server knows by itself. */
static void
set_status (ContractNet *net, const char *username, BurblePeerStatus status)
{
  static const char * const words[] = {
    [BURBLE_PEER_OFFLINE] = "offline",
    [BURBLE_PEER_AVAILABLE] = "online",
    [BURBLE_PEER_AWAY] = "away",
    [BURBLE_PEER_DND] = "busy",
  };

  burble_test_cg_set_status (net->server, username, words[status]);
}

static void
add_user (ContractNet *net, const char *username)
{
  burble_test_cg_add_user (net->server, username, CONTRACT_PASSWORD);
  set_status (net, username, BURBLE_PEER_AVAILABLE);
}

/* Their UUID, once they are somebody. */
static char *
id_of (ContractNet *net, const char *username)
{
  return g_strdup (burble_test_cg_get_uuid (net->server, username));
}

static BurbleConnection *
make_connection (ContractNet *net, const char *username, const char *terminal)
{
  g_autofree char *id = g_strdup_printf ("%s@" CONTRACT_DOMAIN, username);
  g_autoptr(BurbleConnectionSettings) settings = burble_connection_settings_new (id);
  BurbleConnection *connection =
    g_object_new (BURBLE_TYPE_CG_CONNECTION, "retry-ceiling", 30, "pause", 5, NULL);

  settings->host = g_strdup ("127.0.0.1");
  settings->port = burble_test_cg_get_port (net->server);
  burble_connection_set_settings (connection, settings);
  burble_connection_set_password (connection, CONTRACT_PASSWORD);
  return connection;
}

static void
cut (ContractNet *net, BurbleConnection *connection)
{
  burble_test_cg_set_quirks (net->server, 0);
  burble_test_cg_cut (net->server);
}

static void
lose_answers (ContractNet *net, BurbleConnection *connection)
{
  burble_test_cg_set_quirks (net->server, BURBLE_TEST_CG_MUTE);
}

static void
end_session (ContractNet *net, BurbleConnection *connection)
{
  burble_test_cg_kill (net->server, "The server is stopping");
}

const ContractBackend contract_backend = {
  /* How others are is to be seen; one's own status is not to be told. */
  .capabilities = (BurbleCapabilities) (BURBLE_CAPABILITY_ROSTER | BURBLE_CAPABILITY_ROSTER_EDIT
                                        | BURBLE_CAPABILITY_DIRECTORY | BURBLE_CAPABILITY_REGISTER
                                        | CONTRACT_STATUSES),
  .bad_password = "",
  .net_new = net_new,
  .net_free = net_free,
  .add_user = add_user,
  .make_connection = make_connection,
  .id_of = id_of,
  .set_status = set_status,
  .cut = cut,
  .lose_answers = lose_answers,
  .end_session = end_session,
};
