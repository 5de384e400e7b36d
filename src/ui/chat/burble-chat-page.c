/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-chat-page"

#include "config.h"

#include "burble-chat-page.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "burble-avatar.h"
#include "burble-composer.h"
#include "burble-connection-banner.h"
#include "burble-message-info.h"
#include "burble-message-list.h"
#include "burble-text.h"
#include "burble-words.h"

#define DRAFT_DELAY_MS 500
#define FIND_LIMIT 200

struct _BurbleChatPage
{
  AdwBin parent_instance;

  GtkSearchBar *find_bar;
  GtkSearchEntry *find_entry;
  GtkLabel *find_count;
  GtkWidget *find_older;
  GtkWidget *find_newer;
  BurbleMessageList *messages;
  BurbleComposer *composer;

  BurbleSession *session;
  BurbleConversation *conversation;
  BurbleMessageWindow *window;
  gboolean collapsed;

  GPtrArray *hits; /* of BurbleSearchHit, newest first */
  guint hit;
  GCancellable *find_cancellable;
  guint draft_id;
  gboolean sending;
  gboolean filling; /* the composer is filled by us */
};

G_DEFINE_FINAL_TYPE (BurbleChatPage, burble_chat_page, ADW_TYPE_BIN)

typedef enum
{
  PROP_CONVERSATION = 1,
  PROP_COLLAPSED,
  PROP_ACCOUNTS,
} BurbleChatPageProperty;

typedef enum
{
  SIGNAL_REMEDY,
} BurbleChatPageSignal;

static GParamSpec *properties[PROP_ACCOUNTS + 1];
static guint signals[SIGNAL_REMEDY + 1];

static char *
subtitle (BurbleChatPage *self, BurbleContactKind kind, BurbleStatus status, const char *mood,
          const char *typing)
{
  if (typing != NULL && kind == BURBLE_CONTACT_ROOM)
    return g_strdup_printf (_("%s is typing…"), typing);
  if (typing != NULL)
    return g_strdup (_("typing…"));
  if (kind == BURBLE_CONTACT_ROOM)
    return g_strdup (_("Room"));
  return burble_words_presence (status, mood);
}

static char *
composer_placeholder (BurbleChatPage *self, const char *name)
{
  g_autofree char *line = burble_text_one_line (name, 60);

  return g_strdup_printf (_("Message %s"), line);
}

static void
banner_remedy_cb (BurbleChatPage *self, BurbleAccount *account, int remedy)
{
  g_signal_emit (self, signals[SIGNAL_REMEDY], 0, account, remedy);
}

static void
messages_read_cb (BurbleChatPage *self, BurbleMessage *message)
{
  if (self->session != NULL && burble_conversation_get_unread (self->conversation) > 0)
    burble_session_mark_read (self->session, self->conversation, message);
}

static void
messages_info_cb (BurbleChatPage *self, BurbleMessage *message)
{
  BurbleContact *contact = burble_conversation_get_contact (self->conversation);
  AdwDialog *dialog = burble_message_info_new (message, contact);

  adw_dialog_present (dialog, GTK_WIDGET (self));
}

/* Sending */

typedef struct
{
  BurbleChatPage *page;
  BurbleConversation *conversation;
  char *text;
} Sending;

static void
sending_free (Sending *sending)
{
  g_object_unref (sending->page);
  g_object_unref (sending->conversation);
  g_free (sending->text);
  g_free (sending);
}

static void
fill_composer (BurbleChatPage *self, const char *text)
{
  self->filling = TRUE;
  burble_composer_set_text (self->composer, text);
  self->filling = FALSE;
}

static void
sent_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Sending *sending = user_data;
  BurbleChatPage *self = sending->page;
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleMessage) message = burble_session_send_finish (BURBLE_SESSION (object), result,
                                                                 &error);

  self->sending = FALSE;
  if (message == NULL)
    {
      g_autofree char *sentence = burble_words_for_error (error);

      gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", sentence);
    }
  else if (self->composer != NULL && self->conversation == sending->conversation)
    {
      g_autofree char *text = burble_composer_get_text (self->composer);

      /* On disk: now it may go. What was typed since stays. */
      if (g_str_has_prefix (text, sending->text))
        {
          fill_composer (self, g_strchug (text + strlen (sending->text)));
          burble_chat_page_save_draft (self);
        }
    }
  sending_free (sending);
}

static void
composer_send_cb (BurbleChatPage *self, const char *text)
{
  Sending *sending;

  if (self->session == NULL || self->conversation == NULL || self->sending)
    return;
  self->sending = TRUE;
  sending = g_new0 (Sending, 1);
  sending->page = g_object_ref (self);
  sending->conversation = g_object_ref (self->conversation);
  sending->text = g_strdup (text);
  g_clear_handle_id (&self->draft_id, g_source_remove);
  burble_session_set_typing (self->session, self->conversation, FALSE);
  burble_session_send_async (self->session, self->conversation, text, NULL, NULL, NULL, sent_cb,
                             sending);
  burble_message_list_jump_latest (self->messages);
}

static gboolean
draft_due_cb (gpointer user_data)
{
  BurbleChatPage *self = user_data;

  self->draft_id = 0;
  burble_chat_page_save_draft (self);
  return G_SOURCE_REMOVE;
}

static void
composer_edited_cb (BurbleChatPage *self)
{
  g_autofree char *text = burble_composer_get_text (self->composer);

  if (self->filling || self->session == NULL || self->conversation == NULL)
    return;
  burble_session_set_typing (self->session, self->conversation, *text != '\0');
  if (self->draft_id == 0)
    self->draft_id = g_timeout_add (DRAFT_DELAY_MS, draft_due_cb, self);
}

/* Finding */

static void
show_hit (BurbleChatPage *self)
{
  guint n = self->hits != NULL ? self->hits->len : 0;
  g_autofree char *count = NULL;

  gtk_widget_set_sensitive (self->find_older, n > 0 && self->hit + 1 < n);
  gtk_widget_set_sensitive (self->find_newer, n > 0 && self->hit > 0);
  if (n > 0)
    {
      BurbleSearchHit *hit = g_ptr_array_index (self->hits, self->hit);

      /* Translators: which match of how many */
      count = g_strdup_printf (_("%u of %u"), self->hit + 1, n);
      burble_message_list_show_message (self->messages, burble_message_get_time (hit->message),
                                        burble_message_get_row (hit->message));
    }
  else if (self->hits != NULL)
    {
      count = g_strdup (_("No matches"));
    }
  gtk_label_set_label (self->find_count, count != NULL ? count : "");
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleChatPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) hits = burble_session_search_finish (BURBLE_SESSION (object), result,
                                                            &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->find_count == NULL)
    return;
  g_clear_pointer (&self->hits, g_ptr_array_unref);
  self->hits = g_steal_pointer (&hits);
  self->hit = 0;
  show_hit (self);
}

static void
find_changed_cb (BurbleChatPage *self)
{
  const char *query = gtk_editable_get_text (GTK_EDITABLE (self->find_entry));

  g_cancellable_cancel (self->find_cancellable);
  g_clear_object (&self->find_cancellable);
  g_clear_pointer (&self->hits, g_ptr_array_unref);
  if (*query == '\0' || self->session == NULL || self->conversation == NULL)
    {
      show_hit (self);
      return;
    }
  self->find_cancellable = g_cancellable_new ();
  burble_session_search_async (self->session, self->conversation, query, FIND_LIMIT,
                               self->find_cancellable, found_cb,
                               g_object_ref (self));
}

static void
find_previous_cb (BurbleChatPage *self)
{
  if (self->hits != NULL && self->hit + 1 < self->hits->len)
    self->hit++;
  show_hit (self);
}

static void
find_next_cb (BurbleChatPage *self)
{
  if (self->hits != NULL && self->hit > 0)
    self->hit--;
  show_hit (self);
}

static void
find_stop_cb (BurbleChatPage *self)
{
  burble_chat_page_close_find (self);
}

static void
find_mode_changed_cb (BurbleChatPage *self)
{
  if (gtk_search_bar_get_search_mode (self->find_bar))
    gtk_widget_grab_focus (GTK_WIDGET (self->find_entry));
  else
    {
      gtk_editable_set_text (GTK_EDITABLE (self->find_entry), "");
      burble_message_list_set_hit (self->messages, 0);
    }
}

static void
burble_chat_page_dispose (GObject *object)
{
  BurbleChatPage *self = BURBLE_CHAT_PAGE (object);

  g_clear_handle_id (&self->draft_id, g_source_remove);
  g_cancellable_cancel (self->find_cancellable);
  g_clear_object (&self->find_cancellable);
  g_clear_pointer (&self->hits, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_CHAT_PAGE);
  g_clear_object (&self->window);
  g_clear_object (&self->conversation);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (burble_chat_page_parent_class)->dispose (object);
}

static void
burble_chat_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleChatPage *self = BURBLE_CHAT_PAGE (object);

  switch ((BurbleChatPageProperty) prop_id)
    {
    case PROP_CONVERSATION:
      g_value_set_object (value, self->conversation);
      break;
    case PROP_COLLAPSED:
      g_value_set_boolean (value, self->collapsed);
      break;
    case PROP_ACCOUNTS:
      g_value_set_object (value, self->session != NULL ? burble_session_get_accounts (self->session)
                          : NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_chat_page_set_property (GObject *object, guint prop_id, const GValue *value,
                               GParamSpec *pspec)
{
  BurbleChatPage *self = BURBLE_CHAT_PAGE (object);

  switch ((BurbleChatPageProperty) prop_id)
    {
    case PROP_CONVERSATION:
      burble_chat_page_set_conversation (self, g_value_get_object (value));
      break;
    case PROP_COLLAPSED:
      self->collapsed = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_ACCOUNTS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_chat_page_class_init (BurbleChatPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = burble_chat_page_dispose;
  object_class->get_property = burble_chat_page_get_property;
  object_class->set_property = burble_chat_page_set_property;

  properties[PROP_CONVERSATION] = g_param_spec_object ("conversation", NULL, NULL,
                                                       BURBLE_TYPE_CONVERSATION, flags);
  properties[PROP_COLLAPSED] = g_param_spec_boolean ("collapsed", NULL, NULL, FALSE, flags);
  properties[PROP_ACCOUNTS] = g_param_spec_object ("accounts", NULL, NULL, G_TYPE_LIST_MODEL,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[SIGNAL_REMEDY] = g_signal_new ("remedy", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL,
                                         NULL, G_TYPE_NONE, 2, BURBLE_TYPE_ACCOUNT, G_TYPE_INT);

  g_type_ensure (BURBLE_TYPE_AVATAR);
  g_type_ensure (BURBLE_TYPE_COMPOSER);
  g_type_ensure (BURBLE_TYPE_CONNECTION_BANNER);
  g_type_ensure (BURBLE_TYPE_MESSAGE_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/burble/Burble/chat/burble-chat-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleChatPage, find_bar);
  gtk_widget_class_bind_template_child (widget_class, BurbleChatPage, find_entry);
  gtk_widget_class_bind_template_child (widget_class, BurbleChatPage, find_count);
  gtk_widget_class_bind_template_child (widget_class, BurbleChatPage, find_older);
  gtk_widget_class_bind_template_child (widget_class, BurbleChatPage, find_newer);
  gtk_widget_class_bind_template_child (widget_class, BurbleChatPage, messages);
  gtk_widget_class_bind_template_child (widget_class, BurbleChatPage, composer);
  gtk_widget_class_bind_template_callback (widget_class, subtitle);
  gtk_widget_class_bind_template_callback (widget_class, composer_placeholder);
  gtk_widget_class_bind_template_callback (widget_class, banner_remedy_cb);
  gtk_widget_class_bind_template_callback (widget_class, messages_read_cb);
  gtk_widget_class_bind_template_callback (widget_class, messages_info_cb);
  gtk_widget_class_bind_template_callback (widget_class, composer_send_cb);
  gtk_widget_class_bind_template_callback (widget_class, composer_edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_previous_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_next_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_mode_changed_cb);
}

static void
burble_chat_page_init (BurbleChatPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->find_bar, GTK_EDITABLE (self->find_entry));
}

void
burble_chat_page_set_session (BurbleChatPage *self, BurbleSession *session)
{
  g_return_if_fail (BURBLE_IS_CHAT_PAGE (self));

  if (g_set_object (&self->session, session))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCOUNTS]);
}

void
burble_chat_page_set_settings (BurbleChatPage *self, GSettings *settings)
{
  g_return_if_fail (BURBLE_IS_CHAT_PAGE (self));

  if (settings == NULL)
    return;
  g_settings_bind (settings, "enter-sends", self->composer, "enter-sends", G_SETTINGS_BIND_GET);
  g_settings_bind (settings, "check-spelling", self->composer, "check-spelling",
                   G_SETTINGS_BIND_GET);
}

/**
 * burble_chat_page_set_conversation:
 *
 * Shows another chat. What is in the composer becomes the draft of the one that was shown.
 */
void
burble_chat_page_set_conversation (BurbleChatPage *self, BurbleConversation *conversation)
{
  g_return_if_fail (BURBLE_IS_CHAT_PAGE (self));

  if (self->conversation == conversation)
    return;
  if (self->conversation != NULL && self->session != NULL)
    {
      burble_chat_page_save_draft (self);
      burble_session_set_typing (self->session, self->conversation, FALSE);
    }
  gtk_search_bar_set_search_mode (self->find_bar, FALSE);
  g_set_object (&self->conversation, conversation);
  g_clear_object (&self->window);
  if (conversation != NULL && self->session != NULL)
    {
      self->window = burble_session_open_messages (self->session, conversation);
      fill_composer (self, burble_conversation_get_draft (conversation));
    }
  burble_message_list_set_messages (self->messages, self->session, conversation, self->window);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}

void
burble_chat_page_find (BurbleChatPage *self)
{
  g_return_if_fail (BURBLE_IS_CHAT_PAGE (self));

  gtk_search_bar_set_search_mode (self->find_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->find_entry));
}

/**
 * burble_chat_page_close_find:
 * @self: a chat page
 *
 * Returns: whether the search bar was open
 */
gboolean
burble_chat_page_close_find (BurbleChatPage *self)
{
  g_return_val_if_fail (BURBLE_IS_CHAT_PAGE (self), FALSE);

  if (!gtk_search_bar_get_search_mode (self->find_bar))
    return FALSE;
  gtk_search_bar_set_search_mode (self->find_bar, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->composer));
  return TRUE;
}

void
burble_chat_page_jump_latest (BurbleChatPage *self)
{
  g_return_if_fail (BURBLE_IS_CHAT_PAGE (self));

  burble_message_list_jump_latest (self->messages);
}

/**
 * burble_chat_page_show_message:
 * @self: a chat page
 * @time: of the message, µs
 * @row: its row in the store
 *
 * Scrolls to it and makes it stand out; what is not loaded yet is.
 */
void
burble_chat_page_show_message (BurbleChatPage *self, gint64 time, gint64 row)
{
  g_return_if_fail (BURBLE_IS_CHAT_PAGE (self));

  burble_message_list_show_message (self->messages, time, row);
}

void
burble_chat_page_write (BurbleChatPage *self)
{
  g_return_if_fail (BURBLE_IS_CHAT_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->composer));
}

/**
 * burble_chat_page_save_draft:
 * @self: a chat page
 *
 * Gives the session what is in the composer, now; otherwise that happens a moment after typing.
 */
void
burble_chat_page_save_draft (BurbleChatPage *self)
{
  g_autofree char *text = NULL;

  g_return_if_fail (BURBLE_IS_CHAT_PAGE (self));

  g_clear_handle_id (&self->draft_id, g_source_remove);
  if (self->session == NULL || self->conversation == NULL)
    return;
  text = burble_composer_get_text (self->composer);
  if (g_strcmp0 (text, burble_conversation_get_draft (self->conversation) != NULL
                         ? burble_conversation_get_draft (self->conversation) : "") != 0)
    burble_session_set_draft (self->session, self->conversation, text);
}

/**
 * burble_chat_page_check_read:
 * @self: a chat page
 *
 * The window has become active: what is shown has been seen.
 */
void
burble_chat_page_check_read (BurbleChatPage *self)
{
  g_return_if_fail (BURBLE_IS_CHAT_PAGE (self));

  burble_message_list_check_read (self->messages);
}
