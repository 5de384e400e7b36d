/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-enums.h"

G_BEGIN_DECLS

/* The states of an own message only climb; a failure is known only of what waits, and a retry makes
 * it wait again. The store keeps the same rule on disk. */
static inline gboolean
burble_message_state_may_become (BurbleMessageState from, BurbleMessageState to)
{
  switch (to)
    {
    case BURBLE_MESSAGE_WAITING:
      return from == BURBLE_MESSAGE_FAILED;
    case BURBLE_MESSAGE_FAILED:
      return from == BURBLE_MESSAGE_WAITING;
    case BURBLE_MESSAGE_SENT:
    case BURBLE_MESSAGE_DELIVERED:
    case BURBLE_MESSAGE_READ:
      return from != BURBLE_MESSAGE_RECEIVED && (from < to || from == BURBLE_MESSAGE_FAILED);
    case BURBLE_MESSAGE_RECEIVED:
    default:
      return FALSE;
    }
}

G_END_DECLS
