/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-screenshots"

#include "config.h"

#include "burble-screenshots.h"

#define WIDE_WIDTH 1000
#define WIDE_HEIGHT 700
#define NARROW_WIDTH 360
#define NARROW_HEIGHT 680

/* Time for people to say something, and for a state to come to rest. */
#define BEGIN_SECONDS 8
#define STEP_SECONDS 2

typedef struct
{
  BurbleWindow *window;
  char *folder;
  guint step;
} Walk;

typedef struct
{
  const char *name;
  int width;
  int height;
  gboolean dark;
  const char *action; /* activated before the picture; detailed, without target */
  const char *then;   /* activated after it, to leave the state */
} Step;

static const Step steps[] = {
  { "main", WIDE_WIDTH, WIDE_HEIGHT, FALSE, NULL, NULL },
  { "main-dark", WIDE_WIDTH, WIDE_HEIGHT, TRUE, NULL, NULL },
  { "details", 1240, WIDE_HEIGHT, FALSE, "win.details", "win.details" },
  { "contacts", WIDE_WIDTH, WIDE_HEIGHT, FALSE, "win.show-contacts", "win.show-chats" },
  { "find", WIDE_WIDTH, WIDE_HEIGHT, FALSE, "win.find", "win.back" },
  { "narrow-chat", NARROW_WIDTH, NARROW_HEIGHT, FALSE, NULL, "win.back" },
  { "narrow-list", NARROW_WIDTH, NARROW_HEIGHT, FALSE, NULL, NULL },
  { "new-chat", WIDE_WIDTH, WIDE_HEIGHT, FALSE, "win.new-chat", "window.close-dialog" },
  { "preferences", WIDE_WIDTH, WIDE_HEIGHT, FALSE, "app.preferences", "window.close-dialog" },
  { "shortcuts", WIDE_WIDTH, WIDE_HEIGHT, FALSE, "app.shortcuts", "window.close-dialog" },
};

static void
walk_free (Walk *walk)
{
  g_object_unref (walk->window);
  g_free (walk->folder);
  g_free (walk);
}

static gboolean
save (Walk *walk, const char *name)
{
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (walk->window));
  g_autoptr(GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr(GskRenderNode) node = NULL;
  g_autoptr(GdkTexture) texture = NULL;
  g_autofree char *file_name = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_build_filename (walk->folder, file_name, NULL);

  gdk_paintable_snapshot (paintable, snapshot, gdk_paintable_get_intrinsic_width (paintable),
                          gdk_paintable_get_intrinsic_height (paintable));
  node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  if (node == NULL)
    return FALSE;
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (walk->window)), node,
                                         NULL);
  return gdk_texture_save_to_png (texture, path);
}

static void
activate (Walk *walk, const char *action)
{
  AdwDialog *dialog = adw_application_window_get_visible_dialog (
    ADW_APPLICATION_WINDOW (walk->window));

  if (g_strcmp0 (action, "window.close-dialog") == 0 && dialog != NULL)
    adw_dialog_force_close (dialog);
  else if (action != NULL)
    gtk_widget_activate_action (GTK_WIDGET (walk->window), action, NULL);
}

static void
enter (Walk *walk)
{
  const Step *step = &steps[walk->step];

  gtk_window_set_default_size (GTK_WINDOW (walk->window), step->width, step->height);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      step->dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                                 : ADW_COLOR_SCHEME_FORCE_LIGHT);
  activate (walk, step->action);
}

static gboolean
step_cb (gpointer user_data)
{
  Walk *walk = user_data;

  if (!save (walk, steps[walk->step].name))
    g_printerr ("no picture of %s\n", steps[walk->step].name);
  activate (walk, steps[walk->step].then);
  walk->step++;
  if (walk->step < G_N_ELEMENTS (steps))
    {
      enter (walk);
      return G_SOURCE_CONTINUE;
    }
  gtk_widget_activate_action (GTK_WIDGET (walk->window), "app.quit", NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
begin_cb (gpointer user_data)
{
  Walk *walk = user_data;

  /* The first chat of the list, as somebody would who has just sat down. */
  if (burble_window_get_conversation (walk->window) == NULL)
    gtk_widget_activate_action (GTK_WIDGET (walk->window), "win.next-chat", NULL);
  enter (walk);
  g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, STEP_SECONDS, step_cb, walk,
                              (GDestroyNotify) walk_free);
  return G_SOURCE_REMOVE;
}

/**
 * burble_screenshots_take:
 * @window: a window that is presented
 * @folder: an existing folder
 *
 * Walks through the states of the window as a user would, leaves a PNG of each in @folder, and
 * quits the application.
 */
void
burble_screenshots_take (BurbleWindow *window, const char *folder)
{
  Walk *walk;

  g_return_if_fail (BURBLE_IS_WINDOW (window));

  walk = g_new0 (Walk, 1);
  walk->window = g_object_ref (window);
  walk->folder = g_strdup (folder);
  g_timeout_add_seconds (BEGIN_SECONDS, begin_cb, walk);
}
