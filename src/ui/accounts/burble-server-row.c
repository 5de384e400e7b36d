/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-server-row"

#include "config.h"

#include "burble-server-row.h"

#include <string.h>

#include "burble-words.h"

struct _BurbleServerRow
{
  AdwPreferencesRow parent_instance;

  GtkLabel *label;
  GCancellable *cancellable; /* while it waits for an answer */
  char *place;               /* what it says, or will say, is about that; or NULL */
};

G_DEFINE_FINAL_TYPE (BurbleServerRow, burble_server_row, ADW_TYPE_PREFERENCES_ROW)

static void
show_sentence (BurbleServerRow *self, const char *sentence)
{
  gtk_label_set_label (self->label, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self), sentence != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  sentence != NULL ? sentence : "", -1);
  if (sentence != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), sentence,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
probed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleServerRow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleServerSummary) server =
    burble_session_probe_finish (BURBLE_SESSION (object), result, &error);
  g_autofree char *sentence = NULL;

  if (self->cancellable == NULL
      || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  sentence = server != NULL ? burble_words_server (server) : burble_words_no_server (error);
  show_sentence (self, sentence);
}

void
burble_server_row_forget (BurbleServerRow *self)
{
  g_return_if_fail (BURBLE_IS_SERVER_ROW (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->place, g_free);
  show_sentence (self, NULL);
}

/* Whose account it would be makes no difference. */
static char *
place_of (BurbleAccount *account)
{
  const char *address = burble_account_get_address (account);
  const char *at = strrchr (address, '@');
  const char *host = burble_account_get_host (account);

  return g_strdup_printf ("%s %s %s %u", burble_account_get_network (account),
                          at != NULL ? at + 1 : "", host != NULL ? host : "",
                          burble_account_get_port (account));
}

void
burble_server_row_ask (BurbleServerRow *self, BurbleSession *session, BurbleAccount *account)
{
  g_autofree char *place = NULL;

  g_return_if_fail (BURBLE_IS_SERVER_ROW (self));
  g_return_if_fail (BURBLE_IS_SESSION (session));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  place = place_of (account);
  if (g_strcmp0 (place, self->place) == 0)
    return;
  burble_server_row_forget (self);
  self->place = g_steal_pointer (&place);
  self->cancellable = g_cancellable_new ();
  burble_session_probe_async (session, account, self->cancellable, probed_cb,
                              g_object_ref (self));
}

/* The dialog or page is gone: nobody waits for the answer any more. */
static void
burble_server_row_unroot (GtkWidget *widget)
{
  BurbleServerRow *self = BURBLE_SERVER_ROW (widget);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  GTK_WIDGET_CLASS (burble_server_row_parent_class)->unroot (widget);
}

static void
burble_server_row_finalize (GObject *object)
{
  BurbleServerRow *self = BURBLE_SERVER_ROW (object);

  g_clear_object (&self->cancellable);
  g_free (self->place);
  G_OBJECT_CLASS (burble_server_row_parent_class)->finalize (object);
}

static void
burble_server_row_class_init (BurbleServerRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = burble_server_row_finalize;
  GTK_WIDGET_CLASS (klass)->unroot = burble_server_row_unroot;
}

static void
burble_server_row_init (BurbleServerRow *self)
{
  GtkWidget *label = gtk_label_new (NULL);

  self->label = GTK_LABEL (label);
  gtk_label_set_wrap (self->label, TRUE);
  gtk_label_set_wrap_mode (self->label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (self->label, 0);
  gtk_widget_set_margin_top (label, 9);
  gtk_widget_set_margin_bottom (label, 9);
  gtk_widget_set_margin_start (label, 12);
  gtk_widget_set_margin_end (label, 12);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dimmed");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
