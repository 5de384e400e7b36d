/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "burble-cg-map.h"
#include "burble-cg-packet.h"
#include "burble-test-cg.h"
#include "burble-test-wait.h"

/*
 * The cg server of the tests is worth something only if it does what the real ones were seen to do.
 * Here somebody talks to it in bytes, well and badly.
 */

#define PASSWORD "pw"

typedef struct
{
  BurbleTestCg *server;
  char *alice; /* their UUIDs */
  char *bob;
} Fixture;

typedef struct
{
  Fixture *f;
  GSocketConnection *connection;
  GByteArray *in;
  guint8 flags; /* of the last frame */
} Raw;

static void
set_up (Fixture *f, gconstpointer quirks)
{
  f->server = burble_test_cg_new (TRUE);
  burble_test_cg_set_quirks (f->server, GPOINTER_TO_UINT (quirks));
  f->alice = g_strdup (burble_test_cg_add_user (f->server, "Alice", PASSWORD));
  f->bob = g_strdup (burble_test_cg_add_user (f->server, "bob", PASSWORD));
}

static void
set_up_plain (Fixture *f, gconstpointer data)
{
  set_up (f, NULL);
}

static void
tear_down (Fixture *f, gconstpointer quirks)
{
  burble_test_cg_free (f->server);
  g_free (f->alice);
  g_free (f->bob);
}

static void
raw_free (Raw *raw)
{
  g_io_stream_close (G_IO_STREAM (raw->connection), NULL, NULL);
  g_object_unref (raw->connection);
  g_byte_array_unref (raw->in);
  g_free (raw);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Raw, raw_free)

static void
raw_send_bytes (Raw *raw, const void *bytes, gsize size)
{
  GSocket *socket = g_socket_connection_get_socket (raw->connection);

  /* What came before is read before more is said. */
  burble_test_settle ();
  g_assert_cmpint (g_socket_send (socket, bytes, size, NULL, NULL), ==, (gssize) size);
}

static void
append_text (GByteArray *body, const char *text)
{
  gsize length = strlen (text);
  guint8 head[] = { 0xda, (guint8) (length >> 8), (guint8) length };

  g_byte_array_append (body, head, sizeof head);
  g_byte_array_append (body, (const guint8 *) text, (guint) length);
}

/* "true" and "false" are no texts. */
static void
append_value (GByteArray *body, const char *text)
{
  if (strcmp (text, "true") == 0 || strcmp (text, "false") == 0)
    g_byte_array_append (body, (const guint8 *) (*text == 't' ? "\xc3" : "\xc2"), 1);
  else if (strcmp (text, "1") == 0)
    g_byte_array_append (body, (const guint8 *) "\x01", 1);
  else
    append_text (body, text);
}

static GBytes *
make_frame (guint32 id, const char *first, va_list args)
{
  g_autoptr(GByteArray) body = g_byte_array_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) payload = NULL;
  GByteArray *frame = g_byte_array_new ();
  guint8 members = 0;
  guint32 length = 0;

  g_byte_array_append (body, &members, 1);
  for (const char *key = first; key != NULL; key = va_arg (args, const char *))
    {
      append_text (body, key);
      append_value (body, va_arg (args, const char *));
      members++;
    }
  body->data[0] = 0x80 | members;
  bytes = g_bytes_new (body->data, body->len);
  payload = burble_cg_frame_write (id, bytes);
  length = GUINT32_TO_BE ((guint32) g_bytes_get_size (payload));
  g_byte_array_append (frame, (const guint8 *) &length, 4);
  g_byte_array_append (frame, g_bytes_get_data (payload, NULL),
                       (guint) g_bytes_get_size (payload));
  return g_byte_array_free_to_bytes (frame);
}

/* Members by key and value, NULL at the end. */
static void G_GNUC_NULL_TERMINATED
raw_say (Raw *raw, guint32 id, const char *first, ...)
{
  g_autoptr(GBytes) frame = NULL;
  va_list args;

  va_start (args, first);
  frame = make_frame (id, first, args);
  va_end (args);
  raw_send_bytes (raw, g_bytes_get_data (frame, NULL), g_bytes_get_size (frame));
}

static void
member_cb (const char *key, const char *text, gpointer user_data)
{
  if (strcmp (key, "registry") != 0 && strcmp (key, "oldmsg") != 0)
    g_string_append_printf (user_data, " %s=%s", key, text);
}

static gboolean
has_frame (Raw *raw)
{
  guint32 length = 0;

  if (raw->in->len < 4)
    return FALSE;
  memcpy (&length, raw->in->data, 4);
  return raw->in->len >= 4 + GUINT32_FROM_BE (length);
}

/* FALSE: nothing more comes, the server has hung up. */
static gboolean
raw_read (Raw *raw)
{
  guint8 buffer[4096];
  GSocket *socket = g_socket_connection_get_socket (raw->connection);
  g_autoptr(GError) error = NULL;
  gssize size = g_socket_receive_with_blocking (socket, (char *) buffer, sizeof buffer, FALSE, NULL,
                                                &error);

  if (size > 0)
    g_byte_array_append (raw->in, buffer, (guint) size);
  return size > 0 || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

/* "67 username=bob …" with the UUIDs written out as whose they are; "end". */
static char *
raw_hear (Raw *raw)
{
  g_auto(BurbleCgFrame) frame = { 0 };
  g_autoptr(GBytes) payload = NULL;
  g_autoptr(BurbleCgMap) map = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) words = g_string_new (NULL);
  guint32 length = 0;
  gboolean open = TRUE;

  burble_test_wait_until (has_frame (raw) || !(open = raw_read (raw)));
  if (!open && !has_frame (raw))
    return g_strdup ("end");
  memcpy (&length, raw->in->data, 4);
  length = GUINT32_FROM_BE (length);
  payload = g_bytes_new (raw->in->data + 4, length);
  raw->flags = raw->in->data[9];
  g_byte_array_remove_range (raw->in, 0, 4 + length);
  burble_cg_frame_read (&frame, payload, &error);
  g_assert_no_error (error);
  map = burble_cg_map_parse (frame.body, &error);
  g_assert_no_error (error);
  g_string_append_printf (words, "%u", frame.id);
  burble_cg_map_foreach (map, member_cb, words);
  g_string_replace (words, raw->f->alice, "ALICE", 0);
  g_string_replace (words, raw->f->bob, "BOB", 0);
  return g_string_free (g_steal_pointer (&words), FALSE);
}

#define hears(raw, expected) \
  G_STMT_START \
  { \
    g_autofree char *heard_ = raw_hear (raw); \
    g_assert_cmpstr (heard_, ==, expected); \
  } \
  G_STMT_END

#define ABOUT_ALICE "67 username=Alice uuid=ALICE profile_img=default status=offline"
#define ABOUT_BOB "67 username=bob uuid=BOB profile_img=default status=offline"

/* Nothing is answered: what is asked next is what is answered next. */
static void
hears_nothing (Raw *raw)
{
  raw_say (raw, 67, "username", "bob", NULL);
  hears (raw, ABOUT_BOB);
}

static Raw *
raw_new (Fixture *f)
{
  Raw *raw = g_new0 (Raw, 1);
  g_autoptr(GSocketClient) client = g_socket_client_new ();

  g_socket_client_set_enable_proxy (client, FALSE);
  raw->f = f;
  raw->in = g_byte_array_new ();
  raw->connection = g_socket_client_connect_to_host (client, "127.0.0.1",
                                                     burble_test_cg_get_port (f->server), NULL,
                                                     NULL);
  g_assert_nonnull (raw->connection);
  return raw;
}

static Raw *
raw_new_accepted (Fixture *f)
{
  Raw *raw = raw_new (f);

  hears (raw, "1 version=0.2.0 protoversion=2");
  raw_say (raw, 2, "conntype", "classic", NULL);
  hears (raw, "3 version=0.2.0 protoversion=2");
  raw_say (raw, 4, "success", "true", NULL);
  return raw;
}

static void
check_version (Raw *raw)
{
  raw_say (raw, 64, "protoversion", "1", "semver", "0.3.2-dev", "flavor", "vanilla", NULL);
  hears (raw, "64 protoversion=1 semver=0.3.2-dev flavor=vanilla compatible=true");
}

static Raw *
raw_new_versioned (Fixture *f)
{
  Raw *raw = raw_new_accepted (f);

  check_version (raw);
  return raw;
}

static Raw *
raw_new_signed_in (Fixture *f, const char *name)
{
  Raw *raw = raw_new_versioned (f);
  g_autofree char *about = NULL;
  g_autofree char *answer = NULL;

  raw_say (raw, 66, "username", name, "pwd", PASSWORD, "create", "false", NULL);
  about = raw_hear (raw);
  g_assert_true (g_str_has_prefix (about, "67 "));
  answer = raw_hear (raw);
  g_assert_true (g_str_has_prefix (answer, "66 status=logged_in username="));
  return raw;
}

static void
test_handshake (Fixture *f, gconstpointer quirks)
{
  g_autoptr(Raw) no_kind = raw_new (f);
  g_autoptr(Raw) other_kind = raw_new (f);
  g_autoptr(Raw) eager = raw_new (f);
  g_autoptr(Raw) refusing = raw_new (f);
  g_autoptr(Raw) twice = raw_new_accepted (f);

  hears (no_kind, "1 version=0.2.0 protoversion=2");
  raw_say (no_kind, 2, NULL, NULL);
  hears (no_kind, "3 version=0.2.0 protoversion=2");
  g_assert_cmpuint (burble_test_cg_get_harm (f->server), ==, 0);

  /* Neither an answer nor an end. */
  hears (other_kind, "1 version=0.2.0 protoversion=2");
  raw_say (other_kind, 2, "conntype", "other", NULL);
  burble_test_wait_until (burble_test_cg_get_harm (f->server) == 1);

  /* Before it has accepted nothing is heard of it, and afterwards all. */
  hears (eager, "1 version=0.2.0 protoversion=2");
  raw_say (eager, 2, "conntype", "classic", NULL);
  hears (eager, "3 version=0.2.0 protoversion=2");
  raw_say (eager, 64, "protoversion", "1", "semver", "0.3.2-dev", "flavor", "vanilla", NULL);
  burble_test_wait_until (burble_test_cg_get_harm (f->server) == 2);
  raw_say (eager, 4, "success", "true", NULL);
  check_version (eager);

  hears (refusing, "1 version=0.2.0 protoversion=2");
  raw_say (refusing, 2, "conntype", "classic", NULL);
  hears (refusing, "3 version=0.2.0 protoversion=2");
  raw_say (refusing, 4, "success", "false", NULL);
  burble_test_wait_until (burble_test_cg_get_harm (f->server) == 3);

  raw_say (twice, 4, "success", "true", NULL);
  hears (twice, "16 reason=smartpacketinvalid");
  hears (twice, "end");
}

static void
test_versions (Fixture *f, gconstpointer quirks)
{
  g_autoptr(Raw) raw = raw_new_accepted (f);
  g_autoptr(Raw) again = raw_new_accepted (f);

  raw_say (raw, 64, "protoversion", "1", "semver", "9.9", "flavor", "vanilla", NULL);
  hears (raw, "64 protoversion=1 semver=0.3.2-dev flavor=vanilla compatible=false");
  hears (raw, "16 reason=versionmismatch");
  hears (raw, "end");

  /* With a member too few it is not heard, and before it nothing else is. */
  raw_say (again, 64, "protoversion", "1", "semver", "0.3.2-dev", NULL);
  burble_test_wait_until (burble_test_cg_get_harm (f->server) == 1);
  raw_say (again, 66, "username", "alice", "pwd", PASSWORD, "create", "false", NULL);
  burble_test_wait_until (burble_test_cg_get_harm (f->server) == 2);
  check_version (again);
}

static void
test_names (Fixture *f, gconstpointer quirks)
{
  static const struct
  {
    const char *name;
    gboolean valid;
    gboolean exists;
  } cases[] = {
    { "Carol", TRUE, FALSE }, { "aLICE", TRUE, TRUE }, { "1x", FALSE, FALSE },
    { "Botty", FALSE, FALSE }, { "al", FALSE, FALSE }, { "aaaaaaaaaaaaaaaaa", TRUE, FALSE },
  };
  g_autoptr(Raw) raw = raw_new_versioned (f);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *answer =
        g_strdup_printf ("65 username=%s valid=%s exists=%s key=", cases[i].name,
                         cases[i].valid ? "true" : "false", cases[i].exists ? "true" : "false");

      raw_say (raw, 65, "username", cases[i].name, NULL);
      hears (raw, answer);
    }
}

static void
test_accounts (Fixture *f, gconstpointer quirks)
{
  g_autofree char *long_password = g_strnfill (128, 'p');
  g_autoptr(Raw) raw = raw_new_versioned (f);

  raw_say (raw, 66, "username", "alice", "pwd", "wrong", "create", "false", NULL);
  hears (raw, "66 status=wrong_credentials");
  raw_say (raw, 66, "username", "nobody", "pwd", "wrong", "create", "false", NULL);
  hears (raw, "66 status=wrong_credentials");
  raw_say (raw, 66, "username", "ALICE", "pwd", "new", "create", "true", NULL);
  hears (raw, "66 status=user_exists username=ALICE");
  g_assert_cmpuint (burble_test_cg_get_harm (f->server), ==, 0);

  /* It loses its tongue over these. */
  raw_say (raw, 66, "username", "1bad", "pwd", PASSWORD, "create", "true", NULL);
  hears_nothing (raw);
  raw_say (raw, 66, "username", "aaaaaaaaaaaaaaaaa", "pwd", PASSWORD, "create", "true", NULL);
  hears_nothing (raw);
  raw_say (raw, 66, "username", "carol", "create", "true", NULL);
  hears_nothing (raw);
  raw_say (raw, 66, "username", "carol", "pwd", long_password, "create", "true", NULL);
  hears_nothing (raw);
  raw_say (raw, 66, "username", "alice", "pwd", PASSWORD, "create", "false", "zzz", "1", NULL);
  hears_nothing (raw);
  raw_say (raw, 66, "pwd", PASSWORD, NULL);
  hears_nothing (raw);
  g_assert_cmpuint (burble_test_cg_get_harm (f->server), ==, 6);

  /* The link is as good as before. */
  burble_test_cg_block (f->server, "bob");
  raw_say (raw, 66, "username", "bob", "pwd", PASSWORD, "create", "false", NULL);
  hears (raw, "66 status=blocked username=bob");
  raw_say (raw, 66, "username", "aLICE", "pwd", PASSWORD, "create", "false", NULL);
  hears (raw, ABOUT_ALICE);
  hears (raw, "66 status=logged_in username=Alice uuid=ALICE pwd= "
              "serverid=0123456789abcdef0123456789abcdef");
}

/* Signing in on a link where somebody is signed in makes it another's. */
static void
test_other_account (Fixture *f, gconstpointer quirks)
{
  g_autoptr(Raw) raw = raw_new_signed_in (f, "alice");

  g_assert_cmpuint (burble_test_cg_get_harm (f->server), ==, 0);
  raw_say (raw, 66, "username", "bob", "pwd", PASSWORD, "create", "false", NULL);
  hears (raw, ABOUT_BOB);
  hears (raw, "66 status=logged_in username=bob uuid=BOB pwd= "
              "serverid=0123456789abcdef0123456789abcdef");
  g_assert_cmpuint (burble_test_cg_get_harm (f->server), ==, 1);
}

static void
test_people (Fixture *f, gconstpointer quirks)
{
  g_autoptr(Raw) stranger = raw_new_versioned (f);
  g_autoptr(Raw) raw = raw_new_signed_in (f, "alice");
  g_autofree char *dashes = g_strdup_printf ("%.8s-%.4s-%.4s-%.4s-%s", f->bob, f->bob + 8,
                                             f->bob + 12, f->bob + 16, f->bob + 20);

  /* Whoever has not signed in may ask by name. */
  raw_say (stranger, 67, "username", "alice", NULL);
  hears (stranger, ABOUT_ALICE);
  raw_say (stranger, 67, "uuid", f->alice, NULL);
  hears_nothing (stranger);

  raw_say (raw, 67, "username", "BOB", NULL);
  hears_nothing (raw);
  raw_say (raw, 67, "username", "Alice", NULL);
  hears_nothing (raw);
  raw_say (raw, 67, "username", "alice", NULL);
  hears (raw, ABOUT_ALICE);
  raw_say (raw, 67, "username", "nobody", NULL);
  hears_nothing (raw);
  raw_say (raw, 67, "uuid", f->bob, NULL);
  hears (raw, ABOUT_BOB);
  raw_say (raw, 67, "uuid", dashes, NULL);
  hears (raw, ABOUT_BOB);
  raw_say (raw, 67, "uuid", "5c9a43ece7674ab2abb3f4715ca8ba2f", NULL);
  hears_nothing (raw);
  raw_say (raw, 67, "uuid", "xyz", NULL);
  hears_nothing (raw);
  raw_say (raw, 67, "uuid", f->alice, NULL);
  hears_nothing (raw);
  raw_say (raw, 67, "uuid", f->bob, "username", "alice", NULL);
  hears (raw, ABOUT_BOB);
  raw_say (raw, 67, NULL, NULL);
  hears_nothing (raw);
  raw_say (raw, 67, "username", "bob", "foo", "1", NULL);
  hears_nothing (raw);
}

/* As the document has it. */
static void
test_promises (Fixture *f, gconstpointer quirks)
{
  static const char * const words[] = { "online", "away", "busy", "offline", "logged_in" };
  g_autoptr(Raw) raw = raw_new_signed_in (f, "alice");

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *news = g_strdup_printf ("67 username=bob uuid=BOB profile_img=default "
                                               "status=%s", words[i]);

      burble_test_cg_set_status (f->server, "bob", words[i]);
      hears (raw, news);
    }
  raw_say (raw, 67, "username", "nobody", NULL);
  hears (raw, "67 status=notexist");
}

static void
test_changes (Fixture *f, gconstpointer quirks)
{
  g_autofree char *long_picture = g_strnfill (65, 'x');
  g_autoptr(Raw) alice = raw_new_signed_in (f, "alice");
  g_autoptr(Raw) bob = raw_new_signed_in (f, "bob");

  raw_say (alice, 67, "uuid", f->alice, "profile_img", "cat", NULL);
  hears (alice, "67 username=Alice uuid=ALICE profile_img=cat status=offline");
  hears (bob, "67 username=Alice uuid=ALICE profile_img=cat status=offline");
  raw_say (alice, 67, "uuid", f->alice, "profile_img", " ", NULL);
  hears (alice, "68 type=warn message=cg:msg.status.user.empty_img data=");
  raw_say (alice, 67, "uuid", f->alice, "profile_img", long_picture, NULL);
  hears (alice, "68 type=warn message=cg:msg.status.user.img_name_long data=");
  raw_say (alice, 67, "uuid", f->alice, "username", "alicia", NULL);
  hears (alice, "68 type=warn message=cg:msg.status.user.username_not_available data=");
  raw_say (alice, 67, "uuid", f->alice, "username", "bob", NULL);
  hears (alice, "68 type=warn message=cg:msg.status.user.username_not_available data=");
  raw_say (bob, 67, "uuid", f->bob, "username", "frank two", NULL);
  hears (bob, "67 username=frank two uuid=BOB profile_img=default status=offline");
  hears (alice, "67 username=frank two uuid=BOB profile_img=default status=offline");
  g_assert_cmpuint (burble_test_cg_get_harm (f->server), ==, 0);
}

static void
test_two_links (Fixture *f, gconstpointer quirks)
{
  Raw *older = raw_new_signed_in (f, "alice");
  g_autoptr(Raw) newer = raw_new_signed_in (f, "alice");

  burble_test_cg_set_attribute (f->server, "bob", "profile_img", "dog");
  hears (newer, "67 username=bob uuid=BOB profile_img=dog status=offline");
  burble_test_cg_set_attribute (f->server, "bob", "profile_img", "default");
  hears (newer, ABOUT_BOB);
  hears_nothing (older);
  raw_free (older);
  burble_test_wait_until (burble_test_cg_get_open (f->server) == 1);
  burble_test_cg_set_attribute (f->server, "bob", "profile_img", "cow");
  raw_say (newer, 67, "username", "alice", NULL);
  hears (newer, ABOUT_ALICE);
}

static void
test_goodbye (Fixture *f, gconstpointer quirks)
{
  g_autoptr(Raw) raw = raw_new_signed_in (f, "alice");
  g_autoptr(Raw) other = raw_new_signed_in (f, "bob");

  raw_say (raw, 16, "reason", "bye", NULL);
  hears (raw, "end");
  g_assert_cmpstr (burble_test_cg_get_goodbye (f->server), ==, "bye");
  burble_test_cg_cut (f->server);
  hears (other, "end");
}

static void
test_ping (Fixture *f, gconstpointer quirks)
{
  g_autoptr(Raw) raw = raw_new (f);
  g_autoptr(Raw) other = raw_new (f);

  hears (raw, "1 version=0.2.0 protoversion=2");
  raw_say (raw, 2, "conntype", "ping", NULL);
  raw_say (raw, 64, "time", "1", "user", "", NULL);
  hears (raw, "65 name=server visiblename=A CG Server slogan= maxplayers=20 playercount=2 "
              "playerlist= canlogon=true version=1 flavor=vanilla timestamp=1795218753.18 "
              "peng3dnet=protoversion: 2");
  hears (other, "1 version=0.2.0 protoversion=2");
  raw_say (other, 2, "conntype", "ping", NULL);
  raw_say (other, 67, "username", "bob", NULL);
  hears (other, "16 reason=invalidpingpacket");
  hears (other, "end");
}

/* Short bodies are sent as they are, long ones are not; both are taken either way. */
static void
test_compression (Fixture *f, gconstpointer quirks)
{
  static const char body[] = "\x81\xa8username\xa3" "bob";
  g_autofree char *text = g_strnfill (9000, 'z');
  g_autofree char *about = NULL;
  g_autoptr(GConverter) compressor =
    G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 6));
  guint8 frame[100] = { 0, 0, 0, 0, 0, 0, 0, 67, 0, 1 };
  gsize taken = 0;
  gsize made = 0;
  g_autoptr(Raw) raw = raw_new_signed_in (f, "alice");

  g_converter_convert (compressor, body, sizeof body - 1, frame + 10, sizeof frame - 10,
                       G_CONVERTER_INPUT_AT_END, &taken, &made, NULL);
  frame[3] = (guint8) (6 + made);
  raw_send_bytes (raw, frame, 10 + made);
  hears (raw, ABOUT_BOB);
  g_assert_cmpuint (raw->flags, ==, 0);
  burble_test_cg_set_attribute (f->server, "bob", "wall", text);
  about = raw_hear (raw);
  g_assert_true (g_str_has_prefix (about, "67 username=bob"));
  g_assert_cmpuint (raw->flags, ==, 1);
  g_assert_cmpuint (burble_test_cg_get_harm (f->server), ==, 0);
}

static const struct
{
  const char *name;
  const char *bytes;
  gsize size;
} deadly[] = {
  { "no-msgpack", "\0\0\0\x07\0\0\0\x43\0\0\xc1", 11 },
  { "bytes-behind", "\0\0\0\x08\0\0\0\x43\0\0\x80\x80", 12 },
  { "no-body", "\0\0\0\x06\0\0\0\x43\0\0", 10 },
  { "no-length", "\0\0\0\0", 4 },
  { "short-length", "\0\0\0\x05\0\0\0\x43\0", 9 },
  { "no-zlib", "\0\0\0\x07\0\0\0\x43\0\x01\x80", 11 },
  { "encrypted", "\0\0\0\x07\0\0\0\x43\0\x02\x80", 11 },
  { "no-utf-8", "\0\0\0\x12\0\0\0\x43\0\0\x81\xa8username\xa1\xff", 22 },
  { "number-as-key", "\0\0\0\x09\0\0\0\x43\0\0\x81\x01\xc0", 13 },
  { "half-a-length", "\0\0", 2 },
};

/* After each of these it is dead, for everybody. */
static void
test_deadly (Fixture *f, gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(Raw) raw = raw_new_signed_in (f, "alice");
  g_autoptr(Raw) other = raw_new_signed_in (f, "bob");
  g_autoptr(Raw) late = NULL;

  raw_send_bytes (raw, deadly[row].bytes, deadly[row].size);
  burble_test_wait_until (burble_test_cg_get_harm (f->server) == 1);
  raw_say (other, 67, "username", "alice", NULL);
  late = raw_new (f);
  burble_test_wait_until (burble_test_cg_get_open (f->server) == 3);
  burble_test_settle ();
  g_assert_true (raw_read (other) && raw_read (late));
  g_assert_cmpuint (other->in->len + late->in->len, ==, 0);
}

/* These it lives through, but nobody should count on it. */
static void
test_lucky (Fixture *f, gconstpointer quirks)
{
  static const char two[] = "\0\0\0\x14\0\0\0\x43\0\0\x81\xa8username\xa3" "bob"
                            "\0\0\0\x14\0\0\0\x43\0\0\x81\xa8username\xa3" "bob";
  static const char list[] = "\0\0\0\x08\0\0\0\x43\0\0\x91\x01";
  static const char number[] = "\0\0\0\x07\0\0\0\x43\0\0\x05";
  static const char parts[] = "\0\0\0\x14\0\0\0\x43\0\0\x81\xa8username\xa3" "bob";
  g_autoptr(Raw) raw = raw_new_signed_in (f, "alice");

  raw_say (raw, 999, NULL, NULL);
  hears_nothing (raw);
  raw_say (raw, 68, "type", "notice", "message", "hi", NULL);
  hears_nothing (raw);
  raw_send_bytes (raw, list, sizeof list - 1);
  hears_nothing (raw);
  raw_send_bytes (raw, number, sizeof number - 1);
  hears_nothing (raw);
  g_assert_cmpuint (burble_test_cg_get_harm (f->server), ==, 4);
  raw_send_bytes (raw, two, sizeof two - 1);
  hears (raw, ABOUT_BOB);
  hears (raw, ABOUT_BOB);
  g_assert_cmpuint (burble_test_cg_get_harm (f->server), ==, 5);
  /* In pieces, with the length in one of them. */
  raw_send_bytes (raw, parts, 4);
  raw_send_bytes (raw, parts + 4, 3);
  raw_send_bytes (raw, parts + 7, sizeof parts - 8);
  hears (raw, ABOUT_BOB);
  g_assert_cmpuint (burble_test_cg_get_harm (f->server), ==, 5);
}

/* It reads 1,024 bytes at a time: of many at once, the last may end within a length. */
static void
test_burst (Fixture *f, gconstpointer quirks)
{
  static const char question[] = "\0\0\0\x14\0\0\0\x43\0\0\x81\xa8username\xa3" "bob";
  static const char other[] = "\0\0\0\x0b\0\0\x0f\xff\0\0\x81\xa1" "a\xa1" "b";
  g_autoptr(GByteArray) burst = g_byte_array_new ();
  g_autoptr(Raw) raw = raw_new_signed_in (f, "alice");

  for (guint i = 0; i < 40; i++)
    g_byte_array_append (burst, (const guint8 *) question, sizeof question - 1);
  raw_send_bytes (raw, burst->data, burst->len);
  for (guint i = 0; i < 40; i++)
    hears (raw, ABOUT_BOB);

  g_byte_array_set_size (burst, 0);
  g_byte_array_append (burst, (const guint8 *) other, sizeof other - 1);
  for (guint i = 0; i < 43; i++)
    g_byte_array_append (burst, (const guint8 *) question, sizeof question - 1);
  g_assert_cmpuint (15 + 42 * 24, ==, 1023);
  raw_send_bytes (raw, burst->data, burst->len);
  for (guint i = 0; i < 42; i++)
    hears (raw, ABOUT_BOB);
  raw_say (raw, 67, "username", "bob", NULL);
  burble_test_settle ();
  g_assert_true (raw_read (raw));
  g_assert_cmpuint (raw->in->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  guint real = BURBLE_TEST_CG_AS_IT_IS;

  g_test_init (&argc, &argv, NULL);

#define add(path, quirks, function) \
  g_test_add ("/protocol/cg/server/" path, Fixture, GUINT_TO_POINTER (quirks), set_up, function, \
              tear_down)
  add ("handshake", real, test_handshake);
  add ("versions", real, test_versions);
  add ("names", real, test_names);
  add ("accounts", real, test_accounts);
  add ("other-account", real, test_other_account);
  add ("people", real, test_people);
  add ("promises", 0, test_promises);
  add ("changes", real, test_changes);
  add ("two-links", real, test_two_links);
  add ("goodbye", real, test_goodbye);
  add ("ping", real, test_ping);
  add ("compression", real, test_compression);
  add ("lucky", real, test_lucky);
  add ("burst", real, test_burst);
  for (guint i = 0; i < G_N_ELEMENTS (deadly); i++)
    {
      g_autofree char *path = g_strconcat ("/protocol/cg/server/deadly/", deadly[i].name, NULL);

      g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up_plain, test_deadly, tear_down);
    }

  return g_test_run ();
}
