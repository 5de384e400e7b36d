/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-cg-connection.h"
#include "burble-test-cg.h"
#include "burble-test-wait.h"

#define PASSWORD "correct horse"
#define IMPATIENT 300 /* ms, where silence is waited for */

typedef struct
{
  BurbleTestCg *server;
  BurbleConnection *connection;
  const char *bob;       /* their UUID */
  GPtrArray *items;      /* (element-type BurbleRosterItem): each change of the list */
  guint kept;
  guint resets;
  char *notice;
  guint news;
} Fixture;

static void
changed_cb (Fixture *f, const char *etag, GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (f->items, burble_roster_item_copy (g_ptr_array_index (items, i)));
}

static void
kept_cb (Fixture *f)
{
  f->kept++;
}

static void
reset_cb (Fixture *f, const char *etag, GPtrArray *items)
{
  f->resets++;
}

static void
notice_cb (Fixture *f, gboolean warning, const char *word, const char *subject)
{
  g_free (f->notice);
  f->notice = g_strdup_printf ("%d %s %s", warning, word, subject);
}

static void
person_cb (Fixture *f, BurblePersonInfo *person)
{
  f->news++;
}

static void
make_connection (Fixture *f, const char *name)
{
  g_autofree char *address = g_strdup_printf ("%s@127.0.0.1:%u", name,
                                              burble_test_cg_get_port (f->server));
  g_autoptr(BurbleConnectionSettings) settings = burble_connection_settings_new (address);

  f->connection = g_object_new (BURBLE_TYPE_CG_CONNECTION, "retry-ceiling", 30,
                                "lookup-timeout", IMPATIENT, NULL);
  burble_connection_set_settings (f->connection, settings);
  burble_connection_set_password (f->connection, PASSWORD);
  g_signal_connect_swapped (f->connection, "roster-changed", G_CALLBACK (changed_cb), f);
  g_signal_connect_swapped (f->connection, "roster-kept", G_CALLBACK (kept_cb), f);
  g_signal_connect_swapped (f->connection, "roster-reset", G_CALLBACK (reset_cb), f);
  g_signal_connect_swapped (f->connection, "server-notice", G_CALLBACK (notice_cb), f);
  g_signal_connect_swapped (f->connection, "person-changed", G_CALLBACK (person_cb), f);
}

static void
set_up (Fixture *f, gconstpointer quirks)
{
  f->server = burble_test_cg_new (TRUE);
  burble_test_cg_set_quirks (f->server, GPOINTER_TO_UINT (quirks));
  burble_test_cg_add_user (f->server, "Alice", PASSWORD);
  f->bob = burble_test_cg_add_user (f->server, "bob", PASSWORD);
  f->items = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);
  make_connection (f, "alice");
}

static void
wait_state (Fixture *f, BurbleConnectionState state)
{
  burble_test_wait_until (burble_connection_get_state (f->connection) == state);
}

static void
go_online (Fixture *f)
{
  burble_connection_connect (f->connection);
  wait_state (f, BURBLE_CONNECTION_ONLINE);
}

static void
tear_down (Fixture *f, gconstpointer quirks)
{
  /* Whatever was tried, a real server would still be there. */
  g_assert_cmpuint (burble_test_cg_get_harm (f->server), ==, 0);
  burble_connection_disconnect (f->connection);
  wait_state (f, BURBLE_CONNECTION_OFFLINE);
  burble_test_settle ();
  g_assert_finalize_object (f->connection);
  burble_test_cg_free (f->server);
  g_ptr_array_unref (f->items);
  g_free (f->notice);
}

static void
result_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static BurblePersonInfo *
look_up (Fixture *f, const char *name, const char *uuid, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  BurbleDirectoryChannel *channel = BURBLE_DIRECTORY_CHANNEL (f->connection);

  burble_directory_channel_lookup_async (channel, name, uuid, NULL, result_cb, &result);
  burble_test_wait_until (result != NULL);
  return burble_directory_channel_lookup_finish (channel, result, error);
}

static void
change (Fixture *f, BurbleRosterItem *item, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);
  BurbleRosterChannel *channel = BURBLE_ROSTER_CHANNEL (f->connection);

  g_ptr_array_add (items, item);
  burble_roster_channel_change_async (channel, items, NULL, result_cb, &result);
  burble_test_wait_until (result != NULL);
  burble_roster_channel_change_finish (channel, result, error);
}

static const BurbleRosterItem *
last_item (Fixture *f)
{
  return f->items->len > 0 ? g_ptr_array_index (f->items, f->items->len - 1) : NULL;
}

static gboolean
last_is (Fixture *f, BurblePeerStatus status)
{
  const BurbleRosterItem *item = last_item (f);

  return item != NULL && item->presences->len == 1
         && ((BurblePresenceEvent *) item->presences->pdata[0])->status == status;
}

/* Also with each of the quirks that must make no difference. */
static void
test_sign_in (Fixture *f, gconstpointer quirks)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePersonInfo) person = NULL;

  go_online (f);
  g_assert_cmpuint (burble_connection_get_capabilities (f->connection), ==,
                    BURBLE_CAPABILITY_ROSTER | BURBLE_CAPABILITY_ROSTER_EDIT
                    | BURBLE_CAPABILITY_DIRECTORY | BURBLE_CAPABILITY_REGISTER);
  burble_test_wait_until (f->resets == 1);
  person = look_up (f, "BOB", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (person->exists);
  g_assert_cmpstr (person->uuid, ==, f->bob);
  g_assert_cmpstr (((BurblePersonAttribute *) person->attributes->pdata[0])->text, ==, "cow");
}

static void
test_version (Fixture *f, gconstpointer quirks)
{
  go_online (f);
  g_assert_cmpuint (burble_test_cg_get_connections (f->server), ==, 2);
  burble_test_cg_cut (f->server);
  wait_state (f, BURBLE_CONNECTION_WAITING);
  wait_state (f, BURBLE_CONNECTION_ONLINE);
  /* It is remembered. */
  g_assert_cmpuint (burble_test_cg_get_connections (f->server), ==, 3);
}

static void
test_no_version (Fixture *f, gconstpointer quirks)
{
  burble_connection_connect (f->connection);
  wait_state (f, BURBLE_CONNECTION_FAILED);
  g_assert_error (burble_connection_get_error (f->connection), BURBLE_PROTOCOL_ERROR,
                  BURBLE_PROTOCOL_ERROR_UNSUPPORTED);
  g_assert_cmpuint (burble_test_cg_get_connections (f->server), ==, 2);
}

static void
expect_failure (Fixture *f, BurbleProtocolError code)
{
  burble_connection_connect (f->connection);
  wait_state (f, BURBLE_CONNECTION_FAILED);
  g_assert_error (burble_connection_get_error (f->connection), BURBLE_PROTOCOL_ERROR, (int) code);
}

static void
test_refused (Fixture *f, gconstpointer quirks)
{
  burble_connection_set_password (f->connection, "wrong");
  expect_failure (f, BURBLE_PROTOCOL_ERROR_PASSWORD);
  burble_connection_set_register (f->connection, TRUE, NULL);
  expect_failure (f, BURBLE_PROTOCOL_ERROR_EXISTS);
  burble_connection_set_register (f->connection, FALSE, NULL);
  burble_connection_set_password (f->connection, PASSWORD);
  burble_test_cg_block (f->server, "alice");
  expect_failure (f, BURBLE_PROTOCOL_ERROR_DISABLED);
}

/* What a server would stay silent about is found out before. */
static void
test_local_checks (Fixture *f, gconstpointer quirks)
{
  g_autofree char *long_password = g_strnfill (128, 'x');
  g_autoptr(BurbleConnectionSettings) settings =
    burble_connection_settings_copy (burble_connection_get_settings (f->connection));

  burble_connection_set_register (f->connection, TRUE, NULL);
  burble_connection_set_password (f->connection, long_password);
  expect_failure (f, BURBLE_PROTOCOL_ERROR_BAD_PASSWORD);
  burble_connection_set_password (f->connection, PASSWORD);
  g_set_str (&settings->address, "Botty@127.0.0.1");
  burble_connection_set_settings (f->connection, settings);
  expect_failure (f, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS);
  g_assert_cmpuint (burble_test_cg_get_connections (f->server), ==, 0);
}

static void
test_lost_registration (Fixture *f, gconstpointer quirks)
{
  g_autofree char *address = g_strdup_printf ("carol@127.0.0.1:%u",
                                              burble_test_cg_get_port (f->server));
  g_autoptr(BurbleConnectionSettings) settings = burble_connection_settings_new (address);

  burble_connection_set_settings (f->connection, settings);
  burble_connection_set_register (f->connection, TRUE, NULL);
  burble_connection_connect (f->connection);
  burble_test_wait_until (burble_test_cg_get_connections (f->server) == 1);
  burble_test_wait_until (burble_test_cg_knows (f->server, "carol"));
  burble_test_cg_set_quirks (f->server, 0);
  burble_test_cg_cut (f->server);
  wait_state (f, BURBLE_CONNECTION_ONLINE);
  g_assert_cmpuint (burble_test_cg_get_connections (f->server), ==, 2);
}

static void
test_statuses (Fixture *f, gconstpointer quirks)
{
  g_autoptr(GError) error = NULL;

  go_online (f);
  change (f, burble_roster_item_new ("Bob"), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (last_item (f)->id, ==, f->bob);
  g_assert_cmpstr (last_item (f)->name, ==, "bob");
  g_assert_true (last_is (f, BURBLE_PEER_OFFLINE));
  burble_test_cg_set_status (f->server, "bob", "online");
  burble_test_wait_until (last_is (f, BURBLE_PEER_AVAILABLE));
  burble_test_cg_set_status (f->server, "bob", "away");
  burble_test_wait_until (last_is (f, BURBLE_PEER_AWAY));
  burble_test_cg_set_status (f->server, "bob", "busy");
  burble_test_wait_until (last_is (f, BURBLE_PEER_DND));
  burble_test_cg_set_status (f->server, "bob", "logged_in");
  burble_test_wait_until (last_is (f, BURBLE_PEER_UNKNOWN));
  g_assert_cmpstr (((BurblePresenceEvent *) last_item (f)->presences->pdata[0])->mood, ==,
                   "logged_in");
  burble_test_cg_set_status (f->server, "bob", "offline");
  burble_test_wait_until (last_is (f, BURBLE_PEER_OFFLINE));
  burble_test_cg_rename (f->server, "bob", "frank two");
  burble_test_wait_until (g_strcmp0 (last_item (f)->name, "frank two") == 0);
  g_assert_cmpstr (last_item (f)->id, ==, f->bob);
}

/* News of somebody who is not followed change no list. */
static void
test_strangers (Fixture *f, gconstpointer quirks)
{
  guint before;

  go_online (f);
  before = f->news;
  burble_test_cg_set_status (f->server, "bob", "online");
  burble_test_wait_until (f->news > before);
  g_assert_cmpuint (f->items->len, ==, 0);
}

static void
test_uuid_wins (Fixture *f, gconstpointer quirks)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePersonInfo) person = NULL;
  g_autoptr(BurblePersonInfo) self = NULL;
  g_autoptr(BurblePersonInfo) self_again = NULL;

  go_online (f);
  person = look_up (f, "alice", f->bob, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (person->name, ==, "bob");
  self = look_up (f, "Alice", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (self->name, ==, "Alice");
  self_again = look_up (f, NULL, self->uuid, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (self_again->name, ==, "Alice");
}

static void
test_nobody (Fixture *f, gconstpointer quirks)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePersonInfo) person = NULL;

  go_online (f);
  person = look_up (f, "Nobody", NULL, &error);
  g_assert_no_error (error);
  g_assert_false (person->exists);
  g_assert_null (person->id);
  change (f, burble_roster_item_new ("nobody"), &error);
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED);
}

static void
test_silence (Fixture *f, gconstpointer quirks)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePersonInfo) person = NULL;

  go_online (f);
  g_assert_null (look_up (f, "nobody", NULL, &error));
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT);
  g_clear_error (&error);
  g_assert_null (look_up (f, NULL, "not a uuid", &error));
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS);
  g_clear_error (&error);
  person = look_up (f, "bob", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (person->exists);
}

/* Many at once become one after the other; the server counts what comes together as harm. */
static void
test_one_at_a_time (Fixture *f, gconstpointer quirks)
{
  GAsyncResult *results[50] = { NULL };
  BurbleDirectoryChannel *channel = BURBLE_DIRECTORY_CHANNEL (f->connection);

  go_online (f);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    burble_directory_channel_lookup_async (channel, i % 2 == 0 ? "bob" : "alice", NULL, NULL,
                                           result_cb, &results[i]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(BurblePersonInfo) person = NULL;

      burble_test_wait_until (results[i] != NULL);
      person = burble_directory_channel_lookup_finish (channel, results[i], NULL);
      g_assert_cmpstr (person->name, ==, i % 2 == 0 ? "bob" : "Alice");
      g_object_unref (results[i]);
    }
  g_assert_cmpuint (burble_test_cg_get_questions (f->server), ==, G_N_ELEMENTS (results));
}

/* The list is the session's; it is asked for again with each link. */
static void
test_kept_list (Fixture *f, gconstpointer quirks)
{
  g_autoptr(GPtrArray) people =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);
  BurbleRosterItem *item = burble_roster_item_new (f->bob);

  item->alias = g_strdup ("Bobby");
  g_ptr_array_add (people, item);
  burble_roster_channel_set_people (BURBLE_ROSTER_CHANNEL (f->connection), people);
  burble_test_cg_set_status (f->server, "bob", "away");
  go_online (f);
  burble_test_wait_until (last_is (f, BURBLE_PEER_AWAY));
  g_assert_cmpuint (f->kept, ==, 1);
  g_assert_cmpstr (last_item (f)->alias, ==, "Bobby");
  g_assert_cmpstr (last_item (f)->name, ==, "bob");
  item = burble_roster_item_new (f->bob);
  item->removed = TRUE;
  change (f, item, NULL);
  g_assert_true (last_item (f)->removed);
}

static void
test_notice (Fixture *f, gconstpointer quirks)
{
  go_online (f);
  burble_test_cg_say (f->server, "cg:msg.lobby.invite.user_not_online", "bob");
  burble_test_wait_until (f->notice != NULL);
  g_assert_cmpstr (f->notice, ==, "1 user-not-online bob");
}

static void
first_error_cb (BurbleConnection *connection, GParamSpec *pspec, GError **first)
{
  const GError *error = burble_connection_get_error (connection);

  if (*first == NULL && error != NULL)
    *first = g_error_copy (error);
}

static void
test_killed (Fixture *f, gconstpointer quirks)
{
  g_autoptr(GError) first = NULL;

  go_online (f);
  g_signal_connect (f->connection, "notify::error", G_CALLBACK (first_error_cb), &first);
  burble_test_cg_kill (f->server, "smartpacketinvalid");
  burble_test_wait_until (first != NULL);
  g_assert_error (first, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_KILLED);
  g_assert_cmpstr (first->message, ==, "smartpacketinvalid");
  wait_state (f, BURBLE_CONNECTION_ONLINE);
  g_signal_handlers_disconnect_by_data (f->connection, &first);
}

static void
test_bad_data (Fixture *f, gconstpointer quirks)
{
  static const char frame[] = "\0\0\0\x08\0\0\0\x43\0\0\xc1\xc1";
  g_autoptr(GError) first = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  BurbleDirectoryChannel *channel = BURBLE_DIRECTORY_CHANNEL (f->connection);

  go_online (f);
  g_signal_connect (f->connection, "notify::error", G_CALLBACK (first_error_cb), &first);
  burble_test_cg_set_quirks (f->server, BURBLE_TEST_CG_MUTE);
  burble_directory_channel_lookup_async (channel, "bob", NULL, NULL, result_cb, &result);
  burble_test_cg_send_raw (f->server, frame, sizeof frame - 1);
  burble_test_wait_until (first != NULL);
  g_assert_error (first, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_DATA);
  /* Who waited is told. */
  burble_test_wait_until (result != NULL);
  g_assert_null (burble_directory_channel_lookup_finish (channel, result, &error));
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
  g_signal_handlers_disconnect_by_data (f->connection, &first);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define add(name, quirks, function) \
  g_test_add ("/protocol/cg/" name, Fixture, GUINT_TO_POINTER (quirks), set_up, function, tear_down)
  add ("sign-in", 0, test_sign_in);
  add ("other-ids", BURBLE_TEST_CG_OTHER_IDS, test_sign_in);
  add ("split", BURBLE_TEST_CG_SPLIT, test_sign_in);
  add ("compressed", BURBLE_TEST_CG_COMPRESSED, test_sign_in);
  add ("version", BURBLE_TEST_CG_OTHER_VERSION, test_version);
  add ("no-version", BURBLE_TEST_CG_NO_VERSION, test_no_version);
  add ("refused", 0, test_refused);
  add ("local-checks", 0, test_local_checks);
  add ("lost-registration", BURBLE_TEST_CG_LOSES_AUTH, test_lost_registration);
  add ("statuses", 0, test_statuses);
  add ("strangers", 0, test_strangers);
  add ("uuid-wins", 0, test_uuid_wins);
  add ("nobody", 0, test_nobody);
  add ("silence", BURBLE_TEST_CG_SILENT_ABOUT_NOBODY | BURBLE_TEST_CG_ALWAYS_OFFLINE,
       test_silence);
  add ("one-at-a-time", 0, test_one_at_a_time);
  add ("kept-list", 0, test_kept_list);
  add ("notice", 0, test_notice);
  add ("killed", 0, test_killed);
  add ("bad-data", 0, test_bad_data);

  return g_test_run ();
}
