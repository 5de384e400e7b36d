/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-capabilities.h"
#include "burble-test-wait.h"

G_BEGIN_DECLS

/*
 * What every protocol has to do, seen from above: through the connection and its channels alone.
 * A backend says how a network of that kind is made and disturbed.
 */

#define CONTRACT_DOMAIN "example.test"
#define CONTRACT_PASSWORD "correct horse"

typedef struct _ContractNet ContractNet;

/* What networks have or have not, besides the capabilities that a window has to know; in the same
 * numbers. */
typedef enum
{
  CONTRACT_STATUSES = 1 << 29, /* more than here and gone */
  CONTRACT_LIST     = 1 << 30, /* it keeps the list of contacts itself */
} ContractTraits;

typedef struct
{
  /* What a connection of that kind can do where all goes well. Tests that need more are skipped,
   * and say of what. */
  BurbleCapabilities capabilities;
  /* The network numbers messages itself: the others see its numbers, not the sender's ids; and it
   * knows people by their names alone. */
  gboolean numbers;
  /* Too weak for an account; NULL: one letter. */
  const char *bad_password;

  ContractNet      *(*net_new)         (gboolean registration);
  void              (*net_free)        (ContractNet *net);
  void              (*add_user)        (ContractNet *net, const char *username);
  /* Offline, with the password and a short retry delay. */
  BurbleConnection *(*make_connection) (ContractNet *net, const char *username, const char *terminal);
  /* What the network calls somebody; NULL: their address. To be freed. */
  char             *(*id_of)           (ContractNet *net, const char *username);
  /* How somebody is; NULL: they publish it themselves. */
  void              (*set_status)      (ContractNet *net, const char *username, BurblePeerStatus status);
  /* The cable is cut, for this connection alone. */
  void              (*cut)             (ContractNet *net, BurbleConnection *connection);
  /* What the connection sends from now on arrives, but no answer comes back until cut(). */
  void              (*lose_answers)    (ContractNet *net, BurbleConnection *connection);
  /* The network ends the session, saying why; it can be reached again at once. */
  void              (*end_session)     (ContractNet *net, BurbleConnection *connection);
} ContractBackend;

extern const ContractBackend contract_backend;

/* One terminal of somebody, and all that it heard. */
typedef struct
{
  ContractNet *net;
  BurbleConnection *connection;
  char *username;
  char *id;
  char *etag;
  guint kept;
  guint resets;
  GHashTable *roster;    /* id → BurbleRosterItem, as it stands */
  GHashTable *presences; /* "id/terminal" → "status mood" */
  GPtrArray *messages;   /* (element-type BurbleMessageEvent), each time it came */
  GString *typing;       /* "peer sender 1\n"… */
  GString *receipts;     /* "peer own state ids\n"… */
  gboolean silent;       /* does not acknowledge */
} ContractClient;

ContractClient *contract_client_new     (ContractNet *net, const char *username, const char *terminal);
void            contract_client_free    (ContractClient *self);
/* Connects and waits for the roster. */
void            contract_client_go_online  (ContractClient *self);
void            contract_client_go_offline (ContractClient *self);
/* Both: a client of a user that exists, online. */
ContractClient *contract_client_new_online (ContractNet *net, const char *username, const char *terminal);
/* A new connection object with what this one knew: as after a restart. */
void            contract_client_restart (ContractClient *self, const char *terminal);
/* Whether it is the one that was sent with that id. */
gboolean        contract_is             (const BurbleMessageEvent *event, const char *message_id);
guint           contract_client_count   (ContractClient *self, const char *message_id);
const BurbleRosterItem *contract_client_entry (ContractClient *self, const char *id);
/* "status mood" of any terminal of theirs, "" if there is none. */
const char     *contract_client_sees    (ContractClient *self, const char *id);

/* Finishes; the error is returned. */
GError         *contract_client_send    (ContractClient *self, const char *message_id, const char *to, const char *text);
GError         *contract_client_change  (ContractClient *self, BurbleRosterItem *item);
/* Both see each other from then on. */
void            contract_befriend       (ContractClient *a, ContractClient *b);
/* How an entry stands between two who see each other. */
BurbleRosterSubscription contract_friends (void);
gboolean        contract_has            (guint needed);
void            contract_client_set_status (ContractClient *self, BurblePeerStatus status);
BurblePersonInfo *contract_client_look_up  (ContractClient *self, const char *username, const char *uuid, GError **error);
/* Waits until all that `from` caused so far has reached `to`. */
void            contract_catch_up       (ContractClient *from, ContractClient *to);

typedef struct
{
  ContractNet *net;
} ContractFixture;

void contract_set_up    (ContractFixture *f, gconstpointer registration);
void contract_tear_down (ContractFixture *f, gconstpointer registration);
void contract_skip      (gconstpointer why);
/* NULL: the network has all of it. Else why not; to be freed. */
char *contract_missing  (guint needed);

#define contract_add(path, function) \
  g_test_add ("/contract/" path, ContractFixture, NULL, contract_set_up, function, \
              contract_tear_down)
/* Only where the network has it. */
#define contract_add_with(needed, path, function) \
  contract_add_with_registration (needed, NULL, path, function)
/* registration: not NULL: the server lets people create accounts. */
#define contract_add_with_registration(needed, registration, path, function) \
  G_STMT_START \
  { \
    char *why_ = contract_missing (needed); \
    if (why_ == NULL) \
      g_test_add ("/contract/" path, ContractFixture, registration, contract_set_up, function, \
                  contract_tear_down); \
    else \
      g_test_add_data_func_full ("/contract/" path, why_, (GTestDataFunc) contract_skip, g_free); \
  } \
  G_STMT_END

void contract_add_directory_tests (void);
void contract_add_history_tests  (void);
void contract_add_message_tests  (void);
void contract_add_people_tests   (void);
void contract_add_presence_tests (void);
void contract_add_roster_tests   (void);
void contract_add_session_tests  (void);

#define contract_wait_state(client, wanted) \
  burble_test_wait_until (burble_connection_get_state ((client)->connection) == (wanted))

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ContractClient, contract_client_free)

G_END_DECLS
