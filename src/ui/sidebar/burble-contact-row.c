/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-contact-row"

#include "config.h"

#include "burble-contact-row.h"

#include <glib/gi18n-lib.h>

#include "burble-avatar.h"
#include "burble-words.h"

struct _BurbleContactRow
{
  AdwBin parent_instance;

  BurbleContact *contact;
};

G_DEFINE_FINAL_TYPE (BurbleContactRow, burble_contact_row, ADW_TYPE_BIN)

typedef enum
{
  PROP_CONTACT = 1,
} BurbleContactRowProperty;

typedef enum
{
  SIGNAL_ANSWERED,
} BurbleContactRowSignal;

static GParamSpec *properties[PROP_CONTACT + 1];
static guint signals[SIGNAL_ANSWERED + 1];

static char *
subtitle (BurbleContactRow *self, gboolean asks, BurbleContactKind kind,
          gboolean in_roster, BurbleSubscription subscription,
          BurbleStatus status, const char *mood)
{
  if (asks)
    return g_strdup (burble_contact_get_id (self->contact));
  if (kind == BURBLE_CONTACT_ROOM)
    return g_strdup (_("Room"));
  if (in_roster && (subscription == BURBLE_SUBSCRIPTION_NONE
                    || subscription == BURBLE_SUBSCRIPTION_FROM))
    return g_strdup (_("Has not agreed yet"));
  return burble_words_presence (status, mood);
}

static void
decline_clicked_cb (BurbleContactRow *self)
{
  g_signal_emit (self, signals[SIGNAL_ANSWERED], 0, self->contact, FALSE);
}

static void
accept_clicked_cb (BurbleContactRow *self)
{
  g_signal_emit (self, signals[SIGNAL_ANSWERED], 0, self->contact, TRUE);
}

static void
burble_contact_row_dispose (GObject *object)
{
  BurbleContactRow *self = BURBLE_CONTACT_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_CONTACT_ROW);
  g_clear_object (&self->contact);
  G_OBJECT_CLASS (burble_contact_row_parent_class)->dispose (object);
}

static void
burble_contact_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleContactRow *self = BURBLE_CONTACT_ROW (object);

  switch ((BurbleContactRowProperty) prop_id)
    {
    case PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_contact_row_set_property (GObject *object, guint prop_id, const GValue *value,
                                 GParamSpec *pspec)
{
  BurbleContactRow *self = BURBLE_CONTACT_ROW (object);

  switch ((BurbleContactRowProperty) prop_id)
    {
    case PROP_CONTACT:
      burble_contact_row_set_contact (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_contact_row_class_init (BurbleContactRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = burble_contact_row_dispose;
  object_class->get_property = burble_contact_row_get_property;
  object_class->set_property = burble_contact_row_set_property;

  properties[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, BURBLE_TYPE_CONTACT,
                                                  G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                                                  G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[SIGNAL_ANSWERED] = g_signal_new ("answered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL,
                                           NULL, G_TYPE_NONE, 2, BURBLE_TYPE_CONTACT,
                                           G_TYPE_BOOLEAN);

  g_type_ensure (BURBLE_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/burble/Burble/sidebar/burble-contact-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, subtitle);
  gtk_widget_class_bind_template_callback (widget_class, decline_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, accept_clicked_cb);
}

static void
burble_contact_row_init (BurbleContactRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
burble_contact_row_new (void)
{
  return g_object_new (BURBLE_TYPE_CONTACT_ROW, NULL);
}

void
burble_contact_row_set_contact (BurbleContactRow *self, BurbleContact *contact)
{
  g_return_if_fail (BURBLE_IS_CONTACT_ROW (self));

  if (g_set_object (&self->contact, contact))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTACT]);
}
