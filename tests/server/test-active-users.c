/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-active-users.h"

#define SECOND G_USEC_PER_SEC

/* A terminal that keeps what it is told. */
typedef struct
{
  BurbleTerminal terminal; /* the first member */
  GBytes *last;
  guint n_told;
} Watcher;

static void
watcher_send (BurbleTerminal *terminal,
              GBytes         *packet)
{
  Watcher *self = (Watcher *) terminal;

  g_clear_pointer (&self->last, g_bytes_unref);
  self->last = g_bytes_ref (packet);
  self->n_told++;
}

static const BurbleTerminalFuncs watcher_funcs = { .send = watcher_send };

static void
watcher_clear (Watcher *self)
{
  g_clear_pointer (&self->last, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watcher, watcher_clear)

static BurbleGurglePacket *
read_last (const Watcher *watcher)
{
  g_autoptr(GError) error = NULL;
  BurbleGurglePacket *packet = burble_gurgle_packet_parse (watcher->last,
                                                           BURBLE_GURGLE_DIALECT_0_1, &error);

  g_assert_no_error (error);
  g_assert_cmpint (packet->type, ==, BURBLE_GURGLE_ACTIVE_USERS);
  g_assert_false (packet->has_id);
  return packet;
}

static void
check_last (const Watcher *watcher,
            const char    *names)
{
  g_autoptr(BurbleGurglePacket) packet = read_last (watcher);
  g_autoptr(GString) all = g_string_new (NULL);

  for (guint i = 0; i < packet->active_users.users->len; i++)
    {
      const BurbleGurgleUser *user = g_ptr_array_index (packet->active_users.users, i);

      g_string_append_printf (all, "%s%s=%s", i > 0 ? " " : "", user->username, user->uuid);
    }
  g_assert_cmpstr (all->str, ==, names);
  g_assert_true (packet->active_users.complete);
}

static void
add (BurbleActiveUsers *users,
     guint              number,
     gint64             now)
{
  g_autofree char *name = g_strdup_printf ("user%04u", number);

  burble_active_users_add (users, name, "u", now);
}

static void
test_sorted (void)
{
  g_autoptr(BurbleActiveUsers) users = burble_active_users_new ();
  g_auto(Watcher) watcher = { .terminal.funcs = &watcher_funcs };

  burble_active_users_add (users, "zoe", "3", SECOND);
  burble_active_users_add (users, "ada", "1", SECOND);
  burble_active_users_add (users, "émile", "4", SECOND);
  burble_active_users_add (users, "bob", "2", SECOND);
  burble_active_users_remove (users, "bob", SECOND);
  burble_active_users_remove (users, "nobody", SECOND);
  burble_active_users_watch (users, &watcher.terminal);
  g_assert_cmpuint (watcher.n_told, ==, 1);
  check_last (&watcher, "ada=1 zoe=3 émile=4");
  /* Once is enough. */
  burble_active_users_watch (users, &watcher.terminal);
  g_assert_cmpuint (watcher.n_told, ==, 1);
}

static void
test_joined (void)
{
  g_autoptr(BurbleActiveUsers) users = burble_active_users_new ();
  g_auto(Watcher) one = { .terminal.funcs = &watcher_funcs };
  g_auto(Watcher) two = { .terminal.funcs = &watcher_funcs };
  gint64 now = 1000 * SECOND;
  gint64 told = 0;

  /* Nobody wants to know. */
  burble_active_users_add (users, "ada", "1", now);
  g_assert_cmpint (burble_active_users_get_due (users), ==, 0);

  burble_active_users_watch (users, &one.terminal);
  burble_active_users_watch (users, &two.terminal);
  g_assert_true (one.last == two.last);

  /* Somebody comes after a quiet time: half a second, in which others may come as well. */
  burble_active_users_add (users, "bob", "2", now);
  told = burble_active_users_get_due (users);
  g_assert_cmpint (told, ==, now + SECOND / 2);
  burble_active_users_add (users, "cem", "3", now + SECOND / 4);
  g_assert_cmpint (burble_active_users_get_due (users), ==, told);
  g_assert_cmpuint (one.n_told, ==, 1);
  burble_active_users_tell (users, told);
  g_assert_cmpint (burble_active_users_get_due (users), ==, 0);
  g_assert_cmpuint (one.n_told, ==, 2);
  check_last (&one, "ada=1 bob=2 cem=3");
  /* One packet for all. */
  g_assert_true (one.last == two.last);

  /* Who came meanwhile has it already. */
  burble_active_users_unwatch (users, &two.terminal);
  burble_active_users_add (users, "dan", "4", told + 1);
  burble_active_users_watch (users, &two.terminal);
  g_assert_cmpuint (two.n_told, ==, 3);
  check_last (&two, "ada=1 bob=2 cem=3 dan=4");
  told = burble_active_users_get_due (users);
  burble_active_users_tell (users, told);
  g_assert_cmpuint (two.n_told, ==, 3);
  g_assert_cmpuint (one.n_told, ==, 3);

  /* And not again at once. */
  burble_active_users_unwatch (users, &two.terminal);
  burble_active_users_remove (users, "bob", told + 1);
  g_assert_cmpint (burble_active_users_get_due (users), ==, told + 3 * SECOND + SECOND / 10 * 3);
  burble_active_users_tell (users, burble_active_users_get_due (users));
  check_last (&one, "ada=1 cem=3 dan=4");
  g_assert_cmpuint (one.n_told, ==, 4);
  g_assert_cmpuint (two.n_told, ==, 3);
}

static void
test_storm (void)
{
  g_autoptr(BurbleActiveUsers) users = burble_active_users_new ();
  g_auto(Watcher) watcher = { .terminal.funcs = &watcher_funcs };
  g_autoptr(BurbleGurglePacket) last = NULL;
  gint64 start = 1000 * SECOND;
  gint64 now = start;

  burble_active_users_watch (users, &watcher.terminal);
  /* Four hundred people, forty of them a second. */
  for (guint i = 0; i < 400; i++, now += SECOND / 40)
    {
      if (burble_active_users_get_due (users) != 0 && burble_active_users_get_due (users) <= now)
        burble_active_users_tell (users, now);
      add (users, i, now);
    }
  /* In the beginning, after half a second, after three more with the pause of then; no more. */
  g_assert_cmpuint (watcher.n_told, ==, 3);
  now = burble_active_users_get_due (users);
  g_assert_cmpint (now - start, >, 10 * SECOND);
  burble_active_users_tell (users, now);
  last = read_last (&watcher);
  g_assert_cmpuint (last->active_users.users->len, ==, 400);
  /* The more there are, the more rarely. */
  add (users, 400, now);
  g_assert_cmpint (burble_active_users_get_due (users), >, now + 43 * SECOND);
}

static void
test_too_many (void)
{
  g_autoptr(BurbleActiveUsers) users = burble_active_users_new ();
  g_auto(Watcher) watcher = { .terminal.funcs = &watcher_funcs };
  g_auto(Watcher) late = { .terminal.funcs = &watcher_funcs };
  g_autoptr(BurbleGurglePacket) cut = NULL;
  g_autoptr(BurbleGurglePacket) asked = NULL;
  g_autoptr(BurbleGurglePacket) whole = NULL;
  const BurbleGurgleUser *end = NULL;
  gint64 now = 1000 * SECOND;

  for (guint i = 0; i < BURBLE_ACTIVE_USERS_MAX; i++)
    add (users, i, now);
  burble_active_users_watch (users, &watcher.terminal);

  /* That there are too many now is the last that is told unasked. */
  add (users, 9000, now);
  burble_active_users_tell (users, burble_active_users_get_due (users));
  g_assert_cmpuint (watcher.n_told, ==, 2);
  cut = read_last (&watcher);
  g_assert_false (cut->active_users.complete);
  g_assert_cmpuint (cut->active_users.users->len, ==, BURBLE_ACTIVE_USERS_MAX);
  add (users, 8000, now);
  burble_active_users_tell (users, burble_active_users_get_due (users));
  g_assert_cmpuint (watcher.n_told, ==, 2);

  /* Who asks, and who comes, gets the first ones. */
  burble_active_users_add (users, "a", "u", now);
  burble_active_users_watch (users, &late.terminal);
  g_assert_cmpuint (late.n_told, ==, 1);
  asked = burble_active_users_list (users);
  g_assert_false (asked->active_users.complete);
  g_assert_cmpuint (asked->active_users.users->len, ==, BURBLE_ACTIVE_USERS_MAX);
  end = g_ptr_array_index (asked->active_users.users, BURBLE_ACTIVE_USERS_MAX - 1);
  g_assert_cmpstr (end->username, ==, "user0498");

  /* Until they are fewer again. */
  burble_active_users_remove (users, "a", now);
  burble_active_users_remove (users, "user8000", now);
  burble_active_users_remove (users, "user9000", now);
  burble_active_users_tell (users, burble_active_users_get_due (users));
  g_assert_cmpuint (watcher.n_told, ==, 3);
  whole = read_last (&watcher);
  g_assert_true (whole->active_users.complete);
  g_assert_cmpuint (whole->active_users.users->len, ==, BURBLE_ACTIVE_USERS_MAX);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/server/active-users/sorted", test_sorted);
  g_test_add_func ("/server/active-users/changes-are-joined", test_joined);
  g_test_add_func ("/server/active-users/a-storm-costs-little", test_storm);
  g_test_add_func ("/server/active-users/too-many-to-tell", test_too_many);
  return g_test_run ();
}
