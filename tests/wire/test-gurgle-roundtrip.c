/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include <string.h>

#include "burble-gurgle-packet.h"

/*
 * Every packet of sections 3 and 5 as it stands on the wire, in both dialects: gurgle-packets.ini.
 * Each text is what we write, so parsing it in its dialect and writing the result in either must
 * give the texts of the file.
 */
typedef struct
{
  const char *name;
  BurbleGurglePacketType type;
} Case;

static GKeyFile *packets;

static const Case cases[] = {
  { "version", BURBLE_GURGLE_VERSION },
  { "ping", BURBLE_GURGLE_PING },
  { "ping-data", BURBLE_GURGLE_PING },
  { "ping-null", BURBLE_GURGLE_PING },
  { "pong", BURBLE_GURGLE_PONG },
  { "upgrade", BURBLE_GURGLE_UPGRADE },
  { "upgraded", BURBLE_GURGLE_UPGRADED },
  { "upgraded-nothing", BURBLE_GURGLE_UPGRADED },
  { "query", BURBLE_GURGLE_QUERY },
  { "query-other", BURBLE_GURGLE_QUERY },
  { "answer", BURBLE_GURGLE_ANSWER },
  { "auth", BURBLE_GURGLE_AUTH },
  { "auth-result", BURBLE_GURGLE_AUTH_RESULT },
  { "auth-refused", BURBLE_GURGLE_AUTH_RESULT },
  { "publish", BURBLE_GURGLE_PUBLISH_PRESENCE },
  { "publish-offline", BURBLE_GURGLE_PUBLISH_PRESENCE },
  { "presence", BURBLE_GURGLE_PRESENCE },
  { "presence-refused", BURBLE_GURGLE_PRESENCE },
  { "get-roster", BURBLE_GURGLE_GET_ROSTER },
  { "get-roster-etag", BURBLE_GURGLE_GET_ROSTER },
  { "keep-roster", BURBLE_GURGLE_KEEP_ROSTER },
  { "flush-roster", BURBLE_GURGLE_FLUSH_ROSTER },
  { "update-roster", BURBLE_GURGLE_UPDATE_ROSTER },
  { "message", BURBLE_GURGLE_MESSAGE },
  { "message-push", BURBLE_GURGLE_MESSAGE },
  { "sent", BURBLE_GURGLE_SENT },
  { "sent-counted", BURBLE_GURGLE_SENT },
  { "quit", BURBLE_GURGLE_QUIT },
  { "bye", BURBLE_GURGLE_BYE },
  { "kill", BURBLE_GURGLE_KILL },
  { "error-result", BURBLE_GURGLE_ERROR_RESULT },
  { "success-result", BURBLE_GURGLE_ERROR_RESULT },
  { "unknown", BURBLE_GURGLE_UNKNOWN },
  { "typing", BURBLE_GURGLE_TYPING },
  { "receipt", BURBLE_GURGLE_RECEIPT },
  { "get-user-status", BURBLE_GURGLE_GET_USER_STATUS },
  { "user-status", BURBLE_GURGLE_USER_STATUS },
  { "user-status-unknown", BURBLE_GURGLE_USER_STATUS },
  { "get-active-users", BURBLE_GURGLE_GET_ACTIVE_USERS },
  { "active-users", BURBLE_GURGLE_ACTIVE_USERS },
  { "active-users-answer", BURBLE_GURGLE_ACTIVE_USERS },
  { "active-users-not-all", BURBLE_GURGLE_ACTIVE_USERS },
  { "get-history-after", BURBLE_GURGLE_GET_HISTORY },
  { "get-history-before", BURBLE_GURGLE_GET_HISTORY },
  { "history", BURBLE_GURGLE_HISTORY },
  { "block", BURBLE_GURGLE_BLOCK },
  { "get-blocked", BURBLE_GURGLE_BLOCK },
  { "blocked", BURBLE_GURGLE_BLOCK },
  { "get-attachment", BURBLE_GURGLE_GET_ATTACHMENT },
  { "attachment", BURBLE_GURGLE_ATTACHMENT },
  { "attachment-refused", BURBLE_GURGLE_ATTACHMENT },
  { "put-attachment", BURBLE_GURGLE_PUT_ATTACHMENT },
  { "attachment-stored", BURBLE_GURGLE_ATTACHMENT_STORED },
  { "register", BURBLE_GURGLE_REGISTER },
  { "profile", BURBLE_GURGLE_PROFILE },
  { "password", BURBLE_GURGLE_PASSWORD },
  { "room", BURBLE_GURGLE_ROOM },
  { "room-push", BURBLE_GURGLE_ROOM },
};

static void
assert_serializes (const BurbleGurglePacket *packet, BurbleGurgleDialect dialect,
                   const char *expected)
{
  g_autoptr(GBytes) bytes = burble_gurgle_packet_serialize (packet, dialect);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpstr (text, ==, expected);
}

static void
check (const Case *test, BurbleGurgleDialect dialect)
{
  g_autofree char *flat = g_key_file_get_value (packets, test->name, "flat", NULL);
  g_autofree char *later = g_key_file_get_value (packets, test->name, "later", NULL);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleGurglePacket) packet = NULL;
  g_autofree char *description = NULL;
  const char *text;

  g_assert_nonnull (flat);
  if (later == NULL)
    later = g_strdup (flat);
  text = dialect == BURBLE_GURGLE_DIALECT_0_1 ? flat : later;
  bytes = g_bytes_new (text, strlen (text));
  packet = burble_gurgle_packet_parse (bytes, dialect, &error);
  g_assert_no_error (error);
  g_assert_nonnull (packet);
  if (packet->type == BURBLE_GURGLE_INVALID)
    g_test_message ("%s", packet->invalid.problem);
  g_assert_cmpint (packet->type, ==, test->type);
  assert_serializes (packet, BURBLE_GURGLE_DIALECT_0_1, flat);
  assert_serializes (packet, BURBLE_GURGLE_DIALECT_0_2, later);
  description = burble_gurgle_packet_describe (packet);
  g_assert_true (g_utf8_validate (description, -1, NULL));
}

static void
test_flat (gconstpointer data)
{
  check (data, BURBLE_GURGLE_DIALECT_0_1);
}

static void
test_later (gconstpointer data)
{
  check (data, BURBLE_GURGLE_DIALECT_0_2);
}

static void
test_every_section (void)
{
  g_auto(GStrv) groups = g_key_file_get_groups (packets, NULL);

  g_assert_cmpuint (g_strv_length (groups), ==, G_N_ELEMENTS (cases));
}

static void
test_every_type (void)
{
  for (guint type = BURBLE_GURGLE_ERROR_RESULT; type <= BURBLE_GURGLE_ROOM; type++)
    {
      gboolean found = FALSE;

      for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        found |= cases[i].type == type;
      if (!found)
        g_test_message ("no case for %s", burble_gurgle_packet_type_to_string (type));
      g_assert_true (found);
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  path = g_test_build_filename (G_TEST_DIST, "wire", "gurgle-packets.ini", NULL);
  packets = g_key_file_new ();
  g_key_file_load_from_file (packets, path, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *flat = g_strdup_printf ("/wire/gurgle/round-trip/0.1/%s", cases[i].name);
      g_autofree char *later = g_strdup_printf ("/wire/gurgle/round-trip/0.2/%s", cases[i].name);

      g_test_add_data_func (flat, &cases[i], test_flat);
      g_test_add_data_func (later, &cases[i], test_later);
    }
  g_test_add_func ("/wire/gurgle/round-trip/every-type-has-a-case", test_every_type);
  g_test_add_func ("/wire/gurgle/round-trip/every-packet-of-the-file-is-read", test_every_section);
  result = g_test_run ();
  g_key_file_unref (packets);
  return result;
}
