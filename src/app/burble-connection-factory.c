/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-connection-factory"

#include "config.h"

#include "burble-connection-factory.h"

#include "burble-dummy-connection.h"
#include "burble-gurgle-connection.h"

typedef BurbleConnection *(*CreateFunc) (const BurbleConnectionSettings *settings);

static const struct
{
  const char *network;
  CreateFunc create;
} makers[] = {
  { "dummy", burble_dummy_connection_new },
  { "gurgle", burble_gurgle_connection_new },
};

BurbleConnection *
burble_connection_factory_create (const char *network, const BurbleConnectionSettings *settings,
                                  gpointer user_data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (makers); i++)
    if (g_strcmp0 (makers[i].network, network) == 0)
      return makers[i].create (settings);
  return NULL;
}

const char * const *
burble_connection_factory_networks (void)
{
  static const char * const networks[] = { "gurgle", NULL };

  return networks;
}
