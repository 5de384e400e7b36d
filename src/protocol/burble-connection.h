/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-protocol-types.h"

G_BEGIN_DECLS

typedef enum
{
  BURBLE_CONNECTION_OFFLINE,
  BURBLE_CONNECTION_CONNECTING,
  BURBLE_CONNECTION_ONLINE,
  BURBLE_CONNECTION_WAITING, /* lost; the next attempt is scheduled */
  BURBLE_CONNECTION_FAILED,  /* `error` needs the user; no attempt by itself */
} BurbleConnectionState;

#define BURBLE_TYPE_CONNECTION_STATE (burble_connection_state_get_type ())
GType burble_connection_state_get_type (void);

/**
 * BurbleConnection:
 *
 * One account on one network. Abstract. The base class owns the wish to be online: jittered
 * backoff, attempts at once when the network or the machine comes back, no retry after an error
 * that needs the user (password, disabled, certificate, bad address). A subclass makes one attempt.
 *
 * Properties: state, error (GError boxed, nullable; why it is WAITING or FAILED, gone when ONLINE
 * or OFFLINE), capabilities (uint; may change when features are negotiated, before the state
 * becomes ONLINE; kept while the link is down), next-attempt (monotonic µs, 0 none). For tests, at
 * construction: wake-monitor (a BurbleWakeMonitor; own one if none is given), retry-ceiling (ms,
 * no delay above it; 0 none), stable-after (ms online after which the delays start anew).
 *
 * Signals:
 *  "certificate-problem" (GTlsCertificate *certificate, GTlsCertificateFlags errors, gboolean
 *  pin_changed),
 *    before the state becomes FAILED with %BURBLE_PROTOCOL_ERROR_CERTIFICATE.
 *  "server-notice" (gboolean warning, const char *word, const char *subject, const char *text): the
 *    server has something to say to the user: a machine word, whom or what it is about, and what
 *    somebody said about it in words of their own. All nullable, but not word and text together.
 *
 * Vfuncs: open (self) starts one attempt and ends in burble_connection_opened() or
 * burble_connection_lost(); close (self) ends it politely if it can, then
 * burble_connection_closed().
 */
#define BURBLE_TYPE_CONNECTION (burble_connection_get_type ())
G_DECLARE_DERIVABLE_TYPE (BurbleConnection, burble_connection, BURBLE, CONNECTION, GObject)

struct _BurbleConnectionClass
{
  GObjectClass parent_class;

  void (*open)  (BurbleConnection *self);
  void (*close) (BurbleConnection *self);
  /* The machine woke or the network changed while ONLINE: check the link now. Optional. */
  void (*probe) (BurbleConnection *self);
};

void                   burble_connection_connect          (BurbleConnection *self);
/* Polite: quit, bye. Ends in state OFFLINE; the state stays what it was until the peer has gone. */
void                   burble_connection_disconnect       (BurbleConnection *self);
BurbleConnectionState  burble_connection_get_state        (BurbleConnection *self);
const GError          *burble_connection_get_error        (BurbleConnection *self);
BurbleCapabilities     burble_connection_get_capabilities (BurbleConnection *self);
gboolean               burble_connection_has              (BurbleConnection *self,
                                                           BurbleCapabilities capabilities);

/* Settings are copied; they count from the next attempt on. */
void burble_connection_set_settings (BurbleConnection *self,
                                     const BurbleConnectionSettings *settings);
const BurbleConnectionSettings *burble_connection_get_settings (BurbleConnection *self);
/* Kept in memory that is wiped when replaced; never logged. */
void                            burble_connection_set_password (BurbleConnection *self,
                                                                const char *password);
const char                     *burble_connection_get_password (BurbleConnection *self);
/* The next attempt creates the account instead of signing in (capability REGISTER). Forgotten once
 * the connection is ONLINE. */
void                            burble_connection_set_register (BurbleConnection *self,
                                                                gboolean create,
                                                                const char *invite);
/* invite: (out) (optional) (transfer none) */
gboolean                        burble_connection_get_register (BurbleConnection *self,
                                                                const char **invite);

/* For subclasses. */
void burble_connection_opened              (BurbleConnection *self);
void burble_connection_lost                (BurbleConnection *self, const GError *error);
void burble_connection_closed              (BurbleConnection *self);
void burble_connection_set_capabilities    (BurbleConnection *self,
                                            BurbleCapabilities capabilities);
void burble_connection_server_notice       (BurbleConnection *self, gboolean warning,
                                            const char *word, const char *subject,
                                            const char *text);
void burble_connection_certificate_problem (BurbleConnection *self, GTlsCertificate *certificate,
                                            GTlsCertificateFlags errors, gboolean pin_changed);

G_END_DECLS
