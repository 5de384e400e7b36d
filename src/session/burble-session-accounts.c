/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-session-accounts"

#include "config.h"

#include "burble-session-private.h"

/*
 * Adding: the account is on disk first, for its roster and messages come the moment it is online;
 * if the server does not let it in, it is taken off the disk again.
 */

typedef struct
{
  BurbleAccount *account;
  char *password;
  gboolean remember;
  gboolean create;
  char *invite;
  GError *error; /* why it was not let in */
} Adding;

static void
adding_free (gpointer data)
{
  Adding *adding = data;

  g_object_unref (adding->account);
  g_clear_pointer (&adding->password, burble_secret_free);
  g_free (adding->invite);
  g_clear_error (&adding->error);
  g_free (adding);
}

static void
store_unadded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Adding *adding = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!burble_store_done_finish (BURBLE_STORE (object), result, &error))
    g_warning ("An account that was not let in could not be removed: %s", error->message);
  g_task_return_error (task, g_steal_pointer (&adding->error));
}

static void
controller_signed_in_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BurbleAccountController *controller = BURBLE_ACCOUNT_CONTROLLER (object);
  g_autoptr(GTask) task = user_data;
  BurbleSession *self = g_task_get_source_object (task);
  Adding *adding = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (burble_account_controller_sign_in_finish (controller, result, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (self->closing)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  adding->error = g_steal_pointer (&error);
  burble_session_drop_controller (self, controller);
  burble_store_remove_account_async (self->store, adding->account, NULL, store_unadded_cb,
                                     g_object_ref (task));
}

/* In the list from the moment it is online: before that it is only a wish. */
static void
account_state_cb (BurbleSession *self, GParamSpec *pspec, BurbleAccount *account)
{
  if (burble_account_get_state (account) != BURBLE_ACCOUNT_ONLINE)
    return;
  g_signal_handlers_disconnect_by_func (account, account_state_cb, self);
  if (burble_session_get_controller (self, account) != NULL)
    burble_object_list_add (self->accounts, account);
}

static void
store_added_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  BurbleSession *self = g_task_get_source_object (task);
  Adding *adding = g_task_get_task_data (task);
  BurbleAccountController *controller = NULL;
  g_autoptr(GError) error = NULL;

  if (!burble_store_done_finish (BURBLE_STORE (object), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (self->closing)
    {
      g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                       "Closed while signing in");
      return;
    }
  controller = burble_session_make_controller (self, adding->account);
  g_signal_connect_object (adding->account, "notify::state",
                           G_CALLBACK (account_state_cb), self, G_CONNECT_SWAPPED);
  burble_account_controller_sign_in_async (controller, adding->password, adding->remember,
                                           adding->create, adding->invite,
                                           g_task_get_cancellable (task), controller_signed_in_cb,
                                           g_object_ref (task));
}

static gboolean
is_ours (BurbleSession *self, BurbleAccount *account)
{
  GHashTableIter iter;
  gpointer controller = NULL;

  g_hash_table_iter_init (&iter, self->controllers);
  while (g_hash_table_iter_next (&iter, NULL, &controller))
    {
      BurbleAccount *other = burble_account_controller_get_account (controller);

      if (g_strcmp0 (burble_account_get_network (other), burble_account_get_network (account)) == 0
          && g_strcmp0 (burble_account_get_address (other),
                        burble_account_get_address (account)) == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * burble_session_add_account_async:
 * @self: a loaded session
 * @account: a new account
 * @password: its password
 * @remember: whether the keyring is to have the password
 * @create: whether the server is to make the account first
 * @invite: (nullable): what the server may want to see for that
 *
 * Finishes when the account is online, or at the first clear sign that it will not be; then nothing
 * of it is kept. A certificate question keeps it waiting; cancelling ends it.
 */
void
burble_session_add_account_async (BurbleSession       *self,
                                  BurbleAccount       *account,
                                  const char          *password,
                                  gboolean             remember,
                                  gboolean             create,
                                  const char          *invite,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Adding *adding = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, burble_session_add_account_async);
  if (is_ours (self, account))
    {
      g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_EXISTS,
                                       "This account is here already");
      return;
    }
  adding = g_new0 (Adding, 1);
  adding->account = g_object_ref (account);
  adding->password = g_strdup (password);
  adding->remember = remember;
  adding->create = create;
  adding->invite = g_strdup (invite);
  g_task_set_task_data (task, adding, adding_free);

  burble_account_set_enabled (account, TRUE);
  if (burble_account_get_status (account) == BURBLE_STATUS_OFFLINE)
    burble_account_set_status (account, BURBLE_STATUS_AVAILABLE);
  burble_store_save_account_async (self->store, account, cancellable, store_added_cb,
                                   g_steal_pointer (&task));
}

gboolean
burble_session_add_account_finish (BurbleSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
secrets_cleared_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  /* Without a keyring there is nothing in it. */
  if (!burble_secrets_clear_finish (BURBLE_SECRETS (object), result, &error))
    g_message ("The keyring did not forget a password: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

static void
store_removed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  BurbleSession *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;

  if (!burble_store_done_finish (BURBLE_STORE (object), result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    burble_secrets_clear_async (self->secrets, g_task_get_task_data (task), NULL,
                                secrets_cleared_cb,
                                g_object_ref (task));
}

/**
 * burble_session_remove_account_async:
 * @self: a session
 * @account: one of its accounts
 *
 * Takes it offline and removes all that is stored of it, its password too. The server keeps what it
 * has.
 */
void
burble_session_remove_account_async (BurbleSession       *self,
                                     BurbleAccount       *account,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  BurbleAccountController *controller = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, burble_session_remove_account_async);
  g_task_set_task_data (task, g_object_ref (account), g_object_unref);
  controller = burble_session_get_controller (self, account);
  if (controller == NULL)
    {
      g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "No such account");
      return;
    }
  /* Drafts first: written later they would bring a chat back. */
  burble_drafts_flush (self->drafts);
  burble_account_set_enabled (account, FALSE);
  burble_session_drop_controller (self, controller);
  burble_account_set_state (account, BURBLE_ACCOUNT_OFFLINE);
  burble_store_remove_account_async (self->store, account, NULL, store_removed_cb,
                                     g_steal_pointer (&task));
}

gboolean
burble_session_remove_account_finish (BurbleSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
save_account (BurbleSession *self, BurbleAccount *account)
{
  burble_store_save_account_async (self->store, account, NULL, burble_session_done_cb,
                                   g_object_ref (self));
}

/**
 * burble_session_set_account_enabled:
 * @self: a session
 * @account: one of its accounts
 * @enabled: whether it is to be online when its presence says so
 *
 * Stored; connects or disconnects.
 */
void
burble_session_set_account_enabled (BurbleSession *self, BurbleAccount *account, gboolean enabled)
{
  BurbleAccountController *controller = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  controller = burble_session_get_controller (self, account);
  if (controller == NULL || burble_account_get_enabled (account) == !!enabled)
    return;
  burble_account_set_enabled (account, enabled);
  save_account (self, account);
  burble_account_controller_presence_changed (controller);
}

/**
 * burble_session_reconnect:
 * @self: a session
 * @account: one of its accounts
 *
 * Tries now, with what is set in @account; host, port and the like are stored with it.
 */
void
burble_session_reconnect (BurbleSession *self, BurbleAccount *account)
{
  BurbleAccountController *controller = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));

  controller = burble_session_get_controller (self, account);
  if (controller == NULL)
    return;
  save_account (self, account);
  burble_account_controller_start (controller, TRUE);
}

/**
 * burble_session_provide_password:
 * @self: a session
 * @account: one of its accounts
 * @password: (nullable): what the user typed; %NULL: the user did not want to say
 * @remember: whether the keyring is to have it, once the server has taken it
 */
void
burble_session_provide_password (BurbleSession *self,
                                 BurbleAccount *account,
                                 const char    *password,
                                 gboolean       remember)
{
  BurbleAccountController *controller = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));

  controller = burble_session_get_controller (self, account);
  if (controller != NULL)
    burble_account_controller_provide_password (controller, password, remember);
}

/**
 * burble_session_answer_certificate:
 * @self: a session
 * @account: one of its accounts
 * @question: what "certificate-question" brought
 * @trust: %TRUE: this certificate is right from now on; it is stored with the account
 *
 * An answer to a question that was replaced by a later one is ignored.
 */
void
burble_session_answer_certificate (BurbleSession             *self,
                                   BurbleAccount             *account,
                                   BurbleCertificateQuestion *question,
                                   gboolean                   trust)
{
  BurbleAccountController *controller = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));

  controller = burble_session_get_controller (self, account);
  if (controller != NULL)
    burble_account_controller_answer (controller, question, trust);
}

static void
set_presence (BurbleSession           *self,
              BurbleAccountController *controller,
              BurbleStatus             status,
              const char              *mood)
{
  BurbleAccount *account = burble_account_controller_get_account (controller);

  burble_account_set_status (account, status);
  burble_account_set_mood (account, mood);
  save_account (self, account);
  burble_account_controller_presence_changed (controller);
}

/**
 * burble_session_set_presence:
 * @self: a session
 * @account: (nullable): one of its accounts, or all
 * @status: how the user wants to be seen; %BURBLE_STATUS_OFFLINE disconnects
 * @mood: (nullable): what the user says about it
 */
void
burble_session_set_presence (BurbleSession *self,
                             BurbleAccount *account,
                             BurbleStatus   status,
                             const char    *mood)
{
  BurbleAccountController *controller = NULL;
  g_autoptr(GPtrArray) controllers = NULL;
  GHashTableIter iter;
  gpointer value = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));

  if (account != NULL)
    {
      controller = burble_session_get_controller (self, account);
      if (controller != NULL)
        set_presence (self, controller, status, mood);
      return;
    }
  controllers = g_ptr_array_new_with_free_func (g_object_unref);
  g_hash_table_iter_init (&iter, self->controllers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (controllers, g_object_ref (value));
  for (guint i = 0; i < controllers->len; i++)
    set_presence (self, g_ptr_array_index (controllers, i), status, mood);
}
