/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "burble-test-wait.h"

G_BEGIN_DECLS

/* Instead of g_test_init(): libadwaita, templates, icons and style; from then on warnings end the
 * test as well. Without a display the program says so and ends as skipped. */
void       ui_test_init    (int *argc, char ***argv);
/* Settings in memory, of nobody else. */
GSettings *ui_test_settings (void);
/* libspelling 0.4.8 loses the regions of its text buffer adapter, where the leak checker cannot see
 * that it is libspelling's; under it, spelling is not checked. */
gboolean   ui_test_may_spell (void);
/* A window of its own around a widget, shown and laid out. */
GtkWindow *ui_test_show    (GtkWidget *widget);
/* Destroys the window; the widget, which the caller holds a reference of, must then be gone. */
void       ui_test_destroy (GtkWindow *window);
/* The first widget below @root of @type for which @check holds (NULL: any), depth first. */
typedef gboolean (*UiTestCheck) (GtkWidget *widget, gconstpointer data);
GtkWidget *ui_test_find    (GtkWidget *root, GType type, UiTestCheck check, gconstpointer data);
/* … that is shown and whose label is @text. */
GtkWidget *ui_test_find_label (GtkWidget *root, const char *text);
/* Presses of the button that runs @action. */
GtkWidget *ui_test_find_action (GtkWidget *root, const char *action);

G_END_DECLS
