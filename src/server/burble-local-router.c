/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-local-router.h"

struct _BurbleLocalRouter
{
  GObject parent_instance;
  GHashTable *accounts; /* account -> GPtrArray of BurbleTerminal */
};

static void burble_local_router_iface_init (BurbleRouterInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BurbleLocalRouter, burble_local_router, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BURBLE_TYPE_ROUTER,
                                                      burble_local_router_iface_init))

static GPtrArray *
lookup (BurbleRouter *router,
        gint64        account)
{
  BurbleLocalRouter *self = BURBLE_LOCAL_ROUTER (router);

  return g_hash_table_lookup (self->accounts, GSIZE_TO_POINTER (account));
}

static gboolean
is_named (const BurbleTerminal *terminal,
          const char           *name)
{
  return name == NULL || g_str_equal (terminal->name, name);
}

static void
burble_local_router_attach (BurbleRouter   *router,
                            BurbleTerminal *terminal)
{
  BurbleLocalRouter *self = BURBLE_LOCAL_ROUTER (router);
  GPtrArray *terminals = lookup (router, terminal->account);

  if (terminals == NULL)
    {
      terminals = g_ptr_array_new ();
      g_hash_table_insert (self->accounts, GSIZE_TO_POINTER (terminal->account), terminals);
    }
  g_ptr_array_add (terminals, terminal);
}

static void
burble_local_router_detach (BurbleRouter   *router,
                            BurbleTerminal *terminal)
{
  BurbleLocalRouter *self = BURBLE_LOCAL_ROUTER (router);
  GPtrArray *terminals = lookup (router, terminal->account);

  if (terminals != NULL && g_ptr_array_remove (terminals, terminal) && terminals->len == 0)
    g_hash_table_remove (self->accounts, GSIZE_TO_POINTER (terminal->account));
}

static gboolean
burble_local_router_has (BurbleRouter *router,
                         gint64        account,
                         const char   *terminal)
{
  GPtrArray *terminals = lookup (router, account);

  for (guint i = 0; terminals != NULL && i < terminals->len; i++)
    if (is_named (g_ptr_array_index (terminals, i), terminal))
      return TRUE;
  return FALSE;
}

static void
burble_local_router_foreach (BurbleRouter       *router,
                             gint64              account,
                             BurbleTerminalVisit visit,
                             gpointer            user_data)
{
  GPtrArray *terminals = lookup (router, account);

  for (guint i = 0; terminals != NULL && i < terminals->len; i++)
    visit (g_ptr_array_index (terminals, i), user_data);
}

static void
burble_local_router_deliver (BurbleRouter         *router,
                             gint64                account,
                             const BurbleDelivery *delivery)
{
  GPtrArray *terminals = lookup (router, account);

  for (guint i = 0; terminals != NULL && i < terminals->len; i++)
    {
      BurbleTerminal *terminal = g_ptr_array_index (terminals, i);

      terminal->funcs->deliver (terminal, delivery);
    }
}

/* From the end: sending may end a terminal that takes nothing any more. */
static void
burble_local_router_send (BurbleRouter         *router,
                          gint64                account,
                          const char           *name,
                          BurbleFeatures        needs,
                          gboolean              interested,
                          const BurbleTerminal *except,
                          GBytes               *packet)
{
  GPtrArray *terminals = lookup (router, account);
  g_autoptr(GPtrArray) held = terminals != NULL ? g_ptr_array_ref (terminals) : NULL;

  for (guint i = held != NULL ? held->len : 0; i > 0; i--)
    {
      BurbleTerminal *terminal = i <= held->len ? g_ptr_array_index (held, i - 1) : NULL;

      if (terminal != NULL && terminal != except && is_named (terminal, name) &&
          (terminal->features & needs) == needs && (terminal->interested || !interested))
        terminal->funcs->send (terminal, packet);
    }
}

static void
burble_local_router_kick (BurbleRouter *router,
                          gint64        account,
                          const char   *name,
                          const char   *error,
                          const char   *reason)
{
  GPtrArray *terminals = lookup (router, account);
  g_autoptr(GPtrArray) held = terminals != NULL ? g_ptr_array_ref (terminals) : NULL;

  for (guint i = held != NULL ? held->len : 0; i > 0; i--)
    {
      BurbleTerminal *terminal = i <= held->len ? g_ptr_array_index (held, i - 1) : NULL;

      if (terminal != NULL && is_named (terminal, name))
        terminal->funcs->kick (terminal, error, reason);
    }
}

static void
burble_local_router_iface_init (BurbleRouterInterface *iface)
{
  iface->attach = burble_local_router_attach;
  iface->detach = burble_local_router_detach;
  iface->has = burble_local_router_has;
  iface->foreach = burble_local_router_foreach;
  iface->deliver = burble_local_router_deliver;
  iface->send = burble_local_router_send;
  iface->kick = burble_local_router_kick;
}

static void
burble_local_router_finalize (GObject *object)
{
  BurbleLocalRouter *self = BURBLE_LOCAL_ROUTER (object);

  g_clear_pointer (&self->accounts, g_hash_table_unref);
  G_OBJECT_CLASS (burble_local_router_parent_class)->finalize (object);
}

static void
burble_local_router_class_init (BurbleLocalRouterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = burble_local_router_finalize;
}

static void
burble_local_router_init (BurbleLocalRouter *self)
{
  self->accounts = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
}

BurbleRouter *
burble_local_router_new (void)
{
  return g_object_new (BURBLE_TYPE_LOCAL_ROUTER, NULL);
}
