/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-cg-connection.h"

#include "burble-cg-packet.h"
#include "burble-connector.h"
#include "burble-framed-stream.h"

G_BEGIN_DECLS

/* What the servers that are about call their version. */
#define BURBLE_CG_PROTOCOL 1

/* On connector and stream: whose they are, as long as they are somebody's. */
#define BURBLE_CG_OWNER "burble-cg-connection"

typedef enum
{
  BURBLE_CG_STEP_NONE,
  BURBLE_CG_STEP_HELLO,
  BURBLE_CG_STEP_HANDSHAKE,
  BURBLE_CG_STEP_PAUSE,
  BURBLE_CG_STEP_VERSION,
  BURBLE_CG_STEP_PRECHECK,
  BURBLE_CG_STEP_AUTH,
  BURBLE_CG_STEP_ONLINE,
} BurbleCgStep;

typedef struct _BurbleCgLookup BurbleCgLookup;

struct _BurbleCgConnection
{
  BurbleConnection parent_instance;

  guint step_timeout;
  guint lookup_timeout;
  guint refresh_interval;
  guint connect_timeout;
  guint probe_timeout;
  guint pause;

  /* One link; all gone when it ends. */
  GCancellable *cancellable;
  BurbleConnector *connector;
  BurbleFramedStream *stream;
  BurbleCgRegistry registry;
  BurbleCgStep step;
  guint step_source;
  guint refresh_source;

  /* Of the account. */
  char *username;
  char *host;
  guint16 port;
  char *own_uuid;
  char *register_asked; /* account whose registration was never answered */

  /* What the server wants to hear about our version, once it has said so. */
  gint64 protocol;
  char *semver;
  char *flavor;
  gboolean adapted; /* in this attempt */

  /* burble-cg-lookup.c */
  GQueue lookups;
  BurbleCgLookup *asked; /* the one under way */
  guint asked_source;
  guint unanswered;      /* given up; an answer without a name may still come */
  gboolean checking;     /* we ask for ourselves */
  gboolean heard_self;   /* on this link that was answered once */

  /* burble-cg-people.c */
  GHashTable *people; /* id → BurbleRosterItem */
  gboolean people_known;
};

/* burble-cg-connection.c */
gboolean burble_cg_connection_send (BurbleCgConnection *self, const BurbleCgPacket *packet,
                                    GError **error);
void     burble_cg_connection_lose (BurbleCgConnection *self, const GError *error);

/* burble-cg-sign-in.c */
gboolean burble_cg_sign_in_read_address   (BurbleCgConnection *self, GError **error);
gboolean burble_cg_sign_in_check_password (BurbleCgConnection *self, GError **error);
void     burble_cg_sign_in_start   (BurbleCgConnection *self);
/* FALSE: the packet has nothing to do with it. */
gboolean burble_cg_sign_in_take    (BurbleCgConnection *self, const BurbleCgPacket *packet);
void     burble_cg_sign_in_stop    (BurbleCgConnection *self);

/* burble-cg-link.c */
void     burble_cg_link_start      (BurbleCgConnection *self);
void     burble_cg_link_clear      (BurbleCgConnection *self);
void     burble_cg_link_part       (BurbleCgConnection *self, const char *reason);
char    *burble_cg_link_read_place (BurbleCgConnection *self, guint16 *port);
GError  *burble_cg_link_read_error (const GError *error);
BurbleConnector *burble_cg_link_make_connector (BurbleCgConnection *self, const char *host,
                                                guint16 port, gboolean plain);

/* burble-cg-lookup.c */
typedef void (*BurbleCgFoundFunc)  (BurbleCgConnection *self, BurblePersonInfo *person,
                                    const GError *error, gpointer data);
void     burble_cg_directory_iface_init (BurbleDirectoryChannelInterface *iface);
/* func is called exactly once, never from inside; destroy after it. */
void     burble_cg_lookup_ask      (BurbleCgConnection *self, const char *username,
                                    const char *uuid, gboolean urgent, BurbleCgFoundFunc func,
                                    gpointer data, GDestroyNotify destroy);
void     burble_cg_lookup_take     (BurbleCgConnection *self, const BurbleCgPacket *packet);
/* Whether there is still somebody at the other end: a link that is silent is lost. */
void     burble_cg_lookup_check    (BurbleCgConnection *self);
/* The name in "bob" and in "bob@host", which are the same to a user who knows addresses. */
char    *burble_cg_lookup_name     (BurbleCgConnection *self, const char *text);
void     burble_cg_lookup_fail_all (BurbleCgConnection *self, const GError *error);

/* burble-cg-probe.c */
void     burble_cg_probe_iface_init (BurbleProbeChannelInterface *iface);

/* burble-cg-people.c */
void     burble_cg_roster_iface_init (BurbleRosterChannelInterface *iface);
void     burble_cg_people_start    (BurbleCgConnection *self);
void     burble_cg_people_take     (BurbleCgConnection *self, const BurblePersonInfo *person);

G_END_DECLS
