/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-link.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "burble-frame.h"
#include "burble-websocket-handshake.h"
#include "burble-websocket.h"
#include "burble-wire-error.h"

#define RECORD_SIZE 16384
/* Records taken from one connection before the others have their turn. */
#define MAX_RECORDS_A_TURN 8

typedef enum
{
  STATE_HANDSHAKE,
  STATE_OPEN,
  STATE_FINISHING, /* sending what is queued */
  STATE_LINGERING, /* all sent; waiting for the peer's end, so that it can read our last words */
  STATE_CLOSED,
} State;

/* How the peer puts packets into bytes, as its first ones tell. */
typedef enum
{
  FRAMING_UNKNOWN,
  FRAMING_LENGTH,    /* in front of each packet */
  FRAMING_REQUEST,   /* HTTP, until it is accepted */
  FRAMING_WEBSOCKET,
} Framing;

struct _BurbleLink
{
  BurblePollable pollable; /* the first member */
  guint ref_count;
  State state;
  Framing framing;
  BurblePoller *poller;
  gnutls_session_t tls;
  const BurbleLinkEvents *events;
  gpointer user_data;
  gsize read_limit;
  GByteArray *in;  /* an incomplete frame; NULL most of the time */
  GByteArray *raw; /* read from the socket, not decrypted yet; NULL most of the time */
  GByteArray *out; /* frames to send; NULL most of the time */
  gsize sent;      /* of `out` */
  gsize pending;   /* bytes GnuTLS has taken but not written */
  gint64 stuck_since;
  gint64 last_received;
  gboolean paused;
  gboolean in_frames; /* delivering: do not start again inside */
  BurbleWebsocketReader *websocket; /* NULL for most */
  GBytes *pong;       /* the answer to the last ping, while others wait to be sent */
};

static guint8 record[RECORD_SIZE];

/*
 * What the connection that is being read has in its socket, taken at once: GnuTLS by itself asks
 * the kernel for each record's header, then for its body, then whether there is more.
 */
static struct
{
  BurbleLink *link;
  guint8 data[2 * RECORD_SIZE];
  gsize start;
  gsize end;
  gboolean drained; /* the socket had no more than this */
  gboolean ended;   /* nor will have */
} ahead;

static void
forget_buffers (BurbleLink *self)
{
  if (ahead.link == self)
    ahead.link = NULL;
  g_clear_pointer (&self->in, g_byte_array_unref);
  g_clear_pointer (&self->raw, g_byte_array_unref);
  g_clear_pointer (&self->out, g_byte_array_unref);
  g_clear_pointer (&self->websocket, burble_websocket_reader_free);
  g_clear_pointer (&self->pong, g_bytes_unref);
  self->sent = 0;
  self->pending = 0;
  self->stuck_since = 0;
}

BurbleLink *
burble_link_ref (BurbleLink *self)
{
  self->ref_count++;
  return self;
}

void
burble_link_unref (BurbleLink *self)
{
  if (--self->ref_count > 0)
    return;
  forget_buffers (self);
  g_clear_pointer (&self->tls, gnutls_deinit);
  g_free (self);
}

static void
burble_link_release (BurblePollable *pollable)
{
  burble_link_unref ((BurbleLink *) pollable);
}

/**
 * burble_link_close:
 * @self: a link
 *
 * Ends it at once, with what is queued. `closed` is called before this returns.
 */
void
burble_link_close (BurbleLink *self)
{
  if (self->state == STATE_CLOSED)
    return;
  burble_link_ref (self);
  self->state = STATE_CLOSED;
  burble_poller_remove (self->poller, &self->pollable);
  close (self->pollable.fd);
  self->pollable.fd = -1;
  forget_buffers (self);
  g_clear_pointer (&self->tls, gnutls_deinit);
  self->events->closed (self, self->user_data);
  burble_link_unref (self);
}

static gboolean
has_output (BurbleLink *self)
{
  return self->out != NULL && self->out->len > self->sent;
}

/* Behind what is queued, as it is. */
static void
append_out (BurbleLink *self,
            const void *data,
            gsize       length)
{
  if (self->out == NULL)
    self->out = g_byte_array_new ();
  g_byte_array_append (self->out, data, (guint) length);
  burble_poller_mark (self->poller, &self->pollable);
}

static void
append_bytes (BurbleLink *self,
              GBytes     *bytes)
{
  gsize length = 0;
  const void *data = g_bytes_get_data (bytes, &length);

  append_out (self, data, length);
}

/* Of many pings, the last is answered: pings without end must not make a queue without end. */
static void
append_pong (BurbleLink *self)
{
  g_autoptr(GBytes) payload = g_steal_pointer (&self->pong);
  g_autoptr(GBytes) frame = NULL;
  gsize length = 0;
  const void *data = g_bytes_get_data (payload, &length);

  frame = burble_websocket_encode (BURBLE_WEBSOCKET_OPCODE_PONG, data, length, NULL);
  append_bytes (self, frame);
}

static void
append_close (BurbleLink *self,
              guint16     code)
{
  g_autoptr(GBytes) frame = burble_websocket_encode_close (code, NULL);

  append_bytes (self, frame);
}

static void
update_interest (BurbleLink *self)
{
  guint32 events = 0;

  switch (self->state)
    {
    case STATE_HANDSHAKE:
      events = self->tls != NULL && gnutls_record_get_direction (self->tls) == 1 ? EPOLLOUT
                                                                                  : EPOLLIN;
      break;
    case STATE_OPEN:
      events = self->paused ? 0 : EPOLLIN;
      if (self->stuck_since != 0)
        events |= EPOLLOUT;
      break;
    case STATE_FINISHING:
      events = EPOLLIN;
      if (self->stuck_since != 0)
        events |= EPOLLOUT;
      break;
    case STATE_LINGERING:
      events = EPOLLIN;
      break;
    case STATE_CLOSED:
    default:
      return;
    }
  if (!burble_poller_watch (self->poller, &self->pollable, events))
    burble_link_close (self);
}

/* Like write(): bytes taken, -1 to try again later, -2 on failure. */
static gssize
raw_write (BurbleLink   *self,
           const guint8 *data,
           gsize         length)
{
  gssize n = 0;

  if (self->tls == NULL)
    {
      n = send (self->pollable.fd, data, length, MSG_NOSIGNAL);
      if (n >= 0)
        return n;
      return errno == EAGAIN || errno == EINTR ? -1 : -2;
    }
  if (self->pending > 0)
    n = gnutls_record_send (self->tls, NULL, 0);
  else
    n = gnutls_record_send (self->tls, data, MIN (length, RECORD_SIZE));
  if (n >= 0)
    {
      self->pending = 0;
      return n;
    }
  if (n != GNUTLS_E_AGAIN && n != GNUTLS_E_INTERRUPTED)
    return -2;
  self->pending = MIN (length, RECORD_SIZE);
  return -1;
}

static gssize
take_ahead (void  *buffer,
            gsize  length)
{
  gsize n = MIN (length, ahead.end - ahead.start);

  memcpy (buffer, ahead.data + ahead.start, n);
  ahead.start += n;
  return (gssize) n;
}

/* GnuTLS wants encrypted bytes. */
static gssize
pull (gnutls_transport_ptr_t transport,
      void                  *buffer,
      gsize                  length)
{
  BurbleLink *self = transport;
  gssize n = 0;

  if (ahead.link != self)
    {
      n = recv (self->pollable.fd, buffer, length, 0);
      if (n < 0)
        gnutls_transport_set_errno (self->tls, errno);
      return n;
    }
  if (ahead.start < ahead.end)
    return take_ahead (buffer, length);
  if (ahead.ended)
    return 0;
  if (ahead.drained)
    {
      gnutls_transport_set_errno (self->tls, EAGAIN);
      return -1;
    }
  n = recv (self->pollable.fd, ahead.data, sizeof ahead.data, 0);
  if (n < 0)
    {
      gnutls_transport_set_errno (self->tls, errno);
      return -1;
    }
  ahead.start = 0;
  ahead.end = (gsize) n;
  ahead.ended = n == 0;
  ahead.drained = (gsize) n < sizeof ahead.data;
  return take_ahead (buffer, length);
}

static void
begin_ahead (BurbleLink *self)
{
  ahead.link = self;
  ahead.start = 0;
  ahead.end = 0;
  ahead.drained = FALSE;
  ahead.ended = FALSE;
  if (self->raw != NULL)
    {
      memcpy (ahead.data, self->raw->data, self->raw->len);
      ahead.end = self->raw->len;
      g_clear_pointer (&self->raw, g_byte_array_unref);
    }
}

/* What is left when the connection is paused is kept for it. */
static void
end_ahead (BurbleLink *self)
{
  if (ahead.link != self)
    return;
  ahead.link = NULL;
  if (ahead.start == ahead.end)
    return;
  self->raw = g_byte_array_new ();
  g_byte_array_append (self->raw, ahead.data + ahead.start, (guint) (ahead.end - ahead.start));
}

/* Bytes read, 0 at the end, -1 to try again later, -2 on failure. */
static gssize
raw_read (BurbleLink *self)
{
  gssize n = 0;

  if (self->tls == NULL)
    {
      n = recv (self->pollable.fd, record, sizeof record, 0);
      if (n >= 0)
        return n;
      return errno == EAGAIN || errno == EINTR ? -1 : -2;
    }
  n = gnutls_record_recv (self->tls, record, sizeof record);
  if (n >= 0)
    return n;
  if (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED)
    return -1;
  if (n == GNUTLS_E_PREMATURE_TERMINATION)
    return 0;
  /* A warning alert or a renegotiation that TLS 1.2 clients may ask for: ignored. */
  return gnutls_error_is_fatal ((int) n) ? -2 : -1;
}

static void
start_lingering (BurbleLink *self)
{
  self->state = STATE_LINGERING;
  if (self->tls != NULL)
    gnutls_bye (self->tls, GNUTLS_SHUT_WR);
  shutdown (self->pollable.fd, SHUT_WR);
  update_interest (self);
}

static void
write_out (BurbleLink *self)
{
  while (has_output (self))
    {
      gssize n = raw_write (self, self->out->data + self->sent, self->out->len - self->sent);

      if (n == -2)
        {
          burble_link_close (self);
          return;
        }
      if (n == -1)
        {
          if (self->stuck_since == 0)
            self->stuck_since = g_get_monotonic_time ();
          update_interest (self);
          return;
        }
      self->sent += (gsize) n;
      if (self->stuck_since != 0)
        self->stuck_since = g_get_monotonic_time ();
    }

  g_clear_pointer (&self->out, g_byte_array_unref);
  self->sent = 0;
  self->stuck_since = 0;
  if (self->state == STATE_FINISHING)
    start_lingering (self);
  else
    update_interest (self);
}

static void
break_link (BurbleLink   *self,
            const GError *error)
{
  g_clear_pointer (&self->in, g_byte_array_unref);
  self->events->broken (self, error, self->user_data);
}

static void
start_finishing (BurbleLink *self)
{
  self->state = STATE_FINISHING;
  g_clear_pointer (&self->in, g_byte_array_unref);
  burble_poller_mark (self->poller, &self->pollable);
}

/* Delivers the complete frames at the start of @data; returns how many bytes they were. */
static gsize
deliver_length_frames (BurbleLink   *self,
                const guint8 *data,
                gsize         length)
{
  gsize done = 0;

  while (self->state == STATE_OPEN && !self->paused && length - done >= BURBLE_FRAME_HEADER_SIZE)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) payload = NULL;
      gsize size = 0;

      if (!burble_frame_read_length (data + done, self->read_limit, &size, &error))
        {
          break_link (self, error);
          return length;
        }
      if (length - done - BURBLE_FRAME_HEADER_SIZE < size)
        break;
      payload = g_bytes_new_static (data + done + BURBLE_FRAME_HEADER_SIZE, size);
      done += BURBLE_FRAME_HEADER_SIZE + size;
      self->events->frame (self, payload, self->user_data);
    }
  return done;
}

/* Accepts the request at the start of @data or refuses it; returns how many bytes it was. */
static gsize
read_request (BurbleLink   *self,
              const guint8 *data,
              gsize         length)
{
  g_autofree char *key = NULL;
  g_autofree char *answer = NULL;
  gsize used = 0;
  guint status = burble_websocket_read_request (data, length, BURBLE_WEBSOCKET_PATH, &used, &key);

  if (status == 0)
    return 0;
  answer = burble_websocket_write_answer (status, key);
  append_out (self, answer, strlen (answer));
  if (status != BURBLE_WEBSOCKET_ACCEPTED)
    {
      g_debug ("A request for a WebSocket is refused: %u", status);
      start_finishing (self);
      self->events->finishing (self, self->user_data);
      return length;
    }
  self->framing = FRAMING_WEBSOCKET;
  self->websocket = burble_websocket_reader_new (TRUE);
  return used;
}

/* The peer has said goodbye in the way of a WebSocket. */
static void
answer_close (BurbleLink *self)
{
  append_close (self, burble_websocket_reader_get_code (self->websocket));
  start_finishing (self);
  self->events->finishing (self, self->user_data);
}

static gsize
deliver_messages (BurbleLink   *self,
                  const guint8 *data,
                  gsize         length)
{
  gsize done = 0;

  while (self->state == STATE_OPEN && !self->paused && done < length)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) payload = NULL;
      BurbleWebsocketEvent event = BURBLE_WEBSOCKET_NOTHING;
      gsize used = burble_websocket_reader_feed (self->websocket, data + done, length - done,
                                                 self->read_limit, &event, &payload, &error);

      if (used == 0)
        {
          break_link (self, error);
          return length;
        }
      done += used;
      if (event == BURBLE_WEBSOCKET_MESSAGE)
        {
          self->events->frame (self, payload, self->user_data);
        }
      else if (event == BURBLE_WEBSOCKET_PING)
        {
          g_clear_pointer (&self->pong, g_bytes_unref);
          self->pong = g_steal_pointer (&payload);
          burble_poller_mark (self->poller, &self->pollable);
        }
      else if (event == BURBLE_WEBSOCKET_CLOSED)
        {
          answer_close (self);
        }
    }
  return done;
}

/* What is complete at the start of @data; returns how many bytes it was. */
static gsize
deliver_frames (BurbleLink   *self,
                const guint8 *data,
                gsize         length)
{
  gsize done = 0;

  if (self->framing == FRAMING_UNKNOWN && length >= BURBLE_FRAME_HEADER_SIZE)
    self->framing = burble_websocket_is_request (data) ? FRAMING_REQUEST : FRAMING_LENGTH;
  if (self->framing == FRAMING_REQUEST && !self->paused)
    done = read_request (self, data, length);
  if (self->framing == FRAMING_WEBSOCKET)
    return done + deliver_messages (self, data + done, length - done);
  if (self->framing == FRAMING_LENGTH)
    return deliver_length_frames (self, data, length);
  return done;
}

/* While frames wait in `in` (the link was paused in the middle), they come first. */
static void
deliver_waiting (BurbleLink *self)
{
  g_autoptr(GByteArray) in = NULL;
  gsize done = 0;

  if (self->in == NULL || self->in_frames)
    return;
  self->in_frames = TRUE;
  in = g_steal_pointer (&self->in);
  done = deliver_frames (self, in->data, in->len);
  self->in_frames = FALSE;
  if (self->state != STATE_OPEN || done >= in->len)
    return;
  if (done > 0)
    g_byte_array_remove_range (in, 0, (guint) done);
  self->in = g_steal_pointer (&in);
}

static void
take_data (BurbleLink *self,
           gsize       length)
{
  gsize done = 0;

  if (self->in != NULL)
    {
      g_byte_array_append (self->in, record, (guint) length);
      deliver_waiting (self);
      return;
    }
  self->in_frames = TRUE;
  done = deliver_frames (self, record, length);
  self->in_frames = FALSE;
  if (self->state != STATE_OPEN || done >= length)
    return;
  self->in = g_byte_array_new ();
  g_byte_array_append (self->in, record + done, (guint) (length - done));
}

static gboolean
has_more (BurbleLink *self)
{
  return self->tls != NULL && self->state == STATE_OPEN &&
         (gnutls_record_check_pending (self->tls) > 0 || ahead.start < ahead.end);
}

static void
read_in (BurbleLink *self)
{
  begin_ahead (self);
  for (guint i = 0; i < MAX_RECORDS_A_TURN || has_more (self); i++)
    {
      gssize n = 0;

      if (self->state != STATE_OPEN || self->paused)
        break;
      n = raw_read (self);
      if (n == -1)
        break;
      if (n <= 0)
        {
          burble_link_close (self);
          return;
        }
      self->last_received = g_get_monotonic_time ();
      take_data (self, (gsize) n);
    }
  end_ahead (self);
}

static void
burble_link_flush (BurblePollable *pollable)
{
  BurbleLink *self = (BurbleLink *) pollable;

  burble_link_ref (self);
  if (self->state == STATE_OPEN && self->raw != NULL && !self->paused)
    read_in (self);
  if (self->state == STATE_OPEN)
    self->events->flushing (self, self->user_data);
  if (self->state == STATE_OPEN && self->pong != NULL && !has_output (self))
    append_pong (self);
  if ((self->state == STATE_OPEN && has_output (self)) || self->state == STATE_FINISHING)
    {
      write_out (self);
      if (self->state == STATE_OPEN && !has_output (self))
        self->events->drained (self, self->user_data);
      if (self->state == STATE_OPEN && self->pong != NULL && !has_output (self))
        burble_poller_mark (self->poller, &self->pollable);
    }
  burble_link_unref (self);
}

/* A lingering peer is only read so that its unread bytes do not turn our end into a reset. */
static void
discard (BurbleLink *self)
{
  for (guint i = 0; i < MAX_RECORDS_A_TURN; i++)
    {
      gssize n = recv (self->pollable.fd, record, sizeof record, 0);

      if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
      if (n <= 0)
        {
          burble_link_close (self);
          return;
        }
    }
}

static void
shake_hands (BurbleLink *self)
{
  int code = self->tls != NULL ? gnutls_handshake (self->tls) : 0;

  if (code == GNUTLS_E_SUCCESS)
    {
      self->state = STATE_OPEN;
      self->last_received = g_get_monotonic_time ();
      update_interest (self);
      if (self->state == STATE_OPEN)
        self->events->opened (self, self->user_data);
      if (self->state == STATE_OPEN)
        read_in (self);
    }
  else if (!gnutls_error_is_fatal (code))
    {
      update_interest (self);
    }
  else
    {
      g_debug ("TLS handshake failed: %s", gnutls_strerror (code));
      gnutls_alert_send_appropriate (self->tls, code);
      burble_link_close (self);
    }
}

static void
burble_link_ready (BurblePollable *pollable,
                   guint32         events)
{
  BurbleLink *self = (BurbleLink *) pollable;

  burble_link_ref (self);
  if (self->state == STATE_HANDSHAKE)
    {
      shake_hands (self);
    }
  else
    {
      if ((events & EPOLLOUT) != 0 && (self->state == STATE_OPEN || self->state == STATE_FINISHING))
        burble_link_flush (&self->pollable);
      if ((events & (EPOLLIN | EPOLLRDHUP)) != 0 && self->state == STATE_OPEN && !self->paused)
        read_in (self);
      else if ((events & EPOLLIN) != 0 &&
               (self->state == STATE_FINISHING || self->state == STATE_LINGERING))
        discard (self);
      if ((events & (EPOLLERR | EPOLLHUP)) != 0 && self->state != STATE_CLOSED)
        burble_link_close (self);
    }
  burble_link_unref (self);
}

BurbleLink *
burble_link_new (BurblePoller                    *poller,
                 int                              fd,
                 gnutls_certificate_credentials_t credentials,
                 gnutls_priority_t                priority,
                 const BurbleLinkEvents          *events,
                 gpointer                         user_data)
{
  BurbleLink *self = g_new0 (BurbleLink, 1);

  self->ref_count = 1;
  self->poller = poller;
  self->events = events;
  self->user_data = user_data;
  self->pollable.fd = fd;
  self->pollable.ready = burble_link_ready;
  self->pollable.flush = burble_link_flush;
  self->pollable.release = burble_link_release;
  self->read_limit = BURBLE_FRAME_UNAUTHENTICATED_LIMIT;
  self->last_received = g_get_monotonic_time ();
  if (credentials != NULL)
    {
      /* Tickets would cost each client a session's worth of bytes; resuming saves us 0.2 ms. */
      if (gnutls_init (&self->tls, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL |
                                   GNUTLS_NO_TICKETS) != GNUTLS_E_SUCCESS ||
          gnutls_priority_set (self->tls, priority) != GNUTLS_E_SUCCESS ||
          gnutls_credentials_set (self->tls, GNUTLS_CRD_CERTIFICATE, credentials)
          != GNUTLS_E_SUCCESS)
        {
          g_warning ("Cannot set up TLS for a connection");
          close (fd);
          burble_link_unref (self);
          return NULL;
        }
      gnutls_transport_set_int (self->tls, fd);
      gnutls_transport_set_ptr2 (self->tls, self, GINT_TO_POINTER (fd));
      gnutls_transport_set_pull_function (self->tls, pull);
      gnutls_handshake_set_timeout (self->tls, GNUTLS_INDEFINITE_TIMEOUT);
    }
  if (!burble_poller_watch (poller, &self->pollable, credentials != NULL ? EPOLLIN : EPOLLOUT))
    {
      close (fd);
      burble_link_unref (self);
      return NULL;
    }
  /* The poller's reference, given back by `release`. */
  return burble_link_ref (self);
}

/**
 * burble_link_set_read_limit:
 * @self: a link
 * @bytes: of the longest packet that is read from now on
 *
 * See Gurgle, section 2.
 */
void
burble_link_set_read_limit (BurbleLink *self,
                            gsize       bytes)
{
  self->read_limit = bytes;
}

void
burble_link_set_paused (BurbleLink *self,
                        gboolean    paused)
{
  if (self->paused == paused)
    return;
  self->paused = paused;
  if (self->state != STATE_OPEN)
    return;
  burble_link_ref (self);
  if (!paused)
    deliver_waiting (self);
  if (self->state == STATE_OPEN)
    update_interest (self);
  /* No event tells of bytes that left the socket already. */
  if (self->raw != NULL)
    burble_poller_mark (self->poller, &self->pollable);
  burble_link_unref (self);
}

/**
 * burble_link_send:
 * @self: a link
 * @payload: (transfer none): a packet, copied
 * @length: its bytes
 *
 * Queued, and sent at the end of this turn. Nothing happens on a link that is ending.
 */
void
burble_link_send (BurbleLink *self,
                  const void *payload,
                  gsize       length)
{
  guint8 header[BURBLE_WEBSOCKET_HEADER_SIZE];
  gsize size = BURBLE_FRAME_HEADER_SIZE;

  /* Who is no further than an HTTP request would not understand a packet. */
  if (self->state != STATE_OPEN || self->framing == FRAMING_REQUEST)
    return;
  if (self->framing == FRAMING_WEBSOCKET)
    size = burble_websocket_write_header (header, BURBLE_WEBSOCKET_OPCODE_TEXT, length, NULL);
  else
    burble_frame_write_length (header, length);
  append_out (self, header, size);
  append_out (self, payload, length);
}

void
burble_link_send_bytes (BurbleLink *self,
                        GBytes     *payload)
{
  gsize length = 0;
  const void *data = g_bytes_get_data (payload, &length);

  burble_link_send (self, data, length);
}

void
burble_link_mark (BurbleLink *self)
{
  burble_poller_mark (self->poller, &self->pollable);
}

gsize
burble_link_get_queued (BurbleLink *self)
{
  return self->out != NULL ? self->out->len - self->sent : 0;
}

gint64
burble_link_get_stuck_since (BurbleLink *self)
{
  return self->stuck_since;
}

gint64
burble_link_get_last_received (BurbleLink *self)
{
  return self->last_received;
}

gboolean
burble_link_is_open (BurbleLink *self)
{
  return self->state == STATE_OPEN;
}

gboolean
burble_link_is_finishing (BurbleLink *self)
{
  return self->state == STATE_FINISHING || self->state == STATE_LINGERING;
}

/**
 * burble_link_finish:
 * @self: a link
 *
 * Nothing more is read or can be queued; what is queued is sent, then the connection ends. One that
 * has not got through its handshake ends at once.
 */
void
burble_link_finish (BurbleLink *self)
{
  if (self->state == STATE_HANDSHAKE)
    burble_link_close (self);
  if (self->state != STATE_OPEN)
    return;
  if (self->framing == FRAMING_WEBSOCKET)
    append_close (self, burble_websocket_reader_get_code (self->websocket));
  start_finishing (self);
}

