/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "private-chat-fixture.h"

/* A session and a django-private-chat site of our own: what a person does there. */

static void
test_a_day (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;
  g_autofree char *texts = NULL;
  g_autofree char *again = NULL;
  g_autofree char *last = NULL;
  gint64 number = 0;

  /* What nobody has read yet is news; what was said before is there as well. */
  site_says (f, "alice", "bob", "from the browser");
  site_says (f, "bob", "alice", "are you there?");
  sign_in (f->alice);
  burble_test_wait_until (person_knows (f->alice, BOB) && person_knows (f->alice, CAROL));
  g_assert_cmpstr (burble_contact_get_display_name (person_contact (f->alice, BOB)), ==,
                   "Bob the Builder");
  burble_test_wait_until (person_heard (f->alice, BOB, "are you there?"));
  burble_test_wait_until (person_unread (f->alice, BOB) == 1);
  burble_test_wait_until (texts_are (f->alice, BOB, "from the browser are you there?"));

  /* Live, answered, seen. */
  burble_test_wait_until (has_socket (f, "alice", "bob"));
  site_says (f, "bob", "alice", "it's <me>");
  burble_test_wait_until (person_heard (f->alice, BOB, "it's <me>"));
  burble_test_wait_until (person_unread (f->alice, BOB) == 2);
  burble_session_mark_all_read (f->alice->session, person_chat (f->alice, BOB));
  burble_test_wait_until (person_unread (f->alice, BOB) == 0);
  message = person_say (f->alice, BOB, "hello");
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_SENT);
  number = 3 * 3 + 1;
  burble_test_site_tell (f->site, "read bob alice %" G_GINT64_FORMAT, number);
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_READ);

  /* The names in these packets are the wrong ones. */
  burble_test_site_tell (f->site, "online bob alice");
  burble_test_wait_until (is_here (f->alice, BOB));
  burble_test_site_tell (f->site, "typing bob alice");
  burble_test_wait_until (burble_conversation_get_typing (person_chat (f->alice, BOB)) != NULL);
  burble_test_site_tell (f->site, "offline bob alice");
  burble_test_wait_until (!is_here (f->alice, BOB));

  /* Somebody without a socket of their own comes over the inbox, once. */
  site_says (f, "carol", "alice", "and me");
  burble_test_wait_until (person_heard (f->alice, CAROL, "and me"));
  burble_test_wait_until (person_unread (f->alice, CAROL) == 1);

  texts = person_texts (f->alice, BOB);
  g_assert_cmpstr (texts, ==, "from the browser are you there? it's <me> hello");

  /* After a broken line all is there once. */
  burble_test_site_tell (f->site, "drop");
  person_wait_offline (f->alice);
  site_says (f, "bob", "alice", "meanwhile");
  person_wait_online (f->alice);
  burble_test_wait_until (person_heard (f->alice, BOB, "meanwhile"));
  again = person_texts (f->alice, BOB);
  g_assert_cmpstr (again, ==, "from the browser are you there? it's <me> hello meanwhile");

  /* Nor twice after a new start. */
  person_stop (f->alice);
  site_says (f, "bob", "alice", "welcome");
  person_start (f->alice);
  person_wait_online (f->alice);
  wait_caught_up (f->alice);
  last = person_texts (f->alice, BOB);
  g_assert_cmpstr (last, ==,
                   "from the browser are you there? it's <me> hello meanwhile welcome");
}

/* In a browser, while Burble is not running: it is there afterwards, as ours, once. */
static void
test_said_elsewhere (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) sent = NULL;
  g_autoptr(GPtrArray) chat = NULL;

  sign_in (f->alice);
  burble_test_wait_until (person_knows (f->alice, BOB));
  sent = person_say (f->alice, BOB, "from here");
  burble_test_wait_until (burble_message_get_state (sent) == BURBLE_MESSAGE_SENT);
  for (guint i = 0; i < 2; i++)
    {
      person_stop (f->alice);
      if (i == 0)
        site_says (f, "alice", "bob", "from there");
      if (i == 0)
        site_says (f, "alice", "bob", "from here"); /* the same words, but said there */
      person_start (f->alice);
      person_wait_online (f->alice);
      wait_caught_up (f->alice);
    }
  g_assert_true (texts_are (f->alice, BOB, "from here from there from here"));
  chat = load_chat (f->alice, BOB);
  for (guint i = 0; i < chat->len; i++)
    g_assert_cmpint (burble_message_get_state (g_ptr_array_index (chat, i)), ==,
                     BURBLE_MESSAGE_SENT);
  g_assert_cmpuint (person_unread (f->alice, BOB), ==, 0);

  /* Live, too. */
  burble_test_wait_until (has_socket (f, "alice", "bob"));
  site_says (f, "alice", "bob", "right now");
  burble_test_wait_until (person_heard (f->alice, BOB, "right now"));
  g_assert_cmpint (person_last_state (f->alice, BOB), ==, BURBLE_MESSAGE_SENT);
}

static void
test_read_elsewhere (Fixture *f, gconstpointer data)
{
  gint64 first = 0;
  gint64 second = 0;

  sign_in (f->alice);
  burble_test_wait_until (person_knows (f->alice, BOB));
  first = site_says (f, "bob", "alice", "one");
  burble_test_wait_until (person_heard (f->alice, BOB, "one"));
  burble_test_wait_until (person_unread (f->alice, BOB) == 1);
  person_stop (f->alice);
  second = site_says (f, "bob", "alice", "two");
  site_says (f, "bob", "alice", "three");
  burble_test_site_tell (f->site, "read alice bob %" G_GINT64_FORMAT, first);
  burble_test_site_tell (f->site, "read alice bob %" G_GINT64_FORMAT, second);
  person_start (f->alice);
  person_wait_online (f->alice);
  wait_caught_up (f->alice);
  burble_test_wait_until (texts_are (f->alice, BOB, "one two three"));
  burble_test_wait_until (person_unread (f->alice, BOB) == 1);
}

static gboolean
states_are (Person *self, const char *peer, const char *expected)
{
  g_autoptr(GPtrArray) chat = load_chat (self, peer);
  g_autoptr(GString) states = g_string_new (NULL);

  for (guint i = 0; i < chat->len; i++)
    g_string_append_printf (states, "%s%d", i > 0 ? " " : "",
                            burble_message_get_state (g_ptr_array_index (chat, i)));
  return g_str_equal (states->str, expected);
}

/* What they read while nobody was here is marked as read, said here or in a browser. */
static void
test_read_by_them (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;
  gint64 elsewhere = 0;

  sign_in (f->alice);
  burble_test_wait_until (person_knows (f->alice, BOB));
  message = person_say (f->alice, BOB, "one");
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_SENT);
  person_stop (f->alice);
  elsewhere = site_says (f, "alice", "bob", "two");
  burble_test_site_tell (f->site, "read bob alice %" G_GINT64_FORMAT, elsewhere - 3); /* the one before */
  burble_test_site_tell (f->site, "read bob alice %" G_GINT64_FORMAT, elsewhere);
  site_says (f, "alice", "bob", "three");
  person_start (f->alice);
  person_wait_online (f->alice);
  wait_caught_up (f->alice);
  burble_test_wait_until (states_are (f->alice, BOB, "4 4 2"));
}

/* The site names a message by its number, which only the store can translate now. */
static void
test_read_mark_after_new_start (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;
  g_autoptr(BurbleMessageWindow) window = NULL;
  BurbleMessage *shown = NULL;

  sign_in (f->alice);
  burble_test_wait_until (person_knows (f->alice, BOB));
  message = person_say (f->alice, BOB, "hello");
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_SENT);
  person_stop (f->alice);
  person_start (f->alice);
  person_wait_online (f->alice);
  window = person_open (f->alice, BOB);
  burble_test_wait_until (has_socket (f, "alice", "bob"));
  burble_test_site_tell (f->site, "read bob alice 1");
  burble_test_wait_until (person_last_state (f->alice, BOB) == BURBLE_MESSAGE_READ);
  shown = g_list_model_get_item (G_LIST_MODEL (window), 0);
  g_assert_cmpint (burble_message_get_state (shown), ==, BURBLE_MESSAGE_READ);
  g_object_unref (shown);
}

/* The site has it, but Burble was gone before it could hear so. */
static void
test_stopped_before_echo (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) first = NULL;
  g_autoptr(BurbleMessage) again = NULL;
  g_autoptr(BurbleMessage) end = NULL;

  sign_in (f->alice);
  burble_test_wait_until (person_knows (f->alice, BOB));
  first = person_say (f->alice, BOB, "ok");
  burble_test_wait_until (burble_message_get_state (first) == BURBLE_MESSAGE_SENT);
  burble_test_site_tell (f->site, "mute");
  again = person_say (f->alice, BOB, "ok");
  burble_test_wait_until (site_answers (f, "messages", "2"));
  person_stop (f->alice);
  burble_test_site_tell (f->site, "speak");
  person_start (f->alice);
  person_wait_online (f->alice);
  end = person_say (f->alice, BOB, "end");
  burble_test_wait_until (burble_message_get_state (end) == BURBLE_MESSAGE_SENT);
  wait_caught_up (f->alice);
  g_assert_true (texts_are (f->alice, BOB, "ok ok end"));
  g_assert_true (site_answers (f, "count ok", "2"));
  g_assert_cmpuint (outbox_length (f->alice), ==, 0);
}

/* The same words are there from before: that is another message. */
static void
test_stopped_before_written (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) first = NULL;
  g_autoptr(BurbleMessage) waiting = NULL;

  sign_in (f->alice);
  burble_test_wait_until (person_knows (f->alice, BOB));
  first = person_say (f->alice, BOB, "ok");
  burble_test_wait_until (burble_message_get_state (first) == BURBLE_MESSAGE_SENT);
  burble_test_site_tell (f->site, "close");
  person_wait_offline (f->alice);
  waiting = person_say (f->alice, BOB, "ok");
  person_stop (f->alice);
  burble_test_site_tell (f->site, "open");
  person_start (f->alice);
  person_wait_online (f->alice);
  burble_test_wait_until (outbox_length (f->alice) == 0);
  g_assert_true (site_answers (f, "count ok", "2"));
  wait_caught_up (f->alice);
  g_assert_true (texts_are (f->alice, BOB, "ok ok"));
}

/* The same words are said elsewhere while ours wait: ours are said as well. */
static void
test_same_words_elsewhere (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) waiting = NULL;

  sign_in_fully (f->alice);
  burble_test_site_tell (f->site, "close");
  person_wait_offline (f->alice);
  site_says (f, "alice", "bob", "ok");
  waiting = person_say (f->alice, BOB, "ok");
  burble_test_site_tell (f->site, "open");
  person_wait_online (f->alice);
  burble_test_wait_until (burble_message_get_state (waiting) == BURBLE_MESSAGE_SENT);
  wait_caught_up (f->alice);
  g_assert_true (site_answers (f, "count ok", "2"));
  burble_test_wait_until (texts_are (f->alice, BOB, "ok ok"));
}

/* … over a new start, too. */
static void
test_same_words_elsewhere_and_stopped (Fixture *f, gconstpointer data)
{
  sign_in_fully (f->alice);
  burble_test_site_tell (f->site, "close");
  person_wait_offline (f->alice);
  g_object_unref (person_say (f->alice, BOB, "ok"));
  person_stop (f->alice);
  site_says (f, "alice", "bob", "ok");
  burble_test_site_tell (f->site, "open");
  person_start (f->alice);
  person_wait_online (f->alice);
  wait_caught_up (f->alice);
  burble_test_wait_until (outbox_length (f->alice) == 0);
  g_assert_true (site_answers (f, "count ok", "2"));
  burble_test_wait_until (texts_are (f->alice, BOB, "ok ok"));
}

#define assert_just_now(message)                                                     \
  g_assert_cmpint (ABS (g_get_real_time () - burble_message_get_time (message)), <,  \
                   30 * G_TIME_SPAN_SECOND)

/* The chat with Bob, once it is all there. */
static GPtrArray *
load_when (Fixture *f, const char *texts)
{
  burble_test_wait_until (person_knows (f->alice, BOB));
  wait_caught_up (f->alice);
  burble_test_wait_until (texts_are (f->alice, BOB, texts));
  return load_chat (f->alice, BOB);
}

/* A site elsewhere tells its zone on the page where one signs in, and its clock may be wrong. */
static void
test_zone (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) chat = NULL;

  burble_test_site_tell (f->site, "quirk zone 345");
  burble_test_site_tell (f->site, "quirk skew -180");
  site_says (f, "bob", "alice", "one");
  site_says (f, "alice", "bob", "two");
  sign_in (f->alice);
  chat = load_when (f, "one two");
  assert_just_now (g_ptr_array_index (chat, 0));
  assert_just_now (g_ptr_array_index (chat, 1));
  g_assert_null (burble_message_get_time_text (g_ptr_array_index (chat, 0)));
}

/* … or does not tell: then what is said now does. */
static void
test_silent_zone (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) chat = NULL;
  g_autoptr(GPtrArray) later = NULL;

  burble_test_site_tell (f->site, "quirk zone 120 SILENT");
  site_says (f, "bob", "alice", "one");
  sign_in (f->alice);
  chat = load_when (f, "one");
  assert_just_now (g_ptr_array_index (chat, 0));
  burble_test_site_tell (f->site, "quirk zone -300 SILENT");
  site_says (f, "bob", "alice", "two");
  burble_test_wait_until (person_heard (f->alice, BOB, "two"));
  burble_test_site_tell (f->site, "drop");
  person_wait_offline (f->alice);
  site_says (f, "alice", "bob", "three");
  person_wait_online (f->alice);
  later = load_when (f, "one two three");
  assert_just_now (g_ptr_array_index (later, 1));
  assert_just_now (g_ptr_array_index (later, 2));
}

/* Django's own way to write dates has no seconds: the order is the site's. */
static void
test_django_dates (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;
  g_autoptr(GPtrArray) chat = NULL;

  burble_test_site_tell (f->site, "quirk dates DJANGO");
  site_says (f, "bob", "alice", "one");
  sign_in (f->alice);
  burble_test_wait_until (person_knows (f->alice, BOB));
  wait_caught_up (f->alice);
  message = person_say (f->alice, BOB, "two");
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_SENT);
  person_stop (f->alice);
  site_says (f, "bob", "alice", "three");
  site_says (f, "alice", "bob", "four");
  site_says (f, "bob", "alice", "five");
  person_start (f->alice);
  person_wait_online (f->alice);
  chat = load_when (f, "one two three four five");
  for (guint i = 0; i < chat->len; i++)
    {
      g_assert_cmpint (ABS (g_get_real_time ()
                            - burble_message_get_time (g_ptr_array_index (chat, i))), <,
                       2 * G_TIME_SPAN_MINUTE);
      g_assert_null (burble_message_get_time_text (g_ptr_array_index (chat, i)));
    }
}

/* A date that nobody here can read is shown as it is; the order holds. */
static void
test_unreadable_dates (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;
  g_autoptr(GPtrArray) chat = NULL;

  burble_test_site_tell (f->site, "quirk dates WORDS");
  site_says (f, "bob", "alice", "one");
  site_says (f, "alice", "bob", "two");
  sign_in (f->alice);
  burble_test_wait_until (person_knows (f->alice, BOB) && has_socket (f, "alice", "bob"));
  wait_caught_up (f->alice);
  site_says (f, "bob", "alice", "three");
  burble_test_wait_until (person_heard (f->alice, BOB, "three"));
  message = person_say (f->alice, BOB, "four");
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_SENT);
  person_stop (f->alice);
  site_says (f, "bob", "alice", "five");
  site_says (f, "alice", "bob", "six");
  person_start (f->alice);
  person_wait_online (f->alice);
  chat = load_when (f, "one two three four five six");
  for (guint i = 0; i < chat->len; i++)
    {
      const char *text = burble_message_get_time_text (g_ptr_array_index (chat, i));

      /* What came in or went out while we looked has a time. */
      if (i == 2 || i == 3)
        g_assert_null (text);
      else
        g_assert_true (g_str_has_prefix (text, "am "));
    }
}

/* The key that is still held is found to be dead before anything is sent with it. */
static void
test_session_expires (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;

  sign_in (f->alice);
  burble_test_site_tell (f->site, "expire");
  burble_test_site_tell (f->site, "refuse alice");
  person_wait_offline (f->alice);
  person_wait_online (f->alice);
  message = person_say (f->alice, BOB, "back");
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_SENT);
}

static void
test_wrong_password (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  person_start (f->alice);
  error = person_try_sign_in (f->alice, "incorrect horse", FALSE);
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_PASSWORD);
}

/* The form is the administration's: it takes members of the staff only, and does not say why. */
static void
test_not_of_the_staff (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  burble_test_site_tell (f->site, "layman alice");
  person_start (f->alice);
  error = person_try_sign_in (f->alice, PASSWORD, FALSE);
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_PASSWORD);
}

/* The page does not say where the sockets are, or wrong: somebody who knows does. */
static void
test_sockets_by_hand (Fixture *f, gconstpointer data)
{
  g_autofree char *address = g_strdup_printf ("ws://127.0.0.1:%u/",
                                              burble_test_site_get_port (f->site));
  const char * const said[] = { "", "ws://127.0.0.1:1/" };
  const char * const by_hand[] = { "/", address };

  for (gsize i = 0; i < G_N_ELEMENTS (said); i++)
    {
      g_autoptr(Person) person = make_person (f, ALICE);
      g_autoptr(BurbleMessage) message = NULL;

      burble_test_site_tell (f->site, "quirk sockets %s", said[i]);
      person->websocket = by_hand[i];
      sign_in (person);
      burble_test_wait_until (person_knows (person, BOB));
      message = person_say (person, BOB, "hello");
      burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_SENT);
      /* It is kept with the account. */
      person_stop (person);
      person_start (person);
      person_wait_online (person);
    }
}

static void
test_bad_sockets_by_hand (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  f->alice->websocket = "gopher://chat.test/";
  person_start (f->alice);
  error = person_try_sign_in (f->alice, PASSWORD, FALSE);
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("a-day", test_a_day);
  ADD ("said-elsewhere", test_said_elsewhere);
  ADD ("read-elsewhere", test_read_elsewhere);
  ADD ("read-by-them", test_read_by_them);
  ADD ("read-mark-after-a-new-start", test_read_mark_after_new_start);
  ADD ("stopped-before-the-echo", test_stopped_before_echo);
  ADD ("stopped-before-it-was-written", test_stopped_before_written);
  ADD ("same-words-elsewhere", test_same_words_elsewhere);
  ADD ("same-words-elsewhere-and-stopped", test_same_words_elsewhere_and_stopped);
  ADD ("zone", test_zone);
  ADD ("silent-zone", test_silent_zone);
  ADD ("django-dates", test_django_dates);
  ADD ("unreadable-dates", test_unreadable_dates);
  ADD ("session-expires", test_session_expires);
  ADD ("wrong-password", test_wrong_password);
  ADD ("not-of-the-staff", test_not_of_the_staff);
  ADD ("sockets-by-hand", test_sockets_by_hand);
  ADD ("bad-sockets-by-hand", test_bad_sockets_by_hand);

  return g_test_run ();
}
