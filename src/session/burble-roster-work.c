/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-roster-work"

#include "config.h"

#include "burble-roster-work.h"

/* How long one turn of the main loop may take, and after how many people the clock is read: fewer
 * would be too many changes of the list. */
#define TURN_US 3000
#define BETWEEN_LOOKS 256
/* After drawing: a long list does not hold up the window. */
#define PRIORITY (G_PRIORITY_HIGH_IDLE + 30)

typedef struct _Job Job;

struct _Job
{
  void (*take) (BurbleRosterWork *self, Job *job, gpointer element);
  void (*end) (BurbleRosterWork *self, Job *job); /* (nullable) */
  char *etag;
  GPtrArray *elements;
  gboolean live;        /* objects that others hold as well, for this thread only */
  guint next;
  GPtrArray *fresh;     /* of this turn; to be shown at its end */
  GPtrArray *known;     /* (element-type BurbleContact): those that were changed */
  BurbleStoreRoster *roster; /* (nullable): of a whole one, those that were named */
  GPtrArray *gone;      /* (element-type BurbleContact) */
  GStrvBuilder *removed;
  GHashTable *named;    /* set of ids; they belong to the elements */
};

struct _BurbleRosterWork
{
  BurbleAccountScope *scope;
  char *etag;
  GQueue jobs; /* of Job */
  gboolean running;
  guint cleared; /* how often */
  guint source;
};

static void
unref_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_ptr_array_unref (task_data);
  g_task_return_boolean (task, TRUE);
}

/* What belongs to nobody else takes long to free when it is long. */
static void
unref_elsewhere (GPtrArray *elements)
{
  g_autoptr(GTask) task = NULL;

  if (elements->len <= BETWEEN_LOOKS)
    {
      g_ptr_array_unref (elements);
      return;
    }
  task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_source_tag (task, unref_elsewhere);
  g_task_set_task_data (task, elements, NULL);
  g_task_run_in_thread (task, unref_thread);
}

static void
job_free (Job *job)
{
  g_clear_pointer (&job->roster, burble_store_roster_free);
  g_free (job->etag);
  g_ptr_array_unref (job->fresh);
  g_ptr_array_unref (job->known);
  g_ptr_array_unref (job->gone);
  g_strv_builder_unref (job->removed);
  g_hash_table_unref (job->named);
  if (job->live)
    g_ptr_array_unref (job->elements);
  else
    unref_elsewhere (job->elements);
  g_free (job);
}

static BurbleSubscription
to_subscription (BurbleRosterSubscription subscription)
{
  switch (subscription)
    {
    case BURBLE_ROSTER_TO:
      return BURBLE_SUBSCRIPTION_TO;
    case BURBLE_ROSTER_FROM:
      return BURBLE_SUBSCRIPTION_FROM;
    case BURBLE_ROSTER_BOTH:
      return BURBLE_SUBSCRIPTION_BOTH;
    case BURBLE_ROSTER_NONE:
    default:
      return BURBLE_SUBSCRIPTION_NONE;
    }
}

/* Nobody else can be seen as invisible. */
static BurbleStatus
to_status (BurblePeerStatus status)
{
  switch (status)
    {
    case BURBLE_PEER_AVAILABLE:
      return BURBLE_STATUS_AVAILABLE;
    case BURBLE_PEER_AWAY:
      return BURBLE_STATUS_AWAY;
    case BURBLE_PEER_DND:
      return BURBLE_STATUS_DND;
    case BURBLE_PEER_UNKNOWN:
      return BURBLE_STATUS_UNKNOWN;
    case BURBLE_PEER_OFFLINE:
    case BURBLE_PEER_INVISIBLE:
    default:
      return BURBLE_STATUS_OFFLINE;
    }
}

static gboolean
is_named (GPtrArray *events, const char *terminal)
{
  for (guint i = 0; i < events->len; i++)
    {
      const BurblePresenceEvent *event = g_ptr_array_index (events, i);

      if (g_strcmp0 (event->terminal, terminal) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The terminals that are not named have gone. */
static void
drop_other_terminals (BurbleContact *contact, GPtrArray *events)
{
  GListModel *presences = burble_contact_get_presences (contact);

  for (guint i = g_list_model_get_n_items (presences); i > 0; i--)
    {
      g_autoptr(BurblePresence) presence = g_list_model_get_item (presences, i - 1);
      const char *terminal = burble_presence_get_terminal (presence);

      if (!is_named (events, terminal))
        burble_contact_update_presence (contact, terminal, BURBLE_STATUS_OFFLINE, NULL);
    }
}

/* The server's own word for a status that has none of ours. */
static char *
word_of (BurbleContact *contact)
{
  return burble_contact_get_status (contact) == BURBLE_STATUS_UNKNOWN
         ? g_strdup (burble_contact_get_mood (contact)) : NULL;
}

static void
apply_item (BurbleRosterWork *self, BurbleContact *contact, BurbleRosterItem *item, gboolean whole)
{
  BurbleNotificationPolicy *policy = burble_account_scope_get_policy (self->scope);
  BurbleStatus before = burble_contact_get_status (contact);
  g_autofree char *word = word_of (contact);
  gboolean asked = burble_contact_get_asks (contact);

  g_object_freeze_notify (G_OBJECT (contact));
  burble_contact_set_name (contact, item->name);
  burble_contact_set_bio (contact, item->bio);
  burble_contact_set_alias (contact, item->alias);
  burble_contact_set_kind (contact, item->room ? BURBLE_CONTACT_ROOM : BURBLE_CONTACT_PEER);
  burble_contact_set_subscription (contact, to_subscription (item->subscription));
  burble_contact_set_asks (contact, item->asks);
  burble_contact_set_in_roster (contact, TRUE);
  if (whole)
    drop_other_terminals (contact, item->presences);
  else if (item->presences->len == 0
           && item->subscription != BURBLE_ROSTER_TO && item->subscription != BURBLE_ROSTER_BOTH)
    burble_contact_clear_presences (contact);
  for (guint i = 0; i < item->presences->len; i++)
    {
      const BurblePresenceEvent *event = g_ptr_array_index (item->presences, i);

      burble_contact_update_presence (contact, event->terminal, to_status (event->status),
                                      event->mood);
    }
  g_object_thaw_notify (G_OBJECT (contact));

  burble_notification_policy_presence (policy, contact, before, word,
                                       burble_account_scope_is_settled (self->scope));
  if (asked != burble_contact_get_asks (contact))
    burble_notification_policy_request (policy, contact);
}

static void
leave_roster (BurbleRosterWork *self, BurbleContact *contact)
{
  gboolean asked = burble_contact_get_asks (contact);

  g_object_freeze_notify (G_OBJECT (contact));
  burble_contact_set_subscription (contact, BURBLE_SUBSCRIPTION_NONE);
  burble_contact_set_asks (contact, FALSE);
  burble_contact_set_alias (contact, NULL);
  burble_contact_set_in_roster (contact, FALSE);
  burble_contact_clear_presences (contact);
  g_object_thaw_notify (G_OBJECT (contact));
  if (asked)
    burble_notification_policy_request (burble_account_scope_get_policy (self->scope), contact);
}

/* New people get their fields before they are shown, and are shown many at once. */
static void
take_item (BurbleRosterWork *self, Job *job, BurbleRosterItem *item)
{
  BurbleContact *contact = burble_account_scope_find_contact (self->scope, item->id);

  if (contact == NULL)
    {
      contact = burble_contact_new (burble_account_scope_get_account (self->scope), item->id);
      g_ptr_array_add (job->fresh, contact);
    }
  apply_item (self, contact, item, job->roster != NULL);
  if (job->roster != NULL)
    burble_store_roster_add (job->roster, contact);
  else
    g_ptr_array_add (job->known, g_object_ref (contact));
}

static void
take_of_whole (BurbleRosterWork *self, Job *job, gpointer element)
{
  BurbleRosterItem *item = element;

  if (item->id != NULL && !item->removed && g_hash_table_add (job->named, item->id))
    take_item (self, job, item);
}

static void
find_gone (BurbleRosterWork *self, Job *job)
{
  GHashTable *contacts = burble_account_scope_get_contacts (self->scope);
  GHashTableIter iter;
  gpointer contact = NULL;

  /* All who were named are there; if nobody else is, nobody has gone. */
  if (g_hash_table_size (contacts) == g_hash_table_size (job->named))
    return;
  g_hash_table_iter_init (&iter, contacts);
  while (g_hash_table_iter_next (&iter, NULL, &contact))
    {
      if (burble_contact_get_in_roster (contact)
          && !g_hash_table_contains (job->named, burble_contact_get_id (contact)))
        g_ptr_array_add (job->gone, g_object_ref (contact));
    }
}

static void
end_whole (BurbleRosterWork *self, Job *job)
{
  find_gone (self, job);
  for (guint i = 0; i < job->gone->len; i++)
    leave_roster (self, g_ptr_array_index (job->gone, i));
  burble_account_scope_sweep_contacts (self->scope, job->gone);

  g_set_str (&self->etag, job->etag);
  burble_store_take_roster_async (burble_account_scope_get_store (self->scope), self->etag,
                                  g_steal_pointer (&job->roster), NULL,
                                  burble_account_scope_done_cb, g_object_ref (self->scope));
}

static void
take_change (BurbleRosterWork *self, Job *job, gpointer element)
{
  BurbleRosterItem *item = element;
  BurbleContact *contact = NULL;

  if (item->id == NULL || !g_hash_table_add (job->named, item->id))
    return;
  if (!item->removed)
    {
      take_item (self, job, item);
      return;
    }
  g_strv_builder_add (job->removed, item->id);
  contact = burble_account_scope_find_contact (self->scope, item->id);
  if (contact != NULL)
    {
      g_ptr_array_add (job->gone, g_object_ref (contact));
      leave_roster (self, contact);
    }
}

static void
end_change (BurbleRosterWork *self, Job *job)
{
  g_auto(GStrv) removed = g_strv_builder_end (job->removed);

  burble_account_scope_sweep_contacts (self->scope, job->gone);
  if (job->etag != NULL)
    g_set_str (&self->etag, job->etag);
  burble_store_update_roster_async (burble_account_scope_get_store (self->scope),
                                    burble_account_scope_get_account (self->scope),
                                    self->etag, job->known, (const char * const *) removed,
                                    NULL, burble_account_scope_done_cb,
                                    g_object_ref (self->scope));
}

static void
take_presence (BurbleRosterWork *self, Job *job, gpointer element)
{
  const BurblePresenceEvent *event = element;
  BurbleContact *contact = NULL;
  BurbleStatus before;
  g_autofree char *word = NULL;

  if (event->id != NULL)
    contact = burble_account_scope_find_contact (self->scope, event->id);
  /* Presence of somebody who is not on the list is nobody's. */
  if (contact == NULL)
    return;
  before = burble_contact_get_status (contact);
  word = word_of (contact);
  burble_contact_update_presence (contact, event->terminal, to_status (event->status),
                                  event->mood);
  burble_notification_policy_presence (burble_account_scope_get_policy (self->scope), contact,
                                       before, word,
                                       burble_account_scope_is_settled (self->scope));
}

static void
take_offline (BurbleRosterWork *self, Job *job, gpointer element)
{
  BurbleContact *contact = element;

  burble_notification_policy_unseen (burble_account_scope_get_policy (self->scope), contact);
  burble_contact_clear_presences (contact);
}

/* Whoever hears of somebody may end it all. TRUE: this job is through. */
static gboolean
do_job (BurbleRosterWork *self, Job *job, gint64 end)
{
  guint cleared = self->cleared;

  while (self->cleared == cleared && !burble_account_scope_is_closed (self->scope)
         && job->next < job->elements->len)
    {
      if (job->next % BETWEEN_LOOKS == BETWEEN_LOOKS - 1 && g_get_monotonic_time () > end)
        break;
      job->take (self, job, g_ptr_array_index (job->elements, job->next++));
    }
  if (self->cleared != cleared || burble_account_scope_is_closed (self->scope))
    return TRUE;
  burble_account_scope_add_contacts (self->scope, job->fresh);
  g_ptr_array_set_size (job->fresh, 0);
  if (job->next < job->elements->len)
    return FALSE;
  if (job->end != NULL && self->cleared == cleared)
    job->end (self, job);
  return TRUE;
}

static void
finalize (gpointer data)
{
  BurbleRosterWork *self = data;

  g_object_unref (self->scope);
  g_free (self->etag);
}

static void
release (BurbleRosterWork *self)
{
  g_rc_box_release_full (self, finalize);
}

static void turn_cb (gpointer user_data);

static void
work (BurbleRosterWork *self)
{
  gint64 end = g_get_monotonic_time () + TURN_US;
  Job *job = NULL;

  if (self->running)
    return;
  self->running = TRUE;
  g_rc_box_acquire (self);
  while (g_get_monotonic_time () <= end && (job = g_queue_pop_head (&self->jobs)) != NULL)
    {
      guint cleared = self->cleared;

      if (do_job (self, job, end) || self->cleared != cleared)
        job_free (job);
      else
        g_queue_push_head (&self->jobs, job);
    }
  self->running = FALSE;
  if (!g_queue_is_empty (&self->jobs) && self->source == 0)
    {
      self->source = g_idle_add_once (turn_cb, self);
      g_source_set_priority (g_main_context_find_source_by_id (NULL, self->source), PRIORITY);
    }
  release (self);
}

static void
turn_cb (gpointer user_data)
{
  BurbleRosterWork *self = user_data;

  self->source = 0;
  work (self);
}

static Job *
job_new (const char *etag, GPtrArray *elements,
         void (*take) (BurbleRosterWork *self, Job *job, gpointer element),
         void (*end) (BurbleRosterWork *self, Job *job))
{
  Job *job = g_new0 (Job, 1);

  job->take = take;
  job->end = end;
  job->etag = g_strdup (etag);
  job->elements = g_ptr_array_ref (elements);
  job->fresh = g_ptr_array_new_with_free_func (g_object_unref);
  job->known = g_ptr_array_new_with_free_func (g_object_unref);
  job->gone = g_ptr_array_new_with_free_func (g_object_unref);
  job->removed = g_strv_builder_new ();
  job->named = g_hash_table_new (g_str_hash, g_str_equal);
  return job;
}

static void
add_job (BurbleRosterWork *self, Job *job)
{
  if (burble_account_scope_is_closed (self->scope))
    {
      job_free (job);
      return;
    }
  g_queue_push_tail (&self->jobs, job);
  /* What has begun to be done bit by bit goes on in its own time. */
  if (self->source == 0)
    work (self);
}

BurbleRosterWork *
burble_roster_work_new (BurbleAccountScope *scope)
{
  BurbleRosterWork *self = g_rc_box_new0 (BurbleRosterWork);

  self->scope = g_object_ref (scope);
  g_queue_init (&self->jobs);
  return self;
}

void
burble_roster_work_free (BurbleRosterWork *self)
{
  burble_roster_work_clear (self);
  release (self);
}

void
burble_roster_work_set_etag (BurbleRosterWork *self, const char *etag)
{
  g_set_str (&self->etag, etag);
}

const char *
burble_roster_work_get_etag (BurbleRosterWork *self)
{
  return self->etag;
}

void
burble_roster_work_reset (BurbleRosterWork *self, const char *etag, GPtrArray *items)
{
  Job *job = job_new (etag, items, take_of_whole, end_whole);

  job->roster = burble_store_roster_new (burble_account_scope_get_account (self->scope));
  add_job (self, job);
}

void
burble_roster_work_change (BurbleRosterWork *self, const char *etag, GPtrArray *items)
{
  add_job (self, job_new (etag, items, take_change, end_change));
}

void
burble_roster_work_presence (BurbleRosterWork *self, GPtrArray *events)
{
  add_job (self, job_new (NULL, events, take_presence, NULL));
}

void
burble_roster_work_forget_presence (BurbleRosterWork *self)
{
  g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func (g_object_unref);
  Job *job = NULL;
  GHashTableIter iter;
  gpointer contact = NULL;

  g_hash_table_iter_init (&iter, burble_account_scope_get_contacts (self->scope));
  while (g_hash_table_iter_next (&iter, NULL, &contact))
    {
      if (g_list_model_get_n_items (burble_contact_get_presences (contact)) > 0)
        g_ptr_array_add (seen, g_object_ref (contact));
    }
  if (seen->len == 0)
    return;
  job = job_new (NULL, seen, take_offline, NULL);
  job->live = TRUE;
  add_job (self, job);
}

void
burble_roster_work_clear (BurbleRosterWork *self)
{
  self->cleared++;
  g_clear_handle_id (&self->source, g_source_remove);
  g_queue_clear_full (&self->jobs, (GDestroyNotify) job_free);
}
