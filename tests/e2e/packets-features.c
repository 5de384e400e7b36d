/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "packets.h"

/*
 * What this server does not offer yet, or not where it is closed: it grants none of it, refuses its
 * packets, ignores its answers, and nobody else notices anything. A row moves to its place when the
 * feature comes.
 */

static void
refuse (Scene *scene, const char *feature, const char *const *requests)
{
  g_autofree char *features = g_strdup_printf ("[\"%s\"]", feature);
  g_autoptr(BurbleTestPeer) peer = scene_greet (scene);
  g_autoptr(JsonObject) granted = NULL;
  g_autoptr(BurbleTestPeer) online = NULL;

  granted = burble_test_peer_ask (peer, "{\"id\":2,\"cmd\":\"upgrade\",\"features\":%s}", features);
  scene_assert_error (granted, "unsupported");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (granted, "features")), ==,
                    0);
  online = scene_go_online (scene, CAROL, features);
  for (guint i = 0; requests[i] != NULL; i++)
    scene_refused (online, requests[i], "unknown_command");
  burble_test_peer_assert_quiet (online);
  /* The others go on as before. */
  gurgle_say (scene->alice, BOB, "still here");
  burble_test_wait_until (person_heard (scene->bob, ALICE, "still here"));
}

static void
ignore (Scene *scene, const char *answer)
{
  g_autoptr(BurbleTestPeer) peer = scene_go_online (scene, CAROL, NULL);

  burble_test_peer_forget (peer);
  burble_test_peer_send (peer, "%s", answer);
  burble_test_peer_assert_quiet (peer);
}

static void
play_block (Scene *scene)
{
  refuse (scene, "block", (const char *const[]) {
    "{\"id\":4,\"cmd\":\"block\",\"who\":\"" ALICE "\",\"blocked\":true}",
    "{\"id\":5,\"cmd\":\"block\"}", NULL,
  });
}

static void
play_attachments (Scene *scene)
{
  refuse (scene, "attachments", (const char *const[]) {
    "{\"id\":4,\"cmd\":\"get_attachment\",\"attachment\":\"a\",\"token\":\"t\",\"offset\":0,"
    "\"length\":9}",
    "{\"id\":5,\"cmd\":\"put_attachment\",\"upload\":\"u\",\"name\":\"n\",\"type\":\"text/plain\","
    "\"size\":2,\"offset\":0,\"blob\":\"aGk=\"}", NULL,
  });
  ignore (scene, "{\"id\":6,\"cmd\":\"attachment\",\"attachment\":\"a\",\"offset\":0,\"size\":2,"
                 "\"blob\":\"aGk=\"}");
  ignore (scene, "{\"id\":7,\"cmd\":\"attachment_stored\",\"upload\":\"u\",\"offset\":2}");
}

static void
play_profile (Scene *scene)
{
  refuse (scene, "profile", (const char *const[]) {
    "{\"id\":4,\"cmd\":\"profile\",\"name\":\"Carol\",\"bio\":\"Sails\",\"avatar\":null}",
    "{\"id\":5,\"cmd\":\"password\",\"old\":\"correct horse\",\"new\":\"battery staple\"}", NULL,
  });
}

static void
play_room (Scene *scene)
{
  refuse (scene, "rooms", (const char *const[]) {
    "{\"id\":4,\"cmd\":\"room\",\"room\":\"garden@" BURBLE_TEST_SERVER_DOMAIN "\"}", NULL,
  });
}

static void
play_active_users (Scene *scene)
{
  refuse (scene, "active_users", (const char *const[]) {
    "{\"id\":4,\"cmd\":\"active_users\"}", NULL,
  });
  ignore (scene, "{\"id\":null,\"cmd\":\"active_users\",\"users\":[]}");
}

/* The readable text arrives; what it refers to does not. */
static void
play_references (Scene *scene)
{
  g_autoptr(BurbleTestPeer) peer = NULL;
  g_autoptr(JsonObject) sent = NULL;

  refuse (scene, "references", (const char *const[]) { NULL });
  peer = scene_go_online (scene, CAROL, NULL);
  sent = burble_test_peer_ask (peer, "{\"id\":4,\"cmd\":\"message\",\"messages\":[{\"id\":\"a\","
                                     "\"to\":\"" BOB "\",\"text\":\"> one\",\"reply_to\":\"x\"}]}");
  scene_assert_error (sent, "null");
  burble_test_wait_until (person_heard (scene->bob, CAROL, "> one"));
  g_assert_null (burble_message_get_reply_to (burble_conversation_get_last_message
                                              (person_chat (scene->bob, CAROL))));
}

const Row feature_rows[] = {
  { "block", NULL, TRUE, play_block, { UP (BLOCK), DOWN (ERROR_RESULT) } },
  { "attachments", NULL, TRUE, play_attachments,
    { UP (GET_ATTACHMENT), UP (PUT_ATTACHMENT), UP (ATTACHMENT), UP (ATTACHMENT_STORED),
      DOWN (ERROR_RESULT) } },
  { "profile", NULL, TRUE, play_profile, { UP (PROFILE), UP (PASSWORD), DOWN (ERROR_RESULT) } },
  { "rooms", NULL, TRUE, play_room, { UP (ROOM), DOWN (ERROR_RESULT) } },
  { "active-users", NULL, TRUE, play_active_users,
    { UP (GET_ACTIVE_USERS), UP (ACTIVE_USERS), DOWN (ERROR_RESULT) } },
  { "references", NULL, TRUE, play_references, { UP (MESSAGE), DOWN (MESSAGE) } },
  { NULL },
};
