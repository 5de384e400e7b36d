/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-cg-people"

#include "config.h"

#include <string.h>

#include "burble-cg-connection-private.h"
#include "burble-cg-name.h"

/*
 * The people who are followed. The server keeps no list: it is the one that the session has, and
 * the people on it are asked for, one after the other, when the link is new and now and then.
 */

static void
emit_item (BurbleCgConnection *self, const BurbleRosterItem *item, const BurblePersonInfo *person)
{
  g_autoptr(GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);
  BurbleRosterItem *copy = burble_roster_item_copy (item);

  if (person != NULL)
    g_ptr_array_add (copy->presences,
                     burble_presence_event_new (item->id, NULL, person->status,
                                                person->status_word));
  g_ptr_array_add (items, copy);
  burble_roster_channel_emit_changed (BURBLE_ROSTER_CHANNEL (self), NULL, items);
}

void
burble_cg_people_take (BurbleCgConnection *self, const BurblePersonInfo *person)
{
  BurbleRosterItem *item = g_hash_table_lookup (self->people, person->id);

  if (item == NULL)
    return;
  g_set_str (&item->name, person->name);
  emit_item (self, item, person);
}

/* What came has been taken as news already, but for this: nobody. */
static void
refreshed_cb (BurbleCgConnection *self,
              BurblePersonInfo   *person,
              const GError       *error,
              gpointer            id)
{
  BurbleRosterItem *item = g_hash_table_lookup (self->people, id);
  g_autoptr(BurblePersonInfo) gone = NULL;

  if (error != NULL || person->exists || item == NULL)
    return;
  gone = burble_person_info_new ();
  gone->status = BURBLE_PEER_OFFLINE;
  emit_item (self, item, gone);
}

static void
refresh (BurbleCgConnection *self)
{
  GHashTableIter iter;
  gpointer value = NULL;

  /* The last round may not be through. */
  if (!g_queue_is_empty (&self->lookups))
    return;
  burble_cg_lookup_check (self);
  g_hash_table_iter_init (&iter, self->people);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const BurbleRosterItem *item = value;
      g_autofree char *uuid = burble_cg_uuid_normalize (item->id);

      burble_cg_lookup_ask (self, item->id, uuid, FALSE, refreshed_cb, g_strdup (item->id), g_free);
    }
}

static gboolean
refresh_cb (gpointer user_data)
{
  refresh (user_data);
  return G_SOURCE_CONTINUE;
}

void
burble_cg_people_start (BurbleCgConnection *self)
{
  BurbleRosterChannel *channel = BURBLE_ROSTER_CHANNEL (self);
  g_autoptr(GPtrArray) nobody = g_ptr_array_new ();
  BurbleFramedStream *stream = self->stream;

  if (self->people_known)
    burble_roster_channel_emit_kept (channel);
  else
    burble_roster_channel_emit_reset (channel, NULL, nobody);
  if (self->stream != stream)
    return;
  self->refresh_source = g_timeout_add (self->refresh_interval, refresh_cb, self);
  refresh (self);
}

/* The channel. */

static void
set_etag (BurbleRosterChannel *channel, const char *etag)
{
}

static void
set_people (BurbleRosterChannel *channel, GPtrArray *items)
{
  BurbleCgConnection *self = BURBLE_CG_CONNECTION (channel);

  g_hash_table_remove_all (self->people);
  for (guint i = 0; i < items->len; i++)
    {
      BurbleRosterItem *item = burble_roster_item_copy (g_ptr_array_index (items, i));

      item->subscription = BURBLE_ROSTER_TO;
      g_hash_table_insert (self->people, item->id, item);
    }
  self->people_known = TRUE;
}

typedef struct
{
  GTask *task;
  char *alias;
} Addition;

static void
addition_free (Addition *addition)
{
  g_object_unref (addition->task);
  g_free (addition->alias);
  g_free (addition);
}

static void
found_cb (BurbleCgConnection *self,
          BurblePersonInfo   *person,
          const GError       *error,
          gpointer            data)
{
  Addition *addition = data;
  BurbleRosterItem *item = NULL;

  if (error != NULL)
    {
      g_task_return_error (addition->task, g_error_copy (error));
      return;
    }
  if (!person->exists)
    {
      g_task_return_new_error_literal (addition->task, BURBLE_PROTOCOL_ERROR,
                                       BURBLE_PROTOCOL_ERROR_REFUSED,
                                       "There is nobody of that name");
      return;
    }
  item = burble_roster_item_new (person->id);
  item->name = g_strdup (person->name);
  item->alias = g_strdup (addition->alias);
  item->subscription = BURBLE_ROSTER_TO;
  g_hash_table_replace (self->people, item->id, item);
  emit_item (self, item, person);
  g_task_return_boolean (addition->task, TRUE);
}

static void
add_person (BurbleCgConnection *self, const BurbleRosterItem *wish, GTask *task)
{
  g_autofree char *uuid = burble_cg_uuid_normalize (wish->id);
  g_autofree char *name = NULL;
  Addition *addition = NULL;

  if (self->step != BURBLE_CG_STEP_ONLINE)
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                       BURBLE_PROTOCOL_ERROR_NOT_CONNECTED, "Not connected");
      return;
    }
  name = burble_cg_lookup_name (self, wish->id);
  if (uuid == NULL && !burble_cg_name_is_possible (name))
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                       BURBLE_PROTOCOL_ERROR_BAD_ADDRESS,
                                       "Nobody can be called so");
      return;
    }
  addition = g_new0 (Addition, 1);
  addition->task = g_object_ref (task);
  addition->alias = g_strdup (wish->alias);
  burble_cg_lookup_ask (self, name, uuid, TRUE, found_cb, addition,
                        (GDestroyNotify) addition_free);
}

static void
remove_person (BurbleCgConnection *self, const char *id)
{
  g_autoptr(BurbleRosterItem) item = burble_roster_item_new (id);

  item->removed = TRUE;
  g_hash_table_remove (self->people, id);
  emit_item (self, item, NULL);
}

/* One at a time is all that a session asks for. */
static void
change_async (BurbleRosterChannel *channel,
              GPtrArray           *items,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  BurbleCgConnection *self = BURBLE_CG_CONNECTION (channel);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  const BurbleRosterItem *wish = items->len == 1 ? g_ptr_array_index (items, 0) : NULL;
  BurbleRosterItem *item = NULL;

  g_task_set_source_tag (task, change_async);
  if (wish == NULL || wish->room)
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                       BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
                                       "One person at a time can be followed");
      return;
    }
  item = g_hash_table_lookup (self->people, wish->id);
  if (wish->removed)
    remove_person (self, wish->id);
  else if (item == NULL)
    {
      add_person (self, wish, task);
      return;
    }
  else if (wish->has_alias)
    {
      g_set_str (&item->alias, wish->alias);
      emit_item (self, item, NULL);
    }
  g_task_return_boolean (task, TRUE);
}

static gboolean
change_finish (BurbleRosterChannel *channel, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, channel), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
burble_cg_roster_iface_init (BurbleRosterChannelInterface *iface)
{
  iface->set_etag = set_etag;
  iface->set_people = set_people;
  iface->change_async = change_async;
  iface->change_finish = change_finish;
}
