/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * BurbleCertificateQuestion:
 *
 * What the window shows when a server's identity could not be checked.
 * Properties, all construct-only: domain, fingerprint (SHA-256), subject, issuer (texts),
 * not-before, not-after (GDateTime), changed (another certificate was pinned before), expired,
 * unknown-issuer, wrong-name.
 */
#define BURBLE_TYPE_CERTIFICATE_QUESTION (burble_certificate_question_get_type ())
G_DECLARE_FINAL_TYPE (BurbleCertificateQuestion, burble_certificate_question, BURBLE,
                      CERTIFICATE_QUESTION, GObject)

/* To say more, g_object_new() with the properties. */
BurbleCertificateQuestion *burble_certificate_question_new (const char *domain,
                                                            const char *fingerprint);
/* Getters are named after the properties. */
const char *burble_certificate_question_get_domain         (BurbleCertificateQuestion *self);
const char *burble_certificate_question_get_fingerprint    (BurbleCertificateQuestion *self);
const char *burble_certificate_question_get_subject        (BurbleCertificateQuestion *self);
const char *burble_certificate_question_get_issuer         (BurbleCertificateQuestion *self);
/* nullable, transfer none */
GDateTime  *burble_certificate_question_get_not_before     (BurbleCertificateQuestion *self);
GDateTime  *burble_certificate_question_get_not_after      (BurbleCertificateQuestion *self);
gboolean    burble_certificate_question_get_changed        (BurbleCertificateQuestion *self);
gboolean    burble_certificate_question_get_expired        (BurbleCertificateQuestion *self);
gboolean    burble_certificate_question_get_unknown_issuer (BurbleCertificateQuestion *self);
gboolean    burble_certificate_question_get_wrong_name     (BurbleCertificateQuestion *self);

G_END_DECLS
