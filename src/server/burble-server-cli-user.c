/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-server-cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "burble-gurgle-id.h"
#include "burble-passwords.h"
#include "burble-server-config.h"
#include "burble-sqlite-storage.h"
#include "burble-username.h"

typedef struct
{
  BurbleServerConfig *config;
  BurbleStorage *storage;
} Admin;

static void
admin_clear (Admin *admin)
{
  if (admin->storage != NULL)
    burble_sqlite_storage_close (BURBLE_SQLITE_STORAGE (admin->storage));
  g_clear_object (&admin->storage);
  g_clear_pointer (&admin->config, burble_server_config_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Admin, admin_clear)

static void
done_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Does one op and waits for it; the result holds its outputs. */
static GAsyncResult *
perform (Admin           *admin,
         BurbleStorageOp *op,
         GError         **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  burble_storage_submit_async (admin->storage, op, done_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (!burble_storage_submit_finish (admin->storage, result, error))
    return NULL;
  return g_steal_pointer (&result);
}

/* The running server looks what changed. */
static void
touch (Admin *admin)
{
  g_autofree char *path = burble_server_config_get_path (admin->config, BURBLE_SERVER_TOUCH_FILE);
  int fd = open (path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

  if (fd >= 0)
    close (fd);
}

static gboolean
open_admin (Admin      *admin,
            const char *data_dir,
            GError    **error)
{
  g_autofree char *path = NULL;

  admin->config = burble_server_config_load (data_dir, error);
  if (admin->config == NULL)
    return FALSE;
  path = burble_server_config_get_path (admin->config, BURBLE_SERVER_DATABASE);
  admin->storage = BURBLE_STORAGE (burble_sqlite_storage_new (path, admin->config->domain, 0,
                                                              error));
  return admin->storage != NULL;
}

/* Whoever is asked for a password may leave instead; the terminal must not stay silent then. */
static const int leaving[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

static struct termios echoing;
static struct sigaction before[G_N_ELEMENTS (leaving)];

static void
leave_cb (int number)
{
  tcsetattr (STDIN_FILENO, TCSANOW, &echoing);
  /* Reset by SA_RESETHAND: it does now what it does to others. */
  raise (number);
}

static void
silence_terminal (void)
{
  struct sigaction action = { .sa_handler = leave_cb, .sa_flags = SA_RESETHAND };
  struct termios silent;

  tcgetattr (STDIN_FILENO, &echoing);
  for (guint i = 0; i < G_N_ELEMENTS (leaving); i++)
    {
      sigaction (leaving[i], NULL, &before[i]);
      if (before[i].sa_handler != SIG_IGN)
        sigaction (leaving[i], &action, NULL);
    }
  silent = echoing;
  silent.c_lflag &= ~(tcflag_t) ECHO;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &silent);
}

static void
wake_terminal (void)
{
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &echoing);
  for (guint i = 0; i < G_N_ELEMENTS (leaving); i++)
    sigaction (leaving[i], &before[i], NULL);
}

/* Silent on a terminal; anything else is read as it comes, one line. */
static char *
read_password (GError **error)
{
  char line[BURBLE_PASSWORD_MAX_LENGTH + 2] = "";
  gboolean is_terminal = isatty (STDIN_FILENO);
  char *password = NULL;

  if (is_terminal)
    {
      silence_terminal ();
      g_printerr ("Password: ");
    }
  if (fgets (line, sizeof line, stdin) == NULL)
    line[0] = '\0';
  if (is_terminal)
    {
      wake_terminal ();
      g_printerr ("\n");
    }
  line[strcspn (line, "\r\n")] = '\0';
  if (!g_utf8_validate (line, -1, NULL) || g_utf8_strlen (line, -1) < BURBLE_PASSWORD_MIN_LENGTH)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "A password has at least %d characters", BURBLE_PASSWORD_MIN_LENGTH);
  else
    password = g_strdup (line);
  sodium_memzero (line, sizeof line);
  return password;
}

static char *
read_hash (Admin   *admin,
           GError **error)
{
  g_autoptr(BurblePasswords) passwords = burble_passwords_new (admin->config->operations,
                                                               admin->config->memory_kib);
  char *password = read_password (error);
  char *hash = password != NULL ? burble_passwords_hash (passwords, password, error) : NULL;

  if (password != NULL)
    sodium_memzero (password, strlen (password));
  g_free (password);
  return hash;
}

static gboolean
list (Admin   *admin,
      GError **error)
{
  g_autoptr(GAsyncResult) result = perform (admin,
                                            burble_storage_op_new (BURBLE_STORAGE_LIST_ACCOUNTS),
                                            error);
  BurbleStorageOp *op = NULL;

  if (result == NULL)
    return FALSE;
  op = burble_storage_get_op (result);
  for (guint i = 0; i < op->list.rows->len; i++)
    {
      const BurbleAccountRow *row = g_ptr_array_index (op->list.rows, i);

      g_print ("%s%s\n", row->username,
               row->state == BURBLE_ACCOUNT_DISABLED ? " (disabled)" : "");
    }
  return TRUE;
}

static gboolean
purge (Admin   *admin,
       gint64   account,
       GError **error)
{
  gboolean more = TRUE;

  while (more)
    {
      g_autoptr(GAsyncResult) result = NULL;
      BurbleStorageOp *op = burble_storage_op_new (BURBLE_STORAGE_PURGE_ACCOUNT);

      op->purge.account = account;
      result = perform (admin, op, error);
      if (result == NULL)
        return FALSE;
      more = burble_storage_get_op (result)->purge.more;
    }
  return TRUE;
}

static gboolean
change (Admin           *admin,
        BurbleStorageOp *op,
        GError         **error)
{
  g_autoptr(GAsyncResult) result = perform (admin, op, error);
  BurbleStorageOp *done = NULL;

  if (result == NULL)
    return FALSE;
  touch (admin);
  done = burble_storage_get_op (result);
  return done->type != BURBLE_STORAGE_DELETE_ACCOUNT ||
         purge (admin, done->remove.account, error);
}

static BurbleStorageOp *
plan (Admin      *admin,
      const char *verb,
      const char *username,
      const char *name,
      const char *bio,
      GError    **error)
{
  g_autoptr(BurbleStorageOp) op = NULL;

  if (g_str_equal (verb, "add"))
    {
      if (!burble_username_check (username, error))
        return NULL;
      op = burble_storage_op_new (BURBLE_STORAGE_ADD_ACCOUNT);
      op->add.username = g_strdup (username);
      op->add.name = g_strdup (name);
      op->add.bio = g_strdup (bio);
      op->add.revive = TRUE;
      op->add.password = read_hash (admin, error);
      return op->add.password != NULL ? g_steal_pointer (&op) : NULL;
    }
  if (g_str_equal (verb, "password"))
    {
      op = burble_storage_op_new (BURBLE_STORAGE_SET_PASSWORD);
      op->set_password.username = g_strdup (username);
      op->set_password.password = read_hash (admin, error);
      return op->set_password.password != NULL ? g_steal_pointer (&op) : NULL;
    }
  if (g_str_equal (verb, "disable") || g_str_equal (verb, "enable"))
    {
      op = burble_storage_op_new (BURBLE_STORAGE_SET_DISABLED);
      op->set_disabled.username = g_strdup (username);
      op->set_disabled.disabled = g_str_equal (verb, "disable");
      return g_steal_pointer (&op);
    }
  if (g_str_equal (verb, "delete"))
    {
      op = burble_storage_op_new (BURBLE_STORAGE_DELETE_ACCOUNT);
      op->remove.username = g_strdup (username);
      return g_steal_pointer (&op);
    }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "“user %s” is not a command", verb);
  return NULL;
}

/* "grace" or "grace@this.domain", prepared. */
static char *
read_username (Admin      *admin,
               const char *text,
               GError    **error)
{
  g_autoptr(BurbleGurgleId) id = NULL;

  if (strchr (text, '@') != NULL)
    id = burble_gurgle_id_parse (text, error);
  else
    id = burble_gurgle_id_new (text, admin->config->domain, NULL, error);
  if (id == NULL)
    return NULL;
  if (!g_str_equal (burble_gurgle_id_get_domain (id), admin->config->domain))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "This server is for %s",
                   admin->config->domain);
      return NULL;
    }
  return g_strdup (burble_gurgle_id_get_username (id));
}

int
burble_server_cli_user (int    argc,
                        char **argv)
{
  g_autofree char *data_dir = NULL;
  g_autofree char *name = NULL;
  g_autofree char *bio = NULL;
  g_autofree char *username = NULL;
  g_auto(Admin) admin = { NULL, NULL };
  g_autoptr(GError) error = NULL;
  BurbleStorageOp *op = NULL;
  GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, "The name shown to others", "NAME" },
    { "bio", 0, 0, G_OPTION_ARG_STRING, &bio, "What they say about themselves", "TEXT" },
    G_OPTION_ENTRY_NULL,
  };

  if (!burble_server_cli_parse ("add|list|password|disable|enable|delete [NAME]", entries,
                                &data_dir, &argc, &argv))
    return EXIT_FAILURE;
  if (argc < 2 || argc != (g_str_equal (argv[1], "list") ? 2 : 3))
    {
      g_printerr ("burble-server: user add|password|disable|enable|delete NAME, or user list\n");
      return EXIT_FAILURE;
    }
  if (!open_admin (&admin, data_dir, &error))
    return burble_server_cli_fail (error);
  if (g_str_equal (argv[1], "list"))
    return list (&admin, &error) ? EXIT_SUCCESS : burble_server_cli_fail (error);
  username = read_username (&admin, argv[2], &error);
  op = username != NULL ? plan (&admin, argv[1], username, name, bio, &error) : NULL;
  if (op == NULL || !change (&admin, op, &error))
    return burble_server_cli_fail (error);
  return EXIT_SUCCESS;
}
