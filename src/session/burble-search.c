/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-search"

#include "config.h"

#include "burble-session-private.h"

void
burble_search_hit_free (BurbleSearchHit *self)
{
  g_clear_object (&self->conversation);
  g_clear_object (&self->message);
  g_free (self);
}

static void
store_searched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  BurbleSession *self = g_task_get_source_object (task);
  g_auto(GStrv) uids = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = NULL;
  g_autoptr(GPtrArray) hits = NULL;

  messages = burble_store_search_finish (BURBLE_STORE (object), result, &uids, &error);
  if (messages == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  hits = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_search_hit_free);
  for (guint i = 0; i < messages->len && uids != NULL && uids[i] != NULL; i++)
    {
      BurbleMessage *message = g_ptr_array_index (messages, i);
      BurbleAccountController *controller = g_hash_table_lookup (self->controllers, uids[i]);
      BurbleConversation *conversation = NULL;
      BurbleSearchHit *hit = NULL;

      if (controller != NULL)
        conversation =
          burble_account_scope_find_conversation (burble_account_controller_get_scope (controller),
                                                  burble_message_get_peer (message));
      /* Removed since the question was asked. */
      if (conversation == NULL)
        continue;
      hit = g_new0 (BurbleSearchHit, 1);
      hit->conversation = g_object_ref (conversation);
      hit->message = g_object_ref (message);
      g_ptr_array_add (hits, hit);
    }
  g_task_return_pointer (task, g_steal_pointer (&hits), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * burble_session_search_async:
 * @self: a session
 * @conversation: (nullable): where to look, or everywhere
 * @query: any text
 * @limit: how many hits at most
 *
 * Looks in the history on this terminal, newest first.
 */
void
burble_session_search_async (BurbleSession       *self,
                             BurbleConversation  *conversation,
                             const char          *query,
                             guint                limit,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (query != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, burble_session_search_async);
  burble_store_search_async (self->store, conversation, query, limit, cancellable,
                             store_searched_cb,
                             g_steal_pointer (&task));
}

/**
 * burble_session_search_finish:
 * @self: a session
 * @result: what the callback got
 *
 * Returns: (transfer full) (element-type BurbleSearchHit)
 */
GPtrArray *
burble_session_search_finish (BurbleSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
