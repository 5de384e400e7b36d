/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "burble-gurgle-packet.h"
#include "burble-json.h"
#include "burble-passwords.h"
#include "burble-throttle.h"
#include "burble-username.h"

#define SECOND G_USEC_PER_SEC

static void
test_throttle (void)
{
  g_autoptr(BurbleThrottle) throttle = burble_throttle_new (3);
  gint64 now = 1000 * SECOND;

  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (burble_throttle_begin (throttle, "1.2.3.4", "alice", now), ==, 0);
  g_assert_cmpuint (burble_throttle_begin (throttle, "1.2.3.4", "alice", now), ==, 1);
  /* Another address, another account. */
  g_assert_cmpuint (burble_throttle_begin (throttle, "5.6.7.8", "alice", now), ==, 0);
  g_assert_cmpuint (burble_throttle_begin (throttle, "1.2.3.4", "bob", now), ==, 0);
  /* Longer each time, a minute at most. */
  for (guint i = 0; i < 10; i++)
    {
      guint wait = 0;

      now += 60 * SECOND;
      g_assert_cmpuint (burble_throttle_begin (throttle, "1.2.3.4", "alice", now), ==, 0);
      wait = burble_throttle_begin (throttle, "1.2.3.4", "alice", now);
      g_assert_cmpuint (wait, ==, MIN (2u << i, 60));
    }
  /* Forgiven after a quarter of an hour. */
  now += 16 * 60 * SECOND;
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (burble_throttle_begin (throttle, "1.2.3.4", "alice", now), ==, 0);
}

static void
test_throttle_success (void)
{
  g_autoptr(BurbleThrottle) throttle = burble_throttle_new (3);
  gint64 now = 1000 * SECOND;

  /* Signing in all day long is no attack. */
  for (guint i = 0; i < 1000; i++)
    {
      g_assert_cmpuint (burble_throttle_begin (throttle, "1.2.3.4", "alice", now), ==, 0);
      burble_throttle_succeed (throttle, "1.2.3.4", "alice", now);
    }
}

static void
test_throttle_owner (void)
{
  g_autoptr(BurbleThrottle) throttle = burble_throttle_new (3);
  gint64 now = 1000 * SECOND;
  guint wait = 0;

  g_assert_cmpuint (burble_throttle_begin (throttle, "home", "alice", now), ==, 0);
  burble_throttle_succeed (throttle, "home", "alice", now);
  /* From everywhere at once. */
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *address = g_strdup_printf ("10.0.0.%u", i);

      wait = MAX (wait, burble_throttle_begin (throttle, address, "alice", now));
    }
  g_assert_cmpuint (wait, >, 0);
  g_assert_cmpuint (burble_throttle_begin (throttle, "home", "alice", now), ==, 0);
}

static void
test_throttle_spray (void)
{
  g_autoptr(BurbleThrottle) throttle = burble_throttle_new (3);
  gint64 now = 1000 * SECOND;
  guint wait = 0;

  /* One address, one password, all accounts. */
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *account = g_strdup_printf ("user%u", i);

      wait = MAX (wait, burble_throttle_begin (throttle, "1.2.3.4", account, now));
    }
  g_assert_cmpuint (wait, >, 0);
}

/* The text that is put together here is what the wire library reads. */
static void
test_json (void)
{
  static const char *const keys[] = { "m1", "#12", "#-2147483648", "##twelve", "a\"b\\c\n" };
  static const char *const texts[] = {
    "", "plain", "\"quoted\" \\ back", "\x01\x1f\x7f\t\r\n\b\f", "ü 🙂 \xe2\x80\xa8", NULL,
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
      {
        g_autoptr(BurbleGurgleMessage) message = burble_gurgle_message_new (keys[i]);
        g_autoptr(BurbleGurglePacket) packet = NULL;
        g_autoptr(BurbleStoredMessage) stored = NULL;
        g_autoptr(GString) json = g_string_new ("{\"id\":7,\"cmd\":\"message\",\"messages\":[");
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *body = NULL;
        GRefString *from = g_ref_string_new ("a@b.c/\"desk\\\"");
        BurbleGurgleAttachment *attachment = burble_gurgle_attachment_new ();
        const BurbleGurgleMessage *read = NULL;
        gint64 timestamp = 1700000000 * (gint64) G_USEC_PER_SEC + (j % 2 == 0 ? 0 : 42);

        message->text = g_strdup (texts[j]);
        message->html = g_strdup (texts[(j + 1) % G_N_ELEMENTS (texts)]);
        attachment->name = g_strdup ("cat \"1\".png");
        attachment->media_type = g_strdup ("image/png");
        attachment->size = 123;
        g_ptr_array_add (message->attachments, attachment);
        body = burble_json_message_body (message);
        stored = burble_stored_message_new (keys[i], from, "d@e.f", timestamp, body);
        burble_json_append_message (json, stored, j % 2 == 0, j % 3 == 0 ? -1 : 99);
        g_string_append (json, "]}");
        bytes = g_bytes_new (json->str, json->len);
        packet = burble_gurgle_packet_parse (bytes, BURBLE_GURGLE_DIALECT_0_1, &error);
        g_assert_no_error (error);
        g_assert_cmpint (packet->type, ==, BURBLE_GURGLE_MESSAGE);
        g_assert_cmpint (packet->id, ==, 7);
        read = g_ptr_array_index (packet->message.messages, 0);
        g_assert_cmpstr (read->id, ==, keys[i]);
        g_assert_cmpstr (read->text, ==, message->text);
        g_assert_cmpstr (read->html, ==, message->html);
        g_assert_cmpstr (read->from, ==, from);
        g_assert_cmpstr (read->to, ==, j % 2 == 0 ? "d@e.f" : NULL);
        g_assert_cmpint (read->seq, ==, j % 3 == 0 ? -1 : 99);
        g_assert_cmpint (ABS (read->timestamp - timestamp), <=, 1);
        attachment = g_ptr_array_index (read->attachments, 0);
        g_assert_cmpstr (attachment->name, ==, "cat \"1\".png");
        g_assert_cmpint (attachment->size, ==, 123);
        g_ref_string_release (from);
      }
}

static void
test_look_alikes (void)
{
  /* U+… where the letters cannot be told apart here either. */
  static const char *const alike[][2] = {
    { "alice", "\u0430lice" }, { "capa", "\u0441\u0430\u0440\u0430" }, { "aa", "\u03b1\u0251" },
    { "bill", "bi11" }, { "bob", "b0b" }, { "sam0l", "samo1" }, { "corner", "comer" },
    { "vvalter", "walter" }, { "modern", "modem" }, { "ivan", "\u0131van" },
    { "ivan", "i\u0307van" }, { "ivan", "\u0131\u0307van" }, { "jan", "\u0237an" },
    { "gerda", "\u0261erda" }, { "zo\u00eb", "zoe\u0308" }, { "zo\u00eb", "zo\u00eb\u0308" },
    { "\u00ebe", "\u0451\u0435" }, { "ali7", "ali\u0667" }, { "\u0667", "\u06f7" },
    { "\u0639\u0644\u064a", "\u0639\u0644\u06cc" }, { "\u53e3", "\u30ed" }, { "\u3078", "\u30d8" },
    { "\u3079", "\u30d9" },
  };
  static const char *const unlike[][2] = {
    { "alice", "alise" }, { "bob", "bobo" }, { "zoe", "zo\u00eb" }, { "o", "\u00f6" },
    { "da-ve", "dave" }, { "da.ve", "da-ve" }, { "user2", "user3" }, { "user10", "user01" },
    { "\u0434\u0430\u0448\u0430", "dawa" }, { "nina", "mina" }, { "\u0439", "\u0438" },
    { "i", "j" }, { "\u4e00", "\u4e8c" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (alike); i++)
    {
      g_autofree char *one = burble_username_dup_shape (alike[i][0]);
      g_autofree char *other = burble_username_dup_shape (alike[i][1]);

      g_test_message ("%s and %s", alike[i][0], alike[i][1]);
      g_assert_cmpstr (one, ==, other);
    }
  for (guint i = 0; i < G_N_ELEMENTS (unlike); i++)
    {
      g_autofree char *one = burble_username_dup_shape (unlike[i][0]);
      g_autofree char *other = burble_username_dup_shape (unlike[i][1]);

      g_test_message ("%s and %s", unlike[i][0], unlike[i][1]);
      g_assert_cmpstr (one, !=, other);
    }
}

static void
keep_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
verify (BurblePasswords *passwords,
        const char      *hash,
        const char      *password,
        char           **new_hash)
{
  g_autoptr(GAsyncResult) result = NULL;

  burble_passwords_verify_async (passwords, hash, password, keep_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return burble_passwords_verify_finish (passwords, result, new_hash, NULL);
}

static void
test_passwords (void)
{
  g_autoptr(BurblePasswords) cheap = burble_passwords_new (1, 8);
  g_autoptr(BurblePasswords) dearer = burble_passwords_new (2, 16);
  g_autofree char *hash = burble_passwords_hash (cheap, "correct horse", NULL);
  g_autofree char *new_hash = NULL;
  g_autofree char *newer_hash = NULL;

  g_assert_true (g_str_has_prefix (hash, "$argon2id$"));
  g_assert_true (verify (cheap, hash, "correct horse", &new_hash));
  g_assert_null (new_hash);
  g_assert_false (verify (cheap, hash, "correct horsf", &new_hash));
  g_assert_false (verify (cheap, NULL, "correct horse", &new_hash));
  g_assert_false (verify (cheap, NULL, "no password is this one", &new_hash));
  /* Other costs than when it was made: made anew on the way. */
  g_assert_true (verify (dearer, hash, "correct horse", &new_hash));
  g_assert_nonnull (new_hash);
  g_assert_true (verify (dearer, new_hash, "correct horse", &newer_hash));
  g_assert_null (newer_hash);
}

/* A stranger learns nothing about who exists from how long it takes. */
static void
test_passwords_equal_time (void)
{
  g_autoptr(BurblePasswords) passwords = burble_passwords_new (2, 8192);
  g_autofree char *hash = burble_passwords_hash (passwords, "correct horse", NULL);
  g_autofree char *new_hash = NULL;
  gint64 best[2] = { G_MAXINT64, G_MAXINT64 };

  verify (passwords, NULL, "warm up", &new_hash);
  for (guint i = 0; i < 20; i++)
    {
      gint64 before = g_get_monotonic_time ();

      g_assert_false (verify (passwords, i % 2 == 0 ? hash : NULL, "a wrong guess", &new_hash));
      best[i % 2] = MIN (best[i % 2], g_get_monotonic_time () - before);
    }
  g_test_message ("known %d µs, unknown %d µs", (int) best[0], (int) best[1]);
  g_assert_cmpint (best[1], >, best[0] / 2);
  g_assert_cmpint (best[1], <, best[0] * 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/server/throttle/waits-grow", test_throttle);
  g_test_add_func ("/server/throttle/success-is-free", test_throttle_success);
  g_test_add_func ("/server/throttle/strangers-do-not-lock-out", test_throttle_owner);
  g_test_add_func ("/server/throttle/one-address-many-accounts", test_throttle_spray);
  g_test_add_func ("/server/json/read-by-the-wire-library", test_json);
  g_test_add_func ("/server/usernames/look-alikes", test_look_alikes);
  g_test_add_func ("/server/passwords/hash-and-verify", test_passwords);
  g_test_add_func ("/server/passwords/equal-time-for-nobody", test_passwords_equal_time);
  return g_test_run ();
}
