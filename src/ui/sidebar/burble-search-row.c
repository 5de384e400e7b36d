/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-search-row"

#include "config.h"

#include "burble-search-row.h"

#include "burble-avatar.h"
#include "burble-search-result.h"
#include "burble-time.h"
#include "burble-words.h"

struct _BurbleSearchRow
{
  AdwBin parent_instance;

  BurbleAvatar *avatar;
  GtkLabel *title;
  GtkLabel *time;
  GtkLabel *subtitle;
};

G_DEFINE_FINAL_TYPE (BurbleSearchRow, burble_search_row, ADW_TYPE_BIN)

static void
burble_search_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_SEARCH_ROW);
  G_OBJECT_CLASS (burble_search_row_parent_class)->dispose (object);
}

static void
burble_search_row_class_init (BurbleSearchRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = burble_search_row_dispose;

  g_type_ensure (BURBLE_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/burble/Burble/sidebar/burble-search-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleSearchRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, BurbleSearchRow, title);
  gtk_widget_class_bind_template_child (widget_class, BurbleSearchRow, time);
  gtk_widget_class_bind_template_child (widget_class, BurbleSearchRow, subtitle);
}

static void
burble_search_row_init (BurbleSearchRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
burble_search_row_new (void)
{
  return g_object_new (BURBLE_TYPE_SEARCH_ROW, NULL);
}

static void
show_message (BurbleSearchRow *self, BurbleMessage *message, gboolean room)
{
  g_autofree char *preview = message != NULL ? burble_words_preview (message, room) : g_strdup ("");
  g_autofree char *time = message != NULL ? burble_time_short (burble_message_get_time (message),
                                                               g_get_real_time (),
                                                               burble_time_prefers_24h ())
                                          : g_strdup ("");

  gtk_label_set_label (self->subtitle, preview);
  gtk_label_set_label (self->time, time);
}

/**
 * burble_search_row_set_item:
 * @item: (nullable): a conversation, a contact or a search result
 *
 * Results live for one query; they are shown as they stand.
 */
void
burble_search_row_set_item (BurbleSearchRow *self, gpointer item)
{
  BurbleContact *contact = NULL;
  BurbleConversation *conversation = NULL;

  g_return_if_fail (BURBLE_IS_SEARCH_ROW (self));

  if (BURBLE_IS_CONVERSATION (item))
    conversation = item;
  else if (BURBLE_IS_SEARCH_RESULT (item))
    conversation = burble_search_result_get_conversation (item);
  contact = conversation != NULL ? burble_conversation_get_contact (conversation) : item;
  burble_avatar_set_contact (self->avatar, contact);
  if (contact == NULL)
    return;
  gtk_label_set_label (self->title, burble_contact_get_display_name (contact));
  if (conversation != NULL)
    {
      gboolean room = burble_contact_get_kind (contact) == BURBLE_CONTACT_ROOM;

      show_message (self, BURBLE_IS_SEARCH_RESULT (item) ? burble_search_result_get_message (item)

                    : burble_conversation_get_last_message (conversation), room);
    }
  else
    {
      gtk_label_set_label (self->subtitle, burble_contact_get_id (contact));
      gtk_label_set_label (self->time, "");
    }
}

char *
burble_search_row_describe (BurbleSearchRow *self)
{
  const char *time = gtk_label_get_label (self->time);

  g_return_val_if_fail (BURBLE_IS_SEARCH_ROW (self), NULL);

  return g_strdup_printf ("%s%s%s: %s", gtk_label_get_label (self->title), *time != '\0' ? ", "
                          : "", time,
                          gtk_label_get_label (self->subtitle));
}
