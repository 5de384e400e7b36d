/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-cg-connection.h"
#include "burble-details-pane.h"
#include "burble-dummy-connection.h"
#include "burble-own-menu.h"
#include "burble-sidebar.h"
#include "burble-test-cg.h"
#include "burble-window.h"
#include "session-fixture.h"
#include "ui-fixture.h"

/* Finding people, on a network where they cannot be written to. */

#define PASSWORD "correct horse"
#define NO_LIST "This server does not tell who is there. Type a name and press Find."

static const char * const networks[] = { "cg", NULL };

typedef struct
{
  BurbleTestCg *server;
  Person *alice;
  GSettings *settings;
  BurbleWindow *window;
  const char *bob; /* their UUID */
} Fixture;

static BurbleConnection *
make_cg (const char *network, const BurbleConnectionSettings *settings, gpointer user_data)
{
  if (g_str_equal (network, "dummy"))
    return burble_dummy_connection_new (settings);
  return g_object_new (BURBLE_TYPE_CG_CONNECTION, "retry-ceiling", 30, "lookup-timeout", 300,
                       NULL);
}

static void
open_window (Fixture *f)
{
  f->settings = ui_test_settings ();
  f->window = BURBLE_WINDOW (burble_window_new (NULL, f->alice->session, f->settings, networks));
  gtk_window_present (GTK_WINDOW (f->window));
  burble_test_wait_until (gtk_widget_get_width (GTK_WIDGET (f->window)) > 0);
  burble_test_settle ();
}

static void
close_window (Fixture *f)
{
  g_clear_object (&f->settings);
  g_object_ref (f->window);
  gtk_window_destroy (GTK_WINDOW (f->window));
  burble_test_settle ();
  g_assert_finalize_object (f->window);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  f->server = burble_test_cg_new (FALSE);
  burble_test_cg_add_user (f->server, "Alice", PASSWORD);
  f->bob = burble_test_cg_add_user (f->server, "bob", PASSWORD);
  burble_test_cg_set_status (f->server, "bob", "away");
  burble_test_cg_set_attribute (f->server, "bob", "profile_img", "cow");
  burble_test_cg_set_attribute (f->server, "bob", "favourite_card", "queen of clubs");
  f->alice = person_new ("alice@127.0.0.1", "desk");
  f->alice->network = "cg";
  f->alice->factory = make_cg;
  f->alice->port = burble_test_cg_get_port (f->server);
  person_start (f->alice);
  error = person_try_sign_in (f->alice, PASSWORD, FALSE);
  g_assert_no_error (error);
  open_window (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  close_window (f);
  g_assert_cmpuint (burble_test_cg_get_harm (f->server), ==, 0);
  person_free (f->alice);
  burble_test_cg_free (f->server);
}

static gboolean
shows (Fixture *f, const char *text)
{
  GtkWidget *label = ui_test_find_label (GTK_WIDGET (f->window), text);

  return label != NULL && gtk_widget_get_mapped (label);
}

static GtkWidget *
dialog_of (Fixture *f)
{
  return GTK_WIDGET (adw_application_window_get_visible_dialog (
    ADW_APPLICATION_WINDOW (f->window)));
}

static void
find (Fixture *f, const char *who)
{
  GtkWidget *dialog = dialog_of (f);
  GtkWidget *entry = ui_test_find (dialog, ADW_TYPE_ENTRY_ROW, NULL, NULL);

  gtk_editable_set_text (GTK_EDITABLE (entry), who);
  gtk_widget_activate_action (dialog, "find-person.find", NULL);
}

static void
test_find (Fixture *f, gconstpointer data)
{
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.find-person", NULL);
  burble_test_wait_until (dialog_of (f) != NULL);
  burble_test_wait_until (shows (f, NO_LIST));
  find (f, "nobody");
  burble_test_wait_until (shows (f, "Nobody was found. Check the name."));
  g_assert_false (shows (f, NO_LIST));
  find (f, "Bob");
  burble_test_wait_until (shows (f, "bob"));
  g_assert_false (shows (f, NO_LIST));
  g_assert_true (shows (f, "Away"));
  g_assert_true (shows (f, f->bob));
  g_assert_true (shows (f, "Picture") && shows (f, "cow"));
  g_assert_true (shows (f, "Favourite card") && shows (f, "queen of clubs"));
  g_assert_false (person_knows (f->alice, f->bob));
  gtk_widget_activate_action (dialog_of (f), "find-person.add", NULL);
  burble_test_wait_until (person_knows (f->alice, f->bob));
  adw_dialog_force_close (ADW_DIALOG (dialog_of (f)));
  burble_test_settle ();
}

/* Nobody is left alone with a composer that leads nowhere: there is who they are instead, and what
 * can be done about them. */
static void
test_no_chat (Fixture *f, gconstpointer data)
{
  GtkWidget *sidebar = ui_test_find (GTK_WIDGET (f->window), BURBLE_TYPE_SIDEBAR, NULL, NULL);
  GtkWidget *tell = NULL;

  person_add (f->alice, "bob", NULL);
  g_signal_emit_by_name (sidebar, "open-contact", person_contact (f->alice, f->bob), TRUE);
  burble_test_wait_until (dialog_of (f) != NULL && shows (f, "bob") && shows (f, "cow"));
  g_assert_true (shows (f, "Away"));
  g_assert_true (shows (f, "On this network people can be followed, but not written to."));
  g_assert_cmpuint (g_list_model_get_n_items (
                      burble_session_get_conversations (f->alice->session)), ==, 0);

  burble_test_cg_set_status (f->server, "bob", "online");
  burble_test_wait_until (shows (f, "Available"));
  tell = ui_test_find (dialog_of (f), ADW_TYPE_COMBO_ROW, NULL, NULL);
  adw_combo_row_set_selected (ADW_COMBO_ROW (tell), BURBLE_NOTIFY_CHANGES);
  burble_test_cg_set_status (f->server, "bob", "busy");
  burble_test_wait_until (g_hash_table_size (f->alice->notices) == 1);
  adw_dialog_force_close (ADW_DIALOG (dialog_of (f)));
  burble_test_settle ();
}

/* Before the first sign-in of a start nothing is known of the network but what was known last. */
static void
test_no_chat_offline (Fixture *f, gconstpointer data)
{
  person_add (f->alice, "bob", NULL);
  close_window (f);
  person_stop (f->alice);
  burble_test_cg_set_quirks (f->server, BURBLE_TEST_CG_MUTE);
  person_start (f->alice);
  open_window (f);
  g_signal_emit_by_name (ui_test_find (GTK_WIDGET (f->window), BURBLE_TYPE_SIDEBAR, NULL, NULL),
                         "open-contact", person_contact (f->alice, f->bob), TRUE);
  burble_test_wait_until (dialog_of (f) != NULL && shows (f, "bob"));
  g_assert_cmpuint (g_list_model_get_n_items (
                      burble_session_get_conversations (f->alice->session)), ==, 0);
  adw_dialog_force_close (ADW_DIALOG (dialog_of (f)));
  burble_test_settle ();
}

/* Who was found and added leads on to their details. */
static void
test_found_to_details (Fixture *f, gconstpointer data)
{
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.find-person", NULL);
  burble_test_wait_until (dialog_of (f) != NULL);
  find (f, "bob");
  burble_test_wait_until (shows (f, "Away"));
  g_assert_false (shows (f, "Show _Details"));
  gtk_widget_activate_action (dialog_of (f), "find-person.add", NULL);
  burble_test_wait_until (ui_test_find_action (dialog_of (f), "find-person.open") != NULL
                          && person_knows (f->alice, f->bob)
                          && gtk_widget_get_mapped (ui_test_find_action (dialog_of (f),
                                                                         "find-person.open")));
  gtk_widget_activate_action (dialog_of (f), "find-person.open", NULL);
  burble_test_wait_until (dialog_of (f) != NULL
                          && ui_test_find (dialog_of (f), BURBLE_TYPE_DETAILS_PANE, NULL, NULL));
  adw_dialog_force_close (ADW_DIALOG (dialog_of (f)));
  burble_test_settle ();
}

/* Nobody is asked here, and the window does not say they are. */
static void
test_adding_asks_nobody (Fixture *f, gconstpointer data)
{
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.add-contact", NULL);
  burble_test_wait_until (dialog_of (f) != NULL);
  burble_test_wait_until (shows (f, "You see how they are from now on. They are not asked."));
  adw_dialog_force_close (ADW_DIALOG (dialog_of (f)));
  burble_test_settle ();
}

/* There is nobody to tell how one is; with another account there is. */
static void
test_own_status (Fixture *f, gconstpointer data)
{
  BurbleDummyNetwork *network = dummy_network_new ("maya@example.org", NULL);
  g_autoptr(BurbleAccount) maya = burble_account_new (NULL, "dummy", "maya@example.org");
  GtkWidget *menu = ui_test_find (GTK_WIDGET (f->window), BURBLE_TYPE_OWN_MENU, NULL, NULL);
  GtkWidget *statuses = ui_test_find (menu, GTK_TYPE_LIST_BOX, NULL, NULL);
  g_autoptr(GAsyncResult) added = NULL;
  g_autoptr(GAsyncResult) removed = NULL;

  g_assert_false (gtk_widget_get_visible (statuses));
  added = WAIT_FOR (burble_session_add_account_async, f->alice->session, maya, "secret", FALSE,
                    FALSE, NULL);
  g_assert_true (burble_session_add_account_finish (f->alice->session, added, NULL));
  burble_test_wait_until (gtk_widget_get_visible (statuses));
  removed = WAIT_FOR (burble_session_remove_account_async, f->alice->session, maya);
  burble_test_wait_until (!gtk_widget_get_visible (statuses));
  burble_test_settle ();
  g_object_unref (network);
}

/* What says nothing is not shown, and a status that nobody has words for as what it is. */
static void
test_little_known (Fixture *f, gconstpointer data)
{
  burble_test_cg_set_status (f->server, "alice", "logged_in");
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.find-person", NULL);
  burble_test_wait_until (dialog_of (f) != NULL);
  find (f, "alice");
  burble_test_wait_until (shows (f, "Alice"));
  g_assert_true (shows (f, "Unknown · logged_in"));
  g_assert_false (shows (f, "Picture") || shows (f, "default"));
  adw_dialog_force_close (ADW_DIALOG (dialog_of (f)));
  burble_test_settle ();
}

/* However much a server has to say: no more than somebody can read. */
static void
test_flood (Fixture *f, gconstpointer data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(BurblePerson) bob = NULL;

  for (guint i = 0; i < 200; i++)
    burble_test_cg_say (f->server, "notice", "cg:msg.lobby.invite.decline", "username", "carol",
                        NULL);
  burble_test_cg_say (f->server, "warn", "cg:msg.lobby.kick.reason", "reason", "The last one",
                      NULL);
  burble_test_wait_until (shows (f, "carol declined the invitation."));
  /* What is asked after them is answered after them. */
  result = WAIT_FOR (burble_session_look_up_async, f->alice->session, f->alice->account, "bob");
  bob = burble_session_look_up_finish (f->alice->session, result, NULL);
  g_assert_nonnull (bob);
  burble_test_settle ();
  g_assert_false (shows (f, "You were removed from the lobby: “The last one”"));
}

static void
test_notice (Fixture *f, gconstpointer data)
{
  burble_test_cg_say (f->server, "warning", "cg:msg.lobby.invite.user_not_online", "username",
                      "carol", NULL);
  burble_test_wait_until (shows (f, "carol is not online."));
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

#define add(name, function) \
  g_test_add ("/ui/find-person/" name, Fixture, NULL, set_up, function, tear_down)
  add ("find", test_find);
  add ("no-chat", test_no_chat);
  add ("no-chat-offline", test_no_chat_offline);
  add ("found-to-details", test_found_to_details);
  add ("adding-asks-nobody", test_adding_asks_nobody);
  add ("own-status", test_own_status);
  add ("little-known", test_little_known);
  add ("notice", test_notice);
  add ("notice/flood", test_flood);

  return g_test_run ();
}
