/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-password-keeper"

#include "config.h"

#include "burble-password-keeper.h"

struct _BurblePasswordKeeper
{
  GObject parent_instance;

  BurbleAccount *account;
  BurbleSecrets *secrets;
  BurbleConnection *connection;
  GCancellable *cancellable;
  gboolean looking;
  gboolean asking;
  gboolean remember; /* once the server has taken it */
  const char *reason; /* (static) (nullable): why it was asked for */
};

G_DEFINE_FINAL_TYPE (BurblePasswordKeeper, burble_password_keeper, G_TYPE_OBJECT)

typedef enum
{
  SIGNAL_READY,
  SIGNAL_NEEDED,
  SIGNAL_NOT_KEPT,
} BurblePasswordKeeperSignal;

static guint signals[SIGNAL_NOT_KEPT + 1];

static const char *
keyring_word (const GError *error)
{
  if (g_error_matches (error, BURBLE_SECRETS_ERROR, BURBLE_SECRETS_ERROR_UNAVAILABLE))
    return "keyring-missing";
  if (g_error_matches (error, BURBLE_SECRETS_ERROR, BURBLE_SECRETS_ERROR_LOCKED))
    return "keyring-locked";
  return "keyring";
}

static void
ask (BurblePasswordKeeper *self, const char *reason)
{
  self->reason = reason;
  if (self->asking)
    return;
  self->asking = TRUE;
  g_signal_emit (self, signals[SIGNAL_NEEDED], 0, reason);
}

static void
secrets_looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurblePasswordKeeper) self = user_data;
  g_autoptr(GError) error = NULL;
  char *password = burble_secrets_lookup_finish (BURBLE_SECRETS (object), result, &error);

  self->looking = FALSE;
  if (self->connection == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      burble_secret_free (password);
      return;
    }
  /* Somebody may have told it meanwhile. */
  if (burble_connection_get_password (self->connection) == NULL && password != NULL)
    burble_connection_set_password (self->connection, password);
  burble_secret_free (password);
  if (burble_connection_get_password (self->connection) != NULL)
    {
      g_signal_emit (self, signals[SIGNAL_READY], 0);
    }
  else
    {
      if (error != NULL)
        g_message ("The keyring did not answer: %s", error->message);
      ask (self, error != NULL ? keyring_word (error) : NULL);
    }
}

static void
secrets_stored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurblePasswordKeeper) self = user_data;
  g_autoptr(GError) error = NULL;

  if (burble_secrets_store_finish (BURBLE_SECRETS (object), result, &error)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_message ("The keyring did not take the password: %s", error->message);
  g_signal_emit (self, signals[SIGNAL_NOT_KEPT], 0, keyring_word (error));
}

static void
burble_password_keeper_dispose (GObject *object)
{
  BurblePasswordKeeper *self = BURBLE_PASSWORD_KEEPER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->account);
  g_clear_object (&self->secrets);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (burble_password_keeper_parent_class)->dispose (object);
}

static void
burble_password_keeper_finalize (GObject *object)
{
  BurblePasswordKeeper *self = BURBLE_PASSWORD_KEEPER (object);

  g_object_unref (self->cancellable);

  G_OBJECT_CLASS (burble_password_keeper_parent_class)->finalize (object);
}

static void
burble_password_keeper_class_init (BurblePasswordKeeperClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_password_keeper_dispose;
  object_class->finalize = burble_password_keeper_finalize;

  signals[SIGNAL_READY] =
    g_signal_new ("ready", BURBLE_TYPE_PASSWORD_KEEPER, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_NEEDED] =
    g_signal_new ("needed", BURBLE_TYPE_PASSWORD_KEEPER, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_NOT_KEPT] =
    g_signal_new ("not-kept", BURBLE_TYPE_PASSWORD_KEEPER, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
burble_password_keeper_init (BurblePasswordKeeper *self)
{
  self->cancellable = g_cancellable_new ();
}

BurblePasswordKeeper *
burble_password_keeper_new (BurbleAccount    *account,
                            BurbleSecrets    *secrets,
                            BurbleConnection *connection)
{
  BurblePasswordKeeper *self = g_object_new (BURBLE_TYPE_PASSWORD_KEEPER, NULL);

  self->account = g_object_ref (account);
  self->secrets = g_object_ref (secrets);
  self->connection = g_object_ref (connection);
  return self;
}

void
burble_password_keeper_ensure (BurblePasswordKeeper *self, gboolean ask_again)
{
  g_return_if_fail (BURBLE_IS_PASSWORD_KEEPER (self));

  if (burble_connection_get_password (self->connection) != NULL)
    {
      g_signal_emit (self, signals[SIGNAL_READY], 0);
    }
  else if (self->asking)
    {
      if (ask_again)
        g_signal_emit (self, signals[SIGNAL_NEEDED], 0, self->reason);
    }
  else if (!self->looking)
    {
      self->looking = TRUE;
      burble_secrets_lookup_async (self->secrets, self->account, self->cancellable,
                                   secrets_looked_up_cb, g_object_ref (self));
    }
}

void
burble_password_keeper_provide (BurblePasswordKeeper *self, const char *password, gboolean remember)
{
  g_return_if_fail (BURBLE_IS_PASSWORD_KEEPER (self));

  if (password == NULL)
    return;
  self->asking = FALSE;
  self->remember = remember;
  burble_connection_set_password (self->connection, password);
  g_signal_emit (self, signals[SIGNAL_READY], 0);
}

void
burble_password_keeper_refused (BurblePasswordKeeper *self)
{
  g_return_if_fail (BURBLE_IS_PASSWORD_KEEPER (self));

  burble_connection_set_password (self->connection, NULL);
  self->remember = FALSE;
  ask (self, "password");
}

void
burble_password_keeper_confirmed (BurblePasswordKeeper *self)
{
  const char *password = NULL;

  g_return_if_fail (BURBLE_IS_PASSWORD_KEEPER (self));

  password = burble_connection_get_password (self->connection);
  if (!self->remember || password == NULL)
    return;
  self->remember = FALSE;
  burble_secrets_store_async (self->secrets, self->account, password, self->cancellable,
                              secrets_stored_cb, g_object_ref (self));
}
