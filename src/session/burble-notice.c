/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-notice"

#include "config.h"

#include "burble-notice.h"

struct _BurbleNotice
{
  GObject parent_instance;

  BurbleNoticeKind kind;
  char *tag;
  BurbleContact *contact;
  BurbleConversation *conversation;
  BurbleMessage *message;
  guint count;
  gboolean show_content;
};

G_DEFINE_FINAL_TYPE (BurbleNotice, burble_notice, G_TYPE_OBJECT)

typedef enum
{
  PROP_TAG = 1,
  PROP_KIND,
  PROP_CONTACT,
  PROP_CONVERSATION,
  PROP_MESSAGE,
  PROP_COUNT,
  PROP_SHOW_CONTENT,
} BurbleNoticeProperty;

static GParamSpec *properties[PROP_SHOW_CONTENT + 1];

static void
burble_notice_dispose (GObject *object)
{
  BurbleNotice *self = BURBLE_NOTICE (object);

  g_clear_object (&self->contact);
  g_clear_object (&self->conversation);
  g_clear_object (&self->message);

  G_OBJECT_CLASS (burble_notice_parent_class)->dispose (object);
}

static void
burble_notice_finalize (GObject *object)
{
  BurbleNotice *self = BURBLE_NOTICE (object);

  g_free (self->tag);

  G_OBJECT_CLASS (burble_notice_parent_class)->finalize (object);
}

static void
burble_notice_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleNotice *self = BURBLE_NOTICE (object);

  switch ((BurbleNoticeProperty) prop_id)
    {
    case PROP_TAG:
      g_value_set_string (value, self->tag);
      break;
    case PROP_KIND:
      g_value_set_uint (value, self->kind);
      break;
    case PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;
    case PROP_CONVERSATION:
      g_value_set_object (value, self->conversation);
      break;
    case PROP_MESSAGE:
      g_value_set_object (value, self->message);
      break;
    case PROP_COUNT:
      g_value_set_uint (value, self->count);
      break;
    case PROP_SHOW_CONTENT:
      g_value_set_boolean (value, self->show_content);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_notice_class_init (BurbleNoticeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = burble_notice_dispose;
  object_class->finalize = burble_notice_finalize;
  object_class->get_property = burble_notice_get_property;

  properties[PROP_TAG] = g_param_spec_string ("tag", NULL, NULL, NULL, ro);
  properties[PROP_KIND] = g_param_spec_uint ("kind", NULL, NULL, 0, BURBLE_NOTICE_REQUEST, 0, ro);
  properties[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, BURBLE_TYPE_CONTACT, ro);
  properties[PROP_CONVERSATION] =
    g_param_spec_object ("conversation", NULL, NULL, BURBLE_TYPE_CONVERSATION, ro);
  properties[PROP_MESSAGE] = g_param_spec_object ("message", NULL, NULL, BURBLE_TYPE_MESSAGE, ro);
  properties[PROP_COUNT] = g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0, ro);
  properties[PROP_SHOW_CONTENT] = g_param_spec_boolean ("show-content", NULL, NULL, TRUE, ro);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
burble_notice_init (BurbleNotice *self)
{
}

/**
 * burble_notice_new:
 * @kind: what it is about
 * @tag: the name under which it replaces an earlier one
 * @contact: who it is about
 * @conversation: (nullable): the chat it belongs to
 * @message: (nullable): the latest message
 * @count: how many messages it stands for
 * @show_content: whether the text may be shown
 *
 * Returns: (transfer full): a new notice; it never changes
 */
BurbleNotice *
burble_notice_new (BurbleNoticeKind    kind,
                   const char         *tag,
                   BurbleContact      *contact,
                   BurbleConversation *conversation,
                   BurbleMessage      *message,
                   guint               count,
                   gboolean            show_content)
{
  BurbleNotice *self = NULL;

  g_return_val_if_fail (tag != NULL, NULL);
  g_return_val_if_fail (BURBLE_IS_CONTACT (contact), NULL);

  self = g_object_new (BURBLE_TYPE_NOTICE, NULL);
  self->kind = kind;
  self->tag = g_strdup (tag);
  self->contact = g_object_ref (contact);
  g_set_object (&self->conversation, conversation);
  g_set_object (&self->message, message);
  self->count = count;
  self->show_content = show_content;
  return self;
}

const char *
burble_notice_get_tag (BurbleNotice *self)
{
  g_return_val_if_fail (BURBLE_IS_NOTICE (self), NULL);

  return self->tag;
}

BurbleNoticeKind
burble_notice_get_kind (BurbleNotice *self)
{
  g_return_val_if_fail (BURBLE_IS_NOTICE (self), BURBLE_NOTICE_MESSAGE);

  return self->kind;
}

/**
 * burble_notice_get_contact:
 * @self: a notice
 *
 * Returns: (transfer none): who it is about
 */
BurbleContact *
burble_notice_get_contact (BurbleNotice *self)
{
  g_return_val_if_fail (BURBLE_IS_NOTICE (self), NULL);

  return self->contact;
}

/**
 * burble_notice_get_conversation:
 * @self: a notice
 *
 * Returns: (transfer none) (nullable): the chat it belongs to
 */
BurbleConversation *
burble_notice_get_conversation (BurbleNotice *self)
{
  g_return_val_if_fail (BURBLE_IS_NOTICE (self), NULL);

  return self->conversation;
}

/**
 * burble_notice_get_message:
 * @self: a notice
 *
 * Returns: (transfer none) (nullable): the latest message
 */
BurbleMessage *
burble_notice_get_message (BurbleNotice *self)
{
  g_return_val_if_fail (BURBLE_IS_NOTICE (self), NULL);

  return self->message;
}

guint
burble_notice_get_count (BurbleNotice *self)
{
  g_return_val_if_fail (BURBLE_IS_NOTICE (self), 0);

  return self->count;
}

gboolean
burble_notice_get_show_content (BurbleNotice *self)
{
  g_return_val_if_fail (BURBLE_IS_NOTICE (self), FALSE);

  return self->show_content;
}
