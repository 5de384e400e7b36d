/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* More than this is cut in a bubble: a label of a megabyte would hold up the window. */
#define BURBLE_TEXT_BUBBLE_MAX 6000

char     *burble_text_one_line   (const char *text, gsize max_chars);
char     *burble_text_to_markup  (const char *text, gsize max_chars, gboolean *cut);
gboolean  burble_text_uri_allowed (const char *uri);
gboolean  burble_text_is_emoji   (const char *text);

G_END_DECLS
