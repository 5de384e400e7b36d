/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-account-scope"

#include "config.h"

#include "burble-account-scope.h"

#include "burble-message-state.h"

struct _BurbleAccountScope
{
  GObject parent_instance;

  BurbleAccount *account;
  BurbleStore *store;
  BurbleConnection *connection;
  BurbleObjectList *contact_list;
  BurbleObjectList *conversation_list;
  BurbleNotificationPolicy *policy;
  BurbleSessionOptions *options;

  GHashTable *contacts;      /* id -> BurbleContact */
  GHashTable *conversations; /* peer id -> BurbleConversation */
  GPtrArray *windows;        /* (element-type GWeakRef) */
  gint64 online_since;       /* monotonic µs */
  gboolean closed;
};

G_DEFINE_FINAL_TYPE (BurbleAccountScope, burble_account_scope, G_TYPE_OBJECT)

typedef enum
{
  SIGNAL_STORE_FAILED,
  SIGNAL_MESSAGE_ARRIVED,
  SIGNAL_MESSAGE_SENT,
} BurbleAccountScopeSignal;

static guint signals[SIGNAL_MESSAGE_SENT + 1];

static void
window_ref_free (gpointer data)
{
  GWeakRef *ref = data;

  g_weak_ref_clear (ref);
  g_free (ref);
}

static void
burble_account_scope_dispose (GObject *object)
{
  BurbleAccountScope *self = BURBLE_ACCOUNT_SCOPE (object);

  g_hash_table_remove_all (self->contacts);
  g_hash_table_remove_all (self->conversations);
  g_ptr_array_set_size (self->windows, 0);
  g_clear_object (&self->account);
  g_clear_object (&self->store);
  g_clear_object (&self->connection);
  g_clear_object (&self->contact_list);
  g_clear_object (&self->conversation_list);
  g_clear_object (&self->policy);

  G_OBJECT_CLASS (burble_account_scope_parent_class)->dispose (object);
}

static void
burble_account_scope_finalize (GObject *object)
{
  BurbleAccountScope *self = BURBLE_ACCOUNT_SCOPE (object);

  g_hash_table_unref (self->contacts);
  g_hash_table_unref (self->conversations);
  g_ptr_array_unref (self->windows);
  g_rc_box_release (self->options);

  G_OBJECT_CLASS (burble_account_scope_parent_class)->finalize (object);
}

static void
burble_account_scope_class_init (BurbleAccountScopeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_account_scope_dispose;
  object_class->finalize = burble_account_scope_finalize;

  signals[SIGNAL_STORE_FAILED] =
    g_signal_new ("store-failed", BURBLE_TYPE_ACCOUNT_SCOPE, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_MESSAGE_ARRIVED] =
    g_signal_new ("message-arrived", BURBLE_TYPE_ACCOUNT_SCOPE, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2,
                  BURBLE_TYPE_CONVERSATION, BURBLE_TYPE_MESSAGE);
  signals[SIGNAL_MESSAGE_SENT] =
    g_signal_new ("message-sent", BURBLE_TYPE_ACCOUNT_SCOPE, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
burble_account_scope_init (BurbleAccountScope *self)
{
  /* The ids belong to the objects. */
  self->contacts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->conversations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->windows = g_ptr_array_new_with_free_func (window_ref_free);
}

BurbleAccountScope *
burble_account_scope_new (BurbleAccount            *account,
                          BurbleStore              *store,
                          BurbleConnection         *connection,
                          BurbleObjectList         *contacts,
                          BurbleObjectList         *conversations,
                          BurbleNotificationPolicy *policy,
                          BurbleSessionOptions     *options)
{
  BurbleAccountScope *self = g_object_new (BURBLE_TYPE_ACCOUNT_SCOPE, NULL);

  self->account = g_object_ref (account);
  self->store = g_object_ref (store);
  g_set_object (&self->connection, connection);
  self->contact_list = g_object_ref (contacts);
  self->conversation_list = g_object_ref (conversations);
  self->policy = g_object_ref (policy);
  self->options = g_rc_box_acquire (options);
  return self;
}

BurbleAccount *
burble_account_scope_get_account (BurbleAccountScope *self)
{
  return self->account;
}

BurbleStore *
burble_account_scope_get_store (BurbleAccountScope *self)
{
  return self->store;
}

BurbleConnection *
burble_account_scope_get_connection (BurbleAccountScope *self)
{
  return self->connection;
}

BurbleNotificationPolicy *
burble_account_scope_get_policy (BurbleAccountScope *self)
{
  return self->policy;
}

const BurbleSessionOptions *
burble_account_scope_get_options (BurbleAccountScope *self)
{
  return self->options;
}

gboolean
burble_account_scope_can (BurbleAccountScope *self, BurbleCapabilities capabilities)
{
  return !self->closed && self->connection != NULL
         && burble_connection_get_state (self->connection) == BURBLE_CONNECTION_ONLINE
         && burble_connection_has (self->connection, capabilities);
}

gboolean
burble_account_scope_may_show (BurbleAccountScope *self)
{
  BurbleStatus status = burble_account_get_status (self->account);

  return status != BURBLE_STATUS_INVISIBLE && status != BURBLE_STATUS_OFFLINE;
}

void
burble_account_scope_went_online (BurbleAccountScope *self)
{
  self->online_since = g_get_monotonic_time ();
}

gboolean
burble_account_scope_is_settled (BurbleAccountScope *self)
{
  gint64 settle = self->options->settle_time * (gint64) G_TIME_SPAN_MILLISECOND;

  return self->online_since != 0 && g_get_monotonic_time () - self->online_since >= settle;
}

static gboolean
let_go_cb (gpointer connection)
{
  return G_SOURCE_REMOVE;
}

void
burble_account_scope_close (BurbleAccountScope *self)
{
  if (self->closed)
    return;
  self->closed = TRUE;
  /* This may be the end of what began with a signal of the connection: it goes on with that
   * first. */
  if (self->connection != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT, let_go_cb, g_object_ref (self->connection),
                     g_object_unref);
}

gboolean
burble_account_scope_is_closed (BurbleAccountScope *self)
{
  return self->closed;
}

void
burble_account_scope_store_failed (BurbleAccountScope *self, const GError *error)
{
  if (error == NULL || self->closed || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_warning ("The store refused: %s", error->message);
  g_signal_emit (self, signals[SIGNAL_STORE_FAILED], 0, error);
}

void
burble_account_scope_message_arrived (BurbleAccountScope *self,
                                      BurbleConversation *conversation,
                                      BurbleMessage      *message)
{
  g_signal_emit (self, signals[SIGNAL_MESSAGE_ARRIVED], 0, conversation, message);
}

void
burble_account_scope_message_sent (BurbleAccountScope *self, const char *peer, const char *id)
{
  g_signal_emit (self, signals[SIGNAL_MESSAGE_SENT], 0, peer, id);
}

void
burble_account_scope_done_cb (GObject *store, GAsyncResult *result, gpointer scope)
{
  g_autoptr(BurbleAccountScope) self = scope;
  g_autoptr(GError) error = NULL;

  if (!burble_store_done_finish (BURBLE_STORE (store), result, &error))
    burble_account_scope_store_failed (self, error);
}

BurbleContact *
burble_account_scope_find_contact (BurbleAccountScope *self, const char *id)
{
  return g_hash_table_lookup (self->contacts, id);
}

BurbleContact *
burble_account_scope_ensure_contact (BurbleAccountScope *self, const char *id)
{
  BurbleContact *contact = g_hash_table_lookup (self->contacts, id);

  if (contact == NULL)
    {
      g_autoptr(BurbleContact) made = burble_contact_new (self->account, id);

      contact = made;
      g_hash_table_insert (self->contacts, (gpointer) burble_contact_get_id (made),
                           g_object_ref (made));
      burble_object_list_add (self->contact_list, made);
    }
  return contact;
}

void
burble_account_scope_add_contacts (BurbleAccountScope *self, GPtrArray *contacts)
{
  g_autoptr(GPtrArray) fresh = g_ptr_array_new ();

  for (guint i = 0; i < contacts->len; i++)
    {
      BurbleContact *contact = g_ptr_array_index (contacts, i);
      const char *id = burble_contact_get_id (contact);

      if (g_hash_table_contains (self->contacts, id))
        continue;
      g_hash_table_insert (self->contacts, (gpointer) id, g_object_ref (contact));
      g_ptr_array_add (fresh, contact);
    }
  burble_object_list_add_many (self->contact_list, fresh);
}

void
burble_account_scope_sweep_contacts (BurbleAccountScope *self, GPtrArray *contacts)
{
  g_autoptr(GHashTable) gone = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);

  for (guint i = 0; i < contacts->len; i++)
    {
      BurbleContact *contact = g_ptr_array_index (contacts, i);
      const char *id = burble_contact_get_id (contact);

      if (burble_contact_get_in_roster (contact) || burble_contact_get_asks (contact)
          || g_hash_table_contains (self->conversations, id)
          || g_hash_table_lookup (self->contacts, id) != contact)
        continue;
      g_hash_table_add (gone, g_object_ref (contact));
      burble_notification_policy_forget (self->policy, contact);
      g_hash_table_remove (self->contacts, id);
    }
  burble_object_list_remove_many (self->contact_list, gone);
}

GHashTable *
burble_account_scope_get_contacts (BurbleAccountScope *self)
{
  return self->contacts;
}

BurbleConversation *
burble_account_scope_find_conversation (BurbleAccountScope *self, const char *peer)
{
  return g_hash_table_lookup (self->conversations, peer);
}

BurbleConversation *
burble_account_scope_ensure_conversation (BurbleAccountScope *self, const char *peer)
{
  BurbleConversation *conversation = g_hash_table_lookup (self->conversations, peer);

  if (conversation == NULL)
    {
      g_autoptr(BurbleConversation) made = NULL;

      made = burble_conversation_new (burble_account_scope_ensure_contact (self, peer));
      conversation = made;
      g_hash_table_insert (self->conversations, g_strdup (peer), g_object_ref (made));
      burble_store_save_conversation_async (self->store, made, NULL, burble_account_scope_done_cb,
                                            g_object_ref (self));
      burble_object_list_add (self->conversation_list, made);
    }
  return conversation;
}

/* From the store: their contacts are stand-ins until now. */
void
burble_account_scope_add_conversations (BurbleAccountScope *self, GPtrArray *conversations)
{
  g_autoptr(GPtrArray) strangers = g_ptr_array_new ();
  g_autoptr(GPtrArray) fresh = g_ptr_array_new ();

  for (guint i = 0; i < conversations->len; i++)
    {
      BurbleConversation *conversation = g_ptr_array_index (conversations, i);
      BurbleContact *stand_in = burble_conversation_get_contact (conversation);
      const char *id = burble_contact_get_id (stand_in);
      BurbleContact *contact = g_hash_table_lookup (self->contacts, id);

      if (g_hash_table_contains (self->conversations, id))
        continue;
      g_hash_table_insert (self->conversations, g_strdup (id), g_object_ref (conversation));
      if (contact != NULL)
        burble_conversation_set_contact (conversation, contact);
      else
        g_ptr_array_add (strangers, stand_in);
      g_ptr_array_add (fresh, conversation);
    }
  burble_account_scope_add_contacts (self, strangers);
  burble_object_list_add_many (self->conversation_list, fresh);
}

void
burble_account_scope_remove_conversation (BurbleAccountScope *self,
                                          BurbleConversation *conversation)
{
  g_autoptr(BurbleConversation) alive = g_object_ref (conversation);
  BurbleContact *contact = burble_conversation_get_contact (conversation);
  g_autoptr(GPtrArray) maybe = g_ptr_array_new ();

  if (g_hash_table_lookup (self->conversations, burble_contact_get_id (contact)) != conversation)
    return;
  burble_notification_policy_read (self->policy, conversation);
  g_hash_table_remove (self->conversations, burble_contact_get_id (contact));
  burble_object_list_remove (self->conversation_list, conversation);
  g_ptr_array_add (maybe, contact);
  burble_account_scope_sweep_contacts (self, maybe);
}

void
burble_account_scope_touch_conversation (BurbleConversation *conversation, BurbleMessage *message)
{
  BurbleMessage *last = burble_conversation_get_last_message (conversation);
  gint64 time = burble_message_get_time (message);

  if (last == NULL || time > burble_message_get_time (last)
      || (time == burble_message_get_time (last)
          && burble_message_get_row (message) >= burble_message_get_row (last)))
    burble_conversation_set_last_message (conversation, message);
}

void
burble_account_scope_clear (BurbleAccountScope *self)
{
  g_autoptr(GHashTable) contacts = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  g_autoptr(GHashTable) conversations = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  GHashTableIter iter;
  gpointer object = NULL;

  g_hash_table_iter_init (&iter, self->conversations);
  while (g_hash_table_iter_next (&iter, NULL, &object))
    g_hash_table_add (conversations, g_object_ref (object));
  g_hash_table_iter_init (&iter, self->contacts);
  while (g_hash_table_iter_next (&iter, NULL, &object))
    g_hash_table_add (contacts, g_object_ref (object));
  g_hash_table_remove_all (self->conversations);
  g_hash_table_remove_all (self->contacts);
  burble_object_list_remove_many (self->conversation_list, conversations);
  burble_object_list_remove_many (self->contact_list, contacts);
  g_hash_table_iter_init (&iter, contacts);
  while (g_hash_table_iter_next (&iter, &object, NULL))
    burble_notification_policy_forget (self->policy, object);
}

void
burble_account_scope_register_window (BurbleAccountScope *self, BurbleMessageWindow *window)
{
  GWeakRef *ref = g_new0 (GWeakRef, 1);

  g_weak_ref_init (ref, window);
  g_ptr_array_add (self->windows, ref);
}

/* The open windows onto a chat; those long closed are forgotten on the way. */
static GPtrArray *
find_windows (BurbleAccountScope *self, BurbleConversation *conversation)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = self->windows->len; i > 0; i--)
    {
      GWeakRef *ref = g_ptr_array_index (self->windows, i - 1);
      g_autoptr(BurbleMessageWindow) window = g_weak_ref_get (ref);

      if (window == NULL)
        g_ptr_array_remove_index_fast (self->windows, i - 1);
      else if (burble_message_window_get_conversation (window) == conversation)
        g_ptr_array_add (found, g_steal_pointer (&window));
    }
  return found;
}

void
burble_account_scope_show_messages (BurbleAccountScope *self,
                                    BurbleConversation *conversation,
                                    GPtrArray          *messages)
{
  g_autoptr(GPtrArray) windows = find_windows (self, conversation);

  for (guint i = 0; i < windows->len; i++)
    burble_message_window_add_many (g_ptr_array_index (windows, i), messages);
}

void
burble_account_scope_show_states (BurbleAccountScope *self,
                                  const char         *peer,
                                  const char * const *ids,
                                  BurbleMessageState  state,
                                  const char         *error)
{
  BurbleConversation *conversation = g_hash_table_lookup (self->conversations, peer);
  BurbleMessage *last = NULL;
  g_autoptr(GPtrArray) windows = NULL;

  if (conversation == NULL)
    return;
  /* The row of the chat list may hold another object for the same message than the window does. */
  last = burble_conversation_get_last_message (conversation);
  if (last != NULL && burble_message_is_outgoing (last)
      && g_strv_contains (ids, burble_message_get_id (last))
      && burble_message_state_may_become (burble_message_get_state (last), state))
    {
      burble_message_set_error (last, error);
      burble_message_set_state (last, state);
    }
  windows = find_windows (self, conversation);
  for (guint i = 0; i < windows->len; i++)
    burble_message_window_update_states (g_ptr_array_index (windows, i), ids, state, error);
}

void
burble_account_scope_hide_message (BurbleAccountScope *self,
                                   BurbleConversation *conversation,
                                   gint64              row)
{
  g_autoptr(GPtrArray) windows = find_windows (self, conversation);

  for (guint i = 0; i < windows->len; i++)
    burble_message_window_remove (g_ptr_array_index (windows, i), row);
}

void
burble_account_scope_show_read (BurbleAccountScope *self,
                                BurbleConversation *conversation,
                                gint64              time,
                                gint64              row)
{
  g_autoptr(GPtrArray) windows = find_windows (self, conversation);

  for (guint i = 0; i < windows->len; i++)
    burble_message_window_mark_read (g_ptr_array_index (windows, i), time, row);
}
