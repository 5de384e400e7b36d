/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-fixture.h"

#define ALICE "alice@example.org"
#define BOB "bob@example.org"

/* The policy alone, by a table. */

typedef struct
{
  const char *name;
  BurbleStatus status;
  gboolean focused;
  gboolean muted;
  gboolean switched_off;
  gboolean shown;
} Case;

static const Case cases[] = {
  { "plain", BURBLE_STATUS_AVAILABLE, FALSE, FALSE, FALSE, TRUE },
  { "away", BURBLE_STATUS_AWAY, FALSE, FALSE, FALSE, TRUE },
  { "invisible", BURBLE_STATUS_INVISIBLE, FALSE, FALSE, FALSE, TRUE },
  { "do-not-disturb", BURBLE_STATUS_DND, FALSE, FALSE, FALSE, FALSE },
  { "focused", BURBLE_STATUS_AVAILABLE, TRUE, FALSE, FALSE, FALSE },
  { "muted", BURBLE_STATUS_AVAILABLE, FALSE, TRUE, FALSE, FALSE },
  { "switched-off", BURBLE_STATUS_AVAILABLE, FALSE, FALSE, TRUE, FALSE },
};

static void
keep_cb (BurbleNotice **kept, BurbleNotice *notice)
{
  g_set_object (kept, notice);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_table (gconstpointer data)
{
  const Case *c = data;
  BurbleSessionOptions *options = burble_session_options_new ();
  g_autoptr(BurbleNotificationPolicy) policy = burble_notification_policy_new (options);
  g_autoptr(BurbleAccount) account = burble_account_new ("uid", "dummy", ALICE);
  g_autoptr(BurbleContact) contact = burble_contact_new (account, BOB);
  g_autoptr(BurbleConversation) chat = burble_conversation_new (contact);
  g_autoptr(BurbleMessage) message = burble_message_new (NULL, BOB, FALSE, "hello", 1);
  g_autoptr(BurbleNotice) notice = NULL;
  guint withdrawn = 0;

  g_signal_connect_swapped (policy, "notice", G_CALLBACK (keep_cb), &notice);
  g_signal_connect_swapped (policy, "notice-withdrawn", G_CALLBACK (count_cb), &withdrawn);
  burble_account_set_status (account, c->status);
  burble_conversation_set_muted (chat, c->muted);
  options->notify_messages = !c->switched_off;
  burble_notification_policy_focus (policy, c->focused ? chat : NULL);
  burble_notification_policy_message (policy, chat, message, 1);
  g_assert_true ((notice != NULL) == c->shown);

  if (c->shown)
    {
      g_assert_cmpint (burble_notice_get_kind (notice), ==, BURBLE_NOTICE_MESSAGE);
      g_assert_cmpstr (burble_notice_get_tag (notice), ==, "uid/" BOB);
      g_assert_cmpuint (burble_notice_get_count (notice), ==, 1);
      g_assert_true (burble_notice_get_conversation (notice) == chat);
      g_assert_true (burble_notice_get_show_content (notice));
      /* The next replaces it and counts on. */
      options->show_content = FALSE;
      burble_notification_policy_message (policy, chat, message, 4);
      g_assert_cmpuint (burble_notice_get_count (notice), ==, 5);
      g_assert_false (burble_notice_get_show_content (notice));
      g_assert_cmpuint (withdrawn, ==, 0);
      burble_notification_policy_read (policy, chat);
      burble_notification_policy_read (policy, chat);
      g_assert_cmpuint (withdrawn, ==, 1);
      burble_notification_policy_message (policy, chat, message, 1);
      g_assert_cmpuint (burble_notice_get_count (notice), ==, 1);
      /* Looking at it is enough. */
      burble_notification_policy_focus (policy, chat);
      g_assert_cmpuint (withdrawn, ==, 2);
    }
  g_rc_box_release (options);
}

static void
test_online_table (void)
{
  BurbleSessionOptions *options = burble_session_options_new ();
  g_autoptr(BurbleNotificationPolicy) policy = burble_notification_policy_new (options);
  g_autoptr(BurbleAccount) account = burble_account_new ("uid", "dummy", ALICE);
  g_autoptr(BurbleContact) contact = burble_contact_new (account, BOB);
  guint shown = 0;
  guint withdrawn = 0;

  g_signal_connect_swapped (policy, "notice", G_CALLBACK (count_cb), &shown);
  g_signal_connect_swapped (policy, "notice-withdrawn", G_CALLBACK (count_cb), &withdrawn);
  burble_contact_update_presence (contact, "t", BURBLE_STATUS_AVAILABLE, NULL);
  burble_notification_policy_presence (policy, contact, BURBLE_STATUS_OFFLINE, NULL, TRUE);
  g_assert_cmpuint (shown, ==, 0); /* not asked for */
  burble_contact_set_notify_status (contact, BURBLE_NOTIFY_ONLINE);
  burble_notification_policy_presence (policy, contact, BURBLE_STATUS_OFFLINE, NULL, FALSE);
  g_assert_cmpuint (shown, ==, 0); /* we have only just come ourselves */
  burble_notification_policy_presence (policy, contact, BURBLE_STATUS_AVAILABLE, NULL, TRUE);
  g_assert_cmpuint (shown, ==, 0); /* was there before */
  burble_account_set_status (account, BURBLE_STATUS_DND);
  burble_notification_policy_presence (policy, contact, BURBLE_STATUS_OFFLINE, NULL, TRUE);
  g_assert_cmpuint (shown, ==, 0);
  burble_account_set_status (account, BURBLE_STATUS_AVAILABLE);
  options->notify_online = FALSE;
  burble_notification_policy_presence (policy, contact, BURBLE_STATUS_OFFLINE, NULL, TRUE);
  g_assert_cmpuint (shown, ==, 0);
  options->notify_online = TRUE;
  burble_notification_policy_presence (policy, contact, BURBLE_STATUS_OFFLINE, NULL, TRUE);
  g_assert_cmpuint (shown, ==, 1);
  burble_contact_clear_presences (contact);
  burble_notification_policy_presence (policy, contact, BURBLE_STATUS_AVAILABLE, NULL, TRUE);
  g_assert_cmpuint (withdrawn, ==, 1); /* gone again */
  g_assert_cmpuint (shown, ==, 1);
  g_rc_box_release (options);
}

/* Whoever wants to know each change is told of each, and of nothing that is none. */
static void
test_changes_table (void)
{
  static const struct
  {
    BurbleStatus before;
    const char *word_before;
    BurbleStatus now;
    const char *word;
    int kind; /* -1: no news */
  } changes[] = {
    { BURBLE_STATUS_OFFLINE, NULL, BURBLE_STATUS_AVAILABLE, NULL, BURBLE_NOTICE_ONLINE },
    { BURBLE_STATUS_OFFLINE, NULL, BURBLE_STATUS_DND, NULL, BURBLE_NOTICE_ONLINE },
    { BURBLE_STATUS_AVAILABLE, NULL, BURBLE_STATUS_AWAY, NULL, BURBLE_NOTICE_STATUS },
    { BURBLE_STATUS_AVAILABLE, NULL, BURBLE_STATUS_AVAILABLE, "lunch", -1 },
    { BURBLE_STATUS_AWAY, NULL, BURBLE_STATUS_OFFLINE, NULL, BURBLE_NOTICE_STATUS },
    { BURBLE_STATUS_OFFLINE, NULL, BURBLE_STATUS_UNKNOWN, "logged_in", BURBLE_NOTICE_STATUS },
    { BURBLE_STATUS_UNKNOWN, "logged_in", BURBLE_STATUS_UNKNOWN, "in_game", BURBLE_NOTICE_STATUS },
    { BURBLE_STATUS_UNKNOWN, "in_game", BURBLE_STATUS_UNKNOWN, "in_game", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      BurbleSessionOptions *options = burble_session_options_new ();
      g_autoptr(BurbleNotificationPolicy) policy = burble_notification_policy_new (options);
      g_autoptr(BurbleAccount) account = burble_account_new ("uid", "dummy", ALICE);
      g_autoptr(BurbleContact) contact = burble_contact_new (account, BOB);
      g_autoptr(BurbleNotice) notice = NULL;
      guint withdrawn = 0;

      g_signal_connect_swapped (policy, "notice", G_CALLBACK (keep_cb), &notice);
      g_signal_connect_swapped (policy, "notice-withdrawn", G_CALLBACK (count_cb), &withdrawn);
      burble_contact_set_notify_status (contact, BURBLE_NOTIFY_CHANGES);
      burble_contact_update_presence (contact, NULL, changes[i].now, changes[i].word);
      burble_notification_policy_presence (policy, contact, changes[i].before,
                                           changes[i].word_before, FALSE);
      g_assert_null (notice); /* we have only just come ourselves */
      burble_notification_policy_presence (policy, contact, changes[i].before,
                                           changes[i].word_before, TRUE);
      g_assert_cmpint (notice != NULL ? (int) burble_notice_get_kind (notice) : -1, ==,
                       changes[i].kind);
      g_assert_cmpuint (withdrawn, ==, 0);
      /* Our own link going down is no news of theirs. */
      burble_notification_policy_unseen (policy, contact);
      g_assert_cmpuint (withdrawn, ==, changes[i].kind >= 0 ? 1 : 0);
      g_rc_box_release (options);
    }
}

/* With everything around it. */

typedef struct
{
  BurbleDummyNetwork *network;
  Person *alice;
  Person *bob;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->network = dummy_network_new (ALICE, BOB, NULL);
  f->alice = person_new (ALICE, "laptop");
  f->bob = person_new (BOB, "desk");
  person_start (f->alice);
  person_start (f->bob);
  person_sign_in (f->alice);
  person_sign_in (f->bob);
  person_befriend (f->alice, f->bob);
  g_hash_table_remove_all (f->alice->notices);
  g_hash_table_remove_all (f->bob->notices);
  f->alice->notices_shown = 0;
  f->bob->notices_shown = 0;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  person_free (f->alice);
  person_free (f->bob);
  g_assert_finalize_object (f->network);
}

static void
say (Person *person, const char *peer, const char *text)
{
  g_autoptr(BurbleMessage) message = person_say (person, peer, text);
}

static void
test_one_for_a_chat (Fixture *f, gconstpointer data)
{
  BurbleNotice *notice = NULL;

  for (guint i = 0; i < 20; i++)
    say (f->alice, BOB, "hello");
  say (f->alice, BOB, "end");
  burble_test_wait_until (person_heard (f->bob, ALICE, "end") && person_unread (f->bob,
                                                                                ALICE) == 21);
  notice = person_notice (f->bob, ALICE);
  g_assert_nonnull (notice);
  g_assert_cmpuint (burble_notice_get_count (notice), ==, 21);
  g_assert_cmpstr (burble_message_get_text (burble_notice_get_message (notice)), ==, "end");
  g_assert_cmpuint (g_hash_table_size (f->bob->notices), ==, 1);
  g_assert_cmpuint (f->alice->notices_shown, ==, 0);

  burble_session_mark_all_read (f->bob->session, person_chat (f->bob, ALICE));
  burble_test_wait_until (g_hash_table_size (f->bob->notices) == 0);
}

static void
test_focused (Fixture *f, gconstpointer data)
{
  say (f->alice, BOB, "hello");
  burble_test_wait_until (person_heard (f->bob, ALICE, "hello") && person_notice (f->bob, ALICE));
  burble_session_set_focused (f->bob->session, person_chat (f->bob, ALICE));
  g_assert_null (person_notice (f->bob, ALICE));
  say (f->alice, BOB, "again");
  burble_test_wait_until (person_heard (f->bob, ALICE, "again") && person_unread (f->bob,
                                                                                  ALICE) == 2);
  g_assert_cmpuint (f->bob->notices_shown, ==, 1);
  burble_session_set_focused (f->bob->session, NULL);
  say (f->alice, BOB, "more");
  burble_test_wait_until (person_notice (f->bob, ALICE));
}

static void
test_muted (Fixture *f, gconstpointer data)
{
  say (f->alice, BOB, "hello");
  burble_test_wait_until (person_heard (f->bob, ALICE, "hello") && person_notice (f->bob, ALICE));
  burble_session_set_muted (f->bob->session, person_chat (f->bob, ALICE), TRUE);
  g_assert_null (person_notice (f->bob, ALICE));
  say (f->alice, BOB, "again");
  burble_test_wait_until (person_heard (f->bob, ALICE, "again") && person_unread (f->bob,
                                                                                  ALICE) == 2);
  g_assert_cmpuint (f->bob->notices_shown, ==, 1);
  person_stop (f->bob);
  person_start (f->bob);
  g_assert_true (burble_conversation_get_muted (person_chat (f->bob, ALICE)));
  g_assert_cmpuint (person_unread (f->bob, ALICE), ==, 2);
}

/* Two terminals of one user: what is read at one is read at the other. */
static void
test_read_elsewhere (Fixture *f, gconstpointer data)
{
  g_autoptr(Person) phone = person_new (BOB, "phone");

  person_start (phone);
  person_sign_in (phone);
  say (f->alice, BOB, "one");
  say (f->alice, BOB, "two");
  burble_test_wait_until (person_heard (f->bob, ALICE, "two") && person_unread (f->bob,
                                                                                ALICE) == 2);
  burble_test_wait_until (person_heard (phone, ALICE, "two") && person_unread (phone, ALICE) == 2);
  g_assert_nonnull (person_notice (f->bob, ALICE));
  g_assert_nonnull (person_notice (phone, ALICE));
  burble_session_mark_all_read (phone->session, person_chat (phone, ALICE));
  burble_test_wait_until (person_unread (f->bob, ALICE) == 0);
  g_assert_null (person_notice (f->bob, ALICE));
  g_assert_cmpuint (person_unread (phone, ALICE), ==, 0);

  /* Who answers at one terminal has read at the other, receipts or not. */
  g_object_set (phone->session, "send-receipts", FALSE, NULL);
  say (f->alice, BOB, "three");
  burble_test_wait_until (person_heard (f->bob, ALICE, "three") && person_unread (f->bob,
                                                                                  ALICE) == 1);
  burble_test_wait_until (person_heard (phone, ALICE, "three"));
  say (phone, ALICE, "four");
  burble_test_wait_until (person_heard (f->bob, ALICE, "four"));
  burble_test_wait_until (person_unread (f->bob, ALICE) == 0);
  g_assert_null (person_notice (f->bob, ALICE));
  g_assert_true (burble_message_is_outgoing (
    burble_conversation_get_last_message (person_chat (f->bob, ALICE))));
}

static void
test_online (Fixture *f, gconstpointer data)
{
  g_autofree char *tag = g_strdup_printf ("online/%s/%s",
                                          burble_account_get_uid (f->alice->account), BOB);

  burble_session_set_notify_status (f->alice->session, person_contact (f->alice, BOB),
                                    BURBLE_NOTIFY_ONLINE);
  burble_session_set_presence (f->bob->session, NULL, BURBLE_STATUS_OFFLINE, NULL);
  burble_test_wait_until (!burble_contact_get_online (person_contact (f->alice, BOB)));
  burble_session_set_presence (f->bob->session, NULL, BURBLE_STATUS_AVAILABLE, NULL);
  burble_test_wait_until (burble_contact_get_online (person_contact (f->alice, BOB)));
  g_assert_true (g_hash_table_contains (f->alice->notices, tag));
  /* Away and back is no news, going is the end of it. */
  g_assert_cmpuint (f->alice->notices_shown, ==, 1);
  burble_session_set_presence (f->bob->session, NULL, BURBLE_STATUS_OFFLINE, NULL);
  burble_test_wait_until (!burble_contact_get_online (person_contact (f->alice, BOB)));
  g_assert_false (g_hash_table_contains (f->alice->notices, tag));

  /* Just after our own sign-in everybody "comes online": that is no news. */
  burble_session_get_options (f->alice->session)->settle_time = 1000000;
  burble_session_set_presence (f->bob->session, NULL, BURBLE_STATUS_AVAILABLE, NULL);
  burble_test_wait_until (burble_contact_get_online (person_contact (f->alice, BOB)));
  g_assert_cmpuint (f->alice->notices_shown, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/session/notices/table/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_table);
    }
  g_test_add_func ("/session/notices/table/online", test_online_table);
  g_test_add_func ("/session/notices/table/changes", test_changes_table);
#define ADD(path, function) \
  g_test_add ("/session/notices/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("one-for-a-chat", test_one_for_a_chat);
  ADD ("none-for-the-focused-chat", test_focused);
  ADD ("none-for-a-muted-chat", test_muted);
  ADD ("read-elsewhere-withdraws", test_read_elsewhere);
  ADD ("online-only-where-asked-for", test_online);

  return g_test_run ();
}
