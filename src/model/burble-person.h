/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "burble-enums.h"

G_BEGIN_DECLS

/**
 * BurblePerson:
 *
 * What a server says of somebody who was looked up. It does not change.
 */
#define BURBLE_TYPE_PERSON (burble_person_get_type ())
G_DECLARE_FINAL_TYPE (BurblePerson, burble_person, BURBLE, PERSON, GObject)

/* What can be added as a contact, or NULL: there is no such person. */
BurblePerson *burble_person_new             (const char   *id,
                                             const char   *uuid,
                                             const char   *name,
                                             const char   *bio,
                                             BurbleStatus  status,
                                             const char   *status_word);
const char   *burble_person_get_id          (BurblePerson *self);
const char   *burble_person_get_uuid        (BurblePerson *self);
const char   *burble_person_get_name        (BurblePerson *self);
const char   *burble_person_get_bio         (BurblePerson *self);
BurbleStatus  burble_person_get_status      (BurblePerson *self);
/* The server's own word for a status that has none of ours, or NULL. */
const char   *burble_person_get_status_word (BurblePerson *self);
/* What else is known, in the server's words. */
void          burble_person_add_detail      (BurblePerson *self,
                                             const char   *key,
                                             const char   *text);
guint         burble_person_get_n_details   (BurblePerson *self);
/* Returns the text. */
const char   *burble_person_get_detail      (BurblePerson *self,
                                             guint         position,
                                             const char  **key);

G_END_DECLS
