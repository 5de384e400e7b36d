/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "burble-gurgle-packet.h"
#include "burble-storage.h"

G_BEGIN_DECLS

/* What a terminal negotiated with `upgrade`. */
typedef enum
{
  BURBLE_FEATURE_NONE = 0,
  BURBLE_FEATURE_TYPING = 1 << 0,
  BURBLE_FEATURE_RECEIPTS = 1 << 1,
  BURBLE_FEATURE_USER_STATUS = 1 << 2,
  BURBLE_FEATURE_CARBONS = 1 << 3,
  BURBLE_FEATURE_HISTORY = 1 << 4,
  BURBLE_FEATURE_REGISTER = 1 << 5,
  BURBLE_FEATURE_ACTIVE_USERS = 1 << 6,
} BurbleFeatures;

typedef struct _BurbleTerminal BurbleTerminal;

/* A message with its place in the archive of the account it is delivered to. */
typedef struct
{
  BurbleStoredMessage *message;
  gint64 seq;
  gboolean outgoing;
  const char *target;           /* only for this terminal; NULL: for all */
  const BurbleTerminal *origin; /* the terminal that sent it, where it is the same account's */
} BurbleDelivery;

typedef struct
{
  void (*deliver) (BurbleTerminal *self, const BurbleDelivery *delivery);
  void (*send)    (BurbleTerminal *self, GBytes *packet);
  void (*kick)    (BurbleTerminal *self, const char *error, const char *reason);
} BurbleTerminalFuncs;

/**
 * BurbleTerminal:
 *
 * A signed-in connection as the router knows it. The strings belong to whoever embeds it.
 */
struct _BurbleTerminal
{
  const BurbleTerminalFuncs *funcs;
  gint64 account;
  const char *name;
  GRefString *full_id;
  BurbleFeatures features;
  BurbleGurgleStatus status; /* OFFLINE until the first presence */
  char *mood;
  gboolean interested;       /* it knows its roster, so changes to that mean something to it */
};

typedef void (*BurbleTerminalVisit) (const BurbleTerminal *terminal, gpointer user_data);

/**
 * BurbleRouter:
 *
 * Who is online, and how to reach them. With several nodes another router carries deliveries,
 * packets and presence between them; nobody else knows how many there are.
 */
#define BURBLE_TYPE_ROUTER (burble_router_get_type ())
G_DECLARE_INTERFACE (BurbleRouter, burble_router, BURBLE, ROUTER, GObject)

struct _BurbleRouterInterface
{
  GTypeInterface parent_iface;

  void     (*attach)  (BurbleRouter *self, BurbleTerminal *terminal);
  void     (*detach)  (BurbleRouter *self, BurbleTerminal *terminal);
  gboolean (*has)     (BurbleRouter *self, gint64 account, const char *terminal);
  void     (*foreach) (BurbleRouter *self, gint64 account, BurbleTerminalVisit visit,
                       gpointer user_data);
  void     (*deliver) (BurbleRouter *self, gint64 account, const BurbleDelivery *delivery);
  void     (*send)    (BurbleRouter *self, gint64 account, const char *terminal,
                       BurbleFeatures needs, gboolean interested, const BurbleTerminal *except,
                       GBytes *packet);
  void     (*kick)    (BurbleRouter *self, gint64 account, const char *terminal, const char *error,
                       const char *reason);
};

void     burble_router_attach  (BurbleRouter *self, BurbleTerminal *terminal);
void     burble_router_detach  (BurbleRouter *self, BurbleTerminal *terminal);
/* Whether @terminal (NULL: any) of the account is there to take messages. */
gboolean burble_router_has     (BurbleRouter *self, gint64 account, const char *terminal);
void     burble_router_foreach (BurbleRouter *self, gint64 account, BurbleTerminalVisit visit,
                                gpointer user_data);
void     burble_router_deliver (BurbleRouter *self, gint64 account,
                                const BurbleDelivery *delivery);
/* To @terminal (NULL: all) of the account that negotiated @needs. */
void     burble_router_send    (BurbleRouter *self, gint64 account, const char *terminal,
                                BurbleFeatures needs, gboolean interested,
                                const BurbleTerminal *except, GBytes *packet);
/* Ends @terminal (NULL: all) of the account. */
void     burble_router_kick    (BurbleRouter *self, gint64 account, const char *terminal,
                                const char *error, const char *reason);

/* Whether others may know that this terminal is there. */
gboolean burble_terminal_is_visible (const BurbleTerminal *terminal);

G_END_DECLS
