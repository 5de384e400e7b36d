/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "private-chat-fixture.h"

/*
 * A few packets stop a site for everybody until somebody starts it again. Each test ends with the
 * question whether any was sent (tear_down); here are the ways in which one could.
 */

/* The password is changed in a browser: with the next page the key dies, and nothing more is
 * written with it, whatever is to be said just then. */
static void
test_key_dies_with_a_page (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;

  f->trust_time = 1;
  sign_in_fully (f->alice);
  say_to_bob (f, "one");
  burble_test_site_tell (f->site, "password alice another horse");
  burble_session_set_typing (f->alice->session, person_chat (f->alice, BOB), TRUE);
  message = person_say (f->alice, BOB, "two");
  burble_test_wait_until (burble_account_get_state (f->alice->account)
                          == BURBLE_ACCOUNT_NEEDS_PASSWORD);
  burble_session_provide_password (f->alice->session, f->alice->account, "another horse", TRUE);
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_SENT);
  g_assert_true (site_answers (f, "count two", "1"));
}

/* The key is dead and the page that tells so is still on its way: nothing is written meanwhile. */
static void
test_page_is_waited_for (Fixture *f, gconstpointer data)
{
  f->trust_time = 1;
  sign_in_fully (f->alice);
  say_to_bob (f, "one");
  burble_test_site_tell (f->site, "pause");
  burble_test_site_tell (f->site, "password alice another horse");
  burble_test_wait_until (site_answers (f, "waiting", "1"));
  burble_session_set_typing (f->alice->session, person_chat (f->alice, BOB), TRUE);
  g_object_unref (person_say (f->alice, BOB, "two"));
  burble_test_settle ();
  g_assert_true (site_answers (f, "harm", "none"));
  burble_test_site_tell (f->site, "resume");
  burble_test_wait_until (burble_account_get_state (f->alice->account)
                          == BURBLE_ACCOUNT_NEEDS_PASSWORD);
}

/* … and when it tells that all is well, what waited is written. */
static void
test_page_that_was_waited_for (Fixture *f, gconstpointer data)
{
  f->trust_time = 1;
  sign_in_fully (f->alice);
  say_to_bob (f, "one");
  burble_test_site_tell (f->site, "pause");
  burble_test_wait_until (site_answers (f, "waiting", "1"));
  g_object_unref (person_say (f->alice, BOB, "two"));
  burble_test_site_tell (f->site, "resume");
  burble_test_wait_until (site_answers (f, "count two", "1"));
}

/* The list of people is looked at now and then: that page tells it as well. */
static void
test_key_dies_unnoticed (Fixture *f, gconstpointer data)
{
  sign_in_fully (f->alice);
  burble_test_site_tell (f->site, "password alice another horse");
  burble_test_wait_until (burble_account_get_state (f->alice->account)
                          == BURBLE_ACCOUNT_NEEDS_PASSWORD);
}

/* A site forgets old sessions: another key in good time. */
static void
test_key_grows_old (Fixture *f, gconstpointer data)
{
  burble_test_site_tell (f->site, "quirk age 5");
  sign_in_fully (f->alice);
  burble_test_wait_until (site_answers (f, "logins", "2"));
  burble_test_site_tell (f->site, "quirk age 1000");
  person_wait_online (f->alice);
  say_to_bob (f, "still here");
}

/* Somebody who is gone is not written to, though they were there a moment ago. */
static void
test_person_removed (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;

  f->trust_time = 1;
  sign_in_fully (f->alice);
  say_to_bob (f, "one");
  burble_test_site_tell (f->site, "remove bob");
  message = person_say (f->alice, BOB, "two");
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_FAILED);
  g_assert_true (site_answers (f, "messages", "1"));
}

/* … and so are they where a list of people was on its way that still had them. */
static void
test_person_removed_behind_a_page (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;

  f->trust_time = 1;
  sign_in_fully (f->alice);
  say_to_bob (f, "one");
  burble_test_site_tell (f->site, "pause");
  burble_test_wait_until (site_answers (f, "waiting", "1"));
  burble_test_site_tell (f->site, "remove bob");
  message = person_say (f->alice, BOB, "two");
  burble_test_site_tell (f->site, "resume");
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_FAILED);
  g_assert_true (site_answers (f, "messages", "1"));
}

/* Whoever goes before the site has answered is no reason to wait for ever. */
static void
test_person_removed_before_the_echo (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;

  sign_in_fully (f->alice);
  say_to_bob (f, "one");
  burble_test_site_tell (f->site, "forget alice bob");
  message = person_say (f->alice, BOB, "two");
  burble_test_wait_until (site_answers (f, "count two", "1"));
  burble_test_site_tell (f->site, "remove bob");
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_FAILED);
}

/* All sessions end at once, as when the site's database is put back: a 1011 tells, and the key is
 * not used for as much as a good-bye. */
static void
test_all_sessions_end (Fixture *f, gconstpointer data)
{
  sign_in_fully (f->alice);
  say_to_bob (f, "one");
  burble_test_site_tell (f->site, "expire");
  burble_test_site_tell (f->site, "refuse alice");
  person_wait_offline (f->alice);
  person_wait_online (f->alice);
  say_to_bob (f, "two");
}

static void
assert_holds_none (const char *path, const char * const *secrets)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_autofree char *content = NULL;
      gsize length = 0;

      if (!g_file_get_contents (file, &content, &length, NULL))
        continue;
      for (guint i = 0; secrets[i] != NULL; i++)
        if (memmem (content, length, secrets[i], strlen (secrets[i])) != NULL)
          g_error ("%s holds a key or a password", file);
    }
}

/* Every message brings the sender's key; the one of Bob is Bob's. Neither it nor ours gets to the
 * disk, nor to anybody who asks for the message. */
static void
test_keys_are_kept_nowhere (Fixture *f, gconstpointer data)
{
  Person *bob = make_person (f, BOB);
  g_autofree char *keys = NULL;
  g_autofree char *all = NULL;
  g_auto(GStrv) secrets = NULL;

  sign_in_fully (f->alice);
  sign_in (bob);
  burble_test_wait_until (person_knows (bob, ALICE));
  say_to_bob (f, "hello");
  burble_test_wait_until (person_heard (bob, ALICE, "hello"));
  g_object_unref (person_say (bob, ALICE, "hello yourself"));
  burble_test_wait_until (person_heard (f->alice, BOB, "hello yourself"));
  keys = burble_test_site_ask (f->site, "keys");
  all = g_strconcat (keys, " ", PASSWORD, NULL);
  secrets = g_strsplit (keys, " ", -1);
  g_assert_cmpuint (g_strv_length (secrets), ==, 2);
  assert_holds_none (f->alice->directory, (const char * const *) secrets);
  assert_holds_none (bob->directory, (const char * const *) secrets);
  g_assert_null (strstr (burble_account_get_address (f->alice->account), secrets[0]));
  person_free (bob);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("harm/key-dies-with-a-page", test_key_dies_with_a_page);
  ADD ("harm/page-is-waited-for", test_page_is_waited_for);
  ADD ("harm/page-that-was-waited-for", test_page_that_was_waited_for);
  ADD ("harm/key-dies-unnoticed", test_key_dies_unnoticed);
  ADD ("harm/key-grows-old", test_key_grows_old);
  ADD ("harm/person-removed", test_person_removed);
  ADD ("harm/person-removed-behind-a-page", test_person_removed_behind_a_page);
  ADD ("harm/person-removed-before-the-echo", test_person_removed_before_the_echo);
  ADD ("harm/all-sessions-end", test_all_sessions_end);
  ADD ("harm/keys-are-kept-nowhere", test_keys_are_kept_nowhere);

  return g_test_run ();
}
