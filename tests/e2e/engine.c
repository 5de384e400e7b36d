/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-e2e-engine"

#include "config.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "burble-gurgle-connection.h"
#include "burble-secrets.h"
#include "burble-session.h"
#include "burble-store.h"

/*
 * The engine as a process of its own, so that it can be killed: signs in, befriends one person and
 * tells them numbered messages until standard input says "stop". Prints "try N" before a message
 * is handed in and "queued N" once it is promised to be on disk; "online", "sending", "stopped".
 */

static struct
{
  char *db;
  char *address;
  char *host;
  int port;
  char *pin;
  char *peer;
  char *prefix;
  int next;
  int interval;
} options = { .next = 1, .interval = 4 };

typedef struct
{
  BurbleSession *session;
  BurbleAccount *account;
  BurbleContact *friend;
  GMainLoop *loop;
  guint timer;
  gboolean stopping;
} Engine;

static void
say (const char *word,
     int         number)
{
  if (number > 0)
    printf ("%s %d\n", word, number);
  else
    printf ("%s\n", word);
  fflush (stdout);
}

static BurbleConnection *
make_connection (const char                     *network,
                 const BurbleConnectionSettings *settings,
                 gpointer                        user_data)
{
  BurbleConnection *connection = burble_gurgle_connection_new (settings);

  /* A server that keeps dying is asked less and less often; here it dies fifty times a minute. */
  g_object_set (connection, "retry-ceiling", 500, NULL);
  return connection;
}

static void
queued_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleMessage) message = burble_session_send_finish (BURBLE_SESSION (object), result,
                                                                 &error);

  if (message == NULL)
    g_printerr ("message %d was not kept: %s\n", GPOINTER_TO_INT (user_data), error->message);
  else
    say ("queued", GPOINTER_TO_INT (user_data));
}

static gboolean
send_cb (gpointer user_data)
{
  Engine *engine = user_data;
  BurbleConversation *chat = burble_session_ensure_conversation (engine->session, engine->friend);
  int number = options.next++;
  g_autofree char *text = g_strdup_printf ("%s-%06d", options.prefix, number);

  say ("try", number);
  burble_session_send_async (engine->session, chat, text, NULL, NULL, NULL, queued_cb,
                             GINT_TO_POINTER (number));
  return G_SOURCE_CONTINUE;
}

static void
roster_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!burble_session_roster_finish (BURBLE_SESSION (object), result, &error))
    g_printerr ("contact: %s\n", error->message);
}

/* Sending does not wait for the network: that is the point. It needs the contact once. */
static void
look_around (Engine *engine)
{
  if (engine->friend == NULL)
    {
      engine->friend = burble_session_find_contact (engine->session, engine->account,
                                                    options.peer);
      if (engine->friend != NULL)
        g_signal_connect_swapped (engine->friend, "notify::asks", G_CALLBACK (look_around),
                                  engine);
    }
  if (engine->friend != NULL && burble_contact_get_asks (engine->friend))
    burble_session_accept_contact_async (engine->session, engine->friend, NULL, roster_cb, NULL);
  if (engine->friend != NULL && engine->timer == 0 && !engine->stopping)
    {
      engine->timer = g_timeout_add (options.interval, send_cb, engine);
      say ("sending", 0);
    }
}

static void
state_cb (Engine *engine)
{
  if (burble_account_get_state (engine->account) != BURBLE_ACCOUNT_ONLINE)
    return;
  say ("online", 0);
  look_around (engine);
  if (engine->friend == NULL)
    burble_session_add_contact_async (engine->session, engine->account, options.peer, NULL, NULL,
                                      roster_cb, NULL);
}

static void
password_needed_cb (BurbleSession *session,
                    BurbleAccount *account,
                    const char    *reason,
                    gpointer       user_data)
{
  if (reason == NULL || !g_str_equal (reason, "password"))
    burble_session_provide_password (session, account, g_getenv ("BURBLE_E2E_PASSWORD"), FALSE);
}

static void
added_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!burble_session_add_account_finish (BURBLE_SESSION (object), result, &error))
    g_printerr ("account: %s\n", error->message);
}

static void
watch_account (Engine        *engine,
               BurbleAccount *account)
{
  engine->account = g_object_ref (account);
  g_signal_connect_swapped (account, "notify::state", G_CALLBACK (state_cb), engine);
  state_cb (engine);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Engine *engine = user_data;
  GListModel *accounts = burble_session_get_accounts (engine->session);
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleAccount) account = NULL;

  if (!burble_session_load_finish (engine->session, result, &error))
    {
      g_printerr ("load: %s\n", error->message);
      g_main_loop_quit (engine->loop);
      return;
    }
  account = g_list_model_get_item (accounts, 0);
  if (account != NULL)
    {
      watch_account (engine, account);
      look_around (engine);
      return;
    }
  account = burble_account_new (NULL, "gurgle", options.address);
  burble_account_set_host (account, options.host);
  burble_account_set_port (account, options.port);
  burble_account_set_pin (account, options.pin);
  burble_account_set_enabled (account, TRUE);
  burble_account_set_status (account, BURBLE_STATUS_AVAILABLE);
  watch_account (engine, account);
  burble_session_add_account_async (engine->session, account, g_getenv ("BURBLE_E2E_PASSWORD"),
                                    FALSE, FALSE, NULL, NULL, added_cb, NULL);
}

static gboolean
input_cb (int          fd,
          GIOCondition condition,
          gpointer     user_data)
{
  Engine *engine = user_data;
  char buffer[64] = { 0 };
  gssize length = read (fd, buffer, sizeof buffer - 1);

  if (length <= 0)
    {
      g_main_loop_quit (engine->loop);
      return G_SOURCE_REMOVE;
    }
  if (strstr (buffer, "stop") != NULL)
    {
      engine->stopping = TRUE;
      g_clear_handle_id (&engine->timer, g_source_remove);
      say ("stopped", 0);
    }
  return G_SOURCE_CONTINUE;
}

int
main (int   argc,
      char *argv[])
{
  const GOptionEntry entries[] = {
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &options.db, NULL, NULL },
    { "address", 0, 0, G_OPTION_ARG_STRING, &options.address, NULL, NULL },
    { "host", 0, 0, G_OPTION_ARG_STRING, &options.host, NULL, NULL },
    { "port", 0, 0, G_OPTION_ARG_INT, &options.port, NULL, NULL },
    { "pin", 0, 0, G_OPTION_ARG_STRING, &options.pin, NULL, NULL },
    { "peer", 0, 0, G_OPTION_ARG_STRING, &options.peer, NULL, NULL },
    { "prefix", 0, 0, G_OPTION_ARG_STRING, &options.prefix, NULL, NULL },
    { "next", 0, 0, G_OPTION_ARG_INT, &options.next, NULL, NULL },
    { "interval", 0, 0, G_OPTION_ARG_INT, &options.interval, NULL, NULL },
    { NULL },
  };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleStore) store = NULL;
  g_autoptr(BurbleSecrets) secrets = NULL;
  Engine engine = { 0 };

  g_log_writer_default_set_use_stderr (TRUE); /* standard output is read by the test */
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  store = burble_store_new (options.db);
  secrets = burble_secrets_new_memory ();
  engine.loop = g_main_loop_new (NULL, FALSE);
  engine.session = burble_session_new (store, secrets, make_connection, NULL);
  burble_session_set_terminal (engine.session, options.prefix);
  g_signal_connect (engine.session, "password-needed", G_CALLBACK (password_needed_cb), NULL);
  g_signal_connect_swapped (burble_session_get_contacts (engine.session), "items-changed",
                            G_CALLBACK (look_around), &engine);
  burble_session_load_async (engine.session, NULL, loaded_cb, &engine);
  g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, input_cb, &engine);
  g_main_loop_run (engine.loop);
  g_clear_handle_id (&engine.timer, g_source_remove);
  g_signal_handlers_disconnect_by_data (burble_session_get_contacts (engine.session), &engine);
  if (engine.account != NULL)
    g_signal_handlers_disconnect_by_data (engine.account, &engine);
  if (engine.friend != NULL)
    g_signal_handlers_disconnect_by_data (engine.friend, &engine);
  g_clear_object (&engine.account);
  g_clear_object (&engine.session);
  g_clear_pointer (&engine.loop, g_main_loop_unref);
  return 0;
}
