/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gnutls/gnutls.h>

#include "burble-active-users.h"
#include "burble-gurgle-id.h"
#include "burble-passwords.h"
#include "burble-poller.h"
#include "burble-router.h"
#include "burble-server.h"
#include "burble-sqlite-storage.h"
#include "burble-throttle.h"
#include "burble-user.h"

G_BEGIN_DECLS

typedef struct _BurbleClient BurbleClient;

struct _BurbleServer
{
  GObject parent_instance;
  BurbleServerConfig *config;
  BurbleSqliteStorage *database;
  BurbleStorage *storage; /* the same, as everybody else sees it */
  BurbleRouter *router;
  BurblePasswords *passwords;
  BurbleThrottle *throttle;
  BurblePoller *poller;
  BurbleUsers *users;
  gnutls_certificate_credentials_t credentials;
  GPtrArray *old_credentials; /* connections may still refer to them */
  gnutls_priority_t priority;
  int lock_fd;
  char *domain; /* prepared */

  GSocket *socket;
  GSource *accept_source;
  guint resume_id;
  guint16 port;

  GQueue clients;         /* all of them; a client knows its link */
  GQueue unauthenticated; /* oldest first */
  gboolean hurry;         /* somebody is being given a moment to read our last words */
  guint sweep_id;
  guint sweep_seconds;

  GHashTable *unsaved; /* clients whose acknowledgements are not on disk */
  guint save_id;
  gint64 last_receipt; /* all receipts up to this one were sent to whoever is online */

  BurbleActiveUsers *active_users; /* NULL: the directory is closed */
  guint active_users_id;

  int watch_fd; /* inotify: the command line changed accounts */
  guint watch_id;
  gint64 revision;

  gboolean draining;
  gint64 drain_until;
  GTask *stop_task;
};

void     burble_server_client_signed_in (BurbleServer *self, BurbleClient *client);
void     burble_server_client_finishing (BurbleServer *self);
/* A request was answered or a connection is gone: the drain may be over. */
void     burble_server_client_settled   (BurbleServer *self, BurbleClient *client);
void     burble_server_client_gone      (BurbleServer *self, BurbleClient *client);
/* Something was acknowledged; written within a second, along with others. */
void     burble_server_client_unsaved   (BurbleServer *self, BurbleClient *client);

/* burble-server-accounts.c: what the command line does while the server runs */
gboolean burble_server_watch_accounts   (BurbleServer *self, GError **error);
void     burble_server_unwatch_accounts (BurbleServer *self);

G_END_DECLS
