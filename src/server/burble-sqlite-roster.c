/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-storage"

#include "config.h"

#include "burble-sqlite-ops.h"
#include "burble-username.h"

#define SELECT_ROWS \
  "SELECT p.account, p.username, p.name, p.bio, r.alias, r.wants, r.allows, " \
  "ifnull (o.wants, 0), ifnull (o.allows, 0), p.kind FROM roster r " \
  "JOIN account p ON p.account = r.peer " \
  "LEFT JOIN roster o ON o.owner = r.peer AND o.peer = r.owner WHERE r.owner = ? "

/* A row as it is stored. */
typedef struct
{
  gboolean exists;
  gboolean wants;
  gboolean allows;
  gboolean stub;
} Side;

static BurbleRosterRow *
read_row (sqlite3_stmt *statement)
{
  BurbleRosterRow *row = g_new0 (BurbleRosterRow, 1);

  row->peer = sqlite3_column_int64 (statement, 0);
  row->username = burble_db_dup_text (statement, 1);
  row->name = burble_db_dup_text (statement, 2);
  row->bio = burble_db_dup_text (statement, 3);
  row->alias = burble_db_dup_text (statement, 4);
  row->wants = sqlite3_column_int (statement, 5);
  row->allows = sqlite3_column_int (statement, 6);
  row->peer_wants = sqlite3_column_int (statement, 7);
  row->peer_allows = sqlite3_column_int (statement, 8);
  row->room = sqlite3_column_int (statement, 9);
  return row;
}

static gboolean
read_pair (BurbleSqliteWorker *self,
           gint64              owner,
           gint64              peer,
           BurbleRosterRow   **row,
           GError            **error)
{
  g_autoptr(GError) local_error = NULL;
  sqlite3_stmt *statement = burble_db_query (self->db, error, SELECT_ROWS "AND r.peer = ?", "ii",
                                             owner, peer);

  g_clear_pointer (row, burble_roster_row_free);
  if (statement == NULL)
    return FALSE;
  if (burble_db_step (self->db, statement, &local_error))
    {
      *row = read_row (statement);
      burble_db_finish (statement);
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
burble_sqlite_load_roster (BurbleSqliteWorker *self,
                           BurbleStorageOp    *op,
                           GError            **error)
{
  g_autoptr(GError) local_error = NULL;
  sqlite3_stmt *statement = NULL;

  g_clear_pointer (&op->load_roster.rows, g_ptr_array_unref);
  op->load_roster.rows = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_row_free);
  if (!burble_db_get_int (self->db, &op->load_roster.version, 0, error,
                          "SELECT roster_version FROM account WHERE account = ?", "i",
                          op->load_roster.account))
    return FALSE;
  statement = burble_db_query (self->db, error, SELECT_ROWS "ORDER BY p.username", "i",
                               op->load_roster.account);
  if (statement == NULL)
    return FALSE;
  while (burble_db_step (self->db, statement, &local_error))
    g_ptr_array_add (op->load_roster.rows, read_row (statement));
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
read_side (BurbleSqliteWorker *self,
           gint64              owner,
           gint64              peer,
           Side               *side,
           GError            **error)
{
  gint64 bits = 0;

  if (!burble_db_get_int (self->db, &bits, 0, error,
                          "SELECT 1 + 2 * wants + 4 * allows + 8 * stub FROM roster "
                          "WHERE owner = ? AND peer = ?", "ii", owner, peer))
    return FALSE;
  side->exists = (bits & 1) != 0;
  side->wants = (bits & 2) != 0;
  side->allows = (bits & 4) != 0;
  side->stub = (bits & 8) != 0;
  return TRUE;
}

static gboolean
write_side (BurbleSqliteWorker *self,
            gint64              owner,
            gint64              peer,
            const Side         *side,
            GError            **error)
{
  return burble_db_run (self->db, error,
                        "INSERT INTO roster (owner, peer, wants, allows, stub) "
                        "VALUES (?, ?, ?, ?, ?) ON CONFLICT (owner, peer) DO UPDATE SET "
                        "wants = excluded.wants, allows = excluded.allows, stub = excluded.stub",
                        "iiiii", owner, peer, (gint64) side->wants, (gint64) side->allows,
                        (gint64) side->stub);
}

static gboolean
write_alias (BurbleSqliteWorker *self,
             gint64              owner,
             BurbleRosterChange *change,
             GError            **error)
{
  return burble_db_run (self->db, error,
                        "UPDATE roster SET alias = ? WHERE owner = ? AND peer = ?", "sii",
                        change->alias, owner, change->peer);
}

static gboolean
remove_side (BurbleSqliteWorker *self,
             gint64              owner,
             gint64              peer,
             GError            **error)
{
  return burble_db_run (self->db, error, "DELETE FROM roster WHERE owner = ? AND peer = ?", "ii",
                        owner, peer);
}

static gboolean
has_room (BurbleSqliteWorker *self,
          gint64              owner,
          guint               limit,
          gboolean           *room,
          GError            **error)
{
  gint64 count = 0;

  if (!burble_db_get_int (self->db, &count, 0, error,
                          "SELECT count (*) FROM roster WHERE owner = ?", "i", owner))
    return FALSE;
  *room = count < limit;
  return TRUE;
}

/* Both directions end; a request that nobody answered disappears with it. */
static gboolean
remove_relation (BurbleSqliteWorker *self,
                 gint64              owner,
                 BurbleRosterChange *change,
                 Side                theirs,
                 GError            **error)
{
  if (!remove_side (self, owner, change->peer, error))
    return FALSE;
  if (!theirs.exists)
    return TRUE;
  change->theirs_changed = TRUE;
  if (theirs.stub)
    return remove_side (self, change->peer, owner, error);
  theirs.wants = FALSE;
  theirs.allows = FALSE;
  return write_side (self, change->peer, owner, &theirs, error);
}

static void
apply_wish (BurbleRosterChange *change,
            const Side         *own,
            const Side         *theirs,
            Side               *result)
{
  gboolean asked = theirs->wants && !own->allows;

  *result = *own;
  result->exists = TRUE;
  result->stub = FALSE;
  switch (change->wish)
    {
    case BURBLE_ROSTER_WISH_DEFAULT:
      if (own->exists && !asked && change->has_alias)
        break;
      result->wants = TRUE;
      result->allows = TRUE;
      break;
    case BURBLE_ROSTER_WISH_NONE:
      result->wants = FALSE;
      result->allows = FALSE;
      break;
    case BURBLE_ROSTER_WISH_TO:
      result->wants = TRUE;
      result->allows = FALSE;
      break;
    case BURBLE_ROSTER_WISH_FROM:
      result->wants = FALSE;
      result->allows = TRUE;
      break;
    case BURBLE_ROSTER_WISH_BOTH:
      result->wants = TRUE;
      result->allows = TRUE;
      break;
    case BURBLE_ROSTER_WISH_DELETE:
    default:
      g_assert_not_reached ();
    }
}

static gboolean
change_relation (BurbleSqliteWorker *self,
                 BurbleStorageOp    *op,
                 BurbleRosterChange *change,
                 const Side         *own,
                 const Side         *theirs,
                 GError            **error)
{
  gint64 owner = op->change_roster.account;
  gboolean room = TRUE;
  gboolean asks = FALSE;
  Side result = { 0 };

  apply_wish (change, own, theirs, &result);
  asks = result.wants && !theirs->exists;
  if (!own->exists && !has_room (self, owner, op->change_roster.limit, &room, error))
    return FALSE;
  if (room && asks && !has_room (self, change->peer, op->change_roster.limit, &room, error))
    return FALSE;
  if (!room)
    {
      change->outcome = BURBLE_ROSTER_FULL;
      return TRUE;
    }

  change->theirs_changed = asks || (theirs->exists && (result.wants != own->wants ||
                                                       result.allows != own->allows));
  if (!write_side (self, owner, change->peer, &result, error))
    return FALSE;
  if (change->has_alias && !write_alias (self, owner, change, error))
    return FALSE;
  if (asks)
    {
      Side stub = { TRUE, FALSE, FALSE, TRUE };

      return write_side (self, change->peer, owner, &stub, error);
    }
  return TRUE;
}

/* Whoever has a room in the roster is a member of it. */
static gboolean
change_room (BurbleSqliteWorker *self,
             BurbleStorageOp    *op,
             BurbleRosterChange *change,
             const Side         *own,
             GError            **error)
{
  gint64 owner = op->change_roster.account;
  g_autofree char *uuid = g_uuid_string_random ();
  gboolean room = TRUE;
  gboolean confusing = FALSE;
  const Side member = { TRUE, TRUE, TRUE, FALSE };

  if (!own->exists && !has_room (self, owner, op->change_roster.limit, &room, error))
    return FALSE;
  if (!room)
    {
      change->outcome = BURBLE_ROSTER_FULL;
      return TRUE;
    }
  if (change->peer == 0)
    {
      if (!burble_sqlite_has_look_alike (self, change->username, &confusing, error))
        return FALSE;
      if (confusing || !burble_username_check (change->username, NULL))
        {
          change->outcome = BURBLE_ROSTER_BAD_NAME;
          return TRUE;
        }
      if (!burble_db_run (self->db, error,
                          "INSERT INTO account (username, shape, kind, uuid, created) "
                          "VALUES (?1, shape_of (?1), 1, ?, ?)", "ssi", change->username, uuid,
                          g_get_real_time ()))
        return FALSE;
      change->peer = burble_db_last_row (self->db);
    }
  return write_side (self, owner, change->peer, &member, error) &&
         (!change->has_alias || write_alias (self, owner, change, error));
}

static gboolean
change_one (BurbleSqliteWorker *self,
            BurbleStorageOp    *op,
            BurbleRosterChange *change,
            GError            **error)
{
  gint64 owner = op->change_roster.account;
  gint64 state = 0;
  gint64 kind = 0;
  Side own = { 0 };
  Side theirs = { 0 };

  change->outcome = BURBLE_ROSTER_DONE;
  change->theirs_changed = FALSE;
  g_clear_pointer (&change->own, burble_roster_row_free);
  g_clear_pointer (&change->theirs, burble_roster_row_free);
  if (!burble_db_get_int (self->db, &change->peer, 0, error,
                          "SELECT account FROM account WHERE username = ?", "s",
                          change->username) ||
      !burble_db_get_int (self->db, &state, 2, error,
                          "SELECT state FROM account WHERE account = ?", "i", change->peer) ||
      !burble_db_get_int (self->db, &kind, change->room ? 1 : 0, error,
                          "SELECT kind FROM account WHERE account = ?", "i", change->peer) ||
      !read_side (self, owner, change->peer, &own, error) ||
      !read_side (self, change->peer, owner, &theirs, error))
    return FALSE;

  if (change->wish == BURBLE_ROSTER_WISH_DELETE)
    return !own.exists || remove_relation (self, owner, change, theirs, error);
  if (kind != 0)
    return change_room (self, op, change, &own, error);
  if (change->room)
    {
      change->outcome = BURBLE_ROSTER_NOT_A_ROOM;
      return TRUE;
    }
  if (change->peer == owner || (state == BURBLE_ACCOUNT_DELETED && !own.exists))
    {
      change->outcome = BURBLE_ROSTER_UNKNOWN_USER;
      return TRUE;
    }
  if (state == BURBLE_ACCOUNT_DELETED)
    change->wish = BURBLE_ROSTER_WISH_NONE;
  return change_relation (self, op, change, &own, &theirs, error);
}

static gboolean
bump_version (BurbleSqliteWorker *self,
              gint64              account,
              gint64             *version,
              GError            **error)
{
  return burble_db_get_int (self->db, version, 0, error,
                            "UPDATE account SET roster_version = roster_version + 1 "
                            "WHERE account = ? RETURNING roster_version", "i", account);
}

gboolean
burble_sqlite_change_roster (BurbleSqliteWorker *self,
                             BurbleStorageOp    *op,
                             GError            **error)
{
  gint64 owner = op->change_roster.account;
  gboolean any = FALSE;

  for (guint i = 0; i < op->change_roster.changes->len; i++)
    {
      BurbleRosterChange *change = g_ptr_array_index (op->change_roster.changes, i);

      if (!change_one (self, op, change, error))
        return FALSE;
      if (change->outcome != BURBLE_ROSTER_DONE)
        continue;
      any = TRUE;
      if (change->theirs_changed &&
          !bump_version (self, change->peer, &change->their_version, error))
        return FALSE;
    }
  /* Read back at the end: one request may name somebody twice. */
  for (guint i = 0; i < op->change_roster.changes->len; i++)
    {
      BurbleRosterChange *change = g_ptr_array_index (op->change_roster.changes, i);

      if (change->outcome == BURBLE_ROSTER_DONE &&
          (!read_pair (self, owner, change->peer, &change->own, error) ||
           !read_pair (self, change->peer, owner, &change->theirs, error)))
        return FALSE;
    }
  if (any)
    return bump_version (self, owner, &op->change_roster.version, error);
  return burble_db_get_int (self->db, &op->change_roster.version, 0, error,
                            "SELECT roster_version FROM account WHERE account = ?", "i", owner);
}
