/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-session-roster"

#include "config.h"

#include "burble-session-private.h"

static void
roster_changed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (burble_roster_sync_change_finish (BURBLE_ROSTER_SYNC (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
change (BurbleSession       *self,
        BurbleAccount       *account,
        BurbleRosterItem    *item,
        gpointer             source_tag,
        GCancellable        *cancellable,
        GAsyncReadyCallback  callback,
        gpointer             user_data)
{
  BurbleAccountController *controller = burble_session_get_controller (self, account);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  if (controller == NULL)
    g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "No such account");
  else if (*item->id == '\0')
    g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS,
                                     "An address is missing");
  else
    burble_roster_sync_change_async (burble_account_controller_get_roster (controller), item,
                                     cancellable, roster_changed_cb, g_steal_pointer (&task));
}

/**
 * burble_session_add_contact_async:
 * @self: a session
 * @account: one of its accounts
 * @id: whom to ask to be let in
 * @alias: (nullable): the user's own name for them
 *
 * Finish with [method@Session.roster_finish].
 */
void
burble_session_add_contact_async (BurbleSession       *self,
                                  BurbleAccount       *account,
                                  const char          *id,
                                  const char          *alias,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(BurbleRosterItem) item = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (id != NULL);

  item = burble_roster_item_new (id);
  item->has_alias = alias != NULL && *alias != '\0';
  item->alias = item->has_alias ? g_strdup (alias) : NULL;
  change (self, account, item, burble_session_add_contact_async, cancellable, callback, user_data);
}

/**
 * burble_session_join_room_async:
 * @self: a session
 * @account: one of its accounts
 * @id: the bare id of the room
 * @alias: (nullable): the user's own name for it
 *
 * Enters the room, which the server makes where there is none (Gurgle, section 4). Finish with
 * [method@Session.roster_finish].
 */
void
burble_session_join_room_async (BurbleSession       *self,
                                BurbleAccount       *account,
                                const char          *id,
                                const char          *alias,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(BurbleRosterItem) item = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (id != NULL);

  item = burble_roster_item_new (id);
  item->room = TRUE;
  item->has_alias = alias != NULL && *alias != '\0';
  item->alias = item->has_alias ? g_strdup (alias) : NULL;
  change (self, account, item, burble_session_join_room_async, cancellable, callback, user_data);
}

/**
 * burble_session_accept_contact_async:
 * @self: a session
 * @contact: somebody who asks to be added
 *
 * Adds them in turn, which lets them in: both see each other then. Finish with
 * [method@Session.roster_finish].
 */
void
burble_session_accept_contact_async (BurbleSession       *self,
                                     BurbleContact       *contact,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autoptr(BurbleRosterItem) item = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_CONTACT (contact));

  item = burble_roster_item_new (burble_contact_get_id (contact));
  change (self, burble_contact_get_account (contact), item, burble_session_accept_contact_async,
          cancellable, callback, user_data);
}

static void
delete_entry (BurbleSession       *self,
              BurbleContact       *contact,
              gpointer             source_tag,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  g_autoptr(BurbleRosterItem) item = burble_roster_item_new (burble_contact_get_id (contact));

  item->room = burble_contact_get_kind (contact) == BURBLE_CONTACT_ROOM;
  item->removed = TRUE;
  change (self, burble_contact_get_account (contact), item, source_tag, cancellable, callback,
          user_data);
}

/**
 * burble_session_decline_contact_async:
 * @self: a session
 * @contact: somebody who asks to be added
 *
 * Takes them off the list, and their question with them. Finish with
 * [method@Session.roster_finish].
 */
void
burble_session_decline_contact_async (BurbleSession       *self,
                                      BurbleContact       *contact,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_CONTACT (contact));

  delete_entry (self, contact, burble_session_decline_contact_async, cancellable, callback,
                user_data);
}

/**
 * burble_session_remove_contact_async:
 * @self: a session
 * @contact: a person or a room of the roster
 *
 * Neither sees the other any more; a room is left. The chat stays. Finish with
 * [method@Session.roster_finish].
 */
void
burble_session_remove_contact_async (BurbleSession       *self,
                                     BurbleContact       *contact,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_CONTACT (contact));

  delete_entry (self, contact, burble_session_remove_contact_async, cancellable, callback,
                user_data);
}

/**
 * burble_session_set_alias_async:
 * @self: a session
 * @contact: somebody in the roster
 * @alias: (nullable): the user's own name for them, or none
 *
 * Finish with [method@Session.roster_finish].
 */
void
burble_session_set_alias_async (BurbleSession       *self,
                                BurbleContact       *contact,
                                const char          *alias,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(BurbleRosterItem) item = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_CONTACT (contact));

  /* For the server this would be a wish to be let in. */
  if (!burble_contact_get_in_roster (contact))
    {
      g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

      g_task_set_source_tag (task, burble_session_set_alias_async);
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                       BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
                                       "Only people on the list can have an alias");
      return;
    }
  item = burble_roster_item_new (burble_contact_get_id (contact));
  item->room = burble_contact_get_kind (contact) == BURBLE_CONTACT_ROOM;
  item->has_alias = TRUE;
  item->alias = alias != NULL && *alias != '\0' ? g_strdup (alias) : NULL;
  change (self, burble_contact_get_account (contact), item, burble_session_set_alias_async,
          cancellable, callback, user_data);
}

/**
 * burble_session_roster_finish:
 * @self: a session
 * @result: what the callback got
 * @error: return location for a %BURBLE_PROTOCOL_ERROR: what the server said, or that it cannot be
 *   asked now
 *
 * Of every change of the roster.
 *
 * Returns: whether the server has taken the change
 */
gboolean
burble_session_roster_finish (BurbleSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * burble_session_set_notify_status:
 * @self: a session
 * @contact: somebody
 * @notify: when a notice about their presence is to be shown
 *
 * Stored here; no server hears of it.
 */
void
burble_session_set_notify_status (BurbleSession      *self,
                                  BurbleContact      *contact,
                                  BurbleNotifyStatus  notify)
{
  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_CONTACT (contact));

  if (burble_contact_get_notify_status (contact) == notify)
    return;
  burble_contact_set_notify_status (contact, notify);
  burble_store_save_contact_async (self->store, contact, NULL, burble_session_done_cb,
                                   g_object_ref (self));
}

/**
 * burble_session_find_contact:
 * @self: a session
 * @account: one of its accounts
 * @id: a bare id
 *
 * Returns: (transfer none) (nullable)
 */
BurbleContact *
burble_session_find_contact (BurbleSession *self, BurbleAccount *account, const char *id)
{
  BurbleAccountScope *scope = NULL;

  g_return_val_if_fail (BURBLE_IS_SESSION (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  scope = burble_session_get_scope (self, account);
  return scope != NULL ? burble_account_scope_find_contact (scope, id) : NULL;
}
