/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-bubble-text"

#include "config.h"

#include "burble-bubble-text.h"

#define GAP 10

/* What a layout of the text looks like at some width. */
typedef struct
{
  int width;
  int widest;        /* of all lines */
  int last_width;    /* where the footer would go; very large if it cannot stand there */
  int last_baseline;
} Shape;

struct _BurbleBubbleText
{
  GtkWidget parent_instance;

  GtkLabel *label;
  GtkWidget *footer;
  int max_width;

  PangoLayout *measured; /* the label's own, as it was when the shapes were taken */
  guint measured_serial;
  Shape shapes[2];
  guint n_shapes;
};

static GtkBuildableIface *parent_buildable_iface;

typedef enum
{
  PROP_MAX_WIDTH = 1,
} BurbleBubbleTextProperty;

static GParamSpec *properties[PROP_MAX_WIDTH + 1];

static void
burble_bubble_text_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child,
                              const char *type)
{
  BurbleBubbleText *self = BURBLE_BUBBLE_TEXT (buildable);

  if (g_strcmp0 (type, "text") == 0)
    {
      self->label = GTK_LABEL (child);
      gtk_widget_insert_before (GTK_WIDGET (child), GTK_WIDGET (self), self->footer);
    }
  else if (g_strcmp0 (type, "footer") == 0)
    {
      self->footer = GTK_WIDGET (child);
      gtk_widget_insert_before (self->footer, GTK_WIDGET (self), NULL);
    }
  else
    {
      parent_buildable_iface->add_child (buildable, builder, child, type);
    }
}

static void
buildable_iface_init (GtkBuildableIface *iface)
{
  parent_buildable_iface = g_type_interface_peek_parent (iface);
  iface->add_child = burble_bubble_text_add_child;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BurbleBubbleText, burble_bubble_text, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_iface_init))

static void
take_shape (BurbleBubbleText *self, int width, Shape *shape)
{
  g_autoptr(PangoLayout) layout = pango_layout_copy (gtk_label_get_layout (self->label));
  g_autoptr(PangoLayoutIter) iter = NULL;
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  PangoLayoutLine *line;
  PangoRectangle rect;

  pango_layout_set_width (layout, width < 0 ? -1 : width * PANGO_SCALE);
  pango_layout_get_extents (layout, NULL, &rect);
  iter = pango_layout_get_iter (layout);
  while (!pango_layout_iter_at_last_line (iter) && pango_layout_iter_next_line (iter))
    continue;
  line = pango_layout_iter_get_line_readonly (iter);
  shape->width = width;
  shape->widest = PANGO_PIXELS_CEIL (rect.width);
  shape->last_baseline = PANGO_PIXELS (pango_layout_iter_get_baseline (iter));
  pango_layout_line_get_extents (line, NULL, &rect);
  shape->last_width = PANGO_PIXELS_CEIL (rect.width);
  /* A line that runs towards the footer's side ends where the footer wants to be. */
  if ((pango_layout_line_get_resolved_direction (line) == PANGO_DIRECTION_RTL) != rtl)
    shape->last_width = G_MAXINT / 2;
}

/* The same few widths are asked for again and again while a row is laid out. */
static const Shape *
get_shape (BurbleBubbleText *self, int width)
{
  PangoLayout *layout = gtk_label_get_layout (self->label);

  if (layout != self->measured || pango_layout_get_serial (layout) != self->measured_serial)
    {
      g_set_object (&self->measured, layout);
      self->measured_serial = pango_layout_get_serial (layout);
      self->n_shapes = 0;
    }
  for (guint i = 0; i < self->n_shapes; i++)
    if (self->shapes[i].width == width)
      return &self->shapes[i];
  if (self->n_shapes == G_N_ELEMENTS (self->shapes))
    {
      self->shapes[0] = self->shapes[1];
      self->n_shapes--;
    }
  take_shape (self, width, &self->shapes[self->n_shapes]);
  return &self->shapes[self->n_shapes++];
}

static void
burble_bubble_text_direction_changed (GtkWidget *widget, GtkTextDirection previous)
{
  BURBLE_BUBBLE_TEXT (widget)->n_shapes = 0;
  GTK_WIDGET_CLASS (burble_bubble_text_parent_class)->direction_changed (widget, previous);
}

static int
footer_width (BurbleBubbleText *self)
{
  int natural = 0;

  if (gtk_widget_should_layout (self->footer))
    gtk_widget_measure (self->footer, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  return natural;
}

static int
footer_height (BurbleBubbleText *self)
{
  int natural = 0;

  if (gtk_widget_should_layout (self->footer))
    gtk_widget_measure (self->footer, GTK_ORIENTATION_VERTICAL, -1, NULL, &natural, NULL, NULL);
  return natural;
}

static int
natural_width (BurbleBubbleText *self)
{
  int footer = footer_width (self);
  int limit = self->max_width > 0 ? self->max_width : -1;
  const Shape *shape = get_shape (self, limit);

  if (shape->last_width < G_MAXINT / 2 &&
      (limit < 0 || shape->last_width + GAP + footer <= limit))
    return MAX (MAX (shape->widest, shape->last_width + GAP + footer), footer);
  return MAX (shape->widest, footer);
}

static void
burble_bubble_text_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                            int *minimum, int *natural,
                            int *minimum_baseline, int *natural_baseline)
{
  BurbleBubbleText *self = BURBLE_BUBBLE_TEXT (widget);
  int label_minimum = 0, label_natural = 0;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      gtk_widget_measure (GTK_WIDGET (self->label), orientation, -1, &label_minimum, NULL, NULL,
                          NULL);
      *minimum = MAX (label_minimum, footer_width (self));
      *natural = MAX (*minimum, natural_width (self));
      return;
    }
  /* It is never made wider than it wants to be, whatever is to be had. */
  for_size = for_size < 0 ? natural_width (self) : MIN (for_size, natural_width (self));
  gtk_widget_measure (GTK_WIDGET (self->label), GTK_ORIENTATION_HORIZONTAL, -1, &label_minimum,
                      NULL, NULL, NULL);
  for_size = MAX (for_size, label_minimum);
  gtk_widget_measure (GTK_WIDGET (self->label), orientation, for_size, NULL, &label_natural, NULL,
                      NULL);
  if (get_shape (self, for_size)->last_width + GAP + footer_width (self) > for_size)
    label_natural += footer_height (self);
  *minimum = *natural = MAX (label_natural, footer_height (self));
}

static void
burble_bubble_text_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BurbleBubbleText *self = BURBLE_BUBBLE_TEXT (widget);
  int fw = MIN (footer_width (self), width);
  int fh = footer_height (self);
  int label_height, footer_baseline = -1;
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkAllocation allocation = { 0, 0, width, height };
  const Shape *shape = NULL;

  gtk_widget_measure (GTK_WIDGET (self->label), GTK_ORIENTATION_VERTICAL, width, NULL,
                      &label_height, NULL, NULL);
  allocation.height = MIN (label_height, height);
  gtk_widget_size_allocate (GTK_WIDGET (self->label), &allocation, -1);

  if (!gtk_widget_should_layout (self->footer))
    return;
  shape = get_shape (self, width);
  allocation.width = fw;
  allocation.height = fh;
  allocation.x = rtl ? 0 : width - fw;
  allocation.y = height - fh;
  if (shape->last_width + GAP + fw <= width)
    {
      gtk_widget_measure (self->footer, GTK_ORIENTATION_VERTICAL, -1, NULL, NULL, NULL,
                          &footer_baseline);
      if (footer_baseline > 0)
        allocation.y = MIN (shape->last_baseline - footer_baseline + 1, height - fh);
    }
  gtk_widget_size_allocate (self->footer, &allocation, -1);
}

static GtkSizeRequestMode
burble_bubble_text_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
burble_bubble_text_dispose (GObject *object)
{
  BurbleBubbleText *self = BURBLE_BUBBLE_TEXT (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  self->label = NULL;
  self->footer = NULL;
  g_clear_object (&self->measured);
  G_OBJECT_CLASS (burble_bubble_text_parent_class)->dispose (object);
}

static void
burble_bubble_text_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleBubbleText *self = BURBLE_BUBBLE_TEXT (object);

  switch ((BurbleBubbleTextProperty) prop_id)
    {
    case PROP_MAX_WIDTH:
      g_value_set_int (value, self->max_width);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_bubble_text_set_property (GObject *object, guint prop_id, const GValue *value,
                                 GParamSpec *pspec)
{
  BurbleBubbleText *self = BURBLE_BUBBLE_TEXT (object);

  switch ((BurbleBubbleTextProperty) prop_id)
    {
    case PROP_MAX_WIDTH:
      self->max_width = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_bubble_text_class_init (BurbleBubbleTextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = burble_bubble_text_dispose;
  object_class->get_property = burble_bubble_text_get_property;
  object_class->set_property = burble_bubble_text_set_property;
  widget_class->measure = burble_bubble_text_measure;
  widget_class->size_allocate = burble_bubble_text_size_allocate;
  widget_class->direction_changed = burble_bubble_text_direction_changed;
  widget_class->get_request_mode = burble_bubble_text_get_request_mode;

  /**
   * BurbleBubbleText:max-width:
   *
   * Text is wrapped at this width even where there is more room; 0 for no limit.
   */
  properties[PROP_MAX_WIDTH] = g_param_spec_int ("max-width", NULL, NULL, 0, G_MAXINT, 0,
                                                 G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                                                 G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_css_name (widget_class, "bubbletext");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GENERIC);
}

static void
burble_bubble_text_init (BurbleBubbleText *self)
{
}
