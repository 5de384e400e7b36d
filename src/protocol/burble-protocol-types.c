/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-protocol-types"

#include "config.h"

#include "burble-protocol-types.h"

/*
 * The words that protocols and the session speak with each other: plain structs that own what they
 * point to.
 */

G_DEFINE_QUARK (burble-protocol-error-quark, burble_protocol_error)

/**
 * burble_protocol_error_needs_user:
 * @error: (nullable): an error of any domain
 *
 * Whether trying again by itself cannot help: somebody has to change something first.
 */
gboolean
burble_protocol_error_needs_user (const GError *error)
{
  if (error == NULL || error->domain != BURBLE_PROTOCOL_ERROR)
    return FALSE;

  switch ((BurbleProtocolError) error->code)
    {
    case BURBLE_PROTOCOL_ERROR_PASSWORD:
    case BURBLE_PROTOCOL_ERROR_DISABLED:
    case BURBLE_PROTOCOL_ERROR_CERTIFICATE:
    case BURBLE_PROTOCOL_ERROR_UNSUPPORTED:
    case BURBLE_PROTOCOL_ERROR_EXISTS:
    case BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED:
    case BURBLE_PROTOCOL_ERROR_BAD_PASSWORD:
    case BURBLE_PROTOCOL_ERROR_BAD_ADDRESS:
    case BURBLE_PROTOCOL_ERROR_REPLACED:
    case BURBLE_PROTOCOL_ERROR_UNENCRYPTED:
      return TRUE;
    case BURBLE_PROTOCOL_ERROR_TIMED_OUT:
    case BURBLE_PROTOCOL_ERROR_NOT_CONNECTED:
    case BURBLE_PROTOCOL_ERROR_REFUSED:
    case BURBLE_PROTOCOL_ERROR_KILLED:
    case BURBLE_PROTOCOL_ERROR_THROTTLED:
    case BURBLE_PROTOCOL_ERROR_BAD_DATA:
    default:
      return FALSE;
    }
}

BurbleConnectionSettings *
burble_connection_settings_new (const char *address)
{
  BurbleConnectionSettings *self = g_new0 (BurbleConnectionSettings, 1);

  self->address = g_strdup (address);
  return self;
}

BurbleConnectionSettings *
burble_connection_settings_copy (const BurbleConnectionSettings *self)
{
  BurbleConnectionSettings *copy = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  copy = burble_connection_settings_new (self->address);
  copy->host = g_strdup (self->host);
  copy->port = self->port;
  copy->plain = self->plain;
  copy->websocket = g_strdup (self->websocket);
  copy->pin = g_strdup (self->pin);
  copy->terminal = g_strdup (self->terminal);
  return copy;
}

void
burble_connection_settings_free (BurbleConnectionSettings *self)
{
  if (self == NULL)
    return;

  g_free (self->address);
  g_free (self->host);
  g_free (self->websocket);
  g_free (self->pin);
  g_free (self->terminal);
  g_free (self);
}

BurblePresenceEvent *
burble_presence_event_new (const char       *id,
                           const char       *terminal,
                           BurblePeerStatus  status,
                           const char       *mood)
{
  BurblePresenceEvent *self = g_new0 (BurblePresenceEvent, 1);

  self->id = g_strdup (id);
  self->terminal = g_strdup (terminal);
  self->status = status;
  self->mood = g_strdup (mood);
  return self;
}

void
burble_presence_event_free (BurblePresenceEvent *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->terminal);
  g_free (self->mood);
  g_free (self);
}

BurbleRosterItem *
burble_roster_item_new (const char *id)
{
  BurbleRosterItem *self = g_new0 (BurbleRosterItem, 1);

  self->id = g_strdup (id);
  self->presences = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_presence_event_free);
  return self;
}

BurbleRosterItem *
burble_roster_item_copy (const BurbleRosterItem *self)
{
  BurbleRosterItem *copy = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  copy = burble_roster_item_new (self->id);
  copy->name = g_strdup (self->name);
  copy->bio = g_strdup (self->bio);
  copy->alias = g_strdup (self->alias);
  copy->has_alias = self->has_alias;
  copy->room = self->room;
  copy->subscription = self->subscription;
  copy->has_subscription = self->has_subscription;
  copy->asks = self->asks;
  copy->removed = self->removed;
  for (guint i = 0; i < self->presences->len; i++)
    {
      const BurblePresenceEvent *presence = g_ptr_array_index (self->presences, i);

      g_ptr_array_add (copy->presences,
                       burble_presence_event_new (presence->id, presence->terminal,
                                                  presence->status, presence->mood));
    }
  return copy;
}

void
burble_roster_item_free (BurbleRosterItem *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->name);
  g_free (self->bio);
  g_free (self->alias);
  g_ptr_array_unref (self->presences);
  g_free (self);
}

BurbleFileInfo *
burble_file_info_new (void)
{
  BurbleFileInfo *self = g_new0 (BurbleFileInfo, 1);

  self->size = -1;
  return self;
}

void
burble_file_info_free (BurbleFileInfo *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->name);
  g_free (self->media_type);
  g_free (self->token);
  g_free (self);
}

BurbleMessageEvent *
burble_message_event_new (const char *id)
{
  BurbleMessageEvent *self = g_new0 (BurbleMessageEvent, 1);

  self->id = g_strdup (id);
  self->seq = -1;
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_file_info_free);
  return self;
}

BurbleMessageEvent *
burble_message_event_copy (const BurbleMessageEvent *self)
{
  BurbleMessageEvent *copy = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  copy = burble_message_event_new (self->id);
  copy->peer = g_strdup (self->peer);
  copy->sender = g_strdup (self->sender);
  copy->sender_terminal = g_strdup (self->sender_terminal);
  copy->outgoing = self->outgoing;
  copy->read = self->read;
  copy->text = g_strdup (self->text);
  copy->html = g_strdup (self->html);
  copy->reply_to = g_strdup (self->reply_to);
  copy->time = self->time;
  copy->time_precision = self->time_precision;
  copy->time_text = g_strdup (self->time_text);
  copy->seq = self->seq;
  for (guint i = 0; i < self->files->len; i++)
    {
      const BurbleFileInfo *file = g_ptr_array_index (self->files, i);
      BurbleFileInfo *file_copy = burble_file_info_new ();

      file_copy->id = g_strdup (file->id);
      file_copy->name = g_strdup (file->name);
      file_copy->media_type = g_strdup (file->media_type);
      file_copy->size = file->size;
      file_copy->token = g_strdup (file->token);
      g_ptr_array_add (copy->files, file_copy);
    }
  return copy;
}

void
burble_message_event_free (BurbleMessageEvent *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->peer);
  g_free (self->sender);
  g_free (self->sender_terminal);
  g_free (self->text);
  g_free (self->html);
  g_free (self->reply_to);
  g_free (self->time_text);
  g_ptr_array_unref (self->files);
  g_free (self);
}

BurbleReceiptEvent *
burble_receipt_event_new (const char         *peer,
                          BurbleReceiptState  state,
                          const char * const *messages)
{
  BurbleReceiptEvent *self = g_new0 (BurbleReceiptEvent, 1);

  self->peer = g_strdup (peer);
  self->state = state;
  self->messages = g_strdupv ((char **) messages);
  if (self->messages == NULL)
    self->messages = g_new0 (char *, 1);
  return self;
}

void
burble_receipt_event_free (BurbleReceiptEvent *self)
{
  if (self == NULL)
    return;

  g_free (self->peer);
  g_strfreev (self->messages);
  g_free (self);
}

static void
person_attribute_free (gpointer data)
{
  BurblePersonAttribute *attribute = data;

  g_free (attribute->key);
  g_free (attribute->text);
  g_free (attribute);
}

BurblePersonInfo *
burble_person_info_new (void)
{
  BurblePersonInfo *self = g_new0 (BurblePersonInfo, 1);

  self->status = BURBLE_PEER_UNKNOWN;
  self->attributes = g_ptr_array_new_with_free_func (person_attribute_free);
  return self;
}

BurblePersonInfo *
burble_person_info_copy (const BurblePersonInfo *self)
{
  BurblePersonInfo *copy = burble_person_info_new ();

  copy->id = g_strdup (self->id);
  copy->uuid = g_strdup (self->uuid);
  copy->name = g_strdup (self->name);
  copy->bio = g_strdup (self->bio);
  copy->status = self->status;
  copy->status_word = g_strdup (self->status_word);
  copy->exists = self->exists;
  for (guint i = 0; i < self->attributes->len; i++)
    {
      const BurblePersonAttribute *attribute = g_ptr_array_index (self->attributes, i);

      burble_person_info_add_attribute (copy, attribute->key, attribute->text);
    }
  return copy;
}

void
burble_person_info_add_attribute (BurblePersonInfo *self, const char *key, const char *text)
{
  BurblePersonAttribute *attribute = g_new0 (BurblePersonAttribute, 1);

  attribute->key = g_strdup (key);
  attribute->text = g_strdup (text);
  g_ptr_array_add (self->attributes, attribute);
}

void
burble_person_info_free (BurblePersonInfo *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->uuid);
  g_free (self->name);
  g_free (self->bio);
  g_free (self->status_word);
  g_ptr_array_unref (self->attributes);
  g_free (self);
}

BurbleServerInfo *
burble_server_info_new (void)
{
  BurbleServerInfo *self = g_new0 (BurbleServerInfo, 1);

  self->people = self->max_people = -1;
  self->can_sign_in = TRUE;
  return self;
}

void
burble_server_info_free (BurbleServerInfo *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->slogan);
  g_free (self);
}
