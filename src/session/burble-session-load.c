/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-session-load"

#include "config.h"

#include "burble-session-load.h"

#include "burble-session-private.h"

/* How long a server may take to say good-bye. */
#define GOODBYE_MS 2000

/*
 * Loading: the store is opened, then the accounts are read, then of every account its roster, its
 * chats, its outbox and its seq. All of an account's questions are asked at once; the store answers
 * in order.
 */

typedef struct
{
  guint waiting; /* answers still to come */
  GError *error; /* the first */
} Loading;

static void
loading_free (gpointer data)
{
  Loading *loading = data;

  g_clear_error (&loading->error);
  g_free (loading);
}

/* One of the answers about one account. */
typedef struct
{
  GTask *task;
  BurbleAccountController *controller;
} Answer;

static Answer *
answer_new (GTask *task, BurbleAccountController *controller)
{
  Answer *answer = g_new0 (Answer, 1);
  Loading *loading = g_task_get_task_data (task);

  loading->waiting++;
  answer->task = g_object_ref (task);
  answer->controller = g_object_ref (controller);
  return answer;
}

static void
answer_free (Answer *answer)
{
  g_object_unref (answer->task);
  g_object_unref (answer->controller);
  g_free (answer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

static void
finish_loading (GTask *task)
{
  BurbleSession *self = g_task_get_source_object (task);
  Loading *loading = g_task_get_task_data (task);
  GHashTableIter iter;
  gpointer controller = NULL;
  g_autoptr(GPtrArray) controllers = NULL;

  if (loading->error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&loading->error));
      return;
    }
  if (self->closing)
    {
      g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                       "Closed while loading");
      return;
    }
  burble_session_set_loaded (self);
  g_task_return_boolean (task, TRUE);

  controllers = g_ptr_array_new_with_free_func (g_object_unref);
  g_hash_table_iter_init (&iter, self->controllers);
  while (g_hash_table_iter_next (&iter, NULL, &controller))
    g_ptr_array_add (controllers, g_object_ref (controller));
  for (guint i = 0; i < controllers->len; i++)
    burble_account_controller_start (g_ptr_array_index (controllers, i), FALSE);
}

/* An account may be removed, or the session let go, while its answers are still coming. */
static gboolean
is_wanted (const Answer *answer)
{
  return burble_account_controller_get_scope (answer->controller) != NULL;
}

static void
take_answer (Answer *answer, GError *error)
{
  Loading *loading = g_task_get_task_data (answer->task);

  if (error != NULL && loading->error == NULL)
    loading->error = g_error_copy (error);
  if (--loading->waiting == 0)
    finish_loading (answer->task);
}

static void
store_roster_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Answer) answer = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autoptr(GPtrArray) contacts = NULL;

  contacts = burble_store_load_roster_finish (BURBLE_STORE (object), result, &etag, &error);
  if (contacts != NULL && is_wanted (answer))
    burble_roster_sync_set_cached (burble_account_controller_get_roster (answer->controller),
                                   contacts, etag);
  take_answer (answer, error);
}

static void
store_conversations_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Answer) answer = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) conversations = NULL;

  conversations = burble_store_list_finish (BURBLE_STORE (object), result, &error);
  if (conversations != NULL && is_wanted (answer))
    burble_account_scope_add_conversations (
      burble_account_controller_get_scope (answer->controller), conversations);
  take_answer (answer, error);
}

static void
store_outbox_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Answer) answer = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = burble_store_list_finish (BURBLE_STORE (object), result, &error);

  for (guint i = 0; messages != NULL && is_wanted (answer) && i < messages->len; i++)
    burble_outbox_add_again (burble_account_controller_get_outbox (answer->controller),
                             g_ptr_array_index (messages, i));
  take_answer (answer, error);
}

static void
store_seq_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Answer) answer = user_data;
  g_autoptr(GError) error = NULL;
  gint64 seq = burble_store_load_seq_finish (BURBLE_STORE (object), result, &error);

  if (error == NULL && is_wanted (answer))
    burble_catch_up_set_highest (burble_account_controller_get_catch_up (answer->controller), seq);
  take_answer (answer, error);
}

static void
load_account (GTask *task, BurbleAccount *account)
{
  BurbleSession *self = g_task_get_source_object (task);
  g_autoptr(BurbleAccountController) controller =
    g_object_ref (burble_session_make_controller (self, account));
  GCancellable *cancellable = g_task_get_cancellable (task);

  burble_account_set_state (account, BURBLE_ACCOUNT_OFFLINE);
  burble_object_list_add (self->accounts, account);
  /* Whoever saw it there may have taken it away. */
  if (burble_account_controller_get_scope (controller) == NULL)
    return;
  burble_store_load_roster_async (self->store, account, cancellable, store_roster_cb,
                                  answer_new (task, controller));
  burble_store_load_conversations_async (self->store, account, cancellable, store_conversations_cb,
                                         answer_new (task, controller));
  burble_store_load_outbox_async (self->store, account, cancellable, store_outbox_cb,
                                  answer_new (task, controller));
  burble_store_load_seq_async (self->store, account, cancellable, store_seq_cb,
                               answer_new (task, controller));
}

static void
store_accounts_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) accounts = burble_store_list_finish (BURBLE_STORE (object), result, &error);
  Loading *loading = NULL;

  if (accounts == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  loading = g_task_get_task_data (task);
  loading->waiting++;
  for (guint i = 0; i < accounts->len; i++)
    load_account (task, g_ptr_array_index (accounts, i));
  if (--loading->waiting == 0)
    finish_loading (task);
}

static void
store_opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  BurbleStore *store = BURBLE_STORE (object);

  if (!burble_store_open_finish (store, result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    burble_store_load_accounts_async (store, g_task_get_cancellable (task), store_accounts_cb,
                                      g_object_ref (task));
}

/**
 * burble_session_load_async:
 * @self: a new session
 *
 * Opens the store, fills the lists from it and then connects the accounts that want to be online.
 * Finishes before any of them is. An account that is removed meanwhile does no harm.
 */
void
burble_session_load_async (BurbleSession       *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (!self->loaded);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, burble_session_load_async);
  g_task_set_task_data (task, g_new0 (Loading, 1), loading_free);
  burble_store_open_async (self->store, cancellable, store_opened_cb, g_steal_pointer (&task));
}

/**
 * burble_session_load_finish:
 * @self: a session
 * @result: what the callback got
 * @error: return location for a %BURBLE_STORE_ERROR, or %G_IO_ERROR_CANCELLED where it was shut
 *   down
 *
 * Returns: whether all that is stored was read
 */
gboolean
burble_session_load_finish (BurbleSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/*
 * Shutdown: good-bye to the servers, at most two seconds; then whatever was begun is on disk and
 * the store closed.
 */

typedef struct
{
  guint waiting; /* links that are not down yet */
  guint timeout_source;
  gboolean closing_store;
} Closing;

static void
closing_free (gpointer data)
{
  Closing *closing = data;

  g_clear_handle_id (&closing->timeout_source, g_source_remove);
  g_free (closing);
}

static void
store_closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (burble_store_close_finish (BURBLE_STORE (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
close_store (GTask *task)
{
  BurbleSession *self = g_task_get_source_object (task);
  Closing *closing = g_task_get_task_data (task);
  GHashTableIter iter;
  gpointer controller = NULL;

  if (closing->closing_store)
    return;
  closing->closing_store = TRUE;
  g_clear_handle_id (&closing->timeout_source, g_source_remove);
  g_hash_table_iter_init (&iter, self->controllers);
  while (g_hash_table_iter_next (&iter, NULL, &controller))
    {
      burble_outbox_flush (burble_account_controller_get_outbox (controller));
      burble_account_scope_close (burble_account_controller_get_scope (controller));
    }
  burble_drafts_flush (self->drafts);
  self->closing = TRUE;
  burble_store_close_async (self->store, NULL, store_closed_cb, g_object_ref (task));
}

static void
timeout_cb (gpointer user_data)
{
  GTask *task = user_data;
  Closing *closing = g_task_get_task_data (task);

  closing->timeout_source = 0;
  g_debug ("A server did not say good-bye in time");
  close_store (task);
}

static void
controller_stopped_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Closing *closing = g_task_get_task_data (task);

  burble_account_controller_stop_finish (BURBLE_ACCOUNT_CONTROLLER (object), result, NULL);
  if (--closing->waiting == 0)
    close_store (task);
}

/**
 * burble_session_shutdown_async:
 * @self: a session
 *
 * Says good-bye to the servers, for two seconds at most, writes what is still to be written
 * (drafts, what was sent) and closes the store. Nothing can be done with @self afterwards.
 */
void
burble_session_shutdown_async (BurbleSession       *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Closing *closing = NULL;
  GHashTableIter iter;
  gpointer controller = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, burble_session_shutdown_async);
  closing = g_new0 (Closing, 1);
  g_task_set_task_data (task, closing, closing_free);
  burble_drafts_flush (self->drafts);
  g_hash_table_iter_init (&iter, self->controllers);
  while (g_hash_table_iter_next (&iter, NULL, &controller))
    {
      closing->waiting++;
      burble_account_controller_stop_async (controller, controller_stopped_cb, g_object_ref (task));
    }
  if (closing->waiting == 0)
    close_store (task);
  else
    closing->timeout_source = g_timeout_add_once (GOODBYE_MS, timeout_cb, task);
}

gboolean
burble_session_shutdown_finish (BurbleSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
