/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-message.h"

#include "notify-log.h"

static void
test_incoming (void)
{
  g_autoptr(BurbleMessage) message = burble_message_new ("m1", "alice", FALSE, "Hello", 1000);

  g_assert_cmpstr (burble_message_get_id (message), ==, "m1");
  g_assert_cmpstr (burble_message_get_sender (message), ==, "alice");
  g_assert_false (burble_message_is_outgoing (message));
  g_assert_cmpstr (burble_message_get_text (message), ==, "Hello");
  g_assert_cmpint (burble_message_get_time (message), ==, 1000);
  g_assert_cmpint (burble_message_get_state (message), ==, BURBLE_MESSAGE_RECEIVED);
  g_assert_true (burble_message_get_unread (message));
  g_assert_cmpint (burble_message_get_row (message), ==, 0);
  g_assert_cmpint (burble_message_get_seq (message), ==, -1);
  notify_log_check_properties (G_OBJECT (message));
}

static void
test_outgoing (void)
{
  g_autoptr(BurbleMessage) message = burble_message_new (NULL, "me", TRUE, NULL, 1000);
  g_autoptr(BurbleMessage) other = burble_message_new (NULL, "me", TRUE, NULL, 1000);

  g_assert_true (g_uuid_string_is_valid (burble_message_get_id (message)));
  g_assert_cmpstr (burble_message_get_id (message), !=, burble_message_get_id (other));
  g_assert_cmpint (burble_message_get_state (message), ==, BURBLE_MESSAGE_WAITING);
  g_assert_cmpstr (burble_message_get_text (message), ==, "");
  burble_message_set_unread (message, TRUE); /* one's own never is */
  g_assert_false (burble_message_get_unread (message));
}

static void
test_absurd_times_are_brought_into_bounds (void)
{
  g_autoptr(BurbleMessage) past = burble_message_new (NULL, "a", FALSE, "", G_MININT64);
  g_autoptr(BurbleMessage) future = burble_message_new (NULL, "a", FALSE, "", G_MAXINT64);

  g_assert_cmpint (burble_message_get_time (past), ==, 0);
  g_assert_cmpint (burble_message_get_time (future), ==, BURBLE_MESSAGE_TIME_MAX);
}

static void
test_notifies_changes_only (void)
{
  const char * const names[] = { "a", "b", NULL };
  const char * const same[] = { "a", "b", NULL };
  const char * const none[] = { NULL };
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(BurbleMessage) message = burble_message_new ("m1", "alice", FALSE, "Hello", 1000);

  notify_log_watch (message, log);
  for (guint i = 0; i < 2; i++)
    {
      burble_message_set_row (message, 7);
      burble_message_set_peer (message, "alice");
      burble_message_set_sender_name (message, "Alice");
      burble_message_set_html (message, "<b>Hello</b>");
      burble_message_set_seq (message, 3);
      burble_message_set_reply_to (message, "m0");
      burble_message_set_state (message, BURBLE_MESSAGE_FAILED);
      burble_message_set_error (message, "blocked");
      burble_message_set_unread (message, FALSE);
      burble_message_set_attachment_names (message, i == 0 ? names : same);
      burble_message_set_id (message, "m2");
      burble_message_set_time (message, 2000);
      burble_message_set_time_text (message, "the other day");
      burble_message_set_time_precision (message, -5);
      burble_message_set_network_id (message, "17");
    }
  notify_log_assert (log, "row peer sender-name html seq reply-to state error unread "
                          "attachment-names id time time-text time-precision network-id ");
  g_assert_cmpint (burble_message_get_time_precision (message), ==, -1);
  notify_log_check_properties (G_OBJECT (message));

  burble_message_set_attachment_names (message, none);
  burble_message_set_attachment_names (message, NULL);
  notify_log_assert (log, "attachment-names ");
  g_assert_null (burble_message_get_attachment_names (message));
}

/* Not known yet is not the same as a network that gives none. */
static void
test_empty_network_id_is_kept (void)
{
  g_autoptr(BurbleMessage) message = burble_message_new (NULL, "me", TRUE, "Hello", 1000);

  g_assert_null (burble_message_get_network_id (message));
  burble_message_set_network_id (message, "");
  g_assert_cmpstr (burble_message_get_network_id (message), ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/model/message/incoming", test_incoming);
  g_test_add_func ("/model/message/outgoing", test_outgoing);
  g_test_add_func ("/model/message/absurd-times-are-brought-into-bounds",
                   test_absurd_times_are_brought_into_bounds);
  g_test_add_func ("/model/message/notifies-changes-only", test_notifies_changes_only);
  g_test_add_func ("/model/message/empty-network-id-is-kept", test_empty_network_id_is_kept);
  return g_test_run ();
}
