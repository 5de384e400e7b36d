/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BurblePasswords:
 *
 * Argon2id (libsodium) on a few threads of its own: each hash takes a moment and a lot of memory on
 * purpose. Too many at once fail with G_IO_ERROR_BUSY.
 */
#define BURBLE_TYPE_PASSWORDS (burble_passwords_get_type ())
G_DECLARE_FINAL_TYPE (BurblePasswords, burble_passwords, BURBLE, PASSWORDS, GObject)

#define BURBLE_PASSWORD_MIN_LENGTH 8
#define BURBLE_PASSWORD_MAX_LENGTH 1024

BurblePasswords *burble_passwords_new           (guint64              operations,
                                                 guint64              memory_kib);
/* Blocks: for the command line. */
char            *burble_passwords_hash          (BurblePasswords     *self,
                                                 const char          *password,
                                                 GError             **error);
void             burble_passwords_hash_async    (BurblePasswords     *self,
                                                 const char          *password,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
char            *burble_passwords_hash_finish   (BurblePasswords     *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);
/* @hash NULL: nobody; takes the same time and says FALSE. */
void             burble_passwords_verify_async  (BurblePasswords     *self,
                                                 const char          *hash,
                                                 const char          *password,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
/* @new_hash: set where the password was right and its hash has other costs than those of today. */
gboolean         burble_passwords_verify_finish (BurblePasswords     *self,
                                                 GAsyncResult        *result,
                                                 char               **new_hash,
                                                 GError             **error);

G_END_DECLS
