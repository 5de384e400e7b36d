/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes a P-256 key (mode 0600) and a certificate for @domain signed with it, as PEM files. */
gboolean burble_server_certificate_create      (const char *domain,
                                                const char *certificate_path,
                                                const char *key_path,
                                                GError    **error);
/* As burble_certificate_get_fingerprint() spells it, of the first certificate in the file. */
char    *burble_server_certificate_fingerprint (const char *certificate_path,
                                                GError    **error);

G_END_DECLS
