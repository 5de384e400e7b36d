/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-message-row"

#include "config.h"

#include "burble-message-row.h"

#include <glib/gi18n-lib.h>

#include "burble-bubble-text.h"
#include "burble-text.h"
#include "burble-time.h"
#include "burble-words.h"

/* A chat has a hundred of these from the first moment: what few messages have is made for those. */
struct _BurbleMessageRow
{
  AdwBin parent_instance;

  GtkBox *column;
  GtkWidget *bubble;
  GtkLabel *text;
  GtkLabel *time;
  GtkImage *state;

  /* NULL until wanted first */
  GtkLabel *day;
  GtkWidget *boundary;
  GtkLabel *sender;
  GtkBox *files;
  GtkWidget *failure;
  GtkLabel *error;
  GtkWidget *retry;

  BurbleTimelineItem *item;
};

G_DEFINE_FINAL_TYPE (BurbleMessageRow, burble_message_row, ADW_TYPE_BIN)

typedef enum
{
  PROP_ITEM = 1,
} BurbleMessageRowProperty;

static GParamSpec *properties[PROP_ITEM + 1];

static gboolean
text_activate_link_cb (BurbleMessageRow *self, const char *uri)
{
  /* The markup is our own and holds no other links; a second look costs nothing. */
  if (burble_text_uri_allowed (uri))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-uri", "s", uri);
  return TRUE;
}

static gboolean
time_query_tooltip_cb (BurbleMessageRow *self, int x, int y, gboolean keyboard,
                       GtkTooltip *tooltip)
{
  BurbleMessage *message = burble_timeline_item_get_message (self->item);
  g_autofree char *full = NULL;

  if (burble_message_get_time_text (message) != NULL)
    return FALSE;
  full = burble_time_full (burble_message_get_time (message), burble_time_prefers_24h ());
  gtk_tooltip_set_text (tooltip, full);
  return TRUE;
}

static void
set_class (GtkWidget *widget, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static GtkWidget *
make_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
show_day (BurbleMessageRow *self)
{
  const char *day = burble_timeline_item_get_day (self->item);

  if (day != NULL && self->day == NULL)
    {
      self->day = GTK_LABEL (make_label (NULL, "day"));
      gtk_widget_set_halign (GTK_WIDGET (self->day), GTK_ALIGN_CENTER);
      gtk_box_prepend (self->column, GTK_WIDGET (self->day));
    }
  if (self->day == NULL)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->day), day != NULL);
  gtk_label_set_label (self->day, day != NULL ? day : "");
}

static GtkWidget *
make_line (void)
{
  GtkWidget *line = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);

  gtk_widget_set_hexpand (line, TRUE);
  gtk_widget_set_valign (line, GTK_ALIGN_CENTER);
  return line;
}

static void
show_boundary (BurbleMessageRow *self)
{
  gboolean boundary = burble_timeline_item_get_boundary (self->item);

  if (boundary && self->boundary == NULL)
    {
      self->boundary = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
      gtk_widget_add_css_class (self->boundary, "boundary");
      gtk_box_append (GTK_BOX (self->boundary), make_line ());
      gtk_box_append (GTK_BOX (self->boundary), gtk_label_new (_("New messages")));
      gtk_box_append (GTK_BOX (self->boundary), make_line ());
      gtk_box_insert_child_after (self->column, self->boundary, GTK_WIDGET (self->day));
    }
  if (self->boundary != NULL)
    gtk_widget_set_visible (self->boundary, boundary);
}

/* The same person has the same colour in every room and after every start. */
static const char *
sender_class (BurbleMessage *message)
{
  static const char * const classes[] = {
    "sender-blue", "sender-teal", "sender-green", "sender-yellow",
    "sender-orange", "sender-red", "sender-pink", "sender-purple",
  };

  return classes[g_str_hash (burble_message_get_sender (message)) % G_N_ELEMENTS (classes)];
}

static void
show_sender (BurbleMessageRow *self)
{
  BurbleMessage *message = burble_timeline_item_get_message (self->item);
  const char *name = burble_message_get_sender_name (message);
  gboolean shown = name != NULL && !burble_message_is_outgoing (message) &&
                   burble_timeline_item_get_group_start (self->item);
  g_autofree char *line = NULL;

  if (shown && self->sender == NULL)
    {
      self->sender = GTK_LABEL (gtk_label_new (NULL));
      gtk_label_set_xalign (self->sender, 0);
      gtk_label_set_ellipsize (self->sender, PANGO_ELLIPSIZE_END);
      gtk_box_prepend (GTK_BOX (self->bubble), GTK_WIDGET (self->sender));
    }
  if (self->sender == NULL)
    return;
  line = burble_text_one_line (name, 100);
  gtk_label_set_label (self->sender, line);
  gtk_widget_set_css_classes (GTK_WIDGET (self->sender),
                              (const char *[]) { "sender", "caption-heading",
                                                 sender_class (message), NULL });
  gtk_widget_set_visible (GTK_WIDGET (self->sender), shown);
}

static GtkWidget *
make_file (const char *name)
{
  g_autofree char *line = burble_text_one_line (name, 120);
  GtkWidget *file = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = gtk_image_new_from_icon_name ("mail-attachment-symbolic");
  GtkWidget *label = gtk_label_new (line);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Attachment"), -1);
  gtk_box_append (GTK_BOX (file), icon);
  gtk_box_append (GTK_BOX (file), label);
  return file;
}

static void
show_files (BurbleMessageRow *self)
{
  BurbleMessage *message = burble_timeline_item_get_message (self->item);
  const char * const *names = burble_message_get_attachment_names (message);

  if (self->files != NULL)
    gtk_box_remove (GTK_BOX (self->bubble), GTK_WIDGET (self->files));
  self->files = NULL;
  if (names == NULL || names[0] == NULL)
    return;
  self->files = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  for (guint i = 0; names[i] != NULL && i < 20; i++)
    gtk_box_append (self->files, make_file (names[i]));
  gtk_box_insert_child_after (GTK_BOX (self->bubble), GTK_WIDGET (self->files),
                              GTK_WIDGET (self->sender));
}

static void
make_failure (BurbleMessageRow *self)
{
  self->failure = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_set_halign (self->failure, GTK_ALIGN_END);
  gtk_widget_add_css_class (self->failure, "failure");
  self->error = GTK_LABEL (make_label (NULL, "caption"));
  gtk_widget_add_css_class (GTK_WIDGET (self->error), "error");
  gtk_label_set_wrap (self->error, TRUE);
  gtk_label_set_natural_wrap_mode (self->error, GTK_NATURAL_WRAP_NONE);
  gtk_label_set_xalign (self->error, 1);
  gtk_box_append (GTK_BOX (self->failure), GTK_WIDGET (self->error));
  self->retry = gtk_button_new_with_mnemonic (_("_Retry"));
  gtk_widget_add_css_class (self->retry, "caption");
  gtk_widget_add_css_class (self->retry, "flat");
  gtk_box_append (GTK_BOX (self->failure), self->retry);
  gtk_box_append (self->column, self->failure);
}

static void
show_failure (BurbleMessageRow *self)
{
  BurbleMessage *message = burble_timeline_item_get_message (self->item);
  gboolean failed = burble_message_get_state (message) == BURBLE_MESSAGE_FAILED;

  if (failed && self->failure == NULL)
    make_failure (self);
  if (failed)
    {
      g_autofree char *error = burble_words_message_error (burble_message_get_error (message));

      gtk_label_set_label (self->error, error);
      gtk_actionable_set_action_target (GTK_ACTIONABLE (self->retry), "x",
                                        burble_message_get_row (message));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->retry), "message.retry");
    }
  if (self->failure != NULL)
    gtk_widget_set_visible (self->failure, failed);
  set_class (self->bubble, "failed", failed);
}

static void
show_state (BurbleMessageRow *self)
{
  BurbleMessage *message = burble_timeline_item_get_message (self->item);
  BurbleMessageState state = burble_message_get_state (message);
  const char *icon = burble_words_message_state_icon (state);

  gtk_widget_set_visible (GTK_WIDGET (self->state), icon != NULL);
  if (icon != NULL)
    {
      gtk_image_set_from_icon_name (self->state, icon);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->state), burble_words_message_state (state));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->state), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      burble_words_message_state (state), -1);
    }
  show_failure (self);
}

/* Where it stands among its neighbours. */
static void
show_place (BurbleMessageRow *self)
{
  show_day (self);
  show_boundary (self);
  show_sender (self);
  set_class (GTK_WIDGET (self), "group-start", burble_timeline_item_get_group_start (self->item));
  set_class (self->bubble, "group-end", burble_timeline_item_get_group_end (self->item));
}

static void
show_item (BurbleMessageRow *self)
{
  BurbleMessage *message = burble_timeline_item_get_message (self->item);
  gboolean outgoing = burble_message_is_outgoing (message);
  const char *plain = burble_message_get_text (message);
  g_autofree char *markup = burble_text_to_markup (plain, BURBLE_TEXT_BUBBLE_MAX, NULL);
  g_autofree char *time = burble_words_message_time (message, burble_time_prefers_24h ());

  gtk_label_set_selectable (self->text, FALSE);
  gtk_label_set_markup (self->text, markup);
  gtk_label_set_label (self->time, time);
  gtk_widget_set_halign (self->bubble, outgoing ? GTK_ALIGN_END : GTK_ALIGN_START);
  set_class (self->bubble, "own", outgoing);
  set_class (self->bubble, "emoji", burble_text_is_emoji (plain));
  show_place (self);
  show_files (self);
  show_state (self);
}

static void
burble_message_row_dispose (GObject *object)
{
  BurbleMessageRow *self = BURBLE_MESSAGE_ROW (object);

  burble_message_row_set_item (self, NULL);
  adw_bin_set_child (ADW_BIN (object), NULL); /* before GTK lets go of it unseen by the bin */
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_MESSAGE_ROW);
  G_OBJECT_CLASS (burble_message_row_parent_class)->dispose (object);
}

static void
burble_message_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleMessageRow *self = BURBLE_MESSAGE_ROW (object);

  switch ((BurbleMessageRowProperty) prop_id)
    {
    case PROP_ITEM:
      g_value_set_object (value, self->item);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_message_row_set_property (GObject *object, guint prop_id, const GValue *value,
                                 GParamSpec *pspec)
{
  BurbleMessageRow *self = BURBLE_MESSAGE_ROW (object);

  switch ((BurbleMessageRowProperty) prop_id)
    {
    case PROP_ITEM:
      burble_message_row_set_item (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_message_row_class_init (BurbleMessageRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = burble_message_row_dispose;
  object_class->get_property = burble_message_row_get_property;
  object_class->set_property = burble_message_row_set_property;

  properties[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, BURBLE_TYPE_TIMELINE_ITEM,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                                               G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (BURBLE_TYPE_BUBBLE_TEXT);
  gtk_widget_class_set_css_name (widget_class, "message");
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/burble/Burble/chat/burble-message-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleMessageRow, column);
  gtk_widget_class_bind_template_child (widget_class, BurbleMessageRow, bubble);
  gtk_widget_class_bind_template_child (widget_class, BurbleMessageRow, text);
  gtk_widget_class_bind_template_child (widget_class, BurbleMessageRow, time);
  gtk_widget_class_bind_template_child (widget_class, BurbleMessageRow, state);
  gtk_widget_class_bind_template_callback (widget_class, time_query_tooltip_cb);
  gtk_widget_class_bind_template_callback (widget_class, text_activate_link_cb);
}

static void
burble_message_row_init (BurbleMessageRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
burble_message_row_new (void)
{
  return g_object_new (BURBLE_TYPE_MESSAGE_ROW, NULL);
}

BurbleTimelineItem *
burble_message_row_get_item (BurbleMessageRow *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE_ROW (self), NULL);

  return self->item;
}

void
burble_message_row_set_item (BurbleMessageRow *self, BurbleTimelineItem *item)
{
  g_return_if_fail (BURBLE_IS_MESSAGE_ROW (self));

  if (self->item == item)
    return;
  if (self->item != NULL)
    {
      BurbleMessage *message = burble_timeline_item_get_message (self->item);

      g_signal_handlers_disconnect_by_func (self->item, show_place, self);
      g_signal_handlers_disconnect_by_func (message, show_state, self);
    }
  g_set_object (&self->item, item);
  if (item != NULL)
    {
      BurbleMessage *message = burble_timeline_item_get_message (item);

      g_signal_connect_object (item, "notify", G_CALLBACK (show_place), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (message, "notify::state", G_CALLBACK (show_state), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (message, "notify::error", G_CALLBACK (show_state), self,
                               G_CONNECT_SWAPPED);
      show_item (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}

GtkWidget *
burble_message_row_get_bubble (BurbleMessageRow *self)
{
  g_return_val_if_fail (BURBLE_IS_MESSAGE_ROW (self), NULL);

  return self->bubble;
}

/* A label that can be selected has many controllers: only the one under the pointer gets them. */
void
burble_message_row_make_selectable (BurbleMessageRow *self)
{
  g_return_if_fail (BURBLE_IS_MESSAGE_ROW (self));

  gtk_label_set_selectable (self->text, TRUE);
}

char *
burble_message_row_get_selection (BurbleMessageRow *self)
{
  int start, end;
  const char *text;

  g_return_val_if_fail (BURBLE_IS_MESSAGE_ROW (self), NULL);

  if (!gtk_label_get_selection_bounds (self->text, &start, &end))
    return NULL;
  text = gtk_label_get_text (self->text);
  return g_strndup (g_utf8_offset_to_pointer (text, start),
                    g_utf8_offset_to_pointer (text, end) - g_utf8_offset_to_pointer (text, start));
}
