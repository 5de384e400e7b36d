/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "burble-account.h"
#include "burble-presence.h"

G_BEGIN_DECLS

/**
 * BurbleContact:
 *
 * An entry of an account's roster, or somebody met in a chat who is not in it (`in-roster` FALSE).
 * Properties: account, id, name, alias, bio, display-name, kind, subscription, asks, in-roster,
 * notify-status, status (best terminal: available > away > dnd), mood (of that terminal), online.
 */
#define BURBLE_TYPE_CONTACT (burble_contact_get_type ())
G_DECLARE_FINAL_TYPE (BurbleContact, burble_contact, BURBLE, CONTACT, GObject)

BurbleContact      *burble_contact_new              (BurbleAccount *account, const char *id);
BurbleAccount      *burble_contact_get_account      (BurbleContact *self);
const char         *burble_contact_get_id           (BurbleContact *self);
const char         *burble_contact_get_name         (BurbleContact *self);
void                burble_contact_set_name         (BurbleContact *self, const char *name);
const char         *burble_contact_get_alias        (BurbleContact *self);
void                burble_contact_set_alias        (BurbleContact *self, const char *alias);
const char         *burble_contact_get_bio          (BurbleContact *self);
void                burble_contact_set_bio          (BurbleContact *self, const char *bio);
/* alias, else name, else the part of the id before '@', else the id; never NULL. */
const char         *burble_contact_get_display_name (BurbleContact *self);
BurbleContactKind   burble_contact_get_kind         (BurbleContact *self);
void                burble_contact_set_kind         (BurbleContact *self, BurbleContactKind kind);
BurbleSubscription  burble_contact_get_subscription (BurbleContact *self);
void                burble_contact_set_subscription (BurbleContact *self,
                                                     BurbleSubscription subscription);
/* waits for our answer */
gboolean            burble_contact_get_asks         (BurbleContact *self);
void                burble_contact_set_asks         (BurbleContact *self, gboolean asks);
gboolean            burble_contact_get_in_roster    (BurbleContact *self);
void                burble_contact_set_in_roster    (BurbleContact *self, gboolean in_roster);
BurbleNotifyStatus  burble_contact_get_notify_status (BurbleContact *self);
void                burble_contact_set_notify_status (BurbleContact *self,
                                                      BurbleNotifyStatus notify);
/* (transfer none) of BurblePresence */
GListModel         *burble_contact_get_presences    (BurbleContact *self);
BurbleStatus        burble_contact_get_status       (BurbleContact *self);
const char         *burble_contact_get_mood         (BurbleContact *self);
gboolean            burble_contact_get_online       (BurbleContact *self);
gboolean            burble_status_is_online         (BurbleStatus status);
/*
 * OFFLINE drops the terminal; with terminal NULL all. NULL otherwise: networks without terminals.
 */
void                burble_contact_update_presence  (BurbleContact *self, const char *terminal,
                                                     BurbleStatus status, const char *mood);
void                burble_contact_clear_presences  (BurbleContact *self);

G_END_DECLS
