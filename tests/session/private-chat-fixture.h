/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-private-chat-connection.h"
#include "burble-test-site.h"
#include "session-fixture.h"

#define SITE "chat.test"
#define ALICE "alice@" SITE
#define BOB "bob@" SITE
#define CAROL "carol@" SITE
#define PASSWORD "correct horse"

/* A site of our own with alice, bob and carol, and a person who is alice. */
typedef struct
{
  BurbleTestSite *site;
  Person *alice;
  guint trust_time; /* of connections, ms; 0: the usual one */
} Fixture;

void      set_up         (Fixture *f, gconstpointer data);
/* What set_up () does, with a site that is there already. */
void      set_up_people  (Fixture *f);
/* The site must not have come to harm. */
void      tear_down      (Fixture *f, gconstpointer data);
/* Not started. */
Person   *make_person    (Fixture *f, const char *address);
void      sign_in        (Person *self);
/* … and waits until Bob is known. */
void      sign_in_fully  (Person *self);
/* Says it, and waits until the site has it. */
void      say_to_bob     (Fixture *f, const char *text);
void      wait_caught_up (Person *self);
guint     outbox_length  (Person *self);
/* Somebody else's client says something. Returns the site's number of it. */
gint64    site_says      (Fixture *f, const char *from, const char *to, const char *text);
gboolean  site_answers   (Fixture *f, const char *question, const char *answer);
gboolean  has_socket     (Fixture *f, const char *from, const char *to);
gboolean  is_here        (Person *self, const char *id);
gboolean  texts_are      (Person *self, const char *peer, const char *expected);
/* All of the chat, as the store has it. */
GPtrArray *load_chat     (Person *self, const char *peer);

#define ADD(name, function) \
  g_test_add ("/session/private-chat/" name, Fixture, NULL, set_up, function, tear_down)
