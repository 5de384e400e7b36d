/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-account-scope.h"

G_BEGIN_DECLS

/*
 * BurbleRosterWork:
 *
 * What the server says about the people of one account, done in its order. A list of a few is done
 * at once; a long one bit by bit, so that the window goes on meanwhile.
 */
typedef struct _BurbleRosterWork BurbleRosterWork;

BurbleRosterWork *burble_roster_work_new      (BurbleAccountScope *scope);
void              burble_roster_work_free     (BurbleRosterWork *self);
/* Of what the store holds. */
void              burble_roster_work_set_etag (BurbleRosterWork *self, const char *etag);
const char       *burble_roster_work_get_etag (BurbleRosterWork *self);

/* The arrays are kept, not copied; nobody may change them any more. */
void              burble_roster_work_reset    (BurbleRosterWork *self, const char *etag,
                                               GPtrArray *items);
void              burble_roster_work_change   (BurbleRosterWork *self, const char *etag,
                                               GPtrArray *items);
void              burble_roster_work_presence (BurbleRosterWork *self, GPtrArray *events);
/* The link is gone: nobody is seen any more. What is said on the next one comes after this. */
void              burble_roster_work_forget_presence (BurbleRosterWork *self);
/* Forgets what is not done yet. */
void              burble_roster_work_clear    (BurbleRosterWork *self);

G_END_DECLS
