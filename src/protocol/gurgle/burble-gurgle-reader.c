/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-reader"

#include "config.h"

#include "burble-gurgle-connection-private.h"
#include "burble-wire-error.h"

/* Larger packets are taken apart on another thread: the window never waits. */
#define PARSE_IN_THREAD (64 * 1024)
/* How long one turn of the main loop may go on with packets that are already there. */
#define TURN_US 4000

/*
 * From frames to packets, one after the other, wherever each of them is taken apart.
 */

static void
kill_for (BurbleGurgleConnection *self, const GError *error)
{
  gboolean too_large = g_error_matches (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_TOO_LARGE);

  burble_gurgle_link_kill (self, too_large ? "too_large" : "bad_packet", error->message);
}

/* FALSE: the link is gone. */
static gboolean
take_parsed (BurbleGurgleConnection *self, BurbleGurglePacket *packet, const GError *error)
{
  BurbleFramedStream *stream = self->stream;

  if (packet == NULL)
    {
      kill_for (self, error);
      return FALSE;
    }
  burble_gurgle_dispatch (self, packet);
  return self->stream != NULL && self->stream == stream;
}

typedef struct
{
  GBytes *frame;
  BurbleGurgleDialect dialect;
  BurbleFramedStream *stream; /* the link it came from */
  GPtrArray *items;           /* what a roster says, read on the thread as well */
} ParseJob;

static void
parse_job_free (ParseJob *job)
{
  g_bytes_unref (job->frame);
  g_clear_object (&job->stream);
  g_clear_pointer (&job->items, g_ptr_array_unref);
  g_free (job);
}

static void
parse_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  ParseJob *job = task_data;
  GError *error = NULL;
  BurbleGurglePacket *packet = burble_gurgle_packet_parse_kindly (job->frame, job->dialect, &error);

  if (packet != NULL && (packet->type == BURBLE_GURGLE_FLUSH_ROSTER
                         || packet->type == BURBLE_GURGLE_UPDATE_ROSTER))
    {
      job->items = burble_gurgle_roster_read (packet->roster.entries);
      g_ptr_array_set_size (packet->roster.entries, 0);
    }
  if (packet != NULL)
    g_task_return_pointer (task, packet, (GDestroyNotify) burble_gurgle_packet_unref);
  else
    g_task_return_error (task, error);
}

static void
parsed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleGurgleConnection) self = user_data;
  ParseJob *job = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleGurglePacket) packet = g_task_propagate_pointer (G_TASK (result), &error);
  gboolean current = job->stream == self->stream;

  g_clear_object (&job->stream);
  if (!current)
    return;
  self->read_items = g_steal_pointer (&job->items);
  if (take_parsed (self, packet, error))
    burble_gurgle_reader_start (self);
  g_clear_pointer (&self->read_items, g_ptr_array_unref);
}

static void
parse_elsewhere (BurbleGurgleConnection *self, GBytes *frame)
{
  ParseJob *job = g_new0 (ParseJob, 1);
  /* The thread lets go of the task after the callback has run: it must not be what holds us. */
  g_autoptr(GTask) task = g_task_new (NULL, NULL, parsed_cb, g_object_ref (self));

  job->frame = g_bytes_ref (frame);
  job->dialect = self->dialect;
  job->stream = g_object_ref (self->stream);
  g_task_set_source_tag (task, parse_elsewhere);
  g_task_set_task_data (task, job, (GDestroyNotify) parse_job_free);
  g_task_run_in_thread (task, parse_thread);
}

/* TRUE: go on with the next frame; FALSE: the link is gone, or the frame is being taken apart. */
static gboolean
take_frame (BurbleGurgleConnection *self, GBytes *frame)
{
  g_autoptr(BurbleGurglePacket) packet = NULL;
  g_autoptr(GError) error = NULL;

  if (g_bytes_get_size (frame) > PARSE_IN_THREAD)
    {
      parse_elsewhere (self, frame);
      return FALSE;
    }
  packet = burble_gurgle_packet_parse_kindly (frame, self->dialect, &error);
  return take_parsed (self, packet, error);
}

static void
read_failed (BurbleGurgleConnection *self, const GError *error)
{
  g_autoptr(GError) lost = NULL;

  if (error != NULL && error->domain == BURBLE_WIRE_ERROR)
    {
      kill_for (self, error);
      return;
    }
  lost = g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED,
                              error != NULL ? error->message : "The server closed the connection");
  burble_gurgle_connection_lose (self, lost);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BurbleFramedStream *stream = BURBLE_FRAMED_STREAM (object);
  BurbleGurgleConnection *self = g_object_get_data (object, BURBLE_GURGLE_OWNER);
  g_autoptr(BurbleGurgleConnection) alive = self != NULL ? g_object_ref (self) : NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) frame = burble_framed_stream_read_finish (stream, result, &error);
  gint64 start = g_get_monotonic_time ();

  if (self == NULL)
    return;
  if (frame == NULL)
    {
      read_failed (self, error);
      return;
    }
  while (take_frame (self, frame))
    {
      g_clear_pointer (&frame, g_bytes_unref);
      if (g_get_monotonic_time () - start < TURN_US)
        frame = burble_framed_stream_take (stream);
      if (frame == NULL)
        {
          burble_gurgle_reader_start (self);
          return;
        }
    }
}

void
burble_gurgle_reader_start (BurbleGurgleConnection *self)
{
  burble_framed_stream_read_async (self->stream, NULL, read_cb, NULL);
}
