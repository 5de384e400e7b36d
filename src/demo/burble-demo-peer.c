/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-demo"

#include "config.h"

#include "burble-demo-peer.h"

#include <string.h>

#include "burble-gurgle-connection.h"
#include "burble-secrets.h"
#include "burble-store.h"

#define REACTION_MS 700        /* before typing shows */
#define PER_CHARACTER_MS 35
#define LONGEST_TYPING_MS 4000
#define REQUEST_AFTER_S 12

struct _BurbleDemoPeer
{
  GObject parent_instance;

  const BurbleDemoPerson *person;
  BurbleSession *session;
  BurbleAccount *account;
  char *password;
  GCancellable *cancellable;

  gboolean day_started;
  guint step;
  guint turn;
  guint day_source;
  GPtrArray *answers; /* (element-type Answer) under way */
};

G_DEFINE_FINAL_TYPE (BurbleDemoPeer, burble_demo_peer, G_TYPE_OBJECT)

/* An answer that is being thought about, then typed. */
typedef struct
{
  BurbleDemoPeer *peer; /* not owned: the peer owns its answers */
  BurbleConversation *conversation;
  char *text;
  guint source;
} Answer;

static void
answer_free (Answer *answer)
{
  g_clear_handle_id (&answer->source, g_source_remove);
  g_clear_object (&answer->conversation);
  g_free (answer->text);
  g_free (answer);
}

/**
 * burble_demo_make_connection:
 * @network: only `gurgle` is known here
 * @settings: where to connect and as whom
 * @user_data: not used
 *
 * A #BurbleConnectionFactory.
 *
 * Returns: (transfer full) (nullable): a connection that is not connected yet
 */
BurbleConnection *
burble_demo_make_connection (const char                     *network,
                             const BurbleConnectionSettings *settings,
                             gpointer                        user_data)
{
  return g_str_equal (network, "gurgle") ? burble_gurgle_connection_new (settings) : NULL;
}

/**
 * burble_demo_account_new:
 * @username: the part of the address before the `@`
 * @name: the display name
 * @server: where the demo's server listens, and its pin
 *
 * Returns: (transfer full): an account on the demo's server that wants to be available
 */
BurbleAccount *
burble_demo_account_new (const char             *username,
                         const char             *name,
                         const BurbleDemoServer *server)
{
  g_autofree char *address = g_strconcat (username, "@", BURBLE_DEMO_DOMAIN, NULL);
  g_autofree char *uid = g_uuid_string_random ();
  BurbleAccount *account = burble_account_new (uid, "gurgle", address);

  burble_account_set_name (account, name);
  burble_account_set_enabled (account, TRUE);
  burble_account_set_host (account, server->host);
  burble_account_set_port (account, server->port);
  burble_account_set_pin (account, server->pin);
  burble_account_set_status (account, BURBLE_STATUS_AVAILABLE);
  return account;
}

static void
roster_done_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!burble_session_roster_finish (BURBLE_SESSION (object), result, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("A change of the contacts was refused: %s", error->message);
}

/* --- whoever asks is welcome --- */

static void
asks_cb (BurbleDemoPeer *self,
         GParamSpec     *pspec,
         BurbleContact  *contact)
{
  if (burble_contact_get_asks (contact))
    burble_session_accept_contact_async (self->session, contact, self->cancellable,
                                         roster_done_cb, NULL);
}

static void
contacts_changed_cb (BurbleDemoPeer *self,
                     guint           position,
                     guint           removed,
                     guint           added,
                     GListModel     *contacts)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(BurbleContact) contact = g_list_model_get_item (contacts, i);

      g_signal_handlers_disconnect_by_func (contact, asks_cb, self);
      g_signal_connect_object (contact, "notify::asks", G_CALLBACK (asks_cb), self,
                               G_CONNECT_SWAPPED);
      asks_cb (self, NULL, contact);
    }
}

/* --- answering --- */

static void
sent_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleMessage) message = burble_session_send_finish (BURBLE_SESSION (object), result,
                                                                 &error);

  if (message == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("An answer was not kept: %s", error->message);
}

static gboolean
say_cb (gpointer user_data)
{
  Answer *answer = user_data;
  BurbleDemoPeer *self = answer->peer;

  answer->source = 0;
  burble_session_set_typing (self->session, answer->conversation, FALSE);
  burble_session_send_async (self->session, answer->conversation, answer->text, NULL, NULL,
                             self->cancellable, sent_cb, NULL);
  g_ptr_array_remove (self->answers, answer);
  return G_SOURCE_REMOVE;
}

static gboolean
type_cb (gpointer user_data)
{
  Answer *answer = user_data;
  guint length = MIN (g_utf8_strlen (answer->text, -1) * PER_CHARACTER_MS, LONGEST_TYPING_MS);

  burble_session_set_typing (answer->peer->session, answer->conversation, TRUE);
  answer->source = g_timeout_add (length, say_cb, answer);
  return G_SOURCE_REMOVE;
}

static void
message_arrived_cb (BurbleDemoPeer     *self,
                    BurbleConversation *conversation,
                    BurbleMessage      *message)
{
  BurbleContact *contact = burble_conversation_get_contact (conversation);
  Answer *answer = NULL;

  burble_session_mark_all_read (self->session, conversation);
  if (!self->day_started || burble_contact_get_kind (contact) == BURBLE_CONTACT_ROOM)
    return;
  if (burble_account_get_status (self->account) == BURBLE_STATUS_DND && self->turn % 2 == 1)
    {
      self->turn++;
      return; /* read, but busy: people are like that */
    }
  answer = g_new0 (Answer, 1);
  answer->peer = self;
  answer->conversation = g_object_ref (conversation);
  answer->text = burble_demo_answer (self->person, burble_message_get_text (message),
                                     self->turn++);
  answer->source = g_timeout_add (REACTION_MS, type_cb, answer);
  g_ptr_array_add (self->answers, answer);
}

/* --- the day --- */

static gboolean
step_cb (gpointer user_data)
{
  BurbleDemoPeer *self = user_data;
  const BurbleDemoStep *step = &self->person->day[self->step];

  if (step->seconds == 0)
    {
      self->step = 0;
      step = &self->person->day[0];
    }
  self->step++;
  burble_session_set_presence (self->session, self->account, step->status, step->mood);
  self->day_source = g_timeout_add_seconds (step->seconds, step_cb, self);
  return G_SOURCE_REMOVE;
}

static gboolean
ask_cb (gpointer user_data)
{
  BurbleDemoPeer *self = user_data;

  burble_session_add_contact_async (self->session, self->account,
                                    BURBLE_DEMO_USER "@" BURBLE_DEMO_DOMAIN, NULL,
                                    self->cancellable, roster_done_cb, NULL);
  self->step = 0;
  return step_cb (self);
}

/**
 * burble_demo_peer_start_day:
 * @self: a peer, once
 *
 * From now on the presence changes, messages are answered, and the person asks to be added if they
 * are one who does.
 */
void
burble_demo_peer_start_day (BurbleDemoPeer *self)
{
  g_return_if_fail (BURBLE_IS_DEMO_PEER (self));
  g_return_if_fail (!self->day_started);

  self->day_started = TRUE;
  if (self->person->asks)
    self->day_source = g_timeout_add_seconds (REQUEST_AFTER_S, ask_cb, self);
  else
    step_cb (self);
}

/* --- signing in --- */

static void
added_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!burble_session_add_account_finish (BURBLE_SESSION (object), result, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("A person of the demo could not sign in: %s", error->message);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BurbleDemoPeer) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!burble_session_load_finish (BURBLE_SESSION (object), result, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_warning ("The store of a person of the demo did not open: %s", error->message);
      return;
    }
  burble_session_add_account_async (self->session, self->account, self->password, TRUE, FALSE,
                                    NULL, self->cancellable, added_cb, NULL);
}

/**
 * burble_demo_peer_sign_in:
 * @self: a peer who was not signed in before
 * @server: where the demo's server listens, and its pin
 * @password: the password of the person's account
 *
 * Starts to sign in; [property@Account:state] of the peer's account tells when that is done.
 */
void
burble_demo_peer_sign_in (BurbleDemoPeer         *self,
                          const BurbleDemoServer *server,
                          const char             *password)
{
  g_return_if_fail (BURBLE_IS_DEMO_PEER (self));
  g_return_if_fail (self->account == NULL);

  self->account = burble_demo_account_new (self->person->username, self->person->name, server);
  self->password = g_strdup (password);
  burble_session_load_async (self->session, self->cancellable, loaded_cb, g_object_ref (self));
}

/**
 * burble_demo_peer_get_account:
 * @self: a peer
 *
 * Returns: (transfer none) (nullable): the account, %NULL before burble_demo_peer_sign_in()
 */
BurbleAccount *
burble_demo_peer_get_account (BurbleDemoPeer *self)
{
  return self->account;
}

BurbleSession *
burble_demo_peer_get_session (BurbleDemoPeer *self)
{
  return self->session;
}

static void
burble_demo_peer_dispose (GObject *object)
{
  BurbleDemoPeer *self = BURBLE_DEMO_PEER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->day_source, g_source_remove);
  g_clear_pointer (&self->answers, g_ptr_array_unref);
  g_clear_object (&self->session);
  g_clear_object (&self->account);
  G_OBJECT_CLASS (burble_demo_peer_parent_class)->dispose (object);
}

static void
burble_demo_peer_finalize (GObject *object)
{
  BurbleDemoPeer *self = BURBLE_DEMO_PEER (object);

  g_clear_object (&self->cancellable);
  g_free (self->password);
  G_OBJECT_CLASS (burble_demo_peer_parent_class)->finalize (object);
}

static void
burble_demo_peer_class_init (BurbleDemoPeerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_demo_peer_dispose;
  object_class->finalize = burble_demo_peer_finalize;
}

static void
burble_demo_peer_init (BurbleDemoPeer *self)
{
  self->cancellable = g_cancellable_new ();
  self->answers = g_ptr_array_new_with_free_func ((GDestroyNotify) answer_free);
}

/**
 * burble_demo_peer_new:
 * @person: (transfer none): whom to be; must outlive the peer
 * @directory: where the peer's store is made
 *
 * Returns: (transfer full): somebody who is not signed in yet
 */
BurbleDemoPeer *
burble_demo_peer_new (const BurbleDemoPerson *person,
                      const char             *directory)
{
  g_autoptr(BurbleDemoPeer) self = g_object_new (BURBLE_TYPE_DEMO_PEER, NULL);
  g_autofree char *name = g_strconcat (person->username, ".db", NULL);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr(BurbleStore) store = burble_store_new (path);
  g_autoptr(BurbleSecrets) secrets = burble_secrets_new_memory ();

  self->person = person;
  self->session = burble_session_new (store, secrets, burble_demo_make_connection, NULL);
  burble_session_set_terminal (self->session, person->terminal);
  g_signal_connect_object (self->session, "message-arrived", G_CALLBACK (message_arrived_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (burble_session_get_contacts (self->session), "items-changed",
                           G_CALLBACK (contacts_changed_cb), self, G_CONNECT_SWAPPED);
  return g_steal_pointer (&self);
}
