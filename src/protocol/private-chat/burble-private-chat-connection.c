/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-private-chat-connection"

#include "config.h"

#include "burble-private-chat-connection.h"

#include <string.h>

#include "burble-private-chat-connection-private.h"
#include "burble-private-chat-name.h"
#include "burble-private-chat-place.h"

/*
 * Opening and closing. Signing in makes a session key; the pages name the people, the dialogs and
 * the place of the sockets; a first socket has to answer before anybody is told that we are online,
 * for a site takes a socket with a dead key and closes it only then.
 */

/* The list of people changes seldom: once in so many looks at who is online. */
#define PEOPLE_EVERY 10

G_DEFINE_FINAL_TYPE_WITH_CODE (BurblePrivateChatConnection, burble_private_chat_connection,
  BURBLE_TYPE_CONNECTION,
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_ROSTER_CHANNEL, burble_private_chat_roster_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_PRESENCE_CHANNEL, burble_private_chat_presence_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_MESSAGE_CHANNEL, burble_private_chat_message_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_TYPING_CHANNEL, burble_private_chat_typing_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_RECEIPT_CHANNEL, burble_private_chat_receipt_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_HISTORY_CHANNEL, burble_private_chat_history_iface_init)
  G_IMPLEMENT_INTERFACE (BURBLE_TYPE_DIRECTORY_CHANNEL, burble_private_chat_directory_iface_init))

typedef enum
{
  PROP_ANSWER_TIMEOUT = 1,
  PROP_POLL_INTERVAL,
  PROP_CLOSE_TIMEOUT,
  PROP_TRUST_TIME,
} BurblePrivateChatConnectionProperty;

static GParamSpec *properties[PROP_TRUST_TIME + 1];

static void sign_in (BurblePrivateChatConnection *self);
static void start (BurblePrivateChatConnection *self);

/* Names. */

char *
burble_private_chat_connection_make_id (BurblePrivateChatConnection *self, const char *username)
{
  return g_strconcat (username, "@", self->site, NULL);
}

/* NULL: nobody of this site. */
char *
burble_private_chat_connection_get_username (BurblePrivateChatConnection *self, const char *id)
{
  const char *at = id != NULL ? strrchr (id, '@') : NULL;
  g_autofree char *username = NULL;

  if (at == NULL || self->site == NULL || g_ascii_strcasecmp (at + 1, self->site) != 0)
    return NULL;
  username = g_strndup (id, at - id);
  return burble_private_chat_name_is_valid (username) ? g_steal_pointer (&username) : NULL;
}

gboolean
burble_private_chat_connection_check (BurblePrivateChatConnection *self, GTask *task)
{
  if (self->online)
    return TRUE;
  g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                                   "Not connected");
  return FALSE;
}

BurblePrivateChatPair *
burble_private_chat_connection_get_pair (BurblePrivateChatConnection *self, const char *username)
{
  BurblePrivateChatPair *pair = g_hash_table_lookup (self->pairs, username);

  if (pair == NULL)
    {
      pair = g_new0 (BurblePrivateChatPair, 1);
      pair->connection = self;
      pair->username = g_strdup (username);
      g_queue_init (&pair->waiting);
      g_hash_table_insert (self->pairs, pair->username, pair);
    }
  return pair;
}

/* Ending. */

/* Nothing of the link is left but sockets that say good-bye. */
static void
drop_link (BurblePrivateChatConnection *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->confirm_source, g_source_remove);
  g_clear_handle_id (&self->poll_source, g_source_remove);
  self->online = FALSE;
  self->looking = FALSE;
  self->proving = 0;
  g_queue_clear_full (&self->held, (GDestroyNotify) burble_private_chat_held_free);
  self->inbox = NULL;
  burble_private_chat_messages_failed (self);
  burble_private_chat_history_failed (self);
  g_hash_table_remove_all (self->pairs);
  g_hash_table_remove_all (self->present);
  g_clear_pointer (&self->writer, burble_private_chat_writer_free);
}

void
burble_private_chat_connection_lose (BurblePrivateChatConnection *self, const GError *error)
{
  g_autoptr(BurblePrivateChatConnection) alive = g_object_ref (self);
  g_autoptr(GError) why = error != NULL ? g_error_copy (error) : NULL;

  drop_link (self);
  burble_connection_lost (BURBLE_CONNECTION (self), why);
}

/* The site does not know the session key: nothing is to be sent with it ever again. */
void
burble_private_chat_connection_refused (BurblePrivateChatConnection *self)
{
  g_autoptr(GError) error = NULL;

  if (self->writer != NULL)
    burble_private_chat_writer_revoke (self->writer);
  burble_private_chat_web_forget_session (self->web);
  if (!self->online && !self->signed_in_anew)
    {
      drop_link (self);
      self->cancellable = g_cancellable_new ();
      self->signed_in_anew = TRUE;
      sign_in (self);
      return;
    }
  error = g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_KILLED,
                               "The site ended the session");
  burble_private_chat_connection_lose (self, error);
}

void
burble_private_chat_left (BurblePrivateChatConnection *self)
{
  if (self->leaving->len > 0)
    return;
  g_clear_handle_id (&self->leaving_source, g_source_remove);
  if (self->closing)
    {
      self->closing = FALSE;
      burble_connection_closed (BURBLE_CONNECTION (self));
    }
  else if (self->waiting_to_open)
    {
      self->waiting_to_open = FALSE;
      start (self);
    }
}

static void
leaving_timeout_cb (gpointer user_data)
{
  BurblePrivateChatConnection *self = user_data;

  self->leaving_source = 0;
  for (guint i = 0; i < self->leaving->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->leaving, i), self);
  g_ptr_array_set_size (self->leaving, 0);
  burble_private_chat_left (self);
}

static void
wait_for_leaving (BurblePrivateChatConnection *self)
{
  if (self->leaving->len > 0 && self->leaving_source == 0)
    self->leaving_source = g_timeout_add_once (self->close_timeout, leaving_timeout_cb, self);
  burble_private_chat_left (self);
}

static void
burble_private_chat_connection_close (BurbleConnection *connection)
{
  BurblePrivateChatConnection *self = BURBLE_PRIVATE_CHAT_CONNECTION (connection);

  /* A site tells nobody that a socket closed. */
  if (self->online && self->inbox != NULL)
    burble_private_chat_pair_write (self->inbox,
                                    burble_private_chat_writer_offline (self->writer, NULL));
  drop_link (self);
  self->waiting_to_open = FALSE;
  self->closing = TRUE;
  wait_for_leaving (self);
}

/* Opening. */

/* "alice@chat.example.org", "alice@localhost:8000"; Django's names may have an @ of their own. */
static gboolean
read_address (BurblePrivateChatConnection *self, const BurbleConnectionSettings *settings)
{
  const char *at = settings->address != NULL ? strrchr (settings->address, '@') : NULL;
  g_autofree char *own = at != NULL ? g_strndup (settings->address, at - settings->address) : NULL;
  g_autoptr(GUri) base = NULL;
  gboolean same = FALSE;

  if (!burble_private_chat_name_is_valid (own) || at[1] == '\0'
      || strpbrk (at + 1, " \t\r\n?#\\") != NULL)
    return FALSE;
  base = burble_private_chat_find_site (settings, at + 1);
  if (base == NULL)
    return FALSE;
  same = g_strcmp0 (own, self->own) == 0 && g_strcmp0 (at + 1, self->site) == 0;
  if (!same)
    {
      g_hash_table_remove_all (self->refs);
      g_hash_table_remove_all (self->arrived);
      g_hash_table_remove_all (self->unsure);
      g_hash_table_remove_all (self->seen);
      g_hash_table_remove_all (self->told);
      self->highest = 0;
      self->latest = 0;
    }
  g_set_str (&self->own, own);
  g_set_str (&self->site, at + 1);
  /* A key is for the site that gave it. */
  if (!same || self->web == NULL
      || g_strcmp0 (g_uri_get_host (burble_private_chat_web_get_base (self->web)),
                    g_uri_get_host (base)) != 0
      || g_uri_get_port (burble_private_chat_web_get_base (self->web)) != g_uri_get_port (base)
      || g_strcmp0 (g_uri_get_scheme (burble_private_chat_web_get_base (self->web)),
                    g_uri_get_scheme (base)) != 0)
    {
      g_clear_object (&self->web);
      self->web = burble_private_chat_web_new (base, settings->pin);
    }
  burble_private_chat_web_set_pin (self->web, settings->pin);
  return TRUE;
}

gboolean
burble_private_chat_connection_take_error (BurblePrivateChatConnection *self, const GError *error)
{
  const BurbleConnectionSettings *settings = NULL;
  GTlsCertificate *certificate = NULL;
  GTlsCertificateFlags errors = 0;
  g_autoptr(GError) wrapped = NULL;

  if (error == NULL)
    return FALSE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return TRUE;
  certificate = burble_private_chat_web_get_certificate (self->web, &errors);
  if (certificate != NULL && error->domain == G_TLS_ERROR)
    {
      settings = burble_connection_get_settings (BURBLE_CONNECTION (self));
      wrapped = g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_CERTIFICATE,
                                     error->message);
      burble_connection_certificate_problem (BURBLE_CONNECTION (self), certificate, errors,
                                             settings->pin != NULL);
    }
  burble_private_chat_connection_lose (self, wrapped != NULL ? wrapped : error);
  return TRUE;
}

static void
lose_with (BurblePrivateChatConnection *self, BurbleProtocolError code, const char *message)
{
  g_autoptr(GError) error = g_error_new_literal (BURBLE_PROTOCOL_ERROR, code, message);

  burble_private_chat_connection_lose (self, error);
}

static gboolean
poll_cb (gpointer user_data)
{
  BurblePrivateChatConnection *self = user_data;
  g_autoptr(GPtrArray) pairs = NULL;

  if (!burble_private_chat_writer_is_live (self->writer))
    {
      /* It is old: the site may forget it soon. */
      burble_private_chat_connection_refused (self);
      return G_SOURCE_REMOVE;
    }
  pairs = g_hash_table_get_values_as_ptr_array (self->pairs);
  for (guint i = 0; i < pairs->len; i++)
    burble_private_chat_pair_check_online (g_ptr_array_index (pairs, i));
  if (++self->polls % PEOPLE_EVERY == 0)
    burble_private_chat_people_refresh (self);
  return G_SOURCE_CONTINUE;
}

/* The first socket answered: the key is good. */
void
burble_private_chat_connection_confirm (BurblePrivateChatConnection *self)
{
  g_autoptr(BurblePrivateChatConnection) alive = g_object_ref (self);

  g_clear_handle_id (&self->confirm_source, g_source_remove);
  self->online = TRUE;
  /* Who asks for what was missed waits for the pages. */
  self->reading_pages = TRUE;
  self->poll_source = g_timeout_add (self->poll_interval, poll_cb, self);
  burble_connection_set_capabilities (
    BURBLE_CONNECTION (self), BURBLE_CAPABILITY_ROSTER | BURBLE_CAPABILITY_PRESENCE
    | BURBLE_CAPABILITY_MESSAGES | BURBLE_CAPABILITY_TYPING | BURBLE_CAPABILITY_RECEIPTS
    | BURBLE_CAPABILITY_HISTORY | BURBLE_CAPABILITY_DIRECTORY | BURBLE_CAPABILITY_PEOPLE);
  burble_connection_opened (BURBLE_CONNECTION (self));
  if (self->online && self->inbox != NULL && self->status != BURBLE_PEER_INVISIBLE)
    burble_private_chat_pair_write (self->inbox,
                                    burble_private_chat_writer_online (self->writer, NULL));
  if (self->online)
    burble_private_chat_people_reset (self);
  if (self->online)
    burble_private_chat_history_start (self);
}

/* Where nobody has a name that a socket could be opened for, nothing can answer. */
static void
confirm_cb (gpointer user_data)
{
  BurblePrivateChatConnection *self = user_data;

  self->confirm_source = 0;
  burble_private_chat_connection_confirm (self);
}

static void
open_inbox (BurblePrivateChatConnection *self)
{
  const char *opponent = burble_private_chat_name_has_path (self->own) ? self->own : NULL;
  GHashTableIter iter;
  gpointer name = NULL;

  g_hash_table_iter_init (&iter, self->people);
  while (opponent == NULL && g_hash_table_iter_next (&iter, &name, NULL))
    if (burble_private_chat_name_has_path (name))
      opponent = name;
  if (opponent == NULL)
    {
      self->confirm_source = g_timeout_add_once (self->answer_timeout, confirm_cb, self);
      return;
    }
  self->inbox = burble_private_chat_connection_get_pair (self, opponent);
  burble_private_chat_pair_open (self->inbox);
}

static void
got_dialogs_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurblePrivateChatConnection) self = user_data;
  BurblePrivateChatWeb *web = BURBLE_PRIVATE_CHAT_WEB (object);
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePrivateChatAnswer) answer =
    burble_private_chat_web_get_finish (web, result, &error);
  g_autoptr(BurblePrivateChatPage) page = NULL;
  const BurbleConnectionSettings *settings =
    burble_connection_get_settings (BURBLE_CONNECTION (self));
  g_autoptr(GError) problem = NULL;

  if (burble_private_chat_connection_take_error (self, error))
    return;
  if (answer->status == SOUP_STATUS_FOUND)
    {
      burble_private_chat_connection_refused (self);
      return;
    }
  page = g_steal_pointer (&answer->page);
  if (page == NULL && !self->asked_own)
    {
      /* The page of the first dialog is an error where there is none. Ours with ourselves is seen
       * by nobody else. */
      g_autofree char *path = burble_private_chat_dialog_path (self->own);

      self->asked_own = TRUE;
      burble_private_chat_web_get_async (web, path, self->cancellable, got_dialogs_cb,
                                         g_object_ref (self));
      return;
    }
  if (page != NULL && page->owner != NULL)
    g_set_str (&self->own, page->owner);
  burble_private_chat_writer_add_user (self->writer, self->own);
  g_clear_pointer (&self->sockets, g_free);
  self->sockets =
    burble_private_chat_find_sockets (burble_private_chat_web_get_base (self->web),
                                      settings->websocket, page != NULL ? page->websocket : NULL,
                                      &problem);
  if (self->sockets == NULL)
    {
      burble_private_chat_connection_lose (self, problem);
      return;
    }
  if (page != NULL)
    burble_private_chat_history_prepare (self, page);
  open_inbox (self);
}

static void
got_people_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurblePrivateChatConnection) self = user_data;
  BurblePrivateChatWeb *web = BURBLE_PRIVATE_CHAT_WEB (object);
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePrivateChatAnswer) answer =
    burble_private_chat_web_get_finish (web, result, &error);
  g_autoptr(BurblePrivateChatPage) page = NULL;

  if (burble_private_chat_connection_take_error (self, error))
    return;
  if (answer->status == SOUP_STATUS_FOUND && !self->signed_in_anew)
    {
      /* The key that we still had is dead. */
      burble_private_chat_web_forget_session (web);
      self->signed_in_anew = TRUE;
      sign_in (self);
      return;
    }
  page = g_steal_pointer (&answer->page);
  if (page == NULL)
    {
      lose_with (self, BURBLE_PROTOCOL_ERROR_BAD_DATA, "The site has no list of people");
      return;
    }
  g_clear_pointer (&self->writer, burble_private_chat_writer_free);
  self->writer =
    burble_private_chat_writer_new (burble_private_chat_web_get_session_key (self->web),
                                    burble_private_chat_web_get_expiry (self->web));
  self->proved = g_get_monotonic_time ();
  burble_private_chat_people_take (self, page);
  self->asked_own = FALSE;
  burble_private_chat_web_get_async (web, "dialogs/", self->cancellable, got_dialogs_cb,
                                     g_object_ref (self));
}

static void
get_people (BurblePrivateChatConnection *self)
{
  self->people_asked = g_get_monotonic_time ();
  burble_private_chat_web_get_async (self->web, "", self->cancellable, got_people_cb,
                                     g_object_ref (self));
}

static void
signed_in_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurblePrivateChatConnection) self = user_data;
  g_autoptr(GError) error = NULL;

  burble_private_chat_web_sign_in_finish (BURBLE_PRIVATE_CHAT_WEB (object), result, &error);
  if (!burble_private_chat_connection_take_error (self, error))
    {
      self->signed_in_anew = TRUE;
      get_people (self);
    }
}

static void
sign_in (BurblePrivateChatConnection *self)
{
  burble_private_chat_web_sign_in_async (self->web, self->own,
                                         burble_connection_get_password (BURBLE_CONNECTION (self)),
                                         self->cancellable, signed_in_cb, g_object_ref (self));
}

static void
start (BurblePrivateChatConnection *self)
{
  BurbleConnection *connection = BURBLE_CONNECTION (self);
  const BurbleConnectionSettings *settings = burble_connection_get_settings (connection);

  if (!read_address (self, settings))
    {
      lose_with (self, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS, "Not an address of such a site");
      return;
    }
  if (burble_connection_get_register (connection, NULL))
    {
      lose_with (self, BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED,
                 "Accounts are made by whoever runs the site");
      return;
    }
  if (burble_connection_get_password (connection) == NULL)
    {
      lose_with (self, BURBLE_PROTOCOL_ERROR_PASSWORD, "A password is needed");
      return;
    }
  self->cancellable = g_cancellable_new ();
  self->signed_in_anew = FALSE;
  if (burble_private_chat_web_get_session_key (self->web) != NULL)
    get_people (self);
  else
    sign_in (self);
}

static void
burble_private_chat_connection_open (BurbleConnection *connection)
{
  BurblePrivateChatConnection *self = BURBLE_PRIVATE_CHAT_CONNECTION (connection);

  self->waiting_to_open = TRUE;
  wait_for_leaving (self);
}

static void
burble_private_chat_connection_probe (BurbleConnection *connection)
{
  BurblePrivateChatConnection *self = BURBLE_PRIVATE_CHAT_CONNECTION (connection);

  if (self->inbox != NULL)
    burble_private_chat_pair_check_online (self->inbox);
}

/* The object. */

static void
burble_private_chat_connection_dispose (GObject *object)
{
  BurblePrivateChatConnection *self = BURBLE_PRIVATE_CHAT_CONNECTION (object);

  drop_link (self);
  self->waiting_to_open = FALSE;
  self->closing = FALSE;
  g_clear_handle_id (&self->leaving_source, g_source_remove);
  for (guint i = 0; i < self->leaving->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->leaving, i), self);
  g_ptr_array_set_size (self->leaving, 0);
  g_clear_object (&self->web);

  G_OBJECT_CLASS (burble_private_chat_connection_parent_class)->dispose (object);
}

static void
burble_private_chat_connection_finalize (GObject *object)
{
  BurblePrivateChatConnection *self = BURBLE_PRIVATE_CHAT_CONNECTION (object);

  g_free (self->own);
  g_free (self->site);
  g_free (self->sockets);
  g_hash_table_unref (self->refs);
  g_hash_table_unref (self->arrived);
  g_hash_table_unref (self->unsure);
  g_hash_table_unref (self->seen);
  g_hash_table_unref (self->told);
  g_hash_table_unref (self->people);
  g_hash_table_unref (self->present);
  g_hash_table_unref (self->pairs);
  g_hash_table_unref (self->sending);
  g_ptr_array_unref (self->catch_ups);
  g_ptr_array_unref (self->leaving);

  G_OBJECT_CLASS (burble_private_chat_connection_parent_class)->finalize (object);
}

static guint *
timeout_of (BurblePrivateChatConnection *self, guint prop_id)
{
  switch ((BurblePrivateChatConnectionProperty) prop_id)
    {
    case PROP_ANSWER_TIMEOUT:
      return &self->answer_timeout;
    case PROP_POLL_INTERVAL:
      return &self->poll_interval;
    case PROP_CLOSE_TIMEOUT:
      return &self->close_timeout;
    case PROP_TRUST_TIME:
      return &self->trust_time;
    default:
      return NULL;
    }
}

static void
burble_private_chat_connection_get_property (GObject    *object,
                                             guint       prop_id,
                                             GValue     *value,
                                             GParamSpec *pspec)
{
  const guint *timeout = timeout_of (BURBLE_PRIVATE_CHAT_CONNECTION (object), prop_id);

  if (timeout != NULL)
    g_value_set_uint (value, *timeout);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
burble_private_chat_connection_set_property (GObject      *object,
                                             guint         prop_id,
                                             const GValue *value,
                                             GParamSpec   *pspec)
{
  guint *timeout = timeout_of (BURBLE_PRIVATE_CHAT_CONNECTION (object), prop_id);

  if (timeout != NULL)
    *timeout = g_value_get_uint (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
burble_private_chat_connection_class_init (BurblePrivateChatConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  BurbleConnectionClass *connection_class = BURBLE_CONNECTION_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = burble_private_chat_connection_dispose;
  object_class->finalize = burble_private_chat_connection_finalize;
  object_class->get_property = burble_private_chat_connection_get_property;
  object_class->set_property = burble_private_chat_connection_set_property;
  connection_class->open = burble_private_chat_connection_open;
  connection_class->close = burble_private_chat_connection_close;
  connection_class->probe = burble_private_chat_connection_probe;

  properties[PROP_ANSWER_TIMEOUT] =
    g_param_spec_uint ("answer-timeout", NULL, NULL, 1, G_MAXINT, 10 * 1000, flags);
  properties[PROP_POLL_INTERVAL] =
    g_param_spec_uint ("poll-interval", NULL, NULL, 1, G_MAXINT, 30 * 1000, flags);
  properties[PROP_CLOSE_TIMEOUT] =
    g_param_spec_uint ("close-timeout", NULL, NULL, 1, G_MAXINT, 1500, flags);
  properties[PROP_TRUST_TIME] =
    g_param_spec_uint ("trust-time", NULL, NULL, 1, G_MAXINT, 60 * 1000, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
burble_private_chat_connection_init (BurblePrivateChatConnection *self)
{
  self->status = BURBLE_PEER_AVAILABLE;
  self->refs = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->arrived = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->unsure = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->told = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->present = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->pairs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                       (GDestroyNotify) burble_private_chat_pair_free);
  self->sending = g_hash_table_new (g_str_hash, g_str_equal);
  self->catch_ups = g_ptr_array_new_with_free_func (g_object_unref);
  self->leaving = g_ptr_array_new_with_free_func (g_object_unref);
  g_queue_init (&self->unread_pages);
  g_queue_init (&self->held);
}

/**
 * burble_private_chat_connection_new:
 * @settings: the address, at least
 *
 * Returns: (transfer full): a connection that is offline
 */
BurbleConnection *
burble_private_chat_connection_new (const BurbleConnectionSettings *settings)
{
  BurbleConnection *self = NULL;

  g_return_val_if_fail (settings != NULL, NULL);

  self = g_object_new (BURBLE_TYPE_PRIVATE_CHAT_CONNECTION, NULL);
  burble_connection_set_settings (self, settings);
  return self;
}
