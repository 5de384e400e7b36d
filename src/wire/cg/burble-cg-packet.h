/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-cg-frame.h"

G_BEGIN_DECLS

#define BURBLE_CG_PORT 11225
#define BURBLE_CG_TRANSPORT_VERSION 2

typedef enum
{
  BURBLE_CG_UNKNOWN, /* an id that means nothing to us */
  BURBLE_CG_HELLO,
  BURBLE_CG_SET_TYPE,
  BURBLE_CG_HANDSHAKE,
  BURBLE_CG_HANDSHAKE_ACCEPT,
  BURBLE_CG_CLOSE,
  BURBLE_CG_VERSION_CHECK,
  BURBLE_CG_PRECHECK,
  BURBLE_CG_AUTH,
  BURBLE_CG_USER,
  BURBLE_CG_MESSAGE,
  BURBLE_CG_PING,
  BURBLE_CG_PONG,
  BURBLE_CG_N_TYPES,
} BurbleCgPacketType;

/* Which number means what on this connection; 0: nothing. */
typedef struct
{
  guint32 ids[BURBLE_CG_N_TYPES];
} BurbleCgRegistry;

/* What is fixed before the server has told its own numbers. */
void               burble_cg_registry_init   (BurbleCgRegistry       *self,
                                              gboolean                ping);
BurbleCgPacketType burble_cg_registry_lookup (const BurbleCgRegistry *self,
                                              guint32                 id);

typedef enum
{
  BURBLE_CG_AUTH_UNKNOWN,
  BURBLE_CG_AUTH_LOGGED_IN,
  BURBLE_CG_AUTH_LOGGED_OUT,
  BURBLE_CG_AUTH_WRONG_CREDENTIALS,
  BURBLE_CG_AUTH_USER_EXISTS,
  BURBLE_CG_AUTH_REGISTER_DISABLED,
  BURBLE_CG_AUTH_BLOCKED,
} BurbleCgAuthStatus;

typedef enum
{
  BURBLE_CG_STATUS_UNKNOWN, /* `status_word` has what was said */
  BURBLE_CG_STATUS_ONLINE,
  BURBLE_CG_STATUS_AWAY,
  BURBLE_CG_STATUS_BUSY,
  BURBLE_CG_STATUS_OFFLINE,
  BURBLE_CG_STATUS_NOT_EXIST,
} BurbleCgStatus;

typedef struct
{
  char *key;
  char *text;
} BurbleCgAttribute;

void burble_cg_attribute_free (BurbleCgAttribute *self);

/* Strings are owned; NULL is what was not said. Passwords are wiped. */
typedef struct
{
  BurbleCgPacketType type;
  guint32 id;

  /* hello, handshake */
  char *version;
  gint64 protocol;             /* version check as well; -1 none */
  BurbleCgRegistry registry;   /* handshake */

  gboolean ping;               /* set type */
  char *reason;                /* close */

  /* version check */
  char *semver;
  char *flavor;
  gboolean compatible;

  /* precheck, auth, user; a uuid is in its normal form */
  char *username;
  char *uuid;
  gboolean valid;
  gboolean exists;
  char *password;
  gboolean create;
  BurbleCgAuthStatus auth;
  BurbleCgStatus status;
  char *status_word;

  /* message */
  gboolean warning;
  char *message;

  /* user: what else is known of them; message: its parameters
   * (element-type BurbleCgAttribute), never NULL */
  GPtrArray *attributes;

  /* ping and its answer, with `protocol` and `flavor` of the version check */
  double time;
  char *name;
  char *slogan;
  gint64 players;
  gint64 max_players;
  gboolean can_log_on;
} BurbleCgPacket;

BurbleCgPacket *burble_cg_packet_new   (BurbleCgPacketType type);
void            burble_cg_packet_free  (BurbleCgPacket *self);
/* payload: a frame without its length, from a server. */
BurbleCgPacket *burble_cg_packet_parse (GBytes *payload, const BurbleCgRegistry *registry,
                                        GError **error);
/*
 * What a client sends. Nothing is written that would stop the server for everybody, or that it
 * would not answer: that is BURBLE_WIRE_ERROR_HARMFUL.
 */
GBytes         *burble_cg_packet_write (const BurbleCgPacket *self,
                                        const BurbleCgRegistry *registry, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleCgPacket, burble_cg_packet_free)

G_END_DECLS
