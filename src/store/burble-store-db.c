/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-store"

#include "config.h"

#include "burble-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

/* Pages of the log before a checkpoint is worth its two syncs, and before it can wait no longer. */
#define LOG_PAGES_IDLE 1000
#define LOG_PAGES_MOST 16000
/* 50 ms: the words of each are taken out of the index one by one. */
#define PURGE_STEP 100

/* In KiB. */
#define CACHE "PRAGMA cache_size = -4096;"
#define WALKING_CACHE "PRAGMA cache_size = -256;"

struct _BurbleDb
{
  sqlite3 *handle;
  GHashTable *statements; /* (element-type utf8 sqlite3_stmt) */
  int lock;
  int log_pages;
  gboolean purge;
};

G_DEFINE_QUARK (burble-store-error-quark, burble_store_error)

static void
set_error (BurbleDb *db, int code, GError **error)
{
  int os_error = sqlite3_system_errno (db->handle);
  BurbleStoreError kind = BURBLE_STORE_ERROR_FAILED;

  switch (code & 0xff)
    {
    case SQLITE_FULL:
      kind = BURBLE_STORE_ERROR_FULL;
      break;
    case SQLITE_IOERR:
      /* A quota is not "no space left" to SQLite, but it is to the user. */
      if (os_error == EDQUOT || os_error == ENOSPC || os_error == EFBIG)
        kind = BURBLE_STORE_ERROR_FULL;
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      kind = BURBLE_STORE_ERROR_CORRUPT;
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      kind = BURBLE_STORE_ERROR_BUSY;
      break;
    default:
      break;
    }
  g_set_error_literal (error, BURBLE_STORE_ERROR, kind, sqlite3_errmsg (db->handle));
}

static int
log_grown_cb (void *user_data, sqlite3 *handle, const char *name, int pages)
{
  BurbleDb *db = user_data;

  db->log_pages = pages;
  return SQLITE_OK;
}

/* A file of its own, which is never removed: SQLite's locks go when anybody in the process closes
 * the database file, and two processes could each lock another file of the same name. */
static gboolean
take_lock (BurbleDb *db, const char *path, GError **error)
{
  g_autofree char *name = g_strconcat (path, ".lock", NULL);

  db->lock = open (name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (db->lock == -1)
    {
      int code = errno;

      g_set_error (error, BURBLE_STORE_ERROR,
                   code == ENOSPC || code == EDQUOT ? BURBLE_STORE_ERROR_FULL
                                                    : BURBLE_STORE_ERROR_FAILED,
                   "%s: %s", name, g_strerror (code));
      return FALSE;
    }
  if (flock (db->lock, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error (error, BURBLE_STORE_ERROR,
                   errno == EWOULDBLOCK ? BURBLE_STORE_ERROR_BUSY : BURBLE_STORE_ERROR_FAILED,
                   "%s: %s", name, g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}

/* Before SQLite would, so that nobody else can read it for a moment. */
static gboolean
make_private (const char *path, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);
  int fd = -1;

  if (g_mkdir_with_parents (directory, 0700) == 0)
    fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd == -1)
    {
      int code = errno;

      g_set_error (error, BURBLE_STORE_ERROR,
                   code == ENOSPC || code == EDQUOT ? BURBLE_STORE_ERROR_FULL
                                                    : BURBLE_STORE_ERROR_FAILED,
                   "%s: %s", path, g_strerror (code));
      return FALSE;
    }
  close (fd);
  return TRUE;
}

/* Until this has succeeded nothing may write to the file: it may be a newer Burble's, or broken. */
static gboolean
check_file (BurbleDb *db, GError **error)
{
  gint64 version;
  gint64 id;
  gint64 tables;

  if (!burble_db_get_number (db, error, 0, &version, "PRAGMA user_version", "") ||
      !burble_db_get_number (db, error, 0, &id, "PRAGMA application_id", "") ||
      !burble_db_get_number (db, error, 0, &tables, "SELECT count(*) FROM sqlite_schema", ""))
    return FALSE;

  if (tables > 0 && id != BURBLE_DB_APPLICATION_ID)
    {
      g_set_error_literal (error, BURBLE_STORE_ERROR, BURBLE_STORE_ERROR_CORRUPT,
                           "The file was not written by Burble");
      return FALSE;
    }
  if (version > BURBLE_DB_VERSION)
    {
      g_set_error (error, BURBLE_STORE_ERROR, BURBLE_STORE_ERROR_NEWER,
                   "The file has version %" G_GINT64_FORMAT ", this Burble knows %d",
                   version, BURBLE_DB_VERSION);
      return FALSE;
    }
  return TRUE;
}

static gboolean
prepare_file (BurbleDb *db, const char *path, GError **error)
{
  gint64 orphan;
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  int code = sqlite3_open_v2 (path, &db->handle, flags, NULL);

  if (db->handle == NULL)
    {
      g_set_error_literal (error, BURBLE_STORE_ERROR, BURBLE_STORE_ERROR_FAILED,
                           sqlite3_errstr (code));
      return FALSE;
    }
  if (code != SQLITE_OK)
    {
      set_error (db, code, error);
      return FALSE;
    }
  sqlite3_extended_result_codes (db->handle, 1);
  sqlite3_busy_timeout (db->handle, 5000); /* a backup program reading the file */
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  if (!check_file (db, error))
    return FALSE;

  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  if (g_chmod (path, 0600) != 0)
    g_debug ("Cannot make the file private: %s", g_strerror (errno));
  if (!burble_db_execute (db,
                          "PRAGMA journal_mode = WAL;"
                          "PRAGMA synchronous = FULL;"
                          "PRAGMA journal_size_limit = 8388608;"
                          CACHE
                          "PRAGMA temp_store = MEMORY;"
                          "PRAGMA cell_size_check = ON;"
                          "PRAGMA secure_delete = ON;",
                          error) ||
      !burble_db_migrate (db, error) ||
      !burble_db_execute (db, "PRAGMA foreign_keys = ON;", error))
    return FALSE;
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_wal_hook (db->handle, log_grown_cb, db);

  /* A removal that the last run did not come to the end of. */
  if (!burble_db_get_number (db, error, 0, &orphan,
                             "SELECT conversation FROM conversations WHERE account IS NULL LIMIT 1",
                             ""))
    return FALSE;
  db->purge = orphan != 0;
  return TRUE;
}

BurbleDb *
burble_db_open (const char *path, GError **error)
{
  BurbleDb *db = g_new0 (BurbleDb, 1);
  g_autofree char *directory = g_path_get_dirname (path);

  db->lock = -1;
  db->statements = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                          (GDestroyNotify) sqlite3_finalize);
  if (g_mkdir_with_parents (directory, 0700) != 0)
    g_debug ("Cannot make %s: %s", directory, g_strerror (errno));
  if (take_lock (db, path, error) && make_private (path, error) && prepare_file (db, path, error))
    return db;

  burble_db_close (db);
  return NULL;
}

void
burble_db_close (BurbleDb *db)
{
  g_hash_table_unref (db->statements);
  if (db->handle != NULL && sqlite3_close (db->handle) != SQLITE_OK)
    g_critical ("The database could not be closed: %s", sqlite3_errmsg (db->handle));
  if (db->lock != -1)
    close (db->lock);
  g_free (db);
}

gboolean
burble_db_execute (BurbleDb *db, const char *sql, GError **error)
{
  int code = sqlite3_exec (db->handle, sql, NULL, NULL, NULL);

  if (code != SQLITE_OK)
    set_error (db, code, error);
  return code == SQLITE_OK;
}

static sqlite3_stmt *
query_valist (BurbleDb *db, GError **error, const char *sql, const char *format, va_list args)
{
  sqlite3_stmt *statement = g_hash_table_lookup (db->statements, sql);
  int code = SQLITE_OK;

  if (statement == NULL)
    {
      code = sqlite3_prepare_v3 (db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
      if (code != SQLITE_OK)
        {
          set_error (db, code, error);
          return NULL;
        }
      g_hash_table_insert (db->statements, (char *) sql, statement);
    }

  for (int i = 0; format[i] != '\0' && code == SQLITE_OK; i++)
    {
      if (format[i] == 'i')
        code = sqlite3_bind_int (statement, i + 1, va_arg (args, int));
      else if (format[i] == 'l')
        code = sqlite3_bind_int64 (statement, i + 1, va_arg (args, gint64));
      else if (format[i] == 't')
        code = sqlite3_bind_text (statement, i + 1, va_arg (args, const char *), -1, SQLITE_STATIC);
      else
        g_assert_not_reached ();
    }
  if (code != SQLITE_OK)
    {
      set_error (db, code, error);
      burble_db_done (statement);
      return NULL;
    }
  return statement;
}

sqlite3_stmt *
burble_db_query (BurbleDb *db, GError **error, const char *sql, const char *format, ...)
{
  sqlite3_stmt *statement = NULL;
  va_list args;

  va_start (args, format);
  statement = query_valist (db, error, sql, format, args);
  va_end (args);
  return statement;
}

gboolean
burble_db_next (BurbleDb *db, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    set_error (db, code, error);
  burble_db_done (statement);
  return FALSE;
}

void
burble_db_done (sqlite3_stmt *statement)
{
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
}

static gboolean
run_to_end (BurbleDb *db, sqlite3_stmt *statement, GError **error)
{
  g_autoptr(GError) step_error = NULL;

  if (statement == NULL)
    return FALSE;
  while (burble_db_next (db, statement, &step_error))
    continue;
  if (step_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&step_error));
  return FALSE;
}

gboolean
burble_db_run (BurbleDb *db, GError **error, const char *sql, const char *format, ...)
{
  sqlite3_stmt *statement = NULL;
  va_list args;

  va_start (args, format);
  statement = query_valist (db, error, sql, format, args);
  va_end (args);
  return run_to_end (db, statement, error);
}

gboolean
burble_db_get_number (BurbleDb *db, GError **error, gint64 otherwise, gint64 *number,
                      const char *sql, const char *format, ...)
{
  g_autoptr(GError) step_error = NULL;
  sqlite3_stmt *statement = NULL;
  va_list args;

  va_start (args, format);
  statement = query_valist (db, error, sql, format, args);
  va_end (args);
  if (statement == NULL)
    return FALSE;

  *number = otherwise;
  if (burble_db_next (db, statement, &step_error))
    {
      if (sqlite3_column_type (statement, 0) != SQLITE_NULL)
        *number = sqlite3_column_int64 (statement, 0);
      burble_db_done (statement);
    }
  if (step_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&step_error));
  return FALSE;
}

void
burble_db_set_walking (BurbleDb *db, gboolean walking)
{
  sqlite3_exec (db->handle, walking ? WALKING_CACHE : CACHE, NULL, NULL, NULL);
}

const char *
burble_db_text (sqlite3_stmt *statement, int column)
{
  return (const char *) sqlite3_column_text (statement, column);
}

gboolean
burble_db_begin (BurbleDb *db, GError **error)
{
  return burble_db_run (db, error, "BEGIN IMMEDIATE", "");
}

gboolean
burble_db_commit (BurbleDb *db, GError **error)
{
  return burble_db_run (db, error, "COMMIT", "");
}

/**
 * burble_db_rollback:
 * @db: the file
 *
 * Does nothing where SQLite has ended the transaction itself, as it does when the disk is full.
 */
void
burble_db_rollback (BurbleDb *db)
{
  g_autoptr(GError) error = NULL;

  if (burble_db_in_transaction (db) && !burble_db_run (db, &error, "ROLLBACK", ""))
    g_warning ("A transaction could not be rolled back: %s", error->message);
}

gboolean
burble_db_in_transaction (BurbleDb *db)
{
  return !sqlite3_get_autocommit (db->handle);
}

gboolean
burble_db_has_chores (BurbleDb *db)
{
  return db->purge || db->log_pages > LOG_PAGES_IDLE;
}

static void
checkpoint (BurbleDb *db)
{
  int code = sqlite3_wal_checkpoint_v2 (db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

  if (code != SQLITE_OK)
    g_warning ("The log could not be checkpointed: %s", sqlite3_errmsg (db->handle));
  db->log_pages = 0; /* whatever came of it: the next commit says how long it is */
}

/**
 * burble_db_do_chores:
 * @db: the file
 *
 * A bounded piece of work for when nobody waits: some messages of removed chats, or a checkpoint.
 */
void
burble_db_do_chores (BurbleDb *db)
{
  g_autoptr(GError) error = NULL;
  gboolean more = FALSE;

  if (!db->purge)
    {
      checkpoint (db);
      return;
    }

  if (burble_db_begin (db, &error) && burble_db_purge (db, PURGE_STEP, &more, &error) &&
      burble_db_commit (db, &error))
    {
      db->purge = more;
      burble_db_limit_log (db);
      return;
    }
  /* Not again in this run unless something else is removed: it would fail again. */
  g_warning ("Removed chats could not be taken away: %s", error->message);
  burble_db_rollback (db);
  db->purge = FALSE;
}

void
burble_db_want_purge (BurbleDb *db)
{
  db->purge = TRUE;
}

void
burble_db_limit_log (BurbleDb *db)
{
  if (db->log_pages > LOG_PAGES_MOST)
    checkpoint (db);
}
