/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-storage"

#include "config.h"

#include "burble-storage.h"

G_DEFINE_QUARK (burble-storage-error-quark, burble_storage_error)
G_DEFINE_INTERFACE (BurbleStorage, burble_storage, G_TYPE_OBJECT)

static void
burble_storage_default_init (BurbleStorageInterface *iface)
{
}

BurbleStoredMessage *
burble_stored_message_new (const char *key,
                           GRefString *from,
                           const char *to,
                           gint64      timestamp,
                           const char *body)
{
  BurbleStoredMessage *self = g_new (BurbleStoredMessage, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->key = g_ref_string_new (key);
  self->from = g_ref_string_acquire (from);
  self->to = g_ref_string_new (to);
  self->timestamp = timestamp;
  self->body = g_ref_string_new (body);
  return self;
}

BurbleStoredMessage *
burble_stored_message_ref (BurbleStoredMessage *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
burble_stored_message_unref (BurbleStoredMessage *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ref_string_release (self->key);
  g_ref_string_release (self->from);
  g_ref_string_release (self->to);
  g_ref_string_release (self->body);
  g_free (self);
}

void
burble_account_row_free (BurbleAccountRow *row)
{
  g_free (row->username);
  g_free (row->uuid);
  g_free (row->password);
  g_free (row->name);
  g_free (row->bio);
  g_free (row);
}

void
burble_terminal_row_free (BurbleTerminalRow *row)
{
  g_free (row->terminal);
  g_free (row);
}

void
burble_roster_row_free (BurbleRosterRow *row)
{
  g_free (row->username);
  g_free (row->name);
  g_free (row->bio);
  g_free (row->alias);
  g_free (row);
}

BurbleRosterChange *
burble_roster_change_new (const char      *username,
                          BurbleRosterWish wish)
{
  BurbleRosterChange *change = g_new0 (BurbleRosterChange, 1);

  change->username = g_strdup (username);
  change->wish = wish;
  return change;
}

void
burble_roster_change_free (BurbleRosterChange *change)
{
  g_free (change->username);
  g_free (change->alias);
  g_clear_pointer (&change->own, burble_roster_row_free);
  g_clear_pointer (&change->theirs, burble_roster_row_free);
  g_free (change);
}

BurbleMessageItem *
burble_message_item_new (BurbleStoredMessage *message,
                         const char          *recipient,
                         const char          *target)
{
  BurbleMessageItem *item = g_new0 (BurbleMessageItem, 1);

  item->message = burble_stored_message_ref (message);
  item->recipient = g_strdup (recipient);
  item->copies = g_array_new (FALSE, FALSE, sizeof (BurbleMessageCopy));
  item->target = g_strdup (target);
  return item;
}

void
burble_message_item_free (BurbleMessageItem *item)
{
  burble_stored_message_unref (item->message);
  g_free (item->recipient);
  g_array_unref (item->copies);
  g_free (item->target);
  g_free (item);
}

void
burble_archive_row_free (BurbleArchiveRow *row)
{
  burble_stored_message_unref (row->message);
  g_free (row->target);
  g_free (row);
}

void
burble_receipt_row_free (BurbleReceiptRow *row)
{
  g_free (row->username);
  g_free (row->key);
  g_free (row);
}

BurbleStorageOp *
burble_storage_op_new (BurbleStorageOpType type)
{
  BurbleStorageOp *op = g_new0 (BurbleStorageOp, 1);

  op->type = type;
  return op;
}

void
burble_storage_op_free (BurbleStorageOp *op)
{
  switch (op->type)
    {
    case BURBLE_STORAGE_ADD_ACCOUNT:
      g_free (op->add.username);
      g_free (op->add.password);
      g_free (op->add.name);
      g_free (op->add.bio);
      g_clear_pointer (&op->add.row, burble_account_row_free);
      break;
    case BURBLE_STORAGE_FIND_ACCOUNT:
      g_free (op->find.username);
      g_free (op->find.uuid);
      g_clear_pointer (&op->find.row, burble_account_row_free);
      break;
    case BURBLE_STORAGE_LIST_ACCOUNTS:
      g_clear_pointer (&op->list.rows, g_ptr_array_unref);
      break;
    case BURBLE_STORAGE_SET_PASSWORD:
      g_free (op->set_password.username);
      g_free (op->set_password.password);
      break;
    case BURBLE_STORAGE_SET_DISABLED:
      g_free (op->set_disabled.username);
      break;
    case BURBLE_STORAGE_DELETE_ACCOUNT:
      g_free (op->remove.username);
      break;
    case BURBLE_STORAGE_PURGE_ACCOUNT:
      break;
    case BURBLE_STORAGE_CHANGED_ACCOUNTS:
      g_clear_pointer (&op->changed.rows, g_ptr_array_unref);
      break;
    case BURBLE_STORAGE_OPEN_TERMINAL:
      g_free (op->open_terminal.terminal);
      break;
    case BURBLE_STORAGE_SAVE_TERMINALS:
      g_clear_pointer (&op->save_terminals.rows, g_ptr_array_unref);
      break;
    case BURBLE_STORAGE_LOAD_ROSTER:
      g_clear_pointer (&op->load_roster.rows, g_ptr_array_unref);
      break;
    case BURBLE_STORAGE_CHANGE_ROSTER:
      g_clear_pointer (&op->change_roster.changes, g_ptr_array_unref);
      break;
    case BURBLE_STORAGE_STORE_MESSAGES:
      g_free (op->store.terminal);
      g_clear_pointer (&op->store.items, g_ptr_array_unref);
      break;
    case BURBLE_STORAGE_FETCH_PENDING:
      g_free (op->pending.terminal);
      g_clear_pointer (&op->pending.rows, g_ptr_array_unref);
      break;
    case BURBLE_STORAGE_FETCH_HISTORY:
      g_free (op->history.with);
      g_clear_pointer (&op->history.rows, g_ptr_array_unref);
      break;
    case BURBLE_STORAGE_RETARGET:
      g_free (op->retarget.terminal);
      g_clear_pointer (&op->retarget.rows, g_ptr_array_unref);
      break;
    case BURBLE_STORAGE_CLEAR_TARGET:
      g_clear_pointer (&op->clear_target.seqs, g_array_unref);
      break;
    case BURBLE_STORAGE_STORE_RECEIPTS:
      g_free (op->store_receipts.peer);
      g_strfreev (op->store_receipts.keys);
      g_clear_pointer (&op->store_receipts.known, g_ptr_array_unref);
      break;
    case BURBLE_STORAGE_FETCH_RECEIPTS:
      g_clear_pointer (&op->fetch_receipts.rows, g_ptr_array_unref);
      break;
    default:
      g_assert_not_reached ();
    }
  g_free (op);
}

/**
 * burble_storage_submit_async:
 * @self: the storage
 * @op: (transfer full): what to do
 * @callback: called when it is done; a change is on disk by then
 * @user_data: for @callback
 */
void
burble_storage_submit_async (BurbleStorage      *self,
                             BurbleStorageOp    *op,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BURBLE_IS_STORAGE (self));
  g_return_if_fail (op != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, burble_storage_submit_async);
  g_task_set_task_data (task, op, (GDestroyNotify) burble_storage_op_free);
  BURBLE_STORAGE_GET_IFACE (self)->submit (self, op, g_steal_pointer (&task));
}

/**
 * burble_storage_submit_finish:
 * @self: a storage
 * @result: what the callback got; burble_storage_get_op() has the outputs
 * @error: return location for a %BURBLE_STORAGE_ERROR
 *
 * Returns: whether it was done, and where it changed something, is safe on disk
 */
gboolean
burble_storage_submit_finish (BurbleStorage *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * burble_storage_get_op:
 * @result: what the callback was given
 *
 * Returns: (transfer none): the op with its outputs, valid as long as @result
 */
BurbleStorageOp *
burble_storage_get_op (GAsyncResult *result)
{
  return g_task_get_task_data (G_TASK (result));
}
