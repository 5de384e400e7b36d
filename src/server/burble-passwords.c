/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-passwords.h"

#include <sodium.h>
#include <string.h>

#define MAX_THREADS 4
#define MAX_WAITING 256

struct _BurblePasswords
{
  GObject parent_instance;
  GThreadPool *pool;
  unsigned long long operations;
  size_t memory;
  GMutex mutex;
  char *nobody; /* under the mutex: what an unknown user's password is compared with */
};

typedef struct
{
  char *hash;
  char *password;
  gboolean verify;
  char *new_hash;
} Job;

G_DEFINE_FINAL_TYPE (BurblePasswords, burble_passwords, G_TYPE_OBJECT)

static void
job_free (Job *job)
{
  if (job->password != NULL)
    sodium_memzero (job->password, strlen (job->password));
  g_free (job->password);
  g_free (job->hash);
  g_free (job->new_hash);
  g_free (job);
}

/**
 * burble_passwords_hash:
 * @self: the hashing of passwords
 * @password: a password
 * @error: return location for %G_IO_ERROR, where there is not enough memory
 *
 * Blocks for as long as a hash takes: for the command line.
 *
 * Returns: (transfer full): an Argon2id string
 */
char *
burble_passwords_hash (BurblePasswords *self,
                       const char      *password,
                       GError         **error)
{
  g_autofree char *hash = NULL;

  g_return_val_if_fail (BURBLE_IS_PASSWORDS (self), NULL);
  g_return_val_if_fail (password != NULL, NULL);

  hash = g_malloc0 (crypto_pwhash_STRBYTES);
  if (crypto_pwhash_str (hash, password, strlen (password), self->operations, self->memory) == 0)
    return g_steal_pointer (&hash);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                       "Not enough memory to hash a password");
  return NULL;
}

static char *
dup_nobody (BurblePasswords *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->nobody == NULL)
    self->nobody = burble_passwords_hash (self, "no password is this one", NULL);
  return g_strdup (self->nobody);
}

static gboolean
verify (BurblePasswords *self,
        Job             *job)
{
  g_autofree char *nobody = job->hash == NULL ? dup_nobody (self) : NULL;
  const char *hash = job->hash != NULL ? job->hash : nobody;

  if (hash == NULL ||
      crypto_pwhash_str_verify (hash, job->password, strlen (job->password)) != 0 ||
      job->hash == NULL)
    return FALSE;
  if (crypto_pwhash_str_needs_rehash (hash, self->operations, self->memory) != 0)
    job->new_hash = burble_passwords_hash (self, job->password, NULL);
  return TRUE;
}

static void
run (gpointer data,
     gpointer user_data)
{
  g_autoptr(GTask) task = data;
  g_autoptr(GError) error = NULL;
  BurblePasswords *self = user_data;
  Job *job = g_task_get_task_data (task);

  if (job->verify)
    {
      g_task_return_boolean (task, verify (self, job));
      return;
    }
  job->new_hash = burble_passwords_hash (self, job->password, &error);
  if (job->new_hash == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
push (BurblePasswords    *self,
      gboolean            is_verify,
      const char         *hash,
      const char         *password,
      gpointer            source_tag,
      GAsyncReadyCallback callback,
      gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  Job *job = g_new0 (Job, 1);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  job->verify = is_verify;
  job->hash = g_strdup (hash);
  job->password = g_strdup (password);
  if (g_thread_pool_unprocessed (self->pool) >= MAX_WAITING)
    g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_BUSY,
                                     "Too many passwords are being checked");
  else
    g_thread_pool_push (self->pool, g_steal_pointer (&task), NULL);
}

/**
 * burble_passwords_hash_async:
 * @self: the hashing of passwords
 * @password: a password; a copy is kept and wiped
 *
 * On a thread of a small pool. %G_IO_ERROR_BUSY at once where too many wait already.
 */
void
burble_passwords_hash_async (BurblePasswords    *self,
                             const char         *password,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_return_if_fail (BURBLE_IS_PASSWORDS (self));
  g_return_if_fail (password != NULL);

  push (self, FALSE, NULL, password, burble_passwords_hash_async, callback, user_data);
}

/**
 * burble_passwords_hash_finish:
 * @self: the hashing of passwords
 * @result: what the callback got
 * @error: return location for %G_IO_ERROR
 *
 * Returns: (transfer full): an Argon2id string
 */
char *
burble_passwords_hash_finish (BurblePasswords *self,
                              GAsyncResult    *result,
                              GError         **error)
{
  Job *job = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  job = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  return g_steal_pointer (&job->new_hash);
}

/**
 * burble_passwords_verify_async:
 * @self: the hashing of passwords
 * @hash: (nullable): what is stored; %NULL where there is no such account: takes the same time and
 *   is wrong
 * @password: what was said; a copy is kept and wiped
 *
 * On a thread of a small pool. %G_IO_ERROR_BUSY at once where too many wait already.
 */
void
burble_passwords_verify_async (BurblePasswords    *self,
                               const char         *hash,
                               const char         *password,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  g_return_if_fail (BURBLE_IS_PASSWORDS (self));
  g_return_if_fail (password != NULL);

  push (self, TRUE, hash, password, burble_passwords_verify_async, callback, user_data);
}

/**
 * burble_passwords_verify_finish:
 * @self: the hashing of passwords
 * @result: what the callback got
 * @new_hash: (out) (nullable): set where the password was right and its hash has other costs than
 *   those of today
 * @error: return location for %G_IO_ERROR; not set for a wrong password
 *
 * Returns: whether the password was right
 */
gboolean
burble_passwords_verify_finish (BurblePasswords *self,
                                GAsyncResult    *result,
                                char           **new_hash,
                                GError         **error)
{
  Job *job = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  job = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *new_hash = g_steal_pointer (&job->new_hash);
  return TRUE;
}

static void
burble_passwords_finalize (GObject *object)
{
  BurblePasswords *self = BURBLE_PASSWORDS (object);

  /* Not waiting: the last reference may be given back by one of its own threads. */
  g_thread_pool_free (self->pool, FALSE, FALSE);
  g_free (self->nobody);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (burble_passwords_parent_class)->finalize (object);
}

static void
burble_passwords_class_init (BurblePasswordsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = burble_passwords_finalize;
}

static void
burble_passwords_init (BurblePasswords *self)
{
  if (sodium_init () < 0)
    g_error ("libsodium does not start");
  g_mutex_init (&self->mutex);
  self->pool = g_thread_pool_new (run, self, (int) CLAMP (g_get_num_processors (), 1, MAX_THREADS),
                                  FALSE, NULL);
}

BurblePasswords *
burble_passwords_new (guint64 operations,
                      guint64 memory_kib)
{
  BurblePasswords *self = g_object_new (BURBLE_TYPE_PASSWORDS, NULL);

  self->operations = operations;
  self->memory = (size_t) memory_kib * 1024;
  return self;
}
