/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-test-peer.h"
#include "burble-test-server.h"

G_BEGIN_DECLS

#define ALICE "alice@" BURBLE_TEST_SERVER_DOMAIN
#define BOB "bob@" BURBLE_TEST_SERVER_DOMAIN
#define CAROL "carol@" BURBLE_TEST_SERVER_DOMAIN

#define ALL_FEATURES "[\"typing\",\"receipts\",\"user_status\",\"carbons\",\"history\"]"

/* A running server with alice, bob and carol. The test data is text for its configuration. */
typedef struct
{
  BurbleTestServer *server;
  gboolean plain;
} Fixture;

void            fixture_set_up      (Fixture *f, gconstpointer config);
void            fixture_tear_down   (Fixture *f, gconstpointer config);

BurbleTestPeer *fixture_dial        (Fixture *f);
/* Connected and past the version. */
BurbleTestPeer *fixture_greet       (Fixture *f);
/* With its roster asked for and available; @who: bare id. */
BurbleTestPeer *fixture_online      (Fixture *f, const char *who, const char *terminal,
                                     const char *features);
/* Sends one text message and checks that it was taken. */
void            fixture_say         (BurbleTestPeer *peer, const char *to, const char *id,
                                     const char *text);
/* The one message of the next `message` packet, acknowledged. */
JsonObject     *fixture_hear        (BurbleTestPeer *peer);
/* Alice and Bob see each other; nobody is left online. */
void            fixture_befriend    (Fixture *f, const char *one, const char *other);
/* `error` of an answer as text. */
void            fixture_assert_error (JsonObject *answer, const char *error);
void            fixture_assert_member (JsonObject *object, const char *name, const char *value);
/* The only entry of "roaster", "messages", "presences". */
JsonObject     *fixture_only        (JsonObject *packet, const char *list);

#define fixture_add(path, config, test) \
  g_test_add (path, Fixture, config, fixture_set_up, test, fixture_tear_down)

G_END_DECLS
