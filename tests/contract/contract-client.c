/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "contract.h"

#include <string.h>

static void
set_presence (ContractClient *self, const BurblePresenceEvent *event)
{
  char *key = g_strdup_printf ("%s/%s", event->id,
                               event->terminal != NULL ? event->terminal : "");

  if (event->status == BURBLE_PEER_OFFLINE)
    {
      g_hash_table_remove (self->presences, key);
      g_free (key);
    }
  else
    {
      g_hash_table_insert (self->presences, key,
                           g_strdup_printf ("%d %s", event->status,
                                            event->mood != NULL ? event->mood : "-"));
    }
}

static void
take_items (ContractClient *self, const char *etag, GPtrArray *items)
{
  g_set_str (&self->etag, etag);
  for (guint i = 0; i < items->len; i++)
    {
      const BurbleRosterItem *item = g_ptr_array_index (items, i);

      if (item->removed)
        g_hash_table_remove (self->roster, item->id);
      else
        g_hash_table_insert (self->roster, g_strdup (item->id), burble_roster_item_copy (item));
      for (guint j = 0; j < item->presences->len; j++)
        set_presence (self, g_ptr_array_index (item->presences, j));
    }
}

static void
roster_kept_cb (ContractClient *self)
{
  self->kept++;
}

static void
roster_reset_cb (ContractClient *self, const char *etag, GPtrArray *items)
{
  self->resets++;
  g_hash_table_remove_all (self->roster);
  take_items (self, etag, items);
}

static void
roster_changed_cb (ContractClient *self, const char *etag, GPtrArray *items)
{
  take_items (self, etag, items);
}

static void
presence_changed_cb (ContractClient *self, GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    {
      const BurblePresenceEvent *event = g_ptr_array_index (events, i);

      /* Own terminals are nobody's contact. */
      g_assert_cmpstr (event->id, !=, self->id);
      set_presence (self, event);
    }
}

static void
messages_received_cb (ContractClient *self, GPtrArray *messages)
{
  for (guint i = 0; i < messages->len; i++)
    g_ptr_array_add (self->messages, burble_message_event_copy (g_ptr_array_index (messages, i)));
  if (!self->silent)
    burble_message_channel_acknowledge (BURBLE_MESSAGE_CHANNEL (self->connection), messages);
}

static void
typing_changed_cb (ContractClient *self, const char *peer, const char *sender, gboolean typing)
{
  g_string_append_printf (self->typing, "%s %s %d\n", peer, sender, typing);
}

static void
receipt_received_cb (ContractClient *self, BurbleReceiptEvent *receipt)
{
  g_autofree char *ids = g_strjoinv (",", receipt->messages);

  g_string_append_printf (self->receipts, "%s %d %d %s\n", receipt->peer, receipt->own,
                          receipt->state, ids);
}

static void
state_cb (ContractClient *self)
{
  /* With the link go the presences that came over it. */
  if (burble_connection_get_state (self->connection) != BURBLE_CONNECTION_ONLINE)
    g_hash_table_remove_all (self->presences);
}

static void
listen (ContractClient *self)
{
  /* Not every network has every channel. */
#define on(signal, callback) \
  if (strchr (signal, ':') != NULL \
      || g_signal_lookup (signal, G_OBJECT_TYPE (self->connection)) != 0) \
    g_signal_connect_swapped (self->connection, signal, G_CALLBACK (callback), self)
  on ("roster-kept", roster_kept_cb);
  on ("roster-reset", roster_reset_cb);
  on ("roster-changed", roster_changed_cb);
  on ("presence-changed", presence_changed_cb);
  on ("messages-received", messages_received_cb);
  on ("typing-changed", typing_changed_cb);
  on ("receipt-received", receipt_received_cb);
  on ("notify::state", state_cb);
}

ContractClient *
contract_client_new (ContractNet *net, const char *username, const char *terminal)
{
  ContractClient *self = g_new0 (ContractClient, 1);

  self->net = net;
  self->username = g_strdup (username);
  if (contract_backend.id_of != NULL)
    self->id = contract_backend.id_of (net, username);
  if (self->id == NULL)
    self->id = g_strdup_printf ("%s@" CONTRACT_DOMAIN, username);
  self->roster = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) burble_roster_item_free);
  self->presences = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
  self->typing = g_string_new (NULL);
  self->receipts = g_string_new (NULL);
  self->connection = contract_backend.make_connection (net, username, terminal);
  listen (self);
  return self;
}

static void
drop_connection (ContractClient *self)
{
  burble_connection_disconnect (self->connection);
  contract_wait_state (self, BURBLE_CONNECTION_OFFLINE);
  burble_test_settle ();
  g_signal_handlers_disconnect_by_data (self->connection, self);
  g_assert_finalize_object (self->connection);
}

void
contract_client_free (ContractClient *self)
{
  drop_connection (self);
  g_free (self->username);
  g_free (self->id);
  g_free (self->etag);
  g_hash_table_unref (self->roster);
  g_hash_table_unref (self->presences);
  g_ptr_array_unref (self->messages);
  g_string_free (self->typing, TRUE);
  g_string_free (self->receipts, TRUE);
  g_free (self);
}

void
contract_client_go_online (ContractClient *self)
{
  guint before = self->kept + self->resets;

  burble_connection_connect (self->connection);
  contract_wait_state (self, BURBLE_CONNECTION_ONLINE);
  burble_test_wait_until (self->kept + self->resets > before);
}

void
contract_client_go_offline (ContractClient *self)
{
  burble_connection_disconnect (self->connection);
  contract_wait_state (self, BURBLE_CONNECTION_OFFLINE);
}

ContractClient *
contract_client_new_online (ContractNet *net, const char *username, const char *terminal)
{
  ContractClient *self = NULL;

  contract_backend.add_user (net, username);
  self = contract_client_new (net, username, terminal);
  contract_client_go_online (self);
  return self;
}

void
contract_client_restart (ContractClient *self, const char *terminal)
{
  g_autoptr(GPtrArray) rooms = g_ptr_array_new ();
  g_autoptr(GPtrArray) people = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer id = NULL;
  gpointer item = NULL;

  drop_connection (self);
  self->connection = contract_backend.make_connection (self->net, self->username, terminal);
  listen (self);
  g_hash_table_iter_init (&iter, self->roster);
  while (g_hash_table_iter_next (&iter, &id, &item))
    if (((BurbleRosterItem *) item)->room)
      g_ptr_array_add (rooms, id);
    else
      g_ptr_array_add (people, item);
  g_ptr_array_add (rooms, NULL);
  burble_roster_channel_set_etag (BURBLE_ROSTER_CHANNEL (self->connection), self->etag);
  burble_roster_channel_set_rooms (BURBLE_ROSTER_CHANNEL (self->connection),
                                   (const char * const *) rooms->pdata);
  burble_roster_channel_set_people (BURBLE_ROSTER_CHANNEL (self->connection), people);
}

/* id → text, of all that was sent in this program. */
static GHashTable *
get_texts (void)
{
  static GHashTable *texts;

  if (texts == NULL)
    texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return texts;
}

gboolean
contract_is (const BurbleMessageEvent *event, const char *message_id)
{
  if (strcmp (event->id, message_id) == 0)
    return TRUE;
  return contract_backend.numbers
         && g_strcmp0 (event->text, g_hash_table_lookup (get_texts (), message_id)) == 0;
}

guint
contract_client_count (ContractClient *self, const char *message_id)
{
  guint count = 0;

  for (guint i = 0; i < self->messages->len; i++)
    if (contract_is (self->messages->pdata[i], message_id))
      count++;
  return count;
}

const BurbleRosterItem *
contract_client_entry (ContractClient *self, const char *id)
{
  return g_hash_table_lookup (self->roster, id);
}

const char *
contract_client_sees (ContractClient *self, const char *id)
{
  g_autofree char *prefix = g_strconcat (id, "/", NULL);
  GHashTableIter iter;
  gpointer key = NULL;
  gpointer value = NULL;

  g_hash_table_iter_init (&iter, self->presences);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (g_str_has_prefix (key, prefix))
      return value;
  return "";
}

typedef struct
{
  gboolean done;
  GError *error;
} Outcome;

static void
sent_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  burble_message_channel_send_finish (BURBLE_MESSAGE_CHANNEL (object), result, NULL,
                                      &outcome->error);
  outcome->done = TRUE;
}

GError *
contract_client_send (ContractClient *self,
                      const char     *message_id,
                      const char     *to,
                      const char     *text)
{
  g_autoptr(BurbleMessageEvent) message = burble_message_event_new (message_id);
  Outcome outcome = { 0 };

  g_hash_table_insert (get_texts (), g_strdup (message_id), g_strdup (text));
  message->peer = g_strdup (to);
  message->text = g_strdup (text);
  message->time = g_get_real_time ();
  burble_message_channel_send_async (BURBLE_MESSAGE_CHANNEL (self->connection), message, NULL,
                                     sent_cb, &outcome);
  burble_test_wait_until (outcome.done);
  return outcome.error;
}

void
contract_client_set_status (ContractClient *self, BurblePeerStatus status)
{
  if (contract_backend.set_status != NULL)
    contract_backend.set_status (self->net, self->username, status);
  else
    burble_presence_channel_publish (BURBLE_PRESENCE_CHANNEL (self->connection), status, NULL);
}

typedef struct
{
  gboolean done;
  BurblePersonInfo *person;
  GError **error;
} Found;

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Found *found = user_data;

  found->person = burble_directory_channel_lookup_finish (BURBLE_DIRECTORY_CHANNEL (object),
                                                          result, found->error);
  found->done = TRUE;
}

BurblePersonInfo *
contract_client_look_up (ContractClient  *self,
                         const char      *username,
                         const char      *uuid,
                         GError         **error)
{
  Found found = { .error = error };

  burble_directory_channel_lookup_async (BURBLE_DIRECTORY_CHANNEL (self->connection), username,
                                         uuid, NULL, found_cb, &found);
  burble_test_wait_until (found.done);
  return found.person;
}

static void
changed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  burble_roster_channel_change_finish (BURBLE_ROSTER_CHANNEL (object), result, &outcome->error);
  outcome->done = TRUE;
}

GError *
contract_client_change (ContractClient *self, BurbleRosterItem *item)
{
  g_autoptr(GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);
  Outcome outcome = { 0 };

  g_ptr_array_add (items, item);
  burble_roster_channel_change_async (BURBLE_ROSTER_CHANNEL (self->connection), items, NULL,
                                      changed_cb, &outcome);
  burble_test_wait_until (outcome.done);
  return outcome.error;
}

static gboolean
stands (ContractClient *self, const char *id, BurbleRosterSubscription subscription)
{
  const BurbleRosterItem *entry = contract_client_entry (self, id);

  return entry != NULL && entry->subscription == subscription && !entry->asks;
}

/* Everybody sees everybody there, once they talked. */
static void
get_talking (ContractClient *a, ContractClient *b)
{
  burble_test_wait_until (contract_client_entry (a, b->id) != NULL
                          && contract_client_entry (b, a->id) != NULL);
  contract_catch_up (a, b);
  contract_catch_up (b, a);
  g_ptr_array_set_size (a->messages, 0);
  g_ptr_array_set_size (b->messages, 0);
  burble_test_wait_until (*contract_client_sees (a, b->id) != '\0'
                          && *contract_client_sees (b, a->id) != '\0');
}

BurbleRosterSubscription
contract_friends (void)
{
  return contract_has (BURBLE_CAPABILITY_ROSTER_EDIT)
         && !contract_has (BURBLE_CAPABILITY_REQUESTS) ? BURBLE_ROSTER_TO : BURBLE_ROSTER_BOTH;
}

/* Nobody is asked, and so each has to want it. */
static void
follow (ContractClient *self, ContractClient *other)
{
  g_assert_no_error (contract_client_change (self, burble_roster_item_new (other->id)));
  burble_test_wait_until (stands (self, other->id, contract_friends ()));
}

void
contract_befriend (ContractClient *a, ContractClient *b)
{
  if (!contract_has (BURBLE_CAPABILITY_ROSTER_EDIT))
    {
      get_talking (a, b);
      return;
    }
  if (!contract_has (BURBLE_CAPABILITY_REQUESTS))
    {
      follow (a, b);
      follow (b, a);
      return;
    }
  g_assert_no_error (contract_client_change (a, burble_roster_item_new (b->id)));
  burble_test_wait_until (contract_client_entry (b, a->id) != NULL);
  g_assert_no_error (contract_client_change (b, burble_roster_item_new (a->id)));
  burble_test_wait_until (stands (a, b->id, BURBLE_ROSTER_BOTH)
                          && stands (b, a->id, BURBLE_ROSTER_BOTH));
}

void
contract_catch_up (ContractClient *from, ContractClient *to)
{
  g_autofree char *id = g_uuid_string_random ();

  /* A server answers after what it had to say before. */
  if (!contract_has (BURBLE_CAPABILITY_MESSAGES))
    {
      g_autoptr(BurblePersonInfo) person = contract_client_look_up (to, from->username, NULL, NULL);

      g_assert_true (person->exists);
      return;
    }
  g_assert_no_error (contract_client_send (from, id, to->id, contract_backend.numbers ? id : "Did all of it arrive?"));
  burble_test_wait_until (contract_client_count (to, id) > 0);
}
