/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BurbleWireError:
 * @BURBLE_WIRE_ERROR_BAD_PACKET: the bytes are no packet at all (not UTF-8, not JSON, no object,
 *   empty, nested deeper than %BURBLE_WIRE_MAX_DEPTH, made of more values than a packet needs, or
 *   with a U+0000 or half of a surrogate pair in a string): the connection cannot go on
 * @BURBLE_WIRE_ERROR_TOO_LARGE: a frame is larger than the limit in force
 * @BURBLE_WIRE_ERROR_BAD_ID: a Gurgle id fails the grammar or the preparation of Gurgle, section 1
 * @BURBLE_WIRE_ERROR_HARMFUL: what was to be written could stop the peer for everybody else
 *
 * What can be wrong with bytes from a peer.
 */
typedef enum
{
  BURBLE_WIRE_ERROR_BAD_PACKET,
  BURBLE_WIRE_ERROR_TOO_LARGE,
  BURBLE_WIRE_ERROR_BAD_ID,
  BURBLE_WIRE_ERROR_HARMFUL,
} BurbleWireError;

#define BURBLE_WIRE_ERROR (burble_wire_error_quark ())

GQuark burble_wire_error_quark (void);

G_END_DECLS
