/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-fixture.h"

#include <glib/gstdio.h>

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_tree (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

void
session_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static BurbleConnection *
make_connection (const char *network, const BurbleConnectionSettings *settings, gpointer user_data)
{
  Person *self = user_data;
  BurbleConnection *connection = NULL;

  if (self->factory != NULL)
    connection = self->factory (network, settings, self->factory_data);
  else if (g_str_equal (network, "dummy"))
    connection = g_object_new (BURBLE_TYPE_DUMMY_CONNECTION, "canned", FALSE, "retry-ceiling", 20,
                               NULL);
  if (connection == NULL)
    return NULL;
  burble_connection_set_settings (connection, settings);
  g_set_weak_pointer (&self->connection, connection);
  return connection;
}

Person *
person_new (const char *address, const char *terminal)
{
  Person *self = g_new0 (Person, 1);
  g_autoptr(GError) error = NULL;

  self->directory = g_dir_make_tmp ("burble-session-XXXXXX", &error);
  g_assert_no_error (error);
  self->address = g_strdup (address);
  self->terminal = g_strdup (terminal);
  self->network = "dummy";
  self->first_delay = 1;
  self->secrets = burble_secrets_new_memory ();
  self->notices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  return self;
}

void
person_free (Person *self)
{
  if (self->session != NULL)
    person_stop (self);
  g_assert_finalize_object (g_steal_pointer (&self->secrets));
  g_clear_weak_pointer (&self->connection);
  g_clear_object (&self->question);
  g_hash_table_unref (self->notices);
  remove_tree (self->directory);
  g_free (self->directory);
  g_free (self->address);
  g_free (self->terminal);
  g_free (self->password_reason);
  g_free (self->host);
  g_free (self->pin);
  g_free (self);
}

static void
password_needed_cb (BurbleSession *session, BurbleAccount *account, const char *reason,
                    Person *self)
{
  self->passwords_needed++;
  g_set_str (&self->password_reason, reason);
}

static void
password_not_kept_cb (BurbleSession *session, BurbleAccount *account, const char *reason,
                      Person *self)
{
  self->passwords_not_kept++;
}

static void
question_cb (BurbleSession *session, BurbleAccount *account, BurbleCertificateQuestion *question,
             Person *self)
{
  g_set_object (&self->question, question);
}

static void
notice_cb (BurbleSession *session, BurbleNotice *notice, Person *self)
{
  self->notices_shown++;
  g_hash_table_insert (self->notices, g_strdup (burble_notice_get_tag (notice)),
                       g_object_ref (notice));
}

static void
withdrawn_cb (BurbleSession *session, const char *tag, Person *self)
{
  g_assert_true (g_hash_table_remove (self->notices, tag));
}

static void
failed_cb (BurbleSession *session, const GError *error, Person *self)
{
  self->store_failures++;
}

static void
arrived_cb (BurbleSession *session, BurbleConversation *conversation, BurbleMessage *message,
            Person *self)
{
  g_assert_cmpint (burble_message_get_row (message), >, 0);
  self->arrived++;
}

void
person_start (Person *self)
{
  g_autofree char *path = g_build_filename (self->directory, "burble.db", NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GListModel *accounts = NULL;
  BurbleSessionOptions *options = NULL;

  g_assert_null (self->session);
  self->store = burble_store_new (path);
  self->session = burble_session_new (self->store, self->secrets, make_connection, self);
  burble_session_set_terminal (self->session, self->terminal);
  options = burble_session_get_options (self->session);
  options->settle_time = 0;
  options->draft_delay = 20;
  options->retry_delay = 20;
  options->gap_delay = 20;
  options->first_delay = self->first_delay;
  g_signal_connect (self->session, "password-needed", G_CALLBACK (password_needed_cb), self);
  g_signal_connect (self->session, "password-not-kept", G_CALLBACK (password_not_kept_cb), self);
  g_signal_connect (self->session, "certificate-question", G_CALLBACK (question_cb), self);
  g_signal_connect (self->session, "notice", G_CALLBACK (notice_cb), self);
  g_signal_connect (self->session, "notice-withdrawn", G_CALLBACK (withdrawn_cb), self);
  g_signal_connect (self->session, "store-failed", G_CALLBACK (failed_cb), self);
  g_signal_connect (self->session, "message-arrived", G_CALLBACK (arrived_cb), self);
  if (self->prepare != NULL)
    ((void (*) (Person *)) self->prepare) (self);
  result = WAIT_FOR (burble_session_load_async, self->session);
  burble_session_load_finish (self->session, result, &error);
  g_assert_no_error (error);
  accounts = burble_session_get_accounts (self->session);
  self->account = g_list_model_get_item (accounts, 0);
}

void
person_stop (Person *self)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  result = WAIT_FOR (burble_session_shutdown_async, self->session);
  burble_session_shutdown_finish (self->session, result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  g_clear_object (&self->account);
  g_hash_table_remove_all (self->notices);
  burble_test_settle ();
  g_assert_finalize_object (g_steal_pointer (&self->session));
  g_assert_finalize_object (g_steal_pointer (&self->store));
  burble_test_wait_until (self->connection == NULL);
}

GError *
person_try_sign_in (Person *self, const char *password, gboolean create)
{
  g_autoptr(GAsyncResult) result = NULL;
  GError *error = NULL;

  g_clear_object (&self->account);
  self->account = burble_account_new (NULL, self->network, self->address);
  burble_account_set_host (self->account, self->host);
  burble_account_set_port (self->account, self->port);
  burble_account_set_plain (self->account, self->plain);
  burble_account_set_websocket (self->account, self->websocket);
  burble_account_set_pin (self->account, self->pin);
  result = WAIT_FOR (burble_session_add_account_async, self->session, self->account, password, TRUE,
                     create, NULL);
  burble_session_add_account_finish (self->session, result, &error);
  return error;
}

void
person_sign_in (Person *self)
{
  g_autoptr(GError) error = person_try_sign_in (self, "secret", FALSE);

  g_assert_no_error (error);
  g_assert_cmpint (burble_account_get_state (self->account), ==, BURBLE_ACCOUNT_ONLINE);
}

void
person_wait_online (Person *self)
{
  burble_test_wait_until (burble_account_get_state (self->account) == BURBLE_ACCOUNT_ONLINE);
}

void
person_wait_offline (Person *self)
{
  burble_test_wait_until (burble_account_get_state (self->account) != BURBLE_ACCOUNT_ONLINE);
}

gboolean
person_knows (Person *self, const char *id)
{
  return burble_session_find_contact (self->session, self->account, id) != NULL;
}

BurbleContact *
person_contact (Person *self, const char *id)
{
  BurbleContact *contact = burble_session_find_contact (self->session, self->account, id);

  g_assert_nonnull (contact);
  return contact;
}

static BurbleConversation *
find_chat (Person *self, const char *peer)
{
  g_autofree char *key = g_strdup_printf ("%s/%s", burble_account_get_uid (self->account), peer);

  return burble_session_find_conversation (self->session, key);
}

BurbleConversation *
person_chat (Person *self, const char *peer)
{
  BurbleConversation *conversation = find_chat (self, peer);

  g_assert_nonnull (conversation);
  return conversation;
}

static BurbleConversation *
ensure_chat (Person *self, const char *peer)
{
  BurbleContact *contact = person_contact (self, peer);

  return burble_session_ensure_conversation (self->session, contact);
}

BurbleMessage *
person_say (Person *self, const char *peer, const char *text)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  BurbleMessage *message = NULL;

  result = WAIT_FOR (burble_session_send_async, self->session, ensure_chat (self, peer), text, NULL,
                     NULL);
  message = burble_session_send_finish (self->session, result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (burble_message_get_row (message), >, 0);
  return message;
}

char *
person_texts (Person *self, const char *peer)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) page = NULL;
  GString *texts = g_string_new (NULL);

  result = WAIT_FOR (burble_store_load_page_async, self->store, person_chat (self, peer),
                     BURBLE_PAGE_LATEST, 0, 0, 1000);
  page = burble_store_list_finish (self->store, result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < page->len; i++)
    g_string_append_printf (texts, "%s%s", i > 0 ? " " : "",
                            burble_message_get_text (g_ptr_array_index (page, i)));
  return g_string_free (texts, FALSE);
}

guint
person_unread (Person *self, const char *peer)
{
  return burble_conversation_get_unread (person_chat (self, peer));
}

BurbleMessageWindow *
person_open (Person *self, const char *peer)
{
  BurbleMessageWindow *window = burble_session_open_messages (self->session,
                                                              ensure_chat (self, peer));

  burble_test_wait_until (!burble_message_window_get_loading (window));
  return window;
}

gboolean
person_heard (Person *self, const char *peer, const char *text)
{
  BurbleConversation *conversation = find_chat (self, peer);
  BurbleMessage *last = NULL;

  if (conversation == NULL)
    return FALSE;
  last = burble_conversation_get_last_message (conversation);
  return last != NULL && g_str_equal (burble_message_get_text (last), text);
}

BurbleMessageState
person_last_state (Person *self, const char *peer)
{
  BurbleMessage *last = burble_conversation_get_last_message (person_chat (self, peer));

  g_assert_nonnull (last);
  return burble_message_get_state (last);
}

void
person_add (Person *self, const char *id, const char *alias)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  result = WAIT_FOR (burble_session_add_contact_async, self->session, self->account, id, alias);
  burble_session_roster_finish (self->session, result, &error);
  g_assert_no_error (error);
}

void
person_remove (Person *self, const char *id)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  result = WAIT_FOR (burble_session_remove_contact_async, self->session, person_contact (self, id));
  burble_session_roster_finish (self->session, result, &error);
  g_assert_no_error (error);
}

void
person_accept (Person *self, const char *id)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  result = WAIT_FOR (burble_session_accept_contact_async, self->session, person_contact (self, id));
  burble_session_roster_finish (self->session, result, &error);
  g_assert_no_error (error);
}

static gboolean
sees (Person *self, Person *other)
{
  return person_knows (self, other->address)
         && burble_contact_get_subscription (person_contact (self, other->address))
            == BURBLE_SUBSCRIPTION_BOTH
         && burble_contact_get_online (person_contact (self, other->address));
}

void
person_befriend (Person *self, Person *other)
{
  person_add (self, other->address, NULL);
  burble_test_wait_until (person_knows (other, self->address)
                          && burble_contact_get_asks (person_contact (other, self->address)));
  person_accept (other, self->address);
  burble_test_wait_until (sees (self, other) && sees (other, self));
}

BurbleNotice *
person_notice (Person *self, const char *peer)
{
  g_autofree char *tag = g_strdup_printf ("%s/%s", burble_account_get_uid (self->account), peer);

  return g_hash_table_lookup (self->notices, tag);
}

BurbleDummyNetwork *
dummy_network_new (const char *first, ...)
{
  BurbleDummyNetwork *network = burble_dummy_network_get ("example.org");
  va_list ids;

  burble_dummy_network_set_pace (network, 0.0);
  va_start (ids, first);
  for (const char *id = first; id != NULL; id = va_arg (ids, const char *))
    burble_dummy_network_add_user (network, id, "secret", NULL, NULL);
  va_end (ids);
  return network;
}
