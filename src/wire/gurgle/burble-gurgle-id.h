/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  BURBLE_GURGLE_SCHEME_GRGL,
  BURBLE_GURGLE_SCHEME_XMPP,
} BurbleGurgleScheme;

#define BURBLE_GURGLE_ID_MAX_FIELD 1023

/**
 * BurbleGurgleId:
 *
 * A prepared, immutable identifier (Gurgle, section 1): every field has been through its RFC 3454
 * profile, so two ids name the same thing exactly when their fields are the same bytes.
 */
typedef struct _BurbleGurgleId BurbleGurgleId;

#define BURBLE_TYPE_GURGLE_ID (burble_gurgle_id_get_type ())
GType               burble_gurgle_id_get_type     (void);

BurbleGurgleId     *burble_gurgle_id_new          (const char            *username,
                                                   const char            *domain,
                                                   const char            *terminal,
                                                   GError               **error);
BurbleGurgleId     *burble_gurgle_id_parse        (const char            *text,
                                                   GError               **error);
BurbleGurgleId     *burble_gurgle_id_parse_uri    (const char            *uri,
                                                   GError               **error);
BurbleGurgleId     *burble_gurgle_id_ref          (BurbleGurgleId        *self);
void                burble_gurgle_id_unref        (BurbleGurgleId        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleGurgleId, burble_gurgle_id_unref)

BurbleGurgleScheme  burble_gurgle_id_get_scheme   (const BurbleGurgleId  *self);
const char         *burble_gurgle_id_get_username (const BurbleGurgleId  *self);
/* As a resolver takes it: an IPv6 literal is without brackets here, with them in bare and full. */
const char         *burble_gurgle_id_get_domain   (const BurbleGurgleId  *self);
const char         *burble_gurgle_id_get_terminal (const BurbleGurgleId  *self); /* nullable */
/* "username@domain"; an xmpp id keeps its "xmpp:" in front. Owned by the id. */
const char         *burble_gurgle_id_get_bare     (const BurbleGurgleId  *self);
/* "username@domain/terminal", or the bare id where there is no terminal. Owned by the id. */
const char         *burble_gurgle_id_get_full     (const BurbleGurgleId  *self);
char               *burble_gurgle_id_to_uri       (const BurbleGurgleId  *self);
BurbleGurgleId     *burble_gurgle_id_with_terminal (const BurbleGurgleId *self,
                                                   const char            *terminal,
                                                   GError               **error);
gboolean            burble_gurgle_id_equal_bare   (const BurbleGurgleId  *a,
                                                   const BurbleGurgleId  *b);

G_END_DECLS
