/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-certificate-ask"

#include "config.h"

#include "burble-certificate-ask.h"

#include <string.h>

/* As the network layer writes them: SHA-256 of the DER form, upper-case pairs with colons. */
static char *
make_fingerprint (GTlsCertificate *certificate)
{
  g_autoptr(GByteArray) der = NULL;
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const char *hex = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  if (der != NULL)
    g_checksum_update (checksum, der->data, der->len);
  hex = g_checksum_get_string (checksum);
  for (guint i = 0; hex[i] != '\0'; i++)
    {
      if (i > 0 && i % 2 == 0)
        g_string_append_c (text, ':');
      g_string_append_c (text, g_ascii_toupper (hex[i]));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static const char *
get_domain (BurbleAccount *account)
{
  const char *address = burble_account_get_address (account);
  const char *at = strrchr (address, '@');

  return at != NULL ? at + 1 : address;
}

/**
 * burble_certificate_ask:
 * @account: the account whose server has it
 * @certificate: the certificate
 * @errors: what is wrong with it
 * @changed: whether another one is pinned
 *
 * Puts a certificate that nobody vouches for into words that a person can be asked about.
 *
 * Returns: (transfer full): the question
 */
BurbleCertificateQuestion *
burble_certificate_ask (BurbleAccount       *account,
                        GTlsCertificate     *certificate,
                        GTlsCertificateFlags errors,
                        gboolean             changed)
{
  g_autofree char *fingerprint = NULL;
  g_autofree char *subject = NULL;
  g_autofree char *issuer = NULL;
  g_autoptr(GDateTime) not_before = NULL;
  g_autoptr(GDateTime) not_after = NULL;

  g_return_val_if_fail (BURBLE_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), NULL);

  fingerprint = make_fingerprint (certificate);
  subject = g_tls_certificate_get_subject_name (certificate);
  issuer = g_tls_certificate_get_issuer_name (certificate);
  not_before = g_tls_certificate_get_not_valid_before (certificate);
  not_after = g_tls_certificate_get_not_valid_after (certificate);
  return g_object_new (BURBLE_TYPE_CERTIFICATE_QUESTION,
                       "domain", get_domain (account),
                       "fingerprint", fingerprint,
                       "subject", subject,
                       "issuer", issuer,
                       "not-before", not_before,
                       "not-after", not_after,
                       "changed", changed,
                       "expired", (errors & G_TLS_CERTIFICATE_EXPIRED) != 0,
                       "unknown-issuer", (errors & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0,
                       "wrong-name", (errors & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0,
                       NULL);
}
