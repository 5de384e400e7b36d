/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-storage"

#include "config.h"

#include "burble-db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#include <gio/gio.h>

#include "burble-storage.h"
#include "burble-username.h"

#define BUSY_TIMEOUT_MS 10000
#define MIGRATIONS "/im/burble/server/migrations"

struct _BurbleDb
{
  sqlite3 *handle;
  GHashTable *statements; /* text -> sqlite3_stmt */
};

static gboolean
fail (BurbleDb   *self,
      const char *what,
      GError    **error)
{
  g_set_error (error, BURBLE_STORAGE_ERROR, BURBLE_STORAGE_ERROR_FAILED, "%s: %s", what,
               sqlite3_errmsg (self->handle));
  return FALSE;
}

static sqlite3_stmt *
query_va (BurbleDb   *self,
          GError    **error,
          const char *sql,
          const char *format,
          va_list     arguments)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement == NULL)
    {
      if (sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL)
          != SQLITE_OK)
        {
          fail (self, sql, error);
          return NULL;
        }
      g_hash_table_insert (self->statements, (gpointer) sql, statement);
    }

  for (int i = 0; format[i] != '\0'; i++)
    {
      if (format[i] == 'i')
        {
          sqlite3_bind_int64 (statement, i + 1, va_arg (arguments, gint64));
        }
      else
        {
          g_assert (format[i] == 's');
          sqlite3_bind_text (statement, i + 1, va_arg (arguments, const char *), -1, SQLITE_STATIC);
        }
    }
  return statement;
}

sqlite3_stmt *
burble_db_query (BurbleDb   *self,
                 GError    **error,
                 const char *sql,
                 const char *format,
                 ...)
{
  sqlite3_stmt *statement = NULL;
  va_list arguments;

  va_start (arguments, format);
  statement = query_va (self, error, sql, format, arguments);
  va_end (arguments);
  return statement;
}

gboolean
burble_db_step (BurbleDb     *self,
                sqlite3_stmt *statement,
                GError      **error)
{
  int code = sqlite3_step (statement);

  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    fail (self, "SQLite", error);
  sqlite3_reset (statement);
  return FALSE;
}

void
burble_db_finish (sqlite3_stmt *statement)
{
  sqlite3_reset (statement);
}

static gboolean
run_statement (BurbleDb     *self,
               sqlite3_stmt *statement,
               GError      **error)
{
  g_autoptr(GError) local_error = NULL;

  while (burble_db_step (self, statement, &local_error))
    continue;
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
burble_db_run (BurbleDb   *self,
               GError    **error,
               const char *sql,
               const char *format,
               ...)
{
  sqlite3_stmt *statement = NULL;
  va_list arguments;

  va_start (arguments, format);
  statement = query_va (self, error, sql, format, arguments);
  va_end (arguments);
  return statement != NULL && run_statement (self, statement, error);
}

gboolean
burble_db_get_int (BurbleDb   *self,
                   gint64     *value,
                   gint64      fallback,
                   GError    **error,
                   const char *sql,
                   const char *format,
                   ...)
{
  g_autoptr(GError) local_error = NULL;
  sqlite3_stmt *statement = NULL;
  va_list arguments;

  va_start (arguments, format);
  statement = query_va (self, error, sql, format, arguments);
  va_end (arguments);
  if (statement == NULL)
    return FALSE;

  *value = fallback;
  if (burble_db_step (self, statement, &local_error))
    {
      *value = sqlite3_column_int64 (statement, 0);
      burble_db_finish (statement);
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
burble_db_exec (BurbleDb   *self,
                const char *sql,
                GError    **error)
{
  if (sqlite3_exec (self->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  return fail (self, "SQLite", error);
}

gint64
burble_db_changes (BurbleDb *self)
{
  return sqlite3_changes64 (self->handle);
}

gint64
burble_db_last_row (BurbleDb *self)
{
  return sqlite3_last_insert_rowid (self->handle);
}

char *
burble_db_dup_text (sqlite3_stmt *statement,
                    int           column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

static void
shape_of (sqlite3_context *context,
          int              n_values,
          sqlite3_value  **values)
{
  const char *username = (const char *) sqlite3_value_text (values[0]);

  sqlite3_result_text (context, username != NULL ? burble_username_dup_shape (username) : NULL, -1,
                       g_free);
}

static gboolean
migrate_to (BurbleDb *self,
            guint     version,
            GBytes   *sql,
            GError  **error)
{
  g_autofree char *stamp = g_strdup_printf ("PRAGMA user_version = %u", version);

  if (burble_db_exec (self, g_bytes_get_data (sql, NULL), error) &&
      burble_db_exec (self, stamp, error) &&
      burble_db_exec (self, "COMMIT", error))
    return TRUE;
  burble_db_exec (self, "ROLLBACK", NULL);
  return FALSE;
}

/* Each step is one transaction; two programs that open the file at once do not step twice. */
static gboolean
migrate (BurbleDb *self,
         GError  **error)
{
  for (;;)
    {
      g_autoptr(GBytes) sql = NULL;
      g_autofree char *name = NULL;
      g_autofree char *beyond = NULL;
      gint64 version = 0;

      if (!burble_db_exec (self, "BEGIN IMMEDIATE", error))
        return FALSE;
      if (!burble_db_get_int (self, &version, 0, error, "PRAGMA user_version", ""))
        return FALSE;
      name = g_strdup_printf (MIGRATIONS "/%03u.sql", (guint) version + 1);
      sql = g_resources_lookup_data (name, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
      if (sql == NULL)
        {
          burble_db_exec (self, "ROLLBACK", NULL);
          beyond = g_strdup_printf (MIGRATIONS "/%03u.sql", (guint) version);
          if (version == 0 ||
              g_resources_get_info (beyond, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL, NULL, NULL))
            return TRUE;
          g_set_error (error, BURBLE_STORAGE_ERROR, BURBLE_STORAGE_ERROR_TOO_NEW,
                       "The database has version %" G_GINT64_FORMAT
                       ", which a newer burble-server wrote", version);
          return FALSE;
        }
      if (!migrate_to (self, (guint) version + 1, sql, error))
        return FALSE;
    }
}

static gboolean
limit_size (BurbleDb *self,
            guint64   max_bytes,
            GError  **error)
{
  g_autofree char *sql = NULL;
  gint64 page_size = 4096;

  if (max_bytes == 0)
    return TRUE;
  if (!burble_db_get_int (self, &page_size, 4096, error, "PRAGMA page_size", ""))
    return FALSE;
  sql = g_strdup_printf ("PRAGMA max_page_count = %" G_GUINT64_FORMAT,
                         MAX (max_bytes / (guint64) page_size, 1));
  return burble_db_exec (self, sql, error);
}

/**
 * burble_db_open:
 * @path: the file; made, readable by its owner alone, where there is none
 * @max_bytes: the database refuses to grow beyond this; 0: no bound
 * @error: return location
 *
 * Opens the database and brings it to the version of this program.
 */
BurbleDb *
burble_db_open (const char *path,
                guint64     max_bytes,
                GError    **error)
{
  g_autoptr(BurbleDb) self = g_new0 (BurbleDb, 1);
  int fd = open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      g_set_error (error, BURBLE_STORAGE_ERROR, BURBLE_STORAGE_ERROR_FAILED, "%s: %s", path,
                   g_strerror (errno));
      return NULL;
    }
  close (fd);

  self->statements = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) sqlite3_finalize);
  if (sqlite3_open_v2 (path, &self->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL)
      != SQLITE_OK)
    {
      fail (self, path, error);
      return NULL;
    }
  sqlite3_extended_result_codes (self->handle, 1);
  sqlite3_busy_timeout (self->handle, BUSY_TIMEOUT_MS);
  sqlite3_create_function (self->handle, "shape_of", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                           shape_of, NULL, NULL);
  /*
   * synchronous=FULL: a commit returns after the log is synced, which is what `sent` promises.
   * Small pages: a message touches one in each of several indices, and each is written whole.
   */
  if (!burble_db_exec (self,
                       "PRAGMA page_size = 2048;"
                       "PRAGMA journal_mode = WAL;"
                       "PRAGMA synchronous = FULL;"
                       "PRAGMA wal_autocheckpoint = 8000;"
                       "PRAGMA cache_size = -8000;"
                       "PRAGMA temp_store = MEMORY;", error) ||
      !migrate (self, error) ||
      !limit_size (self, max_bytes, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
burble_db_close (BurbleDb *self)
{
  g_clear_pointer (&self->statements, g_hash_table_unref);
  g_clear_pointer (&self->handle, sqlite3_close);
  g_free (self);
}
