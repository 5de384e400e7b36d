/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

/*
 * The command line changes accounts in the database while the server runs, and touches a file
 * then. An inotify watch on that costs nothing while nobody does.
 */

#include "config.h"

#include "burble-client-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "burble-server-cli.h"

/* Somebody's account is gone: those who had them in their roster learn how it stands now. */
typedef struct
{
  BurbleServer *server;
  gint64 gone;
} Departure;

static void
roster_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autofree Departure *departure = user_data;
  g_autoptr(BurbleServer) server = departure->server;
  g_autoptr(GPtrArray) entries = NULL;
  BurbleStorageOp *op = burble_storage_get_op (result);

  if (!burble_storage_submit_finish (BURBLE_STORAGE (object), result, NULL))
    return;
  entries = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_gurgle_roster_entry_free);
  for (guint i = 0; i < op->load_roster.rows->len; i++)
    {
      const BurbleRosterRow *row = g_ptr_array_index (op->load_roster.rows, i);

      if (row->peer == departure->gone)
        g_ptr_array_add (entries, burble_server_roster_entry (server, row, row->username));
    }
  if (entries->len > 0)
    burble_server_push_entries (server, op->load_roster.account, op->load_roster.version, entries,
                                NULL);
}

static void
tell_departure (BurbleUser *user,
                gpointer    user_data)
{
  const Departure *departure = user_data;
  BurbleStorageOp *op = NULL;
  Departure *copy = NULL;

  if (!user->loaded || burble_user_get_sight (user, departure->gone) == BURBLE_SIGHT_NONE)
    return;
  burble_user_set_sight (user, departure->gone, BURBLE_SIGHT_NONE);
  copy = g_new (Departure, 1);
  copy->server = g_object_ref (departure->server);
  copy->gone = departure->gone;
  op = burble_storage_op_new (BURBLE_STORAGE_LOAD_ROSTER);
  op->load_roster.account = user->account;
  burble_storage_submit_async (departure->server->storage, op, roster_cb, copy);
}

static void
apply_change (BurbleServer           *self,
              const BurbleAccountRow *row)
{
  BurbleUser *user = burble_users_find (self->users, row->account);

  if (row->state == BURBLE_ACCOUNT_DELETED)
    {
      Departure departure = { self, row->account };

      burble_router_kick (self->router, row->account, NULL, "user_delete",
                          "This account has been deleted.");
      burble_users_foreach (self->users, tell_departure, &departure);
    }
  else if (row->state == BURBLE_ACCOUNT_DISABLED)
    {
      burble_router_kick (self->router, row->account, NULL, "user_disable",
                          "This account has been disabled.");
    }
  else if (user != NULL && row->password_revision > user->password_revision)
    {
      burble_router_kick (self->router, row->account, NULL, "password",
                          "The password of this account was changed.");
    }
}

static void
changed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BurbleServer) self = user_data;
  g_autoptr(GError) error = NULL;
  BurbleStorageOp *op = burble_storage_get_op (result);

  if (!burble_storage_submit_finish (BURBLE_STORAGE (object), result, &error))
    {
      g_warning ("Cannot look what changed: %s", error->message);
      return;
    }
  self->revision = MAX (self->revision, op->changed.revision);
  for (guint i = 0; op->changed.rows != NULL && i < op->changed.rows->len; i++)
    apply_change (self, g_ptr_array_index (op->changed.rows, i));
}

static void
look (BurbleServer *self,
      gint64        revision)
{
  BurbleStorageOp *op = burble_storage_op_new (BURBLE_STORAGE_CHANGED_ACCOUNTS);

  op->changed.revision = revision;
  burble_storage_submit_async (self->storage, op, changed_cb, g_object_ref (self));
}

static gboolean
touched_cb (int          fd,
            GIOCondition condition,
            gpointer     user_data)
{
  BurbleServer *self = user_data;
  char buffer[4096];

  while (read (fd, buffer, sizeof buffer) > 0)
    continue;
  look (self, self->revision);
  return G_SOURCE_CONTINUE;
}

gboolean
burble_server_watch_accounts (BurbleServer *self,
                              GError      **error)
{
  g_autofree char *path = burble_server_config_get_path (self->config, BURBLE_SERVER_TOUCH_FILE);
  int fd = open (path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

  if (fd >= 0)
    {
      close (fd);
      self->watch_fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
      fd = inotify_add_watch (self->watch_fd, path, IN_CLOSE_WRITE);
    }
  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path,
                   g_strerror (errno));
      return FALSE;
    }
  self->watch_id = g_unix_fd_add (self->watch_fd, G_IO_IN, touched_cb, self);
  look (self, -1);
  return TRUE;
}

void
burble_server_unwatch_accounts (BurbleServer *self)
{
  g_clear_handle_id (&self->watch_id, g_source_remove);
  if (self->watch_fd >= 0)
    close (self->watch_fd);
  self->watch_fd = -1;
}
