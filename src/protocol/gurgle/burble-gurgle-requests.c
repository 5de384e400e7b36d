/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-requests"

#include "config.h"

#include "burble-gurgle-requests.h"

#include "burble-gurgle-connection-private.h"

/*
 * As all requests have the same time, the oldest is always the next to run out: one timer, set for
 * the head of a queue, serves any number of them.
 */

typedef struct
{
  gint32 id;
  BurbleGurglePacketType expected;
  BurbleGurgleReplyFunc func;
  gpointer data;
  GDestroyNotify destroy;
  gint64 deadline;
  GList link; /* in `waiting` */
} Request;

struct _BurbleGurgleRequests
{
  grefcount ref_count; /* callbacks may end the owner, and with it this */
  gpointer owner;      /* NULL once freed */
  guint timeout_ms;
  gint32 last_id;
  GHashTable *by_id;
  GQueue waiting;
  guint source;
};

static void
request_free (Request *request)
{
  if (request->destroy != NULL)
    request->destroy (request->data);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

/* Held while callbacks run. */
typedef BurbleGurgleRequests Held;

static Held *
hold (BurbleGurgleRequests *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

static void
release (Held *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  while (!g_queue_is_empty (&self->waiting))
    {
      Request *request = self->waiting.head->data;

      g_queue_unlink (&self->waiting, &request->link);
      request_free (request);
    }
  g_hash_table_unref (self->by_id);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Held, release)

BurbleGurgleRequests *
burble_gurgle_requests_new (gpointer owner, guint timeout_ms)
{
  BurbleGurgleRequests *self = g_new0 (BurbleGurgleRequests, 1);

  g_ref_count_init (&self->ref_count);
  self->owner = owner;
  self->timeout_ms = timeout_ms;
  self->by_id = g_hash_table_new (NULL, NULL);
  g_queue_init (&self->waiting);
  return self;
}

static Request *
take (BurbleGurgleRequests *self, gint32 id)
{
  Request *request = g_hash_table_lookup (self->by_id, GINT_TO_POINTER (id));

  if (request != NULL)
    {
      g_hash_table_remove (self->by_id, GINT_TO_POINTER (id));
      g_queue_unlink (&self->waiting, &request->link);
    }
  return request;
}

void
burble_gurgle_requests_free (BurbleGurgleRequests *self)
{
  if (self == NULL)
    return;

  self->owner = NULL;
  g_clear_handle_id (&self->source, g_source_remove);
  release (self);
}

static void arm (BurbleGurgleRequests *self);

static void
timeout_cb (gpointer user_data)
{
  BurbleGurgleRequests *self = user_data;
  g_autoptr(Held) alive = hold (self);
  gint64 now = g_get_monotonic_time ();

  self->source = 0;
  while (self->owner != NULL && !g_queue_is_empty (&self->waiting))
    {
      const Request *oldest = self->waiting.head->data;
      g_autoptr(GError) error = NULL;

      if (oldest->deadline > now)
        break;
      error = g_error_new (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT,
                           "The server did not answer within %u seconds", self->timeout_ms / 1000);
      burble_gurgle_requests_fail_one (self, oldest->id, error);
    }
  arm (alive);
}

static void
arm (BurbleGurgleRequests *self)
{
  const Request *oldest = g_queue_peek_head (&self->waiting);
  gint64 left = 0;

  if (oldest == NULL || self->source != 0 || self->owner == NULL)
    return;
  left = MAX (0, oldest->deadline - g_get_monotonic_time ());
  self->source = g_timeout_add_once ((guint) (left / 1000) + 1, timeout_cb, self);
}

static gint32
next_id (BurbleGurgleRequests *self)
{
  do
    self->last_id = self->last_id == G_MAXINT32 ? 1 : self->last_id + 1;
  while (g_hash_table_contains (self->by_id, GINT_TO_POINTER (self->last_id)));
  return self->last_id;
}

gint32
burble_gurgle_requests_add (BurbleGurgleRequests   *self,
                            BurbleGurglePacketType  expected,
                            BurbleGurgleReplyFunc   func,
                            gpointer                data,
                            GDestroyNotify          destroy)
{
  Request *request = g_new0 (Request, 1);

  request->id = next_id (self);
  request->expected = expected;
  request->func = func;
  request->data = data;
  request->destroy = destroy;
  request->deadline = g_get_monotonic_time () + self->timeout_ms * G_TIME_SPAN_MILLISECOND;
  request->link.data = request;
  g_hash_table_insert (self->by_id, GINT_TO_POINTER (request->id), request);
  g_queue_push_tail_link (&self->waiting, &request->link);
  arm (self);
  return request->id;
}

/* keep_roaster is as good an answer as flush_roaster. */
static gboolean
is_expected (BurbleGurglePacketType expected, BurbleGurglePacketType type)
{
  return type == expected
         || (expected == BURBLE_GURGLE_FLUSH_ROSTER && type == BURBLE_GURGLE_KEEP_ROSTER);
}

static GError *
refusal (const Request *request, const BurbleGurglePacket *reply)
{
  if (reply->type == BURBLE_GURGLE_ERROR_RESULT && reply->error != NULL)
    return burble_gurgle_error_from_words (reply->error, reply->reason);
  if (reply->type == BURBLE_GURGLE_INVALID)
    return g_error_new (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_DATA,
                        "The server's answer makes no sense: %s",
                        reply->invalid.problem != NULL ? reply->invalid.problem : "malformed");
  if (!is_expected (request->expected, reply->type))
    return g_error_new (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
                        "The server answered with “%s” where “%s” was expected",
                        burble_gurgle_packet_type_to_string (reply->type),
                        burble_gurgle_packet_type_to_string (request->expected));
  return NULL;
}

gboolean
burble_gurgle_requests_answer (BurbleGurgleRequests *self, const BurbleGurglePacket *reply)
{
  g_autoptr(Held) alive = hold (self);
  g_autoptr(Request) request = reply->has_id ? take (alive, reply->id) : NULL;
  g_autoptr(GError) error = NULL;

  if (request == NULL)
    return FALSE;
  error = refusal (request, reply);
  request->func (self->owner, error == NULL ? reply : NULL, error, request->data);
  return TRUE;
}

gboolean
burble_gurgle_requests_fail_one (BurbleGurgleRequests *self, gint32 id, const GError *error)
{
  g_autoptr(Held) alive = hold (self);
  g_autoptr(Request) request = take (alive, id);

  if (request == NULL)
    return FALSE;
  request->func (self->owner, NULL, error, request->data);
  return TRUE;
}

void
burble_gurgle_requests_fail (BurbleGurgleRequests *self, const GError *error)
{
  g_autoptr(Held) alive = hold (self);

  while (alive->owner != NULL && !g_queue_is_empty (&alive->waiting))
    burble_gurgle_requests_fail_one (alive, ((Request *) alive->waiting.head->data)->id, error);
}

guint
burble_gurgle_requests_count (BurbleGurgleRequests *self)
{
  return self->waiting.length;
}

gint32
burble_gurgle_requests_get_last (BurbleGurgleRequests *self)
{
  return self->last_id;
}
