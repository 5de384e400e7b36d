/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-roster-sync"

#include "config.h"

#include "burble-roster-sync.h"

#include "burble-roster-work.h"

struct _BurbleRosterSync
{
  GObject parent_instance;

  BurbleAccountScope *scope;
  BurbleRosterWork *work;
};

G_DEFINE_FINAL_TYPE (BurbleRosterSync, burble_roster_sync, G_TYPE_OBJECT)

static void
roster_reset_cb (BurbleRosterSync *self, const char *etag, GPtrArray *items)
{
  g_debug ("The whole roster: %u entries", items->len);
  burble_roster_work_reset (self->work, etag, items);
}

static void
roster_changed_cb (BurbleRosterSync *self, const char *etag, GPtrArray *items)
{
  burble_roster_work_change (self->work, etag, items);
}

static void
presence_changed_cb (BurbleRosterSync *self, GPtrArray *events)
{
  burble_roster_work_presence (self->work, events);
}

static void
burble_roster_sync_dispose (GObject *object)
{
  BurbleRosterSync *self = BURBLE_ROSTER_SYNC (object);

  g_clear_pointer (&self->work, burble_roster_work_free);
  g_clear_object (&self->scope);

  G_OBJECT_CLASS (burble_roster_sync_parent_class)->dispose (object);
}

static void
burble_roster_sync_class_init (BurbleRosterSyncClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = burble_roster_sync_dispose;
}

static void
burble_roster_sync_init (BurbleRosterSync *self)
{
}

BurbleRosterSync *
burble_roster_sync_new (BurbleAccountScope *scope)
{
  BurbleRosterSync *self = g_object_new (BURBLE_TYPE_ROSTER_SYNC, NULL);
  BurbleConnection *connection = burble_account_scope_get_connection (scope);

  self->scope = g_object_ref (scope);
  self->work = burble_roster_work_new (scope);
  if (BURBLE_IS_ROSTER_CHANNEL (connection))
    {
      g_signal_connect_object (connection, "roster-reset",
                               G_CALLBACK (roster_reset_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (connection, "roster-changed",
                               G_CALLBACK (roster_changed_cb), self, G_CONNECT_SWAPPED);
    }
  if (BURBLE_IS_PRESENCE_CHANNEL (connection))
    g_signal_connect_object (connection, "presence-changed",
                             G_CALLBACK (presence_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * burble_roster_sync_set_cached:
 * @self: the roster of an account
 * @contacts: (element-type BurbleContact): who was on it last
 * @etag: (nullable): what the server called that roster
 *
 * Before the first connection. Whoever sees the contacts appear may remove the account.
 */
void
burble_roster_sync_set_cached (BurbleRosterSync *self, GPtrArray *contacts, const char *etag)
{
  g_return_if_fail (BURBLE_IS_ROSTER_SYNC (self));

  burble_roster_work_set_etag (self->work, etag);
  /* Last: whoever sees them may take the account away, and this with it. */
  burble_account_scope_add_contacts (self->scope, contacts);
}

static BurbleRosterItem *
item_from_contact (BurbleContact *contact)
{
  BurbleRosterItem *item = burble_roster_item_new (burble_contact_get_id (contact));

  item->name = g_strdup (burble_contact_get_name (contact));
  item->alias = g_strdup (burble_contact_get_alias (contact));
  return item;
}

/**
 * burble_roster_sync_prepare:
 * @self: the roster of an account
 *
 * Tells the connection what is known already (Gurgle, section 3: `etag`); before it connects.
 */
void
burble_roster_sync_prepare (BurbleRosterSync *self)
{
  BurbleConnection *connection = NULL;
  g_autoptr(GPtrArray) rooms = g_ptr_array_new ();
  g_autoptr(GPtrArray) people =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);
  GHashTableIter iter;
  gpointer contact = NULL;
  gboolean keeps_none = FALSE;

  g_return_if_fail (BURBLE_IS_ROSTER_SYNC (self));

  connection = burble_account_scope_get_connection (self->scope);
  if (!BURBLE_IS_ROSTER_CHANNEL (connection))
    return;
  /* Not made for nothing: a roster may be long. */
  keeps_none = BURBLE_ROSTER_CHANNEL_GET_IFACE (connection)->set_people != NULL;
  g_hash_table_iter_init (&iter, burble_account_scope_get_contacts (self->scope));
  while (g_hash_table_iter_next (&iter, NULL, &contact))
    {
      if (burble_contact_get_kind (contact) == BURBLE_CONTACT_ROOM
          && burble_contact_get_in_roster (contact))
        g_ptr_array_add (rooms, (gpointer) burble_contact_get_id (contact));
      else if (keeps_none && burble_contact_get_in_roster (contact))
        g_ptr_array_add (people, item_from_contact (contact));
    }
  g_ptr_array_add (rooms, NULL);
  burble_roster_channel_set_etag (BURBLE_ROSTER_CHANNEL (connection),
                                  burble_roster_work_get_etag (self->work));
  burble_roster_channel_set_rooms (BURBLE_ROSTER_CHANNEL (connection),
                                   (const char * const *) rooms->pdata);
  if (keeps_none)
    burble_roster_channel_set_people (BURBLE_ROSTER_CHANNEL (connection), people);
}

/**
 * burble_roster_sync_went_offline:
 * @self: the roster of an account
 *
 * Nobody is seen without a connection: takes the presence from all, bit by bit where they are many,
 * and drops what was not done yet of what the server said.
 */
void
burble_roster_sync_went_offline (BurbleRosterSync *self)
{
  g_return_if_fail (BURBLE_IS_ROSTER_SYNC (self));

  /* Half a roster is no harm: its etag was not taken, and the next one comes whole. */
  burble_roster_work_clear (self->work);
  burble_roster_work_forget_presence (self->work);
}

static void
channel_changed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (burble_roster_channel_change_finish (BURBLE_ROSTER_CHANNEL (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * burble_roster_sync_change_async:
 * @self: the roster of an account
 * @item: (transfer none): a change
 *
 * Asks the server. The roster changes when it says so, by its own packet.
 */
void
burble_roster_sync_change_async (BurbleRosterSync    *self,
                                 BurbleRosterItem    *item,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GPtrArray) items = NULL;
  BurbleConnection *connection = NULL;

  g_return_if_fail (BURBLE_IS_ROSTER_SYNC (self));
  g_return_if_fail (item != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, burble_roster_sync_change_async);
  connection = burble_account_scope_get_connection (self->scope);
  if (!BURBLE_IS_ROSTER_CHANNEL (connection)
      || !burble_account_scope_can (self->scope, BURBLE_CAPABILITY_NONE))
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                       BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                                       "Not connected");
      return;
    }
  if (!burble_account_scope_can (self->scope, BURBLE_CAPABILITY_ROSTER_EDIT))
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                       BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
                                       "This server keeps no list that could be changed");
      return;
    }
  items = g_ptr_array_new ();
  g_ptr_array_add (items, item);
  burble_roster_channel_change_async (BURBLE_ROSTER_CHANNEL (connection), items, cancellable,
                                      channel_changed_cb, g_steal_pointer (&task));
}

/**
 * burble_roster_sync_change_finish:
 * @self: the roster of an account
 * @result: what the callback got
 * @error: return location for a %BURBLE_PROTOCOL_ERROR: NOT_CONNECTED, UNSUPPORTED, or a refusal
 *
 * Returns: whether the server has taken the change
 */
gboolean
burble_roster_sync_change_finish (BurbleRosterSync *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
