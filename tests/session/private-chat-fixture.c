/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "private-chat-fixture.h"

static BurbleConnection *
make_connection (const char *network, const BurbleConnectionSettings *settings, gpointer user_data)
{
  const Fixture *f = user_data;

  if (!g_str_equal (network, "private-chat"))
    return NULL;
  return g_object_new (BURBLE_TYPE_PRIVATE_CHAT_CONNECTION, "retry-ceiling", 100, "poll-interval",
                       200, "answer-timeout", 2000, "trust-time",
                       f->trust_time > 0 ? f->trust_time : 60 * 1000, NULL);
}

Person *
make_person (Fixture *f, const char *address)
{
  Person *self = person_new (address, "laptop");

  self->network = "private-chat";
  self->factory = make_connection;
  self->factory_data = f;
  self->first_delay = 300;
  self->host = g_strdup ("127.0.0.1");
  self->port = burble_test_site_get_port (f->site);
  self->plain = TRUE;
  return self;
}

void
sign_in (Person *self)
{
  g_autoptr(GError) error = NULL;

  person_start (self);
  error = person_try_sign_in (self, PASSWORD, FALSE);
  g_assert_no_error (error);
}

void
sign_in_fully (Person *self)
{
  sign_in (self);
  burble_test_wait_until (person_knows (self, BOB));
  wait_caught_up (self);
}

void
say_to_bob (Fixture *f, const char *text)
{
  g_autoptr(BurbleMessage) message = person_say (f->alice, BOB, text);

  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_SENT);
}

void
set_up (Fixture *f, gconstpointer data)
{
  f->site = burble_test_site_new ();
  set_up_people (f);
}

void
set_up_people (Fixture *f)
{
  burble_test_site_tell (f->site, "user alice " PASSWORD);
  burble_test_site_tell (f->site, "user bob " PASSWORD "|Bob the Builder");
  burble_test_site_tell (f->site, "user carol " PASSWORD);
  f->alice = make_person (f, ALICE);
}

void
tear_down (Fixture *f, gconstpointer data)
{
  person_free (f->alice);
  burble_test_site_free (f->site);
}

void
wait_caught_up (Person *self)
{
  BurbleAccountController *controller = burble_session_get_controller (self->session,
                                                                       self->account);

  burble_test_wait_until (
    burble_catch_up_is_complete (burble_account_controller_get_catch_up (controller)));
}

guint
outbox_length (Person *self)
{
  BurbleAccountController *controller = burble_session_get_controller (self->session,
                                                                       self->account);

  return burble_outbox_get_length (burble_account_controller_get_outbox (controller));
}

gint64
site_says (Fixture *f, const char *from, const char *to, const char *text)
{
  g_autofree char *number = burble_test_site_ask (f->site, "say %s %s %s", from, to, text);

  return g_ascii_strtoll (number, NULL, 10);
}

gboolean
site_answers (Fixture *f, const char *question, const char *answer)
{
  g_autofree char *text = burble_test_site_ask (f->site, "%s", question);

  return g_str_equal (text, answer);
}

gboolean
has_socket (Fixture *f, const char *from, const char *to)
{
  g_autofree char *all = burble_test_site_ask (f->site, "sockets %s", from);
  g_auto(GStrv) names = g_strsplit (all, " ", -1);

  return g_strv_contains ((const char * const *) names, to);
}

gboolean
is_here (Person *self, const char *id)
{
  BurbleContact *contact = person_contact (self, id);

  return contact != NULL && burble_contact_get_status (contact) == BURBLE_STATUS_AVAILABLE;
}

gboolean
texts_are (Person *self, const char *peer, const char *expected)
{
  g_autofree char *texts = person_texts (self, peer);

  return g_str_equal (texts, expected);
}

GPtrArray *
load_chat (Person *self, const char *peer)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *page = NULL;

  result = WAIT_FOR (burble_store_load_page_async, self->store, person_chat (self, peer),
                     BURBLE_PAGE_LATEST, 0, 0, 1000);
  page = burble_store_list_finish (self->store, result, &error);
  g_assert_no_error (error);
  return page;
}
