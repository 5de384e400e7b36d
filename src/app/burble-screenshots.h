/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-window.h"

G_BEGIN_DECLS

/*
 * Walks through the states of the window as a user would, one PNG each, and quits the application.
 */
void burble_screenshots_take (BurbleWindow *window, const char *folder);

G_END_DECLS
