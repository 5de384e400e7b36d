/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-person"

#include "config.h"

#include "burble-person.h"

struct _BurblePerson
{
  GObject parent_instance;

  char *id;
  char *uuid;
  char *name;
  char *bio;
  char *status_word;
  BurbleStatus status;
  GPtrArray *details; /* key, text, key, text … */
};

G_DEFINE_FINAL_TYPE (BurblePerson, burble_person, G_TYPE_OBJECT)

static void
burble_person_finalize (GObject *object)
{
  BurblePerson *self = BURBLE_PERSON (object);

  g_free (self->id);
  g_free (self->uuid);
  g_free (self->name);
  g_free (self->bio);
  g_free (self->status_word);
  g_ptr_array_unref (self->details);

  G_OBJECT_CLASS (burble_person_parent_class)->finalize (object);
}

static void
burble_person_class_init (BurblePersonClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = burble_person_finalize;
}

static void
burble_person_init (BurblePerson *self)
{
  self->details = g_ptr_array_new_with_free_func (g_free);
}

BurblePerson *
burble_person_new (const char   *id,
                   const char   *uuid,
                   const char   *name,
                   const char   *bio,
                   BurbleStatus  status,
                   const char   *status_word)
{
  BurblePerson *self = g_object_new (BURBLE_TYPE_PERSON, NULL);

  self->id = g_strdup (id);
  self->uuid = g_strdup (uuid);
  self->name = g_strdup (name);
  self->bio = g_strdup (bio);
  self->status = status;
  self->status_word = g_strdup (status_word);
  return self;
}

const char *
burble_person_get_id (BurblePerson *self)
{
  g_return_val_if_fail (BURBLE_IS_PERSON (self), NULL);

  return self->id;
}

const char *
burble_person_get_uuid (BurblePerson *self)
{
  g_return_val_if_fail (BURBLE_IS_PERSON (self), NULL);

  return self->uuid;
}

const char *
burble_person_get_name (BurblePerson *self)
{
  g_return_val_if_fail (BURBLE_IS_PERSON (self), NULL);

  return self->name;
}

const char *
burble_person_get_bio (BurblePerson *self)
{
  g_return_val_if_fail (BURBLE_IS_PERSON (self), NULL);

  return self->bio;
}

BurbleStatus
burble_person_get_status (BurblePerson *self)
{
  g_return_val_if_fail (BURBLE_IS_PERSON (self), BURBLE_STATUS_UNKNOWN);

  return self->status;
}

const char *
burble_person_get_status_word (BurblePerson *self)
{
  g_return_val_if_fail (BURBLE_IS_PERSON (self), NULL);

  return self->status_word;
}

void
burble_person_add_detail (BurblePerson *self, const char *key, const char *text)
{
  g_return_if_fail (BURBLE_IS_PERSON (self));

  g_ptr_array_add (self->details, g_strdup (key));
  g_ptr_array_add (self->details, g_strdup (text));
}

guint
burble_person_get_n_details (BurblePerson *self)
{
  g_return_val_if_fail (BURBLE_IS_PERSON (self), 0);

  return self->details->len / 2;
}

const char *
burble_person_get_detail (BurblePerson *self, guint position, const char **key)
{
  g_return_val_if_fail (BURBLE_IS_PERSON (self), NULL);
  g_return_val_if_fail (position < self->details->len / 2, NULL);

  *key = g_ptr_array_index (self->details, 2 * position);
  return g_ptr_array_index (self->details, 2 * position + 1);
}
