/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-storage"

#include "config.h"

#include "burble-sqlite-ops.h"
#include "burble-username.h"

#define MAX_TERMINALS 64
#define PURGE_CHUNK 2000
#define TERMINAL_AGE_US (90 * G_TIME_SPAN_DAY)
#define RECEIPT_AGE_US (30 * G_TIME_SPAN_DAY)

#define COLUMNS "account, username, uuid, name, bio, state, revision, password_revision, password "
#define NEXT_REVISION "(SELECT ifnull (max (revision), 0) + 1 FROM account)"

static BurbleAccountRow *
read_row (sqlite3_stmt *statement)
{
  BurbleAccountRow *row = g_new0 (BurbleAccountRow, 1);

  row->account = sqlite3_column_int64 (statement, 0);
  row->username = burble_db_dup_text (statement, 1);
  row->uuid = burble_db_dup_text (statement, 2);
  row->name = burble_db_dup_text (statement, 3);
  row->bio = burble_db_dup_text (statement, 4);
  row->state = (BurbleAccountState) sqlite3_column_int (statement, 5);
  row->revision = sqlite3_column_int64 (statement, 6);
  row->password_revision = sqlite3_column_int64 (statement, 7);
  row->password = burble_db_dup_text (statement, 8);
  return row;
}

static gboolean
read_rows (BurbleSqliteWorker *self,
           sqlite3_stmt       *statement,
           GPtrArray         **rows,
           GError            **error)
{
  g_autoptr(GError) local_error = NULL;

  g_clear_pointer (rows, g_ptr_array_unref);
  *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_account_row_free);
  if (statement == NULL)
    return FALSE;
  while (burble_db_step (self->db, statement, &local_error))
    g_ptr_array_add (*rows, read_row (statement));
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
read_one (BurbleSqliteWorker *self,
          sqlite3_stmt       *statement,
          BurbleAccountRow  **row,
          GError            **error)
{
  g_autoptr(GPtrArray) rows = NULL;

  g_clear_pointer (row, burble_account_row_free);
  if (!read_rows (self, statement, &rows, error))
    return FALSE;
  if (rows->len > 0)
    *row = g_ptr_array_steal_index (rows, 0);
  return TRUE;
}

gint64
burble_sqlite_find_peer (BurbleSqliteWorker *self,
                         const char         *username,
                         GError            **error)
{
  gint64 account = 0;

  if (!burble_db_get_int (self->db, &account, 0, error,
                          "SELECT account FROM account WHERE username = ? AND state != 2 "
                          "AND kind = 0",
                          "s", username))
    return -1;
  return account;
}

static gboolean
find_by_name (BurbleSqliteWorker *self,
              const char         *username,
              BurbleAccountRow  **row,
              GError            **error)
{
  return read_one (self,
                   burble_db_query (self->db, error,
                                    "SELECT " COLUMNS "FROM account WHERE username = ?", "s",
                                    username),
                   row, error);
}

gboolean
burble_sqlite_find_account (BurbleSqliteWorker *self,
                            BurbleStorageOp    *op,
                            GError            **error)
{
  gboolean found = FALSE;

  if (op->find.uuid != NULL)
    found = read_one (self,
                      burble_db_query (self->db, error,
                                       "SELECT " COLUMNS "FROM account WHERE uuid = ? "
                                       "AND kind = 0", "s",
                                       op->find.uuid),
                      &op->find.row, error);
  else
    found = read_one (self,
                      burble_db_query (self->db, error,
                                       "SELECT " COLUMNS "FROM account WHERE username = ? "
                                       "AND kind = 0", "s", op->find.username),
                      &op->find.row, error);
  if (op->find.row != NULL && op->find.row->state == BURBLE_ACCOUNT_DELETED)
    g_clear_pointer (&op->find.row, burble_account_row_free);
  return found;
}

gboolean
burble_sqlite_list_accounts (BurbleSqliteWorker *self,
                             BurbleStorageOp    *op,
                             GError            **error)
{
  return read_rows (self,
                    burble_db_query (self->db, error,
                                     "SELECT " COLUMNS "FROM account WHERE state != 2 AND kind = 0 "
                                     "ORDER BY username", ""),
                    &op->list.rows, error);
}

gboolean
burble_sqlite_changed_accounts (BurbleSqliteWorker *self,
                                BurbleStorageOp    *op,
                                GError            **error)
{
  g_clear_pointer (&op->changed.rows, g_ptr_array_unref);
  if (op->changed.revision < 0)
    return burble_db_get_int (self->db, &op->changed.revision, 0, error,
                              "SELECT ifnull (max (revision), 0) FROM account", "");
  if (!read_rows (self,
                  burble_db_query (self->db, error,
                                   "SELECT " COLUMNS "FROM account WHERE revision > ? "
                                   "ORDER BY revision", "i", op->changed.revision),
                  &op->changed.rows, error))
    return FALSE;
  for (guint i = 0; i < op->changed.rows->len; i++)
    {
      BurbleAccountRow *row = g_ptr_array_index (op->changed.rows, i);

      op->changed.revision = MAX (op->changed.revision, row->revision);
    }
  return TRUE;
}

gboolean
burble_sqlite_has_look_alike (BurbleSqliteWorker *self,
                              const char         *username,
                              gboolean           *has,
                              GError            **error)
{
  gint64 found = 0;

  if (!burble_db_get_int (self->db, &found, 0, error,
                          "SELECT 1 FROM account WHERE shape = shape_of (?1) AND username != ?1",
                          "s", username))
    return FALSE;
  *has = found != 0;
  return TRUE;
}

gboolean
burble_sqlite_add_account (BurbleSqliteWorker *self,
                           BurbleStorageOp    *op,
                           GError            **error)
{
  g_autofree char *uuid = g_uuid_string_random ();
  gint64 now = g_get_real_time ();
  gboolean confusing = FALSE;

  if (!find_by_name (self, op->add.username, &op->add.row, error) ||
      (op->add.row == NULL &&
       !burble_sqlite_has_look_alike (self, op->add.username, &confusing, error)))
    return FALSE;
  if (confusing)
    {
      g_set_error (error, BURBLE_STORAGE_ERROR, BURBLE_STORAGE_ERROR_EXISTS,
                   "“%s” looks like another account",
                   op->add.username);
      return FALSE;
    }
  if (op->add.row != NULL && !(op->add.row->state == BURBLE_ACCOUNT_DELETED && op->add.revive))
    {
      g_set_error (error, BURBLE_STORAGE_ERROR, BURBLE_STORAGE_ERROR_EXISTS,
                   "There is an account “%s” already", op->add.username);
      return FALSE;
    }
  /* Should cleaning up after the last one of that name not have come to its end. */
  if (op->add.row != NULL &&
      !burble_db_run (self->db, error, "DELETE FROM archive WHERE owner = ?", "i",
                      op->add.row->account))
    return FALSE;
  if (!burble_db_run (self->db, error,
                      "INSERT INTO account (username, shape, uuid, password, name, bio, created, "
                      "revision, password_revision) VALUES (?1, shape_of (?1), ?, ?, ?, ?, ?, "
                      NEXT_REVISION ", " NEXT_REVISION ") "
                      "ON CONFLICT (username) DO UPDATE SET uuid = excluded.uuid, state = 0, "
                      "password = excluded.password, name = excluded.name, bio = excluded.bio, "
                      "created = excluded.created, cursor = first_seq, "
                      "revision = excluded.revision, "
                      "password_revision = excluded.password_revision", "sssssi",
                      op->add.username, uuid, op->add.password, op->add.name, op->add.bio, now))
    return FALSE;
  return find_by_name (self, op->add.username, &op->add.row, error);
}

static gboolean
require (BurbleSqliteWorker *self,
         const char         *username,
         gint64             *account,
         GError            **error)
{
  *account = burble_sqlite_find_peer (self, username, error);
  if (*account == 0)
    g_set_error (error, BURBLE_STORAGE_ERROR, BURBLE_STORAGE_ERROR_NOT_FOUND,
                 "There is no account “%s”", username);
  return *account > 0;
}

gboolean
burble_sqlite_set_password (BurbleSqliteWorker *self,
                            BurbleStorageOp    *op,
                            GError            **error)
{
  gint64 account = 0;

  if (!require (self, op->set_password.username, &account, error))
    return FALSE;
  if (op->set_password.quiet)
    return burble_db_run (self->db, error, "UPDATE account SET password = ? WHERE account = ?",
                          "si", op->set_password.password, account);
  return burble_db_run (self->db, error,
                        "UPDATE account SET password = ?1, revision = " NEXT_REVISION ", "
                        "password_revision = " NEXT_REVISION " WHERE account = ?2",
                        "si", op->set_password.password, account);
}

gboolean
burble_sqlite_set_disabled (BurbleSqliteWorker *self,
                            BurbleStorageOp    *op,
                            GError            **error)
{
  gint64 account = 0;

  return require (self, op->set_disabled.username, &account, error) &&
         burble_db_run (self->db, error,
                        "UPDATE account SET state = ?, revision = " NEXT_REVISION
                        " WHERE account = ?", "ii",
                        (gint64) (op->set_disabled.disabled ? 1 : 0), account);
}

/* Their contacts keep an entry without a relation, as after being removed by a person. */
gboolean
burble_sqlite_delete_account (BurbleSqliteWorker *self,
                              BurbleStorageOp    *op,
                              GError            **error)
{
  gint64 account = 0;
  gint64 last_seq = 0;

  if (!require (self, op->remove.username, &account, error))
    return FALSE;
  op->remove.account = account;
  last_seq = burble_sqlite_last_seq (self, account, error);
  return last_seq >= 0 &&
         burble_db_run (self->db, error,
                        "UPDATE account SET state = 2, password = NULL, name = NULL, bio = NULL, "
                        "first_seq = ?, cursor = ?, roster_version = roster_version + 1, "
                        "revision = " NEXT_REVISION " WHERE account = ?", "iii", last_seq, last_seq,
                        account) &&
         burble_db_run (self->db, error,
                        "UPDATE account SET roster_version = roster_version + 1 "
                        "WHERE account IN (SELECT owner FROM roster WHERE peer = ?)", "i",
                        account) &&
         burble_db_run (self->db, error, "DELETE FROM roster WHERE peer = ? AND stub", "i",
                        account) &&
         burble_db_run (self->db, error,
                        "UPDATE roster SET wants = 0, allows = 0 WHERE peer = ?", "i", account) &&
         burble_db_run (self->db, error, "DELETE FROM roster WHERE owner = ?", "i", account) &&
         burble_db_run (self->db, error, "DELETE FROM receipt WHERE owner = ?", "i", account) &&
         burble_db_run (self->db, error, "DELETE FROM terminal WHERE account = ?", "i", account);
}

/* Messages stay as long as the other side has them. In pieces: others are waiting. */
gboolean
burble_sqlite_purge_account (BurbleSqliteWorker *self,
                             BurbleStorageOp    *op,
                             GError            **error)
{
  gint64 left = 0;

  if (!burble_db_run (self->db, error,
                      "DELETE FROM message WHERE message IN (SELECT a.message FROM archive a "
                      "JOIN account p ON p.account = a.peer WHERE a.owner = ?1 "
                      "AND (p.state = 2 OR p.account = ?1) "
                      "AND NOT EXISTS (SELECT 1 FROM archive o WHERE o.owner = a.peer "
                      "AND o.peer = a.owner AND o.message = a.message AND o.owner != ?1) "
                      "ORDER BY a.seq LIMIT ?2)", "ii", op->purge.account, (gint64) PURGE_CHUNK) ||
      !burble_db_run (self->db, error,
                      "DELETE FROM archive WHERE owner = ?1 AND seq IN "
                      "(SELECT seq FROM archive WHERE owner = ?1 ORDER BY seq LIMIT ?2)", "ii",
                      op->purge.account, (gint64) PURGE_CHUNK) ||
      !burble_db_get_int (self->db, &left, 0, error, "SELECT 1 FROM archive WHERE owner = ?", "i",
                          op->purge.account))
    return FALSE;
  op->purge.more = left != 0;
  return TRUE;
}

static gboolean
limit_terminals (BurbleSqliteWorker *self,
                 gint64              account,
                 GError            **error)
{
  return burble_db_run (self->db, error,
                        "DELETE FROM terminal WHERE account = ?1 AND terminal IN "
                        "(SELECT terminal FROM terminal WHERE account = ?1 "
                        "ORDER BY seen DESC LIMIT -1 OFFSET ?2)", "ii", account,
                        (gint64) MAX_TERMINALS);
}

gboolean
burble_sqlite_open_terminal (BurbleSqliteWorker *self,
                             BurbleStorageOp    *op,
                             GError            **error)
{
  g_autoptr(GError) local_error = NULL;
  sqlite3_stmt *statement = NULL;
  gint64 now = g_get_real_time ();
  gint64 account = op->open_terminal.account;

  op->open_terminal.last_seq = burble_sqlite_last_seq (self, account, error);
  if (op->open_terminal.last_seq < 0 ||
      !burble_db_run (self->db, error,
                      "INSERT INTO terminal (account, terminal, cursor, receipt, seen) "
                      "SELECT account, ?1, cursor, (SELECT ifnull (max (receipt), 0) FROM receipt "
                      "WHERE owner = ?3), ?2 FROM account WHERE account = ?3 AND state = 0 "
                      "ON CONFLICT (account, terminal) DO UPDATE SET seen = excluded.seen", "sii",
                      op->open_terminal.terminal, now, account) ||
      !limit_terminals (self, account, error))
    return FALSE;
  statement = burble_db_query (self->db, error,
                               "SELECT t.cursor, t.receipt FROM terminal t "
                               "JOIN account a ON a.account = t.account "
                               "WHERE t.account = ? AND t.terminal = ? AND a.state = 0", "is",
                               account,
                               op->open_terminal.terminal);
  if (statement == NULL)
    return FALSE;
  if (burble_db_step (self->db, statement, &local_error))
    {
      op->open_terminal.cursor = sqlite3_column_int64 (statement, 0);
      op->open_terminal.receipt = sqlite3_column_int64 (statement, 1);
      burble_db_finish (statement);
      return TRUE;
    }
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error_literal (error, BURBLE_STORAGE_ERROR, BURBLE_STORAGE_ERROR_FAILED,
                         "The account is gone");
  return FALSE;
}

gboolean
burble_sqlite_save_terminals (BurbleSqliteWorker *self,
                              BurbleStorageOp    *op,
                              GError            **error)
{
  gint64 now = g_get_real_time ();

  for (guint i = 0; i < op->save_terminals.rows->len; i++)
    {
      BurbleTerminalRow *row = g_ptr_array_index (op->save_terminals.rows, i);

      if (!burble_db_run (self->db, error,
                          "UPDATE terminal SET cursor = max (cursor, ?), "
                          "receipt = max (receipt, ?), seen = ? "
                          "WHERE account = ? AND terminal = ?", "iiiis",
                          row->cursor, row->receipt, now, row->account, row->terminal) ||
          !burble_db_run (self->db, error,
                          "UPDATE account SET cursor = ?1 WHERE account = ?2 AND cursor < ?1",
                          "ii", row->cursor, row->account))
        return FALSE;
    }
  return TRUE;
}

gboolean
burble_sqlite_clean_up (BurbleSqliteWorker *self,
                        GError            **error)
{
  gint64 now = g_get_real_time ();

  return burble_db_run (self->db, error, "DELETE FROM terminal WHERE seen < ?", "i",
                        now - TERMINAL_AGE_US) &&
         burble_db_run (self->db, error, "DELETE FROM receipt WHERE stamp < ?", "i",
                        now - RECEIPT_AGE_US);
}
