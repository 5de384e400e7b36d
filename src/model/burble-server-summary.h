/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * BurbleServerSummary:
 *
 * What a server says of itself to somebody who has no account there yet. It does not change.
 */
#define BURBLE_TYPE_SERVER_SUMMARY (burble_server_summary_get_type ())
G_DECLARE_FINAL_TYPE (BurbleServerSummary, burble_server_summary, BURBLE, SERVER_SUMMARY, GObject)

/* people, max_people: -1 where it does not say; age: of what it speaks, 0 ours, below 0 older. */
BurbleServerSummary *burble_server_summary_new             (const char          *name,
                                                            const char          *slogan,
                                                            gint64               people,
                                                            gint64               max_people,
                                                            gboolean             can_sign_in,
                                                            int                  age);
/* What it calls itself, or NULL. */
const char          *burble_server_summary_get_name        (BurbleServerSummary *self);
const char          *burble_server_summary_get_slogan      (BurbleServerSummary *self);
/* Who are there now, without us. */
gint64               burble_server_summary_get_people      (BurbleServerSummary *self);
gint64               burble_server_summary_get_max_people  (BurbleServerSummary *self);
gboolean             burble_server_summary_get_can_sign_in (BurbleServerSummary *self);
int                  burble_server_summary_get_age         (BurbleServerSummary *self);

G_END_DECLS
