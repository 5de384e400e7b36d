/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "burble-storage.h"

G_BEGIN_DECLS

/**
 * BurbleUser:
 *
 * An account that is signed in somewhere: as much of its roster as presence needs.
 */
typedef struct
{
  gint64 account;
  char *username;
  char *bare_id;
  guint n_clients;
  char *uuid;           /* these two only where the directory is open */
  guint n_visible;      /* terminals that others may know of */
  gboolean loaded;
  gint64 version;       /* of the roster */
  gint64 password_revision; /* which password the first of its connections signed in with */
  GHashTable *contacts; /* peer -> BurbleSight; NULL where nobody is related */
} BurbleUser;

typedef enum
{
  BURBLE_SIGHT_NONE = 0,
  BURBLE_SIGHT_I_SEE = 1 << 0,
  BURBLE_SIGHT_SEES_ME = 1 << 1,
} BurbleSight;

typedef struct _BurbleUsers BurbleUsers;

BurbleUsers *burble_users_new       (const char *domain);
void         burble_users_free      (BurbleUsers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleUsers, burble_users_free)

BurbleUser  *burble_users_sign_in   (BurbleUsers *self, gint64 account, const char *username);
void         burble_users_sign_out  (BurbleUsers *self, BurbleUser *user);
BurbleUser  *burble_users_find      (BurbleUsers *self, gint64 account);
BurbleUser  *burble_users_find_name (BurbleUsers *self, const char *username);
void         burble_users_foreach   (BurbleUsers *self, void (*visit) (BurbleUser *, gpointer),
                                     gpointer user_data);

void         burble_user_load       (BurbleUser *self, gint64 version, GPtrArray *rows);
BurbleSight  burble_user_get_sight  (BurbleUser *self, gint64 peer);
void         burble_user_set_sight  (BurbleUser *self, gint64 peer, BurbleSight sight);
/* What a roster row (NULL: none) means for its owner. */
BurbleSight  burble_sight_of_row    (const BurbleRosterRow *row);

G_END_DECLS
