/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-dummy-network.h"

G_BEGIN_DECLS

typedef struct _BurbleDummyAccount BurbleDummyAccount;
typedef struct _BurbleDummyTerminal BurbleDummyTerminal;

typedef struct
{
  char *alias;
  gboolean to;   /* the owner of the roster sees them */
  gboolean from; /* they see the owner */
  gboolean ask;  /* they asked, the owner has not answered */
} BurbleDummyEntry;

/* A person, or a room: then `members` is set. */
struct _BurbleDummyAccount
{
  char *id;
  char *uuid;
  char *name;
  char *bio;
  char *password;
  gboolean canned;         /* played by burble-dummy-people.c */
  BurblePeerStatus status; /* of canned people */
  char *mood;
  guint heard;             /* how often a canned person was spoken to */
  GHashTable *members;     /* ids, or NULL */
  GHashTable *roster;      /* id → BurbleDummyEntry */
  guint revision;          /* the etag */
  GPtrArray *terminals;    /* (element-type BurbleDummyTerminal), unowned */
  GPtrArray *archive;      /* (element-type BurbleMessageEvent), by seq */
  GPtrArray *pending;      /* (element-type BurbleMessageEvent), not acknowledged */
  GHashTable *taken;       /* ids of the messages this account has sent */
};

/* One signed-in connection. What it is to hear waits in `inbox` for the main loop, as it would on
 * a real network. */
struct _BurbleDummyTerminal
{
  BurbleConnection *connection; /* unowned */
  BurbleDummyAccount *account;
  char *name;
  BurblePeerStatus status;
  char *mood;
  GQueue inbox;
  guint inbox_source;
};

typedef void (*BurbleDummyFunc) (BurbleDummyNetwork *network, gpointer data);

const char          *burble_dummy_network_get_domain  (BurbleDummyNetwork *self);
BurbleDummyAccount  *burble_dummy_network_find        (BurbleDummyNetwork *self, const char *id);
GHashTable          *burble_dummy_network_get_accounts (BurbleDummyNetwork *self);
gboolean             burble_dummy_network_is_registration_open (BurbleDummyNetwork *self);
guint                burble_dummy_network_delay       (BurbleDummyNetwork *self, guint ms);
/* Calls func once after ms (times the pace) unless the network ends before. */
void                 burble_dummy_network_after       (BurbleDummyNetwork *self, guint ms,
                                                       BurbleDummyFunc func, gpointer data,
                                                       GDestroyNotify destroy);
gboolean             burble_dummy_network_get_seeded  (BurbleDummyNetwork *self);
void                 burble_dummy_network_set_seeded  (BurbleDummyNetwork *self);

/* Terminals. */
BurbleDummyTerminal *burble_dummy_network_attach      (BurbleDummyNetwork *self,
                                                       BurbleDummyAccount *account,
                                                       BurbleConnection *connection,
                                                       const char *wished_name);
void                 burble_dummy_network_detach      (BurbleDummyNetwork *self,
                                                       BurbleDummyTerminal *terminal);
void                 burble_dummy_network_publish     (BurbleDummyNetwork *self,
                                                       BurbleDummyTerminal *terminal,
                                                       BurblePeerStatus status, const char *mood);
void                 burble_dummy_network_set_canned_presence (BurbleDummyNetwork *self,
                                                               BurbleDummyAccount *account,
                                                               BurblePeerStatus status,
                                                               const char *mood);
BurblePeerStatus     burble_dummy_account_best_status (BurbleDummyAccount *account);

/* A room nobody is in yet. NULL: not an id of this network. */
BurbleDummyAccount  *burble_dummy_network_add_room    (BurbleDummyNetwork *self, const char *id);

/* Roster. */
void                 burble_dummy_entry_free          (BurbleDummyEntry *self);
BurbleDummyEntry    *burble_dummy_network_befriend    (BurbleDummyNetwork *self,
                                                       BurbleDummyAccount *a,
                                                       BurbleDummyAccount *b);
BurbleRosterItem    *burble_dummy_network_describe_entry (BurbleDummyNetwork *self,
                                                          BurbleDummyAccount *owner,
                                                          const char *id);
void                 burble_dummy_network_send_roster (BurbleDummyNetwork *self,
                                                       BurbleDummyTerminal *terminal,
                                                       const char *etag);
gboolean             burble_dummy_network_change_roster (BurbleDummyNetwork *self,
                                                         BurbleDummyAccount *owner,
                                                         const BurbleRosterItem *change,
                                                         GError **error);

/* Messages. */
gboolean             burble_dummy_network_send        (BurbleDummyNetwork *self,
                                                       BurbleDummyAccount *sender,
                                                       BurbleDummyTerminal *terminal,
                                                       const BurbleMessageEvent *message,
                                                       GError **error);
/* As send, but only into the archives, at that time. */
void                 burble_dummy_network_remember    (BurbleDummyNetwork *self,
                                                       BurbleDummyAccount *owner, const char *peer,
                                                       const char *sender, const char *text,
                                                       gint64 time, gboolean unread);
void                 burble_dummy_network_send_pending (BurbleDummyNetwork *self,
                                                        BurbleDummyTerminal *terminal);
void                 burble_dummy_network_acknowledge (BurbleDummyNetwork *self,
                                                       BurbleDummyAccount *account,
                                                       GPtrArray *messages);
void                 burble_dummy_network_typing      (BurbleDummyNetwork *self,
                                                       BurbleDummyAccount *sender, const char *peer,
                                                       gboolean typing);
void                 burble_dummy_network_receipt     (BurbleDummyNetwork *self,
                                                       BurbleDummyAccount *sender,
                                                       BurbleDummyTerminal *terminal,
                                                       const char *peer, BurbleReceiptState state,
                                                       const char * const *messages);
BurbleHistoryPage   *burble_dummy_network_history     (BurbleDummyNetwork *self,
                                                       BurbleDummyAccount *account,
                                                       const char *with, gint64 after,
                                                       gint64 before, guint limit);
BurblePersonInfo    *burble_dummy_network_lookup      (BurbleDummyNetwork *self,
                                                       const char *username, const char *uuid);
/* (element-type BurblePersonInfo): who is there for others to see, by id. */
GPtrArray           *burble_dummy_network_list        (BurbleDummyNetwork *self);

/* What a terminal hears: each takes over what it is given. */
void                 burble_dummy_terminal_hear_kept     (BurbleDummyTerminal *self);
void                 burble_dummy_terminal_hear_roster   (BurbleDummyTerminal *self,
                                                          const char *etag, GPtrArray *items,
                                                          gboolean all);
void                 burble_dummy_terminal_hear_presence (BurbleDummyTerminal *self,
                                                          GPtrArray *events);
void                 burble_dummy_terminal_hear_messages (BurbleDummyTerminal *self,
                                                          GPtrArray *messages);
void                 burble_dummy_terminal_hear_counted  (BurbleDummyTerminal *self, gint64 seq);
void                 burble_dummy_terminal_hear_typing   (BurbleDummyTerminal *self,
                                                          const char *peer, const char *sender,
                                                          gboolean typing);
void                 burble_dummy_terminal_hear_receipt  (BurbleDummyTerminal *self,
                                                          BurbleReceiptEvent *receipt);
/* Nothing is left to hear. */
gboolean             burble_dummy_terminal_is_quiet      (BurbleDummyTerminal *self);
void                 burble_dummy_terminal_free          (BurbleDummyTerminal *self);

/* burble-dummy-people.c */
void                 burble_dummy_people_populate (BurbleDummyNetwork *self,
                                                   BurbleDummyAccount *account);
void                 burble_dummy_people_hear     (BurbleDummyNetwork *self,
                                                   BurbleDummyAccount *person,
                                                   BurbleDummyAccount *sender, const char *peer,
                                                   const char *message_id, const char *text);
void                 burble_dummy_people_asked    (BurbleDummyNetwork *self,
                                                   BurbleDummyAccount *person,
                                                   BurbleDummyAccount *asker);

G_END_DECLS
