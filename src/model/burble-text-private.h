/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include <glib.h>

G_BEGIN_DECLS

/* Networks and entry rows do not tell "none" from "empty"; the model knows only NULL. */
static inline const char *
burble_text_or_null (const char *text)
{
  return text != NULL && *text != '\0' ? text : NULL;
}

/* The part of a bare id that a person would call the name; never empty where the id is not. */
static inline char *
burble_text_local_part (const char *id)
{
  const char *at = strchr (id, '@');

  return at != NULL && at != id ? g_strndup (id, at - id) : g_strdup (id);
}

G_END_DECLS
