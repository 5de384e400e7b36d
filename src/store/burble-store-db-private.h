/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "burble-store.h"

G_BEGIN_DECLS

/*
 * The open file, as the store's thread sees it. Nothing here may be called from another thread.
 */
typedef struct _BurbleDb BurbleDb;

/* The version of the schema that this Burble writes: the number of the last migration. */
#define BURBLE_DB_VERSION 5
/* "Burb", so that the file can be told from another program's. */
#define BURBLE_DB_APPLICATION_ID 0x42757262

BurbleDb     *burble_db_open           (const char *path, GError **error);
void          burble_db_close          (BurbleDb *db);
gboolean      burble_db_migrate        (BurbleDb *db, GError **error);

/* SQL that is run seldom and is not kept prepared. */
gboolean      burble_db_execute        (BurbleDb *db, const char *sql, GError **error);
/*
 * Kept prepared by its text, so `sql` is always a literal. `format` has a letter for each
 * parameter: i int, l gint64, t const char * (which must live until the statement is at its end).
 */
sqlite3_stmt *burble_db_query          (BurbleDb *db, GError **error, const char *sql,
                                        const char *format, ...);
/* The next row; FALSE at the end, which also resets the statement, or with `error` set. */
gboolean      burble_db_next           (BurbleDb *db, sqlite3_stmt *statement, GError **error);
/* Lets go of a statement before its end. */
void          burble_db_done           (sqlite3_stmt *statement);
/* For what returns no rows. */
gboolean      burble_db_run            (BurbleDb *db, GError **error, const char *sql,
                                        const char *format, ...);
/* For what returns one number or nothing (then `otherwise`). */
gboolean      burble_db_get_number     (BurbleDb *db, GError **error, gint64 otherwise,
                                        gint64 *number, const char *sql, const char *format, ...);
const char   *burble_db_text           (sqlite3_stmt *statement, int column);

gboolean      burble_db_begin          (BurbleDb *db, GError **error);
gboolean      burble_db_commit         (BurbleDb *db, GError **error);
void          burble_db_rollback       (BurbleDb *db);
/* Whether SQLite itself ended the transaction, as it does when the disk is full. */
gboolean      burble_db_in_transaction (BurbleDb *db);

/* Work for when nobody waits: checkpoints, and the messages of removed conversations. */
gboolean      burble_db_has_chores     (BurbleDb *db);
void          burble_db_do_chores      (BurbleDb *db);
void          burble_db_want_purge     (BurbleDb *db);
/* A walk through many pages, each needed once, does with a small cache. */
void          burble_db_set_walking    (BurbleDb *db, gboolean walking);
/* After a commit: when the log has grown beyond reason although somebody waits. */
void          burble_db_limit_log      (BurbleDb *db);
/* Takes away up to `limit` messages of removed conversations; more: whether some are left. */
gboolean      burble_db_purge          (BurbleDb *db, guint limit, gboolean *more, GError **error);

G_END_DECLS
