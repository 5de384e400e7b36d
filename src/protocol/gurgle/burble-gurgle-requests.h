/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-gurgle-packet.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * The requests of one link that wait for their answer, by id. All have the same time to be
 * answered.
 */
typedef struct _BurbleGurgleRequests BurbleGurgleRequests;

/* reply or error is set, never both. */
typedef void (*BurbleGurgleReplyFunc) (gpointer owner, const BurbleGurglePacket *reply,
                                       const GError *error, gpointer data);

BurbleGurgleRequests *burble_gurgle_requests_new      (gpointer owner, guint timeout_ms);
/* What still waits is forgotten; use burble_gurgle_requests_fail() to tell it. */
void                  burble_gurgle_requests_free     (BurbleGurgleRequests *self);
gint32                burble_gurgle_requests_add      (BurbleGurgleRequests *self,
                                                       BurbleGurglePacketType expected,
                                                       BurbleGurgleReplyFunc func, gpointer data,
                                                       GDestroyNotify destroy);
/* FALSE: nobody waits for that id. */
gboolean              burble_gurgle_requests_answer   (BurbleGurgleRequests *self,
                                                       const BurbleGurglePacket *reply);
gboolean              burble_gurgle_requests_fail_one (BurbleGurgleRequests *self, gint32 id,
                                                       const GError *error);
void                  burble_gurgle_requests_fail     (BurbleGurgleRequests *self,
                                                       const GError *error);
guint                 burble_gurgle_requests_count    (BurbleGurgleRequests *self);
/* Of the newest request; 0 before the first. */
gint32                burble_gurgle_requests_get_last (BurbleGurgleRequests *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleGurgleRequests, burble_gurgle_requests_free)

G_END_DECLS
