/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-contact-row.h"
#include "burble-find-person-dialog.h"
#include "burble-private-chat-connection.h"
#include "burble-test-site.h"
#include "burble-window.h"
#include "session-fixture.h"
#include "ui-fixture.h"

/* Who is there, on a network that tells. */

#define PASSWORD "correct horse"
#define MANY 60

static const char * const networks[] = { "private-chat", NULL };

typedef struct
{
  BurbleTestSite *site;
  Person *alice;
  GSettings *settings;
  BurbleWindow *window;
} Fixture;

static BurbleConnection *
make_site (const char *network, const BurbleConnectionSettings *settings, gpointer user_data)
{
  return g_object_new (BURBLE_TYPE_PRIVATE_CHAT_CONNECTION, "retry-ceiling", 100, "poll-interval",
                       200, NULL);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  guint n = GPOINTER_TO_UINT (data);

  f->site = burble_test_site_new ();
  burble_test_site_tell (f->site, "user alice " PASSWORD);
  burble_test_site_tell (f->site, "user bob " PASSWORD "|Bob the Builder");
  burble_test_site_tell (f->site, "user carol " PASSWORD);
  for (guint i = 0; i < n; i++)
    burble_test_site_tell (f->site, "user extra%02u " PASSWORD, i);
  f->alice = person_new ("alice@chat.test", "desk");
  f->alice->network = "private-chat";
  f->alice->factory = make_site;
  f->alice->host = g_strdup ("127.0.0.1");
  f->alice->port = burble_test_site_get_port (f->site);
  f->alice->plain = TRUE;
  person_start (f->alice);
  error = person_try_sign_in (f->alice, PASSWORD, FALSE);
  g_assert_no_error (error);
  burble_test_wait_until (person_knows (f->alice, "carol@chat.test"));
  f->settings = ui_test_settings ();
  f->window = BURBLE_WINDOW (burble_window_new (NULL, f->alice->session, f->settings, networks));
  gtk_window_present (GTK_WINDOW (f->window));
  burble_test_wait_until (gtk_widget_get_width (GTK_WIDGET (f->window)) > 0);
  burble_test_settle ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->settings);
  g_object_ref (f->window);
  gtk_window_destroy (GTK_WINDOW (f->window));
  burble_test_settle ();
  g_assert_finalize_object (f->window);
  person_free (f->alice);
  burble_test_site_free (f->site);
}

static GtkWidget *
dialog_of (Fixture *f)
{
  return GTK_WIDGET (adw_application_window_get_visible_dialog (
    ADW_APPLICATION_WINDOW (f->window)));
}

static gboolean
shows (Fixture *f, const char *text)
{
  GtkWidget *label = dialog_of (f) != NULL ? ui_test_find_label (dialog_of (f), text) : NULL;

  return label != NULL && gtk_widget_get_mapped (label);
}

static gboolean
is_mapped_row (GtkWidget *widget, gconstpointer data)
{
  GPtrArray *rows = (GPtrArray *) data;

  if (gtk_widget_get_mapped (widget))
    g_ptr_array_add (rows, widget);
  return FALSE;
}

static guint
count_rows (Fixture *f)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new ();

  ui_test_find (dialog_of (f), BURBLE_TYPE_CONTACT_ROW, is_mapped_row, rows);
  return rows->len;
}

static void
type (Fixture *f, const char *text)
{
  GtkWidget *entry = ui_test_find (dialog_of (f), ADW_TYPE_ENTRY_ROW, NULL, NULL);

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static void
open_dialog (Fixture *f)
{
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.find-person", NULL);
  burble_test_wait_until (dialog_of (f) != NULL && count_rows (f) > 0);
}

static void
close_dialog (Fixture *f)
{
  adw_dialog_force_close (ADW_DIALOG (dialog_of (f)));
  burble_test_settle ();
}

/* Who is here comes first, whatever the names. */
static void
test_lists (Fixture *f, gconstpointer data)
{
  GtkWidget *row = NULL;
  BurbleContact *first = NULL;

  burble_test_site_tell (f->site, "online carol alice");
  burble_test_wait_until (burble_contact_get_online (person_contact (f->alice, "carol@chat.test")));
  open_dialog (f);
  g_assert_cmpuint (count_rows (f), ==, 2); /* not ourselves */
  g_assert_true (shows (f, "1 person is online now"));
  row = ui_test_find (dialog_of (f), BURBLE_TYPE_CONTACT_ROW, NULL, NULL);
  g_object_get (row, "contact", &first, NULL);
  g_assert_cmpstr (burble_contact_get_id (first), ==, "carol@chat.test");
  g_object_unref (first);
  close_dialog (f);
}

static void
test_narrows (Fixture *f, gconstpointer data)
{
  open_dialog (f);
  g_assert_true (shows (f, "Nobody is online now"));
  type (f, "BUILD");
  burble_test_wait_until (count_rows (f) == 1);
  g_assert_true (shows (f, "Bob the Builder"));
  type (f, "nobody like this");
  burble_test_wait_until (count_rows (f) == 0);
  g_assert_true (shows (f, "Nobody in this list has that name. Press Find to ask the server."));
  gtk_widget_activate_action (dialog_of (f), "find-person.find", NULL);
  burble_test_wait_until (shows (f, "Nobody was found. Check the name."));
  g_assert_false (shows (f, "Nobody is online now"));
  type (f, "");
  burble_test_wait_until (count_rows (f) == 2);
  close_dialog (f);
}

/* A person of the list is shown as one who was looked up; who goes on typing has the list again. */
static void
test_chooses (Fixture *f, gconstpointer data)
{
  GtkWidget *row = NULL;

  open_dialog (f);
  row = gtk_widget_get_ancestor (
    ui_test_find (dialog_of (f), BURBLE_TYPE_CONTACT_ROW, NULL, NULL), GTK_TYPE_LIST_BOX_ROW);
  g_signal_emit_by_name (gtk_widget_get_parent (row), "row-activated", row);
  burble_test_wait_until (count_rows (f) == 0 && shows (f, "bob@chat.test"));
  type (f, "");
  burble_test_wait_until (count_rows (f) == 2);
  g_assert_false (shows (f, "bob@chat.test"));
  close_dialog (f);
}

/* However many there are, as many rows as anybody reads. */
static void
test_many (Fixture *f, gconstpointer data)
{
  open_dialog (f);
  g_assert_cmpuint (count_rows (f), <, MANY);
  g_assert_true (shows (f, "There are more people: type a part of a name."));
  type (f, "extra59");
  burble_test_wait_until (count_rows (f) == 1);
  close_dialog (f);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

#define add(name, function, n) \
  g_test_add ("/ui/people/" name, Fixture, GUINT_TO_POINTER (n), set_up, function, tear_down)
  add ("lists", test_lists, 0);
  add ("narrows", test_narrows, 0);
  add ("chooses", test_chooses, 0);
  add ("many", test_many, MANY);

  return g_test_run ();
}
