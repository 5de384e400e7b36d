/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-contact.h"

#include "notify-log.h"

typedef struct
{
  BurbleAccount *account;
  BurbleContact *contact;
  GString *log;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->account = burble_account_new ("uid", "gurgle", "me@example.org");
  f->contact = burble_contact_new (f->account, "alice@example.org");
  f->log = g_string_new (NULL);
  notify_log_watch (f->contact, f->log);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->contact);
  g_assert_finalize_object (f->account);
  g_string_free (f->log, TRUE);
}

static void
test_defaults (Fixture *f, gconstpointer data)
{
  g_assert_true (burble_contact_get_account (f->contact) == f->account);
  g_assert_cmpstr (burble_contact_get_id (f->contact), ==, "alice@example.org");
  g_assert_cmpint (burble_contact_get_status (f->contact), ==, BURBLE_STATUS_OFFLINE);
  g_assert_false (burble_contact_get_online (f->contact));
  g_assert_false (burble_contact_get_in_roster (f->contact));
  g_assert_null (burble_contact_get_mood (f->contact));
  notify_log_check_properties (G_OBJECT (f->contact));
}

static void
test_display_name (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleContact) odd = burble_contact_new (f->account, "@example.org");
  g_autoptr(BurbleContact) bare = burble_contact_new (f->account, "alice");

  g_assert_cmpstr (burble_contact_get_display_name (f->contact), ==, "alice");
  burble_contact_set_name (f->contact, "Alice Okafor");
  g_assert_cmpstr (burble_contact_get_display_name (f->contact), ==, "Alice Okafor");
  burble_contact_set_alias (f->contact, "Ally");
  g_assert_cmpstr (burble_contact_get_display_name (f->contact), ==, "Ally");
  burble_contact_set_alias (f->contact, "");
  g_assert_null (burble_contact_get_alias (f->contact));
  g_assert_cmpstr (burble_contact_get_display_name (f->contact), ==, "Alice Okafor");
  g_assert_cmpstr (burble_contact_get_display_name (odd), ==, "@example.org");
  g_assert_cmpstr (burble_contact_get_display_name (bare), ==, "alice");
}

static void
test_display_name_notifies_when_it_changes (Fixture *f, gconstpointer data)
{
  burble_contact_set_name (f->contact, "alice");
  notify_log_assert (f->log, "name ");
  burble_contact_set_alias (f->contact, "Ally");
  burble_contact_set_alias (f->contact, "Ally");
  notify_log_assert (f->log, "alias display-name ");
  burble_contact_set_name (f->contact, "Alice Okafor"); /* hidden by the alias */
  notify_log_assert (f->log, "name ");
  burble_contact_set_alias (f->contact, NULL);
  notify_log_assert (f->log, "alias display-name ");
}

static void
test_other_properties_notify_once (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    {
      burble_contact_set_bio (f->contact, "Moss");
      burble_contact_set_kind (f->contact, BURBLE_CONTACT_ROOM);
      burble_contact_set_subscription (f->contact, BURBLE_SUBSCRIPTION_BOTH);
      burble_contact_set_asks (f->contact, TRUE);
      burble_contact_set_in_roster (f->contact, TRUE);
      burble_contact_set_notify_status (f->contact, BURBLE_NOTIFY_ONLINE);
    }
  notify_log_assert (f->log, "bio kind subscription asks in-roster notify-status ");
  notify_log_check_properties (G_OBJECT (f->contact));
}

static void
test_best_terminal_wins (Fixture *f, gconstpointer data)
{
  const struct { const char *terminal; BurbleStatus status; const char *mood;
                 BurbleStatus best; const char *best_mood; } steps[] = {
    { "phone", BURBLE_STATUS_DND, "busy", BURBLE_STATUS_DND, "busy" },
    { "tv", BURBLE_STATUS_UNKNOWN, "?", BURBLE_STATUS_DND, "busy" },
    { "home", BURBLE_STATUS_AWAY, "tea", BURBLE_STATUS_AWAY, "tea" },
    { "work", BURBLE_STATUS_AVAILABLE, NULL, BURBLE_STATUS_AVAILABLE, NULL },
    { "lab", BURBLE_STATUS_AVAILABLE, "moss", BURBLE_STATUS_AVAILABLE, "moss" },
    { "attic", BURBLE_STATUS_AVAILABLE, "later", BURBLE_STATUS_AVAILABLE, "moss" },
    { "lab", BURBLE_STATUS_DND, "moss", BURBLE_STATUS_AVAILABLE, "later" },
    { "attic", BURBLE_STATUS_OFFLINE, "gone", BURBLE_STATUS_AVAILABLE, NULL },
    { "work", BURBLE_STATUS_INVISIBLE, NULL, BURBLE_STATUS_AWAY, "tea" },
    { "home", BURBLE_STATUS_OFFLINE, NULL, BURBLE_STATUS_DND, "busy" },
    { "phone", BURBLE_STATUS_OFFLINE, NULL, BURBLE_STATUS_DND, "moss" },
    { "lab", BURBLE_STATUS_OFFLINE, NULL, BURBLE_STATUS_UNKNOWN, "?" },
    { "nobody", BURBLE_STATUS_OFFLINE, NULL, BURBLE_STATUS_UNKNOWN, "?" },
    { "tv", BURBLE_STATUS_OFFLINE, NULL, BURBLE_STATUS_OFFLINE, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      burble_contact_update_presence (f->contact, steps[i].terminal, steps[i].status,
                                      steps[i].mood);
      g_assert_cmpint (burble_contact_get_status (f->contact), ==, steps[i].best);
      g_assert_cmpstr (burble_contact_get_mood (f->contact), ==, steps[i].best_mood);
      g_assert_cmpint (burble_contact_get_online (f->contact), ==,
                       steps[i].best != BURBLE_STATUS_OFFLINE &&
                       steps[i].best != BURBLE_STATUS_UNKNOWN);
    }
  g_assert_cmpuint (g_list_model_get_n_items (burble_contact_get_presences (f->contact)), ==, 0);
}

static void
test_presence_notifies_when_the_best_changes (Fixture *f, gconstpointer data)
{
  burble_contact_update_presence (f->contact, "home", BURBLE_STATUS_AVAILABLE, "tea");
  notify_log_assert (f->log, "status mood online ");
  burble_contact_update_presence (f->contact, "home", BURBLE_STATUS_AVAILABLE, "tea");
  burble_contact_update_presence (f->contact, "phone", BURBLE_STATUS_AWAY, "walking");
  burble_contact_update_presence (f->contact, "phone", BURBLE_STATUS_DND, NULL);
  notify_log_assert (f->log, "");
  burble_contact_update_presence (f->contact, "home", BURBLE_STATUS_AVAILABLE, "cake");
  notify_log_assert (f->log, "mood ");
  burble_contact_update_presence (f->contact, "home", BURBLE_STATUS_OFFLINE, NULL);
  notify_log_assert (f->log, "status mood ");
  burble_contact_update_presence (f->contact, "phone", BURBLE_STATUS_OFFLINE, NULL);
  notify_log_assert (f->log, "status online ");
}

static void
test_clearing (Fixture *f, gconstpointer data)
{
  for (guint all_at_once = 0; all_at_once < 2; all_at_once++)
    {
      burble_contact_update_presence (f->contact, "home", BURBLE_STATUS_AVAILABLE, NULL);
      burble_contact_update_presence (f->contact, "phone", BURBLE_STATUS_AWAY, NULL);
      g_string_truncate (f->log, 0);
      if (all_at_once)
        burble_contact_update_presence (f->contact, NULL, BURBLE_STATUS_OFFLINE, NULL);
      else
        burble_contact_clear_presences (f->contact);
      notify_log_assert (f->log, "status online ");
      burble_contact_clear_presences (f->contact);
      notify_log_assert (f->log, "");
    }
}

static void
test_network_without_terminals (Fixture *f, gconstpointer data)
{
  burble_contact_update_presence (f->contact, NULL, BURBLE_STATUS_AVAILABLE, NULL);
  burble_contact_update_presence (f->contact, NULL, BURBLE_STATUS_AWAY, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (burble_contact_get_presences (f->contact)), ==, 1);
  g_assert_cmpint (burble_contact_get_status (f->contact), ==, BURBLE_STATUS_AWAY);
  burble_contact_update_presence (f->contact, NULL, BURBLE_STATUS_OFFLINE, NULL);
  g_assert_cmpint (burble_contact_get_status (f->contact), ==, BURBLE_STATUS_OFFLINE);
}

static void
items_changed_cb (GListModel *list, guint position, guint removed, guint added, GString *log)
{
  g_string_append_printf (log, "%u-%u+%u ", position, removed, added);
}

static void
test_presences_are_a_live_list (Fixture *f, gconstpointer data)
{
  GListModel *list = burble_contact_get_presences (f->contact);
  g_autoptr(GString) changes = g_string_new (NULL);
  g_autoptr(GString) notified = g_string_new (NULL);
  g_autoptr(BurblePresence) presence = NULL;

  g_signal_connect (list, "items-changed", G_CALLBACK (items_changed_cb), changes);
  burble_contact_update_presence (f->contact, "home", BURBLE_STATUS_AVAILABLE, NULL);
  burble_contact_update_presence (f->contact, "phone", BURBLE_STATUS_AVAILABLE, NULL);
  presence = g_list_model_get_item (list, 1);
  notify_log_watch (presence, notified);
  burble_contact_update_presence (f->contact, "phone", BURBLE_STATUS_AWAY, "tea");
  burble_contact_update_presence (f->contact, "home", BURBLE_STATUS_OFFLINE, NULL);
  g_assert_cmpstr (changes->str, ==, "0-0+1 1-0+1 0-1+0 ");
  notify_log_assert (notified, "status mood ");
  g_assert_cmpstr (burble_presence_get_terminal (presence), ==, "phone");
  g_assert_cmpint (burble_presence_get_status (presence), ==, BURBLE_STATUS_AWAY);
  g_assert_cmpstr (burble_presence_get_mood (presence), ==, "tea");
  notify_log_check_properties (G_OBJECT (presence));
  g_signal_handlers_disconnect_by_data (list, changes);
}

/* A server that invents terminals without end costs no memory without end. */
static void
test_terminals_are_limited (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *terminal = g_strdup_printf ("t%u", i);

      burble_contact_update_presence (f->contact, terminal, BURBLE_STATUS_AVAILABLE, NULL);
    }
  g_assert_cmpuint (g_list_model_get_n_items (burble_contact_get_presences (f->contact)), <=, 64);
}

#define ADD(name, function) \
  g_test_add ("/model/contact/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("defaults", test_defaults);
  ADD ("display-name", test_display_name);
  ADD ("display-name-notifies-when-it-changes", test_display_name_notifies_when_it_changes);
  ADD ("other-properties-notify-once", test_other_properties_notify_once);
  ADD ("best-terminal-wins", test_best_terminal_wins);
  ADD ("presence-notifies-when-the-best-changes", test_presence_notifies_when_the_best_changes);
  ADD ("clearing", test_clearing);
  ADD ("network-without-terminals", test_network_without_terminals);
  ADD ("presences-are-a-live-list", test_presences_are_a_live_list);
  ADD ("terminals-are-limited", test_terminals_are_limited);
  return g_test_run ();
}
