/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-catch-up"

#include "config.h"

#include "burble-catch-up.h"

#define PAGE 200
#define RETRY_SECONDS 20
#define MAX_OWN 1000

struct _BurbleCatchUp
{
  GObject parent_instance;

  BurbleAccountScope *scope;
  BurbleMessagePipeline *pipeline;

  gint64 highest; /* on disk */
  gint64 candidate; /* on disk when the pushed batch under way is */
  GArray *own; /* (element-type gint64) of what was sent from here, rising: not counted yet */
  gboolean complete; /* nothing is missing, as far as we know */
  gboolean first; /* this terminal held nothing when it began */
  gboolean fetching; /* a page is asked for, or on its way to the disk */
  gboolean again; /* a hole showed meanwhile */
  guint era;         /* counts how often the server began to count anew */
  guint delay_source;
  GCancellable *cancellable; /* of this connection */
};

G_DEFINE_FINAL_TYPE (BurbleCatchUp, burble_catch_up, G_TYPE_OBJECT)

typedef enum
{
  SIGNAL_CAUGHT_UP,
} BurbleCatchUpSignal;

static guint signals[SIGNAL_CAUGHT_UP + 1];

/* A page that was asked for. */
typedef struct
{
  BurbleCatchUp *self;
  GCancellable *cancellable; /* to tell whether it is still the same connection */
  gboolean last;
  gint64 highest;
  guint era;
} Page;

static void
page_free (gpointer data)
{
  Page *page = data;

  g_object_unref (page->self);
  g_object_unref (page->cancellable);
  g_free (page);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Page, page_free)

static gboolean
is_current (BurbleCatchUp *self, GCancellable *cancellable)
{
  return self->scope != NULL && self->cancellable == cancellable
         && burble_account_scope_can (self->scope, BURBLE_CAPABILITY_HISTORY);
}

/* What we sent is on our disk, so it does not hold up the count. */
static gint64
pass_own (BurbleCatchUp *self, gint64 seq)
{
  guint n = 0;

  for (; n < self->own->len && g_array_index (self->own, gint64, n) <= seq + 1; n++)
    seq = MAX (seq, g_array_index (self->own, gint64, n));
  if (n > 0)
    g_array_remove_range (self->own, 0, n);
  return seq;
}

static void fetch (BurbleCatchUp *self);

static void
delay_cb (gpointer user_data)
{
  BurbleCatchUp *self = user_data;

  self->delay_source = 0;
  fetch (self);
}

static void
fetch_later (BurbleCatchUp *self, guint delay)
{
  if (self->delay_source == 0)
    self->delay_source = g_timeout_add_once (delay, delay_cb, self);
}

static void
page_stored_cb (BurbleBatchResult result, gpointer user_data)
{
  Page *page = user_data;
  BurbleCatchUp *self = page->self;
  gboolean stored = result != BURBLE_BATCH_FAILED;

  if (result == BURBLE_BATCH_REACHED)
    self->first = FALSE;
  if (stored && page->era == self->era)
    self->highest = MAX (self->highest, page->highest);
  if (!is_current (self, page->cancellable))
    return;
  self->fetching = FALSE;
  if (!stored)
    {
      fetch_later (self, RETRY_SECONDS * 1000);
    }
  else if (!page->last || self->again)
    {
      self->again = FALSE;
      fetch (self);
    }
  else
    {
      g_debug ("Caught up to %" G_GINT64_FORMAT, self->highest);
      self->highest = pass_own (self, self->highest);
      self->complete = TRUE;
      self->first = FALSE;
      g_signal_emit (self, signals[SIGNAL_CAUGHT_UP], 0);
    }
}

static void
channel_fetched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Page) page = user_data;
  BurbleCatchUp *self = page->self;
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleHistoryPage) answer = NULL;
  /* An empty history is held up to 0: what comes next is news, not the past. */
  gint64 highest = MAX (self->highest, 0);

  answer = burble_history_channel_fetch_finish (BURBLE_HISTORY_CHANNEL (object), result, &error);
  if (!is_current (self, page->cancellable))
    return;
  if (answer == NULL)
    {
      g_debug ("History was not given: %s", error->message);
      self->fetching = FALSE;
      if (!g_error_matches (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_UNSUPPORTED))
        fetch_later (self, RETRY_SECONDS * 1000);
      return;
    }
  if (answer->highest <= BURBLE_MAX_SEQ)
    highest = MAX (highest, answer->highest);
  for (guint i = 0; i < answer->messages->len; i++)
    {
      const BurbleMessageEvent *event = g_ptr_array_index (answer->messages, i);

      if (event->seq <= BURBLE_MAX_SEQ)
        highest = MAX (highest, event->seq);
    }
  /* A server that says "more" and gives nothing further would keep us asking for ever. */
  page->last = answer->complete || highest <= self->highest;
  page->highest = highest;
  burble_message_pipeline_push (self->pipeline,
                                self->first ? BURBLE_ORIGIN_FIRST_SYNC : BURBLE_ORIGIN_CATCH_UP,
                                answer->messages, highest, page_stored_cb, page, page_free);
  page = NULL;
}

static void
fetch (BurbleCatchUp *self)
{
  BurbleConnection *connection = burble_account_scope_get_connection (self->scope);
  Page *page = NULL;

  if (!burble_account_scope_can (self->scope, BURBLE_CAPABILITY_HISTORY)
      || !BURBLE_IS_HISTORY_CHANNEL (connection) || self->cancellable == NULL)
    return;
  if (self->fetching)
    {
      self->again = TRUE;
      return;
    }
  g_clear_handle_id (&self->delay_source, g_source_remove);
  self->fetching = TRUE;
  page = g_new0 (Page, 1);
  page->self = g_object_ref (self);
  page->cancellable = g_object_ref (self->cancellable);
  page->era = self->era;
  burble_history_channel_fetch_async (BURBLE_HISTORY_CHANNEL (connection), NULL,
                                      MAX (self->highest, 0), -1, PAGE,
                                      self->cancellable, channel_fetched_cb, page);
}

/*
 * On a new terminal what is fetched was read long ago, and what is pushed is news. As the history
 * holds the news as well, they have to be here first; the server pushes them after our presence.
 * From the first of them on the history is news, too: this terminal was there, but may have been
 * away before the past was asked for.
 */
static void
fetch_first (BurbleCatchUp *self)
{
  g_clear_handle_id (&self->delay_source, g_source_remove);
  fetch_later (self, burble_account_scope_get_options (self->scope)->first_delay);
}

static gint64
live_start_cb (GPtrArray *events, gpointer user_data)
{
  BurbleCatchUp *self = user_data;
  gboolean hole = FALSE;

  if (self->first && !self->fetching && self->highest < 0 && self->cancellable != NULL)
    fetch_first (self);
  self->candidate = self->highest;
  if (!self->complete)
    return -1;
  for (guint i = 0; i < events->len; i++)
    {
      const BurbleMessageEvent *event = g_ptr_array_index (events, i);

      if (event->seq == self->candidate + 1 && !hole)
        self->candidate = pass_own (self, event->seq);
      else if (event->seq > self->candidate)
        hole = TRUE;
    }
  if (hole)
    {
      g_debug ("Something is missing after %" G_GINT64_FORMAT, self->candidate);
      self->complete = FALSE;
      fetch_later (self, burble_account_scope_get_options (self->scope)->gap_delay);
    }
  return self->candidate > self->highest ? self->candidate : -1;
}

/*
 * Something new below what is held in full: the server counts anew, or once said a number that was
 * none. What comes next would seem to be long here. So the mark is taken back, and it is asked for.
 */
static void
begin_anew (BurbleCatchUp *self, gint64 seq)
{
  g_info ("The server counts %" G_GINT64_FORMAT " after %" G_GINT64_FORMAT, seq, self->highest);
  self->era++;
  self->highest = seq - 1;
  self->candidate = self->highest;
  g_array_set_size (self->own, 0);
  self->complete = FALSE;
  burble_store_save_seq_async (burble_account_scope_get_store (self->scope),
                               burble_account_scope_get_account (self->scope), self->highest, NULL,
                               burble_account_scope_done_cb, g_object_ref (self->scope));
  fetch_later (self, burble_account_scope_get_options (self->scope)->gap_delay);
}

static void
live_done_cb (BurbleBatchResult result, gint64 lowest, gpointer user_data)
{
  BurbleCatchUp *self = user_data;

  if (result != BURBLE_BATCH_FAILED && lowest > 0 && lowest <= self->highest)
    begin_anew (self, lowest);
  else if (result != BURBLE_BATCH_FAILED)
    {
      self->highest = MAX (self->highest, self->candidate);
    }
  else if (self->complete)
    {
      self->complete = FALSE;
      fetch_later (self, RETRY_SECONDS * 1000);
    }
}

/* Ours is not pushed to us; without this, the next that is would seem to be one too far on. */
static void
channel_counted_cb (BurbleCatchUp *self, gint64 seq)
{
  guint n = self->own->len;

  if (seq < 0 || seq > BURBLE_MAX_SEQ)
    return;
  if (n == MAX_OWN || (n > 0 && seq <= g_array_index (self->own, gint64, n - 1)))
    g_array_set_size (self->own, 0);
  g_array_append_val (self->own, seq);
  if (!self->complete)
    return;
  /* A batch that is not on disk yet may lie between. */
  if (self->candidate > self->highest)
    self->candidate = pass_own (self, self->candidate);
  else
    self->highest = pass_own (self, self->highest);
}

static void
burble_catch_up_dispose (GObject *object)
{
  BurbleCatchUp *self = BURBLE_CATCH_UP (object);

  g_clear_handle_id (&self->delay_source, g_source_remove);
  if (self->pipeline != NULL)
    burble_message_pipeline_set_live_funcs (self->pipeline, NULL, NULL, NULL);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->pipeline);
  g_clear_object (&self->scope);

  G_OBJECT_CLASS (burble_catch_up_parent_class)->dispose (object);
}

static void
burble_catch_up_finalize (GObject *object)
{
  g_array_unref (BURBLE_CATCH_UP (object)->own);

  G_OBJECT_CLASS (burble_catch_up_parent_class)->finalize (object);
}

static void
burble_catch_up_class_init (BurbleCatchUpClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_catch_up_dispose;
  object_class->finalize = burble_catch_up_finalize;

  signals[SIGNAL_CAUGHT_UP] =
    g_signal_new ("caught-up", BURBLE_TYPE_CATCH_UP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
burble_catch_up_init (BurbleCatchUp *self)
{
  self->highest = -1;
  self->candidate = -1;
  self->own = g_array_new (FALSE, FALSE, sizeof (gint64));
}

BurbleCatchUp *
burble_catch_up_new (BurbleAccountScope *scope, BurbleMessagePipeline *pipeline)
{
  BurbleCatchUp *self = g_object_new (BURBLE_TYPE_CATCH_UP, NULL);
  BurbleConnection *connection = burble_account_scope_get_connection (scope);

  self->scope = g_object_ref (scope);
  self->pipeline = g_object_ref (pipeline);
  burble_message_pipeline_set_live_funcs (pipeline, live_start_cb, live_done_cb, self);
  if (BURBLE_IS_HISTORY_CHANNEL (connection))
    g_signal_connect_object (connection, "message-counted", G_CALLBACK (channel_counted_cb), self,
                             G_CONNECT_SWAPPED);
  return self;
}

/**
 * burble_catch_up_set_highest:
 * @self: the catch-up of an account
 * @seq: up to which everything is in the store, -1: nothing
 *
 * Before the first connection.
 */
void
burble_catch_up_set_highest (BurbleCatchUp *self, gint64 seq)
{
  g_return_if_fail (BURBLE_IS_CATCH_UP (self));

  self->highest = seq;
}

gint64
burble_catch_up_get_highest (BurbleCatchUp *self)
{
  g_return_val_if_fail (BURBLE_IS_CATCH_UP (self), -1);

  return self->highest;
}

/**
 * burble_catch_up_went_online:
 * @self: the catch-up of an account
 *
 * Fetches what came after the mark, page by page. An account that is new here first waits a moment
 * for what the server pushes.
 */
void
burble_catch_up_went_online (BurbleCatchUp *self)
{
  g_return_if_fail (BURBLE_IS_CATCH_UP (self));

  burble_catch_up_went_offline (self);
  self->cancellable = g_cancellable_new ();
  /* Also when the first time was interrupted. */
  self->first = self->first || self->highest < 0;
  if (self->first)
    fetch_first (self);
  else
    fetch (self);
}

/**
 * burble_catch_up_went_offline:
 * @self: the catch-up of an account
 *
 * Drops the question that is under way. What was stored of its answers stays, and the mark tells
 * how far that goes.
 */
void
burble_catch_up_went_offline (BurbleCatchUp *self)
{
  g_return_if_fail (BURBLE_IS_CATCH_UP (self));

  g_clear_handle_id (&self->delay_source, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_array_set_size (self->own, 0);
  self->complete = FALSE;
  self->fetching = FALSE;
  self->again = FALSE;
}

gboolean
burble_catch_up_is_complete (BurbleCatchUp *self)
{
  g_return_val_if_fail (BURBLE_IS_CATCH_UP (self), FALSE);

  return self->complete;
}
