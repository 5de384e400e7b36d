/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-presence-badge"

#include "config.h"

#include "burble-presence-badge.h"

#include "burble-enum-types.h"
#include "burble-words.h"

struct _BurblePresenceBadge
{
  AdwBin parent_instance;

  GtkImage *image;
  BurbleStatus status;
};

G_DEFINE_FINAL_TYPE (BurblePresenceBadge, burble_presence_badge, ADW_TYPE_BIN)

typedef enum
{
  PROP_STATUS = 1,
} BurblePresenceBadgeProperty;

static GParamSpec *properties[PROP_STATUS + 1];

static void
burble_presence_badge_show (BurblePresenceBadge *self)
{
  static const char * const classes[] = { "available", "away", "dnd", "offline" };
  const char *word = burble_words_status (self->status);

  gtk_image_set_from_icon_name (self->image, burble_words_status_icon (self->status));
  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self), classes[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self), burble_words_status_class (self->status));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), word);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, word, -1);
}

static void
burble_presence_badge_get_property (GObject *object, guint prop_id, GValue *value,
                                    GParamSpec *pspec)
{
  BurblePresenceBadge *self = BURBLE_PRESENCE_BADGE (object);

  switch ((BurblePresenceBadgeProperty) prop_id)
    {
    case PROP_STATUS:
      g_value_set_enum (value, self->status);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_presence_badge_set_property (GObject *object, guint prop_id, const GValue *value,
                                    GParamSpec *pspec)
{
  BurblePresenceBadge *self = BURBLE_PRESENCE_BADGE (object);

  switch ((BurblePresenceBadgeProperty) prop_id)
    {
    case PROP_STATUS:
      if (self->status != (BurbleStatus) g_value_get_enum (value))
        {
          self->status = (BurbleStatus) g_value_get_enum (value);
          burble_presence_badge_show (self);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_presence_badge_class_init (BurblePresenceBadgeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = burble_presence_badge_get_property;
  object_class->set_property = burble_presence_badge_set_property;

  properties[PROP_STATUS] = g_param_spec_enum ("status", NULL, NULL, BURBLE_TYPE_STATUS,
                                               BURBLE_STATUS_OFFLINE,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                                               G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "presence");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_IMG);
}

static void
burble_presence_badge_init (BurblePresenceBadge *self)
{
  self->image = GTK_IMAGE (gtk_image_new ());
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->image), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->image));
  burble_presence_badge_show (self);
}
