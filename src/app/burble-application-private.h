/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-application.h"
#include "burble-demo.h"
#include "burble-notifier.h"

G_BEGIN_DECLS

struct _BurbleApplication
{
  AdwApplication parent_instance;

  BurbleProfile *profile;
  BurbleSession *session;
  BurbleNotifier *notifier;
  BurbleWindow *window; /* weak */
  gboolean dummy;
  BurbleDemo *demo; /* of --demo, or NULL */
  char *first_action; /* of --action, until it is done */
  char *screenshots; /* folder, or NULL */
  GPtrArray *links; /* to be opened when it is known who is whom */
  gboolean quitting;
};

void burble_application_install_actions (BurbleApplication *self);
void burble_application_activated_cb    (BurbleApplication *self, BurbleNotice *notice,
                                         const char *action, const char *activation_token);

G_END_DECLS
