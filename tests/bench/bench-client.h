/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "burble-framed-stream.h"

G_BEGIN_DECLS

/* Where the server is and how its certificate is known. */
typedef struct
{
  const char *domain;
  guint16     port;
  char       *pin;
} BenchTarget;

/* One terminal: signs in, then sends what it is told to and acknowledges what it receives. */
typedef struct
{
  BurbleFramedStream *stream;
  char               *id;        /* bare */
  char               *peer;      /* whom it writes to, bare */
  GBytes             *echo;      /* talks to the bare server: this frame there and back */
  gint32              next_id;
  gint32              ready_id;  /* the answer that is waited for */
  gboolean            ready;
  /* sending */
  guint               to_send;
  guint               window;
  guint               sent;
  guint               confirmed; /* `sent` was answered: it is on disk */
  gint64             *started;   /* when each was sent, µs */
  gint64             *latency;   /* until it was confirmed */
  /* receiving */
  guint               received;
} BenchClient;

/* Connects; sets `ready`. */
BenchClient *bench_client_new      (const char         *name,
                                    const BenchTarget  *target);
/* Registers the account, asks for the roster and goes online; sets `ready`. */
void         bench_client_sign_up  (BenchClient        *self);
/* From here on its messages are frames that the bare server sends back. */
void         bench_client_echo     (BenchClient        *self);
/* Sends @count messages to @peer with up to @window unconfirmed. */
void         bench_client_send     (BenchClient        *self,
                                    const char         *peer,
                                    guint               count,
                                    guint               window);
/* Sets `ready` when the server has answered all that was sent before. */
void         bench_client_settle   (BenchClient        *self);
void         bench_client_free     (BenchClient        *self);
/* Runs the main context until all of @clients are ready. */
void         bench_clients_wait    (GPtrArray          *clients);

G_END_DECLS
