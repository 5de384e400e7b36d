/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-roster-sync"

#include "config.h"

#include "burble-roster-sync.h"

struct _BurbleRosterSync
{
  GObject parent_instance;

  BurbleAccountScope *scope;
  char *etag; /* of what the store holds */
};

G_DEFINE_FINAL_TYPE (BurbleRosterSync, burble_roster_sync, G_TYPE_OBJECT)

static BurbleSubscription
to_subscription (BurbleRosterSubscription subscription)
{
  switch (subscription)
    {
    case BURBLE_ROSTER_TO:
      return BURBLE_SUBSCRIPTION_TO;
    case BURBLE_ROSTER_FROM:
      return BURBLE_SUBSCRIPTION_FROM;
    case BURBLE_ROSTER_BOTH:
      return BURBLE_SUBSCRIPTION_BOTH;
    case BURBLE_ROSTER_NONE:
    default:
      return BURBLE_SUBSCRIPTION_NONE;
    }
}

/* Nobody else can be seen as invisible. */
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
    case BURBLE_PEER_UNKNOWN:
      return BURBLE_STATUS_UNKNOWN;
    case BURBLE_PEER_OFFLINE:
    case BURBLE_PEER_INVISIBLE:
    default:
      return BURBLE_STATUS_OFFLINE;
    }
}

static gboolean
is_named (GPtrArray *events, const char *terminal)
{
  for (guint i = 0; i < events->len; i++)
    {
      const BurblePresenceEvent *event = g_ptr_array_index (events, i);

      if (g_strcmp0 (event->terminal, terminal) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The terminals that are not named have gone. */
static void
drop_other_terminals (BurbleContact *contact, GPtrArray *events)
{
  GListModel *presences = burble_contact_get_presences (contact);

  for (guint i = g_list_model_get_n_items (presences); i > 0; i--)
    {
      g_autoptr(BurblePresence) presence = g_list_model_get_item (presences, i - 1);
      const char *terminal = burble_presence_get_terminal (presence);

      if (!is_named (events, terminal))
        burble_contact_update_presence (contact, terminal, BURBLE_STATUS_OFFLINE, NULL);
    }
}

static void
apply_item (BurbleRosterSync *self, BurbleContact *contact, BurbleRosterItem *item, gboolean whole)
{
  BurbleNotificationPolicy *policy = burble_account_scope_get_policy (self->scope);
  gboolean was_online = burble_contact_get_online (contact);
  gboolean asked = burble_contact_get_asks (contact);

  g_object_freeze_notify (G_OBJECT (contact));
  burble_contact_set_name (contact, item->name);
  burble_contact_set_bio (contact, item->bio);
  burble_contact_set_alias (contact, item->alias);
  burble_contact_set_kind (contact, item->room ? BURBLE_CONTACT_ROOM : BURBLE_CONTACT_PEER);
  burble_contact_set_subscription (contact, to_subscription (item->subscription));
  burble_contact_set_asks (contact, item->asks);
  burble_contact_set_in_roster (contact, TRUE);
  if (whole)
    drop_other_terminals (contact, item->presences);
  else if (item->presences->len == 0
           && item->subscription != BURBLE_ROSTER_TO && item->subscription != BURBLE_ROSTER_BOTH)
    burble_contact_clear_presences (contact);
  for (guint i = 0; i < item->presences->len; i++)
    {
      const BurblePresenceEvent *event = g_ptr_array_index (item->presences, i);

      burble_contact_update_presence (contact, event->terminal, to_status (event->status),
                                      event->mood);
    }
  g_object_thaw_notify (G_OBJECT (contact));

  burble_notification_policy_presence (policy, contact, was_online,
                                       burble_account_scope_is_settled (self->scope));
  if (asked != burble_contact_get_asks (contact))
    burble_notification_policy_request (policy, contact);
}

static void
leave_roster (BurbleRosterSync *self, BurbleContact *contact)
{
  gboolean asked = burble_contact_get_asks (contact);

  g_object_freeze_notify (G_OBJECT (contact));
  burble_contact_set_subscription (contact, BURBLE_SUBSCRIPTION_NONE);
  burble_contact_set_asks (contact, FALSE);
  burble_contact_set_alias (contact, NULL);
  burble_contact_set_in_roster (contact, FALSE);
  burble_contact_clear_presences (contact);
  g_object_thaw_notify (G_OBJECT (contact));
  if (asked)
    burble_notification_policy_request (burble_account_scope_get_policy (self->scope), contact);
}

/* New people get their fields before they are shown, and are shown all at once. */
static BurbleContact *
take_item (BurbleRosterSync *self, BurbleRosterItem *item, gboolean whole, GPtrArray *fresh)
{
  BurbleContact *contact = burble_account_scope_find_contact (self->scope, item->id);

  if (contact == NULL)
    {
      contact = burble_contact_new (burble_account_scope_get_account (self->scope), item->id);
      g_ptr_array_add (fresh, contact);
    }
  apply_item (self, contact, item, whole);
  return contact;
}

static void
roster_reset_cb (BurbleRosterSync *self, const char *etag, GPtrArray *items)
{
  g_autoptr(GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GHashTable) present = g_hash_table_new (NULL, NULL);
  g_autoptr(GHashTable) named = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer contact = NULL;

  if (burble_account_scope_is_closed (self->scope))
    return;
  g_debug ("The whole roster: %u entries", items->len);
  for (guint i = 0; i < items->len; i++)
    {
      BurbleRosterItem *item = g_ptr_array_index (items, i);

      if (item->id == NULL || item->removed || !g_hash_table_add (named, item->id))
        continue;
      contact = take_item (self, item, TRUE, fresh);
      g_ptr_array_add (all, g_object_ref (contact));
      g_hash_table_add (present, contact);
    }
  burble_account_scope_add_contacts (self->scope, fresh);

  g_hash_table_iter_init (&iter, burble_account_scope_get_contacts (self->scope));
  while (g_hash_table_iter_next (&iter, NULL, &contact))
    {
      if (burble_contact_get_in_roster (contact) && !g_hash_table_contains (present, contact))
        g_ptr_array_add (gone, g_object_ref (contact));
    }
  for (guint i = 0; i < gone->len; i++)
    leave_roster (self, g_ptr_array_index (gone, i));
  burble_account_scope_sweep_contacts (self->scope, gone);

  g_set_str (&self->etag, etag);
  burble_store_replace_roster_async (burble_account_scope_get_store (self->scope),
                                     burble_account_scope_get_account (self->scope),
                                     etag, all, NULL, burble_account_scope_done_cb,
                                     g_object_ref (self->scope));
}

static void
roster_changed_cb (BurbleRosterSync *self, const char *etag, GPtrArray *items)
{
  g_autoptr(GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GHashTable) named = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GStrvBuilder) removed = g_strv_builder_new ();
  g_auto(GStrv) removed_ids = NULL;

  if (burble_account_scope_is_closed (self->scope))
    return;
  for (guint i = 0; i < items->len; i++)
    {
      BurbleRosterItem *item = g_ptr_array_index (items, i);
      BurbleContact *contact = NULL;

      if (item->id == NULL || !g_hash_table_add (named, item->id))
        continue;
      if (!item->removed)
        {
          contact = take_item (self, item, FALSE, fresh);
          g_ptr_array_add (changed, g_object_ref (contact));
          continue;
        }
      contact = burble_account_scope_find_contact (self->scope, item->id);
      g_strv_builder_add (removed, item->id);
      if (contact != NULL)
        {
          leave_roster (self, contact);
          g_ptr_array_add (gone, g_object_ref (contact));
        }
    }
  burble_account_scope_add_contacts (self->scope, fresh);
  burble_account_scope_sweep_contacts (self->scope, gone);

  removed_ids = g_strv_builder_end (removed);
  if (etag != NULL)
    g_set_str (&self->etag, etag);
  burble_store_update_roster_async (burble_account_scope_get_store (self->scope),
                                    burble_account_scope_get_account (self->scope),
                                    self->etag, changed, (const char * const *) removed_ids,
                                    NULL, burble_account_scope_done_cb,
                                    g_object_ref (self->scope));
}

static void
presence_changed_cb (BurbleRosterSync *self, GPtrArray *events)
{
  BurbleNotificationPolicy *policy = burble_account_scope_get_policy (self->scope);
  gboolean settled = burble_account_scope_is_settled (self->scope);

  for (guint i = 0; i < events->len; i++)
    {
      const BurblePresenceEvent *event = g_ptr_array_index (events, i);
      BurbleContact *contact = NULL;
      gboolean was_online;

      if (event->id != NULL)
        contact = burble_account_scope_find_contact (self->scope, event->id);
      /* Presence of somebody who is not on the list is nobody's. */
      if (contact == NULL)
        continue;
      was_online = burble_contact_get_online (contact);
      burble_contact_update_presence (contact, event->terminal, to_status (event->status),
                                      event->mood);
      burble_notification_policy_presence (policy, contact, was_online, settled);
    }
}

static void
burble_roster_sync_dispose (GObject *object)
{
  BurbleRosterSync *self = BURBLE_ROSTER_SYNC (object);

  g_clear_object (&self->scope);

  G_OBJECT_CLASS (burble_roster_sync_parent_class)->dispose (object);
}

static void
burble_roster_sync_finalize (GObject *object)
{
  BurbleRosterSync *self = BURBLE_ROSTER_SYNC (object);

  g_free (self->etag);

  G_OBJECT_CLASS (burble_roster_sync_parent_class)->finalize (object);
}

static void
burble_roster_sync_class_init (BurbleRosterSyncClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_roster_sync_dispose;
  object_class->finalize = burble_roster_sync_finalize;
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

void
burble_roster_sync_set_cached (BurbleRosterSync *self, GPtrArray *contacts, const char *etag)
{
  g_return_if_fail (BURBLE_IS_ROSTER_SYNC (self));

  burble_account_scope_add_contacts (self->scope, contacts);
  g_set_str (&self->etag, etag);
}

void
burble_roster_sync_prepare (BurbleRosterSync *self)
{
  BurbleConnection *connection = NULL;
  g_autoptr(GPtrArray) rooms = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer contact = NULL;

  g_return_if_fail (BURBLE_IS_ROSTER_SYNC (self));

  connection = burble_account_scope_get_connection (self->scope);
  if (!BURBLE_IS_ROSTER_CHANNEL (connection))
    return;
  g_hash_table_iter_init (&iter, burble_account_scope_get_contacts (self->scope));
  while (g_hash_table_iter_next (&iter, NULL, &contact))
    {
      if (burble_contact_get_kind (contact) == BURBLE_CONTACT_ROOM
          && burble_contact_get_in_roster (contact))
        g_ptr_array_add (rooms, (gpointer) burble_contact_get_id (contact));
    }
  g_ptr_array_add (rooms, NULL);
  burble_roster_channel_set_etag (BURBLE_ROSTER_CHANNEL (connection), self->etag);
  burble_roster_channel_set_rooms (BURBLE_ROSTER_CHANNEL (connection),
                                   (const char * const *) rooms->pdata);
}

void
burble_roster_sync_went_offline (BurbleRosterSync *self)
{
  BurbleNotificationPolicy *policy = NULL;
  GHashTableIter iter;
  gpointer contact = NULL;

  g_return_if_fail (BURBLE_IS_ROSTER_SYNC (self));

  policy = burble_account_scope_get_policy (self->scope);
  g_hash_table_iter_init (&iter, burble_account_scope_get_contacts (self->scope));
  while (g_hash_table_iter_next (&iter, NULL, &contact))
    {
      gboolean was_online = burble_contact_get_online (contact);

      burble_contact_clear_presences (contact);
      burble_notification_policy_presence (policy, contact, was_online, FALSE);
    }
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

gboolean
burble_roster_sync_change_finish (BurbleRosterSync *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
