/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-certificate-question"

#include "config.h"

#include "burble-certificate-question.h"

struct _BurbleCertificateQuestion
{
  GObject parent_instance;

  char *domain;
  char *fingerprint;
  char *subject;
  char *issuer;
  GDateTime *not_before;
  GDateTime *not_after;
  gboolean changed;
  gboolean expired;
  gboolean unknown_issuer;
  gboolean wrong_name;
};

G_DEFINE_FINAL_TYPE (BurbleCertificateQuestion, burble_certificate_question, G_TYPE_OBJECT)

typedef enum
{
  PROP_DOMAIN = 1,
  PROP_FINGERPRINT,
  PROP_SUBJECT,
  PROP_ISSUER,
  PROP_NOT_BEFORE,
  PROP_NOT_AFTER,
  PROP_CHANGED,
  PROP_EXPIRED,
  PROP_UNKNOWN_ISSUER,
  PROP_WRONG_NAME,
} BurbleCertificateQuestionProperty;

static GParamSpec *properties[PROP_WRONG_NAME + 1];

static void
set_date (GDateTime **field, GDateTime *value)
{
  g_clear_pointer (field, g_date_time_unref);
  *field = value;
}

static void
burble_certificate_question_finalize (GObject *object)
{
  BurbleCertificateQuestion *self = BURBLE_CERTIFICATE_QUESTION (object);

  g_free (self->domain);
  g_free (self->fingerprint);
  g_free (self->subject);
  g_free (self->issuer);
  g_clear_pointer (&self->not_before, g_date_time_unref);
  g_clear_pointer (&self->not_after, g_date_time_unref);

  G_OBJECT_CLASS (burble_certificate_question_parent_class)->finalize (object);
}

static void
burble_certificate_question_get_property (GObject *object, guint prop_id, GValue *value,
                                          GParamSpec *pspec)
{
  BurbleCertificateQuestion *self = BURBLE_CERTIFICATE_QUESTION (object);

  switch ((BurbleCertificateQuestionProperty) prop_id)
    {
    case PROP_DOMAIN:
      g_value_set_string (value, self->domain);
      break;
    case PROP_FINGERPRINT:
      g_value_set_string (value, self->fingerprint);
      break;
    case PROP_SUBJECT:
      g_value_set_string (value, self->subject);
      break;
    case PROP_ISSUER:
      g_value_set_string (value, self->issuer);
      break;
    case PROP_NOT_BEFORE:
      g_value_set_boxed (value, self->not_before);
      break;
    case PROP_NOT_AFTER:
      g_value_set_boxed (value, self->not_after);
      break;
    case PROP_CHANGED:
      g_value_set_boolean (value, self->changed);
      break;
    case PROP_EXPIRED:
      g_value_set_boolean (value, self->expired);
      break;
    case PROP_UNKNOWN_ISSUER:
      g_value_set_boolean (value, self->unknown_issuer);
      break;
    case PROP_WRONG_NAME:
      g_value_set_boolean (value, self->wrong_name);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/* All are construct-only: a question that changes while it is on the screen is another question. */
static void
burble_certificate_question_set_property (GObject *object, guint prop_id, const GValue *value,
                                          GParamSpec *pspec)
{
  BurbleCertificateQuestion *self = BURBLE_CERTIFICATE_QUESTION (object);

  switch ((BurbleCertificateQuestionProperty) prop_id)
    {
    case PROP_DOMAIN:
      g_set_str (&self->domain, g_value_get_string (value));
      break;
    case PROP_FINGERPRINT:
      g_set_str (&self->fingerprint, g_value_get_string (value));
      break;
    case PROP_SUBJECT:
      g_set_str (&self->subject, g_value_get_string (value));
      break;
    case PROP_ISSUER:
      g_set_str (&self->issuer, g_value_get_string (value));
      break;
    case PROP_NOT_BEFORE:
      set_date (&self->not_before, g_value_dup_boxed (value));
      break;
    case PROP_NOT_AFTER:
      set_date (&self->not_after, g_value_dup_boxed (value));
      break;
    case PROP_CHANGED:
      self->changed = g_value_get_boolean (value);
      break;
    case PROP_EXPIRED:
      self->expired = g_value_get_boolean (value);
      break;
    case PROP_UNKNOWN_ISSUER:
      self->unknown_issuer = g_value_get_boolean (value);
      break;
    case PROP_WRONG_NAME:
      self->wrong_name = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_certificate_question_class_init (BurbleCertificateQuestionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = burble_certificate_question_finalize;
  object_class->get_property = burble_certificate_question_get_property;
  object_class->set_property = burble_certificate_question_set_property;

  properties[PROP_DOMAIN] = g_param_spec_string ("domain", NULL, NULL, NULL, flags);
  properties[PROP_FINGERPRINT] = g_param_spec_string ("fingerprint", NULL, NULL, NULL, flags);
  properties[PROP_SUBJECT] = g_param_spec_string ("subject", NULL, NULL, NULL, flags);
  properties[PROP_ISSUER] = g_param_spec_string ("issuer", NULL, NULL, NULL, flags);
  properties[PROP_NOT_BEFORE] =
    g_param_spec_boxed ("not-before", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_NOT_AFTER] =
    g_param_spec_boxed ("not-after", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_CHANGED] = g_param_spec_boolean ("changed", NULL, NULL, FALSE, flags);
  properties[PROP_EXPIRED] = g_param_spec_boolean ("expired", NULL, NULL, FALSE, flags);
  properties[PROP_UNKNOWN_ISSUER] =
    g_param_spec_boolean ("unknown-issuer", NULL, NULL, FALSE, flags);
  properties[PROP_WRONG_NAME] = g_param_spec_boolean ("wrong-name", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
burble_certificate_question_init (BurbleCertificateQuestion *self)
{
}

/**
 * burble_certificate_question_new:
 * @domain: the domain of the address that is being connected
 * @fingerprint: the SHA-256 of the certificate
 *
 * For a question that says more, use g_object_new() with the other properties.
 *
 * Returns: (transfer full): a new question
 */
BurbleCertificateQuestion *
burble_certificate_question_new (const char *domain, const char *fingerprint)
{
  g_return_val_if_fail (domain != NULL, NULL);
  g_return_val_if_fail (fingerprint != NULL, NULL);

  return g_object_new (BURBLE_TYPE_CERTIFICATE_QUESTION,
                       "domain", domain,
                       "fingerprint", fingerprint,
                       NULL);
}

const char *
burble_certificate_question_get_domain (BurbleCertificateQuestion *self)
{
  g_return_val_if_fail (BURBLE_IS_CERTIFICATE_QUESTION (self), NULL);

  return self->domain;
}

const char *
burble_certificate_question_get_fingerprint (BurbleCertificateQuestion *self)
{
  g_return_val_if_fail (BURBLE_IS_CERTIFICATE_QUESTION (self), NULL);

  return self->fingerprint;
}

const char *
burble_certificate_question_get_subject (BurbleCertificateQuestion *self)
{
  g_return_val_if_fail (BURBLE_IS_CERTIFICATE_QUESTION (self), NULL);

  return self->subject;
}

const char *
burble_certificate_question_get_issuer (BurbleCertificateQuestion *self)
{
  g_return_val_if_fail (BURBLE_IS_CERTIFICATE_QUESTION (self), NULL);

  return self->issuer;
}

/**
 * burble_certificate_question_get_not_before:
 * @self: a question
 *
 * Returns: (transfer none) (nullable): the time, where the certificate has one
 */
GDateTime *
burble_certificate_question_get_not_before (BurbleCertificateQuestion *self)
{
  g_return_val_if_fail (BURBLE_IS_CERTIFICATE_QUESTION (self), NULL);

  return self->not_before;
}

/**
 * burble_certificate_question_get_not_after:
 * @self: a question
 *
 * Returns: (transfer none) (nullable): the time, where the certificate has one
 */
GDateTime *
burble_certificate_question_get_not_after (BurbleCertificateQuestion *self)
{
  g_return_val_if_fail (BURBLE_IS_CERTIFICATE_QUESTION (self), NULL);

  return self->not_after;
}

/**
 * burble_certificate_question_get_changed:
 * @self: a question
 *
 * Returns: whether another certificate was pinned before: somebody may be listening in
 */
gboolean
burble_certificate_question_get_changed (BurbleCertificateQuestion *self)
{
  g_return_val_if_fail (BURBLE_IS_CERTIFICATE_QUESTION (self), FALSE);

  return self->changed;
}

gboolean
burble_certificate_question_get_expired (BurbleCertificateQuestion *self)
{
  g_return_val_if_fail (BURBLE_IS_CERTIFICATE_QUESTION (self), FALSE);

  return self->expired;
}

gboolean
burble_certificate_question_get_unknown_issuer (BurbleCertificateQuestion *self)
{
  g_return_val_if_fail (BURBLE_IS_CERTIFICATE_QUESTION (self), FALSE);

  return self->unknown_issuer;
}

gboolean
burble_certificate_question_get_wrong_name (BurbleCertificateQuestion *self)
{
  g_return_val_if_fail (BURBLE_IS_CERTIFICATE_QUESTION (self), FALSE);

  return self->wrong_name;
}
