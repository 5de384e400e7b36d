/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * BurbleBubbleText:
 *
 * A label with a footer (time and state) that stands in the last line of the text if there is room
 * for it, else on a line of its own. Children from a template: types “text” (a GtkLabel that wraps)
 * and “footer”.
 */
#define BURBLE_TYPE_BUBBLE_TEXT (burble_bubble_text_get_type ())
G_DECLARE_FINAL_TYPE (BurbleBubbleText, burble_bubble_text, BURBLE, BUBBLE_TEXT, GtkWidget)

G_END_DECLS
