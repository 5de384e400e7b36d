/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-store"

#include "config.h"

#include "burble-store-private.h"

static BurbleContact *
read_contact (sqlite3_stmt *statement, BurbleAccount *account)
{
  BurbleContact *contact = burble_contact_new (account, burble_db_text (statement, 0));

  burble_contact_set_name (contact, burble_db_text (statement, 1));
  burble_contact_set_alias (contact, burble_db_text (statement, 2));
  burble_contact_set_bio (contact, burble_db_text (statement, 3));
  burble_contact_set_kind (contact, sqlite3_column_int (statement, 4));
  burble_contact_set_subscription (contact, sqlite3_column_int (statement, 5));
  burble_contact_set_asks (contact, sqlite3_column_int (statement, 6));
  burble_contact_set_in_roster (contact, sqlite3_column_int (statement, 7));
  /* A file may come from a later version. */
  burble_contact_set_notify_status (contact, CLAMP (sqlite3_column_int (statement, 8),
                                                    BURBLE_NOTIFY_NEVER, BURBLE_NOTIFY_CHANGES));
  return contact;
}

static gboolean
load_roster_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  g_autoptr(GError) step_error = NULL;
  sqlite3_stmt *statement = NULL;
  gint64 account;

  if (!burble_db_find_account (db, call->uid, &account, error))
    return FALSE;

  statement = burble_db_query (db, error, "SELECT etag FROM accounts WHERE account = ?",
                               "l", account);
  if (statement == NULL)
    return FALSE;
  if (burble_db_next (db, statement, &step_error))
    {
      call->result_text = g_strdup (burble_db_text (statement, 0));
      burble_db_done (statement);
    }

  statement = step_error != NULL ? NULL :
    burble_db_query (db, &step_error,
                     "SELECT id, name, alias, bio, kind, subscription, asks, in_roster,"
                     " notify_online FROM contacts LEFT JOIN contact_settings USING (account, id)"
                     " WHERE account = ?", "l", account);
  call->list = g_ptr_array_new_with_free_func (g_object_unref);
  while (statement != NULL && burble_db_next (db, statement, &step_error))
    g_ptr_array_add (call->list, read_contact (statement, call->account));
  if (step_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&step_error));
  return FALSE;
}

/**
 * burble_store_load_roster_async:
 * @self: a store
 * @account: an account
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called with the roster
 * @user_data: for @callback
 *
 * Loads the contacts of an account as the server had them when it was last asked, in no
 * particular order.
 */
void
burble_store_load_roster_async (BurbleStore *self, BurbleAccount *account,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  burble_store_read (self, burble_store_load_roster_async,
                     burble_store_call_for_account (account),
                     load_roster_run, NULL, cancellable, callback, user_data);
}

/**
 * burble_store_load_roster_finish:
 * @self: a store
 * @result: the result
 * @etag: (out) (optional) (nullable): the etag of the roster; %NULL when there was never one
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type BurbleContact): the contacts
 */
GPtrArray *
burble_store_load_roster_finish (BurbleStore *self, GAsyncResult *result, char **etag,
                                 GError **error)
{
  BurbleStoreCall *call = burble_store_propagate (self, result, error);

  if (call == NULL)
    return NULL;
  if (etag != NULL)
    *etag = g_steal_pointer (&call->result_text);
  return g_steal_pointer (&call->list);
}

static gboolean
write_contacts (BurbleDb *db, gint64 account, GPtrArray *contacts, GError **error)
{
  for (guint i = 0; contacts != NULL && i < contacts->len; i++)
    {
      BurbleStoreContact *contact = g_ptr_array_index (contacts, i);

      if (!burble_db_run (db, error,
                          "INSERT OR REPLACE INTO contacts (account, id, name, alias, bio, kind,"
                          " subscription, asks, in_roster) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                          "lttttiiii",
                          account, contact->id, contact->name, contact->alias, contact->bio,
                          contact->kind, contact->subscription, contact->asks,
                          contact->in_roster))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_etag (BurbleDb *db, gint64 account, const char *etag, GError **error)
{
  return burble_db_run (db, error, "UPDATE accounts SET etag = ? WHERE account = ?",
                        "tl", etag, account);
}

static gboolean
replace_roster_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  gint64 account;

  return burble_db_find_account (db, call->uid, &account, error) &&
         burble_db_run (db, error, "DELETE FROM contacts WHERE account = ?", "l", account) &&
         write_contacts (db, account, call->contacts, error) &&
         write_etag (db, account, call->text, error);
}

static BurbleStoreCall *
call_for_roster (BurbleAccount *account, const char *etag, GPtrArray *contacts)
{
  BurbleStoreCall *call = burble_store_call_for_account (account);

  call->text = g_strdup (etag);
  for (guint i = 0; contacts != NULL && i < contacts->len; i++)
    burble_store_call_add_contact (call, g_ptr_array_index (contacts, i));
  return call;
}

/**
 * burble_store_replace_roster_async:
 * @self: a store
 * @account: an account
 * @etag: (nullable): the etag of this roster
 * @contacts: (element-type BurbleContact): all of it
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is saved
 * @user_data: for @callback
 *
 * Saves a whole roster in place of the old one. What the user chose here for a contact stays.
 * Finish with [method@Store.done_finish].
 */
void
burble_store_replace_roster_async (BurbleStore *self, BurbleAccount *account, const char *etag,
                                   GPtrArray *contacts, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  burble_store_write (self, burble_store_replace_roster_async,
                      call_for_roster (account, etag, contacts),
                      replace_roster_run, NULL, cancellable, callback, user_data);
}

/**
 * burble_store_roster_new:
 * @account: an account
 *
 * Begins a copy of a whole roster.
 *
 * Returns: (transfer full): an empty one
 */
BurbleStoreRoster *
burble_store_roster_new (BurbleAccount *account)
{
  g_return_val_if_fail (BURBLE_IS_ACCOUNT (account), NULL);

  return burble_store_call_for_account (account);
}

void
burble_store_roster_add (BurbleStoreRoster *roster, BurbleContact *contact)
{
  g_return_if_fail (roster != NULL);
  g_return_if_fail (BURBLE_IS_CONTACT (contact));

  burble_store_call_add_contact (roster, contact);
}

void
burble_store_roster_free (BurbleStoreRoster *roster)
{
  burble_store_call_free (roster);
}

/**
 * burble_store_take_roster_async:
 * @self: a store
 * @etag: (nullable): the etag of this roster
 * @roster: (transfer full): all of it
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is saved
 * @user_data: for @callback
 *
 * What [method@Store.replace_roster_async] does, with a copy that is there already: to make one of
 * many thousand contacts at once would hold up the window. Finish with
 * [method@Store.done_finish].
 */
void
burble_store_take_roster_async (BurbleStore *self, const char *etag, BurbleStoreRoster *roster,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (roster != NULL);

  roster->text = g_strdup (etag);
  burble_store_write (self, burble_store_take_roster_async, roster, replace_roster_run, NULL,
                      cancellable, callback, user_data);
}

static gboolean
update_roster_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  gint64 account;

  if (!burble_db_find_account (db, call->uid, &account, error) ||
      !write_contacts (db, account, call->contacts, error) ||
      !write_etag (db, account, call->text, error))
    return FALSE;
  for (guint i = 0; call->ids != NULL && call->ids[i] != NULL; i++)
    {
      if (!burble_db_run (db, error, "DELETE FROM contacts WHERE account = ? AND id = ?",
                          "lt", account, call->ids[i]) ||
          !burble_db_run (db, error, "DELETE FROM contact_settings WHERE account = ? AND id = ?",
                          "lt", account, call->ids[i]))
        return FALSE;
    }
  return TRUE;
}

/**
 * burble_store_update_roster_async:
 * @self: a store
 * @account: an account
 * @etag: (nullable): the etag of the roster after the change
 * @changed: (nullable) (element-type BurbleContact): contacts to insert or update
 * @removed: (nullable) (array zero-terminated=1): ids of contacts that are no longer in it
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is saved
 * @user_data: for @callback
 *
 * Finish with [method@Store.done_finish].
 */
void
burble_store_update_roster_async (BurbleStore *self, BurbleAccount *account, const char *etag,
                                  GPtrArray *changed, const char * const *removed,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  BurbleStoreCall *call = NULL;

  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  call = call_for_roster (account, etag, changed);
  call->ids = g_strdupv ((char **) removed);
  burble_store_write (self, burble_store_update_roster_async, call, update_roster_run, NULL,
                      cancellable, callback, user_data);
}

static gboolean
save_contact_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  gint64 account;

  return burble_db_find_account (db, call->uid, &account, error) &&
         burble_db_run (db, error,
                        "INSERT OR REPLACE INTO contact_settings (account, id, notify_online)"
                        " VALUES (?, ?, ?)", "lti", account, call->peer, (int) call->number);
}

/**
 * burble_store_save_contact_async:
 * @self: a store
 * @contact: a contact
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is saved
 * @user_data: for @callback
 *
 * Saves what the user chose here for a contact: what of their presence to be told. Finish with
 * [method@Store.done_finish].
 */
void
burble_store_save_contact_async (BurbleStore *self, BurbleContact *contact,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  BurbleStoreCall *call = NULL;

  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (BURBLE_IS_CONTACT (contact));

  call = burble_store_call_for_account (burble_contact_get_account (contact));
  call->peer = g_strdup (burble_contact_get_id (contact));
  call->number = burble_contact_get_notify_status (contact);
  burble_store_write (self, burble_store_save_contact_async, call, save_contact_run, NULL,
                      cancellable, callback, user_data);
}
