/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-avatar"

#include "config.h"

#include "burble-avatar.h"

#include <string.h>

#include "burble-account-mark.h"
#include "burble-presence-badge.h"

#define COLORS 14
#define DEFAULT_SIZE 40
/* Of the picture: both letters have room in its circle, whichever they are. */
#define LETTER_SIZE 0.38

/*
 * By hand and not by a template: each row of every list has one, and builder and bindings took
 * more time than the widgets. The picture is a label that is styled as an AdwAvatar: that one has
 * three widgets, and asks for a font of its own for each width of two letters.
 */
struct _BurbleAvatar
{
  GtkWidget parent_instance;

  GtkLabel *picture;
  BurblePresenceBadge *badge;
  GtkWidget *mark; /* of the account, where there are several; else NULL */
  BurbleContact *contact;
  int size;
  guint color;
};

G_DEFINE_FINAL_TYPE (BurbleAvatar, burble_avatar, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_CONTACT = 1,
  PROP_SIZE,
} BurbleAvatarProperty;

static GParamSpec *properties[PROP_SIZE + 1];

/* The first letters of the first and of the last word. */
static char *
make_initials (const char *name)
{
  g_autofree char *upper = g_utf8_strup (name, -1);
  g_autofree char *text = g_utf8_normalize (g_strstrip (upper), -1, G_NORMALIZE_DEFAULT_COMPOSE);
  const char *last = text != NULL ? strrchr (text, ' ') : NULL;
  GString *initials = g_string_new (NULL);

  if (text != NULL && *text != '\0')
    g_string_append_unichar (initials, g_utf8_get_char (text));
  if (last != NULL)
    g_string_append_unichar (initials, g_utf8_get_char (last + 1));
  return g_string_free (initials, FALSE);
}

static void
show_name (BurbleAvatar *self)
{
  const char *name = burble_contact_get_display_name (self->contact);
  g_autofree char *initials = make_initials (name);
  guint color = g_str_hash (name) % COLORS + 1; /* as AdwAvatar chooses it */

  gtk_label_set_label (self->picture, initials);
  if (color != self->color)
    {
      g_autofree char *before = g_strdup_printf ("color%u", self->color);
      g_autofree char *now = g_strdup_printf ("color%u", color);

      gtk_widget_remove_css_class (GTK_WIDGET (self->picture), before);
      gtk_widget_add_css_class (GTK_WIDGET (self->picture), now);
      self->color = color;
    }
}

static void
set_size (BurbleAvatar *self, int size)
{
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();

  self->size = size > 0 ? size : DEFAULT_SIZE;
  pango_attr_list_insert (attributes,
                          pango_attr_size_new_absolute (self->size * LETTER_SIZE * PANGO_SCALE));
  gtk_label_set_attributes (self->picture, attributes);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
show_status (BurbleAvatar *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->badge),
                          burble_contact_get_kind (self->contact) == BURBLE_CONTACT_PEER);
  g_object_set (self->badge, "status", burble_contact_get_status (self->contact), NULL);
}

/* Most people have one account, and most rows nothing to show. */
static void
show_mark (BurbleAvatar *self)
{
  BurbleAccount *account = burble_contact_get_account (self->contact);

  g_clear_pointer (&self->mark, gtk_widget_unparent);
  if (burble_account_get_mark (account) == NULL)
    return;
  self->mark = burble_account_mark_new (account);
  gtk_widget_set_parent (self->mark, GTK_WIDGET (self));
}

static void
place_corner (BurbleAvatar *self, GtkWidget *child, gboolean left, int width, int height)
{
  GtkRequisition size;

  if (child == NULL || !gtk_widget_should_layout (child))
    return;
  gtk_widget_get_preferred_size (child, NULL, &size);
  gtk_widget_size_allocate (child,
                            &(GtkAllocation) { left ? 0 : width - size.width,
                                               height - size.height, size.width, size.height },
                            -1);
}

static void
burble_avatar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  BurbleAvatar *self = BURBLE_AVATAR (widget);

  /* GTK wants to have been asked before it is told. */
  gtk_widget_measure (GTK_WIDGET (self->picture), orientation, -1, NULL, NULL, NULL, NULL);
  *minimum = *natural = self->size;
}

static void
burble_avatar_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BurbleAvatar *self = BURBLE_AVATAR (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  gtk_widget_size_allocate (GTK_WIDGET (self->picture),
                            &(GtkAllocation) { 0, 0, width, height }, -1);
  place_corner (self, GTK_WIDGET (self->badge), rtl, width, height);
  place_corner (self, self->mark, !rtl, width, height);
}

static void
burble_avatar_dispose (GObject *object)
{
  BurbleAvatar *self = BURBLE_AVATAR (object);

  burble_avatar_set_contact (self, NULL);
  g_clear_pointer ((GtkWidget **) &self->picture, gtk_widget_unparent);
  g_clear_pointer ((GtkWidget **) &self->badge, gtk_widget_unparent);
  g_clear_pointer (&self->mark, gtk_widget_unparent);
  G_OBJECT_CLASS (burble_avatar_parent_class)->dispose (object);
}

static void
burble_avatar_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleAvatar *self = BURBLE_AVATAR (object);

  switch ((BurbleAvatarProperty) prop_id)
    {
    case PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;
    case PROP_SIZE:
      g_value_set_int (value, self->size);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_avatar_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  BurbleAvatar *self = BURBLE_AVATAR (object);

  switch ((BurbleAvatarProperty) prop_id)
    {
    case PROP_CONTACT:
      burble_avatar_set_contact (self, g_value_get_object (value));
      break;
    case PROP_SIZE:
      set_size (self, g_value_get_int (value));
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_avatar_class_init (BurbleAvatarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = burble_avatar_dispose;
  object_class->get_property = burble_avatar_get_property;
  object_class->set_property = burble_avatar_set_property;
  widget_class->measure = burble_avatar_measure;
  widget_class->size_allocate = burble_avatar_size_allocate;

  properties[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, BURBLE_TYPE_CONTACT,
                                                  flags);
  properties[PROP_SIZE] = g_param_spec_int ("size", NULL, NULL, -1, 512, DEFAULT_SIZE,
                                             flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_css_name (widget_class, "burbleavatar");
}

static void
burble_avatar_init (BurbleAvatar *self)
{
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  self->picture = g_object_new (GTK_TYPE_LABEL, "css-name", "avatar", "ellipsize",
                                PANGO_ELLIPSIZE_END, NULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE,
                               -1);
  gtk_widget_set_parent (GTK_WIDGET (self->picture), GTK_WIDGET (self));
  set_size (self, DEFAULT_SIZE);
  self->badge = g_object_new (BURBLE_TYPE_PRESENCE_BADGE, NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->badge), GTK_WIDGET (self));
}

void
burble_avatar_set_contact (BurbleAvatar *self, BurbleContact *contact)
{
  g_return_if_fail (BURBLE_IS_AVATAR (self));

  if (self->contact == contact)
    return;
  if (self->contact != NULL)
    {
      g_signal_handlers_disconnect_by_func (self->contact, show_name, self);
      g_signal_handlers_disconnect_by_func (self->contact, show_status, self);
      g_signal_handlers_disconnect_by_func (burble_contact_get_account (self->contact), show_mark,
                                            self);
    }
  g_set_object (&self->contact, contact);
  if (contact != NULL)
    {
      g_signal_connect_object (contact, "notify::display-name", G_CALLBACK (show_name), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (contact, "notify::status", G_CALLBACK (show_status), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (contact, "notify::kind", G_CALLBACK (show_status), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (burble_contact_get_account (contact), "notify::mark",
                               G_CALLBACK (show_mark), self, G_CONNECT_SWAPPED);
      show_name (self);
      show_status (self);
      show_mark (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTACT]);
}
