/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-test-peer.h"
#include "burble-test-relay.h"
#include "gurgle-fixture.h"

G_BEGIN_DECLS

/* Two engines, a server of their own, and between them a relay that all connections go through. */
typedef struct
{
  BurbleTestServer *server;
  BurbleTestRelay *relay;
  Person *alice;
  Person *bob;
} Scene;

/* A packet that has to cross in that direction while the row's case runs. */
typedef struct
{
  BurbleTestRelayDirection direction;
  BurbleGurglePacketType type;
} Crossing;

#define UP(type) { BURBLE_TEST_RELAY_UP, BURBLE_GURGLE_##type }
#define DOWN(type) { BURBLE_TEST_RELAY_DOWN, BURBLE_GURGLE_##type }
#define MAX_CROSSINGS 6

/* One row of the protocol's tables: /e2e/packets/NAME. */
typedef struct
{
  const char *name;
  const char *config; /* of the server */
  gboolean friends;   /* both engines are online and see each other */
  void (*play) (Scene *scene);
  Crossing crossings[MAX_CROSSINGS]; /* ends with an INVALID */
} Row;

extern const Row link_rows[];
extern const Row people_rows[];
extern const Row message_rows[];
extern const Row feature_rows[];

Person         *scene_person_new   (Scene *scene, const char *address, const char *terminal);
/* A connection by hand, through the relay. */
BurbleTestPeer *scene_connect      (Scene *scene);
/* … with the version said. */
BurbleTestPeer *scene_greet        (Scene *scene);
BurbleTestPeer *scene_go_online    (Scene *scene, const char *address, const char *features);
/* The answer's `error`; "null" where it has none. */
void            scene_assert_error (JsonObject *answer, const char *error);
/* The request is refused with that word, and the connection goes on. */
void            scene_refused      (BurbleTestPeer *peer, const char *request, const char *error);
void            scene_command      (Scene *scene, const char *input, const char *first,
                                    const char *second);

G_END_DECLS
