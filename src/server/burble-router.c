/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-router.h"

G_DEFINE_INTERFACE (BurbleRouter, burble_router, G_TYPE_OBJECT)

static void
burble_router_default_init (BurbleRouterInterface *iface)
{
}

void
burble_router_attach (BurbleRouter   *self,
                      BurbleTerminal *terminal)
{
  g_return_if_fail (BURBLE_IS_ROUTER (self));

  BURBLE_ROUTER_GET_IFACE (self)->attach (self, terminal);
}

void
burble_router_detach (BurbleRouter   *self,
                      BurbleTerminal *terminal)
{
  g_return_if_fail (BURBLE_IS_ROUTER (self));

  BURBLE_ROUTER_GET_IFACE (self)->detach (self, terminal);
}

gboolean
burble_router_has (BurbleRouter *self,
                   gint64        account,
                   const char   *terminal)
{
  g_return_val_if_fail (BURBLE_IS_ROUTER (self), FALSE);

  return BURBLE_ROUTER_GET_IFACE (self)->has (self, account, terminal);
}

void
burble_router_foreach (BurbleRouter       *self,
                       gint64              account,
                       BurbleTerminalVisit visit,
                       gpointer            user_data)
{
  g_return_if_fail (BURBLE_IS_ROUTER (self));

  BURBLE_ROUTER_GET_IFACE (self)->foreach (self, account, visit, user_data);
}

void
burble_router_deliver (BurbleRouter         *self,
                       gint64                account,
                       const BurbleDelivery *delivery)
{
  g_return_if_fail (BURBLE_IS_ROUTER (self));

  BURBLE_ROUTER_GET_IFACE (self)->deliver (self, account, delivery);
}

void
burble_router_send (BurbleRouter         *self,
                    gint64                account,
                    const char           *terminal,
                    BurbleFeatures        needs,
                    gboolean              interested,
                    const BurbleTerminal *except,
                    GBytes               *packet)
{
  g_return_if_fail (BURBLE_IS_ROUTER (self));

  BURBLE_ROUTER_GET_IFACE (self)->send (self, account, terminal, needs, interested, except, packet);
}

void
burble_router_kick (BurbleRouter *self,
                    gint64        account,
                    const char   *terminal,
                    const char   *error,
                    const char   *reason)
{
  g_return_if_fail (BURBLE_IS_ROUTER (self));

  BURBLE_ROUTER_GET_IFACE (self)->kick (self, account, terminal, error, reason);
}

gboolean
burble_terminal_is_visible (const BurbleTerminal *terminal)
{
  return terminal->status != BURBLE_GURGLE_STATUS_OFFLINE &&
         terminal->status != BURBLE_GURGLE_STATUS_INVISIBLE;
}
