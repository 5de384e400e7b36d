/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-test-certificate.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>
#include <time.h>

#define check(call) g_assert_cmpint ((call), ==, GNUTLS_E_SUCCESS)
#define DAY (24 * 60 * 60)

static void
import (GTlsCertificate       *certificate,
        gnutls_x509_crt_t      crt,
        gnutls_x509_privkey_t  key)
{
  g_autofree char *pem = NULL;
  g_autofree char *key_pem = NULL;
  gnutls_datum_t datum = { 0 };

  g_object_get (certificate, "certificate-pem", &pem, "private-key-pem", &key_pem, NULL);
  g_assert_nonnull (key_pem);
  datum = (gnutls_datum_t) { (unsigned char *) pem, (unsigned int) strlen (pem) };
  check (gnutls_x509_crt_import (crt, &datum, GNUTLS_X509_FMT_PEM));
  datum = (gnutls_datum_t) { (unsigned char *) key_pem, (unsigned int) strlen (key_pem) };
  check (gnutls_x509_privkey_import2 (key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0));
}

static void
set_name (gnutls_x509_crt_t  crt,
          const char        *name)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (name);

  check (gnutls_x509_crt_set_dn_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                        (unsigned int) strlen (name)));
  if (address != NULL)
    check (gnutls_x509_crt_set_subject_alt_name (
      crt, GNUTLS_SAN_IPADDRESS, g_inet_address_to_bytes (address),
      (unsigned int) g_inet_address_get_native_size (address), GNUTLS_FSAN_SET));
  else
    check (gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_DNSNAME, name,
                                                 (unsigned int) strlen (name), GNUTLS_FSAN_SET));
}

GTlsCertificate *
burble_test_make_certificate (const char                *name,
                              BurbleTestCertificateFlags flags,
                              GTlsCertificate           *issuer)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *pem = NULL;
  GTlsCertificate *certificate = NULL;
  gboolean authority = (flags & BURBLE_TEST_CERTIFICATE_AUTHORITY) != 0;
  gint64 serial = g_random_int ();
  time_t start = time (NULL) - 30 * DAY;
  gnutls_x509_crt_t crt = NULL;
  gnutls_x509_privkey_t key = NULL;
  gnutls_x509_crt_t issuer_crt = NULL;
  gnutls_x509_privkey_t issuer_key = NULL;
  gnutls_datum_t crt_pem = { 0 };
  gnutls_datum_t key_pem = { 0 };

  check (gnutls_x509_crt_init (&crt));
  check (gnutls_x509_privkey_init (&key));
  check (gnutls_x509_crt_init (&issuer_crt));
  check (gnutls_x509_privkey_init (&issuer_key));

  check (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                       GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0));
  check (gnutls_x509_crt_set_version (crt, 3));
  check (gnutls_x509_crt_set_serial (crt, &serial, sizeof serial));
  check (gnutls_x509_crt_set_activation_time (crt, start));
  check (gnutls_x509_crt_set_expiration_time (
    crt, flags & BURBLE_TEST_CERTIFICATE_EXPIRED ? start + DAY : start + 3650L * DAY));
  check (gnutls_x509_crt_set_key (crt, key));
  check (gnutls_x509_crt_set_basic_constraints (crt, authority, -1));
  check (gnutls_x509_crt_set_key_usage (crt, authority ? GNUTLS_KEY_KEY_CERT_SIGN
                                                       : GNUTLS_KEY_DIGITAL_SIGNATURE));
  set_name (crt, name);
  if (issuer != NULL)
    {
      import (issuer, issuer_crt, issuer_key);
      check (gnutls_x509_crt_sign2 (crt, issuer_crt, issuer_key, GNUTLS_DIG_SHA256, 0));
    }
  else
    check (gnutls_x509_crt_sign2 (crt, crt, key, GNUTLS_DIG_SHA256, 0));

  check (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &crt_pem));
  check (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                            &key_pem));
  pem = g_strdup_printf ("%.*s%.*s", (int) crt_pem.size, crt_pem.data, (int) key_pem.size,
                         key_pem.data);
  certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_assert_no_error (error);

  gnutls_free (crt_pem.data);
  gnutls_free (key_pem.data);
  gnutls_x509_crt_deinit (crt);
  gnutls_x509_privkey_deinit (key);
  gnutls_x509_crt_deinit (issuer_crt);
  gnutls_x509_privkey_deinit (issuer_key);
  return certificate;
}

static void
delete_file (gpointer data)
{
  g_autoptr(GFile) file = data;

  g_file_delete (file, NULL, NULL);
}

GTlsDatabase *
burble_test_make_tls_database (GTlsCertificate *authority)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = NULL;
  g_autoptr(GFileIOStream) io = NULL;
  g_autofree char *pem = NULL;
  GTlsDatabase *database = NULL;

  g_object_get (authority, "certificate-pem", &pem, NULL);
  file = g_file_new_tmp ("burble-test-XXXXXX.pem", &io, &error);
  g_assert_no_error (error);
  g_file_replace_contents (file, pem, strlen (pem), NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL,
                           &error);
  g_assert_no_error (error);
  database = g_tls_file_database_new (g_file_peek_path (file), &error);
  g_assert_no_error (error);
  /* It is read only when it is needed, so it has to stay as long. */
  g_object_set_data_full (G_OBJECT (database), "burble-test-file", g_steal_pointer (&file),
                          delete_file);
  return database;
}
