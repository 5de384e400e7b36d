/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Every accelerator of the application, in one table: the app sets them, the shortcuts window
 * lists them.
 */
typedef struct
{
  const char *action;    /* detailed name; NULL: built into a widget, listed only */
  const char *accels[3]; /* the first is the one shown first */
  const char *group;     /* untranslated; the same for neighbours */
  const char *title;     /* untranslated */
} BurbleShortcut;

const BurbleShortcut *burble_shortcuts_get (gsize *n_shortcuts);

G_END_DECLS
