/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "burble-store-private.h"

#define PEER "alice@example.org"

/*
 * For each version of the schema there is a dump of a database that a Burble of that time wrote.
 * All of them have the same content, made by write_content() of the version it was written in.
 */

static void
load_dump (StoreFixture *f, int version)
{
  g_autofree char *name = g_strdup_printf ("%03d.sql", version);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "store", "dumps", name, NULL);
  g_autofree char *sql = NULL;
  g_autoptr(GError) error = NULL;
  sqlite3 *handle = NULL;

  g_file_get_contents (path, &sql, NULL, &error);
  g_assert_no_error (error);
  g_assert_no_errno (g_unlink (f->path));
  g_assert_cmpint (sqlite3_open (f->path, &handle), ==, SQLITE_OK);
  if (sqlite3_exec (handle, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", path, sqlite3_errmsg (handle));
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
  g_assert_cmpint (store_fixture_sql (f, "PRAGMA user_version"), ==, version);
}

static void
write_content (StoreFixture *f)
{
  const char * const names[] = { "notes.pdf", NULL };
  const char * const delivered[] = { "o1", NULL };
  const char * const named[] = { "o1", "n1", NULL };
  g_autoptr(GPtrArray) roster = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, PEER);
  g_autoptr(BurbleMessage) own = store_fixture_outgoing (f, PEER, "o1", "Own moss", 4000000);
  g_autoptr(BurbleMessage) waiting = store_fixture_outgoing (f, PEER, "o2", "Waiting", 5000000);
  BurbleContact *contact = burble_contact_new (f->account, PEER);
  BurbleMessage *message = store_fixture_incoming (PEER, "m1", "Hello moss", 1000000);

  burble_account_set_name (f->account, "Me");
  burble_account_set_host (f->account, "127.0.0.1");
  burble_account_set_pin (f->account, "ab:cd");
  burble_account_set_mood (f->account, "well");
  store_fixture_done (f, CALL (burble_store_save_account_async, f->store, f->account));

  g_ptr_array_add (roster, contact);
  burble_contact_set_alias (contact, "Ally");
  burble_contact_set_in_roster (contact, TRUE);
  burble_contact_set_subscription (contact, BURBLE_SUBSCRIPTION_BOTH);
  burble_contact_set_notify_status (contact, BURBLE_NOTIFY_ONLINE);
  store_fixture_done (f, CALL (burble_store_replace_roster_async, f->store, f->account, "etag-1",
                               roster));
  store_fixture_done (f, CALL (burble_store_save_contact_async, f->store, contact));

  g_ptr_array_add (batch, message);
  burble_message_set_attachment_names (message, names);
  burble_message_set_time_text (message, "some day");
  g_ptr_array_add (batch, store_fixture_incoming (PEER, "m2", "Unread crème", 2000000));
  g_ptr_array_unref (store_fixture_list (f, CALL (burble_store_add_messages_async, f->store,
                                                  f->account, batch, 17)));
  store_fixture_done (f, CALL (burble_store_mark_read_async, f->store, chat, 1000000,
                               burble_message_get_row (message)));
  store_fixture_done (f, CALL (burble_store_queue_message_async, f->store, f->account, own));
  store_fixture_done (f, CALL (burble_store_note_sent_async, f->store, f->account, PEER, named));
  store_fixture_done (f, CALL (burble_store_set_states_async, f->store, f->account, PEER,
                               delivered, BURBLE_MESSAGE_DELIVERED, NULL));
  store_fixture_done (f, CALL (burble_store_queue_message_async, f->store, f->account, waiting));
  burble_conversation_set_pinned (chat, TRUE);
  burble_conversation_set_draft (chat, "A draft");
  store_fixture_done (f, CALL (burble_store_save_conversation_async, f->store, chat));
}

static void
assert_search (StoreFixture *f, const char *query, const char *expected)
{
  g_autoptr(GAsyncResult) result = CALL (burble_store_search_async, f->store, NULL, query, 10);
  g_autoptr(GPtrArray) hits = burble_store_search_finish (f->store, result, NULL, NULL);
  g_autofree char *texts = store_fixture_join_texts (hits);

  g_assert_cmpstr (texts, ==, expected);
}

static void
check_account_and_roster (StoreFixture *f)
{
  g_autoptr(GPtrArray) accounts =
    store_fixture_list (f, CALL (burble_store_load_accounts_async, f->store));
  g_autoptr(GAsyncResult) result = CALL (burble_store_load_roster_async, f->store, f->account);
  g_autoptr(GAsyncResult) seq = CALL (burble_store_load_seq_async, f->store, f->account);
  g_autofree char *etag = NULL;
  g_autoptr(GPtrArray) roster = burble_store_load_roster_finish (f->store, result, &etag, NULL);
  BurbleAccount *account = g_ptr_array_index (accounts, 0);
  BurbleContact *contact = g_ptr_array_index (roster, 0);

  g_assert_cmpuint (accounts->len, ==, 1);
  g_assert_cmpstr (burble_account_get_uid (account), ==, "uid-1");
  g_assert_cmpstr (burble_account_get_address (account), ==, "me@example.org");
  g_assert_cmpstr (burble_account_get_name (account), ==, "Me");
  g_assert_cmpstr (burble_account_get_host (account), ==, "127.0.0.1");
  g_assert_cmpstr (burble_account_get_pin (account), ==, "ab:cd");
  g_assert_cmpstr (burble_account_get_mood (account), ==, "well");
  g_assert_cmpint (burble_store_load_seq_finish (f->store, seq, NULL), ==, 17);

  g_assert_cmpstr (etag, ==, "etag-1");
  g_assert_cmpuint (roster->len, ==, 1);
  g_assert_cmpstr (burble_contact_get_id (contact), ==, PEER);
  g_assert_cmpstr (burble_contact_get_alias (contact), ==, "Ally");
  g_assert_cmpint (burble_contact_get_subscription (contact), ==, BURBLE_SUBSCRIPTION_BOTH);
  g_assert_cmpint (burble_contact_get_notify_status (contact), ==, BURBLE_NOTIFY_ONLINE);
}

static void
check_content (StoreFixture *f)
{
  g_autoptr(BurbleConversation) chat = store_fixture_load_chat (f, PEER);
  g_autoptr(GPtrArray) outbox =
    store_fixture_list (f, CALL (burble_store_load_outbox_async, f->store, f->account));
  g_autoptr(GPtrArray) page = NULL;
  BurbleMessage *message = NULL;

  check_account_and_roster (f);
  g_assert_nonnull (chat);
  g_assert_true (burble_conversation_get_pinned (chat));
  g_assert_cmpstr (burble_conversation_get_draft (chat), ==, "A draft");
  g_assert_cmpuint (burble_conversation_get_unread (chat), ==, 1);
  g_assert_cmpint (burble_conversation_get_last_time (chat), ==, 5000000);

  page = store_fixture_list (f, CALL (burble_store_load_page_async, f->store, chat,
                                      BURBLE_PAGE_LATEST, 0, 0, 10));
  g_assert_cmpuint (page->len, ==, 4);
  message = g_ptr_array_index (page, 0);
  g_assert_cmpstr (burble_message_get_text (message), ==, "Hello moss");
  g_assert_cmpstr (burble_message_get_attachment_names (message)[0], ==, "notes.pdf");
  g_assert_false (burble_message_get_unread (message));
  message = g_ptr_array_index (page, 2);
  g_assert_cmpint (burble_message_get_state (message), ==, BURBLE_MESSAGE_DELIVERED);
  g_assert_cmpuint (outbox->len, ==, 1);
  g_assert_cmpstr (burble_message_get_id (g_ptr_array_index (outbox, 0)), ==, "o2");

  assert_search (f, "moss", "Own moss Hello moss");
  assert_search (f, "creme", "Unread crème");
}

static void
test_opens_version (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) later = store_fixture_incoming (PEER, "m3", "Later moss", 6000000);

  store_fixture_close (f);
  load_dump (f, GPOINTER_TO_INT (data));
  store_fixture_open (f);
  check_content (f);
  g_assert_true (store_fixture_add (f, later)); /* and it can go on */
  assert_search (f, "moss", "Later moss Own moss Hello moss");
  store_fixture_close (f);
  g_assert_cmpint (store_fixture_sql (f, "PRAGMA user_version"), ==, BURBLE_DB_VERSION);
}

/* What a Burble sent that did not ask for the network's ids is found by what it says. */
static void
test_names_what_was_sent_before (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) same = store_fixture_outgoing (f, PEER, "7", "Own moss", 4000000);
  g_autoptr(BurbleMessage) other = store_fixture_outgoing (f, PEER, "8", "Own moss", 4000000);

  store_fixture_close (f);
  load_dump (f, 3);
  store_fixture_sql (f, "UPDATE accounts SET network = 'private-chat'");
  store_fixture_open (f);
  burble_message_set_network_id (same, "7");
  burble_message_set_network_id (other, "8");
  g_assert_false (store_fixture_add (f, same));
  g_assert_cmpstr (burble_message_get_id (same), ==, "o1");
  g_assert_true (store_fixture_add (f, other));
}

/* A file brought up to date has the same schema as a new one. */
static void
test_ends_in_the_same_schema (StoreFixture *f, gconstpointer data)
{
  const char *sql = "SELECT count(*) FROM"
                    " (SELECT name, coalesce (sql, '') AS sql FROM new.sqlite_schema) n FULL JOIN"
                    " (SELECT name, coalesce (sql, '') AS sql FROM main.sqlite_schema) o"
                    " USING (name, sql) WHERE n.name IS NULL OR o.name IS NULL";
  g_autofree char *new_path = g_strconcat (f->path, ".new", NULL);
  g_autofree char *attach = g_strdup_printf ("ATTACH '%s' AS new; %s", new_path, sql);

  store_fixture_close (f);
  g_assert_no_errno (g_rename (f->path, new_path));
  g_assert_true (g_file_set_contents (f->path, "", 0, NULL));
  load_dump (f, GPOINTER_TO_INT (data));
  store_fixture_open (f);
  store_fixture_close (f);
  g_assert_cmpint (store_fixture_sql (f, attach), ==, 0);
}

static void
test_there_is_a_dump_of_this_version (StoreFixture *f, gconstpointer data)
{
  write_content (f);
  check_content (f);
  if (g_getenv ("BURBLE_KEEP_DATABASE") != NULL) /* for make-dump */
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *content = NULL;
      gsize length;

      store_fixture_close (f);
      g_file_get_contents (f->path, &content, &length, &error);
      g_assert_no_error (error);
      g_file_set_contents (g_getenv ("BURBLE_KEEP_DATABASE"), content, length, &error);
      g_assert_no_error (error);
      return;
    }
  store_fixture_close (f);
  load_dump (f, BURBLE_DB_VERSION);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add ("/store/migrations/there-is-a-dump-of-this-version", StoreFixture, NULL,
              store_fixture_set_up, test_there_is_a_dump_of_this_version, store_fixture_tear_down);
  g_test_add ("/store/migrations/names-what-was-sent-before", StoreFixture, NULL,
              store_fixture_set_up, test_names_what_was_sent_before, store_fixture_tear_down);
  for (int version = 1; version <= BURBLE_DB_VERSION; version++)
    {
      g_autofree char *opens = g_strdup_printf ("/store/migrations/opens-version-%d", version);
      g_autofree char *schema = g_strdup_printf ("/store/migrations/version-%d-ends-in-the-same-"
                                                 "schema", version);

      g_test_add (opens, StoreFixture, GINT_TO_POINTER (version),
                  store_fixture_set_up, test_opens_version, store_fixture_tear_down);
      g_test_add (schema, StoreFixture, GINT_TO_POINTER (version),
                  store_fixture_set_up, test_ends_in_the_same_schema, store_fixture_tear_down);
    }
  return g_test_run ();
}
