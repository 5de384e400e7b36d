/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "burble-enums.h"

G_BEGIN_DECLS

/**
 * BurbleAccount:
 *
 * One account of the user's. `uid` is a local random name that never changes; the keyring and the
 * database know the account by it. Every getter below is a property of the same name.
 */
#define BURBLE_TYPE_ACCOUNT (burble_account_get_type ())
G_DECLARE_FINAL_TYPE (BurbleAccount, burble_account, BURBLE, ACCOUNT, GObject)

/* uid NULL makes a random one. */
BurbleAccount     *burble_account_new           (const char *uid, const char *network,
                                                 const char *address);
const char        *burble_account_get_uid       (BurbleAccount *self);
const char        *burble_account_get_network   (BurbleAccount *self); /* "gurgle", "dummy", … */
const char        *burble_account_get_address   (BurbleAccount *self); /* bare id */
gboolean           burble_account_get_enabled   (BurbleAccount *self);
void               burble_account_set_enabled   (BurbleAccount *self, gboolean enabled);
const char        *burble_account_get_host      (BurbleAccount *self); /* by hand, or NULL */
void               burble_account_set_host      (BurbleAccount *self, const char *host);
guint              burble_account_get_port      (BurbleAccount *self); /* by hand, or 0 */
void               burble_account_set_port      (BurbleAccount *self, guint port);
/* user chose no encryption */
gboolean           burble_account_get_plain     (BurbleAccount *self);
void               burble_account_set_plain     (BurbleAccount *self, gboolean plain);
/* path of the WebSocket to go through, or NULL */
const char        *burble_account_get_websocket (BurbleAccount *self);
void               burble_account_set_websocket (BurbleAccount *self, const char *place);
/* certificate fingerprint, or NULL */
const char        *burble_account_get_pin       (BurbleAccount *self);
void               burble_account_set_pin       (BurbleAccount *self, const char *pin);
/* Own presence as the user wants it; kept over restarts. */
BurbleStatus       burble_account_get_status    (BurbleAccount *self);
void               burble_account_set_status    (BurbleAccount *self, BurbleStatus status);
const char        *burble_account_get_mood      (BurbleAccount *self);
void               burble_account_set_mood      (BurbleAccount *self, const char *mood);
const char        *burble_account_get_display_name (BurbleAccount *self); /* never NULL or "" */
const char        *burble_account_get_name      (BurbleAccount *self); /* or NULL */
void               burble_account_set_name      (BurbleAccount *self, const char *name);
/* Not stored: how things stand now. */
BurbleAccountState burble_account_get_state     (BurbleAccount *self);
void               burble_account_set_state     (BurbleAccount *self, BurbleAccountState state);
/*
 * A machine word for what went wrong ("password", "certificate-changed", "unreachable", a server's
 * own) …
 */
const char        *burble_account_get_error     (BurbleAccount *self);
/* … and the server's own sentence about it, where it gave one. */
const char        *burble_account_get_error_detail (BurbleAccount *self);
void               burble_account_set_error     (BurbleAccount *self, const char *error,
                                                 const char *detail);
/*
 * Not stored: a letter or two that tell its people from those of other accounts, and the place of
 * its colour; NULL where there is no other account.
 */
const char        *burble_account_get_mark      (BurbleAccount *self);
guint              burble_account_get_mark_color (BurbleAccount *self);
void               burble_account_set_mark      (BurbleAccount *self, const char *mark,
                                                 guint color);
BurbleFeatures     burble_account_get_features  (BurbleAccount *self);
void               burble_account_set_features  (BurbleAccount *self, BurbleFeatures features);

G_END_DECLS
