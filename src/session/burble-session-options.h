/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the user chose, and the times the rules name; read at the moment of use by every part of
 * the session. Shared (g_rc_box), so that what is still in flight may outlive the session. */
typedef struct
{
  gboolean send_typing;
  gboolean send_receipts;
  gboolean show_content;
  gboolean notify_messages;
  gboolean notify_online;

  guint typing_interval; /* ms between two of our typing packets */
  guint typing_expiry;   /* ms until somebody who says no more has stopped typing */
  guint settle_time;     /* ms after our own sign-in in which nobody "comes online" */
  guint draft_delay;     /* ms until a draft is on disk */
  guint retry_delay;     /* ms until a message is sent again on a connection that lives */
  guint gap_delay;       /* ms in which several gaps make one question */
  /* ms without a pushed message before the past is fetched for the first time */
  guint first_delay;
} BurbleSessionOptions;

static inline BurbleSessionOptions *
burble_session_options_new (void)
{
  BurbleSessionOptions *self = g_rc_box_new0 (BurbleSessionOptions);

  self->send_typing = TRUE;
  self->send_receipts = TRUE;
  self->show_content = TRUE;
  self->notify_messages = TRUE;
  self->notify_online = TRUE;
  self->typing_interval = 5000;
  self->typing_expiry = 10000;
  self->settle_time = 10000;
  self->draft_delay = 800;
  self->retry_delay = 5000;
  self->gap_delay = 500;
  self->first_delay = 1000;
  return self;
}

G_END_DECLS
