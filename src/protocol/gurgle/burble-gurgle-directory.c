/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-directory"

#include "config.h"

#include <string.h>

#include "burble-gurgle-connection-private.h"

/*
 * Looking people up, and who is there (`user_status` and `active_users` on the wire).
 */

#define MAX_PEOPLE 1000 /* of a list, the first */

static BurblePeerStatus
status_from_wire (BurbleGurgleUserStatus status)
{
  switch (status)
    {
    case BURBLE_GURGLE_USER_ONLINE:
      return BURBLE_PEER_AVAILABLE;
    case BURBLE_GURGLE_USER_AWAY:
      return BURBLE_PEER_AWAY;
    case BURBLE_GURGLE_USER_BUSY:
      return BURBLE_PEER_DND;
    case BURBLE_GURGLE_USER_OFFLINE:
      return BURBLE_PEER_OFFLINE;
    case BURBLE_GURGLE_USER_NOT_EXIST:
    case BURBLE_GURGLE_USER_UNKNOWN:
    default:
      return BURBLE_PEER_UNKNOWN;
    }
}

/* A bare name means the own server's. */
static char *
id_of (BurbleGurgleConnection *self, const char *username)
{
  g_autofree char *text = NULL;

  if (username == NULL)
    return NULL;
  text = strchr (username, '@') != NULL
         ? g_strdup (username)
         : g_strdup_printf ("%s@%s", username, burble_gurgle_id_get_domain (self->own_id));
  return burble_gurgle_connection_bare (text);
}

static BurblePersonInfo *
read_person (BurbleGurgleConnection *self, const BurbleGurglePacket *packet)
{
  BurblePersonInfo *person = burble_person_info_new ();

  if (packet->user_status.status == BURBLE_GURGLE_USER_NOT_EXIST)
    return person;
  person->id = id_of (self, packet->user_status.username);
  person->exists = person->id != NULL;
  person->uuid = g_strdup (packet->user_status.uuid);
  person->name = g_strdup (packet->user_status.name);
  person->bio = g_strdup (packet->user_status.bio);
  person->status = status_from_wire (packet->user_status.status);
  return person;
}

void
burble_gurgle_directory_take (BurbleGurgleConnection *self, const BurbleGurglePacket *packet)
{
  g_autoptr(BurblePersonInfo) person = NULL;

  if (!burble_gurgle_connection_has (self, BURBLE_GURGLE_HAS_USER_STATUS))
    return;
  person = read_person (self, packet);
  if (person->exists)
    burble_directory_channel_emit_changed (BURBLE_DIRECTORY_CHANNEL (self), person);
}

static void
found_cb (gpointer owner, const BurbleGurglePacket *reply, const GError *error, gpointer data)
{
  GTask *task = data;

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else if (reply->error != NULL)
    g_task_return_error (task, burble_gurgle_error_from_words (reply->error, reply->reason));
  else
    g_task_return_pointer (task, read_person (owner, reply),
                           (GDestroyNotify) burble_person_info_free);
}

static void
lookup_async (BurbleDirectoryChannel *channel,
              const char             *username,
              const char             *uuid,
              GCancellable           *cancellable,
              GAsyncReadyCallback     callback,
              gpointer                user_data)
{
  BurbleGurgleConnection *self = BURBLE_GURGLE_CONNECTION (channel);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  BurbleGurglePacket *packet = NULL;

  g_task_set_source_tag (task, lookup_async);
  if (!burble_gurgle_connection_check_open (self, task))
    return;
  if (!burble_gurgle_connection_has (self, BURBLE_GURGLE_HAS_USER_STATUS))
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                       BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
                                       "The server has no directory");
      return;
    }

  packet = burble_gurgle_packet_new (BURBLE_GURGLE_GET_USER_STATUS);
  packet->user_status.username = g_strdup (username);
  packet->user_status.uuid = g_strdup (uuid);
  burble_gurgle_connection_request (self, packet, BURBLE_GURGLE_USER_STATUS, found_cb,
                                    g_steal_pointer (&task), g_object_unref);
}

static BurblePersonInfo *
lookup_finish (BurbleDirectoryChannel *channel, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, channel), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
burble_gurgle_directory_take_people (BurbleGurgleConnection   *self,
                                     const BurbleGurglePacket *packet)
{
  const GPtrArray *users = packet->active_users.users;

  if (!burble_gurgle_connection_has (self, BURBLE_GURGLE_HAS_ACTIVE_USERS))
    return;
  g_clear_pointer (&self->people, g_ptr_array_unref);
  self->people = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_gurgle_user_free);
  for (guint i = 0; i < MIN (users->len, MAX_PEOPLE); i++)
    {
      const BurbleGurgleUser *user = g_ptr_array_index (users, i);

      g_ptr_array_add (self->people, burble_gurgle_user_new (user->username, user->uuid));
    }
}

static GPtrArray *
read_people (BurbleGurgleConnection *self, const GPtrArray *users)
{
  GPtrArray *people = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_person_info_free);

  for (guint i = 0; i < MIN (users->len, MAX_PEOPLE); i++)
    {
      const BurbleGurgleUser *user = g_ptr_array_index (users, i);
      g_autofree char *id = id_of (self, user->username);
      BurblePersonInfo *person = NULL;

      if (id == NULL)
        continue;
      person = burble_person_info_new ();
      person->exists = TRUE;
      person->id = g_steal_pointer (&id);
      person->uuid = g_strdup (user->uuid);
      /* More is not told of those who are there. */
      person->status = BURBLE_PEER_AVAILABLE;
      g_ptr_array_add (people, person);
    }
  return people;
}

static void
listed_cb (gpointer owner, const BurbleGurglePacket *reply, const GError *error, gpointer data)
{
  BurbleGurgleConnection *self = owner;
  GTask *task = data;
  const GPtrArray *users = reply != NULL ? reply->active_users.users : NULL;

  /* A server may tell unasked and not know how to be asked. */
  if (g_error_matches (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_UNSUPPORTED)
      || g_error_matches (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT))
    users = self->people;
  if (users != NULL)
    g_task_return_pointer (task, read_people (self, users), (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_error_copy (error));
}

static void
list_async (BurbleDirectoryChannel *channel,
            GCancellable           *cancellable,
            GAsyncReadyCallback     callback,
            gpointer                user_data)
{
  BurbleGurgleConnection *self = BURBLE_GURGLE_CONNECTION (channel);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, list_async);
  if (!burble_gurgle_connection_check_open (self, task))
    return;
  if (!burble_gurgle_connection_has (self, BURBLE_GURGLE_HAS_ACTIVE_USERS))
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                       BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
                                       "The server does not list people");
      return;
    }
  burble_gurgle_connection_request (self,
                                    burble_gurgle_packet_new (BURBLE_GURGLE_GET_ACTIVE_USERS),
                                    BURBLE_GURGLE_ACTIVE_USERS, listed_cb,
                                    g_steal_pointer (&task), g_object_unref);
}

static GPtrArray *
list_finish (BurbleDirectoryChannel *channel, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, channel), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
burble_gurgle_directory_iface_init (BurbleDirectoryChannelInterface *iface)
{
  iface->lookup_async = lookup_async;
  iface->lookup_finish = lookup_finish;
  iface->list_async = list_async;
  iface->list_finish = list_finish;
}
