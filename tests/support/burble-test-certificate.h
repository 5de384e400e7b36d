/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is unusual about a certificate made for a test. */
typedef enum
{
  BURBLE_TEST_CERTIFICATE_PLAIN = 0,
  BURBLE_TEST_CERTIFICATE_AUTHORITY = 1 << 0, /* may sign others */
  BURBLE_TEST_CERTIFICATE_EXPIRED = 1 << 1,
} BurbleTestCertificateFlags;

/* @name: a DNS name or an address literal; @issuer: an authority made here, or NULL: self-signed.
 * The certificate carries its private key, ready for a server. */
GTlsCertificate *burble_test_make_certificate  (const char                *name,
                                                BurbleTestCertificateFlags flags,
                                                GTlsCertificate           *issuer);
/* Trusts @authority and nothing else. */
GTlsDatabase    *burble_test_make_tls_database (GTlsCertificate           *authority);

G_END_DECLS
