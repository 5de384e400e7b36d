/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-conversation.h"

#include "notify-log.h"

typedef struct
{
  BurbleContact *contact;
  BurbleConversation *chat;
  GString *log;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleAccount) account = burble_account_new ("uid", "gurgle", "me@example.org");

  f->contact = burble_contact_new (account, "alice@example.org");
  f->chat = burble_conversation_new (f->contact);
  f->log = g_string_new (NULL);
  notify_log_watch (f->chat, f->log);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->chat);
  g_assert_finalize_object (f->contact);
  g_string_free (f->log, TRUE);
}

static void
test_last_time_goes_with_last_message (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) first = burble_message_new ("m1", "alice", FALSE, "one", 1000);
  g_autoptr(BurbleMessage) second = burble_message_new ("m2", "alice", FALSE, "two", 2000);
  g_autoptr(BurbleMessage) same_time = burble_message_new ("m3", "alice", FALSE, "three", 2000);

  burble_conversation_set_last_message (f->chat, NULL);
  notify_log_assert (f->log, "");
  burble_conversation_set_last_message (f->chat, first);
  notify_log_assert (f->log, "last-message last-time ");
  g_assert_cmpint (burble_conversation_get_last_time (f->chat), ==, 1000);
  burble_conversation_set_last_message (f->chat, second);
  burble_conversation_set_last_message (f->chat, second);
  notify_log_assert (f->log, "last-message last-time ");
  burble_conversation_set_last_message (f->chat, same_time);
  notify_log_assert (f->log, "last-message ");
  burble_conversation_set_last_message (f->chat, NULL);
  notify_log_assert (f->log, "last-message last-time ");
  g_assert_cmpint (burble_conversation_get_last_time (f->chat), ==, 0);
}

static void
test_notifies_changes_only (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    {
      burble_conversation_set_row (f->chat, 7);
      burble_conversation_set_unread (f->chat, 3);
      burble_conversation_set_pinned (f->chat, TRUE);
      burble_conversation_set_muted (f->chat, TRUE);
      burble_conversation_set_draft (f->chat, "a dra");
      burble_conversation_set_typing (f->chat, "Alice");
    }
  notify_log_assert (f->log, "row unread pinned muted draft typing ");
  notify_log_check_properties (G_OBJECT (f->chat));
  burble_conversation_set_draft (f->chat, "");
  burble_conversation_set_typing (f->chat, NULL);
  notify_log_assert (f->log, "draft typing ");
  g_assert_null (burble_conversation_get_draft (f->chat));
}

static void
test_unread_ends_at_999 (Fixture *f, gconstpointer data)
{
  burble_conversation_set_unread (f->chat, 5000);
  g_assert_cmpuint (burble_conversation_get_unread (f->chat), ==, 999);
  notify_log_assert (f->log, "unread ");
  burble_conversation_set_unread (f->chat, 6000);
  notify_log_assert (f->log, "");
}

static void
test_read_mark (Fixture *f, gconstpointer data)
{
  gint64 time = -1;
  gint64 row = -1;

  burble_conversation_get_read_mark (f->chat, &time, &row);
  g_assert_cmpint (time, ==, 0);
  g_assert_cmpint (row, ==, 0);
  burble_conversation_set_read_mark (f->chat, 1000, 7);
  burble_conversation_get_read_mark (f->chat, &time, &row);
  g_assert_cmpint (time, ==, 1000);
  g_assert_cmpint (row, ==, 7);
  burble_conversation_get_read_mark (f->chat, NULL, NULL);
}

static void
test_contact_is_swapped (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleContact) other = burble_contact_new (burble_contact_get_account (f->contact),
                                                       "alice@example.org");

  burble_conversation_set_contact (f->chat, f->contact);
  notify_log_assert (f->log, "");
  burble_conversation_set_contact (f->chat, other);
  notify_log_assert (f->log, "contact ");
  g_assert_true (burble_conversation_get_contact (f->chat) == other);
}

#define ADD(name, function) \
  g_test_add ("/model/conversation/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("last-time-goes-with-last-message", test_last_time_goes_with_last_message);
  ADD ("notifies-changes-only", test_notifies_changes_only);
  ADD ("unread-ends-at-999", test_unread_ends_at_999);
  ADD ("read-mark", test_read_mark);
  ADD ("contact-is-swapped", test_contact_is_swapped);
  return g_test_run ();
}
