/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "burble-framed-stream.h"

G_BEGIN_DECLS

/* What became of one read. */
typedef struct
{
  GBytes  *frame;
  GError  *error;
  gboolean done;
} ReadResult;

void               read_result_clear    (ReadResult         *result);
void               read_frame_cb        (GObject            *object,
                                         GAsyncResult       *async_result,
                                         gpointer            user_data);
/* Waits for one frame, which must be @expected. */
void               assert_reads         (BurbleFramedStream *stream,
                                         const char         *expected);
/* Waits for one read, which must fail. */
void               assert_read_fails    (BurbleFramedStream *stream,
                                         GQuark              domain,
                                         int                 code);
void               assert_reads_end     (BurbleFramedStream *stream);
gboolean           send_text            (BurbleFramedStream *stream,
                                         const char         *text,
                                         GError            **error);
GBytes            *make_payload         (gsize               size,
                                         guint8              seed);
/* A framed stream with a bare socket as its peer. */
BurbleFramedStream *stream_with_raw_peer (int                 type,
                                         GSocket           **peer);
void               raw_send             (GSocket            *peer,
                                         const void         *data,
                                         gsize               size);
/* Reads everything up to the end of the stream; iterates the main context meanwhile. */
GByteArray        *raw_read_to_end      (GSocket            *peer);
void               make_socket_pair     (GIOStream         **a,
                                         GIOStream         **b);
/* Two ends of a TLS connection, shaken hands; the sockets below too if asked for. */
void               make_tls_pair        (GIOStream         **client,
                                         GIOStream         **server,
                                         GSocket           **client_socket);

G_END_DECLS
