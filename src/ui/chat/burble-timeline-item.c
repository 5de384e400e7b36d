/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-timeline-item"

#include "config.h"

#include "burble-timeline-item.h"

struct _BurbleTimelineItem
{
  GObject parent_instance;

  BurbleMessage *message;
  char *day;
  gboolean group_start;
  gboolean group_end;
  gboolean boundary;
};

G_DEFINE_FINAL_TYPE (BurbleTimelineItem, burble_timeline_item, G_TYPE_OBJECT)

typedef enum
{
  PROP_MESSAGE = 1,
  PROP_DAY,
  PROP_GROUP_START,
  PROP_GROUP_END,
  PROP_BOUNDARY,
} BurbleTimelineItemProperty;

static GParamSpec *properties[PROP_BOUNDARY + 1];

static void
burble_timeline_item_finalize (GObject *object)
{
  BurbleTimelineItem *self = BURBLE_TIMELINE_ITEM (object);

  g_clear_object (&self->message);
  g_clear_pointer (&self->day, g_free);
  G_OBJECT_CLASS (burble_timeline_item_parent_class)->finalize (object);
}

static void
burble_timeline_item_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleTimelineItem *self = BURBLE_TIMELINE_ITEM (object);

  switch ((BurbleTimelineItemProperty) prop_id)
    {
    case PROP_MESSAGE:
      g_value_set_object (value, self->message);
      break;
    case PROP_DAY:
      g_value_set_string (value, self->day);
      break;
    case PROP_GROUP_START:
      g_value_set_boolean (value, self->group_start);
      break;
    case PROP_GROUP_END:
      g_value_set_boolean (value, self->group_end);
      break;
    case PROP_BOUNDARY:
      g_value_set_boolean (value, self->boundary);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_timeline_item_class_init (BurbleTimelineItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = burble_timeline_item_finalize;
  object_class->get_property = burble_timeline_item_get_property;

  properties[PROP_MESSAGE] = g_param_spec_object ("message", NULL, NULL, BURBLE_TYPE_MESSAGE,
                                                  flags);
  properties[PROP_DAY] = g_param_spec_string ("day", NULL, NULL, NULL, flags);
  properties[PROP_GROUP_START] = g_param_spec_boolean ("group-start", NULL, NULL, FALSE, flags);
  properties[PROP_GROUP_END] = g_param_spec_boolean ("group-end", NULL, NULL, FALSE, flags);
  properties[PROP_BOUNDARY] = g_param_spec_boolean ("boundary", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
burble_timeline_item_init (BurbleTimelineItem *self)
{
}

BurbleTimelineItem *
burble_timeline_item_new (BurbleMessage *message)
{
  BurbleTimelineItem *self = g_object_new (BURBLE_TYPE_TIMELINE_ITEM, NULL);

  g_return_val_if_fail (BURBLE_IS_MESSAGE (message), self);

  self->message = g_object_ref (message);
  return self;
}

BurbleMessage *
burble_timeline_item_get_message (BurbleTimelineItem *self)
{
  g_return_val_if_fail (BURBLE_IS_TIMELINE_ITEM (self), NULL);

  return self->message;
}

const char *
burble_timeline_item_get_day (BurbleTimelineItem *self)
{
  g_return_val_if_fail (BURBLE_IS_TIMELINE_ITEM (self), NULL);

  return self->day;
}

void
burble_timeline_item_set_day (BurbleTimelineItem *self, const char *day)
{
  g_return_if_fail (BURBLE_IS_TIMELINE_ITEM (self));

  if (g_set_str (&self->day, day))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DAY]);
}

gboolean
burble_timeline_item_get_group_start (BurbleTimelineItem *self)
{
  g_return_val_if_fail (BURBLE_IS_TIMELINE_ITEM (self), FALSE);

  return self->group_start;
}

void
burble_timeline_item_set_group_start (BurbleTimelineItem *self, gboolean group_start)
{
  g_return_if_fail (BURBLE_IS_TIMELINE_ITEM (self));

  if (self->group_start == group_start)
    return;
  self->group_start = group_start;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GROUP_START]);
}

gboolean
burble_timeline_item_get_group_end (BurbleTimelineItem *self)
{
  g_return_val_if_fail (BURBLE_IS_TIMELINE_ITEM (self), FALSE);

  return self->group_end;
}

void
burble_timeline_item_set_group_end (BurbleTimelineItem *self, gboolean group_end)
{
  g_return_if_fail (BURBLE_IS_TIMELINE_ITEM (self));

  if (self->group_end == group_end)
    return;
  self->group_end = group_end;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GROUP_END]);
}

gboolean
burble_timeline_item_get_boundary (BurbleTimelineItem *self)
{
  g_return_val_if_fail (BURBLE_IS_TIMELINE_ITEM (self), FALSE);

  return self->boundary;
}

void
burble_timeline_item_set_boundary (BurbleTimelineItem *self, gboolean boundary)
{
  g_return_if_fail (BURBLE_IS_TIMELINE_ITEM (self));

  if (self->boundary == boundary)
    return;
  self->boundary = boundary;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BOUNDARY]);
}
