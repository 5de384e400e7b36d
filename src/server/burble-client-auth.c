/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-client-private.h"

#include <sodium.h>
#include <string.h>

#include "burble-frame.h"
#include "burble-username.h"

#define MAX_TRIES 5
#define MAX_TERMINALS 64

/* What is known of whoever is signing in. */
struct _BurbleSignIn
{
  BurbleGurglePacket *request;
  BurbleGurgleId *id;
  char *terminal;
  gint64 account;
  gint64 password_revision;
  gint64 revision; /* of all accounts, as it was known to the server in the beginning */
  BurbleAccountRow *row;
};

static void
sign_in_free (BurbleSignIn *sign_in)
{
  if (sign_in->request->auth.password != NULL)
    sodium_memzero (sign_in->request->auth.password, strlen (sign_in->request->auth.password));
  burble_gurgle_packet_unref (sign_in->request);
  burble_gurgle_id_unref (sign_in->id);
  g_clear_pointer (&sign_in->row, burble_account_row_free);
  g_free (sign_in->terminal);
  g_free (sign_in);
}

void
burble_client_cancel_sign_in (BurbleClient *self)
{
  g_clear_pointer (&self->sign_in, sign_in_free);
}

static void
answer (BurbleClient             *self,
        const BurbleGurglePacket *request,
        const char               *to,
        const char               *error,
        const char               *reason)
{
  g_autoptr(BurbleGurglePacket) packet = burble_gurgle_packet_new (BURBLE_GURGLE_AUTH_RESULT);

  burble_gurgle_packet_answer_to (packet, request);
  packet->auth_result.to = g_strdup (to);
  if (error != NULL)
    burble_gurgle_packet_set_error (packet, error, reason);
  burble_client_send (self, packet);
}

static void
refuse (BurbleClient *self,
        const char   *error,
        const char   *reason)
{
  if (self->user != NULL)
    burble_users_sign_out (self->server->users, self->user);
  self->user = NULL;
  answer (self, self->sign_in->request, burble_gurgle_id_get_full (self->sign_in->id), error,
          reason);
  burble_client_cancel_sign_in (self);
  self->state = BURBLE_CLIENT_ANONYMOUS;
  if (++self->n_errors >= MAX_TRIES)
    burble_client_kill (self, "too_many_errors", "Too many failed attempts.");
  else
    burble_client_update_pause (self);
}

static void
refuse_for_storage (BurbleClient *self)
{
  refuse (self, "storage", "The server cannot read its storage. Try again later.");
}

static void
checked_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BurbleClientRequest) request = user_data;
  BurbleStorageOp *op = burble_storage_get_op (result);
  const BurbleAccountRow *row = op->find.row;
  BurbleClient *self = request->client;

  if (!burble_storage_submit_finish (BURBLE_STORAGE (object), result, NULL) ||
      burble_client_is_gone (self))
    return;
  if (row == NULL || row->state != BURBLE_ACCOUNT_ACTIVE)
    burble_client_kill (self, "user_disable", "This account has been disabled.");
  else if (row->password_revision > self->user->password_revision)
    burble_client_kill (self, "password", "The password of this account was changed.");
}

/* The command line changed an account while this one was signing in: was it this one? */
static void
check_again (BurbleClient *self)
{
  BurbleStorageOp *op = burble_storage_op_new (BURBLE_STORAGE_FIND_ACCOUNT);

  op->find.username = g_strdup (self->user->username);
  burble_client_submit (self, op, checked_cb, NULL);
}

/* The connection that a network lost is often still open on this side. The later one stays. */
static void
replace_ghost (BurbleClient *self)
{
  burble_router_kick (self->server->router, self->sign_in->account, self->sign_in->terminal,
                      "replaced", "This terminal signed in again from elsewhere.");
}

static void
enter (BurbleClient *self)
{
  BurbleSignIn *sign_in = self->sign_in;
  g_autofree char *full_id = g_strconcat (self->user->bare_id, "/", sign_in->terminal, NULL);

  replace_ghost (self);
  if (self->server->revision != sign_in->revision)
    check_again (self);
  self->terminal.account = sign_in->account;
  self->terminal.name = g_steal_pointer (&sign_in->terminal);
  self->terminal.full_id = g_ref_string_new (full_id);
  self->state = BURBLE_CLIENT_ONLINE;
  self->n_errors = 0;
  burble_client_reset_allowance (self);
  burble_link_set_read_limit (self->link, BURBLE_FRAME_DEFAULT_LIMIT);
  answer (self, sign_in->request, full_id, NULL, NULL);
  burble_client_cancel_sign_in (self);
  burble_router_attach (self->server->router, &self->terminal);
  burble_server_client_signed_in (self->server, self);
  burble_client_update_pause (self);
}

static void
roster_loaded_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BurbleClientRequest) request = user_data;
  BurbleStorageOp *op = burble_storage_get_op (result);
  BurbleClient *self = request->client;
  BurbleUser *user = burble_users_find (self->server->users, op->load_roster.account);
  gboolean loaded = burble_storage_submit_finish (BURBLE_STORAGE (object), result, NULL);

  if (loaded && user != NULL)
    burble_user_load (user, op->load_roster.version, op->load_roster.rows);
  if (burble_client_is_gone (self))
    return;
  if (loaded)
    enter (self);
  else
    refuse_for_storage (self);
}

static void
terminal_opened_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(BurbleClientRequest) request = user_data;
  BurbleStorageOp *op = burble_storage_get_op (result);
  BurbleClient *self = request->client;

  if (!burble_storage_submit_finish (BURBLE_STORAGE (object), result, NULL))
    {
      if (!burble_client_is_gone (self))
        refuse_for_storage (self);
      return;
    }
  if (burble_client_is_gone (self))
    return;

  replace_ghost (self);
  self->cursor = op->open_terminal.cursor;
  self->position = op->open_terminal.cursor;
  self->receipt = op->open_terminal.receipt;
  self->user = burble_users_sign_in (self->server->users, op->open_terminal.account,
                                     burble_gurgle_id_get_username (self->sign_in->id));
  if (self->user->n_clients == 1)
    self->user->password_revision = self->sign_in->password_revision;
  if (self->server->active_users != NULL)
    g_set_str (&self->user->uuid, self->sign_in->row->uuid);
  if (self->user->n_clients > MAX_TERMINALS)
    refuse (self, "too_many_terminals", "This account is signed in too often already.");
  else if (self->user->loaded)
    {
      enter (self);
    }
  else
    {
      BurbleStorageOp *load = burble_storage_op_new (BURBLE_STORAGE_LOAD_ROSTER);

      load->load_roster.account = op->open_terminal.account;
      burble_client_submit (self, load, roster_loaded_cb, NULL);
    }
}

/* The wished terminal, or one that nobody else has. */
static char *
choose_terminal (BurbleGurgleId *id)
{
  const char *wished = burble_gurgle_id_get_terminal (id);
  guint32 number = 0;

  if (wished != NULL)
    return g_strdup (wished);
  number = randombytes_random ();
  return g_strdup_printf ("t-%08x", number);
}

static void
open_terminal (BurbleClient *self)
{
  BurbleSignIn *sign_in = self->sign_in;
  BurbleStorageOp *op = burble_storage_op_new (BURBLE_STORAGE_OPEN_TERMINAL);

  sign_in->terminal = choose_terminal (sign_in->id);
  op->open_terminal.account = sign_in->account;
  op->open_terminal.terminal = g_strdup (sign_in->terminal);
  burble_client_submit (self, op, terminal_opened_cb, NULL);
}

static void
succeed (BurbleClient *self)
{
  burble_throttle_succeed (self->server->throttle, self->address,
                           burble_gurgle_id_get_username (self->sign_in->id),
                           g_get_monotonic_time ());
}

static void
rehashed_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!burble_storage_submit_finish (BURBLE_STORAGE (object), result, &error))
    g_warning ("Cannot store a password hash: %s", error->message);
}

static void
verified_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BurbleClient) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *new_hash = NULL;
  gboolean right = burble_passwords_verify_finish (BURBLE_PASSWORDS (object), result, &new_hash,
                                                   &error);

  self->busy--;
  if (burble_client_is_gone (self))
    return;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    {
      refuse (self, "throttled", "The server is busy. Try again in a moment.");
    }
  else if (!right)
    {
      refuse (self, "password", "Incorrect username or password.");
    }
  else if (self->sign_in->row->state == BURBLE_ACCOUNT_DISABLED)
    {
      succeed (self);
      refuse (self, "user_disable", "This account has been disabled.");
    }
  else
    {
      succeed (self);
      if (new_hash != NULL)
        {
          BurbleStorageOp *op = burble_storage_op_new (BURBLE_STORAGE_SET_PASSWORD);

          op->set_password.username = g_strdup (self->sign_in->row->username);
          op->set_password.password = g_steal_pointer (&new_hash);
          op->set_password.quiet = TRUE;
          burble_storage_submit_async (self->server->storage, op, rehashed_cb, NULL);
        }
      self->sign_in->account = self->sign_in->row->account;
      self->sign_in->password_revision = self->sign_in->row->password_revision;
      open_terminal (self);
    }
  burble_server_client_settled (self->server, self);
}

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BurbleClientRequest) request = user_data;
  BurbleStorageOp *op = burble_storage_get_op (result);
  BurbleClient *self = request->client;
  const char *hash = NULL;

  if (!burble_storage_submit_finish (BURBLE_STORAGE (object), result, NULL))
    {
      if (!burble_client_is_gone (self))
        refuse_for_storage (self);
      return;
    }
  if (burble_client_is_gone (self))
    return;
  self->sign_in->row = g_steal_pointer (&op->find.row);
  if (self->sign_in->row != NULL)
    hash = self->sign_in->row->password;
  self->busy++;
  burble_passwords_verify_async (self->server->passwords, hash,
                                 self->sign_in->request->auth.password, verified_cb,
                                 burble_client_ref (self));
}

/* Looks at what both ways in have in common; FALSE: it was answered. */
static gboolean
begin (BurbleClient       *self,
       BurbleGurglePacket *packet)
{
  g_autoptr(BurbleGurgleId) id = NULL;
  const char *error = NULL;
  const char *reason = NULL;
  guint wait = 0;

  id = burble_client_parse_id (self, packet->auth.from, &error, &reason);
  if (id == NULL)
    {
      answer (self, packet, NULL, error, reason);
      if (++self->n_errors >= MAX_TRIES)
        burble_client_kill (self, "too_many_errors", "Too many failed attempts.");
      return FALSE;
    }
  wait = burble_throttle_begin (self->server->throttle, self->address,
                                burble_gurgle_id_get_username (id), g_get_monotonic_time ());
  if (wait > 0)
    {
      g_autofree char *sentence =
        g_strdup_printf ("Too many attempts. Try again in %u seconds.", wait);

      answer (self, packet, NULL, "throttled", sentence);
      if (++self->n_errors >= MAX_TRIES)
        burble_client_kill (self, "too_many_errors", "Too many failed attempts.");
      return FALSE;
    }
  self->sign_in = g_new0 (BurbleSignIn, 1);
  self->sign_in->request = burble_gurgle_packet_ref (packet);
  self->sign_in->id = g_steal_pointer (&id);
  self->sign_in->revision = self->server->revision;
  self->state = BURBLE_CLIENT_AUTHENTICATING;
  burble_client_update_pause (self);
  return TRUE;
}

void
burble_client_auth (BurbleClient       *self,
                    BurbleGurglePacket *packet)
{
  BurbleStorageOp *op = NULL;

  if (packet->auth.method != NULL && !g_str_equal (packet->auth.method, "plain"))
    {
      answer (self, packet, NULL, "unsupported", "This server only knows the method “plain”.");
      return;
    }
  if (packet->auth.password == NULL || strlen (packet->auth.password) > BURBLE_PASSWORD_MAX_LENGTH)
    {
      answer (self, packet, NULL, "password", "Incorrect username or password.");
      return;
    }
  if (!begin (self, packet))
    return;
  op = burble_storage_op_new (BURBLE_STORAGE_FIND_ACCOUNT);
  op->find.username = g_strdup (burble_gurgle_id_get_username (self->sign_in->id));
  burble_client_submit (self, op, found_cb, NULL);
}

static void
added_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BurbleClientRequest) request = user_data;
  g_autoptr(GError) error = NULL;
  BurbleStorageOp *op = burble_storage_get_op (result);
  BurbleClient *self = request->client;
  gboolean added = burble_storage_submit_finish (BURBLE_STORAGE (object), result, &error);

  if (burble_client_is_gone (self))
    return;
  if (added)
    {
      self->sign_in->row = g_steal_pointer (&op->add.row);
      self->sign_in->account = self->sign_in->row->account;
      self->sign_in->password_revision = self->sign_in->row->password_revision;
      open_terminal (self);
    }
  else if (g_error_matches (error, BURBLE_STORAGE_ERROR, BURBLE_STORAGE_ERROR_EXISTS))
    {
      refuse (self, "exists", "Somebody has this name already.");
    }
  else
    {
      refuse_for_storage (self);
    }
}

static void
hashed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BurbleClient) self = user_data;
  g_autofree char *hash = burble_passwords_hash_finish (BURBLE_PASSWORDS (object), result, NULL);
  BurbleStorageOp *op = NULL;

  self->busy--;
  if (burble_client_is_gone (self))
    return;
  if (hash == NULL)
    {
      refuse (self, "throttled", "The server is busy. Try again in a moment.");
      return;
    }
  op = burble_storage_op_new (BURBLE_STORAGE_ADD_ACCOUNT);
  op->add.username = g_strdup (burble_gurgle_id_get_username (self->sign_in->id));
  op->add.password = g_steal_pointer (&hash);
  burble_client_submit (self, op, added_cb, NULL);
}

/* TRUE: it was answered. An id that cannot be read is left to begin(). */
static gboolean
refuse_username (BurbleClient             *self,
                 const BurbleGurglePacket *packet)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleGurgleId) id = NULL;

  if (packet->auth.from != NULL)
    id = burble_gurgle_id_parse (packet->auth.from, NULL);
  if (id == NULL || burble_username_check (burble_gurgle_id_get_username (id), &error))
    return FALSE;
  answer (self, packet, NULL, "bad_id", error->message);
  if (++self->n_errors >= MAX_TRIES)
    burble_client_kill (self, "too_many_errors", "Too many failed attempts.");
  return TRUE;
}

/* Each registration counts as an attempt of its address, successful or not. */
void
burble_client_register (BurbleClient       *self,
                        BurbleGurglePacket *packet)
{
  if (!self->server->config->register_)
    {
      answer (self, packet, NULL, "registration_closed",
              "This server does not let people register.");
      return;
    }
  if (packet->auth.password == NULL ||
      g_utf8_strlen (packet->auth.password, -1) < BURBLE_PASSWORD_MIN_LENGTH)
    {
      answer (self, packet, NULL, "bad_password", "A password has at least 8 characters.");
      return;
    }
  if (strlen (packet->auth.password) > BURBLE_PASSWORD_MAX_LENGTH)
    {
      answer (self, packet, NULL, "bad_password", "A password has at most 1024 bytes.");
      return;
    }
  if (refuse_username (self, packet) || !begin (self, packet))
    return;
  self->busy++;
  burble_passwords_hash_async (self->server->passwords, packet->auth.password, hashed_cb,
                               burble_client_ref (self));
}
