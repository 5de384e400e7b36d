/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-account-form.h"
#include "burble-cg-connection.h"
#include "burble-dummy-connection.h"
#include "burble-server-row.h"
#include "burble-test-cg.h"
#include "session-fixture.h"
#include "ui-fixture.h"

/* What the form for a new account says of the server, before anybody signs in. */

#define NOTHING "No server answers there now. Check the address, or try it all the same."

static const char * const networks[] = { "cg", "dummy", NULL };

typedef struct
{
  BurbleTestCg *server;
  Person *alice;
  GtkWidget *form;
  GtkWindow *window;
} Fixture;

static BurbleConnection *
make_connection (const char                     *network,
                 const BurbleConnectionSettings *settings,
                 gpointer                        user_data)
{
  if (g_str_equal (network, "dummy"))
    return burble_dummy_connection_new (settings);
  return g_object_new (BURBLE_TYPE_CG_CONNECTION, "retry-ceiling", 30, "probe-timeout", 300, NULL);
}

static void
set_up (Fixture *f, gconstpointer quirks)
{
  f->server = burble_test_cg_new (FALSE);
  burble_test_cg_set_quirks (f->server, GPOINTER_TO_UINT (quirks));
  f->alice = person_new ("alice@127.0.0.1", "desk");
  f->alice->factory = make_connection;
  person_start (f->alice);
  f->form = g_object_new (BURBLE_TYPE_ACCOUNT_FORM, NULL);
  burble_account_form_set_session (BURBLE_ACCOUNT_FORM (f->form), f->alice->session, networks);
  f->window = ui_test_show (f->form);
}

static void
tear_down (Fixture *f, gconstpointer quirks)
{
  if (f->window != NULL)
    ui_test_destroy (f->window);
  g_assert_cmpuint (burble_test_cg_get_harm (f->server), ==, 0);
  person_free (f->alice);
  burble_test_cg_free (f->server);
}

static gboolean
has_title (GtkWidget *widget, gconstpointer title)
{
  return g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0;
}

static GtkWidget *
field (Fixture *f, const char *title)
{
  GtkWidget *found = ui_test_find (f->form, ADW_TYPE_PREFERENCES_ROW, has_title, title);

  g_assert_nonnull (found);
  return found;
}

static void
type_address (Fixture *f, const char *name)
{
  g_autofree char *address = g_strdup_printf ("%s@127.0.0.1:%u", name,
                                              burble_test_cg_get_port (f->server));
  GtkWidget *entry = field (f, "cg name");

  gtk_widget_grab_focus (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), address);
}

static void
leave (Fixture *f)
{
  gtk_widget_grab_focus (field (f, "Password"));
}

static gboolean
shows (Fixture *f, const char *text)
{
  return ui_test_find_label (f->form, text) != NULL;
}

static gboolean
says_nothing (Fixture *f)
{
  return !gtk_widget_get_visible (ui_test_find (f->form, BURBLE_TYPE_SERVER_ROW, NULL, NULL));
}

/* Not while it is written, and once only. */
static void
test_what_answers (Fixture *f, gconstpointer quirks)
{
  burble_test_cg_set_words (f->server, "The Parlour", "Cards & tea");
  type_address (f, "alice");
  burble_test_settle ();
  g_assert_true (says_nothing (f));
  g_assert_cmpuint (burble_test_cg_get_connections (f->server), ==, 0);
  leave (f);
  burble_test_wait_until (shows (f, "The Parlour · Cards & tea · nobody is there now"));
  gtk_widget_grab_focus (field (f, "cg name"));
  leave (f);
  burble_test_settle ();
  g_assert_true (shows (f, "The Parlour · Cards & tea · nobody is there now"));
  g_assert_cmpuint (burble_test_cg_get_connections (f->server), ==, 1);
}

/* About another place it would be wrong. */
static void
test_forgotten (Fixture *f, gconstpointer quirks)
{
  GtkWidget *network = field (f, "Account Type");
  GtkWidget *port = ui_test_find (f->form, GTK_TYPE_SPIN_BUTTON, NULL, NULL);

  for (guint i = 0; i < 4; i++)
    {
      type_address (f, "alice");
      leave (f);
      burble_test_wait_until (shows (f, "A CG Server · nobody is there now"));
      if (i == 0)
        type_address (f, "alic");
      else if (i == 1)
        gtk_editable_set_text (GTK_EDITABLE (field (f, "Host Name")), "127.0.0.1");
      else if (i == 2)
        gtk_spin_button_set_value (GTK_SPIN_BUTTON (port), burble_test_cg_get_port (f->server));
      else
        adw_combo_row_set_selected (ADW_COMBO_ROW (network), 1);
      g_assert_true (says_nothing (f));
    }
}

static void
test_nothing_there (Fixture *f, gconstpointer quirks)
{
  GtkWidget *port = ui_test_find (f->form, GTK_TYPE_SPIN_BUTTON, NULL, NULL);

  gtk_spin_button_set_value (GTK_SPIN_BUTTON (port), 1);
  type_address (f, "alice");
  leave (f);
  burble_test_wait_until (shows (f, NOTHING));
}

/* Signing in does not wait for it. */
static void
test_not_in_the_way (Fixture *f, gconstpointer quirks)
{
  GtkWidget *submit = ui_test_find_action (f->form, "account-form.submit");

  type_address (f, "alice");
  gtk_editable_set_text (GTK_EDITABLE (field (f, "Password")), "correct horse");
  leave (f);
  burble_test_wait_until (burble_test_cg_get_open (f->server) == 1);
  g_assert_true (gtk_widget_is_sensitive (submit));
  g_assert_true (says_nothing (f));
  burble_test_wait_until (shows (f, NOTHING));
  g_assert_true (gtk_widget_is_sensitive (submit));
}

static void
test_something_else (Fixture *f, gconstpointer quirks)
{
  type_address (f, "alice");
  leave (f);
  burble_test_wait_until (burble_test_cg_get_open (f->server) == 1);
  burble_test_cg_send_raw (f->server, "220 mail.example.org ready\r\n", 28);
  burble_test_wait_until (shows (f, "Something else answers there. Check the address."));
}

static void
test_other_versions (Fixture *f, gconstpointer quirks)
{
  type_address (f, "alice");
  leave (f);
  burble_test_wait_until (shows (f, "There is a server · newer than Burble knows, "
                                    "so signing in may fail"));
}

static void
test_closed (Fixture *f, gconstpointer quirks)
{
  type_address (f, "alice");
  leave (f);
  burble_test_wait_until (shows (f, "A CG Server · nobody is there now · nobody can sign in now"));
}

/* Where servers cannot be asked, and where there is nobody to ask. */
static void
test_nothing_to_say (Fixture *f, gconstpointer quirks)
{
  GtkWidget *entry = field (f, "cg name");

  gtk_widget_grab_focus (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), "alice");
  leave (f);
  gtk_widget_grab_focus (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), "alice@");
  leave (f);
  burble_test_settle ();
  g_assert_true (says_nothing (f));
  adw_combo_row_set_selected (ADW_COMBO_ROW (field (f, "Account Type")), 1);
  gtk_widget_grab_focus (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), "alice@example.test");
  leave (f);
  burble_test_settle ();
  g_assert_true (says_nothing (f));
  g_assert_cmpuint (burble_test_cg_get_connections (f->server), ==, 0);
}

static gboolean
is_error (GtkWidget *widget, gconstpointer data)
{
  return gtk_widget_has_css_class (widget, "error") && gtk_widget_get_visible (widget)
         && *gtk_label_get_label (GTK_LABEL (widget)) != '\0';
}

/* Nobody is left alone with it: the switch is there, and has the focus; once it is on, all is
 * said. */
static void
test_unencrypted (Fixture *f, gconstpointer quirks)
{
  GtkWidget *plain = field (f, "No Encryption");

  gtk_editable_set_text (GTK_EDITABLE (field (f, "cg name")), "alice@cg.example.test");
  gtk_editable_set_text (GTK_EDITABLE (field (f, "Password")), "correct horse");
  g_assert_false (gtk_widget_get_child_visible (plain) && gtk_widget_get_mapped (plain));
  gtk_widget_activate_action (f->form, "account-form.submit", NULL);
  burble_test_wait_until (gtk_widget_get_mapped (plain));
  burble_test_wait_until (gtk_root_get_focus (GTK_ROOT (f->window)) == plain
                          || gtk_widget_is_ancestor (gtk_root_get_focus (GTK_ROOT (f->window)),
                                                     plain));
  g_assert_cmpuint (burble_test_cg_get_connections (f->server), ==, 0);
  g_assert_nonnull (ui_test_find (f->form, GTK_TYPE_LABEL, is_error, NULL));
  adw_switch_row_set_active (ADW_SWITCH_ROW (plain), TRUE);
  g_assert_null (ui_test_find (f->form, GTK_TYPE_LABEL, is_error, NULL));
}

static void
test_gone (Fixture *f, gconstpointer quirks)
{
  type_address (f, "alice");
  leave (f);
  burble_test_wait_until (burble_test_cg_get_open (f->server) == 1);
  ui_test_destroy (g_steal_pointer (&f->window));
  burble_test_wait_until (burble_test_cg_get_open (f->server) == 0);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

#define add(name, quirks, function) \
  g_test_add ("/ui/account-form/" name, Fixture, GUINT_TO_POINTER (quirks), set_up, function, \
              tear_down)
  add ("what-answers", 0, test_what_answers);
  add ("forgotten", 0, test_forgotten);
  add ("nothing-there", 0, test_nothing_there);
  add ("not-in-the-way", BURBLE_TEST_CG_MUTE, test_not_in_the_way);
  add ("something-else", BURBLE_TEST_CG_MUTE, test_something_else);
  add ("other-versions", BURBLE_TEST_CG_NEWER_TRANSPORT, test_other_versions);
  add ("closed", BURBLE_TEST_CG_CLOSED, test_closed);
  add ("nothing-to-say", 0, test_nothing_to_say);
  add ("unencrypted", 0, test_unencrypted);
  add ("gone", BURBLE_TEST_CG_MUTE, test_gone);

  return g_test_run ();
}
