/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-cg-connection.h"
#include "burble-test-cg.h"
#include "burble-test-wait.h"

G_BEGIN_DECLS

/* One connection to a cg server, and all that it said. */

#define CG_PASSWORD "correct horse"
#define CG_IMPATIENT 300 /* ms, where silence is waited for */

typedef struct
{
  BurbleTestCg *server;
  BurbleConnection *connection;
  const char *bob;       /* their UUID */
  GPtrArray *items;      /* (element-type BurbleRosterItem): each change of the list */
  guint kept;
  guint resets;
  char *notice;
  guint news;
  GError *error;         /* the first that there was */
} CgFixture;

/* data: the quirks of the server */
void              cg_set_up     (CgFixture *f, gconstpointer quirks);
/* Whatever was tried, a real server would still be there. */
void              cg_tear_down  (CgFixture *f, gconstpointer quirks);
/* Another one of the same kind, with its own times. */
BurbleConnection *cg_new        (CgFixture *f, const char *name, guint refresh_interval);
void              cg_free       (BurbleConnection *connection);
void              cg_set_name   (CgFixture *f, const char *name);
/* A connection that asks for its people each so many ms; before it is used. */
void              cg_set_refresh (CgFixture *f, guint interval);
void              cg_wait_state (CgFixture *f, BurbleConnectionState state);
void              cg_go_online  (CgFixture *f);
void              cg_expect_failure (CgFixture *f, BurbleProtocolError code);
BurblePersonInfo *cg_look_up    (CgFixture *f, const char *name, const char *uuid, GError **error);
/* Takes @item. */
void              cg_change     (CgFixture *f, BurbleRosterItem *item, GError **error);
/* As if bob had been on the list before. */
void              cg_follow_bob (CgFixture *f);
const BurbleRosterItem *cg_last_item (CgFixture *f);
gboolean          cg_last_is    (CgFixture *f, BurblePeerStatus status);
void              cg_result_cb  (GObject *object, GAsyncResult *result, gpointer user_data);

#define cg_add(path, quirks, function) \
  g_test_add ("/protocol/cg/" path, CgFixture, GUINT_TO_POINTER (quirks), cg_set_up, function, \
              cg_tear_down)

G_END_DECLS
