/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-fixture.h"

#define ALICE "alice@example.org"
#define BOB "bob@example.org"
#define CAROL "carol@example.org"

typedef struct
{
  BurbleDummyNetwork *network;
  Person *alice;
  Person *bob;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->network = dummy_network_new (ALICE, BOB, CAROL, NULL);
  f->alice = person_new (ALICE, "laptop");
  f->bob = person_new (BOB, "desk");
  person_start (f->alice);
  person_start (f->bob);
  person_sign_in (f->alice);
  person_sign_in (f->bob);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  person_free (f->alice);
  person_free (f->bob);
  g_assert_finalize_object (f->network);
}

static void
test_request (Fixture *f, gconstpointer data)
{
  BurbleContact *alice = NULL;
  BurbleContact *bob = NULL;
  g_autofree char *tag = NULL;

  person_add (f->alice, BOB, "Bobby");
  burble_test_wait_until (person_knows (f->alice, BOB) && person_knows (f->bob, ALICE));
  bob = person_contact (f->alice, BOB);
  alice = person_contact (f->bob, ALICE);
  g_assert_cmpstr (burble_contact_get_display_name (bob), ==, "Bobby");
  g_assert_cmpint (burble_contact_get_subscription (bob), ==, BURBLE_SUBSCRIPTION_NONE);
  g_assert_false (burble_contact_get_asks (bob));
  g_assert_false (burble_contact_get_online (bob));
  g_assert_true (burble_contact_get_asks (alice));
  g_assert_false (burble_contact_get_online (alice));
  tag = g_strdup_printf ("request/%s/%s", burble_account_get_uid (f->bob->account), ALICE);
  g_assert_true (g_hash_table_contains (f->bob->notices, tag));

  person_accept (f->bob, ALICE);
  burble_test_wait_until (burble_contact_get_subscription (alice) == BURBLE_SUBSCRIPTION_BOTH
                          && burble_contact_get_subscription (bob) == BURBLE_SUBSCRIPTION_BOTH);
  burble_test_wait_until (burble_contact_get_online (alice) && burble_contact_get_online (bob));
  g_assert_false (burble_contact_get_asks (alice));
  g_assert_false (g_hash_table_contains (f->bob->notices, tag));
}

static void
test_decline (Fixture *f, gconstpointer data)
{
  g_autoptr(GAsyncResult) result = NULL;

  person_add (f->alice, BOB, NULL);
  burble_test_wait_until (person_knows (f->bob, ALICE));
  result = WAIT_FOR (burble_session_decline_contact_async, f->bob->session,
                     person_contact (f->bob, ALICE));
  g_assert_true (burble_session_roster_finish (f->bob->session, result, NULL));
  burble_test_wait_until (!person_knows (f->bob, ALICE));
  g_assert_cmpuint (g_hash_table_size (f->bob->notices), ==, 0);
  g_assert_cmpint (burble_contact_get_subscription (person_contact (f->alice, BOB)), ==,
                   BURBLE_SUBSCRIPTION_NONE);
}

static void
test_alias (Fixture *f, gconstpointer data)
{
  g_autoptr(GAsyncResult) set = NULL;
  g_autoptr(GAsyncResult) cleared = NULL;
  BurbleContact *bob = NULL;

  person_befriend (f->alice, f->bob);
  bob = person_contact (f->alice, BOB);
  set = WAIT_FOR (burble_session_set_alias_async, f->alice->session, bob, "Bobby");
  g_assert_true (burble_session_roster_finish (f->alice->session, set, NULL));
  burble_test_wait_until (g_strcmp0 (burble_contact_get_alias (bob), "Bobby") == 0);
  /* It takes nothing else away. */
  g_assert_true (burble_contact_get_online (bob));
  g_assert_cmpint (burble_contact_get_subscription (bob), ==, BURBLE_SUBSCRIPTION_BOTH);
  cleared = WAIT_FOR (burble_session_set_alias_async, f->alice->session, bob, NULL);
  g_assert_true (burble_session_roster_finish (f->alice->session, cleared, NULL));
  burble_test_wait_until (burble_contact_get_alias (bob) == NULL);
}

static void
test_removed (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) message = NULL;

  person_befriend (f->alice, f->bob);
  message = person_say (f->alice, BOB, "hello");
  person_remove (f->alice, BOB);
  /* The chat stays, and with it whom it is with. */
  burble_test_wait_until (!burble_contact_get_in_roster (person_contact (f->alice, BOB)));
  g_assert_nonnull (person_chat (f->alice, BOB));
  burble_test_wait_until (burble_contact_get_subscription (person_contact (f->bob, ALICE))
                          == BURBLE_SUBSCRIPTION_NONE);
}

/* Not connected: an error at once, and nothing changes. */
static void
test_offline (Fixture *f, gconstpointer data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  burble_session_set_presence (f->alice->session, NULL, BURBLE_STATUS_OFFLINE, NULL);
  person_wait_offline (f->alice);
  result = WAIT_FOR (burble_session_add_contact_async, f->alice->session, f->alice->account, BOB,
                     NULL);
  g_assert_false (burble_session_roster_finish (f->alice->session, result, &error));
  g_assert_cmpstr (burble_session_error_word (error), ==, "not-connected");
}

typedef struct
{
  guint kept;
  guint reset;
  gboolean cached; /* the list was there before any answer */
} Watch;

static Watch watch;

static void
kept_cb (Person *person)
{
  watch.kept++;
}

static void
reset_cb (Person *person)
{
  watch.reset++;
}

static BurbleConnection *
watched_factory (const char *network, const BurbleConnectionSettings *settings, gpointer user_data)
{
  Person *person = user_data;
  BurbleConnection *connection = NULL;

  connection = g_object_new (BURBLE_TYPE_DUMMY_CONNECTION, "canned", FALSE, "retry-ceiling", 20,
                             NULL);
  g_signal_connect_swapped (connection, "roster-kept", G_CALLBACK (kept_cb), person);
  g_signal_connect_swapped (connection, "roster-reset", G_CALLBACK (reset_cb), person);
  return connection;
}

static void
test_cache (Fixture *f, gconstpointer data)
{
  BurbleContact *bob = NULL;

  person_befriend (f->alice, f->bob);
  burble_session_set_notify_status (f->alice->session, person_contact (f->alice, BOB),
                                    BURBLE_NOTIFY_ONLINE);
  person_stop (f->alice);

  f->alice->factory = watched_factory;
  f->alice->factory_data = f->alice;
  watch = (Watch) { 0 };
  person_start (f->alice);
  /* Loaded, and nobody was asked yet. */
  g_assert_cmpuint (watch.kept + watch.reset, ==, 0);
  bob = person_contact (f->alice, BOB);
  g_assert_cmpint (burble_contact_get_subscription (bob), ==, BURBLE_SUBSCRIPTION_BOTH);
  g_assert_true (burble_contact_get_in_roster (bob));
  g_assert_cmpint (burble_contact_get_notify_status (bob), ==, BURBLE_NOTIFY_ONLINE);
  g_assert_false (burble_contact_get_online (bob));

  /* The etag fits: the server sends nothing again, and the same object gets its presence. */
  burble_test_wait_until (watch.kept == 1);
  g_assert_cmpuint (watch.reset, ==, 0);
  burble_test_wait_until (burble_contact_get_online (bob));
  g_assert_true (person_contact (f->alice, BOB) == bob);

  /* Changed while away: all of it, and on disk for the next time. */
  person_stop (f->alice);
  person_remove (f->bob, ALICE);
  person_start (f->alice);
  burble_test_wait_until (watch.reset == 1);
  g_assert_cmpint (burble_contact_get_subscription (person_contact (f->alice, BOB)), ==,
                   BURBLE_SUBSCRIPTION_NONE);
  person_stop (f->alice);
  watch = (Watch) { 0 };
  person_start (f->alice);
  burble_test_wait_until (watch.kept == 1);
}

static void
test_best_presence (Fixture *f, gconstpointer data)
{
  g_autoptr(Person) phone = person_new (BOB, "phone");
  BurbleContact *bob = NULL;

  person_befriend (f->alice, f->bob);
  bob = person_contact (f->alice, BOB);
  person_start (phone);
  person_sign_in (phone);
  burble_session_set_presence (phone->session, NULL, BURBLE_STATUS_AWAY, "on the train");
  burble_test_wait_until (g_list_model_get_n_items (burble_contact_get_presences (bob)) == 2);
  g_assert_cmpint (burble_contact_get_status (bob), ==, BURBLE_STATUS_AVAILABLE);
  burble_session_set_presence (f->bob->session, NULL, BURBLE_STATUS_DND, "working");
  burble_test_wait_until (burble_contact_get_status (bob) == BURBLE_STATUS_AWAY);
  g_assert_cmpstr (burble_contact_get_mood (bob), ==, "on the train");
  burble_session_set_presence (phone->session, NULL, BURBLE_STATUS_OFFLINE, NULL);
  burble_test_wait_until (burble_contact_get_status (bob) == BURBLE_STATUS_DND);
  g_assert_cmpstr (burble_contact_get_mood (bob), ==, "working");
  burble_session_set_presence (f->bob->session, NULL, BURBLE_STATUS_INVISIBLE, NULL);
  burble_test_wait_until (!burble_contact_get_online (bob));
}

/* Nobody's presence is known without a connection. */
static void
test_presence_offline (Fixture *f, gconstpointer data)
{
  BurbleContact *bob = NULL;

  person_befriend (f->alice, f->bob);
  bob = person_contact (f->alice, BOB);
  burble_dummy_connection_set_unreachable (BURBLE_DUMMY_CONNECTION (f->alice->connection), TRUE);
  burble_dummy_connection_drop_link (BURBLE_DUMMY_CONNECTION (f->alice->connection));
  g_assert_false (burble_contact_get_online (bob));
  burble_dummy_connection_set_unreachable (BURBLE_DUMMY_CONNECTION (f->alice->connection), FALSE);
  burble_test_wait_until (burble_contact_get_online (bob));
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* What a big roster and a storm of presence do to the list: a few signals, no search through it. */
static void
test_storm (Fixture *f, gconstpointer data)
{
  const guint many = 20000;
  g_autoptr(GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);
  g_autoptr(GPtrArray) events = NULL;
  GListModel *contacts = burble_session_get_contacts (f->alice->session);
  guint changes = 0;
  gint64 begin;

  for (guint i = 0; i < many; i++)
    {
      g_autofree char *id = g_strdup_printf ("p%u@example.org", i);
      BurbleRosterItem *item = burble_roster_item_new (id);

      item->subscription = BURBLE_ROSTER_BOTH;
      g_ptr_array_add (items, item);
    }
  g_signal_connect_swapped (contacts, "items-changed", G_CALLBACK (count_cb), &changes);
  begin = g_get_monotonic_time ();
  burble_roster_channel_emit_reset (BURBLE_ROSTER_CHANNEL (f->alice->connection), "e1", items);
  burble_test_wait_until (g_list_model_get_n_items (contacts) == many);
  g_assert_cmpuint (changes, <=, many / 256 + 1);
  changes = 0;

  events = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_presence_event_free);
  for (guint i = 0; i < many; i++)
    {
      g_autofree char *id = g_strdup_printf ("p%u@example.org", i);

      g_ptr_array_add (events, burble_presence_event_new (id, "t", BURBLE_PEER_AVAILABLE, NULL));
    }
  burble_presence_channel_emit_changed (BURBLE_PRESENCE_CHANNEL (f->alice->connection), events);
  burble_test_wait_until (burble_contact_get_online (person_contact (f->alice,
                                                                     "p19999@example.org")));
  g_assert_cmpuint (changes, ==, 0);
  g_assert_true (burble_contact_get_online (person_contact (f->alice, "p777@example.org")));

  /* Every second one goes. */
  for (guint i = many; i > 0; i -= 2)
    g_ptr_array_remove_index (items, i - 1);
  burble_roster_channel_emit_reset (BURBLE_ROSTER_CHANNEL (f->alice->connection), "e2", items);
  burble_test_wait_until (g_list_model_get_n_items (contacts) == many / 2);
  g_assert_cmpuint (changes, <=, 2 + 32);
  g_test_message ("%u contacts came, showed themselves and half went in %.0f ms", many,
                  (g_get_monotonic_time () - begin) / 1000.0);
  /* A search through the list for each would take minutes. */
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 10 * G_USEC_PER_SEC);
  g_signal_handlers_disconnect_by_data (contacts, &changes);
}

static guint
count_online (GListModel *contacts)
{
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (contacts); i++)
    {
      g_autoptr(BurbleContact) contact = g_list_model_get_item (contacts, i);

      count += burble_contact_get_online (contact) ? 1 : 0;
    }
  return count;
}

/* When the link goes, a long list is not gone through in one turn of the main loop. */
static void
test_long_list_goes_offline (Fixture *f, gconstpointer data)
{
  const guint many = 20000;
  BurbleDummyConnection *connection = BURBLE_DUMMY_CONNECTION (f->alice->connection);
  GListModel *contacts = burble_session_get_contacts (f->alice->session);
  g_autoptr(GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);

  for (guint i = 0; i < many; i++)
    {
      g_autofree char *id = g_strdup_printf ("p%u@example.org", i);
      BurbleRosterItem *item = burble_roster_item_new (id);

      item->subscription = BURBLE_ROSTER_BOTH;
      g_ptr_array_add (item->presences,
                       burble_presence_event_new (id, "t", BURBLE_PEER_AVAILABLE, NULL));
      g_ptr_array_add (items, item);
    }
  burble_roster_channel_emit_reset (BURBLE_ROSTER_CHANNEL (connection), "e1", items);
  burble_test_wait_until (count_online (contacts) == many);

  burble_dummy_connection_set_unreachable (connection, TRUE);
  burble_dummy_connection_drop_link (connection);
  g_assert_cmpuint (count_online (contacts), >, 0);
  burble_test_wait_until (count_online (contacts) == 0);
  g_assert_cmpuint (g_list_model_get_n_items (contacts), ==, many);
}

/* Hostile: the same person twice, nobody, presence of strangers. */
static void
test_odd_items (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);
  g_autoptr(GPtrArray) events = NULL;
  BurbleRosterItem *twice = burble_roster_item_new (BOB);

  twice->removed = TRUE;
  g_ptr_array_add (items, burble_roster_item_new (BOB));
  g_ptr_array_add (items, twice);
  g_ptr_array_add (items, burble_roster_item_new (NULL));
  burble_roster_channel_emit_reset (BURBLE_ROSTER_CHANNEL (f->alice->connection), NULL, items);
  g_assert_cmpuint (g_list_model_get_n_items (burble_session_get_contacts (f->alice->session)), ==,
                    1);
  burble_roster_channel_emit_changed (BURBLE_ROSTER_CHANNEL (f->alice->connection), NULL, items);

  events = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_presence_event_free);
  g_ptr_array_add (events,
                   burble_presence_event_new ("x@example.org", NULL, BURBLE_PEER_AWAY, NULL));
  g_ptr_array_add (events, burble_presence_event_new (NULL, NULL, BURBLE_PEER_AWAY, NULL));
  g_ptr_array_add (events, burble_presence_event_new (BOB, NULL, BURBLE_PEER_INVISIBLE, NULL));
  burble_presence_channel_emit_changed (BURBLE_PRESENCE_CHANNEL (f->alice->connection), events);
  g_assert_cmpuint (g_list_model_get_n_items (burble_session_get_contacts (f->alice->session)), ==,
                    1);
  g_assert_false (burble_contact_get_online (person_contact (f->alice, BOB)));
}

static void
test_room (Fixture *f, gconstpointer data)
{
  g_autoptr(GAsyncResult) a = NULL;
  g_autoptr(GAsyncResult) b = NULL;
  g_autoptr(GAsyncResult) sent = NULL;
  g_autoptr(BurbleMessage) message = NULL;
  BurbleMessage *heard = NULL;
  const char *room = "garden@example.org";

  a = WAIT_FOR (burble_session_join_room_async, f->alice->session, f->alice->account, room, NULL);
  g_assert_true (burble_session_roster_finish (f->alice->session, a, NULL));
  b = WAIT_FOR (burble_session_join_room_async, f->bob->session, f->bob->account, room, "Garden");
  g_assert_true (burble_session_roster_finish (f->bob->session, b, NULL));
  burble_test_wait_until (person_knows (f->alice, room) && person_knows (f->bob, room));
  g_assert_cmpint (burble_contact_get_kind (person_contact (f->alice, room)), ==,
                   BURBLE_CONTACT_ROOM);

  message = person_say (f->alice, room, "hello all");
  burble_test_wait_until (person_heard (f->bob, room, "hello all"));
  heard = burble_conversation_get_last_message (person_chat (f->bob, room));
  g_assert_cmpstr (burble_message_get_sender (heard), ==, ALICE);
  g_assert_cmpstr (burble_message_get_sender_name (heard), ==, "alice");
  g_assert_cmpstr (burble_message_get_peer (heard), ==, room);
}

#define ADD(path, function) \
  g_test_add ("/session/roster/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("ask-and-accept", test_request);
  ADD ("ask-and-decline", test_decline);
  ADD ("alias", test_alias);
  ADD ("removed-keeps-the-chat", test_removed);
  ADD ("offline-changes-are-refused", test_offline);
  ADD ("cache-first-then-etag", test_cache);
  ADD ("best-presence-wins", test_best_presence);
  ADD ("no-presence-without-connection", test_presence_offline);
  ADD ("a-storm-is-few-signals", test_storm);
  ADD ("a-long-list-goes-offline-bit-by-bit", test_long_list_goes_offline);
  ADD ("odd-items-do-no-harm", test_odd_items);
  ADD ("rooms", test_room);

  return g_test_run ();
}
