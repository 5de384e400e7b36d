/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BURBLE_USERNAME_MAX_LENGTH 64

gboolean burble_username_check     (const char *username,
                                    GError    **error);
char    *burble_username_dup_shape (const char *username);

G_END_DECLS
