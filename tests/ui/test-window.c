/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "burble-chat-page.h"
#include "burble-composer.h"
#include "burble-contact-list.h"
#include "burble-details-pane.h"
#include "burble-message-list.h"
#include "burble-message-row.h"
#include "burble-search-results.h"
#include "burble-search-row.h"
#include "burble-sidebar.h"
#include "burble-welcome-page.h"
#include "burble-window.h"
#include "session-fixture.h"
#include "ui-fixture.h"

static const char * const networks[] = { "dummy", NULL };

typedef struct
{
  BurbleDummyNetwork *network;
  Person *maya;
  Person *alice;
  BurbleWindow *window;
  GSettings *settings;
} Fixture;

/* For what happens between the making of a session and its loading. */
static Fixture *early_fixture;
static const char *early_key;

static void
next_frame (Fixture *f)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (f->window));
  gint64 frame = gdk_frame_clock_get_frame_counter (clock);

  gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_AFTER_PAINT);
  burble_test_wait_until (gdk_frame_clock_get_frame_counter (clock) > frame);
  burble_test_settle ();
}

static void
show_window (Fixture *f)
{
  GtkWidget *window = burble_window_new (NULL, f->maya->session, f->settings, networks);

  f->window = BURBLE_WINDOW (window);
  gtk_window_present (GTK_WINDOW (window));
  burble_test_wait_until (gtk_widget_get_width (window) > 0);
  burble_test_settle ();
}

static void
set_up_alone (Fixture *f, gconstpointer data)
{
  f->network = dummy_network_new ("maya@example.org", "alice@example.org", NULL);
  f->maya = person_new ("maya@example.org", "desk");
  person_start (f->maya);
  f->settings = ui_test_settings ();
}

/* Maya's window, with Alice online and known to her. */
static void
set_up (Fixture *f, gconstpointer data)
{
  set_up_alone (f, data);
  f->alice = person_new ("alice@example.org", "phone");
  person_start (f->alice);
  person_sign_in (f->alice);
  person_sign_in (f->maya);
  person_befriend (f->maya, f->alice);
  show_window (f);
}

/* What was shown is gone with the window: anything left over is a leak. */
static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->settings);
  if (f->window != NULL)
    {
      const GType types[] = {
        BURBLE_TYPE_SIDEBAR, BURBLE_TYPE_CHAT_PAGE, BURBLE_TYPE_DETAILS_PANE,
        BURBLE_TYPE_WELCOME_PAGE, BURBLE_TYPE_MESSAGE_LIST, BURBLE_TYPE_COMPOSER,
      };
      GtkWidget *parts[G_N_ELEMENTS (types)] = { NULL };

      for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
        g_set_weak_pointer (&parts[i],
                            ui_test_find (GTK_WIDGET (f->window), types[i], NULL, NULL));
      g_object_ref (f->window);
      gtk_window_destroy (GTK_WINDOW (f->window));
      burble_test_settle ();
      g_assert_finalize_object (f->window);
      for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
        g_assert_null (parts[i]);
    }
  g_clear_pointer (&f->alice, person_free);
  person_free (f->maya);
  g_assert_finalize_object (f->network);
}

static GtkWidget *
part (Fixture *f, GType type)
{
  GtkWidget *widget = ui_test_find (GTK_WIDGET (f->window), type, NULL, NULL);

  g_assert_nonnull (widget);
  return widget;
}

static BurbleConversation *
open_chat (Fixture *f)
{
  BurbleContact *contact = person_contact (f->maya, "alice@example.org");
  BurbleConversation *chat = burble_session_ensure_conversation (f->maya->session, contact);

  burble_window_open (f->window, chat, TRUE);
  burble_test_settle ();
  return chat;
}

/* The row of that text, once it is shown. */
static GtkWidget *
find_row (Fixture *f, const char *text)
{
  GtkWidget *label = ui_test_find_label (part (f, BURBLE_TYPE_MESSAGE_LIST), text);

  return label != NULL ? gtk_widget_get_ancestor (label, BURBLE_TYPE_MESSAGE_ROW) : NULL;
}

static GtkTextBuffer *
composer_buffer (Fixture *f)
{
  GtkWidget *view = ui_test_find (part (f, BURBLE_TYPE_COMPOSER), GTK_TYPE_TEXT_VIEW, NULL, NULL);

  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
}

static gboolean
page_shown (Fixture *f, GType type)
{
  return gtk_widget_get_mapped (part (f, type));
}

static void
test_welcome (Fixture *f, gconstpointer data)
{
  show_window (f);
  burble_test_wait_until (page_shown (f, BURBLE_TYPE_WELCOME_PAGE));
  person_sign_in (f->maya);
  burble_test_wait_until (page_shown (f, BURBLE_TYPE_SIDEBAR));
  g_assert_nonnull (ui_test_find_label (GTK_WIDGET (f->window), "No Chats Yet"));
}

static gboolean
is_row_titled (GtkWidget *widget, gconstpointer title)
{
  return g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0;
}

static void
fill (Fixture *f, GType type, const char *title, const char *text)
{
  GtkWidget *row = ui_test_find (part (f, BURBLE_TYPE_WELCOME_PAGE), type, is_row_titled, title);

  g_assert_nonnull (row);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
}

static void
sign_in_as (Fixture *f, const char *password)
{
  GtkWidget *button = ui_test_find_action (part (f, BURBLE_TYPE_WELCOME_PAGE),
                                           "account-form.submit");

  fill (f, ADW_TYPE_ENTRY_ROW, "Rehearsal ID", " maya@example.org ");
  fill (f, ADW_TYPE_PASSWORD_ENTRY_ROW, "Password", password);
  g_assert_true (gtk_widget_is_sensitive (button));
  gtk_widget_activate (button);
}

static void
test_sign_in (Fixture *f, gconstpointer data)
{
  GListModel *accounts = burble_session_get_accounts (f->maya->session);
  GtkWidget *button = NULL;

  show_window (f);
  burble_test_wait_until (page_shown (f, BURBLE_TYPE_WELCOME_PAGE));
  button = ui_test_find_action (part (f, BURBLE_TYPE_WELCOME_PAGE), "account-form.submit");
  g_assert_false (gtk_widget_is_sensitive (button));
  sign_in_as (f, "wrong");
  burble_test_wait_until (ui_test_find_label (
    GTK_WIDGET (f->window),
    "The name or the password is wrong. Check both and sign in again.") != NULL);
  sign_in_as (f, "secret");
  burble_test_wait_until (g_list_model_get_n_items (accounts) == 1);
  burble_test_wait_until (page_shown (f, BURBLE_TYPE_SIDEBAR));
}

static void
test_talk (Fixture *f, gconstpointer data)
{
  GtkWidget *send = NULL;
  GtkWidget *row = NULL;
  g_autoptr(BurbleMessage) answer = NULL;

  open_chat (f);
  burble_test_wait_until (ui_test_find_label (GTK_WIDGET (f->window), "No Messages Yet") != NULL);
  send = ui_test_find_action (part (f, BURBLE_TYPE_COMPOSER), "composer.send");
  g_assert_false (gtk_widget_is_sensitive (send));
  gtk_text_buffer_set_text (composer_buffer (f), "  \n", -1);
  g_assert_false (gtk_widget_is_sensitive (send));
  gtk_text_buffer_set_text (composer_buffer (f), "Are you there?", -1);
  g_assert_true (gtk_widget_is_sensitive (send));
  gtk_widget_activate (send);
  burble_test_wait_until (gtk_text_buffer_get_char_count (composer_buffer (f)) == 0);
  burble_test_wait_until (find_row (f, "Are you there?") != NULL);
  burble_test_wait_until (person_heard (f->alice, "maya@example.org", "Are you there?"));
  answer = person_say (f->alice, "maya@example.org", "Yes");
  burble_test_wait_until ((row = find_row (f, "Yes")) != NULL);
  g_assert_cmpint (gtk_widget_get_halign (
    burble_message_row_get_bubble (BURBLE_MESSAGE_ROW (row))), ==, GTK_ALIGN_START);
}

static gboolean
labelled (Fixture *f, const char *text, const char *ending)
{
  GtkWidget *row = find_row (f, text);
  g_autofree char *wrong = NULL;

  if (row == NULL)
    return FALSE;
  /* What differs is told: the clock's part is not known here. */
  wrong = gtk_test_accessible_check_property (GTK_ACCESSIBLE (gtk_widget_get_parent (row)),
                                              GTK_ACCESSIBLE_PROPERTY_LABEL, "?");
  return wrong != NULL && strstr (wrong, ending) != NULL;
}

static void
test_rows_are_named (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) said = NULL;
  g_autoptr(BurbleMessage) heard = NULL;

  burble_contact_set_name (person_contact (f->maya, "alice@example.org"), "Alice");
  said = person_say (f->maya, "alice@example.org", "Ready?");
  heard = person_say (f->alice, "maya@example.org", "Perfect, thank you!");
  open_chat (f);
  burble_test_wait_until (find_row (f, "Perfect, thank you!") != NULL);
  g_assert_true (labelled (f, "Perfect, thank you!", ": Perfect, thank you!"));
  g_assert_true (labelled (f, "Perfect, thank you!", "Alice, "));
  g_assert_true (labelled (f, "Ready?", "You, "));
}

static void
test_groups_follow (Fixture *f, gconstpointer data)
{
  BurbleContact *contact = person_contact (f->maya, "alice@example.org");

  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.show-contacts", NULL);
  burble_test_wait_until (ui_test_find_label (GTK_WIDGET (f->window), "Available · 1") != NULL);
  burble_contact_update_presence (contact, "phone", BURBLE_STATUS_DND, "busy");
  burble_test_wait_until (
    ui_test_find_label (GTK_WIDGET (f->window), "Do Not Disturb · 1") != NULL);
  g_assert_null (ui_test_find_label (GTK_WIDGET (f->window), "Available · 1"));
  g_assert_nonnull (ui_test_find_label (GTK_WIDGET (f->window), "Do Not Disturb · busy"));
}

static gboolean
counts_group (GtkWidget *label, gconstpointer data)
{
  guint *count = (guint *) data;

  if (gtk_widget_get_mapped (label) &&
      g_str_has_prefix (gtk_label_get_text (GTK_LABEL (label)), "Available · "))
    (*count)++;
  return FALSE;
}

/* Two groups become one though nobody changes place. */
static void
test_groups_join (Fixture *f, gconstpointer data)
{
  g_autoptr(Person) zoe = NULL;
  BurbleContact *contact = NULL;
  guint headers = 0;

  burble_dummy_network_add_user (f->network, "zoe@example.org", "secret", NULL, NULL);
  zoe = person_new ("zoe@example.org", "phone");
  person_start (zoe);
  person_sign_in (zoe);
  person_befriend (f->maya, zoe);
  contact = person_contact (f->maya, "zoe@example.org");
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.show-contacts", NULL);
  burble_contact_update_presence (contact, "phone", BURBLE_STATUS_DND, NULL);
  burble_test_wait_until (
    ui_test_find_label (GTK_WIDGET (f->window), "Do Not Disturb · 1") != NULL);
  burble_contact_update_presence (contact, "phone", BURBLE_STATUS_AVAILABLE, NULL);
  burble_test_wait_until (ui_test_find_label (GTK_WIDGET (f->window), "Available · 2") != NULL);
  next_frame (f);
  ui_test_find (GTK_WIDGET (f->window), GTK_TYPE_LABEL, counts_group, &headers);
  g_assert_cmpuint (headers, ==, 1);
}

static void
test_renamed (Fixture *f, gconstpointer data)
{
  BurbleContact *contact = person_contact (f->maya, "alice@example.org");
  g_autoptr(BurbleMessage) heard = person_say (f->alice, "maya@example.org", "Hello");

  open_chat (f);
  burble_test_wait_until (find_row (f, "Hello") != NULL);
  burble_contact_set_alias (contact, "Alice (work)");
  g_assert_true (labelled (f, "Hello", "Alice (work), "));
}

static gboolean
is_draft (BurbleConversation *chat, const char *text)
{
  return g_strcmp0 (burble_conversation_get_draft (chat), text) == 0;
}

static void
close_window (Fixture *f)
{
  g_object_ref (f->window);
  burble_window_save (f->window);
  gtk_window_destroy (GTK_WINDOW (f->window));
  burble_test_settle ();
  g_assert_finalize_object (f->window);
  f->window = NULL;
}

static void
open_early (Person *maya)
{
  show_window (early_fixture);
  gtk_widget_activate_action (GTK_WIDGET (early_fixture->window), "win.open-chat", "s", early_key);
}

/* As when the desktop starts the program for a notification: before the chats are known. */
static void
test_opens_when_loaded (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) said = person_say (f->maya, "alice@example.org", "Hello");
  BurbleContact *contact = person_contact (f->maya, "alice@example.org");
  BurbleConversation *chat = burble_session_ensure_conversation (f->maya->session, contact);
  g_autofree char *key = burble_session_get_conversation_key (f->maya->session, chat);

  close_window (f);
  g_settings_reset (f->settings, "open-chat");
  person_stop (f->maya);
  early_fixture = f;
  early_key = key;
  f->maya->prepare = G_CALLBACK (open_early);
  person_start (f->maya);
  f->maya->prepare = NULL;
  burble_test_wait_until (burble_window_get_conversation (f->window) != NULL);
  burble_test_wait_until (find_row (f, "Hello") != NULL);
}

static void
test_comes_back (Fixture *f, gconstpointer data)
{
  g_autofree char *view = NULL;
  BurbleConversation *chat = NULL;

  close_window (f);
  g_settings_set_int (f->settings, "window-width", 1100);
  show_window (f);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (f->window)), >, 1050); /* less a frame */
  chat = open_chat (f);
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.details", NULL);
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.show-contacts", NULL);
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.zoom-in", NULL);
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.zoom-in", NULL);
  g_assert_cmpfloat_with_epsilon (g_settings_get_double (f->settings, "text-scale"), 1.2, 0.01);
  close_window (f);
  view = g_settings_get_string (f->settings, "sidebar-view");
  g_assert_cmpstr (view, ==, "contacts");

  show_window (f);
  g_assert_true (burble_window_get_conversation (f->window) == chat);
  burble_test_wait_until (page_shown (f, BURBLE_TYPE_CONTACT_LIST));
  g_assert_true (page_shown (f, BURBLE_TYPE_DETAILS_PANE));
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.zoom-reset", NULL);
  g_assert_cmpfloat_with_epsilon (g_settings_get_double (f->settings, "text-scale"), 1.0, 0.01);
}

static void
test_draft (Fixture *f, gconstpointer data)
{
  BurbleConversation *chat = open_chat (f);

  gtk_text_buffer_set_text (composer_buffer (f), "half a thou", -1);
  burble_test_wait_until (is_draft (chat, "half a thou"));
  gtk_text_buffer_set_text (composer_buffer (f), "half a thought", -1);
  close_window (f);
  g_assert_true (is_draft (chat, "half a thought"));
  show_window (f);
  open_chat (f);
  g_assert_cmpint (gtk_text_buffer_get_char_count (composer_buffer (f)), ==,
                   strlen ("half a thought"));
}

static GtkAdjustment *
list_adjustment (Fixture *f)
{
  GtkWidget *scroller = ui_test_find (part (f, BURBLE_TYPE_MESSAGE_LIST), GTK_TYPE_SCROLLED_WINDOW,
                                      NULL, NULL);

  return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
}

static gboolean
at_end (Fixture *f)
{
  GtkAdjustment *adjustment = list_adjustment (f);

  return gtk_adjustment_get_page_size (adjustment) > 0 &&
         gtk_adjustment_get_value (adjustment) >= gtk_adjustment_get_upper (adjustment) -
                                                    gtk_adjustment_get_page_size (adjustment) - 2;
}

static void
add_history (Fixture *f, guint count, guint unread)
{
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gint64 now = g_get_real_time ();

  for (guint i = 0; i < count; i++)
    {
      g_autofree char *text = g_strdup_printf ("number %u%s", i, i % 7 == 0 ? "\nand\nmore" : "");
      gboolean own = i % 3 == 0;
      BurbleMessage *message =
        burble_message_new (NULL, own ? "maya@example.org" : "alice@example.org", own, text,
                            now - (count - i) * G_TIME_SPAN_MINUTE);

      burble_message_set_peer (message, "alice@example.org");
      burble_message_set_unread (message, !own && i >= count - unread);
      burble_message_set_state (message, own ? BURBLE_MESSAGE_SENT : BURBLE_MESSAGE_RECEIVED);
      g_ptr_array_add (messages, message);
    }
  result = WAIT_FOR (burble_store_add_messages_async, f->maya->store, f->maya->account, messages,
                     -1);
  g_ptr_array_unref (burble_store_list_finish (f->maya->store, result, &error));
  g_assert_no_error (error);
}

static void
test_long_chat (Fixture *f, gconstpointer data)
{
  GtkAdjustment *adjustment = NULL;
  GtkWidget *row = NULL;
  graphene_rect_t before, after;
  g_autoptr(BurbleMessage) news = NULL;

  add_history (f, 700, 0);
  open_chat (f);
  burble_test_wait_until (find_row (f, "number 699") != NULL && at_end (f));

  /* Upwards as far as it goes: page after page, none of them moves what is read. */
  adjustment = list_adjustment (f);
  while (find_row (f, "number 5") == NULL)
    {
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) - 200);
      next_frame (f);
    }
  row = find_row (f, "number 5");
  g_assert_true (gtk_widget_compute_bounds (row, GTK_WIDGET (f->window), &before));

  /* A reader who went up is left alone. */
  news = person_say (f->alice, "maya@example.org", "news");
  burble_test_wait_until (person_heard (f->maya, "alice@example.org", "news"));
  burble_test_settle ();
  row = find_row (f, "number 5");
  g_assert_nonnull (row);
  g_assert_true (gtk_widget_compute_bounds (row, GTK_WIDGET (f->window), &after));
  g_assert_cmpfloat_with_epsilon (before.origin.y, after.origin.y, 1);

  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.latest", NULL);
  burble_test_wait_until (find_row (f, "news") != NULL && at_end (f));
}

/* Where reading stopped is shown, and nothing is read that nobody looks at. */
static void
test_unread_in_a_long_chat (Fixture *f, gconstpointer data)
{
  const struct { guint unread; const char *first; } cases[] = {
    { 2, "number 1999" }, { 39, "number 1961" }, { 900, "number 1100" },
  };
  const guint chosen = GPOINTER_TO_UINT (data);
  g_autoptr(GtkSelectionModel) model = NULL;
  GtkWidget *row = NULL;
  graphene_rect_t bounds;

  add_history (f, 2000, cases[chosen].unread);
  open_chat (f);
  burble_test_wait_until ((row = find_row (f, cases[chosen].first)) != NULL &&
                          gtk_widget_compute_bounds (row, part (f, BURBLE_TYPE_MESSAGE_LIST),
                                                     &bounds) &&
                          bounds.origin.y >= 0 &&
                          bounds.origin.y + bounds.size.height <=
                            gtk_widget_get_height (part (f, BURBLE_TYPE_MESSAGE_LIST)));
  for (guint i = 0; i < 20; i++)
    next_frame (f);
  g_assert_nonnull (find_row (f, cases[chosen].first));
  g_object_get (ui_test_find (part (f, BURBLE_TYPE_MESSAGE_LIST), GTK_TYPE_LIST_VIEW, NULL, NULL),
                "model", &model, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), <, 250);
}

/* News in a chat that the window holds whole: there is nothing to jump to. */
static void
test_unread_in_a_short_chat (Fixture *f, gconstpointer data)
{
  GtkWidget *jump = NULL;

  add_history (f, 4, 2);
  open_chat (f);
  burble_test_wait_until (find_row (f, "number 2") != NULL);
  for (guint i = 0; i < 20; i++)
    next_frame (f);
  jump = ui_test_find (part (f, BURBLE_TYPE_MESSAGE_LIST), GTK_TYPE_REVEALER, NULL, NULL);
  g_assert_nonnull (jump);
  g_assert_false (gtk_revealer_get_reveal_child (GTK_REVEALER (jump)));
}

static void
test_stays_at_the_end (Fixture *f, gconstpointer data)
{
  add_history (f, 60, 0);
  open_chat (f);
  burble_test_wait_until (find_row (f, "number 59") != NULL && at_end (f));
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *text = g_strdup_printf ("more %u", i);
      g_autoptr(BurbleMessage) message = person_say (f->alice, "maya@example.org", text);

      burble_test_wait_until (find_row (f, text) != NULL && at_end (f));
    }
}

static gboolean
is_read (Fixture *f)
{
  return person_unread (f->maya, "alice@example.org") == 0;
}

static void
test_seen_is_read (Fixture *f, gconstpointer data)
{
  g_autoptr(BurbleMessage) first = person_say (f->alice, "maya@example.org", "one");

  burble_test_wait_until (person_knows (f->maya, "alice@example.org") &&
                          person_heard (f->maya, "alice@example.org", "one"));
  burble_test_wait_until (person_unread (f->maya, "alice@example.org") == 1);
  open_chat (f);
  burble_test_wait_until (find_row (f, "one") != NULL);
  g_assert_nonnull (ui_test_find_label (part (f, BURBLE_TYPE_MESSAGE_LIST), "New messages"));
  burble_test_wait_until (gtk_window_is_active (GTK_WINDOW (f->window)));
  burble_test_wait_until (is_read (f));
}

static gboolean
has_name (GtkWidget *widget)
{
  const char *tooltip = gtk_widget_get_tooltip_text (widget);
  GtkWidget *label = ui_test_find (widget, GTK_TYPE_LABEL, NULL, NULL);

  if (tooltip != NULL && *tooltip != '\0')
    return TRUE;
  if (label != NULL && *gtk_label_get_text (GTK_LABEL (label)) != '\0')
    return TRUE;
  return gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget),
                                           GTK_ACCESSIBLE_PROPERTY_LABEL) ||
         gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget),
                                           GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

static gboolean
is_nameless (GtkWidget *widget, gconstpointer data)
{
  if (!gtk_widget_get_mapped (widget) || !gtk_widget_get_focusable (widget))
    return FALSE;
  if (!GTK_IS_BUTTON (widget) && !GTK_IS_TEXT_VIEW (widget) && !GTK_IS_LIST_VIEW (widget) &&
      !GTK_IS_SWITCH (widget) && !GTK_IS_SEARCH_ENTRY (widget))
    return FALSE;
  if (GTK_IS_MENU_BUTTON (gtk_widget_get_parent (widget)))
    widget = gtk_widget_get_parent (widget);
  return !has_name (widget);
}

static void
test_controls_are_named (Fixture *f, gconstpointer data)
{
  static const char * const actions[] = { "win.find", "win.details", "win.show-contacts" };

  open_chat (f);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      GtkWidget *nameless = NULL;

      gtk_widget_activate_action (GTK_WIDGET (f->window), actions[i], NULL);
      burble_test_settle ();
      nameless = ui_test_find (GTK_WIDGET (f->window), GTK_TYPE_WIDGET, is_nameless, NULL);
      if (nameless != NULL)
        g_error ("after %s a %s has no name (in a %s)", actions[i], G_OBJECT_TYPE_NAME (nameless),
                 G_OBJECT_TYPE_NAME (gtk_widget_get_parent (nameless)));
    }
}

static void
test_request (Fixture *f, gconstpointer data)
{
  Person *bob = person_new ("bob@example.org", "desk");
  GtkWidget *accept = NULL;

  burble_dummy_network_add_user (f->network, "bob@example.org", "secret", NULL, NULL);
  person_start (bob);
  person_sign_in (bob);
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.show-contacts", NULL);
  person_add (bob, "maya@example.org", NULL);
  burble_test_wait_until (ui_test_find_label (GTK_WIDGET (f->window), "Requests · 1") != NULL);
  accept = gtk_widget_get_ancestor (ui_test_find_label (GTK_WIDGET (f->window), "Accept"),
                                    GTK_TYPE_BUTTON);
  gtk_widget_activate (accept);
  burble_test_wait_until (ui_test_find_label (GTK_WIDGET (f->window), "Requests · 1") == NULL);
  burble_test_wait_until (person_knows (f->maya, "bob@example.org") &&
                          burble_contact_get_subscription (
                            person_contact (bob, "maya@example.org")) == BURBLE_SUBSCRIPTION_BOTH);
  person_free (bob);
}

static void
test_banner (Fixture *f, gconstpointer data)
{
  GtkWidget *sign_in = NULL;

  burble_account_set_error (f->maya->account, "password", NULL);
  burble_account_set_state (f->maya->account, BURBLE_ACCOUNT_NEEDS_PASSWORD);
  burble_test_wait_until (
    (sign_in = ui_test_find_label (GTK_WIDGET (f->window), "Sign In…")) != NULL);
  gtk_widget_activate (gtk_widget_get_ancestor (sign_in, GTK_TYPE_BUTTON));
  burble_test_wait_until (adw_application_window_get_visible_dialog (
    ADW_APPLICATION_WINDOW (f->window)) != NULL);
  adw_dialog_force_close (adw_application_window_get_visible_dialog (
    ADW_APPLICATION_WINDOW (f->window)));
  burble_account_set_error (f->maya->account, NULL, NULL);
  burble_account_set_state (f->maya->account, BURBLE_ACCOUNT_ONLINE);
  burble_test_settle ();
}

static guint
count_results (Fixture *f)
{
  GtkWidget *results = part (f, BURBLE_TYPE_SEARCH_RESULTS);
  GtkWidget *view = ui_test_find (results, GTK_TYPE_LIST_VIEW, NULL, NULL);
  guint n = 0;

  for (GtkWidget *row = gtk_widget_get_first_child (view); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (ui_test_find (row, BURBLE_TYPE_SEARCH_ROW, NULL, NULL) != NULL)
      n++;
  return n;
}

/* Not scrolled off above the first row. */
static gboolean
title_of_results_shown (Fixture *f)
{
  GtkWidget *results = part (f, BURBLE_TYPE_SEARCH_RESULTS);
  GtkWidget *view = ui_test_find (results, GTK_TYPE_LIST_VIEW, NULL, NULL);
  GtkWidget *title = ui_test_find_label (results, "Messages");
  graphene_rect_t bounds;

  return title != NULL && gtk_widget_compute_bounds (title, view, &bounds) &&
         graphene_rect_get_y (&bounds) >= 0;
}

static void
test_search (Fixture *f, gconstpointer data)
{
  GtkWidget *entry = NULL;

  add_history (f, 30, 0);
  burble_window_open (f->window, open_chat (f), FALSE);
  entry = ui_test_find (part (f, BURBLE_TYPE_SIDEBAR), GTK_TYPE_SEARCH_ENTRY, NULL, NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "ALI");
  burble_test_wait_until (ui_test_find_label (part (f, BURBLE_TYPE_SIDEBAR), "alice") != NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "number 17");
  burble_test_wait_until (ui_test_find_label (part (f, BURBLE_TYPE_SIDEBAR), "Messages") != NULL);
  /* A long list gets its rows as somebody comes to them. */
  gtk_editable_set_text (GTK_EDITABLE (entry), "number");
  burble_test_wait_until (count_results (f) > 1);
  burble_test_settle ();
  g_assert_cmpuint (count_results (f), <, 30);
  burble_test_wait_until (title_of_results_shown (f));
  gtk_editable_set_text (GTK_EDITABLE (entry), "nothing like it");
  burble_test_wait_until (ui_test_find_label (part (f, BURBLE_TYPE_SIDEBAR),
                                              "No Results Found") != NULL);
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.back", NULL);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "");
}

static void
test_narrow (Fixture *f, gconstpointer data)
{
  AdwNavigationSplitView *view = ADW_NAVIGATION_SPLIT_VIEW (part (f,
                                                                  ADW_TYPE_NAVIGATION_SPLIT_VIEW));

  g_object_set (view, "collapsed", TRUE, NULL);
  burble_test_settle ();
  open_chat (f);
  g_assert_true (adw_navigation_split_view_get_show_content (view));
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.back", NULL);
  g_assert_false (adw_navigation_split_view_get_show_content (view));
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.next-pane", NULL);
  g_assert_true (adw_navigation_split_view_get_show_content (view));
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);
#define ADD(name, set_up_func, func) \
  g_test_add ("/ui/window/" name, Fixture, NULL, set_up_func, func, tear_down)
  ADD ("welcomes-who-has-no-account", set_up_alone, test_welcome);
  ADD ("signs-in", set_up_alone, test_sign_in);
  ADD ("two-people-talk", set_up, test_talk);
  ADD ("rows-are-named-as-they-are-read", set_up, test_rows_are_named);
  ADD ("controls-are-named", set_up, test_controls_are_named);
  ADD ("draft-comes-back", set_up, test_draft);
  ADD ("contacts-change-group", set_up, test_groups_follow);
  ADD ("groups-of-contacts-join", set_up, test_groups_join);
  ADD ("rows-follow-a-new-name", set_up, test_renamed);
  ADD ("opens-a-chat-that-is-not-loaded-yet", set_up, test_opens_when_loaded);
  ADD ("comes-back-as-it-was-left", set_up, test_comes_back);
  ADD ("what-is-seen-is-read", set_up, test_seen_is_read);
  ADD ("stays-at-the-end", set_up, test_stays_at_the_end);
  ADD ("leaves-a-reader-alone-in-a-long-chat", set_up, test_long_chat);
  ADD ("unread-in-a-short-chat", set_up, test_unread_in_a_short_chat);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/window/unread-in-a-long-chat/%u", i);

      g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_unread_in_a_long_chat,
                  tear_down);
    }
  ADD ("request-is-accepted", set_up, test_request);
  ADD ("banner-has-a-remedy", set_up, test_banner);
  ADD ("searches-chats-and-history", set_up, test_search);
  ADD ("one-pane-goes-there-and-back", set_up, test_narrow);
  return g_test_run ();
}
