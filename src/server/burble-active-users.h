/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-gurgle-packet.h"
#include "burble-router.h"

G_BEGIN_DECLS

/* So many are named; where there are more, nobody is told of each who comes and goes. */
#define BURBLE_ACTIVE_USERS_MAX 500

/**
 * BurbleActiveUsers:
 *
 * Who may be seen to be there, for the terminals that want to know (Gurgle, section 5:
 * active_users). Changes are told half a second later, so that several become one; then not again
 * for 3 s and 0.1 s for each who is there: that is about 1 KiB a second for a terminal at worst,
 * however many people come and go.
 */
typedef struct _BurbleActiveUsers BurbleActiveUsers;

BurbleActiveUsers  *burble_active_users_new     (void);
void                burble_active_users_free    (BurbleActiveUsers    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleActiveUsers, burble_active_users_free)

/* Somebody is there for others to see, or no longer. @now: monotonic µs. */
void                burble_active_users_add     (BurbleActiveUsers    *self,
                                                 const char           *username,
                                                 const char           *uuid,
                                                 gint64                now);
void                burble_active_users_remove  (BurbleActiveUsers    *self,
                                                 const char           *username,
                                                 gint64                now);
/* The terminal is told at once, and of changes until it does not watch any more. */
void                burble_active_users_watch   (BurbleActiveUsers    *self,
                                                 BurbleTerminal       *terminal);
void                burble_active_users_unwatch (BurbleActiveUsers    *self,
                                                 BurbleTerminal       *terminal);
/* When burble_active_users_tell() is to be called; 0: nothing has changed. */
gint64              burble_active_users_get_due (BurbleActiveUsers    *self);
void                burble_active_users_tell    (BurbleActiveUsers    *self,
                                                 gint64                now);
/* (transfer full): a new packet without an id. */
BurbleGurglePacket *burble_active_users_list    (BurbleActiveUsers    *self);

G_END_DECLS
