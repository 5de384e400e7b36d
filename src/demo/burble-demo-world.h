/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-connection.h"
#include "burble-demo-peer.h"
#include "burble-demo-server.h"
#include "burble-session.h"

G_BEGIN_DECLS

/*
 * The world of the demo while it is made and lived in. Its preparation runs straight through and
 * iterates the main context itself: there is no main loop yet, and no window that could wait.
 */
typedef struct
{
  char *directory;        /* temporary; all of the world is in it */
  BurbleDemoHost *host;
  BurbleDemoServer server;
  char *user_password;
  char *guest_password;
  GPtrArray *peers;       /* (element-type BurbleDemoPeer) */
  GHashTable *tellers;    /* user name → BurbleConnection: tells the story with old timestamps */
  GHashTable *passwords;  /* user name → password */
  BurbleSession *user;    /* fills the profile that the window opens */
  BurbleAccount *user_account;
  char *user_uid;
  gboolean stopped;       /* set from outside: nothing is waited for any longer */
} BurbleDemoWorld;

typedef gboolean (*BurbleDemoCondition) (BurbleDemoWorld *world,
                                         gconstpointer    data);

gboolean          burble_demo_world_start         (BurbleDemoWorld     *self,
                                                   GError             **error);
void              burble_demo_world_clear         (BurbleDemoWorld     *self);
gboolean          burble_demo_world_wait          (BurbleDemoWorld     *self,
                                                   BurbleDemoCondition  condition,
                                                   gconstpointer        data,
                                                   const char          *what,
                                                   GError             **error);
BurbleConnection *burble_demo_world_get_teller    (BurbleDemoWorld     *self,
                                                   const char          *username,
                                                   GError             **error);
gboolean          burble_demo_world_close_profile (BurbleDemoWorld     *self,
                                                   GError             **error);

G_END_DECLS
