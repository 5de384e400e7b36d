/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "burble-account.h"

G_BEGIN_DECLS

/**
 * BurbleSecretsError:
 * @BURBLE_SECRETS_ERROR_UNAVAILABLE: no keyring service answers
 * @BURBLE_SECRETS_ERROR_LOCKED: the keyring stayed locked (the user said no, or nobody can unlock
 * it)
 */
typedef enum
{
  BURBLE_SECRETS_ERROR_UNAVAILABLE,
  BURBLE_SECRETS_ERROR_LOCKED,
} BurbleSecretsError;
#define BURBLE_SECRETS_ERROR (burble_secrets_error_quark ())
GQuark burble_secrets_error_quark (void);

/**
 * BurbleSecrets:
 *
 * Passwords in the desktop keyring (libsecret), and nowhere else. A keyring that is locked or
 * missing costs one question per start: after the first such failure calls fail at once.
 */
#define BURBLE_TYPE_SECRETS (burble_secrets_get_type ())
G_DECLARE_FINAL_TYPE (BurbleSecrets, burble_secrets, BURBLE, SECRETS, GObject)

BurbleSecrets *burble_secrets_new           (void);
/* Keeps everything in this process's memory and asks no keyring: the demo and headless peers. */
BurbleSecrets *burble_secrets_new_memory    (void);
void           burble_secrets_lookup_async  (BurbleSecrets *self, BurbleAccount *account,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
/* NULL without error: there is none. Free with burble_secret_free() of this header. */
char          *burble_secrets_lookup_finish (BurbleSecrets *self, GAsyncResult *result,
                                             GError **error);
void           burble_secrets_store_async   (BurbleSecrets *self, BurbleAccount *account,
                                             const char *password, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean       burble_secrets_store_finish  (BurbleSecrets *self, GAsyncResult *result,
                                             GError **error);
void           burble_secrets_clear_async   (BurbleSecrets *self, BurbleAccount *account,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean       burble_secrets_clear_finish  (BurbleSecrets *self, GAsyncResult *result,
                                             GError **error);
/* Wipes, then frees. */
void           burble_secret_free           (char *secret);

G_END_DECLS
