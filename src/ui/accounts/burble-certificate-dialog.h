/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-session.h"

G_BEGIN_DECLS

/* Whether a server is to be trusted whose identity could not be checked. */
#define BURBLE_TYPE_CERTIFICATE_DIALOG (burble_certificate_dialog_get_type ())
G_DECLARE_FINAL_TYPE (BurbleCertificateDialog, burble_certificate_dialog, BURBLE,
                      CERTIFICATE_DIALOG, AdwAlertDialog)

AdwDialog *burble_certificate_dialog_new (BurbleSession *session, BurbleAccount *account,
                                          BurbleCertificateQuestion *question);

G_END_DECLS
