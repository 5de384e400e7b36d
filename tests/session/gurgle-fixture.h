/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-gurgle-connection.h"
#include "burble-test-server.h"
#include "session-fixture.h"

#define ALICE "alice@" BURBLE_TEST_SERVER_DOMAIN
#define BOB "bob@" BURBLE_TEST_SERVER_DOMAIN
#define CAROL "carol@" BURBLE_TEST_SERVER_DOMAIN

/* A real server process with alice, bob and carol, and persons who reach it by TLS. */
BurbleTestServer *gurgle_server_new (const char *config);
/* Knows the server's certificate; not started. */
Person           *gurgle_person_new (BurbleTestServer *server, const char *address, const char *terminal);
/* Starts and signs in with the password of everybody there. */
void              gurgle_sign_in    (Person *self);
void              gurgle_befriend   (Person *self, Person *other);
void              gurgle_say        (Person *self, const char *peer, const char *text);
