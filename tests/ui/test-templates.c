/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-account-form.h"
#include "burble-account-row.h"
#include "burble-add-account-dialog.h"
#include "burble-add-contact-dialog.h"
#include "burble-avatar.h"
#include "burble-certificate-dialog.h"
#include "burble-chat-list.h"
#include "burble-chat-page.h"
#include "burble-chat-row.h"
#include "burble-composer.h"
#include "burble-contact-list.h"
#include "burble-contact-row.h"
#include "burble-details-pane.h"
#include "burble-find-person-dialog.h"
#include "burble-message-info.h"
#include "burble-message-list.h"
#include "burble-message-row.h"
#include "burble-new-chat-dialog.h"
#include "burble-own-menu.h"
#include "burble-password-dialog.h"
#include "burble-preferences.h"
#include "burble-search-results.h"
#include "burble-search-row.h"
#include "burble-shortcuts-dialog.h"
#include "burble-sidebar.h"
#include "burble-welcome-page.h"
#include "ui-fixture.h"

static const char * const networks[] = { "dummy", "gurgle", NULL };

static BurbleAccount *
make_account (void)
{
  return burble_account_new ("uid", "dummy", "maya@example.org");
}

/* Shows a widget empty, as a template is before anything is bound; nothing may stay behind. */
static void
test_widget (gconstpointer data)
{
  GType type = (GType) (gsize) data;
  GtkWidget *widget = g_object_ref_sink (g_object_new (type, NULL));
  GtkWindow *window = NULL;

  if (BURBLE_IS_COMPOSER (widget))
    g_object_set (widget, "check-spelling", ui_test_may_spell (), NULL);
  window = ui_test_show (widget);
  ui_test_destroy (window);
  g_assert_finalize_object (widget);
}

static void
show_dialog (AdwDialog *dialog)
{
  GtkWindow *window = ui_test_show (adw_bin_new ());

  g_object_ref_sink (dialog);
  adw_dialog_present (dialog, adw_window_get_content (ADW_WINDOW (window)));
  burble_test_wait_until (gtk_widget_get_width (GTK_WIDGET (dialog)) > 0);
  burble_test_settle ();
  adw_dialog_force_close (dialog);
  burble_test_settle ();
  ui_test_destroy (window);
  g_assert_finalize_object (dialog);
}

static void
test_add_account (void)
{
  show_dialog (burble_add_account_dialog_new (NULL, networks));
}

static gboolean
all_in_view (GtkWidget *dialog)
{
  GtkWidget *scrolled = ui_test_find (dialog, GTK_TYPE_SCROLLED_WINDOW, NULL, NULL);
  GtkAdjustment *place = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));

  return gtk_adjustment_get_upper (place) <= gtk_adjustment_get_page_size (place);
}

/* A line that comes to stand in it pushes none out of view. */
static void
test_add_account_grows (void)
{
  AdwDialog *dialog = burble_add_account_dialog_new (NULL, networks);
  GtkWindow *window = ui_test_show (adw_bin_new ());
  GtkWidget *create = NULL;
  int width, before;

  adw_dialog_present (dialog, adw_window_get_content (ADW_WINDOW (window)));
  burble_test_wait_until (gtk_widget_get_width (GTK_WIDGET (dialog)) > 0);
  burble_test_settle ();
  g_assert_true (all_in_view (GTK_WIDGET (dialog)));
  create = ui_test_find (GTK_WIDGET (dialog), GTK_TYPE_TOGGLE_BUTTON, NULL, NULL);
  width = gtk_widget_get_width (gtk_widget_get_parent (create));
  before = gtk_widget_get_height (gtk_widget_get_parent (create));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (create), TRUE);
  burble_test_wait_until (gtk_widget_get_height (gtk_widget_get_parent (create)) > before);
  burble_test_wait_until (all_in_view (GTK_WIDGET (dialog)));
  g_assert_cmpint (gtk_widget_get_width (gtk_widget_get_parent (create)), ==, width);
  adw_dialog_force_close (dialog);
  burble_test_settle ();
  ui_test_destroy (window);
}

static void
test_add_contact (void)
{
  show_dialog (burble_add_contact_dialog_new (NULL, "alice@example.org"));
}

static void
test_find_person (void)
{
  show_dialog (burble_find_person_dialog_new (NULL));
}

static void
test_new_chat (void)
{
  show_dialog (burble_new_chat_dialog_new (NULL));
}

static void
test_preferences (void)
{
  g_autoptr(GSettings) settings = ui_test_settings ();

  show_dialog (burble_preferences_new (NULL, settings, networks));
}

static void
test_shortcuts (void)
{
  show_dialog (burble_shortcuts_dialog_new ());
}

static void
test_password (void)
{
  g_autoptr(BurbleAccount) account = make_account ();

  show_dialog (burble_password_dialog_new (NULL, account, "password"));
  show_dialog (burble_password_dialog_new (NULL, account, NULL));
}

static void
test_certificate (void)
{
  g_autoptr(BurbleAccount) account = make_account ();
  g_autoptr(BurbleCertificateQuestion) question =
    burble_certificate_question_new ("example.org", "sha256:00112233445566778899aabbccddeeff"
                                     "00112233445566778899aabbccddeeff");

  show_dialog (burble_certificate_dialog_new (NULL, account, question));
}

static void
test_message_info (void)
{
  g_autoptr(BurbleAccount) account = make_account ();
  g_autoptr(BurbleContact) contact = burble_contact_new (account, "alice@example.org");
  g_autoptr(BurbleMessage) message = burble_message_new (NULL, "alice@example.org", FALSE,
                                                         "<b>& not markup", 0);

  show_dialog (burble_message_info_new (message, contact));
}

static void
test_account_row (void)
{
  g_autoptr(BurbleAccount) account = make_account ();
  GtkWidget *row = burble_account_row_new (NULL, account);
  GtkWidget *list = gtk_list_box_new ();
  GtkWindow *window = NULL;

  g_object_ref_sink (row);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  window = ui_test_show (list);
  burble_account_set_state (account, BURBLE_ACCOUNT_FAILED);
  burble_account_set_error (account, "unreachable", NULL);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
  burble_test_settle ();
  g_assert_nonnull (ui_test_find_label (row, "Rehearsal · Not connected"));
  ui_test_destroy (window);
  g_assert_finalize_object (row);
}

static gboolean
has_title (GtkWidget *widget, gconstpointer title)
{
  return g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0;
}

static void
check_server (GtkWidget *form, const char *words)
{
  GtkWidget *row = ui_test_find (form, ADW_TYPE_EXPANDER_ROW, has_title, "Server");

  g_assert_cmpstr (adw_expander_row_get_subtitle (ADW_EXPANDER_ROW (row)), ==, words);
}

/* What the form says of the server is where the client goes. */
static void
test_server_words (void)
{
  GtkWidget *form = g_object_ref_sink (g_object_new (BURBLE_TYPE_ACCOUNT_FORM, NULL));
  GtkWindow *window = ui_test_show (form);
  GtkWidget *address = ui_test_find (form, ADW_TYPE_ENTRY_ROW, NULL, NULL);
  GtkWidget *host = ui_test_find (form, ADW_TYPE_ENTRY_ROW, has_title, "Host Name");
  GtkWidget *websocket = ui_test_find (form, ADW_TYPE_SWITCH_ROW, has_title, "WebSocket");
  GtkWidget *port = ui_test_find (form, GTK_TYPE_SPIN_BUTTON, NULL, NULL);

  check_server (form, "Found automatically");
  adw_switch_row_set_active (ADW_SWITCH_ROW (websocket), TRUE);
  check_server (form, "Server of the address · over WebSocket");
  gtk_editable_set_text (GTK_EDITABLE (address), "alice@example.org");
  check_server (form, "example.org · over WebSocket");
  adw_switch_row_set_active (ADW_SWITCH_ROW (websocket), FALSE);
  check_server (form, "Found automatically");
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (port), 2210);
  check_server (form, "example.org:2210");
  gtk_editable_set_text (GTK_EDITABLE (host), "chat.example.net");
  check_server (form, "chat.example.net:2210");
  ui_test_destroy (window);
  g_assert_finalize_object (form);
}

/* What can be set about a WebSocket is the network's; nothing where it has none. */
static void
test_websocket_words (void)
{
  const char * const choice[] = { "gurgle", "dummy", NULL };
  GtkWidget *form = g_object_ref_sink (g_object_new (BURBLE_TYPE_ACCOUNT_FORM, NULL));
  GtkWindow *window = ui_test_show (form);
  GtkWidget *network = ui_test_find (form, ADW_TYPE_COMBO_ROW, NULL, NULL);
  GtkWidget *websocket = ui_test_find (form, ADW_TYPE_SWITCH_ROW, has_title, "WebSocket");
  GtkWidget *path = NULL;

  burble_account_form_set_session (BURBLE_ACCOUNT_FORM (form), NULL, choice);
  g_assert_true (gtk_widget_get_visible (websocket));
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (websocket)), ==,
                   "Where nothing but the web passes");
  adw_switch_row_set_active (ADW_SWITCH_ROW (websocket), TRUE);
  path = ui_test_find (form, ADW_TYPE_ENTRY_ROW, has_title, "Path");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (path)), ==, "/gurgle");
  adw_combo_row_set_selected (ADW_COMBO_ROW (network), 1);
  g_assert_false (gtk_widget_get_visible (websocket));
  g_assert_false (gtk_widget_get_visible (path));
  ui_test_destroy (window);
  g_assert_finalize_object (form);
}

int
main (int argc, char *argv[])
{
  const struct
  {
    const char *name;
    GType type;
  } widgets[] = {
    { "account-form", BURBLE_TYPE_ACCOUNT_FORM },
    { "avatar", BURBLE_TYPE_AVATAR },
    { "chat-list", BURBLE_TYPE_CHAT_LIST },
    { "chat-page", BURBLE_TYPE_CHAT_PAGE },
    { "chat-row", BURBLE_TYPE_CHAT_ROW },
    { "composer", BURBLE_TYPE_COMPOSER },
    { "contact-list", BURBLE_TYPE_CONTACT_LIST },
    { "contact-row", BURBLE_TYPE_CONTACT_ROW },
    { "details-pane", BURBLE_TYPE_DETAILS_PANE },
    { "message-list", BURBLE_TYPE_MESSAGE_LIST },
    { "message-row", BURBLE_TYPE_MESSAGE_ROW },
    { "own-menu", BURBLE_TYPE_OWN_MENU },
    { "search-results", BURBLE_TYPE_SEARCH_RESULTS },
    { "search-row", BURBLE_TYPE_SEARCH_ROW },
    { "sidebar", BURBLE_TYPE_SIDEBAR },
    { "welcome-page", BURBLE_TYPE_WELCOME_PAGE },
  };

  ui_test_init (&argc, &argv);
  for (gsize i = 0; i < G_N_ELEMENTS (widgets); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/templates/%s", widgets[i].name);

      g_test_add_data_func (path, (gconstpointer) (gsize) widgets[i].type, test_widget);
    }
  g_test_add_func ("/ui/templates/account-form-server", test_server_words);
  g_test_add_func ("/ui/templates/account-form-websocket", test_websocket_words);
  g_test_add_func ("/ui/templates/account-row", test_account_row);
  g_test_add_func ("/ui/templates/add-account-dialog", test_add_account);
  g_test_add_func ("/ui/templates/add-account-dialog/grows", test_add_account_grows);
  g_test_add_func ("/ui/templates/add-contact-dialog", test_add_contact);
  g_test_add_func ("/ui/templates/certificate-dialog", test_certificate);
  g_test_add_func ("/ui/templates/find-person-dialog", test_find_person);
  g_test_add_func ("/ui/templates/message-info", test_message_info);
  g_test_add_func ("/ui/templates/new-chat-dialog", test_new_chat);
  g_test_add_func ("/ui/templates/password-dialog", test_password);
  g_test_add_func ("/ui/templates/preferences", test_preferences);
  g_test_add_func ("/ui/templates/shortcuts-dialog", test_shortcuts);
  return g_test_run ();
}
