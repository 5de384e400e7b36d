/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "burble-text-private.h"

G_BEGIN_DECLS

/* For setters: change the field and notify, or do neither. */

static inline void
burble_property_set_text (gpointer object, char **field, const char *value, GParamSpec *pspec)
{
  if (g_set_str (field, burble_text_or_null (value)))
    g_object_notify_by_pspec (G_OBJECT (object), pspec);
}

static inline void
burble_property_set_boolean (gpointer object, gboolean *field, gboolean value, GParamSpec *pspec)
{
  value = !!value;
  if (*field == value)
    return;
  *field = value;
  g_object_notify_by_pspec (G_OBJECT (object), pspec);
}

G_END_DECLS
