/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cg-fixture.h"

/* Links that end, servers that stop, and bytes that mean nothing. */

/* What the server says when it ends a link is a word between programs, or for people. */
static void
test_killed (CgFixture *f, gconstpointer quirks)
{
  static const char * const reasons[] = {
    "smartpacketinvalid", "", "Closing time, see you at six",
  };

  cg_go_online (f);
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      g_clear_error (&f->error);
      burble_test_cg_kill (f->server, reasons[i]);
      burble_test_wait_until (f->error != NULL);
      g_assert_error (f->error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_KILLED);
      g_assert_cmpstr (f->error->message, ==, i == 2 ? reasons[i] : "");
      cg_wait_state (f, BURBLE_CONNECTION_ONLINE);
    }
}

static void
test_killed_without_a_reason (CgFixture *f, gconstpointer quirks)
{
  cg_go_online (f);
  burble_test_cg_kill (f->server, NULL);
  burble_test_wait_until (f->error != NULL);
  g_assert_error (f->error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_KILLED);
  cg_wait_state (f, BURBLE_CONNECTION_ONLINE);
}

/* As when the server is stopped at its console. */
static void
test_bare_end (CgFixture *f, gconstpointer quirks)
{
  cg_go_online (f);
  burble_test_cg_cut (f->server);
  burble_test_wait_until (f->error != NULL);
  g_assert_error (f->error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
  cg_wait_state (f, BURBLE_CONNECTION_ONLINE);
}

static void
test_signed_out (CgFixture *f, gconstpointer quirks)
{
  cg_go_online (f);
  burble_test_cg_sign_out (f->server);
  burble_test_wait_until (f->error != NULL);
  g_assert_error (f->error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_KILLED);
  cg_wait_state (f, BURBLE_CONNECTION_ONLINE);
}

/* Its socket is still there, and whoever asks about somebody would wait for nothing for ever. */
static void
test_hung (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(BurblePersonInfo) person = NULL;
  g_autoptr(GError) error = NULL;

  cg_go_online (f);
  person = cg_look_up (f, "bob", NULL, NULL);
  g_assert_true (person->exists);
  burble_test_cg_set_quirks (f->server, BURBLE_TEST_CG_MUTE);
  g_assert_null (cg_look_up (f, "alice", NULL, &error));
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT);
  burble_test_wait_until (f->error != NULL);
  g_assert_error (f->error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT);
  burble_test_cg_set_quirks (f->server, 0);
  burble_test_cg_cut (f->server);
  cg_wait_state (f, BURBLE_CONNECTION_ONLINE);
}

/* Without a question of the user, too. */
static void
test_hung_unnoticed (CgFixture *f, gconstpointer quirks)
{
  cg_set_refresh (f, 100);
  cg_go_online (f);
  burble_test_wait_until (burble_test_cg_get_questions (f->server) > 1);
  burble_test_cg_set_quirks (f->server, BURBLE_TEST_CG_MUTE);
  burble_test_wait_until (f->error != NULL);
  g_assert_error (f->error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT);
}

/* The machine was asleep, and the server has forgotten us. */
static void
test_woken (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(BurblePersonInfo) person = NULL;

  cg_go_online (f);
  person = cg_look_up (f, "bob", NULL, NULL);
  g_assert_true (person->exists);
  burble_test_cg_set_quirks (f->server, BURBLE_TEST_CG_MUTE);
  BURBLE_CONNECTION_GET_CLASS (f->connection)->probe (f->connection);
  burble_test_wait_until (f->error != NULL);
  g_assert_error (f->error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT);
}

static void
test_bad_data (CgFixture *f, gconstpointer quirks)
{
  static const char frame[] = "\0\0\0\x08\0\0\0\x43\0\0\xc1\xc1";
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  BurbleDirectoryChannel *channel = BURBLE_DIRECTORY_CHANNEL (f->connection);

  cg_go_online (f);
  burble_test_cg_set_quirks (f->server, BURBLE_TEST_CG_MUTE);
  burble_directory_channel_lookup_async (channel, "bob", NULL, NULL, cg_result_cb, &result);
  burble_test_cg_send_raw (f->server, frame, sizeof frame - 1);
  burble_test_wait_until (f->error != NULL);
  g_assert_error (f->error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_DATA);
  /* Who waited is told. */
  burble_test_wait_until (result != NULL);
  g_assert_null (burble_directory_channel_lookup_finish (channel, result, &error));
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
}

/* Something else listens at that port. */
static void
test_no_such_server (CgFixture *f, gconstpointer quirks)
{
  static const char greeting[] = "SSH-2.0-something\r\n";

  burble_test_cg_set_quirks (f->server, BURBLE_TEST_CG_MUTE);
  burble_connection_connect (f->connection);
  burble_test_wait_until (burble_test_cg_get_open (f->server) > 0);
  burble_test_cg_send_raw (f->server, greeting, sizeof greeting - 1);
  burble_test_wait_until (f->error != NULL);
  g_assert_error (f->error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_DATA);
}

/* Numbers that mean nothing, in either kind of body. */
static void
test_unknown_packets (CgFixture *f, gconstpointer quirks)
{
  static const char frames[] = "\0\0\0\x07\0\0\x0f\xff\0\0\xc1"
                               "\0\0\0\x07\0\0\x0f\xfe\x80\0\x80"
                               "\0\0\0\x07\0\0\0\x01\0\0\x80"
                               "\0\0\0\x07\0\0\0\x03\xff\xfc\x80";
  g_autoptr(BurblePersonInfo) person = NULL;

  cg_go_online (f);
  burble_test_cg_send_raw (f->server, frames, 3 * 11);
  person = cg_look_up (f, "bob", NULL, NULL);
  g_assert_true (person->exists);
  g_assert_null (f->error);
}

/* The end of a large answer never comes: what comes next is read as the end of it. */
static void
test_cut_answer (CgFixture *f, gconstpointer quirks)
{
  g_autofree char *noise = g_malloc0 (40000);
  g_autoptr(GRand) dice = g_rand_new_with_seed (1);
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePersonInfo) person = NULL;

  for (guint i = 0; i < 39999; i++)
    noise[i] = (char) g_rand_int_range (dice, 'a', 'z');
  burble_test_cg_set_attribute (f->server, "bob", "noise", noise);
  cg_go_online (f);
  burble_test_wait_until (burble_test_cg_get_questions (f->server) == 1);
  g_assert_null (cg_look_up (f, "bob", NULL, &error));
  burble_test_cg_set_quirks (f->server, 0);
  cg_wait_state (f, BURBLE_CONNECTION_WAITING);
  cg_wait_state (f, BURBLE_CONNECTION_ONLINE);
  person = cg_look_up (f, "bob", NULL, NULL);
  g_assert_true (person->exists);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  cg_add ("killed", 0, test_killed);
  cg_add ("killed/without-a-reason", BURBLE_TEST_CG_NO_REASON, test_killed_without_a_reason);
  cg_add ("bare-end", 0, test_bare_end);
  cg_add ("signed-out", 0, test_signed_out);
  cg_add ("hung", 0, test_hung);
  cg_add ("hung/unnoticed", 0, test_hung_unnoticed);
  cg_add ("hung/woken", 0, test_woken);
  cg_add ("bad-data", 0, test_bad_data);
  cg_add ("no-such-server", 0, test_no_such_server);
  cg_add ("unknown-packets", 0, test_unknown_packets);
  cg_add ("cut-answer", BURBLE_TEST_CG_CUTS_LARGE, test_cut_answer);

  return g_test_run ();
}
