/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-demo-cast.h"
#include "burble-session.h"

G_BEGIN_DECLS

/**
 * BurbleDemoPeer:
 *
 * One headless person of the demo: a whole engine (session, store, connection) without a window.
 * Accepts whoever asks, answers what is said to them, and lives through their day.
 */
#define BURBLE_TYPE_DEMO_PEER (burble_demo_peer_get_type ())
G_DECLARE_FINAL_TYPE (BurbleDemoPeer, burble_demo_peer, BURBLE, DEMO_PEER, GObject)

/* Where a demo account signs in. */
typedef struct
{
  char *host;
  guint port;
  char *pin;
} BurbleDemoServer;

BurbleDemoPeer *burble_demo_peer_new         (const BurbleDemoPerson *person,
                                              const char *directory);
/* Signs in; `online` of the account's state tells when it is done. */
void            burble_demo_peer_sign_in     (BurbleDemoPeer *self, const BurbleDemoServer *server,
                                              const char *password);
BurbleAccount  *burble_demo_peer_get_account (BurbleDemoPeer *self);
BurbleSession  *burble_demo_peer_get_session (BurbleDemoPeer *self);
/* From now on: presence changes, answers, and the request to be added if the person asks. */
void            burble_demo_peer_start_day   (BurbleDemoPeer *self);

/* A gurgle account as the demo makes it. */
BurbleAccount    *burble_demo_account_new    (const char *username, const char *name,
                                              const BurbleDemoServer *server);
BurbleConnection *burble_demo_make_connection (const char *network,
                                               const BurbleConnectionSettings *settings,
                                               gpointer user_data);

G_END_DECLS
