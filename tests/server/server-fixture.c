/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "server-fixture.h"

#include <string.h>

void
fixture_set_up (Fixture      *f,
                gconstpointer config)
{
  f->server = burble_test_server_new (config);
  f->plain = config != NULL && strstr (config, "plain=true") != NULL;
  burble_test_server_add_user (f->server, "alice", NULL);
  burble_test_server_add_user (f->server, "bob", NULL);
  burble_test_server_add_user (f->server, "carol", NULL);
}

void
fixture_tear_down (Fixture      *f,
                   gconstpointer config)
{
  /* Whatever the test did, the server must still end well. */
  if (burble_test_server_is_running (f->server))
    g_assert_cmpint (burble_test_server_terminate (f->server), ==, 0);
  burble_test_server_free (f->server);
}

BurbleTestPeer *
fixture_dial (Fixture *f)
{
  const char *host = burble_test_server_get_host (f->server);
  guint16 port = burble_test_server_get_port (f->server);

  return f->plain ? burble_test_peer_connect_plain (host, port)
                  : burble_test_peer_connect (host, port);
}

BurbleTestPeer *
fixture_greet (Fixture *f)
{
  BurbleTestPeer *peer = fixture_dial (f);
  g_autoptr(JsonObject) version = burble_test_peer_ask (peer, "{\"id\":1,\"version\":\"0.1\"}");

  burble_test_assert_packet (version, "{\"id\":1,\"version\":\"0.1\"}");
  return peer;
}

BurbleTestPeer *
fixture_online (Fixture    *f,
                const char *who,
                const char *terminal,
                const char *features)
{
  BurbleTestPeer *peer = fixture_dial (f);

  burble_test_peer_go_online (peer, who, terminal, features);
  return peer;
}

void
fixture_say (BurbleTestPeer *peer,
             const char     *to,
             const char     *id,
             const char     *text)
{
  g_autoptr(JsonObject) sent = NULL;

  sent = burble_test_peer_ask (peer, "{\"id\":80001,\"cmd\":\"message\",\"messages\":"
                               "[{\"id\":\"%s\",\"to\":\"%s\",\"text\":\"%s\"}]}", id, to, text);
  /* Where the sender has `history`; that is for its own tests. */
  json_object_remove_member (sent, "seq");
  burble_test_assert_packet (sent, "{\"id\":80001,\"cmd\":\"sent\",\"success\":[\"%s\"],"
                             "\"failure\":[],\"error\":null,\"reason\":null}", id);
}

JsonObject *
fixture_only (JsonObject *packet,
              const char *list)
{
  JsonArray *array = json_object_get_array_member (packet, list);

  g_assert_nonnull (array);
  g_assert_cmpuint (json_array_get_length (array), ==, 1);
  return json_array_get_object_element (array, 0);
}

JsonObject *
fixture_hear (BurbleTestPeer *peer)
{
  g_autoptr(JsonObject) packet = burble_test_peer_expect_command (peer, "message");

  burble_test_peer_acknowledge (peer, packet);
  return json_object_ref (fixture_only (packet, "messages"));
}

static void
add_contact (BurbleTestPeer *peer,
             const char     *other)
{
  g_autoptr(JsonObject) answer = NULL;

  answer = burble_test_peer_ask (peer, "{\"id\":80002,\"cmd\":\"update_roaster\",\"roaster\":"
                                 "[{\"from\":\"%s\"}]}", other);
  g_assert_false (json_object_has_member (answer, "error"));
}

void
fixture_befriend (Fixture    *f,
                  const char *one,
                  const char *other)
{
  g_autoptr(BurbleTestPeer) first = fixture_dial (f);
  g_autoptr(BurbleTestPeer) second = fixture_dial (f);

  burble_test_peer_sign_in (first, one, NULL, NULL);
  burble_test_peer_sign_in (second, other, NULL, NULL);
  add_contact (first, other);
  add_contact (second, one);
}

void
fixture_assert_error (JsonObject *answer,
                      const char *error)
{
  fixture_assert_member (answer, "error", error);
}

void
fixture_assert_member (JsonObject *object,
                       const char *name,
                       const char *value)
{
  g_autofree char *actual = burble_test_get_member (object, name);

  g_assert_cmpstr (actual, ==, value);
}
