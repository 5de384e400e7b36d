/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cg-fixture.h"

static void
changed_cb (CgFixture *f, const char *etag, GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (f->items, burble_roster_item_copy (g_ptr_array_index (items, i)));
}

static void
kept_cb (CgFixture *f)
{
  f->kept++;
}

static void
reset_cb (CgFixture *f, const char *etag, GPtrArray *items)
{
  f->resets++;
}

static void
notice_cb (CgFixture *f, gboolean warning, const char *word, const char *subject, const char *text)
{
  g_free (f->notice);
  f->notice = g_strdup_printf ("%d|%s|%s|%s", warning, word != NULL ? word : "-",
                               subject != NULL ? subject : "-", text != NULL ? text : "-");
}

static void
person_cb (CgFixture *f, BurblePersonInfo *person)
{
  f->news++;
}

static void
error_cb (CgFixture *f)
{
  const GError *error = burble_connection_get_error (f->connection);

  if (f->error == NULL && error != NULL)
    f->error = g_error_copy (error);
}

BurbleConnection *
cg_new (CgFixture *f, const char *name, guint refresh_interval)
{
  g_autofree char *address = g_strdup_printf ("%s@127.0.0.1:%u", name,
                                              burble_test_cg_get_port (f->server));
  g_autoptr(BurbleConnectionSettings) settings = burble_connection_settings_new (address);
  BurbleConnection *connection =
    g_object_new (BURBLE_TYPE_CG_CONNECTION, "retry-ceiling", 30, "lookup-timeout", CG_IMPATIENT,
                  "pause", 5, "refresh-interval", refresh_interval, "probe-timeout", CG_IMPATIENT,
                  NULL);

  burble_connection_set_settings (connection, settings);
  burble_connection_set_password (connection, CG_PASSWORD);
  return connection;
}

void
cg_free (BurbleConnection *connection)
{
  burble_connection_disconnect (connection);
  burble_test_wait_until (burble_connection_get_state (connection) == BURBLE_CONNECTION_OFFLINE);
  burble_test_settle ();
  g_assert_finalize_object (connection);
}

static void
listen (CgFixture *f)
{
  g_signal_connect_swapped (f->connection, "roster-changed", G_CALLBACK (changed_cb), f);
  g_signal_connect_swapped (f->connection, "roster-kept", G_CALLBACK (kept_cb), f);
  g_signal_connect_swapped (f->connection, "roster-reset", G_CALLBACK (reset_cb), f);
  g_signal_connect_swapped (f->connection, "server-notice", G_CALLBACK (notice_cb), f);
  g_signal_connect_swapped (f->connection, "person-changed", G_CALLBACK (person_cb), f);
  g_signal_connect_swapped (f->connection, "notify::error", G_CALLBACK (error_cb), f);
}

void
cg_set_up (CgFixture *f, gconstpointer quirks)
{
  f->server = burble_test_cg_new (TRUE);
  burble_test_cg_set_quirks (f->server, GPOINTER_TO_UINT (quirks));
  burble_test_cg_add_user (f->server, "Alice", CG_PASSWORD);
  f->bob = burble_test_cg_add_user (f->server, "bob", CG_PASSWORD);
  f->items = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);
  f->connection = cg_new (f, "alice", 120 * 1000);
  listen (f);
}

void
cg_set_refresh (CgFixture *f, guint interval)
{
  cg_free (f->connection);
  f->connection = cg_new (f, "alice", interval);
  listen (f);
}

void
cg_tear_down (CgFixture *f, gconstpointer quirks)
{
  g_assert_cmpuint (burble_test_cg_get_harm (f->server), ==, 0);
  cg_free (f->connection);
  burble_test_cg_free (f->server);
  g_ptr_array_unref (f->items);
  g_free (f->notice);
  g_clear_error (&f->error);
}

void
cg_set_name (CgFixture *f, const char *name)
{
  g_autoptr(BurbleConnectionSettings) settings =
    burble_connection_settings_copy (burble_connection_get_settings (f->connection));

  g_free (settings->address);
  settings->address = g_strdup_printf ("%s@127.0.0.1:%u", name,
                                       burble_test_cg_get_port (f->server));
  burble_connection_set_settings (f->connection, settings);
}

void
cg_wait_state (CgFixture *f, BurbleConnectionState state)
{
  burble_test_wait_until (burble_connection_get_state (f->connection) == state);
}

void
cg_go_online (CgFixture *f)
{
  burble_connection_connect (f->connection);
  cg_wait_state (f, BURBLE_CONNECTION_ONLINE);
}

void
cg_expect_failure (CgFixture *f, BurbleProtocolError code)
{
  burble_connection_connect (f->connection);
  cg_wait_state (f, BURBLE_CONNECTION_FAILED);
  g_assert_error (burble_connection_get_error (f->connection), BURBLE_PROTOCOL_ERROR, (int) code);
}

void
cg_result_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

BurblePersonInfo *
cg_look_up (CgFixture *f, const char *name, const char *uuid, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  BurbleDirectoryChannel *channel = BURBLE_DIRECTORY_CHANNEL (f->connection);

  burble_directory_channel_lookup_async (channel, name, uuid, NULL, cg_result_cb, &result);
  burble_test_wait_until (result != NULL);
  return burble_directory_channel_lookup_finish (channel, result, error);
}

void
cg_change (CgFixture *f, BurbleRosterItem *item, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);
  BurbleRosterChannel *channel = BURBLE_ROSTER_CHANNEL (f->connection);

  g_ptr_array_add (items, item);
  burble_roster_channel_change_async (channel, items, NULL, cg_result_cb, &result);
  burble_test_wait_until (result != NULL);
  burble_roster_channel_change_finish (channel, result, error);
}

void
cg_follow_bob (CgFixture *f)
{
  g_autoptr(GPtrArray) people =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);
  BurbleRosterItem *item = burble_roster_item_new (f->bob);

  item->alias = g_strdup ("Bobby");
  g_ptr_array_add (people, item);
  burble_roster_channel_set_people (BURBLE_ROSTER_CHANNEL (f->connection), people);
}

const BurbleRosterItem *
cg_last_item (CgFixture *f)
{
  return f->items->len > 0 ? g_ptr_array_index (f->items, f->items->len - 1) : NULL;
}

gboolean
cg_last_is (CgFixture *f, BurblePeerStatus status)
{
  const BurbleRosterItem *item = cg_last_item (f);

  return item != NULL && item->presences->len == 1
         && ((BurblePresenceEvent *) item->presences->pdata[0])->status == status;
}
