/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "burble-test-certificate.h"
#include "private-chat-fixture.h"

/*
 * What is odd about django-private-chat sites, one thing after another; each is switched on in the
 * site of our own. Typing and read marks with the wrong names are part of a-day.
 */

#define ACUTE "\u00e9"

static gboolean
asked_for_number (Fixture *f, const char *question, guint64 at_least)
{
  g_autofree char *answer = burble_test_site_ask (f->site, "%s", question);

  return g_ascii_strtoull (answer, NULL, 10) >= at_least;
}

/* Opening: no extension is asked for, we are here, and who else is; leaving: we go. */
static void
test_manners (Fixture *f, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *pair = NULL;
  g_autofree char *last = NULL;

  sign_in_fully (f->alice);
  first = burble_test_site_ask (f->site, "packets alice");
  g_assert_true (g_str_has_prefix (first, "check-online online"));
  say_to_bob (f, "hello");
  pair = burble_test_site_ask (f->site, "packets alice");
  g_assert_nonnull (strstr (pair, "online check-online new-message"));
  g_assert_true (site_answers (f, "offers", "none"));
  person_stop (f->alice);
  last = burble_test_site_ask (f->site, "packets alice");
  g_assert_true (g_str_has_suffix (last, "offline"));
  g_assert_true (site_answers (f, "sockets alice", "none"));
}

static void
test_pings (Fixture *f, gconstpointer data)
{
  burble_test_site_tell (f->site, "quirk ping 0.05");
  sign_in_fully (f->alice);
  burble_test_wait_until (asked_for_number (f, "pongs", 10));
  say_to_bob (f, "hello");
  g_assert_true (site_answers (f, "logins", "1"));
}

/* A site that hears no pong closes with 1011: once more, with another key. */
static void
test_no_pong (Fixture *f, gconstpointer data)
{
  burble_test_site_tell (f->site, "quirk ping 0.05");
  sign_in_fully (f->alice);
  burble_test_site_tell (f->site, "quirk deaf ON");
  person_wait_offline (f->alice);
  burble_test_site_tell (f->site, "quirk deaf OFF");
  person_wait_online (f->alice);
  g_assert_true (asked_for_number (f, "logins", 2));
  say_to_bob (f, "hello");
}

/* An echo has each character escaped: more than a megabyte, and more than a socket of libsoup takes
 * unless it is told to. */
static void
test_large_echo (Fixture *f, gconstpointer data)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(BurbleMessage) too_long = NULL;
  g_autofree char *before = NULL;

  for (guint i = 0; i < 500 * 1000; i++)
    g_string_append (text, ACUTE);
  sign_in_fully (f->alice);
  say_to_bob (f, "hello");
  before = burble_test_site_ask (f->site, "socket-paths");
  say_to_bob (f, text->str);
  g_assert_true (site_answers (f, "messages", "2"));
  /* It came over the socket: none had to be opened anew. */
  g_assert_true (site_answers (f, "socket-paths", before));
  for (guint i = 0; i < 100 * 1000; i++)
    g_string_append (text, ACUTE);
  too_long = person_say (f->alice, BOB, text->str);
  burble_test_wait_until (burble_message_get_state (too_long) == BURBLE_MESSAGE_FAILED);
  say_to_bob (f, "short");
  g_assert_true (site_answers (f, "messages", "3"));
}

/* Bytes one by one, and texts in fragments with a ping between. */
static void
test_split_frames (Fixture *f, gconstpointer data)
{
  burble_test_site_tell (f->site, "quirk split ON");
  sign_in_fully (f->alice);
  say_to_bob (f, "hello");
  site_says (f, "bob", "alice", "bits and pieces");
  burble_test_wait_until (person_heard (f->alice, BOB, "bits and pieces"));
  burble_test_site_tell (f->site, "typing bob alice");
  burble_test_wait_until (burble_conversation_get_typing (person_chat (f->alice, BOB)) != NULL);
}

/* 500 without a dialog, and hundreds of kilobytes after each page. */
static void
test_odd_pages (Fixture *f, gconstpointer data)
{
  burble_test_site_tell (f->site, "quirk html ON");
  sign_in_fully (f->alice);
  say_to_bob (f, "hello");
  g_assert_true (site_answers (f, "last", "alice bob hello"));
}

/* A connection ends just when the next page is asked for. */
static void
test_unanswered_questions (Fixture *f, gconstpointer data)
{
  site_says (f, "bob", "alice", "hello");
  sign_in_fully (f->alice);
  for (guint i = 0; i < 20; i++)
    {
      person_stop (f->alice);
      burble_test_site_tell (f->site, "leave-out %u", i % 5 + 1);
      person_start (f->alice);
      person_wait_online (f->alice);
      wait_caught_up (f->alice);
    }
  say_to_bob (f, "hi");
  g_assert_true (texts_are (f->alice, BOB, "hello hi"));
}

/* Somebody without a socket towards us is heard on each of ours. */
static void
test_once_per_socket (Fixture *f, gconstpointer data)
{
  site_says (f, "bob", "alice", "one");
  site_says (f, "alice", "bob", "two");
  sign_in_fully (f->alice);
  burble_test_wait_until (has_socket (f, "alice", "bob") && has_socket (f, "alice", "alice"));
  f->alice->arrived = 0;
  f->alice->notices_shown = 0;
  site_says (f, "carol", "alice", "hello");
  burble_test_wait_until (person_heard (f->alice, CAROL, "hello"));
  burble_test_wait_until (has_socket (f, "alice", "carol"));
  site_says (f, "carol", "alice", "again");
  burble_test_wait_until (person_heard (f->alice, CAROL, "again"));
  g_assert_true (texts_are (f->alice, CAROL, "hello again"));
  g_assert_cmpuint (f->alice->arrived, ==, 2);
  burble_test_wait_until (person_unread (f->alice, CAROL) == 2);
}

/* A number, a list: not a text, but said. */
static void
test_no_text (Fixture *f, gconstpointer data)
{
  sign_in_fully (f->alice);
  burble_test_site_tell (f->site, "raw bob alice [1, true]");
  burble_test_wait_until (person_heard (f->alice, BOB, "[1,true]"));
  burble_test_site_tell (f->site, "raw bob alice 7");
  burble_test_wait_until (person_heard (f->alice, BOB, "7"));
}

static void
test_users_changed (Fixture *f, gconstpointer data)
{
  sign_in_fully (f->alice);
  burble_test_site_tell (f->site, "user dave " PASSWORD "|Dave");
  burble_test_site_tell (f->site, "changed");
  burble_test_wait_until (person_knows (f->alice, "dave@" SITE));
}

/* Names with all that Django allows go into a path as they are; one that cannot is written to over
 * another socket, and read from the pages. */
static void
test_odd_names (Fixture *f, gconstpointer data)
{
  static const char * const names[] = { "b.o-b_1+x@y.org", "zo\u00eb" };
  g_autofree char *paths = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    burble_test_site_tell (f->site, "user %s " PASSWORD, names[i]);
  sign_in_fully (f->alice);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *id = g_strconcat (names[i], "@" SITE, NULL);
      g_autofree char *expected = g_strdup_printf ("alice %s hello", names[i]);
      g_autoptr(BurbleMessage) message = NULL;

      burble_test_wait_until (person_knows (f->alice, id));
      message = person_say (f->alice, id, "hello");
      burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_SENT);
      g_assert_true (site_answers (f, "last", expected));
      site_says (f, names[i], "alice", "answer");
      burble_test_wait_until (person_heard (f->alice, id, "answer"));
    }
  paths = burble_test_site_ask (f->site, "socket-paths");
  g_assert_nonnull (strstr (paths, names[0]));
  g_assert_null (strchr (paths, '%'));
}

/* A connection that nobody closed is noticed late: the site then forgets the new socket with the
 * old one. What it would have brought is read, and it is opened again. */
static void
test_forgotten_sockets (Fixture *f, gconstpointer data)
{
  site_says (f, "alice", "bob", "one");
  sign_in_fully (f->alice);
  burble_test_wait_until (has_socket (f, "alice", "bob"));
  burble_test_site_tell (f->site, "forget alice bob");
  burble_test_site_tell (f->site, "forget alice alice");
  site_says (f, "bob", "alice", "two");
  site_says (f, "carol", "alice", "and me");
  burble_test_wait_until (person_heard (f->alice, BOB, "two"));
  burble_test_wait_until (person_heard (f->alice, CAROL, "and me"));
  burble_test_wait_until (has_socket (f, "alice", "bob") && has_socket (f, "alice", "alice"));
  burble_test_site_tell (f->site, "typing bob alice");
  burble_test_wait_until (burble_conversation_get_typing (person_chat (f->alice, BOB)) != NULL);
  g_assert_true (site_answers (f, "logins", "1"));
}

/* A browser opens the same dialog: it gets what is for us, until we notice. */
static void
test_stolen_socket (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;

  site_says (f, "alice", "bob", "one");
  sign_in_fully (f->alice);
  burble_test_wait_until (has_socket (f, "alice", "bob"));
  burble_test_site_tell (f->site, "steal alice bob");
  site_says (f, "bob", "alice", "two");
  /* Its echo goes elsewhere; the page tells that it arrived. */
  message = person_say (f->alice, BOB, "three");
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_SENT);
  burble_test_wait_until (texts_are (f->alice, BOB, "one two three"));
  site_says (f, "bob", "alice", "four");
  burble_test_wait_until (person_heard (f->alice, BOB, "four"));
  g_assert_true (site_answers (f, "messages", "4"));
}

/* What is taken without a word is not taken for an answer. */
static void
test_silence (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  burble_test_site_tell (f->site, "mute");
  person_start (f->alice);
  error = person_try_sign_in (f->alice, PASSWORD, FALSE);
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT);
}

static void
test_falls_silent (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;

  sign_in_fully (f->alice);
  burble_test_site_tell (f->site, "mute");
  message = person_say (f->alice, BOB, "anybody?");
  person_wait_offline (f->alice);
  burble_test_site_tell (f->site, "speak");
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_SENT);
  g_assert_true (site_answers (f, "count anybody?", "1"));
}

/* Not every answer to a handshake is 101. */
static void
test_refused_handshake (Fixture *f, gconstpointer data)
{
  static const guint statuses[] = { 426, 404, 502, 200 };

  sign_in_fully (f->alice);
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      burble_test_site_tell (f->site, "quirk upgrade %u", statuses[i]);
      burble_test_site_tell (f->site, "drop");
      person_wait_offline (f->alice);
      burble_test_wait_until (burble_account_get_state (f->alice->account)
                              == BURBLE_ACCOUNT_WAITING);
      burble_test_site_tell (f->site, "quirk upgrade 101");
      person_wait_online (f->alice);
    }
  say_to_bob (f, "hello");
}

/* 101, and closed with 1011: the key is no good. Signed in again, once, and no more than that. */
static void
test_refused_key (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  burble_test_site_tell (f->site, "quirk doom ON");
  person_start (f->alice);
  error = person_try_sign_in (f->alice, PASSWORD, FALSE);
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_KILLED);
  g_assert_true (site_answers (f, "logins", "1"));
}

static void
set_up_tls (Fixture *f, gconstpointer data)
{
  g_autoptr(GTlsCertificate) certificate = NULL;

  certificate = burble_test_make_certificate (SITE, BURBLE_TEST_CERTIFICATE_PLAIN, NULL);
  f->site = burble_test_site_new_tls (certificate);
  set_up_people (f);
  f->alice->plain = FALSE;
}

/* The certificate is asked about; pages and sockets then go by the answer. */
static void
test_tls (Fixture *f, gconstpointer data)
{
  g_autoptr(GAsyncResult) result = NULL;

  person_start (f->alice);
  f->alice->account = burble_account_new (NULL, f->alice->network, f->alice->address);
  burble_account_set_host (f->alice->account, f->alice->host);
  burble_account_set_port (f->alice->account, f->alice->port);
  burble_session_add_account_async (f->alice->session, f->alice->account, PASSWORD, TRUE, FALSE,
                                    NULL, NULL, session_result_cb, &result);
  burble_test_wait_until (f->alice->question != NULL);
  burble_session_answer_certificate (f->alice->session, f->alice->account, f->alice->question,
                                     TRUE);
  burble_test_wait_until (result != NULL);
  g_assert_true (burble_session_add_account_finish (f->alice->session, result, NULL));
  burble_test_wait_until (person_knows (f->alice, BOB));
  say_to_bob (f, "hello");
  site_says (f, "bob", "alice", "in private");
  burble_test_wait_until (person_heard (f->alice, BOB, "in private"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("quirks/manners", test_manners);
  ADD ("quirks/pings", test_pings);
  ADD ("quirks/no-pong", test_no_pong);
  ADD ("quirks/large-echo", test_large_echo);
  ADD ("quirks/split-frames", test_split_frames);
  ADD ("quirks/odd-pages", test_odd_pages);
  ADD ("quirks/unanswered-questions", test_unanswered_questions);
  ADD ("quirks/once-per-socket", test_once_per_socket);
  ADD ("quirks/no-text", test_no_text);
  ADD ("quirks/users-changed", test_users_changed);
  ADD ("quirks/odd-names", test_odd_names);
  ADD ("quirks/forgotten-sockets", test_forgotten_sockets);
  ADD ("quirks/stolen-socket", test_stolen_socket);
  ADD ("quirks/silence", test_silence);
  ADD ("quirks/falls-silent", test_falls_silent);
  ADD ("quirks/refused-handshake", test_refused_handshake);
  ADD ("quirks/refused-key", test_refused_key);
  g_test_add ("/session/private-chat/quirks/tls", Fixture, NULL, set_up_tls, test_tls, tear_down);

  return g_test_run ();
}
