/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <time.h>

#include "session-fixture.h"

/*
 * A server that says what no server should: whatever it is, the window does not wait, and what it
 * says later is heard.
 */

#define BOB "bob@example.org"
#define ALICE "alice@example.org"

typedef BurbleHistoryPage *(*Answer) (gint64 after, guint asked);

typedef struct
{
  BurbleConnection parent_instance;
  Answer answer;
  guint asked;
  gint64 last_after;
} Rude;

typedef struct
{
  BurbleConnectionClass parent_class;
} RudeClass;

static GType rude_get_type (void);
static void message_iface_init (BurbleMessageChannelInterface *iface);
static void history_iface_init (BurbleHistoryChannelInterface *iface);
static void roster_iface_init (BurbleRosterChannelInterface *iface);

G_DEFINE_TYPE_WITH_CODE (Rude, rude, BURBLE_TYPE_CONNECTION,
                         G_IMPLEMENT_INTERFACE (BURBLE_TYPE_MESSAGE_CHANNEL, message_iface_init)
                         G_IMPLEMENT_INTERFACE (BURBLE_TYPE_ROSTER_CHANNEL, roster_iface_init)
                         G_IMPLEMENT_INTERFACE (BURBLE_TYPE_HISTORY_CHANNEL, history_iface_init))

static gboolean
opened_cb (gpointer self)
{
  burble_connection_set_capabilities (self, BURBLE_CAPABILITY_MESSAGES | BURBLE_CAPABILITY_HISTORY
                                            | BURBLE_CAPABILITY_ROSTER);
  burble_connection_opened (self);
  return G_SOURCE_REMOVE;
}

static void
rude_open (BurbleConnection *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, opened_cb, g_object_ref (self), g_object_unref);
}

static void
rude_class_init (RudeClass *klass)
{
  BURBLE_CONNECTION_CLASS (klass)->open = rude_open;
  BURBLE_CONNECTION_CLASS (klass)->close = burble_connection_closed;
}

static void
rude_init (Rude *self)
{
}

static void
acknowledge (BurbleMessageChannel *channel, GPtrArray *messages)
{
}

static void
message_iface_init (BurbleMessageChannelInterface *iface)
{
  iface->acknowledge = acknowledge;
}

static void
set_etag (BurbleRosterChannel *channel, const char *etag)
{
}

static void
roster_iface_init (BurbleRosterChannelInterface *iface)
{
  iface->set_etag = set_etag;
}

static void
fetch_async (BurbleHistoryChannel *channel, const char *with, gint64 after, gint64 before,
             guint limit, GCancellable *cancellable, GAsyncReadyCallback callback,
             gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (channel, cancellable, callback, user_data);
  Rude *self = (Rude *) channel;

  g_task_set_source_tag (task, fetch_async);
  self->asked++;
  self->last_after = after;
  g_task_return_pointer (task, self->answer (after, self->asked),
                         (GDestroyNotify) burble_history_page_free);
}

static BurbleHistoryPage *
fetch_finish (BurbleHistoryChannel *channel, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
history_iface_init (BurbleHistoryChannelInterface *iface)
{
  iface->fetch_async = fetch_async;
  iface->fetch_finish = fetch_finish;
}

/* The fixture: Bob, whose server this is. */

static BurbleConnection *
make_rude (const char *network, const BurbleConnectionSettings *settings, gpointer answer)
{
  Rude *self = g_object_new (rude_get_type (), NULL);

  self->answer = answer;
  return BURBLE_CONNECTION (self);
}

static Person *
sign_in (Answer answer)
{
  Person *bob = person_new (BOB, "desk");

  bob->factory = make_rude;
  bob->factory_data = answer;
  person_start (bob);
  person_sign_in (bob);
  return bob;
}

static BurbleCatchUp *
get_catch_up (Person *person)
{
  return burble_account_controller_get_catch_up (burble_session_get_controller (person->session,
                                                                                person->account));
}

static BurbleMessageEvent *
make_event (const char *text, gint64 seq)
{
  BurbleMessageEvent *event = burble_message_event_new (text);

  event->peer = g_strdup (ALICE);
  event->sender = g_strdup (ALICE);
  event->text = g_strdup (text);
  event->seq = seq;
  event->time = g_get_real_time ();
  return event;
}

static BurbleHistoryPage *
page_new (gboolean complete)
{
  BurbleHistoryPage *page = g_new0 (BurbleHistoryPage, 1);

  page->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
  page->complete = complete;
  page->highest = -1;
  return page;
}

static void
push (Person *person, const char *text, gint64 seq)
{
  g_autoptr(GPtrArray) events = NULL;

  events = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_event_free);
  g_ptr_array_add (events, make_event (text, seq));
  burble_message_channel_emit_received (BURBLE_MESSAGE_CHANNEL (person->connection), events);
}

/* There is always more of it. */
static BurbleHistoryPage *
endless (gint64 after, guint asked)
{
  BurbleHistoryPage *page = page_new (FALSE);

  for (gint64 seq = after + 1; seq <= after + 20; seq++)
    {
      g_autofree char *text = g_strdup_printf ("h%" G_GINT64_FORMAT, seq);

      g_ptr_array_add (page->messages, make_event (text, seq));
    }
  return page;
}

/* The main loop turns, what is pushed is heard, and one page is in hand at a time. */
static void
test_endless_history (void)
{
  g_autoptr(Person) bob = sign_in (endless);
  Rude *rude = (Rude *) bob->connection;

  burble_test_wait_until (rude->asked >= 30);
  push (bob, "news", -1);
  burble_test_wait_until (bob->arrived == 1);
  burble_test_wait_until (burble_catch_up_get_highest (get_catch_up (bob)) >= 1000);
  g_assert_false (burble_catch_up_is_complete (get_catch_up (bob)));
  g_assert_cmpuint (rude->asked, <=, burble_catch_up_get_highest (get_catch_up (bob)) / 20 + 1);
  g_assert_cmpuint (bob->store_failures, ==, 0);
}

/* More of nothing. */
static BurbleHistoryPage *
empty (gint64 after, guint asked)
{
  return page_new (FALSE);
}

static void
test_more_of_nothing (void)
{
  g_autoptr(Person) bob = sign_in (empty);

  burble_test_wait_until (burble_catch_up_is_complete (get_catch_up (bob)));
  /* What makes no progress is not asked for again; from nothing to 0 is some. */
  g_assert_cmpuint (((Rude *) bob->connection)->asked, <=, 2);
}

/* Numbers that count nothing, or that are far ahead; after them, those a server should say. */
static BurbleHistoryPage *
huge (gint64 after, guint asked)
{
  BurbleHistoryPage *page = page_new (TRUE);

  if (asked == 1)
    {
      g_ptr_array_add (page->messages, make_event ("two", 2));
      g_ptr_array_add (page->messages, make_event ("absurd", G_MAXINT64));
      g_ptr_array_add (page->messages, make_event ("huge", G_GINT64_CONSTANT (1) << 53));
      page->highest = G_MAXINT64;
    }
  else if (after < 5)
    {
      g_ptr_array_add (page->messages, make_event ("missed", 5));
    }
  return page;
}

static void
test_numbers_beyond_counting (void)
{
  g_autoptr(Person) bob = sign_in (huge);

  burble_test_wait_until (burble_catch_up_is_complete (get_catch_up (bob)));
  g_assert_cmpint (burble_catch_up_get_highest (get_catch_up (bob)), ==, 2);
  burble_test_wait_until (person_heard (bob, ALICE, "huge"));

  /* So that a hole still shows. */
  push (bob, "six", 6);
  burble_test_wait_until (person_heard (bob, ALICE, "missed"));
}

/* First far ahead, then where it really is. */
static BurbleHistoryPage *
far_ahead (gint64 after, guint asked)
{
  BurbleHistoryPage *page = page_new (TRUE);

  if (asked == 1)
    g_ptr_array_add (page->messages, make_event ("far", 1000 * 1000));
  for (gint64 seq = MAX (after + 1, 7); asked > 1 && seq <= 9; seq++)
    {
      g_autofree char *text = g_strdup_printf ("n%d", (int) seq);

      g_ptr_array_add (page->messages, make_event (text, seq));
    }
  return page;
}

static void
test_counting_begins_anew (void)
{
  g_autoptr(Person) bob = sign_in (far_ahead);
  g_autofree char *texts = NULL;

  burble_test_wait_until (burble_catch_up_is_complete (get_catch_up (bob)));
  g_assert_cmpint (burble_catch_up_get_highest (get_catch_up (bob)), ==, 1000 * 1000);
  push (bob, "n7", 7);
  burble_test_wait_until (burble_catch_up_is_complete (get_catch_up (bob))
                          && burble_catch_up_get_highest (get_catch_up (bob)) == 9);
  texts = person_texts (bob, ALICE);
  g_assert_cmpstr (texts, ==, "far n7 n8 n9");

  /* Also on the next start. */
  person_stop (bob);
  person_start (bob);
  person_wait_online (bob);
  burble_test_wait_until (burble_catch_up_is_complete (get_catch_up (bob)));
  g_assert_cmpint (((Rude *) bob->connection)->last_after, ==, 9);
}

/* The CPU time of this thread, in µs: how long the window would not have answered. */
static gint64
cpu_time (void)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* Turns the main loop until @id is there, and tells how long the longest turn was. */
static gint64
wait_for_contact (Person *person, const char *id)
{
  gint64 end = g_get_monotonic_time () + BURBLE_TEST_PATIENCE;
  gint64 longest = 0;

  while (!person_knows (person, id) || !burble_contact_get_online (person_contact (person, id)))
    {
      gint64 begin = cpu_time ();

      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, FALSE);
      longest = MAX (longest, cpu_time () - begin);
    }
  return longest;
}

static GPtrArray *
make_roster (guint count)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_item_free);

  for (guint i = 0; i < count; i++)
    {
      g_autofree char *id = g_strdup_printf ("person-%u@example.org", i);
      BurbleRosterItem *item = burble_roster_item_new (id);

      item->has_subscription = TRUE;
      item->subscription = BURBLE_ROSTER_BOTH;
      g_ptr_array_add (item->presences,
                       burble_presence_event_new (id, "desk", BURBLE_PEER_AVAILABLE, NULL));
      g_ptr_array_add (items, item);
    }
  return items;
}

static gboolean
emit_cb (gpointer user_data)
{
  gpointer *parts = user_data;

  burble_roster_channel_emit_reset (parts[0], "e1", parts[1]);
  g_clear_pointer (&parts[1], g_ptr_array_unref);
  return G_SOURCE_REMOVE;
}

/* A list of 100,000 people arrives bit by bit. */
static void
test_enormous_roster (void)
{
  const guint count = 100 * 1000;
  g_autoptr(Person) bob = sign_in (empty);
  gpointer parts[2] = { bob->connection, make_roster (count) };
  g_autofree char *last = g_strdup_printf ("person-%u@example.org", count - 1);
  gint64 begin = cpu_time ();
  gint64 longest;

  g_idle_add (emit_cb, parts);
  longest = wait_for_contact (bob, last);
  g_test_message ("%u people: %.1f ms, the longest turn took %.1f ms", count,
                  (cpu_time () - begin) / 1000.0, longest / 1000.0);
  /* In one go the longest would be all. */
  g_assert_cmpint (longest, <, (cpu_time () - begin) / 4);
  g_assert_cmpuint (g_list_model_get_n_items (burble_session_get_contacts (bob->session)), ==,
                    count);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/session/hostile/endless-history", test_endless_history);
  g_test_add_func ("/session/hostile/more-of-nothing", test_more_of_nothing);
  g_test_add_func ("/session/hostile/numbers-beyond-counting", test_numbers_beyond_counting);
  g_test_add_func ("/session/hostile/enormous-roster", test_enormous_roster);
  g_test_add_func ("/session/hostile/counting-begins-anew", test_counting_begins_anew);

  return g_test_run ();
}
