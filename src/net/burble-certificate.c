/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-certificate.h"

#include <string.h>

static char *
certificate_digest (GTlsCertificate *certificate)
{
  g_autoptr(GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  if (der == NULL)
    return NULL;
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
}

/**
 * burble_certificate_get_fingerprint:
 * @certificate: a certificate
 *
 * What a person compares and a pin holds: the SHA-256 of the whole certificate in DER form.
 *
 * Returns: (transfer full) (nullable): upper-case hex pairs joined by `:`
 */
char *
burble_certificate_get_fingerprint (GTlsCertificate *certificate)
{
  g_autofree char *digest = NULL;
  GString *text = NULL;

  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), NULL);

  digest = certificate_digest (certificate);
  if (digest == NULL)
    return NULL;
  text = g_string_sized_new (strlen (digest) * 3 / 2);
  for (const char *p = digest; *p != '\0'; p += 2)
    {
      if (p != digest)
        g_string_append_c (text, ':');
      g_string_append_c (text, g_ascii_toupper (p[0]));
      g_string_append_c (text, g_ascii_toupper (p[1]));
    }
  return g_string_free_and_steal (text);
}

/**
 * burble_certificate_matches_pin:
 * @certificate: what the server showed
 * @pin: (nullable): a fingerprint as a person may have typed it
 *
 * Returns: %TRUE if @pin is the fingerprint of @certificate; case, `:` and blanks do not count
 */
gboolean
burble_certificate_matches_pin (GTlsCertificate *certificate,
                                const char      *pin)
{
  g_autofree char *digest = NULL;
  const char *d = NULL;

  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), FALSE);

  if (pin == NULL)
    return FALSE;
  digest = certificate_digest (certificate);
  if (digest == NULL)
    return FALSE;
  d = digest;
  for (const char *p = pin; *p != '\0'; p++)
    {
      if (*p == ':' || g_ascii_isspace (*p))
        continue;
      if (*d == '\0' || g_ascii_tolower (*p) != *d)
        return FALSE;
      d++;
    }
  return *d == '\0';
}
