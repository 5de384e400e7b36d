/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cg-fixture.h"

#include <string.h>

/* Asking a cg server what it is, without an account. */

static void
begin (CgFixture *f, GCancellable *cancellable, GAsyncResult **result)
{
  burble_probe_channel_probe_async (BURBLE_PROBE_CHANNEL (f->connection), cancellable,
                                    cg_result_cb, result);
}

static BurbleServerInfo *
probe (CgFixture *f, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  BurbleServerInfo *info = NULL;

  begin (f, NULL, &result);
  burble_test_wait_until (result != NULL);
  info = burble_probe_channel_probe_finish (BURBLE_PROBE_CHANNEL (f->connection), result, error);
  /* It hangs up, and the connection itself is where it was. */
  burble_test_wait_until (burble_test_cg_get_open (f->server) == 0);
  g_assert_cmpint (burble_connection_get_state (f->connection), ==, BURBLE_CONNECTION_OFFLINE);
  return info;
}

static void
test_what_it_is (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleServerInfo) info = NULL;

  burble_test_cg_set_words (f->server, "The Parlour", "Cards\nand tea");
  info = probe (f, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (info->name, ==, "The Parlour");
  g_assert_cmpstr (info->slogan, ==, "Cardsand tea");
  /* It counts us. */
  g_assert_cmpint (info->people, ==, 0);
  g_assert_cmpint (info->max_people, ==, 20);
  g_assert_cmpint (info->age, ==, 0);
  g_assert_cmpint (info->can_sign_in, ==, (GPOINTER_TO_UINT (quirks) & BURBLE_TEST_CG_CLOSED) == 0);
}

/* No name is needed for it, nor a password. */
static void
test_half_an_address (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleServerInfo) info = NULL;
  g_autoptr(BurbleConnectionSettings) settings = burble_connection_settings_new ("alice");

  cg_set_name (f, "");
  burble_connection_set_password (f->connection, NULL);
  info = probe (f, &error);
  g_assert_no_error (error);
  burble_connection_set_settings (f->connection, settings);
  g_assert_null (probe (f, &error));
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS);
}

static void
test_others_are_there (CgFixture *f, gconstpointer quirks)
{
  BurbleConnection *other = cg_new (f, "bob", 120 * 1000);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(BurbleServerInfo) info = NULL;

  burble_connection_connect (other);
  burble_test_wait_until (burble_connection_get_state (other) == BURBLE_CONNECTION_ONLINE);
  begin (f, NULL, &result);
  burble_test_wait_until (result != NULL);
  info = burble_probe_channel_probe_finish (BURBLE_PROBE_CHANNEL (f->connection), result, NULL);
  g_assert_cmpint (info->people, ==, 1);
  cg_free (other);
}

static void
test_other_transport (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleServerInfo) info = probe (f, &error);

  g_assert_no_error (error);
  g_assert_cmpint (info->age, >, 0);
  g_assert_null (info->name);
  g_assert_cmpint (info->people, ==, -1);
}

static void
test_silent (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (probe (f, &error));
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT);
}

static void
test_nothing_there (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(GError) error = NULL;
  guint16 port = burble_test_cg_get_port (f->server);
  g_autoptr(BurbleConnectionSettings) settings =
    burble_connection_settings_copy (burble_connection_get_settings (f->connection));

  /* The lowest port is nobody's. */
  settings->port = 1;
  g_assert_cmpuint (port, !=, 1);
  burble_connection_set_settings (f->connection, settings);
  g_assert_null (probe (f, &error));
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
}

static void
test_cancelled (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  begin (f, cancellable, &result);
  burble_test_wait_until (burble_test_cg_get_open (f->server) == 1);
  g_cancellable_cancel (cancellable);
  burble_test_wait_until (result != NULL);
  g_assert_null (burble_probe_channel_probe_finish (BURBLE_PROBE_CHANNEL (f->connection), result,
                                                    &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  burble_test_wait_until (burble_test_cg_get_open (f->server) == 0);
}

/* Names and slogans that are novels, and one that is longer than any answer. */
static void
test_boasts (CgFixture *f, gconstpointer quirks)
{
  g_autofree char *novel = g_strnfill (5000, 'n');
  g_autofree char *library = g_malloc0 (40000);
  g_autoptr(GRand) dice = g_rand_new_with_seed (1);
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleServerInfo) info = NULL;

  burble_test_cg_set_words (f->server, novel, novel);
  info = probe (f, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (info->name), ==, 64);
  g_assert_cmpuint (strlen (info->slogan), ==, 64);
  for (guint i = 0; i < 39999; i++)
    library[i] = (char) g_rand_int_range (dice, 'a', 'z');
  burble_test_cg_set_words (f->server, library, "");
  g_assert_null (probe (f, &error));
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_DATA);
}

static void
test_rude (CgFixture *f, gconstpointer quirks)
{
  static const struct
  {
    const char *bytes;
    gsize size;
    int code;
  } cases[] = {
    { "SSH-2.0-something\r\n", 19, BURBLE_PROTOCOL_ERROR_BAD_DATA },
    { "\0\0\0\x07\0\0\0\x01\0\0\xc1", 11, BURBLE_PROTOCOL_ERROR_BAD_DATA },
    { "\0\0\0\x07\0\0\0\x41\0\0\xc1", 11, BURBLE_PROTOCOL_ERROR_BAD_DATA },
    { "\0\0\0\x08\0\0\0\x41\0\x01\x78\x9c", 12, BURBLE_PROTOCOL_ERROR_BAD_DATA },
    { "\0\0\0\x07\0\0\0\x10\0\0\x80", 11, BURBLE_PROTOCOL_ERROR_REFUSED },
    /* An answer before the question, then nothing. */
    { "\0\0\0\x07\0\0\0\x41\0\0\x80", 11, BURBLE_PROTOCOL_ERROR_TIMED_OUT },
    { "\xff\xff\xff\xff", 4, BURBLE_PROTOCOL_ERROR_BAD_DATA },
    { "\0\0\0\0", 4, BURBLE_PROTOCOL_ERROR_BAD_DATA },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;

      begin (f, NULL, &result);
      burble_test_wait_until (burble_test_cg_get_open (f->server) == 1);
      burble_test_cg_send_raw (f->server, cases[i].bytes, cases[i].size);
      burble_test_wait_until (result != NULL);
      g_assert_null (burble_probe_channel_probe_finish (BURBLE_PROBE_CHANNEL (f->connection),
                                                        result, &error));
      g_assert_error (error, BURBLE_PROTOCOL_ERROR, cases[i].code);
      burble_test_wait_until (burble_test_cg_get_open (f->server) == 0);
    }
}

/* It hangs up as soon as somebody comes. */
static void
test_hangs_up (CgFixture *f, gconstpointer quirks)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  begin (f, NULL, &result);
  burble_test_wait_until (burble_test_cg_get_open (f->server) == 1);
  burble_test_cg_cut (f->server);
  burble_test_wait_until (result != NULL);
  g_assert_null (burble_probe_channel_probe_finish (BURBLE_PROBE_CHANNEL (f->connection), result,
                                                    &error));
  g_assert_error (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  cg_add ("probe/what-it-is", 0, test_what_it_is);
  cg_add ("probe/what-it-is/split", BURBLE_TEST_CG_SPLIT, test_what_it_is);
  cg_add ("probe/what-it-is/compressed", BURBLE_TEST_CG_COMPRESSED, test_what_it_is);
  cg_add ("probe/what-it-is/other-ids", BURBLE_TEST_CG_OTHER_IDS, test_what_it_is);
  cg_add ("probe/what-it-is/closed", BURBLE_TEST_CG_CLOSED, test_what_it_is);
  cg_add ("probe/half-an-address", 0, test_half_an_address);
  cg_add ("probe/others-are-there", 0, test_others_are_there);
  cg_add ("probe/other-transport", BURBLE_TEST_CG_NEWER_TRANSPORT, test_other_transport);
  cg_add ("probe/silent", BURBLE_TEST_CG_MUTE, test_silent);
  cg_add ("probe/nothing-there", 0, test_nothing_there);
  cg_add ("probe/cancelled", BURBLE_TEST_CG_MUTE, test_cancelled);
  cg_add ("probe/boasts", 0, test_boasts);
  cg_add ("probe/rude", BURBLE_TEST_CG_MUTE, test_rude);
  cg_add ("probe/hangs-up", BURBLE_TEST_CG_MUTE, test_hangs_up);

  return g_test_run ();
}
