/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a clock on the wall of the site showed, as if that were UTC: a date there has no zone. */
typedef struct
{
  gint64 time;      /* µs since 1970; 0: it cannot be read */
  gint64 precision; /* µs that it may have been later */
} BurblePrivateChatDate;

BurblePrivateChatDate burble_private_chat_date_read (const char *text);

G_END_DECLS
