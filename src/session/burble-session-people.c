/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-session-people"

#include "config.h"

#include <string.h>

#include "burble-session-private.h"

#define UUID_DIGITS 32

/*
 * Looking people up where a server has a directory.
 */

static BurbleStatus
to_status (BurblePeerStatus status)
{
  switch (status)
    {
    case BURBLE_PEER_AVAILABLE:
      return BURBLE_STATUS_AVAILABLE;
    case BURBLE_PEER_AWAY:
      return BURBLE_STATUS_AWAY;
    case BURBLE_PEER_DND:
      return BURBLE_STATUS_DND;
    case BURBLE_PEER_OFFLINE:
    case BURBLE_PEER_INVISIBLE:
      return BURBLE_STATUS_OFFLINE;
    case BURBLE_PEER_UNKNOWN:
    default:
      return BURBLE_STATUS_UNKNOWN;
    }
}

/* With dashes or without. */
static gboolean
is_uuid (const char *text)
{
  if (strlen (text) == UUID_DIGITS)
    return strspn (text, "0123456789abcdefABCDEF") == UUID_DIGITS;
  return g_uuid_string_is_valid (text);
}

/* Whose server is asked; NULL: it cannot be, and the task has said so. */
static BurbleDirectoryChannel *
get_directory (BurbleSession      *self,
               BurbleAccount      *account,
               BurbleCapabilities  capability,
               GTask              *task)
{
  BurbleAccountScope *scope = burble_session_get_scope (self, account);

  if (scope == NULL || !burble_account_scope_can (scope, BURBLE_CAPABILITY_NONE))
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                       BURBLE_PROTOCOL_ERROR_NOT_CONNECTED, "Not connected");
      return NULL;
    }
  if (!burble_account_scope_can (scope, capability))
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                       BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
                                       "The server has no directory");
      return NULL;
    }
  return BURBLE_DIRECTORY_CHANNEL (burble_account_scope_get_connection (scope));
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePersonInfo) info =
    burble_directory_channel_lookup_finish (BURBLE_DIRECTORY_CHANNEL (object), result, &error);
  BurblePerson *person = NULL;

  if (info == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  person = burble_person_new (info->exists ? info->id : NULL, info->uuid, info->name, info->bio,
                              to_status (info->status), info->status_word);
  for (guint i = 0; i < info->attributes->len; i++)
    {
      const BurblePersonAttribute *attribute = g_ptr_array_index (info->attributes, i);

      burble_person_add_detail (person, attribute->key, attribute->text);
    }
  g_task_return_pointer (task, person, g_object_unref);
}

/**
 * burble_session_look_up_async:
 * @self: a session
 * @account: whose server to ask; it has %BURBLE_FEATURE_DIRECTORY
 * @who: a name, an address or a UUID
 *
 * Finish with [method@Session.look_up_finish].
 */
void
burble_session_look_up_async (BurbleSession       *self,
                              BurbleAccount       *account,
                              const char          *who,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  BurbleDirectoryChannel *directory = NULL;
  gboolean uuid = FALSE;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (who != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, burble_session_look_up_async);
  directory = get_directory (self, account, BURBLE_CAPABILITY_DIRECTORY, task);
  if (directory == NULL)
    return;
  uuid = is_uuid (who);
  burble_directory_channel_lookup_async (directory, uuid ? NULL : who, uuid ? who : NULL,
                                         cancellable, found_cb, g_steal_pointer (&task));
}

BurblePerson *
burble_session_look_up_finish (BurbleSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* A contact for the list alone: what a directory says of somebody is no news of their presence. */
static BurbleContact *
make_listed (BurbleAccount *account, BurbleContact *known, const BurblePersonInfo *info)
{
  BurbleContact *contact = burble_contact_new (account, info->id);

  burble_contact_set_name (contact, info->name);
  if (known != NULL)
    {
      burble_contact_set_alias (contact, burble_contact_get_alias (known));
      if (info->name == NULL)
        burble_contact_set_name (contact, burble_contact_get_name (known));
    }
  /* A list may say no more than that they are there. */
  if (known != NULL && burble_contact_get_online (known))
    burble_contact_update_presence (contact, NULL, burble_contact_get_status (known),
                                    burble_contact_get_mood (known));
  else
    burble_contact_update_presence (contact, NULL, to_status (info->status), info->status_word);
  return contact;
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  BurbleSession *self = g_task_get_source_object (task);
  BurbleAccount *account = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) people =
    burble_directory_channel_list_finish (BURBLE_DIRECTORY_CHANNEL (object), result, &error);
  g_autoptr(GPtrArray) contacts = NULL;
  GListStore *list = NULL;

  if (people == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  contacts = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < people->len; i++)
    {
      const BurblePersonInfo *info = g_ptr_array_index (people, i);

      if (info->id == NULL || g_strcmp0 (info->id, burble_account_get_address (account)) == 0)
        continue;
      g_ptr_array_add (contacts,
                       make_listed (account, burble_session_find_contact (self, account, info->id),
                                    info));
    }
  list = g_list_store_new (BURBLE_TYPE_CONTACT);
  g_list_store_splice (list, 0, 0, contacts->pdata, contacts->len);
  g_task_return_pointer (task, list, g_object_unref);
}

/**
 * burble_session_list_people_async:
 * @self: a session
 * @account: whose server to ask; it has %BURBLE_FEATURE_PEOPLE
 *
 * Asks who is there. Finish with [method@Session.list_people_finish].
 */
void
burble_session_list_people_async (BurbleSession       *self,
                                  BurbleAccount       *account,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  BurbleDirectoryChannel *directory = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, burble_session_list_people_async);
  g_task_set_task_data (task, g_object_ref (account), g_object_unref);
  directory = get_directory (self, account, BURBLE_CAPABILITY_PEOPLE, task);
  if (directory != NULL)
    burble_directory_channel_list_async (directory, cancellable, listed_cb,
                                         g_steal_pointer (&task));
}

/**
 * burble_session_list_people_finish:
 *
 * Returns: (transfer full): of #BurbleContact, as they stood when the server answered, without
 *   ourselves; they are not those of [method@Session.get_contacts]
 */
GListModel *
burble_session_list_people_finish (BurbleSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
