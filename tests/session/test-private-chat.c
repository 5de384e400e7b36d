/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "burble-private-chat-connection.h"
#include "burble-test-site.h"
#include "session-fixture.h"

/* A session and a django-private-chat site of our own: what a person does there. */

#define SITE "chat.test"
#define ALICE "alice@" SITE
#define BOB "bob@" SITE
#define CAROL "carol@" SITE
#define PASSWORD "correct horse"

typedef struct
{
  BurbleTestSite *site;
  Person *alice;
} Fixture;

static BurbleConnection *
make_connection (const char *network, const BurbleConnectionSettings *settings, gpointer user_data)
{
  if (!g_str_equal (network, "private-chat"))
    return NULL;
  return g_object_new (BURBLE_TYPE_PRIVATE_CHAT_CONNECTION, "retry-ceiling", 100, "poll-interval",
                       200, "answer-timeout", 2000, NULL);
}

static Person *
make_person (Fixture *f, const char *address)
{
  Person *self = person_new (address, "laptop");

  self->network = "private-chat";
  self->factory = make_connection;
  self->first_delay = 300;
  self->host = g_strdup ("127.0.0.1");
  self->port = burble_test_site_get_port (f->site);
  self->plain = TRUE;
  return self;
}

static void
sign_in (Person *self)
{
  g_autoptr(GError) error = NULL;

  person_start (self);
  error = person_try_sign_in (self, PASSWORD, FALSE);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->site = burble_test_site_new ();
  burble_test_site_tell (f->site, "user alice " PASSWORD);
  burble_test_site_tell (f->site, "user bob " PASSWORD "|Bob the Builder");
  burble_test_site_tell (f->site, "user carol " PASSWORD);
  f->alice = make_person (f, ALICE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  person_free (f->alice);
  burble_test_site_free (f->site);
}

/* Somebody else's client says something. Returns the site's number of it. */
static gint64
site_says (Fixture *f, const char *from, const char *to, const char *text)
{
  g_autofree char *number = burble_test_site_ask (f->site, "say %s %s %s", from, to, text);

  return g_ascii_strtoll (number, NULL, 10);
}

static gboolean
has_socket (Fixture *f, const char *from, const char *to)
{
  g_autofree char *all = burble_test_site_ask (f->site, "sockets %s", from);
  g_auto(GStrv) names = g_strsplit (all, " ", -1);

  return g_strv_contains ((const char * const *) names, to);
}

static gboolean
is_here (Person *self, const char *id)
{
  BurbleContact *contact = person_contact (self, id);

  return contact != NULL && burble_contact_get_status (contact) == BURBLE_STATUS_AVAILABLE;
}

static gboolean
texts_are (Person *self, const char *peer, const char *expected)
{
  g_autofree char *texts = person_texts (self, peer);

  return g_str_equal (texts, expected);
}

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
  burble_test_wait_until (burble_catch_up_is_complete (
    burble_account_controller_get_catch_up (
      burble_session_get_controller (f->alice->session, f->alice->account))));
  last = person_texts (f->alice, BOB);
  g_assert_nonnull (strstr (last, "welcome"));
  g_assert_nonnull (strstr (last, "hello"));
  g_assert_true (strstr (last, "hello") == g_strrstr (last, "hello"));
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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add ("/session/private-chat/a-day", Fixture, NULL, set_up, test_a_day, tear_down);
  g_test_add ("/session/private-chat/session-expires", Fixture, NULL, set_up, test_session_expires,
              tear_down);
  g_test_add ("/session/private-chat/wrong-password", Fixture, NULL, set_up, test_wrong_password,
              tear_down);

  return g_test_run ();
}
