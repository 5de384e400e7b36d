/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-chat-row"

#include "config.h"

#include "burble-chat-row.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "burble-avatar.h"
#include "burble-text.h"
#include "burble-time.h"
#include "burble-words.h"

#define AVATAR_SIZE 40
#define COLUMN_SPACING 12
#define LINE_SPACING 2
#define LINES 2
#define LINE_LENGTH 4

/*
 * Made, filled and laid out by hand: with a template, a binding for each of these and boxes around
 * them, most of what the window took to start was spent on rows. What few rows show is made when it
 * is shown first.
 */
struct _BurbleChatRow
{
  GtkWidget parent_instance;

  BurbleAvatar *avatar;
  GtkWidget *name;
  GtkWidget *pinned;
  GtkWidget *muted;
  GtkWidget *time;
  GtkWidget *draft;
  GtkWidget *state;
  GtkWidget *preview;
  GtkWidget *unread;

  BurbleConversation *conversation;
  BurbleContact *contact; /* of the conversation, which may get another object for the same one */
  BurbleMessage *message; /* the last one */
  guint day;
  gboolean selected;
};

G_DEFINE_FINAL_TYPE (BurbleChatRow, burble_chat_row, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_CONVERSATION = 1,
  PROP_DAY,
  PROP_SELECTED,
} BurbleChatRowProperty;

static GParamSpec *properties[PROP_SELECTED + 1];

static void
set_class (gpointer widget, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/* The children, from the start of the lines to their end. */
static void
get_line (BurbleChatRow *self, guint line, GtkWidget *children[LINE_LENGTH])
{
  GtkWidget *lines[LINES][LINE_LENGTH] = {
    { self->name, self->pinned, self->muted, self->time },
    { self->draft, self->state, self->preview, self->unread },
  };

  memcpy (children, lines[line], sizeof (lines[line]));
}

static int
line_gap (guint line)
{
  return line == 0 ? 6 : 4;
}

static gboolean
is_shown (GtkWidget *child)
{
  return child != NULL && gtk_widget_should_layout (child);
}

static GtkWidget *
add_label (BurbleChatRow *self, const char * const *classes)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_set_css_classes (label, (const char **) classes);
  gtk_widget_set_parent (label, GTK_WIDGET (self));
  return label;
}

static GtkWidget *
add_image (BurbleChatRow *self, const char *icon, int size, const char *tooltip)
{
  GtkWidget *image = gtk_image_new_from_icon_name (icon);

  gtk_image_set_pixel_size (GTK_IMAGE (image), size);
  gtk_widget_set_tooltip_text (image, tooltip);
  gtk_widget_add_css_class (image, "dimmed");
  gtk_widget_set_parent (image, GTK_WIDGET (self));
  return image;
}

static void
show_name (BurbleChatRow *self)
{
  gtk_label_set_label (GTK_LABEL (self->name), burble_contact_get_display_name (self->contact));
}

static void
show_time (BurbleChatRow *self)
{
  BurbleMessage *last = burble_conversation_get_last_message (self->conversation);
  g_autofree char *time =
    burble_time_short (burble_conversation_get_last_time (self->conversation), g_get_real_time (),
                       burble_time_prefers_24h ());

  /* Of a date that could not be read only the order is known. */
  gtk_label_set_label (GTK_LABEL (self->time),
                       last == NULL || burble_message_get_time_text (last) == NULL ? time : "");
}

static char *
preview_text (BurbleChatRow *self, const char *typing, const char *draft)
{
  gboolean room = burble_contact_get_kind (self->contact) == BURBLE_CONTACT_ROOM;

  if (typing != NULL && room)
    return g_strdup_printf (_("%s is typing…"), typing);
  if (typing != NULL)
    return g_strdup (_("typing…"));
  if (draft != NULL)
    return burble_text_one_line (draft, 200);
  return self->message != NULL ? burble_words_preview (self->message, room) : g_strdup ("");
}

static void
show_draft (BurbleChatRow *self, gboolean shown)
{
  static const char * const classes[] = { "caption", "draft", NULL };

  if (shown && self->draft == NULL)
    {
      self->draft = add_label (self, classes);
      gtk_label_set_label (GTK_LABEL (self->draft), _("Draft:"));
    }
  if (self->draft != NULL)
    gtk_widget_set_visible (self->draft, shown);
}

static void
show_state (BurbleChatRow *self, gboolean shown)
{
  if (shown)
    {
      const char *icon = burble_words_message_state_icon (burble_message_get_state (self->message));

      if (self->state == NULL)
        self->state = add_image (self, NULL, 14, NULL);
      gtk_image_set_from_icon_name (GTK_IMAGE (self->state), icon);
    }
  if (self->state != NULL)
    gtk_widget_set_visible (self->state, shown);
}

/* What was said last, or what is being written, by them or here. */
static void
show_preview (BurbleChatRow *self)
{
  const char *typing = burble_conversation_get_typing (self->conversation);
  /* The draft of the open chat is in the composer, in plain sight. */
  const char *draft = !self->selected ? burble_conversation_get_draft (self->conversation) : NULL;
  g_autofree char *text = preview_text (self, typing, draft);
  gboolean own = self->message != NULL && burble_message_is_outgoing (self->message);

  gtk_label_set_label (GTK_LABEL (self->preview), text);
  set_class (self->preview, "preview-typing", typing != NULL);
  set_class (self->preview, "dimmed", typing == NULL);
  show_draft (self, typing == NULL && draft != NULL);
  show_state (self, own && typing == NULL && draft == NULL);
}

static void
show_unread (BurbleChatRow *self, guint unread, gboolean muted)
{
  static const char * const classes[] = { "unread", "numeric", NULL };

  if (unread > 0)
    {
      g_autofree char *count = unread > 99 ? g_strdup ("99+") : g_strdup_printf ("%u", unread);

      if (self->unread == NULL)
        self->unread = add_label (self, classes);
      gtk_label_set_label (GTK_LABEL (self->unread), count);
    }
  if (self->unread != NULL)
    {
      gtk_widget_set_visible (self->unread, unread > 0);
      set_class (self->unread, "muted", muted);
    }
}

static void
show_flags (BurbleChatRow *self)
{
  gboolean muted = burble_conversation_get_muted (self->conversation);
  gboolean pinned = burble_conversation_get_pinned (self->conversation);

  if (pinned && self->pinned == NULL)
    self->pinned = add_image (self, "view-pin-symbolic", 12, _("Pinned"));
  if (muted && self->muted == NULL)
    self->muted = add_image (self, "notifications-disabled-symbolic", 14, _("Muted"));
  if (self->pinned != NULL)
    gtk_widget_set_visible (self->pinned, pinned);
  if (self->muted != NULL)
    gtk_widget_set_visible (self->muted, muted);
  show_unread (self, burble_conversation_get_unread (self->conversation), muted);
}

static void
follow_message (BurbleChatRow *self, BurbleMessage *message)
{
  if (self->message == message)
    return;
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_func (self->message, show_preview, self);
  g_set_object (&self->message, message);
  if (message != NULL)
    g_signal_connect_object (message, "notify::state", G_CALLBACK (show_preview), self,
                             G_CONNECT_SWAPPED);
}

static void
follow_contact (BurbleChatRow *self, BurbleContact *contact)
{
  if (self->contact == contact)
    return;
  if (self->contact != NULL)
    g_signal_handlers_disconnect_by_func (self->contact, show_name, self);
  g_set_object (&self->contact, contact);
  burble_avatar_set_contact (self->avatar, contact);
  if (contact != NULL)
    g_signal_connect_object (contact, "notify::display-name", G_CALLBACK (show_name), self,
                             G_CONNECT_SWAPPED);
}

static void
show_conversation (BurbleChatRow *self)
{
  follow_contact (self, burble_conversation_get_contact (self->conversation));
  follow_message (self, burble_conversation_get_last_message (self->conversation));
  show_name (self);
  show_time (self);
  show_preview (self);
  show_flags (self);
}

/* Size and place */

static void
measure_line (BurbleChatRow *self, guint line, GtkOrientation orientation, int *minimum,
              int *natural)
{
  GtkWidget *children[LINE_LENGTH];
  int spacing = 0;

  *minimum = *natural = 0;
  get_line (self, line, children);
  for (guint i = 0; i < LINE_LENGTH; i++)
    {
      int child_minimum, child_natural;

      if (!is_shown (children[i]))
        continue;
      gtk_widget_measure (children[i], orientation, -1, &child_minimum, &child_natural, NULL, NULL);
      if (orientation == GTK_ORIENTATION_VERTICAL)
        {
          *minimum = MAX (*minimum, child_minimum);
          *natural = MAX (*natural, child_natural);
          continue;
        }
      *minimum += child_minimum + spacing;
      *natural += child_natural + spacing;
      spacing = line_gap (line);
    }
}

static void
burble_chat_row_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  BurbleChatRow *self = BURBLE_CHAT_ROW (widget);
  int avatar_minimum, avatar_natural;
  int minima[LINES], naturals[LINES];

  gtk_widget_measure (GTK_WIDGET (self->avatar), orientation, -1, &avatar_minimum, &avatar_natural,
                      NULL, NULL);
  for (guint i = 0; i < LINES; i++)
    measure_line (self, i, orientation, &minima[i], &naturals[i]);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = MAX (avatar_minimum, minima[0] + LINE_SPACING + minima[1]);
      *natural = MAX (avatar_natural, naturals[0] + LINE_SPACING + naturals[1]);
    }
  else
    {
      *minimum = avatar_minimum + COLUMN_SPACING + MAX (minima[0], minima[1]);
      *natural = avatar_natural + COLUMN_SPACING + MAX (naturals[0], naturals[1]);
    }
}

/* x is counted from where lines begin. */
static void
place (BurbleChatRow *self, GtkWidget *child, int x, int y, int width, int height)
{
  GtkWidget *widget = GTK_WIDGET (self);

  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    x = gtk_widget_get_width (widget) - x - width;
  gtk_widget_size_allocate (child, &(GtkAllocation) { x, y, width, height }, -1);
}

static void
allocate_line (BurbleChatRow *self, guint line, int x, int y, int width, int height)
{
  GtkWidget *children[LINE_LENGTH];
  GtkWidget *flexible = line == 0 ? self->name : self->preview;
  int widths[LINE_LENGTH] = { 0 };
  int left = width;

  get_line (self, line, children);
  for (guint i = 0; i < LINE_LENGTH; i++)
    {
      if (!is_shown (children[i]) || children[i] == flexible)
        continue;
      gtk_widget_measure (children[i], GTK_ORIENTATION_HORIZONTAL, -1, NULL, &widths[i], NULL,
                          NULL);
      left -= widths[i] + line_gap (line);
    }
  for (guint i = 0; i < LINE_LENGTH; i++)
    {
      if (!is_shown (children[i]))
        continue;
      if (children[i] == flexible)
        widths[i] = MAX (left, 0);
      place (self, children[i], x, y, widths[i], height);
      x += widths[i] + line_gap (line);
    }
}

static void
burble_chat_row_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BurbleChatRow *self = BURBLE_CHAT_ROW (widget);
  int avatar_width, minimum, heights[LINES], y;

  gtk_widget_measure (GTK_WIDGET (self->avatar), GTK_ORIENTATION_HORIZONTAL, -1, &avatar_width,
                      NULL, NULL, NULL);
  place (self, GTK_WIDGET (self->avatar), 0, 0, avatar_width, height);
  for (guint i = 0; i < LINES; i++)
    measure_line (self, i, GTK_ORIENTATION_VERTICAL, &minimum, &heights[i]);
  y = (height - heights[0] - LINE_SPACING - heights[1]) / 2;
  for (guint i = 0; i < LINES; i++)
    {
      allocate_line (self, i, avatar_width + COLUMN_SPACING, y,
                     width - avatar_width - COLUMN_SPACING, heights[i]);
      y += heights[i] + LINE_SPACING;
    }
}

static void
burble_chat_row_dispose (GObject *object)
{
  BurbleChatRow *self = BURBLE_CHAT_ROW (object);
  GtkWidget *child;

  burble_chat_row_set_conversation (self, NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  self->avatar = NULL;
  G_OBJECT_CLASS (burble_chat_row_parent_class)->dispose (object);
}

static void
burble_chat_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleChatRow *self = BURBLE_CHAT_ROW (object);

  switch ((BurbleChatRowProperty) prop_id)
    {
    case PROP_CONVERSATION:
      g_value_set_object (value, self->conversation);
      break;
    case PROP_DAY:
      g_value_set_uint (value, self->day);
      break;
    case PROP_SELECTED:
      g_value_set_boolean (value, self->selected);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_chat_row_set_property (GObject *object, guint prop_id, const GValue *value,
                              GParamSpec *pspec)
{
  BurbleChatRow *self = BURBLE_CHAT_ROW (object);

  switch ((BurbleChatRowProperty) prop_id)
    {
    case PROP_CONVERSATION:
      burble_chat_row_set_conversation (self, g_value_get_object (value));
      break;
    case PROP_DAY:
      if (self->day == g_value_get_uint (value))
        break;
      self->day = g_value_get_uint (value);
      if (self->conversation != NULL)
        show_time (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_SELECTED:
      if (self->selected == g_value_get_boolean (value))
        break;
      self->selected = g_value_get_boolean (value);
      if (self->conversation != NULL)
        show_preview (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_chat_row_class_init (BurbleChatRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = burble_chat_row_dispose;
  object_class->get_property = burble_chat_row_get_property;
  object_class->set_property = burble_chat_row_set_property;
  widget_class->measure = burble_chat_row_measure;
  widget_class->size_allocate = burble_chat_row_size_allocate;

  properties[PROP_CONVERSATION] = g_param_spec_object ("conversation", NULL, NULL,
                                                       BURBLE_TYPE_CONVERSATION, flags);
  /**
   * BurbleChatRow:day:
   *
   * Changes at midnight: what was a time becomes “Yesterday”.
   */
  properties[PROP_DAY] = g_param_spec_uint ("day", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_SELECTED] = g_param_spec_boolean ("selected", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  /* Not “widget”: what any other style sheet may say of that would keep the rows from sharing. */
  gtk_widget_class_set_css_name (widget_class, "chatrow");
}

static void
burble_chat_row_init (BurbleChatRow *self)
{
  static const char * const name_classes[] = { "heading", NULL };
  static const char * const time_classes[] = { "caption", "dimmed", "numeric", NULL };
  static const char * const preview_classes[] = { "caption", "dimmed", NULL };

  self->avatar = g_object_new (BURBLE_TYPE_AVATAR, "size", AVATAR_SIZE, NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->avatar), GTK_WIDGET (self));
  self->name = add_label (self, name_classes);
  gtk_label_set_xalign (GTK_LABEL (self->name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->name), PANGO_ELLIPSIZE_END);
  self->time = add_label (self, time_classes);
  self->preview = add_label (self, preview_classes);
  gtk_label_set_xalign (GTK_LABEL (self->preview), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->preview), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (self->preview), TRUE);
}

GtkWidget *
burble_chat_row_new (void)
{
  return g_object_new (BURBLE_TYPE_CHAT_ROW, NULL);
}

BurbleConversation *
burble_chat_row_get_conversation (BurbleChatRow *self)
{
  g_return_val_if_fail (BURBLE_IS_CHAT_ROW (self), NULL);

  return self->conversation;
}

void
burble_chat_row_set_conversation (BurbleChatRow *self, BurbleConversation *conversation)
{
  g_return_if_fail (BURBLE_IS_CHAT_ROW (self));

  if (self->conversation == conversation)
    return;
  if (self->conversation != NULL)
    g_signal_handlers_disconnect_by_func (self->conversation, show_conversation, self);
  g_set_object (&self->conversation, conversation);
  if (conversation != NULL)
    {
      g_signal_connect_object (conversation, "notify", G_CALLBACK (show_conversation), self,
                               G_CONNECT_SWAPPED);
      show_conversation (self);
    }
  else if (self->avatar != NULL)
    {
      follow_contact (self, NULL);
      follow_message (self, NULL);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}
