/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-certificate-dialog"

#include "config.h"

#include "burble-certificate-dialog.h"

#include <glib/gi18n-lib.h>

#include "burble-text.h"
#include "burble-words.h"

struct _BurbleCertificateDialog
{
  AdwAlertDialog parent_instance;

  GtkLabel *fingerprint;
  GtkLabel *more;

  BurbleSession *session;
  BurbleAccount *account;
  BurbleCertificateQuestion *question;
};

G_DEFINE_FINAL_TYPE (BurbleCertificateDialog, burble_certificate_dialog, ADW_TYPE_ALERT_DIALOG)

static void
append_line (GString *lines, const char *title, const char *value)
{
  g_autofree char *line = burble_text_one_line (value, 200);

  if (*line != '\0')
    g_string_append_printf (lines, "%s%s: %s", lines->len > 0 ? "\n" : "", title, line);
}

static void
append_date (GString *lines, const char *title, GDateTime *date)
{
  g_autofree char *text = date != NULL ? g_date_time_format (date, "%x") : NULL;

  append_line (lines, title, text);
}

static char *
explain (BurbleCertificateQuestion *question)
{
  const char *domain = burble_certificate_question_get_domain (question);
  const char *reason = _("Nobody that this computer knows vouches for it.");

  if (burble_certificate_question_get_changed (question))
    return g_strdup_printf (
      _("“%s” shows another identity than before. Somebody may be pretending to be your server. "
        "Trust it only if its administrator confirms the new fingerprint."), domain);
  if (burble_certificate_question_get_wrong_name (question))
    reason = _("Its certificate is made out to another name.");
  else if (burble_certificate_question_get_expired (question))
    reason = _("Its certificate has expired.");
  return g_strdup_printf (_("The identity of “%s” could not be checked. %s Compare the fingerprint "
                            "with the one you were given before you trust it."), domain, reason);
}

static void
burble_certificate_dialog_response (AdwAlertDialog *dialog, const char *response)
{
  BurbleCertificateDialog *self = BURBLE_CERTIFICATE_DIALOG (dialog);

  if (self->session != NULL)
    burble_session_answer_certificate (self->session, self->account, self->question,
                                       g_str_equal (response, "trust"));
}

static void
burble_certificate_dialog_dispose (GObject *object)
{
  BurbleCertificateDialog *self = BURBLE_CERTIFICATE_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_CERTIFICATE_DIALOG);
  g_clear_object (&self->question);
  g_clear_object (&self->account);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (burble_certificate_dialog_parent_class)->dispose (object);
}

static void
burble_certificate_dialog_class_init (BurbleCertificateDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = burble_certificate_dialog_dispose;
  ADW_ALERT_DIALOG_CLASS (klass)->response = burble_certificate_dialog_response;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/im/burble/Burble/accounts/burble-certificate-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleCertificateDialog, fingerprint);
  gtk_widget_class_bind_template_child (widget_class, BurbleCertificateDialog, more);
}

static void
burble_certificate_dialog_init (BurbleCertificateDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
burble_certificate_dialog_new (BurbleSession *session, BurbleAccount *account,
                               BurbleCertificateQuestion *question)
{
  BurbleCertificateDialog *self = g_object_new (BURBLE_TYPE_CERTIFICATE_DIALOG, NULL);
  g_autoptr(GString) lines = g_string_new (NULL);
  g_autofree char *groups = NULL;
  g_autofree char *body = NULL;

  g_return_val_if_fail (BURBLE_IS_CERTIFICATE_QUESTION (question), ADW_DIALOG (self));

  g_set_object (&self->session, session);
  g_set_object (&self->account, account);
  self->question = g_object_ref (question);
  groups = burble_words_fingerprint (burble_certificate_question_get_fingerprint (question));
  gtk_label_set_label (self->fingerprint, groups);
  append_line (lines, _("Made out to"), burble_certificate_question_get_subject (question));
  append_line (lines, _("Vouched for by"), burble_certificate_question_get_issuer (question));
  append_date (lines, _("Valid from"), burble_certificate_question_get_not_before (question));
  append_date (lines, _("Valid until"), burble_certificate_question_get_not_after (question));
  gtk_label_set_label (self->more, lines->str);
  body = explain (question);
  adw_alert_dialog_set_body (ADW_ALERT_DIALOG (self), body);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (self), "trust",
                                            burble_certificate_question_get_changed (question)
                                              ? ADW_RESPONSE_DESTRUCTIVE
                                              : ADW_RESPONSE_SUGGESTED);
  /* Else the fingerprint has the focus, all of it selected. */
  adw_dialog_set_focus (ADW_DIALOG (self), adw_dialog_get_default_widget (ADW_DIALOG (self)));
  return ADW_DIALOG (self);
}
