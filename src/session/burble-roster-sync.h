/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-account-scope.h"

G_BEGIN_DECLS

/*
 * BurbleRosterSync:
 *
 * Keeps the people of one account as the server has them: from the cache first, then by etag.
 */
#define BURBLE_TYPE_ROSTER_SYNC (burble_roster_sync_get_type ())
G_DECLARE_FINAL_TYPE (BurbleRosterSync, burble_roster_sync, BURBLE, ROSTER_SYNC, GObject)

BurbleRosterSync *burble_roster_sync_new           (BurbleAccountScope *scope);
/* What the store had: contacts (of BurbleContact) and the etag that names them. */
void              burble_roster_sync_set_cached    (BurbleRosterSync *self, GPtrArray *contacts,
                                                    const char *etag);
/* Hands the etag to the connection; before each attempt. */
void              burble_roster_sync_prepare       (BurbleRosterSync *self);
/* Nobody's presence is known any more. */
void              burble_roster_sync_went_offline  (BurbleRosterSync *self);
/* Asks the server for one change; what comes of it arrives like every other change. */
void              burble_roster_sync_change_async  (BurbleRosterSync *self, BurbleRosterItem *item,
                                                    GCancellable *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer user_data);
gboolean          burble_roster_sync_change_finish (BurbleRosterSync *self, GAsyncResult *result,
                                                    GError **error);

G_END_DECLS
