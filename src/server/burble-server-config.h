/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BURBLE_SERVER_DEFAULT_PORT 40097

/**
 * BurbleServerConfig:
 *
 * What burble-server.ini in the data directory says; each key has a default, and the file holds
 * those that differ. Times are seconds.
 */
typedef struct
{
  char *data_dir;
  /* [server] */
  char *domain;
  char *listen;        /* an address, not a name */
  guint16 port;        /* 0: any free one */
  gboolean plain;      /* no TLS; loopback addresses only */
  gboolean register_;  /* anybody may make an account */
  gboolean directory;  /* whoever is signed in may know who is there */
  /* [tls] relative to the data directory */
  char *certificate;
  char *key;
  /* [passwords] cost of Argon2id */
  guint64 operations;
  guint64 memory_kib;
  guint max_failures;
  /* [limits] */
  guint max_unauthenticated;
  guint max_roster;
  guint64 max_database_mib; /* 0: none */
  /* what each connection may send, a second and at once; a rate of 0: no limit */
  guint rate_packets;
  guint burst_packets;
  guint rate_kib;
  guint burst_kib;
  guint timestamp_tolerance; /* seconds a sender's clock may be off before it is corrected */
  /* [timeouts] */
  guint auth_timeout;
  guint stuck_timeout;
  guint idle_timeout;
  guint answer_timeout;
} BurbleServerConfig;

/* $STATE_DIRECTORY (systemd), else burble-server in the user's data directory. */
char               *burble_server_default_data_dir (void);
BurbleServerConfig *burble_server_config_new       (const char                *data_dir,
                                                    const char                *domain);
/* G_FILE_ERROR_NOENT where there was no `init` yet. */
BurbleServerConfig *burble_server_config_load      (const char                *data_dir,
                                                    GError                   **error);
gboolean            burble_server_config_save      (const BurbleServerConfig  *self,
                                                    GError                   **error);
char               *burble_server_config_get_path  (const BurbleServerConfig  *self,
                                                    const char                *name);
void                burble_server_config_free      (BurbleServerConfig        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleServerConfig, burble_server_config_free)

G_END_DECLS
