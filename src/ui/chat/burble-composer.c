/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-composer"

#include "config.h"

#include "burble-composer.h"

#include <gtksourceview/gtksource.h>
#include <libspelling.h>

/* Above and below the text together, as the template has them. */
#define TEXT_MARGINS 16

struct _BurbleComposer
{
  AdwBin parent_instance;

  GtkScrolledWindow *scroller;
  GtkTextView *text;
  GtkWidget *placeholder_label;
  GtkPopover *emoji;

  GtkTextBuffer *buffer;
  SpellingTextBufferAdapter *spelling;
  char *placeholder;
  gboolean enter_sends;
  gboolean check_spelling;
  gboolean composing; /* the input method holds text that is not in the buffer yet */
};

G_DEFINE_FINAL_TYPE (BurbleComposer, burble_composer, ADW_TYPE_BIN)

typedef enum
{
  PROP_PLACEHOLDER = 1,
  PROP_ENTER_SENDS,
  PROP_CHECK_SPELLING,
} BurbleComposerProperty;

typedef enum
{
  SIGNAL_SEND,
  SIGNAL_EDITED,
} BurbleComposerSignal;

static GParamSpec *properties[PROP_CHECK_SPELLING + 1];
static guint signals[SIGNAL_EDITED + 1];

static gboolean
has_words (BurbleComposer *self)
{
  g_autofree char *text = burble_composer_get_text (self);

  return *g_strstrip (text) != '\0';
}

static void
update (BurbleComposer *self)
{
  gtk_widget_set_visible (self->placeholder_label,
                          gtk_text_buffer_get_char_count (self->buffer) == 0 && !self->composing);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "composer.send", has_words (self));
}

static void
limit_height (BurbleComposer *self)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self->text), "X");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  gtk_scrolled_window_set_max_content_height (self->scroller,
                                              height * BURBLE_COMPOSER_MAX_LINES + TEXT_MARGINS);
}

static void
buffer_changed_cb (BurbleComposer *self)
{
  update (self);
  limit_height (self); /* the size of the text may have changed since */
  g_signal_emit (self, signals[SIGNAL_EDITED], 0);
}

static void
preedit_changed_cb (BurbleComposer *self, const char *preedit)
{
  self->composing = preedit != NULL && *preedit != '\0';
  update (self);
}

static void
send_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleComposer *self = BURBLE_COMPOSER (widget);
  g_autofree char *text = burble_composer_get_text (self);

  g_strchomp (text);
  if (has_words (self))
    g_signal_emit (self, signals[SIGNAL_SEND], 0, text);
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

static void
emoji_picked_cb (BurbleComposer *self, const char *emoji)
{
  gtk_text_buffer_insert_at_cursor (self->buffer, emoji, -1);
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

static void
emoji_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleComposer *self = BURBLE_COMPOSER (widget);

  /* The chooser is large: made when it is asked for. */
  if (self->emoji == NULL)
    {
      self->emoji = GTK_POPOVER (gtk_emoji_chooser_new ());
      gtk_popover_set_position (self->emoji, GTK_POS_TOP);
      gtk_widget_set_halign (GTK_WIDGET (self->emoji), GTK_ALIGN_END);
      gtk_widget_set_parent (GTK_WIDGET (self->emoji), widget);
      g_signal_connect_object (self->emoji, "emoji-picked", G_CALLBACK (emoji_picked_cb), self,
                               G_CONNECT_SWAPPED);
    }
  gtk_popover_popup (self->emoji);
}

static gboolean
key_pressed_cb (BurbleComposer *self, guint keyval, guint keycode, GdkModifierType modifiers)
{
  const GdkModifierType mask = GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK;

  if (keyval != GDK_KEY_Return && keyval != GDK_KEY_KP_Enter && keyval != GDK_KEY_ISO_Enter)
    return GDK_EVENT_PROPAGATE;
  if (self->composing || (modifiers & mask) != (self->enter_sends ? 0 : GDK_CONTROL_MASK))
    return GDK_EVENT_PROPAGATE;
  gtk_widget_activate_action (GTK_WIDGET (self), "composer.send", NULL);
  return GDK_EVENT_STOP;
}

/* Dictionaries are read when somebody is about to write, not while the window comes up. */
static void
focus_enter_cb (BurbleComposer *self)
{
  SpellingChecker *checker;
  GMenuModel *menu;

  if (self->spelling != NULL || !self->check_spelling)
    return;
  checker = spelling_checker_get_default ();
  self->spelling = spelling_text_buffer_adapter_new (GTK_SOURCE_BUFFER (self->buffer), checker);
  menu = spelling_text_buffer_adapter_get_menu_model (self->spelling);
  gtk_text_view_set_extra_menu (self->text, menu);
  gtk_widget_insert_action_group (GTK_WIDGET (self->text), "spelling",
                                  G_ACTION_GROUP (self->spelling));
  spelling_text_buffer_adapter_set_enabled (self->spelling, TRUE);
}

/* The view has followed the cursor before there was a line for it; with room for all, show all. */
static void
adjustment_changed_cb (BurbleComposer *self, GtkAdjustment *adjustment)
{
  double page = gtk_adjustment_get_page_size (adjustment);
  int most = gtk_scrolled_window_get_max_content_height (self->scroller);

  if (gtk_adjustment_get_upper (adjustment) <= page + TEXT_MARGINS && page < most)
    gtk_adjustment_set_value (adjustment, 0);
}

static void
burble_composer_map (GtkWidget *widget)
{
  limit_height (BURBLE_COMPOSER (widget));
  GTK_WIDGET_CLASS (burble_composer_parent_class)->map (widget);
}

static gboolean
burble_composer_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (BURBLE_COMPOSER (widget)->text));
}

static void
burble_composer_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BurbleComposer *self = BURBLE_COMPOSER (widget);

  GTK_WIDGET_CLASS (burble_composer_parent_class)->size_allocate (widget, width, height, baseline);
  if (self->emoji != NULL)
    {
      graphene_rect_t bounds;

      if (gtk_widget_compute_bounds (GTK_WIDGET (self->text), widget, &bounds))
        gtk_popover_set_pointing_to (self->emoji, &(GdkRectangle) { bounds.origin.x,
                                     bounds.origin.y,
                                                                    bounds.size.width, 1 });
      gtk_popover_present (self->emoji);
    }
}

static void
burble_composer_dispose (GObject *object)
{
  BurbleComposer *self = BURBLE_COMPOSER (object);

  if (self->spelling != NULL && self->text != NULL)
    {
      gtk_text_view_set_extra_menu (self->text, NULL);
      gtk_widget_insert_action_group (GTK_WIDGET (self->text), "spelling", NULL);
    }
  g_clear_object (&self->spelling);
  g_clear_pointer ((GtkWidget **) &self->emoji, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_COMPOSER);
  G_OBJECT_CLASS (burble_composer_parent_class)->dispose (object);
}

static void
burble_composer_finalize (GObject *object)
{
  BurbleComposer *self = BURBLE_COMPOSER (object);

  g_clear_pointer (&self->placeholder, g_free);
  G_OBJECT_CLASS (burble_composer_parent_class)->finalize (object);
}

static void
burble_composer_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleComposer *self = BURBLE_COMPOSER (object);

  switch ((BurbleComposerProperty) prop_id)
    {
    case PROP_PLACEHOLDER:
      g_value_set_string (value, self->placeholder);
      break;
    case PROP_ENTER_SENDS:
      g_value_set_boolean (value, self->enter_sends);
      break;
    case PROP_CHECK_SPELLING:
      g_value_set_boolean (value, self->check_spelling);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_composer_set_property (GObject *object, guint prop_id, const GValue *value,
                              GParamSpec *pspec)
{
  BurbleComposer *self = BURBLE_COMPOSER (object);

  switch ((BurbleComposerProperty) prop_id)
    {
    case PROP_PLACEHOLDER:
      if (g_set_str (&self->placeholder, g_value_get_string (value)))
        {
          gtk_accessible_update_property (GTK_ACCESSIBLE (self->text),
                                          GTK_ACCESSIBLE_PROPERTY_LABEL,
                                          self->placeholder, -1);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    case PROP_ENTER_SENDS:
      self->enter_sends = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_CHECK_SPELLING:
      self->check_spelling = g_value_get_boolean (value);
      if (self->spelling != NULL)
        spelling_text_buffer_adapter_set_enabled (self->spelling, self->check_spelling);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_composer_class_init (BurbleComposerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = burble_composer_dispose;
  object_class->finalize = burble_composer_finalize;
  object_class->get_property = burble_composer_get_property;
  object_class->set_property = burble_composer_set_property;
  widget_class->map = burble_composer_map;
  widget_class->grab_focus = burble_composer_grab_focus;
  widget_class->size_allocate = burble_composer_size_allocate;

  properties[PROP_PLACEHOLDER] = g_param_spec_string ("placeholder", NULL, NULL, NULL,
                                                      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                                                      G_PARAM_STATIC_STRINGS);
  properties[PROP_ENTER_SENDS] =
    g_param_spec_boolean ("enter-sends", NULL, NULL, TRUE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CHECK_SPELLING] =
    g_param_spec_boolean ("check-spelling", NULL, NULL, TRUE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[SIGNAL_SEND] = g_signal_new ("send", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_EDITED] = g_signal_new ("edited", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL,
                                         NULL, G_TYPE_NONE, 0);

  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/burble/Burble/chat/burble-composer.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleComposer, scroller);
  gtk_widget_class_bind_template_child (widget_class, BurbleComposer, text);
  gtk_widget_class_bind_template_child (widget_class, BurbleComposer, placeholder_label);
  gtk_widget_class_install_action (widget_class, "composer.send", NULL, send_action);
  gtk_widget_class_install_action (widget_class, "composer.emoji", NULL, emoji_action);
}

static void
burble_composer_init (BurbleComposer *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  g_autoptr(GtkSourceBuffer) buffer = gtk_source_buffer_new (NULL);
  GtkAdjustment *adjustment;

  self->enter_sends = TRUE;
  self->check_spelling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));

  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (adjustment_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (adjustment_changed_cb), self,
                           G_CONNECT_SWAPPED);

  gtk_source_buffer_set_highlight_syntax (buffer, FALSE);
  gtk_source_buffer_set_highlight_matching_brackets (buffer, FALSE);
  gtk_source_buffer_set_style_scheme (buffer, NULL);
  self->buffer = GTK_TEXT_BUFFER (buffer);
  gtk_text_view_set_buffer (self->text, self->buffer);
  gtk_text_buffer_set_enable_undo (self->buffer, TRUE);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (buffer_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->text, "preedit-changed", G_CALLBACK (preedit_changed_cb), self,
                           G_CONNECT_SWAPPED);

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->text), keys);
  g_signal_connect_object (focus, "enter", G_CALLBACK (focus_enter_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->text), focus);
  update (self);
}

char *
burble_composer_get_text (BurbleComposer *self)
{
  GtkTextIter start, end;

  g_return_val_if_fail (BURBLE_IS_COMPOSER (self), NULL);

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
}

void
burble_composer_set_text (BurbleComposer *self, const char *text)
{
  GtkTextIter end;

  g_return_if_fail (BURBLE_IS_COMPOSER (self));

  /* Not to be undone: the text belongs to another chat, or is sent. */
  gtk_text_buffer_begin_irreversible_action (self->buffer);
  gtk_text_buffer_set_text (self->buffer, text != NULL ? text : "", -1);
  gtk_text_buffer_end_irreversible_action (self->buffer);
  gtk_text_buffer_get_end_iter (self->buffer, &end);
  gtk_text_buffer_place_cursor (self->buffer, &end);
}
