/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-dummy-connection"

#include "config.h"

#include "burble-dummy-connection.h"

#include <string.h>

#include "burble-dummy-network-private.h"

#define SIGN_IN_MS 250
#define ANSWER_MS 40

#define ALL_CAPABILITIES \
  (BURBLE_CAPABILITY_ROSTER | BURBLE_CAPABILITY_ROSTER_EDIT | BURBLE_CAPABILITY_PRESENCE \
   | BURBLE_CAPABILITY_MOOD | BURBLE_CAPABILITY_MESSAGES | BURBLE_CAPABILITY_TYPING \
   | BURBLE_CAPABILITY_RECEIPTS | BURBLE_CAPABILITY_HISTORY | BURBLE_CAPABILITY_DIRECTORY \
   | BURBLE_CAPABILITY_CARBONS | BURBLE_CAPABILITY_ROOMS | BURBLE_CAPABILITY_REGISTER \
   | BURBLE_CAPABILITY_PEOPLE | BURBLE_CAPABILITY_REQUESTS)

/*
 * The face of the dummy network towards the session: what takes a round trip elsewhere takes a
 * short delay here, and what is under way when the link drops fails as it would elsewhere.
 */

struct _BurbleDummyConnection
{
  BurbleConnection parent_instance;
  BurbleDummyNetwork *network;
  BurbleDummyTerminal *terminal; /* NULL while not signed in */
  gboolean canned;
  guint sign_in_source;
  GHashTable *answers; /* set of Answer: under way */
  char *etag;
  BurblePeerStatus status;
  char *mood;
  gboolean unreachable;
  gboolean lose_answer;
  char *refusal;
  BurbleProtocolError refusal_code;
};

/* A finished request whose answer is on its way back. */
typedef struct
{
  BurbleDummyConnection *connection; /* unowned: it owns this */
  GTask *task;
  gpointer result;
  GDestroyNotify result_free;
  GError *error;
  guint source;
} Answer;

static void roster_channel_iface_init (BurbleRosterChannelInterface *iface);
static void presence_channel_iface_init (BurblePresenceChannelInterface *iface);
static void message_channel_iface_init (BurbleMessageChannelInterface *iface);
static void typing_channel_iface_init (BurbleTypingChannelInterface *iface);
static void receipt_channel_iface_init (BurbleReceiptChannelInterface *iface);
static void history_channel_iface_init (BurbleHistoryChannelInterface *iface);
static void directory_channel_iface_init (BurbleDirectoryChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BurbleDummyConnection, burble_dummy_connection,
  BURBLE_TYPE_CONNECTION,
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_ROSTER_CHANNEL, roster_channel_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_PRESENCE_CHANNEL, presence_channel_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_MESSAGE_CHANNEL, message_channel_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_TYPING_CHANNEL, typing_channel_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_RECEIPT_CHANNEL, receipt_channel_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_HISTORY_CHANNEL, history_channel_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_DIRECTORY_CHANNEL, directory_channel_iface_init))

typedef enum
{
  PROP_CANNED = 1,
} BurbleDummyConnectionProperty;

static GParamSpec *properties[PROP_CANNED + 1];

static void
answer_free (Answer *answer)
{
  g_clear_handle_id (&answer->source, g_source_remove);
  if (answer->result != NULL && answer->result_free != NULL)
    answer->result_free (answer->result);
  g_clear_error (&answer->error);
  g_clear_object (&answer->task);
  g_free (answer);
}

static void
answer_cb (gpointer user_data)
{
  Answer *answer = user_data;
  BurbleDummyConnection *self = answer->connection;

  /* What was said before is heard before. */
  if (self->terminal != NULL && !burble_dummy_terminal_is_quiet (self->terminal))
    {
      answer->source = g_timeout_add_once (0, answer_cb, answer);
      return;
    }
  answer->source = 0;
  g_hash_table_steal (self->answers, answer);
  if (answer->error != NULL)
    g_task_return_error (answer->task, g_steal_pointer (&answer->error));
  else if (answer->result_free != NULL)
    g_task_return_pointer (answer->task, g_steal_pointer (&answer->result), answer->result_free);
  else
    g_task_return_boolean (answer->task, TRUE);
  answer_free (answer);
}

/* result_free NULL: the answer is just TRUE. */
static void
answer_later (BurbleDummyConnection *self,
              GTask                 *task,
              gpointer               result,
              GDestroyNotify         result_free,
              GError                *error)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->connection = self;
  answer->task = g_object_ref (task);
  answer->result = result;
  answer->result_free = result_free;
  answer->error = error;
  answer->source = g_timeout_add_once (burble_dummy_network_delay (self->network, ANSWER_MS),
                                       answer_cb, answer);
  g_hash_table_add (self->answers, answer);
}

/* Nothing of the link is left. Returns what was under way. */
static GHashTable *
drop (BurbleDummyConnection *self)
{
  GHashTable *answers = g_steal_pointer (&self->answers);

  self->answers = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) answer_free, NULL);
  g_clear_handle_id (&self->sign_in_source, g_source_remove);
  if (self->terminal != NULL)
    burble_dummy_network_detach (self->network, g_steal_pointer (&self->terminal));
  return answers;
}

/* Call it when the state has changed: who asks again at once must see that it is of no use. */
static void
fail_answers (GHashTable *answers)
{
  GHashTableIter iter;
  gpointer value = NULL;

  g_hash_table_iter_init (&iter, answers);
  while (g_hash_table_iter_next (&iter, &value, NULL))
    g_task_return_new_error (((Answer *) value)->task, BURBLE_PROTOCOL_ERROR,
                             BURBLE_PROTOCOL_ERROR_NOT_CONNECTED, "The link went down");
}

static void
lose (BurbleDummyConnection *self, BurbleProtocolError code, const char *reason)
{
  g_autoptr(GError) error = g_error_new_literal (BURBLE_PROTOCOL_ERROR, code, reason);
  g_autoptr(GHashTable) answers = drop (self);

  burble_connection_lost (BURBLE_CONNECTION (self), error);
  fail_answers (answers);
}

static gboolean
return_if_offline (BurbleDummyConnection *self, GTask *task)
{
  if (self->terminal != NULL)
    return FALSE;
  g_task_return_new_error (task, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                           "Not connected");
  return TRUE;
}

/* Signing in. */

static gboolean
sign_in (BurbleDummyConnection *self, const char *id)
{
  BurbleConnection *connection = BURBLE_CONNECTION (self);
  const BurbleConnectionSettings *settings = burble_connection_get_settings (connection);
  const char *password = burble_connection_get_password (connection);
  BurbleDummyAccount *account = burble_dummy_network_find (self->network, id);

  if (burble_connection_get_register (connection, NULL))
    {
      if (!burble_dummy_network_is_registration_open (self->network))
        lose (self, BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED, "No accounts are created here");
      else if (account != NULL)
        lose (self, BURBLE_PROTOCOL_ERROR_EXISTS, "That name is taken");
      else if (password == NULL || strlen (password) < 4)
        lose (self, BURBLE_PROTOCOL_ERROR_BAD_PASSWORD, "That password is too short");
      else
        burble_dummy_network_add_user (self->network, id, password, NULL, NULL);
      account = burble_dummy_network_find (self->network, id);
      if (burble_connection_get_state (connection) != BURBLE_CONNECTION_CONNECTING)
        return FALSE;
    }
  else if (account == NULL && self->canned)
    {
      burble_dummy_network_add_user (self->network, id, NULL, NULL, NULL);
      account = burble_dummy_network_find (self->network, id);
    }

  if (account == NULL
      || (account->password != NULL && g_strcmp0 (account->password, password) != 0))
    {
      lose (self, BURBLE_PROTOCOL_ERROR_PASSWORD, "Wrong name or password");
      return FALSE;
    }
  if (self->canned)
    burble_dummy_people_populate (self->network, account);
  self->terminal = burble_dummy_network_attach (self->network, account, connection,
                                                settings->terminal);
  return TRUE;
}

static void
sign_in_cb (gpointer user_data)
{
  BurbleDummyConnection *self = user_data;
  BurbleConnection *connection = user_data;
  g_autofree char *id = g_strdup (burble_connection_get_settings (connection)->address);

  self->sign_in_source = 0;
  if (self->unreachable)
    {
      lose (self, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED, "The server cannot be reached");
      return;
    }
  if (!sign_in (self, id))
    return;

  burble_connection_set_capabilities (connection, ALL_CAPABILITIES);
  burble_dummy_network_send_roster (self->network, self->terminal, self->etag);
  burble_dummy_network_publish (self->network, self->terminal, self->status, self->mood);
  burble_dummy_network_send_pending (self->network, self->terminal);
  /* Last: who hears of it may do anything. */
  burble_connection_opened (connection);
}

static void
burble_dummy_connection_open (BurbleConnection *connection)
{
  BurbleDummyConnection *self = BURBLE_DUMMY_CONNECTION (connection);
  const char *address = burble_connection_get_settings (connection)->address;
  const char *at = address != NULL ? strchr (address, '@') : NULL;
  g_autoptr(BurbleDummyNetwork) network = NULL;

  if (at == NULL || at == address || at[1] == '\0' || strpbrk (address, " /") != NULL)
    {
      lose (self, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS, "An address looks like name@domain");
      return;
    }
  network = burble_dummy_network_get (at + 1);
  g_set_object (&self->network, network);
  self->sign_in_source = g_timeout_add_once (burble_dummy_network_delay (network, SIGN_IN_MS),
                                             sign_in_cb, self);
}

static void
burble_dummy_connection_close (BurbleConnection *connection)
{
  g_autoptr(GHashTable) answers = drop (BURBLE_DUMMY_CONNECTION (connection));

  burble_connection_closed (connection);
  fail_answers (answers);
}

static void
burble_dummy_connection_constructed (GObject *object)
{
  BurbleDummyConnection *self = BURBLE_DUMMY_CONNECTION (object);

  G_OBJECT_CLASS (burble_dummy_connection_parent_class)->constructed (object);

  self->answers = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) answer_free, NULL);
  self->status = BURBLE_PEER_AVAILABLE;
}

static void
burble_dummy_connection_dispose (GObject *object)
{
  BurbleDummyConnection *self = BURBLE_DUMMY_CONNECTION (object);

  /* A task holds its connection, so nothing is under way here. */
  g_clear_handle_id (&self->sign_in_source, g_source_remove);
  if (self->terminal != NULL)
    burble_dummy_network_detach (self->network, g_steal_pointer (&self->terminal));
  g_clear_object (&self->network);

  G_OBJECT_CLASS (burble_dummy_connection_parent_class)->dispose (object);
}

static void
burble_dummy_connection_finalize (GObject *object)
{
  BurbleDummyConnection *self = BURBLE_DUMMY_CONNECTION (object);

  g_hash_table_unref (self->answers);
  g_free (self->etag);
  g_free (self->mood);
  g_free (self->refusal);

  G_OBJECT_CLASS (burble_dummy_connection_parent_class)->finalize (object);
}

static void
burble_dummy_connection_get_property (GObject    *object,
                                      guint       prop_id,
                                      GValue     *value,
                                      GParamSpec *pspec)
{
  BurbleDummyConnection *self = BURBLE_DUMMY_CONNECTION (object);

  switch ((BurbleDummyConnectionProperty) prop_id)
    {
    case PROP_CANNED:
      g_value_set_boolean (value, self->canned);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_dummy_connection_set_property (GObject      *object,
                                      guint         prop_id,
                                      const GValue *value,
                                      GParamSpec   *pspec)
{
  BurbleDummyConnection *self = BURBLE_DUMMY_CONNECTION (object);

  switch ((BurbleDummyConnectionProperty) prop_id)
    {
    case PROP_CANNED:
      self->canned = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_dummy_connection_class_init (BurbleDummyConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  BurbleConnectionClass *connection_class = BURBLE_CONNECTION_CLASS (klass);

  object_class->constructed = burble_dummy_connection_constructed;
  object_class->dispose = burble_dummy_connection_dispose;
  object_class->finalize = burble_dummy_connection_finalize;
  object_class->get_property = burble_dummy_connection_get_property;
  object_class->set_property = burble_dummy_connection_set_property;
  connection_class->open = burble_dummy_connection_open;
  connection_class->close = burble_dummy_connection_close;

  properties[PROP_CANNED] =
    g_param_spec_boolean ("canned", NULL, NULL, TRUE,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
burble_dummy_connection_init (BurbleDummyConnection *self)
{
}

/* The channels. */

static void
set_etag (BurbleRosterChannel *channel, const char *etag)
{
  g_set_str (&BURBLE_DUMMY_CONNECTION (channel)->etag, etag);
}

static void
change_async (BurbleRosterChannel *channel,
              GPtrArray           *items,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  BurbleDummyConnection *self = BURBLE_DUMMY_CONNECTION (channel);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, change_async);
  if (return_if_offline (self, task))
    return;
  for (guint i = 0; i < items->len && error == NULL; i++)
    burble_dummy_network_change_roster (self->network, self->terminal->account,
                                        g_ptr_array_index (items, i), &error);
  answer_later (self, task, NULL, NULL, error);
}

static gboolean
change_finish (BurbleRosterChannel *channel, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, channel), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
roster_channel_iface_init (BurbleRosterChannelInterface *iface)
{
  iface->set_etag = set_etag;
  iface->change_async = change_async;
  iface->change_finish = change_finish;
}

static void
publish (BurblePresenceChannel *channel, BurblePeerStatus status, const char *mood)
{
  BurbleDummyConnection *self = BURBLE_DUMMY_CONNECTION (channel);

  self->status = status;
  g_set_str (&self->mood, mood);
  if (self->terminal != NULL)
    burble_dummy_network_publish (self->network, self->terminal, status, mood);
}

static void
presence_channel_iface_init (BurblePresenceChannelInterface *iface)
{
  iface->publish = publish;
}

static void
send_async (BurbleMessageChannel     *channel,
            const BurbleMessageEvent *message,
            GCancellable             *cancellable,
            GAsyncReadyCallback       callback,
            gpointer                  user_data)
{
  BurbleDummyConnection *self = BURBLE_DUMMY_CONNECTION (channel);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, send_async);
  if (return_if_offline (self, task))
    return;
  if (self->refusal != NULL)
    {
      error = g_error_new_literal (BURBLE_PROTOCOL_ERROR, self->refusal_code, self->refusal);
      g_clear_pointer (&self->refusal, g_free);
    }
  else
    {
      burble_dummy_network_send (self->network, self->terminal->account, self->terminal,
                                 message, &error);
    }
  answer_later (self, task, NULL, NULL, error);

  if (self->lose_answer)
    {
      self->lose_answer = FALSE;
      burble_dummy_connection_drop_link (self);
    }
}

static gboolean
send_finish (BurbleMessageChannel *channel, GAsyncResult *result, char **network_id,
             GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, channel), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
acknowledge (BurbleMessageChannel *channel, GPtrArray *messages)
{
  BurbleDummyConnection *self = BURBLE_DUMMY_CONNECTION (channel);

  if (self->terminal != NULL)
    burble_dummy_network_acknowledge (self->network, self->terminal->account, messages);
}

static void
message_channel_iface_init (BurbleMessageChannelInterface *iface)
{
  iface->send_async = send_async;
  iface->send_finish = send_finish;
  iface->acknowledge = acknowledge;
}

static void
send_typing (BurbleTypingChannel *channel, const char *peer, gboolean typing)
{
  BurbleDummyConnection *self = BURBLE_DUMMY_CONNECTION (channel);

  if (self->terminal != NULL
      && burble_connection_has (BURBLE_CONNECTION (self), BURBLE_CAPABILITY_TYPING))
    burble_dummy_network_typing (self->network, self->terminal->account, peer, typing);
}

static void
typing_channel_iface_init (BurbleTypingChannelInterface *iface)
{
  iface->send = send_typing;
}

static void
send_receipt (BurbleReceiptChannel *channel,
              const char           *peer,
              BurbleReceiptState    state,
              const char * const   *messages)
{
  BurbleDummyConnection *self = BURBLE_DUMMY_CONNECTION (channel);

  if (self->terminal != NULL
      && burble_connection_has (BURBLE_CONNECTION (self), BURBLE_CAPABILITY_RECEIPTS))
    burble_dummy_network_receipt (self->network, self->terminal->account, self->terminal,
                                  peer, state, messages);
}

static void
receipt_channel_iface_init (BurbleReceiptChannelInterface *iface)
{
  iface->send = send_receipt;
}

static void
fetch_async (BurbleHistoryChannel *channel,
             const char           *with,
             gint64                after,
             gint64                before,
             guint                 limit,
             GCancellable         *cancellable,
             GAsyncReadyCallback   callback,
             gpointer              user_data)
{
  BurbleDummyConnection *self = BURBLE_DUMMY_CONNECTION (channel);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, fetch_async);
  if (return_if_offline (self, task))
    return;
  answer_later (self, task,
                burble_dummy_network_history (self->network, self->terminal->account,
                                              with, after, before, limit),
                (GDestroyNotify) burble_history_page_free, NULL);
}

static BurbleHistoryPage *
fetch_finish (BurbleHistoryChannel *channel, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, channel), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
history_channel_iface_init (BurbleHistoryChannelInterface *iface)
{
  iface->fetch_async = fetch_async;
  iface->fetch_finish = fetch_finish;
}

static void
lookup_async (BurbleDirectoryChannel *channel,
              const char             *username,
              const char             *uuid,
              GCancellable           *cancellable,
              GAsyncReadyCallback     callback,
              gpointer                user_data)
{
  BurbleDummyConnection *self = BURBLE_DUMMY_CONNECTION (channel);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, lookup_async);
  if (return_if_offline (self, task))
    return;
  answer_later (self, task, burble_dummy_network_lookup (self->network, username, uuid),
                (GDestroyNotify) burble_person_info_free, NULL);
}

static BurblePersonInfo *
lookup_finish (BurbleDirectoryChannel *channel, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, channel), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
list_async (BurbleDirectoryChannel *channel,
            GCancellable           *cancellable,
            GAsyncReadyCallback     callback,
            gpointer                user_data)
{
  BurbleDummyConnection *self = BURBLE_DUMMY_CONNECTION (channel);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, list_async);
  if (return_if_offline (self, task))
    return;
  answer_later (self, task, burble_dummy_network_list (self->network),
                (GDestroyNotify) g_ptr_array_unref, NULL);
}

static GPtrArray *
list_finish (BurbleDirectoryChannel *channel, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, channel), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
directory_channel_iface_init (BurbleDirectoryChannelInterface *iface)
{
  iface->lookup_async = lookup_async;
  iface->lookup_finish = lookup_finish;
  iface->list_async = list_async;
  iface->list_finish = list_finish;
}

/**
 * burble_dummy_connection_new:
 * @settings: the address, at least
 *
 * Returns: (transfer full): a connection with canned people
 */
BurbleConnection *
burble_dummy_connection_new (const BurbleConnectionSettings *settings)
{
  BurbleConnection *self = NULL;

  g_return_val_if_fail (settings != NULL, NULL);

  self = g_object_new (BURBLE_TYPE_DUMMY_CONNECTION, NULL);
  burble_connection_set_settings (self, settings);
  return self;
}

void
burble_dummy_connection_drop_link (BurbleDummyConnection *self)
{
  g_return_if_fail (BURBLE_IS_DUMMY_CONNECTION (self));

  if (self->terminal != NULL || self->sign_in_source != 0)
    lose (self, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED, "The link went down");
}

void
burble_dummy_connection_kill (BurbleDummyConnection *self, const char *reason)
{
  g_return_if_fail (BURBLE_IS_DUMMY_CONNECTION (self));
  g_return_if_fail (reason != NULL);

  if (self->terminal != NULL)
    lose (self, BURBLE_PROTOCOL_ERROR_KILLED, reason);
}

void
burble_dummy_connection_set_unreachable (BurbleDummyConnection *self, gboolean unreachable)
{
  g_return_if_fail (BURBLE_IS_DUMMY_CONNECTION (self));

  self->unreachable = unreachable;
}

void
burble_dummy_connection_refuse_next_message (BurbleDummyConnection *self,
                                             BurbleProtocolError    code,
                                             const char            *reason)
{
  g_return_if_fail (BURBLE_IS_DUMMY_CONNECTION (self));
  g_return_if_fail (reason != NULL);

  self->refusal_code = code;
  g_set_str (&self->refusal, reason);
}

void
burble_dummy_connection_lose_next_answer (BurbleDummyConnection *self)
{
  g_return_if_fail (BURBLE_IS_DUMMY_CONNECTION (self));

  self->lose_answer = TRUE;
}
