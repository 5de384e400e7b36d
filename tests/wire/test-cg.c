/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <zlib.h>

#include "burble-cg-map.h"
#include "burble-cg-name.h"
#include "burble-cg-packet.h"
#include "burble-wire-error.h"

#define UUID "d2ef316cdc834d89a0d1b6cc048fe9f8"

static GBytes *
from_hex (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  for (const char *p = hex; *p != '\0'; p++)
    {
      guint8 byte = 0;

      if (*p == ' ')
        continue;
      byte = (guint8) (g_ascii_xdigit_value (p[0]) << 4 | g_ascii_xdigit_value (p[1]));
      g_byte_array_append (bytes, &byte, 1);
      p++;
    }
  return g_byte_array_free_to_bytes (bytes);
}

static char *
to_hex (GBytes *bytes)
{
  GString *hex = g_string_new (NULL);
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < size; i++)
    g_string_append_printf (hex, "%02x", data[i]);
  return g_string_free (hex, FALSE);
}

static GBytes *
compress_frame (guint32 id, const guint8 *body, gsize size)
{
  uLongf length = compressBound (size);
  g_autofree guint8 *out = g_malloc (length);
  g_autoptr(GBytes) packed = NULL;
  g_autoptr(GBytes) frame = NULL;
  guint8 *data = NULL;
  gsize total = 0;

  g_assert_cmpint (compress (out, &length, body, size), ==, Z_OK);
  packed = g_bytes_new (out, length);
  frame = burble_cg_frame_write (id, packed);
  data = g_bytes_unref_to_data (g_steal_pointer (&frame), &total);
  data[5] = BURBLE_CG_FLAG_COMPRESSED;
  return g_bytes_new_take (data, total);
}

static BurbleCgRegistry
learned (void)
{
  BurbleCgRegistry registry;

  burble_cg_registry_init (&registry, FALSE);
  registry.ids[BURBLE_CG_VERSION_CHECK] = 64;
  registry.ids[BURBLE_CG_PRECHECK] = 65;
  registry.ids[BURBLE_CG_AUTH] = 66;
  registry.ids[BURBLE_CG_USER] = 67;
  registry.ids[BURBLE_CG_MESSAGE] = 68;
  return registry;
}

static BurbleCgPacket *
parse (const char *hex, GError **error)
{
  g_autoptr(GBytes) payload = from_hex (hex);
  BurbleCgRegistry registry = learned ();

  return burble_cg_packet_parse (payload, &registry, error);
}

static void
test_hello (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleCgPacket) packet =
    parse ("00000001 0000 82a776657273696f6ea5302e322e30ac70726f746f76657273696f6e02", &error);

  g_assert_no_error (error);
  g_assert_cmpint (packet->type, ==, BURBLE_CG_HELLO);
  g_assert_cmpstr (packet->version, ==, "0.2.0");
  g_assert_cmpint (packet->protocol, ==, 2);
}

/* Numbers are learned by name; what is not known is passed over. */
static void
test_registry (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleCgPacket) packet =
    parse ("00000003 0000 81a87265676973747279 83 a763673a61757468cd0200"
           " ae63673a7374617475732e75736572 41 a163 42", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (packet->registry.ids[BURBLE_CG_AUTH], ==, 512);
  g_assert_cmpuint (packet->registry.ids[BURBLE_CG_USER], ==, 65);
  g_assert_cmpuint (packet->registry.ids[BURBLE_CG_MESSAGE], ==, 0);
  g_assert_cmpint (burble_cg_registry_lookup (&packet->registry, 512), ==, BURBLE_CG_AUTH);
  g_assert_cmpint (burble_cg_registry_lookup (&packet->registry, 16), ==, BURBLE_CG_CLOSE);
  g_assert_cmpint (burble_cg_registry_lookup (&packet->registry, 0), ==, BURBLE_CG_UNKNOWN);
}

static void
test_user (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleCgPacket) packet =
    parse ("00000043 0000 84a8757365726e616d65a3626f62a475756964d920"
           "6432656633313663646338333464383961306431623663633034386665396638"
           "ab70726f66696c655f696d67a764656661756c74a6737461747573a76f66666c696e65", &error);
  const BurbleCgAttribute *attribute = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (packet->type, ==, BURBLE_CG_USER);
  g_assert_cmpstr (packet->username, ==, "bob");
  g_assert_cmpstr (packet->uuid, ==, UUID);
  g_assert_cmpint (packet->status, ==, BURBLE_CG_STATUS_OFFLINE);
  g_assert_cmpuint (packet->attributes->len, ==, 1);
  attribute = g_ptr_array_index (packet->attributes, 0);
  g_assert_cmpstr (attribute->key, ==, "profile_img");
  g_assert_cmpstr (attribute->text, ==, "default");
}

/* Keys and values without a letter in them. */
static void
test_empty_text (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleCgPacket) packet =
    parse ("00000043 0000 83a0a0 a8757365726e616d65a0 a6737461747573a76f66666c696e65", &error);
  const BurbleCgAttribute *attribute = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (packet->username, ==, "");
  g_assert_cmpuint (packet->attributes->len, ==, 1);
  attribute = g_ptr_array_index (packet->attributes, 0);
  g_assert_cmpstr (attribute->key, ==, "");
  g_assert_cmpstr (attribute->text, ==, "");
}

/* Whatever a server knows of somebody is kept, in a size that can be shown. */
static void
test_attributes (void)
{
  g_autoptr(GString) hex = g_string_new ("00000043 0000 86 a8757365726e616d65a3626f62");
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleCgPacket) packet = NULL;
  static const char * const texts[] = { "a: 1, b: true", "1, -2, 0.5", "", NULL, NULL };

  g_string_append (hex, "a3 6d6170 82 a161 01 a162 c3");                /* a map */
  g_string_append (hex, "a4 6c697374 93 01 fe cb 3fe0000000000000");    /* a list */
  g_string_append (hex, "a3 62696e c4 02 ffff");                        /* bytes */
  g_string_append (hex, "a4 6c6f6e67 da 0800");                         /* a text of 2 kB */
  for (guint i = 0; i < 0x800 / 2; i++)
    g_string_append (hex, "c3a4");
  g_string_append (hex, "d9 c8");                                       /* a key of 200 bytes */
  for (guint i = 0; i < 200; i++)
    g_string_append (hex, "6b");
  g_string_append (hex, "a0");
  packet = parse (hex->str, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (packet->attributes->len, ==, 5);
  for (guint i = 0; i < packet->attributes->len; i++)
    {
      const BurbleCgAttribute *attribute = g_ptr_array_index (packet->attributes, i);

      g_assert_true (g_utf8_validate (attribute->text, -1, NULL));
      g_assert_cmpuint (strlen (attribute->text), <=, 1024 + strlen ("…"));
      g_assert_cmpuint (strlen (attribute->key), <=, 64 + strlen ("…"));
      if (texts[i] != NULL)
        g_assert_cmpstr (attribute->text, ==, texts[i]);
    }
}

/* A hundred members are more than anybody reads. */
static void
test_many_attributes (void)
{
  g_autoptr(GString) hex = g_string_new ("00000043 0000 de 0064");
  g_autoptr(BurbleCgPacket) packet = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (hex, "a2 6b%02x a0", i + 1);
  packet = parse (hex->str, NULL);
  g_assert_nonnull (packet);
  g_assert_cmpuint (packet->attributes->len, ==, 64);
}

static void
test_statuses (void)
{
  static const struct
  {
    const char *hex;
    BurbleCgStatus status;
  } cases[] = {
    { "a66f6e6c696e65", BURBLE_CG_STATUS_ONLINE },
    { "a461776179", BURBLE_CG_STATUS_AWAY },
    { "a462757379", BURBLE_CG_STATUS_BUSY },
    { "a76f66666c696e65", BURBLE_CG_STATUS_OFFLINE },
    { "a86e6f746578697374", BURBLE_CG_STATUS_NOT_EXIST },
    { "a96c6f676765645f696e", BURBLE_CG_STATUS_UNKNOWN },
    { "07", BURBLE_CG_STATUS_UNKNOWN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *hex =
        g_strconcat ("00000043 0000 82 a8757365726e616d65a3626f62 a6737461747573", cases[i].hex,
                     NULL);
      g_autoptr(BurbleCgPacket) packet = parse (hex, &error);

      g_assert_no_error (error);
      g_assert_cmpint (packet->status, ==, cases[i].status);
      /* Whoever does not exist has nothing. */
      g_assert_cmpstr (packet->username, ==,
                       cases[i].status == BURBLE_CG_STATUS_NOT_EXIST ? NULL : "bob");
    }
}

static void
test_message (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleCgPacket) packet =
    parse ("00000044 0000 83a474797065a47761726ea76d657373616765a3783a79"
           "a46461746181a8757365726e616d65a3626f62", &error);

  g_assert_no_error (error);
  g_assert_true (packet->warning);
  g_assert_cmpstr (packet->message, ==, "x:y");
  g_assert_cmpuint (packet->attributes->len, ==, 1);
}

static void
test_hostile (void)
{
  static const char * const cases[] = {
    "",
    "00000043 00",
    "00000043 0000",                                  /* no body */
    "00000043 0002 80",                               /* encrypted */
    "00000043 0001 80",                               /* not zlib */
    "00000043 0000 c0",                               /* no map */
    "00000043 0000 93010203",
    "00000043 0000 8101a162",                         /* a number as key */
    "00000043 0000 81a161",                           /* cut */
    "00000043 0000 8000",                             /* bytes behind */
    "00000043 0000 81a161a2fffe",                     /* not UTF-8 */
    "00000043 0000 81a2ff61a162",
    "00000043 0000 81a161a100",                       /* U+0000 */
    "00000043 0000 81a161a3eda080",                   /* half a pair */
    "00000043 0000 dfffffffff",                       /* four thousand million members */
    "00000043 0000 81a161ddffffffff",
    "00000043 0000 81a161dbffffffff61",
    "00000043 0000 81a161c1",
    "00000043 0000 81a161c6ffffffff",
    "00000043 0000 81a161 9191919191919191919191919191919191919191919191c0",
    "00000003 0000 81a87265676973747279c0",           /* a registry that is none */
    "00000003 0000 81a8726567697374727982a763673a6175746840ae63673a7374617475732e7573657240",
    "00000003 0000 81a8726567697374727981a763673a6175746810",
    "00000003 0000 81a8726567697374727981a763673a61757468ff",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i]);
      g_assert_null (parse (cases[i], &error));
      g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET);
    }
}

static void
test_unknown_id (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleCgPacket) packet = parse ("00000fff 8000 c1", &error);

  g_assert_no_error (error);
  g_assert_cmpint (packet->type, ==, BURBLE_CG_UNKNOWN);
  g_assert_cmpuint (packet->id, ==, 0xfff);
}

static void
test_many_values (void)
{
  g_autoptr(GByteArray) body = g_byte_array_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  g_byte_array_append (body, (const guint8 *) "\x81\xa1\x61\xdc\x30\x00", 6);
  g_byte_array_set_size (body, 6 + 0x3000);
  memset (body->data + 6, 0, 0x3000);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&body));
  g_assert_null (burble_cg_map_parse (bytes, &error));
  g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET);
}

static void
test_compressed (void)
{
  g_autoptr(GBytes) body = from_hex ("81a8757365726e616d65a3626f62");
  g_autoptr(GBytes) frame = compress_frame (67, g_bytes_get_data (body, NULL),
                                            g_bytes_get_size (body));
  BurbleCgRegistry registry = learned ();
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleCgPacket) packet = burble_cg_packet_parse (frame, &registry, &error);
  g_autoptr(GBytes) cut = g_bytes_new_from_bytes (frame, 0, g_bytes_get_size (frame) - 3);

  g_assert_no_error (error);
  g_assert_cmpstr (packet->username, ==, "bob");
  g_assert_null (burble_cg_packet_parse (cut, &registry, &error));
  g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET);
}

static void
test_bomb (void)
{
  gsize size = 64 * BURBLE_CG_BODY_LIMIT;
  g_autofree guint8 *zeros = g_malloc0 (size);
  g_autoptr(GBytes) frame = compress_frame (67, zeros, size);
  g_auto(BurbleCgFrame) read = { 0 };
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (g_bytes_get_size (frame), <, BURBLE_CG_FRAME_LIMIT);
  g_assert_false (burble_cg_frame_read (&read, frame, &error));
  g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_TOO_LARGE);
}

static void
test_write (void)
{
  static const struct
  {
    BurbleCgPacket packet;
    const char *hex;
  } cases[] = {
    { { .type = BURBLE_CG_SET_TYPE }, "00000002000081a8636f6e6e74797065a7636c6173736963" },
    { { .type = BURBLE_CG_SET_TYPE, .ping = TRUE }, "00000002000081a8636f6e6e74797065a470696e67" },
    { { .type = BURBLE_CG_HANDSHAKE_ACCEPT }, "00000004000081a773756363657373c3" },
    { { .type = BURBLE_CG_CLOSE, .reason = (char *) "bye" },
      "00000010000081a6726561736f6ea3627965" },
    { { .type = BURBLE_CG_VERSION_CHECK, .protocol = 1, .semver = (char *) "0.3.2-dev",
        .flavor = (char *) "vanilla" },
      "00000040000083ac70726f746f76657273696f6e01a673656d766572a9302e332e322d646576"
      "a6666c61766f72a776616e696c6c61" },
    { { .type = BURBLE_CG_PRECHECK, .username = (char *) "Alice" },
      "00000041000081a8757365726e616d65a5416c696365" },
    { { .type = BURBLE_CG_AUTH, .username = (char *) "Alice", .password = (char *) "pw-alice",
        .create = TRUE },
      "00000042000083a8757365726e616d65a5416c696365a3707764a870772d616c696365a6637265617465c3" },
    { { .type = BURBLE_CG_USER, .username = (char *) "bob" },
      "00000043000081a8757365726e616d65a3626f62" },
    /* The UUID wins, and goes alone. */
    { { .type = BURBLE_CG_USER, .username = (char *) "bob",
        .uuid = (char *) "D2EF316C-dc83-4d89-a0d1-b6cc048fe9f8" },
      "00000043000081a475756964d920"
      "6432656633313663646338333464383961306431623663633034386665396638" },
  };
  BurbleCgRegistry registry = learned ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) written = burble_cg_packet_write (&cases[i].packet, &registry, &error);
      g_autofree char *hex = NULL;

      g_assert_no_error (error);
      hex = to_hex (written);
      g_assert_cmpstr (hex, ==, cases[i].hex);
    }
}

static void
test_never_harms (void)
{
  g_autofree char *long_name = g_strnfill (65, 'a');
  g_autofree char *long_password = g_strnfill (128, 'a');
  const BurbleCgPacket cases[] = {
    { .type = BURBLE_CG_UNKNOWN },
    { .type = BURBLE_CG_HELLO },
    { .type = BURBLE_CG_HANDSHAKE },
    { .type = BURBLE_CG_PONG },
    { .type = BURBLE_CG_MESSAGE },
    { .type = BURBLE_CG_CLOSE },
    { .type = BURBLE_CG_CLOSE, .reason = (char *) "\xff" },
    { .type = BURBLE_CG_VERSION_CHECK, .protocol = 1, .semver = (char *) "\xed\xa0\x80",
      .flavor = (char *) "vanilla" },
    { .type = BURBLE_CG_VERSION_CHECK, .protocol = 1, .semver = (char *) "1" },
    { .type = BURBLE_CG_PRECHECK },
    { .type = BURBLE_CG_PRECHECK, .username = (char *) "al\xffice" },
    { .type = BURBLE_CG_USER },
    { .type = BURBLE_CG_USER, .username = (char *) "" },
    { .type = BURBLE_CG_USER, .username = (char *) "\xc3" },
    { .type = BURBLE_CG_USER, .username = long_name },
    { .type = BURBLE_CG_USER, .uuid = (char *) "xyz" },
    { .type = BURBLE_CG_USER, .uuid = (char *) "\xff", .username = (char *) "bob" },
    { .type = BURBLE_CG_AUTH, .username = (char *) "alice" },
    { .type = BURBLE_CG_AUTH, .username = (char *) "alice", .password = (char *) "" },
    { .type = BURBLE_CG_AUTH, .username = (char *) "alice", .password = (char *) "\xfe" },
    { .type = BURBLE_CG_AUTH, .username = (char *) "alice", .password = long_password },
    { .type = BURBLE_CG_AUTH, .username = (char *) "Botty", .password = (char *) "pw",
      .create = TRUE },
    { .type = BURBLE_CG_AUTH, .username = (char *) "abcdefghijklmnopq", .password = (char *) "pw",
      .create = TRUE },
    { .type = BURBLE_CG_PING }, /* has no number here */
  };
  BurbleCgRegistry registry = learned ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("case %u", i);
      g_assert_null (burble_cg_packet_write (&cases[i], &registry, &error));
      g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_HARMFUL);
    }
}

/* What another client of the same library would be asked for in a list of servers. */
static void
test_ping (void)
{
  BurbleCgPacket ping = { .type = BURBLE_CG_PING, .time = 1234.5 };
  BurbleCgRegistry registry;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) written = NULL;
  g_autofree char *hex = NULL;
  g_autoptr(GBytes) answer =
    from_hex ("00000041 0000 85 ab76697369626c656e616d65a548656c6c6f a6736c6f67616ea0"
              " aa6d6178706c617965727314 ab706c61796572636f756e7401 a863616e6c6f676f6ec3");
  g_autoptr(BurbleCgPacket) pong = NULL;

  burble_cg_registry_init (&registry, TRUE);
  written = burble_cg_packet_write (&ping, &registry, &error);
  g_assert_no_error (error);
  hex = to_hex (written);
  g_assert_cmpstr (hex, ==, "00000040000082a474696d65cb40934a0000000000a475736572a0");
  pong = burble_cg_packet_parse (answer, &registry, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pong->type, ==, BURBLE_CG_PONG);
  g_assert_cmpstr (pong->name, ==, "Hello");
  g_assert_cmpint (pong->players, ==, 1);
  g_assert_cmpint (pong->max_players, ==, 20);
  g_assert_true (pong->can_log_on);
}

/* What is not said is not held against a server. */
static void
test_short_pong (void)
{
  g_autoptr(GBytes) nothing = from_hex ("00000041 0000 80");
  g_autoptr(GBytes) closed = from_hex ("00000041 0000 82 a863616e6c6f676f6ec2 a776657273696f6e02");
  BurbleCgRegistry registry;
  g_autoptr(BurbleCgPacket) pong = NULL;
  g_autoptr(BurbleCgPacket) other = NULL;

  burble_cg_registry_init (&registry, TRUE);
  pong = burble_cg_packet_parse (nothing, &registry, NULL);
  g_assert_null (pong->name);
  g_assert_cmpint (pong->players, ==, -1);
  g_assert_cmpint (pong->protocol, ==, -1);
  g_assert_true (pong->can_log_on);
  other = burble_cg_packet_parse (closed, &registry, NULL);
  g_assert_false (other->can_log_on);
  g_assert_cmpint (other->protocol, ==, 2);
}

static void
test_names (void)
{
  g_autofree char *uuid = burble_cg_uuid_normalize ("D2EF316C-dc83-4d89-a0d1-b6cc048fe9f8");

  g_assert_true (burble_cg_name_is_new ("Alice"));
  g_assert_true (burble_cg_name_is_new ("a_1"));
  g_assert_false (burble_cg_name_is_new ("al"));
  g_assert_false (burble_cg_name_is_new ("1alice"));
  g_assert_false (burble_cg_name_is_new ("BoTty"));
  g_assert_false (burble_cg_name_is_new ("frank two"));
  g_assert_false (burble_cg_name_is_new ("abcdefghijklmnopq"));
  g_assert_true (burble_cg_name_is_possible ("frank two"));
  g_assert_false (burble_cg_name_is_possible ("frank\ntwo"));
  g_assert_cmpstr (uuid, ==, UUID);
  g_assert_null (burble_cg_uuid_normalize ("d2ef316cdc834d89a0d1b6cc048fe9f"));
  g_assert_null (burble_cg_uuid_normalize ("d2ef316cd-c83-4d89-a0d1-b6cc048fe9f8"));
}

static void
test_clean_names (void)
{
  g_autofree char *long_name = g_strnfill (100, 'n');
  g_autofree char *cut = burble_cg_name_clean (long_name);
  g_autofree char *umlauts = burble_cg_name_clean ("J\xc3\xb6rg\n\x7f");

  g_assert_cmpuint (strlen (cut), ==, 64);
  g_assert_cmpstr (umlauts, ==, "Jörg");
  g_assert_null (burble_cg_name_clean (""));
  g_assert_null (burble_cg_name_clean ("\n\t"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wire/cg/hello", test_hello);
  g_test_add_func ("/wire/cg/registry", test_registry);
  g_test_add_func ("/wire/cg/user", test_user);
  g_test_add_func ("/wire/cg/empty-text", test_empty_text);
  g_test_add_func ("/wire/cg/attributes", test_attributes);
  g_test_add_func ("/wire/cg/attributes/many", test_many_attributes);
  g_test_add_func ("/wire/cg/statuses", test_statuses);
  g_test_add_func ("/wire/cg/message", test_message);
  g_test_add_func ("/wire/cg/hostile", test_hostile);
  g_test_add_func ("/wire/cg/unknown-id", test_unknown_id);
  g_test_add_func ("/wire/cg/many-values", test_many_values);
  g_test_add_func ("/wire/cg/compressed", test_compressed);
  g_test_add_func ("/wire/cg/bomb", test_bomb);
  g_test_add_func ("/wire/cg/write", test_write);
  g_test_add_func ("/wire/cg/never-harms", test_never_harms);
  g_test_add_func ("/wire/cg/ping", test_ping);
  g_test_add_func ("/wire/cg/ping/short", test_short_pong);
  g_test_add_func ("/wire/cg/names", test_names);
  g_test_add_func ("/wire/cg/names/clean", test_clean_names);

  return g_test_run ();
}
