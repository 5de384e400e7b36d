/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "burble-account.h"
#include "burble-certificate-question.h"

G_BEGIN_DECLS

BurbleCertificateQuestion *burble_certificate_ask (BurbleAccount       *account,
                                                   GTlsCertificate     *certificate,
                                                   GTlsCertificateFlags errors,
                                                   gboolean             changed);

G_END_DECLS
