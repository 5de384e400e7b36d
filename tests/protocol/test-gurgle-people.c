/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-capabilities.h"
#include "peer.h"

/*
 * Who is there: asked for, told unasked, and what servers make of it.
 */

#define PUSH "{\"id\": null, \"cmd\": \"active_users\", \"users\": [" \
             "{\"username\": \"carol\", \"uuid\": \"u-3\"}]}"

typedef struct
{
  Peer *peer;
  BurbleConnection *client;
} Fixture;

static void
sign_in (Fixture *f, const char *features)
{
  peer_accept (f->peer);
  peer_sign_in (f->peer, PEER_PRESENCE, features);
  peer_wait_state (f->client, BURBLE_CONNECTION_ONLINE);
}

static void
set_up_with (Fixture *f, const char *features, guint request_timeout)
{
  f->peer = peer_new (NULL);
  f->peer->request_timeout = request_timeout;
  f->client = peer_make_client (f->peer);
  burble_connection_connect (f->client);
  sign_in (f, features);
}

static void
set_up (Fixture *f, gconstpointer features)
{
  set_up_with (f, features, 0);
}

static void
set_up_hasty (Fixture *f, gconstpointer features)
{
  set_up_with (f, features, PEER_HASTE);
}

static void
tear_down (Fixture *f, gconstpointer features)
{
  peer_hang_up (f->peer);
  burble_connection_disconnect (f->client);
  peer_wait_state (f->client, BURBLE_CONNECTION_OFFLINE);
  burble_test_settle ();
  g_assert_finalize_object (f->client);
  g_clear_pointer (&f->peer, peer_free);
}

typedef struct
{
  gboolean done;
  GPtrArray *people;
  GError *error;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_clear_pointer (&outcome->people, g_ptr_array_unref);
  g_clear_error (&outcome->error);
  outcome->done = FALSE;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->people = burble_directory_channel_list_finish (BURBLE_DIRECTORY_CHANNEL (object),
                                                          result, &outcome->error);
  outcome->done = TRUE;
}

static void
list (Fixture *f, Outcome *outcome)
{
  outcome_clear (outcome);
  burble_directory_channel_list_async (BURBLE_DIRECTORY_CHANNEL (f->client), NULL, listed_cb,
                                       outcome);
}

/* The next request is for the list, and is answered with what follows its id. */
static void
answer (Fixture *f, Outcome *outcome, const char *rest)
{
  g_autoptr(BurbleGurglePacket) request = peer_expect (f->peer, BURBLE_GURGLE_GET_ACTIVE_USERS);

  peer_say (f->peer, "{\"id\": %d, %s}", request->id, rest);
  burble_test_wait_until (outcome->done);
}

/* "id=uuid id=uuid" */
static void
check (const Outcome *outcome, const char *expected)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_assert_no_error (outcome->error);
  for (guint i = 0; i < outcome->people->len; i++)
    {
      const BurblePersonInfo *person = g_ptr_array_index (outcome->people, i);

      g_assert_true (person->exists);
      g_assert_cmpint (person->status, ==, BURBLE_PEER_AVAILABLE);
      g_string_append_printf (text, "%s%s=%s", i > 0 ? " " : "", person->id, person->uuid);
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_asks (Fixture *f, gconstpointer data)
{
  g_auto(Outcome) outcome = { 0 };

  g_assert_true (burble_connection_has (f->client, BURBLE_CAPABILITY_PEOPLE));
  list (f, &outcome);
  answer (f, &outcome, "\"cmd\": \"active_users\", \"users\": ["
                       "{\"username\": \"bob\", \"uuid\": \"u-2\"},"
                       "{\"username\": \"not an id\", \"uuid\": \"u-4\"},"
                       "{\"uuid\": \"u-5\"}, \"dan\","
                       "{\"username\": \"Zoë@elsewhere.org\"}], \"complete\": false");
  check (&outcome, "bob@example.org=u-2 zoë@elsewhere.org=(null)");

  /* What was told unasked is older than an answer. */
  peer_say (f->peer, "%s", PUSH);
  list (f, &outcome);
  answer (f, &outcome, "\"cmd\": \"active_users\", \"users\": []");
  check (&outcome, "");
}

static void
test_cannot_be_asked (Fixture *f, gconstpointer data)
{
  g_auto(Outcome) outcome = { 0 };

  /* There is nothing yet. */
  list (f, &outcome);
  answer (f, &outcome, "\"error\": \"unknown_command\", \"reason\": \"What?\"");
  g_assert_error (outcome.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_UNSUPPORTED);

  peer_say (f->peer, "{\"id\": null, \"cmd\": \"active_users\", \"users\": ["
                     "{\"username\": \"dan\"}]}");
  peer_say (f->peer, "%s", PUSH);
  list (f, &outcome);
  answer (f, &outcome, "\"error\": \"unknown_command\", \"reason\": \"What?\"");
  check (&outcome, "carol@example.org=u-3");

  /* Another refusal is one. */
  list (f, &outcome);
  answer (f, &outcome, "\"error\": \"forbidden\", \"reason\": \"Not you.\"");
  g_assert_error (outcome.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED);

  /* Of another link it is no longer true. */
  peer_hang_up (f->peer);
  sign_in (f, data);
  list (f, &outcome);
  answer (f, &outcome, "\"error\": \"unknown_command\", \"reason\": \"What?\"");
  g_assert_error (outcome.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_UNSUPPORTED);
}

static void
test_does_not_answer (Fixture *f, gconstpointer data)
{
  g_auto(Outcome) outcome = { 0 };

  peer_say (f->peer, "%s", PUSH);
  list (f, &outcome);
  burble_test_wait_until (outcome.done);
  check (&outcome, "carol@example.org=u-3");
}

/* A list of everybody in the world is of no use to anybody. */
static void
test_endless (Fixture *f, gconstpointer data)
{
  g_auto(Outcome) outcome = { 0 };
  g_autoptr(GString) users = g_string_new ("\"cmd\": \"active_users\", \"users\": [");
  g_autofree char *push = NULL;

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (users, "%s{\"username\": \"user%u\"}", i > 0 ? "," : "", i);
  g_string_append_c (users, ']');
  list (f, &outcome);
  answer (f, &outcome, users->str);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (outcome.people->len, ==, 1000);

  push = g_strdup_printf ("{\"id\": null, %s}", users->str);
  peer_say (f->peer, "%s", push);
  list (f, &outcome);
  answer (f, &outcome, "\"error\": \"unsupported\"");
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (outcome.people->len, ==, 1000);
}

static void
test_not_granted (Fixture *f, gconstpointer data)
{
  g_auto(Outcome) outcome = { 0 };

  g_assert_false (burble_connection_has (f->client, BURBLE_CAPABILITY_PEOPLE));
  peer_say (f->peer, "%s", PUSH);
  list (f, &outcome);
  burble_test_wait_until (outcome.done);
  g_assert_error (outcome.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_UNSUPPORTED);
  peer_expect_silence (f->peer);
}

static void
test_link_goes (Fixture *f, gconstpointer data)
{
  g_auto(Outcome) outcome = { 0 };
  g_autoptr(BurbleGurglePacket) request = NULL;

  peer_say (f->peer, "%s", PUSH);
  list (f, &outcome);
  request = peer_expect (f->peer, BURBLE_GURGLE_GET_ACTIVE_USERS);
  peer_hang_up (f->peer);
  burble_test_wait_until (outcome.done);
  g_assert_error (outcome.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
  peer_wait_state (f->client, BURBLE_CONNECTION_WAITING);
  list (f, &outcome);
  burble_test_wait_until (outcome.done);
  g_assert_error (outcome.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define add(name, features, set_up, function) \
  g_test_add ("/gurgle/people/" name, Fixture, features, set_up, function, tear_down)
  add ("asks", "\"active_users\"", set_up, test_asks);
  add ("server-cannot-be-asked", "\"active_users\"", set_up, test_cannot_be_asked);
  add ("server-does-not-answer", "\"active_users\"", set_up_hasty, test_does_not_answer);
  add ("endless-list", "\"active_users\"", set_up, test_endless);
  add ("not-granted", "\"user_status\"", set_up, test_not_granted);
  add ("the-link-goes", "\"active_users\"", set_up, test_link_goes);

  return g_test_run ();
}
