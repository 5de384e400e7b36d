/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-session"

#include "config.h"

#include "burble-session-private.h"

#include "burble-account-marks.h"
#include "burble-session-load.h"

G_DEFINE_FINAL_TYPE (BurbleSession, burble_session, G_TYPE_OBJECT)

typedef enum
{
  PROP_SEND_TYPING = 1,
  PROP_SEND_RECEIPTS,
  PROP_SHOW_CONTENT,
  PROP_NOTIFY_MESSAGES,
  PROP_NOTIFY_ONLINE,
  PROP_LOADED,
} BurbleSessionProperty;

static GParamSpec *properties[PROP_LOADED + 1];

typedef enum
{
  SIGNAL_PASSWORD_NEEDED,
  SIGNAL_PASSWORD_NOT_KEPT,
  SIGNAL_CERTIFICATE_QUESTION,
  SIGNAL_NOTICE,
  SIGNAL_NOTICE_WITHDRAWN,
  SIGNAL_STORE_FAILED,
  SIGNAL_MESSAGE_ARRIVED,
  SIGNAL_SERVER_NOTICE,
} BurbleSessionSignal;

static guint signals[SIGNAL_SERVER_NOTICE + 1];

static void
controller_password_needed_cb (BurbleSession *self, const char *reason,
                               BurbleAccountController *controller)
{
  g_signal_emit (self, signals[SIGNAL_PASSWORD_NEEDED], 0,
                 burble_account_controller_get_account (controller), reason);
}

static void
controller_password_not_kept_cb (BurbleSession           *self,
                                 const char              *reason,
                                 BurbleAccountController *controller)
{
  g_signal_emit (self, signals[SIGNAL_PASSWORD_NOT_KEPT], 0,
                 burble_account_controller_get_account (controller), reason);
}

static void
controller_question_cb (BurbleSession             *self,
                        BurbleCertificateQuestion *question,
                        BurbleAccountController   *controller)
{
  g_signal_emit (self, signals[SIGNAL_CERTIFICATE_QUESTION], 0,
                 burble_account_controller_get_account (controller), question);
}

static void
connection_server_notice_cb (BurbleSession    *self,
                             gboolean          warning,
                             const char       *word,
                             const char       *subject,
                             const char       *text,
                             BurbleConnection *connection)
{
  GHashTableIter iter;
  gpointer controller = NULL;

  g_hash_table_iter_init (&iter, self->controllers);
  while (g_hash_table_iter_next (&iter, NULL, &controller))
    {
      BurbleAccountScope *scope = burble_account_controller_get_scope (controller);

      if (scope != NULL && burble_account_scope_get_connection (scope) == connection)
        {
          g_signal_emit (self, signals[SIGNAL_SERVER_NOTICE], 0,
                         burble_account_scope_get_account (scope), warning, word, subject,
                         text);
          return;
        }
    }
}

static void
policy_notice_cb (BurbleSession *self, BurbleNotice *notice)
{
  g_signal_emit (self, signals[SIGNAL_NOTICE], 0, notice);
}

static void
policy_withdrawn_cb (BurbleSession *self, const char *tag)
{
  g_signal_emit (self, signals[SIGNAL_NOTICE_WITHDRAWN], 0, tag);
}

static void
scope_message_arrived_cb (BurbleSession *self, BurbleConversation *conversation,
                          BurbleMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_MESSAGE_ARRIVED], 0, conversation, message);
}

static void
set_option (BurbleSession *self, gboolean *option, gboolean value, BurbleSessionProperty property)
{
  value = !!value;
  if (*option == value)
    return;
  *option = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
burble_session_dispose (GObject *object)
{
  BurbleSession *self = BURBLE_SESSION (object);
  GHashTableIter iter;
  gpointer controller = NULL;

  self->closing = TRUE;
  /* A sign-in that is under way holds its controller. */
  g_hash_table_iter_init (&iter, self->controllers);
  while (g_hash_table_iter_next (&iter, NULL, &controller))
    {
      g_object_run_dispose (controller);
      g_hash_table_iter_remove (&iter);
    }
  g_clear_object (&self->drafts);
  g_clear_object (&self->policy);
  g_clear_object (&self->accounts);
  g_clear_object (&self->contacts);
  g_clear_object (&self->conversations);
  g_clear_object (&self->store);
  g_clear_object (&self->secrets);

  G_OBJECT_CLASS (burble_session_parent_class)->dispose (object);
}

static void
burble_session_finalize (GObject *object)
{
  BurbleSession *self = BURBLE_SESSION (object);

  g_hash_table_unref (self->controllers);
  g_rc_box_release (self->options);
  g_free (self->terminal);

  G_OBJECT_CLASS (burble_session_parent_class)->finalize (object);
}

static void
burble_session_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleSession *self = BURBLE_SESSION (object);

  switch ((BurbleSessionProperty) prop_id)
    {
    case PROP_SEND_TYPING:
      g_value_set_boolean (value, self->options->send_typing);
      break;
    case PROP_SEND_RECEIPTS:
      g_value_set_boolean (value, self->options->send_receipts);
      break;
    case PROP_SHOW_CONTENT:
      g_value_set_boolean (value, self->options->show_content);
      break;
    case PROP_NOTIFY_MESSAGES:
      g_value_set_boolean (value, self->options->notify_messages);
      break;
    case PROP_NOTIFY_ONLINE:
      g_value_set_boolean (value, self->options->notify_online);
      break;
    case PROP_LOADED:
      g_value_set_boolean (value, self->loaded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_session_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  BurbleSession *self = BURBLE_SESSION (object);
  gboolean wanted = g_value_get_boolean (value);

  switch ((BurbleSessionProperty) prop_id)
    {
    case PROP_SEND_TYPING:
      set_option (self, &self->options->send_typing, wanted, PROP_SEND_TYPING);
      break;
    case PROP_SEND_RECEIPTS:
      set_option (self, &self->options->send_receipts, wanted, PROP_SEND_RECEIPTS);
      break;
    case PROP_SHOW_CONTENT:
      set_option (self, &self->options->show_content, wanted, PROP_SHOW_CONTENT);
      break;
    case PROP_NOTIFY_MESSAGES:
      set_option (self, &self->options->notify_messages, wanted, PROP_NOTIFY_MESSAGES);
      break;
    case PROP_NOTIFY_ONLINE:
      set_option (self, &self->options->notify_online, wanted, PROP_NOTIFY_ONLINE);
      break;
    case PROP_LOADED:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_session_class_init (BurbleSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags rw = ro | G_PARAM_WRITABLE;

  object_class->dispose = burble_session_dispose;
  object_class->finalize = burble_session_finalize;
  object_class->get_property = burble_session_get_property;
  object_class->set_property = burble_session_set_property;

  properties[PROP_SEND_TYPING] = g_param_spec_boolean ("send-typing", NULL, NULL, TRUE, rw);
  properties[PROP_SEND_RECEIPTS] = g_param_spec_boolean ("send-receipts", NULL, NULL, TRUE, rw);
  properties[PROP_SHOW_CONTENT] = g_param_spec_boolean ("show-content", NULL, NULL, TRUE, rw);
  properties[PROP_NOTIFY_MESSAGES] = g_param_spec_boolean ("notify-messages", NULL, NULL, TRUE, rw);
  properties[PROP_NOTIFY_ONLINE] = g_param_spec_boolean ("notify-online", NULL, NULL, TRUE, rw);
  properties[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, ro);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[SIGNAL_PASSWORD_NEEDED] =
    g_signal_new ("password-needed", BURBLE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2, BURBLE_TYPE_ACCOUNT, G_TYPE_STRING);
  signals[SIGNAL_PASSWORD_NOT_KEPT] =
    g_signal_new ("password-not-kept", BURBLE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2, BURBLE_TYPE_ACCOUNT, G_TYPE_STRING);
  signals[SIGNAL_CERTIFICATE_QUESTION] =
    g_signal_new ("certificate-question", BURBLE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2,
                  BURBLE_TYPE_ACCOUNT, BURBLE_TYPE_CERTIFICATE_QUESTION);
  signals[SIGNAL_NOTICE] =
    g_signal_new ("notice", BURBLE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, BURBLE_TYPE_NOTICE);
  signals[SIGNAL_NOTICE_WITHDRAWN] =
    g_signal_new ("notice-withdrawn", BURBLE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_STORE_FAILED] =
    g_signal_new ("store-failed", BURBLE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_MESSAGE_ARRIVED] =
    g_signal_new ("message-arrived", BURBLE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2, BURBLE_TYPE_CONVERSATION, BURBLE_TYPE_MESSAGE);
  signals[SIGNAL_SERVER_NOTICE] =
    g_signal_new ("server-notice", BURBLE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE,
                  5, BURBLE_TYPE_ACCOUNT, G_TYPE_BOOLEAN, G_TYPE_STRING, G_TYPE_STRING,
                  G_TYPE_STRING);
}

static void
burble_session_init (BurbleSession *self)
{
  self->options = burble_session_options_new ();
  self->accounts = burble_object_list_new (BURBLE_TYPE_ACCOUNT);
  g_signal_connect (self->accounts, "items-changed", G_CALLBACK (burble_account_marks_update),
                    NULL);
  self->contacts = burble_object_list_new (BURBLE_TYPE_CONTACT);
  self->conversations = burble_object_list_new (BURBLE_TYPE_CONVERSATION);
  self->controllers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->policy = burble_notification_policy_new (self->options);
  g_signal_connect_object (self->policy, "notice",
                           G_CALLBACK (policy_notice_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->policy, "notice-withdrawn",
                           G_CALLBACK (policy_withdrawn_cb), self, G_CONNECT_SWAPPED);
}

/**
 * burble_session_new:
 * @store: where everything is kept; the session opens and closes it
 * @secrets: where the passwords are
 * @factory: makes connections
 * @factory_data: for @factory; must live as long as the session
 *
 * Returns: (transfer full): a session that does nothing until it is loaded
 */
BurbleSession *
burble_session_new (BurbleStore             *store,
                    BurbleSecrets           *secrets,
                    BurbleConnectionFactory  factory,
                    gpointer                 factory_data)
{
  BurbleSession *self = NULL;

  g_return_val_if_fail (BURBLE_IS_STORE (store), NULL);
  g_return_val_if_fail (BURBLE_IS_SECRETS (secrets), NULL);
  g_return_val_if_fail (factory != NULL, NULL);

  self = g_object_new (BURBLE_TYPE_SESSION, NULL);
  self->store = g_object_ref (store);
  self->secrets = g_object_ref (secrets);
  self->factory = factory;
  self->factory_data = factory_data;
  self->drafts = burble_drafts_new (store, self->options);
  g_signal_connect_object (self->drafts, "store-failed",
                           G_CALLBACK (burble_session_store_failed), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * burble_session_set_terminal:
 * @self: a session that is not loaded yet
 * @terminal: (nullable): how this terminal is called
 *
 * Two terminals of one account need two names: a second of the same name takes the place of the
 * first. Without one it is made of the host's name and the account's local one.
 */
void
burble_session_set_terminal (BurbleSession *self, const char *terminal)
{
  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (!self->loaded);

  g_set_str (&self->terminal, terminal);
}

/**
 * burble_session_get_accounts:
 * @self: a session
 *
 * Returns: (transfer none): a live list of BurbleAccount
 */
GListModel *
burble_session_get_accounts (BurbleSession *self)
{
  g_return_val_if_fail (BURBLE_IS_SESSION (self), NULL);

  return G_LIST_MODEL (self->accounts);
}

/**
 * burble_session_get_contacts:
 * @self: a session
 *
 * Returns: (transfer none): a live, unsorted list of BurbleContact of all accounts
 */
GListModel *
burble_session_get_contacts (BurbleSession *self)
{
  g_return_val_if_fail (BURBLE_IS_SESSION (self), NULL);

  return G_LIST_MODEL (self->contacts);
}

/**
 * burble_session_get_conversations:
 * @self: a session
 *
 * Returns: (transfer none): a live, unsorted list of BurbleConversation of all accounts
 */
GListModel *
burble_session_get_conversations (BurbleSession *self)
{
  g_return_val_if_fail (BURBLE_IS_SESSION (self), NULL);

  return G_LIST_MODEL (self->conversations);
}

BurbleSessionOptions *
burble_session_get_options (BurbleSession *self)
{
  return self->options;
}

void
burble_session_set_loaded (BurbleSession *self)
{
  self->loaded = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
}

void
burble_session_store_failed (BurbleSession *self, const GError *error)
{
  if (error != NULL && !self->closing && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[SIGNAL_STORE_FAILED], 0, error);
}

void
burble_session_done_cb (GObject *store, GAsyncResult *result, gpointer session)
{
  g_autoptr(BurbleSession) self = session;
  g_autoptr(GError) error = NULL;

  if (!burble_store_done_finish (BURBLE_STORE (store), result, &error))
    burble_session_store_failed (self, error);
}

BurbleAccountController *
burble_session_get_controller (BurbleSession *self, BurbleAccount *account)
{
  BurbleAccountController *controller = NULL;

  if (account == NULL)
    return NULL;
  controller = g_hash_table_lookup (self->controllers, burble_account_get_uid (account));
  if (controller == NULL || burble_account_controller_get_account (controller) != account)
    return NULL;
  return controller;
}

BurbleAccountScope *
burble_session_get_scope (BurbleSession *self, BurbleAccount *account)
{
  BurbleAccountController *controller = burble_session_get_controller (self, account);

  return controller != NULL ? burble_account_controller_get_scope (controller) : NULL;
}

BurbleAccountController *
burble_session_get_chat_controller (BurbleSession *self, BurbleConversation *conversation)
{
  BurbleContact *contact = burble_conversation_get_contact (conversation);

  return burble_session_get_controller (self, burble_contact_get_account (contact));
}

BurbleAccountScope *
burble_session_get_chat_scope (BurbleSession *self, BurbleConversation *conversation)
{
  BurbleAccountController *controller = burble_session_get_chat_controller (self, conversation);

  return controller != NULL ? burble_account_controller_get_scope (controller) : NULL;
}

static char *
make_terminal (BurbleSession *self, BurbleAccount *account)
{
  if (self->terminal != NULL)
    return g_strdup (self->terminal);
  return g_strdup_printf ("%s-%.4s", g_get_host_name (), burble_account_get_uid (account));
}

/* Everything that works for one account. */
BurbleAccountController *
burble_session_make_controller (BurbleSession *self, BurbleAccount *account)
{
  g_autofree char *terminal = make_terminal (self, account);
  g_autoptr(BurbleConnectionSettings) settings = NULL;
  g_autoptr(BurbleConnection) connection = NULL;
  g_autoptr(BurbleAccountScope) scope = NULL;
  BurbleAccountController *controller = NULL;

  settings = burble_connection_settings_new (burble_account_get_address (account));
  settings->terminal = g_strdup (terminal);
  connection = self->factory (burble_account_get_network (account), settings, self->factory_data);
  scope = burble_account_scope_new (account, self->store, connection, self->contacts,
                                    self->conversations, self->policy, self->options);
  controller = burble_account_controller_new (scope, self->secrets, terminal);
  g_signal_connect_object (controller, "password-needed",
                           G_CALLBACK (controller_password_needed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (controller, "password-not-kept",
                           G_CALLBACK (controller_password_not_kept_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (controller, "certificate-question",
                           G_CALLBACK (controller_question_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (scope, "store-failed",
                           G_CALLBACK (burble_session_store_failed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (scope, "message-arrived",
                           G_CALLBACK (scope_message_arrived_cb), self, G_CONNECT_SWAPPED);
  if (connection != NULL)
    g_signal_connect_object (connection, "server-notice",
                             G_CALLBACK (connection_server_notice_cb), self, G_CONNECT_SWAPPED);
  g_hash_table_insert (self->controllers, g_strdup (burble_account_get_uid (account)), controller);
  return controller;
}

void
burble_session_drop_controller (BurbleSession *self, BurbleAccountController *controller)
{
  g_autoptr(BurbleAccountController) alive = g_object_ref (controller);
  BurbleAccount *account = burble_account_controller_get_account (controller);

  burble_object_list_remove (self->accounts, account);
  burble_account_scope_clear (burble_account_controller_get_scope (controller));
  if (burble_session_get_controller (self, account) == controller)
    g_hash_table_remove (self->controllers, burble_account_get_uid (account));
  g_object_run_dispose (G_OBJECT (controller));
}
