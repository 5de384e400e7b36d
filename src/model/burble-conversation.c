/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-conversation"

#include "config.h"

#include "burble-conversation.h"

#include "burble-property-private.h"

#define MAX_UNREAD 999

struct _BurbleConversation
{
  GObject parent_instance;

  BurbleContact *contact;
  BurbleMessage *last_message;
  char *draft;
  char *typing;
  gint64 row;
  gint64 last_time;
  gint64 read_time;
  gint64 read_row;
  guint unread;
  gboolean pinned;
  gboolean muted;
};

G_DEFINE_FINAL_TYPE (BurbleConversation, burble_conversation, G_TYPE_OBJECT)

typedef enum
{
  PROP_CONTACT = 1,
  PROP_ROW,
  PROP_LAST_MESSAGE,
  PROP_LAST_TIME,
  PROP_UNREAD,
  PROP_PINNED,
  PROP_MUTED,
  PROP_DRAFT,
  PROP_TYPING,
} BurbleConversationProperty;

static GParamSpec *properties[PROP_TYPING + 1];

static void
burble_conversation_dispose (GObject *object)
{
  BurbleConversation *self = BURBLE_CONVERSATION (object);

  g_clear_object (&self->contact);
  g_clear_object (&self->last_message);

  G_OBJECT_CLASS (burble_conversation_parent_class)->dispose (object);
}

static void
burble_conversation_finalize (GObject *object)
{
  BurbleConversation *self = BURBLE_CONVERSATION (object);

  g_free (self->draft);
  g_free (self->typing);

  G_OBJECT_CLASS (burble_conversation_parent_class)->finalize (object);
}

static void
burble_conversation_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleConversation *self = BURBLE_CONVERSATION (object);

  switch ((BurbleConversationProperty) prop_id)
    {
    case PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;
    case PROP_ROW:
      g_value_set_int64 (value, self->row);
      break;
    case PROP_LAST_MESSAGE:
      g_value_set_object (value, self->last_message);
      break;
    case PROP_LAST_TIME:
      g_value_set_int64 (value, self->last_time);
      break;
    case PROP_UNREAD:
      g_value_set_uint (value, self->unread);
      break;
    case PROP_PINNED:
      g_value_set_boolean (value, self->pinned);
      break;
    case PROP_MUTED:
      g_value_set_boolean (value, self->muted);
      break;
    case PROP_DRAFT:
      g_value_set_string (value, self->draft);
      break;
    case PROP_TYPING:
      g_value_set_string (value, self->typing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_conversation_set_property (GObject *object, guint prop_id, const GValue *value,
                                  GParamSpec *pspec)
{
  BurbleConversation *self = BURBLE_CONVERSATION (object);

  switch ((BurbleConversationProperty) prop_id)
    {
    case PROP_ROW:
      burble_conversation_set_row (self, g_value_get_int64 (value));
      break;
    case PROP_LAST_MESSAGE:
      burble_conversation_set_last_message (self, g_value_get_object (value));
      break;
    case PROP_UNREAD:
      burble_conversation_set_unread (self, g_value_get_uint (value));
      break;
    case PROP_PINNED:
      burble_conversation_set_pinned (self, g_value_get_boolean (value));
      break;
    case PROP_MUTED:
      burble_conversation_set_muted (self, g_value_get_boolean (value));
      break;
    case PROP_DRAFT:
      burble_conversation_set_draft (self, g_value_get_string (value));
      break;
    case PROP_TYPING:
      burble_conversation_set_typing (self, g_value_get_string (value));
      break;
    case PROP_CONTACT:
    case PROP_LAST_TIME:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_conversation_class_init (BurbleConversationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags rw = ro | G_PARAM_WRITABLE;

  object_class->dispose = burble_conversation_dispose;
  object_class->finalize = burble_conversation_finalize;
  object_class->get_property = burble_conversation_get_property;
  object_class->set_property = burble_conversation_set_property;

  properties[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, BURBLE_TYPE_CONTACT, ro);
  properties[PROP_ROW] = g_param_spec_int64 ("row", NULL, NULL, 0, G_MAXINT64, 0, rw);
  properties[PROP_LAST_MESSAGE] =
    g_param_spec_object ("last-message", NULL, NULL, BURBLE_TYPE_MESSAGE, rw);
  properties[PROP_LAST_TIME] =
    g_param_spec_int64 ("last-time", NULL, NULL, G_MININT64, G_MAXINT64, 0, ro);
  properties[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, MAX_UNREAD, 0, rw);
  properties[PROP_PINNED] = g_param_spec_boolean ("pinned", NULL, NULL, FALSE, rw);
  properties[PROP_MUTED] = g_param_spec_boolean ("muted", NULL, NULL, FALSE, rw);
  properties[PROP_DRAFT] = g_param_spec_string ("draft", NULL, NULL, NULL, rw);
  properties[PROP_TYPING] = g_param_spec_string ("typing", NULL, NULL, NULL, rw);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
burble_conversation_init (BurbleConversation *self)
{
}

/**
 * burble_conversation_new:
 * @contact: whom it is with; its display name is the title
 *
 * Returns: (transfer full): a new, empty conversation
 */
BurbleConversation *
burble_conversation_new (BurbleContact *contact)
{
  BurbleConversation *self = NULL;

  g_return_val_if_fail (BURBLE_IS_CONTACT (contact), NULL);

  self = g_object_new (BURBLE_TYPE_CONVERSATION, NULL);
  self->contact = g_object_ref (contact);
  return self;
}

/**
 * burble_conversation_get_contact:
 * @self: a conversation
 *
 * Returns: (transfer none): whom it is with
 */
BurbleContact *
burble_conversation_get_contact (BurbleConversation *self)
{
  g_return_val_if_fail (BURBLE_IS_CONVERSATION (self), NULL);

  return self->contact;
}

/**
 * burble_conversation_set_contact:
 * @self: a conversation
 * @contact: the contact of the same account and id that the roster has
 *
 * Swaps the stand-in that the store made for the one that is kept up to date.
 */
void
burble_conversation_set_contact (BurbleConversation *self, BurbleContact *contact)
{
  g_return_if_fail (BURBLE_IS_CONVERSATION (self));
  g_return_if_fail (BURBLE_IS_CONTACT (contact));

  if (g_set_object (&self->contact, contact))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTACT]);
}

/**
 * burble_conversation_get_row:
 * @self: a conversation
 *
 * Returns: the store's key, 0 until it is stored
 */
gint64
burble_conversation_get_row (BurbleConversation *self)
{
  g_return_val_if_fail (BURBLE_IS_CONVERSATION (self), 0);

  return self->row;
}

void
burble_conversation_set_row (BurbleConversation *self, gint64 row)
{
  g_return_if_fail (BURBLE_IS_CONVERSATION (self));

  if (self->row == row)
    return;
  self->row = row;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROW]);
}

/**
 * burble_conversation_get_last_message:
 * @self: a conversation
 *
 * Returns: (transfer none) (nullable): the newest message
 */
BurbleMessage *
burble_conversation_get_last_message (BurbleConversation *self)
{
  g_return_val_if_fail (BURBLE_IS_CONVERSATION (self), NULL);

  return self->last_message;
}

/**
 * burble_conversation_set_last_message:
 * @self: a conversation
 * @message: (nullable): the newest message
 *
 * Changes [property@Conversation:last-time] with it.
 */
void
burble_conversation_set_last_message (BurbleConversation *self, BurbleMessage *message)
{
  gint64 last_time;

  g_return_if_fail (BURBLE_IS_CONVERSATION (self));
  g_return_if_fail (message == NULL || BURBLE_IS_MESSAGE (message));

  last_time = message != NULL ? burble_message_get_time (message) : 0;
  g_object_freeze_notify (G_OBJECT (self));
  if (g_set_object (&self->last_message, message))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_MESSAGE]);
  if (self->last_time != last_time)
    {
      self->last_time = last_time;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_TIME]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * burble_conversation_get_last_time:
 * @self: a conversation
 *
 * Returns: when the newest message was sent, in µs since 1970; 0 without one
 */
gint64
burble_conversation_get_last_time (BurbleConversation *self)
{
  g_return_val_if_fail (BURBLE_IS_CONVERSATION (self), 0);

  return self->last_time;
}

/**
 * burble_conversation_get_unread:
 * @self: a conversation
 *
 * Returns: how many messages were not read yet, 999 for more; the store counts them
 */
guint
burble_conversation_get_unread (BurbleConversation *self)
{
  g_return_val_if_fail (BURBLE_IS_CONVERSATION (self), 0);

  return self->unread;
}

void
burble_conversation_set_unread (BurbleConversation *self, guint unread)
{
  g_return_if_fail (BURBLE_IS_CONVERSATION (self));

  unread = MIN (unread, MAX_UNREAD);
  if (self->unread == unread)
    return;
  self->unread = unread;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNREAD]);
}

/**
 * burble_conversation_get_read_mark:
 * @self: a conversation
 * @time: (out) (optional): the time of the last message read
 * @row: (out) (optional): its row; both 0 when nothing was read yet
 */
void
burble_conversation_get_read_mark (BurbleConversation *self, gint64 *time, gint64 *row)
{
  g_return_if_fail (BURBLE_IS_CONVERSATION (self));

  if (time != NULL)
    *time = self->read_time;
  if (row != NULL)
    *row = self->read_row;
}

/**
 * burble_conversation_set_read_mark:
 * @self: a conversation
 * @time: the time of the last message read, in µs since 1970
 * @row: its row; both 0 for none
 */
void
burble_conversation_set_read_mark (BurbleConversation *self, gint64 time, gint64 row)
{
  g_return_if_fail (BURBLE_IS_CONVERSATION (self));

  self->read_time = time;
  self->read_row = row;
}

gboolean
burble_conversation_get_pinned (BurbleConversation *self)
{
  g_return_val_if_fail (BURBLE_IS_CONVERSATION (self), FALSE);

  return self->pinned;
}

void
burble_conversation_set_pinned (BurbleConversation *self, gboolean pinned)
{
  g_return_if_fail (BURBLE_IS_CONVERSATION (self));

  burble_property_set_boolean (self, &self->pinned, pinned, properties[PROP_PINNED]);
}

gboolean
burble_conversation_get_muted (BurbleConversation *self)
{
  g_return_val_if_fail (BURBLE_IS_CONVERSATION (self), FALSE);

  return self->muted;
}

void
burble_conversation_set_muted (BurbleConversation *self, gboolean muted)
{
  g_return_if_fail (BURBLE_IS_CONVERSATION (self));

  burble_property_set_boolean (self, &self->muted, muted, properties[PROP_MUTED]);
}

/**
 * burble_conversation_get_draft:
 * @self: a conversation
 *
 * Returns: (nullable): what the user has typed and not sent
 */
const char *
burble_conversation_get_draft (BurbleConversation *self)
{
  g_return_val_if_fail (BURBLE_IS_CONVERSATION (self), NULL);

  return self->draft;
}

void
burble_conversation_set_draft (BurbleConversation *self, const char *draft)
{
  g_return_if_fail (BURBLE_IS_CONVERSATION (self));

  burble_property_set_text (self, &self->draft, draft, properties[PROP_DRAFT]);
}

/**
 * burble_conversation_get_typing:
 * @self: a conversation
 *
 * Returns: (nullable): the display name of who types now
 */
const char *
burble_conversation_get_typing (BurbleConversation *self)
{
  g_return_val_if_fail (BURBLE_IS_CONVERSATION (self), NULL);

  return self->typing;
}

void
burble_conversation_set_typing (BurbleConversation *self, const char *who)
{
  g_return_if_fail (BURBLE_IS_CONVERSATION (self));

  burble_property_set_text (self, &self->typing, who, properties[PROP_TYPING]);
}
