/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* SHA-256 of the DER form, upper-case hex pairs joined by ':'. This is what a pin holds. */
char    *burble_certificate_get_fingerprint (GTlsCertificate *certificate);
/* Compares without regard to case, ':' and blanks. */
gboolean burble_certificate_matches_pin     (GTlsCertificate *certificate, const char *pin);

G_END_DECLS
