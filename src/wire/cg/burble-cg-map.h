/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* No packet that means anything to us is nested deeper, or made of more values. */
#define BURBLE_CG_MAX_DEPTH 16
#define BURBLE_CG_MAX_VALUES 8192

/*
 * The body of a packet: a map with strings as keys. A member of another type than asked for counts
 * as missing.
 */
typedef struct _BurbleCgMap BurbleCgMap;

BurbleCgMap *burble_cg_map_parse       (GBytes      *body,
                                        GError     **error);
void         burble_cg_map_free        (BurbleCgMap *self);
/* (transfer full) (nullable) */
char        *burble_cg_map_dup_string  (BurbleCgMap *self,
                                        const char  *key);
gboolean     burble_cg_map_get_boolean (BurbleCgMap *self,
                                        const char  *key);
/* Said to be false, and not only not said. */
gboolean     burble_cg_map_is_false    (BurbleCgMap *self,
                                        const char  *key);
/* Whole numbers only; -1 where there is none, or none that fits. */
gint64       burble_cg_map_get_number  (BurbleCgMap *self,
                                        const char  *key);
double       burble_cg_map_get_double  (BurbleCgMap *self,
                                        const char  *key);

/* @text is the value in words that can be shown, of whatever type it is. */
typedef void (*BurbleCgMapFunc) (const char *key, const char *text, gpointer user_data);
typedef void (*BurbleCgMapNumberFunc) (const char *key, gint64 number, gpointer user_data);

void         burble_cg_map_foreach         (BurbleCgMap           *self,
                                            BurbleCgMapFunc        func,
                                            gpointer               user_data);
/* The members of the map that is the value of @key; FALSE: there is no such map. */
gboolean     burble_cg_map_foreach_in      (BurbleCgMap           *self,
                                            const char            *key,
                                            BurbleCgMapFunc        func,
                                            gpointer               user_data);
gboolean     burble_cg_map_foreach_number_in (BurbleCgMap           *self,
                                              const char            *key,
                                              BurbleCgMapNumberFunc  func,
                                              gpointer               user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleCgMap, burble_cg_map_free)

G_END_DECLS
