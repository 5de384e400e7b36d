/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-e2e-peer"

#include "config.h"

#include <gio/gunixinputstream.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "burble-enum-types.h"
#include "burble-gurgle-connection.h"
#include "burble-secrets.h"
#include "burble-session.h"
#include "burble-store.h"

/*
 * The other person of a test: the engine without a window. A line on standard input is a command
 * (see commands[]), a line on standard output something that happened:
 *
 *   online, offline                    the own account
 *   asks ID                            wants to be added
 *   contact ID STATUS MOOD             somebody's presence
 *   gone ID                            is no contact any more
 *   typing ID on, typing ID off
 *   heard ID TEXT
 *   state STATE TEXT                   of the last message said
 *   done COMMAND, failed COMMAND WHY
 */

typedef struct
{
  BurbleSession *session;
  BurbleAccount *account;
  GMainLoop *loop;
  GDataInputStream *input;
  GPtrArray *said; /* (element-type BurbleMessage) whose states are told */
  gboolean online;
} Peer;

static struct
{
  char *db;
  char *address;
  char *name;
  char *host;
  int port;
  char *pin;
} options;

static const char *
nick (gpointer type_class, int value)
{
  g_autoptr(GEnumClass) klass = type_class;

  return g_enum_get_value (klass, value)->value_nick;
}

G_GNUC_PRINTF (1, 2)
static void
tell (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  vprintf (format, arguments);
  va_end (arguments);
  putchar ('\n');
  fflush (stdout);
}

static BurbleConnection *
make_connection (const char *network, const BurbleConnectionSettings *settings, gpointer user_data)
{
  BurbleConnection *connection = burble_gurgle_connection_new (settings);

  /* The server goes away and comes back within a test. */
  g_object_set (connection, "retry-ceiling", 200, NULL);
  return connection;
}

/* What happens */

static void
account_state_cb (Peer *peer)
{
  gboolean online = burble_account_get_state (peer->account) == BURBLE_ACCOUNT_ONLINE;

  if (online != peer->online)
    tell (online ? "online" : "offline");
  peer->online = online;
}

static void
contact_notify_cb (BurbleContact *contact)
{
  const char *mood = burble_contact_get_mood (contact);

  if (burble_contact_get_asks (contact))
    tell ("asks %s", burble_contact_get_id (contact));
  else
    tell ("contact %s %s %s", burble_contact_get_id (contact),
          nick (g_type_class_ref (BURBLE_TYPE_STATUS), (int) burble_contact_get_status (contact)),
          mood != NULL ? mood : "");
}

static void
contact_roster_cb (BurbleContact *contact)
{
  if (!burble_contact_get_in_roster (contact))
    tell ("gone %s", burble_contact_get_id (contact));
}

static void
contacts_changed_cb (GListModel *contacts, guint position, guint removed, guint added,
                     gpointer user_data)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(BurbleContact) contact = g_list_model_get_item (contacts, i);

      g_signal_connect (contact, "notify::asks", G_CALLBACK (contact_notify_cb), NULL);
      g_signal_connect (contact, "notify::status", G_CALLBACK (contact_notify_cb), NULL);
      g_signal_connect (contact, "notify::mood", G_CALLBACK (contact_notify_cb), NULL);
      g_signal_connect (contact, "notify::in-roster", G_CALLBACK (contact_roster_cb), NULL);
      contact_notify_cb (contact);
    }
}

static void
typing_cb (BurbleConversation *chat)
{
  tell ("typing %s %s", burble_contact_get_id (burble_conversation_get_contact (chat)),
        burble_conversation_get_typing (chat) != NULL ? "on" : "off");
}

static void
chats_changed_cb (GListModel *chats, guint position, guint removed, guint added, gpointer user_data)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(BurbleConversation) chat = g_list_model_get_item (chats, i);

      g_signal_connect (chat, "notify::typing", G_CALLBACK (typing_cb), NULL);
    }
}

static void
arrived_cb (BurbleSession *session, BurbleConversation *chat, BurbleMessage *message)
{
  tell ("heard %s %s", burble_contact_get_id (burble_conversation_get_contact (chat)),
        burble_message_get_text (message));
}

static void
message_state_cb (BurbleMessage *message)
{
  tell ("state %s %s", nick (g_type_class_ref (BURBLE_TYPE_MESSAGE_STATE),
                             (int) burble_message_get_state (message)),
        burble_message_get_text (message));
}

/* What is to be done */

static void
said_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Peer *peer = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleMessage) message = burble_session_send_finish (BURBLE_SESSION (object), result,
                                                                 &error);

  if (message == NULL)
    {
      tell ("failed say %s", error->message);
      return;
    }
  g_signal_connect (message, "notify::state", G_CALLBACK (message_state_cb), NULL);
  message_state_cb (message);
  g_ptr_array_add (peer->said, g_steal_pointer (&message));
}

static void
roster_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  const char *command = user_data;
  g_autoptr(GError) error = NULL;

  if (burble_session_roster_finish (BURBLE_SESSION (object), result, &error))
    tell ("done %s", command);
  else
    tell ("failed %s %s", command, error->message);
}

static BurbleConversation *
chat_with (Peer *peer, const char *id)
{
  BurbleContact *contact = burble_session_find_contact (peer->session, peer->account, id);

  return contact != NULL ? burble_session_ensure_conversation (peer->session, contact) : NULL;
}

static void
say_command (Peer *peer, const char *id, const char *text)
{
  BurbleConversation *chat = chat_with (peer, id);

  if (chat == NULL)
    tell ("failed say nobody");
  else
    burble_session_send_async (peer->session, chat, text, NULL, NULL, NULL, said_cb, peer);
}

static void
add_command (Peer *peer, const char *id, const char *rest)
{
  burble_session_add_contact_async (peer->session, peer->account, id, NULL, NULL, roster_cb,
                                    (gpointer) "add");
}

static void
join_command (Peer *peer, const char *id, const char *rest)
{
  burble_session_join_room_async (peer->session, peer->account, id, NULL, NULL, roster_cb,
                                  (gpointer) "join");
}

static void
accept_command (Peer *peer, const char *id, const char *rest)
{
  BurbleContact *contact = burble_session_find_contact (peer->session, peer->account, id);

  if (contact == NULL)
    tell ("failed accept nobody");
  else
    burble_session_accept_contact_async (peer->session, contact, NULL, roster_cb,
                                         (gpointer) "accept");
}

static void
presence_command (Peer *peer, const char *word, const char *mood)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (BURBLE_TYPE_STATUS);
  GEnumValue *value = g_enum_get_value_by_nick (klass, word);

  if (value == NULL)
    tell ("failed presence %s", word);
  else
    burble_session_set_presence (peer->session, peer->account, (BurbleStatus) value->value, mood);
}

static void
typing_command (Peer *peer, const char *id, const char *state)
{
  BurbleConversation *chat = chat_with (peer, id);

  if (chat == NULL)
    tell ("failed typing nobody");
  else
    burble_session_set_typing (peer->session, chat, g_str_equal (state, "on"));
}

static void
read_command (Peer *peer, const char *id, const char *rest)
{
  BurbleConversation *chat = chat_with (peer, id);

  if (chat == NULL)
    tell ("failed read nobody");
  else
    burble_session_mark_all_read (peer->session, chat);
}

static void
shut_down_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Peer *peer = user_data;

  burble_session_shutdown_finish (BURBLE_SESSION (object), result, NULL);
  g_main_loop_quit (peer->loop);
}

static const struct
{
  const char *name;
  void (*run) (Peer *peer, const char *first, const char *rest);
} commands[] = {
  { "accept", accept_command },     /* ID */
  { "add", add_command },           /* ID */
  { "join", join_command },         /* ID of a room */
  { "presence", presence_command }, /* STATUS MOOD */
  { "read", read_command },         /* ID: everything */
  { "say", say_command },           /* ID TEXT */
  { "typing", typing_command },     /* ID on|off */
};

static void
obey (Peer *peer, const char *line)
{
  g_auto(GStrv) words = g_strsplit (line, " ", 3);
  const char *first = words[0] != NULL && words[1] != NULL ? words[1] : "";
  const char *rest = *first != '\0' && words[2] != NULL ? words[2] : "";

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_strcmp0 (words[0], commands[i].name) == 0)
      {
        commands[i].run (peer, first, rest);
        return;
      }
  tell ("failed %s unknown", line);
}

/* The end of the input ends the peer, so that it never outlives its test. */
static void
line_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Peer *peer = user_data;
  g_autofree char *line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (object),
                                                                result, NULL, NULL);

  if (line == NULL || g_str_equal (line, "quit"))
    {
      burble_session_shutdown_async (peer->session, NULL, shut_down_cb, peer);
      return;
    }
  obey (peer, line);
  g_data_input_stream_read_line_async (peer->input, G_PRIORITY_DEFAULT, NULL, line_cb, peer);
}

/* The beginning */

static void
password_needed_cb (BurbleSession *session, BurbleAccount *account, const char *reason)
{
  if (g_strcmp0 (reason, "password") != 0)
    burble_session_provide_password (session, account, g_getenv ("BURBLE_E2E_PASSWORD"), FALSE);
}

static void
added_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  if (!burble_session_add_account_finish (BURBLE_SESSION (object), result, &error))
    tell ("failed sign-in %s", error->message);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Peer *peer = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleAccount) account = NULL;

  if (!burble_session_load_finish (peer->session, result, &error))
    g_error ("load: %s", error->message);
  account = g_list_model_get_item (burble_session_get_accounts (peer->session), 0);
  if (account != NULL)
    {
      g_set_object (&peer->account, account);
      g_signal_connect_swapped (account, "notify::state", G_CALLBACK (account_state_cb), peer);
      account_state_cb (peer);
      return;
    }
  account = burble_account_new (NULL, "gurgle", options.address);
  burble_account_set_name (account, options.name);
  burble_account_set_host (account, options.host);
  burble_account_set_port (account, (guint) options.port);
  burble_account_set_pin (account, options.pin);
  g_set_object (&peer->account, account);
  g_signal_connect_swapped (account, "notify::state", G_CALLBACK (account_state_cb), peer);
  burble_session_add_account_async (peer->session, account, g_getenv ("BURBLE_E2E_PASSWORD"), FALSE,
                                    FALSE, NULL, NULL, added_cb, peer);
}

int
main (int argc, char *argv[])
{
  const GOptionEntry entries[] = {
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &options.db, NULL, NULL },
    { "address", 0, 0, G_OPTION_ARG_STRING, &options.address, NULL, NULL },
    { "name", 0, 0, G_OPTION_ARG_STRING, &options.name, NULL, NULL },
    { "host", 0, 0, G_OPTION_ARG_STRING, &options.host, NULL, NULL },
    { "port", 0, 0, G_OPTION_ARG_INT, &options.port, NULL, NULL },
    { "pin", 0, 0, G_OPTION_ARG_STRING, &options.pin, NULL, NULL },
    { NULL },
  };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleStore) store = NULL;
  g_autoptr(BurbleSecrets) secrets = NULL;
  g_autoptr(GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  Peer peer = { NULL };

  g_log_writer_default_set_use_stderr (TRUE);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  store = burble_store_new (options.db);
  secrets = burble_secrets_new_memory ();
  peer.loop = g_main_loop_new (NULL, FALSE);
  peer.said = g_ptr_array_new_with_free_func (g_object_unref);
  peer.input = g_data_input_stream_new (input);
  peer.session = burble_session_new (store, secrets, make_connection, NULL);
  burble_session_set_terminal (peer.session, "peer");
  g_signal_connect (peer.session, "password-needed", G_CALLBACK (password_needed_cb), NULL);
  g_signal_connect (peer.session, "message-arrived", G_CALLBACK (arrived_cb), NULL);
  g_signal_connect (burble_session_get_contacts (peer.session), "items-changed",
                    G_CALLBACK (contacts_changed_cb), NULL);
  g_signal_connect (burble_session_get_conversations (peer.session), "items-changed",
                    G_CALLBACK (chats_changed_cb), NULL);
  burble_session_load_async (peer.session, NULL, loaded_cb, &peer);
  g_data_input_stream_read_line_async (peer.input, G_PRIORITY_DEFAULT, NULL, line_cb, &peer);
  g_main_loop_run (peer.loop);

  g_clear_object (&peer.account);
  g_clear_object (&peer.session);
  g_clear_object (&peer.input);
  g_ptr_array_unref (peer.said);
  g_main_loop_unref (peer.loop);
  return 0;
}
