/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-test-cg.h"

#include <msgpack.h>

G_BEGIN_DECLS

typedef enum
{
  TEST_CG_NEW,       /* has been greeted */
  TEST_CG_HANDSHAKE, /* has heard the numbers */
  TEST_CG_VERSION,
  TEST_CG_AUTH,
  TEST_CG_ACTIVE,
  TEST_CG_PINGING,   /* a link of the other kind */
} TestCgState;

typedef struct _TestCgClient TestCgClient;

typedef struct
{
  char *name; /* as it is shown */
  char *key;  /* as it is found */
  char *uuid;
  char *password;
  const char *status;
  GPtrArray *attributes; /* key, value, key, value… */
  gboolean blocked;
  TestCgClient *client;  /* the newest */
} TestCgUser;

struct _TestCgClient
{
  BurbleTestCg *server;
  GSocketConnection *connection;
  GCancellable *cancellable;
  GByteArray *in;
  GByteArray *out;
  guint out_source;
  gboolean ends; /* when all is out */
  TestCgState state;
  TestCgUser *user;
  guint8 read[1024];
};

struct _BurbleTestCg
{
  GSocketService *service;
  guint16 port;
  gboolean registration;
  gboolean dead;
  BurbleTestCgQuirks quirks;
  char *name;
  char *slogan;
  char *goodbye;
  GPtrArray *users;
  GPtrArray *clients; /* the oldest first */
  guint harm;
  guint connections;
  guint questions;
};

typedef struct
{
  msgpack_sbuffer buffer;
  msgpack_packer packer;
} TestCgBody;

/* burble-test-cg-link.c: bytes. */
void          test_cg_body_init   (TestCgBody *body, guint members);
void          test_cg_add_key     (TestCgBody *body, const char *text);
void          test_cg_add_text    (TestCgBody *body, const char *key, const char *text);
void          test_cg_add_boolean (TestCgBody *body, const char *key, gboolean value);
void          test_cg_add_number  (TestCgBody *body, const char *key, guint64 number);
/* Takes what is in @body. */
void          test_cg_send        (TestCgClient *client, guint32 id, TestCgBody *body);
void          test_cg_send_bytes  (TestCgClient *client, const void *data, gsize size);
/* Greeted, and heard from then on. */
TestCgClient *test_cg_client_new  (BurbleTestCg *self, GSocketConnection *connection);
void          test_cg_client_free (gpointer data);

/* burble-test-cg-packets.c: what they mean. */
guint32       test_cg_id_of       (BurbleTestCg *self, const char *name);
TestCgUser   *test_cg_find        (BurbleTestCg *self, const char *name);
TestCgUser   *test_cg_add         (BurbleTestCg *self, const char *name, const char *password);
void          test_cg_user_free   (gpointer data);
void          test_cg_set         (TestCgUser *user, const char *key, const char *value);
void          test_cg_greet       (TestCgClient *client);
void          test_cg_tell_all    (BurbleTestCg *self, const TestCgUser *user);
void          test_cg_close       (TestCgClient *client, const char *reason);
/* @map is one. FALSE: the client is gone. */
gboolean      test_cg_take        (TestCgClient *client, guint32 id, const msgpack_object *map);

G_END_DECLS
