/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/**
 * BurbleDb:
 *
 * One SQLite connection with its compiled statements. Statements are kept by the address of their
 * text, so the text must be a string constant. Used by one thread at a time.
 */
typedef struct _BurbleDb BurbleDb;

BurbleDb     *burble_db_open      (const char  *path,
                                   guint64      max_bytes,
                                   GError     **error);
void          burble_db_close     (BurbleDb    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleDb, burble_db_close)

/*
 * Binds the arguments as @format says: 'i' gint64, 's' nullable text that stays valid until the
 * statement is done. NULL with @error where the statement does not compile.
 */
sqlite3_stmt *burble_db_query     (BurbleDb    *self,
                                   GError     **error,
                                   const char  *sql,
                                   const char  *format,
                                   ...);
/* TRUE: a row. FALSE: the end, or @error is set; the statement is reset then. */
gboolean      burble_db_step      (BurbleDb     *self,
                                   sqlite3_stmt *statement,
                                   GError      **error);
/* Needed only where the rows are not read to their end. */
void          burble_db_finish    (sqlite3_stmt *statement);
/* Query and step to the end. */
gboolean      burble_db_run       (BurbleDb    *self,
                                   GError     **error,
                                   const char  *sql,
                                   const char  *format,
                                   ...);
/* The first column of the first row; @fallback where there is none. */
gboolean      burble_db_get_int   (BurbleDb    *self,
                                   gint64      *value,
                                   gint64       fallback,
                                   GError     **error,
                                   const char  *sql,
                                   const char  *format,
                                   ...);
gboolean      burble_db_exec      (BurbleDb    *self,
                                   const char  *sql,
                                   GError     **error);
gint64        burble_db_changes   (BurbleDb    *self);
gint64        burble_db_last_row  (BurbleDb    *self);
char         *burble_db_dup_text  (sqlite3_stmt *statement,
                                   int           column);

G_END_DECLS
