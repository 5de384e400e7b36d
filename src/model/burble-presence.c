/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-presence"

#include "config.h"

#include "burble-presence.h"

#include "burble-enum-types.h"
#include "burble-text-private.h"

struct _BurblePresence
{
  GObject parent_instance;

  char *terminal;
  char *mood;
  BurbleStatus status;
};

G_DEFINE_FINAL_TYPE (BurblePresence, burble_presence, G_TYPE_OBJECT)

typedef enum
{
  PROP_TERMINAL = 1,
  PROP_STATUS,
  PROP_MOOD,
} BurblePresenceProperty;

static GParamSpec *properties[PROP_MOOD + 1];

static void
burble_presence_finalize (GObject *object)
{
  BurblePresence *self = BURBLE_PRESENCE (object);

  g_free (self->terminal);
  g_free (self->mood);

  G_OBJECT_CLASS (burble_presence_parent_class)->finalize (object);
}

static void
burble_presence_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurblePresence *self = BURBLE_PRESENCE (object);

  switch ((BurblePresenceProperty) prop_id)
    {
    case PROP_TERMINAL:
      g_value_set_string (value, self->terminal);
      break;
    case PROP_STATUS:
      g_value_set_enum (value, self->status);
      break;
    case PROP_MOOD:
      g_value_set_string (value, self->mood);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_presence_class_init (BurblePresenceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = burble_presence_finalize;
  object_class->get_property = burble_presence_get_property;

  properties[PROP_TERMINAL] = g_param_spec_string ("terminal", NULL, NULL, NULL, flags);
  properties[PROP_STATUS] = g_param_spec_enum ("status", NULL, NULL, BURBLE_TYPE_STATUS,
                                               BURBLE_STATUS_OFFLINE, flags);
  properties[PROP_MOOD] = g_param_spec_string ("mood", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
burble_presence_init (BurblePresence *self)
{
}

/**
 * burble_presence_new:
 * @terminal: (nullable): the name of the terminal; %NULL on networks that have none
 * @status: its status
 * @mood: (nullable): what its owner wrote about it
 *
 * Returns: (transfer full): a new presence
 */
BurblePresence *
burble_presence_new (const char *terminal, BurbleStatus status, const char *mood)
{
  BurblePresence *self = g_object_new (BURBLE_TYPE_PRESENCE, NULL);

  self->terminal = g_strdup (terminal);
  self->status = status;
  self->mood = g_strdup (burble_text_or_null (mood));
  return self;
}

/**
 * burble_presence_get_terminal:
 * @self: a presence
 *
 * Returns: (nullable): which terminal it is of; %NULL on networks without terminals
 */
const char *
burble_presence_get_terminal (BurblePresence *self)
{
  g_return_val_if_fail (BURBLE_IS_PRESENCE (self), NULL);

  return self->terminal;
}

BurbleStatus
burble_presence_get_status (BurblePresence *self)
{
  g_return_val_if_fail (BURBLE_IS_PRESENCE (self), BURBLE_STATUS_OFFLINE);

  return self->status;
}

const char *
burble_presence_get_mood (BurblePresence *self)
{
  g_return_val_if_fail (BURBLE_IS_PRESENCE (self), NULL);

  return self->mood;
}

/**
 * burble_presence_update:
 * @self: a presence
 * @status: the new status
 * @mood: (nullable): the new mood
 *
 * Takes over what the terminal said last.
 */
void
burble_presence_update (BurblePresence *self, BurbleStatus status, const char *mood)
{
  g_return_if_fail (BURBLE_IS_PRESENCE (self));

  g_object_freeze_notify (G_OBJECT (self));
  if (self->status != status)
    {
      self->status = status;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
    }
  if (g_set_str (&self->mood, burble_text_or_null (mood)))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MOOD]);
  g_object_thaw_notify (G_OBJECT (self));
}
