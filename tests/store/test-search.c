/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store-fixture.h"

#define PEER "alice@example.org"

static void
say (StoreFixture *f, const char *peer, const char *text, gint64 time)
{
  g_autoptr(BurbleMessage) message = store_fixture_incoming (peer, NULL, text, time);

  g_assert_true (store_fixture_add (f, message));
}

static GPtrArray *
search (StoreFixture *f, BurbleConversation *chat, const char *query, guint limit, GStrv *uids)
{
  g_autoptr(GAsyncResult) result = CALL (burble_store_search_async, f->store, chat, query, limit);
  g_autoptr(GError) error = NULL;
  GPtrArray *hits = burble_store_search_finish (f->store, result, uids, &error);

  g_assert_no_error (error);
  return hits;
}

static void
assert_hits (StoreFixture *f, const char *query, const char *expected)
{
  g_autoptr(GPtrArray) hits = search (f, NULL, query, 100, NULL);
  g_autofree char *texts = store_fixture_join_texts (hits);

  g_assert_cmpstr (texts, ==, expected);
}

static void
test_finds_words (StoreFixture *f, gconstpointer data)
{
  say (f, PEER, "Bread,butter", 1000);
  say (f, PEER, "BUTTERFLY", 2000);
  say (f, PEER, "crème-brûlée", 3000);
  say (f, PEER, "Straße", 4000);

  assert_hits (f, "bread", "Bread,butter");
  assert_hits (f, "butter", "BUTTERFLY Bread,butter"); /* newest first */
  assert_hits (f, "butter ", "BUTTERFLY Bread,butter");
  assert_hits (f, "butterf", "BUTTERFLY");
  assert_hits (f, "utter", "");
  assert_hits (f, "butter bre", "Bread,butter"); /* all words, the last as a beginning */
  assert_hits (f, "but bread", "");
  assert_hits (f, "creme", "crème-brûlée");
  assert_hits (f, "BRÛLÉE", "crème-brûlée");
  assert_hits (f, "straß", "Straße");
  assert_hits (f, "bread butterfly", "");
}

/* By their time, not by when they came. */
static void
test_newest_first_also_when_late (StoreFixture *f, gconstpointer data)
{
  say (f, PEER, "moss3", 3000);
  say (f, "bob@example.org", "moss1", 1000);
  say (f, PEER, "moss2", 2000);
  assert_hits (f, "moss", "moss3 moss2 moss1");
}

static void
test_limit_keeps_the_newest (StoreFixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) hits = NULL;
  g_autofree char *texts = NULL;

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *text = g_strdup_printf ("moss-%u", i);

      say (f, PEER, text, 1000 + i);
    }
  hits = search (f, NULL, "moss", 3, NULL);
  texts = store_fixture_join_texts (hits);
  g_assert_cmpstr (texts, ==, "moss-19 moss-18 moss-17");
}

static void
test_one_chat_only (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleConversation) alice = store_fixture_conversation (f, PEER);
  g_autoptr(BurbleConversation) nobody = store_fixture_conversation (f, "nobody@example.org");
  g_autoptr(GPtrArray) hits = NULL;
  g_autoptr(GPtrArray) none = NULL;
  g_autofree char *texts = NULL;

  say (f, PEER, "moss-a", 1000);
  say (f, "bob@example.org", "moss-b", 2000);
  say (f, PEER, "c1", 3000); /* looks like the name of a chat inside the index */
  hits = search (f, alice, "moss", 100, NULL);
  texts = store_fixture_join_texts (hits);
  g_assert_cmpstr (texts, ==, "moss-a");
  none = search (f, nobody, "moss", 100, NULL);
  g_assert_cmpuint (none->len, ==, 0);
  assert_hits (f, "c1", "c1");
  assert_hits (f, "c2", "");
}

static void
test_tells_the_account_and_the_peer (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleAccount) other = burble_account_new ("uid-2", "gurgle", "other@example.org");
  g_autoptr(GPtrArray) one = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) hits = NULL;
  g_auto(GStrv) uids = NULL;

  store_fixture_done (f, CALL (burble_store_save_account_async, f->store, other));
  say (f, PEER, "moss-a", 1000);
  g_ptr_array_add (one, store_fixture_incoming (PEER, NULL, "moss-b", 2000));
  g_ptr_array_unref (store_fixture_list (f, CALL (burble_store_add_messages_async, f->store,
                                                  other, one, -1)));
  hits = search (f, NULL, "moss", 100, &uids);
  g_assert_cmpuint (hits->len, ==, 2);
  g_assert_cmpstr (uids[0], ==, "uid-2");
  g_assert_cmpstr (uids[1], ==, "uid-1");
  g_assert_null (uids[2]);
  g_assert_cmpstr (burble_message_get_peer (g_ptr_array_index (hits, 0)), ==, PEER);
  g_assert_cmpint (burble_message_get_row (g_ptr_array_index (hits, 0)), >, 0);
}

static void
test_deleted_is_not_found (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = store_fixture_incoming (PEER, "m1", "moss-1", 1000);

  store_fixture_add (f, message);
  say (f, PEER, "moss-2", 2000);
  store_fixture_done (f, CALL (burble_store_delete_message_async, f->store, message));
  assert_hits (f, "moss", "moss-2");
  store_fixture_close (f);
  g_assert_cmpint (store_fixture_sql_rows (f, "INSERT INTO search (search, rank)"
                                              " VALUES ('integrity-check', 1)"), ==, 0);
}

static void
test_own_messages_are_found (StoreFixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = store_fixture_outgoing (f, PEER, "m1", "moss", 1000);

  store_fixture_done (f, CALL (burble_store_queue_message_async, f->store, f->account, message));
  assert_hits (f, "mos", "moss");
}

/* Whatever is typed is looked for, and nothing of it is an operator or an error. */
static void
test_any_text_is_a_query (StoreFixture *f, gconstpointer data)
{
  const char * const nothing[] = {
    "", " ", "\t\n", "\"", "\"\"", "'", "*", "**", "(", ")", "()", "^", "-", "+", ":", "{", "}",
    "\\", "%", "_", "!!!", "?", "\xc2\xa0", "\xe2\x80\x8b", "😀", "\xff\xfe", "\xc3(", ".",
  };
  const char * const harmless[] = {
    "moss AND", "moss OR fern", "NOT moss", "moss NOT fern", "NEAR(moss fern)", "moss NEAR/2 fern",
    "text : moss", "chat : c1", "text:moss", "{text chat} : moss", "search MATCH moss",
    "fern + ivy",
    "moss\" OR \"fern", "moss'; DROP TABLE messages; --", "^fern ^ivy", "fern* ivy*", "rank:moss",
    "\" OR text : \"moss", "moss\001fern", "-fern moss-ivy",
  };
  g_autoptr(GString) many = g_string_new (NULL);
  g_autofree char *huge = g_strnfill (1000 * 1000, 'x');
  g_autofree char *quotes = g_strnfill (1000, '"');

  say (f, PEER, "moss", 1000);
  for (guint i = 0; i < G_N_ELEMENTS (nothing); i++)
    assert_hits (f, nothing[i], "");
  for (guint i = 0; i < G_N_ELEMENTS (harmless); i++)
    assert_hits (f, harmless[i], "");
  for (guint i = 0; i < 5000; i++)
    g_string_append (many, "moss ");
  assert_hits (f, many->str, "moss");
  assert_hits (f, huge, "");
  assert_hits (f, quotes, "");

  assert_hits (f, "  moss  ", "moss"); /* and what surrounds a word does no harm */
  assert_hits (f, "moss!", "moss");
  assert_hits (f, "\"moss\"", "moss");
  assert_hits (f, "(moss)", "moss");
  assert_hits (f, "moss 😀", "moss");
  assert_hits (f, "* moss *", "moss");
}

static void
test_a_hundred_thousand_messages (StoreFixture *f, gconstpointer data)
{
  const char * const queries[] = { "w", "wo", "word", "word1", "word77 w", "common", "rare", "c" };
  g_autoptr(BurbleConversation) chat = store_fixture_conversation (f, "user7");

  for (guint round = 0; round < 20; round++)
    {
      g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func (g_object_unref);

      for (guint i = 0; i < 5000; i++)
        {
          g_autofree char *peer = g_strdup_printf ("user%u", i % 100);
          g_autofree char *text = g_strdup_printf ("common word%u and word%u%s", i % 997,
                                                   (i * round) % 991, i == 7 ? " rare" : "");

          g_ptr_array_add (batch, store_fixture_incoming (peer, NULL, text, 5000 * round + i));
        }
      g_ptr_array_unref (store_fixture_list (f, CALL (burble_store_add_messages_async, f->store,
                                                      f->account, batch, -1)));
    }

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr(GPtrArray) everywhere = NULL;
      g_autoptr(GPtrArray) here = NULL;
      double seconds;

      g_test_timer_start ();
      everywhere = search (f, NULL, queries[i], 50, NULL);
      seconds = g_test_timer_elapsed ();
      g_test_timer_start ();
      here = search (f, chat, queries[i], 50, NULL);
      g_test_message ("%s: %.1f ms, in one chat %.1f ms", queries[i], seconds * 1000,
                      g_test_timer_elapsed () * 1000);
      g_assert_cmpuint (everywhere->len, >, 0);
      g_assert_cmpuint (everywhere->len, >=, here->len);
    }
}

#define ADD(name, function)                                                            \
  g_test_add ("/store/search/" name, StoreFixture, NULL, store_fixture_set_up, function, \
              store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("finds-words", test_finds_words);
  ADD ("newest-first-also-when-late", test_newest_first_also_when_late);
  ADD ("limit-keeps-the-newest", test_limit_keeps_the_newest);
  ADD ("one-chat-only", test_one_chat_only);
  ADD ("tells-the-account-and-the-peer", test_tells_the_account_and_the_peer);
  ADD ("deleted-is-not-found", test_deleted_is_not_found);
  ADD ("own-messages-are-found", test_own_messages_are_found);
  ADD ("any-text-is-a-query", test_any_text_is_a_query);
  ADD ("a-hundred-thousand-messages", test_a_hundred_thousand_messages);
  return g_test_run ();
}
