/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-private-chat-people"

#include "config.h"

#include "burble-private-chat-connection-private.h"

/*
 * Who there is, and who is online. The list of people is the site's: everybody is on it, and nobody
 * can change it. Online are those who have a socket towards us, as far as the site tells.
 */

/* The list. */

void
burble_private_chat_people_take (BurblePrivateChatConnection *self,
                                 const BurblePrivateChatPage *page)
{
  g_hash_table_remove_all (self->people);
  burble_private_chat_writer_forget_users (self->writer);
  burble_private_chat_writer_add_user (self->writer, self->own);
  self->people_time = self->people_asked;
  for (guint i = 0; i < page->people->len; i++)
    {
      const BurblePrivateChatPerson *person = g_ptr_array_index (page->people, i);

      burble_private_chat_writer_add_user (self->writer, person->username);
      if (g_strcmp0 (person->username, self->own) != 0)
        g_hash_table_insert (self->people, g_strdup (person->username),
                             g_strdup (person->name != NULL ? person->name : ""));
    }
}

static BurbleRosterItem *
make_item (BurblePrivateChatConnection *self, const char *username, const char *name)
{
  g_autofree char *id = burble_private_chat_connection_make_id (self, username);
  BurbleRosterItem *item = burble_roster_item_new (id);

  item->name = *name != '\0' ? g_strdup (name) : NULL;
  item->subscription = BURBLE_ROSTER_BOTH;
  item->has_subscription = TRUE;
  if (g_hash_table_contains (self->present, username))
    g_ptr_array_add (item->presences,
                     burble_presence_event_new (id, NULL, BURBLE_PEER_AVAILABLE, NULL));
  return item;
}

void
burble_private_chat_people_reset (BurblePrivateChatConnection *self)
{
  g_autoptr(GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);
  GHashTableIter iter;
  gpointer username = NULL;
  gpointer name = NULL;

  g_hash_table_iter_init (&iter, self->people);
  while (g_hash_table_iter_next (&iter, &username, &name))
    g_ptr_array_add (items, make_item (self, username, name));
  burble_roster_channel_emit_reset (BURBLE_ROSTER_CHANNEL (self), NULL, items);
}

/* Somebody who came since the list was read. */
void
burble_private_chat_people_add (BurblePrivateChatConnection *self, const char *username)
{
  g_autoptr(GPtrArray) items = NULL;

  burble_private_chat_writer_add_user (self->writer, username);
  if (g_strcmp0 (username, self->own) == 0 || g_hash_table_contains (self->people, username))
    return;
  g_hash_table_insert (self->people, g_strdup (username), g_strdup (""));
  items = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);
  g_ptr_array_add (items, make_item (self, username, ""));
  burble_roster_channel_emit_changed (BURBLE_ROSTER_CHANNEL (self), NULL, items);
}

/* Only what is different, of a list that may be long. */
static void
take_changes (BurblePrivateChatConnection *self, const BurblePrivateChatPage *page)
{
  g_autoptr(GHashTable) before = g_steal_pointer (&self->people);
  g_autoptr(GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);
  GHashTableIter iter;
  gpointer username = NULL;
  gpointer name = NULL;

  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  burble_private_chat_people_take (self, page);
  g_hash_table_iter_init (&iter, self->people);
  while (g_hash_table_iter_next (&iter, &username, &name))
    if (g_strcmp0 (name, g_hash_table_lookup (before, username)) != 0)
      g_ptr_array_add (items, make_item (self, username, name));
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &username, &name))
    if (!g_hash_table_contains (self->people, username))
      {
        BurbleRosterItem *item = make_item (self, username, "");

        item->removed = TRUE;
        g_ptr_array_add (items, item);
      }
  if (items->len > 0)
    burble_roster_channel_emit_changed (BURBLE_ROSTER_CHANNEL (self), NULL, items);
}

static void
got_people_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurblePrivateChatConnection) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePrivateChatPage) page = NULL;
  guint status = 0;
  gboolean answered =
    burble_private_chat_connection_take_page (self, result, &status, &page, &error);

  if (!self->online || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->looking = FALSE;
  if (answered && page != NULL)
    take_changes (self, page);
  if (self->online)
    burble_private_chat_messages_go_on (self, page != NULL);
}

void
burble_private_chat_people_refresh (BurblePrivateChatConnection *self)
{
  if (!self->online || self->looking)
    return;
  self->looking = TRUE;
  self->people_asked = g_get_monotonic_time ();
  burble_private_chat_connection_ask (self, "", got_people_cb, g_object_ref (self));
}

static void
set_etag (BurbleRosterChannel *channel, const char *etag)
{
  /* The list comes whole each time. */
}

static void
change_async (BurbleRosterChannel *channel,
              GPtrArray           *items,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (channel, cancellable, callback, user_data);

  g_task_set_source_tag (task, change_async);
  if (burble_private_chat_connection_check (BURBLE_PRIVATE_CHAT_CONNECTION (channel), task))
    g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
                                     "The list of people is the site's");
}

static gboolean
change_finish (BurbleRosterChannel *channel, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
burble_private_chat_roster_iface_init (BurbleRosterChannelInterface *iface)
{
  iface->set_etag = set_etag;
  iface->change_async = change_async;
  iface->change_finish = change_finish;
}

/* Who is online. */

static void
add_change (BurblePrivateChatConnection *self, GPtrArray *events, const char *username,
            BurblePeerStatus status)
{
  g_autofree char *id = burble_private_chat_connection_make_id (self, username);

  g_ptr_array_add (events, burble_presence_event_new (id, NULL, status, NULL));
}

static void
emit (BurblePrivateChatConnection *self, GPtrArray *events)
{
  if (events->len > 0)
    burble_presence_channel_emit_changed (BURBLE_PRESENCE_CHANNEL (self), events);
}

/* all: there is nobody else. */
void
burble_private_chat_people_listed (BurblePrivateChatConnection *self,
                                   const char * const          *usernames,
                                   gboolean                     all)
{
  g_autoptr(GPtrArray) events =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_presence_event_free);
  GHashTableIter iter;
  gpointer username = NULL;

  if (all)
    {
      g_hash_table_iter_init (&iter, self->present);
      while (g_hash_table_iter_next (&iter, &username, NULL))
        if (!g_strv_contains (usernames, username))
          {
            add_change (self, events, username, BURBLE_PEER_OFFLINE);
            g_hash_table_iter_remove (&iter);
          }
    }
  for (guint i = 0; usernames[i] != NULL; i++)
    if (g_hash_table_contains (self->people, usernames[i])
        && g_hash_table_add (self->present, g_strdup (usernames[i])))
      add_change (self, events, usernames[i], BURBLE_PEER_AVAILABLE);
  emit (self, events);
}

void
burble_private_chat_people_gone (BurblePrivateChatConnection *self, const char *username)
{
  g_autoptr(GPtrArray) events =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_presence_event_free);

  if (g_hash_table_remove (self->present, username))
    add_change (self, events, username, BURBLE_PEER_OFFLINE);
  emit (self, events);
}

/* A site knows "here" and "gone", and no words about it. */
static void
publish (BurblePresenceChannel *channel, BurblePeerStatus status, const char *mood)
{
  BurblePrivateChatConnection *self = BURBLE_PRIVATE_CHAT_CONNECTION (channel);
  gboolean hidden = status == BURBLE_PEER_INVISIBLE || status == BURBLE_PEER_OFFLINE;

  self->status = hidden ? BURBLE_PEER_INVISIBLE : BURBLE_PEER_AVAILABLE;
  if (self->online && self->inbox != NULL)
    burble_private_chat_pair_write (
      self->inbox, hidden ? burble_private_chat_writer_offline (self->writer, NULL)
                          : burble_private_chat_writer_online (self->writer, NULL));
}

void
burble_private_chat_presence_iface_init (BurblePresenceChannelInterface *iface)
{
  iface->publish = publish;
}

/* One of them, or all. */

static BurblePersonInfo *
describe (BurblePrivateChatConnection *self, const char *username, const char *name)
{
  BurblePersonInfo *person = burble_person_info_new ();

  person->exists = TRUE;
  person->id = burble_private_chat_connection_make_id (self, username);
  person->name = *name != '\0' ? g_strdup (name) : NULL;
  person->status = g_hash_table_contains (self->present, username)
                   || g_strcmp0 (username, self->own) == 0
                   ? BURBLE_PEER_AVAILABLE : BURBLE_PEER_OFFLINE;
  return person;
}

static void
lookup_async (BurbleDirectoryChannel *channel,
              const char             *username,
              const char             *uuid,
              GCancellable           *cancellable,
              GAsyncReadyCallback     callback,
              gpointer                user_data)
{
  BurblePrivateChatConnection *self = BURBLE_PRIVATE_CHAT_CONNECTION (channel);
  g_autoptr(GTask) task = g_task_new (channel, cancellable, callback, user_data);
  g_autofree char *own_name = NULL;
  BurblePersonInfo *person = NULL;
  const char *name = NULL;

  g_task_set_source_tag (task, lookup_async);
  if (!burble_private_chat_connection_check (self, task))
    return;
  own_name = burble_private_chat_connection_get_username (self, username);
  if (own_name == NULL)
    own_name = g_strdup (username != NULL ? username : "");
  name = g_hash_table_lookup (self->people, own_name);
  if (name == NULL && g_strcmp0 (own_name, self->own) == 0)
    name = "";
  person = name != NULL ? describe (self, own_name, name) : burble_person_info_new ();
  g_task_return_pointer (task, person, (GDestroyNotify) burble_person_info_free);
}

static BurblePersonInfo *
lookup_finish (BurbleDirectoryChannel *channel, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Everybody whom the site knows. Its page is read now and then, so the list is at hand. */
static void
list_async (BurbleDirectoryChannel *channel,
            GCancellable           *cancellable,
            GAsyncReadyCallback     callback,
            gpointer                user_data)
{
  BurblePrivateChatConnection *self = BURBLE_PRIVATE_CHAT_CONNECTION (channel);
  g_autoptr(GTask) task = g_task_new (channel, cancellable, callback, user_data);
  g_autoptr(GPtrArray) people = NULL;
  GHashTableIter iter;
  gpointer username = NULL;
  gpointer name = NULL;

  g_task_set_source_tag (task, list_async);
  if (!burble_private_chat_connection_check (self, task))
    return;
  people = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_person_info_free);
  g_hash_table_iter_init (&iter, self->people);
  while (g_hash_table_iter_next (&iter, &username, &name))
    g_ptr_array_add (people, describe (self, username, name));
  g_task_return_pointer (task, g_steal_pointer (&people), (GDestroyNotify) g_ptr_array_unref);
}

static GPtrArray *
list_finish (BurbleDirectoryChannel *channel, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
burble_private_chat_directory_iface_init (BurbleDirectoryChannelInterface *iface)
{
  iface->lookup_async = lookup_async;
  iface->lookup_finish = lookup_finish;
  iface->list_async = list_async;
  iface->list_finish = list_finish;
}
