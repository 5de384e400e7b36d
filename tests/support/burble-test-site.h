/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A django-private-chat site of our own on this machine (private-chat-site.py), with all the
 * oddities of the real ones. */
typedef struct _BurbleTestSite BurbleTestSite;

BurbleTestSite *burble_test_site_new      (void);
/* With TLS, for pages and sockets. */
BurbleTestSite *burble_test_site_new_tls  (GTlsCertificate *certificate);
/* Fails where anything was sent that stops a real site. */
void            burble_test_site_free     (BurbleTestSite *self);
guint16         burble_test_site_get_port (BurbleTestSite *self);
/* One of the commands of the script; its answer. */
char           *burble_test_site_ask      (BurbleTestSite *self, const char *format, ...)
                                           G_GNUC_PRINTF (2, 3);
/* One that answers "ok". */
void            burble_test_site_tell     (BurbleTestSite *self, const char *format, ...)
                                           G_GNUC_PRINTF (2, 3);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleTestSite, burble_test_site_free)

G_END_DECLS
