/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BURBLE_UI_RESOURCE_PATH "/im/burble/Burble"

/* Makes the templates, icons and style known. Before the first widget, any number of times. */
void burble_ui_init (void);

G_END_DECLS
