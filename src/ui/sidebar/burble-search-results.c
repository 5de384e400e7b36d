/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-search-results"

#include "config.h"

#include "burble-search-results.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "burble-growing-list.h"
#include "burble-pages.h"
#include "burble-search-result.h"
#include "burble-search-row.h"

#define MESSAGE_LIMIT 50
#define HISTORY_DELAY_MS 150

struct _BurbleSearchResults
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkListView *list;

  BurbleSession *session;
  char *query;
  GStrv words; /* folded */
  GtkFilter *chat_filter;
  GtkFilter *contact_filter;
  GtkFilterListModel *chats;
  GtkFilterListModel *contacts;
  GListStore *messages;
  GtkFlattenListModel *all;
  BurbleGrowingList *growing;
  GCancellable *cancellable;
  guint history_id;
  guint top_id; /* of the tick callback */
  guint frames_to_top;
};

G_DEFINE_FINAL_TYPE (BurbleSearchResults, burble_search_results, ADW_TYPE_BIN)

typedef enum
{
  SIGNAL_OPEN_CONTACT,
  SIGNAL_OPEN_MESSAGE,
} BurbleSearchResultsSignal;

static guint signals[SIGNAL_OPEN_MESSAGE + 1];

/* Every word of the query stands somewhere in the name or the address. */
static gboolean
contact_matches (BurbleSearchResults *self, BurbleContact *contact)
{
  g_autofree char *all = g_strjoin (" ", burble_contact_get_display_name (contact),
                                    burble_contact_get_id (contact),
                                    burble_contact_get_name (contact), NULL);
  g_autofree char *folded = g_utf8_casefold (all, -1);

  if (self->words == NULL || self->words[0] == NULL)
    return FALSE;
  for (guint i = 0; self->words[i] != NULL; i++)
    if (strstr (folded, self->words[i]) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
chat_matches (gpointer item, gpointer user_data)
{
  return contact_matches (user_data, burble_conversation_get_contact (item));
}

/* Those who have a chat are found there. */
static gboolean
contact_without_chat_matches (gpointer item, gpointer user_data)
{
  BurbleSearchResults *self = user_data;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->chats));

  if (!contact_matches (self, item))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BurbleConversation) chat = g_list_model_get_item (G_LIST_MODEL (self->chats), i);

      if (burble_conversation_get_contact (chat) == item)
        return FALSE;
    }
  return TRUE;
}

static void
all_items_changed_cb (BurbleSearchResults *self)
{
  gboolean found = g_list_model_get_n_items (G_LIST_MODEL (self->all)) > 0;

  /* Not “nothing” while the history is still being looked through. */
  if (found || (self->history_id == 0 && self->cancellable == NULL))
    burble_pages_show (self->stack, found ? "list" : "empty");
}

/* A list whose first rows came later stands below their title, when it has been laid out: between
 * one frame and the next. */
static gboolean
go_to_top_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  BurbleSearchResults *self = BURBLE_SEARCH_RESULTS (widget);

  if (--self->frames_to_top > 0)
    return G_SOURCE_CONTINUE;
  self->top_id = 0;
  if (gtk_widget_get_focus_child (GTK_WIDGET (self->list)) == NULL)
    gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->list)), 0);
  return G_SOURCE_REMOVE;
}

static void
go_to_top (BurbleSearchResults *self)
{
  self->frames_to_top = 2;
  if (self->top_id == 0)
    self->top_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), go_to_top_cb, NULL, NULL);
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleSearchResults) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) hits = burble_session_search_finish (BURBLE_SESSION (object), result,
                                                            &error);
  g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func (g_object_unref);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->list == NULL)
    return;
  for (guint i = 0; hits != NULL && i < hits->len; i++)
    {
      BurbleSearchHit *hit = g_ptr_array_index (hits, i);

      g_ptr_array_add (results, burble_search_result_new (hit->conversation, hit->message));
    }
  g_clear_object (&self->cancellable);
  g_list_store_splice (self->messages, 0, g_list_model_get_n_items (G_LIST_MODEL (self->messages)),
                       results->pdata,
                       results->len);
  all_items_changed_cb (self);
  go_to_top (self);
}

static gboolean
search_history_cb (gpointer user_data)
{
  BurbleSearchResults *self = user_data;

  self->history_id = 0;
  self->cancellable = g_cancellable_new ();
  burble_session_search_async (self->session, NULL, self->query, MESSAGE_LIMIT, self->cancellable,
                               found_cb,
                               g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
open_item (BurbleSearchResults *self, gpointer item)
{
  if (BURBLE_IS_SEARCH_RESULT (item))
    g_signal_emit (self, signals[SIGNAL_OPEN_MESSAGE], 0,
                   burble_search_result_get_conversation (item),
                   burble_search_result_get_message (item));
  else if (BURBLE_IS_CONVERSATION (item))
    g_signal_emit (self, signals[SIGNAL_OPEN_CONTACT], 0, burble_conversation_get_contact (item));
  else if (BURBLE_IS_CONTACT (item))
    g_signal_emit (self, signals[SIGNAL_OPEN_CONTACT], 0, item);
}

static void
list_activate_cb (BurbleSearchResults *self, guint position)
{
  g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (self->all), position);

  open_item (self, item);
}

static void
setup_cb (BurbleSearchResults *self, GtkListItem *list_item)
{
  gtk_list_item_set_child (list_item, burble_search_row_new ());
}

static void
bind_cb (BurbleSearchResults *self, GtkListItem *list_item)
{
  BurbleSearchRow *row = BURBLE_SEARCH_ROW (gtk_list_item_get_child (list_item));
  g_autofree char *label = NULL;

  burble_search_row_set_item (row, gtk_list_item_get_item (list_item));
  label = burble_search_row_describe (row);
  gtk_list_item_set_accessible_label (list_item, label);
}

static void
header_setup_cb (BurbleSearchResults *self, GtkListHeader *header)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_widget_add_css_class (label, "dimmed");
  gtk_list_header_set_child (header, label);
}

static void
header_bind_cb (BurbleSearchResults *self, GtkListHeader *header)
{
  GObject *item = gtk_list_header_get_item (header);
  const char *title = _("Messages");

  if (BURBLE_IS_CONVERSATION (item))
    title = _("Chats");
  else if (BURBLE_IS_CONTACT (item))
    title = _("Contacts");

  gtk_label_set_label (GTK_LABEL (gtk_list_header_get_child (header)), title);
}

static void
burble_search_results_dispose (GObject *object)
{
  BurbleSearchResults *self = BURBLE_SEARCH_RESULTS (object);

  g_clear_handle_id (&self->history_id, g_source_remove);
  if (self->top_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (object), self->top_id);
  self->top_id = 0;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  adw_bin_set_child (ADW_BIN (object), NULL); /* before GTK lets go of it unseen by the bin */
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_SEARCH_RESULTS);
  g_clear_object (&self->growing);
  g_clear_object (&self->all);
  g_clear_object (&self->chats);
  g_clear_object (&self->contacts);
  g_clear_object (&self->messages);
  g_clear_object (&self->chat_filter);
  g_clear_object (&self->contact_filter);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (burble_search_results_parent_class)->dispose (object);
}

static void
burble_search_results_finalize (GObject *object)
{
  BurbleSearchResults *self = BURBLE_SEARCH_RESULTS (object);

  g_clear_pointer (&self->query, g_free);
  g_clear_pointer (&self->words, g_strfreev);
  G_OBJECT_CLASS (burble_search_results_parent_class)->finalize (object);
}

static void
burble_search_results_class_init (BurbleSearchResultsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = burble_search_results_dispose;
  object_class->finalize = burble_search_results_finalize;

  signals[SIGNAL_OPEN_CONTACT] = g_signal_new ("open-contact", G_TYPE_FROM_CLASS (klass),
                                               G_SIGNAL_RUN_LAST, 0, NULL,
                                               NULL, NULL, G_TYPE_NONE, 1, BURBLE_TYPE_CONTACT);
  signals[SIGNAL_OPEN_MESSAGE] = g_signal_new ("open-message", G_TYPE_FROM_CLASS (klass),
                                               G_SIGNAL_RUN_LAST, 0, NULL,
                                               NULL, NULL, G_TYPE_NONE, 2, BURBLE_TYPE_CONVERSATION,
                                               BURBLE_TYPE_MESSAGE);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/im/burble/Burble/sidebar/burble-search-results.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleSearchResults, stack);
  gtk_widget_class_bind_template_child (widget_class, BurbleSearchResults, list);
  gtk_widget_class_bind_template_callback (widget_class, list_activate_cb);
}

static void
burble_search_results_init (BurbleSearchResults *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkListItemFactory) header_factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkNoSelection) selection = NULL;
  GListStore *sections = g_list_store_new (G_TYPE_LIST_MODEL);

  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (header_factory, "setup", G_CALLBACK (header_setup_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (header_factory, "bind", G_CALLBACK (header_bind_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_header_factory (self->list, header_factory);

  self->chat_filter = GTK_FILTER (gtk_custom_filter_new (chat_matches, self, NULL));
  self->contact_filter = GTK_FILTER (gtk_custom_filter_new (contact_without_chat_matches, self,
                                                            NULL));
  self->chats = gtk_filter_list_model_new (NULL, g_object_ref (self->chat_filter));
  self->contacts = gtk_filter_list_model_new (NULL, g_object_ref (self->contact_filter));
  self->messages = g_list_store_new (BURBLE_TYPE_SEARCH_RESULT);
  g_list_store_append (sections, self->chats);
  g_list_store_append (sections, self->contacts);
  g_list_store_append (sections, self->messages);
  self->all = gtk_flatten_list_model_new (G_LIST_MODEL (sections));
  g_signal_connect_object (self->all, "items-changed", G_CALLBACK (all_items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  self->growing = burble_growing_list_new (G_LIST_MODEL (self->all), self->list);
  selection = gtk_no_selection_new (g_object_ref (burble_growing_list_get_model (self->growing)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
}

void
burble_search_results_set_session (BurbleSearchResults *self, BurbleSession *session)
{
  g_return_if_fail (BURBLE_IS_SEARCH_RESULTS (self));

  g_set_object (&self->session, session);
}

/**
 * burble_search_results_set_query:
 * @query: "" ends the search and lets go of the lists
 */
void
burble_search_results_set_query (BurbleSearchResults *self, const char *query)
{
  g_autofree char *folded = g_utf8_casefold (query, -1);
  gboolean searching = *query != '\0' && self->session != NULL;

  g_return_if_fail (BURBLE_IS_SEARCH_RESULTS (self));

  if (!g_set_str (&self->query, query))
    return;
  g_clear_handle_id (&self->history_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->words, g_strfreev);
  self->words = g_strsplit_set (g_strstrip (folded), " \t", 16);
  if (!searching)
    g_list_store_remove_all (self->messages);
  else
    self->history_id = g_timeout_add (HISTORY_DELAY_MS, search_history_cb, self);
  /* The filters watch the lists only while there is something to find. */
  gtk_filter_list_model_set_model (self->chats, searching
                                   ? burble_session_get_conversations (self->session) : NULL);
  gtk_filter_list_model_set_model (self->contacts, searching
                                   ? burble_session_get_contacts (self->session) : NULL);
  gtk_filter_changed (self->chat_filter, GTK_FILTER_CHANGE_DIFFERENT);
  gtk_filter_changed (self->contact_filter, GTK_FILTER_CHANGE_DIFFERENT);
  all_items_changed_cb (self);
  go_to_top (self);
}

void
burble_search_results_open_first (BurbleSearchResults *self)
{
  g_autoptr(GObject) item = NULL;

  g_return_if_fail (BURBLE_IS_SEARCH_RESULTS (self));

  item = g_list_model_get_item (G_LIST_MODEL (self->all), 0);
  if (item != NULL)
    open_item (self, item);
}

void
burble_search_results_focus (BurbleSearchResults *self)
{
  g_return_if_fail (BURBLE_IS_SEARCH_RESULTS (self));

  if (g_list_model_get_n_items (G_LIST_MODEL (self->all)) > 0)
    gtk_list_view_scroll_to (self->list, 0, GTK_LIST_SCROLL_FOCUS, NULL);
}
