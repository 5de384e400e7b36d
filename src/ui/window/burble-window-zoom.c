/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-window-zoom"

#include "config.h"

#include <math.h>

#include "burble-window-private.h"

#define STEP 0.1
#define SMALLEST 0.5
#define LARGEST 3.0

static void
set_scale (BurbleWindow *self, double scale)
{
  if (self->settings != NULL)
    g_settings_set_double (self->settings, "text-scale",
                           CLAMP (round (scale / STEP) * STEP, SMALLEST, LARGEST));
}

static void
zoom_in_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleWindow *self = BURBLE_WINDOW (widget);

  if (self->settings != NULL)
    set_scale (self, g_settings_get_double (self->settings, "text-scale") + STEP);
}

static void
zoom_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BurbleWindow *self = BURBLE_WINDOW (widget);

  if (self->settings != NULL)
    set_scale (self, g_settings_get_double (self->settings, "text-scale") - STEP);
}

static void
zoom_reset_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  set_scale (BURBLE_WINDOW (widget), 1.0);
}

void
burble_window_install_zoom (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.zoom-in", NULL, zoom_in_action);
  gtk_widget_class_install_action (widget_class, "win.zoom-out", NULL, zoom_out_action);
  gtk_widget_class_install_action (widget_class, "win.zoom-reset", NULL, zoom_reset_action);
}

void
burble_window_drop_zoom (BurbleWindow *self)
{
  if (self->text_scale != NULL)
    gtk_style_context_remove_provider_for_display (gtk_widget_get_display (GTK_WIDGET (self)),
                                                   GTK_STYLE_PROVIDER (self->text_scale));
  g_clear_object (&self->text_scale);
}

void
burble_window_update_zoom (BurbleWindow *self)
{
  int percent = (int) round (g_settings_get_double (self->settings, "text-scale") * 100);
  g_autofree char *css = NULL;

  burble_window_drop_zoom (self);
  if (percent == 100)
    return;
  css = g_strdup_printf ("message, .composer textview, .composer .field label "
                         "{ font-size: %d%%; }", percent);
  self->text_scale = gtk_css_provider_new ();
  gtk_css_provider_load_from_string (self->text_scale, css);
  gtk_style_context_add_provider_for_display (gtk_widget_get_display (GTK_WIDGET (self)),
                                              GTK_STYLE_PROVIDER (self->text_scale),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}
