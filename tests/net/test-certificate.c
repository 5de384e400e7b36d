/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-certificate.h"

/* Made once with openssl; its fingerprint is what `openssl x509 -fingerprint -sha256` says. */
static const char pem[] =
  "-----BEGIN CERTIFICATE-----\n"
  "MIIBnzCCAUSgAwIBAgIUDLSi7Q2m65plt91dN+lkTbLEr70wCgYIKoZIzj0EAwIw\n"
  "FzEVMBMGA1UEAwwMY2hhdC5leGFtcGxlMCAXDTI2MTEyMTAxMzQxM1oYDzIxMjYx\n"
  "MDI4MDEzNDEzWjAXMRUwEwYDVQQDDAxjaGF0LmV4YW1wbGUwWTATBgcqhkjOPQIB\n"
  "BggqhkjOPQMBBwNCAAQof7E6PmpFoZpVGq4PjljfjnWspNjZFPBfdpq7fXtRLY/1\n"
  "iIPTnt3B4BkNiCnmXeT1ACZLJcMjKFQb7vGwyMgJo2wwajAdBgNVHQ4EFgQUIr8E\n"
  "bAFgjJF8BsR9C8ujb2FBjl8wHwYDVR0jBBgwFoAUIr8EbAFgjJF8BsR9C8ujb2FB\n"
  "jl8wDwYDVR0TAQH/BAUwAwEB/zAXBgNVHREEEDAOggxjaGF0LmV4YW1wbGUwCgYI\n"
  "KoZIzj0EAwIDSQAwRgIhAKiX21D9bASqdI8HpZavjK/2kQ6O7UnYcP5RVMYMLOte\n"
  "AiEA6E32KC9xX1HJ6qIqAAEtR48bPemPe76DsbEkvixdNtw=\n"
  "-----END CERTIFICATE-----\n";
static const char fingerprint[] =
  "7A:CB:B7:BC:A2:9C:BF:C1:30:57:E4:38:F4:CE:9F:DB:"
  "CB:BC:15:39:8B:4A:49:3C:A4:1B:4A:C8:76:FF:63:47";

typedef struct
{
  GTlsCertificate *certificate;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  f->certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->certificate);
}

static void
test_fingerprint (Fixture       *f,
                  gconstpointer  data)
{
  g_autofree char *text = burble_certificate_get_fingerprint (f->certificate);

  g_assert_cmpstr (text, ==, fingerprint);
}

static void
test_matches (Fixture       *f,
              gconstpointer  data)
{
  g_autofree char *lower = g_ascii_strdown (fingerprint, -1);
  g_auto(GStrv) pairs = g_strsplit (lower, ":", -1);
  g_autofree char *bare = g_strjoinv ("", pairs);
  g_autofree char *spaced = g_strjoinv (" ", pairs);
  g_autofree char *padded = g_strdup_printf ("  %s\n", fingerprint);

  g_assert_true (burble_certificate_matches_pin (f->certificate, fingerprint));
  g_assert_true (burble_certificate_matches_pin (f->certificate, lower));
  g_assert_true (burble_certificate_matches_pin (f->certificate, bare));
  g_assert_true (burble_certificate_matches_pin (f->certificate, spaced));
  g_assert_true (burble_certificate_matches_pin (f->certificate, padded));
}

static void
test_does_not_match (Fixture       *f,
                     gconstpointer  data)
{
  g_autofree char *shorter = g_strndup (fingerprint, sizeof fingerprint - 4);
  g_autofree char *longer = g_strdup_printf ("%s:00", fingerprint);
  g_autofree char *other = g_strdup (fingerprint);

  other[0] = other[0] == '0' ? '1' : '0';
  g_assert_false (burble_certificate_matches_pin (f->certificate, NULL));
  g_assert_false (burble_certificate_matches_pin (f->certificate, ""));
  g_assert_false (burble_certificate_matches_pin (f->certificate, ":: "));
  g_assert_false (burble_certificate_matches_pin (f->certificate, shorter));
  g_assert_false (burble_certificate_matches_pin (f->certificate, longer));
  g_assert_false (burble_certificate_matches_pin (f->certificate, other));
}

#define add(path, func) \
  g_test_add ("/net/certificate/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  add ("fingerprint", test_fingerprint);
  add ("matches-however-written", test_matches);
  add ("does-not-match", test_does_not_match);
  return g_test_run ();
}
