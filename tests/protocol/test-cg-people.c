/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cg-fixture.h"

#include <string.h>

/* Looking people up on a cg server, following them, and what it has to say. */

static void
test_statuses (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(GError) error = NULL;

  cg_go_online (f);
  cg_change (f, burble_roster_item_new ("Bob"), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (cg_last_item (f)->id, ==, f->bob);
  g_assert_cmpstr (cg_last_item (f)->name, ==, "bob");
  g_assert_true (cg_last_is (f, BURBLE_PEER_OFFLINE));
  burble_test_cg_set_status (f->server, "bob", "online");
  burble_test_wait_until (cg_last_is (f, BURBLE_PEER_AVAILABLE));
  burble_test_cg_set_status (f->server, "bob", "away");
  burble_test_wait_until (cg_last_is (f, BURBLE_PEER_AWAY));
  burble_test_cg_set_status (f->server, "bob", "busy");
  burble_test_wait_until (cg_last_is (f, BURBLE_PEER_DND));
  burble_test_cg_set_status (f->server, "bob", "logged_in");
  burble_test_wait_until (cg_last_is (f, BURBLE_PEER_UNKNOWN));
  g_assert_cmpstr (((BurblePresenceEvent *) cg_last_item (f)->presences->pdata[0])->mood, ==,
                   "logged_in");
  burble_test_cg_set_status (f->server, "bob", "offline");
  burble_test_wait_until (cg_last_is (f, BURBLE_PEER_OFFLINE));
  burble_test_cg_rename (f->server, "bob", "frank two");
  burble_test_wait_until (g_strcmp0 (cg_last_item (f)->name, "frank two") == 0);
  g_assert_cmpstr (cg_last_item (f)->id, ==, f->bob);
}

/* News of somebody who is not followed change no list. */
static void
test_strangers (CgFixture *f, gconstpointer quirks)
{
  guint before;

  cg_go_online (f);
  before = f->news;
  burble_test_cg_set_status (f->server, "bob", "online");
  burble_test_wait_until (f->news > before);
  g_assert_cmpuint (f->items->len, ==, 0);
}

static void
test_by_uuid (CgFixture *f, gconstpointer quirks)
{
  g_autofree char *capitals = g_ascii_strup (f->bob, -1);
  g_autofree char *dashes = g_strdup_printf ("%.8s-%.4s-%.4s-%.4s-%s", f->bob, f->bob + 8,
                                             f->bob + 12, f->bob + 16, f->bob + 20);
  const char * const uuids[] = { f->bob, capitals, dashes };

  cg_go_online (f);
  for (guint i = 0; i < G_N_ELEMENTS (uuids); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(BurblePersonInfo) person = cg_look_up (f, NULL, uuids[i], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (person->name, ==, "bob");
      g_assert_cmpstr (person->id, ==, f->bob);
    }
}

static void
test_uuid_wins (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePersonInfo) person = NULL;
  g_autoptr(BurblePersonInfo) self = NULL;
  g_autoptr(BurblePersonInfo) self_again = NULL;

  cg_go_online (f);
  person = cg_look_up (f, "alice", f->bob, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (person->name, ==, "bob");
  self = cg_look_up (f, "Alice", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (self->name, ==, "Alice");
  /* With one's own a question would be a change. */
  self_again = cg_look_up (f, NULL, self->uuid, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (self_again->name, ==, "Alice");
}

static void
test_nobody (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePersonInfo) person = NULL;

  cg_go_online (f);
  person = cg_look_up (f, "Nobody", NULL, &error);
  g_assert_no_error (error);
  g_assert_false (person->exists);
  g_assert_null (person->id);
  g_assert_null (person->name);
  g_assert_cmpuint (person->attributes->len, ==, 0);
  cg_change (f, burble_roster_item_new ("nobody"), &error);
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED);
}

/* It says nothing where there is nobody, and is there all the same. */
static void
test_silence (CgFixture *f, gconstpointer quirks)
{
  static const char * const no_uuids[] = { "xyz", "not a uuid", "d2ef316cdc834d89a0d1b6cc048fe9f" };
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePersonInfo) person = NULL;

  cg_go_online (f);
  g_assert_null (cg_look_up (f, "nobody", NULL, &error));
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT);
  g_clear_error (&error);
  g_assert_null (cg_look_up (f, NULL, "5c9a43ece7674ab2abb3f4715ca8ba2f", &error));
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT);
  for (guint i = 0; i < G_N_ELEMENTS (no_uuids); i++)
    {
      g_clear_error (&error);
      g_assert_null (cg_look_up (f, NULL, no_uuids[i], &error));
      g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS);
    }
  g_clear_error (&error);
  person = cg_look_up (f, "bob", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (person->exists);
  g_assert_cmpint (burble_connection_get_state (f->connection), ==, BURBLE_CONNECTION_ONLINE);
  g_assert_null (f->error);
}

/* Who was renamed is only found with the capitals; all others only without. */
static void
test_spelling (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePersonInfo) person = NULL;
  g_autoptr(BurblePersonInfo) at_home = NULL;

  burble_test_cg_rename (f->server, "bob", "Frank Two");
  cg_go_online (f);
  person = cg_look_up (f, "Frank Two", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (person->uuid, ==, f->bob);
  at_home = cg_look_up (f, "Alice@127.0.0.1", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (at_home->name, ==, "Alice");
}

/* Many at once become one after the other; the server counts what comes together as harm. */
static void
test_one_at_a_time (CgFixture *f, gconstpointer quirks)
{
  GAsyncResult *results[50] = { NULL };
  BurbleDirectoryChannel *channel = BURBLE_DIRECTORY_CHANNEL (f->connection);
  guint before;

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autofree char *name = g_strdup_printf ("user_%u", i);

      burble_test_cg_add_user (f->server, name, CG_PASSWORD);
    }
  cg_go_online (f);
  /* At first it asks for itself. */
  burble_test_wait_until (burble_test_cg_get_questions (f->server) == 1);
  before = burble_test_cg_get_questions (f->server);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autofree char *name = g_strdup_printf ("user_%u", i);

      burble_directory_channel_lookup_async (channel, name, NULL, NULL, cg_result_cb,
                                             &results[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autofree char *name = g_strdup_printf ("user_%u", i);
      g_autoptr(BurblePersonInfo) person = NULL;

      burble_test_wait_until (results[i] != NULL);
      person = burble_directory_channel_lookup_finish (channel, results[i], NULL);
      g_assert_cmpstr (person->name, ==, name);
      g_object_unref (results[i]);
    }
  g_assert_cmpuint (burble_test_cg_get_questions (f->server) - before, ==,
                    G_N_ELEMENTS (results));
}

/* A server may tell of somebody before it is asked, and then it need not be. */
static void
test_told_before (CgFixture *f, gconstpointer quirks)
{
  GAsyncResult *results[2] = { NULL };
  BurbleDirectoryChannel *channel = BURBLE_DIRECTORY_CHANNEL (f->connection);
  g_autoptr(BurblePersonInfo) person = NULL;
  guint before;

  cg_go_online (f);
  burble_test_wait_until (burble_test_cg_get_questions (f->server) == 1);
  /* There is no answer to the first, and the second waits for it. */
  burble_directory_channel_lookup_async (channel, "nobody", NULL, NULL, cg_result_cb, &results[0]);
  burble_directory_channel_lookup_async (channel, "bob", NULL, NULL, cg_result_cb, &results[1]);
  burble_test_wait_until (burble_test_cg_get_questions (f->server) == 2);
  before = burble_test_cg_get_questions (f->server);
  burble_test_cg_set_attribute (f->server, "bob", "profile_img", "cow");
  burble_test_wait_until (results[1] != NULL);
  g_assert_null (results[0]);
  g_assert_cmpuint (burble_test_cg_get_questions (f->server), ==, before);
  person = burble_directory_channel_lookup_finish (channel, results[1], NULL);
  g_assert_cmpstr (person->name, ==, "bob");
  g_object_unref (results[1]);
  burble_test_wait_until (results[0] != NULL);
  g_object_unref (results[0]);
}

/* The list is the session's; it is asked for again with each link. */
static void
test_kept_list (CgFixture *f, gconstpointer quirks)
{
  BurbleRosterItem *item = NULL;

  cg_follow_bob (f);
  burble_test_cg_set_status (f->server, "bob", "away");
  cg_go_online (f);
  burble_test_wait_until (cg_last_is (f, BURBLE_PEER_AWAY));
  g_assert_cmpuint (f->kept, ==, 1);
  g_assert_cmpstr (cg_last_item (f)->alias, ==, "Bobby");
  g_assert_cmpstr (cg_last_item (f)->name, ==, "bob");
  item = burble_roster_item_new (f->bob);
  item->removed = TRUE;
  cg_change (f, item, NULL);
  g_assert_true (cg_last_item (f)->removed);
}

/* Whoever is followed and does not exist any more stays on the list, and is not there. */
static void
test_gone_for_good (CgFixture *f, gconstpointer quirks)
{
  cg_follow_bob (f);
  burble_test_cg_remove (f->server, "bob");
  cg_go_online (f);
  burble_test_wait_until (cg_last_is (f, BURBLE_PEER_OFFLINE));
  g_assert_false (cg_last_item (f)->removed);
  g_assert_cmpstr (cg_last_item (f)->alias, ==, "Bobby");
}

/* Two links of one account: with the older one go the news for both. */
static void
leave_second_link (CgFixture *f)
{
  BurbleConnection *older = cg_new (f, "alice", 120 * 1000);

  burble_connection_connect (older);
  burble_test_wait_until (burble_connection_get_state (older) == BURBLE_CONNECTION_ONLINE);
  cg_follow_bob (f);
  cg_go_online (f);
  burble_test_wait_until (cg_last_is (f, BURBLE_PEER_OFFLINE));
  burble_test_cg_set_status (f->server, "bob", "busy");
  burble_test_wait_until (cg_last_is (f, BURBLE_PEER_DND));
  cg_free (older);
  burble_test_wait_until (burble_test_cg_get_open (f->server) == 1);
}

static void
test_forgotten (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(BurblePersonInfo) self = NULL;

  leave_second_link (f);
  burble_test_cg_set_status (f->server, "bob", "online");
  self = cg_look_up (f, "alice", NULL, NULL);
  g_assert_true (self->exists);
  g_assert_true (cg_last_is (f, BURBLE_PEER_DND));
}

/* They are asked for now and then, and so nothing stays wrong for long. */
static void
test_asked_again (CgFixture *f, gconstpointer quirks)
{
  cg_set_refresh (f, 100);
  leave_second_link (f);
  burble_test_cg_set_status (f->server, "bob", "online");
  burble_test_wait_until (cg_last_is (f, BURBLE_PEER_AVAILABLE));
  g_assert_null (f->error);
}

static void
test_attributes (CgFixture *f, gconstpointer quirks)
{
  g_autofree char *wall = g_strnfill (20000, 'x');
  g_autofree char *key = g_strnfill (300, 'k');
  g_autoptr(BurblePersonInfo) person = NULL;
  const BurblePersonAttribute *attribute = NULL;

  burble_test_cg_set_attribute (f->server, "bob", "favourite_card", "queen of clubs");
  burble_test_cg_set_attribute (f->server, "bob", "wall", wall);
  burble_test_cg_set_attribute (f->server, "bob", key, "long");
  cg_go_online (f);
  person = cg_look_up (f, "bob", NULL, NULL);
  g_assert_cmpuint (person->attributes->len, ==, 4);
  attribute = g_ptr_array_index (person->attributes, 0);
  g_assert_cmpstr (attribute->key, ==, "profile_img");
  g_assert_cmpstr (attribute->text, ==, "default");
  attribute = g_ptr_array_index (person->attributes, 1);
  g_assert_cmpstr (attribute->key, ==, "favourite_card");
  g_assert_cmpstr (attribute->text, ==, "queen of clubs");
  attribute = g_ptr_array_index (person->attributes, 2);
  g_assert_cmpuint (strlen (attribute->text), <, 1100);
  g_assert_true (g_str_has_suffix (attribute->text, "…"));
  attribute = g_ptr_array_index (person->attributes, 3);
  g_assert_cmpuint (strlen (attribute->key), <, 100);
}

/* From a server that minds no limits. */
static void
test_odd_names (CgFixture *f, gconstpointer quirks)
{
  g_autofree char *long_name = g_strnfill (5000, 'n');
  g_autoptr(BurblePersonInfo) person = NULL;
  g_autoptr(BurblePersonInfo) again = NULL;
  guint before;

  burble_test_cg_rename (f->server, "bob", long_name);
  burble_test_cg_set_status (f->server, long_name, long_name);
  cg_go_online (f);
  person = cg_look_up (f, NULL, f->bob, NULL);
  g_assert_cmpuint (strlen (person->name), ==, 64);
  g_assert_cmpint (person->status, ==, BURBLE_PEER_UNKNOWN);
  g_assert_cmpuint (strlen (person->status_word), ==, 64);
  before = f->news;
  burble_test_cg_rename (f->server, long_name, "bo\nb\x1b[31m");
  burble_test_wait_until (f->news > before);
  again = cg_look_up (f, NULL, f->bob, NULL);
  g_assert_cmpstr (again->name, ==, "bob[31m");
}

static const struct
{
  const char *type;
  const char *key;
  const char *parameter;
  const char *value;
  const char *notice;
} notices[] = {
  { "warning", "cg:msg.lobby.invite.user_not_online", "username", "bob",
    "1|lobby-invite-user-not-online|bob|-" },
  { "warn", "cg:msg.status.user.empty_img", NULL, NULL, "1|status-user-empty-img|-|-" },
  { "notice", "cg:msg.lobby.invite.user_invited", "username", "bob",
    "0|lobby-invite-user-invited|bob|-" },
  { "notice", "cg:msg.lobby.kick.reason", "reason", "please leave €",
    "0|lobby-kick-reason|-|please leave €" },
  { "warn", "cg:msg:lobby.load_game.oldversion", NULL, NULL, "1|lobby-load-game-oldversion|-|-" },
  { "error", "cg:msg.brand.new", "state", "103", "1|brand-new|-|state: 103" },
  { "notice", "The server goes down at six", NULL, NULL, "0|-|-|The server goes down at six" },
};

static void
test_notices (CgFixture *f, gconstpointer quirks)
{
  cg_go_online (f);
  for (guint i = 0; i < G_N_ELEMENTS (notices); i++)
    {
      burble_test_cg_say (f->server, notices[i].type, notices[i].key, notices[i].parameter,
                          notices[i].value, NULL);
      burble_test_wait_until (f->notice != NULL);
      g_assert_cmpstr (f->notice, ==, notices[i].notice);
      g_clear_pointer (&f->notice, g_free);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  cg_add ("statuses", 0, test_statuses);
  cg_add ("strangers", 0, test_strangers);
  cg_add ("by-uuid", 0, test_by_uuid);
  cg_add ("by-uuid/as-it-is", BURBLE_TEST_CG_AS_IT_IS, test_by_uuid);
  cg_add ("uuid-wins", 0, test_uuid_wins);
  cg_add ("nobody", 0, test_nobody);
  cg_add ("silence", BURBLE_TEST_CG_AS_IT_IS, test_silence);
  cg_add ("spelling", 0, test_spelling);
  cg_add ("spelling/as-it-is", BURBLE_TEST_CG_AS_IT_IS, test_spelling);
  cg_add ("one-at-a-time", 0, test_one_at_a_time);
  cg_add ("told-before", BURBLE_TEST_CG_AS_IT_IS, test_told_before);
  cg_add ("kept-list", 0, test_kept_list);
  cg_add ("gone-for-good", 0, test_gone_for_good);
  cg_add ("two-links/forgotten", BURBLE_TEST_CG_FORGETS, test_forgotten);
  cg_add ("two-links/asked-again", BURBLE_TEST_CG_FORGETS, test_asked_again);
  cg_add ("attributes", 0, test_attributes);
  cg_add ("odd-names", 0, test_odd_names);
  cg_add ("notices", 0, test_notices);

  return g_test_run ();
}
