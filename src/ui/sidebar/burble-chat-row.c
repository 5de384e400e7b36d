/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-chat-row"

#include "config.h"

#include "burble-chat-row.h"

#include <glib/gi18n-lib.h>

#include "burble-avatar.h"
#include "burble-text.h"
#include "burble-time.h"
#include "burble-words.h"

/* Filled by hand: with a binding for each of these the row took twice the time to make. */
struct _BurbleChatRow
{
  AdwBin parent_instance;

  BurbleAvatar *avatar;
  GtkLabel *name;
  GtkWidget *pinned;
  GtkWidget *muted;
  GtkLabel *time;
  GtkWidget *draft;
  GtkImage *state;
  GtkLabel *preview;
  GtkLabel *unread;

  BurbleConversation *conversation;
  BurbleContact *contact; /* of the conversation, which may get another object for the same one */
  BurbleMessage *message; /* the last one */
  guint day;
  gboolean selected;
};

G_DEFINE_FINAL_TYPE (BurbleChatRow, burble_chat_row, ADW_TYPE_BIN)

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

static void
show_name (BurbleChatRow *self)
{
  gtk_label_set_label (self->name, burble_contact_get_display_name (self->contact));
}

static void
show_time (BurbleChatRow *self)
{
  g_autofree char *time =
    burble_time_short (burble_conversation_get_last_time (self->conversation), g_get_real_time (),
                       burble_time_prefers_24h ());

  gtk_label_set_label (self->time, time);
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

/* What was said last, or what is being written, by them or here. */
static void
show_preview (BurbleChatRow *self)
{
  const char *typing = burble_conversation_get_typing (self->conversation);
  /* The draft of the open chat is in the composer, in plain sight. */
  const char *draft = !self->selected ? burble_conversation_get_draft (self->conversation) : NULL;
  g_autofree char *text = preview_text (self, typing, draft);
  gboolean own = self->message != NULL && burble_message_is_outgoing (self->message);

  gtk_label_set_label (self->preview, text);
  set_class (self->preview, "preview-typing", typing != NULL);
  set_class (self->preview, "dimmed", typing == NULL);
  gtk_widget_set_visible (self->draft, typing == NULL && draft != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->state), own && typing == NULL && draft == NULL);
  if (own)
    {
      BurbleMessageState state = burble_message_get_state (self->message);

      gtk_image_set_from_icon_name (self->state, burble_words_message_state_icon (state));
    }
}

static void
show_flags (BurbleChatRow *self)
{
  guint unread = burble_conversation_get_unread (self->conversation);
  gboolean muted = burble_conversation_get_muted (self->conversation);
  g_autofree char *count = unread > 99 ? g_strdup ("99+") : g_strdup_printf ("%u", unread);

  gtk_widget_set_visible (self->pinned, burble_conversation_get_pinned (self->conversation));
  gtk_widget_set_visible (self->muted, muted);
  gtk_widget_set_visible (GTK_WIDGET (self->unread), unread > 0);
  if (unread > 0)
    gtk_label_set_label (self->unread, count);
  set_class (self->unread, "muted", muted);
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

static void
burble_chat_row_dispose (GObject *object)
{
  BurbleChatRow *self = BURBLE_CHAT_ROW (object);

  burble_chat_row_set_conversation (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_CHAT_ROW);
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

  g_type_ensure (BURBLE_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/burble/Burble/sidebar/burble-chat-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleChatRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, BurbleChatRow, name);
  gtk_widget_class_bind_template_child (widget_class, BurbleChatRow, pinned);
  gtk_widget_class_bind_template_child (widget_class, BurbleChatRow, muted);
  gtk_widget_class_bind_template_child (widget_class, BurbleChatRow, time);
  gtk_widget_class_bind_template_child (widget_class, BurbleChatRow, draft);
  gtk_widget_class_bind_template_child (widget_class, BurbleChatRow, state);
  gtk_widget_class_bind_template_child (widget_class, BurbleChatRow, preview);
  gtk_widget_class_bind_template_child (widget_class, BurbleChatRow, unread);
}

static void
burble_chat_row_init (BurbleChatRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
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
