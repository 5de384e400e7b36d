/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-server-cli.h"

#include <glib-unix.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

#include "burble-gurgle-id.h"
#include "burble-server-certificate.h"
#include "burble-server.h"
#include "burble-sqlite-storage.h"

static const char usage[] =
  "Usage:\n"
  "  burble-server init --domain DOMAIN [--data DIR] [--port PORT] [--listen ADDRESS]\n"
  "  burble-server run [--data DIR] [--port PORT] [--listen ADDRESS] [--register]\n"
  "                    [--plain] [--require-config]\n"
  "  burble-server user add NAME [--name NAME] [--bio TEXT] [--data DIR]\n"
  "  burble-server user password|disable|enable|delete NAME [--data DIR]\n"
  "  burble-server user list [--data DIR]\n"
  "\n"
  "Passwords are read from standard input. Without --data, everything is kept in\n"
  "$STATE_DIRECTORY or, for a person, in ~/.local/share/burble-server.\n";

gboolean
burble_server_cli_parse (const char    *summary,
                         GOptionEntry  *entries,
                         char         **data_dir,
                         int           *argc,
                         char        ***argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;
  const GOptionEntry common[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, data_dir, "Where everything is kept", "DIR" },
    G_OPTION_ENTRY_NULL,
  };

  name = g_strconcat ("burble-server ", (*argv)[0], NULL);
  g_set_prgname (name);
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, common, NULL);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      burble_server_cli_fail (error);
      return FALSE;
    }
  if (*data_dir == NULL)
    *data_dir = burble_server_default_data_dir ();
  return TRUE;
}

int
burble_server_cli_fail (const GError *error)
{
  g_printerr ("burble-server: %s\n", error->message);
  return EXIT_FAILURE;
}

static gboolean
create_storage (const BurbleServerConfig *config,
                GError                  **error)
{
  g_autofree char *path = burble_server_config_get_path (config, BURBLE_SERVER_DATABASE);
  g_autoptr(BurbleSqliteStorage) storage = burble_sqlite_storage_new (path, config->domain, 0,
                                                                      error);

  return storage != NULL;
}

static gboolean
create_certificate (const BurbleServerConfig *config,
                    GError                  **error)
{
  g_autofree char *certificate = burble_server_config_get_path (config, config->certificate);
  g_autofree char *key = burble_server_config_get_path (config, config->key);

  if (g_file_test (certificate, G_FILE_TEST_EXISTS) && g_file_test (key, G_FILE_TEST_EXISTS))
    return TRUE;
  return burble_server_certificate_create (config->domain, certificate, key, error);
}

static gboolean
check_domain (BurbleServerConfig *config,
              GError            **error)
{
  g_autoptr(BurbleGurgleId) id = burble_gurgle_id_new ("a", config->domain, NULL, error);

  if (id == NULL)
    return FALSE;
  g_set_str (&config->domain, burble_gurgle_id_get_domain (id));
  return TRUE;
}

/* The configuration is written last: where it is, the rest is too. */
static gboolean
create_all (BurbleServerConfig *config,
            GError            **error)
{
  if (!check_domain (config, error))
    return FALSE;
  if (g_mkdir_with_parents (config->data_dir, 0700) != 0)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "Cannot make “%s”", config->data_dir);
      return FALSE;
    }
  return create_certificate (config, error) && create_storage (config, error) &&
         burble_server_config_save (config, error);
}

static gboolean
print_fingerprint (const BurbleServerConfig *config,
                   GError                  **error)
{
  g_autofree char *path = burble_server_config_get_path (config, config->certificate);
  g_autofree char *fingerprint = burble_server_certificate_fingerprint (path, error);

  if (fingerprint == NULL)
    return FALSE;
  g_print ("certificate SHA-256 %s\n", fingerprint);
  return TRUE;
}

static gboolean
set_port (BurbleServerConfig *config,
          int                 port,
          GError            **error)
{
  if (port < 0)
    return TRUE;
  if (port > G_MAXUINT16)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%d is not a port", port);
      return FALSE;
    }
  config->port = (guint16) port;
  return TRUE;
}

int
burble_server_cli_init (int    argc,
                        char **argv)
{
  g_autofree char *data_dir = NULL;
  g_autofree char *domain = NULL;
  g_autofree char *listen = NULL;
  int port = -1;
  g_autoptr(BurbleServerConfig) config = NULL;
  g_autoptr(GError) error = NULL;
  GOptionEntry entries[] = {
    { "domain", 0, 0, G_OPTION_ARG_STRING, &domain, "The part of all ids behind the @", "DOMAIN" },
    { "port", 0, 0, G_OPTION_ARG_INT, &port, "Where to listen", "PORT" },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &listen, "The address to listen on", "ADDRESS" },
    G_OPTION_ENTRY_NULL,
  };

  if (!burble_server_cli_parse ("Prepares a server.", entries, &data_dir, &argc, &argv))
    return EXIT_FAILURE;
  if (domain == NULL)
    {
      g_printerr ("burble-server: init needs --domain\n");
      return EXIT_FAILURE;
    }
  config = burble_server_config_load (data_dir, NULL);
  if (config != NULL)
    {
      g_printerr ("burble-server: %s is the data of %s already\n", data_dir, config->domain);
      return EXIT_FAILURE;
    }
  config = burble_server_config_new (data_dir, domain);
  if (listen != NULL)
    g_set_str (&config->listen, listen);
  if (!set_port (config, port, &error) || !create_all (config, &error))
    return burble_server_cli_fail (error);
  g_print ("domain %s\ndata %s\n", config->domain, data_dir);
  if (!print_fingerprint (config, &error))
    return burble_server_cli_fail (error);
  return EXIT_SUCCESS;
}

/* What sd_notify() does, for a service of Type=notify. */
static void
notify_manager (const char *state)
{
  const char *path = g_getenv ("NOTIFY_SOCKET");
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gsize length = path != NULL ? strlen (path) : 0;
  int fd = -1;

  if (length < 2 || length >= sizeof address.sun_path)
    return;
  memcpy (address.sun_path, path, length);
  if (address.sun_path[0] == '@')
    address.sun_path[0] = '\0';
  fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return;
  if (sendto (fd, state, strlen (state), MSG_NOSIGNAL, (struct sockaddr *) &address,
              (socklen_t) (G_STRUCT_OFFSET (struct sockaddr_un, sun_path) + length)) < 0)
    g_warning ("Cannot notify the service manager");
  close (fd);
}

typedef struct
{
  BurbleServer *server;
  GMainLoop *loop;
} Running;

static void
stopped_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  burble_server_stop_finish (BURBLE_SERVER (object), result, NULL);
  g_main_loop_quit (user_data);
}

static gboolean
signal_cb (gpointer user_data)
{
  Running *running = user_data;

  notify_manager ("STOPPING=1");
  if (running->server != NULL)
    burble_server_stop_async (running->server, stopped_cb, running->loop);
  running->server = NULL;
  return G_SOURCE_CONTINUE;
}

static gboolean
reload_cb (gpointer user_data)
{
  Running *running = user_data;
  g_autoptr(GError) error = NULL;

  if (running->server == NULL)
    return G_SOURCE_CONTINUE;
  if (burble_server_reload_certificate (running->server, &error))
    g_printerr ("burble-server: new connections get the certificate as it is now\n");
  else
    g_printerr ("burble-server: the certificate stays as it was: %s\n", error->message);
  return G_SOURCE_CONTINUE;
}

static BurbleServerConfig *
load_or_create (const char *data_dir,
                gboolean    create,
                GError    **error)
{
  g_autoptr(GError) load_error = NULL;
  g_autoptr(BurbleServerConfig) config = burble_server_config_load (data_dir, &load_error);

  if (config != NULL)
    return g_steal_pointer (&config);
  if (!g_error_matches (load_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_propagate_error (error, g_steal_pointer (&load_error));
      return NULL;
    }
  if (!create)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                   "There is no server in %s yet: set one up with “burble-server init --domain "
                   "DOMAIN --data %s”", data_dir, data_dir);
      return NULL;
    }
  config = burble_server_config_new (data_dir, "localhost");
  if (!create_all (config, error))
    return NULL;
  g_printerr ("burble-server: there was no server in %s yet, so this is a new one for localhost, "
              "which only this machine can reach. For others, delete it and use “burble-server "
              "init --domain DOMAIN”.\n", data_dir);
  return g_steal_pointer (&config);
}

static int
serve (BurbleServerConfig *config)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(BurbleServer) server = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *address = g_strdup (config->listen);
  Running running = { NULL, loop };
  guint terminate_id = 0;
  guint interrupt_id = 0;
  guint reload_id = 0;

  server = burble_server_new (config, &error);
  if (server == NULL || !burble_server_listen (server, &error))
    return burble_server_cli_fail (error);
  running.server = server;
  /* A file that may not grow is a full disk: told to whoever asked, and no reason to die. */
  signal (SIGXFSZ, SIG_IGN);
  terminate_id = g_unix_signal_add (SIGTERM, signal_cb, &running);
  reload_id = g_unix_signal_add (SIGHUP, reload_cb, &running);
  interrupt_id = g_unix_signal_add (SIGINT, signal_cb, &running);
  g_print ("listening on %s%s%s:%u\n", strchr (address, ':') != NULL ? "[" : "", address,
           strchr (address, ':') != NULL ? "]" : "", burble_server_get_port (server));
  fflush (stdout);
  notify_manager ("READY=1");
  g_main_loop_run (loop);
  g_source_remove (terminate_id);
  g_source_remove (interrupt_id);
  g_source_remove (reload_id);
  /* What was answered by the storage while it was closed. */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  return EXIT_SUCCESS;
}

int
burble_server_cli_run (int    argc,
                       char **argv)
{
  g_autofree char *data_dir = NULL;
  g_autofree char *listen = NULL;
  gboolean plain = FALSE;
  gboolean open = FALSE;
  gboolean require = FALSE;
  int port = -1;
  g_autoptr(BurbleServerConfig) config = NULL;
  g_autoptr(GError) error = NULL;
  GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &port, "Where to listen; 0: any free port", "PORT" },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &listen, "The address to listen on", "ADDRESS" },
    { "register", 0, 0, G_OPTION_ARG_NONE, &open, "Let anybody make an account", NULL },
    { "require-config", 0, 0, G_OPTION_ARG_NONE, &require, "Fail where nothing was set up", NULL },
    { "plain", 0, 0, G_OPTION_ARG_NONE, &plain, "No TLS; for loopback addresses only", NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!burble_server_cli_parse ("Runs the server until it is told to stop.", entries, &data_dir,
                                &argc, &argv))
    return EXIT_FAILURE;
  config = load_or_create (data_dir, !require, &error);
  if (config == NULL)
    {
      burble_server_cli_fail (error);
      /* So that a service manager does not try again and again. */
      return require && g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? EX_CONFIG
                                                                                  : EXIT_FAILURE;
    }
  if (listen != NULL)
    g_set_str (&config->listen, listen);
  config->plain |= plain;
  config->register_ |= open;
  if (!set_port (config, port, &error))
    return burble_server_cli_fail (error);
  return serve (g_steal_pointer (&config));
}

int
burble_server_cli (int    argc,
                   char **argv)
{
  if (sodium_init () < 0)
    return EXIT_FAILURE;
  if (argc >= 2 && g_str_equal (argv[1], "init"))
    return burble_server_cli_init (argc - 1, argv + 1);
  if (argc >= 2 && g_str_equal (argv[1], "run"))
    return burble_server_cli_run (argc - 1, argv + 1);
  if (argc >= 2 && g_str_equal (argv[1], "user"))
    return burble_server_cli_user (argc - 1, argv + 1);
  if (argc >= 2 && g_str_equal (argv[1], "--version"))
    {
      g_print ("burble-server %s\n", BURBLE_VERSION);
      return EXIT_SUCCESS;
    }
  if (argc >= 2 && (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h")))
    {
      g_print ("%s", usage);
      return EXIT_SUCCESS;
    }
  g_printerr ("%s", usage);
  return EXIT_FAILURE;
}
