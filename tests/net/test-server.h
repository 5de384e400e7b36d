/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A server on a loopback port of its own choice, in this process and main context. */
typedef struct
{
  GSocketService  *service;
  GTlsCertificate *certificate; /* NULL: accepts TCP and says nothing */
  GPtrArray       *streams;
  guint            accepted;
  guint16          port;
} TestServer;

TestServer *test_server_new  (GTlsCertificate *certificate);
void        test_server_free (TestServer      *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestServer, test_server_free)

/* GnuTLS itself, in a thread: one handshake with the protocols of @priority. */
typedef struct
{
  GSocketListener *listener;
  GTlsCertificate *certificate;
  GThread         *thread;
  char            *priority;
  char            *server_name; /* what the client asked for; read it after bare_server_join() */
  gboolean         shaken;
  guint16          port;
} BareServer;

BareServer *bare_server_new  (GTlsCertificate *certificate,
                              const char      *priority);
void        bare_server_join (BareServer      *server);
void        bare_server_free (BareServer      *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BareServer, bare_server_free)

G_END_DECLS
