/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-contact"

#include "config.h"

#include "burble-contact.h"

#include "burble-enum-types.h"
#include "burble-property-private.h"
#include "burble-text-private.h"

/* A server may announce as many terminals as it likes; nobody has more than this. */
#define MAX_TERMINALS 64

struct _BurbleContact
{
  GObject parent_instance;

  BurbleAccount *account;
  char *id;
  char *name;
  char *alias;
  char *bio;
  char *local_part;
  BurbleContactKind kind;
  BurbleSubscription subscription;
  gboolean asks;
  gboolean in_roster;
  BurbleNotifyStatus notify_status;

  GListStore *presences;
  BurbleStatus status; /* of the best terminal, kept so that a change can be told from none */
  char *mood;
};

G_DEFINE_FINAL_TYPE (BurbleContact, burble_contact, G_TYPE_OBJECT)

typedef enum
{
  PROP_ACCOUNT = 1,
  PROP_ID,
  PROP_NAME,
  PROP_ALIAS,
  PROP_BIO,
  PROP_DISPLAY_NAME,
  PROP_KIND,
  PROP_SUBSCRIPTION,
  PROP_ASKS,
  PROP_IN_ROSTER,
  PROP_NOTIFY_STATUS,
  PROP_PRESENCES,
  PROP_STATUS,
  PROP_MOOD,
  PROP_ONLINE,
} BurbleContactProperty;

static GParamSpec *properties[PROP_ONLINE + 1];

static int
rank_of (BurbleStatus status)
{
  switch (status)
    {
    case BURBLE_STATUS_AVAILABLE:
      return 4;
    case BURBLE_STATUS_AWAY:
      return 3;
    case BURBLE_STATUS_DND:
      return 2;
    case BURBLE_STATUS_UNKNOWN:
      return 1;
    case BURBLE_STATUS_OFFLINE:
    case BURBLE_STATUS_INVISIBLE:
    default:
      return 0;
    }
}

/**
 * burble_status_is_online:
 * @status: how somebody is
 *
 * Returns: whether they can be reached: available, away or dnd
 */
gboolean
burble_status_is_online (BurbleStatus status)
{
  return rank_of (status) > rank_of (BURBLE_STATUS_UNKNOWN);
}

/* Among equals the one with a mood, else the one that came first, so that it stays put. */
static gboolean
is_better (BurblePresence *candidate, BurblePresence *best)
{
  int difference;

  if (best == NULL)
    return TRUE;
  difference = rank_of (burble_presence_get_status (candidate)) -
               rank_of (burble_presence_get_status (best));
  if (difference != 0)
    return difference > 0;
  return burble_presence_get_mood (best) == NULL && burble_presence_get_mood (candidate) != NULL;
}

static void
choose_best (BurbleContact *self)
{
  BurblePresence *best = NULL;
  BurbleStatus status = BURBLE_STATUS_OFFLINE;
  gboolean was_online = burble_status_is_online (self->status);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->presences));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BurblePresence) presence = g_list_model_get_item (
        G_LIST_MODEL (self->presences), i);

      if (is_better (presence, best))
        best = presence; /* the list holds it */
    }
  if (best != NULL)
    status = burble_presence_get_status (best);

  g_object_freeze_notify (G_OBJECT (self));
  if (self->status != status)
    {
      self->status = status;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
    }
  if (g_set_str (&self->mood, best != NULL ? burble_presence_get_mood (best) : NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MOOD]);
  if (was_online != burble_status_is_online (status))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ONLINE]);
  g_object_thaw_notify (G_OBJECT (self));
}

/* For the fields the display name is made of. */
static void
set_name_field (BurbleContact *self, char **field, const char *value,
                BurbleContactProperty property)
{
  g_autofree char *before = g_strdup (burble_contact_get_display_name (self));

  if (!g_set_str (field, burble_text_or_null (value)))
    return;
  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
  if (g_strcmp0 (before, burble_contact_get_display_name (self)) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DISPLAY_NAME]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
burble_contact_dispose (GObject *object)
{
  BurbleContact *self = BURBLE_CONTACT (object);

  g_clear_object (&self->account);

  G_OBJECT_CLASS (burble_contact_parent_class)->dispose (object);
}

static void
burble_contact_finalize (GObject *object)
{
  BurbleContact *self = BURBLE_CONTACT (object);

  g_object_unref (self->presences);
  g_free (self->id);
  g_free (self->name);
  g_free (self->alias);
  g_free (self->bio);
  g_free (self->local_part);
  g_free (self->mood);

  G_OBJECT_CLASS (burble_contact_parent_class)->finalize (object);
}

static void
burble_contact_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BurbleContact *self = BURBLE_CONTACT (object);

  switch ((BurbleContactProperty) prop_id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_ALIAS:
      g_value_set_string (value, self->alias);
      break;
    case PROP_BIO:
      g_value_set_string (value, self->bio);
      break;
    case PROP_DISPLAY_NAME:
      g_value_set_string (value, burble_contact_get_display_name (self));
      break;
    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;
    case PROP_SUBSCRIPTION:
      g_value_set_enum (value, self->subscription);
      break;
    case PROP_ASKS:
      g_value_set_boolean (value, self->asks);
      break;
    case PROP_IN_ROSTER:
      g_value_set_boolean (value, self->in_roster);
      break;
    case PROP_NOTIFY_STATUS:
      g_value_set_enum (value, self->notify_status);
      break;
    case PROP_PRESENCES:
      g_value_set_object (value, self->presences);
      break;
    case PROP_STATUS:
      g_value_set_enum (value, self->status);
      break;
    case PROP_MOOD:
      g_value_set_string (value, self->mood);
      break;
    case PROP_ONLINE:
      g_value_set_boolean (value, burble_status_is_online (self->status));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_contact_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  BurbleContact *self = BURBLE_CONTACT (object);

  switch ((BurbleContactProperty) prop_id)
    {
    case PROP_NAME:
      burble_contact_set_name (self, g_value_get_string (value));
      break;
    case PROP_ALIAS:
      burble_contact_set_alias (self, g_value_get_string (value));
      break;
    case PROP_BIO:
      burble_contact_set_bio (self, g_value_get_string (value));
      break;
    case PROP_KIND:
      burble_contact_set_kind (self, g_value_get_enum (value));
      break;
    case PROP_SUBSCRIPTION:
      burble_contact_set_subscription (self, g_value_get_enum (value));
      break;
    case PROP_ASKS:
      burble_contact_set_asks (self, g_value_get_boolean (value));
      break;
    case PROP_IN_ROSTER:
      burble_contact_set_in_roster (self, g_value_get_boolean (value));
      break;
    case PROP_NOTIFY_STATUS:
      burble_contact_set_notify_status (self, g_value_get_enum (value));
      break;
    case PROP_ACCOUNT:
    case PROP_ID:
    case PROP_DISPLAY_NAME:
    case PROP_PRESENCES:
    case PROP_STATUS:
    case PROP_MOOD:
    case PROP_ONLINE:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
burble_contact_class_init (BurbleContactClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags rw = ro | G_PARAM_WRITABLE;

  object_class->dispose = burble_contact_dispose;
  object_class->finalize = burble_contact_finalize;
  object_class->get_property = burble_contact_get_property;
  object_class->set_property = burble_contact_set_property;

  properties[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, BURBLE_TYPE_ACCOUNT, ro);
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, ro);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, rw);
  properties[PROP_ALIAS] = g_param_spec_string ("alias", NULL, NULL, NULL, rw);
  properties[PROP_BIO] = g_param_spec_string ("bio", NULL, NULL, NULL, rw);
  properties[PROP_DISPLAY_NAME] = g_param_spec_string ("display-name", NULL, NULL, NULL, ro);
  properties[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, BURBLE_TYPE_CONTACT_KIND,
                                             BURBLE_CONTACT_PEER, rw);
  properties[PROP_SUBSCRIPTION] =
    g_param_spec_enum ("subscription", NULL, NULL, BURBLE_TYPE_SUBSCRIPTION,
                       BURBLE_SUBSCRIPTION_NONE, rw);
  properties[PROP_ASKS] = g_param_spec_boolean ("asks", NULL, NULL, FALSE, rw);
  properties[PROP_IN_ROSTER] = g_param_spec_boolean ("in-roster", NULL, NULL, FALSE, rw);
  properties[PROP_NOTIFY_STATUS] =
    g_param_spec_enum ("notify-status", NULL, NULL, BURBLE_TYPE_NOTIFY_STATUS, BURBLE_NOTIFY_NEVER,
                       rw);
  properties[PROP_PRESENCES] =
    g_param_spec_object ("presences", NULL, NULL, G_TYPE_LIST_MODEL, ro);
  properties[PROP_STATUS] = g_param_spec_enum ("status", NULL, NULL, BURBLE_TYPE_STATUS,
                                               BURBLE_STATUS_OFFLINE, ro);
  properties[PROP_MOOD] = g_param_spec_string ("mood", NULL, NULL, NULL, ro);
  properties[PROP_ONLINE] = g_param_spec_boolean ("online", NULL, NULL, FALSE, ro);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
burble_contact_init (BurbleContact *self)
{
  self->presences = g_list_store_new (BURBLE_TYPE_PRESENCE);
}

/**
 * burble_contact_new:
 * @account: the account that knows the contact
 * @id: the bare id
 *
 * Returns: (transfer full): a new contact, offline and not in the roster
 */
BurbleContact *
burble_contact_new (BurbleAccount *account, const char *id)
{
  BurbleContact *self = NULL;

  g_return_val_if_fail (BURBLE_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  self = g_object_new (BURBLE_TYPE_CONTACT, NULL);
  self->account = g_object_ref (account);
  self->id = g_strdup (id);
  self->local_part = burble_text_local_part (id);
  return self;
}

/**
 * burble_contact_get_account:
 * @self: a contact
 *
 * Returns: (transfer none): the account that knows the contact
 */
BurbleAccount *
burble_contact_get_account (BurbleContact *self)
{
  g_return_val_if_fail (BURBLE_IS_CONTACT (self), NULL);

  return self->account;
}

const char *
burble_contact_get_id (BurbleContact *self)
{
  g_return_val_if_fail (BURBLE_IS_CONTACT (self), NULL);

  return self->id;
}

/**
 * burble_contact_get_name:
 * @self: a contact
 *
 * Returns: (nullable): the name that the contact chose
 */
const char *
burble_contact_get_name (BurbleContact *self)
{
  g_return_val_if_fail (BURBLE_IS_CONTACT (self), NULL);

  return self->name;
}

void
burble_contact_set_name (BurbleContact *self, const char *name)
{
  g_return_if_fail (BURBLE_IS_CONTACT (self));

  set_name_field (self, &self->name, name, PROP_NAME);
}

/**
 * burble_contact_get_alias:
 * @self: a contact
 *
 * Returns: (nullable): the name that the user gave the contact
 */
const char *
burble_contact_get_alias (BurbleContact *self)
{
  g_return_val_if_fail (BURBLE_IS_CONTACT (self), NULL);

  return self->alias;
}

void
burble_contact_set_alias (BurbleContact *self, const char *alias)
{
  g_return_if_fail (BURBLE_IS_CONTACT (self));

  set_name_field (self, &self->alias, alias, PROP_ALIAS);
}

const char *
burble_contact_get_bio (BurbleContact *self)
{
  g_return_val_if_fail (BURBLE_IS_CONTACT (self), NULL);

  return self->bio;
}

void
burble_contact_set_bio (BurbleContact *self, const char *bio)
{
  g_return_if_fail (BURBLE_IS_CONTACT (self));

  burble_property_set_text (self, &self->bio, bio, properties[PROP_BIO]);
}

/**
 * burble_contact_get_display_name:
 * @self: a contact
 *
 * Returns: (not nullable): the alias, else the name, else the part of the id before the `@`, else
 *   the id
 */
const char *
burble_contact_get_display_name (BurbleContact *self)
{
  g_return_val_if_fail (BURBLE_IS_CONTACT (self), "");

  if (self->alias != NULL)
    return self->alias;
  if (self->name != NULL)
    return self->name;
  return self->local_part;
}

BurbleContactKind
burble_contact_get_kind (BurbleContact *self)
{
  g_return_val_if_fail (BURBLE_IS_CONTACT (self), BURBLE_CONTACT_PEER);

  return self->kind;
}

void
burble_contact_set_kind (BurbleContact *self, BurbleContactKind kind)
{
  g_return_if_fail (BURBLE_IS_CONTACT (self));

  if (self->kind == kind)
    return;
  self->kind = kind;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KIND]);
}

BurbleSubscription
burble_contact_get_subscription (BurbleContact *self)
{
  g_return_val_if_fail (BURBLE_IS_CONTACT (self), BURBLE_SUBSCRIPTION_NONE);

  return self->subscription;
}

void
burble_contact_set_subscription (BurbleContact *self, BurbleSubscription subscription)
{
  g_return_if_fail (BURBLE_IS_CONTACT (self));

  if (self->subscription == subscription)
    return;
  self->subscription = subscription;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUBSCRIPTION]);
}

/**
 * burble_contact_get_asks:
 * @self: a contact
 *
 * Returns: whether the contact waits for the user to agree
 */
gboolean
burble_contact_get_asks (BurbleContact *self)
{
  g_return_val_if_fail (BURBLE_IS_CONTACT (self), FALSE);

  return self->asks;
}

void
burble_contact_set_asks (BurbleContact *self, gboolean asks)
{
  g_return_if_fail (BURBLE_IS_CONTACT (self));

  burble_property_set_boolean (self, &self->asks, asks, properties[PROP_ASKS]);
}

/**
 * burble_contact_get_in_roster:
 * @self: a contact
 *
 * Returns: %FALSE for somebody who was only met in a chat
 */
gboolean
burble_contact_get_in_roster (BurbleContact *self)
{
  g_return_val_if_fail (BURBLE_IS_CONTACT (self), FALSE);

  return self->in_roster;
}

void
burble_contact_set_in_roster (BurbleContact *self, gboolean in_roster)
{
  g_return_if_fail (BURBLE_IS_CONTACT (self));

  burble_property_set_boolean (self, &self->in_roster, in_roster, properties[PROP_IN_ROSTER]);
}

/**
 * burble_contact_get_notify_status:
 * @self: a contact
 *
 * Returns: what of the contact's presence the user wants to be told
 */
BurbleNotifyStatus
burble_contact_get_notify_status (BurbleContact *self)
{
  g_return_val_if_fail (BURBLE_IS_CONTACT (self), BURBLE_NOTIFY_NEVER);

  return self->notify_status;
}

void
burble_contact_set_notify_status (BurbleContact *self, BurbleNotifyStatus notify)
{
  g_return_if_fail (BURBLE_IS_CONTACT (self));

  if (self->notify_status == notify)
    return;
  self->notify_status = notify;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOTIFY_STATUS]);
}

/**
 * burble_contact_get_presences:
 * @self: a contact
 *
 * Returns: (transfer none): a live list of [class@Presence], one for each terminal that is online
 */
GListModel *
burble_contact_get_presences (BurbleContact *self)
{
  g_return_val_if_fail (BURBLE_IS_CONTACT (self), NULL);

  return G_LIST_MODEL (self->presences);
}

/**
 * burble_contact_get_status:
 * @self: a contact
 *
 * Returns: the status of the best terminal: available before away before do not disturb
 */
BurbleStatus
burble_contact_get_status (BurbleContact *self)
{
  g_return_val_if_fail (BURBLE_IS_CONTACT (self), BURBLE_STATUS_OFFLINE);

  return self->status;
}

/**
 * burble_contact_get_mood:
 * @self: a contact
 *
 * Returns: (nullable): the mood of the terminal that [property@Contact:status] is of
 */
const char *
burble_contact_get_mood (BurbleContact *self)
{
  g_return_val_if_fail (BURBLE_IS_CONTACT (self), NULL);

  return self->mood;
}

/**
 * burble_contact_get_online:
 * @self: a contact
 *
 * Returns: whether the status is available, away or do not disturb
 */
gboolean
burble_contact_get_online (BurbleContact *self)
{
  g_return_val_if_fail (BURBLE_IS_CONTACT (self), FALSE);

  return burble_status_is_online (self->status);
}

/**
 * burble_contact_update_presence:
 * @self: a contact
 * @terminal: (nullable): which terminal; %NULL on networks without terminals
 * @status: its status; %BURBLE_STATUS_OFFLINE drops it, with @terminal %NULL all of them
 * @mood: (nullable): its mood
 *
 * Takes over what one terminal said.
 */
void
burble_contact_update_presence (BurbleContact *self, const char *terminal, BurbleStatus status,
                                const char *mood)
{
  gboolean gone = rank_of (status) == 0;
  guint n;

  g_return_if_fail (BURBLE_IS_CONTACT (self));

  if (gone && terminal == NULL)
    {
      burble_contact_clear_presences (self);
      return;
    }

  n = g_list_model_get_n_items (G_LIST_MODEL (self->presences));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BurblePresence) presence = g_list_model_get_item (
        G_LIST_MODEL (self->presences), i);

      if (g_strcmp0 (burble_presence_get_terminal (presence), terminal) != 0)
        continue;
      if (gone)
        g_list_store_remove (self->presences, i);
      else
        burble_presence_update (presence, status, mood);
      choose_best (self);
      return;
    }

  if (!gone && n < MAX_TERMINALS)
    {
      g_autoptr(BurblePresence) presence = burble_presence_new (terminal, status, mood);

      g_list_store_append (self->presences, presence);
      choose_best (self);
    }
}

/**
 * burble_contact_clear_presences:
 * @self: a contact
 *
 * Forgets all terminals, as when the account goes offline.
 */
void
burble_contact_clear_presences (BurbleContact *self)
{
  g_return_if_fail (BURBLE_IS_CONTACT (self));

  if (g_list_model_get_n_items (G_LIST_MODEL (self->presences)) == 0)
    return;
  g_list_store_remove_all (self->presences);
  choose_best (self);
}
