/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-storage"

#include "config.h"

#include "burble-sqlite-ops.h"

#include <string.h>

#define MAX_CACHED_SEQS 20000

#define ROW_COLUMNS \
  "SELECT a.seq, a.outgoing, a.target, m.key, m.stamp, m.terminal, m.wished, m.body, " \
  "s.username, r.username, r.kind FROM archive a " \
  "CROSS JOIN message m ON m.message = a.message " \
  "CROSS JOIN account s ON s.account = m.sender CROSS JOIN account r ON r.account = m.recipient "

gint64
burble_sqlite_last_seq (BurbleSqliteWorker *self,
                        gint64              owner,
                        GError            **error)
{
  gpointer cached = NULL;
  gint64 seq = 0;

  if (g_hash_table_lookup_extended (self->last_seqs, GSIZE_TO_POINTER (owner), NULL, &cached))
    return (gint64) GPOINTER_TO_SIZE (cached);
  if (!burble_db_get_int (self->db, &seq, 0, error,
                          "SELECT max (first_seq, ifnull ((SELECT max (seq) FROM archive "
                          "WHERE owner = ?1), 0)) FROM account WHERE account = ?1", "i", owner))
    return -1;
  if (g_hash_table_size (self->last_seqs) >= MAX_CACHED_SEQS)
    g_hash_table_remove_all (self->last_seqs);
  g_hash_table_insert (self->last_seqs, GSIZE_TO_POINTER (owner), GSIZE_TO_POINTER (seq));
  return seq;
}

gint64
burble_sqlite_next_seq (BurbleSqliteWorker *self,
                        gint64              owner,
                        GError            **error)
{
  gint64 seq = burble_sqlite_last_seq (self, owner, error);

  if (seq < 0)
    return -1;
  g_hash_table_insert (self->last_seqs, GSIZE_TO_POINTER (owner), GSIZE_TO_POINTER (seq + 1));
  return seq + 1;
}

static gboolean
add_copy (BurbleSqliteWorker *self,
          BurbleMessageItem  *item,
          gint64              owner,
          gint64              peer,
          gint64              message,
          gboolean            outgoing,
          GError            **error)
{
  BurbleMessageCopy copy = { owner, burble_sqlite_next_seq (self, owner, error), outgoing };

  if (copy.seq < 0)
    return FALSE;
  g_array_append_val (item->copies, copy);
  return burble_db_run (self->db, error,
                        "INSERT INTO archive (owner, seq, message, peer, outgoing, target) "
                        "VALUES (?, ?, ?, ?, ?, ?)", "iiiiis", owner, copy.seq, message, peer,
                        (gint64) outgoing, outgoing ? NULL : item->target);
}

/* One for each member. */
static gboolean
add_room_copies (BurbleSqliteWorker *self,
                 BurbleMessageItem  *item,
                 gint64              sender,
                 gint64              room,
                 gint64              message,
                 GError            **error)
{
  g_autoptr(GArray) members = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GError) local_error = NULL;
  sqlite3_stmt *statement = burble_db_query (self->db, error,
                                             "SELECT owner FROM roster WHERE peer = ?", "i", room);

  if (statement == NULL)
    return FALSE;
  while (burble_db_step (self->db, statement, &local_error))
    {
      gint64 member = sqlite3_column_int64 (statement, 0);

      g_array_append_val (members, member);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  for (guint i = 0; i < members->len; i++)
    {
      gint64 member = g_array_index (members, gint64, i);

      if (!add_copy (self, item, member, room, message, member == sender, error))
        return FALSE;
    }
  return TRUE;
}

/* 2 * account + kind; 0: nobody; -1: error. */
static gint64
find_recipient (BurbleSqliteWorker *self,
                const char         *username,
                GError            **error)
{
  gint64 found = 0;

  if (!burble_db_get_int (self->db, &found, 0, error,
                          "SELECT 2 * account + kind FROM account "
                          "WHERE username = ? AND state != 2", "s", username))
    return -1;
  return found;
}

static gboolean
is_member (BurbleSqliteWorker *self,
           gint64              account,
           gint64              room,
           gint64             *member,
           GError            **error)
{
  return burble_db_get_int (self->db, member, 0, error,
                            "SELECT 1 FROM roster WHERE owner = ? AND peer = ?", "ii", account,
                            room);
}

static gboolean
store_one (BurbleSqliteWorker *self,
           gint64              sender,
           const char         *terminal,
           BurbleMessageItem  *item,
           GError            **error)
{
  BurbleStoredMessage *message = item->message;
  const char *slash = strchr (message->to, '/');
  gint64 found = find_recipient (self, item->recipient, error);
  gint64 peer = found / 2;
  gint64 member = 1;
  gint64 row = 0;

  g_array_set_size (item->copies, 0);
  item->room = found > 0 && found % 2 == 1;
  if (found < 0 || (item->room && !is_member (self, sender, peer, &member, error)))
    return FALSE;
  if (found == 0 || !member)
    {
      item->outcome = found == 0 ? BURBLE_MESSAGE_UNKNOWN_USER : BURBLE_MESSAGE_NOT_A_MEMBER;
      return TRUE;
    }
  if (!burble_db_run (self->db, error,
                      "INSERT INTO message (sender, key, stamp, terminal, recipient, wished, body) "
                      "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sender, key) DO NOTHING",
                      "isisiss", sender, message->key, message->timestamp, terminal, peer,
                      slash != NULL ? slash + 1 : NULL, message->body))
    return FALSE;
  if (burble_db_changes (self->db) == 0)
    {
      item->outcome = BURBLE_MESSAGE_DUPLICATE;
      return TRUE;
    }

  item->outcome = BURBLE_MESSAGE_STORED;
  row = burble_db_last_row (self->db);
  if (item->room)
    return add_room_copies (self, item, sender, peer, row, error);
  return add_copy (self, item, peer, sender, row, FALSE, error) &&
         (sender == peer || add_copy (self, item, sender, peer, row, TRUE, error));
}

gboolean
burble_sqlite_store_messages (BurbleSqliteWorker *self,
                              BurbleStorageOp    *op,
                              GError            **error)
{
  for (guint i = 0; i < op->store.items->len; i++)
    if (!store_one (self, op->store.account, op->store.terminal,
                    g_ptr_array_index (op->store.items, i), error))
      return FALSE;
  return TRUE;
}

static BurbleArchiveRow *
read_row (BurbleSqliteWorker *self,
          sqlite3_stmt       *statement)
{
  const char *key = (const char *) sqlite3_column_text (statement, 3);
  const char *terminal = (const char *) sqlite3_column_text (statement, 5);
  const char *wished = (const char *) sqlite3_column_text (statement, 6);
  const char *body = (const char *) sqlite3_column_text (statement, 7);
  const char *sender = (const char *) sqlite3_column_text (statement, 8);
  const char *recipient = (const char *) sqlite3_column_text (statement, 9);
  gboolean outgoing = sqlite3_column_int (statement, 1);
  gboolean from_room = sqlite3_column_int (statement, 10) != 0 && !outgoing;
  g_autofree char *from = g_strconcat (from_room ? recipient : sender, "@", self->domain, "/",
                                       from_room ? sender : terminal, NULL);
  g_autofree char *to = g_strconcat (recipient, "@", self->domain, wished != NULL ? "/" : NULL,
                                     wished, NULL);
  BurbleArchiveRow *row = g_new0 (BurbleArchiveRow, 1);
  GRefString *from_ref = g_ref_string_new (from);

  row->seq = sqlite3_column_int64 (statement, 0);
  row->outgoing = outgoing;
  row->target = burble_db_dup_text (statement, 2);
  row->message = burble_stored_message_new (key, from_ref, to, sqlite3_column_int64 (statement, 4),
                                            body);
  g_ref_string_release (from_ref);
  return row;
}

/*
 * At most @limit rows, and no more once @max_bytes are reached, but at least one; @more tells
 * whether there are others.
 */
static gboolean
read_rows (BurbleSqliteWorker *self,
           sqlite3_stmt       *statement,
           guint               limit,
           gsize               max_bytes,
           GPtrArray         **rows,
           gboolean           *more,
           GError            **error)
{
  g_autoptr(GError) local_error = NULL;
  gsize bytes = 0;

  g_clear_pointer (rows, g_ptr_array_unref);
  *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_archive_row_free);
  *more = FALSE;
  if (statement == NULL)
    return FALSE;
  while (burble_db_step (self->db, statement, &local_error))
    {
      BurbleArchiveRow *row = NULL;

      if ((*rows)->len >= limit || (bytes >= max_bytes && (*rows)->len > 0))
        {
          *more = TRUE;
          burble_db_finish (statement);
          break;
        }
      row = read_row (self, statement);
      bytes += g_ref_string_length (row->message->body);
      g_ptr_array_add (*rows, row);
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
burble_sqlite_fetch_pending (BurbleSqliteWorker *self,
                             BurbleStorageOp    *op,
                             GError            **error)
{
  gint64 last_seq = burble_sqlite_last_seq (self, op->pending.account, error);

  if (last_seq < 0 ||
      !read_rows (self,
                  burble_db_query (self->db, error,
                                   ROW_COLUMNS "WHERE a.owner = ?1 AND a.seq > ?2 "
                                   "AND (a.target IS NULL OR a.target = ?3) "
                                   "AND (a.outgoing = 0 OR ?4) "
                                   "AND NOT (m.sender = ?1 AND m.terminal = ?3) "
                                   "ORDER BY a.seq LIMIT ?5", "iisii", op->pending.account,
                                   op->pending.after, op->pending.terminal,
                                   (gint64) op->pending.outgoing, (gint64) op->pending.limit + 1),
                  op->pending.limit, op->pending.max_bytes, &op->pending.rows, &op->pending.more,
                  error))
    return FALSE;
  /* With rows left over, the caller has seen all only up to the last one it gets. */
  op->pending.last_seq = last_seq;
  if (op->pending.more)
    {
      BurbleArchiveRow *row = g_ptr_array_index (op->pending.rows, op->pending.rows->len - 1);

      op->pending.last_seq = row->seq;
    }
  return TRUE;
}

static sqlite3_stmt *
query_history (BurbleSqliteWorker *self,
               BurbleStorageOp    *op,
               gint64              peer,
               GError            **error)
{
  gint64 account = op->history.account;
  gint64 after = op->history.after;
  gint64 before = op->history.before >= 0 ? op->history.before : G_MAXINT64;
  gint64 limit = (gint64) op->history.limit + 1;

  if (peer > 0 && after >= 0)
    return burble_db_query (self->db, error,
                            ROW_COLUMNS "WHERE a.owner = ? AND a.peer = ? AND a.seq > ? "
                            "AND a.seq < ? ORDER BY a.seq LIMIT ?", "iiiii", account, peer, after,
                            before, limit);
  if (peer > 0)
    return burble_db_query (self->db, error,
                            ROW_COLUMNS "WHERE a.owner = ? AND a.peer = ? AND a.seq < ? "
                            "ORDER BY a.seq DESC LIMIT ?", "iiii", account, peer, before, limit);
  if (after >= 0)
    return burble_db_query (self->db, error,
                            ROW_COLUMNS "WHERE a.owner = ? AND a.seq > ? AND a.seq < ? "
                            "ORDER BY a.seq LIMIT ?", "iiii", account, after, before, limit);
  return burble_db_query (self->db, error,
                          ROW_COLUMNS "WHERE a.owner = ? AND a.seq < ? "
                          "ORDER BY a.seq DESC LIMIT ?", "iii", account, before, limit);
}

static void
reverse (GPtrArray *array)
{
  for (guint i = 0; i < array->len / 2; i++)
    {
      gpointer first = array->pdata[i];

      array->pdata[i] = array->pdata[array->len - 1 - i];
      array->pdata[array->len - 1 - i] = first;
    }
}

gboolean
burble_sqlite_fetch_history (BurbleSqliteWorker *self,
                             BurbleStorageOp    *op,
                             GError            **error)
{
  gboolean more = FALSE;
  gint64 peer = 0;

  if (op->history.with != NULL)
    {
      /* Also with somebody who is deleted by now. */
      if (!burble_db_get_int (self->db, &peer, 0, error,
                              "SELECT account FROM account WHERE username = ?", "s",
                              op->history.with))
        return FALSE;
      if (peer == 0)
        {
          g_clear_pointer (&op->history.rows, g_ptr_array_unref);
          op->history.rows =
            g_ptr_array_new_with_free_func ((GDestroyNotify) burble_archive_row_free);
          op->history.complete = TRUE;
          return TRUE;
        }
    }
  if (!read_rows (self, query_history (self, op, peer, error), op->history.limit,
                  op->history.max_bytes, &op->history.rows, &more, error))
    return FALSE;
  if (op->history.after < 0)
    reverse (op->history.rows);
  op->history.complete = !more;
  return TRUE;
}

/* They get a new place at the end, so that terminals that are further along meet them. */
static gboolean
retarget_row (BurbleSqliteWorker *self,
              gint64              owner,
              gint64              seq,
              gint64             *new_seq,
              GError            **error)
{
  *new_seq = burble_sqlite_next_seq (self, owner, error);
  return *new_seq >= 0 &&
         burble_db_run (self->db, error,
                        "UPDATE archive SET seq = ?, target = NULL WHERE owner = ? AND seq = ?",
                        "iii", *new_seq, owner, seq);
}

gboolean
burble_sqlite_retarget (BurbleSqliteWorker *self,
                        BurbleStorageOp    *op,
                        GError            **error)
{
  g_autoptr(GArray) pairs = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GError) local_error = NULL;
  sqlite3_stmt *statement = NULL;
  gint64 first_new = 0;
  gboolean more = FALSE;

  if (op->retarget.account == 0)
    statement = burble_db_query (self->db, error,
                                 "SELECT owner, seq FROM archive WHERE target IS NOT NULL "
                                 "ORDER BY owner, seq", "");
  else
    statement = burble_db_query (self->db, error,
                                 "SELECT owner, seq FROM archive WHERE owner = ? AND target = ? "
                                 "ORDER BY seq", "is", op->retarget.account,
                                 op->retarget.terminal);
  g_clear_pointer (&op->retarget.rows, g_ptr_array_unref);
  if (statement == NULL)
    return FALSE;
  while (burble_db_step (self->db, statement, &local_error))
    {
      gint64 owner = sqlite3_column_int64 (statement, 0);
      gint64 seq = sqlite3_column_int64 (statement, 1);

      g_array_append_val (pairs, owner);
      g_array_append_val (pairs, seq);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  for (guint i = 0; i < pairs->len; i += 2)
    {
      gint64 owner = g_array_index (pairs, gint64, i);
      gint64 seq = g_array_index (pairs, gint64, i + 1);
      gint64 new_seq = 0;

      if (!retarget_row (self, owner, seq, &new_seq, error))
        return FALSE;
      if (i == 0)
        first_new = new_seq;
    }
  if (op->retarget.account == 0 || pairs->len == 0)
    return TRUE;
  return read_rows (self,
                    burble_db_query (self->db, error,
                                     ROW_COLUMNS "WHERE a.owner = ? AND a.seq >= ? "
                                     "ORDER BY a.seq", "ii", op->retarget.account, first_new),
                    G_MAXUINT, G_MAXSIZE, &op->retarget.rows, &more, error);
}

gboolean
burble_sqlite_clear_target (BurbleSqliteWorker *self,
                            BurbleStorageOp    *op,
                            GError            **error)
{
  for (guint i = 0; i < op->clear_target.seqs->len; i++)
    if (!burble_db_run (self->db, error,
                        "UPDATE archive SET target = NULL WHERE owner = ? AND seq = ?", "ii",
                        op->clear_target.account,
                        g_array_index (op->clear_target.seqs, gint64, i)))
      return FALSE;
  return TRUE;
}
