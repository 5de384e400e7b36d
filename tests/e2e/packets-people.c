/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-capabilities.h"
#include "packets.h"

/* Who is there, and who knows whom. */

#define ROOM "garden@" BURBLE_TEST_SERVER_DOMAIN

static void
play_presence (Scene *scene)
{
  BurbleContact *bob = person_contact (scene->alice, BOB);
  g_autoptr(BurbleTestPeer) peer = scene_go_online (scene, CAROL, NULL);
  g_autofree char *mood = g_strnfill (600, 'x');
  g_autofree char *request = g_strdup_printf ("{\"id\":4,\"cmd\":\"presence\",\"presence\":"
                                              "{\"status\":\"away\",\"mood\":\"%s\"}}", mood);

  burble_session_set_presence (scene->bob->session, NULL, BURBLE_STATUS_DND, "in a meeting");
  burble_test_wait_until (burble_contact_get_status (bob) == BURBLE_STATUS_DND);
  g_assert_cmpstr (burble_contact_get_mood (bob), ==, "in a meeting");
  burble_session_set_presence (scene->bob->session, NULL, BURBLE_STATUS_AWAY, NULL);
  burble_test_wait_until (burble_contact_get_status (bob) == BURBLE_STATUS_AWAY);
  g_assert_null (burble_contact_get_mood (bob));
  burble_session_set_presence (scene->bob->session, NULL, BURBLE_STATUS_INVISIBLE, NULL);
  burble_test_wait_until (!burble_contact_get_online (bob));
  scene_refused (peer, request, "too_large");
}

static void
play_presence_update (Scene *scene)
{
  BurbleContact *bob = person_contact (scene->alice, BOB);
  g_autoptr(BurbleTestPeer) phone = scene_go_online (scene, BOB, NULL);

  burble_test_wait_until (g_list_model_get_n_items (burble_contact_get_presences (bob)) == 2);
  burble_session_set_presence (scene->bob->session, NULL, BURBLE_STATUS_OFFLINE, NULL);
  burble_test_wait_until (g_list_model_get_n_items (burble_contact_get_presences (bob)) == 1);
  g_assert_true (burble_contact_get_online (bob));
  g_clear_pointer (&phone, burble_test_peer_free);
  burble_test_wait_until (!burble_contact_get_online (bob));
}

static void
play_get_roster (Scene *scene)
{
  g_assert_cmpuint (burble_test_relay_count (scene->relay, BURBLE_TEST_RELAY_DOWN,
                                             BURBLE_GURGLE_FLUSH_ROSTER), ==, 2);
  person_stop (scene->alice);
  person_start (scene->alice);
  /* From the disk, before anybody answered. */
  g_assert_true (burble_contact_get_in_roster (person_contact (scene->alice, BOB)));
  burble_test_wait_until (burble_contact_get_online (person_contact (scene->alice, BOB)));
  g_assert_cmpuint (burble_test_relay_count (scene->relay, BURBLE_TEST_RELAY_DOWN,
                                             BURBLE_GURGLE_KEEP_ROSTER), ==, 1);
  g_assert_cmpuint (burble_test_relay_count (scene->relay, BURBLE_TEST_RELAY_DOWN,
                                             BURBLE_GURGLE_FLUSH_ROSTER), ==, 2);
}

static void
play_get_roster_too_early (Scene *scene)
{
  g_autoptr(BurbleTestPeer) peer = scene_greet (scene);

  scene_refused (peer, "{\"id\":2,\"cmd\":\"get_roaster\"}", "not_authenticated");
}

static void
play_roster_elsewhere (Scene *scene)
{
  g_autoptr(Person) phone = scene_person_new (scene, ALICE, "phone");

  gurgle_sign_in (phone);
  burble_test_wait_until (person_knows (phone, BOB));
  person_add (phone, CAROL, "Caroline");
  burble_test_wait_until (person_knows (scene->alice, CAROL));
  g_assert_cmpstr (burble_contact_get_alias (person_contact (scene->alice, CAROL)), ==,
                   "Caroline");
  person_remove (phone, CAROL);
  burble_test_wait_until (!person_knows (scene->alice, CAROL));
}

static void
play_update_roster (Scene *scene)
{
  g_autoptr(GAsyncResult) named = NULL;
  g_autoptr(GAsyncResult) unknown = NULL;
  g_autoptr(GError) error = NULL;
  BurbleContact *bob = person_contact (scene->alice, BOB);

  named = WAIT_FOR (burble_session_set_alias_async, scene->alice->session, bob, "Robert");
  g_assert_true (burble_session_roster_finish (scene->alice->session, named, NULL));
  g_assert_cmpstr (burble_contact_get_display_name (bob), ==, "Robert");
  unknown = WAIT_FOR (burble_session_add_contact_async, scene->alice->session,
                      scene->alice->account, "nobody@" BURBLE_TEST_SERVER_DOMAIN, NULL);
  g_assert_false (burble_session_roster_finish (scene->alice->session, unknown, &error));
  g_assert_cmpstr (burble_session_error_word (error), ==, "refused");

  /* Deleting ends both directions; the other keeps the entry. */
  person_remove (scene->alice, BOB);
  burble_test_wait_until (burble_contact_get_subscription (person_contact (scene->bob, ALICE))
                          == BURBLE_SUBSCRIPTION_NONE);
  g_assert_false (burble_contact_get_online (person_contact (scene->bob, ALICE)));
}

static void
play_adding (Scene *scene)
{
  g_autoptr(GAsyncResult) declined = NULL;
  g_autoptr(BurbleTestPeer) carol = scene_go_online (scene, CAROL, NULL);
  g_autoptr(JsonObject) asked = NULL;
  g_autoptr(JsonObject) answer = NULL;

  gurgle_sign_in (scene->alice);
  gurgle_sign_in (scene->bob);
  person_add (scene->alice, BOB, NULL);
  g_assert_cmpint (burble_contact_get_subscription (person_contact (scene->alice, BOB)), ==,
                   BURBLE_SUBSCRIPTION_NONE);
  burble_test_wait_until (person_knows (scene->bob, ALICE)
                          && burble_contact_get_asks (person_contact (scene->bob, ALICE)));
  declined = WAIT_FOR (burble_session_decline_contact_async, scene->bob->session,
                       person_contact (scene->bob, ALICE));
  g_assert_true (burble_session_roster_finish (scene->bob->session, declined, NULL));
  burble_test_wait_until (!person_knows (scene->bob, ALICE));
  person_remove (scene->alice, BOB);
  person_befriend (scene->alice, scene->bob);

  /* One way: carol lets alice see her, and does not look herself. */
  person_add (scene->alice, CAROL, NULL);
  asked = burble_test_peer_expect_command (carol, "update_roaster");
  answer = burble_test_peer_ask (carol, "{\"id\":5,\"cmd\":\"update_roaster\",\"roaster\":"
                                        "[{\"from\":\"" ALICE "\",\"subscription\":\"from\"}]}");
  scene_assert_error (answer, "null");
  burble_test_wait_until (burble_contact_get_online (person_contact (scene->alice, CAROL)));
  g_assert_cmpint (burble_contact_get_subscription (person_contact (scene->alice, CAROL)), ==,
                   BURBLE_SUBSCRIPTION_TO);
}

static void
join (Person *person)
{
  g_autoptr(GAsyncResult) result = WAIT_FOR (burble_session_join_room_async, person->session,
                                             person->account, ROOM, NULL);

  g_assert_true (burble_session_roster_finish (person->session, result, NULL));
}

static void
play_rooms (Scene *scene)
{
  g_autoptr(GAsyncResult) person = NULL;
  g_autoptr(GError) error = NULL;

  join (scene->alice);
  join (scene->bob);
  gurgle_say (scene->alice, ROOM, "hello all");
  burble_test_wait_until (person_heard (scene->bob, ROOM, "hello all"));
  g_assert_cmpstr (burble_message_get_sender (burble_conversation_get_last_message
                                              (person_chat (scene->bob, ROOM))), ==, ALICE);
  person_remove (scene->bob, ROOM);
  gurgle_say (scene->alice, ROOM, "alone");
  gurgle_say (scene->alice, BOB, "to you");
  burble_test_wait_until (person_heard (scene->bob, ALICE, "to you"));
  g_assert_true (person_heard (scene->bob, ROOM, "hello all"));

  person = WAIT_FOR (burble_session_join_room_async, scene->bob->session, scene->bob->account,
                     CAROL, NULL);
  g_assert_false (burble_session_roster_finish (scene->bob->session, person, &error));
}

static void
play_user_status (Scene *scene)
{
  BurbleDirectoryChannel *channel = BURBLE_DIRECTORY_CHANNEL (scene->alice->connection);
  g_autoptr(GAsyncResult) found = NULL;
  g_autoptr(GAsyncResult) by_uuid = NULL;
  g_autoptr(GAsyncResult) missing = NULL;
  g_autoptr(BurblePersonInfo) bob = NULL;
  g_autoptr(BurblePersonInfo) same = NULL;
  g_autoptr(BurblePersonInfo) nobody = NULL;
  g_autoptr(BurbleTestPeer) peer = scene_go_online (scene, CAROL, NULL);

  found = WAIT_FOR (burble_directory_channel_lookup_async, channel, "bob", NULL);
  bob = burble_directory_channel_lookup_finish (channel, found, NULL);
  g_assert_true (bob->exists);
  g_assert_cmpstr (bob->id, ==, BOB);
  g_assert_cmpint (bob->status, ==, BURBLE_PEER_AVAILABLE);
  by_uuid = WAIT_FOR (burble_directory_channel_lookup_async, channel, "carol", bob->uuid);
  same = burble_directory_channel_lookup_finish (channel, by_uuid, NULL);
  g_assert_cmpstr (same->id, ==, BOB);
  missing = WAIT_FOR (burble_directory_channel_lookup_async, channel, "nobody", NULL);
  nobody = burble_directory_channel_lookup_finish (channel, missing, NULL);
  g_assert_false (nobody->exists);
  /* Not negotiated. */
  scene_refused (peer, "{\"id\":4,\"cmd\":\"user_status\",\"username\":\"bob\"}",
                 "unknown_command");
}

static void
play_active_users (Scene *scene)
{
  g_autoptr(BurbleTestPeer) carol = NULL;
  g_autoptr(BurbleTestPeer) other = NULL;
  g_autoptr(JsonObject) pushed = NULL;
  g_autoptr(GAsyncResult) listed = NULL;
  g_autoptr(GListModel) people = NULL;
  g_autoptr(BurbleContact) bob = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmphex (burble_account_get_features (scene->alice->account) & BURBLE_FEATURE_PEOPLE, !=,
                   0);
  listed = WAIT_FOR (burble_session_list_people_async, scene->alice->session,
                     scene->alice->account);
  people = burble_session_list_people_finish (scene->alice->session, listed, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (people), ==, 1);
  bob = g_list_model_get_item (people, 0);
  g_assert_cmpstr (burble_contact_get_id (bob), ==, BOB);

  carol = scene_go_online (scene, CAROL, "[\"active_users\"]");
  pushed = burble_test_peer_expect_command (carol, "active_users");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (pushed, "users")), ==, 3);
  /* Not negotiated. */
  other = scene_go_online (scene, BOB, NULL);
  scene_refused (other, "{\"id\":4,\"cmd\":\"active_users\"}", "unknown_command");
}

const Row people_rows[] = {
  { "presence", NULL, TRUE, play_presence,
    { UP (PUBLISH_PRESENCE), DOWN (PRESENCE), DOWN (ERROR_RESULT) } },
  { "presence-update", NULL, TRUE, play_presence_update, { DOWN (PRESENCE) } },
  { "get-roster", NULL, TRUE, play_get_roster,
    { UP (GET_ROSTER), DOWN (FLUSH_ROSTER), DOWN (KEEP_ROSTER) } },
  { "get-roster-too-early", NULL, FALSE, play_get_roster_too_early,
    { UP (GET_ROSTER), DOWN (ERROR_RESULT) } },
  { "roster-changed-elsewhere", NULL, TRUE, play_roster_elsewhere, { DOWN (UPDATE_ROSTER) } },
  { "update-roster", NULL, TRUE, play_update_roster, { UP (UPDATE_ROSTER), DOWN (UPDATE_ROSTER) } },
  { "adding-and-agreeing", NULL, FALSE, play_adding, { UP (UPDATE_ROSTER), DOWN (UPDATE_ROSTER) } },
  { "chat-rooms", NULL, TRUE, play_rooms, { UP (UPDATE_ROSTER), UP (MESSAGE), DOWN (MESSAGE) } },
  { "user-status", NULL, TRUE, play_user_status, { UP (GET_USER_STATUS), DOWN (USER_STATUS) } },
  { "active-users-where-open", "[server]\ndirectory=true\n", TRUE, play_active_users,
    { UP (GET_ACTIVE_USERS), DOWN (ACTIVE_USERS) } },
  { NULL },
};
