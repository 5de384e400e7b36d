/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-gurgle-requests.h"
#include "burble-protocol-types.h"
#include "burble-test-wait.h"

typedef struct
{
  guint replies;
  guint errors;
  int last_code;
  BurbleGurgleRequests *drop; /* freed from inside the callback */
} Seen;

static void
reply_cb (gpointer owner, const BurbleGurglePacket *reply, const GError *error, gpointer data)
{
  Seen *seen = owner;

  g_assert_true ((reply == NULL) != (error == NULL));
  if (reply != NULL)
    seen->replies++;
  else
    {
      seen->errors++;
      seen->last_code = error->code;
    }
  g_clear_pointer (&seen->drop, burble_gurgle_requests_free);
}

static gboolean
answer (BurbleGurgleRequests *requests, BurbleGurglePacketType type, gint32 id)
{
  g_autoptr(BurbleGurglePacket) packet = burble_gurgle_packet_new (type);

  burble_gurgle_packet_set_id (packet, id);
  return burble_gurgle_requests_answer (requests, packet);
}

static void
test_matches_by_id (void)
{
  Seen seen = { 0 };
  g_autoptr(BurbleGurgleRequests) requests = burble_gurgle_requests_new (&seen, 60000);
  gint32 a = burble_gurgle_requests_add (requests, BURBLE_GURGLE_PONG, reply_cb, NULL, NULL);
  gint32 b = burble_gurgle_requests_add (requests, BURBLE_GURGLE_PONG, reply_cb, NULL, NULL);

  g_assert_cmpint (a, !=, b);
  g_assert_cmpint (a, >, 0);
  g_assert_false (answer (requests, BURBLE_GURGLE_PONG, b + 1));
  g_assert_true (answer (requests, BURBLE_GURGLE_PONG, b));
  g_assert_false (answer (requests, BURBLE_GURGLE_PONG, b));
  g_assert_cmpuint (seen.replies, ==, 1);
  g_assert_cmpuint (burble_gurgle_requests_count (requests), ==, 1);
}

static void
test_wrong_kind (void)
{
  Seen seen = { 0 };
  g_autoptr(BurbleGurgleRequests) requests = burble_gurgle_requests_new (&seen, 60000);
  gint32 a = burble_gurgle_requests_add (requests, BURBLE_GURGLE_HISTORY, reply_cb, NULL, NULL);
  gint32 b = burble_gurgle_requests_add (requests, BURBLE_GURGLE_FLUSH_ROSTER, reply_cb, NULL,
                                         NULL);

  g_assert_true (answer (requests, BURBLE_GURGLE_PONG, a));
  g_assert_cmpuint (seen.errors, ==, 1);
  g_assert_cmpint (seen.last_code, ==, BURBLE_PROTOCOL_ERROR_UNSUPPORTED);
  g_assert_true (answer (requests, BURBLE_GURGLE_KEEP_ROSTER, b));
  g_assert_cmpuint (seen.replies, ==, 1);
}

static void
test_times_out_in_order (void)
{
  Seen seen = { 0 };
  g_autoptr(BurbleGurgleRequests) requests = burble_gurgle_requests_new (&seen, 30);
  gint32 answered = burble_gurgle_requests_add (requests, BURBLE_GURGLE_PONG, reply_cb, NULL, NULL);

  for (guint i = 0; i < 50; i++)
    burble_gurgle_requests_add (requests, BURBLE_GURGLE_PONG, reply_cb, NULL, NULL);
  g_assert_true (answer (requests, BURBLE_GURGLE_PONG, answered));
  burble_test_wait_until (seen.errors == 50);
  g_assert_cmpint (seen.last_code, ==, BURBLE_PROTOCOL_ERROR_TIMED_OUT);
  g_assert_cmpuint (seen.replies, ==, 1);
  g_assert_cmpuint (burble_gurgle_requests_count (requests), ==, 0);

  /* The timer starts again for a new one. */
  burble_gurgle_requests_add (requests, BURBLE_GURGLE_PONG, reply_cb, NULL, NULL);
  burble_test_wait_until (seen.errors == 51);
}

static void
count_cb (gpointer data)
{
  (*(guint *) data)++;
}

static void
test_freed_from_inside (void)
{
  Seen seen = { 0 };
  guint destroyed = 0;
  BurbleGurgleRequests *requests = burble_gurgle_requests_new (&seen, 10);

  for (guint i = 0; i < 3; i++)
    burble_gurgle_requests_add (requests, BURBLE_GURGLE_PONG, reply_cb, &destroyed, count_cb);
  seen.drop = requests;
  burble_test_wait_until (seen.errors > 0);
  burble_test_settle ();
  /* The first callback ended the owner: nobody is left to be told, but nothing leaks. */
  g_assert_cmpuint (seen.errors, ==, 1);
  g_assert_cmpuint (destroyed, ==, 3);
}

static void
test_fail_tells_all (void)
{
  Seen seen = { 0 };
  g_autoptr(GError) error = g_error_new (BURBLE_PROTOCOL_ERROR,
                                         BURBLE_PROTOCOL_ERROR_NOT_CONNECTED, "gone");
  g_autoptr(BurbleGurgleRequests) requests = burble_gurgle_requests_new (&seen, 60000);

  for (guint i = 0; i < 5; i++)
    burble_gurgle_requests_add (requests, BURBLE_GURGLE_PONG, reply_cb, NULL, NULL);
  burble_gurgle_requests_fail (requests, error);
  g_assert_cmpuint (seen.errors, ==, 5);
  g_assert_cmpint (seen.last_code, ==, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/gurgle/requests/matches-by-id", test_matches_by_id);
  g_test_add_func ("/gurgle/requests/wrong-kind", test_wrong_kind);
  g_test_add_func ("/gurgle/requests/times-out-in-order", test_times_out_in_order);
  g_test_add_func ("/gurgle/requests/freed-from-inside", test_freed_from_inside);
  g_test_add_func ("/gurgle/requests/fail-tells-all", test_fail_tells_all);

  return g_test_run ();
}
