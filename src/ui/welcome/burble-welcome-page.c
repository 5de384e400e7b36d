/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-welcome-page"

#include "config.h"

#include "burble-welcome-page.h"

#include <glib/gi18n-lib.h>

struct _BurbleWelcomePage
{
  AdwBin parent_instance;

  BurbleAccountForm *form;
};

G_DEFINE_FINAL_TYPE (BurbleWelcomePage, burble_welcome_page, ADW_TYPE_BIN)

static char *
title (BurbleWelcomePage *self, gboolean creating)
{
  return g_strdup (creating ? _("Create an Account") : _("Welcome to Burble"));
}

static char *
description (BurbleWelcomePage *self, gboolean creating)
{
  return g_strdup (creating ? _("Choose an address on your server and a password")
                            : _("Chat with the people on your own server"));
}

static char *
switch_label (BurbleWelcomePage *self, gboolean creating)
{
  return g_strdup (creating ? _("Use an Existing Account") : _("Create an Account"));
}

/* Not everywhere is there a demo to start; then there is no button for it. */
static gboolean
can_demo (BurbleWelcomePage *self, gboolean creating)
{
  GApplication *application = g_application_get_default ();

  return !creating && application != NULL &&
         g_action_group_has_action (G_ACTION_GROUP (application), "demo");
}

static void
switch_clicked_cb (BurbleWelcomePage *self)
{
  gboolean creating;

  g_object_get (self->form, "creating", &creating, NULL);
  g_object_set (self->form, "creating", !creating, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self->form));
}

static gboolean
burble_welcome_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (BURBLE_WELCOME_PAGE (widget)->form));
}

static void
burble_welcome_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), BURBLE_TYPE_WELCOME_PAGE);
  G_OBJECT_CLASS (burble_welcome_page_parent_class)->dispose (object);
}

static void
burble_welcome_page_class_init (BurbleWelcomePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = burble_welcome_page_dispose;
  widget_class->grab_focus = burble_welcome_page_grab_focus;

  g_type_ensure (BURBLE_TYPE_ACCOUNT_FORM);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/burble/Burble/welcome/burble-welcome-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BurbleWelcomePage, form);
  gtk_widget_class_bind_template_callback (widget_class, title);
  gtk_widget_class_bind_template_callback (widget_class, description);
  gtk_widget_class_bind_template_callback (widget_class, switch_label);
  gtk_widget_class_bind_template_callback (widget_class, can_demo);
  gtk_widget_class_bind_template_callback (widget_class, switch_clicked_cb);
}

static void
burble_welcome_page_init (BurbleWelcomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
burble_welcome_page_set_session (BurbleWelcomePage *self, BurbleSession *session,
                                 const char * const *networks)
{
  g_return_if_fail (BURBLE_IS_WELCOME_PAGE (self));

  burble_account_form_set_session (self->form, session, networks);
}
