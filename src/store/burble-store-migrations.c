/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-store"

#include "config.h"

#include "burble-store-migrations-resources.h"
#include "burble-store-private.h"

/* One step: the file as it was before it, or as it is after it. */
static gboolean
migrate_to (BurbleDb *db, int version, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/im/burble/store/migrations/%03d.sql", version);
  g_autofree char *mark = NULL;
  g_autoptr(GBytes) sql = NULL;

  sql = g_resource_lookup_data (burble_store_migrations_get_resource (), path,
                                G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (sql == NULL)
    return FALSE;

  mark = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d;",
                          BURBLE_DB_APPLICATION_ID, version);
  if (burble_db_begin (db, error) &&
      burble_db_execute (db, g_bytes_get_data (sql, NULL), error) && /* resources end in a NUL */
      burble_db_execute (db, mark, error) &&
      burble_db_commit (db, error))
    return TRUE;
  burble_db_rollback (db);
  return FALSE;
}

/* Brings the file to BURBLE_DB_VERSION. Foreign keys are not enforced yet, as a step that makes a
 * table anew wants it. */
gboolean
burble_db_migrate (BurbleDb *db, GError **error)
{
  gint64 version;

  if (!burble_db_get_number (db, error, 0, &version, "PRAGMA user_version", ""))
    return FALSE;
  for (int next = (int) version + 1; next <= BURBLE_DB_VERSION; next++)
    {
      if (!migrate_to (db, next, error))
        return FALSE;
    }
  return TRUE;
}
