/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-window-questions"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "burble-certificate-dialog.h"
#include "burble-password-dialog.h"
#include "burble-window-private.h"
#include "burble-words.h"

/* The password is asked for when the user wants to give it: the banner says that it is needed. */
static void
ask_password (BurbleWindow *self, BurbleAccount *account)
{
  AdwDialog *dialog = burble_password_dialog_new (self->session, account,
                                                  burble_account_get_error (account));

  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
certificate_question_cb (BurbleWindow *self, BurbleAccount *account,
                         BurbleCertificateQuestion *question)
{
  AdwDialog *dialog = burble_certificate_dialog_new (self->session, account, question);

  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
password_not_kept_cb (BurbleWindow *self)
{
  g_autofree char *sentence = burble_words_error ("keyring", NULL);

  burble_window_toast (self, sentence);
}

static void
store_failed_cb (BurbleWindow *self, const GError *error)
{
  g_autofree char *sentence = burble_words_error ("disk", NULL);

  burble_window_toast (self, sentence);
}

void
burble_window_remedy_cb (BurbleWindow *self, BurbleAccount *account, int remedy)
{
  switch ((BurbleRemedy) remedy)
    {
    case BURBLE_REMEDY_GO_ONLINE:
      burble_session_set_presence (self->session, account, BURBLE_STATUS_AVAILABLE,
                                   burble_account_get_mood (account));
      break;
    case BURBLE_REMEDY_TRY_AGAIN:
    case BURBLE_REMEDY_REVIEW: /* the question comes again with the answer of the server */
      burble_session_reconnect (self->session, account);
      break;
    case BURBLE_REMEDY_SIGN_IN:
      ask_password (self, account);
      break;
    case BURBLE_REMEDY_NONE:
    default:
      break;
    }
}

void
burble_window_listen (BurbleWindow *self)
{
  g_signal_connect_object (self->session, "certificate-question",
                           G_CALLBACK (certificate_question_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "password-not-kept", G_CALLBACK (password_not_kept_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "store-failed", G_CALLBACK (store_failed_cb), self,
                           G_CONNECT_SWAPPED);
}
