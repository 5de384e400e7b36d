/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-cg-lookup"

#include "config.h"

#include <string.h>

#include "burble-cg-connection-private.h"
#include "burble-cg-name.h"

/*
 * Asking for people, one after the other: a server that gets several requests at once may stop for
 * everybody.
 */

struct _BurbleCgLookup
{
  char *username; /* as the servers want it: without capitals */
  char *spelled;  /* as it was typed, for a server that minds capitals */
  char *uuid;
  BurbleCgFoundFunc func;
  gpointer data;
  GDestroyNotify destroy;
};

static void ask_now (BurbleCgConnection *self);
static void ask_next (BurbleCgConnection *self);
static void heard_cb (BurbleCgConnection *self, BurblePersonInfo *person, const GError *error,
                      gpointer data);

static void
lookup_free (BurbleCgLookup *lookup)
{
  if (lookup->destroy != NULL)
    lookup->destroy (lookup->data);
  g_free (lookup->username);
  g_free (lookup->spelled);
  g_free (lookup->uuid);
  g_free (lookup);
}

static void
end_lookup (BurbleCgConnection *self, BurblePersonInfo *person, const GError *error)
{
  BurbleCgLookup *lookup = g_steal_pointer (&self->asked);

  g_clear_handle_id (&self->asked_source, g_source_remove);
  lookup->func (self, person, error, lookup->data);
  lookup_free (lookup);
  ask_next (self);
}

/* The same once more, with the capitals; FALSE: there is no other way to write it. */
static gboolean
ask_as_spelled (BurbleCgConnection *self)
{
  BurbleCgLookup *lookup = self->asked;

  if (lookup->uuid != NULL || strcmp (lookup->username, lookup->spelled) == 0)
    return FALSE;
  g_set_str (&lookup->username, lookup->spelled);
  g_clear_handle_id (&self->asked_source, g_source_remove);
  ask_now (self);
  return TRUE;
}

static void
silence_cb (gpointer user_data)
{
  g_autoptr(BurbleCgConnection) self = g_object_ref (user_data);
  g_autoptr(GError) error =
    g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT,
                         "No answer; perhaps there is nobody of that name");

  self->asked_source = 0;
  self->unanswered++;
  if (ask_as_spelled (self))
    return;
  /* Or nobody listens any more. */
  if (self->asked->func != heard_cb)
    burble_cg_lookup_check (self);
  end_lookup (self, NULL, error);
}

static void
unsent_cb (gpointer user_data)
{
  g_autoptr(BurbleCgConnection) self = g_object_ref (user_data);
  g_autoptr(GError) error =
    g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
                         "This cannot be asked of the server");

  self->asked_source = 0;
  end_lookup (self, NULL, error);
}

static void
ask_now (BurbleCgConnection *self)
{
  g_autoptr(BurbleCgPacket) packet = burble_cg_packet_new (BURBLE_CG_USER);

  packet->username = g_strdup (self->asked->username);
  packet->uuid = g_strdup (self->asked->uuid);
  self->asked_source = burble_cg_connection_send (self, packet, NULL)
                       ? g_timeout_add_once (self->lookup_timeout, silence_cb, self)
                       : g_idle_add_once (unsent_cb, self);
}

static void
ask_next (BurbleCgConnection *self)
{
  if (self->asked != NULL || self->step != BURBLE_CG_STEP_ONLINE)
    return;
  self->asked = g_queue_pop_head (&self->lookups);
  if (self->asked != NULL)
    ask_now (self);
}

void
burble_cg_lookup_ask (BurbleCgConnection *self,
                      const char         *username,
                      const char         *uuid,
                      gboolean            urgent,
                      BurbleCgFoundFunc   func,
                      gpointer            data,
                      GDestroyNotify      destroy)
{
  BurbleCgLookup *lookup = g_new0 (BurbleCgLookup, 1);
  /* One's own UUID is never answered: it is how one changes one's profile. */
  gboolean own = uuid != NULL && g_strcmp0 (uuid, self->own_uuid) == 0;

  lookup->spelled = g_strdup (own ? self->username : username);
  if (lookup->spelled != NULL)
    lookup->username = g_utf8_strdown (lookup->spelled, -1);
  lookup->uuid = own ? NULL : g_strdup (uuid);
  lookup->func = func;
  lookup->data = data;
  lookup->destroy = destroy;
  if (urgent)
    g_queue_push_head (&self->lookups, lookup);
  else
    g_queue_push_tail (&self->lookups, lookup);
  ask_next (self);
}

/* A server that once knew us and now says nothing has stopped, whatever its socket says. */
static void
heard_cb (BurbleCgConnection *self,
          BurblePersonInfo   *person,
          const GError       *error,
          gpointer            data)
{
  g_autoptr(GError) lost = NULL;

  self->checking = FALSE;
  if (error == NULL)
    self->heard_self = self->heard_self || person->exists;
  if (!self->heard_self
      || !g_error_matches (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT))
    return;
  lost = g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT,
                              "The server does not answer any more");
  burble_cg_connection_lose (self, lost);
}

void
burble_cg_lookup_check (BurbleCgConnection *self)
{
  if (self->checking || self->step != BURBLE_CG_STEP_ONLINE)
    return;
  self->checking = TRUE;
  burble_cg_lookup_ask (self, self->username, NULL, TRUE, heard_cb, NULL, NULL);
}

char *
burble_cg_lookup_name (BurbleCgConnection *self, const char *text)
{
  const char *at = strrchr (text, '@');

  return at != NULL && g_ascii_strcasecmp (at + 1, self->host) == 0 ? g_strndup (text, at - text)
                                                                    : g_strdup (text);
}

void
burble_cg_lookup_fail_all (BurbleCgConnection *self, const GError *error)
{
  GQueue lookups = self->lookups;
  BurbleCgLookup *lookup = NULL;

  g_clear_handle_id (&self->asked_source, g_source_remove);
  g_queue_init (&self->lookups);
  if (self->asked != NULL)
    g_queue_push_head (&lookups, g_steal_pointer (&self->asked));
  while ((lookup = g_queue_pop_head (&lookups)) != NULL)
    {
      lookup->func (self, NULL, error, lookup->data);
      lookup_free (lookup);
    }
}

static BurblePeerStatus
status_from_wire (BurbleCgStatus status)
{
  switch (status)
    {
    case BURBLE_CG_STATUS_ONLINE:
      return BURBLE_PEER_AVAILABLE;
    case BURBLE_CG_STATUS_AWAY:
      return BURBLE_PEER_AWAY;
    case BURBLE_CG_STATUS_BUSY:
      return BURBLE_PEER_DND;
    case BURBLE_CG_STATUS_OFFLINE:
      return BURBLE_PEER_OFFLINE;
    case BURBLE_CG_STATUS_NOT_EXIST:
    case BURBLE_CG_STATUS_UNKNOWN:
    default:
      return BURBLE_PEER_UNKNOWN;
    }
}

static BurblePersonInfo *
read_person (const BurbleCgPacket *packet)
{
  BurblePersonInfo *person = burble_person_info_new ();

  if (packet->status == BURBLE_CG_STATUS_NOT_EXIST)
    return person;
  person->uuid = g_strdup (packet->uuid);
  person->name = packet->username != NULL ? burble_cg_name_clean (packet->username) : NULL;
  /* Names change; a UUID does not. */
  if (packet->uuid != NULL)
    person->id = g_strdup (packet->uuid);
  else if (packet->username != NULL && burble_cg_name_is_possible (packet->username))
    person->id = g_utf8_strdown (packet->username, -1);
  person->exists = person->id != NULL;
  person->status = status_from_wire (packet->status);
  if (packet->status == BURBLE_CG_STATUS_UNKNOWN && packet->status_word != NULL)
    person->status_word = burble_cg_name_clean (packet->status_word);
  for (guint i = 0; i < packet->attributes->len; i++)
    {
      const BurbleCgAttribute *attribute = g_ptr_array_index (packet->attributes, i);

      burble_person_info_add_attribute (person, attribute->key, attribute->text);
    }
  return person;
}

/* Whether it is what was asked for, and not news about somebody else. */
static gboolean
answers (const BurbleCgLookup *lookup, const BurblePersonInfo *person)
{
  g_autofree char *name = NULL;
  g_autofree char *asked = NULL;

  if (lookup->uuid != NULL)
    return g_strcmp0 (lookup->uuid, person->uuid) == 0;
  name = person->name != NULL ? g_utf8_strdown (person->name, -1) : NULL;
  asked = g_utf8_strdown (lookup->username, -1);
  return g_strcmp0 (asked, name) == 0;
}

static void
take_nobody (BurbleCgConnection *self, BurblePersonInfo *person)
{
  BurbleCgLookup *lookup = self->asked;

  /* It does not say who: it may be the late answer to a question that was given up. */
  if (self->unanswered > 0)
    {
      self->unanswered--;
      return;
    }
  if (lookup == NULL)
    return;
  if (!ask_as_spelled (self))
    end_lookup (self, person, NULL);
}

/* Who is told of before anybody has asked need not be asked for. */
static void
answer_waiting (BurbleCgConnection *self, BurblePersonInfo *person)
{
  GQueue answered = G_QUEUE_INIT;
  BurbleCgLookup *lookup = NULL;

  for (GList *link = self->lookups.head; link != NULL;)
    {
      GList *next = link->next;

      if (answers (link->data, person))
        {
          g_queue_push_tail (&answered, link->data);
          g_queue_delete_link (&self->lookups, link);
        }
      link = next;
    }
  while ((lookup = g_queue_pop_head (&answered)) != NULL)
    {
      lookup->func (self, person, NULL, lookup->data);
      lookup_free (lookup);
    }
}

/* May come at any time and in any state. */
void
burble_cg_lookup_take (BurbleCgConnection *self, const BurbleCgPacket *packet)
{
  g_autoptr(BurblePersonInfo) person = read_person (packet);
  BurbleFramedStream *stream = self->stream;

  if (packet->status == BURBLE_CG_STATUS_NOT_EXIST)
    {
      take_nobody (self, person);
      return;
    }
  if (!person->exists)
    return;
  burble_cg_people_take (self, person);
  burble_directory_channel_emit_changed (BURBLE_DIRECTORY_CHANNEL (self), person);
  if (self->stream == stream)
    answer_waiting (self, person);
  if (self->stream == stream && self->asked != NULL && answers (self->asked, person))
    end_lookup (self, person, NULL);
}

/* The channel. */

static void
found_cb (BurbleCgConnection *self,
          BurblePersonInfo   *person,
          const GError       *error,
          gpointer            data)
{
  if (error != NULL)
    g_task_return_error (data, g_error_copy (error));
  else
    g_task_return_pointer (data, burble_person_info_copy (person),
                           (GDestroyNotify) burble_person_info_free);
}

static void
lookup_async (BurbleDirectoryChannel *channel,
              const char             *username,
              const char             *uuid,
              GCancellable           *cancellable,
              GAsyncReadyCallback     callback,
              gpointer                user_data)
{
  BurbleCgConnection *self = BURBLE_CG_CONNECTION (channel);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *normal = uuid != NULL ? burble_cg_uuid_normalize (uuid) : NULL;
  g_autofree char *name = NULL;

  g_task_set_source_tag (task, lookup_async);
  if (self->step != BURBLE_CG_STEP_ONLINE)
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                       BURBLE_PROTOCOL_ERROR_NOT_CONNECTED, "Not connected");
      return;
    }
  name = burble_cg_lookup_name (self, username != NULL ? username : "");
  if (uuid != NULL ? normal == NULL : !burble_cg_name_is_possible (name))
    g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                     BURBLE_PROTOCOL_ERROR_BAD_ADDRESS, "Nobody can be called so");
  else
    burble_cg_lookup_ask (self, name, normal, TRUE, found_cb, g_steal_pointer (&task),
                          g_object_unref);
}

static BurblePersonInfo *
lookup_finish (BurbleDirectoryChannel *channel, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, channel), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
burble_cg_directory_iface_init (BurbleDirectoryChannelInterface *iface)
{
  iface->lookup_async = lookup_async;
  iface->lookup_finish = lookup_finish;
}
