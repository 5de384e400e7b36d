/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-dummy-connection.h"
#include "burble-dummy-network.h"
#include "burble-session-private.h"
#include "burble-test-wait.h"

/*
 * A person with a session of their own: a real store file in a folder of its own, passwords in
 * memory. Its connection is a dummy without canned people, or what `factory` makes.
 */
typedef struct
{
  char *directory;
  char *address;
  char *terminal;
  const char *network;
  char *host;                     /* by hand, with port and pin; or NULL */
  guint port;
  gboolean plain;                 /* without TLS */
  const char *websocket;          /* by hand */
  char *pin;
  guint first_delay;              /* of the options */
  BurbleConnectionFactory factory;
  gpointer factory_data;
  GCallback prepare;              /* void (BurbleSession *): before it is loaded */

  BurbleSecrets *secrets;         /* outlives a restart, as a keyring does */
  BurbleStore *store;
  BurbleSession *session;
  BurbleAccount *account;         /* the first one, while running */
  BurbleConnection *connection;   /* the last one that was made */

  GHashTable *notices;            /* tag -> BurbleNotice shown now */
  guint notices_shown;
  guint passwords_needed;
  char *password_reason;
  guint passwords_not_kept;
  guint store_failures;
  guint arrived;
  BurbleCertificateQuestion *question;
} Person;

Person *person_new          (const char *address, const char *terminal);
void    person_free         (Person *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Person, person_free)
/* Makes the session and loads it. */
void    person_start        (Person *self);
/* Shuts the session down and lets go of it: nothing of it may be left. */
void    person_stop         (Person *self);
/* Adds the account and waits until it is online. */
void    person_sign_in      (Person *self);
/* … or until the add finishes; NULL or the error. */
GError *person_try_sign_in  (Person *self, const char *password, gboolean create);
void    person_wait_online  (Person *self);
void    person_wait_offline (Person *self);

/* Everything by name: they end the test when it is not there. */
BurbleContact      *person_contact      (Person *self, const char *id);
BurbleConversation *person_chat         (Person *self, const char *peer);
gboolean            person_knows        (Person *self, const char *id);
/* Queues it, waits until it is on disk. */
BurbleMessage      *person_say          (Person *self, const char *peer, const char *text);
/* The texts of the whole chat as the store has them: "one two three". */
char               *person_texts        (Person *self, const char *peer);
guint               person_unread       (Person *self, const char *peer);
BurbleMessageWindow *person_open        (Person *self, const char *peer);
/* Whether the last message of that chat, in the list, has that text. */
gboolean            person_heard        (Person *self, const char *peer, const char *text);
BurbleMessageState  person_last_state   (Person *self, const char *peer);
void                person_add          (Person *self, const char *id, const char *alias);
void                person_remove       (Person *self, const char *id);
/* A roster call by its async function: (session, contact, …). */
void                person_accept       (Person *self, const char *id);
void                person_befriend     (Person *self, Person *other);
BurbleNotice       *person_notice       (Person *self, const char *peer);

void                session_result_cb   (GObject *source, GAsyncResult *result, gpointer user_data);
#define WAIT_FOR(function, ...)                                            \
  ({                                                                       \
    GAsyncResult *wait_result_ = NULL;                                     \
    function (__VA_ARGS__, NULL, session_result_cb, &wait_result_);        \
    burble_test_wait_until (wait_result_ != NULL);                         \
    wait_result_;                                                          \
  })

/* The network of "example.org" as fast as the main loop goes, with these users; NULL-terminated. */
BurbleDummyNetwork *dummy_network_new   (const char *first, ...) G_GNUC_NULL_TERMINATED;
