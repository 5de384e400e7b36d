/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * What a server answers with silence, or worse, is found wrong here instead.
 */

/* An account can be created under this name: a letter, then 2 to 15 letters, digits, underscores,
 * and not "bot…". */
gboolean burble_cg_name_is_new      (const char *name);
/* Somebody may be called so, once renamed: any one line of 1 to 64 characters. */
gboolean burble_cg_name_is_possible (const char *name);
/* What can be shown of any text in the place of a name: so much of it as may be a name. */
char    *burble_cg_name_clean       (const char *text);
gboolean burble_cg_password_is_possible (const char *password);
/* 32 lower-case hexadecimal digits out of a UUID with dashes or without; NULL: it is none. */
char    *burble_cg_uuid_normalize   (const char *text);

G_END_DECLS
