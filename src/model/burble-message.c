/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-message"

#include "config.h"

#include "burble-message.h"

#include "burble-enum-types.h"
#include "burble-property-private.h"

struct _BurbleMessage
{
  GObject parent_instance;

  gint64 row;
  gint64 time;
  gint64 seq;
  char *id;
  char *sender;
  char *sender_name;
  char *peer;
  char *text;
  char *html;
  char *reply_to;
  char *error;
  char *network_id;
  char *time_text;
  gint64 time_precision;
  GStrv attachment_names;
  gboolean outgoing;
  gboolean unread;
  BurbleMessageState state;
};

G_DEFINE_FINAL_TYPE (BurbleMessage, burble_message, G_TYPE_OBJECT)

typedef enum
{
  PROP_ROW = 1,
  PROP_ID,
  PROP_SENDER,
  PROP_SENDER_NAME,
  PROP_PEER,
  PROP_OUTGOING,
  PROP_TEXT,
  PROP_HTML,
  PROP_TIME,
  PROP_SEQ,
  PROP_REPLY_TO,
  PROP_STATE,
  PROP_ERROR,
  PROP_UNREAD,
  PROP_ATTACHMENT_NAMES,
  PROP_NETWORK_ID,
  PROP_TIME_TEXT,
  PROP_TIME_PRECISION,
} BurbleMessageProperty;

static GParamSpec *properties[PROP_TIME_PRECISION + 1];

static void
burble_message_finalize (GObject *object)
{
  BurbleMessage *self = BURBLE_MESSAGE (object);

  g_free (self->id);
  g_free (self->sender);
  g_free (self->sender_name);
  g_free (self->peer);
  g_free (self->text);
  g_free (self->html);
  g_free (self->reply_to);
  g_free (self->error);
  g_free (self->network_id);
  g_free (self->time_text);
  g_strfreev (self->attachment_names);

  G_OBJECT_CLASS (burble_message_parent_class)->finalize (object);
}

static void
burble_message_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleMessage *self = BURBLE_MESSAGE (object);

  switch ((BurbleMessageProperty) prop_id)
    {
    case PROP_ROW:
      g_value_set_int64 (value, self->row);
      break;
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_SENDER:
      g_value_set_string (value, self->sender);
      break;
    case PROP_SENDER_NAME:
      g_value_set_string (value, self->sender_name);
      break;
    case PROP_PEER:
      g_value_set_string (value, self->peer);
      break;
    case PROP_OUTGOING:
      g_value_set_boolean (value, self->outgoing);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_HTML:
      g_value_set_string (value, self->html);
      break;
    case PROP_TIME:
      g_value_set_int64 (value, self->time);
      break;
    case PROP_SEQ:
      g_value_set_int64 (value, self->seq);
      break;
    case PROP_REPLY_TO:
      g_value_set_string (value, self->reply_to);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    case PROP_UNREAD:
      g_value_set_boolean (value, self->unread);
      break;
    case PROP_ATTACHMENT_NAMES:
      g_value_set_boxed (value, self->attachment_names);
      break;
    case PROP_NETWORK_ID:
      g_value_set_string (value, self->network_id);
      break;
    case PROP_TIME_TEXT:
      g_value_set_string (value, self->time_text);
      break;
    case PROP_TIME_PRECISION:
      g_value_set_int64 (value, self->time_precision);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_message_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  BurbleMessage *self = BURBLE_MESSAGE (object);

  switch ((BurbleMessageProperty) prop_id)
    {
    case PROP_ROW:
      burble_message_set_row (self, g_value_get_int64 (value));
      break;
    case PROP_SENDER_NAME:
      burble_message_set_sender_name (self, g_value_get_string (value));
      break;
    case PROP_PEER:
      burble_message_set_peer (self, g_value_get_string (value));
      break;
    case PROP_HTML:
      burble_message_set_html (self, g_value_get_string (value));
      break;
    case PROP_SEQ:
      burble_message_set_seq (self, g_value_get_int64 (value));
      break;
    case PROP_REPLY_TO:
      burble_message_set_reply_to (self, g_value_get_string (value));
      break;
    case PROP_STATE:
      burble_message_set_state (self, g_value_get_enum (value));
      break;
    case PROP_ERROR:
      burble_message_set_error (self, g_value_get_string (value));
      break;
    case PROP_UNREAD:
      burble_message_set_unread (self, g_value_get_boolean (value));
      break;
    case PROP_ATTACHMENT_NAMES:
      burble_message_set_attachment_names (self, g_value_get_boxed (value));
      break;
    case PROP_ID:
      burble_message_set_id (self, g_value_get_string (value));
      break;
    case PROP_TIME:
      burble_message_set_time (self, g_value_get_int64 (value));
      break;
    case PROP_NETWORK_ID:
      burble_message_set_network_id (self, g_value_get_string (value));
      break;
    case PROP_TIME_TEXT:
      burble_message_set_time_text (self, g_value_get_string (value));
      break;
    case PROP_TIME_PRECISION:
      burble_message_set_time_precision (self, g_value_get_int64 (value));
      break;
    case PROP_SENDER:
    case PROP_OUTGOING:
    case PROP_TEXT:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_message_class_init (BurbleMessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags rw = ro | G_PARAM_WRITABLE;

  object_class->finalize = burble_message_finalize;
  object_class->get_property = burble_message_get_property;
  object_class->set_property = burble_message_set_property;

  properties[PROP_ROW] = g_param_spec_int64 ("row", NULL, NULL, 0, G_MAXINT64, 0, rw);
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, rw);
  properties[PROP_SENDER] = g_param_spec_string ("sender", NULL, NULL, NULL, ro);
  properties[PROP_SENDER_NAME] = g_param_spec_string ("sender-name", NULL, NULL, NULL, rw);
  properties[PROP_PEER] = g_param_spec_string ("peer", NULL, NULL, NULL, rw);
  properties[PROP_OUTGOING] = g_param_spec_boolean ("outgoing", NULL, NULL, FALSE, ro);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, "", ro);
  properties[PROP_HTML] = g_param_spec_string ("html", NULL, NULL, NULL, rw);
  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, G_MININT64, G_MAXINT64, 0, rw);
  properties[PROP_SEQ] = g_param_spec_int64 ("seq", NULL, NULL, -1, G_MAXINT64, -1, rw);
  properties[PROP_REPLY_TO] = g_param_spec_string ("reply-to", NULL, NULL, NULL, rw);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, BURBLE_TYPE_MESSAGE_STATE,
                                              BURBLE_MESSAGE_RECEIVED, rw);
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, rw);
  properties[PROP_UNREAD] = g_param_spec_boolean ("unread", NULL, NULL, FALSE, rw);
  properties[PROP_ATTACHMENT_NAMES] =
    g_param_spec_boxed ("attachment-names", NULL, NULL, G_TYPE_STRV, rw);
  properties[PROP_NETWORK_ID] = g_param_spec_string ("network-id", NULL, NULL, NULL, rw);
  properties[PROP_TIME_TEXT] = g_param_spec_string ("time-text", NULL, NULL, NULL, rw);
  properties[PROP_TIME_PRECISION] =
    g_param_spec_int64 ("time-precision", NULL, NULL, -1, G_MAXINT64, 0, rw);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
burble_message_init (BurbleMessage *self)
{
  self->seq = -1;
}

/**
 * burble_message_new:
 * @id: (nullable): the id the sender gave; %NULL makes a random one
 * @sender: the bare id of the sender; in a room, of the member
 * @outgoing: whether it is one of the user's own
 * @text: (nullable): the plain text
 * @time: µs since 1970; a nonsensical one is brought into bounds, so that it can be sorted
 *
 * Returns: (transfer full): a new message: an outgoing one waits, an incoming one is unread
 */
BurbleMessage *
burble_message_new (const char *id, const char *sender, gboolean outgoing, const char *text,
                    gint64 time)
{
  BurbleMessage *self = NULL;

  g_return_val_if_fail (sender != NULL, NULL);

  self = g_object_new (BURBLE_TYPE_MESSAGE, NULL);
  self->id = id != NULL ? g_strdup (id) : g_uuid_string_random ();
  self->sender = g_strdup (sender);
  self->outgoing = !!outgoing;
  self->text = g_strdup (text != NULL ? text : "");
  self->time = CLAMP (time, 0, BURBLE_MESSAGE_TIME_MAX);
  self->state = outgoing ? BURBLE_MESSAGE_WAITING : BURBLE_MESSAGE_RECEIVED;
  self->unread = !outgoing;
  return self;
}

/**
 * burble_message_get_row:
 * @self: a message
 *
 * Returns: the store's key, 0 until it is stored
 */
gint64
burble_message_get_row (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), 0);

  return self->row;
}

void
burble_message_set_row (BurbleMessage *self, gint64 row)
{
  g_return_if_fail (BURBLE_IS_MESSAGE (self));

  if (self->row == row)
    return;
  self->row = row;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROW]);
}

/**
 * burble_message_get_id:
 * @self: a message
 *
 * Returns: the id that its sender gave it; unique for that sender only
 */
const char *
burble_message_get_id (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), NULL);

  return self->id;
}

/**
 * burble_message_set_id:
 * @self: a message
 * @id: the id by which the store holds it already
 *
 * For the store, as long as nobody was shown the message.
 */
void
burble_message_set_id (BurbleMessage *self, const char *id)
{
  g_return_if_fail (BURBLE_IS_MESSAGE (self));
  g_return_if_fail (id != NULL);

  if (g_set_str (&self->id, id))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ID]);
}

/**
 * burble_message_get_network_id:
 * @self: a message
 *
 * Returns: (nullable): of one's own message on a network that gives ids of its own and knows no
 *   other: that id, empty as long as it is not known
 */
const char *
burble_message_get_network_id (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), NULL);

  return self->network_id;
}

void
burble_message_set_network_id (BurbleMessage *self, const char *id)
{
  g_return_if_fail (BURBLE_IS_MESSAGE (self));

  if (g_set_str (&self->network_id, id)) /* empty is not none */
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NETWORK_ID]);
}

/**
 * burble_message_get_sender:
 * @self: a message
 *
 * Returns: the bare id of who wrote it; in a room, of the member
 */
const char *
burble_message_get_sender (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), NULL);

  return self->sender;
}

/**
 * burble_message_get_peer:
 * @self: a message
 *
 * Returns: (nullable): the bare id of the conversation it belongs to
 */
const char *
burble_message_get_peer (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), NULL);

  return self->peer;
}

void
burble_message_set_peer (BurbleMessage *self, const char *peer)
{
  g_return_if_fail (BURBLE_IS_MESSAGE (self));

  burble_property_set_text (self, &self->peer, peer, properties[PROP_PEER]);
}

/**
 * burble_message_get_sender_name:
 * @self: a message
 *
 * Returns: (nullable): what the member of a room is called
 */
const char *
burble_message_get_sender_name (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), NULL);

  return self->sender_name;
}

void
burble_message_set_sender_name (BurbleMessage *self, const char *name)
{
  g_return_if_fail (BURBLE_IS_MESSAGE (self));

  burble_property_set_text (self, &self->sender_name, name, properties[PROP_SENDER_NAME]);
}

gboolean
burble_message_is_outgoing (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), FALSE);

  return self->outgoing;
}

/**
 * burble_message_get_text:
 * @self: a message
 *
 * Returns: (not nullable): the plain text, empty when there is none
 */
const char *
burble_message_get_text (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), "");

  return self->text;
}

/**
 * burble_message_get_html:
 * @self: a message
 *
 * Returns: (nullable): the text with formatting, as it came: from anybody, and not to be trusted
 */
const char *
burble_message_get_html (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), NULL);

  return self->html;
}

void
burble_message_set_html (BurbleMessage *self, const char *html)
{
  g_return_if_fail (BURBLE_IS_MESSAGE (self));

  burble_property_set_text (self, &self->html, html, properties[PROP_HTML]);
}

/**
 * burble_message_get_time:
 * @self: a message
 *
 * Returns: when it was sent, in µs since 1970, within 0 and %BURBLE_MESSAGE_TIME_MAX
 */
gint64
burble_message_get_time (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), 0);

  return self->time;
}

/**
 * burble_message_set_time:
 * @self: a message
 * @time: where it stands among the others
 *
 * For the store, as long as nobody was shown the message.
 */
void
burble_message_set_time (BurbleMessage *self, gint64 time)
{
  g_return_if_fail (BURBLE_IS_MESSAGE (self));

  time = CLAMP (time, 0, BURBLE_MESSAGE_TIME_MAX);
  if (self->time == time)
    return;
  self->time = time;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TIME]);
}

/**
 * burble_message_get_time_text:
 * @self: a message
 *
 * Returns: (nullable): when it was said, in the words of its network, where nobody here can read
 *   them: [property@Message:time] then tells the order only
 */
const char *
burble_message_get_time_text (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), NULL);

  return self->time_text;
}

void
burble_message_set_time_text (BurbleMessage *self, const char *text)
{
  g_return_if_fail (BURBLE_IS_MESSAGE (self));

  burble_property_set_text (self, &self->time_text, text, properties[PROP_TIME_TEXT]);
}

/**
 * burble_message_get_time_precision:
 * @self: a message
 *
 * Returns: the message was said at [property@Message:time] or so many µs later, at most; -1: at any
 *   time. For the store, which does not keep it
 */
gint64
burble_message_get_time_precision (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), 0);

  return self->time_precision;
}

void
burble_message_set_time_precision (BurbleMessage *self, gint64 precision)
{
  g_return_if_fail (BURBLE_IS_MESSAGE (self));

  precision = MAX (precision, -1);
  if (self->time_precision == precision)
    return;
  self->time_precision = precision;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TIME_PRECISION]);
}

/**
 * burble_message_get_seq:
 * @self: a message
 *
 * Returns: its place in the server's history, -1 without one
 */
gint64
burble_message_get_seq (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), -1);

  return self->seq;
}

void
burble_message_set_seq (BurbleMessage *self, gint64 seq)
{
  g_return_if_fail (BURBLE_IS_MESSAGE (self));

  seq = MAX (seq, -1);
  if (self->seq == seq)
    return;
  self->seq = seq;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEQ]);
}

/**
 * burble_message_get_reply_to:
 * @self: a message
 *
 * Returns: (nullable): the id of the message it answers
 */
const char *
burble_message_get_reply_to (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), NULL);

  return self->reply_to;
}

void
burble_message_set_reply_to (BurbleMessage *self, const char *id)
{
  g_return_if_fail (BURBLE_IS_MESSAGE (self));

  burble_property_set_text (self, &self->reply_to, id, properties[PROP_REPLY_TO]);
}

BurbleMessageState
burble_message_get_state (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), BURBLE_MESSAGE_RECEIVED);

  return self->state;
}

void
burble_message_set_state (BurbleMessage *self, BurbleMessageState state)
{
  g_return_if_fail (BURBLE_IS_MESSAGE (self));

  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/**
 * burble_message_get_error:
 * @self: a message
 *
 * Returns: (nullable): why it was refused, where [property@Message:state] is failed
 */
const char *
burble_message_get_error (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), NULL);

  return self->error;
}

void
burble_message_set_error (BurbleMessage *self, const char *error)
{
  g_return_if_fail (BURBLE_IS_MESSAGE (self));

  burble_property_set_text (self, &self->error, error, properties[PROP_ERROR]);
}

/**
 * burble_message_get_unread:
 * @self: a message
 *
 * Returns: whether it came in and was not read when this object was made. The store knows better
 *   than an object that has been shown for a while.
 */
gboolean
burble_message_get_unread (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), FALSE);

  return self->unread;
}

/**
 * burble_message_set_unread:
 * @self: a message
 * @unread: %FALSE for history that was read elsewhere long ago, before it is stored
 */
void
burble_message_set_unread (BurbleMessage *self, gboolean unread)
{
  g_return_if_fail (BURBLE_IS_MESSAGE (self));

  unread = unread && !self->outgoing;
  if (self->unread == unread)
    return;
  self->unread = unread;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNREAD]);
}

/**
 * burble_message_get_attachment_names:
 * @self: a message
 *
 * Returns: (nullable) (array zero-terminated=1): the names of what came with it, or %NULL
 */
const char * const *
burble_message_get_attachment_names (BurbleMessage *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE (self), NULL);

  return (const char * const *) self->attachment_names;
}

/**
 * burble_message_set_attachment_names:
 * @self: a message
 * @names: (nullable) (array zero-terminated=1): what came with it is called, for display
 */
void
burble_message_set_attachment_names (BurbleMessage *self, const char * const *names)
{
  g_return_if_fail (BURBLE_IS_MESSAGE (self));

  if (names != NULL && names[0] == NULL)
    names = NULL;
  if (names == NULL && self->attachment_names == NULL)
    return;
  if (names != NULL && self->attachment_names != NULL &&
      g_strv_equal (names, (const char * const *) self->attachment_names))
    return;
  g_strfreev (self->attachment_names);
  self->attachment_names = g_strdupv ((char **) names);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ATTACHMENT_NAMES]);
}
