/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "burble-enum-types.h"
#include "burble-test-peer.h"
#include "burble-test-relay.h"
#include "gurgle-fixture.h"

/*
 * Two engines, the real server, TLS, and a cut: the same conversation again and again, with the
 * connection of one of them broken after each of its packets in turn, and inside each. However it
 * broke, the end is the same for everybody. BURBLE_BOUNDARY_STRIDE=N tries every N-th place only.
 */

#define CONFIG "max-failures=1000000\n[server]\nregister=true\n"
#define THIRD CAROL

typedef struct
{
  Person *person;
  BurbleTestRelay *relay;
  char *address;
} Side;

typedef struct
{
  Side alice;
  Side bob;
  char *room;
} Scene;

/* Where to cut; `side` NULL: nowhere. */
typedef struct
{
  const char *side;
  BurbleTestRelayDirection direction;
  guint n;
  gboolean inside;
} Cut;

static BurbleTestServer *server;
static guint serial;

static BurbleConnection *
make_gurgle (const char *network, const BurbleConnectionSettings *settings, gpointer user_data)
{
  return g_object_new (BURBLE_TYPE_GURGLE_CONNECTION, "retry-ceiling", 10, NULL);
}

static void
side_init (Side *side, const char *name, const char *terminal, const Cut *cut)
{
  side->address = g_strdup_printf ("%s%u@" BURBLE_TEST_SERVER_DOMAIN, name, serial);
  side->relay = burble_test_relay_new (burble_test_server_get_data_dir (server),
                                       burble_test_server_get_port (server));
  if (g_strcmp0 (cut->side, name) == 0)
    burble_test_relay_cut_after (side->relay, cut->direction, cut->n, cut->inside);
  side->person = gurgle_person_new (server, side->address, terminal);
  side->person->factory = make_gurgle;
  side->person->first_delay = 10;
  side->person->port = burble_test_relay_get_port (side->relay);
}

static void
side_clear (Side *side)
{
  person_free (side->person);
  burble_test_relay_free (side->relay);
  g_free (side->address);
}

/* What a person does whose sign-in broke: tries again. */
static void
sign_in (Side *side)
{
  gboolean create = TRUE;

  person_start (side->person);
  for (;;)
    {
      g_autoptr(GError) error = person_try_sign_in (side->person, BURBLE_TEST_SERVER_PASSWORD,
                                                    create);
      const char *word = error != NULL ? burble_session_error_word (error) : NULL;

      if (word == NULL)
        break;
      /* Only a cut may be in the way, and what came of it. */
      g_assert_true (burble_test_relay_was_cut (side->relay));
      if (g_str_equal (word, "exists"))
        create = FALSE;
      else if (!g_str_equal (word, "unreachable"))
        g_error ("Signing in: %s (%s)", word, error->message);
    }
}

static gboolean
is_up_to_date (Side *side)
{
  BurbleAccountController *controller =
    burble_session_get_controller (side->person->session, side->person->account);

  return burble_account_get_state (side->person->account) == BURBLE_ACCOUNT_ONLINE
         && burble_catch_up_is_complete (burble_account_controller_get_catch_up (controller));
}

/* … and whose change of the contact list was refused because the connection broke. */
static gboolean
is_done (Side *side, GAsyncResult *result)
{
  g_autoptr(GAsyncResult) owned = result;
  g_autoptr(GError) error = NULL;

  if (burble_session_roster_finish (side->person->session, owned, &error))
    return TRUE;
  if (!burble_test_relay_was_cut (side->relay)
      || !g_str_equal (burble_session_error_word (error), "not-connected"))
    g_error ("Changing the list: %s", error->message);
  return FALSE;
}

#define INSIST(side, function, ...) \
  do \
    person_wait_online ((side)->person); \
  while (!is_done ((side), WAIT_FOR (function, (side)->person->session, __VA_ARGS__)))

static gboolean
has_status (Side *side, Side *other, BurbleStatus status)
{
  return person_knows (side->person, other->address)
         && burble_contact_get_status (person_contact (side->person, other->address)) == status;
}

static void
befriend (Scene *scene)
{
  Side *alice = &scene->alice;
  Side *bob = &scene->bob;

  INSIST (alice, burble_session_add_contact_async, alice->person->account, bob->address, NULL);
  burble_test_wait_until (person_knows (bob->person, alice->address)
                          && burble_contact_get_asks (person_contact (bob->person,
                                                                      alice->address)));
  INSIST (bob, burble_session_accept_contact_async,
          person_contact (bob->person, alice->address));
  burble_test_wait_until (has_status (alice, bob, BURBLE_STATUS_AVAILABLE)
                          && has_status (bob, alice, BURBLE_STATUS_AVAILABLE));
  burble_session_set_presence (bob->person->session, NULL, BURBLE_STATUS_AWAY, "out");
  burble_test_wait_until (has_status (alice, bob, BURBLE_STATUS_AWAY));
  INSIST (alice, burble_session_set_alias_async,
          person_contact (alice->person, bob->address), "Robert");
}

static gboolean
was_cut (Scene *scene)
{
  return burble_test_relay_was_cut (scene->alice.relay)
         || burble_test_relay_was_cut (scene->bob.relay);
}

static gboolean
is_typing (Side *side, Side *other)
{
  return burble_conversation_get_typing (person_chat (side->person, other->address)) != NULL;
}

/* Marks what was heard as read and waits until its author knows. */
static void
read_last (Side *side, Side *author, BurbleMessage *message)
{
  burble_test_wait_until (person_heard (side->person, author->address,
                                        burble_message_get_text (message)));
  burble_session_mark_all_read (side->person->session,
                                person_chat (side->person, author->address));
  burble_test_wait_until (burble_message_get_state (message) == BURBLE_MESSAGE_READ);
}

static void
talk (Scene *scene)
{
  Side *alice = &scene->alice;
  Side *bob = &scene->bob;
  g_autoptr(BurbleMessage) one = NULL;
  g_autoptr(BurbleMessage) two = NULL;
  g_autoptr(BurbleMessage) three = NULL;
  g_autoptr(BurbleMessage) four = NULL;

  one = person_say (alice->person, bob->address, "one");
  read_last (bob, alice, one);
  burble_session_set_typing (alice->person->session, person_chat (alice->person, bob->address),
                             TRUE);
  /* What is only a hint may be lost, but not for nothing. */
  burble_test_wait_until (is_typing (bob, alice) || was_cut (scene));
  two = person_say (alice->person, bob->address, "two");
  burble_test_wait_until (person_heard (bob->person, alice->address, "two"));
  burble_test_wait_until (!is_typing (bob, alice));
  burble_test_wait_until (burble_message_get_state (two) >= BURBLE_MESSAGE_DELIVERED);
  three = person_say (bob->person, alice->address, "three");
  read_last (alice, bob, three);

  person_stop (bob->person);
  four = person_say (alice->person, bob->address, "four");
  burble_test_wait_until (burble_message_get_state (four) == BURBLE_MESSAGE_SENT);
  person_start (bob->person);
  read_last (bob, alice, four);
}

static void
gather (Scene *scene)
{
  Side *alice = &scene->alice;
  Side *bob = &scene->bob;
  g_autoptr(BurbleMessage) all = NULL;

  INSIST (alice, burble_session_join_room_async, alice->person->account, scene->room, NULL);
  INSIST (bob, burble_session_join_room_async, bob->person->account, scene->room, NULL);
  burble_test_wait_until (person_knows (alice->person, scene->room)
                          && person_knows (bob->person, scene->room));
  all = person_say (alice->person, scene->room, "all");
  burble_test_wait_until (person_heard (bob->person, scene->room, "all"));
  burble_test_wait_until (burble_message_get_state (all) == BURBLE_MESSAGE_SENT);

  INSIST (alice, burble_session_add_contact_async, alice->person->account, THIRD, NULL);
  burble_test_wait_until (person_knows (alice->person, THIRD));
  INSIST (alice, burble_session_remove_contact_async, person_contact (alice->person, THIRD));
}

/* The network changes: is the other end still there? */
static void
ping (Scene *scene, Side *side)
{
  g_autoptr(GObject) monitor = NULL;
  guint before = burble_test_relay_count (side->relay, BURBLE_TEST_RELAY_DOWN, BURBLE_GURGLE_PONG);

  burble_test_wait_until (is_up_to_date (side));
  g_object_get (side->person->connection, "wake-monitor", &monitor, NULL);
  g_signal_emit_by_name (monitor, "network-changed");
  burble_test_wait_until (burble_test_relay_count (side->relay, BURBLE_TEST_RELAY_DOWN,
                                                   BURBLE_GURGLE_PONG) > before
                          || was_cut (scene));
}

/* How it has to end. */

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
join_lines (GPtrArray *lines)
{
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (GStrv) lines->pdata);
}

static char *
roster_of_engine (Side *side)
{
  static const char *const subscriptions[] = {
    [BURBLE_SUBSCRIPTION_NONE] = "none",
    [BURBLE_SUBSCRIPTION_TO] = "to",
    [BURBLE_SUBSCRIPTION_FROM] = "from",
    [BURBLE_SUBSCRIPTION_BOTH] = "both",
  };
  GListModel *contacts = burble_session_get_contacts (side->person->session);
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < g_list_model_get_n_items (contacts); i++)
    {
      g_autoptr(BurbleContact) contact = g_list_model_get_item (contacts, i);
      const char *alias = burble_contact_get_alias (contact);

      if (burble_contact_get_in_roster (contact))
        g_ptr_array_add (lines,
                         g_strdup_printf ("%s %s %s%s", burble_contact_get_id (contact),
                                          subscriptions[burble_contact_get_subscription (contact)],
                                          alias != NULL ? alias : "null",
                                          burble_contact_get_asks (contact) ? " asks" : ""));
    }
  return join_lines (lines);
}

static char *
roster_of_server (BurbleTestPeer *judge)
{
  g_autoptr(JsonObject) answer = burble_test_peer_ask (judge, "{\"id\":1,\"cmd\":\"get_roaster\"}");
  JsonArray *roster = json_object_get_array_member (answer, "roaster");
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < json_array_get_length (roster); i++)
    {
      JsonObject *entry = json_array_get_object_element (roster, i);
      g_autofree char *alias = burble_test_get_member (entry, "alias");
      g_autofree char *subscription = burble_test_get_member (entry, "subscription");
      gboolean asks = json_object_get_boolean_member_with_default (entry, "ask", FALSE);

      g_ptr_array_add (lines, g_strdup_printf ("%s %s %s%s",
                                               json_object_get_string_member (entry, "from"),
                                               g_str_equal (subscription, "null") ? "none"
                                                                                  : subscription,
                                               alias, asks ? " asks" : ""));
    }
  return join_lines (lines);
}

static char *
history_of_server (BurbleTestPeer *judge)
{
  g_autoptr(JsonObject) answer =
    burble_test_peer_ask (judge, "{\"id\":2,\"cmd\":\"history\",\"after\":0,\"limit\":200}");
  JsonArray *messages = json_object_get_array_member (answer, "messages");
  GString *texts = g_string_new (NULL);

  g_assert_true (json_object_get_boolean_member (answer, "complete"));
  for (guint i = 0; i < json_array_get_length (messages); i++)
    g_string_append_printf (texts, "%s ",
                            json_object_get_string_member (json_array_get_object_element (messages,
                                                                                          i),
                                                           "text"));
  return g_string_free (texts, FALSE);
}

static void
check_server (Side *side, const char *roster)
{
  g_autoptr(BurbleTestPeer) judge =
    burble_test_peer_connect ("127.0.0.1", burble_test_server_get_port (server));
  g_autofree char *in_engine = NULL;
  g_autofree char *on_server = NULL;
  g_autofree char *history = NULL;

  burble_test_peer_sign_in (judge, side->address, "judge", "[\"history\"]");
  on_server = roster_of_server (judge);
  history = history_of_server (judge);
  in_engine = roster_of_engine (side);
  g_assert_cmpstr (on_server, ==, roster);
  g_assert_cmpstr (in_engine, ==, roster);
  g_assert_cmpstr (history, ==, "all one two three four ");
}

/* The chat as it is on the disk: "one:read …". */
static char *
chat_on_disk (Side *side, const char *peer)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) page = NULL;
  g_autoptr(GEnumClass) states = g_type_class_ref (BURBLE_TYPE_MESSAGE_STATE);
  GString *text = g_string_new (NULL);

  result = WAIT_FOR (burble_store_load_page_async, side->person->store,
                     person_chat (side->person, peer), BURBLE_PAGE_LATEST, 0, 0, 1000);
  page = burble_store_list_finish (side->person->store, result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < page->len; i++)
    {
      BurbleMessage *message = g_ptr_array_index (page, i);
      int state = (int) burble_message_get_state (message);

      g_string_append_printf (text, "%s:%s ", burble_message_get_text (message),
                              g_enum_get_value (states, state)->value_nick);
    }
  return g_string_free (text, FALSE);
}

static void
check_chat (Side *side, const char *peer, const char *expected)
{
  g_autofree char *text = chat_on_disk (side, peer);

  for (gint64 end = g_get_monotonic_time () + BURBLE_TEST_PATIENCE;
       !g_str_equal (text, expected) && g_get_monotonic_time () < end;)
    {
      gint64 pause = g_get_monotonic_time () + 20 * G_TIME_SPAN_MILLISECOND;

      burble_test_wait_until (g_get_monotonic_time () > pause);
      g_free (text);
      text = chat_on_disk (side, peer);
    }
  g_assert_cmpstr (text, ==, expected);
}

/* What went over one client's connections. */
typedef struct
{
  GHashTable *asked;    /* "link id" */
  GHashTable *once;     /* "link command": what belongs to a link once */
  GHashTable *messages; /* "link message-id" */
  GHashTable *done;     /* message ids whose `sent` arrived */
} Traffic;

static void
add_once (GHashTable *set, char *key)
{
  if (!g_hash_table_add (set, key))
    g_error ("Twice: %s", key);
}

static void
traffic_cb (const BurbleTestRelayRecord *record, gpointer user_data)
{
  Traffic *traffic = user_data;
  const BurbleGurglePacket *packet = record->packet;
  const char *command = burble_gurgle_packet_type_to_string (packet->type);

  g_assert_cmpint (packet->type, !=, BURBLE_GURGLE_INVALID);
  g_assert_cmpint (packet->type, !=, BURBLE_GURGLE_UNKNOWN);
  if (record->direction == BURBLE_TEST_RELAY_DOWN)
    {
      for (guint i = 0; packet->type == BURBLE_GURGLE_SENT && packet->sent.success[i] != NULL; i++)
        g_hash_table_add (traffic->done, g_strdup (packet->sent.success[i]));
      return;
    }
  if (packet->has_id && packet->type != BURBLE_GURGLE_SENT && packet->type != BURBLE_GURGLE_PONG)
    add_once (traffic->asked, g_strdup_printf ("%u %d", record->link, packet->id));
  if (packet->type == BURBLE_GURGLE_VERSION || packet->type == BURBLE_GURGLE_UPGRADE
      || packet->type == BURBLE_GURGLE_QUERY || packet->type == BURBLE_GURGLE_AUTH
      || packet->type == BURBLE_GURGLE_REGISTER || packet->type == BURBLE_GURGLE_GET_ROSTER
      || packet->type == BURBLE_GURGLE_QUIT)
    add_once (traffic->once, g_strdup_printf ("%u %s", record->link, command));
  for (guint i = 0; packet->type == BURBLE_GURGLE_UPDATE_ROSTER && i < packet->roster.entries->len;
       i++)
    {
      const BurbleGurgleRosterEntry *entry = g_ptr_array_index (packet->roster.entries, i);

      add_once (traffic->once, g_strdup_printf ("%u %s %s %s", record->link, entry->from,
                                                entry->alias, entry->removed ? "gone" : ""));
    }
  for (guint i = 0; packet->type == BURBLE_GURGLE_MESSAGE && i < packet->message.messages->len; i++)
    {
      const BurbleGurgleMessage *message = g_ptr_array_index (packet->message.messages, i);

      add_once (traffic->messages, g_strdup_printf ("%u %s", record->link, message->id));
      g_assert_false (g_hash_table_contains (traffic->done, message->id));
    }
}

static void
check_traffic (Side *side)
{
  Traffic traffic = { NULL };
  GHashTable **tables[] = { &traffic.asked, &traffic.once, &traffic.messages, &traffic.done };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    *tables[i] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  burble_test_relay_foreach (side->relay, traffic_cb, &traffic);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    g_hash_table_unref (*tables[i]);
}

static void
check (Scene *scene)
{
  Side *alice = &scene->alice;
  Side *bob = &scene->bob;
  g_autofree char *alices = g_strdup_printf ("%s both Robert\n%s both null", bob->address,
                                             scene->room);
  g_autofree char *bobs = g_strdup_printf ("%s both null\n%s both null", alice->address,
                                           scene->room);

  burble_test_wait_until (is_up_to_date (alice) && is_up_to_date (bob));
  check_chat (alice, bob->address, "one:read two:read three:received four:read ");
  check_chat (bob, alice->address, "one:received two:received three:read four:received ");
  check_chat (alice, scene->room, "all:sent ");
  check_chat (bob, scene->room, "all:received ");
  g_assert_cmpuint (person_unread (alice->person, bob->address), ==, 0);
  g_assert_cmpuint (person_unread (bob->person, alice->address), ==, 0);
  check_server (alice, alices);
  check_server (bob, bobs);
  check_traffic (alice);
  check_traffic (bob);
}

/* TRUE: it was cut. */
static gboolean
play (const Cut *cut, guint totals[2])
{
  Scene scene = { 0 };
  Side *cut_side = g_strcmp0 (cut->side, "bob") == 0 ? &scene.bob : &scene.alice;
  gboolean done = FALSE;

  serial++;
  scene.room = g_strdup_printf ("room%u@" BURBLE_TEST_SERVER_DOMAIN, serial);
  side_init (&scene.alice, "alice", "laptop", cut);
  side_init (&scene.bob, "bob", "desk", cut);

  sign_in (&scene.alice);
  sign_in (&scene.bob);
  burble_test_wait_until (is_up_to_date (&scene.alice) && is_up_to_date (&scene.bob));
  befriend (&scene);
  gather (&scene);
  talk (&scene);
  ping (&scene, &scene.alice);
  ping (&scene, &scene.bob);
  check (&scene);

  done = was_cut (&scene);
  if (totals != NULL)
    for (guint i = 0; i < 2; i++)
      totals[i] = burble_test_relay_get_total (cut_side->relay, i);
  side_clear (&scene.alice);
  side_clear (&scene.bob);
  g_free (scene.room);
  return done;
}

static guint
get_stride (void)
{
  const char *text = g_getenv ("BURBLE_BOUNDARY_STRIDE");

  return text != NULL ? MAX (1, (guint) g_ascii_strtoull (text, NULL, 10)) : BOUNDARY_STRIDE;
}

static void
test_boundaries (gconstpointer data)
{
  Cut cut = *(const Cut *) data;
  const Cut none = { cut.side, cut.direction, G_MAXUINT, FALSE };
  guint totals[2] = { 0 };
  guint tried = 0;
  guint cuts = 0;

  g_assert_false (play (&none, totals));
  for (cut.n = 0; cut.n < totals[cut.direction]; cut.n += get_stride ())
    {
      g_test_message ("%s, %s, after packet %u of %u%s", cut.side,
                      cut.direction == BURBLE_TEST_RELAY_UP ? "up" : "down", cut.n,
                      totals[cut.direction], cut.inside ? " and inside the next" : "");
      tried++;
      cuts += play (&cut, NULL);
    }
  /* How much shares a packet differs a little from time to time. */
  g_assert_cmpuint (cuts + 3, >=, tried);
  g_assert_cmpuint (totals[cut.direction], >, 20);
}

static const Cut places[] = {
  { "alice", BURBLE_TEST_RELAY_UP, 0, FALSE },
  { "alice", BURBLE_TEST_RELAY_UP, 0, TRUE },
  { "alice", BURBLE_TEST_RELAY_DOWN, 0, FALSE },
  { "alice", BURBLE_TEST_RELAY_DOWN, 0, TRUE },
  { "bob", BURBLE_TEST_RELAY_UP, 0, FALSE },
  { "bob", BURBLE_TEST_RELAY_UP, 0, TRUE },
  { "bob", BURBLE_TEST_RELAY_DOWN, 0, FALSE },
  { "bob", BURBLE_TEST_RELAY_DOWN, 0, TRUE },
};

int
main (int argc, char **argv)
{
  int status = 0;

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  server = burble_test_server_new (CONFIG);
  burble_test_server_add_user (server, "carol", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/e2e/boundaries/%s/%s/%s", places[i].side,
                         places[i].direction == BURBLE_TEST_RELAY_UP ? "up" : "down",
                         places[i].inside ? "inside" : "between");

      g_test_add_data_func (path, &places[i], test_boundaries);
    }
  status = g_test_run ();
  burble_test_server_free (server);
  return status;
}
