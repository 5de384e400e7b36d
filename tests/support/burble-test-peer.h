/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * BurbleTestPeer:
 *
 * A Gurgle client that does what the test says, letter by letter. Everything blocks, for 20 s at
 * most; what arrives and is not asked for yet waits in a queue.
 */
typedef struct _BurbleTestPeer BurbleTestPeer;

typedef gboolean (*BurbleTestPredicate) (JsonObject *packet, gpointer user_data);

/* TLS without looking at the certificate. */
BurbleTestPeer *burble_test_peer_connect       (const char     *host,
                                                guint16         port);
BurbleTestPeer *burble_test_peer_connect_plain (const char     *host,
                                                guint16         port);
/* Only TCP so far; burble_test_peer_start_tls() goes on. */
void            burble_test_peer_start_tls     (BurbleTestPeer *self);
void            burble_test_peer_free          (BurbleTestPeer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleTestPeer, burble_test_peer_free)

/*
 * Version, upgrade to @features (JSON array text; NULL: none), auth. @terminal NULL: the server
 * chooses. Fails the test where the server refuses.
 */
void            burble_test_peer_sign_in       (BurbleTestPeer *self,
                                                const char     *bare_id,
                                                const char     *terminal,
                                                const char     *features);
/* The same, then get_roaster and presence "available". */
void            burble_test_peer_go_online     (BurbleTestPeer *self,
                                                const char     *bare_id,
                                                const char     *terminal,
                                                const char     *features);
/* What the server said it is called. */
const char     *burble_test_peer_get_full_id   (BurbleTestPeer *self);

void            burble_test_peer_send          (BurbleTestPeer *self,
                                                const char     *format,
                                                ...) G_GNUC_PRINTF (2, 3);
/* No length in front. FALSE: the connection is gone. */
gboolean        burble_test_peer_send_raw      (BurbleTestPeer *self,
                                                const void     *data,
                                                gsize           length);
/* The first packet for which @predicate holds; others before it stay. NULL: the server closed. */
JsonObject     *burble_test_peer_expect        (BurbleTestPeer *self,
                                                BurbleTestPredicate predicate,
                                                gpointer        user_data);
JsonObject     *burble_test_peer_expect_command (BurbleTestPeer *self,
                                                const char     *command);
JsonObject     *burble_test_peer_expect_id     (BurbleTestPeer *self,
                                                gint            id);
/* Sends and waits for the answer to its "id", which the text must have as its first member. */
JsonObject     *burble_test_peer_ask           (BurbleTestPeer *self,
                                                const char     *format,
                                                ...) G_GNUC_PRINTF (2, 3);
/* Anything, in order. NULL: the server closed. */
JsonObject     *burble_test_peer_receive       (BurbleTestPeer *self);
/* Acknowledges all messages of a `message` packet. */
void            burble_test_peer_acknowledge   (BurbleTestPeer *self,
                                                JsonObject     *packet);
/* After all the server had to say so far, there is nothing in the queue. */
void            burble_test_peer_assert_quiet  (BurbleTestPeer *self);
/* What the server had to say so far is of no interest to the test. */
void            burble_test_peer_forget        (BurbleTestPeer *self);
/* No other packets, then the end. */
void            burble_test_peer_assert_closed (BurbleTestPeer *self);
/* How many packets were received. */
guint           burble_test_peer_get_queued    (BurbleTestPeer *self);
GSocket        *burble_test_peer_get_socket    (BurbleTestPeer *self);
/* With TLS: a GTlsConnection. */
GIOStream      *burble_test_peer_get_stream    (BurbleTestPeer *self);

/* Compares as JSON: order and spacing do not count. Prints both where they differ. */
void            burble_test_assert_packet      (JsonObject     *packet,
                                                const char     *format,
                                                ...) G_GNUC_PRINTF (2, 3);
/* A member as text: strings as they are, null and absent as "null", others as JSON. */
char           *burble_test_get_member         (JsonObject     *object,
                                                const char     *name);

G_END_DECLS
