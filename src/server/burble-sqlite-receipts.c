/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-storage"

#include "config.h"

#include "burble-sqlite-ops.h"

/* A read message cannot become merely delivered again; @changed tells whether this is news. */
static gboolean
store_row (BurbleSqliteWorker *self,
           gint64              owner,
           gboolean            own,
           gint64              message,
           gint64              peer,
           gboolean            is_read,
           gboolean           *changed,
           GError            **error)
{
  if (!burble_db_run (self->db, error,
                      "DELETE FROM receipt WHERE owner = ? AND own = ? AND message = ? "
                      "AND read < ?", "iiii", owner, (gint64) own, message, (gint64) is_read) ||
      !burble_db_run (self->db, error,
                      "INSERT INTO receipt (owner, own, message, peer, read, stamp) "
                      "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (owner, own, message) DO NOTHING",
                      "iiiiii", owner, (gint64) own, message, peer, (gint64) is_read,
                      g_get_real_time ()))
    return FALSE;
  *changed = burble_db_changes (self->db) > 0;
  return TRUE;
}

/* Whether the peer may know that the reader is there. */
static gboolean
may_see (BurbleSqliteWorker *self,
         gint64              peer,
         gint64              reader,
         gboolean           *sees,
         GError            **error)
{
  gint64 found = 0;

  if (!burble_db_get_int (self->db, &found, 0, error,
                          "SELECT 1 FROM roster a JOIN roster b ON b.owner = a.peer "
                          "AND b.peer = a.owner AND b.allows "
                          "WHERE a.owner = ? AND a.peer = ? AND a.wants", "ii", peer, reader))
    return FALSE;
  *sees = found != 0;
  return TRUE;
}

gboolean
burble_sqlite_store_receipts (BurbleSqliteWorker *self,
                              BurbleStorageOp    *op,
                              GError            **error)
{
  gint64 reader = op->store_receipts.account;
  gint64 sender = burble_sqlite_find_peer (self, op->store_receipts.peer, error);

  g_clear_pointer (&op->store_receipts.known, g_ptr_array_unref);
  op->store_receipts.known = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  op->store_receipts.peer_account = MAX (sender, 0);
  op->store_receipts.told = FALSE;
  if (sender <= 0)
    return sender == 0;
  if (op->store_receipts.visible &&
      !may_see (self, sender, reader, &op->store_receipts.told, error))
    return FALSE;
  for (guint i = 0; op->store_receipts.keys[i] != NULL; i++)
    {
      const char *key = op->store_receipts.keys[i];
      gint64 message = 0;
      gboolean changed = FALSE;

      if (!burble_db_get_int (self->db, &message, 0, error,
                              "SELECT message FROM message WHERE sender = ? AND key = ? "
                              "AND recipient = ?", "isi", sender, key, reader))
        return FALSE;
      if (message == 0 || sender == reader)
        continue;
      if (op->store_receipts.read &&
          !store_row (self, reader, TRUE, message, sender, TRUE, &changed, error))
        return FALSE;
      if (op->store_receipts.told &&
          !store_row (self, sender, FALSE, message, reader, op->store_receipts.read, &changed,
                      error))
        return FALSE;
      if (!changed)
        continue;
      g_ptr_array_add (op->store_receipts.known, g_strdup (key));
      op->store_receipts.receipt = burble_db_last_row (self->db);
    }
  return TRUE;
}

gboolean
burble_sqlite_fetch_receipts (BurbleSqliteWorker *self,
                              BurbleStorageOp    *op,
                              GError            **error)
{
  g_autoptr(GError) local_error = NULL;
  sqlite3_stmt *statement =
    burble_db_query (self->db, error,
                     "SELECT r.receipt, r.own, r.read, p.username, m.key FROM receipt r "
                     "JOIN account p ON p.account = r.peer "
                     "JOIN message m ON m.message = r.message "
                     "WHERE r.owner = ? AND r.receipt > ? ORDER BY r.receipt LIMIT ?", "iii",
                     op->fetch_receipts.account, op->fetch_receipts.after,
                     (gint64) op->fetch_receipts.limit);

  g_clear_pointer (&op->fetch_receipts.rows, g_ptr_array_unref);
  op->fetch_receipts.rows =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_receipt_row_free);
  if (statement == NULL)
    return FALSE;
  while (burble_db_step (self->db, statement, &local_error))
    {
      BurbleReceiptRow *row = g_new0 (BurbleReceiptRow, 1);

      row->receipt = sqlite3_column_int64 (statement, 0);
      row->own = sqlite3_column_int (statement, 1);
      row->read = sqlite3_column_int (statement, 2);
      row->username = burble_db_dup_text (statement, 3);
      row->key = burble_db_dup_text (statement, 4);
      g_ptr_array_add (op->fetch_receipts.rows, row);
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
