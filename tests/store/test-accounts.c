/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store-fixture.h"

static BurbleAccount *
load_account (StoreFixture *f, guint index, guint count)
{
  g_autoptr(GPtrArray) accounts =
    store_fixture_list (f, CALL (burble_store_load_accounts_async, f->store));

  g_assert_cmpuint (accounts->len, ==, count);
  return g_object_ref (g_ptr_array_index (accounts, index));
}

static void
test_keeps_all_fields (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleAccount) first = NULL;
  g_autoptr(BurbleAccount) fresh = load_account (f, 0, 1);

  g_assert_true (burble_account_get_enabled (fresh));
  g_assert_cmpint (burble_account_get_status (fresh), ==, BURBLE_STATUS_AVAILABLE);
  g_assert_null (burble_account_get_host (fresh));
  g_assert_null (burble_account_get_websocket (fresh));

  burble_account_set_name (f->account, "Mé");
  burble_account_set_host (f->account, "127.0.0.1");
  burble_account_set_port (f->account, 65535);
  burble_account_set_plain (f->account, TRUE);
  burble_account_set_websocket (f->account, "/gurgle");
  burble_account_set_features (f->account, BURBLE_FEATURE_ROSTER | BURBLE_FEATURE_DIRECTORY);
  burble_account_set_pin (f->account, "ab:cd");
  burble_account_set_enabled (f->account, FALSE);
  burble_account_set_status (f->account, BURBLE_STATUS_DND);
  burble_account_set_mood (f->account, "busy");
  burble_account_set_state (f->account, BURBLE_ACCOUNT_ONLINE); /* is not kept */
  store_fixture_done (f, CALL (burble_store_save_account_async, f->store, f->account));

  store_fixture_reopen (f);
  first = load_account (f, 0, 1);
  g_assert_cmpstr (burble_account_get_uid (first), ==, "uid-1");
  g_assert_cmpstr (burble_account_get_network (first), ==, "gurgle");
  g_assert_cmpstr (burble_account_get_address (first), ==, "me@example.org");
  g_assert_cmpstr (burble_account_get_name (first), ==, "Mé");
  g_assert_cmpstr (burble_account_get_host (first), ==, "127.0.0.1");
  g_assert_cmpuint (burble_account_get_port (first), ==, 65535);
  g_assert_true (burble_account_get_plain (first));
  g_assert_cmpstr (burble_account_get_websocket (first), ==, "/gurgle");
  g_assert_cmpint (burble_account_get_features (first), ==,
                   BURBLE_FEATURE_ROSTER | BURBLE_FEATURE_DIRECTORY);
  g_assert_cmpstr (burble_account_get_pin (first), ==, "ab:cd");
  g_assert_false (burble_account_get_enabled (first));
  g_assert_cmpint (burble_account_get_status (first), ==, BURBLE_STATUS_DND);
  g_assert_cmpstr (burble_account_get_mood (first), ==, "busy");
  g_assert_cmpint (burble_account_get_state (first), ==, BURBLE_ACCOUNT_OFFLINE);
}

static void
test_keeps_the_order_of_adding (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleAccount) second = burble_account_new ("a", "gurgle", "second@example.org");
  g_autoptr(BurbleAccount) read = NULL;

  store_fixture_done (f, CALL (burble_store_save_account_async, f->store, second));
  store_fixture_done (f, CALL (burble_store_save_account_async, f->store, f->account));
  read = load_account (f, 1, 2);
  g_assert_cmpstr (burble_account_get_uid (read), ==, "a");
}

/* What is handed in is read before the call returns. */
static void
test_saves_what_it_was_when_asked (StoreFixture *f, gconstpointer data)
{
  GAsyncResult *result = NULL;
  g_autoptr(BurbleAccount) read = NULL;

  burble_account_set_mood (f->account, "before");
  burble_store_save_account_async (f->store, f->account, NULL, store_fixture_result_cb, &result);
  burble_account_set_mood (f->account, "after");
  burble_test_wait_until (result != NULL);
  store_fixture_done (f, result);
  read = load_account (f, 0, 1);
  g_assert_cmpstr (burble_account_get_mood (read), ==, "before");
}

static BurbleContact *
add_contact (GPtrArray *roster, StoreFixture *f, const char *id, const char *alias)
{
  BurbleContact *contact = burble_contact_new (f->account, id);

  burble_contact_set_alias (contact, alias);
  burble_contact_set_in_roster (contact, TRUE);
  g_ptr_array_add (roster, contact);
  return contact;
}

/* The roster as "id=alias id=alias", sorted, and its etag. */
static char *
load_roster (StoreFixture *f, char **etag)
{
  g_autoptr(GAsyncResult) result =
    CALL (burble_store_load_roster_async, f->store, f->account);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) roster = burble_store_load_roster_finish (f->store, result, etag, &error);
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  g_assert_no_error (error);
  for (guint i = 0; i < roster->len; i++)
    {
      BurbleContact *contact = g_ptr_array_index (roster, i);

      g_assert_true (burble_contact_get_account (contact) == f->account);
      g_ptr_array_add (lines,
                       g_strdup_printf ("%s=%s%s", burble_contact_get_id (contact),
                                        burble_contact_get_alias (contact),
                                        burble_contact_get_notify_status (contact) != BURBLE_NOTIFY_NEVER ? "!" : ""));
    }
  g_ptr_array_sort_values (lines, (GCompareFunc) g_strcmp0);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv (" ", (char **) lines->pdata);
}

static void
assert_roster (StoreFixture *f, const char *expected_etag, const char *expected)
{
  g_autofree char *etag = NULL;
  g_autofree char *roster = load_roster (f, &etag);

  g_assert_cmpstr (roster, ==, expected);
  g_assert_cmpstr (etag, ==, expected_etag);
}

static void
test_roster_keeps_all_fields (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) roster = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) read = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  BurbleContact *contact = add_contact (roster, f, "garden@rooms.example.org", "Garden");

  burble_contact_set_name (contact, "The Garden");
  burble_contact_set_bio (contact, "Moss only");
  burble_contact_set_kind (contact, BURBLE_CONTACT_ROOM);
  burble_contact_set_subscription (contact, BURBLE_SUBSCRIPTION_FROM);
  burble_contact_set_asks (contact, TRUE);
  store_fixture_done (f, CALL (burble_store_replace_roster_async, f->store, f->account, "e",
                               roster));
  store_fixture_reopen (f);
  result = CALL (burble_store_load_roster_async, f->store, f->account);
  read = burble_store_load_roster_finish (f->store, result, NULL, NULL);
  g_assert_cmpuint (read->len, ==, 1);
  contact = g_ptr_array_index (read, 0);
  g_assert_cmpstr (burble_contact_get_name (contact), ==, "The Garden");
  g_assert_cmpstr (burble_contact_get_alias (contact), ==, "Garden");
  g_assert_cmpstr (burble_contact_get_bio (contact), ==, "Moss only");
  g_assert_cmpint (burble_contact_get_kind (contact), ==, BURBLE_CONTACT_ROOM);
  g_assert_cmpint (burble_contact_get_subscription (contact), ==, BURBLE_SUBSCRIPTION_FROM);
  g_assert_true (burble_contact_get_asks (contact));
  g_assert_true (burble_contact_get_in_roster (contact));
  g_assert_cmpint (burble_contact_get_notify_status (contact), ==, BURBLE_NOTIFY_NEVER);
}

static void
test_roster_replaced_and_updated (StoreFixture *f, gconstpointer data)
{
  const char * const removed[] = { "bob", "nobody", NULL };
  g_autoptr(GPtrArray) roster = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func (g_object_unref);

  assert_roster (f, NULL, "");
  add_contact (roster, f, "alice", "A");
  add_contact (roster, f, "bob", "B");
  store_fixture_done (f, CALL (burble_store_replace_roster_async, f->store, f->account, "e1",
                               roster));
  assert_roster (f, "e1", "alice=A bob=B");

  add_contact (changed, f, "alice", "Ally");
  add_contact (changed, f, "carol", "C");
  store_fixture_done (f, CALL (burble_store_update_roster_async, f->store, f->account, "e2",
                               changed, removed));
  store_fixture_reopen (f);
  assert_roster (f, "e2", "alice=Ally carol=C");

  store_fixture_done (f, CALL (burble_store_update_roster_async, f->store, f->account, "e3",
                               NULL, NULL));
  assert_roster (f, "e3", "alice=Ally carol=C");
  store_fixture_done (f, CALL (burble_store_replace_roster_async, f->store, f->account, "e4",
                               roster));
  assert_roster (f, "e4", "alice=A bob=B");
}

static void
test_notify_outlives_a_new_roster (StoreFixture *f, gconstpointer data)
{
  const char * const removed[] = { "alice", NULL };
  g_autoptr(GPtrArray) roster = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(BurbleContact) chosen = burble_contact_new (f->account, "alice");

  add_contact (roster, f, "alice", "A");
  add_contact (roster, f, "bob", "B");
  store_fixture_done (f, CALL (burble_store_replace_roster_async, f->store, f->account, "e1",
                               roster));
  burble_contact_set_notify_status (chosen, BURBLE_NOTIFY_ONLINE);
  store_fixture_done (f, CALL (burble_store_save_contact_async, f->store, chosen));
  assert_roster (f, "e1", "alice=A! bob=B");
  store_fixture_done (f, CALL (burble_store_replace_roster_async, f->store, f->account, "e2",
                               roster));
  store_fixture_reopen (f);
  assert_roster (f, "e2", "alice=A! bob=B");

  /* Removed by the user's own wish, it is forgotten. */
  store_fixture_done (f, CALL (burble_store_update_roster_async, f->store, f->account, "e3",
                               NULL, removed));
  store_fixture_done (f, CALL (burble_store_update_roster_async, f->store, f->account, "e4",
                               roster, NULL));
  assert_roster (f, "e4", "alice=A bob=B");
}

/* Half of a roster with the etag of the whole would never be repaired. */
static void
test_etag_changes_only_with_its_roster (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) roster = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) bad = g_ptr_array_new_with_free_func (g_object_unref);

  add_contact (roster, f, "alice", "A");
  store_fixture_done (f, CALL (burble_store_replace_roster_async, f->store, f->account, "e1",
                               roster));
  store_fixture_close (f);
  store_fixture_sql (f, "CREATE TRIGGER sabotage BEFORE UPDATE OF etag ON accounts"
                        " BEGIN SELECT raise (ABORT, 'sabotaged'); END");
  store_fixture_open (f);
  add_contact (bad, f, "bob", "B");
  store_fixture_fails (f, CALL (burble_store_replace_roster_async, f->store, f->account, "e2",
                                bad), BURBLE_STORE_ERROR_FAILED);
  store_fixture_fails (f, CALL (burble_store_update_roster_async, f->store, f->account, "e2",
                                bad, NULL), BURBLE_STORE_ERROR_FAILED);
  assert_roster (f, "e1", "alice=A");
}

static void
test_big_roster_is_quick (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) roster = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) read = NULL;
  g_autoptr(GAsyncResult) result = NULL;

  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *id = g_strdup_printf ("user%u@example.org", i);

      add_contact (roster, f, id, id);
    }
  store_fixture_done (f, CALL (burble_store_replace_roster_async, f->store, f->account, "e1",
                               roster));
  g_test_timer_start ();
  result = CALL (burble_store_load_roster_async, f->store, f->account);
  read = burble_store_load_roster_finish (f->store, result, NULL, NULL);
  g_test_message ("loaded in %.0f ms", g_test_timer_elapsed () * 1000);
  g_assert_cmpuint (read->len, ==, 10000);
}

static void
test_removed_account_takes_all_with_it (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleAccount) other = burble_account_new ("uid-2", "gurgle", "other@example.org");
  g_autoptr(GPtrArray) roster = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(BurbleMessage) message = store_fixture_incoming ("alice", "m1", "hello", 1000);
  g_autoptr(BurbleMessage) waiting = store_fixture_outgoing (f, "alice", "m2", "hello", 2000);
  g_autoptr(GPtrArray) one = g_ptr_array_new ();
  g_autoptr(BurbleMessage) kept = store_fixture_incoming ("alice", "m1", "hello", 1000);

  add_contact (roster, f, "alice", "A");
  store_fixture_done (f, CALL (burble_store_save_account_async, f->store, other));
  store_fixture_done (f, CALL (burble_store_replace_roster_async, f->store, f->account, "e1",
                               roster));
  store_fixture_add (f, message);
  store_fixture_done (f, CALL (burble_store_queue_message_async, f->store, f->account, waiting));
  g_ptr_array_add (one, kept);
  g_ptr_array_unref (store_fixture_list (f, CALL (burble_store_add_messages_async, f->store,
                                                  other, one, -1)));

  store_fixture_done (f, CALL (burble_store_remove_account_async, f->store, f->account));
  store_fixture_done (f, CALL (burble_store_remove_account_async, f->store, f->account));
  store_fixture_close (f);
  g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM accounts"), ==, 1);
  g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM contacts"), ==, 0);
  g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM conversations"), ==, 1);
  g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM messages"), ==, 1);
  g_assert_cmpint (store_fixture_sql (f, "SELECT count(*) FROM search ('hello')"), ==, 1);
}

#define ADD(name, function)                                                              \
  g_test_add ("/store/accounts/" name, StoreFixture, NULL, store_fixture_set_up, function, \
              store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("keeps-all-fields", test_keeps_all_fields);
  ADD ("keeps-the-order-of-adding", test_keeps_the_order_of_adding);
  ADD ("saves-what-it-was-when-asked", test_saves_what_it_was_when_asked);
  ADD ("roster-keeps-all-fields", test_roster_keeps_all_fields);
  ADD ("roster-replaced-and-updated", test_roster_replaced_and_updated);
  ADD ("notify-outlives-a-new-roster", test_notify_outlives_a_new_roster);
  ADD ("etag-changes-only-with-its-roster", test_etag_changes_only_with_its_roster);
  ADD ("big-roster-is-quick", test_big_roster_is_quick);
  ADD ("removed-account-takes-all-with-it", test_removed_account_takes_all_with_it);
  return g_test_run ();
}
