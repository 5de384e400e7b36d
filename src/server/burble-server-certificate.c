/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-server-certificate.h"

#include <string.h>

#include <gio/gio.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>

#include "burble-certificate.h"

#define LIFETIME_YEARS 10

typedef struct
{
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t certificate;
} Pair;

static void
pair_clear (Pair *pair)
{
  g_clear_pointer (&pair->key, gnutls_x509_privkey_deinit);
  g_clear_pointer (&pair->certificate, gnutls_x509_crt_deinit);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

static gboolean
check (int      code,
       GError **error)
{
  if (code >= 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Cannot make a certificate: %s",
               gnutls_strerror (code));
  return FALSE;
}

static gboolean
set_name (gnutls_x509_crt_t certificate,
          const char       *domain,
          GError          **error)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (domain);
  gnutls_x509_subject_alt_name_t type = GNUTLS_SAN_DNSNAME;
  const void *data = domain;
  gsize size = strlen (domain);

  if (address != NULL)
    {
      type = GNUTLS_SAN_IPADDRESS;
      data = g_inet_address_to_bytes (address);
      size = g_inet_address_get_native_size (address);
    }
  return check (gnutls_x509_crt_set_subject_alt_name (certificate, type, data, (unsigned) size,
                                                      GNUTLS_FSAN_SET), error);
}

static gboolean
fill_in (Pair       *pair,
         const char *domain,
         GError    **error)
{
  time_t now = (time_t) (g_get_real_time () / G_USEC_PER_SEC);
  guint8 serial[16];

  gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial);
  serial[0] &= 0x7f;
  serial[0] |= 0x40;
  return check (gnutls_x509_crt_set_version (pair->certificate, 3), error) &&
         check (gnutls_x509_crt_set_serial (pair->certificate, serial, sizeof serial), error) &&
         /* An hour of grace for clocks that go slow. */
         check (gnutls_x509_crt_set_activation_time (pair->certificate, now - 3600), error) &&
         check (gnutls_x509_crt_set_expiration_time (pair->certificate,
                                                     now + LIFETIME_YEARS * 365 * 24 * 3600),
                error) &&
         check (gnutls_x509_crt_set_dn_by_oid (pair->certificate, GNUTLS_OID_X520_COMMON_NAME, 0,
                                               domain, (unsigned) MIN (strlen (domain), 64)),
                error) &&
         set_name (pair->certificate, domain, error) &&
         check (gnutls_x509_crt_set_basic_constraints (pair->certificate, 0, -1), error) &&
         check (gnutls_x509_crt_set_key_usage (pair->certificate, GNUTLS_KEY_DIGITAL_SIGNATURE),
                error) &&
         check (gnutls_x509_crt_set_key_purpose_oid (pair->certificate, GNUTLS_KP_TLS_WWW_SERVER,
                                                     0), error) &&
         check (gnutls_x509_crt_set_key (pair->certificate, pair->key), error) &&
         check (gnutls_x509_crt_sign2 (pair->certificate, pair->certificate, pair->key,
                                       GNUTLS_DIG_SHA256, 0),
                error);
}

static gboolean
write_pem (const char     *path,
           gnutls_datum_t *pem,
           int             mode,
           GError        **error)
{
  gboolean written = g_file_set_contents_full (path, (const char *) pem->data, pem->size,
                                               G_FILE_SET_CONTENTS_CONSISTENT |
                                               G_FILE_SET_CONTENTS_DURABLE, mode, error);

  gnutls_memset (pem->data, 0, pem->size);
  gnutls_free (pem->data);
  pem->data = NULL;
  return written;
}

gboolean
burble_server_certificate_create (const char *domain,
                                  const char *certificate_path,
                                  const char *key_path,
                                  GError    **error)
{
  g_auto(Pair) pair = { NULL, NULL };
  gnutls_datum_t pem = { NULL, 0 };

  if (!check (gnutls_x509_privkey_init (&pair.key), error) ||
      !check (gnutls_x509_crt_init (&pair.certificate), error) ||
      !check (gnutls_x509_privkey_generate (pair.key, GNUTLS_PK_ECDSA,
                                            GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
              error) ||
      !fill_in (&pair, domain, error))
    return FALSE;
  if (!check (gnutls_x509_privkey_export2_pkcs8 (pair.key, GNUTLS_X509_FMT_PEM, NULL,
                                                 GNUTLS_PKCS_PLAIN, &pem), error) ||
      !write_pem (key_path, &pem, 0600, error))
    return FALSE;
  return check (gnutls_x509_crt_export2 (pair.certificate, GNUTLS_X509_FMT_PEM, &pem), error) &&
         write_pem (certificate_path, &pem, 0644, error);
}

char *
burble_server_certificate_fingerprint (const char *certificate_path,
                                       GError    **error)
{
  g_autoptr(GTlsCertificate) certificate = NULL;

  certificate = g_tls_certificate_new_from_file (certificate_path, error);
  return certificate != NULL ? burble_certificate_get_fingerprint (certificate) : NULL;
}
