/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-router.h"

G_DEFINE_INTERFACE (BurbleRouter, burble_router, G_TYPE_OBJECT)

static void
burble_router_default_init (BurbleRouterInterface *iface)
{
}

/**
 * burble_router_attach:
 * @self: a router
 * @terminal: (transfer none): a terminal that has signed in; it stays where it is until detached
 */
void
burble_router_attach (BurbleRouter   *self,
                      BurbleTerminal *terminal)
{
  g_return_if_fail (BURBLE_IS_ROUTER (self));

  BURBLE_ROUTER_GET_IFACE (self)->attach (self, terminal);
}

/**
 * burble_router_detach:
 * @self: a router
 * @terminal: one that was attached
 *
 * Nothing is called on it any more.
 */
void
burble_router_detach (BurbleRouter   *self,
                      BurbleTerminal *terminal)
{
  g_return_if_fail (BURBLE_IS_ROUTER (self));

  BURBLE_ROUTER_GET_IFACE (self)->detach (self, terminal);
}

/**
 * burble_router_has:
 * @self: a router
 * @account: an account
 * @terminal: (nullable): the name of a terminal, or any
 *
 * Returns: whether it is there to take messages
 */
gboolean
burble_router_has (BurbleRouter *self,
                   gint64        account,
                   const char   *terminal)
{
  g_return_val_if_fail (BURBLE_IS_ROUTER (self), FALSE);

  return BURBLE_ROUTER_GET_IFACE (self)->has (self, account, terminal);
}

/**
 * burble_router_foreach:
 * @self: a router
 * @account: an account
 * @visit: called for each of its terminals; must not attach or detach any
 *
 * Tells nobody anything.
 */
void
burble_router_foreach (BurbleRouter       *self,
                       gint64              account,
                       BurbleTerminalVisit visit,
                       gpointer            user_data)
{
  g_return_if_fail (BURBLE_IS_ROUTER (self));

  BURBLE_ROUTER_GET_IFACE (self)->foreach (self, account, visit, user_data);
}

/**
 * burble_router_deliver:
 * @self: a router
 * @account: who gets it
 * @delivery: (transfer none): a message that is on disk
 *
 * Hands it to all terminals of the account; each looks whether it is meant.
 */
void
burble_router_deliver (BurbleRouter         *self,
                       gint64                account,
                       const BurbleDelivery *delivery)
{
  g_return_if_fail (BURBLE_IS_ROUTER (self));

  BURBLE_ROUTER_GET_IFACE (self)->deliver (self, account, delivery);
}

/**
 * burble_router_send:
 * @self: a router
 * @account: who gets it
 * @terminal: (nullable): the name of a terminal, or all
 * @needs: features that the terminal must have switched on (Gurgle, section 5)
 * @interested: whether only terminals that know their roster get it
 * @except: (nullable): one that does not
 * @packet: a whole packet
 *
 * Nothing is kept for terminals that are not there. A terminal that takes nothing any more may end
 * by this.
 */
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

/**
 * burble_router_kick:
 * @self: a router
 * @account: an account
 * @terminal: (nullable): the name of a terminal, or all
 * @error: the word and
 * @reason: the sentence of the `kill` that ends it (Gurgle, section 3)
 */
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
