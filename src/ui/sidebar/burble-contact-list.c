/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-contact-list"

#include "config.h"

#include "burble-contact-list.h"

#include <glib/gi18n-lib.h>

#include "burble-contact-row.h"
#include "burble-enum-types.h"
#include "burble-growing-list.h"
#include "burble-item-watch.h"
#include "burble-pages.h"
#include "burble-words.h"

struct _BurbleContactList
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkListView *list;

  BurbleSession *session;
  BurbleItemWatch *watch;
  GtkFilter *filter;
  GtkSorter *name_sorter;
  GtkSorter *section_sorter;
  GtkFilterListModel *filtered;
  GtkSortListModel *sorted;
  GPtrArray *headers; /* bound now; not owned */
  BurbleGrowingList *growing;
};

G_DEFINE_FINAL_TYPE (BurbleContactList, burble_contact_list, ADW_TYPE_BIN)

typedef enum
{
  SIGNAL_OPEN,
} BurbleContactListSignal;

static guint signals[SIGNAL_OPEN + 1];

/* In the order they are shown. */
typedef enum
{
  GROUP_REQUESTS,
  GROUP_AVAILABLE,
  GROUP_AWAY,
  GROUP_DND,
  GROUP_ROOMS,
  GROUP_OFFLINE,
} Group;

static Group
group_of (BurbleContact *contact)
{
  if (burble_contact_get_asks (contact))
    return GROUP_REQUESTS;
  if (burble_contact_get_kind (contact) == BURBLE_CONTACT_ROOM)
    return GROUP_ROOMS;
  switch (burble_contact_get_status (contact))
    {
    case BURBLE_STATUS_AVAILABLE:
      return GROUP_AVAILABLE;
    case BURBLE_STATUS_AWAY:
      return GROUP_AWAY;
    case BURBLE_STATUS_DND:
      return GROUP_DND;
    case BURBLE_STATUS_OFFLINE:
    case BURBLE_STATUS_INVISIBLE:
    case BURBLE_STATUS_UNKNOWN:
    default:
      return GROUP_OFFLINE;
    }
}

static const char *
group_title (Group group)
{
  switch (group)
    {
    case GROUP_REQUESTS:
      return _("Requests");
    case GROUP_AVAILABLE:
      return burble_words_status (BURBLE_STATUS_AVAILABLE);
    case GROUP_AWAY:
      return burble_words_status (BURBLE_STATUS_AWAY);
    case GROUP_DND:
      return burble_words_status (BURBLE_STATUS_DND);
    case GROUP_ROOMS:
      return _("Rooms");
    case GROUP_OFFLINE:
    default:
      return burble_words_status (BURBLE_STATUS_OFFLINE);
    }
}

static int
compare_groups (gconstpointer one, gconstpointer other, gpointer user_data)
{
  int a = group_of ((BurbleContact *) one);
  int b = group_of ((BurbleContact *) other);

  return gtk_ordering_from_cmpfunc (a - b);
}

static gboolean
is_shown (gpointer item, gpointer user_data)
{
  return burble_contact_get_in_roster (item) || burble_contact_get_asks (item);
}

/* When somebody comes or goes, and when those below it belong to another group. */
static void
update_header (BurbleContactList *self, GtkListHeader *header)
{
  BurbleContact *contact = gtk_list_header_get_item (header);
  g_autofree char *title = NULL;
  guint start, end;

  if (contact == NULL)
    return;
  /* Of the whole group: the view knows only of what it shows. */
  gtk_section_model_get_section (GTK_SECTION_MODEL (self->sorted),
                                 gtk_list_header_get_start (header), &start, &end);
  title = g_strdup_printf ("%s · %u", group_title (group_of (contact)), end - start);
  gtk_label_set_label (GTK_LABEL (gtk_list_header_get_child (header)), title);
}

static void
watch_changed_cb (BurbleContactList *self)
{
  guint n;

  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  gtk_sorter_changed (self->section_sorter, GTK_SORTER_CHANGE_DIFFERENT);
  gtk_sorter_changed (self->name_sorter, GTK_SORTER_CHANGE_DIFFERENT);
  /* Where nobody changes place the model says nothing, though two groups may have become one. */
  n = g_list_model_get_n_items (G_LIST_MODEL (self->sorted));
  if (n > 0)
    gtk_section_model_sections_changed (GTK_SECTION_MODEL (self->sorted), 0, n);
  for (guint i = 0; i < self->headers->len; i++)
    update_header (self, g_ptr_array_index (self->headers, i));
}

static void
sorted_items_changed_cb (BurbleContactList *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sorted));

  burble_pages_show (self->stack, n > 0 ? "list" : "empty");
  for (guint i = 0; i < self->headers->len; i++)
    update_header (self, g_ptr_array_index (self->headers, i));
}

static void
list_activate_cb (BurbleContactList *self, guint position)
{
  g_autoptr(BurbleContact) contact = g_list_model_get_item (G_LIST_MODEL (self->sorted), position);

  if (contact != NULL && !burble_contact_get_asks (contact))
    g_signal_emit (self, signals[SIGNAL_OPEN], 0, contact);
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleContactList) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!burble_session_roster_finish (BURBLE_SESSION (object), result, &error))
    {
      g_autofree char *sentence = burble_words_for_error (error);

      gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", sentence);
    }
}

static void
row_answered_cb (BurbleContactList *self, BurbleContact *contact, gboolean accept)
{
  if (self->session == NULL)
    return;
  if (accept)
    burble_session_accept_contact_async (self->session, contact, NULL, answered_cb,
                                         g_object_ref (self));
  else
    burble_session_decline_contact_async (self->session, contact, NULL, answered_cb,
                                          g_object_ref (self));
}

static void
describe (GtkListItem *list_item, GParamSpec *pspec, BurbleContact *contact)
{
  g_autofree char *label = burble_words_contact (contact);

  gtk_list_item_set_accessible_label (list_item, label);
}

static void
setup_cb (BurbleContactList *self, GtkListItem *list_item)
{
  GtkWidget *row = burble_contact_row_new ();

  g_signal_connect_object (row, "answered", G_CALLBACK (row_answered_cb), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (list_item, row);
}

static void
bind_cb (BurbleContactList *self, GtkListItem *list_item)
{
  BurbleContact *contact = gtk_list_item_get_item (list_item);

  burble_contact_row_set_contact (BURBLE_CONTACT_ROW (gtk_list_item_get_child (list_item)),
                                  contact);
  g_signal_connect_object (contact, "notify", G_CALLBACK (describe), list_item, G_CONNECT_SWAPPED);
  describe (list_item, NULL, contact);
}

static void
unbind_cb (BurbleContactList *self, GtkListItem *list_item)
{
  BurbleContact *contact = gtk_list_item_get_item (list_item);

  if (contact != NULL)
    g_signal_handlers_disconnect_by_func (contact, describe, list_item);
}

static void
header_setup_cb (BurbleContactList *self, GtkListHeader *header)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_widget_add_css_class (label, "dimmed");
  gtk_list_header_set_child (header, label);
}

static void
header_bind_cb (BurbleContactList *self, GtkListHeader *header)
{
  g_ptr_array_add (self->headers, header);
  update_header (self, header);
}

static void
header_unbind_cb (BurbleContactList *self, GtkListHeader *header)
{
  g_ptr_array_remove_fast (self->headers, header);
}

/* Whoever comes here looks at the top first, where the requests are. */
static void
burble_contact_list_map (GtkWidget *widget)
{
  BurbleContactList *self = BURBLE_CONTACT_LIST (widget);

  GTK_WIDGET_CLASS (burble_contact_list_parent_class)->map (widget);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->sorted)) > 0)
    gtk_list_view_scroll_to (self->list, 0, GTK_LIST_SCROLL_NONE, NULL);
}

static void
burble_contact_list_dispose (GObject *object)
{
  BurbleContactList *self = BURBLE_CONTACT_LIST (object);

  adw_bin_set_child (ADW_BIN (object), NULL); /* before GTK lets go of it unseen by the bin */
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_CONTACT_LIST);
  g_clear_object (&self->watch);
  g_clear_object (&self->growing);
  g_clear_object (&self->sorted);
  g_clear_object (&self->filtered);
  g_clear_object (&self->filter);
  g_clear_object (&self->name_sorter);
  g_clear_object (&self->section_sorter);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (burble_contact_list_parent_class)->dispose (object);
}

static void
burble_contact_list_finalize (GObject *object)
{
  BurbleContactList *self = BURBLE_CONTACT_LIST (object);

  g_clear_pointer (&self->headers, g_ptr_array_unref);
  G_OBJECT_CLASS (burble_contact_list_parent_class)->finalize (object);
}

static void
burble_contact_list_class_init (BurbleContactListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = burble_contact_list_dispose;
  object_class->finalize = burble_contact_list_finalize;
  widget_class->map = burble_contact_list_map;

  signals[SIGNAL_OPEN] = g_signal_new ("open", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, BURBLE_TYPE_CONTACT);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/burble/Burble/sidebar/burble-contact-list.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleContactList, stack);
  gtk_widget_class_bind_template_child (widget_class, BurbleContactList, list);
  gtk_widget_class_bind_template_callback (widget_class, list_activate_cb);
}

static void
burble_contact_list_init (BurbleContactList *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkListItemFactory) header_factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkNoSelection) selection = NULL;
  GtkExpression *name = gtk_property_expression_new (BURBLE_TYPE_CONTACT, NULL, "display-name");

  self->headers = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (header_factory, "setup", G_CALLBACK (header_setup_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (header_factory, "bind", G_CALLBACK (header_bind_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (header_factory, "unbind", G_CALLBACK (header_unbind_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_header_factory (self->list, header_factory);

  self->filter = GTK_FILTER (gtk_custom_filter_new (is_shown, NULL, NULL));
  self->filtered = gtk_filter_list_model_new (NULL, g_object_ref (self->filter));
  self->name_sorter = GTK_SORTER (gtk_string_sorter_new (name));
  self->section_sorter = GTK_SORTER (gtk_custom_sorter_new (compare_groups, NULL, NULL));
  self->sorted = gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->filtered)),
                                          g_object_ref (self->name_sorter));
  gtk_sort_list_model_set_section_sorter (self->sorted, self->section_sorter);
  g_signal_connect_object (self->sorted, "items-changed", G_CALLBACK (sorted_items_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  self->growing = burble_growing_list_new (G_LIST_MODEL (self->sorted), self->list);
  selection = gtk_no_selection_new (g_object_ref (burble_growing_list_get_model (self->growing)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  sorted_items_changed_cb (self);
}

void
burble_contact_list_set_session (BurbleContactList *self, BurbleSession *session)
{
  static const char * const names[] = { "status", "display-name", "asks", "in-roster", "kind",
    NULL };

  g_return_if_fail (BURBLE_IS_CONTACT_LIST (self));

  if (!g_set_object (&self->session, session))
    return;
  g_clear_object (&self->watch);
  gtk_filter_list_model_set_model (self->filtered, session != NULL
                                   ? burble_session_get_contacts (session) : NULL);
  if (session != NULL)
    {
      self->watch = burble_item_watch_new (burble_session_get_contacts (session), names);
      g_signal_connect_object (self->watch, "changed", G_CALLBACK (watch_changed_cb), self,
                               G_CONNECT_SWAPPED);
    }
}
