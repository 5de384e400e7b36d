/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "server-fixture.h"

#include <signal.h>

#define ROUNDS 20

/* glib-networking loses an error where writing fails, which is what happens here all the time. */
#ifdef __SANITIZE_ADDRESS__
#define CONFIG "[server]\nplain=true\n"
#else
#define CONFIG NULL
#endif

/* Kills the server some time later, from outside the test's thread. */
static gpointer
killer_main (gpointer user_data)
{
  const int *order = user_data;

  g_usleep ((gulong) order[1]);
  kill (order[0], SIGKILL);
  return NULL;
}

/*
 * Alice sends without waiting until the connection breaks; what was answered with success must
 * arrive at Bob, all of it once for each id, in order.
 */
static void
flood (BurbleTestPeer *alice,
       GPtrArray      *acknowledged,
       guint          *next)
{
  guint first = *next;
  guint answered = first;

  for (;;)
    {
      g_autoptr(JsonObject) packet = NULL;

      /* A few ahead. */
      while (*next < answered + 20)
        {
          burble_test_peer_send (alice, "{\"id\":%u,\"cmd\":\"message\",\"messages\":"
                                 "[{\"id\":\"m%06u\",\"to\":\"" BOB "\",\"text\":\"x\"}]}",
                                 *next, *next);
          (*next)++;
        }
      packet = burble_test_peer_receive (alice);
      if (packet == NULL)
        return;
      if (!json_object_has_member (packet, "success"))
        continue;
      fixture_assert_error (packet, "null");
      answered++;
      g_ptr_array_add (acknowledged,
                       g_strdup (json_array_get_string_element (
                         json_object_get_array_member (packet, "success"), 0)));
    }
}

/* Until Bob has `last`, or for a minute: a page may take its time to come from a busy disk. */
static void
collect (BurbleTestPeer *bob,
         GHashTable     *received,
         GPtrArray      *order,
         const char     *last)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (!g_hash_table_contains (received, last) && g_get_monotonic_time () < deadline)
    {
      g_autoptr(JsonObject) pong = burble_test_peer_ask (bob, "{\"id\":70001,\"cmd\":\"ping\"}");

      while (burble_test_peer_get_queued (bob) > 0)
        {
          g_autoptr(JsonObject) packet = burble_test_peer_receive (bob);
          JsonArray *messages = NULL;

          if (!json_object_has_member (packet, "messages"))
            continue;
          messages = json_object_get_array_member (packet, "messages");
          for (guint i = 0; i < json_array_get_length (messages); i++)
            {
              JsonObject *message = json_array_get_object_element (messages, i);
              char *id = g_strdup (json_object_get_string_member (message, "id"));

              if (g_hash_table_add (received, id))
                g_ptr_array_add (order, id);
            }
          burble_test_peer_acknowledge (bob, packet);
        }
    }
}

static void
test_sigkill (Fixture      *f,
              gconstpointer data)
{
  g_autoptr(GHashTable) received = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) order = g_ptr_array_new ();
  g_autoptr(GPtrArray) acknowledged = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);
  guint next = 0;

  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
      g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", "[\"history\"]");
      int kill_order[2] = { burble_test_server_get_pid (f->server),
                            g_rand_int_range (rand, 5000, 120000) };
      g_autoptr(GThread) killer = g_thread_new ("killer", killer_main, kill_order);

      flood (alice, acknowledged, &next);
      g_thread_join (g_steal_pointer (&killer));
      g_assert_cmpint (burble_test_server_wait (f->server), ==, -1);
      burble_test_server_start (f->server);
      g_clear_pointer (&bob, burble_test_peer_free);
      if (round % 4 != 3)
        continue;
      bob = fixture_online (f, BOB, "phone", "[\"history\"]");
      collect (bob, received, order,
               g_ptr_array_index (acknowledged, acknowledged->len - 1));
    }

  g_test_message ("%u acknowledged of %u sent, %u arrived", acknowledged->len, next, order->len);
  g_assert_cmpuint (acknowledged->len, >, ROUNDS);
  for (guint i = 0; i < acknowledged->len; i++)
    if (!g_hash_table_contains (received, g_ptr_array_index (acknowledged, i)))
      g_error ("%s was acknowledged and is lost", (char *) g_ptr_array_index (acknowledged, i));
  for (guint i = 1; i < order->len; i++)
    g_assert_cmpstr (g_ptr_array_index (order, i - 1), <, g_ptr_array_index (order, i));
}

static void
test_sigterm (Fixture      *f,
              gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) idle = fixture_online (f, CAROL, "tab", NULL);
  g_autoptr(BurbleTestPeer) stranger = fixture_dial (f);
  g_autoptr(BurbleTestPeer) silent = burble_test_peer_connect_plain ("127.0.0.1",
                                       burble_test_server_get_port (f->server));
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(JsonObject) kill = NULL;
  g_autoptr(JsonObject) none = NULL;
  gint64 before = 0;
  guint sent = 0;
  guint received = 0;

  for (guint i = 0; i < 200; i++)
    burble_test_peer_send (alice, "{\"id\":%u,\"cmd\":\"message\",\"messages\":"
                           "[{\"id\":\"m%u\",\"to\":\"" BOB "\",\"text\":\"x\"}]}", i, i);
  none = burble_test_peer_expect_id (alice, 0);
  sent = 1;
  before = g_get_monotonic_time ();
  burble_test_server_ask_to_stop (f->server);
  /* Every answer it owes, then the reason, then the end. */
  while (kill == NULL)
    {
      g_autoptr(JsonObject) packet = burble_test_peer_receive (alice);

      g_assert_nonnull (packet);
      if (json_object_has_member (packet, "success"))
        sent++;
      else
        kill = json_object_ref (packet);
    }
  fixture_assert_member (kill, "cmd", "kill");
  fixture_assert_error (kill, "shutdown");
  g_assert_true (json_object_has_member (kill, "reason"));
  burble_test_peer_assert_closed (alice);
  g_clear_pointer (&kill, json_object_unref);
  kill = burble_test_peer_expect_command (idle, "kill");
  g_clear_pointer (&kill, json_object_unref);
  kill = burble_test_peer_expect_command (stranger, "kill");
  /* The peers stay open on their side: it does not wait for them for long. */
  g_assert_cmpint (burble_test_server_wait (f->server), ==, 0);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 20 * G_USEC_PER_SEC);

  burble_test_server_start (f->server);
  bob = fixture_online (f, BOB, "phone", NULL);
  while (received < sent)
    {
      g_autoptr(JsonObject) packet = burble_test_peer_expect_command (bob, "message");

      received += json_array_get_length (json_object_get_array_member (packet, "messages"));
      burble_test_peer_acknowledge (bob, packet);
    }
}

/* Acknowledgements are written at the latest when the server stops. */
static void
test_acknowledged_before_stop (Fixture      *f,
                               gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", NULL);
  g_autoptr(JsonObject) heard = NULL;

  fixture_say (alice, BOB, "m1", "x");
  heard = fixture_hear (bob);
  burble_test_peer_assert_quiet (bob);
  g_assert_cmpint (burble_test_server_terminate (f->server), ==, 0);
  g_clear_pointer (&bob, burble_test_peer_free);
  burble_test_server_start (f->server);
  bob = fixture_online (f, BOB, "phone", NULL);
  burble_test_peer_assert_quiet (bob);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  fixture_add ("/server/crash/nothing-acknowledged-is-lost", CONFIG, test_sigkill);
  fixture_add ("/server/crash/stops-in-order", NULL, test_sigterm);
  fixture_add ("/server/crash/acknowledgements-survive-a-stop", NULL,
               test_acknowledged_before_stop);
  return g_test_run ();
}
