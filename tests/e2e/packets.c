/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "packets.h"

/*
 * Each row of the protocol's tables end to end: what is asked, what is answered, what the other
 * person notices, and what is refused how. A row names the packets it is about, and fails where
 * one of them never crossed; "every-packet-has-a-row" fails where a packet is in no row.
 */

static const Row *const tables[] = { link_rows, people_rows, message_rows, feature_rows };

static BurbleConnection *
make_gurgle (const char *network, const BurbleConnectionSettings *settings, gpointer user_data)
{
  return g_object_new (BURBLE_TYPE_GURGLE_CONNECTION, "retry-ceiling", 20, NULL);
}

Person *
scene_person_new (Scene *scene, const char *address, const char *terminal)
{
  Person *person = gurgle_person_new (scene->server, address, terminal);

  person->factory = make_gurgle;
  person->first_delay = 10;
  person->port = burble_test_relay_get_port (scene->relay);
  return person;
}

BurbleTestPeer *
scene_connect (Scene *scene)
{
  return burble_test_peer_connect ("127.0.0.1", burble_test_relay_get_port (scene->relay));
}

BurbleTestPeer *
scene_greet (Scene *scene)
{
  BurbleTestPeer *peer = scene_connect (scene);
  g_autoptr(JsonObject) version = burble_test_peer_ask (peer, "{\"id\":1,\"version\":\"0.1\"}");

  burble_test_assert_packet (version, "{\"id\":1,\"version\":\"0.1\"}");
  return peer;
}

BurbleTestPeer *
scene_go_online (Scene *scene, const char *address, const char *features)
{
  BurbleTestPeer *peer = scene_connect (scene);

  burble_test_peer_go_online (peer, address, "hand", features);
  return peer;
}

void
scene_assert_error (JsonObject *answer, const char *error)
{
  g_autofree char *word = burble_test_get_member (answer, "error");

  g_assert_cmpstr (word, ==, error);
}

void
scene_refused (BurbleTestPeer *peer, const char *request, const char *error)
{
  g_autoptr(JsonObject) answer = burble_test_peer_ask (peer, "%s", request);
  g_autoptr(JsonObject) alive = NULL;

  scene_assert_error (answer, error);
  g_assert_true (json_object_has_member (answer, "reason"));
  alive = burble_test_peer_ask (peer, "{\"id\":777,\"cmd\":\"ping\",\"data\":1}");
  burble_test_assert_packet (alive, "{\"id\":777,\"cmd\":\"pong\",\"data\":1}");
}

void
scene_command (Scene *scene, const char *input, const char *first, const char *second)
{
  g_autofree char *output = NULL;

  if (burble_test_server_command (scene->server, input, &output, "user", first, second, NULL) != 0)
    g_error ("user %s %s: %s", first, second, output);
}

static void
check_crossings (Scene *scene, const Row *row)
{
  for (guint i = 0; i < MAX_CROSSINGS && row->crossings[i].type != BURBLE_GURGLE_INVALID; i++)
    {
      const Crossing *crossing = &row->crossings[i];

      if (burble_test_relay_count (scene->relay, crossing->direction, crossing->type) == 0)
        g_error ("No packet “%s” went %s", burble_gurgle_packet_type_to_string (crossing->type),
                 crossing->direction == BURBLE_TEST_RELAY_UP ? "up" : "down");
    }
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  Scene scene = { NULL };

  scene.server = gurgle_server_new (row->config);
  scene.relay = burble_test_relay_new (burble_test_server_get_data_dir (scene.server),
                                       burble_test_server_get_port (scene.server));
  scene.alice = scene_person_new (&scene, ALICE, "laptop");
  scene.bob = scene_person_new (&scene, BOB, "desk");
  if (row->friends)
    {
      gurgle_sign_in (scene.alice);
      gurgle_sign_in (scene.bob);
      gurgle_befriend (scene.alice, scene.bob);
    }
  row->play (&scene);
  check_crossings (&scene, row);
  person_free (scene.alice);
  person_free (scene.bob);
  burble_test_relay_free (scene.relay);
  burble_test_server_free (scene.server);
}

static gboolean
has_row (BurbleGurglePacketType type)
{
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    for (const Row *row = tables[i]; row->name != NULL; row++)
      for (guint j = 0; j < MAX_CROSSINGS; j++)
        if (row->crossings[j].type == type)
          return TRUE;
  return FALSE;
}

static void
test_every_packet (void)
{
  for (int type = BURBLE_GURGLE_UNKNOWN; type <= BURBLE_GURGLE_ROOM; type++)
    if (!has_row (type))
      {
        g_test_fail_printf ("The packet “%s” is in no row",
                            burble_gurgle_packet_type_to_string (type));
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/e2e/packets/every-packet-has-a-row", test_every_packet);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    for (const Row *row = tables[i]; row->name != NULL; row++)
      {
        g_autofree char *path = g_strconcat ("/e2e/packets/", row->name, NULL);

        g_test_add_data_func (path, row, test_row);
      }
  return g_test_run ();
}
