/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-message-info"

#include "config.h"

#include "burble-message-info.h"

#include <glib/gi18n-lib.h>

#include "burble-text.h"
#include "burble-time.h"
#include "burble-words.h"

struct _BurbleMessageInfo
{
  AdwDialog parent_instance;

  AdwActionRow *sender;
  AdwActionRow *time;
  AdwActionRow *state;
  AdwActionRow *id;
  GtkTextView *text;
};

G_DEFINE_FINAL_TYPE (BurbleMessageInfo, burble_message_info, ADW_TYPE_DIALOG)

static void
burble_message_info_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_MESSAGE_INFO);
  G_OBJECT_CLASS (burble_message_info_parent_class)->dispose (object);
}

static void
burble_message_info_class_init (BurbleMessageInfoClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = burble_message_info_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/burble/Burble/chat/burble-message-info.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleMessageInfo, sender);
  gtk_widget_class_bind_template_child (widget_class, BurbleMessageInfo, time);
  gtk_widget_class_bind_template_child (widget_class, BurbleMessageInfo, state);
  gtk_widget_class_bind_template_child (widget_class, BurbleMessageInfo, id);
  gtk_widget_class_bind_template_child (widget_class, BurbleMessageInfo, text);
}

static void
burble_message_info_init (BurbleMessageInfo *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
burble_message_info_new (BurbleMessage *message, BurbleContact *contact)
{
  BurbleMessageInfo *self = g_object_new (BURBLE_TYPE_MESSAGE_INFO, NULL);
  g_autofree char *time = NULL;
  g_autofree char *id = NULL;
  const char *text;

  g_return_val_if_fail (BURBLE_IS_MESSAGE (message), ADW_DIALOG (self));

  text = burble_message_get_text (message);
  if (burble_message_get_time_text (message) != NULL)
    time = burble_words_message_time (message, FALSE);
  else
    time = burble_time_full (burble_message_get_time (message), burble_time_prefers_24h ());
  id = burble_text_one_line (burble_message_get_id (message), 256);
  adw_action_row_set_subtitle (self->sender, burble_message_is_outgoing (message)
                                               ? _("You") : burble_message_get_sender (message));
  adw_action_row_set_subtitle (self->time, time);
  adw_action_row_set_subtitle (self->state,
                               burble_words_message_state (burble_message_get_state (message)));
  adw_action_row_set_subtitle (self->id, id);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), text != NULL ? text : "", -1);
  return ADW_DIALOG (self);
}
