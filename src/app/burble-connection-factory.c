/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-connection-factory"

#include "config.h"

#include "burble-connection-factory.h"

#include <glib/gi18n.h>

#include "burble-cg-connection.h"
#include "burble-dummy-connection.h"
#include "burble-gurgle-connection.h"
#include "burble-private-chat-connection.h"

typedef BurbleConnection *(*CreateFunc) (const BurbleConnectionSettings *settings);

static const struct
{
  const char *network;
  CreateFunc create;
} makers[] = {
  { "cg", burble_cg_connection_new },
  { "dummy", burble_dummy_connection_new },
  { "gurgle", burble_gurgle_connection_new },
  { "private-chat", burble_private_chat_connection_new },
};

static const BurbleDetailWords cg_details[] = {
  /* Translators: the name of a picture that stands for a person */
  { "profile_img", N_("Picture"), "default" },
  { NULL, NULL, NULL },
};

static const BurbleNetworkWords words[] = {
  /* Translators: servers made with the program cg, where people can be looked up and followed */
  { .network = "cg", .name = N_("cg Server"),
    .address = N_("Address (name@server)"), .details = cg_details },
  { .network = "dummy", .name = N_("Rehearsal"), .address = N_("Rehearsal ID") },
  { .network = "gurgle", .name = N_("Gurgle"), .address = N_("Gurgle ID"),
    .websocket = N_("Path"),
    .websocket_about = N_("For networks that let nothing but the web pass"),
    .websocket_usual = "/gurgle" },
  /* Translators: a web site made with the program django-private-chat */
  { .network = "private-chat", .name = N_("Private Chat Site"),
    .address = N_("Address (name@site)"),
    .websocket = N_("Address, like wss://chat.example.org:5002/"),
    .websocket_about = N_("Where the site’s pages do not tell, or tell it wrong") },
  { .network = NULL },
};

/**
 * burble_connection_factory_create:
 * @network: a network's name, like `gurgle`
 * @settings: where to connect and as whom
 * @user_data: not used
 *
 * The only place that knows which class makes which network; a #BurbleConnectionFactory.
 *
 * Returns: (transfer full) (nullable): a connection that is not connected yet, %NULL for a network
 *   that is not known
 */
BurbleConnection *
burble_connection_factory_create (const char *network, const BurbleConnectionSettings *settings,
                                  gpointer user_data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (makers); i++)
    if (g_strcmp0 (makers[i].network, network) == 0)
      return makers[i].create (settings);
  return NULL;
}

/**
 * burble_connection_factory_networks:
 * Returns: (array zero-terminated=1): the names of the networks that a user can add an account of
 */
const char * const *
burble_connection_factory_networks (void)
{
  static const char * const networks[] = { "gurgle", "private-chat", "cg", NULL };

  return networks;
}

/**
 * burble_connection_factory_words:
 * Returns: (array zero-terminated=1): how people call all networks, for burble_words_set_networks()
 */
const BurbleNetworkWords *
burble_connection_factory_words (void)
{
  return words;
}
