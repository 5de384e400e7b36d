/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-secrets"

#include "config.h"

#include "burble-secrets.h"

#include <string.h>

#include <libsecret/secret.h>

struct _BurbleSecrets
{
  GObject parent_instance;

  GHashTable *memory; /* (element-type utf8 utf8), uid to password; NULL: the keyring */

  /* The keyring is asked one thing at a time: the question it may put to the user then answers for
   * all accounts, and so does a refusal. */
  GQueue waiting; /* of GTask */
  gboolean busy;
  GError *failure; /* the first time the keyring could not be used */
};

G_DEFINE_FINAL_TYPE (BurbleSecrets, burble_secrets, G_TYPE_OBJECT)
G_DEFINE_QUARK (burble-secrets-error-quark, burble_secrets_error)

/* What is wanted of the keyring; lookup has no password, clear neither. */
typedef struct
{
  void (*start) (GTask *task);
  char *uid;
  char *label;
  char *password;
  SecretRetrievable *item;
} Request;

/* The search goes without its name: while a keyring is locked gnome-keyring finds nothing by that,
 * and what is locked would look like what is not there. The uid is unique enough. */
static const SecretSchema schema = {
  "im.burble.Burble.Account", SECRET_SCHEMA_DONT_MATCH_NAME,
  { { "account", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } }
};

static void start_next (BurbleSecrets *self);

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->uid);
  g_free (request->label);
  burble_secret_free (request->password);
  g_clear_object (&request->item);
  g_free (request);
}

/* When the answer has been given. */
static void
end_request (GTask *task)
{
  BurbleSecrets *self = g_task_get_source_object (task);

  self->busy = FALSE;
  start_next (self);
}

/* The keyring cannot be used, and will not be asked again. */
static void
fail (GTask *task, BurbleSecretsError code, const char *message)
{
  BurbleSecrets *self = g_task_get_source_object (task);

  g_debug ("The keyring cannot be used: %s", message);
  if (self->failure == NULL)
    self->failure = g_error_new_literal (BURBLE_SECRETS_ERROR, code, message);
  g_task_return_error (task, g_error_copy (self->failure));
  end_request (task);
}

static void
fail_with (GTask *task, GError *error)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr(GError) owned = error;

  if (g_cancellable_is_cancelled (cancellable))
    {
      g_task_return_error (task, g_steal_pointer (&owned));
      end_request (task);
    }
  else if (g_error_matches (owned, SECRET_ERROR, SECRET_ERROR_IS_LOCKED) ||
           g_error_matches (owned, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      fail (task, BURBLE_SECRETS_ERROR_LOCKED, owned->message);
    }
  else
    {
      fail (task, BURBLE_SECRETS_ERROR_UNAVAILABLE, owned->message);
    }
}

static void
retrieved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  SecretValue *value = NULL;
  const char *text = NULL;

  value = secret_retrievable_retrieve_secret_finish (SECRET_RETRIEVABLE (source), result, &error);
  if (error != NULL)
    {
      fail_with (task, g_steal_pointer (&error));
      return;
    }
  text = value != NULL ? secret_value_get_text (value) : NULL;
  g_task_return_pointer (task, g_strdup (text), (GDestroyNotify) burble_secret_free);
  g_clear_pointer (&value, secret_value_unref); /* which wipes it */
  end_request (task);
}

static void
retrieve (GTask *task)
{
  Request *request = g_task_get_task_data (task);

  secret_retrievable_retrieve_secret (request->item, g_task_get_cancellable (task),
                                      retrieved_cb, g_object_ref (task));
}

static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  int unlocked = secret_service_unlock_finish (SECRET_SERVICE (source), result, NULL, &error);

  if (error != NULL)
    fail_with (task, g_steal_pointer (&error));
  else if (unlocked < 1)
    fail (task, BURBLE_SECRETS_ERROR_LOCKED, "The keyring was not unlocked");
  else
    retrieve (task);
}

/* A lookup by libsecret would not tell a password that is not there from one that stayed locked. */
static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Request *request = g_task_get_task_data (task);
  g_autolist(GObject) items = secret_password_search_finish (result, &error);

  if (error != NULL)
    {
      fail_with (task, g_steal_pointer (&error));
      return;
    }
  if (items == NULL)
    {
      g_task_return_pointer (task, NULL, NULL);
      end_request (task);
      return;
    }

  request->item = g_object_ref (items->data);
  if (SECRET_IS_ITEM (request->item) && secret_item_get_locked (SECRET_ITEM (request->item)))
    {
      g_autoptr(GList) locked = g_list_prepend (NULL, request->item);

      secret_service_unlock (secret_item_get_service (SECRET_ITEM (request->item)), locked,
                             g_task_get_cancellable (task), unlocked_cb, g_object_ref (task));
      return;
    }
  retrieve (task);
}

static GHashTable *
attributes_of (Request *request)
{
  GHashTable *attributes = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (attributes, (char *) "account", request->uid);
  return attributes;
}

static void
start_lookup (GTask *task)
{
  g_autoptr(GHashTable) attributes = attributes_of (g_task_get_task_data (task));

  secret_password_searchv (&schema, attributes, SECRET_SEARCH_NONE, g_task_get_cancellable (task),
                           searched_cb, g_object_ref (task));
}

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (secret_password_store_finish (result, &error))
    {
      g_task_return_boolean (task, TRUE);
      end_request (task);
    }
  else if (error != NULL)
    {
      fail_with (task, g_steal_pointer (&error));
    }
  else
    {
      fail (task, BURBLE_SECRETS_ERROR_LOCKED, "The keyring was not unlocked");
    }
}

static void
start_store (GTask *task)
{
  Request *request = g_task_get_task_data (task);
  g_autoptr(GHashTable) attributes = attributes_of (request);

  secret_password_storev (&schema, attributes, SECRET_COLLECTION_DEFAULT, request->label,
                          request->password, g_task_get_cancellable (task),
                          stored_cb, g_object_ref (task));
}

static void
cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  secret_password_clear_finish (result, &error); /* FALSE: there was none */
  if (error != NULL)
    {
      fail_with (task, g_steal_pointer (&error));
      return;
    }
  g_task_return_boolean (task, TRUE);
  end_request (task);
}

static void
start_clear (GTask *task)
{
  g_autoptr(GHashTable) attributes = attributes_of (g_task_get_task_data (task));

  secret_password_clearv (&schema, attributes, g_task_get_cancellable (task),
                          cleared_cb, g_object_ref (task));
}

static void
start_next (BurbleSecrets *self)
{
  while (!self->busy && !g_queue_is_empty (&self->waiting))
    {
      g_autoptr(GTask) task = g_queue_pop_head (&self->waiting);
      Request *request = g_task_get_task_data (task);

      if (g_task_return_error_if_cancelled (task))
        continue;
      if (self->failure != NULL)
        {
          g_task_return_error (task, g_error_copy (self->failure));
          continue;
        }
      self->busy = TRUE;
      request->start (task);
    }
}

static void
burble_secrets_finalize (GObject *object)
{
  BurbleSecrets *self = BURBLE_SECRETS (object);

  g_clear_pointer (&self->memory, g_hash_table_unref);
  g_clear_error (&self->failure);

  G_OBJECT_CLASS (burble_secrets_parent_class)->finalize (object);
}

static void
burble_secrets_class_init (BurbleSecretsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = burble_secrets_finalize;
}

static void
burble_secrets_init (BurbleSecrets *self)
{
  g_queue_init (&self->waiting);
}

/**
 * burble_secrets_new:
 *
 * Returns: (transfer full): the passwords in the desktop keyring
 */
BurbleSecrets *
burble_secrets_new (void)
{
  return g_object_new (BURBLE_TYPE_SECRETS, NULL);
}

/**
 * burble_secrets_new_memory:
 *
 * Returns: (transfer full): passwords that are kept for as long as this object, and nowhere else
 */
BurbleSecrets *
burble_secrets_new_memory (void)
{
  BurbleSecrets *self = g_object_new (BURBLE_TYPE_SECRETS, NULL);

  self->memory = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) burble_secret_free);
  return self;
}

static GTask *
new_task (BurbleSecrets *self, gpointer tag, BurbleAccount *account, void (*start) (GTask *),
          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  g_task_set_source_tag (task, tag);
  request->start = start;
  request->uid = g_strdup (burble_account_get_uid (account));
  g_task_set_task_data (task, request, request_free);
  return task;
}

static void
enqueue (BurbleSecrets *self, GTask *task)
{
  g_queue_push_tail (&self->waiting, task);
  start_next (self);
}

/**
 * burble_secrets_lookup_async:
 * @self: the passwords
 * @account: an account
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called with the password
 * @user_data: for @callback
 *
 * Looks up the password of an account. A locked keyring asks the user for its own password.
 */
void
burble_secrets_lookup_async (BurbleSecrets *self, BurbleAccount *account, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BURBLE_IS_SECRETS (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  task = new_task (self, burble_secrets_lookup_async, account, start_lookup,
                   cancellable, callback, user_data);
  if (self->memory == NULL)
    {
      enqueue (self, g_steal_pointer (&task));
      return;
    }
  g_task_return_pointer (task,
                         g_strdup (g_hash_table_lookup (self->memory,
                                                        burble_account_get_uid (account))),
                         (GDestroyNotify) burble_secret_free);
}

/**
 * burble_secrets_lookup_finish:
 * @self: the passwords
 * @result: the result
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the password, to be freed with burble_secret_free(); %NULL
 *   without @error when there is none
 */
char *
burble_secrets_lookup_finish (BurbleSecrets *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * burble_secrets_store_async:
 * @self: the passwords
 * @account: an account
 * @password: its password
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is kept
 * @user_data: for @callback
 *
 * Keeps the password of an account, in place of the one there may be.
 */
void
burble_secrets_store_async (BurbleSecrets *self, BurbleAccount *account, const char *password,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr(GTask) task = NULL;
  Request *request = NULL;

  g_return_if_fail (BURBLE_IS_SECRETS (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));
  g_return_if_fail (password != NULL);

  task = new_task (self, burble_secrets_store_async, account, start_store,
                   cancellable, callback, user_data);
  if (self->memory == NULL)
    {
      request = g_task_get_task_data (task);
      request->password = g_strdup (password);
      request->label = g_strdup_printf ("Burble: %s", burble_account_get_address (account));
      enqueue (self, g_steal_pointer (&task));
      return;
    }
  g_hash_table_replace (self->memory, g_strdup (burble_account_get_uid (account)),
                        g_strdup (password));
  g_task_return_boolean (task, TRUE);
}

gboolean
burble_secrets_store_finish (BurbleSecrets *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * burble_secrets_clear_async:
 * @self: the passwords
 * @account: an account
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is gone
 * @user_data: for @callback
 *
 * Forgets the password of an account. That there is none is no error.
 */
void
burble_secrets_clear_async (BurbleSecrets *self, BurbleAccount *account, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BURBLE_IS_SECRETS (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  task = new_task (self, burble_secrets_clear_async, account, start_clear,
                   cancellable, callback, user_data);
  if (self->memory == NULL)
    {
      enqueue (self, g_steal_pointer (&task));
      return;
    }
  g_hash_table_remove (self->memory, burble_account_get_uid (account));
  g_task_return_boolean (task, TRUE);
}

gboolean
burble_secrets_clear_finish (BurbleSecrets *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * burble_secret_free:
 * @secret: (nullable): a password
 *
 * Wipes a password from memory, then frees it.
 */
void
burble_secret_free (char *secret)
{
  if (secret == NULL)
    return;
  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}
