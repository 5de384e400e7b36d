/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-account-controller"

#include "config.h"

#include "burble-account-controller.h"

#include "burble-certificate-ask.h"
#include "burble-error-words.h"
#include "burble-password-keeper.h"

struct _BurbleAccountController
{
  GObject parent_instance;

  BurbleAccountScope *scope;
  BurblePasswordKeeper *passwords; /* (nullable): no connection, no password */
  BurbleMessagePipeline *pipeline;
  BurbleRosterSync *roster;
  BurbleOutbox *outbox;
  BurbleCatchUp *catch_up;
  BurbleReceipts *receipts;
  BurbleTyping *typing;
  char *terminal;

  BurbleCertificateQuestion *question; /* waits for an answer */
  GTask *sign_in;
  gulong cancelled_id;
  GPtrArray *stops; /* (element-type GTask) */
  gboolean online;
  gboolean leaving; /* the link is being taken down by the user's wish */
  gboolean stopped;
};

G_DEFINE_FINAL_TYPE (BurbleAccountController, burble_account_controller, G_TYPE_OBJECT)

typedef enum
{
  SIGNAL_PASSWORD_NEEDED,
  SIGNAL_PASSWORD_NOT_KEPT,
  SIGNAL_CERTIFICATE_QUESTION,
} BurbleAccountControllerSignal;

static guint signals[SIGNAL_CERTIFICATE_QUESTION + 1];

static BurbleConnection *
get_connection (BurbleAccountController *self)
{
  return burble_account_scope_get_connection (self->scope);
}

static BurbleAccount *
get_account (BurbleAccountController *self)
{
  return burble_account_scope_get_account (self->scope);
}

static gboolean
is_wanted (BurbleAccountController *self)
{
  BurbleAccount *account = get_account (self);

  return !self->stopped && !burble_account_scope_is_closed (self->scope)
         && burble_account_get_enabled (account)
         && burble_account_get_status (account) != BURBLE_STATUS_OFFLINE;
}

static void
save_account (BurbleAccountController *self)
{
  burble_store_save_account_async (burble_account_scope_get_store (self->scope), get_account (self),
                                   NULL,
                                   burble_account_scope_done_cb, g_object_ref (self->scope));
}

static BurblePeerStatus
to_peer_status (BurbleStatus status)
{
  switch (status)
    {
    case BURBLE_STATUS_AWAY:
      return BURBLE_PEER_AWAY;
    case BURBLE_STATUS_DND:
      return BURBLE_PEER_DND;
    case BURBLE_STATUS_INVISIBLE:
      return BURBLE_PEER_INVISIBLE;
    case BURBLE_STATUS_OFFLINE:
      return BURBLE_PEER_OFFLINE;
    case BURBLE_STATUS_AVAILABLE:
    case BURBLE_STATUS_UNKNOWN:
    default:
      return BURBLE_PEER_AVAILABLE;
    }
}

static void
publish (BurbleAccountController *self)
{
  BurbleAccount *account = get_account (self);
  BurbleConnection *connection = get_connection (self);

  if (BURBLE_IS_PRESENCE_CHANNEL (connection))
    burble_presence_channel_publish (BURBLE_PRESENCE_CHANNEL (connection),
                                     to_peer_status (burble_account_get_status (account)),
                                     burble_account_get_mood (account));
}

BurbleConnectionSettings *
burble_account_controller_make_settings (BurbleAccount *account, const char *terminal)
{
  BurbleConnectionSettings *settings = NULL;

  g_return_val_if_fail (BURBLE_IS_ACCOUNT (account), NULL);

  settings = burble_connection_settings_new (burble_account_get_address (account));
  settings->host = g_strdup (burble_account_get_host (account));
  settings->port = burble_account_get_port (account);
  settings->plain = burble_account_get_plain (account);
  settings->websocket = g_strdup (burble_account_get_websocket (account));
  settings->pin = g_strdup (burble_account_get_pin (account));
  settings->terminal = g_strdup (terminal);
  return settings;
}

static void
hand_over_settings (BurbleAccountController *self)
{
  g_autoptr(BurbleConnectionSettings) settings =
    burble_account_controller_make_settings (get_account (self), self->terminal);

  burble_connection_set_settings (get_connection (self), settings);
}

static void
connect_now (BurbleAccountController *self)
{
  if (!is_wanted (self))
    return;
  self->leaving = FALSE;
  g_clear_object (&self->question);
  hand_over_settings (self);
  burble_roster_sync_prepare (self->roster);
  publish (self);
  burble_connection_connect (get_connection (self));
}

static GTask *
steal_sign_in (BurbleAccountController *self)
{
  GTask *task = g_steal_pointer (&self->sign_in);

  if (task != NULL && self->cancelled_id != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), self->cancelled_id);
  self->cancelled_id = 0;
  return task;
}

static void
end_sign_in (BurbleAccountController *self)
{
  g_autoptr(GTask) task = steal_sign_in (self);

  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

/* It failed for good: nothing of it goes on. */
static void
fail_sign_in (BurbleAccountController *self, const GError *error)
{
  g_autoptr(GTask) task = steal_sign_in (self);
  g_autoptr(GError) reason = NULL;

  if (task == NULL)
    return;
  /* Who just asked to be connected does not learn much from hearing that he is not. */
  if (error == NULL
      || g_error_matches (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED))
    g_set_error_literal (&reason, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE,
                         error != NULL ? error->message : "Not connected");
  else
    reason = g_error_copy (error);
  self->stopped = TRUE;
  if (get_connection (self) != NULL)
    burble_connection_disconnect (get_connection (self));
  g_task_return_error (task, g_steal_pointer (&reason));
}

static void
end_stops (BurbleAccountController *self)
{
  g_autoptr(GPtrArray) stops = g_steal_pointer (&self->stops);

  self->stops = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < stops->len; i++)
    g_task_return_boolean (g_ptr_array_index (stops, i), TRUE);
}

/* They are kept while there is no connection, over a restart as well, and may shrink while there is
 * one. */
static void
show_features (BurbleAccountController *self)
{
  BurbleFeatures features =
    (BurbleFeatures) burble_connection_get_capabilities (get_connection (self));

  if (!self->online || burble_account_get_features (get_account (self)) == features)
    return;
  burble_account_set_features (get_account (self), features);
  if (self->scope != NULL)
    save_account (self);
}

static void
went_online (BurbleAccountController *self)
{
  BurbleAccount *account = get_account (self);

  self->online = TRUE;
  burble_account_scope_went_online (self->scope);
  show_features (self);
  burble_account_set_error (account, NULL, NULL);
  burble_account_set_state (account, BURBLE_ACCOUNT_ONLINE);
  if (self->scope == NULL)
    return;
  burble_password_keeper_confirmed (self->passwords);
  end_sign_in (self);
  /* Whoever heard of it may have taken the account away. */
  if (self->scope == NULL)
    return;
  burble_catch_up_went_online (self->catch_up);
  burble_receipts_went_online (self->receipts);
  burble_outbox_went_online (self->outbox);
}

static void
went_offline (BurbleAccountController *self)
{
  self->online = FALSE;
  burble_outbox_went_offline (self->outbox);
  burble_catch_up_went_offline (self->catch_up);
  burble_typing_clear (self->typing);
  burble_roster_sync_went_offline (self->roster);
}

static void
failed (BurbleAccountController *self, const GError *error)
{
  BurbleAccount *account = get_account (self);

  if (g_error_matches (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_CERTIFICATE)
      && self->question != NULL)
    {
      /* The first sign-in waits for the answer as well. */
      burble_account_set_error (account,
                                burble_certificate_question_get_changed (self->question)
                                ? "certificate-changed" : "certificate", NULL);
      burble_account_set_state (account, BURBLE_ACCOUNT_NEEDS_CERTIFICATE);
      if (self->question != NULL)
        g_signal_emit (self, signals[SIGNAL_CERTIFICATE_QUESTION], 0, self->question);
      return;
    }
  burble_account_set_error (account, burble_session_error_word (error),
                            burble_error_detail (error));
  if (g_error_matches (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_PASSWORD)
      && self->sign_in == NULL)
    {
      burble_account_set_state (account, BURBLE_ACCOUNT_NEEDS_PASSWORD);
      if (self->passwords != NULL)
        burble_password_keeper_refused (self->passwords);
      return;
    }
  burble_account_set_state (account, BURBLE_ACCOUNT_FAILED);
  fail_sign_in (self, error);
}

static void
connection_state_cb (BurbleAccountController *self)
{
  g_autoptr(BurbleAccountController) alive = g_object_ref (self);
  BurbleConnection *connection = get_connection (self);
  BurbleAccount *account = get_account (self);
  const GError *error = burble_connection_get_error (connection);
  BurbleConnectionState state = burble_connection_get_state (connection);

  if (self->online && state != BURBLE_CONNECTION_ONLINE)
    went_offline (self);

  switch (state)
    {
    case BURBLE_CONNECTION_CONNECTING:
      burble_account_set_state (account, BURBLE_ACCOUNT_CONNECTING);
      break;

    case BURBLE_CONNECTION_ONLINE:
      went_online (self);
      break;

    case BURBLE_CONNECTION_WAITING:
      burble_account_set_error (account, burble_session_error_word (error),
                                burble_error_detail (error));
      burble_account_set_state (account, BURBLE_ACCOUNT_WAITING);
      /* Who is signing in for the first time wants to know at once, not to wait for a typing
       * error. */
      fail_sign_in (self, error);
      break;

    case BURBLE_CONNECTION_FAILED:
      failed (self, error);
      break;

    case BURBLE_CONNECTION_OFFLINE:
    default:
      if (!is_wanted (self))
        burble_account_set_state (account, BURBLE_ACCOUNT_OFFLINE);
      break;
    }

  if (state == BURBLE_CONNECTION_OFFLINE || state == BURBLE_CONNECTION_FAILED)
    end_stops (self);
}

static void
connection_certificate_cb (BurbleAccountController *self,
                           GTlsCertificate         *certificate,
                           GTlsCertificateFlags     errors,
                           gboolean                 pin_changed)
{
  g_clear_object (&self->question);
  self->question = burble_certificate_ask (get_account (self), certificate, errors, pin_changed);
}

static void
passwords_needed_cb (BurbleAccountController *self, const char *reason)
{
  if (!is_wanted (self))
    return;
  if (reason != NULL)
    burble_account_set_error (get_account (self), reason,
                              burble_account_get_error_detail (get_account (self)));
  burble_account_set_state (get_account (self), BURBLE_ACCOUNT_NEEDS_PASSWORD);
  g_signal_emit (self, signals[SIGNAL_PASSWORD_NEEDED], 0, reason);
}

static void
passwords_not_kept_cb (BurbleAccountController *self, const char *reason)
{
  g_signal_emit (self, signals[SIGNAL_PASSWORD_NOT_KEPT], 0, reason);
}

static void
sign_in_aborted_cb (gpointer user_data)
{
  g_autoptr(BurbleAccountController) self = user_data;
  g_autoptr(GError) error = NULL;

  g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
  fail_sign_in (self, error);
}

/* Not from within the signal: it may not be disconnected there. */
static void
cancelled_cb (GCancellable *cancellable, BurbleAccountController *self)
{
  g_idle_add_once (sign_in_aborted_cb, g_object_ref (self));
}

static void
burble_account_controller_dispose (GObject *object)
{
  BurbleAccountController *self = BURBLE_ACCOUNT_CONTROLLER (object);

  if (self->scope != NULL)
    {
      g_autoptr(GError) error = NULL;

      g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The account is gone");
      fail_sign_in (self, error);
      end_stops (self);
      burble_account_scope_close (self->scope);
      if (get_connection (self) != NULL)
        {
          g_signal_handlers_disconnect_by_data (get_connection (self), self);
          burble_connection_disconnect (get_connection (self));
        }
    }
  g_clear_object (&self->passwords);
  g_clear_object (&self->catch_up);
  g_clear_object (&self->receipts);
  g_clear_object (&self->typing);
  g_clear_object (&self->outbox);
  g_clear_object (&self->roster);
  g_clear_object (&self->pipeline);
  g_clear_object (&self->question);
  g_clear_object (&self->scope);

  G_OBJECT_CLASS (burble_account_controller_parent_class)->dispose (object);
}

static void
burble_account_controller_finalize (GObject *object)
{
  BurbleAccountController *self = BURBLE_ACCOUNT_CONTROLLER (object);

  g_ptr_array_unref (self->stops);
  g_free (self->terminal);

  G_OBJECT_CLASS (burble_account_controller_parent_class)->finalize (object);
}

static void
burble_account_controller_class_init (BurbleAccountControllerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_account_controller_dispose;
  object_class->finalize = burble_account_controller_finalize;

  signals[SIGNAL_PASSWORD_NEEDED] =
    g_signal_new ("password-needed", BURBLE_TYPE_ACCOUNT_CONTROLLER, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_PASSWORD_NOT_KEPT] =
    g_signal_new ("password-not-kept", BURBLE_TYPE_ACCOUNT_CONTROLLER, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_CERTIFICATE_QUESTION] =
    g_signal_new ("certificate-question", BURBLE_TYPE_ACCOUNT_CONTROLLER, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, BURBLE_TYPE_CERTIFICATE_QUESTION);
}

static void
burble_account_controller_init (BurbleAccountController *self)
{
  self->stops = g_ptr_array_new_with_free_func (g_object_unref);
}

BurbleAccountController *
burble_account_controller_new (BurbleAccountScope *scope, BurbleSecrets *secrets,
                               const char *terminal)
{
  BurbleAccountController *self = g_object_new (BURBLE_TYPE_ACCOUNT_CONTROLLER, NULL);
  BurbleConnection *connection = burble_account_scope_get_connection (scope);

  self->scope = g_object_ref (scope);
  self->terminal = g_strdup (terminal);
  self->pipeline = burble_message_pipeline_new (scope);
  self->roster = burble_roster_sync_new (scope);
  self->outbox = burble_outbox_new (scope);
  self->catch_up = burble_catch_up_new (scope, self->pipeline);
  g_signal_connect_object (self->catch_up, "caught-up", G_CALLBACK (burble_outbox_caught_up),
                           self->outbox, G_CONNECT_SWAPPED);
  self->receipts = burble_receipts_new (scope, self->pipeline);
  self->typing = burble_typing_new (scope);
  if (connection != NULL)
    {
      self->passwords = burble_password_keeper_new (burble_account_scope_get_account (scope),
                                                    secrets,
                                                    connection);
      g_signal_connect_object (self->passwords, "ready",
                               G_CALLBACK (connect_now), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->passwords, "needed",
                               G_CALLBACK (passwords_needed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->passwords, "not-kept",
                               G_CALLBACK (passwords_not_kept_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (connection, "notify::state",
                               G_CALLBACK (connection_state_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (connection, "notify::capabilities",
                               G_CALLBACK (show_features), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (connection, "certificate-problem",
                               G_CALLBACK (connection_certificate_cb), self, G_CONNECT_SWAPPED);
    }
  return self;
}

BurbleAccount *
burble_account_controller_get_account (BurbleAccountController *self)
{
  return get_account (self);
}

BurbleAccountScope *
burble_account_controller_get_scope (BurbleAccountController *self)
{
  return self->scope;
}

BurbleRosterSync *
burble_account_controller_get_roster (BurbleAccountController *self)
{
  return self->roster;
}

BurbleOutbox *
burble_account_controller_get_outbox (BurbleAccountController *self)
{
  return self->outbox;
}

BurbleCatchUp *
burble_account_controller_get_catch_up (BurbleAccountController *self)
{
  return self->catch_up;
}

BurbleReceipts *
burble_account_controller_get_receipts (BurbleAccountController *self)
{
  return self->receipts;
}

BurbleTyping *
burble_account_controller_get_typing (BurbleAccountController *self)
{
  return self->typing;
}

void
burble_account_controller_start (BurbleAccountController *self, gboolean by_user)
{
  g_return_if_fail (BURBLE_IS_ACCOUNT_CONTROLLER (self));

  if (!is_wanted (self))
    return;
  if (get_connection (self) == NULL)
    {
      burble_account_set_error (get_account (self), "unsupported", NULL);
      burble_account_set_state (get_account (self), BURBLE_ACCOUNT_FAILED);
      return;
    }
  burble_password_keeper_ensure (self->passwords, by_user);
}

void
burble_account_controller_presence_changed (BurbleAccountController *self)
{
  BurbleConnection *connection = NULL;
  BurbleAccount *account = NULL;

  g_return_if_fail (BURBLE_IS_ACCOUNT_CONTROLLER (self));

  connection = get_connection (self);
  account = get_account (self);
  if (connection == NULL)
    {
      burble_account_set_state (account, BURBLE_ACCOUNT_OFFLINE);
      burble_account_controller_start (self, TRUE);
      return;
    }
  if (!is_wanted (self))
    {
      self->leaving = TRUE;
      burble_connection_disconnect (connection);
      /* Also when it waits for the user and there is nothing to take down. */
      burble_account_set_error (account, NULL, NULL);
      if (burble_connection_get_state (connection) == BURBLE_CONNECTION_OFFLINE)
        burble_account_set_state (account, BURBLE_ACCOUNT_OFFLINE);
    }
  else if (self->leaving || burble_account_get_state (account) == BURBLE_ACCOUNT_OFFLINE)
    {
      burble_account_controller_start (self, TRUE);
    }
  else
    {
      publish (self);
    }
}

void
burble_account_controller_provide_password (BurbleAccountController *self,
                                            const char              *password,
                                            gboolean                 remember)
{
  g_return_if_fail (BURBLE_IS_ACCOUNT_CONTROLLER (self));

  if (self->passwords != NULL)
    burble_password_keeper_provide (self->passwords, password, remember);
}

void
burble_account_controller_answer (BurbleAccountController   *self,
                                  BurbleCertificateQuestion *question,
                                  gboolean                   trust)
{
  g_return_if_fail (BURBLE_IS_ACCOUNT_CONTROLLER (self));

  /* An answer to an older question is none. */
  if (question == NULL || question != self->question)
    return;
  if (trust)
    {
      burble_account_set_pin (get_account (self),
                              burble_certificate_question_get_fingerprint (question));
      save_account (self);
      connect_now (self);
    }
  else
    {
      g_autoptr(GError) error = NULL;

      g_clear_object (&self->question);
      burble_account_set_state (get_account (self), BURBLE_ACCOUNT_FAILED);
      g_set_error_literal (&error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_CERTIFICATE,
                           "The certificate was not accepted");
      fail_sign_in (self, error);
    }
}

void
burble_account_controller_sign_in_async (BurbleAccountController *self,
                                         const char              *password,
                                         gboolean                 remember,
                                         gboolean                 create,
                                         const char              *invite,
                                         GCancellable            *cancellable,
                                         GAsyncReadyCallback      callback,
                                         gpointer                 user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BURBLE_IS_ACCOUNT_CONTROLLER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, burble_account_controller_sign_in_async);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (get_connection (self) == NULL)
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                       BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
                                       "This kind of network is not known");
      return;
    }
  g_set_object (&self->sign_in, task);
  if (cancellable != NULL)
    self->cancelled_id = g_signal_connect (cancellable, "cancelled", G_CALLBACK (cancelled_cb),
                                           self);
  burble_connection_set_register (get_connection (self), create, invite);
  burble_password_keeper_provide (self->passwords, password != NULL ? password : "", remember);
}

gboolean
burble_account_controller_sign_in_finish (BurbleAccountController *self,
                                          GAsyncResult            *result,
                                          GError                 **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
burble_account_controller_stop_async (BurbleAccountController *self,
                                      GAsyncReadyCallback      callback,
                                      gpointer                 user_data)
{
  g_autoptr(GTask) task = NULL;
  BurbleConnection *connection = NULL;

  g_return_if_fail (BURBLE_IS_ACCOUNT_CONTROLLER (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, burble_account_controller_stop_async);
  self->stopped = TRUE;
  burble_outbox_flush (self->outbox);
  connection = get_connection (self);
  g_ptr_array_add (self->stops, g_object_ref (task));
  if (connection != NULL)
    burble_connection_disconnect (connection);
  if (connection == NULL || burble_connection_get_state (connection) == BURBLE_CONNECTION_OFFLINE)
    end_stops (self);
}

gboolean
burble_account_controller_stop_finish (BurbleAccountController *self, GAsyncResult *result,
                                       GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
